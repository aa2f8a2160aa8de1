package entity

import (
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner/core/access"
)

// builder composes one statement: text and arguments grow together, so that a value never becomes part of the text.
type builder struct {
	strings.Builder
	args []any
}

// arg adds a value and returns its placeholder.
func (b *builder) arg(v any) string {
	b.args = append(b.args, v)
	return fmt.Sprintf("$%d", len(b.args))
}

// row puts the alias of a row into SQL written over {t}.
func row(sql, alias string) string { return strings.ReplaceAll(sql, "{t}", alias) }

// plan is a compiled selection of one entity: what to select, what to join and how to write the result.
type plan struct {
	entity *Entity
	cols   []column
	joins  strings.Builder
	joined map[string]string
	outs   []*out
	many   []*many
	// head is the finished `select … from … joins` of a top-level plan.
	head string
	// list is the part of the head before the table.
	list string
}

type column struct {
	sql  string
	kind Kind
	// scale is that of a Decimal.
	scale uint8
}

// out is one key of a JSON object.
type out struct {
	key  string
	name string
	op   op
	kind Kind
	// slot is the value's column; for a to-one object the column of its id, which tells whether there is one; for a list that of its owner's id.
	slot int
	sub  []*out
	many int
	// single is set for a list that is shown as its only record.
	single bool
}

type op uint8

const (
	opValue op = iota
	opGroup
	opOne
	opMany
)

// many is the statement of a to-many relation: its first column is the owner's id.
type many struct {
	field *Field
	// plan is nil when only ids are asked for.
	plan *plan
	// owner is the slot of the id of the record whose list this is: the row itself, or one that it refers to.
	owner int
	// sql and order are the statement; sql has one placeholder, the ids of the owners.
	sql, order string
}

type planKey struct {
	entity *Entity
	shape  string
	set    access.Set
	policy *access.Policy
	all    bool
	fields bool
	// overlay is what the viewer looks through, extended shows what is else only shown when asked for.
	overlay  *Overlay
	extended bool
}

func (v Viewer) planKey(e *Entity, shape string) planKey {
	return planKey{e, shape, v.Set, v.Policy, v.Trusted, v.AllFields, v.overlay, v.Extended}
}

// maxPlans bounds the cache; contexts are few (roles × states × relations), so this is a guard, not a tuning knob.
const maxPlans = 4096

// plan returns the compiled plan of a named shape for a viewer.
func (r *Registry) plan(e *Entity, shape string, v Viewer) (*plan, error) {
	key := v.planKey(e, shape)
	if p, ok := r.plans.Load(key); ok {
		return p.(*plan), nil
	}
	list, err := r.seen(v, e, shape)
	if err != nil {
		return nil, err
	}
	p := r.compile(e, list, v)
	if r.planned.Add(1) > maxPlans {
		r.plans.Clear()
		r.planned.Store(1)
	}
	r.plans.Store(key, p)
	return p, nil
}

// compile makes the plan of a checked selection for a viewer: fields asked for ∩ fields seen.
func (r *Registry) compile(e *Entity, list []*selection, v Viewer) *plan {
	p := &plan{entity: e, joined: map[string]string{"": "t0"}}
	p.column("t0.id", Integer)
	p.outs = r.compileOuts(p, e, "t0", "", list, nil, v)
	p.finish()
	return p
}

// finish composes the head of a top-level plan of which all columns are known.
func (p *plan) finish() {
	cols := make([]string, len(p.cols))
	for i, c := range p.cols {
		cols[i] = c.sql
	}
	p.list = "select " + strings.Join(cols, ", ") + " from "
	p.head = p.over(p.entity.Table)
}

// over is the head of the plan when it reads another table that has the columns of the entity's.
func (p *plan) over(table string) string { return p.list + table + " t0" + p.joins.String() }

func (p *plan) column(sql string, kind Kind) int { return p.add(column{sql: sql, kind: kind}) }

// value adds the column of a field's value over a row.
func (p *plan) value(f *Field, alias string) int {
	return p.add(column{f.sql(alias), f.column(), f.Scale})
}

