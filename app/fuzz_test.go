package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/demo"
	"almoner.dev/almoner/modules"
)

// fuzzers are the people of the demo world in whose names requests are sent, "" being a stranger. The administrator, who may take rights from the others, is last.
var fuzzers = []string{
	"", "other@rival.example", "colleague@firm.example", "monitor@firm.example", "staff@almoner.example", "officer@almoner.example", "reviewer@almoner.example", "pme@almoner.example",
	"admin@almoner.example",
}

// shortFuzz is how many requests all people together send in every run of the tests, longFuzz how many each of them sends in the soak.
const (
	shortFuzz = 4_500
	longFuzz  = 20_000
)

// Requests made from the documents that the program gives of itself, right, a little wrong and very wrong, are all answered as the documents say: never with
// a failure on our side, never with a status or a body that the document does not have.
// It is not parallel, as it measures the memory and the goroutines of the process.
func TestFuzz(t *testing.T) {
	fuzz(t, db.SQLite, shortFuzz/len(fuzzers)+1)
}

// TestSoakFuzz is TestFuzz for long, on each engine, and not parallel either.
func TestSoakFuzz(t *testing.T) {
	if os.Getenv("ALMONER_SOAK") == "" {
		t.Skip("takes minutes: set ALMONER_SOAK")
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) { fuzz(t, engine, longFuzz) })
	}
}

// footprint is what the process holds.
type footprint struct {
	heap       uint64
	goroutines int
}

func measure() footprint {
	runtime.GC()
	runtime.GC() // what finalizers let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return footprint{m.HeapAlloc, runtime.NumGoroutine()}
}

// The heap may grow by this much between the first quarter of a run and its end, for caches that fill; goroutines by that many, for connections.
const (
	heapSlack      = 24 << 20
	goroutineSlack = 12
)

func fuzz(t *testing.T, engine db.Engine, each int) {
	t.Helper()
	f := newFuzzer(t, apptest.New(t, engine, modules.All()))
	var early footprint
	total, warm := each*len(fuzzers), each*len(fuzzers)/4
	start := time.Now()
	for i := range total {
		if i%each == 0 {
			f.become(fuzzers[i/each])
		}
		// The seed of one request is all that is needed to make it again.
		f.r = rand.New(rand.NewPCG(2026, uint64(i))) //nolint:gosec // a fixed seed is the point
		f.number = i
		if f.r.IntN(8) == 0 {
			f.askGraph()
		} else {
			f.askREST()
		}
		if len(f.failures) > 20 {
			t.Fatal("too many failures")
		}
		if i == warm {
			early = measure()
		}
	}
	took := time.Since(start)
	late := measure()
	for deadline := time.Now().Add(5 * time.Second); late.goroutines > early.goroutines+goroutineSlack && time.Now().Before(deadline); late.goroutines = runtime.NumGoroutine() {
		runtime.Gosched() // what is ending may end
	}
	if late.heap > early.heap+heapSlack {
		t.Errorf("the heap grew from %d to %d KiB", early.heap>>10, late.heap>>10)
	}
	if late.goroutines > early.goroutines+goroutineSlack {
		t.Errorf("there were %d goroutines, now there are %d", early.goroutines, late.goroutines)
	}
	t.Logf("%d requests in %v: %v; heap %d → %d KiB, goroutines %d → %d", f.sent, took.Round(time.Millisecond), f.statuses, early.heap>>10, late.heap>>10, early.goroutines, late.goroutines)
	f.thorough(each)
}

// fuzzer makes requests from the documents and holds the answers against them.
type fuzzer struct {
	testing.TB
	a     *apptest.App
	doc   *openapi3.T
	ops   []documented
	graph *graphMaker
	// ids are records by table, of all workspaces.
	ids map[string][]int64

	r      *rand.Rand
	person string
	number int

	sent     int
	statuses map[int]int
	// failures counts by what was wrong.
	failures map[string]int
	// good counts the answers below 400 by person, touched those of each operation.
	good    map[string]int
	touched map[string]bool
}

func newFuzzer(t *testing.T, a *apptest.App) *fuzzer {
	t.Helper()
	if _, err := fixture.LoadDemo(t.Context(), fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, demo.Files); err != nil {
		t.Fatal(err)
	}
	f := &fuzzer{TB: t, a: a, ids: map[string][]int64{}, statuses: map[int]int{}, good: map[string]int{}, touched: map[string]bool{}, failures: map[string]int{}}
	raw := a.Anonymous().Get("/api/openapi.json").Want(t, 200).Body
	var err error
	if f.doc, err = openapi3.NewLoader().LoadFromData(raw); err != nil {
		t.Fatal(err)
	}
	f.ops = f.operations()
	f.graph = newGraphMaker(t, a.API.GraphQL().SDL())
	return f
}

func (f *fuzzer) become(person string) { f.person = person }

// client is who sends the request.
func (f *fuzzer) client() *apptest.Client {
	if f.person == "" {
		return f.a.Anonymous()
	}
	return f.a.As(f.person)
}

// chance is true n times in a hundred.
func (f *fuzzer) chance(n int) bool { return f.r.IntN(100) < n }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// fail tells what is wrong with the answer to the request at hand.
func (f *fuzzer) fail(what string, r *apptest.Response, format string, args ...any) {
	f.Helper()
	complaint := fmt.Sprintf(format, args...)
	if f.failures[complaint]++; f.failures[complaint] > 1 {
		return // once is enough
	}
	if len(what) > 700 {
		what = what[:700] + "…"
	}
	f.Errorf("request %d of %q: %s\n%d %.400s\n%s", f.number, f.person, what, r.Status, r.Body, complaint)
}

// count keeps the answer for the report.
func (f *fuzzer) count(name string, r *apptest.Response) {
	f.sent++
	f.statuses[r.Status]++
	if r.Status < 400 {
		f.good[f.person]++
		if !strings.HasPrefix(name, "graphql") {
			f.touched[name] = true
		}
	}
}

// thorough fails the test when the requests were of the kind that is turned away at the door.
func (f *fuzzer) thorough(each int) {
	f.Helper()
	for _, person := range fuzzers {
		least := each / 15
		if person == "" {
			least = 1
		}
		if f.good[person] < least {
			f.Errorf("%q: only %d of %d requests were answered with what was asked", person, f.good[person], each)
		}
	}
	if part := len(f.touched); part < len(f.ops)/4 {
		f.Errorf("only %d of %d operations gave a good answer once", part, len(f.ops))
	}
	f.Logf("%d of %d operations gave a good answer at least once", len(f.touched), len(f.ops))
}
