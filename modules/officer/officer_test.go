package officer_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/module/moduletest"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/facility"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/medical"
	"almoner.dev/almoner/modules/officer"
	"almoner.dev/almoner/modules/organisation"
)

var list = []module.Definition{account.Module, facility.Module, location.Module, medical.Module, officer.Module, organisation.Module}

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	moduletest.SameSchema(t, list)
}

// scheme is the program with the people and places of testdata/scheme.yaml.
type scheme struct {
	*testing.T
	app       *apptest.App
	mutations int
}

func each(t *testing.T, fn func(s *scheme)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, list, []string{"testdata/scheme.yaml"}, func(t *testing.T, a *apptest.App) { fn(&scheme{T: t, app: a}) })
}

// number reads one number.
func (s *scheme) number(sql string, args ...any) (n int64) {
	s.Helper()
	if err := s.app.DB.QueryRow(s.Context(), sql, args...).Scan(&n); err != nil {
		s.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (s *scheme) write(sql string, args ...any) {
	s.Helper()
	err := s.app.DB.InTx(s.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.Context(), sql, args...)
		return err
	})
	if err != nil {
		s.Fatalf("%s: %v", sql, err)
	}
}

func (s *scheme) place(code string) int64 {
	s.Helper()
	return s.number("select id from location_locations where p_code = $1", code)
}

func (s *scheme) role(system int) int64 {
	s.Helper()
	return s.number("select id from account_roles where is_system = $1", int64(system))
}

// ask sends a document with variables and returns its data; an error fails the test.
func (s *scheme) ask(who *apptest.Client, document string, variables any) map[string]any {
	s.Helper()
	answer := who.Post("/api/graphql", map[string]any{"query": document, "variables": variables}).Want(s, 200).Object(s)
	if answer["errors"] != nil {
		s.Fatalf("%s: %v", document, answer["errors"])
	}
	data, _ := answer["data"].(map[string]any)
	return data
}

// want compares what is at a path of the data, as JSON.
func (s *scheme) want(data any, want string, steps ...any) {
	s.Helper()
	got, err := json.Marshal(at(data, steps...))
	if err != nil {
		s.Fatal(err)
	}
	if string(got) != canonical(want) {
		s.Errorf("at %v\n got %s\nwant %s", steps, got, canonical(want))
	}
}

func canonical(text string) string {
	var tree any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return text
	}
	b, err := json.Marshal(tree)
	if err != nil {
		return text
	}
	return string(b)
}

