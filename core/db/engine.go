package db

import (
	"encoding/json"
	"strings"
)

// Engine names the database software. Code outside this package asks it only for fragments of SQL.
type Engine string

// The engines.
const (
	// SQLite is embedded: one file, nothing to install.
	SQLite Engine = "sqlite"
	// Postgres is PostgreSQL 15 or newer.
	Postgres Engine = "postgres"
)

// AnyID returns SQL for "column is one of the ids in this argument". Pass the argument as IDs; an empty or nil list matches nothing.
func (e Engine) AnyID(column, placeholder string) string {
	if e == Postgres {
		return column + " = any(" + placeholder + "::bigint[])"
	}
	return column + " in (select value from json_each(" + placeholder + "))"
}

// AnyText returns SQL for "column is one of the texts in this argument". Pass the argument as Texts; an empty or nil list matches nothing.
func (e Engine) AnyText(column, placeholder string) string {
	if e == Postgres {
		return column + " = any(" + placeholder + "::text[])"
	}
	return column + " in (select value from json_each(" + placeholder + "))"
}

// LookUp returns a select of columns of the rows of a table whose column is one of the texts in an argument, where one row at most has each; where is a
// further condition, "" for none. All columns that are asked for should be those of one index, and of no other: it is used however little the database knows of a table that is just
// being filled. Pass the argument as Texts.
func (e Engine) LookUp(columns, table, column, placeholder, where string) string {
	if where != "" {
		where = " and " + where
	}
	if e == Postgres {
		return "select k.* from unnest(" + placeholder + "::text[]) wanted(text) cross join lateral (select " + columns + " from " + table + " where " + column + " = wanted.text" + where + " limit 1) k"
	}
	return "select " + columns + " from " + table + " where " + e.AnyText(column, placeholder) + where
}

// Limit returns SQL for "at most so many rows" with a leading space; the number is an argument.
func (e Engine) Limit(placeholder string) string {
	if e == Postgres {
		return " limit " + placeholder
	}
	// SQLite looks at a bare argument when it plans, and then plans anew for each value.
	return " limit " + placeholder + " + 0"
}

// ForUpdate returns the suffix of a select that locks the rows it reads until the transaction ends, with a leading space.
// It is empty on SQLite, where the transaction is the only writer anyway.
func (e Engine) ForUpdate() string {
	if e == Postgres {
		return " for update"
	}
	return ""
}

// SkipLocked returns the suffix of a select that claims rows and passes over those that another transaction has claimed, with
// a leading space. It is empty on SQLite, where no other transaction can hold rows.
func (e Engine) SkipLocked() string {
	if e == Postgres {
		return " for update skip locked"
	}
	return ""
}

// IDs is a list argument for AnyID: an array on PostgreSQL, JSON text on SQLite. Nil is the empty list, not null.
type IDs []int64

// Texts is a list argument for AnyText: an array on PostgreSQL, JSON text on SQLite. Nil is the empty list, not null.
type Texts []string

func (ids IDs) encode(e Engine) any {
	if e == Postgres {
		if ids == nil {
			return []int64{}
		}
		return []int64(ids)
	}
	if len(ids) == 0 {
		return "[]"
	}
	b, _ := json.Marshal([]int64(ids))
	return string(b)
}

func (ts Texts) encode(e Engine) (any, error) {
	for _, s := range ts {
		if err := checkText(s); err != nil {
			return nil, err
		}
	}
	if e == Postgres {
		if ts == nil {
			return []string{}, nil
		}
		return []string(ts), nil
	}
	if len(ts) == 0 {
		return "[]", nil
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode([]string(ts)); err != nil {
		return nil, err
	}
	return b.String(), nil
}
