package insuree

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/module/moduletest"
)

// numbers are all rights of places, facilities, the catalogue, families and insurees (openimis-enrolment §13.1, openimis-core appendix B).
var numbers = func() []int {
	var list []int
	for _, r := range []struct{ first, n int }{{101001, 4}, {101101, 5}, {121101, 4}, {121201, 4}, {121301, 4}, {121401, 4}, {121901, 6}, {122101, 4}} {
		for i := range r.n {
			list = append(list, r.first+i)
		}
	}
	return list
}()

// opened says for whom an operation is: "any" for whoever is signed in, "admin" for administrators of the platform, numbers of which one is enough, or two that
// are both needed.
type opened struct{ op, by, with string }

// restRights are the operations of REST. What stands in braces is a record that there is, {id} one that there is not.
var restRights = []opened{
	{"GET /api/location/locations/", "any", ""},
	{"GET /api/location/locations/{id}/", "any", ""},
	{"GET /api/location/locations/{id}/history/", "any", ""},
	{"GET /api/locations-light/", "any", ""},
	{"POST /api/location/locations/", "121902", `{"name":"x","p_code":"x","level":{village level},"parent":{ward}}`},
	{"POST /api/location/locations/", "121906", `{"name":"x","p_code":"x","level":{region level}}`},
	{"PATCH /api/location/locations/{village}/", "121903", `{"name":"x"}`},
	{"PATCH /api/location/locations/{district}/", "121906", `{"name":"x"}`},
	{"PUT /api/location/locations/{village}/", "121903", `{"name":"x","p_code":"x","level":{village level},"parent":{ward}}`},
	{"PUT /api/location/locations/{district}/", "121906", `{"name":"x"}`},
	{"PATCH /api/location/locations/{id}/", "121903 121906", `{}`},
	{"PUT /api/location/locations/{id}/", "121903 121906", `{}`},
	{"POST /api/location/move/", "121905", `{}`},
	{"POST /api/location/close/", "121904", `{}`},
	{"GET /api/location/levels/", "any", ""},
	{"GET /api/location/levels/{id}/", "any", ""},
	{"POST /api/location/levels/", "admin", `{}`},
	{"PATCH /api/location/levels/{id}/", "admin", `{}`},
	{"PUT /api/location/levels/{id}/", "admin", `{}`},

	{"GET /api/facility/health-facilities/", "any", ""},
	{"GET /api/facility/health-facilities/{id}/", "any", ""},
	{"GET /api/facility/health-facilities/{id}/history/", "121101", ""},
	{"POST /api/facility/health-facilities/", "121102", `{}`},
	{"PATCH /api/facility/health-facilities/{id}/", "121103", `{}`},
	{"PUT /api/facility/health-facilities/{id}/", "121103", `{}`},
	{"DELETE /api/facility/health-facilities/{id}/", "121104", ""},
	{"GET /api/facility/legal-forms/", "any", ""},
	{"GET /api/facility/legal-forms/{id}/", "any", ""},
	{"GET /api/facility/sub-levels/", "any", ""},
	{"GET /api/facility/sub-levels/{id}/", "any", ""},

	{"GET /api/medical/diagnoses/", "any", ""},
	{"GET /api/medical/diagnoses/{id}/", "any", ""},
	{"GET /api/medical/items/", "any", ""},
	{"GET /api/medical/items/{id}/", "any", ""},
	{"GET /api/medical/items/{id}/history/", "122101", ""},
	{"POST /api/medical/items/", "122102", `{}`},
	{"PATCH /api/medical/items/{id}/", "122103", `{}`},
	{"DELETE /api/medical/items/{id}/", "122104", ""},
	{"GET /api/medical/services/", "any", ""},
	{"GET /api/medical/services/{id}/", "any", ""},
	{"GET /api/medical/services/{id}/history/", "121401", ""},
	{"POST /api/medical/services/", "121402", `{}`},
	{"PATCH /api/medical/services/{id}/", "121403", `{}`},
	{"PUT /api/medical/services/{id}/", "121403", `{}`},
	{"DELETE /api/medical/services/{id}/", "121404", ""},
	{"GET /api/medical/services-pricelists/", "121201", ""},
	{"GET /api/medical/services-pricelists/{id}/", "121201", ""},
	{"GET /api/medical/services-pricelists/{id}/history/", "121201", ""},
	{"GET /api/medical/services-pricelist-details/", "121201", ""},
	{"GET /api/medical/services-pricelist-details/{id}/", "121201", ""},
	{"POST /api/medical/services-pricelists/", "121202", `{}`},
	{"POST /api/medical/services-pricelists/create/", "121202", `{}`},
	{"PATCH /api/medical/services-pricelists/{id}/", "121203", `{}`},
	{"POST /api/medical/services-pricelists/update/", "121203", `{}`},
	{"DELETE /api/medical/services-pricelists/{id}/", "121204", ""},
	{"GET /api/medical/items-pricelists/", "121301", ""},
	{"GET /api/medical/items-pricelists/{id}/", "121301", ""},
	{"GET /api/medical/items-pricelists/{id}/history/", "121301", ""},
	{"GET /api/medical/items-pricelist-details/", "121301", ""},
	{"GET /api/medical/items-pricelist-details/{id}/", "121301", ""},
	{"POST /api/medical/items-pricelists/", "121302", `{}`},
	{"POST /api/medical/items-pricelists/create/", "121302", `{}`},
	{"PATCH /api/medical/items-pricelists/{id}/", "121303", `{}`},
	{"POST /api/medical/items-pricelists/update/", "121303", `{}`},
	{"DELETE /api/medical/items-pricelists/{id}/", "121304", ""},

	{"GET /api/insuree/insurees/", "101101", ""},
	{"GET /api/insuree/insurees/{id}/", "101101", ""},
	{"GET /api/insuree/insurees/{id}/history/", "101101", ""},
	{"GET /api/insuree/insurees/{id}/photo/", "101101", ""},
	{"POST /api/insuree/insurees/", "101102", `{}`},
	{"PATCH /api/insuree/insurees/{id}/", "101103", `{}`},
	{"PUT /api/insuree/insurees/{id}/", "101103", `{}`},
	{"POST /api/insuree/insurees/{id}/photo/", "101103", `{}`},
	{"DELETE /api/insuree/insurees/{id}/", "101104", ""},
	{"POST /api/insuree/insurees/delete/", "101104", `{}`},
	{"POST /api/insuree/insurees/change-family/", "101003+101103", `{}`},
	{"GET /api/core/fetch_export/", "any", ""},
	{"GET /api/insuree/families/", "101001", ""},
	{"GET /api/insuree/families/{id}/", "101001", ""},
	{"GET /api/insuree/families/{id}/history/", "101001", ""},
	{"POST /api/insuree/families/", "101002", `{}`},
	{"PATCH /api/insuree/families/{id}/", "101003", `{}`},
	{"PUT /api/insuree/families/{id}/", "101003", `{}`},
	{"POST /api/insuree/families/set-head/", "101003", `{}`},
	{"DELETE /api/insuree/families/{id}/", "101004", ""},
	{"POST /api/insuree/families/delete/", "101004", `{}`},
	{"POST /api/insuree/families/remove-members/", "101104", `{}`},
	{"GET /api/insuree/genders/", "101101", ""},
	{"GET /api/insuree/genders/{id}/", "101101", ""},
	{"GET /api/insuree/status-reasons/", "any", ""},
	{"GET /api/insuree/status-reasons/{id}/", "any", ""},
	{"DELETE /api/insuree/status-reasons/{id}/", "admin", ""},
}

