package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"almoner.dev/almoner"
)

// FileName is the SQLite database in the data folder.
const FileName = "almoner.db"

// writerWait is how long a transaction queues for the one writer before it is told that the database is busy. Write
// transactions are short, so reaching it means that something is stuck.
const writerWait = 30 * time.Second

// busyWait is how long SQLite waits for a lock that another process holds.
const busyWait = 10 * time.Second

// embedded is a SQLite file: one connection that writes, several that read. It speaks to the driver itself rather than through
// the pool of database/sql, in order to keep each connection's prepared statements.
type embedded struct {
	path string
	// sync is SQLite's word for how a commit treats the disk.
	sync    string
	driver  driver.Driver
	writer  *shelf
	readers *shelf
	closing chan struct{}
	once    sync.Once
	// age goes up when readers must be opened anew.
	age atomic.Int64
}

func openSQLite(ctx context.Context, c Config, readers int) (*embedded, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: %w", dir, rootOf(err))
	}
	s := &embedded{
		path: filepath.Join(dir, FileName), driver: &sqlite.Driver{},
		// NORMAL would lose the last commits when the power fails; an acknowledged write must not be lost.
		sync:   "full",
		writer: newShelf(1), readers: newShelf(readers), closing: make(chan struct{}),
	}
	if c.Volatile {
		s.sync = "off"
	}
	w, err := s.connect(ctx, true)
	if err != nil {
		return nil, s.explain(err)
	}
	s.writer.idle = append(s.writer.idle, w)
	return s, nil
}

// sqliteAddress is the file as the driver wants it.
func sqliteAddress(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

func (s *embedded) connect(ctx context.Context, writes bool) (*conn, error) {
	age := s.age.Load()
	dc, err := s.driver.Open(sqliteAddress(s.path))
	if err != nil {
		return nil, err
	}
	c := &conn{raw: dc, prepared: map[string]*statement{}, age: age}
	settings := []string{fmt.Sprintf("pragma busy_timeout = %d", busyWait.Milliseconds())}
	if writes {
		settings = append(settings,
			// Readers do not stop the writer, nor it them.
			"pragma journal_mode = wal",
			"pragma synchronous = "+s.sync,
			"pragma journal_size_limit = 67108864",
		)
	} else {
		settings = append(settings, "pragma query_only = on")
	}
	settings = append(settings,
		"pragma foreign_keys = on",
		// As on PostgreSQL.
		"pragma case_sensitive_like = on",
		"pragma cache_size = -8192",
		"pragma temp_store = memory",
		// Reads the header, so that a file that is no database is noticed now.
		"select count(*) from sqlite_schema",
	)
	for _, sql := range settings {
		if _, err := c.exec(ctx, sql, nil); err != nil {
			_ = c.close()
			return nil, err
		}
	}
	return c, nil
}

// explain turns a failure to open the file into a sentence that says what to do.
func (s *embedded) explain(err error) error {
	switch primaryCode(err) {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged or is not a database: restore a backup (%w)", s.path, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s is locked by another program: stop it, or wait until it is done (%w)", s.path, err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s cannot be opened for writing: check the owner and the rights of the file and its folder (%w)", s.path, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("there is no space left for %s (%w)", s.path, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%s cannot be used; SQLite needs a local disk, not a network share (%w)", s.path, err)
	}
	return fmt.Errorf("open %s: %w", s.path, err)
}

var errClosed = errors.New("db: the database is closed")

// shelf holds connections of one kind. Whoever has a place may use the connection that was used last, which has most of what is read in its own memory, or open
// one when none is idle.
type shelf struct {
	// places has one for each connection that may be in use.
	places chan struct{}
	mu     sync.Mutex
	idle   []*conn
}

func newShelf(n int) *shelf {
	s := &shelf{places: make(chan struct{}, n)}
	for range n {
		s.places <- struct{}{}
	}
	return s
}

