package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		id, err := w.Login(t.Context(), " Ada@Example.org ", password, office)
		if err != nil || id != ada {
			t.Fatalf("Login = %d, %v", id, err)
		}
		if len(w.people.signedIn) != 1 || w.people.signedIn[0] != ada {
			t.Errorf("signed in: %v", w.people.signedIn)
		}
		if n := w.rows(t, "auth_tries"); n != 1 {
			t.Errorf("%d rows of tries, want only that of the address", n)
		}
		messages := map[string]bool{}
		for _, c := range []struct{ login, password string }{
			{"ada@example.org", wrong},
			{"ada@example.org", ""},
			{"ada@example.org", strings.Repeat("x", 5000)},
			{"cid@example.org", ""},
			{"cid@example.org", password},
			{"nobody@example.org", password},
			{"", ""},
			{"bea@example.org", wrong},
			{strings.Repeat("é", 5000), password},
			{"nul\x00@example.org", password},
			{"\xff", password},
		} {
			id, err := w.Login(t.Context(), c.login, c.password, anywhere)
			wantError(t, err, almoner.Unauthenticated, auth.CodeBadLogin)
			messages[err.Error()] = true
			if id != 0 {
				t.Errorf("%.20q: user %d came with the error", c.login, id)
			}
		}
		if len(messages) != 1 {
			t.Errorf("the answers can be told apart: %v", messages)
		}
		_, err = w.Login(t.Context(), "bea@example.org", password, office)
		wantError(t, err, almoner.Unauthenticated, auth.CodeInactive)
		if len(w.people.signedIn) != 1 {
			t.Errorf("signed in: %v", w.people.signedIn)
		}
	})
}

// fail tries a wrong password n times, each when it is allowed again, and returns how long the next try must wait.
func (w *world) fail(t *testing.T, login string, addr netip.Addr, n int) (wait time.Duration) {
	t.Helper()
	for range n {
		w.clock.advance(wait)
		_, err := w.Login(t.Context(), login, wrong, addr)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadLogin)
		wait = w.wait(t, login, addr)
	}
	return wait
}

// wait asks with the right password and returns for how long that is refused; it does not succeed.
func (w *world) wait(t *testing.T, login string, addr netip.Addr) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	before := w.clock.Now()
	defer cancel()
	w.people.mu.Lock()
	w.people.fault = errors.New("not now")
	w.people.mu.Unlock()
	_, err := w.Login(ctx, login, password, addr)
	w.people.mu.Lock()
	w.people.fault = nil
	w.people.mu.Unlock()
	if !w.clock.Now().Equal(before) {
		t.Fatal("the clock moved")
	}
	var e *almoner.Error
	if !errors.As(err, &e) || e.Code != auth.CodeThrottled {
		if err == nil || e != nil {
			t.Fatalf("the directory's failure came out as %v", err)
		}
		return 0
	}
	wantError(t, err, almoner.TooMany, auth.CodeThrottled)
	d, err := time.ParseDuration(e.Params["seconds"] + "s")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAnAccountIsSlowedDown(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"ada@example.org", "nobody@example.org"} {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			each(t, nil, func(t *testing.T, w *world) {
				if d := w.fail(t, login, anywhere, 4); d != 0 {
					t.Fatalf("after four failures the wait is %s", d)
				}
				for _, want := range []time.Duration{15, 30, 60, 120, 240, 480, 900, 900} {
					d := w.fail(t, login, anywhere, 1)
					if d != want*time.Second {
						t.Fatalf("the wait is %s, want %ds", d, want)
					}
					if other := w.wait(t, strings.ToUpper(login), netip.MustParseAddr("198.51.100.1")); other != d {
						t.Fatalf("from elsewhere the wait is %s, want %s", other, d)
					}
					w.clock.advance(d - time.Second)
					if d := w.wait(t, login, anywhere); d != time.Second {
						t.Fatalf("a second before the end the wait is %s", d)
					}
					w.clock.advance(time.Second)
				}
				if d := w.wait(t, "cid@example.org", anywhere); d != 0 {
					t.Fatalf("somebody else waits %s", d)
				}
				w.clock.advance(time.Hour)
				if d := w.fail(t, login, anywhere, 4); d != 0 {
					t.Fatalf("an hour later the wait is %s", d)
				}
			})
		})
	}
}

func TestSuccessForgivesTheAccountButNotTheAddress(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		for range 12 {
			if d := w.fail(t, "ada@example.org", office, 4); d != 0 {
				t.Fatalf("the wait is %s", d)
			}
			if _, err := w.Login(t.Context(), "ada@example.org", password, office); err != nil {
				t.Fatal(err)
			}
		}
		// 48 failures so far; a success costs the address nothing.
		if d := w.fail(t, "x@example.org", office, 1); d != 0 {
			t.Fatalf("after 49 failures the wait is %s", d)
		}
		if d := w.fail(t, "y@example.org", office, 1); d != 15*time.Second {
			t.Fatalf("after 50 failures the wait is %s", d)
		}
		if d := w.wait(t, "ada@example.org", netip.MustParseAddr("198.51.100.1")); d != 0 {
			t.Fatalf("from another address the wait is %s", d)
		}
		w.clock.advance(15 * time.Second)
		if _, err := w.Login(t.Context(), "ada@example.org", password, office); err != nil {
			t.Fatal(err)
		}
		if d := w.wait(t, "ada@example.org", office); d != 0 {
			t.Fatalf("after a success the wait is %s", d)
		}
	})
}

