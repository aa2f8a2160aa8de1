package organisation

import (
	"fmt"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// TestEnglishTextsAreThoseOfTheDeclarations keeps the catalogue, which the other languages are held against, in step with the labels.
func TestEnglishTextsAreThoseOfTheDeclarations(t *testing.T) {
	t.Parallel()
	raw, err := texts.ReadFile("locales/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]string
	decode(t, raw, &english)
	s := &Service{}
	s.declareOrganisation()
	s.declarePartner()
	s.declareAgreement()
	s.declareOutput()
	s.declareSection()
	s.declareOffice()
	entities := []*entity.Entity{s.Organisation, s.Partner, s.Agreement, s.agreementOutput, s.Output, s.Section, s.Office}
	if _, err := entity.Compile(db.SQLite, &access.Engine{}, entities...); err != nil {
		t.Fatal(err)
	}
	for _, e := range entities {
		for _, f := range e.Fields[1:] {
			if key := fmt.Sprintf("%s.field.%s", e.Name, f.Name); english[key] != f.Label {
				t.Errorf("%s is %q in the catalogue and %q in the declaration", key, english[key], f.Label)
			}
			for _, c := range f.Choices {
				if key := fmt.Sprintf("%s.choice.%s.%s", e.Name, f.Name, c.Value); english[key] != c.Label {
					t.Errorf("%s is %q in the catalogue and %q in the declaration", key, english[key], c.Label)
				}
			}
		}
	}
}
