package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"almoner.dev/almoner"
)

// oldestPostgres is the first server version that everything here was tried with.
const oldestPostgres = 150000

// postgres keeps two pools, so that a read made inside a transaction can never wait for a connection that transactions hold.
type postgres struct {
	reading *pgxpool.Pool
	writing *pgxpool.Pool
	direct  *pgx.ConnConfig
}

func openPostgres(ctx context.Context, c Config, readers int) (*postgres, error) {
	reading, err := postgresPool(c, c.URL, readers, true)
	if err != nil {
		return nil, err
	}
	writing, err := postgresPool(c, c.URL, c.MaxConns-readers, false)
	if err != nil {
		return nil, err
	}
	direct := writing.ConnConfig.Copy()
	if c.DirectURL != "" {
		d, err := postgresPool(c, c.DirectURL, 1, false)
		if err != nil {
			return nil, err
		}
		direct = d.ConnConfig
	}
	p := &postgres{direct: direct}
	if p.reading, err = pgxpool.NewWithConfig(ctx, reading); err != nil {
		return nil, explainPostgres(reading.ConnConfig, err)
	}
	if p.writing, err = pgxpool.NewWithConfig(ctx, writing); err != nil {
		p.reading.Close()
		return nil, explainPostgres(writing.ConnConfig, err)
	}
	if err := p.check(ctx); err != nil {
		_ = p.close()
		return nil, explainPostgres(writing.ConnConfig, err)
	}
	return p, nil
}

func postgresPool(config Config, url string, conns int, readOnly bool) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database.url cannot be read: %w", err)
	}
	c.MaxConns = int32(conns)
	params := c.ConnConfig.RuntimeParams
	params["timezone"] = "UTC"
	if params["application_name"] == "" {
		params["application_name"] = "almoner"
	}
	if params["jit"] == "" {
		// Its estimates call for it where a list joins a dozen tables for twenty rows, and compiling then takes ten times as long as running.
		params["jit"] = "off"
	}
	if config.Volatile {
		params["synchronous_commit"] = "off"
	}
	if readOnly {
		params["default_transaction_read_only"] = "on"
	}
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	c.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
		return nil
	}
	return c, nil
}

type plainError string

func (e plainError) Error() string { return string(e) }

func (p *postgres) check(ctx context.Context) error {
	var version int
	var name, encoding string
	err := p.writing.QueryRow(ctx, `select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')`).
		Scan(&version, &name, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldestPostgres:
		return plainError(fmt.Sprintf("this is PostgreSQL %s; Almoner needs 15 or newer", name))
	case encoding != "UTF8":
		return plainError(fmt.Sprintf("the database keeps text as %s; create it with encoding 'UTF8'", encoding))
	}
	return nil
}

