package gql

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// Export is a list that is asked for as a file (openimis-core §2.11): the root field is named like that of the list, with Export behind it, takes what the list
// takes, and answers with the name under which the file is fetched.
type Export struct {
	Source *Source
	// Root is the root field, Record what a record is called in the name of the file.
	Root, Record string
	// Want is what is asked of the list; the page is not looked at.
	Want Want
	// Format is csv or xlsx.
	Format string
	// Selection is what must be read of each record for the Columns.
	Selection *entity.Selection
	Columns   []Column
}

// Column is one column of an Export.
type Column struct {
	// Title heads it.
	Title string
	value func(entity.Record) any
}

// Value is what stands in the column of a record: string, int64, float64, bool, almoner.Decimal, or nil for what there is not or may not be seen.
func (c Column) Value(r entity.Record) any { return c.value(r) }

// The arguments that a list has as an export only.
const fileFormat, exportFields, exportTitles = "fileFormat", "fields", "fieldsColumns"

const (
	// exportCost is what an export counts for among the statements of a document: few fit into one.
	exportCost = 20
	// maxColumns, maxWay and maxJoined bound an export: its columns, how many records a column leads through, and how many other records all columns lead to.
	maxColumns = 100
	maxWay     = 8
	maxJoined  = 30
)

// export adds the root field that makes a file of a list.
func (w *schemaWriter) export(list *root) {
	r := &root{name: list.source.ExportName(), source: list.source, object: list.object, exports: true, args: map[string]*argument{}, arguments: list.arguments}
	for _, a := range list.order {
		w.argument(r, a)
	}
	w.argument(r, &argument{name: fileFormat, doc: "csv, which it is unless asked otherwise, or xlsx.", typ: "String"})
	w.argument(r, &argument{name: exportFields, doc: "The columns: chf_id, family__location__code, json_ext__key for what administrators declared.", typ: "[String]"})
	w.argument(r, &argument{name: exportTitles, doc: "What heads the columns, by field.", typ: "GenericScalar"})
	w.scalar("GenericScalar")
	list.source.export = w.root(r, false)
}

// export plans a file.
func (p *planner) export(a *ask, args map[string]any) {
	for range exportCost {
		p.statement(a.field.Position)
	}
	o, window := a.root.object, a.root.source.Window
	x := &Export{Source: a.root.source, Root: a.root.name, Record: strings.TrimSuffix(o.name, "GQLType"), Format: "csv", Selection: &entity.Selection{Window: window}}
	a.export = x
	if a.want, a.fault = a.root.want(args); a.fault != nil {
		return
	}
	x.Want = a.want
	if text, _ := args[fileFormat].(string); text != "" {
		x.Format = strings.ToLower(text)
	}
	if x.Format != "csv" && x.Format != "xlsx" {
		a.fault = refuse(nil, "There is no format \"%s\": there are csv and xlsx.", clip(x.Format))
		return
	}
	titles, fault := titlesOf(args[exportTitles])
	if fault != nil {
		a.fault = fault
		return
	}
	names := slices.DeleteFunc(texts(args[exportFields]), func(name string) bool { return name == "" })
	if len(names) == 0 {
		names = p.columns(o, window)
	}
	if len(names) > maxColumns {
		a.fault = refuse(nil, "An export has at most %d columns.", maxColumns)
		return
	}
	b := &exportBuilder{}
	for _, name := range names {
		value, trouble := b.way(o, x.Selection, strings.Split(strings.ReplaceAll(name, ".", "__"), "__"))
		if trouble != "" {
			a.fault = refuse(nil, "There is no column \"%s\" to be had: %s. There are: %s.", clip(name), trouble, strings.Join(p.columns(o, window), ", "))
			return
		}
		title := titles[name]
		if title == "" {
			title = name
		}
		x.Columns = append(x.Columns, Column{title, value})
	}
	if b.joined > maxJoined {
		a.fault = refuse(nil, "The columns of the export lead to more than %d other records.", maxJoined)
	}
}

// titlesOf reads what heads the columns: an object, or the JSON text of one.
func titlesOf(v any) (map[string]string, *Fault) {
	bad := refuse(nil, "The value of %s is no object of texts.", exportTitles)
	if text, ok := v.(string); ok && text != "" {
		tree, err := parseJSON(text)
		if err != nil {
			return nil, bad
		}
		v = tree
	}
	titles := map[string]string{}
	object, ok := v.(map[string]any)
	if !ok && v != nil && v != "" {
		return nil, bad
	}
	for name, title := range object {
		text, ok := title.(string)
		if !ok {
			return nil, bad
		}
		titles[name] = text
	}
	return titles, nil
}

