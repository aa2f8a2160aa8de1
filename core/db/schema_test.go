package db_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

var everything = []db.Migrations{{Module: "demo", FS: files("0001_a.sql", `
create table demo_a (
	id {{pk}},
	name {{text}} not null default '',
	state {{text}} not null default 'open' constraint demo_a_state_check check (state in ('open', 'closed')),
	n bigint not null default 0,
	less bigint not null default -1,
	f double precision,
	ok {{bool}} not null default {{false}},
	yes {{bool}} default {{true}},
	at {{time}} not null default {{now}},
	day {{date}},
	doc {{json}} not null default '{}',
	key {{uuid}},
	raw {{bytes}},
	gap {{text}} default null,
	constraint demo_a_key_unique unique (name, n)
);
create index demo_a_state on demo_a (state, at desc, id);
create unique index demo_a_key on demo_a (key) where ok = {{true}};
create index demo_a_lower on demo_a (lower(name));
create table demo_b (
	a_id {{fk}} not null constraint demo_b_a_fk references demo_a (id) on delete cascade,
	other_id {{fk}} constraint demo_b_other_fk references demo_a (id) on delete set null,
	n bigint not null,
	constraint demo_b_pk primary key (a_id, n)
);
-- +engine postgres
create table demo_words (id bigint);
drop table demo_words;
-- +end
-- +engine sqlite
create virtual table demo_words using fts5 (name, tokenize = 'trigram');
-- +end
`)}}

func TestSchemasAreTheSame(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, everything)
	dbtest.SameSchema(t, things)
}

func TestReadSchema(t *testing.T) {
	t.Parallel()
	want := `demo_a: column id int not null
demo_a: column name text not null default ''
demo_a: column state text not null default 'open'
demo_a: column n int not null default 0
demo_a: column less int not null default -1
demo_a: column f float null
demo_a: column ok bool not null default false
demo_a: column yes bool null default true
demo_a: column at time not null default now
demo_a: column day date null
demo_a: column doc json not null default '{}'
demo_a: column key uuid null
demo_a: column raw bytes null
demo_a: column gap text null
demo_a: primary key (id)
demo_a: unique (name, n)
demo_a: check demo_a_state_check
demo_a: unique index demo_a_key (key) where …
demo_a: index demo_a_lower ((expression))
demo_a: index demo_a_state (state, at desc, id)
demo_b: column a_id int not null
demo_b: column other_id int null
demo_b: column n int not null
demo_b: primary key (a_id, n)
demo_b: foreign key (a_id) references demo_a (id) on delete cascade on update no action
demo_b: foreign key (other_id) references demo_a (id) on delete set null on update no action
`
	dbtest.Each(t, everything, func(t *testing.T, d *db.DB) {
		s, err := db.ReadSchema(t.Context(), d)
		if err != nil || s.String() != want {
			t.Errorf("got %v\n%s\nwant\n%s", err, s, want)
		}
	})
}

func TestDifference(t *testing.T) {
	t.Parallel()
	differing := map[string][2]string{
		"a column":        {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}});"},
		"a kind":          {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n {{bool}});"},
		"null":            {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint not null);"},
		"a default":       {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint default 1);"},
		"order":           {"create table demo_a (id {{pk}}, n bigint, m bigint);", "create table demo_a (id {{pk}}, m bigint, n bigint);"},
		"an index":        {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint); create index demo_a_n on demo_a (n);"},
		"a unique":        {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint unique);"},
		"a check":         {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint constraint demo_a_n_check check (n > 0));"},
		"a reference":     {"create table demo_a (id {{pk}}, n bigint);", "create table demo_a (id {{pk}}, n bigint references demo_a (id));"},
		"a deletion rule": {"create table demo_a (id {{pk}}, n bigint references demo_a (id));", "create table demo_a (id {{pk}}, n bigint references demo_a (id) on delete cascade);"},
		"a table":         {"create table demo_a (id {{pk}});", "create table demo_a (id {{pk}}); create table demo_b (id {{pk}});"},
	}
	for name, sql := range differing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(e db.Engine, sql string) db.Schema {
				// A template for each of these schemas would be used once.
				d := dbtest.New(t, e, nil)
				if _, err := db.Migrate(t.Context(), d, []db.Migrations{{Module: "demo", FS: files("0001_a.sql", sql)}}); err != nil {
					t.Fatal(err)
				}
				s, err := db.ReadSchema(t.Context(), d)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			diff := read(db.SQLite, sql[0]).Difference(read(db.Postgres, sql[1]))
			if len(diff) == 0 {
				t.Error("the difference was not seen")
			}
			for _, line := range diff {
				if !strings.Contains(line, "demo_") && !strings.Contains(line, "order") {
					t.Errorf("got %q", line)
				}
			}
			if same := read(db.SQLite, sql[1]).Difference(read(db.Postgres, sql[1])); same != nil {
				t.Errorf("equal schemas differ: %q", same)
			}
		})
	}
}
