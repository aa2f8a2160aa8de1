package db

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Schema is the shape of a database in words that are the same for both engines. It leaves out what an engine needs for itself:
// the records of Migrate, full-text tables, and indexes that are not ordered trees.
type Schema struct {
	// Tables are sorted by name.
	Tables []Table
}

// Table is one table of a Schema.
type Table struct {
	Name    string
	Columns []Column
	// PrimaryKey lists columns in the order of the key.
	PrimaryKey []string
	// Uniques lists the columns of every unique constraint, sorted.
	Uniques [][]string
	// ForeignKeys are sorted by their columns.
	ForeignKeys []ForeignKey
	// Checks are the names of the check constraints, sorted.
	Checks []string
	// Indexes are those made by `create index`, sorted by name.
	Indexes []Index
}

// Column is one column of a Table, in the order of the table.
type Column struct {
	Name string
	// Kind is one of the kinds of this package, or the engine's own type name for anything else.
	Kind Kind
	Null bool
	// Default is the default in common words, "" for none or for a generated key.
	Default string
}

// ForeignKey is a reference to another table.
type ForeignKey struct {
	Columns    []string
	Table      string
	References []string
	// OnDelete and OnUpdate are "no action", "cascade", "restrict", "set null" or "set default".
	OnDelete, OnUpdate string
}

// Index is an ordered index.
type Index struct {
	Name   string
	Unique bool
	// Columns are the indexed columns, "(expression)" for one that is computed.
	Columns []string
	// Partial says that it has a condition.
	Partial bool
}

// ReadSchema reads the schema of the database behind q.
func ReadSchema(ctx context.Context, q Queryer) (Schema, error) {
	read := readSQLiteSchema
	if q.Engine() == Postgres {
		read = readPostgresSchema
	}
	s, err := read(ctx, q)
	if err != nil {
		return Schema{}, fmt.Errorf("read schema: %w", err)
	}
	s.sort()
	return s, nil
}

