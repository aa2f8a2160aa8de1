package module

import (
	"testing"

	"almoner.dev/almoner/core/entity"
)

// A file that is left says so with its name and a reason, and nothing else.
func TestFilesThatAreLeft(t *testing.T) {
	t.Parallel()
	if errs := (Table{Set: "old", File: "songs.csv", Left: "nobody sings here"}).check(); len(errs) > 0 {
		t.Error(errs)
	}
	e := &entity.Entity{Name: "hamlet.song"}
	for _, c := range []Table{
		{File: "songs.csv", Left: "x"},
		{Set: "old", Left: "x"},
		{Set: "old", File: "songs.csv", Left: "x", Entity: e},
		{Set: "old", File: "songs.csv", Left: "x", Rows: []entity.Values{{}}},
		{Set: "old", File: "songs.csv", Left: "x", Columns: []Column{{Name: "title"}}},
		{Set: "old", File: "songs.csv"},
	} {
		if len(c.check()) != 1 {
			t.Errorf("%+v was found right", c)
		}
	}
}
