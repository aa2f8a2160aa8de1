package location

import (
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
