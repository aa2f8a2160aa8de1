package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// BenchmarkGraph measures a page of 50 visits with two nested connections over GraphQL, beside its own statements alone: sent as they are, their rows
// passed over without being read.
func BenchmarkGraph(b *testing.B) {
	n := benchVisits()
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			a := apptest.New(b, engine, modules.All(), world)
			register(b, a, n)
			pme := a.As(planner)
			pages := max(1, n/50-1)
			document := func(page int) map[string]any {
				return map[string]any{"variables": map[string]any{"offset": 50 * (page % pages)}, "query": `query Page($offset: Int) { tpmVisits(first: 50, offset: $offset, orderBy: "-referenceNumber") { edges { node {
					id referenceNumber status tpmPartner { organization { name } } sections { edges { node { name } } } tpmPartnerFocalPoints { edges { node { firstName lastName } } } } } } }`}
			}
			ctx, counter := db.CountStatements(context.Background())
			pme.WithContext(ctx).Post("/api/graphql", document(0)).Want(b, http.StatusOK)
			var statements []string
			for _, sql := range counter.SQL() {
				if strings.Contains(sql, "tpm_visit") || strings.Contains(sql, "tpm_tasks") {
					statements = append(statements, sql)
				}
			}
			if len(statements) != 3 {
				b.Fatalf("%d statements: %s", len(statements), strings.Join(statements, "\n"))
			}
			b.Run("page50", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					pme.Post("/api/graphql", document(i)).Want(b, http.StatusOK)
				}
			})
			b.Run("statements-alone", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if err := statementsAlone(a.DB, statements, int64(50*(i%pages))); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func statementsAlone(d *db.DB, statements []string, offset int64) error {
	ctx := context.Background()
	return d.View(ctx, func(q db.Queryer) error {
		rows, err := q.Query(ctx, "select id from tpm_visits where workspace_id = $1 and deleted_at is null order by created_year desc, id desc limit 50 offset $2", int64(1), offset)
		ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil {
			return err
		}
		for i, sql := range statements {
			args := []any{db.IDs(ids), int64(0), int64(100)}
			if i == 0 {
				args = []any{int64(1), int64(50), offset}
			}
			rows, err := q.Query(ctx, sql, args...)
			if err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
			for rows.Next() {
				continue
			}
			rows.Close()
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	})
}
