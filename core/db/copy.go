package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotEmbedded is returned for what only the embedded database can do; PostgreSQL brings its own tools for it.
var ErrNotEmbedded = errors.New("the database is not the embedded one")

// copyPages is how many pages are copied between two looks at whether the caller is still there.
const copyPages = 1024

// Copy writes the embedded database as it is now into a new file FileName in dir, for Open to open. Everything that was committed before the
// call is in it, nothing of what is not committed; the database stays open to readers and writers, of other programs as well. The file is on
// disk when Copy returns, and gone when it fails. ErrNotEmbedded on PostgreSQL.
func (d *DB) Copy(ctx context.Context, dir string) (err error) {
	s, ok := unwrap(d.backend).(*embedded)
	if !ok {
		return ErrNotEmbedded
	}
	c, err := s.connect(ctx, false)
	if err != nil {
		return s.explain(err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	// An open snapshot keeps writers from making the copy begin anew.
	for _, sql := range []string{"begin", "select count(*) from sqlite_schema"} {
		if _, err := c.exec(ctx, sql, nil); err != nil {
			return translateSQLite(ctx, err)
		}
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return fmt.Errorf("the folder of the copy: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	// It is written to disk once, at the end.
	copying, err := c.raw.(interface {
		NewBackup(uri string) (*sqlite.Backup, error)
	}).NewBackup(sqliteAddress(path) + "?_pragma=synchronous(off)&_pragma=journal_mode(off)")
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	for more := true; more && err == nil; {
		if more, err = copying.Step(copyPages); err == nil && more {
			err = context.Cause(ctx)
		}
	}
	if err = errors.Join(err, copying.Finish()); err != nil {
		return fmt.Errorf("copy the database: %w", translateSQLite(ctx, err))
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write the copy of the database to disk: %w", err)
	}
	return nil
}

// Rest makes sure that no program has the embedded database in dir open, and moves what is still in its log into its file, so that the file may be
// moved. A folder without a database is at rest. The error says who is in the way.
func Rest(ctx context.Context, dir string) (err error) {
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	s := &embedded{path: path}
	raw, err := (&sqlite.Driver{}).Open(sqliteAddress(path))
	if err != nil {
		return s.explain(err)
	}
	c := &conn{raw: raw, prepared: map[string]*statement{}}
	defer func() { err = errors.Join(err, c.close()) }()
	// SQLite leaves the log behind only when nobody else has the file open.
	rows, err := c.query(ctx, "pragma journal_mode = delete", nil)
	var mode string
	if err == nil {
		if rows.Next() {
			err = rows.Scan(&mode)
		}
		err = errors.Join(err, rows.Err())
		rows.Close()
	}
	switch {
	case primaryCode(err) == sqlite3.SQLITE_NOTADB, primaryCode(err) == sqlite3.SQLITE_CORRUPT:
		return nil // nobody can be at work with it
	case err != nil && !errors.Is(err, io.EOF):
		return s.explain(err)
	case mode != "delete":
		return fmt.Errorf("%s is open in another program: stop it first", path)
	}
	return nil
}
