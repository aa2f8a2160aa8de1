package insuree

import (
	"embed"
	"slices"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/location"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "insuree",
	Doc:        "Insurees and the families that they belong to.",
	Needs:      []string{"location", "facility"},
	Migrations: migrations,
	Texts:      texts,
	Settings:   declaredSettings(),
	Build:      build,
}

func build(h *module.Host) (*module.Parts, error) {
	places, err := module.Use[*location.Service](h, "location")
	if err != nil {
		return nil, err
	}
	s := &Service{db: h.DB, places: places, files: h.Files, Validators: map[string]Validator{"weighted": WeightedValidator}}
	s.settings = bind(h.Book)
	s.declareCodes()
	s.declareInsuree()
	s.declareFamily()
	s.declarePhoto()
	s.declareResources()
	places.Keepers = append(places.Keepers, keepers()...)
	return &module.Parts{
		Service: s,
		Entities: []*entity.Entity{
			s.Insuree, s.Family, s.Photo, s.StatusReason,
			s.Gender, s.FamilyType, s.ConfirmationType, s.IdentificationType, s.Profession, s.Education, s.Relation,
		},
		Rights:    rights(),
		Resources: slices.Concat([]*api.Resource{s.insurees, s.families}, s.codeResources(), s.graphResources()),
		Calls:     slices.Concat(s.photoCalls(), s.memberCalls(), s.saveCalls(), s.queries()),
		Graph:     s.graph,
		Logged:    []module.Logged{{List: "insurees", Field: "insuree", Entity: s.Insuree}, {List: "families", Field: "family", Entity: s.Family}},
		Tables:    s.tables(),
		Menu:      menu(),
		MenuIn:    s.places.IsScheme,
	}, nil
}

// keepers keep places in force where families or insurees are.
func keepers() []location.Keeper {
	return []location.Keeper{{
		Code: "insuree.place_in_use", Message: "Families or insurees are at this place.",
		SQL: func(place string) string {
			return "select kf.id from insuree_families kf where kf.location_id = " + place + " and kf.validity_to is null" +
				" union all select ki.id from insuree_insurees ki where ki.current_village_id = " + place + " and ki.validity_to is null"
		},
	}}
}

// menu are the screens of insurees and families, and what on them is for whom.
func menu() []module.MenuEntry {
	entry := func(code string, right int) module.MenuEntry {
		return module.MenuEntry{Code: code, For: func(v entity.Viewer) bool { return v.Actor.Can(right) }}
	}
	return []module.MenuEntry{
		entry("insuree.insurees", RightSeeInsurees), entry("insuree.insurees.add", RightCreateInsuree), entry("insuree.insurees.change", RightChangeInsuree),
		entry("insuree.insurees.delete", RightDeleteInsuree), entry("insuree.families", RightSeeFamilies), entry("insuree.families.add", RightCreateFamily),
		entry("insuree.families.change", RightChangeFamily), entry("insuree.families.delete", RightDeleteFamily),
	}
}
