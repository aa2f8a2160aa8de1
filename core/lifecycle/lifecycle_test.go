package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/lifecycle"
)

// lending is the lifecycle of a book; guard, when set, is asked before it is lent.
type lending struct {
	*lifecycle.Machine
	guard  func() error
	effect func(s *lifecycle.Step) error
}

func lend(l *entitytest.Library) *lending {
	m := &lending{}
	m.Machine = &lifecycle.Machine{Entity: l.Book, Moves: []lifecycle.Move{
		{Code: "retire", Verb: "retired", Label: "Retire", Labels: map[string]string{"out": "Give up"}, From: []string{"in", "out"}, To: "retired", Last: true},
		{
			Code: "lend", Verb: "lent", Label: "Lend", From: []string{"in"}, To: "out", Day: "lent_on",
			Input: []*entity.Field{{Name: "comment", Kind: entity.LongText, Required: true}, {Name: "days", Kind: entity.Integer, Default: int64(14)}},
			Guard: func(context.Context, db.Queryer, int64) error {
				if m.guard == nil {
					return nil
				}
				return m.guard()
			},
			Effect: func(_ context.Context, _ *db.Tx, s *lifecycle.Step) error {
				if m.effect == nil {
					return nil
				}
				return m.effect(s)
			},
		},
	}}
	return m
}

func (m *lending) make(t *testing.T, l *entitytest.Library, a *almoner.Actor, id int64, code string, tree any, version int64) error {
	t.Helper()
	ctx := almoner.WithActor(t.Context(), a)
	return l.DB.InTx(ctx, func(tx *db.Tx) error { return m.Make(ctx, tx, l.Viewer(a), id, code, tree, version) })
}

func state(t *testing.T, l *entitytest.Library, id int64) string {
	t.Helper()
	found, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(entitytest.Librarian), id)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found.State, "@", found.Version)
}

// TestOrderOfChecks walks down the promise of the package comment: of everything that is wrong, the first in order is told.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		m := lend(l)
		m.guard = func() error { return almoner.Invalidf("borrower", "library.nobody", "Nobody borrows it.") }
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		retired := l.Add(t, l.Book, entity.Values{"title": "Old", "status": "retired"})
		bad := map[string]any{"comment": ""}
		for _, c := range []struct {
			what string
			as   *almoner.Actor
			id   int64
			code string
			want almoner.Kind
			part string
		}{
			{"not visible", entitytest.Southerner, id, "lend", almoner.NotFound, ""},
			{"no such record", entitytest.Librarian, 99, "lend", almoner.NotFound, ""},
			{"no such move", entitytest.Librarian, id, "burn", almoner.NotFound, ""},
			{"another state, before the guard", entitytest.Librarian, retired, "lend", almoner.Forbidden, ""},
			{"the guard, before the right", entitytest.Reader, id, "lend", almoner.Invalid, "Nobody borrows it."},
			{"the guard, before the input", entitytest.Librarian, id, "lend", almoner.Invalid, "Nobody borrows it."},
		} {
			err := m.make(t, l, c.as, c.id, c.code, bad, 0)
			if almoner.KindOf(err) != c.want || err == nil || !strings.Contains(err.Error(), c.part) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		m.guard = nil
		if err := m.make(t, l, entitytest.Reader, id, "lend", bad, 0); almoner.KindOf(err) != almoner.Forbidden {
			t.Errorf("the right, before the input: %v", err)
		}
		if err := m.make(t, l, entitytest.Librarian, id, "lend", bad, 0); almoner.KindOf(err) != almoner.Invalid || !strings.Contains(err.Error(), "comment") {
			t.Errorf("the input: %v", err)
		}
		if err := m.make(t, l, entitytest.Librarian, id, "lend", map[string]any{"comment": "x"}, 7); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("another version than seen: %v", err)
		}
		if got := state(t, l, id); got != "in@1" {
			t.Errorf("after all the failures: %s", got)
		}
	})
}

