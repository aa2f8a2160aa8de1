package file_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
)

// shelf is a module whose records name files.
var shelf = db.Migrations{Module: "shelf", FS: fstest.MapFS{"0001_papers.sql": {Data: []byte("create table shelf_papers (id {{pk}}, blob_key {{text}} not null);")}}}

// shelved runs fn on every engine with a bench on which records can name files.
func shelved(t *testing.T, fn func(b *bench)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			b := &bench{T: t, clock: &clock{}, dir: t.TempDir()}
			b.db = dbtest.New(t, engine, []db.Migrations{event.Migrations, file.Migrations, shelf}, dbtest.WithClock(b.clock))
			b.open("")
			fn(b)
		})
	}
}

// shelve stores a file with a record that names it.
func (b *bench) shelve(text string) (key string) {
	b.Helper()
	in := b.receive("paper.txt", text)
	err := b.db.InTx(b.Context(), func(tx *db.Tx) error {
		if err := in.Keep(b.Context(), tx); err != nil {
			return err
		}
		_, err := tx.Insert(b.Context(), "insert into shelf_papers (blob_key) values ($1) returning id", in.Key)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return in.Key
}

// unshelve deletes the record and lets its file go.
func (b *bench) unshelve(key string) {
	b.Helper()
	err := b.db.InTx(b.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(b.Context(), "delete from shelf_papers where blob_key = $1", key); err != nil {
			return err
		}
		return b.Discard(b.Context(), tx, key)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// While files are held nothing is deleted, and what should have been goes with a later sweep. The mark of a program that was killed counts for minutes only.
func TestHold(t *testing.T) {
	t.Parallel()
	for _, killed := range []bool{false, true} {
		shelved(t, func(b *bench) {
			folder := filepath.Join(b.dir, "files")
			key := b.shelve("held")
			release, err := file.Hold(folder)
			if err != nil {
				b.Fatal(err)
			}
			b.unshelve(key)
			if got := b.read(key); got != "held" {
				b.Errorf("a held file: %s", got)
			}
			b.clock.days.Add(2)
			b.sweep(0)
			marks, _ := filepath.Glob(filepath.Join(folder, ".held-*"))
			if len(marks) != 1 {
				b.Fatalf("marks: %v", marks)
			}
			if killed {
				old := time.Now().Add(-time.Hour)
				err = os.Chtimes(marks[0], old, old)
			} else {
				err = errors.Join(release(), release())
			}
			if err != nil {
				b.Fatal(err)
			}
			b.sweep(1)
			if n := b.onDisk(); n != 0 {
				b.Errorf("%d files are left after the sweep", n)
			}
			if killed {
				_ = release()
			}
		})
	}
	if release, err := file.Hold(filepath.Join(t.TempDir(), "none")); err != nil || release() != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// Check finds the files that records name and nobody has.
func TestCheck(t *testing.T) {
	t.Parallel()
	shelved(t, func(b *bench) {
		b.shelve("there")
		gone := b.shelve("gone")
		path, _ := file.Path(filepath.Join(b.dir, "files"), gone)
		if err := os.Remove(path); err != nil {
			b.Fatal(err)
		}
		var lost []file.Lost
		n, err := b.Check(b.Context(), func(l file.Lost) error { lost = append(lost, l); return nil })
		if err != nil || n != 2 || len(lost) != 1 || lost[0] != (file.Lost{Table: "shelf_papers", Key: gone}) {
			b.Errorf("named %d, lost %v, %v", n, lost, err)
		}
		stop := errors.New("enough")
		if _, err := b.Check(b.Context(), func(file.Lost) error { return stop }); !errors.Is(err, stop) {
			b.Errorf("a visitor that stops: %v", err)
		}
		ended, end := context.WithCancel(b.Context())
		end()
		if _, err := b.Check(ended, func(file.Lost) error { return nil }); err == nil {
			b.Error("a caller that has gone gets an answer")
		}
	})
}

func TestIsKey(t *testing.T) {
	t.Parallel()
	good := "ab/" + strings.Repeat("0", 38)
	if !file.IsKey(good) {
		t.Errorf("%s is a key", good)
	}
	for _, bad := range []string{"", "../etc/passwd", good[:40], good + "0", "AB/" + strings.Repeat("0", 38), "ab\\" + strings.Repeat("0", 38), "..", "ab/" + strings.Repeat("0", 36) + ".."} {
		if _, ok := file.Path("x", bad); ok || file.IsKey(bad) {
			t.Errorf("%q counts as a key", bad)
		}
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url, dir, want string
		ok             bool
	}{{"", "/d", "/d/files", true}, {"file:///srv/files", "/d", "/srv/files", true}, {"s3://bucket?region=x", "/d", "", false}, {"", "", "files", false}} {
		if got, ok := file.Folder(file.Config{URL: c.url}, c.dir); filepath.ToSlash(got) != c.want || ok != c.ok {
			t.Errorf("%q in %q: %q, %v", c.url, c.dir, got, ok)
		}
	}
}
