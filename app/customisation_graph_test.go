package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/modules"
)

// declarations has extension fields of every kind.
const declarations = "../modules/customisation/testdata/world.yaml"

// dataOf sends a document and returns its data; with errors in it, these are returned as text.
func dataOf(t *testing.T, c *apptest.Client, document string, variables ...map[string]any) (data map[string]any, faults string) {
	t.Helper()
	body := map[string]any{"query": document}
	if len(variables) > 0 {
		body["variables"] = variables[0]
	}
	got := c.Post("/api/graphql", body)
	if got.Status >= 500 {
		t.Fatalf("%s is answered %d %s", document, got.Status, got.Body)
	}
	answer := got.Object(t)
	data, _ = answer["data"].(map[string]any)
	if answer["errors"] != nil {
		raw, err := json.Marshal(answer["errors"])
		if err != nil {
			t.Fatal(err)
		}
		faults = string(raw)
	}
	return data, faults
}

// told is an answer as text, with its keys in order.
func told(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func TestExtensionFieldsOverGraphQL(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world, declarations}, func(t *testing.T, a *apptest.App) {
		pme := a.As("pme@agency.example")
		want := func(c *apptest.Client, document, want string) {
			t.Helper()
			if data, faults := dataOf(t, c, document); told(data) != want || faults != "" {
				t.Errorf("%s\nis answered %s %s\nwant        %s", document, told(data), faults, want)
			}
		}
		refused := func(document, why string) {
			t.Helper()
			if data, faults := dataOf(t, pme, document); !strings.Contains(faults, why) {
				t.Errorf("%s\nis answered %s %s, want a fault with %q", document, told(data), faults, why)
			}
		}
		change := func(document string, variables map[string]any) {
			t.Helper()
			if data, faults := dataOf(t, pme, document, variables); faults != "" || strings.Contains(told(data), `:null`) {
				t.Errorf("%s is answered %s %s", document, told(data), faults)
			}
		}
		first := pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t)
		second := pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t)
		pme.Patch("/api/tpm/partners/1/", map[string]any{"extensions": map[string]any{"licensed_until": "2027-06-30"}}).Want(t, 200)

		// Writes, as literals and as variables, at the record and in a list below it.
		update := `mutation($in: UpdateTpmVisitMutationInput!) { updateTpmVisit(input: $in) { internalId } }`
		change(`mutation { updateTpmVisit(input: {id: "`+fmt.Sprint(first)+`", extensions: {roadCondition: "bad", distance: "12.5", guide: "Amina"}}) { internalId } }`, nil)
		change(update, map[string]any{"in": map[string]any{
			"id": second, "extensions": map[string]any{"roadCondition": "good", "distance": 200},
			"tpmActivities": []any{map[string]any{
				"partner": 1, "intervention": 1, "cpOutput": 1, "section": 1, "date": "2026-12-01", "locations": []int{2}, "unicefFocalPoints": []int{3}, "offices": []int{1},
				"extensions": map[string]any{"households": 31, "rain": true},
			}},
		}})

		all := `extensions { roadCondition distance guide oldCode __typename }`
		want(pme, `{ tpmVisit(id: "`+fmt.Sprint(first)+`") { `+all+` tpmPartner { extensions { licensedUntil } } } }`,
			`{"tpmVisit":{"extensions":{"__typename":"TpmVisitExtensions","distance":"12.50","guide":"Amina","oldCode":null,"roadCondition":"bad"},"tpmPartner":{"extensions":{"licensedUntil":"2027-06-30"}}}}`)
		want(pme, `{ tpmVisit(id: "`+fmt.Sprint(second)+`") { e: extensions { r: roadCondition } tpmActivities { edges { node { extensions { households rain } } } } } }`,
			`{"tpmVisit":{"e":{"r":"good"},"tpmActivities":{"edges":[{"node":{"extensions":{"households":31,"rain":true}}}]}}}`)

		// What is open of an entity, where there are no shapes, has them as well.
		admin := a.As("admin@agency.example")
		admin.Patch("/api/location/locations/1/", map[string]any{"extensions": map[string]any{"notes": "Ask at the gate"}}).Want(t, 200)
		if data, faults := dataOf(t, admin, `{ locations(extensions_Notes_Icontains: "gate") { edges { node { extensions { notes } parent { extensions { notes } } } } } }`); !strings.Contains(told(data), `"extensions":{"notes":"Ask at the gate"}`) {
			t.Errorf("a place is answered %s %s", told(data), faults)
		}

		// Filters with their lookups, and orders in both spellings; nothing stands last.
		found := func(arguments, want string) {
			t.Helper()
			data, faults := dataOf(t, pme, `{ tpmVisits(`+arguments+`) { edges { node { extensions { roadCondition } } } } }`)
			var words []string
			edges, _ := within(data, "tpmVisits", "edges").([]any)
			for _, edge := range edges {
				words = append(words, fmt.Sprint(within(edge, "node", "extensions", "roadCondition")))
			}
			if got := strings.Join(words, " ") + faults; got != want {
				t.Errorf("%s finds %q, want %q", arguments, got, want)
			}
		}
		pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201)
		found(`extensions_RoadCondition: "bad"`, "bad")
		found(`extensions_RoadCondition_In: ["bad", "good"], orderBy: ["extensions_RoadCondition"]`, "bad good")
		found(`extensions_RoadCondition_Isnull: true`, "<nil>")
		found(`extensions_Distance_Gt: "12.4", orderBy: ["-extensions__distance"]`, "good bad")
		found(`extensions_Distance_Lte: "12.50"`, "bad")
		found(`extensions_Guide_Icontains: "MIN"`, "bad")
		found(`orderBy: ["-extensions_RoadCondition"]`, "good bad <nil>")
		refused(`{ tpmVisits(extensions_RoadCondition_Gt: "bad") { totalCount } }`, "Unknown argument")
		refused(`{ tpmVisits(extensions_RoadCondition: "awful") { totalCount } }`, "is not one of the available choices")
		refused(`{ tpmVisits { edges { node { extensions { colour } } } } }`, "Cannot query field")
		refused(`mutation { updateTpmVisit(input: {id: "1", extensions: {oldCode: "x"}}) { internalId } }`, "not defined by type")

		// What the field refuses is refused here, in the log of the mutation; null clears.
		if _, faults := dataOf(t, pme, `mutation { updateTpmVisit(input: {id: "`+fmt.Sprint(first)+`", extensions: {distance: "6000"}, clientMutationId: "far"}) { internalId } }`); faults != "" {
			t.Errorf("a logged mutation that fails is answered %s", faults)
		}
		if data, faults := dataOf(t, pme, `{ mutationLogs(clientMutationId: "far") { edges { node { status error } } } }`); !strings.Contains(told(data), "extension.too_great") || !strings.Contains(told(data), "extensions.distance") {
			t.Errorf("the log says %s %s", told(data), faults)
		}
		change(update, map[string]any{"in": map[string]any{"id": first, "extensions": map[string]any{"guide": nil}}})
		want(pme, `{ tpmVisit(id: "`+fmt.Sprint(first)+`") { extensions { guide distance } } }`, `{"tpmVisit":{"extensions":{"distance":"12.50","guide":null}}}`)

		// The schema tells of them.
		data, faults := dataOf(t, pme, `{ type: __type(name: "TpmVisitExtensions") { fields { name description type { name } } } input: __type(name: "TpmVisitExtensionsInput") { inputFields { name } } }`)
		if got := told(data); faults != "" || !strings.Contains(got, `"Road condition: good (Good), bad (Bad), flooded (Flooded)"`) || !strings.Contains(got, `{"description":"Distance in km","name":"distance","type":{"name":"Decimal"}}`) ||
			!strings.Contains(got, `"inputFields":[{"name":"roadCondition"},{"name":"distance"},{"name":"guide"}]`) || !strings.Contains(got, "Guide. Who shows the way") {
			t.Errorf("introspection says %s %s", got, faults)
		}
		if sdl := string(a.API.GraphQL().SDL()); !strings.Contains(sdl, "extensions_RoadCondition_In: [String]") || !strings.Contains(sdl, "extensions: TpmTaskExtensionsInput") || strings.Contains(sdl, "enum TpmVisitExtensions") {
			t.Error("the schema as text does not have the fields")
		}
	})
}

