package entity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Selection asks for fields of records within a window, as a tree; it is how a reader selects who is not served by a named shape.
type Selection struct {
	Window *Window
	Picks  []Pick
}

// Pick asks for one field of a record. Of a field that the window or the viewer's rights do not show there is nothing in the answer.
type Pick struct {
	Field *Field
	// Key asks for what a record is known by, which is shown wherever the record is.
	Key bool
	// Of asks for the record or records that a relation leads to; nil for a plain value.
	Of *Selection
	// Cut says which records of a to-many relation are wanted.
	Cut Cut
	// Query narrows and orders the records of a to-many relation, by its Conditions and order, from ParseArguments of their entity.
	Query Query
}

// Cut is a stretch of each list of a to-many relation, by position.
type Cut struct {
	// From is the first position, counted from 0; To is the one behind the last.
	From, To int
	// Last keeps only that many from the end of the stretch; negative keeps all.
	Last int
	// Rows and Total say what is wanted: the records, the number of all records of the list, or both.
	Rows, Total bool
}

// Budget is how many records one request may still read. It is not safe for concurrent use.
type Budget struct {
	// Limit is the number it started with, for the message.
	Limit int
	spent int
}

// spend takes n records from the budget; TooManyRecords when there are not that many.
func (b *Budget) spend(n int) error {
	if b.spent += n; b.spent > b.Limit {
		limit := strconv.Itoa(b.Limit)
		e := almoner.Errorf(almoner.Invalid, "too_many_records", "This asks for more than %s records at once; ask for smaller pages.", limit)
		e.Params = map[string]string{"max": limit}
		return e
	}
	return nil
}

func (b *Budget) left() int { return max(0, b.Limit-b.spent) }

// Record is one record read by a Selection; its values are asked for by the position of the Pick.
type Record struct {
	view  *view
	slots []any
	lists []map[int64]*List
}

// List is one list of a to-many relation, cut as asked.
type List struct {
	Records []Record
	// From is the position of the first record, Length what the list has when Cut.Last or Cut.Total made it known, else -1.
	From, Length int
}

// view is a selection compiled for a viewer: where the values of its picks are. Records joined to a row share its slots.
type view struct {
	selection *Selection
	// hidden records are those of which nothing may be seen.
	hidden bool
	// id is the slot of the id.
	id    int
	picks []viewPick
}

type viewPick struct {
	hidden bool
	slot   int
	one    *view
	many   int
}

// stretch is the statements of a to-many pick.
type stretch struct {
	field *Field
	cut   Cut
	view  *view
	plan  *plan
	lists []*stretch
	owner int
	query Query
	// by is the owner's id, from the tables with their joins, where the condition; $1 takes the ids of the owners.
	by, from, where string
}

// tree is a compiled selection: the plan of its rows and the lists below them.
type tree struct {
	plan  *plan
	view  *view
	lists []*stretch
}

// ID is the record's id.
func (r Record) ID() int64 { return r.slots[r.view.id].(int64) }

// Visible reports whether anything of the record but its id may be seen.
func (r Record) Visible() bool { return !r.view.hidden }

// Value returns the value of a plain pick in canonical type; nil when it is null or hidden.
func (r Record) Value(pick int) any {
	p := r.view.picks[pick]
	if p.hidden {
		return nil
	}
	return r.slots[p.slot]
}

// One returns the record that a to-one pick leads to, false when there is none or it is hidden.
func (r Record) One(pick int) (Record, bool) {
	p := r.view.picks[pick]
	if p.hidden || p.one.hidden || r.slots[p.one.id] == nil {
		return Record{}, false
	}
	return Record{p.one, r.slots, r.lists}, true
}

// Many returns the list of a to-many pick, false when it is hidden.
func (r Record) Many(pick int) (List, bool) {
	p := r.view.picks[pick]
	if p.hidden {
		return List{}, false
	}
	if owner, ok := r.slots[p.slot].(int64); ok && r.lists[p.many][owner] != nil {
		return *r.lists[p.many][owner], true
	}
	return List{Length: 0}, true
}

