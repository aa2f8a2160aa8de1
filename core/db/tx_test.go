package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

var errRefused = errors.New("refused by the rule")

func TestTxRollsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ran := false
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func(context.Context) { ran = true })
			if _, err := add(t.Context(), tx, "x"); err != nil {
				return err
			}
			wantNames(t, tx, "x")
			wantNames(t, d)
			return errRefused
		})
		if err != errRefused { //nolint:errorlint // it must come back as it is
			t.Errorf("got %v, want the error of the function", err)
		}
		func() {
			defer func() {
				if r := recover(); r != "boom" {
					t.Errorf("got panic %v, want boom", r)
				}
			}()
			_ = d.InTx(t.Context(), func(tx *db.Tx) error {
				tx.AfterCommit(func(context.Context) { ran = true })
				_, _ = add(t.Context(), tx, "x")
				panic("boom")
			})
		}()
		if ran {
			t.Error("AfterCommit ran after a rollback")
		}
		wantNames(t, d)
		mustTx(t, d, func(tx *db.Tx) error { _, err := add(t.Context(), tx, "after"); return err })
		wantNames(t, d, "after")
	})
}

func TestTxNow(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 31, 23, 30, 0, 123456789, time.FixedZone("", 3*3600))
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			if want := time.Date(2026, 3, 31, 20, 30, 0, 123456000, time.UTC); tx.Now != want {
				t.Errorf("got %v, want %v", tx.Now, want)
			}
			return nil
		})
	}, dbtest.WithClock(fixedClock{at}))
}

func TestAfterCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		type key struct{}
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
		var order []string
		err := d.InTx(ctx, func(tx *db.Tx) error {
			for _, s := range []string{"first", "second"} {
				tx.AfterCommit(func(ctx context.Context) {
					cancel()
					order = append(order, s)
					if ctx.Value(key{}) != "kept" || ctx.Err() != nil {
						t.Errorf("the context of AfterCommit: value %v, error %v", ctx.Value(key{}), ctx.Err())
					}
					wantNames(t, d, "x")
					// The work is done: another transaction may begin.
					if err := d.InTx(ctx, func(*db.Tx) error { return nil }); err != nil {
						t.Error(err)
					}
				})
			}
			_, err := add(ctx, tx, "x")
			return err
		})
		if err != nil || !slices.Equal(order, []string{"first", "second"}) {
			t.Fatalf("got %q, %v", order, err)
		}
	})
}

func TestNestedIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		open := map[string]func(func() error) error{
			"InTx": func(fn func() error) error { return d.InTx(t.Context(), func(*db.Tx) error { return fn() }) },
			"View": func(fn func() error) error { return d.View(t.Context(), func(db.Queryer) error { return fn() }) },
		}
		for outer, openOuter := range open {
			for inner, openInner := range open {
				var err error
				if e := openOuter(func() error {
					err = openInner(func() error { t.Errorf("%s in %s ran", inner, outer); return nil })
					return nil
				}); e != nil {
					t.Errorf("%s: %v", outer, e)
				}
				if err == nil {
					t.Errorf("%s in %s: got no error", inner, outer)
				}
			}
		}
		// Another goroutine is not nested.
		mustTx(t, d, func(*db.Tx) error {
			done := make(chan error)
			go func() { done <- d.View(t.Context(), func(q db.Queryer) error { wantNames(t, q); return nil }) }()
			return <-done
		})
	})
}

func TestFailedStatementBreaksTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var later error
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := add(t.Context(), tx, "x"); err != nil {
				return err
			}
			if _, err := add(t.Context(), tx, "x"); err == nil {
				t.Error("the unique name was taken twice")
			}
			_, later = tx.Exec(t.Context(), `update demo_things set n = 1`)
			return nil // forgets the failure
		})
		if later == nil || err == nil {
			t.Errorf("after a failure: statement %v, commit %v, want errors", later, err)
		}
		if _, _, ok := db.UniqueViolation(err); !ok {
			t.Errorf("got %v, want an error that still tells the cause", err)
		}
		wantNames(t, d)
	})
}

