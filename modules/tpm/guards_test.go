package tpm_test

import (
	"testing"

	"almoner.dev/almoner/core/entity"
)

// What moves ask for, check and leave behind, each part about visits of its own.
func TestMovesInDetail(t *testing.T) {
	eachEngine(t, func(l *lab) {
		l.sub("assign guards", assignGuards)
		l.sub("report guard", reportGuard)
		l.sub("move payloads", movePayloads)
		l.sub("send back comments", sendBackComments)
		l.sub("approve", approve)
		l.sub("moves that are none", movesThatAreNone)
		l.sub("moves again", movesAgain)
	})
}

// What is missing before a visit can be assigned is told as one plain string per field, all fields together, and the guard speaks before the role is
// looked at (tpm §3 G1, §12-16). The state speaks before the guard.
func assignGuards(l *lab) {
	required := "This field is required."
	pme, unicef := l.a.As("pme@agency.example"), l.a.As("unicef@agency.example")
	empty := pme.Post("/api/tpm/visits/", map[string]any{}).Want(l, 201).ID(l)
	l.same("nothing is there", pme.Post(path(empty, "assign"), nil).Want(l, 400).JSON(l),
		map[string]string{"tpm_partner": required, "unicef_focal_points": required, "tpm_partner_focal_points": required})
	l.same("the guard speaks before the role", unicef.Post(path(empty, "assign"), nil).Want(l, 400).JSON(l),
		map[string]string{"tpm_partner": required, "unicef_focal_points": required, "tpm_partner_focal_points": required})
	l.same("it stays a draft (tpm §11)", l.stored(empty)["status"], "draft")

	noTasks := l.put("KEN", l.tpm.Visit, 0, entity.Values{"tpm_partner": l.id("firm F1"), "tpm_partner_focal_points": []int64{l.id("user tpmfocal@firm.example")}})
	l.same("without tasks there are no focal points (tpm §11)", pme.Post(path(noTasks, "assign"), nil).Want(l, 400).JSON(l), map[string]string{"unicef_focal_points": required})

	noFocal := l.visit("draft", nil)
	l.put("KEN", l.tpm.Task, l.count("select id from tpm_tasks where visit_id = $1", noFocal), entity.Values{"unicef_focal_points": []int64{}})
	l.same("a task without focal points (tpm §11)", pme.Post(path(noFocal, "assign"), nil).Want(l, 400).JSON(l), map[string]string{"unicef_focal_points": required})
	l.task(noFocal, nil)
	pme.Post(path(noFocal, "assign"), nil).Want(l, 200) // one over all tasks is enough

	noFirmFocal := l.visit("draft", entity.Values{"tpm_partner_focal_points": []int64{}})
	l.same("nobody of the firm", pme.Post(path(noFirmFocal, "assign"), nil).Want(l, 400).JSON(l), map[string]string{"tpm_partner_focal_points": required})
	l.put("KEN", l.tpm.Visit, noFirmFocal, entity.Values{"status": "tpm_accepted"})
	pme.Post(path(noFirmFocal, "assign"), nil).Want(l, 403)
	l.put("KEN", l.tpm.Visit, noFirmFocal, entity.Values{"status": "tpm_rejected"})
	pme.Post(path(noFirmFocal, "assign"), nil).Want(l, 400)
}

// Without a report a visit cannot be reported; the answer is one plain string (tpm §3 G3, §11), to everybody who sees the visit (§12-16).
func reportGuard(l *lab) {
	for _, status := range []string{"tpm_accepted", "tpm_report_rejected"} {
		visit := l.visit(status, nil)
		for _, email := range []string{"tpmfocal@firm.example", "tpm@firm.example", "unicef@agency.example"} {
			body := l.a.As(email).Post(path(visit, "send_report"), nil).Want(l, 400).Object(l)
			if text, _ := body["report_attachments"].(string); text == "" || len(body) != 1 {
				l.Errorf("%s in %s: got %v, want one plain string under report_attachments", email, status, body)
			}
		}
		l.same("status", l.stored(visit)["status"], status)
	}
}

