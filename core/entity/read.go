package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
)

// where composes what limits every read: workspace, deleted rows, row scope.
func (e *Entity) where(b *builder, v Viewer) []string {
	where := e.whereEver(b, v)
	if living := e.living("t0"); living != "" {
		where = append(where, living)
	}
	return where
}

// whereEver is where for rows of the past, too.
func (e *Entity) whereEver(b *builder, v Viewer) []string {
	var where []string
	if !e.Global {
		where = append(where, "t0.workspace_id = "+b.arg(v.Actor.Workspace.ID))
	}
	if e.Scope != nil && !v.Trusted {
		if sql := e.Scope(v.Actor, b.arg); sql != "" {
			where = append(where, "("+row(sql, "t0")+")")
		}
	}
	if len(where) == 0 {
		where = append(where, "true")
	}
	return where
}

// Found is what Locate knows of one record.
type Found struct {
	ID      int64
	Version int64
	// State is the value of the state field, "" for entities without one.
	State string
	// Viewer is the asking viewer with the predicates that hold for this record.
	Viewer Viewer
}

// Locate finds a record that the actor may know of, with the predicates that hold between the two: its state and the entity's
// own. It returns NotFound when there is none in the actor's scope. One statement.
func (e *Entity) Locate(ctx context.Context, q db.Queryer, v Viewer, id int64) (Found, error) {
	return e.LocateWithin(ctx, q, v, id, nil)
}

// LocateWithin is Locate among the rows that satisfy only, SQL over {t}; nil is all rows.
func (e *Entity) LocateWithin(ctx context.Context, q db.Queryer, v Viewer, id int64, only func(*almoner.Actor, func(any) string) string) (Found, error) {
	var b builder
	cols := []string{"t0.id", "t0.version"}
	state := -1
	if e.State != "" {
		state = len(cols)
		cols = append(cols, e.fields[e.State].sql("t0"))
	}
	first := len(cols)
	var names []string
	for _, p := range e.Predicates {
		if sql := p.SQL(v.Actor, b.arg); sql != "" {
			names = append(names, p.Name)
			cols = append(cols, "case when "+row(sql, "t0")+" then 1 else 0 end")
		}
	}
	where := append(e.where(&b, v), "t0.id = "+b.arg(id))
	if only != nil {
		where = append(where, "("+row(only(v.Actor, b.arg), "t0")+")")
	}
	list := make([]column, len(cols))
	for i, sql := range cols {
		kind := Integer
		if i == state {
			kind = Choice
		}
		list[i] = column{sql: sql, kind: kind}
	}
	rows, err := e.registry.scan(ctx, q, list, false, "select "+strings.Join(cols, ", ")+" from "+e.Table+" t0 where "+strings.Join(where, " and "), b.args)
	if err != nil {
		return Found{}, fmt.Errorf("locate %s %d: %w", e.Name, id, err)
	}
	if len(rows) == 0 {
		return Found{}, NotFound()
	}
	slots := rows[0]
	found := Found{ID: id, Version: slots[1].(int64)}
	var preds []string
	if state >= 0 {
		found.State = slots[state].(string)
		preds = append(preds, access.Status(e.Name, found.State))
	}
	for i, name := range names {
		if slots[first+i] == int64(1) {
			preds = append(preds, name)
		}
	}
	found.Viewer = v.With(preds...)
	return found, nil
}

// NotFound is the one answer for what does not exist and for what may not be known to exist.
func NotFound() error { return almoner.Errorf(almoner.NotFound, "not_found", "Not found.") }

// Object returns the JSON of one record in a shape, as the viewer sees it. The viewer should be the one from Locate.
// NotFound when there is no such row in the viewer's scope.
func (e *Entity) Object(ctx context.Context, q db.Queryer, v Viewer, shape string, id int64) ([]byte, error) {
	return e.Part(ctx, q, v, shape, nil, id)
}

// Part is Object with only what was picked of the shape; nil picks everything.
func (e *Entity) Part(ctx context.Context, q db.Queryer, v Viewer, shape string, keys *Keys, id int64) ([]byte, error) {
	p, err := e.registry.picked(e, shape, keys, v)
	if err != nil {
		return nil, err
	}
	var b builder
	where := append(e.where(&b, v), "t0.id = "+b.arg(id))
	list, _, err := e.registry.run(ctx, q, p, p.head+" where "+strings.Join(where, " and "), b.args)
	if err != nil {
		return nil, fmt.Errorf("read %s %d: %w", e.Name, id, err)
	}
	if len(list) == 0 {
		return nil, NotFound()
	}
	return list[0], nil
}

// Page returns the rows of a query as JSON objects, in order. Constant statements: one, plus one for each to-many relation of the shape.
func (e *Entity) Page(ctx context.Context, q db.Queryer, v Viewer, query Query) ([][]byte, error) {
	rows, _, err := e.page(ctx, q, v, query)
	return rows, err
}

