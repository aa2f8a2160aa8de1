package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/module"
)

const schema = `
create table hamlet_places (
    id {{pk}}, workspace_id bigint not null, code {{text}} not null, name {{text}} not null, parent_id bigint,
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1,
    constraint hamlet_places_code_key unique (workspace_id, code)
);
create table hamlet_kinds (
    id {{pk}}, workspace_id bigint not null, code {{text}} not null,
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1
);
create table hamlet_houses (
    id {{pk}}, workspace_id bigint not null, place_id bigint not null, head_id bigint, kind_id bigint, built {{date}},
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1
);
create table hamlet_fees (
    id {{pk}}, workspace_id bigint not null, uuid {{text}} not null, legacy_id bigint, validity_from {{time}} not null, validity_to {{time}},
    code {{text}} not null, price bigint not null, place_id bigint not null,
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1,
    constraint hamlet_fees_uuid_key unique (uuid)
);
create unique index hamlet_fees_code_key on hamlet_fees (workspace_id, code) where validity_to is null;
create table hamlet_fees_versions (
    id {{pk}}, record_id bigint not null, version bigint not null, changed_at {{time}} not null, changed_by bigint not null, lists {{json}} not null, past_id bigint,
    workspace_id bigint not null, uuid {{text}} not null, legacy_id bigint, validity_from {{time}} not null, validity_to {{time}},
    code {{text}} not null, price bigint not null, place_id bigint not null,
    constraint hamlet_fees_versions_key unique (record_id, version),
    constraint hamlet_fees_versions_past_key unique (past_id)
);
create table hamlet_receipts (
    id {{pk}}, workspace_id bigint not null, number bigint not null, fee_id bigint not null,
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1
);
create table hamlet_people (
    id {{pk}}, workspace_id bigint not null, name {{text}} not null, house_id bigint,
    created_at {{time}} not null, updated_at {{time}} not null, version bigint not null default 1
);
`

var north = almoner.Workspace{ID: 7, Code: "NOR", Name: "North"}

// hamlet is a module with a tree, two tables that refer to each other, and a table that others name by its key.
func hamlet(*module.Host) (*module.Parts, error) {
	place := &entity.Entity{Name: "hamlet.place", Label: "Place", Table: "hamlet_places", Key: []string{"code"}, Fields: []*entity.Field{
		{Name: "code", Kind: entity.Text, Max: 8, Required: true, Unique: true},
		{Name: "name", Kind: entity.Text, Max: 50, Required: true},
		{Name: "parent", Kind: entity.Ref, To: "hamlet.place", Null: true},
	}}
	kind := &entity.Entity{Name: "hamlet.kind", Label: "Kind", Table: "hamlet_kinds", Key: []string{"code"}, Fields: []*entity.Field{
		{Name: "code", Kind: entity.Text, Required: true, Unique: true},
	}}
	house := &entity.Entity{Name: "hamlet.house", Label: "House", Table: "hamlet_houses", Fields: []*entity.Field{
		{Name: "place", Kind: entity.Ref, To: "hamlet.place", Required: true},
		{Name: "head", Kind: entity.Ref, To: "hamlet.person", Null: true},
		{Name: "kind", Kind: entity.Ref, To: "hamlet.kind", Null: true},
		{Name: "built", Kind: entity.Date, Null: true},
	}, Check: func(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
		if d, ok := c.Value("built").(almoner.Date); ok && d.Year() < 1000 {
			p.Add("built", "hamlet.old", "Nothing here is that old.")
		}
		return nil
	}}
	person := &entity.Entity{Name: "hamlet.person", Label: "Person", Table: "hamlet_people", Fields: []*entity.Field{
		{Name: "name", Kind: entity.Text, Max: 20, Required: true},
		{Name: "house", Kind: entity.Ref, To: "hamlet.house", Null: true},
	}}
	fee := &entity.Entity{Name: "hamlet.fee", Label: "Fee", Table: "hamlet_fees", Versions: "hamlet_fees_versions", Validity: true, Key: []string{"code"}, Fields: []*entity.Field{
		{Name: "code", Kind: entity.Text, Max: 8, Required: true, Unique: true},
		{Name: "price", Kind: entity.Decimal, Scale: 2, Required: true},
		{Name: "place", Kind: entity.Ref, To: "hamlet.place", Required: true},
	}}
	receipt := &entity.Entity{Name: "hamlet.receipt", Label: "Receipt", Table: "hamlet_receipts", Fields: []*entity.Field{
		{Name: "number", Kind: entity.Integer, Required: true},
		{Name: "fee", Kind: entity.Ref, To: "hamlet.fee", Required: true, Outlives: true},
	}}
	return &module.Parts{Entities: []*entity.Entity{place, kind, house, person, fee, receipt}, Tables: []module.Table{
		{Set: "old", File: "people.csv", Entity: person, Columns: []module.Column{{Name: "house_id", Field: "house", File: "houses.csv"}, {Name: "secret", Left: "it is nobody's business"}}},
		{Set: "old", File: "houses.csv", Entity: house, Columns: []module.Column{
			{Name: "place_id", Field: "place", File: "places.csv"}, {Name: "head_id", Field: "head", File: "people.csv", Later: true}, {Name: "kind", Values: map[string]string{"0": ""}},
		}},
		{Set: "old", File: "places.csv", Entity: place, Columns: []module.Column{{Name: "parent_id", Field: "parent", File: "places.csv"}}},
		{Set: "old", File: "fees.csv", Entity: fee, Past: true, Columns: []module.Column{{Name: "place_id", Field: "place", File: "places.csv"}}},
		{Set: "old", File: "receipts.csv", Entity: receipt, Columns: []module.Column{{Name: "fee_id", Field: "fee", File: "fees.csv", Lasting: true}}},
		{Set: "old", Entity: kind, Rows: []entity.Values{{"code": "HUT"}, {"code": "CAVE"}}},
		{Set: "old", File: "kinds.csv", Entity: kind, ID: []string{"code"}},
		{Set: "old", File: "songs.csv", Left: "nobody sings here"},
	}}, nil
}

