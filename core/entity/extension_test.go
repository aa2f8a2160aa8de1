package entity_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func english(text string) map[string]string { return map[string]string{"en": text} }

// bindings are extension fields of books, one of each kind.
var bindings = []entity.Extension{
	{ID: 1, Key: "binding", Kind: entity.Choice, Labels: map[string]string{"en": "Binding", "fr": "Reliure"}, Choices: []entity.ExtensionChoice{
		{Value: "hard", Labels: english("Hardcover")}, {Value: "soft", Labels: english("Paperback")}, {Value: "loose", Labels: english("Loose leaves"), Retired: true},
	}},
	{ID: 2, Key: "motto", Kind: entity.Text, Labels: english("Motto"), MaxLength: 30},
	{ID: 3, Key: "story", Kind: entity.LongText, Labels: english("Story")},
	{ID: 4, Key: "edition", Kind: entity.Integer, Labels: english("Edition"), Min: "-5", Max: "9007199254740993"},
	{ID: 5, Key: "list_price", Kind: entity.Decimal, Labels: english("List price"), Scale: 2, Indexed: true},
	{ID: 6, Key: "signed", Kind: entity.Bool, Labels: english("Signed")},
	{ID: 7, Key: "found_on", Kind: entity.Date, Labels: english("Found on"), Max: "2030-12-31"},
	{ID: 8, Key: "review", Kind: entity.URL, Labels: english("Review")},
	{ID: 9, Key: "shelfmark", Kind: entity.Text, Labels: english("Shelf mark"), Pattern: "[A-Z]{2}-[0-9]+"},
	{ID: 10, Key: "old_code", Kind: entity.Text, Labels: english("Old code"), Retired: true},
}

// put puts extension fields of books in force.
func put(t testing.TB, l *entitytest.Library, list []entity.Extension, controls ...entity.Control) {
	t.Helper()
	o, err := l.Registry.CompileOverlay(map[string]entity.Custom{"library.book": {Extensions: list, Controls: controls}})
	if err != nil {
		t.Fatalf("put extension fields in force: %v", err)
	}
	l.Registry.Put(o)
}

func extended(values map[string]any) map[string]any { return map[string]any{"extensions": values} }

// object reads the JSON of an input.
func object(t *testing.T, text string) map[string]any {
	t.Helper()
	o, ok := tree(t, text).(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", text)
	}
	return o
}

