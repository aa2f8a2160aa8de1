// Package event is the memory of what happened: facts, written in the same transaction as the change they tell of, so that a
// change without its fact, or a fact without its change, cannot exist.
//
//	event.Emit(ctx, tx, event.Fact{Name: "tpm.visit_assigned", Entity: "tpm.visit", Subject: id, Revision: v, Changed: []string{"status"}})
//
// The outbox is the event log and the audit trail: one table, append-only. A fact carries ids and the names of changed fields, never
// personal values (those live in the record's versions, where erasure finds them). Delivery to subscribers reads this table by explicit ids.
package event

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
var Migrations = db.Migrations{Module: "event", FS: files}

// Type declares a fact that a module states. Names and the meaning of fields are append-only.
type Type struct {
	// Name is `module.entity_verb`, in the past tense.
	Name string
	// Doc says when it is stated and with what, for the generated documentation.
	Doc string
}

// Fact is something that happened. Emit fills in who, where and when from the context and the transaction.
type Fact struct {
	ID   int64
	Name string
	At   time.Time
	// WorkspaceID is where it happened, also for facts about records that all workspaces share; 0 outside any.
	WorkspaceID int64
	// Entity and Subject say which record it is about.
	Entity  string
	Subject int64
	// Parent is the record whose timeline shows this fact too: the visit of a task. Empty for none.
	ParentEntity string
	Parent       int64
	// Revision is the version number of the record after the change, 0 when it has none.
	Revision int64
	// Changed are the names of the changed fields, sorted.
	Changed []string
	// Data holds further ids and plain words of the fact (a comment's id, the state before); no personal values.
	Data map[string]any
	// ActorID is 0 for a system actor, whose name is in System.
	ActorID   int64
	System    string
	RequestID string
}

// Emit writes the fact to the outbox inside tx and returns its id. The actor and the request are taken from ctx, the
// time from tx, the workspace from the actor unless the fact names one.
func Emit(ctx context.Context, tx *db.Tx, f Fact) (int64, error) {
	f.At = tx.Now
	args, err := f.row(ctx)
	if err != nil {
		return 0, err
	}
	id, err := tx.Insert(ctx, insert+values(1)+" returning id", args...)
	if err != nil {
		return 0, fmt.Errorf("write fact %s: %w", f.Name, err)
	}
	return id, nil
}

// EmitAll is Emit of many facts, in their order and with few statements. Each needs the time At of its own, as their transaction's may differ from one to the next.
func EmitAll(ctx context.Context, tx *db.Tx, facts []Fact) error {
	for some := range slices.Chunk(facts, together) {
		var args []any
		for _, f := range some {
			row, err := f.row(ctx)
			if err != nil {
				return err
			}
			args = append(args, row...)
		}
		if _, err := tx.Exec(ctx, insert+values(len(some)), args...); err != nil {
			return fmt.Errorf("write %d facts: %w", len(some), err)
		}
	}
	return nil
}

// together is how many facts one statement writes.
const together = 100

const (
	insert  = "insert into event_log (name, at, workspace_id, entity, subject_id, parent_entity, parent_id, revision, changed, data, actor_id, system, request_id) values "
	columns = 13
)

// values are the placeholders of so many rows.
func values(rows int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteByte(')')
	return b.String()
}

// row are the values of a fact in the order of the columns.
func (f Fact) row(ctx context.Context) ([]any, error) {
	a := almoner.ActorOf(ctx)
	if f.WorkspaceID == 0 {
		f.WorkspaceID = a.Workspace.ID
	}
	if f.Changed == nil {
		f.Changed = []string{}
	}
	changed, err := json.Marshal(f.Changed)
	if err != nil {
		return nil, fmt.Errorf("encode changed fields of %s: %w", f.Name, err)
	}
	if f.Data == nil {
		f.Data = map[string]any{}
	}
	data, err := json.Marshal(f.Data)
	if err != nil {
		return nil, fmt.Errorf("encode data of %s: %w", f.Name, err)
	}
	return []any{
		f.Name, f.At, f.WorkspaceID, f.Entity, f.Subject, f.ParentEntity, f.Parent, f.Revision, json.RawMessage(changed), json.RawMessage(data), a.UserID, a.System, almoner.RequestID(ctx),
	}, nil
}

// Timeline returns the facts about a record and about the records that name it as their parent, oldest first. Scope is the
// caller's affair: ask only for a record that the actor may see.
func Timeline(ctx context.Context, q db.Queryer, entity string, id int64) ([]Fact, error) {
	rows, err := q.Query(ctx, `
		select id, name, at, workspace_id, entity, subject_id, parent_entity, parent_id, revision, changed, data, actor_id, system, request_id
		from event_log
		where (entity = $1 and subject_id = $2) or (parent_entity = $1 and parent_id = $2)
		order by id`, entity, id)
	return db.Collect(rows, err, func(r db.Row) (Fact, error) {
		var f Fact
		var changed, data json.RawMessage
		err := r.Scan(&f.ID, &f.Name, &f.At, &f.WorkspaceID, &f.Entity, &f.Subject, &f.ParentEntity, &f.Parent, &f.Revision,
			&changed, &data, &f.ActorID, &f.System, &f.RequestID)
		if err != nil {
			return f, err
		}
		if err := json.Unmarshal(changed, &f.Changed); err != nil {
			return f, fmt.Errorf("changed fields of fact %d: %w", f.ID, err)
		}
		if err := json.Unmarshal(data, &f.Data); err != nil {
			return f, fmt.Errorf("data of fact %d: %w", f.ID, err)
		}
		return f, nil
	})
}
