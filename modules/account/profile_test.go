package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/account"
)

func workspaceOf(t *testing.T, r *apptest.Response) string {
	t.Helper()
	country, _ := r.Want(t, 200).Object(t)["country"].(map[string]any)
	code, _ := country["country_short_code"].(string)
	return code
}

// The workspace of a request: the header, else `?schema=`, else the stored one, else the first; without a grant there 403 (design §7).
func TestWorkspaceOfARequest(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		amina, profile := a.As("amina@agency.example"), "/api/v3/users/profile/"
		for query, want := range map[string]string{"": "KEN", "?schema=LBN": "LBN", "?schema=lebanon": "LBN", "?schema=ken": "KEN"} {
			same(t, query, workspaceOf(t, amina.Get(profile+query)), want)
		}
		same(t, "header", workspaceOf(t, amina.In("lbn").Get(profile)), "LBN")
		same(t, "the header comes first", workspaceOf(t, amina.In("LBN").Get(profile+"?schema=KEN")), "LBN")
		for _, code := range []string{"SYR", "XXX", "Lebanon; drop table", "0"} {
			amina.In(code).Get(profile).Want(t, 403)
		}
		amina.Get(profile+"?schema=SYR").Want(t, 403)
		same(t, "the only one", workspaceOf(t, a.As("leila@agency.example").Get(profile)), "LBN")
		same(t, "none", workspaceOf(t, a.As("nobody@else.example").Get(profile)), "")
		a.As("nobody@else.example").In("KEN").Get(profile).Want(t, 403)
		same(t, "administrators enter everywhere", workspaceOf(t, a.As("ada@agency.example").In("SYR").Get(profile)), "SYR")
		set(t, a, "update account_users set current_workspace_id = null where email = 'both@else.example'")
		same(t, "the first when none is stored", workspaceOf(t, a.As("both@else.example").Get(profile)), "KEN")
	})
}

func set(t *testing.T, a *apptest.App, sql string, args ...any) {
	t.Helper()
	err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// The organisation of a request decides the roles: the header, else the stored choice when there is a grant for it here, else that of the first grant.
func TestOrganisationOfARequest(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		roles := func(c *apptest.Client) string {
			return fmt.Sprint(c.Get("/api/auth/session/").Want(t, 200).Object(t)["roles"])
		}
		both := a.As("both@else.example")
		f1, g1, unicef := id(t, a.App, "organisation_organisations", "vendor_number", "F1"), id(t, a.App, "organisation_organisations", "vendor_number", "G1"), id(t, a.App, "organisation_organisations", "vendor_number", "000")
		same(t, "stored", roles(both), "[Unrelated]")
		same(t, "asked for", roles(both.With("Almoner-Organization", fmt.Sprint(f1))), "[Third Party Monitor]")
		same(t, "no grant for the stored one there", roles(both.In("LBN")), "[Third Party Monitor]")
		for _, other := range []string{fmt.Sprint(unicef), "x", "-1", "99999999999999999999"} {
			both.With("Almoner-Organization", other).Get("/api/v3/users/profile/").Want(t, 403)
		}
		both.In("LBN").With("Almoner-Organization", fmt.Sprint(g1)).Get("/api/v3/users/profile/").Want(t, 403)

		change := "/api/v3/users/changeorganization/"
		both.Post(change, map[string]any{"organization": f1}).Want(t, 204)
		same(t, "changed", roles(both), "[Third Party Monitor]")
		both.Post(change, map[string]any{"organization": unicef}).Want(t, 403)
		both.Post(change, map[string]any{"organization": 987654321}).Want(t, 400)
		both.Post(change, map[string]any{}).Want(t, 400)
		both.In("LBN").Post(change, map[string]any{"organization": g1}).Want(t, 403)
		same(t, "still", roles(both), "[Third Party Monitor]")
	})
}

