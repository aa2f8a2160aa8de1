package auth

import (
	"errors"
	"net/http"
	"strings"

	"almoner.dev/almoner"
)

// Via says by which credential somebody was recognised.
type Via string

// The credentials.
const (
	ViaNone   Via = "none"
	ViaCookie Via = "cookie"
	ViaBearer Via = "bearer"
	ViaToken  Via = "token"
)

// Identity is who a request comes from. The zero UserID is a stranger.
type Identity struct {
	UserID int64
	Via    Via
	// SessionID is set for ViaCookie, and for a token that ends with a session.
	SessionID int64
	// TokenID is set for ViaToken.
	TokenID int64
	// Person is what the Directory said of the account beside.
	Person any
}

// Options say what a path accepts.
type Options struct {
	// OldSchemes accepts `Authorization: JWT …` and `Token …` as well, as the clients of the TPM wire send. Elsewhere these are
	// passed over as if they were not there.
	OldSchemes bool
	// PassOverBad treats credentials that are not valid as none, for paths such as sign-in that must work with a stale cookie.
	// A missing CSRF token is still an error.
	PassOverBad bool
	// TokenCookie takes a token in the cookie TokenCookie when there is no header, as clients of openIMIS send it.
	TokenCookie bool
}

// Authenticate recognises the sender of a request: by the Authorization header when it has a scheme that counts, else by
// the session cookie. Without either the answer is ViaNone. Credentials that are not valid are an Unauthenticated error with
// CodeBadToken; a write by cookie without the CSRF token is a Forbidden error with CodeCSRF. Who is recognised has an active
// account. Now and then it notes the use in a transaction of its own, so call it before one is open.
func (a *Auth) Authenticate(r *http.Request, o Options) (Identity, error) {
	id, err := a.authenticate(r, o)
	if err == nil {
		return id, nil
	}
	var known *almoner.Error
	if o.PassOverBad && errors.As(err, &known) && known.Code == CodeBadToken {
		return Identity{Via: ViaNone}, nil
	}
	return Identity{Via: ViaNone}, err
}

func (a *Auth) authenticate(r *http.Request, o Options) (Identity, error) {
	if kind, credential := authorization(r.Header.Get("Authorization"), o.OldSchemes); kind != schemeNone {
		return a.byHeader(r, kind, credential)
	}
	if o.TokenCookie {
		if c, err := r.Cookie(TokenCookie); err == nil && c.Value != "" {
			if err := sameOrigin(r); err != nil {
				return Identity{}, err
			}
			return a.byHeader(r, schemeJWT, c.Value)
		}
	}
	secret := sessionSecret(r)
	if secret == "" {
		return Identity{Via: ViaNone}, nil
	}
	s, err := a.sessionOf(r.Context(), secret)
	if err != nil {
		return Identity{}, err
	}
	account, err := a.active(r.Context(), s.UserID)
	if err != nil {
		return Identity{}, err
	}
	if err := a.checkCSRF(r, secret); err != nil {
		return Identity{}, err
	}
	return Identity{UserID: s.UserID, Via: ViaCookie, SessionID: s.ID, Person: account.Person}, nil
}

func (a *Auth) byHeader(r *http.Request, kind scheme, credential string) (Identity, error) {
	// `JWT` is only ever a JWT and `Token` only ever an API token; `Bearer` is either.
	if kind != schemeJWT && (kind == schemeToken || strings.HasPrefix(credential, apiTokenPrefix)) {
		t, err := a.apiTokenOf(r.Context(), credential)
		if err != nil {
			return Identity{}, err
		}
		account, err := a.active(r.Context(), t.UserID)
		if err != nil {
			return Identity{}, err
		}
		return Identity{UserID: t.UserID, Via: ViaToken, TokenID: t.ID, Person: account.Person}, nil
	}
	t, account, err := a.verifyToken(r.Context(), credential)
	if err != nil {
		return Identity{}, err
	}
	return Identity{UserID: t.UserID, Via: ViaBearer, SessionID: t.SessionID, Person: account.Person}, nil
}

type scheme int

const (
	schemeNone scheme = iota
	schemeBearer
	schemeJWT
	schemeToken
)

// authorization splits the header. A scheme that does not count here, `Basic` for a proxy's own door among them, is none; a
// scheme that counts has a credential, however wrong.
func authorization(header string, oldSchemes bool) (scheme, string) {
	word, credential, _ := strings.Cut(strings.TrimSpace(header), " ")
	credential = strings.TrimSpace(credential)
	switch {
	case strings.EqualFold(word, "Bearer"):
		return schemeBearer, credential
	case oldSchemes && strings.EqualFold(word, "JWT"):
		return schemeJWT, credential
	case oldSchemes && strings.EqualFold(word, "Token"):
		return schemeToken, credential
	}
	return schemeNone, ""
}
