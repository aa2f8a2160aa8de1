package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

const (
	extensionFields = "/api/customisation/extension-fields/"
	fieldControls   = "/api/customisation/field-controls/"
	visitList       = "/api/tpm/visits/"
)

// road is a choice that a planner fills in.
func road(change ...map[string]any) map[string]any {
	body := map[string]any{
		"entity": "tpm.visit", "key": "road_condition", "kind": "choice", "labels": map[string]any{"en": "Road condition", "fr": "État de la route"},
		"choices": []any{
			map[string]any{"value": "good", "labels": map[string]any{"en": "Good", "fr": "Bonne"}},
			map[string]any{"value": "bad", "labels": map[string]any{"en": "Bad"}},
		},
	}
	for _, c := range change {
		maps.Copy(body, c)
	}
	return body
}

func recordPath(base string, id int64) string { return fmt.Sprintf("%s%d/", base, id) }

// within follows a path of names through nested objects.
func within(v any, names ...string) any {
	for _, name := range names {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func TestAnAdministratorAddsAField(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme, firm := a.As("admin@agency.example"), a.As("pme@agency.example"), a.As("rival@other.example")
		visit := recordPath(visitList, pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t))
		before := pme.Get(visit).Want(t, 200).Body
		for _, c := range []*apptest.Client{pme, firm} {
			c.Post(extensionFields, road()).Want(t, 403)
			c.Get(extensionFields).Want(t, 403)
			c.Get("/api/customisation/record-types/").Want(t, 403)
		}
		id := admin.Post(extensionFields, road()).Want(t, 201).ID(t)
		if got := pme.Get(visit).Want(t, 200); string(got.Body) == string(before) || within(got.Object(t), "extensions", "road_condition") != nil {
			t.Errorf("the field is not there at once: %s", got.Body)
		}
		pme.Patch(visit, map[string]any{"extensions": map[string]any{"road_condition": "bad"}}).Want(t, 200)
		pme.Patch(visit, map[string]any{"extensions": map[string]any{"road_condition": "awful"}}).Want(t, 400)
		other := recordPath(visitList, pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t))
		pme.Patch(other, map[string]any{"extensions": map[string]any{"road_condition": "good"}}).Want(t, 200)

		count := func(query string, want float64) {
			t.Helper()
			if got := pme.Get(visitList+query).Want(t, 200).Object(t)["count"]; got != want {
				t.Errorf("%s finds %v, want %v", query, got, want)
			}
		}
		count("?extensions__road_condition=bad", 1)
		count("?extensions__road_condition__in=good,bad", 2)
		count("?extensions__road_condition__isnull=true", 0)
		pme.Get(visitList+"?extensions__road_condition=awful").Want(t, 400)
		row := pme.Get(visitList+"?ordering=-extensions__road_condition&fields=id,extensions").Want(t, 200).Object(t)["results"].([]any)[0]
		if within(row, "extensions", "road_condition") != "good" {
			t.Errorf("the list begins with %v", row)
		}
		if row := pme.Get(visitList).Want(t, 200).Object(t)["results"].([]any)[0].(map[string]any); row["extensions"] != nil {
			t.Errorf("a list that did not ask shows %v", row["extensions"])
		}

		french := pme.With("Language", "fr")
		options := french.Options(visit).Want(t, 200).Object(t)
		in := within(options, "actions", "PUT", "extensions", "children", "road_condition")
		if within(in, "label") != "État de la route" || within(in, "type") != "choice" || fmt.Sprint(within(in, "choices")) != "[map[display_name:Bonne value:good] map[display_name:Bad value:bad]]" {
			t.Errorf("OPTIONS says %v", in)
		}
		if within(options, "actions", "GET", "extensions", "children", "road_condition", "label") != "État de la route" {
			t.Errorf("OPTIONS does not tell of reading: %v", within(options, "actions", "GET", "extensions"))
		}
		table := string(french.Get(visitList+"?format=csv").Want(t, 200).Body)
		if head, rest, _ := strings.Cut(table, "\n"); !strings.Contains(head, "État de la route") || !strings.Contains(rest, "Bonne") {
			t.Errorf("the export has %s", table)
		}
		history := fmt.Sprint(french.Get(visit+"history/").Want(t, 200).JSON(t))
		if !strings.Contains(history, "État de la route") || !strings.Contains(history, "Bad") {
			t.Errorf("the history says %s", history)
		}
		document := string(a.API.Document())
		if !strings.Contains(document, "road_condition") || !strings.Contains(document, "extensions__road_condition__in") {
			t.Error("the document of the API does not know the field")
		}
		schema := string(pme.Get("/api/schemas/tpm.visit/").Want(t, 200).Body)
		if !strings.Contains(schema, "extensions.road_condition") || !strings.Contains(schema, "extensions__road_condition__isnull") {
			t.Error("the schema of visits does not know the field")
		}

		// What holds values is retired, not deleted; values in use are, too.
		if got := admin.Delete(recordPath(extensionFields, id)); got.Status != 409 {
			t.Errorf("deleting a field with values is answered %d %s", got.Status, got.Body)
		}
		if got := admin.Patch(recordPath(extensionFields, id), map[string]any{"kind": "text", "choices": []any{}}).Want(t, 400).Object(t); got["kind"] == nil {
			t.Errorf("changing the kind is answered %v", got)
		}
		if got := admin.Patch(recordPath(extensionFields, id), map[string]any{"key": "road"}).Want(t, 400).Object(t); got["key"] == nil {
			t.Errorf("changing the key is answered %v", got)
		}
		if got := admin.Patch(recordPath(extensionFields, id), map[string]any{"choices": []any{map[string]any{"value": "good", "labels": map[string]any{"en": "Good"}}}}).Want(t, 400).Object(t); !strings.Contains(fmt.Sprint(got["choices"]), "bad") {
			t.Errorf("taking a value away is answered %v", got)
		}
		admin.Patch(recordPath(extensionFields, id), map[string]any{"retired": true}).Want(t, 200)
		if got := pme.Get(visit).Want(t, 200).Object(t); within(got, "extensions", "road_condition") != "bad" {
			t.Errorf("a retired field is shown as %v", got["extensions"])
		}
		pme.Patch(visit, map[string]any{"extensions": map[string]any{"road_condition": "good"}}).Want(t, 200)
		if got := pme.Get(visit).Want(t, 200).Object(t); within(got, "extensions", "road_condition") != "bad" {
			t.Error("a retired field was written")
		}
		if within(pme.Options(visit).Want(t, 200).Object(t), "actions", "PUT", "extensions") != nil {
			t.Error("a retired field is in forms")
		}
		told := fmt.Sprint(admin.Get(recordPath(extensionFields, id)+"history/").Want(t, 200).JSON(t))
		if !strings.Contains(told, "Ada Min") || !strings.Contains(told, "retired") {
			t.Errorf("the history of the declaration says %s", told)
		}
	})
}

