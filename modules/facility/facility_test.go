package facility

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/module/moduletest"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/medical"
)

var (
	list   = []module.Definition{location.Module, medical.Module, Module}
	scheme = almoner.Workspace{ID: 1, Code: "IMIS"}
	people = moduletest.People{
		"admin":   {UserID: 1, Superuser: true, AllRights: true, Workspace: scheme},
		"keeper":  {UserID: 2, Workspace: scheme, Rights: []int{121101, 121102, 121103, 121104}},
		"clerk":   {UserID: 3, Workspace: scheme},
		"distant": {UserID: 4, Superuser: true, AllRights: true, Workspace: almoner.Workspace{ID: 2, Code: "ELSE"}},
	}
)

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	moduletest.SameSchema(t, list)
}

func graphQL(document string) string {
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// ask sends a document over GraphQL and compares the whole answer.
func ask(w *moduletest.World, person, document, answer string) {
	w.Helper()
	w.Want(person, "POST", "/api/graphql", graphQL(document), 200, answer)
}

// do sends a mutation and compares what the log then says of it, "" for success.
func do(w *moduletest.World, person, mutation, trouble string) {
	w.Helper()
	rec := w.Send(person, "POST", "/api/graphql", graphQL("mutation { "+mutation+" {clientMutationId internalId} }"))
	var failed *string
	if err := w.DB.QueryRow(w.Context(), "select error from api_mutations order by id desc limit 1").Scan(&failed); err != nil {
		w.Fatalf("%s: %s %v", mutation, rec.Body, err)
	}
	switch {
	case rec.Code != 200 || strings.Contains(rec.Body.String(), `"errors"`):
		w.Errorf("%s: %d %s", mutation, rec.Code, rec.Body)
	case trouble == "" && failed != nil:
		w.Errorf("%s: %s", mutation, *failed)
	case trouble != "" && (failed == nil || !strings.Contains(*failed, trouble)):
		w.Errorf("%s: the log does not have %s but %v", mutation, trouble, failed)
	}
}

// uuid is that of a place of the tree below.
func uuid(n int) string { return fmt.Sprintf("0190b2a1-7e5c-7000-8000-%012d", n) }

// plant makes a small tree through the wire: region 1, districts 2 and 3, in 2 the ward 4 with the villages 5 and 6. The keeper works in district 2.
func plant(w *moduletest.World) {
	w.Helper()
	for i, letter := range []string{"R", "D", "W", "V"} {
		w.Want("admin", "POST", "/api/location/levels/", fmt.Sprintf(`{"number":%d,"name":"Level %s","type":"%s"}`, i, letter, letter), 201, "")
	}
	for i, p := range []struct {
		code, letter string
		parent       int
	}{{"R1", "R", 0}, {"R1D1", "D", 1}, {"R1D2", "D", 1}, {"R1D1M1", "W", 2}, {"R1D1M1V1", "V", 4}, {"R1D1M1V2", "V", 4}} {
		parent := ""
		if p.parent > 0 {
			parent = `parentUuid: "` + uuid(p.parent) + `"`
		}
		do(w, "admin", fmt.Sprintf(`createLocation(input: { clientMutationId: "loc%d", clientMutationLabel: "New location" uuid: "%s" code: "%s" name: "Place %s" type: "%s" malePopulation: 10 families: 3 %s})`,
			i, uuid(i+1), p.code, p.code, p.letter, parent), "")
	}
	ctx := almoner.WithActor(w.Context(), people["admin"])
	err := w.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := w.Set.Parts["facility"].Service.(*Service).seed(ctx, tx); err != nil {
			return err
		}
		return w.Set.Parts["location"].Service.(*location.Service).SetDistricts(ctx, tx, 2, []int64{2})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// The documents of the web client about places, in its very words.
func TestPlacesOnTheWire(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		plant(w)
		global := func(n int) string {
			return base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("LocationGQLType:%d", n)))
		}
		const district = `{"id":"%s","uuid":"%s","code":"R1D1","name":"Place R1D1","parent":{"id":"%s","uuid":"%s","code":"R1","name":"Place R1"}}`
		mine := fmt.Sprintf(district, global(2), uuid(2), global(1), uuid(1))
		ask(w, "keeper", `{ userDistricts { id uuid code name parent { id uuid code name } } }`, `{"data":{"userDistricts":[`+mine+`]}}`)
		ask(w, "clerk", `{ userDistricts { id } }`, `{"data":{"userDistricts":[]}}`)
		ask(w, "keeper", `query { locations(type: "V", orderBy: "code", parent_Uuid: "`+uuid(4)+`") { edges { node { id uuid type code name malePopulation femalePopulation otherPopulation families clientMutationId } } } }`,
			`{"data":{"locations":{"edges":[{"node":{"id":"`+global(5)+`","uuid":"`+uuid(5)+`","type":"V","code":"R1D1M1V1","name":"Place R1D1M1V1","malePopulation":10,"femalePopulation":null,"otherPopulation":null,"families":3,"clientMutationId":null}},
			{"node":{"id":"`+global(6)+`","uuid":"`+uuid(6)+`","type":"V","code":"R1D1M1V2","name":"Place R1D1M1V2","malePopulation":10,"femalePopulation":null,"otherPopulation":null,"families":3,"clientMutationId":null}}]}}}`)
		ask(w, "keeper", `{ locations(type: "R") { edges { node { code } } } }`, `{"data":{"locations":{"edges":[]}}}`)
		ask(w, "keeper", `{ locationsAll(type: "D", orderBy: ["-code"]) { edges { node { code type parent { code type } } } } }`,
			`{"data":{"locationsAll":{"edges":[{"node":{"code":"R1D2","type":"D","parent":{"code":"R1","type":"R"}}},{"node":{"code":"R1D1","type":"D","parent":{"code":"R1","type":"R"}}}]}}}`)
		ask(w, "admin", `{ locationsStr(type: "V", str: "m1v2", first: 20, parent_Parent_Uuid: "`+uuid(2)+`") { edges { node { code } } } }`, `{"data":{"locationsStr":{"edges":[{"node":{"code":"R1D1M1V2"}}]}}}`)
		ask(w, "admin", `{ locationsStr(parent_Uuid_In: ["`+uuid(4)+`"], code_Istartswith: "r1d1m1v", name_Icontains: "V1") { edges { node { code } } } }`, `{"data":{"locationsStr":{"edges":[{"node":{"code":"R1D1M1V1"}}]}}}`)
		// References have two names, and take ids of both forms.
		for _, id := range []string{global(4), "4"} {
			ask(w, "admin", `{ locations(parent_Id: "`+id+`", orderBy: "code", first: 1) { edges { node { code } } } below: locations(parent_Parent_Id: "2", parent: "`+id+`", code_Istartswith: "r1d1m1v2") { edges { node { code } } } }`,
				`{"data":{"locations":{"edges":[{"node":{"code":"R1D1M1V1"}}]},"below":{"edges":[{"node":{"code":"R1D1M1V2"}}]}}}`)
		}
		ask(w, "admin", `{ locations(parent_Id: "", parent: "4") { edges { node { code } } } locationsAll(code: "R1D1M1") { edges { node { children(parent_Id: "5") { edges { node { code } } } } } } }`,
			`{"data":{"locations":{"edges":[{"node":{"code":"R1D1M1V1"}},{"node":{"code":"R1D1M1V2"}}]},"locationsAll":{"edges":[{"node":{"children":{"edges":[]}}}]}}}`)
		ask(w, "admin", `{ locations(parent_Id: "3", parent: "4") { edges { node { code } } } }`,
			`{"data":{"locations":null},"errors":[{"message":"\"parent\" is asked for by both its names.","locations":[{"line":1,"column":3}],"path":["locations"],"extensions":{"code":"BAD_REQUEST"}}]}`)
		ask(w, "distant", `{ locationsAll { edges { node { code } } } }`, `{"data":{"locationsAll":{"edges":[]}}}`)
		ask(w, "admin", `{ validateLocationCode(locationCode: "R1") }`, `{"data":{"validateLocationCode":false}}`)
		ask(w, "admin", `{ validateLocationCode(locationCode: "R9") }`, `{"data":{"validateLocationCode":true}}`)

		do(w, "clerk", `updateLocation(input: {uuid: "`+uuid(4)+`", code: "R1D1M1", name: "Mine", type: "W"})`, "permission_denied")
		do(w, "admin", `updateLocation(input: {uuid: "`+uuid(4)+`", code: "R1D1M1", name: "Renamed", type: "W", femalePopulation: 7})`, "")
		do(w, "admin", `createLocation(input: {code: "R1D1M1", name: "Twice", type: "W", parentUuid: "`+uuid(2)+`"})`, `"code":"unique"`)
		do(w, "admin", `createLocation(input: {code: "X", name: "Nowhere", type: "Q"})`, "no_such_level")
		do(w, "admin", `moveLocation(input: {uuid: "`+uuid(2)+`", newParentUuid: "`+uuid(5)+`"})`, "within_itself")
		do(w, "admin", `moveLocation(input: {uuid: "`+uuid(4)+`", newParentUuid: "`+uuid(3)+`"})`, "")
		do(w, "distant", `moveLocation(input: {uuid: "`+uuid(4)+`", newParentUuid: "`+uuid(3)+`"})`, "no_such_place")
		do(w, "clerk", `deleteLocation(input: {uuid: "`+uuid(6)+`", code: "R1D1M1V2"})`, "permission_denied")
		do(w, "admin", `deleteLocation(input: {uuid: "`+uuid(6)+`", code: "R1D1M1V2"})`, "")
		ask(w, "admin", `{ locations(parent_Parent_Uuid: "`+uuid(3)+`") { edges { node { code parent { name malePopulation femalePopulation parent { code } } } } } }`,
			`{"data":{"locations":{"edges":[{"node":{"code":"R1D1M1V1","parent":{"name":"Renamed","malePopulation":null,"femalePopulation":7,"parent":{"code":"R1D2"}}}}]}}}`)
		ask(w, "admin", `{ locations(uuid: "`+uuid(6)+`") { edges { node { code validityTo } } } }`, "")
	})
}

