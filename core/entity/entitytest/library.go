// Package entitytest brings a small library, of authors, books and their copies, whose declarations use every feature of
// core/entity, for the tests of that package and of those that are built on it.
//
//	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
//		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
//		body := l.Object(t, entitytest.Librarian, l.Book, "detail", id)
//		…
//	})
package entitytest

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
)

//go:embed library.sql
var schema []byte

// Migrations are the tables of the library and of the facts that its changes state.
func Migrations() []db.Migrations {
	return []db.Migrations{event.Migrations, {Module: "library", FS: fstest.MapFS{"0001_library.sql": {Data: schema}}}}
}

// Library is the compiled world of a test, in a database of its own.
type Library struct {
	DB       *db.DB
	Registry *entity.Registry
	// Language is global and unruled, Author, Member and Subject belong to a workspace.
	Language, Author, Member, Subject *entity.Entity
	// Book is ruled, has a state, versions and soft deletion; Copy is its nested child and inherits its rules.
	Book, Copy *entity.Entity
	// Tariff is what a service of the library costs, with exact numbers; its past is shown as rows, the history to librarians only.
	Tariff *entity.Entity
	// Checked and Written are called by the hooks of Book when a test sets them.
	Checked func(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error
	Written func(ctx context.Context, tx *db.Tx, c *entity.Change) error
}

// Two workspaces.
var (
	North = almoner.Workspace{ID: 1, Code: "NOR", Name: "North"}
	South = almoner.Workspace{ID: 2, Code: "SOU", Name: "South"}
)

// People, in the north unless said otherwise.
var (
	// Librarian edits books and copies until they are retired, and sees members.
	Librarian = &almoner.Actor{UserID: 1, Name: "Lib", Workspace: North, Roles: []string{"Librarian"}, Locale: "en"}
	// Reader sees title, state, author, borrower, subjects and copies of books, and of copies the shelf; of members nothing.
	Reader = &almoner.Actor{UserID: 2, Name: "Rea", Workspace: North, Roles: []string{"Reader"}, Locale: "en"}
	// Clerk edits titles and, in name, copies, but no part of them.
	Clerk = &almoner.Actor{UserID: 3, Name: "Cle", Workspace: North, Roles: []string{"Clerk"}, Locale: "en"}
	// Guest sees titles of books that are not fragile.
	Guest = &almoner.Actor{UserID: 4, Name: "Gue", Workspace: North, Roles: []string{"Guest"}, Locale: "en"}
	// Passerby is signed in and has no role.
	Passerby = &almoner.Actor{UserID: 5, Name: "Pas", Workspace: North, Locale: "en"}
	// Southerner is a librarian in the south.
	Southerner = &almoner.Actor{UserID: 6, Name: "Sou", Workspace: South, Roles: []string{"Librarian"}, Locale: "en"}
)

const (
	book   = "library.book"
	copies = "library.copy"
)

// rules are the permission rows of the library.
func rules() []access.Rule {
	librarian := access.Role("Librarian")
	list := []access.Rule{
		{When: []string{librarian}, Kind: access.Edit, Target: book + ".*"},
		{When: []string{librarian, access.Status(book, "retired")}, Kind: access.Edit, Target: book + ".*", Refuse: true},
		{When: []string{librarian}, Kind: access.View, Target: "library.member.*"},
		{When: []string{librarian}, Kind: access.Act, Target: book + ".lend"},
		{When: []string{librarian}, Kind: access.Act, Target: book + ".retire"},
		{When: []string{access.Role("Reader")}, Kind: access.View, Target: copies + ".shelf"},
		{When: []string{access.Role("Clerk")}, Kind: access.Edit, Target: book + ".title"},
		{When: []string{access.Role("Clerk")}, Kind: access.Edit, Target: book + ".copies"},
		{When: []string{access.Role("Guest")}, Kind: access.View, Target: book + ".title"},
		{When: []string{book + ".borrower"}, Kind: access.Edit, Target: book + ".notes"},
	}
	for _, field := range []string{"title", "status", "author", "borrower", "subjects", "copies", "donors"} {
		list = append(list, access.Rule{When: []string{access.Role("Reader")}, Kind: access.View, Target: book + "." + field})
	}
	return list
}

// Each runs fn as a parallel subtest per engine.
func Each(t *testing.T, fn func(t *testing.T, l *Library), options ...dbtest.Option) {
	t.Helper()
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) { fn(t, New(t, d)) }, options...)
}

