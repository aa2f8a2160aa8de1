package insuree

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/setting"
)

// The first point of service is a health facility, and is asked for where a scheme wants it.
func TestFirstPointOfService(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		t := l.T
		if err := l.DB.InTx(t.Context(), func(tx *db.Tx) error { return l.Set.Parts["facility"].Prepare(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
		clinic, _ := l.create("admin", "/api/facility/health-facilities/", fmt.Sprintf(`{"code":"HF1","name":"Clinic","legal_form":1,"level":"C","location":%d,"care_type":"B"}`, l.district[2]))
		// Where it lies says nothing about who sees whom.
		id, uuid := l.person("A1", fmt.Sprintf(`,"health_facility":%d,"current_village":%d`, clinic, l.village[1]))
		at := fmt.Sprintf("%s%d/", insurees, id)
		if got := l.Send("clerk", "GET", at, "").Body.String(); !strings.Contains(got, fmt.Sprintf(`"health_facility":{"id":%d,"code":"HF1","name":"Clinic"}`, clinic)) {
			t.Errorf("the insuree is %s", got)
		}
		l.Want("other", "GET", at, "", 404, "")
		l.Want("admin", "PATCH", at, `{"health_facility":999}`, 400, `{"health_facility":["Invalid pk \"999\" - object does not exist."]}`)

		l.settings.facility = setting.Fixed(true)
		l.Want("admin", "POST", insurees, person("A2", ""), 400, `{"health_facility":["A first point of service is needed."]}`)
		fields := `chfId: "A1" lastName: "a" otherNames: "b" genderId: "M" dob: "2000-01-01"`
		if failure := l.mutate("admin", "updateInsuree", `uuid: "`+uuid+`" `+fields); !strings.Contains(failure, `"code":"insuree.fsp_required"`) {
			t.Errorf("an update that leaves it out: %q", failure)
		}
		if failure := l.mutate("admin", "updateInsuree", fmt.Sprintf(`uuid: "%s" healthFacilityId: %d %s`, uuid, clinic, fields)); failure != "" {
			t.Errorf("an update with it: %s", failure)
		}
	})
}
