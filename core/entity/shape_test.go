package entity_test

import (
	"fmt"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// furnish puts one book with everything into the library; the ids of the first records are known from it.
func furnish(t *testing.T, l *entitytest.Library) (book int64) {
	t.Helper()
	swahili := l.Add(t, l.Language, entity.Values{"code": "sw", "name": "Kiswahili"})
	author := l.Add(t, l.Author, entity.Values{"name": "Ngũgĩ wa Thiong’o", "born": almoner.NewDate(1938, 1, 5), "language": swahili})
	donor := l.Add(t, l.Author, entity.Values{"name": "Achebe"})
	member := l.Add(t, l.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})
	history := l.Add(t, l.Subject, entity.Values{"name": "History"})
	africa := l.Add(t, l.Subject, entity.Values{"name": "Africa"})
	book = l.Add(t, l.Book, entity.Values{
		"title": "Petals & <Blood>", "author": author, "borrower": member, "pages": int64(344), "weight": 0.25, "fragile": true,
		"published": almoner.NewDate(1977, 7, 1), "due_at": time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC), "website": "https://library.example/1",
		"contact": "desk@library.example", "notes": "first\nsecond \u2028 \"third\"", "subjects": []int64{history, africa},
	})
	l.Add(t, l.Copy, entity.Values{"book": book, "shelf": "B2", "bought": almoner.NewDate(2001, 1, 1), "donor": donor, "readers": []int64{member}})
	l.Add(t, l.Copy, entity.Values{"book": book, "shelf": "A1", "donor": donor})
	return book
}

func TestShapes(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := furnish(t, l)
		same(t, "every kind of value", l.Object(t, entitytest.Librarian, l.Book, "plain", id),
			`{"id":1,"title":"Petals \u0026 \u003cBlood\u003e","status":"in","author":1,"borrower":1,"subjects":[2,1],"donors":[2],"copies":[2,1],`+
				`"pages":344,"weight":0.25,"fragile":true,"published":"1977-07-01","due_at":"2026-03-04T05:06:07.000008Z","lent_on":null,`+
				`"website":"https://library.example/1","contact":"desk@library.example","notes":"first\nsecond \u2028 \"third\"","extra":null,"display":"Book Petals \u0026 \u003cBlood\u003e"}`)
		same(t, "objects, lists, groups, other names, paths", l.Object(t, entitytest.Librarian, l.Book, "detail", id),
			`{"id":1,"title":"Petals \u0026 \u003cBlood\u003e","status":"in","author":{"id":1,"name":"Ngũgĩ wa Thiong’o","language":{"code":"sw","name":"Kiswahili"}},`+
				`"writer":"Ngũgĩ wa Thiong’o","borrower":{"id":1,"name":"Amina"},"subjects":[{"id":2,"name":"Africa"},{"id":1,"name":"History"}],"donors":[{"id":2,"name":"Achebe"}],`+
				`"copies":[{"id":2,"shelf":"A1","bought":null,"donor":{"id":2,"name":"Achebe"},"readers":[]},`+
				`{"id":1,"shelf":"B2","bought":"2001-01-01","donor":{"id":2,"name":"Achebe"},"readers":[{"id":1,"name":"Amina"}]}],`+
				`"shop":{"website":"https://library.example/1","contact":"desk@library.example"},"notes":"first\nsecond \u2028 \"third\""}`)
		same(t, "lists in lists", l.Object(t, entitytest.Librarian, l.Author, "deep", 1),
			`{"id":1,"name":"Ngũgĩ wa Thiong’o","language":{"code":"sw","name":"Kiswahili"},"books":[{"id":1,"title":"Petals \u0026 \u003cBlood\u003e","copies":[{"id":2,"shelf":"A1"},{"id":1,"shelf":"B2"}]}]}`)
		empty := l.Add(t, l.Book, entity.Values{"title": "Empty"})
		same(t, "nothing there", l.Object(t, entitytest.Librarian, l.Book, "detail", empty),
			`{"id":2,"title":"Empty","status":"in","author":null,"writer":null,"borrower":null,"subjects":[],"donors":[],"copies":[],"shop":{"website":"","contact":""},"notes":""}`)
	})
}

// TestListInsideReference reads the list of a record that is not the one asked for, where mixing up the owners would show.
func TestListInsideReference(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		first := l.Add(t, l.Book, entity.Values{"title": "First"})
		second := l.Add(t, l.Book, entity.Values{"title": "Second"})
		for i, book := range []int64{first, second, second, first, second} {
			l.Add(t, l.Copy, entity.Values{"book": book, "shelf": fmt.Sprint("S", i)})
		}
		l.Copy.Shapes["siblings"] = "id book{title copies{shelf}}"
		same(t, "copies of the book of a copy", l.Object(t, entitytest.Librarian, l.Copy, "siblings", 2),
			`{"id":2,"book":{"title":"Second","copies":[{"shelf":"S1"},{"shelf":"S2"},{"shelf":"S4"}]}}`)
		l.Copy.Shapes["several"] = "id book{copies}"
		rows, err := l.Copy.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), entity.Query{Shape: "several"})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "copies of the books of all copies", fmt.Sprintf("%s", rows),
			`[{"id":1,"book":{"copies":[1,4]}} {"id":2,"book":{"copies":[2,3,5]}} {"id":3,"book":{"copies":[2,3,5]}} {"id":4,"book":{"copies":[1,4]}} {"id":5,"book":{"copies":[2,3,5]}}]`)
	})
}

