package dbtest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"almoner.dev/almoner/core/db"
)

// Filled is NewConfig for tests that begin with the same data: fill writes them once in a test process, into a migrated database and a folder of its own, and
// each caller gets a copy of both. What names the data among those that are filled for the same migrations. On SQLite the database lies in the folder. Fill must close
// what it opened.
func Filled(t testing.TB, e db.Engine, migrations []db.Migrations, what string, fill func(c db.Config, dir string) error) (c db.Config, dir string) {
	t.Helper()
	key, err := fingerprint(migrations)
	if err != nil {
		t.Fatalf("dbtest: read migrations: %v", err)
	}
	v, _ := fillings.LoadOrStore(string(e)+" "+key+" "+what, &filling{})
	f := v.(*filling)
	f.once.Do(func() { f.err = f.make(e, key, migrations, fill) })
	if f.err != nil {
		t.Fatalf("dbtest: fill: %v", f.err)
	}
	dir = t.TempDir()
	if err := f.write(dir); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	c = defaults()
	if e == db.SQLite {
		c.Dir = dir
		return c, dir
	}
	s := &theServer
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx := context.Background()
	if err := s.connect(ctx); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	name, err := s.copied(ctx, f.database)
	if err != nil {
		t.Fatalf("dbtest: create the test's database: %v", err)
	}
	c.URL = s.given(t, name)
	return c, dir
}

// fillings holds what was filled, by engine, migrations and data.
var fillings sync.Map

type filling struct {
	once sync.Once
	err  error
	// files are those of the folder, by path.
	files map[string][]byte
	// database is the name of the database on PostgreSQL. The process that fills it leaves it to the next to sweep.
	database string
}

func (f *filling) make(e db.Engine, key string, migrations []db.Migrations, fill func(c db.Config, dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "almoner-dbtest-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c := defaults()
	if e == db.SQLite {
		image, err := sqliteImage(key, migrations)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, db.FileName), image, 0o600)
		}
		if err != nil {
			return err
		}
		c.Dir = dir
	} else if c.URL, err = f.emptyPostgres(key, migrations); err != nil {
		return err
	}
	if err := fill(c, dir); err != nil {
		return err
	}
	return f.read(dir)
}

func (f *filling) emptyPostgres(key string, migrations []db.Migrations) (url string, err error) {
	ctx := context.Background()
	s := &theServer
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.connect(ctx); err != nil {
		return "", err
	}
	if f.database, err = s.migrated(ctx, key, migrations); err != nil {
		return "", fmt.Errorf("create the database: %w", err)
	}
	return s.address(f.database), nil
}

func (f *filling) read(dir string) error {
	f.files = map[string][]byte{}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			f.files[name], err = os.ReadFile(path)
		}
		return err
	})
}

func (f *filling) write(dir string) error {
	for name, content := range f.files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
