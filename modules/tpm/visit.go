package tpm

import (
	"context"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/organisation"
)

// The states of a visit (tpm §3).
const (
	Draft          = "draft"
	Assigned       = "assigned"
	Cancelled      = "cancelled"
	Accepted       = "tpm_accepted"
	Rejected       = "tpm_rejected"
	Reported       = "tpm_reported"
	ReportRejected = "tpm_report_rejected"
	Approved       = "unicef_approved"
)

var states = []entity.ChoiceValue{
	{Value: Draft, Label: "Draft"},
	{Value: Assigned, Label: "Assigned"},
	{Value: Cancelled, Label: "Cancelled"},
	{Value: Accepted, Label: "TPM Accepted"},
	{Value: Rejected, Label: "TPM Rejected"},
	{Value: Reported, Label: "TPM Reported"},
	{Value: ReportRejected, Label: "Sent Back to TPM"},
	{Value: Approved, Label: "UNICEF Approved"},
}

func words(s string) []string { return strings.Fields(s) }

// statusDateSQL is the day of the present state (tpm §2.2). There is an index on it, in the same words.
const statusDateSQL = `case {t}.status when 'draft' then {t}.date_created when 'assigned' then {t}.date_of_assigned when 'cancelled' then {t}.date_of_cancelled
	when 'tpm_accepted' then {t}.date_of_tpm_accepted when 'tpm_rejected' then {t}.date_of_tpm_rejected when 'tpm_reported' then {t}.date_of_tpm_reported
	when 'tpm_report_rejected' then {t}.date_of_tpm_report_rejected else {t}.date_of_unicef_approved end`

// stateLabelSQL is the English label of the state, as GET /activities/ shows it (tpm §5.5).
func stateLabelSQL() string {
	var b strings.Builder
	b.WriteString("case {t}.status")
	for _, s := range states {
		b.WriteString(" when '" + s.Value + "' then '" + s.Label + "'")
	}
	return b.String() + " end"
}

