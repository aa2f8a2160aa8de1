package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
)

// reading is one root field of GraphQL with what is asked of it: of Kenya's records, and of records that there are not.
type reading struct {
	pair
	field        string
	operation    api.Operation
	theirs, none string
	list, tenant bool
	table        string
}

// readings are all root fields, and node() for every type that has one.
func (s *surface) readings() []reading {
	s.Helper()
	var all []reading
	schema, seen := s.a.API.GraphQL(), map[string]bool{}
	for _, p := range pairs(s.T, s.a) {
		if seen[p.Name] {
			continue // pairs draws some more often
		}
		seen[p.Name] = true
		op := api.Operation{Name: p.Name + ".get", Method: http.MethodGet, Path: p.resource.Path + "{id}/"}
		table, tenant, known := home(op)
		if !known {
			s.Fatalf("%s: say in kept where it comes from", p.Name)
		}
		r := reading{pair: p, operation: op, table: table, tenant: tenant}
		parent := func(id string) string {
			if p.Parent == nil {
				return ""
			}
			if id == "" {
				id = fmt.Sprint(s.kenya[named["{"+p.Parent.Name+"}"]])
			}
			return argumentOf(p.Parent.Name) + ": " + id
		}
		if p.List {
			outs := p.Entity.Outline(p.resource.ListShape, entity.Viewer{Trusted: true})
			ask := func(parent string) string {
				if parent != "" {
					parent = "(" + parent + ")"
				}
				if p.Plain {
					return fmt.Sprintf("{ %s { id%s } }", p.ListName(), selects(schema, p.Entity, outs))
				}
				return fmt.Sprintf("{ %s%s { totalCount edges { node { id%s } } } }", p.ListName(), parent, selects(schema, p.Entity, outs))
			}
			r.list, r.field, r.theirs, r.none = true, p.ListName(), ask(parent("")), ask(parent(nobodysID))
			all = append(all, r)
		}
		if p.Get {
			outs := p.Entity.Outline(p.resource.Shape, entity.Viewer{Trusted: true})
			id := s.address(op, "")
			id = strings.TrimSuffix(id, "/")
			id = id[strings.LastIndexByte(id, '/')+1:]
			ask := func(parent, id string) string {
				return fmt.Sprintf("{ %s(%s) { id%s } }", p.GetName(), strings.TrimPrefix(parent+", id: "+id, ", "), selects(schema, p.Entity, outs))
			}
			r.list, r.field, r.theirs, r.none = false, p.GetName(), ask(parent(""), id), ask(parent(nobodysID), nobodysID)
			all = append(all, r)
			if p.Parent == nil {
				node := func(id string) string {
					return fmt.Sprintf("{ node(id: %q) { __typename id ... on %s {%s } } }", base64.StdEncoding.EncodeToString([]byte(schema.TypeName(p.Entity)+":"+id)), schema.TypeName(p.Entity), selects(schema, p.Entity, outs))
				}
				r.field, r.theirs, r.none = "node", node(id), node(nobodysID)
				all = append(all, r)
			}
		}
	}
	if len(all) < 50 {
		s.Errorf("only %d root fields were found", len(all))
	}
	return all
}

func ask(c *apptest.Client, document string) *apptest.Response {
	return c.Post("/api/graphql", map[string]any{"query": document})
}

// answered are the code of the refusal of a document with one root field, and whether anything was shown.
func answered(s *surface, field string, r *apptest.Response) (code string, value any) {
	s.Helper()
	var answer graphAnswer
	var data struct{ Data map[string]any }
	if err := json.Unmarshal(r.Body, &answer); err != nil || r.Status != http.StatusOK {
		s.Fatalf("%s: %d %s", field, r.Status, r.Body)
	}
	if err := json.Unmarshal(r.Body, &data); err != nil {
		s.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		code = answer.Errors[0].Extensions.Code
	}
	return code, data.Data[field]
}

// Without credentials GraphQL tells nothing: no record, no schema, not even what is wrong with a document.
func TestGraphStrangers(t *testing.T) {
	eachSurface(t, func(s *surface) {
		documents := []string{"{ __typename }", "{ __schema { types { name } } }", `{ __type(name: "TpmVisit") { name } }`, "{ nothing }", "}", "", "mutation { x }"}
		for _, r := range s.readings() {
			documents = append(documents, r.theirs)
		}
		want := ask(s.a.Anonymous(), "{ __typename }").Want(s, http.StatusUnauthorized).Body
		for _, document := range documents {
			for _, credential := range []string{"", "Bearer nonsense", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."} {
				c := s.a.Anonymous()
				if credential != "" {
					c = c.With("Authorization", credential)
				}
				r := ask(c, document)
				if r.Status != http.StatusUnauthorized || credential == "" && !bytes.Equal(r.Body, want) || !bytes.Contains(r.Body, []byte(`"code":"UNAUTHENTICATED"`)) || bytes.Contains(r.Body, []byte(`"data"`)) {
					s.Errorf("%.80s with %q: got %d %s", document, credential, r.Status, r.Body)
				}
			}
		}
	})
}

