package location

import (
	"context"
	"fmt"

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

func level() *entity.Entity {
	return &entity.Entity{
		Name: "location.level", Label: "Level", Plural: "Levels", Table: "location_levels", Key: []string{"number"},
		Fields: []*entity.Field{
			{Name: "number", Kind: entity.Integer, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Max: 64, Required: true, Folded: "name_folded"},
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

func location() *entity.Entity {
	return &entity.Entity{
		Name: "location.location", Label: "Location", Plural: "Locations", Table: "location_locations", Key: []string{"p_code"}, Extensible: &entity.Extensible{},
		Fields: []*entity.Field{
			{Name: "id_text", Kind: entity.Text, Label: "ID", Expr: "cast({t}.id as text)"},
			{Name: "name", Kind: entity.Text, Max: 254, Required: true, Folded: "name_folded", Indexed: true},
			{Name: "p_code", Kind: entity.Text, Label: "P-code", Max: 32, Blank: true, Default: "", Unique: true, Folded: "p_code_folded", Indexed: true},
			{Name: "level", Kind: entity.Ref, To: "location.level", Null: true},
			{Name: "parent", Kind: entity.Ref, Label: "Part of", To: "location.location", Null: true},
			{Name: "latitude", Kind: entity.Number, Null: true},
			{Name: "longitude", Kind: entity.Number, Null: true},
			{Name: "is_active", Kind: entity.Bool, Label: "Active", Default: true},
			{Name: "admin_level", Kind: entity.Integer, Label: "Level number", Expr: "select l.number from location_levels l where l.id = {t}.level_id"},
			{Name: "admin_level_name", Kind: entity.Text, Label: "Level name", Expr: "select l.name from location_levels l where l.id = {t}.level_id"},
			{Name: "display", Kind: entity.Text, Label: "Name with level and code", Expr: displaySQL},
			{Name: "label", Kind: entity.Text, Label: "Full name", Expr: labelSQL},
		},
		Shapes: map[string]string{
			"min":    "id name p_code",
			"light":  "id=id_text name=label p_code admin_level admin_level_name parent name_display=display",
			"choice": "id=id_text name=label p_code admin_level admin_level_name parent name_display=display is_active",
			"pin":    "id name latitude longitude p_code admin_level_name",
			"record": "id name p_code level admin_level admin_level_name parent:min latitude longitude is_active display extensions",
		},
		Filters: []entity.Filter{
			{Path: "is_active"},
			{Path: "parent", Lookups: "exact in isnull"},
			{Path: "level", Lookups: "exact in"},
			{Path: "level.number", Name: "admin_level"},
			{Path: "p_code"},
		},
		Sorts:  []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "p_code", By: []string{"p_code"}}, {Name: "admin_level", By: []string{"level.number"}}},
		Search: []string{"name", "p_code"},
		Order:  []string{"name"},
		Check:  check,
	}
}

// check refuses half a point, points off the earth and places that lie in themselves.
func check(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return nil
	}
	latitude, hasLatitude := c.Value("latitude").(float64)
	longitude, hasLongitude := c.Value("longitude").(float64)
	switch {
	case hasLatitude && !hasLongitude:
		p.Add("longitude", "location.half_a_point", "A point has a latitude and a longitude.")
	case hasLongitude && !hasLatitude:
		p.Add("latitude", "location.half_a_point", "A point has a latitude and a longitude.")
	}
	if latitude < -90 || latitude > 90 {
		p.Add("latitude", "location.bad_latitude", "A latitude lies between -90 and 90.")
	}
	if longitude < -180 || longitude > 180 {
		p.Add("longitude", "location.bad_longitude", "A longitude lies between -180 and 180.")
	}
	if c.New() || !c.Changes("parent") {
		return nil
	}
	// A circle that is stored already ends, too: union drops rows that were seen.
	var n int64
	err := tx.QueryRow(ctx, `
		with recursive up (id, parent_id) as (
			select id, parent_id from location_locations where id = $1
			union
			select p.id, p.parent_id from location_locations p join up on p.id = up.parent_id
		)
		select count(*) from up where id = $2`, c.Int("parent"), c.ID).Scan(&n)
	if err != nil {
		return fmt.Errorf("look above place %d: %w", c.Int("parent"), err)
	}
	if n > 0 {
		p.Add("parent", "location.within_itself", "A place cannot lie within itself.")
	}
	return nil
}
