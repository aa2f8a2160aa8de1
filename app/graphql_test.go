package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules"
)

// Many cases, the same every time: -rapid.seed tries others.
var _, _, _ = flag.Set("rapid.seed", "20260331"), flag.Set("rapid.checks", "1000"), flag.Set("rapid.nofailfile", "true")

// fillVisits makes visits in all states, of all firms and none, with none to three tasks, as the program itself.
func fillVisits(t *testing.T, a *apptest.App) {
	t.Helper()
	visit, task := a.Set.Registry.Entity("tpm.visit"), a.Set.Registry.Entity("tpm.task")
	states := visit.Field("status").Choices
	ctx := almoner.WithActor(t.Context(), &almoner.Actor{System: "test", Workspace: almoner.Workspace{ID: 1, Code: "KEN"}})
	save := func(c *entity.Change) int64 {
		t.Helper()
		if err := a.DB.InTx(ctx, func(tx *db.Tx) error { return c.Entity.Save(ctx, tx, c) }); err != nil {
			t.Fatalf("save %s: %v", c.Entity.Name, err)
		}
		return c.ID
	}
	for i := range int64(40) {
		values := entity.Values{"status": states[int(i)%len(states)].Value, "author": int64(1), "visit_information": fmt.Sprintf("Visit %d — «é»", i), "cancel_comment": "c", "reject_comment": "r", "approval_comment": "a"}
		if i%5 > 0 {
			values["tpm_partner"] = 1 + i%2
			values["tpm_partner_focal_points"] = [][]int64{{5, 6}, {7}}[i%2]
		}
		if i%3 > 0 {
			values["date_of_assigned"] = almoner.NewDate(2026, 1, 1).AddDays(int(i))
		}
		id := save(visit.NewChange(0, values))
		for k := range i % 4 {
			save(task.NewChange(0, entity.Values{
				"tpm_visit": id, "partner": 2 + k%2, "section": 1 + (i+k)%2, "date": almoner.NewDate(2025+int(k)%2, 3, 1+int(i)%20), "locations": []int64{1 + k%2, 2}[k%2:],
				"unicef_focal_points": []int64{3 - k%2}, "offices": []int64{1 + k%2}, "additional_information": "x", "is_pv": k == 1,
			}))
		}
	}
}

