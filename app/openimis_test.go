package app_test

import (
	"cmp"
	"encoding/csv"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
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

// currentRows are the rows of each file that are true today, as the README of the data counts them; two districts of users stand there twice.
var currentRows = map[string]int{
	"genders.csv": 3, "professions.csv": 4, "educations.csv": 7, "relations.csv": 8, "family_types.csv": 7, "confirmation_types.csv": 4, "identification_types.csv": 4,
	"legal_forms.csv": 4, "hf_sublevels.csv": 3,
	"locations.csv": 31, "health_facilities.csv": 15,
	"diagnoses.csv": 1910, "diagnoses_extended.csv": 571, "items.csv": 257, "services.csv": 81,
	"items_pricelists.csv": 6, "items_pricelist_details.csv": 644, "services_pricelists.csv": 6, "services_pricelist_details.csv": 188,
	"roles.csv": 12, "role_rights.csv": 193, "users.csv": 31, "user_roles.csv": 49, "user_districts.csv": 40, "officers.csv": 14, "officer_villages.csv": 16, "claim_admins.csv": 15,
	"families.csv": 21, "insurees.csv": 60, "insuree_photos.csv": 138,
}

// cells says where columns of the files are found again: SQL over t, the record or the former state that a row became. Amounts are hundredths.
var cells = map[string]map[string]string{
	"genders.csv":            {"code": "t.code", "gender": "t.name", "sort_order": "t.sort_order"},
	"family_types.csv":       {"type": "t.name", "alt_language": "t.alt_language"},
	"educations.csv":         {"alt_language": "t.alt_language"},
	"relations.csv":          {"alt_language": "t.alt_language"},
	"legal_forms.csv":        {"code": "t.code", "legal_form": "t.name", "alt_language": "t.alt_language"},
	"hf_sublevels.csv":       {"code": "t.code", "sub_level": "t.name"},
	"locations.csv":          {"uuid": "t.uuid", "code": "t.p_code", "name": "t.name", "parent_id": rowOf("locations.csv", "t.parent_id"), "validity_from": sinceSQL},
	"diagnoses.csv":          {"code": "t.code", "name": "t.name", "validity_from": sinceSQL},
	"diagnoses_extended.csv": {"code": "t.code", "name": "t.name"},
	"items.csv": {
		"uuid": "t.uuid", "code": "t.code", "name": "t.name", "type": "t.type", "package": "t.package", "price": "t.price", "care_type": "t.care_type", "frequency": "t.frequency",
		"patient_category": "t.patient_category", "validity_from": sinceSQL,
	},
	"services.csv": {
		"uuid": "t.uuid", "code": "t.code", "name": "t.name", "type": "t.type", "level": "t.level", "category": "t.category", "price": "t.price", "care_type": "t.care_type",
		"patient_category": "t.patient_category", "validity_from": sinceSQL,
	},
	"items_pricelists.csv":    {"uuid": "t.uuid", "name": "t.name", "pricelist_date": "t.pricelist_date", "location_id": rowOf("locations.csv", "t.location_id"), "validity_from": sinceSQL},
	"services_pricelists.csv": {"uuid": "t.uuid", "name": "t.name", "pricelist_date": "t.pricelist_date", "location_id": rowOf("locations.csv", "t.location_id"), "validity_from": sinceSQL},
	"items_pricelist_details.csv": {
		"items_pricelist_id": rowOf("items_pricelists.csv", "t.pricelist_id"), "item_id": rowOf("items.csv", "t.item_id"), "price_overrule": "t.price_overrule", "validity_from": sinceSQL,
	},
	"services_pricelist_details.csv": {
		"services_pricelist_id": rowOf("services_pricelists.csv", "t.pricelist_id"), "service_id": rowOf("services.csv", "t.service_id"), "price_overrule": "t.price_overrule",
	},
	"health_facilities.csv": {
		"uuid": "t.uuid", "code": "t.code", "name": "t.name", "level": "t.level", "address": "t.address", "care_type": "t.care_type", "acc_code": "t.acc_code",
		"legal_form": rowOf("legal_forms.csv", "t.legal_form_id"), "sub_level": rowOf("hf_sublevels.csv", "t.sub_level_id"), "location_id": rowOf("locations.csv", "t.location_id"),
		"services_pricelist_id": rowOf("services_pricelists.csv", "t.services_pricelist_id"), "items_pricelist_id": rowOf("items_pricelists.csv", "t.items_pricelist_id"), "validity_from": sinceSQL,
	},
	"roles.csv":          {"uuid": "t.uuid", "name": "t.name", "is_system": "t.is_system"},
	"users.csv":          {"uuid": "t.uuid", "login_name": "t.username", "last_name": "t.last_name", "other_names": "t.first_name", "language_code": "t.language"},
	"user_roles.csv":     {"user_id": rowOf("users.csv", "t.user_id"), "role_id": rowOf("roles.csv", "t.role_id")},
	"user_districts.csv": {"user_id": rowOf("users.csv", "t.user_id"), "location_id": rowOf("locations.csv", "t.location_id")},
	"officers.csv": {
		"uuid": "t.uuid", "code": "t.code", "last_name": "t.last_name", "other_names": "t.other_names", "dob": "t.dob", "location_id": rowOf("locations.csv", "t.location_id"), "address": "t.address",
		"validity_from": sinceSQL,
	},
	"officer_villages.csv": {"location_id": rowOf("locations.csv", "t.location_id"), "validity_from": sinceSQL},
	"claim_admins.csv": {
		"uuid": "t.uuid", "code": "t.code", "last_name": "t.last_name", "other_names": "t.other_names", "dob": "t.dob", "health_facility_id": rowOf("health_facilities.csv", "t.health_facility_id"),
		"validity_from": sinceSQL,
	},
	"families.csv": {
		"uuid": "t.uuid", "address": "t.address", "head_insuree_id": rowOf("insurees.csv", "t.head_insuree_id"), "location_id": rowOf("locations.csv", "t.location_id"),
		"family_type": rowOf("family_types.csv", "t.family_type_id"), "validity_from": sinceSQL,
	},
	"insurees.csv": {
		"uuid": "t.uuid", "chf_id": "t.chf_id", "last_name": "t.last_name", "other_names": "t.other_names", "dob": "t.dob", "marital": "t.marital", "passport": "t.passport",
		"gender": rowOf("genders.csv", "t.gender_id"), "family_id": rowOf("families.csv", "t.family_id"), "relationship_id": rowOf("relations.csv", "t.relationship_id"),
		"profession_id": rowOf("professions.csv", "t.profession_id"), "education_id": rowOf("educations.csv", "t.education_id"),
		"current_village_id": rowOf("locations.csv", "t.current_village_id"), "head": "case when t.head then 'true' else 'false' end",
		"health_facility_id": rowOf("health_facilities.csv", "t.health_facility_id"), "photo_id": rowOf("insuree_photos.csv", "t.photo_id"), "photo_date": "t.photo_date", "geolocation": "t.geolocation", "validity_from": sinceSQL,
	},
	"insuree_photos.csv": {"uuid": "t.uuid", "chf_id": "t.chf_id", "filename": "t.filename", "date": "t.date", "validity_from": sinceSQL},
}

// rowOf is the row that a reference leads to.
func rowOf(file, reference string) string {
	return "(select o.row_id from intake_rows o where o.file = '" + file + "' and o.record_id = " + reference + ")"
}

// sinceSQL is the time since when a row is true, as the files write it.
const sinceSQL = "since"

var sinceOn = map[db.Engine]string{
	db.SQLite:   "replace(substr(t.validity_from, 1, 23), ' ', 'T')",
	db.Postgres: `to_char(t.validity_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS')`,
}

// TestImportOpenIMIS takes the whole demonstration data in, twice, and finds every cell again.
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
		number := func(sql string, args ...any) (n int) {
			t.Helper()
			if err := a.DB.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
			return n
		}
		entities := map[string]*entity.Entity{}
		for _, f := range take().Files {
			entities[f.File] = a.Set.Registry.Entity(f.Entity)
			skipped := 0
			for _, n := range f.Skipped {
				skipped += n
			}
			if f.Missing || f.Made+f.Changed+f.Unchanged+skipped != f.Read {
				t.Errorf("%s: %d rows read, %d made, %d changed, %d unchanged", f.File, f.Read, f.Made, f.Changed, f.Unchanged)
			}
		}
		for file, want := range currentRows {
			e := entities[file]
			if e == nil {
				t.Errorf("no module takes %s", file)
				continue
			}
			living := ""
			if e.Validity {
				living = " and validity_to is null"
			}
			if n := number("select count(*) from "+e.Table+" where id in (select record_id from intake_rows where file = $1)"+living, file); n != want {
				t.Errorf("%s: %d current rows, want %d", file, n, want)
			}
			// What was there from the start has other words for some of it: it is the same, and nothing stands beside the rows of the files.
			all := "select count(*) from " + e.Table + " where true" + living
			// Roles are those of all workspaces.
			if n := number(all+" and id not in (select record_id from intake_rows where file = $1 or file like $2)", file, strings.TrimSuffix(file, ".csv")+"_extended.csv"); n != 0 && file != "diagnoses_extended.csv" && !strings.HasPrefix(file, "role") {
				t.Errorf("%s: %d records stand beside the %d of the file", file, n, want)
			}
		}
		for file := range cells {
			findCells(t, a, dir, file, entities[file])
		}
		// Who is an officer or a claim administrator and has an account there has it here.
		for sql, want := range map[string]int{
			"select count(*) from officer_officers o join account_users u on u.id = o.user_id where u.username = o.code and o.validity_to is null":                                             14,
			"select count(*) from officer_claim_admins c join account_users u on u.id = c.user_id where u.username = c.code and c.validity_to is null":                                         15,
			"select count(*) from officer_postings p join account_users u on u.id = p.user_id join officer_claim_admins c on c.user_id = u.id and c.health_facility_id = p.health_facility_id": 15,
			"select count(*) from account_grants g where g.workspace_id = (select id from account_workspaces where code = 'IMIS') and g.organization_id is null":                               49,
			"select count(*) from account_users where username is not null and password_hash = ''":                                                                                             31,
		} {
			if n := number(sql); n != want {
				t.Errorf("%s: %d, want %d", sql, n, want)
			}
		}
		wish.Password = "first-password-of-all"
		take()
		if n := number("select count(*) from account_users where username is not null and password_hash <> ''"); n != 31 {
			t.Errorf("%d people got a password, want 31", n)
		}
		facts := number("select count(*) from event_log")
		for _, f := range take().Files {
			if f.Made+f.Changed > 0 {
				t.Errorf("%s: the second time %d were made and %d changed", f.File, f.Made, f.Changed)
			}
		}
		if n := number("select count(*) from event_log"); n != facts {
			t.Errorf("the second time stated %d facts", n-facts)
		}
	})
}

