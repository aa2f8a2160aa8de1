package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// References that lead in a circle, such as that of a family to its head, are written when the rows of both sides are there.

// writeLater sets the references of rows that were written before what they refer to.
func (r *run) writeLater(ctx context.Context, t *table, piece []item) error {
	err := r.attemptLater(ctx, t, piece)
	if errors.Is(err, errAlone) && len(piece) > 1 {
		for i := range piece {
			if err := r.attemptLater(ctx, t, piece[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	return err
}

// attemptLater is one transaction of writeLater. What it notes stands only when it commits.
func (r *run) attemptLater(ctx context.Context, t *table, piece []item) error {
	problems, more := len(r.report.Problems), r.report.More
	err := r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		w := &work{bulk: &entity.Bulk{Rows: len(piece)}, alone: len(piece) == 1}
		var err error
		if w.own, err = r.known(ctx, tx, t.File, ids(piece)); err != nil {
			return err
		}
		piece := slices.DeleteFunc(slices.Clone(piece), func(it item) bool { return !strings.HasPrefix(w.own[it.id].digest, begun) })
		if w.refs, err = r.references(ctx, tx, t, piece); err != nil {
			return err
		}
		if err := w.find(ctx, tx); err != nil {
			return err
		}
		records := make(db.IDs, len(piece))
		for i, it := range piece {
			records[i] = w.own[it.id].record
		}
		if err := w.bulk.Load(ctx, tx, t.Entity, records); err != nil {
			return err
		}
		for _, it := range piece {
			if err := r.writeLaterRow(ctx, tx, t, it, w); err != nil {
				return err
			}
		}
		return r.conclude(ctx, tx, t, w)
	})
	if err != nil {
		r.report.Problems, r.report.More = r.report.Problems[:problems], more
	}
	return err
}

func (r *run) writeLaterRow(ctx context.Context, tx *db.Tx, t *table, it item, w *work) error {
	k := w.own[it.id]
	values := entity.Values{}
	for _, ref := range t.understand(it.cells, func(string, string) {}).rows {
		if to, ok := w.refs[ref.file][ref.text]; ok && ref.Later {
			values[ref.field.Name] = to.record
		}
	}
	if t.past(it.cells) {
		if err := r.completeEnded(ctx, tx, t, k, values); err != nil {
			return err
		}
	} else {
		change := t.Entity.NewChange(k.record, values)
		change.Completes, change.Bulk = true, w.bulk
		save := func() error { return t.Entity.Save(ctx, tx, change) }
		if w.alone {
			plain := save
			save = func() error { return tx.Savepoint(ctx, plain) }
		}
		if err := save(); err != nil {
			if !w.alone && almoner.KindOf(err) == almoner.Conflict {
				return errAlone
			}
			return t.explain(err, func(column, message string) { r.report.problem(Problem{t.File, it.number, column, message}) })
		}
	}
	w.done = append(w.done, done{it.id, kept{record: k.record, digest: it.digest}})
	return nil
}

// completeEnded sets the later references of a record that has ended, which takes no changes any more.
func (r *run) completeEnded(ctx context.Context, tx *db.Tx, t *table, k kept, values entity.Values) error {
	for _, c := range t.columns {
		v, ok := values[c.field.Name]
		if !ok {
			continue
		}
		if _, err := tx.Exec(ctx, "update "+t.Entity.Table+" set "+c.field.Column+" = $2 where id = $1", k.record, v); err != nil {
			return fmt.Errorf("complete record %d of %s: %w", k.record, t.Entity.Name, err)
		}
	}
	return nil
}