func (p *plan) add(c column) int {
	if i := slices.Index(p.cols, c); i >= 0 {
		return i
	}
	p.cols = append(p.cols, c)
	return len(p.cols) - 1
}

// join returns the alias of the record that a to-one field of the row at path leads to, joining it on first use.
func (p *plan) join(path string, f *Field) (alias, joinedPath string) {
	joinedPath = path + "." + f.Name
	if a, ok := p.joined[joinedPath]; ok {
		return a, joinedPath
	}
	alias = fmt.Sprintf("j%d", len(p.joined))
	fmt.Fprintf(&p.joins, " left join %s %s on %s.id = %s", f.to.Table, alias, alias, f.sql(p.joined[path]))
	p.joined[joinedPath] = alias
	return alias, joinedPath
}

// sql is the field's value over a row.
func (f *Field) sql(alias string) string {
	if f.Expr != "" {
		return "(" + row(f.Expr, alias) + ")"
	}
	return alias + "." + f.Column
}

// compileOuts compiles a selection over a row. Whole is what the list was pruned from, nil when it was not; nil says that the record is not shown.
func (r *Registry) compileOuts(p *plan, e *Entity, alias, path string, list, whole []*selection, v Viewer) []*out {
	outs := []*out{}
	others := false
	for _, s := range list {
		if s.asked {
			continue
		}
		if s.group {
			sub := r.compileOuts(p, e, alias, path, s.sub, s.whole, v)
			if len(sub) > 0 || s.whole != nil && len(r.outline(e, s.whole, v)) > 0 {
				outs = append(outs, newOut(s.name, out{op: opGroup, sub: sub}))
				others = true
			}
			continue
		}
		at, atAlias, atPath := e, alias, path
		var f *Field
		seen := true
		for i := range s.path {
			f = s.step(at, i)
			if !v.Sees(f) {
				seen = false
				break
			}
			if i < len(s.path)-1 {
				atAlias, atPath = p.join(atPath, f)
				at = f.to
			}
		}
		if !seen {
			continue
		}
		if o := r.compileOut(p, f, atAlias, atPath, s, v); o != nil {
			outs = append(outs, o)
			others = others || f.Name != "id"
		}
	}
	if e.Ruled && !others || len(outs) == 0 {
		if whole == nil || len(r.outline(e, whole, v)) == 0 {
			return nil // an object of which nothing but its id could be seen is not shown at all (tpm §4.1-7)
		}
	}
	return outs
}

func (r *Registry) compileOut(p *plan, f *Field, alias, path string, s *selection, v Viewer) *out {
	sub := s.sub
	if s.shape != "" {
		sub, _ = r.shape(v.overlay, f.to, s.shape) // checked by Compile
	}
	switch {
	case f.Kind == Refs || f.Kind == Children:
		m := &many{field: f, owner: p.column(f.ownSQL(alias), Integer)}
		if sub != nil {
			m.plan = &plan{entity: f.to, joined: map[string]string{"": "t0"}}
			m.plan.column("t0.id", Integer)
			if m.plan.outs = r.compileOuts(m.plan, f.to, "t0", "", sub, s.whole, v); m.plan.outs == nil {
				return nil
			}
		}
		m.sql, m.order = r.manySQL(f, m.plan)
		p.many = append(p.many, m)
		return newOut(s.name, out{op: opMany, many: len(p.many) - 1, slot: m.owner, single: f.Single})
	case f.Kind == Ref && sub != nil:
		joined, joinedPath := p.join(path, f)
		outs := r.compileOuts(p, f.to, joined, joinedPath, sub, s.whole, v)
		if outs == nil {
			return nil
		}
		return newOut(s.name, out{op: opOne, slot: p.column(joined+".id", Integer), sub: outs})
	}
	return newOut(s.name, out{op: opValue, kind: f.Kind, slot: p.value(f, alias)})
}

func newOut(name string, o out) *out {
	o.name = name
	o.key = string(appendString(nil, name)) + ":"
	return &o
}

