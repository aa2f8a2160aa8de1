package insuree

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/module"
)

// intaken runs fn on each engine with this module ready for an import.
func intaken(t *testing.T, fn func(t *testing.T, into intake.Into)) {
	t.Helper()
	who := module.Definition{Name: "who", Build: func(*module.Host) (*module.Parts, error) {
		return &module.Parts{Identity: &module.Identity{Workspace: func(context.Context, db.Queryer, string) (almoner.Workspace, error) { return imis, nil }}}, nil
	}}
	ordered, err := module.Order(append([]module.Definition{who}, list...))
	if err != nil {
		t.Fatal(err)
	}
	all := []db.Migrations{event.Migrations, api.Migrations, file.Migrations, intake.Migrations}
	for _, m := range ordered[1:] {
		all = append(all, db.Migrations{Module: m.Name, FS: m.Migrations})
	}
	dbtest.Each(t, all, func(t *testing.T, d *db.DB) {
		set, err := module.Build(module.Host{DB: d, Log: slog.New(slog.DiscardHandler)}, ordered)
		if err != nil {
			t.Fatal(err)
		}
		fn(t, intake.Into{DB: d, Set: set})
	})
}

func takeIn(t *testing.T, into intake.Into, dir fs.FS) string {
	t.Helper()
	report, err := intake.Take(t.Context(), into, intake.Wish{Set: "openimis", Dir: dir, Workspace: "IMIS"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		t.Error(p)
	}
	var lines []string
	for _, f := range report.Files {
		if !f.Missing {
			lines = append(lines, fmt.Sprintf("%s %d+%d=%d!%d", strings.TrimSuffix(f.File, ".csv"), f.Made, f.Changed, f.Unchanged, f.Refused))
		}
	}
	return strings.Join(lines, " ")
}

// A family, its head and a former state of each come in with their UUIDs, their past and their relations; coming again, they change nothing.
func TestIntake(t *testing.T) {
	t.Parallel()
	dir := fstest.MapFS{}
	for name, text := range map[string]string{
		"genders.csv":              "code,gender,alt_language,sort_order\nF,Female,,2\nM,Man,,1\n",
		"relations.csv":            "id,relation,alt_language,sort_order\n4,Child,Fils,\n",
		"professions.csv":          "id,profession,alt_language,sort_order\n",
		"educations.csv":           "id,education,alt_language,sort_order\n",
		"family_types.csv":         "code,type,alt_language,sort_order\nH,Household,,\n",
		"confirmation_types.csv":   "code,confirmation_type,alt_language,sort_order\n",
		"identification_types.csv": "code,identification_type,alt_language,sort_order\n",
		"locations.csv":            "id,uuid,code,name,parent_id,type\n35,0b2ba9a4-3d5b-4b5e-8a1c-0b2ba9a43d5b,V1,Village,,R\n",
		"families.csv": "id,uuid,head_insuree_id,location_id,poverty,family_type,address,ethnicity,confirmation_no,confirmation_type,offline,validity_from,validity_to,legacy_id,audit_user_id\n" +
			"2,c8e83c86-5868-479a-8c30-b41d16c77cc3,6,35,false,H,Zone 85,,,,false,2018-03-20T08:40:19.367,,,0\n" +
			"3,f49eac94-e3eb-424a-b4e0-03e13ed40e1d,6,35,,,,,,,false,2018-03-20T08:35:35.993,2018-03-20T08:40:19.363,2,0\n",
		"insurees.csv": "id,uuid,family_id,chf_id,last_name,other_names,dob,gender,marital,head,passport,type_of_id,phone,email,card_issued,relationship_id,profession_id,education_id," +
			"health_facility_id,current_address,current_village_id,geolocation,photo_id,photo_date,offline,validity_from,validity_to,legacy_id,audit_user_id\n" +
			"6,6f1f1b5e-21a1-4b3f-9478-23e6f41b0024,2,070707071,Sample,Person,1950-07-12,M,M,true,,,,,false,,,,,,,,11,2018-03-27,false,2018-03-27T06:43:15.817,,,1\n" +
			"7,7f1f1b5e-21a1-4b3f-9478-23e6f41b0024,2,070707071,Simple,Person,1950-07-12,M,,true,,,,,false,,,,,,,,,,false,2018-03-20T06:43:15.817,2018-03-27T06:43:15.817,6,1\n" +
			"8,8f1f1b5e-21a1-4b3f-9478-23e6f41b0024,2,070707072,Sample,Child,1990-07-12,F,,false,,,,,false,4,,,,,,,,,false,2018-03-20T06:43:15.817,,,1\n",
		// The second is of the former state; both are of the same person.
		"insuree_photos.csv": "id,uuid,insuree_id,chf_id,filename,officer_id,date,validity_from,validity_to,audit_user_id\n" +
			"11,11111b5e-21a1-4b3f-9478-23e6f41b0024,6,070707071,new.jpg,3,2018-03-27,2018-03-27T06:43:15.817,,1\n" +
			"12,12111b5e-21a1-4b3f-9478-23e6f41b0024,7,070707071,old.jpg,3,2018-03-20,2018-03-20T06:43:15.817,,1\n",
	} {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	intaken(t, func(t *testing.T, into intake.Into) {
		first := takeIn(t, into, dir)
		var got string
		err := into.DB.QueryRow(t.Context(), `select i.uuid || ' ' || i.last_name || ' ' || f.uuid || ' ' || h.chf_id || ' ' || g.code || ' ' || l.name
			from insuree_insurees i join insuree_families f on f.id = i.family_id join insuree_insurees h on h.id = f.head_insuree_id
			join insuree_genders g on g.id = i.gender_id join location_locations l on l.id = i.place_id where i.chf_id = '070707071'`).Scan(&got)
		if want := "6f1f1b5e-21a1-4b3f-9478-23e6f41b0024 Sample c8e83c86-5868-479a-8c30-b41d16c77cc3 070707071 M Village"; err != nil || got != want {
			t.Errorf("%q, %v after %s", got, err, first)
		}
		for sql, want := range map[string]int64{
			"select count(*) from insuree_insurees where validity_to is null": 2, "select count(*) from insuree_insurees where head": 1,
			"select count(*) from insuree_insurees_versions where uuid = '7f1f1b5e-21a1-4b3f-9478-23e6f41b0024' and last_name = 'Simple' and past_id is not null":        1,
			"select count(*) from insuree_families_versions where uuid = 'f49eac94-e3eb-424a-b4e0-03e13ed40e1d' and past_id is not null":                                 1,
			"select count(*) from insuree_photos p join insuree_insurees i on i.id = p.insuree_id where i.chf_id = '070707071' and p.filename in ('old.jpg', 'new.jpg')": 2,
			"select count(*) from insuree_insurees i join insuree_photos p on p.id = i.photo_id where p.filename = 'new.jpg'":                                            1,
			"select count(*) from insuree_insurees_versions where record_id = (select max(record_id) from insuree_insurees_versions where chf_id = '070707071')":         2,
			"select count(*) from insuree_relations": 8, "select count(*) from insuree_genders where name = 'Man'": 1,
		} {
			var n int64
			if err := into.DB.QueryRow(t.Context(), sql).Scan(&n); err != nil || n != want {
				t.Errorf("%s: %d, %v", sql, n, err)
			}
		}
		again := takeIn(t, into, dir)
		if strings.Contains(again, "+1") || !strings.Contains(again, "insurees 0+0=") {
			t.Errorf("the second time: %s", again)
		}
	})
}
