package insuree

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/core/module/moduletest"
)

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	moduletest.SameSchema(t, list)
}

func TestInsurees(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		id, _ := l.person("A1", fmt.Sprintf(`,"current_village":%d,"marital":"M"`, l.village[1]))
		reason, _ := l.create("admin", "/api/insuree/status-reasons/", `{"code":"MOVED","name":"Moved away","status_type":"IN"}`)
		one := fmt.Sprintf("%s%d/", insurees, id)
		for _, c := range []struct {
			as, method, path, body string
			status                 int
			answer                 string
		}{
			{"admin", "POST", insurees, person("A1", ""), 400, `{"chf_id":["Another insuree has this insurance number."]}`},
			{"admin", "POST", insurees, `{"chf_id":"A2","last_name":"M","other_names":"J","gender":1,"dob":"2190-01-01"}`, 400, `{"dob":["Nobody is born in the future."]}`},
			{"admin", "POST", insurees, `{"chf_id":"A2","last_name":"M","other_names":"J"}`, 400, `{"dob":["A date of birth is needed."],"gender":["A gender is needed."]}`},
			{"admin", "POST", insurees, person("A2", `,"status":"XX"`), 400, ""},
			{"admin", "POST", insurees, person("A2", `,"status":"IN"`), 400, `{"status_date":["Say since when."],"status_reason":["Say why."]}`},
			{"admin", "POST", insurees, person("A2", fmt.Sprintf(`,"status":"DE","status_date":"2026-01-01","status_reason":%d`, reason)), 400, `{"status_reason":["This is no reason for that status."]}`},
			{"admin", "POST", insurees, person("A2", fmt.Sprintf(`,"status":"IN","status_date":"2026-01-01","status_reason":%d`, reason)), 201, ""},
			{"admin", "POST", insurees, person("A3", `,"head":true`), 400, ""},
			{"clerk", "POST", insurees, person("A3", fmt.Sprintf(`,"current_village":%d`, l.village[2])), 400, `{"current_village":["You do not work there."]}`},
			{"clerk", "PATCH", one, `{"phone":"+255 1"}`, 200, ""},
			{"other", "PATCH", one, `{"phone":"1"}`, 404, ""},
			{"abroad", "GET", one, "", 404, ""},
			{"clerk", "DELETE", one, "", 204, ""},
			{"clerk", "GET", one, "", 404, ""},
			{"admin", "POST", insurees, person("A1", ""), 201, ""}, // the number is free again
		} {
			l.Want(c.as, c.method, c.path, c.body, c.status, c.answer)
		}
		if n := l.number("select count(*) from insuree_insurees_versions where record_id = $1", id); n != 3 {
			t.Errorf("%d versions of one who was made, changed and deleted", n)
		}
	})
}

