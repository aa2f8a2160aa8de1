package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"almoner.dev/almoner"
)

func TestPHC(t *testing.T) {
	t.Parallel()
	h, err := newHasher(Hashing{MemoryKiB: 8, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := h.hash(t.Context(), "correct horse")
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("hashes %s and %s", a, b)
	}
	// Made by another program, argon2-cffi over the reference implementation.
	foreign := "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI"
	for _, c := range []struct {
		hash, password string
		ok, stale      bool
	}{
		{a, "correct horse", true, false},
		{a, "correct horsf", false, false},
		{foreign, "correct horse", true, true},
		{foreign, "correct horsf", false, true},
		{h.nobody, "", false, false},
		{"", "", false, false},
	} {
		ok, stale, err := h.verify(t.Context(), c.hash, c.password)
		if err != nil || ok != c.ok || stale != c.stale {
			t.Errorf("verify(%q, %q) = %v, %v, %v", c.hash, c.password, ok, stale, err)
		}
	}
	composed, decomposed := "caf\u00e9 au lait", "cafe\u0301 au lait"
	hash, _ := h.hash(t.Context(), composed)
	if ok, _, _ := h.verify(t.Context(), hash, decomposed); !ok {
		t.Error("the same letters typed on another system do not match")
	}
	good := strings.Split(a, "$")
	for what, change := range map[string]func([]string){
		"kind":         func(p []string) { p[1] = "argon2i" },
		"version":      func(p []string) { p[2] = "v=16" },
		"lanes":        func(p []string) { p[3] = "m=8,t=1,p=2" },
		"no memory":    func(p []string) { p[3] = "m=0,t=1,p=1" },
		"much memory":  func(p []string) { p[3] = "m=4000000000,t=1,p=1" },
		"overflow":     func(p []string) { p[3] = "m=99999999999,t=1,p=1" },
		"many passes":  func(p []string) { p[3] = "m=8,t=1000,p=1" },
		"missing one":  func(p []string) { p[3] = "m=8,t=1" },
		"bad salt":     func(p []string) { p[4] = "!" },
		"short salt":   func(p []string) { p[4] = "AAAA" },
		"short hash":   func(p []string) { p[5] = "AAAA" },
		"no hash":      func(p []string) { p[5] = "" },
		"in front":     func(p []string) { p[0] = "x" },
		"long hash":    func(p []string) { p[5] = strings.Repeat("A", 2000) },
		"swapped":      func(p []string) { p[3] = "t=1,m=8,p=1" },
		"negative":     func(p []string) { p[3] = "m=-8,t=1,p=1" },
		"padded hash":  func(p []string) { p[5] += "=" },
		"newline hash": func(p []string) { p[5] += "\n" },
	} {
		parts := append([]string(nil), good...)
		change(parts)
		ok, _, err := h.verify(t.Context(), strings.Join(parts, "$"), "correct horse")
		if ok || !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v, %v", what, ok, err)
		}
	}
}

