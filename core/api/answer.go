package api

import (
	"encoding/json"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Locate finds a record of the resource for a Call that does more with it than the standard operations: NotFound when the actor may not
// know of it, Forbidden when they see nothing of it. The viewer in Found holds what is true between actor and record.
func (r *Resource) Locate(q *Request, tx db.Queryer, id int64) (entity.Found, error) {
	if err := r.workspace(q); err != nil {
		return entity.Found{}, err
	}
	v, only, err := r.enter(q, tx, access.View)
	if err != nil {
		return entity.Found{}, err
	}
	found, err := r.Entity.LocateWithin(q.context(), tx, v, id, only)
	if err != nil {
		return entity.Found{}, err
	}
	if !found.Viewer.SeesAny(r.Entity) {
		return entity.Found{}, Forbidden()
	}
	return found, nil
}

// Answer is what GET of the record answers, for a Call to answer with: the object as the actor sees it now, an empty one when they do not
// see it any more.
func (r *Resource) Answer(q *Request, tx db.Queryer, id int64) (json.RawMessage, error) {
	return r.reread(q, tx, id)
}
