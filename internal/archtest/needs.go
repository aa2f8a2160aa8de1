package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// readNeeds reads, out of each module's module.go, the names in the Needs of its module.Definition. The second result
// tells what it could not read, and needs that no module meets.
func readNeeds(t *tree) (needs map[string][]string, problems []string) {
	needs = map[string][]string{}
	for _, p := range t.Packages {
		name := moduleOf(p.Dir)
		if top(p.Dir) != "modules" || p.Dir != "modules/"+name {
			continue
		}
		needs[name] = nil
		i := slices.IndexFunc(p.Files, func(f file) bool { return f.Path == p.Dir+"/module.go" })
		if i < 0 {
			problems = append(problems, fmt.Sprintf("%s has no module.go: a reader opens that file first, put the module's Definition in it", p.Dir))
			continue
		}
		definition := findDefinition(p.Files[i].Syntax)
		if definition == nil {
			problems = append(problems, fmt.Sprintf("%s/module.go holds no module.Definition{…} literal: write the Definition there, as data", p.Dir))
			continue
		}
		names, bad := stringsOf(field(definition, "Needs"))
		if bad != nil {
			problems = append(problems, fmt.Sprintf("%s: write Needs as a list of plain strings, so that tools can read it without running it", t.at(bad)))
		}
		needs[name] = names
	}
	for name, wanted := range needs {
		for _, n := range wanted {
			if _, ok := needs[n]; !ok {
				problems = append(problems, fmt.Sprintf("modules/%s needs %q, and there is no modules/%s: correct the name", name, n, n))
			}
		}
	}
	slices.Sort(problems)
	return needs, problems
}

// findDefinition returns the first module.Definition literal of a file, nil when there is none.
func findDefinition(f *ast.File) *ast.CompositeLit {
	var found *ast.CompositeLit
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || found != nil {
			return found == nil
		}
		if sel, ok := lit.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Definition" {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "module" {
				found = lit
			}
		}
		return found == nil
	})
	return found
}

// field returns the value of a named field of a literal, nil when it is not set.
func field(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

// stringsOf reads a []string{"…"} literal. bad is the first part that is not plain text.
func stringsOf(e ast.Expr) (values []string, bad ast.Node) {
	if e == nil {
		return nil, nil
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil, e
	}
	for _, item := range lit.Elts {
		text, ok := item.(*ast.BasicLit)
		if !ok || text.Kind != token.STRING {
			return values, item
		}
		value, err := strconv.Unquote(text.Value)
		if err != nil {
			return values, item
		}
		values = append(values, value)
	}
	return values, nil
}
