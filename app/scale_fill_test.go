package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
)

// scale is how large a register is made: so many visits of two tasks each, and catalogues of a size that a country has.
type scale struct {
	visits, places, organisations, partners, firms, people int
}

// country is the catalogues of a large programme around n visits.
func country(n int) scale {
	return scale{visits: n, places: 20_000, organisations: 20_000, partners: 15_000, firms: 200, people: 2_000}
}

// own is added to the ids of made records, so that they are not those of the world that the register is made in.
const own = 1000

// fillRegister writes the register into the workspace KEN, the first one, with statements that the database works out itself, in pieces so that
// memory stays bounded whatever the size.
func fillRegister(tb testing.TB, a *apptest.App, s scale) {
	tb.Helper()
	f := filler{tb, a, a.DB.Engine()}
	// Sorting all keys of an index at its end costs a third of finding the place of each.
	made := f.dropIndexes()
	f.each(s.organisations, `insert into organisation_organisations (id, name, name_folded, vendor_number, vendor_number_folded, short_name, type, created_at, updated_at)
		select {id}, {name}, {name}, 'V' || i, 'v' || i, '', case i % 4 when 0 then 'Government' else 'Civil Society Organization' end, $1, $1 from s`)
	f.each(s.partners, `insert into organisation_partners (id, workspace_id, organisation_id, created_at, updated_at) select {id}, 1, {id}, $1, $1 from s`)
	f.each(s.partners, `insert into organisation_agreements (id, workspace_id, partner_id, number, number_folded, title, title_folded, document_type, status, created_at, updated_at)
		select {id}, 1, {id}, 'KEN/PD' || i, 'ken/pd' || i, {name}, {name}, 'PD', case i % 3 when 0 then 'active' else 'draft' end, $1, $1 from s`)
	f.each(20, `insert into organisation_sections (id, workspace_id, name, name_folded, created_at, updated_at) select {id}, 1, {name}, {name}, $1, $1 from s`)
	f.each(10, `insert into organisation_offices (id, workspace_id, name, name_folded, created_at, updated_at) select {id}, 1, {name}, {name}, $1, $1 from s`)
	f.each(500, `insert into organisation_outputs (id, workspace_id, name, name_folded, code, result_type, created_at, updated_at)
		select {id}, 1, {name}, {name}, 'c' || i, 'Output', $1, $1 from s`)
	f.each(s.places, `insert into location_locations (id, workspace_id, name, name_folded, p_code, p_code_folded, level_id, parent_id, uuid, validity_from, created_at,
		updated_at) select {id}, 1, {name}, {name}, 'KE9' || i, 'ke9' || i, 1 + i % 2,
		case when i < 20 then 1 + i % 2 else {own} + i / 20 end, 'made ' || i, $1, $1, $1 from s`)
	f.each(s.people, `insert into account_users (id, email, first_name, last_name, name_folded, current_workspace_id, created_at, updated_at)
		select {id}, 'p' || i || '@made.example', {name}, 'p' || i, {name}, 1, $1, $1 from s`)
	f.each(s.people, `insert into account_grants (user_id, workspace_id, organization_id, role_id, created_at, updated_at)
		select {id}, 1, {own} + i % {firms}, (select id from account_roles where name = 'Third Party Monitor'), $1, $1 from s`, "{firms}", s.firms)
	f.each(s.firms, `insert into tpm_firms (id, organization_id, created_at, updated_at) select {id}, {id}, $1, $1 from s`)
	f.each(s.firms, `insert into tpm_firm_workspaces (firm_id, workspace_id) select {id}, 1 from s`)
	f.each(s.visits, `insert into tpm_visits (id, workspace_id, workspace_code, author_id, firm_id, status, created_year, date_created, date_of_assigned, start_date, end_date, created_at,
		updated_at) select {id}, 1, 'KEN', 1, case when i % 8 > 0 then {own} + i % {firms} end,
		case i % 8 when 0 then 'draft' when 1 then 'assigned' when 2 then 'tpm_accepted' when 3 then 'tpm_reported' when 4 then 'cancelled' else 'unicef_approved' end,
		2016 + (i * 10) / {visits}, {day}, case when i % 8 > 0 then {day} end, {start}, {end}, $1, $1 from s`, "{visits}", s.visits+1, "{firms}", s.firms,
		// The days of its two tasks, below.
		"{start}", f.least()+"("+f.day("i")+", "+f.day("(i + "+fmt.Sprint(s.visits)+")")+")", "{end}", f.greatest()+"("+f.day("i")+", "+f.day("(i + "+fmt.Sprint(s.visits)+")")+")")
	f.each(2*s.visits, `insert into tpm_tasks (id, workspace_id, visit_id, partner_id, agreement_id, output_id, section_id, date, is_pv, created_at, updated_at)
		select {id}, 1, {own} + i % {visits}, {own} + (i * 7) % {partners}, {own} + (i * 7) % {partners}, {own} + i % 500, {own} + i % 20, {day}, i % 3 = 0, $1, $1 from s`,
		"{visits}", s.visits, "{partners}", s.partners)
	f.each(2*s.visits, `insert into tpm_task_locations (task_id, location_id) select {id}, {own} + (i * 11) % {places} from s`, "{places}", s.places)
	f.each(2*s.visits, `insert into tpm_task_focal_points (task_id, user_id) select {id}, {own} + (i * 3) % {people} from s`, "{people}", s.people)
	f.each(2*s.visits, `insert into tpm_task_offices (task_id, office_id) select {id}, {own} + i % 10 from s`)
	f.each(s.visits, `insert into tpm_visit_firm_focal_points (visit_id, user_id) select {id}, {own} + i % {people} from s`, "{people}", s.people)
	f.makeIndexes(made)
	f.run(func(tx *db.Tx) error {
		for _, table := range []string{
			"organisation_organisations", "organisation_partners", "organisation_agreements", "organisation_sections", "organisation_offices",
			"organisation_outputs", "location_locations", "account_users", "account_grants", "tpm_firms", "tpm_visits", "tpm_tasks",
		} {
			if err := tx.RaiseIDs(context.Background(), table); err != nil {
				return err
			}
		}
		if f.engine == db.SQLite {
			return nil
		}
		// What autovacuum would do within a minute on a real server.
		_, err := tx.Exec(context.Background(), "analyze")
		return err
	})
	if err := a.DB.Optimize(context.Background()); err != nil {
		f.Fatal(err)
	}
}