// findCells compares the cells of a file with what its rows became.
func findCells(t *testing.T, a *apptest.App, dir fs.FS, file string, e *entity.Entity) {
	t.Helper()
	f, err := dir.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sources := []string{"select r.row_id, {cell} from intake_rows r join " + e.Table + " t on t.id = r.record_id where r.file = $1"}
	if e.Validity {
		sources = append(sources, "select r.row_id, {cell} from intake_rows r join "+e.Versions+" t on t.past_id = r.record_id where r.file = $1")
	}
	for name, sql := range cells[file] {
		if sql == sinceSQL {
			sql = sinceOn[a.DB.Engine()]
		}
		at := slices.Index(lines[0], name)
		stored := map[string]string{}
		for _, source := range sources {
			rows, err := a.DB.Query(t.Context(), strings.Replace(source, "{cell}", "coalesce(cast("+sql+" as text), '')", 1), file)
			_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
				var row, text string
				err := r.Scan(&row, &text)
				stored[row] = text
				return struct{}{}, err
			})
			if err != nil {
				t.Fatalf("%s: %s: %v", file, name, err)
			}
		}
		for _, line := range lines[1:] {
			want := line[at]
			if strings.HasPrefix(name, "price") && !strings.Contains(name, "list") {
				want = hundredths(want)
			}
			if got, ok := stored[line[0]]; !ok || got != want {
				t.Errorf("%s: %s of row %s is %q, want %q", file, name, line[0], got, want)
			}
		}
	}
}

// hundredths writes an amount with two decimals as a whole number.
func hundredths(amount string) string {
	if amount == "" {
		return ""
	}
	return cmp.Or(strings.TrimLeft(strings.Replace(amount, ".", "", 1), "0"), "0")
}
