package entity

import (
	"fmt"
	"maps"
	"strings"
)

// Window is what a set of shapes shows of an entity at most, by field, whatever names the shapes give to the values. It bounds
// what a reader who selects fields freely may reach: what no shape shows stays out, however the records are joined.
type Window struct {
	Entity *Entity
	panes  map[string]*Pane
	// overlay has the extension fields among the panes.
	overlay *Overlay
	// free windows are those of Open, which may lead back to themselves.
	free bool
}

// Pane is one field of a Window.
type Pane struct {
	Field *Field
	// ID tells that a shape writes the relation as ids: they are shown even when nothing else of the target may be seen.
	ID bool
	// Nested is what is shown of the records that a relation leads to; nil for a plain value.
	Nested *Window
}

// Window merges shapes of the entity under an overlay. A shape that does not exist is an error.
func (e *Entity) Window(o *Overlay, shapes ...string) (*Window, error) {
	w := newWindow(e)
	w.overlay = o
	for _, name := range shapes {
		list, err := e.registry.shape(o, e, name)
		if err != nil {
			return nil, err
		}
		if err := w.open(list); err != nil {
			return nil, fmt.Errorf("shape %q of %s: %w", name, e.Name, err)
		}
	}
	return w, nil
}

// OpenWindow is what Open shows under an overlay; nil for an entity that is not open. Extension fields are open where the field that governs them is, and where
// none does.
func (e *Entity) OpenWindow(o *Overlay) *Window {
	if o != nil && o.open[e] != nil {
		return o.open[e]
	}
	return e.free
}

// extendOpen makes the windows of all open entities once more, with their extension fields.
func (r *Registry) extendOpen(o *Overlay) {
	o.open = map[*Entity]*Window{}
	for _, e := range r.list {
		if e.free != nil {
			o.open[e] = &Window{Entity: e, overlay: o, free: true}
		}
	}
	for e, w := range o.open {
		w.panes = maps.Clone(e.free.panes)
		for name, p := range w.panes {
			if p.Nested != nil {
				w.panes[name] = &Pane{Field: p.Field, ID: p.ID, Nested: o.open[p.Field.to]}
			}
		}
		if e.Extensible != nil && (e.Extensible.Like == "" || w.panes[e.Extensible.Like] != nil) {
			for _, f := range o.extensions(e) {
				w.panes[f.Name] = &Pane{Field: f}
			}
		}
	}
}

// open makes the windows of all open entities, which lead to each other.
func (r *Registry) open(problem func(*Entity, string, ...any)) {
	for _, e := range r.list {
		if e.Open != "" {
			e.free = newWindow(e)
			e.free.free = true
		}
	}
	for _, e := range r.list {
		for _, name := range strings.Fields(e.Open) {
			f := e.fields[name]
			switch {
			case f == nil:
				problem(e, "open: there is no field %q", name)
				continue
			case f.to != nil && f.to.free == nil:
				problem(e, "open: %s leads to %s, of which nothing is open", name, f.to.Name)
				continue
			case name == "id":
				continue
			}
			p := &Pane{Field: f, ID: true}
			if f.to != nil {
				p.Nested = f.to.free
			}
			e.free.panes[name] = p
		}
	}
}

func newWindow(e *Entity) *Window {
	return &Window{Entity: e, panes: map[string]*Pane{"id": {Field: e.fields["id"]}}}
}

// open adds a checked selection.
func (w *Window) open(list []*selection) error {
	for _, s := range list {
		if s.group {
			if err := w.open(s.sub); err != nil {
				return err
			}
			continue
		}
		if s.field != nil {
			w.panes[s.field.Name] = &Pane{Field: s.field}
			continue
		}
		at := w
		for _, name := range s.path[:len(s.path)-1] {
			at = at.pane(name).Nested
		}
		p := at.pane(s.path[len(s.path)-1])
		sub := s.sub
		if s.shape != "" {
			var err error
			if sub, err = w.Entity.registry.shape(w.overlay, p.Field.to, s.shape); err != nil {
				return err
			}
		}
		switch {
		case sub != nil:
			if err := p.Nested.open(sub); err != nil {
				return err
			}
		case p.Field.Relation():
			p.ID = true
		}
	}
	return nil
}

func (w *Window) pane(name string) *Pane {
	p := w.panes[name]
	if p == nil {
		p = &Pane{Field: w.Entity.fields[name]}
		if p.Field.to != nil {
			p.Nested = newWindow(p.Field.to)
			p.Nested.overlay = w.overlay
		}
		w.panes[name] = p
	}
	return p
}

// Pane returns what the window shows of a field, nil when it does not show it. The id is always shown.
func (w *Window) Pane(name string) *Pane { return w.panes[name] }

// Panes lists what the window shows beside the id, in order of declaration.
func (w *Window) Panes() []*Pane {
	var list []*Pane
	for _, f := range w.Entity.Fields[1:] {
		if p := w.panes[f.Name]; p != nil {
			list = append(list, p)
		}
	}
	return list
}

// Extensions lists the extension fields that the window shows, in order.
func (w *Window) Extensions() []*Field {
	var list []*Field
	for _, f := range w.overlay.extensions(w.Entity) {
		if w.panes[f.Name] != nil {
			list = append(list, f)
		}
	}
	return list
}

// shows reports whether the viewer sees anything of a record but its id; of a ruled entity, a record of which nothing can be seen
// is not shown at all (tpm §4.1-7).
func (w *Window) shows(v Viewer) bool {
	if !w.Entity.Ruled {
		return true
	}
	for name, p := range w.panes {
		if name != "id" && v.Sees(p.Field) && (p.Nested == nil || p.ID || p.Nested.free || p.Nested.shows(v)) {
			return true
		}
	}
	return false
}
