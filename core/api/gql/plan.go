package gql

import (
	"math"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner/core/entity"
)

// A document becomes a tree of outs, which say in which order what is written, beside the entity.Selection of each record that is
// read, which says what must be known for it. Both are made, and measured, before anything is read.

// ask is one root field of an operation.
type ask struct {
	key   string
	field *ast.Field
	root  *root
	// fault is what is wrong with the arguments; the field is null then.
	fault *Fault
	// call is a function to be called, with what is written of its answer.
	call *call
	// list says what is asked of a list; single records are looked for in places, one after the other.
	list   *connection
	places []place
	want   Want
	// export is a list to be made into a file.
	export *Export
	// text is the type that __type asks for, and then the answer to it, to __schema or to an export, which are there before anything else is read.
	text string
	sub  []ast.SelectionSet
}

// place is where a single record may be found, and how it is written when it is found there: what is shown of it depends on the source.
type place struct {
	source *Source
	layout *layout
	// listed is a record that is found by asking its list for the id.
	listed bool
}

// call is a function that a root field calls.
type call struct {
	*function
	in   Input
	outs []out
}

// Want is what a root field asks of its source.
type Want struct {
	// ID and Parent are the keys of records, "" where the field has no such argument.
	ID, Parent string
	// Arguments are filters, search and order of a list, Params the further arguments that were given, each with at least one value.
	Arguments entity.Arguments
	Params    map[string][]string
}

// layout is how a record is written.
type layout struct {
	object    *object
	selection *entity.Selection
	outs      []out
}

type outKind uint8

const (
	outNull outKind = iota
	outTypename
	outID
	outValue
	outOne
	outMany
	// The parts of a connection, its edges and its page info.
	outPageInfo
	outEdges
	outTotal
	outEdgeCount
	outCursor
	outNode
	outNext
	outPrevious
	outStart
	outEnd
	// What a field may be beside its value: a key that is no number, a list that is no connection, the only record of a list, what is worked out.
	outKey
	outPlain
	outOnly
	outComputed
	// The extension fields, which are those of the record.
	outExtensions
	// Keys of the answer of a function.
	outTree
)

// out is one key of an object that is written.
type out struct {
	key   []byte
	kind  outKind
	text  string
	pick  int
	field *field
	one   *layout
	many  *connection
	outs  []out
	// list tells that a key of a function's answer holds many.
	list bool
}

// connection is a connection that is asked for.
type connection struct {
	paging paging
	// node holds the selection of the records; the outs are with the edges, as a document may have several.
	node *layout
	outs []out
	// plain lists have no parts.
	plain bool
	// rows, total and next say what must be found out: the records, how many there are in all, whether there is a next page.
	rows, total, next bool
}

// planner makes the asks of one operation.
type planner struct {
	*Schema
	doc        *ast.QueryDocument
	variables  map[string]any
	explain    func(error) *Fault
	viewer     entity.Viewer
	fields     int
	statements int
	// written counts what all introspections of the document write together.
	written int
	// now is the root field being planned; refused is set when the document asks for more than the limits allow.
	now     *ask
	refused *Fault
}

// group is the fields of a selection that are written under one key.
type group struct {
	key    string
	fields []*ast.Field
}

func (g group) subs() []ast.SelectionSet {
	subs := make([]ast.SelectionSet, len(g.fields))
	for i, f := range g.fields {
		subs[i] = f.SelectionSet
	}
	return subs
}

// outKey is the key as it is written, with its colon.
func (g group) outKey() []byte { return append(entity.AppendJSON(nil, g.key), ':') }

// refuse notes that the document asks for too much. Planning then goes on without looking any further.
func (p *planner) refuse(at *ast.Position, format string, args ...any) {
	if p.refused == nil {
		p.refused = refuse(at, format, args...)
	}
}

