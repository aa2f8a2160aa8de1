package tpm

import (
	"context"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) taskEntity() *entity.Entity {
	return &entity.Entity{
		Name: "tpm.task", Label: "Task", Plural: "Tasks", Table: "tpm_tasks", Versions: "tpm_tasks_versions", Ruled: true, ParentField: "tpm_visit", Extensible: &entity.Extensible{Like: "additional_information"},
		Fixed:   words("intervention"), // a partner without an agreement is refused by name
		Actions: []string{"attachments", "report_attachments", "action_points"},
		Fields: []*entity.Field{
			{Name: "id", Kind: entity.Integer, Label: "Task ID", Column: "id", ReadOnly: true},
			{Name: "tpm_visit", Kind: entity.Ref, Label: "Visit", Column: "visit_id", To: "tpm.visit", ReadOnly: true},
			{Name: "partner", Kind: entity.Ref, Label: "Implementing Partner", To: "organisation.partner", Required: true},
			{Name: "intervention", Kind: entity.Ref, Label: "PD/SPD", Column: "agreement_id", To: "organisation.agreement", Null: true},
			{Name: "cp_output", Kind: entity.Ref, Label: "CP Output", Column: "output_id", To: "organisation.output", Null: true},
			{Name: "section", Kind: entity.Ref, Label: "Section", To: "organisation.section", Required: true},
			{Name: "date", Kind: entity.Date, Label: "Date", Required: true},
			{
				Name: "locations", Kind: entity.Refs, Label: "Locations", To: "location.location", Required: true,
				Through: "tpm_task_locations", Owner: "task_id", Target: "location_id",
			},
			{
				Name: "unicef_focal_points", Kind: entity.Refs, Label: "UNICEF Focal Points", To: "account.user", Required: true, Blank: true,
				Through: "tpm_task_focal_points", Owner: "task_id", Target: "user_id",
			},
			{
				Name: "offices", Kind: entity.Refs, Label: "Office(s) of UNICEF Focal Point(s)", To: "organisation.office", Required: true, Blank: true,
				Through: "tpm_task_offices", Owner: "task_id", Target: "office_id",
			},
			{Name: "additional_information", Kind: entity.LongText, Label: "Additional Information", Blank: true, Default: ""},
			{Name: "is_pv", Kind: entity.Bool, Label: "HACT Programmatic Visit", ReadOnly: true, Default: false},
			// A task counts towards the assurance of its partner only when a report about it is there; reports are files.
			{Name: "pv_applicable", Kind: entity.Bool, Label: "Counts as a programmatic visit", Expr: s.relatedReports()},
			{Name: "description", Kind: entity.Text, Expr: "'Task #' || {t}.id || ' for ' || (select v.workspace_code || '/' || v.created_year || '/' || v.id || '/TPM' from tpm_visits v where v.id = {t}.visit_id)"},
		},
		Shapes: map[string]string{
			"visit": "id partner:min intervention:task cp_output:full section:min unicef_focal_points:min date locations:light additional_information pv_applicable offices:min extensions",
			"activity": "id description date tpm_visit visit_reference=tpm_visit.reference_number is_pv partner partner_name=partner.organization.name " +
				"tpm_partner_name=tpm_visit.tpm_partner.organization.name status=tpm_visit.status_label intervention cp_output section unicef_focal_points " +
				"additional_information offices locations locations_details=locations:light",
		},
		Filters: []entity.Filter{
			{Path: "tpm_visit"},
			{Path: "tpm_visit.tpm_partner"},
			{Path: "tpm_visit.status", Lookups: "exact in"},
			{Path: "section", Lookups: "exact in"},
			{Path: "offices", Lookups: "exact in"},
			{Path: "partner", Lookups: "exact in"},
			{Path: "intervention", Lookups: "exact in"},
			{Path: "is_pv"},
			{Path: "date", Lookups: "exact year"},
		},
		Sorts: []entity.Sort{
			{Name: "id", By: []string{"id"}},
			{Name: "date", By: []string{"date"}},
			{Name: "is_pv", By: []string{"is_pv"}},
			{Name: "partner", By: []string{"partner"}},
			{Name: "section", By: []string{"section"}},
			{Name: "tpm_visit", By: []string{"tpm_visit"}},
		},
		Search: []string{
			"tpm_visit.tpm_partner.organization.vendor_number", "tpm_visit.tpm_partner.organization.name",
			"partner.organization.name", "partner.organization.vendor_number",
		},
		Scope: func(a *almoner.Actor, arg func(any) string) string {
			return "exists (" + visibleVisit(a, arg, "{t}.visit_id") + ")"
		},
		Check:     s.checkTask,
		After:     s.afterTask,
		Remembers: []string{"is_pv"},
	}
}

// checkTask holds the rules of tpm §5.4 that concern one item of a visit's tasks.
func (s *Service) checkTask(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Sent("partner") && !c.Sent("intervention") {
		c.Set("intervention", nil)
	}
	partner, agreement, output := c.Int("partner"), c.Int("intervention"), c.Int("cp_output")
	if partner != 0 && agreement == 0 {
		free, err := s.organisations.WorksWithoutAgreement(ctx, tx, partner)
		if err != nil {
			return err
		}
		if !free {
			p.Add("intervention", "required", "This field is required.")
		}
	}
	if c.Sent("cp_output") && c.Sent("intervention") && agreement != 0 && output != 0 {
		linked, err := s.organisations.OutputOfAgreement(ctx, tx, agreement, output)
		if err != nil {
			return err
		}
		if !linked {
			p.Add("non_field_errors", "tpm.output_not_linked", "This output does not belong to the chosen agreement.")
		}
	}
	return s.checkPlaces(ctx, tx, c, p)
}

// checkPlaces refuses closed places, except those that the task already has.
func (s *Service) checkPlaces(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if !c.Sent("locations") {
		return nil
	}
	before, _ := c.Before("locations").([]int64)
	var added db.IDs
	for _, id := range c.IDs("locations") {
		if !slices.Contains(before, id) {
			added = append(added, id)
		}
	}
	if len(added) == 0 {
		return nil
	}
	closed, err := s.places.AnyClosed(ctx, tx, added)
	if err != nil {
		return err
	}
	if closed {
		p.Add("locations", "tpm.place_closed", "A place that was added is closed; choose one that is open.")
	}
	return nil
}