// wordRights are those of the tables that are alike.
func wordRights() (list []opened) {
	for _, words := range []string{"confirmation-types", "educations", "family-types", "identification-types", "professions", "relations"} {
		path := "/api/insuree/" + words + "/"
		list = append(list, opened{"GET " + path, "101001", ""}, opened{"GET " + path + "{id}/", "101001", ""})
	}
	for _, words := range []string{"confirmation-types", "educations", "family-types", "genders", "identification-types", "professions", "relations", "status-reasons"} {
		path := "/api/insuree/" + words + "/"
		list = append(list, opened{"POST " + path, "admin", `{}`}, opened{"PATCH " + path + "{id}/", "admin", `{}`}, opened{"PUT " + path + "{id}/", "admin", `{}`})
	}
	return list
}

const (
	nowhere = `"00000000-0000-4000-8000-000000000000"`
	someone = `lastName: "a" otherNames: "b" genderId: "M" dob: "2000-01-01"`
	ware    = `code: "x" name: "x" type: "C" price: "1" careType: "B" patientCategory: 15`
)

// graphRights are the root fields of GraphQL.
var graphRights = []opened{
	{"query locations", "any", "{totalish}"},
	{"query locationsExport", "any", ""},
	{"query locationsAll", "any", "{totalish}"},
	{"query locationsStr", "any", "{totalish}"},
	{"query locationLocations", "any", "{totalish}"},
	{"query locationLocation", "any", "(id: 9){id}"},
	{"query locationChoices", "any", "{totalish}"},
	{"query locationLevels", "any", "{totalish}"},
	{"query locationLevel", "any", "(id: 9){id}"},
	{"query userDistricts", "any", "{id}"},
	{"query validateLocationCode", "121901", `(locationCode: "x")`},
	{"mutation createLocation", "121902", `code: "x" name: "x" type: "V" parentUuid: "{ward uuid}"`},
	{"mutation createLocation", "121906", `code: "x" name: "x" type: "R"`},
	{"mutation updateLocation", "121903", `uuid: "{village uuid}" code: "x" name: "x" type: "V"`},
	{"mutation updateLocation", "121906", `uuid: "{district uuid}" code: "x" name: "x" type: "D"`},
	{"mutation deleteLocation", "121904", `uuid: ` + nowhere},
	{"mutation moveLocation", "121905", `uuid: ` + nowhere},
	{"mutation createLocationLocation", "121902", `name: "x" code: "x" level: {village level} parent: {ward}`},
	{"mutation createLocationLocation", "121906", `name: "x" code: "x" level: {region level}`},
	{"mutation updateLocationLocation", "121903", `id: "{village}" name: "x"`},
	{"mutation updateLocationLocation", "121906", `id: "{district}" name: "x"`},
	{"mutation createLocationLevel", "admin", `name: "x"`},
	{"mutation updateLocationLevel", "admin", `id: 9`},

	{"query healthFacilities", "any", "{totalish}"},
	{"query healthFacilitiesExport", "any", ""},
	{"query healthFacility", "any", "(id: 9){id}"},
	{"query healthFacilitiesStr", "any", "{totalish}"},
	{"query validateHealthFacilityCode", "121101", `(healthFacilityCode: "x")`},
	{"mutation createHealthFacility", "121102", `code: "x" name: "x" legalFormId: "C" level: "C" locationId: 9 careType: "B"`},
	{"mutation updateHealthFacility", "121103", `uuid: ` + nowhere + ` code: "x" name: "x" legalFormId: "C" level: "C" locationId: 9 careType: "B"`},
	{"mutation deleteHealthFacility", "121104", `uuid: ` + nowhere},

	{"query diagnoses", "any", "{totalish}"},
	{"query diagnosesStr", "any", "{totalish}"},
	{"query medicalItems", "any", "{totalish}"},
	{"query medicalItemsExport", "any", ""},
	{"query medicalItemsStr", "any", "{totalish}"},
	{"query medicalServices", "any", "{totalish}"},
	{"query medicalServicesExport", "any", ""},
	{"query medicalServicesStr", "any", "{totalish}"},
	{"query pricelists", "any", "{items{id}}"},
	{"query validateItemCode", "122101", `(itemCode: "x")`},
	{"query validateServiceCode", "121401", `(serviceCode: "x")`},
	{"mutation createItem", "122102", strings.Replace(ware, `"C"`, `"D"`, 1)},
	{"mutation updateItem", "122103", `uuid: ` + nowhere + strings.Replace(ware, `"C"`, `"D"`, 1)},
	{"mutation deleteItem", "122104", `uuids: [` + nowhere + `]`},
	{"mutation createService", "121402", ware + ` level: "S"`},
	{"mutation updateService", "121403", `uuid: ` + nowhere + ware + ` level: "S"`},
	{"mutation deleteService", "121404", `uuids: [` + nowhere + `]`},
	{"query servicesPricelists", "121201", "{totalish}"},
	{"query servicesPricelistsExport", "121201", ""},
	{"query servicesPricelist", "121201", "(id: 9){id}"},
	{"query validateServicesPricelistName", "121201", `(servicesPricelistName: "x")`},
	{"mutation createServicesPricelist", "121202", `name: "x" pricelistDate: "2026-01-01" addedDetails: [` + nowhere + `]`},
	{"mutation updateServicesPricelist", "121203", `uuid: ` + nowhere + ` name: "x" pricelistDate: "2026-01-01"`},
	{"mutation deleteServicesPricelist", "121204", `uuids: [` + nowhere + `]`},
	{"query itemsPricelists", "121301", "{totalish}"},
	{"query itemsPricelistsExport", "121301", ""},
	{"query itemsPricelist", "121301", "(id: 9){id}"},
	{"query validateItemsPricelistName", "121301", `(itemsPricelistName: "x")`},
	{"mutation createItemsPricelist", "121302", `name: "x" pricelistDate: "2026-01-01" addedDetails: [` + nowhere + `]`},
	{"mutation updateItemsPricelist", "121303", `uuid: ` + nowhere + ` name: "x" pricelistDate: "2026-01-01"`},
	{"mutation deleteItemsPricelist", "121304", `uuids: [` + nowhere + `]`},

	{"query insurees", "101101", "{totalish}"},
	{"query insureesExport", "101101", ""},
	{"query customFilters", "101101", `(moduleName: "insuree" objectTypeName: "Insuree"){type}`},
	{"query customFilters", "101001", `(moduleName: "insuree" objectTypeName: "Family"){type}`},
	{"query insuree", "101101", "(id: 9){id}"},
	{"query families", "101001", "{totalish}"},
	{"query familiesExport", "101001", ""},
	{"query family", "101001", "(id: 9){id}"},
	{"query familyMembers", "101101", `(familyUuid: ` + nowhere + `){totalish}`},
	{"query canAddInsuree", "101101", "(familyId: 9)"},
	{"query insureeNumberValidity", "101101", `(insureeNumber: "x"){isValid}`},
	{"query insureeGenders", "101101", "{code}"},
	{"query educations", "101001", "{id}"},
	{"query professions", "101001", "{id}"},
	{"query relations", "101001", "{id}"},
	{"query familyTypes", "101001", "{code}"},
	{"query confirmationTypes", "101001", "{code}"},
	{"query identificationTypes", "101001", "{code}"},
	{"query insureeStatusReasons", "any", "{totalish}"},
	{"mutation createFamily", "101002", `headInsureeId: 9`},
	{"mutation updateFamily", "101003", `uuid: ` + nowhere},
	{"mutation deleteFamilies", "101004", `uuids: [` + nowhere + `]`},
	{"mutation setFamilyHead", "101003", `uuid: ` + nowhere + ` insureeUuid: ` + nowhere},
	{"mutation changeInsureeFamily", "101003+101103", `familyUuid: ` + nowhere + ` insureeUuid: ` + nowhere},
	{"mutation createInsuree", "101102", `chfId: "" ` + someone},
	{"mutation updateInsuree", "101103", `uuid: ` + nowhere + someone}, // not 101102, as in the original (E25)
	{"mutation deleteInsurees", "101104", `uuids: [` + nowhere + `]`},
	{"mutation removeInsurees", "101104", `uuids: [` + nowhere + `]`},
}

