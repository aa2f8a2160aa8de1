package app_test

import (
	"fmt"
	"strings"
)

// mutates is a mutation in the style of most screens: all of the input stands in the document.
func mutates(place, name, input string, more ...document) document {
	d := document{}
	if len(more) > 0 {
		d = more[0]
	}
	d.place, d.ask = place, `mutation { `+name+`(input: {clientMutationId: "<mutation>", clientMutationLabel: "`+place+`" `+input+`}) @M }`
	return d
}

// mutatesBy is a mutation in the style of newer screens: the input is a variable, whose type has the name that live documents declare.
func mutatesBy(place, name, kind, input string, more ...document) document {
	d := document{}
	if len(more) > 0 {
		d = more[0]
	}
	d.place, d.ask = place, `mutation ($input: `+kind+`!) { `+name+`(input: $input) @M }`
	d.variables = `{"input": {"clientMutationId": "<mutation>", "clientMutationLabel": "` + place + `", ` + input + `}}`
	return d
}

// rightsOfClerk are all that the modules of the story know, so that nothing is shown because somebody is an administrator.
const rightsOfClerk = `101001 101002 101003 101004 101101 101102 101103 101104 101105 121101 121102 121103 121104 121201 121202 121203 121204 121301 121302 121303 121304 ` +
	`121401 121402 121403 121404 121701 121702 121703 121704 121901 121902 121903 121904 121905 121906 122001 122002 122003 122004 122005 122101 122102 122103 122104`

func idOf(table, column, value string) string {
	return "select cast(id as text) from " + table + " where " + column + " = '" + value + "'"
}

func uuidOf(table, column, value string) string {
	return "select uuid from " + table + " where " + column + " = '" + value + "'"
}

// administration makes roles, a clerk and the districts (contract §6 core, §7 core).
var administration = []document{
	mutates("roles: create", "createRole", `name: "Keeper", altLanguage: "", isSystem: false, isBlocked: false, rightsId: [`+strings.ReplaceAll(rightsOfClerk, " ", ",")+`]`, document{learn: [][2]string{
		{"role", idOf("account_roles", "name", "Keeper")}, {"role.uuid", uuidOf("account_roles", "name", "Keeper")},
	}}),
	{place: "roles: right after", ask: `{role(clientMutationId: "<last>") conn{id uuid name altLanguage isSystem isBlocked validityFrom validityTo}}`, want: []string{`"uuid":"<role.uuid>","name":"Keeper"`}},
	{
		place: "roles: list", ask: `{role(first: 10, orderBy: ["name"], name_Icontains: "keep", isSystem: false, isBlocked: false, roleRight: 121901, showHistory: true) connN{id uuid name altLanguage isSystem isBlocked validityFrom validityTo}}`,
		want: []string{`{"role":{"totalCount":1,`, `"isSystem":0,"isBlocked":false`},
	},
	{place: "roles: list, further", ask: `{role(first: 5, after: "", orderBy: ["-isSystem"], isSystem: true) connN{id uuid name altLanguage isSystem isBlocked validityFrom validityTo}}`, want: []string{`"isSystem":512`}},
	{place: "roles: form", ask: `{role(uuid: "<role.uuid>") conn{id uuid name altLanguage isSystem isBlocked validityFrom validityTo}}`, want: []string{`"name":"Keeper"`}},
	{place: "roles: form, rights", ask: `{roleRight(role_Uuid: "<role.uuid>") conn{rightId}}`, want: []string{`{"node":{"rightId":101001}}`, `{"node":{"rightId":122104}}`}},
	{place: "roles: form, modules", ask: `{modulesPermissions{modulePermsList{moduleName permissions{permsName permsValue}}}}`, want: []string{`{"permsName":"gql_query_locations_perms","permsValue":121901}`}},
	{place: "roles: name", ask: `query ($roleName: String!) { isValid: validateRoleName(roleName: $roleName) }`, variables: `{"roleName": "Keeper"}`, want: []string{`{"isValid":false}`}},
	mutates("roles: change", "updateRole", `uuid: "<role.uuid>", name: "Keeper", altLanguage: "Gardien", isSystem: false, isBlocked: false, rightsId: [`+strings.ReplaceAll(rightsOfClerk, " ", ",")+`]`),
	mutates("roles: another", "createRole", `name: "Spare", isSystem: false, isBlocked: false, rightsId: []`, document{learn: [][2]string{{"spare.uuid", uuidOf("account_roles", "name", "Spare")}}}),
	mutates("roles: delete", "deleteRole", `uuids: ["<spare.uuid>"]`),
	{place: "role picker", ask: `query ($str: String) { role(str: $str) edges{id name isSystem} }`, variables: `{"str": "keep"}`, want: []string{`"name":"Keeper"`}},
	{place: "role picker, officers", ask: `query ($systemRoleId: Int) { role(systemRoleId: $systemRoleId) edges{id name isSystem} }`, variables: `{"systemRoleId": 256}`, want: []string{`"name":"Claim Administrator","isSystem":256`}},
	mutatesBy("users: create", "createUser", "CreateUserMutationInput", `"username": "clerk", "userTypes": ["INTERACTIVE"], "lastName": "Clark", "otherNames": "Clara", "phone": "+000 1", "email": "clerk@agency.example", `+
		`"password": "`+clerkPassword+`", "healthFacilityId": null, "districts": [], "language": "en", "roles": ["<role>"], "birthDate": null, "address": null, "substitutionOfficerId": null, "worksTo": null, "villageIds": []`),
	{place: "users: form, name", ask: `query ($username: String!) { isValid: validateUsername(username: $username) }`, variables: `{"username": "clerk"}`, want: []string{`{"isValid":false}`}},
	{place: "users: form, address", ask: `query ($userEmail: String!) { isValid: validateUserEmail(userEmail: $userEmail) }`, variables: `{"userEmail": "new@agency.example"}`, want: []string{`{"isValid":true}`}},
	{place: "users: form", ask: `{usernameLength userObligatoryFields eoObligatoryFields}`, want: []string{`"usernameLength":50`}},
	{
		place: "home: officers and claim administrators", ask: `{user{healthFacility@HFP id username rights email lastName otherNames phone iUser{id uuid language{code name}} claimAdmin{id code uuid} officer{id uuid code dob address location{id uuid code name parent@CN}}}}`,
		want: []string{`"claimAdmin":null`, `"officer":null`},
	},
	{
		place: "users: list", ask: `{users(first: 10, orderBy: ["-username"], regionIds: [1], userTypes: [INTERACTIVE], username_Icontains: "c") connN{id username officer{id dob phone lastName otherNames email} iUser{id phone lastName otherNames email roles{id name}} claimAdmin{id phone lastName otherNames emailId dob} validityTo clientMutationId}}`,
		want: []string{`"username":"clerk"`},
	},
	{place: "users: list, narrowed", ask: `{users(first: 10, orderBy: ["-username"], regionIds: [1], roles: [1], regionId: 1, districtId: 2, municipalityId: 3, villageId: 4, lastName: "x", otherNames: "y", email: "z", phone: "1", healthFacilityId: 1,
		birthDateFrom: "1980-01-01", birthDateTo: "1990-01-01", showDeleted: true) connN{id}}`, want: []string{`"totalCount":0`}},
	{place: "users: form, one", ask: `{users(clientMutationId: "none", showDeleted: true) conn{clientMutationId id username validityTo officer{id uuid hasLogin phone dob lastName otherNames address substitutionOfficer{id lastName otherNames code} worksTo
		officerVillages{id location{id name code uuid parent@CN}} location{id name uuid code parent@CN}} iUser{id phone languageId lastName otherNames roles{id name isSystem} healthFacility@HFP validityFrom validityTo email
		districts:userdistrictSet{location{id name code uuid parent@CN}}} claimAdmin{id hasLogin emailId phone dob lastName otherNames healthFacility@HFP}}}`},
	{place: "users: picker of a facility", ask: `{users(first: 10, str: "c", healthFacility_Uuid: "none") conn{id username iUser{id otherNames lastName}}}`},
	{place: "users: picker of officers", ask: `query ($str: String, $first: Int) { enrolmentOfficers(str: $str, first: $first) conn{id code lastName otherNames} }`, variables: `{"first": 10}`},
	{place: "users: form, substitute", ask: `query ($str: String, $villagesUuids: [String!], $officerUuid: String) { substitutionEnrolmentOfficers(str: $str, villagesUuids: $villagesUuids, officerUuid: $officerUuid) edges@OFF }`, variables: `{"str": "x", "first": 10}`},
	{place: "claims: administrators", ask: `query ($search: String, $healthFacility_Uuid: String, $regionUuid: String, $districtUuid: String) { claimAdmins(search: $search, first: 20, healthFacility_Uuid: $healthFacility_Uuid, regionUuid: $regionUuid, districtUuid: $districtUuid)
		edges{id uuid code lastName otherNames healthFacility{id uuid code name level servicesPricelist{id uuid} itemsPricelist{id uuid} location{id uuid code name parent{code name id uuid}}}} }`, variables: `{"search": ""}`},
	{place: "claims: feedback officers", ask: `query ($search: String) { claimOfficers(search: $search, first: 20) edges@OFF }`},
	{place: "policies: officers", ask: `query ($search: String, $first: Int, $district: String, $region: String) { policyOfficers(search: $search, first: $first, district: $district, region: $region) edges@OFF }`, variables: `{"district": "1"}`},
	{place: "insuree form: officers", ask: `{insureeOfficers conn@OFF}`},
	mutates("locations: region", "createLocation", `code: "R1" name: "Ultha" malePopulation: 10, femalePopulation: 11 otherPopulation: 1 families: 5 type: "R"`, document{learn: [][2]string{{"region.uuid", uuidOf("location_locations", "p_code", "R1")}}}),
	mutates("locations: district", "createLocation", `code: "R1D1" name: "Rapta" parentUuid: "<region.uuid>" type: "D"`, document{learn: [][2]string{
		{"district.uuid", uuidOf("location_locations", "p_code", "R1D1")}, {"district", idOf("location_locations", "p_code", "R1D1")},
	}}),
	mutates("locations: another district", "createLocation", `code: "R1D2" name: "Vida", parentUuid: "<region.uuid>" type: "D"`, document{learn: [][2]string{{"district2.uuid", uuidOf("location_locations", "p_code", "R1D2")}}}),
}

