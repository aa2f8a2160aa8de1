package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Graph says how a Resource appears on the GraphQL wire; the zero value takes the mechanical names. A Resource without a Path is on that wire only; it
// shows what is Open of its entity, unless it names shapes. "-" as a name leaves a field out.
type Graph struct {
	// List and Get name the root fields: locationsStr.
	List, Get string
	// Create, Update, Delete and Moves (by code) name the mutations.
	Create, Update, Delete string
	Moves                  map[string]string
	// Plain makes the list one without the parts of a connection.
	Plain bool
	// Max is the greatest page, 0 for 100, negative for no bound but that of a whole document.
	Max int
	// Export adds a root field that makes a file of the list, named like the list with Export behind it. The file is fetched at fetch_export by whoever asked
	// for it, for a day; see gql.Export.
	Export bool
	// Pick finds the record of Get by Params, which are its arguments instead of the id; 0 is none.
	Pick func(q *Request, tx db.Queryer) (int64, error)
}

// CallGraph is a Call on the GraphQL wire. One with a Change is a mutation that is logged, unless Direct; one whose Method is not GET is a mutation whose
// answer is its own; any other is a query, with its Input as arguments.
type CallGraph struct {
	// Name is the root field: createRole.
	Name string
	// Input and Payload replace CreateRoleMutationInput and CreateRoleMutationPayload.
	Input, Payload string
	// Types are the types of input fields by path ("catchments.catchment"), where that of the kind is not the one; for an Object that of the
	// nested input, for a Choice that of an enum (which is else a String).
	Types map[string]string
	// Bare mutations have their Input as arguments.
	Bare bool
	// Direct mutations answer with their Output themselves and are not logged.
	Direct bool
}

// graph is the GraphQL schema over the resources and calls: whoever asks there goes through the same viewer, scope, parent, narrowing and rules as over
// REST, and sees no more of a record than the resource shows.
type graph struct {
	*gql.Schema
	// overlay is what administrators changed about the declarations that the schema was made of.
	overlay   *entity.Overlay
	resources map[*gql.Source]*Resource
	// functions are what root fields call.
	functions map[*gql.Operation]*graphFunction
}

// graphFunction is one root field that is a function.
type graphFunction struct {
	// name is that of the operation, for people.
	name string
	rule Rule
	call *Call
	// change is the work of a mutation on a standard resource, prepared before its transaction begins.
	change func(q *Request, in map[string]any) (func(tx *db.Tx) error, error)
	// fields describe the input, for what is noted of it.
	fields []*entity.Field
}

// newGraph makes the schema of all resources that can be read or written, and of all calls that have a name there.
func newGraph(c Config, resources []*Resource, calls []Call, o *entity.Overlay) (*graph, error) {
	g := &graph{overlay: o, resources: map[*gql.Source]*Resource{}, functions: map[*gql.Operation]*graphFunction{}}
	// What is hidden answers null, and documents that ask for it go on being valid.
	b := &graphBuilder{graph: g, overlay: o.Uncontrolled(), names: c.Graph}
	for _, r := range resources {
		b.resource(r)
	}
	for i := range calls {
		b.call(&calls[i])
	}
	p := gql.Params{Sources: b.sources, Operations: b.operations, Names: c.Graph, Entities: c.Registry.Entities(), Viewer: everything(b.overlay), Overlay: o}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	var err error
	g.Schema, err = gql.New(p)
	return g, err
}

// schemaNow is the schema under what administrators declared. It is made anew with the first request after a change; when that fails, which the checks of declarations
// should not let happen, there is the one of the declarations that come with the program.
func (a *API) schemaNow() *graph {
	if g := a.graph.Load(); g.overlay == a.Registry.Overlay() {
		return g
	}
	a.graphing.Lock()
	defer a.graphing.Unlock()
	o := a.Registry.Overlay()
	if g := a.graph.Load(); g.overlay == o {
		return g
	}
	g, err := newGraph(a.Config, a.resources, a.calls, o)
	if err != nil {
		a.Log.Error("the GraphQL schema cannot have the fields that administrators declared", "error", err)
		plain := *a.plain
		g = &plain
		g.overlay = o
	}
	g.Limits = a.plain.Limits
	a.graph.Store(g)
	return g
}

