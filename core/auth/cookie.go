package auth

import (
	"net/http"
	"time"
)

// The names of the cookies, and the headers that carry the CSRF token back.
const (
	SessionCookie = "almoner_session"
	CSRFCookie    = "almoner_csrf"
	CSRFHeader    = "X-CSRF-Token"
	// CSRFHeaderOld is what existing clients send.
	CSRFHeaderOld = "X-CSRFToken"
)

// SetCookies hands a new session to the browser: the session cookie, which scripts cannot read, and the CSRF cookie, which
// they must. r is the request that is being answered. Both cookies last as long as a session can; when it ends is decided here.
func (a *Auth) SetCookies(w http.ResponseWriter, r *http.Request, s NewSession) {
	a.setCookie(w, r, SessionCookie, s.secret, s.maxAge, true)
	a.setCookie(w, r, CSRFCookie, a.csrfToken(s.secret), s.maxAge, false)
}

// ClearCookies takes both cookies from the browser. It does not end the session: see EndSession.
func (a *Auth) ClearCookies(w http.ResponseWriter, r *http.Request) {
	a.setCookie(w, r, SessionCookie, "", -time.Second, true)
	a.setCookie(w, r, CSRFCookie, "", -time.Second, false)
}

func (a *Auth) setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration, httpOnly bool) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: httpOnly, Secure: a.config.SecureCookies || IsHTTPS(r, a.config.TrustedProxies), SameSite: http.SameSiteLaxMode,
	})
	// An answer that hands out a session must not be kept by anything on the way.
	w.Header().Set("Cache-Control", "no-store")
}

// sessionSecret returns the value of the session cookie, "" when there is none.
func sessionSecret(r *http.Request) string {
	c, err := r.Cookie(SessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}