// The schema is another one as soon as a declaration changes, and documents that ask for what was hidden go on being valid.
func TestTheGraphQLSchemaFollowsDeclarations(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme := a.As("admin@agency.example"), a.As("pme@agency.example")
		before := string(a.API.GraphQL().SDL())
		id := pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t)
		pme.Patch(recordPath(visitList, id), map[string]any{"visit_information": "Bring boots"}).Want(t, 200)
		document := `{ tpmVisit(id: "` + fmt.Sprint(id) + `") { extensions { roadCondition } } }`
		if _, faults := dataOf(t, pme, document); !strings.Contains(faults, "Cannot query field") {
			t.Errorf("a field that is not declared is answered %s", faults)
		}
		field := admin.Post(extensionFields, road()).Want(t, 201).ID(t)
		if data, faults := dataOf(t, pme, document); told(data) != `{"tpmVisit":{"extensions":{"roadCondition":null}}}` {
			t.Errorf("a field that was declared is answered %s %s", told(data), faults)
		}
		control := admin.Post(fieldControls, map[string]any{"entity": "tpm.visit", "field": "visit_information", "labels": map[string]any{"en": "Purpose"}, "hidden": true}).Want(t, 201).ID(t)
		purpose := `{ tpmVisit(id: "` + fmt.Sprint(id) + `") { visitInformation } __type(name: "TpmVisit") { fields { name description } } }`
		data, faults := dataOf(t, pme, purpose)
		if got := told(data); faults != "" || !strings.Contains(got, `"visitInformation":null`) || !strings.Contains(got, `{"description":"Purpose","name":"visitInformation"}`) {
			t.Errorf("a hidden field is answered %s %s", told(data), faults)
		}
		admin.Delete(recordPath(fieldControls, control)).Want(t, 204)
		if data, _ := dataOf(t, pme, purpose); within(data, "tpmVisit", "visitInformation") != "Bring boots" {
			t.Errorf("a field that is no longer hidden is answered %s", told(data))
		}
		admin.Patch(recordPath(extensionFields, field), map[string]any{"retired": true}).Want(t, 200)
		if sdl := string(a.API.GraphQL().SDL()); !strings.Contains(sdl, "roadCondition: String") || strings.Contains(sdl, "TpmVisitExtensionsInput") {
			t.Error("a retired field is written, or no longer shown")
		}
		admin.Delete(recordPath(extensionFields, field)).Want(t, 204)
		if string(a.API.GraphQL().SDL()) != before {
			t.Error("without declarations the schema is not the one that it was")
		}
	})
}

