package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/entity"
)

// schema tells a person what there is of one record type for them: what other programs need to know before they read and write.
type schema struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Plural string `json:"plural"`
	Href   string `json:"href"`
	// Fields are those that may be seen, or written, in some state of a record.
	Fields     []schemaField     `json:"fields"`
	Lists      []schemaList      `json:"lists"`
	Operations []schemaOperation `json:"operations"`
}

type schemaField struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Label string `json:"label"`
	// To names the record type that a relation leads to, Many that it leads to several records.
	To        string         `json:"to,omitempty"`
	Many      bool           `json:"many,omitempty"`
	Null      bool           `json:"null"`
	Required  bool           `json:"required"`
	Unique    bool           `json:"unique"`
	Writable  bool           `json:"writable"`
	MaxLength int            `json:"max_length,omitempty"`
	Choices   []schemaChoice `json:"choices,omitempty"`
}

type schemaChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type schemaList struct {
	Operation string         `json:"operation"`
	Path      string         `json:"path"`
	Filters   []schemaFilter `json:"filters"`
	Sorts     []string       `json:"sorts"`
	Search    bool           `json:"search"`
}

type schemaFilter struct {
	Name   string `json:"name"`
	Field  string `json:"field"`
	Lookup string `json:"lookup"`
	Kind   string `json:"kind"`
}

