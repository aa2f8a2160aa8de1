package tpm

import (
	"context"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
)

// lifecycle is the state machine of tpm §3. Who may make each move is in rules.go. The labels are as the wire has them, small letters
// included; the web app has words of its own.
func (s *Service) lifecycle() *lifecycle.Machine {
	comment := func(name, label string) []*entity.Field {
		return []*entity.Field{{Name: name, Kind: entity.LongText, Label: label, Required: true}}
	}
	return &lifecycle.Machine{Entity: s.Visit, Moves: []lifecycle.Move{
		{
			Code: "assign", Verb: "assigned", Label: "Assign", Labels: map[string]string{Rejected: "Re-assign"}, Primary: true,
			From: []string{Draft, Rejected}, To: Assigned, Day: "date_of_assigned", Guard: s.readyToAssign,
		},
		{
			Code: "accept", Verb: "accepted", Label: "accept", Primary: true,
			From: []string{Assigned}, To: Accepted, Day: "date_of_tpm_accepted",
		},
		{
			Code: "reject", Verb: "rejected", Label: "reject",
			From: []string{Assigned}, To: Rejected, Day: "date_of_tpm_rejected",
			Input: comment("reject_comment", "Reason for Rejection"), Effect: keepComment("reject_comment"),
		},
		{
			Code: "send_report", Verb: "reported", Label: "Submit Report", Primary: true,
			From: []string{Accepted, ReportRejected}, To: Reported, Day: "date_of_tpm_reported", Guard: s.readyToReport,
		},
		{
			Code: "reject_report", Verb: "report_rejected", Label: "Send back to TPM",
			From: []string{Reported}, To: ReportRejected, Day: "date_of_tpm_report_rejected",
			Input: comment("reject_comment", "Reason for Sending Back"), Effect: s.addRejectComment,
		},
		{
			Code: "approve", Verb: "approved", Label: "approve", Primary: true,
			From: []string{Reported}, To: Approved, Day: "date_of_unicef_approved",
			Input: []*entity.Field{
				{Name: "mark_as_programmatic_visit", Kind: entity.Refs, Label: "Programmatic visits", Blank: true},
				{Name: "approval_comment", Kind: entity.LongText, Label: "Approval Comments"},
				{Name: "notify_focal_point", Kind: entity.Bool, Label: "Send to UNICEF focal points", Default: true},
				{Name: "notify_tpm_partner", Kind: entity.Bool, Label: "Send to TPM focal points", Default: true},
			},
			Effect: s.markProgrammaticVisits,
		},
		{
			Code: "cancel", Verb: "cancelled", Label: "Cancel Visit", Last: true,
			From: []string{Draft, Assigned, Accepted, Rejected, Reported, ReportRejected}, To: Cancelled, Day: "date_of_cancelled",
			Input: comment("cancel_comment", "Reason for Cancelling"), Effect: keepComment("cancel_comment"),
		},
	}}
}

// readyToAssign is guards G1 and G2 of tpm §3: a firm, a focal point of the agency on some task, a focal point of the firm, a task.
// Each missing one is a plain string under its field.
func (s *Service) readyToAssign(ctx context.Context, q db.Queryer, id int64) error {
	has, err := readiness(ctx, q, id)
	if err != nil {
		return err
	}
	missing := &almoner.Error{Kind: almoner.Invalid, Code: "tpm.not_ready", Message: "Something is missing.", Plain: true}
	need := func(ok bool, field string) {
		if !ok {
			missing.Fields = append(missing.Fields, almoner.FieldError{Path: field, Code: "required", Message: "This field is required."})
		}
	}
	need(has.firm, "tpm_partner")
	need(has.focalPoints > 0, "unicef_focal_points")
	need(has.firmFocalPoints > 0, "tpm_partner_focal_points")
	if len(missing.Fields) > 0 {
		return missing
	}
	if has.tasks == 0 {
		return almoner.Invalidf("tpm_activities", "required", "This field is required.")
	}
	return nil
}

// readyToReport is guard G3: a report is attached to some task or to the visit.
func (s *Service) readyToReport(ctx context.Context, q db.Queryer, id int64) error {
	reported, err := s.anyReport(ctx, q, id)
	if err != nil || reported {
		return err
	}
	return &almoner.Error{
		Kind: almoner.Invalid, Code: "tpm.report_required", Message: "A report is missing.", Plain: true,
		Fields: []almoner.FieldError{{Path: "report_attachments", Code: "tpm.report_required", Message: "You should attach a report before you submit."}},
	}
}

func keepComment(field string) func(context.Context, *db.Tx, *lifecycle.Step) error {
	return func(_ context.Context, _ *db.Tx, s *lifecycle.Step) error {
		s.Set(field, s.Said(field))
		return nil
	}
}

// addRejectComment keeps every reason for sending a report back (tpm §3).
func (s *Service) addRejectComment(ctx context.Context, tx *db.Tx, step *lifecycle.Step) error {
	return s.rejectComment.Save(ctx, tx, s.rejectComment.NewChange(0, entity.Values{
		"tpm_visit": step.ID, "rejected_at": tx.Now, "reject_reason": step.Said("reject_comment"),
	}))
}

// markProgrammaticVisits marks the listed tasks of this visit; others are passed over (tpm §3 approve).
func (s *Service) markProgrammaticVisits(ctx context.Context, tx *db.Tx, step *lifecycle.Step) error {
	if said := step.Said("approval_comment"); said != "" {
		step.Set("approval_comment", said)
	}
	// Whether to tell people by mail is for the subscriber that writes the mails.
	step.Data["notify_focal_point"], step.Data["notify_tpm_partner"] = step.In["notify_focal_point"], step.In["notify_tpm_partner"]
	marked, _ := step.In["mark_as_programmatic_visit"].([]int64)
	tasks, err := tasksOf(ctx, tx, step.ID)
	if err != nil {
		return err
	}
	for _, id := range tasks {
		if !slices.Contains(marked, id) {
			continue
		}
		if err := s.Task.Save(ctx, tx, s.Task.NewChange(id, entity.Values{"is_pv": true})); err != nil {
			return err
		}
	}
	return nil
}