// columns are those of an export that does not say: the id, all plain values that may be seen, the name of each record that is referred to, and what
// administrators declared.
func (p *planner) columns(o *object, window *entity.Window) []string {
	names := []string{"id"}
	for _, f := range o.order {
		if f.Field == nil || f.pending || window.Pane(f.Field.Name) == nil || !p.viewer.Sees(f.Field) {
			continue
		}
		name := snakeName(f.name)
		switch nested := window.Pane(f.Field.Name).Nested; {
		case nested == nil:
			names = append(names, name)
		case f.Kind == entity.Ref:
			if way := f.to.display(nested); way != "" {
				names = append(names, name+"__"+way)
			}
		}
	}
	for _, f := range window.Extensions() {
		if p.viewer.Sees(f) {
			names = append(names, furtherData+"__"+f.ExtensionKey())
		}
	}
	return names
}

// furtherData is the name that clients know for what is recorded beside the fields of a record.
const furtherData = "json_ext"

// display is the way to the text that names a record of the type to people, "" when a window does not show it.
func (o *object) display(window *entity.Window) string {
	way := ""
	for _, name := range strings.Split(cmp.Or(o.entity.Display, "name"), ".") {
		at := slices.IndexFunc(o.order, func(f *field) bool { return f.Field != nil && !f.pending && f.Field.Name == name })
		if at < 0 || window == nil || window.Pane(name) == nil {
			return ""
		}
		f := o.order[at]
		way += "__" + snakeName(f.name)
		o, window = f.to, window.Pane(name).Nested
	}
	return strings.TrimPrefix(way, "__")
}

// snake is the field of the type by its name in snake case, nil for none.
func (o *object) snake(name string) *field {
	for _, f := range o.order {
		if f.Field != nil && !f.pending && snakeName(f.name) == name {
			return f
		}
	}
	return nil
}

// exportBuilder gathers what the columns of an export need.
type exportBuilder struct{ joined int }

// way compiles the way to a value, or says why there is none.
func (b *exportBuilder) way(o *object, s *entity.Selection, parts []string) (value func(entity.Record) any, trouble string) {
	name, rest := parts[0], parts[1:]
	switch {
	case len(parts) > maxWay:
		return nil, fmt.Sprintf("it leads through more than %d records", maxWay-1)
	case name == "id" && len(rest) == 0:
		if o.exceptions.Key == "" {
			return func(r entity.Record) any { return r.ID() }, ""
		}
		at := b.pick(s, entity.Pick{Field: o.entity.Field(o.exceptions.Key), Key: true})
		return func(r entity.Record) any { return cell(r.Value(at)) }, ""
	case name == furtherData && len(rest) == 1:
		for _, f := range s.Window.Extensions() {
			if f.ExtensionKey() == rest[0] {
				at := b.pick(s, entity.Pick{Field: f})
				return func(r entity.Record) any { return cell(r.Value(at)) }, ""
			}
		}
	}
	f := o.snake(name)
	if f == nil || s.Window.Pane(f.Field.Name) == nil {
		return nil, fmt.Sprintf("there is no \"%s\"", clip(name))
	}
	switch nested := s.Window.Pane(f.Field.Name).Nested; {
	case nested == nil && len(rest) > 0 && f.Kind != entity.JSON:
		return nil, fmt.Sprintf("nothing lies below \"%s\"", clip(name))
	case nested == nil:
		at := b.pick(s, entity.Pick{Field: f.Field})
		return func(r entity.Record) any { return cell(within(r.Value(at), rest)) }, ""
	case f.Kind == entity.Ref:
		if len(rest) == 0 {
			rest = []string{"id"}
		}
		at := slices.IndexFunc(s.Picks, func(p entity.Pick) bool { return p.Field == f.Field })
		if at < 0 {
			b.joined++
			at = b.pick(s, entity.Pick{Field: f.Field, Of: &entity.Selection{Window: nested}})
		}
		inner, trouble := b.way(f.to, s.Picks[at].Of, rest)
		return func(r entity.Record) any {
			if one, ok := r.One(at); ok {
				return inner(one)
			}
			return nil
		}, trouble
	}
	return nil, fmt.Sprintf("\"%s\" are several records", clip(name))
}

func (b *exportBuilder) pick(s *entity.Selection, p entity.Pick) int {
	s.Picks = append(s.Picks, p)
	return len(s.Picks) - 1
}

// within is what lies below keys of a JSON value; nil for nothing.
func within(v any, keys []string) any {
	raw, ok := v.(json.RawMessage)
	if !ok || len(keys) == 0 {
		return v
	}
	tree, err := parseJSON(string(raw))
	if err != nil {
		return nil
	}
	for _, key := range keys {
		object, _ := tree.(map[string]any)
		tree = object[key]
	}
	return tree
}

// cell is a value as tables hold it.
func cell(v any) any {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, almoner.Decimal:
		return v
	case almoner.Date:
		if v.IsZero() {
			return nil
		}
		return v.String()
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000000Z")
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String()
	case json.RawMessage:
		var tree any
		if err := json.Unmarshal(v, &tree); err != nil || tree == nil {
			return nil
		}
		return strings.TrimSpace(string(v))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return string(raw)
}
