package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// selection asks for fields by name, within a window: "title", "author{name}", "copies{shelf}".
func selection(t *testing.T, w *entity.Window, names ...string) *entity.Selection {
	t.Helper()
	s := &entity.Selection{Window: w}
	for _, name := range names {
		name, inner, nested := strings.Cut(strings.TrimSuffix(name, "}"), "{")
		f := w.Entity.Field(name)
		if f == nil {
			t.Fatalf("%s has no field %q", w.Entity.Name, name)
		}
		p := entity.Pick{Field: f, Cut: entity.Cut{To: 100, Last: -1, Rows: true}}
		if pane := w.Pane(name); nested && pane != nil {
			p.Of = selection(t, pane.Nested, strings.Fields(inner)...)
		}
		s.Picks = append(s.Picks, p)
	}
	return s
}

// show writes a record on one line; what is hidden is a dash.
func show(r entity.Record, s *entity.Selection) string {
	if !r.Visible() {
		return "-"
	}
	parts := []string{fmt.Sprint(r.ID())}
	for i, p := range s.Picks {
		switch {
		case p.Of == nil:
			parts = append(parts, fmt.Sprint(r.Value(i)))
		case p.Field.Kind == entity.Ref:
			if one, ok := r.One(i); ok {
				parts = append(parts, "("+show(one, p.Of)+")")
			} else {
				parts = append(parts, "-")
			}
		default:
			list, ok := r.Many(i)
			if !ok {
				parts = append(parts, "-")
				continue
			}
			var rows []string
			for _, row := range list.Records {
				rows = append(rows, show(row, p.Of))
			}
			parts = append(parts, fmt.Sprintf("%d/%d[%s]", list.From, list.Length, strings.Join(rows, "; ")))
		}
	}
	return strings.Join(parts, " ")
}

func TestWindow(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		w, err := l.Book.Window(nil, "row", "detail")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range w.Panes() {
			names = append(names, p.Field.Name)
		}
		// In order of declaration; those of a group are fields like others.
		same(t, "panes", strings.Join(names, " "), "title status author borrower website contact notes subjects donors copies")
		author := w.Pane("author")
		if author.ID || author.Nested.Pane("name") == nil || author.Nested.Pane("id") == nil || author.Nested.Pane("born") != nil || author.Nested.Pane("language").Nested.Pane("name") == nil {
			t.Errorf("author: %+v", author)
		}
		if w.Pane("pages") != nil || w.Pane("nothing") != nil {
			t.Error("a field that no shape shows has a pane")
		}
		plain, err := l.Book.Window(nil, "plain")
		if err != nil {
			t.Fatal(err)
		}
		if p := plain.Pane("author"); !p.ID || p.Nested.Pane("name") != nil || p.Nested.Pane("id") == nil {
			t.Errorf("a relation written as its id: %+v", p)
		}
		if _, err := l.Book.Window(nil, "row", "nothing"); err == nil || !strings.Contains(err.Error(), `no shape "nothing"`) {
			t.Errorf("a shape that does not exist: %v", err)
		}
	})
}

