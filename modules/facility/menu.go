package facility

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// menu is the screens of facilities, and what on them is for whom.
func menu() []module.MenuEntry {
	entry := func(code string, right int) module.MenuEntry {
		return module.MenuEntry{Code: "facility." + code, For: func(v entity.Viewer) bool { return v.Actor.Can(right) }}
	}
	return []module.MenuEntry{
		entry("facilities", RightSearch), entry("facilities.add", RightCreate), entry("facilities.change", RightChange), entry("facilities.close", RightDelete),
	}
}
