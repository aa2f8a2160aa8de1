// Package demo holds the demo world of `almoner serve --demo` as fixture files (package app/fixture): two workspaces, the people who work in
// them, and a year of visits, counted back from the day of loading. Places are real; people, firms, partners and papers are invented.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml papers
var files embed.FS

// Files are the fixture files, to be loaded in order of their names, and the papers that they attach.
var Files fs.FS = files
