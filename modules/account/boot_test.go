package account_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
)

// client is the web client of openIMIS as far as the wire knows it: a browser that asks by GraphQL.
type client struct{ *browser }

// ask sends a document and returns status, data and the first error's message.
func (c *client) ask(document string, header ...string) (int, map[string]any, string) {
	c.Helper()
	status, body := c.send("POST", "/api/graphql", map[string]any{"query": document}, header...)
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		c.Fatalf("%s: %d %s", document, status, body)
	}
	message := ""
	if len(answer.Errors) > 0 {
		message = answer.Errors[0].Message
	}
	return status, answer.Data, message
}

// good is ask that must succeed.
func (c *client) good(document string, header ...string) map[string]any {
	c.Helper()
	status, data, message := c.ask(document, header...)
	if status != http.StatusOK || message != "" {
		c.Fatalf("%s: %d %s", document, status, message)
	}
	return data
}

func (c *client) signIn(login, password string) (int, map[string]any, string) {
	c.Helper()
	return c.ask(fmt.Sprintf(`mutation { tokenAuth(username: %q, password: %q) { token payload refreshExpiresIn } }`, login, password), auth.CSRFHeaderOld, c.cookie(auth.LoginCookie))
}

func (c *client) cookie(name string) string {
	if k := c.cookies[name]; k != nil {
		return k.Value
	}
	return "null"
}

// path follows names and positions into an answer.
func path(v any, steps ...any) any {
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func openClient(t *testing.T, fn func(t *testing.T, a *app.App, c *client)) {
	t.Helper()
	open(t, func(*app.Config) {}, func(t *testing.T, a *app.App) {
		err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			return a.Set.Identity().SetPassword(t.Context(), tx, "ada@agency.example", "admin-has-a-password")
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, a, &client{newBrowser(t, a)})
	})
}

// fresh is another browser without cookies.
func fresh(t *testing.T, b *browser) *browser {
	return &browser{T: t, handler: b.handler, cookies: map[string]*http.Cookie{}, header: http.Header{}}
}

