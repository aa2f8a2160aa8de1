package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

// metadata is what OPTIONS answers, as far as these tests look at it.
type metadata struct {
	Name, Description string
	Renders, Parses   []string
	Actions           map[string]json.RawMessage
}

type fieldInfo struct {
	Type      string
	Required  *bool
	Label     string
	MaxLength int `json:"max_length"`
	Choices   []map[string]string
	Child     *fieldInfo
	Children  *map[string]fieldInfo
}

func (s *server) options(as, path string) metadata {
	s.Helper()
	rec := s.send(request{as: as, method: http.MethodOptions, path: path})
	if rec.Code != http.StatusOK {
		s.Fatalf("OPTIONS %s as %s: %d %s", path, as, rec.Code, rec.Body)
	}
	var m metadata
	if err := json.Unmarshal(rec.Body.Bytes(), &m); err != nil {
		s.Fatal(err)
	}
	return m
}

func (s *server) fields(m metadata, action string) map[string]fieldInfo {
	s.Helper()
	if m.Actions[action] == nil {
		return nil
	}
	var fields map[string]fieldInfo
	if err := json.Unmarshal(m.Actions[action], &fields); err != nil {
		s.Fatal(err)
	}
	return fields
}

func names[T any](m map[string]T) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

func TestOptionsTellWhatIsPermitted(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		s.book(entity.Values{"title": "Old", "status": "retired"})
		const all = "author borrower contact copies due_at extra fragile notes pages published subjects title website weight"
		for _, c := range []struct{ as, path, actions, get, write string }{
			{"librarian", "/api/old/books/", "GET POST", "author id status title", all},
			{"librarian", "/api/old/books/1/", "GET PUT allowed_FSM_transitions", "author borrower copies donors id notes shop status subjects title writer", all},
			{"librarian", "/api/old/books/2/", "GET allowed_FSM_transitions", "author borrower copies donors id notes shop status subjects title writer", ""},
			{"clerk", "/api/old/books/", "GET POST", "id title", "copies title"},
			{"clerk", "/api/old/books/1/", "GET PUT allowed_FSM_transitions", "id title", "copies title"},
			{"reader", "/api/old/books/", "GET", "author id status title", ""},
			{"reader", "/api/old/books/1/", "GET allowed_FSM_transitions", "author copies donors id status subjects title writer", ""},
			{"guest", "/api/old/books/", "GET", "id title", ""},
			{"librarian", "/api/library/authors/", "GET", "born id language name", ""},
			{"admin", "/api/library/authors/", "GET POST", "born id language name", "born language name"},
			{"librarian", "/api/old/books/1/lend/", "", "", ""},
			{"librarian", "/api/library/hours/", "", "", ""},
		} {
			m := s.options(c.as, c.path)
			if got := names(m.Actions); got != c.actions {
				s.Errorf("%s %s: actions %q, want %q", c.as, c.path, got, c.actions)
			}
			if got := names(s.fields(m, "GET")); got != c.get {
				s.Errorf("%s %s: GET %q, want %q", c.as, c.path, got, c.get)
			}
			if got := names(s.fields(m, "POST")) + names(s.fields(m, "PUT")); got != c.write {
				s.Errorf("%s %s: POST or PUT %q, want %q", c.as, c.path, got, c.write)
			}
		}
		transitions := func(as, path string) string { return string(s.options(as, path).Actions["allowed_FSM_transitions"]) }
		for _, c := range []struct{ as, path, want string }{
			{"librarian", "/api/old/books/1/", `[{"code":"lend","display_name":"Lend"},{"code":"retire","display_name":"Retire"}]`}, // guards are not asked
			{"librarian", "/api/old/books/2/", `[]`}, {"clerk", "/api/old/books/1/", `[]`},
		} {
			if got := transitions(c.as, c.path); got != c.want {
				s.Errorf("%s %s: transitions %s, want %s", c.as, c.path, got, c.want)
			}
		}
	})
}

func TestOptionsDescribeFields(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		m := s.options("librarian", "/api/old/books/1/")
		if m.Name != "Books" || m.Description != "All books." || fmt.Sprint(m.Renders, m.Parses) != "[application/json] [application/json]" {
			s.Errorf("the head: %+v", m)
		}
		if raw := string(m.Actions["GET"]) + string(m.Actions["PUT"]); strings.Contains(raw, "read_only") {
			s.Error("read_only is never sent (tpm §6)")
		}
		put, get := s.fields(m, "PUT"), s.fields(m, "GET")
		for field, want := range map[string]string{
			"title": "string", "author": "field", "pages": "integer", "weight": "decimal", "fragile": "boolean", "published": "date", "due_at": "datetime", "website": "url", "contact": "email",
			"notes": "string", "extra": "field", "subjects": "field", "copies": "field",
		} {
			if put[field].Type != want || put[field].Label == "" || put[field].Required == nil {
				s.Errorf("PUT %s: %+v, want type %s with a label", field, put[field], want)
			}
		}
		if put["title"].MaxLength != 60 || put["title"].Label != "Title" {
			s.Errorf("PUT title: %+v", put["title"])
		}
		if get["status"].Type != "choice" || fmt.Sprint(get["status"].Choices) != "[map[display_name:In value:in] map[display_name:Lent value:out] map[display_name:Retired value:retired]]" {
			s.Errorf("GET status: %+v", get["status"])
		}
		if get["author"].Type != "nested object" || names(*get["author"].Children) != "id language name" || put["author"].Children != nil || put["author"].Choices != nil {
			s.Errorf("author, described as an object to read and as a plain field to write: %+v, %+v", get["author"], put["author"])
		}
		if get["subjects"].Child == nil || get["subjects"].Child.Type != "nested object" || names(*get["subjects"].Child.Children) != "id name" {
			s.Errorf("GET subjects: %+v", get["subjects"])
		}
		if get["shop"].Type != "nested object" || names(*get["shop"].Children) != "contact website" {
			s.Errorf("GET shop: %+v", get["shop"])
		}
		if c := put["copies"].Child; c == nil || names(*c.Children) != "_delete bought donor id price readers shelf" {
			s.Errorf("PUT copies: %+v", put["copies"])
		} else if shelf := (*c.Children)["shelf"]; !*shelf.Required || shelf.MaxLength != 10 {
			s.Errorf("PUT copies.shelf: %+v", shelf)
		}
		// A list of which no part may be written is still there, with nothing in it.
		clerk := s.fields(s.options("clerk", "/api/old/books/1/"), "PUT")
		if c := clerk["copies"].Child; c == nil || c.Children == nil || len(*c.Children) != 0 {
			s.Errorf("PUT copies of a clerk: %+v", clerk["copies"])
		}
		// Nested objects are filtered as well.
		reader := s.fields(s.options("reader", "/api/old/books/1/"), "GET")
		if c := reader["copies"].Child; c == nil || names(*c.Children) != "id shelf" {
			s.Errorf("GET copies of a reader: %+v", reader["copies"])
		}
		if post := s.fields(s.options("librarian", "/api/old/books/"), "POST"); !*post["title"].Required || *post["notes"].Required {
			s.Errorf("required on creation: %+v", post["title"])
		}
		if *put["title"].Required {
			s.Error("nothing is required of a record that has a state: what is depends on it")
		}
	})
}
