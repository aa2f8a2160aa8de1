package entity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
	"almoner.dev/almoner/core/event"
)

// stated writes facts as `name(subject) changed fields`.
func stated(list []event.Fact) string {
	var lines []string
	for _, f := range list {
		line := fmt.Sprintf("%s(%d)@%d", strings.TrimPrefix(f.Name, "library."), f.Subject, f.Revision)
		if len(f.Changed) > 0 {
			line += " " + strings.Join(f.Changed, ",")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// factsSince are those after the first n.
func factsSince(t *testing.T, l *entitytest.Library, n int) string {
	t.Helper()
	return stated(l.Facts(t)[n:])
}

func TestCreateAndPatch(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		c := l.Book.NewChange(0, entity.Values{"title": "Dust", "pages": int64(3)})
		if err := l.Save(ctx, entitytest.Librarian, c); err != nil {
			t.Fatal(err)
		}
		same(t, "what was created", l.Object(t, entitytest.Librarian, l.Book, "row", c.ID), `{"id":1,"title":"Dust","status":"in","author":null}`)
		same(t, "its fact", factsSince(t, l, 0), "book_created(1)@1 pages,title")
		f := l.Facts(t)[0]
		if f.ActorID != entitytest.Librarian.UserID || f.WorkspaceID != entitytest.North.ID || f.Entity != "library.book" || f.At.IsZero() {
			t.Errorf("the fact does not tell who, where and when: %+v", f)
		}
		patch := l.Book.NewChange(c.ID, entity.Values{"title": "Dust II", "pages": int64(3)})
		if err := l.Save(ctx, entitytest.Librarian, patch); err != nil {
			t.Fatal(err)
		}
		same(t, "only what differs is told", factsSince(t, l, 1), "book_updated(1)@2 title")
		if got := fmt.Sprint(patch.Changed(), patch.Before("title"), patch.Value("title")); got != "[title]DustDust II" {
			t.Errorf("after the change: %s", got)
		}
		if err := l.Save(ctx, entitytest.Librarian, l.Book.NewChange(c.ID, entity.Values{"title": "Dust II"})); err != nil {
			t.Fatal(err)
		}
		same(t, "no change, no fact", factsSince(t, l, 2), "")
		quiet := l.Book.NewChange(c.ID, nil)
		quiet.Verb, quiet.Data = "dusted", map[string]any{"with": "cloth"}
		if err := l.Save(ctx, entitytest.Librarian, quiet); err != nil {
			t.Fatal(err)
		}
		same(t, "a named change is told even so", factsSince(t, l, 2), "book_dusted(1)@3")
		if got := fmt.Sprint(l.Facts(t)[2].Data); got != "map[with:cloth]" {
			t.Errorf("its data: %s", got)
		}
		for name, err := range map[string]error{
			"a record that is not there":  l.Save(ctx, entitytest.Librarian, l.Book.NewChange(99, entity.Values{"title": "x"})),
			"a record of another place":   l.Save(ctx, entitytest.Southerner, l.Book.NewChange(c.ID, entity.Values{"title": "x"})),
			"deleting what is not there":  l.Save(ctx, entitytest.Librarian, l.Book.NewDelete(99)),
			"deleting from another place": l.Save(ctx, entitytest.Southerner, l.Book.NewDelete(c.ID)),
		} {
			if almoner.KindOf(err) != almoner.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestUnknownFieldOfChangePanics(t *testing.T) {
	t.Parallel()
	l := entitytest.Declare()
	compile(t, l)
	defer func() {
		if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), `library.book has no field "titel"`) {
			t.Errorf("recovered %v", r)
		}
	}()
	l.Book.NewChange(0, entity.Values{"titel": "x"})
}

func TestOptimisticLocking(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		save := func(version int64, title string) error {
			c := l.Book.NewChange(id, entity.Values{"title": title})
			c.IfVersion = version
			return l.Save(t.Context(), entitytest.Librarian, c)
		}
		if err := save(1, "Dust II"); err != nil {
			t.Fatal(err)
		}
		var e *almoner.Error
		if err := save(1, "Mud"); !errors.As(err, &e) || e.Kind != almoner.Conflict || e.Params["yours"] != "1" || e.Params["current"] != "2" {
			t.Fatalf("a stale write: %v", err)
		}
		same(t, "nothing was written", l.Object(t, entitytest.Librarian, l.Book, "min", id), `{"id":1,"title":"Dust II"}`)

		// Of many who saw the same version one wins.
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { errs[i] = save(2, fmt.Sprint("Dust ", i)) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if almoner.KindOf(err) != almoner.Conflict {
				t.Errorf("a loser got %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d writers won, want 1", won)
		}
	})
}

func TestReferencesMustExist(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		northern := l.Add(t, l.Author, entity.Values{"name": "North"})
		southern := l.Add(t, l.Author, entity.Values{"name": "South"}, entitytest.Southerner)
		barred := l.Add(t, l.Member, entity.Values{"name": "Bar", "email": "barred@library.example"})
		subject := l.Add(t, l.Subject, entity.Values{"name": "S"})
		for _, c := range []struct {
			values entity.Values
			want   string
		}{
			{entity.Values{"author": northern}, "<nil>"},
			{entity.Values{"author": southern}, "author:does_not_exist"},
			{entity.Values{"author": int64(0)}, "author:does_not_exist"},
			{entity.Values{"author": int64(-1)}, "author:does_not_exist"},
			{entity.Values{"borrower": barred}, "borrower:does_not_exist"},
			{entity.Values{"subjects": []int64{subject, 98, 99}}, "subjects:does_not_exist subjects:does_not_exist"},
			{entity.Values{"author": southern, "subjects": []int64{99}}, "author:does_not_exist subjects:does_not_exist"},
		} {
			c.values["title"] = "x"
			same(t, fmt.Sprint(c.values), problems(l.Save(t.Context(), entitytest.Librarian, l.Book.NewChange(0, c.values))), c.want)
		}
		book := l.Add(t, l.Book, entity.Values{"title": "Gone"})
		if err := l.Save(t.Context(), entitytest.Librarian, l.Book.NewDelete(book)); err != nil {
			t.Fatal(err)
		}
		same(t, "a deleted record", problems(l.Save(t.Context(), entitytest.Librarian, l.Copy.NewChange(0, entity.Values{"book": book, "shelf": "A"}))), "book:does_not_exist")

		// A reference that has become unfit is not held against a change of something else.
		lent := l.Add(t, l.Member, entity.Values{"name": "Was fine", "email": "fine@library.example"})
		id := l.Add(t, l.Book, entity.Values{"title": "Lent", "borrower": lent})
		if err := l.Save(t.Context(), entitytest.Librarian, l.Member.NewChange(lent, entity.Values{"email": "barred@library.example"})); err != nil {
			t.Fatal(err)
		}
		if err := l.Save(t.Context(), entitytest.Librarian, l.Book.NewChange(id, entity.Values{"title": "Still lent", "borrower": lent})); err != nil {
			t.Errorf("an unchanged reference: %v", err)
		}
	})
}

