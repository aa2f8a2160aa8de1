package auth

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// The cookies that clients of openIMIS know (openimis-core §2.2): a token, and what it is renewed with. LoginCookie holds what the sign-in must send back.
const (
	TokenCookie   = "JWT"
	RefreshCookie = "JWT-refresh-token"
	LoginCookie   = "csrftoken"
)

const (
	// pairLife is how long a token of a pair is valid; it is renewed every few minutes.
	pairLife = 24 * time.Hour
	// refreshLife is how long after the sign-in it can be renewed.
	refreshLife = 30 * 24 * time.Hour
	// loginCookieLife is how long LoginCookie lasts.
	loginCookieLife = 365 * 24 * time.Hour
)

// Pair is a token with what renews it. Behind both is a session: when that ends, the token does.
type Pair struct {
	IssuedToken
	// Refresh renews the token; "" when a token was renewed by itself.
	Refresh string
	// RefreshUntil is when it cannot be renewed any more, Origin when the person signed in.
	RefreshUntil, Origin time.Time
}

// StartPair begins a session for a person who has just proved who they are, and makes a token for it. Username goes into the token.
func (a *Auth) StartPair(ctx context.Context, userID int64, username, userAgent string) (Pair, error) {
	var s NewSession
	err := a.db.InTx(ctx, func(tx *db.Tx) (err error) {
		s, err = a.StartSession(ctx, tx, userID, userAgent)
		return err
	})
	if err != nil {
		return Pair{}, err
	}
	p, err := a.pairOf(ctx, s.Session, username)
	p.Refresh = s.secret
	return p, err
}

// RenewPair makes a new token for the session behind a token, or behind what renews one; CodeBadToken when that has ended, or began too long ago.
func (a *Auth) RenewPair(ctx context.Context, credential, username string) (Pair, error) {
	s, err := a.sessionBehind(ctx, credential)
	if err != nil {
		return Pair{}, err
	}
	return a.pairOf(ctx, s, username)
}

// EndPair ends the session behind a token, or behind what renews one.
func (a *Auth) EndPair(ctx context.Context, credential string) error {
	s, err := a.sessionBehind(ctx, credential)
	if err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error { return a.EndSession(ctx, tx, s.UserID, s.ID) })
}

func (a *Auth) sessionBehind(ctx context.Context, credential string) (Session, error) {
	if isSecret(credential) {
		return a.sessionOf(ctx, credential)
	}
	t, err := a.VerifyToken(ctx, credential)
	if err != nil {
		return Session{}, err
	}
	if t.SessionID == 0 {
		return Session{}, errBadToken()
	}
	return a.sessionByID(ctx, t.SessionID, t.UserID)
}

func (a *Auth) pairOf(ctx context.Context, s Session, username string) (Pair, error) {
	p := Pair{Origin: s.CreatedAt, RefreshUntil: s.CreatedAt.Add(refreshLife)}
	now := a.clock.Now()
	if !p.RefreshUntil.After(now) {
		return Pair{}, errBadToken()
	}
	var err error
	p.IssuedToken, err = a.issue(ctx, s.UserID, min(pairLife, p.RefreshUntil.Sub(now)), claims{Session: s.ID, Username: username, OrigIat: s.CreatedAt.Unix()})
	return p, err
}

// Now is the time by which sessions and tokens end.
func (a *Auth) Now() time.Time { return a.clock.Now() }

// SetPair hands a pair to the browser in cookies that scripts cannot read.
func (a *Auth) SetPair(w http.ResponseWriter, r *http.Request, p Pair) {
	now := a.clock.Now()
	a.setCookie(w, r, TokenCookie, p.Token, p.ExpiresAt.Sub(now), true)
	if p.Refresh != "" {
		a.setCookie(w, r, RefreshCookie, p.Refresh, p.RefreshUntil.Sub(now), true)
	}
}

// ClearCookie takes a cookie from the browser and reports whether it had come along.
func (a *Auth) ClearCookie(w http.ResponseWriter, r *http.Request, name string) bool {
	_, err := r.Cookie(name)
	a.setCookie(w, r, name, "", -time.Second, true)
	return err == nil
}

// OfferLogin gives a browser the cookie that its sign-in must send back in the header X-CSRFToken, unless it has one. Scripts can read it.
func (a *Auth) OfferLogin(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(LoginCookie); err == nil && isSecret(c.Value) {
		return c.Value
	}
	value := randomSecret()
	a.setCookie(w, r, LoginCookie, value, loginCookieLife, false)
	// What else answers this request must find the same.
	r.AddCookie(&http.Cookie{Name: LoginCookie, Value: value})
	return value
}

// CheckLogin compares the header with the cookie of OfferLogin: another site's page can send neither. A Forbidden error with CodeCSRF.
func (a *Auth) CheckLogin(r *http.Request) error {
	c, err := r.Cookie(LoginCookie)
	if err != nil || c.Value == "" || r.Header.Get(CSRFHeaderOld) != c.Value {
		return almoner.Errorf(almoner.Forbidden, CodeCSRF, "CSRF token missing or incorrect.")
	}
	return nil
}

// sameOrigin refuses what another site's page sends with a cookie that came along by itself, where no header proves that it did not.
func sameOrigin(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return nil
	}
	foreign := strings.EqualFold(r.Header.Get("Sec-Fetch-Site"), "cross-site")
	if origin := r.Header.Get("Origin"); origin != "" && !foreign {
		u, err := url.Parse(origin)
		foreign = err != nil || u.Host != r.Host && r.Header.Get("Sec-Fetch-Site") == ""
	}
	if foreign {
		return almoner.Errorf(almoner.Forbidden, CodeCSRF, "CSRF token missing or incorrect.")
	}
	return nil
}
