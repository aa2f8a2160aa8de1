package organisation

import (
	"embed"

	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "organisation",
	Doc:        "Organisations, implementing partners, agreements, outputs, sections and offices.",
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB, Flags: []string{}, RelationshipTypes: []Relationship{partnership}}
	s.declareOrganisation()
	s.declarePartner()
	s.declareAgreement()
	s.declareOutput()
	s.declareSection()
	s.declareOffice()
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.Organisation, s.Partner, s.Agreement, s.agreementOutput, s.Output, s.Section, s.Office},
		Resources: append(s.records(), s.lookups()...),
		Calls:     s.calls(),
	}, nil
}
