package entity

import (
	"fmt"
	"strings"
)

// A shape is a selection of fields written as text, much like a query:
//
//	id name tpm_partner:light tpm_activities{id date partner:min} owner=partner.organization.name profile{job_title phone=phone_number}
//
// Each item is an output name, optionally `=` the path of the value (through to-one relations), optionally `:` a named shape
// of the relation's entity or `{…}` a selection of its fields. On a name that is no relation, `{…}` groups fields of the
// same record into an object. A relation without either is written as its id or ids.
type selection struct {
	name string
	path []string
	// shape or sub is set for relations written as objects.
	shape string
	sub   []*selection
	// whole is what sub was pruned from, nil when it was not.
	whole []*selection
	// group makes an object of fields of the same record.
	group bool
	// field is set for an extension field: the path has only its name.
	field *Field
	// asked parts are shown only to whoever asks for them by name.
	asked bool
}

// step is the field that a position of the path names.
func (s *selection) step(at *Entity, i int) *Field {
	if s.field != nil {
		return s.field
	}
	return at.fields[s.path[i]]
}

// seen is the shape with which a viewer begins.
func (r *Registry) seen(v Viewer, e *Entity, name string) ([]*selection, error) {
	list, err := r.shape(v.overlay, e, name)
	if v.Extended {
		for _, s := range list {
			s.asked = false
		}
	}
	return list, err
}

// shape returns the parsed and checked shape of an entity by name, with the extension fields that there are under an overlay. It is the caller's own.
func (r *Registry) shape(o *Overlay, e *Entity, name string) ([]*selection, error) {
	text, ok := e.Shapes[name]
	if !ok {
		if name != "" {
			return nil, fmt.Errorf("%s has no shape %q", e.Name, name)
		}
		var b strings.Builder
		for _, f := range e.Fields {
			if f.Kind != Children {
				b.WriteString(f.Name + " ")
			}
		}
		text = b.String()
	}
	list, err := r.parse(e, text)
	if err != nil {
		return nil, err
	}
	list, said := extendShape(o, e, list)
	if !said && len(o.extensions(e)) > 0 {
		group := extensionGroup(o, e)
		group.asked = true
		list = append(list, group)
	}
	return list, nil
}

// extendShape puts the extension fields where a shape says `extensions`, and nothing where there are none. It reports whether the shape says so for the record itself.
func extendShape(o *Overlay, e *Entity, list []*selection) (extended []*selection, said bool) {
	extended = []*selection{}
	for _, s := range list {
		if len(s.path) == 1 && !s.group && e.extensions != nil && s.path[0] == ExtensionsName {
			said = true
			if len(o.extensions(e)) > 0 {
				extended = append(extended, extensionGroup(o, e))
			}
			continue
		}
		if s.sub != nil {
			at := e
			if !s.group {
				for i := range s.path {
					at = s.step(at, i).to
				}
			}
			s.sub, _ = extendShape(o, at, s.sub)
		}
		extended = append(extended, s)
	}
	return extended, said
}

func extensionGroup(o *Overlay, e *Entity) *selection {
	group := &selection{name: ExtensionsName, path: []string{ExtensionsName}, group: true, sub: []*selection{}}
	for _, f := range o.extensions(e) {
		group.sub = append(group.sub, &selection{name: f.extension.Key, path: []string{f.Name}, field: f})
	}
	return group
}

// parse reads the text of a shape against an entity.
func (r *Registry) parse(e *Entity, text string) ([]*selection, error) {
	p := shapeParser{text: text}
	list, err := p.items(false)
	if err != nil {
		return nil, err
	}
	return list, r.checkSelection(e, list)
}

func (r *Registry) checkSelection(e *Entity, list []*selection) error {
	for _, s := range list {
		if f := e.fields[s.path[0]]; s.sub != nil && len(s.path) == 1 && (f == nil || !f.Relation()) {
			s.group = true
			if err := r.checkSelection(e, s.sub); err != nil {
				return err
			}
			continue
		}
		at := e
		var f *Field
		for i, name := range s.path {
			if f = at.fields[name]; f == nil {
				return fmt.Errorf("%s has no field %q", at.Name, name)
			}
			if i < len(s.path)-1 {
				if f.Kind != Ref {
					return fmt.Errorf("%s.%s does not lead to one record", at.Name, name)
				}
				at = f.to
			}
		}
		switch {
		case s.shape != "" && !f.Relation():
			return fmt.Errorf("%s.%s is no relation and has no shape", at.Name, f.Name)
		case s.shape != "":
			if _, ok := f.to.Shapes[s.shape]; !ok {
				return fmt.Errorf("%s has no shape %q", f.to.Name, s.shape)
			}
		case s.sub != nil && f.Relation():
			if err := r.checkSelection(f.to, s.sub); err != nil {
				return err
			}
		}
	}
	return nil
}

type shapeParser struct {
	text string
	pos  int
}

func (p *shapeParser) items(nested bool) ([]*selection, error) {
	list := []*selection{}
	for {
		p.space()
		switch {
		case p.pos == len(p.text):
			if nested {
				return nil, fmt.Errorf("a { is not closed in %q", p.text)
			}
			return list, nil
		case p.text[p.pos] == '}':
			if !nested {
				return nil, fmt.Errorf("an unexpected } in %q", p.text)
			}
			p.pos++
			return list, nil
		}
		s, err := p.item()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
}

func (p *shapeParser) item() (*selection, error) {
	s := &selection{name: p.word()}
	if s.name == "" {
		return nil, fmt.Errorf("a name is missing at position %d of %q", p.pos, p.text)
	}
	s.path = []string{s.name}
	if p.take('=') {
		s.path = strings.Split(p.word(), ".")
	}
	if p.take(':') {
		s.shape = p.word()
	} else if p.take('{') {
		sub, err := p.items(true)
		if err != nil {
			return nil, err
		}
		s.sub = sub
	}
	return s, nil
}

func (p *shapeParser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *shapeParser) take(c byte) bool {
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *shapeParser) word() string {
	start := p.pos
	for p.pos < len(p.text) && strings.IndexByte(" \t\n=:{}", p.text[p.pos]) < 0 {
		p.pos++
	}
	return p.text[start:p.pos]
}
