package i18n

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Catalogue is what one module says, in all its languages.
type Catalogue struct {
	// Module names the owner in messages about problems.
	Module string
	// FS holds a file per language, named by its BCP 47 tag (`en.json`, `pt-BR.json`), in the folder `locales` or at the root.
	FS fs.FS
}

//go:embed locales/*.json
var coreFiles embed.FS

// Core returns the texts that every module shares: the generic messages about input, access and requests, by code
// (`required`, `not_found`).
func Core() Catalogue { return Catalogue{Module: "core", FS: coreFiles} }

// load reads all languages of the catalogue: language → key → message.
func (c Catalogue) load() (map[string]map[string]*message, []error) {
	files, err := fs.Glob(c.FS, "locales/*.json")
	if err == nil && len(files) == 0 {
		files, err = fs.Glob(c.FS, "*.json")
	}
	if err != nil {
		return nil, []error{fmt.Errorf("texts of %s: %w", c.Module, err)}
	}
	if len(files) == 0 {
		return nil, []error{fmt.Errorf("texts of %s: there is no file locales/en.json", c.Module)}
	}
	out := map[string]map[string]*message{}
	var problems []error
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".json")
		at := "texts of " + c.Module + ", " + path.Base(file)
		tag, err := language.Parse(name)
		if err != nil || tag.String() != name {
			problems = append(problems, fmt.Errorf("%s: %q is not the tag of a language", at, name))
			continue
		}
		data, err := fs.ReadFile(c.FS, file)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", at, err))
			continue
		}
		r := &reader{at: at, tag: tag, texts: map[string]*message{}}
		r.file(data)
		out[name] = r.texts
		problems = append(problems, r.problems...)
	}
	return out, problems
}

// reader walks one file token by token, because decoding into a map would hide a key that is written twice.
type reader struct {
	at       string
	tag      language.Tag
	texts    map[string]*message
	problems []error
}

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s: %w", r.at, fmt.Errorf(format, args...)))
}

func (r *reader) file(data []byte) {
	dec := json.NewDecoder(bytes.NewReader(data))
	tok, err := dec.Token()
	if err == nil && tok != json.Delim('{') {
		err = errors.New("the file must hold one object")
	}
	if err == nil {
		var node object
		if node, err = readObject(dec); err == nil {
			if _, more := dec.Token(); !errors.Is(more, io.EOF) {
				err = errors.New("there is something after the object")
			}
			r.group(node, "")
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the file ends too early")
	}
	if err != nil {
		r.problem("%w", err)
	}
}

// object is a JSON object in the order of the file; values are string or object.
type object []member

type member struct {
	key   string
	value any
}

func readObject(dec *json.Decoder) (object, error) {
	var o object
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := tok.(string) // the decoder admits no other key
		if tok, err = dec.Token(); err != nil {
			return nil, err
		}
		switch v := tok.(type) {
		case string:
			o = append(o, member{key, v})
		case json.Delim:
			if v != '{' {
				return nil, fmt.Errorf("%q: a text is a string or an object, not a list", key)
			}
			sub, err := readObject(dec)
			if err != nil {
				return nil, err
			}
			o = append(o, member{key, sub})
		default:
			return nil, fmt.Errorf("%q: a text is a string or an object", key)
		}
	}
	_, err := dec.Token()
	return o, err
}

func (r *reader) group(o object, prefix string) {
	for _, m := range o {
		key := m.key
		if prefix != "" {
			key = prefix + "." + key
		}
		if strings.Contains("."+key+".", "..") {
			r.problem("%q is not a key", key)
			continue
		}
		switch v := m.value.(type) {
		case string:
			r.add(key, &message{text: parse(v)})
		case object:
			if v.isPlural() {
				r.plural(key, v)
			} else {
				r.group(v, key)
			}
		}
	}
}

// isPlural tells plural forms from a group of keys: every member is a category, and the one that all languages have is there.
func (o object) isPlural() bool {
	other := false
	for _, m := range o {
		if _, ok := m.value.(string); !ok || m.key != "by" && !slices.Contains(categories[:], m.key) {
			return false
		}
		other = other || m.key == "other"
	}
	return other
}

func (r *reader) plural(key string, o object) {
	msg := &message{by: "count", forms: &[6]template{}}
	seen := map[string]bool{}
	for _, m := range o {
		if seen[m.key] {
			r.problem("%s has the form %q twice", key, m.key)
		}
		seen[m.key] = true
		text, _ := m.value.(string) // isPlural admits no other
		if m.key == "by" {
			msg.by = text
			continue
		}
		msg.forms[slices.Index(categories[:], m.key)] = parse(text)
	}
	needed := categoriesOf(r.tag)
	for _, c := range needed {
		if !seen[c] {
			r.problem("%s lacks the plural form %q", key, c)
		}
	}
	if !slices.Contains(msg.forms[other].placeholders(), msg.by) {
		r.problem("%s chooses its form by {%s}, which its form \"other\" does not show", key, msg.by)
	}
	r.add(key, msg)
}

func (r *reader) add(key string, m *message) {
	if _, ok := r.texts[key]; ok {
		r.problem("%s is there twice", key)
		return
	}
	r.texts[key] = m
}