func TestOnlyWhatIsSeen(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := furnish(t, l)
		same(t, "a reader: no members, of copies the shelf", l.Object(t, entitytest.Reader, l.Book, "detail", id),
			`{"id":1,"title":"Petals \u0026 \u003cBlood\u003e","status":"in","author":{"id":1,"name":"Ngũgĩ wa Thiong’o","language":{"code":"sw","name":"Kiswahili"}},"writer":"Ngũgĩ wa Thiong’o",`+
				`"subjects":[{"id":2,"name":"Africa"},{"id":1,"name":"History"}],"donors":[{"id":2,"name":"Achebe"}],"copies":[{"id":2,"shelf":"A1"},{"id":1,"shelf":"B2"}]}`)
		same(t, "ids of relations are seen with the field", l.Object(t, entitytest.Reader, l.Book, "plain", id),
			`{"id":1,"title":"Petals \u0026 \u003cBlood\u003e","status":"in","author":1,"borrower":1,"subjects":[2,1],"donors":[2],"copies":[2,1]}`)
		same(t, "a clerk: a list of copies of which nothing is seen is left out", l.Object(t, entitytest.Clerk, l.Book, "detail", id),
			`{"id":1,"title":"Petals \u0026 \u003cBlood\u003e"}`)
		same(t, "a guest: fragile books are out of scope", l.Object(t, entitytest.Guest, l.Book, "detail", id), "not found")
		same(t, "a passer-by: an id is nothing by itself", l.Object(t, entitytest.Passerby, l.Book, "detail", id), "{}")
		same(t, "the south", l.Object(t, entitytest.Southerner, l.Book, "detail", id), "not found")
		if v := l.Viewer(entitytest.Passerby); v.SeesAny(l.Book) || v.EditsAny(l.Book) || !v.SeesAny(l.Author) {
			t.Error("a passer-by sees or edits something of books, or nothing of authors")
		}
	})
}

// TestStatementsAreConstant is the promise of one statement for the page and one for each to-many relation.
func TestStatementsAreConstant(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		furnish(t, l)
		count := func(want int) int64 {
			ctx, counter := db.CountStatements(t.Context())
			rows, err := l.Book.Page(ctx, l.DB, l.Viewer(entitytest.Librarian), entity.Query{Shape: "detail"})
			if err != nil || len(rows) != want {
				t.Fatalf("%d rows, %v; want %d", len(rows), err, want)
			}
			return counter.N()
		}
		one := count(1)
		for i := range 99 {
			id := l.Add(t, l.Book, entity.Values{"title": fmt.Sprint("B", i), "author": int64(1), "subjects": []int64{1}})
			l.Add(t, l.Copy, entity.Values{"book": id, "shelf": "X", "donor": int64(2), "readers": []int64{1}})
		}
		if hundred := count(100); one != 5 || hundred != one {
			t.Errorf("%d statements for one row, %d for a hundred; want 5 for both (books, subjects, donors, copies, their readers)", one, hundred)
		}
	})
}

func TestOutline(t *testing.T) {
	t.Parallel()
	l := entitytest.New(t, dbtest.New(t, db.SQLite, nil))
	var names func(outs []entity.Out) string
	names = func(outs []entity.Out) string {
		text := ""
		for _, o := range outs {
			text += " " + o.Name
			if o.Nested != nil {
				text += "{" + names(o.Nested) + " }"
			}
		}
		return text
	}
	same(t, "what a librarian sees", names(l.Book.Outline("detail", l.Viewer(entitytest.Librarian))),
		" id title status author{ id name language{ code name } } writer borrower{ id name } subjects{ id name } donors{ id name }"+
			" copies{ id shelf bought donor{ id name } readers{ id name } } shop{ website contact } notes")
	same(t, "what a reader sees", names(l.Book.Outline("detail", l.Viewer(entitytest.Reader))),
		" id title status author{ id name language{ code name } } writer subjects{ id name } donors{ id name } copies{ id shelf }")
	if outs := l.Book.Outline("detail", l.Viewer(entitytest.Passerby)); outs != nil {
		t.Errorf("a passer-by sees %s", names(outs))
	}
	if outs := l.Book.Outline("no such shape", l.Viewer(entitytest.Librarian)); outs != nil {
		t.Errorf("an unknown shape shows %s", names(outs))
	}
}
