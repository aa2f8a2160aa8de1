package app_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
	"almoner.dev/almoner/modules/location"
)

// document is one that the stock web client of openIMIS sends, in the notation of what is known about it: @NAME is one of trees, connN{…}, conn{…} and edges{…}
// are connections with a total, without one, and without the rest of it. <name> stands for what the story learned before, <mutation> for a new clientMutationId,
// <last> for the one before.
type document struct {
	// place says where in the client it is sent.
	place, ask string
	// variables is JSON, "" for none.
	variables string
	// want are parts of the answer's data; trouble is what the mutation log says of a mutation that is refused.
	want    []string
	trouble string
	// learn are names, each with the SQL that finds what it stands for.
	learn [][2]string
}

// trees are selections that many documents share.
var trees = func() map[string]string {
	place := func(depth int) string {
		tree := `{id uuid code name type}`
		for range depth - 1 {
			tree = `{id uuid code name type parent` + tree + `}`
		}
		return tree
	}
	return map[string]string{
		"@LOC1": place(1), "@LOC2": place(2), "@LOC3": place(3), "@LOC4": place(4),
		"@CN": `{id uuid code name}`, "@ICD": `{id code name}`, "@OFF": `{id uuid code lastName otherNames}`, "@M": `{clientMutationId internalId}`,
		"@HFP": `{id uuid code name level servicesPricelist{id uuid} itemsPricelist{id uuid} contractStartDate contractEndDate location@LOC2}`,
		"@HEAD": `{id uuid chfId lastName otherNames dob age validityFrom validityTo photo{id uuid date folder filename officerId photo} gender{code gender} education{id} profession{id} ` +
			`marital cardIssued currentVillage@LOC4 currentAddress typeOfId{code} passport relationship{id} head status statusDate statusReason{code insureeStatusReason} email phone healthFacility@HFP}`,
		"@FAM": `{id uuid poverty confirmationNo confirmationType{code isConfirmationNumberRequired} familyType{code} address validityFrom validityTo headInsuree@HEAD location@LOC4 clientMutationId}`,
	}
}()

// spelled is a document as it goes over the wire.
func spelled(text string) string {
	for strings.Contains(text, "@") {
		before := text
		for _, name := range slices.Sorted(maps.Keys(trees)) {
			text = strings.ReplaceAll(text, name, trees[name])
		}
		if text == before {
			break // the rest are addresses
		}
	}
	return connected(text)
}

var connection = regexp.MustCompile(`\b(connN|conn|edges)\{`)

func connected(text string) string {
	at := connection.FindStringSubmatchIndex(text)
	if at == nil {
		return text
	}
	depth, end := 1, at[1]
	for ; depth > 0; end++ {
		switch text[end] {
		case '{':
			depth++
		case '}':
			depth--
		}
	}
	lead := map[string]string{"connN": "totalCount ", "conn": "", "edges": ""}[text[at[2]:at[3]]]
	if text[at[2]:at[3]] != "edges" {
		lead += "pageInfo{hasNextPage hasPreviousPage startCursor endCursor} "
	}
	return text[:at[0]] + "{" + lead + "edges{node{" + connected(text[at[1]:end-1]) + "}}}" + connected(text[end:])
}

// contract is a browser with the web client in it: it has cookies and no other credentials.
type contract struct {
	*testing.T
	a       *apptest.App
	cookies map[string]string
	// known are what the names in documents stand for.
	known     map[string]string
	mutations *int
}

func (c *contract) send(method, path string, body any, header ...string) *apptest.Response {
	c.Helper()
	client := c.a.Anonymous()
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(c.cookies)) {
		pairs = append(pairs, name+"="+c.cookies[name])
	}
	if len(pairs) > 0 {
		client = client.With("Cookie", strings.Join(pairs, "; "))
	}
	for i := 0; i+1 < len(header); i += 2 {
		client = client.With(header[i], header[i+1])
	}
	r := client.Do(method, path, body)
	answer := http.Response{Header: r.Header}
	for _, cookie := range answer.Cookies() {
		if cookie.MaxAge < 0 || cookie.Value == "" {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie.Value
		}
	}
	return r
}

var standIn = regexp.MustCompile(`<[a-z][a-zA-Z0-9.]*>`)

func (c *contract) filled(text string) string {
	return standIn.ReplaceAllStringFunc(text, func(name string) string {
		value, known := c.known[strings.Trim(name, "<>")]
		if !known {
			c.Errorf("nothing is known as %s", name)
		}
		return value
	})
}

