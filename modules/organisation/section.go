package organisation

import "almoner.dev/almoner/core/entity"

func (s *Service) declareSection() {
	s.Section = &entity.Entity{
		Name: "organisation.section", Label: "Section", Plural: "Sections",
		Table: "organisation_sections", Key: []string{"name"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 128, Required: true, Unique: true, Folded: "name_folded"},
			{Name: "alternate_id", Kind: entity.Integer, Label: "Number", Null: true},
			{Name: "active", Kind: entity.Bool, Default: true},
			{Name: "display", Kind: entity.Text, Label: "Full name", Expr: "case when {t}.alternate_id is null then '' else cast({t}.alternate_id as text) || ' ' end || {t}.name"},
		},
		Shapes: map[string]string{
			"min": "id name", "record": "id name alternate_id active",
		},
		Filters: []entity.Filter{{Path: "active"}},
		Sorts:   []entity.Sort{{Name: "name", By: []string{"name"}}},
		Search:  []string{"name"},
		Order:   []string{"name"},
	}
}

func (s *Service) declareOffice() {
	s.Office = &entity.Entity{
		Name: "organisation.office", Label: "Office", Plural: "Offices",
		Table: "organisation_offices", Key: []string{"name"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 254, Required: true, Unique: true, Folded: "name_folded"},
		},
		Shapes: map[string]string{"min": "id name"},
		Sorts:  []entity.Sort{{Name: "name", By: []string{"name"}}},
		Search: []string{"name"},
		Order:  []string{"name"},
	}
}