func TestUniqueValues(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		l.Add(t, l.Author, entity.Values{"name": "Achebe"})
		err := l.Save(t.Context(), entitytest.Librarian, l.Author.NewChange(0, entity.Values{"name": "Achebe"}))
		same(t, "a name twice", problems(err), "name:unique")
		if !strings.Contains(err.Error(), "Author with this name already exists.") {
			t.Errorf("the message: %v", err)
		}
		l.Add(t, l.Author, entity.Values{"name": "Achebe"}, entitytest.Southerner)
		id := l.Add(t, l.Book, entity.Values{"title": "x"})
		same(t, "in an item", problems(l.Write(t.Context(), entitytest.Librarian, l.Book, entity.Patch, id, tree(t, `{"copies":[{"shelf":"A"},{"shelf":"B"},{"shelf":"A"}]}`).(map[string]any))), "copies.2.shelf:unique")
	})
}

func TestNestedWrites(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		l.Add(t, l.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})
		write := func(mode entity.Mode, id int64, input string) error {
			return l.Write(ctx, entitytest.Librarian, l.Book, mode, id, tree(t, input).(map[string]any))
		}
		shelves := func(id int64) string {
			l.Book.Shapes["shelves"] = "copies{id shelf bought readers}"
			return l.Object(t, entitytest.Librarian, l.Book, "shelves", id)
		}
		if err := write(entity.Create, 0, `{"title":"Dust","copies":[{"shelf":"B","bought":"2020-01-01","readers":[1]},{"shelf":"A"}]}`); err != nil {
			t.Fatal(err)
		}
		same(t, "created together", shelves(1), `{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"B","bought":"2020-01-01","readers":[1]}]}`)
		same(t, "facts of all", factsSince(t, l, 1), "copy_created(1)@1 book,bought,readers,shelf; copy_created(2)@1 book,shelf; book_created(1)@1 copies,title")
		if f := l.Facts(t)[1]; f.ParentEntity != "library.book" || f.Parent != 1 {
			t.Errorf("the fact of a copy does not name the book: %+v", f)
		}
		n := len(l.Facts(t))
		for _, step := range []struct{ what, mode, input, want, facts string }{
			{
				"PATCH {id, fields} updates that item", "patch", `{"copies":[{"id":1,"shelf":"C"}]}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "copy_updated(1)@2 shelf; book_updated(1)@2 copies",
			},
			{
				"PATCH {fields} creates", "patch", `{"copies":[{"shelf":"D"}]}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]},{"id":3,"shelf":"D","bought":null,"readers":[]}]}`,
				"copy_created(3)@1 book,shelf; book_updated(1)@3 copies",
			},
			{
				"PATCH {id, _delete} deletes", "patch", `{"copies":[{"id":3,"_delete":true}]}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "copy_deleted(3)@2; book_updated(1)@4 copies",
			},
			{
				"PATCH without the list leaves it", "patch", `{"title":"Mud"}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "book_updated(1)@5 title",
			},
			{
				"PATCH [] leaves it", "patch", `{"copies":[]}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "",
			},
			{
				"PATCH of an item with what it has is no change", "patch", `{"copies":[{"id":2,"shelf":"A","readers":[]}]}`,
				`{"copies":[{"id":2,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "",
			},
			{
				"what goes makes room for what comes", "patch", `{"copies":[{"shelf":"A","readers":[1]},{"id":2,"_delete":true}]}`,
				`{"copies":[{"id":4,"shelf":"A","bought":null,"readers":[1]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "copy_deleted(2)@2; copy_created(4)@1 book,readers,shelf; book_updated(1)@6 copies",
			},
			{
				"PUT without the list leaves it", "put", `{"title":"Sand"}`,
				`{"copies":[{"id":4,"shelf":"A","bought":null,"readers":[1]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "book_updated(1)@7 title",
			},
			{
				"PUT deletes what is not mentioned", "put", `{"title":"Sand","copies":[{"shelf":"A"},{"id":1}]}`,
				`{"copies":[{"id":5,"shelf":"A","bought":null,"readers":[]},{"id":1,"shelf":"C","bought":"2020-01-01","readers":[1]}]}`, "copy_deleted(4)@2; copy_created(5)@1 book,shelf; book_updated(1)@8 copies",
			},
			{"PUT [] deletes all", "put", `{"copies":[]}`, `{"copies":[]}`, "copy_deleted(1)@3; copy_deleted(5)@2; book_updated(1)@9 copies"},
		} {
			mode := map[string]entity.Mode{"patch": entity.Patch, "put": entity.Replace}[step.mode]
			if err := write(mode, 1, step.input); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			same(t, step.what, shelves(1), step.want)
			same(t, step.what+", facts", factsSince(t, l, n), step.facts)
			n = len(l.Facts(t))
		}

		// Whatever is wrong with an item, nothing is written.
		if err := write(entity.Create, 0, `{"title":"Other","copies":[{"shelf":"X"}]}`); err != nil {
			t.Fatal(err)
		}
		n = len(l.Facts(t))
		for input, want := range map[string]string{
			`{"copies":[{"shelf":"N"},{"id":6,"shelf":"Y"}]}`:               "copies.1.id:does_not_exist",
			`{"copies":[{"id":99,"_delete":true}]}`:                         "copies.0.id:does_not_exist",
			`{"copies":[{"shelf":"N"},{"shelf":"M","donor":77}]}`:           "copies.1.donor:does_not_exist",
			`{"copies":[{"shelf":"N","price":1},{"shelf":"M","price":-1}]}`: "copies.1.price:library.negative_price",
			`{"author":99,"copies":[{"shelf":"M","price":-1,"donor":77}]}`:  "author:does_not_exist copies.0.donor:does_not_exist",
			`{"title":"Written?","copies":[{"shelf":"M"},{"shelf":"M"}]}`:   "copies.1.shelf:unique",
			`{"title":"Written?","copies":[{"shelf":"N"},{"readers":[1]}]}`: "copies.1.shelf:required",
			`{"title":"Written?","copies":[{"id":1,"shelf":"deleted"}]}`:    "copies.0.id:does_not_exist",
		} {
			same(t, input, problems(write(entity.Patch, 1, input)), want)
		}
		same(t, "nothing was told", factsSince(t, l, n), "")
		same(t, "nor written", l.Object(t, entitytest.Librarian, l.Book, "min", 1)+shelves(1), `{"id":1,"title":"Sand"}{"copies":[]}`)
	})
}

func TestErrorsStayAlignedWithItems(t *testing.T) {
	t.Parallel()
	l := entitytest.New(t, dbtest.New(t, db.SQLite, nil))
	_, err := l.Book.Decode(l.Viewer(entitytest.Librarian), entity.Patch, tree(t, `{"copies":[{"shelf":"A"},{},{"shelf":"B"}]}`), false)
	var e *almoner.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range e.Fields {
		paths = append(paths, f.Path)
	}
	same(t, "every item has its place", strings.Join(paths, " "), "copies.0 copies.1 copies.1.shelf copies.2")
}

func TestHooks(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		l.Checked = func(_ context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
			switch {
			case c.Delete:
				return almoner.Errorf(almoner.Conflict, "library.kept", "Books are kept.")
			case c.Text("title") == "Forbidden":
				p.Add("title", "library.forbidden_title", "No.")
			case c.Changes("title"):
				c.Set("lent_on", almoner.DateOf(tx.Now))
			}
			return nil
		}
		var written []string
		l.Written = func(_ context.Context, _ *db.Tx, c *entity.Change) error {
			written = append(written, fmt.Sprint(c.ID, c.New(), c.Changed()))
			if c.Text("title") == "Broken" {
				return errors.New("the hook failed")
			}
			return nil
		}
		same(t, "a check collects", problems(l.Save(ctx, entitytest.Librarian, l.Book.NewChange(0, entity.Values{"title": "Forbidden", "pages": int64(9)}))), "title:library.forbidden_title")
		same(t, "a check is not asked about references that lead nowhere", problems(l.Save(ctx, entitytest.Librarian, l.Book.NewChange(0, entity.Values{"title": "Forbidden", "author": int64(9)}))), "author:does_not_exist")
		id := l.Add(t, l.Book, entity.Values{"title": "Fine"})
		if err := l.Save(ctx, entitytest.Librarian, l.Book.NewChange(id, entity.Values{"title": "Broken"})); err == nil || !strings.Contains(err.Error(), "the hook failed") {
			t.Errorf("a failing hook: %v", err)
		}
		same(t, "the failing hook undid all", l.Object(t, entitytest.Librarian, l.Book, "min", id), `{"id":1,"title":"Fine"}`)
		same(t, "After sees the record written", strings.Join(written, "; "), "1 true [lent_on title]; 1 false [title]")
		if err := l.Save(ctx, entitytest.Librarian, l.Book.NewDelete(id)); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("a refused deletion: %v", err)
		}
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		author := l.Add(t, l.Author, entity.Values{"name": "Achebe"})
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "author": author})
		if err := l.Save(ctx, entitytest.Librarian, l.Author.NewDelete(author)); almoner.KindOf(err) != almoner.Conflict || !strings.Contains(err.Error(), "This author is still in use") {
			t.Errorf("deleting what others refer to: %v", err)
		}
		if err := l.Save(ctx, entitytest.Librarian, l.Book.NewDelete(id)); err != nil {
			t.Fatal(err)
		}
		same(t, "deleted softly", l.Object(t, entitytest.Librarian, l.Book, "min", id), "not found")
		same(t, "its fact", factsSince(t, l, 2), "book_deleted(1)@2")
		var n int64
		if err := l.DB.QueryRow(ctx, "select count(*) from library_books where deleted_at is not null and version = 2").Scan(&n); err != nil || n != 1 {
			t.Errorf("the row is kept: %d, %v", n, err)
		}
		unused := l.Add(t, l.Author, entity.Values{"name": "Unused"})
		if err := l.Save(ctx, entitytest.Librarian, l.Author.NewDelete(unused)); err != nil {
			t.Fatal(err)
		}
		same(t, "deleted for good", l.Object(t, entitytest.Librarian, l.Author, "min", unused), "not found")
		stale := l.Book.NewDelete(l.Add(t, l.Book, entity.Values{"title": "New"}))
		stale.IfVersion = 7
		if err := l.Save(ctx, entitytest.Librarian, stale); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("deleting another version than seen: %v", err)
		}
	})
}

func TestVersionsAreKept(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		s1, s2 := l.Add(t, l.Subject, entity.Values{"name": "A"}), l.Add(t, l.Subject, entity.Values{"name": "B"})
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "subjects": []int64{s1, s2}, "published": almoner.NewDate(2001, 2, 3), "extra": json.RawMessage(`{"a": 1}`)})
		for _, values := range []entity.Values{{"title": "Mud"}, {"subjects": []int64{s2}}, {"extra": json.RawMessage(`{"a":1}`)}} {
			if err := l.Save(ctx, entitytest.Librarian, l.Book.NewChange(id, values)); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := l.DB.Query(ctx, "select version, title, published, lists, changed_by, changed_at from library_book_versions where record_id = $1 order by id", id)
		list, err := db.Collect(rows, err, func(r db.Row) (string, error) {
			var version, by int64
			var title string
			var day almoner.Date
			var lists json.RawMessage
			var at time.Time
			err := r.Scan(&version, &title, &day, &lists, &by, &at)
			return fmt.Sprintf("%d %s %s %s by %d", version, title, day, strings.ReplaceAll(string(lists), " ", ""), by), err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`1 Dust 2001-02-03 {"subjects":[1,2]} by 1`, `2 Mud 2001-02-03 {"subjects":[1,2]} by 1`, `3 Mud 2001-02-03 {"subjects":[2]} by 1`,
		}
		if !slices.Equal(list, want) {
			t.Errorf("versions:\n got %s\nwant %s", strings.Join(list, "\n     "), strings.Join(want, "\n     "))
		}
	})
}

func TestWorkspacesDoNotMeet(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		l.Add(t, l.Book, entity.Values{"title": "North"})
		l.Add(t, l.Book, entity.Values{"title": "South"}, entitytest.Southerner)
		same(t, "north", titles(t, l, entitytest.Librarian, ""), "North")
		same(t, "south", titles(t, l, entitytest.Southerner, ""), "South")
		same(t, "a global record is seen from both", fmt.Sprint(l.Add(t, l.Language, entity.Values{"code": "sw", "name": "Kiswahili"}), l.Object(t, entitytest.Southerner, l.Language, "min", 1)), `1{"code":"sw","name":"Kiswahili"}`)
	})
}

// TestConcurrentNestedWrites lets writers of nested lists race: each sees what the one before wrote.
func TestConcurrentNestedWrites(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				input := map[string]any{"copies": []any{map[string]any{"shelf": fmt.Sprint("S", i)}}}
				if err := l.Write(t.Context(), entitytest.Librarian, l.Book, entity.Patch, id, input); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		found, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(entitytest.Librarian), id)
		if err != nil || found.Version != 7 {
			t.Errorf("six writes after the first make version 7, got %d, %v", found.Version, err)
		}
	})
}
