package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/lifecycle"
	"almoner.dev/almoner/core/setting"
)

// server is an API over the library, with each kind of operation.
type server struct {
	*testing.T
	*entitytest.Library
	api *api.API
	log *bytes.Buffer
	// spool is where exports are put together.
	spool string
}

// people are the actors by the token that stands for their credentials.
var people = map[string]*almoner.Actor{
	"librarian": entitytest.Librarian, "reader": entitytest.Reader, "clerk": entitytest.Clerk, "guest": entitytest.Guest, "passerby": entitytest.Passerby, "southerner": entitytest.Southerner,
	"french":   {UserID: 20, Workspace: entitytest.North, Roles: []string{"Librarian"}, Locale: "fr"},
	"nowhere":  {UserID: 21, Roles: []string{"Librarian"}},
	"readonly": {UserID: 22, Workspace: entitytest.North, Roles: []string{"Librarian", "Read Only"}},
	"admin":    {UserID: 23, Superuser: true, Workspace: entitytest.North},
}

// lending is the lifecycle of a book.
func lending(l *entitytest.Library) *lifecycle.Machine {
	return &lifecycle.Machine{Entity: l.Book, Moves: []lifecycle.Move{
		{
			Code: "lend", Verb: "lent", Label: "Lend", From: []string{"in"}, To: "out", Day: "lent_on", Primary: true,
			Input: []*entity.Field{{Name: "comment", Kind: entity.LongText, Label: "Comment", Required: true, Max: 50}},
			Guard: func(ctx context.Context, q db.Queryer, id int64) error {
				var borrower *int64
				if err := q.QueryRow(ctx, "select borrower_id from library_books where id = $1", id).Scan(&borrower); err != nil {
					return err
				}
				if borrower == nil {
					return almoner.Invalidf("borrower", "library.borrower_missing", "Say who borrows it.")
				}
				return nil
			},
			Effect: func(_ context.Context, _ *db.Tx, s *lifecycle.Step) error {
				s.Set("notes", s.Said("comment"))
				return nil
			},
		},
		{Code: "retire", Verb: "retired", Label: "Retire", From: []string{"in", "out"}, To: "retired", Last: true},
	}}
}

// each runs fn over an API on each engine.
func each(t *testing.T, fn func(s *server)) {
	t.Helper()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) { fn(serve(t, entitytest.New(t, d))) })
}

func migrations() []db.Migrations { return append(entitytest.Migrations(), api.Migrations) }

func serve(t *testing.T, l *entitytest.Library) *server {
	t.Helper()
	return serveWith(t, l, nil)
}