// Whoever may not see what governs the extension fields sees none of them anywhere, and cannot find out by asking.
func TestExtensionFieldsAreSeenLikeTheirField(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme := a.As("admin@agency.example"), a.As("pme@agency.example")
		admin.Post(extensionFields, road()).Want(t, 201)
		id := pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t)
		visit := recordPath(visitList, id)
		pme.Patch(visit, map[string]any{
			"tpm_partner_focal_points": []int{6}, "extensions": map[string]any{"road_condition": "bad"},
			"tpm_activities": []any{map[string]any{
				"partner": 1, "intervention": 1, "cp_output": 1, "section": 1, "date": "2026-12-01", "locations": []int{2}, "unicef_focal_points": []int{3}, "offices": []int{1},
			}},
		}).Want(t, 200)
		pme.Post(visit+"assign/", nil).Want(t, 200)
		for _, email := range []string{"pme@agency.example", "unicef@agency.example", "tpm@firm.example", "tpmfocal@firm.example"} {
			c := a.As(email)
			got := c.Get(visit).Want(t, 200).Object(t)
			_, sees := got["visit_information"]
			if within(got, "extensions", "road_condition") == "bad" != sees {
				t.Errorf("%s sees visit_information %v, extensions %v", email, sees, got["extensions"])
			}
			options := c.Options(visit).Want(t, 200).Object(t)
			for _, method := range []string{"GET", "PUT"} {
				if (within(options, "actions", method, "visit_information") == nil) != (within(options, "actions", method, "extensions") == nil) {
					t.Errorf("%s is told of %s otherwise than of what governs it", email, method)
				}
			}
			listed := c.Get(visitList+"?fields=id,extensions").Want(t, 200).Object(t)["results"].([]any)
			for _, row := range listed {
				if (within(row, "extensions") != nil) && !sees {
					t.Errorf("%s lists %v", email, row)
				}
			}
			if table := string(c.Get(visitList+"?format=csv").Want(t, 200).Body); strings.Contains(table, "Road condition") && !sees {
				t.Errorf("%s exports what they do not see", email)
			}
			hidden := c.Get(visitList+"?extensions__road_condition=good").Want(t, 200).Object(t)["count"]
			if all := c.Get(visitList).Want(t, 200).Object(t)["count"]; strings.HasSuffix(email, "@firm.example") && hidden != all {
				t.Errorf("%s learns by a filter what lists do not show: %v of %v", email, hidden, all)
			}
		}
		a.As("rival@other.example").Get(visit).Want(t, 404)
	})
}

