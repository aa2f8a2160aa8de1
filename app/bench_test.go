package app_test

import (
	"bytes"
	"context"
	"database/sql" //nolint:depguard // the limit is what the drivers do without core/db
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"         //nolint:depguard // the same
	"github.com/jackc/pgx/v5/pgxpool" //nolint:depguard // the same

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// TestBenchTable prints the table of docs/performance.md (`make bench`): the program over HTTP beside its own statements, sent by hand and written as JSON, in
// the same run, on both engines. It measures and asserts nothing but that the answers are good. Every request has parameters of its own.
func TestBenchTable(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("ALMONER_BENCH_VISITS"))
	if err != nil {
		t.Skip("run make bench")
	}
	fmt.Printf("| Engine | Visits | Request | p50 ms | p99 ms | by hand p50 ms | by hand ÷ program | Statements | Target | Met |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			a := apptest.New(t, engine, modules.All(), world)
			began := time.Now()
			fillRegister(t, a, country(size))
			fmt.Fprintf(os.Stderr, "%s: %d visits made in %s\n", engine, size, time.Since(began).Round(time.Second))
			newBench(t, a, size).table()
		})
	}
}

// bench measures requests to one program.
type bench struct {
	*testing.T
	a      *apptest.App
	size   int
	server *httptest.Server
	client *http.Client
	token  string
	// pool, or file with its statements, is the database as others would reach it.
	pool     *pgxpool.Pool
	file     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newBench(t *testing.T, a *apptest.App, size int) *bench {
	b := &bench{T: t, a: a, size: size, client: &http.Client{}, prepared: map[string]*sql.Stmt{}}
	actor, err := a.Set.Identity().OfEmail(t.Context(), a.DB, planner, "")
	if err != nil {
		t.Fatal(err)
	}
	issued, err := a.Auth.IssueToken(t.Context(), actor.UserID, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.token = issued.Token
	b.server = httptest.NewServer(a.Handler())
	t.Cleanup(b.server.Close)
	if a.DB.Engine() == db.Postgres {
		if b.pool, err = pgxpool.New(t.Context(), a.Config.Database.URL); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.pool.Close)
		return b
	}
	file, err := sql.Open("sqlite", filepath.Join(a.Config.Data, db.FileName)+"?_pragma=cache_size(-8192)&_pragma=case_sensitive_like(1)&_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if b.file, err = file.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// request is one thing to ask.
type request struct {
	method, path string
	body         any
	want         int
}

func read(path string, args ...any) request {
	return request{http.MethodGet, fmt.Sprintf(path, args...), nil, http.StatusOK}
}

// line is one row of the table: next makes the request number i.
type line struct {
	name   string
	next   func(i int) request
	writes bool
	// target is the least that by hand ÷ program should be, by engine; 0 for none.
	sqlite, postgres float64
}

func (b *bench) table() {
	// Numbers that meet all records in a scattered order.
	visit := func(i int) int { return own + i*7919%b.size }
	list := "/api/tpm/visits/?count=none&page_size=20"
	states := []string{"draft", "assigned", "tpm_accepted", "tpm_reported", "cancelled", "unicef_approved"}
	filters := []func(i int) string{
		func(i int) string { return "status=" + states[i%6] },
		func(i int) string { return fmt.Sprint("tpm_partner=", own+i%200) },
		func(i int) string { return fmt.Sprint("tpm_activities__partner=", own+i*31%15_000) },
		func(i int) string { return fmt.Sprint("tpm_activities__section=", own+i%20) },
		func(i int) string { return fmt.Sprint("tpm_activities__cp_output=", own+i%500) },
		func(i int) string { return fmt.Sprint("tpm_activities__locations=", own+i*17%20_000) },
		func(i int) string { return fmt.Sprint("tpm_activities__offices=", own+i%10) },
		func(i int) string { return fmt.Sprint("tpm_activities__unicef_focal_points=", own+i*13%2000) },
		func(i int) string { return fmt.Sprint("tpm_partner_focal_points=", own+i*13%2000) },
		func(i int) string {
			return "tpm_activities__date__gte=" + almoner.NewDate(2024, 1, 1).AddDays(i%700).String()
		},
	}
	sorts := []string{"reference_number", "-reference_number", "start_date", "-start_date", "status_date", "-status_date", "status", "-status", "tpm_partner__name", "-tpm_partner__name"}
	syllables := []string{"zu", "be", "xi", "do", "va", "gy", "ka", "he"}
	word := func(i int) string { return syllables[i%8] + syllables[i/8%8] + syllables[i/64%8] }
	drafts := func(i int) int { return own + 8*(i%(b.size/8)) }
	for _, l := range []line{
		{"20 visits of a state by reference, up or down", func(i int) request {
			return read("%s&status=%s&ordering=%sreference_number&page=%d", list, states[1+i%5], []string{"", "-"}[i/5%2], 1+i/10%25)
		}, false, 0.8, 0.7},
		{"20 visits, no filter, any page up to 50", func(i int) request { return read("%s&page=%d", list, 1+i%50) }, false, 0, 0},
		{"20 visits, each filter in turn", func(i int) request { return read("%s&%s", list, filters[i%len(filters)](i/len(filters))) }, false, 0, 0},
		{"20 visits, each order in turn", func(i int) request {
			return read("%s&ordering=%s&page=%d", list, sorts[i%len(sorts)], 1+i/len(sorts)%20)
		}, false, 0, 0},
		{"20 visits of a state and section, with their total", func(i int) request {
			return read("/api/tpm/visits/?page_size=20&status=%s&tpm_activities__section=%d", states[i%6], own+i%20)
		}, false, 0, 0},
		{"search, a word that few have", func(i int) request { return read("%s&search=%s+%d", list, word(i), 100+i*37%9000) }, false, 0, 0},
		{"search, a word that many have", func(i int) request { return read("%s&search=%stan", list, []string{"re", "ga", "lo", "mu"}[i%4]) }, false, 0, 0},
		{"one visit", func(i int) request { return read("/api/tpm/visits/%d/", visit(i)) }, false, 0, 0},
		{"what may be done with one visit (OPTIONS)", func(i int) request {
			return request{http.MethodOptions, fmt.Sprintf("/api/tpm/visits/%d/", visit(i)), nil, http.StatusOK}
		}, false, 0, 0},
		{"programmatic visits of all partners by quarter", func(i int) request { return read("/api/tpm/hact/?year=%d", 2016+i%11) }, false, 0, 0},
		{"GraphQL, 50 visits with two lists in each", func(i int) request {
			return request{http.MethodPost, "/api/graphql", graphPage(50 * (i % 50)), http.StatusOK}
		}, false, 0.67, 0.67},
		{"create a visit with a task", func(i int) request {
			return request{http.MethodPost, "/api/tpm/visits/", map[string]any{"tpm_partner": own + i%200, "tpm_activities": []any{map[string]any{
				"partner": own + i%10_000, "intervention": own + i%10_000, "section": own + i%20, "date": "2026-12-01", "locations": []int{own + i%20_000}, "unicef_focal_points": []int{own + i%2000}, "offices": []int{own},
			}}}, http.StatusCreated}
		}, true, 0, 0},
		{"cancel a visit", func(i int) request {
			return request{http.MethodPost, fmt.Sprintf("/api/tpm/visits/%d/cancel/", drafts(i)), map[string]any{"cancel_comment": "no road"}, http.StatusOK}
		}, true, 0, 0},
	} {
		b.line(l)
	}
}

func graphPage(offset int) map[string]any {
	return map[string]any{"variables": map[string]any{"offset": offset}, "query": `query Page($offset: Int) { tpmVisits(first: 50, offset: $offset, orderBy: "-referenceNumber") { edges { node {
		id referenceNumber status tpmPartner { organization { name } } sections { edges { node { name } } } tpmPartnerFocalPoints { edges { node { firstName lastName } } } } } } }`}
}

const (
	// probes is how many requests are also sent by hand, and turns how often.
	probes = 150
	// enough is how long one line is measured at most, after its first few.
	enough = 4 * time.Second
)

func (b *bench) line(l line) {
	b.Helper()
	runtime.GC()
	i := 0
	for range 10 { // the plans and the connections
		b.send(l.next(i))
		i++
	}
	times := timed(1000, func() {
		b.send(l.next(i))
		i++
	})
	hand, statements := "", 0.0
	ratio, target, met := "", "", ""
	if l.writes {
		_, counter := b.recorded(l.next(i))
		statements = float64(counter.N())
	} else {
		var sets [][]db.Statement
		most := int64(0)
		for j := range probes {
			_, counter := b.recorded(l.next(j))
			sets = append(sets, counter.Statements())
			most = max(most, counter.N())
		}
		statements = float64(most)
		for j := range 10 {
			b.byHand(sets[j%len(sets)])
		}
		j := 0
		alone := timed(1000, func() {
			b.byHand(sets[j%len(sets)])
			j++
		})
		hand = ms(percentile(alone, 50))
		r := float64(percentile(alone, 50)) / float64(percentile(times, 50))
		ratio = fmt.Sprintf("%.2f", r)
		least := l.postgres
		if b.a.DB.Engine() == db.SQLite {
			least = l.sqlite
		}
		if least > 0 {
			target, met = fmt.Sprintf("≥ %.2f", least), "no"
			if r >= least {
				met = "yes"
			}
		}
	}
	fmt.Printf("| %s | %d | %s | %s | %s | %s | %s | %.0f | %s | %s |\n", b.a.DB.Engine(), b.size, l.name, ms(percentile(times, 50)), ms(percentile(times, 99)), hand, ratio, statements, target, met)
}

// timed takes the time of each of n calls, fewer when they are slow.
func timed(n int, fn func()) []time.Duration {
	var list []time.Duration
	for began := time.Now(); len(list) < n && (time.Since(began) < enough || len(list) < 20); {
		t := time.Now()
		fn()
		list = append(list, time.Since(t))
	}
	return sorted(list)
}

func sorted(list []time.Duration) []time.Duration {
	slices.Sort(list)
	return list
}

func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)-1)*percent/100]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }

// send asks over HTTP, as a client on this machine does.
func (b *bench) send(r request) {
	b.Helper()
	var body io.Reader
	if r.body != nil {
		raw, err := json.Marshal(r.body)
		if err != nil {
			b.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), r.method, b.server.URL+r.path, body)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Content-Type", "application/json")
	answer, err := b.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || answer.StatusCode != r.want {
		b.Fatalf("%s %s: %d %v %s", r.method, r.path, answer.StatusCode, err, raw)
	}
}

// recorded asks without a network and returns the statements that it took.
func (b *bench) recorded(r request) (*apptest.Response, *db.Counter) {
	b.Helper()
	ctx, counter := db.CountStatements(context.Background())
	return b.a.As(planner).WithContext(ctx).Do(r.method, r.path, r.body).Want(b, r.want), counter
}

// byHand sends the statements of a request through the driver alone, in one snapshot, and writes all values as JSON: no less than a handler written for
// this one request has to do. It goes over no network.
func (b *bench) byHand(list []db.Statement) {
	b.Helper()
	var all [][][]any
	var err error
	if b.pool != nil {
		err = pgx.BeginTxFunc(context.Background(), b.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			for _, s := range list {
				rows, err := tx.Query(context.Background(), s.SQL, pgArgs(s.Args)...)
				if err != nil {
					return err
				}
				values, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
				if err != nil {
					return err
				}
				all = append(all, values)
			}
			return nil
		})
	} else {
		all, err = b.byHandSQLite(list)
	}
	if err == nil {
		_, err = json.Marshal(all)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) byHandSQLite(list []db.Statement) ([][][]any, error) {
	if _, err := b.file.ExecContext(context.Background(), "begin"); err != nil {
		return nil, err
	}
	var all [][][]any
	for _, s := range list {
		prepared := b.prepared[s.SQL]
		if prepared == nil {
			var err error
			if prepared, err = b.file.PrepareContext(context.Background(), s.SQL); err != nil {
				return nil, err
			}
			b.prepared[s.SQL] = prepared
		}
		values, err := readAll(prepared, sqliteArgs(s.Args))
		if err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	_, err := b.file.ExecContext(context.Background(), "commit")
	return all, err
}

func readAll(s *sql.Stmt, args []any) ([][]any, error) {
	rows, err := s.QueryContext(context.Background(), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]any
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, rows.Err()
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