type graphBuilder struct {
	*graph
	overlay    *entity.Overlay
	names      gql.Names
	sources    []*gql.Source
	operations []*gql.Operation
	errs       []error
}

func (b *graphBuilder) problem(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("graphql "+format, args...))
}

// name is the name of a root field and whether there is one.
func graphName(given, mechanical string) (string, bool) {
	return cmp.Or(given, mechanical), given != "-"
}

func (b *graphBuilder) resource(r *Resource) {
	s := &gql.Source{
		Name: cmp.Or(r.Name, r.Entity.Name), Entity: r.Entity, ListAs: r.Graph.List, GetAs: r.Graph.Get, Plain: r.Graph.Plain, Max: r.Graph.Max, Chosen: r.Graph.Pick != nil, Export: r.Graph.Export,
		List: r.Can&List != 0 && r.Graph.List != "-", Get: r.Can&Get != 0 && r.Graph.Get != "-",
	}
	if r.View.allow == nil && (s.List || s.Get) || r.Edit.allow == nil && r.Can&Write != 0 {
		b.problem("%s has no rule: say who may use it", s.Name)
		return
	}
	if s.List || s.Get {
		var err error
		if s.Window, err = r.window(s, b.overlay); err != nil {
			b.problem("%s: %w", s.Name, err)
			return
		}
		if r.Within != nil {
			s.Parent = &gql.Parent{Name: r.Within.Param, Entity: r.Within.Entity}
		}
		for _, p := range r.Params {
			s.Params = append(s.Params, gql.Param{Name: p.Name, Doc: p.Doc, Value: p.Value, Of: p.Of, Many: p.Many, Enum: p.Enum, Required: p.Required})
		}
		if s.List && !s.Plain && !r.asksForMutation(b.overlay) {
			s.Params = append(s.Params, gql.Param{Name: mutationParam, Doc: "The records that a mutation of one's own made or changed."})
		}
		b.sources = append(b.sources, s)
		b.resources[s] = r
	}
	b.changes(r, s)
}

// asksForMutation reports whether clientMutationId means something of its own here.
func (r *Resource) asksForMutation(o *entity.Overlay) bool {
	return slices.ContainsFunc(r.Params, func(p Param) bool { return p.Name == mutationParam }) ||
		slices.ContainsFunc(r.Entity.FilterParams(everything(o)), func(p entity.FilterParam) bool { return p.Name == mutationParam })
}

// window is what a resource shows: its shapes, or what is open.
func (r *Resource) window(s *gql.Source, o *entity.Overlay) (*entity.Window, error) {
	if r.Path == "" && r.ListShape == "" && r.Shape == "" {
		if w := r.Entity.OpenWindow(o); w != nil {
			return w, nil
		}
	}
	var shapes []string
	if s.List {
		shapes = append(shapes, r.ListShape)
	}
	if s.Get {
		shapes = append(shapes, r.Shape)
	}
	return r.Entity.Window(o, shapes...)
}

