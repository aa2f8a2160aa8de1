package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/entity"
)

// judgeGraph checks one answer of GraphQL: never a failure of ours, never long to answer, JSON that says what is wrong with a code, in a few words.
func judgeGraph(s *surface, what string, r *apptest.Response, took time.Duration) {
	s.Helper()
	if len(what) > 300 {
		what = what[:300] + "…"
	}
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil || r.Header.Get("Content-Type") != "application/json" || !utf8.Valid(r.Body) {
		s.Errorf("%s: %d, but no JSON: %.300s", what, r.Status, r.Body)
		return
	}
	if r.Status >= 500 || bytes.Contains(r.Body, []byte("INTERNAL_ERROR")) {
		s.Errorf("%s: got %d %.300s", what, r.Status, r.Body)
	}
	if r.Status != http.StatusOK && (len(answer.Errors) == 0 || answer.Data != nil || len(r.Body) > 20_000) {
		s.Errorf("%s: %d in %d bytes: %.300s", what, r.Status, len(r.Body), r.Body)
	}
	for _, e := range answer.Errors {
		if e.Message == "" || e.Extensions.Code == "" || bytes.Contains(r.Body, []byte("<script")) {
			s.Errorf("%s: an error that says nothing, or too much: %.300s", what, r.Body)
		}
	}
	if took > 5*time.Second {
		s.Errorf("%s: took %v", what, took)
	}
}

