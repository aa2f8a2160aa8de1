package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// TestBenchTable prints the table of docs/performance.md (`make bench`): the program beside a handler written by hand that sends the same statements, both over
// HTTP and in turns, on both engines. It measures and asserts nothing but that the answers are good. Every request has parameters of its own.
// ALMONER_BENCH_LINES is a pattern of the lines to measure.
func TestBenchTable(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("ALMONER_BENCH_VISITS"))
	if err != nil {
		t.Skip("run make bench")
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			a := apptest.New(t, engine, modules.All(), world)
			began := time.Now()
			fillRegister(t, a, country(size))
			fmt.Fprintf(os.Stderr, "%s: %d visits made in %s\n", engine, size, time.Since(began).Round(time.Second))
			b := newBench(t, a, size, planner)
			b.table()
			b.growth()
		})
	}
}

// bench measures requests to one program.
type bench struct {
	*testing.T
	a      *apptest.App
	size   int
	who    string
	server *httptest.Server
	client *http.Client
	token  string
	peer   *peer
	// hand is where the peer listens.
	hand *httptest.Server
	only *regexp.Regexp
}

func newBench(t *testing.T, a *apptest.App, size int, who string) *bench {
	b := &bench{T: t, a: a, size: size, who: who, client: &http.Client{}, peer: newPeer(t, a), only: regexp.MustCompile(os.Getenv("ALMONER_BENCH_LINES"))}
	actor, err := a.Set.Identity().OfEmail(t.Context(), a.DB, who, "")
	if err != nil {
		t.Fatal(err)
	}
	issued, err := a.Auth.IssueToken(t.Context(), actor.UserID, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.token = issued.Token
	b.server, b.hand = httptest.NewServer(a.Handler()), httptest.NewServer(b.peer)
	t.Cleanup(b.server.Close)
	t.Cleanup(b.hand.Close)
	return b
}

// request is one thing to ask.
type request struct {
	method, path string
	body         any
	want         int
}

func read(path string, args ...any) request {
	return request{http.MethodGet, fmt.Sprintf(path, args...), nil, http.StatusOK}
}

// line is one row of the table: next makes the request number i.
type line struct {
	name   string
	next   func(i int) request
	writes bool
	// target is the least that by hand ÷ program should be, by engine; 0 for none.
	sqlite, postgres float64
}

func (b *bench) table() {
	fmt.Printf("\n| Engine | Visits | Request | p50 ms | p99 ms | by hand p50 ms | by hand ÷ program | Statements | Target | Met |\n|---|---|---|---|---|---|---|---|---|---|\n")
	// Numbers that meet all records in a scattered order.
	visit := func(i int) int { return own + i*7919%b.size }
	list := "/api/tpm/visits/?count=none&page_size=20"
	syllables := []string{"zu", "be", "xi", "do", "va", "gy", "ka", "he"}
	word := func(i int) string { return syllables[i%8] + syllables[i/8%8] + syllables[i/64%8] }
	drafts := func(i int) int { return own + 8*(i%(b.size/8)) }
	for _, l := range []line{
		{"20 visits of a state by reference, up or down", func(i int) request {
			return read("%s&status=%s&ordering=%sreference_number&page=%d", list, visitStates[1+i%5], []string{"", "-"}[i/5%2], 1+i/10%25)
		}, false, 0.8, 0.7},
		{"20 visits, no filter, any page up to 50", func(i int) request { return read("%s&page=%d", list, 1+i%50) }, false, 0, 0},
		{"20 visits, each filter in turn", func(i int) request {
			return read("%s&%s", list, visitFilters[i%len(visitFilters)].value(i/len(visitFilters)))
		}, false, 0, 0},
		{"20 visits, each order in turn", func(i int) request {
			return read("%s&ordering=%s&page=%d", list, visitSorts[i%len(visitSorts)], 1+i/len(visitSorts)%20)
		}, false, 0, 0},
		{"20 visits of a state and section, with their total", func(i int) request {
			return read("/api/tpm/visits/?page_size=20&status=%s&tpm_activities__section=%d", visitStates[i%6], own+i%20)
		}, false, 0, 0},
		{"search, a word that few have", func(i int) request { return read("%s&search=%s+%d", list, word(i), 100+i*37%9000) }, false, 0, 0},
		{"search, a word that many have", func(i int) request { return read("%s&search=%stan", list, []string{"re", "ga", "lo", "mu"}[i%4]) }, false, 0, 0},
		{"one visit", func(i int) request { return read("/api/tpm/visits/%d/", visit(i)) }, false, 0, 0},
		{"what may be done with one visit (OPTIONS)", func(i int) request {
			return request{http.MethodOptions, fmt.Sprintf("/api/tpm/visits/%d/", visit(i)), nil, http.StatusOK}
		}, false, 0, 0},
		{"programmatic visits of all partners by quarter", func(i int) request { return read("/api/tpm/hact/?year=%d", 2016+i%11) }, false, 0, 0},
		{"GraphQL, 50 visits with two lists in each", func(i int) request {
			return request{http.MethodPost, "/api/graphql", graphPage(50 * (i % 50)), http.StatusOK}
		}, false, 0.67, 0.67},
		{"create a visit with a task", func(i int) request {
			return request{http.MethodPost, "/api/tpm/visits/", map[string]any{"tpm_partner": own + i%200, "tpm_activities": []any{map[string]any{
				"partner": own + i%10_000, "intervention": own + i%10_000, "section": own + i%20, "date": "2026-12-01", "locations": []int{own + i%20_000}, "unicef_focal_points": []int{own + i%2000}, "offices": []int{own},
			}}}, http.StatusCreated}
		}, true, 0, 0},
		{"cancel a visit", func(i int) request {
			return request{http.MethodPost, fmt.Sprintf("/api/tpm/visits/%d/cancel/", drafts(i)), map[string]any{"cancel_comment": "no road"}, http.StatusOK}
		}, true, 0, 0},
	} {
		b.line(l)
	}
}

var (
	visitStates = []string{"draft", "assigned", "tpm_accepted", "tpm_reported", "cancelled", "unicef_approved"}
	visitSorts  = []string{"reference_number", "-reference_number", "start_date", "-start_date", "status_date", "-status_date", "status", "-status", "tpm_partner__name", "-tpm_partner__name"}
	day         = func(i int) string { return almoner.NewDate(2024, 1, 1).AddDays(i % 700).String() }
	// visitFilters are those of the list of visits, each with a value that differs from request to request.
	visitFilters = []struct {
		name  string
		value func(i int) string
	}{
		{"a state", func(i int) string { return "status=" + visitStates[i%6] }},
		{"two states", func(i int) string { return "status__in=" + visitStates[i%6] + "," + visitStates[(i+1)%6] }},
		{"a firm", func(i int) string { return fmt.Sprint("tpm_partner=", own+i%200) }},
		{"three firms", func(i int) string {
			return fmt.Sprintf("tpm_partner__in=%d,%d,%d", own+i%200, own+(i+7)%200, own+(i+9)%200)
		}},
		{"a partner of a task", func(i int) string { return fmt.Sprint("tpm_activities__partner=", own+i*31%15_000) }},
		{"an agreement of a task", func(i int) string { return fmt.Sprint("tpm_activities__intervention=", own+i*31%15_000) }},
		{"a section of a task", func(i int) string { return fmt.Sprint("tpm_activities__section=", own+i%20) }},
		{"an output of a task", func(i int) string { return fmt.Sprint("tpm_activities__cp_output=", own+i%500) }},
		{"a place of a task", func(i int) string { return fmt.Sprint("tpm_activities__locations=", own+i*17%20_000) }},
		{"an office of a task", func(i int) string { return fmt.Sprint("tpm_activities__offices=", own+i%10) }},
		{"a focal point of a task", func(i int) string { return fmt.Sprint("tpm_activities__unicef_focal_points=", own+i*13%2000) }},
		{"a focal point of the firm", func(i int) string { return fmt.Sprint("tpm_partner_focal_points=", own+i*13%2000) }},
		{"a day of a task", func(i int) string { return "tpm_activities__date=" + day(i) }},
		{"a task from a day on", func(i int) string { return "tpm_activities__date__gte=" + day(i) }},
		{"a task until a day", func(i int) string { return "tpm_activities__date__lte=" + day(i) }},
		{"a task in a week", func(i int) string {
			return "tpm_activities__date__gte=" + day(i%690) + "&tpm_activities__date__lt=" + day(i%690+7)
		}},
		{"a state and a section", func(i int) string {
			return fmt.Sprintf("status=%s&tpm_activities__section=%d", visitStates[i%6], own+i/6%20)
		}},
	}
)

// growth prints the time of each filter and each order by itself, to be compared with that at another size.
func (b *bench) growth() {
	show := func(name string, next func(i int) request) {
		if !b.only.MatchString(name) {
			return
		}
		i := 0
		ask := func() {
			b.send(next(i))
			i++
		}
		for range 5 {
			ask()
		}
		times := timed(60, ask)[0]
		fmt.Printf("| %s | %d | %s | %s | %s |\n", b.a.DB.Engine(), b.size, name, ms(percentile(times, 50)), ms(percentile(times, 90)))
	}
	fmt.Printf("\n| Engine | Visits | 20 visits by | p50 ms | p90 ms |\n|---|---|---|---|---|\n")
	list := "/api/tpm/visits/?count=none&page_size=20"
	for _, f := range visitFilters {
		show(f.name, func(i int) request { return read("%s&%s", list, f.value(i)) })
	}
	for _, sort := range visitSorts {
		show("order "+sort, func(i int) request { return read("%s&ordering=%s&page=%d", list, sort, 1+i%20) })
	}
	for _, f := range visitFilters[6:8] { // of which many are, and few
		show(f.name+", order -reference_number", func(i int) request { return read("%s&%s&ordering=-reference_number", list, f.value(i)) })
		show(f.name+", order tpm_partner__name", func(i int) request { return read("%s&%s&ordering=tpm_partner__name", list, f.value(i)) })
	}
}

func graphPage(offset int) map[string]any {
	return map[string]any{"variables": map[string]any{"offset": offset}, "query": `query Page($offset: Int) { tpmVisits(first: 50, offset: $offset, orderBy: "-referenceNumber") { edges { node {
		id referenceNumber status tpmPartner { organization { name } } sections { edges { node { name } } } tpmPartnerFocalPoints { edges { node { firstName lastName } } } } } } }`}
}

const (
	// probes is how many requests are also sent by hand, and turns how often.
	probes = 150
	// enough is how long one line is measured at most, after its first few.
	enough = 3 * time.Second
)

func (b *bench) line(l line) {
	b.Helper()
	if !b.only.MatchString(l.name) {
		return
	}
	runtime.GC()
	i := 0
	ask := func() {
		b.send(l.next(i))
		i++
	}
	for range 10 { // the plans and the connections
		ask()
	}
	if l.writes {
		times := timed(1000, ask)[0]
		_, counter := b.recorded(l.next(i))
		fmt.Printf("| %s | %d | %s | %s | %s | | | %d | | |\n", b.a.DB.Engine(), b.size, l.name, ms(percentile(times, 50)), ms(percentile(times, 99)), counter.N())
		return
	}
	statements := int64(0)
	b.peer.sets = nil
	for j := range probes {
		_, counter := b.recorded(l.next(j))
		b.peer.sets = append(b.peer.sets, counter.Statements())
		statements = max(statements, counter.N())
	}
	j := 0
	hand := func() {
		b.byHand(j % probes)
		j++
	}
	for range 10 {
		hand()
	}
	lists := timed(1000, ask, hand)
	program, alone := percentile(lists[0], 50), percentile(lists[1], 50)
	ratio := float64(alone) / float64(program)
	least := l.postgres
	if b.a.DB.Engine() == db.SQLite {
		least = l.sqlite
	}
	target, met := "", ""
	if least > 0 {
		target, met = fmt.Sprintf("≥ %.2f", least), yes(ratio >= least)
	}
	fmt.Printf("| %s | %d | %s | %s | %s | %s | %.2f | %d | %s | %s |\n", b.a.DB.Engine(), b.size, l.name, ms(program), ms(percentile(lists[0], 99)), ms(alone), ratio, statements, target, met)
}

// timed takes the time of each of n calls of each function, fewer when they are slow. They take turns, so that whatever else the machine does hits all alike.
func timed(n int, fns ...func()) [][]time.Duration {
	lists := make([][]time.Duration, len(fns))
	for began := time.Now(); len(lists[0]) < n && (time.Since(began) < enough || len(lists[0]) < 20); {
		for i, fn := range fns {
			t := time.Now()
			fn()
			lists[i] = append(lists[i], time.Since(t))
		}
	}
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists
}

func sorted(list []time.Duration) []time.Duration {
	slices.Sort(list)
	return list
}

func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)-1)*percent/100]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }

// send asks over HTTP, as a client on this machine does.
func (b *bench) send(r request) {
	b.Helper()
	var body io.Reader
	if r.body != nil {
		raw, err := json.Marshal(r.body)
		if err != nil {
			b.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), r.method, b.server.URL+r.path, body)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Content-Type", "application/json")
	b.exchange(req, r.want)
}

// byHand asks the peer for the statements of a probe.
func (b *bench) byHand(probe int) {
	b.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, b.hand.URL+"/"+strconv.Itoa(probe), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.exchange(req, http.StatusOK)
}

func (b *bench) exchange(req *http.Request, want int) {
	b.Helper()
	answer, err := b.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || answer.StatusCode != want {
		b.Fatalf("%s %s: %d %v %s", req.Method, req.URL, answer.StatusCode, err, raw)
	}
}

// recorded asks without a network and returns the statements that it took.
func (b *bench) recorded(r request) (*apptest.Response, *db.Counter) {
	b.Helper()
	ctx, counter := db.CountStatements(context.Background())
	return b.a.As(b.who).WithContext(ctx).Do(r.method, r.path, r.body).Want(b, r.want), counter
}
