package tpm_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/entity"
)

// The consequences that tpm §4.4 names, and those of §1. The last part takes a role away for good.
func TestConsequences(t *testing.T) {
	eachEngine(t, func(l *lab) {
		l.sub("consequence writable fields", consequenceWritableFields)
		l.sub("consequence files", consequenceFiles)
		l.sub("consequence list of the firm", consequenceListOfTheFirm)
		l.sub("consequence programmatic visits", consequenceProgrammaticVisits)
		l.sub("focal points follow the tasks", focalPointsFollowTheTasks)
		l.sub("focal points need their role", focalPointsNeedTheirRole)
	})
}

// These tests say the consequences of tpm §4.4 in plain words, so that a mistake in how the tables were read shows.

// "Effective writable visit fields": create → tpm_partner; draft, assigned, tpm_rejected (pme) → three fields with those of tasks; tpm_reported (pme, focal) →
// approval_comment and an empty shell; unicef_approved and the firm's states → the shell only.
func consequenceWritableFields(l *lab) {
	full := "additional_information cp_output date id intervention locations offices partner section unicef_focal_points"
	for _, c := range []struct{ email, status, put, items string }{
		{"pme@agency.example", "draft", "tpm_activities tpm_partner_focal_points visit_information", "_delete " + full},
		{"pme@agency.example", "assigned", "tpm_activities tpm_partner_focal_points visit_information", "_delete " + full},
		{"pme@agency.example", "tpm_rejected", "tpm_activities tpm_partner_focal_points visit_information", "_delete " + full},
		{"pme@agency.example", "tpm_accepted", "", ""},
		{"pme@agency.example", "tpm_reported", "approval_comment tpm_activities", ""},
		{"focal@agency.example", "tpm_reported", "approval_comment tpm_activities", ""},
		{"pme@agency.example", "unicef_approved", "tpm_activities", ""},
		{"focal@agency.example", "unicef_approved", "tpm_activities", ""},
		{"focal@agency.example", "draft", "", ""},
		{"tpmfocal@firm.example", "assigned", "", ""},
		{"tpmfocal@firm.example", "tpm_accepted", "tpm_activities", ""},
		{"tpmfocal@firm.example", "tpm_report_rejected", "tpm_activities", ""},
		{"tpm@firm.example", "tpm_accepted", "", ""},
		{"unicef@agency.example", "tpm_reported", "", ""},
		{"pme@agency.example", "cancelled", "", ""},
	} {
		put := dig(l.a.As(c.email).Options(path(l.visit(c.status, nil))).Want(l, 200).JSON(l), "actions", "PUT")
		what := c.email + " in " + c.status
		l.same(what, strings.Join(keys(put), " "), c.put)
		l.same(what+", tasks", strings.Join(keys(dig(put, "tpm_activities", "child", "children")), " "), c.items)
		if c.put != "" && dig(put, "tpm_activities", "child", "children") == nil {
			l.Errorf("%s: an editable list without editable children has no empty children object (tpm §6)", what)
		}
	}
}

// "Report files" and "Related documents": who reads and who writes them, in which state.
func consequenceFiles(l *lab) {
	policy := l.a.Set.Engine.Policy()
	may := func(kind access.Kind, part, status string, who ...string) bool {
		set := policy.Set(append(who, access.Status("tpm.visit", status))...)
		visit, task := policy.May(kind, policy.Target("tpm.visit."+part), set), policy.May(kind, policy.Target("tpm.task."+part), set)
		if visit != task {
			l.Errorf("%s %s in %s by %v: %t for the visit, %t for its tasks", kind, part, status, who, visit, task)
		}
		return visit
	}
	agency, planner := []string{"role:UNICEF User"}, []string{"role:UNICEF User", "role:PME"}
	monitor, focal := []string{"role:Third Party Monitor", "tpm.staff"}, []string{"role:Third Party Monitor", "tpm.staff", "tpm.visit.firm_focal"}
	in := func(status, list string) bool { return slices.Contains(strings.Fields(list), status) }
	for _, status := range statuses {
		for what, pair := range map[string][2]bool{
			"agency reads reports always":                {may(access.View, "report_attachments", status, agency...), true},
			"a monitor reads reports once they are in":   {may(access.View, "report_attachments", status, monitor...), in(status, "tpm_reported unicef_approved cancelled")},
			"the firm's focal point while writing, too":  {may(access.View, "report_attachments", status, focal...), in(status, "tpm_accepted tpm_report_rejected tpm_reported unicef_approved cancelled")},
			"the firm's focal point writes reports":      {may(access.Edit, "report_attachments", status, focal...), in(status, "tpm_accepted tpm_report_rejected")},
			"a monitor writes no reports":                {may(access.Edit, "report_attachments", status, monitor...), false},
			"a planner writes no reports":                {may(access.Edit, "report_attachments", status, planner...), false},
			"a planner writes documents before it is on": {may(access.Edit, "attachments", status, planner...), in(status, "draft assigned tpm_rejected")},
			"nobody else writes documents":               {may(access.Edit, "attachments", status, agency...) || may(access.Edit, "attachments", status, focal...), false},
			"the agency reads documents always":          {may(access.View, "attachments", status, agency...), true},
			"the firm reads documents always":            {may(access.View, "attachments", status, monitor...), true},
		} {
			if pair[0] != pair[1] {
				l.Errorf("%s: in %s it is %t, want %t", what, status, pair[0], pair[1])
			}
		}
		// "AP list on a visit": agency only, while it is reported or approved, and while it is sent back (§12-23).
		set := policy.Set(append(agency, access.Status("tpm.visit", status))...)
		if got, want := policy.May(access.View, policy.Target("tpm.task.action_points"), set), in(status, "tpm_reported unicef_approved tpm_report_rejected"); got != want {
			l.Errorf("action points in %s: %t, want %t", status, got, want)
		}
	}
}