func TestMakeWritesEverythingOrNothing(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		m := lend(l)
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		m.effect = func(s *lifecycle.Step) error {
			if s.From != "in" || s.Said("nothing") != "" || s.In["days"] != int64(14) {
				t.Errorf("the step: from %s, %v", s.From, s.In)
			}
			s.Set("notes", s.Said("comment"))
			s.Data["days"] = s.In["days"]
			return nil
		}
		if err := m.make(t, l, entitytest.Librarian, id, "lend", map[string]any{"comment": " For long "}, 1); err != nil {
			t.Fatal(err)
		}
		if got := state(t, l, id); got != "out@2" {
			t.Errorf("after the move: %s", got)
		}
		facts := l.Facts(t)
		f := facts[len(facts)-1]
		if f.Name != "library.book_lent" || fmt.Sprint(f.Changed) != "[lent_on notes status]" || fmt.Sprint(f.Data) != "map[days:14 from:in to:out]" || f.Revision != 2 {
			t.Errorf("the fact: %+v", f)
		}
		l.Book.Shapes["lent"] = "lent_on notes"
		if got, want := l.Object(t, entitytest.Librarian, l.Book, "lent", id), fmt.Sprintf(`{"lent_on":"%s","notes":"For long"}`, almoner.DateOf(f.At)); got != want {
			t.Errorf("day and comment: got %s, want %s", got, want)
		}

		second := l.Add(t, l.Book, entity.Values{"title": "Mud"})
		m.effect = func(s *lifecycle.Step) error { s.Set("notes", "x"); return errors.New("the effect failed") }
		n := len(l.Facts(t))
		if err := m.make(t, l, entitytest.Librarian, second, "lend", map[string]any{"comment": "x"}, 0); err == nil || !strings.Contains(err.Error(), "the effect failed") {
			t.Errorf("a failing effect: %v", err)
		}
		if got := state(t, l, second); got != "in@1" || len(l.Facts(t)) != n {
			t.Errorf("after a failing effect: %s, %d new facts", got, len(l.Facts(t))-n)
		}
	})
}

func TestOpenMoves(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		m := lend(l)
		m.guard = func() error { t.Error("guards are not asked"); return nil }
		for status, want := range map[string]string{"in": "lend Lend, retire Retire", "out": "retire Give up", "retired": ""} {
			id := l.Add(t, l.Book, entity.Values{"title": "Dust", "status": status})
			open := func(a *almoner.Actor) string {
				found, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(a), id)
				if err != nil {
					t.Fatal(err)
				}
				var list []string
				for _, move := range m.Open(found) {
					list = append(list, move.Code+" "+move.LabelFrom(found.State))
				}
				return strings.Join(list, ", ")
			}
			if got := open(entitytest.Librarian); got != want {
				t.Errorf("from %s: got %q, want %q", status, got, want)
			}
			if got := open(entitytest.Reader); got != "" {
				t.Errorf("a reader, from %s: %q", status, got)
			}
		}
		if m.Move("lend") == nil || m.Move("burn") != nil || !m.Move("lend").NeedsComment() || m.Move("retire").NeedsComment() {
			t.Error("moves are found by their code, and know whether they need a comment")
		}
	})
}

func TestCheckReportsEveryMistake(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		if errs := lend(l).Check(); errs != nil {
			t.Errorf("a sound machine: %v", errs)
		}
		m := &lifecycle.Machine{Entity: l.Book, Moves: []lifecycle.Move{
			{Code: "lend", Verb: "lent", Label: "Lend", From: []string{"inn"}, To: "outt", Day: "title"},
			{Code: "lend", Verb: "lent", Label: "Lend", From: []string{"in"}, To: "out", Day: "nothing"},
			{Code: "burn", From: []string{"in"}, To: "out"},
		}}
		all := errors.Join(m.Check()...).Error()
		for _, part := range []string{
			`there is no state "inn"`, `there is no state "outt"`, `there is no date field "title"`, "declared twice", `there is no date field "nothing"`,
			`move "burn": code, verb and label are needed`, `move "burn": it is not among the entity's actions`,
		} {
			if !strings.Contains(all, part) {
				t.Errorf("nothing is said about %q in:\n%s", part, all)
			}
		}
		if errs := (&lifecycle.Machine{Entity: l.Author}).Check(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "no state field") {
			t.Errorf("an entity without states: %v", errs)
		}
	})
}