// placeDocuments are the screen of places and the pickers (contract §6 location, §6 admin, §7 location).
var placeDocuments = []document{
	mutates("locations: ward", "createLocation", `code: "R1D1M1" name: "Jamu" parentUuid: "<district.uuid>" type: "W"`, document{learn: [][2]string{{"ward.uuid", uuidOf("location_locations", "p_code", "R1D1M1")}}}),
	mutates("locations: village", "createLocation", `code: "V1" name: "Achi\/Oya" parentUuid: "<ward.uuid>" malePopulation: 305 femalePopulation: 304 otherPopulation: 6 families: 121 type: "V"`, document{learn: [][2]string{
		{"village.uuid", uuidOf("location_locations", "p_code", "V1")}, {"village", idOf("location_locations", "p_code", "V1")},
	}}),
	mutates("locations: village of nobody", "createLocation", `code: "V2" name: "Rachla" parentUuid: "<ward.uuid>" type: "V"`, document{learn: [][2]string{{"village2.uuid", uuidOf("location_locations", "p_code", "V2")}}}),
	mutates("locations: taken code", "createLocation", `code: "V2" name: "Twice" parentUuid: "<ward.uuid>" type: "V"`, document{trouble: `"code":"unique"`}),
	mutates("locations: change", "updateLocation", `uuid: "<village2.uuid>" code: "V2" name: "Rachla" malePopulation: 560 femalePopulation: 608 otherPopulation: 1 families: 233 type: "V"`),
	{place: "start: districts", ask: `{userDistricts{id uuid code name parent@CN}}`, want: []string{`"uuid":"<district.uuid>","code":"R1D1","name":"Rapta","parent":{`, `"uuid":"<district2.uuid>"`}},
	{place: "locations: tree", ask: `{locations(type: "V", orderBy: "code", parent_Uuid: "<ward.uuid>") conn{id uuid type code name malePopulation femalePopulation otherPopulation families clientMutationId}}`, want: []string{`"code":"V1","name":"Achi/Oya","malePopulation":305,"femalePopulation":304,"otherPopulation":6,"families":121,"clientMutationId":null`, `"families":233`}},
	{place: "locations: regions", ask: `{locations(type: "R", orderBy: "code") conn{id uuid type code name malePopulation femalePopulation otherPopulation families clientMutationId}}`, want: []string{`"code":"R1"`}},
	{place: "picker: regions", ask: `{locations(type: "R") conn@CN}`, want: []string{`"uuid":"<region.uuid>"`}},
	{place: "detailed picker: villages", ask: `{locationsAll(type: "V") conn{id uuid type code name parent@LOC3}}`, want: []string{`"name":"Ultha","type":"R"}}}`}},
	{place: "detailed picker: districts", ask: `{locationsAll(type: "D") conn{id uuid type code name parent@LOC1}}`, want: []string{`"code":"R1D2"`}},
	{place: "detailed picker: regions", ask: `{locationsAll(type: "R") conn{id uuid type code name}}`, want: []string{`"code":"R1"`}},
	{place: "picker: below", ask: `{locationsStr(type: "V", str: "ach", parent_Uuid: "<ward.uuid>") conn{id uuid type code name parent@LOC3}}`, want: []string{`"code":"V1"`}},
	{place: "picker: two below", ask: `{locationsStr(type: "V", str: "v", first: 20, parent_Parent_Uuid: "<district.uuid>") conn{id uuid type code name parent@LOC3}}`, want: []string{`"code":"V1"`, `"code":"V2"`}},
	{place: "picker: three below", ask: `{locationsStr(type: "V", str: "V2", parent_Parent_Parent_Uuid: "<region.uuid>") conn{id uuid type code name parent@LOC3}}`, want: []string{`"code":"V2"`}},
	{place: "picker: below several", ask: `{locationsStr(type: "W", str: "", parent_Uuid_In: ["<district.uuid>","<district2.uuid>"]) conn{id uuid type code name parent@LOC2}}`, want: []string{`"code":"R1D1M1"`}},
	{place: "picker, newest: by UUID", ask: `{locationsStr(uuid_In: ["<village.uuid>"]) conn{id uuid type code name parent@LOC3}}`, want: []string{`"code":"V1"`}},
	{place: "users: districts of an officer", ask: `{locations(type: "D", parent_Uuid: "<region.uuid>") conn{id uuid code name}}`, want: []string{`"code":"R1D1"`}},
	{place: "users: villages of an officer", ask: `{locations(type: "D", parent_Uuid_In: ["<region.uuid>"]) conn{id uuid code name parent@CN children edges{id uuid code name parent@CN}}}`, want: []string{`"children":{"edges":[{"node":{`, `"code":"R1D1M1"`}},
	{place: "locations: code", ask: `query ($locationCode: String!) { isValid: validateLocationCode(locationCode: $locationCode) }`, variables: `{"locationCode": "V2"}`, want: []string{`{"isValid":false}`}},
	mutates("locations: ward over there", "createLocation", `code: "R1D2M1" name: "Majhi" parentUuid: "<district2.uuid>" type: "W"`, document{learn: [][2]string{{"ward2.uuid", uuidOf("location_locations", "p_code", "R1D2M1")}}}),
	mutates("locations: move", "moveLocation", `uuid: "<village2.uuid>" newParentUuid: "<ward2.uuid>"`),
	{place: "locations: moved", ask: `{locations(type: "V", orderBy: "code", parent_Uuid: "<ward2.uuid>") conn{id uuid type code name malePopulation femalePopulation otherPopulation families clientMutationId}}`, want: []string{`"uuid":"<village2.uuid>"`}},
}

