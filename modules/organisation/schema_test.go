package organisation

import (
	"testing"

	"almoner.dev/almoner/core/db/dbtest"
)

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, tables)
}
