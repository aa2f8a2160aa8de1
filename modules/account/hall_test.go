package account_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
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
	"almoner.dev/almoner/modules/organisation"
)

// monitoring stands for the modules that know which organisations are firms and who lets people into them: F2 works everywhere, F1 in KEN, F4
// elsewhere.
var monitoring = module.Definition{
	Name: "monitoring", Doc: "Firms, for tests.", Needs: []string{"account", "organisation"},
	Build: func(h *module.Host) (*module.Parts, error) {
		organisations, err := module.Use[*organisation.Service](h, "organisation")
		if err != nil {
			return nil, err
		}
		people, err := module.Use[*account.Service](h, "account")
		if err != nil {
			return nil, err
		}
		organisations.RelationshipTypes = append(organisations.RelationshipTypes, organisation.Relationship{
			Type: "tpm",
			SQL: func(workspaceID int64, arg func(any) string) string {
				return "{t}.vendor_number in ('F2', case (select w.code from account_workspaces w where w.id = " + arg(workspaceID) + ") when 'KEN' then 'F1' else 'F4' end)"
			},
		})
		people.GrantRules = append(people.GrantRules, account.GrantRule{By: organisation.PlannerRole, Type: "tpm", Roles: []string{organisation.MonitorRole}})
		return &module.Parts{}, nil
	},
}

// hall is the program with the people of testdata/access.yaml, as the tests of access management need it.
type hall struct {
	*testing.T
	a       *apptest.App
	account *account.Service
	// ids by "user EMAIL", "role NAME", "org VENDOR" and "workspace CODE".
	ids map[string]int64
}

// eachHall runs a test in a hall of its own on each engine.
func eachHall(t *testing.T, fn func(h *hall)) {
	t.Helper()
	apptest.Each(t, []module.Definition{organisation.Module, account.Module, monitoring}, []string{"testdata/access.yaml"}, func(t *testing.T, a *apptest.App) {
		h := &hall{T: t, a: a, account: a.Set.Parts["account"].Service.(*account.Service), ids: map[string]int64{}}
		h.look()
		fn(h)
	})
}

func (h *hall) look() {
	h.Helper()
	for kind, sql := range map[string]string{
		"user": "select id, email from account_users", "role": "select id, name from account_roles", "org": "select id, vendor_number from organisation_organisations",
		"workspace": "select id, code from account_workspaces",
	} {
		rows, err := h.a.DB.Query(h.Context(), sql)
		_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
			var id int64
			var key string
			err := r.Scan(&id, &key)
			h.ids[kind+" "+key] = id
			return struct{}{}, err
		})
		if err != nil {
			h.Fatalf("read ids of %s: %v", kind, err)
		}
	}
}

func (h *hall) id(key string) int64 {
	h.Helper()
	id, ok := h.ids[key]
	if !ok {
		h.Fatalf("there is no %s", key)
	}
	return id
}

// save carries out a change as the program itself in KEN.
func (h *hall) save(c *entity.Change) {
	h.Helper()
	ctx := almoner.WithActor(h.Context(), &almoner.Actor{System: "test", Workspace: almoner.Workspace{ID: h.id("workspace KEN"), Code: "KEN"}})
	if err := h.a.DB.InTx(ctx, func(tx *db.Tx) error { return c.Entity.Save(ctx, tx, c) }); err != nil {
		h.Fatalf("save %s: %v", c.Entity.Name, err)
	}
}

// grants are what a person has, as "WORKSPACE ORG role", with a minus in front of what is inactive.
func (h *hall) grants(email string) []string {
	h.Helper()
	rows, err := h.a.DB.Query(h.Context(), `
		select case when g.is_active then '' else '-' end || w.code || ' ' || o.vendor_number || ' ' || r.name
		from account_grants g join account_workspaces w on w.id = g.workspace_id join organisation_organisations o on o.id = g.organization_id
		join account_roles r on r.id = g.role_id join account_users u on u.id = g.user_id where u.email = $1`, email)
	list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		h.Fatal(err)
	}
	slices.Sort(list)
	return append([]string{}, list...)
}

func (h *hall) active(email string) bool {
	h.Helper()
	var active bool
	if err := h.a.DB.QueryRow(h.Context(), "select is_active from account_users where email = $1", email).Scan(&active); err != nil {
		h.Fatal(err)
	}
	return active
}

// facts are the names of the facts about a record and its children, from the nth on.
func (h *hall) facts(e string, id int64, from int) []string {
	h.Helper()
	list, err := event.Timeline(h.Context(), h.a.DB, e, id)
	if err != nil {
		h.Fatal(err)
	}
	names := []string{}
	for _, f := range list[min(from, len(list)):] {
		names = append(names, strings.TrimSpace(f.Name+" "+strings.Join(f.Changed, ",")))
	}
	return names
}

// same compares what got and want look like as JSON.
func (h *hall) same(what string, got, want any) {
	h.Helper()
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if errG != nil || errW != nil {
		h.Fatalf("%s: %v, %v", what, errG, errW)
	}
	if string(g) != string(w) {
		h.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// emails are those of the rows of a list, in its order.
func (h *hall) emails(r *apptest.Response) []string {
	h.Helper()
	tree := r.Want(h.T, 200).JSON(h.T)
	rows, bare := tree.([]any)
	if !bare {
		rows, _ = tree.(map[string]any)["results"].([]any)
	}
	list := []string{}
	for _, row := range rows {
		list = append(list, fmt.Sprint(row.(map[string]any)["email"]))
	}
	return list
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

// count is the number that a statement yields.
func (h *hall) count(sql string, args ...any) int64 {
	h.Helper()
	var n int64
	if err := h.a.DB.QueryRow(h.Context(), sql, args...).Scan(&n); err != nil {
		h.Fatalf("%s: %v", sql, err)
	}
	return n
}

// exec changes the database past all rules.
func (h *hall) exec(sql string, args ...any) {
	h.Helper()
	err := h.a.DB.InTx(h.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(h.Context(), sql, args...)
		return err
	})
	if err != nil {
		h.Fatalf("%s: %v", sql, err)
	}
}

// newPerson makes a user without grants and returns the address.
func (h *hall) newPerson(n int) string {
	h.Helper()
	email := fmt.Sprintf("p%d@firm.example", n)
	h.save(h.account.User.NewChange(0, entity.Values{"email": email}))
	return email
}

// statements sends a request as a person and returns how many statements it took.
func (h *hall) statements(email, path string) int64 {
	h.Helper()
	token, err := h.a.Auth.IssueToken(h.Context(), h.id("user "+email), 0)
	if err != nil {
		h.Fatal(err)
	}
	ctx, counter := db.CountStatements(h.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token.Token)
	w := httptest.NewRecorder()
	h.a.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		h.Fatalf("%s: got %d %s", path, w.Code, w.Body)
	}
	return counter.N()
}
