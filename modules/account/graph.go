package account

import (
	"strconv"

	"almoner.dev/almoner/core/api/gql"
)

// graphNames are the names that clients of openIMIS know.
func (s *Service) graphNames() gql.Names {
	return gql.Names{
		"account.user": {
			Name: "UserGQLType", Fields: map[string]string{"login": "username", "username": "ownUsername", "phone": "contactPhone", "phone_number": "phone"},
			Computed: []gql.Computed{{
				Name: "rights", Type: "[String]", Doc: "The numbers of the person's rights in the workspace in which the question is asked.",
				Value: func(c gql.Context, id int64) (any, error) { return s.rightTexts(c, id) },
			}},
		},
		"account.person": {Name: "InteractiveUserGQLType", Lists: []string{"roles"}, Fields: map[string]string{"password_known": "hasPassword"}},
		"account.role":   {Name: "RoleGQLType"}, "account.role_right": {Name: "RoleRightGQLType"},
		"account.language": {Name: "LanguageGQLType", Key: "code"},
		"account.mutation": {Name: "MutationLogGQLType", Key: "uuid", Lists: s.mutationLists, Enums: nil},
	}
}

// rightTexts are the numbers of a person's rights where the actor works.
func (s *Service) rightTexts(c gql.Context, userID int64) ([]string, error) {
	numbers, err := s.rightNumbers(c, c.DB, userID)
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return texts, err
}
