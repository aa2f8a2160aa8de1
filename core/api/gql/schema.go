package gql

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner/core/entity"
)

// Source is something that can be listed, read one by one, or both.
type Source struct {
	// Name is `module.noun`; the root fields are named after it: tpm.visit gives tpmVisits and tpmVisit.
	Name   string
	Entity *entity.Entity
	// Window is what of the entity, and of what it refers to, can be selected.
	Window *entity.Window
	// Viewer is somebody who may filter and order by everything that there is.
	Viewer entity.Viewer
	// List and Get say which root fields there are.
	List, Get bool
	// Parent is the record that the source lies below, nil for none.
	Parent *Parent
	// Params are further text arguments of the list.
	Params []Param

	list, get *root
}

// Parent names the record that a source lies below.
type Parent struct {
	// Name is the name of the argument in snake case.
	Name   string
	Entity *entity.Entity
}

// Param is one further argument of a list, in snake case.
type Param struct{ Name, Doc string }

// ListName is the root field of the list, "" when there is none.
func (s *Source) ListName() string {
	if !s.List {
		return ""
	}
	return plural(rootName(s.Name))
}

// GetName is the root field of the single record, "" when there is none.
func (s *Source) GetName() string {
	if !s.Get {
		return ""
	}
	return rootName(s.Name)
}

// Schema is a compiled schema.
type Schema struct {
	// Limits bound what one document may ask for.
	Limits Limits

	sources []*Source
	sdl     []byte
	schema  *ast.Schema
	objects map[string]*object
	roots   map[string]*root
	// documents are those validated lately, by their text.
	documents sync.Map
	kept      atomic.Int64
}

// Limits bound one document. They are far above what screens ask for.
type Limits struct {
	// Tokens of the text; Depth and Fields of the selection with all fragments written out.
	Tokens, Depth, Fields int
	// Statements counts root fields and connections, totals apart.
	Statements int
	// Records counts what is read, in all lists together.
	Records int
	// Written counts the fields that introspections write, all of a document together.
	Written int
}

// DefaultLimits are those of a new schema.
var DefaultLimits = Limits{Tokens: 5000, Depth: 24, Fields: 2000, Statements: 60, Records: 20_000, Written: 400_000}

// object is the type of an entity's records.
type object struct {
	name   string
	entity *entity.Entity
	fields map[string]*field
	order  []*field
	// listed objects have a connection.
	listed bool
}

// field is one field of an object.
type field struct {
	name string
	*entity.Field
	enum *enum
	to   *object
}

// enum is the type of a choice.
type enum struct {
	name    string
	choices []entity.ChoiceValue
	names   []string
	// written and stored lead from value to name and back.
	written, stored map[string]string
}

// root is one field of Query.
type root struct {
	name   string
	source *Source
	object *object
	single bool
	args   map[string]*argument
	order  []*argument
	sorts  map[string]string
}

type purpose uint8

const (
	forPage purpose = iota
	forFilter
	forSearch
	forOrder
	forParam
	forParent
	forID
)

// argument is one argument of a root field.
type argument struct {
	name, doc, typ string
	purpose        purpose
	// param is the filter or parameter that the argument stands for.
	param string
	enum  *enum
	// id is the type whose ids the argument takes, "" for other values.
	id string
}

// New assembles the schema. All names that meet, and everything else that is wrong with it, come in one error.
func New(sources []*Source) (*Schema, error) {
	s := &Schema{Limits: DefaultLimits, sources: sources, objects: map[string]*object{}, roots: map[string]*root{}}
	w := &schemaWriter{Schema: s, enums: map[string]*enum{}, types: map[string]string{}}
	for _, source := range sources {
		w.reach(source.Window)
	}
	for _, source := range sources {
		w.source(source)
	}
	s.sdl = w.write()
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	var err error
	if s.schema, err = gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(s.sdl)}); err != nil {
		return nil, fmt.Errorf("the assembled schema is not valid: %w", err)
	}
	return s, nil
}

// SDL is the schema as text, in a stable order.
func (s *Schema) SDL() []byte { return s.sdl }

// Sources are what the schema was made of, in order. The caller must not change them.
func (s *Schema) Sources() []*Source { return s.sources }

// TypeName is the name of an entity's type, which ids of its records carry.
func TypeName(e *entity.Entity) string { return typeName(e) }

// EnumName is the name under which the type of a choice field shows one of its values.
func EnumName(f *entity.Field, value string) string {
	names := enumNames(f.Choices)
	for i, c := range f.Choices {
		if c.Value == value {
			return names[i]
		}
	}
	return ""
}

// schemaWriter gathers types and writes them.
type schemaWriter struct {
	*Schema
	enums map[string]*enum
	// types tells what each type name stands for.
	types map[string]string
	errs  []error
}

