package officer_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
)

// numbers are all rights of users, roles, officers and claim administrators (openimis-core appendix B), with that of places, by which one place of an officer is asked.
var numbers = []int{121501, 121502, 121503, 121504, 121601, 121602, 121603, 121604, 121701, 121702, 121703, 121704, 121901, 122001, 122002, 122003, 122004, 122005}

// opened says for whom an operation is: "all" for everybody, strangers too, "any" for whoever is signed in, "admin" for administrators of the platform, else numbers of which one
// is enough. {id} is a record that there is not.
type opened struct{ op, by, with string }

// restRights are the operations of REST.
var restRights = func() []opened {
	list := []opened{
		{"GET /api/core/users/current_user/", "any", ""},
		{"GET /api/core/fetch_export/", "any", ""},
		{"GET /api/account/scheme-users/", "121701", ""},
		{"GET /api/account/scheme-users/{id}/", "121701", ""},
		{"POST /api/account/scheme-users/", "121702", `{}`},
		{"PATCH /api/account/scheme-users/{id}/", "121703", `{}`},
		{"DELETE /api/account/scheme-users/{id}/", "121704", ""},
		{"GET /api/account/scheme-roles/", "122001 121701", ""}, // who administers users chooses among roles
		{"GET /api/account/scheme-roles/{id}/", "122001 121701", ""},
		{"GET /api/account/scheme-roles/{id}/history/", "122001 121701", ""},
		{"POST /api/account/scheme-roles/", "122002", `{}`},
		{"PATCH /api/account/scheme-roles/{id}/", "122003", `{}`},
		{"DELETE /api/account/scheme-roles/{id}/", "122004", ""},
		{"GET /api/account/rights/", "122001 122002 122003", ""},
	}
	for _, table := range []string{"grants", "roles", "users", "workspaces"} {
		list = append(list, crud("/api/account/"+table+"/", "admin", "admin", "admin", "admin")...)
	}
	list = append(list, crud("/api/officer/officers/", "121501", "121502", "121503", "121504")...)
	list = append(list, crud("/api/officer/claim-admins/", "121601", "121602", "121603", "121604")...)
	return append(list, opened{"GET /api/officer/officers/{id}/history/", "121501", ""}, opened{"GET /api/officer/claim-admins/{id}/history/", "121601", ""})
}()

// crud are the standard operations at a path, with who sees, creates, changes and deletes.
func crud(path, see, create, change, remove string) []opened {
	return []opened{
		{"GET " + path, see, ""},
		{"GET " + path + "{id}/", see, ""},
		{"POST " + path, create, `{}`},
		{"PATCH " + path + "{id}/", change, `{}`},
		{"PUT " + path + "{id}/", change, `{}`},
		{"DELETE " + path + "{id}/", remove, ""},
	}
}

const (
	nobody = `"00000000-0000-4000-8000-000000000000"`
	// person and duty are input that is right as far as its types go, and refused by what it says.
	person = `otherNames: "x" lastName: "x" username: "x" language: "xx" userTypes: [OFFICER]`
	duty   = `name: "x" isSystem: false isBlocked: false rightsId: [999999]`
	listed = "{pageInfo{hasNextPage}}"
)