// refusals are the paths and codes of what is wrong, sorted.
func refusals(err error) string {
	var e *almoner.Error
	if err == nil || !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Path+": "+f.Code)
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func TestExtensionsAreReadAndWritten(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		before := l.Object(t, entitytest.Librarian, l.Book, "plain", id)
		if strings.Contains(before, "extensions") {
			t.Errorf("without declarations there is nothing to show: %s", before)
		}
		put(t, l, bindings)
		write := func(text string) string {
			t.Helper()
			return refusals(l.Write(ctx, entitytest.Librarian, l.Book, entity.Patch, id, object(t, text)))
		}
		read := func() string {
			t.Helper()
			var book struct{ Extensions json.RawMessage }
			if err := json.Unmarshal([]byte(l.Object(t, entitytest.Librarian, l.Book, "plain", id)), &book); err != nil {
				t.Fatal(err)
			}
			return string(book.Extensions)
		}
		same(t, "nothing yet", read(), `{"binding":null,"motto":null,"story":null,"edition":null,"list_price":null,"signed":null,"found_on":null,"review":null,"shelfmark":null,"old_code":null}`)
		same(t, "a write", write(`{"extensions":{"binding":"hard","motto":"  Per\naspera ","edition":"9007199254740993","list_price":12.5,"signed":false,"found_on":"2026-03-31","review":"https://example.org/?a=1&b=<2>"}}`), "<nil>")
		same(t, "what is there", read(), `{"binding":"hard","motto":"Per aspera","story":null,"edition":9007199254740993,"list_price":"12.50","signed":false,"found_on":"2026-03-31","review":"https://example.org/?a=1\u0026b=\u003c2\u003e","shelfmark":null,"old_code":null}`)
		same(t, "the fact", factsSince(t, l, 1), "book_updated(1)@2 extensions.binding,extensions.edition,extensions.found_on,extensions.list_price,extensions.motto,extensions.review,extensions.signed")
		same(t, "a part of it, and the same again", write(`{"extensions":{"binding":"soft","edition":9007199254740993,"list_price":"12.500","motto":null}}`), "<nil>")
		same(t, "the second fact", factsSince(t, l, 2), "book_updated(1)@3 extensions.binding,extensions.motto")
		same(t, "nothing new", write(`{"extensions":{"binding":"soft"}}`), "<nil>")
		same(t, "no third fact", factsSince(t, l, 3), "")
		if got := read(); !strings.Contains(got, `"binding":"soft","motto":null`) || !strings.Contains(got, `"list_price":"12.50"`) {
			t.Errorf("after a partial write there is %s", got)
		}
		for text, want := range map[string]string{
			`{"extensions":{"binding":"paper"}}`:                                 "extensions.binding: invalid_choice",
			`{"extensions":{"binding":"loose"}}`:                                 "extensions.binding: extension.retired_choice",
			`{"extensions":{"binding":["hard"]}}`:                                "extensions.binding: invalid_choice",
			`{"extensions":{"motto":"` + strings.Repeat("é", 31) + `"}}`:         "extensions.motto: too_long",
			`{"extensions":{"motto":{"a":1}}}`:                                   "extensions.motto: not_a_string",
			`{"extensions":{"motto":"a\u0000b"}}`:                                "extensions.motto: bad_text",
			`{"extensions":{"edition":1.5}}`:                                     "extensions.edition: not_an_integer",
			`{"extensions":{"edition":-6}}`:                                      "extensions.edition: extension.too_small",
			`{"extensions":{"edition":9007199254740994}}`:                        "extensions.edition: extension.too_great",
			`{"extensions":{"list_price":"1.234"}}`:                              "extensions.list_price: too_many_decimals",
			`{"extensions":{"list_price":1e400}}`:                                "extensions.list_price: not_a_number",
			`{"extensions":{"list_price":"123456789012345678.00"}}`:              "extensions.list_price: number_too_large",
			`{"extensions":{"list_price":true}}`:                                 "extensions.list_price: not_a_number",
			`{"extensions":{"signed":"maybe"}}`:                                  "extensions.signed: not_a_boolean",
			`{"extensions":{"found_on":"2026-02-30"}}`:                           "extensions.found_on: bad_date",
			`{"extensions":{"found_on":"2031-01-01"}}`:                           "extensions.found_on: extension.too_great",
			`{"extensions":{"review":"javascript:alert(1)"}}`:                    "extensions.review: bad_url",
			`{"extensions":{"shelfmark":"AB-12x"}}`:                              "extensions.shelfmark: extension.no_match",
			`{"extensions":{"shelfmark":"ab-1","edition":"x"},"title":""}`:       "extensions.edition: not_an_integer; extensions.shelfmark: extension.no_match; title: blank",
			`{"extensions":["binding"]}`:                                         "extensions: not_an_object",
			`{"extensions":"binding"}`:                                           "extensions: not_an_object",
			`{"extensions":null}`:                                                "<nil>",
			`{"extensions":{"nothing":1,"__proto__":{},"$.a":2,"old_code":"x"}}`: "<nil>", // left out without a word, as every unknown name is here
		} {
			same(t, text, write(text), want)
		}
		c, err := l.Book.Decode(l.Viewer(entitytest.Librarian), entity.Patch, tree(t, `{"extensions":{"nothing":1,"old_code":"x"}}`), true)
		same(t, "strict input", refusals(err), "extensions.nothing: unknown_field; extensions.old_code: unknown_field")
		_ = c
	})
}

// A value of a retired choice stays while it is not changed, and what is stored under keys that nobody declared stays, too.
func TestExtensionsOutliveTheirDeclarations(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "extensions": json.RawMessage(`{"binding":"loose","old_code":"7a","gone":{"deep":[1,2.50]}}`)})
		put(t, l, bindings)
		if err := l.Write(ctx, entitytest.Librarian, l.Book, entity.Patch, id, object(t, `{"extensions":{"binding":"loose","signed":true}}`)); err != nil {
			t.Fatal(err)
		}
		got := l.Object(t, entitytest.Librarian, l.Book, "plain", id)
		if !strings.Contains(got, `"extensions":{"binding":"loose",`) || !strings.Contains(got, `"signed":true`) || !strings.Contains(got, `"old_code":"7a"}`) {
			t.Errorf("shown as %s", got)
		}
		var raw []byte
		if err := l.DB.QueryRow(ctx, "select extensions from library_books where id = $1", id).Scan(&raw); err != nil {
			t.Fatal(err)
		}
		var document map[string]any
		if err := json.Unmarshal(raw, &document); err != nil || fmt.Sprint(document["gone"]) != "map[deep:[1 2.5]]" {
			t.Errorf("what nobody declared was lost: %s %v", raw, err)
		}
	})
}

