package entity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner"
)

// Overlay is what administrators changed about the declarations: extension fields, and controls of declared fields. It never changes; another one is put
// in its place. A request takes the one in force when it begins (Registry.Viewer) and keeps to it, so that it never mixes two. Nil is no change at all.
type Overlay struct {
	// version is another number for each overlay of a registry.
	version  int64
	entities map[*Entity]*customised
	controls map[*Field]*Control
	// choiceNames are those of all controls, by the names of entity and field.
	choiceNames map[string]map[string]map[string]string
	// open are the windows of open entities, nil when there are no extension fields.
	open map[*Entity]*Window
}

// customised is what there is for one entity.
type customised struct {
	list    []*Field
	byKey   map[string]*Field
	filters map[string]*filter
	sorts   map[string]*sort
}

// Custom is what administrators changed about one entity.
type Custom struct {
	// Extensions are in the order in which they are shown.
	Extensions []Extension
	Controls   []Control
}

// Control changes how a declared field is offered.
type Control struct {
	Field string
	// Hidden leaves the field out of everything that people see or write. It keeps no secret: searches and rules of the program go on using it.
	Hidden bool
	// Required must have a value in what people write.
	Required bool
	// Labels replace the label, by language; Choices those of the values of a choice.
	Labels  map[string]string
	Choices map[string]map[string]string
}

// Overlay returns the one in force, nil when nothing was ever changed.
func (r *Registry) Overlay() *Overlay { return r.overlay.Load() }

// Put puts an overlay in force for all requests that begin from now on.
func (r *Registry) Put(o *Overlay) {
	r.overlay.Store(o)
	// Plans of the one before are only of use to requests on their way.
	r.plans.Clear()
	r.planned.Store(0)
}

// CompileOverlay compiles changes by the names of entities. What does not fit, because its entity or field has gone with an update of the program, is left out and told
// of in the error; the overlay is there all the same.
func (r *Registry) CompileOverlay(all map[string]Custom) (*Overlay, error) {
	o := &Overlay{version: r.overlays.Add(1), entities: map[*Entity]*customised{}, controls: map[*Field]*Control{}, choiceNames: map[string]map[string]map[string]string{}}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := r.entities[name]
		if e == nil {
			errs = append(errs, fmt.Errorf("there is no entity %s", name))
			continue
		}
		c := &customised{byKey: map[string]*Field{}, filters: map[string]*filter{}, sorts: map[string]*sort{}}
		for _, x := range all[name].Extensions {
			if err := e.CheckExtension(x); err != nil {
				errs = append(errs, fmt.Errorf("extension field %s of %s: %w", x.Key, name, err))
				continue
			}
			if c.byKey[x.Key] != nil {
				errs = append(errs, fmt.Errorf("extension field %s of %s is declared twice", x.Key, name))
				continue
			}
			c.add(e, x)
		}
		if len(c.list) > 0 {
			o.entities[e] = c
		}
		for _, control := range all[name].Controls {
			if err := e.CheckControl(control); err != nil {
				errs = append(errs, fmt.Errorf("control of %s of %s: %w", control.Field, name, err))
				continue
			}
			o.controls[e.fields[control.Field]] = &control
			if len(control.Choices) > 0 {
				o.choiceNames[name+"."+control.Field] = control.Choices
			}
		}
	}
	if len(o.entities) > 0 {
		r.extendOpen(o)
	}
	return o, errors.Join(errs...)
}

// Uncontrolled is the overlay without its controls: all extension fields that there are, and nothing hidden, required or renamed.
func (o *Overlay) Uncontrolled() *Overlay {
	if o == nil || len(o.controls) == 0 {
		return o
	}
	plain := *o
	plain.controls, plain.choiceNames = nil, nil
	return &plain
}

// ChoiceNames are what administrators call values of choices, by module.entity.field, value and language; nil when all are called what they came as. It is shared: do
// not change it.
func (o *Overlay) ChoiceNames() map[string]map[string]map[string]string {
	if o == nil {
		return nil
	}
	return o.choiceNames
}

// lookupsOf are the filters of an extension field by its kind.
var lookupsOf = map[Kind][]string{
	Text: {"exact", "in", "icontains", "isnull"}, LongText: {"icontains", "isnull"}, URL: {"exact", "in", "icontains", "isnull"},
	Integer: {"exact", "in", "lt", "lte", "gt", "gte", "isnull"}, Decimal: {"exact", "in", "lt", "lte", "gt", "gte", "isnull"},
	Date: {"exact", "in", "lt", "lte", "gt", "gte", "isnull"}, Bool: {"exact", "isnull"}, Choice: {"exact", "in", "isnull"},
}

func (c *customised) add(e *Entity, x Extension) {
	f := e.extend(x)
	c.list = append(c.list, f)
	c.byKey[x.Key] = f
	p := &path{steps: []*Field{f}}
	base := ExtensionsName + "__" + x.Key
	for _, lookup := range lookupsOf[x.Kind] {
		param := base
		if lookup != "exact" {
			param += "__" + lookup
		}
		c.filters[param] = &filter{param, p, lookup}
	}
	// Records without a value come last, whichever way they are ordered.
	missing := &Field{Name: f.Name, Kind: Integer, Label: f.Label, Expr: "case when " + f.sql("{t}") + " is null then 1 else 0 end", entity: e}
	c.sorts[base] = &sort{name: base, by: []orderBy{{path: &path{steps: []*Field{missing}}, keeps: true}, {path: p}}}
}

