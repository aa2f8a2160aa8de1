package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

// chapter is one request in the life of a visit, and what there is once it was carried out. No two chapters leave the same behind, so that what is found after
// a kill tells how far the visit came.
type chapter struct {
	firm   bool // sent by the focal point of the firm, else by the planner
	status int
	send   func(x *tale) (method, path string, body any) // pieces make a form
	then   then
}

type then struct {
	status                 string
	tasks, marked, reasons int
	// files are the documents of visit and tasks, by the kind that their names end in.
	files string
	// moves are the facts about the visit, beside those that it was created and updated.
	moves string
}

// chapters are the whole story of a visit: planned, assigned, accepted, reported on, sent back, corrected, approved.
var chapters = []chapter{
	{false, 201, func(x *tale) (string, string, any) {
		return "POST", "/api/tpm/visits/", map[string]any{"tpm_partner": 1}
	}, then{status: "draft"}},
	{false, 200, func(x *tale) (string, string, any) {
		return "PATCH", x.path(""), map[string]any{"visit_information": x.name, "tpm_partner_focal_points": []int{6}, "tpm_activities": []any{map[string]any{"partner": 2, "section": 1, "date": "2026-12-01", "locations": []int{2}, "offices": []int{1}, "unicef_focal_points": []int{3}}}}
	}, then{status: "draft", tasks: 1}},
	{false, 200, move("assign", nil), then{status: "assigned", tasks: 1, moves: "assigned"}},
	{true, 200, move("accept", nil), then{status: "tpm_accepted", tasks: 1, moves: "assigned accepted"}},
	{true, 201, func(x *tale) (string, string, any) {
		return "POST", x.path("report-attachments/"), []piece{plain("file_type", x.types["overall_report"]), x.file("overall")}
	}, then{status: "tpm_accepted", tasks: 1, files: "overall", moves: "assigned accepted file_added"}},
	{true, 201, func(x *tale) (string, string, any) {
		return "POST", x.path("activities/report-attachments/"), []piece{plain("file_type", x.types["report"]), plain("object_id", fmt.Sprint(x.task)), x.file("detail")}
	}, then{status: "tpm_accepted", tasks: 1, files: "detail overall", moves: "assigned accepted file_added"}},
	{true, 201, func(x *tale) (string, string, any) {
		return "POST", x.path("report-attachments/"), []piece{plain("file_type", x.types["overall_report"]), x.file("mistake")}
	}, then{status: "tpm_accepted", tasks: 1, files: "detail mistake overall", moves: "assigned accepted file_added file_added"}},
	{true, 204, func(x *tale) (string, string, any) {
		return "DELETE", x.path(fmt.Sprintf("report-attachments/%d/", x.ids["mistake"])), nil
	}, then{status: "tpm_accepted", tasks: 1, files: "detail overall", moves: "assigned accepted file_added file_added file_removed"}},
	{true, 200, func(x *tale) (string, string, any) {
		return "PATCH", x.path(fmt.Sprintf("activities/report-attachments/%d/", x.ids["detail"])), []piece{x.file("photos")}
	}, then{status: "tpm_accepted", tasks: 1, files: "overall photos", moves: "assigned accepted file_added file_added file_removed"}},
	{true, 200, move("send_report", nil), then{status: "tpm_reported", tasks: 1, files: "overall photos", moves: "assigned accepted file_added file_added file_removed reported"}},
	{
		false, 200, move("reject_report", map[string]any{"reject_comment": "There is no map"}),
		then{status: "tpm_report_rejected", tasks: 1, reasons: 1, files: "overall photos", moves: "assigned accepted file_added file_added file_removed reported report_rejected"},
	},
	{true, 200, func(x *tale) (string, string, any) {
		return "PATCH", x.path(fmt.Sprintf("report-attachments/%d/", x.ids["overall"])), []piece{x.file("corrected")}
	}, then{status: "tpm_report_rejected", tasks: 1, reasons: 1, files: "corrected photos", moves: "assigned accepted file_added file_added file_removed reported report_rejected"}},
	{true, 200, move("send_report", nil), then{status: "tpm_reported", tasks: 1, reasons: 1, files: "corrected photos", moves: "assigned accepted file_added file_added file_removed reported report_rejected reported"}},
	{false, 200, func(x *tale) (string, string, any) {
		return "POST", x.path("approve/"), map[string]any{"mark_as_programmatic_visit": []int64{x.task}, "approval_comment": "Thank you"}
	}, then{status: "unicef_approved", tasks: 1, marked: 1, reasons: 1, files: "corrected photos", moves: "assigned accepted file_added file_added file_removed reported report_rejected reported approved"}},
}