// The profile has the keys of tpm §5.11; language, job title and telephone can be changed, nothing else.
func TestProfile(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		path := "/api/v3/users/profile/"
		usha := a.As("usha@agency.example")
		body := usha.Get(path).Want(t, 200).Object(t)
		for _, key := range strings.Fields(`user name first_name middle_name last_name email username is_active is_staff is_superuser is_unicef_user last_login job_title phone_number office country
			countries_available organization organizations_available groups supervisor supervisees oic preferences`) {
			if _, ok := body[key]; !ok {
				t.Errorf("the profile has no %s", key)
			}
		}
		same(t, "name", body["name"], "Usha M Noor")
		same(t, "language", body["preferences"], map[string]string{"language": "en"})
		same(t, "country", keysOf(body["country"]), "country_short_code custom_dashboards id initial_zoom latitude local_currency longitude name")
		same(t, "organization", keysOf(body["organization"]), "id is_government name relationship_types vendor_number")
		same(t, "groups", body["groups"].([]any)[0].(map[string]any)["name"], "UNICEF User")

		language := func(code any) *apptest.Response {
			return usha.Patch(path, map[string]any{"preferences": map[string]any{"language": code}})
		}
		for code, want := range map[string]string{"en-us": "en", "fr": "fr", "AR": "ar", "es-MX": "es"} {
			same(t, code, language(code).Want(t, 200).Object(t)["preferences"], map[string]string{"language": want})
		}
		for _, code := range []any{"xx", "", "french", nil, 7, []string{"fr"}} {
			same(t, fmt.Sprint(code), keysOf(language(code).Want(t, 400).JSON(t)), "preferences")
		}
		usha.Patch(path, map[string]any{"preferences": []int{1}}).Want(t, 400)
		usha.Patch(path, map[string]any{"preferences": map[string]any{"theme": "dark"}}).Want(t, 200)
		after := usha.Patch(path, map[string]any{"job_title": " Officer ", "phone_number": "+254 700", "email": "other@agency.example", "is_superuser": true, "first_name": "X"}).Want(t, 200).Object(t)
		same(t, "changed", []any{after["job_title"], after["phone_number"], after["email"], after["is_superuser"], after["first_name"]}, []any{"Officer", "+254 700", "usha@agency.example", false, "Usha"})
		same(t, "taken away", usha.Patch(path, map[string]any{"job_title": nil}).Want(t, 200).Object(t)["job_title"], "")
		usha.Patch(path, map[string]any{"job_title": strings.Repeat("x", 256)}).Want(t, 400)
	})
}

func keysOf(v any) string {
	var list []string
	object, _ := v.(map[string]any)
	for key := range object {
		list = append(list, key)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// The language of an answer: the header, else what the person chose, else what the browser prefers (tpm §10).
func TestLanguageOfAnAnswer(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		language := func(c *apptest.Client) string {
			return c.Patch("/api/v3/users/profile/", "{").Want(t, 400).Header.Get("Content-Language")
		}
		usha := a.As("usha@agency.example")
		same(t, "of the person", language(usha), "en")
		same(t, "the header", language(usha.With("Language", "fr")), "fr")
		same(t, "an unknown header", language(usha.With("Language", "tlh")), "en")
		usha.Patch("/api/v3/users/profile/", map[string]any{"preferences": map[string]any{"language": "ar"}}).Want(t, 200)
		same(t, "chosen", language(usha), "ar")
		same(t, "of the browser", a.Anonymous().With("Accept-Language", "es-MX,es;q=0.9").Get("/api/v3/users/profile/").Want(t, 403).Header.Get("Content-Language"), "es")
	})
}

// Changing the country: 204, 400 for one that does not exist, 403 for one that is not theirs; a page is followed to local places only (tpm §10, §11 "Users").
func TestChangeCountry(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		ken, lbn, syr := id(t, a.App, "account_workspaces", "code", "KEN"), id(t, a.App, "account_workspaces", "code", "LBN"), id(t, a.App, "account_workspaces", "code", "SYR")
		both := a.As("both@else.example")
		where := func() string { return workspaceOf(t, both.Get("/api/v3/users/profile/")) }
		stored := func() int64 {
			return number(t, a.DB, "select coalesce(current_organization_id, 0) from account_users where email = 'both@else.example'")
		}
		kept := stored()
		for _, path := range []string{"/api/v3/users/changecountry/", "/api/v2/users/changecountry/", "/users/api/changecountry/"} {
			both.Post(path, map[string]any{"country": ken}).Want(t, 204) // where they are already
			both.Post(path, map[string]any{"country": 987654321}).Want(t, 400)
			both.Post(path, map[string]any{}).Want(t, 400)
			both.Post(path, map[string]any{"country": syr}).Want(t, 403)
			same(t, "refused", where(), "KEN")
			both.Post(path, map[string]any{"country": lbn}).Want(t, 204)
			same(t, "changed", where(), "LBN")
			both.Post(path+fmt.Sprintf("?country=%d", ken), nil).Want(t, 204)
			same(t, "by query", where(), "KEN")
		}
		if kept == 0 || stored() != 0 {
			t.Errorf("selected organisation was %d and is %d; want it given up where there was no grant for it", kept, stored())
		}
		follow := func(query string, status int, to string) {
			t.Helper()
			r := both.Get("/users/api/changecountry/?"+query).Want(t, status)
			if r.Header.Get("Location") != to {
				t.Errorf("%s leads to %q, want %q", query, r.Header.Get("Location"), to)
			}
		}
		follow(fmt.Sprintf("country=%d&next=/LBN/visits", lbn), 302, "/LBN/visits")
		same(t, "followed", where(), "LBN")
		follow(fmt.Sprintf("country=%d", ken), 302, "/")
		for _, elsewhere := range []string{"https://evil.example/", "//evil.example", "/%5Cevil.example", "javascript:alert(1)", "evil", "/%09/evil.example", "%2F%2Fevil.example", "/a%0d%0aSet-Cookie:x=1"} {
			follow(fmt.Sprintf("country=%d&next=%s", ken, elsewhere), 302, "/")
		}
		follow(fmt.Sprintf("country=%d&next=/x", syr), 403, "")
		follow("country=x&next=/x", 403, "")
	})
}

