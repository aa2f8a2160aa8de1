// Command almoner is the distribution with all modules of this repository. A country's own is a main like this one with its own list.
package main

import (
	"context"
	"os"

	"almoner.dev/almoner/app"
	_ "almoner.dev/almoner/core/file/cloud" // files may lie in an object store
	"almoner.dev/almoner/demo"
	"almoner.dev/almoner/modules"
)

//go:generate go run . docs ../../docs

func main() {
	os.Exit(app.Main(context.Background(), os.Args[1:], app.Distribution{Modules: modules.All(), Demo: demo.Files}))
}