// bulky are the tables that most of a register is in.
var bulky = []string{"tpm_visits", "tpm_tasks", "tpm_task_locations", "tpm_task_focal_points", "tpm_task_offices", "tpm_visit_firm_focal_points"}

// dropIndexes drops the indexes of the bulky tables, but for those of constraints, and returns what makes them anew.
func (f filler) dropIndexes() []string {
	f.Helper()
	find := "select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name = $1 order by name"
	if f.engine == db.Postgres {
		find = `select indexname, indexdef from pg_indexes where schemaname = current_schema() and tablename = $1
			and not exists (select 1 from pg_constraint c where c.conname = indexname) order by indexname`
	}
	var made []string
	f.run(func(tx *db.Tx) error {
		for _, table := range bulky {
			rows, err := tx.Query(context.Background(), find, table)
			list, err := db.Collect(rows, err, func(r db.Row) (index [2]string, err error) { return index, r.Scan(&index[0], &index[1]) })
			if err != nil {
				return err
			}
			for _, index := range list {
				if _, err := tx.Exec(context.Background(), "drop index "+index[0]); err != nil {
					return err
				}
				made = append(made, index[1])
			}
		}
		return nil
	})
	return made
}

// makeIndexes makes indexes anew.
func (f filler) makeIndexes(list []string) {
	f.Helper()
	for _, index := range list {
		f.run(func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), index)
			return err
		})
	}
}

type filler struct {
	testing.TB
	a      *apptest.App
	engine db.Engine
}

// nameSQL makes a name of i: three syllables that many names share, three that few do, and the number.
const nameSQL = `substr('bakidaregalomunapisoruteva', 1 + 2 * cast(i % 13 as int), 2) || substr('bakidaregalomunapisoruteva', 1 + 2 * cast(i % 7 as int), 2) || 'tan ' ||
	substr('zubexidovagykahe', 1 + 2 * cast(i % 8 as int), 2) || substr('zubexidovagykahe', 1 + 2 * cast(i / 8 % 8 as int), 2) || substr('zubexidovagykahe', 1 + 2 * cast(i / 64 % 8 as int), 2) || ' ' || i`

// each runs a statement over the numbers from 0 up to n, which it finds in s(i), in pieces. In it {id} is the id of the record, {name} a name and
// {day} a day. Further words come with their numbers.
func (f filler) each(n int, sql string, words ...any) {
	f.Helper()
	sql = strings.NewReplacer("{id}", fmt.Sprintf("%d + i", own), "{own}", fmt.Sprint(own), "{name}", nameSQL, "{day}", f.day("i")).Replace(sql)
	for i := 0; i+1 < len(words); i += 2 {
		sql = strings.ReplaceAll(sql, fmt.Sprint(words[i]), fmt.Sprint(words[i+1]))
	}
	into, from, _ := strings.Cut(sql, "select ")
	var args []any
	if strings.Contains(sql, "$1") {
		args = append(args, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	const piece = 100_000
	for first := 0; first < n; first += piece {
		f.run(func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), fmt.Sprintf("%s with recursive s(i) as (select cast(%d as bigint) union all select i + 1 from s where i + 1 < %d) select %s",
				into, first, min(first+piece, n), from), args...)
			return err
		})
	}
}

// day is the SQL of the day of a number.
func (f filler) day(i string) string {
	if f.engine == db.SQLite {
		return "date('2024-01-01', (" + i + " % 700) || ' days')"
	}
	return "(date '2024-01-01' + cast(" + i + " % 700 as int))"
}

// least and greatest are the functions of that name.
func (f filler) least() string {
	return map[db.Engine]string{db.SQLite: "min", db.Postgres: "least"}[f.engine]
}

func (f filler) greatest() string {
	return map[db.Engine]string{db.SQLite: "max", db.Postgres: "greatest"}[f.engine]
}

func (f filler) run(fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.a.DB.InTx(context.Background(), fn); err != nil {
		f.Fatal(err)
	}
}
