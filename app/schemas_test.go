package app_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/demo"
	"almoner.dev/almoner/modules"
)

// What the schemas tell a person is what they may do: each list that is named is given, each that is not is refused, and so with creating.
func TestSchemasTellTheTruth(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), nil, func(t *testing.T, a *apptest.App) {
		if _, err := fixture.LoadDemo(t.Context(), fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, demo.Files); err != nil {
			t.Fatal(err)
		}
		for _, person := range fuzzers[1:] {
			c := a.As(person)
			var schemas []struct {
				Name, Label, Plural string
				Fields              []struct{ Name, Label, Kind string }
				Operations          []struct{ Name string }
			}
			if err := json.Unmarshal(c.Get("/api/schemas/").Want(t, http.StatusOK).Body, &schemas); err != nil {
				t.Fatal(err)
			}
			told := map[string]bool{}
			for _, s := range schemas {
				if s.Label == "" || s.Plural == "" || len(s.Fields) == 0 || len(s.Operations) == 0 {
					t.Errorf("%s: %s says too little: %+v", person, s.Name, s)
				}
				for _, op := range s.Operations {
					told[op.Name] = true
				}
			}
			tried := 0
			for _, op := range a.API.Operations() {
				_, verb, _ := strings.Cut(op.Name[strings.Index(op.Name, ".")+1:], ".")
				if strings.Contains(op.Path, "{") || verb != "list" && verb != "create" || !resourceful(a, op.Name) {
					continue
				}
				tried++
				var status int
				if verb == "list" {
					status = c.Get(op.Path + "?page_size=1").Status
				} else {
					status = c.Post(op.Path, map[string]any{"nothing": 1}).Status
				}
				if (status != http.StatusForbidden) != told[op.Name] {
					t.Errorf("%s: %s answers %d, told %t", person, op.Name, status, told[op.Name])
				}
			}
			if tried < 20 {
				t.Errorf("%s: only %d operations were tried", person, tried)
			}
		}
	})
}

// resourceful reports whether an operation is one of a resource.
func resourceful(a *apptest.App, operation string) bool {
	for _, r := range a.Set.Resources() {
		name := cmp.Or(r.Name, r.Entity.Name)
		if r.Can&api.List != 0 && operation == name+".list" || r.Can&api.Create != 0 && operation == name+".create" {
			return true
		}
	}
	return false
}
