package medical

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/module/moduletest"
	"almoner.dev/almoner/modules/location"
)

var (
	list   = []module.Definition{location.Module, Module}
	scheme = almoner.Workspace{ID: 1, Code: "IMIS"}
	people = moduletest.People{
		"admin":   {UserID: 1, Superuser: true, AllRights: true, Workspace: scheme},
		"keeper":  {UserID: 2, Workspace: scheme, Rights: []int{121201, 121202, 121203, 121204, 121301, 121302, 121303, 121304, 121401, 121402, 121403, 121404, 122101, 122102, 122103, 122104}},
		"clerk":   {UserID: 3, Workspace: scheme},
		"distant": {UserID: 4, Superuser: true, AllRights: true, Workspace: almoner.Workspace{ID: 2, Code: "ELSE"}},
	}
)

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	moduletest.SameSchema(t, list)
}

// ask sends a document over GraphQL and compares the whole answer.
func ask(w *moduletest.World, person, document, answer string) {
	w.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		w.Fatal(err)
	}
	w.Want(person, "POST", "/api/graphql", string(body), 200, answer)
}

// do sends a mutation and compares what the log then says of it, "" for success.
func do(w *moduletest.World, person, document, trouble string) {
	w.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		w.Fatal(err)
	}
	rec := w.Send(person, "POST", "/api/graphql", string(body))
	var log struct{ Error *string }
	row := w.DB.QueryRow(w.Context(), "select error from api_mutations order by id desc limit 1")
	if err := row.Scan(&log.Error); err != nil {
		w.Fatalf("%s: %s %v", document, rec.Body, err)
	}
	switch {
	case rec.Code != 200 || strings.Contains(rec.Body.String(), `"errors"`):
		w.Errorf("%s: %d %s", document, rec.Code, rec.Body)
	case trouble == "" && log.Error != nil:
		w.Errorf("%s: %s", document, *log.Error)
	case trouble != "" && (log.Error == nil || !slices.ContainsFunc(strings.Split(trouble, "|"), func(one string) bool { return strings.Contains(*log.Error, one) })):
		w.Errorf("%s: the log has %v, want %s", document, log.Error, trouble)
	}
}

const payload = "{clientMutationId internalId}"

// What nobody filled in is sent empty, also where it is a number or a choice; "" and null are the same category (openimis-claims §1.2).
func TestEmptyInput(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		do(w, "keeper", `mutation { createItem(input: { code: "0003", name: "Plain", type: "M", price: "1", careType: "O", patientCategory: 15, quantity: "", maximumAmount: "", frequency: ""}) `+payload+` }`, "")
		do(w, "keeper", `mutation { createService(input: { code: "E1", name: "Empty", type: "P", price: "1", careType: "I", patientCategory: 15, category: "", level: "S", items: [{itemId: 1, status: true, qtyProvided: 1, priceAsked: ""}]}) `+payload+` }`, "")
		ask(w, "keeper", `{ medicalItems(code: "0003") { edges { node { quantity maximumAmount frequency } } } medicalServices(code: "E1") { edges { node { category servicesLinked { priceAsked } } } } }`,
			`{"data":{"medicalItems":{"edges":[{"node":{"quantity":null,"maximumAmount":null,"frequency":null}}]},"medicalServices":{"edges":[{"node":{"category":null,"servicesLinked":[{"priceAsked":null}]}}]}}}`)
		// What must be there is not made up.
		do(w, "keeper", `mutation { createItem(input: { code: "0004", name: "Priceless", type: "M", price: "", careType: "O", patientCategory: 15}) `+payload+` }`, "not_a_number")
		do(w, "keeper", `mutation { createItem(input: { code: "0004", name: "Of no type", type: "", price: "1", careType: "O", patientCategory: 15}) `+payload+` }`, "invalid_choice")
	})
}

