// Package limit keeps one client from taking what is meant for all: each address and each credential may send so many requests a minute, with a
// bucket that lets short bursts through.
//
// It is a fence against mistakes and floods, not against guessing passwords, which core/auth slows down by itself and for all nodes together.
package limit

import (
	"crypto/sha256"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/setting"
)

// Config says how much is allowed; 0 is no limit.
type Config struct {
	PerAddress    int           `help:"requests a minute from one address, 0 for no limit; an office may share one"`
	PerCredential int           `help:"requests a minute with one session or token, 0 for no limit"`
	HeaderTimeout time.Duration `help:"how long the header of a request may take to arrive"`
	BodyTimeout   time.Duration `help:"how long a request that brings no file may take to arrive"`
}

// Defaults are far above what people do: five hundred requests a second from an office or a proxy that is not trusted, a hundred from one session or token.
func Defaults() Config {
	return Config{PerAddress: 30_000, PerCredential: 6000, HeaderTimeout: 10 * time.Second, BodyTimeout: time.Minute}
}

// Validate returns one error that names every setting that cannot work.
func (c Config) Validate() error {
	var problems []error
	if c.PerAddress < 0 || c.PerCredential < 0 || c.PerAddress > 0 && c.PerAddress < 60 || c.PerCredential > 0 && c.PerCredential < 60 {
		problems = append(problems, errors.New("limits.per_address and limits.per_credential must be 0, or at least 60 a minute"))
	}
	if c.HeaderTimeout <= 0 || c.BodyTimeout < c.HeaderTimeout {
		problems = append(problems, errors.New("limits.header_timeout must be more than 0, and limits.body_timeout not shorter"))
	}
	return errors.Join(problems...)
}

// Limiter counts requests. It is safe for concurrent use.
type Limiter struct {
	perAddress, perCredential *setting.Live[int64]

	trusted []netip.Prefix
	clock   almoner.Clock
	mu      sync.Mutex
	buckets map[key]bucket
	sweepAt time.Time
}

// key names who is counted, and names nobody: it is a digest.
type key [sha256.Size]byte

// bucket holds how many requests may be sent at once; it fills with time.
type bucket struct {
	tokens float64
	at     time.Time
}

// New makes a Limiter that believes the trusted proxies about the address of a client. The book holds what administrators may change of the
// config; nil for nothing.
func New(c Config, b *setting.Book, trusted []netip.Prefix, clock almoner.Clock) *Limiter {
	return &Limiter{perAddress: perAddress.From(b, int64(c.PerAddress)), perCredential: perCredential.From(b, int64(c.PerCredential)), trusted: trusted, clock: clock, buckets: map[key]bucket{}}
}

// sweepEvery is how often buckets that are full again are forgotten.
const sweepEvery = time.Minute

// Allow counts a request. When there were too many it returns how long to wait before the next may succeed. Requests of this machine itself, that no proxy
// forwarded, are not counted.
func (l *Limiter) Allow(r *http.Request) (wait time.Duration, ok bool) {
	client := auth.ClientIP(r, l.trusted)
	if client.IsLoopback() && r.Header.Get("X-Forwarded-For") == "" {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	l.sweep(now)
	if wait := l.take(addressKey(client), l.perAddress.Now(), now); wait > 0 {
		return wait, false
	}
	if credential := r.Header.Get("Authorization") + r.Header.Get("Cookie"); credential != "" {
		if wait := l.take(sha256.Sum256([]byte("credential "+credential)), l.perCredential.Now(), now); wait > 0 {
			return wait, false
		}
	}
	return 0, true
}

// addressKey takes the /64 of an IPv6 address, which one client has for itself.
func addressKey(a netip.Addr) key {
	if a.Is6() {
		a = netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return sha256.Sum256([]byte("address " + a.String()))
}

// size is how many requests may come at once: those of a quarter of a minute.
func size(perMinute int64) float64 { return float64(perMinute) / 4 }

func (l *Limiter) take(k key, perMinute int64, now time.Time) time.Duration {
	if perMinute == 0 {
		return 0
	}
	rate := float64(perMinute) / 60
	b, known := l.buckets[k]
	if !known {
		b = bucket{tokens: size(perMinute), at: now}
	}
	b.tokens = math.Min(size(perMinute), b.tokens+rate*math.Max(0, now.Sub(b.at).Seconds()))
	b.at = now
	var wait time.Duration
	if b.tokens < 1 {
		wait = time.Duration((1 - b.tokens) / rate * float64(time.Second))
	} else {
		b.tokens--
	}
	l.buckets[k] = b
	return wait
}

// sweep forgets who has not sent anything for so long that the bucket is full again.
func (l *Limiter) sweep(now time.Time) {
	if now.Before(l.sweepAt) {
		return
	}
	l.sweepAt = now.Add(sweepEvery)
	for k, b := range l.buckets {
		if now.Sub(b.at) > sweepEvery {
			delete(l.buckets, k)
		}
	}
}

// Len is how many clients are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}
