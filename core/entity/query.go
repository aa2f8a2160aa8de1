package entity

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// path is a compiled chain of fields; all but the last are relations.
type path struct{ steps []*Field }

func (e *Entity) path(text string) (*path, error) {
	p := &path{}
	at := e
	names := strings.Split(text, ".")
	for i := 0; i < len(names); i++ {
		if at == nil {
			return nil, fmt.Errorf("%q goes on after a field that is no relation", text)
		}
		f := at.fields[names[i]]
		if f == nil {
			return nil, fmt.Errorf("%s has no field %q", at.Name, names[i])
		}
		if f.Via != "" {
			names = slices.Concat(strings.Split(f.Via, "."), names[i+1:])
			i = -1
			continue
		}
		if f.Only != nil {
			return nil, fmt.Errorf("%q leads through %s, which shows each actor something else", text, f.Name)
		}
		p.steps = append(p.steps, f)
		at = f.to
	}
	return p, nil
}

func (p *path) last() *Field { return p.steps[len(p.steps)-1] }

// where composes the condition that the value at the end of the path, reached from the row at alias, satisfies pred.
func (p *path) where(alias string, pred func(f *Field, row, value string) string) string {
	return whereSteps(p.steps, alias, 1, pred)
}

func whereSteps(steps []*Field, alias string, depth int, pred func(f *Field, row, value string) string) string {
	f, final := steps[0], len(steps) == 1
	k := fmt.Sprintf("%sf%d", alias, depth)
	alive := ""
	if f.to != nil && f.to.SoftDelete {
		alive = " and {k}.deleted_at is null"
	}
	rest := func(row string) string { return whereSteps(steps[1:], row, depth+1, pred) }
	switch {
	case f.Kind == Refs && final:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s.id and %s)", f.Through, k, k, f.Owner, alias, pred(f, k, k+"."+f.Target))
	case f.Kind == Refs:
		return fmt.Sprintf("exists (select 1 from %s %s join %s %sr on %sr.id = %s.%s where %s.%s = %s.id%s and %s)",
			f.Through, k, f.to.Table, k, k, k, f.Target, k, f.Owner, alias, strings.ReplaceAll(alive, "{k}", k+"r"), rest(k+"r"))
	case f.Kind == Children && final:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s%s and %s)", f.to.Table, k, k, f.ForeignKey, f.ownSQL(alias), strings.ReplaceAll(alive, "{k}", k), pred(f, k, k+".id"))
	case f.Kind == Children:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s%s and %s)", f.to.Table, k, k, f.ForeignKey, f.ownSQL(alias), strings.ReplaceAll(alive, "{k}", k), rest(k))
	case final:
		return pred(f, alias, f.sql(alias))
	default:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.id = %s%s and %s)", f.to.Table, k, k, f.sql(alias), strings.ReplaceAll(alive, "{k}", k), rest(k))
	}
}

// anywhere composes the same condition for use between others joined by or: as sets of ids that the database works out once for the whole
// statement, instead of anew for each row.
func (p *path) anywhere(alias string, pred func(f *Field, row, value string) string) string {
	return anywhereSteps(p.steps, alias, 1, pred)
}

func anywhereSteps(steps []*Field, alias string, depth int, pred func(f *Field, row, value string) string) string {
	f := steps[0]
	if len(steps) == 1 {
		return whereSteps(steps, alias, depth, pred)
	}
	k := fmt.Sprintf("%sg%d", alias, depth)
	rest := anywhereSteps(steps[1:], k, depth+1, pred)
	if f.to.SoftDelete {
		rest += " and " + k + ".deleted_at is null"
	}
	switch f.Kind {
	case Refs:
		return fmt.Sprintf("%s.id in (select %sx.%s from %s %sx where %sx.%s in (select %s.id from %s %s where %s))",
			alias, k, f.Owner, f.Through, k, k, f.Target, k, f.to.Table, k, rest)
	case Children:
		return fmt.Sprintf("%s.id in (select %s.%s from %s %s where %s)", alias, k, f.ForeignKey, f.to.Table, k, rest)
	}
	return fmt.Sprintf("%s in (select %s.id from %s %s where %s)", f.sql(alias), k, f.to.Table, k, rest)
}

