package file

import (
	"context"
	"errors"
	"fmt"
	"time"

	"almoner.dev/almoner/core/db"
)

// sweepBatch is how many files are cleared away between two looks at the table.
const sweepBatch = 200

// Sweep deletes files that no record has named for longer than Grace, and returns how many. Several processes may sweep at once. What
// fails is tried again by the next sweep; the errors come joined.
func (s *Store) Sweep(ctx context.Context) (int, error) { return s.sweep(ctx, Grace) }

func (s *Store) sweep(ctx context.Context, grace time.Duration) (int, error) {
	cleared := 0
	var failed []error
	after := int64(0)
	for {
		var due []pendingFile
		err := s.db.InTx(ctx, func(tx *db.Tx) (err error) {
			due, err = doom(ctx, tx, tx.Now.Add(-grace), after)
			return err
		})
		if err != nil {
			return cleared, errors.Join(append(failed, err)...)
		}
		for _, p := range due {
			after = p.id
			if err := s.clear(ctx, p.key); errors.Is(err, errHeld) {
				return cleared, errors.Join(failed...) // the next sweep finds them
			} else if err != nil {
				failed = append(failed, err)
				continue
			}
			cleared++
		}
		if len(due) < sweepBatch || ctx.Err() != nil {
			return cleared, errors.Join(failed...)
		}
	}
}

type pendingFile struct {
	id  int64
	key string
}

// doom marks the files that are to be deleted, so that from now on nobody can keep them.
func doom(ctx context.Context, tx *db.Tx, before time.Time, after int64) ([]pendingFile, error) {
	rows, err := tx.Query(ctx, "select id, key from file_pending where created_at < $1 and id > $2 order by id limit $3", before, after, int64(sweepBatch))
	due, err := db.Collect(rows, err, func(r db.Row) (p pendingFile, err error) { return p, r.Scan(&p.id, &p.key) })
	if err != nil {
		return nil, fmt.Errorf("read pending files: %w", err)
	}
	// Somebody may keep one of them between the two statements: only what was marked is deleted.
	marked := due[:0]
	for _, p := range due {
		n, err := tx.Exec(ctx, "update file_pending set doomed = $2 where id = $1", p.id, true)
		if err != nil {
			return nil, fmt.Errorf("mark a pending file: %w", err)
		}
		if n == 1 {
			marked = append(marked, p)
		}
	}
	return marked, nil
}

// clear deletes the bytes first and the note last, so that a kill between the two is made good by the next sweep.
func (s *Store) clear(ctx context.Context, key string) error {
	if err := s.bucket.remove(ctx, key); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from file_pending where key = $1", key); err != nil {
			return fmt.Errorf("forget a pending file: %w", err)
		}
		return nil
	})
}