// priceDocuments are the catalogue and the price lists (contract §6 medical, §7).
var priceDocuments = []document{
	mutates("services: create", "createService", `code: "S1" name: "Delivery" type: "C" price: "120.00" maximumAmount: "1.00" careType: "B" frequency: "0" patientCategory: 6 category: "D" level: "S"`, document{learn: [][2]string{
		{"service", idOf("medical_services", "code", "S1")}, {"service.uuid", uuidOf("medical_services", "code", "S1")},
	}}),
	{place: "services: right after", ask: `{medicalServices(clientMutationId: "<last>") conn{uuid code name type price maximumAmount careType frequency patientCategory validityFrom validityTo level category}}`, want: []string{`"uuid":"<service.uuid>","code":"S1"`}},
	mutates("services: another", "createService", `code: "S2" name: "Visit" type: "P" price: "7" careType: "O" patientCategory: 15 level: "V"`, document{learn: [][2]string{{"service2.uuid", uuidOf("medical_services", "code", "S2")}}}),
	mutates("services: change", "updateService", `uuid: "<service.uuid>" code: "S1" name: "Delivery" type: "C" price: "125.50" maximumAmount: "1.00" careType: "B" frequency: "0" patientCategory: 6 category: "D" level: "S"`),
	mutates("items: create", "createItem", `code: "I1" name: "Aspirin" type: "D" price: "10.00" quantity: "1000" maximumAmount: "30.00" careType: "B" frequency: "7" patientCategory: 15 package: "1000 TABLETS"`, document{learn: [][2]string{
		{"item", idOf("medical_items", "code", "I1")}, {"item.uuid", uuidOf("medical_items", "code", "I1")},
	}}),
	{place: "items: right after", ask: `{medicalItems(clientMutationId: "<last>") conn{uuid code name type quantity maximumAmount price careType frequency patientCategory validityFrom validityTo package}}`, want: []string{`"uuid":"<item.uuid>"`}},
	mutates("items: another", "createItem", `code: "I2" name: "Gauze" type: "M" price: "1.5" careType: "O" patientCategory: 15`, document{learn: [][2]string{{"item2.uuid", uuidOf("medical_items", "code", "I2")}}}),
	mutates("items: change", "updateItem", `uuid: "<item.uuid>" code: "I1" name: "Aspirin" type: "D" price: "11.00" quantity: "1000" maximumAmount: "30.00" careType: "B" frequency: "7" patientCategory: 15 package: "1000 TABLETS"`),
	{place: "services: list", ask: `{medicalServices(first: 10, orderBy: ["code"], code_Icontains: "s", name_Icontains: "deliv", type: "C", showHistory: false) connN{uuid code name type price maximumAmount validityFrom validityTo level}}`, want: []string{`"totalCount":1`, `"price":"125.50","maximumAmount":"1.00"`}},
	{place: "services: the past", ask: `{medicalServices(first: 10, orderBy: ["code"], showHistory: true) connN{uuid code name type price maximumAmount validityFrom validityTo level}}`, want: []string{`"totalCount":3`, `"price":"120.00"`}},
	{place: "services: form", ask: `{medicalServices(uuid: "<service.uuid>", showHistory: true) conn{uuid code name type price maximumAmount careType frequency patientCategory validityFrom validityTo level category}}`, want: []string{`"patientCategory":6`, `"level":"S","category":"D"`}},
	{place: "items: list", ask: `{medicalItems(first: 10 orderBy: ["code"] code_Icontains: "i" name_Icontains: "asp" type: "D" package_Icontains: "tab" showHistory: false) connN{uuid code name type quantity maximumAmount price validityFrom validityTo package}}`, want: []string{`"totalCount":1`, `"quantity":"1000.00"`}},
	{place: "items: form", ask: `{medicalItems(uuid: "<item.uuid>", showHistory: true) conn{uuid code name type quantity maximumAmount price careType frequency patientCategory validityFrom validityTo package}}`, want: []string{`"frequency":7`}},
	{place: "services: code", ask: `query ($serviceCode: String!) { isValid: validateServiceCode(serviceCode: $serviceCode) }`, variables: `{"serviceCode": "S1"}`, want: []string{`{"isValid":false}`}},
	{place: "items: code", ask: `query ($itemCode: String!) { isValid: validateItemCode(itemCode: $itemCode) }`, variables: `{"itemCode": "I9"}`, want: []string{`{"isValid":true}`}},
	{place: "diagnosis picker", ask: `query ($str: String) { diagnosesStr(str: $str, first: 20) edges{id code name} }`, variables: `{"str": "chol"}`, want: []string{`"code":"A00","name":"Cholera"`}},
	mutatesBy("price list of services: create", "createServicesPricelist", "CreateServicesPricelistMutationInput", `"name": "All services", "pricelistDate": "2026-01-01", "locationId": "<district.uuid>", "addedDetails": ["<service.uuid>", "<service2.uuid>"], "removedDetails": [], "priceOverrules": [{"uuid": "<service.uuid>", "price": "99.00"}]`, document{learn: [][2]string{
		{"services.id", idOf("medical_services_pricelists", "name", "All services")}, {"services.uuid", uuidOf("medical_services_pricelists", "name", "All services")},
	}}),
	mutatesBy("price list of items: create", "createItemsPricelist", "CreateItemsPricelistMutationInput", `"name": "All items", "pricelistDate": "2026-01-01", "addedDetails": ["<item.uuid>"]`, document{learn: [][2]string{
		{"items.id", idOf("medical_items_pricelists", "name", "All items")}, {"items.uuid", uuidOf("medical_items_pricelists", "name", "All items")},
	}}),
	mutatesBy("price list of services: change", "updateServicesPricelist", "UpdateServicesPricelistMutationInput", `"uuid": "<services.uuid>", "name": "All services", "pricelistDate": "2026-01-01", "locationId": "<district.uuid>", "removedDetails": ["<service2.uuid>"]`),
	mutatesBy("price list of items: change", "updateItemsPricelist", "UpdateItemsPricelistMutationInput", `"uuid": "<items.uuid>", "name": "All items", "pricelistDate": "2026-01-02", "priceOverrules": [{"uuid": "<item.uuid>", "price": "8"}]`),
	mutatesBy("price list of items: spare", "createItemsPricelist", "CreateItemsPricelistMutationInput", `"name": "Spare", "pricelistDate": "2026-01-01"`, document{learn: [][2]string{{"spare2.uuid", uuidOf("medical_items_pricelists", "name", "Spare")}}}),
	mutatesBy("price list of items: delete", "deleteItemsPricelist", "DeleteItemsPricelistMutationInput", `"uuids": ["<spare2.uuid>"]`),
	mutatesBy("price list of services: spare", "createServicesPricelist", "CreateServicesPricelistMutationInput", `"name": "Spare", "pricelistDate": "2026-01-01"`, document{learn: [][2]string{{"spare3.uuid", uuidOf("medical_services_pricelists", "name", "Spare")}}}),
	mutatesBy("price list of services: delete", "deleteServicesPricelist", "DeleteServicesPricelistMutationInput", `"uuids": ["<spare3.uuid>"]`),
	{place: "price lists of services: list", ask: `{servicesPricelists(first: 10, location_Uuid: "<district.uuid>", name_Icontains: "all", pricelistDate: "2026-01-01", showHistory: false) connN{id uuid name validityFrom validityTo pricelistDate location{id name uuid code type parent{id uuid code name type}}}}`, want: []string{`"totalCount":1`, `"parent":{"id":`}},
	{place: "price lists of items: list", ask: `{itemsPricelists(first: 10, name_Icontains: "all", pricelistDate: "2026-01-02", showHistory: false) connN{id uuid name validityFrom validityTo pricelistDate location{id name uuid code type parent{id uuid code name type}}}}`, want: []string{`"totalCount":1`, `"location":null`}},
	{place: "facility form: services", ask: `{servicesPricelists(locationUuid: "<district.uuid>") conn{id uuid name}}`, want: []string{`"name":"All services"`}},
	{place: "facility form: items", ask: `{itemsPricelists conn{id uuid name}}`, want: []string{`"name":"All items"`}},
	{place: "price list of services: form", ask: `{node(id: "<services.global>") {... on ServicesPricelistGQLType {id uuid name validityFrom validityTo pricelistDate detailsCount: details{totalCount} location{id uuid code name type parent{id uuid code name type}}}}}`, want: []string{`"name":"All services"`, `"detailsCount":{"totalCount":1}`}},
	{place: "price list of items: form", ask: `{node(id: "<items.global>") {... on ItemsPricelistGQLType {id uuid name validityFrom validityTo pricelistDate detailsCount: details{totalCount} location{id uuid code name type parent{id uuid code name type}}}}}`, want: []string{`"detailsCount":{"totalCount":1}`}},
	{place: "price list of services: details", ask: `{medicalServices(first: 20) connN{id uuid code name type price pricelistDetails(servicesPricelist: "<services.global>") edges{priceOverrule}}}`, want: []string{`"code":"S1","name":"Delivery","type":"C","price":"125.50","pricelistDetails":{"edges":[{"node":{"priceOverrule":"99.00"}}]}`, `"code":"S2","name":"Visit","type":"P","price":"7.00","pricelistDetails":{"edges":[]}`}},
	{place: "price list of items: details", ask: `{medicalItems(first: 20) connN{id uuid code name type price pricelistDetails(itemsPricelist: "<items.global>") edges{priceOverrule}}}`, want: []string{`"pricelistDetails":{"edges":[{"node":{"priceOverrule":"8.00"}}]}`}},
	{place: "price list of services: new", ask: `{medicalServices(first: 20, after: "") connN{id uuid code name type price}}`, want: []string{`"totalCount":2`}},
	{place: "claim: prices", ask: `{pricelists(servicesPricelistId: <services.id>, itemsPricelistId: <items.id>){services{id p} items{id p}}}`, want: []string{`"services":[{"id":<service>,"p":"99.00"}]`, `"items":[{"id":<item>,"p":"8.00"}]`}},
	{place: "item picker", ask: `query ($str: String, $first: Int, $pricelistUuid: UUID, $date: Date) { medicalItemsStr(str: $str, first: $first, pricelistUuid: $pricelistUuid, date: $date) edges{id name code price quantity maximumAmount} }`, variables: `{"str": "asp", "first": 20, "pricelistUuid": "<items.uuid>", "date": "2090-01-01"}`, want: []string{`"code":"I1"`}},
	{place: "service picker", ask: `query ($str: String, $pricelistUuid: UUID, $date: Date) { medicalServicesStr(str: $str, first: 20, pricelistUuid: $pricelistUuid, date: $date) edges{id name code price maximumAmount} }`, variables: `{"str": "s", "pricelistUuid": null, "skip": true}`, want: []string{`"code":"S1"`, `"code":"S2"`}},
	{place: "price list of services: name", ask: `query ($servicesPricelistName: String!) { isValid: validateServicesPricelistName(servicesPricelistName: $servicesPricelistName) }`, variables: `{"servicesPricelistName": "All services"}`, want: []string{`{"isValid":false}`}},
	{place: "price list of items: name", ask: `query ($itemsPricelistName: String!) { isValid: validateItemsPricelistName(itemsPricelistName: $itemsPricelistName) }`, variables: `{"itemsPricelistName": "New"}`, want: []string{`{"isValid":true}`}},
	{place: "services, newest: form", ask: `{medicalServices(uuid: "<service.uuid>", showHistory: true) conn{uuid code packagetype manualPrice serviceserviceSet{id service{id code name} qtyProvided priceAsked scpDate} servicesLinked{id item{id code name} qtyProvided priceAsked pcpDate}}}`, want: []string{`"packagetype":"S","manualPrice":false,"serviceserviceSet":[],"servicesLinked":[]`}},
	mutates("services, newest: bundle", "createService", `code: "S3" name: "Bundle" type: "C" price: "10.00" careType: "B" patientCategory: 15 level: "D" packagetype: "P" manualPrice: true services: [{serviceId: <service> priceAsked: "5.00" qtyProvided: 2 status: true}] items: [{itemId: <item> priceAsked: "1.00" qtyProvided: 1 status: true}]`),
	{place: "service picker, newest", ask: `query ($str: String) { medicalServicesStr(str: $str, first: 20, packagetype: "S") edges{id name code price maximumAmount packagetype} }`, variables: `{"str": ""}`, want: []string{`"code":"S1"`}},
}

