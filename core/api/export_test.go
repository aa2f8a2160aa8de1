package api_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func TestExport(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.Add(s.T, s.Book, entity.Values{"title": "Dust", "pages": int64(369), "notes": "=1+1"})
		s.Add(s.T, s.Book, entity.Values{"title": "Zenzele, \"a letter\"", "fragile": true})
		s.Add(s.T, s.Book, entity.Values{"title": "Elsewhere"}, entitytest.Southerner)
		const header = "Title,Pages,Fragile,Notes\r\n"
		for _, c := range []struct{ who, query, want string }{
			{"librarian", "", header + "\"Zenzele, \"\"a letter\"\"\",,1,\r\nDust,369,0,'=1+1\r\n"},
			{"librarian", "?ordering=title&unknown=1&page=7", header + "Dust,369,0,'=1+1\r\n\"Zenzele, \"\"a letter\"\"\",,1,\r\n"},
			{"librarian", "?search=dust", header + "Dust,369,0,'=1+1\r\n"},
			{"librarian", "?pages=5", header},
			{"southerner", "", header + "Elsewhere,,0,\r\n"},
			// Rows count, not fields (tpm §5.9): a guest's rows are those in their scope.
			{"guest", "", header + "Dust,369,0,'=1+1\r\n"},
		} {
			w := s.send(request{as: c.who, method: "GET", path: "/api/old/books/export/" + c.query})
			if w.Code != 200 || w.Body.String() != c.want {
				s.Errorf("%s %s: got %d %q, want 200 %q", c.who, c.query, w.Code, w.Body, c.want)
			}
			if got := w.Header().Get("Content-Type"); got != "text/csv; charset=utf-8" {
				s.Errorf("content type %q", got)
			}
			if got, start := w.Header().Get("Content-Disposition"), `attachment; filename="books_of 20`; !strings.HasPrefix(got, start) {
				s.Errorf("disposition %q, want it to begin with %q", got, start)
			}
		}
		if w := s.send(request{as: "librarian", method: "GET", path: "/api/old/books/export/?pages=many"}); w.Code != 400 {
			s.Errorf("a bad filter gives %d, want 400", w.Code)
		}
		if w := s.send(request{as: "nowhere", method: "GET", path: "/api/old/books/export/"}); w.Code != 403 {
			s.Errorf("without a workspace: %d, want 403", w.Code)
		}
		if w := s.send(request{as: "", method: "GET", path: "/api/old/books/export/"}); w.Code != 403 {
			s.Errorf("a stranger: %d, want 403", w.Code)
		}
		if w := s.send(request{as: "librarian", method: "POST", path: "/api/old/books/export/"}); w.Code != 405 {
			s.Errorf("POST: %d, want 405", w.Code)
		}
	})
}

func TestExportIsChecked(t *testing.T) {
	t.Parallel()
	l := entitytest.Declare()
	registry, err := entity.Compile(db.SQLite, &access.Engine{}, l.Entities()...)
	if err != nil {
		t.Fatal(err)
	}
	resource := func(x *api.Export) *api.Resource {
		return &api.Resource{Entity: l.Book, Path: "/api/books/", Can: api.List, ListShape: "row", View: api.SignedIn, Edit: api.SignedIn, Export: x}
	}
	name := func(map[string]any, almoner.Date) string { return "" }
	for want, x := range map[string]*api.Export{
		`no shape "tall"`:              {Shape: "tall", Order: "title", Name: name},
		`cannot be ordered by "size"`:  {Shape: "row", Order: "size", Name: name},
		`no parent with a shape "min"`: {Shape: "row", Order: "title", Beside: "min", Name: name},
		`leads to "author.surname"`:    {Shape: "row", Order: "title", Name: name, Columns: []api.Column{{Title: "A", Path: "author.surname"}}},
	} {
		if _, err := api.New(api.Config{Registry: registry}, []*api.Resource{resource(x)}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something about %s", err, want)
		}
	}
}
