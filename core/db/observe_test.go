package db_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// An observer hears of each statement once, with whether it failed and without its arguments, and of each transaction with how it ended.
func TestObserver(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var heard []string
			hear := func(line string) {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, line)
			}
			c := dbtest.NewConfig(t, engine, copied)
			c.Observer = db.Observer{
				Statement: func(_ context.Context, sql string) func(error) {
					return func(err error) { hear(map[bool]string{true: "good ", false: "bad "}[err == nil] + sql) }
				},
				Transaction: func(context.Context) func(bool) {
					return func(committed bool) { hear(map[bool]string{true: "committed", false: "rolled back"}[committed]) }
				},
			}
			d, err := db.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			const insert, read = "insert into shop_goods (name) values ($1) returning id", "select name from shop_goods"
			var busy []db.Pool
			err = d.InTx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Insert(t.Context(), insert, "a secret")
				busy = d.Pools()
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			stop := errors.New("stop")
			if err := d.InTx(t.Context(), func(tx *db.Tx) error {
				_, _ = tx.Exec(t.Context(), "update nothing set x = 1")
				return stop
			}); !errors.Is(err, stop) {
				t.Fatal(err)
			}
			var name string
			if err := d.QueryRow(t.Context(), read).Scan(&name); err != nil {
				t.Fatal(err)
			}
			err = d.View(t.Context(), func(q db.Queryer) error { return q.QueryRow(t.Context(), read).Scan(&name) })
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"good " + insert, "committed", "bad update nothing set x = 1", "rolled back", "good " + read, "good " + read}
			if !slices.Equal(heard, want) {
				t.Errorf("heard\n%s\nwant\n%s", strings.Join(heard, "\n"), strings.Join(want, "\n"))
			}
			if len(busy) != 2 || busy[1].Name != "write" || busy[1].Busy != 1 || busy[0].Busy != 0 || busy[0].Most < 1 {
				t.Errorf("the connections during a transaction: %+v", busy)
			}
			for _, p := range d.Pools() {
				if p.Busy != 0 || p.Open > p.Most {
					t.Errorf("the connections afterwards: %+v", p)
				}
			}
		})
	}
}
