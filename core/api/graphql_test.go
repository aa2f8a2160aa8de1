package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

const graphPath = "/api/graphql"

// graph sends a document as somebody and returns status and body on one line.
func (s *server) graph(as, query string, variables ...string) string {
	s.Helper()
	rec := s.sendGraph(as, query, variables...)
	return strings.TrimSpace(http.StatusText(rec.Code) + " " + rec.Body.String())
}

func (s *server) sendGraph(as, query string, variables ...string) *httptest.ResponseRecorder {
	s.Helper()
	body := map[string]any{"query": query}
	if len(variables) > 0 {
		body["variables"] = json.RawMessage(variables[0])
	}
	raw, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	return s.send(request{as: as, method: http.MethodPost, path: graphPath, body: string(raw)})
}

// wantGraph fails the test unless the answer is the wanted one; a want that begins with a brace is the data of a good answer.
func (s *server) wantGraph(as, query, want string, variables ...string) {
	s.Helper()
	if strings.HasPrefix(want, "{") {
		want = `OK {"data":` + want + `}`
	}
	if got := s.graph(as, query, variables...); got != want {
		s.Errorf("%s: %.300s %v\n got %s\nwant %s", as, query, variables, got, want)
	}
}

// shelf is a small stock: three books by two authors, with subjects and copies.
func (s *server) shelf() {
	s.Helper()
	en := s.Add(s.T, s.Language, entity.Values{"code": "en", "name": "English"})
	amina := s.Add(s.T, s.Author, entity.Values{"name": "Amina", "language": en})
	basil := s.Add(s.T, s.Author, entity.Values{"name": "Basil"})
	salt := s.Add(s.T, s.Subject, entity.Values{"name": "Salt"})
	sea := s.Add(s.T, s.Subject, entity.Values{"name": "Sea"})
	member := s.Add(s.T, s.Member, entity.Values{"name": "Mo", "email": "mo@library.example"})
	id := s.book(entity.Values{
		"title": "Dust", "author": amina, "subjects": []int64{salt, sea}, "pages": int64(7), "weight": 0.5, "borrower": member, "website": "https://dust.example",
		"notes": "a\nb", "extra": json.RawMessage(`{"a":[1]}`), "published": almoner.NewDate(1999, 12, 31), "due_at": time.Date(2026, 11, 21, 21, 12, 30, 706445000, time.UTC),
	})
	s.copy(id, "A1", entity.Values{"donor": basil, "readers": []int64{member}})
	s.copy(id, "A2", nil)
	s.copy(id, "A3", entity.Values{"donor": amina})
	s.book(entity.Values{"title": "Mud", "author": basil, "subjects": []int64{sea}, "fragile": true})
	s.book(entity.Values{"title": "Tar", "status": "retired"})
}

func (s *server) copy(book int64, shelf string, more entity.Values) {
	s.Helper()
	values := entity.Values{"book": book, "shelf": shelf}
	maps.Copy(values, more)
	s.Add(s.T, s.Copy, values)
}

// The ids and cursors of the tests, as they are on the wire.
const (
	dust, mud, tar      = "TGlicmFyeUJvb2s6MQ==", "TGlicmFyeUJvb2s6Mg==", "TGlicmFyeUJvb2s6Mw=="
	amina, basil        = "TGlicmFyeUF1dGhvcjox", "TGlicmFyeUF1dGhvcjoy"
	first, second, last = "YXJyYXljb25uZWN0aW9uOjA=", "YXJyYXljb25uZWN0aW9uOjE=", "YXJyYXljb25uZWN0aW9uOjI="
)

