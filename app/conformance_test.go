package app_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
)

// schemeHead runs the insurance scheme of the demo world.
const schemeHead = "scheme@almoner.example"

// conforming is one case of the wire that clients of openIMIS count on (openimis-core §2): a document, or a whole body, and what must come back.
type conforming struct {
	name, ask, variables string
	// status is 200 unless it is given.
	status int
	want   []string
	// not must not be in the answer.
	not []string
}

// base64 of a place in a list and of ids, as clients have them from earlier answers.
const (
	cursor2    = "YXJyYXljb25uZWN0aW9uOjI="     // arrayconnection:2
	cursor9999 = "YXJyYXljb25uZWN0aW9uOjk5OTk=" // arrayconnection:9999
)

// connections are the rows of §2.4, over the 23 places of the demo scheme in the order of their codes.
var connections = []conforming{
	{name: "parts", ask: `{medicalItems{totalCount edgeCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor} edges{cursor node{code}}}}`, want: []string{`"totalCount":4,"edgeCount":4,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"YXJyYXljb25uZWN0aW9uOjA=","endCursor":"YXJyYXljb25uZWN0aW9uOjM="}`}},
	{name: "type names", ask: `{medicalItems(first: 1){__typename edges{__typename node{__typename}}}}`, want: []string{`{"__typename":"ItemGQLTypeConnection","edges":[{"__typename":"ItemGQLTypeEdge","node":{"__typename":"ItemGQLType"}}]}`}},
	{name: "first", ask: `{locationsAll(first: 2 orderBy: "code"){pageInfo{hasNextPage hasPreviousPage} edges{node{code}}}}`, want: []string{`{"pageInfo":{"hasNextPage":true,"hasPreviousPage":false},"edges":[{"node":{"code":"R1"}},{"node":{"code":"R1D1"}}]}`}},
	{name: "after", ask: `{locationsAll(first: 1 after: "` + cursor2 + `" orderBy: "code"){pageInfo{hasPreviousPage} edges{cursor node{code}}}}`, want: []string{`"hasPreviousPage":false`, `{"cursor":"YXJyYXljb25uZWN0aW9uOjM=","node":{"code":"R1D1M1V1"}}`}},
	{name: "before", ask: `{locationsAll(first: 2 before: "` + cursor2 + `" orderBy: "code"){edges{node{code}}}}`, want: []string{`[{"node":{"code":"R1"}},{"node":{"code":"R1D1"}}]`}},
	{name: "last", ask: `{locationsAll(last: 2 orderBy: "code"){pageInfo{hasPreviousPage hasNextPage} edges{cursor node{code}}}}`, want: []string{`"hasPreviousPage":true`, `{"cursor":"YXJyYXljb25uZWN0aW9uOjIx","node":{"code":"R2D1M2"}}`}},
	{name: "last before", ask: `{locationsAll(last: 1 before: "` + cursor2 + `" orderBy: "code"){edges{node{code}}}}`, want: []string{`[{"node":{"code":"R1D1"}}]`}},
	{name: "offset", ask: `{locationsAll(first: 1 offset: 4 orderBy: "code"){edges{cursor node{code}}}}`, want: []string{`{"cursor":"YXJyYXljb25uZWN0aW9uOjQ=","node":{"code":"R1D1M1V2"}}`}},
	{name: "offset and after", ask: `{locationsAll(first: 1 offset: 1 after: "` + cursor2 + `" orderBy: "code"){edges{node{code}}}}`, want: []string{`{"code":"R1D1M1V2"}`}},
	{name: "offset and before", ask: `{locationsAll(offset: 1 before: "` + cursor2 + `"){edges{node{code}}}}`, want: []string{`"errors"`, `"locationsAll":null`}},
	{name: "first 0", ask: `{insurees(first: 0){totalCount edges{node{uuid}}}}`, want: []string{`"totalCount":44,"edges":[]`}},
	{name: "no page asked for", ask: `{insurees{edgeCount}}`, want: []string{`"edgeCount":44`}},
	{name: "more than the cap", ask: `{insurees(first: 101){totalCount}}`, want: []string{"Requesting 101 records on the `insurees` connection exceeds the `first` limit of 100 records."}},
	{name: "more than the cap, from behind", ask: `{insurees(last: 101){totalCount}}`, want: []string{"exceeds the `last` limit of 100 records."}},
	{name: "uncapped", ask: `{roleRight(first: 500){totalCount}}`, want: []string{`{"data":{"roleRight":{"totalCount":`}},
	{name: "negative", ask: `{insurees(first: -1){totalCount}}`, want: []string{`"errors"`}},
	{name: "negative offset", ask: `{insurees(offset: -1){totalCount}}`, want: []string{`"errors"`}},
	{name: "broken cursor", ask: `{locationsAll(first: 1 after: "!!" orderBy: "code"){edges{node{code}}}}`, want: []string{`{"code":"R1"}`}},
	{name: "empty cursor", ask: `{locationsAll(first: 1 after: "" orderBy: "code"){edges{node{code}}}}`, want: []string{`{"code":"R1"}`}},
	{name: "cursor behind the end", ask: `{locationsAll(first: 1 after: "` + cursor9999 + `"){edges{node{code}}}}`, want: []string{`"edges":[]`}},
	{name: "total of the whole list", ask: `{insurees(first: 2 lastName_Iexact: "mensah"){totalCount edgeCount}}`, want: []string{`"totalCount":4,"edgeCount":2`}},
	{name: "order from one text", ask: `{insurees(first: 1 orderBy: "-chfId"){edges{node{chfId}}}}`, want: []string{`"100205628"`}},
	{name: "order in snake case", ask: `{insurees(first: 1 orderBy: ["last_name"]){edges{node{lastName}}}}`, want: []string{`"Banda"`}},
	{name: "order in camel case", ask: `{insurees(first: 1 orderBy: ["lastName", "-otherNames"]){edges{node{lastName}}}}`, want: []string{`"Banda"`}},
	{name: "order through a relation", ask: `{families(first: 1 orderBy: ["head_insuree__lastName"]){edges{node{headInsuree{lastName}}}}}`, want: []string{`"Diallo"`}},
	{name: "order by chance", ask: `{insurees(first: 1 orderBy: ["?"]){totalCount edges{node{uuid}}}}`, want: []string{`"totalCount":44`}},
	{name: "order by what there is not", ask: `{insurees(orderBy: ["shoeSize"]){totalCount}}`, want: []string{`"errors"`, `"insurees":null`}},
}

