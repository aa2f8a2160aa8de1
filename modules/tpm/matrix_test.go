package tpm_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// asker is one row of the matrix: somebody with the role keys that they have on the visits of this test.
type asker struct {
	name, email, roles string
	// place is "" inside the workspace, "outside" for a person without any grant, "anonymous" for nobody.
	place string
}

var askers = []asker{
	{"pme", "pme@agency.example", "unicef pme", ""},
	{"unicef", "unicef@agency.example", "unicef", ""},
	{"focal", "focal@agency.example", "unicef focal", ""},
	{"planner without the agency's role", "planner@agency.example", "pme", ""},
	{"tpm", "tpm@firm.example", "tpm", ""},
	{"tpm_focal", "tpmfocal@firm.example", "tpm tpm_focal", ""},
	{"rival firm", "rival@other.example", "", ""},
	{"unrelated", "unrelated@else.example", "", ""},
	{"no grant", "nogrant@else.example", "", "outside"},
	{"anonymous", "", "", "anonymous"},
}

func (p asker) in(l *lab) *apptest.Client {
	if p.email == "" {
		return l.a.Anonymous()
	}
	return l.a.As(p.email)
}

// knows is tpm §4.5: whether a visit of firm F1 in a status is in the rows that this person may know of.
func (p asker) knows(status string, wasAssigned bool) bool {
	switch {
	case p.is("unicef"), p.is("pme"):
		return true
	case p.is("tpm"):
		return status != "draft" && (status != "cancelled" || wasAssigned)
	}
	return false
}

func (p asker) is(role string) bool { return slices.Contains(strings.Fields(p.roles), role) }

func (p asker) about(status string) situation { return situation{roles: p.roles, status: status} }

// refusal is the answer before anything about the visit is looked at, 0 for none.
func (p asker) refusal() int {
	if p.place != "" {
		return http.StatusForbidden
	}
	return 0
}

// read is the answer to GET and OPTIONS of a visit that was assigned once.
func (p asker) read(status string) int {
	switch {
	case p.refusal() != 0:
		return p.refusal()
	case !p.knows(status, true):
		return http.StatusNotFound
	case len(p.about(status).among(access.View, "tpm.visit", fullFields)) == 0:
		return http.StatusForbidden
	}
	return http.StatusOK
}

var goodInput = map[string]map[string]any{
	"cancel": {"cancel_comment": "Flood"}, "reject": {"reject_comment": "The road is closed"}, "reject_report": {"reject_comment": "Pictures are missing"},
}

// Every role tries every move in every state, with guards and payload satisfied (tpm §3, §11 "Transitions, roles"). The order of checks
// shows in the answers: 404 before 403 for the source, before 400 of the guard, before 403 for the role (§12-16).
func TestMoves(t *testing.T) {
	eachEngine(t, func(l *lab) {
		requests, made := 0, 0
		for _, status := range statuses {
			visit := l.visit(status, nil)
			l.report(visit, status)
			for code, source := range sources {
				for _, p := range askers {
					want := http.StatusForbidden
					switch {
					case p.refusal() != 0:
					case !p.knows(status, true):
						want = http.StatusNotFound
					case !slices.Contains(strings.Fields(source.from), status):
					case p.about(status).mayMove(code):
						want = http.StatusOK
					}
					what := fmt.Sprintf("%s %s in %s", p.name, code, status)
					before := l.stored(visit)
					r := p.in(l).Post(path(visit, code), goodInput[code])
					requests++
					if r.Status != want {
						l.Errorf("%s: got %d %s, want %d", what, r.Status, r.Body, want)
					}
					if r.Status != http.StatusOK {
						if d := differing(before, l.stored(visit)); len(d) > 0 {
							l.Errorf("%s: refused, yet %v changed", what, d)
						}
						continue
					}
					made++
					l.moved(what, p, visit, code, source.to, r)
					l.put("KEN", l.tpm.Visit, visit, l.history(status))
				}
			}
		}
		l.Logf("%d requests, %d moves made", requests, made)
		// Eight ways for each of the two planners, two for the agency's focal point, four for the firm's (tpm §11).
		if made != 8+8+2+4 {
			l.Errorf("%d moves were made, want 22", made)
		}
	})
}

