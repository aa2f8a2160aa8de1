package entity_test

import (
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// TestChildrenOfAThirdRecord reads, as a list of a book, the books of the same author that the actor may know of.
func TestChildrenOfAThirdRecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, entitytest.Migrations(), func(t *testing.T, d *db.DB) {
		l := entitytest.Declare()
		l.Book.Fields = append(l.Book.Fields, &entity.Field{
			Name: "shelf_mates", Kind: entity.Children, To: "library.book", ForeignKey: "author_id", Own: "author",
			Only: func(a *almoner.Actor, arg func(any) string) string {
				return "{t}.workspace_id = " + arg(a.Workspace.ID) + " and {t}.pages >= " + arg(int64(100))
			},
		}, &entity.Field{Name: "works", Kind: entity.Children, To: "library.book", ForeignKey: "author_id", Own: "author"})
		l.Book.Shapes["family"] = "id shelf_mates{id title author:min} works"
		l.Book.Filters = append(l.Book.Filters, entity.Filter{Path: "works.title", Name: "beside"})
		engine := &access.Engine{}
		var err error
		if l.Registry, err = entity.Compile(d.Engine(), engine, l.Entities()...); err != nil {
			t.Fatal(err)
		}
		l.DB = d
		bessie := l.Add(t, l.Author, entity.Values{"name": "Head"})
		other := l.Add(t, l.Author, entity.Values{"name": "Emecheta"})
		for _, b := range []entity.Values{
			{"title": "Maru", "author": bessie, "pages": int64(127)},
			{"title": "Serowe", "author": bessie, "pages": int64(50)},
			{"title": "Joys", "author": other, "pages": int64(224)},
			{"title": "Anonymous", "pages": int64(300)},
		} {
			l.Add(t, l.Book, b)
		}
		for id, want := range map[int64]string{
			1: `{"id":1,"shelf_mates":[{"id":1,"title":"Maru","author":{"id":1,"name":"Head"}}],"works":[1,2]}`,
			2: `{"id":2,"shelf_mates":[{"id":1,"title":"Maru","author":{"id":1,"name":"Head"}}],"works":[1,2]}`,
			3: `{"id":3,"shelf_mates":[{"id":3,"title":"Joys","author":{"id":2,"name":"Emecheta"}}],"works":[3]}`,
			4: `{"id":4,"shelf_mates":[],"works":[]}`,
		} {
			v := l.Registry.Viewer(entitytest.Librarian)
			v.AllFields = true
			ctx := almoner.WithActor(t.Context(), entitytest.Librarian)
			body, err := l.Book.Object(ctx, d, v, "family", id)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "book with its author's others", string(body), want)
		}
		query, _, err := l.Book.ParseQuery(entity.Viewer{}, map[string][]string{"beside": {"Serowe"}})
		if err != nil {
			t.Fatal(err)
		}
		v := l.Registry.Viewer(entitytest.Librarian)
		if n, err := l.Book.Count(t.Context(), d, v, query); n != 2 || err != nil {
			t.Errorf("books beside Serowe: %d, %v; want 2", n, err)
		}
	})
}

func TestChildrenOfAThirdRecordAreChecked(t *testing.T) {
	t.Parallel()
	only := func(*almoner.Actor, func(any) string) string { return "" }
	_, err := entity.Compile(db.SQLite, &access.Engine{}, &entity.Entity{
		Name: "zoo.animal", Table: "zoo_animals",
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text},
			{Name: "mother", Kind: entity.Ref, To: "zoo.animal"},
			{Name: "kin", Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id", Own: "name"},
			{Name: "herd", Kind: entity.Refs, To: "zoo.animal", Through: "h", Owner: "a", Target: "b", Only: only},
		},
	})
	expect(t, err, "kin: Own must name a stored reference", "herd: Only is for children")
	_, err = entity.Compile(db.SQLite, &access.Engine{}, &entity.Entity{
		Name: "zoo.animal", Table: "zoo_animals",
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text},
			{Name: "mother", Kind: entity.Ref, To: "zoo.animal"},
			{Name: "siblings", Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id", Own: "mother"},
			{Name: "shown", Kind: entity.Children, To: "zoo.animal", ForeignKey: "mother_id", Only: only},
			{Name: "aunts", Kind: entity.Refs, To: "zoo.animal", Via: "siblings.mother"},
		},
		Filters: []entity.Filter{{Path: "shown.name"}},
	})
	expect(t, err, "aunts: the way leads through siblings", `"shown.name" leads through shown`)
}
