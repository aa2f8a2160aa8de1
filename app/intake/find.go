package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// What the rows of a piece refer to, and what is there of them already, is looked up for all of them at once.

// find looks up at once the records that the rows refer to.
func (w *work) find(ctx context.Context, tx *db.Tx) error {
	for file, rows := range w.refs {
		records := make(db.IDs, 0, len(rows))
		for _, to := range rows {
			records = append(records, to.record)
		}
		if err := w.bulk.Find(ctx, tx, file.Entity, records); err != nil {
			return err
		}
	}
	return nil
}

// known returns what is remembered of rows of a file.
func (r *run) known(ctx context.Context, q db.Queryer, file string, rows []string) (map[string]kept, error) {
	found := map[string]kept{}
	if len(rows) == 0 {
		return found, nil
	}
	list, err := q.Query(ctx, r.into.DB.Engine().LookUp("row_id, record_id, digest, version", "intake_rows", "row_id", "$4", "workspace_id = $1 and source = $2 and file = $3"),
		r.workspace.ID, r.wish.Set, file, db.Texts(rows))
	type pair struct {
		id string
		kept
	}
	pairs, err := db.Collect(list, err, func(row db.Row) (p pair, err error) { return p, row.Scan(&p.id, &p.record, &p.kept.digest, &p.version) })
	if err != nil {
		return nil, fmt.Errorf("look up rows of %s: %w", file, err)
	}
	for _, p := range pairs {
		found[p.id] = p.kept
	}
	return found, nil
}

// references returns the records that rows of other files became, by file and row.
func (r *run) references(ctx context.Context, q db.Queryer, t *table, piece []item) (map[*table]map[string]kept, error) {
	wanted := map[*table][]string{}
	for _, it := range piece {
		for _, ref := range t.understand(it.cells, func(string, string) {}).rows {
			if !slices.Contains(wanted[ref.file], ref.text) {
				wanted[ref.file] = append(wanted[ref.file], ref.text)
			}
		}
	}
	found := map[*table]map[string]kept{}
	for file, rows := range wanted {
		var err error
		if found[file], err = r.known(ctx, q, file.File, rows); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// resolve understands a row and puts the ids of what it refers to into its values.
func (r *run) resolve(ctx context.Context, q db.Queryer, t *table, it item, w *work, note func(column, message string)) (read, error) {
	got := t.understand(it.cells, note)
	if err := t.finish(it.cells, got.values, note); err != nil {
		return got, err
	}
	if t.Workspace != "" {
		got.values[t.Workspace] = r.workspace.ID
	}
	for _, ref := range got.rows {
		if ref.Later {
			continue
		}
		to, ok := w.refs[ref.file][ref.text]
		if ref.file == t && !ok {
			to, ok = w.own[ref.text]
		}
		if !ok {
			note(ref.Name, fmt.Sprintf("row %s of %s was refused, and this one with it", ref.text, ref.file.File))
			continue
		}
		got.values[ref.field.Name] = to.record
	}
	for _, ref := range got.keys {
		id, err := r.book.find(ctx, q, ref.field.TargetEntity(), ref.text)
		if err != nil {
			return got, err
		}
		if id == 0 {
			note(ref.Name, fmt.Sprintf("there is no %s %q", strings.ToLower(ref.field.TargetEntity().Label), ref.text))
			continue
		}
		got.values[ref.field.Name] = id
	}
	return got, nil
}

// keysThere finds at once which records have the keys of rows that are not known, where one statement can; nil where not.
func (t *table) keysThere(ctx context.Context, q db.Queryer, piece []item, w *work) (map[string]int64, error) {
	if t.Several || len(t.Match) > 0 || len(t.Entity.Key) != 1 {
		return nil, nil
	}
	var texts []string
	for _, it := range piece {
		if _, again := w.own[it.id]; again || t.past(it.cells) {
			continue
		}
		values := t.understand(it.cells, func(string, string) {}).values
		if err := t.finish(it.cells, values, func(string, string) {}); err != nil {
			return nil, err
		}
		if text, ok := values[t.Entity.Key[0]].(string); ok {
			texts = append(texts, text)
		}
	}
	keys, looked, err := t.Entity.ByKeys(ctx, q, texts)
	if err != nil || !looked {
		return nil, err
	}
	w.bulk.Free(t.Entity, slices.DeleteFunc(texts, func(text string) bool { return keys[text] != 0 }))
	return keys, nil
}

// alike finds a record that was there before the first import and has the key of the row, 0 for none. Keys are those that were looked up already, or nil.
func (t *table) alike(ctx context.Context, q db.Queryer, values entity.Values, keys map[string]int64) (int64, error) {
	names := t.Match
	if len(names) == 0 {
		names = t.Entity.Key
	}
	if len(names) == 0 || t.Several {
		return 0, nil
	}
	if keys != nil {
		text, _ := values[t.Entity.Key[0]].(string)
		return keys[text], nil
	}
	key := entity.Values{}
	for _, name := range names {
		v, ok := values[name]
		if !ok || v == "" || v == nil && len(t.Match) == 0 {
			return 0, nil
		}
		key[name] = v
	}
	id, err := t.Entity.ByFields(ctx, q, names, key)
	if almoner.KindOf(err) == almoner.NotFound {
		return 0, nil
	}
	return id, err
}

// versions are those of records; one that is gone has none.
func (t *table) versions(ctx context.Context, q db.Queryer, records db.IDs) (map[int64]int64, error) {
	versions := map[int64]int64{}
	if len(records) == 0 {
		return versions, nil
	}
	rows, err := q.Query(ctx, "select id, version from "+t.Entity.Table+" where "+q.Engine().AnyID("id", "$1"), records)
	_, err = db.Collect(rows, err, func(row db.Row) (struct{}, error) {
		var id, version int64
		err := row.Scan(&id, &version)
		versions[id] = version
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("look at the versions of %s: %w", t.Entity.Name, err)
	}
	return versions, nil
}
