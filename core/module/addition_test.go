package module

import (
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
)

// added is an entity of another module, and what this one adds to it.
func added(change func(a *Addition, d *Definition)) (*entity.Entity, []string) {
	user := &entity.Entity{
		Name: "account.user", Table: "account_users", Fields: []*entity.Field{{Name: "name", Kind: entity.Text}}, Shapes: map[string]string{"row": "id name"}, Open: "name",
	}
	d := Definition{Name: "officer", Needs: []string{"account"}}
	a := Addition{To: user, Open: "officer", Fields: []*entity.Field{{Name: "officer", Kind: entity.Children, Single: true, To: "officer.officer", ForeignKey: "user_id"}}, Shapes: map[string]string{"row": "officer{id}"}}
	change(&a, &d)
	var list []string
	for _, err := range a.add(d) {
		list = append(list, err.Error())
	}
	return user, list
}

// What is added is there as if the entity had it.
func TestAdditionsAreTaken(t *testing.T) {
	t.Parallel()
	user, errs := added(func(a *Addition, _ *Definition) {
		a.Fields = append(a.Fields, &entity.Field{Name: "age", Kind: entity.Integer, Expr: "1"}, &entity.Field{Name: "districts", Kind: entity.Refs, ReadOnly: true, To: "x.y", Through: "t", Owner: "a", Target: "b"})
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var names []string
	for _, f := range user.Fields {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"name", "officer", "age", "districts"}) || user.Open != "name officer" || user.Shapes["row"] != "id name officer{id}" {
		t.Errorf("the user has %q, open %q, %q", names, user.Open, user.Shapes["row"])
	}
}

// What would reach into the other module's table, or speak for it, is refused with who adds what to whom; all of it at once.
func TestAdditionsAreRefused(t *testing.T) {
	t.Parallel()
	const who = "module officer adds to account.user: "
	for _, c := range []struct {
		name   string
		change func(a *Addition, d *Definition)
		want   []string
	}{
		{"to nothing", func(a *Addition, _ *Definition) { a.To = nil }, []string{"module officer: an addition must say to which entity"}},
		{"a module that it does not need", func(_ *Addition, d *Definition) { d.Needs = []string{"location"} }, []string{who + "the module does not name account in Needs"}},
		{"its own entity", func(_ *Addition, d *Definition) { d.Name, d.Needs = "account", nil }, []string{"module account adds to account.user: the module does not name account in Needs"}},
		{"a column", func(a *Addition, _ *Definition) { a.Fields = []*entity.Field{{Name: "shoe", Kind: entity.Text}} }, []string{who + "the field shoe would be stored there"}},
		{"a reference", func(a *Addition, _ *Definition) {
			a.Fields = []*entity.Field{{Name: "home", Kind: entity.Ref, To: "location.location"}}
		}, []string{who + "the field home would be stored there"}},
		{"children that are written", func(a *Addition, _ *Definition) { a.Fields[0].Nested = true }, []string{who + "the field officer would be stored there"}},
		{"pairs that are written", func(a *Addition, _ *Definition) {
			a.Fields = []*entity.Field{{Name: "districts", Kind: entity.Refs, To: "location.location", Through: "t", Owner: "a", Target: "b"}}
		}, []string{who + "the field districts would be stored there"}},
		{"a shape that there is not", func(a *Addition, _ *Definition) { a.Shapes = map[string]string{"sheet": "officer{id}"} }, []string{who + `there is no shape "sheet"`}},
		{"the name of its type", func(a *Addition, _ *Definition) { a.Graph.Name = "PersonGQLType" }, []string{who + "only the module of the entity names its type"}},
		{"the key of its ids", func(a *Addition, _ *Definition) { a.Graph.Key = "name" }, []string{who + "only the module of the entity names its type"}},
		{"bare ids", func(a *Addition, _ *Definition) { a.Graph.RawID = "Int" }, []string{who + "only the module of the entity names its type"}},
		{"no totals", func(a *Addition, _ *Definition) { a.Graph.Uncounted = true }, []string{who + "only the module of the entity names its type"}},
		{"its arguments", func(a *Addition, _ *Definition) { a.Graph.Arguments = map[string]string{"name": "n"} }, []string{who + "only the module of the entity names its type"}},
		{"its orders", func(a *Addition, _ *Definition) { a.Graph.Orders = map[string]string{"n": "name"} }, []string{who + "only the module of the entity names its type"}},
		{"all at once", func(a *Addition, d *Definition) {
			d.Needs = nil
			a.Fields[0].Nested, a.Graph.Name, a.Shapes = true, "PersonGQLType", map[string]string{"sheet": "x"}
		}, []string{"in Needs", "names its type", "would be stored there", `no shape "sheet"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, errs := added(c.change)
			if len(errs) != len(c.want) {
				t.Fatalf("got %q, want %q", errs, c.want)
			}
			for i, want := range c.want {
				if !strings.Contains(errs[i], want) {
					t.Errorf("got %q, want %q", errs[i], want)
				}
			}
		})
	}
}

// Names of added fields come beside those that the module of the entity gave, whichever of the two there are.
func TestAdditionsAreNamed(t *testing.T) {
	t.Parallel()
	a := Addition{To: &entity.Entity{Name: "account.user"}, Graph: gql.Type{
		Fields: map[string]string{"officer_code": "code"}, Enums: map[string]string{"kind": "String"}, Scalars: map[string]string{"uuid": "String"}, Lists: []string{"districts"}, Computed: []gql.Computed{{Name: "far"}},
	}}
	names := gql.Names{"account.user": {Name: "UserGQLType", Fields: map[string]string{"login": "username"}, Lists: []string{"roles"}, Computed: []gql.Computed{{Name: "rights"}}}}
	own := names["account.user"].Fields
	a.name(names)
	got := names["account.user"]
	if got.Name != "UserGQLType" || got.Fields["login"] != "username" || got.Fields["officer_code"] != "code" || got.Enums["kind"] != "String" || got.Scalars["uuid"] != "String" ||
		!slices.Equal(got.Lists, []string{"roles", "districts"}) || len(got.Computed) != 2 {
		t.Errorf("the names are %+v", got)
	}
	if len(own) != 1 {
		t.Errorf("the names of the other module were changed in place: %v", own)
	}
	names = gql.Names{}
	a.name(names)
	if names["account.user"].Fields["officer_code"] != "code" {
		t.Errorf("without other names they are %+v", names)
	}
}
