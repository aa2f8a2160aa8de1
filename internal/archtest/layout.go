package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// checkLayout returns a sentence for each folder that the rules do not know and each name that says nothing.
func checkLayout(t *tree) []string {
	var problems []string
	unknown := func(dir, table string) {
		s := fmt.Sprintf("%s is not in the rules: add it to %s in internal/archtest/rules.go, with what it may import", dir, table)
		if !slices.Contains(problems, s) {
			problems = append(problems, s)
		}
	}
	for _, p := range t.Packages {
		switch first := top(p.Dir); {
		case first == "core":
			if c := component(p.Dir); layer(c) < 0 {
				unknown(c, "coreLayers")
			}
		case p.Dir != ".":
			if _, ok := tops[first]; !ok {
				unknown(first, "tops")
			}
		}
		for _, name := range []string{p.Name, path.Base(p.Dir)} {
			if drawers[name] {
				problems = append(problems, fmt.Sprintf("%s is called %s: name the package for what it provides, or leave the lines where they are used", p.Dir, name))
				break
			}
		}
	}
	return problems
}

// checkComments returns a sentence for each package without a comment that says what it is for.
func checkComments(t *tree) []string {
	var problems []string
	for _, p := range t.Packages {
		if p.Name == "" {
			continue
		}
		// A command's comment may begin with its own name.
		opening := "Package " + p.Name + " "
		if p.Name == "main" {
			opening = ""
		}
		has := slices.ContainsFunc(p.Files, func(f file) bool {
			return !f.Test && f.Syntax.Doc != nil && strings.HasPrefix(f.Syntax.Doc.Text(), opening)
		})
		if !has {
			problems = append(problems, fmt.Sprintf("%s has no package comment: say above a package clause, beginning with %q, what problem it takes off the reader's hands", p.Dir, "Package "+p.Name))
		}
	}
	return problems
}

// checkInit returns a sentence for each init function.
func checkInit(t *tree) []string {
	var problems []string
	for _, p := range t.Packages {
		for _, f := range p.Files {
			for _, d := range f.Syntax.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					problems = append(problems, fmt.Sprintf("%s: no init functions, they act because of an import and in an order that nobody sees; build the value where it is used, or return it as data", t.at(fn)))
				}
			}
		}
	}
	return problems
}
