package api

import (
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Parent is the record that a resource lies below. It must be visible to the actor, else 404.
type Parent struct {
	Entity *entity.Entity
	// Param names the path value with its id.
	Param string
	// Part is the target on the parent that decides: viewing it opens GET, editing it the other methods (tpm §4.1-8). With a dot it is the
	// whole name of a target elsewhere. "" for none.
	Part string
	// Only narrows the rows to those of the parent: SQL over {t}.
	Only func(a *almoner.Actor, parentID int64, arg func(any) string) string
}

// enter finds the parent record, checks that its part is open to the actor for this method, and returns the viewer with what
// holds between actor and parent, and the condition on the rows. Without a parent it returns the plain viewer.
func (r *Resource) enter(q *Request, tx db.Queryer, kind access.Kind) (entity.Viewer, func(*almoner.Actor, func(any) string) string, error) {
	v := r.viewer(q)
	if r.Within == nil {
		return v, nil, nil
	}
	p := r.Within
	id, err := q.id(p.Param)
	if err != nil {
		return v, nil, err
	}
	found, err := p.Entity.Locate(q.context(), tx, q.viewer().With(p.Entity.General(q.Actor)...), id)
	if err != nil {
		return v, nil, err
	}
	if !p.Open(kind, found.Viewer) {
		return v, nil, Forbidden()
	}
	v.Set = v.Set.With(found.Viewer.Set)
	return v, func(a *almoner.Actor, arg func(any) string) string { return p.Only(a, id, arg) }, nil
}

// Open tells whether the viewer of the parent record may read, or edit, what lies below it.
func (p *Parent) Open(kind access.Kind, v entity.Viewer) bool {
	if p.Part == "" {
		return true
	}
	part := p.Part
	if !strings.Contains(part, ".") {
		part = p.Entity.Name + "." + part
	}
	return v.Policy.May(kind, v.Policy.Target(part), v.Set)
}

// lists says what the viewer may do with each list below a record, by its address behind that of the record.
func (r *Resource) lists(q *Request, v entity.Viewer) map[string]string {
	all := map[string]string{}
	for _, below := range q.api.below[r.Entity] {
		address, here := strings.CutPrefix(below.Path, r.Path+"{"+below.Within.Param+"}/")
		if !here {
			continue
		}
		word := "none"
		if below.Within.Open(access.View, v) {
			word = "read"
		}
		if below.Can&(Create|Update|Replace|Delete) != 0 && below.Within.Open(access.Edit, v) {
			word = "write"
		}
		all[strings.TrimSuffix(address, "/")] = word
	}
	return all
}
