package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// maxLogin is longer than any e-mail address, in bytes. What is longer, or no text at all, is nobody's.
const maxLogin = 320

// Login checks a password and returns whose it is. addr is where the person sits, from ClientIP; an invalid one is not
// counted. Tries are counted by login and by address; the errors are CodeBadLogin, CodeInactive (only for the right
// password), CodeThrottled and CodeBusy. It has transactions of its own: call it outside one.
func (a *Auth) Login(ctx context.Context, login, password string, addr netip.Addr) (int64, error) {
	people, err := a.people()
	if err != nil {
		return 0, err
	}
	find := func() (Account, bool, error) { return people.ByLogin(ctx, a.db, login) }
	if len(login) > maxLogin || !utf8.ValidString(login) || strings.ContainsRune(login, 0) {
		find = func() (Account, bool, error) { return Account{}, false, nil }
		login = login[:min(len(login), maxLogin)]
	}
	account, err := a.check(ctx, people, try{account: a.accountSubject(login), address: a.addressSubject(addr)}, find, password,
		func(tx *db.Tx, account Account) error {
			if people.SignedIn == nil || !account.Active {
				return nil
			}
			return people.SignedIn(ctx, tx, account.UserID)
		})
	return account.UserID, err
}

// Confirm checks the password of a person who is already signed in, before a delicate step such as changing it. It counts
// tries as Login does and returns the same errors. Call it outside a transaction.
func (a *Auth) Confirm(ctx context.Context, userID int64, password string, addr netip.Addr) error {
	people, err := a.people()
	if err != nil {
		return err
	}
	find := func() (Account, bool, error) { return people.ByID(ctx, a.db, userID) }
	t := try{account: a.subject("user", strconv.FormatInt(userID, 10), a.live.accountTries.Now()), address: a.addressSubject(addr)}
	_, err = a.check(ctx, people, t, find, password, func(*db.Tx, Account) error { return nil })
	return err
}

// check counts the try, compares the password and settles the count. note runs in the settling transaction.
func (a *Auth) check(ctx context.Context, people *Directory, t try, find func() (Account, bool, error), password string,
	note func(*db.Tx, Account) error,
) (Account, error) {
	if err := a.begin(ctx, t); err != nil {
		return Account{}, err
	}
	account, found, err := find()
	if err != nil {
		return Account{}, a.undecided(ctx, t, fmt.Errorf("find account: %w", err))
	}
	stored := ""
	if found {
		stored = account.PasswordHash
	}
	ok, stale, err := a.passwords.verify(ctx, stored, password)
	if errors.Is(err, errDamaged) {
		a.log.ErrorContext(ctx, "sign-in refused", "user", account.UserID, "error", err)
	} else if err != nil {
		return Account{}, a.undecided(ctx, t, err)
	}
	if !ok {
		return Account{}, almoner.Errorf(almoner.Unauthenticated, CodeBadLogin, "Wrong e-mail address or password.")
	}
	fresh := ""
	if stale {
		if fresh, err = a.passwords.hash(ctx, password); err != nil {
			return Account{}, a.undecided(ctx, t, err)
		}
	}
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		if err := a.succeed(ctx, tx, t); err != nil {
			return err
		}
		if fresh != "" {
			if err := people.SaveHash(ctx, tx, account.UserID, fresh); err != nil {
				return fmt.Errorf("save password hash: %w", err)
			}
		}
		return note(tx, account)
	})
	if err != nil {
		return Account{}, err
	}
	if !account.Active {
		return Account{}, almoner.Errorf(almoner.Unauthenticated, CodeInactive, "This account is not active.")
	}
	return account, nil
}

// undecided gives the try back and returns the cause. Somebody who hangs up does not get it back: hanging up could else be
// used to try without end.
func (a *Auth) undecided(ctx context.Context, t try, cause error) error {
	if ctx.Err() != nil {
		return cause
	}
	if err := a.undo(ctx, t); err != nil {
		a.log.WarnContext(ctx, "try not given back", "error", err)
	}
	return cause
}