func each(t *testing.T, fn func(t *testing.T, into intake.Into)) {
	t.Helper()
	who := module.Definition{Name: "who", Build: func(*module.Host) (*module.Parts, error) {
		return &module.Parts{Identity: &module.Identity{Workspace: func(context.Context, db.Queryer, string) (almoner.Workspace, error) { return north, nil }}}, nil
	}}
	migrations := []db.Migrations{event.Migrations, api.Migrations, file.Migrations, intake.Migrations, {Module: "hamlet", FS: fstest.MapFS{"0001_hamlet.sql": {Data: []byte(schema)}}}}
	dbtest.Each(t, migrations, func(t *testing.T, d *db.DB) {
		set, err := module.Build(module.Host{DB: d, Log: slog.New(slog.DiscardHandler)}, []module.Definition{who, {Name: "hamlet", Build: hamlet}})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, intake.Into{DB: d, Set: set})
	})
}

func folder(files map[string]string) fs.FS {
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

// world is a good set: children stand before their parents, families and people refer to each other.
func world() map[string]string {
	return map[string]string{
		"places.csv":  "id,code,name,parent_id,validity_from\n12,V1,Village,11,2017-01-01T00:00:00.000\n11,D1,District,10,2017-01-01T00:00:00.000\n10,R1,\"Re\ngion\",,2017-01-01T00:00:00.000\n",
		"kinds.csv":   "\ufeffcode\nHUT\nTENT\n",
		"houses.csv":  "id,place_id,head_id,kind,built\n1,12,5,HUT,2001-02-03\n2,12,,0,\n",
		"people.csv":  "id,name,house_id,secret,shoe\n5,Ama,1,x,42\n6,Bo,1,y,40\n7,Cy,2,,\n",
		"animals.csv": "id\n1\n", "songs.csv": "title\nX\n",
		"README.md": "not a table",
	}
}

func take(t *testing.T, into intake.Into, files map[string]string, edit ...func(w *intake.Wish)) *intake.Report {
	t.Helper()
	wish := intake.Wish{Set: "old", Dir: folder(files), Workspace: "NOR"}
	for _, e := range edit {
		e(&wish)
	}
	report, err := intake.Take(t.Context(), into, wish)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// counts tells of each file how many rows were made, changed, unchanged and refused.
func counts(r *intake.Report) string {
	var parts []string
	for _, f := range r.Files {
		if f.Missing {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %d+%d=%d!%d", strings.TrimSuffix(f.File, ".csv"), f.Made, f.Changed, f.Unchanged, f.Refused))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

func problems(r *intake.Report) string {
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func column(t *testing.T, into intake.Into, sql string) string {
	t.Helper()
	rows, err := into.DB.Query(t.Context(), sql)
	texts, err := db.Collect(rows, err, func(r db.Row) (text string, err error) { return text, r.Scan(&text) })
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(texts, " ")
}

const whole = `select h.id || ':' || p.code || ':' || coalesce(k.code, '-') || ':' || coalesce(head.name, '-')
	from hamlet_houses h join hamlet_places p on p.id = h.place_id left join hamlet_kinds k on k.id = h.kind_id left join hamlet_people head on head.id = h.head_id order by h.id`

func TestTakesASetOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		dry := take(t, into, world(), func(w *intake.Wish) { w.DryRun = true })
		if got := counts(dry); got != "houses 2+0=0!0 kinds 2+0=0!0 people 3+0=0!0 places 3+0=0!0" || column(t, into, "select name from hamlet_places") != "" {
			t.Errorf("a dry run wrote something, or counted %s", got)
		}
		first := take(t, into, world())
		if got, want := counts(first), "houses 2+0=0!0 kinds 1+0=1!0 people 3+0=0!0 places 3+0=0!0"; got != want || first.Refused() {
			t.Errorf("got %s %v, want %s", got, first.Problems, want)
		}
		if got, want := column(t, into, whole), "1:V1:HUT:Ama 2:V1:-:-"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := column(t, into, "select c.code || '<' || p.code from hamlet_places c join hamlet_places p on p.id = c.parent_id order by c.code"), "D1<R1 V1<D1"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := column(t, into, "select name from event_log where name = 'hamlet.person_created'"); strings.Count(got, "created") != 3 {
			t.Errorf("facts: %s", got)
		}
		var b strings.Builder
		if err := first.Write(&b); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"No module takes: animals.csv\n", "songs.csv is not taken: nobody sings here\n", "the column secret is not taken: it is nobody's business", "the column shoe is not taken: nothing here is like it"} {
			if !strings.Contains(b.String(), part) {
				t.Errorf("%q is missing in\n%s", part, &b)
			}
		}
		facts := column(t, into, "select cast(count(*) as text) from event_log")
		second := take(t, into, world())
		if got, want := counts(second), "houses 0+0=2!0 kinds 0+0=2!0 people 0+0=3!0 places 0+0=3!0"; got != want {
			t.Errorf("the second time: got %s, want %s", got, want)
		}
		if now := column(t, into, "select cast(count(*) as text) from event_log"); now != facts {
			t.Errorf("the second import stated facts: %s, before %s", now, facts)
		}
	})
}

func TestTakesCorrectionsAndLeavesChangesOfPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		take(t, into, world())
		people := into.Set.Registry.Entity("hamlet.person")
		ctx := almoner.WithActor(t.Context(), &almoner.Actor{System: "test", Workspace: north})
		if err := into.DB.InTx(ctx, func(tx *db.Tx) error {
			return people.Save(ctx, tx, people.NewChange(2, entity.Values{"name": "Bo the elder"}))
		}); err != nil {
			t.Fatal(err)
		}
		files := world()
		files["people.csv"] = strings.ReplaceAll(strings.ReplaceAll(files["people.csv"], "Bo", "Bob"), "Cy", "Cyd")
		files["houses.csv"] = "id,place_id,head_id,kind,built\n1,12,6,HUT,2001-02-03\n2,12,,0,\n"
		delete(files, "places.csv") // its rows are remembered
		report := take(t, into, files)
		if got, want := counts(report), "houses 0+0=2!0 kinds 0+0=2!0 people 0+1=1!1"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := problems(report), "people.csv:3: record 2 was changed here since it was imported, so the new row is left out"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := column(t, into, "select name from hamlet_people order by id"), "Ama Bo the elder Cyd"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := column(t, into, whole), "1:V1:HUT:Bo the elder 2:V1:-:-"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestWritesNothingOfAWrongSet gives each mistake that a file can have, and expects its place.
func TestWritesNothingOfAWrongSet(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		for name, c := range map[string]struct{ file, text, want string }{
			"a date":               {"houses.csv", "id,place_id,head_id,kind,built\n1,12,,HUT,03.02.2001\n", "houses.csv:2: built: Date has wrong format"},
			"a text too long":      {"places.csv", "id,code,name,parent_id\n1,ABCDEFGHI,x,\n12,V1,y,\n", "places.csv:2: code: Ensure this field has no more than 8 characters."},
			"nothing where a must": {"people.csv", "id,name,house_id,secret\n5,,1,\n", "people.csv:2: name: This field is required."},
			"an unknown row":       {"people.csv", "id,name,house_id,secret\n5,Ama,9,\n", "people.csv:2: house_id: there is no row 9 in houses.csv"},
			"an unknown later":     {"houses.csv", "id,place_id,head_id,kind,built\n1,12,99,,\n2,12,,,\n", "houses.csv:2: head_id: there is no row 99 in people.csv"},
			"an unknown key":       {"houses.csv", "id,place_id,head_id,kind,built\n1,12,,CAVE,\n2,12,,DEN,\n", "houses.csv:3: kind: there is no kind \"DEN\""},
			"a row twice":          {"people.csv", "id,name,house_id,secret\n5,Ama,1,\n5,Eve,1,\n", "people.csv:3: id: there is another row 5 before this one"},
			"a code twice":         {"places.csv", "id,code,name,parent_id\n12,V1,x,\n13,V1,y,\n", "places.csv:3: code: V1 stands in line 2 as well"},
			"a row without id":     {"people.csv", "id,name,house_id,secret\n,Ama,1,\n", "people.csv:2: id: this is missing"},
			"a short row":          {"people.csv", "id,name,house_id,secret\n5,Ama\n", "people.csv:2: this row has 2 columns, the header 4"},
			"a missing column":     {"people.csv", "id,name,secret\n5,Ama,\n", "people.csv:1: house_id: this column is missing"},
			"a column twice":       {"people.csv", "id,name,name,house_id,secret\n5,Ama,Eve,1,\n", "people.csv:1: name: this column stands in the header twice"},
			"no text":              {"kinds.csv", "code\nHU\x00T\n", "kinds.csv:2: code: Null characters"},
			"bad UTF-8":            {"kinds.csv", "code\nHU\xffT\n", "kinds.csv:2: code: Null characters"},
			"no table":             {"kinds.csv", "code\n\"HUT\n", "kinds.csv:2: not a CSV file"},
			"an empty file":        {"kinds.csv", "", "kinds.csv:1: the file is empty"},
		} {
			files := world()
			files[c.file] = c.text
			report := take(t, into, files)
			if !strings.Contains(problems(report), c.want) {
				t.Errorf("%s: got\n%s\nwant %s", name, problems(report), c.want)
			}
			if got := column(t, into, "select name from hamlet_places union all select code from hamlet_kinds union all select name from hamlet_people"); got != "" {
				t.Fatalf("%s: written all the same: %s", name, got)
			}
		}
	})
}

