package account_test

import (
	"net/http"
	"net/netip"
	"strconv"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/auth"
)

func credentials(email, password string) map[string]string {
	return map[string]string{"email": email, "password": password}
}

// A bearer token is what an API client gets for a password; a wrong password, an unknown person and one without a password look alike.
func TestToken(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		stranger := a.Anonymous()
		body := stranger.Post("/api/auth/token/", credentials("AMINA@agency.example", "amina-has-a-password")).Want(t, 200).Object(t)
		same(t, "kind", []any{body["token_type"], body["expires_in"]}, []any{"Bearer", 8 * 3600})
		token, _ := body["access"].(string)
		for _, scheme := range []string{"Bearer ", "bearer ", "JWT "} {
			me := stranger.With("Authorization", scheme+token).Get("/api/v3/users/profile/").Want(t, 200).Object(t)
			same(t, "who", me["email"], "amina@agency.example")
		}
		stranger.With("Authorization", "JWT "+token).Get("/api/account/users/").Want(t, 401) // old schemes are nothing on our own wire
		stranger.With("Authorization", "Bearer "+token+"x").Get("/api/v3/users/profile/").Want(t, 401)
		if number(t, a.DB, "select count(*) from account_users where email = 'amina@agency.example' and last_login_at is not null") != 1 {
			t.Error("the sign-in was not noted")
		}
		if number(t, a.DB, "select count(*) from event_log where name = 'account.user_signed_in'") != 1 {
			t.Error("the sign-in stated no fact")
		}
		want := string(stranger.Post("/api/auth/token/", credentials("amina@agency.example", "wrong")).Want(t, 401).Body)
		for _, c := range []map[string]string{credentials("unknown@else.example", "wrong"), credentials("ada@agency.example", "wrong"), credentials("gone@agency.example", "wrong"), credentials("amina@agency.example\x00", "x")} {
			if got := stranger.Post("/api/auth/token/", c); got.Status == 401 && string(got.Body) != want || got.Status != 401 && got.Status != 400 {
				t.Errorf("%s: got %d %s, want it to look like a wrong password", c["email"], got.Status, got.Body)
			}
		}
		stranger.Post("/api/auth/token/", credentials("gone@agency.example", "gone-has-a-password")).Want(t, 401)
		same(t, "nothing sent", stranger.Post("/api/auth/token/", map[string]any{}).Want(t, 400).JSON(t), map[string][]string{"email": {"This field is required."}, "password": {"This field is required."}})
	})
}

// A browser gets a cookie that no script can read; writing needs the token that goes with it; signing out ends it.
func TestBrowserSession(t *testing.T) {
	open(t, func(*app.Config) {}, func(t *testing.T, a *app.App) {
		b := newBrowser(t, a)
		session := b.do("POST", "/api/auth/login/", credentials("amina@agency.example", "amina-has-a-password"), 200)
		same(t, "who", session["user"].(map[string]any)["email"], "amina@agency.example")
		same(t, "cache", header(session, "Cache-Control"), "no-store")
		kept := b.cookies[auth.SessionCookie]
		same(t, "session cookie", []any{kept.HttpOnly, kept.SameSite, kept.Secure, kept.Path}, []any{true, http.SameSiteLaxMode, false, "/"})
		if b.cookies[auth.CSRFCookie].HttpOnly {
			t.Error("the page's script cannot read the CSRF cookie")
		}
		b.do("GET", "/api/v3/users/profile/", nil, 200)
		b.do("PATCH", "/api/v3/users/profile/", map[string]any{"job_title": "x"}, 403)
		b.with(auth.CSRFHeader, "guess").do("PATCH", "/api/v3/users/profile/", map[string]any{"job_title": "x"}, 403)
		b.trusted().do("PATCH", "/api/v3/users/profile/", map[string]any{"job_title": "x"}, 200)
		b.with(auth.CSRFHeaderOld, b.cookies[auth.CSRFCookie].Value).do("PATCH", "/api/v3/users/profile/", map[string]any{"job_title": "y"}, 200)

		// Who lost the token gets it back with the page.
		lost := b.cookies[auth.CSRFCookie].Value
		delete(b.cookies, auth.CSRFCookie)
		b.do("GET", "/api/auth/session/", nil, 200)
		same(t, "token again", b.cookies[auth.CSRFCookie].Value, lost)

		// Signing in again is a new session; the old one is over.
		old := *b.cookies[auth.SessionCookie]
		b.trusted().do("POST", "/api/auth/login/", credentials("usha@agency.example", "usha-has-a-password"), 200)
		other := newBrowser(t, a)
		other.cookies[auth.SessionCookie] = &old
		other.do("GET", "/api/v3/users/profile/", nil, 401)
		same(t, "a stale cookie is a stranger to the page", other.do("GET", "/api/auth/session/", nil, 200)["user"], nil)
		same(t, "the token of the old session does not fit", b.with(auth.CSRFHeader, lost).do("PATCH", "/api/v3/users/profile/", map[string]any{}, 403)["detail"] != nil, true)

		b.do("POST", "/api/auth/logout/", nil, 403)
		last := *b.cookies[auth.SessionCookie]
		b.trusted().do("POST", "/api/auth/logout/", nil, 204)
		if len(b.cookies) != 0 {
			t.Errorf("cookies left after signing out: %v", b.cookies)
		}
		b.cookies[auth.SessionCookie] = &last
		b.do("GET", "/api/v3/users/profile/", nil, 401)
		newBrowser(t, a).do("POST", "/api/auth/logout/", nil, 204) // a stranger has nothing to end
	})
}

