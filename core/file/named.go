package file

import (
	"context"
	"fmt"
	"strings"

	"almoner.dev/almoner/core/db"
)

// KeyColumn is what a column that holds the key of a file is called, in every table: so files can be found without knowing the modules.
const KeyColumn = "blob_key"

// Named calls visit for each file that a record names, once for each key, in the order of the keys; it stops at the first error and returns it. It
// returns how many there were. No more than one row is in memory.
func Named(ctx context.Context, q db.Queryer, visit func(table, key string) error) (int, error) {
	tables, err := keyTables(ctx, q)
	if err != nil || len(tables) == 0 {
		return 0, err
	}
	parts := make([]string, len(tables))
	for i, table := range tables {
		parts[i] = "select '" + table + "' as name, " + KeyColumn + " as k from " + table + " where " + KeyColumn + " <> ''"
	}
	rows, err := q.Query(ctx, "select min(name), k from ("+strings.Join(parts, " union all ")+") named group by k order by k")
	if err != nil {
		return 0, fmt.Errorf("read which files are named: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table, key string
		if err := rows.Scan(&table, &key); err != nil {
			return n, err
		}
		n++
		if err := visit(table, key); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// keyTables lists the tables with a KeyColumn.
func keyTables(ctx context.Context, q db.Queryer) ([]string, error) {
	s, err := db.ReadSchema(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("look for tables that name files: %w", err)
	}
	var tables []string
	for _, t := range s.Tables {
		for _, c := range t.Columns {
			if c.Name == KeyColumn {
				tables = append(tables, t.Name)
			}
		}
	}
	return tables, nil
}
