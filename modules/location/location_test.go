package location

import (
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
)

var tables = []db.Migrations{event.Migrations, {Module: "location", FS: migrations}}

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, tables)
}
