// Testrun runs the stages of `make test` one after the other, prints each in a few lines, and closes with one line for
// the whole: "N passed, N failed", and ", N skipped" when something was. A stage that fails does not keep the next ones
// from running, so one run shows all there is to mend. It exits with 1 when anything failed, and when nothing ran.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	only := flag.String("only", "", "comma separated `stages` to run; all but soak when empty")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./scripts/testrun [-only STAGES]")
		for _, s := range stages {
			fmt.Fprintf(flag.CommandLine.Output(), "  %-6s %s\n", s.name, s.about)
		}
	}
	flag.Parse()
	chosen, err := choose(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	tidy := scratchInMemory()
	total := run(ctx, chosen)
	tidy()
	stop()
	if total.Failed > 0 || total.Passed == 0 {
		os.Exit(1)
	}
}

// scratchInMemory lets temporary files lie in memory where the system offers it with room to spare: what tests write is gone with them, and disks make them wait
// for what they promise about power cuts. tidy removes them.
func scratchInMemory() (tidy func()) {
	const memory, enough = "/dev/shm", 8 << 30
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < enough {
		return func() {}
	}
	dir, err := os.MkdirTemp(memory, "almoner-test-")
	if err != nil {
		return func() {}
	}
	if err := os.Setenv("TMPDIR", dir); err != nil {
		panic(err) // a plain name and value
	}
	return func() { _ = os.RemoveAll(dir) } // what is left is gone with the next start of the machine
}

// choose returns the named stages in their own order.
func choose(names string) ([]stage, error) {
	if names == "" {
		return slices.DeleteFunc(slices.Clone(stages), func(s stage) bool { return s.onRequest }), nil
	}
	wanted := strings.Split(names, ",")
	var chosen []stage
	for _, s := range stages {
		if i := slices.Index(wanted, s.name); i >= 0 {
			chosen = append(chosen, s)
			wanted = slices.Delete(wanted, i, i+1)
		}
	}
	if len(wanted) > 0 {
		return nil, fmt.Errorf("no stage is called %q; see -help", strings.Join(wanted, ","))
	}
	return chosen, nil
}

// run runs the stages and prints the table and the closing line.
func run(ctx context.Context, chosen []stage) tally {
	var total tally
	var table strings.Builder
	for _, s := range chosen {
		fmt.Printf("\n== %s: %s\n", s.name, s.about)
		began := time.Now()
		got := s.run(ctx, chosen)
		total.add(got)
		fmt.Fprintf(&table, "%-6s %s  (%s)\n", s.name, got, time.Since(began).Round(100*time.Millisecond))
		if ctx.Err() != nil {
			fmt.Fprintln(&table, "stopped by a signal")
			total.Failed++
			break
		}
	}
	fmt.Printf("\n%s\n%s\n", table.String(), total)
	return total
}
