package location

import (
	"context"
	"fmt"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The table of ancestors holds each place with itself and with all that it lies in, closed ones too. It changes in the transaction that changes the tree.

func plantAncestors(ctx context.Context, tx *db.Tx, id, parent int64) error {
	_, err := tx.Exec(ctx, `
		insert into location_ancestors (location_id, ancestor_id, distance)
		select cast($1 as bigint), ancestor_id, distance + 1 from location_ancestors where location_id = $2
		union all select cast($1 as bigint), cast($1 as bigint), cast(0 as bigint)`, id, parent)
	if err != nil {
		return fmt.Errorf("note what place %d lies in: %w", id, err)
	}
	return nil
}

func moveAncestors(ctx context.Context, tx *db.Tx, id, parent int64) error {
	_, err := tx.Exec(ctx, `
		delete from location_ancestors
		where location_id in (select location_id from location_ancestors where ancestor_id = $1)
		and ancestor_id not in (select location_id from location_ancestors where ancestor_id = $1)`, id)
	if err == nil {
		_, err = tx.Exec(ctx, `
			insert into location_ancestors (location_id, ancestor_id, distance)
			select s.location_id, a.ancestor_id, s.distance + a.distance + 1
			from location_ancestors s cross join location_ancestors a
			where s.ancestor_id = $1 and a.location_id = $2`, id, parent)
	}
	if err != nil {
		return fmt.Errorf("note what place %d lies in now: %w", id, err)
	}
	return nil
}

// lies reports whether a place is another one or lies in it.
func (s *Service) lies(ctx context.Context, q db.Queryer, id, in int64) (bool, error) {
	var n int64
	if err := q.QueryRow(ctx, "select count(*) from location_ancestors where location_id = $1 and ancestor_id = $2", id, in).Scan(&n); err != nil {
		return false, fmt.Errorf("look above place %d: %w", id, err)
	}
	return n > 0, nil
}

// hold keeps other writers from the tree of the workspace until tx ends: two moves at once could make a circle of it. SQLite has one writer anyway.
func (s *Service) hold(ctx context.Context, tx *db.Tx) error {
	if tx.Engine() != db.Postgres {
		return nil
	}
	rows, err := tx.Query(ctx, "select id from location_levels where workspace_id = $1 order by id for update", almoner.ActorOf(ctx).Workspace.ID)
	if _, err = db.Collect(rows, err, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) }); err != nil {
		return fmt.Errorf("hold the tree of places: %w", err)
	}
	return nil
}

// Move hangs a place, with all that lies in it, below another one, 0 for none. In a tree whose levels have letters a place that ends up on another level
// takes what lies in it along: each is then one level below the place that it lies in; what would be pushed below the last level stays there, beside the
// place that it lay in. Places that change keep their past.
func (s *Service) Move(ctx context.Context, tx *db.Tx, id, parent int64) error {
	if err := s.hold(ctx, tx); err != nil {
		return err
	}
	moved, err := s.place(ctx, tx, id)
	if err != nil {
		return err
	}
	if moved.id == 0 {
		return entity.NotFound()
	}
	above, err := s.place(ctx, tx, parent)
	if err != nil {
		return err
	}
	if parent != 0 {
		if above.id == 0 {
			return almoner.Invalidf("new_parent", "location.no_such_place", "There is no such place.")
		}
		within, err := s.lies(ctx, tx, parent, id)
		if err != nil {
			return err
		}
		if within {
			return almoner.Invalidf("new_parent", "location.within_itself", "A place cannot lie within itself.")
		}
	}
	if moved.letter == "" || above.number == moved.number-1 {
		return s.Location.Save(ctx, tx, s.Location.NewChange(id, entity.Values{"parent": reference(parent)}))
	}
	return s.relevel(ctx, tx, moved, above)
}

// relevel gives a place that moves, and all that lies in it, the levels that follow from the place above.
func (s *Service) relevel(ctx context.Context, tx *db.Tx, moved, above place) error {
	rows, err := tx.Query(ctx, "select id, number from location_levels where workspace_id = $1 and type <> '' order by number", almoner.ActorOf(ctx).Workspace.ID)
	type level struct{ id, number int64 }
	levels, err := db.Collect(rows, err, func(r db.Row) (l level, err error) { return l, r.Scan(&l.id, &l.number) })
	if err != nil {
		return fmt.Errorf("read levels: %w", err)
	}
	last := levels[len(levels)-1].number
	subtree, err := s.places(ctx, tx, "d.location_id is not null", moved.id)
	if err != nil {
		return err
	}
	now := map[int64]place{above.id: above}
	for _, at := range subtree {
		to := now[at.parent]
		if at.id == moved.id {
			to = above
		}
		if to.number == last {
			to = now[to.parent]
			if to.id == 0 { // the one above the place that was moved to
				if to, err = s.place(ctx, tx, above.parent); err != nil {
					return err
				}
			}
		}
		at.number, at.parent = to.number+1, to.id
		i := slices.IndexFunc(levels, func(l level) bool { return l.number == at.number })
		if i < 0 {
			return almoner.Errorf(almoner.Conflict, "location.level_missing", "There is no level for a place to end up on.")
		}
		now[at.id] = at
		c := s.Location.NewChange(at.id, entity.Values{"parent": reference(at.parent), "level": levels[i].id})
		if err := s.Location.Save(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// reference is a value for a Ref: null for 0.
func reference(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// Close ends the validity of a place. With a successor the places directly in it are hung below that one first; without one they are closed, too, and all
// below them. Conflict, from one of Keepers, when anything in another module needs one of the places.
func (s *Service) Close(ctx context.Context, tx *db.Tx, id, successor int64) error {
	if err := s.hold(ctx, tx); err != nil {
		return err
	}
	subtree, err := s.places(ctx, tx, "d.location_id is not null", id)
	if err != nil {
		return err
	}
	if len(subtree) == 0 {
		return entity.NotFound()
	}
	if successor != 0 {
		within, err := s.lies(ctx, tx, successor, id)
		if err != nil {
			return err
		}
		if within {
			return almoner.Invalidf("new_parent", "location.within_itself", "A place cannot lie within itself.")
		}
		for _, p := range subtree {
			if p.parent != id {
				continue
			}
			if err := s.Location.Save(ctx, tx, s.Location.NewChange(p.id, entity.Values{"parent": successor})); err != nil {
				return err
			}
		}
		subtree = subtree[:1]
	}
	for _, p := range slices.Backward(subtree) {
		if err := s.Location.Save(ctx, tx, s.Location.NewDelete(p.id)); err != nil {
			return err
		}
	}
	return nil
}
