package setting_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/organisation"
	"almoner.dev/almoner/modules/setting"
)

var all = []module.Definition{organisation.Module, account.Module, setting.Module}

const path = "/api/settings/"

func each(t *testing.T, fn func(t *testing.T, a *apptest.App, admin *apptest.Client)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml"}, func(t *testing.T, a *apptest.App) { fn(t, a, a.As("admin@agency.example")) })
}

func put(value any, more ...any) map[string]any {
	body := map[string]any{"value": value}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// state is value, default and source of a setting.
func state(t *testing.T, item map[string]any) string {
	t.Helper()
	return fmt.Sprint(item["value"], " ", item["default"], " ", item["source"])
}

// version is that of the override for all workspaces.
func version(t *testing.T, item map[string]any) any {
	t.Helper()
	for _, one := range item["overrides"].([]any) {
		if o := one.(map[string]any); o["workspace"] == "" {
			return o["version"]
		}
	}
	return 0
}

func agency(t *testing.T, c *apptest.Client) any {
	t.Helper()
	return c.Get("/api/auth/session/").Want(t, 200).Object(t)["agency"]
}

func TestAnAdministratorChangesASetting(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App, admin *apptest.Client) {
		item := admin.Get(path+"agency/").Want(t, 200).Object(t)
		if got := state(t, item); got != "UNICEF UNICEF default" || item["label"] != "Short name of the agency" || item["pinned"] != false || item["max_length"] != 40.0 {
			t.Errorf("untouched it is %v", item)
		}
		item = admin.Put(path+"agency/", put("  WFP ", "version", 0)).Want(t, 200).Object(t)
		if got := state(t, item); got != "WFP UNICEF administrator" {
			t.Errorf("changed it is %s", got)
		}
		by := item["overrides"].([]any)[0].(map[string]any)
		if person, _ := by["updated_by"].(map[string]any); person["name"] != "Grace Muthoni" || by["updated_at"] == nil || by["trouble"] != "" {
			t.Errorf("the change says %v", by)
		}
		// In force with the answer, for strangers as well.
		if got := agency(t, a.Anonymous()); got != "WFP" {
			t.Errorf("the agency is called %v", got)
		}
		// Who saw an older state is told, and nothing changes.
		admin.Put(path+"agency/", put("X", "version", 0)).Want(t, 409)
		admin.Put(path+"agency/", put("X", "version", 7)).Want(t, 409)
		admin.Delete(path+"agency/?version=9").Want(t, 409)
		if got := agency(t, admin); got != "WFP" {
			t.Errorf("after conflicts the agency is called %v", got)
		}
		item = admin.Put(path+"agency/", put("FAO", "version", version(t, item))).Want(t, 200).Object(t)
		item = admin.Delete(fmt.Sprintf("%sagency/?version=%v", path, version(t, item))).Want(t, 200).Object(t)
		if got := state(t, item); got != "UNICEF UNICEF default" {
			t.Errorf("reset it is %s", got)
		}
		if got := agency(t, admin); got != "UNICEF" {
			t.Errorf("after the reset the agency is called %v", got)
		}
		admin.Put(path+"agency/", put("WHO", "version", version(t, item))).Want(t, 200)
		admin.Delete(path+"environment/").Want(t, 200) // nothing to take back

		var told []string
		for _, one := range admin.Get(path+"agency/history/").Want(t, 200).JSON(t).([]any) {
			e := one.(map[string]any)
			told = append(told, fmt.Sprint(e["before"], "→", e["after"], " ", e["actor"].(map[string]any)["name"]))
		}
		want := []string{"<nil>→WHO Grace Muthoni", "FAO→<nil> Grace Muthoni", "WFP→FAO Grace Muthoni", "<nil>→WFP Grace Muthoni"}
		if !slices.Equal(told, want) {
			t.Errorf("the history tells %q, want %q", told, want)
		}
		facts, err := event.Timeline(t.Context(), a.DB, "setting.override", 1)
		var names []string
		for _, f := range facts {
			names = append(names, fmt.Sprint(f.Name, f.Data["setting"], f.ActorID != 0))
			if text := fmt.Sprint(f.Data); strings.Contains(text, "WFP") {
				t.Errorf("a fact carries a value: %s", text)
			}
		}
		if want := "[setting.override_createdagencytrue setting.override_updatedagencytrue setting.override_resetagencytrue setting.override_updatedagencytrue]"; err != nil || fmt.Sprint(names) != want {
			t.Errorf("the event log has %v, %v", names, err)
		}
	})
}

