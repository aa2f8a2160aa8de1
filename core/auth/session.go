package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Session is one browser that somebody signed in with.
type Session struct {
	ID         int64
	UserID     int64
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
	// UserAgent is what the browser calls itself, shortened, for the list of one's sessions.
	UserAgent string
}

// NewSession is a session together with its secret, which exists here and in the cookie only.
type NewSession struct {
	Session
	secret string
	maxAge time.Duration
}

// StartSession makes a session for a person who has just proved who they are. Write it out with SetCookies after the commit.
// When the browser already had a session, end that one too.
func (a *Auth) StartSession(ctx context.Context, tx *db.Tx, userID int64, userAgent string) (NewSession, error) {
	s := NewSession{secret: randomSecret(), maxAge: a.live.sessionMax.Now(), Session: Session{
		UserID: userID, CreatedAt: tx.Now, LastSeenAt: tx.Now, ExpiresAt: a.sessionEnd(tx.Now, tx.Now), UserAgent: shortAgent(userAgent),
	}}
	var err error
	s.ID, err = tx.Insert(ctx, `
		insert into auth_sessions (token_hash, user_id, user_agent, created_at, last_seen_at, expires_at)
		values ($1, $2, $3, $4, $4, $5) returning id`,
		hashSecret(s.secret), s.UserID, s.UserAgent, s.CreatedAt, s.ExpiresAt)
	if err != nil {
		return NewSession{}, fmt.Errorf("insert session: %w", err)
	}
	return s, nil
}

// sessionEnd is when a session ends that was begun and last used at these times.
func (a *Auth) sessionEnd(created, seen time.Time) time.Time {
	idle, most := seen.Add(a.live.sessionIdle.Now()), created.Add(a.live.sessionMax.Now())
	if most.Before(idle) {
		return most
	}
	return idle
}

// Sessions returns the live sessions of a user, the one used last first.
func (a *Auth) Sessions(ctx context.Context, q db.Queryer, userID int64) ([]Session, error) {
	rows, err := q.Query(ctx, `
		select id, user_id, created_at, last_seen_at, expires_at, user_agent
		from auth_sessions where user_id = $1 and expires_at > $2 order by last_seen_at desc, id desc`, userID, a.clock.Now())
	list, err := db.Collect(rows, err, scanSession)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

func scanSession(r db.Row) (Session, error) {
	var s Session
	err := r.Scan(&s.ID, &s.UserID, &s.CreatedAt, &s.LastSeenAt, &s.ExpiresAt, &s.UserAgent)
	return s, err
}

// EndSession ends one session of a user; a session of somebody else is NotFound.
func (a *Auth) EndSession(ctx context.Context, tx *db.Tx, userID, sessionID int64) error {
	n, err := tx.Exec(ctx, `delete from auth_sessions where id = $1 and user_id = $2`, sessionID, userID)
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	if n == 0 {
		return almoner.Errorf(almoner.NotFound, "not_found", "Not found.")
	}
	return nil
}

// EndSessions ends all sessions of a user but the given one (0 spares none) and returns how many ended.
func (a *Auth) EndSessions(ctx context.Context, tx *db.Tx, userID, except int64) (int64, error) {
	n, err := tx.Exec(ctx, `delete from auth_sessions where user_id = $1 and id <> $2`, userID, except)
	if err != nil {
		return 0, fmt.Errorf("delete sessions: %w", err)
	}
	return n, nil
}

// sessionOf returns the live session of a cookie's value, or errBadToken.
func (a *Auth) sessionOf(ctx context.Context, secret string) (Session, error) {
	if !isSecret(secret) {
		return Session{}, errBadToken()
	}
	s, err := scanSession(a.db.QueryRow(ctx, `
		select id, user_id, created_at, last_seen_at, expires_at, user_agent from auth_sessions where token_hash = $1`, hashSecret(secret)))
	if errors.Is(err, db.ErrNoRows) {
		return Session{}, errBadToken()
	}
	if err != nil {
		return Session{}, fmt.Errorf("find session: %w", err)
	}
	return a.inUse(ctx, s)
}

// sessionByID returns a live session of a user, or errBadToken.
func (a *Auth) sessionByID(ctx context.Context, id, userID int64) (Session, error) {
	s, err := scanSession(a.db.QueryRow(ctx, `
		select id, user_id, created_at, last_seen_at, expires_at, user_agent from auth_sessions where id = $1 and user_id = $2`, id, userID))
	if errors.Is(err, db.ErrNoRows) {
		return Session{}, errBadToken()
	}
	if err != nil {
		return Session{}, fmt.Errorf("find session: %w", err)
	}
	return a.inUse(ctx, s)
}

// inUse returns a session that has not ended, and notes now and then that it is in use.
func (a *Auth) inUse(ctx context.Context, s Session) (Session, error) {
	now := a.clock.Now()
	// The settings of today count as well as those of the day it was begun, so that a shorter span takes effect at once.
	if !s.ExpiresAt.After(now) || !a.sessionEnd(s.CreatedAt, s.LastSeenAt).After(now) {
		return Session{}, errBadToken()
	}
	if now.Sub(s.LastSeenAt) >= min(touchEvery, a.live.sessionIdle.Now()/10) {
		a.touch(ctx, s, now)
	}
	return s, nil
}

// touchEvery spares a write per request; the price is that a session may end so much earlier than it should.
const touchEvery = 5 * time.Minute

// touch notes that a session is in use. A failure is logged only: the request itself may be able to go on.
func (a *Auth) touch(ctx context.Context, s Session, now time.Time) {
	err := a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update auth_sessions set last_seen_at = $1, expires_at = $2 where id = $3 and last_seen_at < $1`,
			now, a.sessionEnd(s.CreatedAt, now), s.ID)
		return err
	})
	if err != nil && !db.IsCancelled(err) {
		a.log.WarnContext(ctx, "session not renewed", "session", s.ID, "error", err)
	}
}

const maxAgent = 200

// shortAgent makes a header harmless to store and show.
func shortAgent(s string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if runes := []rune(clean); len(runes) > maxAgent {
		clean = string(runes[:maxAgent])
	}
	return strings.TrimSpace(clean)
}
