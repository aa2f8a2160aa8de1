package medical

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// menu is the screens of the catalogue and of price lists, and what on them is for whom.
func menu() []module.MenuEntry {
	entry := func(code string, rights ...int) module.MenuEntry {
		return module.MenuEntry{Code: "medical." + code, For: func(v entity.Viewer) bool { return v.Actor.Can(rights...) }}
	}
	list := []module.MenuEntry{
		entry("catalogue", RightSearchServices, RightSearchItems), entry("pricelists", RightSearchServicePrices, RightSearchItemPrices),
	}
	for _, part := range []struct {
		code  string
		first int
	}{
		{"items", RightSearchItems}, {"services", RightSearchServices}, {"items_pricelists", RightSearchItemPrices}, {"services_pricelists", RightSearchServicePrices},
	} {
		list = append(list, entry(part.code, part.first), entry(part.code+".add", part.first+1), entry(part.code+".change", part.first+2), entry(part.code+".close", part.first+3))
	}
	return list
}
