package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// read is a row that was understood.
type read struct {
	values entity.Values
	// rows are references to rows of files, by column; blank ones are in values as null.
	rows []reference
	// keys are references to records by their keys.
	keys []reference
}

type reference struct {
	*column
	text string
}

// understand reads the cells of a row. What is wrong is noted; the row is of no use then.
func (t *table) understand(cells []string, note func(column, message string)) read {
	got := read{values: entity.Values{}}
	for name, v := range t.Fixed {
		got.values[name] = v
	}
	for i := range t.columns {
		c := &t.columns[i]
		text := strings.TrimSpace(cells[c.at])
		if translated, ok := c.Values[text]; ok {
			text = translated
		}
		if text == "" {
			blankCell(c, got.values, note)
			continue
		}
		switch {
		case c.file != nil:
			if of, former := c.file.formerly[text]; former && c.Lasting {
				text = of
			}
			got.rows = append(got.rows, reference{c, text})
		case c.byKey:
			got.keys = append(got.keys, reference{c, text})
		default:
			v, bad := decode(c.field, text)
			for _, b := range bad {
				note(c.Name, b.Message)
			}
			if bad == nil {
				got.values[c.field.Name] = v
			}
		}
	}
	return got
}

// blankCell is what the table fixes, or null, or no text, or the default of the field, whichever there is first.
func blankCell(c *column, values entity.Values, note func(column, message string)) {
	f := c.field
	if _, fixed := values[f.Name]; fixed {
		return
	}
	switch {
	case f.Null:
		values[f.Name] = nil
	case f.Blank && (f.Kind == entity.Text || f.Kind == entity.LongText || f.Kind == entity.Email || f.Kind == entity.URL):
		values[f.Name] = ""
	case f.Required:
		note(c.Name, "This field is required.")
	}
}

func decode(f *entity.Field, text string) (any, []almoner.FieldError) {
	if f.Kind != entity.JSON {
		return f.Decode(text)
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil || d.More() {
		return nil, []almoner.FieldError{{Code: "bad_json", Message: "Value must be valid JSON."}}
	}
	return f.Decode(tree)
}

// finish lets the table add what only the whole row tells.
func (t *table) finish(cells []string, values entity.Values, note func(column, message string)) error {
	if t.Complete == nil {
		return nil
	}
	err := t.Complete(t.named(cells), values)
	return t.explain(err, note)
}

// explain notes what a rule said, at the columns it is about; other errors are returned.
func (t *table) explain(err error, note func(column, message string)) error {
	var e *almoner.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Kind {
	case almoner.Invalid, almoner.Conflict, almoner.Forbidden, almoner.NotFound:
	default:
		return err
	}
	said := false
	for _, f := range e.Fields {
		if f.Message == "" {
			continue
		}
		said = true
		column, message := "", f.Message
		name, _, _ := strings.Cut(f.Path, ".")
		for _, c := range t.columns {
			if c.field.Name == name {
				column = c.Name
			}
		}
		if column == "" && name != "non_field_errors" {
			message = f.Path + ": " + message
		}
		note(column, message)
	}
	if !said {
		note("", e.Message)
	}
	return nil
}

// keyBook finds records by their keys as people write them, and remembers them.
type keyBook map[*entity.Entity]map[string]int64

// find returns the id of the record with this key in the workspace of ctx's actor, 0 when there is none.
func (b keyBook) find(ctx context.Context, q db.Queryer, e *entity.Entity, text string) (int64, error) {
	if id, ok := b[e][text]; ok {
		return id, nil
	}
	if len(e.Key) != 1 {
		return 0, fmt.Errorf("records of %s have no key of one field to be found by", e.Name)
	}
	v, bad := decode(e.Field(e.Key[0]), text)
	if bad != nil {
		return 0, nil
	}
	id, err := e.ByKey(ctx, q, entity.Values{e.Key[0]: v})
	if almoner.KindOf(err) == almoner.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if b[e] == nil {
		b[e] = map[string]int64{}
	}
	b[e][text] = id
	return id, nil
}
