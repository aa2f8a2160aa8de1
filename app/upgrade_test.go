package app_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// content is every row of every table, as text, by table; only the columns of like when it is given.
func content(t *testing.T, q db.Queryer, like *db.Schema) map[string]string {
	t.Helper()
	schema := like
	if schema == nil {
		now, err := db.ReadSchema(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		schema = &now
	}
	all := map[string]string{}
	for _, table := range schema.Tables {
		columns, order := make([]string, len(table.Columns)), make([]string, len(table.Columns))
		for i, c := range table.Columns {
			columns[i], order[i] = "coalesce(cast("+c.Name+" as text), 'null')", strconv.Itoa(i+1)
		}
		rows, err := q.Query(t.Context(), "select "+strings.Join(columns, ", ")+" from "+table.Name+" order by "+strings.Join(order, ", "))
		lines, err := db.Collect(rows, err, func(r db.Row) (string, error) {
			values, into := make([]string, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			err := r.Scan(into...)
			return strings.Join(values, " | "), err
		})
		if err != nil {
			t.Fatalf("read %s: %v", table.Name, err)
		}
		all[table.Name] = strings.Join(lines, "\n")
	}
	return all
}

// first makes the database that the first program left: its own dump, with two visits and the people around them.
func first(t *testing.T, engine db.Engine) db.Config {
	t.Helper()
	dump, err := os.ReadFile(filepath.Join("testdata", "first", string(engine)+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	c := dbtest.NewConfig(t, engine, nil)
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	// The runner of migrations takes any number of statements.
	if _, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "dump", FS: fstest.MapFS{"0001_first.sql": {Data: dump}}}}); err != nil {
		t.Fatalf("bring the dump in: %v", err)
	}
	err = d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "drop table almoner_schema_dump")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What the first program wrote is brought forward to this one: every row as it was, the schema that of a new database, and the API reads it.
func TestUpgradeFromTheFirst(t *testing.T) {
	t.Parallel()
	migrations, err := app.Migrations(modules.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			c := first(t, engine)
			d, err := db.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			old, err := db.ReadSchema(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			before := content(t, d, nil)
			if n := strings.Count(before["tpm_visits"], "\n") + 1; n != 2 || len(before) < 20 {
				t.Fatalf("the dump has %d visits and %d tables", n, len(before))
			}
			known, err := db.Versions(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			applied, err := db.Migrate(t.Context(), d, migrations)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range applied {
				if step.Version <= known[step.Module] {
					t.Errorf("%s was applied a second time", step.File)
				}
			}
			if len(applied) == 0 || len(known) < 7 {
				t.Errorf("%d steps were applied on those of %d modules", len(applied), len(known))
			}
			for table, rows := range content(t, d, &old) {
				if rows != before[table] {
					t.Errorf("%s had\n%s\nand has\n%s", table, before[table], rows)
				}
			}
			upgraded, err := db.ReadSchema(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := db.ReadSchema(t.Context(), dbtest.New(t, engine, migrations))
			if err != nil {
				t.Fatal(err)
			}
			if different := fresh.Difference(upgraded); different != nil {
				t.Errorf("a new database (-) and an upgraded one (+) differ:\n%s", strings.Join(different, "\n"))
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}

			place := []string{"--data", c.Dir}
			if engine == db.Postgres {
				place = []string{"--data", t.TempDir(), "--database-url", c.URL}
			}
			server := serve(t, place)
			answer := post(t, server.address+"/api/auth/token/", `{"email":"root@agency.example","password":"a long enough password"}`)
			if token, _ := answer["access"].(string); token == "" {
				t.Errorf("the password of then: %v", answer)
			}
			server.end(t)
			opened(t, place, func(a *app.App) {
				consistent(t, a, 0)
				var status, information string
				if err := a.DB.QueryRow(t.Context(), "select status, visit_information from tpm_visits order by id limit 1").Scan(&status, &information); err != nil || status != "tpm_accepted" || information == "" {
					t.Errorf("the visit of then: %q %q, %v", status, information, err)
				}
				var roles, kept int64
				err := a.DB.QueryRow(t.Context(), `select (select count(*) from account_roles), (select count(*) from account_roles r join account_roles_versions v
					on v.record_id = r.id and v.version = r.version and v.name = r.name and v.uuid = r.uuid)`).Scan(&roles, &kept)
				if err != nil || roles < 15 || kept != roles {
					t.Errorf("of %d roles the state of %d is kept, %v", roles, kept, err)
				}
			})
			must(t, append([]string{"load", world}, place...)...)
		})
	}
}

// upTo leaves out what came after a step of a module.
func upTo(t *testing.T, all []db.Migrations, module string, last int) []db.Migrations {
	t.Helper()
	before := slices.Clone(all)
	at := slices.IndexFunc(before, func(m db.Migrations) bool { return m.Module == module })
	without := fstest.MapFS{}
	for n := range last {
		found, err := fs.Glob(before[at].FS, fmt.Sprintf("migrations/%04d_*.sql", n+1))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		text, err := fs.ReadFile(before[at].FS, found[0])
		if err != nil {
			t.Fatal(err)
		}
		without[found[0]] = &fstest.MapFile{Data: text}
	}
	before[at].FS = without
	return before
}

// Roles and their rights from before they kept a past stay as they were, and their state of then is what changed first leaves behind.
func TestUpgradeOfRoles(t *testing.T) {
	t.Parallel()
	all, err := app.Migrations(modules.All())
	if err != nil {
		t.Fatal(err)
	}
	before := upTo(t, all, "account", 4)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			d, err := db.Open(t.Context(), dbtest.NewConfig(t, engine, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			if _, err := db.Migrate(t.Context(), d, before); err != nil {
				t.Fatal(err)
			}
			err = d.InTx(t.Context(), func(tx *db.Tx) error {
				for _, sql := range []string{
					`insert into account_roles (name, alt_language, uuid, created_at, updated_at, version) values ('Keeper', 'Gardien', 'u-1', $1, $1, 3), ('Helper', '', null, $1, $1, 1)`,
					`insert into account_role_rights (role_id, right_id, created_at, updated_at) select id, 121701, $1, $1 from account_roles`,
				} {
					if _, err := tx.Exec(t.Context(), sql, tx.Now); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Migrate(t.Context(), d, all); err != nil {
				t.Fatal(err)
			}
			for what, sql := range map[string]string{
				"roles": `select count(*) from account_roles r join account_roles_versions v on v.record_id = r.id and v.version = r.version and v.uuid = r.uuid and v.alt_language = r.alt_language
					where r.validity_from = r.updated_at and r.validity_to is null and (r.name = 'Keeper' and r.uuid = 'u-1' and r.version = 3 or r.name = 'Helper' and length(r.uuid) = 36)`,
				"rights": `select count(*) from account_role_rights r join account_role_rights_versions v on v.record_id = r.id and v.version = 1 and v.uuid = r.uuid and v.right_id = 121701
					join account_roles o on o.id = r.role_id where r.validity_from = r.created_at and length(r.uuid) = 36`,
			} {
				var n int64
				if err := d.QueryRow(t.Context(), sql).Scan(&n); err != nil || n != 2 {
					t.Errorf("%s: %d of 2 are as they were, %v", what, n, err)
				}
			}
		})
	}
}

// What bundles held before their parts kept a past is the first state of it.
func TestUpgradeOfBundles(t *testing.T) {
	t.Parallel()
	all, err := app.Migrations(modules.All())
	if err != nil {
		t.Fatal(err)
	}
	before := upTo(t, all, "medical", 1)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			d, err := db.Open(t.Context(), dbtest.NewConfig(t, engine, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			if _, err := db.Migrate(t.Context(), d, before); err != nil {
				t.Fatal(err)
			}
			err = d.InTx(t.Context(), func(tx *db.Tx) error {
				const common = "workspace_id, uuid, validity_from, code, code_folded, name, name_folded, type, price, care_type, patient_category, created_at, updated_at"
				for _, sql := range []string{
					`insert into medical_items (` + common + `) values (1, 'i-1', $1, 'I', 'i', 'I', 'i', 'D', 100, 'B', 15, $1, $1)`,
					`insert into medical_services (` + common + `, level, packagetype, manual_price) select 1, 's-' || code, $1, code, code, code, code, 'C', 100, 'B', 15, $1, $1, 'S', 'P', false
						from (select 'A' as code union all select 'B') codes`,
					`insert into medical_service_items (workspace_id, parent_id, item_id, qty_provided, price_asked, status, created_at, updated_at, version)
						select 1, s.id, i.id, 2, 150, true, $1, $1, 3 from medical_services s, medical_items i where s.code = 'A'`,
					`insert into medical_service_services (workspace_id, parent_id, service_id, qty_provided, status, created_at, updated_at, version)
						select 1, a.id, b.id, 1, false, $1, $1, 1 from medical_services a, medical_services b where a.code = 'A' and b.code = 'B'`,
				} {
					if _, err := tx.Exec(t.Context(), sql, tx.Now); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Migrate(t.Context(), d, all); err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{"item", "service"} {
				var n int64
				err := d.QueryRow(t.Context(), `select count(*) from medical_service_`+kind+`s p join medical_service_`+kind+`s_versions v on v.record_id = p.id and v.version = p.version and v.parent_id = p.parent_id
					and v.`+kind+`_id = p.`+kind+`_id and v.qty_provided = p.qty_provided and coalesce(v.price_asked, 0) = coalesce(p.price_asked, 0) and v.status = p.status and v.changed_at = p.updated_at`).Scan(&n)
				if err != nil || n != 1 {
					t.Errorf("of 1 %s in a bundle the state of %d is kept, %v", kind, n, err)
				}
			}
		})
	}
}

// An older program refuses the database of a newer one: it says whose and what, and touches nothing.
func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			must(t, append([]string{"migrate"}, place...)...)
			execute(t, place, newerStep)
			// Steps of other modules that are missing must not be made up for either.
			execute(t, place, "drop table almoner_schema_fixture")
			c := db.Config{Dir: place[1], MaxConns: 2}
			if len(place) > 3 {
				c.URL = place[3]
			}
			state := func() map[string]string {
				d, err := db.Open(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = d.Close() }()
				all := content(t, d, nil)
				versions, err := db.Versions(t.Context(), d)
				if err != nil {
					t.Fatal(err)
				}
				all["versions"] = fmt.Sprint(versions)
				return all
			}
			before := state()
			for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"migrate"}, {"load", world}, {"user", "create", "x@agency.example"}, {"permissions"}, {"modules"}} {
				code, out, complaints := command(t, append(args, place...)...)
				if code != 1 || out != "" || !strings.Contains(complaints, "newer than this program: module tpm has had step tpm/9000_later.sql applied") {
					t.Errorf("%v: exit %d, %s%s", args, code, out, complaints)
				}
			}
			if after := state(); !maps.Equal(before, after) {
				t.Errorf("something was changed: before %v, after %v", before["versions"], after["versions"])
			}
		})
	}
}
