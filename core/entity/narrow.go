package entity

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"almoner.dev/almoner/core/db"
)

// A list that is narrowed by what lies behind relations can be read in two ways: from there to the records, which is quick when few of them are led to, or
// through the records in order with a look behind the relation at each, which is quick when many are. Which of the two it is cannot be told from
// statistics of words, nor by a plan that is kept for all values, so it is tried, up to a bound: below it the records found lead, above it the page is near.
const (
	// maxLed is how many records a filter may lead to, and minLed how many it always may.
	maxLed = 5000
	minLed = 200
	// maxLeaves is how many texts of other records, each of which may lead to many, may contain a word before it counts as common. minLedByWord is how many records it
	// may always lead to, and maxByWord the most.
	maxLeaves    = 200
	minLedByWord = 4000
	maxByWord    = 50_000
	// pageRows is how many rows people look at.
	pageRows = 20
	// maxTried is how many words of a search are tried, the longest first.
	maxTried = 3
)

// common is from how many on, of n records, a word counts as common. A word that is looked for alone fills a page after about pageRows * n / m records, when m have it:
// to begin at it is quicker while m is less. When something else must hold as well, a page may never be full, and all records would be gone through: then a word of
// which one in twenty has it still leads.
func common(n int64, alone bool, least int) int {
	bound := n / pageRows
	if alone {
		bound = int64(math.Sqrt(float64(pageRows * n)))
	}
	return int(min(max(bound, int64(least)), maxByWord))
}

// narrowing is what Narrow found out about a query.
type narrowing struct {
	// led tells that ids are all that the conditions in done and the words in terms leave, and perhaps more that other conditions take away.
	led   bool
	ids   db.IDs
	done  map[*path]bool
	words map[string][]leaf
	// by is the word that the ids are of, "" for none.
	by string
}

// leaf is what is known of a word in the texts at the end of one path.
type leaf struct {
	path *path
	// many tells that the ids are not known, as they are too many.
	many bool
	ids  db.IDs
}

