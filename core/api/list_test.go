package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/setting"
)

// page is the body of a page of books.
type page struct {
	Count          *int
	Next, Previous *string
	Results        []struct{ Title string }
}

func (p page) String() string {
	var titles []string
	for _, r := range p.Results {
		titles = append(titles, r.Title)
	}
	link := func(u *string) string {
		if u == nil {
			return "-"
		}
		return strings.TrimPrefix(*u, "http://example.com")
	}
	count := "null"
	if p.Count != nil {
		count = fmt.Sprint(*p.Count)
	}
	return fmt.Sprintf("%s %s | %s | %s", count, strings.Join(titles, " "), link(p.Previous), link(p.Next))
}

func (s *server) page(path string) string {
	s.Helper()
	rec := s.send(request{as: "librarian", method: http.MethodGet, path: path})
	if rec.Code != http.StatusOK {
		return fmt.Sprint(rec.Code, " ", rec.Body)
	}
	var p page
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		var rows []json.RawMessage
		if json.Unmarshal(rec.Body.Bytes(), &rows) == nil {
			return fmt.Sprint("array of ", len(rows))
		}
		s.Errorf("%s: %v", path, err)
	}
	return p.String()
}

func TestPaging(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		for i := range 12 {
			s.book(entity.Values{"title": fmt.Sprintf("%02d", i)})
		}
		const ten = "00 01 02 03 04 05 06 07 08 09"
		for _, c := range []struct{ query, want string }{
			{"", "12 " + ten + " | - | /api/old/books/?page=2"},
			{"?page=1", "12 " + ten + " | - | /api/old/books/?page=2"},
			{"?page=2", "12 10 11 | /api/old/books/ | -"},
			{"?page=last", "12 10 11 | /api/old/books/ | -"},
			{"?page_size=5&page=2", "12 05 06 07 08 09 | /api/old/books/?page_size=5 | /api/old/books/?page=3&page_size=5"},
			{"?page_size=5&page=last&status=in", "12 10 11 | /api/old/books/?page=2&page_size=5&status=in | -"},
			{"?page_size=0", "12 " + ten + " | - | /api/old/books/?page=2&page_size=0"},
			{"?page_size=-3", "12 " + ten + " | - | /api/old/books/?page=2&page_size=-3"},
			{"?page_size=many", "12 " + ten + " | - | /api/old/books/?page=2&page_size=many"},
			{"?page_size=99999999999999999999", "12 " + ten + " | - | /api/old/books/?page=2&page_size=99999999999999999999"},
			{"?page_size=5000", "12 " + ten + " 10 11 | - | -"},
			{"?page_size=all", "array of 12"},
			{"?page_size=all&page=7", "array of 12"},
			{"?page=3", `404 {"detail":"Invalid page."}`},
			{"?page=0", `404 {"detail":"Invalid page."}`},
			{"?page=-1", `404 {"detail":"Invalid page."}`},
			{"?page=two", `404 {"detail":"Invalid page."}`},
			{"?page=99999999999", `404 {"detail":"Invalid page."}`},
			{"?status=out", "0  | - | -"},
			{"?status=out&page=last", "0  | - | -"},
			{"?status=out&page=2", `404 {"detail":"Invalid page."}`},
			{"?search=1&page_size=2", "3 01 10 | - | /api/old/books/?page=2&page_size=2&search=1"},
			{"?count=none", "null " + ten + " | - | /api/old/books/?after=CURSOR&count=none"},
			{"?count=none&page=2&page_size=5", "null 05 06 07 08 09 | /api/old/books/?count=none&page_size=5 | /api/old/books/?after=CURSOR&count=none&page_size=5"},
			{"?count=none&after=", "null " + ten + " | - | /api/old/books/?after=CURSOR&count=none"},
			{"?count=none&after=rubbish", badCursor},
			{"?after=rubbish", cursorAlone},
			{"?count=none&after=rubbish&page=2", cursorAlone},
			{"?count=none&after=rubbish&page_size=all", cursorAlone},
			{"?count=none&page=2", "null 10 11 | /api/old/books/?count=none | -"},
			{"?count=none&page_size=6&page=2", "null 06 07 08 09 10 11 | /api/old/books/?count=none&page_size=6 | -"},
			{"?count=none&page=3", `404 {"detail":"Invalid page."}`},
			{"?count=none&page=last", `404 {"detail":"Invalid page."}`},
			{"?count=none&status=out", "null  | - | -"},
			{"?count=none&page_size=all", "array of 12"},
			{"?count=some", "12 " + ten + " | - | /api/old/books/?count=some&page=2"},
			{"?status=gone", `400 {"status":["Select a valid choice. gone is not one of the available choices."]}`},
			{"?colour=red", "12 " + ten + " | - | /api/old/books/?colour=red&page=2"},
		} {
			if got := cursors.ReplaceAllString(s.page("/api/old/books/"+c.query), "after=CURSOR"); got != c.want {
				s.Errorf("%s:\n got %s\nwant %s", c.query, got, c.want)
			}
		}
		if got := s.page("/api/old/books"); !strings.HasPrefix(got, "12 ") {
			s.Errorf("without the slash: %s", got)
		}
		rec := s.send(request{as: "librarian", method: http.MethodGet, path: "/api/old/books/", header: map[string]string{"X-Almoner-Scheme": "https"}})
		if !strings.Contains(rec.Body.String(), `"next":"https://example.com/api/old/books/?page=2"`) {
			s.Errorf("links behind a proxy that ends TLS: %s", rec.Body)
		}
	})
}

