package insuree

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/setting"
	"almoner.dev/almoner/modules/location"
)

// What the tests of the original assert about places, facilities, insurees and families (openimis-enrolment §17), one case for each statement, called as it is there.
//
// Those about products, policies, contributions, payers, payments, registers and policy holders belong to modules that there are not yet. So does "Inquire returns
// photos, coverage, product ceilings to a claim administrator" beyond photos: coverage is of policies.
func TestStatementsOfTheOriginal(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		t := l.T
		places := l.Set.Parts["location"].Service.(*location.Service)
		admin := almoner.WithActor(t.Context(), people["admin"])
		// A region with two districts, one ward and one village; somebody works in the district of the ward.
		uuids := map[string]string{}
		ids := map[string]int64{}
		place := func(code, letter, parent string) {
			t.Helper()
			above := ""
			if parent != "" {
				above = fmt.Sprintf(` parentUuid: "%s"`, uuids[parent])
			}
			if failure := l.mutate("admin", "createLocation", fmt.Sprintf(`code: "%s" name: "%s" type: "%s" malePopulation: 1 femalePopulation: 2 otherPopulation: 3 families: 4%s`, code, code, letter, above)); failure != "" {
				t.Fatal(failure)
			}
			var id int64
			var uuid string
			if err := l.DB.QueryRow(t.Context(), "select id, uuid from location_locations where p_code = $1", code).Scan(&id, &uuid); err != nil {
				t.Fatal(err)
			}
			ids[code], uuids[code] = id, uuid
		}
		place("X", "R", "")
		place("XA", "D", "X")
		place("XB", "D", "X")
		place("XAW", "W", "XA")
		place("XAV", "V", "XAW")
		worksIn := func(user int64, codes ...string) {
			t.Helper()
			var list []int64
			for _, code := range codes {
				list = append(list, ids[code])
			}
			if err := l.DB.InTx(admin, func(tx *db.Tx) error { return places.SetDistricts(admin, tx, user, list) }); err != nil {
				t.Fatal(err)
			}
		}
		worksIn(4, "XA") // nobody, who has no rights
		offered := func(letters ...string) (n int) {
			t.Helper()
			for _, letter := range letters {
				n += strings.Count(l.graph("nobody", `{locations(type: "`+letter+`"){edges{node{code}}}}`), `"code"`)
			}
			return n
		}
		allowed := func(user int64, strict bool, codes ...string) bool {
			t.Helper()
			var list db.IDs
			for _, code := range codes {
				list = append(list, ids[code])
			}
			ok, err := places.IsAllowed(t.Context(), l.DB, &almoner.Actor{UserID: user, Workspace: imis}, list, strict)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		const officer, claims = 31, 32
		places.Bases = []location.Base{{Name: "officers", SQL: func(a *almoner.Actor, arg func(any) string) string {
			return "select id from location_locations where cast(" + arg(a.UserID) + " as bigint) = 31 and id = " + arg(ids["XAV"])
		}}}
		worksIn(claims, "XB")
		number := func(length, root int64, validator, text string) int {
			s := Service{Validators: map[string]Validator{"fixed": func(number string) Verdict {
				if number == "wrong" {
					return Verdict{numberShape, "custom"}
				}
				return Verdict{}
			}}}
			s.settings = settings{validator: setting.Fixed(validator), length: setting.Fixed(length), root: setting.Fixed(root)}
			return s.checkNumber(text, 1).Code
		}
		if err := l.DB.InTx(t.Context(), func(tx *db.Tx) error { return l.Set.Parts["facility"].Prepare(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
		facilities := func() int64 { return l.number("select count(*) from facility_health_facilities") }
		count := func(sql string, args ...any) int64 { return l.number("select count(*) from "+sql, args...) }
		const numeric, familyKey, headKey, photoKey = `"123456782"`, "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000003"
		for _, s := range []struct {
			statement string
			holds     func() bool
		}{
			{"A village has 4 parents counting itself", func() bool { return count("location_ancestors where location_id = $1", ids["XAV"]) == 4 }},
			{"one of level D", func() bool {
				return count("location_ancestors a join location_locations p on p.id = a.ancestor_id join location_levels l on l.id = p.level_id where a.location_id = $1 and l.type = 'D'", ids["XAV"]) == 1
			}},
			{"A region with two districts, one ward, one village has 5 children counting itself", func() bool { return count("location_ancestors where ancestor_id = $1", ids["X"]) == 5 }},
			{"2 of level D", func() bool {
				return count("location_ancestors a join location_locations p on p.id = a.location_id join location_levels l on l.id = p.level_id where a.ancestor_id = $1 and l.type = 'D'", ids["X"]) == 2
			}},
			{"A user of one such district may use 3 of levels V, D, W", func() bool { return offered("V", "D", "W") == 3 }},
			{"and 2 of R, D, W", func() bool { return offered("R", "D", "W") == 2 }},
			{"One id outside makes isAllowed false", func() bool { return allowed(4, true, "XA", "XAV") && !allowed(4, true, "XA", "XAV", "XB") }},
			{"Officer: village + district false strict, true loose", func() bool { return !allowed(officer, true, "XAV", "XA") && allowed(officer, false, "XAV", "XA") }},
			{"with a foreign district false even loose", func() bool { return !allowed(officer, false, "XAV", "XB") }},
			{"Claim administrator: own district true strict", func() bool { return allowed(claims, true, "XB") }},
			{"district + region false strict, true loose", func() bool { return !allowed(claims, true, "XB", "X") && allowed(claims, false, "XB", "X") }},
			// There is no cache; what the original's was dropped for is seen at once.
			{"Cache gone after saving the user", func() bool {
				worksIn(4, "XA", "XB")
				both := offered("D") == 2 && offered("R") == 1
				worksIn(4, "XA")
				return both && offered("D") == 1
			}},
			{"and after creating a village", func() bool {
				place("XAV2", "V", "XAW")
				return offered("V") == 2
			}},
			{"createLocation stores all four statistics and is then found by code", func() bool {
				return strings.Contains(l.graph("admin", `{locations(code: "XAV2"){edges{node{malePopulation femalePopulation otherPopulation families}}}}`), `{"malePopulation":1,"femalePopulation":2,"otherPopulation":3,"families":4}`)
			}},
			{"deleteLocation sets validityTo", func() bool {
				return l.mutate("admin", "deleteLocation", `uuid: "`+uuids["XAV2"]+`" code: "XAV2"`) == "" && count("location_locations where p_code = 'XAV2' and validity_to is not null") == 1
			}},
			{"No token → error", func() bool {
				return l.Send("", "POST", "/api/graphql", `{"query":"{locations{edges{node{code}}}}"}`).Code == 401
			}},
			{"a user without rights still gets a list", func() bool { return strings.Contains(l.graph("nobody", `{locations{edges{node{code}}}}`), `"XA"`) }},
			{"Administrator finds a region outside his districts", func() bool {
				return strings.Contains(l.graph("admin", `{locations(type: "R"){edges{node{code}}}}`), `"X"`)
			}},
			{"HF created with code, name, legalFormId, level, locationId, careType only", func() bool {
				return l.mutate("admin", "createHealthFacility", fmt.Sprintf(`code: "HF" name: "HF" legalFormId: "D" level: "D" locationId: %d careType: "O"`, ids["XA"])) == "" && facilities() == 1
			}},
			{"Missing legalFormId → HTTP 400, nothing stored", func() bool {
				rec := l.Send("admin", "POST", "/api/graphql", fmt.Sprintf(`{"query":"mutation {createHealthFacility(input: {code: \"HG\" name: \"HG\" level: \"D\" locationId: %d careType: \"O\"}) {internalId}}"}`, ids["XA"]))
				return rec.Code == 400 && facilities() == 1
			}},
			{"updateHealthFacility answers", func() bool {
				var uuid string
				if err := l.DB.QueryRow(t.Context(), "select uuid from facility_health_facilities where code = 'HF'").Scan(&uuid); err != nil {
					t.Fatal(err)
				}
				return l.mutate("admin", "updateHealthFacility", fmt.Sprintf(`uuid: "%s" code: "HF" name: "New" legalFormId: "D" level: "D" locationId: %d careType: "O"`, uuid, ids["XA"])) == ""
			}},
			{"healthFacilities and userDistricts answer for administrators and others", func() bool {
				return strings.Contains(l.graph("admin", `{healthFacilities{edges{node{name}}} userDistricts{code}}`), `"New"`) &&
					l.graph("nobody", `{healthFacilities{edges{node{name}}} userDistricts{code}}`) == `{"healthFacilities":{"edges":[{"node":{"name":"New"}}]},"userDistricts":[{"code":"XA"}]}`
			}},

			{"insureeNumberValidity answers without error for \"123456782\" and \"070707070\"", func() bool {
				return strings.Count(l.graph("clerk", `{a: insureeNumberValidity(insureeNumber: `+numeric+`){isValid} b: insureeNumberValidity(insureeNumber: "070707070"){isValid}}`), `"isValid":true`) == 2
			}},
			{"With a made-up token insurees and families answer unauthorized", func() bool {
				return l.Send("made up", "POST", "/api/graphql", `{"query":"{insurees{totalCount}}"}`).Code == 401 && l.Send("made up", "POST", "/api/graphql", `{"query":"{families{totalCount}}"}`).Code == 401
			}},
			{"createInsuree with an 11-character number and a photo succeeds for a district administrator", func() bool {
				return l.mutate("clerk", "createInsuree", `chfId: "12345678901" lastName: "a" otherNames: "b" genderId: "F" dob: "2000-01-01" photo: {uuid: "`+photoKey+`" officerId: 1 date: "2026-01-01" photo: "`+picture+`"}`) == ""
			}},
			{"Saving a photo stores its base64 text and a filename equal to the photo uuid; reading gives the same text", func() bool {
				return strings.Contains(l.graph("clerk", `{insurees(chfId: "12345678901"){edges{node{photo{uuid filename photo}}}}}`), `{"uuid":"`+photoKey+`","filename":"`+photoKey+`","photo":"`+picture+`"}`)
			}},
			{"Variables and paging work", func() bool {
				rec := l.Send("clerk", "POST", "/api/graphql", `{"query":"query ($n: Int, $c: String) {insurees(first: $n, chfId_Istartswith: $c){edges{node{chfId}}}}","variables":{"n":1,"c":"1234"}}`)
				return strings.Contains(rec.Body.String(), `"12345678901"`)
			}},
			{"ignoreLocation is accepted", func() bool {
				return strings.Contains(l.graph("clerk", `{insurees(ignoreLocation: true){totalCount}}`), `"totalCount":1`)
			}},
			{"createFamily with client uuids for family and head", func() bool {
				return l.mutate("clerk", "createFamily", fmt.Sprintf(`uuid: "%s" locationId: %d poverty: false headInsuree: {uuid: "%s" chfId: "H1" lastName: "a" otherNames: "b" genderId: "F" dob: "2000-01-01" head: true}`, familyKey, l.village[1], headKey)) == ""
			}},
			{"then updateFamily with poverty true: the valid family has poverty true", func() bool {
				return l.mutate("clerk", "updateFamily", fmt.Sprintf(`uuid: "%s" locationId: %d poverty: true headInsuree: {uuid: "%s" chfId: "H1" lastName: "a" otherNames: "b" genderId: "F" dob: "2000-01-01" head: true}`, familyKey, l.village[1], headKey)) == "" &&
					count("insuree_families where uuid = $1 and validity_to is null and poverty", familyKey) == 1
			}},
			{"Inquire returns photos", func() bool {
				return strings.Contains(l.graph("reader", `{insurees(chfId: "12345678901", ignoreLocation: true){edges{node{photo{photo} photos{edges{node{filename}}}}}}}`), `"photos":{"edges":[{"node":{"filename":"`+photoKey+`"}}]}`)
			}},
			{"Custom validator: its list is returned, other numbers valid, null valid", func() bool {
				return number(0, 0, "fixed", "wrong") == numberShape && number(0, 0, "fixed", "x") == 0 && number(0, 0, "fixed", "") == 0
			}},
			{"Length 5: null, \"\", \"foo\", \"1234567\" one error each, \"12345\" none", func() bool {
				return number(5, 0, "", "") == numberMissing && number(5, 0, "", "foo") == numberLength && number(5, 0, "", "1234567") == numberLength && number(5, 0, "", "12345") == 0
			}},
			{"length 7: \"1234567\" none", func() bool { return number(7, 0, "", "1234567") == 0 }},
			{"Modulo 7, length 5: \"12342\" none, \"12345\" one, null one", func() bool {
				return number(5, 7, "", "12342") == 0 && number(5, 7, "", "12345") == numberDigit && number(5, 7, "", "") == numberMissing
			}},
			{"Modulo 5, length 7: \"1234561\" none, \"1234560\" and \"12345\" one", func() bool {
				return number(7, 5, "", "1234561") == 0 && number(7, 5, "", "1234560") == numberDigit && number(7, 5, "", "12345") == numberLength
			}},
		} {
			if !s.holds() {
				t.Errorf("%s: does not hold", s.statement)
			}
		}
	})
}
