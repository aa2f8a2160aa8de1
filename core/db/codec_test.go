package db_test

import (
	"database/sql"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

type (
	thingID int64
	state   string
)

func ptr[T any](v T) *T { return &v }

// TestRoundTrip stores a value in a column and reads it into a destination of each kind that fits.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 31, 20, 30, 5, 123456000, time.UTC)
	day := almoner.NewDate(2024, time.February, 29)
	cases := []struct {
		name   string
		column string
		arg    any
		want   any // the destination is a new value of the same type
	}{
		{"text", "name", "Ünïçødé 𝄞 'quote' \\", "Ünïçødé 𝄞 'quote' \\"},
		{"empty text is no null", "name", "", ptr("")},
		{"text of a named type", "name", state("open"), state("open")},
		{"pointer to text", "name", ptr("x"), ptr("x")},
		{"null text", "name", (*string)(nil), (*string)(nil)},
		{"null", "name", nil, (*string)(nil)},
		{"pointer to a named type", "name", ptr(state("x")), ptr(state("x"))},
		{"null of a named type", "n", (*thingID)(nil), (*thingID)(nil)},
		{"int64", "n", int64(math.MinInt64), int64(math.MinInt64)},
		{"greatest int64", "n", int64(math.MaxInt64), int64(math.MaxInt64)},
		{"int", "n", 42, 42},
		{"int32", "n", int32(42), int32(42)},
		{"uint8", "n", uint8(42), uint8(42)},
		{"named int", "n", thingID(42), thingID(42)},
		{"pointer to int", "n", ptr(int64(1)), ptr(int64(1))},
		{"null int", "n", (*int64)(nil), (*int64)(nil)},
		{"sql.NullInt64", "n", sql.NullInt64{Int64: 5, Valid: true}, sql.NullInt64{Int64: 5, Valid: true}},
		{"true", "ok", true, true},
		{"false", "ok", false, ptr(false)},
		{"null bool", "ok", nil, (*bool)(nil)},
		{"float", "f", 0.1, 0.1},
		{"null float", "f", nil, (*float64)(nil)},
		{"time", "at", at, at},
		{"time of another zone", "at", at.In(time.FixedZone("", -7*3600)), at},
		{"nanoseconds are cut", "at", at.Add(999), at},
		{"pointer to time", "at", &at, &at},
		{"null time", "at", (*time.Time)(nil), (*time.Time)(nil)},
		{"sql.NullTime", "at", sql.NullTime{Time: at, Valid: true}, sql.NullTime{Time: at, Valid: true}},
		{"null sql.NullTime", "at", sql.NullTime{}, sql.NullTime{}},
		{"first time", "at", time.Time{}, time.Time{}},
		{"time before 1970", "at", time.Date(1899, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(1899, 12, 31, 23, 59, 59, 999999000, time.UTC)},
		{"last time", "at", time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)},
		{"date", "day", day, day},
		{"pointer to date", "day", &day, &day},
		{"no date", "day", almoner.Date{}, almoner.Date{}},
		{"no date as pointer", "day", (*almoner.Date)(nil), (*almoner.Date)(nil)},
		{"first date", "day", almoner.NewDate(1, 1, 1), almoner.NewDate(1, 1, 1)},
		{"last date", "day", almoner.NewDate(9999, 12, 31), almoner.NewDate(9999, 12, 31)},
		{"json", "doc", json.RawMessage(`[1, "two", null]`), json.RawMessage(`[1, "two", null]`)},
		{"json as bytes", "doc", []byte(`"x"`), []byte(`"x"`)},
		{"json null is no null", "doc", json.RawMessage(`null`), json.RawMessage(`null`)},
		{"json as text", "doc", json.RawMessage(`"é"`), `"é"`},
		{"null json", "doc", json.RawMessage(nil), json.RawMessage(nil)},
		{"json with a pair of escapes", "doc", json.RawMessage(`"\ud834\udd1e \\u0000"`), json.RawMessage(nil)},
		{"uuid", "key", "0197a1f0-5f3c-7c00-8000-0123456789ab", "0197a1f0-5f3c-7c00-8000-0123456789ab"},
		{"bytes", "raw", db.Bytes{0, 1, 0xff}, []byte{0, 1, 0xff}},
		{"bytes into Bytes", "raw", db.Bytes("x"), db.Bytes("x")},
		{"null bytes", "raw", db.Bytes(nil), []byte(nil)},
	}
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			var id int64
			err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				id, err = tx.Insert(t.Context(), `insert into demo_things (`+c.column+`) values ($1) returning id`, c.arg)
				return err
			})
			if err != nil {
				t.Errorf("%s: store: %v", c.name, err)
				continue
			}
			if strings.Contains(c.name, "pair of escapes") {
				continue // each engine writes it in its own way
			}
			dest := reflect.New(reflect.TypeOf(c.want))
			if err := d.QueryRow(t.Context(), `select `+c.column+` from demo_things where id = $1`, id).Scan(dest.Interface()); err != nil {
				t.Errorf("%s: read: %v", c.name, err)
				continue
			}
			if diff := cmp.Diff(c.want, dest.Elem().Interface(), cmp.Comparer(func(a, b almoner.Date) bool { return a == b })); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
			if got, ok := dest.Elem().Interface().(time.Time); ok && got.Location() != time.UTC {
				t.Errorf("%s: got zone %s, want UTC", c.name, got.Location())
			}
			mustTx(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `delete from demo_things`)
				return err
			})
		}
	})
}

