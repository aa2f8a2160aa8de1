package customisation

import (
	"cmp"
	"slices"
	"strings"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
)

// RecordType is a type of record with the fields that come with the program, as administrators choose among them.
type RecordType struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Plural string `json:"plural"`
	// Extensible types take extension fields.
	Extensible bool    `json:"extensible"`
	Fields     []Field `json:"fields"`
}

// Field is a declared field. Label is what it is called without any control, in the language of the answer.
type Field struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Kind  string `json:"kind"`
	// Required fields are so by declaration; Hideable and Requirable say what administrators may do.
	Required   bool     `json:"required"`
	Hideable   bool     `json:"hideable"`
	Requirable bool     `json:"requirable"`
	Choices    []Choice `json:"choices"`
}

// Choice is a value of a choice.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func (s *Service) calls() []api.Call {
	text, boolean := api.TypeOf("string"), api.TypeOf("boolean")
	return []api.Call{{
		Name: "customisation.record_type.list", Method: "GET", Path: "/api/customisation/record-types/", Summary: "List the types of records, with the fields that come with the program.",
		Wire: api.Native, Rule: api.Administrator, Do: s.recordTypes,
		Output: api.ArrayOf(api.Object(map[string]*api.Schema{
			"name": text, "label": text, "plural": text, "extensible": boolean,
			"fields": api.ArrayOf(api.Object(map[string]*api.Schema{
				"name": text, "label": text, "kind": text, "required": boolean, "hideable": boolean, "requirable": boolean,
				"choices": api.ArrayOf(api.Object(map[string]*api.Schema{"value": text, "label": text})),
			})),
		})),
	}}
}

// offered reports whether administrators may control the fields of a type of record: one that people see and that is none of the program's own settings.
func (s *Service) offered(e *entity.Entity) bool {
	return e.Label != "" && !slices.Contains([]string{"customisation", "permission", "setting"}, e.Module()) && (e.Extensible != nil || s.declarations.Written(e))
}

func (s *Service) recordTypes(q *api.Request) (any, error) {
	list := []RecordType{}
	for _, e := range s.declarations.Entities() {
		if !s.offered(e) {
			continue
		}
		t := RecordType{
			Name: e.Name, Label: q.Label(e.Name+".label", e.Label), Plural: q.Label(e.Name+".plural", cmp.Or(e.Plural, e.Label)), Extensible: e.Extensible != nil, Fields: []Field{},
		}
		for _, f := range e.Fields {
			field := Field{
				Name: f.Name, Label: q.Label(f.TextKey(), f.Label), Kind: f.Kind.String(), Required: f.Required, Hideable: e.Hideable(f), Requirable: e.Requirable(f) && !f.Required,
				Choices: []Choice{},
			}
			for _, c := range f.Choices {
				field.Choices = append(field.Choices, Choice{c.Value, q.Label(e.Name+".choice."+f.Name+"."+c.Value, c.Label)})
			}
			t.Fields = append(t.Fields, field)
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b RecordType) int { return strings.Compare(a.Plural, b.Plural) })
	return list, nil
}