// at follows names and positions into an answer.
func at(v any, steps ...any) any {
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

// mutate carries out a mutation with its input as a variable, as the user form does, and returns what the log says of its failure, "" for success.
func (s *scheme) mutate(who *apptest.Client, name string, input map[string]any) string {
	s.Helper()
	s.mutations++
	input["clientMutationId"] = fmt.Sprint("m", s.mutations)
	kind := strings.ToUpper(name[:1]) + name[1:] + "MutationInput!"
	s.ask(who, "mutation ($input: "+kind+") { "+name+"(input: $input) { clientMutationId internalId } }", map[string]any{"input": input})
	var status int64
	var failure *string
	err := s.app.DB.QueryRow(s.Context(), "select status, error from api_mutations where client_mutation_id = $1", input["clientMutationId"]).Scan(&status, &failure)
	if err != nil {
		s.Fatal(err)
	}
	if status == 2 && failure == nil {
		return ""
	}
	return *failure
}

func (s *scheme) good(who *apptest.Client, name string, input map[string]any) {
	s.Helper()
	if failure := s.mutate(who, name, input); failure != "" {
		s.Fatalf("%s %v: %s", name, input, failure)
	}
}

func (s *scheme) bad(who *apptest.Client, code, name string, input map[string]any) {
	s.Helper()
	if failure := s.mutate(who, name, input); !strings.Contains(failure, code) {
		s.Errorf("%s %v: the log says %q, not %s", name, input, failure, code)
	}
}

func decoded(id any) string {
	text, _ := id.(string)
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	_, key, _ := strings.Cut(string(raw), ":")
	return key
}

// The documents of the client, as the contract has them (client contract §2, §6 admin and profile).
const (
	loc2 = `{ id uuid code name type parent { id uuid code name type } }`
	hfp  = `{ id uuid code name level servicesPricelist { id uuid } itemsPricelist { id uuid } contractStartDate contractEndDate location ` + loc2 + ` }`
	// homeDocument is asked by the home screen.
	homeDocument = `{ user { healthFacility ` + hfp + ` id username rights email lastName otherNames phone iUser { id uuid language { code name } } claimAdmin { id code uuid }
		officer { id uuid code dob address location { id uuid code name parent { id uuid code name } } } } }`
	// profileDocument is asked by the profile page.
	profileDocument = `{ user { username otherNames lastName email phone iUser { language { name } roles { id name altLanguage } userdistrictSet { location { name parent { name } } } } } }`
	// usersDocument is the list of users.
	usersDocument = `{ users(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { id username officer { id dob phone lastName otherNames email }
		iUser { id phone lastName otherNames email roles { id name } } claimAdmin { id phone lastName otherNames emailId dob } validityTo clientMutationId } } } }`
	// userDocument is the user form.
	userDocument = `{ users(%s) { pageInfo { hasNextPage } edges { node { clientMutationId id username validityTo officer { id uuid hasLogin phone dob lastName otherNames address substitutionOfficer { id lastName otherNames code }
		worksTo officerVillages { id location { id name code uuid parent { id name code uuid parent { id name code uuid parent { id } } } } } location { id name uuid code parent { id name uuid code } } }
		iUser { id phone languageId lastName otherNames roles { id name isSystem } healthFacility ` + hfp + ` validityFrom validityTo email districts: userdistrictSet { location { id name code uuid parent { id name code uuid } } } }
		claimAdmin { id hasLogin emailId phone dob lastName otherNames healthFacility ` + hfp + ` } } } } }`
)

func form(username string, more map[string]any) map[string]any {
	in := map[string]any{"username": username, "lastName": "Mensah", "otherNames": "Kofi", "language": "en", "userTypes": []string{"INTERACTIVE"}}
	for k, v := range more {
		in[k] = v
	}
	return in
}

// One person is a user, an officer and a claim administrator, in one unit of work; ids come as texts, as the form sends them.
func TestUserWithKinds(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		d1, v1, v2 := s.place("D1"), s.place("V1"), s.place("V2")
		hf1 := s.number("select id from facility_health_facilities where code = 'HF1'")
		kofi := form("kofi", map[string]any{
			"userTypes": []string{"INTERACTIVE", "OFFICER", "CLAIM_ADMIN"}, "roles": []string{fmt.Sprint(s.role(1))}, "districts": []string{fmt.Sprint(d1)}, "healthFacilityId": hf1,
			"locationId": d1, "villageIds": []string{fmt.Sprint(v1), fmt.Sprint(v2)}, "birthDate": "1980-02-29", "address": "Street 1", "phone": "555", "email": "kofi@else.example",
			"worksTo": "2030-01-01", "phoneCommunication": true, "password": "a-long-password",
		})
		s.good(ada, "createUser", kofi)
		node := at(s.ask(ada, fmt.Sprintf(userDocument, `clientMutationId: "m1"`), nil), "users", "edges", 0, "node")
		s.want(node, `"kofi"`, "username")
		for _, c := range []struct {
			want  string
			steps []any
		}{
			{`"1980-02-29"`, []any{"officer", "dob"}},
			{`"Street 1"`, []any{"officer", "address"}},
			{`"2030-01-01"`, []any{"officer", "worksTo"}},
			{`"D1"`, []any{"officer", "location", "code"}},
			{`true`, []any{"officer", "hasLogin"}},
			{`null`, []any{"officer", "substitutionOfficer"}},
			{`"V1"`, []any{"officer", "officerVillages", 0, "location", "code"}},
			{`"V2"`, []any{"officer", "officerVillages", 1, "location", "code"}},
			{`"W1"`, []any{"officer", "officerVillages", 1, "location", "parent", "code"}},
			{`"kofi@else.example"`, []any{"claimAdmin", "emailId"}},
			{`"HF1"`, []any{"claimAdmin", "healthFacility", "code"}},
			{`"R1"`, []any{"claimAdmin", "healthFacility", "location", "parent", "code"}},
			{`"HF1"`, []any{"iUser", "healthFacility", "code"}},
			{`"Enrolment Officer"`, []any{"iUser", "roles", 0, "name"}},
		} {
			s.want(node, c.want, c.steps...)
		}
		s.want(node, `"D1"`, "iUser", "districts", 0, "location", "code")
		s.want(node, `"R1"`, "iUser", "districts", 0, "location", "parent", "code")
		id := decoded(at(node, "id"))
		delete(kofi, "password") // it would end all sessions

		// the officer signs in: what is asked at the start and by the profile
		self := s.app.As("kofi@else.example")
		user := at(s.ask(self, homeDocument, nil), "user")
		s.want(user, `"kofi"`, "officer", "code")
		s.want(user, `"kofi"`, "claimAdmin", "code")
		s.want(user, `"HF1"`, "healthFacility", "code")
		s.want(user, `"D1"`, "officer", "location", "code")
		s.want(s.ask(self, profileDocument, nil), `[{"location":{"name":"Rapta","parent":{"name":"Ultha"}}}]`, "user", "iUser", "userdistrictSet")
		me := self.Get("/api/core/users/current_user/").Want(s, 200).Object(s)
		s.want(me, fmt.Sprint(hf1), "i_user", "health_facility_id")
		s.want(s.ask(self, `{ user { iUser { healthFacilityId } } }`, nil), fmt.Sprint(hf1), "user", "iUser", "healthFacilityId")

		// a claim administrator works in the district of the facility; without one, the officer in the villages
		shown := `{ locations(type: "V", orderBy: "code") { edges { node { code } } } }`
		s.want(s.ask(self, shown, nil), `[{"node":{"code":"V1"}},{"node":{"code":"V2"}}]`, "locations", "edges")
		kofi["uuid"], kofi["userTypes"], kofi["villageIds"] = id, []string{"INTERACTIVE", "OFFICER"}, []string{fmt.Sprint(v2)}
		delete(kofi, "healthFacilityId")
		s.good(ada, "updateUser", kofi)
		s.want(s.ask(self, shown, nil), `[{"node":{"code":"V2"}}]`, "locations", "edges")
		// the districts that clients begin with are districts, also when somebody works in villages
		s.want(s.ask(self, `{ userDistricts { code parent { code } } }`, nil), `[{"code":"D1","parent":{"code":"R1"}}]`, "userDistricts")
		node = at(s.ask(ada, fmt.Sprintf(userDocument, `id: "`+id+`", showDeleted: true`), nil), "users", "edges", 0, "node")
		s.want(node, `null`, "claimAdmin")
		s.want(node, `null`, "iUser", "healthFacility")
		s.want(node, `"V2"`, "officer", "officerVillages", 0, "location", "code")
		s.want(s.ask(ada, `{ claimAdmins(code: "kofi", showHistory: true) { totalCount edges { node { code validityTo } } } }`, nil), `2`, "claimAdmins", "totalCount")

		// a new login name is a new code; districts that are not named stay
		kofi["username"] = "kofi2"
		delete(kofi, "districts")
		s.good(ada, "updateUser", kofi)
		s.want(s.ask(ada, `{ enrolmentOfficers(str: "KOFI") { edges { node { id code lastName otherNames } } pageInfo { hasNextPage } } }`, nil), `"kofi2"`, "enrolmentOfficers", "edges", 0, "node", "code")
		s.want(s.ask(self, profileDocument, nil), `"Rapta"`, "user", "iUser", "userdistrictSet", 0, "location", "name")

		// only an officer: nobody who signs in, and yet no one who has gone
		kofi["userTypes"], kofi["roles"] = []string{"OFFICER"}, nil
		s.good(ada, "updateUser", kofi)
		node = at(s.ask(ada, fmt.Sprintf(usersDocument, `userTypes: [OFFICER], regionIds: [`+fmt.Sprint(s.place("R1"))+`], orderBy: ["-username"], first: 10`), nil), "users", "edges", 0, "node")
		s.want(node, `"kofi2"`, "username")
		s.want(node, `null`, "iUser")
		s.want(node, `null`, "validityTo")
		s.want(node, `"Mensah"`, "officer", "lastName")
		s.want(s.ask(ada, fmt.Sprintf(usersDocument, `userTypes: [INTERACTIVE], username_Icontains: "kofi"`), nil), `0`, "users", "totalCount")

		// the end of all
		s.good(ada, "deleteUser", map[string]any{"uuids": []string{id}})
		s.want(s.ask(ada, fmt.Sprintf(usersDocument, `username_Icontains: "kofi"`), nil), `0`, "users", "totalCount")
		node = at(s.ask(ada, fmt.Sprintf(userDocument, `username_Icontains: "kofi", showDeleted: true`), nil), "users", "edges", 0, "node")
		s.want(node, `null`, "officer")
		if at(node, "validityTo") == nil {
			s.Errorf("who has gone is shown as if not: %v", node)
		}
		if n := s.number("select count(*) from officer_villages where validity_to is null"); n != 0 {
			s.Errorf("%d villages are left", n)
		}
	})
}

