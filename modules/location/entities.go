package location

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// levelSQL is the name of the place's level, null without one.
const levelSQL = "(select l.name from location_levels l where l.id = {t}.level_id)"

// displaySQL is `Name[ [Archived]] ({level}: {p-code})` (tpm §2.2); what is missing leaves no trace.
const displaySQL = "{t}.name || case when {t}.is_active then '' else ' [Archived]' end || " +
	"case when {t}.level_id is null and {t}.p_code = '' then '' else " +
	"' (' || coalesce(" + levelSQL + ", '') || case when {t}.level_id is null or {t}.p_code = '' then '' else ': ' end || {t}.p_code || ')' end"

// labelSQL is the display text with the name of the place above.
const labelSQL = displaySQL + " || coalesce(' -- ' || (select p.name from location_locations p where p.id = {t}.parent_id), '')"

// withinSQL counts the places that lie directly in one; belowSQL counts those on all levels below it.
const (
	withinSQL = "select count(*) from location_locations lc where lc.parent_id = {t}.id and lc.validity_to is null"
	belowSQL  = "select count(*) from location_ancestors la join location_locations lb on lb.id = la.location_id " +
		"where la.ancestor_id = {t}.id and la.distance > 0 and lb.validity_to is null"
)

// rowShape is what lists and records show alike.
const rowShape = "id name p_code level admin_level admin_level_name parent:min latitude longitude is_active display " +
	"uuid type male_population female_population other_population families validity_from validity_to extensions"

func level() *entity.Entity {
	return &entity.Entity{
		Name: "location.level", Label: "Level", Plural: "Levels", Table: "location_levels", Key: []string{"number"},
		Fields: []*entity.Field{
			{Name: "number", Kind: entity.Integer, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Max: 64, Required: true, Folded: "name_folded"},
			{Name: "type", Kind: entity.Text, Label: "Letter", Max: 1, Blank: true, Default: "", Unique: true},
		},
		Sorts:  []entity.Sort{{Name: "number", By: []string{"number"}}, {Name: "name", By: []string{"name"}}},
		Search: []string{"name"},
		Order:  []string{"number"},
		Check: func(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if !c.Delete && c.Int("number") < 0 {
				p.Add("number", "location.negative_level", "Levels are numbered from 0, the whole country.")
			}
			return nil
		},
	}
}

func (s *Service) location() *entity.Entity {
	return &entity.Entity{
		Name: "location.location", Label: "Location", Plural: "Locations", Table: "location_locations", Key: []string{"p_code"},
		Extensible: &entity.Extensible{},
		Validity:   true, Versions: "location_locations_versions",
		Open: "id uuid legacy_id validity_from validity_to name p_code type parent children male_population female_population other_population families",
		Fields: []*entity.Field{
			{Name: "id_text", Kind: entity.Text, Label: "ID", Expr: "cast({t}.id as text)"},
			{Name: "name", Kind: entity.Text, Max: 254, Required: true, Folded: "name_folded", Indexed: true},
			{Name: "p_code", Kind: entity.Text, Label: "P-code", Max: 32, Blank: true, Default: "", Unique: true, Folded: "p_code_folded", Indexed: true},
			{Name: "level", Kind: entity.Ref, To: "location.level", Null: true},
			{Name: "parent", Kind: entity.Ref, Label: "Part of", To: "location.location", Null: true},
			{Name: "latitude", Kind: entity.Number, Null: true},
			{Name: "longitude", Kind: entity.Number, Null: true},
			{Name: "is_active", Kind: entity.Bool, Label: "Active", Default: true},
			{Name: "male_population", Kind: entity.Integer, Label: "Men", Null: true},
			{Name: "female_population", Kind: entity.Integer, Label: "Women", Null: true},
			{Name: "other_population", Kind: entity.Integer, Label: "Other people", Null: true},
			{Name: "families", Kind: entity.Integer, Label: "Families", Null: true},
			{Name: "type", Kind: entity.Text, Label: "Letter of the level", Expr: "select l.type from location_levels l where l.id = {t}.level_id"},
			{Name: "children", Kind: entity.Children, Label: "Places within", To: "location.location", ForeignKey: "parent_id"},
			{Name: "admin_level", Kind: entity.Integer, Label: "Level number", Expr: "select l.number from location_levels l where l.id = {t}.level_id"},
			{Name: "admin_level_name", Kind: entity.Text, Label: "Level name", Expr: "select l.name from location_levels l where l.id = {t}.level_id"},
			{Name: "places_within", Kind: entity.Integer, Label: "Places directly within", Expr: withinSQL},
			{Name: "places_below", Kind: entity.Integer, Label: "All places within", Expr: belowSQL},
			{Name: "display", Kind: entity.Text, Label: "Name with level and code", Expr: displaySQL},
			{Name: "label", Kind: entity.Text, Label: "Full name", Expr: labelSQL},
		},
		Shapes: map[string]string{
			"min":    "id name p_code",
			"light":  "id=id_text name=label p_code admin_level admin_level_name parent name_display=display",
			"choice": "id=id_text name=label p_code admin_level admin_level_name parent name_display=display is_active",
			"pin":    "id name latitude longitude p_code admin_level_name",
			"row":    rowShape + " places_within",
			"record": rowShape + " places_within places_below",
		},
		Filters: []entity.Filter{
			{Path: "is_active"},
			{Path: "parent", Lookups: "exact in isnull"},
			{Path: "level", Lookups: "exact in"},
			{Path: "level.number", Name: "admin_level"},
			{Path: "p_code", Lookups: "exact ne iexact istartswith icontains"},
			{Path: "name", Lookups: "exact ne iexact istartswith icontains"},
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "level.type", Name: "type"},
			{Path: "parent.uuid", Lookups: "exact in"},
			{Path: "validity_to", Lookups: "isnull"},
			{Path: "parent.parent", Lookups: "exact in"},
			{Path: "parent.parent.uuid", Lookups: "exact in"},
			{Path: "parent.parent.parent", Lookups: "exact in"},
			{Path: "parent.parent.parent.uuid", Lookups: "exact in"},
		},
		Sorts:  []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "p_code", By: []string{"p_code"}}, {Name: "admin_level", By: []string{"level.number"}}},
		Search: []string{"name", "p_code"},
		Order:  []string{"name"},
		Check:  s.check,
		After:  s.after,
	}
}

// userDistrict says that somebody works in a district: what they may see lies in the districts that they have. Data of other systems have regions in their place,
// which stand for all that lies in them.
func userDistrict() *entity.Entity {
	return &entity.Entity{
		Name: "location.user_district", Label: "District of a user", Plural: "Districts of users", Table: "location_user_districts",
		Fields: []*entity.Field{
			{Name: "user_id", Kind: entity.Integer, Label: "User", Required: true},
			{
				Name: "location", Kind: entity.Ref, Label: "District", To: "location.location", Required: true, Unique: true,
				Among: func(_ *entity.Change, arg func(any) string) string {
					return "exists (select 1 from location_levels l where l.id = {t}.level_id and l.number <= " + arg(int64(District)) + ")"
				},
			},
		},
		Shapes:  map[string]string{"": "id user_id location:min"},
		Open:    "location",
		Filters: []entity.Filter{{Path: "user_id"}, {Path: "location"}},
		Order:   []string{"user_id"},
	}
}
