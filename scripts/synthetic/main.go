// Synthetic writes the files of an openIMIS database that nobody lives in, for tests of size: places on four levels, health facilities, families and
// insurees, in the columns that `almoner import openimis` takes. Names are strung together from syllables, so there are no personal data in it. The same
// seed and number write the same files, and memory does not grow with the number.
//
//	go run ./scripts/synthetic -insurees 1000000 DIR
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	insurees := flag.Int("insurees", 10_000, "how many people there are")
	seed := flag.Uint64("seed", 1, "another seed makes other people")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./scripts/synthetic [-insurees N] [-seed N] DIR")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || *insurees < 1 || *insurees > most {
		flag.Usage()
		os.Exit(2)
	}
	dir := flag.Arg(0)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		fatal(err)
	}
	if err := write(dir, *insurees, *seed); err != nil {
		fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
	fmt.Printf("%d insurees in %d files of %s\n", *insurees, len(names), dir)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "synthetic:", err)
	os.Exit(1)
}
