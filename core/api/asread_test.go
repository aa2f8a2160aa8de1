package api_test

import (
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

// What a client of the native wire read it may send back whole; what it changes of that must be its to change.
func TestWhatWasReadMayBeSentBack(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.Add(s.T, s.Author, entity.Values{"name": "Achebe"})
		s.Add(s.T, s.Subject, entity.Values{"name": "Past"})
		s.Add(s.T, s.Author, entity.Values{"name": "Laye", "born": nil})
		created := s.send(request{
			as: "librarian", method: "POST", path: "/api/library/books/",
			body: `{"title":"Dust","author":1,"subjects":[1],"copies":[{"shelf":"A"}],"weight":1.5,"extra":{"a":[1,null,true,"x"]},"due_at":"2026-01-02T03:04:05Z"}`,
		})
		if created.Code != http.StatusCreated {
			s.Fatalf("%d %s", created.Code, created.Body)
		}
		for _, c := range []struct{ as, path string }{{"librarian", "/api/library/books/1/"}, {"admin", "/api/library/authors/1/"}} {
			read := s.ask(c.as, "GET", c.path, "")
			if !strings.Contains(read, `"id":1`) {
				s.Fatalf("%s: %s", c.path, read)
			}
			body := strings.TrimPrefix(read, "OK ")
			for _, method := range []string{"PUT", "PATCH"} {
				s.want(c.as, method, c.path, body, read)
			}
			s.want(c.as, "PUT", c.path, strings.Replace(body, `"id":1`, `"id":"1"`, 1), read)
		}
		book := strings.TrimPrefix(s.ask("librarian", "GET", "/api/library/books/1/", ""), "OK ")
		replaced := func(old, new string) string {
			if !strings.Contains(book, old) {
				s.Fatalf("there is no %s in %s", old, book)
			}
			return strings.Replace(book, old, new, 1)
		}
		const noField = "There is no such field to write."
		for _, c := range []struct{ body, want string }{
			{replaced(`"id":1`, `"id":2`), `Bad Request {"id":["This is the address of another record."]}`},
			{replaced(`"id":1`, `"id":null`), `Bad Request {"id":["This is the address of another record."]}`},
			{replaced(`"id":1`, `"id":[1]`), `Bad Request {"id":["This is the address of another record."]}`},
			{replaced(`"status":"in"`, `"status":"out"`), `Bad Request {"status":["` + noField + `"]}`},
			{replaced(`"display":`, `"displays":`), `Bad Request {"displays":["` + noField + `"]}`},
			{`{"title":"x","id":1,"lent_on":"2026-01-01"}`, `Bad Request {"lent_on":["` + noField + `"]}`},
		} {
			s.want("librarian", "PUT", "/api/library/books/1/", c.body, c.want)
		}
		// What differs because the record moved on is told as that.
		read := s.send(request{as: "librarian", method: "GET", path: "/api/library/books/1/"})
		s.want("librarian", "PATCH", "/api/library/books/1/", `{"title":"Mud"}`, strings.Replace("OK "+read.Body.String(), "Dust", "Mud", -1))
		stale := s.send(request{as: "librarian", method: "PUT", path: "/api/library/books/1/", body: read.Body.String(), header: map[string]string{"If-Match": read.Header().Get("ETag")}})
		if stale.Code != http.StatusConflict {
			s.Errorf("a stale record sent back: %d %s", stale.Code, stale.Body)
		}
		// On the lenient wire nothing of this matters.
		s.want("librarian", "PATCH", "/api/old/books/1/", `{"id":2,"status":"out"}`, s.ask("librarian", "GET", "/api/old/books/1/", ""))
		// Whoever may write nothing hears that first.
		s.want("reader", "PUT", "/api/library/books/1/", `{"id":7}`, "Forbidden "+refused)
	})
}
