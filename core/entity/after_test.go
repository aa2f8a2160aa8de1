package entity_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// addRandomBook adds a book of which most values are shared with others, and some are none.
func addRandomBook(t *testing.T, l *entitytest.Library, r *rand.Rand, authors []int64) int64 {
	t.Helper()
	values := entity.Values{"title": []string{"a", "É", "e", "ß", "zz"}[r.IntN(5)]}
	if n := r.IntN(len(authors) + 1); n > 0 {
		values["author"] = authors[n-1]
	}
	if n := r.IntN(4); n > 0 {
		values["pages"] = int64(n)
	}
	if n := r.IntN(3); n > 0 {
		values["published"] = almoner.NewDate(2000+n, 1, 1)
	}
	return l.Add(t, l.Book, values)
}

// bookOrders are all that lists of books can be asked for, and some of them together.
func bookOrders(l *entitytest.Library) []string {
	list := []string{""}
	for _, name := range l.Book.SortNames(l.Viewer(entitytest.Librarian)) {
		list = append(list, name, "-"+name)
	}
	return append(list, "pages,-author__name", "-pages,length", "author__name,-pages,-length", "-length,author__name")
}

// Walking through a list by cursors gives every row once and in order, whatever its order, though rows are added meanwhile.
func TestWalk(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		r := rand.New(rand.NewPCG(7, 11))
		var authors []int64
		for _, name := range []string{"Bâ", "bâ", "Ngũgĩ"} {
			authors = append(authors, l.Add(t, l.Author, entity.Values{"name": name}))
		}
		for range 30 {
			addRandomBook(t, l, r, authors)
		}
		for _, order := range bookOrders(l) {
			for _, narrow := range []bool{false, true} {
				query := bookQuery(t, l, url.Values{"ordering": {order}})
				all, err := l.Book.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), query)
				if err != nil {
					t.Fatal(err)
				}
				want := bookIDs(t, all)
				var got []int64
				added := map[int64]bool{}
				next := ""
				for pages := 0; ; pages++ {
					query := bookQuery(t, l, url.Values{"ordering": {order}})
					query.Limit = 1 + r.IntN(7)
					if next != "" {
						if err := l.Book.ParseAfter(&query, next); err != nil {
							t.Fatalf("%q: %v", order, err)
						}
					}
					var rows [][]byte
					err := l.DB.View(t.Context(), func(q db.Queryer) (err error) {
						if narrow {
							if err := l.Book.Narrow(t.Context(), q, l.Viewer(entitytest.Librarian), &query); err != nil {
								return err
							}
						}
						rows, next, err = l.Book.Walk(t.Context(), q, l.Viewer(entitytest.Librarian), query)
						return err
					})
					if err != nil {
						t.Fatalf("%q: %v", order, err)
					}
					for _, id := range bookIDs(t, rows) {
						if !added[id] {
							got = append(got, id)
						} else if slices.Contains(got, id) {
							t.Errorf("%q: book %d comes twice", order, id)
						}
					}
					if next == "" {
						break
					}
					if len(rows) != query.Limit {
						t.Errorf("%q: %d rows though there are more, want %d", order, len(rows), query.Limit)
					}
					if pages%3 == 0 {
						added[addRandomBook(t, l, r, authors)] = true
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q: walked through\n%v, want\n%v", order, got, want)
				}
			}
		}
	})
}

// A cursor works after its row was changed or deleted, for selections of records as well, and for no other list or order.
func TestCursor(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		r := rand.New(rand.NewPCG(1, 2))
		author := l.Add(t, l.Author, entity.Values{"name": "Bâ"})
		for range 6 {
			addRandomBook(t, l, r, []int64{author})
		}
		v := l.Viewer(entitytest.Librarian)
		query := bookQuery(t, l, url.Values{"ordering": {"-pages"}})
		query.Limit = 3
		rows, next, err := l.Book.Walk(t.Context(), l.DB, v, query)
		if err != nil || len(rows) != 3 {
			t.Fatal(len(rows), err)
		}
		all := query
		all.Limit = 0
		list, err := l.Book.Page(t.Context(), l.DB, v, all)
		if err != nil {
			t.Fatal(err)
		}
		rest := bookIDs(t, list)[3:]
		if err := l.Save(t.Context(), entitytest.Librarian, l.Book.NewDelete(bookIDs(t, rows)[2])); err != nil {
			t.Fatal(err)
		}
		if err := l.Book.ParseAfter(&query, next); err != nil {
			t.Fatal(err)
		}
		rows, last, err := l.Book.Walk(t.Context(), l.DB, v, query)
		if err != nil || last != "" || !slices.Equal(bookIDs(t, rows), rest) {
			t.Errorf("behind a book that was deleted come %v and %q, %v; want %v", bookIDs(t, rows), last, err, rest)
		}
		if n, err := l.Book.Count(t.Context(), l.DB, v, query); err != nil || n != 5 {
			t.Errorf("there are %d books, %v; want 5 wherever the page begins", n, err)
		}
		other := bookQuery(t, l, url.Values{"ordering": {"pages"}})
		for what, text := range map[string]string{
			"another order": next, "cut short": next[:len(next)-2], "no cursor": "7", "nothing": "", "long": strings.Repeat("A", 20_000),
			"a text for a number": forged(l, `["x",1]`), "no id": forged(l, `[1]`), "half an id": forged(l, `[1,1.5]`), "no value for an id": forged(l, `[1,null]`), "an object": forged(l, `[{},1]`),
			"too large": forged(l, `[1,99999999999999999999]`), "no JSON": forged(l, `[1,`),
		} {
			q := query
			if what == "another order" {
				q = other
			}
			if err := l.Book.ParseAfter(&q, text); almoner.KindOf(err) != almoner.Invalid {
				t.Errorf("%s: %v, want it refused", what, err)
			}
		}
		if err := l.Book.ParseAfter(&query, forged(l, `[null,1]`)); err != nil {
			t.Errorf("a cursor with the right check is refused: %v", err)
		}
	})
}

// forged is a cursor with a check that is right for books by pages, downwards.
func forged(l *entitytest.Library, body string) string {
	sum := crc32.ChecksumIEEE([]byte(l.Book.Name + ", t0.pages desc, t0.id desc" + body))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, sum), body...))
}

func bookQuery(t *testing.T, l *entitytest.Library, params url.Values) entity.Query {
	t.Helper()
	query, others, err := l.Book.ParseQuery(l.Viewer(entitytest.Librarian), params)
	if err != nil || len(others) > 0 {
		t.Fatal(others, err)
	}
	query.Shape = "min"
	return query
}

func bookIDs(t *testing.T, rows [][]byte) []int64 {
	t.Helper()
	var list []int64
	for _, row := range rows {
		var book struct{ ID int64 }
		if err := json.Unmarshal(row, &book); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", row, err))
		}
		list = append(list, book.ID)
	}
	return list
}
