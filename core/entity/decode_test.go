package entity_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// tree reads JSON as the API does.
func tree(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// problems writes the field errors of err as path:code, in order; placeholders of fine items are left out.
func problems(err error) string {
	var e *almoner.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	var list []string
	for _, f := range e.Fields {
		if f.Message != "" {
			list = append(list, f.Path+":"+f.Code)
		}
	}
	return strings.Join(list, " ")
}

func TestDecodeValues(t *testing.T) {
	t.Parallel()
	l := entitytest.Declare()
	compile(t, l)
	trusted := entity.Viewer{Trusted: true}
	for _, c := range []struct{ field, input, want string }{
		{"title", `"  Dust "`, "Dust"},
		{"title", `12.50`, "12.50"},
		{"title", `""`, "blank"},
		{"title", `"   "`, "blank"},
		{"title", `null`, "null"},
		{"title", `true`, "not_a_string"},
		{"title", `["x"]`, "not_a_string"},
		{"title", `{}`, "not_a_string"},
		{"title", `"a\u0000b"`, "bad_text"},
		{"title", `"Dust\r\nand \n\n ashes\u2028\u0085\u001b[0m\u007f"`, "Dust and ashes [0m"},
		{"title", `"\r\n"`, "blank"},
		{"title", `"a\tb  c\u202ed"`, "a\tb  c\u202ed"},
		{"title", `"` + strings.Repeat(`é\n`, 30) + strings.Repeat(`\n`, 60) + `"`, strings.TrimSpace(strings.Repeat("é ", 30))},
		{"notes", `"one\r\n\ttwo\n\nthree"`, "one\r\n\ttwo\n\nthree"},
		{"title", `"` + strings.Repeat("é", 60) + `"`, strings.Repeat("é", 60)},
		{"title", `"` + strings.Repeat("é", 61) + `"`, "too_long"},
		{"notes", `""`, ""},
		{"notes", `"` + strings.Repeat("x", 100_001) + `"`, "too_long"},
		{"author", `7`, "7"},
		{"author", `"7"`, "7"},
		{"author", `null`, "<nil>"},
		{"author", `1.5`, "wrong_type_pk"},
		{"author", `"x"`, "wrong_type_pk"},
		{"author", `{"id":7}`, "wrong_type_pk"},
		{"author", `true`, "wrong_type_pk"},
		{"author", `[7]`, "wrong_type_pk"},
		{"author", `99999999999999999999`, "does_not_exist"},
		{"pages", `12`, "12"},
		{"pages", `" 12 "`, "12"},
		{"pages", `1.5`, "not_an_integer"},
		{"pages", `"x"`, "not_an_integer"},
		{"pages", `99999999999999999999`, "not_an_integer"},
		{"pages", `[]`, "not_an_integer"},
		{"weight", `0.5`, "0.5"},
		{"weight", `"0.5"`, "0.5"},
		{"weight", `1e400`, "not_a_number"},
		{"weight", `"NaN"`, "not_a_number"},
		{"weight", `"Inf"`, "not_a_number"},
		{"weight", `{}`, "not_a_number"},
		{"fragile", `true`, "true"},
		{"fragile", `"false"`, "false"},
		{"fragile", `1`, "true"},
		{"fragile", `2`, "not_a_boolean"},
		{"fragile", `"maybe"`, "not_a_boolean"},
		{"fragile", `null`, "null"},
		{"published", `"2026-03-31"`, "2026-03-31"},
		{"published", `""`, "<nil>"},
		{"published", `"2026-02-30"`, "bad_date"},
		{"published", `"31/03/2026"`, "bad_date"},
		{"published", `20260331`, "bad_date"},
		{"due_at", `"2026-03-31T10:00:00+02:00"`, "2026-03-31 08:00:00 +0000 UTC"},
		{"due_at", `"2026-03-31"`, "2026-03-31 00:00:00 +0000 UTC"},
		{"due_at", `"soon"`, "bad_datetime"},
		{"due_at", `"0001-01-01T00:00:00+10:00"`, "bad_datetime"},
		{"due_at", `5`, "bad_datetime"},
		{"website", `"https://library.example/a"`, "https://library.example/a"},
		{"website", `"javascript:alert(1)"`, "bad_url"},
		{"website", `"library.example"`, "bad_url"},
		{"website", `""`, ""},
		{"contact", `"desk@library.example"`, "desk@library.example"},
		{"contact", `"Desk <desk@library.example>"`, "bad_email"},
		{"contact", `"desk@local"`, "bad_email"},
		{"contact", `"@"`, "bad_email"},
		{"extra", `{"a":[1,null]}`, `{"a":[1,null]}`},
		{"extra", `"text"`, `"text"`},
		{"extra", `null`, "<nil>"},
		{"extra", `{"a\u0000":1}`, "bad_text"},
		{"extra", `["\u0000"]`, "bad_text"},
		{"extra", `[1e999999]`, "not_a_number"},
		{"subjects", `[3,"1",3]`, "[1 3]"},
		{"subjects", `[]`, "empty_list"},
		{"subjects", `{}`, "not_a_list"},
		{"subjects", `5`, "not_a_list"},
		{"subjects", `null`, "null"},
		{"subjects", `[{}]`, "wrong_type_pk"},
		{"copies", `{}`, "not_a_list"},
		{"copies", `"x"`, "not_a_list"},
		{"copies", `null`, "null"},
	} {
		change, err := l.Book.Decode(trusted, entity.Patch, tree(t, `{"`+c.field+`":`+c.input+`}`), true)
		got := problems(err)
		want := c.field + ":" + c.want
		if err == nil {
			got, want = fmt.Sprint(change.Value(c.field)), c.want
			if raw, ok := change.Value(c.field).(json.RawMessage); ok {
				got = string(raw)
			}
		}
		if got != want {
			t.Errorf("%s = %.60s: got %.80s, want %.80s", c.field, c.input, got, want)
		}
	}
}

func TestDecodeInputs(t *testing.T) {
	t.Parallel()
	l := entitytest.New(t, dbtest.New(t, db.SQLite, nil))
	librarian := l.Viewer(entitytest.Librarian)
	for _, c := range []struct {
		name, input string
		mode        entity.Mode
		strict      bool
		want        string
	}{
		{"no object", `[]`, entity.Create, false, "non_field_errors:not_an_object"},
		{"null", `null`, entity.Create, false, "non_field_errors:not_an_object"},
		{"a number", `5`, entity.Patch, false, "non_field_errors:not_an_object"},
		{"required when created", `{}`, entity.Create, false, "title:required"},
		{"not required in a patch", `{}`, entity.Patch, false, ""},
		{"not required in a put, where wire clients leave out what they may not write", `{}`, entity.Replace, false, ""},
		{"all mistakes at once", `{"title":"","pages":"x","fragile":"?"}`, entity.Create, false, "title:blank pages:not_an_integer fragile:not_a_boolean"},
		{"unknown and read-only names, lenient", `{"title":"Dust","colour":1,"id":9,"status":"out","display":"x","donors":[1]}`, entity.Create, false, ""},
		{
			"unknown and read-only names, strict", `{"title":"Dust","colour":1,"id":9,"status":"out","display":"x","donors":[1]}`, entity.Create, true,
			"colour:unknown_field display:unknown_field donors:unknown_field id:unknown_field status:unknown_field",
		},
		{
			"items that are no objects", `{"copies":[1,{"shelf":"A"},null,[]]}`, entity.Patch, false,
			"copies.0.non_field_errors:not_an_object copies.2.non_field_errors:not_an_object copies.3.non_field_errors:not_an_object",
		},
		{"a new item lacks a field, in a patch too", `{"copies":[{"id":1},{}]}`, entity.Patch, false, "copies.1.shelf:required"},
		{"a repeated id", `{"copies":[{"id":1},{"id":"1"}]}`, entity.Patch, false, "copies.1.id:repeated"},
		{"a bad id", `{"copies":[{"id":"x"}]}`, entity.Patch, false, "copies.0.id:not_an_integer"},
		{"an item without id cannot be deleted", `{"copies":[{"_delete":true}]}`, entity.Patch, false, "copies.0._delete:delete_without_id"},
		{"_delete must be a boolean", `{"copies":[{"id":1,"_delete":"?"}]}`, entity.Patch, false, "copies.0._delete:not_a_boolean"},
		{"what is deleted need not be right", `{"copies":[{"id":1,"_delete":true,"shelf":""}]}`, entity.Patch, false, ""},
		{"_delete false means nothing", `{"copies":[{"shelf":"A","_delete":false}]}`, entity.Patch, true, ""},
		{"unknown names in items, strict", `{"copies":[{"id":1,"shelf":"A","colour":1,"book":2}]}`, entity.Patch, true, "copies.0.book:unknown_field copies.0.colour:unknown_field"},
		{"id null is a new item", `{"copies":[{"id":null,"shelf":"A"}]}`, entity.Patch, true, ""},
	} {
		_, err := l.Book.Decode(librarian, c.mode, tree(t, c.input), c.strict)
		got := problems(err)
		if err == nil {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDecodeTakesOnlyWhatMayBeWritten(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		input := `{"title":"New","notes":"New","copies":[{"shelf":"A","price":1}]}`
		sent := func(a *almoner.Actor) string {
			c, err := l.Book.Decode(l.Viewer(a), entity.Patch, tree(t, input), false)
			if err != nil {
				return err.Error()
			}
			return fmt.Sprint(c.Sent("title"), c.Sent("notes"), len(c.Children("copies")))
		}
		same(t, "a librarian", sent(entitytest.Librarian), "true true 1")
		same(t, "a clerk, whose list of copies has no part to write", sent(entitytest.Clerk), "true false 0")
		same(t, "a reader", sent(entitytest.Reader), "false false 0")
		if v := l.Viewer(entitytest.Clerk); !v.Edits(l.Book.Field("copies")) || v.Writes(l.Book.Field("copies")) {
			t.Error("metadata shows a clerk the list of copies, input does not take it (tpm §12-9)")
		}
		_, err := l.Book.Decode(l.Viewer(entitytest.Reader), entity.Patch, tree(t, `{"title":"x"}`), true)
		same(t, "strict", problems(err), "title:unknown_field")
	})
}

func TestDecodeFields(t *testing.T) {
	t.Parallel()
	fields := []*entity.Field{
		{Name: "comment", Kind: entity.LongText, Required: true}, {Name: "notify", Kind: entity.Bool, Default: true}, {Name: "tasks", Kind: entity.Refs, Blank: true},
	}
	values, err := entity.DecodeFields(fields, tree(t, `{"comment":" yes ","tasks":[2,1],"other":1}`))
	if err != nil || fmt.Sprint(values) != "map[comment:yes notify:true tasks:[1 2]]" {
		t.Errorf("got %v, %v", values, err)
	}
	for input, want := range map[string]string{
		`{}`: "comment:required", `{"comment":"  "}`: "comment:blank", `[]`: "non_field_errors:not_an_object", `{"comment":"x","notify":"?","tasks":[true]}`: "notify:not_a_boolean tasks:wrong_type_pk",
	} {
		_, err := entity.DecodeFields(fields, tree(t, input))
		same(t, input, problems(err), want)
	}
	if _, err := entity.DecodeFields(fields, nil); problems(err) != "comment:required" {
		t.Errorf("a missing body: %v", err)
	}
}

// FuzzDecode looks for an input that is taken and then cannot be stored, or that ends in a panic.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"title":"Dust","copies":[{"shelf":"A"}]}`, `{"title":"\ud800","extra":{"\u0000":[1e9]}}`, `[[[[]]]]`, `{"copies":[{"id":1,"_delete":1}],"subjects":[0,-1]}`,
		`{"due_at":"9999-12-31T23:59:59.9999999-14:00","published":"0001-01-01","weight":-0.0,"pages":-9223372036854775808}`,
	} {
		f.Add(seed)
	}
	l := entitytest.New(f, dbtest.New(f, db.SQLite, entitytest.Migrations()))
	f.Fuzz(func(t *testing.T, text string) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var input any
		if d.Decode(&input) != nil {
			return
		}
		c, err := l.Book.Decode(entity.Viewer{Trusted: true}, entity.Create, input, false)
		if err == nil {
			err = l.Save(t.Context(), entitytest.Librarian, c)
		}
		if err != nil && almoner.KindOf(err) == almoner.Internal {
			t.Errorf("%q: %v", text, err)
		}
	})
}
