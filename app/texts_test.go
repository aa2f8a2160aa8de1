package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules"
)

// labels are all words that the API writes for people beside messages, by key: fields that some answer or history shows or some input takes,
// their choices, moves and what moves ask for.
func labels(a *apptest.App) map[string]string {
	all := map[string]string{}
	field := func(f *entity.Field) {
		e := f.Entity()
		all[f.TextKey()] = f.Label
		for _, c := range f.Choices {
			if c.Label != "" {
				all[e.Name+".choice."+f.Name+"."+c.Value] = c.Label
			}
		}
	}
	var shown func(outs []entity.Out)
	shown = func(outs []entity.Out) {
		for _, o := range outs {
			if o.Field != nil && o.Field.Label != "ID" {
				field(o.Field)
			}
			shown(o.Nested)
		}
	}
	everything := entity.Viewer{Trusted: true}
	var taken func(e *entity.Entity)
	taken = func(e *entity.Entity) {
		for _, f := range e.Fields {
			if f.ReadOnly || f.Kind == entity.Children && !f.Nested {
				continue
			}
			field(f)
			if f.Kind == entity.Children {
				taken(f.TargetEntity())
			}
		}
	}
	for _, r := range a.Set.Resources() {
		if r.Path == "" {
			continue // GraphQL shows no labels
		}
		shown(r.Entity.Outline(r.ListShape, everything))
		if r.Can&api.Get != 0 {
			shown(r.Entity.Outline(r.Shape, everything))
		}
		if r.Can&(api.Create|api.Update|api.Replace) != 0 {
			taken(r.Entity)
		}
	}
	for _, e := range a.Set.Registry.Entities() {
		machine := a.Set.Machine(e)
		if machine == nil {
			continue
		}
		for _, move := range machine.Moves {
			all[e.Name+".move."+move.Code] = move.Label
			for state, label := range move.Labels {
				all[e.Name+".move."+move.Code+"."+state] = label
			}
			for _, f := range move.Input {
				all[e.Name+".move."+move.Code+".input."+f.Name] = f.Label
			}
		}
	}
	return all
}

// Every label has a text in each language, and the English one is what the declaration says.
func TestEveryLabelHasATextInEachLanguage(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, db.SQLite, modules.All())
	all := labels(a)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		english := all[key]
		var without []string
		for _, language := range a.Texts.Languages() {
			if !a.Texts.Has(language, key) {
				without = append(without, language)
				continue
			}
			if text := a.Texts.Text(language, key, nil); language == "en" && text != english || text == "" {
				t.Errorf("%s in %s is %q, the declaration says %q", key, language, text, english)
			}
		}
		if len(without) > 0 {
			t.Errorf("%q: %q has no text in locales/ of %s", key, english, strings.Join(without, ", "))
		}
	}
	t.Logf("%d labels in %v", len(all), a.Texts.Languages())
}
