package module

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"almoner.dev/almoner/core/db"
)

// followEvery is how soon a node notices what was changed on another.
const followEvery = 2 * time.Second

// Follower keeps what a node holds in memory in step with tables that administrators change while the program runs: permission rows, settings. The node on
// which a change is made has it in force as soon as it is committed, every other one within two seconds. Nodes look at the tables themselves, so that no lost
// message leaves an old state behind. Safe for concurrent use.
type Follower struct {
	db   *db.DB
	log  *slog.Logger
	look string
	what string
	load func(ctx context.Context, q db.Queryer) error

	mu   sync.Mutex
	seen []mark
}

// mark tells one state of a table from another: rows come, go and grow older.
type mark struct{ rows, last, versions int64 }

// Follow makes a Follower of tables that have the columns id and version. Load reads them and puts in force what they say; it is called again
// when they have changed, never twice at once, and fails without having done anything.
func (h *Host) Follow(load func(ctx context.Context, q db.Queryer) error, tables ...string) *Follower {
	looks := make([]string, len(tables))
	for i, table := range tables {
		looks[i] = fmt.Sprintf("select %d as place, count(*), coalesce(max(id), 0), coalesce(sum(version), 0) from %s", i, table)
	}
	return &Follower{db: h.DB, log: h.Log, look: strings.Join(looks, " union all ") + " order by place", what: strings.Join(tables, ", "), load: load}
}

// Begin puts in force what the tables say at the start; it is a Prepare.
func (f *Follower) Begin(ctx context.Context, tx *db.Tx) error { return f.refresh(ctx, tx) }

// Changed is for whoever writes the tables: once tx is committed this node reads them again, before the writer gets its answer.
func (f *Follower) Changed(tx *db.Tx) {
	tx.AfterCommit(func(ctx context.Context) {
		if err := f.db.View(ctx, func(q db.Queryer) error { return f.refresh(ctx, q) }); err != nil {
			f.log.WarnContext(ctx, "what was changed could not be read; the next try is in a moment", "tables", f.what, "error", err)
		}
	})
}

// Run looks for changes made elsewhere until ctx ends; it is a Run of a module.
func (f *Follower) Run(ctx context.Context) error {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		err := f.db.View(ctx, func(q db.Queryer) error { return f.refresh(ctx, q) })
		if err != nil && ctx.Err() == nil && !failing {
			f.log.WarnContext(ctx, "changes made elsewhere could not be read; trying again every two seconds", "tables", f.what, "error", err)
		}
		failing = err != nil
	}
}

// refresh loads the tables unless they are as they were.
func (f *Follower) refresh(ctx context.Context, q db.Queryer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	rows, err := q.Query(ctx, f.look)
	now, err := db.Collect(rows, err, func(r db.Row) (m mark, err error) {
		var place int64
		err = r.Scan(&place, &m.rows, &m.last, &m.versions)
		return m, err
	})
	if err != nil {
		return fmt.Errorf("look at %s: %w", f.what, err)
	}
	if slices.Equal(now, f.seen) {
		return nil
	}
	if err := f.load(ctx, q); err != nil {
		return err
	}
	f.seen = now
	return nil
}
