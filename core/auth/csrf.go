package auth

import (
	"crypto/hmac"
	"encoding/base64"
	"net/http"

	"almoner.dev/almoner"
)

// csrfToken is bound to the session: a token from another session, or one that somebody planted together with its cookie,
// does not fit.
func (a *Auth) csrfToken(secret string) string {
	return base64.RawURLEncoding.EncodeToString(keyed(a.keys.instance, "csrf", secret))
}

// CSRFToken returns the token that writes with this request's session cookie must carry, "" without such a cookie. It is for
// answers that hand the token out again; whether the session lives is not looked at.
func (a *Auth) CSRFToken(r *http.Request) string {
	secret := sessionSecret(r)
	if !isSecret(secret) {
		return ""
	}
	return a.csrfToken(secret)
}

// RestoreCSRF sets the CSRF cookie again when a request brings a session cookie but lost the token that fits it, which would
// else lock the person out of every write, signing out included. Call it when a page is loaded.
func (a *Auth) RestoreCSRF(w http.ResponseWriter, r *http.Request) {
	want := a.CSRFToken(r)
	if want == "" {
		return
	}
	if c, err := r.Cookie(CSRFCookie); err == nil && c.Value == want {
		return
	}
	a.setCookie(w, r, CSRFCookie, want, a.live.sessionMax.Now(), false)
}

// checkCSRF compares the header with the token of the session. The CSRF cookie itself is not looked at: it only brings the
// token to the page's script.
func (a *Auth) checkCSRF(r *http.Request, secret string) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, "":
		return nil
	}
	want := []byte(a.csrfToken(secret))
	for _, name := range []string{CSRFHeader, CSRFHeaderOld} {
		if hmac.Equal([]byte(r.Header.Get(name)), want) {
			return nil
		}
	}
	return almoner.Errorf(almoner.Forbidden, CodeCSRF, "CSRF token missing or incorrect.")
}
