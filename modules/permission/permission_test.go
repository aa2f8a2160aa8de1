package permission_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/organisation"
	"almoner.dev/almoner/modules/permission"
)

var all = []module.Definition{organisation.Module, account.Module, permission.Module}

const path = "/api/permission/overrides/"

// review is a row that comes with the account module.
func review(change string) map[string]any {
	return map[string]any{"change": change, "effect": "allow", "kind": "act", "target": "account.staged_user.accept", "when": "role:User Reviewer", "note": "Nobody is let in during the audit"}
}

// find returns the listed row with this target, kind and conditions.
func find(t *testing.T, c *apptest.Client, kind, target string, when ...string) map[string]any {
	t.Helper()
	rows, _ := c.Get("/api/permission/rows/").Want(t, 200).JSON(t).([]any)
	for _, one := range rows {
		r := one.(map[string]any)
		if r["kind"] == kind && r["target"] == target && fmt.Sprint(r["when"]) == fmt.Sprint(when) {
			return r
		}
	}
	return nil
}

func inForce(a *apptest.App, rule access.Rule) bool {
	return slices.ContainsFunc(a.Set.Engine.Policy().Rules(), func(r access.Rule) bool { return r.String() == rule.String() })
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		admin := a.As("admin@agency.example")
		accept := access.Rule{When: []string{"role:User Reviewer"}, Kind: access.Act, Target: "account.staged_user.accept"}
		declared := len(a.Set.Engine.Policy().Rules())

		row := find(t, admin, "act", accept.Target, "role:User Reviewer")
		if row == nil || row["declared"] != true || row["in_force"] != true || row["override"] != nil || row["effect"] != "allow" {
			t.Fatalf("the declared row is shown as %v", row)
		}
		id := admin.Post(path, review("withdraw")).Want(t, 201).ID(t)
		if inForce(a, accept) || len(a.Set.Engine.Policy().Rules()) != declared-1 {
			t.Error("the withdrawn row is in force")
		}
		row = find(t, admin, "act", accept.Target, "role:User Reviewer")
		if row["in_force"] != false || row["override"] != float64(id) || row["note"] != "Nobody is let in during the audit" || row["declared"] != true {
			t.Errorf("the withdrawn row is shown as %v", row)
		}
		history := fmt.Sprint(admin.Get(fmt.Sprintf("%s%d/history/", path, id)).Want(t, 200).JSON(t))
		if !strings.Contains(history, "created") || !strings.Contains(history, "Grace Muthoni") {
			t.Errorf("the history does not say who did what: %s", history)
		}
		admin.Delete(fmt.Sprintf("%s%d/", path, id)).Want(t, 204)
		if !inForce(a, accept) || len(a.Set.Engine.Policy().Rules()) != declared {
			t.Error("taking the override back did not restore the row")
		}

		// Conditions are kept in order, once each.
		added := review("add")
		added["effect"], added["kind"], added["target"], added["when"] = "refuse", "view", "account.staged_user.*", "staff and role:User Reviewer and staff"
		made := admin.Post(path, added).Want(t, 201).Object(t)
		if made["when"] != "role:User Reviewer and staff" {
			t.Errorf("conditions are kept as %q", made["when"])
		}
		if !inForce(a, access.Rule{When: []string{"role:User Reviewer", "staff"}, Kind: access.View, Target: "account.staged_user.*", Refuse: true}) {
			t.Error("the added row is not in force")
		}
		row = find(t, admin, "view", "account.staged_user.*", "role:User Reviewer", "staff")
		if row == nil || row["declared"] != false || row["in_force"] != true || row["effect"] != "refuse" {
			t.Errorf("the added row is shown as %v", row)
		}
		admin.Post(path, added).Want(t, 400)
	})
}

func TestOverridesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		admin := a.As("admin@agency.example")
		rules := len(a.Set.Engine.Policy().Rules())
		for _, c := range []struct {
			name, field, value, at string
		}{
			{"a row that is there", "", "", "target"},
			{"an unknown entity", "target", "account.ghost.accept", "target"},
			{"an unknown field", "target", "account.staged_user.colour", "target"},
			{"no target at all", "target", "x", "target"},
			{"an unknown condition", "when", "role:Nobody", "when"},
			{"an unknown kind", "kind", "eat", "kind"},
			{"an unknown effect", "effect", "maybe", "effect"},
			{"an unknown change", "change", "twist", "change"},
		} {
			body := review("add")
			if c.field != "" {
				body[c.field] = c.value
			}
			if got := admin.Post(path, body).Want(t, 400).Object(t); got[c.at] == nil {
				t.Errorf("%s: the answer says nothing about %s: %v", c.name, c.at, got)
			}
		}
		body := review("withdraw")
		body["when"] = ""
		if got := admin.Post(path, body).Want(t, 400).Object(t); got["target"] == nil {
			t.Errorf("withdrawing what is not there: %v", got)
		}
		if n := len(a.Set.Engine.Policy().Rules()); n != rules {
			t.Errorf("%d rows are in force, were %d", n, rules)
		}
	})
}

