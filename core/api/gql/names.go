package gql

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// Names are, by entity, the names that live clients of another program know it by. Names that are not in it follow mechanically from the declarations
// (see name.go). A module keeps its part in one place, graph.go; what is unknown in it, and names that meet, are told at boot, all at once.
type Names map[string]Type

// Type is how an entity appears. The zero value takes the mechanical names.
type Type struct {
	// Name is the type: LocationGQLType. Its connection, edge and ids are named after it.
	Name string
	// Fields are names of fields by those of the entity; arguments and orders that lead through the field follow. "-" leaves a field out.
	Fields map[string]string
	// Arguments are names of arguments by the parameters of Filters, where following the fields is not enough. "-" leaves one out.
	Arguments map[string]string
	// Orders are further names that orderBy understands, with the names of Sorts.
	Orders map[string]string
	// Enums are names of the types of choices by field; "String" shows the plain values, without a type of their own.
	Enums map[string]string
	// Lists are to-many fields that are plain lists, without the parts of a connection.
	Lists []string
	// Scalars are the types of plain values by field, where that of the kind is not the one: TinyInt, SmallInt, ID, GenericScalar.
	Scalars map[string]string
	// Uncounted connections of the type have neither totalCount nor edgeCount.
	Uncounted bool
	// Key names the field whose value stands in ids, "" for the record's number. It must be unique over all records.
	Key string
	// RawID shows the bare key: "ID" as a text, "Int" as a number. Such records are not found by node.
	RawID string
	// Computed are fields that the entity does not have.
	Computed []Computed
}

// Computed is a field of a type that is worked out for each record that is shown: for few records, as there is a call for each.
type Computed struct {
	// Name is the field as it is shown, Type its type: "[String]".
	Name, Type, Doc string
	// Value works it out for the record with this id; it is written as JSON.
	Value func(c Context, id int64) (any, error)
}

// of returns the exceptions for an entity.
func (n Names) of(e *entity.Entity) Type { return n[e.Name] }

// typeOf is the name of the entity's type.
func (n Names) typeOf(e *entity.Entity) string {
	if name := n.of(e).Name; name != "" {
		return name
	}
	return typeName(e)
}

// TypeName is the name of an entity's type, without a schema at hand.
func (n Names) TypeName(e *entity.Entity) string { return n.typeOf(e) }

// field is the name of a field, "-" for one that is left out.
func (n Names) field(f *entity.Field) string {
	if name := n.of(f.Entity()).Fields[f.Name]; name != "" {
		return name
	}
	return fieldName(f.Name)
}

// path is the names of the fields on a way, in the style of arguments: parent_Uuid.
func (n Names) path(steps []*entity.Field) string {
	parts := make([]string, len(steps))
	for i, f := range steps {
		if parts[i] = n.field(f); parts[i] == "-" {
			parts[i] = fieldName(f.Name)
		}
		if i > 0 {
			parts[i] = upper(parts[i])
		}
	}
	return strings.Join(parts, "_")
}

// argument is the name of the argument of a filter of the entity.
func (n Names) argument(e *entity.Entity, p entity.FilterParam) string {
	if name := n.of(e).Arguments[p.Name]; name != "" {
		return name
	}
	way := make([]string, len(p.Steps))
	for i, f := range p.Steps {
		way[i] = f.Name
	}
	param := strings.Join(way, "__")
	if p.Name != param && p.Name != param+"__"+p.Lookup {
		return argumentName(p.Name) // a name of its own
	}
	name := n.path(p.Steps)
	if p.Lookup != "exact" {
		name += "_" + upper(p.Lookup)
	}
	return name
}

// order is the name of an order as it is told: that of the field that it is by, if it is named after it.
func (n Names) order(e *entity.Entity, name string) string {
	steps := e.SortPath(name)
	way := make([]string, len(steps))
	for i, f := range steps {
		way[i] = f.Name
	}
	if strings.Join(way, "__") == name {
		return n.path(steps)
	}
	return argumentName(name)
}

// check reports what the table names and there is not.
func (n Names) check(entities []*entity.Entity, v entity.Viewer) []error {
	var errs []error
	problem := func(name, format string, args ...any) {
		errs = append(errs, fmt.Errorf("graphql names of %s: %s", name, fmt.Sprintf(format, args...)))
	}
	byName := map[string]*entity.Entity{}
	for _, e := range entities {
		byName[e.Name] = e
	}
	for _, name := range slices.Sorted(maps.Keys(n)) {
		e, t := byName[name], n[name]
		if e == nil {
			problem(name, "there is no such entity")
			continue
		}
		fields := slices.Concat(slices.Sorted(maps.Keys(t.Fields)), slices.Sorted(maps.Keys(t.Enums)), slices.Sorted(maps.Keys(t.Scalars)), t.Lists)
		if t.Key != "" {
			fields = append(fields, t.Key)
		}
		for _, f := range fields {
			if e.Field(f) == nil {
				problem(name, "there is no field %q", f)
			}
		}
		for _, f := range t.Lists {
			if at := e.Field(f); at != nil && at.Kind != entity.Refs && at.Kind != entity.Children {
				problem(name, "%s does not lead to many records", f)
			}
		}
		for _, f := range slices.Sorted(maps.Keys(t.Enums)) {
			if at := e.Field(f); at != nil && at.Kind != entity.Choice {
				problem(name, "%s is no choice", f)
			}
		}
		for _, param := range slices.Sorted(maps.Keys(t.Arguments)) {
			if !slices.ContainsFunc(e.FilterParams(v), func(p entity.FilterParam) bool { return p.Name == param }) {
				problem(name, "there is no filter %q", param)
			}
		}
		for _, order := range slices.Sorted(maps.Keys(t.Orders)) {
			if !slices.Contains(e.SortNames(v), t.Orders[order]) {
				problem(name, "there is no order %q", t.Orders[order])
			}
		}
		if t.RawID != "" && t.RawID != "ID" && t.RawID != "Int" {
			problem(name, "RawID is ID or Int, not %q", t.RawID)
		}
	}
	return errs
}
