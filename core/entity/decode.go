package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"almoner.dev/almoner"
)

// Values are values of fields by name, in canonical types; nil is null, absence is absence.
type Values map[string]any

// Mode says what kind of write an input is.
type Mode uint8

// The modes: Create needs required fields; Replace is PUT (children that are not mentioned go); Patch changes what is sent.
const (
	Create Mode = iota
	Patch
	Replace
)

// Decode reads the JSON tree of an input (as encoding/json gives it with UseNumber) into a change that Save can carry out. Fields that
// the viewer may not write are left out without a word (tpm §4.1-7); with strict they, and unknown names, are reported.
// All mistakes are reported in one Invalid error, nested ones aligned with the items sent.
func (e *Entity) Decode(v Viewer, mode Mode, tree any, strict bool) (*Change, error) {
	c := &Change{Entity: e, Mode: mode, values: Values{}}
	var problems almoner.Problems
	object, ok := tree.(map[string]any)
	if !ok {
		problems.AddWith("non_field_errors", "not_an_object", fmt.Sprintf("Invalid data. Expected a dictionary, but got %s.", typeName(tree)), map[string]string{"type": typeName(tree)})
		return nil, problems.Err()
	}
	e.decode(v, c, object, "", strict, &problems)
	return c, problems.Err()
}

func (e *Entity) decode(v Viewer, c *Change, object map[string]any, at string, strict bool, problems *almoner.Problems) {
	if strict {
		for _, name := range sortedNames(object) {
			if f := e.fields[name]; f == nil || !v.Writes(f) && !(at != "" && name == "id") {
				problems.Add(almoner.JoinPath(at, clip(name)), "unknown_field", "There is no such field to write.")
			}
		}
	}
	for _, f := range e.Fields {
		raw, sent := object[f.Name]
		if !v.Writes(f) {
			continue
		}
		path := almoner.JoinPath(at, f.Name)
		if !sent {
			switch needed := v.Requires(f); {
			case needed && c.Mode == Create:
				problems.Add(path, "required", "This field is required.")
			case needed && c.Mode == Replace && !f.Required:
				c.needed = append(c.needed, f)
			}
			continue
		}
		if f.Kind == Children {
			e.decodeChildren(v, c, f, raw, path, strict, problems)
			if list, ok := raw.([]any); ok && len(list) == 0 && !v.Trusted && v.overlay.requires(f) {
				problems.Add(path, "empty_list", "This list may not be empty.")
			}
			continue
		}
		value, bad := f.Decode(raw)
		if bad != nil {
			for _, b := range bad {
				b.Path = almoner.JoinPath(path, b.Path)
				problems.AddWith(b.Path, b.Code, b.Message, b.Params)
			}
			continue
		}
		if blank(value) && !v.Trusted && v.overlay.requires(f) {
			problems.Add(path, "required", "This field is required.")
			continue
		}
		c.values[f.Name] = value
	}
	e.decodeExtensions(v, c, object, at, strict, problems)
}

func (e *Entity) decodeChildren(v Viewer, c *Change, f *Field, raw any, path string, strict bool, problems *almoner.Problems) {
	list, ok := raw.([]any)
	if !ok {
		code, message := "not_a_list", fmt.Sprintf("Expected a list of items but got type \"%s\".", typeName(raw))
		if raw == nil {
			code, message = "null", "This field may not be null."
		}
		problems.AddWith(path, code, message, map[string]string{"type": typeName(raw)})
		return
	}
	children := make([]*Change, 0, len(list))
	seen := map[int64]bool{}
	for i, item := range list {
		at := fmt.Sprintf("%s.%d", path, i)
		problems.Add(at, "", "") // keeps the answer aligned with the items sent
		object, ok := item.(map[string]any)
		if !ok {
			problems.AddWith(at+".non_field_errors", "not_an_object", fmt.Sprintf("Invalid data. Expected a dictionary, but got %s.", typeName(item)), map[string]string{"type": typeName(item)})
			continue
		}
		child := &Change{Entity: f.to, Mode: Create, Parent: c, via: f, values: Values{}, path: at}
		if rawID, sent := object["id"]; sent && rawID != nil {
			id, bad := decodeInt(rawID)
			switch {
			case bad != nil:
				problems.AddWith(at+".id", bad.Code, bad.Message, bad.Params)
				continue
			case seen[id]:
				problems.AddWith(at+".id", "repeated", "The same id is listed twice.", nil)
				continue
			}
			seen[id] = true
			child.ID, child.Mode = id, Patch
		}
		if rawDelete, sent := object[deletePart]; sent {
			remove, bad := (&Field{Kind: Bool}).Decode(rawDelete)
			switch {
			case bad != nil:
				problems.AddWith(at+"."+deletePart, bad[0].Code, bad[0].Message, bad[0].Params)
				continue
			case remove == true && child.ID == 0:
				problems.Add(at+"."+deletePart, "delete_without_id", "Only a saved item can be deleted: send its id.")
				continue
			case remove == true && v.MayDelete(f.to):
				child.Delete = true
				children = append(children, child)
				continue
			}
			object = withoutKey(object, deletePart)
		}
		f.to.decode(v, child, object, at, strict, problems)
		children = append(children, child)
	}
	c.children = append(c.children, childList{f, children})
}