func (s *Schema) sort() {
	byName := func(a, b []string) int { return slices.Compare(a, b) }
	slices.SortFunc(s.Tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	for i := range s.Tables {
		t := &s.Tables[i]
		slices.SortFunc(t.Uniques, byName)
		slices.Sort(t.Checks)
		slices.SortFunc(t.Indexes, func(a, b Index) int { return cmp.Compare(a.Name, b.Name) })
		slices.SortFunc(t.ForeignKeys, func(a, b ForeignKey) int { return slices.Compare(a.Columns, b.Columns) })
	}
}

// String lists the schema, a line per fact.
func (s Schema) String() string {
	var b strings.Builder
	for _, t := range s.Tables {
		for _, line := range t.lines() {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (t Table) lines() []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, t.Name+": "+fmt.Sprintf(format, args...)) }
	for _, c := range t.Columns {
		null, def := "not null", ""
		if c.Null {
			null = "null"
		}
		if c.Default != "" {
			def = " default " + c.Default
		}
		add("column %s %s %s%s", c.Name, c.Kind, null, def)
	}
	if len(t.PrimaryKey) > 0 {
		add("primary key (%s)", strings.Join(t.PrimaryKey, ", "))
	}
	for _, u := range t.Uniques {
		add("unique (%s)", strings.Join(u, ", "))
	}
	for _, f := range t.ForeignKeys {
		add("foreign key (%s) references %s (%s) on delete %s on update %s", strings.Join(f.Columns, ", "), f.Table, strings.Join(f.References, ", "), f.OnDelete, f.OnUpdate)
	}
	for _, c := range t.Checks {
		add("check %s", c)
	}
	for _, i := range t.Indexes {
		unique, partial := "", ""
		if i.Unique {
			unique = "unique "
		}
		if i.Partial {
			partial = " where …"
		}
		add("%sindex %s (%s)%s", unique, i.Name, strings.Join(i.Columns, ", "), partial)
	}
	return lines
}

// Difference lists what only one of the two schemas has, a line each, marked with - for s and + for other; nil when they are equal.
func (s Schema) Difference(other Schema) []string {
	a, b := strings.Split(strings.TrimSuffix(s.String(), "\n"), "\n"), strings.Split(strings.TrimSuffix(other.String(), "\n"), "\n")
	var diff []string
	for _, l := range a {
		if !slices.Contains(b, l) {
			diff = append(diff, "- "+l)
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			diff = append(diff, "+ "+l)
		}
	}
	slices.SortFunc(diff, func(x, y string) int { return cmp.Or(cmp.Compare(x[2:], y[2:]), cmp.Compare(x, y)) })
	if diff == nil && !slices.Equal(a, b) {
		diff = append(diff, "the columns stand in another order")
	}
	return diff
}

// kindOf gives the kind of a declared type of either engine.
func kindOf(declared string) Kind {
	switch d := strings.ToLower(declared); d {
	case "text", "character varying":
		return Text
	case "bigint", "integer", "int8":
		return Int
	case "int_bool", "boolean":
		return Bool
	case "double precision", "real", "float":
		return Float
	case "text_time", "timestamp with time zone", "timestamptz":
		return Time
	case "text_date", "date":
		return Day
	case "text_json", "jsonb", "json":
		return JSON
	case "text_uuid", "uuid":
		return UUID
	case "blob", "bytea":
		return Blob
	default:
		return Kind(d)
	}
}

var castPattern = regexp.MustCompile(`::[a-z_ ]+(\[\])?(\([0-9]+\))?`)

// defaultOf writes a default in common words.
func defaultOf(kind Kind, expression string) string {
	e := strings.TrimSpace(castPattern.ReplaceAllString(expression, ""))
	for strings.HasPrefix(e, "(") && strings.HasSuffix(e, ")") {
		e = strings.TrimSpace(e[1 : len(e)-1])
	}
	lower := strings.ToLower(e)
	switch {
	case kind == Bool && (e == "1" || lower == "true"):
		return "true"
	case kind == Bool && (e == "0" || lower == "false"):
		return "false"
	case lower == "null":
		return ""
	case strings.HasPrefix(lower, "strftime(") || lower == "now()" || lower == "current_timestamp":
		return "now"
	case kind == Int || kind == Float:
		return strings.Trim(e, "'")
	}
	return e
}

// ignoredTable reports whether a table is the migration runner's own.
func ignoredTable(name string) bool { return strings.HasPrefix(name, versionTable("")) }

func readSQLiteSchema(ctx context.Context, q Queryer) (Schema, error) {
	type found struct{ name, sql string }
	rows, err := q.Query(ctx, `select l.name, s.sql from pragma_table_list l join sqlite_schema s on s.type = 'table' and s.name = l.name
		where l.schema = 'main' and l.type = 'table' and l.name not like 'sqlite\_%' escape '\'`)
	tables, err := Collect(rows, err, func(r Row) (f found, err error) { return f, r.Scan(&f.name, &f.sql) })
	if err != nil {
		return Schema{}, err
	}
	var s Schema
	for _, f := range tables {
		if ignoredTable(f.name) {
			continue
		}
		t := Table{Name: f.name, Checks: sqliteChecks(f.sql)}
		if err := readSQLiteColumns(ctx, q, &t); err != nil {
			return Schema{}, err
		}
		if err := readSQLiteForeignKeys(ctx, q, &t); err != nil {
			return Schema{}, err
		}
		if err := readSQLiteIndexes(ctx, q, &t); err != nil {
			return Schema{}, err
		}
		s.Tables = append(s.Tables, t)
	}
	return s, nil
}

var checkPattern = regexp.MustCompile(`(?i)\bconstraint\s+"?(\w+)"?\s+check\b`)

// sqliteChecks finds the named checks, which SQLite keeps only in the text of the table. One without a name shows as a
// difference, since PostgreSQL names it by itself: name it.
func sqliteChecks(create string) []string {
	var names []string
	for _, m := range checkPattern.FindAllStringSubmatch(create, -1) {
		names = append(names, m[1])
	}
	return names
}

func readSQLiteColumns(ctx context.Context, q Queryer, t *Table) error {
	type column struct {
		name, declared string
		notNull        bool
		def            *string
		key            int64
	}
	rows, err := q.Query(ctx, `select name, type, "notnull", dflt_value, pk from pragma_table_xinfo($1) where hidden <> 1 order by cid`, t.Name)
	columns, err := Collect(rows, err, func(r Row) (c column, err error) {
		return c, r.Scan(&c.name, &c.declared, &c.notNull, &c.def, &c.key)
	})
	if err != nil {
		return err
	}
	keys := map[int64]string{}
	for _, c := range columns {
		col := Column{Name: c.name, Kind: kindOf(c.declared), Null: !c.notNull && c.key == 0}
		if c.def != nil {
			col.Default = defaultOf(col.Kind, *c.def)
		}
		t.Columns = append(t.Columns, col)
		if c.key > 0 {
			keys[c.key] = c.name
		}
	}
	for i := int64(1); i <= int64(len(keys)); i++ {
		t.PrimaryKey = append(t.PrimaryKey, keys[i])
	}
	return nil
}

func readSQLiteForeignKeys(ctx context.Context, q Queryer, t *Table) error {
	type part struct {
		id                 int64
		table, from        string
		to                 *string
		onUpdate, onDelete string
	}
	rows, err := q.Query(ctx, `select id, "table", "from", "to", on_update, on_delete from pragma_foreign_key_list($1) order by id, seq`, t.Name)
	parts, err := Collect(rows, err, func(r Row) (p part, err error) {
		return p, r.Scan(&p.id, &p.table, &p.from, &p.to, &p.onUpdate, &p.onDelete)
	})
	if err != nil {
		return err
	}
	last := int64(-1)
	for _, p := range parts {
		if p.id != last {
			t.ForeignKeys = append(t.ForeignKeys, ForeignKey{Table: p.table, OnDelete: strings.ToLower(p.onDelete), OnUpdate: strings.ToLower(p.onUpdate)})
			last = p.id
		}
		f := &t.ForeignKeys[len(t.ForeignKeys)-1]
		f.Columns = append(f.Columns, p.from)
		to := "id"
		if p.to != nil {
			to = *p.to
		}
		f.References = append(f.References, to)
	}
	return nil
}

func readSQLiteIndexes(ctx context.Context, q Queryer, t *Table) error {
	type index struct {
		name            string
		unique, partial bool
		origin          string
	}
	rows, err := q.Query(ctx, `select name, "unique", partial, origin from pragma_index_list($1)`, t.Name)
	indexes, err := Collect(rows, err, func(r Row) (i index, err error) { return i, r.Scan(&i.name, &i.unique, &i.partial, &i.origin) })
	if err != nil {
		return err
	}
	for _, i := range indexes {
		rows, err := q.Query(ctx, `select coalesce(name, '(expression)') || case "desc" when 1 then ' desc' else '' end from pragma_index_xinfo($1) where "key" = 1 order by seqno`, i.name)
		columns, err := Collect(rows, err, func(r Row) (c string, err error) { return c, r.Scan(&c) })
		if err != nil {
			return err
		}
		switch i.origin {
		case "c":
			t.Indexes = append(t.Indexes, Index{Name: i.name, Unique: i.unique, Columns: columns, Partial: i.partial})
		case "u":
			t.Uniques = append(t.Uniques, columns)
		}
	}
	return nil
}

func readPostgresSchema(ctx context.Context, q Queryer) (Schema, error) {
	rows, err := q.Query(ctx, `select c.oid::bigint, c.relname::text from pg_class c
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`)
	type found struct {
		oid  int64
		name string
	}
	tables, err := Collect(rows, err, func(r Row) (f found, err error) { return f, r.Scan(&f.oid, &f.name) })
	if err != nil {
		return Schema{}, err
	}
	var s Schema
	for _, f := range tables {
		if ignoredTable(f.name) {
			continue
		}
		t := Table{Name: f.name}
		if err := readPostgresColumns(ctx, q, f.oid, &t); err != nil {
			return Schema{}, err
		}
		if err := readPostgresConstraints(ctx, q, f.oid, &t); err != nil {
			return Schema{}, err
		}
		if err := readPostgresIndexes(ctx, q, f.oid, &t); err != nil {
			return Schema{}, err
		}
		s.Tables = append(s.Tables, t)
	}
	return s, nil
}

func readPostgresColumns(ctx context.Context, q Queryer, table int64, t *Table) error {
	type column struct {
		name, declared string
		notNull        bool
		def            *string
	}
	rows, err := q.Query(ctx, `select a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
		from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
		where a.attrelid = $1::bigint::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`, table)
	columns, err := Collect(rows, err, func(r Row) (c column, err error) {
		return c, r.Scan(&c.name, &c.declared, &c.notNull, &c.def)
	})
	if err != nil {
		return err
	}
	for _, c := range columns {
		col := Column{Name: c.name, Kind: kindOf(c.declared), Null: !c.notNull}
		if c.def != nil {
			col.Default = defaultOf(col.Kind, *c.def)
		}
		t.Columns = append(t.Columns, col)
	}
	return nil
}

var actions = map[string]string{"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}

func readPostgresConstraints(ctx context.Context, q Queryer, table int64, t *Table) error {
	type constraint struct {
		name, kind         string
		columns            string
		target             *string
		targets            *string
		onDelete, onUpdate string
	}
	rows, err := q.Query(ctx, `select c.conname::text, c.contype::text,
			coalesce((select string_agg(a.attname, ',' order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
				join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum), ''),
			f.relname::text,
			(select string_agg(a.attname, ',' order by k.n) from unnest(c.confkey) with ordinality k(attnum, n)
				join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum),
			c.confdeltype::text, c.confupdtype::text
		from pg_constraint c left join pg_class f on f.oid = nullif(c.confrelid, 0)
		where c.conrelid = $1::bigint::oid order by c.conname`, table)
	constraints, err := Collect(rows, err, func(r Row) (c constraint, err error) {
		return c, r.Scan(&c.name, &c.kind, &c.columns, &c.target, &c.targets, &c.onDelete, &c.onUpdate)
	})
	if err != nil {
		return err
	}
	for _, c := range constraints {
		columns := strings.Split(c.columns, ",")
		switch c.kind {
		case "p":
			t.PrimaryKey = columns
		case "u":
			t.Uniques = append(t.Uniques, columns)
		case "c":
			t.Checks = append(t.Checks, c.name)
		case "f":
			if c.target != nil && c.targets != nil {
				t.ForeignKeys = append(t.ForeignKeys, ForeignKey{
					Columns: columns, Table: *c.target, References: strings.Split(*c.targets, ","),
					OnDelete: actions[c.onDelete], OnUpdate: actions[c.onUpdate],
				})
			}
		}
	}
	return nil
}

func readPostgresIndexes(ctx context.Context, q Queryer, table int64, t *Table) error {
	rows, err := q.Query(ctx, `select i.relname::text, x.indisunique, x.indpred is not null,
			(select string_agg(coalesce(a.attname, '(expression)') || case when x.indoption[k.n - 1] & 1 = 1 then ' desc' else '' end, ',' order by k.n)
				from unnest(x.indkey::int[]) with ordinality k(attnum, n)
				left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum and k.attnum > 0 where k.n <= x.indnkeyatts)
		from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam and m.amname = 'btree'
		where x.indrelid = $1::bigint::oid and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x'))`, table)
	indexes, err := Collect(rows, err, func(r Row) (i Index, err error) {
		var columns string
		err = r.Scan(&i.Name, &i.Unique, &i.Partial, &columns)
		i.Columns = strings.Split(columns, ",")
		return i, err
	})
	t.Indexes = indexes
	return err
}
