package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// apiTokenPrefix lets people and secret scanners recognise a token.
const apiTokenPrefix = "almt_"

// APIToken is a long-lived credential that a person made for a program.
type APIToken struct {
	ID     int64
	UserID int64
	// Name is what the person calls it.
	Name      string
	CreatedAt time.Time
	// LastUsedAt is nil before the first use and else right to within ten minutes.
	LastUsedAt *time.Time
	// ExpiresAt is nil when it is valid until it is deleted.
	ExpiresAt *time.Time
}

// maxTokenName bounds the name, in letters.
const maxTokenName = 100

// CreateAPIToken makes a token and returns it with its secret, which cannot be shown again. Name is required; expires, when
// there is one, lies in the future.
func (a *Auth) CreateAPIToken(ctx context.Context, tx *db.Tx, userID int64, name string, expires *time.Time) (token APIToken, secret string, err error) {
	name = strings.TrimSpace(name)
	var p almoner.Problems
	if n := utf8.RuneCountInString(name); n == 0 || n > maxTokenName {
		p.AddWith("name", CodeTokenName, "Give it a name of up to 100 characters.", map[string]string{"max": "100"})
	}
	if expires != nil && !expires.After(tx.Now) {
		p.Add("expires_at", CodeTokenExpiry, "Choose a time in the future.")
	}
	if err := p.Err(); err != nil {
		return APIToken{}, "", err
	}
	secret = apiTokenPrefix + randomSecret()
	token = APIToken{UserID: userID, Name: name, CreatedAt: tx.Now, ExpiresAt: expires}
	token.ID, err = tx.Insert(ctx, `insert into auth_tokens (token_hash, user_id, name, created_at, expires_at) values ($1, $2, $3, $4, $5) returning id`,
		hashSecret(secret), userID, name, tx.Now, expires)
	if err != nil {
		return APIToken{}, "", fmt.Errorf("insert API token: %w", err)
	}
	return token, secret, nil
}

// APITokens returns the tokens of a user, expired ones too until they are swept, the newest first.
func (a *Auth) APITokens(ctx context.Context, q db.Queryer, userID int64) ([]APIToken, error) {
	rows, err := q.Query(ctx, `
		select id, user_id, name, created_at, last_used_at, expires_at from auth_tokens where user_id = $1 order by id desc`, userID)
	list, err := db.Collect(rows, err, scanAPIToken)
	if err != nil {
		return nil, fmt.Errorf("list API tokens: %w", err)
	}
	return list, nil
}

func scanAPIToken(r db.Row) (APIToken, error) {
	var t APIToken
	err := r.Scan(&t.ID, &t.UserID, &t.Name, &t.CreatedAt, &t.LastUsedAt, &t.ExpiresAt)
	return t, err
}

// DeleteAPIToken ends a token of a user at once; one of somebody else is NotFound.
func (a *Auth) DeleteAPIToken(ctx context.Context, tx *db.Tx, userID, tokenID int64) error {
	n, err := tx.Exec(ctx, `delete from auth_tokens where id = $1 and user_id = $2`, tokenID, userID)
	if err != nil {
		return fmt.Errorf("delete API token: %w", err)
	}
	if n == 0 {
		return almoner.Errorf(almoner.NotFound, "not_found", "Not found.")
	}
	return nil
}

// usedEvery spares a write per request.
const usedEvery = 10 * time.Minute

// apiTokenOf returns the live token of a secret, or errBadToken.
func (a *Auth) apiTokenOf(ctx context.Context, secret string) (APIToken, error) {
	random, ok := strings.CutPrefix(secret, apiTokenPrefix)
	if !ok || !isSecret(random) {
		return APIToken{}, errBadToken()
	}
	t, err := scanAPIToken(a.db.QueryRow(ctx, `
		select id, user_id, name, created_at, last_used_at, expires_at from auth_tokens where token_hash = $1`, hashSecret(secret)))
	if errors.Is(err, db.ErrNoRows) {
		return APIToken{}, errBadToken()
	}
	if err != nil {
		return APIToken{}, fmt.Errorf("find API token: %w", err)
	}
	now := a.clock.Now()
	if t.ExpiresAt != nil && !t.ExpiresAt.After(now) {
		return APIToken{}, errBadToken()
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= usedEvery {
		err := a.db.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `update auth_tokens set last_used_at = $1 where id = $2`, now, t.ID)
			return err
		})
		if err != nil && !db.IsCancelled(err) {
			a.log.WarnContext(ctx, "use of API token not noted", "token", t.ID, "error", err)
		}
	}
	return t, nil
}
