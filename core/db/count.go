package db

import (
	"context"
	"slices"
	"sync"
)

// Counter counts the statements made under a context. It is safe for concurrent use.
type Counter struct {
	parent *Counter
	mu     sync.Mutex
	n      int64
	sql    []string
}

// keptStatements bounds the memory of a Counter that watches a long run.
const keptStatements = 1000

type counterKey struct{}

// CountStatements returns a context under which every Query, QueryRow, Exec and Insert is counted; the begin and end of
// transactions, views and savepoints are not. Counters nest: an inner one counts into the outer one as well.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	c := &Counter{}
	c.parent, _ = ctx.Value(counterKey{}).(*Counter)
	return context.WithValue(ctx, counterKey{}, c), c
}

// N returns how many statements were made so far.
func (c *Counter) N() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// SQL returns the text of the statements so far in order, at most the first thousand.
func (c *Counter) SQL() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sql)
}

func count(ctx context.Context, sql string) {
	c, _ := ctx.Value(counterKey{}).(*Counter)
	for ; c != nil; c = c.parent {
		c.mu.Lock()
		c.n++
		if len(c.sql) < keptStatements {
			c.sql = append(c.sql, sql)
		}
		c.mu.Unlock()
	}
}