// serveWith is serve with settings that may change.
func serveWith(t *testing.T, l *entitytest.Library, book *setting.Book) *server {
	t.Helper()
	s := &server{T: t, Library: l, log: &bytes.Buffer{}, spool: t.TempDir()}
	texts, err := i18n.New(i18n.Core())
	if err != nil {
		t.Fatal(err)
	}
	resources, calls := s.operations()
	s.api, err = api.New(api.Config{
		DB: l.DB, Registry: l.Registry, Texts: texts, Log: slog.New(slog.NewTextHandler(s.log, nil)), ReadOnlyRole: "Read Only", MaxBody: 64 << 10, Spool: s.spool, Settings: book,
		Identify: func(r *http.Request, wire api.Wire) (*almoner.Actor, error) {
			scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			if token == "" {
				return &almoner.Actor{}, nil
			}
			if a := people[token]; a != nil && (scheme == "Bearer" || len(wire.Schemes) > 0) {
				return a, nil
			}
			return nil, almoner.Errorf(almoner.Unauthenticated, "bad_token", "Given token not valid.")
		},
	}, resources, calls)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) operations() ([]*api.Resource, []api.Call) {
	l := s.Library
	resources := []*api.Resource{
		{
			Entity: l.Book, Path: "/api/old/books/", Title: "Books", Description: "All books.", Wire: api.Lenient, Can: api.Read | api.Write | api.History,
			ListShape: "row", Shape: "detail", View: api.ByField, Edit: api.ByField, Machine: lending(l),
			Export: &api.Export{
				Shape: "plain", Order: "-title", Name: func(_ map[string]any, day almoner.Date) string { return "books/of " + day.String() + ".csv" },
				Columns: []api.Column{{Title: "Title", Path: "title"}, {Title: "Pages", Path: "pages"}, {Title: "Fragile", Path: "fragile", Flag: true}, {Title: "Notes", Path: "notes"}},
			},
		},
		{
			Name: "library.shelf_book", Entity: l.Book, Path: "/api/library/books/", Title: "Books", Wire: api.Native, Can: api.Read | api.Write,
			ListShape: "row", Shape: "plain", View: api.ByField, Edit: api.ByField,
			Params: []api.Param{{Name: "letter", Doc: "First letter.", Schema: api.TypeOf("string")}},
			Narrow: func(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
				letter := q.URL.Query().Get("letter")
				if letter == "?" {
					return nil, almoner.Invalidf("letter", "library.no_letter", "That is no letter.")
				}
				if letter == "" {
					return nil, nil
				}
				return func(_ *almoner.Actor, arg func(any) string) string { return "{t}.title_folded like " + arg(letter+"%") }, nil
			},
		},
		{
			Entity: l.Author, Path: "/api/library/authors/", Title: "Authors", Wire: api.Native, Can: api.Read | api.Write, Paging: api.OnDemand, PageSize: 3,
			View: api.SignedIn, Edit: api.Administrator,
			Tag: func(ctx context.Context, q db.Queryer, _ *almoner.Actor) (tag string, err error) {
				var n int64
				err = q.QueryRow(ctx, "select count(*) from library_authors").Scan(&n)
				return time.Duration(n).String(), err
			},
		},
		{Entity: l.Language, Path: "/api/library/languages/", Title: "Languages", Wire: api.Native, Can: api.List, Paging: api.Bare, View: api.SignedIn, Edit: api.SignedIn},
	}
	calls := []api.Call{
		{
			Name: "library.hours.get", Method: http.MethodGet, Path: "/api/library/hours/", Summary: "Opening hours.", Wire: api.Native, Rule: api.Public,
			Output: api.Object(map[string]*api.Schema{"open": api.TypeOf("string")}),
			Do:     func(*api.Request) (any, error) { return map[string]string{"open": "09:00"}, nil },
		},
		{
			Name: "library.wish.create", Method: http.MethodPost, Path: "/api/library/wishes/", Summary: "Wish for a book.", Wire: api.Native, Rule: api.Role("Reader"),
			Input: []*entity.Field{{Name: "title", Kind: entity.Text, Required: true}}, Status: http.StatusAccepted, Output: api.Object(nil),
			Do: func(q *api.Request) (any, error) { return map[string]any{"title": q.In["title"]}, nil },
		},
		{
			Name: "library.fire.drill", Method: http.MethodPost, Path: "/api/library/fires/{id}/", Summary: "Fail.", Wire: api.Native, Rule: api.SignedIn,
			Do: func(q *api.Request) (any, error) {
				switch id, err := q.ID("id"); id {
				case 0:
					return nil, err
				case 1:
					return nil, errors.New("secret of the database")
				case 2:
					return nil, almoner.Errorf(almoner.Unavailable, "unavailable", "Try again later.")
				case 3:
					return nil, &almoner.Error{Kind: almoner.TooMany, Code: "throttled", Message: "Slowly.", Params: map[string]string{"seconds": "7"}}
				case 4:
					return api.Redirect{To: "/elsewhere"}, nil
				case 5:
					return json.RawMessage(`{"raw":true}`), nil
				case 6:
					q.ResponseWriter().WriteHeader(http.StatusTeapot)
					return api.Done, nil
				}
				return nil, nil
			},
		},
	}
	return resources, calls
}

// request is what a test asks.
type request struct {
	as, method, path, body string
	header                 map[string]string
}

func (s *server) send(q request) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequestWithContext(almoner.WithRequestID(s.Context(), "req-1"), q.method, q.path, strings.NewReader(q.body))
	if q.as != "" {
		r.Header.Set("Authorization", "Bearer "+q.as)
	}
	if q.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	s.api.ServeHTTP(rec, r)
	return rec
}

// ask sends a request and returns status and body on one line.
func (s *server) ask(as, method, path, body string) string {
	s.Helper()
	rec := s.send(request{as: as, method: method, path: path, body: body})
	return strings.TrimSpace(http.StatusText(rec.Code) + " " + rec.Body.String())
}

// want fails the test unless the answer is the wanted one.
func (s *server) want(as, method, path, body, answer string) {
	s.Helper()
	if got := s.ask(as, method, path, body); got != answer {
		s.Errorf("%s: %s %s %.80s\n got %s\nwant %s", as, method, path, body, got, answer)
	}
}

func (s *server) book(values entity.Values) int64 {
	s.Helper()
	return s.Add(s.T, s.Book, values)
}
