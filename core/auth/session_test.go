package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
)

func csrfOf(cookies []*http.Cookie) string {
	for _, c := range cookies {
		if c.Name == auth.CSRFCookie {
			return c.Value
		}
	}
	return ""
}

func TestCookies(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		_, cookies := w.browser(t, ada)
		if len(cookies) != 2 {
			t.Fatalf("got %d cookies", len(cookies))
		}
		for _, c := range cookies {
			if c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.MaxAge != 90*24*3600 || c.HttpOnly != (c.Name == auth.SessionCookie) {
				t.Errorf("cookie %+v", c)
			}
		}
		session := w.stored(t)
		if strings.Contains(session, cookies[0].Value) {
			t.Error("the secret is in the database")
		}
		rec := httptest.NewRecorder()
		https := httptest.NewRequest("POST", "https://almoner.example.org/", nil)
		w.ClearCookies(rec, https)
		for _, c := range rec.Result().Cookies() {
			if c.MaxAge >= 0 || !c.Secure || c.Value != "" {
				t.Errorf("cleared cookie %+v", c)
			}
		}
		if got := rec.Result().Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control %q", got)
		}
	})
	each(t, func(p *auth.Params) { p.Config.SecureCookies = true }, func(t *testing.T, w *world) {
		if _, cookies := w.browser(t, ada); !cookies[0].Secure || !cookies[1].Secure {
			t.Error("cookies are not Secure although the settings say so")
		}
	})
}

// stored returns the stored hash of the only session.
func (w *world) stored(t testing.TB) string {
	t.Helper()
	var hash string
	if err := w.db.QueryRow(t.Context(), "select token_hash from auth_sessions").Scan(&hash); err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestSessionRecognisesItsOwner(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		s, cookies := w.browser(t, ada)
		id, err := w.Authenticate(request(t, "GET", cookies), auth.Options{})
		if want := (auth.Identity{UserID: ada, Via: auth.ViaCookie, SessionID: s.ID}); err != nil || id != want {
			t.Fatalf("identity %+v, %v; want %+v", id, err, want)
		}
		id, err = w.Authenticate(request(t, "GET", nil), auth.Options{})
		if err != nil || id.Via != auth.ViaNone || id.UserID != 0 {
			t.Fatalf("a stranger is %+v, %v", id, err)
		}
		for name, value := range map[string]string{
			"unknown": strings.Repeat("A", 43), "short": "abc", "long": strings.Repeat("A", 5000), "odd": strings.Repeat("*", 43),
		} {
			bad := []*http.Cookie{{Name: auth.SessionCookie, Value: value}}
			_, err := w.Authenticate(request(t, "GET", bad), auth.Options{})
			wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
			if id, err := w.Authenticate(request(t, "POST", bad), auth.Options{PassOverBad: true}); err != nil || id.Via != auth.ViaNone {
				t.Errorf("%s passed over: %+v, %v", name, id, err)
			}
		}
		// An empty cookie is what some clients leave behind after signing out.
		if id, err := w.Authenticate(request(t, "GET", []*http.Cookie{{Name: auth.SessionCookie}}), auth.Options{}); err != nil || id.Via != auth.ViaNone {
			t.Errorf("empty cookie: %+v, %v", id, err)
		}
		w.people.change(ada, func(a *auth.Account) { a.Active = false })
		_, err = w.Authenticate(request(t, "GET", cookies), auth.Options{})
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
	})
}

func TestWritesByCookieNeedTheTokenOfTheSession(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		_, cookies := w.browser(t, ada)
		_, others := w.browser(t, ada)
		token := csrfOf(cookies)
		if token == "" || w.CSRFToken(request(t, "GET", cookies)) != token {
			t.Fatal("the cookie and CSRFToken differ")
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "BREW"} {
			for _, r := range []*http.Request{
				request(t, method, cookies),
				request(t, method, cookies, auth.CSRFHeader, ""),
				request(t, method, cookies, auth.CSRFHeader, token+"x"),
				request(t, method, cookies, auth.CSRFHeader, csrfOf(others)),
			} {
				_, err := w.Authenticate(r, auth.Options{PassOverBad: true})
				wantError(t, err, almoner.Forbidden, auth.CodeCSRF)
			}
			for _, header := range []string{auth.CSRFHeader, auth.CSRFHeaderOld} {
				if id, err := w.Authenticate(request(t, method, cookies, header, token), auth.Options{}); err != nil || id.UserID != ada {
					t.Errorf("%s with %s: %+v, %v", method, header, id, err)
				}
			}
		}
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			if _, err := w.Authenticate(request(t, method, cookies), auth.Options{}); err != nil {
				t.Errorf("%s: %v", method, err)
			}
		}
		bearer, err := w.IssueToken(t.Context(), ada, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Authenticate(request(t, "POST", cookies, "Authorization", "Bearer "+bearer.Token), auth.Options{}); err != nil {
			t.Errorf("a bearer token needs no CSRF token: %v", err)
		}
	})
}