// facilityDocuments are the screens of health facilities (contract §6 location, §7 location).
var facilityDocuments = []document{
	mutates("facilities: create", "createHealthFacility", `code: "HF1" name: "Rapta Hospital" locationId: <district> level: "H" legalFormId: "G" careType: "B" accCode: "4711" subLevelId: "R" address: "Road 1" phone: "+000 1" fax: "" email: "hf@agency.example" `+
		`servicesPricelistId: <services.id> itemsPricelistId: <items.id> mutationExtensions: "{\"someKey\": 1}" contractStartDate: "2026-01-01" contractEndDate: "2030-12-31" status: "AC" catchments: [{locationId: <village> catchment: 60}]`, document{learn: [][2]string{
		{"facility.id", idOf("facility_health_facilities", "code", "HF1")},
		{"facility.uuid", uuidOf("facility_health_facilities", "code", "HF1")},
		{"catchment", "select cast(id as text) from facility_catchments where catchment = 60"},
	}}),
	mutates("facilities: least", "createHealthFacility", `code: "HF2" name: "Post" locationId: <district> level: "D" legalFormId: "P" careType: "O"`, document{learn: [][2]string{{"facility2.uuid", uuidOf("facility_health_facilities", "code", "HF2")}}}),
	mutates("facilities: half a contract", "createHealthFacility", `code: "HF3" name: "Half" locationId: <district> level: "D" legalFormId: "P" careType: "O" contractStartDate: "2026-01-01"`, document{trouble: "facility.single_date_hf_contract"}),
	mutates("facilities: change", "updateHealthFacility", `uuid: "<facility.uuid>" code: "HF1" name: "Rapta Hospital" locationId: <district> level: "H" legalFormId: "G" careType: "B" accCode: "4712" subLevelId: "R" `+
		`servicesPricelistId: <services.id> itemsPricelistId: <items.id> contractStartDate: "2026-01-01" contractEndDate: "2030-12-31" status: "AC" catchments: [{id: <catchment> locationId: <village> catchment: 70}]`),
	{
		place: "facilities: list", ask: `{healthFacilities(first: 10, orderBy: ["code"], location_Parent_Uuid: "<region.uuid>", location_Uuid: "<district.uuid>", legalForm_Code: "G", level: "H", careType: "B", status: "AC", code_Icontains: "hf", name_Icontains: "rapta", showHistory: false) ` +
			`connN{id uuid code accCode name careType phone fax email level legalForm{code} location{code name parent{code name}} validityFrom validityTo clientMutationId}}`,
		want: []string{`"totalCount":1`, `"accCode":"4712"`, `"legalForm":{"code":"G"},"location":{"code":"R1D1","name":"Rapta","parent":{"code":"R1","name":"Ultha"}}`, `"clientMutationId":null`},
	},
	{place: "facilities: list, past", ask: `{healthFacilities(first: 10 orderBy: ["-name"] phone_Icontains: "000" fax_Icontains: "" email_Icontains: "agency" showHistory: true) connN{id uuid code accCode name careType phone fax email level legalForm{code} location{code name parent{code name}} validityFrom validityTo clientMutationId}}`, want: []string{`"accCode":"4711"`}},
	{
		place: "facility form", ask: `{healthFacilities(uuid: "<facility.uuid>", showHistory: true) conn{id uuid code accCode name careType address phone fax email legalForm{code} level subLevel{code} location{id uuid code name parent@CN} servicesPricelist{id uuid name} ` +
			`itemsPricelist{id uuid name} catchments{id location@CN catchment} contractStartDate contractEndDate status validityFrom validityTo}}`,
		want: []string{`"uuid":"<facility.uuid>","code":"HF1"`, `"catchments":[{"id":`, `"code":"V1","name":"Achi/Oya"},"catchment":70}]`, `"contractEndDate":"2030-12-31","status":"AC"`, `"name":"All services"`},
	},
	{
		place: "facility form, by code", ask: `{healthFacilities(code: "HF1", showHistory: true) conn{id uuid code accCode name careType address phone fax email legalForm{code} level subLevel{code} location{id uuid code name parent@CN} servicesPricelist{id uuid name} ` +
			`itemsPricelist{id uuid name} catchments{id location@CN catchment} contractStartDate contractEndDate status validityFrom validityTo}}`,
		want: []string{`"code":"HF1"`},
	},
	{place: "start: facility", ask: `{healthFacilities(id: "<facility.global>") conn@HFP}`, want: []string{`{"id":"<facility.global>","uuid":"<facility.uuid>","code":"HF1"`}},
	{
		place: "facility picker", ask: `query ($str: String, $regionUuid: String, $districtsUuids: [String], $level: String) { healthFacilities: healthFacilitiesStr(first: 20, str: $str, regionUuid: $regionUuid, districtsUuids: $districtsUuids, level: $level) ` +
			`edges{id uuid code name level servicesPricelist{id uuid} itemsPricelist{id uuid} location@LOC2} }`,
		variables: `{"str": "rap", "regionUuid": "<region.uuid>", "districtsUuids": ["<district.uuid>"], "level": "H"}`, want: []string{`{"healthFacilities":{"edges":[{"node":{"id":"<facility.global>"`},
	},
	{place: "facility picker, short", ask: `query ($str: String, $level: String) { healthFacilities: healthFacilitiesStr(first: 20, str: $str, level: $level) edges{id uuid code name level servicesPricelist{id uuid} itemsPricelist{id uuid}} }`, variables: `{"str": ""}`, want: []string{`"code":"HF2"`}},
	{place: "facility form: code", ask: `query ($healthFacilityCode: String!) { isValid: validateHealthFacilityCode(healthFacilityCode: $healthFacilityCode) }`, variables: `{"healthFacilityCode": "HF1"}`, want: []string{`{"isValid":false}`}},
}

