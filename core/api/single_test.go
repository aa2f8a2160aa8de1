package api_test

import (
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// Single operations of a resource may have rules of their own, its list an order; a call prepares before its transaction, and reads in the view of the document.
func TestOperationsOfTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) {
		s, err := authored(t, d, func(l *entitytest.Library, resources *[]*api.Resource, calls *[]api.Call, _ gql.Names) {
			*resources = append(*resources, &api.Resource{
				Name: "library.fee", Entity: l.Tariff, Path: "/api/library/fees/", Wire: api.Native, Can: api.Read | api.Write, View: api.SignedIn, Edit: api.Right(100009),
				Rules: map[api.Can]api.Rule{api.Create: api.Right(100001)}, Order: []string{"-price", "code"},
			})
			prepared := ""
			*calls = append(*calls, api.Call{
				Name: "library.fee.sharpen", Method: http.MethodPost, Path: "/api/library/sharpen/", Wire: api.Native, Rule: api.SignedIn, Graph: api.CallGraph{Name: "sharpen"},
				Input: []*entity.Field{{Name: "how", Kind: entity.Text, Required: true}},
				Prepare: func(q *api.Request) error {
					if prepared, _ = q.In["how"].(string); prepared == "badly" {
						return almoner.Invalidf("how", "library.badly", "Not like that.")
					}
					// A transaction of one's own can be made: none is open.
					return d.InTx(q.Context(), func(*db.Tx) error { return nil })
				},
				Change: func(q *api.Request, _ *db.Tx) (any, error) {
					if prepared != q.In["how"] {
						t.Errorf("prepared %q, changes %q", prepared, q.In["how"])
					}
					return map[string]string{"done": prepared}, nil
				},
			}, api.Call{
				Name: "library.fee.count", Rule: api.SignedIn, Graph: api.CallGraph{Name: "countFees"}, Output: api.TypeOf("integer"),
				Do: func(q *api.Request) (any, error) {
					var n int64
					err := q.View(func(view db.Queryer) error {
						return view.QueryRow(q.Context(), "select count(*) from library_tariffs").Scan(&n)
					})
					return n, err
				},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			as, method, path, body string
			status                 int
			has                    string
		}{
			{"librarian", "POST", "/api/library/fees/", `{"code":"A","price":"1"}`, 201, ""},
			{"librarian", "POST", "/api/library/fees/", `{"code":"Z","price":"2"}`, 201, ""},
			{"reader", "POST", "/api/library/fees/", `{"code":"Y","price":"3"}`, 403, ""},
			{"librarian", "DELETE", "/api/library/fees/1/", "", 403, ""},
			{"librarian", "OPTIONS", "/api/library/fees/", "", 200, `"POST"`},
			{"librarian", "GET", "/api/library/fees/?page_size=1", "", 200, `"code":"Z"`},
			{"librarian", "GET", "/api/library/fees/?page_size=1&ordering=price", "", 200, `"code":"A"`},
			{"librarian", "POST", "/api/library/sharpen/", `{"how":"well"}`, 200, `"done":"well"`},
			{"librarian", "POST", "/api/library/sharpen/", `{"how":"badly"}`, 400, "Not like that."},
		} {
			rec := s.send(request{as: c.as, method: c.method, path: c.path, body: c.body})
			if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.has) {
				t.Errorf("%s: %s %s: %d %s", c.as, c.method, c.path, rec.Code, rec.Body)
			}
		}
		s.wantGraph("librarian", `{ libraryFees(first: 1) { edges { node { code } } } countFees }`, `{"libraryFees":{"edges":[{"node":{"code":"Z"}}]},"countFees":2}`)
	})
}