func TestControlsOfFields(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme := a.As("admin@agency.example"), a.As("pme@agency.example")
		visit := recordPath(visitList, pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t))
		pme.Patch(visit, map[string]any{"visit_information": "Bring boots"}).Want(t, 200)
		control := func(body map[string]any) *apptest.Response {
			body["entity"] = "tpm.visit"
			return admin.Post(fieldControls, body)
		}
		id := control(map[string]any{"field": "visit_information", "labels": map[string]any{"en": "Purpose", "fr": "Objet"}, "required": true}).Want(t, 201).ID(t)
		in := within(pme.With("Language", "fr").Options(visit).Want(t, 200).Object(t), "actions", "PUT", "visit_information")
		if within(in, "label") != "Objet" || within(in, "required") != true || within(in, "renamed") != true {
			t.Errorf("OPTIONS says %v", in)
		}
		if got := pme.Patch(visit, map[string]any{"visit_information": " "}).Want(t, 400).Object(t); fmt.Sprint(got["visit_information"]) != "[This field is required.]" {
			t.Errorf("a blank is answered %v", got)
		}
		// A new visit has its firm only, so nobody is asked for more.
		pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201)
		pme.Patch(visit, map[string]any{"tpm_partner": 1}).Want(t, 200)
		admin.Patch(recordPath(fieldControls, id), map[string]any{"required": false, "hidden": true}).Want(t, 200)
		for name, got := range map[string]any{
			"the record":  pme.Get(visit).Want(t, 200).Object(t)["visit_information"],
			"reading":     within(pme.Options(visit).Want(t, 200).Object(t), "actions", "GET", "visit_information"),
			"writing":     within(pme.Options(visit).Want(t, 200).Object(t), "actions", "PUT", "visit_information"),
			"permissions": within(pme.Get(visit+"?include=permissions").Want(t, 200).Object(t), "permissions", "visit_information") == "write",
		} {
			if got != nil && got != false {
				t.Errorf("a hidden field is shown in %s: %v", name, got)
			}
		}
		pme.Patch(visit, map[string]any{"visit_information": "Bring shoes"}).Want(t, 200)
		admin.Delete(recordPath(fieldControls, id)).Want(t, 204)
		if got := pme.Get(visit).Want(t, 200).Object(t)["visit_information"]; got != "Bring boots" {
			t.Errorf("after the control went there is %v", got)
		}
		for field, path := range map[string]string{"status": "hidden", "tpm_partner": "hidden", "tpm_activities": "hidden", "ghost": "field", "id": "hidden"} {
			if got := control(map[string]any{"field": field, "hidden": true}).Want(t, 400).Object(t); got[path] == nil {
				t.Errorf("hiding %s is answered %v", field, got)
			}
		}
		if got := control(map[string]any{"field": "date_created", "required": true}).Want(t, 400).Object(t); got["required"] == nil {
			t.Errorf("requiring what nobody writes is answered %v", got)
		}
		if got := admin.Post(fieldControls, map[string]any{"entity": "permission.override", "field": "note", "hidden": true}).Want(t, 400).Object(t); got["entity"] == nil {
			t.Errorf("controls of the program's own settings are answered %v", got)
		}
		types := string(admin.With("Language", "ar").Get("/api/customisation/record-types/").Want(t, 200).Body)
		if !strings.Contains(types, `"tpm.visit"`) || !strings.Contains(types, `"extensible":true`) || strings.Contains(types, "permission.override") {
			t.Errorf("the types of records are %.300s", types)
		}
	})
}

