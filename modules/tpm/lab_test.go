package tpm_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/attachment"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/organisation"
	"almoner.dev/almoner/modules/tpm"
)

// all is this module with what it needs: tests of a module boot no others.
var all = []module.Definition{account.Module, attachment.Module, location.Module, organisation.Module, tpm.Module}

// lab is the program filled with the small world, and what the tests of visits need to know of it.
type lab struct {
	*testing.T
	a   *apptest.App
	tpm *tpm.Service
	// ids of records by `entity key`: "user pme@agency.example", "firm F1", "partner C1", "section WASH", ….
	ids map[string]int64
	// sent are the statements of the last request that was counted.
	sent []string
}

// eachEngine runs a test in a lab of its own on each engine.
func eachEngine(t *testing.T, fn func(l *lab)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, all, world, func(t *testing.T, a *apptest.App) {
		l := &lab{T: t, a: a, tpm: a.Set.Parts["tpm"].Service.(*tpm.Service), ids: map[string]int64{}}
		for kind, sql := range map[string]string{
			"user":      "select id, email from account_users",
			"org":       "select id, vendor_number from organisation_organisations",
			"firm":      "select f.id, o.vendor_number from tpm_firms f join organisation_organisations o on o.id = f.organization_id",
			"partner":   "select p.id, w.code || ' ' || o.vendor_number from organisation_partners p join organisation_organisations o on o.id = p.organisation_id join account_workspaces w on w.id = p.workspace_id",
			"section":   "select s.id, w.code || ' ' || s.name from organisation_sections s join account_workspaces w on w.id = s.workspace_id",
			"office":    "select s.id, w.code || ' ' || s.name from organisation_offices s join account_workspaces w on w.id = s.workspace_id",
			"output":    "select s.id, w.code || ' ' || s.code from organisation_outputs s join account_workspaces w on w.id = s.workspace_id",
			"agreement": "select s.id, s.number from organisation_agreements s",
			"place":     "select s.id, s.p_code from location_locations s",
			"workspace": "select id, code from account_workspaces",
		} {
			rows, err := a.DB.Query(t.Context(), sql)
			_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
				var id int64
				var key string
				err := r.Scan(&id, &key)
				l.ids[kind+" "+strings.TrimPrefix(key, "KEN ")] = id
				return struct{}{}, err
			})
			if err != nil {
				t.Fatalf("read ids of %s: %v", kind, err)
			}
		}
		fn(l)
	})
}

// sub runs a part of the test under a name, in the same lab, one after the other.
func (l *lab) sub(name string, fn func(l *lab)) {
	l.Helper()
	l.Run(name, func(t *testing.T) {
		part := *l
		part.T = t
		fn(&part)
	})
}

// id returns the id of a record of the world by kind and key.
func (l *lab) id(key string) int64 {
	l.Helper()
	id, ok := l.ids[key]
	if !ok {
		l.Fatalf("the world has no %s", key)
	}
	return id
}

// put carries out a change as the program itself in the workspace, past rules about who may.
func (l *lab) put(workspace string, e *entity.Entity, id int64, values entity.Values) int64 {
	l.Helper()
	ctx := almoner.WithActor(l.Context(), &almoner.Actor{System: "test", Workspace: almoner.Workspace{ID: l.id("workspace " + workspace), Code: workspace}})
	c := e.NewChange(id, values)
	if err := l.a.DB.InTx(ctx, func(tx *db.Tx) error { return e.Save(ctx, tx, c) }); err != nil {
		l.Fatalf("put %s: %v", e.Name, err)
	}
	return c.ID
}

// task adds a good task to a visit and returns its id.
func (l *lab) task(visit int64, values entity.Values) int64 {
	l.Helper()
	all := entity.Values{
		"tpm_visit": visit, "partner": l.id("partner C1"), "intervention": l.id("agreement KEN/PCA1/PD1"), "cp_output": l.id("output 1.1"), "section": l.id("section WASH"),
		"date": day("2026-12-01"), "locations": []int64{l.id("place KE-43")}, "offices": []int64{l.id("office Nairobi")},
		"unicef_focal_points": []int64{l.id("user focal@agency.example")},
	}
	for name, v := range values {
		all[name] = v
	}
	return l.put("KEN", l.tpm.Task, 0, all)
}

// visit makes a visit of firm F1 in a state, with one task, both sides' focal points, and the days of the states that it went through. Not all
// states can be reached by moves before reports can be attached, and walking there for each of hundreds of cases would be slow.
func (l *lab) visit(status string, values entity.Values) int64 {
	l.Helper()
	all := entity.Values{
		"tpm_partner": l.id("firm F1"), "author": l.id("user pme@agency.example"), "tpm_partner_focal_points": []int64{l.id("user tpmfocal@firm.example")},
		"visit_information": "Bring boots",
	}
	for name, v := range values {
		all[name] = v
	}
	id := l.put("KEN", l.tpm.Visit, 0, all)
	l.task(id, nil)
	if status != "draft" {
		l.put("KEN", l.tpm.Visit, id, l.history(status))
	}
	return id
}