// filter is one compiled parameter of a list.
type filter struct {
	param  string
	path   *path
	lookup string
}

type sort struct {
	name string
	by   []orderBy
}

type orderBy struct {
	path *path
	// sql over {t} instead of a path.
	sql  string
	desc bool
}

var lookups = []string{"exact", "in", "lt", "lte", "gt", "gte", "isnull", "icontains", "year"}

func (e *Entity) compileQueries(problem func(*Entity, string, ...any)) {
	e.filters, e.sorts = map[string]*filter{}, map[string]*sort{}
	for _, declared := range e.Filters {
		p, err := e.path(declared.Path)
		if err != nil {
			problem(e, "filter %s: %v", declared.Path, err)
			continue
		}
		base := declared.Name
		if base == "" {
			base = strings.ReplaceAll(declared.Path, ".", "__")
		}
		kinds := strings.Fields(declared.Lookups)
		if len(kinds) == 0 {
			kinds = []string{"exact"}
		}
		for _, lookup := range kinds {
			switch {
			case !slices.Contains(lookups, lookup):
				problem(e, "filter %s: there is no lookup %q", declared.Path, lookup)
			case lookup == "icontains" && !p.last().textual():
				problem(e, "filter %s: icontains needs a text", declared.Path)
			case lookup == "isnull" && !p.last().Stored():
				problem(e, "filter %s: isnull needs a stored field at the end", declared.Path)
			case lookup == "year" && p.last().Kind != Date && p.last().Kind != Time:
				problem(e, "filter %s: year needs a date or a time", declared.Path)
			}
			param := base
			if lookup != "exact" && declared.Name == "" {
				param += "__" + lookup
			}
			if e.filters[param] != nil {
				problem(e, "filter %s: the parameter %s is declared twice", declared.Path, param)
			}
			e.filters[param] = &filter{param, p, lookup}
		}
	}
	for _, declared := range e.Sorts {
		s := &sort{name: declared.Name}
		for _, text := range declared.By {
			s.by = append(s.by, e.compileOrder(text, problem)...)
		}
		for _, sql := range declared.SQL {
			s.by = append(s.by, orderBy{sql: sql})
		}
		e.sorts[declared.Name] = s
	}
	for _, text := range e.Order {
		e.order = append(e.order, e.compileOrder(text, problem)...)
	}
	for _, text := range e.Search {
		p, err := e.path(text)
		if err != nil {
			problem(e, "search: %v", err)
			continue
		}
		if !p.last().textual() {
			problem(e, "search %s: only text can be searched", text)
			continue
		}
		e.search = append(e.search, p)
	}
	for _, f := range e.Fields {
		if f.Via != "" {
			p, err := e.path(f.Name)
			if err != nil {
				problem(e, "field %s: %v", f.Name, err)
				continue
			}
			for _, step := range p.steps {
				if step.Own != "" {
					problem(e, "field %s: the way leads through %s, whose records hang on a third one", f.Name, step.Name)
				}
			}
		}
	}
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

// Condition is one parsed filter.
type Condition struct {
	filter *filter
	value  any
}

// Query is a parsed request for a list.
type Query struct {
	// Shape is the named selection of each row.
	Shape string
	// Keys leaves only a part of it; nil is all.
	Keys       *Keys
	Conditions []Condition
	// Terms are the folded words to search for; all of them must be found.
	Terms []string
	// Limit of 0 means all rows.
	Limit, Offset int
	// Only narrows the list further: SQL over {t}, "" for no limit.
	Only func(a *almoner.Actor, arg func(any) string) string
	// Within is the same for the rows of a parent record.
	Within func(a *almoner.Actor, arg func(any) string) string
	order  []orderBy
	// narrowed is what Narrow found out; nil when it was not asked.
	narrowed *narrowing
}

// ParseQuery reads filters, `search` and `ordering` from the parameters of a request. Parameters that the entity does not
// declare are returned for the caller to use or refuse. Invalid values are reported together, by parameter.
func (e *Entity) ParseQuery(params url.Values) (q Query, others []string, err error) {
	var problems almoner.Problems
	for _, name := range sortedKeys(params) {
		values := params[name]
		switch {
		case name == "search":
			if len(e.search) == 0 {
				others = append(others, name)
				continue
			}
			q.search(name, values, &problems)
		case name == "ordering":
			q.order = e.parseOrdering(values)
		default:
			f, ok := e.filters[name]
			if !ok {
				others = append(others, name)
				continue
			}
			c, bad := f.parse(values)
			if bad != nil {
				bad.Path = name
				problems.AddWith(name, bad.Code, bad.Message, bad.Params)
			} else if c.filter != nil {
				q.Conditions = append(q.Conditions, c)
			}
		}
	}
	return q, others, problems.Err()
}

// search reads the words of a parameter.
func (q *Query) search(name string, values []string, problems *almoner.Problems) {
	for _, v := range values {
		if bad := badText(v); bad != nil {
			problems.Add(name, bad.Code, bad.Message)
			continue
		}
		for _, term := range strings.Fields(db.Fold(v)) {
			if !slices.Contains(q.Terms, term) {
				q.Terms = append(q.Terms, term)
			}
		}
	}
	if len(q.Terms) > maxTerms || slices.ContainsFunc(q.Terms, func(term string) bool { return len(term) > maxTerm }) {
		problems.AddWith(name, "search_too_long", fmt.Sprintf("Search for at most %d words.", maxTerms), map[string]string{"max": strconv.Itoa(maxTerms)})
	}
}

func sortedKeys(params url.Values) []string {
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// maxTerms, maxTerm and maxValues bound what one request can ask the database for, well above what people type.
const (
	maxTerms  = 20
	maxTerm   = 1000
	maxValues = 1000
)

// parseOrdering ignores names that are not declared (tpm §5), and those that were named before.
func (e *Entity) parseOrdering(values []string) []orderBy {
	var list []orderBy
	done := map[string]bool{}
	for _, v := range values {
		for _, term := range strings.Split(v, ",") {
			name := strings.TrimPrefix(strings.TrimSpace(term), "-")
			desc := strings.HasPrefix(strings.TrimSpace(term), "-")
			s := e.sorts[name]
			if s == nil || done[name] {
				continue
			}
			done[name] = true
			for _, by := range s.by {
				by.desc = by.desc != desc
				list = append(list, by)
			}
		}
	}
	return list
}

// parse reads the values of a repeated parameter; those of a list are joined by commas.
func (f *filter) parse(values []string) (Condition, *almoner.FieldError) {
	var texts []string
	for _, v := range values {
		if f.lookup == "in" {
			for _, part := range strings.Split(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					texts = append(texts, part)
				}
			}
		} else if v != "" {
			texts = append(texts, v)
		}
	}
	return f.condition(texts)
}

// condition reads values one by one.
func (f *filter) condition(texts []string) (Condition, *almoner.FieldError) {
	field := f.path.last()
	if len(texts) == 0 {
		return Condition{}, nil // an empty parameter is no filter
	}
	switch f.lookup {
	case "isnull":
		v, ok := parseBool(texts[0])
		if !ok {
			return Condition{}, &almoner.FieldError{Code: "not_a_boolean", Message: "Must be a valid boolean."}
		}
		return Condition{f, v}, nil
	case "icontains":
		if bad := badText(texts[0]); bad != nil {
			return Condition{}, bad
		}
		if len(texts[0]) > maxTerm {
			return Condition{}, &almoner.FieldError{Code: "too_long", Message: fmt.Sprintf("Ensure this field has no more than %d characters.", maxTerm), Params: map[string]string{"max": strconv.Itoa(maxTerm)}}
		}
		return Condition{f, db.Fold(texts[0])}, nil
	case "year":
		n, err := strconv.Atoi(texts[0])
		if err != nil || n < 1 || n > 9998 {
			return Condition{}, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return Condition{f, n}, nil
	}
	list := make([]any, 0, len(texts))
	seen := make(map[any]bool, len(texts))
	for _, text := range texts {
		v, bad := field.parseText(text)
		if bad != nil {
			return Condition{}, bad
		}
		if !seen[v] {
			seen[v] = true
			list = append(list, v)
		}
	}
	if _, isID := list[0].(int64); len(list) > maxValues && !isID {
		return Condition{}, &almoner.FieldError{Code: "too_many_values", Message: fmt.Sprintf("Ask for at most %d values.", maxValues), Params: map[string]string{"max": strconv.Itoa(maxValues)}}
	}
	if f.lookup == "exact" || f.lookup == "in" {
		return Condition{f, list}, nil
	}
	return Condition{f, list[0]}, nil
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1", "yes", "on":
		return true, true
	case "false", "0", "no", "off":
		return false, true
	}
	return false, false
}

// parseText reads a value of the field from the text of a query parameter.
func (f *Field) parseText(text string) (any, *almoner.FieldError) {
	switch f.Kind {
	case Integer, Ref, Refs, Children:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return n, nil
	case Number:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return n, nil
	case Bool:
		v, ok := parseBool(text)
		if !ok {
			return nil, &almoner.FieldError{Code: "not_a_boolean", Message: "Must be a valid boolean."}
		}
		return v, nil
	case Date:
		d, err := almoner.ParseDate(text)
		if err != nil {
			return nil, &almoner.FieldError{Code: "bad_date_filter", Message: "Enter a valid date."}
		}
		return d, nil
	case Choice:
		for _, c := range f.Choices {
			if c.Value == text {
				return text, nil
			}
		}
		return nil, &almoner.FieldError{Code: "not_a_choice", Message: fmt.Sprintf("Select a valid choice. %s is not one of the available choices.", clip(text)), Params: map[string]string{"value": clip(text)}}
	case Time:
		t, err := parseTime(text)
		if err != nil {
			return nil, &almoner.FieldError{Code: "bad_datetime_filter", Message: "Enter a valid date/time."}
		}
		return t, nil
	}
	if bad := badText(text); bad != nil {
		return nil, bad
	}
	return text, nil
}

// clip shortens a value that goes into a message, so that a hostile megabyte is not sent back.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// sql composes the condition. Conditions over the same path are composed together, so that both ends of a range are asked of
// one and the same task.
func (e *Entity) whereConditions(r *Registry, b *builder, conditions []Condition, n *narrowing) []string {
	var where []string
	done := map[*path]bool{}
	if n != nil {
		maps.Copy(done, n.done)
	}
	for _, c := range conditions {
		p := c.filter.path
		if done[p] {
			continue
		}
		done[p] = true
		where = append(where, p.where("t0", func(f *Field, rowAlias, value string) string {
			var all []string
			for _, other := range conditions {
				if other.filter.path == p {
					all = append(all, other.sql(r, b, f, rowAlias, value))
				}
			}
			return "(" + strings.Join(all, " and ") + ")"
		}))
	}
	return where
}

func (c Condition) sql(r *Registry, b *builder, f *Field, rowAlias, value string) string {
	switch c.filter.lookup {
	case "isnull":
		if c.value.(bool) {
			return value + " is null"
		}
		return value + " is not null"
	case "icontains":
		return (&patterns{engine: r.engine, b: b, text: c.value.(string)}).in(f, rowAlias, value)
	case "year":
		year := c.value.(int)
		first, next := almoner.NewDate(year, 1, 1), almoner.NewDate(year+1, 1, 1)
		if f.Kind == Time {
			return fmt.Sprintf("%s >= %s and %s < %s", value, b.arg(first.Time()), value, b.arg(next.Time()))
		}
		return fmt.Sprintf("%s >= %s and %s < %s", value, b.arg(first), value, b.arg(next))
	case "lt", "lte", "gt", "gte":
		operator := map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}[c.filter.lookup]
		return value + " " + operator + " " + b.arg(c.value)
	}
	list := c.value.([]any)
	if len(list) == 1 {
		return value + " = " + b.arg(list[0])
	}
	switch list[0].(type) {
	case int64:
		ids := make(db.IDs, len(list))
		for i, v := range list {
			ids[i] = v.(int64)
		}
		return r.engine.AnyID(value, b.arg(ids))
	case string:
		texts := make(db.Texts, len(list))
		for i, v := range list {
			texts[i] = v.(string)
		}
		return r.engine.AnyText(value, b.arg(texts))
	}
	marks := make([]string, len(list))
	for i, v := range list {
		marks[i] = b.arg(v)
	}
	return value + " in (" + strings.Join(marks, ", ") + ")"
}