// Narrow finds out how a query is best read, in the snapshot in which it is then counted and read. It costs one statement and up to two more for each of the three longest
// words of a search, and one for each filter behind a list until one leads, which takes another, whatever the number of rows. A query that was not narrowed has the same result; the
// records of a parent are few, and are left as they are.
func (e *Entity) Narrow(ctx context.Context, q db.Queryer, v Viewer, query *Query) error {
	if query.Within != nil || e.reachesPast(v, *query) {
		return nil
	}
	n := &narrowing{done: map[*path]bool{}, words: map[string][]leaf{}}
	terms := slices.Clone(query.Terms)
	var last int64
	if len(terms) > 0 {
		if err := q.QueryRow(ctx, "select coalesce(max(id), 0) from "+e.Table).Scan(&last); err != nil {
			return fmt.Errorf("look how many %s there may be: %w", e.Name, err)
		}
	}
	alone := len(terms)+len(query.Conditions) == 1
	slices.SortStableFunc(terms, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	for _, term := range terms[:min(len(terms), maxTried)] {
		if err := e.narrowWord(ctx, q, v, n, term, func(least int) int { return common(last, alone, least) }); err != nil {
			return err
		}
		if n.led {
			break
		}
	}
	for _, c := range query.Conditions {
		if n.led {
			break
		}
		if n.done[c.filter.path] || !c.filter.path.leads() || c.filter.path.byThird() {
			continue
		}
		if err := e.narrowFilter(ctx, q, v, n, c.filter.path, query.Conditions); err != nil {
			return err
		}
	}
	query.narrowed = n
	return nil
}

// leads reports whether many records may lie behind the first step of the path.
func (p *path) leads() bool { return p.steps[0].Kind == Children || p.steps[0].Kind == Refs }

// byThird reports whether the way back leads through records that only share a third one.
func (p *path) byThird() bool {
	return slices.ContainsFunc(p.steps, func(f *Field) bool { return f.Own != "" })
}

func (e *Entity) narrowFilter(ctx context.Context, q db.Queryer, v Viewer, n *narrowing, p *path, all []Condition) error {
	var b builder
	sql := e.lead(&b, v, p.steps, 1, func(f *Field, rowAlias, value string) string {
		var list []string
		for _, c := range all {
			if c.filter.path == p {
				list = append(list, c.sql(e.registry, &b, f, rowAlias, value))
			}
		}
		return strings.Join(list, " and ")
	})
	// Counted first: most filters lead to more, of which none is then sent.
	var found, last int64
	counted, args := sql, b.args
	if len(p.steps) == 2 && p.steps[0].Kind == Children && p.steps[1].Kind == Refs {
		// Each of the pairs is of one record at most. They are counted without the children that they are of, all of which PostgreSQL may otherwise read.
		counted, args = e.pairs(p, all)
	}
	if err := q.QueryRow(ctx, fmt.Sprintf("select count(*), (select coalesce(max(id), 0) from %s) from (select * from (%s) led limit %d) few", e.Table, counted, maxLed+1), args...).Scan(&found, &last); err != nil {
		return fmt.Errorf("look how much a filter of %s leads to: %w", e.Name, err)
	}
	// Of n records of which m are led to, a page is full after about pageRows * n / m that are gone through in order: led to is quicker while m is less.
	if found > maxLed || found > minLed && found*found > pageRows*last {
		return nil
	}
	ids, err := e.few(ctx, q, sql, b.args, maxLed)
	if err != nil {
		return err
	}
	n.led, n.ids, n.done[p] = true, ids, true
	return nil
}

// pairs composes the statement of the pairs that the conditions on a path of Children and Refs find.
func (e *Entity) pairs(p *path, all []Condition) (sql string, args []any) {
	var b builder
	f := p.steps[1]
	var list []string
	for _, c := range all {
		if c.filter.path == p {
			list = append(list, c.sql(e.registry, &b, f, "n2", "n2."+f.Target))
		}
	}
	return "select n2." + f.Owner + " from " + f.Through + " n2 where " + strings.Join(list, " and "), b.args
}

func (e *Entity) narrowWord(ctx context.Context, q db.Queryer, v Viewer, n *narrowing, term string, common func(least int) int) error {
	leaves, err := e.leaves(ctx, q, term, common(maxLeaves))
	if err != nil {
		return err
	}
	n.words[term] = leaves
	var b builder
	var parts []string
	var ids db.IDs
	for _, l := range leaves {
		switch {
		case l.many:
			return nil
		case len(l.ids) == 0:
		case l.path.byThird():
			return nil
		case len(l.path.steps) == 1:
			ids = append(ids, l.ids...)
		default:
			of := b.arg(l.ids)
			parts = append(parts, e.lead(&b, v, l.path.steps, 1, func(_ *Field, rowAlias, _ string) string { return q.Engine().AnyID(rowAlias+".id", of) }))
		}
	}
	if len(parts) > 0 {
		bound := common(minLedByWord)
		more, err := e.few(ctx, q, strings.Join(parts, " union all "), b.args, bound)
		if err != nil || len(more) > bound {
			return err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	n.led, n.ids, n.by = true, slices.Compact(ids), term
	return nil
}

// leaves looks up a word in all texts that a search reads, in one statement; of more than maxLeaves in one place none is told, of the entity's own texts of more than own.
func (e *Entity) leaves(ctx context.Context, q db.Queryer, term string, own int) ([]leaf, error) {
	type place struct {
		table string
		field *Field
	}
	var b builder
	pattern := patterns{engine: q.Engine(), b: &b, text: term}
	list := make([]leaf, len(e.search))
	at := map[place][]int{}
	var parts []string
	for i, p := range e.search {
		list[i].path = p
		owner := e
		if len(p.steps) > 1 {
			owner = p.steps[len(p.steps)-2].to
		}
		key := place{owner.Table, p.last()}
		if at[key] = append(at[key], i); len(at[key]) > 1 {
			continue
		}
		k, most := fmt.Sprintf("w%d", i), p.most(own)
		find := ""
		if p.last().Indexed {
			find = q.Engine().FindIndexed(owner.Table, p.last().Folded, pattern.folded(), most+1)
		} else {
			find = fmt.Sprintf("select %s.id from %s %s where %s limit %d", k, owner.Table, k, pattern.in(p.last(), k, p.last().sql(k)), most+1)
		}
		parts = append(parts, fmt.Sprintf("select %d as leaf, f%d.id from (%s) f%d", i, i, find, i))
	}
	rows, err := q.Query(ctx, strings.Join(parts, " union all "), b.args...)
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var i int
		var id int64
		err := r.Scan(&i, &id)
		if err == nil {
			list[i].ids = append(list[i].ids, id)
		}
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("look up a word in the texts of %s: %w", e.Name, err)
	}
	for _, same := range at {
		for _, i := range same {
			list[i].ids = list[same[0]].ids
			if list[i].many = len(list[i].ids) > e.search[i].most(own); list[i].many {
				list[i].ids = nil
			}
		}
	}
	for i := range list {
		if list[i].many {
			list[i].ids = nil
		}
	}
	return list, nil
}

// most is how many texts at the end of the path may contain a word: own of the record's own ones.
func (p *path) most(own int) int {
	if len(p.steps) == 1 {
		return own
	}
	return maxLeaves
}

// few reads the ids of a statement, at most one more than the bound.
func (e *Entity) few(ctx context.Context, q db.Queryer, sql string, args []any, bound int) (db.IDs, error) {
	rows, err := q.Query(ctx, fmt.Sprintf("select * from (%s) led limit %d", sql, bound+1), args...)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("look where a filter of %s leads: %w", e.Name, err)
	}
	return ids, nil
}

// lead composes the statement of the ids of this entity's records from whose path pred is reached.
func (e *Entity) lead(b *builder, v Viewer, steps []*Field, depth int, pred func(f *Field, row, value string) string) string {
	f, final, k := steps[0], len(steps) == 1, fmt.Sprintf("n%d", depth)
	switch {
	case f.Kind == Refs && final:
		return fmt.Sprintf("select %s.%s from %s %s where %s", k, f.Owner, f.Through, k, pred(f, k, k+"."+f.Target))
	case f.Kind == Refs:
		return fmt.Sprintf("select %s.%s from %s %s where %s.%s in (%s)", k, f.Owner, f.Through, k, k, f.Target, f.to.lead(b, v, steps[1:], depth+1, pred))
	case f.Kind == Children && final:
		return fmt.Sprintf("select %s.%s from %s %s where %s%s", k, f.ForeignKey, f.to.Table, k, f.to.present(b, v, k), pred(f, k, k+".id"))
	case f.Kind == Children && steps[1].Kind == Ref && steps[1].Stored() && len(steps) == 2:
		// The workspace is that of the parent, which is asked for: without it an index of reference and parent is all that is read.
		return fmt.Sprintf("select %s.%s from %s %s where %s%s", k, f.ForeignKey, f.to.Table, k, pred(steps[1], k, steps[1].sql(k)), f.to.alive(k))
	case f.Kind == Children && steps[1].Kind != Refs && steps[1].Kind != Children:
		return fmt.Sprintf("select %s.%s from %s %s where %s%s", k, f.ForeignKey, f.to.Table, k, f.to.present(b, v, k), f.to.reaches(b, v, k, steps[1:], depth+1, pred))
	case f.Kind == Children && steps[1].Kind == Refs && len(steps) == 2 && e.registry.engine == db.SQLite:
		// A join in this order, which ends with the limit, as SQLite would gather the whole set first. PostgreSQL would rather read all of a table for a join.
		pairs, p := steps[1], fmt.Sprintf("n%d", depth+1)
		return fmt.Sprintf("select %s.%s from %s %s cross join %s %s on %s.id = %s.%s where %s%s",
			k, f.ForeignKey, pairs.Through, p, f.to.Table, k, k, p, pairs.Owner, f.to.present(b, v, k), pred(pairs, p, p+"."+pairs.Target))
	case f.Kind == Children:
		return fmt.Sprintf("select %s.%s from %s %s where %s%s.id in (%s)", k, f.ForeignKey, f.to.Table, k, f.to.present(b, v, k), k, f.to.lead(b, v, steps[1:], depth+1, pred))
	}
	return fmt.Sprintf("select %s.id from %s %s where %s%s", k, e.Table, k, e.present(b, v, k), e.reaches(b, v, k, steps, depth+1, pred))
}

// reaches composes the condition that pred holds at the end of a path that begins with a field of the row itself.
func (e *Entity) reaches(b *builder, v Viewer, alias string, steps []*Field, depth int, pred func(f *Field, row, value string) string) string {
	f := steps[0]
	if len(steps) == 1 {
		return pred(f, alias, f.sql(alias))
	}
	return fmt.Sprintf("%s in (%s)", f.sql(alias), f.to.lead(b, v, steps[1:], depth, pred))
}

// present is the condition on rows that are in the workspace and not deleted, with an and behind it; "" for none.
func (e *Entity) present(b *builder, v Viewer, alias string) string {
	sql := ""
	if !e.Global {
		sql = alias + ".workspace_id = " + b.arg(v.Actor.Workspace.ID) + " and "
	}
	if living := e.living(alias); living != "" {
		sql += living + " and "
	}
	return sql
}