// identified are the rows of §2.6, for a list of each kind: by global id, raw id and UUID. The stand-ins are filled from the first record of the list.
var identified = []string{"insurees", "families", "locations", "healthFacilities", "medicalItems", "medicalServices", "servicesPricelists", "itemsPricelists", "diagnoses", "users"}

// coercions are the rows of §2.7 and of the transport rules that clients rely on.
var coercions = []conforming{
	{name: "Int from text", ask: `query ($n: Int) {insurees(first: $n){edgeCount}}`, variables: `{"n": "3"}`, want: []string{`"edgeCount":3`}},
	{name: "Int cut", ask: `query ($n: Int) {insurees(first: $n){edgeCount}}`, variables: `{"n": 3.7}`, want: []string{`"edgeCount":3`}},
	{name: "Int from nonsense", ask: `query ($n: Int) {insurees(first: $n){edgeCount}}`, variables: `{"n": "three"}`, status: 400, want: []string{`"errors"`}, not: []string{`"data"`}},
	{name: "String from number", ask: `query ($s: String) {insurees(chfId: $s){totalCount}}`, variables: `{"s": 100204037}`, want: []string{`"totalCount":1`}},
	{name: "Boolean from text", ask: `query ($b: Boolean) {insurees(family_Isnull: $b){totalCount}}`, variables: `{"b": "yes"}`, want: []string{`"totalCount":2`}},
	{name: "list from one", ask: `query ($l: [String]) {locationsStr(uuid_In: $l){edges{node{code}}}}`, variables: `{"l": "<uuid>"}`, want: []string{`"edges":[{`}},
	{name: "literal list from one", ask: `{medicalItems(type_In: "M"){totalCount}}`, want: []string{`"totalCount":1`}},
	{name: "unknown variable", ask: `query ($n: Int) {insurees(first: $n){edgeCount}}`, variables: `{"n": 1, "skip": true, "str": "x"}`, want: []string{`"edgeCount":1`}},
	{name: "null is absent", ask: `query ($n: Int, $s: String) {insurees(first: $n, chfId: $s){edgeCount}}`, variables: `{"n": null, "s": null}`, want: []string{`"edgeCount":44`}},
	{name: "null in place", ask: `{insurees(chfId: null){edgeCount}}`, want: []string{`"edgeCount":44`}},
	{name: "empty filter", ask: `{insurees(chfId: "", lastName_Icontains: "", gender_Code: ""){edgeCount}}`, want: []string{`"edgeCount":44`}},
	{name: "commas", ask: `query ($n: Int,) {insurees(first: $n,,, orderBy: "chfId" , , lastName_Icontains: "men"){edgeCount}}`, variables: `{"n": 1}`, want: []string{`"edgeCount":1`}},
	{name: "escaped slash", ask: `{insurees(lastName_Icontains: "a\/b"){edgeCount}}`, want: []string{`"edgeCount":0`}},
	{name: "a quote within", ask: `{insurees(lastName_Icontains: "a"b"){edgeCount}}`, status: 400, want: []string{`"errors"`}, not: []string{`"data"`}},
	{name: "single quotes", ask: `{locationsStr(first: '20'){edges{node{id}}}}`, status: 400, want: []string{`"errors"`}, not: []string{`"data"`}},
	{name: "Date", ask: `query ($d: Date) {insurees(dob_Gte: $d, orderBy: "dob", first: 1){edges{node{dob}}}}`, variables: `{"d": "2012-01-01"}`, want: []string{`"dob":"2012-07-13"`}},
	{name: "Date with a time", ask: `{insurees(dob_Gte: "2012-01-01T00:00:00"){edgeCount}}`, want: []string{`"errors"`}},
	{name: "DateTime with a zone", ask: `query ($t: DateTime) {insurees(validityFrom_Gte: $t){totalCount}}`, variables: `{"t": "2020-01-01T00:00:00+02:00"}`, want: []string{`"totalCount":44`}},
	{name: "DateTime without one", ask: `{insurees(validityFrom_Lte: "2020-01-01T00:00:00"){totalCount}}`, want: []string{`"totalCount":0`}},
	{name: "Decimal is a text", ask: `{medicalItems(code: "I4"){edges{node{price}}}}`, want: []string{`{"price":"45.25"}`}},
	{name: "Decimal from a number", ask: `query ($p: Decimal) {medicalItems(price_Gte: $p){totalCount}}`, variables: `{"p": 10.5}`, want: []string{`"totalCount":1`}},
	{name: "Decimal from a text", ask: `query ($p: Decimal) {medicalItems(price_Gte: $p){totalCount}}`, variables: `{"p": "10.50"}`, want: []string{`"totalCount":1`}},
	{name: "ID from a number", ask: `query ($i: ID) {users(id: $i){totalCount}}`, variables: `{"i": 987654}`, want: []string{`"totalCount":0`}},
	{name: "enum", ask: `{insurees(status: DE){totalCount edges{node{status}}}}`, want: []string{`"totalCount":1`, `"status":"DE"`}},
	{name: "no variables", ask: `{usernameLength}`, want: []string{`{"usernameLength":50}`}},
	{name: "named and unnamed", ask: `query Some_Name { usernameLength }`, want: []string{`50`}},
	{name: "fragments", ask: `{medicalItems(first: 1){edges{node{...F ... on ItemGQLType {name}}}}} fragment F on ItemGQLType {code}`, want: []string{`{"code":"I1","name":"Aspirin"}`}},
	{name: "aliases", ask: `{a: usernameLength b: usernameLength}`, want: []string{`{"a":50,"b":50}`}},
}

