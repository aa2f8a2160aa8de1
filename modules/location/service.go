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
	// UserDistrict says who works in which district.
	UserDistrict *entity.Entity

	// Bases say where people work who have other places than the districts of their account; the first that has any counts. Keepers keep places
	// from being closed. Modules that need this one extend both during their Build.
	Bases   []Base
	Keepers []Keeper

	db *db.DB
}

// Keeper keeps places in force that records of another module need.
type Keeper struct {
	// Code and Message say why, for people.
	Code, Message string
	// SQL selects the ids of the records that need a place, whose id is given as SQL.
	SQL func(place string) string
}

func (s *Service) resources() []*api.Resource {
	return []*api.Resource{
		{
			Entity: s.Location, Path: "/api/location/locations/", Title: s.Location.Plural, Wire: api.Native,
			Can: api.Read | api.Create | api.Update | api.Replace | api.History, ListShape: "row", Shape: "record", View: api.SignedIn, Edit: api.Right(RightChange, RightRegions),
			Rules: map[api.Can]api.Rule{api.Create: api.Right(RightCreate, RightRegions)},
			Fill: func(q *api.Request, tx *db.Tx, _ map[string]any, c *entity.Change) error {
				return s.mayWrite(q.Context(), tx, c)
			},
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

// tag changes with every change of a place or a level of the workspace: each write makes some version greater, and what is gone changes
// the count. The greatest time alone would not do: a transaction that began earlier may commit later.
func tag(ctx context.Context, q db.Queryer, a *almoner.Actor) (string, error) {
	h := sha256.New()
	for _, table := range []string{"location_locations", "location_levels"} {
		var n, versions int64
		var last *time.Time
		err := q.QueryRow(ctx, "select count(*), cast(coalesce(sum(version), 0) as bigint), max(updated_at) from "+table+" where workspace_id = $1", a.Workspace.ID).
			Scan(&n, &versions, &last)
		if err != nil {
			return "", fmt.Errorf("tag of %s: %w", table, err)
		}
		fmt.Fprintf(h, "%d %d %d %v;", a.Workspace.ID, n, versions, last)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
