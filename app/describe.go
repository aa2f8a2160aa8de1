package app

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// writeModules prints what is compiled in: a line each, or one module in full. The full form is the module's page in docs/modules.
func (a *App) writeModules(out io.Writer, name string) error {
	if name == "" {
		for _, d := range a.Set.Definitions {
			parts := a.Set.Parts[d.Name]
			needs := ""
			if len(d.Needs) > 0 {
				needs = " (needs " + strings.Join(d.Needs, ", ") + ")"
			}
			if _, err := fmt.Fprintf(out, "%-14s %s%s\n               %d entities, %d permission rows, %d operations\n",
				d.Name, d.Doc, needs, len(parts.Entities), len(parts.Rules), a.operations(d.Name)); err != nil {
				return err
			}
		}
		return nil
	}
	for _, d := range a.Set.Definitions {
		if d.Name == name {
			_, err := io.WriteString(out, a.describe(d))
			return err
		}
	}
	return fmt.Errorf("there is no module %q; `almoner modules` lists them", name)
}

// WriteDocs writes the generated documents below the docs folder of the repository: the OpenAPI document, the GraphQL schema and a page
// for each module.
func (a *App) WriteDocs(dir string) error {
	files := map[string][]byte{"api/openapi.json": append(a.API.Document(), '\n'), "api/schema.graphql": a.API.GraphQL().SDL()}
	for _, d := range a.Set.Definitions {
		files["modules/"+d.Name+".md"] = []byte(a.describe(d))
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) operations(module string) int {
	n := 0
	for _, op := range a.API.Operations() {
		if strings.HasPrefix(op.Name, module+".") {
			n++
		}
	}
	return n
}

// describe writes a module's page in Markdown.
func (a *App) describe(d module.Definition) string {
	var b strings.Builder
	parts := a.Set.Parts[d.Name]
	fmt.Fprintf(&b, "# Module %s\n\n%s\n", d.Name, d.Doc)
	if len(d.Needs) > 0 {
		fmt.Fprintf(&b, "\nNeeds: %s.\n", strings.Join(d.Needs, ", "))
	}
	b.WriteString("\n## Operations\n\n| Operation | Method | Path | For |\n|---|---|---|---|\n")
	for _, op := range a.API.Operations() {
		if strings.HasPrefix(op.Name, d.Name+".") {
			fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", op.Name, op.Method, op.Path, op.Rule.Name)
		}
	}
	for _, e := range parts.Entities {
		fmt.Fprintf(&b, "\n## %s\n\nTable `%s`.\n\n| Field | Kind | Leads to | Notes |\n|---|---|---|---|\n", e.Name, e.Table)
		for _, f := range e.Fields {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.Name, f.Kind, f.To, notes(f))
		}
	}
	for _, m := range parts.Machines {
		fmt.Fprintf(&b, "\n## Lifecycle of %s\n\n| Move | From | To | Fact |\n|---|---|---|---|\n", m.Entity.Name)
		for _, move := range m.Moves {
			fmt.Fprintf(&b, "| %s | %s | %s | %s_%s |\n", move.Code, strings.Join(move.From, ", "), move.To, m.Entity.Name, move.Verb)
		}
	}
	if len(parts.Rules) > 0 {
		b.WriteString("\n## Permission rows\n\n| Kind | Target | When |\n|---|---|---|\n")
		for _, r := range parts.Rules {
			kind := r.Kind.String()
			if r.Refuse {
				kind = "never " + kind
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", kind, r.Target, strings.Join(r.When, " and "))
		}
	}
	return b.String()
}

func notes(f *entity.Field) string {
	var words []string
	if f.Required {
		words = append(words, "required")
	}
	if f.ReadOnly {
		words = append(words, "read only")
	}
	if f.Unique {
		words = append(words, "unique")
	}
	if f.Null {
		words = append(words, "may be null")
	}
	if f.Nested {
		words = append(words, "written with its parent")
	}
	return strings.Join(words, ", ")
}