// GET /api/v3/users/: the agency's staff who work here now, by first name, for the agency's staff; nobody for others (tpm §5.11).
func TestColleagues(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		names := func(c *apptest.Client, query string) string {
			var list []string
			tree := c.Get("/api/v3/users/"+query).Want(t, 200).JSON(t)
			if page, ok := tree.(map[string]any); ok {
				tree = page["results"]
			}
			for _, row := range tree.([]any) {
				list = append(list, row.(map[string]any)["first_name"].(string))
				if query == "" {
					same(t, "keys", keysOf(row), "email first_name id last_name middle_name name phone username")
				}
			}
			return strings.Join(list, " ")
		}
		usha := a.As("usha@agency.example")
		same(t, "here", names(usha, ""), "Amina Usha")
		same(t, "there", names(a.As("leila@agency.example"), ""), "Leila")
		same(t, "others", names(a.As("both@else.example"), ""), "")
		same(t, "without grants", names(a.As("nobody@else.example"), ""), "")
		same(t, "searched", names(usha, "?search=otieno"), "Amina")
		same(t, "by id", names(usha, fmt.Sprintf("?values=%d", id(t, a.App, "account_users", "email", "usha@agency.example"))), "Usha")
		same(t, "not by id when they are elsewhere", names(usha, fmt.Sprintf("?values=%d", id(t, a.App, "account_users", "email", "leila@agency.example"))), "")
		same(t, "paged", names(usha, "?page=1"), "Amina Usha")
		usha.Get("/api/v3/users/?page=2").Want(t, 404)
	})
}

// Who is deactivated is out at once, with all grants (tpm §2.1).
func TestDeactivation(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		ada, amina := a.As("ada@agency.example"), a.As("amina@agency.example")
		who := id(t, a.App, "account_users", "email", "amina@agency.example")
		session := newBrowser(t, a.App)
		session.do("POST", "/api/auth/login/", credentials("amina@agency.example", "amina-has-a-password"), 200)
		amina.Patch(fmt.Sprintf("/api/account/users/%d/", who), map[string]any{"is_active": false}).Want(t, 403)
		ada.Patch(fmt.Sprintf("/api/account/users/%d/", who), map[string]any{"is_active": false}).Want(t, 200)
		amina.Get("/api/v3/users/profile/").Want(t, 401)
		session.do("GET", "/api/v3/users/profile/", nil, 401)
		a.Anonymous().Post("/api/auth/token/", credentials("amina@agency.example", "amina-has-a-password")).Want(t, 401)
		if n := number(t, a.DB, "select count(*) from account_grants where user_id = $1 and is_active = $2", who, true); n != 0 {
			t.Errorf("%d grants are still active", n)
		}
	})
}

// ExtendRole gives the holders of a role elsewhere the same here, once, and never takes anything away (tpm §12-4).
func TestExtendRole(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		service := a.Set.Parts["account"].Service.(*account.Service)
		f1, syr, both := id(t, a.App, "organisation_organisations", "vendor_number", "F1"), id(t, a.App, "account_workspaces", "code", "SYR"), id(t, a.App, "account_users", "email", "both@else.example")
		ctx := almoner.WithActor(t.Context(), &almoner.Actor{System: "test"})
		extend := func() {
			t.Helper()
			if err := a.DB.InTx(ctx, func(tx *db.Tx) error { return service.ExtendRole(ctx, tx, f1, "Third Party Monitor", syr) }); err != nil {
				t.Fatal(err)
			}
		}
		grants := func() int64 {
			return number(t, a.DB, "select count(*) from account_grants where user_id = $1 and workspace_id = $2", both, syr)
		}
		extend()
		extend()
		same(t, "given once", grants(), 1)
		same(t, "selected organisation stays", number(t, a.DB, "select current_organization_id from account_users where id = $1", both), id(t, a.App, "organisation_organisations", "vendor_number", "G1"))
		// A grant that was taken away here stays away.
		set(t, a, "update account_grants set is_active = $3 where user_id = $1 and workspace_id = $2", both, syr, false)
		extend()
		same(t, "taken away", number(t, a.DB, "select count(*) from account_grants where user_id = $1 and workspace_id = $2 and is_active = $3", both, syr, true), 0)
		// Who left gets nothing.
		set(t, a, "delete from account_grants where user_id = $1 and workspace_id = $2", both, syr)
		change := service.User.NewChange(both, entity.Values{"is_active": false})
		if err := a.DB.InTx(ctx, func(tx *db.Tx) error { return service.User.Save(ctx, tx, change) }); err != nil {
			t.Fatal(err)
		}
		extend()
		same(t, "left", grants(), 0)
	})
}
