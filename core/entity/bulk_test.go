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

// New records of a Batched entity are written together, and what is wrong with one is told when it is saved alone.
func TestBulkOfRows(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		author := l.Add(t, l.Author, entity.Values{"name": "Ba"})
		ctx := almoner.WithActor(context.WithoutCancel(t.Context()), entitytest.Librarian)
		save := func(codes []string) (ids db.IDs, statements int64, err error) {
			ctx, counter := db.CountStatements(ctx)
			err = l.DB.InTx(ctx, func(tx *db.Tx) error {
				bulk := &entity.Bulk{Rows: len(codes)}
				if err := bulk.Find(ctx, tx, l.Author, db.IDs{author}); err != nil {
					return err
				}
				for i, code := range codes {
					c := l.Tariff.NewChange(0, entity.Values{"code": code, "price": decimal("1", 2), "author": author})
					if i%3 == 0 {
						c = l.Tariff.NewChange(0, entity.Values{"code": code, "price": decimal("2", 2), "weight": nil})
					}
					c.Bulk = bulk
					if err := l.Tariff.Save(ctx, tx, c); err != nil {
						return err
					}
					ids = append(ids, c.ID)
				}
				return bulk.Flush(ctx, tx)
			})
			return ids, counter.N(), err
		}
		codes := func(prefix string, n int) []string {
			list := make([]string, n)
			for i := range list {
				list[i] = fmt.Sprint(prefix, i)
			}
			return list
		}
		_, few, err := save(codes("few", 20))
		if err != nil {
			t.Fatal(err)
		}
		ids, many, err := save(codes("m", 215))
		// Of 72 and 143 rows with the same columns, 100, 10 and 1 are written at a time; facts by the hundred.
		if err != nil || many-few > 30 {
			t.Errorf("20 records took %d statements, 215 took %d, %v", few, many, err)
		}
		var right, versions int64
		if err := l.DB.QueryRow(ctx, "select count(*) from library_tariffs where "+l.DB.Engine().AnyID("id", "$1")+" and code like 'm%' and (author_id is null) = (price = 200)", ids).Scan(&right); err != nil {
			t.Fatal(err)
		}
		if err := l.DB.QueryRow(ctx, "select count(*) from library_tariffs_versions v join library_tariffs t on t.id = v.record_id and t.code = v.code and v.version = 1").Scan(&versions); err != nil {
			t.Fatal(err)
		}
		if right != 215 || versions != 235 {
			t.Errorf("%d of 215 are as they were saved, %d versions of 235", right, versions)
		}
		if _, _, err := save([]string{"one", "few3"}); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("a code that there is: %v", err)
		}
		if _, _, err := save([]string{"same", "same"}); almoner.KindOf(err) != almoner.Conflict {
			t.Errorf("a code twice: %v", err)
		}
		if _, _, err := save([]string{"few3"}); almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("a code that there is, alone: %v", err)
		}
		// What is loaded together is changed one by one, and corrected in its versions.
		err = l.DB.InTx(ctx, func(tx *db.Tx) error {
			bulk := &entity.Bulk{Rows: len(ids)}
			if err := bulk.Load(ctx, tx, l.Tariff, ids); err != nil {
				return err
			}
			for _, id := range ids {
				c := l.Tariff.NewChange(id, entity.Values{"price": decimal("7", 2)})
				c.Completes, c.Bulk = true, bulk
				if err := l.Tariff.Save(ctx, tx, c); err != nil {
					return err
				}
			}
			return bulk.Flush(ctx, tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.DB.QueryRow(ctx, "select count(*) from library_tariffs_versions v join library_tariffs t on t.id = v.record_id and t.price = v.price and v.version = 1 and t.version = 1 and v.price = 700").Scan(&versions); err != nil || versions != 215 {
			t.Errorf("%d versions were completed, %v", versions, err)
		}
	})
}