// TestLeavesOutWhatARuleRefuses expects the rest to be written, and what hangs on the refused row to be told as well.
func TestLeavesOutWhatARuleRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		files := world()
		files["houses.csv"] = "id,place_id,head_id,kind,built\n1,12,5,HUT,0900-02-03\n2,12,7,,\n"
		files["places.csv"] = "id,code,name,parent_id\n12,V1,Village,\n20,A,x,21\n21,B,y,20\n"
		report := take(t, into, files)
		want := "places.csv:3: this row refers to itself by way of others\nplaces.csv:4: this row refers to itself by way of others\n" +
			"houses.csv:2: built: Nothing here is that old.\n" +
			"people.csv:2: house_id: row 1 of houses.csv was refused, and this one with it\npeople.csv:3: house_id: row 1 of houses.csv was refused, and this one with it"
		if got := problems(report); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if got, want := column(t, into, whole), "1:V1:-:Cy"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		// Corrected, the rest comes in.
		files["houses.csv"], files["places.csv"] = strings.Replace(files["houses.csv"], "0900", "1900", 1), "id,code,name,parent_id\n12,V1,Village,\n20,A,x,21\n21,B,y,\n"
		if report = take(t, into, files); report.Refused() {
			t.Errorf("corrected: %s", problems(report))
		}
		if got, want := column(t, into, whole), "1:V1:-:Cy 2:V1:HUT:Ama"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestGoesOnWhereItEnded ends an import in the middle.
func TestGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		files := world()
		var b strings.Builder
		b.WriteString("id,name,house_id,secret\n5,Ama,1,\n7,Cy,2,\n")
		for i := range 200 {
			fmt.Fprintf(&b, "%d,P%d,2,\n", 100+i, i)
		}
		files["people.csv"] = b.String()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		wish := intake.Wish{Set: "old", Dir: folder(files), Workspace: "NOR", Progress: func(file string, done, _ int) {
			if file == "people.csv" && done >= 40 {
				cancel()
			}
		}}
		if _, err := intake.Take(ctx, into, wish); err == nil {
			t.Fatal("the import did not notice that it was ended")
		}
		some := column(t, into, "select cast(count(*) as text) from hamlet_people")
		if some == "0" || some == "202" {
			t.Fatalf("%s people were written before the end", some)
		}
		report := take(t, into, files)
		if report.Refused() || column(t, into, "select cast(count(*) as text) from hamlet_people") != "202" {
			t.Errorf("got %s %s", counts(report), problems(report))
		}
		if got, want := column(t, into, whole), "1:V1:HUT:Ama 2:V1:-:-"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if again := take(t, into, files); !strings.Contains(counts(again), "people 0+0=202!0") {
			t.Errorf("got %s", counts(again))
		}
	})
}

