package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// keyed sends a request with an idempotency key.
func (s *server) keyed(key, as, method, path, body string) (answer string, replayed bool) {
	s.Helper()
	rec := s.send(request{as: as, method: method, path: path, body: body, header: map[string]string{"Idempotency-Key": key}})
	return strings.TrimSpace(http.StatusText(rec.Code) + " " + rec.Header().Get("Location") + " " + rec.Header().Get("ETag") + " " + rec.Body.String()), rec.Header().Get("Idempotency-Replayed") == "true"
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		const book, one = `{"title":"Dust","copies":[{"shelf":"A"}]}`, "/api/old/books/1/"
		s.Add(s.T, s.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})

		// A refused request leaves the key free for the mended one.
		if got, replayed := s.keyed("k1", "librarian", "POST", "/api/old/books/", `{}`); !strings.HasPrefix(got, "Bad Request") || replayed {
			s.Errorf("refused: %s", got)
		}
		for _, c := range []struct{ name, key, method, path, body string }{
			{"create", "k1", "POST", "/api/old/books/", book},
			{"create the same once more", "k2", "POST", "/api/old/books/", book},
			{"change", "k3", "PATCH", one, `{"title":"Mud"}`},
			{"move", "k4", "POST", one + "retire/", ``},
			{"delete", "k5", "DELETE", "/api/old/books/2/", ``},
		} {
			first, replayed := s.keyed(c.key, "librarian", c.method, c.path, c.body)
			if replayed || strings.HasPrefix(first, "Bad") {
				s.Errorf("%s: first answer %s, replayed %v", c.name, first, replayed)
			}
			// The layout of the JSON is not part of the request.
			again, replayed := s.keyed(c.key, "librarian", c.method, c.path, strings.ReplaceAll(c.body, ":", " : "))
			if again != first || !replayed {
				s.Errorf("%s: again %s, replayed %v, want %s", c.name, again, replayed, first)
			}
		}
		if got, _ := s.keyed("k1", "librarian", "POST", "/api/old/books/", `{"title":"Other"}`); !strings.Contains(got, "Take a new key") {
			s.Errorf("a key with another request: %s", got)
		}
		// A key is its sender's own.
		if got, replayed := s.keyed("k1", "clerk", "POST", "/api/old/books/", book); !strings.HasPrefix(got, "Created /api/old/books/3/") || replayed {
			s.Errorf("the same key of another person: %s", got)
		}
		for _, bad := range []string{strings.Repeat("k", 201), "with space", "é"} {
			if got, _ := s.keyed(bad, "librarian", "POST", "/api/old/books/", book); !strings.Contains(got, "without spaces") {
				s.Errorf("key %.20q: %s", bad, got)
			}
		}
		if n := s.count("library_books"); n != 3 {
			s.Errorf("%d books are there, want 3", n)
		}

		// After a day the key is forgotten.
		if err := s.DB.InTx(s.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(s.Context(), "update api_answers set created_at = $1", tx.Now.Add(-25*time.Hour))
			return err
		}); err != nil {
			s.Fatal(err)
		}
		if got, replayed := s.keyed("k1", "librarian", "POST", "/api/old/books/", book); !strings.HasPrefix(got, "Created /api/old/books/4/") || replayed {
			s.Errorf("after a day: %s", got)
		}
		if n := s.count("api_answers"); n != 1 {
			s.Errorf("%d answers are kept, want 1", n)
		}
	})
}

func TestIdempotencyKeySentByMany(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		const senders = 8
		answers := make([]string, senders)
		var all sync.WaitGroup
		for i := range senders {
			all.Go(func() {
				answers[i], _ = s.keyed("k", "librarian", "POST", "/api/old/books/", `{"title":"Dust","copies":[{"shelf":"A"}]}`)
			})
		}
		all.Wait()
		for _, got := range answers {
			if got != answers[0] || !strings.HasPrefix(got, "Created") {
				s.Errorf("answers differ:\n%s\n%s", got, answers[0])
			}
		}
		if n := s.count("library_books"); n != 1 {
			s.Errorf("%d books, want one", n)
		}
	})
}

func (s *server) count(table string) (n int64) {
	s.Helper()
	err := s.DB.View(s.Context(), func(q db.Queryer) error { return q.QueryRow(s.Context(), "select count(*) from "+table).Scan(&n) })
	if err != nil {
		s.Fatal(err)
	}
	return n
}
