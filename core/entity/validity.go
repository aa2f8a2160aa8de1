package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// The lookups, and the parameters of the same meaning, by which a list of an entity with Validity reaches what is past.
const (
	// showHistory shows all rows, of today and of the past.
	showHistory = "show_history"
	// validAt shows the rows as they were at the end of a day.
	validAt = "validity"
)

// validityFields are those that Validity adds to an entity.
func validityFields() []*Field {
	return []*Field{
		{Name: "uuid", Kind: UUID, Label: "UUID", Unique: true, ReadOnly: true, textKey: "field.uuid"},
		{Name: "legacy_id", Kind: Integer, Label: "Record that it was", Null: true, ReadOnly: true, textKey: "field.legacy_id"},
		{Name: "validity_from", Kind: Time, Label: "Valid from", ReadOnly: true, textKey: "field.validity_from"},
		{Name: "validity_to", Kind: Time, Label: "Valid to", Null: true, ReadOnly: true, textKey: "field.validity_to"},
	}
}

// compileValidity adds the fields of Validity in front of those declared.
func (e *Entity) compileValidity(problem func(*Entity, string, ...any)) {
	if !e.Validity {
		if e.Past != nil {
			problem(e, "Past is for entities with Validity")
		}
		return
	}
	if e.Versions == "" || e.SoftDelete {
		problem(e, "Validity needs Versions, and closes rows instead of a SoftDelete")
	}
	e.Fields = append(validityFields(), e.Fields...)
}

// compilePast composes the rows of today and of the past as one table.
func (e *Entity) compilePast(problem func(*Entity, string, ...any)) {
	if !e.Validity {
		return
	}
	for _, name := range []string{showHistory, validAt} {
		if e.filters[name] != nil {
			problem(e, "filter %s: Validity brings it", name)
		}
		e.filters[name] = &filter{name, &path{[]*Field{e.fields["validity_to"]}}, name}
	}
	list := append(e.kept(), "version")
	// The row goes by the name that it has outside, as the plans of SQLite tell no other.
	e.past = "(select t0.past_id as id, t0.changed_at as updated_at, t0." + strings.Join(list, ", t0.") + " from " + e.Versions + " t0 where t0.past_id is not null)"
	e.ever = "(select id, updated_at, " + strings.Join(list, ", ") + " from " + e.Table + " union all select * from " + e.past + " past)"
}

// reachesPast reports whether a query shows rows that are closed: it asks for the history, and the viewer may see that, for a day, or for rows by
// the id or UUID that nobody but a reader of the past can know.
func (e *Entity) reachesPast(v Viewer, query Query) bool {
	if !e.Validity {
		return false
	}
	return slices.ContainsFunc(query.Conditions, func(c Condition) bool {
		switch c.filter.lookup {
		case showHistory:
			return c.value == true && (e.Past == nil || v.Trusted || e.Past(v.Actor))
		case validAt:
			return true
		case "exact", "in":
			f := c.filter.path.last()
			return len(c.filter.path.steps) == 1 && (f.Name == "uuid" || f.Name == "id")
		}
		return false
	})
}

// asksPast reports whether conditions on a list within a record ask for rows of the past, and the viewer may see those. To name a row of the past is not enough there.
func (e *Entity) asksPast(v Viewer, conditions []Condition) bool {
	return slices.ContainsFunc(conditions, func(c Condition) bool {
		return c.filter.lookup == validAt || c.filter.lookup == showHistory && e.reachesPast(v, Query{Conditions: []Condition{c}})
	})
}

// everWhere are the rows of today and of the past for which a condition over t0 holds, as one table; each of the two is entered by it.
func (e *Entity) everWhere(where string) string {
	list := strings.Join(append(e.kept(), "version"), ", t0.")
	return "(select t0.id, t0.updated_at, t0." + list + " from " + e.Table + " t0 where " + where +
		" union all select t0.past_id, t0.changed_at, t0." + list + " from " + e.Versions + " t0 where t0.past_id is not null and " + where + ")"
}

// source is the table that a query reads.
func (e *Entity) source(v Viewer, query Query) string {
	if e.reachesPast(v, query) {
		return e.ever
	}
	return e.Table
}

// pinned reports whether a query names its rows by id or UUID, so that both tables are entered at them.
func pinned(query Query) bool {
	return slices.ContainsFunc(query.Conditions, func(c Condition) bool {
		f := c.filter.path.last()
		return len(c.filter.path.steps) == 1 && (f.Name == "uuid" || f.Name == "id") && (c.filter.lookup == "exact" || c.filter.lookup == "in")
	})
}

