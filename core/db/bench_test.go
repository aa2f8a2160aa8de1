package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// page is what a list reads.
const page = `select id, name, n, ok, at from demo_things where n >= $1 order by id limit 50`

// BenchmarkPage reads 50 rows of five columns, beside the bare driver doing the same in the same run.
func BenchmarkPage(b *testing.B) {
	for _, e := range dbtest.Engines() {
		c := dbtest.NewConfig(b, e, things)
		d, err := db.Open(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = d.Close() })
		err = d.InTx(b.Context(), func(tx *db.Tx) error {
			for i := range 200 {
				if _, err := tx.Exec(b.Context(), `insert into demo_things (name, n, ok, at) values ($3, $1, $4, $2)`, i, tx.Now, fmt.Sprintf("name %d", i), true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				rows, err := d.Query(b.Context(), page, 100)
				readPage(b, rows, err, rows.Close)
			}
		})
		b.Run(string(e)+"-bare", bare(e, c))
	}
}

type pageRows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

func readPage(b *testing.B, rows pageRows, err error, end func()) {
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		var id, n64 int64
		var name string
		var ok bool
		var at time.Time
		if err := rows.Scan(&id, &name, &n64, &ok, &at); err != nil {
			b.Fatal(err)
		}
		n++
	}
	end()
	if err := rows.Err(); err != nil || n != 50 {
		b.Fatalf("got %d rows, %v", n, err)
	}
}

func bare(e db.Engine, c db.Config) func(b *testing.B) {
	return func(b *testing.B) {
		if e == db.Postgres {
			pool, err := pgxpool.New(context.Background(), c.URL)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(pool.Close)
			for b.Loop() {
				rows, err := pool.Query(b.Context(), page, 100)
				readPage(b, rows, err, rows.Close)
			}
			return
		}
		pool, err := sql.Open("sqlite", filepath.Join(c.Dir, db.FileName))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = pool.Close() })
		for b.Loop() {
			rows, err := pool.QueryContext(b.Context(), `select id, name, n, ok, at from demo_things where n >= $1 order by id limit 50`, 100)
			if err != nil {
				b.Fatal(err)
			}
			readBare(b, rows)
		}
	}
}

func readBare(b *testing.B, rows *sql.Rows) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, n int64
		var name, at string
		var ok bool
		if err := rows.Scan(&id, &name, &n, &ok, &at); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCommit is the shortest transaction that writes.
func BenchmarkCommit(b *testing.B) {
	for _, e := range dbtest.Engines() {
		d := dbtest.New(b, e, things)
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				err := d.InTx(b.Context(), func(tx *db.Tx) error {
					_, err := tx.Insert(b.Context(), `insert into demo_things (n, at) values ($1, $2) returning id`, 1, tx.Now)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
