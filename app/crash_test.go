package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// kills is how often each engine's server is killed, each time on what the last one left.
const kills = 5

// acknowledged is what the server said it had done to one visit. Each visit has one writer, so what was done last is known.
type acknowledged struct {
	id          int64
	information string
	// trying is the text that was sent last; whether it was kept is not known when the server dies before it answers.
	trying    string
	tasks     int
	moreTasks bool
	cancelled bool
	cancels   bool
}

// The real program is killed without warning while people write. What it had acknowledged is there afterwards; rows, versions and facts agree;
// and it starts again on what was left.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			must(t, append([]string{"load", world}, place...)...)
			token := tokenFor(t, place, planner)
			seeds := rand.New(rand.NewPCG(9, 2026)) //nolint:gosec // a fixed seed is the point
			total := 0
			for round := range kills {
				done := killed(t, binary, place, token, time.Duration(250+seeds.IntN(700))*time.Millisecond)
				if t.Failed() {
					t.FailNow()
				}
				total += check(t, place, round, done)
			}
			t.Logf("%d kills, %d acknowledged writes, none lost", kills, total)
			if total < kills*5 {
				t.Errorf("only %d writes were acknowledged: too few to prove anything", total)
			}
		})
	}
}

// built makes the real program.
func built(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "almoner")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "almoner.dev/almoner/cmd/almoner")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// opened opens the program on a place for a moment.
func opened(t *testing.T, place []string, do func(a *app.App)) {
	t.Helper()
	openedAt(t, place, nil, do)
}

// openedAt is opened by another clock than the machine's.
func openedAt(t *testing.T, place []string, clock almoner.Clock, do func(a *app.App)) {
	t.Helper()
	c := app.Defaults()
	c.Data = place[1]
	if len(place) > 3 {
		c.Database.URL = place[3]
	}
	a, err := app.Open(t.Context(), app.Options{Config: c, Modules: modules.All(), Version: "test", Clock: clock, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatalf("open what was left: %v", err)
	}
	do(a)
	if err := a.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func tokenFor(t *testing.T, place []string, email string) (token string) {
	t.Helper()
	opened(t, place, func(a *app.App) {
		actor, err := a.Set.Identity().OfEmail(t.Context(), a.DB, email, "")
		if err != nil {
			t.Fatal(err)
		}
		issued, err := a.Auth.IssueToken(t.Context(), actor.UserID, 0)
		if err != nil {
			t.Fatal(err)
		}
		token = issued.Token
	})
	return token
}

// victim is the real program in a process of its own, to be killed.
type victim struct {
	*exec.Cmd
	address    string
	complaints bytes.Buffer
}

func startVictim(t *testing.T, binary string, place []string) *victim {
	t.Helper()
	v := &victim{Cmd: exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, place...)...)} //nolint:gosec,noctx // our own binary, killed below
	// The test's own variables are none of the program's.
	v.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "ALMONER_LOG_LEVEL=error"}
	v.Stderr = &v.complaints
	out, err := v.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for v.address == "" && lines.Scan() {
		if found := readyAt.FindStringSubmatch(lines.Text()); found != nil {
			v.address = found[1]
		}
	}
	if v.address == "" {
		_ = v.Process.Kill()
		t.Fatalf("the server did not start: %v: %s", v.Wait(), &v.complaints)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return v
}

// dies kills the server after some time; work ends when it notices.
func (v *victim) dies(t *testing.T, after time.Duration, work *sync.WaitGroup) {
	t.Helper()
	time.AfterFunc(after, func() { _ = v.Process.Kill() })
	work.Wait()
	_ = v.Wait() // killed
	if v.complaints.Len() > 0 {
		t.Errorf("the server complained: %s", &v.complaints)
	}
}

