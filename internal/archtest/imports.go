package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// checkImports returns a sentence for each import that the rules do not allow.
func checkImports(t *tree) []string {
	needs, problems := readNeeds(t)
	for _, p := range t.Packages {
		for _, f := range p.Files {
			for _, imported := range f.Imports {
				if why := forbidden(&p, f.Test, imported, needs); why != "" {
					problems = append(problems, fmt.Sprintf("%s imports %s: %s", f.Path, imported, why))
				}
			}
		}
	}
	return problems
}

// forbidden says why a file of p must not import a package, and what to do instead; "" when it may.
func forbidden(p *pkg, test bool, imported string, needs map[string][]string) string {
	inTest := test || p.forTests()
	if !inTest && isTestTool(imported) {
		return "test tools never reach the binary; move this to a _test.go file or to a package whose name ends in test"
	}
	to, ours := inside(imported)
	if !ours {
		if p.Dir == "." && !test && !standard(imported) {
			return "the root package imports the standard library only; put this in a core package"
		}
		return ""
	}
	if !inTest && strings.HasSuffix(path.Base(to), "test") {
		return "a …test package helps tests only; what the program needs belongs in the package itself"
	}
	if to == "." {
		return ""
	}
	from := p.Dir
	if from == "." {
		if test {
			return ""
		}
		return "the root package holds the words that all others share and knows none of them; move what needs this import up into core"
	}
	fromTop, toTop := top(from), top(to)
	if test && slices.Contains(topsInTests[fromTop], toTop) {
		return ""
	}
	switch {
	case fromTop == "core" && toTop == "core":
		return coreEdge(component(from), component(to), inTest)
	case fromTop == "modules" && toTop == "modules":
		return moduleEdge(from, to, inTest, needs)
	case fromTop == "core":
		return "core knows only core and the root package; offer a hook, a fact or a parameter, and let the other side come to you"
	case fromTop == toTop, slices.Contains(tops[fromTop], toTop):
		return ""
	case fromTop == "app" && toTop == "modules":
		return "app takes the modules as an argument; list them in modules/modules.go and pass them from main"
	default:
		return fmt.Sprintf("%s may import %s; if it should import %s too, say so in internal/archtest/rules.go", fromTop, list(tops[fromTop]), toTop)
	}
}

// coreEdge says why one core package must not import another.
func coreEdge(from, to string, inTest bool) string {
	if from == to {
		return ""
	}
	fromLayer, toLayer := layer(from), layer(to)
	switch {
	case fromLayer < 0 || toLayer < 0:
		// checkLayout asks for the missing row.
		return ""
	case toLayer < fromLayer, slices.Contains(besideInLayer[from], to):
		return ""
	case inTest && toLayer == fromLayer:
		// Go itself refuses a circle, and a test may bring its neighbour along.
		return ""
	case toLayer > fromLayer:
		return fmt.Sprintf("%s lies above %s; pass in what you need as a parameter or a func, or move this code up to %s", to, from, to)
	default:
		return fmt.Sprintf("%s and %s lie side by side; pass in what you need, or allow it in besideInLayer of internal/archtest/rules.go with a reason in the commit", from, to)
	}
}

// moduleEdge says why a package below modules must not import another one below it.
func moduleEdge(from, to string, inTest bool, needs map[string][]string) string {
	fromModule, toModule := moduleOf(from), moduleOf(to)
	switch {
	case fromModule == "":
		// modules.go, the list of modules.
		return ""
	case toModule == "":
		return "a module does not know the list of modules; name the one you use in Needs"
	case fromModule == toModule, slices.Contains(needs[fromModule], toModule):
		return ""
	case inTest && reaches(needs, fromModule, toModule):
		// A test puts its module up with all that must be there, at whatever distance.
		return ""
	default:
		return fmt.Sprintf("add %q to Needs in modules/%s/module.go, or listen to its facts by name", toModule, fromModule)
	}
}

// reaches tells whether a module needs another one, or needs one that reaches it.
func reaches(needs map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	var walk func(name string) bool
	walk = func(name string) bool {
		if name == to || seen[name] {
			return name == to
		}
		seen[name] = true
		return slices.ContainsFunc(needs[name], walk)
	}
	return walk(from)
}

// inside returns the folder of one of our own packages.
func inside(imported string) (dir string, ours bool) {
	if imported == modulePath {
		return ".", true
	}
	return strings.CutPrefix(imported, modulePath+"/")
}

// standard tells the standard library: its paths have no dot in their first part.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func isTestTool(imported string) bool {
	return slices.ContainsFunc(testTools, func(tool string) bool {
		return imported == tool || strings.HasPrefix(imported, tool+"/")
	})
}

func top(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// component is the core package that a folder belongs to: core/db for core/db/dbtest.
func component(dir string) string {
	parts := strings.SplitN(dir, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// moduleOf is the module that a folder belongs to, "" for the folder modules itself.
func moduleOf(dir string) string {
	_, rest, _ := strings.Cut(dir, "/")
	return top(rest)
}

func layer(component string) int {
	return slices.IndexFunc(coreLayers, func(l []string) bool { return slices.Contains(l, component) })
}

func list(names []string) string {
	return strings.Join(append([]string{"the root package"}, names...), ", ")
}
