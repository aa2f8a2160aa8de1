package auth

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

const (
	firstBackoff = 15 * time.Second
	// mostBackoff bounds what administrators may choose as the longest wait.
	mostBackoff = 24 * time.Hour
	// forgetTries is how long after the last failure the count begins anew.
	forgetTries = time.Hour
)

// backoff is how long nobody may try after so many failures, of which some go unpunished.
func backoff(failures, free int64, longest time.Duration) time.Duration {
	if failures < free {
		return 0
	}
	d := firstBackoff
	for range failures - free {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return min(d, longest)
}

// subject is one thing whose tries are counted. It is stored as a MAC, so that the table names nobody.
type subject struct {
	hash string
	free int64
}

// try is one attempt that has been counted as a failure.
type try struct {
	account subject
	// address is zero when the client has none.
	address subject
}

// accountSubject counts by what was typed and not by the account it leads to, so that unknown people are slowed down alike.
func (a *Auth) accountSubject(login string) subject {
	return a.subject("account", db.Fold(login), a.live.accountTries.Now())
}

// addressSubject takes the /64 of an IPv6 address, which one client has for itself.
func (a *Auth) addressSubject(addr netip.Addr) subject {
	if !addr.IsValid() {
		return subject{}
	}
	bits := 32
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		bits = 64
	}
	return a.subject("address", netip.PrefixFrom(addr, bits).Masked().String(), a.live.addressTries.Now())
}

func (a *Auth) subject(kind, name string, free int64) subject {
	return subject{hash: hex.EncodeToString(keyed(a.keys.instance, "tries "+kind, name)), free: free}
}

// begin counts a try before its outcome is known, or refuses it with CodeThrottled.
func (a *Auth) begin(ctx context.Context, t try) error {
	// Most refusals end here, without taking the writer's turn.
	var until *time.Time
	err := a.db.QueryRow(ctx, `select max(blocked_until) from auth_tries where subject_hash in ($1, $2)`, t.account.hash, t.address.hash).Scan(&until)
	if err != nil {
		return fmt.Errorf("read tries: %w", err)
	}
	if now := a.clock.Now(); until != nil && until.After(now) {
		return errThrottled(until.Sub(now))
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		// Always in this order, so that two transactions never wait for each other.
		for _, s := range []subject{t.account, t.address} {
			if s.hash == "" {
				continue
			}
			if err := a.count(ctx, tx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *Auth) count(ctx context.Context, tx *db.Tx, s subject) error {
	var failures int64
	var last, until time.Time
	// The update changes nothing; it locks the row and returns it.
	err := tx.QueryRow(ctx, `
		insert into auth_tries (subject_hash, failures, last_at, blocked_until) values ($1, 0, $2, $2)
		on conflict (subject_hash) do update set failures = auth_tries.failures
		returning failures, last_at, blocked_until`, s.hash, tx.Now).Scan(&failures, &last, &until)
	if err != nil {
		return fmt.Errorf("read tries: %w", err)
	}
	if until.After(tx.Now) {
		return errThrottled(until.Sub(tx.Now))
	}
	if tx.Now.Sub(last) >= forgetTries {
		failures = 0
	}
	failures++
	_, err = tx.Exec(ctx, `update auth_tries set failures = $1, last_at = $2, blocked_until = $3 where subject_hash = $4`,
		failures, tx.Now, tx.Now.Add(backoff(failures, s.free, a.live.longestWait.Now())), s.hash)
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	return nil
}

// succeed forgets the failures of the account. The address gets this one try back and no more: who knows one password must
// not be able to try others for ever.
func (a *Auth) succeed(ctx context.Context, tx *db.Tx, t try) error {
	if _, err := tx.Exec(ctx, `delete from auth_tries where subject_hash = $1`, t.account.hash); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	return giveBack(ctx, tx, t.address)
}

// undo takes the try back that could not be decided through no fault of the person.
func (a *Auth) undo(ctx context.Context, t try) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		if err := giveBack(ctx, tx, t.account); err != nil {
			return err
		}
		return giveBack(ctx, tx, t.address)
	})
}

// giveBack takes one failure off. It also lifts the block, which can only be the one that this very try put there: no try
// begins while a block holds.
func giveBack(ctx context.Context, tx *db.Tx, s subject) error {
	if s.hash == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update auth_tries set failures = failures - 1, blocked_until = last_at where subject_hash = $1 and failures > 0`, s.hash)
	if err != nil {
		return fmt.Errorf("give try back: %w", err)
	}
	return nil
}

func errThrottled(wait time.Duration) error {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return &almoner.Error{
		Kind: almoner.TooMany, Code: CodeThrottled, Params: map[string]string{"seconds": seconds},
		Message: "Too many tries. Please try again in " + seconds + " seconds.",
	}
}