func TestAddressesOfOneClientCountTogether(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		for i := range 50 {
			addr := netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", i+1))
			_, err := w.Login(t.Context(), fmt.Sprintf("u%d@example.org", i), wrong, addr)
			wantError(t, err, almoner.Unauthenticated, auth.CodeBadLogin)
		}
		if d := w.wait(t, "ada@example.org", netip.MustParseAddr("2001:db8:1:2:ffff::1")); d != 15*time.Second {
			t.Errorf("the same network waits %s", d)
		}
		if d := w.wait(t, "ada@example.org", netip.MustParseAddr("2001:db8:1:3::1")); d != 0 {
			t.Errorf("another network waits %s", d)
		}
	})
}

func TestManyTriesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		var looked atomic.Int64
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				_, err := w.Login(t.Context(), "ada@example.org", wrong, office)
				var e *almoner.Error
				if !errors.As(err, &e) {
					t.Errorf("error %v", err)
				} else if e.Code == auth.CodeBadLogin {
					looked.Add(1)
				}
			})
		}
		wg.Wait()
		if n := looked.Load(); n != 5 {
			t.Errorf("%d of 30 tries looked at the password, want 5", n)
		}
	})
}

func TestHangingUpDoesNotGiveTheTryBack(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		for range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			w.people.mu.Lock()
			w.people.fault = context.Canceled
			w.people.mu.Unlock()
			d := w.people.directory()
			other := newAuth(t, w.db, w.clock, nil)
			byLogin := d.ByLogin
			d.ByLogin = func(c context.Context, q db.Queryer, login string) (auth.Account, bool, error) {
				cancel()
				return byLogin(c, q, login)
			}
			other.Use(d)
			if _, err := other.Login(ctx, "ada@example.org", password, office); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v", err)
			}
		}
		if d := w.wait(t, "ada@example.org", office); d != 15*time.Second {
			t.Errorf("the wait is %s, want 15s", d)
		}
	})
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		if err := w.Confirm(t.Context(), ada, password, office); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			wantError(t, w.Confirm(t.Context(), ada, wrong, office), almoner.Unauthenticated, auth.CodeBadLogin)
		}
		wantError(t, w.Confirm(t.Context(), ada, password, office), almoner.TooMany, auth.CodeThrottled)
		if len(w.people.signedIn) != 0 {
			t.Error("a confirmation was taken for a sign-in")
		}
	})
}

func TestAHashOfOldCostIsMadeAgain(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		dearer := newAuth(t, w.db, w.clock, func(p *auth.Params) { p.Hashing = auth.Hashing{MemoryKiB: 16, Passes: 2} })
		dearer.Use(w.people.directory())
		if _, err := dearer.Login(t.Context(), "ada@example.org", wrong, office); err == nil || strings.Contains(w.people.byLogin["ada@example.org"].PasswordHash, "m=16") {
			t.Fatal("the wrong password renewed the hash")
		}
		for range 2 {
			if id, err := dearer.Login(t.Context(), "ada@example.org", password, office); err != nil || id != ada {
				t.Fatalf("Login = %d, %v", id, err)
			}
			if hash := w.people.byLogin["ada@example.org"].PasswordHash; !strings.Contains(hash, "$m=16,t=2,p=1$") {
				t.Fatalf("the hash is %s", hash)
			}
		}
	})
}

func TestADamagedHashMatchesNothingAndTellsNothing(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		w.people.change(ada, func(a *auth.Account) { a.PasswordHash = "pbkdf2$1$x" })
		_, err := w.Login(t.Context(), "ada@example.org", password, office)
		wantError(t, err, almoner.Unauthenticated, auth.CodeBadLogin)
	})
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for pw, code := range map[string]string{
		"": auth.CodePasswordShort, "123456789": auth.CodePasswordShort, "ééééééééé": auth.CodePasswordShort,
		strings.Repeat("x", 1025): auth.CodePasswordLong, "1234567890": "", "éééééééééé": "", strings.Repeat("x", 1024): "",
	} {
		err := auth.CheckPassword("new_password", pw)
		var e *almoner.Error
		switch {
		case code == "" && err != nil:
			t.Errorf("%.20q: %v", pw, err)
		case code != "" && (!errors.As(err, &e) || e.Kind != almoner.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != "new_password" || e.Fields[0].Code != code):
			t.Errorf("%.20q: %v, want %s", pw, err, code)
		}
	}
}
