package tpm_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// statements sends a request as a person and returns how many statements it took.
func (l *lab) statements(email, path string) int64 {
	l.Helper()
	token, err := l.a.Auth.IssueToken(l.Context(), l.id("user "+email), 0)
	if err != nil {
		l.Fatal(err)
	}
	ctx, counter := db.CountStatements(l.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token.Token)
	w := httptest.NewRecorder()
	l.a.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		l.Fatalf("%s: got %d %s", path, w.Code, w.Body)
	}
	l.sent = counter.SQL()
	return counter.N()
}

// A page of a hundred visits, each with tasks, places and focal points, costs as many statements as a page of one; so do the tasks, the look-ups and the
// single visit with many tasks (design §6, tpm §11 "avoid N+1"). The numbers are written down so that a growth is a decision.
func TestStatementsAreConstant(t *testing.T) {
	eachEngine(t, func(l *lab) {
		// Who asks, in which workspace, with which grants: three statements before any of these.
		const whoAsks = 2
		rich := func() int64 {
			id := l.visit("tpm_reported", entity.Values{"tpm_partner_focal_points": []int64{l.id("user tpm@firm.example"), l.id("user tpmfocal@firm.example")}})
			l.task(id, entity.Values{
				"partner": l.id("partner G1"), "intervention": nil, "section": l.id("section Health"), "locations": []int64{l.id("place KE"), l.id("place KE-43")},
				"unicef_focal_points": []int64{l.id("user focal@agency.example"), l.id("user unicef@agency.example")}, "offices": []int64{l.id("office Lodwar"), l.id("office Nairobi")},
			})
			return id
		}
		few := rich()
		pages := []struct {
			email, path string
			want        int64
		}{
			// Count, rows, and one each for partners, places, sections and both sides' focal points.
			{"pme@agency.example", "/api/tpm/visits/?page_size=100", whoAsks + 7},
			{"tpm@firm.example", "/api/tpm/visits/?page_size=100", whoAsks + 7},
			// The same after the longest word was looked up, and where it leads.
			{"pme@agency.example", "/api/tpm/visits/?page_size=100&search=turkana+savanna&ordering=-tpm_partner__name&status__in=tpm_reported,assigned&tpm_activities__date__gt=2020-01-01", whoAsks + 3 + 7},
			// Rows, offices, focal points, places as ids and as objects.
			{"pme@agency.example", "/api/tpm/activities/", whoAsks + 5},
			{"pme@agency.example", "/api/tpm/visits/activities/implementing-partners/", whoAsks + 1},
		}
		first := make([]int64, len(pages))
		for i, p := range pages {
			first[i] = l.statements(p.email, p.path)
		}
		oneTask := l.statements("pme@agency.example", path(few))
		actions := l.statements("pme@agency.example", path(few)+"?include=actions,permissions")
		for range 99 {
			rich()
		}
		for range 30 {
			l.task(few, nil)
		}
		for i, p := range pages {
			if n := l.statements(p.email, p.path); n != first[i] || n != p.want {
				l.Errorf("%s for %s: %d statements for one visit, %d for a hundred, want %d:\n%s", p.path, p.email, first[i], n, p.want, strings.Join(l.sent, "\n"))
			}
		}
		// Beside those of a row: where it is, the tasks with their three lists and the outputs of their agreements, and the comments.
		if n := l.statements("pme@agency.example", path(few)); n != oneTask || n != whoAsks+13 {
			l.Errorf("one visit: %d statements with two tasks, %d with 32, want %d:\n%s", oneTask, n, whoAsks+13, strings.Join(l.sent, "\n"))
		}
		if n := l.statements("pme@agency.example", path(few)+"?include=actions,permissions"); n != actions {
			l.Errorf("one visit with what may be done: %d statements with two tasks, %d with 32", actions, n)
		}
		if rows := l.list(l.a.As("pme@agency.example").Get("/api/tpm/visits/?page_size=100")); len(rows) != 100 {
			l.Errorf("the page has %d rows, want 100", len(rows))
		}
		history := l.statements("pme@agency.example", path(few, "history"))
		for range 20 {
			l.put("KEN", l.tpm.Visit, few, entity.Values{"visit_information": fmt.Sprint(history, len(l.sent), l.count("select version from tpm_visits where id = $1", few))})
		}
		if n := l.statements("pme@agency.example", path(few, "history")); n != history {
			l.Errorf("history: %d statements, %d after twenty more changes", history, n)
		}
	})
}
