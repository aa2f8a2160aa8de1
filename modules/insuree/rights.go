package insuree

import "almoner.dev/almoner/core/access"

// The rights over families and insurees (openimis-enrolment §13).
const (
	RightSeeFamilies    = 101001
	RightCreateFamily   = 101002
	RightChangeFamily   = 101003
	RightDeleteFamily   = 101004
	RightSeeInsurees    = 101101
	RightCreateInsuree  = 101102
	RightChangeInsuree  = 101103
	RightDeleteInsuree  = 101104
	RightEnquireInsuree = 101105
)

// The numbers of the shipped roles that deal with families and insurees.
const (
	officer    = 1
	manager    = 2
	accountant = 4
	clerk      = 8
	schemeHead = 32
	reception  = 128
	claimant   = 256
)

func rights() []access.Right {
	readers, writers := []int{officer, accountant, clerk, reception, claimant}, []int{officer, clerk}
	return []access.Right{
		{Number: RightSeeFamilies, Key: "gql_query_families_perms", Label: "See families", Roles: readers},
		{Number: RightCreateFamily, Key: "gql_mutation_create_families_perms", Label: "Register families", Roles: writers},
		{Number: RightChangeFamily, Key: "gql_mutation_update_families_perms", Label: "Change families", Roles: writers},
		{Number: RightDeleteFamily, Key: "gql_mutation_delete_families_perms", Label: "Delete families", Roles: writers},
		{Number: RightSeeInsurees, Key: "gql_query_insurees_perms", Label: "See insurees", Roles: readers},
		{Number: RightCreateInsuree, Key: "gql_mutation_create_insurees_perms", Label: "Register insurees", Roles: writers},
		{Number: RightChangeInsuree, Key: "gql_mutation_update_insurees_perms", Label: "Change insurees", Roles: writers},
		{Number: RightDeleteInsuree, Key: "gql_mutation_delete_insurees_perms", Label: "Delete insurees", Roles: writers},
		{Number: RightEnquireInsuree, Key: "gql_query_insuree_perms", Label: "Enquire about an insuree", Roles: []int{officer, manager, accountant, clerk, schemeHead, reception, claimant}},
	}
}
