package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNewestClientStarts is the start of the newest web client (contract §12): its headers are there on every call, and say nothing before somebody signed in.
func TestNewestClientStarts(t *testing.T) {
	eachContract(t, func(c *contract) {
		kept := "null"
		ask := func(text string, header ...string) string {
			c.Helper()
			r, errs := c.post(spelled(text), "", append([]string{"X-Requested-With", "XMLHttpRequest", "X-CSRFToken", kept}, header...)...)
			if r.Status != http.StatusOK {
				c.Errorf("%s: %d %v", text, r.Status, errs)
			}
			return string(r.Body)
		}
		holds := func(body, want string) {
			c.Helper()
			if !strings.Contains(body, want) || strings.Contains(body, `"errors"`) {
				c.Errorf("got %s\nwant %s", body, want)
			}
		}
		holds(ask(`{moduleConfigurations{module config controls{field usage}}}`), `{"moduleConfigurations":[`)
		if got := ask(`mutation{refreshToken{refreshExpiresIn}}`); !strings.Contains(got, `"errors"`) {
			c.Errorf("renewal without a session: %s", got)
		}
		c.send("GET", "/api/core/users/current_user/", nil, "X-Requested-With", "XMLHttpRequest", "X-CSRFToken", kept).Want(c.T, http.StatusUnauthorized)
		holds(ask(`{passwordPolicy}`), `min_length`)
		login := fmt.Sprintf(`mutation {tokenAuth(username: %q, password: %q) {refreshExpiresIn}}`, schemeAdmin, schemePassword)
		token := c.cookies["csrftoken"]
		if token == "" {
			token = "undefined"
		}
		kept = token
		holds(ask(login), `"refreshExpiresIn":`)
		// The document does not ask for the token, so that what the client has of it is nothing.
		raw := ask(`mutation {getCsrfToken{csrfToken}}`, "Authorization", "JWT undefined")
		var answer struct {
			Data struct {
				GetCsrfToken struct{ CsrfToken string }
			}
		}
		if err := json.Unmarshal([]byte(raw), &answer); err != nil || answer.Data.GetCsrfToken.CsrfToken == "" {
			c.Fatalf("getCsrfToken: %s", raw)
		}
		kept = answer.Data.GetCsrfToken.CsrfToken
		c.send("GET", "/api/core/users/current_user/", nil, "X-Requested-With", "XMLHttpRequest", "X-CSRFToken", kept).Want(c.T, http.StatusOK)
		for document, want := range map[string]string{
			`mutation{refreshToken{refreshExpiresIn}}`:                                                                  `"refreshExpiresIn":`,
			`{userDistricts{id uuid code name parent@CN}}`:                                                              `{"userDistricts":[`,
			`{languages{name code}}`:                                                                                    `"code":"en"`,
			`{mutationLogs(first: 5, orderBy: "-request_date_time") conn{id}}`:                                          `"edges":[]`,
			`{users(first: 10, healthFacilityId: 1, regionIds: []) connN{id}}`:                                          `"totalCount":0`,
			`{insureeOfficers(code: "x", lastName_Icontains: "x") conn@OFF}`:                                            `"edges":[]`,
			`{user{id username rights email iUser{id language{code name}}}}`:                                            `"username":"`,
			`{locationsStr(uuid_In: ["00000000-0000-0000-0000-000000000000"]) conn{id}}`:                                `"edges":[]`,
			`{medicalServices(first: 10) connN{uuid packagetype manualPrice serviceserviceSet{id} servicesLinked{id}}}`: `"totalCount":0`,
		} {
			holds(ask(document), want)
		}
		// Texts that would make the client sign out are not said of a right that is missing.
		c.answer(administration[0])
		if got := ask(`mutation{deleteTokenCookie{deleted} deleteRefreshTokenCookie{deleted}}`); !strings.Contains(got, `{"deleted":true}`) {
			c.Errorf("sign out: %s", got)
		}
	})
}