func TestGraphSelects(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		for _, c := range []struct{ query, want string }{
			{`{ __typename }`, `{"__typename":"Query"}`},
			{
				`{ libraryBook(id: "1") { id title status author { id name language { code } } borrower { name } } }`,
				`{"libraryBook":{"id":"` + dust + `","title":"Dust","status":"IN","author":{"id":"` + amina + `","name":"Amina","language":{"code":"en"}},"borrower":{"name":"Mo"}}}`,
			},
			{`{ libraryBook(id: "` + mud + `") { title borrower { name } } }`, `{"libraryBook":{"title":"Mud","borrower":null}}`},
			{ // the values of each kind
				`{ libraryShelfBook(id: 1) { pages weight fragile published dueAt lentOn website notes extra display } }`,
				`{"libraryShelfBook":{"pages":7,"weight":0.5,"fragile":false,"published":"1999-12-31","dueAt":"2026-11-21T21:12:30.706445","lentOn":null,` +
					`"website":"https://dust.example","notes":"a\nb","extra":"{\"a\":[1]}","display":"Book Dust"}}`,
			},
			{ // aliases, fragments, directives, order of keys
				`query { b: libraryBook(id: 1) { ...T t: title ... on LibraryBook { title } ... @skip(if: true) { status } who: author @include(if: false) { name } } }
				fragment T on LibraryBook { __typename author { id } author { name } }`,
				`{"b":{"__typename":"LibraryBook","author":{"id":"` + amina + `","name":"Amina"},"t":"Dust","title":"Dust"}}`,
			},
			{
				`{ node(id: "` + dust + `") { __typename id ... on LibraryBook { title } ... on LibraryAuthor { name } ... on Node { again: id } } }`,
				`{"node":{"__typename":"LibraryBook","id":"` + dust + `","title":"Dust","again":"` + dust + `"}}`,
			},
			{`{ a: node(id: "1") { id } b: node(id: "TGlicmFyeUJvb2s6OTk=") { id } c: node(id: "` + amina + `") { ... on LibraryAuthor { name } } d: node(id: "Tm9uZTox") { id } }`, `{"a":null,"b":null,"c":{"name":"Amina"},"d":null}`},
			{ // lists within lists, ordered as over REST
				`{ libraryBooks { edges { node { title subjects { edges { node { name } } } copies { edges { node { shelf donor { name } readers { totalCount } } } } } } } }`,
				`{"libraryBooks":{"edges":[{"node":{"title":"Dust","subjects":{"edges":[{"node":{"name":"Salt"}},{"node":{"name":"Sea"}}]},"copies":{"edges":[` +
					`{"node":{"shelf":"A1","donor":{"name":"Basil"},"readers":{"totalCount":1}}},{"node":{"shelf":"A2","donor":null,"readers":{"totalCount":0}}},` +
					`{"node":{"shelf":"A3","donor":{"name":"Amina"},"readers":{"totalCount":0}}}]}}},` +
					`{"node":{"title":"Mud","subjects":{"edges":[{"node":{"name":"Sea"}}]},"copies":{"edges":[]}}},` +
					`{"node":{"title":"Tar","subjects":{"edges":[]},"copies":{"edges":[]}}}]}}`,
			},
			{`{ libraryBooks { totalCount edgeCount __typename a: edges { node { title } } b: edges { cursor n: node { id } m: node { __typename } } } }`, `{"libraryBooks":{"totalCount":3,"edgeCount":3,"__typename":"LibraryBookConnection",` +
				`"a":[{"node":{"title":"Dust"}},{"node":{"title":"Mud"}},{"node":{"title":"Tar"}}],"b":[{"cursor":"` + first + `","n":{"id":"` + dust + `"},"m":{"__typename":"LibraryBook"}},` +
				`{"cursor":"` + second + `","n":{"id":"` + mud + `"},"m":{"__typename":"LibraryBook"}},{"cursor":"` + last + `","n":{"id":"` + tar + `"},"m":{"__typename":"LibraryBook"}}]}}`},
			// What no shape of the source shows stays out, whoever asks, though other sources show it.
			{
				`{ libraryBook(id: 1) { pages author { born language { name code } } copies(first: 1) { edges { node { bought donor { language { code } } } } } } }`,
				`{"libraryBook":{"pages":null,"author":{"born":null,"language":{"name":"English","code":"en"}},"copies":{"edges":[{"node":{"bought":null,"donor":{"language":null}}}]}}}`,
			},
			{`{ libraryBooks(first: 1) { edges { node { author { name born } } } } libraryShelfBooks(first: 1) { edges { node { pages author { id name } } } } }`, `{"libraryBooks":{"edges":[{"node":{"author":{"name":"Amina","born":null}}}]},` +
				`"libraryShelfBooks":{"edges":[{"node":{"pages":7,"author":{"id":"` + amina + `","name":"Amina"}}}]}}`},
			{`{ libraryAuthor(id: 1) { name born language { id code name } } }`, `{"libraryAuthor":{"name":"Amina","born":null,"language":{"id":"TGlicmFyeUxhbmd1YWdlOjE=","code":null,"name":null}}}`},
		} {
			s.wantGraph("librarian", c.query, c.want)
		}
		if s.log.Len() > 0 {
			s.Errorf("something was logged as a failure: %s", s.log)
		}
	})
}

