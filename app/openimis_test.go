package app_test

import (
	"io/fs"
	"os"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/modules"
)

// openimisDemo is the folder of the demonstration data of openIMIS, which is not part of this repository; without it the test is skipped.
func openimisDemo(t *testing.T) fs.FS {
	t.Helper()
	const place = "../../shared/data/openimis-demo"
	if _, err := os.Stat(place); err != nil {
		t.Skip("the demonstration data of openIMIS are not beside this repository")
	}
	return os.DirFS(place)
}

// currentRows are the rows of each file that are true today, as the README of the data counts them, and by the tables that take them.
var currentRows = map[string]struct {
	table string
	want  int
}{
	"locations.csv": {"location_locations", 31},
	"families.csv":  {"insuree_families", 21},
	"insurees.csv":  {"insuree_insurees", 60},
}

// TestImportOpenIMIS takes the whole demonstration data in, twice.
func TestImportOpenIMIS(t *testing.T) {
	t.Parallel()
	dir := openimisDemo(t)
	apptest.Each(t, modules.All(), nil, func(t *testing.T, a *apptest.App) {
		wish := intake.Wish{Set: "openimis", Dir: dir, Workspace: "IMIS"}
		take := func() *intake.Report {
			t.Helper()
			report, err := intake.Take(t.Context(), intake.Into{DB: a.DB, Set: a.Set}, wish)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range report.Problems {
				t.Error(p)
			}
			return report
		}
		first := take()
		taken := map[string]bool{}
		for _, f := range first.Files {
			taken[f.File] = true
			if f.Missing || f.Made+f.Changed+f.Unchanged != f.Read {
				t.Errorf("%s: %d rows read, %d made, %d changed, %d unchanged", f.File, f.Read, f.Made, f.Changed, f.Unchanged)
			}
		}
		for file, c := range currentRows {
			if !taken[file] {
				t.Errorf("no module takes %s", file)
				continue
			}
			var n int
			living := " where validity_to is null"
			if err := a.DB.QueryRow(t.Context(), "select count(*) from "+c.table+living).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n != c.want {
				t.Errorf("%s: %d current rows, want %d", file, n, c.want)
			}
		}
		// Spot checks: a place in its place, a family with its head and village, somebody who is registered with another number today.
		for _, c := range []struct{ sql, want string }{
			{"select p.p_code || '<' || d.p_code from location_locations p join location_locations d on d.id = p.parent_id where p.uuid = '5345ef14-12ab-4e98-a07c-1e08d7105df4'", "R1D1<R1"},
			{"select i.chf_id || ' ' || i.last_name || ' ' || coalesce(f.address, '') from insuree_families f join insuree_insurees i on i.id = f.head_insuree_id where f.uuid = '822a8e55-2290-4df6-8882-1d702c2ffc8b'", "070707070 Macintyre Ranchou road 21"},
			{"select cast(count(*) as text) from insuree_insurees_versions where past_id is not null", "75"},
		} {
			var got string
			if err := a.DB.QueryRow(t.Context(), c.sql).Scan(&got); err != nil || got != c.want {
				t.Errorf("%s: got %q %v, want %q", c.sql, got, err, c.want)
			}
		}
		var before, after int
		count := func(into *int) {
			if err := a.DB.QueryRow(t.Context(), "select count(*) from event_log").Scan(into); err != nil {
				t.Fatal(err)
			}
		}
		count(&before)
		for _, f := range take().Files {
			if f.Made+f.Changed > 0 {
				t.Errorf("%s: the second time %d were made and %d changed", f.File, f.Made, f.Changed)
			}
		}
		if count(&after); after != before {
			t.Errorf("the second time stated %d facts", after-before)
		}
	})
}
