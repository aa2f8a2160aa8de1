package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Optimize lets the database look again at how much there is in its tables, which decides how statements are run. Call it at the start, now and then, and after
// much was written at once. Only tables that have grown or shrunk tenfold are looked at, and nobody who writes waits meanwhile.
// PostgreSQL does the same by itself, so that nothing is done there.
//
// SQLite's own ANALYZE is not used: it keeps others from writing for as long as it takes, bounded it counts what many rows share as if few did, and unbounded it
// notes single values, for the sake of which most statements are then planned anew each time.
func (d *DB) Optimize(ctx context.Context) error {
	s, ok := unwrap(d.backend).(*embedded)
	if !ok {
		return nil
	}
	var noted []tableStat
	err := d.View(ctx, func(q Queryer) (err error) {
		noted, err = lookAtTables(ctx, q)
		return err
	})
	if err == nil && len(noted) > 0 {
		err = d.InTx(ctx, func(tx *Tx) error { return noteTables(ctx, tx, noted) })
	}
	if err != nil {
		return fmt.Errorf("look how much is in the tables: %w", err)
	}
	if len(noted) > 0 {
		s.renewReaders()
	}
	return nil
}

// tableStat is how much there is in a table: a line for each index, and one without for the table itself, as sqlite_stat1 has them.
type tableStat struct {
	table   string
	indexes []indexStat
}

type indexStat struct {
	name, stat string
}

func lookAtTables(ctx context.Context, q Queryer) ([]tableStat, error) {
	known, err := knownSizes(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\_%' escape '\' order by name`)
	tables, err := Collect(rows, err, scanText)
	if err != nil {
		return nil, err
	}
	var list []tableStat
	for _, table := range tables {
		n, err := countRows(ctx, q, "select 1 from "+quoted(table))
		if err != nil {
			return nil, err
		}
		// An empty table is left to SQLite's own guess, which suits what it may become.
		if before := known[table]; n == 0 || before > 0 && n < 10*before && before < 10*n {
			continue
		}
		stat := tableStat{table, []indexStat{{"", strconv.FormatInt(n, 10)}}}
		if err := stat.lookAtIndexes(ctx, q, n); err != nil {
			return nil, err
		}
		list = append(list, stat)
	}
	return list, nil
}

// knownSizes are the numbers of rows that were noted before.
func knownSizes(ctx context.Context, q Queryer) (map[string]int64, error) {
	sizes := map[string]int64{}
	if n, err := countRows(ctx, q, "select 1 from sqlite_schema where name = 'sqlite_stat1'"); err != nil || n == 0 {
		return sizes, err
	}
	rows, err := q.Query(ctx, "select tbl, cast(stat as integer) from sqlite_stat1")
	_, err = Collect(rows, err, func(r Row) (struct{}, error) {
		var table string
		var n int64
		err := r.Scan(&table, &n)
		sizes[table] = n
		return struct{}{}, err
	})
	return sizes, err
}

// lookAtIndexes counts how many rows share a value of the first column of each index, of the first two, and so on. An expression in an index counts as if
// it told no rows apart: an index of which nothing is noted would be believed to find ten rows always.
func (s *tableStat) lookAtIndexes(ctx context.Context, q Queryer, n int64) error {
	type index struct {
		name   string
		unique bool
	}
	rows, err := q.Query(ctx, `select name, "unique" from pragma_index_list($1)`, s.table)
	indexes, err := Collect(rows, err, func(r Row) (i index, err error) { return i, r.Scan(&i.name, &i.unique) })
	if err != nil {
		return err
	}
	for _, i := range indexes {
		rows, err := q.Query(ctx, "select coalesce(name, '') from pragma_index_info($1) order by seqno", i.name)
		columns, err := Collect(rows, err, scanText)
		if err != nil {
			return err
		}
		stat, share := strconv.FormatInt(n, 10), n
		var from []string
		for j, column := range columns {
			switch {
			case i.unique && j == len(columns)-1:
				share = 1
			case column != "":
				from = append(from, quoted(column))
				distinct, err := countRows(ctx, q, "select distinct "+strings.Join(from, ", ")+" from "+quoted(s.table))
				if err != nil {
					return err
				}
				share = (n + distinct - 1) / distinct
			}
			stat += " " + strconv.FormatInt(share, 10)
		}
		s.indexes = append(s.indexes, indexStat{i.name, stat})
	}
	return nil
}

func noteTables(ctx context.Context, tx *Tx, list []tableStat) error {
	// Nobody but SQLite may make its table; it does so when it looks at one, however shortly.
	if n, err := countRows(ctx, tx, "select 1 from sqlite_schema where name = 'sqlite_stat1'"); err != nil {
		return err
	} else if n == 0 {
		for _, sql := range []string{"pragma analysis_limit = 1", "analyze " + quoted(list[0].table)} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
	}
	for _, t := range list {
		for _, other := range []string{"sqlite_stat1", "sqlite_stat4"} {
			if _, err := tx.Exec(ctx, "delete from "+other+" where tbl = $1", t.table); err != nil {
				return err
			}
		}
		for _, i := range t.indexes {
			if _, err := tx.Exec(ctx, "insert into sqlite_stat1 (tbl, idx, stat) values ($1, nullif($2, ''), $3)", t.table, i.name, i.stat); err != nil {
				return err
			}
		}
	}
	// What was noted is read anew by this connection, the one that writes.
	_, err := tx.Exec(ctx, "analyze sqlite_schema")
	return err
}

func countRows(ctx context.Context, q Queryer, sql string) (n int64, err error) {
	return n, q.QueryRow(ctx, "select count(*) from ("+sql+")").Scan(&n)
}

func scanText(r Row) (s string, err error) { return s, r.Scan(&s) }

// quoted is the name of a table or column in SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
