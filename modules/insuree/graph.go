package insuree

import "almoner.dev/almoner/core/api/gql"

// graph is the names that clients of the GraphQL wire know (openimis-enrolment §3).
func (s *Service) graph() gql.Names {
	code := func(name, shown string) gql.Type {
		return gql.Type{Name: name, Fields: map[string]string{"name": shown}, Uncounted: true}
	}
	number := func(name, shown string) gql.Type {
		t := code(name, shown)
		t.RawID = "Int"
		return t
	}
	return gql.Names{
		"insuree.insuree": {
			Name: "InsureeGQLType", Enums: map[string]string{"marital": "String", "status": "InsureeStatus"},
			Orders: map[string]string{},
		},
		"insuree.family": {Name: "FamilyGQLType"},
		"insuree.photo": {
			Name: "PhotoGQLType", Computed: []gql.Computed{{Name: "photo", Type: "String", Doc: "The content in base64.", Value: s.photoText}},
		},
		"insuree.status_reason":       {Name: "InsureeStatusReasonGQLType", Fields: map[string]string{"name": "insureeStatusReason"}, Enums: map[string]string{"status_type": "String"}},
		"insuree.gender":              code("GenderGQLType", "gender"),
		"insuree.family_type":         code("FamilyTypeGQLType", "type"),
		"insuree.confirmation_type":   code("ConfirmationTypeGQLType", "confirmationtype"),
		"insuree.identification_type": code("IdentificationTypeGQLType", "identificationType"),
		"insuree.profession":          number("ProfessionGQLType", "profession"),
		"insuree.education":           number("EducationGQLType", "education"),
		"insuree.relation":            number("RelationGQLType", "relation"),
	}
}