// A missing right is not said in words at which the newest client ends the session (contract §12).
func TestMissingRightsKeepTheSession(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		for _, document := range []string{`{roleRight{edges{node{id}}}}`, `{interactiveUsers{edges{node{id}}}}`, `{usersExport}`, `{customFilters(moduleName: "core", objectTypeName: "RoleRight"){type}}`} {
			body := strings.ToLower(string(ask(s.a.As(guest), document).Want(t, http.StatusOK).Body))
			if !strings.Contains(body, `"code":"forbidden"`) {
				t.Errorf("%s: %s", document, body)
			}
			for _, words := range []string{"csrftoken", "unauthorized", "user not authorized for this operation", "csrf token missing"} {
				if strings.Contains(body, words) {
					t.Errorf("%s says %s: %s", document, words, body)
				}
			}
		}
	})
}

var instant = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}$`)

// TestPhonesWork is what the apps for telephones count on (openimis-core §2.2, §2.3, §2.7): they sign in at an address of their own, send the word bearer small, drop
// their token at 401, and cut instants at the last point.
func TestPhonesWork(t *testing.T) {
	eachContract(t, func(c *contract) {
		c.start()
		for _, d := range slices.Concat(administration, placeDocuments) {
			if d.place == "users: right after" {
				break
			}
			c.answer(d)
		}
		phone := c.a.Anonymous()
		phone.Post("/api/api_fhir_r4/login/", map[string]string{"username": schemeAdmin, "password": "wrong"}).Want(c.T, http.StatusUnauthorized)
		got := phone.Post("/api/api_fhir_r4/login/", map[string]string{"username": schemeAdmin, "password": schemePassword}).Want(c.T, http.StatusOK).Object(c.T)
		token, _ := got["token"].(string)
		if until, _ := got["exp"].(float64); token == "" || until < 1_700_000_000 {
			c.Fatalf("sign-in: %v", got)
		}
		phone = phone.With("Authorization", "bearer "+token)
		for document, want := range map[string]string{
			`query GetUser {user{username iUser{id uuid language{code}}}}`: `"username":"`,
			`query ($first: Int, $after: String) {locations(first: $first, after: $after){pageInfo{hasNextPage endCursor} edges{node{id uuid code name type parent{id}}}}}`:                                                                           `"pageInfo":`,
			`query {insureeGenders{code gender altLanguage} educations{id education} professions{id profession} relations{id relation} familyTypes{code type} identificationTypes{code identificationType} confirmationTypes{code confirmationtype}}`: `"insureeGenders":[`,
			`query {medicalItems(first: 100){edges{node{id uuid code name price}}} medicalServices(first: 100){edges{node{id uuid code name price}}}}`:                                                                                                `"medicalItems":`,
			`query {diagnoses(first: 100){edges{node{id code name}}} healthFacilities(first: 100){edges{node{id uuid code name servicesPricelist{id} itemsPricelist{id}}}}}`:                                                                          `"diagnoses":`,
			`query ($chfId: String) {insurees(chfId: $chfId, ignoreLocation: true){edges{node{chfId lastName otherNames dob gender{gender} photo{folder filename photo}}}}}`:                                                                          `"edges":[]`,
			`query {families(first: 10){edges{node{uuid headInsuree{chfId lastName otherNames} members{edges{node{chfId lastName otherNames head}}}}}}}`:                                                                                              `"families":`,
		} {
			r := ask(phone, document)
			if body := string(r.Body); r.Status != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, `"errors"`) {
				c.Errorf("%s: %d %s", document, r.Status, body)
			}
		}
		var list struct {
			Data struct {
				LocationsAll struct {
					Edges []struct{ Node struct{ ValidityFrom string } }
				}
			}
		}
		if err := json.Unmarshal(ask(phone, `{locationsAll{edges{node{validityFrom}}}}`).Body, &list); err != nil || len(list.Data.LocationsAll.Edges) == 0 {
			c.Fatalf("no places: %v", err)
		}
		for _, e := range list.Data.LocationsAll.Edges {
			if !instant.MatchString(e.Node.ValidityFrom) {
				c.Errorf("an instant is %q", e.Node.ValidityFrom)
			}
		}
		r := ask(c.a.Anonymous().With("Authorization", "bearer "+token+"x"), `{user{username}}`).Want(c.T, http.StatusUnauthorized)
		if strings.Contains(string(r.Body), `"data"`) {
			c.Errorf("a bad token is answered %s", r.Body)
		}
	})
}
