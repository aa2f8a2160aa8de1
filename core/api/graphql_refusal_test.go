package api_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func TestGraphRefusesDocuments(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		nested := func(n int) string {
			return `{ libraryBook(id: 1) { author { ` + strings.Repeat(`books { edges { node { author { `, n) + `name` + strings.Repeat(` } } } }`, n) + ` } } }`
		}
		var aliases, spreads strings.Builder
		for i := range 70 {
			n := strconv.Itoa(i)
			aliases.WriteString(" a" + n + ": libraryBook(id: 1) { id }")
			spreads.WriteString(" fragment f" + n + " on LibraryBook { a" + n + ": author { name } ...f" + strconv.Itoa(i+1) + " b" + n + ": author { name } }")
		}
		doubling := "{ libraryBook(id: 1) { copies { edges { node { ...f0 } } } } }"
		for i := range 12 {
			n, next := strconv.Itoa(i), strconv.Itoa(i+1)
			doubling += " fragment f" + n + " on LibraryCopy { x" + n + ": donor { ...g" + next + " } y" + n + ": donor { ...g" + next + " } }"
			doubling += " fragment g" + next + " on LibraryAuthor { x" + n + ": language { ...h" + next + " } y" + n + ": language { ...h" + next + " } }"
			doubling += " fragment h" + next + " on LibraryLanguage { x" + n + ": id y" + n + ": id }"
		}
		doubling += " fragment f12 on LibraryCopy { id } fragment g12 on LibraryAuthor { id }"
		for _, c := range []struct{ name, query, message string }{
			{"nothing", "", "Must provide query string."},
			{"spaces", " \n", "Must provide query string."},
			{"no document", "}", "Unexpected }"},
			{"cut off", "{ libraryBooks {", "Expected Name, found <EOF>"},
			{"unknown field", "{ libraryBooks { edges { node { colour } } } }", `Cannot query field "colour" on type "LibraryBook".`},
			{"what no source shows", "{ libraryBook(id: 1) { copies { edges { node { price } } } } }", `Cannot query field "price" on type "LibraryCopy".`},
			{"unknown root", "{ secrets }", `Cannot query field "secrets" on type "Query".`},
			{"unknown argument", "{ libraryBooks(colour: 1) { totalCount } }", `Unknown argument "colour" on field "Query.libraryBooks".`},
			{"missing argument", "{ libraryBook { id } }", `Field "libraryBook" argument "id" of type "ID!" is required, but it was not provided.`},
			{"wrong literal", `{ libraryBooks(first: "2") { totalCount } }`, `Int cannot represent non-integer value: "2"`},
			{"wrong enum", `{ libraryBooks(status: LENT) { totalCount } }`, `Value "LENT" does not exist in "LibraryBookStatus" enum.`},
			{"leaf with fields", "{ libraryBook(id: 1) { title { x } } }", `Cannot query field "x" on type "String".`},
			{"object without fields", "{ libraryBook(id: 1) }", `Field "libraryBook" of type "LibraryBook" must have a selection of subfields.`},
			{"conflict", "{ libraryBook(id: 1) { x: title x: status } }", `Fields "x" conflict because "title" and "status" are different fields.`},
			{"mutation", "mutation { x }", "Cannot query field \"x\" on type \"Mutation\""},
			{"subscription", "subscription { x }", "Schema does not support operation type \"subscription\""},
			{"undeclared variable", "{ libraryBook(id: $id) { id } }", `Variable "$id" is not defined.`},
			{"variable of another type", "query($id: Int) { libraryBooks(author: $id) { totalCount } }", `Variable "$id" of type "Int" used in position expecting type "ID".`},
			{"fragment circle", "{ libraryBook(id: 1) { ...a } } fragment a on LibraryBook { ...b } fragment b on LibraryBook { ...a }", `Cannot spread fragment "a" within itself via "b".`},
			{"fragment on itself", "{ ...a } fragment a on Query { ...a }", `Cannot spread fragment "a" within itself.`},
			{"unknown fragment", "{ ...a }", `Unknown fragment "a".`},
			{"two operations", "query a { __typename } query b { __typename }", "Must provide operation name if query contains multiple operations."},
			{"only fragments", "fragment a on Query { __typename }", `Fragment "a" is never used.`},
			{"very deep", nested(500), "exceeded maximum nesting depth of 1000"},
			{"too many records", "{" + aliases.String() + " }", "The document asks for more than 60 lists and records at once."},
			{"too many fields", "{ libraryBook(id: 1) {" + strings.Repeat(" title", 2100) + " } }", "The document selects more than 2000 fields; ask for less at once."},
			{"too many words", "{" + strings.Repeat(" a", 6000) + " }", "exceeded token limit of 5000"},
			{"fragments that double", doubling, ""},
			{"a row of fragments", "{ libraryBook(id: 1) { ...f0 } }" + spreads.String() + " fragment f70 on LibraryBook { id }", ""},
			{"introspection of introspection", "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }", "Maximum introspection depth exceeded"},
			{"introspection without lists", "{ __schema { queryType { " + strings.Repeat("ofType { ", 30) + "name" + strings.Repeat(" }", 30) + " } } }", "The document is nested 33 levels deep; the limit is 24."},
		} {
			rec := s.sendGraph("librarian", c.query)
			var answer struct {
				Data   *json.RawMessage
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
				s.Errorf("%s: %v in %s", c.name, err, rec.Body)
				continue
			}
			if c.message == "" {
				if rec.Code >= http.StatusInternalServerError {
					s.Errorf("%s: %d", c.name, rec.Code)
				}
				continue
			}
			if rec.Code != http.StatusBadRequest || answer.Data != nil || len(answer.Errors) == 0 || answer.Errors[0].Extensions.Code != "BAD_REQUEST" || !strings.Contains(answer.Errors[0].Message, c.message) {
				s.Errorf("%s: got %d %.500s, want %q", c.name, rec.Code, rec.Body, c.message)
			}
			if rec.Body.Len() > 20_000 {
				s.Errorf("%s: a refusal of %d bytes", c.name, rec.Body.Len())
			}
		}
		s.wantGraph("librarian", "{ libraryBooks { colour } }", `Bad Request {"errors":[{"message":"Cannot query field \"colour\" on type \"LibraryBookConnection\".","locations":[{"line":1,"column":18}],"extensions":{"code":"BAD_REQUEST"}}]}`)
		s.wantGraph("librarian", `query b { x: __typename } query a { libraryBook(id: 1) { title } }`, "Bad Request "+`{"errors":[{"message":"Must provide operation name if query contains multiple operations.","extensions":{"code":"BAD_REQUEST"}}]}`)
		if s.log.Len() > 0 {
			s.Errorf("something was logged as a failure: %s", s.log)
		}
	})
}

