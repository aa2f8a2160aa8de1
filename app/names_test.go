package app_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

// withdrawn are names that were on the GraphQL wire and are not any more, with the reason. Documents of live clients name types, fields, arguments and values: whoever
// takes one away, or changes its type, says here why no client needs it. Names are those of testdata/names.golden.
var withdrawn = map[string]string{
	"CreateLocationLocationMutationInput.pCode: String":  readAs + "code; clients of openIMIS know createLocation",
	"UpdateLocationLocationMutationInput.pCode: String":  readAs + "code; clients of openIMIS know updateLocation",
	"CreateAccountUserMutationInput.phoneNumber: String": readAs + "phone; clients of openIMIS know createUser",
	"UpdateAccountUserMutationInput.phoneNumber: String": readAs + "phone; clients of openIMIS know updateUser",
	"CreateAccountUserMutationInput.username: String":    readAs + "ownUsername; clients of openIMIS know createUser",
	"UpdateAccountUserMutationInput.username: String":    readAs + "ownUsername; clients of openIMIS know updateUser",
}

// readAs is why names of what is written went: it goes by the name that it is read under.
const readAs = "written under the name that it is read under, "

// namesOf are all names of a schema with their types, so that a document that was right once can be told from one that is not any more.
func namesOf(t *testing.T, sdl []byte) []string {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(sdl)})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range schema.Types {
		if d.BuiltIn {
			continue
		}
		names = append(names, string(d.Kind)+" "+d.Name)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			names = append(names, d.Name+"."+f.Name+": "+f.Type.String())
			for _, a := range f.Arguments {
				names = append(names, d.Name+"."+f.Name+"("+a.Name+": "+a.Type.String()+")")
			}
		}
		for _, v := range d.EnumValues {
			names = append(names, d.Name+"."+v.Name)
		}
	}
	slices.Sort(names)
	return names
}

// missing are the names of before that are not among those of now.
func missing(before, now []string) []string {
	var list []string
	for _, name := range before {
		if _, there := slices.BinarySearch(now, name); !there {
			list = append(list, name)
		}
	}
	return list
}

// No name leaves the GraphQL wire unsaid; new ones are taken in with -update.
func TestNamesStay(t *testing.T) {
	t.Parallel()
	const file = "testdata/names.golden"
	now := namesOf(t, apptest.New(t, db.SQLite, modules.All()).API.GraphQL().SDL())
	text, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	before := strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
	for _, name := range missing(before, now) {
		if withdrawn[name] == "" {
			t.Errorf("%s has left the GraphQL wire; live clients may name it: bring it back, or say in withdrawn why not", name)
		}
	}
	for name, why := range withdrawn {
		if _, there := slices.BinarySearch(now, name); there || why == "" {
			t.Errorf("%s is said to be withdrawn (%s), and is there", name, why)
		}
	}
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
		return
	}
	if fresh := missing(now, before); len(fresh) > 0 {
		t.Errorf("%s does not know %d names yet, such as %s: run the test with -update", file, len(fresh), fresh[0])
	}
}

// The test above must notice whatever a client could trip over.
func TestNamesAreNoticed(t *testing.T) {
	t.Parallel()
	const schema = `type Query { a(x: Int, y: [String]): B, c: C } type B { d: Int!, e: String } enum C { F G } input I { h: Int } scalar J`
	before := namesOf(t, []byte(schema))
	for _, c := range []struct{ old, changed, lost string }{
		{"c: C }", "}", "Query.c: C"},
		{"x: Int, ", "", "Query.a(x: Int)"},
		{"[String]", "[String!]", "Query.a(y: [String])"},
		{"d: Int!", "d: Int", "B.d: Int!"},
		{"F G", "G", "C.F"},
		{"h: Int", "i: Int", "I.h: Int"},
		{"scalar J", "", "SCALAR J"},
	} {
		changed := strings.Replace(schema, c.old, c.changed, 1)
		if got := missing(before, namesOf(t, []byte(changed))); len(got) != 1 || got[0] != c.lost {
			t.Errorf("%s instead of %s: %q are lost, want %q", c.changed, c.old, got, c.lost)
		}
	}
	if got := missing(before, namesOf(t, []byte(schema+" type K { l: Int }"))); len(got) > 0 {
		t.Errorf("an addition loses %q", got)
	}
}

// clientTypes are those that documents of the stock client declare (client contract §11); laterTypes belong to modules that there are not yet.
var (
	clientTypes = `String Int Boolean ID UUID Date DateTime ResetPasswordMutationInput SetPasswordMutationInput ChangePasswordMutationInput CreateUserMutationInput UpdateUserMutationInput
		CreateServicesPricelistMutationInput UpdateServicesPricelistMutationInput DeleteServicesPricelistMutationInput CreateItemsPricelistMutationInput UpdateItemsPricelistMutationInput
		DeleteItemsPricelistMutationInput ServicesPricelistGQLType ItemsPricelistGQLType`
	laterTypes = `CreateProductMutationInput UpdateProductMutationInput DuplicateProductMutationInput DeleteProductMutationInput CreatePayerMutationInput UpdatePayerMutationInput
		DeletePayerMutationInput AddFundingMutationInput OverrideReportMutationInput ProductGQLType PayerGQLType`
)

// The types that documents of the stock client name are there.
func TestClientTypes(t *testing.T) {
	t.Parallel()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(apptest.New(t, db.SQLite, modules.All()).API.GraphQL().SDL())})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(clientTypes) {
		if schema.Types[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	for _, name := range strings.Fields(laterTypes) {
		if schema.Types[name] != nil {
			t.Errorf("there is a %s now: it belongs to the types that must stay", name)
		}
	}
}