// asking are those who try: one with each right and no other, one with none, one with each pair that is asked for, and the administrators.
func asking() (moduletest.People, []string) {
	everybody := moduletest.People{"admin": people["admin"], "all": {UserID: 7, Workspace: imis, Rights: numbers}, "both": {UserID: 8, Workspace: imis, Rights: []int{101003, 101103}}, "none": {UserID: 6, Workspace: imis}}
	for i, number := range numbers {
		everybody[fmt.Sprint(number)] = &almoner.Actor{UserID: int64(100 + i), Workspace: imis, Rights: []int{number}}
	}
	return everybody, slices.Sorted(maps.Keys(everybody))
}

// lets tells whether somebody may do what is opened by by.
func lets(by, who string) bool {
	switch who {
	case "admin":
		return true
	case "all":
		return by != "admin"
	case "both":
		return by == "any" || strings.Contains(by, "101003") || strings.Contains(by, "101103")
	}
	return by == "any" || slices.Contains(strings.Fields(by), who)
}

var rootField = regexp.MustCompile(`(?m)^  (\w+)[(:]`)

// roots are the fields of a root type in the schema.
func roots(sdl, kind string) []string {
	_, body, _ := strings.Cut(sdl, "\ntype "+kind+" {")
	body, _, _ = strings.Cut(body, "\n}")
	var list []string
	for _, m := range rootField.FindAllStringSubmatch(body, -1) {
		list = append(list, strings.ToLower(kind)+" "+m[1])
	}
	return list
}

