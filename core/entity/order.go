package entity

import (
	"fmt"
	"slices"
	"strings"
)

type sort struct {
	name string
	by   []orderBy
}

type orderBy struct {
	path *path
	// sql over {t} instead of a path.
	sql  string
	desc bool
	// keeps is not turned around.
	keeps bool
}

func (e *Entity) compileOrder(text string, problem func(*Entity, string, ...any)) []orderBy {
	name := strings.TrimPrefix(text, "-")
	p, err := e.path(name)
	if err != nil {
		problem(e, "order: %v", err)
		return nil
	}
	for _, f := range p.steps[:len(p.steps)-1] {
		if f.Kind != Ref {
			problem(e, "order %s: %s does not lead to one record", text, f.Name)
			return nil
		}
	}
	return []orderBy{{path: p, desc: name != text}}
}

// parseOrdering ignores names that are not declared for the viewer (tpm §5), and those that were named before.
func (e *Entity) parseOrdering(v Viewer, values []string) []orderBy {
	var list []orderBy
	done := map[string]bool{}
	for _, text := range values {
		for _, term := range strings.Split(text, ",") {
			name := strings.TrimPrefix(strings.TrimSpace(term), "-")
			desc := strings.HasPrefix(strings.TrimSpace(term), "-")
			s := v.sort(e, name)
			if s == nil || done[name] {
				continue
			}
			done[name] = true
			for _, by := range s.by {
				by.desc = by.desc != (desc && !by.keeps)
				list = append(list, by)
			}
		}
	}
	return list
}

// ranked reports whether the order begins with a column of another record, to which every record on the way there leads; the row itself may lead to none.
func ranked(list []orderBy) bool {
	if len(list) == 0 || list[0].path == nil || len(list[0].path.steps) < 2 || !list[0].path.last().Stored() {
		return false
	}
	steps := list[0].path.steps
	return steps[0].Stored() && !slices.ContainsFunc(steps[1:len(steps)-1], func(f *Field) bool { return f.Null || !f.Stored() })
}

// firstSQL composes the ids of the first rows of a table, which is the entity's or that of its past, in the order of a query. After is the condition of afterSQL by how
// many terms are lost.
func (e *Entity) firstSQL(list []orderBy, table, where, bound string, after func(lost int) string, begin bool) string {
	if ranked(list) {
		return e.rankSQL(list, table, where, bound, after, begin)
	}
	joins, order := e.orderSQL(list)
	return "select * from (select t0.id as id from " + table + " t0" + joins + " where " + where + after(0) + " order by " + order + e.registry.engine.Limit(bound) + ") half0"
}

// rankSQL composes the same for an order that begins at another record. Put as an outer join, which it is, the order can only be found by
// sorting all rows; in two halves, the rows that have such a record and those that do not, the database can begin at the other record.
// With begin it must: SQLite knows too little of the rows to see that it pays.
func (e *Entity) rankSQL(list []orderBy, table, where, bound string, after func(lost int) string, begin bool) string {
	first := list[0].path.steps[0]
	_, order := e.orderSQL(list)
	mine, _ := e.orderSQL(list[:1])
	all, _ := e.orderSQL(list)
	others := strings.TrimPrefix(all, mine)
	half := func(from, order, where string) string {
		return "select * from (select t0.id as id from " + from + others + " where " + where + " order by " + order + e.registry.engine.Limit(bound) + ") "
	}
	from := table + " t0" + strings.ReplaceAll(mine, " left join ", " join ")
	if begin {
		from = fromRank(table, list[0].path.steps)
	}
	sql := half(from, order, where+after(0)) + "half1"
	if first.Null {
		lost := 1
		if ties(list, 0) {
			lost = 2
		}
		rest := strings.Join(strings.Split(order, ", ")[lost:], ", ")
		sql += " union all " + half(table+" t0", rest, where+after(lost)+" and "+first.sql("t0")+" is null") + "half2"
	}
	return sql
}

