package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync/atomic"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/setting"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var locales embed.FS

// Migrations returns the tables of this package.
func Migrations() db.Migrations { return db.Migrations{Module: "auth", FS: migrations} }

// Texts returns the messages of this package, keyed by error code.
func Texts() i18n.Catalogue { return i18n.Catalogue{Module: "auth", FS: locales} }

// The codes of the errors of this package. Each is also a text key.
const (
	// CodeBadToken (Unauthenticated) answers credentials that are wrong, expired, ended or of an inactive account.
	CodeBadToken = "auth.bad_token"
	// CodeBadLogin (Unauthenticated) answers a wrong password and an unknown account alike.
	CodeBadLogin = "auth.bad_login"
	// CodeInactive (Unauthenticated) answers the right password of an inactive account.
	CodeInactive = "auth.inactive_account"
	// CodeCSRF (Forbidden) answers a write by cookie without the CSRF token of its session.
	CodeCSRF = "auth.csrf"
	// CodeThrottled (TooMany) answers a try that comes too soon. Params["seconds"] is the value for Retry-After.
	CodeThrottled = "auth.throttled"
	// CodeBusy (Unavailable) means that too many sign-ins are waiting. Params["seconds"] is the value for Retry-After.
	CodeBusy = "auth.busy"
	// CodePasswordShort and the next are field errors of a new password.
	CodePasswordShort = "auth.password_too_short"
	CodePasswordLong  = "auth.password_too_long"
	// CodeTokenName and CodeTokenExpiry are field errors of a new API token.
	CodeTokenName   = "auth.token_name"
	CodeTokenExpiry = "auth.token_expiry"
)

// Params are the parts that an Auth is made of.
type Params struct {
	// DB has the tables of Migrations.
	DB     *db.DB
	Config Config
	// Settings holds what administrators may change of Config, and of how tries are counted; nil for nothing.
	Settings *setting.Book
	// Clock should be the one that DB was opened with; nil is the clock of the machine.
	Clock almoner.Clock
	// Hashing is the cost of a password; the zero value is DefaultHashing. Tests may take a cheap one.
	Hashing Hashing
	// Log takes failures that must not stop a request; nil drops them.
	Log *slog.Logger
}

// Auth recognises people. It is safe for concurrent use.
type Auth struct {
	db        *db.DB
	config    Config
	live      live
	clock     almoner.Clock
	log       *slog.Logger
	passwords *hasher
	keys      *keyring
	directory atomic.Pointer[Directory]
}

// New makes an Auth and, on the very first start, the secrets of this installation; programs that start together agree on
// them. Call Use before anybody signs in.
func New(ctx context.Context, p Params) (*Auth, error) {
	if err := p.Config.Validate(); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	if p.Clock == nil {
		p.Clock = almoner.SystemClock{}
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Hashing == (Hashing{}) {
		p.Hashing = DefaultHashing
	}
	keys, err := openKeyring(ctx, p.DB, p.Clock)
	if err != nil {
		return nil, err
	}
	passwords, err := newHasher(p.Hashing)
	if err != nil {
		return nil, err
	}
	return &Auth{db: p.DB, config: p.Config, live: liveOf(p.Settings, p.Config), clock: p.Clock, log: p.Log, passwords: passwords, keys: keys}, nil
}

// Use connects the people. It is called once, while the program is put together; a second call, or a Directory without
// ByLogin, ByID or SaveHash, is a mistake of the programmer and panics.
func (a *Auth) Use(d Directory) {
	if d.ByLogin == nil || d.ByID == nil || d.SaveHash == nil {
		panic("auth: the directory must have ByLogin, ByID and SaveHash")
	}
	if !a.directory.CompareAndSwap(nil, &d) {
		panic("auth: Use was called twice")
	}
}

func (a *Auth) people() (*Directory, error) {
	d := a.directory.Load()
	if d == nil {
		return nil, almoner.Errorf(almoner.Unavailable, "auth.no_directory", "There are no accounts to sign in to.")
	}
	return d, nil
}

// active returns the account behind a credential, or errBadToken when there is none that may come in.
func (a *Auth) active(ctx context.Context, userID int64) (Account, error) {
	d, err := a.people()
	if err != nil {
		return Account{}, err
	}
	account, found, err := d.ByID(ctx, a.db, userID)
	if err != nil {
		return Account{}, fmt.Errorf("find account %d: %w", userID, err)
	}
	if !found || !account.Active {
		return Account{}, errBadToken()
	}
	return account, nil
}

// Sweep deletes what has no effect any more: expired sessions and API tokens, old tries, retired keys. Run it now and then;
// nothing depends on it but the size of the tables.
func (a *Auth) Sweep(ctx context.Context) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		for _, s := range []struct {
			sql string
			arg any
		}{
			{`delete from auth_sessions where expires_at <= $1`, tx.Now},
			{`delete from auth_tokens where expires_at <= $1`, tx.Now},
			{`delete from auth_tries where last_at <= $1`, tx.Now.Add(-forgetTries - a.live.longestWait.Now())},
			{`delete from auth_keys where retired_at <= $1`, tx.Now.Add(-MaxTokenLife)},
		} {
			if _, err := tx.Exec(ctx, s.sql, s.arg); err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
		return nil
	})
}

// Forget ends everything that a user could come in with and drops its traces, for the erasure of a person.
func (a *Auth) Forget(ctx context.Context, tx *db.Tx, userID int64) error {
	if _, err := a.EndSessions(ctx, tx, userID, 0); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from auth_tokens where user_id = $1`, userID); err != nil {
		return fmt.Errorf("delete API tokens: %w", err)
	}
	return nil
}

func errBadToken() error {
	return almoner.Errorf(almoner.Unauthenticated, CodeBadToken, "Given token not valid.")
}

// randomSecret returns 256 random bits as 43 letters that are safe in cookies, headers and URLs.
func randomSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never returns an error: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

const (
	secretBytes  = 32
	secretLength = 43
)

// isSecret tells what randomSecret may have made from rubbish, which is then not looked up.
func isSecret(s string) bool {
	if len(s) != secretLength {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == secretBytes
}

// hashSecret is how a random secret is stored. It needs no salt or cost, as 256 random bits cannot be guessed.
func hashSecret(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// keyed returns the MAC of a text under a key, for one purpose.
func keyed(key []byte, purpose, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write([]byte(text))
	return m.Sum(nil)
}