func TestExtensionsAreAsked(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		put(t, l, bindings)
		l.Add(t, l.Book, entity.Values{"title": "Dust", "extensions": json.RawMessage(`{"motto":"Hope"}`)})
		page := func(a *almoner.Actor, pick string, whole bool) string {
			t.Helper()
			v := l.Viewer(a)
			v.Extended = whole
			q := entity.Query{Shape: "min"}
			if pick != "" {
				k, err := entity.ParseKeys(pick)
				if err != nil {
					t.Fatal(err)
				}
				var unknown []string
				if q.Keys, unknown = l.Book.Keys(v, "min", k); len(unknown) > 0 {
					return fmt.Sprint("unknown ", unknown)
				}
			}
			rows, err := l.Book.Page(t.Context(), l.DB, v, q)
			if err != nil {
				t.Fatal(err)
			}
			return string(bytes.Join(rows, nil))
		}
		same(t, "a list as it was", page(entitytest.Librarian, "", false), `{"id":1,"title":"Dust"}`)
		same(t, "a list that is asked", page(entitytest.Librarian, "id,extensions[motto,signed]", false), `{"id":1,"extensions":{"motto":"Hope","signed":null}}`)
		same(t, "one that there is not", page(entitytest.Librarian, "id,extensions[moto]", false), "unknown [extensions.moto]")
		if got := page(entitytest.Librarian, "", true); !strings.HasPrefix(got, `{"id":1,"title":"Dust","extensions":{"binding":null,"motto":"Hope"`) {
			t.Errorf("an export shows %s", got)
		}
		// A reader does not see the pages, so no extension field either.
		same(t, "a reader who asks", page(entitytest.Reader, "id,title,extensions[motto]", false), `{"id":1,"title":"Dust"}`)
		same(t, "a reader who takes all", page(entitytest.Reader, "", true), `{"id":1,"title":"Dust"}`)
		_, others, err := l.Book.ParseQuery(l.Viewer(entitytest.Reader), url.Values{"extensions__motto": {"Hope"}})
		if err != nil || fmt.Sprint(others) != "[extensions__motto]" {
			t.Errorf("a reader filters by what is hidden: %v %v", others, err)
		}
		if names := l.Book.SortNames(l.Viewer(entitytest.Reader)); slices.Contains(names, "extensions__motto") {
			t.Errorf("a reader is offered %v", names)
		}
		found, err := l.Book.Locate(t.Context(), l.DB, l.Viewer(entitytest.Reader), 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Book.Decode(found.Viewer, entity.Patch, extended(map[string]any{"motto": "x"}), true); refusals(err) != "extensions: unknown_field" {
			t.Errorf("a reader who writes is told %s", refusals(err))
		}
		// Books that are retired are not written at all, so their extension fields are not.
		if l.Viewer(entitytest.Librarian).With("library.book.status=retired").Writes(l.Book.Field("extensions")) {
			t.Error("the extension fields of a retired book can be written")
		}
	})
}

