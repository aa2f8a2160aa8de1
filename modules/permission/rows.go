package permission

import (
	"context"
	"slices"
	"strings"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Row is a permission row with what administrators made of it.
type Row struct {
	Effect      string   `json:"effect"`
	Kind        string   `json:"kind"`
	Target      string   `json:"target"`
	Entity      string   `json:"entity"`
	EntityLabel string   `json:"entity_label"`
	Part        string   `json:"part"`
	PartLabel   string   `json:"part_label"`
	When        []string `json:"when"`
	// Declared rows come with the program.
	Declared bool `json:"declared"`
	InForce  bool `json:"in_force"`
	// Override is the id of what changed the row, null for none; Note is the reason given, Trouble why the override does nothing.
	Override *int64 `json:"override"`
	Note     string `json:"note"`
	Trouble  string `json:"trouble"`
}

// Vocabulary is what rows can be about and depend on.
type Vocabulary struct {
	Targets    []TargetGroup `json:"targets"`
	Conditions []Condition   `json:"conditions"`
}

// TargetGroup is a record type with its fields and actions.
type TargetGroup struct {
	Entity string `json:"entity"`
	Label  string `json:"label"`
	Parts  []Part `json:"parts"`
}

// Part is a field, an action, or * for all of a record type.
type Part struct {
	Name  string   `json:"name"`
	Label string   `json:"label"`
	Kinds []string `json:"kinds"`
}

// Condition is a fact about a person, a record or a request.
type Condition struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

func (s *Service) calls() []api.Call {
	text, list := api.TypeOf("string"), api.ArrayOf(api.TypeOf("string"))
	boolean := api.TypeOf("boolean")
	return []api.Call{
		{
			Name: "permission.row.list", Method: "GET", Path: "/api/permission/rows/", Summary: "List all permission rows, with what administrators changed.",
			Wire: api.Native, Rule: api.Administrator, Do: s.rows,
			Output: api.ArrayOf(api.Object(map[string]*api.Schema{
				"effect": text, "kind": text, "target": text, "entity": text, "entity_label": text, "part": text, "part_label": text, "when": list,
				"declared": boolean, "in_force": boolean, "override": {Type: []string{"integer", "null"}}, "note": text, "trouble": text,
			})),
		},
		{
			Name: "permission.vocabulary.get", Method: "GET", Path: "/api/permission/vocabulary/", Summary: "Read what permission rows can be about and depend on.",
			Wire: api.Native, Rule: api.Administrator, Do: s.vocabulary,
			Output: api.Object(map[string]*api.Schema{
				"targets": api.ArrayOf(api.Object(map[string]*api.Schema{
					"entity": text, "label": text, "parts": api.ArrayOf(api.Object(map[string]*api.Schema{"name": text, "label": text, "kinds": list})),
				})),
				"conditions": api.ArrayOf(api.Object(map[string]*api.Schema{"name": text, "label": text})),
			}),
		},
	}
}

func (s *Service) rows(q *api.Request) (any, error) {
	var list []row
	err := s.db.View(q.Context(), func(tx db.Queryer) (err error) {
		list, err = overrides(q.Context(), tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := []Row{}
	used := map[int64]bool{}
	for _, rule := range s.permissions.Declared() {
		r := s.shown(q, rule)
		r.Declared, r.InForce = true, true
		for _, o := range list {
			if o.change == withdrawn && sameRule(o.rule, rule) {
				r.InForce, r.Override, r.Note = false, &o.id, o.note
				used[o.id] = true
			}
		}
		rows = append(rows, r)
	}
	for _, o := range list {
		if used[o.id] {
			continue
		}
		r := s.shown(q, o.rule)
		r.Override, r.Note, r.InForce = &o.id, o.note, o.change == added
		switch {
		case o.change == withdrawn:
			r.Trouble = q.Label("permission.gone_row", "")
		case s.permissions.Check(o.rule) != nil:
			r.InForce, r.Trouble = false, q.Label("permission.gone_target", "")
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(a.Entity, b.Entity) })
	return rows, nil
}

// shown is a row in the words of the answer's language.
func (s *Service) shown(q *api.Request, rule access.Rule) Row {
	name, part := splitTarget(rule.Target)
	e, _ := s.permissions.Entity(name)
	r := Row{
		Effect: "allow", Kind: rule.Kind.String(), Target: rule.Target, Entity: name, EntityLabel: entityLabel(q, name, e), Part: part, PartLabel: s.partLabel(q, name, part),
		When: append([]string{}, rule.When...),
	}
	if rule.Refuse {
		r.Effect = "refuse"
	}
	return r
}

func (s *Service) vocabulary(q *api.Request) (any, error) {
	answer := Vocabulary{Targets: []TargetGroup{}, Conditions: []Condition{}}
	ruled := map[string]bool{}
	for _, rule := range s.permissions.Declared() {
		name, _ := splitTarget(rule.Target)
		ruled[name] = true
	}
	for _, t := range s.permissions.Targets() {
		e, _ := s.permissions.Entity(t.Name)
		// Fields of other record types do not ask the rows.
		if !ruled[t.Name] && (e == nil || !e.Ruled) {
			continue
		}
		group := TargetGroup{Entity: t.Name, Label: entityLabel(q, t.Name, e), Parts: []Part{{"*", s.partLabel(q, t.Name, "*"), []string{"view", "edit"}}}}
		for _, name := range t.Parts {
			kinds := []string{"view", "edit"}
			if e == nil || e.Field(name) == nil {
				kinds = []string{"act"}
			}
			if name == "_delete" {
				kinds = []string{"edit"}
			}
			group.Parts = append(group.Parts, Part{name, s.partLabel(q, t.Name, name), kinds})
		}
		answer.Targets = append(answer.Targets, group)
	}
	var names []string
	err := s.db.View(q.Context(), func(tx db.Queryer) (err error) {
		names, err = s.conditions(q.Context(), tx)
		return err
	})
	for _, name := range names {
		answer.Conditions = append(answer.Conditions, Condition{name, s.conditionLabel(q, name)})
	}
	return answer, err
}

// conditions are the names of all predicates that rows may use: what the declared rows use, and what roles, states and record types bring beside.
func (s *Service) conditions(ctx context.Context, q db.Queryer) ([]string, error) {
	names := []string{access.SignedIn, access.Staff, access.Superuser}
	for _, rule := range s.permissions.Declared() {
		names = append(names, rule.When...)
	}
	roles, err := s.accounts.RoleNames(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, role := range roles {
		names = append(names, access.Role(role))
	}
	for _, t := range s.permissions.Targets() {
		e, _ := s.permissions.Entity(t.Name)
		if e == nil || !e.Ruled {
			continue
		}
		names = append(names, access.New(e.Name))
		for _, p := range e.Predicates {
			names = append(names, p.Name)
		}
		if state := e.Field(e.State); state != nil {
			for _, c := range state.Choices {
				names = append(names, access.Status(e.Name, c.Value))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func entityLabel(q *api.Request, name string, e *entity.Entity) string {
	word := name
	if e != nil && e.Label != "" {
		word = e.Label
	}
	return q.Label(name+".label", word)
}

func (s *Service) partLabel(q *api.Request, name, part string) string {
	if part == "*" || part == "_delete" {
		return q.Label("permission.part."+part, part)
	}
	e, machine := s.permissions.Entity(name)
	if e != nil && e.Field(part) != nil {
		return q.Label(name+".field."+part, e.Field(part).Label)
	}
	if machine != nil {
		for _, move := range machine.Moves {
			if move.Code == part {
				return q.Label(name+".move."+part, move.Label)
			}
		}
	}
	return q.Label(name+".part."+part, strings.ReplaceAll(part, "_", " "))
}

// conditionLabel puts a predicate into words: a role by its name, a state by that of its value, others by their own text.
func (s *Service) conditionLabel(q *api.Request, name string) string {
	if role, ok := strings.CutPrefix(name, access.Role("")); ok {
		return role
	}
	if of, value, ok := strings.Cut(name, ".status="); ok {
		if e, _ := s.permissions.Entity(of); e != nil {
			for _, c := range e.Field(e.State).Choices {
				if c.Value == value {
					return entityLabel(q, of, e) + ": " + q.ChoiceLabel(e.Field(e.State), c)
				}
			}
		}
	}
	if of, ok := strings.CutSuffix(name, ".new"); ok {
		e, _ := s.permissions.Entity(of)
		return entityLabel(q, of, e) + ": " + q.Label("permission.condition.new", "new")
	}
	return q.Label("permission.condition."+name, q.Label(name+".condition", strings.ReplaceAll(name, "_", " ")))
}

func splitTarget(target string) (name, part string) {
	at := strings.LastIndexByte(target, '.')
	return target[:max(at, 0)], target[at+1:]
}
