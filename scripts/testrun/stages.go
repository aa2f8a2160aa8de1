package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stage is one part of a test run. run prints what happens and counts it.
type stage struct {
	name, about string
	onRequest   bool // runs only when named
	// run is told which other stages run in the same go.
	run func(ctx context.Context, beside []stage) tally
}

// shared are the packages whose values many requests use at once. Those that only clouds need are not among them: building the clients of
// three clouds once more, with the race detector, takes longer than all these tests.
var shared = []string{"./core/access", "./core/api/...", "./core/auth", "./core/db/...", "./core/entity/...", "./core/event", "./core/file", "./core/lifecycle", "./core/module/..."}

// alone are tests that the race detector is kept from: one measures memory, of which the detector takes much itself, the other goes through hundreds of
// lists one after another. The stage before runs them, where they are.
const alone = "^(TestLongListsKeepTheHeapFlat|TestNarrowedPagesAreThoseOfTheList)$"

var aloneIn = []string{"./core/api", "./core/entity"}

var stages = []stage{
	{name: "check", about: "format, lint, types, generated files", run: check},
	{name: "go", about: "Go tests on both engines", run: goTests},
	{name: "race", about: "the core under the race detector", run: func(ctx context.Context, _ []stage) tally {
		args := append([]string{"-race", "-skip", alone, "-timeout", "30m"}, shared...)
		return goStage(ctx, []string{"CGO_ENABLED=1"}, args)
	}},
	{name: "web", about: "unit tests of the web app", run: web},
	{name: "e2e", about: "the real binary in a real browser", run: e2e},
	{name: "soak", about: "long fault runs", onRequest: true, run: func(ctx context.Context, _ []stage) tally {
		return goStage(ctx, []string{"ALMONER_SOAK=1"}, []string{"-run", "^TestSoak", "-count", "1", "-timeout", "3h", "./..."})
	}},
}

// goTests runs each test once: what the race detector will watch in the same go is left to it.
func goTests(ctx context.Context, beside []stage) tally {
	limit := []string{"-timeout", "20m"}
	if !slices.ContainsFunc(beside, func(s stage) bool { return s.name == "race" }) {
		return goStage(ctx, nil, append(limit, "./..."))
	}
	rest, err := packagesBut(ctx, shared)
	if err != nil {
		fmt.Println("listing the packages:", err)
		return tally{Failed: 1}
	}
	return goStage(ctx, nil, append(limit, rest...), append(append(limit, "-run", alone), aloneIn...))
}

// packagesBut lists our packages without those of some patterns.
func packagesBut(ctx context.Context, patterns []string) ([]string, error) {
	list := func(patterns ...string) ([]string, error) {
		cmd := command(ctx, nil, "go", append([]string{"list"}, patterns...)...)
		cmd.Stdout = nil
		out, err := cmd.Output()
		return strings.Fields(string(out)), err
	}
	all, err := list("./...")
	if err != nil {
		return nil, err
	}
	without, err := list(patterns...)
	return slices.DeleteFunc(all, func(p string) bool { return slices.Contains(without, p) }), err
}

func check(ctx context.Context, _ []stage) tally {
	// What was generated is looked at last: it is written anew, and must not be while others read it.
	for _, args := range [][]string{{"-j2", "--output-sync=target", "format-check", "tidy-check", "lint", "types"}, {"fresh"}} {
		if err := command(ctx, nil, "make", append([]string{"--no-print-directory"}, args...)...).Run(); err != nil {
			return tally{Failed: 1}
		}
	}
	return tally{Passed: 1}
}

// goStage runs `go test` with each of the given argument lists, and PostgreSQL at hand.
func goStage(ctx context.Context, env []string, runs ...[]string) tally {
	release, err := postgres(ctx)
	if err != nil {
		fmt.Println("PostgreSQL did not start:", err)
		return tally{Failed: 1}
	}
	defer release()
	var total tally
	for _, args := range runs {
		total.add(goTest(ctx, env, args))
	}
	return total
}