func TestFacilitiesOnTheWire(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		plant(w)
		const given = `code: "HF1", name: "Viru", locationId: 2, level: "H", legalFormId: "G", careType: "B"`
		do(w, "clerk", `createHealthFacility(input: {`+given+`})`, "permission_denied")
		do(w, "keeper", `createHealthFacility(input: {uuid: "`+uuid(90)+`", clientMutationId: "hf1" `+given+`, status: "AC", address: "Street 1\nTown", contractStartDate: "2026-01-01", contractEndDate: "2026-12-31",
			catchments: [{locationId: 5, catchment: 40}, {locationId: 6, catchment: 60}]})`, "")
		for _, c := range []struct{ change, trouble string }{
			{given, `"code":"unique"`},
			{strings.Replace(given, "HF1", "HF2", 1) + `, contractStartDate: "2026-01-01"`, "single_date_hf_contract"},
			{strings.Replace(given, "HF1", "HF2", 1) + `, contractStartDate: "2026-01-02", contractEndDate: "2026-01-02"`, "incorrect_hf_contract_date_range"},
			{strings.Replace(strings.Replace(given, "HF1", "HF2", 1), "locationId: 2", "locationId: 3", 1), "not_your_district"},
			{strings.Replace(strings.Replace(given, "HF1", "HF2", 1), "locationId: 2", "locationId: 4", 1), "does_not_exist"},
			{strings.Replace(strings.Replace(given, "HF1", "HF2", 1), `legalFormId: "G"`, `legalFormId: "X"`, 1), "no_such_code"},
			{strings.Replace(given, "HF1", "HF2", 1) + `, catchments: [{locationId: 5, catchment: 140}]`, "facility.percent"},
			{strings.Replace(given, "HF1", "HF2", 1) + `, catchments: [{locationId: 2, catchment: 40}]`, "does_not_exist"},
		} {
			do(w, "keeper", `createHealthFacility(input: {`+c.change+`})`, c.trouble)
		}
		do(w, "admin", `createHealthFacility(input: {uuid: "`+uuid(91)+`" `+strings.Replace(strings.Replace(given, "HF1", "FAR", 1), "locationId: 2", "locationId: 3", 1)+`})`, "")
		// Who works in one district sees its facilities, on every wire.
		ask(w, "keeper", `{ healthFacilities(orderBy: ["code"], first: 10, location_Parent_Uuid: "`+uuid(1)+`", legalForm_Code: "G", level: "H", careType: "B", status: "AC", code_Icontains: "", name_Icontains: "vi") {
			totalCount pageInfo { hasNextPage } edges { node { code accCode name careType phone level legalForm { code } location { code name parent { code } } validityTo clientMutationId } } } }`,
			`{"data":{"healthFacilities":{"totalCount":1,"pageInfo":{"hasNextPage":false},"edges":[{"node":{"code":"HF1","accCode":null,"name":"Viru","careType":"B","phone":null,"level":"H","legalForm":{"code":"G"},
			"location":{"code":"R1D1","name":"Place R1D1","parent":{"code":"R1"}},"validityTo":null,"clientMutationId":null}}]}}}`)
		w.Want("keeper", "GET", "/api/facility/health-facilities/?fields=code", "", 200, `{"count":1,"next":null,"previous":null,"results":[{"code":"HF1"}]}`)
		w.Want("keeper", "GET", "/api/facility/health-facilities/2/", "", 404, "")
		w.Want("keeper", "PATCH", "/api/facility/health-facilities/2/", `{"name":"Mine now"}`, 404, "")
		w.Want("clerk", "GET", "/api/facility/health-facilities/?fields=code", "", 200, `{"count":0,"next":null,"previous":null,"results":[]}`)
		w.Want("distant", "GET", "/api/facility/health-facilities/1/", "", 404, "")
		w.Want("clerk", "DELETE", "/api/facility/health-facilities/1/", "", 403, "")
		do(w, "keeper", `deleteHealthFacility(input: {uuid: "`+uuid(91)+`", code: "FAR"})`, "no_such_facility")
		// An update is complete, but for contract and state; what is left out of the villages is closed, what was is kept.
		do(w, "keeper", `updateHealthFacility(input: {uuid: "`+uuid(90)+`" code: "HF1", name: "Viru Hospital", locationId: 2, level: "H", legalFormId: "C", careType: "O", catchments: [{id: 1, locationId: 5, catchment: 45}]})`, "")
		ask(w, "keeper", `{ healthFacilities(uuid: "`+uuid(90)+`", showHistory: true) { edges { node { code name address legalForm { code } subLevel { code } servicesPricelist { id uuid name } catchments { id location { code } catchment } contractStartDate status } } } }`,
			`{"data":{"healthFacilities":{"edges":[{"node":{"code":"HF1","name":"Viru Hospital","address":null,"legalForm":{"code":"C"},"subLevel":null,"servicesPricelist":null,"catchments":[{"id":1,"location":{"code":"R1D1M1V1"},"catchment":45}],
			"contractStartDate":"2026-01-01","status":"AC"}}]}}}`)
		ask(w, "keeper", `{ healthFacilities(showHistory: true, code: "HF1", orderBy: "name") { totalCount edges { node { name address legalForm { code } } } } }`,
			`{"data":{"healthFacilities":{"totalCount":2,"edges":[{"node":{"name":"Viru","address":"Street 1\nTown","legalForm":{"code":"G"}}},{"node":{"name":"Viru Hospital","address":null,"legalForm":{"code":"C"}}}]}}}`)
		ask(w, "keeper", `query ($str: String, $districtsUuids: [String]) { healthFacilities: healthFacilitiesStr(first: 20, str: $str, districtsUuids: $districtsUuids) { edges { node { code } } } }`, `{"data":{"healthFacilities":{"edges":[{"node":{"code":"HF1"}}]}}}`)
		ask(w, "admin", `{ healthFacilitiesStr(regionUuid: "`+uuid(1)+`", str: "f") { edges { node { code } } } }`, `{"data":{"healthFacilitiesStr":{"edges":[{"node":{"code":"FAR"}},{"node":{"code":"HF1"}}]}}}`)
		ask(w, "admin", `{ validateHealthFacilityCode(healthFacilityCode: "HF1") }`, `{"data":{"validateHealthFacilityCode":false}}`)
		do(w, "admin", `deleteLocation(input: {uuid: "`+uuid(2)+`", code: "R1D1"})`, "facility.place_in_use")
		do(w, "keeper", `deleteHealthFacility(input: {uuid: "`+uuid(90)+`", code: "HF1"})`, "")
		ask(w, "keeper", `{ healthFacilities { totalCount } }`, `{"data":{"healthFacilities":{"totalCount":0}}}`)
		do(w, "keeper", `updateHealthFacility(input: {uuid: "`+uuid(90)+`" `+given+`})`, "no_such_facility")
	})
}