func (w *schemaWriter) problem(format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf("graphql: "+format, args...))
}

// claim takes a type name for something; the same thing may claim it again.
func (w *schemaWriter) claim(name, what string) {
	if before, ok := w.types[name]; ok && before != what {
		w.problem("the type %s would be both %s and %s", name, before, what)
	}
	w.types[name] = what
}

func (w *schemaWriter) object(e *entity.Entity) *object {
	name := typeName(e)
	if w.objects[name] == nil {
		w.claim(name, e.Name)
		w.objects[name] = &object{name: name, entity: e, fields: map[string]*field{}}
	}
	return w.objects[name]
}

// reach makes the types of everything that a window shows.
func (w *schemaWriter) reach(window *entity.Window) {
	o := w.object(window.Entity)
	for _, pane := range window.Panes() {
		f := &field{name: fieldName(pane.Field.Name), Field: pane.Field}
		if pane.Nested != nil {
			w.reach(pane.Nested)
			f.to = w.object(pane.Field.TargetEntity())
			if pane.Field.Kind != entity.Ref {
				w.list(f.to)
			}
		}
		if f.Kind == entity.Choice {
			f.enum = w.enum(f.Field)
		}
		switch before := o.fields[f.name]; {
		case f.name == "id", before != nil && before.Field != f.Field:
			w.problem("two fields of %s would be named %s", o.name, f.name)
		case before == nil:
			o.fields[f.name] = f
			o.order = append(o.order, f)
		}
	}
}

func (w *schemaWriter) list(o *object) {
	o.listed = true
	w.claim(o.name+"Connection", "the connection of "+o.name)
	w.claim(o.name+"Edge", "the edge of "+o.name)
}

func (w *schemaWriter) enum(f *entity.Field) *enum {
	what := f.Entity().Name + "." + f.Name
	name := typeName(f.Entity()) + upper(fieldName(f.Name))
	if e := w.enums[what]; e != nil {
		return e
	}
	w.claim(name, what)
	e := &enum{name: name, choices: f.Choices, names: enumNames(f.Choices), written: map[string]string{}, stored: map[string]string{}}
	for i, c := range f.Choices {
		e.written[c.Value], e.stored[e.names[i]] = e.names[i], c.Value
	}
	w.enums[what] = e
	return e
}

func (w *schemaWriter) source(s *Source) {
	if s.List {
		r := &root{name: s.ListName(), source: s, object: w.object(s.Entity), args: map[string]*argument{}, sorts: map[string]string{}}
		w.list(r.object)
		w.parent(r)
		for _, name := range []string{"first", "last"} {
			w.argument(r, &argument{name: name, typ: "Int"})
		}
		w.argument(r, &argument{name: "before", typ: "String"})
		w.argument(r, &argument{name: "after", typ: "String"})
		w.argument(r, &argument{name: "offset", typ: "Int"})
		for _, f := range s.Entity.FilterParams(s.Viewer) {
			w.argument(r, w.filter(f))
		}
		for _, p := range s.Params {
			w.argument(r, &argument{name: argumentName(p.Name), doc: p.Doc, typ: "String", purpose: forParam, param: p.Name})
		}
		if s.Entity.Searches() {
			w.argument(r, &argument{name: "search", doc: "Words that all must be found.", typ: "String", purpose: forSearch})
		}
		if names := s.Entity.SortNames(s.Viewer); len(names) > 0 {
			var offered []string
			for _, name := range names {
				offered = append(offered, argumentName(name))
				// Clients write either spelling.
				r.sorts[argumentName(name)], r.sorts[name] = name, name
			}
			w.argument(r, &argument{name: "orderBy", doc: "A minus turns around: " + strings.Join(offered, ", ") + ".", typ: "[String]", purpose: forOrder})
		}
		s.list = w.root(r)
	}
	if s.Get {
		r := &root{name: s.GetName(), source: s, object: w.object(s.Entity), single: true, args: map[string]*argument{}}
		w.parent(r)
		w.argument(r, &argument{name: "id", typ: "ID!", purpose: forID, id: r.object.name})
		s.get = w.root(r)
	}
}

func (w *schemaWriter) root(r *root) *root {
	if w.roots[r.name] != nil || r.name == "node" {
		w.problem("two root fields would be named %s", r.name)
	}
	w.roots[r.name] = r
	return r
}

func (w *schemaWriter) parent(r *root) {
	if p := r.source.Parent; p != nil {
		w.argument(r, &argument{name: argumentName(p.Name), typ: "ID!", purpose: forParent, id: typeName(p.Entity)})
	}
}

func (w *schemaWriter) argument(r *root, a *argument) {
	if r.args[a.name] != nil {
		w.problem("two arguments of %s would be named %s", r.name, a.name)
	}
	r.args[a.name] = a
	r.order = append(r.order, a)
}

