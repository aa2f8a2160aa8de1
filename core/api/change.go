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
	save, err := r.creation(q, tree)
	if err != nil {
		return err
	}
	return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
		id, err := save(tx)
		if err != nil {
			return done, err
		}
		body, err := r.reread(q, tx, id)
		return answer{status: http.StatusCreated, location: strings.TrimSuffix(q.URL.EscapedPath(), "/") + "/" + strconv.FormatInt(id, 10) + "/", body: body}, err
	})
}

// creation checks the input of a new record and returns what saves it.
func (r *Resource) creation(q *Request, tree any) (func(tx *db.Tx) (int64, error), error) {
	v := r.viewer(q).With(access.New(r.Entity.Name))
	if !v.SeesAny(r.Entity) {
		return nil, Forbidden()
	}
	change, err := r.Entity.Decode(v, entity.Create, r.plain(tree), !r.Wire.Lenient)
	if !v.EditsAny(r.Entity) {
		return nil, Forbidden()
	}
	if err != nil {
		return nil, err
	}
	if r.Creating != nil {
		if err := r.Creating(q); err != nil {
			return nil, err
		}
	}
	return func(tx *db.Tx) (int64, error) {
		if _, _, err := r.enter(q, tx, access.Edit); err != nil {
			return 0, err
		}
		if err := r.fill(q, tx, tree, change); err != nil {
			return 0, err
		}
		err := r.Entity.Save(q.context(), tx, change)
		return change.ID, err
	}, nil
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
		save := r.writing(q, tree, mode, version)
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			id, err := save(tx)
			if err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, id)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}

// writing returns what changes the record of the request; version, when not 0, is the one that the writer saw.
func (r *Resource) writing(q *Request, tree any, mode entity.Mode, version int64) func(tx *db.Tx) (int64, error) {
	ctx := q.context()
	return func(tx *db.Tx) (int64, error) {
		if id, err := q.id("id"); err == nil {
			if err := r.Entity.Lock(ctx, tx, id); err != nil {
				return 0, err
			}
		}
		found, err := r.locate(q, tx)
		if err != nil {
			return 0, err
		}
		if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) {
			return 0, Forbidden()
		}
		strict := !r.Wire.Lenient
		if object, ok := tree.(map[string]any); ok && strict {
			if r.Entity.Field("version") == nil {
				delete(object, "version")
			}
			if tree, err = r.asRead(q, tx, found, object); err != nil {
				return 0, err
			}
			// What was read of an older version differs because of that, which Save tells.
			strict = version == 0 || version == found.Version
		}
		change, err := r.Entity.Decode(found.Viewer, mode, r.plain(tree), strict)
		if err != nil {
			return 0, err
		}
		change.ID, change.IfVersion = found.ID, version
		if err := r.fill(q, tx, tree, change); err != nil {
			return 0, err
		}
		return found.ID, r.Entity.Save(ctx, tx, change)
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
	remove := r.removal(q, version)
	return q.once(attempt, func(tx *db.Tx) (answer, error) {
		_, err := remove(tx)
		return answer{status: http.StatusNoContent}, err
	})
}

// removal returns what deletes the record of the request.
func (r *Resource) removal(q *Request, version int64) func(tx *db.Tx) (int64, error) {
	ctx := q.context()
	return func(tx *db.Tx) (int64, error) {
		if id, err := q.id("id"); err == nil {
			if err := r.Entity.Lock(ctx, tx, id); err != nil {
				return 0, err
			}
		}
		found, err := r.locate(q, tx)
		if err != nil {
			return 0, err
		}
		if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) || r.Removable != nil && !r.Removable(found) {
			return 0, Forbidden()
		}
		change := r.Entity.NewDelete(found.ID)
		change.IfVersion = version
		return found.ID, r.Entity.Save(ctx, tx, change)
	}
}

func (r *Resource) move(code string) func(*Request) error {
	return func(q *Request) error {
		if _, err := q.id("id"); err != nil {
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
		move := r.moving(q, code, tree, version)
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			id, err := move(tx)
			if err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, id)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}

// moving returns what makes a move of the record of the request.
func (r *Resource) moving(q *Request, code string, tree any, version int64) func(tx *db.Tx) (int64, error) {
	return func(tx *db.Tx) (int64, error) {
		id, err := q.id("id")
		if err != nil {
			return 0, err
		}
		return id, r.Machine.Make(q.context(), tx, r.viewer(q), id, code, tree, version)
	}
}