// New compiles the library over a database that Migrations were applied to.
func New(t testing.TB, d *db.DB) *Library {
	t.Helper()
	return NewOpen(t, d, func(*Library) {})
}

// NewOpen is New after the declarations were changed, to open them for one.
func NewOpen(t testing.TB, d *db.DB, change func(l *Library)) *Library {
	t.Helper()
	l := Declare()
	change(l)
	engine := &access.Engine{}
	var err error
	if l.Registry, err = entity.Compile(d.Engine(), engine, l.Entities()...); err != nil {
		t.Fatalf("entitytest: compile: %v", err)
	}
	policy, err := access.Compile(rules(), l.Registry.Targets())
	if err != nil {
		t.Fatalf("entitytest: rules: %v", err)
	}
	engine.Swap(policy)
	l.DB = d
	return l
}

// Entities are all declarations.
func (l *Library) Entities() []*entity.Entity {
	return []*entity.Entity{l.Language, l.Author, l.Member, l.Subject, l.Book, l.Copy, l.Tariff}
}

// Declare makes the declarations, not yet compiled.
func Declare() *Library {
	l := &Library{}
	l.Language = &entity.Entity{
		Name: "library.language", Label: "Language", Table: "library_languages", Global: true, Key: []string{"code"},
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 5, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Max: 50, Required: true},
		},
		Shapes: map[string]string{"min": "code name"},
	}
	l.Author = &entity.Entity{
		Name: "library.author", Label: "Author", Table: "library_authors", Key: []string{"name"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 100, Required: true, Unique: true, Folded: "name_folded"},
			{Name: "born", Kind: entity.Date, Null: true},
			{Name: "language", Kind: entity.Ref, To: "library.language", Null: true},
			{Name: "books", Kind: entity.Children, To: "library.book", ForeignKey: "author_id"},
		},
		Shapes: map[string]string{
			"min": "id name", "deep": "id name language:min books{id title copies{id shelf}}",
		},
		Filters: []entity.Filter{{Path: "books.copies.shelf"}, {Path: "name", Lookups: "icontains"}},
		Search:  []string{"name"},
		Order:   []string{"name"},
	}
	l.Member = &entity.Entity{
		Name: "library.member", Label: "Member", Table: "library_members", Ruled: true,
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Required: true},
			{Name: "email", Kind: entity.Email, Required: true},
			{Name: "user_id", Kind: entity.Integer, ReadOnly: true, Default: int64(0)},
		},
		Shapes: map[string]string{"min": "id name"},
	}
	l.Subject = &entity.Entity{
		Name: "library.subject", Label: "Subject", Table: "library_subjects",
		Fields: []*entity.Field{{Name: "name", Kind: entity.Text, Required: true}},
		Shapes: map[string]string{"min": "id name"},
		Order:  []string{"name"},
	}
	l.Book = l.declareBook()
	l.Copy = &entity.Entity{
		Name: copies, Label: "Copy", Table: "library_copies", Ruled: true, Inherits: book, ParentField: "book", Extensible: &entity.Extensible{Like: "shelf"},
		Fields: []*entity.Field{
			{Name: "book", Kind: entity.Ref, To: book, ReadOnly: true},
			{Name: "shelf", Kind: entity.Text, Max: 10, Required: true},
			{Name: "bought", Kind: entity.Date, Null: true},
			{Name: "price", Kind: entity.Integer, Null: true},
			{Name: "donor", Kind: entity.Ref, To: "library.author", Null: true},
			{Name: "readers", Kind: entity.Refs, To: "library.member", Through: "library_copy_readers", Owner: "copy_id", Target: "member_id", Blank: true},
		},
		Shapes: map[string]string{"min": "id shelf", "full": "id shelf bought donor:min readers:min extensions"},
		Order:  []string{"shelf"},
		Check: func(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if price, ok := c.Value("price").(int64); ok && price < 0 && !c.Delete {
				p.Add("price", "library.negative_price", "A price is not negative.")
			}
			return nil
		},
	}
	l.Tariff = &entity.Entity{
		Name: "library.tariff", Label: "Tariff", Table: "library_tariffs", Key: []string{"code"}, Versions: "library_tariffs_versions", Validity: true, Batched: true,
		Past: func(a *almoner.Actor) bool { return a.Has("Librarian") },
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 6, Required: true, Unique: true, Folded: "code_folded"},
			{Name: "price", Kind: entity.Decimal, Scale: 2, Required: true},
			{Name: "weight", Kind: entity.Decimal, Scale: 4, Null: true},
			{Name: "author", Kind: entity.Ref, To: "library.author", Null: true},
		},
		Filters: []entity.Filter{{Path: "uuid", Lookups: "exact in"}, {Path: "code"}, {Path: "price", Lookups: "exact in lt lte gt gte"}, {Path: "author.name"}},
		Sorts:   []entity.Sort{{Name: "code", By: []string{"code"}}, {Name: "price", By: []string{"price"}}, {Name: "author", By: []string{"author.name"}}},
		Search:  []string{"code"},
		Order:   []string{"code"},
	}
	return l
}

