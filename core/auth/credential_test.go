package auth_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func (w *world) issue(t testing.TB, userID int64) auth.IssuedToken {
	t.Helper()
	token, err := w.IssueToken(t.Context(), userID, 0)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (w *world) apiToken(t testing.TB, userID int64, expires *time.Time) (token auth.APIToken, secret string) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) (err error) {
		token, secret, err = w.CreateAPIToken(t.Context(), tx, userID, " report job ", expires)
		return err
	})
	return token, secret
}

func TestSchemes(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		bearer := w.issue(t, ada).Token
		api, secret := w.apiToken(t, cid, nil)
		_, cookies := w.browser(t, ada)
		cases := []struct {
			header string
			old    bool
			want   auth.Identity
			bad    bool
		}{
			{"Bearer " + bearer, false, auth.Identity{UserID: ada, Via: auth.ViaBearer}, false},
			{"bearer  " + bearer + " ", false, auth.Identity{UserID: ada, Via: auth.ViaBearer}, false},
			{"Bearer " + secret, false, auth.Identity{UserID: cid, Via: auth.ViaToken, TokenID: api.ID}, false},
			{"JWT " + bearer, true, auth.Identity{UserID: ada, Via: auth.ViaBearer}, false},
			{"Token " + secret, true, auth.Identity{UserID: cid, Via: auth.ViaToken, TokenID: api.ID}, false},
			{"JWT " + bearer, false, auth.Identity{Via: auth.ViaNone}, false},
			{"Token " + secret, false, auth.Identity{Via: auth.ViaNone}, false},
			{"JWT rubbish", false, auth.Identity{Via: auth.ViaNone}, false},
			{"Basic YTpi", true, auth.Identity{Via: auth.ViaNone}, false},
			{"", true, auth.Identity{Via: auth.ViaNone}, false},
			{"Token " + bearer, true, auth.Identity{}, true},
			{"JWT " + secret, true, auth.Identity{}, true},
			{"Bearer", false, auth.Identity{}, true},
			{"Bearer " + bearer + "x", false, auth.Identity{}, true},
			{"Bearer almt_", false, auth.Identity{}, true},
			{"Bearer " + secret[:len(secret)-1] + "?", false, auth.Identity{}, true},
			{"Bearer almt_" + strings.Repeat("A", 43), false, auth.Identity{}, true},
			{"Bearer " + strings.Repeat("A", 100000), false, auth.Identity{}, true},
		}
		for _, c := range cases {
			id, err := w.Authenticate(request(t, "POST", nil, "Authorization", c.header), auth.Options{OldSchemes: c.old})
			if c.bad {
				wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
				if _, err := w.Authenticate(request(t, "GET", cookies, "Authorization", c.header), auth.Options{OldSchemes: c.old}); err == nil {
					t.Errorf("%.30q: a good cookie made up for it", c.header)
				}
				continue
			}
			if err != nil || id != c.want {
				t.Errorf("%.30q: %+v, %v; want %+v", c.header, id, err, c.want)
			}
		}
	})
}

func TestBearerTokenSaysWhatItShould(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		issued := w.issue(t, ada)
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(issued.Token, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(payload, &got); err != nil {
			t.Fatal(err)
		}
		now := float64(w.clock.Now().Unix())
		if got["sub"] != "1" || got["iss"] != "almoner" || got["iat"] != now || got["exp"] != now+8*3600 || got["jti"] != issued.ID || len(got) != 5 {
			t.Errorf("claims %v", got)
		}
		back, err := w.VerifyToken(t.Context(), issued.Token)
		if err != nil || back != issued {
			t.Errorf("VerifyToken = %+v, %v; want %+v", back, err, issued)
		}
		long, err := w.IssueToken(t.Context(), ada, 365*24*time.Hour)
		if err != nil || long.ExpiresAt.Sub(long.IssuedAt) != auth.MaxTokenLife {
			t.Errorf("a token for a year: %+v, %v", long, err)
		}
		w.clock.advance(8*time.Hour - time.Second)
		if _, err := w.VerifyToken(t.Context(), issued.Token); err != nil {
			t.Errorf("a second before it expires: %v", err)
		}
		w.clock.advance(time.Second)
		_, err = w.VerifyToken(t.Context(), issued.Token)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
	})
}

