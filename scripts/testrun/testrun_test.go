package main

import (
	"errors"
	"strings"
	"testing"
)

func TestSummarize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		events string
		want   tally
		says   []string
		hides  []string
	}{
		{
			"leaves count, parents do not",
			`{"Action":"run","Package":"almoner.dev/almoner/core/db","Test":"TestA"}
			{"Action":"run","Package":"almoner.dev/almoner/core/db","Test":"TestA/one"}
			{"Action":"output","Package":"almoner.dev/almoner/core/db","Test":"TestA/one","Output":"    x_test.go:1: chat\n"}
			{"Action":"run","Package":"almoner.dev/almoner/core/db","Test":"TestA/two"}
			{"Action":"pass","Package":"almoner.dev/almoner/core/db","Test":"TestA/one"}
			{"Action":"pass","Package":"almoner.dev/almoner/core/db","Test":"TestA/two"}
			{"Action":"pass","Package":"almoner.dev/almoner/core/db","Test":"TestA"}
			{"Action":"pass","Package":"almoner.dev/almoner/core/db","Elapsed":1.25}`,
			tally{Passed: 2},
			[]string{"ok    core/db", "2 passed, 0 failed", "(1.2s)"},
			[]string{"chat"},
		},
		{
			"a failed subtest counts once and is shown",
			`{"Action":"run","Package":"p","Test":"TestA"}
			{"Action":"run","Package":"p","Test":"TestA/one"}
			{"Action":"output","Package":"p","Test":"TestA/one","Output":"    x_test.go:9: got 1, want 2\n"}
			{"Action":"fail","Package":"p","Test":"TestA/one"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}
			{"Action":"fail","Package":"p","Test":"TestA"}
			{"Action":"fail","Package":"p"}`,
			tally{Failed: 1},
			[]string{"FAIL  p", "x_test.go:9: got 1, want 2"},
			[]string{"--- FAIL: TestA "},
		},
		{
			"a parent that fails by itself counts",
			`{"Action":"run","Package":"p","Test":"TestA"}
			{"Action":"run","Package":"p","Test":"TestA/one"}
			{"Action":"pass","Package":"p","Test":"TestA/one"}
			{"Action":"fail","Package":"p","Test":"TestA"}
			{"Action":"fail","Package":"p"}`,
			tally{Passed: 1, Failed: 1},
			nil, nil,
		},
		{
			"skipped with its reason",
			`{"Action":"run","Package":"p","Test":"TestA"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"    x_test.go:3: long: set ALMONER_SOAK\n"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}
			{"Action":"skip","Package":"p","Test":"TestA"}
			{"Action":"pass","Package":"p"}`,
			tally{Skipped: 1},
			[]string{"skipped TestA: long: set ALMONER_SOAK"},
			nil,
		},
		{
			"a package that dies blames the test that ran",
			`{"Action":"run","Package":"p","Test":"TestA"}
			{"Action":"output","Package":"p","Test":"TestA","Output":"panic: test timed out\n"}
			{"Action":"fail","Package":"p"}`,
			tally{Failed: 1},
			[]string{"panic: test timed out"},
			nil,
		},
		{
			"a failed TestMain",
			`{"Action":"output","Package":"p","Output":"no server: run make postgres\n"}
			{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
			{"Action":"fail","Package":"p"}`,
			tally{Failed: 1},
			[]string{"no server: run make postgres"},
			nil,
		},
		{
			"a package that does not compile",
			`{"ImportPath":"p [p.test]","Action":"build-output","Output":"x.go:1: undefined: y\n"}
			{"ImportPath":"p [p.test]","Action":"build-fail"}
			{"Action":"start","Package":"p"}
			{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
			{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			tally{Failed: 1},
			[]string{"x.go:1: undefined: y"},
			nil,
		},
		{
			"no tests is no news",
			`{"Action":"output","Package":"p","Output":"?   \tp\t[no test files]\n"}
			{"Action":"skip","Package":"p"}`,
			tally{},
			nil,
			[]string{"p"},
		},
		{
			"what is not JSON is passed on",
			"go: no such flag\n",
			tally{},
			[]string{"go: no such flag"},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			got, err := summarize(strings.NewReader(strings.ReplaceAll(tt.events, "\t\t\t{", "{")), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v\n%s", got, tt.want, out.String())
			}
			for _, s := range tt.says {
				if !strings.Contains(out.String(), s) {
					t.Errorf("%q is missing in:\n%s", s, out.String())
				}
			}
			for _, s := range tt.hides {
				if strings.Contains(out.String(), s) {
					t.Errorf("%q should not be in:\n%s", s, out.String())
				}
			}
		})
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	if got, want := (tally{Passed: 3, Failed: 1}).String(), "3 passed, 1 failed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := (tally{Passed: 3, Skipped: 2}).String(), "3 passed, 0 failed, 2 skipped"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	boom := errors.New("exit status 1")
	for _, tt := range []struct {
		name string
		in   tally
		err  error
		want tally
	}{
		{"passed", tally{Passed: 1}, nil, tally{Passed: 1}},
		{"failed without naming a test", tally{Passed: 1}, boom, tally{Passed: 1, Failed: 1}},
		{"failed with a test", tally{Passed: 1, Failed: 2}, boom, tally{Passed: 1, Failed: 2}},
		{"ran nothing", tally{}, nil, tally{Failed: 1}},
	} {
		if got := tt.in.settle(tt.err); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestLastClosingLine(t *testing.T) {
	t.Parallel()
	got := lastClosingLine("1 passed, 1 failed\nmore\n12 passed, 3 failed, 4 skipped\nbye\n")
	if want := (tally{12, 3, 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := lastClosingLine("all 3 passed, 0 failed, I think\n"); got != (tally{}) {
		t.Errorf("got %+v from a line that only looks like one", got)
	}
}

func TestReadVitest(t *testing.T) {
	t.Parallel()
	got, err := readVitest([]byte(`{"numPassedTests":5,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1,"testResults":[
		{"status":"failed","assertionResults":[{"status":"failed"}]},
		{"status":"failed","assertionResults":[],"message":"cannot find module"},
		{"status":"passed","assertionResults":[{"status":"passed"}]}]}`))
	if want := (tally{Passed: 5, Failed: 2, Skipped: 3}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if _, err := readVitest([]byte("oops")); err == nil {
		t.Error("a report that is not JSON was read without an error")
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	names := func(ss []stage) string {
		var out []string
		for _, s := range ss {
			out = append(out, s.name)
		}
		return strings.Join(out, " ")
	}
	for in, want := range map[string]string{"": "check go race web e2e", "e2e,go": "go e2e", "soak": "soak"} {
		got, err := choose(in)
		if err != nil || names(got) != want {
			t.Errorf("choose(%q): got %q, %v, want %q", in, names(got), err, want)
		}
	}
	if _, err := choose("go,goo"); err == nil || !strings.Contains(err.Error(), `"goo"`) {
		t.Errorf("got %v, want an error that names goo", err)
	}
}