// changes puts the mutations of a standard resource on the wire: those that REST has, as far as they take no file.
func (b *graphBuilder) changes(r *Resource, s *gql.Source) {
	noun := gql.RootName(s.Name)
	noun = strings.ToUpper(noun[:1]) + noun[1:]
	add := func(can Can, name, doc string, taken graphTypes, fields []*entity.Field, change func(q *Request, in map[string]any) (func(tx *db.Tx) error, error)) {
		if r.Within != nil {
			taken.ids[r.Within.Param] = r.Within.Entity
			fields = append([]*entity.Field{{Name: r.Within.Param, Kind: entity.Text, Label: r.Within.Entity.Label, Required: true}}, fields...)
		}
		op := &gql.Operation{
			Name: name, Doc: doc, Mutation: true, Logged: true, Fields: fields, Input: inputName(name), Payload: payloadName(name), Nulls: true, IDs: taken.ids, Types: taken.types,
		}
		b.operations = append(b.operations, op)
		b.functions[op] = &graphFunction{name: s.Name, rule: r.rule(can), change: change, fields: fields}
	}
	what := strings.ReplaceAll(r.Entity.Short(), "_", " ")
	id := &entity.Field{Name: "id", Kind: entity.Text, Label: "ID", Required: true}
	of := func(name string) graphTypes {
		return graphTypes{map[string]*entity.Entity{name: r.Entity}, map[string]string{}}
	}
	if name, ok := graphName(r.Graph.Create, "create"+noun); ok && r.Can&Create != 0 && (r.Upload == nil || !r.Upload.Required) {
		taken := graphTypes{map[string]*entity.Entity{}, map[string]string{}}
		add(Create, name, "Create a "+what+".", taken, b.fields(r, &taken), func(q *Request, in map[string]any) (func(tx *db.Tx) error, error) {
			inner, err := q.changing(http.MethodPost, r, in, "")
			if err != nil {
				return nil, err
			}
			save, err := r.creation(inner, in)
			return touching(q, r.Entity, save), err
		})
	}
	if name, ok := graphName(r.Graph.Update, "update"+noun); ok && r.Can&Update != 0 {
		taken := of("id")
		add(Update, name, "Change some fields of a "+what+".", taken, append([]*entity.Field{id}, b.fields(r, &taken)...), func(q *Request, in map[string]any) (func(tx *db.Tx) error, error) {
			inner, err := q.changing(http.MethodPatch, r, in, "id")
			if err != nil {
				return nil, err
			}
			return touching(q, r.Entity, r.writing(inner, in, entity.Patch, 0)), nil
		})
	}
	if name, ok := graphName(r.Graph.Delete, "delete"+noun); ok && r.Can&Delete != 0 {
		list := &entity.Field{Name: "ids", Kind: entity.Text, Label: "IDs", Required: true, Many: true}
		add(Delete, name, "Delete "+what+" records, all of them or none.", of("ids"), []*entity.Field{list}, func(q *Request, in map[string]any) (func(tx *db.Tx) error, error) {
			return q.deleting(r, in)
		})
	}
	if r.Machine == nil {
		return
	}
	for i := range r.Machine.Moves {
		move := &r.Machine.Moves[i]
		if name, ok := graphName(r.Graph.Moves[move.Code], gql.FieldName(move.Code)+noun); ok {
			add(Update, name, capital(cmp.Or(move.Label, move.Code))+": "+what+".", of("id"), append([]*entity.Field{id}, move.Input...), func(q *Request, in map[string]any) (func(tx *db.Tx) error, error) {
				inner, err := q.changing(http.MethodPost, r, in, "id")
				if err != nil {
					return nil, err
				}
				return touching(q, r.Entity, r.moving(inner, move.Code, in, 0)), nil
			})
		}
	}
}

// fields are those that a mutation takes: what may be written at all, nested lists as lists of objects. None is required by its type, as what is
// depends on who asks. What does not follow from the kinds goes into taken.
func (b *graphBuilder) fields(r *Resource, taken *graphTypes) []*entity.Field {
	takes := func(name string) bool { return r.Fields == nil || slices.Contains(r.Fields, name) }
	var fields []*entity.Field
	for _, f := range r.Entity.Fields {
		if takes(f.Name) {
			if w := b.writable(f, "", taken); w != nil {
				fields = append(fields, w)
			}
		}
	}
	if x := b.extensions(r.Entity, "", taken); x != nil && takes(entity.ExtensionsName) {
		fields = append(fields, x)
	}
	return fields
}

// extensions is the object of what administrators declared for an entity, as far as it is written; nil when there is nothing. All mutations share its type, in
// which choices are texts.
func (b *graphBuilder) extensions(e *entity.Entity, path string, taken *graphTypes) *entity.Field {
	at := &entity.Field{Name: entity.ExtensionsName, Kind: entity.Object, Label: entity.ExtensionsName}
	path += at.Name
	for _, f := range b.overlay.Extensions(e) {
		if f.ReadOnly {
			continue
		}
		w := *f
		w.Name, w.Label, w.Required = f.ExtensionKey(), gql.ExtensionDoc(f), false
		at.Fields = append(at.Fields, &w)
		if f.Kind == entity.Choice {
			taken.types[path+"."+w.Name] = "String"
		}
	}
	if at.Fields == nil {
		return nil
	}
	taken.types[path] = b.names.TypeName(e) + "ExtensionsInput"
	return at
}