// moved checks what a move leaves behind (tpm §3 "Effects").
func (l *lab) moved(what string, p asker, visit int64, code, to string, r *apptest.Response) {
	l.Helper()
	pme := l.a.As("pme@agency.example").Get(path(visit)).Want(l, 200).Object(l)
	l.same(what+": status", pme["status"], to)
	l.today(what+": day", pme[dayField(to)])
	l.today(what+": status_date", pme["status_date"])
	after := l.stored(visit)
	switch code {
	case "cancel":
		l.same(what+": comment", after["cancel_comment"], "Flood")
	case "reject":
		l.same(what+": comment", after["reject_comment"], "The road is closed")
	}
	if after["author"] != fmt.Sprint(l.id("user pme@agency.example")) {
		l.Errorf("%s: the author became %s", what, after["author"])
	}
	// The answer is the visit as this person reads it afterwards, as far as they still may.
	read := p.in(l).Get(path(visit))
	if want := p.read(to); read.Status != want {
		l.Errorf("%s: reading it afterwards gives %d, want %d", what, read.Status, want)
	}
	if read.Status == http.StatusOK && string(read.Body) != string(r.Body) {
		l.Errorf("%s: the answer %s is not what is read afterwards, %s", what, r.Body, read.Body)
	}
}

// today checks that a day is that of now, or was a minute ago.
func (l *lab) today(what string, got any) {
	l.Helper()
	now := time.Now().UTC()
	if got != almoner.DateOf(now).String() && got != almoner.DateOf(now.Add(-time.Minute)).String() {
		l.Errorf("%s: got %v, want today", what, got)
	}
}

// Whoever may not read a visit may not learn of it; whoever may sees the fields of tpm §4 and no others, in the body and in OPTIONS alike, and OPTIONS
// tells exactly what may be written and which moves there are (tpm §4.1-7, §4.4, §6).
func TestFields(t *testing.T) {
	eachEngine(t, func(l *lab) {
		for _, status := range statuses {
			visit := l.visit(status, nil)
			for _, p := range askers {
				what, s := p.name+" in "+status, p.about(status)
				r, o := p.in(l).Get(path(visit)), p.in(l).Options(path(visit))
				want := p.read(status)
				if r.Status != want || o.Status != want {
					l.Errorf("%s: GET %d, OPTIONS %d, want %d", what, r.Status, o.Status, want)
					continue
				}
				if want != http.StatusOK {
					continue
				}
				body, actions := r.Object(l), dig(o.JSON(l), "actions")
				l.same(what+": body", keys(body), s.body(fullFields))
				l.same(what+": task", keys(dig(body, "tpm_activities", 0)), s.seen("tpm.task", taskFields))
				l.same(what+": OPTIONS GET", keys(dig(actions, "GET")), s.body(fullFields))
				l.same(what+": OPTIONS GET of tasks", keys(dig(actions, "GET", "tpm_activities", "child", "children")), s.seen("tpm.task", taskFields))
				if body["tpm_partner"] != nil {
					firm := slices.Clone(firmFields)
					slices.Sort(firm)
					l.same(what+": firm", keys(body["tpm_partner"]), firm)
				}
				l.same(what+": OPTIONS PUT", keys(dig(actions, "PUT")), s.among(access.Edit, "tpm.visit", writableVisit))
				l.same(what+": OPTIONS PUT of tasks", keys(dig(actions, "PUT", "tpm_activities", "child", "children")), s.items())
				codes := []string{}
				for _, move := range dig(actions, "allowed_FSM_transitions").([]any) {
					codes = append(codes, dig(move, "code").(string))
				}
				l.same(what+": moves", codes, s.moves())
				offered := []string{}
				for _, action := range dig(p.in(l).Get(path(visit)+"?include=actions").Want(l, 200).JSON(l), "actions").([]any) {
					offered = append(offered, dig(action, "code").(string))
				}
				l.same(what+": ?include=actions", offered, s.moves())
			}
		}
	})
}

// items are the fields that OPTIONS shows as writable on tasks, with id and _delete (tpm §4.4, §6).
func (s situation) items() []string {
	list := s.among(access.Edit, "tpm.task", writableTask)
	if len(list) == 0 {
		return list
	}
	list = append(list, "id")
	if s.allowed(access.Edit, "tpm.task._delete") {
		list = append(list, "_delete")
	}
	slices.Sort(list)
	return list
}