// mistakes are the rows of §2.3.
var mistakes = []conforming{
	{name: "syntax", ask: `{`, status: 400, want: []string{`"errors":[{"message":`, `"locations":[{"line":1`}, not: []string{`"data"`}},
	{name: "validation", ask: `{insurees{nothing}}`, status: 400, want: []string{`"errors":[{"message":"Cannot query field`}, not: []string{`"data"`}},
	{name: "unknown argument", ask: `{insurees(shoe: 1){totalCount}}`, status: 400, want: []string{`"errors":[{"message":"Unknown argument`}, not: []string{`"data"`}},
	{name: "unknown type of a variable", ask: `query ($x: Shoe) {insurees{totalCount}}`, status: 400, want: []string{`"errors"`}, not: []string{`"data"`}},
	{name: "required variable", ask: `query ($n: String!) {insureeNumberValidity(insureeNumber: $n){isValid}}`, variables: `{}`, status: 400, want: []string{`"errors"`}, not: []string{`"data"`}},
	{name: "required input", ask: `mutation {createHealthFacility(input: {code: "x" name: "x" level: "C" locationId: 1 careType: "B"}) {internalId}}`, status: 400, want: []string{`legalFormId`}, not: []string{`"data"`}},
	{name: "a resolver's", ask: `{insurees(parentLocation: "x"){totalCount}}`, want: []string{`"errors":[{"message":`, `"path":["insurees"]`, `"data":{"insurees":null}`, `"code":"BAD_REQUEST"`}},
	{name: "one of two", ask: `{usernameLength insurees(parentLocation: "x"){totalCount}}`, want: []string{`"usernameLength":50,"insurees":null`}},
	{name: "unknown record", ask: `{node(id: "SW5zdXJlZUdRTFR5cGU6OTg3NjU0") {id}}`, want: []string{`{"node":null}`}},
	{name: "unknown type of a record", ask: `{node(id: "U2hvZTox") {id}}`, want: []string{`"node":null`}},
}

