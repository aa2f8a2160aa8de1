package facility

import (
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// graphNames are the names by which clients of the insurance wire know facilities (openimis-enrolment §2.7).
var graphNames = gql.Names{
	"facility.health_facility": {
		Name: "HealthFacilityGQLType", Enums: map[string]string{"level": "String", "care_type": "String", "status": "String"}, Lists: []string{"catchments"},
		Scalars: map[string]string{"uuid": "String"},
	},
	"facility.legal_form": {Name: "HealthFacilityLegalFormGQLType", Fields: map[string]string{"name": "legalForm"}, Key: "code"},
	"facility.sub_level":  {Name: "HealthFacilitySubLevelGQLType", Fields: map[string]string{"name": "healthFacilitySubLevel"}, Key: "code"},
	"facility.catchment":  {Name: "HealthFacilityCatchmentGQLType", RawID: "Int"},
}

func (s *Service) resources() []*api.Resource {
	none := api.Graph{List: "-", Get: "-", Create: "-", Update: "-", Delete: "-"}
	codes := func(e *entity.Entity, path string) *api.Resource {
		return &api.Resource{Entity: e, Path: "/api/facility/" + path + "/", Title: e.Plural, Wire: api.Native, Can: api.Read, View: api.SignedIn, Edit: api.SignedIn, Graph: none}
	}
	return []*api.Resource{
		codes(s.LegalForm, "legal-forms"), codes(s.SubLevel, "sub-levels"),
		{
			Entity: s.HealthFacility, Path: "/api/facility/health-facilities/", Title: s.HealthFacility.Plural, Wire: api.Native,
			Can: api.Read | api.Create | api.Update | api.Replace | api.Delete | api.History, ListShape: "record", Shape: "record",
			View: api.SignedIn, Edit: api.Right(RightChange), Graph: none,
			Rules: map[api.Can]api.Rule{api.Create: api.Right(RightCreate), api.Delete: api.Right(RightDelete), api.History: api.Right(RightSearch)},
		},
		{
			Name: "facility.wire", Entity: s.HealthFacility, Can: api.Read, View: api.SignedIn, Edit: api.SignedIn,
			Graph: api.Graph{List: "healthFacilities", Get: "healthFacility", Export: true},
		},
		{
			Name: "facility.by_text", Entity: s.HealthFacility, Can: api.List, View: api.SignedIn, Edit: api.SignedIn, Graph: api.Graph{List: "healthFacilitiesStr"},
			Params: []api.Param{
				api.Arg("str", entity.Text, "Part of code or name."), api.Arg("region_uuid", entity.Text, ""), api.Arg("district_uuid", entity.Text, ""),
				api.Arg("districts_uuids", entity.Text, "").List(), api.Arg("ignore_location", entity.Bool, "Understood, and without effect: nobody sees beyond where they work."),
			},
			Narrow: s.byText,
		},
	}
}

// byText narrows to facilities with a text in code or name, and to those of a region or of districts.
func (s *Service) byText(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
	districts, _ := q.Param("districts_uuids").([]any)
	if one := q.Text("district_uuid"); one != "" {
		districts = append(districts, one)
	}
	text, region := q.Text("str"), strings.ToLower(q.Text("region_uuid"))
	return func(_ *almoner.Actor, arg func(any) string) string {
		sql := "true"
		if text != "" {
			sql += " and " + s.HealthFacility.Containing(arg, text, "code", "name")
		}
		if region != "" {
			sql += " and {t}.location_id in (select d.id from location_locations d join location_locations r on r.id = d.parent_id where r.uuid = " + arg(region) + ")"
		}
		if len(districts) > 0 {
			one := "1 = 0"
			for _, district := range districts {
				uuid, _ := district.(string)
				one += " or d.uuid = " + arg(strings.ToLower(uuid))
			}
			sql += " and {t}.location_id in (select d.id from location_locations d where " + one + ")"
		}
		return sql
	}, nil
}

func (s *Service) calls() []api.Call {
	text := func(name string, limit int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Max: limit, Null: true, Blank: true}
	}
	input := []*entity.Field{
		{Name: "uuid", Kind: entity.UUID, Null: true},
		{Name: "code", Kind: entity.Text, Max: 8, Required: true},
		{Name: "name", Kind: entity.Text, Max: 100, Required: true},
		text("acc_code", 25),
		{Name: "legal_form_id", Kind: entity.Text, Max: 1, Required: true},
		{Name: "level", Kind: entity.Choice, Choices: levels, Required: true},
		text("sub_level_id", 1),
		{Name: "location_id", Kind: entity.Integer, Required: true},
		{Name: "address", Kind: entity.LongText, Max: 100, Null: true, Blank: true},
		text("phone", 50), text("fax", 50), text("email", 50),
		{Name: "care_type", Kind: entity.Choice, Choices: care, Required: true},
		{Name: "services_pricelist_id", Kind: entity.Integer, Null: true},
		{Name: "items_pricelist_id", Kind: entity.Integer, Null: true},
		{Name: "offline", Kind: entity.Bool, Null: true},
		{Name: "contract_start_date", Kind: entity.Date, Null: true},
		{Name: "contract_end_date", Kind: entity.Date, Null: true},
		{Name: "status", Kind: entity.Choice, Choices: states, Null: true},
		{Name: "catchments", Kind: entity.Object, Many: true, Null: true, Fields: []*entity.Field{
			{Name: "id", Kind: entity.Integer, Null: true}, {Name: "location_id", Kind: entity.Integer, Required: true}, {Name: "catchment", Kind: entity.Integer, Null: true},
		}},
	}
	types := map[string]string{"code": "HealthFacilityCodeInputType", "catchments": "HealthFacilityCatchmentInputType"}
	write := func(verb string, right int) api.Call {
		return api.Call{
			Name: "facility.health_facility.complete_" + verb, Summary: "Write a health facility with all that it is.", Rule: api.Right(right), Input: input, Extended: map[string]*entity.Entity{"": s.HealthFacility},
			Graph: api.CallGraph{Name: verb + "HealthFacility", Types: types}, Change: s.save(verb),
		}
	}
	return []api.Call{
		write("create", RightCreate), write("update", RightChange),
		{
			Name: "facility.health_facility.close", Summary: "Close a health facility.", Rule: api.Right(RightDelete), Graph: api.CallGraph{Name: "deleteHealthFacility"},
			Input: []*entity.Field{{Name: "uuid", Kind: entity.UUID, Required: true}, text("code", 8)},
			Change: func(q *api.Request, tx *db.Tx) (any, error) {
				id, err := s.find(q, tx)
				if err != nil {
					return nil, err
				}
				return nil, s.HealthFacility.Save(q.Context(), tx, s.HealthFacility.NewDelete(id))
			},
		},
		{
			Name: "facility.health_facility.free", Summary: "Tell whether no health facility has this code.", Rule: api.Right(RightSearch),
			Graph: api.CallGraph{Name: "validateHealthFacilityCode"}, Input: []*entity.Field{{Name: "health_facility_code", Kind: entity.Text, Required: true}}, Output: api.TypeOf("boolean"),
			Do: func(q *api.Request) (any, error) {
				_, err := s.HealthFacility.ByKey(q.Context(), s.db, entity.Values{"code": q.In["health_facility_code"]})
				if almoner.KindOf(err) == almoner.NotFound {
					return true, nil
				}
				return false, err
			},
		},
	}
}