// No document, however malformed, deep, wide or circular, costs much, fails on our side, or changes anything.
func TestHostileDocuments(t *testing.T) {
	repeated := func(n int, each string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, each, i)
		}
		return b.String()
	}
	const list = "tpmVisits { edges { node { id } } }"
	deep := func(n int) string {
		return "{ locationLocations { edges { node { " + strings.Repeat("parent { ", n) + "id" + strings.Repeat(" }", n) + " } } } }"
	}
	mill := "{ ...f0 }"
	for i := range 25 {
		mill += fmt.Sprintf(" fragment f%d on Query { x%d: __typename ...f%d y%d: __typename ...f%d }", i, i, i+1, i, i+1)
	}
	mill += " fragment f25 on Query { " + list + " }"
	nested := "{ locationLocations { edges { node { ...p0 } } } }"
	for i := range 20 {
		nested += fmt.Sprintf(" fragment p%d on LocationLocation { a: parent { ...p%d } b: parent { ...p%d } }", i, i+1, i+1)
	}
	nested += " fragment p20 on LocationLocation { id }"
	refused := map[string]string{
		"10 000 aliases":                    "{" + repeated(10_000, " a%d: "+list) + " }",
		"10 000 aliases of nothing":         "{" + repeated(10_000, " a%d: __typename") + " }",
		"100 aliases":                       "{" + repeated(100, " a%d: "+list) + " }",
		"100 aliases of single records":     "{" + repeated(100, " a%d: tpmVisit(id: 1) { id }") + " }",
		"100 nodes":                         "{" + repeated(100, ` a%d: node(id: "VHBtVmlzaXQ6MQ==") { id }`) + " }",
		"very deep":                         deep(5_000),
		"deep":                              deep(100),
		"deep lists of lists":               "{ tpmVisits { edges { node { " + strings.Repeat("tpmActivities { edges { node { tpmVisit { ", 20) + "id" + strings.Repeat(" } } } }", 20) + " } } } }",
		"fragments in a circle":             "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }",
		"a fragment in itself, in a field":  "{ locationLocations { edges { node { ...a } } } } fragment a on LocationLocation { parent { ...a } }",
		"unknown fields":                    "{" + repeated(400, " nothing%d") + " }",
		"unknown directives":                "{ __typename " + strings.Repeat("@nothing ", 400) + "}",
		"a directive again and again":       "{ __typename " + strings.Repeat("@skip(if: false) ", 400) + "}",
		"conflicts":                         "{" + repeated(300, " tpmVisits(first: %d) { totalCount }") + " }",
		"a mutation":                        "mutation { deleteVisits { ok } }",
		"a subscription":                    "subscription { tpmVisits { totalCount } }",
		"a definition of types":             "type Query { x: Int } { __typename }",
		"unclosed text":                     `{ tpmVisits(search: "abc) { totalCount } }`,
		"a bad escape":                      `{ tpmVisits(search: "\x41") { totalCount } }`,
		"a NUL":                             "{ tpm\x00Visits { totalCount } }",
		"brackets":                          strings.Repeat("[", 20_000),
		"braces":                            strings.Repeat("{", 20_000),
		"a list of lists":                   "{ tpmVisits(status_In: " + strings.Repeat("[", 900) + strings.Repeat("]", 900) + ") { totalCount } }",
		"objects of objects":                "{ tpmVisits(search: " + strings.Repeat("{a:", 900) + "1" + strings.Repeat("}", 900) + ") { totalCount } }",
		"ten thousand values":               "{ tpmVisits(status_In: [" + strings.Repeat("DRAFT ", 10_000) + "]) { totalCount } }",
		"markup as a field":                 "{ <script>alert(1)</script> }",
		"introspection of introspection":    "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
		"introspection of everything often": "{" + repeated(200, " a%d: __schema { types { name fields { name type { name } args { name } } } }") + " }",
		"only a comment":                    "# nothing",
		"words":                             "drop table tpm_visits",
	}
	eachSurface(t, func(s *surface) {
		before := s.rows()
		send := func(c *apptest.Client, what string, body any) *apptest.Response {
			s.Helper()
			start := time.Now()
			r := c.Post("/api/graphql", body)
			judgeGraph(s, what, r, time.Since(start))
			return r
		}
		people := []*apptest.Client{s.a.As(planner), s.a.As(firmFocal), s.a.As(withoutAny)}
		for what, document := range refused {
			for _, c := range people {
				if r := send(c, what, map[string]any{"query": document}); r.Status != http.StatusBadRequest && r.Status != http.StatusRequestEntityTooLarge {
					s.Errorf("%s: got %d %.300s, want a refusal", what, r.Status, r.Body)
				}
			}
		}
		for what, document := range map[string]string{
			"fragments that double": mill, "fragments that double in what is hidden": nested, "many introspections": "{" + repeated(30, " a%d: __schema { types { name } }") + " }", "odd aliases": "{ __proto__: __typename constructor: __typename toString: __typename }",
			"names twice": "{ " + strings.Repeat("__typename ", 1500) + "}", "the largest first": "{ tpmVisits(first: 2147483647, offset: 2147483647) { edges { node { id } } } }",
		} {
			send(s.a.As(planner), what, map[string]any{"query": document})
		}
		for what, body := range map[string]string{
			"a batch": `[{"query":"{ __typename }"},{"query":"{ __typename }"}]`, "an empty batch": `[]`, "a text": `"{ __typename }"`, "a number": `7`, "no query": `{}`, "null": `{"query":null}`, "a list as query": `{"query":["{ __typename }"]}`,
			"an object as query": `{"query":{"a":1}}`, "a list as variables": `{"query":"{ __typename }","variables":[]}`, "text as variables": `{"query":"{ __typename }","variables":"{}"}`, "a number as name": `{"query":"{ __typename }","operationName":7}`,
			"no such name": `{"query":"{ __typename }","operationName":"x"}`, "bad UTF-8": "{\"query\":\"{ tpmVisits(search: \\\"\xff\\\") { totalCount } }\"}", "bad UTF-8 outside": "{\"query\":\"{ __typename }\"\xfe}", "half of a pair": `{"query":"{ tpmVisits(search: \"\ud800\") { totalCount } }"}`,
			"a NUL in a text": `{"query":"{ tpmVisits(search: \"a\\u0000b\") { totalCount } }"}`, "deep variables": `{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}`,
			"a long number": `{"query":"query($n: Int) { tpmVisits(first: $n) { totalCount } }","variables":{"n":` + strings.Repeat("9", 50_000) + `}}`, "the same key twice": `{"query":"{ __typename }","query":"mutation { x }"}`,
			"many variables": `{"query":"{ __typename }","variables":{` + strings.TrimSuffix(repeated(20_000, `"v%d":1,`), ",") + `}}`, "cut off": `{"query":"{ __ty`, "two": `{"query":"{ __typename }"} {"query":"{ __typename }"}`,
			"too large": `{"query":"` + strings.Repeat(" ", 2<<20) + `"}`,
		} {
			if r := send(s.a.As(planner), what, body); r.Status == http.StatusOK && what != "many variables" && what != "half of a pair" && what != "a NUL in a text" {
				s.Errorf("%s: taken: %s", what, r.Body)
			}
		}
		// GET is for queries.
		for query, want := range map[string]int{
			"mutation%7Blogout%7Bsuccess%7D%7D": http.StatusMethodNotAllowed, "mutation%7Bx%7D": http.StatusBadRequest, "%7B__typename%7D": http.StatusOK, strings.Repeat("%7B", 5000): http.StatusBadRequest,
			"%FF": http.StatusBadRequest, "": http.StatusBadRequest, "%7B__typename%7D&variables=%7B": http.StatusBadRequest,
		} {
			if r := s.a.As(planner).Get("/api/graphql?query=" + query); r.Status != want {
				s.Errorf("GET %.60s: got %d %.200s, want %d", query, r.Status, r.Body, want)
			}
		}
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions} {
			for _, query := range []string{"?query=mutation%7Bx%7D", "?query=%7B__typename%7D", "?query=" + strings.Repeat("%7B", 5000)} {
				if r := s.a.As(planner).Do(method, "/api/graphql"+query, nil); r.Status != http.StatusMethodNotAllowed {
					s.Errorf("%s %.60s: got %d", method, query, r.Status)
				}
			}
		}
		for media, body := range map[string]string{
			"multipart/form-data; boundary=" + mark: form(plain("query", "{ __typename }"), plain("operations", `{"query":"{ __typename }"}`), plain("map", "{}"), attached("x.txt", "x")), "text/plain": "{ __typename }", "application/xml": "<a/>", "a b": "{}",
		} {
			r := s.a.As(planner).With("Content-Type", media).Do(http.MethodPost, "/api/graphql", body)
			if judgeGraph(s, media, r, 0); r.Status != http.StatusUnsupportedMediaType && r.Status != http.StatusBadRequest {
				s.Errorf("%s: got %d %s", media, r.Status, r.Body)
			}
		}
		s.unchanged("documents", before)
	})
}

