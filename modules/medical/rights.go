package medical

import "almoner.dev/almoner/core/access"

// The numbers of the rights: to search, to create, to change and to delete.
const (
	RightSearchServices = 121401
	RightCreateService  = 121402
	RightChangeService  = 121403
	RightDeleteService  = 121404

	RightSearchItems = 122101
	RightCreateItem  = 122102
	RightChangeItem  = 122103
	RightDeleteItem  = 122104

	RightSearchServicePrices = 121201
	RightCreateServicePrices = 121202
	RightChangeServicePrices = 121203
	RightDeleteServicePrices = 121204

	RightSearchItemPrices = 121301
	RightCreateItemPrices = 121302
	RightChangeItemPrices = 121303
	RightDeleteItemPrices = 121304
)

// schemeAdministrator is the shipped role that holds these rights in a new installation.
const schemeAdministrator = 32

func rights() []access.Right {
	var list []access.Right
	add := func(first int, key, what string) {
		for i, verb := range []struct{ key, label string }{{"query", "Search"}, {"create", "Create"}, {"update", "Change"}, {"delete", "Delete"}} {
			list = append(list, access.Right{
				Number: first + i, Key: "gql_" + map[bool]string{true: "query_" + key, false: "mutation_" + verb.key + "_" + key}[i == 0] + "_perms", Label: verb.label + " " + what,
				Roles: []int{schemeAdministrator},
			})
		}
	}
	add(RightSearchServices, "medical_services", "medical services")
	add(RightSearchItems, "medical_items", "medical items")
	add(RightSearchServicePrices, "pricelists_medical_services", "price lists of services")
	add(RightSearchItemPrices, "pricelists_medical_items", "price lists of items")
	return list
}