// answerTo sends a body to the GraphQL wire and returns what comes back.
func answerTo(c *apptest.Client, d conforming) *apptest.Response {
	body := map[string]any{"query": d.ask}
	if d.variables != "" {
		body["variables"] = json.RawMessage(d.variables)
	}
	return c.Post("/api/graphql", body)
}

// update is what changes the name of a service and nothing else.
func (s *schemes) update(t *testing.T) string {
	t.Helper()
	var uuid string
	if err := s.a.DB.QueryRow(t.Context(), "select uuid from medical_services where code = 'S1'").Scan(&uuid); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`uuid: %q code: "S1" name: "Birth" type: "C" price: "120.00" careType: "I" category: "D" level: "H" patientCategory: 6`, uuid)
}

// conforms reports what an answer lacks, or has too much.
func conforms(t *testing.T, c *apptest.Client, group string, d conforming) {
	t.Helper()
	r := answerTo(c, d)
	if d.status == 0 {
		d.status = http.StatusOK
	}
	if r.Status != d.status || !strings.Contains(r.Header.Get("Content-Type"), "application/json") {
		t.Errorf("%s, %s: %s: %d %s", group, d.name, d.ask, r.Status, r.Body)
	}
	for _, want := range d.want {
		if !strings.Contains(string(r.Body), want) {
			t.Errorf("%s, %s: %s %s\n got %s\nwant %s", group, d.name, d.ask, d.variables, r.Body, want)
		}
	}
	for _, not := range d.not {
		if strings.Contains(string(r.Body), not) {
			t.Errorf("%s, %s: %s %s\n got %s\nwith %s", group, d.name, d.ask, d.variables, r.Body, not)
		}
	}
}

// TestConformance asks the wire for each of its conventions (openimis-core appendix C).
func TestConformance(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		c := s.a.As(schemeHead)
		var place string
		if err := s.a.DB.QueryRow(t.Context(), "select uuid from location_locations where p_code = 'R1D1'").Scan(&place); err != nil {
			t.Fatal(err)
		}
		for group, list := range map[string][]conforming{"connections": connections, "coercions": coercions, "mistakes": mistakes} {
			for _, d := range list {
				d.variables = strings.ReplaceAll(d.variables, "<uuid>", place)
				conforms(t, c, group, d)
			}
		}
		for _, root := range identified {
			s.identify(t, c, root)
		}
		for _, r := range []struct {
			name, method, path, body string
			header                   [2]string
			status                   int
			want                     string
		}{
			{"batches", "POST", "/api/graphql", `[{"query":"{usernameLength}"}]`, [2]string{}, 400, `"errors"`},
			{"a document as it is", "POST", "/api/graphql", `{usernameLength}`, [2]string{"Content-Type", "application/graphql"}, 200, `50`},
			{"a query by GET", "GET", "/api/graphql?query=%7BusernameLength%7D", "", [2]string{}, 200, `50`},
			{"a mutation by GET", "GET", "/api/graphql?query=mutation%7BcreateRole(input:%7Bname:%22x%22,isSystem:false,isBlocked:false%7D)%7BinternalId%7D%7D", "", [2]string{}, 405, `"errors"`},
			{"a slash behind", "POST", "/api/graphql/", `{"query":"{usernameLength}"}`, [2]string{}, 404, ""},
			{"a bad token", "POST", "/api/graphql", `{"query":"{usernameLength}"}`, [2]string{"Authorization", "Bearer nonsense"}, 401, `"errors"`},
			{"no token", "GET", "/api/core/users/current_user/", "", [2]string{"Authorization", ""}, 401, `Authentication credentials were not provided.`},
		} {
			client := c
			if r.header[0] != "" {
				client = c.With(r.header[0], r.header[1])
			}
			var body any
			if r.body != "" {
				body = r.body
			}
			got := client.Do(r.method, r.path, body)
			if got.Status != r.status || !strings.Contains(string(got.Body), r.want) {
				t.Errorf("%s: %s %s: %d %s", r.name, r.method, r.path, got.Status, got.Body)
			}
		}
		s.mutations(t, c)
	})
}

