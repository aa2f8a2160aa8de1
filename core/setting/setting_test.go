package setting_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/setting"
)

var (
	most   = setting.Setting[int64]{Name: "trip.most", Label: "Most", Help: "No more.", Kind: setting.Int(1, 500), Default: 100}
	rate   = setting.Setting[int64]{Name: "trip.rate", Label: "Rate", Help: "So many.", Kind: setting.IntOrZero(60, 900), Default: 0}
	size   = setting.Setting[config.Size]{Name: "trip.size", Label: "Size", Help: "So large.", Kind: setting.Size(config.KiB, config.GiB), Default: 10 * config.MB}
	span   = setting.Setting[time.Duration]{Name: "trip.span", Label: "Span", Help: "So long.", Kind: setting.Duration(time.Minute, 24*time.Hour), Default: 8 * time.Hour}
	on     = setting.Setting[bool]{Name: "trip.on", Label: "On", Help: "Whether.", Kind: setting.Bool(), Default: true}
	title  = setting.Setting[string]{Name: "trip.title", Label: "Title", Help: "What it says.", Kind: setting.Text(2, 10), Default: "Almoner", PerWorkspace: true}
	word   = setting.Setting[string]{Name: "trip.word", Label: "Word", Help: "Which.", Kind: setting.Choice("red", "blue"), Default: "red"}
	words  = setting.Setting[[]string]{Name: "trip.words", Label: "Words", Help: "Which.", Kind: setting.Choices("a", "b", "c"), Default: []string{}}
	object = setting.Setting[json.RawMessage]{Name: "trip.object", Label: "Object", Help: "What.", Default: json.RawMessage(`{}`), Kind: setting.JSON(100, func(raw json.RawMessage) error {
		if strings.Contains(string(raw), "evil") {
			return errors.New("Nothing evil.")
		}
		return nil
	})}
	all = []setting.Declaration{most, rate, size, span, on, title, word, words, object}
)

