package api_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity/entitytest"
)

// Documents put together at random from the words of the schema, from a fixed seed: most are wrong, some are right, and none is a failure of ours.
func TestGraphRandomDocuments(t *testing.T) {
	t.Parallel()
	s := serve(t, entitytest.New(t, dbtest.New(t, db.SQLite, migrations())))
	s.shelf()
	words := strings.Fields(`{ } { } { } ( ) [ ] : ! $ ... on @include(if:true) @skip(if:$b) query fragment a b x: $b:Boolean! libraryBooks libraryBook(id:1) libraryBook(id:$i) libraryAuthors edges{node{
		edges node cursor pageInfo{hasNextPage} totalCount id title status author{name} copies{edges{node{shelf}}} subjects(first:1){totalCount} __typename __schema{types{name}} __type(name:"Query"){kind} ...a
		first:2 last:-1 after:"x" search:"d" status:IN orderBy:"-title" weight_Gt:1e9 null true 7 "" """x""" \ # " é`)
	// Whole pieces, so that a good part of what is made can be carried out.
	fields := []string{"id", "title", "s: status", "status", "author { name id }", "borrower { name }", "copies(first: 1) { totalCount edges { node { shelf readers { edgeCount } } } }", "subjects { edges { cursor node { name } } }", "__typename", "... on LibraryBook { notes }", "donors { pageInfo { endCursor } }"}
	arguments := []string{"first: 1", "last: 2", "offset: 1", `search: "u"`, "fragile: false", `orderBy: ["-title"]`, "author_In: [1, 2]", "status: RETIRED", "author_Isnull: true", `after: "YXJyYXljb25uZWN0aW9uOjA="`, `published_Gte: "x"`}
	random := rand.New(rand.NewPCG(20260331, 11)) //nolint:gosec // a fixed seed is the point
	some := func(from []string, most int, between string) string {
		var b strings.Builder
		for i := range random.IntN(most) + 1 {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(from[random.IntN(len(from))])
		}
		return b.String()
	}
	good := 0
	for range 4000 {
		var query string
		switch random.IntN(4) {
		case 0:
			query = some(words, 40, " ")
		case 1:
			query = "{ libraryBook(id: " + some([]string{"1", "2", `"3"`, "9", `""`}, 1, "") + ") { " + some(fields, 6, " ") + " } }"
		default:
			query = "{ libraryBooks(" + some(arguments, 3, ", ") + ") { totalCount edges { node { " + some(fields, 6, " ") + " } } " + some([]string{"edgeCount", "pageInfo { hasPreviousPage startCursor }"}, 2, " ") + " } }"
		}
		if random.IntN(6) == 0 && query != "" { // one letter changed
			i := random.IntN(len(query))
			query = query[:i] + string(rune(random.IntN(120)+8)) + query[i+1:]
		}
		body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"b": "false", "i": 1}})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(almoner.WithRequestID(t.Context(), "random"), http.MethodPost, graphPath, strings.NewReader(string(body)))
		r.Header.Set("Authorization", "Bearer "+some([]string{"librarian", "reader", "guest", "passerby"}, 1, ""))
		rec := httptest.NewRecorder()
		s.api.ServeHTTP(rec, r)
		var answer map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != http.StatusOK && rec.Code != http.StatusBadRequest || len(answer) == 0 {
			t.Errorf("%q: got %d %s (%v)", query, rec.Code, rec.Body, err)
		}
		if answer["errors"] == nil {
			good++
		}
		if s.log.Len() > 0 {
			t.Fatalf("%q: logged %s", query, s.log)
		}
	}
	if good < 500 {
		t.Errorf("only %d of 4000 documents were carried out", good)
	}
	t.Logf("%d of 4000 documents were carried out", good)
}