// argumentOf is the GraphQL name of a parameter of a list: tpm_activities__section__in → tpmActivities_Section_In.
func argumentOf(param string) string {
	var b strings.Builder
	large := false
	for i := 0; i < len(param); i++ {
		switch c := param[i]; {
		case c == '_' && i+1 < len(param) && param[i+1] == '_':
			b.WriteByte('_')
			i++
			large = true
		case c == '_':
			large = true
		case large:
			b.WriteString(strings.ToUpper(string(c)))
			large = false
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// wayOf is the names of the fields on the path of a value.
func wayOf(g *gql.Schema, e *entity.Entity, o entity.Out) []string {
	way := make([]string, len(o.Path))
	for i, name := range o.Path {
		f := e.Field(name)
		way[i] = g.FieldName(f)
		e = f.TargetEntity()
	}
	return way
}

// selects writes what a shape of an entity shows as a GraphQL selection.
func selects(g *gql.Schema, e *entity.Entity, outs []entity.Out) string {
	var b strings.Builder
	for _, o := range outs {
		if o.Field == nil {
			b.WriteString(" " + selects(g, e, o.Nested))
			continue
		}
		text := g.FieldName(o.Field)
		switch o.Field.Kind {
		case entity.Ref:
			text += " { id" + selects(g, o.Field.TargetEntity(), o.Nested) + " }"
		case entity.Refs, entity.Children:
			text += " { edges { node { id" + selects(g, o.Field.TargetEntity(), o.Nested) + " } } }"
		}
		way := wayOf(g, e, o)
		for i := len(o.Path) - 2; i >= 0; i-- {
			text = way[i] + " { " + text + " }"
		}
		b.WriteString(" " + text)
	}
	return b.String()
}

// at follows the path of a value through a GraphQL answer; nil when it ends on the way.
func at(node map[string]any, way []string) any {
	var v any = node
	for _, name := range way {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// keyOf reads the number in a global id.
func keyOf(id any) float64 {
	text, _ := id.(string)
	raw, _ := base64.StdEncoding.DecodeString(text)
	_, key, _ := strings.Cut(string(raw), ":")
	n, err := strconv.ParseFloat(key, 64)
	if err != nil {
		return -1
	}
	return n
}

// differs compares a record over REST with one over GraphQL and says where they differ, "" nowhere. What REST leaves out is null.
func differs(schema *gql.Schema, e *entity.Entity, rest, graph map[string]any, outs []entity.Out) string {
	for _, o := range outs {
		r, shown := rest[o.Name]
		if o.Field == nil {
			inner, _ := r.(map[string]any)
			if d := differs(schema, e, inner, graph, o.Nested); d != "" {
				return o.Name + "." + d
			}
			continue
		}
		g := at(graph, wayOf(schema, e, o))
		if !shown {
			if g != nil {
				return fmt.Sprintf("%s is left out over REST and %v over GraphQL", o.Name, g)
			}
			continue
		}
		if d := differ(schema, r, g, o); d != "" {
			return o.Name + ": " + d
		}
	}
	return ""
}

func differ(schema *gql.Schema, r, g any, o entity.Out) string {
	unequal := fmt.Sprintf("%v over REST, %v over GraphQL", r, g)
	switch o.Field.Kind {
	case entity.Refs, entity.Children:
		list, ok := r.([]any)
		edges, also := at2(g, "edges").([]any)
		if !ok || !also || len(list) != len(edges) {
			return unequal
		}
		for i := range list {
			node, _ := at2(edges[i], "node").(map[string]any)
			if d := record(schema, o.Field.TargetEntity(), list[i], node, o.Nested); d != "" {
				return fmt.Sprintf("%d: %s", i, d)
			}
		}
		return ""
	case entity.Ref:
		node, _ := g.(map[string]any)
		if r == nil || node == nil {
			if r != nil || node != nil {
				return unequal
			}
			return ""
		}
		return record(schema, o.Field.TargetEntity(), r, node, o.Nested)
	case entity.Choice:
		if text, ok := r.(string); ok {
			r = gql.EnumName(o.Field, text)
		}
	case entity.Time:
		if text, ok := r.(string); ok {
			r = strings.TrimSuffix(text, "Z")
		}
	}
	if o.Field.Name == "id" {
		g = keyOf(g)
	}
	if !reflect.DeepEqual(r, g) {
		return unequal
	}
	return ""
}

func at2(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

// record compares a related record: written as an object, or as its id.
func record(schema *gql.Schema, e *entity.Entity, r any, node map[string]any, nested []entity.Out) string {
	if object, ok := r.(map[string]any); ok {
		return differs(schema, e, object, node, nested)
	}
	if node == nil || r != keyOf(node["id"]) {
		return fmt.Sprintf("%v over REST, %v over GraphQL", r, node)
	}
	return ""
}

// pair is a source of the schema with the resource that it was made of.
type pair struct {
	*gql.Source
	resource *api.Resource
}

// pairs are those that are on both wires.
func pairs(t *testing.T, a *apptest.App) []pair {
	t.Helper()
	var list []pair
	for _, s := range a.API.GraphQL().Sources() {
		for _, r := range a.Set.Resources() {
			if name := r.Name; r.Path != "" && (name == s.Name || name == "" && r.Entity.Name == s.Name) {
				list = append(list, pair{s, r})
			}
		}
	}
	both := 0
	for _, r := range a.Set.Resources() {
		if r.Path != "" && r.Can&api.Read != 0 && (r.Graph.List != "-" || r.Graph.Get != "-") {
			both++
		}
	}
	if len(list) != both {
		t.Fatalf("%d of %d resources found in the schema", len(list), both)
	}
	for _, p := range list {
		if p.Entity.Ruled { // these are where the two could differ: draw them more often
			list = append(list, p, p, p, p, p, p, p, p)
		}
	}
	return list
}

// drawFilter chooses a value for a filter: for the address, and for the document.
func drawFilter(t *rapid.T, schema *gql.Schema, f entity.FilterParam) (param, argument string) {
	one := func() (string, string) {
		switch {
		case f.Lookup == "isnull" || f.Lookup == "show_history" || f.Field.Kind == entity.Bool:
			v := rapid.SampledFrom([]string{"true", "false"}).Draw(t, "truth")
			return v, v
		case f.Lookup == "year":
			v := rapid.SampledFrom([]string{"2025", "2026", "2027"}).Draw(t, "year")
			return v, v
		case f.Field.Relation(), f.Field.Name == "id":
			id := rapid.Int64Range(1, 7).Draw(t, "id")
			to := f.Field.TargetEntity()
			if to == nil {
				to = f.Field.Entity()
			}
			text := strconv.FormatInt(id, 10)
			return text, rapid.SampledFrom([]string{text, `"` + text + `"`, `"` + base64.StdEncoding.EncodeToString([]byte(schema.TypeName(to)+":"+text)) + `"`}).Draw(t, "form")
		case f.Field.Kind == entity.Choice:
			c := rapid.SampledFrom(f.Field.Choices).Draw(t, "choice")
			return c.Value, gql.EnumName(f.Field, c.Value)
		case f.Field.Kind == entity.Date || f.Lookup == "validity":
			v := rapid.SampledFrom([]string{"2025-03-07", "2026-03-08", "2026-01-01", "2026-02-30"}).Draw(t, "date")
			return v, strconv.Quote(v)
		case f.Field.Kind == entity.Integer:
			v := strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "number"))
			return v, v
		}
		v := rapid.SampledFrom([]string{"KE", "000", "F1", "x", ""}).Draw(t, "text")
		return v, strconv.Quote(v)
	}
	if f.Lookup != "in" {
		return one()
	}
	var params, arguments []string
	for range rapid.IntRange(1, 3).Draw(t, "values") {
		p, a := one()
		params, arguments = append(params, p), append(arguments, a)
	}
	return strings.Join(params, ","), "[" + strings.Join(arguments, ", ") + "]"
}

// graphAnswer is the answer to a document with one root field.
type graphAnswer struct {
	Data   map[string]map[string]any
	Errors []struct {
		Message    string
		Extensions struct {
			Code   string
			Fields map[string][]string
		}
	}
}

func askGraph(t *rapid.T, c *apptest.Client, document string) graphAnswer {
	r := c.Post("/api/graphql", map[string]any{"query": document})
	var answer graphAnswer
	if err := json.Unmarshal(r.Body, &answer); err != nil || r.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", document, r.Status, r.Body)
	}
	return answer
}

// codes are what the two say about the same refusal.
var codes = map[int]string{400: gql.CodeBadRequest, 403: gql.CodeForbidden, 404: gql.CodeNotFound}

// refusedAlike reports whether REST refused, having checked that GraphQL did for the same reason.
func refusedAlike(t *rapid.T, what string, r *apptest.Response, g graphAnswer) bool {
	if r.Status == http.StatusOK {
		if len(g.Errors) > 0 {
			t.Fatalf("%s: good over REST; GraphQL says %v", what, g.Errors)
		}
		return false
	}
	if len(g.Errors) != 1 || g.Errors[0].Extensions.Code != codes[r.Status] {
		t.Fatalf("%s: %d %s over REST; GraphQL says %v", what, r.Status, r.Body, g)
	}
	if r.Status == http.StatusBadRequest {
		var fields map[string][]string
		if err := json.Unmarshal(r.Body, &fields); err != nil || !reflect.DeepEqual(fields, g.Errors[0].Extensions.Fields) {
			t.Fatalf("%s: wrong over REST: %s; GraphQL: %v", what, r.Body, g.Errors)
		}
	}
	return true
}

var everybody = []string{planner, planner, firmFocal, firmFocal, "unicef@agency.example", "tpm@firm.example", rival, reader, beirut, admin, withoutAny, unrelated, "focal@agency.example", "planner@agency.example"}

// For any person, list, filters, search, order and page, REST and GraphQL show the same rows and the same of each row; what REST leaves out is null, and what it
// refuses is refused with the same reason. The same goes for single records.
func TestGraphAgreesWithREST(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		fillVisits(t, a)
		schema, sources := a.API.GraphQL(), pairs(t, a)
		rows, fields, refused := 0, 0, 0
		t.Run("lists", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := rapid.SampledFrom(sources).Filter(func(p pair) bool { return p.List && !p.Plain }).Draw(t, "source")
				who := rapid.SampledFrom(everybody).Draw(t, "who")
				query, arguments := url.Values{}, []string{}
				add := func(param, name, value, argument string) {
					query.Set(param, value)
					arguments = append(arguments, name+": "+argument)
				}
				path := p.resource.Path
				if p.Parent != nil {
					id := strconv.Itoa(rapid.IntRange(1, 4).Draw(t, "parent"))
					path = strings.ReplaceAll(path, "{"+p.Parent.Name+"}", id)
					arguments = append(arguments, argumentOf(p.Parent.Name)+": "+id)
				}
				if filters := p.Entity.FilterParams(entity.Viewer{AllFields: true}); len(filters) > 0 {
					for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "filters") {
						f := rapid.SampledFrom(filters).Draw(t, "filter")
						if !query.Has(f.Name) {
							value, argument := drawFilter(t, schema, f)
							add(f.Name, schema.ArgumentName(p.Entity, f), value, argument)
						}
					}
				}
				for _, param := range p.resource.Params {
					if v := rapid.SampledFrom([]string{"", "", "tpm", "1,2", "nothing"}).Draw(t, param.Name); v != "" {
						add(param.Name, argumentOf(param.Name), v, strconv.Quote(v))
					}
				}
				if p.Entity.Searches() && rapid.IntRange(0, 4).Draw(t, "searches") == 0 {
					v := rapid.SampledFrom([]string{"savanna", "MINISTRY", "ke", "a", "nothing at all", "é", "%"}).Draw(t, "search")
					add("search", "search", v, strconv.Quote(v))
				}
				if names := p.Entity.SortNames(entity.Viewer{AllFields: true}); len(names) > 0 {
					var order, by []string
					for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(t, "order") {
						minus := rapid.SampledFrom([]string{"", "-"}).Draw(t, "direction")
						order = append(order, minus+name)
						by = append(by, strconv.Quote(minus+rapid.SampledFrom([]string{name, argumentOf(name)}).Draw(t, "spelling")))
					}
					if len(order) > 0 {
						query.Set("ordering", strings.Join(order, ","))
						arguments = append(arguments, "orderBy: ["+strings.Join(by, ", ")+"]")
					}
				}
				number, size := rapid.IntRange(1, 3).Draw(t, "page"), rapid.SampledFrom([]int{1, 4, 10, 25}).Draw(t, "size")
				if p.resource.Paging != api.Bare {
					query.Set("page", strconv.Itoa(number))
					query.Set("page_size", strconv.Itoa(size))
				}
				arguments = append(arguments, fmt.Sprintf("first: %d, offset: %d", size, (number-1)*size))

				outs := p.Entity.Outline(p.resource.ListShape, entity.Viewer{Trusted: true})
				document := fmt.Sprintf("{ %s(%s) { totalCount pageInfo { hasNextPage } edges { node { id%s } } } }", p.ListName(), strings.Join(arguments, ", "), selects(schema, p.Entity, outs))
				r, g := a.As(who).Get(path+"?"+query.Encode()), askGraph(t, a.As(who), document)
				what := fmt.Sprintf("%s: %s?%s and %s", who, path, query.Encode(), document)
				if r.Status == http.StatusNotFound && bytes.Contains(r.Body, []byte("page")) {
					if edges, _ := g.Data[p.ListName()]["edges"].([]any); len(g.Errors) > 0 || len(edges) > 0 {
						t.Fatalf("%s: no such page over REST; GraphQL says %v", what, g)
					}
					return
				}
				if refusedAlike(t, what, r, g) {
					refused++
					return
				}
				var envelope struct {
					Count   int
					Next    *string
					Results []map[string]any
				}
				if p.resource.Paging == api.Bare {
					if err := json.Unmarshal(r.Body, &envelope.Results); err != nil {
						t.Fatal(err)
					}
					envelope.Count = len(envelope.Results)
					envelope.Results = envelope.Results[min((number-1)*size, envelope.Count):min(number*size, envelope.Count)]
				} else if err := json.Unmarshal(r.Body, &envelope); err != nil {
					t.Fatal(err)
				}
				list := g.Data[p.ListName()]
				edges, _ := list["edges"].([]any)
				if list["totalCount"] != float64(envelope.Count) || len(edges) != len(envelope.Results) || at2(list["pageInfo"], "hasNextPage") != (number*size < envelope.Count) {
					t.Fatalf("%s: %d of %d rows over REST; GraphQL says %v", what, len(envelope.Results), envelope.Count, list)
				}
				for i, row := range envelope.Results {
					node, _ := at2(edges[i], "node").(map[string]any)
					if d := differs(schema, p.Entity, row, node, outs); d != "" {
						t.Fatalf("%s, row %d: %s", what, i, d)
					}
					rows++
					fields += len(row)
				}
			})
		})
		t.Run("records", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := rapid.SampledFrom(sources).Filter(func(p pair) bool { return p.Get }).Draw(t, "source")
				who := rapid.SampledFrom(everybody).Draw(t, "who")
				most := 6
				if p.Name == "tpm.visit" {
					most = 42
				}
				id := strconv.Itoa(rapid.IntRange(1, most).Draw(t, "id"))
				path, arguments := p.resource.Path, ""
				if p.Parent != nil {
					parent := strconv.Itoa(rapid.IntRange(1, 4).Draw(t, "parent"))
					path = strings.ReplaceAll(path, "{"+p.Parent.Name+"}", parent)
					arguments = argumentOf(p.Parent.Name) + ": " + parent + ", "
				}
				outs := p.Entity.Outline(p.resource.Shape, entity.Viewer{Trusted: true})
				document := fmt.Sprintf("{ %s(%sid: %s) { id%s } }", p.GetName(), arguments, id, selects(schema, p.Entity, outs))
				r, g := a.As(who).Get(path+id+"/"), askGraph(t, a.As(who), document)
				what := fmt.Sprintf("%s: %s%s/ and %s", who, path, id, document)
				if refusedAlike(t, what, r, g) {
					refused++
					return
				}
				var row map[string]any
				if err := json.Unmarshal(r.Body, &row); err != nil {
					t.Fatal(err)
				}
				if d := differs(schema, p.Entity, row, g.Data[p.GetName()], outs); d != "" {
					t.Fatalf("%s: %s", what, d)
				}
				rows++
				fields += len(row)
			})
		})
		if rows < 500 || refused < 200 {
			t.Errorf("only %d rows and %d refusals were compared", rows, refused)
		}
		t.Logf("%d rows, %d fields, %d refusals compared", rows, fields, refused)
	})
}

