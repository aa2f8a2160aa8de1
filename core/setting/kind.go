package setting

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/config"
)

// Kind says which values a setting has, and how they are written.
type Kind[T any] struct {
	name   string
	limits Limits
	fault  error
	// read takes a tree as encoding/json gives it with UseNumber.
	read func(tree any) (T, *almoner.FieldError)
	// tree is what a text of the operator stands for.
	tree func(text string) (any, error)
	show func(v T) any
}

// Limits are what values must keep to, as far as the kind has such limits. Min and Max are written as the values are.
type Limits struct {
	Min, Max any
	// MinLength and MaxLength are in letters, of JSON in bytes.
	MinLength, MaxLength int
	Choices              []string
}

// maxText is more than any kind of value needs, so that nothing large is decoded.
const maxText = 256 << 10

func bad(code, message string, params ...string) *almoner.FieldError {
	e := &almoner.FieldError{Code: code, Message: message}
	for i := 0; i+1 < len(params); i += 2 {
		if e.Params == nil {
			e.Params = map[string]string{}
		}
		e.Params[params[i]] = params[i+1]
		e.Message = strings.ReplaceAll(e.Message, "{"+params[i]+"}", params[i+1])
	}
	return e
}

// decode reads one JSON value.
func (k Kind[T]) decode(raw json.RawMessage) (v T, wrong *almoner.FieldError) {
	if len(raw) > maxText {
		return v, bad("too_long", "Ensure this field has no more than {max} characters.", "max", strconv.Itoa(maxText))
	}
	tree, err := treeOf(raw)
	if err != nil {
		return v, bad("bad_json", "This is not valid JSON.")
	}
	if tree == nil {
		return v, bad("null", "This field may not be null.")
	}
	return k.read(tree)
}

func treeOf(raw []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return tree, nil
}

// text reads what an operator wrote.
func (k Kind[T]) text(text string) (v T, err error) {
	tree, err := k.tree(text)
	if err != nil {
		return v, err
	}
	v, wrong := k.read(tree)
	if wrong != nil {
		return v, errors.New(wrong.Message)
	}
	return v, nil
}

func asText(text string) (any, error) { return text, nil }

// between bounds an ordered value; show writes the bounds for people.
func between[T int64 | config.Size | time.Duration](v, low, high T, show func(T) any) *almoner.FieldError {
	switch {
	case v < low:
		return bad("too_small", "Ensure this value is greater than or equal to {min}.", "min", plain(show(low)))
	case v > high:
		return bad("too_big", "Ensure this value is less than or equal to {max}.", "max", plain(show(high)))
	}
	return nil
}

func ordered[T int64 | config.Size | time.Duration](name string, low, high T, show func(T) any, one func(tree any) (T, *almoner.FieldError), tree func(string) (any, error)) Kind[T] {
	k := Kind[T]{name: name, limits: Limits{Min: show(low), Max: show(high)}, show: show, tree: tree, read: func(tree any) (T, *almoner.FieldError) {
		v, wrong := one(tree)
		if wrong == nil {
			wrong = between(v, low, high, show)
		}
		return v, wrong
	}}
	if low > high {
		k.fault = fmt.Errorf("%v to %v holds no value", low, high)
	}
	return k
}

// Int are the whole numbers from low to high.
func Int(low, high int64) Kind[int64] {
	return ordered("integer", low, high, func(v int64) any { return v }, func(tree any) (int64, *almoner.FieldError) {
		number, _ := tree.(json.Number)
		v, err := strconv.ParseInt(string(number), 10, 64)
		if err != nil {
			return 0, bad("not_an_integer", "A valid integer is required.")
		}
		return v, nil
	}, func(text string) (any, error) { return json.Number(strings.TrimSpace(text)), nil })
}

// IntOrZero are the whole numbers from low to high, and 0 for none.
func IntOrZero(low, high int64) Kind[int64] {
	k := Int(0, high)
	within := k.read
	k.read = func(tree any) (int64, *almoner.FieldError) {
		v, wrong := within(tree)
		if wrong == nil && v > 0 && v < low {
			wrong = bad("zero_or_more", "Write 0, or {min} or more.", "min", strconv.FormatInt(low, 10))
		}
		return v, wrong
	}
	return k
}

// Size are numbers of bytes from low to high, written `10MB`.
func Size(low, high config.Size) Kind[config.Size] {
	return ordered("size", low, high, func(v config.Size) any { return v.String() }, func(tree any) (config.Size, *almoner.FieldError) {
		text, _ := tree.(string)
		v, err := config.ParseSize(text)
		if err != nil {
			return 0, bad("bad_size", "Write a size with its unit, such as 512KB, 10MB or 2GiB.")
		}
		return v, nil
	}, asText)
}

// Duration are spans of time from low to high, written `8h`.
func Duration(low, high time.Duration) Kind[time.Duration] {
	return ordered("duration", low, high, func(v time.Duration) any { return config.ShowDuration(v) }, func(tree any) (time.Duration, *almoner.FieldError) {
		text, _ := tree.(string)
		v, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return 0, bad("bad_duration", "Write a span of time with its unit, such as 30s, 15m or 8h.")
		}
		return v, nil
	}, asText)
}

