package location

import "almoner.dev/almoner/core/access"

// The rights over places; see openimis-core appendix B.
const (
	RightSee     = 121901
	RightCreate  = 121902
	RightChange  = 121903
	RightClose   = 121904
	RightMove    = 121905
	RightRegions = 121906
)

// The shipped roles that hold them in a new installation, beside the administrator's: who enrols, keeps accounts, receives or handles claims looks places up.
const (
	enrolmentOfficer   = 1
	accountant         = 4
	clerk              = 8
	receptionist       = 128
	claimAdministrator = 256
)

func rights() []access.Right {
	return []access.Right{
		{Number: RightSee, Key: "gql_query_locations_perms", Label: "Search locations", Roles: []int{enrolmentOfficer, accountant, clerk, receptionist, claimAdministrator}},
		{Number: RightCreate, Key: "gql_mutation_create_locations_perms", Label: "Create locations"},
		{Number: RightChange, Key: "gql_mutation_edit_locations_perms", Label: "Change locations"},
		{Number: RightClose, Key: "gql_mutation_delete_locations_perms", Label: "Close locations"},
		{Number: RightMove, Key: "gql_mutation_move_location_perms", Label: "Move locations"},
		{Number: RightRegions, Key: "gql_mutation_create_region_locations_perms", Label: "Create and change regions and districts"},
	}
}
