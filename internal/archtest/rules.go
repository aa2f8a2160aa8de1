package archtest

// modulePath is the first part of every import path of this repository.
const modulePath = "almoner.dev/almoner"

// coreLayers are the packages of core from the bottom up. A package may import the root package, every layer below its
// own, and what besideInLayer names. Folders inside a core package (its …test package, its internal ones) count as it.
var coreLayers = [][]string{
	{"core/access", "core/config", "core/db", "core/i18n", "core/setting"},
	{"core/auth", "core/entity", "core/event", "core/file", "core/lifecycle"},
	{"core/api", "core/doc", "core/mail"},
	{"core/batch"},
	{"core/module"},
}

// besideInLayer are the imports allowed between packages of one layer. They must not form a circle.
var besideInLayer = map[string][]string{
	"core/access":    {"core/db"},
	"core/api":       {"core/doc"},
	"core/db":        {},
	"core/auth":      {"core/event"},
	"core/entity":    {"core/event"},
	"core/file":      {"core/event"},
	"core/lifecycle": {"core/entity", "core/event"},
	"core/mail":      {"core/doc"},
	"core/setting":   {"core/config"},
}

// tops are the folders at the top of the tree that hold Go code, beside the root package and core: the tops that each
// may import. A module's imports of other modules are decided by its Needs, not here.
var tops = map[string][]string{
	"app":      {"core", "web"},
	"cmd":      {"app", "core", "demo", "internal", "modules", "web"},
	"demo":     {},
	"internal": {"app", "core", "demo", "modules", "web"},
	"modules":  {"core"},
	"scripts":  {"internal"},
	"web":      {},
}

// topsInTests are the tops that tests may import besides: a module's tests boot the program with app.New.
var topsInTests = map[string][]string{
	"app":     {"demo", "internal", "modules"},
	"core":    {"internal"},
	"modules": {"app", "demo", "internal"},
	"web":     {"core", "internal"},
}

// drawers are names that say nothing about what a package provides.
var drawers = map[string]bool{
	"base": true, "common": true, "helper": true, "helpers": true, "lib": true, "manager": true, "misc": true, "models": true,
	"shared": true, "types": true, "util": true, "utils": true,
}

// testTools are packages for tests: only _test.go files and packages whose name ends in "test" import them or anything
// below them.
var testTools = []string{
	"testing",
	"net/http/httptest",
	"github.com/google/go-cmp",
	"github.com/nats-io/nats-server/v2",
	"github.com/rogpeppe/go-internal",
	"pgregory.net/rapid",
}
