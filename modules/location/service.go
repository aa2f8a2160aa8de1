package location

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Service is the Go API of the module.
type Service struct {
	// Location is a place; Level is a level of the tree that it stands on.
	Location, Level *entity.Entity
}

func (s *Service) resources() []*api.Resource {
	return []*api.Resource{
		{
			Entity: s.Location, Path: "/api/location/locations/", Title: s.Location.Plural, Wire: api.Native,
			Can: api.Read | api.Create | api.Update | api.Replace, ListShape: "record", Shape: "record", View: api.SignedIn, Edit: api.Administrator,
		},
		{
			Entity: s.Level, Path: "/api/location/levels/", Title: s.Level.Plural, Wire: api.Native,
			Can: api.Read | api.Create | api.Update | api.Replace, View: api.SignedIn, Edit: api.Administrator,
		},
		{
			Name: "location.choice", Entity: s.Location, Path: "/api/locations-light/", Title: "Locations", Wire: api.Lenient, Can: api.List,
			Paging: api.OnDemand, ListShape: "choice", View: api.SignedIn, Edit: api.SignedIn, Tag: tag,
		},
	}
}

// tag changes with every change of a place or a level of the workspace: a place that is written gets a later time, one that is gone changes
// the count.
func tag(ctx context.Context, q db.Queryer, a *almoner.Actor) (string, error) {
	var n int64
	var place, level *time.Time
	err := q.QueryRow(ctx, `
		select (select count(*) from location_locations where workspace_id = $1),
			(select max(updated_at) from location_locations where workspace_id = $1),
			(select max(updated_at) from location_levels where workspace_id = $1)`, a.Workspace.ID).Scan(&n, &place, &level)
	if err != nil {
		return "", fmt.Errorf("tag of the places: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %v %v", a.Workspace.ID, n, place, level))
	return hex.EncodeToString(sum[:8]), nil
}

// AnyClosed reports whether one of the places is no longer in use.
func (s *Service) AnyClosed(ctx context.Context, q db.Queryer, ids db.IDs) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, "select count(*) from location_locations where "+q.Engine().AnyID("id", "$1")+" and is_active = $2", ids, false).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for closed places: %w", err)
	}
	return n > 0, nil
}
