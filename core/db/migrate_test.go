package db_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

const (
	stepA = "create table demo_a (\n\tid {{pk}},\n\tname {{text}} not null\n);"
	stepB = "create table demo_b (id {{pk}}, a_id {{fk}} not null constraint demo_b_a_fk references demo_a (id));"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		one := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", stepA)}, {Module: "empty"}}
		applied, err := db.Migrate(ctx, d, one)
		if err != nil || len(applied) != 1 || applied[0].File != "demo/0001_a.sql" || applied[0].Version != 1 || time.Since(applied[0].At) > time.Minute {
			t.Fatalf("got %+v, %v", applied, err)
		}
		if applied, err = db.Migrate(ctx, d, one); err != nil || len(applied) != 0 {
			t.Fatalf("again: got %+v, %v", applied, err)
		}
		two := []db.Migrations{
			{Module: "demo", FS: files("0001_a.sql", stepA, "0002_b.sql", stepB)},
			{Module: "later", FS: files("0001_c.sql", "create table later_c (id {{pk}}, b_id {{fk}} references demo_b (id));")},
		}
		status, err := db.Status(ctx, d, two)
		if err != nil || len(status) != 3 || status[0].At.IsZero() || !status[1].At.IsZero() || status[2].File != "later/0001_c.sql" {
			t.Fatalf("status: got %+v, %v", status, err)
		}
		if applied, err = db.Migrate(ctx, d, two); err != nil || len(applied) != 2 || applied[1].Module != "later" {
			t.Fatalf("more: got %+v, %v", applied, err)
		}
		// A program without the last step is too old, and one with another text for a step is wrong.
		_, err = db.Migrate(ctx, d, one)
		if !errors.Is(err, db.ErrNewerDatabase) || !strings.Contains(err.Error(), "demo/0002_b.sql") {
			t.Errorf("an older program: got %v", err)
		}
		if _, err = db.Status(ctx, d, one); !errors.Is(err, db.ErrNewerDatabase) {
			t.Errorf("status of an older program: got %v", err)
		}
		edited := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", stepA+"\n-- so much better", "0002_b.sql", stepB)}}
		_, err = db.Migrate(ctx, d, edited)
		if !errors.Is(err, db.ErrEditedMigration) || !strings.Contains(err.Error(), "demo/0001_a.sql") {
			t.Errorf("an edited file: got %v", err)
		}
		// Line ends of another system are no edit.
		crlf := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", strings.ReplaceAll(stepA, "\n", "\r\n"), "0002_b.sql", stepB)}, two[1]}
		if _, err = db.Migrate(ctx, d, crlf); err != nil {
			t.Error(err)
		}
	})
}

func TestFailedStepIsUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		bad := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", stepA, "0002_b.sql", "create table demo_x (id {{pk}});\ninsert into demo_nowhere (id) values (1);")}}
		applied, err := db.Migrate(ctx, d, bad)
		if err == nil || len(applied) != 1 || !strings.Contains(err.Error(), "demo/0002_b.sql") {
			t.Fatalf("got %+v, %v", applied, err)
		}
		s, err := db.ReadSchema(ctx, d)
		if err != nil || len(s.Tables) != 1 || s.Tables[0].Name != "demo_a" {
			t.Fatalf("got %v\n%s", err, s)
		}
		good := []db.Migrations{{Module: "demo", FS: files("0001_a.sql", stepA, "0002_b.sql", stepB)}}
		if applied, err := db.Migrate(ctx, d, good); err != nil || len(applied) != 1 {
			t.Fatalf("mended: got %+v, %v", applied, err)
		}
	})
}

// TestStartersAtOnce lets several programs, each with its own connections, start on one database.
func TestStartersAtOnce(t *testing.T) {
	t.Parallel()
	kv := []string{}
	for i := 1; i <= 8; i++ {
		kv = append(kv, fmt.Sprintf("%04d_s.sql", i), fmt.Sprintf("create table demo_%d (id {{pk}});", i))
	}
	ms := []db.Migrations{{Module: "demo", FS: files(kv...)}, {Module: "other", FS: files("0001_a.sql", "create table other_a (id {{pk}});")}}
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			c := dbtest.NewConfig(t, e, nil)
			var wg sync.WaitGroup
			var mu sync.Mutex
			var applied []db.Applied
			for range 5 {
				wg.Go(func() {
					d, err := db.Open(t.Context(), c)
					if err != nil {
						t.Error(err)
						return
					}
					defer func() { _ = d.Close() }()
					done, err := db.Migrate(t.Context(), d, ms)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					applied = append(applied, done...)
					mu.Unlock()
				})
			}
			wg.Wait()
			if len(applied) != 9 {
				t.Errorf("the starters applied %d steps between them, want 9: %+v", len(applied), applied)
			}
		})
	}
}

// TestRebuildKeepsChildren is the way in which SQLite changes a table: make a new one, copy, drop, rename. Rows of other tables
// that refer to it, with a cascade, must survive.
func TestRebuildKeepsChildren(t *testing.T) {
	t.Parallel()
	base := files("0001_a.sql", stepA, "0002_b.sql", `create table demo_b (id {{pk}}, a_id {{fk}} not null constraint demo_b_a_fk references demo_a (id) on delete cascade);
insert into demo_a (name) values ('x');
insert into demo_b (a_id) values (1);`)
	rebuild := `
-- +engine postgres
alter table demo_a add constraint demo_a_name_check check (name <> '');
-- +end
-- +engine sqlite
create table demo_a_new (id {{pk}}, name {{text}} not null, constraint demo_a_name_check check (name <> ''));
insert into demo_a_new (id, name) select id, name from demo_a;
drop table demo_a;
alter table demo_a_new rename to demo_a;
-- +end
`
	ms := []db.Migrations{{Module: "demo", FS: base}}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		next := files("0003_check.sql", rebuild)
		for name, f := range base {
			next[name] = f
		}
		if _, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "demo", FS: next}}); err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := d.QueryRow(t.Context(), `select count(*) from demo_b where a_id = 1`).Scan(&n); err != nil || n != 1 {
			t.Fatalf("got %d children, %v, want 1", n, err)
		}
		next["0004_break.sql"] = files("x", "-- +engine sqlite\ndelete from demo_a;\n-- +end\n-- +engine postgres\ninsert into demo_b (a_id) values (99);\n-- +end")["x"]
		if _, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "demo", FS: next}}); err == nil || !strings.Contains(err.Error(), "demo/0004_break.sql") {
			t.Errorf("a step that breaks references: got %v", err)
		}
		mustTx(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into demo_a (name) values ('y')`)
			return err
		})
	})
}
