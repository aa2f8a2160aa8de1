package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repository is the top of the tree, from this folder.
const repository = "../.."

// TestWhatIsWrittenWorks writes two modules into a copy of the tree, leaves one as it is and follows the guides with the other, and runs there what
// CI would run for them.
func TestWhatIsWrittenWorks(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	copyTree(t, root)
	for _, name := range []string{"water_point", "ferry"} {
		if err := run(io.Discard, root, name, ""); err != nil {
			t.Fatal(err)
		}
	}
	follow(t, root, "docs/guides/add-a-module.md")
	follow(t, root, "docs/guides/add-an-operation.md")
	t.Run("Go", func(t *testing.T) {
		t.Parallel()
		do(t, root, "go", "test", "./modules", "./modules/water_point", "./modules/ferry", "./internal/archtest")
		// The whole program knows their labels in all languages, and keeps other workspaces from their records: on one engine, as both had their turn.
		do(t, root, "go", "test", "./app", "-run", "^(TestEveryLabelHasATextInEachLanguage|TestOtherWorkspaces|TestWhatIsReadComesBack)$/^(sqlite)?$")
	})
	t.Run("Go linters", func(t *testing.T) {
		t.Parallel()
		linters, err := filepath.Glob(filepath.Join(absolute(t, repository), ".tools/bin/golangci-lint-*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(linters) == 0 {
			t.Skip("golangci-lint is not built: make lint")
		}
		do(t, root, linters[0], "fmt", "--diff", "./modules")
		do(t, root, linters[0], "run", "./modules/water_point", "./modules/ferry")
	})
	t.Run("web", func(t *testing.T) {
		t.Parallel()
		web := filepath.Join(root, "web")
		if !installed(t, web) {
			t.Skip("web/node_modules is not there: make web-modules")
		}
		// Of the whole app the screens and what they import; the rest has its own check.
		write(t, filepath.Join(web, "tsconfig.json"), `{"extends": "./tsconfig.node.json", "include": ["src/modules/water_point", "src/modules/ferry"]}`)
		bin := filepath.Join(web, "node_modules/.bin")
		do(t, web, "node", filepath.Join(web, "node_modules/@typescript/native/bin/tsc"), "-p", ".")
		do(t, web, filepath.Join(bin, "oxlint"), "src/modules/water_point", "src/modules/ferry")
		do(t, web, filepath.Join(bin, "vitest"), "run", "src/modules/water_point", "src/modules/ferry", "src/i18n/texts.test.ts")
	})
}

// made are the folders of what was built or installed, which do not belong to the repository.
var made = []string{".git", ".tools", "bin", "data", "web/node_modules", "web/test-results"}

// copyTree copies the files that belong to the repository, new ones included. It does not ask git, which need not trust whoever runs the tests.
func copyTree(t *testing.T, to string) {
	t.Helper()
	err := filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(repository, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case entry.IsDir() && slices.Contains(made, name):
			return filepath.SkipDir
		case entry.IsDir() || slices.Contains(made, name) || filepath.Ext(name) == ".tsbuildinfo", strings.HasPrefix(name, "web/dist/") && name != "web/dist/.keep":
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			write(t, filepath.Join(to, name), string(text))
		}
		return err
	})
	if err != nil {
		t.Fatalf("copy the repository: %v", err)
	}
}