// collect gathers the fields of selection sets on an object by key, in order, with fragments written out and skip and include applied.
func (p *planner) collect(typ string, sets []ast.SelectionSet) []group {
	var groups []group
	index := map[string]int{}
	spread := map[string]bool{}
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			if p.fields++; p.fields > p.Limits.Fields {
				p.refuse(selection.GetPosition(), "The document selects more than %d fields; ask for less at once.", p.Limits.Fields)
			}
			if p.refused != nil {
				return
			}
			switch s := selection.(type) {
			case *ast.Field:
				if p.left(s.Directives) {
					continue
				}
				i, ok := index[s.Alias]
				if !ok {
					i = len(groups)
					index[s.Alias] = i
					groups = append(groups, group{key: s.Alias})
				}
				groups[i].fields = append(groups[i].fields, s)
			case *ast.InlineFragment:
				if !p.left(s.Directives) && p.applies(s.TypeCondition, typ) {
					walk(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if spread[s.Name] || p.left(s.Directives) {
					continue
				}
				spread[s.Name] = true
				if f := p.doc.Fragments.ForName(s.Name); f != nil && p.applies(f.TypeCondition, typ) {
					walk(f.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return groups
}

// depth is how many fields lie within each other at most. A fragment is measured once, however often it is spread; validation saw to it
// that there is no circle.
func (p *planner) depth(set ast.SelectionSet, known map[string]int) int {
	deepest := 0
	for _, selection := range set {
		deep := 0
		switch s := selection.(type) {
		case *ast.Field:
			deep = 1 + p.depth(s.SelectionSet, known)
		case *ast.InlineFragment:
			deep = p.depth(s.SelectionSet, known)
		case *ast.FragmentSpread:
			var ok bool
			if deep, ok = known[s.Name]; !ok {
				if f := p.doc.Fragments.ForName(s.Name); f != nil {
					deep = p.depth(f.SelectionSet, known)
				}
				known[s.Name] = deep
			}
		}
		deepest = max(deepest, deep)
	}
	return deepest
}

// left reports whether skip or include leave a selection out.
func (p *planner) left(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if arg := d.Arguments.ForName("if"); arg != nil {
			v, err := literal(arg.Value, p.variables)
			if yes := err == nil && truth(v); d.Name == "skip" && yes || d.Name == "include" && !yes {
				return true
			}
		}
	}
	return false
}

// applies reports whether a fragment's type condition holds for an object type.
func (p *planner) applies(condition, typ string) bool {
	return condition == "" || condition == typ || condition == "Node" && p.objects[typ] != nil
}

// plan makes the asks of an operation, or says that it is too much.
func (p *planner) plan(op *ast.OperationDefinition) ([]*ask, *Fault) {
	var asks []*ask
	if deep := p.depth(op.SelectionSet, map[string]int{}); deep > p.Limits.Depth {
		return nil, refuse(op.Position, "The document is nested %d levels deep; the limit is %d.", deep, p.Limits.Depth)
	}
	typ, roots := "Query", p.roots
	if op.Operation == ast.Mutation {
		typ, roots = "Mutation", p.mutations
	}
	for _, g := range p.collect(typ, []ast.SelectionSet{op.SelectionSet}) {
		f := g.fields[0]
		a := &ask{key: g.key, field: f, sub: g.subs()}
		asks, p.now = append(asks, a), a
		args, err := p.arguments(f)
		switch {
		case f.Name == "__typename" || f.Name == "__schema":
		case err != nil:
			a.fault = err
		case f.Name == "__type":
			a.text, _ = args["name"].(string)
		case f.Name == "node" && typ == "Query":
			p.node(a, args)
		default:
			switch a.root = roots[f.Name]; {
			case a.root.function != nil:
				p.function(a, args)
			case a.root.exports:
				p.export(a, args)
			default:
				p.root(a, args)
			}
		}
		if a.fault != nil {
			a.fault.Path = []string{a.key}
			if a.fault.Locations == nil {
				a.fault.Locations = []Location{{f.Position.Line, f.Position.Column}}
			}
		}
	}
	return asks, p.refused
}

// arguments reads the arguments of a field.
func (p *planner) arguments(f *ast.Field) (map[string]any, *Fault) {
	args := map[string]any{}
	for _, a := range f.Arguments {
		v, err := literal(a.Value, p.variables)
		if err != nil {
			return nil, refuse(a.Position, "Argument \"%s\" has an invalid value: %v.", a.Name, err)
		}
		if v != nil {
			args[a.Name] = v
		}
	}
	return args, nil
}

// function plans the call of a function.
func (p *planner) function(a *ask, args map[string]any) {
	p.statement(a.field.Position)
	f := a.root.function
	a.call = &call{function: f}
	if a.call.in, a.fault = f.input(args); a.fault == nil {
		a.call.outs = p.tree(f.out, a.sub)
	}
}

// tree plans the keys of an object in the answer of a function.
func (p *planner) tree(t *outputType, sets []ast.SelectionSet) []out {
	var outs []out
	if t.fields == nil {
		return nil
	}
	for _, g := range p.collect(t.name, sets) {
		o := out{key: g.outKey(), kind: outTree}
		if g.fields[0].Name == "__typename" {
			o.kind, o.text = outTypename, t.name
		} else if f := t.fields[g.fields[0].Name]; f != nil {
			o.text, o.list, o.outs = f.key, f.list, p.tree(f.outputType, g.subs())
		}
		outs = append(outs, o)
	}
	return outs
}

// statement counts one more.
func (p *planner) statement(at *ast.Position) {
	if p.statements++; p.statements > p.Limits.Statements {
		p.refuse(at, "The document asks for more than %d lists and records at once.", p.Limits.Statements)
	}
}

// node finds out from the id which type is meant, and where its records are read.
func (p *planner) node(a *ask, args map[string]any) {
	text, _ := args["id"].(string)
	typ, key, ok := splitID(text)
	if !ok {
		return
	}
	a.want.ID = key
	for _, s := range p.sources {
		if s.get != nil && s.Parent == nil && !s.Chosen && s.get.object.name == typ && (s.get.object.exceptions.Key != "" || isNumber(key)) {
			p.statement(a.field.Position)
			a.places = append(a.places, place{source: s, layout: p.layout(s.get.object, s.Window, a.sub)})
		}
	}
	// What no source shows alone is shown as lists show it: so are rows of the past, which are found by their id.
	for _, s := range p.sources {
		if s.list != nil && s.Parent == nil && !s.Plain && s.list.object.name == typ && s.asksForID() && (s.list.object.exceptions.Key != "" || isNumber(key)) {
			p.statement(a.field.Position)
			a.places = append(a.places, place{source: s, layout: p.layout(s.list.object, s.Window, a.sub), listed: true})
		}
	}
	a.want.Arguments.Filters = map[string][]string{"id": {key}}
	if len(a.places) > 0 {
		if by := a.places[0].layout.object.exceptions.Key; by != "" {
			a.want.Arguments.By = map[string]string{"id": by}
		}
	}
}

// asksForID reports whether a list can be asked for a record by its id, and needs nothing else to be asked.
func (s *Source) asksForID() bool {
	return !slices.ContainsFunc(s.Params, func(p Param) bool { return p.Required }) &&
		slices.ContainsFunc(s.Entity.FilterParams(entity.Viewer{AllFields: true}), func(f entity.FilterParam) bool { return f.Name == "id" })
}

// root reads the arguments of a list or a single record, and what is asked of it.
func (p *planner) root(a *ask, args map[string]any) {
	p.statement(a.field.Position)
	r := a.root
	a.want, a.fault = r.want(args)
	if r.single {
		a.places = []place{{source: r.source, layout: p.layout(r.object, r.source.Window, a.sub)}}
		return
	}
	if r.source.Plain {
		a.list = p.plain(r.object, r.source.Window, a.sub)
		return
	}
	a.list = p.connection(a.field, args, r.object, r.source.Window, a.sub, r.source.Max)
}

// want reads the arguments of a list or a single record.
func (r *root) want(args map[string]any) (Want, *Fault) {
	want := Want{Arguments: entity.Arguments{Filters: map[string][]string{}, By: map[string]string{}}, Params: map[string][]string{}}
	for name, v := range args {
		if arg := r.args[name]; arg != nil {
			if fault := r.arguments.read(arg, v, &want); fault != nil {
				return want, fault
			}
		}
	}
	return want, nil
}

// read puts the value of an argument where it belongs. What is empty asks for nothing.
func (a *arguments) read(arg *argument, v any, into *Want) *Fault {
	list := slices.DeleteFunc(texts(v), func(text string) bool { return text == "" })
	if len(list) == 0 {
		return nil
	}
	for i, text := range list {
		switch {
		case arg.id != nil:
			key, fault := arg.id.parse(text)
			if fault != nil {
				return fault
			}
			list[i] = key
		case arg.enum != nil:
			stored, ok := arg.enum.stored[text]
			if !ok {
				return refuse(nil, "\"%s\" is no value of %s.", clip(text), arg.enum.name)
			}
			list[i] = stored
		}
	}
	switch arg.purpose {
	case forID:
		into.ID = list[0]
	case forParent:
		into.Parent = list[0]
	case forFilter:
		if _, twice := into.Arguments.Filters[arg.param]; twice {
			return refuse(nil, "\"%s\" is asked for by both its names.", strings.TrimSuffix(arg.name, "_Id"))
		}
		into.Arguments.Filters[arg.param] = list
		if arg.id != nil && arg.id.key != "" {
			into.Arguments.By[arg.param] = arg.id.key
		}
	case forSearch:
		into.Arguments.Search = list[0]
	case forOrder:
		for _, text := range list {
			name, minus := text, ""
			if name != "" && name[0] == '-' {
				name, minus = name[1:], "-"
			}
			if known, ok := a.sorts[snakeOrder(name)]; ok {
				name = known
			}
			if name != "" {
				into.Arguments.Order = append(into.Arguments.Order, minus+name)
			}
		}
	case forParam:
		into.Params[arg.param] = list
	case forCustom:
		var fault *Fault
		into.Arguments.Further, fault = a.readCustom(list)
		return fault
	}
	return nil
}

// layout plans how records of an object are written.
func (p *planner) layout(o *object, window *entity.Window, sets []ast.SelectionSet) *layout {
	l := &layout{object: o, selection: &entity.Selection{Window: window}}
	p.fill(l, sets)
	return l
}

// fill adds the outs of selection sets to a layout, and what they need to its selection.
func (p *planner) fill(l *layout, sets []ast.SelectionSet) {
	for _, g := range p.collect(l.object.name, sets) {
		o := out{key: g.outKey()}
		switch f := l.object.fields[g.fields[0].Name]; {
		case g.fields[0].Name == "__typename":
			o.kind, o.text = outTypename, l.object.name
		case g.fields[0].Name == "id":
			o.kind, o.text = outID, l.object.name
			if l.object.exceptions.RawID != "" {
				o.text = ""
			}
			if key := l.object.exceptions.Key; key != "" {
				o.kind, o.pick = outKey, len(l.selection.Picks)
				l.selection.Picks = append(l.selection.Picks, entity.Pick{Field: l.object.entity.Field(key), Key: true})
			}
		case f != nil && f.computed != nil:
			o.kind, o.field = outComputed, f
		case f != nil && f.extended != nil:
			p.extensions(l, &o, f.extended, g)
		case f == nil || f.pending || l.selection.Window.Pane(f.Field.Name) == nil:
			// Another source may show the field; here it stays hidden.
		default:
			p.pick(l, &o, f, g)
		}
		l.outs = append(l.outs, o)
	}
}

func (p *planner) pick(l *layout, o *out, f *field, g group) {
	pick := entity.Pick{Field: f.Field}
	nested := l.selection.Window.Pane(f.Field.Name).Nested
	o.field = f
	switch {
	case nested == nil:
		o.kind = outValue
	case f.Kind == entity.Ref:
		o.kind, o.one = outOne, p.layout(f.to, nested, g.subs())
		pick.Of = o.one.selection
	case f.Single:
		p.statement(g.fields[0].Position)
		o.kind, o.one = outOnly, p.layout(f.to, nested, g.subs())
		pick.Of, pick.Cut = o.one.selection, entity.Cut{To: 1, Last: -1, Rows: true}
	case f.plain:
		p.statement(g.fields[0].Position)
		o.many = p.plain(f.to, nested, g.subs())
		o.kind, pick.Of = outPlain, o.many.node.selection
		pick.Cut = entity.Cut{To: math.MaxInt32, Last: -1, Rows: true}
	default:
		p.statement(g.fields[0].Position)
		args, fault := p.arguments(g.fields[0])
		p.mistake(g.fields[0], fault)
		o.many = p.connection(g.fields[0], args, f.to, nested, g.subs(), 0)
		pick.Query, fault = p.narrowed(f.args, args)
		p.mistake(g.fields[0], fault)
		o.kind, pick.Of = outMany, o.many.node.selection
		pick.Cut = o.many.paging.cut(o.many.next)
		pick.Cut.Rows, pick.Cut.Total = o.many.rows, o.many.total
	}
	o.pick = len(l.selection.Picks)
	l.selection.Picks = append(l.selection.Picks, pick)
}

// mistake notes what is wrong with the arguments of a field: the root field that it lies in is not read then.
func (p *planner) mistake(f *ast.Field, fault *Fault) {
	if fault != nil && p.now.fault == nil {
		fault.Locations = []Location{{f.Position.Line, f.Position.Column}}
		p.now.fault = fault
	}
}

// narrowed reads the arguments of a connection within a record.
func (p *planner) narrowed(known *arguments, args map[string]any) (entity.Query, *Fault) {
	want := Want{Arguments: entity.Arguments{Filters: map[string][]string{}, By: map[string]string{}}}
	for name, v := range args {
		if arg := known.byName[name]; arg != nil {
			if fault := known.read(arg, v, &want); fault != nil {
				return entity.Query{}, fault
			}
		}
	}
	query, err := known.entity.ParseArguments(p.viewer, want.Arguments)
	if err != nil {
		return query, p.explain(err)
	}
	return query, nil
}

// plain plans a list that is no connection.
func (p *planner) plain(o *object, window *entity.Window, sets []ast.SelectionSet) *connection {
	return &connection{plain: true, rows: true, node: p.layout(o, window, sets)}
}

// connection plans a connection.
func (p *planner) connection(f *ast.Field, args map[string]any, o *object, window *entity.Window, sets []ast.SelectionSet, most int) *connection {
	c := &connection{node: &layout{object: o, selection: &entity.Selection{Window: window}}}
	var fault *Fault
	c.paging, fault = readPaging(f.Name, args, most)
	p.mistake(f, fault)
	c.outs = p.parts(c, o.name+"Connection", sets)
	return c
}

// parts plans the keys of a connection, of an edge or of a page info. All edges of a connection read from one selection.
func (p *planner) parts(c *connection, typ string, sets []ast.SelectionSet) []out {
	var outs []out
	for _, g := range p.collect(typ, sets) {
		o := out{key: g.outKey()}
		switch g.fields[0].Name {
		case "__typename":
			o.kind, o.text = outTypename, typ
		case "pageInfo":
			o.kind, c.rows = outPageInfo, true
			o.outs = p.parts(c, "PageInfo", g.subs())
		case "edges":
			o.kind, c.rows = outEdges, true
			o.outs = p.parts(c, c.node.object.name+"Edge", g.subs())
		case "totalCount":
			o.kind, c.total = outTotal, true
		case "edgeCount":
			o.kind, c.rows = outEdgeCount, true
		case "cursor":
			o.kind = outCursor
		case "node":
			o.kind, o.one = outNode, &layout{object: c.node.object, selection: c.node.selection}
			p.fill(o.one, g.subs())
		case "hasNextPage":
			o.kind, c.next = outNext, true
		case "hasPreviousPage":
			o.kind = outPrevious
		case "startCursor":
			o.kind = outStart
		case "endCursor":
			o.kind = outEnd
		}
		outs = append(outs, o)
	}
	return outs
}
