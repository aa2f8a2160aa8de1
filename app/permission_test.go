package app_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/modules"
)

// What an administrator changes holds for the next request: for what may be done, for what is offered, and for what is shown.
func TestPermissionsChangeWhileTheProgramRuns(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		admin, pme := a.As("admin@agency.example"), a.As("pme@agency.example")
		visit := fmt.Sprintf("/api/tpm/visits/%d/", pme.Post("/api/tpm/visits/", map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t))
		offers := func() bool {
			t.Helper()
			return strings.Contains(fmt.Sprint(pme.Get(visit+"?include=actions").Want(t, 200).Object(t)["actions"]), "assign")
		}
		shows := func() bool {
			t.Helper()
			_, there := pme.Get(visit).Want(t, 200).Object(t)["visit_information"]
			return there
		}
		// The guard comes before the role (tpm §12-16), so 400 is what somebody gets who may assign.
		pme.Post(visit+"assign/", nil).Want(t, 400)
		if !offers() || !shows() {
			t.Fatal("the planner is not offered to assign, or does not see the information")
		}
		changes := []map[string]any{
			{"change": "withdraw", "effect": "allow", "kind": "act", "target": "tpm.visit.assign", "when": "role:PME and tpm.visit.status=draft"},
			{"change": "add", "effect": "refuse", "kind": "view", "target": "tpm.visit.visit_information", "when": "role:PME and role:UNICEF User and tpm.visit.status=draft"},
			{"change": "add", "effect": "refuse", "kind": "edit", "target": "tpm.visit.visit_information", "when": "role:PME and role:UNICEF User and tpm.visit.status=draft"},
		}
		var ids []int64
		for _, change := range changes {
			ids = append(ids, admin.Post("/api/permission/overrides/", change).Want(t, 201).ID(t))
		}
		if offers() {
			t.Error("the planner is still offered to assign")
		}
		if shows() {
			t.Error("the planner still sees the information")
		}
		pme.Patch(visit, map[string]any{"visit_information": "Bring boots"}).Want(t, 200) // left out, as the wire does with what may not be written
		for _, id := range ids {
			admin.Delete(fmt.Sprintf("/api/permission/overrides/%d/", id)).Want(t, 204)
		}
		if !offers() || !shows() {
			t.Error("taking the changes back did not restore what was")
		}
		if said := pme.Get(visit).Want(t, 200).Object(t)["visit_information"]; said != "" {
			t.Errorf("the information is %q, though it could not be written", said)
		}
	})
}