// killed runs the server with writers for some time, kills it, and returns what it had acknowledged.
func killed(t *testing.T, binary string, place []string, token string, after time.Duration) []*acknowledged {
	t.Helper()
	server := startVictim(t, binary, place)
	var writers sync.WaitGroup
	var mu sync.Mutex
	var all []*acknowledged
	for n := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				v := &acknowledged{}
				mu.Lock()
				all = append(all, v)
				mu.Unlock()
				if !write(t, server.address, token, v, fmt.Sprintf("writer %d visit %d", n, i)) {
					return
				}
			}
		})
	}
	server.dies(t, after, &writers)
	return all
}

// write does to a new visit what people do, noting what is acknowledged, until the server is gone (false).
func write(t *testing.T, address, token string, v *acknowledged, name string) bool {
	send := func(method, path string, body any, want int) (map[string]any, bool) {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Error(err)
			return nil, false
		}
		r, err := http.NewRequestWithContext(t.Context(), method, address+path, bytes.NewReader(raw))
		if err != nil {
			t.Error(err)
			return nil, false
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := client.Do(r)
		if err != nil {
			return nil, false // the server is gone
		}
		defer func() { _ = answer.Body.Close() }()
		text, err := io.ReadAll(answer.Body)
		// The answer begins after the commit, so a status is an acknowledgement even when the rest of it is lost.
		if answer.StatusCode != want {
			t.Errorf("%s %s: got %d %s, want %d", method, path, answer.StatusCode, text, want)
			return nil, false
		}
		tree := map[string]any{}
		if err != nil || json.Unmarshal(text, &tree) != nil {
			return nil, false
		}
		return tree, true
	}
	created, ok := send(http.MethodPost, "/api/tpm/visits/", map[string]any{}, http.StatusCreated)
	if !ok {
		return false
	}
	id, _ := created["id"].(float64)
	v.id = int64(id)
	path := fmt.Sprintf("/api/tpm/visits/%d/", v.id)
	for i := range 5 {
		v.trying = fmt.Sprintf("%s change %d", name, i)
		body := map[string]any{"visit_information": v.trying}
		if i%2 == 0 {
			body["tpm_activities"] = []any{map[string]any{"partner": 2, "section": 1, "date": "2026-12-01", "locations": []int{2}, "offices": []int{1}, "unicef_focal_points": []int{3}}}
		}
		v.moreTasks = i%2 == 0
		if _, ok := send(http.MethodPatch, path, body, http.StatusOK); !ok {
			return false
		}
		v.information = v.trying
		if v.moreTasks {
			v.tasks++
		}
		v.moreTasks = false
	}
	v.cancels = true
	if _, ok := send(http.MethodPost, path+"cancel/", map[string]any{"cancel_comment": name}, http.StatusOK); !ok {
		return false
	}
	v.cancelled = true
	return true
}

