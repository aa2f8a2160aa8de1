package permission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The two kinds of change.
const (
	added     = "add"
	withdrawn = "withdraw"
)

// joint stands between the conditions of a row.
const joint = " and "

func (s *Service) override() *entity.Entity {
	return &entity.Entity{
		Name: "permission.override", Label: "Permission override", Plural: "Permission overrides", Table: "permission_overrides", Global: true,
		Fields: []*entity.Field{
			{Name: "change", Kind: entity.Choice, Label: "Change", Required: true, Choices: []entity.ChoiceValue{{Value: added, Label: "Add"}, {Value: withdrawn, Label: "Withdraw"}}},
			{Name: "effect", Kind: entity.Choice, Label: "Effect", Required: true, Choices: []entity.ChoiceValue{{Value: "allow", Label: "Allow"}, {Value: "refuse", Label: "Refuse"}}},
			{Name: "kind", Kind: entity.Choice, Label: "Use", Required: true, Choices: []entity.ChoiceValue{{Value: "view", Label: "View"}, {Value: "edit", Label: "Edit"}, {Value: "act", Label: "Act"}}},
			{Name: "target", Kind: entity.Text, Label: "Target", Max: 200, Required: true},
			{Name: "when", Kind: entity.Text, Label: "Conditions", Column: "conditions", Max: 1000, Blank: true, Default: ""},
			{Name: "note", Kind: entity.LongText, Label: "Reason", Max: 2000, Blank: true, Default: ""},
		},
		Shapes:  map[string]string{"": "id change effect kind target when note"},
		Key:     []string{"effect", "kind", "target", "when"},
		Order:   []string{"id"},
		Display: "target",
		Check:   s.check,
		After:   s.after,
	}
}

// check refuses what would do nothing: a row that is not there to be withdrawn, or is there already, or is about what does not exist.
func (s *Service) check(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return nil
	}
	conditions := conditionsOf(c.Text("when"))
	c.Set("when", strings.Join(conditions, joint))
	rule, err := ruleOf(c.Text("effect"), c.Text("kind"), c.Text("target"), conditions)
	if err != nil {
		return err
	}
	declared := slices.ContainsFunc(s.permissions.Declared(), func(r access.Rule) bool { return sameRule(r, rule) })
	switch {
	case c.Text("change") == withdrawn && !declared:
		p.Add("target", "permission.no_such_row", "No such row comes with the program, so there is none to withdraw.")
		return nil
	case c.Text("change") == withdrawn:
		return nil
	case declared:
		p.Add("target", "permission.row_exists", "This row comes with the program already.")
		return nil
	}
	if s.permissions.Check(rule) != nil {
		p.Add("target", "permission.unknown_target", "There is no such field or action.")
	}
	known, err := s.conditions(ctx, tx)
	if err != nil {
		return err
	}
	for _, name := range conditions {
		if !slices.Contains(known, name) {
			p.AddWith("when", "permission.unknown_condition", fmt.Sprintf("There is no condition %q.", name), map[string]string{"value": name})
		}
	}
	return nil
}

// after puts the change in force here as soon as it is committed; other nodes see it by themselves.
func (s *Service) after(_ context.Context, tx *db.Tx, _ *entity.Change) error {
	s.follower.Changed(tx)
	return nil
}

// row is an override as it is stored.
type row struct {
	id           int64
	change, note string
	rule         access.Rule
}

func overrides(ctx context.Context, q db.Queryer) ([]row, error) {
	rows, err := q.Query(ctx, "select id, change, effect, kind, target, conditions, note from permission_overrides order by id")
	list, err := db.Collect(rows, err, func(r db.Row) (o row, err error) {
		var effect, kind, target, conditions string
		if err := r.Scan(&o.id, &o.change, &effect, &kind, &target, &conditions, &o.note); err != nil {
			return o, err
		}
		o.rule, err = ruleOf(effect, kind, target, conditionsOf(conditions))
		return o, err
	})
	if err != nil {
		return nil, fmt.Errorf("read permission overrides: %w", err)
	}
	return list, nil
}

// conditionsOf takes conditions apart, without doubles and in order, so that the same row is written in one way.
func conditionsOf(text string) []string {
	var list []string
	for _, part := range strings.Split(text, joint) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func ruleOf(effect, kind, target string, conditions []string) (access.Rule, error) {
	rule := access.Rule{When: conditions, Target: target, Refuse: effect == "refuse"}
	for _, k := range []access.Kind{access.View, access.Edit, access.Act} {
		if k.String() == kind {
			rule.Kind = k
			return rule, nil
		}
	}
	return rule, errors.New("a permission row is of no known kind")
}

// sameRule compares rows; the order of conditions means nothing.
func sameRule(a, b access.Rule) bool {
	return a.Kind == b.Kind && a.Refuse == b.Refuse && a.Target == b.Target && slices.Equal(slices.Sorted(slices.Values(a.When)), slices.Sorted(slices.Values(b.When)))
}
