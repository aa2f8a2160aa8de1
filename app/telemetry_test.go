package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

// asked sends a request as it comes from an address.
func asked(a *app.App, from, method, path string, header ...string) *httptest.ResponseRecorder {
	return answerOf(a.Handler(), from, method, path, header...)
}

func answerOf(h http.Handler, from, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const nearby = "127.0.0.1:5000"

// The numbers name operations, and nothing that anybody wrote.
func TestMetrics(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		me := a.As(planner)
		id := me.Post("/api/tpm/visits/", map[string]any{"tpm_partner": 1, "visit_information": "a secret plan"}).Want(t, 201).Object(t)["id"]
		me.Get("/api/tpm/visits/?search=Somebody").Want(t, 200)
		me.Get("/api/tpm/visits/1/").Want(t, 200)
		me.Get("/api/tpm/visits/987654/").Want(t, 404)
		me.Options("/api/tpm/visits/").Want(t, 200)
		me.Do("BREW", "/api/tpm/visits/", nil)
		me.Do("BREW", "/api/jane.doe@example.org/", nil)
		me.Get("/jane.doe@example.org")
		a.Anonymous().Get("/api/tpm/visits/").Want(t, 403)
		a.Anonymous().Post("/api/graphql", `{"query":"{__typename}"}`)
		a.Anonymous().Get("/healthz").Want(t, 200)
		w := asked(a.App, nearby, "GET", "/metrics")
		text := w.Body.String()
		if w.Code != 200 {
			t.Fatalf("metrics: %d %s", w.Code, text)
		}
		for _, want := range []string{
			`almoner_request_duration_seconds_count{operation="tpm.visit.create",status="201"} 1`,
			`almoner_request_duration_seconds_count{operation="tpm.visit.list",status="200"} 1`,
			`almoner_request_duration_seconds_count{operation="tpm.visit.list",status="403"} 1`,
			`almoner_request_duration_seconds_count{operation="tpm.visit.get",status="200"} 1`,
			`almoner_request_duration_seconds_count{operation="tpm.visit.get",status="404"} 1`,
			`almoner_request_duration_seconds_count{operation="options",status="200"} 1`,
			`almoner_request_duration_seconds_count{operation="graphql",status="401"} 1`,
			`almoner_request_duration_seconds_count{operation="health",status="200"} 1`,
			`almoner_request_duration_seconds_count{operation="web",status="200"} 1`,
			`almoner_requests_in_flight 1`,
			`almoner_db_connections{pool="write",state="busy"} 0`,
			`almoner_db_statement_duration_seconds_count{kind="insert",outcome="ok"}`,
			`almoner_db_transaction_duration_seconds_count{outcome="committed"}`,
			`almoner_build_info{go="go1.`,
			`go_goroutines `, `process_open_fds `,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the numbers lack %s", want)
			}
		}
		for _, never := range []string{"secret", "Somebody", "jane", "@", "987654", "BREW", planner, "/api/"} {
			if strings.Contains(text, never) {
				t.Errorf("the numbers tell %q", never)
			}
		}
		if n := strings.Count(text, "\n"); n > 1500 {
			t.Errorf("%d lines of numbers for ten requests", n)
		}
		_ = id
	})
}