// Filters of the list of users (client contract §10).
func TestUserFilters(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		role := []int64{s.role(8)}
		hf2 := s.number("select id from facility_health_facilities where code = 'HF2'")
		s.good(ada, "createUser", form("anna", map[string]any{"roles": role, "districts": []int64{s.place("D1")}}))
		s.good(ada, "createUser", form("bela", map[string]any{"roles": role, "userTypes": []string{"INTERACTIVE", "OFFICER"}, "locationId": s.place("D2"), "villageIds": []int64{s.place("V3")}, "birthDate": "1990-05-05"}))
		s.good(ada, "createUser", form("cara", map[string]any{"roles": role, "userTypes": []string{"INTERACTIVE", "CLAIM_ADMIN"}, "healthFacilityId": hf2, "birthDate": "1970-01-01"}))
		s.good(ada, "createUser", form("dora", map[string]any{"roles": role, "lastName": "Zulu", "phone": "0700", "email": "dora@else.example"}))
		r1, d1, d2 := s.place("R1"), s.place("D1"), s.place("D2")
		uuid := at(s.ask(ada, `{ healthFacilities(code: "HF2") { edges { node { uuid } } } }`, nil), "healthFacilities", "edges", 0, "node", "uuid")
		for _, c := range []struct{ args, want string }{
			{fmt.Sprintf(`regionIds: [%d], roles: [%d]`, r1, role[0]), "anna bela cara dora"},
			{fmt.Sprintf(`regionId: %d`, r1), "anna bela cara"},
			{fmt.Sprintf(`districtId: %d`, d1), "anna"},
			{fmt.Sprintf(`districtId: %d`, d2), "bela cara"},
			{fmt.Sprintf(`municipalityId: %d`, s.place("W2")), "bela"},
			{fmt.Sprintf(`villageId: %d`, s.place("V3")), "bela"},
			{fmt.Sprintf(`villageId: %d`, s.place("V1")), ""},
			{fmt.Sprintf(`healthFacilityId: %d`, hf2), "cara"},
			{fmt.Sprintf(`healthFacility_Uuid: %q`, uuid), "cara"},
			{`birthDateFrom: "1980-01-01"`, "bela"},
			{`birthDateTo: "1980-01-01"`, "cara"},
			{`birthDateFrom: "1960-01-01", birthDateTo: "1995-01-01"`, "bela cara"},
			{`userTypes: [OFFICER, CLAIM_ADMIN]`, "bela cara"},
			{`userTypes: [CLAIM_ADMIN]`, "cara"},
			{`userTypes: [TECHNICAL]`, ""},
			{`lastName: "zul", email: "DORA@", phone: "700"`, "dora"},
			{`str: "kof", username_Icontains: "a", otherNames: "kof", language: "en", roles: [` + fmt.Sprint(role[0]) + `]`, "anna bela cara dora"},
		} {
			edges, _ := at(s.ask(ada, `{ users(`+c.args+`, orderBy: "username") { edges { node { username } } } }`, nil), "users", "edges").([]any)
			var names []string
			for _, e := range edges {
				name, _ := at(e, "node", "username").(string)
				names = append(names, name)
			}
			if got := strings.Join(names, " "); got != c.want {
				s.Errorf("users(%s): %s, want %s", c.args, got, c.want)
			}
		}
	})
}