type schemaOperation struct {
	Name    string `json:"name"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Summary string `json:"summary"`
}

// schemaSchema describes a schema in the document.
var schemaSchema = &Schema{name: "EntitySchema", build: func(*entity.Overlay) *Schema {
	text, yes := TypeOf("string"), TypeOf("boolean")
	return Object(map[string]*Schema{
		"name": text, "label": text, "plural": text, "href": text,
		"fields": ArrayOf(Object(map[string]*Schema{
			"name": text, "kind": text, "label": text, "to": text, "many": yes, "null": yes, "required": yes, "unique": yes, "writable": yes, "max_length": TypeOf("integer"),
			"choices": ArrayOf(Object(map[string]*Schema{"value": text, "label": text})),
		})),
		"lists": ArrayOf(Object(map[string]*Schema{
			"operation": text, "path": text, "sorts": ArrayOf(text), "search": yes,
			"filters": ArrayOf(Object(map[string]*Schema{"name": text, "field": text, "lookup": text, "kind": text})),
		})),
		"operations": ArrayOf(Object(map[string]*Schema{"name": text, "method": text, "path": text, "summary": text})),
	})
}}

// schemaPath is where the record types are described.
const schemaPath = "/api/schemas/"

// schemaCalls describe the record types of the resources to who asks.
func (a *API) schemaCalls(resources []*Resource) []Call {
	return []Call{
		{
			Name: "api.schema.list", Method: http.MethodGet, Path: schemaPath, Wire: Native, Rule: SignedIn, Output: ArrayOf(schemaSchema),
			Summary: "List the record types that are open to you, with their fields, relations, filters, orders and operations.",
			Do: func(q *Request) (any, error) {
				list, err := a.schemas(q, resources)
				if err != nil {
					return nil, err
				}
				return q.tell(list)
			},
		},
		{
			Name: "api.schema.get", Method: http.MethodGet, Path: schemaPath + "{schema}/", Wire: Native, Rule: SignedIn, Output: schemaSchema,
			Summary: "Describe one record type, such as tpm.visit.",
			Do: func(q *Request) (any, error) {
				list, err := a.schemas(q, resources)
				if err != nil {
					return nil, err
				}
				i := slices.IndexFunc(list, func(s *schema) bool { return s.Name == q.PathValue("schema") })
				if i < 0 {
					return nil, entity.NotFound()
				}
				return q.tell(list[i])
			},
		},
	}
}

// tell answers with a description that clients may keep.
func (q *Request) tell(description any) (any, error) {
	body, err := json.Marshal(description)
	if err != nil {
		return nil, fmt.Errorf("encode a description: %w", err)
	}
	q.writeTagged(`W/"`+q.printed(body)+`"`, body)
	return Done, nil
}

// schemas are the record types with anything that the person may do, by name.
func (a *API) schemas(q *Request, resources []*Resource) ([]*schema, error) {
	if q.Actor.Workspace.ID == 0 {
		return nil, noWorkspace()
	}
	found := map[string]*schema{}
	shown := map[string]map[string]bool{}
	for _, r := range resources {
		operations := a.usable(q, r)
		if len(operations) == 0 {
			continue
		}
		e := r.Entity
		s := found[e.Name]
		if s == nil {
			s = &schema{
				Name: e.Name, Label: q.label(e.Name+".label", e.Label), Plural: q.label(e.Name+".plural", cmp.Or(e.Plural, e.Label)), Href: schemaPath + e.Name + "/",
				Fields: []schemaField{}, Lists: []schemaList{}, Operations: []schemaOperation{},
			}
			found[e.Name], shown[e.Name] = s, map[string]bool{}
		}
		for _, op := range operations {
			s.Operations = append(s.Operations, schemaOperation{op.Name, op.Method, op.Path, op.Summary})
			if op.lists() {
				s.Lists = append(s.Lists, r.listed(q, op))
			}
		}
		for _, f := range q.known(r) {
			if !shown[e.Name][f.Name] {
				shown[e.Name][f.Name] = true
				s.Fields = append(s.Fields, f)
			}
		}
	}
	list := []*schema{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		s := found[name]
		slices.SortFunc(s.Operations, func(x, y schemaOperation) int { return strings.Compare(x.Name, y.Name) })
		list = append(list, s)
	}
	return list, nil
}

// usable are the operations of a resource that the person may use, on some record in some state at least.
func (a *API) usable(q *Request, r *Resource) []*Operation {
	v := r.viewer(q)
	sees := r.ever(v, func(v entity.Viewer) bool { return v.SeesAny(r.Entity) })
	edits := r.ever(v, func(v entity.Viewer) bool { return v.EditsAny(r.Entity) })
	creator := v.With(access.New(r.Entity.Name))
	creates := creator.SeesAny(r.Entity) && creator.EditsAny(r.Entity)
	var list []*Operation
	for i := range a.operations {
		op := &a.operations[i]
		if op.resource != r || !op.Rule.Allows(q.Actor) || op.Method != http.MethodGet && a.ReadOnlyRole != "" && q.Actor.Has(a.ReadOnlyRole) {
			continue
		}
		open := sees && edits
		switch {
		case op.lists():
			open = r.lets(q, v)
		case op.Method == http.MethodGet:
			open = sees
		case op.Method == http.MethodPost && op.Path == r.Path:
			open = creates
		}
		if open {
			list = append(list, op)
		}
	}
	if rt := a.paths[r.Path+"export/"]; r.Export != nil && rt != nil && r.lets(q, v) {
		list = append(list, rt.methods[http.MethodGet])
	}
	if r.Machine != nil && sees {
		list = append(list, a.moves(q, r, v)...)
	}
	return list
}

// lets reports whether the person may list the records at all, whichever they would see.
func (r *Resource) lets(q *Request, v entity.Viewer) bool {
	if r.Narrow != nil {
		if _, err := r.Narrow(q); almoner.KindOf(err) == almoner.Forbidden {
			return false
		}
	}
	return r.Within != nil || v.SeesAny(r.Entity)
}

// moves are those of a resource's lifecycle that the person may make in some state.
func (a *API) moves(q *Request, r *Resource, v entity.Viewer) []*Operation {
	var list []*Operation
	for i := range r.Machine.Moves {
		code := r.Machine.Moves[i].Code
		rt := a.paths[r.Path+"{id}/"+code+"/"]
		if rt == nil || rt.methods[http.MethodPost] == nil {
			continue
		}
		op := rt.methods[http.MethodPost]
		if op.Rule.Allows(q.Actor) && !q.Actor.Has(a.ReadOnlyRole) && r.ever(v, func(v entity.Viewer) bool { return v.May(r.Entity, code) }) {
			list = append(list, op)
		}
	}
	return list
}

// ever reports whether something holds for the viewer with what may be true between them and a record: each state, alone and with each
// relation between actor and record, and with all relations.
func (r *Resource) ever(v entity.Viewer, holds func(entity.Viewer) bool) bool {
	if !r.Entity.Ruled || r.Unruled {
		return holds(v)
	}
	states := []string{""}
	if r.Entity.State != "" {
		for _, c := range r.Entity.Field(r.Entity.State).Choices {
			states = append(states, access.Status(r.Entity.Name, c.Value))
		}
	}
	relations := [][]string{nil}
	var all []string
	for _, p := range r.Entity.Predicates {
		relations, all = append(relations, []string{p.Name}), append(all, p.Name)
	}
	for _, state := range states {
		in := v
		if state != "" {
			in = v.With(state)
		}
		for _, names := range append(relations, all) {
			if holds(in.With(names...)) {
				return true
			}
		}
	}
	return false
}

// known are the fields that the shapes of a resource show and the person may see, and those that they may write.
func (q *Request) known(r *Resource) []schemaField {
	v := r.viewer(q)
	window, err := r.Entity.Window(v.Overlay(), r.shapes()...)
	if err != nil {
		return nil // New has found the shapes
	}
	writes := slices.ContainsFunc([]Can{Create, Update, Replace}, func(can Can) bool { return r.Can&can != 0 && r.rule(can).Allows(q.Actor) }) && (q.api.ReadOnlyRole == "" || !q.Actor.Has(q.api.ReadOnlyRole))
	creator := v.With(access.New(r.Entity.Name))
	var list []schemaField
	for _, f := range slices.Concat(r.Entity.Fields, v.Overlay().Extensions(r.Entity)) {
		sees := window.Pane(f.Name) != nil && r.ever(v, func(v entity.Viewer) bool { return v.Sees(f) })
		taken := writes && (r.Fields == nil || slices.Contains(r.Fields, f.Name) || f.ExtensionKey() != "" && slices.Contains(r.Fields, entity.ExtensionsName)) && (creator.Writes(f) || r.ever(v, func(v entity.Viewer) bool { return v.Writes(f) }))
		if !sees && !taken {
			continue
		}
		field := schemaField{
			Name: f.Name, Kind: f.Kind.String(), Label: q.fieldLabel(r.Entity, f), To: f.To, Many: (f.Kind == entity.Refs || f.Kind == entity.Children) && !f.Single,
			Null: f.Null, Required: taken && v.Requires(f), Unique: f.Unique, Writable: taken,
		}
		switch f.Kind {
		case entity.Text, entity.LongText, entity.Email, entity.URL:
			field.MaxLength = f.MaxLength()
		case entity.Choice:
			for _, c := range f.Choices {
				field.Choices = append(field.Choices, schemaChoice{c.Value, q.ChoiceLabel(f, c)})
			}
		}
		list = append(list, field)
	}
	return list
}

// shapes are those that the resource's answers have.
func (r *Resource) shapes() []string {
	var names []string
	if r.Can&List != 0 {
		names = append(names, r.ListShape)
	}
	if r.Can&Get != 0 || len(names) == 0 {
		names = append(names, r.Shape)
	}
	return names
}

// listed describes what a list can be asked for.
func (r *Resource) listed(q *Request, op *Operation) schemaList {
	v := r.viewer(q)
	l := schemaList{Operation: op.Name, Path: op.Path, Filters: []schemaFilter{}, Sorts: r.Entity.SortNames(v), Search: r.Entity.Searches()}
	for _, f := range r.Entity.FilterParams(v) {
		l.Filters = append(l.Filters, schemaFilter{f.Name, f.Field.Entity().Name + "." + f.Field.Name, f.Lookup, f.Field.Kind.String()})
	}
	return l
}

func noWorkspace() error {
	return almoner.Errorf(almoner.Forbidden, "no_workspace", "You do not belong to any workspace. Ask an administrator for access.")
}
