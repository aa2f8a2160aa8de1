// Package apptest boots the whole program for a test, on each engine, filled from fixture files, and speaks to it as people do.
//
//	apptest.Each(t, modules.All(), []string{"testdata/world.yaml"}, func(t *testing.T, a *apptest.App) {
//		r := a.As("pme@agency.example").Post("/api/tpm/visits/", map[string]any{"tpm_partner": 1})
//		r.Want(t, 201)
//	})
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/module"
)

// App is a running program without a network: requests go straight to its handler. Safe for concurrent use.
type App struct {
	*app.App
	t       testing.TB
	handler http.Handler
	logs    *log
	mu      sync.Mutex
	tokens  map[string]string
}

// Each runs fn on every engine as a parallel subtest, each with a program and a database of its own, filled from the files.
func Each(t *testing.T, modules []module.Definition, files []string, fn func(t *testing.T, a *App)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, New(t, engine, modules, files...))
		})
	}
}

// New boots the program on one engine. It is closed when the test ends; anything logged as an error fails the test. The files are loaded once for all tests of
// the process that ask for the same of the same modules; each gets a copy of what came of it.
func New(t testing.TB, engine db.Engine, modules []module.Definition, files ...string) *App {
	t.Helper()
	migrations, err := app.Migrations(modules)
	if err != nil {
		t.Fatal(err)
	}
	what := strings.Join(files, " ")
	for _, m := range modules {
		what += " " + m.Name
	}
	place, dir := dbtest.Filled(t, engine, migrations, what, func(place db.Config, dir string) (err error) {
		logs := &log{}
		a, err := open(context.Background(), place, dir, modules, func(*app.Config) {}, logs)
		if err != nil {
			return err
		}
		err = errors.Join(load(context.Background(), a, files), a.Close())
		if text := logs.String(); text != "" {
			err = errors.Join(err, errors.New("logged as errors: "+text))
		}
		return err
	})
	return boot(t, place, dir, modules, func(*app.Config) {})
}

// With is New for a program whose settings are not the default ones, and hold while the files are loaded: set may change them.
func With(t testing.TB, engine db.Engine, modules []module.Definition, set func(c *app.Config), files ...string) *App {
	t.Helper()
	migrations, err := app.Migrations(modules)
	if err != nil {
		t.Fatal(err)
	}
	place := dbtest.NewConfig(t, engine, migrations)
	dir := place.Dir
	if dir == "" {
		dir = t.TempDir() // for files
	}
	a := boot(t, place, dir, modules, set)
	if err := load(t.Context(), a.App, files); err != nil {
		t.Fatal(err)
	}
	return a
}

// boot opens a program that is closed when the test ends.
func boot(t testing.TB, place db.Config, dir string, modules []module.Definition, set func(c *app.Config)) *App {
	t.Helper()
	a := &App{t: t, tokens: map[string]string{}, logs: &log{}}
	var err error
	if a.App, err = open(t.Context(), place, dir, modules, set, a.logs); err != nil {
		t.Fatalf("boot: %v", err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if text := a.logs.String(); text != "" {
			t.Errorf("logged as errors:\n%s", text)
		}
	})
	a.handler = a.Handler()
	return a
}

func open(ctx context.Context, place db.Config, dir string, modules []module.Definition, set func(c *app.Config), logs *log) (*app.App, error) {
	c := app.Defaults()
	c.Data, c.Database.URL, c.Database.MaxConns = dir, place.URL, place.MaxConns
	// Tests send in a second what nobody does in a minute; those of the limits set their own.
	c.Limits.PerAddress, c.Limits.PerCredential = 0, 0
	set(&c)
	return app.Open(ctx, app.Options{
		Config: c, Modules: modules, Version: "test", Clock: place.Clock,
		Log: slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelError})),
		// A sign-in in a test need not cost what it costs a burglar.
		Hashing: auth.Hashing{MemoryKiB: 64, Passes: 1},
	})
}

func load(ctx context.Context, a *app.App, files []string) error {
	sources, err := fixture.Read(files...)
	if err != nil {
		return err
	}
	if _, err := fixture.Load(ctx, fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, sources); err != nil {
		return fmt.Errorf("load fixtures: %w", err)
	}
	return nil
}

