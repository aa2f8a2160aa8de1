package api

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// journalBatch is how many mutations are forgotten in one transaction.
const journalBatch = 500

// Sweep forgets the mutations that are older than the setting mutations.days_kept, with the note of which records they were about, and returns how many; and it lets
// the files of exports go after their day. Several processes may sweep at once; what one does not get to is left to the next. A clientMutationId that was forgotten
// can be sent again, and is then done again.
func (a *API) Sweep(ctx context.Context) (int, error) {
	if err := a.sweepExports(ctx); err != nil {
		return 0, err
	}
	days := a.journalDays.Now()
	if days == 0 {
		return 0, nil
	}
	forgotten := 0
	for {
		n := 0
		err := a.DB.InTx(ctx, func(tx *db.Tx) error {
			rows, err := tx.Query(ctx, "select id from api_mutations where requested_at < $1 order by requested_at limit $2", tx.Now.AddDate(0, 0, -int(days)), int64(journalBatch))
			ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
			if err != nil || len(ids) == 0 {
				return err
			}
			if _, err := tx.Exec(ctx, "delete from api_mutation_records where "+tx.Engine().AnyID("mutation_id", "$1"), db.IDs(ids)); err != nil {
				return err
			}
			n = len(ids)
			_, err = tx.Exec(ctx, "delete from api_mutations where "+tx.Engine().AnyID("id", "$1"), db.IDs(ids))
			return err
		})
		if err != nil {
			return forgotten, fmt.Errorf("forget old mutations: %w", err)
		}
		forgotten += n
		if n < journalBatch || ctx.Err() != nil {
			return forgotten, nil
		}
	}
}