const (
	familyKey = "11111111-1111-4111-8111-111111111111"
	headKey   = "22222222-2222-4222-8222-222222222222"
	memberKey = "33333333-3333-4333-8333-333333333333"
	otherKey  = "55555555-5555-4555-8555-555555555555"
)

// insureeFields are those of the form; more are what differs.
func insureeFields(more string) string {
	return `lastName: "O\/Brien" otherNames: "Jane" genderId: "F" dob: "1990-02-28" marital: "S" passport: "X1" phone: "+000 1" email: "jane@agency.example" currentAddress: "Road 1" currentVillageId: <village> cardIssued: false professionId: 2 ` +
		`educationId: 3 typeOfIdId: "P" status: "AC" healthFacilityId: <facility.id> jsonExt: "{\"shoe\": 39}" ` + more
}

// photoFields is a picture of one point as the form sends it.
const photoFields = `photo: {officerId: 3 date: "2026-01-02" photo: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}`

const (
	insureeForm = `{id uuid chfId lastName otherNames dob age validityFrom validityTo photo{id uuid date folder filename officerId photo} gender{code gender} education{id} profession{id} marital cardIssued currentVillage@LOC4 currentAddress ` +
		`typeOfId{code} passport relationship{id} head status statusDate statusReason{code insureeStatusReason} email phone healthFacility@HFP family@FAM jsonExt}`
	insureeRow = `{id uuid validityFrom validityTo chfId otherNames lastName phone gender{code} dob marital status family{uuid location@LOC4} currentVillage@LOC4}`
	familyRow  = `{id uuid poverty confirmationNo validityFrom validityTo headInsuree{id uuid chfId lastName otherNames email phone dob} location@LOC4}`
	memberRow  = `{uuid chfId otherNames lastName head phone gender{code} dob cardIssued}`
)

