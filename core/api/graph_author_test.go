package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/i18n"
)

// oldNames are the names that clients of an older library program know.
var oldNames = gql.Names{
	"library.book": {
		Name: "BookGQLType", Fields: map[string]string{"title": "name", "due_at": "-"}, Enums: map[string]string{"status": "String"},
		Lists: []string{"subjects"}, Uncounted: true,
	},
	"library.author": {Name: "AuthorGQLType", Computed: []gql.Computed{{
		Name: "works", Type: "Int", Value: func(c gql.Context, id int64) (any, error) {
			var n int64
			err := c.DB.QueryRow(c, "select count(*) from library_books where author_id = $1", id).Scan(&n)
			return n, err
		},
	}}},
	"library.subject":  {RawID: "ID"},
	"library.language": {Name: "LanguageGQLType", Key: "code"},
}

// authored is an API with what only the GraphQL wire has.
func authored(t *testing.T, d *db.DB, change func(l *entitytest.Library, resources *[]*api.Resource, calls *[]api.Call, names gql.Names)) (*server, error) {
	t.Helper()
	l := entitytest.NewOpen(t, d, func(l *entitytest.Library) {
		l.Book.Open = "title status author subjects copies pages due_at"
		l.Author.Open = "name language books"
		l.Copy.Open = "shelf donor book"
		l.Copy.Filters = []entity.Filter{{Path: "shelf", Lookups: "exact in istartswith"}}
		l.Language.Open = "name code"
		l.Subject.Open = "name"
	})
	s := &server{T: t, Library: l, log: &bytes.Buffer{}, spool: t.TempDir()}
	texts, err := i18n.New(i18n.Core())
	if err != nil {
		t.Fatal(err)
	}
	resources, calls := s.operations()
	names := gql.Names{}
	for name, n := range oldNames {
		names[name] = n
	}
	resources = append(resources,
		&api.Resource{
			Name: "library.by_letter", Entity: l.Book, Can: api.List, View: api.Right(100001), Graph: api.Graph{List: "booksStr"},
			Params: []api.Param{
				api.Arg("str", entity.Text, "Beginning of the title."), api.Arg("most", entity.Integer, ""), api.Arg("thin", entity.Bool, ""),
				api.ArgID("authors", l.Author, "").List(), api.Arg("since", entity.Date, ""),
			},
			Narrow: func(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
				return func(_ *almoner.Actor, arg func(any) string) string {
					sql := "{t}.title_folded like " + arg(strings.ToLower(q.Text("str"))+"%")
					if most, ok := q.Param("most").(int64); ok {
						sql += " and {t}.pages <= " + arg(most)
					}
					if q.Flag("thin") {
						sql += " and {t}.pages < " + arg(int64(5))
					}
					if list, ok := q.Param("authors").([]any); ok {
						sql += " and {t}.author_id = " + arg(list[0])
					}
					if day, ok := q.Param("since").(almoner.Date); ok {
						sql += " and {t}.published >= " + arg(day)
					}
					return sql
				}, nil
			},
		},
		&api.Resource{Name: "library.every_language", Entity: l.Language, Can: api.List, View: api.SignedIn, Graph: api.Graph{List: "tongues", Plain: true}},
		&api.Resource{
			Name: "library.favourite", Entity: l.Book, Can: api.Get, View: api.SignedIn, Graph: api.Graph{
				Get: "favourite", Pick: func(q *api.Request, tx db.Queryer) (int64, error) {
					return l.Book.By(q.Context(), tx, "title", q.Text("name"))
				},
			},
			Params: []api.Param{api.Arg("name", entity.Text, "")},
		},
		&api.Resource{Name: "library.all_author", Entity: l.Author, Can: api.List, View: api.SignedIn, Graph: api.Graph{List: "writers", Max: -1}},
	)
	calls = append(calls,
		api.Call{
			Name: "library.title.free", Summary: "Is a title free?", Rule: api.SignedIn, Graph: api.CallGraph{Name: "validateTitle"}, Output: api.TypeOf("boolean"),
			Input: []*entity.Field{{Name: "book_title", Kind: entity.Text, Required: true}},
			Do:    func(q *api.Request) (any, error) { return q.In["book_title"] != "Dust", nil },
		},
		api.Call{
			Name: "library.said.again", Rule: api.SignedIn, Graph: api.CallGraph{Name: "echo"}, Output: api.Object(nil),
			Input: []*entity.Field{
				{Name: "whole", Kind: entity.Integer},
				{Name: "many", Kind: entity.Integer, Many: true},
				{Name: "text", Kind: entity.Text, Blank: true},
				{Name: "yes", Kind: entity.Bool},
				{Name: "day", Kind: entity.Date},
				{Name: "at", Kind: entity.Time},
				{Name: "price", Kind: entity.Decimal, Scale: 2},
				{Name: "doc", Kind: entity.JSON},
				{Name: "uuid", Kind: entity.UUID},
			},
			Do: func(q *api.Request) (any, error) { return fmt.Sprint(q.In), nil },
		},
		api.Call{
			Name: "library.house.rules", Rule: api.Public, Graph: api.CallGraph{Name: "houseRules"},
			Output: api.ArrayOf(api.Object(map[string]*api.Schema{"rule_text": api.TypeOf("string"), "fines": api.ArrayOf(api.Object(map[string]*api.Schema{"in_days": api.TypeOf("integer")})), "any": api.Object(nil)})),
			Do: func(*api.Request) (any, error) {
				return []map[string]any{{"rule_text": "Silence", "fines": []map[string]any{{"in_days": 3}}, "any": map[string]any{"a": 1}}}, nil
			},
		},
		api.Call{
			Name: "library.author.enter", Method: http.MethodPost, Path: "/api/library/enter/", Rule: api.Right(100002, 100003), Graph: api.CallGraph{Name: "enterAuthor", Types: map[string]string{"kind": "AuthorKind"}},
			Input: []*entity.Field{
				{Name: "full_name", Kind: entity.Text, Required: true, Max: 20},
				{Name: "pass_word", Kind: entity.Text, Secret: true},
				{Name: "kind", Kind: entity.Choice, Choices: []entity.ChoiceValue{{Value: "dead"}, {Value: "alive"}}},
				{Name: "books", Kind: entity.Object, Many: true, Fields: []*entity.Field{{Name: "book_title", Kind: entity.Text, Required: true}, {Name: "pages", Kind: entity.Integer, Many: true}}},
			},
			Output: api.Object(map[string]*api.Schema{"id": api.TypeOf("integer")}),
			Change: func(q *api.Request, tx *db.Tx) (any, error) {
				author := l.Author.NewChange(0, entity.Values{"name": q.In["full_name"]})
				if err := l.Author.Save(q.Context(), tx, author); err != nil {
					return nil, err
				}
				q.Touch(l.Author, author.ID)
				books, _ := q.In["books"].([]any)
				for _, b := range books {
					title := b.(entity.Values)["book_title"]
					if title == "Evil" {
						return nil, almoner.Invalidf("books.0.book_title", "library.evil", "No such books here.")
					}
					c := l.Book.NewChange(0, entity.Values{"title": title, "author": author.ID})
					if err := l.Book.Save(q.Context(), tx, c); err != nil {
						return nil, err
					}
					q.Touch(l.Book, c.ID)
				}
				q.NoteMutation(q.Extensions, "A-1")
				return map[string]any{"id": author.ID}, nil
			},
		},
		api.Call{
			Name: "library.card.check", Method: http.MethodPost, Rule: api.Public, Graph: api.CallGraph{Name: "checkCard", Bare: true},
			Input: []*entity.Field{{Name: "card", Kind: entity.Text, Required: true}}, Output: api.Object(map[string]*api.Schema{"good": api.TypeOf("boolean")}),
			Do: func(q *api.Request) (any, error) { return map[string]any{"good": q.In["card"] == "7"}, nil },
		},
		api.Call{
			Name: "library.word.change", Rule: api.SignedIn, Graph: api.CallGraph{Name: "changeWord", Direct: true},
			Input: []*entity.Field{{Name: "word", Kind: entity.Text}}, Output: api.Object(map[string]*api.Schema{"success": api.TypeOf("boolean"), "error": api.TypeOf("string")}),
			Change: func(q *api.Request, _ *db.Tx) (any, error) {
				return map[string]any{"success": q.In["word"] != nil}, nil
			},
		},
	)
	if change != nil {
		change(l, &resources, &calls, names)
	}
	s.api, err = api.New(api.Config{
		DB: l.DB, Registry: l.Registry, Texts: texts, Log: slog.New(slog.NewTextHandler(s.log, nil)), ReadOnlyRole: "Read Only", MaxBody: 64 << 10, Spool: s.spool, Graph: names,
		Identify: func(r *http.Request, _ api.Wire) (*almoner.Actor, error) {
			_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			switch a := people[token]; {
			case token == "":
				return &almoner.Actor{}, nil
			case a == nil:
				return nil, almoner.Errorf(almoner.Unauthenticated, "bad_token", "Given token not valid.")
			case token == "librarian" || token == "french":
				known := *a
				known.Rights = []int{100001, 100002}
				return &known, nil
			default:
				return a, nil
			}
		},
	}, resources, calls)
	return s, err
}