// find is the facility whose UUID is in the input; what is past cannot be changed.
func (s *Service) find(q *api.Request, tx *db.Tx) (int64, error) {
	uuid, _ := q.In["uuid"].(string)
	id, err := s.HealthFacility.By(q.Context(), tx, "uuid", uuid)
	if err == nil {
		_, err = s.HealthFacility.Locate(q.Context(), tx, entity.Viewer{Actor: q.Actor, AllFields: true}, id)
	}
	if almoner.KindOf(err) != almoner.NotFound {
		return id, err
	}
	var past int64
	err = tx.QueryRow(q.Context(), "select count(*) from facility_health_facilities_versions where past_id is not null and workspace_id = $1 and uuid = $2", q.Actor.Workspace.ID, uuid).Scan(&past)
	if err != nil {
		return 0, fmt.Errorf("look for a facility: %w", err)
	}
	if past > 0 {
		return 0, almoner.Invalidf("uuid", "facility.cannot_update_historical_hf", "A state of the past cannot be changed.")
	}
	return 0, almoner.Invalidf("uuid", "facility.no_such_facility", "There is no such health facility.")
}

// code is the id of a code in one of the code tables, nil for none.
func code(q *api.Request, tx *db.Tx, e *entity.Entity, field string) (any, error) {
	text, _ := q.In[field].(string)
	if text == "" {
		return nil, nil
	}
	id, err := e.ByKey(q.Context(), tx, entity.Values{"code": text})
	if almoner.KindOf(err) == almoner.NotFound {
		return nil, almoner.Invalidf(field, "facility.no_such_code", "There is no such code.")
	}
	return id, err
}

