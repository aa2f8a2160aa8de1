package dbtest

import (
	"context"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
)

// SameSchema fails the test, with the difference, unless the migrations make the same tables on both engines.
func SameSchema(t *testing.T, migrations []db.Migrations) {
	t.Helper()
	var schemas []db.Schema
	for _, e := range Engines() {
		s, err := db.ReadSchema(context.Background(), New(t, e, migrations))
		if err != nil {
			t.Fatalf("dbtest: %s: %v", e, err)
		}
		schemas = append(schemas, s)
	}
	if diff := schemas[0].Difference(schemas[1]); diff != nil {
		t.Errorf("the schemas differ (- only on %s, + only on %s):\n%s", Engines()[0], Engines()[1], strings.Join(diff, "\n"))
	}
}
