package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/event"
)

// Bulk makes many changes of one transaction cost less than each alone: what references lead to is looked up once, and the versions and facts of what is new
// are written together by Flush, which must come last. Hooks may not save again what is new; Flush refuses that. Nothing that others may refer to may end in the
// transaction. The zero value is ready; it belongs to one transaction, and is of no more use when that failed.
//
//	bulk := &entity.Bulk{}
//	for … {
//		c := e.NewChange(0, values)
//		c.Bulk = bulk
//		err := e.Save(ctx, tx, c)
//	}
//	err := bulk.Flush(ctx, tx)
type Bulk struct {
	// Rows is how many records are about to be saved. From two on, the new ones of Batched entities are written by Flush, and After is called there: a row that the database
	// refuses fails all of them.
	Rows int

	// there are records that references were found to lead to.
	there map[*Entity]map[int64]bool
	// free are keys that no record has.
	free map[*Entity]map[string]bool
	// loaded are records as they are stored, locked.
	loaded map[*Entity]map[int64]loaded
	// once is what Once found.
	once map[any]int64
	// ids were taken for new records.
	ids map[*Entity]db.IDs
	// rows are still to be inserted, each group with one list of columns; late are the changes whose After waits for that.
	rows []*rowGroup
	late []*Change
	// made are new records without a version yet, of entities in the order of their first; completed are those whose version is to be corrected.
	made, completed map[*Entity]db.IDs
	order           []*Entity
	facts           []event.Fact
}

// rowGroup are rows of one table that give the same columns a value.
type rowGroup struct {
	entity *Entity
	cols   string
	rows   [][]any
}

// Find looks up at once which records there are, so that references to them are not looked up one by one.
func (b *Bulk) Find(ctx context.Context, tx *db.Tx, e *Entity, ids db.IDs) error {
	if len(ids) == 0 {
		return nil
	}
	var args builder
	where := []string{tx.Engine().AnyID("t0.id", args.arg(ids))}
	if !e.Global {
		where = append(where, "t0.workspace_id = "+args.arg(almoner.ActorOf(ctx).Workspace.ID))
	}
	if living := e.living("t0"); living != "" {
		where = append(where, living)
	}
	rows, err := tx.Query(ctx, "select t0.id from "+e.Table+" t0 where "+strings.Join(where, " and "), args.args...)
	found, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("look up %s: %w", e.Name, err)
	}
	b.add(e, found)
	return nil
}

// Load reads and locks at once records of a Batched entity that are about to be changed. Of others it does nothing.
func (b *Bulk) Load(ctx context.Context, tx *db.Tx, e *Entity, ids db.IDs) error {
	if !e.Batched || len(ids) == 0 {
		return nil
	}
	found, err := e.load(ctx, tx, tx.Engine().AnyID("t0.id", "$1"), ids)
	if err != nil {
		return err
	}
	if b.loaded == nil {
		b.loaded = map[*Entity]map[int64]loaded{}
	}
	b.loaded[e] = make(map[int64]loaded, len(found))
	for _, row := range found {
		b.loaded[e][row.id] = row
	}
	return nil
}

// take returns what was loaded of the record of a change, once.
func (b *Bulk) take(c *Change) (loaded, bool) {
	if b == nil {
		return loaded{}, false
	}
	row, ok := b.loaded[c.Entity][c.ID]
	delete(b.loaded[c.Entity], c.ID)
	return row, ok
}

// Free notes keys, values of the single field of Key, that no record has.
func (b *Bulk) Free(e *Entity, keys []string) {
	if b.free == nil {
		b.free = map[*Entity]map[string]bool{}
	}
	b.free[e] = make(map[string]bool, len(keys))
	for _, key := range keys {
		b.free[e][key] = true
	}
}

// IsFree reports whether it is known that no record had a key before this transaction; a nil Bulk knows nothing. An index must keep the key unique, as other new records of the
// transaction may have it.
func (b *Bulk) IsFree(e *Entity, key string) bool { return b != nil && b.free[e][key] }

// Once returns what look found for the key when it was asked first; a nil Bulk asks each time. It is for what no change of the transaction changes.
func (b *Bulk) Once(key any, look func() (int64, error)) (int64, error) {
	if b == nil {
		return look()
	}
	if v, ok := b.once[key]; ok {
		return v, nil
	}
	v, err := look()
	if err != nil {
		return 0, err
	}
	if b.once == nil {
		b.once = map[any]int64{}
	}
	b.once[key] = v
	return v, nil
}

// defers reports whether a new record is written by Flush.
func (b *Bulk) defers(c *Change) bool {
	return b != nil && b.Rows > 1 && c.New() && c.Entity.Batched && len(c.children) == 0 && !c.Entity.hasPairs()
}

// hasPairs reports whether records have lists of others that are kept in tables of their own.
func (e *Entity) hasPairs() bool {
	return slices.ContainsFunc(e.Fields, func(f *Field) bool { return f.Kind == Refs && f.Via == "" })
}

// later keeps the row of a new record for Flush, and returns the id that it will have.
func (b *Bulk) later(ctx context.Context, tx *db.Tx, e *Entity, cols []string, values []any) (int64, error) {
	if len(b.ids[e]) == 0 {
		ids, err := tx.NextIDs(ctx, e.Table, b.Rows)
		if err != nil {
			return 0, fmt.Errorf("take ids of %s: %w", e.Name, err)
		}
		if b.ids == nil {
			b.ids = map[*Entity]db.IDs{}
		}
		b.ids[e] = ids
	}
	id := b.ids[e][0]
	b.ids[e] = b.ids[e][1:]
	list := strings.Join(cols, ", ")
	at := slices.IndexFunc(b.rows, func(g *rowGroup) bool { return g.entity == e && g.cols == list })
	if at < 0 {
		at = len(b.rows)
		b.rows = append(b.rows, &rowGroup{entity: e, cols: list})
	}
	b.rows[at].rows = append(b.rows[at].rows, append(values, id))
	return id, nil
}

