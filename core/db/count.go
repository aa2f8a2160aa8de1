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
	sent   []Statement
}

// Statement is one statement that was made: its text, and the arguments that it was made with.
type Statement struct {
	SQL  string
	Args []any
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
	list := make([]string, len(c.sent))
	for i, s := range c.sent {
		list[i] = s.SQL
	}
	return list
}

// Statements returns the statements so far in order, at most the first thousand. The arguments hold people's data: they are for tests that look
// how the database would run a statement, never for a log.
func (c *Counter) Statements() []Statement {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

func count(ctx context.Context, sql string, args []any) {
	c, _ := ctx.Value(counterKey{}).(*Counter)
	for ; c != nil; c = c.parent {
		c.mu.Lock()
		c.n++
		if len(c.sent) < keptStatements {
			c.sent = append(c.sent, Statement{sql, args})
		}
		c.mu.Unlock()
	}
}
