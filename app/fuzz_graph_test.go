package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// graphMaker makes queries from the schema.
type graphMaker struct {
	schema *ast.Schema
	roots  ast.FieldList
	// mutations are those that leave the fuzzers themselves in place.
	mutations ast.FieldList
}

func newGraphMaker(t testing.TB, sdl []byte) *graphMaker {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(sdl)})
	if err != nil {
		t.Fatalf("the schema cannot be read: %v", err)
	}
	m := &graphMaker{schema: schema, roots: schema.Query.Fields}
	for _, f := range schema.Mutation.Fields {
		if !spared.MatchString(f.Name) {
			m.mutations = append(m.mutations, f)
		}
	}
	return m
}

// spared are mutations by which the fuzzers would take away from each other what they come in with.
var spared = regexp.MustCompile(`^(update|delete)(Account|User|Role)`)

var oddLiterals = []string{"null", "true", "-1", "0", "1.5", "1e400", "99999999999999999999", `""`, `"x"`, `"\u0000"`, `"2026-02-30"`, `"VHBtVmlzaXQ6MQ=="`, `"Og=="`, "[]", "[null]", "[[1]]", "{}", "{a: 1}", "NOTHING", "$v", `"""block"""`}

// literal is a value for an argument.
func (f *fuzzer) literal(t *ast.Type) string {
	if f.chance(12) {
		return pick(f.r, oddLiterals)
	}
	if t.Elem != nil {
		return "[" + f.literal(t.Elem) + ", " + f.literal(t.Elem) + "]"
	}
	def := f.graph.schema.Types[t.NamedType]
	switch {
	case def != nil && def.Kind == ast.Enum:
		return pick(f.r, def.EnumValues).Name
	case def != nil && def.Kind == ast.InputObject:
		var fields []string
		for _, field := range def.Fields {
			if field.Type.NonNull || f.chance(30) {
				fields = append(fields, field.Name+": "+f.literal(field.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	switch t.NamedType {
	case "Int":
		return fmt.Sprint(f.r.IntN(30))
	case "Float":
		return "1.5"
	case "Boolean":
		return pick(f.r, []string{"true", "false"})
	case "ID":
		return fmt.Sprintf("%q", fmt.Sprint(1+f.r.IntN(60)))
	case "Date":
		return `"2026-03-01"`
	case "DateTime":
		return `"2026-03-01T00:00:00Z"`
	}
	return quoted(pick(f.r, likelyTexts))
}

func (f *fuzzer) arguments(field *ast.FieldDefinition) string {
	var list []string
	for _, a := range field.Arguments {
		if a.Type.NonNull && !f.chance(5) || f.chance(100/(3+len(field.Arguments)/2)) {
			list = append(list, a.Name+": "+f.literal(a.Type))
		}
	}
	if f.chance(2) {
		list = append(list, "nothing: 1")
	}
	if len(list) == 0 {
		return ""
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// selection writes some fields of a type, none for a plain one.
func (f *fuzzer) selection(t *ast.Type, depth int) string {
	for t.Elem != nil {
		t = t.Elem
	}
	def := f.graph.schema.Types[t.NamedType]
	if def == nil || !def.IsCompositeType() {
		if f.chance(1) {
			return " { nothing }"
		}
		return ""
	}
	parts := []string{"__typename"}
	if def.IsAbstractType() {
		for _, possible := range f.graph.schema.GetPossibleTypes(def) {
			if f.chance(20) {
				parts = append(parts, "... on "+possible.Name+f.selection(ast.NamedType(possible.Name, nil), depth+1))
			}
		}
	}
	for _, field := range def.Fields {
		composite := f.graph.schema.Types[field.Type.Name()] != nil && f.graph.schema.Types[field.Type.Name()].IsCompositeType()
		edge := field.Name == "edges" || field.Name == "node"
		if strings.HasPrefix(field.Name, "__") || !edge && !f.chance(35) || composite && depth > 5 {
			continue
		}
		alias := ""
		if f.chance(5) {
			alias = pick(f.r, []string{"a: ", "b: ", "id: "})
		}
		parts = append(parts, alias+field.Name+f.arguments(field)+f.selection(field.Type, depth+1))
	}
	if f.chance(1) {
		parts = append(parts, pick(f.r, []string{"nothing", "id @skip(if: true)", "...F", "...", "id @nothing", "{"}))
	}
	return " { " + strings.Join(parts, " ") + " }"
}

// askGraph sends one query and judges the answer.
func (f *fuzzer) askGraph() {
	f.Helper()
	var fields []string
	roots, keyword := f.graph.roots, "query"
	if f.chance(25) {
		roots, keyword = f.graph.mutations, "mutation"
	}
	for range 1 + f.r.IntN(2) {
		root := pick(f.r, roots)
		fields = append(fields, fmt.Sprintf("r%d: %s%s%s", len(fields), root.Name, f.arguments(root), f.selection(root.Type, 0)))
	}
	query := "{ " + strings.Join(fields, " ") + " }"
	switch {
	case !strings.Contains(query, "$v") && keyword == "mutation":
		query = "mutation " + query
	case strings.Contains(query, "$v"):
		query = keyword + "(" + pick(f.r, []string{"$v: Int", "$v: ID", "$v: String", "$v: [ID]", "$v: Nothing", ""}) + ") " + query
	}
	if f.chance(3) {
		query = query[:f.r.IntN(len(query))]
	}
	request := map[string]any{"query": query}
	if f.chance(20) {
		request["variables"] = map[string]any{"v": json.RawMessage(pick(f.r, acceptable))}
	}
	r := f.headers(f.client()).Post("/api/graphql", request)
	name := "graphql " + strings.SplitN(strings.TrimPrefix(fields[0], "r0: "), " ", 2)[0]
	f.count(name, r)
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		f.fail(query, r, "no JSON: %v", err)
		return
	}
	for key := range maps.Keys(answer) {
		if key != "data" && key != "errors" && key != "extensions" {
			f.fail(query, r, "an answer with %q", key)
		}
	}
	allowed := []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}
	switch {
	case !slices.Contains(allowed, r.Status) || strings.Contains(string(r.Body), "INTERNAL_ERROR"):
		f.fail(query, r, "a failure on our side")
	case r.Status == http.StatusOK && answer["data"] == nil || r.Status != http.StatusOK && answer["errors"] == nil:
		f.fail(query, r, "neither data nor errors where they belong")
	}
}
