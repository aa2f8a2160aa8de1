package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// story writes a history as `verb entity(record) field:before→after`.
func story(entries []entity.Entry) string {
	var lines []string
	for _, e := range entries {
		line := fmt.Sprintf("%s %s(%d)", e.Verb, strings.TrimPrefix(e.Entity, "library."), e.Record)
		if e.To != "" {
			line += " " + e.From + "→" + e.To
		}
		for _, c := range e.Changes {
			line += fmt.Sprintf(" %s:%v→%v", c.Field, c.Before, c.After)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		l.Registry.People = l.Author // whoever is number 1 there
		achebe, ba := l.Add(t, l.Author, entity.Values{"name": "Achebe"}), l.Add(t, l.Author, entity.Values{"name": "Bâ"})
		past, love := l.Add(t, l.Subject, entity.Values{"name": "Past"}), l.Add(t, l.Subject, entity.Values{"name": "Love"})
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "author": achebe, "notes": "secret", "published": almoner.NewDate(2001, 2, 3)})
		steps := []map[string]any{
			{"title": "Mud", "author": ba}, {"subjects": []any{past, love}}, {"subjects": []any{past}, "notes": "more"}, {"copies": []any{map[string]any{"shelf": "A"}}}, {"author": nil},
		}
		for i, step := range steps {
			for name, v := range step {
				if n, ok := v.(int64); ok {
					step[name] = fmt.Sprint(n)
				}
				if list, ok := v.([]any); ok && name == "subjects" {
					for j := range list {
						list[j] = fmt.Sprint(list[j])
					}
				}
			}
			if err := l.Write(ctx, entitytest.Librarian, l.Book, entity.Patch, id, step); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
		history := func(a *almoner.Actor) []entity.Entry {
			found, err := l.Book.Locate(ctx, l.DB, l.Viewer(a), id)
			if err != nil {
				t.Fatal(err)
			}
			entries, err := l.Book.History(ctx, l.DB, found)
			if err != nil {
				t.Fatal(err)
			}
			return entries
		}
		all := history(entitytest.Librarian)
		same(t, "a librarian", story(all),
			"created book(1) title:<nil>→Dust author:<nil>→Achebe published:<nil>→2001-02-03 notes:<nil>→secret; updated book(1) title:Dust→Mud author:Achebe→Bâ; "+
				"updated book(1) subjects:[]→[Love Past]; updated book(1) notes:secret→more subjects:[Love Past]→[Past]; created copy(1); updated book(1) author:Bâ→<nil>")
		if all[0].Actor != (entity.Person{ID: 1, Name: "Achebe"}) || all[0].At.IsZero() || all[0].Changes[0].Label != "Title" || all[0].Changes[0].Kind == "" {
			t.Errorf("who and when: %+v", all[0])
		}
		same(t, "a reader, who does not see notes", story(history(entitytest.Reader)),
			"created book(1) title:<nil>→Dust author:<nil>→Achebe; updated book(1) title:Dust→Mud author:Achebe→Bâ; "+
				"updated book(1) subjects:[]→[Love Past]; updated book(1) subjects:[Love Past]→[Past]; created copy(1); updated book(1) author:Bâ→<nil>")

		count := func() int64 {
			counted, counter := db.CountStatements(ctx)
			found, err := l.Book.Locate(counted, l.DB, l.Viewer(entitytest.Librarian), id)
			if err == nil {
				_, err = l.Book.History(counted, l.DB, found)
			}
			if err != nil {
				t.Fatal(err)
			}
			return counter.N()
		}
		before := count()
		for i := range 20 {
			if err := l.Write(ctx, entitytest.Librarian, l.Book, entity.Patch, id, map[string]any{"title": fmt.Sprint("Title ", i)}); err != nil {
				t.Fatal(err)
			}
		}
		if after := count(); after != before {
			t.Errorf("%d statements for a short history, %d for a long one", before, after)
		}
	})
}

func TestByKey(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := l.Add(t, l.Author, entity.Values{"name": "Achebe"})
		l.Add(t, l.Author, entity.Values{"name": "Achebe"}, entitytest.Southerner)
		north := almoner.WithActor(t.Context(), entitytest.Librarian)
		if got, err := l.Author.ByKey(north, l.DB, entity.Values{"name": "Achebe"}); err != nil || got != id {
			t.Errorf("found %d, %v", got, err)
		}
		if _, err := l.Author.ByKey(north, l.DB, entity.Values{"name": "Bâ"}); almoner.KindOf(err) != almoner.NotFound {
			t.Errorf("of nobody: %v", err)
		}
		l.Book.Key = []string{"title", "author"}
		for range 2 {
			l.Add(t, l.Book, entity.Values{"title": "Twice"})
		}
		if _, err := l.Book.ByKey(north, l.DB, entity.Values{"title": "Twice"}); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("of two: %v", err)
		}
		written := l.Add(t, l.Book, entity.Values{"title": "Twice", "author": id})
		if got, err := l.Book.ByKey(north, l.DB, entity.Values{"title": "Twice", "author": id}); err != nil || got != written {
			t.Errorf("null and a value differ: %d, %v", got, err)
		}
	})
}

// TestTrustedViewer is the program itself: it sees every field and writes even what is read-only outside.
func TestTrustedViewer(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		trusted := entity.Viewer{Trusted: true, Actor: entitytest.Librarian}
		c, err := l.Book.Decode(trusted, entity.Create, tree(t, `{"title":"Loaded","status":"out","lent_on":"2026-01-02"}`), true)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Save(t.Context(), entitytest.Librarian, c); err != nil {
			t.Fatal(err)
		}
		l.Book.Shapes["state"] = "status lent_on"
		b, err := l.Book.Object(t.Context(), l.DB, trusted, "state", c.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what was loaded", string(b), `{"status":"out","lent_on":"2026-01-02"}`)
		for _, input := range []string{`{"title":"x","id":9}`, `{"title":"x","display":"y"}`, `{"title":"x","donors":[1]}`} {
			if _, err := l.Book.Decode(trusted, entity.Create, tree(t, input), true); almoner.KindOf(err) != almoner.Invalid {
				t.Errorf("%s: nobody writes ids and what is computed, got %v", input, err)
			}
		}
	})
}