func TestGraphRequests(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		const named = `query a { libraryBook(id: 1) { title } } query b($id: ID!) { libraryBook(id: $id) { title } }`
		quoted := strconv.Quote
		form := "query=" + strings.NewReplacer(" ", "+", "{", "%7B", "}", "%7D", "$", "%24").Replace(named) + "&operationName=b&variables=%7B%22id%22%3A2%7D"
		refused := func(message string) string {
			return `{"errors":[{"message":"` + message + `","extensions":{"code":"BAD_REQUEST"}}]}`
		}
		for _, c := range []struct {
			media, body string
			status      int
			want        string
		}{
			{"application/json", `{"query":` + quoted(named) + `,"operationName":"a"}`, 200, `{"data":{"libraryBook":{"title":"Dust"}}}`},
			{"application/json; charset=utf-8", `{"query":` + quoted(named) + `,"operationName":"b","variables":{"id":2}}`, 200, `{"data":{"libraryBook":{"title":"Mud"}}}`},
			{"application/json", `{"query":` + quoted(named) + `,"operationName":"c"}`, 400, refused(`Unknown operation named \"c\".`)},
			{"application/json", `{"query":"{ libraryBooks(search: \"a\\/b\") { totalCount } }","variables":null,"extensions":{}}`, 200, `{"data":{"libraryBooks":{"totalCount":0}}}`},
			{"application/graphql", `{ libraryBook(id: 1) { title } }`, 200, `{"data":{"libraryBook":{"title":"Dust"}}}`},
			{"application/x-www-form-urlencoded", form, 200, `{"data":{"libraryBook":{"title":"Mud"}}}`},
			{"application/x-www-form-urlencoded", "query=%zz", 400, refused("The form cannot be read.")},
			{"application/x-www-form-urlencoded", "query=x&variables=x", 400, refused("Variables are invalid JSON.")},
			{"application/json", `[{"query":"{ __typename }"}]`, 400, refused("Batch GraphQL requests are not enabled.")},
			{"application/json", `{"query":`, 400, refused("POST body sent invalid JSON.")},
			{"application/json", `{"query":7}`, 400, refused("POST body sent invalid JSON.")},
			{"application/json", `{"query":"{ __typename }","variables":[1]}`, 400, refused("POST body sent invalid JSON.")},
			{"application/json", `{} {}`, 400, refused("POST body sent invalid JSON.")},
			{"application/json", `{"variables":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, 400, refused("POST body sent invalid JSON.")},
			{"application/json", `null`, 400, refused("Must provide query string.")},
			{"application/json", "", 400, refused("POST body sent invalid JSON.")},
			{"application/json", "{\"query\":\"\xff\"}", 400, refused("The body is not valid UTF-8.")},
			{"text/plain", `{"query":"{ __typename }"}`, 415, refused(`Unsupported media type \"text/plain\" in request.`)},
			{"a b", `{"query":"{ __typename }"}`, 400, refused("The content type cannot be read.")},
			{"application/json", `{"query":"` + strings.Repeat(" ", 70<<10) + `"}`, 413, refused("The request is larger than allowed.")},
		} {
			rec := s.send(request{as: "librarian", method: "POST", path: graphPath, body: c.body, header: map[string]string{"Content-Type": c.media}})
			if rec.Code != c.status || rec.Body.String() != c.want || rec.Header().Get("Content-Type") != "application/json" {
				s.Errorf("%s %.100s: got %d %s, want %d %s", c.media, c.body, rec.Code, rec.Body, c.status, c.want)
			}
		}
		for _, method := range []string{"PUT", "DELETE", "OPTIONS", "HEAD"} {
			rec := s.send(request{as: "librarian", method: method, path: graphPath + "?query={__typename}"})
			if rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") != "GET, POST" {
				s.Errorf("%s: %d, Allow %q", method, rec.Code, rec.Header().Get("Allow"))
			}
		}
		if rec := s.send(request{as: "librarian", method: "POST", path: graphPath + "/", body: `{"query":"{ __typename }"}`}); rec.Code != http.StatusNotFound {
			s.Errorf("with a slash: %d %s", rec.Code, rec.Body)
		}
	})
}

