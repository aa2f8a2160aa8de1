package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// pkg is one folder with Go files.
type pkg struct {
	Dir   string // from the top of the repository, with slashes; "." is the root package
	Name  string // of the files that are not tests; "" when there are only tests
	Files []file
}

// file is one parsed Go file.
type file struct {
	Path    string // from the top of the repository, with slashes
	Test    bool   // a _test.go file
	Syntax  *ast.File
	Imports []string
}

// tree is a repository's Go packages, in the order of their folders.
type tree struct {
	Packages []pkg
	fset     *token.FileSet
}

// at says where n stands, for a message: file and line.
func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// readTree parses every Go file below the folder top. It leaves out what the go command leaves out (testdata, folders
// that begin with a dot or an underscore), what npm brings, and folders that are a Go module of their own.
func readTree(top string) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skip(name, rel, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || d.Name()[0] == '.' || d.Name()[0] == '_' {
			return nil
		}
		return t.add(name, rel)
	})
	return t, err
}

func skip(name, rel, base string) bool {
	if rel == "." {
		return false
	}
	if base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

func (t *tree) add(name, rel string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(t.fset, rel, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := file{Path: rel, Test: strings.HasSuffix(rel, "_test.go"), Syntax: syntax}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: import %s: %w", t.at(spec), spec.Path.Value, err)
		}
		f.Imports = append(f.Imports, imported)
	}
	dir := path.Dir(rel)
	// A walk visits sub-folders between the files of a folder, so the package need not be the last one.
	for i := range t.Packages {
		if t.Packages[i].Dir == dir {
			t.Packages[i].addFile(f)
			return nil
		}
	}
	t.Packages = append(t.Packages, pkg{Dir: dir})
	t.Packages[len(t.Packages)-1].addFile(f)
	return nil
}

func (p *pkg) addFile(f file) {
	if !f.Test {
		p.Name = f.Syntax.Name.Name
	}
	p.Files = append(p.Files, f)
}

// forTests tells a helper of tests: a package whose name ends in "test".
func (p *pkg) forTests() bool { return strings.HasSuffix(p.Name, "test") }