// Each argument of each list takes values that it will not like, written into the document and as variables of every type, without a failure on our side.
func TestHostileArguments(t *testing.T) {
	literals := []string{
		"null", "true", "-1", "0", "1.5", "1e400", "99999999999999999999", "-9223372036854775809", "2147483648", `""`, `"x"`, `"\u0000"`, `"a\u0000b"`, `"\uFFFE"`, `"%_\\"`, quoted(injection), quoted("<b>" + injection), `"2026-02-30"`, `"0000-00-00"`, `"99999-01-01"`,
		`"VHBtVmlzaXQ6MQ=="`, `"Og=="`, `"VHBtVmlzaXQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5"`, "[]", "[null]", "[[1]]", `["x", 1, null]`, "{}", "{a: 1}", "NOTHING", "[" + strings.Repeat("1 ", 1500) + "]", `"` + strings.Repeat("é", 3000) + `"`, `"a b c d e f g h i j k l m n o p"`, "$",
	}
	eachSurface(t, func(s *surface) {
		before := s.rows()
		requests := 0
		send := func(c *apptest.Client, document string, variables map[string]json.RawMessage) {
			s.Helper()
			requests++
			start := time.Now()
			r := c.Post("/api/graphql", map[string]any{"query": document, "variables": variables})
			judgeGraph(s, fmt.Sprint(document, variables), r, time.Since(start))
		}
		for n, r := range s.readings() {
			c := s.a.As(planner)
			if !r.List && r.Parent == nil && r.field != "node" {
				for i, value := range literals {
					if s.turn(n+i, 1) {
						send(c, fmt.Sprintf("{ %s(id: %s) { id } }", r.field, value), nil)
					}
				}
				continue
			}
			if r.field == "node" || !r.list {
				for i, value := range literals {
					if s.turn(n+i, 2) {
						send(c, fmt.Sprintf("{ node(id: %s) { id } }", value), nil)
					}
				}
				continue
			}
			names := []string{"first", "last", "offset", "after", "before", "orderBy", "search", "nothing"}
			for _, f := range r.Entity.FilterParams(entity.Viewer{AllFields: true}) {
				names = append(names, argumentOf(f.Name))
			}
			for _, p := range r.Params {
				names = append(names, argumentOf(p.Name))
			}
			parent := ""
			if r.Parent != nil {
				names = append(names, argumentOf(r.Parent.Name))
				parent = fmt.Sprintf("%s: %d, ", argumentOf(r.Parent.Name), s.kenya[named["{"+r.Parent.Name+"}"]])
			}
			for k, name := range names {
				given := parent
				if r.Parent != nil && name == argumentOf(r.Parent.Name) {
					given = ""
				}
				for i, value := range literals {
					if !s.turn(n+k+i, 5) {
						continue
					}
					send(c, fmt.Sprintf("{ %s(%s%s: %s) { totalCount edges { node { id } } } }", r.field, given, name, value), nil)
				}
				for i, value := range wrong {
					if !s.turn(n+k+i, 10) {
						continue
					}
					typ := []string{"Int", "String", "ID", "[ID]", "[String]", "Boolean", "Date", "Nothing", "ID!"}[(k+i)%9]
					send(c, fmt.Sprintf("query($v: %s) { %s(%s%s: $v) { totalCount } }", typ, r.field, given, name), map[string]json.RawMessage{"v": json.RawMessage(value)})
				}
			}
		}
		s.unchanged("arguments", before)
		if requests < 500 {
			s.Errorf("only %d requests", requests)
		}
		s.Logf("%d requests", requests)
	})
}
