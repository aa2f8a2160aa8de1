package entity_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// shelve puts five books into the library, of which only the first four are in the north.
func shelve(t *testing.T, l *entitytest.Library) {
	t.Helper()
	sw := l.Add(t, l.Language, entity.Values{"code": "sw", "name": "Kiswahili"})
	fr := l.Add(t, l.Language, entity.Values{"code": "fr", "name": "Français"})
	ba := l.Add(t, l.Author, entity.Values{"name": "Mariama Bâ", "language": fr})
	ngugi := l.Add(t, l.Author, entity.Values{"name": "Ngũgĩ", "language": sw})
	amina := l.Add(t, l.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})
	past := l.Add(t, l.Subject, entity.Values{"name": "Past"})
	love := l.Add(t, l.Subject, entity.Values{"name": "Love"})
	letter := l.Add(t, l.Book, entity.Values{
		"title": "Une si longue lettre", "author": ba, "pages": int64(165), "published": almoner.NewDate(1979, 12, 31), "subjects": []int64{past, love},
		"due_at": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "weight": 0.5,
	})
	petals := l.Add(t, l.Book, entity.Values{"title": "petals of blood", "author": ngugi, "pages": int64(344), "published": almoner.NewDate(1977, 1, 1), "subjects": []int64{past}, "fragile": true})
	matigari := l.Add(t, l.Book, entity.Values{"title": "Matigari 100%_\\", "author": ngugi, "pages": int64(175), "due_at": time.Date(2025, 12, 31, 23, 59, 59, 999999000, time.UTC)})
	l.Add(t, l.Book, entity.Values{"title": "Ægis"})
	for _, c := range []struct {
		book  int64
		shelf string
		day   int
	}{{letter, "A1", 1}, {letter, "B1", 20}, {petals, "A2", 10}, {matigari, "C1", 31}} {
		values := entity.Values{"book": c.book, "shelf": c.shelf, "bought": almoner.NewDate(2020, 1, c.day)}
		if c.book == petals {
			values["donor"], values["readers"] = ba, []int64{amina}
		}
		l.Add(t, l.Copy, values)
	}
	l.Add(t, l.Book, entity.Values{"title": "Matigari of the south"}, entitytest.Southerner)
}

// titles are the first words of the titles of the books that a query string finds for the actor.
func titles(t *testing.T, l *entitytest.Library, a *almoner.Actor, query string) string {
	t.Helper()
	params, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, _, err := l.Book.ParseQuery(l.Viewer(a), params)
	if err != nil {
		return err.Error()
	}
	q.Shape = "min"
	rows, err := l.Book.Page(t.Context(), l.DB, l.Viewer(a), q)
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return ""
	}
	n, err := l.Book.Count(t.Context(), l.DB, l.Viewer(a), q)
	if err != nil || n != len(rows) {
		t.Errorf("%s: %d rows, counted %d, %v", query, len(rows), n, err)
	}
	var list []string
	for _, row := range rows {
		var book struct{ Title string }
		if err := json.Unmarshal(row, &book); err != nil {
			t.Fatal(err)
		}
		word, _, _ := strings.Cut(book.Title, " ")
		list = append(list, word)
	}
	return strings.Join(list, " ")
}

