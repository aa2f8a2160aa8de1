package main

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// words are all spellings of a module and its first entity, made from one name.
type words struct {
	// Name is the module: its folder, the prefix of tables and of everything that has a stable name. Names is its plural.
	Name, Names string
	// Package is the Go package: Go's names have no underscores.
	Package string
	// Type and Types are Go and TypeScript types; Var and Vars begin small.
	Type, Types, Var, Vars string
	// Path is the plural in addresses, of the API and of the screen.
	Path string
	// Entity and Table are where its records are.
	Entity, Table string
	// Label and Labels are for people; LabelLower and LabelsLower stand within a sentence.
	Label, Labels, LabelLower, LabelsLower string
}

var (
	namePattern   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	pluralPattern = regexp.MustCompile(`^[a-z]+([ _][a-z]+)*$`)
)

// longest keeps the names of constraints, which hold module and entity, within what PostgreSQL takes.
const longest = 20

// ours are identifiers that the templates use, and words that mean something else in addresses or texts.
var ours = []string{
	"almoner", "app", "build", "core", "embed", "false", "graphql", "kenya", "list", "main", "migrations", "module", "modules", "organisation", "page",
	"people", "places", "service", "slices", "test", "texts", "true", "ui", "who",
}

// scriptWords are what TypeScript keeps for itself and Go does not.
var scriptWords = []string{
	"await", "catch", "class", "debugger", "delete", "do", "enum", "eval", "export", "extends", "finally", "function", "implements", "in", "instanceof",
	"let", "new", "null", "private", "protected", "public", "static", "super", "this", "throw", "try", "typeof", "undefined", "void", "while", "with", "yield",
}

// wordsOf spells a name, and refuses one that would not work.
func wordsOf(name, plural string) (words, error) {
	switch {
	case name == "":
		return words{}, errors.New("give it a name in the singular: make new-module NAME=water_point")
	case !namePattern.MatchString(name):
		return words{}, fmt.Errorf("%q is no name: small letters a to z, words joined by underscores, such as water_point", name)
	case len(name) > longest:
		return words{}, fmt.Errorf("%q is too long: at most %d letters, as the database joins names", name, longest)
	case strings.HasSuffix(name, "test"):
		return words{}, fmt.Errorf("%q ends in test, as packages for tests do", name)
	case token.IsKeyword(name) || types.Universe.Lookup(name) != nil || slices.Contains(ours, name) || slices.Contains(scriptWords, name):
		return words{}, fmt.Errorf("%q means something else in Go, in TypeScript or in our code: take another word", name)
	}
	if plural == "" {
		plural = pluralOf(name)
	}
	if !pluralPattern.MatchString(plural) || plural == name {
		return words{}, fmt.Errorf("%q is no plural of %s: small letters, and another word than the singular", plural, name)
	}
	names := strings.ReplaceAll(plural, " ", "_")
	label, labels := strings.ReplaceAll(name, "_", " "), strings.ReplaceAll(names, "_", " ")
	return words{
		Name: name, Names: names, Package: strings.ReplaceAll(name, "_", ""),
		Type: camel(name), Types: camel(names), Var: small(camel(name)), Vars: small(camel(names)),
		Path: strings.ReplaceAll(names, "_", "-"), Entity: name + "." + name, Table: name + "_" + names,
		Label: strings.ToUpper(label[:1]) + label[1:], Labels: strings.ToUpper(labels[:1]) + labels[1:], LabelLower: label, LabelsLower: labels,
	}, nil
}

// pluralOf is the regular English plural.
func pluralOf(name string) string {
	switch {
	case strings.HasSuffix(name, "y") && !strings.ContainsRune("aeiou_", rune(name[max(0, len(name)-2)])):
		return strings.TrimSuffix(name, "y") + "ies"
	case strings.HasSuffix(name, "s"), strings.HasSuffix(name, "x"), strings.HasSuffix(name, "z"), strings.HasSuffix(name, "ch"), strings.HasSuffix(name, "sh"):
		return name + "es"
	}
	return name + "s"
}

func camel(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func small(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// free refuses a name, or an address of the screen, that something has already.
func (w words) free(root string) error {
	for _, taken := range []string{"modules/" + w.Name, "modules/" + w.Package, "web/src/modules/" + w.Name, "core/" + w.Package} {
		if _, err := os.Stat(filepath.Join(root, taken)); err == nil {
			return fmt.Errorf("the name %s is taken: there is %s already", w.Name, taken)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, list := range []string{goList, webList} {
		if _, err := os.Stat(filepath.Join(root, list)); err != nil {
			return fmt.Errorf("run this at the top of the repository, where %s is: %w", list, err)
		}
	}
	screens := regexp.MustCompile(`path: '` + w.Path + `['/]`)
	return filepath.WalkDir(filepath.Join(root, "web/src/modules"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".ts" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && screens.Match(text) {
			return fmt.Errorf("the address /:ws/%s is taken, see %s: take another word, or give another PLURAL", w.Path, filepath.ToSlash(path))
		}
		return err
	})
}
