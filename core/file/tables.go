package file

import (
	"embed"

	"almoner.dev/almoner/core/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package: the notes about pending files.
var Migrations = db.Migrations{Module: "file", FS: migrations}
