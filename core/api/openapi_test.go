package api_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/lifecycle"
)

func offline(t *testing.T) *server {
	t.Helper()
	return serve(t, entitytest.New(t, dbtest.New(t, db.SQLite, migrations())))
}

func TestDocumentIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	s := offline(t)
	doc, err := openapi3.NewLoader().LoadFromData(s.api.Document())
	if err != nil {
		t.Fatal(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("the document is of version %s", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	operations := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			operations++
			if op.OperationID == "" || op.Summary == "" || len(op.Tags) != 1 {
				t.Errorf("%s %s lacks an id, a summary or a tag", method, path)
			}
		}
	}
	if operations != len(s.api.Operations()) {
		t.Errorf("%d operations in the document, %d in the API", operations, len(s.api.Operations()))
	}
	list := doc.Paths.Value("/api/old/books/").Get
	params := map[string]*openapi3.Parameter{}
	for _, p := range list.Parameters {
		params[p.Value.Name] = p.Value
	}
	for _, name := range []string{"status", "status__in", "author__isnull", "search", "ordering", "page", "page_size"} {
		if params[name] == nil {
			t.Errorf("the parameter %s is missing", name)
		}
	}
	if p := params["status"]; p != nil && !p.Schema.Value.Type.Is("array") {
		t.Error("a filter that may be repeated is an array")
	}
	narrowed := doc.Paths.Value("/api/library/books/").Get
	if narrowed.Parameters.GetByInAndName("query", "letter") == nil {
		t.Error("the parameters that Narrow reads are missing")
	}
	if hours := doc.Paths.Value("/api/library/hours/").Get; hours.Security == nil || len(*hours.Security) != 0 {
		t.Error("a public operation needs no credentials")
	}
	book := doc.Components.Schemas["LibraryBookDetail"]
	if book == nil || book.Value.Properties["copies"] == nil || book.Value.Properties["copies"].Value.Items.Ref != "#/components/schemas/LibraryCopyFull" {
		t.Errorf("the book: %+v", book)
	}
	input := doc.Components.Schemas["LibraryBookInput"]
	if input == nil || input.Value.Properties["status"] != nil || input.Value.Properties["title"].Value.MaxLength == nil || *input.Value.Properties["title"].Value.MaxLength != 60 {
		t.Errorf("the input of a book: %+v", input)
	}
}

// TestAnswersFitTheDocument holds real answers against the document.
func TestAnswersFitTheDocument(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		doc, err := openapi3.NewLoader().LoadFromData(s.api.Document())
		if err != nil {
			s.Fatal(err)
		}
		author := s.Add(s.T, s.Author, entity.Values{"name": "Achebe"})
		subject := s.Add(s.T, s.Subject, entity.Values{"name": "Past"})
		id := s.book(entity.Values{"title": "Dust", "author": author, "subjects": []int64{subject}, "weight": 0.5, "pages": int64(3)})
		s.Add(s.T, s.Copy, entity.Values{"book": id, "shelf": "A", "donor": author})
		for _, c := range []struct{ as, path, documented string }{
			{"librarian", "/api/old/books/", "/api/old/books/"},
			{"librarian", "/api/old/books/1/", "/api/old/books/{id}/"},
			{"reader", "/api/old/books/1/", "/api/old/books/{id}/"},
			{"librarian", "/api/library/books/1/", "/api/library/books/{id}/"},
			{"librarian", "/api/library/languages/", "/api/library/languages/"},
			{"librarian", "/api/library/authors/?page=1", "/api/library/authors/"},
			{"librarian", "/api/library/authors/", "/api/library/authors/"},
			{"librarian", "/api/old/books/?page_size=all", "/api/old/books/"},
		} {
			rec := s.send(request{as: c.as, method: "GET", path: c.path})
			var body any
			if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || rec.Code != 200 {
				s.Errorf("%s: %d %v", c.path, rec.Code, err)
				continue
			}
			schema := doc.Paths.Value(c.documented).Get.Responses.Value("200").Value.Content["application/json"].Schema.Value
			if err := schema.VisitJSON(body, openapi3.EnableJSONSchema2020()); err != nil {
				s.Errorf("%s does not fit its schema: %v\n%s", c.path, err, rec.Body)
			}
		}
	})
}

// The document offers the key where it works: on every write of a record and every move, and nowhere else.
func TestDocumentOffersIdempotencyKeys(t *testing.T) {
	t.Parallel()
	s := offline(t)
	doc, err := openapi3.NewLoader().LoadFromData(s.api.Document())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"/api/old/books/": true, "/api/old/books/{id}/lend/": true, "/api/library/wishes/": false} {
		if got := doc.Paths.Value(path).Post.Parameters.GetByInAndName("header", "Idempotency-Key") != nil; got != want {
			t.Errorf("POST %s offers a key: %v, want %v", path, got, want)
		}
	}
}

func TestNewReportsEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	l := entitytest.New(t, dbtest.New(t, db.SQLite, nil))
	texts, err := i18n.New(i18n.Core())
	if err != nil {
		t.Fatal(err)
	}
	do := func(*api.Request) (any, error) { return nil, errors.New("never called") }
	_, err = api.New(api.Config{DB: l.DB, Registry: l.Registry, Texts: texts, Log: slog.New(slog.DiscardHandler)}, []*api.Resource{
		{Entity: l.Book, Path: "/api/books/", Can: api.List, ListShape: "nothing", View: api.ByField, Machine: &lifecycle.Machine{Entity: l.Book, Moves: []lifecycle.Move{{Code: "lend"}}}},
	}, []api.Call{
		{Name: "library.free.get", Method: "GET", Path: "/api/free/", Do: do},
		{Name: "library.free.get", Method: "GET", Path: "/api/other/", Rule: api.Public, Do: do},
		{Name: "library.same.get", Method: "GET", Path: "/api/other/", Rule: api.Public, Do: do},
		{Name: "library.slash.get", Method: "GET", Path: "/api/slash", Rule: api.Public, Do: do},
	})
	for _, part := range []string{
		`the entity has no shape "nothing"`, "operation library.book.lend has no rule", "operation library.free.get has no rule", "operation library.free.get is declared twice",
		"GET /api/other/ belongs to library.free.get already", `the path "/api/slash" must begin and end with a slash`,
	} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("nothing is said about %q in:\n%v", part, err)
		}
	}
}
