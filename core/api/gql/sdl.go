package gql

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// builtIn are the scalars that every schema has.
var builtIn = map[string]bool{"Int": true, "Float": true, "String": true, "Boolean": true, "ID": true}

// scalarDocs are the others, with what they hold.
var scalarDocs = map[string]string{
	"Date":             "A day: 2026-03-31.",
	"DateTime":         "An instant in UTC, written without its zone: 2026-11-21T21:12:30.706445. A zone is understood on the way in.",
	"Decimal":          "An exact number, as a text: 12.50. Variables may be numbers.",
	"JSONString":       "A text that holds JSON.",
	"ParsedJSONString": "A text that holds a JSON object.",
	"GenericScalar":    "Any JSON value.",
	"UUID":             "A universally unique identifier: 0192f3c8-6f4e-7c1a-9a52-3f0f5f1f6b1d.",
	"SmallInt":         "A whole number of at most five digits.",
	"TinyInt":          "A whole number from 0 to 255.",

	"LocationCodeInputType":       "The code of a location, at most 8 characters.",
	"HealthFacilityCodeInputType": "The code of a health facility, at most 8 characters.",
	"ServiceCodeInputType":        "The code of a medical service, at most 6 characters.",
}

// scalarLimits are the greatest lengths of texts.
var scalarLimits = map[string]int{"LocationCodeInputType": 8, "HealthFacilityCodeInputType": 8, "ServiceCodeInputType": 6}

// always are the scalars of every schema; others are there when something is of their type.
var always = []string{"Date", "DateTime", "JSONString"}

const preamble = `
"Something with an id that node finds again."
interface Node {
  id: ID!
}

"Where a page of a connection lies."
type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}
`

// pageArguments are those of every connection.
const pageArguments = "first: Int, last: Int, before: String, after: String, offset: Int"

// write writes the schema. Types follow in order of their names.
func (w *schemaWriter) write() []byte {
	var b strings.Builder
	b.WriteString("\"What a person is shown depends on who asks: a field that is not shown is null.\"\ntype Query {\n")
	b.WriteString("  \"The record with a global id; null when there is none to be seen.\"\n  node(id: ID!): Node\n")
	for _, name := range slices.Sorted(maps.Keys(w.roots)) {
		w.writeRoot(&b, w.roots[name])
	}
	b.WriteString("}\n\n")
	if len(w.mutations) > 0 {
		b.WriteString("\"Changes are made one after the other, each whole or not at all.\"\ntype Mutation {\n")
		for _, name := range slices.Sorted(maps.Keys(w.mutations)) {
			w.writeRoot(&b, w.mutations[name])
		}
		b.WriteString("}\n\n")
	}
	texts := map[string]string{}
	for name, o := range w.objects {
		texts[name] = w.writeObject(o)
		if at := o.fields[entity.ExtensionsName]; at != nil && at.extended != nil {
			texts[at.extended.name] = at.extended.write()
		}
		if o.listed {
			totals := "  totalCount: Int\n  edgeCount: Int\n"
			if o.exceptions.Uncounted {
				totals = ""
			}
			texts[name+"Connection"] = fmt.Sprintf("type %sConnection {\n  pageInfo: PageInfo!\n  edges: [%[1]sEdge]!\n%s}\n", name, totals)
			texts[name+"Edge"] = fmt.Sprintf("type %sEdge {\n  node: %[1]s\n  cursor: String!\n}\n", name)
		}
	}
	for _, e := range w.enums {
		texts[e.name] = e.write()
	}
	for name, in := range w.inputs {
		texts[name] = in.write()
	}
	for name, out := range w.outputs {
		texts[name] = out.write()
	}
	body := ""
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		body += "\n" + texts[name]
	}
	written := b.String() + body
	for _, name := range slices.Sorted(maps.Keys(scalarDocs)) {
		if slices.Contains(always, name) || w.scalars[name] || uses(written, name) {
			writeDoc(&b, "", scalarDocs[name])
			fmt.Fprintf(&b, "scalar %s\n\n", name)
		}
	}
	return []byte(strings.TrimSuffix(b.String(), "\n") + preamble + body)
}

// uses reports whether something is of a type.
func uses(sdl, typ string) bool {
	for _, end := range []string{"\n", "!", "]", ",", ")"} {
		if strings.Contains(sdl, ": "+typ+end) || strings.Contains(sdl, "["+typ+end) {
			return true
		}
	}
	return false
}

