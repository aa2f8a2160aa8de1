package gql

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// customFilters is the argument of lists that takes filters as texts, `field__lookup__type=value` (openimis-core §2.11), where clients let people put filters
// together: of what a list can be asked for, there is nothing else.
const customFilters = "customFilters"

const (
	// maxCustom is how many of them a list takes, maxCustomText how long each may be.
	maxCustom     = 20
	maxCustomText = 1000
)

// CustomFilter is a field that customFilters of an entity's lists understand, with its lookups.
type CustomFilter struct {
	Field, Type string
	Lookups     []string
	// params are the filters by lookup.
	params map[string]string
}

// customLookups are those of each type, in the order in which they are offered. Texts are asked for exactly only where they cannot be asked for in any case.
var customLookups = map[string][]string{
	"string": {"iexact", "exact", "istartswith", "icontains"}, "integer": {"exact", "lt", "lte", "gt", "gte"}, "decimal": {"exact", "lt", "lte", "gt", "gte"},
	"date": {"exact", "lt", "lte", "gt", "gte"}, "boolean": {"exact"},
}

func customType(k entity.Kind) string {
	switch k {
	case entity.Text, entity.LongText, entity.URL, entity.Choice:
		return "string"
	case entity.Integer:
		return "integer"
	case entity.Decimal, entity.Number:
		return "decimal"
	case entity.Date:
		return "date"
	case entity.Bool:
		return "boolean"
	}
	return ""
}

// CustomFilters lists what customFilters of an entity's lists understand from a viewer, by field.
func (s *Schema) CustomFilters(e *entity.Entity, v entity.Viewer) []CustomFilter {
	return s.names.custom(e, v)
}

func (n Names) custom(e *entity.Entity, v entity.Viewer) []CustomFilter {
	byField := map[string]*CustomFilter{}
	for _, p := range e.FilterParams(v) {
		typ := customType(p.Field.Kind)
		if p.Field.Name == "id" || p.Field.Entity() == nil || n.argument(e, p) == "-" || !slices.Contains(customLookups[typ], p.Lookup) {
			continue
		}
		name := furtherData + "__" + p.Field.ExtensionKey()
		if p.Field.ExtensionKey() == "" {
			parts := make([]string, len(p.Steps))
			for i, f := range p.Steps {
				parts[i] = snakeName(n.path([]*entity.Field{f}))
			}
			name = strings.Join(parts, "__")
		}
		if byField[name] == nil {
			byField[name] = &CustomFilter{Field: name, Type: typ, params: map[string]string{}}
		}
		byField[name].params[p.Lookup] = p.Name
	}
	var list []CustomFilter
	for _, f := range byField {
		if f.params["iexact"] != "" {
			delete(f.params, "exact")
		}
		for _, lookup := range customLookups[f.Type] {
			if f.params[lookup] != "" {
				f.Lookups = append(f.Lookups, lookup)
			}
		}
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b CustomFilter) int { return cmp.Compare(a.Field, b.Field) })
	return list
}

// readCustom reads the filters of a customFilters argument.
func (a *arguments) readCustom(list []string) ([]entity.Term, *Fault) {
	if len(list) > maxCustom {
		return nil, refuse(nil, "%s takes at most %d filters.", customFilters, maxCustom)
	}
	var terms []entity.Term
	for _, text := range list {
		term, fault := a.customTerm(text)
		if fault != nil {
			return nil, fault
		}
		if term.Text != "" {
			terms = append(terms, term)
		}
	}
	return terms, nil
}

func (a *arguments) customTerm(text string) (entity.Term, *Fault) {
	left, value, given := strings.Cut(text, "=")
	parts := strings.Split(strings.TrimSpace(left), "__")
	if !given || len(parts) < 3 || len(text) > maxCustomText {
		return entity.Term{}, refuse(nil, "\"%s\" is no filter: write field__lookup__type=value, with texts in double quotes, such as last_name__icontains__string=\"mensah\".", clip(text))
	}
	field, lookup, typ := strings.Join(parts[:len(parts)-2], "__"), parts[len(parts)-2], parts[len(parts)-1]
	i := slices.IndexFunc(a.custom, func(c CustomFilter) bool { return c.Field == field })
	if i < 0 {
		return entity.Term{}, refuse(nil, "There is no field \"%s\" to filter by; customFilters lists those that there are.", clip(field))
	}
	c := &a.custom[i]
	if c.Type != typ {
		return entity.Term{}, refuse(nil, "\"%s\" is of type %s and not of type \"%s\".", c.Field, c.Type, clip(typ))
	}
	param := c.params[lookup]
	if param == "" {
		return entity.Term{}, refuse(nil, "\"%s\" has no lookup \"%s\"; it has: %s.", c.Field, clip(lookup), strings.Join(c.Lookups, ", "))
	}
	if value = strings.TrimSpace(value); strings.HasPrefix(value, `"`) {
		if err := json.Unmarshal([]byte(value), &value); err != nil {
			return entity.Term{}, refuse(nil, "The value of \"%s\" begins with a double quote and is no text in double quotes.", clip(left))
		}
	}
	return entity.Term{Filter: param, Text: value}, nil
}