// Whoever holds the right for an operation may use it, nobody else, on both wires; no operation is forgotten.
func TestRightsOfOperations(t *testing.T) {
	t.Parallel()
	everybody, names := asking()
	moduletest.Each(t, list, everybody, func(w *moduletest.World) {
		t := w.T
		l := &lab{World: w, Service: w.Set.Parts["insuree"].Service.(*Service)}
		l.plant()
		text := func(sql string) (s string) {
			l.Helper()
			if err := l.DB.QueryRow(l.Context(), sql).Scan(&s); err != nil {
				l.Fatalf("%s: %v", sql, err)
			}
			return s
		}
		fill := strings.NewReplacer(
			"{village}", fmt.Sprint(l.village[1]), "{district}", fmt.Sprint(l.district[1]), "{village uuid}", l.villageUUID[1], "{district uuid}", l.districtUUID[1],
			"{ward}", text("select cast(id as text) from location_locations where p_code = 'W1'"), "{ward uuid}", text("select uuid from location_locations where p_code = 'W1'"),
			"{village level}", text("select cast(id as text) from location_levels where type = 'V'"), "{region level}", text("select cast(id as text) from location_levels where type = 'R'"),
			"{totalish}", "{pageInfo{hasNextPage}}",
		)
		at := func(path string) string { return strings.ReplaceAll(fill.Replace(path), "{id}", "987654") }
		asked := map[string]bool{}
		for _, o := range slices.Concat(restRights, wordRights()) {
			op := strings.NewReplacer("{village}", "{id}", "{district}", "{id}").Replace(o.op)
			asked[op] = true
			method, path, _ := strings.Cut(o.op, " ")
			for _, who := range names {
				rec := l.Send(who, method, at(path), fill.Replace(o.with))
				if got := rec.Code != 403; got != lets(o.by, who) {
					t.Errorf("%s, for %s, by %s: %d %s", o.op, o.by, who, rec.Code, rec.Body)
				}
				if rec.Code == 403 && !strings.Contains(rec.Body.String(), `{"detail":"You `) || rec.Code >= 500 {
					t.Errorf("%s by %s: %d %s", o.op, who, rec.Code, rec.Body)
				}
			}
			if rec := l.Send("", method, at(path), fill.Replace(o.with)); rec.Code != 401 && rec.Code != 403 {
				t.Errorf("%s by a stranger: %d %s", o.op, rec.Code, rec.Body)
			}
		}
		for _, op := range l.API.Operations() {
			// Descriptions of records are there for whoever is signed in, whatever they are of.
			if key := op.Method + " " + op.Path; !asked[key] && !strings.HasPrefix(op.Path, "/api/schemas/") {
				t.Errorf("%s: nobody says for whom it is", key)
			}
		}
		for _, o := range graphRights {
			asked[o.op] = true
			kind, name, _ := strings.Cut(o.op, " ")
			with := fill.Replace(o.with)
			for _, who := range names {
				var refusal string
				refused := false
				if kind == "mutation" {
					refusal = l.mutate(who, name, with)
					refused = strings.Contains(refusal, `"code":"permission_denied"`) || strings.Contains(refusal, `"code":"location.unauthorized_to_create_update_region_district"`)
				} else {
					rec := l.Send(who, "POST", "/api/graphql", fmt.Sprintf(`{"query":%q}`, "{"+name+with+"}"))
					refusal = rec.Body.String()
					refused = strings.Contains(refusal, `"code":"FORBIDDEN"`)
					if rec.Code != 200 || refused && !strings.Contains(refusal, `"`+name+`":null`) {
						t.Errorf("%s by %s: %d %s", o.op, who, rec.Code, refusal)
					}
				}
				if refused == lets(o.by, who) {
					t.Errorf("%s, for %s, by %s: %s", o.op, o.by, who, refusal)
				}
			}
			document := "{" + name + with + "}"
			if kind == "mutation" {
				document = "mutation{" + name + "(input:{" + with + "}){internalId}}"
			}
			if rec := l.Send("", "POST", "/api/graphql", fmt.Sprintf(`{"query":%q}`, document)); rec.Code != 401 {
				t.Errorf("%s by a stranger: %d %s", o.op, rec.Code, rec.Body)
			}
		}
		sdl := string(l.API.GraphQL().SDL())
		for _, root := range append(roots(sdl, "Query"), roots(sdl, "Mutation")...) {
			// node shows what lists and records show: the tests of scopes ask it.
			if !asked[root] && root != "query node" {
				t.Errorf("%s: nobody says for whom it is", root)
			}
		}
	})
}