func TestOneWorkspaceHasItsOwn(t *testing.T) {
	each(t, func(t *testing.T, _ *apptest.App, admin *apptest.Client) {
		notice := func(workspace string) any {
			t.Helper()
			return admin.With("Almoner-Workspace", workspace).Get("/api/auth/session/").Want(t, 200).Object(t)["notice"]
		}
		admin.Put(path+"notice/", put("Maintenance on Friday")).Want(t, 200)
		item := admin.Put(path+"notice/", put("Reports are due", "workspace", "lbn")).Want(t, 200).Object(t)
		if item["value"] != "Maintenance on Friday" || len(item["overrides"].([]any)) != 2 {
			t.Errorf("from Kenya the setting is %v", item)
		}
		if item = admin.With("Almoner-Workspace", "LBN").Get(path+"notice/").Want(t, 200).Object(t); item["value"] != "Reports are due" || item["source"] != "workspace" {
			t.Errorf("from Lebanon the setting is %v", item)
		}
		if notice("KEN") != "Maintenance on Friday" || notice("LBN") != "Reports are due" {
			t.Errorf("notices are %v and %v", notice("KEN"), notice("LBN"))
		}
		admin.Put(path+"notice/", put("", "workspace", "LBN")).Want(t, 200)
		if notice("LBN") != "" {
			t.Errorf("the empty notice of a workspace is %v", notice("LBN"))
		}
		admin.Delete(path+"notice/?workspace=LBN").Want(t, 200)
		if notice("LBN") != "Maintenance on Friday" {
			t.Errorf("after the reset the notice is %v", notice("LBN"))
		}
		if got := admin.Put(path+"notice/", put("x", "workspace", "ATL")).Want(t, 400).Object(t); got["workspace"] == nil {
			t.Errorf("an unknown workspace: %v", got)
		}
		if got := admin.Put(path+"agency/", put("x", "workspace", "KEN")).Want(t, 400).Object(t); got["workspace"] == nil {
			t.Errorf("a setting that is the same everywhere: %v", got)
		}
	})
}

// What the operator wrote is shown with its place and cannot be changed; an override from before sleeps.
func TestPinned(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App, admin *apptest.Client) {
		admin.Put(path+"agency/", put("WFP")).Want(t, 200)
		a.Settings.Pin("agency", "file", "/etc/almoner.yaml:3")
		item := admin.Get(path+"agency/").Want(t, 200).Object(t)
		trouble := item["overrides"].([]any)[0].(map[string]any)["trouble"]
		if state(t, item) != "UNICEF UNICEF file" || item["pinned"] != true || item["place"] != "/etc/almoner.yaml:3" || trouble == "" {
			t.Errorf("pinned it is %v", item)
		}
		if got := agency(t, admin); got != "UNICEF" {
			t.Errorf("the agency is called %v", got)
		}
		refused := admin.With("Accept", "application/problem+json").Put(path+"agency/", put("X")).Want(t, 409)
		if got := refused.Object(t); got["code"] != "setting.pinned" || !strings.HasPrefix(refused.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("the refusal is %v", got)
		}
		admin.Delete(path+"agency/").Want(t, 409)
	})
}