func (l *Library) declareBook() *entity.Entity {
	return &entity.Entity{
		Name: book, Label: "Book", Plural: "Books", Table: "library_books", SoftDelete: true, Versions: "library_book_versions",
		Ruled: true, Actions: []string{"lend", "retire"}, State: "status", Extensible: &entity.Extensible{Like: "pages"}, Fixed: []string{"borrower"},
		Fields: []*entity.Field{
			{Name: "title", Kind: entity.Text, Max: 60, Required: true, Folded: "title_folded"},
			{Name: "status", Kind: entity.Choice, ReadOnly: true, Default: "in", Choices: []entity.ChoiceValue{{Value: "in", Label: "In"}, {Value: "out", Label: "Lent"}, {Value: "retired", Label: "Retired"}}},
			{Name: "author", Kind: entity.Ref, To: "library.author", Null: true},
			{
				Name: "borrower", Kind: entity.Ref, To: "library.member", Null: true,
				Among: func(_ *entity.Change, arg func(any) string) string {
					return "{t}.email <> " + arg("barred@library.example")
				},
			},
			{Name: "pages", Kind: entity.Integer, Null: true},
			{Name: "weight", Kind: entity.Number, Null: true},
			{Name: "fragile", Kind: entity.Bool, Default: false},
			{Name: "published", Kind: entity.Date, Null: true},
			{Name: "due_at", Kind: entity.Time, Null: true},
			{Name: "lent_on", Kind: entity.Date, Null: true, ReadOnly: true},
			{Name: "website", Kind: entity.URL, Blank: true, Default: ""},
			{Name: "contact", Kind: entity.Email, Blank: true, Default: ""},
			{Name: "notes", Kind: entity.LongText, Blank: true, Default: ""},
			{Name: "extra", Kind: entity.JSON, Null: true},
			{Name: "display", Kind: entity.Text, Expr: "'Book ' || {t}.title"},
			{Name: "subjects", Kind: entity.Refs, To: "library.subject", Through: "library_book_subjects", Owner: "book_id", Target: "subject_id"},
			{Name: "donors", Kind: entity.Refs, To: "library.author", Via: "copies.donor"},
			{Name: "copies", Kind: entity.Children, To: copies, ForeignKey: "book_id", Nested: true},
		},
		Shapes: map[string]string{
			"min":   "id title",
			"row":   "id title status author:min",
			"plain": "id title status author borrower subjects donors copies pages weight fragile published due_at lent_on website contact notes extra display extensions",
			"detail": "id title status author{id name language:min} writer=author.name borrower:min subjects:min donors:min copies:full " +
				"shop{website contact} notes extensions",
		},
		Filters: []entity.Filter{
			{Path: "status", Lookups: "exact in"},
			{Path: "author", Lookups: "exact in isnull"},
			{Path: "pages", Lookups: "exact lt lte gt gte in"},
			{Path: "fragile"},
			{Path: "published", Lookups: "exact in year lt gte"},
			{Path: "due_at", Lookups: "lt gte year"},
			{Path: "weight", Lookups: "gt"},
			{Path: "subjects", Lookups: "exact in"},
			{Path: "copies.bought", Lookups: "exact gte lte"},
			{Path: "copies.shelf", Lookups: "exact in icontains"},
			{Path: "donors"},
			{Path: "author.language", Name: "language"},
			{Path: "copies.readers.email", Name: "reader"},
		},
		Sorts: []entity.Sort{
			{Name: "title", By: []string{"title"}},
			{Name: "author__name", By: []string{"author.name", "title"}},
			{Name: "pages", By: []string{"pages"}},
			{Name: "length", SQL: []string{"length({t}.title)"}},
		},
		Search: []string{"title", "author.name", "copies.shelf"},
		Order:  []string{"title"},
		Scope: func(a *almoner.Actor, arg func(any) string) string {
			if a.Has("Guest") {
				return "{t}.fragile = " + arg(false)
			}
			return ""
		},
		Predicates: []entity.Predicate{{Name: book + ".borrower", SQL: func(a *almoner.Actor, arg func(any) string) string {
			return "exists (select 1 from library_members m where m.id = {t}.borrower_id and m.user_id = " + arg(a.UserID) + ")"
		}}},
		Check: func(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if l.Checked == nil {
				return nil
			}
			return l.Checked(ctx, tx, c, p)
		},
		After: func(ctx context.Context, tx *db.Tx, c *entity.Change) error {
			if l.Written == nil {
				return nil
			}
			return l.Written(ctx, tx, c)
		},
	}
}