func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, err := newHasher(Hashing{MemoryKiB: 8, Passes: 1})
		if err != nil {
			t.Fatal(err)
		}
		for range cap(h.slots) {
			if _, err := h.turn(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range maxWaiting {
			wg.Go(func() {
				if _, err := h.hash(ctx, "correct horse"); !errors.Is(err, context.Canceled) {
					t.Errorf("a waiting one: %v", err)
				}
			})
		}
		synctest.Wait()
		_, err = h.hash(ctx, "correct horse")
		var e *almoner.Error
		if !errors.As(err, &e) || e.Kind != almoner.Unavailable || e.Code != CodeBusy || e.Params["seconds"] == "" {
			t.Errorf("one too many: %v", err)
		}
		cancel()
		wg.Wait()
		if n := h.waiting.Load(); n != 0 {
			t.Errorf("%d are still counted as waiting", n)
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int64]time.Duration{
		0: 0, 4: 0, 5: 15 * time.Second, 6: 30 * time.Second, 10: 8 * time.Minute, 11: 15 * time.Minute, 12: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		if got := backoff(failures, accountTries.Default, longestWait.Default); got != want {
			t.Errorf("backoff(%d) = %s, want %s", failures, got, want)
		}
	}
}

func TestClientIP(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("127.0.0.1/32")}
	cases := []struct {
		name, peer, want string
		forwarded        []string
	}{
		{"no proxy", "203.0.113.7:4711", "203.0.113.7", nil},
		{"an untrusted peer may say what it likes", "203.0.113.7:4711", "203.0.113.7", []string{"198.51.100.1"}},
		{"one proxy", "10.0.0.1:80", "203.0.113.7", []string{"203.0.113.7"}},
		{"what the client wrote is not looked at", "10.0.0.1:80", "203.0.113.7", []string{"6.6.6.6, 203.0.113.7"}},
		{"several proxies", "10.0.0.1:80", "203.0.113.7", []string{"6.6.6.6, 203.0.113.7, 10.0.0.9"}},
		{"several headers", "10.0.0.1:80", "203.0.113.7", []string{"6.6.6.6", "203.0.113.7", "10.0.0.9"}},
		{"a proxy that says nothing", "10.0.0.1:80", "10.0.0.1", nil},
		{"all trusted", "10.0.0.1:80", "10.0.0.3", []string{"10.0.0.3, 10.0.0.2"}},
		{"rubbish in front", "10.0.0.1:80", "203.0.113.7", []string{"rubbish, 203.0.113.7"}},
		{"rubbish at the end", "10.0.0.1:80", "10.0.0.1", []string{"203.0.113.7, rubbish"}},
		{"unknown", "10.0.0.1:80", "10.0.0.1", []string{"unknown"}},
		{"empty", "10.0.0.1:80", "10.0.0.1", []string{""}},
		{"with port", "10.0.0.1:80", "203.0.113.7", []string{"203.0.113.7:5555"}},
		{"IPv6", "[2001:db8::1]:80", "2a00::7", []string{"2a00::7"}},
		{"IPv6 with port", "[2001:db8::1]:80", "2a00::7", []string{"[2a00::7]:5555"}},
		{"IPv6 in brackets", "[2001:db8::1]:80", "2a00::7", []string{"[2a00::7]"}},
		{"IPv4 written as IPv6", "[::ffff:10.0.0.1]:80", "203.0.113.7", []string{"::ffff:203.0.113.7"}},
		{"zone", "[fe80::1%eth0]:80", "fe80::1", nil},
		{"Unix socket", "@", "invalid IP", []string{"203.0.113.7"}},
		{"nothing", "", "invalid IP", nil},
	}
	for _, c := range cases {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := ClientIP(r, trusted).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestIsHTTPS(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		url, peer string
		proto     []string
		want      bool
	}{
		{"https://x/", "203.0.113.7:1", nil, true},
		{"http://x/", "203.0.113.7:1", nil, false},
		{"http://x/", "203.0.113.7:1", []string{"https"}, false},
		{"http://x/", "10.0.0.1:1", []string{"HTTPS"}, true},
		{"http://x/", "10.0.0.1:1", []string{"https, http"}, false},
		{"http://x/", "10.0.0.1:1", []string{"http", "https"}, true},
		{"http://x/", "10.0.0.1:1", nil, false},
	} {
		r := httptest.NewRequest("GET", c.url, nil)
		r.RemoteAddr = c.peer
		for _, p := range c.proto {
			r.Header.Add("X-Forwarded-Proto", p)
		}
		if got := IsHTTPS(r, trusted); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func FuzzAuthorization(f *testing.F) {
	for _, s := range []string{"Bearer x", "bearer", "JWT a.b.c", "Token almt_x", "Basic YTpi", " Bearer \t x ", "Bearer\x00x", "ＢEARER x"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, header string, old bool) {
		kind, credential := authorization(header, old)
		if credential != strings.TrimSpace(credential) {
			t.Errorf("credential %q is not trimmed", credential)
		}
		if kind == schemeNone && credential != "" {
			t.Errorf("credential %q without a scheme", credential)
		}
		if !old && (kind == schemeJWT || kind == schemeToken) {
			t.Errorf("%q counts as an old scheme", header)
		}
		if again, same := authorization("Bearer "+credential, false); kind != schemeNone && (again != schemeBearer || same != credential) {
			t.Errorf("%q reads back as %q", credential, same)
		}
	})
}

func FuzzSessionCookie(f *testing.F) {
	f.Add(SessionCookie + "=" + strings.Repeat("A", 43))
	f.Add(SessionCookie + "=\"quoted\"; " + SessionCookie + "=second")
	f.Add("=; ;" + SessionCookie + "==")
	a := &Auth{keys: &keyring{instance: make([]byte, 32)}}
	f.Fuzz(func(t *testing.T, header string) {
		r := &http.Request{Header: http.Header{"Cookie": {header}}}
		secret := sessionSecret(r)
		if isSecret(secret) {
			if b, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(b) != 32 {
				t.Errorf("%q was taken for a secret", secret)
			}
		}
		if token := a.CSRFToken(r); (token != "") != isSecret(secret) || strings.ContainsAny(token, "\";, \\") {
			t.Errorf("token %q for %q", token, secret)
		}
	})
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:80", "203.0.113.7, [::1]:5, fe80::1%x")
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::/1")}
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		r := &http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		got := ClientIP(r, trusted)
		if got.Zone() != "" || got.Is4In6() {
			t.Errorf("%v is not plain", got)
		}
		own, _ := parseAddr(peer)
		if !contains(trusted, own) && got != own {
			t.Errorf("an untrusted peer %q was believed: %v", peer, got)
		}
	})
}

func FuzzParsePHC(f *testing.F) {
	f.Add(phc(Hashing{MemoryKiB: 8, Passes: 1}, make([]byte, 16), make([]byte, 32)))
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		cost, salt, hash, err := parsePHC(s)
		if err != nil {
			if !errors.Is(err, errDamaged) || len(s) > 20 && strings.Contains(err.Error(), s) {
				t.Errorf("error %v", err)
			}
			return
		}
		if cost.MemoryKiB > maxStoredCost.MemoryKiB || cost.Passes > maxStoredCost.Passes || len(salt) > 64 || len(hash) > 64 {
			t.Errorf("%q costs %+v", s, cost)
		}
	})
}

func BenchmarkDefaultHashing(b *testing.B) {
	h, err := newHasher(DefaultHashing)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := h.hash(b.Context(), "correct horse"); err != nil {
			b.Fatal(err)
		}
	}
}
