package i18n

import (
	"slices"
	"strings"
)

// message is one text of one language, ready to be filled.
type message struct {
	text template
	// forms has the plural forms by index of categories; nil for a text without them.
	forms *[6]template
	// by is the placeholder that chooses the form.
	by string
}

// template is a text cut at its placeholders: literal, name, literal, name, …, literal.
type template []string

func parse(text string) template {
	var t template
	literal := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '{' {
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		if end < 0 {
			break
		}
		if name := text[i+1 : i+end]; isName(name) {
			t = append(t, text[literal:i], name)
			i += end
			literal = i + 1
		}
	}
	return append(t, text[literal:])
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9' || i == 0) {
			return false
		}
	}
	return s != ""
}

// placeholders returns the names in the text, sorted, each once.
func (t template) placeholders() []string {
	var names []string
	for i := 1; i < len(t); i += 2 {
		names = append(names, t[i])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// fill writes the text; a placeholder without a value stays as it is, so that the mistake is seen.
func (t template) fill(params map[string]string) string {
	if len(t) == 1 {
		return t[0]
	}
	var b strings.Builder
	for i, part := range t {
		if i%2 == 0 {
			b.WriteString(part)
		} else if v, ok := params[part]; ok {
			b.WriteString(v)
		} else {
			b.WriteString("{" + part + "}")
		}
	}
	return b.String()
}

// placeholders returns the names in all forms together.
func (m *message) placeholders() []string {
	if m.forms == nil {
		return m.text.placeholders()
	}
	var names []string
	for _, f := range m.forms {
		names = append(names, f.placeholders()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