// The documents are in the style of the web client: literals in place, numbers as texts, slashes escaped.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		const drug = `uuid: "0190b2a1-7e5c-7000-8000-000000000001", code: "0001", name: "Acetyl\/salicylic", type: "D", price: "10.00", quantity: "1", maximumAmount: "30", careType: "B", frequency: "7", patientCategory: 15, package: "1000 TABLETS"`
		do(w, "keeper", `mutation { createItem(input: { clientMutationId: "c1", clientMutationLabel: "Create", `+drug+`}) `+payload+` }`, "")
		do(w, "keeper", `mutation { createItem(input: { code: "0001", name: "Twice", type: "M", price: "1", careType: "O", patientCategories: [MALE, MINOR]}) `+payload+` }`, `"code":"unique"`)
		do(w, "keeper", `mutation { createItem(input: { code: "0002", name: "Gauze", type: "M", price: "1.5", careType: "O", patientCategories: [MALE, MINOR]}) `+payload+` }`, "")
		do(w, "keeper", `mutation { createItem(input: { code: "0003", name: "Nobody", type: "M", price: "1", careType: "O"}) `+payload+` }`, "patient_category_missing")
		do(w, "keeper", `mutation { createItem(input: { code: "0003", name: "Dear", type: "M", price: "1.005", careType: "O", patientCategory: 15}) `+payload+` }`, "too_many_decimals")
		do(w, "clerk", `mutation { createItem(input: { code: "0003", name: "No right", type: "M", price: "1", careType: "O", patientCategory: 15}) `+payload+` }`, "permission_denied")
		do(w, "keeper", `mutation { createService(input: { code: "A1", name: "Consultation", type: "C", price: "400.00", careType: "O", patientCategory: 15, category: "C", level: "S", packagetype: "P", manualPrice: true,
			items: [{itemId: 1, qtyProvided: 2, priceAsked: "9.50", status: true}], services: []}) `+payload+` }`, "")
		ask(w, "clerk", `{ medicalItems(first: 10, orderBy: ["code"]) { totalCount edges { node { code name type quantity maximumAmount price careType frequency patientCategory validityTo package } } } }`,
			`{"data":{"medicalItems":{"totalCount":2,"edges":[
				{"node":{"code":"0001","name":"Acetyl/salicylic","type":"D","quantity":"1.00","maximumAmount":"30.00","price":"10.00","careType":"B","frequency":7,"patientCategory":15,"validityTo":null,"package":"1000 TABLETS"}},
				{"node":{"code":"0002","name":"Gauze","type":"M","quantity":null,"maximumAmount":null,"price":"1.50","careType":"O","frequency":null,"patientCategory":9,"validityTo":null,"package":null}}]}}}`)
		const service = "0190b2a1-7e5c-7000-8000-000000000002"
		w.Want("keeper", "PATCH", "/api/medical/services/1/", `{"name":"General consultation"}`, 200, "")
		ask(w, "clerk", `{ medicalServices(code_Icontains: "a", type: "C", first: 20) { totalCount edges { node { name level category packagetype manualPrice servicesLinked { item { code name } qtyProvided priceAsked } serviceserviceSet { id } } } } }`,
			`{"data":{"medicalServices":{"totalCount":1,"edges":[{"node":{"name":"General consultation","level":"S","category":"C","packagetype":"P","manualPrice":true,
			"servicesLinked":[{"item":{"code":"0001","name":"Acetyl/salicylic"},"qtyProvided":2,"priceAsked":"9.50"}],"serviceserviceSet":[]}}]}}}`)
		do(w, "keeper", `mutation { updateItem(input: { `+strings.Replace(drug, `price: "10.00"`, `price: "11"`, 1)+`}) `+payload+` }`, "")
		// The history is for those who may search; others get what is in force.
		ask(w, "keeper", `{ medicalItems(showHistory: true, code: "0001", orderBy: "price") { edges { node { price } } } }`, `{"data":{"medicalItems":{"edges":[{"node":{"price":"10.00"}},{"node":{"price":"11.00"}}]}}}`)
		ask(w, "clerk", `{ medicalItems(showHistory: true, code: "0001") { edges { node { price } } } }`, `{"data":{"medicalItems":{"edges":[{"node":{"price":"11.00"}}]}}}`)
		ask(w, "keeper", `{ validateItemCode(itemCode: "0001") }`, `{"data":{"validateItemCode":false}}`)
		ask(w, "keeper", `{ validateServiceCode(serviceCode: "ZZ") }`, `{"data":{"validateServiceCode":true}}`)
		do(w, "keeper", `mutation { deleteItem(input: { uuids: ["`+service+`"] }) `+payload+` }`, "no_such_record")
		// Each that is unknown is told at its place, and nothing is done.
		do(w, "keeper", `mutation { deleteItem(input: { uuids: ["0190b2a1-7e5c-7000-8000-000000000001", "`+service+`", "0190b2a1-7e5c-7000-8000-000000000098"] }) `+payload+` }`,
			`[{"message":"There is no such record.","detail":"uuids.1","code":"medical.no_such_record"},{"message":"There is no such record.","detail":"uuids.2","code":"medical.no_such_record"}]`)
		do(w, "distant", `mutation { deleteItem(input: { uuids: ["0190b2a1-7e5c-7000-8000-000000000001"] }) `+payload+` }`, "no_such_record")
		ask(w, "distant", `{ medicalItems { totalCount } medicalItemsStr(str: "0") { totalCount } }`, `{"data":{"medicalItems":{"totalCount":0},"medicalItemsStr":{"totalCount":0}}}`)
	})
}