func TestLists(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		shelve(t, l)
		const all = "Ægis Matigari petals Une"
		for _, c := range []struct{ query, want string }{
			{"", all},
			// Filters.
			{"status=in", all},
			{"status=out", ""},
			{"status__in=out,in", all},
			{"status=", all},
			{"author=2", "Matigari petals"},
			{"author=1&author=2", "Matigari petals Une"},
			{"author__in=1,2,,2", "Matigari petals Une"},
			{"author__in=", all},
			{"author=9999999999999", ""},
			{"author__isnull=true", "Ægis"},
			{"author__isnull=0", "Matigari petals Une"},
			{"pages=175", "Matigari"},
			{"pages__lt=175", "Une"},
			{"pages__lte=175", "Matigari Une"},
			{"pages__gt=175", "petals"},
			{"pages__gte=175&pages__lt=300", "Matigari"},
			{"fragile=true", "petals"},
			{"fragile=FALSE", "Ægis Matigari Une"},
			{"fragile=1&fragile=0", all},
			{"weight__gt=0.4", "Une"},
			{"weight__gt=-1e300", "Une"},
			{"published=1977-01-01", "petals"},
			{"published__in=1977-01-01,1979-12-31", "petals Une"},
			{"published__year=1979", "Une"},
			{"published__lt=1979-12-31", "petals"},
			{"due_at__year=2025", "Matigari"},
			{"due_at__year=2026", "Une"},
			{"due_at__lt=2026-01-01T00:00:00Z", "Matigari"},
			{"due_at__gte=2026-01-01", "Une"},
			{"due_at__gte=2026-01-01T02:00:00%2B02:00", "Une"},
			{"subjects=1", "petals Une"},
			{"subjects=2", "Une"},
			{"subjects=1&subjects=2", "petals Une"},
			{"subjects__in=2,77", "Une"},
			{"copies.bought=", all},
			{"copies__bought__gte=2020-01-05&copies__bought__lte=2020-01-15", "petals"}, // one and the same copy
			{"copies__shelf=A1&copies__bought__gte=2020-01-15", "Une"},                  // paths of their own: one copy each
			{"copies__shelf__in=A1,A2,A3", "petals Une"},
			{"copies__shelf__icontains=a", "petals Une"},
			{"donors=1", "petals"},
			{"language=1", "Matigari petals"},
			{"reader=amina@library.example", "petals"},
			{"reader=x' or '1'='1", ""},
			{"author=2&fragile=true", "petals"},
			// Search.
			{"search=MATIGARI", "Matigari"},
			{"search=ba", "Une"},
			{"search=bâ+lettre", "Une"},
			{"search=ngugi", "Matigari petals"},
			{"search=ngugi+petals", "petals"},
			{"search=aegis", "Ægis"},
			{"search=c1", "Matigari"},
			{"search=%25", "Matigari"},
			{"search=_", "Matigari"},
			{"search=%5C", "Matigari"},
			{"search=100%25_", "Matigari"},
			{"search=+", all},
			{"search=*", ""},
			{"search=%5B", ""},
			{"search=ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma+ma", "Matigari Une"},
			// Order.
			{"ordering=-title", "Une petals Matigari Ægis"},
			{"ordering=author__name,title&fragile=0&author__isnull=0", "Une Matigari"},
			{"ordering=-author__name&author__isnull=0", "petals Matigari Une"},
			{"ordering=nothing,,-title,title%3Bdrop", "Une petals Matigari Ægis"},
			{"ordering=-title,title,title,title", "Une petals Matigari Ægis"},
			{"ordering=" + strings.Repeat("author__name,title,", 200) + "&author__isnull=0", "Une Matigari petals"},
		} {
			got := titles(t, l, entitytest.Librarian, c.query)
			if got != c.want {
				t.Errorf("%s: got %q, want %q", c.query, got, c.want)
			}
		}
		same(t, "in the south", titles(t, l, entitytest.Southerner, "search=matigari"), "Matigari")
		same(t, "a guest", titles(t, l, entitytest.Guest, ""), "Ægis Matigari Une")
		same(t, "a guest who filters", titles(t, l, entitytest.Guest, "fragile=true"), "")
	})
}

func TestOrderBySQL(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		for _, title := range []string{"ccc", "a", "bb", "dd"} {
			l.Add(t, l.Book, entity.Values{"title": title})
		}
		same(t, "by length, equal ones by id", titles(t, l, entitytest.Librarian, "ordering=length"), "a bb dd ccc")
		same(t, "turned around, equal ones too", titles(t, l, entitytest.Librarian, "ordering=-length"), "ccc dd bb a")
	})
}

func TestFiltersThroughDeepRelations(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		shelve(t, l)
		names := func(query url.Values) string {
			q, _, err := l.Author.ParseQuery(entity.Viewer{}, query)
			if err != nil {
				return err.Error()
			}
			q.Shape = "min"
			rows, err := l.Author.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), q)
			if err != nil {
				t.Error(err)
			}
			return fmt.Sprintf("%s", rows)
		}
		same(t, "authors of books with a copy on a shelf", names(url.Values{"books__copies__shelf": {"A2"}}), `[{"id":2,"name":"Ngũgĩ"}]`)
		same(t, "text within a name, without its accents", names(url.Values{"name__icontains": {"MA B"}}), `[{"id":1,"name":"Mariama Bâ"}]`)
		if err := l.Save(t.Context(), entitytest.Librarian, l.Book.NewDelete(2)); err != nil {
			t.Fatal(err)
		}
		same(t, "deleted books count for nothing", names(url.Values{"books__copies__shelf": {"A2"}}), `[]`)
	})
}

