package entity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

// valid is a row as people see its validity.
type valid struct {
	ID       int64  `json:"id"`
	UUID     string `json:"uuid"`
	LegacyID *int64 `json:"legacy_id"`
	From     string `json:"validity_from"`
	To       string `json:"validity_to"`
	Code     string `json:"code"`
	Price    string `json:"price"`
}

func (v valid) String() string {
	return fmt.Sprintf("%s@%s %.10s–%.10s", v.Code, v.Price, v.From, v.To)
}

func validRows(t *testing.T, l *entitytest.Library, as *almoner.Actor, query string) []valid {
	t.Helper()
	params, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, others, err := l.Tariff.ParseQuery(entity.Viewer{}, params)
	if err != nil || len(others) > 0 {
		t.Fatal(err, others)
	}
	if err := l.Tariff.Narrow(t.Context(), l.DB, l.Viewer(as), &q); err != nil {
		t.Fatal(err)
	}
	rows, err := l.Tariff.Page(t.Context(), l.DB, l.Viewer(as), q)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	same := func(a, b []byte) bool { return string(a) == string(b) }
	var each [][]byte
	if err := l.Tariff.Each(t.Context(), l.DB, l.Viewer(as), q, func(row []byte) error { each = append(each, row); return nil }); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if n, err := l.Tariff.Count(t.Context(), l.DB, l.Viewer(as), q); err != nil || n != len(rows) || !slices.EqualFunc(each, rows, same) {
		t.Errorf("%s: %d rows, counted %d, one by one %d, %v", query, len(rows), n, len(each), err)
	}
	var walked [][]byte
	for page, next, q := q, "?", q; next != ""; {
		page.Limit, page.Offset = 2, len(walked)
		if some, err := l.Tariff.Page(t.Context(), l.DB, l.Viewer(as), page); err != nil || !slices.EqualFunc(some, rows[len(walked):min(len(walked)+2, len(rows))], same) {
			t.Errorf("%s: from %d come %s, %v", query, len(walked), some, err)
		}
		q.Limit = 2
		var some [][]byte
		if some, next, err = l.Tariff.Walk(t.Context(), l.DB, l.Viewer(as), q); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		walked = append(walked, some...)
		if next != "" {
			if err := l.Tariff.ParseAfter(&q, next); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
	}
	if !slices.EqualFunc(walked, rows, same) {
		t.Errorf("%s: walked to %s", query, walked)
	}
	list := make([]valid, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row, &list[i]); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// on carries out a change as if it were another day.
func on(t *testing.T, l *entitytest.Library, day string, c *entity.Change) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T12:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	ctx := almoner.WithActor(context.WithoutCancel(t.Context()), entitytest.Librarian)
	err = l.DB.InTx(ctx, func(tx *db.Tx) error {
		tx.Now = at
		return c.Entity.Save(ctx, tx, c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestThePastIsRows(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		author := l.Add(t, l.Author, entity.Values{"name": "Ba"})
		a := l.Tariff.NewChange(0, entity.Values{"code": "A", "price": decimal("1", 2), "author": author})
		on(t, l, "2020-01-01", a)
		on(t, l, "2020-01-01", l.Tariff.NewChange(0, entity.Values{"code": "B", "price": decimal("5", 2)}))
		on(t, l, "2021-01-01", l.Tariff.NewChange(a.ID, entity.Values{"price": decimal("2", 2)}))
		on(t, l, "2021-06-01", l.Tariff.NewChange(a.ID, entity.Values{"price": decimal("2", 2)})) // changes nothing
		on(t, l, "2022-01-01", l.Tariff.NewChange(a.ID, entity.Values{"code": "Á"}))
		before := validRows(t, l, entitytest.Librarian, "code=Á")[0]
		on(t, l, "2023-01-01", l.Tariff.NewDelete(a.ID))
		on(t, l, "2024-01-01", l.Tariff.NewChange(0, entity.Values{"code": "Á", "price": decimal("9", 2)}))

		all := []string{"Á@2.00 2023-01-01–2023-01-01", "Á@9.00 2024-01-01–", "A@1.00 2020-01-01–2021-01-01", "A@2.00 2021-01-01–2022-01-01", "Á@2.00 2022-01-01–2023-01-01", "B@5.00 2020-01-01–"}
		for _, c := range []struct {
			as    *almoner.Actor
			query string
			want  []string
		}{
			{entitytest.Librarian, "", []string{"Á@9.00 2024-01-01–", "B@5.00 2020-01-01–"}},
			{entitytest.Librarian, "show_history=true", all},
			{entitytest.Librarian, "show_history=false", []string{"Á@9.00 2024-01-01–", "B@5.00 2020-01-01–"}},
			{entitytest.Passerby, "show_history=true", []string{"Á@9.00 2024-01-01–", "B@5.00 2020-01-01–"}},
			{entitytest.Southerner, "show_history=true", nil},
			{entitytest.Librarian, "show_history=true&price=2&ordering=-price", []string{all[4], all[3], all[0]}},
			{entitytest.Librarian, "show_history=true&search=a&author__name=Ba&ordering=author", []string{all[0], all[2], all[3], all[4]}},
			{entitytest.Passerby, "validity=2019-12-31", nil},
			{entitytest.Passerby, "validity=2020-01-01", []string{"A@1.00 2020-01-01–2021-01-01", "B@5.00 2020-01-01–"}},
			{entitytest.Passerby, "validity=2021-01-01", []string{"A@2.00 2021-01-01–2022-01-01", "B@5.00 2020-01-01–"}},
			{entitytest.Passerby, "validity=2022-12-31&code=Á", []string{"Á@2.00 2022-01-01–2023-01-01"}},
			{entitytest.Passerby, "validity=2023-01-01", []string{"B@5.00 2020-01-01–"}},
			{entitytest.Passerby, "uuid=" + before.UUID, []string{"Á@2.00 2023-01-01–2023-01-01"}},
		} {
			var got []string
			for _, row := range validRows(t, l, c.as, c.query) {
				got = append(got, row.String())
			}
			want := slices.Clone(c.want)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s:\n got %q\nwant %q", c.query, got, want)
			}
		}
		ids, uuids := map[int64]bool{}, map[string]bool{}
		for _, row := range validRows(t, l, entitytest.Librarian, "show_history=true") {
			ids[row.ID], uuids[row.UUID] = true, true
			past := row.Price == "1.00" || row.Price == "2.00" && row.ID != a.ID
			if past != (row.LegacyID != nil) || past && *row.LegacyID != a.ID {
				t.Errorf("%s has id %d and legacy id %v", row, row.ID, row.LegacyID)
			}
			if found := validRows(t, l, entitytest.Passerby, "uuid__in="+row.UUID); len(found) != 1 || found[0].ID != row.ID {
				t.Errorf("by the UUID of %s: %v", row, found)
			}
		}
		if len(ids) != 6 || len(uuids) != 6 {
			t.Errorf("ids %v, UUIDs %v", ids, uuids)
		}
		v := l.Viewer(entitytest.Librarian)
		if _, err := l.Tariff.Locate(t.Context(), l.DB, v, a.ID); almoner.KindOf(err) != almoner.NotFound {
			t.Errorf("a closed row can be located: %v", err)
		}
		if err := l.Save(t.Context(), entitytest.Librarian, l.Tariff.NewChange(a.ID, entity.Values{"code": "X"})); almoner.KindOf(err) != almoner.NotFound {
			t.Errorf("a closed row can be changed: %v", err)
		}
		b := validRows(t, l, entitytest.Librarian, "code=B")[0]
		on(t, l, "2025-01-01", l.Tariff.NewChange(b.ID, entity.Values{"price": decimal("6", 2), "validity_from": time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)}))
		if got := fmt.Sprint(validRows(t, l, entitytest.Librarian, "show_history=true&code=B&ordering=price")); got != "[B@5.00 2020-01-01–2024-07-01 B@6.00 2024-07-01–]" {
			t.Errorf("with a time of its own: %s", got)
		}
		found, err := l.Tariff.Locate(t.Context(), l.DB, v, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		history, err := l.Tariff.History(t.Context(), l.DB, found)
		if err != nil || len(history) != 2 || history[1].Changes[0].Before != "5.00" || history[1].Changes[0].After != "6.00" {
			t.Errorf("the timeline is %+v, %v", history, err)
		}
	})
}

// What one unit of work writes in steps is one state: no row of the past says what never was.
func TestThePastHasNoMoments(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		a := l.Tariff.NewChange(0, entity.Values{"code": "A", "price": decimal("1", 2)})
		on(t, l, "2020-01-01", a)
		ctx := almoner.WithActor(context.WithoutCancel(t.Context()), entitytest.Librarian)
		err := l.DB.InTx(ctx, func(tx *db.Tx) error {
			tx.Now = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
			for _, price := range []string{"2", "3", "4"} {
				if err := l.Tariff.Save(ctx, tx, l.Tariff.NewChange(a.ID, entity.Values{"price": decimal(price, 2)})); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(validRows(t, l, entitytest.Librarian, "show_history=true&ordering=price")); got != "[A@1.00 2020-01-01–2021-01-01 A@4.00 2021-01-01–]" {
			t.Errorf("the past is %s", got)
		}
	})
}

// What an import knows of the past stands beside what was kept here, and is no part of the timeline.
func TestAddPast(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		id := l.Add(t, l.Tariff, entity.Values{"code": "A", "price": decimal("3", 2)})
		day := func(d int) time.Time { return time.Date(2019, 5, d, 0, 0, 0, 0, time.UTC) }
		const known = "0190b2a1-7e5c-7000-8000-0000000000aa"
		add := func(values entity.Values) (past int64, err error) {
			ctx := almoner.WithActor(t.Context(), entitytest.Librarian)
			err = l.DB.InTx(ctx, func(tx *db.Tx) error {
				past, err = l.Tariff.AddPast(ctx, tx, id, values)
				return err
			})
			return past, err
		}
		first, err := add(entity.Values{"code": "OLD", "price": decimal("1", 2), "uuid": known, "validity_from": day(1), "validity_to": day(2)})
		if err != nil {
			t.Fatal(err)
		}
		second, err := add(entity.Values{"code": "A", "price": decimal("2", 2), "validity_from": day(2), "validity_to": day(9)})
		if err != nil || second <= first || first <= id {
			t.Fatal(first, second, err)
		}
		if err := l.Save(t.Context(), entitytest.Librarian, l.Tariff.NewChange(id, entity.Values{"price": decimal("4", 2)})); err != nil {
			t.Fatal(err)
		}
		past := validRows(t, l, entitytest.Librarian, "show_history=true&ordering=price")
		if len(past) != 4 {
			t.Fatalf("got %v", past)
		}
		if past[0].UUID != known || past[0].ID != first || past[0].LegacyID == nil || *past[0].LegacyID != id || past[0].String() != "OLD@1.00 2019-05-01–2019-05-02" {
			t.Errorf("got %+v", past[0])
		}
		if got := validRows(t, l, entitytest.Librarian, "validity=2019-05-04"); len(got) != 1 || got[0].Price != "2.00" {
			t.Errorf("on the fourth of May: %v", got)
		}
		if got := validRows(t, l, entitytest.Librarian, "uuid="+known); len(got) != 1 || got[0].ID != first {
			t.Errorf("by its UUID: %v", got)
		}
		if _, err := add(entity.Values{"code": "X", "price": decimal("1", 2), "validity_from": day(1)}); almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("without an end: %v", err)
		}
	})
}

// What completes a record corrects what is kept of it, and nothing seems to have happened since.
func TestCompleting(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		a := l.Tariff.NewChange(0, entity.Values{"code": "A", "price": decimal("1", 2)})
		on(t, l, "2020-01-01", a)
		rest := l.Tariff.NewChange(a.ID, entity.Values{"price": decimal("2", 2)})
		rest.Completes = true
		on(t, l, "2021-01-01", rest)
		rows := validRows(t, l, entitytest.Librarian, "show_history=true")
		if len(rows) != 1 || rows[0].String() != "A@2.00 2020-01-01–" {
			t.Errorf("got %v", rows)
		}
		on(t, l, "2022-01-01", l.Tariff.NewChange(a.ID, entity.Values{"code": "B"}))
		if rows = validRows(t, l, entitytest.Librarian, "validity=2021-06-01"); len(rows) != 1 || rows[0].String() != "A@2.00 2020-01-01–2022-01-01" {
			t.Errorf("in the past there is %v", rows)
		}
	})
}
