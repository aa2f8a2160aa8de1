package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/doc"
	"almoner.dev/almoner/core/entity"
)

// Export is the rows of a list as a CSV file, at `export/` below it (tpm §5.9). Filters, search and ordering of the list apply; Only of the
// resource does not. Whoever is signed in gets the rows in their scope, with all columns; a file without rows has its header.
type Export struct {
	// Shape is the selection that cells are taken from.
	Shape string
	// Order is what `ordering` is when the request does not say.
	Order string
	// Beside names a shape of the record that the resource lies below: each row then has that object, too, under "parent".
	Beside string
	// Name returns the file's name for the day of the export. The parent is the object of Beside, nil without.
	Name func(parent map[string]any, day almoner.Date) string
	// Columns are written in this order.
	Columns []Column
}

// Column is one column of an Export.
type Column struct {
	// Title heads it.
	Title string
	// Path leads to the value in the shape's object: "profile.job_title". Nothing and null are empty cells.
	Path string
	// Flag writes true and false as 1 and 0.
	Flag bool
}

func (r *Resource) export(q *Request) error {
	if err := r.workspace(q); err != nil {
		return err
	}
	params := q.URL.Query()
	if !params.Has("ordering") {
		params.Set("ordering", r.Export.Order)
	}
	query, err := r.parse(q, params)
	if err != nil {
		return err
	}
	query.Shape = r.Export.Shape
	if r.Narrow != nil {
		if query.Only, err = r.Narrow(q); err != nil {
			return err
		}
	}
	var rows [][]byte
	var parent map[string]any
	var further []cell
	err = q.api.DB.View(q.context(), func(tx db.Queryer) error {
		v, within, err := r.enter(q, tx, access.View)
		if err != nil {
			return err
		}
		// The columns of the export are for everybody, the extension fields for those who see them.
		v.Extended = true
		for _, c := range q.cells(r.Entity, r.Entity.Outline(query.Shape, v), nil, nil, false) {
			if c.out.Field.ExtensionKey() != "" && len(c.path) == 2 {
				further = append(further, c)
			}
		}
		v.AllFields = true
		query.Within = within
		if parent, err = r.beside(q, tx, v); err != nil {
			return err
		}
		rows, err = r.Entity.Page(q.context(), tx, v, query)
		return err
	})
	if err != nil {
		return err
	}
	body, err := r.Export.table(q, rows, parent, further)
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Disposition", disposition(r.Export.Name(parent, almoner.DateOf(time.Now()))))
	q.writeBytes(http.StatusOK, "text/csv; charset=utf-8", body)
	return nil
}

// beside reads the object of the parent that stands in each row.
func (r *Resource) beside(q *Request, tx db.Queryer, v entity.Viewer) (map[string]any, error) {
	if r.Export.Beside == "" {
		return nil, nil
	}
	id, err := q.id(r.Within.Param)
	if err != nil {
		return nil, err
	}
	body, err := r.Within.Entity.Object(q.context(), tx, v, r.Export.Beside, id)
	if err != nil {
		return nil, err
	}
	return object(body)
}

func object(body []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("read a row of an export: %w", err)
	}
	return o, nil
}

func (x *Export) table(q *Request, rows [][]byte, parent map[string]any, further []cell) ([]byte, error) {
	titles := make([]string, len(x.Columns), len(x.Columns)+len(further))
	for i, c := range x.Columns {
		titles[i] = c.Title
	}
	for _, c := range further {
		titles = append(titles, c.title)
	}
	var b bytes.Buffer
	table, err := doc.NewCSV(&b, titles)
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(titles))
	for _, row := range rows {
		values, err := object(row)
		if err != nil {
			return nil, err
		}
		if parent != nil {
			values["parent"] = parent
		}
		for i, c := range x.Columns {
			cells[i] = c.text(values)
		}
		for i, c := range further {
			cells[len(x.Columns)+i] = asText(q.value(c, values))
		}
		if err := table.Row(cells); err != nil {
			return nil, err
		}
	}
	err = table.Close()
	return b.Bytes(), err
}

func (c *Column) text(row map[string]any) string {
	var value any = row
	for _, name := range strings.Split(c.Path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if !c.Flag {
			return strconv.FormatBool(v)
		}
		if v {
			return "1"
		}
		return "0"
	}
	return ""
}

func withoutPages(params []Param) []Param {
	return slices.DeleteFunc(params, func(p Param) bool {
		return slices.Contains([]string{"page", "page_size", "count", "after", fieldsParam.Name, formatParam.Name}, p.Name)
	})
}

// disposition makes browsers save the answer under a name. A slash, as in references, would be taken for a folder (tpm §12-26).
func disposition(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": strings.NewReplacer("/", "_", `\`, "_").Replace(name)})
}

// checkExport reports what is wrong with the declaration of the export: unknown shapes and orders, paths that the shape does not have.
func (r *Resource) checkExport(name string) []error {
	x := r.Export
	if x == nil {
		return nil
	}
	if _, ok := r.Entity.Shapes[x.Shape]; !ok {
		return []error{fmt.Errorf("resource %s: the entity has no shape %q for its export", name, x.Shape)}
	}
	var errs []error
	if !slices.Contains(r.Entity.SortNames(entity.Viewer{AllFields: true}), strings.TrimPrefix(x.Order, "-")) {
		errs = append(errs, fmt.Errorf("resource %s: the export cannot be ordered by %q", name, x.Order))
	}
	outs := r.Entity.Outline(x.Shape, entity.Viewer{AllFields: true})
	if x.Beside != "" {
		if r.Within == nil || r.Within.Entity.Shapes[x.Beside] == "" {
			return append(errs, fmt.Errorf("resource %s: there is no parent with a shape %q beside its export", name, x.Beside))
		}
		outs = append(outs, entity.Out{Name: "parent", Nested: r.Within.Entity.Outline(x.Beside, entity.Viewer{AllFields: true})})
	}
	for _, c := range x.Columns {
		at := outs
		for _, part := range strings.Split(c.Path, ".") {
			i := slices.IndexFunc(at, func(o entity.Out) bool { return o.Name == part })
			if i < 0 {
				errs = append(errs, fmt.Errorf("resource %s: the export's column %q leads to %q, which is not in its shape", name, c.Title, c.Path))
				break
			}
			at = at[i].Nested
		}
	}
	return errs
}
