package permission

import (
	"embed"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "permission",
	Doc:        "Permission rows, changed by administrators while the program runs.",
	Needs:      []string{"account", "organisation"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// Service is the Go API of the module.
type Service struct {
	// Override is a change to the rows that come with the program.
	Override *entity.Entity

	db          *db.DB
	accounts    *account.Service
	permissions *module.Permissions
	follower    *module.Follower
}

func build(h *module.Host) (*module.Parts, error) {
	accounts, err := module.Use[*account.Service](h, "account")
	if err != nil {
		return nil, err
	}
	s := &Service{db: h.DB, accounts: accounts, permissions: h.Permissions}
	s.follower = h.Follow(s.load, "permission_overrides")
	s.Override = s.override()
	return &module.Parts{
		Service:  s,
		Entities: []*entity.Entity{s.Override},
		Resources: []*api.Resource{{
			Entity: s.Override, Path: "/api/permission/overrides/", Title: "Permission overrides", Wire: api.Native, Can: api.List | api.Get | api.Create | api.Delete | api.History,
			View: api.Administrator, Edit: api.Administrator,
		}},
		Calls:   s.calls(),
		Menu:    []module.MenuEntry{{Code: "permission.rows", For: func(v entity.Viewer) bool { return v.Actor.Superuser }}},
		Prepare: s.follower.Begin,
		Run:     s.follower.Run,
	}, nil
}