// filter is the argument of one parameter of a list.
func (w *schemaWriter) filter(p entity.FilterParam) *argument {
	a := &argument{name: argumentName(p.Name), purpose: forFilter, param: p.Name}
	switch f := p.Field; {
	case p.Lookup == "isnull", p.Lookup == "show_history":
		a.typ = "Boolean"
	case p.Lookup == "validity":
		a.typ = "Date"
	case p.Lookup == "year":
		a.typ = "Int"
	case p.Lookup == "icontains":
		a.typ = "String"
	case f.Relation():
		a.typ, a.id = "ID", typeName(f.TargetEntity())
	case f.Name == "id":
		a.typ, a.id = "ID", typeName(f.Entity())
	case f.Kind == entity.Choice:
		a.enum = w.enum(f)
		a.typ = a.enum.name
	default:
		a.typ = scalar(f.Kind)
	}
	if p.Lookup == "in" {
		a.typ = "[" + a.typ + "]"
	}
	return a
}

// scalar is the type of a plain value.
func scalar(k entity.Kind) string {
	switch k {
	case entity.Integer:
		return "Int"
	case entity.Bool:
		return "Boolean"
	case entity.Date:
		return "Date"
	case entity.Time:
		return "DateTime"
	case entity.Number:
		return "Float"
	case entity.Decimal:
		return "Decimal"
	case entity.UUID:
		return "UUID"
	case entity.JSON:
		return "JSONString"
	}
	return "String"
}

func (f *field) typ() string {
	switch {
	case f.enum != nil:
		return f.enum.name
	case f.Kind == entity.Ref:
		return f.to.name
	case f.to != nil:
		return f.to.name + "Connection"
	}
	return scalar(f.Kind)
}

const preamble = `"A day: 2026-03-31."
scalar Date

"An instant in UTC, written without its zone: 2026-11-21T21:12:30.706445. A zone is understood on the way in."
scalar DateTime

"An exact number, written as a text: \"12.50\". A number is understood on the way in."
scalar Decimal

"A text that holds JSON."
scalar JSONString

"The canonical text of a UUID."
scalar UUID

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
	b.WriteString("}\n\n" + preamble)
	texts := map[string]string{}
	for name, o := range w.objects {
		texts[name] = o.write()
		if o.listed {
			texts[name+"Connection"] = fmt.Sprintf("type %sConnection {\n  pageInfo: PageInfo!\n  edges: [%[1]sEdge]!\n  totalCount: Int\n  edgeCount: Int\n}\n", name)
			texts[name+"Edge"] = fmt.Sprintf("type %sEdge {\n  node: %[1]s\n  cursor: String!\n}\n", name)
		}
	}
	for _, e := range w.enums {
		var t strings.Builder
		fmt.Fprintf(&t, "enum %s {\n", e.name)
		for i, c := range e.choices {
			writeDoc(&t, "  ", c.Label)
			fmt.Fprintf(&t, "  %s\n", e.names[i])
		}
		texts[e.name] = t.String() + "}\n"
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		b.WriteString("\n" + texts[name])
	}
	return []byte(b.String())
}

func (w *schemaWriter) writeRoot(b *strings.Builder, r *root) {
	what, typ := r.source.Entity.Label, r.object.name
	if !r.single {
		typ += "Connection"
		if r.source.Entity.Plural != "" {
			what = r.source.Entity.Plural
		}
	}
	writeDoc(b, "  ", what)
	fmt.Fprintf(b, "  %s(", r.name)
	for i, a := range r.order {
		if r.single {
			fmt.Fprintf(b, "%s%s: %s", strings.Repeat(", ", min(i, 1)), a.name, a.typ)
			continue
		}
		// A line each, so that a new filter is one new line.
		b.WriteString("\n")
		writeDoc(b, "    ", a.doc)
		fmt.Fprintf(b, "    %s: %s", a.name, a.typ)
	}
	if !r.single {
		b.WriteString("\n  ")
	}
	fmt.Fprintf(b, "): %s\n", typ)
}

func (o *object) write() string {
	var b strings.Builder
	writeDoc(&b, "", o.entity.Label)
	fmt.Fprintf(&b, "type %s implements Node {\n  id: ID!\n", o.name)
	slices.SortStableFunc(o.order, func(x, y *field) int {
		return slices.Index(o.entity.Fields, x.Field) - slices.Index(o.entity.Fields, y.Field)
	})
	for _, f := range o.order {
		if !strings.EqualFold(strings.ReplaceAll(f.Label, " ", ""), f.name) {
			writeDoc(&b, "  ", f.Label)
		}
		args := ""
		if f.to != nil && f.Kind != entity.Ref {
			args = "(" + pageArguments + ")"
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", f.name, args, f.typ())
	}
	return b.String() + "}\n"
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