var cursors = regexp.MustCompile(`after=[A-Za-z0-9_-]+`)

const (
	badCursor   = `400 {"after":["This cursor does not belong to this list and order: leave it out to begin at the first page."]}`
	cursorAlone = `400 {"after":["A cursor goes with count=none, and neither with a page nor with all of them."]}`
)

// Following next from page to page gives every record once, in lists that are cut into pages always and in those that are on demand, though one is added meanwhile.
func TestNextGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		for i := range 7 {
			s.book(entity.Values{"title": fmt.Sprintf("%02d", i)})
		}
		for _, c := range []struct{ first, want string }{
			{"/api/old/books/?count=none&page_size=3", "00 01 02 / 03 04 05 / 06"},
			{"/api/old/books/?count=none&page_size=4&page=1&ordering=pages", "00 01 02 03 / 04 05 06"},
			{"/api/library/books/?count=none&page_size=3&page=1", "00 01 02 / 03 04 05 / 06"},
			{"/api/old/books/?count=none&page_size=3&ordering=-title", "06 05 04 / 03 02 01 / 00"},
		} {
			var pages []string
			for next := c.first; next != ""; {
				rec := s.send(request{as: "librarian", method: http.MethodGet, path: next})
				var p page
				if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != http.StatusOK {
					s.Fatalf("%s: %d %s", next, rec.Code, rec.Body)
				}
				if len(pages) > 0 && p.Previous != nil {
					s.Errorf("%s: a cursor knows no page before, but there is %s", next, *p.Previous)
				}
				words := strings.Fields(p.String())
				pages = append(pages, strings.Join(words[1:slices.Index(words, "|")], " "))
				if next = ""; p.Next != nil {
					next = strings.TrimPrefix(*p.Next, "http://example.com")
				}
				if len(pages) == 1 && strings.HasSuffix(c.first, "-title") {
					s.book(entity.Values{"title": "99"}) // in front of where the reader is
				}
			}
			if got := strings.Join(pages, " / "); got != c.want {
				s.Errorf("%s:\n got %s\nwant %s", c.first, got, c.want)
			}
		}
		rec := s.send(request{as: "librarian", method: http.MethodGet, path: "/api/old/books/?count=none&page_size=3"})
		cursor := cursors.FindString(rec.Body.String())
		if got := s.page("/api/old/books/?count=none&ordering=-pages&" + cursor); got != badCursor {
			s.Errorf("a cursor in another order: %s", got)
		}
	})
}

func TestPageSizeIsClipped(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		for i := range 1005 {
			s.book(entity.Values{"title": fmt.Sprintf("%04d", i)})
		}
		rec := s.send(request{as: "librarian", method: http.MethodGet, path: "/api/old/books/?page_size=1001"})
		var p page
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Count == nil || *p.Count != 1005 || len(p.Results) != 1000 || p.Next == nil {
			s.Errorf("%d rows of %s; %v", len(p.Results), p, err)
		}
	})
}

