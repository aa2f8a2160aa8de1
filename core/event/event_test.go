package event_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
)

var tables = []db.Migrations{event.Migrations}

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, tables)
}

func emit(ctx context.Context, t *testing.T, d *db.DB, facts ...event.Fact) (at time.Time) {
	t.Helper()
	err := d.InTx(ctx, func(tx *db.Tx) error {
		at = tx.Now
		for _, f := range facts {
			id, err := event.Emit(ctx, tx, f)
			if err != nil {
				return err
			}
			if id == 0 {
				t.Error("a fact without an id")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestEmitTellsWhoWhereAndWhen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		person := &almoner.Actor{UserID: 7, Workspace: almoner.Workspace{ID: 3}}
		ctx := almoner.WithRequestID(almoner.WithActor(t.Context(), person), "req-1")
		at := emit(ctx, t, d, event.Fact{
			Name: "tpm.visit_assigned", Entity: "tpm.visit", Subject: 5, Revision: 2, Changed: []string{"date_of_assigned", "status"}, Data: map[string]any{"from": "draft", "n": 1},
			ActorID: 99, System: "forged", RequestID: "forged", At: time.Unix(0, 0),
		})
		machine := almoner.WithActor(t.Context(), &almoner.Actor{System: "system.load"})
		emit(machine, t, d, event.Fact{Name: "tpm.visit_seen", Entity: "tpm.visit", Subject: 5, WorkspaceID: 4})
		list, err := event.Timeline(t.Context(), d, "tpm.visit", 5)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d facts, %v", len(list), err)
		}
		first, second := list[0], list[1]
		if first.ActorID != 7 || first.System != "" || first.WorkspaceID != 3 || first.RequestID != "req-1" || !first.At.Equal(at) || first.Revision != 2 ||
			fmt.Sprint(first.Changed, first.Data) != "[date_of_assigned status] map[from:draft n:1]" {
			t.Errorf("the first fact: %+v", first)
		}
		if second.ActorID != 0 || second.System != "system.load" || second.WorkspaceID != 4 || second.RequestID != "" || len(second.Changed) != 0 || len(second.Data) != 0 || second.ID <= first.ID {
			t.Errorf("the second fact: %+v", second)
		}
	})
}

func TestNoFactWithoutItsChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		stop := errors.New("stop")
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := event.Emit(t.Context(), tx, event.Fact{Name: "tpm.visit_created", Entity: "tpm.visit", Subject: 1}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if list, err := event.Timeline(t.Context(), d, "tpm.visit", 1); err != nil || len(list) != 0 {
			t.Errorf("after a rollback: %v, %v", list, err)
		}
	})
}

func TestTimelineHoldsTheRecordAndWhatBelongsToIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		emit(t.Context(), t, d,
			event.Fact{Name: "tpm.visit_created", Entity: "tpm.visit", Subject: 1},
			event.Fact{Name: "tpm.task_created", Entity: "tpm.task", Subject: 1, ParentEntity: "tpm.visit", Parent: 1},
			event.Fact{Name: "tpm.task_created", Entity: "tpm.task", Subject: 2, ParentEntity: "tpm.visit", Parent: 2},
			event.Fact{Name: "tpm.visit_created", Entity: "tpm.visit", Subject: 2},
			event.Fact{Name: "tpm.visit_deleted", Entity: "tpm.visit", Subject: 1},
		)
		names := func(entity string, id int64) string {
			list, err := event.Timeline(t.Context(), d, entity, id)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, f := range list {
				text += fmt.Sprint(" ", f.Name, f.Subject)
			}
			return text
		}
		for _, c := range []struct {
			entity string
			id     int64
			want   string
		}{
			{"tpm.visit", 1, " tpm.visit_created1 tpm.task_created1 tpm.visit_deleted1"},
			{"tpm.visit", 2, " tpm.task_created2 tpm.visit_created2"},
			{"tpm.task", 1, " tpm.task_created1"},
			{"tpm.visit", 3, ""},
		} {
			if got := names(c.entity, c.id); got != c.want {
				t.Errorf("%s %d: got%s, want%s", c.entity, c.id, got, c.want)
			}
		}
	})
}
