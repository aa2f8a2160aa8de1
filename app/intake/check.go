package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// check looks at every row of every file and writes nothing. Mistakes are in the report; the error is a fault of the machine.
func (r *run) check(ctx context.Context) error {
	for _, t := range r.tables {
		if err := r.checkTable(ctx, t); err != nil {
			return err
		}
	}
	for _, t := range r.tables {
		if t.read() && (t.self || t.later()) {
			if err := r.checkLater(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// note returns the function that notes problems of a row.
func (r *run) note(t *table, number int) func(column, message string) {
	return func(column, message string) {
		t.refuse(number)
		r.report.problem(Problem{t.File, number, column, message})
	}
}

func (r *run) checkTable(ctx context.Context, t *table) error {
	if t.Rows != nil {
		t.keys = map[string]struct{}{}
		for _, values := range t.Rows {
			t.keys[fmt.Sprint(values[t.Entity.Key[0]])] = struct{}{}
		}
		return nil
	}
	if !r.there(t.File) {
		t.report.Missing = true
		return r.recall(ctx, t)
	}
	if len(t.Entity.Key) == 1 {
		t.keys = map[string]struct{}{}
	}
	unique := map[*entity.Field]map[any]int{}
	head := func(cells []string) error {
		t.understandHeader(cells, r.byFile, func(number int, column, format string, args ...any) {
			r.report.problem(Problem{t.File, number, column, fmt.Sprintf(format, args...)})
		})
		if r.report.Refused() {
			return errBadHeader
		}
		for i := range t.columns {
			if f := t.columns[i].field; f.Unique && t.columns[i].file == nil {
				unique[f] = map[any]int{}
			}
		}
		return nil
	}
	err := eachLine(r.dir, t.File, head, func(l line) error { return r.checkRow(ctx, t, l, unique) })
	var f *fault
	switch {
	case errors.Is(err, errBadHeader):
		return nil
	case errors.As(err, &f):
		r.report.problem(Problem{t.File, f.line, "", f.message})
		return nil
	}
	return err
}

var errBadHeader = errors.New("the header is wrong")

func (r *run) checkRow(ctx context.Context, t *table, l line, unique map[*entity.Field]map[any]int) error {
	t.report.Read++
	note := r.note(t, l.number)
	if len(l.cells) != len(t.header) {
		note("", fmt.Sprintf("this row has %d columns, the header %d", len(l.cells), len(t.header)))
		return nil
	}
	if t.skip(l.cells) != "" {
		return nil
	}
	id := t.idOf(l.cells)
	if id == "" {
		note(strings.Join(t.ID, ", "), "this is missing: rows are told from each other by it")
		return nil
	}
	if _, twice := t.formerly[id]; twice || t.hasRow(id) {
		note(strings.Join(t.ID, ", "), fmt.Sprintf("there is another row %s before this one", id))
		return nil
	}
	got := t.understand(l.cells, note)
	if err := t.finish(l.cells, got.values, note); err != nil {
		return err
	}
	for _, ref := range got.rows {
		if !ref.file.hasRow(ref.text) && ref.file != t && !ref.Later && !(ref.field.Null && t.past(l.cells)) {
			note(ref.Name, fmt.Sprintf("there is no row %s in %s", ref.text, ref.file.File))
		}
	}
	for _, ref := range got.keys {
		known, err := r.knownKey(ctx, t, ref)
		if err != nil {
			return err
		}
		if !known && !(ref.field.Null && t.past(l.cells)) {
			note(ref.Name, fmt.Sprintf("there is no %s %q", strings.ToLower(ref.field.TargetEntity().Label), ref.text))
		}
	}
	if t.past(l.cells) {
		if of := t.formerOf(l.cells); of == "" {
			t.known[id] = struct{}{} // it ended, and others may still refer to it
		} else {
			t.formerly[id] = of
		}
		t.checkTimes(l.cells, note)
		return nil
	}
	for f, seen := range unique {
		v := got.values[f.Name]
		if v == nil || v == "" {
			continue
		}
		if before, twice := seen[v]; twice {
			note(t.columnOf(f), fmt.Sprintf("%v stands in line %d as well", v, before))
			continue
		}
		seen[v] = l.number
	}
	t.known[id] = struct{}{}
	if t.keys != nil {
		if v := got.values[t.Entity.Key[0]]; v != nil {
			t.keys[fmt.Sprint(v)] = struct{}{}
		}
	}
	return nil
}

// checkLater looks at the references to rows that were not known when the rows themselves were read.
func (r *run) checkLater(t *table) error {
	return r.again(t, func(l line) error {
		note := r.note(t, l.number)
		if len(l.cells) != len(t.header) || t.skip(l.cells) != "" {
			return nil
		}
		for _, ref := range t.understand(l.cells, func(string, string) {}).rows {
			if ref.file != t && !ref.Later {
				continue
			}
			if !ref.file.hasRow(ref.text) && !(ref.field.Null && t.past(l.cells)) {
				note(ref.Name, fmt.Sprintf("there is no row %s in %s", ref.text, ref.file.File))
			}
		}
		if t.Past && t.past(l.cells) {
			if of := t.formerOf(l.cells); of != "" && !t.hasRow(of) {
				note(legacyID, fmt.Sprintf("there is no row %s in this file, of which this would be a former state", of))
			}
		}
		return nil
	})
}

// checkTimes looks at the times of a row that is no longer true.
func (t *table) checkTimes(cells []string, note func(column, message string)) {
	for _, at := range []int{t.from, t.to} {
		if at < 0 {
			note("", "a row with "+validTo+" needs "+validFrom)
			continue
		}
		if _, err := t.instant(cells, at); err != nil {
			note(t.header[at], "Datetime has wrong format.")
		}
	}
}

// instant is the time in a column.
func (t *table) instant(cells []string, at int) (time.Time, error) {
	v, bad := (&entity.Field{Kind: entity.Time}).Decode(strings.TrimSpace(cells[at]))
	when, ok := v.(time.Time)
	if bad != nil || !ok {
		return when, fmt.Errorf("%q is not a time", cells[at])
	}
	return when, nil
}

func (t *table) hasRow(id string) bool { _, ok := t.known[id]; return ok }

func (t *table) columnOf(f *entity.Field) string {
	for _, c := range t.columns {
		if c.field == f {
			return c.Name
		}
	}
	return ""
}

// knownKey reports whether a key is that of a record, or of one that this import makes.
func (r *run) knownKey(ctx context.Context, t *table, ref reference) (bool, error) {
	to := ref.field.TargetEntity()
	for _, other := range r.tables {
		if other.Entity != to || other.keys == nil {
			continue
		}
		if v, bad := decode(to.Field(to.Key[0]), ref.text); bad == nil {
			if _, ok := other.keys[fmt.Sprint(v)]; ok {
				return true, nil
			}
		}
	}
	id, err := r.book.find(r.inside(ctx), r.into.DB, to, ref.text)
	return id != 0, err
}

// recall learns from earlier imports which rows of a file that is not there are records.
func (r *run) recall(ctx context.Context, t *table) error {
	rows, err := r.into.DB.Query(ctx, "select row_id from intake_rows where workspace_id = $1 and source = $2 and file = $3", r.workspace.ID, t.Set, t.File)
	ids, err := db.Collect(rows, err, func(row db.Row) (id string, err error) { return id, row.Scan(&id) })
	if err != nil {
		return fmt.Errorf("recall the rows of %s: %w", t.File, err)
	}
	for _, id := range ids {
		t.known[id] = struct{}{}
	}
	return nil
}

// skip tells why a row is no record, "" for one that is.
func (t *table) skip(cells []string) string {
	if t.Skip != nil {
		if why := t.Skip(t.named(cells)); why != "" {
			return why
		}
	}
	if !t.Past && t.past(cells) {
		return "a former state, which is not kept here"
	}
	return ""
}

// past reports whether the row is no longer true.
func (t *table) past(cells []string) bool { return t.to >= 0 && strings.TrimSpace(cells[t.to]) != "" }

// formerOf is the row of which this one is a former state, "" for one that ended without another in its place.
func (t *table) formerOf(cells []string) string {
	if t.former < 0 {
		return ""
	}
	of := strings.TrimSpace(cells[t.former])
	if of == t.idOf(cells) {
		return ""
	}
	return of
}