// The prices of a list are told to whoever sees a facility that claims by it: the list of a region holds in all districts of it, and is that of no one of them.
func TestPricesOfFacilities(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		plant(w)
		const prices = `{ pricelists(itemsPricelistId: 1, servicesPricelistId: 1) { items { id p } services { id p } } }`
		none, told := `{"data":{"pricelists":{"items":[],"services":[]}}}`, `{"data":{"pricelists":{"items":[{"id":1,"p":"7.50"}],"services":[]}}}`
		do(w, "admin", `createItem(input: {uuid: "`+uuid(80)+`" code: "0001", name: "Drug", type: "D", price: "5", careType: "B", patientCategory: 15})`, "")
		do(w, "admin", `createItemsPricelist(input: {uuid: "`+uuid(81)+`" name: "Regional", pricelistDate: "2026-01-01", locationId: "`+uuid(1)+`", addedDetails: ["`+uuid(80)+`"], priceOverrules: [{uuid: "`+uuid(80)+`", price: "7.5"}]})`, "")
		ask(w, "admin", prices, told)
		ask(w, "keeper", prices, none)
		const facility = `name: "Viru", level: "H", legalFormId: "G", careType: "B", itemsPricelistId: 1`
		do(w, "admin", `createHealthFacility(input: {uuid: "`+uuid(91)+`" code: "FAR", locationId: 3, `+facility+`})`, "")
		ask(w, "keeper", prices, none)
		do(w, "admin", `createHealthFacility(input: {uuid: "`+uuid(90)+`" code: "HF1", locationId: 2, `+facility+`})`, "")
		ask(w, "keeper", prices, told)
		ask(w, "clerk", prices, none)
		ask(w, "distant", prices, none)
		do(w, "admin", `deleteItemsPricelist(input: {uuids: ["`+uuid(81)+`"]})`, "")
		ask(w, "keeper", prices, none)
	})
}