// What somebody who administers users in one district may do, and the rules on officers.
func TestUserRules(t *testing.T) {
	each(t, func(s *scheme) {
		ada, ruth := s.app.As("ada@agency.example"), s.app.As("ruth@agency.example")
		d1, d2 := s.place("D1"), s.place("D2")
		s.good(ada, "updateUser", map[string]any{
			"uuid": fmt.Sprint(s.number("select id from account_users where email = 'ruth@agency.example'")), "username": "ruth", "email": "ruth@agency.example", "lastName": "Keeper", "otherNames": "Ruth", "language": "en",
			"userTypes": []string{"INTERACTIVE"}, "roles": []int64{s.role(32)}, "districts": []int64{d1},
		})
		role := []int64{s.number("select id from account_roles where is_system = 512")}
		hf1, hf2 := s.number("select id from facility_health_facilities where code = 'HF1'"), s.number("select id from facility_health_facilities where code = 'HF2'")
		s.good(ada, "createUser", form("far", map[string]any{"roles": role, "districts": []int64{d2}, "userTypes": []string{"INTERACTIVE", "OFFICER"}, "villageIds": []int64{s.place("V3")}, "locationId": d2}))
		s.good(ruth, "createUser", form("near", map[string]any{"roles": role, "districts": []int64{d1}, "userTypes": []string{"INTERACTIVE", "OFFICER"}, "villageIds": []int64{s.place("V1")}, "locationId": d1}))
		s.want(s.ask(ruth, `{ users(str: "kofi") { totalCount } enrolmentOfficers { edges { node { code } } } }`, nil), `{"enrolmentOfficers":{"edges":[{"node":{"code":"near"}}]},"users":{"totalCount":1}}`)
		far := fmt.Sprint(s.number("select id from account_users where username = 'far'"))
		near := fmt.Sprint(s.number("select id from account_users where username = 'near'"))
		for _, c := range []struct {
			code  string
			input map[string]any
		}{
			{"not_your_place", form("x", map[string]any{"roles": role, "districts": []int64{d2}})},
			{"not_your_facility", form("x", map[string]any{"roles": role, "healthFacilityId": hf2})},
			{"not_your_place", form("x", map[string]any{"roles": role, "userTypes": []string{"OFFICER"}, "locationId": d2})},
			{"does_not_exist", form("x", map[string]any{"roles": role, "userTypes": []string{"OFFICER"}, "villageIds": []int64{d1}})},
			{"no_such_officer", form("x", map[string]any{"userTypes": []string{"OFFICER"}, "substitutionOfficerId": "nobody"})},
			{"required", form("x", nil)},
			{"right_not_yours", form("x", map[string]any{"roles": []int64{s.role(64)}})},
			{"username", form("near", map[string]any{"roles": role})},
		} {
			s.bad(ruth, c.code, "createUser", c.input)
		}
		if n := s.number("select count(*) from account_users where username = 'x'"); n != 0 {
			s.Errorf("what was refused left %d users behind", n)
		}
		s.bad(ruth, "not_found", "updateUser", form("far", map[string]any{"uuid": far, "roles": role}))
		s.bad(ruth, "not_found", "deleteUser", map[string]any{"uuids": []string{far}})

		// who replaces whom
		nearOfficer, farOfficer := s.number("select id from officer_officers where code = 'near'"), s.number("select id from officer_officers where code = 'far'")
		officers := map[string]any{"userTypes": []string{"INTERACTIVE", "OFFICER"}, "roles": role, "locationId": d1, "uuid": near, "substitutionOfficerId": fmt.Sprint(farOfficer)}
		s.good(ada, "updateUser", form("near", officers))
		s.want(s.ask(ada, `{ enrolmentOfficers(code: "near") { edges { node { substitutionOfficer { code } } } } }`, nil), `"far"`, "enrolmentOfficers", "edges", 0, "node", "substitutionOfficer", "code")
		s.bad(ada, "own_substitute", "updateUser", form("far", map[string]any{"userTypes": []string{"OFFICER"}, "uuid": far, "locationId": d2, "substitutionOfficerId": fmt.Sprint(nearOfficer)}))
		v3 := at(s.ask(ada, `{ locations(code: "V3") { edges { node { uuid } } } }`, nil), "locations", "edges", 0, "node", "uuid")
		data := s.ask(ada, `query ($str: String, $villagesUuids: [String!], $officerUuid: String) { substitutionEnrolmentOfficers(str: $str, villagesUuids: $villagesUuids, officerUuid: $officerUuid) { edges { node { id uuid code lastName otherNames } } } }`,
			map[string]any{"villagesUuids": []any{v3}, "first": 10})
		s.want(data, `"far"`, "substitutionEnrolmentOfficers", "edges", 0, "node", "code")
		data = s.ask(ada, `query ($officerUuid: String) { substitutionEnrolmentOfficers(officerUuid: $officerUuid) { edges { node { code } } } }`, map[string]any{"officerUuid": at(data, "substitutionEnrolmentOfficers", "edges", 0, "node", "uuid")})
		s.want(data, `[{"node":{"code":"near"}}]`, "substitutionEnrolmentOfficers", "edges")

		// places and facilities where somebody works stay
		s.good(ada, "createUser", form("clara", map[string]any{"userTypes": []string{"CLAIM_ADMIN"}, "healthFacilityId": hf1}))
		s.bad(ada, "place_in_use", "deleteLocation", map[string]any{"uuid": v3, "code": "V3"})
		hfUUID := at(s.ask(ada, `{ healthFacilities(code: "HF1") { edges { node { uuid } } } }`, nil), "healthFacilities", "edges", 0, "node", "uuid")
		s.bad(ada, "facility_in_use", "deleteHealthFacility", map[string]any{"uuid": hfUUID, "code": "HF1"})
	})
}