func TestFamilies(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		family, head, familyUUID, headUUID := l.household("H1", l.village[1])
		member, memberUUID := l.person("M1", fmt.Sprintf(`,"family":%d`, family))
		stranger, strangerUUID := l.person("S1", "")
		other, otherHead, otherUUID, _ := l.household("H2", l.village[2])
		one := fmt.Sprintf("%s%d/", families, family)
		if n := l.number("select count(*) from insuree_insurees where family_id = $1 and place_id = $2", family, l.village[1]); n != 2 {
			t.Errorf("%d members at the place of their family", n)
		}
		const gone = 204
		for _, c := range []struct {
			as, method, path, body string
			status                 int
			answer                 string
		}{
			{"admin", "POST", families, `{"location":1}`, 400, `{"head_insuree":["This field is required."]}`},
			{"admin", "POST", families, fmt.Sprintf(`{"head_insuree":%d}`, head), 400, `{"head_insuree":["This is the head of another family."]}`},
			{"clerk", "POST", families, fmt.Sprintf(`{"head_insuree":%d,"location":%d}`, stranger, l.village[2]), 400, `{"location":["You do not work there."]}`},
			{"clerk", "PATCH", one, fmt.Sprintf(`{"head_insuree":%d}`, stranger), 400, `{"head_insuree":["The head must be a member of the family."]}`},
			{"clerk", "PATCH", one, fmt.Sprintf(`{"head_insuree":%d}`, otherHead), 400, `{"head_insuree":["This is the head of another family."]}`},
			{"clerk", "DELETE", fmt.Sprintf("%s%d/", insurees, head), "", 400, `{"non_field_errors":["The head of a family cannot be deleted; choose another head first."]}`},
			{"clerk", "PATCH", fmt.Sprintf("%s%d/", insurees, head), `{"family":null}`, 400, `{"family":["The head does not leave the family; choose another head first."]}`},
			{"clerk", "POST", families + "set-head/", `{"uuid":"` + familyUUID + `","insuree_uuid":"` + strangerUUID + `"}`, 400, `{"head_insuree":["The head must be a member of the family."]}`},
			{"clerk", "POST", families + "set-head/", `{"uuid":"` + familyUUID + `","insuree_uuid":"` + memberUUID + `"}`, gone, ""},
			{"clerk", "POST", families + "remove-members/", `{"uuid":"` + familyUUID + `","uuids":["` + memberUUID + `"]}`, 400, `{"uuids":[{"family":["The head does not leave the family; choose another head first."]}]}`},
			{"clerk", "POST", families + "remove-members/", `{"uuid":"` + familyUUID + `","uuids":["` + strangerUUID + `"]}`, 400, ""},
			{"clerk", "POST", families + "remove-members/", `{"uuid":"` + familyUUID + `","uuids":["` + headUUID + `"]}`, gone, ""},
			{"clerk", "POST", insurees + "change-family/", `{"family_uuid":"` + familyUUID + `","insuree_uuid":"` + headUUID + `"}`, gone, ""},
			{"clerk", "POST", insurees + "change-family/", `{"family_uuid":"` + familyUUID + `","insuree_uuid":"` + memberUUID + `"}`, gone, ""},
			{"clerk", "POST", insurees + "change-family/", `{"family_uuid":"` + otherUUID + `","insuree_uuid":"` + headUUID + `"}`, 400, `{"family_uuid":["There is no such record."]}`},
			{"admin", "POST", insurees + "change-family/", `{"family_uuid":"` + otherUUID + `","insuree_uuid":"` + memberUUID + `"}`, 400, `{"family":["The head does not leave the family; choose another head first."]}`},
			{"clerk", "POST", insurees + "delete/", `{"uuids":["` + memberUUID + `"]}`, 400, ""},
			{"clerk", "POST", insurees + "delete/", `{"uuids":["` + headUUID + `"]}`, gone, ""},
		} {
			l.Want(c.as, c.method, c.path, c.body, c.status, c.answer)
		}
		// Whoever lives where the family does moves with it.
		l.Want("admin", "PATCH", one, fmt.Sprintf(`{"location":%d}`, l.village[2]), 200, "")
		if n := l.number("select place_id from insuree_insurees where id = $1", member); n != l.village[2] {
			t.Errorf("the member is at %d", n)
		}
		// Deleted without its members: they stay, without a family and nobody's head.
		l.Want("admin", "DELETE", one, "", gone, "")
		if n := l.number("select count(*) from insuree_insurees where id = $1 and validity_to is null and family_id is null and not head and place_id is null", member); n != 1 {
			t.Error("the member of a deleted family is still in it")
		}
		// With them.
		l.Want("other", "POST", families+"delete/", `{"uuids":["`+otherUUID+`"],"delete_members":true}`, gone, "")
		if n := l.number("select count(*) from insuree_insurees where family_id = $1 and validity_to is null", other); n != 0 {
			t.Errorf("%d members of a family that was deleted with them", n)
		}
		if facts := strings.Join(l.Facts(), " "); !strings.HasSuffix(facts, "insuree.family_deleted insuree.insuree_deleted") {
			t.Errorf("facts %s", facts)
		}
	})
}
