// Package db is the one way to the database. It opens PostgreSQL or SQLite, runs the migrations of every module, and gives
// reads and write transactions whose SQL, values and errors behave alike on both engines, so that a module is written once.
//
// Reads take a Queryer: a *DB (each statement by itself), the snapshot of DB.View, or a *Tx. Writes take a *Tx, so that the
// compiler asks for a transaction:
//
//	err := d.InTx(ctx, func(tx *db.Tx) error {
//		id, err := tx.Insert(ctx, `insert into grievance_tickets (subject, created_at) values ($1, $2) returning id`, subject, tx.Now)
//		if err != nil {
//			return fmt.Errorf("insert ticket: %w", err)
//		}
//		tx.AfterCommit(func(ctx context.Context) { s.wake(id) })
//		return nil
//	})
//
// # Promises
//
// Placeholders are $1, $2 … on both engines, in any order and used as often as needed. Arguments and scan destinations go
// through one codec: instants are microseconds in UTC, dates are almoner.Date, exact numbers are int64, JSON is
// json.RawMessage, lists are IDs and Texts. Text that PostgreSQL would refuse (a NUL, broken UTF-8) is refused on both with an
// Invalid error.
//
// A *DB never writes: its statements and its views are read-only on both engines.
//
// SQLite has one writer: transactions queue for it and never fail for want of a lock within this process. Readers do
// not wait for it. Inside an open transaction a read through the *DB does not see the transaction's own writes, and cannot
// deadlock; opening a second transaction or a view on the same goroutine is refused with an error.
//
// As PostgreSQL does, a transaction in which a statement failed accepts no more statements and cannot commit, on SQLite as well;
// Tx.Savepoint is the way to survive a failure. Rows must be closed before the transaction's next statement.
//
// Commits are on disk when InTx returns. AfterCommit functions run then, in order, and never after a rollback.
package db
