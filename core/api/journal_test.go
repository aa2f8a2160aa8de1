package api_test

import (
	"fmt"
	"testing"
	"time"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/setting"
)

// The log of mutations is kept as long as administrators say.
func TestOldMutationsAreForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) {
		book, err := setting.NewBook(api.Settings()...)
		if err != nil {
			t.Fatal(err)
		}
		s := serveWith(t, entitytest.New(t, d), book)
		note := func(id string, age time.Duration) {
			t.Helper()
			err := d.InTx(t.Context(), func(tx *db.Tx) error {
				row, err := tx.Insert(t.Context(), "insert into api_mutations (uuid, user_id, client_mutation_id, name, status, requested_at) values ($1, 1, $1, 'x', 2, $2) returning id", id, tx.Now.Add(-age))
				if err != nil {
					return err
				}
				_, err = tx.Exec(t.Context(), "insert into api_mutation_records (mutation_id, entity, record_id) values ($1, 'library.book', 1)", row)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		const day = 24 * time.Hour
		for i := range 3 {
			note(fmt.Sprint("year", i), 366*day)
			note(fmt.Sprint("month", i), 31*day)
			note(fmt.Sprint("hour", i), time.Hour)
		}
		sweep := func(what string, want, left int) {
			t.Helper()
			n, err := s.api.Sweep(t.Context())
			if err != nil || n != want {
				t.Errorf("%s: %d mutations were forgotten, want %d; %v", what, n, want, err)
			}
			for _, table := range []string{"api_mutations", "api_mutation_records"} {
				if rows := s.count(table); rows != int64(left) {
					t.Errorf("%s: %d rows of %s are left, want %d", what, rows, table, left)
				}
			}
		}
		sweep("as it comes", 3, 6)
		sweep("again", 0, 6)
		book.Apply([]setting.Override{{Name: "mutations.days_kept", Value: []byte("0")}})
		sweep("for ever", 0, 6)
		for i := range 1100 { // more than go at once
			note(fmt.Sprint("more", i), 40*day)
		}
		book.Apply([]setting.Override{{Name: "mutations.days_kept", Value: []byte("30")}})
		sweep("a month", 1103, 3)
	})
}
