package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/doc"
	"almoner.dev/almoner/core/entity"
)

// The types of a list as a table.
const (
	mediaCSV  = "text/csv"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

var tableMedia = map[string]string{"csv": mediaCSV, "xlsx": mediaXLSX}

var formatParam = Param{
	Name: "format", Schema: &Schema{Type: "string", Enum: []string{"json", "csv", "xlsx"}},
	Doc: "The whole list as a table to take away, with its filters and order: csv or xlsx. Accept does the same.",
}

// table is the format that a list is asked for as a table, by `?format=` or else by Accept; "" for JSON. A format that there is not is an error except on a
// lenient wire.
func (r *Resource) table(q *Request) (string, error) {
	switch format := q.URL.Query().Get("format"); {
	case tableMedia[format] != "":
		return format, nil
	case format == "":
	case format == "json" || r.Wire.Lenient:
		return "", nil
	default:
		return "", almoner.Invalidf("format", "no_such_format", "There are csv, xlsx and json.")
	}
	// The first that is known decides: who wants a table names it first.
	for _, part := range strings.Split(q.Header.Get("Accept"), ",") {
		media, _, err := mime.ParseMediaType(part)
		switch {
		case err != nil:
		case media == mediaCSV:
			return "csv", nil
		case media == mediaXLSX:
			return "xlsx", nil
		case media == "application/json" || media == "*/*" || media == "application/*":
			return "", nil
		}
	}
	return "", nil
}

// cell is one column of a table.
type cell struct {
	title string
	path  []string
	out   entity.Out
}

// cells are the columns of an outline: records that are referred to become a column for each of their values, lists a column of their own.
func (q *Request) cells(e *entity.Entity, outs []entity.Out, path, titles []string, whole bool) []cell {
	var list []cell
	for _, o := range outs {
		at := append(append([]string{}, path...), o.Name)
		if o.Field == nil {
			list = append(list, q.cells(e, o.Nested, at, titles, whole)...)
			continue
		}
		// The id of a record that is referred to says little to people; whoever chose the fields gets it.
		if whole && len(titles) > 0 && o.Name == "id" && len(outs) > 1 {
			continue
		}
		named := append([]string{}, titles...)
		from := e
		for _, name := range o.Path {
			f := from.Field(name)
			if f == nil {
				f = o.Field // an extension field, which its entity does not know by name
			}
			named, from = append(named, q.fieldLabel(from, f)), f.TargetEntity()
		}
		if o.Nested != nil && o.Field.Kind == entity.Ref {
			list = append(list, q.cells(o.Field.TargetEntity(), o.Nested, at, named, whole)...)
			continue
		}
		list = append(list, cell{strings.Join(named, " – "), at, o})
	}
	return list
}

// value is what stands in the column of a row: string, int64, float64, bool, almoner.Decimal or nil.
func (q *Request) value(c cell, row map[string]any) any {
	var value any = row
	for _, name := range c.path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return q.plainValue(c.out, value)
}

func (q *Request) plainValue(o entity.Out, value any) any {
	switch v := value.(type) {
	case string:
		if o.Field != nil && o.Field.Kind == entity.Choice {
			for _, choice := range o.Field.Choices {
				if choice.Value == v {
					return q.ChoiceLabel(o.Field, choice)
				}
			}
		}
		if o.Field != nil && o.Field.Kind == entity.Decimal {
			if d, err := almoner.ParseDecimal(v, o.Field.Scale); err == nil {
				return d
			}
		}
		return v
	case bool:
		return v
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if n, err := v.Float64(); err == nil {
			return n
		}
		return v.String()
	case []any:
		if o.Field.Relation() {
			return q.listed(o, v)
		}
	case nil:
		return nil
	}
	text, _ := json.Marshal(value) // it was read from JSON
	return string(text)
}

// listed writes the records of a list in one cell, each by the first text that it shows.
func (q *Request) listed(o entity.Out, items []any) string {
	texts := make([]string, 0, len(items))
	for _, item := range items {
		object, ok := item.(map[string]any)
		if !ok {
			texts = append(texts, asText(q.plainValue(entity.Out{Field: o.Field}, item)))
			continue
		}
		texts = append(texts, q.naming(o.Nested, object))
	}
	return strings.Join(texts, "; ")
}

func (q *Request) naming(outs []entity.Out, object map[string]any) string {
	for _, o := range outs {
		if text, ok := object[o.Name].(string); ok && text != "" {
			return asText(q.plainValue(o, text))
		}
	}
	for _, o := range outs {
		if inner, ok := object[o.Name].(map[string]any); ok {
			if text := q.naming(o.Nested, inner); text != "" {
				return text
			}
		}
	}
	if id, ok := object["id"].(json.Number); ok {
		return id.String()
	}
	return ""
}

func asText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// take answers with all rows of a list, as this person sees them, as a table.
func (r *Resource) take(q *Request, format string, query entity.Query) error {
	name := strings.ReplaceAll(r.Entity.Short(), "_", "-") + "-" + almoner.DateOf(time.Now()).String() + "." + format
	media := tableMedia[format]
	if format == "csv" {
		media += "; charset=utf-8"
	}
	return q.spooled(media, name, func(ctx context.Context, w io.Writer) error {
		return q.api.DB.View(ctx, func(tx db.Queryer) error {
			v, within, err := r.enter(q, tx, access.View)
			if err != nil {
				return err
			}
			query.Within = within
			// An export is for keeps: it has the extension fields as well.
			v.Extended = query.Keys == nil
			columns := q.cells(r.Entity, query.Keys.Of(r.Entity.Outline(query.Shape, v)), nil, nil, query.Keys == nil)
			titles := make([]string, len(columns))
			for i, c := range columns {
				titles[i] = c.title
			}
			table, err := q.begin(w, format, titles)
			if err != nil {
				return err
			}
			values := make([]any, len(columns))
			err = r.Entity.Each(ctx, tx, v, query, func(row []byte) error {
				read, err := object(row)
				if err != nil {
					return err
				}
				for i, c := range columns {
					values[i] = q.value(c, read)
				}
				return table.row(values)
			})
			if err == nil {
				err = table.finish()
			}
			table.drop()
			if errors.Is(err, doc.ErrTooLong) {
				return tooManyRows()
			}
			return err
		})
	})
}

// tableWriter is a table being written in one of the formats.
type tableWriter struct {
	row    func(cells []any) error
	finish func() error
	drop   func()
}

func (q *Request) begin(w io.Writer, format string, titles []string) (*tableWriter, error) {
	if format == "xlsx" {
		x, err := doc.NewXLSX(w, q.api.Spool, titles, q.language == "ar")
		if err != nil {
			return nil, err
		}
		return &tableWriter{x.Row, x.Finish, func() { _ = x.Close() }}, nil
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	table, err := doc.NewCSV(buffered, titles)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(titles))
	return &tableWriter{
		row: func(cells []any) error {
			for i, c := range cells {
				texts[i] = asText(c)
			}
			return table.Row(texts)
		},
		finish: func() error {
			if err := table.Close(); err != nil {
				return err
			}
			return buffered.Flush()
		},
		drop: func() {},
	}, nil
}
