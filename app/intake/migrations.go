package intake

import (
	"embed"

	"almoner.dev/almoner/core/db"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package: the memory of what each row became.
var Migrations = db.Migrations{Module: "intake", FS: files}
