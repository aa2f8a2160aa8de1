package entity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner"
)

// Arguments ask for a list by values that are at hand one by one, where ParseQuery reads them from the parameters of an address.
type Arguments struct {
	// Filters are the values by parameter name, any of which may hold; values that are empty are left out.
	Filters map[string][]string
	Search  string
	// Order are names of Sorts, each with a minus to turn it around.
	Order []string
}

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
		c, bad := f.condition(slices.DeleteFunc(slices.Clone(a.Filters[name]), func(text string) bool { return text == "" }))
		if bad != nil {
			problems.AddWith(name, bad.Code, bad.Message, bad.Params)
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
		if v.sort(e, strings.TrimPrefix(name, "-")) == nil {
			problems.AddWith("ordering", "unknown_order", fmt.Sprintf("There is no order %q; there is: %s.", clip(name), strings.Join(e.SortNames(v), ", ")),
				map[string]string{"name": clip(name)})
		}
	}
	q.order = e.parseOrdering(v, a.Order)
	return q, problems.Err()
}