// Who may read the numbers: networks, a token, and nobody whom a proxy only makes look near.
func TestMetricsAccess(t *testing.T) {
	t.Parallel()
	const token = "a long enough token"
	near, wide := netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16")
	for _, c := range []struct {
		what    string
		token   string
		trusted []netip.Prefix
		from    string
		header  []string
		want    int
	}{
		{"this machine", "", nil, nearby, nil, 200},
		{"a named network", "", nil, "10.1.2.3:9", nil, 200},
		{"a stranger", "", nil, "203.0.113.9:9", nil, 403},
		{"a stranger with a token where there is none", "", nil, "203.0.113.9:9", []string{"Authorization", "Bearer "}, 403},
		{"a stranger with the token", token, nil, "203.0.113.9:9", []string{"Authorization", "Bearer " + token}, 200},
		{"a stranger with another token", token, nil, "203.0.113.9:9", []string{"Authorization", "Bearer another"}, 403},
		{"a proxy here that is not trusted", "", nil, nearby, []string{"X-Forwarded-For", "203.0.113.9"}, 403},
		{"a proxy here that says it is local", "", nil, nearby, []string{"X-Forwarded-For", "127.0.0.1"}, 403},
		{"a proxy here that is trusted, from outside", "", []netip.Prefix{near}, nearby, []string{"X-Forwarded-For", "203.0.113.9"}, 403},
		{"a proxy here that is trusted, from the named network", "", []netip.Prefix{near}, nearby, []string{"X-Forwarded-For", "10.1.2.3"}, 200},
		{"a stranger who says it is local", "", nil, "203.0.113.9:9", []string{"X-Forwarded-For", "127.0.0.1"}, 403},
	} {
		a := apptest.With(t, db.SQLite, modules.All(), func(s *app.Config) {
			s.Metrics.Token, s.Auth.TrustedProxies, s.Metrics.Networks = c.token, c.trusted, append(s.Metrics.Networks, wide)
		})
		if got := asked(a.App, c.from, "GET", "/metrics", c.header...); got.Code != c.want {
			t.Errorf("%s: %d %s, want %d", c.what, got.Code, got.Body, c.want)
		}
	}
}

// collector is an OTLP endpoint that keeps what it is sent.
type collector struct {
	mu   sync.Mutex
	sent strings.Builder
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent.WriteString(r.URL.Path + "\n")
	c.sent.Write(raw)
}

// Traces have a span for the operation and one for each statement, follow the caller's trace, and carry no arguments.
func TestTraces(t *testing.T) {
	t.Parallel()
	c := &collector{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	a := apptest.With(t, db.SQLite, modules.All(), func(s *app.Config) { s.Trace.URL = server.URL + "/v1/traces" }, world)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	a.As(planner).With("traceparent", "00-"+trace+"-00f067aa0ba902b7-01").Post("/api/tpm/visits/", map[string]any{"visit_information": "a secret plan"}).Want(t, 201)
	a.As(planner).Get("/api/tpm/visits/?search=Somebody").Want(t, 200)
	if err := a.Telemetry.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.sent.String()
	raw := "\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36"
	for _, want := range []string{"/v1/traces", "tpm.visit.create", "tpm.visit.list", "insert into tpm_visits", raw, "http.response.status_code", "almoner.request_id"} {
		if !strings.Contains(got, want) {
			t.Errorf("the traces lack %q", want)
		}
	}
	for _, never := range []string{"secret", "Somebody", planner, "Bearer"} {
		if strings.Contains(got, never) {
			t.Errorf("the traces tell %q", never)
		}
	}
}

// A collector that is not there harms nobody.
func TestTracesWithoutACollector(t *testing.T) {
	t.Parallel()
	a := apptest.With(t, db.SQLite, modules.All(), func(s *app.Config) { s.Trace.URL = "http://127.0.0.1:1/v1/traces" }, world)
	a.As(planner).Get("/api/tpm/visits/").Want(t, 200)
}

// The number of a request comes from the client when it is sane, else from us; it is in the answer, and in every line of the log.
func TestRequestNumbers(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, db.SQLite, modules.All())
	ours := regexp.MustCompile(`^[0-9a-f]{24}$`)
	for sent, kept := range map[string]bool{
		"abcdefgh": true, "0190a1b2-c3d4.e5_f6": true, "": false, "short": false, strings.Repeat("x", 65): false, "two words": false, "new\nline-number": false, "<script>alert": false, "ümläut-number": false,
	} {
		got := asked(a.App, nearby, "GET", "/healthz", "X-Request-ID", sent).Header().Get("X-Request-Id")
		if kept && got != sent || !kept && !ours.MatchString(got) {
			t.Errorf("%q became %q", sent, got)
		}
	}
}