func TestHostileInput(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App, admin *apptest.Client) {
		before := admin.Get(path).Want(t, 200).JSON(t)
		for _, item := range before.([]any) {
			name, kind := item.(map[string]any)["name"].(string), item.(map[string]any)["kind"]
			for _, value := range []any{
				nil, -1, 1e300, 3.5, "", "\x00", strings.Repeat("x", 5000), "<scr\nipt>", "99999999999999999999GB", "1h1h1h1hx", []any{nil}, []any{map[string]any{}}, map[string]any{"a": map[string]any{}}, "'; drop table\rsetting_overrides; --",
			} {
				r := admin.Put(path+name+"/", put(value))
				// Text is text, as long as it is one line of the right length, and a document an object.
				_, object := value.(map[string]any)
				if kind == "json" && object || kind == "text" && (value == "99999999999999999999GB" || value == "1h1h1h1hx" || value == "" && item.(map[string]any)["min_length"] == 0.0) {
					r.Want(t, 200)
					admin.Delete(path+name+"/").Want(t, 200)
					continue
				}
				if got := r.Want(t, 400).Object(t); got["value"] == nil {
					t.Errorf("%s = %.20v: the answer says nothing about the value: %v", name, value, got)
				}
			}
		}
		for body, at := range map[string]string{
			`{}`: "value", `{"value":"x","version":"new"}`: "version", `{"value":"x","workspace":7}`: "workspace", `{"value":"x","workspace":["KEN"]}`: "workspace",
		} {
			var tree any
			if err := json.Unmarshal([]byte(body), &tree); err != nil {
				t.Fatal(err)
			}
			if got := admin.Put(path+"agency/", tree).Want(t, 400).Object(t); got[at] == nil {
				t.Errorf("%s: the answer says nothing about %s: %v", body, at, got)
			}
		}
		for _, name := range []string{"ghost", "database.url", "files.url", "agency%00", "AGENCY", "%F0%9F%98%80", strings.Repeat("x", 3000)} {
			if r := admin.Put(path+name+"/", put("x")); r.Status < 400 || r.Status >= 500 {
				t.Errorf("%.20s answers %d", name, r.Status)
			}
			if r := admin.Get(path + name + "/history/"); r.Status < 400 || r.Status >= 500 {
				t.Errorf("the history of %.20s answers %d", name, r.Status)
			}
		}
		for _, query := range []string{"?version=x", "?version=99999999999999999999", "?workspace=ATL", "?version=-3"} {
			if r := admin.Delete(path + "agency/" + query); r.Status != 400 && r.Status != 409 {
				t.Errorf("%s answers %d", query, r.Status)
			}
		}
		for _, item := range before.([]any) {
			i := item.(map[string]any)
			if got := admin.Get(path+i["name"].(string)+"/").Want(t, 200).Object(t); fmt.Sprint(got["value"]) != fmt.Sprint(i["value"]) {
				t.Errorf("%v was %v and is %v", i["name"], i["value"], got["value"])
			}
		}
		reviewer := a.As("reviewer@agency.example")
		for _, c := range []*apptest.Client{reviewer, a.Anonymous()} {
			want := 403
			if c != reviewer {
				want = 401
			}
			c.Get(path).Want(t, want)
			c.Get(path+"agency/").Want(t, want)
			c.Get(path+"agency/history/").Want(t, want)
			c.Put(path+"agency/", put("x")).Want(t, want)
			c.Delete(path+"agency/").Want(t, want)
		}
		for email, want := range map[string]bool{"admin@agency.example": true, "reviewer@agency.example": false} {
			if menu := fmt.Sprint(a.As(email).Get("/api/auth/session/").Want(t, 200).Object(t)["menu"]); strings.Contains(menu, "setting.list") != want {
				t.Errorf("the menu of %s is %s", email, menu)
			}
		}
	})
}

// Two administrators who both saw an untouched setting: one of them is told.
func TestTwoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, _ *apptest.App, admin *apptest.Client) {
		var wait sync.WaitGroup
		statuses := make([]int, 6)
		for i := range statuses {
			wait.Go(func() { statuses[i] = admin.Put(path+"agency/", put(fmt.Sprintf("A%d", i), "version", 0)).Status })
		}
		wait.Wait()
		slices.Sort(statuses)
		if want := []int{200, 409, 409, 409, 409, 409}; !slices.Equal(statuses, want) {
			t.Errorf("the answers are %v, want %v", statuses, want)
		}
	})
}

