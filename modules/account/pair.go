package account

import (
	"context"
	"net/http" //nolint:depguard // cookies are the edge to the outside
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/setting"
)

// protectLogin asks a sign-in on the GraphQL wire for what its page was given.
var protectLogin = setting.Setting[bool]{
	Name: "account.csrf_protect_login", Label: "Sign-in needs the token of its page", Help: "A sign-in over GraphQL must send back the cookie csrftoken in the header X-CSRFToken. Switch it off for programs that cannot.",
	Kind: setting.Bool(), Default: true,
}

// The words that clients know and translate themselves.
const incorrectCredentials = "INCORRECT_CREDENTIALS"

// pairCalls are the sign-in of clients of openIMIS: a token in a cookie, and what renews it (openimis-core §2.2).
func (s *Service) pairCalls() []api.Call {
	text, integer, boolean, raw := api.TypeOf("string"), api.TypeOf("integer"), api.TypeOf("boolean"), api.Object(nil)
	object := func(title string, properties map[string]*api.Schema) *api.Schema {
		o := api.Object(properties)
		o.Title = title
		return o
	}
	field := func(name string, required bool) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.LongText, Required: required, Secret: true, Max: 5000, Blank: true, Null: true}
	}
	mutation := func(name, summary string, input []*entity.Field, output *api.Schema, do func(q *api.Request) (any, error)) api.Call {
		return api.Call{
			Name: "account.wire." + strings.ToLower(name), Method: http.MethodPost, Summary: summary, Rule: api.Public, Input: input, Output: output,
			Graph: api.CallGraph{Name: name, Bare: true, Payload: output.Title}, Do: do,
		}
	}
	token := map[string]*api.Schema{"token": text, "payload": raw, "refresh_expires_in": integer}
	return []api.Call{
		mutation("tokenAuth", "Sign in with login name or e-mail address.", []*entity.Field{field("username", true), field("password", true)}, object("OpenimisObtainJSONWebToken", token), s.tokenAuth),
		mutation("refreshToken", "Renew the token.", []*entity.Field{field("token", false)}, object("Refresh", token), s.refreshToken),
		mutation("verifyToken", "What is in a token.", []*entity.Field{field("token", false)}, object("Verify", map[string]*api.Schema{"payload": raw}), s.verifyToken),
		mutation("revokeToken", "End what renews a token.", []*entity.Field{field("refresh_token", false)}, object("Revoke", map[string]*api.Schema{"revoked": integer}), s.revokeToken),
		mutation("deleteTokenCookie", "Sign out: the token.", nil, object("DeleteJSONWebTokenCookie", map[string]*api.Schema{"deleted": boolean}), s.deleteCookie(auth.TokenCookie)),
		mutation("deleteRefreshTokenCookie", "Sign out: what renews the token.", nil, object("DeleteRefreshTokenCookie", map[string]*api.Schema{"deleted": boolean}), s.deleteCookie(auth.RefreshCookie)),
		mutation("logout", "Sign out.", nil, object("LogoutMutation", map[string]*api.Schema{"success": boolean}), s.logoutPair),
		mutation("getCsrfToken", "What a sign-in must send back.", nil, object("GetCsrfToken", map[string]*api.Schema{"csrf_token": text}), func(q *api.Request) (any, error) {
			return map[string]any{"csrf_token": s.auth.OfferLogin(q.ResponseWriter(), q.Request)}, nil
		}),
		{
			Name: "account.fhir.login", Method: http.MethodPost, Path: "/api/api_fhir_r4/login/", Summary: "Exchange login name and password for a token, as mobile clients of openIMIS do.",
			Wire: api.Insurance, Rule: api.Public, Input: []*entity.Field{field("username", true), field("password", true)}, Do: s.fhirLogin,
			Output: api.Object(map[string]*api.Schema{"token": text, "exp": integer}),
		},
	}
}

// badCredentials is one answer for an unknown person, a wrong password and an account that is closed, so that nobody learns which. Clients translate its text.
func badCredentials() error {
	return &almoner.Error{Kind: almoner.Unauthenticated, Code: "account.incorrect_credentials", Message: incorrectCredentials}
}

// signIn checks a password, the throttle included, and begins a pair.
func (s *Service) signIn(q *api.Request) (auth.Pair, user, error) {
	login, _ := q.In["username"].(string)
	password, _ := q.In["password"].(string)
	ctx := q.Context()
	id, err := s.auth.Login(ctx, login, password, auth.ClientIP(q.Request, s.settings.TrustedProxies))
	if almoner.KindOf(err) == almoner.Unauthenticated {
		return auth.Pair{}, user{}, badCredentials()
	}
	if err != nil {
		return auth.Pair{}, user{}, err
	}
	u, _, err := userByID(ctx, s.db, id)
	if err != nil {
		return auth.Pair{}, user{}, err
	}
	p, err := s.auth.StartPair(ctx, id, u.login(), q.UserAgent())
	return p, u, err
}

