package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

var copied = []db.Migrations{{Module: "shop", FS: fstest.MapFS{"0001_goods.sql": {Data: []byte("create table shop_goods (id {{pk}}, name {{text}} not null);")}}}}

// stock inserts rows until stop is closed, and says after each commit how many there are.
func stock(ctx context.Context, d *db.DB, stop <-chan struct{}, said chan<- int64) error {
	defer close(said)
	for {
		var n int64
		err := d.InTx(ctx, func(tx *db.Tx) error {
			if _, err := tx.Insert(ctx, "insert into shop_goods (name) values ($1) returning id", "thing"); err != nil {
				return err
			}
			return tx.QueryRow(ctx, "select count(*) from shop_goods").Scan(&n)
		})
		if err != nil {
			return err
		}
		select {
		case said <- n:
		case <-stop:
			return nil
		}
	}
}

// relative is the same folder as people type it.
func relative(t *testing.T, dir string) string {
	t.Helper()
	here, err := os.Getwd()
	if err == nil {
		dir, err = filepath.Rel(here, dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A copy made while rows are written has everything that was committed before it began, and can be written to like any database.
func TestCopyBesideAWriter(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, db.SQLite, copied)
	ctx := t.Context()
	stop, said, done := make(chan struct{}), make(chan int64), make(chan error, 1)
	go func() { done <- stock(ctx, d, stop, said) }()
	for range 3 {
		before := <-said
		dir := relative(t, t.TempDir())
		finished := make(chan error, 1)
		go func() { finished <- d.Copy(ctx, dir) }()
		after := before
		for copying := true; copying; {
			select {
			case after = <-said:
			case err := <-finished:
				if err != nil {
					t.Fatal(err)
				}
				copying = false
			}
		}
		c, err := db.Open(ctx, db.Config{Dir: dir, MaxConns: 2})
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := c.QueryRow(ctx, "select count(*) from shop_goods").Scan(&n); err != nil {
			t.Fatal(err)
		}
		// One more may be committed and not yet said.
		if n < before || n > after+1 {
			t.Errorf("the copy has %d rows; there were %d before it and %d after", n, before, after)
		}
		err = c.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Insert(ctx, "insert into shop_goods (name) values ($1) returning id", "more")
			return err
		})
		if err := errors.Join(err, c.Close()); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(filepath.Join(dir, db.FileName)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy: %v, %v; want it readable by its owner only", info.Mode(), err)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, db.SQLite, copied)
	dir := t.TempDir()
	kept := filepath.Join(dir, db.FileName)
	if err := os.WriteFile(kept, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Copy(t.Context(), dir); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	if b, err := os.ReadFile(kept); err != nil || string(b) != "mine" {
		t.Errorf("the file that was there: %q, %v", b, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	empty := t.TempDir()
	if err := d.Copy(ended, empty); !db.IsCancelled(err) {
		t.Errorf("for a caller that has gone: %v", err)
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) != 0 {
		t.Errorf("a failed copy left %v, %v", left, err)
	}
	if err := dbtest.New(t, db.Postgres, nil).Copy(t.Context(), t.TempDir()); !errors.Is(err, db.ErrNotEmbedded) {
		t.Errorf("of PostgreSQL: %v", err)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	c := dbtest.NewConfig(t, db.SQLite, copied)
	c.Dir = relative(t, c.Dir)
	if err := db.Rest(t.Context(), t.TempDir()); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Rest(t.Context(), c.Dir); err == nil {
		t.Error("a database that is open counts as being at rest")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Rest(t.Context(), c.Dir); err != nil {
		t.Errorf("a closed database: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Dir, "*")); len(left) != 1 {
		t.Errorf("a database at rest has its log beside it: %v", left)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, db.FileName), []byte("this is no database at all, only a text that is long enough"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Rest(t.Context(), c.Dir); err != nil {
		t.Errorf("a damaged file: %v", err)
	}
}