// "TPM users in list rows see only L (+id): no start/end/date_of_* fields."
func consequenceListOfTheFirm(l *lab) {
	l.visit("tpm_accepted", nil)
	for _, email := range []string{"tpm@firm.example", "tpmfocal@firm.example"} {
		row := dig(l.a.As(email).Get("/api/tpm/visits/").Want(l, 200).JSON(l), "results", 0)
		l.same(email, strings.Join(keys(row), " "), "id implementing_partners locations reference_number sections status status_date tpm_partner tpm_partner_focal_points unicef_focal_points")
		l.same("OPTIONS of the list", keys(dig(l.a.As(email).Options("/api/tpm/visits/").Want(l, 200).JSON(l), "actions", "GET")), keys(row))
	}
}

// "pv_applicable appears on tasks only for pme/focal in tpm_reported", and is false without a report (tpm §11 "Model").
func consequenceProgrammaticVisits(l *lab) {
	for _, status := range statuses {
		visit := l.visit(status, nil)
		for _, p := range askers {
			if p.read(status) != 200 {
				continue
			}
			task, _ := dig(p.in(l).Get(path(visit)).Want(l, 200).JSON(l), "tpm_activities", 0).(map[string]any)
			value, shown := task["pv_applicable"]
			if want := status == "tpm_reported" && (p.is("pme") || p.is("focal")); shown != want || shown && value != false {
				l.Errorf("%s in %s: pv_applicable is shown: %t (%v), want %t", p.name, status, shown, value, want)
			}
		}
	}
}

// A focal point of the firm who is no longer of its staff, and one who acts for another organisation at the moment, lose what came with it: the staff predicate is
// part of the role (tpm §1); whose focal point is counted by grants of this country (§12-25).
func focalPointsNeedTheirRole(l *lab) {
	visit := l.visit("assigned", entity.Values{"tpm_partner_focal_points": []int64{l.id("user granted@firm.example"), l.id("user tpmfocal@firm.example")}})
	// Their selected organisation is another one: they see what it gives them, which is nothing.
	granted := l.a.As("granted@firm.example")
	granted.Get(path(visit)).Want(l, 404)
	inFirm := granted.With("Almoner-Organization", strconv.FormatInt(l.id("org F1"), 10))
	inFirm.Post(path(visit, "accept"), nil).Want(l, 200)
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "assigned"})
	l.exec("update account_grants set is_active = $2 where user_id = $1", l.id("user tpmfocal@firm.example"), false)
	l.a.As("tpmfocal@firm.example").Post(path(visit, "accept"), nil).Want(l, 403)
	l.same("status", l.stored(visit)["status"], "assigned")
}

// The agency's focal points follow the tasks: who is taken off them may no longer decide (tpm §1 "focal").
func focalPointsFollowTheTasks(l *lab) {
	visit := l.visit("tpm_reported", nil)
	focal := l.a.As("focal@agency.example")
	l.same("moves", len(dig(focal.Options(path(visit)).Want(l, 200).JSON(l), "actions", "allowed_FSM_transitions").([]any)), 2)
	l.put("KEN", l.tpm.Task, l.tasks(visit)[0], entity.Values{"unicef_focal_points": []int64{l.id("user unicef@agency.example")}})
	focal.Post(path(visit, "approve"), nil).Want(l, 403)
	l.a.As("unicef@agency.example").Post(path(visit, "approve"), nil).Want(l, 200)
}
