package insuree

import (
	"strings"

	"almoner.dev/almoner/core/entity"
)

// codeTable declares a list of words that people and families are described by, known by a code or, without one, by its number.
func codeTable(name, label, plural, table string, code int, more ...*entity.Field) *entity.Entity {
	e := &entity.Entity{
		Name: name, Label: label, Plural: plural, Table: table, Global: true, Key: []string{"name"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 50, Required: true, Unique: code == 0, Folded: "name_folded"},
			{Name: "alt_language", Kind: entity.Text, Label: "Name in the second language", Max: 50, Blank: true, Default: ""},
			{Name: "sort_order", Kind: entity.Integer, Label: "Position", Null: true},
		},
		Sorts: []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "sort_order", SQL: []string{"coalesce({t}.sort_order, 2147483647)"}}},
		// Those without a position come last, on both engines.
		Order: []string{"position", "id"},
	}
	e.Fields = append(e.Fields, &entity.Field{Name: "position", Kind: entity.Integer, Label: "Place in the list", Expr: "coalesce({t}.sort_order, 2147483647)"})
	if code > 0 {
		e.Key = []string{"code"}
		e.Fields = append([]*entity.Field{{Name: "code", Kind: entity.Text, Max: code, Required: true, Unique: true}}, e.Fields...)
		e.Filters = []entity.Filter{{Path: "code", Lookups: "exact in"}}
	}
	e.Fields = append(e.Fields, more...)
	shown := "id "
	for _, f := range e.Fields {
		if f.Name != "position" {
			shown += f.Name + " "
		}
	}
	e.Open = strings.TrimSpace(shown)
	e.Shapes = map[string]string{"": shown, "min": "id name"}
	if code > 0 {
		e.Shapes["min"] = "id code name"
	}
	return e
}

func (s *Service) declareCodes() {
	s.Gender = codeTable("insuree.gender", "Gender", "Genders", "insuree_genders", 1)
	s.FamilyType = codeTable("insuree.family_type", "Type of family", "Types of families", "insuree_family_types", 2)
	s.ConfirmationType = codeTable("insuree.confirmation_type", "Type of confirmation", "Types of confirmation", "insuree_confirmation_types", 3,
		&entity.Field{Name: "is_confirmation_number_required", Kind: entity.Bool, Label: "With a number", Default: false})
	s.IdentificationType = codeTable("insuree.identification_type", "Type of identification", "Types of identification", "insuree_identification_types", 1)
	s.Profession = codeTable("insuree.profession", "Profession", "Professions", "insuree_professions", 0)
	s.Education = codeTable("insuree.education", "Education", "Educations", "insuree_educations", 0)
	s.Relation = codeTable("insuree.relation", "Relationship", "Relationships", "insuree_relations", 0)
	s.StatusReason = &entity.Entity{
		Name: "insuree.status_reason", Label: "Reason for a status", Plural: "Reasons for a status", Table: "insuree_status_reasons",
		Versions: "insuree_status_reasons_versions", Validity: true, Key: []string{"code"}, Display: "name",
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 5, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Label: "Reason", Max: 50, Required: true, Folded: "name_folded"},
			{Name: "status_type", Kind: entity.Choice, Label: "For the status", Required: true, Choices: statuses},
		},
		Shapes:  map[string]string{"": "id uuid code name status_type validity_from validity_to", "min": "id uuid code name"},
		Open:    "id uuid code name status_type legacy_id validity_from validity_to",
		Filters: []entity.Filter{{Path: "uuid", Lookups: "exact in"}, {Path: "code"}, {Path: "name", Lookups: "exact icontains"}, {Path: "status_type"}},
		Sorts:   []entity.Sort{{Name: "code", By: []string{"code"}}, {Name: "name", By: []string{"name"}}},
		Search:  []string{"name"},
		Order:   []string{"code"},
	}
}