func TestBadParameters(t *testing.T) {
	t.Parallel()
	l := entitytest.Declare()
	compile(t, l)
	many := make([]string, 1001)
	for i := range many {
		many[i] = almoner.NewDate(1900, 1, 1).AddDays(i).String()
	}
	words := make([]string, 21)
	for i := range words {
		words[i] = strconv.Itoa(i)
	}
	for _, c := range []struct{ name, value, code string }{
		{"status", "gone", "not_a_choice"},
		{"status__in", "in,gone", "not_a_choice"},
		{"author", "one", "not_a_number"},
		{"author", "1.5", "not_a_number"},
		{"author", "99999999999999999999", "not_a_number"},
		{"author__isnull", "perhaps", "not_a_boolean"},
		{"pages__lt", "many", "not_a_number"},
		{"fragile", "2", "not_a_boolean"},
		{"weight__gt", "heavy", "not_a_number"},
		{"weight__gt", "NaN", "not_a_number"},
		{"weight__gt", "Inf", "not_a_number"},
		{"published", "1977-02-30", "bad_date_filter"},
		{"published", "01/02/1977", "bad_date_filter"},
		{"published__year", "0", "not_a_number"},
		{"published__year", "9999", "not_a_number"},
		{"due_at__lt", "yesterday", "bad_datetime_filter"},
		{"due_at__lt", "0001-01-01T00:00:00+14:00", "bad_datetime_filter"},
		{"copies__shelf", "a\x00b", "bad_text"},
		{"copies__shelf", "\xff", "bad_text"},
		{"copies__shelf__icontains", "\xff", "bad_text"},
		{"copies__shelf__icontains", strings.Repeat("x", 1001), "too_long"},
		{"search", "a\x00", "bad_text"},
		{"search", "\xff\xfe", "bad_text"},
		{"search", strings.Join(words, " "), "search_too_long"},
		{"search", strings.Repeat("x", 1001), "search_too_long"},
		{"published__in", strings.Join(many, ","), "too_many_values"},
	} {
		_, _, err := l.Book.ParseQuery(entity.Viewer{}, url.Values{c.name: {c.value}})
		var e *almoner.Error
		if !errors.As(err, &e) || e.Kind != almoner.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != c.name || e.Fields[0].Code != c.code {
			t.Errorf("%s=%.40q: got %v, want %s", c.name, c.value, err, c.code)
		}
	}
	_, others, err := l.Book.ParseQuery(entity.Viewer{}, url.Values{"colour": {"red"}, "page": {"2"}, "status": {"in"}})
	if err != nil || !slices.Equal(others, []string{"colour", "page"}) {
		t.Errorf("unknown parameters: %v, %v", others, err)
	}
	if _, others, _ := l.Copy.ParseQuery(entity.Viewer{}, url.Values{"search": {"x"}}); !slices.Equal(others, []string{"search"}) {
		t.Errorf("search of an entity without searched fields: %v", others)
	}
	_, _, err = l.Book.ParseQuery(entity.Viewer{}, url.Values{"author": {"x"}, "fragile": {"x"}})
	var e *almoner.Error
	if !errors.As(err, &e) || len(e.Fields) != 2 {
		t.Errorf("two bad parameters: %v", err)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		for range 7 {
			l.Add(t, l.Book, entity.Values{"title": "Same"})
		}
		var ids []string
		for offset := 0; offset < 9; offset += 3 {
			rows, err := l.Book.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), entity.Query{Shape: "min", Limit: 3, Offset: offset})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, fmt.Sprintf("%s", rows))
		}
		same(t, "equal titles are paged by id", strings.Join(ids, ""),
			`[{"id":1,"title":"Same"} {"id":2,"title":"Same"} {"id":3,"title":"Same"}][{"id":4,"title":"Same"} {"id":5,"title":"Same"} {"id":6,"title":"Same"}][{"id":7,"title":"Same"}]`)
		rows, err := l.Book.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), entity.Query{Shape: "min", Only: func(_ *almoner.Actor, arg func(any) string) string { return "{t}.id > " + arg(int64(6)) }})
		if err != nil || fmt.Sprintf("%s", rows) != `[{"id":7,"title":"Same"}]` {
			t.Errorf("narrowed by Only: %s, %v", rows, err)
		}
	})
}

func TestLocate(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		member := l.Add(t, l.Member, entity.Values{"name": "Rea", "email": "rea@library.example", "user_id": entitytest.Reader.UserID})
		id := l.Add(t, l.Book, entity.Values{"title": "Lent", "borrower": member, "status": "out"})
		notes := l.Book.Field("notes")
		found, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(entitytest.Reader), id)
		if err != nil || found.ID != id || found.Version != 1 || found.State != "out" {
			t.Fatalf("located %+v, %v", found, err)
		}
		if !found.Viewer.Edits(notes) || !found.Viewer.Sees(notes) || l.Viewer(entitytest.Reader).Sees(notes) {
			t.Error("the borrower, and nobody else by being a reader, edits and sees the notes")
		}
		other := l.Add(t, l.Book, entity.Values{"title": "Here"})
		if found, err = l.Book.Locate(t.Context(), l.DB, l.Viewer(entitytest.Reader), other); err != nil || found.Viewer.Sees(notes) {
			t.Errorf("a book that is not lent to the reader: %v, notes seen %v", err, found.Viewer.Sees(notes))
		}
		for name, a := range map[string]*almoner.Actor{"the south": entitytest.Southerner, "no workspace": {UserID: 9, Roles: []string{"Librarian"}}} {
			if _, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(a), id); almoner.KindOf(err) != almoner.NotFound {
				t.Errorf("%s finds the book: %v", name, err)
			}
		}
	})
}
