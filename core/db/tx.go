package db

import (
	"context"
	"fmt"
	"time"
)

// Tx is an open write transaction and a Queryer that sees its own writes. It belongs to the function it was given to: not
// to be kept, nor used by two goroutines at once. After a failed statement it accepts nothing more, except through Savepoint.
type Tx struct {
	// Now is the time of everything in this transaction: UTC, whole microseconds.
	Now time.Time

	*held
	after []func(ctx context.Context)
	depth int
}

// Exec runs a statement and returns how many rows it inserted, changed or deleted.
func (tx *Tx) Exec(ctx context.Context, sql string, args ...any) (rowsAffected int64, err error) {
	return tx.exec(ctx, sql, args)
}

// Insert runs an insert that ends in `returning id` and returns that id. It returns ErrNoRows when nothing was inserted
// (`on conflict do nothing`).
func (tx *Tx) Insert(ctx context.Context, sql string, args ...any) (id int64, err error) {
	err = tx.QueryRow(ctx, sql, args...).Scan(&id)
	return id, err
}

// AfterCommit notes a function to run once the transaction has committed; functions run in the order they were noted, on the
// goroutine that called InTx, before InTx returns. They never run after a rollback, nor when the savepoint they were noted in was
// undone. Their context carries the values of InTx's, but does not end with it. They may open transactions of their own.
func (tx *Tx) AfterCommit(fn func(ctx context.Context)) { tx.after = append(tx.after, fn) }

// Savepoint runs fn all or nothing inside the transaction: when it returns an error or panics, everything done since is undone,
// AfterCommit functions included, and the transaction is usable again; the error is returned as it is. Savepoints nest.
func (tx *Tx) Savepoint(ctx context.Context, fn func() error) (err error) {
	if err := tx.ready(); err != nil {
		return err
	}
	tx.depth++
	name := fmt.Sprintf("almoner_%d", tx.depth)
	noted := len(tx.after)
	if err := tx.control(ctx, "savepoint "+name); err != nil {
		tx.depth--
		return tx.fail(fmt.Errorf("savepoint: %w", err))
	}
	done := false
	defer func() {
		tx.depth--
		if done {
			return
		}
		tx.closeRows()
		tx.after = tx.after[:noted]
		// A caller that has gone away does not make the undoing less needed.
		undo := context.WithoutCancel(ctx)
		cause := tx.failed
		tx.failed = nil
		if e := tx.control(undo, "rollback to savepoint "+name); e != nil {
			if cause == nil {
				cause = e
			}
			_ = tx.fail(fmt.Errorf("undo to savepoint: %w", cause))
			return
		}
		if e := tx.control(undo, "release savepoint "+name); e != nil {
			_ = tx.fail(fmt.Errorf("release savepoint: %w", e))
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	if err := tx.ready(); err != nil {
		return err
	}
	if err := tx.control(ctx, "release savepoint "+name); err != nil {
		return tx.fail(fmt.Errorf("release savepoint: %w", err))
	}
	done = true
	return nil
}

func (h *held) closeRows() {
	if h.open != nil {
		h.open.Close()
		h.open = nil
	}
}

func (h *held) end() {
	h.closeRows()
	h.over = true
}