// post sends a document and returns the whole answer.
func (c *contract) post(text, variables string, header ...string) (r *apptest.Response, errs []string) {
	c.Helper()
	body := map[string]any{"query": text}
	if variables != "" {
		body["variables"] = json.RawMessage(variables)
	}
	r = c.send("POST", "/api/graphql", body, header...)
	var answer struct {
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil || !strings.Contains(r.Header.Get("Content-Type"), "json") {
		c.Errorf("%s: no JSON: %d %s", text, r.Status, r.Body)
	}
	for _, e := range answer.Errors {
		errs = append(errs, e.Message)
	}
	return r, errs
}

// answer sends a document as the client does, follows its mutation to the end, and looks at what comes back.
func (c *contract) answer(d document) {
	c.Helper()
	mutation := fmt.Sprintf("0190b2a1-7e5c-7000-8000-%012d", *c.mutations)
	logged := strings.Contains(d.ask+d.variables, "<mutation>")
	if logged {
		*c.mutations++
		c.known["mutation"], c.known["last"] = mutation, mutation
	}
	text := spelled(c.filled(d.ask))
	r, errs := c.post(text, c.filled(d.variables))
	if r.Status != http.StatusOK || len(errs) > 0 {
		c.Errorf("%s: %s %s\n got %d %v", d.place, text, c.filled(d.variables), r.Status, errs)
		return
	}
	body := string(r.Body)
	for _, want := range d.want {
		if want = c.filled(want); !strings.Contains(body, want) {
			c.Errorf("%s: %s\n got %s\nwant %s in it", d.place, text, body, want)
		}
	}
	if logged {
		if !strings.Contains(body, `"clientMutationId":"`+mutation+`"`) || strings.Contains(text, "internalId") && strings.Contains(body, `"internalId":null`) {
			c.Errorf("%s: %s\n got %s", d.place, text, body)
		}
		c.poll(d, mutation)
	}
	for _, l := range d.learn {
		c.learn(l[0], c.filled(l[1]))
	}
}

// poll looks into the journal as the client does every two seconds.
func (c *contract) poll(d document, mutation string) {
	c.Helper()
	r, errs := c.post(spelled(`{mutationLogs(clientMutationId: "`+mutation+`") conn{id status error clientMutationId clientMutationLabel clientMutationDetails requestDateTime jsonExt autogeneratedCode}}`), "")
	var answer struct {
		Data struct {
			MutationLogs struct {
				Edges []struct {
					Node struct {
						Status           int
						Error            *string
						ClientMutationID string `json:"clientMutationId"`
					}
				}
			} `json:"mutationLogs"`
		}
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil || len(errs) > 0 || len(answer.Data.MutationLogs.Edges) != 1 {
		if !strings.Contains(d.ask, "internalId") {
			return // the three about passwords answer by themselves
		}
		c.Errorf("%s: the journal has %s", d.place, r.Body)
		return
	}
	node := answer.Data.MutationLogs.Edges[0].Node
	failure := ""
	if node.Error != nil {
		failure = *node.Error
		var list []struct{ Message, Detail, Code string }
		if err := json.Unmarshal([]byte(failure), &list); err != nil || len(list) == 0 || list[0].Message == "" {
			c.Errorf("%s: the journal has the error %s", d.place, failure)
		}
	}
	if node.ClientMutationID != mutation || (node.Status == 2) != (d.trouble == "") || node.Status == 0 || !strings.Contains(failure, d.trouble) || d.trouble == "" && failure != "" {
		c.Errorf("%s: %s\n the journal has %d %s, want %q", d.place, c.filled(d.ask), node.Status, failure, d.trouble)
	}
}

// learn finds out what a name stands for.
func (c *contract) learn(name, sql string) {
	c.Helper()
	var value string
	if err := c.a.DB.QueryRow(c.Context(), sql).Scan(&value); err != nil {
		c.Fatalf("%s: %s: %v", name, sql, err)
	}
	c.known[name] = value
	if kind, key, ok := strings.Cut(name, "."); ok && key == "id" {
		if typ := globals[strings.TrimRight(kind, "0123456789")]; typ != "" {
			c.known[kind+".global"] = base64.StdEncoding.EncodeToString([]byte(typ + ":" + value))
		}
	}
}

// globals are the types of what has ids that the client takes apart and puts together.
var globals = map[string]string{
	"facility": "HealthFacilityGQLType", "insuree": "InsureeGQLType", "family": "FamilyGQLType", "services": "ServicesPricelistGQLType", "items": "ItemsPricelistGQLType",
}

// signIn does what the sign-in page does.
func (c *contract) signIn(login, password string) (*apptest.Response, []string) {
	c.Helper()
	token := c.cookies["csrftoken"]
	if token == "" {
		token = "null"
	}
	raw, err := json.Marshal(map[string]string{"username": login, "password": password})
	if err != nil {
		c.Fatal(err)
	}
	return c.post(`mutation authenticate($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { refreshExpiresIn } }`, string(raw), "X-CSRFToken", token)
}

// browser is another one, in which nobody has signed in.
func (c *contract) browser() *contract {
	return &contract{T: c.T, a: c.a, cookies: map[string]string{}, known: c.known, mutations: c.mutations}
}

const (
	schemeAdmin    = "scheme@agency.example"
	schemePassword = "a-password-of-the-scheme"
	clerkPassword  = "a-password-of-the-clerk"
)

// eachContract boots the program with an empty scheme, whose administrator has a password.
func eachContract(t *testing.T, fn func(c *contract)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, modules.All(), []string{"testdata/scheme.yaml"}, func(t *testing.T, a *apptest.App) {
		err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			return a.Set.Identity().SetPassword(t.Context(), tx, schemeAdmin, schemePassword)
		})
		if err != nil {
			t.Fatal(err)
		}
		c := &contract{T: t, a: a, cookies: map[string]string{}, known: map[string]string{}, mutations: new(int)}
		c.learn("scheme", "select cast(id as text) from account_workspaces where code = 'IMI'")
		fn(c)
	})
}

