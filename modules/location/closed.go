package location

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// AnyClosed reports whether one of the places is no longer in use.
func (s *Service) AnyClosed(ctx context.Context, q db.Queryer, ids db.IDs) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, "select count(*) from location_locations where "+q.Engine().AnyID("id", "$1")+" and is_active = $2", ids, false).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for closed places: %w", err)
	}
	return n > 0, nil
}
