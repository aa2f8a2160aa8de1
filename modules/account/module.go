package account

import (
	"embed"
	"slices"

	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/lifecycle"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
	"almoner.dev/almoner/modules/organisation"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "account",
	Doc:        "People: users, roles, workspaces and grants; sign-in and profile.",
	Needs:      []string{"organisation"},
	Migrations: migrations,
	Texts:      texts,
	Commands:   commands,
	Checks:     checks,
	Settings:   []setting.Declaration{protectLogin, clients},
	Build:      build,
}

func build(h *module.Host) (*module.Parts, error) {
	orgs, err := module.Use[*organisation.Service](h, "organisation")
	if err != nil {
		return nil, err
	}
	s := &Service{
		db: h.DB, auth: h.Auth, settings: h.Settings, menu: h.Menu, organisations: orgs, rights: h.Permissions.Rights, protectLogin: protectLogin.Bind(h.Book), clients: clients.Bind(h.Book),
	}
	s.declare()
	h.Auth.Use(s.directory())
	return &module.Parts{
		Service:       s,
		Entities:      s.entities(),
		Resources:     append(s.resources(), s.insuranceResources()...),
		Rights:        rights,
		Graph:         s.graphNames,
		Late:          func() []*entity.Entity { return s.linked },
		LinkMutations: s.linkMutations,
		Rules:         stagedRules(),
		Machines:      []*lifecycle.Machine{s.review},
		Calls:         slices.Concat(s.calls(), s.accessCalls(), s.pairCalls(), s.startCalls(), s.roleCalls(), s.userCalls(), s.schemeCalls()),
		Facts: []event.Type{
			{Name: "account.user_signed_in", Doc: "Somebody signed in with a password."},
			{Name: accessChanged, Doc: "Somebody, the subject, got roles or lost some for one organisation in the workspace of the fact: `organization`, and the ids of the roles in `given` and `taken`."},
		},
		Identity: &module.Identity{OfRequest: s.ofRequest, OfEmail: s.ActorByEmail, SetPassword: s.setPasswordOf, FirstPassword: s.firstPassword, Workspace: s.workspaceByCode, People: s.User},
		Tables:   s.tables(),
		Menu:     menu(),
		Prepare:  s.prepare,
	}, nil
}
