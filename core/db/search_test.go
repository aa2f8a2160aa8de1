package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func TestContains(t *testing.T) {
	t.Parallel()
	ms := []db.Migrations{{Module: "demo", FS: files(
		"0001_a.sql", "create table demo_people (id {{pk}}, name {{text}}, n bigint);\ninsert into demo_people (name) values ('was here before');",
		"0002_search.sql", "{{search demo_people name}};")}}
	stored := []string{"jose alvarez", "100% sure", "a_b", "[x]*?", `back\slash`, "محمد علي", "Jose", ""}
	cases := []struct {
		text     string
		contains []string
		starts   []string
	}{
		{"alv", []string{"jose alvarez"}, nil},
		{"jose", []string{"jose alvarez"}, []string{"jose alvarez"}},
		{"os", []string{"Jose", "jose alvarez"}, nil},
		{"%", []string{"100% sure"}, nil},
		{"0% s", []string{"100% sure"}, nil},
		{"_", []string{"a_b"}, nil},
		{"a_b", []string{"a_b"}, []string{"a_b"}},
		{"[x]", []string{"[x]*?"}, []string{"[x]*?"}},
		{"]*?", []string{"[x]*?"}, nil},
		{`k\s`, []string{`back\slash`}, nil},
		{"حمد", []string{"محمد علي"}, nil},
		{"here before", []string{"was here before"}, nil},
		{"nobody", nil, nil},
	}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		ctx, e := t.Context(), d.Engine()
		mustTx(t, d, func(tx *db.Tx) error {
			for _, s := range append(stored, "to be changed", "to be deleted") {
				if _, err := tx.Exec(ctx, `insert into demo_people (name) values ($1)`, s); err != nil {
					return err
				}
			}
			for _, sql := range []string{
				`update demo_people set name = 'changed' where name = 'to be changed'`,
				`update demo_people set n = 1`,
				`delete from demo_people where name = 'to be deleted'`,
				`insert into demo_people (name) values (null)`,
			} {
				if _, err := tx.Exec(ctx, sql); err != nil {
					return err
				}
			}
			return nil
		})
		find := func(where, arg string) []string {
			rows, err := d.Query(ctx, `select name from demo_people p where `+where, arg)
			found, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
			if err != nil {
				t.Error(err)
			}
			slices.Sort(found)
			return found
		}
		indexed, plain := e.ContainsIndexed("demo_people", "p", "name", "$1"), e.Contains("name", "$1")
		for _, c := range append(cases, cases[0]) {
			if got := find(indexed, e.ContainsArg(c.text)); !slices.Equal(got, c.contains) {
				t.Errorf("%q, indexed: got %q, want %q", c.text, got, c.contains)
			}
			if got := find(plain, e.ContainsArg(c.text)); !slices.Equal(got, c.contains) {
				t.Errorf("%q: got %q, want %q", c.text, got, c.contains)
			}
			if got := find(plain, e.StartsWithArg(c.text)); !slices.Equal(got, c.starts) {
				t.Errorf("%q at the beginning: got %q, want %q", c.text, got, c.starts)
			}
		}
		if got := find(indexed, e.ContainsArg("to be")); got != nil {
			t.Errorf("the index kept %q", got)
		}
		if got := find(indexed, e.ContainsArg("changed")); !slices.Equal(got, []string{"changed"}) {
			t.Errorf("the index has %q of the changed row", got)
		}
		rows, err := d.Query(ctx, e.FindIndexed("demo_people", "name", "$1", 2), e.ContainsArg("e"))
		some, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil || len(some) != 2 {
			t.Errorf("two of those with an e: %v, %v", some, err)
		}
		rows, err = d.Query(ctx, e.FindIndexed("demo_people", "name", "$1", 2), e.ContainsArg("alvar"))
		if some, err = db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) }); err != nil || len(some) != 1 {
			t.Errorf("found by the index: %v, %v", some, err)
		}
		if plan := explain(t, d, `select id from demo_people p where `+indexed, e.ContainsArg("alva")); !strings.Contains(plan, map[db.Engine]string{
			db.SQLite: "VIRTUAL TABLE INDEX 0:G0", db.Postgres: "demo_people_name_search",
		}[e]) {
			t.Errorf("the index is not used:\n%s", plan)
		}
	})
	dbtest.SameSchema(t, ms)
}

// explain returns how the engine would run a statement, on PostgreSQL as if the table were too large to be read whole.
func explain(t *testing.T, d *db.DB, sql string, args ...any) string {
	t.Helper()
	prefix := "explain query plan "
	if d.Engine() == db.Postgres {
		prefix = "explain "
	}
	var lines []string
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		if d.Engine() == db.Postgres {
			if _, err := tx.Exec(t.Context(), "set local enable_seqscan = off"); err != nil {
				return err
			}
		}
		rows, err := tx.Query(t.Context(), prefix+sql, args...)
		lines, err = db.Collect(rows, err, func(r db.Row) (string, error) {
			if d.Engine() == db.Postgres {
				var line string
				return line, r.Scan(&line)
			}
			var id, parent, unused any
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return fmt.Sprint(detail), err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
