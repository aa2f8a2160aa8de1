package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// chosen is a choice of fields as a test makes it: nil for the whole value.
type chosen map[string]chosen

func (c chosen) String() string {
	var parts []string
	for name, of := range c {
		if of != nil {
			name += "[" + of.String() + "]"
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ",")
}

// choose makes a random choice among what a shape shows.
func choose(r *rand.Rand, outs []entity.Out) chosen {
	c := chosen{}
	for len(c) == 0 {
		for _, o := range outs {
			if r.IntN(3) > 0 {
				continue
			}
			c[o.Name] = nil
			if o.Nested != nil && r.IntN(4) > 0 {
				c[o.Name] = choose(r, o.Nested)
			}
		}
	}
	return c
}

// prune leaves of a body what was chosen.
func prune(body any, c chosen) any {
	switch body := body.(type) {
	case []any:
		list := []any{}
		for _, item := range body {
			list = append(list, prune(item, c))
		}
		return list
	case map[string]any:
		o := map[string]any{}
		for name, of := range c {
			value, ok := body[name]
			switch {
			case !ok:
			case of == nil:
				o[name] = value
			default:
				o[name] = prune(value, of)
			}
		}
		return o
	}
	return body
}

func (s *server) shelves() {
	s.Helper()
	language := s.Add(s.T, s.Language, entity.Values{"code": "en", "name": "English"})
	author := s.Add(s.T, s.Author, entity.Values{"name": "Achebe", "language": language})
	subject := s.Add(s.T, s.Subject, entity.Values{"name": "Past"})
	member := s.Add(s.T, s.Member, entity.Values{"name": "Mo", "email": "mo@library.example"})
	for i := range 3 {
		book := entity.Values{"title": fmt.Sprint("Dust ", i), "website": "https://library.example", "notes": "n"}
		if i > 0 {
			book["author"], book["borrower"], book["subjects"] = author, member, []int64{subject}
		}
		id := s.book(book)
		for n := range i {
			s.Add(s.T, s.Copy, entity.Values{"book": id, "shelf": fmt.Sprint("A", n), "donor": author, "readers": []int64{member}})
		}
	}
}

// Whatever is asked for and whoever asks, what comes is the whole answer without the rest.
func TestFieldsAreAPartOfTheWhole(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelves()
		r := rand.New(rand.NewPCG(7, 2026)) //nolint:gosec // a fixed seed is the point
		read := func(as, path string) any {
			var body any
			if rec := s.send(request{as: as, method: http.MethodGet, path: path}); rec.Code != http.StatusOK || json.Unmarshal(rec.Body.Bytes(), &body) != nil {
				s.Fatalf("%s %s: %d %s", as, path, rec.Code, rec.Body)
			}
			return body
		}
		for i := range 300 {
			as := []string{"librarian", "reader", "guest", "clerk", "french"}[i%5]
			path, shape := "/api/old/books/?page_size=all", "row"
			switch i % 3 {
			case 1:
				path, shape = "/api/old/books/3/?", "detail"
			case 2:
				path, shape = "/api/library/books/2/?", "plain"
			}
			c := choose(r, s.Book.Outline(shape, entity.Viewer{Trusted: true}))
			if got, want := read(as, path+"&fields="+url.QueryEscape(c.String())), prune(read(as, path), c); !reflect.DeepEqual(got, want) {
				s.Fatalf("%s %s&fields=%s:\n got %v\nwant %v", as, path, c, got, want)
			}
		}
	})
}