// Who may not see what governs the extension fields sees none of them here either.
func TestExtensionFieldsOverGraphQLAreSeenLikeTheirField(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world, declarations}, func(t *testing.T, a *apptest.App) {
		pme := a.As("pme@agency.example")
		id := pme.Post(visitList, map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t)
		visit := recordPath(visitList, id)
		pme.Patch(visit, map[string]any{"visit_information": "Bring boots", "tpm_partner_focal_points": []int{6}, "extensions": map[string]any{"road_condition": "bad"}}).Want(t, 200)
		sees := map[bool]int{}
		for _, email := range []string{"pme@agency.example", "unicef@agency.example", "admin@agency.example", "tpm@firm.example", "rival@other.example"} {
			c := a.As(email)
			got := c.Get(visit)
			_, governed := map[string]any{}, false
			if got.Status == 200 {
				_, governed = got.Object(t)["visit_information"]
			}
			data, _ := dataOf(t, c, `{ tpmVisit(id: "`+fmt.Sprint(id)+`") { extensions { roadCondition } } }`)
			if shown := within(data, "tpmVisit", "extensions", "roadCondition") == "bad"; shown != governed {
				t.Errorf("%s sees the field that governs %v, the extension field %v: %s", email, governed, shown, told(data))
			}
			sees[governed]++
			data, faults := dataOf(t, c, `{ tpmVisits(extensions_RoadCondition: "bad") { totalCount } }`)
			if total := within(data, "tpmVisits", "totalCount"); !governed && total == 1.0 {
				t.Errorf("%s learns by a filter what is not shown: %s %s", email, told(data), faults)
			}
		}
		if sees[true] == 0 || sees[false] == 0 {
			t.Errorf("the people asked all see the same: %v", sees)
		}
	})
}

// What administrators call the values of choices is known to everybody who is signed in, in all languages, and to nobody else.
func TestTheSessionTellsWhatValuesAreCalled(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme := a.As("admin@agency.example"), a.As("pme@agency.example")
		names := func(c *apptest.Client) string {
			return told(c.Get("/api/auth/session/").Want(t, 200).Object(t)["choice_names"])
		}
		if got := names(pme); got != `{}` {
			t.Errorf("before anything is renamed, the session tells of %s", got)
		}
		id := admin.Post("/api/customisation/field-controls/", map[string]any{
			"entity": "tpm.visit", "field": "status", "choices": map[string]any{"draft": map[string]any{"en": "In preparation", "fr": "En préparation"}},
		}).Want(t, 201).ID(t)
		if got := names(pme); got != `{"tpm.visit.status":{"draft":{"en":"In preparation","fr":"En préparation"}}}` {
			t.Errorf("the session tells of %s", got)
		}
		if got := names(a.Anonymous()); got != `{}` {
			t.Errorf("a stranger is told of %s", got)
		}
		admin.Delete(recordPath("/api/customisation/field-controls/", id)).Want(t, 204)
		if got := names(pme); got != `{}` {
			t.Errorf("when it is taken back, the session tells of %s", got)
		}
	})
}