// What a mover has to say: missing, blank and null are told apart, and the role is looked at before (tpm §3).
func movePayloads(l *lab) {
	for _, c := range []struct{ code, status, who, stranger, field string }{
		{"cancel", "draft", "pme@agency.example", "unicef@agency.example", "cancel_comment"},
		{"cancel", "tpm_accepted", "pme@agency.example", "tpmfocal@firm.example", "cancel_comment"},
		{"reject", "assigned", "tpmfocal@firm.example", "tpm@firm.example", "reject_comment"},
		{"reject_report", "tpm_reported", "focal@agency.example", "unicef@agency.example", "reject_comment"},
	} {
		visit := l.visit(c.status, nil)
		for text, payload := range map[string]any{
			"This field is required.":      map[string]any{},
			"This field may not be blank.": map[string]any{c.field: " \n "},
			"This field may not be null.":  map[string]any{c.field: nil},
			"Not a valid string.":          map[string]any{c.field: []int{1}},
		} {
			l.same(c.code, l.a.As(c.who).Post(path(visit, c.code), payload).Want(l, 400).JSON(l), map[string][]string{c.field: {text}})
			l.a.As(c.stranger).Post(path(visit, c.code), payload).Want(l, 403)
		}
		l.same("no body at all", l.a.As(c.who).Post(path(visit, c.code), nil).Want(l, 400).JSON(l), map[string][]string{c.field: {"This field is required."}})
		l.same("status", l.stored(visit)["status"], c.status)
		l.a.As(c.who).Post(path(visit, c.code), map[string]any{c.field: "  because  ", "unknown": 1}).Want(l, 200)
		switch c.code {
		case "reject_report":
			l.same("comments", l.count("select count(*) from tpm_report_reject_comments where visit_id = $1 and reject_reason = 'because'", visit), 1)
		default:
			l.same("comment", l.stored(visit)[c.field], "because")
		}
	}
}

// Sending a report back adds one more comment each time (tpm §3, §11); agency and firm read all of them while it is sent back (§4.4).
func sendBackComments(l *lab) {
	visit := l.visit("tpm_reported", nil)
	for i, reason := range []string{"Pictures are missing", "Names are missing"} {
		l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "tpm_reported"})
		l.a.As("pme@agency.example").Post(path(visit, "reject_report"), map[string]any{"reject_comment": reason}).Want(l, 200)
		for _, email := range []string{"pme@agency.example", "unicef@agency.example", "tpm@firm.example"} {
			list, _ := dig(l.a.As(email).Get(path(visit)).Want(l, 200).JSON(l), "report_reject_comments").([]any)
			if len(list) != i+1 {
				l.Fatalf("%s reads %d comments, want %d", email, len(list), i+1)
			}
			l.same("keys", keys(list[i]), []string{"id", "reject_reason", "rejected_at"})
			l.same("reason", dig(list[i], "reject_reason"), reason)
		}
	}
}