// insureeDocuments are the screens of insurees and families (contract §6 insuree, §7 insuree, §10).
var insureeDocuments = []document{
	mutates("families: create", "createFamily", `uuid: "`+familyKey+`" headInsuree: {uuid: "`+headKey+`" chfId: "070707070" head: true `+insureeFields(photoFields)+`} locationId: <village> poverty: true familyTypeId: "H" address: "House 3" confirmationTypeId: "A" confirmationNo: "77" jsonExt: "{}" contribution: "{}"`, document{learn: [][2]string{
		{"family.id", idOf("insuree_families", "uuid", familyKey)}, {"head.id", idOf("insuree_insurees", "uuid", headKey)}, {"photo.uuid", "select uuid from insuree_photos where officer_id = 3"},
	}}),
	{place: "families: right after", ask: `{mutationLogs(clientMutationId: "<last>") conn{id families{family{uuid}}}}`, want: []string{`"families":[{"family":{"uuid":"` + familyKey + `"}}]`}},
	mutates("insurees: create", "createInsuree", `uuid: "`+memberKey+`" chfId: "070707081" head: false familyId: <family.id> relationshipId: 4 `+insureeFields(`photo: {uuid: "44444444-4444-4444-8444-444444444444" officerId: 4 date: "2026-01-02" folder: "f" filename: "m.jpg"}`), document{learn: [][2]string{
		{"insuree.id", idOf("insuree_insurees", "uuid", memberKey)},
	}}),
	{place: "insurees: right after", ask: `{mutationLogs(clientMutationId: "<last>") conn{id insurees{insuree{uuid}}}}`, want: []string{`"insurees":[{"insuree":{"uuid":"` + memberKey + `"}}]`}},
	mutates("insurees: another", "createInsuree", `uuid: "`+otherKey+`" chfId: "X1" lastName: "Doe" otherNames: "Joe" genderId: "M" dob: "2000-01-01" head: false`),
	mutates("insurees: taken number", "createInsuree", `chfId: "X1" lastName: "Doe" otherNames: "Joe" genderId: "M" dob: "2000-01-01" head: false`, document{trouble: "insuree.number_taken"}),
	mutates("families: change", "updateFamily", `uuid: "`+familyKey+`" headInsuree: {uuid: "`+headKey+`" chfId: "070707070" head: true `+insureeFields(`photo: {uuid: "<photo.uuid>" officerId: 3 date: "2026-01-02"}`)+`} locationId: <village> poverty: false familyTypeId: "H" address: "House 4" confirmationTypeId: "A" confirmationNo: "77"`),
	mutates("insurees: change", "updateInsuree", `uuid: "`+memberKey+`" chfId: "070707081" head: false familyId: <family.id> relationshipId: 4 lastName: "Brien" otherNames: "Jane" genderId: "F" dob: "1990-02-28" marital: "M" phone: "+000 2" cardIssued: true professionId: 2 educationId: 3 `+
		`status: "IN" statusDate: "2026-03-01" statusReason: "MOVED" healthFacilityId: <facility.id> jsonExt: "{\"shoe\": 40}"`),
	{
		place: "insurees: list", ask: `{insurees(first: 10, orderBy: ["chfId"], parentLocation: "<district.uuid>", parentLocationLevel: 1, lastName_Icontains: "rien", otherNames_Icontains: "an", chfId_Istartswith: "0707", gender_Code: "F", marital: "M", phone_Icontains: "000", family_Isnull: false, photo_Isnull: false, dob_Gte: "1990-01-01", dob_Lte: "1991-01-01", showHistory: false, ignoreLocation: false) connN` + insureeRow + `}`,
		want: []string{`"totalCount":1`, `"uuid":"` + memberKey + `"`, `"status":"IN","family":{"uuid":"` + familyKey + `","location":{`},
	},
	{place: "insurees: list, last page", ask: `{insurees(last: 1 before: "" orderBy: ["-lastName"] email_Icontains: "jane") connN` + insureeRow + `}`, want: []string{`"totalCount":1`}},
	{place: "insurees: past", ask: `{insurees(first: 10, orderBy: ["chfId"], chfId_Istartswith: "070707081", showHistory: true) connN` + insureeRow + `}`, want: []string{`"totalCount":2`}},
	{
		place: "insuree form", ask: `{insurees(uuid: "` + headKey + `", ignoreLocation: true) conn` + insureeForm + `}`,
		want: []string{`"chfId":"070707070","lastName":"O/Brien"`, `"photo":"iVBORw0KGgo`, `"healthFacility":{"id":"<facility.global>"`, `"family":{"id":"<family.global>"`, `"jsonExt":"{\"shoe\":39}"`, `"head":true,"status":"AC"`},
	},
	{place: "insuree form, member", ask: `{insurees(uuid: "` + memberKey + `") conn` + insureeForm + `}`, want: []string{`"status":"IN","statusDate":"2026-03-01","statusReason":{"code":"MOVED","insureeStatusReason":"Moved away"}`, `"folder":"f","filename":"m.jpg","officerId":4,"photo":null`}},
	{place: "enquiry", ask: `{insurees(chfId: "070707070", ignoreLocation: true) conn{id uuid chfId lastName otherNames dob age validityFrom validityTo gender{code gender altLanguage} status family@FAM photo{folder filename photo} healthFacility@HFP}}`, want: []string{`"gender":{"code":"F","gender":"Female","altLanguage":`, `"healthFacility":{"id":"<facility.global>"`}},
	{place: "insuree picker", ask: `{insurees(first: 5, after: "", chfId_Istartswith: "07", lastName_Istartswith: "o", otherNames_Istartswith: "ja") connN` + insureeForm + `}`, want: []string{`"totalCount":1`}},
	{
		place: "families: list", ask: `{families(first: 10, orderBy: ["-validityFrom"], parentLocation: "<village.uuid>", parentLocationLevel: 3, headInsuree_LastName_Icontains: "brien", headInsuree_OtherNames_Icontains: "jane", headInsuree_ChfId_Istartswith: "0707", headInsuree_Gender_Code: "F", headInsuree_Phone_Icontains: "000", headInsuree_Email_Icontains: "agency", headInsuree_Dob_Gte: "1990-01-01", headInsuree_Dob_Lte: "1990-12-31", nullAsFalsePoverty: false, confirmationNo_Istartswith: "7", additionalFilter: "{}", showHistory: false) connN` + familyRow + `}`,
		want: []string{`"totalCount":1`, `"poverty":false,"confirmationNo":"77"`},
	},
	{
		place: "families: list by member", ask: `{families(first: 10, orderBy: ["headInsuree__chfId"], members_LastName_Icontains: "brien", members_OtherNames_Icontains: "jane", members_ChfId_Istartswith: "070707081", members_Gender_Code: "F", members_Phone_Icontains: "000", members_Email_Icontains: "", members_Dob_Gte: "1990-01-01", members_Dob_Lte: "1990-12-31") connN` + familyRow + `}`,
		want: []string{`"totalCount":1`},
	},
	{place: "families: list by officer", ask: `{families(first: 10, orderBy: ["-validityFrom"], officer: "` + headKey + `", showHistory: true) connN` + familyRow + `}`, want: []string{`"totalCount":0`}},
	{place: "family form", ask: `{families(uuid: "` + familyKey + `", showHistory: true) conn@FAM}`, want: []string{`"confirmationType":{"code":"A","isConfirmationNumberRequired":false},"familyType":{"code":"H"},"address":"House 4"`, `"clientMutationId":null`}},
	{place: "family form, by head", ask: `{families(headInsuree_ChfId: "070707070") conn@FAM}`, want: []string{`"uuid":"` + familyKey + `"`}},
	{place: "family: members", ask: `{familyMembers(familyUuid: "` + familyKey + `", first: 5) connN` + memberRow + `}`, want: []string{`"totalCount":2`, `"edges":[{"node":{"uuid":"` + headKey + `","chfId":"070707070","otherNames":"Jane","lastName":"O/Brien","head":true`}},
	{place: "family: members, chosen", ask: `{familyMembers(familyUuid: "` + familyKey + `", orderBy: "-chfId", first: 5, before: "", chfId_Istartswith: "07", lastName_Icontains: "b", otherNames_Icontains: "j", gender_Code: "F", dob_Gte: "1990-01-01", dob_Lte: "1991-01-01") connN` + memberRow + `}`, want: []string{`"edges":[{"node":{"uuid":"` + memberKey + `"`}},
	{place: "family: room", ask: `{canAddInsuree(familyId: <family.id>)}`, want: []string{`{"canAddInsuree":[]}`}},
	{place: "insuree form: number", ask: `query ($insureeNumber: String!) { insureeNumberValidity(insureeNumber: $insureeNumber) { isValid errorCode errorMessage } }`, variables: `{"insureeNumber": "070707070"}`, want: []string{`{"isValid":false,"errorCode":1,"errorMessage":"`}},
	{place: "insuree form: free number", ask: `query ($insureeNumber: String!) { insureeNumberValidity(insureeNumber: $insureeNumber) { isValid errorCode errorMessage } }`, variables: `{"insureeNumber": "123456782"}`, want: []string{`{"isValid":true,"errorCode":0,"errorMessage":""}`}},
	{place: "insuree form: genders", ask: `{insureeGenders{code}}`, want: []string{`[{"code":"M"},{"code":"F"},{"code":"O"}]`}},
	{place: "insuree form: educations", ask: `{educations{id}}`, want: []string{`[{"id":1},{"id":2}`}},
	{place: "insuree form: professions", ask: `{professions{id}}`, want: []string{`[{"id":1},{"id":2},{"id":3},{"id":4}]`}},
	{place: "insuree form: relations", ask: `{relations{id}}`, want: []string{`{"id":7}`}},
	{place: "insuree form: documents", ask: `{identificationTypes{code}}`, want: []string{`{"code":"P"}`}},
	{place: "family form: types", ask: `{familyTypes{code}}`, want: []string{`{"code":"H"}`}},
	{place: "insurees: export", ask: `{insureesExport(fileFormat: "csv", fields: ["chf_id", "last_name"], fieldsColumns: {chf_id: "Number", last_name: "Name"}, lastName_Icontains: "brien", orderBy: ["chfId"], first: 10)}`, want: []string{`{"insureesExport":"`, `.csv"}`}},
	{place: "advanced filters", ask: `{customFilters(moduleName: "insuree", objectTypeName: "Insuree"){type code possibleFilters{field filter type}}}`, want: []string{`"type":"Insuree","code":"","possibleFilters":[`, `{"field":"last_name","filter":["iexact","istartswith","icontains"],"type":"string"}`}},
	{place: "advanced filters, applied", ask: `{insurees(first: 10, customFilters: ["last_name__icontains__string=\"brien\"","head__exact__boolean=true"]) connN` + insureeRow + `}`, want: []string{`"totalCount":1`}},
	{place: "family form: confirmations", ask: `{confirmationTypes{code isConfirmationNumberRequired}}`, want: []string{`{"code":"A","isConfirmationNumberRequired":false}`}},
	{place: "insuree form: reasons", ask: `query ($str: String, $statusType: String) { insureeStatusReasons(str: $str, statusType: $statusType, first: 20) edges{id code insureeStatusReason statusType} }`, variables: `{"str": "", "statusType": "IN"}`, want: []string{`"code":"MOVED","insureeStatusReason":"Moved away","statusType":"IN"`}},
	{place: "new policy: family", ask: `{families(uuid: "` + familyKey + `") conn{id uuid poverty headInsuree{id uuid chfId lastName otherNames email phone dob gender{code}} location@LOC4}}`, want: []string{`"gender":{"code":"F"}`}},
	mutates("insurees: into another family", "changeInsureeFamily", `familyUuid: "`+familyKey+`" insureeUuid: "`+otherKey+`" cancelPolicies: false`),
	mutates("family: another head", "setFamilyHead", `uuid: "`+familyKey+`" insureeUuid: "`+memberKey+`"`),
	mutates("family: head stays", "removeInsurees", `uuid: "`+familyKey+`" uuids: ["`+memberKey+`"] cancelPolicies: false`, document{trouble: "insuree.remove_head_insuree"}),
	mutates("family: without a member", "removeInsurees", `uuid: "`+familyKey+`" uuids: ["`+otherKey+`"] cancelPolicies: true`),
	mutates("insurees: delete", "deleteInsurees", `uuids: ["`+otherKey+`"]`),
}