func TestRequiredExtensions(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "subjects": []int64{}})
		put(t, l, []entity.Extension{{ID: 1, Key: "motto", Kind: entity.Text, Labels: english("Motto"), Required: true}})
		subject := l.Add(t, l.Subject, entity.Values{"name": "History"})
		write := func(mode entity.Mode, text string) string {
			t.Helper()
			return refusals(l.Write(ctx, entitytest.Librarian, l.Book, mode, id, object(t, text)))
		}
		with := fmt.Sprintf(`"title":"New","subjects":[%d]`, subject)
		same(t, "creation without", write(entity.Create, "{"+with+"}"), "extensions.motto: required")
		same(t, "creation with blanks", write(entity.Create, "{"+with+`,"extensions":{"motto":"  "}}`), "extensions.motto: required")
		same(t, "creation", write(entity.Create, "{"+with+`,"extensions":{"motto":"Hope"}}`), "<nil>")
		same(t, "a change of something else", write(entity.Patch, `{"title":"Dust II"}`), "<nil>")
		same(t, "the whole record", write(entity.Replace, "{"+with+"}"), "extensions.motto: required")
		same(t, "given", write(entity.Patch, `{"extensions":{"motto":"x"}}`), "<nil>")
		same(t, "cleared", write(entity.Patch, `{"extensions":{"motto":null}}`), "extensions.motto: required")
		same(t, "the whole record again", write(entity.Replace, "{"+with+"}"), "<nil>")
	})
}

func TestExtensionsInHistory(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		put(t, l, bindings)
		id := l.Add(t, l.Book, entity.Values{"title": "Dust"})
		for _, text := range []string{`{"extensions":{"binding":"hard","list_price":3}}`, `{"extensions":{"binding":"soft"}}`} {
			if err := l.Write(ctx, entitytest.Librarian, l.Book, entity.Patch, id, object(t, text)); err != nil {
				t.Fatal(err)
			}
		}
		history := func(a *almoner.Actor) string {
			t.Helper()
			found, err := l.Book.Locate(ctx, l.DB, l.Viewer(a), id)
			if err != nil {
				t.Fatal(err)
			}
			list, err := l.Book.History(ctx, l.DB, found)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, entry := range list {
				for _, c := range entry.Changes {
					all = append(all, fmt.Sprintf("%s (%s): %v → %v", c.Field, c.Label, c.Before, c.After))
				}
			}
			return strings.Join(all, "; ")
		}
		same(t, "the history", history(entitytest.Librarian),
			"title (Title): <nil> → Dust; extensions.binding (Binding): <nil> → hard; extensions.list_price (List price): <nil> → 3.00; extensions.binding (Binding): hard → soft")
		same(t, "the history of a reader", history(entitytest.Reader), "title (Title): <nil> → Dust")
	})
}

// model is what Go makes of the extension fields of a book.
type model struct {
	id     int64
	values map[string]any
}