// eachAuthored runs fn on each engine.
func eachAuthored(t *testing.T, fn func(s *server)) {
	t.Helper()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) {
		s, err := authored(t, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		fn(s)
	})
}

// Historical names hold for types, fields, arguments and orders; what is open may lead in circles; single records and plain lists are found as declared.
func TestGraphOldNames(t *testing.T) {
	t.Parallel()
	eachAuthored(t, func(s *server) {
		s.shelf()
		book := "Qm9va0dRTFR5cGU6MQ=="
		for _, c := range []struct{ query, want string }{
			{`{ booksStr(str: "D") { edges { node { id name status clientMutationId author { name works } subjects { id name } } } } }`, `{"booksStr":{"edges":[{"node":{"id":"` + book + `","name":"Dust","status":"in","clientMutationId":null,` +
				`"author":{"name":"Amina","works":1},"subjects":[{"id":"1","name":"Salt"},{"id":"2","name":"Sea"}]}}]}}`},
			{`{ booksStr(str: "", orderBy: "-name") { edges { node { name } } } }`, `{"booksStr":{"edges":[{"node":{"name":"Tar"}},{"node":{"name":"Mud"}},{"node":{"name":"Dust"}}]}}`},
			{`{ booksStr(most: 6) { edges { node { name } } } }`, `{"booksStr":{"edges":[]}}`},
			{`{ booksStr(thin: true) { edges { node { name } } } }`, `{"booksStr":{"edges":[]}}`},
			{`{ booksStr(since: "1999-12-31") { edges { node { name } } } }`, `{"booksStr":{"edges":[{"node":{"name":"Dust"}}]}}`},
			{`{ booksStr(authors: "2") { edges { node { name } } } }`, `{"booksStr":{"edges":[{"node":{"name":"Mud"}}]}}`},
			{`{ favourite(name: "Dust") { id author { books(first: 1) { edges { node { name author { name } } } } } } }`, `{"favourite":{"id":"` + book + `","author":{"books":{"edges":[{"node":{"name":"Dust","author":{"name":"Amina"}}}]}}}}`},
			{
				`{ booksStr(str: "D") { edges { node { copies(shelf: "A1") { totalCount edges { node { shelf } } } rest: copies(shelf_In: ["A2", "A3"], first: 1, offset: 1) { totalCount edges { node { shelf } } } none: copies(shelf: "", shelf_Istartswith: "a") { totalCount } } } } }`,
				`{"booksStr":{"edges":[{"node":{"copies":{"totalCount":1,"edges":[{"node":{"shelf":"A1"}}]},"rest":{"totalCount":2,"edges":[{"node":{"shelf":"A3"}}]},"none":{"totalCount":3}}}]}}`,
			},
			{`{ booksStr(str: "D", orderBy: ["-name", "?"]) { edges { node { name } } } }`, `{"booksStr":{"edges":[{"node":{"name":"Dust"}}]}}`},
			{`{ tongues { id code } }`, `{"tongues":[{"id":"TGFuZ3VhZ2VHUUxUeXBlOmVu","code":"en"}]}`},
			{`{ node(id: "` + book + `") { ... on BookGQLType { name } } }`, `{"node":{"name":"Dust"}}`},
			{`{ writers(first: 1000) { totalCount } }`, `{"writers":{"totalCount":2}}`},
			{`{ validateTitle(bookTitle: "Dust") free: validateTitle(bookTitle: "Salt") }`, `{"validateTitle":false,"free":true}`},
			{`{ houseRules { ruleText any fines { inDays } __typename } }`, `{"houseRules":[{"ruleText":"Silence","any":{"a":1},"fines":[{"inDays":3}],"__typename":"HouseRulesGQLType"}]}`},
			{`mutation { changeWord(input: { word: "x", clientMutationId: "c" }) { success error clientMutationId } }`, `{"changeWord":{"success":true,"error":null,"clientMutationId":"c"}}`},
		} {
			s.wantGraph("librarian", c.query, c.want)
		}
		if got := s.graph("reader", `{ booksStr { edges { node { name } } } }`); !strings.Contains(got, `"booksStr":null`) || !strings.Contains(got, "FORBIDDEN") {
			s.Errorf("without the right: %s", got)
		}
		s.wantGraph("admin", `{ tongues { code } }`, `{"tongues":[{"code":"en"}]}`)
		s.wantGraph("", `mutation { checkCard(card: "7") { good } }`, `{"checkCard":{"good":true}}`)
		s.wantGraph("stale", `{ houseRules { ruleText } }`, `{"houseRules":[{"ruleText":"Silence"}]}`)
		if got := s.graph("", `mutation { changeWord(input: {}) { success } }`); !strings.HasPrefix(got, "Unauthorized ") {
			s.Errorf("a stranger: %s", got)
		}
		_, rest, _ := strings.Cut(string(s.api.GraphQL().SDL()), "type BookGQLType implements")
		of, rest, _ := strings.Cut(rest, "type BookGQLTypeConnection ")
		parts, _, _ := strings.Cut(rest, "}")
		if of = of[:strings.Index(of, "}")]; strings.Contains(of, "dueAt") || !strings.Contains(of, "name: String") || strings.Contains(parts, "totalCount") {
			s.Errorf("hidden, or a total of what is not counted: %s %s", of, parts)
		}
	})
}