// A type that leads to itself can be asked for without end; how deep is measured before anything is read.
func TestGraphIsBounded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		document := func(n int) map[string]any {
			return map[string]any{"query": "{ locationLocations { edges { node { name " + strings.Repeat("parent { ", n) + "id" + strings.Repeat(" }", n) + " } } } }"}
		}
		a.As(planner).Post("/api/graphql", document(10)).Want(t, http.StatusOK)
		if r := a.As(planner).Post("/api/graphql", document(30)).Want(t, http.StatusBadRequest); !bytes.Contains(r.Body, []byte("nested 34 levels deep")) {
			t.Errorf("got %s", r.Body)
		}
		r := a.As(firmFocal).Post("/api/graphql", map[string]any{"query": `{ tpmFirms { edges { node { organization { name } city } } } tpmStaffMembers(partner: 2) { totalCount } accountUsers { totalCount } }`}).Want(t, http.StatusOK)
		for _, want := range []string{`"tpmFirms":{"edges":[{"node":{"organization":{"name":"Savanna Insight"},"city":"Nairobi"}}]}`, `"tpmStaffMembers":null`, `"accountUsers":null`, `"NOT_FOUND"`, `"FORBIDDEN"`} {
			if !bytes.Contains(r.Body, []byte(want)) {
				t.Errorf("a firm's person: %s is not in %s", want, r.Body)
			}
		}
	})
}