// check compares what was acknowledged with what is stored, and what is stored with itself. It returns how many writes were acknowledged.
func check(t *testing.T, place []string, round int, done []*acknowledged) (writes int) {
	t.Helper()
	opened(t, place, func(a *app.App) {
		for _, v := range done {
			if v.id == 0 {
				continue
			}
			writes += 1 + v.tasks
			var status, information string
			var tasks, cancels int
			err := a.DB.QueryRow(t.Context(), `
				select v.status, v.visit_information, (select count(*) from tpm_tasks k where k.visit_id = v.id),
					(select count(*) from event_log e where e.entity = 'tpm.visit' and e.subject_id = v.id and e.name = 'tpm.visit_cancelled')
				from tpm_visits v where v.id = $1`, v.id).Scan(&status, &information, &tasks, &cancels)
			if errors.Is(err, db.ErrNoRows) {
				t.Errorf("kill %d: visit %d was acknowledged and is lost", round, v.id)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			kept := information == v.trying
			if information != v.information && !kept {
				t.Errorf("kill %d: visit %d holds %q; acknowledged was %q, tried %q", round, v.id, information, v.information, v.trying)
			}
			// Text and task of one request are kept together or not at all.
			want := v.tasks
			if v.moreTasks && kept {
				want++
			}
			if tasks != want {
				t.Errorf("kill %d: visit %d has %d tasks, want %d", round, v.id, tasks, want)
			}
			if v.cancelled && (status != "cancelled" || cancels != 1) || !v.cancels && status != "draft" || (status == "cancelled") != (cancels == 1) {
				t.Errorf("kill %d: visit %d is %s with %d facts of it; cancelling was sent: %t, acknowledged: %t", round, v.id, status, cancels, v.cancels, v.cancelled)
			}
		}
		consistent(t, a, round)
	})
	for _, v := range done {
		if v.information != "" {
			writes++
		}
		if v.cancelled {
			writes++
		}
	}
	return writes
}

// consistent compares what is stored with itself: rows, versions and facts.
func consistent(t *testing.T, a *app.App, round int) {
	t.Helper()
	for what, sql := range map[string]string{
		"visits whose versions are not as many as their number says": `select count(*) from tpm_visits v where v.version <> (select count(*) from tpm_visits_versions x where x.record_id = v.id)`,
		"visits whose facts are not as many as their number says":    `select count(*) from tpm_visits v where v.version <> (select count(*) from event_log e where e.entity = 'tpm.visit' and e.subject_id = v.id and e.revision > 0)`,
		"visits whose last fact tells another number":                `select count(*) from tpm_visits v where v.version <> (select max(e.revision) from event_log e where e.entity = 'tpm.visit' and e.subject_id = v.id)`,
		"tasks whose versions are not as many as their number says":  `select count(*) from tpm_tasks v where v.version <> (select count(*) from tpm_tasks_versions x where x.record_id = v.id)`,
		"tasks whose facts are not as many as their number says":     `select count(*) from tpm_tasks v where v.version <> (select count(*) from event_log e where e.entity = 'tpm.task' and e.subject_id = v.id and e.revision > 0)`,
		"visits whose documents are not as many as the facts say": `select count(*) from tpm_visits v where (select count(*) from attachment_attachments a where a.owner_entity = 'tpm.visit' and a.owner_id = v.id) <>
			(select count(*) from event_log e where e.name = 'tpm.visit_file_added' and e.subject_id = v.id) - (select count(*) from event_log e where e.name = 'tpm.visit_file_removed' and e.subject_id = v.id)`,
		"tasks whose documents are not as many as the facts say": `select count(*) from tpm_tasks v where (select count(*) from attachment_attachments a where a.owner_entity = 'tpm.task' and a.owner_id = v.id) <>
			(select count(*) from event_log e where e.name = 'tpm.task_file_added' and e.subject_id = v.id) - (select count(*) from event_log e where e.name = 'tpm.task_file_removed' and e.subject_id = v.id)`,
		"facts about visits that do not exist": `select count(*) from event_log e where e.entity = 'tpm.visit' and not exists (select 1 from tpm_visits v where v.id = e.subject_id)`,
		"facts about tasks that do not exist":  `select count(*) from event_log e where e.entity = 'tpm.task' and not exists (select 1 from tpm_tasks v where v.id = e.subject_id)`,
		"documents whose record does not exist": `select count(*) from attachment_attachments a where a.owner_entity = 'tpm.visit' and not exists (select 1 from tpm_visits v where v.id = a.owner_id)
			or a.owner_entity = 'tpm.task' and not exists (select 1 from tpm_tasks k where k.id = a.owner_id)`,
		"tasks without a place":                      `select count(*) from tpm_tasks k where not exists (select 1 from tpm_task_locations l where l.task_id = k.id)`,
		"visits that differ from their last version": `select count(*) from tpm_visits v join tpm_visits_versions x on x.record_id = v.id and x.version = v.version where x.status <> v.status or x.visit_information <> v.visit_information`,
	} {
		var n int
		if err := a.DB.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if n != 0 {
			t.Errorf("kill %d: %s: %d", round, what, n)
		}
	}
	if a.DB.Engine() == db.SQLite {
		var verdict string
		if err := a.DB.QueryRow(t.Context(), "select group_concat(integrity_check) from pragma_integrity_check").Scan(&verdict); err != nil || !strings.EqualFold(verdict, "ok") {
			t.Errorf("kill %d: the file is damaged: %v %s", round, err, verdict)
		}
	}
}
