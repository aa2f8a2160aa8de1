package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
)

// Registry holds the compiled entities of one program.
type Registry struct {
	// Access holds the policy that decides which fields are seen and written.
	Access *access.Engine
	// People is the entity of those who act, for names in histories; nil when nobody knows.
	People *Entity

	engine   db.Engine
	entities map[string]*Entity
	list     []*Entity
	plans    sync.Map // planKey → *plan
	planned  atomic.Int64
	picking  sync.Mutex
	picks    map[pickedKey]*plan
	totals   *totals
	// overlay is what administrators changed, overlays counts what there was.
	overlay  atomic.Pointer[Overlay]
	overlays atomic.Int64
}

// Compile resolves and checks all entities together, for one database engine. Every mistake in every declaration is reported
// in one error. The declarations belong to the registry from then on: a program that is built twice declares twice.
func Compile(engine db.Engine, policy *access.Engine, entities ...*Entity) (*Registry, error) {
	r := &Registry{Access: policy, engine: engine, entities: map[string]*Entity{}, list: entities, totals: newTotals()}
	var errs []error
	problem := func(e *Entity, format string, args ...any) {
		errs = append(errs, fmt.Errorf("entity %s: %s", e.Name, fmt.Sprintf(format, args...)))
	}
	for _, e := range entities {
		if parts := split(e.Name); len(parts) != 2 {
			problem(e, "the name must be module.entity")
			continue
		}
		if r.entities[e.Name] != nil {
			problem(e, "declared twice")
			continue
		}
		r.entities[e.Name] = e
		e.registry = r
		e.compileFields(problem)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for _, e := range entities {
		e.resolve(problem)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.open(problem)
	for _, e := range entities {
		e.compileQueries(problem)
		for name := range e.Shapes {
			if _, err := r.shape(nil, e, name); err != nil {
				problem(e, "shape %q: %v", name, err)
			}
		}
	}
	return r, errors.Join(errs...)
}

// Entity returns the entity with this name, nil when there is none.
func (r *Registry) Entity(name string) *Entity { return r.entities[name] }

// Entities returns all entities in order of declaration. The caller must not change the list.
func (r *Registry) Entities() []*Entity { return r.list }

// Targets lists the permission targets of all ruled entities, for access.Compile.
func (r *Registry) Targets() access.Entities {
	var list access.Entities
	for _, e := range r.list {
		parts := slices.Clone(e.Actions)
		for _, f := range e.Fields {
			parts = append(parts, f.Name)
		}
		list = append(list, access.Entity{Name: e.Name, Parts: append(parts, deletePart), Parent: e.Inherits})
	}
	return list
}

// deletePart is the permission target, and the key in nested input, that removes a child (tpm §4.2 T, §5.4).
const deletePart = "_delete"

func (e *Entity) compileFields(problem func(*Entity, string, ...any)) {
	id := &Field{Name: "id", Kind: Integer, Label: "ID", Column: "id", ReadOnly: true}
	e.compileValidity(problem)
	if len(e.Fields) == 0 || e.Fields[0].Name != "id" {
		e.Fields = append([]*Field{id}, e.Fields...)
	}
	e.fields = map[string]*Field{}
	for i, f := range e.Fields {
		f.entity, f.index = e, i
		if f.Name == "" || e.fields[f.Name] != nil {
			problem(e, "field %d has no name of its own (%q)", i, f.Name)
			continue
		}
		e.fields[f.Name] = f
		if f.Column == "" && f.Stored() {
			f.Column = f.Name
			if f.Kind == Ref {
				f.Column += "_id"
			}
		}
		if f.Label == "" {
			f.Label = strings.ToUpper(f.Name[:1]) + strings.ReplaceAll(f.Name[1:], "_", " ")
		}
		if f.Expr != "" || f.Via != "" {
			f.ReadOnly = true
		}
		if f.Stored() {
			e.stored = append(e.stored, f)
		}
		if f.Kind == Link && f.Expr == "" {
			problem(e, "field %s: a link is computed, it needs an Expr", f.Name)
		}
		if f.Scale > almoner.MaxScale || f.Scale > 0 && f.Kind != Decimal {
			problem(e, "field %s: a scale is for decimals and at most %d", f.Name, almoner.MaxScale)
		}
		if f.Kind == Choice && len(f.Choices) == 0 {
			problem(e, "field %s: a choice without choices", f.Name)
		}
		if f.Kind == Object || f.Many || f.Fields != nil {
			problem(e, "field %s: objects and lists of values are for inputs of operations", f.Name)
		}
	}
	if e.Extensible != nil {
		if e.fields[ExtensionsName] != nil {
			problem(e, "a field of an extensible entity cannot be named %s", ExtensionsName)
		}
		e.extensions = &Field{Name: ExtensionsName, Kind: JSON, Label: "Further fields", Column: ExtensionsName, Default: json.RawMessage("{}"), entity: e, index: len(e.Fields)}
		e.fields[ExtensionsName] = e.extensions
		e.stored = append(e.stored, e.extensions)
	}
	for _, name := range e.Fixed {
		if e.fields[name] == nil {
			problem(e, "the fixed field %q is not declared", name)
		}
	}
	if e.State != "" && (e.fields[e.State] == nil || e.fields[e.State].Kind != Choice) {
		problem(e, "the state field %q is not a declared choice", e.State)
	}
}

func (e *Entity) resolve(problem func(*Entity, string, ...any)) {
	for _, f := range e.Fields {
		if f.Single && !f.shownOnly() {
			problem(e, "field %s: Single is for children and references that are not written here", f.Name)
		}
		if !f.Relation() {
			continue
		}
		f.to = e.registry.entities[f.To]
		if f.to == nil {
			problem(e, "field %s: there is no entity %q", f.Name, f.To)
			continue
		}
		switch {
		case f.Kind == Refs && f.Via == "" && (f.Through == "" || f.Owner == "" || f.Target == ""):
			problem(e, "field %s: many references need Through, Owner and Target, or Via", f.Name)
		case f.Kind == Children && f.ForeignKey == "":
			problem(e, "field %s: children need a ForeignKey", f.Name)
		case f.Own != "" && (f.Kind != Children || f.Nested || e.fields[f.Own] == nil || e.fields[f.Own].Kind != Ref || !e.fields[f.Own].Stored()):
			problem(e, "field %s: Own must name a stored reference, for children that are not written here", f.Name)
		case f.Only != nil && !f.shownOnly():
			problem(e, "field %s: Only is for children and references that are not written here", f.Name)
		}
		f.target = f.to.Name
	}
	for _, name := range e.Key {
		if f := e.fields[name]; f == nil || !f.Stored() {
			problem(e, "the key field %q is not a declared field with a column", name)
		}
	}
	if like := e.like(); e.Extensible != nil && e.Ruled && (like == nil || like == e.extensions) {
		problem(e, "the extension fields are governed like %q, which is not a declared field", e.Extensible.Like)
	}
	if e.ParentField != "" && (e.fields[e.ParentField] == nil || e.fields[e.ParentField].Kind != Ref) {
		problem(e, "the parent field %q is not a declared reference", e.ParentField)
	}
}

// shownOnly reports whether a to-many field is never written through this record.
func (f *Field) shownOnly() bool {
	return f.Kind == Children && !f.Nested || f.Kind == Refs && f.ReadOnly
}

func split(name string) []string {
	i := strings.IndexByte(name, '.')
	if i <= 0 || i == len(name)-1 {
		return []string{name}
	}
	return []string{name[:i], name[i+1:]}
}

// Viewer is who looks, with the predicates that hold for them, under one policy. It belongs to one request.
type Viewer struct {
	Actor  *almoner.Actor
	Policy *access.Policy
	Set    access.Set
	// Trusted viewers are the program itself, as when it loads fixtures: they see and write every field of every row in the workspace.
	Trusted bool
	// AllFields shows every field, but only of the rows in the actor's scope.
	AllFields bool
	// Extended shows extension fields also where a shape shows them only to whoever asks.
	Extended bool

	overlay *Overlay
}

// Viewer makes the viewer for an actor: signed in, staff, superuser, roles.
func (r *Registry) Viewer(a *almoner.Actor) Viewer {
	p := r.Access.Policy()
	preds := make([]string, 0, 8)
	if a.SignedIn() {
		preds = append(preds, access.SignedIn)
	}
	if a.Staff {
		preds = append(preds, access.Staff)
	}
	if a.Superuser {
		preds = append(preds, access.Superuser)
	}
	for _, role := range a.Roles {
		preds = append(preds, access.Role(role))
	}
	return Viewer{Actor: a, Policy: p, Set: p.Set(preds...), overlay: r.Overlay()}
}

// With returns the viewer with further predicates.
func (v Viewer) With(predicates ...string) Viewer {
	v.Set = v.Set.With(v.Policy.Set(predicates...))
	return v
}

// Sees reports whether the field is in the viewer's output.
func (v Viewer) Sees(f *Field) bool {
	if f.governed() {
		return len(v.overlay.extensions(f.entity)) > 0 && v.may(access.View, f.entity.like())
	}
	return (v.Trusted || !v.overlay.hides(f)) && v.may(access.View, f)
}

// may reports what the rules say about the field.
func (v Viewer) may(kind access.Kind, f *Field) bool {
	if v.Trusted || f == nil || !f.entity.Ruled || kind == access.View && (v.AllFields || f.Name == "id") {
		return true
	}
	return v.Policy.May(kind, v.Policy.Target(f.entity.Name+"."+f.Name), v.Set)
}

// governed reports whether the rules of another field are those of this one: extension fields, one or all of them.
func (f *Field) governed() bool { return f.extension != nil || f == f.entity.extensions }

// like is the field whose rules are those of the extension fields; nil where there are none to be asked.
func (e *Entity) like() *Field {
	if e.Extensible == nil {
		return nil
	}
	return e.fields[e.Extensible.Like]
}

// Edits reports whether the rules let the viewer edit the field. A nested list counts even when no part of its items may be
// written: that is what metadata shows (tpm §6).
func (v Viewer) Edits(f *Field) bool {
	if f.governed() {
		writable := func(x *Field) bool { return !x.ReadOnly }
		if f.extension != nil {
			return writable(f) && v.may(access.Edit, f.entity.like())
		}
		return slices.ContainsFunc(v.overlay.extensions(f.entity), writable) && v.may(access.Edit, f.entity.like())
	}
	// What is only read from outside was written by somebody: the program itself may.
	given := !f.ReadOnly || v.Trusted && f.Expr == "" && f.Via == "" && f.Name != "id"
	if !given || f.Kind == Children && !f.Nested || !v.Trusted && v.overlay.hides(f) {
		return false
	}
	return v.may(access.Edit, f)
}

// Writes reports whether the field is taken from the viewer's input. A nested list of which no part may be written is not (tpm §12-9).
func (v Viewer) Writes(f *Field) bool {
	return v.Edits(f) && (f.Kind != Children || v.WritesAny(f.to))
}

// MayDelete reports whether the viewer may remove children of this entity from their parent.
func (v Viewer) MayDelete(e *Entity) bool {
	return v.Trusted || !e.Ruled || v.Policy.May(access.Edit, v.Policy.Target(e.Name+"."+deletePart), v.Set)
}

// May reports whether the viewer may carry out an action of the entity.
func (v Viewer) May(e *Entity, action string) bool {
	return v.Trusted || v.Policy.May(access.Act, v.Policy.Target(e.Name+"."+action), v.Set)
}

// SeesAny reports whether any field of the entity is visible; false closes its endpoints (tpm §4.1-8).
func (v Viewer) SeesAny(e *Entity) bool {
	if !e.Ruled || v.AllFields {
		return true
	}
	for _, f := range e.Fields[1:] {
		if v.Sees(f) {
			return true
		}
	}
	return false
}

// WritesAny reports whether any field of the entity can be written.
func (v Viewer) WritesAny(e *Entity) bool {
	for _, f := range e.Fields {
		if v.Writes(f) {
			return true
		}
	}
	return false
}

// EditsAny reports whether the viewer may edit any field, empty nested lists included; false closes unsafe methods (tpm §4.1-8).
func (v Viewer) EditsAny(e *Entity) bool {
	for _, f := range e.Fields {
		if v.Edits(f) {
			return true
		}
	}
	return false
}
