package tpm

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/organisation"
)

const firmLight = "id vendor_number=organization.vendor_number name=organization.name street_address city postal_code country email phone_number hidden " +
	"blocked vision_synced deleted_flag organization_id=organization"

func (s *Service) firmEntity() *entity.Entity {
	line := func(name, label string, max int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: max, Blank: true, ReadOnly: true, Default: ""}
	}
	flag := func(name, label string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Bool, Label: label, ReadOnly: true, Default: false}
	}
	return &entity.Entity{
		Name: "tpm.firm", Label: "Firm", Plural: "Firms", Table: "tpm_firms", Global: true, Ruled: true, Key: []string{"organization"}, Extensible: &entity.Extensible{Like: "phone_number"},
		Actions: []string{"attachments", "activate"},
		Fields: []*entity.Field{
			{Name: "organization", Kind: entity.Ref, To: "organisation.organisation", Required: true, ReadOnly: true, Unique: true},
			line("street_address", "Address", 500), line("city", "City", 255), line("postal_code", "Postal Code", 32), line("country", "Country", 255),
			// Plain text on the wire: the finance system holds addresses that are none.
			{Name: "email", Kind: entity.Text, Label: "Email Address", Max: 255, Blank: true, Default: ""},
			{Name: "phone_number", Kind: entity.Text, Label: "Phone Number", Max: 32, Blank: true, Default: ""},
			{Name: "hidden", Kind: entity.Bool, Label: "Hidden", Default: false},
			flag("blocked", "Blocked"), flag("vision_synced", "Synced from VISION"), flag("deleted_flag", "Marked For Deletion"),
			{
				Name: "workspaces", Kind: entity.Refs, Label: "Workspaces", To: "account.workspace", ReadOnly: true, Blank: true,
				Through: "tpm_firm_workspaces", Owner: "firm_id", Target: "workspace_id",
			},
			{
				Name: "staff_members", Kind: entity.Children, Label: "TPM Contacts", To: s.people.Member.Name, ForeignKey: "organization_id", Own: "organization",
				Only: activeStaff,
			},
		},
		Shapes:  map[string]string{"light": firmLight, "full": firmLight + " staff_members:contact extensions"},
		Filters: []entity.Filter{{Path: "blocked"}, {Path: "hidden"}, {Path: "deleted_flag"}},
		Sorts: []entity.Sort{
			{Name: "vendor_number", By: []string{"organization.vendor_number"}},
			{Name: "name", By: []string{"organization.name"}},
			{Name: "phone_number", By: []string{"phone_number"}},
			{Name: "email", By: []string{"email"}},
		},
		Search:     []string{"organization.vendor_number", "organization.name"},
		Order:      []string{"organization.name"},
		Display:    "organization.name",
		Scope:      firmScope,
		Predicates: []entity.Predicate{{Name: predStaff, SQL: s.isStaff("{t}.id"), General: isMonitor}},
	}
}

// firmScope is tpm §4.5: the agency sees all firms, a firm itself, others none.
func firmScope(a *almoner.Actor, arg func(any) string) string {
	switch {
	case a.Has(organisation.AgencyRole) || a.Has(organisation.PlannerRole):
		return ""
	case a.Has(organisation.MonitorRole):
		return "{t}.organization_id = " + arg(a.OrganizationID)
	}
	return "1 = 0"
}

// activatedHere narrows the list, but not the single firm, to those that work in the workspace (tpm §4.5).
func activatedHere(a *almoner.Actor, arg func(any) string) string {
	return "exists (select 1 from tpm_firm_workspaces w where w.firm_id = {t}.id and w.workspace_id = " + arg(a.Workspace.ID) + ")"
}

// firmResource is the firms on the wire. They come from the finance system, so POST is described and never succeeds (tpm §12-7), and nothing
// deletes them (§12-8).
func (s *Service) firmResource() *api.Resource {
	return &api.Resource{
		Entity: s.Firm, Path: "/api/tpm/partners/", Title: "TPM Partner List", Wire: api.Lenient, Can: api.Read | api.Create | api.Update | api.Replace,
		ListShape: "light", Shape: "full", View: api.ByField, Edit: api.ByField, Only: activatedHere,
		Creating: func(*api.Request) error {
			return almoner.Invalidf("", "tpm.firm_by_sync", "Firms come from the finance system: look one up by its vendor number at sync/, then activate it.")
		},
		Export: &api.Export{
			Shape: "light", Order: "vendor_number",
			Name: func(_ map[string]any, day almoner.Date) string { return "tpm_vendors_" + day.String() + ".csv" },
			Columns: []api.Column{
				{Title: "Vendor Number", Path: "vendor_number"},
				{Title: "TPM Name", Path: "name"},
				{Title: "Address", Path: "street_address"},
				{Title: "Postal Code", Path: "postal_code"},
				{Title: "City", Path: "city"},
				{Title: "Phone Number", Path: "phone_number"},
				{Title: "Email Address", Path: "email"},
			},
		},
	}
}

// visibleVisit selects the visit with this id when the actor may see it, for use in exists.
func visibleVisit(a *almoner.Actor, arg func(any) string, id string) string {
	sql := "select 1 from tpm_visits v where v.id = " + id + " and v.deleted_at is null"
	if scope := visitScope(a, arg); scope != "" {
		sql += " and (" + entity.Over(scope, "v") + ")"
	}
	return sql
}

// usedIn lists the records of another module that tasks of visible visits refer to (tpm §5.4).
func (s *Service) usedIn(name, path string, e *entity.Entity, shape, column, visible string) *api.Resource {
	return &api.Resource{
		Name: name, Entity: e, Path: "/api/tpm/visits/activities/" + path + "/", Title: e.Plural, Wire: api.Lenient, Can: api.List, Paging: api.Bare,
		ListShape: shape, View: api.SignedIn, Edit: api.SignedIn,
		Only: func(a *almoner.Actor, arg func(any) string) string {
			sql := "exists (select 1 from tpm_tasks k where k." + column + " = {t}.id and exists (" + visibleVisit(a, arg, "k.visit_id") + "))"
			if visible != "" {
				sql += " and " + visible + arg(false)
			}
			return sql
		},
	}
}

// extend tells the modules below what only this one knows.
func (s *Service) extend() {
	s.people.GrantRules = append(s.people.GrantRules, account.GrantRule{By: organisation.PlannerRole, Type: "tpm", Roles: []string{organisation.MonitorRole}})
	o := s.organisations
	o.Flags = append(o.Flags, "tpm_enabled")
	o.RelationshipTypes = append(o.RelationshipTypes, organisation.Relationship{
		Type: "tpm",
		SQL: func(workspaceID int64, arg func(any) string) string {
			return "exists (select 1 from tpm_firms f join tpm_firm_workspaces w on w.firm_id = f.id where f.organization_id = {t}.id and w.workspace_id = " +
				arg(workspaceID) + " and f.hidden = " + arg(false) + ")"
		},
	})
	o.Externals = append(o.Externals, organisation.External{
		Module: "tpm",
		Section: func(a *almoner.Actor, arg func(any) string) string {
			return "exists (select 1 from tpm_tasks k where k.section_id = {t}.id and exists (" + visibleVisit(a, arg, "k.visit_id") + "))"
		},
		Office: func(a *almoner.Actor, arg func(any) string) string {
			return "exists (select 1 from tpm_tasks k join tpm_task_offices o on o.task_id = k.id where o.office_id = {t}.id and exists (" + visibleVisit(a, arg, "k.visit_id") + "))"
		},
	})
}