// The lists from which other screens choose.
func TestPickers(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		hf1, hf2 := s.number("select id from facility_health_facilities where code = 'HF1'"), s.number("select id from facility_health_facilities where code = 'HF2'")
		officer := ada.Post("/api/officer/officers/", map[string]any{"code": "EO1", "last_name": "Otieno", "other_names": "Amina", "location": s.place("D1"), "officer_villages": []map[string]any{{"location": s.place("V1")}, {"location": s.place("V2")}}}).Want(s, 201)
		ada.Post("/api/officer/officers/", map[string]any{"code": "EO2", "last_name": "Haile", "other_names": "Dawit", "location": s.place("D2")}).Want(s, 201)
		ada.Post("/api/officer/claim-admins/", map[string]any{"code": "CA1", "last_name": "Lungu", "other_names": "Rosa", "health_facility": hf1}).Want(s, 201)
		ada.Post("/api/officer/claim-admins/", map[string]any{"code": "CA2", "last_name": "Kamara", "other_names": "Luis", "health_facility": hf2}).Want(s, 201)
		off := `{ id uuid code lastName otherNames }`
		data := s.ask(ada, `{ insureeOfficers { totalCount edges { node `+off+` } } }`, nil)
		s.want(data, `2`, "insureeOfficers", "totalCount")
		data = s.ask(ada, `query ($search: String, $first: Int, $district: String, $region: String) { policyOfficers(search: $search, first: $first, district: $district, region: $region) { edges { node `+off+` } } }`,
			map[string]any{"search": "o", "district": fmt.Sprint(s.place("D1")), "region": fmt.Sprint(s.place("R1"))})
		s.want(data, `"EO1"`, "policyOfficers", "edges", 0, "node", "code")
		s.want(data, `null`, "policyOfficers", "edges", 1)
		data = s.ask(ada, `query ($search: String) { claimOfficers(search: $search, first: 20) { edges { node `+off+` } } }`, map[string]any{"search": "hail"})
		s.want(data, `"EO2"`, "claimOfficers", "edges", 0, "node", "code")
		r1 := at(s.ask(ada, `{ locations(code: "R1") { edges { node { uuid } } } }`, nil), "locations", "edges", 0, "node", "uuid")
		d2 := at(s.ask(ada, `{ locations(code: "D2") { edges { node { uuid } } } }`, nil), "locations", "edges", 0, "node", "uuid")
		admins := `query ($search: String, $healthFacility_Uuid: String, $regionUuid: String, $districtUuid: String) { claimAdmins(search: $search, first: 20, healthFacility_Uuid: $healthFacility_Uuid, regionUuid: $regionUuid, districtUuid: $districtUuid)
			{ edges { node { id uuid code lastName otherNames healthFacility { id uuid code name level servicesPricelist { id uuid } itemsPricelist { id uuid } location { id uuid code name parent { code name id uuid } } } } } } }`
		s.want(s.ask(ada, admins, map[string]any{"search": "", "regionUuid": r1}), `"CA1"`, "claimAdmins", "edges", 0, "node", "code")
		s.want(s.ask(ada, admins, map[string]any{"search": "", "districtUuid": d2}), `"CA2"`, "claimAdmins", "edges", 0, "node", "code")
		s.want(s.ask(ada, `{ officerLocations(officerCode: "EO1", locationType: "D") { code } villages: officerLocations(officerCode: "EO1") { code } }`, nil), `{"officerLocations":[{"code":"D1"}],"villages":[{"code":"V1"},{"code":"V2"}]}`)

		// over REST the villages are written with the officer; the past is kept
		path := fmt.Sprintf("/api/officer/officers/%d/", officer.ID(s))
		villages, _ := officer.Object(s)["officer_villages"].([]any)
		ada.Patch(path, map[string]any{"officer_villages": []map[string]any{{"id": at(villages, 0, "id"), "_delete": true}}}).Want(s, 200)
		s.want(ada.Get(path).Want(s, 200).Object(s), `"V2"`, "officer_villages", 0, "location", "p_code")
		ada.Delete(path).Want(s, 204)
		ada.Get(path).Want(s, 404)
		s.want(s.ask(ada, `{ enrolmentOfficers(code: "EO1", showHistory: true) { totalCount } }`, nil), `3`, "enrolmentOfficers", "totalCount")
		// somebody with an account, and without a right
		ruth := s.app.As("ruth@agency.example")
		ruth.Get("/api/officer/claim-admins/").Want(s, 200)
		s.write("delete from account_role_rights where right_id = 121601")
		ruth.Get("/api/officer/claim-admins/").Want(s, 403)
	})
}