// graphRights are the root fields of GraphQL.
var graphRights = []opened{
	{"query users", "121701", listed},
	{"query usersExport", "121701", ""},
	{"query interactiveUsers", "121701", listed},
	{"query user", "any", "{id}"},
	{"query role", "122001 121701", listed},
	{"query roleRight", "122001", listed},
	{"query modulesPermissions", "122001", "{modulePermsList{moduleName}}"},
	{"query validateUsername", "121701 121702 121703", `(username: "x")`},
	{"query validateUserEmail", "121701 121702 121703", `(userEmail: "x")`},
	{"query validateRoleName", "122001 122002 122003", `(roleName: "x")`},
	{"query usernameLength", "any", ""},
	{"query userObligatoryFields", "any", ""},
	{"query eoObligatoryFields", "any", ""},
	{"query languages", "any", "{code}"},
	{"query mutationLogs", "any", listed},
	{"query moduleConfigurations", "all", "{module}"},
	{"query passwordPolicy", "all", ""},
	{"query accountGrants", "admin", listed},
	{"query accountGrant", "admin", "(id: 9){id}"},
	{"query accountRoles", "admin", listed},
	{"query accountRole", "admin", "(id: 9){id}"},
	{"query accountUsers", "admin", listed},
	{"query accountUser", "admin", "(id: 9){id}"},
	{"query accountWorkspaces", "admin", listed},
	{"query accountWorkspace", "admin", "(id: 9){id}"},
	{"query enrolmentOfficers", "121501", listed},
	{"query enrolmentOfficersExport", "121501", ""},
	{"query substitutionEnrolmentOfficers", "121501 121701 121702 121703", listed}, // whoever fills in the form of an officer
	{"query insureeOfficers", "any", listed},
	{"query claimOfficers", "any", listed},
	{"query policyOfficers", "any", listed},
	{"query claimAdmins", "any", listed},
	{"query officerLocations", "121901", `(officerCode: "x"){id}`},
	{"mutation createUser", "121702", person},
	{"mutation updateUser", "121703", `uuid: ` + nobody + ` ` + person},
	{"mutation deleteUser", "121704", `uuids: [` + nobody + `]`},
	{"mutation createRole", "122002", duty},
	{"mutation updateRole", "122003", `uuid: ` + nobody + ` ` + duty},
	{"mutation deleteRole", "122004", `uuids: [` + nobody + `]`},
	{"mutation duplicateRole", "122005", `uuid: ` + nobody + ` ` + duty},
	{"mutation changeUserLanguage", "any", `languageId: "en"`},
	{"mutation createAccountGrant", "admin", `user: 9`},
	{"mutation updateAccountGrant", "admin", `id: 9`},
	{"mutation deleteAccountGrant", "admin", `ids: [9]`},
	{"mutation createAccountRole", "admin", `name: ""`},
	{"mutation updateAccountRole", "admin", `id: 987654`},
	{"mutation deleteAccountRole", "admin", `ids: [987654]`},
	{"mutation createAccountUser", "admin", `email: ""`},
	{"mutation updateAccountUser", "admin", `id: 987654`},
	{"mutation deleteAccountUser", "admin", `ids: [987654]`},
	{"mutation createAccountWorkspace", "admin", `code: ""`},
	{"mutation updateAccountWorkspace", "admin", `id: 987654`},
	{"mutation deleteAccountWorkspace", "admin", `ids: [987654]`},
}

// elsewhere are the root fields of accounts that other tests are about: those of the monitoring wire, which have rules of their own, and those by which one signs in.
var elsewhere = regexp.MustCompile(`^(query|mutation) (account(Access|Colleague|Countr|StagedUser)|acceptAccount|declineAccount|tokenAuth|verifyToken|refreshToken|revokeToken|deleteTokenCookie|` +
	`deleteRefreshTokenCookie|logout|getCsrfToken|changePassword|resetPassword|setPassword|userDistricts$)`)

// kept are the addresses of accounts and officers.
var kept = regexp.MustCompile(`^/api/(account|officer|core)/`)

// ours are the root fields of accounts and officers by their names.
var ours = regexp.MustCompile(`(?i)user|role|right|officer|claimAdmin|permission|account|language|mutationLog|password|moduleConfig|obligatory`)

func lets(by, who string) bool {
	switch {
	case who == "admin" || by == "all":
		return true
	case who == "stranger":
		return false
	}
	return by == "any" || slices.Contains(strings.Fields(by), who)
}

