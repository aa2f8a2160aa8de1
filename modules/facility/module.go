package facility

import (
	"context"
	"embed"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/medical"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "facility",
	Doc:        "Health facilities, their legal forms and levels, and the villages that they serve.",
	Needs:      []string{"location", "medical"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// The numbers of the rights.
const (
	RightSearch = 121101
	RightCreate = 121102
	RightChange = 121103
	RightDelete = 121104
)

// schemeAdministrator is the shipped role that holds them in a new installation.
const schemeAdministrator = 32

// Service is the Go API of the module.
type Service struct {
	// HealthFacility is a facility; LegalForm and SubLevel are code tables that all workspaces share.
	HealthFacility, LegalForm, SubLevel *entity.Entity
	// Keepers keep facilities from being closed. Modules that need this one extend the list during their Build.
	Keepers []location.Keeper

	catchment *entity.Entity
	places    *location.Service
	db        *db.DB
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB, LegalForm: codeTable("legal_form", "Legal form"), SubLevel: codeTable("sub_level", "Sub-level")}
	var err error
	if s.places, err = module.Use[*location.Service](h, "location"); err != nil {
		return nil, err
	}
	s.places.Keepers = append(s.places.Keepers, location.Keeper{
		Code: "facility.place_in_use", Message: "There are health facilities in this place, or facilities that serve it.",
		SQL: func(place string) string {
			return "select id from facility_health_facilities where validity_to is null and location_id = " + place +
				" union all select id from facility_catchments where validity_to is null and location_id = " + place
		},
	})
	catalogue, err := module.Use[*medical.Service](h, "medical")
	if err != nil {
		return nil, err
	}
	catalogue.ClaimedBy = s.pricelists
	s.catchment = s.declareCatchment()
	s.HealthFacility = s.declareFacility()
	list := func(verb string) access.Right {
		number := map[string]int{"query": RightSearch, "mutation_create": RightCreate, "mutation_edit": RightChange, "mutation_delete": RightDelete}[verb]
		label := map[string]string{"query": "Search", "mutation_create": "Create", "mutation_edit": "Change", "mutation_delete": "Close"}[verb]
		return access.Right{Number: number, Key: "gql_" + verb + "_health_facilities_perms", Label: label + " health facilities", Roles: []int{schemeAdministrator}}
	}
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.LegalForm, s.SubLevel, s.HealthFacility, s.catchment},
		Rights:    []access.Right{list("query"), list("mutation_create"), list("mutation_edit"), list("mutation_delete")},
		Menu:      menu(),
		MenuIn:    s.places.IsScheme,
		Graph:     func() gql.Names { return graphNames },
		Resources: s.resources(),
		Calls:     s.calls(),
		Tables:    s.tables(),
		Prepare:   s.seed,
	}, nil
}

// pricelists selects the price lists by which the facilities claim that the actor sees.
func (s *Service) pricelists(a *almoner.Actor, arg func(any) string, kind string) string {
	sql := "select fp." + kind + "s_pricelist_id from facility_health_facilities fp where fp.validity_to is null and fp.workspace_id = " + arg(a.Workspace.ID)
	if within := s.places.Within(a, arg, "fp.location_id"); within != "" {
		sql += " and " + within
	}
	return sql
}

// DistrictSQL selects the district in which a facility lies: SQL over the id of the facility, for the scopes of modules whose records belong to one.
func (s *Service) DistrictSQL(id string) string {
	return "select hf.location_id from facility_health_facilities hf where hf.id = " + id
}

// seed puts the codes into the tables that all insurance systems of this kind know.
func (s *Service) seed(ctx context.Context, tx *db.Tx) error {
	for table, codes := range map[string][][2]string{
		"facility_legal_forms": {{"C", "Charity"}, {"D", "District organization"}, {"G", "Government"}, {"P", "Private organization"}},
		"facility_sub_levels":  {{"I", "Integrated"}, {"N", "No sublevel"}, {"R", "Reference"}},
	} {
		for i, c := range codes {
			_, err := tx.Exec(ctx, "insert into "+table+" (code, name, sort_order, created_at, updated_at) values ($1, $2, $3, $4, $4) on conflict do nothing", c[0], c[1], int64(i+1), tx.Now)
			if err != nil {
				return fmt.Errorf("fill %s: %w", table, err)
			}
		}
	}
	return nil
}