func goTest(ctx context.Context, env, args []string) tally {
	if os.Getenv("CI") != "" {
		// A result from the cache proves nothing about this machine.
		args = append([]string{"-count", "1"}, args...)
	}
	cmd := command(ctx, env, "go", append([]string{"test", "-json"}, args...)...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		fmt.Println(err)
		return tally{Failed: 1}
	}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return tally{Failed: 1}
	}
	got, readErr := summarize(out, os.Stdout)
	if readErr != nil {
		fmt.Println("reading the output of go test:", readErr)
	}
	err = cmd.Wait()
	if err == nil {
		err = readErr
	}
	return conclude(got, err)
}

// postgres starts the test server, unless the environment names another one. release stops it when it was not running
// before.
func postgres(ctx context.Context) (release func(), err error) {
	if os.Getenv("ALMONER_TEST_POSTGRES") != "" {
		return func() {}, nil
	}
	wasRunning := exec.CommandContext(ctx, "scripts/postgres.sh", "url").Run() == nil
	if err := command(ctx, nil, "scripts/postgres.sh", "start").Run(); err != nil {
		return nil, err
	}
	return func() {
		if wasRunning {
			return
		}
		// Stops also after an interrupt, when ctx is done.
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		if err := command(stopping, nil, "scripts/postgres.sh", "stop").Run(); err != nil {
			fmt.Println("PostgreSQL did not stop:", err)
		}
	}, nil
}

// web runs the unit tests of the web app and counts them in the report that they write.
func web(ctx context.Context, _ []stage) tally {
	if err := command(ctx, nil, "make", "--no-print-directory", "web-modules").Run(); err != nil {
		return tally{Failed: 1}
	}
	dir, err := os.MkdirTemp("", "almoner-testrun")
	if err != nil {
		fmt.Println(err)
		return tally{Failed: 1}
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "web.json")
	runErr := command(ctx, []string{"NO_COLOR=1"}, "npm", "--prefix", "web", "run", "--silent", "test", "--",
		"--reporter=default", "--reporter=json", "--outputFile.json="+report).Run()
	text, err := os.ReadFile(report)
	if err != nil {
		fmt.Println("the unit tests left no report:", err)
		return tally{Failed: 1}
	}
	got, err := readVitest(text)
	if err != nil {
		fmt.Println("the report of the unit tests:", err)
		return tally{Failed: 1}
	}
	return conclude(got, runErr)
}

// e2e builds the binary and runs the browser tests, whose last line counts them.
func e2e(ctx context.Context, _ []stage) tally {
	if err := command(ctx, nil, "make", "--no-print-directory", "build").Run(); err != nil {
		return tally{Failed: 1}
	}
	browser, err := exec.CommandContext(ctx, "scripts/chromium.sh").Output()
	if err != nil {
		fmt.Println("no browser:", err)
		return tally{Failed: 1}
	}
	var out bytes.Buffer
	cmd := command(ctx, []string{"NO_COLOR=1", "CHROMIUM=" + strings.TrimSpace(string(browser))}, "npm", "--prefix", "web", "run", "--silent", "e2e")
	cmd.Stdout = io.MultiWriter(os.Stdout, &out)
	err = cmd.Run()
	return conclude(lastClosingLine(out.String()), err)
}

// conclude settles a count and says so when nothing ran, which no other line would.
func conclude(got tally, err error) tally {
	if err == nil && got == (tally{}) {
		fmt.Println("no test ran, or nothing said how many did")
	}
	return got.settle(err)
}

// command prepares a command with more environment, whose output is shown.
func command(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	if os.Getenv("GOGC") == "" {
		// Compilers, linters and tests live for seconds: collecting their garbage less often saves a sixth of their time, for some memory.
		cmd.Env = append(cmd.Env, "GOGC=300")
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	// Asked first, so that servers and browsers below it are ended too.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}
