package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// benchVisits is the size of the register: 10 000, or ALMONER_BENCH_VISITS.
func benchVisits() int {
	if n, err := strconv.Atoi(os.Getenv("ALMONER_BENCH_VISITS")); err == nil {
		return n
	}
	return 10_000
}

// register fills a workspace with n visits of two tasks each, in pieces, so that memory stays bounded.
func register(b *testing.B, a *apptest.App, n int) {
	b.Helper()
	const piece = 50_000
	for first := 1; first <= n; first += piece {
		last := min(first+piece-1, n)
		err := a.DB.InTx(context.Background(), func(tx *db.Tx) error {
			series := fmt.Sprintf("with recursive s(i) as (select cast(%d as bigint) union all select i + 1 from s where i < %d) ", first, last)
			for _, sql := range []string{
				`insert into tpm_visits (id, workspace_id, workspace_code, author_id, firm_id, status, created_year, date_created, date_of_assigned, created_at, updated_at)
					` + series + `select i, 1, 'KEN', 1, 1 + i % 2, case i % 4 when 0 then 'draft' when 1 then 'assigned' when 2 then 'tpm_accepted' else 'cancelled' end,
					2020 + i % 6, $1, $1, $2, $2 from s`,
				`insert into tpm_tasks (id, workspace_id, visit_id, partner_id, section_id, date, created_at, updated_at)
					` + series + `select i * 2 + k.n, 1, i, 1 + (i + k.n) % 3, 1 + i % 2, $1, $2, $2 from s cross join (select 0 as n union all select 1) k`,
				`insert into tpm_task_locations (task_id, location_id) ` + series + `select i * 2 + k.n, 1 + (i + k.n) % 2 from s cross join (select 0 as n union all select 1) k`,
				`insert into tpm_task_focal_points (task_id, user_id) ` + series + `select i * 2, 1 + i % 3 from s`,
				`insert into tpm_visit_firm_focal_points (visit_id, user_id) ` + series + `select i, 5 + i % 2 from s`,
			} {
				args := []any{almoner.NewDate(2026, 1, 1).AddDays(first / piece), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
				if len(sql) > 0 && !containsPlaceholder(sql) {
					args = nil
				}
				if _, err := tx.Exec(context.Background(), sql, args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	err := a.DB.InTx(context.Background(), func(tx *db.Tx) error {
		for _, table := range []string{"tpm_visits", "tpm_tasks"} {
			if err := tx.RaiseIDs(context.Background(), table); err != nil {
				return err
			}
		}
		// What autovacuum would do within a minute on a real server.
		_, err := tx.Exec(context.Background(), "analyze")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func containsPlaceholder(sql string) bool {
	for i := 0; i+1 < len(sql); i++ {
		if sql[i] == '$' && sql[i+1] == '2' {
			return true
		}
	}
	return false
}

// BenchmarkVisits measures the API beside hand-written statements and JSON for the same rows, on both engines, without a network.
// Each request asks for another page, so that nothing is answered from one warm row.
func BenchmarkVisits(b *testing.B) {
	n := benchVisits()
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			a := apptest.New(b, engine, modules.All(), "../modules/tpm/testdata/world.yaml")
			register(b, a, n)
			pme := a.As("pme@agency.example")
			pages := max(1, n/80-1)
			b.Run("list20", func(b *testing.B) {
				statements := int64(0)
				for i := 0; b.Loop(); i++ {
					ctx, counter := db.CountStatements(context.Background())
					pme.WithContext(ctx).Get(fmt.Sprintf("/api/tpm/visits/?page_size=20&status=assigned&ordering=-reference_number&page=%d", 1+i%pages)).Want(b, 200)
					statements = counter.N()
				}
				b.ReportMetric(float64(statements), "statements/op")
			})
			b.Run("list20-by-hand", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if err := listByHand(a.DB, 20*(i%pages)); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("detail", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					pme.Get(fmt.Sprintf("/api/tpm/visits/%d/", 1+(i*7)%n)).Want(b, 200)
				}
			})
			b.Run("options", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					pme.Options(fmt.Sprintf("/api/tpm/visits/%d/", 1+(i*7)%n)).Want(b, 200)
				}
			})
			b.Run("search", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					pme.Get(fmt.Sprintf("/api/tpm/visits/?page_size=20&search=turk&page=%d", 1+i%pages)).Want(b, 200)
				}
			})
			b.Run("create", func(b *testing.B) {
				for b.Loop() {
					pme.Post("/api/tpm/visits/", map[string]any{"tpm_partner": 1}).Want(b, 201)
				}
			})
		})
	}
}

// listByHand is what somebody would write for this one list, with the same count, the same six statements and the same keys.
func listByHand(d *db.DB, offset int) error {
	ctx := context.Background()
	type named struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	type visit struct {
		ID        int64        `json:"id"`
		Status    string       `json:"status"`
		Reference string       `json:"reference_number"`
		Start     almoner.Date `json:"start_date"`
		End       almoner.Date `json:"end_date"`
		Assigned  almoner.Date `json:"date_of_assigned"`
		Firm      named        `json:"tpm_partner"`
		Partners  []named      `json:"implementing_partners"`
		Places    []named      `json:"locations"`
		Sections  []named      `json:"sections"`
		Focal     []named      `json:"unicef_focal_points"`
		FirmFocal []named      `json:"tpm_partner_focal_points"`
	}
	return d.View(ctx, func(q db.Queryer) error {
		var count int64
		if err := q.QueryRow(ctx, `select count(*) from tpm_visits where workspace_id = $1 and deleted_at is null and status = $2`, int64(1), "assigned").Scan(&count); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `select v.id, v.status, v.workspace_code || '/' || v.created_year || '/' || v.id || '/TPM', (select min(k.date) from tpm_tasks k where k.visit_id = v.id),
			(select max(k.date) from tpm_tasks k where k.visit_id = v.id), v.date_of_assigned, f.id, o.name
			from tpm_visits v left join tpm_firms f on f.id = v.firm_id left join organisation_organisations o on o.id = f.organization_id
			where v.workspace_id = $1 and v.deleted_at is null and v.status = $2 order by v.created_year desc, v.id desc limit 20 offset $3`, int64(1), "assigned", int64(offset))
		list, err := db.Collect(rows, err, func(r db.Row) (*visit, error) {
			v := &visit{}
			return v, r.Scan(&v.ID, &v.Status, &v.Reference, &v.Start, &v.End, &v.Assigned, &v.Firm.ID, &v.Firm.Name)
		})
		if err != nil {
			return err
		}
		ids := make(db.IDs, len(list))
		at := map[int64]*visit{}
		for i, v := range list {
			ids[i], at[v.ID] = v.ID, v
		}
		of := func(col string) string { return q.Engine().AnyID(col, "$1") }
		for _, many := range []struct {
			sql string
			to  func(*visit) *[]named
		}{
			{`select distinct k.visit_id, p.id, o.name from tpm_tasks k join organisation_partners p on p.id = k.partner_id join organisation_organisations o on o.id = p.organisation_id where ` + of("k.visit_id"), func(v *visit) *[]named { return &v.Partners }},
			{`select distinct k.visit_id, l.id, l.name from tpm_tasks k join tpm_task_locations x on x.task_id = k.id join location_locations l on l.id = x.location_id where ` + of("k.visit_id"), func(v *visit) *[]named { return &v.Places }},
			{`select distinct k.visit_id, s.id, s.name from tpm_tasks k join organisation_sections s on s.id = k.section_id where ` + of("k.visit_id"), func(v *visit) *[]named { return &v.Sections }},
			{`select distinct k.visit_id, u.id, u.first_name from tpm_tasks k join tpm_task_focal_points x on x.task_id = k.id join account_users u on u.id = x.user_id where ` + of("k.visit_id"), func(v *visit) *[]named { return &v.Focal }},
			{`select x.visit_id, u.id, u.first_name from tpm_visit_firm_focal_points x join account_users u on u.id = x.user_id where ` + of("x.visit_id"), func(v *visit) *[]named { return &v.FirmFocal }},
		} {
			rows, err := q.Query(ctx, many.sql, ids)
			_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
				var owner int64
				var one named
				if err := r.Scan(&owner, &one.ID, &one.Name); err != nil {
					return struct{}{}, err
				}
				list := many.to(at[owner])
				*list = append(*list, one)
				return struct{}{}, nil
			})
			if err != nil {
				return err
			}
		}
		_, err = json.Marshal(map[string]any{"count": count, "results": list})
		return err
	})
}
