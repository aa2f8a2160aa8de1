// Package lifecycle runs state machines that are declared as data.
//
// A Machine says which moves lead from which states of an entity to which, who may make them (a permission row on
// `module.entity.code`), what must hold before (Guard), what the mover must say (Input) and what else changes (Effect). The endpoint of a move,
// its place in OPTIONS metadata, the buttons with their blockers, the stepper and the exhaustive test all come from this one declaration.
//
// The order of checks is part of the contract (tpm §3): the record is visible, else 404 · its state is a source of the move, else 403 ·
// the guard holds, else 400 · the actor may make the move, else 403 · the input is right, else 400 · then everything is written in one transaction.
package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Move is one transition.
type Move struct {
	// Code is the name in paths and permissions: `assign`.
	Code string
	// Verb is the past tense in the fact: `assigned`.
	Verb string
	// Label is the English name on the button; Labels replaces it in some source states.
	Label  string
	Labels map[string]string
	From   []string
	To     string
	// Day names the Date field that is set to the day of the move, "" for none.
	Day string
	// Guard reports as an Invalid error what is missing before the move can be made by anybody, nil when nothing is.
	Guard func(ctx context.Context, q db.Queryer, id int64) error
	// Input is what the mover says: fields that are decoded and validated like those of an entity.
	Input []*entity.Field
	// Effect makes further changes in the transaction, before the row is saved.
	Effect func(ctx context.Context, tx *db.Tx, s *Step) error
	// Primary moves lead forward; Last ones end things and stand behind all others.
	Primary, Last bool
}

// Step is one move being made.
type Step struct {
	// Change collects what will be saved on the record; Effect may Set fields. What is stored is not in it yet: Effect reads that by itself.
	*entity.Change
	// From is the state before.
	From string
	// In is the decoded input; absent means not sent.
	In entity.Values
}

// Said returns a text of the input, "" when it was not sent.
func (s *Step) Said(name string) string {
	text, _ := s.In[name].(string)
	return text
}

// Machine is the lifecycle of one entity.
type Machine struct {
	Entity *entity.Entity
	Moves  []Move
}

// Check reports every mistake of the declaration: unknown states and fields, moves without code or verb, two with one code.
func (m *Machine) Check() []error {
	var errs []error
	problem := func(move, format string, args ...any) {
		errs = append(errs, fmt.Errorf("lifecycle of %s, move %q: %s", m.Entity.Name, move, fmt.Sprintf(format, args...)))
	}
	state := m.Entity.Field(m.Entity.State)
	if state == nil {
		return []error{fmt.Errorf("lifecycle of %s: the entity has no state field", m.Entity.Name)}
	}
	known := func(value string) bool {
		return slices.ContainsFunc(state.Choices, func(c entity.ChoiceValue) bool { return c.Value == value })
	}
	seen := map[string]bool{}
	for _, move := range m.Moves {
		if move.Code == "" || move.Verb == "" || move.Label == "" {
			problem(move.Code, "code, verb and label are needed")
		}
		if seen[move.Code] {
			problem(move.Code, "declared twice")
		}
		seen[move.Code] = true
		for _, s := range append(slices.Clone(move.From), move.To) {
			if !known(s) {
				problem(move.Code, "there is no state %q", s)
			}
		}
		if move.Day != "" && (m.Entity.Field(move.Day) == nil || m.Entity.Field(move.Day).Kind != entity.Date) {
			problem(move.Code, "there is no date field %q", move.Day)
		}
		if !slices.Contains(m.Entity.Actions, move.Code) {
			problem(move.Code, "it is not among the entity's actions, so no rule could allow it")
		}
	}
	return errs
}

// Move returns the declared move, nil when there is none with this code.
func (m *Machine) Move(code string) *Move {
	for i := range m.Moves {
		if m.Moves[i].Code == code {
			return &m.Moves[i]
		}
	}
	return nil
}

// LabelFrom is the English label in a source state.
func (move *Move) LabelFrom(state string) string {
	if label, ok := move.Labels[state]; ok {
		return label
	}
	return move.Label
}

// NeedsComment reports whether the mover has to write something.
func (move *Move) NeedsComment() bool {
	return slices.ContainsFunc(move.Input, func(f *entity.Field) bool { return f.Required && f.Kind == entity.LongText })
}

// Open lists the moves that the viewer may make from the record's present state, guards not asked: by code, last ones last (tpm §6).
func (m *Machine) Open(found entity.Found) []*Move {
	var open []*Move
	for i := range m.Moves {
		move := &m.Moves[i]
		if slices.Contains(move.From, found.State) && found.Viewer.May(m.Entity, move.Code) {
			open = append(open, move)
		}
	}
	slices.SortFunc(open, func(a, b *Move) int {
		if a.Last != b.Last {
			if a.Last {
				return 1
			}
			return -1
		}
		return strings.Compare(a.Code, b.Code)
	})
	return open
}

// Make carries out a move inside tx, with the checks in the order that the package comment promises. Tree is the JSON tree of
// the input; ifVersion, when not 0, is the version that the mover saw (another one is a Conflict).
func (m *Machine) Make(ctx context.Context, tx *db.Tx, v entity.Viewer, id int64, code string, tree any, ifVersion int64) error {
	e := m.Entity
	if err := e.Lock(ctx, tx, id); err != nil {
		return err
	}
	found, err := e.Locate(ctx, tx, v, id)
	if err != nil {
		return err
	}
	move := m.Move(code)
	if move == nil {
		return entity.NotFound()
	}
	forbidden := almoner.Errorf(almoner.Forbidden, "permission_denied", "You do not have permission to perform this action.")
	if !slices.Contains(move.From, found.State) {
		return forbidden
	}
	if move.Guard != nil {
		if err := move.Guard(ctx, tx, id); err != nil {
			return err
		}
	}
	if !found.Viewer.May(e, code) {
		return forbidden
	}
	in, err := entity.DecodeFields(move.Input, tree)
	if err != nil {
		return err
	}
	step := &Step{Change: e.NewChange(id, nil), From: found.State, In: in}
	step.IfVersion = ifVersion
	step.Verb = move.Verb
	step.Data = map[string]any{"from": found.State, "to": move.To}
	step.Set(e.State, move.To)
	if move.Day != "" {
		step.Set(move.Day, almoner.DateOf(tx.Now))
	}
	if move.Effect != nil {
		if err := move.Effect(ctx, tx, step); err != nil {
			return err
		}
	}
	return e.Save(ctx, tx, step.Change)
}
