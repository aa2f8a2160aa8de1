package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// NextID takes the next id of a table whose key is {{pk}}, for a row to be inserted with it here or in a table beside it. No row
// will get it by itself, now or later.
func (tx *Tx) NextID(ctx context.Context, table string) (id int64, err error) {
	if tx.engine == Postgres {
		err = tx.QueryRow(ctx, `select nextval(pg_get_serial_sequence($1, 'id'))`, table).Scan(&id)
		return id, err
	}
	err = tx.QueryRow(ctx, `update sqlite_sequence set seq = seq + 1 where name = $1 returning seq`, table).Scan(&id)
	if errors.Is(err, ErrNoRows) {
		// SQLite begins to count with the first row.
		err = tx.QueryRow(ctx, `insert into sqlite_sequence (name, seq) values ($1, 1) returning seq`, table).Scan(&id)
	}
	return id, err
}

// NextIDs takes so many ids at once, in order, as NextID takes one.
func (tx *Tx) NextIDs(ctx context.Context, table string, n int) (IDs, error) {
	if tx.engine == Postgres {
		rows, err := tx.Query(ctx, `select nextval(pg_get_serial_sequence($1, 'id')) from generate_series(1, $2)`, table, int64(n))
		return Collect(rows, err, func(r Row) (id int64, err error) { return id, r.Scan(&id) })
	}
	first, err := tx.NextID(ctx, table)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `update sqlite_sequence set seq = seq + $2 where name = $1`, table, int64(n-1)); err != nil {
		return nil, err
	}
	ids := make(IDs, n)
	for i := range ids {
		ids[i] = first + int64(i)
	}
	return ids, nil
}

// RaiseIDs makes the next id of a table whose key is {{pk}} greater than all it has, after rows were inserted with ids of their
// own: PostgreSQL does not notice those, and would come to them one day.
func (tx *Tx) RaiseIDs(ctx context.Context, table string) error {
	if tx.engine == SQLite {
		return nil
	}
	_, err := tx.Exec(ctx, `select setval(pg_get_serial_sequence($1, 'id'), greatest((select max(id) from `+pgx.Identifier{table}.Sanitize()+`),
		nextval(pg_get_serial_sequence($1, 'id'))))`, table)
	return err
}