// Behind a trusted proxy that speaks https, cookies are Secure and the browser is told to stay with https; nobody else is believed.
func TestSecureBehindProxy(t *testing.T) {
	open(t, func(c *app.Config) { c.Auth.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} }, func(t *testing.T, a *app.App) {
		b := newBrowser(t, a).with("X-Forwarded-Proto", "https").with("X-Forwarded-For", "203.0.113.7")
		answer := b.do("POST", "/api/auth/login/", credentials("amina@agency.example", "amina-has-a-password"), 200)
		for name, c := range b.cookies {
			if !c.Secure {
				t.Errorf("cookie %s is not Secure", name)
			}
		}
		if header(answer, "Strict-Transport-Security") == "" {
			t.Error("the browser is not told to stay with https")
		}
		plain := newBrowser(t, a)
		if header(plain.do("POST", "/api/auth/login/", credentials("amina@agency.example", "amina-has-a-password"), 200), "Strict-Transport-Security") != "" || plain.cookies[auth.SessionCookie].Secure {
			t.Error("a plain request got cookies for https only")
		}
	})
}

// Too many wrong passwords slow the account down, for the right password as well and for strangers alike; others are not slowed down.
func TestThrottling(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		for _, email := range []string{"amina@agency.example", "unknown@else.example"} {
			tries := 0
			for tries < 20 {
				r := a.Anonymous().Post("/api/auth/token/", credentials(email, "wrong"))
				if r.Status == http.StatusTooManyRequests {
					break
				}
				r.Want(t, 401)
				tries++
			}
			if tries < 3 || tries > 10 {
				t.Errorf("%s: slowed down after %d tries", email, tries)
			}
			r := a.Anonymous().Post("/api/auth/login/", credentials(email, "amina-has-a-password")).Want(t, 429)
			if n, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || n < 1 || n > 900 {
				t.Errorf("%s: Retry-After is %q", email, r.Header.Get("Retry-After"))
			}
		}
		a.Anonymous().Post("/api/auth/token/", credentials("usha@agency.example", "usha-has-a-password")).Want(t, 200)
	})
}

// The session tells a page who is there and where they may go; a stranger learns the name of the agency and the languages, and on a demo whom to be.
func TestSessionBody(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App) {
		stranger := a.Anonymous().Get("/api/auth/session/").Want(t, 200).Object(t)
		same(t, "stranger", stranger, map[string]any{
			"user": nil, "workspace": nil, "workspaces": []any{}, "organization": nil, "organizations": []any{}, "roles": []any{}, "menu": []any{}, "demo": stranger["demo"],
			"environment": "production", "version": "test", "agency": "UNICEF", "notice": "", "languages": []string{"en", "fr", "es", "ar"}, "choice_names": map[string]any{},
		})
		if list, _ := stranger["demo"].([]any); len(list) != 0 {
			t.Errorf("people are offered outside a demo: %v", list)
		}
		ken, lbn, unicef := id(t, a.App, "account_workspaces", "code", "KEN"), id(t, a.App, "account_workspaces", "code", "LBN"), id(t, a.App, "organisation_organisations", "vendor_number", "000")
		amina := a.As("amina@agency.example").Get("/api/auth/session/").Want(t, 200).Object(t)
		same(t, "user", amina["user"], map[string]any{
			"id": id(t, a.App, "account_users", "email", "amina@agency.example"), "name": "Amina Otieno", "first_name": "Amina", "last_name": "Otieno", "email": "amina@agency.example",
			"is_staff": true, "is_superuser": false, "language": "en",
		})
		same(t, "workspace", amina["workspace"], map[string]any{"id": ken, "code": "KEN", "name": "Kenya"})
		same(t, "workspaces", amina["workspaces"], []any{map[string]any{"id": ken, "code": "KEN", "name": "Kenya"}, map[string]any{"id": lbn, "code": "LBN", "name": "Lebanon"}})
		same(t, "organization", amina["organization"], map[string]any{"id": unicef, "name": "UNICEF"})
		same(t, "roles", amina["roles"], []string{"PME", "UNICEF User"})
		if _, ok := amina["menu"].([]any); !ok {
			t.Errorf("menu = %v, want a list; what is in it comes from other modules", amina["menu"])
		}
		in := a.As("amina@agency.example").In("LBN").Get("/api/auth/session/").Want(t, 200).Object(t)
		same(t, "in Lebanon", []any{in["workspace"].(map[string]any)["code"], in["roles"]}, []any{"LBN", []string{"UNICEF User"}})
		astray := a.As("amina@agency.example").In("SYR").Get("/api/auth/session/").Want(t, 200).Object(t)
		same(t, "asking for a place that is not theirs shows their own", astray["workspace"].(map[string]any)["code"], "KEN")

		nobody := a.As("nobody@else.example").Get("/api/auth/session/").Want(t, 200).Object(t)
		same(t, "without any grant", []any{nobody["workspace"], nobody["workspaces"], nobody["roles"], nobody["menu"]}, []any{nil, []any{}, []any{}, []any{}})
	})
}

// A demo offers the active people with a note, in the order they were made; not to those who are signed in.
func TestDemoPeople(t *testing.T) {
	open(t, func(c *app.Config) { c.Demo = true }, func(t *testing.T, a *app.App) {
		b := newBrowser(t, a)
		stranger := b.do("GET", "/api/auth/session/", nil, 200)
		same(t, "offered", stranger["demo"], []map[string]string{{"email": "amina@agency.example", "name": "Amina Otieno", "what": "Plans visits"}})
		same(t, "environment", stranger["environment"], "demo")
	})
}
