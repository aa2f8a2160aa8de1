package api_test

import (
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// have asks as somebody who has the answer with this tag, and tells the status and the tag.
func (s *server) have(as, path, tag string, header ...string) (int, string) {
	s.Helper()
	q := request{as: as, method: http.MethodGet, path: path, header: map[string]string{"If-None-Match": tag}}
	for i := 0; i < len(header); i += 2 {
		q.header[header[i]] = header[i+1]
	}
	rec := s.send(q)
	if rec.Code == http.StatusNotModified && (rec.Body.Len() > 0 || rec.Header().Get("Content-Type") != "" || rec.Header().Get("Cache-Control") != "no-store") {
		s.Errorf("%s: 304 with %v %s", path, rec.Header(), rec.Body)
	}
	return rec.Code, rec.Header().Get("ETag")
}

// What is tagged is sent once, and again as soon as anything of it differs: a name elsewhere, a right, the language, the selection.
func TestTagsOfRecordsAndLists(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		author := s.Add(s.T, s.Author, entity.Values{"name": "Achebe"})
		id := s.book(entity.Values{"title": "Dust", "author": author, "pages": int64(3)})
		for _, path := range []string{"/api/old/books/1/", "/api/old/books/", "/api/old/books/?page_size=all", "/api/library/books/1/?include=actions,permissions", "/api/library/languages/"} {
			status, tag := s.have("librarian", path, "")
			if status != http.StatusOK || !strings.HasPrefix(tag, `W/"`) {
				s.Fatalf("%s: %d %q", path, status, tag)
			}
			for _, known := range []string{tag, "*", `"other", ` + strings.TrimPrefix(tag, "W/")} {
				if again, same := s.have("librarian", path, known); again != http.StatusNotModified || same != tag {
					s.Errorf("%s, known %s: %d %s", path, known, again, same)
				}
			}
			if got, changed := s.have("librarian", path, tag, "Language", "fr"); got != http.StatusOK || changed == tag {
				s.Errorf("%s in French: %d %s", path, got, changed)
			}
		}
		_, record := s.have("librarian", "/api/old/books/1/", "")
		_, list := s.have("librarian", "/api/old/books/", "")
		still := func(when string) {
			s.Helper()
			for path, tag := range map[string]*string{"/api/old/books/1/": &record, "/api/old/books/": &list} {
				status, now := s.have("librarian", path, *tag)
				if status != http.StatusOK || now == *tag {
					s.Errorf("%s after %s: %d", path, when, status)
				}
				*tag = now
			}
		}
		if got := s.send(request{as: "admin", method: http.MethodPatch, path: "/api/library/authors/1/", body: `{"name":"Bâ"}`}).Code; got != http.StatusOK {
			s.Fatal(got)
		}
		still("another record that it names was renamed")
		policy, err := access.Compile([]access.Rule{{When: []string{access.Role("Librarian")}, Kind: access.View, Target: "library.book.title"}}, s.Registry.Targets())
		if err != nil {
			s.Fatal(err)
		}
		before := s.Registry.Access.Policy()
		s.Registry.Access.Swap(policy)
		still("a right was taken")
		s.Registry.Access.Swap(before)
		still("the right was given back")
		if err := s.DB.InTx(s.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(s.Context(), "update library_books set workspace_id = $1 where id = $2", entitytest.South.ID, id)
			return err
		}); err != nil {
			s.Fatal(err)
		}
		if status, _ := s.have("librarian", "/api/old/books/1/", record); status != http.StatusNotFound {
			s.Errorf("a record that went elsewhere: %d", status)
		}
		if status, _ := s.have("guest", "/api/old/books/", list); status != http.StatusOK {
			s.Errorf("somebody else with the tag: %d", status)
		}
	})
}

// The tag of what was read serves to write, and the one of what was written to read.
func TestTagsJoinReadingAndWriting(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		_, tag := s.have("librarian", "/api/old/books/1/", "")
		first := s.send(request{as: "librarian", method: http.MethodPatch, path: "/api/old/books/1/", body: `{"title":"Sand"}`, header: map[string]string{"If-Match": tag}})
		second := s.send(request{as: "librarian", method: http.MethodPatch, path: "/api/old/books/1/", body: `{"title":"Rock"}`, header: map[string]string{"If-Match": tag}})
		if first.Code != http.StatusOK || second.Code != http.StatusConflict {
			s.Errorf("writing twice with one tag: %d, %d", first.Code, second.Code)
		}
		if status, _ := s.have("librarian", "/api/old/books/1/", first.Header().Get("ETag")); status != http.StatusNotModified {
			s.Errorf("reading what was written: %d", status)
		}
	})
}