// TestKeepsThePast expects former rows beside the living one, with their UUIDs and times, and a row that ended without another in its place closed. What refers to a
// former row refers to the record.
func TestKeepsThePast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, into intake.Into) {
		files := world()
		files["fees.csv"] = "id,uuid,code,price,place_id,validity_from,validity_to,legacy_id\n" +
			"3,0190b2a1-7e5c-7000-8000-000000000003,A,2.50,12,2018-01-01T00:00:00.000,2019-02-03T04:05:06.007,1\n" +
			"1,0190b2a1-7e5c-7000-8000-000000000001,A,3.75,12,2019-02-03T04:05:06.007,,\n" +
			"2,0190b2a1-7e5c-7000-8000-000000000002,A,9.00,11,2020-01-01T00:00:00.000,2020-01-01T00:00:00.000,\n" +
			"4,0190b2a1-7e5c-7000-8000-000000000004,OLD,1.00,12,2017-01-01T00:00:00.000,2018-01-01T00:00:00.000,1\n" +
			"5,0190b2a1-7e5c-7000-8000-000000000005,GONE,1.00,99,2017-01-01T00:00:00.000,2018-01-01T00:00:00.000,1\n"
		if got, want := problems(take(t, into, files)), "fees.csv:6: place_id: there is no row 99 in places.csv"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		files["fees.csv"] = files["fees.csv"][:strings.LastIndex(files["fees.csv"], "5,0190")]
		files["receipts.csv"] = "id,number,fee_id\n1,100,3\n2,200,1\n3,300,2\n"
		report := take(t, into, files)
		if report.Refused() || !strings.Contains(counts(report), "fees 4+0=0!0") {
			t.Fatalf("got %s\n%s", counts(report), problems(report))
		}
		paid := column(t, into, "select cast(r.number as text) || '=' || cast(f.price as text) from hamlet_receipts r join hamlet_fees f on f.id = r.fee_id order by r.number")
		if paid != "100=375 200=375 300=900" {
			t.Errorf("receipts are for %s", paid)
		}
		fee := into.Set.Registry.Entity("hamlet.fee")
		rows := func(query string) string {
			params, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			q, _, err := fee.ParseQuery(entity.Viewer{}, params)
			if err != nil {
				t.Fatal(err)
			}
			list, err := fee.Page(t.Context(), into.DB, entity.Viewer{Actor: &almoner.Actor{System: "test", Workspace: north}, Trusted: true}, q)
			if err != nil {
				t.Fatal(err)
			}
			var shown []string
			for _, row := range list {
				var f struct {
					UUID, Code, Price string
					From              string `json:"validity_from"`
					To                string `json:"validity_to"`
				}
				if err := json.Unmarshal(row, &f); err != nil {
					t.Fatal(err)
				}
				shown = append(shown, fmt.Sprintf("%s %s %s %.10s–%.23s", f.UUID[35:], f.Code, f.Price, f.From, f.To))
			}
			slices.Sort(shown)
			return strings.Join(shown, ", ")
		}
		if got, want := rows(""), "1 A 3.75 2019-02-03–"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := rows("show_history=true"), "1 A 3.75 2019-02-03–, 2 A 9.00 2020-01-01–2020-01-01T00:00:00.000, 3 A 2.50 2018-01-01–2019-02-03T04:05:06.007, 4 OLD 1.00 2017-01-01–2018-01-01T00:00:00.000"; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
		if again := take(t, into, files); again.Refused() || !strings.Contains(counts(again), "fees 0+0=4!0") {
			t.Errorf("the second time: %s\n%s", counts(again), problems(again))
		}
	})
}
