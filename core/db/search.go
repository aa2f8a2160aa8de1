package db

import (
	"fmt"
	"regexp"
	"strings"
)

// Contains returns SQL for "column contains this text", case and accents as they are: use it on columns written by Fold. Pass
// the argument through ContainsArg.
func (e Engine) Contains(column, placeholder string) string {
	if e == Postgres {
		return column + " like " + placeholder
	}
	// SQLite looks at a bare argument for a beginning that an index could find, plans anew for each value, and never finds one here.
	return column + " glob " + placeholder + " || ''"
}

// ContainsIndexed is Contains for a column of a table, or of its alias, with a {{search}} index, which serves texts of three
// letters or more; shorter ones are looked for row by row. The table's key must be id.
func (e Engine) ContainsIndexed(table, alias, column, placeholder string) string {
	if e == Postgres {
		return e.Contains(alias+"."+column, placeholder)
	}
	return fmt.Sprintf("%s.id in (select rowid from %s where %s)", alias, searchTable(table, column), e.Contains(column, placeholder))
}

// FindIndexed returns a select of the ids of rows of a table with a {{search}} index whose column contains a text, at most so many. It stops when it has
// them, which ContainsIndexed with a limit does not on SQLite.
func (e Engine) FindIndexed(table, column, placeholder string, limit int) string {
	if e == Postgres {
		return fmt.Sprintf("select id from %s where %s limit %d", table, e.Contains(column, placeholder), limit)
	}
	return fmt.Sprintf("select rowid as id from %s where %s limit %d", searchTable(table, column), e.Contains(column, placeholder), limit)
}

// ContainsArg returns the argument of Contains, ContainsIndexed and FindIndexed for a text, in which no character is special.
func (e Engine) ContainsArg(text string) string {
	if e == Postgres {
		return "%" + likeEscapes.Replace(text) + "%"
	}
	return "*" + globEscapes.Replace(text) + "*"
}

// StartsWithArg is like ContainsArg, for texts at the beginning of the column.
func (e Engine) StartsWithArg(text string) string {
	a := e.ContainsArg(text)
	return a[1:]
}

var (
	likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	// SQLite's full-text index understands like only without an escape character; glob needs none.
	globEscapes = strings.NewReplacer(`[`, `[[]`, `*`, `[*]`, `?`, `[?]`)
)

var searchPattern = regexp.MustCompile(`^search\s+([a-z][a-z0-9_]*)\s+([a-z][a-z0-9_]*)$`)

func searchTable(table, column string) string { return table + "_" + column + "_search" }

// searchIndex writes the statements of {{search TABLE COLUMN}} on one line; the semicolon of the last is in the file.
func searchIndex(e Engine, table, column string) string {
	name := searchTable(table, column)
	if e == Postgres {
		// What is written waits in no list that each search would have to read besides. Without the extension, which the server may lack or the user may not install, searches read the texts one by one.
		return fmt.Sprintf("do $search$ begin create extension if not exists pg_trgm; create index %s on %s using gin (%s gin_trgm_ops) with (fastupdate = off); "+
			"exception when insufficient_privilege or undefined_file or undefined_object or feature_not_supported then "+
			"raise warning '%s is not made: %%', sqlerrm; end $search$", name, table, column, name)
	}
	r := strings.NewReplacer("NAME", name, "TABLE", table, "COLUMN", column)
	return r.Replace("create virtual table NAME using fts5 (COLUMN, content = 'TABLE', content_rowid = 'id', tokenize = 'trigram'); " +
		"insert into NAME (NAME) values ('rebuild'); " +
		"create trigger NAME_i after insert on TABLE begin insert into NAME (rowid, COLUMN) values (new.id, new.COLUMN); end; " +
		"create trigger NAME_d after delete on TABLE begin insert into NAME (NAME, rowid, COLUMN) values ('delete', old.id, old.COLUMN); end; " +
		"create trigger NAME_u after update of id, COLUMN on TABLE begin insert into NAME (NAME, rowid, COLUMN) values ('delete', old.id, old.COLUMN); " +
		"insert into NAME (rowid, COLUMN) values (new.id, new.COLUMN); end")
}