// validSQL is the condition that a row was in force at the end of a day.
func validSQL(b *builder, day almoner.Date, row string) string {
	next := b.arg(day.AddDays(1).Time())
	return "(" + row + ".validity_from < " + next + " and (" + row + ".validity_to is null or " + row + ".validity_to >= " + next + "))"
}

// closePast makes a row of the past of the version before the one that a change makes: with an id from the sequence of the table and a UUID of its own. A version
// that was never in force, as it began at the very time when this one does, makes none: what one unit of work writes in steps is one state.
func (e *Entity) closePast(ctx context.Context, tx *db.Tx, c *Change) error {
	if c.New() {
		return nil
	}
	id, err := newUUID()
	if err != nil {
		return err
	}
	past, err := e.pastID(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "update "+e.Versions+" set past_id = $5, uuid = $3, legacy_id = $1, validity_to = $4 where record_id = $1 and version = $2 and past_id is null and validity_from < $4",
		c.ID, c.version-1, id, c.Value("validity_from"), past)
	if err != nil {
		return fmt.Errorf("keep the past of %s: %w", e.Name, err)
	}
	return nil
}

// pastID takes an id from the sequence of the table for a row of the past.
func (e *Entity) pastID(ctx context.Context, tx *db.Tx) (int64, error) {
	id, err := tx.NextID(ctx, e.Table)
	if err != nil {
		return 0, fmt.Errorf("take an id of %s: %w", e.Name, err)
	}
	return id, nil
}

// closeRow ends the validity of a record.
func (e *Entity) closeRow(ctx context.Context, tx *db.Tx, c *Change) error {
	end := c.values["validity_to"]
	if end == nil {
		end = tx.Now
	}
	c.values["validity_from"], c.values["validity_to"] = end, end
	_, err := tx.Exec(ctx, "update "+e.Table+" set validity_from = $2, validity_to = $2, updated_at = $3, version = version + 1 where id = $1", c.ID, end, tx.Now)
	if err != nil {
		return fmt.Errorf("close %s: %w", e.Name, err)
	}
	c.version++
	return e.writeVersion(ctx, tx, c)
}

// AddPast notes a state that a record was in before anything that is kept of it, as an import knows it: values are those of the row, among them validity_from and
// validity_to, and uuid if it had one. It returns the id of the row of the past. Neither rules nor references are checked, no fact is stated, and the record
// itself stays as it is. An Invalid error when the entity keeps no such rows, or a time is missing.
func (e *Entity) AddPast(ctx context.Context, tx *db.Tx, record int64, values Values) (int64, error) {
	from, to := values["validity_from"], values["validity_to"]
	if !e.Validity || from == nil || to == nil {
		return 0, almoner.Errorf(almoner.Invalid, "no_past", "%s keeps rows of the past only with the times from which and to which they were valid.", e.label())
	}
	past, err := e.pastID(ctx, tx)
	if err != nil {
		return 0, err
	}
	var b builder
	// What is kept of the record itself counts upwards from one; nought stays free, so that nothing seems to have come before its creation.
	cols := []string{"record_id", "version", "changed_at", "changed_by", "lists", "past_id"}
	marks := []string{b.arg(record), "(select coalesce(min(version), 0) - 1 from " + e.Versions + " where record_id = $1 and version < 0)", b.arg(tx.Now), b.arg(almoner.ActorOf(ctx).UserID), b.arg(json.RawMessage("{}")), b.arg(past)}
	if !e.Global {
		cols, marks = append(cols, "workspace_id"), append(marks, b.arg(almoner.ActorOf(ctx).Workspace.ID))
	}
	for _, f := range e.stored {
		v, sent := values[f.Name]
		switch {
		case f.Name == "id":
			continue
		case f.Name == "legacy_id":
			v = record
		case !sent && f.Kind == UUID:
			if v, err = newUUID(); err != nil {
				return 0, err
			}
		case !sent:
			v = f.Default
		}
		cols, marks = append(cols, f.Column), append(marks, b.arg(v))
		if f.Folded != "" {
			text, _ := v.(string)
			cols, marks = append(cols, f.Folded), append(marks, b.arg(db.Fold(text)))
		}
	}
	_, err = tx.Exec(ctx, "insert into "+e.Versions+" ("+strings.Join(cols, ", ")+") values ("+strings.Join(marks, ", ")+")", b.args...)
	if err != nil {
		return 0, fmt.Errorf("note the past of %s %d: %w", e.Name, record, err)
	}
	return past, nil
}