// pop returns the connection that was used last, nil when none is idle.
func (s *shelf) pop() *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.idle)
	if n == 0 {
		return nil
	}
	c := s.idle[n-1]
	s.idle = s.idle[:n-1]
	return c
}

// push gives a connection back, nil when it is no more, and its place with it.
func (s *shelf) push(c *conn) {
	if c != nil {
		s.mu.Lock()
		s.idle = append(s.idle, c)
		s.mu.Unlock()
	}
	s.places <- struct{}{}
}

// take waits for a connection and opens it when it is not open yet.
func (s *embedded) take(ctx context.Context, from *shelf, writes bool) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("db: %w", context.Cause(ctx))
	}
	select {
	case <-s.closing:
		return nil, errClosed
	default:
	}
	select {
	case <-from.places:
	default:
		wait := time.NewTimer(writerWait)
		defer wait.Stop()
		select {
		case <-from.places:
		case <-s.closing:
			return nil, errClosed
		case <-ctx.Done():
			return nil, fmt.Errorf("db: %w", context.Cause(ctx))
		case <-wait.C:
			return nil, &almoner.Error{Kind: almoner.Unavailable, Code: "db.busy", Message: msgBusy, Err: fmt.Errorf("no connection came free within %s", writerWait)}
		}
	}
	for c := from.pop(); c != nil; c = from.pop() {
		if writes || c.age == s.age.Load() {
			return c, nil
		}
		_ = c.close()
	}
	c, err := s.connect(ctx, writes)
	if err != nil {
		from.push(nil)
		return nil, translateSQLite(ctx, err)
	}
	return c, nil
}

// give returns a connection, or the right to open another one when this one is broken.
func (s *embedded) give(to *shelf, c *conn) {
	if v, ok := c.raw.(driver.Validator); ok && !v.IsValid() || c.broken {
		_ = c.close()
		c = nil
	}
	to.push(c)
}

// renewReaders lets the connections that read be opened anew when they are used next: what SQLite has noted of the tables it reads only then.
func (s *embedded) renewReaders() { s.age.Add(1) }

func (s *embedded) reads() session { return sqliteReads{s} }

func (s *embedded) begin(ctx context.Context) (transaction, error) {
	return s.start(ctx, s.writer, true, "begin immediate")
}

func (s *embedded) snapshot(ctx context.Context) (transaction, error) {
	return s.start(ctx, s.readers, false, "begin")
}

func (s *embedded) start(ctx context.Context, from *shelf, writes bool, begin string) (transaction, error) {
	c, err := s.take(ctx, from, writes)
	if err != nil {
		return nil, err
	}
	if _, err := c.exec(ctx, begin, nil); err != nil {
		c.broken = true
		s.give(from, c)
		return nil, translateSQLite(ctx, err)
	}
	return &sqliteTx{c: c, giveBack: func() { s.give(from, c) }}, nil
}

func (s *embedded) ping(ctx context.Context) error {
	_, err := s.reads().exec(ctx, "select 1", nil)
	return err
}

func (s *embedded) close() error {
	var errs []error
	s.once.Do(func() {
		close(s.closing)
		// The writer goes last, so that it is the one that moves the log into the file.
		for _, kind := range []*shelf{s.readers, s.writer} {
			for range cap(kind.places) {
				<-kind.places
			}
			for c := kind.pop(); c != nil; c = kind.pop() {
				errs = append(errs, c.close())
			}
		}
	})
	return errors.Join(errs...)
}

type sqliteReads struct{ s *embedded }

func (r sqliteReads) query(ctx context.Context, sql string, args []any) (Rows, error) {
	c, err := r.s.take(ctx, r.s.readers, false)
	if err != nil {
		return nil, err
	}
	rows, err := c.query(ctx, sql, args)
	if err != nil {
		r.s.give(r.s.readers, c)
		return nil, translateSQLite(ctx, err)
	}
	rows.done = func() { r.s.give(r.s.readers, c) }
	return rows, nil
}

