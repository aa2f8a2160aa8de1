// Package demo holds the demo world of `almoner serve --demo` as fixture files (package app/fixture): two country offices with the people who work in them and
// a year of visits, counted back from the day of loading, and a small health insurance scheme. Places of the offices are real; people, firms, partners, papers
// and all of the scheme are invented.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml papers
var files embed.FS

// Files are the fixture files, to be loaded in order of their names, and the papers that they attach.
var Files fs.FS = files
