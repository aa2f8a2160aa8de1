package app_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
	"almoner.dev/almoner/web"
)

// Who asks too much is told how long to wait, in the form that the path's clients read; others, and those who ask whether the program lives, are answered.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	a := apptest.With(t, db.SQLite, modules.All(), func(c *app.Config) {
		c.Limits.PerAddress = 60
		c.Auth.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	handler := a.Handler() // one, with one memory
	ask := func(from, method, path string, header ...string) (int, http.Header, string) {
		w := answerOf(handler, from, method, path, header...)
		return w.Code, w.Header(), w.Body.String()
	}
	const client, other = "198.51.100.7", "198.51.100.8"
	for range 15 {
		if code, _, _ := ask("10.0.0.1:1", "GET", "/api/auth/session/", "X-Forwarded-For", client); code != 200 {
			t.Fatalf("within the limit: %d", code)
		}
	}
	for _, c := range []struct{ path, accept, media, body string }{
		{"/api/tpm/visits/", "", "application/json", `{"detail":"Too many requests. Please try again in 1 seconds."}`},
		{"/api/tpm/visits/", "application/problem+json", "application/problem+json", `"code":"too_many_requests"`},
		{"/api/graphql", "", "application/json", `{"errors":[{"extensions":{"code":"RATE_LIMITED"},"message":"Too many`},
		{"/KEN/visits", "text/html", "application/json", `{"detail":"Too many`},
	} {
		code, h, body := ask("10.0.0.1:1", "GET", c.path, "X-Forwarded-For", client, "Accept", c.accept)
		if code != 429 || h.Get("Content-Type") != c.media || !strings.Contains(body, c.body) {
			t.Errorf("%s: %d %s %s", c.path, code, h.Get("Content-Type"), body)
		}
		if n, err := strconv.Atoi(h.Get("Retry-After")); err != nil || n != 1 {
			t.Errorf("%s: Retry-After %q", c.path, h.Get("Retry-After"))
		}
		if h.Get("X-Request-Id") == "" || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", c.path, h)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, _, _ := ask("10.0.0.1:1", "GET", path, "X-Forwarded-For", client); code != 200 {
			t.Errorf("%s for who asked too much: %d", path, code)
		}
	}
	if code, _, _ := ask("10.0.0.1:1", "GET", "/api/auth/session/", "X-Forwarded-For", other); code != 200 {
		t.Errorf("another client: %d", code)
	}
	// Nobody escapes by writing the header, nor blames another.
	if code, _, _ := ask("10.0.0.1:1", "GET", "/api/auth/session/", "X-Forwarded-For", other+", "+client); code != 429 {
		t.Errorf("a client that writes the header: %d", code)
	}
}

// A body that is larger than allowed is refused before it is read to its end, whatever it is for.
func TestBodyLimit(t *testing.T) {
	t.Parallel()
	a := apptest.With(t, db.SQLite, modules.All(), func(c *app.Config) {
		c.MaxBody, c.Files.MaxSize = 10*config.KiB, 20*config.KiB
	}, world)
	me := a.As(planner)
	large := `{"visit_information":"` + strings.Repeat("x", 11<<10) + `"}`
	for method, path := range map[string]string{"POST": "/api/tpm/visits/", "PATCH": "/api/v3/users/profile/"} {
		me.Do(method, path, large).Want(t, 413)
	}
	a.Anonymous().Post("/api/auth/token/", `{"email":"`+strings.Repeat("x", 11<<10)+`"}`).Want(t, 413)
	me.Post("/api/graphql", `{"query":"`+strings.Repeat("x", 11<<10)+`"}`).Want(t, 413)
	me.With("Content-Type", "multipart/form-data; boundary="+mark).Post("/api/v2/attachments/upload/", form(attached("a.txt", strings.Repeat("x", 21<<10)))).Want(t, 413)
	endless := &counting{}
	r := httptest.NewRequest("POST", "/api/auth/token/", endless)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if w.Code != 413 || endless.n > 64<<10 {
		t.Errorf("an endless body: %d after %d bytes", w.Code, endless.n)
	}
}

// counting is a body that never ends.
type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	c.n += len(p)
	return len(p), nil
}

