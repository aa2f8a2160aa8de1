package medical

import (
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
)

// letters shows choices as the letters that clients know, without enums.
func letters(fields ...string) map[string]string {
	enums := map[string]string{}
	for _, f := range fields {
		enums[f] = "String"
	}
	return enums
}

// text shows UUIDs as clients know them.
var text = map[string]string{"uuid": "String"}

// graphNames are the names by which clients of the insurance wire know the catalogue (openimis-claims §1.3, §2.3).
var graphNames = gql.Names{
	"medical.diagnosis": {Name: "DiagnosisGQLType"},
	"medical.item":      {Name: "ItemGQLType", Enums: letters("type", "care_type"), Scalars: text},
	"medical.service": {
		Name: "ServiceGQLType", Enums: letters("type", "care_type", "category", "level", "packagetype"),
		Fields: map[string]string{"items": "servicesLinked", "services": "serviceserviceSet"}, Lists: []string{"items", "services"}, Scalars: text,
	},
	"medical.service_item":              {Name: "ServiceItemGQLType", Fields: map[string]string{"created": "pcpDate"}},
	"medical.service_service":           {Name: "ServiceServiceGQLType", Fields: map[string]string{"created": "scpDate"}},
	"medical.items_pricelist":           {Name: "ItemsPricelistGQLType", Scalars: text},
	"medical.services_pricelist":        {Name: "ServicesPricelistGQLType", Scalars: text},
	"medical.items_pricelist_detail":    {Name: "ItemsPricelistDetailGQLType", Fields: map[string]string{"pricelist": "itemsPricelist"}},
	"medical.services_pricelist_detail": {Name: "ServicesPricelistDetailGQLType", Fields: map[string]string{"pricelist": "servicesPricelist"}},
}

const full = api.Read | api.Create | api.Update | api.Delete

// unsaid keeps a resource's own mutations off the GraphQL wire, where clients know others; a list and a record are given names.
func unsaid(list string) api.Graph {
	return api.Graph{List: list, Get: "-", Create: "-", Update: "-", Delete: "-"}
}

func (s *Service) resources() []*api.Resource {
	rules := func(first int) map[api.Can]api.Rule {
		return map[api.Can]api.Rule{api.Create: api.Right(first + 1), api.Delete: api.Right(first + 3), api.History: api.Right(first)}
	}
	list := []*api.Resource{
		{Entity: s.Diagnosis, Path: "/api/medical/diagnoses/", Title: s.Diagnosis.Plural, Wire: api.Native, Can: api.Read, View: api.SignedIn, Edit: api.SignedIn, Graph: unsaid("diagnoses")},
		s.byText("diagnoses_by_text", "diagnosesStr", s.Diagnosis, nil),
		{Entity: s.Item, Path: "/api/medical/items/", Title: s.Item.Plural, Wire: api.Native, Can: full | api.History, View: api.SignedIn, Edit: api.Right(RightChangeItem), Rules: rules(RightSearchItems), Graph: unsaid("-")},
		{
			Entity: s.Service, Path: "/api/medical/services/", Title: s.Service.Plural, Wire: api.Native, Can: full | api.Replace | api.History, ListShape: "record", Shape: "record",
			View: api.SignedIn, Edit: api.Right(RightChangeService), Rules: rules(RightSearchServices), Graph: unsaid("-"),
		},
	}
	for _, p := range []*prices{s.itemPrices, s.servicePrices} {
		first := RightSearchItemPrices
		if p.kind == "service" {
			first = RightSearchServicePrices
		}
		in := []api.Param{api.Arg("pricelist_uuid", entity.UUID, "Only what is in this price list.")}
		list = append(list,
			&api.Resource{
				Name: p.of.Name + "_in_list", Entity: p.of, Can: api.List, View: api.SignedIn, Edit: api.SignedIn, Graph: api.Graph{List: "medical" + capital(p.kind) + "s", Export: true},
				Params: in, Narrow: p.narrow,
			},
			s.byText(p.kind+"s_by_text", "medical"+capital(p.kind)+"sStr", p.of, p),
			&api.Resource{
				Entity: p.list, Path: "/api/medical/" + p.kind + "s-pricelists/", Title: p.list.Plural, Wire: api.Native, Can: full | api.History, ListShape: "record", Shape: "record",
				View: api.Right(first), Edit: api.Right(first + 2), Rules: rules(first), Graph: unsaid("-"),
			},
			&api.Resource{
				Entity: p.detail, Path: "/api/medical/" + p.kind + "s-pricelist-details/", Title: p.detail.Plural, Wire: api.Native, Can: api.Read, ListShape: "record", Shape: "record",
				View: api.Right(first), Edit: api.Right(first), Graph: unsaid("-"),
			},
			&api.Resource{
				Name: p.list.Name + "_at", Entity: p.list, Can: api.List | api.Get, View: api.Right(first), Edit: api.Right(first),
				Graph:  api.Graph{List: p.kind + "sPricelists", Get: p.kind + "sPricelist", Export: true},
				Params: []api.Param{api.Arg("location_uuid", entity.Text, "Only the lists of this place, of the one above it, and the national ones.")}, Narrow: p.near,
			},
		)
	}
	return list
}
