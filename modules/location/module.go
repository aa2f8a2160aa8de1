package location

import (
	"embed"

	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "location",
	Doc:        "Places of a workspace and the levels of their tree.",
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB, Level: level(), UserDistrict: userDistrict()}
	s.Location = s.location()
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.Level, s.Location, s.UserDistrict},
		Rights:    rights(),
		Menu:      menu(),
		MenuIn:    s.IsScheme,
		Graph:     func() gql.Names { return graphNames },
		Resources: append(s.resources(), s.graph()...),
		Calls:     s.calls(),
		Tables:    s.tables(),
	}, nil
}
