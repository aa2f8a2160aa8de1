package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Arguments ask for a list by values that are at hand one by one, where ParseQuery reads them from the parameters of an address.
type Arguments struct {
	// Filters are the values by parameter name, any of which may hold; values that are empty are left out.
	Filters map[string][]string
	// By names, by parameter of a filter on records, the field whose values the records are known by, where that is not their id.
	By map[string]string
	// Further are more filters, all of which must hold beside the others.
	Further []Term
	Search  string
	// Order are names of Sorts, each with a minus to turn it around; "?" is no order at all.
	Order []string
}

// Term is one filter by the name of its parameter, with what is asked.
type Term struct{ Filter, Text string }

// ParseArguments reads filters, search and order. What the entity does not declare is an error here; all problems come together, by name.
func (e *Entity) ParseArguments(v Viewer, a Arguments) (Query, error) {
	var q Query
	var problems almoner.Problems
	for _, name := range slices.Sorted(maps.Keys(a.Filters)) {
		f := v.filter(e, name)
		if f == nil {
			problems.Add(name, "unknown_field", "There is no such parameter.")
			continue
		}
		if by := a.By[name]; by != "" {
			f = f.by(by)
		}
		c, bad := f.condition(slices.DeleteFunc(slices.Clone(a.Filters[name]), func(text string) bool { return text == "" }))
		if bad != nil {
			problems.AddWith(name, bad.Code, bad.Message, bad.Params)
		} else if c.filter != nil {
			q.Conditions = append(q.Conditions, c)
		}
	}
	for _, t := range a.Further {
		f := v.filter(e, t.Filter)
		if f == nil {
			problems.Add(t.Filter, "unknown_field", "There is no such parameter.")
			continue
		}
		c, bad := f.condition([]string{t.Text})
		if bad != nil {
			problems.AddWith(t.Filter, bad.Code, bad.Message, bad.Params)
		} else if c.filter != nil {
			q.Conditions = append(q.Conditions, c)
		}
	}
	if len(e.search) > 0 {
		q.search("search", []string{a.Search}, &problems)
	} else if a.Search != "" {
		problems.Add("search", "unknown_field", "There is no such parameter.")
	}
	for _, name := range a.Order {
		if name == Shuffled {
			continue
		}
		if v.sort(e, strings.TrimPrefix(name, "-")) == nil {
			problems.AddWith("ordering", "unknown_order", fmt.Sprintf("There is no order %q; there is: %s.", clip(name), strings.Join(e.SortNames(v), ", ")),
				map[string]string{"name": clip(name)})
		}
	}
	for i, name := range a.Order {
		if name == Shuffled {
			q.order = append(e.parseOrdering(v, a.Order[:i]), orderBy{sql: "random()"})
			return q, problems.Err()
		}
	}
	q.order = e.parseOrdering(v, a.Order)
	return q, problems.Err()
}

// Shuffled is the name of an order that is another one each time.
const Shuffled = "?"

// by is the filter on another field of the records that this one is on.
func (f *filter) by(name string) *filter {
	steps := f.path.steps
	last := f.path.last()
	of := last.to
	if of == nil { // the id of the records themselves
		steps, of = steps[:len(steps)-1], last.entity
	}
	return &filter{f.param, &path{append(slices.Clone(steps), of.fields[name])}, f.lookup}
}

// By returns the id of the record that has this text in a field, for which there should be a unique index; scopes and workspaces are not asked. NotFound
// when there is none.
func (e *Entity) By(ctx context.Context, q db.Queryer, field, text string) (int64, error) {
	f := e.fields[field]
	value, bad := f.parseText(text)
	if bad != nil {
		return 0, NotFound()
	}
	var id int64
	err := q.QueryRow(ctx, "select t0.id from "+e.Table+" t0 where "+f.sql("t0")+" = $1", value).Scan(&id)
	if errors.Is(err, db.ErrNoRows) {
		return 0, NotFound()
	}
	if err != nil {
		return 0, fmt.Errorf("find %s by %s: %w", e.Name, field, err)
	}
	return id, nil
}
