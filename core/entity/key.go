package entity

import (
	"context"
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// ByKey returns the id of the record that has these values in the fields of Key, in the workspace of ctx's actor; row scopes are not asked, as
// this is for the program itself. NotFound when there is none, Conflict when there are several. Key must not be empty and every field of it
// must have a canonical value; nil is null.
func (e *Entity) ByKey(ctx context.Context, q db.Queryer, values Values) (int64, error) {
	return e.ByFields(ctx, q, e.Key, values)
}

// ByFields is ByKey by other fields with columns.
func (e *Entity) ByFields(ctx context.Context, q db.Queryer, names []string, values Values) (int64, error) {
	var b builder
	var where []string
	if !e.Global {
		where = append(where, "t0.workspace_id = "+b.arg(almoner.ActorOf(ctx).Workspace.ID))
	}
	if living := e.living("t0"); living != "" {
		where = append(where, living)
	}
	for _, name := range names {
		sql := e.fields[name].sql("t0")
		if v := values[name]; v != nil {
			where = append(where, sql+" = "+b.arg(v))
		} else {
			where = append(where, sql+" is null")
		}
	}
	rows, err := q.Query(ctx, "select t0.id from "+e.Table+" t0 where "+strings.Join(where, " and ")+" order by t0.id limit 2", b.args...)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	switch {
	case err != nil:
		return 0, fmt.Errorf("find %s by its key: %w", e.Name, err)
	case len(ids) == 0:
		return 0, NotFound()
	case len(ids) > 1:
		return 0, almoner.Errorf(almoner.Conflict, "several_with_key", "There are several records of %s with this key.", e.Name)
	}
	return ids[0], nil
}

// ByKeys is ByKey for many records of an entity whose Key is one unique Text: the ids of those that there are, by their keys. False when the Key is another
// one, and nothing was looked up.
func (e *Entity) ByKeys(ctx context.Context, q db.Queryer, keys []string) (map[string]int64, bool, error) {
	if len(e.Key) != 1 {
		return nil, false, nil
	}
	f := e.fields[e.Key[0]]
	if f.Kind != Text || !f.Unique || !f.Stored() {
		return nil, false, nil
	}
	var b builder
	where := []string{q.Engine().AnyText("t0."+f.Column, b.arg(db.Texts(keys)))}
	if !e.Global {
		where = append(where, "t0.workspace_id = "+b.arg(almoner.ActorOf(ctx).Workspace.ID))
	}
	if living := e.living("t0"); living != "" {
		where = append(where, living)
	}
	ids := map[string]int64{}
	rows, err := q.Query(ctx, "select t0.id, t0."+f.Column+" from "+e.Table+" t0 where "+strings.Join(where, " and "), b.args...)
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var id int64
		var key string
		err := r.Scan(&id, &key)
		ids[key] = id
		return struct{}{}, err
	})
	if err != nil {
		return nil, false, fmt.Errorf("find %s by their keys: %w", e.Name, err)
	}
	return ids, true, nil
}
