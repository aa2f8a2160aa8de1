package db_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func TestMigrationMistakes(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, sql, want string }{
		{"unknown macro", "0001_a.sql", "create table demo_a (\n\tid {{pk}},\n\tn {{integer}}\n);", "demo/0001_a.sql:3: unknown macro {{integer}}"},
		{"unknown macro for the other engine", "0001_a.sql", "-- +engine postgres\nselect {{x}};\n-- +end\n-- +engine sqlite\nselect {{x}};\n-- +end", "demo/0001_a.sql:2: unknown macro {{x}}"},
		{"unknown engine", "0001_a.sql", "\n-- +engine mysql\n-- +end", `demo/0001_a.sql:2: unknown engine "mysql"`},
		{"block without end", "0001_a.sql", "-- +engine sqlite\nselect 1;", "demo/0001_a.sql:1: the block"},
		{"end without block", "0001_a.sql", "select 1;\n-- +end", "demo/0001_a.sql:2: `-- +end` without"},
		{"block in a block", "0001_a.sql", "-- +engine sqlite\n-- +engine postgres\n-- +end", "demo/0001_a.sql:2: a marked block begins inside the one of line 1"},
		{"unknown mark", "0001_a.sql", "-- +goose Up", "demo/0001_a.sql:1: unknown mark `-- +goose`"},
		{"name", "1_a.sql", "select 1;", "demo/1_a.sql: a migration is named NNNN_what.sql"},
		{"gap", "0002_a.sql", "select 1;", "demo/0002_a.sql: steps are numbered without gaps"},
		{"broken SQL", "0001_a.sql", "create table demo_a (id {{pk}});\ncreate tabel demo_b (id {{pk}});", "migration demo/0001_a.sql"},
	}
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			_, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "demo", FS: files(c.file, c.sql)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.want)
			}
		}
		s, err := db.ReadSchema(t.Context(), d)
		if err != nil || len(s.Tables) != 0 {
			t.Errorf("mistakes left something behind: %v\n%s", err, s)
		}
		for _, bad := range [][]db.Migrations{{{Module: "Demo"}}, {{Module: ""}}, {{Module: "a-b"}}, {{Module: "a"}, {Module: "a"}}} {
			if _, err := db.Migrate(t.Context(), d, bad); err == nil {
				t.Errorf("the module names %v were accepted", bad)
			}
		}
	})
}

func TestPostgresTellsTheLine(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, db.Postgres, nil)
	_, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "demo", FS: files("0001_a.sql", "-- é\ncreate table demo_a (\n\tid {{pk}}\n);\ncreate tabel demo_b (id {{pk}});")}})
	if err == nil || !strings.Contains(err.Error(), "demo/0001_a.sql:5: ") {
		t.Errorf("got %v, want line 5", err)
	}
}

func TestMarkedBlocks(t *testing.T) {
	t.Parallel()
	ms := []db.Migrations{{Module: "demo", FS: files("migrations/0001_a.sql", `
create table demo_a (id {{ pk }}, made {{time}} not null default {{now}}, ok {{bool}} not null default {{true}}, no {{bool}} not null default {{false}});
-- +engine sqlite
insert into demo_a (id) values (1);
-- +end
-- +engine postgres
insert into demo_a (id) values (2);
-- +end
`)}}
	want := map[db.Engine]int64{db.SQLite: 1, db.Postgres: 2}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		var id int64
		var ok, no bool
		made := db.Cell{Kind: db.Time}
		if err := d.QueryRow(t.Context(), `select id, made, ok, no from demo_a`).Scan(&id, &made, &ok, &no); err != nil {
			t.Fatal(err)
		}
		if id != want[d.Engine()] || made.Time.Year() < 2024 || !ok || no {
			t.Errorf("got %d %v %v %v", id, made.Time, ok, no)
		}
	})
}