// identify finds the same record by its global id, its raw id and its UUID, as the target of node, and by none of another type.
func (s *schemes) identify(t *testing.T, c *apptest.Client, root string) {
	t.Helper()
	var first struct {
		Data map[string]struct {
			Edges []struct {
				Node struct{ ID, UUID, Kind string }
			}
		}
	}
	uuid := ""
	if root != "diagnoses" && root != "users" {
		uuid = " uuid"
	}
	r := answerTo(c, conforming{ask: fmt.Sprintf(`{%s(first: 1){edges{node{id kind: __typename%s}}}}`, root, uuid)})
	if err := json.Unmarshal(r.Body, &first); err != nil || len(first.Data[root].Edges) != 1 {
		if root == "diagnoses" {
			return // the demo scheme has none
		}
		t.Errorf("%s: %s", root, r.Body)
		return
	}
	node := first.Data[root].Edges[0].Node
	found := fmt.Sprintf(`"edges":[{"node":{"id":%q}}]`, node.ID)
	conforms(t, c, root, conforming{name: "global id", ask: fmt.Sprintf(`{%s(id: %q){edges{node{id}}}}`, root, node.ID), want: []string{found}})
	conforms(t, c, root, conforming{name: "node", ask: fmt.Sprintf(`{node(id: %q){__typename id}}`, node.ID), want: []string{fmt.Sprintf(`{"node":{"__typename":%q,"id":%q}}`, node.Kind, node.ID)}})
	if uuid != "" {
		raw := fmt.Sprint(keyOf(node.ID))
		conforms(t, c, root, conforming{name: "raw id", ask: fmt.Sprintf(`{%s(id: %s){edges{node{id}}}}`, root, raw), want: []string{found}})
		conforms(t, c, root, conforming{name: "raw id as a text", ask: fmt.Sprintf(`{%s(id: %q){edges{node{id}}}}`, root, raw), want: []string{found}})
		conforms(t, c, root, conforming{name: "UUID", ask: fmt.Sprintf(`{%s(uuid: %q){edges{node{id}}}}`, root, node.UUID), want: []string{found}})
	}
	conforms(t, c, root, conforming{name: "id of another type", ask: fmt.Sprintf(`{%s(id: "U2hvZTox"){edges{node{id}}}}`, root), not: []string{found}})
}