func withoutKey(object map[string]any, key string) map[string]any {
	rest := make(map[string]any, len(object))
	for k, v := range object {
		if k != key {
			rest[k] = v
		}
	}
	return rest
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// typeName names the type of a JSON value for people, in the words that clients of the TPM wire know.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case json.Number:
		return "int"
	case []any:
		return "list"
	}
	return "dict"
}

// Decode reads one value of the field from a JSON tree into its canonical form; the paths of problems are relative to the field.
// References are checked for form only: whether they exist is found out by Save.
func (f *Field) Decode(raw any) (any, []almoner.FieldError) {
	one := func(v any, bad *almoner.FieldError) (any, []almoner.FieldError) {
		if bad != nil {
			return nil, []almoner.FieldError{*bad}
		}
		return v, nil
	}
	if raw == nil {
		if f.Null {
			return nil, nil
		}
		return one(nil, &almoner.FieldError{Code: "null", Message: "This field may not be null."})
	}
	if f.Many {
		return f.decodeMany(raw)
	}
	switch f.Kind {
	case Object:
		return f.decodeObject(raw)
	case Integer:
		n, bad := decodeInt(raw)
		return one(n, bad)
	case Ref:
		n, bad := decodeID(raw)
		return one(n, bad)
	case Number:
		number, ok := raw.(json.Number)
		if text, isText := raw.(string); isText {
			number, ok = json.Number(strings.TrimSpace(text)), true
		}
		n, err := number.Float64()
		if !ok || err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return one(nil, &almoner.FieldError{Code: "not_a_number", Message: "A valid number is required."})
		}
		return n, nil
	case Decimal:
		d, bad := f.decodeDecimal(raw)
		return one(d, bad)
	case UUID:
		id, bad := decodeUUID(raw)
		return one(id, bad)
	case Bool:
		switch v := raw.(type) {
		case bool:
			return v, nil
		case string:
			if b, ok := parseBool(v); ok {
				return b, nil
			}
		case json.Number:
			if v == "1" || v == "0" {
				return v == "1", nil
			}
		}
		return one(nil, &almoner.FieldError{Code: "not_a_boolean", Message: "Must be a valid boolean."})
	case Date:
		if text, ok := raw.(string); ok {
			if text == "" && f.Null {
				return nil, nil
			}
			if d, err := almoner.ParseDate(text); err == nil {
				return d, nil
			}
		}
		return one(nil, &almoner.FieldError{Code: "bad_date", Message: "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."})
	case Time:
		if text, ok := raw.(string); ok {
			if t, err := parseTime(text); err == nil {
				return t, nil
			}
		}
		return one(nil, &almoner.FieldError{Code: "bad_datetime", Message: "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."})
	case Choice:
		text, ok := raw.(string)
		if ok && slices.ContainsFunc(f.Choices, func(c ChoiceValue) bool { return c.Value == text }) {
			return text, nil
		}
		shown := clip(fmt.Sprint(raw))
		return one(nil, &almoner.FieldError{Code: "invalid_choice", Message: fmt.Sprintf("\"%s\" is not a valid choice.", shown), Params: map[string]string{"value": shown}})
	case JSON:
		b, err := json.Marshal(raw)
		if err != nil || hasNUL(raw) {
			return one(nil, &almoner.FieldError{Code: "bad_text", Message: "Null characters are not allowed."})
		}
		if hasHugeNumber(raw) {
			return one(nil, &almoner.FieldError{Code: "not_a_number", Message: "A valid number is required."})
		}
		return json.RawMessage(b), nil
	case Refs:
		return f.decodeIDs(raw)
	case Children:
		return one(nil, &almoner.FieldError{Code: "not_a_list", Message: "This list is written with its parent."})
	}
	return f.decodeText(raw)
}