// Bool is true or false.
func Bool() Kind[bool] {
	return Kind[bool]{name: "boolean", show: func(v bool) any { return v }, read: func(tree any) (bool, *almoner.FieldError) {
		v, ok := tree.(bool)
		if !ok {
			return false, bad("not_a_boolean", "Must be a valid boolean.")
		}
		return v, nil
	}, tree: func(text string) (any, error) { return config.ParseBool(text) }}
}

// Text is one line of low to high letters. Spaces around it are dropped.
func Text(low, high int) Kind[string] {
	k := Kind[string]{name: "text", limits: Limits{MinLength: low, MaxLength: high}, show: func(v string) any { return v }, tree: asText}
	if low < 0 || high < max(low, 1) {
		k.fault = fmt.Errorf("no text has %d to %d letters", low, high)
	}
	k.read = func(tree any) (string, *almoner.FieldError) {
		v, ok := tree.(string)
		if !ok {
			return "", bad("not_a_string", "Not a valid string.")
		}
		v = strings.TrimSpace(v)
		if !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
			return "", bad("bad_line", "Write it in one line, without control characters.")
		}
		switch n := utf8.RuneCountInString(v); {
		case n == 0 && low > 0:
			return "", bad("blank", "This field may not be blank.")
		case n < low:
			return "", bad("too_short", "Ensure this field has at least {min} characters.", "min", strconv.Itoa(low))
		case n > high:
			return "", bad("too_long", "Ensure this field has no more than {max} characters.", "max", strconv.Itoa(high))
		}
		return v, nil
	}
	return k
}

func anyFault(choices []string) error {
	seen := map[string]bool{}
	for _, c := range choices {
		if c == "" || strings.Contains(c, ",") || seen[c] {
			return fmt.Errorf("the choices must be different words, without commas: %q", choices)
		}
		seen[c] = true
	}
	if len(choices) == 0 {
		return errors.New("there is nothing to choose from")
	}
	return nil
}

func noChoice(v string) *almoner.FieldError {
	if len(v) > 40 {
		v = strings.ToValidUTF8(v[:40], "") + "…"
	}
	return bad("invalid_choice", `"{value}" is not a valid choice.`, "value", v)
}

// Choice is one of some words.
func Choice(choices ...string) Kind[string] {
	return Kind[string]{
		name: "choice", limits: Limits{Choices: choices}, fault: anyFault(choices), show: func(v string) any { return v }, tree: asText,
		read: func(tree any) (string, *almoner.FieldError) {
			v, ok := tree.(string)
			if !ok {
				return "", bad("not_a_string", "Not a valid string.")
			}
			if !slices.Contains(choices, v) {
				return "", noChoice(v)
			}
			return v, nil
		},
	}
}

// Choices are any number of some words, none too; they are kept in the order of the declaration, once each. The values must not be changed.
func Choices(choices ...string) Kind[[]string] {
	return Kind[[]string]{
		name: "choices", limits: Limits{Choices: choices}, fault: anyFault(choices),
		show: func(v []string) any { return append([]string{}, v...) },
		tree: func(text string) (any, error) {
			list := []any{}
			for _, word := range strings.Split(text, ",") {
				if word = strings.TrimSpace(word); word != "" {
					list = append(list, word)
				}
			}
			return list, nil
		},
		read: func(tree any) ([]string, *almoner.FieldError) {
			list, ok := tree.([]any)
			if !ok {
				return nil, bad("not_a_list", `Expected a list of items but got type "{type}".`, "type", typeName(tree))
			}
			chosen := map[string]bool{}
			for _, item := range list {
				word, ok := item.(string)
				if !ok {
					return nil, bad("not_a_string", "Not a valid string.")
				}
				if !slices.Contains(choices, word) {
					return nil, noChoice(word)
				}
				chosen[word] = true
			}
			v := []string{}
			for _, c := range choices {
				if chosen[c] {
					v = append(v, c)
				}
			}
			return v, nil
		},
	}
}

// JSON is an object of at most so many bytes; check, when not nil, says in English what is wrong with one. The values must not be changed.
func JSON(most int, check func(json.RawMessage) error) Kind[json.RawMessage] {
	k := Kind[json.RawMessage]{name: "json", limits: Limits{MaxLength: most}, show: func(v json.RawMessage) any { return v }, tree: func(text string) (any, error) { return treeOf([]byte(text)) }}
	if most < 2 || most > maxText {
		k.fault = fmt.Errorf("at most %d bytes hold no object, or are too many", most)
	}
	k.read = func(tree any) (json.RawMessage, *almoner.FieldError) {
		if _, ok := tree.(map[string]any); !ok {
			return nil, bad("not_an_object", "Invalid data. Expected a dictionary, but got {type}.", "type", typeName(tree))
		}
		raw, err := json.Marshal(tree)
		if err != nil {
			return nil, bad("bad_json", "This is not valid JSON.")
		}
		if len(raw) > most {
			return nil, bad("too_long", "Ensure this field has no more than {max} characters.", "max", strconv.Itoa(most))
		}
		if check != nil {
			if err := check(raw); err != nil {
				return nil, bad("bad_json", err.Error())
			}
		}
		return raw, nil
	}
	return k
}

// typeName names the type of a JSON value in the words that clients of the API know.
func typeName(tree any) string {
	switch tree.(type) {
	case map[string]any:
		return "dict"
	case []any:
		return "list"
	case bool:
		return "bool"
	case json.Number:
		return "number"
	}
	return "str"
}

// plain writes a shown value as an operator would.
func plain(v any) string {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, ",")
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(v)
}