func (s *Service) visitEntity() *entity.Entity {
	day := func(name, label string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Date, Label: label, Null: true, ReadOnly: true}
	}
	comment := func(name, label string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.LongText, Label: label, Blank: true, ReadOnly: true, Default: ""}
	}
	return &entity.Entity{
		Name: "tpm.visit", Label: "Visit", Plural: "Visits", Table: "tpm_visits", Versions: "tpm_visits_versions",
		SoftDelete: true, Ruled: true, State: "status", Extensible: &entity.Extensible{Like: "visit_information"},
		Fixed:   words("tpm_partner tpm_partner_focal_points tpm_activities reference_number"),
		Actions: []string{"assign", "cancel", "accept", "reject", "send_report", "reject_report", "approve", "attachments", "report_attachments"},
		Fields: []*entity.Field{
			{Name: "reference_number", Kind: entity.Text, Label: "Reference Number", Expr: "{t}.workspace_code || '/' || {t}.created_year || '/' || {t}.id || '/TPM'"},
			{Name: "workspace_code", Kind: entity.Text, ReadOnly: true},
			{Name: "created_year", Kind: entity.Integer, ReadOnly: true},
			{Name: "author", Kind: entity.Ref, To: "account.user", Null: true, ReadOnly: true},
			{
				Name: "tpm_partner", Kind: entity.Ref, Label: "TPM Partner", Column: "firm_id", To: "tpm.firm", Null: true,
			},
			{Name: "status", Kind: entity.Choice, Label: "Status", Choices: states, ReadOnly: true, Default: Draft},
			{Name: "status_label", Kind: entity.Text, Expr: stateLabelSQL()},
			{Name: "status_date", Kind: entity.Date, Label: "Status Date", Expr: statusDateSQL},
			{Name: "start_date", Kind: entity.Date, Label: "Start Date", Expr: "{t}.start_date"},
			{Name: "end_date", Kind: entity.Date, Label: "End Date", Expr: "{t}.end_date"},
			{
				Name: "tpm_partner_focal_points", Kind: entity.Refs, Label: "TPM Focal Points", To: "account.user", Blank: true,
				Through: "tpm_visit_firm_focal_points", Owner: "visit_id", Target: "user_id", Among: s.staffOfVisit,
			},
			{Name: "visit_information", Kind: entity.LongText, Label: "Visit Information", Blank: true, Default: ""},
			{Name: "implementing_partners", Kind: entity.Refs, Label: "Implementing Partners", To: "organisation.partner", Via: "tpm_activities.partner"},
			{Name: "locations", Kind: entity.Refs, Label: "Locations", To: "location.location", Via: "tpm_activities.locations"},
			{Name: "sections", Kind: entity.Refs, Label: "Sections", To: "organisation.section", Via: "tpm_activities.section"},
			{Name: "unicef_focal_points", Kind: entity.Refs, Label: "UNICEF Focal Points", To: "account.user", Via: "tpm_activities.unicef_focal_points"},
			{Name: "tpm_activities", Kind: entity.Children, Label: "Site Visit Tasks", To: "tpm.task", ForeignKey: "visit_id", Nested: true},
			comment("cancel_comment", "Cancel Comment"),
			comment("reject_comment", "Reason for Rejection"),
			{Name: "approval_comment", Kind: entity.LongText, Label: "Approval Comments", Blank: true, Default: ""},
			{Name: "report_reject_comments", Kind: entity.Children, Label: "Reasons for Sending Back", To: "tpm.report_reject_comment", ForeignKey: "visit_id", ReadOnly: true},
			{Name: "date_created", Kind: entity.Date, Label: "Date Created", ReadOnly: true},
			day("date_of_assigned", "Date Assigned"),
			day("date_of_cancelled", "Date Cancelled"),
			day("date_of_tpm_accepted", "Date Accepted"),
			day("date_of_tpm_rejected", "Date Rejected"),
			day("date_of_tpm_reported", "Date Reported"),
			day("date_of_tpm_report_rejected", "Date Sent Back"),
			day("date_of_unicef_approved", "Date Approved"),
		},
		Shapes: map[string]string{
			"light": light,
			"full": light + " tpm_activities:visit cancel_comment reject_comment approval_comment visit_information " +
				"report_reject_comments{id rejected_at reject_reason} extensions",
		},
		Filters: []entity.Filter{
			{Path: "tpm_partner", Lookups: "exact in"},
			{Path: "status", Lookups: "exact in"},
			{Path: "tpm_activities.section", Lookups: "exact in"},
			{Path: "tpm_activities.partner", Lookups: "exact in"},
			{Path: "tpm_activities.cp_output", Lookups: "exact in"},
			{Path: "tpm_activities.intervention", Lookups: "exact"},
			{Path: "tpm_activities.offices", Lookups: "exact in"},
			{Path: "tpm_activities.locations", Lookups: "exact"},
			{Path: "tpm_activities.date", Lookups: "exact lt lte gt gte"},
			{Path: "tpm_activities.unicef_focal_points", Lookups: "exact"},
			{Path: "tpm_partner_focal_points", Lookups: "exact in"},
		},
		Sorts: []entity.Sort{
			{Name: "tpm_partner__name", By: []string{"tpm_partner.organization.name"}},
			{Name: "status", By: []string{"status"}},
			{Name: "reference_number", SQL: []string{"{t}.created_year", "{t}.id"}},
			{Name: "start_date", By: []string{"start_date"}},
			{Name: "status_date", By: []string{"status_date"}},
		},
		Search: []string{"tpm_partner.organization.name", "tpm_activities.partner.organization.name", "tpm_activities.locations.name", "tpm_activities.locations.p_code"},
		Scope:  visitScope,
		Predicates: []entity.Predicate{
			{Name: predStaff, SQL: s.isStaff("{t}.firm_id"), General: isMonitor},
			{Name: predFocal, SQL: isFocal},
			{Name: predFirmFocal, SQL: isFirmFocal},
		},
		Check: s.checkVisit,
		After: s.afterVisit,
		// What was said stays in the history, though the field shows it only as long as it matters (tpm-ui §2.3).
		Remembers: []string{"cancel_comment", "reject_comment"},
		Display:   "reference_number",
	}
}

// light is the row of tpm §5.4.
const light = "id start_date end_date tpm_partner:light implementing_partners:min locations:light sections:min status status_date reference_number " +
	"unicef_focal_points:min tpm_partner_focal_points:staff date_created date_of_assigned date_of_cancelled date_of_tpm_accepted date_of_tpm_rejected " +
	"date_of_tpm_reported date_of_tpm_report_rejected date_of_unicef_approved"