// mutations are the rows of §2.9: what is created is found by its clientMutationId, a failure is an array in the journal, what is sent twice is done once, and what
// is deleted is shown by showHistory.
func (s *schemes) mutations(t *testing.T, c *apptest.Client) {
	t.Helper()
	send := func(name, id, input string) string {
		t.Helper()
		r := answerTo(c, conforming{ask: fmt.Sprintf(`mutation {%s(input: {clientMutationId: %q clientMutationLabel: "L" clientMutationDetails: ["d1", "d2"] mutationExtensions: "{\"someKey\": 1}" %s}) {clientMutationId internalId}}`, name, id, input)})
		var answer struct {
			Data map[string]struct{ ClientMutationID, InternalID string }
		}
		if err := json.Unmarshal(r.Body, &answer); err != nil || answer.Data[name].ClientMutationID != id || answer.Data[name].InternalID == "" {
			t.Fatalf("%s: %s", name, r.Body)
		}
		return answer.Data[name].InternalID
	}
	const item = `code: "C1" name: "Plaster" type: "M" price: "2.00" careType: "O" patientCategory: 15`
	first := send("createItem", "cm-1", item)
	if again := send("createItem", "cm-1", item); again != first {
		t.Errorf("sent twice: %s, then %s", first, again)
	}
	journal := func(id, want string) {
		t.Helper()
		conforms(t, c, "journal of "+id, conforming{ask: fmt.Sprintf(`{mutationLogs(clientMutationId: %q){totalCount edges{node{status error clientMutationId clientMutationLabel clientMutationDetails jsonContent}}}}`, id), want: []string{want}})
	}
	journal("cm-1", `{"totalCount":1,"edges":[{"node":{"status":2,"error":null,"clientMutationId":"cm-1","clientMutationLabel":"L","clientMutationDetails":"[\"d1\",\"d2\"]","jsonContent":"{\"care_type\":\"O\",\"code\":\"C1\"`)
	conforms(t, c, "created", conforming{ask: `{medicalItems(clientMutationId: "cm-1"){totalCount edges{node{code clientMutationId}}}}`, want: []string{`{"totalCount":1,"edges":[{"node":{"code":"C1","clientMutationId":null}}]}`}})
	send("createItem", "cm-2", item)
	journal("cm-2", `"status":1,"error":"[{\"message\":\"`)
	conforms(t, c, "logs of several", conforming{ask: `{mutationLogs(clientMutationId_In: ["cm-1","cm-2"], orderBy: "-request_date_time", status_Gte: 1){edges{node{clientMutationId}}}}`, want: []string{`[{"node":{"clientMutationId":"cm-2"}},{"node":{"clientMutationId":"cm-1"}}]`}})
	var uuid string
	if err := s.a.DB.QueryRow(t.Context(), "select uuid from medical_items where code = 'C1' and validity_to is null").Scan(&uuid); err != nil {
		t.Fatal(err)
	}
	send("deleteItem", "cm-3", fmt.Sprintf(`uuids: [%q]`, uuid))
	conforms(t, c, "deleted", conforming{ask: `{medicalItems(code: "C1"){totalCount}}`, want: []string{`"totalCount":0`}})
	conforms(t, c, "deleted, past", conforming{ask: `{medicalItems(code: "C1" showHistory: true orderBy: "code"){totalCount edges{node{code validityTo}}}}`, want: []string{`"code":"C1","validityTo":"`}, not: []string{`"totalCount":0`}})
	var past int64
	if err := s.a.DB.QueryRow(t.Context(), "select past_id from medical_services_versions where past_id is not null").Scan(&past); err == nil {
		t.Fatalf("the scheme has a past already: %d", past)
	}
	send("updateService", "cm-5", s.update(t))
	if err := s.a.DB.QueryRow(t.Context(), "select past_id from medical_services_versions where past_id is not null").Scan(&past); err != nil {
		t.Fatal(err)
	}
	id := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "ServiceGQLType:%d", past))
	conforms(t, c, "node of the past", conforming{ask: fmt.Sprintf(`{node(id: %q){id ... on ServiceGQLType{name validityTo}}}`, id), want: []string{fmt.Sprintf(`{"node":{"id":%q,"name":"Delivery","validityTo":"`, id)}})
	conforms(t, s.a.As(districtClerk), "somebody else's journal", conforming{ask: `{mutationLogs(clientMutationId: "cm-1"){totalCount}}`, want: []string{`"totalCount":0`}})
	r := answerTo(c, conforming{ask: `mutation {a: createItem(input: {clientMutationId: "cm-4" ` + strings.Replace(item, "C1", "C4", 1) + `}) {internalId} b: createItem(input: {` + strings.Replace(item, "C1", "C5", 1) + `}) {clientMutationId internalId}}`})
	if !strings.Contains(string(r.Body), `"b":{"clientMutationId":null,"internalId":"`) {
		t.Errorf("two at once, one without a name: %s", r.Body)
	}
	conforms(t, c, "both done", conforming{ask: `{medicalItems(name: "Plaster"){totalCount}}`, want: []string{`"totalCount":2`}})
	if r := answerTo(s.a.Anonymous(), conforming{ask: `mutation {createItem(input: {clientMutationId: "cm-9" ` + item + `}) {internalId}}`}); r.Status != http.StatusUnauthorized {
		t.Errorf("a stranger: %d %s", r.Status, r.Body)
	}
	var n int
	if err := s.a.DB.QueryRow(t.Context(), "select count(*) from api_mutations where client_mutation_id = 'cm-9'").Scan(&n); err != nil || n != 0 {
		t.Errorf("the journal has %d mutations of a stranger, %v", n, err)
	}
}