// titles returns the titles of a list and what it says about the page.
func (s *server) graphTitles(as, args string, variables ...string) string {
	s.Helper()
	// A list of variables may stand before the arguments.
	declared, args, found := strings.Cut(args, " | ")
	if !found {
		declared, args = "", declared
	} else {
		declared = "query(" + declared + ")"
	}
	if args != "" {
		args = "(" + args + ")"
	}
	rec := s.sendGraph(as, declared+`{ libraryShelfBooks`+args+` { pageInfo { hasPreviousPage hasNextPage startCursor endCursor } totalCount edgeCount edges { cursor node { title } } } }`, variables...)
	var answer struct {
		Data struct {
			LibraryShelfBooks struct {
				PageInfo   struct{ HasPreviousPage, HasNextPage bool }
				TotalCount int
				EdgeCount  int
				Edges      []struct{ Node struct{ Title string } }
			}
		}
		Errors []struct {
			Message    string
			Path       []string
			Extensions struct {
				Code   string
				Fields map[string][]string
			}
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		s.Errorf("%s: %v in %s", args, err, rec.Body)
	}
	if len(answer.Errors) > 0 {
		e := answer.Errors[0]
		return fmt.Sprintf("%d %s %s %v", rec.Code, e.Extensions.Code, e.Message, e.Extensions.Fields)
	}
	list := answer.Data.LibraryShelfBooks
	text := fmt.Sprintf("%d/%d:", list.EdgeCount, list.TotalCount)
	if list.EdgeCount != len(list.Edges) {
		s.Errorf("%s: edgeCount is not the number of edges: %s", args, rec.Body)
	}
	for _, e := range list.Edges {
		text += " " + e.Node.Title
	}
	if list.PageInfo.HasPreviousPage {
		text += " <"
	}
	if list.PageInfo.HasNextPage {
		text += " >"
	}
	return text
}

func TestGraphPages(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		for _, title := range []string{"a", "b", "c", "d", "e"} {
			id := s.book(entity.Values{"title": title})
			for _, shelf := range []string{"1", "2", "3"} {
				s.copy(id, shelf, nil)
			}
		}
		const negative = "200 BAD_REQUEST Negative indexing is not supported. map[]"
		for _, c := range []struct{ args, want string }{
			{``, `5/5: a b c d e`},
			{`first: 2`, `2/5: a b >`},
			{`first: 5`, `5/5: a b c d e`},
			{`first: 0`, `0/5: >`},
			{`first: 2, after: "` + second + `"`, `2/5: c d >`},
			{`first: 2, offset: 1`, `2/5: b c >`},
			{`first: 2, offset: 1, after: "` + second + `"`, `2/5: d e`},
			{`offset: 9`, `0/5:`},
			{`before: "` + last + `"`, `2/5: a b`},
			{`first: 1, before: "` + last + `"`, `1/5: a >`},
			{`first: 2, before: "` + last + `"`, `2/5: a b`},
			{`after: "` + last + `", before: "` + first + `"`, `0/5:`},
			{`last: 2`, `2/5: d e <`},
			{`last: 9`, `5/5: a b c d e`},
			{`last: 0`, `0/5:`},
			{`last: 2, before: "` + last + `"`, `2/5: a b`},
			{`last: 1, before: "` + last + `"`, `1/5: b <`},
			{`last: 1, first: 3`, `1/5: c < >`},
			{`last: 1, first: 7`, `1/5: e <`},
			{`last: 2, after: "` + last + `"`, `2/5: d e`},
			{`first: 2, after: "broken"`, `2/5: a b >`},
			{`first: 2, after: "YXJyYXljb25uZWN0aW9uOi01"`, `2/5: a b >`},
			{`first: 2, after: ""`, `2/5: a b >`},
			{`first: null`, `5/5: a b c d e`},
			{`first: -1`, negative},
			{`last: -1`, negative},
			{`offset: -1`, negative},
			{`first: 101`, "200 BAD_REQUEST Requesting 101 records on the `libraryShelfBooks` connection exceeds the `first` limit of 100 records. map[]"},
			{`last: 101`, "200 BAD_REQUEST Requesting 101 records on the `libraryShelfBooks` connection exceeds the `last` limit of 100 records. map[]"},
			{`offset: 1, before: "` + last + `"`, "200 BAD_REQUEST You can't provide a `before` value and an `offset` value at the same time. map[]"},
		} {
			if got := s.graphTitles("librarian", c.args); got != c.want {
				s.Errorf("%s: got %s, want %s", c.args, got, c.want)
			}
		}
		for args, want := range map[string]string{
			`(first: 1)`:                         `{"edges":[{"cursor":"` + first + `","node":{"shelf":"1"}}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false,"startCursor":"` + first + `","endCursor":"` + first + `"}}`,
			`(first: 2, after: "` + first + `")`: `{"edges":[{"cursor":"` + second + `","node":{"shelf":"2"}},{"cursor":"` + last + `","node":{"shelf":"3"}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"` + second + `","endCursor":"` + last + `"}}`,
			`(last: 1)`:                          `{"edges":[{"cursor":"` + last + `","node":{"shelf":"3"}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true,"startCursor":"` + last + `","endCursor":"` + last + `"}}`,
			`(last: 1, first: 2)`:                `{"edges":[{"cursor":"` + second + `","node":{"shelf":"2"}}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":true,"startCursor":"` + second + `","endCursor":"` + second + `"}}`,
			`(offset: 7)`:                        `{"edges":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":null,"endCursor":null}}`,
		} {
			s.wantGraph("librarian", `{ libraryBook(id: 3) { copies`+args+` { edges { cursor node { shelf } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`, `{"libraryBook":{"copies":`+want+`}}`)
		}
		s.wantGraph("librarian", `{ libraryBook(id: 3) { copies(first: 1) { totalCount edgeCount } } }`, `{"libraryBook":{"copies":{"totalCount":3,"edgeCount":1}}}`)
		s.wantGraph("librarian", `{ libraryBook(id: 3) { copies(first: 500) { totalCount } } }`, "OK "+`{"data":{"libraryBook":null},"errors":[{"message":"Requesting 500 records on the `+"`copies`"+` connection exceeds the `+"`first`"+` limit of 100 records.","locations":[{"line":1,"column":24}],"path":["libraryBook"],"extensions":{"code":"BAD_REQUEST"}}]}`)
	})
}