// fromRank joins the records of a path from its end to the row t0 of a table, in this order: SQLite keeps that of a cross join.
func fromRank(table string, steps []*Field) string {
	sql := ""
	for j := len(steps) - 2; j >= 0; j-- {
		alias, before := fmt.Sprintf("s0_%d", j), "t0"
		if j > 0 {
			before = fmt.Sprintf("s0_%d", j-1)
		}
		if sql == "" {
			sql = steps[j].to.Table + " " + alias
		}
		next := table
		if j > 0 {
			next = steps[j-1].to.Table
		}
		sql += fmt.Sprintf(" cross join %s %s on %s = %s.id%s", next, before, steps[j].sql(before), alias, steps[j].beside(alias, before))
	}
	return sql
}

// broad reports whether the conditions may leave many rows: those on values that many rows share, or behind relations.
func broad(list []Condition) bool {
	return !slices.ContainsFunc(list, func(c Condition) bool {
		f := c.filter.path.last()
		return len(c.filter.path.steps) == 1 && f.Kind != Bool && f.Kind != Choice && (c.filter.lookup == "exact" || c.filter.lookup == "in")
	})
}

// term is one expression that rows are ordered by.
type term struct {
	sql  string
	desc bool
	// null tells that rows may have no value.
	null bool
	// whole tells that the expression is of whole numbers, of whatever size the database thinks.
	whole bool
	// of has the kind of the values.
	of *Field
}

// String is the term in an order.
func (t term) String() string {
	if t.desc {
		return t.sql + " desc"
	}
	return t.sql
}

// orderSQL composes joins and terms of an order; the id makes it total.
func (e *Entity) orderSQL(list []orderBy) (joins, order string) {
	joins, terms := e.terms(list)
	texts := make([]string, len(terms))
	for i, t := range terms {
		texts[i] = t.String()
	}
	return joins, strings.Join(texts, ", ")
}

// ties reports whether the records of an order that ends at another record stand together by that record: what its records have equal does not order them, and those of
// one are in order already where an index leads to them. Else all of them would be sorted by id before the first is known.
func ties(list []orderBy, i int) bool {
	return i == len(list)-1 && list[i].path != nil && len(list[i].path.steps) > 1
}

// terms are the expressions of an order, of which the last is the id, and the joins that they need.
func (e *Entity) terms(list []orderBy) (joins string, terms []term) {
	if len(list) == 0 {
		list = e.order
	}
	lastDesc := false
	for i, o := range list {
		lastDesc = o.desc
		if o.sql != "" {
			terms = append(terms, term{sql: row(o.sql, "t0"), desc: o.desc, whole: true, of: wholeNumber})
			continue
		}
		alias, null := "t0", false
		for j, f := range o.path.steps {
			null = null || f.Null || !f.Stored()
			if j == len(o.path.steps)-1 {
				terms = append(terms, term{sql: f.sortSQL(alias), desc: o.desc, null: null, of: f.ordered()})
				if ties(list, i) {
					terms = append(terms, term{sql: alias + ".id", desc: o.desc, null: null, whole: true, of: wholeNumber})
				}
				break
			}
			next := fmt.Sprintf("s%d_%d", i, j)
			joins += fmt.Sprintf(" left join %s %s on %s.id = %s%s", f.to.Table, next, next, f.sql(alias), f.beside(next, alias))
			alias = next
		}
	}
	id := term{sql: "t0.id", desc: lastDesc, of: wholeNumber}
	if n := len(terms); n > 0 && terms[n-1].String() == id.String() {
		return joins, terms
	}
	return joins, append(terms, id)
}

var wholeNumber = &Field{Kind: Integer}

// ordered is what a field's values are as they are ordered by: without the rules for input, which what is stored may have been written before.
func (f *Field) ordered() *Field {
	if f.Folded != "" || f.Kind == Choice {
		return &Field{Kind: Text}
	}
	return &Field{Kind: f.Kind, Scale: f.Scale}
}
