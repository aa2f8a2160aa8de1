package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/i18n"
)

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 31, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// people is the account module of these tests: everybody by login, in memory.
type people struct {
	mu       sync.Mutex
	byLogin  map[string]*auth.Account
	signedIn []int64
	fault    error
}

func (p *people) directory() auth.Directory {
	find := func(match func(login string, a *auth.Account) bool) (auth.Account, bool, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for login, a := range p.byLogin {
			if match(login, a) {
				return *a, true, p.fault
			}
		}
		return auth.Account{}, false, p.fault
	}
	return auth.Directory{
		ByLogin: func(_ context.Context, _ db.Queryer, login string) (auth.Account, bool, error) {
			return find(func(l string, _ *auth.Account) bool { return strings.EqualFold(l, strings.TrimSpace(login)) })
		},
		ByID: func(_ context.Context, _ db.Queryer, id int64) (auth.Account, bool, error) {
			return find(func(_ string, a *auth.Account) bool { return a.UserID == id })
		},
		SaveHash: func(_ context.Context, _ *db.Tx, id int64, hash string) error {
			p.change(id, func(a *auth.Account) { a.PasswordHash = hash })
			return nil
		},
		SignedIn: func(_ context.Context, _ *db.Tx, id int64) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.signedIn = append(p.signedIn, id)
			return nil
		},
	}
}

func (p *people) change(id int64, f func(*auth.Account)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.byLogin {
		if a.UserID == id {
			f(a)
		}
	}
}

const (
	ada, bea, cid = int64(1), int64(2), int64(3)
	password      = "correct horse"
	wrong         = "battery staple"
)

var (
	cheap    = auth.Hashing{MemoryKiB: 8, Passes: 1}
	office   = netip.MustParseAddr("203.0.113.7")
	anywhere = netip.Addr{}
)

// world is an Auth with three people: Ada, Bea who is inactive, and Cid who has no password.
type world struct {
	*auth.Auth
	db     *db.DB
	clock  *clock
	people *people
}

func migrations() []db.Migrations { return []db.Migrations{auth.Migrations()} }

func newAuth(t testing.TB, d *db.DB, c *clock, change func(*auth.Params)) *auth.Auth {
	t.Helper()
	p := auth.Params{DB: d, Config: auth.Defaults(), Clock: c, Hashing: cheap}
	if change != nil {
		change(&p)
	}
	a, err := auth.New(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func each(t *testing.T, change func(*auth.Params), fn func(t *testing.T, w *world)) {
	t.Helper()
	c := map[db.Engine]*clock{}
	for _, e := range dbtest.Engines() {
		c[e] = newClock()
	}
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			d := dbtest.New(t, e, migrations(), dbtest.WithClock(c[e]))
			w := &world{Auth: newAuth(t, d, c[e], change), db: d, clock: c[e]}
			hash, err := w.HashPassword(t.Context(), password)
			if err != nil {
				t.Fatal(err)
			}
			w.people = &people{byLogin: map[string]*auth.Account{
				"ada@example.org": {UserID: ada, PasswordHash: hash, Active: true},
				"bea@example.org": {UserID: bea, PasswordHash: hash},
				"cid@example.org": {UserID: cid, Active: true},
			}}
			w.Use(w.people.directory())
			fn(t, w)
		})
	}
}

func (w *world) tx(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := w.db.InTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// browser signs in and returns the cookies, as a browser would send them back.
func (w *world) browser(t testing.TB, userID int64) (session auth.NewSession, cookies []*http.Cookie) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) (err error) {
		session, err = w.StartSession(t.Context(), tx, userID, "Firefox")
		return err
	})
	rec := httptest.NewRecorder()
	w.SetCookies(rec, httptest.NewRequest("POST", "/", nil), session)
	return session, rec.Result().Cookies()
}

func request(t testing.TB, method string, cookies []*http.Cookie, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/x/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func wantError(t testing.TB, err error, kind almoner.Kind, code string) {
	t.Helper()
	if e := answer(err); e.Kind != kind || e.Code != code {
		t.Fatalf("error is %v (%+v), want kind %d, code %s", err, e, kind, code)
	}
}

// answer returns what a person would be told, the zero Error when err is not meant for people.
func answer(err error) almoner.Error {
	var e *almoner.Error
	if !errors.As(err, &e) {
		return almoner.Error{}
	}
	return *e
}

func (w *world) rows(t testing.TB, table string) int64 {
	t.Helper()
	var n int64
	if err := w.db.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, migrations())
}

func TestTexts(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New(i18n.Core(), auth.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{
		auth.CodeBadToken, auth.CodeBadLogin, auth.CodeInactive, auth.CodeCSRF, auth.CodeThrottled, auth.CodeBusy,
		auth.CodePasswordShort, auth.CodePasswordLong, auth.CodeTokenName, auth.CodeTokenExpiry,
	} {
		for _, lang := range []string{"en", "fr", "es", "ar"} {
			if !texts.Has(lang, code) {
				t.Errorf("%s has no text in %s", code, lang)
			}
		}
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if err := auth.Defaults().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	c := auth.Config{TokenLife: time.Second, SessionIdle: time.Second}
	err := c.Validate()
	for _, want := range []string{"token_life", "session_idle", "session_max"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestWithoutPeople(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) {
		a := newAuth(t, d, newClock(), nil)
		_, err := a.Login(t.Context(), "ada@example.org", password, office)
		wantError(t, err, almoner.Unavailable, "auth.no_directory")
	})
}

func TestSweepAndForget(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, w *world) {
		soon := w.clock.Now().Add(time.Hour)
		w.tx(t, func(tx *db.Tx) error {
			for _, user := range []int64{ada, cid} {
				if _, err := w.StartSession(t.Context(), tx, user, ""); err != nil {
					return err
				}
				if _, _, err := w.CreateAPIToken(t.Context(), tx, user, "x", nil); err != nil {
					return err
				}
			}
			_, _, err := w.CreateAPIToken(t.Context(), tx, ada, "short", &soon)
			return err
		})
		w.tx(t, func(tx *db.Tx) error { return w.RotateKeys(t.Context(), tx, false) })
		if _, err := w.Login(t.Context(), "ada@example.org", wrong, office); err == nil {
			t.Fatal("the wrong password was taken")
		}
		counts := func(sessions, tokens, tries, keys int64) {
			t.Helper()
			got := [4]int64{w.rows(t, "auth_sessions"), w.rows(t, "auth_tokens"), w.rows(t, "auth_tries"), w.rows(t, "auth_keys")}
			if want := [4]int64{sessions, tokens, tries, keys}; got != want {
				t.Errorf("sessions, tokens, tries and keys are %v, want %v", got, want)
			}
		}
		sweep := func() {
			t.Helper()
			if err := w.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		counts(2, 3, 2, 3)
		w.clock.advance(2 * time.Hour)
		sweep()
		counts(2, 2, 0, 3)
		w.tx(t, func(tx *db.Tx) error { return w.Forget(t.Context(), tx, ada) })
		counts(1, 1, 0, 3)
		w.clock.advance(auth.Defaults().SessionIdle)
		sweep()
		counts(0, 1, 0, 2)
	})
}
