// Package dbtest gives every test a migrated database of its own, on each engine, for a few milliseconds: the migrations run
// once per set of files, and each test gets a copy.
//
//	func TestOpen(t *testing.T) {
//		t.Parallel()
//		dbtest.Each(t, migrations, func(t *testing.T, d *db.DB) { … })
//	}
//
// PostgreSQL is found by the environment variable ALMONER_TEST_POSTGRES, else by the file .tools/postgres/url that
// `make postgres` writes. Without it the tests fail: half of a conformance suite proves nothing.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Engines returns the engines that every test of stored data runs on.
func Engines() []db.Engine { return []db.Engine{db.SQLite, db.Postgres} }

// Option changes how a test's database is opened.
type Option func(*db.Config)

// WithClock sets the clock that gives Tx.Now.
func WithClock(c almoner.Clock) Option { return func(cfg *db.Config) { cfg.Clock = c } }

// WithMaxConns sets the number of connections; the default is few, as many tests share one server.
func WithMaxConns(n int) Option { return func(cfg *db.Config) { cfg.MaxConns = n } }

// Each runs fn as a parallel subtest per engine, named after it, each with a migrated database of its own. A nil or empty list of
// migrations gives an empty database.
func Each(t *testing.T, migrations []db.Migrations, fn func(t *testing.T, d *db.DB), options ...Option) {
	t.Helper()
	for _, e := range Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			fn(t, New(t, e, migrations, options...))
		})
	}
}

// New returns a migrated database of the engine, closed and removed when the test ends. It fails the test when it cannot.
func New(t testing.TB, e db.Engine, migrations []db.Migrations, options ...Option) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), NewConfig(t, e, migrations, options...))
	if err != nil {
		t.Fatalf("dbtest: open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

// NewConfig makes a migrated database as New does, but leaves opening it to the test: for tests of the whole program, or of
// several programs on one database.
func NewConfig(t testing.TB, e db.Engine, migrations []db.Migrations, options ...Option) db.Config {
	t.Helper()
	c := defaults()
	for _, o := range options {
		o(&c)
	}
	key, err := fingerprint(migrations)
	if err != nil {
		t.Fatalf("dbtest: read migrations: %v", err)
	}
	if e == db.SQLite {
		c.Dir = t.TempDir()
		image, err := sqliteImage(key, migrations)
		if err == nil {
			err = os.WriteFile(filepath.Join(c.Dir, db.FileName), image, 0o600)
		}
		if err != nil {
			t.Fatalf("dbtest: %v", err)
		}
		return c
	}
	c.URL = postgresCopy(t, key, migrations)
	return c
}

// defaults are the settings of a test's database, which has few connections, as many tests share one server.
func defaults() db.Config {
	c := db.Defaults()
	c.Dir, c.MaxConns, c.Volatile = "", 8, true
	return c
}

// fingerprint is the same for the same files.
func fingerprint(migrations []db.Migrations) (string, error) {
	h := sha256.New()
	for _, m := range migrations {
		fmt.Fprintf(h, "module %q\n", m.Module)
		if m.FS == nil {
			continue
		}
		err := fs.WalkDir(m.FS, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
				return err
			}
			b, err := fs.ReadFile(m.FS, path)
			fmt.Fprintf(h, "%q %d\n%s", path, len(b), b)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// images holds the bytes of migrated SQLite files by fingerprint.
var images sync.Map

type image struct {
	once  sync.Once
	bytes []byte
	err   error
}

func sqliteImage(key string, migrations []db.Migrations) ([]byte, error) {
	v, _ := images.LoadOrStore(key, &image{})
	i := v.(*image)
	i.once.Do(func() { i.bytes, i.err = makeSQLiteImage(migrations) })
	return i.bytes, i.err
}

func makeSQLiteImage(migrations []db.Migrations) (b []byte, err error) {
	dir, err := os.MkdirTemp("", "almoner-dbtest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c := db.Defaults()
	c.Dir, c.Volatile = dir, true
	if err := migrate(c, migrations); err != nil {
		return nil, err
	}
	// Closing the last connection has moved the log into the file.
	return os.ReadFile(filepath.Join(dir, db.FileName))
}

func migrate(c db.Config, migrations []db.Migrations) error {
	ctx := context.Background()
	d, err := db.Open(ctx, c)
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx, d, migrations)
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}