func TestRowsOfATransactionMustBeClosed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			for _, s := range []string{"a", "b"} {
				if _, err := add(t.Context(), tx, s); err != nil {
					return err
				}
			}
			rows, err := tx.Query(t.Context(), `select id from demo_things`)
			if err != nil {
				return err
			}
			if !rows.Next() {
				t.Error("no row")
			}
			if _, err := tx.Exec(t.Context(), `update demo_things set n = 1`); err == nil {
				t.Error("a statement ran while rows were open")
			}
			rows.Close()
			rows.Close()
			_, err = tx.Exec(t.Context(), `update demo_things set n = 1`)
			return err
		})
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(t.Context(), `select id from demo_things`) // left open on purpose
			_ = rows
			return err
		})
		if err == nil {
			t.Error("a transaction with open rows was committed")
		}
		wantNames(t, d, "a", "b")
	})
}

func TestTxIsOverAfterwards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var kept *db.Tx
		mustTx(t, d, func(tx *db.Tx) error { kept = tx; return nil })
		if _, err := kept.Exec(t.Context(), `update demo_things set n = 1`); err == nil {
			t.Error("a Tx that was kept still wrote")
		}
		var q db.Queryer
		if err := d.View(t.Context(), func(v db.Queryer) error { q = v; return nil }); err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := q.QueryRow(t.Context(), `select 1`).Scan(&n); err == nil {
			t.Error("a view that was kept still read")
		}
	})
}

func TestSavepoint(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var ran []string
		note := func(tx *db.Tx, s string) { tx.AfterCommit(func(context.Context) { ran = append(ran, s) }) }
		mustTx(t, d, func(tx *db.Tx) error {
			if _, err := add(ctx, tx, "a"); err != nil {
				return err
			}
			err := tx.Savepoint(ctx, func() error {
				note(tx, "undone")
				if _, err := add(ctx, tx, "b"); err != nil {
					return err
				}
				return errRefused
			})
			if err != errRefused { //nolint:errorlint // it must come back as it is
				t.Errorf("got %v, want the error of the function", err)
			}
			// A failed statement is survived, too; and the savepoint outside lives on.
			err = tx.Savepoint(ctx, func() error {
				note(tx, "kept")
				if _, err := add(ctx, tx, "c"); err != nil {
					return err
				}
				err := tx.Savepoint(ctx, func() error { _, err := add(ctx, tx, "a"); return err })
				if _, _, ok := db.UniqueViolation(err); !ok {
					t.Errorf("got %v, want a unique violation", err)
				}
				_, err = add(ctx, tx, "d")
				return err
			})
			if err != nil {
				return err
			}
			func() {
				defer func() { _ = recover() }()
				_ = tx.Savepoint(ctx, func() error {
					_, _ = add(ctx, tx, "e")
					panic("boom")
				})
			}()
			_ = tx.Savepoint(ctx, func() error {
				_, err := tx.Query(ctx, `select id from demo_things`) // left open on purpose
				if err != nil {
					return err
				}
				return errRefused
			})
			_, err = add(ctx, tx, "f")
			return err
		})
		wantNames(t, d, "a", "c", "d", "f")
		if !slices.Equal(ran, []string{"kept"}) {
			t.Errorf("AfterCommit ran %q, want only what was kept", ran)
		}
	})
}

// Every commit that a view counts is in what it shows, a commit raises the number of the views that follow, and one that is undone does not.
func TestCommitsBefore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		commits := func() (n uint64) {
			t.Helper()
			err := d.View(t.Context(), func(q db.Queryer) error {
				var ok bool
				if n, ok = db.CommitsBefore(q); !ok {
					t.Error("a view does not say what it shows")
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := commits()
		if again := commits(); again != before {
			t.Errorf("a view raised the number from %d to %d", before, again)
		}
		if err := d.InTx(t.Context(), func(*db.Tx) error { return errRefused }); !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		if n := commits(); n != before {
			t.Errorf("what was undone raised the number from %d to %d", before, n)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, ok := db.CommitsBefore(tx); ok {
				t.Error("a transaction, which sees what others commit, says that it is a snapshot")
			}
			_, err := add(t.Context(), tx, "x")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := commits(); n != before+1 {
			t.Errorf("a commit raised the number from %d to %d", before, n)
		}
		if _, ok := db.CommitsBefore(d); ok {
			t.Error("single reads say that they are a snapshot")
		}
	})
}