// textual reports whether the field's values are text in the database.
func (f *Field) textual() bool {
	return f.Kind == Text || f.Kind == LongText || f.Kind == Email || f.Kind == URL || f.Kind == Choice
}

func likePattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// whereSearch composes: every term is found in at least one of the searched fields.
func (e *Entity) whereSearch(b *builder, terms []string, n *narrowing) []string {
	var where []string
	for i, term := range terms {
		if n != nil && n.by == term {
			continue // the ids are all that has it
		}
		pattern := patterns{engine: e.registry.engine, b: b, text: term}
		var any []string
		if leaves, tried := n.leavesOf(term); tried {
			for j, l := range leaves {
				switch {
				case l.many:
					any = append(any, l.path.probe(fmt.Sprintf("p%d_%d", i, j), pattern.in))
				case len(l.ids) > 0:
					ids := b.arg(l.ids)
					any = append(any, l.path.probe(fmt.Sprintf("p%d_%d", i, j), func(_ *Field, rowAlias, _ string) string { return e.registry.engine.AnyID(rowAlias+".id", ids) }))
				}
			}
			where = append(where, "("+strings.Join(append(any, "1 = 0"), " or ")+")")
			continue
		}
		for j, p := range e.search {
			if n != nil {
				any = append(any, p.probe(fmt.Sprintf("p%d_%d", i, j), pattern.in))
			} else {
				any = append(any, p.anywhere("t0", pattern.in))
			}
		}
		where = append(where, "("+strings.Join(any, " or ")+")")
	}
	return where
}