// Nothing that an administrator sends is a fault of ours, and nothing bad is kept.
func TestHostileDeclarations(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin := a.As("admin@agency.example")
		for i, change := range []map[string]any{
			{"key": "a'); drop table tpm_visits; --"},
			{"key": ""},
			{"key": "Über"},
			{"key": "a b"},
			{"key": nil},
			{"key": map[string]any{}},
			{"entity": "tpm.ghost"},
			{"entity": "account.user"},
			{"entity": "customisation.extension_field"},
			{"kind": "colour"},
			{"kind": "text"},
			{"labels": "Road"},
			{"labels": []any{1}},
			{"labels": map[string]any{"en": 3}},
			{"labels": map[string]any{}},
			{"labels": map[string]any{"en": "a\x00b"}},
			{"labels": map[string]any{"en": strings.Repeat("x", 5000)}},
			{"labels": nil},
			{"help": "x"},
			{"choices": []any{}},
			{"choices": map[string]any{}},
			{"choices": []any{map[string]any{"value": "a", "labels": map[string]any{"en": "A"}, "colour": "red"}}},
			{"choices": []any{"a"}},
			{"choices": []any{map[string]any{"value": "", "labels": map[string]any{"en": "A"}}}},
			{"scale": -1},
			{"scale": 3},
			{"scale": 1 << 40},
			{"max_length": -1},
			{"max_length": 1 << 50},
			{"min": "1"},
			{"pattern": "("},
			{"kind": "decimal", "choices": []any{}, "scale": 99},
			{"kind": "date", "choices": []any{}, "min": "tomorrow"},
			{"kind": "integer", "choices": []any{}, "min": "5", "max": "4"},
			{"kind": "text", "choices": []any{}, "pattern": strings.Repeat("(a{1,900}){1,900}", 3)},
			{"place": "first"},
			{"required": "very"},
			{"unknown": 1},
		} {
			if got := admin.Post(extensionFields, road(change)); got.Status != 400 {
				t.Errorf("%d %v is answered %d %s", i, change, got.Status, got.Body)
			}
		}
		admin.Post(extensionFields, road()).Want(t, 201)
		if got := admin.Post(extensionFields, road()); got.Status != 400 {
			t.Errorf("the same again is answered %d", got.Status)
		}
		for _, query := range []string{"extensions__road_condition__gte=1", "extensions__=1", "extensions__road_condition__in=,,", "extensions__road_condition=" + url.QueryEscape("good' or 1=1"), "ordering=extensions__nothing", "ordering=extensions"} {
			if got := a.As("pme@agency.example").Get(visitList + "?" + query); got.Status >= 500 {
				t.Errorf("%s is answered %d", query, got.Status)
			}
		}
	})
}