func pairAnswer(p auth.Pair, username string) map[string]any {
	return map[string]any{"token": p.Token, "payload": payload(p.IssuedToken, username, p.Origin.Unix()), "refresh_expires_in": p.RefreshUntil.Unix()}
}

func payload(t auth.IssuedToken, username string, origin int64) map[string]any {
	return map[string]any{"username": username, "exp": t.ExpiresAt.Unix(), "origIat": origin, "jti": t.ID}
}

func (s *Service) tokenAuth(q *api.Request) (any, error) {
	if s.protectLogin.Now() {
		if err := s.auth.CheckLogin(q.Request); err != nil {
			return nil, err
		}
	}
	p, u, err := s.signIn(q)
	if err != nil {
		return nil, err
	}
	// A browser that signs in anew leaves the session before behind.
	if c, err := q.Cookie(auth.RefreshCookie); err == nil {
		_ = s.auth.EndPair(q.Context(), c.Value) // it may have ended already
	}
	s.auth.SetPair(q.ResponseWriter(), q.Request, p)
	return pairAnswer(p, u.login()), nil
}

func (s *Service) fhirLogin(q *api.Request) (any, error) {
	p, _, err := s.signIn(q)
	if err != nil {
		return nil, err
	}
	return map[string]any{"token": p.Token, "exp": p.ExpiresAt.Unix()}, nil
}

// given is the credential in an argument, else in one of the cookies, else that of the header.
func given(q *api.Request, argument string, cookies ...string) string {
	if text, _ := q.In[argument].(string); text != "" {
		return text
	}
	for _, name := range cookies {
		if c, err := q.Cookie(name); err == nil && c.Value != "" {
			return c.Value
		}
	}
	word, credential, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	if strings.EqualFold(word, "Bearer") {
		return strings.TrimSpace(credential)
	}
	return ""
}

func noToken() error {
	return almoner.Errorf(almoner.Unauthenticated, "account.no_token", "There is no session to renew.")
}

func (s *Service) refreshToken(q *api.Request) (any, error) {
	credential := given(q, "token", auth.TokenCookie, auth.RefreshCookie)
	if credential == "" {
		return nil, noToken()
	}
	p, username, err := s.renew(q, credential)
	if almoner.KindOf(err) == almoner.Unauthenticated && q.In["token"] == nil {
		// The token has run out; what renews it may not have.
		if c, noCookie := q.Cookie(auth.RefreshCookie); noCookie == nil && c.Value != credential {
			p, username, err = s.renew(q, c.Value)
		}
	}
	if err != nil {
		return nil, err
	}
	s.auth.SetPair(q.ResponseWriter(), q.Request, p)
	return pairAnswer(p, username), nil
}

func (s *Service) renew(q *api.Request, credential string) (auth.Pair, string, error) {
	p, err := s.auth.RenewPair(q.Context(), credential, "")
	if err != nil {
		return p, "", err
	}
	u, _, err := userByID(q.Context(), s.db, p.UserID)
	if err != nil {
		return p, "", err
	}
	p, err = s.auth.RenewPair(q.Context(), credential, u.login())
	return p, u.login(), err
}

func (s *Service) verifyToken(q *api.Request) (any, error) {
	t, err := s.auth.VerifyToken(q.Context(), given(q, "token", auth.TokenCookie))
	if err != nil {
		return nil, err
	}
	u, _, err := userByID(q.Context(), s.db, t.UserID)
	return map[string]any{"payload": payload(t, u.login(), t.IssuedAt.Unix())}, err
}

func (s *Service) revokeToken(q *api.Request) (any, error) {
	if err := s.auth.EndPair(q.Context(), given(q, "refresh_token", auth.RefreshCookie)); err != nil {
		return nil, err
	}
	return map[string]any{"revoked": s.now(q.Context())}, nil
}

// now is the time in whole seconds.
func (s *Service) now(_ context.Context) int64 { return s.auth.Now().Unix() }

// deleteCookie takes a cookie away, and ends the session behind it.
func (s *Service) deleteCookie(name string) func(q *api.Request) (any, error) {
	return func(q *api.Request) (any, error) {
		s.endPair(q, name)
		return map[string]any{"deleted": s.auth.ClearCookie(q.ResponseWriter(), q.Request, name)}, nil
	}
}

// endPair ends the session behind a cookie, if there is one.
func (s *Service) endPair(q *api.Request, name string) {
	if c, err := q.Cookie(name); err == nil && c.Value != "" {
		_ = s.auth.EndPair(q.Context(), c.Value) // it may have ended already, and the cookie goes in any case
	}
}

func (s *Service) logoutPair(q *api.Request) (any, error) {
	for _, name := range []string{auth.TokenCookie, auth.RefreshCookie} {
		s.endPair(q, name)
		s.auth.ClearCookie(q.ResponseWriter(), q.Request, name)
	}
	return map[string]any{"success": true}, nil
}
