package db

import (
	"context"
	"database/sql"
	"errors"
)

// Rows is the answer of a query. Close it; reading to the end closes it too, and closing twice is harmless.
type Rows interface {
	// Next moves to the next row; false means the end or an error, which Err then tells.
	Next() bool
	// Scan copies the current row into pointers of the types that the codec knows, one per column.
	Scan(dest ...any) error
	// Err returns the error that ended the reading, nil at the proper end.
	Err() error
	// Close frees the connection.
	Close()
}

// Row is one row: the answer of QueryRow, or the current one of Rows.
type Row interface {
	// Scan copies the row into pointers; on the answer of QueryRow it must be called exactly once, and returns ErrNoRows when
	// there was no row.
	Scan(dest ...any) error
}

// ErrNoRows is returned by Row.Scan when the query found nothing; test with errors.Is.
var ErrNoRows = sql.ErrNoRows

// Queryer reads: a *DB, the snapshot of DB.View, or a *Tx.
type Queryer interface {
	// Query runs a statement that returns rows.
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	// QueryRow runs a statement of which the first row matters; errors come out of Scan.
	QueryRow(ctx context.Context, sql string, args ...any) Row
	// Engine says which dialect is spoken.
	Engine() Engine
}

// Collect reads all rows with one scan function and closes them. It takes the two results of Query as they are and returns err
// when there is one:
//
//	rows, err := q.Query(ctx, sql, args...)
//	return db.Collect(rows, err, scanTicket)
func Collect[T any](rows Rows, err error, scan func(Row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// firstRow is the Row of a QueryRow.
type firstRow struct {
	rows Rows
	err  error
}

func (r firstRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

// session runs statements whose arguments are already encoded for its engine.
type session interface {
	query(ctx context.Context, sql string, args []any) (Rows, error)
	exec(ctx context.Context, sql string, args []any) (int64, error)
}

// transaction is a session with an end. Exactly one of commit and rollback is called, once.
type transaction interface {
	session
	commit(ctx context.Context) error
	rollback()
}

// backend is an open database of one engine.
type backend interface {
	// reads runs each statement by itself on a connection that cannot write.
	reads() session
	begin(ctx context.Context) (transaction, error)
	snapshot(ctx context.Context) (transaction, error)
	ping(ctx context.Context) error
	close() error
}

// held is a Queryer over one connection that stays the same until the end of a transaction or view.
type held struct {
	engine Engine
	t      transaction
	// failed is the error after which PostgreSQL would accept nothing more.
	failed error
	over   bool
	open   Rows
	// view tells a snapshot, commits how many commits it has at least.
	view    bool
	commits uint64
}

var (
	errOver     = errors.New("db: the transaction is over; its Tx or Queryer must not be used after the function returned")
	errRowsOpen = errors.New("db: the rows of this transaction's previous query are still open; read them to the end or close them first")
)

type abortedError struct{ cause error }

func (e abortedError) Error() string {
	return "db: the transaction was broken by an earlier failure and accepts nothing more (use Savepoint to survive one): " + e.cause.Error()
}

func (e abortedError) Unwrap() error { return e.cause }

func (h *held) ready() error {
	switch {
	case h.over:
		return errOver
	case h.failed != nil:
		return abortedError{h.failed}
	case h.open != nil:
		return errRowsOpen
	}
	return nil
}

func (h *held) fail(err error) error {
	if err != nil && h.failed == nil {
		h.failed = err
	}
	return err
}

// Engine says which dialect is spoken.
func (h *held) Engine() Engine { return h.engine }

// Query runs a statement that returns rows; close them before the next statement.
func (h *held) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	if err := h.ready(); err != nil {
		return nil, err
	}
	enc, err := encodeArgs(h.engine, args)
	if err != nil {
		return nil, err
	}
	count(ctx, sql, args)
	rows, err := h.t.query(ctx, sql, enc)
	if err != nil {
		return nil, h.fail(err)
	}
	hr := &heldRows{Rows: rows, h: h}
	h.open = hr
	return hr, nil
}

// QueryRow runs a statement of which the first row matters.
func (h *held) QueryRow(ctx context.Context, sql string, args ...any) Row {
	rows, err := h.Query(ctx, sql, args...)
	return firstRow{rows, err}
}

func (h *held) exec(ctx context.Context, sql string, args []any) (int64, error) {
	if err := h.ready(); err != nil {
		return 0, err
	}
	enc, err := encodeArgs(h.engine, args)
	if err != nil {
		return 0, err
	}
	count(ctx, sql, args)
	n, err := h.t.exec(ctx, sql, enc)
	return n, h.fail(err)
}

// control runs a statement of the transaction machinery: not counted, and allowed to repair a broken transaction.
func (h *held) control(ctx context.Context, sql string) error {
	_, err := h.t.exec(ctx, sql, nil)
	return err
}

// heldRows tells its transaction when it is done with the connection.
type heldRows struct {
	Rows
	h *held
}

func (r *heldRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *heldRows) Close() {
	r.Rows.Close()
	if r.h.open == Rows(r) {
		r.h.open = nil
		if err := r.Rows.Err(); err != nil {
			_ = r.h.fail(err)
		}
	}
}
