package organisation

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/module"
)

var tables = []db.Migrations{event.Migrations, {Module: "organisation", FS: migrations}}

// world is the module behind its API, with whoever a test needs.
type world struct {
	*testing.T
	db      *db.DB
	service *Service
	api     *api.API
}

// people are the actors of the tests by the name that a request sends instead of credentials.
var people = map[string]*almoner.Actor{
	"admin":   {UserID: 1, Superuser: true, Workspace: kenya},
	"officer": {UserID: 2, Staff: true, Workspace: kenya, Roles: []string{AgencyRole}},
	"guest":   {UserID: 3, Workspace: kenya, Roles: []string{AgencyRole}},
	"monitor": {UserID: 4, Workspace: kenya, OrganizationID: 7, Roles: []string{MonitorRole}},
	"beirut":  {UserID: 5, Staff: true, Workspace: almoner.Workspace{ID: 2, Code: "LBN"}, Roles: []string{AgencyRole}},
	"french":  {UserID: 8, Workspace: kenya, Roles: []string{MonitorRole}, Locale: "fr"},
	"nowhere": {UserID: 6, Staff: true, Roles: []string{AgencyRole}},
}

var kenya = almoner.Workspace{ID: 1, Code: "KEN"}

// each runs a test against the module on each engine; extend stands for the modules built on this one.
func each(t *testing.T, extend func(s *Service), fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		identity := module.Definition{Name: "who", Build: func(*module.Host) (*module.Parts, error) {
			return &module.Parts{Identity: &module.Identity{}}, nil
		}}
		above := module.Definition{Name: "above", Needs: []string{"organisation"}, Build: func(h *module.Host) (*module.Parts, error) {
			s, err := module.Use[*Service](h, "organisation")
			if err == nil && extend != nil {
				extend(s)
			}
			return &module.Parts{}, err
		}}
		order, err := module.Order([]module.Definition{identity, above, Module})
		if err != nil {
			t.Fatal(err)
		}
		set, err := module.Build(module.Host{DB: d, Log: slog.New(slog.DiscardHandler)}, order)
		if err != nil {
			t.Fatal(err)
		}
		catalogue, err := i18n.New(i18n.Core(), i18n.Catalogue{Module: "organisation", FS: texts})
		if err != nil {
			t.Fatal(err)
		}
		a, err := api.New(api.Config{
			DB: d, Registry: set.Registry, Texts: catalogue, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), ReadOnlyRole: ReadOnlyRole, MaxBody: 1 << 20,
			Identify: func(r *http.Request, _ api.Wire) (*almoner.Actor, error) {
				if who := people[r.Header.Get("Test-Person")]; who != nil {
					return who, nil
				}
				return &almoner.Actor{}, nil
			},
		}, set.Resources(), set.Calls())
		if err != nil {
			t.Fatal(err)
		}
		fn(&world{T: t, db: d, service: set.Parts["organisation"].Service.(*Service), api: a})
	})
}

// send makes a request as a person and returns its answer.
func (w *world) send(person, method, path, body string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Test-Person", person)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	w.api.ServeHTTP(rec, r)
	return rec
}

// want makes a request and fails the test unless status and body are right; an empty body is not looked at.
func (w *world) want(person, method, path, body string, status int, answer string) {
	w.Helper()
	rec := w.send(person, method, path, body)
	if rec.Code != status {
		w.Errorf("%s %s %s: got %d %s, want %d", person, method, path, rec.Code, rec.Body, status)
		return
	}
	if got, want := compact(rec.Body.Bytes()), compact([]byte(answer)); answer != "" && got != want {
		w.Errorf("%s %s %s:\n got %s\nwant %s", person, method, path, got, want)
	}
}

func compact(raw []byte) string {
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return string(raw)
	}
	b := bytes.Buffer{}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(tree)
	return strings.TrimSpace(b.String())
}

// add creates a record in a workspace and returns its id.
func (w *world) add(e *entity.Entity, workspace almoner.Workspace, values entity.Values) int64 {
	w.Helper()
	ctx := almoner.WithActor(w.Context(), &almoner.Actor{System: "test", Workspace: workspace})
	c := e.NewChange(0, values)
	if err := w.db.InTx(ctx, func(tx *db.Tx) error { return e.Save(ctx, tx, c) }); err != nil {
		w.Fatalf("add %s: %v", e.Name, err)
	}
	return c.ID
}

// facts are the names of the facts stated so far, in order.
func (w *world) facts() []string {
	w.Helper()
	rows, err := w.db.Query(context.Background(), "select name from event_log order by id")
	list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		w.Fatal(err)
	}
	return slices.Clip(list)
}

func decode(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
}
