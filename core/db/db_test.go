package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// files makes a module's migrations from names and texts in turn.
func files(kv ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = &fstest.MapFile{Data: []byte(kv[i+1])}
	}
	return m
}

// things is one table with a column of every kind.
var things = []db.Migrations{{Module: "demo", FS: files("0001_things.sql", `
create table demo_things (
	id {{pk}},
	name {{text}},
	n bigint,
	ok {{bool}},
	f double precision,
	at {{time}},
	day {{date}},
	doc {{json}},
	key {{uuid}},
	raw {{bytes}}
);
create unique index demo_things_name on demo_things (name);
`)}}

type fixedClock struct{ t time.Time }

func (c fixedClock) Now() time.Time { return c.t }

func mustTx(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.InTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func add(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return tx.Insert(ctx, `insert into demo_things (name) values ($1) returning id`, name)
}

func names(t *testing.T, q db.Queryer) []string {
	t.Helper()
	rows, err := q.Query(t.Context(), `select name from demo_things order by id`)
	all, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantNames(t *testing.T, q db.Queryer, want ...string) {
	t.Helper()
	if got := names(t, q); !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var a, b, c string
		err := d.QueryRow(t.Context(), `select cast($2 as text), cast($1 as text), cast($2 as text)`, "one", "two").Scan(&a, &b, &c)
		if err != nil || a != "two" || b != "one" || c != "two" {
			t.Fatalf("got %q %q %q, %v", a, b, c, err)
		}
		mustTx(t, d, func(tx *db.Tx) error {
			n, err := tx.Exec(t.Context(), `insert into demo_things (name, n, f) values ($3, $1, $2), ($4, $1, $2)`, int64(7), 1.5, "x", "y")
			if n != 2 {
				t.Errorf("got %d rows, want 2", n)
			}
			return err
		})
		var n int64
		var f float64
		if err := d.QueryRow(t.Context(), `select n, f from demo_things where name = $1`, "y").Scan(&n, &f); err != nil || n != 7 || f != 1.5 {
			t.Fatalf("got %d %v, %v", n, f, err)
		}
	})
}

func TestNoRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var id int64
		if err := d.QueryRow(t.Context(), `select id from demo_things where id = $1`, int64(1)).Scan(&id); !errors.Is(err, db.ErrNoRows) {
			t.Fatalf("got %v, want ErrNoRows", err)
		}
		mustTx(t, d, func(tx *db.Tx) error {
			if _, err := add(t.Context(), tx, "x"); err != nil {
				return err
			}
			_, err := tx.Insert(t.Context(), `insert into demo_things (name) values ($1) on conflict do nothing returning id`, "x")
			if !errors.Is(err, db.ErrNoRows) {
				t.Errorf("insert of nothing: got %v, want ErrNoRows", err)
			}
			// Finding nothing breaks no transaction.
			_, err = add(t.Context(), tx, "y")
			return err
		})
		wantNames(t, d, "x", "y")
	})
}

func TestAnyLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ids := db.IDs{}
		odd := "a \"quote\", a \\ and <é>"
		mustTx(t, d, func(tx *db.Tx) error {
			for _, name := range []string{"a", "b", odd} {
				id, err := add(t.Context(), tx, name)
				if err != nil {
					return err
				}
				ids = append(ids, id)
			}
			return nil
		})
		for _, c := range []struct {
			where string
			arg   any
			want  int64
		}{
			{d.Engine().AnyID("id", "$1"), ids[:2], 2},
			{d.Engine().AnyID("id", "$1"), db.IDs{ids[2], 999}, 1},
			{d.Engine().AnyID("id", "$1"), db.IDs{}, 0},
			{d.Engine().AnyID("id", "$1"), db.IDs(nil), 0},
			{d.Engine().AnyText("name", "$1"), db.Texts{odd, "b", "nobody"}, 2},
			{d.Engine().AnyText("name", "$1"), db.Texts(nil), 0},
		} {
			var n int64
			if err := d.QueryRow(t.Context(), `select count(*) from demo_things where `+c.where, c.arg).Scan(&n); err != nil || n != c.want {
				t.Errorf("%s with %v: got %d, %v, want %d", c.where, c.arg, n, err, c.want)
			}
		}
		if _, err := d.Query(t.Context(), `select id from demo_things where `+d.Engine().AnyText("name", "$1"), db.Texts{"a\x00"}); almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("a NUL in a list: got %v, want an Invalid error", err)
		}
	})
}

func TestReadsCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		insert := `insert into demo_things (name) values ('x') returning id`
		var id int64
		if err := d.QueryRow(t.Context(), insert).Scan(&id); err == nil {
			t.Error("a *DB let itself be written through")
		}
		err := d.View(t.Context(), func(q db.Queryer) error { return q.QueryRow(t.Context(), insert).Scan(&id) })
		if err == nil {
			t.Error("a view let itself be written through")
		}
		wantNames(t, d)
	})
}

func TestLikeIsExact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error { _, err := add(t.Context(), tx, "Anna"); return err })
		for pattern, want := range map[string]int64{"An%": 1, "an%": 0} {
			var n int64
			if err := d.QueryRow(t.Context(), `select count(*) from demo_things where name like $1`, pattern).Scan(&n); err != nil || n != want {
				t.Errorf("like %q: got %d, %v, want %d", pattern, n, err, want)
			}
		}
	})
}

