package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// keyring holds the secrets of the installation. The instance key never changes: CSRF tokens and the names of throttled
// subjects hang on it. Signing keys are replaced; retired ones are kept for the tokens that they signed.
type keyring struct {
	db       *db.DB
	clock    almoner.Clock
	instance []byte

	// signers is nil when the keys must be read again.
	signers atomic.Pointer[signers]
}

// signers are the signing keys as they were at one time.
type signers struct {
	readAt  time.Time
	current signingKey
	byKID   map[string]signingKey
}

type signingKey struct {
	kid    string
	secret []byte
}

const (
	purposeInstance = "instance"
	purposeJWT      = "jwt"
	kidLength       = 16
	// keysFresh is how long the keys in memory are believed: a key that was deleted is refused by all nodes after it.
	keysFresh = time.Minute
)

// openKeyring reads the keys, making them on the first start. Of several programs that start together one makes them: the
// others wait at the unique index and then read the same.
func openKeyring(ctx context.Context, d *db.DB, clock almoner.Clock) (*keyring, error) {
	k := &keyring{db: d, clock: clock}
	err := d.InTx(ctx, func(tx *db.Tx) error {
		for _, purpose := range []string{purposeInstance, purposeJWT} {
			if err := insertKey(ctx, tx, purpose); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	var text string
	if err := d.QueryRow(ctx, `select secret from auth_keys where purpose = $1 and retired_at is null`, purposeInstance).Scan(&text); err != nil {
		return nil, fmt.Errorf("read instance key: %w", err)
	}
	if k.instance, err = decodeKey(text); err != nil {
		return nil, err
	}
	_, err = k.read(ctx)
	return k, err
}

// insertKey makes the current key of a purpose unless there is one.
func insertKey(ctx context.Context, tx *db.Tx, purpose string) error {
	_, err := tx.Exec(ctx, `
		insert into auth_keys (kid, purpose, secret, created_at) values ($1, $2, $3, $4)
		on conflict (purpose) where retired_at is null do nothing`, randomSecret()[:kidLength], purpose, randomSecret(), tx.Now)
	return err
}

func decodeKey(text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < 32 {
		return nil, errors.New("a key in auth_keys is damaged; restore the table, or delete the row to make a new key and end what hung on it")
	}
	return b, nil
}

// read fetches the signing keys and keeps them.
func (k *keyring) read(ctx context.Context) (*signers, error) {
	s := &signers{readAt: k.clock.Now(), byKID: map[string]signingKey{}}
	rows, err := k.db.Query(ctx, `select kid, secret, retired_at from auth_keys where purpose = $1`, purposeJWT)
	_, err = db.Collect(rows, err, func(r db.Row) (signingKey, error) {
		var key signingKey
		var text string
		var retired *time.Time
		err := r.Scan(&key.kid, &text, &retired)
		if err == nil {
			key.secret, err = decodeKey(text)
		}
		s.byKID[key.kid] = key
		if retired == nil {
			s.current = key
		}
		return key, err
	})
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	if s.current.kid == "" {
		return nil, errors.New("read signing keys: there is no current key")
	}
	k.signers.Store(s)
	return s, nil
}

// fresh returns the signing keys, read again when they are too old.
func (k *keyring) fresh(ctx context.Context) (*signers, error) {
	if s := k.signers.Load(); s != nil && k.clock.Now().Sub(s.readAt) < keysFresh {
		return s, nil
	}
	return k.read(ctx)
}

// signing returns the key to sign with.
func (k *keyring) signing(ctx context.Context) (signingKey, error) {
	s, err := k.fresh(ctx)
	if err != nil {
		return signingKey{}, err
	}
	return s.current, nil
}

// verifying returns the key of a kid. One that is not known here may have been made by another node meanwhile.
func (k *keyring) verifying(ctx context.Context, kid string) (signingKey, bool, error) {
	s, err := k.fresh(ctx)
	if err != nil {
		return signingKey{}, false, err
	}
	key, ok := s.byKID[kid]
	if !ok && len(kid) == kidLength {
		if s, err = k.read(ctx); err != nil {
			return signingKey{}, false, err
		}
		key, ok = s.byKID[kid]
	}
	return key, ok, nil
}

// RotateKeys makes a new key for signing bearer tokens. Tokens signed by the old key stay valid until they expire; with
// revoke they end at once here and within a minute on other nodes.
func (a *Auth) RotateKeys(ctx context.Context, tx *db.Tx, revoke bool) error {
	var err error
	if revoke {
		_, err = tx.Exec(ctx, `delete from auth_keys where purpose = $1`, purposeJWT)
	} else {
		_, err = tx.Exec(ctx, `update auth_keys set retired_at = $1 where purpose = $2 and retired_at is null`, tx.Now, purposeJWT)
	}
	if err == nil {
		err = insertKey(ctx, tx, purposeJWT)
	}
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	tx.AfterCommit(func(context.Context) { a.keys.signers.Store(nil) })
	return nil
}
