package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed all:templates
var templates embed.FS

// The lists of modules, which a new one is added to.
const (
	goList  = "modules/modules.go"
	webList = "web/src/modules.ts"
)

// write makes all files of the module, adds it to the lists, and returns the paths of the files. It makes sure that it can do all of it before it
// does any.
func (w words) write(root string) ([]string, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(templates, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		// The files hold {{macros}} of SQL and {{places}} of texts themselves.
		t, err := template.New(filepath.Base(path)).Delims("[[", "]]").Option("missingkey=error").ParseFS(templates, path)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, w); err != nil {
			return err
		}
		files[w.place(path)] = b.Bytes()
		return nil
	})
	if err != nil {
		return nil, err
	}
	written := make([]string, 0, len(files))
	for path := range files {
		written = append(written, path)
	}
	slices.Sort(written)
	for list, add := range map[string]func(string) (string, error){goList: w.addToGo, webList: w.addToWeb} {
		text, err := os.ReadFile(filepath.Join(root, list))
		if err != nil {
			return nil, err
		}
		changed, err := add(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list, err)
		}
		files[list] = []byte(changed)
	}
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return nil, err
		}
	}
	return written, nil
}

// place is where the file of a template goes.
func (w words) place(template string) string {
	path := strings.TrimSuffix(strings.TrimPrefix(template, "templates/"), ".tmpl")
	side, rest, _ := strings.Cut(path, "/")
	top := map[string]string{"go": "modules/", "web": "web/src/modules/"}[side]
	return top + w.Name + "/" + strings.NewReplacer("entity", w.Name, "table", "0001_"+w.Names, "Page", w.Types+"Page").Replace(rest)
}

var (
	goImport  = regexp.MustCompile(`(?m)^\t.*"almoner\.dev/almoner/modules/.*"\n`)
	webImport = regexp.MustCompile(`(?m)^import .* from '\./modules/.*';\n`)
)

func (w words) addToGo(text string) (string, error) {
	alias := ""
	if w.Package != w.Name {
		alias = w.Package + " "
	}
	return add(text, goImport, fmt.Sprintf("\t%s%q\n", alias, "almoner.dev/almoner/modules/"+w.Name), ".Module}", ".Module, "+w.Package+".Module}")
}

func (w words) addToWeb(text string) (string, error) {
	return add(text, webImport, fmt.Sprintf("import { %s } from './modules/%s/module';\n", w.Var, w.Name), "];", ", "+w.Var+"];")
}

// add puts an import among those of its kind, where the order of paths wants it, and one more item at the end of the list.
func add(text string, imports *regexp.Regexp, line, end, longer string) (string, error) {
	there := imports.FindAllStringIndex(text, -1)
	if there == nil || strings.Count(text, end) != 1 {
		return "", errors.New("the list does not look as it used to: mend scripts/newmodule/write.go")
	}
	at := there[len(there)-1][1]
	for _, span := range there {
		if quoted(text[span[0]:span[1]]) > quoted(line) {
			at = span[0]
			break
		}
	}
	text = text[:at] + line + text[at:]
	return strings.Replace(text, end, longer, 1), nil
}

// quoted is the path of an import line.
func quoted(line string) string { return line[strings.IndexAny(line, `"'`):] }