// Every setting and every word about it is there in each language.
func TestTexts(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, db.SQLite, all)
	for _, s := range a.Settings.States() {
		keys := map[string]string{"setting." + s.Name + ".label": s.Label, "setting." + s.Name + ".help": s.Help, "setting.group." + s.Group: ""}
		for _, c := range s.Limits.Choices {
			keys["setting."+s.Name+".choice."+c] = ""
		}
		for key, english := range keys {
			for _, language := range a.Texts.Languages() {
				if !a.Texts.Has(language, key) {
					t.Errorf("%s has no text in %s", key, language)
				} else if text := a.Texts.Text(language, key, nil); language == "en" && english != "" && text != english {
					t.Errorf("%s is %q, the declaration says %q", key, text, english)
				}
			}
		}
	}
}

// Another node, with a memory of its own on the same database, has a changed setting in force soon, and after a restart at once.
func TestNodesFollow(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App, admin *apptest.Client) {
		node := func() *app.App {
			t.Helper()
			other, err := app.Open(t.Context(), app.Options{Config: a.Config, Modules: all, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Hashing: auth.Hashing{MemoryKiB: 64, Passes: 1}})
			if err != nil {
				t.Fatal(err)
			}
			return other
		}
		size := func(other *app.App) int64 { return other.Files.MaxSize() }
		other := node()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- other.Set.Parts["setting"].Run(ctx) }()
		wait := func(want int64) {
			t.Helper()
			late, tick := time.After(30*time.Second), time.NewTicker(20*time.Millisecond)
			defer tick.Stop()
			for size(other) != want {
				select {
				case <-tick.C:
				case <-late:
					t.Fatalf("the largest file is %d after half a minute, want %d", size(other), want)
				}
			}
		}
		if size(other) != 50_000_000 {
			t.Errorf("the largest file is %d", size(other))
		}
		admin.Put(path+"files.max_size/", put("1MB")).Want(t, 200)
		if a.Files.MaxSize() != 1_000_000 {
			t.Errorf("on the node that was asked the largest file is %d", a.Files.MaxSize())
		}
		wait(1_000_000)
		admin.Put(path+"files.max_size/", put("2MB")).Want(t, 200)
		wait(2_000_000)
		third := node()
		if size(third) != 2_000_000 {
			t.Errorf("after a start the largest file is %d", size(third))
		}
		admin.Delete(path+"files.max_size/").Want(t, 200)
		wait(50_000_000)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("following ended with %v", err)
		}
		for _, n := range []*app.App{other, third} {
			if err := n.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// Settings are consulted when they are used: tokens and tries follow at once.
func TestInForceAtUse(t *testing.T) {
	each(t, func(t *testing.T, a *apptest.App, _ *apptest.Client) {
		const password = "grace-has-a-password"
		if err := a.DB.InTx(t.Context(), func(tx *db.Tx) error {
			return a.Set.Identity().SetPassword(t.Context(), tx, "admin@agency.example", password)
		}); err != nil {
			t.Fatal(err)
		}
		token := func(password string) *apptest.Response {
			return a.Anonymous().Post("/api/auth/token/", map[string]any{"email": "admin@agency.example", "password": password})
		}
		// The new password ended the sessions from before.
		fresh := token(password).Want(t, 200).Object(t)
		admin := a.Anonymous().With("Authorization", "Bearer "+fresh["access"].(string))
		admin.Put(path+"auth.token_life/", put("2h")).Want(t, 200)
		if got := token(password).Want(t, 200).Object(t)["expires_in"]; got != 7200.0 {
			t.Errorf("a token lives %v seconds, want 7200", got)
		}
		admin.Put(path+"auth.account_tries/", put(3)).Want(t, 200)
		for range 3 {
			token("wrong").Want(t, http.StatusUnauthorized)
		}
		token("wrong").Want(t, http.StatusTooManyRequests)
	})
}

// A fixture fills the table as an administrator would.
func TestFixture(t *testing.T) {
	t.Parallel()
	apptest.Each(t, all, []string{"testdata/people.yaml", "testdata/world.yaml"}, func(t *testing.T, a *apptest.App) {
		item := a.As("admin@agency.example").Get(path+"lists.max_page_size/").Want(t, 200).Object(t)
		if got := state(t, item); got != "1000 1000 administrator" {
			t.Errorf("a fixture makes it %s", got)
		}
	})
}
