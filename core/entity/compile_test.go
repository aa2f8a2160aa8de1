package entity_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func TestCompileReportsEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	first := []*entity.Entity{
		{Name: "nameless", Table: "x"},
		{Name: "zoo.keeper", Fields: []*entity.Field{{Name: "name"}, {Name: "name"}, {Name: ""}, {Name: "rank", Kind: entity.Choice}}, State: "mood"},
		{Name: "zoo.keeper"},
	}
	_, err := entity.Compile(db.SQLite, &access.Engine{}, first...)
	expect(t, err, "nameless: the name must be module.entity", `field 2 has no name of its own ("name")`, `field 3 has no name of its own ("")`,
		"rank: a choice without choices", `state field "mood"`, "zoo.keeper: declared twice")

	_, err = entity.Compile(db.SQLite, &access.Engine{}, &entity.Entity{
		Name: "zoo.cage", Table: "zoo_cages", ParentField: "name", Key: []string{"keepers", "nothing"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text},
			{Name: "keeper", Kind: entity.Ref, To: "zoo.nobody"},
			{Name: "keepers", Kind: entity.Refs, To: "zoo.cage"},
			{Name: "parts", Kind: entity.Children, To: "zoo.cage"},
		},
	})
	expect(t, err, `there is no entity "zoo.nobody"`, "keepers: many references need", "parts: children need a ForeignKey",
		`the parent field "name"`, `key field "keepers"`, `key field "nothing"`)

	_, err = entity.Compile(db.SQLite, &access.Engine{}, &entity.Entity{
		Name: "zoo.animal", Table: "zoo_animals",
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text},
			{Name: "legs", Kind: entity.Integer},
			{Name: "mother", Kind: entity.Ref, To: "zoo.animal"},
			{Name: "young", Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id"},
			{Name: "kin", Kind: entity.Refs, To: "zoo.animal", Via: "young.cousin"},
		},
		Shapes: map[string]string{
			"open": "name mother{", "closed": "name}", "unknown": "name colour", "across": "young.name", "scalar": "name:min", "missing": "mother:min",
			"many": "child=young.name", "empty": "=name",
		},
		Filters: []entity.Filter{
			{Path: "colour"},
			{Path: "name.length"},
			{Path: "legs", Lookups: "exact near"},
			{Path: "legs", Lookups: "icontains"},
			{Path: "name", Lookups: "year"},
			{Path: "young", Lookups: "isnull"},
			{Path: "legs"},
		},
		Sorts:  []entity.Sort{{Name: "young", By: []string{"young.name"}}, {Name: "tail", By: []string{"tail"}}},
		Search: []string{"legs", "tail"},
		Order:  []string{"-fur"},
	})
	expect(t, err, `shape "open": a { is not closed`, `shape "closed": an unexpected }`, `shape "unknown": zoo.animal has no field "colour"`,
		`shape "across"`, `shape "scalar": zoo.animal.name is no relation`, `shape "missing": zoo.animal has no shape "min"`,
		`shape "many": zoo.animal.young does not lead to one record`, `shape "empty": a name is missing`,
		`filter colour: zoo.animal has no field "colour"`, "goes on after a field that is no relation", `there is no lookup "near"`, "icontains needs a text",
		"year needs a date or a time", "isnull needs a stored field", "the parameter legs is declared twice",
		"young does not lead to one record", `order: zoo.animal has no field "tail"`, "search legs: only text", `search: zoo.animal has no field "tail"`,
		`order: zoo.animal has no field "fur"`, "field kin:")
}

func expect(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("the mistakes were not noticed")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("nothing is said about %q in:\n%v", part, err)
		}
	}
}

func TestFieldsKnowTheirPlace(t *testing.T) {
	t.Parallel()
	l := entitytest.Declare()
	if _, err := entity.Compile(db.Postgres, &access.Engine{}, l.Entities()...); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.Author.FieldNames(), " "); got != "id name born language books" {
		t.Errorf("fields of an author: %s", got)
	}
	author := l.Book.Field("author")
	if author.TargetEntity() != l.Author || author.Entity() != l.Book || !author.Stored() || !author.Relation() || author.Label != "Author" {
		t.Errorf("book.author: %+v", author)
	}
	for name, stored := range map[string]bool{"id": true, "title": true, "display": false, "subjects": false, "copies": false, "donors": false} {
		if got := l.Book.Field(name).Stored(); got != stored {
			t.Errorf("book.%s is stored: got %v, want %v", name, got, stored)
		}
	}
	if l.Book.Field("nothing") != nil {
		t.Error("a field that is not declared was found")
	}
	if l.Book.Module() != "library" || l.Book.Short() != "book" {
		t.Errorf("the name is split into %s and %s", l.Book.Module(), l.Book.Short())
	}
}

// compile compiles a library without a database, for tests of what needs none.
func compile(t *testing.T, l *entitytest.Library) {
	t.Helper()
	if _, err := entity.Compile(db.SQLite, &access.Engine{}, l.Entities()...); err != nil {
		t.Fatal(err)
	}
}