// Everybody sends everything in every state: only what tpm §4.4 lets them write changes, the rest is dropped in silence; whoever may write nothing is
// refused (tpm §4.1-7, -8). A list of tasks of which nothing may be written is ignored (§12-9), the firm never changes (§12-2).
func TestWrites(t *testing.T) {
	eachEngine(t, func(l *lab) {
		for _, status := range statuses {
			visit := l.visit(status, nil)
			task := l.count("select id from tpm_tasks where visit_id = $1", visit)
			for i, p := range askers {
				what, s := p.name+" in "+status, p.about(status)
				text := fmt.Sprintf("text %d", i)
				others := [][]int64{{l.id("user tpm@firm.example"), l.id("user tpmfocal@firm.example")}, {l.id("user tpmfocal@firm.example")}}
				before := l.stored(visit)
				r := p.in(l).Patch(path(visit), map[string]any{
					"id": 4711, "tpm_partner": l.id("firm F2"), "status": "unicef_approved", "author": l.id("user unicef@agency.example"), "reference_number": "X/1", "unknown": 1,
					"visit_information": text, "cancel_comment": text, "reject_comment": text, "approval_comment": text, "tpm_partner_focal_points": others[i%2],
					"start_date": "2020-01-01", "date_of_assigned": "2020-01-01", "report_reject_comments": []any{map[string]any{"reject_reason": text}},
					"tpm_activities": []any{map[string]any{"id": task, "additional_information": text, "is_pv": true, "pv_applicable": true, "tpm_visit": 4711}},
				})
				editable := s.among(access.Edit, "tpm.visit", append([]string{"report_reject_comments", "start_date", "end_date"}, writableVisit...))
				want := p.read(status)
				if want == http.StatusOK && len(s.among(access.Edit, "tpm.visit", writableVisit)) == 0 {
					want = http.StatusForbidden
				}
				if r.Status != want {
					l.Errorf("%s: got %d %s, want %d (editable %v)", what, r.Status, r.Body, want, editable)
				}
				changes := []string{}
				if want == http.StatusOK {
					changes = s.among(access.Edit, "tpm.visit", []string{"approval_comment", "tpm_partner_focal_points", "visit_information"})
					if len(s.items()) > 0 {
						changes = append(changes, "tpm_activities")
					}
					slices.Sort(changes)
				}
				l.same(what+": changes", differing(before, l.stored(visit)), changes)
			}
			if n := l.count("select count(*) from tpm_tasks where is_pv = $1", true); n > 0 {
				l.Errorf("%s: somebody marked a programmatic visit by a plain write", status)
			}
		}
	})
}

// A visit is removed by a planner while it is a draft, and in no other way (tpm §12-8). It is only hidden, and nothing speaks of it any more (§12-17).
func TestDelete(t *testing.T) {
	eachEngine(t, func(l *lab) {
		for _, status := range statuses {
			visit := l.visit(status, nil)
			for _, p := range askers {
				want := p.read(status)
				if want == http.StatusOK {
					want = http.StatusForbidden
				}
				if p.is("pme") && status == "draft" {
					want = http.StatusNoContent
				}
				r := p.in(l).Delete(path(visit))
				if r.Status != want {
					l.Errorf("%s in %s: got %d %s, want %d", p.name, status, r.Status, r.Body, want)
				}
				if r.Status != http.StatusNoContent {
					l.stored(visit)
					continue
				}
				for _, gone := range []*apptest.Response{p.in(l).Get(path(visit)), p.in(l).Options(path(visit)), p.in(l).Delete(path(visit)), p.in(l).Get(path(visit, "history")), p.in(l).Post(path(visit, "assign"), nil)} {
					gone.Want(l, 404)
				}
				if l.count("select count(*) from tpm_visits where id = $1 and deleted_at is not null", visit) != 1 {
					l.Errorf("%s: the row is gone, want it kept with the time of its deletion", p.name)
				}
				pme := l.a.As("pme@agency.example")
				if slices.Contains(l.list(pme.Get("/api/tpm/visits/?page_size=all")), visit) {
					l.Errorf("%s: the deleted visit is still in the list", p.name)
				}
				l.same("tasks of a deleted visit", l.list(pme.Get(fmt.Sprintf("/api/tpm/activities/?tpm_visit=%d", visit))), []int64{})
				visit = l.visit(status, nil)
			}
		}
	})
}

// A firm knows neither drafts nor what was cancelled before it was assigned; list, detail and sub-lists agree on that (tpm §4.5, §11 "Visit list").
func TestRows(t *testing.T) {
	eachEngine(t, func(l *lab) {
		visits := map[string]int64{}
		for _, status := range statuses {
			visits[status] = l.visit(status, nil)
		}
		fromDraft := l.visit("draft", nil)
		l.put("KEN", l.tpm.Visit, fromDraft, entity.Values{"status": "cancelled", "date_of_cancelled": day("2026-05-05")})
		for _, p := range askers {
			want := []int64{}
			for _, status := range statuses {
				if p.knows(status, true) {
					want = append(want, visits[status])
				}
			}
			if p.knows("cancelled", false) {
				want = append(want, fromDraft)
			}
			general := situation{roles: p.roles}
			r := p.in(l).Get("/api/tpm/visits/?page_size=all")
			// The rival's firm has no visit here, which is an empty list and no refusal (tpm §11).
			if seen := general.body(lightFields); len(seen) == 0 && p.name != "rival firm" {
				if r.Status != http.StatusForbidden {
					l.Errorf("%s: list: got %d %s, want 403", p.name, r.Status, r.Body)
				}
			} else {
				l.same(p.name+": list", l.list(r), want)
				for _, row := range r.JSON(l).([]any) {
					l.same(p.name+": row", keys(row), seen)
				}
			}
			if p.place == "" {
				l.sameTasks(p, want)
			}
			for id, known := range map[int64]bool{visits["draft"]: p.knows("draft", true), visits["cancelled"]: p.knows("cancelled", true), fromDraft: p.knows("cancelled", false)} {
				if got := p.in(l).Get(path(id)).Status; (got == http.StatusNotFound) == known && p.place == "" {
					l.Errorf("%s: visit %d: got %d, known is %t", p.name, id, got, known)
				}
			}
		}
		l.same("somebody of the firm's trade whose organisation is no firm (tpm §11)", l.list(l.a.As("consultant@else.example").Get("/api/tpm/visits/")), []int64{})
	})
}

