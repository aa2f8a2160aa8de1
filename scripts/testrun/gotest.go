package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build events
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// pkgRun is what is known of one package so far.
type pkgRun struct {
	order  []string // of tests, as they began
	tests  map[string]*testRun
	output []string // outside any test: panics, failed set-up, coverage
	cached bool
}

// testRun is what is known of one test so far.
type testRun struct {
	result   string // pass, fail, skip; "" while it runs
	output   []string
	children bool
	worse    bool // a subtest failed
}

// summarize reads the output of `go test -json` and prints a line per package, what failed tests said, and why tests were
// skipped. It counts tests without subtests, those with subtests only when they failed by themselves, and a package
// that failed without a failed test.
func summarize(in io.Reader, out io.Writer) (tally, error) {
	var total tally
	packages := map[string]*pkgRun{}
	builds := map[string][]string{}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				// What go says before it begins, such as a bad flag.
				if _, err := out.Write(line); err != nil {
					return total, err
				}
			} else {
				total.add(handle(e, packages, builds, out))
			}
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// handle takes in one event, and prints and counts a package with its last one.
func handle(e event, packages map[string]*pkgRun, builds map[string][]string, out io.Writer) tally {
	if e.Action == "build-output" {
		builds[e.ImportPath] = append(builds[e.ImportPath], e.Output)
		return tally{}
	}
	if e.Package == "" {
		return tally{}
	}
	p := packages[e.Package]
	if p == nil {
		p = &pkgRun{tests: map[string]*testRun{}}
		packages[e.Package] = p
	}
	if e.Test != "" {
		p.test(e)
		return tally{}
	}
	switch e.Action {
	case "output":
		p.cached = p.cached || strings.Contains(e.Output, "\t(cached)")
		p.output = append(p.output, e.Output)
	case "pass", "fail", "skip":
		delete(packages, e.Package)
		if e.FailedBuild != "" {
			p.output = append(p.output, builds[e.FailedBuild]...)
			// Said once, though many packages may need the broken one.
			delete(builds, e.FailedBuild)
		}
		return p.finish(e, out)
	}
	return tally{}
}

// test takes in an event of one test.
func (p *pkgRun) test(e event) {
	t := p.tests[e.Test]
	if t == nil {
		t = &testRun{}
		p.tests[e.Test] = t
		p.order = append(p.order, e.Test)
		if parent := p.parent(e.Test); parent != nil {
			parent.children = true
		}
	}
	switch e.Action {
	case "output":
		t.output = append(t.output, e.Output)
	case "pass", "skip":
		t.result = e.Action
		if e.Action == "pass" {
			t.output = nil
		}
	case "fail":
		t.result = e.Action
		if parent := p.parent(e.Test); parent != nil {
			parent.worse = true
		}
	}
}

func (p *pkgRun) parent(test string) *testRun {
	if i := strings.LastIndexByte(test, '/'); i >= 0 {
		return p.tests[test[:i]]
	}
	return nil
}

// finish prints and counts a package that has ended.
func (p *pkgRun) finish(last event, out io.Writer) tally {
	var got tally
	var details strings.Builder
	for _, name := range p.order {
		t := p.tests[name]
		if t.result == "" && last.Action == "fail" {
			// It ran when the package died.
			t.result = "fail"
		}
		switch {
		case t.result == "fail" && !t.worse:
			got.Failed++
			show(&details, t.output)
		case t.result == "fail":
			// What failed is below it; what it said itself may still explain it.
			show(&details, slices.DeleteFunc(t.output, chatter))
		case t.result == "skip":
			got.Skipped++
			fmt.Fprintf(&details, "      skipped %s: %s\n", name, reason(t.output))
		case t.result == "pass" && !t.children:
			got.Passed++
		}
	}
	if last.Action == "fail" {
		if got.Failed == 0 {
			got.Failed = 1
		}
		show(&details, slices.DeleteFunc(p.output, chatter))
	}
	if got == (tally{}) {
		// A package without tests is no news.
		return got
	}
	mark, note := "ok  ", fmt.Sprintf("%.1fs", last.Elapsed)
	if last.Action == "fail" {
		mark = "FAIL"
	}
	if p.cached {
		note = "cached"
	}
	fmt.Fprintf(out, "%s  %-44s %s  (%s)\n%s", mark, short(last.Package), got, note, details.String())
	return got
}

// chatter tells the lines that the test framework itself writes about what begins and ends.
func chatter(line string) bool {
	line = strings.TrimSpace(line)
	for _, prefix := range []string{"=== ", "--- ", "PASS", "FAIL", "ok  \t", "exit status"} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return line == ""
}

// reason is why a test was skipped: its own words, without the place in the file.
func reason(output []string) string {
	words := slices.DeleteFunc(slices.Clone(output), chatter)
	if len(words) == 0 {
		return "no reason given"
	}
	_, said, found := strings.Cut(words[len(words)-1], ": ")
	if !found {
		said = words[len(words)-1]
	}
	return strings.TrimSpace(said)
}

func show(b *strings.Builder, output []string) {
	for _, line := range output {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "=== ") {
			continue
		}
		b.WriteString("      ")
		b.WriteString(strings.TrimRight(line, "\n"))
		b.WriteByte('\n')
	}
}

// short leaves out the module path, which is the same in each line.
func short(importPath string) string {
	rest := strings.TrimPrefix(importPath, "almoner.dev/almoner")
	if rest == "" {
		return "."
	}
	return strings.TrimPrefix(rest, "/")
}
