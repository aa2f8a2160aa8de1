package db_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// What is in a table when it is looked at is known to connections that were open before, and looking again changes nothing until it has grown tenfold.
func TestOptimize(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		if d.Engine() == db.Postgres {
			if err := d.Optimize(t.Context()); err != nil {
				t.Fatal(err)
			}
			return
		}
		wantNames(t, d) // a reader is open
		fill := func(n int) {
			t.Helper()
			err := d.InTx(t.Context(), func(tx *db.Tx) error {
				for i := range n {
					if _, err := add(t.Context(), tx, fmt.Sprintf("%d of %d", i, n)); err != nil {
						return err
					}
				}
				return nil
			})
			if err == nil {
				err = d.Optimize(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		noted := func() string {
			t.Helper()
			rows, err := d.Query(t.Context(), "select stat from sqlite_stat1 where tbl = 'demo_things'")
			list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(list, ", ")
		}
		fill(50)
		first := noted()
		if !strings.Contains(first, "50 ") && first != "50" {
			t.Errorf("of 50 rows it notes %q", first)
		}
		fill(20)
		if got := noted(); got != first {
			t.Errorf("after a few more rows it notes %q", got)
		}
		fill(2000)
		if got := noted(); got == first {
			t.Errorf("after many more rows it still notes %q", got)
		}
	})
}
