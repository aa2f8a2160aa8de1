package app_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/modules"
)

// The mutations of the insurance wire replace whole records; what administrators added goes with them, and stays when a client does not know of it.
func TestExtensionFieldsOfASchemeOverGraphQL(t *testing.T) {
	t.Parallel()
	files := []string{"../demo/00-workspaces.yaml", "../demo/60-insurance-imi.yaml", "testdata/priced.yaml", "testdata/scheme_fields.yaml"}
	apptest.Each(t, modules.All(), files, func(t *testing.T, a *apptest.App) {
		c := a.As("scheme@almoner.example")
		step := 0
		// send carries out a mutation and returns what its log says, "" when it went well.
		send := func(name, input string) string {
			t.Helper()
			step++
			id := fmt.Sprintf("fields-%d", step)
			if _, faults := dataOf(t, c, fmt.Sprintf(`mutation { %s(input: {clientMutationId: %q %s}) { internalId } }`, name, id, input)); faults != "" {
				t.Fatalf("%s is answered %s", name, faults)
			}
			data, faults := dataOf(t, c, fmt.Sprintf(`{ mutationLogs(clientMutationId: %q) { edges { node { status error } } } }`, id))
			edges, _ := within(data, "mutationLogs", "edges").([]any)
			if len(edges) != 1 || faults != "" {
				t.Fatalf("the log of %s is %s %s", name, told(data), faults)
			}
			if fmt.Sprint(within(edges[0], "node", "status")) == "2" {
				return ""
			}
			return fmt.Sprint(within(edges[0], "node", "error"))
		}
		done := func(name, input string) {
			t.Helper()
			if why := send(name, input); why != "" {
				t.Errorf("%s: %s", name, why)
			}
		}
		refused := func(name, input string, words ...string) {
			t.Helper()
			why := send(name, input)
			for _, word := range words {
				if !strings.Contains(why, word) {
					t.Errorf("%s %s says %q, want %q in it", name, input, why, word)
				}
			}
		}
		want := func(document, want string) {
			t.Helper()
			if data, faults := dataOf(t, c, document); told(data) != want || faults != "" {
				t.Errorf("%s\nis answered %s %s\nwant        %s", document, told(data), faults, want)
			}
		}
		village := fmt.Sprint(c.Get("/api/location/locations/?p_code=R1D1M1V1").Want(t, 200).Object(t)["results"].([]any)[0].(map[string]any)["id"])
		district := fmt.Sprint(c.Get("/api/location/locations/?p_code=R1D1").Want(t, 200).Object(t)["results"].([]any)[0].(map[string]any)["id"])
		const (
			family = "00000000-0000-4000-8000-00000000f001"
			head   = "00000000-0000-4000-8000-00000000f002"
			other  = "00000000-0000-4000-8000-00000000f003"
			place  = "00000000-0000-4000-8000-00000000f004"
			house  = "00000000-0000-4000-8000-00000000f005"
			ware   = "00000000-0000-4000-8000-00000000f006"
			deed   = "00000000-0000-4000-8000-00000000f007"
		)
		person := `lastName: "Sow" otherNames: "Ada" genderId: "F" dob: "1990-02-28" head: true cardIssued: false`
		done("createFamily", `uuid: "`+family+`" locationId: `+village+` extensions: {well: "shared"} headInsuree: {uuid: "`+head+`" chfId: "990000011" `+person+` extensions: {clan: "Lion", weight: "61.5"}}`)
		want(`{ families(uuid: "`+family+`") { edges { node { extensions { well } headInsuree { extensions { clan weight } } } } } }`,
			`{"families":{"edges":[{"node":{"extensions":{"well":"shared"},"headInsuree":{"extensions":{"clan":"Lion","weight":"61.5"}}}}]}}`)
		want(`{ insurees(extensions_Clan: "lion") { totalCount } none: insurees(extensions_Clan_Isnull: false, extensions_Weight_Gt: "62") { totalCount } }`, `{"insurees":{"totalCount":0},"none":{"totalCount":0}}`)
		want(`{ insurees(extensions_Clan_Icontains: "lio") { totalCount } }`, `{"insurees":{"totalCount":1}}`)

		// A client that knows nothing of them replaces the record and leaves them; one that does changes one, or clears it.
		done("updateInsuree", `uuid: "`+head+`" chfId: "990000011" `+person+` phone: "7"`)
		done("updateInsuree", `uuid: "`+head+`" chfId: "990000011" `+person+` extensions: {weight: null}`)
		want(`{ insurees(uuid: "`+head+`") { edges { node { phone extensions { clan weight } } } } }`, `{"insurees":{"edges":[{"node":{"extensions":{"clan":"Lion","weight":null},"phone":""}}]}}`)
		want(`{ insurees(chfId: "990000011", showHistory: true, orderBy: ["validity_from"]) { edges { node { phone extensions { weight } } } } }`,
			`{"insurees":{"edges":[{"node":{"extensions":{"weight":"61.5"},"phone":""}},{"node":{"extensions":{"weight":"61.5"},"phone":"7"}},{"node":{"extensions":{"weight":null},"phone":""}}]}}`)
		done("updateFamily", `uuid: "`+family+`" locationId: `+village+` headInsuree: {uuid: "`+head+`" chfId: "990000011" `+person+` extensions: {clan: "Elephant"}}`)
		want(`{ families(uuid: "`+family+`") { edges { node { extensions { well } headInsuree { extensions { clan } } } } } }`,
			`{"families":{"edges":[{"node":{"extensions":{"well":"shared"},"headInsuree":{"extensions":{"clan":"Elephant"}}}}]}}`)

		// What is wrong is named where it stands, and nothing is kept of the rest.
		refused("createInsuree", `uuid: "`+other+`" chfId: "990000012" `+person+` extensions: {weight: "301"}`, "extension.too_great", "extensions.weight")
		refused("updateFamily", `uuid: "`+family+`" headInsuree: {uuid: "`+head+`" chfId: "990000011" `+person+` extensions: {weight: "heavy"}}`, "head_insuree.extensions.weight")
		refused("updateFamily", `uuid: "`+family+`" headInsuree: {uuid: "`+head+`" chfId: "990000011" `+person+`} extensions: {well: "deep"}`, "extensions.well")
		want(`{ insurees(chfId: "990000012") { totalCount } }`, `{"insurees":{"totalCount":0}}`)
		if _, faults := dataOf(t, c, `mutation { createInsuree(input: {chfId: "990000012" `+person+` extensions: {colour: "red"}}) { internalId } }`); !strings.Contains(faults, "colour") {
			t.Errorf("an unknown field is answered %s", faults)
		}

		done("createLocation", `uuid: "`+place+`" code: "R1D1M1V9" name: "Nyala" type: "V" parentUuid: "`+fmt.Sprint(c.Get("/api/location/locations/?p_code=R1D1M1").Object(t)["results"].([]any)[0].(map[string]any)["uuid"])+`" extensions: {road: true}`)
		want(`{ locations(uuid: "`+place+`") { edges { node { extensions { road } } } } }`, `{"locations":{"edges":[{"node":{"extensions":{"road":true}}}]}}`)
		done("createHealthFacility", `uuid: "`+house+`" code: "HF9" name: "Nyala Post" legalFormId: "C" level: "D" locationId: `+district+` careType: "O" extensions: {beds: 12}`)
		want(`{ healthFacilities(uuid: "`+house+`") { edges { node { extensions { beds } } } } }`, `{"healthFacilities":{"edges":[{"node":{"extensions":{"beds":12}}}]}}`)
		done("createItem", `uuid: "`+ware+`" code: "I9" name: "Serum" type: "D" price: "3.00" careType: "B" patientCategory: 15 extensions: {cold: true}`)
		want(`{ medicalItems(uuid: "`+ware+`") { edges { node { extensions { cold } } } } }`, `{"medicalItems":{"edges":[{"node":{"extensions":{"cold":true}}}]}}`)
		done("createService", `uuid: "`+deed+`" code: "S9" name: "Scan" type: "P" price: "3.00" careType: "O" level: "H" category: "O" patientCategory: 15 extensions: {minutes: 20}`)
		want(`{ medicalServices(uuid: "`+deed+`") { edges { node { extensions { minutes } } } } }`, `{"medicalServices":{"edges":[{"node":{"extensions":{"minutes":20}}}]}}`)

		// The other wire shows the same.
		found := c.Get("/api/insuree/insurees/?extensions__clan__icontains=eleph").Want(t, 200).Object(t)["results"].([]any)
		if len(found) != 1 {
			t.Fatalf("REST finds %d by their clan, want 1", len(found))
		}
		one := c.Get(fmt.Sprintf("/api/insuree/insurees/%v/", found[0].(map[string]any)["id"])).Want(t, 200).Object(t)
		if got := told(one["extensions"]); got != `{"clan":"Elephant","weight":null}` {
			t.Errorf("REST shows %s", got)
		}
	})
}
