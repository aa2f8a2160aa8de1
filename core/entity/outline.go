package entity

import "slices"

// Out is one key of a shape, for metadata and documents.
type Out struct {
	Name string
	// Field is where the value comes from, nil for a group of fields of the same record.
	Field *Field
	// Path are the names of the fields that lead to the value, the field's own last; nil for a group.
	Path []string
	// Shape names the nested shape of a relation, "" when Nested was written in place or the relation is written as ids.
	Shape string
	// Null reports that the value may be null: the field itself, or a record on the way to it, may be missing.
	Null bool
	// Nested are the keys of the nested object; nil for plain values.
	Nested []Out
}

// Outline tells what a shape shows to a viewer, in order. The shape must exist: Compile and the resources check that.
func (e *Entity) Outline(shape string, v Viewer) []Out {
	list, err := e.registry.seen(v, e, shape)
	if err != nil {
		return nil
	}
	return e.registry.outline(e, list, v)
}

func (r *Registry) outline(e *Entity, list []*selection, v Viewer) []Out {
	outs := []Out{}
	others := false
	for _, s := range list {
		if s.asked {
			continue
		}
		if s.group {
			if nested := r.outline(e, s.sub, v); len(nested) > 0 {
				outs = append(outs, Out{Name: s.name, Nested: nested})
				others = true
			}
			continue
		}
		at := e
		var f *Field
		seen, null := true, false
		for i := range s.path {
			f = s.step(at, i)
			seen = seen && v.Sees(f)
			null = null || f.Null || f.Expr != ""
			if f.to != nil {
				at = f.to
			}
		}
		if !seen {
			continue
		}
		out := Out{Name: s.name, Field: f, Path: s.path, Shape: s.shape, Null: null}
		sub := s.sub
		if s.shape != "" {
			sub, _ = r.shape(v.overlay, f.to, s.shape)
		}
		if sub != nil {
			if out.Nested = r.outline(f.to, sub, v); len(out.Nested) == 0 {
				continue
			}
		}
		outs = append(outs, out)
		others = others || f.Name != "id"
	}
	if e.Ruled && !others {
		return nil
	}
	return outs
}

// FilterParams lists the query parameters that a list offers to a viewer with the field each one is about and whether it may be repeated.
func (e *Entity) FilterParams(v Viewer) []FilterParam {
	var list []FilterParam
	for _, f := range v.filters(e) {
		list = append(list, FilterParam{f.param, f.lookup, f.path.last(), f.path.steps})
	}
	slices.SortFunc(list, func(a, b FilterParam) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list
}

// FilterParam is one query parameter of a list.
type FilterParam struct {
	Name, Lookup string
	Field        *Field
	// Steps are the fields on the way, Field the last of them. The caller must not change them.
	Steps []*Field
}

// SortPath is the way to the field that an order is by, nil when it is by several, or by none with a name.
func (e *Entity) SortPath(name string) []*Field {
	s := e.sorts[name]
	if s == nil || len(s.by) != 1 || s.by[0].path == nil {
		return nil
	}
	return s.by[0].path.steps
}

// SortNames lists the names that `ordering` understands from a viewer, sorted.
func (e *Entity) SortNames(v Viewer) []string {
	names := make([]string, 0, len(e.sorts))
	for name := range e.sorts {
		if v.sort(e, name) != nil {
			names = append(names, name)
		}
	}
	if c := v.overlay.of(e); c != nil {
		for name := range c.sorts {
			if v.sort(e, name) != nil {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Searches reports whether `search` is understood.
func (e *Entity) Searches() bool { return len(e.search) > 0 }