func (w *schemaWriter) writeRoot(b *strings.Builder, r *root) {
	if r.function != nil {
		r.function.write(b)
		return
	}
	what, typ := r.source.Entity.Label, r.object.name
	switch {
	case r.single:
	case r.exports:
		typ = "String"
	case r.source.Plain:
		typ = "[" + typ + "]"
	default:
		typ += "Connection"
	}
	if !r.single && r.source.Entity.Plural != "" {
		what = r.source.Entity.Plural
	}
	if r.exports {
		what += ", all of them, as a file; this is its name, by which it is fetched."
	}
	writeDoc(b, "  ", what)
	fmt.Fprintf(b, "  %s", r.name)
	for i, a := range r.order {
		if r.single {
			fmt.Fprintf(b, "%s%s: %s", []string{"(", ", "}[min(i, 1)], a.name, a.typ)
			continue
		}
		// A line each, so that a new filter is one new line.
		if i == 0 {
			b.WriteString("(")
		}
		b.WriteString("\n")
		writeDoc(b, "    ", a.doc)
		fmt.Fprintf(b, "    %s: %s", a.name, a.typ)
	}
	switch {
	case len(r.order) == 0:
	case r.single:
		b.WriteString(")")
	default:
		b.WriteString("\n  )")
	}
	fmt.Fprintf(b, ": %s\n", typ)
}

// write writes the root field of a function.
func (f *function) write(b *strings.Builder) {
	writeDoc(b, "  ", f.Doc)
	fmt.Fprintf(b, "  %s", f.Name)
	switch {
	case f.Input != "":
		fmt.Fprintf(b, "(input: %s!)", f.Input)
	case len(f.in.order) > 0:
		var args []string
		for _, a := range f.in.order {
			args = append(args, a.name+": "+a.typ())
		}
		fmt.Fprintf(b, "(%s)", strings.Join(args, ", "))
	}
	fmt.Fprintf(b, ": %s\n", f.out.typ())
}

func (e *enum) write() string {
	var b strings.Builder
	fmt.Fprintf(&b, "enum %s {\n", e.name)
	for i, c := range e.choices {
		writeDoc(&b, "  ", c.Label)
		fmt.Fprintf(&b, "  %s\n", e.names[i])
	}
	return b.String() + "}\n"
}

func (w *schemaWriter) writeObject(o *object) string {
	var b strings.Builder
	writeDoc(&b, "", o.entity.Label)
	switch o.exceptions.RawID {
	case "":
		fmt.Fprintf(&b, "type %s implements Node {\n  id: ID!\n", o.name)
	default:
		fmt.Fprintf(&b, "type %s {\n  id: %s!\n", o.name, o.exceptions.RawID)
	}
	place := func(f *field) int {
		if f.Field == nil {
			return len(o.entity.Fields)
		}
		return slices.Index(o.entity.Fields, f.Field)
	}
	slices.SortStableFunc(o.order, func(x, y *field) int { return place(x) - place(y) })
	for _, f := range o.order {
		switch {
		case f.computed != nil:
			writeDoc(&b, "  ", f.computed.Doc)
		case f.pending:
			writeDoc(&b, "  ", "Set only while a mutation works on the record.")
		case f.extended != nil:
		default:
			if label := w.label(f.Field); !strings.EqualFold(strings.ReplaceAll(label, " ", ""), f.name) {
				writeDoc(&b, "  ", label)
			}
		}
		args := ""
		if f.args != nil {
			args = pageArguments
			for _, a := range f.args.within(f.Field) {
				args += ", " + a.name + ": " + a.typ
			}
			args = "(" + args + ")"
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", f.name, args, f.typ())
	}
	return b.String() + "}\n"
}

// within are the arguments of a list within a record. Rows of the past are found by what they refer to; pairs of records have none.
func (a *arguments) within(f *entity.Field) []*argument {
	return slices.DeleteFunc(slices.Concat(a.filters, a.last), func(one *argument) bool { return one.past && f.Kind != entity.Children })
}

func writeDoc(b *strings.Builder, indent, text string) {
	if text == "" {
		return
	}
	b.WriteString(indent)
	e := json.NewEncoder(b) // the JSON form of a text is one of GraphQL's
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // neither a text nor a Builder ever fails
}