// sameTasks checks that tasks and the look-ups over them show what belongs to the visits that the person knows, and nothing else (tpm §5.4, §12-17).
func (l *lab) sameTasks(p asker, visits []int64) {
	l.Helper()
	want := []int64{}
	for _, v := range visits {
		want = append(want, l.numbers("select id from tpm_tasks where visit_id = $1 order by id", v)...)
	}
	slices.Sort(want)
	l.same(p.name+": /activities/", l.list(p.in(l).Get("/api/tpm/activities/")), want)
	used := func(column string) []int64 {
		ids := []int64{}
		for _, task := range want {
			for _, id := range l.numbers("select "+column+" from tpm_tasks where id = $1", task) {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		slices.Sort(ids)
		return ids
	}
	for sub, column := range map[string]string{"implementing-partners": "partner_id", "sections": "section_id", "cp-outputs": "output_id"} {
		got := l.list(p.in(l).Get("/api/tpm/visits/activities/" + sub + "/"))
		slices.Sort(got)
		l.same(p.name+": "+sub, got, used(column))
	}
}

// Only planners create visits (tpm §5.4), and all that they can say then is the firm.
func TestCreate(t *testing.T) {
	eachEngine(t, func(l *lab) {
		for _, p := range askers {
			r := p.in(l).Post("/api/tpm/visits/", map[string]any{})
			want := http.StatusForbidden
			if p.is("pme") {
				want = http.StatusCreated
			}
			if r.Status != want {
				l.Errorf("%s: got %d %s, want %d", p.name, r.Status, r.Body, want)
			}
			o := p.in(l).Options("/api/tpm/visits/")
			switch {
			case p.place != "" || p.roles == "" && p.name != "rival firm":
				o.Want(l, 403)
			case p.is("pme"):
				l.same(p.name+": OPTIONS POST", keys(dig(o.Want(l, 200).JSON(l), "actions", "POST")), []string{"tpm_partner"})
			default:
				l.same(p.name+": OPTIONS POST", keys(dig(o.Want(l, 200).JSON(l), "actions", "POST")), []string{})
			}
		}
		pme := l.a.As("pme@agency.example")
		r := pme.Post("/api/tpm/visits/", map[string]any{
			"tpm_partner": l.id("firm F1"), "visit_information": "not yet", "status": "assigned", "author": l.id("user unicef@agency.example"), "tpm_partner_focal_points": []int64{l.id("user tpm@firm.example")},
			"tpm_activities": []any{map[string]any{"partner": "nonsense"}},
		}).Want(l, 201)
		body := r.Object(l)
		l.same("body of a new visit", keys(body), situation{roles: "unicef pme", status: "draft"}.body(fullFields))
		visit := r.ID(l)
		after := l.stored(visit)
		l.same("stored", []string{after["tpm_partner"], after["author"], after["status"], after["visit_information"], after["tpm_partner_focal_points"], after["tpm_activities"]},
			[]string{fmt.Sprint(l.id("firm F1")), fmt.Sprint(l.id("user pme@agency.example")), "draft", "", "[]", ""})
		l.today("date_created", body["date_created"])
		l.today("status_date", body["status_date"])
		l.same("reference", body["reference_number"], fmt.Sprintf("KEN/%.4s/%d/TPM", body["date_created"], visit))
		l.same("period", []any{body["start_date"], body["end_date"]}, []any{nil, nil})
		l.same("facts", l.facts(visit), []string{"tpm.visit_created"})
	})
}

// facts are the names of the facts about a visit, in order.
func (l *lab) facts(visit int64) []string {
	l.Helper()
	rows, err := l.a.DB.Query(l.Context(), "select name from event_log where (entity = 'tpm.visit' and subject_id = $1) or (parent_entity = 'tpm.visit' and parent_id = $1) order by id", visit)
	list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		l.Fatal(err)
	}
	return list
}
