package gql

import (
	"fmt"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// extensionFields is the type of what administrators declared beside the fields of an entity. They have a type of their own, so that no key ever meets a field
// that comes with the program, in this version or a later one.
type extensionFields struct {
	name   string
	fields map[string]*field
	order  []*field
}

// extend gives the type of an entity the extension fields that a window shows.
func (w *schemaWriter) extend(o *object, window *entity.Window) {
	list := window.Extensions()
	if len(list) == 0 {
		return
	}
	at := o.fields[entity.ExtensionsName]
	if at == nil {
		name := o.name + "Extensions"
		w.claim(name, "the extension fields of "+o.entity.Name)
		at = &field{name: entity.ExtensionsName, typed: name, extended: &extensionFields{name: name, fields: map[string]*field{}}}
		w.put(o, at)
	}
	if at.extended == nil {
		w.problem("a field of %s would be named like its extension fields", o.name)
		return
	}
	for _, f := range list {
		// Keys are words of letters that begin small, so that no two of them give the same name.
		name := fieldName(f.ExtensionKey())
		if at.extended.fields[name] == nil {
			one := &field{name: name, Field: f}
			at.extended.fields[name] = one
			at.extended.order = append(at.extended.order, one)
		}
	}
}

// ExtensionDoc tells what an extension field is: its label, and what may be chosen. The values of its choices are texts here, as what people write in any script
// has no names that stay when one more is declared.
func ExtensionDoc(f *entity.Field) string {
	doc := f.Label
	if x, ok := f.Extension(); ok && x.Help["en"] != "" {
		doc += ". " + x.Help["en"]
	}
	for i, c := range f.Choices {
		doc += fmt.Sprintf("%s%s (%s)", []string{": ", ", "}[min(i, 1)], c.Value, c.Label)
	}
	return doc
}

func (e *extensionFields) write() string {
	var b strings.Builder
	writeDoc(&b, "", "What administrators record beside the fields that come with the program.")
	fmt.Fprintf(&b, "type %s {\n", e.name)
	for _, f := range e.order {
		writeDoc(&b, "  ", ExtensionDoc(f.Field))
		fmt.Fprintf(&b, "  %s: %s\n", f.name, f.typ())
	}
	return b.String() + "}\n"
}

// extensions plans the extension fields of a record.
func (p *planner) extensions(l *layout, o *out, e *extensionFields, g group) {
	o.kind = outExtensions
	for _, g := range p.collect(e.name, g.subs()) {
		one := out{key: g.outKey()}
		switch f := e.fields[g.fields[0].Name]; {
		case g.fields[0].Name == "__typename":
			one.kind, one.text = outTypename, e.name
		case f == nil || l.selection.Window.Pane(f.Field.Name) == nil:
			// Another source may show the field; here it stays hidden.
		default:
			one.kind, one.field, one.pick = outValue, f, len(l.selection.Picks)
			l.selection.Picks = append(l.selection.Picks, entity.Pick{Field: f.Field})
		}
		o.outs = append(o.outs, one)
	}
}
