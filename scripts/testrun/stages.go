package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// stage is one part of a test run. run prints what happens and counts it.
type stage struct {
	name, about string
	onRequest   bool // runs only when named
	run         func(context.Context) tally
}

// shared are the packages whose values many requests use at once. Those that only clouds need are not among them: building the clients of
// three clouds once more, with the race detector, takes longer than all these tests.
var shared = []string{"./core/access", "./core/api/...", "./core/auth", "./core/db/...", "./core/entity/...", "./core/event", "./core/file", "./core/lifecycle", "./core/module/..."}

// alone are tests that the race detector is kept from: one measures memory, of which the detector takes much itself, the other goes through thousands of
// lists one after another. The stage before runs them.
const alone = "^(TestLongListsKeepTheHeapFlat|TestNarrowedPagesAreThoseOfTheList)$"

var stages = []stage{
	{name: "check", about: "format, lint, types, generated files", run: check},
	{name: "go", about: "Go tests on both engines", run: func(ctx context.Context) tally {
		return goStage(ctx, nil, "-timeout", "20m", "./...")
	}},
	{name: "race", about: "the core under the race detector", run: func(ctx context.Context) tally {
		args := append([]string{"-race", "-skip", alone, "-timeout", "30m"}, shared...)
		return goStage(ctx, []string{"CGO_ENABLED=1"}, args...)
	}},
	{name: "web", about: "unit tests of the web app", run: web},
	{name: "e2e", about: "the real binary in a real browser", run: e2e},
	{name: "soak", about: "long fault runs", onRequest: true, run: func(ctx context.Context) tally {
		return goStage(ctx, []string{"ALMONER_SOAK=1"}, "-run", "^TestSoak", "-count", "1", "-timeout", "3h", "./...")
	}},
}

func check(ctx context.Context) tally {
	// What was generated is looked at last: it is written anew, and must not be while others read it.
	for _, args := range [][]string{{"-j2", "--output-sync=target", "format-check", "tidy-check", "lint", "types"}, {"fresh"}} {
		if err := command(ctx, nil, "make", append([]string{"--no-print-directory"}, args...)...).Run(); err != nil {
			return tally{Failed: 1}
		}
	}
	return tally{Passed: 1}
}

// goStage runs `go test` with the given arguments and PostgreSQL at hand.
func goStage(ctx context.Context, env []string, args ...string) tally {
	release, err := postgres(ctx)
	if err != nil {
		fmt.Println("PostgreSQL did not start:", err)
		return tally{Failed: 1}
	}
	defer release()
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
func web(ctx context.Context) tally {
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
func e2e(ctx context.Context) tally {
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