func TestTextSortsBytewise(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			for _, s := range []string{"é", "b", "Z", "a", "_"} {
				if _, err := add(t.Context(), tx, s); err != nil {
					return err
				}
			}
			return nil
		})
		rows, err := d.Query(t.Context(), `select name from demo_things order by name`)
		got, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
		if want := "Z _ a b é"; err != nil || strings.Join(got, " ") != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	})
}

func TestViewIsASnapshot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error { _, err := add(t.Context(), tx, "before"); return err })
		err := d.View(t.Context(), func(q db.Queryer) error {
			wantNames(t, q, "before")
			written := make(chan error)
			go func() {
				written <- d.InTx(t.Context(), func(tx *db.Tx) error { _, err := add(t.Context(), tx, "meanwhile"); return err })
			}()
			if err := <-written; err != nil {
				return err
			}
			wantNames(t, q, "before")
			wantNames(t, d, "before", "meanwhile")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, d, "before", "meanwhile")
	})
}

func TestCountStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		outer, all := db.CountStatements(t.Context())
		ctx, inner := db.CountStatements(outer)
		err := d.InTx(ctx, func(tx *db.Tx) error {
			if _, err := add(ctx, tx, "x"); err != nil {
				return err
			}
			return tx.Savepoint(ctx, func() error {
				_, err := tx.Exec(ctx, `update demo_things set n = 1`)
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := d.QueryRow(outer, `select count(*) from demo_things`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if inner.N() != 2 || all.N() != 3 || len(inner.SQL()) != 2 || inner.SQL()[1] != `update demo_things set n = 1` {
			t.Fatalf("got %d %q inside, %d %q in all, want 2 and 3", inner.N(), inner.SQL(), all.N(), all.SQL())
		}
	})
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		gone := errors.New("the person closed the window")
		ctx, cancel := context.WithCancelCause(t.Context())
		err := d.InTx(ctx, func(tx *db.Tx) error {
			if _, err := add(ctx, tx, "x"); err != nil {
				return err
			}
			cancel(gone)
			return nil
		})
		if !errors.Is(err, gone) {
			t.Errorf("commit after the end of the context: got %v, want the cause", err)
		}
		if err := d.InTx(ctx, func(*db.Tx) error { t.Error("ran"); return nil }); err == nil {
			t.Error("a transaction began under an ended context")
		}
		if _, err := d.Query(ctx, `select 1`); !errors.Is(err, gone) {
			t.Errorf("query under an ended context: got %v, want the cause", err)
		}
		// A statement that runs for long is stopped, and its connection is not the worse for it.
		endless := `with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`
		for range 3 {
			short, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
			var n int64
			err := d.QueryRow(short, endless).Scan(&n)
			stop()
			if !errors.Is(err, context.DeadlineExceeded) || !db.IsCancelled(err) {
				t.Errorf("endless statement: got %v, want the deadline", err)
			}
			short, stop = context.WithTimeout(t.Context(), 30*time.Millisecond)
			err = d.InTx(short, func(tx *db.Tx) error {
				if _, err := add(short, tx, "y"); err != nil {
					return err
				}
				return tx.QueryRow(short, endless).Scan(&n)
			})
			stop()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("endless statement in a transaction: got %v, want the deadline", err)
			}
		}
		wantNames(t, d)
	})
}

func TestManyReadersAndWriters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into demo_things (name, n) values ('counter', 0)`)
			return err
		})
		const workers, rounds = 16, 10
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for r := range rounds {
					err := d.InTx(t.Context(), func(tx *db.Tx) error {
						if _, err := tx.Exec(t.Context(), `update demo_things set n = n + 1 where name = 'counter'`); err != nil {
							return err
						}
						// A read beside the transaction never waits for a writer.
						var n int64
						if err := d.QueryRow(t.Context(), `select n from demo_things where name = 'counter'`).Scan(&n); err != nil {
							return err
						}
						_, err := add(t.Context(), tx, fmt.Sprintf("%d-%d", w, r))
						return err
					})
					if err != nil {
						t.Errorf("write: %v", err)
						return
					}
					err = d.View(t.Context(), func(q db.Queryer) error {
						var n, rows int64
						if err := q.QueryRow(t.Context(), `select n from demo_things where name = 'counter'`).Scan(&n); err != nil {
							return err
						}
						if err := q.QueryRow(t.Context(), `select count(*) - 1 from demo_things`).Scan(&rows); err != nil {
							return err
						}
						if n != rows {
							t.Errorf("a view saw %d and %d", n, rows)
						}
						return d.QueryRow(t.Context(), `select n from demo_things where name = 'counter'`).Scan(&n)
					})
					if err != nil {
						t.Errorf("view: %v", err)
						return
					}
				}
			})
		}
		wg.Wait()
		var n int64
		if err := d.QueryRow(t.Context(), `select n from demo_things where name = 'counter'`).Scan(&n); err != nil || n != workers*rounds {
			t.Fatalf("got %d, %v, want %d", n, err, workers*rounds)
		}
	}, dbtest.WithMaxConns(4))
}