// Administrators may change how long pages are, while lists are being read.
func TestPageSizesFollowTheSettings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) {
		book, err := setting.NewBook(api.Settings()...)
		if err != nil {
			t.Fatal(err)
		}
		s := serveWith(t, entitytest.New(t, d), book)
		for i := range 130 {
			s.book(entity.Values{"title": fmt.Sprintf("%04d", i)})
		}
		rows := func(query string, want int) {
			t.Helper()
			rec := s.send(request{as: "librarian", method: http.MethodGet, path: "/api/old/books/" + query})
			var p page
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || len(p.Results) != want {
				t.Errorf("%q gives %d rows, want %d; %v", query, len(p.Results), want, err)
			}
		}
		rows("", 10)
		rows("?page_size=125", 125)
		book.Apply([]setting.Override{{Name: "lists.page_size", Value: []byte("120")}, {Name: "lists.max_page_size", Value: []byte("100")}})
		rows("", 100)
		rows("?page_size=125", 100)
		rows("?page_size=7", 7)
		book.Apply([]setting.Override{{Name: "lists.page_size", Value: []byte("30")}})
		rows("?page_size=none", 30)
		rows("?page_size=125", 125)
	})
}

func TestBareAndOnDemandLists(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		for i := range 5 {
			s.Add(s.T, s.Author, entity.Values{"name": fmt.Sprint("A", i)})
			s.Add(s.T, s.Language, entity.Values{"code": fmt.Sprint("l", i), "name": fmt.Sprint("L", i)})
		}
		for path, want := range map[string]string{
			"/api/library/languages/":                 "array of 5",
			"/api/library/languages/?page=2":          "array of 5",
			"/api/library/authors/":                   "array of 5",
			"/api/library/authors/?page=1":            "5   | - | /api/library/authors/?page=2",
			"/api/library/authors/?page=last":         "5   | /api/library/authors/ | -",
			"/api/library/authors/?page=2&page_size=": "5   | /api/library/authors/?page_size= | -",
			"/api/library/authors/?page=9":            `404 {"detail":"Invalid page."}`,
		} {
			got := s.page(path)
			if strings.HasPrefix(want, "5 ") {
				got = "5  " + got[strings.Index(got, " |"):]
			}
			if got != want {
				s.Errorf("%s: got %s, want %s", path, got, want)
			}
		}
	})
}

func TestNarrowedList(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		s.book(entity.Values{"title": "Mud"})
		for path, want := range map[string]string{
			"/api/library/books/":             "2 Dust Mud | - | -",
			"/api/library/books/?letter=d":    "1 Dust | - | -",
			"/api/library/books/?letter=?":    `400 {"letter":["That is no letter."]}`,
			"/api/library/books/?colour=d":    `400 {"colour":["There is no such parameter."]}`,
			"/api/library/books/?format=json": "2 Dust Mud | - | -",
			"/api/library/books/?a=1&b=2":     `400 {"a":["There is no such parameter."],"b":["There is no such parameter."]}`,
			"/api/library/books/?a=1&page=":   `400 {"a":["There is no such parameter."]}`,
		} {
			if got := s.page(path); got != want {
				s.Errorf("%s: got %s, want %s", path, got, want)
			}
		}
	})
}

func TestTaggedListIsSentOnce(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.Add(s.T, s.Author, entity.Values{"name": "Achebe"})
		const path = "/api/library/authors/"
		first := s.send(request{as: "librarian", method: http.MethodGet, path: path})
		tag := first.Header().Get("ETag")
		if tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" || !strings.Contains(first.Header().Get("Vary"), "Almoner-Workspace") {
			s.Fatalf("headers: %v", first.Header())
		}
		for _, known := range []string{tag, `"other", ` + tag, "*", strings.TrimPrefix(tag, "W/")} {
			again := s.send(request{as: "librarian", method: http.MethodGet, path: path, header: map[string]string{"If-None-Match": known}})
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
				s.Errorf("If-None-Match %s: %d %s", known, again.Code, again.Body)
			}
		}
		s.Add(s.T, s.Author, entity.Values{"name": "Bâ"})
		changed := s.send(request{as: "librarian", method: http.MethodGet, path: path, header: map[string]string{"If-None-Match": tag}})
		if changed.Code != http.StatusOK || changed.Header().Get("ETag") == tag {
			s.Errorf("after a change: %d %s", changed.Code, changed.Header().Get("ETag"))
		}
	})
}
