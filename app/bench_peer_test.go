package app_test

import (
	"context"
	"database/sql" //nolint:depguard // the limit is what the drivers do without core/db
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"         //nolint:depguard // the same
	"github.com/jackc/pgx/v5/pgxpool" //nolint:depguard // the same

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
)

// peer is what a good programmer would write for one request alone: a handler that sends its statements through the driver, in one snapshot, and writes their
// rows as JSON without reflection. It checks nothing, knows nobody and nests nothing.
type peer struct {
	// sets are the statements of each probe; GET /7 answers the seventh.
	sets [][]db.Statement
	// pool, or file with its statements, is the database as others would reach it.
	pool     *pgxpool.Pool
	file     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newPeer(t *testing.T, a *apptest.App) *peer {
	t.Helper()
	p := &peer{prepared: map[string]*sql.Stmt{}}
	var err error
	if a.DB.Engine() == db.Postgres {
		if p.pool, err = pgxpool.New(t.Context(), a.Config.Database.URL); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.pool.Close)
		return p
	}
	file, err := sql.Open("sqlite", filepath.Join(a.Config.Data, db.FileName)+"?_pragma=cache_size(-8192)&_pragma=case_sensitive_like(1)&_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if p.file, err = file.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// ServeHTTP answers one probe. There is one caller at a time.
func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	var body []byte
	if p.pool != nil {
		body, err = p.postgres(r.Context(), p.sets[i])
	} else {
		body, err = p.sqlite(r.Context(), p.sets[i])
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (p *peer) postgres(ctx context.Context, list []db.Statement) (body []byte, err error) {
	err = pgx.BeginTxFunc(ctx, p.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, s := range list {
			rows, err := tx.Query(ctx, s.SQL, pgArgs(s.Args)...)
			if err != nil {
				return err
			}
			var keys []string
			for _, f := range rows.FieldDescriptions() {
				keys = append(keys, f.Name)
			}
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					return err
				}
				if body, err = appendRow(body, keys, values); err != nil {
					return err
				}
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return body, err
}

func (p *peer) sqlite(ctx context.Context, list []db.Statement) (body []byte, err error) {
	if _, err := p.file.ExecContext(ctx, "begin"); err != nil {
		return nil, err
	}
	defer func() { _, _ = p.file.ExecContext(context.WithoutCancel(ctx), "rollback") }()
	for _, s := range list {
		prepared := p.prepared[s.SQL]
		if prepared == nil {
			if prepared, err = p.file.PrepareContext(context.WithoutCancel(ctx), s.SQL); err != nil {
				return nil, err
			}
			p.prepared[s.SQL] = prepared
		}
		if body, err = sqliteRows(ctx, body, prepared, sqliteArgs(s.Args)); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func sqliteRows(ctx context.Context, body []byte, s *sql.Stmt, args []any) ([]byte, error) {
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	keys, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(keys)), make([]any, len(keys))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if body, err = appendRow(body, keys, values); err != nil {
			return nil, err
		}
	}
	return body, rows.Err()
}

// appendRow writes a row as one object.
func appendRow(body []byte, keys []string, values []any) ([]byte, error) {
	body = append(body, '{')
	for i, v := range values {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(append(body, '"'), keys[i]...), '"', ':')
		switch v := v.(type) {
		case nil:
			body = append(body, "null"...)
		case int64:
			body = strconv.AppendInt(body, v, 10)
		case int32:
			body = strconv.AppendInt(body, int64(v), 10)
		case bool:
			body = strconv.AppendBool(body, v)
		case float64:
			body = strconv.AppendFloat(body, v, 'f', -1, 64)
		case string:
			body = strconv.AppendQuote(body, v)
		case time.Time:
			body = append(v.AppendFormat(append(body, '"'), time.RFC3339), '"')
		default:
			return nil, fmt.Errorf("no JSON for a %T", v)
		}
	}
	return append(body, '}', '\n'), nil
}

// pgArgs are arguments as the driver of PostgreSQL takes them.
func pgArgs(args []any) []any {
	list := slices.Clone(args)
	for i, a := range list {
		switch v := a.(type) {
		case db.IDs:
			list[i] = []int64(v)
		case db.Texts:
			list[i] = []string(v)
		case almoner.Date:
			list[i] = v.Time()
		}
	}
	return list
}

// sqliteArgs are arguments as the file of SQLite holds them.
func sqliteArgs(args []any) []any {
	list := slices.Clone(args)
	for i, a := range list {
		switch v := a.(type) {
		case db.IDs, db.Texts:
			raw, _ := json.Marshal(v)
			list[i] = string(raw)
		case almoner.Date:
			list[i] = v.String()
		}
	}
	return list
}