// Viewer is the actor as the registry sees them, without predicates of a record.
func (l *Library) Viewer(a *almoner.Actor) entity.Viewer { return l.Registry.Viewer(a) }

// Save carries out a change as an actor in a transaction of its own.
func (l *Library) Save(ctx context.Context, a *almoner.Actor, c *entity.Change) error {
	ctx = almoner.WithActor(ctx, a)
	return l.DB.InTx(ctx, func(tx *db.Tx) error { return c.Entity.Save(ctx, tx, c) })
}

// Add creates a record in the north, or where the actor is, and returns its id. It fails the test when it cannot.
func (l *Library) Add(t testing.TB, e *entity.Entity, values entity.Values, as ...*almoner.Actor) int64 {
	t.Helper()
	a := Librarian
	if len(as) > 0 {
		a = as[0]
	}
	c := e.NewChange(0, values)
	if err := l.Save(context.Background(), a, c); err != nil {
		t.Fatalf("entitytest: add %s: %v", e.Name, err)
	}
	return c.ID
}

// Write changes a record through its input form, as the API does, and returns the error.
func (l *Library) Write(ctx context.Context, a *almoner.Actor, e *entity.Entity, mode entity.Mode, id int64, tree map[string]any) error {
	v := l.Viewer(a)
	if mode == entity.Create {
		v = v.With(access.New(e.Name))
	} else {
		found, err := e.Locate(ctx, l.DB, v, id)
		if err != nil {
			return err
		}
		v = found.Viewer
	}
	c, err := e.Decode(v, mode, tree, false)
	if err != nil {
		return err
	}
	c.ID = id
	return l.Save(ctx, a, c)
}

// Object is the JSON of a record as the actor sees it, "not found" when there is none for them.
func (l *Library) Object(t testing.TB, a *almoner.Actor, e *entity.Entity, shape string, id int64) string {
	t.Helper()
	ctx := context.Background()
	found, err := e.Locate(ctx, l.DB, l.Viewer(a), id)
	if almoner.KindOf(err) == almoner.NotFound {
		return "not found"
	}
	if err != nil {
		t.Fatalf("entitytest: locate %s %d: %v", e.Name, id, err)
	}
	b, err := e.Object(ctx, l.DB, found.Viewer, shape, id)
	if err != nil {
		t.Fatalf("entitytest: read %s %d: %v", e.Name, id, err)
	}
	return string(b)
}

// Facts are the facts stated about all records so far, in order.
func (l *Library) Facts(t testing.TB) []event.Fact {
	t.Helper()
	ctx := context.Background()
	rows, err := l.DB.Query(ctx, "select entity, subject_id from event_log group by entity, subject_id order by min(id)")
	type subject struct {
		entity string
		id     int64
	}
	subjects, err := db.Collect(rows, err, func(r db.Row) (s subject, err error) { return s, r.Scan(&s.entity, &s.id) })
	if err != nil {
		t.Fatalf("entitytest: facts: %v", err)
	}
	var all []event.Fact
	seen := map[int64]bool{}
	for _, s := range subjects {
		list, err := event.Timeline(ctx, l.DB, s.entity, s.id)
		if err != nil {
			t.Fatalf("entitytest: facts: %v", err)
		}
		for _, f := range list {
			if !seen[f.ID] {
				seen[f.ID] = true
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b event.Fact) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