// probe composes the condition over the row t0 for a look behind the relation at one row after the other: in a form of which PostgreSQL does not make
// a table of all that there is.
func (p *path) probe(k string, pred func(f *Field, row, value string) string) string {
	if len(p.steps) == 1 {
		return pred(p.steps[0], "t0", p.steps[0].sql("t0"))
	}
	f := p.steps[0]
	if !p.leads() {
		return fmt.Sprintf("(select true from %s %s where %s.id = %s%s and %s limit 1)", f.to.Table, k, k, f.sql("t0"), f.to.alive(k), whereSteps(p.steps[1:], k, 2, pred))
	}
	if f.Kind == Refs {
		return fmt.Sprintf("(select true from %s %s join %s %sr on %sr.id = %s.%s where %s.%s = t0.id%s and %s limit 1)",
			f.Through, k, f.to.Table, k, k, k, f.Target, k, f.Owner, f.to.alive(k+"r"), whereSteps(p.steps[1:], k+"r", 2, pred))
	}
	return fmt.Sprintf("(select true from %s %s where %s.%s = %s%s and %s limit 1)", f.to.Table, k, k, f.ForeignKey, f.ownSQL("t0"), f.to.alive(k), whereSteps(p.steps[1:], k, 2, pred))
}

// alive is the condition on rows that are not deleted, with an and before it; "" when none ever are.
func (e *Entity) alive(alias string) string {
	if !e.SoftDelete {
		return ""
	}
	return " and " + alias + ".deleted_at is null"
}