// TestClientContract is one long story: the administrator of a scheme adds a clerk, who works through the screens. Every document is the client's very own.
func TestClientContract(t *testing.T) {
	eachContract(t, func(c *contract) {
		clerk := c.browser()
		c.start()
		for _, d := range administration {
			c.answer(d)
		}
		// The clerk works in both districts, which the story has made by now.
		places := c.a.Set.Parts["location"].Service.(*location.Service)
		c.learn("clerk", "select cast(id as text) from account_users where username = 'clerk'")
		c.district(places, "R1D1", "R1D2")
		if r, errs := clerk.post(`{ passwordPolicy }`, ""); r.Status != 200 || len(errs) > 0 {
			c.Fatalf("the page of the clerk: %d %v", r.Status, errs)
		}
		if _, errs := clerk.signIn("clerk", clerkPassword); len(errs) > 0 {
			c.Fatalf("the clerk signs in: %v", errs)
		}
		for _, d := range slices.Concat(placeDocuments, priceDocuments, facilityDocuments, insureeDocuments, profileDocuments, sortDocuments(), closingDocuments) {
			clerk.answer(d)
		}
		for _, d := range unanswered {
			r, errs := clerk.post(spelled(clerk.filled(d.ask)), clerk.filled(d.variables))
			if r.Status != http.StatusBadRequest || !strings.Contains(strings.Join(errs, " "), `on type "Query".`) {
				c.Errorf("%s has a root field now (%d %v): it belongs among the documents that must be answered, not in the list of those that cannot be", d.place, r.Status, errs)
			}
		}
		c.leave()
	})
}

// district lets the clerk work in districts.
func (c *contract) district(places *location.Service, codes ...string) {
	c.Helper()
	actor, err := c.a.Set.Identity().OfEmail(c.Context(), c.a.DB, schemeAdmin, "IMI")
	if err != nil {
		c.Fatal(err)
	}
	var ids []int64
	for _, code := range codes {
		var id int64
		if err := c.a.DB.QueryRow(c.Context(), "select id from location_locations where p_code = $1", code).Scan(&id); err != nil {
			c.Fatal(err)
		}
		ids = append(ids, id)
	}
	ctx := almoner.WithActor(c.Context(), actor)
	var user int64
	if err := c.a.DB.QueryRow(ctx, "select id from account_users where username = 'clerk'").Scan(&user); err != nil {
		c.Fatal(err)
	}
	if err := c.a.DB.InTx(ctx, func(tx *db.Tx) error { return places.SetDistricts(ctx, tx, user, ids) }); err != nil {
		c.Fatal(err)
	}
}