type logged struct {
	Status            int64
	Error, JSON, Ext  *string
	Details, ClientID *string
	Code              *string
}

func (s *server) logged(internal string) logged {
	s.Helper()
	var l logged
	err := s.DB.QueryRow(s.Context(), "select status, error, json_content, json_ext, details, client_mutation_id, autogenerated_code from api_mutations where uuid = $1", internal).
		Scan(&l.Status, &l.Error, &l.JSON, &l.Ext, &l.Details, &l.ClientID, &l.Code)
	if err != nil {
		s.Fatal(err)
	}
	return l
}

// mutate carries out a mutation called m and returns its internalId.
func (s *server) mutate(as, document string, variables ...string) string {
	s.Helper()
	rec := s.sendGraph(as, document, variables...)
	var answer struct {
		Data map[string]struct{ InternalID string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != http.StatusOK || answer.Data["m"].InternalID == "" {
		s.Fatalf("%s: %d %s", document, rec.Code, rec.Body)
	}
	return answer.Data["m"].InternalID
}

// A logged mutation does its work once and whole, and its row tells what became of it.
func TestGraphMutations(t *testing.T) {
	t.Parallel()
	eachAuthored(t, func(s *server) {
		const enter = `mutation ($input: EnterAuthorMutationInput!) { m: enterAuthor(input: $input) { clientMutationId internalId } }`
		id := s.mutate("librarian", enter, `{"input":{"fullName":"Cleo","passWord":"secret","kind":"ALIVE","books":[{"bookTitle":"Wind","pages":["1",2]}],"clientMutationId":"c-1","clientMutationLabel":"New","clientMutationDetails":["a"],"mutationExtensions":"{\"someKey\":{\"innerKey\":1}}"}}`)
		l := s.logged(id)
		if l.Status != 2 || l.Error != nil || *l.JSON != `{"books":[{"book_title":"Wind","pages":["1",2]}],"full_name":"Cleo","kind":"alive","pass_word":"***"}` && !strings.Contains(*l.JSON, `"pass_word":"***"`) || *l.Details != `["a"]` || *l.Code != "A-1" || *l.Ext != `{"some_key":{"inner_key":1}}` {
			s.Errorf("log: %+v json %s ext %v", l, *l.JSON, l.Ext)
		}
		if strings.Contains(*l.JSON, "secret") {
			s.Errorf("a secret is in the log: %s", *l.JSON)
		}
		s.wantGraph("librarian", `{ writers(clientMutationId: "c-1") { edges { node { name } } } none: writers(clientMutationId: "c-2") { totalCount } booksStr(clientMutationId: "c-1") { edges { node { name } } } }`,
			`{"writers":{"edges":[{"node":{"name":"Cleo"}}]},"none":{"totalCount":0},"booksStr":{"edges":[{"node":{"name":"Wind"}}]}}`)
		s.wantGraph("admin", `{ writers(clientMutationId: "c-1") { totalCount } }`, `{"writers":{"totalCount":0}}`)

		// the same again is the same
		if again := s.mutate("librarian", enter, `{"input":{"fullName":"Cleo","clientMutationId":"c-1"}}`); again != id {
			s.Errorf("again: %s, first %s", again, id)
		}
		s.wantGraph("librarian", `{ writers { totalCount } }`, `{"writers":{"totalCount":1}}`)
		// without an id of the client it is another one
		if a, b := s.mutate("librarian", enter, `{"input":{"fullName":"Dido"}}`), s.mutate("librarian", enter, `{"input":{"fullName":"Dido"}}`); a == b {
			s.Errorf("two without clientMutationId are one")
		}
		// a label of any length is taken as far as there is room: whoever waits for the answer is not refused for it
		s.mutate("librarian", enter, `{"input":{"fullName":"Gil","clientMutationId":"c-label","clientMutationLabel":"`+strings.Repeat("ü", 300)+`"}}`)
		var label string
		if err := s.DB.QueryRow(s.Context(), "select label from api_mutations where client_mutation_id = 'c-label' and status = 2").Scan(&label); err != nil || label != strings.Repeat("ü", 255) {
			s.Errorf("a long label: %d bytes, %v", len(label), err)
		}
		// what fails leaves nothing but its row
		before := s.graph("librarian", `{ writers { totalCount } }`)
		for _, c := range []struct{ as, input, want string }{
			{"librarian", `{"input":{"fullName":"Eve","books":[{"bookTitle":"Fog"},{"bookTitle":"Evil"}]}}`, `[{"message":"No such books here.","detail":"books.0.book_title","code":"library.evil"}]`},
			{"librarian", `{"input":{"fullName":"A name that is far too long"}}`, `[{"message":"Ensure this field has no more than 20 characters.","detail":"full_name","code":"too_long"}]`},
			{"french", `{"input":{"fullName":"A name that is far too long"}}`, `[{"message":"Assurez-vous que ce champ ne dépasse pas 20 caractères.","detail":"full_name","code":"too_long"}]`},
			{"reader", `{"input":{"fullName":"Eve"}}`, `[{"message":"You do not have permission to perform this action.","detail":"","code":"permission_denied"}]`},
		} {
			l := s.logged(s.mutate(c.as, enter, c.input))
			if l.Status != 1 || l.Error == nil || *l.Error != c.want && c.as != "french" || c.as == "french" && strings.Contains(*l.Error, "Ensure") {
				s.Errorf("%s %s: %d %s", c.as, c.input, l.Status, *l.Error)
			}
		}
		if after := s.graph("librarian", `{ writers { totalCount } }`); after != before {
			s.Errorf("failures left something: %s, before %s", after, before)
		}
		// over REST it is the same operation
		if got := s.ask("librarian", "POST", "/api/library/enter/", `{"full_name":"Fay"}`); !strings.HasPrefix(got, `OK {"id":`) {
			s.Errorf("over REST: %s", got)
		}
		// several run in order
		s.wantGraph("librarian", `mutation { a: checkCard(card: "7") { good } b: checkCard(card: "8") { good } __typename }`, `{"a":{"good":true},"b":{"good":false},"__typename":"Mutation"}`)
	})
}

// Many at once with one clientMutationId do the work once.
func TestGraphMutationsAtOnce(t *testing.T) {
	t.Parallel()
	eachAuthored(t, func(s *server) {
		const many = 8
		answers := make(chan string, many)
		for range many {
			go func() {
				r := httptest.NewRequestWithContext(context.WithoutCancel(s.Context()), http.MethodPost, graphPath, strings.NewReader(`{"query":"mutation { enterAuthor(input: {fullName: \"Once\", clientMutationId: \"same\"}) { internalId } }"}`))
				r.Header.Set("Authorization", "Bearer librarian")
				rec := httptest.NewRecorder()
				s.api.ServeHTTP(rec, r)
				answers <- rec.Body.String()
			}()
		}
		first := <-answers
		for range many - 1 {
			if got := <-answers; got != first || strings.Contains(got, "errors") {
				s.Errorf("got %s and %s", first, got)
			}
		}
		s.wantGraph("librarian", `{ writers { totalCount } }`, `{"writers":{"totalCount":1}}`)
	})
}

// What a table of names says wrongly, and names that meet, are told at once.
func TestGraphNamesAreChecked(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, db.SQLite, migrations())
	_, err := authored(t, d, func(l *entitytest.Library, resources *[]*api.Resource, calls *[]api.Call, names gql.Names) {
		names["library.nothing"] = gql.Type{}
		names["library.copy"] = gql.Type{Name: "BookGQLType", Fields: map[string]string{"nothing": "x"}, Arguments: map[string]string{"nothing": "x"}, Orders: map[string]string{"x": "nothing"}, RawID: "Float", Key: "nokey"}
		names["library.member"] = gql.Type{Enums: map[string]string{"name": "X"}, Lists: []string{"name"}}
	})
	for _, want := range []string{"library.nothing: there is no such entity", `there is no field "nothing"`, `there is no filter "nothing"`, `there is no order "nothing"`, "RawID", `"nokey"`, "name is no choice", "name does not lead to many records", "the type BookGQLType would be both"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	_, err = authored(t, d, func(_ *entitytest.Library, resources *[]*api.Resource, calls *[]api.Call, _ gql.Names) {
		*calls = append(*calls, api.Call{Name: "library.no.rule", Rule: api.Right(), Graph: api.CallGraph{Name: "noRule"}, Do: func(*api.Request) (any, error) { return nil, nil }},
			api.Call{Name: "library.nowhere.at", Rule: api.SignedIn})
	})
	for _, want := range []string{"library.no.rule has no rule", "library.nowhere.at has neither"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

// Variables are read as leniently as old clients expect (openimis-core §2.7), literals as strictly as the language says.
func TestGraphCoercion(t *testing.T) {
	t.Parallel()
	eachAuthored(t, func(s *server) {
		for _, c := range []struct{ typ, argument, variable, want string }{
			{"Int", "whole", `"3"`, "map[whole:3]"},
			{"Int", "whole", `3.7`, "map[whole:3]"},
			{"[Int]", "many", `["1", 2]`, "map[many:[1 2]]"},
			{"[Int]", "many", `1`, "map[many:[1]]"},
			{"String", "text", `7`, "map[text:7]"},
			{"String", "text", `true`, "map[text:true]"},
			{"Boolean", "yes", `"false"`, "map[yes:true]"},
			{"Boolean", "yes", `""`, "map[yes:false]"},
			{"Boolean", "yes", `0`, "map[yes:false]"},
			{"Int", "whole", `null`, "map[]"},
			{"Date", "day", `"2026-03-31"`, "map[day:2026-03-31]"},
			{"Date", "day", `"2026-03-31T10:00:00"`, "400"},
			{"DateTime", "at", `"2026-03-31T10:00:00+02:00"`, "map[at:2026-03-31 08:00:00 +0000 UTC]"},
			{"DateTime", "at", `"2026-03-31"`, "400"},
			{"Decimal", "price", `12.5`, "map[price:12.50]"},
			{"Decimal", "price", `"12.50"`, "map[price:12.50]"},
			{"Decimal", "price", `"much"`, "400"},
			{"JSONString", "doc", `"{\"a\":1}"`, `map[doc:`},
			{"JSONString", "doc", `"{"`, "400"},
			{"UUID", "uuid", `"0192F3C8-6F4E-7C1A-9A52-3F0F5F1F6B1D"`, "map[uuid:0192f3c8-6f4e-7c1a-9a52-3f0f5f1f6b1d]"},
			{"UUID", "uuid", `"x"`, "400"},
			{"Int", "whole", `"x"`, "400"},
			{"Int", "whole", `3000000000`, "400"},
		} {
			rec := s.sendGraph("librarian", fmt.Sprintf(`query ($v: %s, ) { echo(%s: $v,, ) }`, c.typ, c.argument), `{"v":`+c.variable+`,"unknown":[1]}`)
			if good := rec.Code == http.StatusOK && strings.Contains(rec.Body.String(), `"`+c.want); !good && (c.want != "400" || rec.Code != http.StatusBadRequest || strings.Contains(rec.Body.String(), `"data"`)) {
				s.Errorf("%s %s: %d %s, want %s", c.typ, c.variable, rec.Code, rec.Body, c.want)
			}
		}
		for _, c := range []struct {
			argument string
			status   int
		}{
			{`whole: 3`, 200}, {`whole: "3"`, 400}, {`whole: 3.7`, 400}, {`text: 7`, 400}, {`yes: "true"`, 400}, {`many: 1`, 200}, {`text: null`, 200}, {`text: "a\/b"`, 200}, {`price: "12.50"`, 200}, {`nothing: 1`, 400},
		} {
			if rec := s.sendGraph("librarian", "{ echo("+c.argument+") }"); rec.Code != c.status {
				s.Errorf("%s: %d %s, want %d", c.argument, rec.Code, rec.Body, c.status)
			}
		}
	})
}
