package entity_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Single is for what leads to records and is not written there: else one record would stand for what may be several, or for none at all.
func TestSingleIsForWhatIsOnlyShown(t *testing.T) {
	t.Parallel()
	compile := func(f entity.Field) error {
		f.Single, f.Name = true, "one"
		_, err := entity.Compile(db.SQLite, &access.Engine{}, &entity.Entity{
			Name: "zoo.animal", Table: "zoo_animals", Fields: []*entity.Field{{Name: "name", Kind: entity.Text}, {Name: "mother", Kind: entity.Ref, To: "zoo.animal", Null: true}, &f},
		})
		return err
	}
	for name, f := range map[string]entity.Field{
		"children": {Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id"},
		"pairs":    {Kind: entity.Refs, To: "zoo.animal", Through: "zoo_kin", Owner: "a_id", Target: "b_id", ReadOnly: true},
	} {
		if err := compile(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, f := range map[string]entity.Field{
		"children that are written": {Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id", Nested: true},
		"pairs that are written":    {Kind: entity.Refs, To: "zoo.animal", Through: "zoo_kin", Owner: "a_id", Target: "b_id"},
		"a reference":               {Kind: entity.Ref, To: "zoo.animal", Null: true},
		"a reference that is read":  {Kind: entity.Ref, To: "zoo.animal", Null: true, ReadOnly: true},
		"a text":                    {Kind: entity.Text},
		"what is worked out":        {Kind: entity.Integer, Expr: "1"},
	} {
		if err := compile(f); err == nil || !strings.Contains(err.Error(), "one: Single is for children and references that are not written here") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