func TestLostCSRFCookieIsRestored(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		_, cookies := w.browser(t, ada)
		rec := httptest.NewRecorder()
		w.RestoreCSRF(rec, request(t, "GET", cookies))
		w.RestoreCSRF(rec, request(t, "GET", nil))
		if got := rec.Result().Cookies(); len(got) != 0 {
			t.Errorf("set %v without need", got)
		}
		rec = httptest.NewRecorder()
		w.RestoreCSRF(rec, request(t, "GET", cookies[:1]))
		if got := csrfOf(rec.Result().Cookies()); got != csrfOf(cookies) {
			t.Errorf("restored %q, want %q", got, csrfOf(cookies))
		}
	})
}

func TestSessionSlidesAndEnds(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	each(t, nil, func(t *testing.T, w *world) {
		_, used := w.browser(t, ada)
		_, left := w.browser(t, ada)
		look := func(cookies []*http.Cookie) error {
			_, err := w.Authenticate(request(t, "GET", cookies), auth.Options{})
			return err
		}
		for elapsed := time.Duration(0); elapsed < 78*day; elapsed += 13 * day {
			w.clock.advance(13 * day)
			if err := look(used); err != nil {
				t.Fatalf("after %s of use: %v", elapsed, err)
			}
		}
		wantError(t, look(left), almoner.Unauthenticated, auth.CodeBadToken)
		list, err := w.Sessions(t.Context(), w.db, ada)
		if err != nil || len(list) != 1 || !list[0].LastSeenAt.Equal(w.clock.Now()) {
			t.Fatalf("sessions %+v, %v", list, err)
		}
		w.clock.advance(12*day - time.Minute)
		if err := look(used); err != nil {
			t.Fatalf("a minute before ninety days: %v", err)
		}
		w.clock.advance(time.Minute)
		wantError(t, look(used), almoner.Unauthenticated, auth.CodeBadToken)
	})
}

func TestUseIsNotedNowAndThenOnly(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		_, cookies := w.browser(t, ada)
		statements := func() int64 {
			ctx, counter := db.CountStatements(t.Context())
			if _, err := w.Authenticate(request(t, "GET", cookies).WithContext(ctx), auth.Options{}); err != nil {
				t.Fatal(err)
			}
			return counter.N()
		}
		w.clock.advance(4 * time.Minute)
		if n := statements(); n != 1 {
			t.Errorf("%d statements for a session just used, want 1", n)
		}
		w.clock.advance(time.Minute)
		if n := statements(); n != 2 {
			t.Errorf("%d statements for a session to renew, want 2", n)
		}
		if n := statements(); n != 1 {
			t.Errorf("%d statements after that, want 1", n)
		}
	})
}

func TestAShorterSettingEndsSessionsAtOnce(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		_, cookies := w.browser(t, ada)
		strict := newAuth(t, w.db, w.clock, func(p *auth.Params) { p.Config.SessionIdle = time.Hour })
		strict.Use(w.people.directory())
		w.clock.advance(time.Hour)
		if _, err := w.Authenticate(request(t, "GET", cookies).WithContext(t.Context()), auth.Options{}); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(time.Hour)
		_, err := strict.Authenticate(request(t, "GET", cookies), auth.Options{})
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
	})
}

func TestEndingSessions(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		first, firstCookies := w.browser(t, ada)
		second, secondCookies := w.browser(t, ada)
		_, _ = w.browser(t, ada)
		foreign, foreignCookies := w.browser(t, cid)
		err := w.db.InTx(t.Context(), func(tx *db.Tx) error { return w.EndSession(t.Context(), tx, ada, foreign.ID) })
		wantError(t, err, almoner.NotFound, "not_found")
		w.tx(t, func(tx *db.Tx) error { return w.EndSession(t.Context(), tx, ada, first.ID) })
		_, err = w.Authenticate(request(t, "GET", firstCookies), auth.Options{})
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
		w.tx(t, func(tx *db.Tx) error {
			n, err := w.EndSessions(t.Context(), tx, ada, second.ID)
			if n != 1 {
				t.Errorf("%d sessions ended, want 1", n)
			}
			return err
		})
		for _, cookies := range [][]*http.Cookie{secondCookies, foreignCookies} {
			if _, err := w.Authenticate(request(t, "GET", cookies), auth.Options{}); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestUserAgentIsMadeHarmless(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		w.tx(t, func(tx *db.Tx) error {
			s, err := w.StartSession(t.Context(), tx, ada, " Fire\x00fox\n\xff\u202e"+strings.Repeat("é", 300))
			if got := s.UserAgent; got != "Firefox"+strings.Repeat("é", 192) {
				t.Errorf("user agent %q of %d letters", got, len([]rune(got)))
			}
			return err
		})
	})
}