// log keeps what is logged; it may be written to by many goroutines.
type log struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns what was logged.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Client sends requests as one person.
type Client struct {
	a      *App
	header http.Header
	ctx    context.Context //nolint:containedctx // a client stands for one person in one test
}

// Anonymous sends requests without credentials.
func (a *App) Anonymous() *Client { return &Client{a, http.Header{}, context.Background()} }

// As sends requests as the person with this address, with a bearer token, in their own workspace.
func (a *App) As(email string) *Client {
	a.t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	token, ok := a.tokens[email]
	if !ok {
		actor, err := a.Set.Identity().OfEmail(a.t.Context(), a.DB, email, "")
		if err != nil {
			a.t.Fatalf("find %s: %v", email, err)
		}
		issued, err := a.Auth.IssueToken(a.t.Context(), actor.UserID, 0)
		if err != nil {
			a.t.Fatalf("token for %s: %v", email, err)
		}
		token = issued.Token
		a.tokens[email] = token
	}
	return a.Anonymous().With("Authorization", "Bearer "+token)
}

// With returns a client that sends one more header.
func (c *Client) With(name, value string) *Client {
	h := c.header.Clone()
	h.Set(name, value)
	return &Client{c.a, h, c.ctx}
}

// WithContext returns a client whose requests run under ctx.
func (c *Client) WithContext(ctx context.Context) *Client { return &Client{c.a, c.header, ctx} }

// In returns a client that works in a workspace.
func (c *Client) In(workspace string) *Client { return c.With("Almoner-Workspace", workspace) }

// Get sends a GET.
func (c *Client) Get(path string) *Response { return c.Do(http.MethodGet, path, nil) }

// Post sends a POST; the body is written as JSON, a string or bytes as they are.
func (c *Client) Post(path string, body any) *Response { return c.Do(http.MethodPost, path, body) }

// Patch sends a PATCH with a body as in Post.
func (c *Client) Patch(path string, body any) *Response { return c.Do(http.MethodPatch, path, body) }

// Put sends a PUT with a body as in Post.
func (c *Client) Put(path string, body any) *Response { return c.Do(http.MethodPut, path, body) }

// Delete sends a DELETE.
func (c *Client) Delete(path string) *Response { return c.Do(http.MethodDelete, path, nil) }

// Options sends an OPTIONS.
func (c *Client) Options(path string) *Response { return c.Do(http.MethodOptions, path, nil) }

// Do sends a request and returns the whole answer.
func (c *Client) Do(method, path string, body any) *Response {
	c.a.t.Helper()
	var reader io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(v)
	case []byte:
		reader = bytes.NewReader(v)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			c.a.t.Fatalf("encode body: %v", err)
		}
		reader = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, path, reader).WithContext(c.ctx)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.a.handler.ServeHTTP(w, r)
	return &Response{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes(), request: method + " " + path}
}

// Response is a whole answer.
type Response struct {
	Status  int
	Header  http.Header
	Body    []byte
	request string
}

// Want fails the test at once unless the answer has this status. It returns the answer.
func (r *Response) Want(t testing.TB, status int) *Response {
	t.Helper()
	if r.Status != status {
		t.Fatalf("%s: got status %d, want %d; body %s", r.request, r.Status, status, r.Body)
	}
	return r
}

// JSON returns the body as a tree; it fails the test when the body is no JSON.
func (r *Response) JSON(t testing.TB) any {
	t.Helper()
	var tree any
	if err := json.Unmarshal(r.Body, &tree); err != nil {
		t.Fatalf("%s: the body is no JSON: %v; %s", r.request, err, r.Body)
	}
	return tree
}

// Object returns the body as an object; it fails the test when it is none.
func (r *Response) Object(t testing.TB) map[string]any {
	t.Helper()
	object, ok := r.JSON(t).(map[string]any)
	if !ok {
		t.Fatalf("%s: the body is no object: %s", r.request, r.Body)
	}
	return object
}

// ID returns the id of the record in the body.
func (r *Response) ID(t testing.TB) int64 {
	t.Helper()
	id, ok := r.Object(t)["id"].(float64)
	if !ok {
		t.Fatalf("%s: there is no id in %s", r.request, r.Body)
	}
	return int64(id)
}
