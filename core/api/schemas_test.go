package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// described is what a schema says, as far as tests look.
type described struct {
	Name, Label, Href string
	Fields            []struct {
		Name, Kind, Label, To          string
		Many, Null, Required, Writable bool
		MaxLength                      int `json:"max_length"`
		Choices                        []struct{ Value, Label string }
	}
	Lists []struct {
		Operation, Path string
		Filters         []struct{ Name, Field, Lookup, Kind string }
		Sorts           []string
		Search          bool
	}
	Operations []struct{ Name, Method, Path string }
}

func (d described) operations() []string {
	var names []string
	for _, op := range d.Operations {
		names = append(names, op.Name)
	}
	return names
}

func (d described) fields() (seen, written []string) {
	for _, f := range d.Fields {
		seen = append(seen, f.Name)
		if f.Writable {
			written = append(written, f.Name)
		}
	}
	return seen, written
}

func (s *server) described(as string) map[string]described {
	s.Helper()
	var list []described
	rec := s.send(request{as: as, method: http.MethodGet, path: "/api/schemas/"})
	if err := json.Unmarshal(rec.Body.Bytes(), &list); err != nil || rec.Code != http.StatusOK {
		s.Fatalf("%s: %d %s", as, rec.Code, rec.Body)
	}
	all := map[string]described{}
	for _, d := range list {
		all[d.Name] = d
		one := s.send(request{as: as, method: http.MethodGet, path: "/api/schemas/" + d.Name})
		var alone described
		if err := json.Unmarshal(one.Body.Bytes(), &alone); err != nil || alone.Name != d.Name || len(alone.Fields) != len(d.Fields) {
			s.Errorf("%s alone: %d %s", d.Name, one.Code, one.Body)
		}
	}
	return all
}

// A schema tells each person what is there for them, and nothing else.
func TestSchemas(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		librarian := s.described("librarian")["library.book"]
		seen, written := librarian.fields()
		for _, name := range []string{"id", "title", "status", "copies", "subjects", "notes", "display"} {
			if !slices.Contains(seen, name) {
				s.Errorf("a librarian does not learn of %s: %v", name, seen)
			}
		}
		if slices.Contains(written, "status") || slices.Contains(written, "display") || !slices.Contains(written, "title") || !slices.Contains(written, "copies") {
			s.Errorf("a librarian writes %v", written)
		}
		s.same("operations of a librarian", librarian.operations(), []string{
			"library.book.create", "library.book.delete", "library.book.export", "library.book.get", "library.book.history", "library.book.lend", "library.book.list", "library.book.replace", "library.book.retire",
			"library.book.update", "library.shelf_book.create", "library.shelf_book.delete", "library.shelf_book.get", "library.shelf_book.list", "library.shelf_book.replace", "library.shelf_book.update",
		})
		reader := s.described("reader")["library.book"]
		seen, written = reader.fields()
		// Whoever borrowed a book may write notes on it, and so see them, whatever their role is.
		s.same("fields of a reader", seen, []string{"id", "title", "status", "author", "borrower", "notes", "subjects", "donors", "copies"})
		s.same("what a reader may write in a book that they borrowed", written, []string{"notes"})
		for _, name := range []string{"library.book.create", "library.book.lend", "library.shelf_book.create"} {
			if slices.Contains(reader.operations(), name) {
				s.Errorf("a reader is told of %s", name)
			}
		}
		for _, f := range librarian.Fields {
			switch f.Name {
			case "title":
				if f.Kind != "text" || f.MaxLength != 60 || !f.Required || f.Null || f.Label != "Title" {
					s.Errorf("title: %+v", f)
				}
			case "author":
				if f.Kind != "reference" || f.To != "library.author" || f.Many || !f.Null {
					s.Errorf("author: %+v", f)
				}
			case "copies":
				if f.Kind != "children" || f.To != "library.copy" || !f.Many {
					s.Errorf("copies: %+v", f)
				}
			case "status":
				if len(f.Choices) != 3 || f.Choices[1].Value != "out" || f.Choices[1].Label != "Lent" {
					s.Errorf("status: %+v", f)
				}
			}
		}
		list := librarian.Lists[0]
		if list.Path != "/api/old/books/" || list.Operation != "library.book.list" || !list.Search || !slices.Contains(list.Sorts, "author__name") || !slices.ContainsFunc(list.Filters, func(f struct{ Name, Field, Lookup, Kind string }) bool {
			return f == struct{ Name, Field, Lookup, Kind string }{"copies__bought__gte", "library.copy.bought", "gte", "date"}
		}) {
			s.Errorf("list: %+v", list)
		}
		// Somebody without a role may come to have borrowed a book, yet never sees a list of them.
		s.same("somebody without a role", s.described("passerby")["library.book"].operations(), []string{
			"library.book.delete", "library.book.get", "library.book.history", "library.book.replace", "library.book.update", "library.shelf_book.delete", "library.shelf_book.get", "library.shelf_book.replace", "library.shelf_book.update",
		})
		authors := s.described("passerby")["library.author"]
		s.same("authors, for everybody", authors.operations(), []string{"library.author.get", "library.author.list"})
		if _, written := s.described("admin")["library.author"].fields(); !slices.Contains(written, "name") {
			s.Error("an administrator writes authors")
		}
		s.same("who may only read", s.described("readonly")["library.book"].operations(), []string{"library.book.export", "library.book.get", "library.book.history", "library.book.list", "library.shelf_book.get", "library.shelf_book.list"})
		s.want("passerby", http.MethodGet, "/api/schemas/library.copy/", "", `Not Found {"detail":"Not found."}`)
		s.want("librarian", http.MethodGet, "/api/schemas/nothing/", "", `Not Found {"detail":"Not found."}`)
		s.want("", http.MethodGet, "/api/schemas/", "", `Unauthorized {"detail":"Authentication credentials were not provided."}`)
		s.want("nowhere", http.MethodGet, "/api/schemas/", "", `Forbidden {"detail":"You do not belong to any workspace. Ask an administrator for access."}`)
		_, tag := s.have("librarian", "/api/schemas/", "")
		if status, _ := s.have("librarian", "/api/schemas/", tag); status != http.StatusNotModified {
			s.Errorf("asked again: %d", status)
		}
		if status, _ := s.have("reader", "/api/schemas/", tag); status != http.StatusOK {
			s.Errorf("somebody else: %d", status)
		}
	})
}
