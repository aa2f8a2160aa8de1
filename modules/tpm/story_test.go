package tpm_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
)

// world is the small world of these tests. Its ids are known because loading a file into an empty database is deterministic; ask
// the helpers below all the same.
var world = []string{"testdata/world.yaml"}

// The story of the first slice: draft, task, assign, reject, re-assign, accept, cancel (tpm §3), and the timeline that it leaves.
func TestStory(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, world, func(t *testing.T, a *apptest.App) {
		pme, firm := a.As("pme@agency.example"), a.As("tpmfocal@firm.example")
		visit := fmt.Sprintf("/api/tpm/visits/%d/", pme.Post("/api/tpm/visits/", map[string]any{"tpm_partner": 1}).Want(t, 201).ID(t))
		status := func(want string) {
			t.Helper()
			if got := pme.Get(visit).Want(t, 200).Object(t)["status"]; got != want {
				t.Fatalf("status = %v, want %s", got, want)
			}
		}
		if menu := fmt.Sprint(pme.Get("/api/auth/session/").Want(t, 200).Object(t)["menu"]); !strings.Contains(menu, "tpm.visits.new") {
			t.Errorf("the planner's menu is %s, want it to offer new visits", menu)
		}
		if menu := fmt.Sprint(firm.Get("/api/auth/session/").Want(t, 200).Object(t)["menu"]); !strings.Contains(menu, "tpm.visits") || strings.Contains(menu, "tpm.visits.new") {
			t.Errorf("the firm's menu is %s, want visits but no new ones", menu)
		}
		firm.Get(visit).Want(t, 404)
		pme.Post(visit+"assign/", nil).Want(t, 400)
		status("draft")
		pme.Patch(visit, map[string]any{
			"tpm_partner_focal_points": []int{6}, "visit_information": "Bring boots",
			"tpm_activities": []any{map[string]any{
				"partner": 1, "intervention": 1, "cp_output": 1, "section": 1, "date": "2026-12-01", "locations": []int{2}, "unicef_focal_points": []int{3}, "offices": []int{1},
			}},
		}).Want(t, 200)
		pme.Post(visit+"assign/", nil).Want(t, 200)
		status("assigned")
		a.As("tpm@firm.example").Post(visit+"accept/", nil).Want(t, 403)
		firm.Post(visit+"reject/", map[string]any{"reject_comment": " "}).Want(t, 400)
		firm.Post(visit+"reject/", map[string]any{"reject_comment": "The road is closed"}).Want(t, 200)
		status("tpm_rejected")
		pme.Post(visit+"assign/", nil).Want(t, 200)
		firm.Post(visit+"accept/", nil).Want(t, 200)
		status("tpm_accepted")
		firm.Post(visit+"send_report/", nil).Want(t, 400)
		pme.Post(visit+"cancel/", map[string]any{"cancel_comment": "Flood"}).Want(t, 200)
		status("cancelled")

		var verbs []string
		said := ""
		for _, entry := range firm.Get(visit+"history/").Want(t, 200).JSON(t).([]any) {
			e := entry.(map[string]any)
			verbs = append(verbs, e["entity"].(string)+" "+e["verb"].(string))
			for _, change := range e["changes"].([]any) {
				if c := change.(map[string]any); c["field"] == "reject_comment" {
					said = c["after"].(string)
				}
			}
		}
		want := "[tpm.visit created tpm.task created tpm.visit updated tpm.visit assigned tpm.visit rejected tpm.visit assigned tpm.visit accepted tpm.visit cancelled]"
		if got := fmt.Sprint(verbs); got != want {
			t.Errorf("timeline = %s, want %s", got, want)
		}
		if said != "The road is closed" {
			t.Errorf("the reason for the rejection is %q in the timeline after re-assignment, want it kept", said)
		}
	})
}
