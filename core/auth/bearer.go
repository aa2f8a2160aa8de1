package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	issuer = "almoner"
	// maxBearer is several times what we issue.
	maxBearer = 4096
)

// IssuedToken is a bearer token (JWT) for an API client.
type IssuedToken struct {
	// Token is what the client sends after `Authorization: Bearer`.
	Token     string
	ID        string
	UserID    int64
	IssuedAt  time.Time
	ExpiresAt time.Time
	// SessionID is the session that the token ends with, 0 for none.
	SessionID int64
}

// claims are what a token says. Generation ties it to the account's state when it was issued.
type claims struct {
	jwt.RegisteredClaims
	Generation int64 `json:"gen,omitempty"`
	Session    int64 `json:"sid,omitempty"`
	// Username and OrigIat are what clients of openIMIS read in a token.
	Username string `json:"username,omitempty"`
	OrigIat  int64  `json:"origIat,omitempty"`
}

var errUnknownKey = errors.New("unknown key")

// IssueToken makes a bearer token for a person who has proved who they are. life 0 means the configured one; it is cut to
// MaxTokenLife. The error is CodeBadToken when there is no such active account.
func (a *Auth) IssueToken(ctx context.Context, userID int64, life time.Duration) (IssuedToken, error) {
	return a.issue(ctx, userID, life, claims{})
}

func (a *Auth) issue(ctx context.Context, userID int64, life time.Duration, c claims) (IssuedToken, error) {
	account, err := a.active(ctx, userID)
	if err != nil {
		return IssuedToken{}, err
	}
	key, err := a.keys.signing(ctx)
	if err != nil {
		return IssuedToken{}, err
	}
	if life <= 0 {
		life = a.live.tokenLife.Now()
	}
	// Whole seconds, as that is all that the token can say.
	now := a.clock.Now().UTC().Truncate(time.Second)
	t := IssuedToken{ID: uuid.NewString(), UserID: userID, IssuedAt: now, ExpiresAt: now.Add(min(life, MaxTokenLife)), SessionID: c.Session}
	c.Generation = account.Generation
	c.RegisteredClaims = jwt.RegisteredClaims{
		Issuer: issuer, Subject: strconv.FormatInt(userID, 10), ID: t.ID, IssuedAt: jwt.NewNumericDate(t.IssuedAt), ExpiresAt: jwt.NewNumericDate(t.ExpiresAt),
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	token.Header["kid"] = key.kid
	if t.Token, err = token.SignedString(key.secret); err != nil {
		return IssuedToken{}, fmt.Errorf("sign token: %w", err)
	}
	return t, nil
}

// VerifyToken returns what a bearer token that IssueToken made says, or CodeBadToken when it is not ours, has expired, was
// ended, or belongs to an account that may not come in.
func (a *Auth) VerifyToken(ctx context.Context, token string) (IssuedToken, error) {
	t, _, err := a.verifyToken(ctx, token)
	return t, err
}

func (a *Auth) verifyToken(ctx context.Context, token string) (IssuedToken, Account, error) {
	if len(token) > maxBearer {
		return IssuedToken{}, Account{}, errBadToken()
	}
	var c claims
	var fault error
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(a.clock.Now), jwt.WithStrictDecoding())
	_, err := parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		key, ok, err := a.keys.verifying(ctx, kid)
		if err != nil {
			fault = err
			return nil, err
		}
		if !ok {
			return nil, errUnknownKey
		}
		return key.secret, nil
	})
	if fault != nil {
		return IssuedToken{}, Account{}, fault
	}
	if err != nil || c.IssuedAt == nil {
		return IssuedToken{}, Account{}, errBadToken()
	}
	userID, err := strconv.ParseInt(c.Subject, 10, 64)
	if err != nil {
		return IssuedToken{}, Account{}, errBadToken()
	}
	account, err := a.active(ctx, userID)
	if err != nil {
		return IssuedToken{}, Account{}, err
	}
	if account.Generation != c.Generation {
		return IssuedToken{}, Account{}, errBadToken()
	}
	if c.Session != 0 {
		if _, err := a.sessionByID(ctx, c.Session, userID); err != nil {
			return IssuedToken{}, Account{}, err
		}
	}
	return IssuedToken{Token: token, ID: c.ID, UserID: userID, IssuedAt: c.IssuedAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(), SessionID: c.Session}, account, nil
}
