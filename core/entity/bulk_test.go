package entity_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// Many changes of one transaction leave what each alone would leave, with a constant number of statements beside those that write the rows.
func TestBulk(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		author := l.Add(t, l.Author, entity.Values{"name": "Ba"})
		ctx := almoner.WithActor(context.WithoutCancel(t.Context()), entitytest.Librarian)
		save := func(n int, code string, author int64) (statements int64, err error) {
			ctx, counter := db.CountStatements(ctx)
			err = l.DB.InTx(ctx, func(tx *db.Tx) error {
				bulk := &entity.Bulk{}
				for i := range n {
					c := l.Tariff.NewChange(0, entity.Values{"code": fmt.Sprint(code, i), "price": decimal("1", 2), "author": author})
					c.Bulk = bulk
					if err := l.Tariff.Save(ctx, tx, c); err != nil {
						return err
					}
				}
				return bulk.Flush(ctx, tx)
			})
			return counter.N(), err
		}
		few, err := save(2, "few", author)
		if err != nil {
			t.Fatal(err)
		}
		many, err := save(40, "many", author)
		if err != nil || many-few != 38 {
			t.Errorf("2 records took %d statements, 40 took %d, %v", few, many, err)
		}
		if _, err := save(1, "lost", 999_999); almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("a reference to nothing: %v", err)
		}
		var facts, versions int
		for sql, into := range map[string]*int{
			"select count(*) from event_log where name = 'library.tariff_created' and revision = 1":                                              &facts,
			"select count(*) from library_tariffs_versions v join library_tariffs t on t.id = v.record_id and t.code = v.code and v.version = 1": &versions,
		} {
			if err := l.DB.QueryRow(ctx, sql).Scan(into); err != nil {
				t.Fatal(err)
			}
		}
		if facts != 42 || versions != 42 {
			t.Errorf("42 records have %d facts and %d versions", facts, versions)
		}
		// What a hook would do to a new record in between has no place in the versions.
		err = l.DB.InTx(ctx, func(tx *db.Tx) error {
			c := l.Tariff.NewChange(0, entity.Values{"code": "twice", "price": decimal("1", 2)})
			c.Bulk = &entity.Bulk{}
			if err := l.Tariff.Save(ctx, tx, c); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "update library_tariffs set version = 2 where id = $1", c.ID); err != nil {
				return err
			}
			return c.Bulk.Flush(ctx, tx)
		})
		if err == nil || !strings.Contains(err.Error(), "only 0 are as they were made") {
			t.Errorf("a record that was saved again: %v", err)
		}
		keys, looked, err := l.Tariff.ByKeys(ctx, l.DB, []string{"few1", "many3", "nowhere"})
		if err != nil || !looked || len(keys) != 2 || keys["few1"] == 0 {
			t.Errorf("by their keys: %v %v %v", keys, looked, err)
		}
	})
}
