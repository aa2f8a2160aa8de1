package location

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// menu is the screen of places, and what on it is for whom.
func menu() []module.MenuEntry {
	entry := func(code string, rights ...int) module.MenuEntry {
		return module.MenuEntry{Code: "location." + code, For: func(v entity.Viewer) bool { return v.Actor.Can(rights...) }}
	}
	return []module.MenuEntry{
		entry("places", RightSee), entry("places.add", RightCreate, RightRegions), entry("places.change", RightChange, RightRegions), entry("places.regions", RightRegions),
		entry("places.move", RightMove), entry("places.close", RightClose),
	}
}

// IsScheme reports whether the actor's workspace may be an insurance scheme: its places have the levels of one, or none yet. An office that has places of its own kind is none.
func (s *Service) IsScheme(ctx context.Context, a *almoner.Actor) (bool, error) {
	var all, insurance int64
	err := s.db.QueryRow(ctx, "select count(*), count(nullif(type, '')) from location_levels where workspace_id = $1", a.Workspace.ID).Scan(&all, &insurance)
	if err != nil {
		return false, fmt.Errorf("look at the levels of workspace %d: %w", a.Workspace.ID, err)
	}
	return all == 0 || insurance > 0, nil
}