// In another scheme one is somebody else, or nobody.
func TestOtherWorkspace(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		s.good(ada, "createUser", form("kofi", map[string]any{"userTypes": []string{"INTERACTIVE", "OFFICER"}, "roles": []int64{s.role(1)}, "email": "kofi@else.example", "districts": []int64{s.place("D1")}}))
		other := s.number("select id from account_workspaces where code = 'OTH'")
		s.write(`insert into account_grants (user_id, workspace_id, role_id, is_active, created_at, updated_at)
			select u.id, $1, r.id, u.is_active, u.created_at, u.created_at from account_users u, account_roles r where u.username = 'kofi' and r.is_system = 8`, other)
		kofi := s.app.As("kofi@else.example")
		s.want(s.ask(kofi, homeDocument, nil), `"kofi"`, "user", "officer", "code")
		s.want(s.ask(kofi.In("OTH"), homeDocument, nil), `null`, "user", "officer")
		s.want(s.ask(kofi.In("OTH"), profileDocument, nil), `[]`, "user", "iUser", "userdistrictSet")
		s.want(s.ask(ada.In("OTH"), fmt.Sprintf(usersDocument, `userTypes: [OFFICER]`), nil), `0`, "users", "totalCount")
	})
}

// What somebody is who is a user too changes with the user; the rest changes here.
func TestKeptWithUser(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		role := []int64{s.role(8)}
		hf1, hf2 := s.number("select id from facility_health_facilities where code = 'HF1'"), s.number("select id from facility_health_facilities where code = 'HF2'")
		kofi := form("kofi", map[string]any{"roles": role, "userTypes": []string{"INTERACTIVE", "OFFICER", "CLAIM_ADMIN"}, "healthFacilityId": hf1, "locationId": s.place("D1"), "phone": "555"})
		s.good(ada, "createUser", kofi)
		user := s.number("select id from account_users where username = 'kofi'")
		officer := fmt.Sprintf("/api/officer/officers/%d/", s.number("select id from officer_officers where code = 'kofi'"))
		claims := fmt.Sprintf("/api/officer/claim-admins/%d/", s.number("select id from officer_claim_admins where code = 'kofi'"))
		for _, path := range []string{officer, claims} {
			s.want(ada.Get(path).Want(s, 200).Object(s), fmt.Sprintf(`{"id":%d}`, user), "user")
			for _, field := range []string{"code", "last_name", "other_names", "phone", "email"} {
				if body := ada.Patch(path, map[string]any{field: "another"}).Want(s, 400).Object(s); body[field] == nil && !strings.Contains(fmt.Sprint(body), field) {
					s.Errorf("%s %s: the refusal is not on the field: %v", path, field, body)
				}
			}
			ada.Patch(path, map[string]any{"last_name": "Mensah", "dob": "1985-01-02"}).Want(s, 200)
		}
		ada.Patch(officer, map[string]any{"address": "Street 2", "officer_villages": []map[string]any{{"location": s.place("V1")}}}).Want(s, 200)
		s.want(ada.Patch(claims, map[string]any{"health_facility": hf2}).Want(s, 200).Object(s), `"HF2"`, "health_facility", "code")
		kofi["uuid"], kofi["lastName"], kofi["birthDate"], kofi["healthFacilityId"] = fmt.Sprint(user), "Annan", "1985-01-02", hf2
		s.good(ada, "updateUser", kofi)
		s.want(ada.Get(officer).Want(s, 200).Object(s), `"Annan"`, "last_name")
		s.want(ada.Get(claims).Want(s, 200).Object(s), `"HF2"`, "health_facility", "code")

		other := ada.Post("/api/officer/officers/", map[string]any{"code": "EO9", "last_name": "Haile", "other_names": "Dawit"}).Want(s, 201)
		s.want(other.Object(s), `null`, "user")
		path := fmt.Sprintf("/api/officer/officers/%d/", other.ID(s))
		s.want(ada.Patch(path, map[string]any{"code": "EO10", "phone": "777"}).Want(s, 200).Object(s), `"EO10"`, "code")
	})
}

