package api_test

import (
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

const (
	noCredentials = `{"detail":"Authentication credentials were not provided."}`
	refused       = `{"detail":"You do not have permission to perform this action."}`
	missing       = `{"detail":"Not found."}`
)

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		s.book(entity.Values{"title": "Old", "status": "retired"})
		s.book(entity.Values{"title": "Thin", "fragile": true})
		for _, c := range []struct{ as, method, path, body, want string }{
			// Strangers: 403 on the old wire, 401 elsewhere; Public is for all.
			{"", "GET", "/api/old/books/", "", "Forbidden " + noCredentials},
			{"", "GET", "/api/old/books/1/", "", "Forbidden " + noCredentials},
			{"", "OPTIONS", "/api/old/books/", "", "Forbidden " + noCredentials},
			{"", "POST", "/api/old/books/", "not json", "Forbidden " + noCredentials},
			{"", "GET", "/api/library/books/", "", "Unauthorized " + noCredentials},
			{"", "GET", "/api/library/hours/", "", `OK {"open":"09:00"}`},
			{"forged", "GET", "/api/library/hours/", "", `OK {"open":"09:00"}`},
			{"forged", "GET", "/api/old/books/", "", `Unauthorized {"detail":"Given token not valid."}`},
			// Nothing of the entity is visible: the endpoint is closed (tpm §4.1-8).
			{"passerby", "GET", "/api/old/books/", "", "Forbidden " + refused},
			{"passerby", "GET", "/api/old/books/1/", "", "Forbidden " + refused},
			{"passerby", "POST", "/api/old/books/", `{"title":"x"}`, "Forbidden " + refused},
			{"passerby", "OPTIONS", "/api/old/books/", "", "Forbidden " + refused},
			{"passerby", "OPTIONS", "/api/old/books/1/", "", "Forbidden " + refused},
			// Nothing may be written: unsafe methods are closed.
			{"reader", "POST", "/api/old/books/", `{"title":"x"}`, "Forbidden " + refused},
			{"reader", "PATCH", "/api/old/books/1/", `{"title":""}`, "Forbidden " + refused},
			{"reader", "DELETE", "/api/old/books/1/", "", "Forbidden " + refused},
			{"librarian", "PATCH", "/api/old/books/2/", `{"title":"x"}`, "Forbidden " + refused},
			{"librarian", "DELETE", "/api/old/books/2/", "", "Forbidden " + refused},
			// Out of scope, of another workspace, absent: all the same.
			{"guest", "GET", "/api/old/books/3/", "", "Not Found " + missing},
			{"southerner", "GET", "/api/old/books/1/", "", "Not Found " + missing},
			{"southerner", "PATCH", "/api/old/books/1/", `{"title":"x"}`, "Not Found " + missing},
			{"southerner", "DELETE", "/api/old/books/1/", "", "Not Found " + missing},
			{"southerner", "POST", "/api/old/books/1/lend/", `{"comment":"x"}`, "Not Found " + missing},
			{"southerner", "OPTIONS", "/api/old/books/1/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/99/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/0/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/-1/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/x/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/99999999999999999999/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/nothing/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/nothing", "", "Not Found " + missing},
			{"librarian", "GET", "/api/", "", "Not Found " + missing},
			{"librarian", "GET", "/api/old/books/1/2/3/", "", "Not Found " + missing},
			// Without a workspace there is no data, but global records are there.
			{"nowhere", "GET", "/api/old/books/", "", `Forbidden {"detail":"You do not belong to any workspace. Ask an administrator for access."}`},
			{"nowhere", "GET", "/api/old/books/1/", "", `Forbidden {"detail":"You do not belong to any workspace. Ask an administrator for access."}`},
			{"nowhere", "POST", "/api/old/books/", `{}`, `Forbidden {"detail":"You do not belong to any workspace. Ask an administrator for access."}`},
			{"nowhere", "GET", "/api/library/languages/", "", "OK []"},
			// The role that may only read.
			{"readonly", "GET", "/api/library/languages/", "", "OK []"},
			{"readonly", "POST", "/api/old/books/", `{"title":"x"}`, "Forbidden " + refused},
			{"readonly", "OPTIONS", "/api/old/books/", "", "Forbidden " + refused},
			// Rules of operations.
			{"librarian", "POST", "/api/library/authors/", `{"name":"x"}`, "Forbidden " + refused},
			{"librarian", "POST", "/api/library/wishes/", `{"title":"x"}`, "Forbidden " + refused},
			{"reader", "POST", "/api/library/wishes/", `{"title":" x "}`, `Accepted {"title":"x"}`},
			{"reader", "POST", "/api/library/wishes/", `{}`, `Bad Request {"title":["This field is required."]}`},
			{"admin", "POST", "/api/library/authors/", `{"name":"x"}`, `Created {"id":1,"name":"x","born":null,"language":null}`},
			// A superuser has no rights of the rules (tpm §4.1-6).
			{"admin", "GET", "/api/old/books/", "", "Forbidden " + refused},
		} {
			s.want(c.as, c.method, c.path, c.body, c.want)
		}
		if s.log.Len() > 0 {
			s.Errorf("something was logged as a failure: %s", s.log)
		}
	})
}

func TestMethods(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		for _, c := range []struct{ method, path, allow string }{
			{"DELETE", "/api/old/books/", "GET, HEAD, OPTIONS, POST"},
			{"POST", "/api/old/books/1/", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
			{"GET", "/api/old/books/1/lend/", "OPTIONS, POST"},
			{"PUT", "/api/library/languages", "GET, HEAD, OPTIONS"},
			{"BREW", "/api/library/hours/", "GET, HEAD, OPTIONS"},
		} {
			rec := s.send(request{as: "librarian", method: c.method, path: c.path})
			if want := `{"detail":"Method \"` + c.method + `\" not allowed."}`; rec.Code != http.StatusMethodNotAllowed || rec.Body.String() != want || rec.Header().Get("Allow") != c.allow {
				s.Errorf("%s %s: %d %s, Allow %s", c.method, c.path, rec.Code, rec.Body, rec.Header().Get("Allow"))
			}
		}
		get := s.send(request{as: "librarian", method: "GET", path: "/api/old/books/1/"})
		head := s.send(request{as: "librarian", method: "HEAD", path: "/api/old/books/1/"})
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != get.Header().Get("Content-Length") || head.Header().Get("ETag") != get.Header().Get("ETag") {
			s.Errorf("HEAD: %d, %d bytes, %v", head.Code, head.Body.Len(), head.Header())
		}
		for _, h := range []string{"X-Content-Type-Options: nosniff", "Cache-Control: no-store", "Content-Type: application/json", "Content-Language: en"} {
			name, value, _ := strings.Cut(h, ": ")
			if get.Header().Get(name) != value {
				s.Errorf("%s: got %q, want %q", name, get.Header().Get(name), value)
			}
		}
		if got := s.send(request{method: "GET", path: "/api/old/books/", header: map[string]string{"Authorization": "Token librarian"}}).Code; got != http.StatusOK {
			s.Errorf("the old wire's scheme: %d", got)
		}
		if got := s.send(request{method: "GET", path: "/api/library/books/", header: map[string]string{"Authorization": "Token librarian"}}).Code; got != http.StatusUnauthorized {
			s.Errorf("the old scheme on the native wire: %d", got)
		}
	})
}
