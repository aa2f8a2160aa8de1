package archtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// repository is the top of the tree, from this folder.
const repository = "../.."

func TestRepository(t *testing.T) {
	t.Parallel()
	tr, err := readTree(repository)
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Packages) < 2 {
		t.Fatalf("found %d packages: these tests look at the wrong folder", len(tr.Packages))
	}
	for name, check := range map[string]func(*tree) []string{
		"imports": checkImports, "layout": checkLayout, "comments": checkComments, "init": checkInit,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, problem := range check(tr) {
				t.Error(problem)
			}
		})
	}
}

// TestRulesAgree looks at the tables themselves: a name in besideInLayer must be a neighbour, and no circle may arise.
func TestRulesAgree(t *testing.T) {
	t.Parallel()
	for from, tos := range besideInLayer {
		for _, to := range tos {
			if layer(from) < 0 || layer(from) != layer(to) {
				t.Errorf("besideInLayer: %s and %s are not in one layer", from, to)
			}
			if slices.Contains(besideInLayer[to], from) {
				t.Errorf("besideInLayer: %s and %s import each other", from, to)
			}
		}
	}
	for from, tos := range tops {
		for _, to := range tos {
			if _, ok := tops[to]; !ok && to != "core" {
				t.Errorf("tops: %s may import %s, which is no top", from, to)
			}
		}
	}
}

// TestLockfileNamesNoRegistry keeps download addresses out of web/package-lock.json: whoever installs uses the registry
// that npm is set up with.
func TestLockfileNamesNoRegistry(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(repository, "web", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved string }
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	if len(lock.Packages) == 0 {
		t.Fatal("web/package-lock.json lists no packages: is it still of version 3?")
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" {
			t.Errorf("web/package-lock.json gives an address for %s: run `npm install` in web again, its .npmrc leaves them out", name)
			return
		}
	}
}
