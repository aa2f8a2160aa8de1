package insuree

import (
	"context"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// queries are the questions that are no lists.
func (s *Service) queries() []api.Call {
	number := &entity.Field{Name: "insuree_number", Kind: entity.Text, Label: "Insurance number", Max: 1000, Required: true, Blank: true}
	family := &entity.Field{Name: "family_id", Kind: entity.Integer, Label: "Family", Required: true}
	verdict := api.Object(map[string]*api.Schema{"is_valid": api.TypeOf("boolean"), "error_code": api.TypeOf("integer"), "error_message": api.TypeOf("string")})
	verdict.Title = "ValidationMessageGQLType"
	return []api.Call{
		{
			Name: "insuree.insuree.validate_number", Method: "GET", Summary: "Tell whether a new insuree may have an insurance number.", Rule: api.Right(RightSeeInsurees),
			Input: []*entity.Field{number}, Output: verdict, Graph: api.CallGraph{Name: "insureeNumberValidity"}, Do: s.validateNumber,
		},
		{
			Name: "insuree.family.can_add", Method: "GET", Summary: "Tell what speaks against one more member of a family.", Rule: api.Right(RightSeeInsurees),
			Input: []*entity.Field{family}, Output: api.ArrayOf(api.TypeOf("string")), Graph: api.CallGraph{Name: "canAddInsuree"}, Do: s.canAdd,
		},
	}
}

func (s *Service) validateNumber(q *api.Request) (any, error) {
	var v Verdict
	err := q.View(func(tx db.Queryer) (err error) {
		v, err = s.CheckNumber(q.Context(), tx, textOf(q.In, "insuree_number"), 0)
		return err
	})
	return map[string]any{"is_valid": v.Valid(), "error_code": v.Code, "error_message": v.Message}, err
}

func (s *Service) canAdd(q *api.Request) (any, error) {
	warnings := []string{}
	id, _ := q.In["family_id"].(int64)
	err := q.View(func(tx db.Queryer) error {
		if _, err := s.families.Locate(q, tx, id); err != nil {
			return err
		}
		return each(s.Cover.Warnings, func(hook func(context.Context, db.Queryer, int64) ([]string, error)) error {
			more, err := hook(q.Context(), tx, id)
			warnings = append(warnings, more...)
			return err
		})
	})
	return warnings, err
}