// page is Page with the ids of the rows.
func (e *Entity) page(ctx context.Context, q db.Queryer, v Viewer, query Query) (rows [][]byte, ids []int64, err error) {
	p, err := e.registry.picked(e, query.Shape, query.Keys, v)
	if err != nil {
		return nil, nil, err
	}
	var b builder
	tail := e.tail(&b, v, query)
	head := p.head
	if source := e.source(v, query); source != e.Table {
		head = p.over(source)
	}
	rows, ids, err = e.registry.run(ctx, q, p, head+tail, b.args)
	if err != nil {
		return nil, nil, fmt.Errorf("list %s: %w", e.Name, err)
	}
	return rows, ids, nil
}

// tail composes what comes behind the tables of a list: the joins of its order, the conditions, the order and the limits.
func (e *Entity) tail(b *builder, v Viewer, query Query) string {
	engine := e.registry.engine
	where := e.conditions(b, v, query)
	joins, order := e.orderSQL(query.order)
	by := query.order
	if len(by) == 0 {
		by = e.order
	}
	if tables := e.halves(v, query, by); tables != nil {
		bound, begin := b.arg(int64(query.Offset+query.Limit)), engine == db.SQLite && broad(query.Conditions)
		after := func(lost int) string { return e.afterSQL(b, query, lost) }
		first := make([]string, len(tables))
		for i, table := range tables {
			first[i] = e.firstSQL(by, table, where, bound, after, begin)
		}
		if ids := strings.Join(first, " union all "); engine == db.Postgres {
			// Known before the rows are looked for: tables are entered at the ids, and what rows refer to is read for them alone.
			where = "t0.id = any(array(" + ids + "))"
		} else {
			where = "t0.id in (" + ids + ")"
		}
	} else {
		where += e.afterSQL(b, query, 0)
	}
	tail := joins + " where " + where + " order by " + order
	if query.Limit > 0 {
		tail += engine.Limit(b.arg(int64(query.Limit))) + " offset " + b.arg(int64(query.Offset))
	}
	return tail
}

// halves are the tables of which the first rows are found each by itself, before they are read in order together; nil when that helps nothing. An order that begins at another
// record is such a case, and rows of today and of the past are: of two tables put together, SQLite carries neither order nor most conditions into each. PostgreSQL would
// else join all that the conditions leave with what it refers to before it takes the first.
func (e *Entity) halves(v Viewer, query Query, by []orderBy) []string {
	switch past := e.reachesPast(v, query); {
	case query.Limit <= 0 || query.Within != nil || past && pinned(query) || query.narrowed != nil && query.narrowed.led:
		return nil
	case past:
		return []string{e.Table, e.past}
	case ranked(by) || e.registry.engine == db.Postgres:
		return []string{e.Table}
	}
	return nil
}

// Count returns how many rows a query has without its limit. In a View, a total that took long to count may be up to two seconds old, but never older than the
// last commit of this program.
func (e *Entity) Count(ctx context.Context, q db.Queryer, v Viewer, query Query) (int, error) {
	var b builder
	where := e.conditions(&b, v, query)
	sql := "select count(*) from " + e.source(v, query) + " t0 where " + where
	count := func() (int, error) {
		var n int64
		if err := q.QueryRow(ctx, sql, b.args...).Scan(&n); err != nil {
			return 0, fmt.Errorf("count %s: %w", e.Name, err)
		}
		return int(n), nil
	}
	commits, ok := db.CommitsBefore(q)
	if !ok {
		return count()
	}
	return e.registry.totals.of(ctx, totalKey(sql, b.args), commits, count)
}

func (e *Entity) conditions(b *builder, v Viewer, query Query) string {
	var where []string
	if e.reachesPast(v, query) {
		where = e.whereEver(b, v)
	} else {
		where = e.where(b, v)
	}
	for _, only := range []func(*almoner.Actor, func(any) string) string{query.Only, query.Within} {
		if only == nil {
			continue
		}
		if sql := only(v.Actor, b.arg); sql != "" {
			where = append(where, "("+row(sql, "t0")+")")
		}
	}
	if n := query.narrowed; n != nil && n.led {
		where = append(where, e.registry.engine.AnyID("t0.id", b.arg(n.ids)))
	}
	where = append(where, e.whereConditions(e.registry, b, query.Conditions, query.narrowed)...)
	where = append(where, e.whereSearch(b, query.Terms, query.narrowed)...)
	return strings.Join(where, " and ")
}

// run executes a plan's statement and those of its relations, and writes each row. The ids are those of the rows.
func (r *Registry) run(ctx context.Context, q db.Queryer, p *plan, sql string, args []any) (written [][]byte, ids []int64, err error) {
	rows, err := r.scan(ctx, q, p.cols, false, sql, args)
	if err != nil {
		return nil, nil, err
	}
	lists, err := r.loadMany(ctx, q, p, rows)
	if err != nil {
		return nil, nil, err
	}
	written, ids = make([][]byte, len(rows)), make([]int64, len(rows))
	size := 0
	for i, slots := range rows {
		ids[i] = slots[0].(int64) // every plan begins with it
		written[i] = appendObject(make([]byte, 0, size), p.outs, slots, lists)
		size = len(written[i]) + len(written[i])/8 // rows of one list are about as long
	}
	return written, ids, nil
}

