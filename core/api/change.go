package api

import (
	"net/http"
	"strconv"
	"strings"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (r *Resource) create(q *Request) error {
	if err := r.workspace(q); err != nil {
		return err
	}
	if err := r.admit(q, true); err != nil {
		return err
	}
	defer q.dropFile()
	tree, err := r.input(q)
	if err != nil {
		return err
	}
	attempt, err := q.attempt(tree)
	if err != nil {
		return err
	}
	v := r.viewer(q).With(access.New(r.Entity.Name))
	if !v.SeesAny(r.Entity) {
		return Forbidden()
	}
	change, err := r.Entity.Decode(v, entity.Create, r.plain(tree), !r.Wire.Lenient)
	if !v.EditsAny(r.Entity) {
		return Forbidden()
	}
	if err != nil {
		return err
	}
	if r.Creating != nil {
		if err := r.Creating(q); err != nil {
			return err
		}
	}
	return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
		if _, _, err := r.enter(q, tx, access.Edit); err != nil {
			return done, err
		}
		if err := r.fill(q, tx, tree, change); err != nil {
			return done, err
		}
		if err := r.Entity.Save(q.context(), tx, change); err != nil {
			return done, err
		}
		body, err := r.reread(q, tx, change.ID)
		return answer{status: http.StatusCreated, location: strings.TrimSuffix(q.URL.EscapedPath(), "/") + "/" + strconv.FormatInt(change.ID, 10) + "/", body: body}, err
	})
}

func (r *Resource) write(mode entity.Mode) func(*Request) error {
	return func(q *Request) error {
		if err := r.admit(q, false); err != nil {
			return err
		}
		defer q.dropFile()
		tree, err := r.input(q)
		if err != nil {
			return err
		}
		attempt, err := q.attempt(tree)
		if err != nil {
			return err
		}
		version, err := q.ifVersion(tree)
		if err != nil {
			return err
		}
		ctx := q.context()
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			if id, err := q.id("id"); err == nil {
				if err := r.Entity.Lock(ctx, tx, id); err != nil {
					return done, err
				}
			}
			found, err := r.locate(q, tx)
			if err != nil {
				return done, err
			}
			if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) {
				return done, Forbidden()
			}
			strict := !r.Wire.Lenient
			if object, ok := tree.(map[string]any); ok && strict {
				if r.Entity.Field("version") == nil {
					delete(object, "version")
				}
				if tree, err = r.asRead(q, tx, found, object); err != nil {
					return done, err
				}
				// What was read of an older version differs because of that, which Save tells.
				strict = version == 0 || version == found.Version
			}
			change, err := r.Entity.Decode(found.Viewer, mode, r.plain(tree), strict)
			if err != nil {
				return done, err
			}
			change.ID, change.IfVersion = found.ID, version
			if err := r.fill(q, tx, tree, change); err != nil {
				return done, err
			}
			if err := r.Entity.Save(ctx, tx, change); err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, found.ID)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}

func (r *Resource) remove(q *Request) error {
	version, err := q.ifVersion(nil)
	if err != nil {
		return err
	}
	attempt, err := q.attempt(nil)
	if err != nil {
		return err
	}
	ctx := q.context()
	return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
		if id, err := q.id("id"); err == nil {
			if err := r.Entity.Lock(ctx, tx, id); err != nil {
				return done, err
			}
		}
		found, err := r.locate(q, tx)
		if err != nil {
			return done, err
		}
		if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) || r.Removable != nil && !r.Removable(found) {
			return done, Forbidden()
		}
		change := r.Entity.NewDelete(found.ID)
		change.IfVersion = version
		return answer{status: http.StatusNoContent}, r.Entity.Save(ctx, tx, change)
	})
}

func (r *Resource) move(code string) func(*Request) error {
	return func(q *Request) error {
		id, err := q.id("id")
		if err != nil {
			return err
		}
		if err := r.workspace(q); err != nil {
			return err
		}
		tree, err := q.body()
		if err != nil {
			return err
		}
		attempt, err := q.attempt(tree)
		if err != nil {
			return err
		}
		version, err := q.ifVersion(nil)
		if err != nil {
			return err
		}
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			if err := r.Machine.Make(q.context(), tx, r.viewer(q), id, code, tree, version); err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, id)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}
