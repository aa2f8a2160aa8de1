package gql

import (
	"cmp"
	"errors"
	"fmt"
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
	// Name is `module.noun`; the root fields are named after it, tpm.visit gives tpmVisits and tpmVisit, unless ListAs and GetAs name them.
	Name   string
	Entity *entity.Entity
	// Window is what of the entity, and of what it refers to, can be selected.
	Window *entity.Window
	// List and Get say which root fields there are.
	List, Get     bool
	ListAs, GetAs string
	// Parent is the record that the source lies below, nil for none.
	Parent *Parent
	// Params are further arguments, of the list and, when Chosen, of the single record.
	Params []Param
	// Plain lists are no connections.
	Plain bool
	// Max is the greatest page of the list, 0 for 100 and negative for no bound.
	Max int
	// Chosen tells that the single record is found by Params and not by its id.
	Chosen bool
	// Export tells that there is a root field that makes a file of the list.
	Export bool

	list, get, export *root
}

// Parent names the record that a source lies below.
type Parent struct {
	// Name is the name of the argument in snake case.
	Name   string
	Entity *entity.Entity
}

// Param is one further argument, in snake case.
type Param struct {
	Name, Doc string
	// Value says what it holds: a text when nil. Of are the records whose id it takes.
	Value *entity.Field
	Of    *entity.Entity
	// Many takes a list; Enum names the type of a choice.
	Many bool
	Enum string
	// Required arguments must be given.
	Required bool
}

// ListName is the root field of the list, "" when there is none.
func (s *Source) ListName() string {
	if !s.List {
		return ""
	}
	return cmp.Or(s.ListAs, plural(rootName(s.Name)))
}

// ExportName is the root field that makes a file of the list, "" when there is none.
func (s *Source) ExportName() string {
	if !s.List || s.Plain || !s.Export {
		return ""
	}
	return s.ListName() + "Export"
}

// GetName is the root field of the single record, "" when there is none.
func (s *Source) GetName() string {
	if !s.Get {
		return ""
	}
	return cmp.Or(s.GetAs, rootName(s.Name))
}

// Schema is a compiled schema.
type Schema struct {
	// Limits bound what one document may ask for.
	Limits Limits

	sources []*Source
	names   Names
	sdl     []byte
	schema  *ast.Schema
	objects map[string]*object
	// roots are the fields of Query, mutations those of Mutation.
	roots, mutations map[string]*root
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
	// exceptions are those of the table of names.
	exceptions Type
	fields     map[string]*field
	order      []*field
	// listed objects have a connection.
	listed bool
}

// field is one field of an object.
type field struct {
	name string
	*entity.Field
	enum *enum
	to   *object
	// plain lists are no connections; args are those of a connection.
	plain bool
	args  *arguments
	// typed is the type of a plain value, "" for that of its kind.
	typed    string
	computed *Computed
	// extended is set for what holds the extension fields.
	extended *extensionFields
	// pending is the field that is set only while a mutation works on the record, which has ended before anybody gets an answer.
	pending bool
}

// enum is the type of a choice.
type enum struct {
	name    string
	choices []entity.ChoiceValue
	names   []string
	// written and stored lead from value to name and back.
	written, stored map[string]string
}

// root is one field of Query or Mutation.
type root struct {
	name   string
	source *Source
	object *object
	single bool
	// exports tells that the list is made into a file.
	exports bool
	// args are all arguments of a source's field, but for those of pages.
	args map[string]*argument
	*arguments
	order []*argument
	// function is set for an Operation; there is no source then.
	function *function
}

// arguments are those by which a list of an entity's records is narrowed and ordered.
type arguments struct {
	entity  *entity.Entity
	filters []*argument
	// last are search and orderBy, which stand behind all others.
	last   []*argument
	byName map[string]*argument
	// sorts are the names of orders in snake case.
	sorts map[string]string
	// custom is what customFilters understands, of which there is none without.
	custom []CustomFilter
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
	forCustom
)

// argument is one argument of a root field.
type argument struct {
	name, doc, typ string
	purpose        purpose
	// param is the filter or parameter that the argument stands for.
	param string
	enum  *enum
	// past asks for rows of the past.
	past bool
	// id says whose ids the argument takes, nil for other values.
	id *idOf
}

// Params are what a schema is made of.
type Params struct {
	Sources    []*Source
	Operations []*Operation
	// Names are the names that do not follow from the declarations, Entities all that there are.
	Names    Names
	Entities []*entity.Entity
	// Viewer is somebody who may filter and order by everything that there is.
	Viewer entity.Viewer
	// Overlay has the words by which administrators replaced labels; nil for none.
	Overlay *entity.Overlay
}