func (r sqliteReads) exec(ctx context.Context, sql string, args []any) (int64, error) {
	c, err := r.s.take(ctx, r.s.readers, false)
	if err != nil {
		return 0, err
	}
	defer r.s.give(r.s.readers, c)
	n, err := c.exec(ctx, sql, args)
	return n, translateSQLite(ctx, err)
}

type sqliteTx struct {
	c        *conn
	giveBack func()
}

func (t *sqliteTx) query(ctx context.Context, sql string, args []any) (Rows, error) {
	rows, err := t.c.query(ctx, sql, args)
	if err != nil {
		return nil, translateSQLite(ctx, t.c.name(err))
	}
	rows.name = t.c.name
	return rows, nil
}

func (t *sqliteTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	n, err := t.c.exec(ctx, sql, args)
	return n, translateSQLite(ctx, t.c.name(err))
}

func (t *sqliteTx) commit(ctx context.Context) error {
	defer t.giveBack()
	// From here on it is all or nothing in any case, so a caller that leaves now learns what became of it.
	if _, err := t.c.exec(context.WithoutCancel(ctx), "commit", nil); err != nil {
		t.undo()
		return translateSQLite(ctx, err)
	}
	return nil
}

func (t *sqliteTx) rollback() {
	defer t.giveBack()
	t.undo()
}

func (t *sqliteTx) undo() {
	// SQLite ends a transaction by itself after some failures; then there is nothing left to roll back.
	if _, err := t.c.exec(context.Background(), "rollback", nil); err != nil && primaryCode(err) != sqlite3.SQLITE_ERROR {
		t.c.broken = true
	}
}

// conn is one driver connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	raw      driver.Conn
	prepared map[string]*statement
	// oldest and newest link the statements in the order of their last use.
	oldest, newest *statement
	broken         bool
	age            int64
}

type statement struct {
	sql          string
	raw          driver.Stmt
	older, newer *statement
}

// keptPrepared is how many statements a connection keeps; a whole product has a few hundred.
const keptPrepared = 256

func (c *conn) prepare(ctx context.Context, sql string) (*statement, error) {
	if st := c.prepared[sql]; st != nil {
		c.unlink(st)
		c.append(st)
		return st, nil
	}
	raw, err := c.raw.(driver.ConnPrepareContext).PrepareContext(ctx, sql)
	if err != nil {
		return nil, err
	}
	if len(c.prepared) >= keptPrepared {
		old := c.oldest
		c.unlink(old)
		delete(c.prepared, old.sql)
		_ = old.raw.Close()
	}
	st := &statement{sql: sql, raw: raw}
	c.prepared[sql] = st
	c.append(st)
	return st, nil
}

func (c *conn) append(st *statement) {
	st.older, st.newer = c.newest, nil
	if c.newest != nil {
		c.newest.newer = st
	} else {
		c.oldest = st
	}
	c.newest = st
}

func (c *conn) unlink(st *statement) {
	if st.older != nil {
		st.older.newer = st.newer
	} else {
		c.oldest = st.newer
	}
	if st.newer != nil {
		st.newer.older = st.older
	} else {
		c.newest = st.older
	}
}

func (c *conn) close() error {
	for st := c.oldest; st != nil; st = st.newer {
		_ = st.raw.Close()
	}
	return c.raw.Close()
}