// profileDocuments are about oneself (contract §3, §6 tools, profile, home).
var profileDocuments = []document{
	{place: "my profile", ask: `{user{username otherNames lastName email phone iUser{language{name} roles{id name altLanguage}}}}`, want: []string{`{"user":{"username":"clerk","otherNames":"Clara","lastName":"Clark","email":"clerk@agency.example","phone":"+000 1","iUser":{"language":{"name":"English"}`, `"altLanguage":"Gardien"`}},
	mutates("language", "changeUserLanguage", `languageId: "fr"`),
	{place: "my profile, in French", ask: `{user{iUser{language{name}}}}`, want: []string{`"Français"`}},
	mutates("language, back", "changeUserLanguage", `languageId: "en"`),
	{place: "users: right after", ask: `{mutationLogs(first: 5, orderBy: "-request_date_time") conn{id status error clientMutationId clientMutationLabel clientMutationDetails requestDateTime jsonExt}}`, want: []string{`"clientMutationLabel":"language, back"`}},
	{place: "journal, hook style", ask: `query ($clientMutationId: String) { mutationLogs(clientMutationId: $clientMutationId) edges{status clientMutationId jsonContent error} }`, variables: `{"clientMutationId": "<last>"}`, want: []string{`"jsonContent":"{\"language_id\":\"en\"}"`}},
}

