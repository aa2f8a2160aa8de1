package customisation

import (
	"context"
	"encoding/json"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) controlEntity() *entity.Entity {
	return &entity.Entity{
		Name: "customisation.field_control", Label: "Field control", Plural: "Field controls", Global: true,
		Table: "customisation_field_controls", Versions: "customisation_field_controls_versions",
		Fields: []*entity.Field{
			{Name: "entity", Kind: entity.Text, Label: "Record type", Column: "entity_name", Max: 100, Required: true},
			{Name: "field", Kind: entity.Text, Label: "Field", Max: 100, Required: true, Unique: true},
			{Name: "hidden", Kind: entity.Bool, Label: "Hidden", Default: false},
			{Name: "required", Kind: entity.Bool, Label: "Required", Default: false},
			{Name: "labels", Kind: entity.JSON, Label: "Labels", Default: json.RawMessage("{}")},
			{Name: "choices", Kind: entity.JSON, Label: "Choices", Default: json.RawMessage("{}")},
		},
		Shapes:  map[string]string{"": "id entity field hidden required labels choices"},
		Key:     []string{"entity", "field"},
		Filters: []entity.Filter{{Path: "entity"}},
		Order:   []string{"entity", "field"},
		Display: "field",
		Check:   s.checkControl,
		After: func(_ context.Context, tx *db.Tx, _ *entity.Change) error {
			s.follower.Changed(tx)
			return nil
		},
	}
}

func (s *Service) checkControl(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return nil
	}
	e := s.declarations.Entity(c.Text("entity"))
	if e == nil || !s.offered(e) {
		p.Add("entity", "customisation.unknown_entity", "There is no type of record with this name.")
		return nil
	}
	for _, fixed := range []string{"entity", "field"} {
		if !c.New() && c.Changes(fixed) {
			p.Add(fixed, "customisation.fixed", "This cannot be changed any more.")
		}
	}
	if control, ok := controlled(c, p); ok {
		p.Merge("", e.CheckControl(control))
	}
	return nil
}

// controlled is the control that a change makes; what cannot be read is noted and reported as false.
func controlled(c *entity.Change, p *almoner.Problems) (entity.Control, bool) {
	control := entity.Control{Field: c.Text("field"), Hidden: c.Value("hidden") == true, Required: c.Value("required") == true}
	labels, choices := decode(c, "labels", &control.Labels, p), decode(c, "choices", &control.Choices, p)
	return control, labels && choices
}