// explainPostgres turns a failure to connect into a sentence that says what to change.
func explainPostgres(c *pgx.ConnConfig, err error) error {
	where := fmt.Sprintf("%s:%d", c.Host, c.Port)
	var plain plainError
	var pg *pgconn.PgError
	var dns *net.DNSError
	switch {
	case errors.As(err, &plain):
		return fmt.Errorf("the PostgreSQL server at %s cannot be used: %w", where, plain)
	case errors.As(err, &pg):
		switch pg.Code {
		case "28P01", "28000":
			return fmt.Errorf("the PostgreSQL server at %s refuses user %q: check the user name and password in database.url (%s)", where, c.User, pg.Message)
		case "3D000":
			return fmt.Errorf("the PostgreSQL server at %s has no database %q: create it with `createdb -E UTF8 %s`", where, c.Database, c.Database)
		case "53300":
			return fmt.Errorf("the PostgreSQL server at %s has no free connections: raise its max_connections or lower database.max_conns", where)
		case "57P03":
			return fmt.Errorf("the PostgreSQL server at %s is starting or stopping: try again in a moment (%s)", where, pg.Message)
		case "42501":
			return fmt.Errorf("user %q may not use database %q at %s: %s", c.User, c.Database, where, pg.Message)
		}
		return fmt.Errorf("the PostgreSQL server at %s does not let us in: %s (%s)", where, pg.Message, pg.Code)
	case errors.As(err, &dns):
		return fmt.Errorf("the PostgreSQL host %q in database.url is not known: check its spelling", c.Host)
	case errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("no PostgreSQL server answers at %s: check that it runs and that database.url is right (%w)", where, rootOf(err))
}

// rootOf returns the innermost error, which says what happened without repeating the address.
func rootOf(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

func (p *postgres) reads() session { return postgresReads{p.reading} }

// tries is how often something that has had no effect yet is begun again after the connection turned out dead, as it does
// for every pooled connection when the server restarts.
const tries = 3

func (p *postgres) begin(ctx context.Context) (transaction, error) {
	return beginPostgres(ctx, p.writing, pgx.TxOptions{})
}

func (p *postgres) snapshot(ctx context.Context) (transaction, error) {
	return beginPostgres(ctx, p.reading, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
}

func beginPostgres(ctx context.Context, pool *pgxpool.Pool, o pgx.TxOptions) (transaction, error) {
	for try := 1; ; try++ {
		tx, err := pool.BeginTx(ctx, o)
		if err == nil {
			return &postgresTx{tx}, nil
		}
		if try == tries || ctx.Err() != nil || !isLostPostgres(err) {
			return nil, translatePostgres(ctx, err)
		}
	}
}

func (p *postgres) ping(ctx context.Context) error {
	return translatePostgres(ctx, p.writing.Ping(ctx))
}

func (p *postgres) close() error {
	p.reading.Close()
	if p.writing != nil {
		p.writing.Close()
	}
	return nil
}

type postgresReads struct{ pool *pgxpool.Pool }

func (r postgresReads) query(ctx context.Context, sql string, args []any) (Rows, error) {
	for try := 1; ; try++ {
		rows, err := r.pool.Query(ctx, sql, args...)
		if err == nil {
			// The server's answer comes with the first row: look at it while the statement can still be made again.
			more := rows.Next()
			if err = rows.Err(); err == nil {
				return &postgresRows{Rows: rows, ctx: ctx, peeked: true, more: more}, nil
			}
		}
		if try == tries || ctx.Err() != nil || !isLostPostgres(err) {
			return nil, translatePostgres(ctx, err)
		}
	}
}

func (r postgresReads) exec(ctx context.Context, sql string, args []any) (int64, error) {
	tag, err := r.pool.Exec(ctx, sql, args...)
	return tag.RowsAffected(), translatePostgres(ctx, err)
}

type postgresTx struct{ tx pgx.Tx }

func (t *postgresTx) query(ctx context.Context, sql string, args []any) (Rows, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, translatePostgres(ctx, err)
	}
	more := rows.Next()
	if err := rows.Err(); err != nil {
		return nil, translatePostgres(ctx, err)
	}
	return &postgresRows{Rows: rows, ctx: ctx, peeked: true, more: more}, nil
}

func (t *postgresTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	tag, err := t.tx.Exec(ctx, sql, args...)
	return tag.RowsAffected(), translatePostgres(ctx, err)
}

func (t *postgresTx) commit(ctx context.Context) error {
	return translatePostgres(ctx, t.tx.Commit(ctx))
}

// undoTime bounds a rollback, which must happen even though its caller may be gone.
const undoTime = 5 * time.Second

func (t *postgresTx) rollback() {
	ctx, cancel := context.WithTimeout(context.Background(), undoTime)
	defer cancel()
	// A rollback that fails has lost its connection, and the server rolls back by itself.
	_ = t.tx.Rollback(ctx)
}

// postgresRows gives errors and values the shape that both engines share.
type postgresRows struct {
	pgx.Rows
	ctx    context.Context //nolint:containedctx // rows end with their query's context
	peeked bool
	more   bool
}

func (r *postgresRows) Next() bool {
	if r.peeked {
		r.peeked = false
		return r.more
	}
	return r.Rows.Next()
}

func (r *postgresRows) Err() error { return translatePostgres(r.ctx, r.Rows.Err()) }

func (r *postgresRows) Scan(dest ...any) error {
	var targets []any
	var after []func()
	for i, d := range dest {
		var t any
		switch d := d.(type) {
		case *any:
			t = &anyTarget{d}
		case *Cell:
			var then func()
			if t, then = d.target(); then != nil {
				after = append(after, then)
			}
		case *json.RawMessage:
			t = (*[]byte)(d)
		case *Bytes:
			t = (*[]byte)(d)
		default:
			continue
		}
		if targets == nil {
			targets = append(targets, dest...)
		}
		targets[i] = t
	}
	if targets == nil {
		targets = dest
	}
	if err := r.Rows.Scan(targets...); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	for _, then := range after {
		then()
	}
	return nil
}

// anyTarget receives a value of unknown type as database/sql knows it, rather than as pgx would shape it.
type anyTarget struct{ dest *any }

func (a *anyTarget) Scan(v any) error {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	*a.dest = v
	return nil
}

// isLostPostgres reports whether the connection was found dead, so that a statement without effect may be made again.
func isLostPostgres(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", "08000", "08003", "08006":
			return true
		}
		return false
	}
	return err != nil && !IsCancelled(err) && (pgconn.SafeToRetry(err) || isNetwork(err))
}

func isNetwork(err error) bool {
	var op *net.OpError
	var connect *pgconn.ConnectError
	return errors.As(err, &op) || errors.As(err, &connect) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}

func translatePostgres(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && (IsCancelled(err) || pgconn.Timeout(err)) {
		return fmt.Errorf("db: %w", context.Cause(ctx))
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "55P03":
			return &almoner.Error{Kind: almoner.Unavailable, Code: "db.busy", Message: msgBusy, Err: err}
		case "57P01", "57P02", "57P03", "53300", "08000", "08003", "08006":
			return &almoner.Error{Kind: almoner.Unavailable, Code: "db.unavailable", Message: msgUnavailable, Err: err}
		case "53100":
			return &almoner.Error{Kind: almoner.Unavailable, Code: "db.full", Message: msgFull, Err: err}
		}
		return err
	}
	if isNetwork(err) || pgconn.SafeToRetry(err) {
		return &almoner.Error{Kind: almoner.Unavailable, Code: "db.unavailable", Message: msgUnavailable, Err: err}
	}
	return err
}

const (
	msgBusy        = "The database is busy with another change. Try again in a moment."
	msgUnavailable = "The database cannot be reached just now. Try again in a moment."
	msgFull        = "The database has no space left."
)