// installed puts the packages of the web app beside its copy, one link for each, so that the tools keep their caches in the copy. It is false when
// there are none.
func installed(t *testing.T, web string) bool {
	t.Helper()
	from := filepath.Join(absolute(t, repository), "web/node_modules")
	packages, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(web, "node_modules"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		if strings.HasPrefix(p.Name(), ".") && p.Name() != ".bin" {
			continue
		}
		if err := os.Symlink(filepath.Join(from, p.Name()), filepath.Join(web, "node_modules", p.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return true
}

// do runs a command in the copy and fails the test with what it said.
func do(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	if os.Getenv("ALMONER_TEST_POSTGRES") == "" {
		// The copy has no .tools of its own.
		if url, err := os.ReadFile(filepath.Join(repository, ".tools/postgres/url")); err == nil {
			cmd.Env = append(cmd.Env, "ALMONER_TEST_POSTGRES="+strings.TrimSpace(string(url)))
		}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	whole, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

func write(t *testing.T, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // a copy of a file of the repository
	}
	if err != nil {
		t.Fatal(err)
	}
}

// little is a tree with just what the program looks at.
func little(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, goList), `package modules

import (
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/tpm"
)

func All() []module.Definition {
	return []module.Definition{tpm.Module}
}
`)
	write(t, filepath.Join(root, webList), "import type { WebModule } from './kit/module';\nimport { tpm } from './modules/tpm/module';\n\nexport const modules: WebModule[] = [tpm];\n")
	write(t, filepath.Join(root, "modules/tpm/module.go"), "package tpm\n")
	write(t, filepath.Join(root, "core/event/event.go"), "package event\n")
	write(t, filepath.Join(root, "web/src/modules/tpm/module.ts"), "const visit = { path: 'visits/$ref' };\n")
	return root
}

// snapshot is the text of every file.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A name that would not work is refused with the reason, and nothing is written.
func TestNamesThatAreRefused(t *testing.T) {
	t.Parallel()
	root := little(t)
	before := snapshot(t, root)
	for _, c := range []struct{ name, plural, want string }{
		{"", "", "give it a name"},
		{"WaterPoint", "", "small letters"},
		{"water-point", "", "small letters"},
		{"water__point", "", "small letters"},
		{"point2", "", "small letters"},
		{"../evil", "", "small letters"},
		{"clinic", "../evil", "is no plural"},
		{"sheep", "sheep", "is no plural"},
		{"a_very_long_name_indeed", "", "at most 20 letters"},
		{"contest", "", "ends in test"},
		{"func", "", "means something else"},
		{"string", "", "means something else"},
		{"class", "", "means something else"},
		{"organisation", "", "means something else"},
		{"tpm", "", "there is modules/tpm already"},
		{"event", "", "there is core/event already"},
		{"visit", "", "the address /:ws/visits is taken"},
	} {
		err := run(io.Discard, root, c.name, c.plural)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %q: got %v, want … %s …", c.name, c.plural, err, c.want)
		}
	}
	if !maps.Equal(before, snapshot(t, root)) {
		t.Error("something was written")
	}
}

// A list that was changed beyond recognition is left to people, and nothing is written.
func TestListsThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, list := range []string{goList, webList} {
		root := little(t)
		write(t, filepath.Join(root, list), "something else\n")
		before := snapshot(t, root)
		if err := run(io.Discard, root, "clinic", ""); err == nil || !strings.Contains(err.Error(), list) {
			t.Errorf("%s: got %v", list, err)
		}
		if !maps.Equal(before, snapshot(t, root)) {
			t.Errorf("%s: something was written", list)
		}
	}
}

func TestWhatIsSaidAndListed(t *testing.T) {
	t.Parallel()
	root := little(t)
	var said bytes.Buffer
	for _, c := range []struct{ name, plural string }{{"water_point", ""}, {"child", "children"}} {
		if err := run(&said, root, c.name, c.plural); err != nil {
			t.Fatal(err)
		}
	}
	after := snapshot(t, root)
	for path, want := range map[string]string{
		goList: `package modules

import (
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/child"
	"almoner.dev/almoner/modules/tpm"
	waterpoint "almoner.dev/almoner/modules/water_point"
)

func All() []module.Definition {
	return []module.Definition{tpm.Module, waterpoint.Module, child.Module}
}
`,
		webList: `import type { WebModule } from './kit/module';
import { child } from './modules/child/module';
import { tpm } from './modules/tpm/module';
import { waterPoint } from './modules/water_point/module';

export const modules: WebModule[] = [tpm, waterPoint, child];
`,
	} {
		if after[path] != want {
			t.Errorf("%s is\n%swant\n%s", path, after[path], want)
		}
	}
	for _, path := range []string{"modules/water_point/migrations/0001_water_points.sql", "modules/child/child_test.go", "web/src/modules/child/ChildrenPage.tsx", "web/src/modules/child/texts/ar.json"} {
		if after[path] == "" || !strings.Contains(said.String(), "\n  "+path+"\n") {
			t.Errorf("%s is not written or not told of:\n%s", path, &said)
		}
	}
	if !strings.Contains(after["web/src/modules/water_point/module.ts"], "export const waterPoint: WebModule") {
		t.Error("the web app's list names waterPoint, and nothing is called so")
	}
	for path, text := range after {
		if strings.Contains(text, "[[") || strings.Contains(text, "]]") {
			t.Errorf("%s still holds a mark of its template", path)
		}
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	words := []string{"visit", "family", "survey", "address", "box", "branch", "wish", "water_point", "by"}
	want := []string{"visits", "families", "surveys", "addresses", "boxes", "branches", "wishes", "water_points", "bies"}
	got := make([]string, len(words))
	for i, w := range words {
		got[i] = pluralOf(w)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
