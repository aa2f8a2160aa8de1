package db_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func TestViolations(t *testing.T) {
	t.Parallel()
	ms := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", `
create table demo_parents (
	id {{pk}},
	code {{text}} not null,
	workspace_id bigint not null,
	gone {{bool}} not null default {{false}},
	uuid {{uuid}},
	nick {{text}},
	constraint demo_parents_code_unique unique (workspace_id, code)
);
create unique index demo_parents_uuid on demo_parents (uuid) where gone = {{false}};
create unique index demo_parents_lower on demo_parents (workspace_id, lower(nick), gone);
create table demo_children (
	id {{pk}},
	parent_id {{fk}} not null constraint demo_children_parent_fk references demo_parents (id),
	late_id {{fk}} constraint demo_children_late_fk references demo_parents (id) deferrable initially deferred
);
insert into demo_parents (code, workspace_id, uuid, nick) values ('a', 1, '0197a1f0-5f3c-7c00-8000-000000000001', 'jo');
insert into demo_children (parent_id) values (1);
`)}}
	cases := []struct {
		name, sql string
		table     string
		columns   []string
		reference bool
	}{
		{"constraint of two columns", `insert into demo_parents (code, workspace_id) values ('a', 1)`, "demo_parents", []string{"workspace_id", "code"}, false},
		{"partial index", `insert into demo_parents (code, workspace_id, uuid) values ('b', 1, '0197a1f0-5f3c-7c00-8000-000000000001')`, "demo_parents", []string{"uuid"}, false},
		{"index with an expression", `insert into demo_parents (code, workspace_id, nick) values ('c', 1, 'JO')`, "demo_parents", []string{"workspace_id", "gone"}, false},
		{"primary key", `insert into demo_parents (id, code, workspace_id) values (1, 'z', 9)`, "demo_parents", []string{"id"}, false},
		{"update", `insert into demo_parents (id, code, workspace_id) values (77, 'q', 1), (78, 'a', 1)`, "demo_parents", []string{"workspace_id", "code"}, false},
		{"no such parent", `insert into demo_children (parent_id) values (99)`, "", nil, true},
		{"parent in use", `delete from demo_parents where id = 1`, "", nil, true},
		{"no such parent at commit", `insert into demo_children (parent_id, late_id) values (1, 99)`, "", nil, true},
		{"not null", `insert into demo_children (parent_id) values (null)`, "", nil, false},
	}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			for _, returning := range []string{"", " returning id"} {
				err := d.InTx(t.Context(), func(tx *db.Tx) error {
					if returning == "" {
						_, err := tx.Exec(t.Context(), c.sql)
						return err
					}
					_, err := tx.Insert(t.Context(), c.sql+returning)
					return err
				})
				if err == nil {
					t.Errorf("%s: got no error", c.name)
				}
				err = fmt.Errorf("wrapped: %w", err)
				table, columns, ok := db.UniqueViolation(err)
				if ok != (c.table != "") || table != c.table || !slices.Equal(columns, c.columns) {
					t.Errorf("%s: got %q %q %v of %v, want %q %q", c.name, table, columns, ok, err, c.table, c.columns)
				}
				if got := db.ForeignKeyViolation(err); got != c.reference {
					t.Errorf("%s: foreign key: got %v of %v", c.name, got, err)
				}
			}
		}
		var n int64
		if err := d.QueryRow(t.Context(), `select count(*) from demo_parents`).Scan(&n); err != nil || n != 1 {
			t.Errorf("got %d parents, %v, want 1", n, err)
		}
	})
	if _, _, ok := db.UniqueViolation(errors.New("UNIQUE constraint failed: a.b")); ok || db.ForeignKeyViolation(nil) {
		t.Error("another error passed for a violation")
	}
}