// decodeDecimal reads an exact number, from a text or from a number in plain notation.
func (f *Field) decodeDecimal(raw any) (almoner.Decimal, *almoner.FieldError) {
	var text string
	switch v := raw.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	}
	d, err := almoner.ParseDecimal(text, f.Scale)
	switch {
	case errors.Is(err, almoner.ErrDecimalScale):
		places := strconv.Itoa(int(f.Scale))
		return d, &almoner.FieldError{Code: "too_many_decimals", Message: fmt.Sprintf("Ensure that there are no more than %s decimal places.", places), Params: map[string]string{"max": places}}
	case errors.Is(err, almoner.ErrDecimalSize):
		return d, &almoner.FieldError{Code: "number_too_large", Message: "This number is too large."}
	case err != nil:
		return d, &almoner.FieldError{Code: "not_a_number", Message: "A valid number is required."}
	}
	return d, nil
}

// decodeUUID reads a UUID in any case; the canonical form has small letters.
func decodeUUID(raw any) (string, *almoner.FieldError) {
	text, _ := raw.(string)
	if id, err := uuid.Parse(text); err == nil && len(text) == uuidLength {
		return id.String(), nil
	}
	return "", &almoner.FieldError{Code: "bad_uuid", Message: "Must be a valid UUID."}
}

// uuidLength is that of the canonical form.
const uuidLength = 36

func (f *Field) decodeIDs(raw any) (any, []almoner.FieldError) {
	list, ok := raw.([]any)
	if !ok {
		return nil, []almoner.FieldError{{Code: "not_a_list", Message: fmt.Sprintf("Expected a list of items but got type \"%s\".", typeName(raw)), Params: map[string]string{"type": typeName(raw)}}}
	}
	if len(list) == 0 && !f.Blank {
		return nil, []almoner.FieldError{{Code: "empty_list", Message: "This list may not be empty."}}
	}
	ids := make([]int64, 0, len(list))
	var bad []almoner.FieldError
	for _, item := range list {
		id, problem := decodeID(item)
		if problem != nil {
			bad = append(bad, *problem)
			if len(bad) == 20 {
				break
			}
		} else if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if bad != nil {
		return nil, bad
	}
	slices.Sort(ids)
	return ids, nil
}

func (f *Field) decodeText(raw any) (any, []almoner.FieldError) {
	one := func(code, message string, params map[string]string) (any, []almoner.FieldError) {
		return nil, []almoner.FieldError{{Code: code, Message: message, Params: params}}
	}
	var text string
	switch v := raw.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	default:
		return one("not_a_string", "Not a valid string.", nil)
	}
	if bad := badText(text); bad != nil {
		return nil, []almoner.FieldError{*bad}
	}
	if f.Kind == Text {
		text = oneLine(text)
	}
	text = strings.TrimSpace(text)
	if text == "" && !f.Blank {
		return one("blank", "This field may not be blank.", nil)
	}
	limit := f.MaxLength()
	if utf8.RuneCountInString(text) > limit {
		return one("too_long", fmt.Sprintf("Ensure this field has no more than %d characters.", limit), map[string]string{"max": strconv.Itoa(limit)})
	}
	if text == "" {
		return text, nil
	}
	switch f.Kind {
	case Email:
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@'):], ".") {
			return one("bad_email", "Enter a valid email address.", nil)
		}
	case URL:
		if u, err := url.Parse(text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return one("bad_url", "Enter a valid URL.", nil)
		}
	}
	return text, nil
}

// oneLine makes one line of a text: breaks of lines and other control characters, with the blanks around them, become one space. A tab alone stays.
func oneLine(text string) string {
	breaks := func(r rune) bool { return unicode.IsControl(r) && r != '\t' || r == '\u2028' || r == '\u2029' }
	if strings.IndexFunc(text, breaks) < 0 {
		return text
	}
	var lines []string
	for _, line := range strings.FieldsFunc(text, breaks) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}