// A browser's session counts only together with its CSRF token, and people who may only read are let in.
func TestGraphWithASession(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			return a.Set.Identity().SetPassword(t.Context(), tx, reader, "a long enough password")
		})
		if err != nil {
			t.Fatal(err)
		}
		login := a.Anonymous().Post("/api/auth/login/", map[string]any{"email": reader, "password": "a long enough password"})
		if login.Status >= 300 {
			t.Fatalf("sign in: %d %s", login.Status, login.Body)
		}
		answer := http.Response{Header: login.Header}
		var cookies []string
		token := ""
		for _, c := range answer.Cookies() {
			cookies = append(cookies, c.Name+"="+c.Value)
			if c.Name == auth.CSRFCookie {
				token = c.Value
			}
		}
		browser := a.Anonymous().With("Cookie", strings.Join(cookies, "; "))
		query := map[string]any{"query": "{ tpmVisits { totalCount } }"}
		if r := browser.Post("/api/graphql", query).Want(t, http.StatusForbidden); !bytes.Contains(r.Body, []byte(`"code":"CSRF_FAILED"`)) {
			t.Errorf("without the token: %s", r.Body)
		}
		if r := browser.With(auth.CSRFHeader, token).Post("/api/graphql", query).Want(t, http.StatusOK); string(r.Body) != `{"data":{"tpmVisits":{"totalCount":0}}}` {
			t.Errorf("with the token: %s", r.Body)
		}
	})
}

// The schema is a contract: a change of it is a change of this file.
func TestGraphSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	const file = "../docs/api/schema.graphql"
	got := apptest.New(t, db.SQLite, modules.All()).API.GraphQL().SDL()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the modules declare; when that is meant, run the test with -update, or make gen, and read the diff", file)
	}
}
