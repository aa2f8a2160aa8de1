package tpm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/core/entity"
)

// figures are the five numbers of a row.
func figures(row any) []any {
	return []any{dig(row, "name"), dig(row, "q1"), dig(row, "q2"), dig(row, "q3"), dig(row, "q4"), dig(row, "total")}
}

// Tasks that count as programmatic visits are counted for their partner by the quarter of their day, when their visit is approved and not deleted; those
// without the mark are not (tpm §2.3, §11 "HACT").
func TestHACT(t *testing.T) {
	eachEngine(t, func(l *lab) {
		const address = "/api/tpm/hact/"
		pme := l.a.As("pme@agency.example")
		visit := l.visit("unicef_approved", nil)
		mark := func(visit int64, partner, date string) {
			l.Helper()
			values := entity.Values{"partner": l.id("partner " + partner), "intervention": nil, "cp_output": nil, "is_pv": true, "date": day(date)}
			l.task(visit, values)
		}
		for _, date := range []string{
			"2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01", "2026-12-30", "2026-12-31", "2027-01-01",
		} {
			mark(visit, "G1", date)
		}
		mark(visit, "B1", "2026-05-05")
		l.task(visit, entity.Values{"partner": l.id("partner G1"), "intervention": nil, "date": day("2026-05-05")})
		// What is not approved, or deleted, counts nothing.
		for _, status := range statuses {
			if status != "unicef_approved" {
				mark(l.visit(status, nil), "G1", "2026-02-02")
			}
		}
		gone := l.visit("unicef_approved", nil)
		mark(gone, "G1", "2026-02-02")
		l.exec("update tpm_visits set deleted_at = $2 where id = $1", gone, time.Now().UTC())

		all := pme.Get(address+"?year=2026").Want(l, 200).JSON(l).([]any)
		l.same("keys", keys(all[0]), []string{"id", "name", "q1", "q2", "q3", "q4", "total", "vendor_number", "year"})
		l.same("figures", []any{figures(all[0]), figures(all[1]), figures(all[2]), len(all)}, []any{
			[]any{"Afya Bora Consortium", 0, 0, 0, 0, 0}, []any{"Ministry of Health", 2, 2, 2, 3, 9}, []any{"World Food Friends", 0, 1, 0, 0, 1}, 3,
		})
		one := pme.Get(fmt.Sprintf("%s?year=2025&partner=%d", address, l.id("partner G1"))).Want(l, 200).JSON(l).([]any)
		l.same("the year before", []any{figures(one[0]), len(one)}, []any{[]any{"Ministry of Health", 0, 0, 0, 1, 1}, 1})
		l.same("without a year", dig(pme.Get(address).Want(l, 200).JSON(l), 0, "year"), time.Now().UTC().Year())
		csv := pme.Get(address+"export/?year=2026").Want(l, 200)
		l.same("file", strings.Split(string(csv.Body), "\r\n"), []string{
			"Vendor Number,Implementing Partner,Year,Q1,Q2,Q3,Q4,Total", "C1,Afya Bora Consortium,2026,0,0,0,0,0", "G1,Ministry of Health,2026,2,2,2,3,9",
			"B1,World Food Friends,2026,0,1,0,0,1", "",
		})
		l.same("its name and type", []string{csv.Header.Get("Content-Disposition"), csv.Header.Get("Content-Type")},
			[]string{"attachment; filename=programmatic_visits_2026.csv", "text/csv; charset=utf-8"})

		// A hidden partner stays where it has something to show.
		l.exec("update organisation_partners set hidden = $1", true)
		l.same("hidden partners", len(pme.Get(address+"?year=2026").Want(l, 200).JSON(l).([]any)), 2)
		l.same("elsewhere", len(pme.In("LBN").Get(address+"?year=2026").Want(l, 200).JSON(l).([]any)), 0)
		for _, bad := range []string{"?year=x", "?year=0", "?year=10000", "?year=99999999999999999999", "?partner=x"} {
			l.same(bad, keys(pme.Get(address+bad).Want(l, 400).JSON(l)), []string{strings.Trim(strings.Split(bad, "=")[0], "?")})
		}
		for _, p := range askers {
			want := 403
			if p.is("unicef") || p.is("pme") {
				want = 200
			}
			for _, a := range []string{address, address + "export/"} {
				if r := p.in(l).Get(a); r.Status != want {
					l.Errorf("%s: %s: got %d, want %d", p.name, a, r.Status, want)
				}
			}
		}
	})
}

// Approving marks the tasks that are named, and the figures follow (tpm §3 approve, §2.3).
func TestApprovalCounts(t *testing.T) {
	eachEngine(t, func(l *lab) {
		visit := l.visit("tpm_reported", nil)
		l.task(visit, nil)
		other := l.tasks(l.visit("tpm_reported", nil))[0]
		l.a.As("focal@agency.example").Post(path(visit, "approve"), map[string]any{"mark_as_programmatic_visit": []int64{l.tasks(visit)[0], other}}).Want(l, 200)
		rows := l.a.As("unicef@agency.example").Get("/api/tpm/hact/?year=2026").Want(l, 200).JSON(l).([]any)
		l.same("figures", figures(rows[0]), []any{"Afya Bora Consortium", 0, 0, 0, 1, 1})
	})
}
