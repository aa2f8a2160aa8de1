package auth

import (
	"context"

	"almoner.dev/almoner/core/db"
)

// Directory is how auth asks about people; the account module fills it in. All functions may be called concurrently, and
// none may change what it is asked about.
type Directory struct {
	// ByLogin finds the account that somebody means by an e-mail address or user name as typed. found is false when there is
	// none; an inactive account is found.
	ByLogin func(ctx context.Context, q db.Queryer, login string) (account Account, found bool, err error)
	// ByID finds the account of a user. It is asked for every request with credentials.
	ByID func(ctx context.Context, q db.Queryer, userID int64) (account Account, found bool, err error)
	// SaveHash stores a hash made from the same password with newer parameters. It is no change of password.
	SaveHash func(ctx context.Context, tx *db.Tx, userID int64, hash string) error
	// SignedIn is told of each sign-in with a password, in the transaction that notes it. May be nil.
	SignedIn func(ctx context.Context, tx *db.Tx, userID int64) error
}

// Account is what auth needs to know of a person.
type Account struct {
	UserID int64
	// PasswordHash is what HashPassword returned; "" means that this person cannot sign in with a password.
	PasswordHash string
	// Active is false when the person may not come in.
	Active bool
	// Generation is put into bearer tokens; raise it to end all that were issued before, as when the password changes.
	// Sessions are ended with EndSessions, which can spare the one in use.
	Generation int64
	// Person is whatever the directory knows beside, which Authenticate hands back so that nobody is read twice for one request. May be nil.
	Person any
}