// leavesOf returns what was found out about a word, false when it was not tried.
func (n *narrowing) leavesOf(term string) ([]leaf, bool) {
	if n == nil {
		return nil, false
	}
	leaves, ok := n.words[term]
	return leaves, ok
}

// ranked reports whether the order begins with a column of another record, to which every record on the way there leads; the row itself may lead to none.
func ranked(list []orderBy) bool {
	if len(list) == 0 || list[0].path == nil || len(list[0].path.steps) < 2 || !list[0].path.last().Stored() {
		return false
	}
	steps := list[0].path.steps
	return steps[0].Stored() && !slices.ContainsFunc(steps[1:len(steps)-1], func(f *Field) bool { return f.Null || !f.Stored() })
}

// rankSQL composes the ids of the first rows in an order that begins at another record. Put as an outer join, which it is, the order can only be found by
// sorting all rows; in two halves, the rows that have such a record and those that do not, the database can begin at the other record.
// With begin it must: SQLite knows too little of the rows to see that it pays.
func (e *Entity) rankSQL(list []orderBy, where, bound string, begin bool) string {
	first := list[0].path.steps[0]
	_, order := e.orderSQL(list)
	mine, _ := e.orderSQL(list[:1])
	all, _ := e.orderSQL(list)
	others := strings.TrimPrefix(all, mine)
	half := func(from, order, where string) string {
		return "select * from (select t0.id as id from " + from + others + " where " + where + " order by " + order + " limit " + bound + ") "
	}
	from := e.Table + " t0" + strings.ReplaceAll(mine, " left join ", " join ")
	if begin {
		from = e.fromRank(list[0].path.steps)
	}
	sql := half(from, order, where) + "half1"
	if first.Null {
		_, rest, _ := strings.Cut(order, ", ")
		sql += " union all " + half(e.Table+" t0", rest, where+" and "+first.sql("t0")+" is null") + "half2"
	}
	return sql
}