func book(t *testing.T) *setting.Book {
	t.Helper()
	b, err := setting.NewBook(all...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func override(name, value string) setting.Override {
	return setting.Override{Name: name, Value: json.RawMessage(value)}
}

func TestValues(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct{ name, value, want, code string }{
		{"trip.most", `1`, `1`, ""},
		{"trip.most", `500`, `500`, ""},
		{"trip.most", `0`, "", "too_small"},
		{"trip.most", `501`, "", "too_big"},
		{"trip.most", `1.5`, "", "not_an_integer"},
		{"trip.most", `1e2`, "", "not_an_integer"},
		{"trip.most", `"7"`, "", "not_an_integer"},
		{"trip.most", `99999999999999999999`, "", "not_an_integer"},
		{"trip.most", `null`, "", "null"},
		{"trip.most", `[7]`, "", "not_an_integer"},
		{"trip.most", `7 8`, "", "bad_json"},
		{"trip.most", ``, "", "bad_json"},
		{"trip.most", `{`, "", "bad_json"},
		{"trip.rate", `0`, `0`, ""},
		{"trip.rate", `60`, `60`, ""},
		{"trip.rate", `59`, "", "zero_or_more"},
		{"trip.rate", `-1`, "", "too_small"},
		{"trip.size", `"1024KiB"`, `"1MiB"`, ""},
		{"trip.size", `"20 mb"`, `"20MB"`, ""},
		{"trip.size", `"1B"`, "", "too_small"},
		{"trip.size", `"2GiB"`, "", "too_big"},
		{"trip.size", `"-1MB"`, "", "bad_size"},
		{"trip.size", `5`, "", "bad_size"},
		{"trip.size", `"many"`, "", "bad_size"},
		{"trip.span", `"90m"`, `"1h30m"`, ""},
		{"trip.span", `"1s"`, "", "too_small"},
		{"trip.span", `"25h"`, "", "too_big"},
		{"trip.span", `"2 days"`, "", "bad_duration"},
		{"trip.span", `9`, "", "bad_duration"},
		{"trip.on", `false`, `false`, ""},
		{"trip.on", `"no"`, "", "not_a_boolean"},
		{"trip.on", `0`, "", "not_a_boolean"},
		{"trip.title", `"  Nairobi "`, `"Nairobi"`, ""},
		{"trip.title", `"نيروبي"`, `"نيروبي"`, ""},
		{"trip.title", `" "`, "", "blank"},
		{"trip.title", `"x"`, "", "too_short"},
		{"trip.title", `"12345678901"`, "", "too_long"},
		{"trip.title", `"a\nb"`, "", "bad_line"},
		{"trip.title", `"a\u0000b"`, "", "bad_line"},
		{"trip.title", `"a\u2028b"`, "", "bad_line"},
		{"trip.title", `{}`, "", "not_a_string"},
		{"trip.word", `"blue"`, `"blue"`, ""},
		{"trip.word", `"green"`, "", "invalid_choice"},
		{"trip.word", `1`, "", "not_a_string"},
		{"trip.words", `["c","a","c"]`, `["a","c"]`, ""},
		{"trip.words", `[]`, `[]`, ""},
		{"trip.words", `["d"]`, "", "invalid_choice"},
		{"trip.words", `"a"`, "", "not_a_list"},
		{"trip.words", `[1]`, "", "not_a_string"},
		{"trip.object", `{"b": 1, "a": [1.50]}`, `{"a":[1.50],"b":1}`, ""},
		{"trip.object", `[]`, "", "not_an_object"},
		{"trip.object", `{"a":"evil"}`, "", "bad_json"},
		{"trip.object", `{"a":"` + strings.Repeat("x", 100) + `"}`, "", "too_long"},
		{"trip.object", `"` + strings.Repeat("x", 300_000) + `"`, "", "too_long"},
	} {
		got, err := b.Check(c.name, json.RawMessage(c.value))
		var e *almoner.Error
		switch {
		case c.code == "" && (err != nil || string(got) != c.want):
			t.Errorf("%s %s is kept as %s, %v; want %s", c.name, c.value, got, err, c.want)
		case c.code != "" && (!errors.As(err, &e) || e.Kind != almoner.Invalid || e.Fields[0].Code != c.code || e.Fields[0].Path != "value" || e.Fields[0].Message == ""):
			t.Errorf("%s %.40s gives %s, %v; want %s", c.name, c.value, got, err, c.code)
		}
		if c.code == "" {
			if again, err := b.Check(c.name, got); err != nil || string(again) != string(got) {
				t.Errorf("%s: %s is read back as %s, %v", c.name, got, again, err)
			}
		}
	}
	if _, err := b.Check("trip.ghost", json.RawMessage("1")); almoner.KindOf(err) != almoner.NotFound {
		t.Errorf("an unknown setting: %v", err)
	}
}

// Everything that is wrong with any declaration comes at once.
func TestWrongDeclarations(t *testing.T) {
	t.Parallel()
	_, err := setting.NewBook(
		most, most,
		setting.Setting[int64]{Name: "Trip", Label: "x", Help: "x", Kind: setting.Int(1, 5), Default: 1},
		setting.Setting[int64]{Name: "trip.low", Label: "x", Help: "x", Kind: setting.Int(1, 5)},
		setting.Setting[int64]{Name: "trip.bounds", Label: "x", Help: "x", Kind: setting.Int(5, 1)},
		setting.Setting[int64]{Name: "trip.none", Label: "x", Help: "x"},
		setting.Setting[bool]{Name: "trip.mute", Kind: setting.Bool()},
		setting.Setting[string]{Name: "trip.choice", Label: "x", Help: "x", Kind: setting.Choice("a", "a"), Default: "a"},
		setting.Setting[string]{Name: "trip.text", Label: "x", Help: "x", Kind: setting.Text(5, 2)},
		setting.Setting[json.RawMessage]{Name: "trip.json", Label: "x", Help: "x", Kind: setting.JSON(1, nil)},
		setting.Setting[json.RawMessage]{Name: "trip.empty", Label: "x", Help: "x", Kind: setting.JSON(100, nil)},
		setting.Setting[[]string]{Name: "trip.order", Label: "x", Help: "x", Kind: setting.Choices("a", "b"), Default: []string{"b", "a"}},
	)
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{
		"trip.most is declared twice", "Trip: the name", "trip.low: the default breaks", "trip.bounds: 5 to 1", "trip.none: it has no kind", "trip.mute: it needs a label",
		"trip.choice: the choices", "trip.text: no text", "trip.json: at most 1", "trip.empty: the default", "trip.order: the default is not written as it is read",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s", want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestBoundWrongly(t *testing.T) {
	t.Parallel()
	b := book(t)
	setting.Setting[int64]{Name: "trip.ghost", Kind: setting.Int(1, 2), Default: 1}.Bind(b)
	other := setting.Setting[bool]{Name: "trip.most", Kind: setting.Bool()}.Bind(b)
	if err := b.Err(); err == nil || !strings.Contains(err.Error(), "trip.ghost") || !strings.Contains(err.Error(), "trip.most is used as a bool") {
		t.Errorf("problems: %v", err)
	}
	if other.Now() {
		t.Error("a setting of another type is true")
	}
}

func TestWithoutABook(t *testing.T) {
	t.Parallel()
	if most.Bind(nil).Now() != 100 || most.From(nil, 7).Now() != 7 || most.From(nil, 7).In(3) != 7 {
		t.Error("without a book a setting is not what it is configured to be")
	}
	var none *setting.Live[string]
	if none.Now() != "" || none.In(3) != "" {
		t.Error("a setting that is none has a value")
	}
}

// What is in force follows the overrides, and each workspace its own where it may have one.
func TestOverrides(t *testing.T) {
	t.Parallel()
	b := book(t)
	n, name := most.From(b, 200), title.Bind(b)
	if n.Now() != 200 {
		t.Errorf("configured as 200, it is %d", n.Now())
	}
	b.Apply([]setting.Override{
		override("trip.most", "30"), override("trip.title", `"All"`), override("trip.ghost", "1"), override("trip.word", `"green"`),
		{Name: "trip.title", Workspace: 2, Code: "KEN", Value: json.RawMessage(`"Kenya"`)},
		{Name: "trip.title", Workspace: 3, Code: "LBN", Value: json.RawMessage(`"x"`)},
		{Name: "trip.most", Workspace: 2, Code: "KEN", Value: json.RawMessage(`40`)},
	})
	if n.Now() != 30 || n.In(2) != 30 {
		t.Errorf("overridden with 30, it is %d, and %d in a workspace that cannot have one of its own", n.Now(), n.In(2))
	}
	if name.Now() != "All" || name.In(2) != "Kenya" || name.In(3) != "All" || name.In(9) != "All" {
		t.Errorf("titles are %q %q %q", name.Now(), name.In(2), name.In(3))
	}
	if got := word.Bind(b).Now(); got != "red" {
		t.Errorf("a value that does not fit any more is in force: %q", got)
	}
	b.Apply([]setting.Override{override("trip.most", "9999")})
	if n.Now() != 200 || name.In(2) != "Almoner" {
		t.Errorf("after the reset they are %d and %q", n.Now(), name.In(2))
	}
}

// What the operator wrote wins over administrators, for settings with and without a field in a struct, and is told with its place.
func TestOperatorsPin(t *testing.T) {
	t.Parallel()
	type trip struct {
		Most int64
		Size config.Size
	}
	type settings struct{ Trip trip }
	path := filepath.Join(t.TempDir(), config.FileName)
	if err := os.WriteFile(path, []byte("trip:\n  most: 50\n  words: [c, b]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := book(t)
	c, report, err := config.Load(settings{trip{100, config.MB}}, config.Sources{File: path, Environ: []string{"ALMONER_TRIP_SPAN=2h"}, Flags: []config.Flag{{Name: "--title", Key: "trip.title", Value: "Pinned"}}, Extras: b.Extras()})
	if err != nil {
		t.Fatal(err)
	}
	b.PinAll(report)
	n, s, w, d, name := most.From(b, c.Trip.Most), size.From(b, c.Trip.Size), words.Bind(b), span.Bind(b), title.Bind(b)
	list := []setting.Override{
		override("trip.most", "30"), override("trip.size", `"2MB"`), override("trip.words", `["a"]`), override("trip.span", `"3h"`), override("trip.title", `"Other"`),
		{Name: "trip.title", Workspace: 2, Code: "KEN", Value: json.RawMessage(`"Kenya"`)},
	}
	b.Apply(list)
	if n.Now() != 50 || s.Now() != 2*config.MB || !cmp.Equal(w.Now(), []string{"b", "c"}) || d.Now() != 2*time.Hour || name.Now() != "Pinned" || name.In(2) != "Pinned" {
		t.Errorf("in force: %d %v %v %v %q %q", n.Now(), s.Now(), w.Now(), d.Now(), name.Now(), name.In(2))
	}
	for key, want := range map[string][2]string{
		"trip.most": {"file", path + ":2"}, "trip.words": {"file", path + ":3"}, "trip.span": {"environment", "ALMONER_TRIP_SPAN"}, "trip.title": {"flag", "--title"}, "trip.size": {},
	} {
		if got, ok := b.Find(key); !ok || got.Source != want[0] || got.Place != want[1] || got.Pinned() != (want[0] != "") {
			t.Errorf("%s is from %s %s, want %v", key, got.Source, got.Place, want)
		}
	}
	shown := b.Report(report, append(list, setting.Override{Name: "trip.word", Value: json.RawMessage(`"blue"`)}))
	for key, want := range map[string]string{"trip.most": "50 file", "trip.size": "2MB administrator", "trip.words": "b,c file", "trip.word": "blue administrator", "trip.on": "true default", "trip.title": "Pinned flag"} {
		if got, _ := shown.Find(key); got.Value+" "+string(got.Source) != want {
			t.Errorf("%s is reported as %s from %s, want %s", key, got.Value, got.Source, want)
		}
	}
	if len(shown) != len(all) {
		t.Errorf("%d lines for %d settings", len(shown), len(all))
	}
	_, _, err = config.Load(settings{}, config.Sources{Environ: []string{"ALMONER_TRIP_SPAN=soon", "ALMONER_TRIP_WORDS=z", "ALMONER_TRIP_WORD=green", "ALMONER_TRIP_SPANS=1h"}, Extras: book(t).Extras()})
	for _, want := range []string{"ALMONER_TRIP_SPAN: trip.span: Write a span", `ALMONER_TRIP_WORDS: trip.words: "z" is not a valid choice`, "trip.word: ", "unknown variable ALMONER_TRIP_SPANS"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %s in %v", want, err)
		}
	}
}

// A report shows what one workspace has of its own as a line of its own.
func TestReportOfOneWorkspace(t *testing.T) {
	t.Parallel()
	b := book(t)
	_, report, err := config.Load(struct{}{}, config.Sources{Extras: b.Extras()})
	if err != nil {
		t.Fatal(err)
	}
	shown := b.Report(report, []setting.Override{{Name: "trip.title", Workspace: 2, Code: "KEN", Value: json.RawMessage(`"Kenya"`)}})
	var lines []string
	for _, line := range shown {
		if line.Key == "trip.title" {
			lines = append(lines, line.Value+" "+string(line.Source)+" "+line.Place)
		}
	}
	if want := []string{"Almoner default ", "Kenya administrator administrator, in KEN"}; !cmp.Equal(lines, want) {
		t.Errorf("lines are %q, want %q", lines, want)
	}
}

// A secret that the settings file knows cannot be made changeable.
func TestSecretsCannotBeChanged(t *testing.T) {
	t.Parallel()
	type settings struct {
		Trip struct {
			Title string `secret:"true"`
		}
	}
	if _, _, err := config.Load(settings{}, config.Sources{Extras: book(t).Extras()}); err == nil || !strings.Contains(err.Error(), "trip.title is a secret") {
		t.Errorf("error: %v", err)
	}
}

// Texts of the command line become the values of the interface.
func TestParse(t *testing.T) {
	t.Parallel()
	b := book(t)
	for name, c := range map[string][2]string{
		"trip.most": {" 7", "7"}, "trip.size": {"1024KiB", `"1MiB"`}, "trip.on": {"off", "false"}, "trip.words": {"c, a", `["a","c"]`}, "trip.object": {`{"a": 1}`, `{"a":1}`}, "trip.title": {"Mum & <Dad>", ""},
	} {
		got, err := b.Parse(name, c[0])
		if c[1] == "" {
			if err == nil {
				t.Errorf("%s: %q is taken as %s", name, c[0], got)
			}
		} else if err != nil || string(got) != c[1] {
			t.Errorf("%s: %q is %s, %v; want %s", name, c[0], got, err, c[1])
		}
	}
	if _, err := b.Parse("trip.ghost", "1"); err == nil {
		t.Error("a setting that does not exist is taken")
	}
}

// Readers see one state or the other while overrides come and go, without a lock.
func TestReadWhileApplied(t *testing.T) {
	t.Parallel()
	b := book(t)
	name := title.Bind(b)
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if v := name.In(2); v != "Almoner" && v != "Kenya" {
					t.Errorf("in force is %q", v)
					return
				}
			}
		})
	}
	for range 500 {
		b.Apply([]setting.Override{{Name: "trip.title", Workspace: 2, Value: json.RawMessage(`"Kenya"`)}})
		b.Apply(nil)
	}
	close(done)
	wait.Wait()
}
