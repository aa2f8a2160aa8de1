package location

import (
	"errors"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// graphNames are the names by which clients of the insurance wire know places (openimis-enrolment §2.7).
var graphNames = gql.Names{
	"location.location": {
		Name: "LocationGQLType", Fields: map[string]string{"p_code": "code"}, Orders: map[string]string{"code": "p_code"},
		Scalars: map[string]string{"uuid": "String"},
	},
	"location.user_district": {Name: "UserDistrictType"},
}

// graph are the lists of the insurance wire. What is asked of places there is the same tree that the monitoring wire shows.
func (s *Service) graph() []*api.Resource {
	list := func(name, graph string) *api.Resource {
		return &api.Resource{Name: "location." + name, Entity: s.Location, Can: api.List, View: api.SignedIn, Edit: api.SignedIn, Graph: api.Graph{List: graph}}
	}
	shown := list("shown", "locations")
	shown.Only, shown.Graph.Export = s.Shown, true
	text := list("by_text", "locationsStr")
	text.Only = s.Shown
	text.Params = []api.Param{api.Arg("str", entity.Text, "Part of code or name.")}
	text.Narrow = func(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
		part := q.Text("str")
		if part == "" {
			return nil, nil
		}
		return func(_ *almoner.Actor, arg func(any) string) string {
			return s.Location.Containing(arg, part, "p_code", "name")
		}, nil
	}
	mine := list("mine", "userDistricts")
	mine.Graph.Plain = true
	mine.Only = func(a *almoner.Actor, arg func(any) string) string {
		district := "exists (select 1 from location_levels lv where lv.id = {t}.level_id and lv.type <> '' and lv.number = " + arg(int64(District)) + ")"
		if Everywhere(a) {
			return district
		}
		// Clients take each of them for a district and what it lies in for its region, also those of an officer, who works in villages.
		return district + " and {t}.id in (select lm.ancestor_id from location_ancestors lm where lm.location_id in (" + s.base(a, arg) + "))"
	}
	return []*api.Resource{shown, list("all", "locationsAll"), text, mine}
}

func (s *Service) calls() []api.Call {
	place := []*entity.Field{
		{Name: "uuid", Kind: entity.UUID, Null: true},
		{Name: "code", Kind: entity.Text, Max: 8, Required: true},
		{Name: "name", Kind: entity.Text, Max: 50, Required: true},
		{Name: "type", Kind: entity.Text, Max: 1, Required: true},
		{Name: "male_population", Kind: entity.Integer, Null: true},
		{Name: "female_population", Kind: entity.Integer, Null: true},
		{Name: "other_population", Kind: entity.Integer, Null: true},
		{Name: "families", Kind: entity.Integer, Null: true},
		{Name: "parent_uuid", Kind: entity.UUID, Null: true, Blank: true},
	}
	which := []*entity.Field{
		{Name: "uuid", Kind: entity.UUID, Required: true},
		{Name: "code", Kind: entity.Text, Null: true, Blank: true},
		{Name: "new_parent_uuid", Kind: entity.UUID, Null: true},
	}
	write := func(verb string, rule api.Rule) api.Call {
		return api.Call{
			Name: "location.location.complete_" + verb, Summary: "Write a location with its level and figures.", Rule: rule, Input: place, Extended: map[string]*entity.Entity{"": s.Location},
			Graph: api.CallGraph{Name: verb + "Location", Types: map[string]string{"code": "LocationCodeInputType"}}, Change: s.save(verb),
		}
	}
	return []api.Call{
		write("create", api.Right(RightCreate, RightRegions)), write("update", api.Right(RightChange, RightRegions)),
		{
			Name: "location.location.move", Method: "POST", Path: "/api/location/move/", Wire: api.Native, Summary: "Move a location, with all that lies in it, below another.", Rule: api.Right(RightMove),
			Input: []*entity.Field{which[0], which[2]}, Graph: api.CallGraph{Name: "moveLocation"},
			Change: func(q *api.Request, tx *db.Tx) (any, error) {
				id, parent, err := s.pair(q, tx)
				if err != nil {
					return nil, err
				}
				q.Touch(s.Location, id)
				return nil, s.Move(q.Context(), tx, id, parent)
			},
		},
		{
			Name: "location.location.close", Method: "POST", Path: "/api/location/close/", Wire: api.Native, Summary: "Close a location; what lies in it goes to another, or is closed with it.",
			Rule: api.Right(RightClose), Input: which, Graph: api.CallGraph{Name: "deleteLocation"},
			Change: func(q *api.Request, tx *db.Tx) (any, error) {
				id, successor, err := s.pair(q, tx)
				if err != nil {
					return nil, err
				}
				return nil, s.Close(q.Context(), tx, id, successor)
			},
		},
		{
			Name: "location.location.free", Summary: "Tell whether no location has this code.", Rule: api.Right(RightSee), Graph: api.CallGraph{Name: "validateLocationCode"},
			Input: []*entity.Field{{Name: "location_code", Kind: entity.Text, Required: true}}, Output: api.TypeOf("boolean"),
			Do: func(q *api.Request) (any, error) {
				_, err := s.Location.ByKey(q.Context(), s.db, entity.Values{"p_code": q.In["location_code"]})
				if almoner.KindOf(err) == almoner.NotFound {
					return true, nil
				}
				return false, err
			},
		},
	}
}

// pair reads the place that an input is about, and the one that it moves to.
func (s *Service) pair(q *api.Request, tx *db.Tx) (id, parent int64, err error) {
	if id, err = s.Find(q, tx, "uuid"); err == nil {
		parent, err = s.Find(q, tx, "new_parent_uuid")
	}
	return id, parent, err
}

// Find reads the living place of the workspace whose UUID is in a field of the input, 0 when there is none in it; Invalid when it is of no place.
func (s *Service) Find(q *api.Request, tx *db.Tx, field string) (int64, error) {
	uuid, _ := q.In[field].(string)
	if uuid == "" {
		return 0, nil
	}
	id, err := s.Location.By(q.Context(), tx, "uuid", uuid)
	if err == nil {
		_, err = s.Location.Locate(q.Context(), tx, entity.Viewer{Actor: q.Actor, AllFields: true}, id)
	}
	if almoner.KindOf(err) == almoner.NotFound {
		return 0, almoner.Invalidf(field, "location.no_such_place", "There is no such place.")
	}
	return id, err
}

// save is createLocation and updateLocation: figures that are not sent are emptied, a parent that is not sent stays.
func (s *Service) save(verb string) func(q *api.Request, tx *db.Tx) (any, error) {
	return func(q *api.Request, tx *db.Tx) (any, error) {
		letter, _ := q.In["type"].(string)
		level, err := s.levelOf(q, tx, letter)
		if err != nil {
			return nil, err
		}
		values := entity.Values{"name": q.In["name"], "p_code": q.In["code"], "level": level}
		for _, figure := range []string{"male_population", "female_population", "other_population", "families"} {
			values[figure] = q.In[figure]
		}
		if q.In["parent_uuid"] != nil {
			parent, err := s.Find(q, tx, "parent_uuid")
			if err != nil {
				return nil, err
			}
			values["parent"] = reference(parent)
		}
		var id int64
		if verb == "update" {
			if id, err = s.Find(q, tx, "uuid"); err != nil {
				return nil, err
			}
			if id == 0 {
				return nil, almoner.Invalidf("uuid", "required", "This field is required.")
			}
		}
		c := s.Location.NewChange(id, values)
		if given, ok := q.In["uuid"].(string); ok && verb == "create" {
			c.Set("uuid", given)
		}
		if err := s.mayWrite(q.Context(), tx, c); err != nil {
			return nil, err
		}
		if err := q.Extend(c, ""); err != nil {
			return nil, err
		}
		if err := s.Location.Save(q.Context(), tx, c); err != nil {
			return nil, err
		}
		q.Touch(s.Location, c.ID)
		return nil, nil
	}
}

// levelOf is the level with a letter; Invalid when there is none.
func (s *Service) levelOf(q *api.Request, tx *db.Tx, letter string) (id int64, err error) {
	err = tx.QueryRow(q.Context(), "select id from location_levels where workspace_id = $1 and type = $2 and type <> ''", q.Actor.Workspace.ID, letter).Scan(&id)
	if errors.Is(err, db.ErrNoRows) {
		return 0, almoner.Invalidf("type", "location.no_such_level", "There is no level with this letter.")
	}
	if err != nil {
		return 0, fmt.Errorf("read the level %s: %w", letter, err)
	}
	return id, nil
}