func TestGraphFilters(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		for _, c := range []struct{ args, variables, want string }{
			{args: `search: "d"`, want: "2/2: Dust Mud"},
			{args: `search: ""`, want: "3/3: Dust Mud Tar"},
			{args: `search: null, status: null, author_In: null`, want: "3/3: Dust Mud Tar"},
			{args: `status: RETIRED`, want: "1/1: Tar"},
			{args: `status_In: [RETIRED, IN]`, want: "3/3: Dust Mud Tar"},
			{args: `status_In: RETIRED`, want: "1/1: Tar"},
			{args: `status_In: []`, want: "3/3: Dust Mud Tar"},
			{args: `fragile: false`, want: "2/2: Dust Tar"},
			{args: `author: 1`, want: "1/1: Dust"},
			{args: `author: "2"`, want: "1/1: Mud"},
			{args: `author: "` + basil + `"`, want: "1/1: Mud"},
			{args: `author_In: ["` + basil + `", 1]`, want: "2/2: Dust Mud"},
			{args: `author: "` + dust + `"`, want: "200 BAD_REQUEST Invalid ID specified. map[]"},
			{args: `author: "x"`, want: "200 BAD_REQUEST Invalid ID specified. map[]"},
			{args: `author_Isnull: true`, want: "1/1: Tar"},
			{args: `author_Isnull: false`, want: "2/2: Dust Mud"},
			{args: `published_Year: 1999`, want: "1/1: Dust"},
			{args: `published_Lt: "2000-01-01"`, want: "1/1: Dust"},
			{args: `published: ""`, want: "3/3: Dust Mud Tar"},
			{args: `published_Gte: "soon"`, want: "200 BAD_REQUEST published_Gte: Enter a valid date. map[published__gte:[Enter a valid date.]]"},
			{args: `dueAt_Gte: "2026-11-21T22:00:00+02:00"`, want: "1/1: Dust"},
			{args: `copies_Shelf_Icontains: "a"`, want: "1/1: Dust"},
			{args: `copies_Shelf_In: ["A1,A2"]`, want: "0/0:"},
			{args: `copies_Shelf_In: ["A1,A2", "A3"]`, want: "1/1: Dust"},
			{args: `weight_Gt: 0.4`, want: "1/1: Dust"},
			{args: `pages_Gte: 7, pages_Lt: 8`, want: "1/1: Dust"},
			{args: `language: 1`, want: "1/1: Dust"},
			{args: `reader: "mo@library.example"`, want: "1/1: Dust"},
			{args: `letter: "m"`, want: "1/1: Mud"},
			{args: `letter: "?"`, want: "200 BAD_REQUEST letter: That is no letter. map[letter:[That is no letter.]]"},
			{args: `orderBy: "-title"`, want: "3/3: Tar Mud Dust"},
			{args: `orderBy: ["author_Name"], author_Isnull: false`, want: "2/2: Dust Mud"},
			{args: `orderBy: ["-author__name", "title"], author_Isnull: false`, want: "2/2: Mud Dust"},
			{args: `orderBy: ["title", "-weight"]`, want: `200 BAD_REQUEST orderBy: There is no order "-weight"; there is: author__name, length, pages, title. map[ordering:[There is no order "-weight"; there is: author__name, length, pages, title.]]`},
			{args: `orderBy: "title,pages"`, want: `200 BAD_REQUEST orderBy: There is no order "title,pages"; there is: author__name, length, pages, title. map[ordering:[There is no order "title,pages"; there is: author__name, length, pages, title.]]`},
			{args: `orderBy: ["", null]`, want: "3/3: Dust Mud Tar"},
			{args: `search: "x\u0000"`, want: "200 BAD_REQUEST search: Null characters are not allowed. map[search:[Null characters are not allowed.]]"},
			// Variables are read leniently (openimis-core §2.7).
			{`$n: Int | first: $n`, `{"n":"2"}`, "2/3: Dust Mud >"},
			{`$n: Int | first: $n`, `{"n":1.9}`, "1/3: Dust >"},
			{`$n: Int | first: $n`, `{"n":null,"more":{"x":[1]}}`, "3/3: Dust Mud Tar"},
			{`$n: Int = 1 | first: $n`, `{}`, "1/3: Dust >"},
			{`$n: Int = 1 | first: $n`, `null`, "1/3: Dust >"},
			{`$n: Int | first: $n`, `{"n":"two"}`, `400 BAD_REQUEST Variable "$n" got invalid value "two"; expected type "Int" map[]`},
			{`$n: Int | first: $n`, `{"n":3e9}`, `400 BAD_REQUEST Variable "$n" got invalid value 3e9; expected type "Int" map[]`},
			{`$n: Int | first: $n`, `{"n":{"a":1}}`, `400 BAD_REQUEST Variable "$n" got invalid value {"a":1}; expected type "Int" map[]`},
			{`$n: Int! | first: $n`, `{}`, `400 BAD_REQUEST Variable "$n" of required type "Int!" was not provided. map[]`},
			{`$s: String | search: $s`, `{"s":7}`, "0/0:"},
			{`$s: String | search: $s`, `{"s":true}`, "0/0:"},
			{`$s: String | search: $s`, `{"s":[]}`, `400 BAD_REQUEST Variable "$s" got invalid value []; expected type "String" map[]`},
			{`$b: Boolean | fragile: $b`, `{"b":"false"}`, "1/1: Mud"},
			{`$b: Boolean | fragile: $b`, `{"b":""}`, "2/2: Dust Tar"},
			{`$b: Boolean | fragile: $b`, `{"b":0}`, "2/2: Dust Tar"},
			{`$b: Boolean | fragile: $b`, `{"b":[0]}`, "1/1: Mud"},
			{`$i: [ID] | author_In: $i`, `{"i":1}`, "1/1: Dust"},
			{`$i: [ID] | author_In: $i`, `{"i":["` + basil + `",1,null]}`, "2/2: Dust Mud"},
			{`$i: [ID!] | author_In: $i`, `{"i":[null]}`, `400 BAD_REQUEST Variable "$i" got invalid value [null]; expected a value of type "ID!", found null map[]`},
			{`$i: ID | author_In: [$i, 2]`, `{"i":"1"}`, "2/2: Dust Mud"},
			{`$p: [Int] | pages_In: $p`, `{"p":["7"]}`, "1/1: Dust"},
			{`$o: [String] | orderBy: $o`, `{"o":"-title"}`, "3/3: Tar Mud Dust"},
			{`$s: String | published_Gte: $s, orderBy: "?x"`, `{"s":"soon"}`, `200 BAD_REQUEST published_Gte: Enter a valid date. orderBy: There is no order "?x"; there is: author__name, length, pages, title. map[ordering:[There is no order "?x"; there is: author__name, length, pages, title.] published__gte:[Enter a valid date.]]`},
			// One textual type stands for another, and one value for a list.
			{`$i: String | author: $i`, `{"i":"` + basil + `"}`, "1/1: Mud"},
			{`$i: String | author_In: $i`, `{"i":"1"}`, "1/1: Dust"},
			{`$i: [String] | author_In: $i`, `{"i":["1"]}`, "1/1: Dust"},
			{`$i: ID | search: $i`, `{"i":"dust"}`, "1/1: Dust"},
			{`$o: String | orderBy: $o`, `{"o":"-title"}`, "3/3: Tar Mud Dust"},
			{`$d: String | published: $d`, `{"d":"1999-12-31"}`, "1/1: Dust"},
			{`$d: String | published: $d`, `{"d":"1999"}`, "200 BAD_REQUEST published: Enter a valid date. map[published:[Enter a valid date.]]"},
			{`$i: [String] | author: $i`, `{"i":["1"]}`, `400 BAD_REQUEST Variable "$i" of type "[String]" used in position expecting type "ID". map[]`},
			{`$n: String | first: $n`, `{"n":"1"}`, `400 BAD_REQUEST Variable "$n" of type "String" used in position expecting type "Int". map[]`},
			{`$e: String | status: $e`, `{"e":"RETIRED"}`, `400 BAD_REQUEST Variable "$e" of type "String" used in position expecting type "LibraryBookStatus". map[]`},
			{`$e: LibraryBookStatus | status: $e`, `{"e":"RETIRED"}`, "1/1: Tar"},
			{`$e: LibraryBookStatus | status: $e`, `{"e":"retired"}`, `400 BAD_REQUEST Variable "$e" got invalid value "retired"; expected type "LibraryBookStatus" map[]`},
			{`$d: Date | published: $d`, `{"d":"1999-12-31"}`, "1/1: Dust"},
			{`$d: Date | published: $d`, `{"d":"1999-12-31T00:00:00"}`, `400 BAD_REQUEST Variable "$d" got invalid value "1999-12-31T00:00:00"; expected type "Date" map[]`},
			{`$f: Float | weight_Gt: $f`, `{"f":"0.4"}`, "1/1: Dust"},
			{`$f: Float | weight_Gt: $f`, `{"f":"NaN"}`, `400 BAD_REQUEST Variable "$f" got invalid value "NaN"; expected type "Float" map[]`},
		} {
			variables := []string{}
			if c.variables != "" {
				variables = append(variables, c.variables)
			}
			if got := s.graphTitles("librarian", c.args, variables...); got != c.want {
				s.Errorf("%s %s: got %s, want %s", c.args, c.variables, got, c.want)
			}
		}
		s.wantGraph("librarian", `query($no: Boolean!) { libraryBook(id: 1) { title @skip(if: $no) status @include(if: $no) } }`, `{"libraryBook":{"status":"IN"}}`, `{"no":"false"}`)
	})
}

