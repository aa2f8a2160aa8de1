package auth

import (
	"errors"
	"net/netip"
	"time"
)

// Config holds the settings of sign-in. Start from Defaults.
type Config struct {
	// TokenLife is how long a bearer token is valid, unless its maker asks for another span.
	TokenLife time.Duration `help:"how long a bearer token for API clients is valid"`
	// SessionIdle ends a session that was not used for so long; each use begins the span anew.
	SessionIdle time.Duration `help:"a browser session ends when it was not used for so long"`
	// SessionMax ends a session however often it is used.
	SessionMax time.Duration `help:"a browser session ends after so long in any case"`
	// SecureCookies marks cookies Secure even when a request does not look like https.
	SecureCookies bool `help:"mark cookies Secure even when the proxy does not say https"`
	// TrustedProxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
	TrustedProxies []netip.Prefix `help:"networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"`
}

// Defaults returns the settings that hold when nobody says otherwise: eight hours, fourteen days, ninety days, no proxy.
func Defaults() Config {
	return Config{TokenLife: 8 * time.Hour, SessionIdle: 14 * 24 * time.Hour, SessionMax: 90 * 24 * time.Hour}
}

// MaxTokenLife bounds every bearer token, because a retired key must be kept for as long as it may be in use.
const MaxTokenLife = 7 * 24 * time.Hour

// Validate returns one error that names every setting that cannot work.
func (c Config) Validate() error {
	var problems []error
	if c.TokenLife < time.Minute || c.TokenLife > MaxTokenLife {
		problems = append(problems, errors.New("token_life must be between 1m and 168h"))
	}
	if c.SessionIdle < time.Minute {
		problems = append(problems, errors.New("session_idle must be at least 1m"))
	}
	if c.SessionMax < c.SessionIdle {
		problems = append(problems, errors.New("session_max must not be shorter than session_idle"))
	}
	return errors.Join(problems...)
}