// approve marks the listed tasks of this visit and no others, keeps the comment when one is given, and tells by default both sides (tpm §3 approve).
func approve(l *lab) {
	visit, other := l.visit("tpm_reported", nil), l.visit("tpm_reported", nil)
	mine := []int64{l.count("select id from tpm_tasks where visit_id = $1", visit), l.task(visit, nil), l.task(visit, nil)}
	foreign := l.count("select id from tpm_tasks where visit_id = $1", other)
	marked := func() []int64 {
		return l.numbers("select id from tpm_tasks where is_pv = $1 order by id", true)
	}
	pme := l.a.As("pme@agency.example")
	l.same("blank comment", pme.Post(path(visit, "approve"), map[string]any{"approval_comment": " "}).Want(l, 400).JSON(l), map[string][]string{"approval_comment": {"This field may not be blank."}})
	for _, bad := range []any{"all", []any{"x"}, map[string]any{}, []any{nil}} {
		pme.Post(path(visit, "approve"), map[string]any{"mark_as_programmatic_visit": bad}).Want(l, 400)
	}
	pme.Post(path(visit, "approve"), map[string]any{"mark_as_programmatic_visit": []any{mine[0], mine[2], foreign, 987654321}, "approval_comment": "Well done", "notify_tpm_partner": false}).Want(l, 200)
	l.same("marked", marked(), []int64{mine[0], mine[2]})
	l.same("comment", l.stored(visit)["approval_comment"], "Well done")
	l.same("who is told", l.fact(visit, "tpm.visit_approved"), map[string]any{"from": "tpm_reported", "to": "unicef_approved", "notify_focal_point": true, "notify_tpm_partner": false})

	l.a.As("focal@agency.example").Post(path(other, "approve"), map[string]any{"mark_as_programmatic_visit": []any{}}).Want(l, 200)
	l.same("an empty list marks nothing (tpm §11)", marked(), []int64{mine[0], mine[2]})
	l.same("without a comment", l.stored(other)["approval_comment"], "")
	l.same("who is told by default (§12-15)", l.fact(other, "tpm.visit_approved"), map[string]any{"from": "tpm_reported", "to": "unicef_approved", "notify_focal_point": true, "notify_tpm_partner": true})
}

// What leads nowhere: unknown moves, wrong methods, visits that are not there.
func movesThatAreNone(l *lab) {
	visit := l.visit("draft", nil)
	pme := l.a.As("pme@agency.example")
	pme.Post(path(visit, "celebrate"), nil).Want(l, 404)
	pme.Get(path(visit, "assign")).Want(l, 405)
	pme.Put(path(visit, "assign"), map[string]any{}).Want(l, 405)
	for _, id := range []string{"0", "-1", "987654321", "99999999999999999999", "x", "1.0", "%20"} {
		pme.Post("/api/tpm/visits/"+id+"/assign/", nil).Want(l, 404)
		l.a.As("unrelated@else.example").Post("/api/tpm/visits/"+id+"/assign/", nil).Want(l, 404)
	}
	l.same("words", dig(pme.Options(path(visit)).Want(l, 200).JSON(l), "actions", "allowed_FSM_transitions"),
		[]map[string]string{{"code": "assign", "display_name": "Assign"}, {"code": "cancel", "display_name": "Cancel Visit"}})
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "tpm_rejected"})
	l.same("words after a rejection (tpm §3, §6)", dig(pme.Options(path(visit)).Want(l, 200).JSON(l), "actions", "allowed_FSM_transitions"),
		[]map[string]string{{"code": "assign", "display_name": "Re-assign"}, {"code": "cancel", "display_name": "Cancel Visit"}})
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "tpm_reported"})
	l.same("words after the report", dig(pme.Options(path(visit)).Want(l, 200).JSON(l), "actions", "allowed_FSM_transitions", 1),
		map[string]string{"code": "reject_report", "display_name": "Send back to TPM"})
}

// A second pass through a state overwrites its day, and the machine may cancel from more states than anybody has the right to (tpm §3).
func movesAgain(l *lab) {
	visit := l.visit("tpm_rejected", nil)
	pme := l.a.As("pme@agency.example")
	l.today("date_of_assigned", pme.Post(path(visit, "assign"), nil).Want(l, 200).Object(l)["date_of_assigned"])
	for _, status := range []string{"tpm_reported", "tpm_report_rejected"} {
		l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": status})
		pme.Post(path(visit, "cancel"), nil).Want(l, 403)
	}
	for _, status := range []string{"cancelled", "unicef_approved"} {
		l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": status})
		for code := range sources {
			pme.Post(path(visit, code), nil).Want(l, 403)
		}
	}
}

// fact is the data of the last fact of a name about a visit.
func (l *lab) fact(visit int64, name string) map[string]any {
	l.Helper()
	entries, err := l.timeline(visit)
	if err != nil {
		l.Fatal(err)
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Name == name {
			return entries[i].Data
		}
	}
	l.Fatalf("there is no fact %s about visit %d", name, visit)
	return nil
}