// TestExtensionFiltersAgainstAModel asks for random books by every filter and order of every kind, on both engines, and compares with what Go finds.
func TestExtensionFiltersAgainstAModel(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		put(t, l, bindings)
		rnd := rand.New(rand.NewPCG(7, 26))
		mottos := []string{"Élan", "elan vital", "100%", "a_b", "Zorro", "zorro", "", "été", "日本", `q"uo'te\`, "[x]*?"}
		var books []model
		for i := range 60 {
			values := map[string]any{}
			maybe := func(key string, v any) {
				if rnd.IntN(4) > 0 {
					values[key] = v
				}
			}
			maybe("binding", []string{"hard", "soft"}[rnd.IntN(2)])
			maybe("motto", mottos[rnd.IntN(len(mottos))])
			maybe("edition", json.Number(strconv.FormatInt([]int64{-5, 0, 9, 10, 100, 9007199254740992, 9007199254740993}[rnd.IntN(7)], 10)))
			maybe("list_price", json.Number([]string{"-0.01", "0", "9.9", "10.00", "9.90", "1234567890123456.78", "1234567890123456.79"}[rnd.IntN(7)]))
			maybe("signed", rnd.IntN(2) == 0)
			maybe("found_on", []string{"1999-12-31", "2026-01-01", "2026-11-22"}[rnd.IntN(3)])
			c, err := l.Book.Decode(entity.Viewer{Trusted: true}.Under(l.Registry.Overlay()), entity.Create, map[string]any{"title": fmt.Sprintf("Book %02d", i), "subjects": []any{json.Number("1")}, "extensions": values}, true)
			if i == 0 {
				l.Add(t, l.Subject, entity.Values{"name": "History"})
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Save(ctx, entitytest.Librarian, c); err != nil {
				t.Fatal(err)
			}
			if values["motto"] == "" {
				delete(values, "motto")
			}
			books = append(books, model{c.ID, values})
		}
		ids := func(query url.Values) ([]int64, error) {
			v := l.Viewer(entitytest.Librarian)
			q, others, err := l.Book.ParseQuery(v, query)
			if err != nil {
				return nil, err
			}
			if len(others) > 0 {
				t.Errorf("%v: unknown %v", query, others)
			}
			q.Shape = "min"
			rows, err := l.Book.Page(ctx, l.DB, v, q)
			if err != nil {
				t.Fatalf("%v: %v", query, err)
			}
			if n, err := l.Book.Count(ctx, l.DB, v, q); err != nil || n != len(rows) {
				t.Errorf("%v: %d rows, counted %d %v", query, len(rows), n, err)
			}
			var list []int64
			for _, row := range rows {
				var b struct{ ID int64 }
				if err := json.Unmarshal(row, &b); err != nil {
					t.Fatal(err)
				}
				list = append(list, b.ID)
			}
			return list, nil
		}
		check := func(param, value string, holds func(v any) bool) {
			t.Helper()
			got, err := ids(url.Values{param: {value}, "ordering": {"title"}})
			if err != nil {
				t.Errorf("%s=%s: %v", param, value, err)
				return
			}
			var want []int64
			for _, b := range books {
				if holds(b.values[strings.Split(param, "__")[1]]) {
					want = append(want, b.id)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s=%s finds %v, should be %v", param, value, got, want)
			}
		}
		compared := func(a, b any) int {
			switch x := a.(type) {
			case json.Number:
				return cmp.Compare(cents(x.String()), cents(b.(json.Number).String()))
			case bool:
				return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) // false before true
			}
			return cmp.Compare(a.(string), b.(string))
		}
		for key, values := range map[string][]any{
			"binding": {"hard", "soft", "loose"}, "motto": {"Élan", "elan vital", "100%", "none", `q"uo'te\`},
			"edition":    {json.Number("-5"), json.Number("10"), json.Number("9007199254740992"), json.Number("9007199254740993")},
			"list_price": {json.Number("-0.01"), json.Number("9.9"), json.Number("10"), json.Number("1234567890123456.78")}, "found_on": {"1999-12-31", "2026-01-01"},
			"signed": {true, false},
		} {
			for _, value := range values {
				text := fmt.Sprint(value)
				check("extensions__"+key, text, func(v any) bool { return v != nil && compared(v, value) == 0 })
				if _, ordered := map[string]bool{"edition": true, "list_price": true, "found_on": true}[key]; !ordered {
					continue
				}
				check("extensions__"+key+"__lt", text, func(v any) bool { return v != nil && compared(v, value) < 0 })
				check("extensions__"+key+"__lte", text, func(v any) bool { return v != nil && compared(v, value) <= 0 })
				check("extensions__"+key+"__gt", text, func(v any) bool { return v != nil && compared(v, value) > 0 })
				check("extensions__"+key+"__gte", text, func(v any) bool { return v != nil && compared(v, value) >= 0 })
			}
			check("extensions__"+key+"__isnull", "true", func(v any) bool { return v == nil })
			check("extensions__"+key+"__isnull", "false", func(v any) bool { return v != nil })
			if key == "signed" {
				continue
			}
			check("extensions__"+key+"__in", fmt.Sprint(values[0])+","+fmt.Sprint(values[1]), func(v any) bool { return v != nil && (compared(v, values[0]) == 0 || compared(v, values[1]) == 0) })
		}
		for _, part := range []string{"ELAN", "ete", "%", "_", "日", "*", `\`, `"`, "zz"} {
			check("extensions__motto__icontains", part, func(v any) bool { return v != nil && strings.Contains(db.Fold(v.(string)), db.Fold(part)) })
		}
		for _, key := range []string{"binding", "motto", "edition", "list_price", "signed", "found_on"} {
			for _, minus := range []string{"", "-"} {
				want := slices.Clone(books)
				slices.SortStableFunc(want, func(a, b model) int {
					x, y := a.values[key], b.values[key]
					switch {
					case x == nil && y == nil:
						return 0
					case x == nil:
						return 1
					case y == nil:
						return -1
					}
					if key == "motto" {
						x, y = db.Fold(x.(string)), db.Fold(y.(string))
					}
					if minus != "" {
						return -compared(x, y)
					}
					return compared(x, y)
				})
				got, err := ids(url.Values{"ordering": {minus + "extensions__" + key + ",title"}})
				if err != nil {
					t.Fatal(err)
				}
				for i := range want {
					if got[i] != want[i].id {
						t.Errorf("by %s%s: %v at place %d, should be %v (%v)", minus, key, got[i], i, want[i].id, want[i].values[key])
						break
					}
				}
			}
		}
		for param, value := range map[string]string{
			"extensions__edition": "x", "extensions__edition__gte": "1.5", "extensions__list_price": "1.234", "extensions__list_price__lt": "1e5", "extensions__found_on": "31.12.2026",
			"extensions__signed": "maybe", "extensions__binding": "paper", "extensions__motto__isnull": "perhaps", "extensions__motto": "a\x00b",
		} {
			if _, err := ids(url.Values{param: {value}}); refusals(err) == "<nil>" || !strings.HasPrefix(refusals(err), param) {
				t.Errorf("%s=%q is not refused: %v", param, value, err)
			}
		}
	})
}