// loadMany runs the statement of every to-many relation of a plan for all rows at once. Each array is left open, without its closing bracket; of a Single field it
// is the one record without any.
func (r *Registry) loadMany(ctx context.Context, q db.Queryer, p *plan, owners [][]any) ([]map[int64][]byte, error) {
	if len(p.many) == 0 {
		return nil, nil
	}
	lists := make([]map[int64][]byte, len(p.many))
	for i, m := range p.many {
		lists[i] = map[int64][]byte{}
		ids := ownerIDs(owners, m.owner)
		if len(ids) == 0 {
			continue
		}
		cols := []column{{kind: Integer}}
		if m.plan != nil {
			cols = m.plan.cols
		}
		b := builder{args: []any{ids}}
		sql := m.sql + m.field.only(ctx, &b) + m.order
		rows, err := r.scan(ctx, q, cols, true, sql, b.args)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", m.field.Name, p.entity.Name, err)
		}
		var inner []map[int64][]byte
		if m.plan != nil {
			if inner, err = r.loadMany(ctx, q, m.plan, rows); err != nil {
				return nil, err
			}
		}
		for _, slots := range rows {
			owner := slots[len(cols)].(int64)
			b, open := lists[i][owner]
			switch {
			case m.field.Single && open:
				continue
			case m.field.Single:
			case open:
				b = append(b, ',')
			default:
				b = append(b, '[')
			}
			if m.plan == nil {
				b = appendValue(b, slots[0])
			} else {
				b = appendObject(b, m.plan.outs, slots, inner)
			}
			lists[i][owner] = b
		}
	}
	return lists, nil
}

// only is the further condition on the records of a to-many field over the row t0, with an and before it; "" for none.
func (f *Field) only(ctx context.Context, b *builder) string {
	if f.Only == nil {
		return ""
	}
	sql := f.Only(almoner.ActorOf(ctx), b.arg)
	if sql == "" {
		return ""
	}
	return " and (" + row(sql, "t0") + ")"
}

// ownerIDs are the distinct ids in a slot of the rows; rows of which the owner is null have no list.
func ownerIDs(rows [][]any, slot int) db.IDs {
	ids := make(db.IDs, 0, len(rows))
	seen := make(map[int64]bool, len(rows))
	for _, slots := range rows {
		if id, ok := slots[slot].(int64); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// scan reads all rows of a statement into canonical values. With owner, the first column is the owner's id and ends up behind the others.
func (r *Registry) scan(ctx context.Context, q db.Queryer, cols []column, owner bool, sql string, args []any) ([][]any, error) {
	n := len(cols)
	if owner {
		n++
	}
	cells := make([]db.Cell, n)
	dest := make([]any, n)
	for i := range cells {
		cells[i].Kind = db.Int
		if i < len(cols) {
			cells[i].Kind = cols[i].kind.cell()
		}
		if owner {
			dest[(i+1)%n] = &cells[i]
		} else {
			dest[i] = &cells[i]
		}
	}
	rows, err := q.Query(ctx, sql, args...)
	return db.Collect(rows, err, func(row db.Row) ([]any, error) {
		if err := row.Scan(dest...); err != nil {
			return nil, err
		}
		slots := make([]any, n)
		for i := range cells {
			slots[i] = cells[i].Value()
			if doc, ok := slots[i].(json.RawMessage); ok {
				slots[i] = slices.Clone(doc) // the cell is used again for the next row
			}
			if units, ok := slots[i].(int64); ok && i < len(cols) && cols[i].kind == Decimal {
				slots[i] = almoner.Decimal{Units: units, Scale: cols[i].scale}
			}
			if path, ok := slots[i].(string); ok && i < len(cols) && cols[i].kind == Link && strings.HasPrefix(path, "/") {
				slots[i] = almoner.Origin(ctx) + path
			}
		}
		return slots, nil
	})
}

// cell is the column kind that holds a field's kind.
func (k Kind) cell() db.Kind {
	switch k {
	case Integer, Ref, Decimal:
		return db.Int
	case Bool:
		return db.Bool
	case Date:
		return db.Day
	case Time:
		return db.Time
	case Number:
		return db.Float
	case JSON:
		return db.JSON
	}
	return db.Text
}

// Lock keeps other writers from the row until tx ends, so that what is then read stays true. SQLite has one writer anyway.
func (e *Entity) Lock(ctx context.Context, tx *db.Tx, id int64) error {
	if tx.Engine() != db.Postgres {
		return nil
	}
	rows, err := tx.Query(ctx, "select id from "+e.Table+" where id = $1 for update", id)
	if _, err = db.Collect(rows, err, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) }); err != nil {
		return fmt.Errorf("lock %s %d: %w", e.Name, id, err)
	}
	return nil
}