// CheckControl reports what is wrong with a control, by the names of its parts: a field that there is not, that cannot be hidden, that nobody writes.
func (e *Entity) CheckControl(c Control) error {
	var p almoner.Problems
	f := e.fields[c.Field]
	if f == nil || f == e.extensions {
		p.Add("field", "control.no_such_field", "There is no such field.")
		return p.Err()
	}
	switch {
	case c.Hidden && !e.Hideable(f):
		p.Add("hidden", "control.not_hideable", "The program relies on this field, so it cannot be hidden.")
	case c.Hidden && c.Required:
		p.Add("required", "control.hidden_required", "A field that is hidden cannot be required.")
	case c.Required && !e.Requirable(f):
		p.Add("required", "control.not_requirable", "This field is not written by people, so it cannot be required.")
	}
	checkLabels(&p, "labels", c.Labels, false)
	for _, value := range slices.Sorted(maps.Keys(c.Choices)) {
		at := "choices." + clip(value)
		if !slices.ContainsFunc(f.Choices, func(v ChoiceValue) bool { return v.Value == value }) {
			p.Add(at, "control.no_such_choice", "The field has no such value.")
		}
		checkLabels(&p, at, c.Choices[value], false)
	}
	return p.Err()
}

// Hideable reports whether administrators may hide a declared field: not what identifies a record, holds its state or place, or must be written.
func (e *Entity) Hideable(f *Field) bool {
	return f.Name != "id" && f.Name != e.State && f.Name != e.ParentField && !f.Required && !slices.Contains(e.Key, f.Name) && !slices.Contains(e.Fixed, f.Name)
}

// Requirable reports whether administrators may require a declared field: it is written by people.
func (e *Entity) Requirable(f *Field) bool {
	return !f.ReadOnly && f.Name != "id" && f.Kind != Bool && (f.Kind != Children || f.Nested)
}

// Version is another number for each overlay of a program, 0 for none.
func (o *Overlay) Version() int64 {
	if o == nil {
		return 0
	}
	return o.version
}

// Extensions are the extension fields of an entity, in order; nil when there are none.
func (o *Overlay) Extensions(e *Entity) []*Field { return o.extensions(e) }

// Control returns the control of a declared field, nil when there is none.
func (o *Overlay) Control(f *Field) *Control {
	if o == nil {
		return nil
	}
	return o.controls[f]
}

func (o *Overlay) of(e *Entity) *customised {
	if o == nil {
		return nil
	}
	return o.entities[e]
}

func (o *Overlay) extensions(e *Entity) []*Field {
	if c := o.of(e); c != nil {
		return c.list
	}
	return nil
}

func (o *Overlay) extension(e *Entity, key string) *Field {
	if c := o.of(e); c != nil {
		return c.byKey[key]
	}
	return nil
}

// Field finds a field by its name: a declared one, or extensions.road_condition; nil when there is none.
func (o *Overlay) Field(e *Entity, name string) *Field {
	if key, ok := strings.CutPrefix(name, ExtensionsName+"."); ok {
		return o.extension(e, key)
	}
	return e.fields[name]
}

// Hides reports whether an administrator hid the field.
func (o *Overlay) Hides(f *Field) bool { return o.hides(f) }

func (o *Overlay) hides(f *Field) bool {
	c := o.Control(f)
	return c != nil && c.Hidden
}

func (o *Overlay) requires(f *Field) bool {
	c := o.Control(f)
	return c != nil && c.Required
}

// filter finds a parameter of a list for a viewer, nil when there is none for them: what is hidden cannot be asked for.
func (v Viewer) filter(e *Entity, param string) *filter {
	f := e.filters[param]
	if f == nil {
		if c := v.overlay.of(e); c != nil {
			f = c.filters[param]
		}
	}
	if f == nil || !v.offers(f.path) {
		return nil
	}
	return f
}

func (v Viewer) sort(e *Entity, name string) *sort {
	s := e.sorts[name]
	if s == nil {
		if c := v.overlay.of(e); c != nil {
			s = c.sorts[name]
		}
	}
	if s == nil || slices.ContainsFunc(s.by, func(o orderBy) bool { return o.path != nil && !v.offers(o.path) }) {
		return nil
	}
	return s
}

// offers reports whether a list may be asked for by what lies at the end of a path.
func (v Viewer) offers(p *path) bool {
	return !slices.ContainsFunc(p.steps, func(f *Field) bool {
		return f.extension != nil && !v.Sees(f) || v.overlay.hides(f)
	})
}

// filters are all parameters of a list for a viewer, in no order.
func (v Viewer) filters(e *Entity) []*filter {
	var list []*filter
	for param := range e.filters {
		if f := v.filter(e, param); f != nil {
			list = append(list, f)
		}
	}
	if c := v.overlay.of(e); c != nil {
		for param := range c.filters {
			if f := v.filter(e, param); f != nil {
				list = append(list, f)
			}
		}
	}
	return list
}

// Under returns the viewer with another overlay: that of a request that began under it.
func (v Viewer) Under(o *Overlay) Viewer {
	v.overlay = o
	return v
}

// Overlay is the one that the viewer looks through.
func (v Viewer) Overlay() *Overlay { return v.overlay }

// Requires reports whether the viewer must give the field a value.
func (v Viewer) Requires(f *Field) bool {
	return f.Required || !v.Trusted && v.overlay.requires(f)
}