// New assembles the schema. All names that meet, and everything else that is wrong with it, come in one error.
func New(p Params) (*Schema, error) {
	s := &Schema{Limits: DefaultLimits, sources: p.Sources, names: p.Names, objects: map[string]*object{}, roots: map[string]*root{}, mutations: map[string]*root{}}
	w := &schemaWriter{
		Schema: s, Names: p.Names, viewer: p.Viewer, overlay: p.Overlay, enums: map[string]*enum{}, types: map[string]string{}, lists: map[*entity.Entity]*arguments{}, reached: map[*entity.Window]bool{},
		inputs: map[string]*inputType{}, outputs: map[string]*outputType{}, scalars: map[string]bool{},
	}
	w.errs = p.Names.check(p.Entities, p.Viewer)
	for _, source := range p.Sources {
		w.reach(source.Window)
	}
	for _, source := range p.Sources {
		w.source(source)
	}
	for _, op := range p.Operations {
		w.function(op)
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
func (s *Schema) TypeName(e *entity.Entity) string { return s.names.typeOf(e) }

// FieldName is the name of a field of an entity's type.
func (s *Schema) FieldName(f *entity.Field) string { return s.names.field(f) }

// ArgumentName is the name of the argument that stands for a filter of an entity.
func (s *Schema) ArgumentName(e *entity.Entity, p entity.FilterParam) string {
	return s.names.argument(e, p)
}

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
	Names   Names
	viewer  entity.Viewer
	overlay *entity.Overlay
	enums   map[string]*enum
	// types tells what each type name stands for.
	types   map[string]string
	lists   map[*entity.Entity]*arguments
	reached map[*entity.Window]bool
	inputs  map[string]*inputType
	outputs map[string]*outputType
	scalars map[string]bool
	errs    []error
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

// scalar notes that a scalar is used, which must be one of those that there are.
func (w *schemaWriter) scalar(name string) {
	if _, ok := scalarDocs[name]; !ok && !builtIn[name] {
		w.problem("there is no type %q of plain values", name)
	}
	w.scalars[name] = true
}

func (w *schemaWriter) object(e *entity.Entity) *object {
	name := w.names.typeOf(e)
	w.claim(name, e.Name)
	if w.objects[name] == nil {
		o := &object{name: name, entity: e, exceptions: w.names.of(e), fields: map[string]*field{}}
		w.objects[name] = o
		for _, c := range o.exceptions.Computed {
			w.put(o, &field{name: c.Name, computed: &c, typed: c.Type})
		}
		own := slices.ContainsFunc(e.Fields, func(f *entity.Field) bool { return w.names.field(f) == clientID })
		if o.exceptions.Name != "" && o.exceptions.RawID == "" && !own {
			w.put(o, &field{name: clientID, pending: true, typed: "String"})
		}
	}
	return w.objects[name]
}

func (w *schemaWriter) put(o *object, f *field) {
	switch before := o.fields[f.name]; {
	case f.name == "id", before != nil && (f.Field == nil || before.Field != f.Field):
		w.problem("two fields of %s would be named %s", o.name, f.name)
	case before == nil:
		o.fields[f.name] = f
		o.order = append(o.order, f)
	}
}

// reach makes the types of everything that a window shows.
func (w *schemaWriter) reach(window *entity.Window) {
	if w.reached[window] {
		return
	}
	w.reached[window] = true
	o := w.object(window.Entity)
	for _, pane := range window.Panes() {
		f := &field{name: w.names.field(pane.Field), Field: pane.Field, typed: o.exceptions.Scalars[pane.Field.Name]}
		if f.name == "-" {
			continue
		}
		if f.typed != "" {
			w.scalar(f.typed)
		}
		if pane.Nested != nil {
			w.reach(pane.Nested)
			f.to = w.object(pane.Field.TargetEntity())
			switch f.plain = slices.Contains(o.exceptions.Lists, pane.Field.Name); {
			case pane.Field.Kind == entity.Ref, pane.Field.Single, f.plain:
			default:
				w.list(f.to)
				f.args = w.arguments(f.to.entity)
			}
		}
		if f.Kind == entity.Choice {
			f.enum = w.enum(f.Field)
		}
		w.put(o, f)
	}
	w.extend(o, window)
}

// label is what a field is called.
func (w *schemaWriter) label(f *entity.Field) string {
	if c := w.control(f); c != nil && c.Labels["en"] != "" {
		return c.Labels["en"]
	}
	return f.Label
}

// control is that of a declared field, or of one that was made after it.
func (w *schemaWriter) control(f *entity.Field) *entity.Control {
	if e := f.Entity(); e != nil && f.ExtensionKey() == "" {
		return w.overlay.Control(e.Field(f.Name))
	}
	return nil
}

// choices are the values of a choice with what they are called.
func (w *schemaWriter) choices(f *entity.Field) []entity.ChoiceValue {
	c := w.control(f)
	if c == nil || len(c.Choices) == 0 {
		return f.Choices
	}
	choices := slices.Clone(f.Choices)
	for i, choice := range choices {
		choices[i].Label = cmp.Or(c.Choices[choice.Value]["en"], choice.Label)
	}
	return choices
}

func (w *schemaWriter) list(o *object) {
	o.listed = true
	w.claim(o.name+"Connection", "the connection of "+o.name)
	w.claim(o.name+"Edge", "the edge of "+o.name)
}

// enum is the type of a choice, nil for one whose plain values are shown.
func (w *schemaWriter) enum(f *entity.Field) *enum {
	if f.ExtensionKey() != "" {
		return nil
	}
	name := cmp.Or(w.names.of(f.Entity()).Enums[f.Name], w.names.typeOf(f.Entity())+upper(w.names.field(f)))
	if name == "String" {
		return nil
	}
	return w.enumNamed(name, w.choices(f), f.Entity().Name+"."+f.Name)
}

// enumNamed is an enum by its name; several choices may share one when they are the same.
func (w *schemaWriter) enumNamed(name string, choices []entity.ChoiceValue, what string) *enum {
	if e := w.enums[name]; e != nil {
		if !slices.EqualFunc(e.choices, choices, func(a, b entity.ChoiceValue) bool { return a.Value == b.Value }) {
			w.problem("the type %s would have two sets of values; one is that of %s", name, what)
		}
		return e
	}
	w.claim(name, "a choice")
	e := &enum{name: name, choices: choices, names: enumNames(choices), written: map[string]string{}, stored: map[string]string{}}
	for i, c := range choices {
		e.written[c.Value], e.stored[e.names[i]] = e.names[i], c.Value
	}
	w.enums[name] = e
	return e
}

func (w *schemaWriter) source(s *Source) {
	if s.List {
		r := &root{name: s.ListName(), source: s, object: w.object(s.Entity), args: map[string]*argument{}}
		w.parent(r)
		if !s.Plain {
			w.list(r.object)
			for _, name := range []string{"first", "last"} {
				w.argument(r, &argument{name: name, typ: "Int"})
			}
			w.argument(r, &argument{name: "before", typ: "String"})
			w.argument(r, &argument{name: "after", typ: "String"})
			w.argument(r, &argument{name: "offset", typ: "Int"})
		}
		r.arguments = w.arguments(s.Entity)
		for _, a := range r.filters {
			w.argument(r, a)
		}
		for _, p := range s.Params {
			w.argument(r, w.param(p))
		}
		if len(r.custom) > 0 && !s.Plain {
			w.argument(r, &argument{name: customFilters, doc: "field__lookup__type=value, all of which hold; the query customFilters tells which there are.", typ: "[String]", purpose: forCustom})
		}
		for _, a := range r.last {
			w.argument(r, a)
		}
		s.list = w.root(r, false)
		if s.ExportName() != "" {
			w.export(r)
		}
	}
	if s.Get {
		r := &root{name: s.GetName(), source: s, object: w.object(s.Entity), single: true, args: map[string]*argument{}}
		w.parent(r)
		if s.Chosen {
			for _, p := range s.Params {
				w.argument(r, w.param(p))
			}
		} else {
			w.argument(r, &argument{name: "id", typ: "ID!", purpose: forID, id: w.idOf(r.source.Entity)})
		}
		s.get = w.root(r, false)
	}
}

// arguments are those that narrow and order the records of an entity, wherever they are listed.
func (w *schemaWriter) arguments(e *entity.Entity) *arguments {
	if a := w.lists[e]; a != nil {
		return a
	}
	a := &arguments{entity: e, byName: map[string]*argument{}, sorts: map[string]string{}, custom: w.names.custom(e, w.viewer)}
	w.lists[e] = a
	for _, p := range e.FilterParams(w.viewer) {
		f := w.filter(e, p)
		if f.name == "-" {
			continue
		}
		if a.byName[f.name] != nil {
			w.problem("two filters of %s would be named %s", e.Name, f.name)
		}
		a.byName[f.name] = f
		a.filters = append(a.filters, f)
		// Clients of the insurance wire know references by two names, as parent and as parent_Id (openimis-core §2.6).
		if w.names.of(e).Name != "" && p.Lookup == "exact" && p.Field.Relation() {
			also := *f
			also.name += "_Id"
			a.byName[also.name] = &also
			a.filters = append(a.filters, &also)
		}
	}
	if e.Searches() {
		f := &argument{name: "search", doc: "Words that all must be found.", typ: "String", purpose: forSearch}
		a.byName[f.name] = f
		a.last = append(a.last, f)
	}
	if names := e.SortNames(w.viewer); len(names) > 0 {
		var offered []string
		for further, name := range w.names.of(e).Orders {
			a.sorts[snakeOrder(further)] = name
		}
		for _, name := range names {
			offered = append(offered, w.names.order(e, name))
			// Clients write the names of fields, in either spelling, as well as the one that the order was given.
			if steps := e.SortPath(name); steps != nil {
				known := make([]string, len(steps))
				for i, f := range steps {
					known[i] = snakeName(w.names.field(f))
				}
				if way := strings.Join(known, "__"); a.sorts[way] == "" {
					a.sorts[way] = name
				}
			}
		}
		for _, name := range names {
			a.sorts[snakeOrder(name)] = name
		}
		f := &argument{name: "orderBy", doc: "A minus turns around: " + strings.Join(offered, ", ") + ".", typ: "[String]", purpose: forOrder}
		a.byName[f.name] = f
		a.last = append(a.last, f)
	}
	return a
}

func (w *schemaWriter) root(r *root, mutation bool) *root {
	roots, taken := w.roots, r.name == "node"
	if mutation {
		roots, taken = w.mutations, false
	}
	if roots[r.name] != nil || taken {
		w.problem("two root fields would be named %s", r.name)
	}
	roots[r.name] = r
	return r
}

func (w *schemaWriter) parent(r *root) {
	if p := r.source.Parent; p != nil {
		w.argument(r, &argument{name: argumentName(p.Name), typ: "ID!", purpose: forParent, id: w.idOf(p.Entity)})
	}
}

func (w *schemaWriter) argument(r *root, a *argument) {
	if r.args[a.name] != nil {
		w.problem("two arguments of %s would be named %s", r.name, a.name)
	}
	r.args[a.name] = a
	r.order = append(r.order, a)
}

// param is the argument of one further parameter.
func (w *schemaWriter) param(p Param) *argument {
	a := &argument{name: argumentName(p.Name), doc: p.Doc, purpose: forParam, param: p.Name, typ: "String"}
	switch {
	case p.Of != nil:
		a.typ, a.id = "ID", w.idOf(p.Of)
	case p.Value == nil:
	case p.Value.Kind == entity.Choice && p.Enum != "":
		a.enum = w.enumNamed(p.Enum, p.Value.Choices, "")
		a.typ = p.Enum
	default:
		a.typ = scalar(p.Value.Kind)
	}
	if p.Many {
		a.typ = "[" + a.typ + "]"
	}
	if p.Required {
		a.typ += "!"
	}
	return a
}

// filter is the argument of one parameter of a list.
func (w *schemaWriter) filter(e *entity.Entity, p entity.FilterParam) *argument {
	a := &argument{name: w.names.argument(e, p), purpose: forFilter, param: p.Name}
	switch f := p.Field; {
	case p.Lookup == "show_history":
		a.typ, a.past = "Boolean", true
	case p.Lookup == "validity":
		a.typ, a.past = "Date", true
	case p.Lookup == "isnull":
		a.typ = "Boolean"
	case p.Lookup == "year":
		a.typ = "Int"
	case f.Relation():
		a.typ, a.id = "ID", w.idOf(f.TargetEntity())
	case f.Name == "id":
		a.typ, a.id = "ID", w.idOf(f.Entity())
	case f.Kind == entity.Choice:
		a.typ = "String"
		// Clients ask for texts that are like a value of the choice by the value itself.
		if a.enum = w.enum(f); a.enum != nil && (p.Lookup == "exact" || p.Lookup == "iexact" || p.Lookup == "in" || p.Lookup == "ne") {
			a.typ = a.enum.name
		} else {
			a.enum = nil
		}
	case w.names.of(f.Entity()).Scalars[f.Name] != "":
		a.typ = w.names.of(f.Entity()).Scalars[f.Name]
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
	case f.typed != "":
		return f.typed
	case f.enum != nil:
		return f.enum.name
	case f.to != nil && (f.Kind == entity.Ref || f.Single):
		return f.to.name
	case f.to != nil && f.plain:
		return "[" + f.to.name + "]"
	case f.to != nil:
		return f.to.name + "Connection"
	}
	return scalar(f.Kind)
}
