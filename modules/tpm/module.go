package tpm

import (
	"embed"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/lifecycle"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/attachment"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/organisation"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "tpm",
	Doc:        "Third-party monitoring: firms, visits and their tasks.",
	Needs:      []string{"account", "attachment", "location", "organisation"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// Service is the Go API of the module.
type Service struct {
	// Firm, Visit and Task are the record types, for modules that refer to them.
	Firm, Visit, Task *entity.Entity
	// Lifecycle is the state machine of visits.
	Lifecycle *lifecycle.Machine

	firms         *api.Resource
	rejectComment *entity.Entity
	db            *db.DB
	people        *account.Service
	organisations *organisation.Service
	places        *location.Service
	attachments   *attachment.Service
	visits        *api.Resource
	taskOwner     *attachment.Owner
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB}
	var err error
	if s.people, err = module.Use[*account.Service](h, "account"); err != nil {
		return nil, err
	}
	if s.organisations, err = module.Use[*organisation.Service](h, "organisation"); err != nil {
		return nil, err
	}
	if s.places, err = module.Use[*location.Service](h, "location"); err != nil {
		return nil, err
	}
	if s.attachments, err = module.Use[*attachment.Service](h, "attachment"); err != nil {
		return nil, err
	}
	// Visits were somewhere: a place that tasks name stays in force.
	s.places.Keepers = append(s.places.Keepers, location.Keeper{
		Code: "tpm.place_in_use", Message: "Tasks of visits take place there.",
		SQL: func(place string) string {
			return "select task_id from tpm_task_locations where location_id = " + place
		},
	})
	s.Firm = s.firmEntity()
	s.Visit = s.visitEntity()
	s.Task = s.taskEntity()
	s.rejectComment = rejectCommentEntity()
	s.Lifecycle = s.lifecycle()
	s.firms = s.firmResource()
	s.visits = s.visitResource()
	s.extend()
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.Firm, s.Visit, s.Task, s.rejectComment},
		Targets:   []access.Entity{actionPointTargets},
		Rules:     Rules(),
		Machines:  []*lifecycle.Machine{s.Lifecycle},
		Resources: s.resources(),
		Calls:     slices.Concat(s.firmCalls(), s.linkCalls(), s.hactCalls()),
		Facts: append(fileFacts(), event.Type{
			Name: "tpm.firm_activated", Doc: "A firm was switched on in a workspace, or shown again where it was hidden.",
		}),
		Prepare: s.prepare,
		Menu: []module.MenuEntry{
			{Code: "tpm.visits", For: func(v entity.Viewer) bool { return generally(v, s.Visit).SeesAny(s.Visit) }},
			{Code: "tpm.visits.new", For: func(v entity.Viewer) bool {
				return generally(v, s.Visit).With(access.New(s.Visit.Name)).WritesAny(s.Visit)
			}},
			{Code: "tpm.firms", For: func(v entity.Viewer) bool { return generally(v, s.Firm).SeesAny(s.Firm) }},
			{Code: "tpm.firms.all", For: func(v entity.Viewer) bool { return generally(v, s.Firm).SeesAny(s.Firm) && !onlyOwnFirm(v.Actor) }},
			{Code: "tpm.firms.own", For: func(v entity.Viewer) bool { return generally(v, s.Firm).SeesAny(s.Firm) && onlyOwnFirm(v.Actor) }},
			{Code: "tpm.firms.add", For: func(v entity.Viewer) bool {
				return v.Policy.May(access.Edit, v.Policy.Target(s.Firm.Name+".activate"), v.Set)
			}},
		},
	}, nil
}

// onlyOwnFirm reports whether a person sees one firm, their own, and no other (tpm §4.5).
func onlyOwnFirm(a *almoner.Actor) bool {
	return a.Has(organisation.MonitorRole) && !a.Has(organisation.AgencyRole) && !a.Has(organisation.PlannerRole)
}

func generally(v entity.Viewer, e *entity.Entity) entity.Viewer { return v.With(e.General(v.Actor)...) }

func (s *Service) resources() []*api.Resource {
	return append([]*api.Resource{
		s.visits,
		s.firms,
		s.staffResource(),
		{
			Name: "tpm.activity", Entity: s.Task, Path: "/api/tpm/activities/", Title: "TPM Activities", Wire: api.Lenient, Can: api.List, Paging: api.Bare,
			ListShape: "activity", View: api.SignedIn, Edit: api.SignedIn, Unruled: true,
		},
		s.usedIn("tpm.visit_partner", "implementing-partners", s.organisations.Partner, "min", "partner_id", "{t}.hidden = "),
		s.usedIn("tpm.visit_section", "sections", s.organisations.Section, "min", "section_id", ""),
		s.usedIn("tpm.visit_output", "cp-outputs", s.organisations.Output, "min", "output_id", "{t}.hidden = "),
	}, s.documents()...)
}

func (s *Service) visitResource() *api.Resource {
	return &api.Resource{
		Entity: s.Visit, Path: "/api/tpm/visits/", Title: "TPM Visit List", Wire: api.Lenient,
		Can:       api.Read | api.Write | api.History,
		ListShape: "light", Shape: "full", View: api.ByField, Edit: api.ByField,
		Removable: removable, Machine: s.Lifecycle,
	}
}
