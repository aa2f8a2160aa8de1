package setting

import (
	"embed"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
	"almoner.dev/almoner/modules/account"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "setting",
	Doc:        "Settings, changed by administrators while the program runs.",
	Needs:      []string{"account", "organisation"},
	Migrations: migrations,
	Texts:      texts,
	Commands:   commands,
	Overrides:  inForce,
	Build:      build,
}

// Service is the Go API of the module.
type Service struct {
	// Override is a value that an administrator chose.
	Override *entity.Entity

	db       *db.DB
	accounts *account.Service
	book     *setting.Book
	follower *module.Follower
}

func build(h *module.Host) (*module.Parts, error) {
	accounts, err := module.Use[*account.Service](h, "account")
	if err != nil {
		return nil, err
	}
	s := &Service{db: h.DB, accounts: accounts, book: h.Book}
	s.Override = s.override()
	s.follower = h.Follow(s.load, "setting_overrides")
	return &module.Parts{
		Service:  s,
		Entities: []*entity.Entity{s.Override},
		Calls:    s.calls(),
		Menu:     []module.MenuEntry{{Code: "setting.list", For: func(v entity.Viewer) bool { return v.Actor.Superuser }}},
		Prepare:  s.follower.Begin,
		Run:      s.follower.Run,
	}, nil
}