// Clients that send slowly, or nothing, are cut off in time, and others are served meanwhile.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	place := []string{"--data", t.TempDir()}
	if err := os.WriteFile(filepath.Join(place[1], "almoner.yaml"), []byte("limits:\n  header_timeout: 300ms\n  body_timeout: 600ms\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := serve(t, place)
	address := strings.TrimPrefix(server.address, "http://")
	var cut sync.WaitGroup
	for what, begin := range map[string]string{
		"nothing":        "",
		"half a line":    "GET /api/auth/se",
		"half a header":  "GET /api/auth/session/ HTTP/1.1\r\nHost: x\r\nX-A: b",
		"half a body":    "POST /api/auth/token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
		"half a chunk":   "POST /api/auth/token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n{",
		"half a query":   "POST /api/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
		"a body to page": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{",
	} {
		for i := range 8 {
			cut.Go(func() {
				if err := trickle(t, address, begin, i%2 == 0); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			})
		}
	}
	for range 10 {
		if code, body := get(t, server.address+"/readyz"); code != 200 {
			t.Errorf("somebody else meanwhile: %d %s", code, body)
		}
	}
	cut.Wait()
	server.end(t)
}

// trickle sends the beginning of a request and then, with drip, a byte from time to time; it returns an error when the connection is not cut in time.
func trickle(t *testing.T, address, begin string, drip bool) error {
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	const patience = 15 * time.Second
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, begin); err != nil {
		return err
	}
	closed := make(chan struct{})
	if drip {
		go func() {
			ticker := time.NewTicker(50 * time.Millisecond)
			defer ticker.Stop()
			for {
				select {
				case <-closed:
					return
				case <-ticker.C:
					_, _ = io.WriteString(c, "x")
				}
			}
		}()
	}
	_, err = io.Copy(io.Discard, bufio.NewReader(c)) // an answer, perhaps, and then the end
	close(closed)
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return fmt.Errorf("still open after %v", patience)
	}
	return nil // the end, or a reset
}

// Every answer carries the headers that keep browsers from being used against people, and each kind the policy that fits it.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	a := apptest.With(t, db.SQLite, modules.All(), func(c *app.Config) {
		c.Limits.PerCredential, c.Auth.TrustedProxies = 60, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	}, world)
	me := a.As(planner)
	upload := func(name, text string) string {
		id := me.With("Content-Type", "multipart/form-data; boundary="+mark).Post("/api/v2/attachments/upload/", form(attached(name, text))).Object(t)["id"]
		return fmt.Sprintf("/api/v2/attachments/file/%v/", id)
	}
	pdf, page := upload("a.pdf", pdfText), upload("a.txt", "Dear all")
	const nothing = "default-src 'none'; frame-ancestors 'none'"
	for _, c := range []struct {
		what, method, path string
		signedIn           bool
		status             int
		policy, frames     string
	}{
		{"the app", "GET", "/KEN/visits", false, 200, web.Policy, "DENY"},
		{"its page", "GET", "/", false, 200, web.Policy, "DENY"},
		{"a missing asset", "GET", "/assets/none.js", false, 404, "", "DENY"},
		{"a list", "GET", "/api/tpm/visits/", true, 200, nothing, "DENY"},
		{"a refusal", "GET", "/api/tpm/visits/", false, 403, nothing, "DENY"},
		{"nothing there", "GET", "/api/none/", true, 404, nothing, "DENY"},
		{"metadata", "OPTIONS", "/api/tpm/visits/", true, 200, nothing, "DENY"},
		{"another method", "BREW", "/api/tpm/visits/", true, 405, nothing, "DENY"},
		{"GraphQL", "POST", "/api/graphql", true, 400, nothing, "DENY"},
		{"the document", "GET", "/api/openapi.json", false, 200, nothing, "DENY"},
		{"health", "GET", "/healthz", false, 200, nothing, "DENY"},
		{"numbers", "GET", "/metrics", false, 403, nothing, "DENY"},
		{"a file to save", "GET", pdf, true, 200, "default-src 'none'; sandbox", "DENY"},
		{"a text to save", "GET", page, true, 200, "default-src 'none'; sandbox", "DENY"},
		{"a text to see", "GET", page + "?inline=true", true, 200, "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox", "SAMEORIGIN"},
		{"a PDF to see", "GET", pdf + "?inline=true", true, 200, "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'", "SAMEORIGIN"},
	} {
		asks := a.Anonymous()
		if c.signedIn {
			asks = me
		}
		r := asks.Do(c.method, c.path, nil)
		if r.Status != c.status {
			t.Errorf("%s: %d, want %d", c.what, r.Status, c.status)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": c.policy, "X-Frame-Options": c.frames, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=(), payment=(), geolocation=(self)",
			"Strict-Transport-Security": "", "Access-Control-Allow-Origin": "", "Server": "", "X-Powered-By": "",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.what, name, got, want)
			}
		}
		if r.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no number", c.what)
		}
	}
	// What runs in the app's pages comes from our own files.
	for _, directive := range strings.Split(web.Policy, "; ") {
		name, sources, _ := strings.Cut(directive, " ")
		if (name == "script-src" || name == "default-src") && sources != "'self'" || strings.Contains(sources, "unsafe-eval") || strings.Contains(sources, "*") || strings.Contains(sources, "http") {
			t.Errorf("the app's policy allows %s", directive)
		}
	}
	for _, c := range []struct {
		from, proto, want string
	}{{"10.0.0.1:1", "https", "max-age=31536000"}, {"10.0.0.1:1", "http", ""}, {"198.51.100.7:1", "https", ""}} {
		if got := asked(a.App, c.from, "GET", "/", "X-Forwarded-Proto", c.proto).Header().Get("Strict-Transport-Security"); got != c.want {
			t.Errorf("%s says %s: Strict-Transport-Security %q, want %q", c.from, c.proto, got, c.want)
		}
	}
}
