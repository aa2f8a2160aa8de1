package tpm

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/modules/organisation"
)

// staffOf are the people with any monitor's role for the firm's organisation here, active or not (tpm §4.5).
func staffOf(_ *almoner.Actor, firmID int64, arg func(any) string) string {
	return "{t}.role = " + arg(organisation.MonitorRole) + " and {t}.organization_id = (select f.organization_id from tpm_firms f where f.id = " + arg(firmID) + ")"
}

// activeStaff are those of an organisation's people who monitor for it in the workspace now (tpm §2.1).
func activeStaff(a *almoner.Actor, arg func(any) string) string {
	return "{t}.workspace_id = " + arg(a.Workspace.ID) + " and {t}.role = " + arg(organisation.MonitorRole) + " and {t}.is_active = " + arg(true)
}

// staffResource is the people of a firm (tpm §5.3); they are managed through access management.
func (s *Service) staffResource() *api.Resource {
	return &api.Resource{
		Name: "tpm.staff_member", Entity: s.people.Member, Path: "/api/tpm/partners/{partner}/staff-members/", Title: "TPM Staff Members", Wire: api.Lenient, Can: api.Read,
		ListShape: "staff", Shape: "staff", View: api.ByField, Edit: api.ByField,
		Within: &api.Parent{Entity: s.Firm, Param: "partner", Part: "staff_members", Only: staffOf},
		Export: &api.Export{
			Shape: "staff", Order: "id", Beside: "light",
			Name: func(firm map[string]any, day almoner.Date) string {
				vendor, _ := firm["vendor_number"].(string)
				return "tpm_#" + vendor + "_contacts_" + day.String() + ".csv"
			},
			Columns: []api.Column{
				{Title: "ID", Path: "id"},
				{Title: "Email", Path: "email"},
				{Title: "First name", Path: "first_name"},
				{Title: "Last name", Path: "last_name"},
				{Title: "Is active", Path: "is_active", Flag: true},
				{Title: "Job title", Path: "profile.job_title"},
				{Title: "Phone number", Path: "profile.phone_number"},
				{Title: "Organization ID", Path: "parent.vendor_number"},
				{Title: "Organization name", Path: "parent.name"},
				{Title: "Organization email", Path: "parent.email"},
				{Title: "Organization phone number", Path: "parent.phone_number"},
				{Title: "Organization country", Path: "parent.country"},
				{Title: "Organization city", Path: "parent.city"},
				{Title: "Organization street address", Path: "parent.street_address"},
				{Title: "Organization postal code", Path: "parent.postal_code"},
			},
		},
	}
}
