package archtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFindings plants one fault in a small tree that is otherwise clean, and looks for the sentence about it.
func TestFindings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		file string // replaces or joins the files of cleanTree
		text string
		want string // part of the only sentence; "" when the file is fine
	}{
		{name: "clean tree"},
		{
			"root imports core", "money.go",
			"package almoner\n" + `import _ "almoner.dev/almoner/core/db"`,
			"move what needs this import up into core",
		},
		{
			"root imports a stranger", "money.go",
			"package almoner\n" + `import _ "example.org/decimal"`,
			"standard library only",
		},
		{
			"core imports upwards", "core/db/x.go",
			"package db\n" + `import _ "almoner.dev/almoner/core/api"`,
			"core/api lies above core/db",
		},
		{
			"core imports its neighbour", "core/event/x.go",
			"package event\n" + `import _ "almoner.dev/almoner/core/file"`,
			"side by side",
		},
		{
			"core imports an allowed neighbour", "core/entity/x.go",
			"package entity\n" + `import _ "almoner.dev/almoner/core/event"`,
			"",
		},
		{
			"core imports a module", "core/api/x.go",
			"package api\n" + `import _ "almoner.dev/almoner/modules/person"`,
			"core knows only core",
		},
		{
			"a core test imports a module", "core/api/x_test.go",
			"package api\n" + `import _ "almoner.dev/almoner/modules/person"`,
			"core knows only core",
		},
		{
			"a core test imports its neighbour", "core/event/x_test.go",
			"package event\n" + `import _ "almoner.dev/almoner/core/file"`,
			"",
		},
		{
			"a module without the need", "modules/person/x.go",
			"package person\n" + `import _ "almoner.dev/almoner/modules/grievance"`,
			`add "grievance" to Needs in modules/person/module.go`,
		},
		{
			"a module's test without the need", "modules/person/x_test.go",
			"package person\n" + `import _ "almoner.dev/almoner/modules/grievance"`,
			`add "grievance" to Needs`,
		},
		{
			"a module's test puts up what is needed at a distance", "modules/visit/x_test.go",
			"package visit\n" + `import _ "almoner.dev/almoner/modules/person"`,
			"",
		},
		{
			"a module uses what is needed at a distance", "modules/visit/x.go",
			"package visit\n" + `import _ "almoner.dev/almoner/modules/person"`,
			`add "person" to Needs`,
		},
		{
			"a module's test boots the program", "modules/person/x_test.go",
			"package person\n" + `import _ "almoner.dev/almoner/app"`,
			"",
		},
		{
			"a module imports the list", "modules/person/x.go",
			"package person\n" + `import _ "almoner.dev/almoner/modules"`,
			"does not know the list of modules",
		},
		{
			"a module imports the program", "modules/person/x.go",
			"package person\n" + `import _ "almoner.dev/almoner/app"`,
			"modules may import the root package, core",
		},
		{
			"the program imports a module", "app/x.go",
			"package app\n" + `import _ "almoner.dev/almoner/modules/person"`,
			"app takes the modules as an argument",
		},
		{
			"a need that nobody meets", "modules/person/module.go",
			"// Package person is a module.\npackage person\n" + `import "almoner.dev/almoner/core/module"` + "\n" + `var Module = module.Definition{Needs: []string{"place"}}`,
			"there is no modules/place",
		},
		{
			"a need that is not plain text", "modules/person/module.go",
			"// Package person is a module.\npackage person\n" + `import "almoner.dev/almoner/core/module"` + "\n" + `var Module = module.Definition{Needs: []string{place}}`,
			"modules/person/module.go:4: write Needs as a list of plain strings",
		},
		{
			"a module without a definition", "modules/person/module.go",
			"// Package person is a module.\npackage person",
			"no module.Definition{…} literal",
		},
		{
			"a module without module.go", "modules/place/place.go",
			"// Package place is about places.\npackage place",
			"modules/place has no module.go",
		},
		{
			"a test helper in the program", "core/api/x.go",
			"package api\n" + `import _ "almoner.dev/almoner/core/db/dbtest"`,
			"helps tests only",
		},
		{
			"a test helper in another", "core/api/apitest/x.go",
			"// Package apitest helps.\npackage apitest\n" + `import _ "almoner.dev/almoner/core/db/dbtest"`,
			"",
		},
		{
			"a test tool in the program", "core/api/x.go",
			"package api\n" + `import _ "github.com/google/go-cmp/cmp"`,
			"test tools never reach the binary",
		},
		{
			"core of an unknown name", "core/queue/queue.go",
			"// Package queue waits.\npackage queue",
			"core/queue is not in the rules: add it to coreLayers",
		},
		{
			"a top of an unknown name", "pkg/thing/thing.go",
			"// Package thing is a thing.\npackage thing",
			"pkg is not in the rules: add it to tops",
		},
		{
			"a drawer", "modules/person/util/util.go",
			"// Package util is a drawer.\npackage util",
			"modules/person/util is called util",
		},
		{
			"a folder that is a drawer", "core/db/common/x.go",
			"// Package rows reads.\npackage rows",
			"core/db/common is called common",
		},
		{
			"no package comment", "core/db/db.go",
			"package db",
			"core/db has no package comment",
		},
		{
			"a package comment of another package", "core/db/db.go",
			"// Package sql is no more.\npackage db",
			"core/db has no package comment",
		},
		{
			"init", "core/db/x.go",
			"package db\nfunc init() {}",
			"core/db/x.go:2: no init functions",
		},
		{
			"a method called init", "core/db/x.go",
			"package db\ntype T struct{}\nfunc (T) init() {}",
			"",
		},
		{
			"what npm brings", "web/node_modules/flat/x.go",
			"package util\nfunc init() {}",
			"",
		},
		{
			"another Go module", "examples/sample/go.mod",
			"module example.org/sample",
			"",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := cleanTree()
			if tt.file != "" {
				files[tt.file] = tt.text + "\n"
			}
			if tt.file == "examples/sample/go.mod" {
				files["examples/sample/x.go"] = "package util\n"
			}
			got := problemsIn(t, files)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("got %q, want no problem", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("got %q, want one problem with %q", got, tt.want)
			}
		})
	}
}

