package officer

import (
	"embed"
	"slices"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/facility"
	"almoner.dev/almoner/modules/location"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "officer",
	Doc:        "Enrolment officers with their villages, claim administrators, and where users work.",
	Needs:      []string{"account", "facility", "location"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// The numbers of the rights.
const (
	RightSeeOfficers      = 121501
	RightCreateOfficer    = 121502
	RightChangeOfficer    = 121503
	RightDeleteOfficer    = 121504
	RightSeeClaimAdmins   = 121601
	RightCreateClaimAdmin = 121602
	RightChangeClaimAdmin = 121603
	RightDeleteClaimAdmin = 121604
)

// schemeAdministrator is the shipped role that holds them in a new installation.
const schemeAdministrator = 32

// Service is the Go API of the module.
type Service struct {
	// Officer is an enrolment officer, Village a village that one works in, ClaimAdmin a claim administrator.
	Officer, Village, ClaimAdmin *entity.Entity
	// OfficerKeepers and ClaimAdminKeepers keep them in force while records of other modules need them: SQL gets the id. Modules that need this one extend the lists
	// during their Build.
	OfficerKeepers, ClaimAdminKeepers []location.Keeper

	posting    *entity.Entity
	accounts   *account.Service
	places     *location.Service
	facilities *facility.Service
	db         *db.DB
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB}
	var err error
	if s.accounts, err = module.Use[*account.Service](h, "account"); err != nil {
		return nil, err
	}
	if s.places, err = module.Use[*location.Service](h, "location"); err != nil {
		return nil, err
	}
	if s.facilities, err = module.Use[*facility.Service](h, "facility"); err != nil {
		return nil, err
	}
	s.declareOfficer()
	s.declareClaimAdmin()
	s.declarePosting()
	s.keep()
	s.join()
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.Officer, s.Village, s.ClaimAdmin, s.posting},
		Additions: s.additions(),
		Rights:    rights(),
		Menu:      menu(),
		MenuIn:    s.places.IsScheme,
		Graph:     func() gql.Names { return graphNames },
		Resources: slices.Concat(s.resources(), s.graphResources()),
		Tables:    s.tables(),
	}, nil
}

func rights() []access.Right {
	var list []access.Right
	for _, of := range []struct {
		first      int
		key, label string
	}{{RightSeeOfficers, "officers", "enrolment officers"}, {RightSeeClaimAdmins, "claim_administrators", "claim administrators"}} {
		for i, verb := range []struct{ key, label string }{{"query", "Search"}, {"mutation_create", "Create"}, {"mutation_update", "Change"}, {"mutation_delete", "End"}} {
			list = append(list, access.Right{
				Number: of.first + i, Key: "gql_" + verb.key + "_" + of.key + "_perms", Label: verb.label + " " + of.label, Roles: []int{schemeAdministrator},
			})
		}
	}
	return list
}

// keep keeps places and facilities in force where somebody works.
func (s *Service) keep() {
	s.places.Keepers = append(s.places.Keepers, location.Keeper{
		Code: "officer.place_in_use", Message: "Enrolment officers work in this place.",
		SQL: func(place string) string {
			return "select ko.id from officer_officers ko where ko.validity_to is null and ko.location_id = " + place +
				" union all select kv.id from officer_villages kv where kv.validity_to is null and kv.location_id = " + place
		},
	})
	s.facilities.Keepers = append(s.facilities.Keepers, location.Keeper{
		Code: "officer.facility_in_use", Message: "Claim administrators work at this health facility.",
		SQL: func(facility string) string {
			return "select kc.id from officer_claim_admins kc where kc.validity_to is null and kc.health_facility_id = " + facility
		},
	})
}