// visitScope is tpm §4.5: the agency sees all visits, a firm its own except drafts and what was cancelled before it was assigned, others none.
func visitScope(a *almoner.Actor, arg func(any) string) string {
	switch {
	case a.Has(organisation.AgencyRole) || a.Has(organisation.PlannerRole):
		return ""
	case a.Has(organisation.MonitorRole):
		return "{t}.firm_id in (select f.id from tpm_firms f where f.organization_id = " + arg(a.OrganizationID) + ") and {t}.status <> 'draft'" +
			" and not ({t}.status = 'cancelled' and {t}.date_of_assigned is null)"
	}
	return "1 = 0"
}

func isMonitor(a *almoner.Actor) bool { return a.Has(organisation.MonitorRole) }

// isStaff is the staff predicate of tpm §1 for the firm in hand. A visit without a firm has no staff (tpm §12-1).
func (s *Service) isStaff(firm string) func(*almoner.Actor, func(any) string) string {
	return func(a *almoner.Actor, arg func(any) string) string {
		if !isMonitor(a) {
			return ""
		}
		return s.people.HoldsRoleSQL(arg(a.UserID), "(select f.organization_id from tpm_firms f where f.id = "+firm+")", arg(a.Workspace.ID), arg(organisation.MonitorRole), arg(true))
	}
}

func isFocal(a *almoner.Actor, arg func(any) string) string {
	return "exists (select 1 from tpm_tasks k join tpm_task_focal_points p on p.task_id = k.id where k.visit_id = {t}.id and p.user_id = " + arg(a.UserID) + ")"
}

func isFirmFocal(a *almoner.Actor, arg func(any) string) string {
	return "exists (select 1 from tpm_visit_firm_focal_points p where p.visit_id = {t}.id and p.user_id = " + arg(a.UserID) + ")"
}

// staffOfVisit limits the firm's focal points to its people: whose selected organisation it is, or who hold the monitor's role for it here (tpm §5.4, §12-25).
func (s *Service) staffOfVisit(c *entity.Change, arg func(any) string) string {
	organization := "(select f.organization_id from tpm_firms f where f.id = " + arg(c.Int("tpm_partner")) + ")"
	return "{t}.current_organization_id = " + organization + " or " +
		s.people.HoldsRoleSQL("{t}.id", organization, arg(c.WorkspaceID()), arg(organisation.MonitorRole), arg(true))
}

func (s *Service) checkVisit(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return nil
	}
	if c.New() {
		a := almoner.ActorOf(ctx)
		if a.UserID != 0 {
			c.Set("author", a.UserID)
		}
		c.Set("workspace_code", a.Workspace.Code)
		c.Set("date_created", almoner.DateOf(tx.Now))
		c.Set("created_year", int64(tx.Now.Year()))
	}
	if firm := c.Int("tpm_partner"); firm != 0 && c.Changes("tpm_partner") {
		barred, err := firmIsBarred(ctx, tx, firm)
		if err != nil {
			return err
		}
		if barred {
			p.Add("tpm_partner", "tpm.firm_barred", "This firm is blocked or marked for deletion; choose another one.")
		}
	}
	if status := c.Text("status"); c.Mode == entity.Replace && (status == Assigned || status == Rejected) && !c.Sent("tpm_partner_focal_points") {
		p.Add("tpm_partner_focal_points", "required", "This field is required.")
	}
	return nil
}

// afterVisit gives the firm's people their role in a workspace where the firm now works (tpm §12-4).
func (s *Service) afterVisit(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	firm := c.Int("tpm_partner")
	if c.Delete || firm == 0 || !c.Changes("tpm_partner") {
		return nil
	}
	organization, err := organizationOfFirm(ctx, tx, firm)
	if err != nil {
		return err
	}
	return s.people.ExtendRole(ctx, tx, organization, organisation.MonitorRole, almoner.ActorOf(ctx).Workspace.ID)
}

// removable: only drafts, only by whoever may assign them (tpm §12-8).
func removable(found entity.Found) bool {
	return found.State == Draft && found.Viewer.Policy.May(access.Act, found.Viewer.Policy.Target("tpm.visit.assign"), found.Viewer.Set)
}

func rejectCommentEntity() *entity.Entity {
	return &entity.Entity{
		Name: "tpm.report_reject_comment", Label: "Reason for sending back", Table: "tpm_report_reject_comments",
		Fields: []*entity.Field{
			{Name: "tpm_visit", Kind: entity.Ref, Column: "visit_id", To: "tpm.visit", ReadOnly: true},
			{Name: "rejected_at", Kind: entity.Time, Label: "Rejected at", ReadOnly: true},
			{Name: "reject_reason", Kind: entity.LongText, Label: "Reason", Required: true},
		},
	}
}
