package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (r *Resource) locate(q *Request, tx db.Queryer) (entity.Found, error) {
	id, err := q.id("id")
	if err != nil {
		return entity.Found{}, err
	}
	if err := r.workspace(q); err != nil {
		return entity.Found{}, err
	}
	kind := access.Edit
	if q.Method == http.MethodGet || q.Method == http.MethodHead || q.Method == http.MethodOptions {
		kind = access.View
	}
	v, only, err := r.enter(q, tx, kind)
	if err != nil {
		return entity.Found{}, err
	}
	return r.Entity.LocateWithin(q.context(), tx, v, id, only)
}

func (r *Resource) get(q *Request) error {
	var body []byte
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		body, err = r.object(q, tx, found)
		return err
	})
	if err != nil {
		return err
	}
	q.writeTagged(q.w.Header().Get("ETag"), body)
	return nil
}

// object writes one record with what `?include=` asks for, and puts its tag into the answer.
func (r *Resource) object(q *Request, tx db.Queryer, found entity.Found) ([]byte, error) {
	body, err := r.included(q, tx, found)
	if err == nil {
		q.w.Header().Set("ETag", q.recordTag(found.Version, body))
	}
	return body, err
}

func (r *Resource) included(q *Request, tx db.Queryer, found entity.Found) ([]byte, error) {
	if !found.Viewer.SeesAny(r.Entity) {
		return nil, Forbidden()
	}
	keys, err := r.keys(q, r.Shape)
	if err != nil {
		return nil, err
	}
	body, err := r.Entity.Part(q.context(), tx, found.Viewer, r.Shape, keys, found.ID)
	if err != nil {
		return nil, err
	}
	include := strings.Split(q.URL.Query().Get("include"), ",")
	more := map[string]any{}
	if slices.Contains(include, "actions") {
		actions, err := r.actions(q, tx, found)
		if err != nil {
			return nil, err
		}
		more["actions"] = actions
	}
	if slices.Contains(include, "permissions") {
		more["permissions"] = permissions(r.Entity, found.Viewer)
		more["version"] = found.Version
	}
	if slices.Contains(include, "lists") {
		more["lists"] = r.lists(q, found.Viewer)
	}
	if len(more) == 0 {
		return body, nil
	}
	extra, err := json.Marshal(more)
	if err != nil {
		return nil, fmt.Errorf("encode included parts: %w", err)
	}
	if len(body) > 2 {
		body = append(body[:len(body)-1], ',')
	} else {
		body = body[:len(body)-1]
	}
	return append(body, extra[1:]...), nil
}

// permissions says for each field of an entity, and of its nested children, what the viewer may do with it.
func permissions(e *entity.Entity, v entity.Viewer) map[string]any {
	all := map[string]any{}
	for _, f := range e.Fields {
		word := "none"
		if v.Sees(f) {
			word = "read"
		}
		if v.Writes(f) {
			word = "write"
		}
		all[f.Name] = word
		if f.Kind == entity.Children && f.Nested {
			inner := permissions(f.TargetEntity(), v)
			inner["_delete"] = v.MayDelete(f.TargetEntity())
			all[f.Name+".*"] = inner
		}
	}
	if further := e.Field(entity.ExtensionsName); e.Extensible != nil && v.Sees(further) {
		all[entity.ExtensionsName] = "read"
		if v.Writes(further) {
			all[entity.ExtensionsName] = "write"
		}
	}
	return all
}

// reread writes the record as it is after a write; whoever may not see it any more gets an empty object.
func (r *Resource) reread(q *Request, tx db.Queryer, id int64) ([]byte, error) {
	v, only, err := r.enter(q, tx, access.View)
	if err != nil {
		return nil, err
	}
	found, err := r.Entity.LocateWithin(q.context(), tx, v, id, only)
	if almoner.KindOf(err) == almoner.NotFound {
		return []byte("{}"), nil
	}
	if err != nil {
		return nil, err
	}
	if !found.Viewer.SeesAny(r.Entity) {
		return []byte("{}"), nil
	}
	return r.object(q, tx, found)
}

func (r *Resource) history(q *Request) error {
	var list []entity.Entry
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		if !found.Viewer.SeesAny(r.Entity) {
			return Forbidden()
		}
		list, err = r.Entity.History(q.context(), tx, found)
		return err
	})
	if err != nil {
		return err
	}
	for i := range list {
		for j := range list[i].Changes {
			c := &list[i].Changes[j]
			e := q.api.Registry.Entity(list[i].Entity)
			if f := q.Overlay().Field(e, c.Field); f != nil {
				c.Label = q.fieldLabel(e, f)
				c.Before, c.After = q.chosen(f, c.Before), q.chosen(f, c.After)
			}
		}
	}
	q.writeJSON(http.StatusOK, "application/json", list)
	return nil
}

// chosen is the label of a value of a choice that an administrator declared; nobody else knows it. Other values are left as they are.
func (q *Request) chosen(f *entity.Field, value any) any {
	if f.ExtensionKey() == "" || f.Kind != entity.Choice {
		return value
	}
	for _, c := range f.Choices {
		if c.Value == value {
			return q.ChoiceLabel(f, c)
		}
	}
	return value
}
