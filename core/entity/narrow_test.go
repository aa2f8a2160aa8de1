package entity_test

import (
	"bytes"
	"fmt"
	"net/url"
	"testing"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// However a page is read, from where its words and filters lead, past each row in order, or beginning at another record, it has the rows that the whole
// list has at this place, and the count is the same. There are words and filters that nothing, few, many and nearly all have.
func TestNarrowedPagesAreThoseOfTheList(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		ctx := t.Context()
		err := l.DB.InTx(ctx, func(tx *db.Tx) error {
			const series = "with recursive s(i) as (select cast(1 as bigint) union all select i + 1 from s where i < %d) "
			for _, sql := range []string{
				`insert into library_authors (id, workspace_id, name, name_folded, created_at, updated_at) ` + fmt.Sprintf(series, 600) +
					`select i, 1 + i % 2, 'Author ' || i, case when i % 50 = 0 then 'rare ' else 'common ' end || (i % 17) || ' ' || i, $1, $1 from s`,
				`insert into library_books (id, workspace_id, title, title_folded, status, author_id, fragile, created_at, updated_at) ` + fmt.Sprintf(series, 6000) +
					`select i, 1 + i / 5 % 2, 't' || i, case when i % 3 = 0 then 'common' else 'title' end || ' ' || (i % 23), case i % 3 when 0 then 'in' else 'out' end,
					case when i % 7 > 0 then 2 * (i % 300) + 1 + (1 + i / 5) % 2 end, i % 4 = 0, $1, $1 from s`,
				`insert into library_copies (id, workspace_id, book_id, shelf, bought, created_at, updated_at) ` + fmt.Sprintf(series, 9000) +
					`select i, 1 + (1 + i % 6000) / 5 % 2, 1 + i % 6000, 'sh' || (i / 3000) || '-' || (i % 400), '2020-01-01', $1, $1 from s`,
			} {
				if _, err := tx.Exec(ctx, sql, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, "update library_books set deleted_at = created_at where id % 29 = 0")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if l.DB.Engine() == db.Postgres {
			if err := l.DB.InTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "analyze library_authors, library_books, library_copies")
				return err
			}); err != nil {
				t.Fatal(err)
			}
		} else if err := l.DB.Optimize(ctx); err != nil {
			t.Fatal(err)
		}
		found := map[bool]int{}
		viewers := []entity.Viewer{l.Viewer(entitytest.Librarian), l.Viewer(entitytest.Guest)}
		for i, filter := range []string{
			"", "search=nothing", "search=rare", "search=common", "search=common+rare", "search=title+rare+3", "search=sh0-17", "search=sh", "search=common+title+sh1",
			"copies__shelf=sh0-17", "copies__shelf=sh9", "copies__shelf__icontains=sh", "copies__bought__gte=2019-01-01", "copies__bought__gte=2021-01-01",
			"copies__bought__gte=2019-01-01&search=rare", "copies__shelf__icontains=17&copies__bought__lte=2020-06-01&status=out", "author=17&search=title", "fragile=true",
		} {
			for j, order := range []string{"", "-author__name", "author__name,-pages"} {
				params, _ := url.ParseQuery(filter + "&ordering=" + order)
				query, others, err := l.Book.ParseQuery(entity.Viewer{}, params)
				if err != nil || others != nil {
					t.Fatalf("%s: %v %v", filter, others, err)
				}
				query.Shape = "min"
				v := viewers[(i+j)%2]
				err = l.DB.View(ctx, func(q db.Queryer) error {
					all, err := l.Book.Page(ctx, q, v, query)
					if err != nil {
						return err
					}
					narrowed := query
					if err := l.Book.Narrow(ctx, q, v, &narrowed); err != nil {
						return err
					}
					for _, way := range []entity.Query{query, narrowed} {
						n, err := l.Book.Count(ctx, q, v, way)
						if err != nil {
							return err
						}
						if n != len(all) {
							t.Errorf("%s: counted %d of %d", filter, n, len(all))
						}
						for _, offset := range []int{0, 13, max(0, len(all)-5)} {
							way.Limit, way.Offset = 7, offset
							page, err := l.Book.Page(ctx, q, v, way)
							if err != nil {
								return err
							}
							want := all[min(offset, len(all)):min(offset+7, len(all))]
							if got, want := bytes.Join(page, []byte(" ")), bytes.Join(want, []byte(" ")); !bytes.Equal(got, want) {
								t.Errorf("%s by %q from %d:\n got %s\nwant %s", filter, order, offset, got, want)
							}
							found[len(page) > 0]++
						}
					}
					return nil
				})
				if err != nil {
					t.Fatalf("%s by %q: %v", filter, order, err)
				}
			}
		}
		if found[true] < 150 || found[false] < 15 {
			t.Errorf("%d pages with rows, %d without", found[true], found[false])
		}
	})
}
