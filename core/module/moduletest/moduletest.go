// Package moduletest puts modules behind their API for a test, on each engine, without the rest of the program: nobody signs in, each
// request says by name who sends it.
//
//	var people = moduletest.People{"planner": {UserID: 1, Workspace: kenya, Roles: []string{organisation.PlannerRole}}}
//
//	func TestPlaces(t *testing.T) {
//		t.Parallel()
//		moduletest.Each(t, []module.Definition{organisation.Module, Module}, people, func(w *moduletest.World) {
//			w.Want("planner", "POST", "/api/place/places/", `{"name":"Camp"}`, 201, `{"id":1,"name":"Camp"}`)
//		})
//	}
//
// What needs people who sign in, fixtures or several workspaces is tested with app/apptest instead.
package moduletest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/module"
)

// People are those who may send requests in a test, by a short name. Whoever is not among them is a stranger.
type People map[string]*almoner.Actor

// World is a set of modules behind their API, with a database of its own.
type World struct {
	*testing.T
	DB  *db.DB
	Set *module.Set
	API *api.API
}

// personHeader says who sends a request.
const personHeader = "Test-Person"

// Each runs fn as a parallel subtest for each engine, each with a World of its own. The list must hold whatever the modules need, and none that
// says who sends a request: the test does. A declaration with a mistake fails the test.
func Each(t *testing.T, list []module.Definition, people People, fn func(w *World)) {
	t.Helper()
	who := module.Definition{Name: "who", Build: func(*module.Host) (*module.Parts, error) {
		return &module.Parts{Identity: &module.Identity{}}, nil
	}}
	ordered, err := module.Order(append([]module.Definition{who}, list...))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, migrations(ordered), func(t *testing.T, d *db.DB) {
		files, err := file.Open(t.Context(), file.Params{DB: d, Config: file.Defaults(), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = files.Close() })
		set, err := module.Build(module.Host{DB: d, Log: slog.New(slog.DiscardHandler), Files: files}, ordered)
		if err != nil {
			t.Fatal(err)
		}
		catalogues := []i18n.Catalogue{i18n.Core()}
		for _, m := range ordered {
			if m.Texts != nil {
				catalogues = append(catalogues, i18n.Catalogue{Module: m.Name, FS: m.Texts})
			}
		}
		texts, err := i18n.New(catalogues...)
		if err != nil {
			t.Fatal(err)
		}
		a, err := api.New(api.Config{
			DB: d, Registry: set.Registry, Texts: texts, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), MaxBody: 1 << 20, Files: files, Graph: set.Graph(),
			Identify: func(r *http.Request, _ api.Wire) (*almoner.Actor, error) {
				if actor := people[r.Header.Get(personHeader)]; actor != nil {
					return actor, nil
				}
				return &almoner.Actor{}, nil
			},
		}, set.Resources(), set.Calls())
		if err != nil {
			t.Fatal(err)
		}
		fn(&World{T: t, DB: d, Set: set, API: a})
	})
}

// SameSchema fails the test unless the migrations of the modules, which must hold whatever they need, make the same tables on both engines.
func SameSchema(t *testing.T, list []module.Definition) {
	t.Helper()
	ordered, err := module.Order(list)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.SameSchema(t, migrations(ordered))
}

func migrations(ordered []module.Definition) []db.Migrations {
	all := []db.Migrations{event.Migrations, api.Migrations, file.Migrations}
	for _, m := range ordered {
		if m.Migrations != nil {
			all = append(all, db.Migrations{Module: m.Name, FS: m.Migrations})
		}
	}
	return all
}

// Send makes a request with a JSON body, "" for none, as a person of the world, "" for a stranger. The header alternates names and values.
func (w *World) Send(person, method, path, body string, header ...string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, path, strings.NewReader(body))
	r.Header.Set(personHeader, person)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.API.ServeHTTP(rec, r)
	return rec
}

// Want makes a request as Send does and reports an error unless status and body are right. Bodies are compared as JSON, whatever the order of
// keys; an empty answer is not looked at.
func (w *World) Want(person, method, path, body string, status int, answer string) {
	w.Helper()
	rec := w.Send(person, method, path, body)
	if rec.Code != status || answer != "" && canonical(rec.Body.String()) != canonical(answer) {
		w.Errorf("%s: %s %s %s\n got %d %s\nwant %d %s", person, method, path, body, rec.Code, rec.Body, status, answer)
	}
}

// Facts are the names of the facts stated so far, in order.
func (w *World) Facts() []string {
	w.Helper()
	rows, err := w.DB.Query(context.WithoutCancel(w.Context()), "select name from event_log order by id")
	names, err := db.Collect(rows, err, func(r db.Row) (name string, err error) { return name, r.Scan(&name) })
	if err != nil {
		w.Fatal(err)
	}
	return names
}

// canonical is JSON with the keys of objects in order; what is no JSON stays as it is.
func canonical(text string) string {
	var tree any
	if json.Unmarshal([]byte(text), &tree) != nil {
		return text
	}
	b, err := json.Marshal(tree)
	if err != nil {
		return text
	}
	return string(b)
}
