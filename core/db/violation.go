package db

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// UniqueViolation reports whether err means that a unique value is taken, in which table, and which columns are unique together,
// in the order of the constraint. Of an index over expressions only the plain columns are named.
func UniqueViolation(err error) (table string, columns []string, ok bool) {
	var named *uniqueError
	if errors.As(err, &named) {
		return named.table, named.columns, true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code != "23505" {
			return "", nil, false
		}
		return pg.TableName, detailColumns(pg.Detail), true
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) && (lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY) {
		_, list, found := strings.Cut(lite.Error(), uniqueFailed)
		if !found {
			return "", nil, true
		}
		if i := strings.LastIndex(list, " ("); i > 0 {
			list = list[:i]
		}
		for _, c := range strings.Split(list, ", ") {
			t, column, _ := strings.Cut(c, ".")
			table = t
			columns = append(columns, column)
		}
		return table, columns, true
	}
	return "", nil, false
}

// ForeignKeyViolation reports whether err means that a row refers to one that does not exist, or is still referred to.
func ForeignKeyViolation(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23503" || pg.Code == "23001"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

const (
	uniqueFailed = "UNIQUE constraint failed: "
	indexFailed  = uniqueFailed + "index '"
)

// uniqueError is a violation whose table had to be looked up.
type uniqueError struct {
	table   string
	columns []string
	err     error
}

func (e *uniqueError) Error() string { return e.err.Error() }
func (e *uniqueError) Unwrap() error { return e.err }

// expressionIndex returns the name of the violated index when that is all that SQLite says.
func expressionIndex(err error) (string, bool) {
	var lite *sqlite.Error
	if !errors.As(err, &lite) || lite.Code() != sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return "", false
	}
	_, rest, ok := strings.Cut(lite.Error(), indexFailed)
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "'")
	return name, true
}

// detailColumns reads the columns out of `Key (a, lower(b))=(1, x) already exists.`, whatever language the words are in.
func detailColumns(detail string) []string {
	end := strings.Index(detail, ")=(")
	start := strings.IndexByte(detail, '(')
	if start < 0 || end < start {
		return nil
	}
	var columns []string
	depth, from := 0, start+1
	list := detail[:end]
	add := func(to int) {
		c := strings.TrimSpace(list[from:to])
		if c != "" && !strings.ContainsAny(c, "() :'") {
			columns = append(columns, strings.Trim(c, `"`))
		}
		from = to + 1
	}
	for i := start + 1; i < len(list); i++ {
		switch list[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				add(i)
			}
		}
	}
	add(len(list))
	return columns
}