func TestBearerTokenEndsWithTheAccount(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		token := w.issue(t, ada).Token
		check := func() error {
			_, err := w.VerifyToken(t.Context(), token)
			return err
		}
		w.people.change(ada, func(a *auth.Account) { a.Generation++ })
		wantError(t, check(), almoner.Unauthenticated, auth.CodeBadToken)
		token = w.issue(t, ada).Token
		if err := check(); err != nil {
			t.Fatal(err)
		}
		w.people.change(ada, func(a *auth.Account) { a.Active = false })
		wantError(t, check(), almoner.Unauthenticated, auth.CodeBadToken)
		_, err := w.IssueToken(t.Context(), ada, 0)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
		_, err = w.IssueToken(t.Context(), 99, 0)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
	})
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		var kid, secret string
		if err := w.db.QueryRow(t.Context(), `select kid, secret from auth_keys where purpose = 'jwt'`).Scan(&kid, &secret); err != nil {
			t.Fatal(err)
		}
		key, err := base64.RawURLEncoding.DecodeString(secret)
		if err != nil {
			t.Fatal(err)
		}
		good := func() jwt.MapClaims {
			now := w.clock.Now().Unix()
			return jwt.MapClaims{"sub": "1", "iss": "almoner", "iat": now, "exp": now + 60, "jti": "x"}
		}
		forge := func(method jwt.SigningMethod, key any, kid any, change func(jwt.MapClaims)) string {
			c := good()
			if change != nil {
				change(c)
			}
			token := jwt.NewWithClaims(method, c)
			if kid != nil {
				token.Header["kid"] = kid
			}
			s, err := token.SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if _, err := w.VerifyToken(t.Context(), forge(jwt.SigningMethodHS256, key, kid, nil)); err != nil {
			t.Fatalf("the way the others are forged does not work: %v", err)
		}
		for name, token := range map[string]string{
			"no signature":   forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid, nil),
			"other method":   forge(jwt.SigningMethodHS384, key, kid, nil),
			"other key":      forge(jwt.SigningMethodHS256, make([]byte, 32), kid, nil),
			"empty key":      forge(jwt.SigningMethodHS256, []byte{}, kid, nil),
			"unknown kid":    forge(jwt.SigningMethodHS256, key, strings.Repeat("x", 16), nil),
			"no kid":         forge(jwt.SigningMethodHS256, key, nil, nil),
			"kid no text":    forge(jwt.SigningMethodHS256, key, 7, nil),
			"other issuer":   forge(jwt.SigningMethodHS256, key, kid, func(c jwt.MapClaims) { c["iss"] = "somebody" }),
			"never expires":  forge(jwt.SigningMethodHS256, key, kid, func(c jwt.MapClaims) { delete(c, "exp") }),
			"no beginning":   forge(jwt.SigningMethodHS256, key, kid, func(c jwt.MapClaims) { delete(c, "iat") }),
			"no subject":     forge(jwt.SigningMethodHS256, key, kid, func(c jwt.MapClaims) { delete(c, "sub") }),
			"subject a name": forge(jwt.SigningMethodHS256, key, kid, func(c jwt.MapClaims) { c["sub"] = "ada" }),
			"rubbish":        "a.b.c",
			"empty":          "",
		} {
			if _, err := w.VerifyToken(t.Context(), token); almoner.KindOf(err) != almoner.Unauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestRotation(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		node := newAuth(t, w.db, w.clock, nil)
		node.Use(w.people.directory())
		old := w.issue(t, ada).Token
		w.tx(t, func(tx *db.Tx) error { return w.RotateKeys(t.Context(), tx, false) })
		fresh := w.issue(t, ada).Token
		kidOf := func(token string) string { return strings.Split(token, ".")[0] }
		if kidOf(old) == kidOf(fresh) {
			t.Error("the new key is not used")
		}
		for name, token := range map[string]string{"old": old, "fresh": fresh} {
			for _, a := range []*auth.Auth{w.Auth, node} {
				if _, err := a.VerifyToken(t.Context(), token); err != nil {
					t.Errorf("%s token: %v", name, err)
				}
			}
		}
		w.tx(t, func(tx *db.Tx) error { return w.RotateKeys(t.Context(), tx, true) })
		_, err := w.VerifyToken(t.Context(), fresh)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
		w.clock.advance(time.Minute)
		_, err = node.VerifyToken(t.Context(), fresh)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadToken)
		if _, err := node.VerifyToken(t.Context(), w.issue(t, ada).Token); err != nil {
			t.Error(err)
		}
	})
}

