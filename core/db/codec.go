package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"

	"almoner.dev/almoner"
)

// Bytes is an argument for a binary column ({{bytes}}); a plain []byte is JSON or text. Scan binary columns into *[]byte.
type Bytes []byte

// encodeArgs turns arguments into what the engine's driver takes.
func encodeArgs(e Engine, args []any) ([]any, error) {
	if len(args) == 0 {
		return nil, nil
	}
	enc := make([]any, len(args))
	for i, a := range args {
		v, err := encodeArg(e, a)
		if err != nil {
			if almoner.KindOf(err) != almoner.Internal {
				return nil, err
			}
			return nil, fmt.Errorf("db: argument $%d: %w", i+1, err)
		}
		enc[i] = v
	}
	return enc, nil
}

func encodeArg(e Engine, a any) (any, error) {
	switch v := a.(type) {
	case nil:
		return nil, nil
	case string:
		return v, checkText(v)
	case *string:
		if v == nil {
			return nil, nil
		}
		return *v, checkText(*v)
	case int64:
		return v, nil
	case *int64:
		if v == nil {
			return nil, nil
		}
		return *v, nil
	case int:
		return int64(v), nil
	case bool:
		return encodeBool(e, v), nil
	case time.Time:
		return encodeTime(e, v)
	case *time.Time:
		if v == nil {
			return nil, nil
		}
		return encodeTime(e, *v)
	case sql.NullTime:
		if !v.Valid {
			return nil, nil
		}
		return encodeTime(e, v.Time)
	case almoner.Date:
		return encodeDate(e, v), nil
	case almoner.Decimal:
		return v.Units, nil
	case *almoner.Date:
		if v == nil {
			return nil, nil
		}
		return encodeDate(e, *v), nil
	case json.RawMessage:
		return encodeJSON(v)
	case []byte:
		return encodeJSON(v)
	case Bytes:
		if v == nil {
			return nil, nil
		}
		return []byte(v), nil
	case IDs:
		return v.encode(e), nil
	case Texts:
		return v.encode(e)
	case float64:
		return encodeFloat(v)
	case driver.Valuer:
		if r := reflect.ValueOf(a); r.Kind() == reflect.Pointer && r.IsNil() {
			return nil, nil
		}
		p, err := v.Value()
		if err != nil {
			return nil, err
		}
		if _, again := p.(driver.Valuer); again {
			return nil, fmt.Errorf("the Value of a %T is not a plain value", a)
		}
		return encodeArg(e, p)
	}
	return encodeKind(e, reflect.ValueOf(a))
}

// encodeKind handles named types and pointers, which the switch above cannot list.
func encodeKind(e Engine, r reflect.Value) (any, error) {
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return nil, nil
		}
		return encodeArg(e, r.Elem().Interface())
	case reflect.String:
		s := r.String()
		return s, checkText(s)
	case reflect.Bool:
		return encodeBool(e, r.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if r.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("%d is more than a bigint holds", r.Uint())
		}
		return int64(r.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return encodeFloat(r.Float())
	case reflect.Slice:
		if r.Type().Elem().Kind() == reflect.Int64 {
			return IDs(r.Convert(reflect.TypeFor[[]int64]()).Interface().([]int64)).encode(e), nil
		}
	}
	return nil, fmt.Errorf("a %s cannot be stored", r.Type())
}

func encodeBool(e Engine, v bool) any {
	if e == Postgres {
		return v
	}
	if v {
		return int64(1)
	}
	return int64(0)
}

func encodeTime(e Engine, t time.Time) (any, error) {
	t = instant(t)
	if y := t.Year(); y < 1 || y > 9999 {
		return nil, almoner.Errorf(almoner.Invalid, "db.bad_time", "A time must lie between the years 1 and 9999.")
	}
	if e == Postgres {
		return t, nil
	}
	return formatTime(t), nil
}

func encodeDate(e Engine, d almoner.Date) any {
	switch {
	case d.IsZero():
		return nil
	case e == Postgres:
		return pgtype.Date{Time: d.Time(), Valid: true}
	}
	return d.String()
}

func encodeFloat(f float64) (any, error) {
	// SQLite has no such numbers and would store null.
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, almoner.Errorf(almoner.Invalid, "db.bad_number", "A number must be finite.")
	}
	return f, nil
}

func encodeJSON(b []byte) (any, error) {
	if b == nil {
		return nil, nil
	}
	s := string(b)
	if err := checkText(s); err != nil {
		return nil, err
	}
	if strings.Contains(s, `\u`) && !storableEscapes(s) {
		return nil, errBadText()
	}
	return s, nil
}

// checkText refuses what PostgreSQL cannot keep in a text column.
func checkText(s string) error {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return errBadText()
	}
	return nil
}

func errBadText() error {
	return almoner.Errorf(almoner.Invalid, "db.bad_text", "Text must be valid UTF-8 and must not contain NUL characters.")
}

// storableEscapes reports whether jsonb can keep every \u escape: no NUL, no half of a surrogate pair.
func storableEscapes(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		i++
		if i >= len(s) || s[i] != 'u' {
			continue
		}
		r, ok := hex4(s, i+1)
		if !ok {
			continue // broken JSON: the engine says so
		}
		i += 4
		switch {
		case r == 0, r >= 0xDC00 && r <= 0xDFFF:
			return false
		case r >= 0xD800 && r <= 0xDBFF:
			if i+2 >= len(s) || s[i+1] != '\\' || s[i+2] != 'u' {
				return false
			}
			low, ok := hex4(s, i+3)
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return false
			}
			i += 6
		}
	}
	return true
}

func hex4(s string, at int) (rune, bool) {
	if at+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[at : at+4]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// timeLayout is how SQLite keeps an instant: of fixed width, so that the order of the text is the order of time.
const timeLayout = "2006-01-02T15:04:05.000000Z"

func formatTime(t time.Time) string {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	us := t.Nanosecond() / 1000
	b := []byte(timeLayout)
	put := func(at, width, v int) {
		for i := at + width - 1; i >= at; i-- {
			b[i] = byte('0' + v%10)
			v /= 10
		}
	}
	put(0, 4, y)
	put(5, 2, int(mo))
	put(8, 2, d)
	put(11, 2, h)
	put(14, 2, mi)
	put(17, 2, s)
	put(20, 6, us)
	return string(b)
}

func parseTime(s string) (time.Time, error) {
	if len(s) == len(timeLayout) && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':' && s[19] == '.' && s[26] == 'Z' {
		ok := true
		get := func(at, width int) (v int) {
			for _, c := range []byte(s[at : at+width]) {
				if c < '0' || c > '9' {
					ok = false
				}
				v = v*10 + int(c-'0')
			}
			return v
		}
		y, mo, d, h, mi, sec, us := get(0, 4), get(5, 2), get(8, 2), get(11, 2), get(14, 2), get(17, 2), get(20, 6)
		if ok {
			return time.Date(y, time.Month(mo), d, h, mi, sec, us*1000, time.UTC), nil
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not an instant", s)
	}
	return t.UTC(), nil
}
