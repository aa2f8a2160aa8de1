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
}

// shape returns the parsed and checked shape of an entity by name.
func (r *Registry) shape(e *Entity, name string) ([]*selection, error) {
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
	return r.parse(e, text)
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
