package intake

import (
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// The columns of files that hold former rows.
const (
	validFrom = "validity_from"
	validTo   = "validity_to"
	legacyID  = "legacy_id"
)

// table is a declared table together with the file that is there for it.
type table struct {
	module.Table
	report FileReport
	// needs are the tables whose records are made before those of this one; self tells that rows refer to rows of this file.
	needs []*table
	self  bool

	header  []string
	columns []column
	// id, from, to and former are the places of the columns in the header, -1 when there is none.
	id               []int
	from, to, former int
	// known are the rows that are records now; formerly has those that are former states of one, with the row that it is now.
	known    map[string]struct{}
	formerly map[string]string
	// refused are the lines that something was wrong with when they were checked.
	refused map[int]bool
	// keys are their keys as people write them, for columns that refer to them so; nil when nobody asks.
	keys map[string]struct{}
}

// column is a column of the file that becomes a field.
type column struct {
	module.Column
	at    int
	field *entity.Field
	// file is the table whose rows are referred to; byKey tells that keys of the field's records are.
	file  *table
	byKey bool
}

// tablesOf gathers the tables of a set in the order in which their records can be made.
func tablesOf(set *module.Set, name string) ([]*table, error) {
	byFile := map[string]*table{}
	var all []*table
	for _, d := range set.Definitions {
		for _, declared := range set.Parts[d.Name].Tables {
			if declared.Set != name || declared.Left != "" {
				continue
			}
			if declared.File == "" {
				all = append(all, &table{Table: declared, known: map[string]struct{}{}, formerly: map[string]string{}})
				continue
			}
			if byFile[declared.File] != nil {
				return nil, fmt.Errorf("two modules take the file %s", declared.File)
			}
			if len(declared.ID) == 0 {
				declared.ID = []string{"id"}
			}
			t := &table{Table: declared, report: FileReport{File: declared.File, Entity: declared.Entity.Name}, known: map[string]struct{}{}, formerly: map[string]string{}}
			byFile[declared.File] = t
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no module takes anything of %q; the sets that are known: %s", name, strings.Join(Sets(set), ", "))
	}
	for _, t := range all {
		for _, c := range t.Columns {
			if c.File == "" || c.Left != "" {
				continue
			}
			to := byFile[c.File]
			if to == nil {
				return nil, fmt.Errorf("%s: the column %s refers to %s, which no module takes", t.File, c.Name, c.File)
			}
			t.need(to, c.Later)
		}
		// Whatever the file has to say about another table's records by their keys comes after them.
		for _, f := range t.Entity.Fields {
			if f.Kind == entity.Ref && f.Stored() && !slices.ContainsFunc(t.Columns, func(c module.Column) bool { return fieldOf(c) == f.Name && (c.File != "" || c.Left != "") }) {
				for _, to := range all {
					if to.Entity == f.TargetEntity() && to != t {
						t.need(to, false)
					}
				}
			}
		}
	}
	return inOrder(all)
}

// left are the files of a set that are known and of which nothing is made, with the reason. A file that another module takes is none of them.
func left(set *module.Set, name string) map[string]string {
	files := map[string]string{}
	for _, d := range set.Definitions {
		for _, t := range set.Parts[d.Name].Tables {
			if t.Set == name && t.Left != "" {
				files[t.File] = t.Left
			}
		}
	}
	return files
}

// Sets are the names of the data sets that the modules take.
func Sets(set *module.Set) []string {
	var names []string
	for _, d := range set.Definitions {
		for _, t := range set.Parts[d.Name].Tables {
			if !slices.Contains(names, t.Set) {
				names = append(names, t.Set)
			}
		}
	}
	return names
}

func (t *table) need(to *table, later bool) {
	switch {
	case later:
	case to == t:
		t.self = true
	case !slices.Contains(t.needs, to):
		t.needs = append(t.needs, to)
	}
}

// inOrder puts each table behind those it needs.
func inOrder(all []*table) ([]*table, error) {
	var ordered []*table
	state := map[*table]int{} // 1 while its needs are placed, 2 when placed
	var place func(t *table, chain []string) error
	place = func(t *table, chain []string) error {
		chain = append(chain, t.File)
		switch state[t] {
		case 1:
			return fmt.Errorf("files refer to each other in a circle, one of them must do so later: %s", strings.Join(chain, " → "))
		case 2:
			return nil
		}
		state[t] = 1
		for _, need := range t.needs {
			if err := place(need, slices.Clone(chain)); err != nil {
				return err
			}
		}
		state[t] = 2
		ordered = append(ordered, t)
		return nil
	}
	for _, t := range all {
		if err := place(t, nil); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}

func fieldOf(c module.Column) string {
	if c.Field == "" {
		return c.Name
	}
	return c.Field
}

// understandHeader says what becomes of the columns of the file. What is wrong with them is noted.
func (t *table) understandHeader(header []string, byFile map[string]*table, problem func(line int, column, format string, args ...any)) {
	t.header = slices.Clone(header)
	t.from, t.to, t.former = slices.Index(header, validFrom), slices.Index(header, validTo), slices.Index(header, legacyID)
	declared := map[string]module.Column{}
	for _, c := range t.Columns {
		declared[c.Name] = c
		if c.Left == "" && !slices.Contains(header, c.Name) {
			problem(1, c.Name, "this column is missing")
		}
	}
	t.id = nil
	for _, name := range t.ID {
		at := slices.Index(header, name)
		if at < 0 {
			problem(1, name, "this column is missing: rows are told from each other by it")
		}
		t.id = append(t.id, at)
	}
	t.columns = nil
	for at, name := range header {
		c, ok := declared[name]
		switch {
		case slices.Index(header, name) < at:
			problem(1, name, "this column stands in the header twice")
			continue
		case ok && c.Left != "":
			t.leave(name, c.Left)
			continue
		case at == t.from || at == t.to || at == t.former:
			continue
		case !ok:
			c = module.Column{Name: name}
		}
		f := t.Entity.Field(fieldOf(c))
		if name == "id" && !ok {
			continue // the other system's, which intake_rows remembers
		}
		if f == nil || !f.Stored() {
			t.leave(name, "")
			continue
		}
		t.columns = append(t.columns, column{Column: c, at: at, field: f, file: byFile[c.File], byKey: c.File == "" && f.Kind == entity.Ref})
	}
}

// read reports whether there is a file to be read.
func (t *table) read() bool { return t.Rows == nil && !t.report.Missing }

// refuse counts a line, once.
func (t *table) refuse(number int) {
	if t.refused == nil {
		t.refused = map[int]bool{}
	}
	t.refused[number] = true
	t.report.Refused = len(t.refused)
}

func (t *table) leave(name, why string) {
	if t.report.Left == nil {
		t.report.Left = map[string]string{}
	}
	t.report.Left[name] = why
}

// named is the row as module.Table's functions read it.
func (t *table) named(cells []string) map[string]string {
	row := make(map[string]string, len(cells))
	for i, name := range t.header {
		row[name] = cells[i]
	}
	return row
}

// idOf is the id of a row in its file, "" when a part of it is missing.
func (t *table) idOf(cells []string) string {
	parts := make([]string, len(t.id))
	for i, at := range t.id {
		if parts[i] = strings.TrimSpace(cells[at]); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, "/")
}

func (t *table) later() bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return c.Later })
}