// cents is a number with at most two digits behind the point, in hundredths.
func cents(text string) int64 {
	whole, rest, _ := strings.Cut(text, ".")
	n, _ := strconv.ParseInt(strings.TrimLeft(whole, "-")+(rest + "00")[:2], 10, 64)
	if strings.HasPrefix(text, "-") {
		return -n
	}
	return n
}

// TestExtensionIndexes makes the index of every kind in a transaction and sees the engine use it.
func TestExtensionIndexes(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		put(t, l, bindings)
		ctx := almoner.WithActor(t.Context(), entitytest.Librarian)
		err := l.DB.InTx(ctx, func(tx *db.Tx) error {
			for i := range 300 {
				text := fmt.Sprintf(`{"binding":%q,"motto":"m%d","edition":%d,"list_price":%d.50,"signed":%t,"found_on":"2026-01-%02d","review":"https://example.org/%d"}`,
					[]string{"hard", "soft"}[i%2], i, i, i, i%50 == 0, 1+i%28, i)
				c := l.Book.NewChange(0, entity.Values{"title": fmt.Sprint("Book ", i), "extensions": json.RawMessage(text)})
				if err := l.Book.Save(ctx, tx, c); err != nil {
					return err
				}
			}
			for _, x := range bindings {
				if _, err := tx.Exec(ctx, l.Book.IndexSQL(x)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, "analyze library_books")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for n, query := range map[int]string{
			2: "extensions__motto=m7", 4: "extensions__edition=7", 5: "extensions__list_price__gte=298.5", 7: "extensions__found_on=2026-01-07", 8: "extensions__review=https://example.org/7",
		} {
			plan := explain(ctx, t, l, query)
			if !strings.Contains(plan, fmt.Sprintf("extension_%d_idx", n)) {
				t.Errorf("%s does not use the index of its field:\n%s", query, plan)
			}
		}
		err = l.DB.InTx(ctx, func(tx *db.Tx) error {
			for _, x := range bindings {
				if _, err := tx.Exec(ctx, entity.DropIndexSQL(x.ID)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		schema, err := db.ReadSchema(ctx, l.DB)
		if err != nil || strings.Contains(schema.String(), "extension_") {
			t.Errorf("an index is still there: %v\n%s", err, schema)
		}
	})
}

func explain(ctx context.Context, t *testing.T, l *entitytest.Library, query string) string {
	t.Helper()
	params, _ := url.ParseQuery(query)
	v := l.Viewer(entitytest.Librarian)
	q, _, err := l.Book.ParseQuery(v, params)
	if err != nil {
		t.Fatal(err)
	}
	q.Shape = "min"
	var plan string
	explained := explainer{Queryer: l.DB, explain: func(sql string, args []any) {
		words := "explain "
		if l.DB.Engine() == db.SQLite {
			words = "explain query plan "
		}
		rows, err := l.DB.Query(ctx, words+sql, args...)
		lines, err := db.Collect(rows, err, func(r db.Row) (line string, err error) {
			if l.DB.Engine() == db.Postgres {
				return line, r.Scan(&line)
			}
			var a, b, c int64
			return line, r.Scan(&a, &b, &c, &line)
		})
		if err != nil {
			t.Fatal(err)
		}
		plan += strings.Join(lines, "\n")
	}}
	if _, err := l.Book.Count(ctx, explained, v, q); err != nil {
		t.Fatal(err)
	}
	return plan
}

// explainer shows each statement before it is sent.
type explainer struct {
	db.Queryer
	explain func(sql string, args []any)
}

func (e explainer) QueryRow(ctx context.Context, sql string, args ...any) db.Row {
	e.explain(sql, args)
	return e.Queryer.QueryRow(ctx, sql, args...)
}

func TestFieldControls(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		subject := l.Add(t, l.Subject, entity.Values{"name": "History"})
		id := l.Add(t, l.Book, entity.Values{"title": "Dust", "pages": int64(3), "notes": "old"})
		put(t, l, nil, entity.Control{Field: "notes", Hidden: true}, entity.Control{Field: "pages", Hidden: true}, entity.Control{Field: "website", Required: true},
			entity.Control{Field: "author", Required: true}, entity.Control{Field: "fragile", Labels: map[string]string{"fr": "Précieux"}})
		if got := l.Object(t, entitytest.Librarian, l.Book, "plain", id); strings.Contains(got, "notes") || strings.Contains(got, "pages") || !strings.Contains(got, "website") {
			t.Errorf("shown as %s", got)
		}
		v := l.Viewer(entitytest.Librarian)
		for _, params := range []url.Values{{"pages": {"3"}}, {"pages__gte": {"3"}}} {
			if _, others, err := l.Book.ParseQuery(v, params); err != nil || len(others) != 1 {
				t.Errorf("%v is still understood: %v", params, err)
			}
		}
		if slices.Contains(l.Book.SortNames(v), "pages") {
			t.Error("lists can be ordered by a hidden field")
		}
		write := func(mode entity.Mode, text string) string {
			t.Helper()
			return refusals(l.Write(ctx, entitytest.Librarian, l.Book, mode, id, object(t, text)))
		}
		with := fmt.Sprintf(`"title":"New","subjects":[%d]`, subject)
		author := l.Add(t, l.Author, entity.Values{"name": "Yvonne"})
		same(t, "creation without what is required", write(entity.Create, "{"+with+"}"), "author: required; website: required")
		same(t, "creation with blanks", write(entity.Create, "{"+with+`,"author":null,"website":" "}`), "author: required; website: required")
		same(t, "creation", write(entity.Create, fmt.Sprintf(`{%s,"author":%d,"website":"https://example.org"}`, with, author)), "<nil>")
		same(t, "a change of something else", write(entity.Patch, `{"title":"Dust II"}`), "<nil>")
		same(t, "a blank", write(entity.Patch, `{"website":""}`), "website: required")
		same(t, "the whole record", write(entity.Replace, "{"+with+"}"), "author: required; website: required")
		same(t, "hidden input is left out", write(entity.Patch, `{"notes":"new","pages":7}`), "<nil>")
		if _, err := l.Book.Decode(v, entity.Patch, tree(t, `{"notes":"new"}`), true); refusals(err) != "notes: unknown_field" {
			t.Errorf("strict input is told %s", refusals(err))
		}
		var notes string
		if err := l.DB.QueryRow(ctx, "select notes from library_books where id = $1", id).Scan(&notes); err != nil || notes != "old" {
			t.Errorf("a hidden field was written: %q %v", notes, err)
		}
		// The program itself sees and writes everything.
		trusted := v
		trusted.Trusted = true
		if !trusted.Sees(l.Book.Field("notes")) || !trusted.Writes(l.Book.Field("notes")) || trusted.Requires(l.Book.Field("website")) {
			t.Error("controls bind the program itself")
		}
		put(t, l, nil)
		if got := l.Object(t, entitytest.Librarian, l.Book, "plain", id); !strings.Contains(got, `"pages":3`) {
			t.Errorf("after the controls went: %s", got)
		}
	})
}

func TestDeclarationsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		good := entity.Extension{ID: 1, Key: "motto", Kind: entity.Text, Labels: english("Motto")}
		for name, c := range map[string]struct {
			change func(x *entity.Extension)
			want   string
		}{
			"an upper-case key":   {func(x *entity.Extension) { x.Key = "Motto" }, "key: extension.bad_key"},
			"SQL in a key":        {func(x *entity.Extension) { x.Key = "a'); drop table x; --" }, "key: extension.bad_key"},
			"a double underscore": {func(x *entity.Extension) { x.Key = "a__in" }, "key: extension.bad_key"},
			"a number word":       {func(x *entity.Extension) { x.Key = "a_1" }, "key: extension.bad_key"},
			"a long key":          {func(x *entity.Extension) { x.Key = strings.Repeat("a", 41) }, "key: extension.bad_key"},
			"a reference":         {func(x *entity.Extension) { x.Kind = entity.Ref }, "kind: extension.bad_kind"},
			"no label":            {func(x *entity.Extension) { x.Labels = map[string]string{"fr": "Devise"} }, "labels.en: required"},
			"no choices":          {func(x *entity.Extension) { x.Kind = entity.Choice }, "choices: extension.bad_choices"},
			"a comma in a choice": {
				func(x *entity.Extension) {
					x.Kind = entity.Choice
					x.Choices = []entity.ExtensionChoice{{Value: "a,b", Labels: english("A")}, {Value: "c"}, {Value: "c", Labels: english("C")}}
				},
				"choices.0.value: extension.bad_value; choices.1.labels.en: required; choices.2.value: extension.repeated",
			},
			"choices of a text":   {func(x *entity.Extension) { x.Choices = []entity.ExtensionChoice{{Value: "a", Labels: english("A")}} }, "choices: extension.bad_choices"},
			"a scale of a text":   {func(x *entity.Extension) { x.Scale = 2 }, "scale: extension.bad_scale"},
			"a huge scale":        {func(x *entity.Extension) { x.Kind, x.Scale = entity.Decimal, 7 }, "scale: extension.bad_scale"},
			"limits of a text":    {func(x *entity.Extension) { x.Min = "3" }, "min: extension.bad_limit"},
			"limits turned round": {func(x *entity.Extension) { x.Kind, x.Min, x.Max = entity.Decimal, "10", "9" }, "max: extension.bad_limits"},
			"a limit of words":    {func(x *entity.Extension) { x.Kind, x.Max = entity.Date, "tomorrow" }, "max: extension.bad_limit"},
			"a broken pattern":    {func(x *entity.Extension) { x.Pattern = "(" }, "pattern: extension.bad_pattern"},
			"a sly pattern":       {func(x *entity.Extension) { x.Pattern = "a)(?:b" }, "pattern: extension.bad_pattern"},
			"a length of a date":  {func(x *entity.Extension) { x.Kind, x.MaxLength = entity.Date, 3 }, "max_length: extension.bad_length"},
		} {
			x := good
			c.change(&x)
			same(t, name, refusals(l.Book.CheckExtension(x)), c.want)
			o, err := l.Registry.CompileOverlay(map[string]entity.Custom{"library.book": {Extensions: []entity.Extension{x, good}}, "library.ghost": {}})
			if err == nil || len(o.Extensions(l.Book)) != 1 {
				t.Errorf("%s: the rest is not in force: %v", name, err)
			}
		}
		same(t, "a good one", refusals(l.Book.CheckExtension(good)), "<nil>")
		same(t, "an entity that takes none", refusals(l.Author.CheckExtension(good)), "entity: extension.not_extensible")
		for field, want := range map[string]string{
			"id": "hidden: control.not_hideable", "status": "hidden: control.not_hideable", "title": "hidden: control.not_hideable",
			"borrower": "hidden: control.not_hideable", "ghost": "field: control.no_such_field", "extensions": "field: control.no_such_field", "notes": "<nil>", "copies": "<nil>",
		} {
			same(t, "hiding "+field, refusals(l.Book.CheckControl(entity.Control{Field: field, Hidden: true})), want)
		}
		for field, want := range map[string]string{"lent_on": "required: control.not_requirable", "display": "required: control.not_requirable", "donors": "required: control.not_requirable", "copies": "<nil>", "author": "<nil>"} {
			same(t, "requiring "+field, refusals(l.Book.CheckControl(entity.Control{Field: field, Required: true})), want)
		}
		same(t, "both", refusals(l.Book.CheckControl(entity.Control{Field: "notes", Hidden: true, Required: true})), "required: control.hidden_required")
		same(t, "a label of a choice that there is not", refusals(l.Book.CheckControl(entity.Control{Field: "status", Choices: map[string]map[string]string{"lost": english("Lost")}})), "choices.lost: control.no_such_choice")
	})
}