func move(code string, body any) func(x *tale) (string, string, any) {
	return func(x *tale) (string, string, any) { return "POST", x.path(code + "/"), body }
}

// tale is one visit and how far it came. It has one teller, so what it did last is known.
type tale struct {
	name        string
	visit, task int64
	// done counts the chapters that are known to be done.
	done int
	// sent says that the next chapter was sent and no answer is known, acknowledged that its status was received and no more.
	sent, acknowledged bool
	// ids are the documents by the kind of their file, types the file types by name.
	ids   map[string]int64
	types map[string]string
}

func (x *tale) path(rest string) string { return fmt.Sprintf("/api/tpm/visits/%d/%s", x.visit, rest) }

// file is a report of some length, a few of them long enough to be killed in.
func (x *tale) file(kind string) piece { return attached(x.named(kind), x.text(kind)) }

func (x *tale) named(kind string) string { return x.name + "." + kind + ".txt" }

func (x *tale) text(kind string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(x.named(kind)))
	line := "What was seen by " + x.named(kind) + "\n"
	times := 1 + int(h.Sum32()%50)
	if h.Sum32()%5 == 0 {
		times = 10_000
	}
	return strings.Repeat(line, times)
}

// TestKilledInTheStory kills the real program while visits are taken through their whole story, files included. What was acknowledged is there afterwards, nothing is
// there twice, files are served as they were sent, and none is left that no record names.
func TestKilledInTheStory(t *testing.T) {
	t.Parallel()
	killedInTheStory(t, 5)
}

// TestSoakKilledInTheStory does the same for a long time.
func TestSoakKilledInTheStory(t *testing.T) {
	t.Parallel()
	if os.Getenv("ALMONER_SOAK") == "" {
		t.Skip("takes minutes: set ALMONER_SOAK")
	}
	killedInTheStory(t, 100)
}

func killedInTheStory(t *testing.T, kills int) {
	t.Helper()
	binary := built(t)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			must(t, append([]string{"load", world}, place...)...)
			b := &book{planner: tokenFor(t, place, planner), firm: tokenFor(t, place, firmFocal), types: map[string]string{}}
			opened(t, place, func(a *app.App) {
				for _, name := range []string{"overall_report", "report"} {
					var id int64
					if err := a.DB.QueryRow(t.Context(), "select id from attachment_file_types where name = $1", name).Scan(&id); err != nil {
						t.Fatal(err)
					}
					b.types[name] = fmt.Sprint(id)
				}
			})
			seeds := rand.New(rand.NewPCG(26, 2026)) //nolint:gosec // a fixed seed is the point
			for round := range kills + 1 {
				server := startVictim(t, binary, place)
				last := round == kills
				var tellers sync.WaitGroup
				for n := range b.telling {
					tellers.Go(func() { b.tell(t, server.address, round, n, last) })
				}
				after := time.Duration(100+seeds.IntN(900)) * time.Millisecond
				if last {
					// On what all the kills left behind, every story can be told to its end.
					tellers.Wait()
					after = 0
				}
				server.dies(t, after, &tellers)
				if t.Failed() {
					t.FailNow()
				}
				b.check(t, place, round)
				if t.Failed() {
					t.FailNow()
				}
			}
			t.Logf("%d kills, %d times a visit was taken up, %d acknowledged chapters, %d whole stories, %d chapters done but not acknowledged, %d lost before they were done, %d files swept", kills, b.visits, b.chapters, b.whole, b.unheard, b.undone, b.swept)
			if b.chapters < kills*5 || b.whole < len(b.telling) {
				t.Error("too little was acknowledged to prove anything")
			}
		})
	}
}

// book is all that is told to one database.
type book struct {
	planner, firm string
	types         map[string]string
	// telling is the tale of each teller, touched are those of this round.
	telling [4]*tale
	mu      sync.Mutex
	touched []*tale

	visits, chapters, whole, unheard, undone, swept int
}

// tell goes on with the teller's tale, and with new ones, until the server is gone; the last time only to the end of that tale.
func (b *book) tell(t *testing.T, address string, round, n int, last bool) {
	for i := 0; ; i++ {
		x := b.telling[n]
		if x == nil || x.done == len(chapters) {
			x = &tale{name: fmt.Sprintf("kill-%d-teller-%d-visit-%d", round, n, i), ids: map[string]int64{}, types: b.types}
			b.telling[n] = x
		}
		b.mu.Lock()
		b.visits++
		b.touched = append(b.touched, x)
		b.mu.Unlock()
		for x.done < len(chapters) {
			if !b.next(t, address, x) {
				return
			}
		}
		if last {
			return
		}
	}
}

