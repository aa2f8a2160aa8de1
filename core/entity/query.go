package entity

import (
	"net/url"
	"slices"
	"strings"

	"almoner.dev/almoner"
)

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
			case slices.Contains(textLookups, lookup) && !p.last().textual():
				problem(e, "filter %s: %s needs a text", declared.Path, lookup)
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
	e.compilePast(problem)
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

// Query is a parsed request for a list.
type Query struct {
	// Shape is the named selection of each row.
	Shape string
	// Keys leaves only a part of it; nil is all.
	Keys       *Keys
	Conditions []Condition
	// Terms are the folded words to search for; all of them must be found.
	Terms []string
	// Limit of 0 means all rows. Offset counts from the first row, or from the one behind ParseAfter.
	Limit, Offset int
	// Only narrows the list further: SQL over {t}, "" for no limit.
	Only func(a *almoner.Actor, arg func(any) string) string
	// Within is the same for the rows of a parent record.
	Within func(a *almoner.Actor, arg func(any) string) string
	order  []orderBy
	// after is where the rows before end; see ParseAfter.
	after place
	// narrowed is what Narrow found out; nil when it was not asked.
	narrowed *narrowing
}

// ParseQuery reads filters, `search` and `ordering` from the parameters of a request. Parameters that the entity does not
// declare, or that are not for the viewer, are returned for the caller to use or refuse. Invalid values are reported together, by parameter.
func (e *Entity) ParseQuery(v Viewer, params url.Values) (q Query, others []string, err error) {
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
			q.order = e.parseOrdering(v, values)
		default:
			f := v.filter(e, name)
			if f == nil {
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
