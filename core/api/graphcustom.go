package api

import (
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
)

// customCall tells which customFilters the lists of a type of record understand from whoever asks (openimis-core §2.11). A type has one name on this wire, and
// no record has filters of its own, so that the module and the object are not looked at.
func (a *API) customCall() Call {
	text := TypeOf("string")
	return Call{
		Name: "api.custom_filter.list", Summary: "Which filters lists of a type of record take as customFilters.", Rule: SignedIn, Graph: CallGraph{Name: "customFilters"},
		Input: []*entity.Field{
			{Name: "module_name", Kind: entity.Text, Required: true, Blank: true},
			{Name: "object_type_name", Kind: entity.Text, Required: true},
			{Name: "uuid_of_object", Kind: entity.Text, Null: true, Blank: true},
			{Name: "additional_params", Kind: entity.JSON, Null: true},
		},
		Output: &Schema{Type: "object", Title: "CustomFilterGQLType", Properties: map[string]*Schema{
			"type": text, "code": text, "object_class_name": text,
			"possible_filters": ArrayOf(&Schema{Type: "object", Title: "CustomFilterOptionGQLType", Properties: map[string]*Schema{"field": text, "filter": ArrayOf(text), "type": text}}),
		}},
		Do: func(q *Request) (any, error) {
			name, _ := q.In["object_type_name"].(string)
			return q.customFilters(name)
		},
	}
}

func (q *Request) customFilters(name string) (any, error) {
	var of *Resource
	known := false
	for _, s := range q.schema.Sources() {
		r := q.schema.resources[s]
		if s.ListName() == "" || s.Plain || !strings.EqualFold(className(q.schema.Schema, r.Entity), strings.TrimSuffix(name, "GQLType")) {
			continue
		}
		known = true
		if r.View.Allows(q.Actor) && r.viewer(q).SeesAny(r.Entity) {
			of = r
			break
		}
	}
	switch {
	case !known:
		return nil, almoner.Invalidf("objectTypeName", "custom_filter_type", "There is no list of records of this type.")
	case of == nil:
		return nil, Forbidden()
	}
	possible := []map[string]any{}
	for _, f := range q.schema.CustomFilters(of.Entity, of.viewer(q)) {
		possible = append(possible, map[string]any{"field": f.Field, "filter": f.Lookups, "type": f.Type})
	}
	class := className(q.schema.Schema, of.Entity)
	return map[string]any{"type": class, "code": "", "object_class_name": class, "possible_filters": possible}, nil
}

// className is what clients call a type of record where they do not speak of the GraphQL type.
func className(s *gql.Schema, e *entity.Entity) string {
	return strings.TrimSuffix(s.TypeName(e), "GQLType")
}
