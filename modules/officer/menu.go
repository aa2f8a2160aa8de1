package officer

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// menu is the screens of officers and of claim administrators, and what on them is for whom.
func menu() []module.MenuEntry {
	var list []module.MenuEntry
	for _, of := range []struct {
		code  string
		first int
	}{{"officer.officers", RightSeeOfficers}, {"officer.claim_admins", RightSeeClaimAdmins}} {
		for i, what := range []string{"", ".add", ".change", ".close"} {
			list = append(list, module.MenuEntry{Code: of.code + what, For: func(v entity.Viewer) bool { return v.Actor.Can(of.first + i) }})
		}
	}
	return list
}