// fromRank joins the records of a path from its end to the row t0, in this order: SQLite keeps that of a cross join.
func (e *Entity) fromRank(steps []*Field) string {
	sql := ""
	for j := len(steps) - 2; j >= 0; j-- {
		alias, before := fmt.Sprintf("s0_%d", j), "t0"
		if j > 0 {
			before = fmt.Sprintf("s0_%d", j-1)
		}
		if sql == "" {
			sql = steps[j].to.Table + " " + alias
		}
		table := e.Table
		if j > 0 {
			table = steps[j-1].to.Table
		}
		sql += fmt.Sprintf(" cross join %s %s on %s = %s.id", table, before, steps[j].sql(before), alias)
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

// orderSQL composes joins and terms of an order; the id makes it total.
func (e *Entity) orderSQL(list []orderBy) (joins, order string) {
	if len(list) == 0 {
		list = e.order
	}
	var terms []string
	lastDesc := false
	for i, o := range list {
		dir := ""
		if o.desc {
			dir = " desc"
		}
		lastDesc = o.desc
		if o.sql != "" {
			terms = append(terms, row(o.sql, "t0")+dir)
			continue
		}
		alias := "t0"
		for j, f := range o.path.steps {
			if j == len(o.path.steps)-1 {
				terms = append(terms, f.sortSQL(alias)+dir)
				break
			}
			next := fmt.Sprintf("s%d_%d", i, j)
			joins += fmt.Sprintf(" left join %s %s on %s.id = %s", f.to.Table, next, next, f.sql(alias))
			alias = next
		}
	}
	id := "t0.id"
	if lastDesc {
		id += " desc"
	}
	if len(terms) > 0 && terms[len(terms)-1] == id {
		return joins, strings.Join(terms, ", ")
	}
	return joins, strings.Join(append(terms, id), ", ")
}