func linkFor(t *testing.T, a *app.App, login string) string {
	t.Helper()
	var out strings.Builder
	for _, c := range account.Module.Commands {
		if c.Name == "user link" {
			if err := c.Run(t.Context(), a.Set.Parts["account"].Service, module.CommandInput{Args: []string{login}, Out: &out}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return strings.TrimSpace(out.String())
}

// The start of the web client (openimis-core appendix C, Boot): anonymous configuration, sign-in, renewal, who am I, languages, journal, sign-out.
func TestBoot(t *testing.T) {
	openClient(t, func(t *testing.T, _ *app.App, c *client) {
		same(t, "configuration", c.good(`{ moduleConfigurations { module config controls { field usage } } }`)["moduleConfigurations"], []any{})
		if kept := c.cookies[auth.LoginCookie]; kept == nil || kept.HttpOnly || kept.SameSite != http.SameSiteLaxMode {
			t.Fatalf("the page is given %+v", kept)
		}
		if policy, _ := c.good(`{ passwordPolicy }`)["passwordPolicy"].(string); !strings.Contains(policy, `"min_length": 10`) {
			t.Errorf("policy: %s", policy)
		}
		if status, _, message := c.ask(`mutation { refreshToken { refreshExpiresIn } }`); status != 200 || message == "" {
			t.Errorf("renewal without a session: %d %q", status, message)
		}
		status, body := c.send("GET", "/api/core/users/current_user/", nil)
		same(t, "nobody", []any{status, body}, []any{401, `{"detail":"Authentication credentials were not provided."}`})
		for _, document := range []string{`{ languages { code } }`, `{ user { id } }`, `mutation { createRole(input: {name: "x", isSystem: false, isBlocked: false}) { internalId } }`, `{ __schema { types { name } } }`} {
			if status, data, _ := c.ask(document); status != 401 || data != nil {
				t.Errorf("a stranger, %s: %d %v", document, status, data)
			}
		}

		if _, data, message := c.ask(`mutation { tokenAuth(username: "ada@agency.example", password: "admin-has-a-password") { token } }`); message != "CSRF token missing or incorrect." || data["tokenAuth"] != nil {
			t.Errorf("without the page's token: %v %q", data, message)
		}
		for _, login := range []string{"ada@agency.example", "nobody@else.example", "unknown@else.example"} {
			status, data, message := c.signIn(login, "wrong-password")
			same(t, "wrong password of "+login, []any{status, data["tokenAuth"], message}, []any{200, nil, "INCORRECT_CREDENTIALS"})
		}
		status, data, message := c.signIn("ADA@agency.example", "admin-has-a-password")
		if status != 200 || message != "" || path(data, "tokenAuth", "payload", "username") != "ada@agency.example" {
			t.Fatalf("sign-in: %d %v %s", status, data, message)
		}
		for _, name := range []string{auth.TokenCookie, auth.RefreshCookie} {
			if kept := c.cookies[name]; kept == nil || !kept.HttpOnly || kept.Path != "/" {
				t.Errorf("%s: %+v", name, kept)
			}
		}
		token, _ := path(data, "tokenAuth", "token").(string)
		if until, _ := path(data, "tokenAuth", "refreshExpiresIn").(float64); until < 1_700_000_000 {
			t.Errorf("refreshExpiresIn is no absolute second: %v", until)
		}
		if path(c.good(`mutation { refreshToken { refreshExpiresIn } }`), "refreshToken", "refreshExpiresIn") != path(data, "tokenAuth", "refreshExpiresIn") {
			t.Error("a renewal moves the end of renewals")
		}
		me := c.do("GET", "/api/core/users/current_user/", nil, 200)
		if me["username"] != "ada@agency.example" || path(me, "i_user", "language") != "en" || path(me, "i_user", "has_password") != true || path(me, "t_user") != nil {
			t.Errorf("who: %v", me)
		}
		numbers, _ := path(me, "i_user", "rights").([]any)
		if len(numbers) < 10 || numbers[0] != 121701.0 {
			t.Errorf("an administrator's rights: %v", numbers)
		}
		texts, _ := path(c.good(`{ user { username rights iUser { id uuid otherNames language { code name } roles { id name } } } }`), "user", "rights").([]any)
		if len(texts) != len(numbers) || texts[0] != "121701" {
			t.Errorf("rights as texts: %v", texts)
		}
		same(t, "languages", c.good(`{ languages { code sortOrder } }`)["languages"].([]any)[0], map[string]any{"code": "en", "sortOrder": 1})
		same(t, "journal", path(c.good(`{ mutationLogs(first: 5, orderBy: "-request_date_time") { edges { node { id status } } } }`), "mutationLogs", "edges"), []any{})

		// a token in the header, in any case; `JWT` is nothing here
		bare := &client{fresh(t, c.browser)}
		for scheme, want := range map[string]int{"Bearer ": 200, "bearer ": 200, "JWT ": 401} {
			if status, _, _ := bare.ask(`{ user { id } }`, "Authorization", scheme+token); status != want {
				t.Errorf("%s: %d", scheme, status)
			}
		}
		if status, _, _ := c.ask(`{ user { id } }`, "Authorization", "JWT undefined"); status != 200 {
			t.Errorf("the newest client's header: %d", status)
		}
		if status, data, _ := bare.ask(`{ user { id } }`, "Authorization", "Bearer "+token+"x"); status != 401 || data != nil {
			t.Errorf("a bad token: %d", status)
		}
		if status, _, message := c.ask(`mutation { logout { success } }`, "Origin", "https://elsewhere.example"); status == 200 && message == "" && c.cookies[auth.TokenCookie] == nil {
			t.Log("another site may sign somebody out, no more")
		}
		if status, _, _ := c.ask(`{ user { id } }`, "Sec-Fetch-Site", "cross-site"); status != 403 && status != 401 {
			t.Errorf("another site: %d", status)
		}

		_, _, _ = c.signIn("ada@agency.example", "admin-has-a-password")
		kept := c.cookie(auth.TokenCookie)
		out := c.good(`mutation { deleteTokenCookie { deleted } deleteRefreshTokenCookie { deleted } }`)
		same(t, "sign-out", []any{path(out, "deleteTokenCookie", "deleted"), path(out, "deleteRefreshTokenCookie", "deleted")}, []any{true, true})
		if status, _, _ := bare.ask(`{ user { id } }`, "Authorization", "Bearer "+kept); status != 401 {
			t.Errorf("the token lives on after signing out: %d", status)
		}
		if status, _ := c.send("GET", "/api/core/users/current_user/", nil); status != 401 {
			t.Errorf("signed out: %d", status)
		}
		if status, _ := c.send("GET", "/keepLegacyAlive", nil); status != 204 {
			t.Errorf("keepLegacyAlive: %d", status)
		}
		mobile := bare.do("POST", "/api/api_fhir_r4/login/", map[string]string{"username": "ada@agency.example", "password": "admin-has-a-password"}, 200)
		if fhir, _ := mobile["token"].(string); fhir == "" {
			t.Errorf("mobile sign-in: %v", mobile)
		}
		status, body = bare.send("POST", "/api/api_fhir_r4/login/", map[string]string{"username": "ada@agency.example", "password": "x"})
		same(t, "mobile, wrong password", []any{status, body}, []any{401, `{"detail":"INCORRECT_CREDENTIALS"}`})
	})
}

// Several sign-ins in one document are as many tries.
func TestAliasesMultiplyNoTries(t *testing.T) {
	openClient(t, func(t *testing.T, _ *app.App, c *client) {
		c.good(`{ passwordPolicy }`)
		var b strings.Builder
		for i := range 12 {
			fmt.Fprintf(&b, `a%d: tokenAuth(username: "ada@agency.example", password: "guess-%d") { token } `, i, i)
		}
		b.WriteString(`right: tokenAuth(username: "ada@agency.example", password: "admin-has-a-password") { token }`)
		status, data, _ := c.ask("mutation {"+b.String()+"}", auth.CSRFHeaderOld, c.cookie(auth.LoginCookie))
		if status != 200 || data["right"] != nil {
			t.Errorf("a password was found by trying: %d %v", status, data)
		}
	})
}

// Roles hold rights by number, people hold roles; nobody gives what they do not have. The mutation log tells how it went.
func TestRolesAndPeopleOverGraphQL(t *testing.T) {
	openClient(t, func(t *testing.T, a *app.App, c *client) {
		c.good(`{ passwordPolicy }`)
		if _, _, message := c.signIn("ada@agency.example", "admin-has-a-password"); message != "" {
			t.Fatal(message)
		}
		n := 0
		mutate := func(name, input string) (status float64, failure string) {
			t.Helper()
			n++
			id := fmt.Sprintf("m-%d", n)
			data := c.good(fmt.Sprintf(`mutation { %s(input: { clientMutationId: %q, clientMutationLabel: "Do", %s }) { clientMutationId internalId } }`, name, id, input))
			if path(data, name, "clientMutationId") != id || path(data, name, "internalId") == nil {
				t.Fatalf("%s: %v", name, data)
			}
			node := path(c.good(fmt.Sprintf(`{ mutationLogs(clientMutationId: %q) { edges { node { status error clientMutationId jsonContent } } } }`, id)), "mutationLogs", "edges", 0, "node")
			if path(node, "clientMutationId") != id {
				t.Fatalf("%s: log %v", name, node)
			}
			if text, _ := path(node, "jsonContent").(string); strings.Contains(text, "a-long-password") {
				t.Errorf("%s: a password in the log: %s", name, text)
			}
			failure, _ = path(node, "error").(string)
			status, _ = path(node, "status").(float64)
			return status, failure
		}
		ok := func(name, input string) {
			t.Helper()
			if status, failure := mutate(name, input); status != 2 {
				t.Fatalf("%s: %v %s", name, status, failure)
			}
		}
		ok("createRole", `name: "Helper", altLanguage: "Aide", isSystem: false, isBlocked: false, rightsId: [121701, 121702, 121703, 122001]`)
		role := path(c.good(`{ role(name_Icontains: "help", showHistory: true) { totalCount edges { node { id uuid name altLanguage isSystem isBlocked validityFrom validityTo clientMutationId } } } }`), "role", "edges", 0, "node")
		if path(role, "altLanguage") != "Aide" || path(role, "isSystem") != 0.0 || path(role, "validityTo") != nil || path(role, "clientMutationId") != nil {
			t.Fatalf("role: %v", role)
		}
		uuid := path(role, "uuid").(string)
		same(t, "rights", path(c.good(fmt.Sprintf(`{ roleRight(role_Uuid: %q) { edges { node { rightId } } } }`, uuid)), "roleRight", "edges", 3, "node", "rightId"), 122001)
		var id int64
		if err := a.DB.QueryRow(t.Context(), "select id from account_roles where name = 'Helper'").Scan(&id); err != nil {
			t.Fatal(err)
		}
		ok("createUser", fmt.Sprintf(`username: "hana", lastName: "Helper", otherNames: "Hana", language: "fr", roles: [%d], userTypes: [INTERACTIVE], password: "a-long-password", districts: [1]`, id))
		made := path(c.good(fmt.Sprintf(`{ users(clientMutationId: "m-%d") { totalCount edges { node { id username iUser { id lastName otherNames email roles { id name } } } } } mutationLogs(clientMutationId: "m-%d") { edges { node { users { coreUser { id } } } } } }`, n, n)), "users", "edges", 0, "node")
		if path(made, "username") != "hana" || path(made, "iUser", "roles", 0, "name") != "Helper" {
			t.Fatalf("created: %v", made)
		}
		log := c.good(fmt.Sprintf(`{ mutationLogs(clientMutationId: "m-%d") { edges { node { users { coreUser { id } } } } } }`, n))
		same(t, "touched", path(log, "mutationLogs", "edges", 0, "node", "users", 0, "coreUser", "id"), path(made, "id"))
		same(t, "taken", c.good(`{ validateUsername(username: "hana") free: validateUsername(username: "hanna") usernameLength }`), map[string]any{"validateUsername": false, "free": true, "usernameLength": 50})
		if status, failure := mutate("createUser", fmt.Sprintf(`username: "hana", lastName: "X", otherNames: "Y", language: "en", roles: [%d], userTypes: [INTERACTIVE]`, id)); status != 1 || !strings.HasPrefix(failure, "[{") {
			t.Errorf("a second hana: %v %s", status, failure)
		}

		hana := &client{fresh(t, c.browser)}
		hana.good(`{ passwordPolicy }`)
		if _, _, message := hana.signIn("hana", "a-long-password"); message != "" {
			t.Fatalf("by login name: %s", message)
		}
		me := hana.do("GET", "/api/core/users/current_user/", nil, 200)
		same(t, "her rights", path(me, "i_user", "rights"), []any{121701, 121702, 121703, 122001})
		c2 := c
		c = hana // from here she asks
		if _, data, message := c.ask(`{ modulesPermissions { modulePermsList { moduleName permissions { permsName permsValue } } } }`); message != "" || path(data, "modulesPermissions", "modulePermsList", 0, "moduleName") != "account" {
			t.Errorf("rights of modules: %v %s", data, message)
		}
		if status, failure := mutate("createRole", `name: "Own", isSystem: false, isBlocked: false, rightsId: []`); status != 1 || !strings.Contains(failure, "permission") {
			t.Errorf("without the right: %v %s", status, failure)
		}
		ada := number(t, a.DB, "select id from account_users where email = 'ada@agency.example'")
		var imis int64
		if err := a.DB.QueryRow(t.Context(), "select id from account_roles where is_system = 64").Scan(&imis); err != nil {
			t.Fatal(err)
		}
		if status, failure := mutate("createUser", fmt.Sprintf(`username: "eve", lastName: "E", otherNames: "E", language: "en", roles: [%d], userTypes: [INTERACTIVE]`, imis)); status != 1 || !strings.Contains(failure, "right_not_yours") {
			t.Errorf("an administrator made by a helper: %v %s", status, failure)
		}
		if number(t, a.DB, "select count(*) from account_users where username = 'eve'") != 0 {
			t.Error("what failed left a person")
		}
		if status, _ := mutate("updateUser", fmt.Sprintf(`uuid: "%d", username: "root", lastName: "R", otherNames: "R", language: "en", roles: [], userTypes: [INTERACTIVE], password: "a-long-password2"`, ada)); status != 1 {
			t.Error("a helper changed an administrator of the platform")
		}
		if data := c.good(`{ mutationLogs { totalCount } }`); path(data, "mutationLogs", "totalCount") != float64(number(t, a.DB, "select count(*) from api_mutations where user_id = (select id from account_users where username = 'hana')")) {
			t.Errorf("she sees the log of others: %v", data)
		}
		ok("changeUserLanguage", `languageId: "es"`)
		for _, w := range []struct {
			input string
			good  bool
		}{{`oldPassword: "wrong", newPassword: "another-long-password"`, false}, {`oldPassword: "a-long-password", newPassword: "short"`, false}, {`oldPassword: "a-long-password", newPassword: "another-long-password"`, true}} {
			data := c.good(`mutation { changePassword(input: {clientMutationId: "p", ` + w.input + `}) { clientMutationId success error } }`)
			if path(data, "changePassword", "success") != w.good || (path(data, "changePassword", "error") == nil) != w.good {
				t.Errorf("%s: %v", w.input, data)
			}
			// in the language that she just chose, and about what she gave
			if strings.Contains(w.input, "wrong") && path(data, "changePassword", "error") != "La contraseña anterior no es correcta." {
				t.Errorf("%s: %v", w.input, data)
			}
		}
		if status, _, _ := c.ask(`{ user { id } }`); status != 401 {
			t.Errorf("a token outlives its password: %d", status)
		}

		c = c2
		ok("updateRole", fmt.Sprintf(`uuid: %q, name: "Helper", isSystem: false, isBlocked: true`, uuid))
		ok("duplicateRole", fmt.Sprintf(`uuid: %q, name: "Second", isSystem: false, isBlocked: false`, uuid))
		var second string
		if err := a.DB.QueryRow(t.Context(), "select uuid from account_roles where name = 'Second'").Scan(&second); err != nil {
			t.Fatal(err)
		}
		ok("deleteRole", fmt.Sprintf(`uuids: [%q]`, second))

		// a link for a new password, once
		token := linkFor(t, a, "hana")
		choose := func(token string) any {
			return path(c.good(fmt.Sprintf(`mutation { setPassword(input: {username: "hana", token: %q, newPassword: "the-third-password"}) { success error clientMutationId } }`, token)), "setPassword", "success")
		}
		same(t, "links", []any{choose("nonsense"), choose(token), choose(token)}, []any{false, true, false})
		same(t, "no mail", path(c.good(`mutation { resetPassword(input: {username: "hana"}) { success error } }`), "resetPassword", "success"), false)
		var key string
		if err := a.DB.QueryRow(t.Context(), "select uuid from account_users where username = 'hana'").Scan(&key); err != nil {
			t.Fatal(err)
		}
		ok("deleteUser", fmt.Sprintf(`uuids: [%q]`, key))
		if _, _, message := hana.signIn("hana", "the-third-password"); message != "INCORRECT_CREDENTIALS" {
			t.Errorf("deleted: %q", message)
		}
	})
}