func cleanTree() map[string]string {
	definition := func(name, needs string) string {
		return "// Package " + name + " is a module.\npackage " + name + "\n" + `import "almoner.dev/almoner/core/module"` +
			"\nvar Module = module.Definition{Name: \"" + name + "\", Needs: []string{" + needs + "}}\n"
	}
	return map[string]string{
		"almoner.go":                    "// Package almoner holds words.\npackage almoner\n" + `import _ "time"` + "\n",
		"almoner_test.go":               "package almoner_test\n" + `import _ "github.com/google/go-cmp/cmp"` + "\n",
		"core/db/db.go":                 "// Package db opens.\npackage db\nimport (\n_ \"almoner.dev/almoner\"\n_ \"example.org/driver\"\n)\n",
		"core/db/dbtest/dbtest.go":      "// Package dbtest helps.\npackage dbtest\nimport (\n_ \"testing\"\n_ \"almoner.dev/almoner/core/db\"\n)\n",
		"core/event/event.go":           "// Package event states.\npackage event\n" + `import _ "almoner.dev/almoner/core/db"` + "\n",
		"core/event/event_test.go":      "package event\n" + `import _ "almoner.dev/almoner/core/db/dbtest"` + "\n",
		"core/entity/entity.go":         "// Package entity declares.\npackage entity\n",
		"core/api/api.go":               "// Package api serves.\npackage api\n" + `import _ "almoner.dev/almoner/core/event"` + "\n",
		"core/module/module.go":         "// Package module is the contract.\npackage module\n" + `import _ "almoner.dev/almoner/core/api"` + "\n",
		"modules/modules.go":            "// Package modules lists.\npackage modules\nimport (\n_ \"almoner.dev/almoner/modules/grievance\"\n_ \"almoner.dev/almoner/modules/person\"\n)\n",
		"modules/person/module.go":      definition("person", ""),
		"modules/grievance/module.go":   definition("grievance", `"person"`),
		"modules/visit/module.go":       definition("visit", `"grievance"`),
		"modules/grievance/service.go":  "package grievance\n" + `import _ "almoner.dev/almoner/modules/person"` + "\n",
		"app/app.go":                    "// Package app puts it together.\npackage app\nimport (\n_ \"almoner.dev/almoner/core/module\"\n_ \"almoner.dev/almoner/web\"\n)\n",
		"web/embed.go":                  "// Package web holds the screens.\npackage web\n",
		"cmd/almoner/main.go":           "// Almoner is the program.\npackage main\nimport (\n_ \"almoner.dev/almoner/app\"\n_ \"almoner.dev/almoner/modules\"\n)\n",
		"core/db/testdata/util/util.go": "package util\nfunc init() {}\n",
	}
}

func problemsIn(t *testing.T, files map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := readTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, check := range []func(*tree) []string{checkImports, checkLayout, checkComments, checkInit} {
		problems = append(problems, check(tr)...)
	}
	return problems
}
