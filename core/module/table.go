package module

import (
	"fmt"
	"slices"

	"almoner.dev/almoner/core/entity"
)

// Table is one file of another system's data that a module takes in: `almoner import SET DIR` reads DIR/FILE, a CSV file with one header line, and
// makes each row a record of Entity. The declaration is plain data; app/intake reads, checks and writes.
//
//	module.Table{
//		Set: "openimis", File: "officers.csv", Entity: s.Officer, Past: true,
//		Columns: []module.Column{
//			{Name: "location_id", Field: "district", File: "locations.csv"},
//			{Name: "substitution_officer_id", Field: "substitute", File: "officers.csv", Later: true},
//			{Name: "has_login", Left: "an officer may sign in when there is a user of that name"},
//		},
//	}
type Table struct {
	// Set names the data set, File the file in its folder.
	Set, File string
	// Left says why nothing is made of the file, which is known and has no Entity then; the report of an import tells people so.
	Left   string
	Entity *entity.Entity
	// ID are the columns that tell a row from the others of its file; other files refer to it by them. "id" when empty.
	ID []string
	// Columns says what becomes of columns that are not simply taken into the field of their name.
	Columns []Column
	// Rows are records that the set takes for granted, such as the levels of its tree, made where there is none with their key; such a table has no File.
	Rows []entity.Values
	// Fixed are the values that every record has, unless a column says another.
	Fixed entity.Values
	// Workspace names the field that takes the workspace of the import, in an entity that belongs to none but refers to it.
	Workspace string
	// Match names the fields by which a record that was there before is the one of a row; those of the entity's Key when empty. Null is a value.
	Match []string
	// Past tells that the file holds former rows as well, marked by `validity_to` and `legacy_id`, of an entity that keeps its past
	// (entity.Entity.Validity).
	Past bool
	// Several tells that several rows may have the same key, so that none of them is a record that was there before.
	Several bool
	// Skip tells why a row is no record of this table, "" for one that is; nil takes all rows.
	Skip func(row map[string]string) string
	// Complete adds what only the whole row tells; nil for nothing. An Invalid error refuses the row.
	Complete func(row map[string]string, values entity.Values) error
}

// Column is one column of a Table.
type Column struct {
	Name string
	// Field takes its values; the field of the same name when empty.
	Field string
	// Left says why a column is not taken at all; "" takes it.
	Left string
	// File names the file whose rows the column refers to by their ID. A column of a reference without File holds keys of the records that the field
	// refers to, as people write them (entity.Entity.Key, of one field).
	File string
	// Values translates what stands in the file; what is not named stays as it is.
	Values map[string]string
	// Later tells that the rows referred to are read after these, because they refer to these in turn; the field must be one that can be null.
	Later bool
	// Lasting tells that a former row, where the column refers to one, stands for the record that it is a former state of.
	Lasting bool
}

// check returns what is wrong with the declaration by itself; whether the files that it refers to are taken is seen when an import begins, as the module that
// takes them may not be compiled in.
func (t Table) check() []error {
	if t.Left != "" {
		if t.Set == "" || t.File == "" || t.Entity != nil || t.Rows != nil || t.Columns != nil {
			return []error{fmt.Errorf("a file that is left has its set, its name and a reason alone: %q %q", t.Set, t.File)}
		}
		return nil
	}
	if t.Set == "" || (t.File == "") == (t.Rows == nil) || t.Entity == nil {
		return []error{fmt.Errorf("a table must name its set, its entity, and its file or the rows themselves: %q %q", t.Set, t.File)}
	}
	var errs []error
	if t.Rows != nil && len(t.Entity.Key) != 1 {
		errs = append(errs, fmt.Errorf("the rows of %s cannot be found again without a key of one field", t.Entity.Name))
	}
	for _, name := range append(slices.Clone(t.Match), t.Workspace) {
		if name != "" && !slices.ContainsFunc(t.Entity.Fields, func(f *entity.Field) bool { return f.Name == name }) {
			errs = append(errs, fmt.Errorf("table %s: there is no field %s.%s", t.File, t.Entity.Name, name))
		}
	}
	for i, c := range t.Columns {
		name := c.Field
		if name == "" {
			name = c.Name
		}
		switch {
		case slices.ContainsFunc(t.Columns[:i], func(o Column) bool { return o.Name == c.Name }):
			errs = append(errs, fmt.Errorf("table %s: the column %s is declared twice", t.File, c.Name))
		case c.Left == "" && !slices.ContainsFunc(t.Entity.Fields, func(f *entity.Field) bool { return f.Name == name }):
			errs = append(errs, fmt.Errorf("table %s: the column %s goes to %s.%s, which there is not", t.File, c.Name, t.Entity.Name, name))
		}
	}
	return errs
}
