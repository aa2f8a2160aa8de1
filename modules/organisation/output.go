package organisation

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// TypeOutput is the type of result to which tasks contribute; the others are its frame.
const TypeOutput = "Output"

var resultTypes = []entity.ChoiceValue{
	{Value: "Outcome", Label: "Outcome"}, {Value: TypeOutput, Label: "Output"}, {Value: "Activity", Label: "Activity"},
}

// resultNameSQL is `{code} {type}: {name}`; without a code nothing stands in its place.
const resultNameSQL = "case when {t}.code = '' then '' else {t}.code || ' ' end || {t}.result_type || ': ' || {t}.name"

func (s *Service) declareOutput() {
	s.Output = &entity.Entity{
		Name: "organisation.output", Label: "Output", Plural: "Outputs",
		Table: "organisation_outputs", Key: []string{"code", "name"}, Display: "result_name",
		Fields: []*entity.Field{
			{Name: "id_text", Kind: entity.Text, Label: "ID", Expr: "cast({t}.id as text)"},
			{Name: "name", Kind: entity.Text, Max: 500, Required: true, Folded: "name_folded"},
			{Name: "code", Kind: entity.Text, Max: 50, Blank: true, Default: ""},
			{Name: "result_type", Kind: entity.Choice, Label: "Type", Choices: resultTypes, Default: TypeOutput},
			{Name: "wbs", Kind: entity.Text, Label: "WBS", Max: 50, Blank: true, Default: ""},
			{Name: "country_programme", Kind: entity.Text, Max: 255, Blank: true, Default: ""},
			{Name: "hidden", Kind: entity.Bool, Default: false},
			{Name: "from_date", Kind: entity.Date, Label: "From", Null: true},
			{Name: "to_date", Kind: entity.Date, Label: "To", Null: true},
			{Name: "result_name", Kind: entity.Text, Label: "Full name", Expr: resultNameSQL},
			{Name: "expired", Kind: entity.Bool, Expr: "{t}.to_date is not null and {t}.to_date < current_date"},
			{Name: "special", Kind: entity.Bool, Label: "Outside any country programme", Expr: "{t}.country_programme = ''"},
		},
		Shapes: map[string]string{
			"min":    "id result_name",
			"full":   "id=id_text name code result_type wbs country_programme hidden from_date to_date result_name",
			"result": "id=id_text name code result_type wbs country_programme hidden from_date to_date result_name expired special",
		},
		Filters: []entity.Filter{
			{Path: "result_type", Lookups: "exact in"}, {Path: "hidden"}, {Path: "country_programme"}, {Path: "to_date", Lookups: "lt lte gt gte"},
		},
		Sorts:  []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "code", By: []string{"code"}}, {Name: "to_date", By: []string{"to_date"}}},
		Search: []string{"name", "code", "result_type"},
		Order:  []string{"name"},
		Check:  checkOutput,
	}
}

func checkOutput(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
	from, hasFrom := c.Value("from_date").(almoner.Date)
	to, hasTo := c.Value("to_date").(almoner.Date)
	if !c.Delete && hasFrom && hasTo && to.Before(from) {
		p.Add("to_date", "organisation.ends_before_it_begins", "The end lies before the beginning.")
	}
	return nil
}
