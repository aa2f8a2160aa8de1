package db_test

import (
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// TestIDsAreNotReused: what a mail or a log names must never become another record.
func TestIDsAreNotReused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var first, second int64
		mustTx(t, d, func(tx *db.Tx) (err error) {
			if first, err = add(t.Context(), tx, "a"); err != nil {
				return err
			}
			if _, err = tx.Exec(t.Context(), `delete from demo_things`); err != nil {
				return err
			}
			second, err = add(t.Context(), tx, "b")
			return err
		})
		if second <= first {
			t.Errorf("id %d came after %d", second, first)
		}
	})
}

func TestNextIDAndRaiseIDs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		mustTx(t, d, func(tx *db.Tx) error {
			var got []int64
			for range 2 {
				id, err := tx.NextID(ctx, "demo_things")
				if err != nil {
					return err
				}
				got = append(got, id)
			}
			several, err := tx.NextIDs(ctx, "demo_things", 3)
			if err != nil {
				return err
			}
			if len(several) != 3 || several[0] <= got[1] || several[1] != several[0]+1 || several[2] != several[1]+1 {
				t.Errorf("three at once are %v after %v", several, got)
			}
			got[1] = several[2]
			id, err := add(ctx, tx, "by itself")
			if err != nil {
				return err
			}
			got = append(got, id)
			if _, err := tx.Exec(ctx, `insert into demo_things (id, name) values ($1, 'taken'), ($2, 'own')`, got[0], 500); err != nil {
				return err
			}
			if err := tx.RaiseIDs(ctx, "demo_things"); err != nil {
				return err
			}
			if id, err = add(ctx, tx, "after"); err != nil {
				return err
			}
			if next, err := tx.NextID(ctx, "demo_things"); err != nil || id <= 500 || next <= id || !(got[0] < got[1] && got[1] < got[2]) {
				t.Errorf("got %d, then %d and %d, %v", got, id, next, err)
			}
			return nil
		})
	})
}