func TestRefusedArguments(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		column string
		arg    any
		kind   almoner.Kind
		code   string
	}{
		{"NUL", "name", "a\x00b", almoner.Invalid, "db.bad_text"},
		{"broken UTF-8", "name", "a\xffb", almoner.Invalid, "db.bad_text"},
		{"pointer to broken text", "name", ptr("\xc0"), almoner.Invalid, "db.bad_text"},
		{"named broken text", "name", state("\x00"), almoner.Invalid, "db.bad_text"},
		{"NUL escape in JSON", "doc", json.RawMessage(`{"a":"\u0000"}`), almoner.Invalid, "db.bad_text"},
		{"half a pair in JSON", "doc", json.RawMessage(`"\ud834"`), almoner.Invalid, "db.bad_text"},
		{"second half alone", "doc", json.RawMessage(`"\udd1e"`), almoner.Invalid, "db.bad_text"},
		{"half a pair and another escape", "doc", json.RawMessage(`"\ud834\u0041"`), almoner.Invalid, "db.bad_text"},
		{"broken UTF-8 in JSON", "doc", json.RawMessage("\"\xff\""), almoner.Invalid, "db.bad_text"},
		{"year 10000", "at", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), almoner.Invalid, "db.bad_time"},
		{"year 0", "at", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), almoner.Invalid, "db.bad_time"},
		{"not a number", "f", math.NaN(), almoner.Invalid, "db.bad_number"},
		{"infinite", "f", math.Inf(-1), almoner.Invalid, "db.bad_number"},
		{"too big", "n", uint64(math.MaxUint64), almoner.Internal, ""},
		{"a struct", "n", struct{}{}, almoner.Internal, ""},
	}
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			mustTx(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `insert into demo_things (`+c.column+`) values ($1)`, c.arg)
				if err == nil || almoner.KindOf(err) != c.kind || c.code != "" && err.(*almoner.Error).Code != c.code { //nolint:errorlint // it must not be wrapped
					t.Errorf("%s: got %v, want %s", c.name, err, c.code)
				}
				// It never reached the database, so the transaction goes on.
				_, err = tx.Exec(t.Context(), `insert into demo_things (n) values (1)`)
				return err
			})
		}
	})
}

func TestNullNeedsAPointer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into demo_things (n) values (1)`)
			return err
		})
		for column, dest := range map[string]any{"name": new(string), "ok": new(bool), "f": new(float64), "at": new(time.Time)} {
			if err := d.QueryRow(t.Context(), `select `+column+` from demo_things`).Scan(dest); err == nil {
				t.Errorf("null went into %T", dest)
			}
		}
		var a, b int64
		if err := d.QueryRow(t.Context(), `select n from demo_things`).Scan(&a, &b); err == nil {
			t.Error("one column went into two destinations")
		}
	})
}

// TestCell reads every kind of column without knowing it at compile time.
func TestCell(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 31, 20, 30, 5, 1000, time.UTC)
	day := almoner.NewDate(2026, time.March, 31)
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into demo_things (name, n, ok, f, at, day, doc, key, raw) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				"x", 7, true, 1.5, at, day, json.RawMessage(`[1]`), "0197a1f0-5f3c-7c00-8000-0123456789ab", db.Bytes{1})
			if err == nil {
				_, err = tx.Exec(t.Context(), `insert into demo_things (name) values (null)`)
			}
			return err
		})
		kinds := []db.Kind{db.Text, db.Int, db.Bool, db.Float, db.Time, db.Day, db.JSON, db.UUID, db.Blob}
		cells := make([]db.Cell, len(kinds))
		dest := make([]any, len(kinds))
		for i, k := range kinds {
			cells[i].Kind = k
			dest[i] = &cells[i]
		}
		rows, err := d.Query(t.Context(), `select name, n, ok, f, at, day, doc, key, raw from demo_things order by id`)
		got, err := db.Collect(rows, err, func(r db.Row) ([]any, error) {
			err := r.Scan(dest...)
			var row []any
			for i := range cells {
				row = append(row, cells[i].Value())
			}
			return row, err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := [][]any{
			{"x", int64(7), true, 1.5, at, day, json.RawMessage(`[1]`), "0197a1f0-5f3c-7c00-8000-0123456789ab", []byte{1}},
			{nil, nil, nil, nil, nil, nil, nil, nil, nil},
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b almoner.Date) bool { return a == b })); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestScanIntoAny(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		mustTx(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into demo_things (name, n, f) values ('x', 7, 1.5)`)
			return err
		})
		var s, n, f, null, c any
		if err := d.QueryRow(t.Context(), `select name, n, f, at, count(*) over () from demo_things`).Scan(&s, &n, &f, &null, &c); err != nil {
			t.Fatal(err)
		}
		if s != "x" || n != int64(7) || f != 1.5 || null != nil || c != int64(1) {
			t.Errorf("got %#v %#v %#v %#v %#v", s, n, f, null, c)
		}
	})
}

// TestAMillionCents shows that money adds up exactly, beyond what a float could hold.
func TestAMillionCents(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		const n, cents = 1_000_000, 9_007_199_254_741 // n × cents is above 2^62 and odd in its last digits
		mustTx(t, d, func(tx *db.Tx) error {
			got, err := tx.Exec(t.Context(), `insert into demo_things (n)
				with recursive r(i) as (select 1 union all select i + 1 from r where i < 1000) select cast($1 as bigint) + a.i % 2 from r a cross join r b`, int64(cents))
			if got != n {
				t.Errorf("got %d rows", got)
			}
			return err
		})
		var sum int64
		if err := d.QueryRow(t.Context(), `select sum(n) from demo_things`).Scan(&sum); err != nil || sum != n*cents+n/2 {
			t.Fatalf("got %d, %v, want %d", sum, err, int64(n*cents+n/2))
		}
	})
}