func TestNodesThatStartTogetherAgreeOnTheKeys(t *testing.T) {
	t.Parallel()
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			c := newClock()
			config := dbtest.NewConfig(t, e, migrations(), dbtest.WithClock(c))
			p := &people{byLogin: map[string]*auth.Account{"ada": {UserID: ada, Active: true}}}
			nodes := make([]*auth.Auth, 6)
			var wg sync.WaitGroup
			for i := range nodes {
				wg.Go(func() {
					d, err := db.Open(t.Context(), config)
					if err != nil {
						t.Error(err)
						return
					}
					t.Cleanup(func() { _ = d.Close() })
					a, err := auth.New(t.Context(), auth.Params{DB: d, Config: auth.Defaults(), Clock: c, Hashing: cheap})
					if err != nil {
						t.Error(err)
						return
					}
					a.Use(p.directory())
					nodes[i] = a
				})
			}
			wg.Wait()
			if t.Failed() {
				return
			}
			for _, from := range nodes {
				token, err := from.IssueToken(t.Context(), ada, 0)
				if err != nil {
					t.Fatal(err)
				}
				for _, to := range nodes {
					if _, err := to.VerifyToken(t.Context(), token.Token); err != nil {
						t.Fatalf("a token of one node at another: %v", err)
					}
				}
			}
		})
	}
}

func TestAPITokens(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		soon := w.clock.Now().Add(time.Hour)
		short, shortSecret := w.apiToken(t, ada, &soon)
		token, secret := w.apiToken(t, ada, nil)
		if token.Name != "report job" || !strings.HasPrefix(secret, "almt_") {
			t.Errorf("token %+v, secret %s", token, secret[:5])
		}
		var hash string
		if err := w.db.QueryRow(t.Context(), `select token_hash from auth_tokens where id = $1`, token.ID).Scan(&hash); err != nil || strings.Contains(hash, secret[5:]) {
			t.Errorf("stored as %s, %v", hash, err)
		}
		use := func(secret string) error {
			_, err := w.Authenticate(request(t, "POST", nil, "Authorization", "Bearer "+secret), auth.Options{})
			return err
		}
		for _, s := range []string{secret, shortSecret} {
			if err := use(s); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.APITokens(t.Context(), w.db, ada)
		if err != nil || len(list) != 2 || list[0].ID != token.ID || list[1].ID != short.ID || list[0].LastUsedAt == nil || !list[0].LastUsedAt.Equal(w.clock.Now()) {
			t.Fatalf("tokens %+v, %v", list, err)
		}
		if list[1].ExpiresAt == nil || !list[1].ExpiresAt.Equal(soon) || list[0].ExpiresAt != nil {
			t.Errorf("expiry %v and %v", list[1].ExpiresAt, list[0].ExpiresAt)
		}
		w.clock.advance(time.Hour)
		wantError(t, use(shortSecret), almoner.Unauthenticated, auth.CodeBadToken)
		if err := use(secret); err != nil {
			t.Fatal(err)
		}
		err = w.db.InTx(t.Context(), func(tx *db.Tx) error { return w.DeleteAPIToken(t.Context(), tx, cid, token.ID) })
		wantError(t, err, almoner.NotFound, "not_found")
		w.tx(t, func(tx *db.Tx) error { return w.DeleteAPIToken(t.Context(), tx, ada, token.ID) })
		wantError(t, use(secret), almoner.Unauthenticated, auth.CodeBadToken)

		past := w.clock.Now()
		err = w.db.InTx(t.Context(), func(tx *db.Tx) error {
			_, _, err := w.CreateAPIToken(t.Context(), tx, ada, " ", &past)
			return err
		})
		wantError(t, err, almoner.Invalid, "invalid")
		if e := answer(err); len(e.Fields) != 2 || e.Fields[0].Code != auth.CodeTokenName || e.Fields[1].Code != auth.CodeTokenExpiry {
			t.Errorf("fields %+v", e.Fields)
		}
	})
}

func TestATroubledDirectoryIsNoBadToken(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		token := w.issue(t, ada).Token
		_, cookies := w.browser(t, ada)
		w.people.fault = context.DeadlineExceeded
		for _, r := range []map[string]string{{"Authorization": "Bearer " + token}, {}} {
			req := request(t, "GET", cookies)
			for k, v := range r {
				req.Header.Set(k, v)
			}
			_, err := w.Authenticate(req, auth.Options{PassOverBad: true})
			if almoner.KindOf(err) != almoner.Internal || err == nil {
				t.Errorf("error %v", err)
			}
		}
	})
}
