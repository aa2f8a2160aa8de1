package entity

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"almoner.dev/almoner/core/db"
)

var errGone = errors.New("the caller has gone")

// counting is a count that takes its time and says how often it was made.
type counting struct {
	mu    sync.Mutex
	times int
	takes time.Duration
}

func (c *counting) count() (int, error) {
	<-time.After(c.takes)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times++
	return 100 + c.times, nil
}

func TestTotalsAreKeptForTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		totals, c := newTotals(), &counting{takes: time.Second}
		key := totalKey("select 1", nil)
		ask := func(what string, key [32]byte, commits uint64, want int) {
			t.Helper()
			if n, err := totals.of(t.Context(), key, commits, c.count); n != want || err != nil {
				t.Errorf("%s: %d, %v; want %d", what, n, err, want)
			}
		}
		ask("the first", key, 1, 101)
		ask("at once again", key, 1, 101)
		ask("another question", totalKey("select 1", []any{"x"}), 1, 102)
		ask("two seconds after the count began", key, 1, 103)
		ask("after a commit", key, 2, 104)
		ask("kept anew", key, 2, 104)
		c.takes = dearTotal
		ask("a snapshot from before the commit", key, 1, 105)
		ask("which drops nothing", key, 2, 104)
		c.takes = dearTotal / 2
		ask("after another commit, quickly", key, 3, 106)
		ask("what was quick is counted again", key, 3, 107)
	})
}

func TestTotalsAreCountedOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		totals, c := newTotals(), &counting{takes: time.Second}
		key := totalKey("select 1", nil)
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				if n, err := totals.of(t.Context(), key, 1, c.count); n != 101 || err != nil {
					t.Errorf("%d, %v; want 101", n, err)
				}
			})
		}
		wait.Wait()
		// Whoever counts gives up, and one who waits gives up: the last one counts.
		wait.Go(func() {
			_, err := totals.of(t.Context(), key, 2, func() (int, error) {
				<-time.After(time.Second)
				return 0, errGone
			})
			if !errors.Is(err, errGone) {
				t.Errorf("who gives up gets %v", err)
			}
		})
		synctest.Wait()
		short, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errGone)
		defer cancel()
		if _, err := totals.of(short, key, 2, c.count); !errors.Is(err, errGone) {
			t.Errorf("who waits no longer gets %v", err)
		}
		if n, err := totals.of(t.Context(), key, 2, c.count); n != 102 || err != nil {
			t.Errorf("who waited for one that gave up gets %d, %v; want 102", n, err)
		}
		wait.Wait()
	})
}

func TestTotalsAreBounded(t *testing.T) {
	t.Parallel()
	totals := newTotals()
	totals.dear = 0
	for i := range 3 * maxTotals {
		if n, err := totals.of(t.Context(), totalKey("select 1", []any{int64(i)}), 1, func() (int, error) { return i, nil }); n != i || err != nil {
			t.Fatal(n, err)
		}
	}
	if len(totals.kept) > maxTotals {
		t.Errorf("%d totals are kept", len(totals.kept))
	}
}

func TestTotalKey(t *testing.T) {
	t.Parallel()
	seen := map[[32]byte]bool{}
	for _, args := range [][]any{{}, {"1"}, {int64(1)}, {"1", "2"}, {"1 2"}, {db.Texts{"1", "2"}}, {db.Texts{"1 2"}}, {db.IDs{1, 2}}, {db.IDs{12}}, {nil}, {true}} {
		seen[totalKey("s", args)] = true
	}
	if len(seen) != 11 {
		t.Errorf("of eleven questions %d are told apart", len(seen))
	}
}
