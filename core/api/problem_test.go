package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

// Every kind of refusal is a problem (RFC 9457) for whoever asks for one, with a code and the number of the request, and in the wire's own form for others.
func TestEveryRefusalIsAProblem(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		for _, c := range []struct {
			q      request
			status int
			code   string
			path   string
		}{
			{request{as: "librarian", method: "POST", path: "/api/library/books/", body: `{`}, 400, "malformed_json", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/books/", body: `{}`}, 400, "", "title"},
			{request{as: "librarian", method: "POST", path: "/api/library/books/", body: `{"title":"A","copies":[{"shelf":{}}]}`}, 400, "", "copies.0.shelf"},
			{request{as: "librarian", method: "GET", path: "/api/library/books/?nothing=1"}, 400, "", "nothing"},
			{request{as: "librarian", method: "GET", path: "/api/library/books/?status=nothing"}, 400, "", "status"},
			{request{as: "librarian", method: "PATCH", path: "/api/library/books/1/", body: `{"title":"B"}`, header: map[string]string{"If-Match": "x"}}, 400, "bad_if_match", ""},
			{request{method: "GET", path: "/api/library/books/"}, 401, "not_authenticated", ""},
			{request{method: "GET", path: "/api/old/books/"}, 403, "not_authenticated", ""},
			{request{as: "nobody", method: "GET", path: "/api/library/books/"}, 401, "bad_token", ""},
			{request{as: "passerby", method: "GET", path: "/api/library/books/"}, 403, "permission_denied", ""},
			{request{as: "readonly", method: "DELETE", path: "/api/library/books/1/"}, 403, "permission_denied", ""},
			{request{as: "nowhere", method: "GET", path: "/api/library/books/"}, 403, "no_workspace", ""},
			{request{as: "librarian", method: "GET", path: "/api/library/books/99/"}, 404, "not_found", ""},
			{request{as: "librarian", method: "GET", path: "/api/library/books/?page=9"}, 404, "bad_page", ""},
			{request{as: "librarian", method: "GET", path: "/api/nothing/"}, 404, "not_found", ""},
			{request{method: "GET", path: "/api/%00/"}, 404, "not_found", ""},
			{request{as: "librarian", method: "PUT", path: "/api/library/books/"}, 405, "method_not_allowed", ""},
			{request{as: "librarian", method: "PATCH", path: "/api/library/books/1/", body: `{"title":"B"}`, header: map[string]string{"If-Match": `"9"`}}, 409, "", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/books/", body: `{"title":"` + strings.Repeat("x", 70<<10) + `"}`}, 413, "too_large", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/books/", body: `x`, header: map[string]string{"Content-Type": "text/plain"}}, 415, "unsupported_media_type", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/fires/3/"}, 429, "throttled", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/fires/1/"}, 500, "internal", ""},
			{request{as: "librarian", method: "POST", path: "/api/library/fires/2/"}, 503, "unavailable", ""},
		} {
			plainly := s.send(c.q)
			if plainly.Code != c.status || plainly.Header().Get("Content-Type") != "application/json" {
				s.Errorf("%s %s: %d %s, want %d", c.q.method, c.q.path, plainly.Code, plainly.Header().Get("Content-Type"), c.status)
			}
			if c.q.header == nil {
				c.q.header = map[string]string{}
			}
			c.q.header["Accept"] = "text/html, application/problem+json;q=0.9"
			rec := s.send(c.q)
			var problem struct {
				Type, Title, Code, Detail string
				Status                    int
				RequestID                 string `json:"request_id"`
				Errors                    []struct{ Path, Code, Message string }
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &problem); err != nil || rec.Code != c.status || rec.Header().Get("Content-Type") != "application/problem+json" {
				s.Errorf("%s %s: %d %s %s %v", c.q.method, c.q.path, rec.Code, rec.Header().Get("Content-Type"), rec.Body, err)
				continue
			}
			if problem.Status != c.status || problem.Title != http.StatusText(c.status) || problem.Type != "about:blank" || problem.RequestID != "req-1" || problem.Code == "" && c.code != "" || c.code != "" && (problem.Code != c.code || problem.Detail == "") {
				s.Errorf("%s %s: %s", c.q.method, c.q.path, rec.Body)
			}
			if c.path != "" && (len(problem.Errors) == 0 || problem.Errors[0].Path != c.path || problem.Errors[0].Code == "" || problem.Errors[0].Message == "") {
				s.Errorf("%s %s: what is wrong with %s? %s", c.q.method, c.q.path, c.path, rec.Body)
			}
		}
	})
}