// standardQuery is what tools ask of a schema, in short.
const standardQuery = `query IntrospectionQuery {
  __schema { description queryType { name } mutationType { name } subscriptionType { name } types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

func TestGraphDescribesItself(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		rec := s.sendGraph("passerby", standardQuery)
		type ref struct {
			Kind   string
			Name   *string
			OfType *ref
		}
		var answer struct {
			Data struct {
				Schema struct {
					QueryType    struct{ Name string }
					MutationType *struct{}
					Types        []struct {
						Kind, Name string
						Fields     []struct {
							Name string
							Type ref
							Args []struct {
								Name string
								Type ref
							}
						}
						Interfaces, PossibleTypes []ref
						EnumValues                []struct{ Name, Description string }
					}
					Directives []struct{ Name string }
				} `json:"__schema"`
			}
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != http.StatusOK {
			s.Fatalf("%d %v %.500s", rec.Code, err, rec.Body)
		}
		schema := answer.Data.Schema
		if schema.QueryType.Name != "Query" || schema.MutationType == nil || len(schema.Directives) < 3 {
			s.Errorf("schema: %+v", schema)
		}
		seen := map[string]string{}
		var text func(r ref) string
		text = func(r ref) string {
			switch r.Kind {
			case "NON_NULL":
				return text(*r.OfType) + "!"
			case "LIST":
				return "[" + text(*r.OfType) + "]"
			}
			return *r.Name
		}
		for _, typ := range schema.Types {
			for _, f := range typ.Fields {
				var args []string
				for _, a := range f.Args {
					args = append(args, a.Name+":"+text(a.Type))
				}
				seen[typ.Name+"."+f.Name] = strings.Join(args, " ") + " " + text(f.Type)
			}
			for _, i := range typ.Interfaces {
				seen[typ.Name+" is"] = text(i)
			}
			for _, p := range typ.PossibleTypes {
				seen[typ.Name+" may be"] += " " + text(p)
			}
			for _, v := range typ.EnumValues {
				seen[typ.Name+" has"] += " " + v.Name + "=" + v.Description
			}
		}
		for name, want := range map[string]string{
			"Query.libraryBook": "id:ID! LibraryBook", "Query.node": "id:ID! Node", "LibraryBook.id": " ID!", "LibraryBook.title": " String", "LibraryBook.pages": " Int", "LibraryBook.author": " LibraryAuthor",
			"LibraryBook.copies":          "first:Int last:Int before:String after:String offset:Int LibraryCopyConnection",
			"LibraryBookConnection.edges": " [LibraryBookEdge]!", "LibraryBookEdge.cursor": " String!", "LibraryBook is": "Node", "LibraryBookStatus has": " IN=In OUT=Lent RETIRED=Retired",
			"Node may be":          " LibraryAuthor LibraryBook LibraryCopy LibraryLanguage LibraryMember LibrarySubject",
			"Query.libraryAuthors": "first:Int last:Int before:String after:String offset:Int books_Copies_Shelf:String name_Icontains:String clientMutationId:String customFilters:[String] search:String LibraryAuthorConnection",
		} {
			if seen[name] != want {
				s.Errorf("%s: got %q, want %q", name, seen[name], want)
			}
		}
		s.wantGraph("passerby", `{ __type(name: "LibraryBookStatus") { __typename kind name enumValues { name isDeprecated } fields { name } } none: __type(name: "Nothing") { name } }`,
			`{"__type":{"__typename":"__Type","kind":"ENUM","name":"LibraryBookStatus","enumValues":[{"name":"IN","isDeprecated":false},{"name":"OUT","isDeprecated":false},{"name":"RETIRED","isDeprecated":false}],"fields":null},"none":null}`)
	})
}

// What goes wrong inside is an error at its field, without a word about why; the reason is in the log.
func TestGraphHidesFailures(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		s.Book.Scope = func(*almoner.Actor, func(any) string) string { return "no_such_column" }
		rec := s.sendGraph("librarian", `{ libraryLanguages { totalCount } libraryBooks { totalCount } }`)
		// PostgreSQL gives up the whole snapshot after a failure, so what stands before it is what can be relied on.
		want := `{"data":{"libraryLanguages":{"totalCount":1},"libraryBooks":null},"errors":[{"message":"Something went wrong on our side. Give support the request number.",` +
			`"locations":[{"line":1,"column":35}],"path":["libraryBooks"],"extensions":{"code":"INTERNAL_ERROR","request_id":"req-1"}}]}`
		if rec.Code != http.StatusOK || rec.Body.String() != want || !strings.Contains(s.log.String(), "no_such_column") {
			s.Errorf("got %d %s, logged %s", rec.Code, rec.Body, s.log)
		}
		s.log.Reset()
	})
}

// A document never reads more records than the limit, however they are nested.
func TestGraphBoundsWhatIsRead(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelf()
		s.api.GraphQL().Limits.Records = 6
		const tooMany = `"errors":[{"message":"This asks for more than 6 records at once; ask for smaller pages.","locations":[{"line":1,"column":3}],"path":["libraryBooks"],"extensions":{"code":"BAD_REQUEST"}}]`
		s.wantGraph("librarian", `{ libraryBooks { edges { node { copies { edges { node { shelf } } } } } } }`, `{"libraryBooks":{"edges":[{"node":{"copies":{"edges":[{"node":{"shelf":"A1"}},{"node":{"shelf":"A2"}},{"node":{"shelf":"A3"}}]}}},`+
			`{"node":{"copies":{"edges":[]}}},{"node":{"copies":{"edges":[]}}}]}}`)
		s.wantGraph("librarian", `{ libraryBooks { edges { node { copies { edges { node { shelf } } } subjects { edges { node { name } } } } } } }`, `OK {"data":{"libraryBooks":null},`+tooMany+`}`)
		s.wantGraph("librarian", `{ libraryBooks { edges { node { title } } } b: libraryBooks { edges { node { title } } } c: libraryBooks { edgeCount } }`, `OK {"data":{"libraryBooks":{"edges":[{"node":{"title":"Dust"}},{"node":{"title":"Mud"}},{"node":{"title":"Tar"}}]},`+
			`"b":{"edges":[{"node":{"title":"Dust"}},{"node":{"title":"Mud"}},{"node":{"title":"Tar"}}]},"c":null},"errors":[{"message":"This asks for more than 6 records at once; ask for smaller pages.","locations":[{"line":1,"column":90}],"path":["c"],"extensions":{"code":"BAD_REQUEST"}}]}`)
	})
}

func TestGraphNamesThatMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(b *entity.Entity)
		want string
	}{
		{"two fields", func(b *entity.Entity) {
			b.Fields = append(b.Fields, &entity.Field{Name: "dueAt", Kind: entity.Text, Expr: "''"})
			b.Shapes["plain"] += " dueAt"
		}, "two fields of LibraryBook would be named dueAt"},
		{"a filter and a page argument", func(b *entity.Entity) { b.Filters = append(b.Filters, entity.Filter{Path: "pages", Name: "first"}) }, "two arguments of libraryBooks would be named first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := entitytest.Declare()
			c.edit(l.Book)
			registry, err := entity.Compile(db.SQLite, &access.Engine{}, l.Entities()...)
			if err != nil {
				t.Fatal(err)
			}
			resources, calls := (&server{T: t, Library: l}).operations()
			if _, err := api.New(api.Config{Registry: registry}, resources, calls); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