// ownSQL is the id, over a row, that the list of a to-many field hangs on.
func (f *Field) ownSQL(alias string) string {
	if f.Own != "" {
		return f.entity.fields[f.Own].sql(alias)
	}
	return alias + ".id"
}

// manySQL composes the statement of a to-many relation, its order apart. Its only placeholder, $1, takes the ids of the owners.
func (r *Registry) manySQL(f *Field, p *plan) (sql, order string) {
	owner, from, where := r.manyParts(f)
	cols := []string{owner, "t0.id"}
	joins := ""
	if p != nil {
		cols = []string{owner}
		for _, c := range p.cols {
			cols = append(cols, c.sql)
		}
		joins = p.joins.String()
	}
	return "select " + strings.Join(cols, ", ") + " from " + from + joins + " where " + where, " order by " + owner + ", " + f.to.childOrder()
}

// manyParts are the owner's id, the tables and the condition of a to-many relation: t0 is the record that it leads to, $1 takes
// the ids of the owners. What Only of the field says is not in it, as that differs by actor: add Field.only behind the condition.
func (r *Registry) manyParts(f *Field) (owner, from, where string) {
	to := f.to
	alive := to.alive("t0")
	switch {
	case f.Kind == Children:
		owner = "t0." + f.ForeignKey
		return owner, to.Table + " t0", r.engine.AnyID(owner, "$1") + alive
	case f.Via != "":
		return "x.owner_id", "(" + r.viaSQL(f) + ") x join " + to.Table + " t0 on t0.id = x.target_id", "true" + alive
	}
	owner = "x." + f.Owner
	return owner, f.Through + " x join " + to.Table + " t0 on t0.id = x." + f.Target, r.engine.AnyID(owner, "$1") + alive
}

// childOrder is the order of an entity's rows inside another record: the first plain columns of its default order, then the id.
func (e *Entity) childOrder() string {
	var terms []string
	for _, o := range e.Order {
		name := strings.TrimPrefix(o, "-")
		f := e.fields[name]
		if f == nil || !f.Stored() {
			break
		}
		term := f.sortSQL("t0")
		if o != name {
			term += " desc"
		}
		terms = append(terms, term)
	}
	return strings.Join(append(terms, "t0.id"), ", ")
}

// sortSQL is the field's value over a row in the form that orders well for people.
func (f *Field) sortSQL(alias string) string {
	if folded := f.foldedSQL(alias); folded != "" {
		return folded
	}
	return f.sql(alias)
}

// viaSQL composes the pairs of owner and distinct target at the end of a path of relations, for the owners in $1.
func (r *Registry) viaSQL(f *Field) string {
	var from, where []string
	add := func(table, alias, on string) {
		if len(from) == 0 {
			from = append(from, table+" "+alias)
		} else {
			from = append(from, "join "+table+" "+alias+" on "+on)
		}
	}
	at := f.entity
	// id is the SQL of the id reached so far; known is the alias of its row, "" while only its id is at hand.
	owner, id, known := "", "", ""
	for i, name := range strings.Split(f.Via, ".") {
		step := at.fields[name]
		alias := fmt.Sprintf("k%d", i+1)
		switch step.Kind {
		case Children:
			add(step.to.Table, alias, alias+"."+step.ForeignKey+" = "+id)
			if owner == "" {
				owner = alias + "." + step.ForeignKey
			}
			if living := step.to.living(alias); living != "" {
				where = append(where, living)
			}
			id, known = alias+".id", alias
		case Refs:
			add(step.Through, alias, alias+"."+step.Owner+" = "+id)
			if owner == "" {
				owner = alias + "." + step.Owner
			}
			id, known = alias+"."+step.Target, ""
		default:
			if known == "" {
				add(at.Table, alias, alias+".id = "+id)
				if owner == "" {
					owner = alias + ".id"
				}
				known = alias
			}
			id, known = step.sql(known), ""
		}
		at = step.to
	}
	where = append(where, r.engine.AnyID(owner, "$1"), id+" is not null")
	return "select distinct " + owner + " as owner_id, " + id + " as target_id from " + strings.Join(from, " ") + " where " + strings.Join(where, " and ")
}
