package customisation

import (
	"embed"
	"log/slog"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "customisation",
	Doc:        "Extension fields, field controls and labels, declared by administrators while the program runs.",
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// Service is the Go API of the module.
type Service struct {
	// Extension is the declaration of an extension field, Control that of a field control.
	Extension, Control *entity.Entity

	db           *db.DB
	log          *slog.Logger
	declarations *module.Declarations
	follower     *module.Follower
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB, log: h.Log, declarations: h.Declarations}
	s.follower = h.Follow(s.load, "customisation_extension_fields", "customisation_field_controls")
	s.Extension, s.Control = s.extensionEntity(), s.controlEntity()
	resource := func(e *entity.Entity, path, title string) *api.Resource {
		return &api.Resource{
			Entity: e, Path: path, Title: title, Wire: api.Native, Can: api.List | api.Get | api.Create | api.Update | api.Delete | api.History,
			View: api.Administrator, Edit: api.Administrator,
		}
	}
	return &module.Parts{
		Service:  s,
		Entities: []*entity.Entity{s.Extension, s.Control},
		Resources: []*api.Resource{
			resource(s.Extension, "/api/customisation/extension-fields/", "Extension fields"),
			resource(s.Control, "/api/customisation/field-controls/", "Field controls"),
		},
		Calls: s.calls(),
		Tables: []module.Table{{
			Set: "openimis", File: "field_controls.csv",
			Left: "it is about fields of the forms on telephones and of the former web application, by their names there; hide and require fields of records under Administration → Fields",
		}},
		Menu:    []module.MenuEntry{{Code: "customisation.fields", For: func(v entity.Viewer) bool { return v.Actor.Superuser }}},
		Prepare: s.follower.Begin,
		Run:     s.follower.Run,
	}, nil
}