// MaxLength is the greatest number of characters of a text field.
func (f *Field) MaxLength() int {
	switch {
	case f.Max > 0:
		return f.Max
	case f.Kind == LongText:
		return 100_000
	}
	return 10_000
}

// badText refuses what a database cannot keep or a screen cannot show.
func badText(s string) *almoner.FieldError {
	if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		return &almoner.FieldError{Code: "bad_text", Message: "Null characters are not allowed."}
	}
	return nil
}

func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, hasNUL)
	case map[string]any:
		for k, item := range v {
			if strings.ContainsRune(k, 0) || hasNUL(item) {
				return true
			}
		}
	}
	return false
}

// hasHugeNumber reports whether a document holds a number that no database keeps as it is.
func hasHugeNumber(v any) bool {
	switch v := v.(type) {
	case json.Number:
		_, err := v.Float64()
		return err != nil
	case []any:
		return slices.ContainsFunc(v, hasHugeNumber)
	case map[string]any:
		for _, item := range v {
			if hasHugeNumber(item) {
				return true
			}
		}
	}
	return false
}

func decodeInt(raw any) (int64, *almoner.FieldError) {
	var text string
	switch v := raw.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, &almoner.FieldError{Code: "not_an_integer", Message: "A valid integer is required."}
	}
	return n, nil
}

// decodeID reads a reference. A number too large for any id is the id of nothing.
func decodeID(raw any) (int64, *almoner.FieldError) {
	wrong := func() (int64, *almoner.FieldError) {
		return 0, &almoner.FieldError{Code: "wrong_type_pk", Message: fmt.Sprintf("Incorrect type. Expected pk value, received %s.", typeName(raw)), Params: map[string]string{"type": typeName(raw)}}
	}
	var text string
	switch v := raw.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return wrong()
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, missing(clip(text))
	}
	if err != nil {
		return wrong()
	}
	return n, nil
}

func missing(id string) *almoner.FieldError {
	return &almoner.FieldError{Code: "does_not_exist", Message: fmt.Sprintf("Invalid pk \"%s\" - object does not exist.", id), Params: map[string]string{"value": id}}
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", clip(text))
}

// decodeMany reads a list of an input.
func (f *Field) decodeMany(raw any) (any, []almoner.FieldError) {
	list, ok := raw.([]any)
	if !ok {
		return nil, []almoner.FieldError{{Code: "not_a_list", Message: fmt.Sprintf("Expected a list of items but got type \"%s\".", typeName(raw)), Params: map[string]string{"type": typeName(raw)}}}
	}
	item := *f
	item.Many, item.Null = false, false
	values := make([]any, 0, len(list))
	var bad []almoner.FieldError
	for i, one := range list {
		v, problems := item.Decode(one)
		for _, p := range problems {
			p.Path = almoner.JoinPath(strconv.Itoa(i), p.Path)
			bad = append(bad, p)
		}
		if values = append(values, v); len(bad) >= 20 {
			break
		}
	}
	return values, bad
}

// decodeObject reads an object of an input.
func (f *Field) decodeObject(raw any) (any, []almoner.FieldError) {
	values, err := DecodeFields(f.Fields, raw)
	var e *almoner.Error
	if errors.As(err, &e) {
		return nil, e.Fields
	}
	return values, nil
}

// DecodeFields reads an input that belongs to no entity, such as that of a move, with the rules of Decode: every field of the list is
// taken, others are left out. A missing body is an empty one.
func DecodeFields(fields []*Field, tree any) (Values, error) {
	if tree == nil {
		tree = map[string]any{}
	}
	var problems almoner.Problems
	object, ok := tree.(map[string]any)
	if !ok {
		problems.AddWith("non_field_errors", "not_an_object", fmt.Sprintf("Invalid data. Expected a dictionary, but got %s.", typeName(tree)), map[string]string{"type": typeName(tree)})
		return nil, problems.Err()
	}
	values := Values{}
	for _, f := range fields {
		raw, sent := object[f.Name]
		if !sent {
			if f.Required {
				problems.Add(f.Name, "required", "This field is required.")
			} else if f.Default != nil {
				values[f.Name] = f.Default
			}
			continue
		}
		value, bad := f.Decode(raw)
		for _, b := range bad {
			problems.AddWith(almoner.JoinPath(f.Name, b.Path), b.Code, b.Message, b.Params)
		}
		if bad == nil {
			values[f.Name] = value
		}
	}
	return values, problems.Err()
}
