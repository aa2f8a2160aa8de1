package officer

import (
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/location"
)

// graphNames are the names by which clients of the insurance wire know officers and claim administrators (openimis-core appendix A).
var graphNames = gql.Names{
	"officer.officer":     {Name: "OfficerGQLType", Lists: []string{"officer_villages"}, Scalars: map[string]string{"uuid": "String"}},
	"officer.village":     {Name: "OfficerVillageGQLType"},
	"officer.claim_admin": {Name: "ClaimAdminGQLType", Fields: map[string]string{"email": "emailId"}, Scalars: map[string]string{"uuid": "String"}},
}

// restOnly keeps the standard operations off the GraphQL wire, which has its own ones: clients know their names.
var restOnly = api.Graph{List: "-", Get: "-", Create: "-", Update: "-", Delete: "-"}

func (s *Service) resources() []*api.Resource {
	return []*api.Resource{
		{
			Entity: s.Officer, Path: "/api/officer/officers/", Title: s.Officer.Plural, Wire: api.Native, Can: api.Read | api.Write | api.History, ListShape: "record", Shape: "record",
			View: api.Right(RightSeeOfficers), Edit: api.Right(RightChangeOfficer), Graph: restOnly,
			Rules: map[api.Can]api.Rule{api.Create: api.Right(RightCreateOfficer), api.Delete: api.Right(RightDeleteOfficer)},
		},
		{
			Entity: s.ClaimAdmin, Path: "/api/officer/claim-admins/", Title: s.ClaimAdmin.Plural, Wire: api.Native, Can: api.Read | api.Write | api.History, ListShape: "record", Shape: "record",
			View: api.Right(RightSeeClaimAdmins), Edit: api.Right(RightChangeClaimAdmin), Graph: restOnly,
			Rules: map[api.Can]api.Rule{api.Create: api.Right(RightCreateClaimAdmin), api.Delete: api.Right(RightDeleteClaimAdmin)},
		},
	}
}

type narrowing = func(a *almoner.Actor, arg func(any) string) string

// graphResources are the lists from which clients choose. Who chooses needs no right of their own: the lists hold names, and no more than where one works.
func (s *Service) graphResources() []*api.Resource {
	officers := func(name, graph string, view api.Rule, params []api.Param, narrow func(q *api.Request, arg func(any) string) string) *api.Resource {
		return &api.Resource{
			Name: "officer." + name, Entity: s.Officer, Can: api.List, View: view, Graph: api.Graph{List: graph}, Params: params,
			Narrow: func(q *api.Request) (narrowing, error) {
				return func(_ *almoner.Actor, arg func(any) string) string { return narrow(q, arg) }, nil
			},
		}
	}
	byStr := func(q *api.Request, arg func(any) string) string {
		text := q.Text("str")
		if text == "" {
			return "1 = 1"
		}
		return s.Officer.Containing(arg, text, "code", "last_name", "other_names")
	}
	str := api.Arg("str", entity.Text, "Part of code or names.")
	none := func(*api.Request, func(any) string) string { return "1 = 1" }
	known := officers("known_officer", "enrolmentOfficers", api.Right(RightSeeOfficers), []api.Param{str}, byStr)
	known.Graph.Export = true
	return []*api.Resource{
		known,
		officers("photographer", "insureeOfficers", api.SignedIn, nil, none),
		officers("visitor", "claimOfficers", api.SignedIn, nil, none),
		officers("seller", "policyOfficers", api.SignedIn, []api.Param{
			api.Arg("district", entity.Text, "Officers who work in the district with this number."), api.Arg("region", entity.Text, "Officers who work in the region with this number."),
		}, func(q *api.Request, arg func(any) string) string {
			where := "1 = 1"
			for _, name := range []string{"district", "region"} {
				if text := q.Text(name); text != "" {
					id, err := strconv.ParseInt(text, 10, 64)
					if err != nil {
						return "1 = 0"
					}
					below := " in (select pa.location_id from location_ancestors pa where pa.ancestor_id = " + arg(id) + ")"
					where += " and ({t}.location_id" + below + " or exists (select 1 from officer_villages pv where pv.officer_id = {t}.id and pv.validity_to is null and pv.location_id" + below + "))"
				}
			}
			return where
		}),
		officers("substitute", "substitutionEnrolmentOfficers", api.Right(RightSeeOfficers, 121701, 121702, 121703), []api.Param{
			str, api.Arg("villages_uuids", entity.Text, "Officers who work in one of these villages.").List(), api.Arg("officer_uuid", entity.Text, "The officer who is to be replaced, and is not among them."),
		}, func(q *api.Request, arg func(any) string) string {
			where := byStr(q, arg)
			if uuid := q.Text("officer_uuid"); uuid != "" {
				where += " and {t}.uuid <> " + arg(strings.ToLower(uuid))
			}
			if villages, _ := q.Param("villages_uuids").([]any); len(villages) > 0 {
				marks := make([]string, len(villages))
				for i, v := range villages {
					text, _ := v.(string)
					marks[i] = arg(strings.ToLower(text))
				}
				where += " and exists (select 1 from officer_villages pv join location_locations pl on pl.id = pv.location_id where pv.officer_id = {t}.id and pv.validity_to is null and pl.uuid in (" + strings.Join(marks, ", ") + "))"
			}
			return where
		}),
		{
			Name: "officer.claimant", Entity: s.ClaimAdmin, Can: api.List, View: api.SignedIn, Graph: api.Graph{List: "claimAdmins"},
			Params: []api.Param{api.Arg("region_uuid", entity.Text, "Of a facility in this region."), api.Arg("district_uuid", entity.Text, "Of a facility in this district.")},
			Narrow: func(q *api.Request) (narrowing, error) {
				return func(_ *almoner.Actor, arg func(any) string) string {
					where := "1 = 1"
					for level, name := range []string{location.Region: "region_uuid", location.District: "district_uuid"} {
						if uuid := q.Text(name); uuid != "" {
							where += " and " + s.places.Below(arg, "("+s.facilities.DistrictSQL("{t}.health_facility_id")+")", strings.ToLower(uuid), int64(level))
						}
					}
					return where
				}, nil
			},
		},
		{
			Name: "officer.workplace", Entity: s.places.Location, Can: api.List, View: api.Right(location.RightSee), Graph: api.Graph{List: "officerLocations", Plain: true},
			Params: []api.Param{
				required(api.Arg("officer_code", entity.Text, "The officer.")), api.Arg("location_type", entity.Text, "The letter of a level: the places on it in which the officer's villages lie; villages when not given."),
			},
			Narrow: func(q *api.Request) (narrowing, error) {
				return func(a *almoner.Actor, arg func(any) string) string {
					letter := q.Text("location_type")
					if letter == "" {
						letter = "V"
					}
					return "exists (select 1 from location_levels wl where wl.id = {t}.level_id and wl.type = " + arg(letter) + ") and {t}.id in (select wa.ancestor_id from officer_officers wo" +
						" join officer_villages wv on wv.officer_id = wo.id and wv.validity_to is null join location_ancestors wa on wa.location_id = wv.location_id where wo.validity_to is null and wo.workspace_id = " +
						arg(a.Workspace.ID) + " and wo.code = " + arg(q.Text("officer_code")) + ")"
				}, nil
			},
		},
	}
}

func required(p api.Param) api.Param {
	p.Required = true
	return p
}
