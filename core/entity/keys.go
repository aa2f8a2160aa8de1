package entity

import (
	"fmt"
	"strings"

	"almoner.dev/almoner"
)

// Keys is a choice among the keys of a shape: the fields that a caller wants of what there is. It is written as `id,partner[id,name]`; a key without
// brackets is taken whole. What is picked is what the whole shape would show, without the rest, and the statements of relations that were not
// picked are not sent. Make one with ParseKeys and Entity.Keys.
type Keys struct {
	keys []pickKey
}

type pickKey struct {
	name string
	// of is nil for the whole value.
	of *Keys
}

// maxKeys bounds the text of a choice, maxKeysDepth how deep it is nested.
const (
	maxKeys      = 4000
	maxKeysDepth = 12
)

// ParseKeys reads a choice. What cannot be read is an Invalid error about the field `fields`. Keys that are named twice are taken together.
func ParseKeys(text string) (*Keys, error) {
	if len(text) > maxKeys {
		return nil, badKeys("it is longer than %d characters", maxKeys)
	}
	p := keysParser{text: text}
	pick, err := p.keys(0)
	if err == nil && p.pos < len(text) {
		err = badKeys("there is an unexpected ] at position %d", p.pos+1)
	}
	return pick, err
}

func badKeys(format string, args ...any) error {
	detail := fmt.Sprintf(format, args...)
	problem := &almoner.Problems{}
	problem.AddWith("fields", "bad_fields", "Write names between commas, such as id,partner[id,name]: "+detail+".", map[string]string{"detail": detail})
	return problem.Err()
}

type keysParser struct {
	text string
	pos  int
}

func (p *keysParser) keys(depth int) (*Keys, error) {
	if depth > maxKeysDepth {
		return nil, badKeys("it is nested deeper than %d levels", maxKeysDepth)
	}
	pick := &Keys{}
	for {
		start := p.pos
		for p.pos < len(p.text) && strings.IndexByte(",[]", p.text[p.pos]) < 0 {
			p.pos++
		}
		name := strings.TrimSpace(p.text[start:p.pos])
		var of *Keys
		if p.pos < len(p.text) && p.text[p.pos] == '[' {
			p.pos++
			var err error
			if of, err = p.keys(depth + 1); err != nil {
				return nil, err
			}
			if p.pos == len(p.text) {
				return nil, badKeys("a [ is not closed")
			}
			p.pos++
		}
		if name == "" {
			return nil, badKeys("a name is missing at position %d", start+1)
		}
		pick.add(name, of)
		if p.pos == len(p.text) || p.text[p.pos] == ']' {
			return pick, nil
		}
		if p.text[p.pos] != ',' {
			return nil, badKeys("a comma is missing at position %d", p.pos+1)
		}
		p.pos++
	}
}

func (k *Keys) add(name string, of *Keys) {
	for i := range k.keys {
		if k.keys[i].name != name {
			continue
		}
		if k.keys[i].of == nil || of == nil {
			k.keys[i].of = nil // whole and a part of it are the whole
			return
		}
		for _, key := range of.keys {
			k.keys[i].of.add(key.name, key.of)
		}
		return
	}
	k.keys = append(k.keys, pickKey{name, of})
}

// String writes the choice in the order of the shape that it was picked from.
func (k *Keys) String() string {
	var b strings.Builder
	k.write(&b)
	return b.String()
}

func (k *Keys) write(b *strings.Builder) {
	for i, key := range k.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(key.name)
		if key.of != nil {
			b.WriteByte('[')
			key.of.write(b)
			b.WriteByte(']')
		}
	}
}

// Keys holds a choice against a shape and returns what of it there is, nil when there is nothing, and the names that the shape does not have:
// `partner.height`. A name below a plain value is unknown. The shape must exist.
func (e *Entity) Keys(v Viewer, shape string, k *Keys) (known *Keys, unknown []string) {
	list, err := e.registry.seen(v, e, shape)
	if err != nil {
		return nil, []string{shape}
	}
	return e.registry.match(v.overlay, e, list, k, "")
}

func (r *Registry) match(o *Overlay, e *Entity, list []*selection, k *Keys, at string) (known *Keys, unknown []string) {
	wanted := map[string]*pickKey{}
	for i := range k.keys {
		wanted[k.keys[i].name] = &k.keys[i]
	}
	known = &Keys{}
	for _, s := range list {
		key := wanted[s.name]
		if key == nil {
			continue
		}
		delete(wanted, s.name)
		if key.of == nil {
			known.keys = append(known.keys, pickKey{name: s.name})
			continue
		}
		to, sub := r.below(o, e, s)
		if sub == nil {
			for _, inner := range key.of.keys {
				unknown = append(unknown, at+s.name+"."+inner.name)
			}
			continue
		}
		inner, others := r.match(o, to, sub, key.of, at+s.name+".")
		unknown = append(unknown, others...)
		if inner != nil {
			known.keys = append(known.keys, pickKey{s.name, inner})
		}
	}
	for _, key := range k.keys {
		if wanted[key.name] != nil {
			unknown = append(unknown, at+key.name)
		}
	}
	if len(known.keys) == 0 {
		return nil, unknown
	}
	return known, unknown
}

// below is the selection inside an item of a shape with the entity that it is of; nil for plain values and ids.
func (r *Registry) below(o *Overlay, e *Entity, s *selection) (*Entity, []*selection) {
	if s.group {
		return e, s.sub
	}
	at := e
	for i := range s.path {
		at = s.step(at, i).to
	}
	if s.shape != "" {
		sub, _ := r.shape(o, at, s.shape) // checked by Compile
		return at, sub
	}
	return at, s.sub
}

// prune leaves of a checked selection what was picked. Every part that was pruned remembers the whole, which decides whether a record is shown at all.
func (r *Registry) prune(o *Overlay, e *Entity, list []*selection, k *Keys) []*selection {
	wanted := map[string]*pickKey{}
	for i := range k.keys {
		wanted[k.keys[i].name] = &k.keys[i]
	}
	pruned := []*selection{}
	for _, s := range list {
		key := wanted[s.name]
		if key == nil {
			continue
		}
		if s.asked {
			part := *s
			part.asked = false
			s = &part
		}
		if key.of != nil {
			to, sub := r.below(o, e, s)
			part := *s
			part.shape, part.sub, part.whole = "", r.prune(o, to, sub, key.of), sub
			s = &part
		}
		pruned = append(pruned, s)
	}
	return pruned
}

type pickedKey struct {
	planKey
	pick string
}

// maxPicked bounds the cache of picked plans. It is small and apart from the other one, as callers choose what is in it.
const maxPicked = 256

// picked returns the compiled plan of a shape for a viewer with only what was picked; nil picks everything.
func (r *Registry) picked(e *Entity, shape string, k *Keys, v Viewer) (*plan, error) {
	if k == nil {
		return r.plan(e, shape, v)
	}
	key := pickedKey{v.planKey(e, shape), k.String()}
	r.picking.Lock()
	defer r.picking.Unlock()
	if p := r.picks[key]; p != nil {
		return p, nil
	}
	list, err := r.seen(v, e, shape)
	if err != nil {
		return nil, err
	}
	p := &plan{entity: e, joined: map[string]string{"": "t0"}}
	p.column("t0.id", Integer)
	p.outs = r.compileOuts(p, e, "t0", "", r.prune(v.overlay, e, list, k), list, v)
	p.finish()
	if r.picks == nil || len(r.picks) >= maxPicked {
		r.picks = map[pickedKey]*plan{}
	}
	r.picks[key] = p
	return p, nil
}
