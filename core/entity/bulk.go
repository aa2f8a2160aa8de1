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
	// there are records that references were found to lead to.
	there map[*Entity]map[int64]bool
	// made are new records without a version yet, of entities in the order of their first.
	made  map[*Entity]db.IDs
	order []*Entity
	facts []event.Fact
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
	if b.there == nil {
		b.there = map[*Entity]map[int64]bool{}
	}
	if b.there[f.to] == nil {
		b.there[f.to] = map[int64]bool{}
	}
	for _, id := range found {
		b.there[f.to][id] = true
	}
}

// keepsVersion takes over the version of a new record without lists, and reports whether it did.
func (b *Bulk) keepsVersion(c *Change) bool {
	if b == nil || !c.New() || slices.ContainsFunc(c.Entity.Fields, func(f *Field) bool { return f.Kind == Refs && f.Via == "" }) {
		return false
	}
	if b.made == nil {
		b.made = map[*Entity]db.IDs{}
	}
	if b.made[c.Entity] == nil {
		b.order = append(b.order, c.Entity)
	}
	b.made[c.Entity] = append(b.made[c.Entity], c.ID)
	return true
}

// Flush writes the versions and facts that are left to be written, inside the transaction of the changes.
func (b *Bulk) Flush(ctx context.Context, tx *db.Tx) error {
	for _, e := range b.order {
		list := strings.Join(e.kept(), ", ")
		n, err := tx.Exec(ctx, "insert into "+e.Versions+" (record_id, version, changed_at, changed_by, lists, "+list+") select id, version, updated_at, $2, $3, "+list+" from "+e.Table+
			" where "+tx.Engine().AnyID("id", "$1")+" and version = 1 order by id", b.made[e], almoner.ActorOf(ctx).UserID, json.RawMessage("{}"))
		if err != nil {
			return fmt.Errorf("keep versions of %s: %w", e.Name, err)
		}
		if int(n) != len(b.made[e]) {
			return fmt.Errorf("keep versions of %s: of %d new records only %d are as they were made", e.Name, len(b.made[e]), n)
		}
	}
	b.made, b.order = nil, nil
	facts := b.facts
	b.facts = nil
	return event.EmitAll(ctx, tx, facts)
}