// save is createHealthFacility and updateHealthFacility. An update is complete: what is not sent is emptied, but for offline, contract and state.
func (s *Service) save(verb string) func(q *api.Request, tx *db.Tx) (any, error) {
	return func(q *api.Request, tx *db.Tx) (any, error) {
		form, err := code(q, tx, s.LegalForm, "legal_form_id")
		if err != nil {
			return nil, err
		}
		sub, err := code(q, tx, s.SubLevel, "sub_level_id")
		if err != nil {
			return nil, err
		}
		values := entity.Values{
			"legal_form": form, "sub_level": sub, "location": q.In["location_id"], "services_pricelist": q.In["services_pricelist_id"], "items_pricelist": q.In["items_pricelist_id"],
		}
		for _, name := range []string{"code", "name", "acc_code", "level", "address", "phone", "fax", "email", "care_type"} {
			values[name] = q.In[name]
		}
		for _, name := range []string{"offline", "contract_start_date", "contract_end_date", "status"} {
			if v := q.In[name]; v != nil {
				values[name] = v
			}
		}
		var id int64
		if verb == "update" {
			if id, err = s.find(q, tx); err != nil {
				return nil, err
			}
		}
		c := s.HealthFacility.NewChange(id, values)
		if given, ok := q.In["uuid"].(string); ok && verb == "create" {
			c.Set("uuid", given)
		}
		if err := q.Extend(c, ""); err != nil {
			return nil, err
		}
		if err := s.HealthFacility.Save(q.Context(), tx, c); err != nil {
			return nil, err
		}
		q.Touch(s.HealthFacility, c.ID)
		return nil, s.serve(q, tx, c.ID)
	}
}

// serve makes the villages that a facility serves those of the input; no list is an empty one.
func (s *Service) serve(q *api.Request, tx *db.Tx, facility int64) error {
	have := map[int64]bool{}
	rows, err := tx.Query(q.Context(), "select id from facility_catchments where facility_id = $1 and validity_to is null order by id", facility)
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var id int64
		err := r.Scan(&id)
		have[id] = true
		return struct{}{}, err
	})
	if err != nil {
		return fmt.Errorf("read the villages of facility %d: %w", facility, err)
	}
	list, _ := q.In["catchments"].([]any)
	var changes []*entity.Change
	for _, one := range list {
		values, _ := one.(entity.Values)
		id, _ := values["id"].(int64)
		if id != 0 && !have[id] {
			return almoner.Invalidf("catchments", "facility.no_such_catchment", "One of the villages served is not one of this facility.")
		}
		delete(have, id)
		c := s.catchment.NewChange(id, entity.Values{"location": values["location_id"], "catchment": values["catchment"]})
		if c.New() {
			c.Set("facility", facility)
		}
		changes = append(changes, c)
	}
	for id := range have {
		changes = append([]*entity.Change{s.catchment.NewDelete(id)}, changes...)
	}
	for _, c := range changes {
		if err := s.catchment.Save(q.Context(), tx, c); err != nil {
			return err
		}
	}
	return nil
}