func TestGraphRespectsRules(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		s.Add(s.T, s.Book, entity.Values{"title": "South"}, people["southerner"])
		const book = `{ id title status notes author { name } borrower { id name } subjects { totalCount } copies { totalCount edges { node { shelf bought readers { totalCount } } } } }`
		fault := func(path, code, message string) string {
			return `OK {"data":{"` + path + `":null},"errors":[{"message":"` + message + `","locations":[{"line":1,"column":3}],"path":["` + path + `"],"extensions":{"code":"` + code + `"}}]}`
		}
		const permission, missing = "You do not have permission to perform this action.", "Not found."
		for _, c := range []struct{ as, query, want string }{
			// Hidden fields are null; nothing tells whether there would have been something.
			{
				"reader", `{ libraryBook(id: 1) ` + book + ` }`,
				`{"libraryBook":{"id":"` + dust + `","title":"Dust","status":"IN","notes":null,"author":{"name":"Amina"},"borrower":null,"subjects":{"totalCount":2},` +
					`"copies":{"totalCount":3,"edges":[{"node":{"shelf":"A1","bought":null,"readers":null}},{"node":{"shelf":"A2","bought":null,"readers":null}},{"node":{"shelf":"A3","bought":null,"readers":null}}]}}}`,
			},
			{"guest", `{ libraryBook(id: 1) ` + book + ` }`, `{"libraryBook":{"id":"` + dust + `","title":"Dust","status":null,"notes":null,"author":null,"borrower":null,"subjects":null,"copies":null}}`},
			// Row scope, other workspaces, absent: all the same.
			{"guest", `{ libraryBook(id: 2) { title } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"southerner", `{ libraryBook(id: 1) { title } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"librarian", `{ libraryBook(id: 77) { title } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"librarian", `{ libraryBook(id: "-1") { title } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"librarian", `{ libraryBook(id: "") { title } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"southerner", `{ node(id: "` + dust + `") { id } libraryBooks { totalCount edges { node { title } } } }`, `{"node":null,"libraryBooks":{"totalCount":1,"edges":[{"node":{"title":"South"}}]}}`},
			{"guest", `{ libraryBooks { totalCount edges { node { title status } } } }`, `{"libraryBooks":{"totalCount":2,"edges":[{"node":{"title":"Dust","status":null}},{"node":{"title":"Tar","status":null}}]}}`},
			// Nothing of the entity may be seen: closed. One closed field does not spoil the others.
			{"passerby", `{ libraryBooks { totalCount } }`, fault("libraryBooks", "FORBIDDEN", permission)},
			{"passerby", `{ libraryBook(id: 1) { id } }`, fault("libraryBook", "FORBIDDEN", permission)},
			{"passerby", `{ libraryBook(id: 77) { id } }`, fault("libraryBook", "NOT_FOUND", missing)},
			{"passerby", `{ node(id: "` + dust + `") { id } }`, `{"node":null}`},
			{"passerby", `{ libraryLanguages { edges { node { code } } } x: libraryBooks { totalCount } }`, `OK {"data":{"libraryLanguages":{"edges":[{"node":{"code":"en"}}]},"x":null},` +
				`"errors":[{"message":"` + permission + `","locations":[{"line":1,"column":48}],"path":["x"],"extensions":{"code":"FORBIDDEN"}}]}`},
			{"nowhere", `{ libraryBooks { totalCount } }`, fault("libraryBooks", "FORBIDDEN", "You do not belong to any workspace. Ask an administrator for access.")},
			{"nowhere", `{ libraryLanguages { totalCount } }`, `{"libraryLanguages":{"totalCount":1}}`},
			// Who may only read, reads.
			{"readonly", `{ libraryBook(id: 1) { title } }`, `{"libraryBook":{"title":"Dust"}}`},
			// Strangers and forged credentials.
			{"", `{ libraryLanguages { totalCount } }`, `Unauthorized {"errors":[{"message":"Authentication credentials were not provided.","extensions":{"code":"UNAUTHENTICATED"}}]}`},
			{"forged", `{ libraryLanguages { totalCount } }`, `Unauthorized {"errors":[{"message":"Given token not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}`},
			{"french", `{ libraryBook(id: 77) { title } }`, fault("libraryBook", "NOT_FOUND", "Introuvable.")},
		} {
			got := s.graph(c.as, c.query)
			if c.as == "french" {
				if !strings.Contains(got, `"NOT_FOUND"`) || strings.Contains(got, missing) {
					s.Errorf("in French: %s", got)
				}
				continue
			}
			s.wantGraph(c.as, c.query, c.want)
		}
		if rec := s.send(request{method: "POST", path: graphPath, body: `{"query":"{__typename}"}`, header: map[string]string{"Authorization": "JWT librarian"}}); rec.Code != http.StatusUnauthorized {
			s.Errorf("the prefix JWT: %d %s, want it to be passed over", rec.Code, rec.Body)
		}
		// In a list, what holds between the actor and each record is not looked at; on the record itself it is.
		mo := s.Add(s.T, s.Member, entity.Values{"name": "Rea", "email": "rea@library.example", "user_id": int64(2)})
		id := s.book(entity.Values{"title": "Own", "borrower": mo, "notes": "mine"})
		s.wantGraph("reader", fmt.Sprintf(`{ libraryBook(id: %d) { notes } libraryBooks(search: "own") { edges { node { notes } } } }`, id), `{"libraryBook":{"notes":"mine"},"libraryBooks":{"edges":[{"node":{"notes":null}}]}}`)
	})
}

func TestGraphStatements(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		for i := range 30 {
			s.copy(s.book(entity.Values{"title": fmt.Sprint("More ", i)}), "9", nil)
		}
		for _, c := range []struct {
			query string
			want  int64
		}{
			{`{ __typename }`, 0},
			{`{ __schema { queryType { name } } }`, 0},
			{`{ libraryBooks { edges { node { title author { name language { code } } } } } }`, 1},
			{`{ libraryBooks { totalCount } }`, 1},
			{`{ libraryBooks(first: 0) { edges { node { title } } } }`, 0},
			{`{ libraryBooks(last: 3) { edges { node { title } } } }`, 2},
			{`{ libraryBooks { totalCount pageInfo { hasNextPage } edges { node { title } } } }`, 2},
			{`{ libraryBooks { edges { node { subjects { edges { node { name } } } copies { edges { node { shelf donor { name } readers { edges { node { name } } } } } } } } } }`, 4},
			{`{ libraryBooks { edges { node { copies { totalCount } subjects { totalCount edges { node { name } } } } } } }`, 4},
			{`{ libraryBooks { edges { node { title subjects { __typename } } } } }`, 1},
			{`{ libraryBook(id: 1) { title } }`, 2},
			{`{ libraryBook(id: 1) { title copies { edges { node { shelf readers { edges { node { name } } } } } } } }`, 4},
			{`{ a: libraryBook(id: 1) { title } b: libraryBook(id: 2) { title } }`, 4},
		} {
			// A commit: a total that took long to count, on a busy machine, is not kept beyond it.
			s.book(entity.Values{"title": "One more"})
			raw, err := json.Marshal(map[string]string{"query": c.query})
			if err != nil {
				s.Fatal(err)
			}
			ctx, counter := db.CountStatements(s.Context())
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, graphPath, strings.NewReader(string(raw)))
			r.Header.Set("Authorization", "Bearer librarian")
			rec := httptest.NewRecorder()
			s.api.ServeHTTP(rec, r)
			if rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), `"errors"`) || counter.N() != c.want {
				s.Errorf("%s: %d statements, want %d: %d %s\n%s", c.query, counter.N(), c.want, rec.Code, rec.Body, strings.Join(counter.SQL(), "\n"))
			}
		}
	})
}
