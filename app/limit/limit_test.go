package limit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/app/limit"
)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func from(address string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = address
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func setup(perAddress, perCredential int) (*limit.Limiter, *clock) {
	c := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	return limit.New(limit.Config{PerAddress: perAddress, PerCredential: perCredential}, nil, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, c), c
}

// passes is how many requests in a row are let through, at most a thousand.
func passes(l *limit.Limiter, request func(i int) *http.Request) (n int, wait time.Duration) {
	for i := range 1000 {
		if w, ok := l.Allow(request(i)); !ok {
			return n, w
		}
		n++
	}
	return n, 0
}

func TestBurstThenRate(t *testing.T) {
	t.Parallel()
	l, c := setup(60, 0)
	one := func(int) *http.Request { return from("203.0.113.9:1000") }
	n, wait := passes(l, one)
	if n != 15 || wait <= 0 || wait > time.Second {
		t.Fatalf("a burst of %d, then a wait of %v; want 15 and at most a second", n, wait)
	}
	c.pass(wait)
	if n, _ := passes(l, one); n != 1 {
		t.Errorf("after the wait %d are let through, want the one", n)
	}
	c.pass(time.Hour)
	if n, _ := passes(l, one); n != 15 {
		t.Errorf("after an hour a burst of %d, want 15 and no more", n)
	}
	if _, ok := l.Allow(from("203.0.113.10:1000")); !ok {
		t.Error("another address has to wait, too")
	}
}

func TestWhoCountsAsOne(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		perAddress, perCredential int
		request                   func(i int) *http.Request
		want                      int
	}{
		"other ports":                         {60, 0, func(i int) *http.Request { return from(fmt.Sprintf("203.0.113.9:%d", 1000+i)) }, 15},
		"other addresses of one IPv6 network": {60, 0, func(i int) *http.Request { return from(fmt.Sprintf("[2001:db8::%x]:1", i+1)) }, 15},
		"other IPv6 networks":                 {60, 0, func(i int) *http.Request { return from(fmt.Sprintf("[2001:db8:0:%x::1]:1", i+1)) }, 1000},
		"a header that nobody vouches for": {60, 0, func(i int) *http.Request {
			return from("203.0.113.9:1", "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i%250))
		}, 15},
		"clients of a trusted proxy": {60, 0, func(i int) *http.Request {
			return from("10.0.0.1:1", "X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", i/250, i%250))
		}, 1000},
		"one client of a trusted proxy": {60, 0, func(int) *http.Request { return from("10.0.0.1:1", "X-Forwarded-For", "198.51.100.7") }, 15},
		"one client that writes the header": {60, 0, func(i int) *http.Request {
			return from("10.0.0.1:1", "X-Forwarded-For", fmt.Sprintf("1.1.1.%d, 198.51.100.7", i%250))
		}, 15},
		"one token from many addresses": {0, 60, func(i int) *http.Request {
			return from(fmt.Sprintf("198.51.100.%d:1", i%250), "Authorization", "Bearer x")
		}, 15},
		"one session":                            {0, 60, func(int) *http.Request { return from("198.51.100.7:1", "Cookie", "session=x") }, 15},
		"made-up tokens from one address":        {60, 60, func(i int) *http.Request { return from("198.51.100.7:1", "Authorization", fmt.Sprintf("Bearer %d", i)) }, 15},
		"no limits":                              {0, 0, func(int) *http.Request { return from("198.51.100.7:1", "Authorization", "Bearer x") }, 1000},
		"this machine":                           {60, 60, func(int) *http.Request { return from("127.0.0.1:1") }, 1000},
		"this machine, for somebody else":        {60, 60, func(int) *http.Request { return from("127.0.0.1:1", "X-Forwarded-For", "198.51.100.7") }, 15},
		"a connection without an address at all": {60, 0, func(int) *http.Request { return from("@") }, 15},
	} {
		l, _ := setup(c.perAddress, c.perCredential)
		if n, _ := passes(l, c.request); n != c.want {
			t.Errorf("%s: %d are let through, want %d", what, n, c.want)
		}
	}
}

// Who does not come any more is forgotten, so that a flood of addresses does not stay in memory.
func TestForgets(t *testing.T) {
	t.Parallel()
	l, c := setup(60, 60)
	passes(l, func(i int) *http.Request { return from(fmt.Sprintf("198.51.%d.%d:1", i/250, i%250)) })
	if l.Len() != 1000 {
		t.Fatalf("%d clients are remembered, want 1000", l.Len())
	}
	c.pass(2 * time.Minute)
	l.Allow(from("203.0.113.9:1"))
	if l.Len() != 1 {
		t.Errorf("%d clients are remembered, want the one", l.Len())
	}
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	l, _ := setup(60, 0)
	var wait sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 8 {
		wait.Go(func() {
			for range 100 {
				if _, ok := l.Allow(from("203.0.113.9:1")); ok {
					mu.Lock()
					total++
					mu.Unlock()
				}
			}
		})
	}
	wait.Wait()
	if total != 15 {
		t.Errorf("%d are let through, want 15", total)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if err := limit.Defaults().Validate(); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(c *limit.Config){
		"a negative number":      func(c *limit.Config) { c.PerAddress = -1 },
		"too few to work with":   func(c *limit.Config) { c.PerCredential = 5 },
		"no time at all":         func(c *limit.Config) { c.HeaderTimeout = 0 },
		"body before its header": func(c *limit.Config) { c.BodyTimeout = time.Second },
	} {
		c := limit.Defaults()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%s is accepted", what)
		}
	}
}