// exact reports whether a reference may lead to every record that is in force, and to no other.
func (c *Change) exact(f *Field) bool {
	return f.Among == nil && !f.Outlives && !(c.Entity.Validity && c.values["validity_to"] != nil)
}

// knows reports whether all these records were found before.
func (b *Bulk) knows(c *Change, f *Field, ids []int64) bool {
	return b != nil && c.exact(f) && !slices.ContainsFunc(ids, func(id int64) bool { return !b.there[f.to][id] })
}

// learn remembers records that were found.
func (b *Bulk) learn(c *Change, f *Field, found []int64) {
	if b == nil || !c.exact(f) {
		return
	}
	b.add(f.to, found)
}

func (b *Bulk) add(e *Entity, found []int64) {
	if b.there == nil {
		b.there = map[*Entity]map[int64]bool{}
	}
	if b.there[e] == nil {
		b.there[e] = map[int64]bool{}
	}
	for _, id := range found {
		b.there[e][id] = true
	}
}

// keepsVersion takes over the version of a record without lists that is new, or Batched and completed, and reports whether it did.
func (b *Bulk) keepsVersion(c *Change) bool {
	if b == nil || !c.New() && !(c.Completes && c.Entity.Batched) || c.Entity.hasPairs() {
		return false
	}
	if b.made == nil {
		b.made, b.completed = map[*Entity]db.IDs{}, map[*Entity]db.IDs{}
	}
	if !slices.Contains(b.order, c.Entity) {
		b.order = append(b.order, c.Entity)
	}
	if c.New() {
		b.made[c.Entity] = append(b.made[c.Entity], c.ID)
	} else {
		b.completed[c.Entity] = append(b.completed[c.Entity], c.ID)
	}
	return true
}

// together are the sizes of the pieces that rows are inserted in: few, as the database keeps each statement ready.
var together = []int{100, 10, 1}

// Flush writes the rows, versions and facts that are left to be written, inside the transaction of the changes, and then calls After of what it wrote. A Conflict tells that the
// database refuses one of several rows, and not which: saved alone, each is told what is wrong with it.
func (b *Bulk) Flush(ctx context.Context, tx *db.Tx) error {
	for _, g := range b.rows {
		for rows := g.rows; len(rows) > 0; {
			n := together[slices.IndexFunc(together, func(size int) bool { return size <= len(rows) })]
			if err := g.insert(ctx, tx, rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	for _, e := range b.order {
		if err := b.writeVersions(ctx, tx, e); err != nil {
			return err
		}
	}
	facts, late := b.facts, b.late
	b.rows, b.made, b.completed, b.order, b.facts, b.late = nil, nil, nil, nil, nil, nil
	if err := event.EmitAll(ctx, tx, facts); err != nil {
		return err
	}
	for _, c := range late {
		if err := c.Entity.After(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

func (g *rowGroup) insert(ctx context.Context, tx *db.Tx, rows [][]any) error {
	var b builder
	lines := make([]string, len(rows))
	for i, row := range rows {
		marks := make([]string, len(row))
		for j, v := range row {
			marks[j] = b.arg(v)
		}
		lines[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	_, err := tx.Exec(ctx, "insert into "+g.entity.Table+" ("+g.cols+", id) values "+strings.Join(lines, ", "), b.args...)
	if _, _, unique := db.UniqueViolation(err); unique || db.ForeignKeyViolation(err) {
		return &almoner.Error{Kind: almoner.Conflict, Code: "conflict", Message: "One of the new records is in the way of another, or refers to what was removed meanwhile.", Err: err}
	}
	if err != nil {
		return fmt.Errorf("write %d of %s: %w", len(rows), g.entity.Name, err)
	}
	return nil
}

// writeVersions keeps the versions of the new records of an entity, and corrects those of the completed.
func (b *Bulk) writeVersions(ctx context.Context, tx *db.Tx, e *Entity) error {
	list := strings.Join(e.kept(), ", ")
	if made := b.made[e]; len(made) > 0 {
		n, err := tx.Exec(ctx, "insert into "+e.Versions+" (record_id, version, changed_at, changed_by, lists, "+list+") select id, version, updated_at, $2, $3, "+list+" from "+e.Table+
			" where "+tx.Engine().AnyID("id", "$1")+" and version = 1 order by id", made, almoner.ActorOf(ctx).UserID, json.RawMessage("{}"))
		if err != nil {
			return fmt.Errorf("keep versions of %s: %w", e.Name, err)
		}
		if int(n) != len(made) {
			return fmt.Errorf("keep versions of %s: of %d new records only %d are as they were made", e.Name, len(made), n)
		}
	}
	if completed := b.completed[e]; len(completed) > 0 {
		t := "(select " + list + " from " + e.Table + " t where t.id = record_id)"
		_, err := tx.Exec(ctx, "update "+e.Versions+" set ("+list+") = "+t+" where "+tx.Engine().AnyID("record_id", "$1")+" and version = (select t.version from "+e.Table+" t where t.id = record_id)", completed)
		if err != nil {
			return fmt.Errorf("complete versions of %s: %w", e.Name, err)
		}
	}
	return nil
}