func TestOnlyAdministratorsChangePermissions(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		reviewer := a.As("reviewer@agency.example")
		reviewer.Get("/api/permission/rows/").Want(t, 403)
		reviewer.Get("/api/permission/vocabulary/").Want(t, 403)
		reviewer.Get(path).Want(t, 403)
		reviewer.Post(path, review("withdraw")).Want(t, 403)
		id := a.As("admin@agency.example").Post(path, review("withdraw")).Want(t, 201).ID(t)
		reviewer.Delete(fmt.Sprintf("%s%d/", path, id)).Want(t, 403)
		for email, want := range map[string]bool{"admin@agency.example": true, "reviewer@agency.example": false} {
			menu := fmt.Sprint(a.As(email).Get("/api/auth/session/").Want(t, 200).Object(t)["menu"])
			if strings.Contains(menu, "permission.rows") != want {
				t.Errorf("the menu of %s is %s", email, menu)
			}
		}
	})
}

func TestVocabulary(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		admin := a.As("admin@agency.example")
		got := admin.Get("/api/permission/vocabulary/").Want(t, 200).Object(t)
		text := fmt.Sprint(got)
		for _, part := range []string{"account.staged_user", "accept", "role:User Reviewer", "role:PME", "signed_in", "account.staged_user.asker"} {
			if !strings.Contains(text, part) {
				t.Errorf("the vocabulary lacks %s", part)
			}
		}
		arabic := fmt.Sprint(admin.With("Language", "ar").Get("/api/permission/vocabulary/").Want(t, 200).Object(t))
		if !strings.Contains(arabic, "كل شيء") || !strings.Contains(arabic, "مدير المنصة") {
			t.Error("the vocabulary is not in Arabic")
		}
	})
}

// What another node writes is in force here soon, without a request that says so.
func TestNodesFollow(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Set.Parts["permission"].Run(ctx) }()
		accept := access.Rule{When: []string{"role:User Reviewer"}, Kind: access.Act, Target: "account.staged_user.accept"}
		wait := func(want bool) {
			t.Helper()
			late, tick := time.After(30*time.Second), time.NewTicker(50*time.Millisecond)
			defer tick.Stop()
			for inForce(a, accept) != want {
				select {
				case <-tick.C:
				case <-late:
					t.Fatalf("in force is %v after half a minute, want %v", !want, want)
				}
			}
		}
		write := func(sql string) {
			t.Helper()
			if err := a.DB.InTx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, sql, tx.Now); return err }); err != nil {
				t.Fatal(err)
			}
		}
		write(`insert into permission_overrides (change, effect, kind, target, conditions, created_at, updated_at)
			values ('withdraw', 'allow', 'act', 'account.staged_user.accept', 'role:User Reviewer', $1, $1)`)
		wait(false)
		write("delete from permission_overrides where created_at <= $1")
		wait(true)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("following ended with %v", err)
		}
	})
}

// An update may take a target away: the override then does nothing and says so, and nothing else is hindered.
func TestOverridesThatNoLongerFit(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) {
		if err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into permission_overrides (change, effect, kind, target, conditions, created_at, updated_at)
				values ('add', 'allow', 'view', 'account.staged_user.gone', '', $1, $1), ('withdraw', 'allow', 'view', 'account.ghost.*', '', $1, $1)`, tx.Now)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		admin := a.As("admin@agency.example")
		admin.Post(path, review("withdraw")).Want(t, 201)
		if inForce(a, access.Rule{When: []string{"role:User Reviewer"}, Kind: access.Act, Target: "account.staged_user.accept"}) {
			t.Error("the override that fits is not in force")
		}
		for _, target := range []string{"account.staged_user.gone", "account.ghost.*"} {
			if row := find(t, admin, "view", target); row == nil || row["in_force"] != false || row["trouble"] == "" {
				t.Errorf("%s is shown as %v", target, row)
			}
		}
	})
}
