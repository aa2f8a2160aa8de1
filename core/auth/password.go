package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"almoner.dev/almoner"
)

// Hashing is the cost of one password hash with argon2id on one lane.
type Hashing struct {
	// MemoryKiB is how much memory one hash fills.
	MemoryKiB uint32
	// Passes is how often it is gone over.
	Passes uint32
}

// DefaultHashing takes about 50 ms on a small server and is above the minimum that OWASP asks for (19 MiB, 2 passes).
var DefaultHashing = Hashing{MemoryKiB: 32 * 1024, Passes: 2}

// The bounds of a password: letters at least, bytes at most.
const (
	MinPassword = 10
	MaxPassword = 1024
)

const (
	saltBytes = 16
	hashBytes = 32
	// maxWaiting bounds the queue for the hasher: a few seconds of work, after which waiting makes no sense.
	maxWaiting = 128
)

// CheckPassword returns nil when a new password may be used, else an Invalid error at the path of its field.
func CheckPassword(path, password string) error {
	var p almoner.Problems
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		p.AddWith(path, CodePasswordShort, fmt.Sprintf("Use at least %d characters.", MinPassword), map[string]string{"min": strconv.Itoa(MinPassword)})
	case len(password) > MaxPassword:
		p.AddWith(path, CodePasswordLong, fmt.Sprintf("Use no more than %d characters.", MaxPassword), map[string]string{"max": strconv.Itoa(MaxPassword)})
	}
	return p.Err()
}

// HashPassword returns the text to store for a new password (argon2id in PHC format). It refuses what CheckPassword refuses,
// at the path "password". It takes tens of milliseconds and may wait its turn: call it before the transaction.
func (a *Auth) HashPassword(ctx context.Context, password string) (string, error) {
	if err := CheckPassword("password", password); err != nil {
		return "", err
	}
	return a.passwords.hash(ctx, password)
}

// hasher hashes passwords, as many at once as there are processors: more would be no faster and take more memory.
type hasher struct {
	cost    Hashing
	slots   chan struct{}
	waiting atomic.Int64
	// nobody is the hash that a password is compared with when there is no account, so that it takes as long.
	nobody string
}

func newHasher(cost Hashing) (*hasher, error) {
	if cost.MemoryKiB < 8 || cost.Passes < 1 {
		return nil, fmt.Errorf("auth: argon2id needs at least 8 KiB and one pass, got %d KiB and %d", cost.MemoryKiB, cost.Passes)
	}
	h := &hasher{cost: cost, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	h.nobody = phc(cost, randomBytes(saltBytes), randomBytes(hashBytes))
	return h, nil
}

// turn waits for a free slot and returns what gives it back.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, &almoner.Error{
			Kind: almoner.Unavailable, Code: CodeBusy, Params: map[string]string{"seconds": "5"},
			Message: "Too many people are signing in right now. Please try again in a few seconds.",
		}
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := randomBytes(saltBytes)
	return phc(h.cost, salt, derive(h.cost, password, salt, hashBytes)), nil
}

// errDamaged means that a stored hash cannot be read, which no password can match.
var errDamaged = errors.New("stored password hash is damaged")

// verify compares a password with a stored hash. An empty hash never matches, nor does a damaged one (errDamaged), but either
// costs as much as any. stale reports that the hash should be made again with the present cost.
func (h *hasher) verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	possible := stored != ""
	if !possible {
		stored = h.nobody
	}
	cost, salt, want, damage := parsePHC(stored)
	if damage != nil {
		possible = false
		cost, salt, want, _ = parsePHC(h.nobody) // written by phc, so it reads
	}
	if len(password) > MaxPassword {
		// No password is this long; hash a short one, so that the time tells nothing.
		password, possible = "", false
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := derive(cost, password, salt, len(want))
	same := subtle.ConstantTimeCompare(got, want) == 1
	return same && possible, cost != h.cost || len(want) != hashBytes || len(salt) != saltBytes, damage
}

// derive normalises first: the same letters typed on different systems arrive composed or decomposed.
func derive(cost Hashing, password string, salt []byte, size int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, cost.Passes, cost.MemoryKiB, 1, uint32(size))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never returns an error: it ends the program instead
	return b
}

var b64 = base64.RawStdEncoding.Strict()

// phc writes a hash in the PHC string format.
func phc(cost Hashing, salt, hash []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, cost.MemoryKiB, cost.Passes, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// maxStoredCost refuses a stored hash that would take the server down to verify.
var maxStoredCost = Hashing{MemoryKiB: 1024 * 1024, Passes: 64}

// parsePHC reads what phc writes. Its errors are errDamaged and never contain the hash.
func parsePHC(s string) (cost Hashing, salt, hash []byte, err error) {
	bad := func(what string) (Hashing, []byte, []byte, error) {
		return Hashing{}, nil, nil, fmt.Errorf("%w: %s", errDamaged, what)
	}
	// encoding/base64 passes over line ends, so that many texts would be one hash.
	if strings.ContainsAny(s, "\r\n") {
		return bad("it has a line end")
	}
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return bad("not argon2id in PHC format")
	}
	numbers := strings.Split(parts[3], ",")
	if len(numbers) != 3 || numbers[2] != "p=1" {
		return bad("the parameters are not m, t and p=1")
	}
	for i, p := range []struct {
		name string
		min  uint32
		max  uint32
		to   *uint32
	}{{"m=", 8, maxStoredCost.MemoryKiB, &cost.MemoryKiB}, {"t=", 1, maxStoredCost.Passes, &cost.Passes}} {
		text, ok := strings.CutPrefix(numbers[i], p.name)
		n, parseErr := strconv.ParseUint(text, 10, 32)
		if !ok || parseErr != nil || uint32(n) < p.min || uint32(n) > p.max {
			return bad("a parameter is out of range")
		}
		*p.to = uint32(n)
	}
	salt, saltErr := b64.DecodeString(parts[4])
	hash, hashErr := b64.DecodeString(parts[5])
	if saltErr != nil || hashErr != nil || len(salt) < 8 || len(salt) > 64 || len(hash) < 16 || len(hash) > 64 {
		return bad("salt or hash cannot be read")
	}
	return cost, salt, hash, nil
}
