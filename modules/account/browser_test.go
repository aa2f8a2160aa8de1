package account_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/organisation"
)

// all is this module with what it needs: tests of a module boot no others.
var all = []module.Definition{account.Module, organisation.Module}

var people = []string{"testdata/people.yaml"}

func each(t *testing.T, fn func(t *testing.T, a *apptest.App)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, all, people, fn)
}

// open boots the program on each engine with settings of the test's own.
func open(t *testing.T, change func(c *app.Config), fn func(t *testing.T, a *app.App)) {
	t.Helper()
	t.Parallel()
	migrations, err := app.Migrations(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := dbtest.NewConfig(t, engine, migrations)
			c := app.Defaults()
			c.Data, c.Database.URL, c.Database.MaxConns = place.Dir, place.URL, place.MaxConns
			if c.Data == "" {
				c.Data = t.TempDir()
			}
			change(&c)
			a, err := app.Open(t.Context(), app.Options{
				Config: c, Modules: all, Version: "test", Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
				Hashing: auth.Hashing{MemoryKiB: 64, Passes: 1},
			})
			if err != nil {
				t.Fatalf("boot: %v", err)
			}
			t.Cleanup(func() {
				if err := a.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			sources, err := fixture.Read(people...)
			if err == nil {
				_, err = fixture.Load(t.Context(), fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, sources)
			}
			if err != nil {
				t.Fatalf("load people: %v", err)
			}
			fn(t, a)
		})
	}
}

// browser keeps cookies between requests, as browsers do, and sends no CSRF token unless it is told to.
type browser struct {
	*testing.T
	handler http.Handler
	cookies map[string]*http.Cookie
	header  http.Header
}

func newBrowser(t *testing.T, a *app.App) *browser {
	return &browser{T: t, handler: a.Handler(), cookies: map[string]*http.Cookie{}, header: http.Header{}}
}

// with returns the same browser, cookies and all, sending one more header.
func (b *browser) with(name, value string) *browser {
	header := b.header.Clone()
	header.Set(name, value)
	return &browser{b.T, b.handler, b.cookies, header}
}

// trusted returns the same browser sending the token from its CSRF cookie, as the page's script does.
func (b *browser) trusted() *browser {
	b.Helper()
	if b.cookies[auth.CSRFCookie] == nil {
		b.Fatal("there is no CSRF cookie")
	}
	return b.with(auth.CSRFHeader, b.cookies[auth.CSRFCookie].Value)
}

// do sends a request, keeps the cookies of the answer and fails the test at once unless it has this status. It returns the answer's body as a tree.
func (b *browser) do(method, path string, body any, status int) map[string]any {
	b.Helper()
	w := b.record(method, path, body)
	if w.Code != status {
		b.Fatalf("%s %s: got %d %s, want %d", method, path, w.Code, w.Body, status)
	}
	tree := map[string]any{"": w.Header()}
	_ = json.Unmarshal(w.Body.Bytes(), &tree)
	return tree
}

// send sends a request with further headers, name after name and value, keeps the cookies of the answer and returns its status and body.
func (b *browser) send(method, path string, body any, header ...string) (int, string) {
	b.Helper()
	for i := 0; i < len(header); i += 2 {
		b = b.with(header[i], header[i+1])
	}
	w := b.record(method, path, body)
	return w.Code, w.Body.String()
}

func (b *browser) record(method, path string, body any) *httptest.ResponseRecorder {
	b.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		reader = strings.NewReader(string(raw))
	}
	r := httptest.NewRequestWithContext(b.Context(), method, path, reader)
	r.Header = b.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return w
}

func header(answer map[string]any, name string) string {
	h, _ := answer[""].(http.Header)
	return h.Get(name)
}

func number(t *testing.T, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := d.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// same compares what got and want look like as JSON.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if errG != nil || errW != nil || string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// id is that of a record by table and a condition.
func id(t *testing.T, a *app.App, table, column, value string) int64 {
	t.Helper()
	return number(t, a.DB, fmt.Sprintf("select id from %s where %s = $1", table, column), value)
}
