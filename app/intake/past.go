package intake

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// writePast notes former states of records. What they refer to is taken as far as it is known: much of it may be gone for long.
func (r *run) writePast(ctx context.Context, t *table, piece []item) error {
	if r.wish.DryRun {
		return r.into.DB.View(ctx, func(q db.Queryer) error { return r.compare(ctx, q, t, piece) })
	}
	return r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		rows := ids(piece)
		for _, it := range piece {
			rows = append(rows, t.formerOf(it.cells))
		}
		known, err := r.known(ctx, tx, t.File, rows)
		if err != nil {
			return err
		}
		refs, err := r.references(ctx, tx, t, piece)
		if err != nil {
			return err
		}
		for _, it := range piece {
			if err := r.writePastRow(ctx, tx, t, it, known, refs); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) writePastRow(ctx context.Context, tx *db.Tx, t *table, it item, known map[string]kept, refs map[*table]map[string]kept) error {
	refuse := func(column, message string) {
		t.report.Refused++
		r.report.problem(Problem{t.File, it.number, column, message})
	}
	if before, again := known[it.id]; again {
		if before.digest == it.digest {
			t.report.Unchanged++
		} else {
			refuse("", "this former state was taken in before, and what is past is not changed")
		}
		return nil
	}
	record, ok := known[t.formerOf(it.cells)]
	if !ok {
		refuse(legacyID, fmt.Sprintf("row %s was refused, and this former state of it with it", t.formerOf(it.cells)))
		return nil
	}
	got := t.understand(it.cells, func(string, string) {})
	if err := t.finish(it.cells, got.values, func(string, string) {}); err != nil {
		return err
	}
	for _, ref := range got.rows {
		if to, ok := refs[ref.file][ref.text]; ok {
			got.values[ref.field.Name] = to.record
		}
	}
	for _, ref := range got.keys {
		id, err := r.book.find(ctx, tx, ref.field.TargetEntity(), ref.text)
		if err != nil {
			return err
		}
		if id != 0 {
			got.values[ref.field.Name] = id
		}
	}
	for _, c := range t.columns {
		if v, taken := got.values[c.field.Name]; c.field.Required && (!taken || v == nil) {
			refuse(c.Name, "what this former state refers to is not known")
			return nil
		}
	}
	if err := t.ended(it, got.values); err != nil {
		return err
	}
	past, err := t.Entity.AddPast(ctx, tx, record.record, got.values)
	if err != nil {
		return t.explain(err, refuse)
	}
	t.report.Made++
	return r.remember(ctx, tx, t, []done{{it.id, kept{record: past, digest: it.digest}}})
}