func named(args []any) []driver.NamedValue {
	if len(args) == 0 {
		return nil
	}
	vs := make([]driver.NamedValue, len(args))
	for i, a := range args {
		vs[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return vs
}

func (c *conn) exec(ctx context.Context, sql string, args []any) (int64, error) {
	st, err := c.prepare(ctx, sql)
	if err != nil {
		return 0, err
	}
	r, err := st.raw.(driver.StmtExecContext).ExecContext(ctx, named(args))
	if err != nil {
		return 0, err
	}
	if r == nil {
		return 0, nil
	}
	return r.RowsAffected()
}

func (c *conn) query(ctx context.Context, sql string, args []any) (*sqliteRows, error) {
	st, err := c.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	raw, err := st.raw.(driver.StmtQueryContext).QueryContext(ctx, named(args))
	if err != nil {
		return nil, err
	}
	return &sqliteRows{ctx: ctx, raw: raw, values: make([]driver.Value, len(raw.Columns()))}, nil
}

// name completes the error of a violated index over an expression, in which SQLite gives the index but not the table.
func (c *conn) name(err error) error {
	index, ok := expressionIndex(err)
	if !ok {
		return err
	}
	v := &uniqueError{err: err}
	if rows, e := c.query(context.Background(), `select tbl_name from sqlite_schema where type = 'index' and name = $1`, []any{index}); e == nil {
		if rows.Next() {
			_ = rows.Scan(&v.table)
		}
		rows.Close()
	}
	if rows, e := c.query(context.Background(), `select name from pragma_index_info($1) where name is not null order by seqno`, []any{index}); e == nil {
		for rows.Next() {
			var column string
			if rows.Scan(&column) == nil {
				v.columns = append(v.columns, column)
			}
		}
		rows.Close()
	}
	return v
}

// sqliteRows reads the driver's rows.
type sqliteRows struct {
	ctx    context.Context //nolint:containedctx // rows end with their query's context
	raw    driver.Rows
	values []driver.Value
	err    error
	name   func(error) error
	closed bool
	on     bool
	done   func()
}

func (r *sqliteRows) Next() bool {
	if r.closed {
		return false
	}
	// The driver watches the context only until the first row.
	if r.ctx.Err() != nil {
		r.err = fmt.Errorf("db: %w", context.Cause(r.ctx))
		r.Close()
		return false
	}
	if err := r.raw.Next(r.values); err != nil {
		if !errors.Is(err, io.EOF) {
			if r.name != nil {
				err = r.name(err)
			}
			r.err = translateSQLite(r.ctx, err)
		}
		r.Close()
		return false
	}
	r.on = true
	return true
}

func (r *sqliteRows) Scan(dest ...any) error {
	if !r.on {
		return errors.New("db: Scan without a row: call Next first")
	}
	if len(dest) != len(r.values) {
		return fmt.Errorf("db: the query has %d columns, but Scan was given %d destinations", len(r.values), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, r.values[i]); err != nil {
			return fmt.Errorf("db: column %s: %w", r.raw.Columns()[i], err)
		}
	}
	return nil
}

func (r *sqliteRows) Err() error { return r.err }

func (r *sqliteRows) Close() {
	if r.closed {
		return
	}
	r.closed, r.on = true, false
	if err := r.raw.Close(); err != nil && r.err == nil {
		r.err = translateSQLite(r.ctx, err)
	}
	if r.done != nil {
		r.done()
	}
}

// primaryCode returns SQLite's result code without its details, 0 for other errors.
func primaryCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func translateSQLite(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && (IsCancelled(err) || primaryCode(err) == sqlite3.SQLITE_INTERRUPT) {
		return fmt.Errorf("db: %w", context.Cause(ctx))
	}
	switch primaryCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return &almoner.Error{Kind: almoner.Unavailable, Code: "db.busy", Message: msgBusy, Err: err}
	case sqlite3.SQLITE_FULL:
		return &almoner.Error{Kind: almoner.Unavailable, Code: "db.full", Message: msgFull, Err: err}
	}
	return err
}

// migrations opens the file once more for the migration runner, which wants a pool of database/sql. Foreign keys are not
// enforced there: rebuilding a table, as SQLite must for most changes, would otherwise empty those that refer to it. The
// runner checks all references before each commit instead.
func (s *embedded) migrations() (*sql.DB, error) {
	pool, err := sql.Open("sqlite", sqliteAddress(s.path)+
		fmt.Sprintf("?_txlock=immediate&_pragma=busy_timeout(%d)&_pragma=synchronous(%s)&_pragma=foreign_keys(off)", busyWait.Milliseconds(), s.sync))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}