// sortDocuments ask each searcher for each of its sort keys, both ways (contract §10).
func sortDocuments() []document {
	var list []document
	for _, s := range []struct{ root, keys string }{
		{"insurees", "chfId lastName otherNames marital gender__code email phone dob validityFrom validityTo"},
		{"families", "headInsuree__chfId headInsuree__lastName headInsuree__otherNames headInsuree__email headInsuree__phone headInsuree__dob confirmationNo validityFrom validityTo"},
		{"healthFacilities", "code name legalForm level careType"},
		{"medicalServices", "code name type level price"},
		{"medicalItems", "code name type package quantity price"},
		{"role", "name isSystem isBlocked"},
	} {
		for _, key := range strings.Fields(s.keys) {
			for _, sign := range []string{"", "-"} {
				list = append(list, document{place: "sorting", ask: fmt.Sprintf(`{%s(first: 10, orderBy: ["%s%s"]) connN{id uuid}}`, s.root, sign, key), want: []string{`"edges":[{"node":`}})
			}
		}
	}
	return append(list, document{place: "sorting, snake case", ask: `{insurees(first: 3, orderBy: "last_name") connN{uuid}}`, want: []string{`"edges":[{`}},
		document{place: "sorting, by chance", ask: `{insurees(first: 3, orderBy: ["chfId","?"]) connN{uuid}}`, want: []string{`"edges":[{`}})
}

// closingDocuments delete what the story made.
var closingDocuments = []document{
	mutates("locations: in use", "deleteLocation", `uuid: "<village.uuid>" code: "V1"`, document{trouble: "_in_use"}),
	mutates("facilities: delete", "deleteHealthFacility", `uuid: "<facility2.uuid>" code: "HF2"`),
	mutates("families: delete", "deleteFamilies", `uuids: ["`+familyKey+`"] deleteMembers: true`),
	mutates("locations: delete", "deleteLocation", `uuid: "<ward2.uuid>" code: "R1D2M1" newParentUuid: "<ward.uuid>"`, document{trouble: ""}),
	mutates("services: delete", "deleteService", `uuids: ["<service2.uuid>"]`),
	mutates("items: delete", "deleteItem", `uuids: ["<item2.uuid>"]`),
	{place: "services: deleted", ask: `{medicalServices(first: 10, orderBy: ["code"], code_Icontains: "S2") connN{uuid}}`, want: []string{`"totalCount":0`}},
}

// unanswered are documents of modules that there are not yet: their root fields do not exist. Whoever makes one answerable takes it out of here and puts it above.
var unanswered = []document{
	{place: "family: policies", ask: `{policiesByFamily(familyUuid: "` + familyKey + `", activeOrLastExpiredOnly: true, orderBy: "expiryDate", first: 5) connN{policyUuid}}`},
	{place: "policies: list", ask: `{policies(first: 10, orderBy: ["-enrollDate"]) connN{uuid}}`},
	{place: "contributions: list", ask: `{premiums(first: 10, orderBy: ["-payDate"]) connN{id}}`},
	{place: "payments: list", ask: `{payments(first: 10, orderBy: ["-receivedDate"]) connN{id}}`},
	{place: "payers: list", ask: `query ($first: Int) { payers(first: $first) connN{id} }`},
	{place: "products: list", ask: `query ($first: Int) { products(first: $first) connN{id} }`},
	{place: "claims: list", ask: `{claims(first: 10, orderBy: ["-dateClaimed"]) connN{uuid}}`},
	{place: "batches: list", ask: `{batchRuns(orderBy: "-runDate", location_Isnull: true) conn{id runDate}}`},
	{place: "reports", ask: `{reports{name module description}}`},
}
