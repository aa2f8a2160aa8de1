package attachment

import (
	"embed"
	"log/slog"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/organisation"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "attachment",
	Doc:        "Documents of records: files and links, their types, and who may have them.",
	Needs:      []string{"account", "organisation"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// Service is the Go API of the module. Modules that need this one declare owners and collections during their Build; afterwards nothing changes.
type Service struct {
	// Attachment is a document of a record, or an upload that belongs to none yet; FileType is what kind of document it is; Link shows it on a
	// further record.
	Attachment, FileType, Link *entity.Entity

	db            *db.DB
	files         *file.Store
	log           *slog.Logger
	settings      module.Settings
	organisations *organisation.Service
	owners        []*Owner
}

func build(h *module.Host) (*module.Parts, error) {
	if _, err := module.Use[*account.Service](h, "account"); err != nil {
		return nil, err
	}
	orgs, err := module.Use[*organisation.Service](h, "organisation")
	if err != nil {
		return nil, err
	}
	s := &Service{db: h.DB, files: h.Files, log: h.Log, settings: h.Settings, organisations: orgs}
	s.FileType = fileTypeEntity()
	s.Attachment = s.attachmentEntity()
	s.Link = linkEntity()
	orgs.Dropdowns = append(orgs.Dropdowns, organisation.Dropdown{Name: "attachment_types_active", Values: activeTypes})
	return &module.Parts{
		Service:   s,
		Entities:  []*entity.Entity{s.FileType, s.Attachment, s.Link},
		Resources: []*api.Resource{s.fileTypes(), s.flat(), s.agreementDocuments()},
		Calls:     s.calls(),
		Prepare:   s.prepare,
		Run:       s.run,
	}, nil
}