// start is what every page load asks for, before and after somebody signed in (contract §2, §3).
func (c *contract) start() {
	c.Helper()
	c.answer(document{place: "start: configuration", ask: `{moduleConfigurations{module config controls{field usage}}}`, want: []string{`{"moduleConfigurations":[`}})
	c.answer(document{place: "sign-in page: policy", ask: `{passwordPolicy}`, want: []string{`min_length`, `require_lower_case`, `require_upper_case`, `require_numbers`, `require_special_characters`}})
	if r, errs := c.post(`mutation { refreshToken { refreshExpiresIn } }`, ""); r.Status != 200 || len(errs) == 0 {
		c.Errorf("renewal without a session: %d %s", r.Status, r.Body)
	}
	c.send("GET", "/api/core/users/current_user/", nil).Want(c.T, http.StatusUnauthorized)
	if r, errs := c.signIn(schemeAdmin, "wrong"); r.Status != 200 || len(errs) != 1 || errs[0] != "INCORRECT_CREDENTIALS" {
		c.Errorf("a wrong password: %d %s", r.Status, r.Body)
	}
	if _, errs := c.signIn(schemeAdmin, schemePassword); len(errs) > 0 {
		c.Fatalf("sign in: %v", errs)
	}
	me := c.send("GET", "/api/core/users/current_user/", nil).Want(c.T, http.StatusOK).Object(c.T)
	person, _ := me["i_user"].(map[string]any)
	for _, key := range []string{"id", "language", "last_name", "other_names", "health_facility_id", "rights", "has_password"} {
		if _, there := person[key]; !there {
			c.Errorf("current_user has no i_user.%s", key)
		}
	}
	if rights, _ := person["rights"].([]any); len(rights) < 30 || person["language"] != "en" || me["username"] == nil || me["id"] == nil {
		c.Errorf("current_user: %v", me)
	}
	c.answer(document{place: "start: renewal", ask: `mutation{refreshToken{refreshExpiresIn}}`, want: []string{`"refreshExpiresIn":`}})
	c.answer(document{place: "start: districts", ask: `{userDistricts{id uuid code name parent@CN}}`, want: []string{`{"userDistricts":[`}})
	c.answer(document{place: "start: journal", ask: `{mutationLogs(first: 5, orderBy: "-request_date_time") conn{id status error clientMutationId clientMutationLabel clientMutationDetails requestDateTime jsonExt}}`, want: []string{`"edges":[]`}})
	c.answer(document{place: "start: languages", ask: `{languages{name code}}`, want: []string{`{"name":"English","code":"en"}`}})
	c.answer(document{place: "start: languages, older", ask: `{languages{name code sortOrder}}`, want: []string{`"code":"ar","sortOrder":4`}})
	c.send("GET", "/keepLegacyAlive", nil).Want(c.T, http.StatusNoContent)
}

// leave changes the password, and signs out (contract §3).
func (c *contract) leave() {
	c.Helper()
	change := func(old, password, want string) document {
		return document{
			place: "profile: password", ask: `mutation ChangePassword($input: ChangePasswordMutationInput!) { changePassword(input: $input) { clientMutationId success error } }`,
			variables: `{"input": {"oldPassword": "` + old + `", "newPassword": "` + password + `", "clientMutationId": "<mutation>"}}`, want: []string{want},
		}
	}
	c.answer(change("wrong", "another-password-2", `"success":false,"error":"`))
	c.answer(document{
		place: "forgot password", ask: `mutation ResetPassword($input: ResetPasswordMutationInput!) { resetPassword(input: $input) { clientMutationId success error } }`,
		variables: `{"input": {"username": "clerk", "clientMutationId": "<mutation>"}}`, want: []string{`"success":`},
	})
	c.answer(document{
		place: "set password", ask: `mutation SetPassword($input: SetPasswordMutationInput!) { setPassword(input: $input) { clientMutationId success error } }`,
		variables: `{"input": {"username": "clerk", "token": "nonsense", "newPassword": "another-password-2", "clientMutationId": "<mutation>"}}`, want: []string{`"success":false,"error":"`},
	})
	c.answer(document{place: "sign out", ask: `mutation{deleteTokenCookie{deleted} deleteRefreshTokenCookie{deleted}}`, want: []string{`{"deleteTokenCookie":{"deleted":true},"deleteRefreshTokenCookie":{"deleted":true}}`}})
	c.send("GET", "/api/core/users/current_user/", nil).Want(c.T, http.StatusUnauthorized)
	if _, errs := c.signIn(schemeAdmin, schemePassword); len(errs) > 0 {
		c.Fatalf("sign in again: %v", errs)
	}
	c.answer(change(schemePassword, "another-password-2", `"success":true,"error":null`))
}