// asking are those who try: one with each right and no other, one with none, an administrator, and a stranger.
func (s *scheme) asking() map[string]*apptest.Client {
	s.Helper()
	ada := s.app.As("ada@agency.example")
	clients := map[string]*apptest.Client{"admin": ada, "stranger": s.app.Anonymous()}
	for i := range len(numbers) + 1 {
		who, rights := "none", []int{}
		if i < len(numbers) {
			who, rights = fmt.Sprint(numbers[i]), numbers[i:i+1]
		}
		role := ada.Post("/api/account/scheme-roles/", map[string]any{"name": "Only " + who, "is_system": false, "is_blocked": false, "rights_id": rights}).Want(s, 200).ID(s)
		ada.Post("/api/account/scheme-users/", map[string]any{
			"username": "u" + who, "last_name": "Only", "other_names": who, "email": who + "@agency.example", "language": "en", "user_types": []string{"INTERACTIVE"}, "roles": []int64{role},
		}).Want(s, 200)
		clients[who] = s.app.As(who + "@agency.example")
	}
	return clients
}

// Whoever holds the right for an operation on users, roles, officers and claim administrators may use it, nobody else, on both wires; no operation is forgotten.
func TestRightsOfOperations(t *testing.T) {
	each(t, func(s *scheme) {
		clients := s.asking()
		asked := map[string]bool{}
		for _, o := range restRights {
			asked[o.op] = true
			method, path, _ := strings.Cut(o.op, " ")
			for who, c := range clients {
				var body any
				if o.with != "" {
					body = o.with
				}
				r := c.Do(method, strings.ReplaceAll(path, "{id}", "987654"), body)
				if got := r.Status != 403 && r.Status != 401; got != lets(o.by, who) || r.Status >= 500 {
					s.Errorf("%s, for %s, by %s: %d %s", o.op, o.by, who, r.Status, r.Body)
				}
			}
		}
		for _, op := range s.app.API.Operations() {
			if key := op.Method + " " + op.Path; kept.MatchString(op.Path) && !asked[key] {
				s.Errorf("%s: nobody says for whom it is", key)
			}
		}
		for _, o := range graphRights {
			asked[o.op] = true
			kind, name, _ := strings.Cut(o.op, " ")
			for who, c := range clients {
				var status int
				var refusal string
				if kind == "mutation" {
					status, refusal = s.journaled(c, name, o.with)
				} else {
					r := c.Post("/api/graphql", map[string]any{"query": "{" + name + o.with + "}"})
					status, refusal = r.Status, string(r.Body)
				}
				refused := status == 401 || strings.Contains(refusal, `"code":"FORBIDDEN"`) || strings.Contains(refusal, `"code":"permission_denied"`)
				if refused == lets(o.by, who) || status != 200 && status != 401 {
					s.Errorf("%s, for %s, by %s: %d %s", o.op, o.by, who, status, refusal)
				}
			}
		}
		for _, kind := range []string{"Query", "Mutation"} {
			_, body, _ := strings.Cut(string(s.app.API.GraphQL().SDL()), "\ntype "+kind+" {")
			body, _, _ = strings.Cut(body, "\n}")
			for _, m := range rootField.FindAllStringSubmatch(body, -1) {
				if root := strings.ToLower(kind) + " " + m[1]; ours.MatchString(m[1]) && !asked[root] && !elsewhere.MatchString(root) {
					s.Errorf("%s: nobody says for whom it is", root)
				}
			}
		}
	})
}

var rootField = regexp.MustCompile(`(?m)^  (\w+)[(:]`)

// journaled sends a mutation and returns what the log says of its failure.
func (s *scheme) journaled(c *apptest.Client, name, input string) (status int, failure string) {
	s.Helper()
	s.mutations++
	id := fmt.Sprint("r", s.mutations)
	r := c.Post("/api/graphql", map[string]any{"query": fmt.Sprintf("mutation {%s(input: {clientMutationId: %q %s}) {internalId}}", name, id, input)})
	if r.Status != 200 {
		return r.Status, string(r.Body)
	}
	var text *string
	if err := s.app.DB.QueryRow(s.Context(), "select error from api_mutations where client_mutation_id = $1", id).Scan(&text); err != nil {
		s.Fatalf("%s: %v: %s", name, err, r.Body)
	}
	if text == nil {
		return r.Status, ""
	}
	return r.Status, *text
}