// Somebody without grants is shown over GraphQL what REST shows them, and refused the rest.
func TestGraphWithoutGrants(t *testing.T) {
	eachSurface(t, func(s *surface) {
		before := s.rows()
		refused := 0
		for _, r := range s.readings() {
			path := s.address(r.operation, "")
			if r.list {
				path = s.address(api.Operation{Method: http.MethodGet, Path: r.resource.Path}, "")
			}
			over := s.a.As(withoutAny).Get(path)
			code, value := answered(s, r.field, ask(s.a.As(withoutAny), r.theirs))
			if over.Status == http.StatusOK {
				if code != "" {
					s.Errorf("%s: shown over REST, %s over GraphQL", r.field, code)
				}
				continue
			}
			refused++
			if value != nil || r.field != "node" && code != codes[over.Status] {
				s.Errorf("%s: %d over REST; over GraphQL %q and %v", r.field, over.Status, code, value)
			}
		}
		if refused < 30 {
			s.Errorf("only %d of the root fields are closed to somebody without grants", refused)
		}
		s.unchanged("asking", before)
	})
}

// A record of another workspace does not exist over GraphQL: every root field answers word for word as for an id that was never given, and lists hold none of it.
func TestGraphOtherWorkspaces(t *testing.T) {
	eachSurface(t, func(s *surface) {
		before := s.rows()
		hidden, listed := 0, 0
		for _, r := range s.readings() {
			if !r.tenant {
				continue
			}
			for _, c := range []*apptest.Client{s.a.As(beirut), s.a.As(admin).In("LBN")} {
				theirs := ask(c, r.theirs)
				code, value := answered(s, r.field, theirs)
				if !r.list || r.Parent != nil {
					none := ask(c, r.none)
					if value != nil || !bytes.Equal(theirs.Body, none.Body) {
						s.Errorf("%s: of another workspace: %s %s; of nobody: %s", r.field, code, theirs.Body, none.Body)
					}
					hidden++
					continue
				}
				edges, _ := at2(value, "edges").([]any)
				for _, e := range edges {
					listed++
					id := int64(keyOf(at2(at2(e, "node"), "id")))
					if n := s.number(fmt.Sprintf("select count(*) from %s where id = %d and workspace_id = %s", r.table, id, s.workspace("LBN"))); n != 1 {
						s.Errorf("%s shows %s %d of another workspace", r.field, r.table, id)
					}
				}
			}
			// Where they belong they are shown to somebody, so that it is not the question that hides them.
			if code, value := answered(s, r.field, ask(s.a.As(admin).In("KEN"), r.theirs)); value == nil && code != gql.CodeForbidden {
				if code, value = answered(s, r.field, ask(s.a.As(planner), r.theirs)); value == nil && code != gql.CodeForbidden {
					s.Errorf("%s: shown to nobody in its own workspace (%s)", r.field, code)
				}
			}
		}
		if hidden < 30 || listed < 5 {
			s.Errorf("only %d records were hidden and %d listed", hidden, listed)
		}
		s.unchanged("asking", before)
	})
}

// What is a firm's does not exist over GraphQL for another firm, nor for anybody unrelated.
func TestGraphOtherFirms(t *testing.T) {
	eachSurface(t, func(s *surface) {
		s.a.As(planner).Post(s.tasked+"assign/", nil).Want(s, 200)
		tried := 0
		for _, r := range s.readings() {
			if !strings.HasPrefix(r.Name, "tpm.") {
				continue
			}
			for _, person := range []string{rival, unrelated} {
				tried++
				theirs := ask(s.a.As(person), r.theirs)
				code, value := answered(s, r.field, theirs)
				if r.list && r.Parent == nil {
					var ids []int64
					edges, _ := at2(value, "edges").([]any)
					for _, e := range edges {
						ids = append(ids, int64(keyOf(at2(at2(e, "node"), "id"))))
					}
					own := r.table == "tpm_firms" && person == rival && slices.Equal(ids, []int64{s.firm("F2")})
					if len(ids) > 0 && !own {
						s.Errorf("%s shows %v to %s", r.field, ids, person)
					}
					continue
				}
				if none := ask(s.a.As(person), r.none); value != nil || !bytes.Equal(theirs.Body, none.Body) {
					s.Errorf("%s by %s: %s %s; of nobody: %s", r.field, person, code, theirs.Body, none.Body)
				}
			}
		}
		if tried < 20 {
			s.Errorf("only %d questions were tried", tried)
		}
	})
}