// TestBundles writes what services hold, over both wires.
// What was in force on a day is found by it, however often it was changed, added or removed since; what came later is not.
func TestCatalogueOfADay(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		id := func(n int) string { return fmt.Sprintf("0190b2a1-7e5c-7000-8000-%012d", n) }
		for i, code := range []string{"OLD", "CHG", "NEW"} {
			do(w, "keeper", fmt.Sprintf(`mutation { createItem(input: { uuid: "%s", code: "%s", name: "Drug", type: "D", price: "1", careType: "B", patientCategory: 15 }) `, id(i+1), code)+payload+` }`, "")
		}
		do(w, "keeper", `mutation { createItemsPricelist(input: { uuid: "`+id(9)+`", name: "List", pricelistDate: "2026-01-01", addedDetails: ["`+id(1)+`", "`+id(2)+`"] }) `+payload+` }`, "")
		// All of that was long ago.
		err := w.DB.InTx(w.Context(), func(tx *db.Tx) error {
			for _, table := range []string{"medical_items", "medical_items_pricelists", "medical_items_pricelist_details"} {
				for _, t := range []string{table, table + "_versions"} {
					where := map[bool]string{true: " where code <> 'NEW'", false: ""}[table == "medical_items"]
					if _, err := tx.Exec(w.Context(), "update "+t+" set validity_from = $1"+where, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
		do(w, "keeper", `mutation { updateItem(input: { uuid: "`+id(2)+`", code: "CHG", name: "Drug", type: "D", price: "2", careType: "B", patientCategory: 15 }) `+payload+` }`, "")
		do(w, "keeper", `mutation { updateItemsPricelist(input: { uuid: "`+id(9)+`", name: "List", pricelistDate: "2026-01-01", removedDetails: ["`+id(1)+`"], addedDetails: ["`+id(3)+`"], priceOverrules: [{uuid: "`+id(2)+`", price: "7"}] }) `+payload+` }`, "")
		for _, c := range []struct{ args, want string }{
			{`orderBy: "code"`, "CHG NEW OLD"},
			{`orderBy: "code", date: "2019-12-31"`, ""},
			{`orderBy: "code", date: "2021-06-01"`, "CHG OLD"},
			{`orderBy: "code", date: "2090-01-01"`, "CHG NEW OLD"},
			{`orderBy: "code", pricelistUuid: "` + id(9) + `"`, "CHG NEW"},
			{`orderBy: "code", pricelistUuid: "` + id(9) + `", date: "2019-12-31"`, ""},
			{`orderBy: "code", pricelistUuid: "` + id(9) + `", date: "2021-06-01"`, "CHG OLD"},
			{`orderBy: "code", pricelistUuid: "` + id(9) + `", date: "2090-01-01"`, "CHG NEW"},
		} {
			var nodes []string
			for _, code := range strings.Fields(c.want) {
				nodes = append(nodes, `{"node":{"code":"`+code+`"}}`)
			}
			ask(w, "keeper", `{ medicalItemsStr(`+c.args+`) { edges { node { code } } } }`, `{"data":{"medicalItemsStr":{"edges":[`+strings.Join(nodes, ",")+`]}}}`)
		}
	})
}

func TestBundles(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		const at = "/api/medical/services/"
		for _, code := range []string{"I1", "I2"} {
			w.Want("keeper", "POST", "/api/medical/items/", fmt.Sprintf(`{"code":"%s","name":"Item %s","type":"D","price":"2.50","care_type":"B"}`, code, code), 201, "")
		}
		service := func(code, more string) string {
			return fmt.Sprintf(`{"code":"%s","name":"Service %s","type":"C","level":"S","price":"10","care_type":"B"%s}`, code, code, more)
		}
		for _, body := range []string{service("A", `,"packagetype":"P","items":[{"item":1,"qty_provided":2,"price_asked":"2.25"}]`), service("B", ""), service("C", "")} {
			w.Want("keeper", "POST", at, body, 201, "")
		}
		holds := func(id int, items, services string) {
			w.Helper()
			w.Want("keeper", "GET", fmt.Sprintf("%s%d/?fields=items[id,item[code,price],qty_provided,price_asked],services[id,service[code]]", at, id), "", 200, `{"items":`+items+`,"services":`+services+`}`)
		}
		holds(1, `[{"id":1,"item":{"code":"I1","price":"2.50"},"qty_provided":2,"price_asked":"2.25"}]`, `[]`)

		// One request adds, changes and removes; what it does not name stays. Others who saw the service before are told.
		w.Want("keeper", "PATCH", at+"1/", `{"items":[{"item":2,"qty_provided":1}],"services":[{"service":2,"qty_provided":1}]}`, 200, "")
		w.Want("keeper", "PATCH", at+"1/", `{"items":[{"id":1,"_delete":true},{"id":2,"qty_provided":4,"price_asked":"1.5"}]}`, 200, "")
		holds(1, `[{"id":2,"item":{"code":"I2","price":"2.50"},"qty_provided":4,"price_asked":"1.50"}]`, `[{"id":1,"service":{"code":"B"}}]`)
		for _, tag := range []string{`W/"2"`, `W/"3"`} {
			want := map[string]int{`W/"2"`: 409, `W/"3"`: 200}[tag]
			if rec := w.Send("keeper", "PATCH", at+"1/", `{"items":[{"id":2,"qty_provided":5}]}`, "If-Match", tag); rec.Code != want {
				w.Errorf("a change from version %s: %d %s", tag, rec.Code, rec.Body)
			}
		}

		// What is wrong stands at its place in the list, and nothing is written.
		const twice, itself = `["This is in the bundle already."]`, `["A bundle cannot be part of itself, not even by way of another."]`
		refused := func(id int, body, answer string) {
			w.Helper()
			w.Want("keeper", "PATCH", fmt.Sprintf("%s%d/", at, id), body, 400, answer)
		}
		refused(1, `{"name":"X","items":[{"id":2,"qty_provided":-1},{"item":1,"price_asked":"-1"},{"item":1},{"item":2},{"item":99}]}`,
			`{"items":[{"qty_provided":["This may not be negative."]},{"price_asked":["This may not be negative."]},{"item":`+twice+`},{"item":`+twice+`},{"item":["Invalid pk \"99\" - object does not exist."]}]}`)
		refused(1, `{"services":[{"service":1}]}`, `{"services":[{"service":`+itself+`}]}`)
		refused(2, `{"services":[{"service":3},{"service":1}]}`, `{"services":[{},{"service":`+itself+`}]}`)
		w.Want("keeper", "PATCH", at+"2/", `{"services":[{"service":3}]}`, 200, "")
		refused(3, `{"services":[{"service":1}]}`, `{"services":[{"service":`+itself+`}]}`) // 1 holds 2, which holds 3
		refused(1, `{"services":[{"service":2}]}`, `{"services":[{"service":`+twice+`}]}`)
		// A list that replaces the other, and a row that makes room, may name again what was there.
		w.Want("keeper", "PUT", at+"1/", service("A", `,"packagetype":"P","items":[{"item":2,"qty_provided":6}],"services":[{"service":3}]`), 200, "")
		holds(1, `[{"id":3,"item":{"code":"I2","price":"2.50"},"qty_provided":6,"price_asked":null}]`, `[{"id":3,"service":{"code":"C"}}]`)
		w.Want("keeper", "PATCH", at+"1/", `{"items":[{"id":3,"item":1},{"item":2}]}`, 200, "")
		w.Want("clerk", "PATCH", at+"1/", `{"items":[]}`, 403, "")

		// Over GraphQL an update is complete, and the version grows once.
		const update = `mutation { updateService(input: { uuid: "%s", code: "A", name: "Service A", type: "C", level: "S", price: "10", careType: "B", patientCategory: 15, packagetype: "P", items: [%s], services: [%s]}) ` + payload + ` }`
		var uuid string
		var before, after int64
		read := func(into *int64) {
			if err := w.DB.QueryRow(w.Context(), "select uuid, version from medical_services where code = 'A' and validity_to is null").Scan(&uuid, into); err != nil {
				w.Fatal(err)
			}
		}
		read(&before)
		do(w, "keeper", fmt.Sprintf(update, uuid, `{itemId: 1, qtyProvided: 9, status: true}`, ``), "")
		read(&after)
		if after != before+1 {
			w.Errorf("version %d became %d", before, after)
		}
		holds(1, `[{"id":3,"item":{"code":"I1","price":"2.50"},"qty_provided":9,"price_asked":null}]`, `[]`)
		do(w, "keeper", fmt.Sprintf(update, uuid, ``, `{serviceId: 1, status: true}`), `"code":"medical.bundle_of_itself"`)
		do(w, "keeper", fmt.Sprintf(update, uuid, `{itemId: 1, status: true}, {itemId: 1, status: true}`, ``), `"code":"medical.twice_in_bundle"`)
		holds(1, `[{"id":3,"item":{"code":"I1","price":"2.50"},"qty_provided":9,"price_asked":null}]`, `[]`)

		// The history of the bundle tells of its parts, by name, also of those that went.
		var told []string
		var entries []entity.Entry
		if err := json.Unmarshal(w.Send("keeper", "GET", at+"1/history/", "").Body.Bytes(), &entries); err != nil {
			w.Fatal(err)
		}
		for _, e := range entries {
			line := e.Verb + " " + e.Display
			for _, c := range e.Changes {
				if c.Field == "qty_provided" {
					line += fmt.Sprintf(" %v→%v", c.Before, c.After)
				}
			}
			told = append(told, line)
		}
		got := strings.Join(told, "; ")
		for _, want := range []string{"created Item I1 <nil>→2", "deleted Item I1", "updated Item I2 1→4", "updated Item I2 4→5", "created Service B <nil>→1", "deleted Service B"} {
			if !strings.Contains(got, want) {
				w.Errorf("the history misses %q: %s", want, got)
			}
		}
	})
}

func TestPriceLists(t *testing.T) {
	t.Parallel()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		uuid := func(n int) string { return fmt.Sprintf("0190b2a1-7e5c-7000-8000-%012d", n) }
		for i, code := range []string{"0001", "0002", "0003"} {
			do(w, "keeper", fmt.Sprintf(`mutation { createItem(input: { uuid: "%s", code: "%s", name: "Item %s", type: "D", price: "%d", careType: "B", patientCategory: 15}) %s }`, uuid(i+1), code, code, 10*(i+1), payload), "")
		}
		for _, body := range []string{`{"number":0,"name":"R","type":"R"}`, `{"number":1,"name":"D","type":"D"}`} {
			w.Want("admin", "POST", "/api/location/levels/", body, 201, "")
		}
		w.Want("admin", "POST", "/api/location/locations/", `{"name":"R1","p_code":"R1","level":1}`, 201, "")
		w.Want("admin", "POST", "/api/location/locations/", `{"name":"D1","p_code":"D1","level":2,"parent":1}`, 201, "")
		place := func(id int) (text string) {
			if err := w.DB.QueryRow(w.Context(), "select uuid from location_locations where id = $1", int64(id)).Scan(&text); err != nil {
				w.Fatal(err)
			}
			return text
		}
		change := func(person, name, input, trouble string) {
			do(w, person, `mutation { `+name+`ItemsPricelist(input: {`+input+`}) `+payload+` }`, trouble)
		}
		national := `name: "National", pricelistDate: "2026-01-01"`
		change("clerk", "create", national, "permission_denied")
		change("keeper", "create", `uuid: "`+uuid(50)+`", `+national+`, addedDetails: ["`+uuid(1)+`", "`+uuid(2)+`", "`+uuid(1)+`"], priceOverrules: [{uuid: "`+uuid(2)+`", price: "19.50"}]`, "")
		change("keeper", "create", national, `"code":"unique"`)
		change("keeper", "create", `name: "Not mine", pricelistDate: "2026-01-01", locationId: "`+place(2)+`"`, "no_such_record|not_your_place")
		change("admin", "create", `uuid: "`+uuid(51)+`", name: "Regional", pricelistDate: "2026-01-01", locationId: "`+place(1)+`", addedDetails: ["`+uuid(3)+`"]`, "")
		change("keeper", "update", `uuid: "`+uuid(50)+`", `+national+`, addedDetails: ["`+uuid(3)+`"], removedDetails: ["`+uuid(1)+`"], priceOverrules: [{uuid: "`+uuid(2)+`"}, {uuid: "`+uuid(3)+`", price: "29"}]`, "")
		change("keeper", "update", `uuid: "`+uuid(50)+`", `+national+`, priceOverrules: [{uuid: "`+uuid(1)+`", price: "1"}]`, "not_in_list")
		ask(w, "keeper", `{ pricelists(itemsPricelistId: 1) { services { id p } items { id p } } }`, `{"data":{"pricelists":{"services":[],"items":[{"id":2,"p":null},{"id":3,"p":"29.00"}]}}}`)
		// A list of a place is seen by those who work there.
		ask(w, "keeper", `{ pricelists(itemsPricelistId: 2) { items { id } } }`, `{"data":{"pricelists":{"items":[]}}}`)
		ask(w, "keeper", `{ itemsPricelists(name_Icontains: "", location_Uuid: "") { totalCount edges { node { uuid name pricelistDate location { id } validityTo } } } }`,
			`{"data":{"itemsPricelists":{"totalCount":1,"edges":[{"node":{"uuid":"`+uuid(50)+`","name":"National","pricelistDate":"2026-01-01","location":null,"validityTo":null}}]}}}`)
		ask(w, "admin", `{ itemsPricelists(locationUuid: "`+place(2)+`") { edges { node { name location { code parent { code } } detailsCount: details { totalCount } } } } }`,
			`{"data":{"itemsPricelists":{"edges":[{"node":{"name":"National","location":null,"detailsCount":{"totalCount":2}}},{"node":{"name":"Regional","location":{"code":"R1","parent":null},"detailsCount":{"totalCount":1}}}]}}}`)
		w.Want("keeper", "GET", "/api/medical/items-pricelists/2/", "", 404, "")
		w.Want("keeper", "GET", "/api/medical/items-pricelist-details/?pricelist=2&fields=id", "", 200, `{"count":0,"next":null,"previous":null,"results":[]}`)
		// The lines of a list, as its page asks for them: found by what they price, those with a price of their own first, with the catalogue's beside it.
		w.Want("keeper", "GET", "/api/medical/items-pricelist-details/?pricelist=1&search=item&ordering=-price&fields=item[code,price],price_overrule", "", 200,
			`{"count":2,"next":null,"previous":null,"results":[{"item":{"code":"0003","price":"30.00"},"price_overrule":"29.00"},{"item":{"code":"0002","price":"20.00"},"price_overrule":null}]}`)
		w.Want("keeper", "GET", "/api/medical/items-pricelist-details/?pricelist=1&search=0003&price_overrule__isnull=false&fields=item[code]", "", 200,
			`{"count":1,"next":null,"previous":null,"results":[{"item":{"code":"0003"}}]}`)
		w.Want("clerk", "GET", "/api/medical/items-pricelist-details/?pricelist=1", "", 403, "")
		ask(w, "keeper", `{ node(id: "`+global("ItemsPricelistGQLType", 1)+`") { id ... on ItemsPricelistGQLType { name detailsCount: details { totalCount } } } }`,
			`{"data":{"node":{"id":"`+global("ItemsPricelistGQLType", 1)+`","name":"National","detailsCount":{"totalCount":2}}}}`)
		ask(w, "keeper", `{ medicalItems(first: 20, orderBy: "code") { edges { node { code pricelistDetails(itemsPricelist: "`+global("ItemsPricelistGQLType", 1)+`") { edges { node { priceOverrule } } } } } } }`,
			`{"data":{"medicalItems":{"edges":[{"node":{"code":"0001","pricelistDetails":{"edges":[]}}},{"node":{"code":"0002","pricelistDetails":{"edges":[{"node":{"priceOverrule":null}}]}}},{"node":{"code":"0003","pricelistDetails":{"edges":[{"node":{"priceOverrule":"29.00"}}]}}}]}}}`)
		ask(w, "keeper", `{ medicalItemsStr(str: "item", first: 20, pricelistUuid: "`+uuid(50)+`") { edges { node { code price } } } }`,
			`{"data":{"medicalItemsStr":{"edges":[{"node":{"code":"0002","price":"20.00"}},{"node":{"code":"0003","price":"30.00"}}]}}}`)
		ask(w, "keeper", `{ validateItemsPricelistName(itemsPricelistName: "National") }`, `{"data":{"validateItemsPricelistName":false}}`)

		// The price of a day: the line as it was when the day began, else as it is.
		s := w.Set.Parts["medical"].Service.(*Service)
		day := func(d int) time.Time { return time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC) }
		err := w.DB.InTx(w.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.Context(), "update medical_items_pricelist_details set validity_from = $1 where item_id = 2 and validity_to is null", day(10))
			if err == nil {
				_, err = tx.Exec(w.Context(), "update medical_items_pricelist_details_versions set validity_from = $1, validity_to = $2 where item_id = 2 and past_id is not null", day(1), day(10))
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		for _, c := range []struct {
			day  int
			want string
		}{{1, ""}, {2, "19.50"}, {10, "19.50"}, {11, "20.00"}} {
			price, listed, err := s.ItemPrice(w.Context(), w.DB, 1, 2, almoner.NewDate(2026, 3, c.day))
			if err != nil || listed != (c.want != "") || listed && price.String() != c.want {
				w.Errorf("on day %d: %s %v %v, want %q", c.day, price, listed, err, c.want)
			}
		}
		// What leaves the catalogue leaves the lists; a closed list gives no price.
		do(w, "keeper", `mutation { deleteItem(input: { uuids: ["`+uuid(3)+`"] }) `+payload+` }`, "")
		ask(w, "keeper", `{ pricelists(itemsPricelistId: 1) { items { id } } }`, `{"data":{"pricelists":{"items":[{"id":2}]}}}`)
		do(w, "keeper", `mutation { deleteItemsPricelist(input: { uuids: ["`+uuid(50)+`"] }) `+payload+` }`, "")
		change("keeper", "update", `uuid: "`+uuid(50)+`", `+national, "no_such_record")
		if _, listed, err := s.ItemPrice(w.Context(), w.DB, 1, 2, almoner.NewDate(2026, 3, 11)); listed || err != nil {
			w.Errorf("a closed list gives a price: %v %v", listed, err)
		}
	})
}

func global(typ string, id int) string {
	return base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("%s:%d", typ, id)))
}