func TestRecords(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		shelve(t, l)
		w, err := l.Book.Window(nil, "row", "detail")
		if err != nil {
			t.Fatal(err)
		}
		read := func(a *almoner.Actor, s *entity.Selection, id int64) string {
			t.Helper()
			ctx := almoner.WithActor(t.Context(), a)
			r, err := l.Book.Record(ctx, l.DB, l.Viewer(a), id, s, &entity.Budget{Limit: 100})
			if err != nil {
				return err.Error()
			}
			return show(r, s)
		}
		all := selection(t, w, "title", "author{name}", "copies{shelf donor}", "notes", "pages", "borrower{name}", "subjects{name}")
		same(t, "a librarian", read(entitytest.Librarian, all, 2), "2 petals of blood (2 Ngũgĩ) 0/-1[3 A2 1]  <nil> - 0/-1[1 Past]")
		// Notes, members and donors of copies are hidden.
		same(t, "a reader", read(entitytest.Reader, all, 2), "2 petals of blood (2 Ngũgĩ) 0/-1[3 A2 <nil>] <nil> <nil> - 0/-1[1 Past]")
		same(t, "a guest", read(entitytest.Guest, all, 1), "1 Une si longue lettre - - <nil> <nil> - -")
		same(t, "a guest out of scope", read(entitytest.Guest, all, 2), "Not found.")
		same(t, "a passer-by", read(entitytest.Passerby, all, 1), "-")
		same(t, "elsewhere", read(entitytest.Southerner, all, 1), "Not found.")
		same(t, "nobody's id", read(entitytest.Librarian, all, 99), "Not found.")

		// As ids, the target's own rules are not asked: the id is the record's own.
		plain, err := l.Book.Window(nil, "plain")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "ids", read(entitytest.Librarian, selection(t, plain, "author{id name}", "copies{id shelf}"), 2), "2 (2 2 <nil>) 0/-1[3 3 <nil>]")

		// Lists are cut per owner, in one statement, and counted only when asked.
		cut := func(c entity.Cut) string {
			t.Helper()
			s := selection(t, w, "copies{shelf}")
			s.Picks[0].Cut = c
			ctx, counter := db.CountStatements(t.Context())
			records, err := l.Book.Records(ctx, l.DB, l.Viewer(entitytest.Librarian), entity.Query{}, s, &entity.Budget{Limit: 100})
			if err != nil {
				return err.Error()
			}
			var parts []string
			for _, r := range records {
				parts = append(parts, show(r, s))
			}
			return fmt.Sprint(counter.N(), ": ", strings.Join(parts, ", "))
		}
		same(t, "all", cut(entity.Cut{To: 100, Last: -1, Rows: true}), "2: 4 0/0[], 3 0/-1[4 C1], 2 0/-1[3 A2], 1 0/-1[1 A1; 2 B1]")
		same(t, "the first", cut(entity.Cut{To: 1, Last: -1, Rows: true}), "2: 4 0/0[], 3 0/-1[4 C1], 2 0/-1[3 A2], 1 0/-1[1 A1]")
		same(t, "the second", cut(entity.Cut{From: 1, To: 2, Last: -1, Rows: true, Total: true}), "3: 4 0/0[], 3 0/1[], 2 0/1[], 1 1/2[2 B1]")
		same(t, "the last", cut(entity.Cut{To: 100, Last: 1, Rows: true}), "2: 4 0/0[], 3 0/1[4 C1], 2 0/1[3 A2], 1 1/2[2 B1]")
		same(t, "the total", cut(entity.Cut{Total: true}), "2: 4 0/0[], 3 0/1[], 2 0/1[], 1 0/2[]")
		same(t, "nothing", cut(entity.Cut{}), "1: 4 0/0[], 3 0/0[], 2 0/0[], 1 0/0[]")

		budget := &entity.Budget{Limit: 7}
		if _, err := l.Book.Records(t.Context(), l.DB, l.Viewer(entitytest.Librarian), entity.Query{}, selection(t, w, "copies{shelf}"), budget); err == nil || !strings.Contains(err.Error(), "more than 7 records") || almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("eight records of seven: %v", err)
		}
	})
}

func TestArguments(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		shelve(t, l)
		find := func(a entity.Arguments) string {
			t.Helper()
			q, err := l.Book.ParseArguments(entity.Viewer{}, a)
			if err != nil {
				return problems(err)
			}
			n, err := l.Book.Count(t.Context(), l.DB, l.Viewer(entitytest.Librarian), q)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(n)
		}
		filters := func(name string, values ...string) entity.Arguments {
			return entity.Arguments{Filters: map[string][]string{name: values}}
		}
		for _, c := range []struct {
			name string
			a    entity.Arguments
			want string
		}{
			{"nothing", entity.Arguments{}, "4"},
			{"a comma is part of a value", filters("copies__shelf__in", "A1,A2"), "0"},
			{"values one by one", filters("copies__shelf__in", "A1", "", "A2"), "2"},
			{"empty values", filters("copies__shelf__in", ""), "4"},
			{"any of", filters("author", "1", "2"), "3"},
			{"search", entity.Arguments{Search: "ngugi petals"}, "1"},
			{"everything wrong at once", entity.Arguments{Filters: map[string][]string{"colour": {"red"}, "pages": {"x"}}, Order: []string{"-weight", "title"}}, "colour:unknown_field pages:not_a_number ordering:unknown_order"},
		} {
			same(t, c.name, find(c.a), c.want)
		}
		if _, err := l.Copy.ParseArguments(entity.Viewer{}, entity.Arguments{Search: "x"}); problems(err) != "search:unknown_field" {
			t.Errorf("search where there is none: %v", err)
		}
	})
}