func TestFieldsOfListsAndRecords(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelves()
		for _, c := range []struct{ as, path, want string }{
			{"librarian", "/api/old/books/2/?fields=id,author[name],copies[shelf]", `OK {"id":2,"author":{"name":"Achebe"},"copies":[{"shelf":"A0"}]}`},
			{"librarian", "/api/old/books/2/?fields=copies[shelf],id&fields=author[language[code],name]", `OK {"id":2,"author":{"name":"Achebe","language":{"code":"en"}},"copies":[{"shelf":"A0"}]}`},
			{"librarian", "/api/old/books/2/?fields=shop[website]", `OK {"shop":{"website":"https://library.example"}}`},
			{"reader", "/api/old/books/2/?fields=id", `OK {"id":2}`},
			{"reader", "/api/old/books/2/?fields=notes", `OK {}`},
			{"guest", "/api/old/books/2/?fields=id,author", `OK {"id":2}`},
			{"reader", "/api/old/books/2/?fields=copies[id]", `OK {"copies":[{"id":1}]}`},
			{"librarian", "/api/old/books/2/?fields=id,nothing,author[height]", `OK {"id":2}`},
			{"librarian", "/api/old/books/1/?fields=id,author[name]", `OK {"id":1,"author":null}`},
			{"librarian", "/api/library/books/?fields=title&page_size=1", `OK {"count":3,"next":"http://example.com/api/library/books/?fields=title\u0026page=2\u0026page_size=1","previous":null,"results":[{"title":"Dust 0"}]}`},
			{"librarian", "/api/library/languages/?fields=code", `OK [{"code":"en"}]`},
			{"librarian", "/api/library/books/2/?fields=title,height,author[name]", `Bad Request {"fields":["There is no field \"author.name\".","There is no field \"height\"."]}`},
			{"french", "/api/library/books/?fields=height", `Bad Request {"fields":["Il n’y a pas de champ « height »."]}`},
			{"librarian", "/api/library/books/?fields=a[b", `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: a [ is not closed."]}`},
			{"librarian", "/api/library/books/?fields=a]", `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: there is an unexpected ] at position 2."]}`},
			{"librarian", "/api/library/books/?fields=a[b]c", `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: a comma is missing at position 5."]}`},
			{"librarian", "/api/library/books/?fields=a[]", `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: a name is missing at position 3."]}`},
			{"librarian", "/api/library/books/?fields=" + strings.Repeat("a[", 500), `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: it is nested deeper than 12 levels."]}`},
			{"librarian", "/api/library/books/?fields=" + strings.Repeat("a", 5000), `Bad Request {"fields":["Write names between commas, such as id,partner[id,name]: it is longer than 4000 characters."]}`},
		} {
			if got := s.ask(c.as, http.MethodGet, c.path, ""); got != c.want {
				s.Errorf("%s %.120s:\n got %s\nwant %s", c.as, c.path, got, c.want)
			}
		}
		// The old wire takes what it knows; when that is nothing, the answer is whole.
		whole := s.ask("librarian", http.MethodGet, "/api/old/books/2/", "")
		for _, odd := range []string{"nothing", "a[b", "]", ",,", ""} {
			s.want("librarian", http.MethodGet, "/api/old/books/2/?fields="+odd, "", whole)
		}
	})
}

// What is not asked for costs no statement.
func TestFieldsSpareStatements(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelves()
		count := func(path string) int64 {
			ctx, counter := db.CountStatements(s.Context())
			q := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
			q.Header.Set("Authorization", "Bearer librarian")
			r := httptest.NewRecorder()
			if s.api.ServeHTTP(r, q); r.Code != http.StatusOK {
				s.Fatalf("%s: %d %s", path, r.Code, r.Body)
			}
			return counter.N()
		}
		for path, want := range map[string]int64{
			"/api/old/books/2/": 6, "/api/old/books/2/?fields=title,author[name]": 2, "/api/old/books/2/?fields=title,copies[shelf]": 3, "/api/old/books/2/?fields=copies[readers[name]]": 4, "/api/old/books/2/?fields=subjects": 3,
		} {
			if got := count(path); got != want {
				s.Errorf("%s: %d statements, want %d", path, got, want)
			}
		}
	})
}

// Somebody who sends ever new selections does not make the program grow.
//
//nolint:paralleltest // it measures the memory of the process
func TestManySelectionsAreForgotten(t *testing.T) {
	s := offline(t)
	s.shelves()
	r := rand.New(rand.NewPCG(8, 2026)) //nolint:gosec // a fixed seed is the point
	outs := s.Book.Outline("detail", entity.Viewer{Trusted: true})
	heap := func(requests int) uint64 {
		for range requests {
			path := "/api/old/books/2/?fields=" + url.QueryEscape(choose(r, outs).String())
			if rec := s.send(request{as: "librarian", method: http.MethodGet, path: path}); rec.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	early := heap(1000)
	if late := heap(6000); late > early+4<<20 {
		t.Errorf("the heap grew from %d to %d KiB", early>>10, late>>10)
	}
}