// The places of the web app are open to those who hold the rights.
func TestMenu(t *testing.T) {
	each(t, func(s *scheme) {
		places := func(who *apptest.Client) (list []string) {
			all, _ := who.Get("/api/auth/session/").Want(s, 200).Object(s)["menu"].([]any)
			for _, code := range all {
				if text, _ := code.(string); strings.HasPrefix(text, "officer.") {
					list = append(list, text)
				}
			}
			return list
		}
		ruth := s.app.As("ruth@agency.example")
		if got := places(ruth); len(got) != 8 {
			s.Errorf("a scheme administrator sees %v", got)
		}
		// A workspace without levels may become a scheme; one whose places have levels of another kind is none, not even for who administers the platform.
		ada := s.app.As("ada@agency.example").In("OTH")
		if got := places(ada); len(got) != 8 {
			s.Errorf("in a new workspace an administrator sees %v", got)
		}
		s.write("insert into location_levels (workspace_id, number, name, name_folded, type, created_at, updated_at) select w.id, 0, 'County', 'county', '', w.created_at, w.created_at from account_workspaces w where w.code = 'OTH'")
		if got := places(ada); len(got) != 0 {
			s.Errorf("in an office an administrator sees %v", got)
		}
		s.write("delete from account_role_rights where right_id in (121502, 121503, 121504, 121601, 121602, 121604)")
		if got := strings.Join(places(ruth), " "); got != "officer.officers officer.claim_admins.change" {
			s.Errorf("with two rights the menu is %q", got)
		}
	})
}