// Records returns the rows of a query as far as the selection asks and the viewer may see, in order. Constant statements: one for the
// rows, one for each to-many relation of the selection, and one more where its total is asked for. Query.Shape is not looked at.
func (e *Entity) Records(ctx context.Context, q db.Queryer, v Viewer, query Query, s *Selection, b *Budget) ([]Record, error) {
	var args builder
	list, err := e.registry.read(ctx, q, v, s, e.source(v, query), e.tail(&args, v, query), args.args, b)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", e.Name, err)
	}
	return list, nil
}

// Record returns one record as far as the selection asks and the viewer may see. The viewer should be the one from Locate. NotFound when
// there is no such row in the viewer's scope.
func (e *Entity) Record(ctx context.Context, q db.Queryer, v Viewer, id int64, s *Selection, b *Budget) (Record, error) {
	var args builder
	where := append(e.where(&args, v), "t0.id = "+args.arg(id))
	list, err := e.registry.read(ctx, q, v, s, e.Table, " where "+strings.Join(where, " and "), args.args, b)
	if err != nil {
		return Record{}, fmt.Errorf("read %s %d: %w", e.Name, id, err)
	}
	if len(list) == 0 {
		return Record{}, NotFound()
	}
	return list[0], nil
}

func (r *Registry) read(ctx context.Context, q db.Queryer, v Viewer, s *Selection, table, tail string, args []any, b *Budget) ([]Record, error) {
	t := &tree{plan: &plan{entity: s.Window.Entity, joined: map[string]string{"": "t0"}}}
	t.view = r.compileView(t.plan, &t.lists, "t0", "", s, v, false)
	t.plan.finish()
	rows, err := r.scan(ctx, q, t.plan.cols, false, t.plan.over(table)+tail, args)
	if err != nil {
		return nil, err
	}
	if err := b.spend(len(rows)); err != nil {
		return nil, err
	}
	lists, err := r.loadLists(ctx, q, t.lists, rows, b)
	if err != nil {
		return nil, err
	}
	records := make([]Record, len(rows))
	for i, slots := range rows {
		records[i] = Record{t.view, slots, lists}
	}
	return records, nil
}

// compileView adds the columns of a selection to the plan and its lists to those of the plan. With shown, the records are shown even
// when nothing but their ids may be seen.
func (r *Registry) compileView(p *plan, lists *[]*stretch, alias, path string, s *Selection, v Viewer, shown bool) *view {
	w := &view{selection: s, id: p.column(alias+".id", Integer), picks: make([]viewPick, len(s.Picks))}
	if w.hidden = !shown && !s.Window.shows(v); w.hidden {
		return w
	}
	for i, pick := range s.Picks {
		out := &w.picks[i]
		pane := s.Window.Pane(pick.Field.Name)
		if !pick.Key && (pane == nil || !v.Sees(pick.Field)) {
			out.hidden = true
			continue
		}
		switch f := pick.Field; {
		case pick.Of == nil:
			out.slot = p.value(f, alias)
		case f.Kind == Ref:
			joined, joinedPath := p.join(path, f)
			out.one = r.compileView(p, lists, joined, joinedPath, pick.Of, v, pane.ID)
		case !pane.ID && !pick.Of.Window.shows(v):
			out.hidden = true
		default:
			out.slot, out.many = p.column(f.ownSQL(alias), Integer), len(*lists)
			*lists = append(*lists, r.compileStretch(pick, out.slot, v))
		}
	}
	return w
}

func (r *Registry) compileStretch(pick Pick, owner int, v Viewer) *stretch {
	f := pick.Field
	l := &stretch{field: f, cut: pick.Cut, query: pick.Query, owner: owner, plan: &plan{entity: f.to, joined: map[string]string{"": "t0"}}}
	l.by, l.from, l.where = r.manyParts(f)
	if f.Kind == Children && f.to.asksPast(v, l.query.Conditions) {
		l.from, l.where = f.to.everWhere(r.engine.AnyID(l.by, "$1"))+" t0", "true"
	}
	if pick.Cut.Rows {
		l.view = r.compileView(l.plan, &l.lists, "t0", "", pick.Of, v, true)
	}
	return l
}

// only is the condition of the field, and those that were asked for, with an and before each.
func (l *stretch) only(ctx context.Context, r *Registry, b *builder) string {
	sql := l.field.only(ctx, b)
	for _, where := range slices.Concat(l.field.to.whereConditions(r, b, l.query.Conditions, nil), l.field.to.whereSearch(b, l.query.Terms, nil)) {
		sql += " and " + where
	}
	return sql
}

