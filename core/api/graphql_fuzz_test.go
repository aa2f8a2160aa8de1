package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity/entitytest"
)

// FuzzGraph sends documents and variables of any kind: no answer is a 5xx, none takes long, each is JSON, and nothing is logged as a failure of
// ours. `go test -fuzz FuzzGraph ./core/api` goes on from these seeds.
func FuzzGraph(f *testing.F) {
	for _, seed := range [][2]string{
		{standardQuery, `{}`},
		{`{ libraryBooks(first: 2, orderBy: ["-title"], search: "d", status_In: [IN]) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id title author { name } copies(last: 1) { totalCount edges { node { shelf readers { edges { node { name } } } } } } } } } }`, `{}`},
		{`query a($n: Int = 3, $i: ID!, $l: [ID]) { node(id: $i) { __typename ... on LibraryBook { ...t } } libraryShelfBooks(first: $n, author_In: $l) { edges { node { ...t } } } } fragment t on LibraryBook { title @skip(if: false) extra }`, `{"i":"TGlicmFyeUJvb2s6MQ==","l":[1,"x"],"n":"7"}`},
		{`{ libraryBook(id: "\u0000") { x: title x: id } }`, `[]`},
		{`{ __type(name: "LibraryBook") { fields { name type { name ofType { name } } } } libraryBooks(published_Gte: "2026-01-01", dueAt_Lt: "x", weight_Gt: 1e999) { edgeCount } }`, `{"a":1e400}`},
		{`mutation { x } subscription { y } { __typename } fragment a on Nothing { b }`, `null`},
		{"\"\"\"doc\"\"\" { libraryLanguages(after: \"\"\"x\"\"\", offset: 2147483647) { edges { node { code } } } } # comment", `{}`},
		{`{ ...a } fragment a on Query { ...b __typename } fragment b on Query { ...a }`, `{}`},
		{`query($a: [[Int!]!]! = [[1]], $b: LibraryBookStatus = OUT) { libraryBooks(status: $b) @include(if: true) { totalCount } }`, `{"a":{"b":[]}}`},
		{strings.Repeat("{a", 600), `{}`},
		{strings.Repeat("[", 600), `{}`},
		{`{ libraryBooks(first: 99999999999999999999, last: -1) { totalCount } }`, `{}`},
	} {
		f.Add(seed[0], seed[1])
	}
	library := entitytest.New(f, dbtest.New(f, db.SQLite, migrations()))
	var s *server
	f.Fuzz(func(t *testing.T, query, variables string) {
		if s == nil { // one for all inputs
			s = serve(t, library)
			s.shelf()
		}
		body, err := json.Marshal(map[string]any{"query": query, "variables": json.RawMessage(variables)})
		if err != nil {
			body, _ = json.Marshal(map[string]any{"query": query})
		}
		r := httptest.NewRequestWithContext(almoner.WithRequestID(t.Context(), "fuzz"), http.MethodPost, graphPath, strings.NewReader(string(body)))
		r.Header.Set("Authorization", "Bearer librarian")
		rec := httptest.NewRecorder()
		start := time.Now()
		s.api.ServeHTTP(rec, r)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v: %q", took, query)
		}
		var answer map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code >= http.StatusInternalServerError || len(answer) == 0 {
			t.Errorf("%q %q: got %d %s (%v)", query, variables, rec.Code, rec.Body, err)
		}
		if s.log.Len() > 0 {
			t.Errorf("%q %q: logged %s", query, variables, s.log)
			s.log.Reset()
		}
	})
}