// graphTypes are the types of the fields of an input that do not follow from their kinds, by path: the records whose ids they take, and names.
type graphTypes struct {
	ids   map[string]*entity.Entity
	types map[string]string
}

func (b *graphBuilder) writable(f *entity.Field, path string, taken *graphTypes) *entity.Field {
	if f.ReadOnly || f.Kind == entity.Children && !f.Nested || f.Kind == entity.Link {
		return nil
	}
	w := *f
	w.Required, w.Default = false, nil
	if f.Kind != entity.Children {
		return &w
	}
	at := path + f.Name
	taken.ids[at+".id"] = f.TargetEntity()
	w.Kind, w.Many = entity.Object, true
	w.Fields = []*entity.Field{{Name: "id", Kind: entity.Text, Label: "ID"}, {Name: "_delete", Kind: entity.Bool, Label: "Remove the item"}}
	for _, inner := range f.TargetEntity().Fields {
		if one := b.writable(inner, at+".", taken); one != nil {
			w.Fields = append(w.Fields, one)
		}
	}
	if x := b.extensions(f.TargetEntity(), at+".", taken); x != nil {
		w.Fields = append(w.Fields, x)
	}
	return &w
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func inputName(operation string) string   { return upperFirst(operation) + "MutationInput" }
func payloadName(operation string) string { return upperFirst(operation) + "MutationPayload" }

// call puts a call on the wire, if it has a name there.
func (b *graphBuilder) call(c *Call) {
	if c.Path == "" && c.Graph.Name == "" {
		b.problem("operation %s has neither a path nor a name here", c.Name)
		return
	}
	if c.Graph.Name == "" {
		return
	}
	switch {
	case c.Rule.allow == nil:
		b.problem("operation %s has no rule: say who may use it", c.Name)
		return
	case c.Upload != nil || c.Media != "":
		b.problem("operation %s: files come and go over REST only", c.Name)
		return
	case (c.Do == nil) == (c.Change == nil):
		b.problem("operation %s: it must have either Do or Change", c.Name)
		return
	}
	fields, types := b.extended(c)
	op := &gql.Operation{Name: c.Graph.Name, Doc: c.Summary, Fields: fields, Types: types}
	op.Mutation = c.Change != nil || c.Method != "" && c.Method != http.MethodGet
	op.Logged = c.Change != nil && !c.Graph.Direct
	if op.Mutation {
		op.Payload = cmp.Or(c.Graph.Payload, payloadName(c.Graph.Name))
		if !c.Graph.Bare {
			op.Input = cmp.Or(c.Graph.Input, inputName(c.Graph.Name))
		}
	}
	if !op.Logged && c.Output != nil {
		op.Output = graphOutput(c.Output, upperFirst(c.Graph.Name)+"GQLType", op.Payload)
	}
	b.operations = append(b.operations, op)
	b.functions[op] = &graphFunction{name: c.Name, rule: c.Rule, call: c, fields: fields}
}

// extended is the input of a call, and the types in it, with the extension fields that it takes.
func (b *graphBuilder) extended(c *Call) ([]*entity.Field, map[string]string) {
	if len(c.Extended) == 0 {
		return c.Input, c.Graph.Types
	}
	taken := &graphTypes{types: map[string]string{}}
	maps.Copy(taken.types, c.Graph.Types)
	fields := slices.Clone(c.Input)
	for _, at := range slices.Sorted(maps.Keys(c.Extended)) {
		if at == "" {
			if x := b.extensions(c.Extended[at], "", taken); x != nil {
				fields = append(fields, x)
			}
			continue
		}
		i := slices.IndexFunc(fields, func(f *entity.Field) bool { return f.Name == at && f.Kind == entity.Object })
		if i < 0 {
			b.problem("operation %s takes extension fields in %s, which is no object of its input", c.Name, at)
			continue
		}
		if x := b.extensions(c.Extended[at], at+".", taken); x != nil {
			within := *fields[i]
			within.Fields = append(slices.Clone(within.Fields), x)
			fields[i] = &within
		}
	}
	return fields, taken.types
}

// graphOutput is the type of an answer by the schema of REST.
func graphOutput(s *Schema, name, payload string) *gql.Output {
	kind, _ := s.Type.(string)
	if kinds, ok := s.Type.([]string); ok && len(kinds) > 0 {
		kind = kinds[0]
	}
	switch {
	case len(s.AnyOf) > 0:
		return graphOutput(s.AnyOf[0], name, payload)
	case kind == "array":
		one := *graphOutput(s.Items, name, payload)
		one.List = true
		return &one
	case kind == "object" && len(s.Properties) > 0:
		o := &gql.Output{Name: cmp.Or(s.Title, payload, name)}
		for _, key := range slices.Sorted(maps.Keys(s.Properties)) {
			o.Fields = append(o.Fields, gql.OutputField{Key: key, Output: graphOutput(s.Properties[key], strings.TrimSuffix(name, "GQLType")+upperFirst(gql.FieldName(key))+"GQLType", "")})
		}
		return o
	}
	scalar := "GenericScalar"
	switch kind {
	case "integer":
		scalar = "Int"
	case "boolean":
		scalar = "Boolean"
	case "number":
		scalar = "Float"
	case "string":
		scalar = "String"
		if special := map[string]string{"date": "Date", "date-time": "DateTime", "uuid": "UUID", "json": "JSONString", "decimal": "Decimal"}[s.Format]; special != "" {
			scalar = special
		}
	}
	return &gql.Output{Name: scalar}
}

// touching notes which record a change was about.
func touching(q *Request, e *entity.Entity, save func(tx *db.Tx) (int64, error)) func(tx *db.Tx) error {
	if save == nil {
		return nil
	}
	return func(tx *db.Tx) error {
		id, err := save(tx)
		if err == nil {
			q.Touch(e, id)
		}
		return err
	}
}

// changing is the request as the resource's own functions know it. The id of the record is taken out of the input, by its name there; "" is none.
func (q *Request) changing(method string, r *Resource, in map[string]any, id string) (*Request, error) {
	inner := q.Request.WithContext(q.context())
	inner.Method, inner.URL, inner.Header = method, &url.URL{Path: r.Path}, inner.Header.Clone()
	inner.Header.Del("If-Match")
	inner.Header.Set("Content-Type", "application/json")
	if r.Within != nil {
		key, err := q.keyOf(r.Within.Entity, fmt.Sprint(in[r.Within.Param]))
		if err != nil {
			return nil, err
		}
		inner.SetPathValue(r.Within.Param, key)
		delete(in, r.Within.Param)
	}
	if id != "" {
		key, err := q.keyOf(r.Entity, fmt.Sprint(in[id]))
		if err != nil {
			return nil, err
		}
		inner.SetPathValue("id", key)
		delete(in, id)
	}
	made := &Request{Request: inner, Actor: q.Actor, api: q.api, w: q.w, wire: r.Wire, language: q.language, overlay: q.overlay, looked: q.looked, schema: q.schema, mutation: q.mutation}
	return made, r.workspace(made)
}

// keyOf is the number of a record by what its ids hold.
func (q *Request) keyOf(e *entity.Entity, key string) (string, error) {
	field := q.api.Graph[e.Name].Key
	if field == "" {
		return key, nil
	}
	id, err := e.By(q.context(), q.api.DB, field, key)
	return fmt.Sprint(id), err
}

// deleting deletes several records at once.
func (q *Request) deleting(r *Resource, in map[string]any) (func(tx *db.Tx) error, error) {
	list, _ := in["ids"].([]any)
	var all []func(tx *db.Tx) error
	for _, id := range list {
		one := maps.Clone(in)
		one["id"] = id
		inner, err := q.changing(http.MethodDelete, r, one, "id")
		if err != nil {
			return nil, err
		}
		all = append(all, touching(q, r.Entity, r.removal(inner, 0)))
	}
	return func(tx *db.Tx) error {
		for _, remove := range all {
			if err := remove(tx); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// reading is the request as the resource's own functions know it: a GET of the resource, with the parameters that were given.
func (q *Request) reading(ctx context.Context, tx db.Queryer, r *Resource, w gql.Want) (*Request, error) {
	params := url.Values{}
	maps.Copy(params, w.Params)
	inner := q.Request.WithContext(ctx)
	inner.Method, inner.URL = http.MethodGet, &url.URL{Path: r.Path, RawQuery: params.Encode()}
	key := func(e *entity.Entity, text string) (string, error) {
		if field := q.api.Graph[e.Name].Key; field != "" {
			id, err := e.By(ctx, tx, field, text)
			return fmt.Sprint(id), err
		}
		return text, nil
	}
	if r.Within != nil {
		id, err := key(r.Within.Entity, w.Parent)
		if err != nil {
			return nil, err
		}
		inner.SetPathValue(r.Within.Param, id)
	}
	read := &Request{Request: inner, Actor: q.Actor, api: q.api, w: q.w, wire: r.Wire, language: q.language, overlay: q.overlay, looked: q.looked, schema: q.schema}
	switch {
	case r.Graph.Pick != nil:
		if err := read.readParams(r); err != nil {
			return nil, err
		}
		id, err := r.Graph.Pick(read, tx)
		if err != nil {
			return nil, err
		}
		inner.SetPathValue("id", fmt.Sprint(id))
	case w.ID != "":
		id, err := key(r.Entity, w.ID)
		if err != nil {
			return nil, err
		}
		inner.SetPathValue("id", id)
	}
	return read, nil
}

// openGraph does for a list what Resource.list does.
func (q *Request) openGraph(ctx context.Context, tx db.Queryer, s *gql.Source, w gql.Want) (entity.Viewer, entity.Query, error) {
	r := q.schema.resources[s]
	if !r.View.Allows(q.Actor) {
		return entity.Viewer{}, entity.Query{}, Forbidden()
	}
	mutation := w.Params[mutationParam]
	list := *r
	list.Graph.Pick = nil
	inner, err := q.reading(ctx, tx, &list, w)
	if err != nil {
		return entity.Viewer{}, entity.Query{}, err
	}
	if err := r.workspace(inner); err != nil {
		return entity.Viewer{}, entity.Query{}, err
	}
	if r.Within == nil && !r.viewer(inner).SeesAny(r.Entity) {
		return entity.Viewer{}, entity.Query{}, Forbidden()
	}
	if len(w.Arguments.Order) == 0 {
		w.Arguments.Order = r.Order
	}
	query, err := r.Entity.ParseArguments(r.viewer(inner), w.Arguments)
	if err != nil {
		return entity.Viewer{}, query, err
	}
	if query, err = r.narrowed(inner, query); err != nil {
		return entity.Viewer{}, query, err
	}
	if len(mutation) > 0 && !r.asksForMutation(nil) {
		query.Only = both(query.Only, touchedBy(r.Entity, mutation[0]))
	}
	v, within, err := r.enter(inner, tx, access.View)
	query.Within = within
	return v, query, err
}

// both joins two conditions on the rows of a list; either may be nil or say nothing.
func both(a, b func(*almoner.Actor, func(any) string) string) func(*almoner.Actor, func(any) string) string {
	if a == nil {
		return b
	}
	return func(actor *almoner.Actor, arg func(any) string) string {
		x, y := a(actor, arg), b(actor, arg)
		if x == "" || y == "" {
			return x + y
		}
		return "(" + x + ") and (" + y + ")"
	}
}

// findGraph does for one record what Resource.get does.
func (q *Request) findGraph(ctx context.Context, tx db.Queryer, s *gql.Source, w gql.Want) (entity.Found, error) {
	r := q.schema.resources[s]
	if !r.View.Allows(q.Actor) {
		return entity.Found{}, Forbidden()
	}
	inner, err := q.reading(ctx, tx, r, w)
	if err != nil {
		return entity.Found{}, err
	}
	found, err := r.locate(inner, tx)
	if err == nil && !found.Viewer.SeesAny(r.Entity) {
		err = Forbidden()
	}
	return found, err
}