// next carries out the next chapter; false when the server is gone.
func (b *book) next(t *testing.T, address string, x *tale) bool {
	c := chapters[x.done]
	method, path, body := c.send(x)
	media, raw := "application/json", []byte("{}")
	if pieces, ok := body.([]piece); ok {
		media, raw = "multipart/form-data; boundary="+mark, []byte(form(pieces...))
	} else if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			t.Error(err)
			return false
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address+path, bytes.NewReader(raw))
	if err != nil {
		t.Error(err)
		return false
	}
	token := b.planner
	if c.firm {
		token = b.firm
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer "+token)
	x.sent = true
	answer, err := client.Do(r)
	if err != nil {
		return false // the server is gone
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	// The answer begins after the commit, so a status is an acknowledgement even when the rest of it is lost.
	if answer.StatusCode != c.status {
		t.Errorf("%s, chapter %d: %s %s: got %d %s, want %d", x.name, x.done, method, path, answer.StatusCode, text, c.status)
		return false
	}
	x.acknowledged = true
	if err != nil {
		return false
	}
	if len(text) > 0 {
		var tree struct {
			ID       int64
			Filename string
			Tasks    []struct{ ID int64 } `json:"tpm_activities"`
		}
		if json.Unmarshal(text, &tree) != nil {
			return false
		}
		switch {
		case tree.Filename != "":
			x.ids[kindOf(tree.Filename)] = tree.ID
		case x.visit == 0:
			x.visit = tree.ID
		}
		if len(tree.Tasks) > 0 {
			x.task = tree.Tasks[0].ID
		}
	}
	x.did()
	b.mu.Lock()
	b.chapters++
	b.mu.Unlock()
	return true
}

func (x *tale) did() {
	x.done++
	x.sent, x.acknowledged = false, false
}

// kindOf is the last word of a file's name.
func kindOf(filename string) string {
	words := strings.Split(filename, ".")
	return words[max(len(words)-2, 0)]
}

// check brings each tale to where it is found to be, and compares what is stored with what was acknowledged, and with itself.
func (b *book) check(t *testing.T, place []string, round int) {
	t.Helper()
	opened(t, place, func(a *app.App) {
		handler := a.Handler()
		for _, x := range b.touched {
			b.settle(t, a, round, x)
			b.served(t, handler, round, x)
		}
		b.touched = nil
		consistent(t, a, round)
		filesAgree(t, a, round, false)
	})
	openedAt(t, place, tomorrow{}, func(a *app.App) {
		n, err := a.Files.Sweep(t.Context())
		if err != nil {
			t.Errorf("kill %d: sweep: %v", round, err)
		}
		b.swept += n
		filesAgree(t, a, round, true)
	})
}

// tomorrow is a clock that is two days ahead, when all that was left lying is old enough to be cleared away.
type tomorrow struct{}

// Now implements almoner.Clock.
func (tomorrow) Now() time.Time { return time.Now().AddDate(0, 0, 2) }

// settle finds out how far a tale came: as far as was acknowledged, or one chapter further when that was under way.
func (b *book) settle(t *testing.T, a *app.App, round int, x *tale) {
	t.Helper()
	if x.visit == 0 {
		// Nobody was told its number; whether it is there makes no difference, and the teller begins another one.
		x.done = len(chapters)
		b.undone++
		return
	}
	now := found(t, a, x)
	before, after := then{}, then{}
	if x.done > 0 {
		before = chapters[x.done-1].then
	}
	if x.done < len(chapters) {
		after = chapters[x.done].then
	}
	switch {
	case x.acknowledged && now != after:
		t.Errorf("kill %d: %s: chapter %d was acknowledged and is lost: %+v is there, want %+v", round, x.name, x.done, now, after)
	case x.sent && now == after:
		b.unheard++
		x.did()
	case now == before:
		if x.sent {
			b.undone++
		}
		x.sent = false
	default:
		t.Errorf("kill %d: %s, %d chapters acknowledged, next sent: %t: %+v is there, want %+v", round, x.name, x.done, x.sent, now, before)
	}
	if x.done == len(chapters) {
		b.whole++
	}
}

// found reads what there is of a tale.
func found(t *testing.T, a *app.App, x *tale) (now then) {
	t.Helper()
	information := ""
	err := a.DB.QueryRow(t.Context(), `
		select v.status, v.visit_information, coalesce((select max(k.id) from tpm_tasks k where k.visit_id = v.id), 0), (select count(*) from tpm_tasks k where k.visit_id = v.id),
			(select count(*) from tpm_tasks k where k.visit_id = v.id and k.is_pv), (select count(*) from tpm_report_reject_comments c where c.visit_id = v.id)
		from tpm_visits v where v.id = $1`, x.visit).
		Scan(&now.status, &information, &x.task, &now.tasks, &now.marked, &now.reasons)
	if errors.Is(err, db.ErrNoRows) {
		return now // which is what nothing looks like
	}
	if err != nil {
		t.Fatal(err)
	}
	if (information == x.name) != (now.tasks == 1) {
		t.Errorf("%s: text and task came with one request, and there is %q and %d tasks", x.name, information, now.tasks)
	}
	rows, err := a.DB.Query(t.Context(), `
		select a.id, a.filename from attachment_attachments a
		where a.owner_entity = 'tpm.visit' and a.owner_id = $1 or a.owner_entity = 'tpm.task' and a.owner_id in (select k.id from tpm_tasks k where k.visit_id = $1)`, x.visit)
	files, err := db.Collect(rows, err, func(r db.Row) (string, error) {
		var id int64
		var name string
		err := r.Scan(&id, &name)
		x.ids[kindOf(name)] = id
		return kindOf(name), err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	now.files = strings.Join(files, " ")
	rows, err = a.DB.Query(t.Context(), `select e.name from event_log e where e.entity = 'tpm.visit' and e.subject_id = $1 and e.name not in ('tpm.visit_created', 'tpm.visit_updated') order by e.id`, x.visit)
	moves, err := db.Collect(rows, err, func(r db.Row) (name string, err error) {
		err = r.Scan(&name)
		return strings.TrimPrefix(name, "tpm.visit_"), err
	})
	if err != nil {
		t.Fatal(err)
	}
	now.moves = strings.Join(moves, " ")
	return now
}

// served asks for the files of a tale as the firm does: those that are there come as they were sent, those that were taken back do not.
func (b *book) served(t *testing.T, handler http.Handler, round int, x *tale) {
	t.Helper()
	if x.visit == 0 || x.done == 0 {
		return
	}
	there := map[int64]string{}
	for kind := range strings.FieldsSeq(chapters[x.done-1].then.files) {
		there[x.ids[kind]] = kind
	}
	for _, id := range x.ids {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, fileOf(id), nil)
		r.Header.Set("Authorization", "Bearer "+b.firm)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		kind, kept := there[id]
		if kept && (w.Code != http.StatusOK || w.Body.String() != x.text(kind)) {
			t.Errorf("kill %d: %s is given back with %d, %d bytes, want its %d: %.60q", round, x.named(kind), w.Code, w.Body.Len(), len(x.text(kind)), w.Body)
		}
		if !kept && w.Code != http.StatusNotFound {
			t.Errorf("kill %d: document %d of %s was deleted and is served with %d", round, id, x.name, w.Code)
		}
	}
}

// filesAgree compares records with the files on the disk: each record has its own, whole; the others are noted to be cleared away, and once swept there are none.
func filesAgree(t *testing.T, a *app.App, round int, swept bool) {
	t.Helper()
	type record struct {
		key, digest string
		size        int64
	}
	rows, err := a.DB.Query(t.Context(), "select blob_key, sha256, size from attachment_attachments where blob_key <> ''")
	records, err := db.Collect(rows, err, func(r db.Row) (x record, err error) { return x, r.Scan(&x.key, &x.digest, &x.size) })
	if err != nil {
		t.Fatal(err)
	}
	rows, err = a.DB.Query(t.Context(), "select key from file_pending")
	pending, err := db.Collect(rows, err, func(r db.Row) (key string, err error) { return key, r.Scan(&key) })
	if err != nil {
		t.Fatal(err)
	}
	if swept && len(pending) > 0 {
		t.Errorf("kill %d: %d files wait after the sweep", round, len(pending))
	}
	root := filepath.Join(a.Config.Data, "files")
	named := map[string]bool{}
	for _, x := range records {
		if named[x.key] || slices.Contains(pending, x.key) {
			t.Errorf("kill %d: %s is named twice, or waits to be cleared away", round, x.key)
		}
		named[x.key] = true
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(x.key))) //nolint:gosec // a file of this test
		if errors.Is(err, fs.ErrNotExist) {
			t.Errorf("kill %d: a record names %s, which is not there", round, x.key)
			continue
		}
		if sum := sha256.Sum256(raw); err != nil || hex.EncodeToString(sum[:]) != x.digest || int64(len(raw)) != x.size {
			t.Errorf("kill %d: %s is not what was received: %d bytes of %d, %v", round, x.key, len(raw), x.size, err)
		}
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		key, err := filepath.Rel(root, path)
		key = filepath.ToSlash(key)
		whole, _, _ := strings.Cut(key, ".") // a part of a file has an ending
		if !named[key] && !slices.Contains(pending, whole) {
			t.Errorf("kill %d: %s lies there, no record names it and nothing says that it is to be cleared away", round, key)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
