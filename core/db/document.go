package db

import (
	"fmt"
	"strings"
)

// Document composes SQL over one key of a JSON object in a column ({{json}}). What is under the key in another type than asked for reads as null, as does
// what is not there, so that no stored value makes a statement fail. Key must be lower-case letters, digits and underscores: it becomes part of the text.
type Document struct {
	Engine Engine
	// Column may have an alias before it.
	Column string
	Key    string
}

func (d Document) typed(types map[Engine]string, sqlite, postgres string) string {
	r := strings.NewReplacer("COLUMN", d.Column, "KEY", d.Key)
	if d.Engine == Postgres {
		return r.Replace("case when jsonb_typeof(COLUMN -> 'KEY') = " + types[Postgres] + " then " + postgres + " end")
	}
	return r.Replace("case when json_type(COLUMN, '$.KEY') in (" + types[SQLite] + ") then " + sqlite + " end")
}

// Text is the text under the key. It is compared byte by byte.
func (d Document) Text() string {
	sql := d.typed(map[Engine]string{SQLite: "'text'", Postgres: "'string'"}, "COLUMN ->> '$.KEY'", "COLUMN ->> 'KEY'")
	if d.Engine == Postgres {
		return "(" + sql + `) collate "C"`
	}
	return sql
}

// Bool is the truth value under the key.
func (d Document) Bool() string {
	return d.typed(map[Engine]string{SQLite: "'true', 'false'", Postgres: "'boolean'"}, "COLUMN ->> '$.KEY'", "(COLUMN ->> 'KEY')::boolean")
}

var numbers = map[Engine]string{SQLite: "'integer', 'real'", Postgres: "'number'"}

// Scaled is the number under the key times ten to the power of scale, as a whole number. The document must hold it with exactly scale digits behind the
// point.
func (d Document) Scaled(scale int) string {
	number := "(COLUMN ->> 'KEY')::numeric * 1" + strings.Repeat("0", scale)
	return d.typed(numbers, "cast(replace(COLUMN -> '$.KEY', '.', '') as integer)", "case when abs("+number+") <= 9223372036854775807 then ("+number+")::bigint end")
}

// Int is the whole number under the key.
func (d Document) Int() string {
	return d.typed(map[Engine]string{SQLite: "'integer'", Postgres: "'number'"}, "COLUMN ->> '$.KEY'",
		"case when abs((COLUMN ->> 'KEY')::numeric) <= 9223372036854775807 then (COLUMN ->> 'KEY')::numeric::bigint end")
}

// Has is the condition that there is something under the key.
func (d Document) Has() string {
	if d.Engine == Postgres {
		return fmt.Sprintf("%s -> '%s' is not null", d.Column, d.Key)
	}
	return fmt.Sprintf("json_type(%s, '$.%s') is not null", d.Column, d.Key)
}