// history are the fields of a visit that came into its state on the usual way.
func (l *lab) history(status string) entity.Values {
	values := entity.Values{"status": status, "cancel_comment": "", "reject_comment": "", "approval_comment": ""}
	for i, name := range []string{"assigned", "tpm_accepted", "tpm_rejected", "tpm_reported", "tpm_report_rejected", "unicef_approved", "cancelled"} {
		values[dayField(name)] = day(fmt.Sprintf("2026-05-%02d", i+1))
	}
	return values
}

// report attaches an overall report to a visit, as its firm does while it may, and leaves the visit in the state.
func (l *lab) report(visit int64, status string) {
	l.Helper()
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "tpm_accepted"})
	kind := l.count("select id from attachment_file_types where name = 'overall_report'")
	l.a.As("tpmfocal@firm.example").Post(path(visit, "report-attachments"), map[string]any{"file_type": kind, "hyperlink": "https://reports.example/1"}).Want(l, 201)
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": status})
}

// dayField is the field with the day of a state.
func dayField(status string) string {
	return "date_of_" + status
}

func day(text string) almoner.Date {
	d, err := almoner.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// path is the address of a visit, with an action behind it when one is named.
func path(visit int64, action ...string) string {
	p := fmt.Sprintf("/api/tpm/visits/%d/", visit)
	for _, a := range action {
		p += a + "/"
	}
	return p
}

// stored is everything that the database holds of a visit and its tasks, to compare before and after.
func (l *lab) stored(visit int64) map[string]string {
	l.Helper()
	found := map[string]string{}
	var firm, author int64
	var status, information, cancel, reject, approval string
	err := l.a.DB.QueryRow(l.Context(), "select coalesce(firm_id, 0), coalesce(author_id, 0), status, visit_information, cancel_comment, reject_comment, approval_comment from tpm_visits where id = $1 and deleted_at is null", visit).
		Scan(&firm, &author, &status, &information, &cancel, &reject, &approval)
	if err != nil {
		l.Fatalf("read visit %d: %v", visit, err)
	}
	for name, v := range map[string]any{
		"tpm_partner": firm, "author": author, "status": status, "visit_information": information, "cancel_comment": cancel, "reject_comment": reject, "approval_comment": approval,
		"tpm_partner_focal_points": l.numbers("select user_id from tpm_visit_firm_focal_points where visit_id = $1 order by user_id", visit),
		"report_reject_comments":   l.numbers("select id from tpm_report_reject_comments where visit_id = $1 order by id", visit),
	} {
		found[name] = fmt.Sprint(v)
	}
	rows, err := l.a.DB.Query(l.Context(), `
		select 'task ' || id || ' ' || coalesce(partner_id, 0) || ' ' || coalesce(agreement_id, 0) || ' ' || coalesce(output_id, 0) || ' ' || section_id || ' ' || additional_information
		from tpm_tasks where visit_id = $1 order by id`, visit)
	list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		l.Fatalf("read tasks of visit %d: %v", visit, err)
	}
	found["tpm_activities"] = strings.Join(list, "; ")
	return found
}

func (l *lab) numbers(sql string, args ...any) []int64 {
	l.Helper()
	rows, err := l.a.DB.Query(l.Context(), sql, args...)
	list, err := db.Collect(rows, err, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) })
	if err != nil {
		l.Fatalf("%s: %v", sql, err)
	}
	return append([]int64{}, list...)
}

// count is the number that a statement yields.
func (l *lab) count(sql string, args ...any) int64 {
	l.Helper()
	list := l.numbers(sql, args...)
	if len(list) != 1 {
		l.Fatalf("%s: %d rows, want one", sql, len(list))
	}
	return list[0]
}

// differing are the names under which two maps differ, sorted.
func differing(before, after map[string]string) []string {
	names := []string{}
	for name := range before {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// keys are the sorted keys of a JSON object.
func keys(v any) []string {
	list := []string{}
	object, _ := v.(map[string]any)
	for key := range object {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

// dig follows names and positions into a JSON tree; what is not there is nil.
func dig(v any, steps ...any) any {
	for _, step := range steps {
		switch s := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[s]
		case int:
			list, _ := v.([]any)
			if s >= len(list) {
				return nil
			}
			v = list[s]
		}
	}
	return v
}

// same compares what got and want look like as JSON.
func (l *lab) same(what string, got, want any) {
	l.Helper()
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if errG != nil || errW != nil {
		l.Fatalf("%s: %v, %v", what, errG, errW)
	}
	if string(g) != string(w) {
		l.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// list are the ids that a list shows, in its order.
func (l *lab) list(r *apptest.Response) []int64 {
	l.Helper()
	tree := r.Want(l, 200).JSON(l)
	rows, bare := tree.([]any)
	if !bare {
		rows, _ = dig(tree, "results").([]any)
	}
	ids := []int64{}
	for _, row := range rows {
		switch id := dig(row, "id").(type) {
		case float64:
			ids = append(ids, int64(id))
		default:
			l.Fatalf("a row without id: %v", row)
		}
	}
	return ids
}

// timeline are the facts about a visit and its tasks, oldest first.
func (l *lab) timeline(visit int64) ([]event.Fact, error) {
	return event.Timeline(l.Context(), l.a.DB, "tpm.visit", visit)
}
