// Newmodule writes a module with one entity and its screen, and adds it to both lists of modules: `make new-module NAME=water_point`. What it
// writes works and is tested; docs/guides/add-a-module.md tells what to do with it next.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	name := flag.String("name", "", "`NAME` of the module and of its first entity, in the singular: water_point")
	plural := flag.String("plural", "", "`PLURAL` of it when adding s is not enough: children")
	flag.Parse()
	if err := run(os.Stdout, ".", *name, *plural); err != nil {
		fmt.Fprintln(os.Stderr, "new-module:", err)
		os.Exit(1)
	}
}

// run writes the module into the work tree at root and says what it did and what comes next.
func run(out io.Writer, root, name, plural string) error {
	w, err := wordsOf(name, plural)
	if err != nil {
		return err
	}
	if err := w.free(root); err != nil {
		return err
	}
	written, err := w.write(root)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `Written:
  %[3]s
Added to the lists:
  %[4]s
  %[5]s

Next:
  go test ./modules/%[1]s ./internal/archtest   it works as it is, on both databases
  make gen    API documents, docs/modules/%[1]s.md, types of the web client
  make run    sign in as pme@almoner.example and open %[2]q in the menu
  docs/guides/add-a-module.md tells how to make it yours. %[6]q in web/src/modules/%[1]s/texts is still English in fr, es and ar.
`, w.Name, w.Labels, strings.Join(written, "\n  "), goList, webList, w.Names+".title")
	return err
}
