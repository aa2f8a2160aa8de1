package entity

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
)

// An exact total looks at every row that it counts, and costs more than all else in a long list. A total may therefore be up to two seconds old, as far as
// other programs on the same database go; a commit of this one is seen at once, since a snapshot that was opened later finds nothing that was kept before.
const (
	// keptTotal is how long a total is believed.
	keptTotal = 2 * time.Second
	// dearTotal is how long counting must have taken for the total to be kept: what is counted quickly is counted each time.
	dearTotal = 10 * time.Millisecond
	// maxTotals bounds the memory.
	maxTotals = 1000
)

// totals are the counts that were made lately, and those under way: one at a time for the same question in the same state.
type totals struct {
	now  func() time.Time
	dear time.Duration

	mu sync.Mutex
	// commits is the state that all of them are of.
	commits uint64
	kept    map[[sha256.Size]byte]*total
}

type total struct {
	done chan struct{}
	// ok tells, once done, that n is the count; else whoever counted gave up.
	ok    bool
	n     int
	until time.Time
}

func newTotals() *totals {
	return &totals{now: time.Now, dear: dearTotal, kept: map[[sha256.Size]byte]*total{}}
}

// totalKey names a question: the statement and its arguments, which hold workspace and scope.
func totalKey(sql string, args []any) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(sql))
	for _, a := range args {
		fmt.Fprintf(h, "\x00%T %#v", a, a)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// of returns the total of a question in the state after so many commits, which was kept or is counted now. Who asks while another counts the same waits for
// that; when the other gives up, it counts itself.
func (t *totals) of(ctx context.Context, key [sha256.Size]byte, commits uint64, count func() (int, error)) (int, error) {
	for {
		mine, other := t.enter(key, commits)
		switch {
		case other != nil:
			select {
			case <-other.done:
			case <-ctx.Done():
				return 0, context.Cause(ctx)
			}
			if other.ok {
				return other.n, nil
			}
		case mine == nil: // of a state that is past
			return count()
		default:
			return t.settle(key, mine, count)
		}
	}
}

// enter finds the total that another has counted or counts, or makes a place for one's own; neither when the state is older than that of the others.
func (t *totals) enter(key [sha256.Size]byte, commits uint64) (mine, other *total) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if commits < t.commits {
		return nil, nil
	}
	if commits > t.commits || len(t.kept) >= maxTotals {
		t.commits = commits
		clear(t.kept)
	}
	if other = t.kept[key]; other != nil && (other.until.IsZero() || t.now().Before(other.until)) {
		return nil, other
	}
	mine = &total{done: make(chan struct{})}
	t.kept[key] = mine
	return mine, nil
}

// settle counts and lets the others know; a count that panics lets them count themselves.
func (t *totals) settle(key [sha256.Size]byte, mine *total, count func() (int, error)) (n int, err error) {
	began := t.now()
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		// The total is as old as its snapshot, which was opened before.
		mine.until = began.Add(keptTotal)
		if (!mine.ok || t.now().Sub(began) < t.dear) && t.kept[key] == mine {
			delete(t.kept, key)
		}
		close(mine.done)
	}()
	n, err = count()
	mine.n, mine.ok = n, err == nil
	return n, err
}