// totalSQL is the statement of the lengths of the lists.
func (l *stretch) totalSQL(only string) string {
	return "select " + l.by + ", count(*) from " + l.from + " where " + l.where + only + " group by " + l.by
}

// rowsSQL is the statement of the records: the owner's id, the columns of the plan, the position from 1 and, with Cut.Last, the length of the
// list. Positions are numbered inside, and cut outside, where they are known.
func (l *stretch) rowsSQL(b *builder, only string, most int) string {
	inner, outer := []string{l.by + " as owner_id"}, []string{"w.owner_id"}
	for i, c := range l.plan.cols {
		inner = append(inner, fmt.Sprintf("%s as c%d", c.sql, i))
		outer = append(outer, fmt.Sprintf("w.c%d", i))
	}
	joins, order := "", l.field.to.childOrder()
	if len(l.query.order) > 0 {
		joins, order = l.field.to.orderSQL(l.query.order)
	}
	inner = append(inner, "row_number() over (partition by "+l.by+" order by "+order+") as position")
	outer = append(outer, "w.position")
	to := b.arg(int64(l.cut.To))
	cut := "w.position > " + b.arg(int64(l.cut.From)) + " and w.position <= " + to
	if l.cut.Last >= 0 {
		inner = append(inner, "count(*) over (partition by "+l.by+") as length")
		outer = append(outer, "w.length")
		cut += " and w.position > case when w.length < " + to + " then w.length else " + to + " end - " + b.arg(int64(l.cut.Last))
	}
	return "select " + strings.Join(outer, ", ") + " from (select " + strings.Join(inner, ", ") + " from " + l.from + joins + l.plan.joins.String() +
		" where " + l.where + only + ") w where " + cut + " order by w.owner_id, w.position limit " + strconv.Itoa(most)
}

// loadLists runs the statements of the lists for all owners at once.
func (r *Registry) loadLists(ctx context.Context, q db.Queryer, stretches []*stretch, owners [][]any, b *Budget) ([]map[int64]*List, error) {
	if len(stretches) == 0 {
		return nil, nil
	}
	all := make([]map[int64]*List, len(stretches))
	for i, l := range stretches {
		all[i] = map[int64]*List{}
		ids := ownerIDs(owners, l.owner)
		if len(ids) == 0 {
			continue
		}
		if err := l.load(ctx, r, q, ids, all[i], b); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", l.field.Name, l.field.entity.Name, err)
		}
	}
	return all, nil
}

func (l *stretch) load(ctx context.Context, r *Registry, q db.Queryer, ids db.IDs, into map[int64]*List, b *Budget) error {
	list := func(owner int64) *List {
		if into[owner] == nil {
			into[owner] = &List{Length: -1}
		}
		return into[owner]
	}
	if l.cut.Total {
		counted := builder{args: []any{ids}}
		counts, err := r.scan(ctx, q, []column{{kind: Integer}, {kind: Integer}}, false, l.totalSQL(l.only(ctx, r, &counted)), counted.args)
		if err != nil {
			return err
		}
		for _, row := range counts {
			list(row[0].(int64)).Length = int(row[1].(int64))
		}
	}
	if !l.cut.Rows {
		return nil
	}
	read := builder{args: []any{ids}}
	cols := append(slices.Clone(l.plan.cols), column{kind: Integer})
	if l.cut.Last >= 0 {
		cols = append(cols, column{kind: Integer})
	}
	only := l.only(ctx, r, &read)
	rows, err := r.scan(ctx, q, cols, true, l.rowsSQL(&read, only, b.left()+1), read.args) // one more than there may be, so that spend notices
	if err != nil {
		return err
	}
	if err := b.spend(len(rows)); err != nil {
		return err
	}
	inner, err := r.loadLists(ctx, q, l.lists, rows, b)
	if err != nil {
		return err
	}
	position, owner := len(l.plan.cols), len(cols)
	for _, slots := range rows {
		to := list(slots[owner].(int64))
		if len(to.Records) == 0 {
			to.From = int(slots[position].(int64)) - 1
			if l.cut.Last >= 0 {
				to.Length = int(slots[position+1].(int64))
			}
		}
		to.Records = append(to.Records, Record{l.view, slots, inner})
	}
	return nil
}