// The index is made and dropped with the declaration, or neither.
func TestIndexesGoWithTheirDeclarations(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin := a.As("admin@agency.example")
		has := func(id int64) bool {
			t.Helper()
			schema, err := db.ReadSchema(t.Context(), a.DB)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Contains(schema.String(), fmt.Sprintf("tpm_visits: index extension_%d_idx", id))
		}
		id := admin.Post(extensionFields, road(map[string]any{"indexed": true})).Want(t, 201).ID(t)
		if !has(id) {
			t.Error("there is no index")
		}
		admin.Patch(recordPath(extensionFields, id), map[string]any{"kind": "date", "choices": []any{}}).Want(t, 200)
		if !has(id) {
			t.Error("there is no index of the other kind")
		}
		admin.Patch(recordPath(extensionFields, id), map[string]any{"indexed": false}).Want(t, 200)
		if has(id) {
			t.Error("the index is still there")
		}
		admin.Patch(recordPath(extensionFields, id), map[string]any{"indexed": true}).Want(t, 200)
		admin.Delete(recordPath(extensionFields, id)).Want(t, 204)
		if has(id) {
			t.Error("the index outlives its declaration")
		}
		// A write that fails takes the index with it.
		err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "create index extension_99_idx on tpm_visits (workspace_id, id)"); err != nil {
				return err
			}
			return fmt.Errorf("the power goes")
		})
		if err == nil || has(99) {
			t.Error("an index outlives its transaction")
		}
	})
}

// What another node writes is in force here soon, without a request that says so; what it does not fit is left out.
func TestNodesFollow(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Set.Parts["customisation"].Run(ctx) }()
		visit := a.Set.Registry.Entity("tpm.visit")
		wait := func(what string, holds func() bool) {
			t.Helper()
			late, tick := time.After(30*time.Second), time.NewTicker(50*time.Millisecond)
			defer tick.Stop()
			for !holds() {
				select {
				case <-tick.C:
				case <-late:
					t.Fatalf("%s after half a minute", what)
				}
			}
		}
		write := func(sql string) {
			t.Helper()
			if err := a.DB.InTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, sql, tx.Now, json.RawMessage(`{"en":"Depth"}`))
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		write(`insert into customisation_extension_fields (entity_name, key, kind, labels, created_at, updated_at) values ('tpm.visit', 'depth', 'integer', $2, $1, $1),
			('gone.record', 'depth', 'integer', $2, $1, $1), ('tpm.visit', 'colour', 'rainbow', $2, $1, $1)`)
		wait("the field is not in force", func() bool { return len(a.Set.Registry.Overlay().Extensions(visit)) == 1 })
		write("insert into customisation_field_controls (entity_name, field, hidden, labels, created_at, updated_at) values ('tpm.visit', 'visit_information', true, $2, $1, $1)")
		wait("the control is not in force", func() bool { return a.Set.Registry.Overlay().Hides(visit.Field("visit_information")) })
		if data, faults := dataOf(t, a.As("pme@agency.example"), `{ tpmVisits { edges { node { extensions { depth } } } } }`); faults != "" || data == nil {
			t.Errorf("the GraphQL schema of this node does not follow: %s", faults)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("following ended with %v", err)
		}
	})
}

// The declarations that the whole program is tried with load, and loading them again changes nothing.
func TestDeclarationsAreFixtures(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world, "../modules/customisation/testdata/world.yaml"}, func(t *testing.T, a *apptest.App) {
		got := a.As("admin@agency.example").Get(extensionFields+"?page_size=all").Want(t, 200).JSON(t).([]any)
		if len(got) != 9 {
			t.Errorf("%d declarations came in", len(got))
		}
		// Values come in another file, when the declarations are in force.
		for range 2 {
			sources, err := fixture.Read("../modules/customisation/testdata/values.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fixture.Load(t.Context(), fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, sources); err != nil {
				t.Fatal(err)
			}
		}
		pme := a.As("pme@agency.example")
		firm := pme.Get("/api/tpm/partners/1/").Want(t, 200).Object(t)
		if within(firm, "extensions", "licensed_until") != "2027-06-30" {
			t.Errorf("the firm is shown with %v", firm["extensions"])
		}
	})
}
