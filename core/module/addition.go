package module

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
)

// Addition gives an entity of a module that this one needs further fields, of which the tables of this module know: what is worked out (Expr), Children, and Refs
// that are only read. Nothing of it is stored in the other module's table.
//
//	module.Addition{
//		To: accounts.User, Open: "officer",
//		Fields: []*entity.Field{{Name: "officer", Kind: entity.Children, Single: true, To: "officer.officer", ForeignKey: "user_id"}},
//	}
//
// The labels of the fields are texts of this module, under the keys that fields of the entity have.
type Addition struct {
	To     *entity.Entity
	Fields []*entity.Field
	// Open names those of the fields that are open, as entity.Entity.Open does.
	Open string
	// Shapes is what is added to shapes of the entity, by their names.
	Shapes map[string]string
	// Graph holds the names of the fields for clients of the GraphQL wire: Fields, Enums, Lists, Scalars and Computed. The type itself is named by its own module.
	Graph gql.Type
}

// add puts the additions of a module into force. It is called before the entities are compiled, after all that belong to the module's needs are declared.
func (a Addition) add(d Definition) []error {
	if a.To == nil {
		return []error{fmt.Errorf("module %s: an addition must say to which entity", d.Name)}
	}
	var errs []error
	problem := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("module %s adds to %s: %s", d.Name, a.To.Name, fmt.Sprintf(format, args...)))
	}
	if owner, _, _ := strings.Cut(a.To.Name, "."); !slices.Contains(d.Needs, owner) {
		problem("the module does not name %s in Needs", owner)
	}
	if g := a.Graph; g.Name != "" || g.Key != "" || g.RawID != "" || g.Uncounted || len(g.Arguments)+len(g.Orders) > 0 {
		problem("only the module of the entity names its type, arguments and orders")
	}
	for _, f := range a.Fields {
		if f.Stored() || f.Nested || f.Kind == entity.Refs && !f.ReadOnly {
			problem("the field %s would be stored there; it must be worked out, or be lists that are only read", f.Name)
		}
	}
	a.To.Fields = append(a.To.Fields, a.Fields...)
	a.To.Open = strings.TrimSpace(a.To.Open + " " + a.Open)
	for name, text := range a.Shapes {
		if _, ok := a.To.Shapes[name]; !ok {
			problem("there is no shape %q", name)
			continue
		}
		a.To.Shapes[name] += " " + text
	}
	return errs
}

// name adds the names of the added fields to those of the entity.
func (a Addition) name(names gql.Names) {
	t := names[a.To.Name]
	t.Fields, t.Enums, t.Scalars = joined(t.Fields, a.Graph.Fields), joined(t.Enums, a.Graph.Enums), joined(t.Scalars, a.Graph.Scalars)
	t.Lists, t.Computed = slices.Concat(t.Lists, a.Graph.Lists), slices.Concat(t.Computed, a.Graph.Computed)
	names[a.To.Name] = t
}

func joined(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}
