package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"almoner.dev/almoner"
)

// DB is an open database, safe for concurrent use. As a Queryer it reads only.
type DB struct {
	engine  Engine
	clock   almoner.Clock
	config  Config
	backend backend
	// holding maps a goroutine to what it holds open, to refuse what would wait for itself.
	holding sync.Map
	// views keeps connections free for single reads inside a view, which would otherwise wait for other views that wait likewise.
	views chan struct{}
	// commits counts the write transactions of this DB that have committed.
	commits atomic.Uint64
}

// Open opens the database, making the SQLite file when there is none. Errors are sentences for the operator: what cannot be
// reached or used, and what to change; they never contain the password. The schema is left alone: see Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	d := &DB{clock: c.Clock, config: c}
	if d.clock == nil {
		d.clock = almoner.SystemClock{}
	}
	var readers int
	var err error
	if c.URL != "" {
		d.engine = Postgres
		readers = c.MaxConns - c.MaxConns/2
		d.backend, err = openPostgres(ctx, c, readers)
	} else {
		d.engine = SQLite
		readers = c.MaxConns - 1
		d.backend, err = openSQLite(ctx, c, readers)
	}
	if err != nil {
		return nil, err
	}
	d.backend = observe(d.backend, c.Observer)
	d.views = make(chan struct{}, max(1, readers-1))
	return d, nil
}

// Close waits for open statements and frees everything. Closing twice is harmless.
func (d *DB) Close() error { return d.backend.close() }

// Engine says which dialect is spoken.
func (d *DB) Engine() Engine { return d.engine }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.backend.ping(ctx) }

// Query runs one read-only statement by itself; close the rows soon, as they hold a connection.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	enc, err := encodeArgs(d.engine, args)
	if err != nil {
		return nil, err
	}
	count(ctx, sql, args)
	return d.backend.reads().query(ctx, sql, enc)
}

// QueryRow runs one read-only statement of which the first row matters.
func (d *DB) QueryRow(ctx context.Context, sql string, args ...any) Row {
	rows, err := d.Query(ctx, sql, args...)
	return firstRow{rows, err}
}

// View gives fn one read-only snapshot: everything read through q is the state at the first read. q must not be used after fn
// returned, nor by two goroutines at once. A View or InTx on a goroutine that already has one open is refused.
func (d *DB) View(ctx context.Context, fn func(q Queryer) error) error {
	release, err := d.hold("a view")
	if err != nil {
		return err
	}
	defer release()
	select {
	case d.views <- struct{}{}:
		defer func() { <-d.views }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	commits := d.commits.Load() // before the snapshot, which may show more but never less
	t, err := d.backend.snapshot(ctx)
	if err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	h := &held{engine: d.engine, t: t, view: true, commits: commits}
	defer func() {
		h.end()
		t.rollback()
	}()
	return fn(h)
}

// InTx runs fn in one write transaction and commits when it returns nil; when InTx returns nil, the writes are on disk. An error
// of fn rolls back and is returned as it is; a panic rolls back and goes on. When ctx ends before the commit, nothing is written.
// On SQLite the transaction is the only one that writes, from its first statement on: keep it short. A View or InTx on a
// goroutine that already has one open is refused, since it would wait for itself.
func (d *DB) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := d.inTx(ctx, fn)
	if err != nil {
		return err
	}
	// The work is committed: a client that went away must not keep its effects from happening.
	after := context.WithoutCancel(ctx)
	for i := 0; i < len(tx.after); i++ {
		tx.after[i](after)
	}
	return nil
}

func (d *DB) inTx(ctx context.Context, fn func(tx *Tx) error) (*Tx, error) {
	release, err := d.hold("a transaction")
	if err != nil {
		return nil, err
	}
	defer release()
	t, err := d.backend.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin transaction: %w", err)
	}
	tx := &Tx{Now: instant(d.clock.Now()), held: &held{engine: d.engine, t: t}}
	committed := false
	defer func() {
		tx.end()
		if !committed {
			t.rollback()
		}
	}()
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := tx.ready(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	committed = true
	if err := t.commit(ctx); err != nil {
		d.commits.Add(1) // perhaps: who lost the connection does not know
		return nil, fmt.Errorf("commit: %w", err)
	}
	d.commits.Add(1)
	return tx, nil
}

// CommitsBefore returns a number for the state that a Queryer of View shows: it goes up with each commit of the same DB, and every commit that it counts is in the
// snapshot. ok is false for other Queryers, of which the state may change at any time.
func CommitsBefore(q Queryer) (n uint64, ok bool) {
	h, ok := q.(*held)
	if !ok || !h.view {
		return 0, false
	}
	return h.commits, true
}

// hold notes what the calling goroutine has open and returns the function that forgets it.
func (d *DB) hold(what string) (func(), error) {
	id := goroutineID()
	if other, loaded := d.holding.LoadOrStore(id, what); loaded {
		return nil, almoner.Errorf(almoner.Internal, "db.nested", "db: %s cannot be opened inside %s: pass the open one down instead", what, other)
	}
	return func() { d.holding.Delete(id) }, nil
}

// instant is t as both engines keep it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// IsCancelled reports whether err means that the caller went away or ran out of time, rather than that something is wrong.
func IsCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
