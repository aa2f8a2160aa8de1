package entity

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"almoner.dev/almoner"
)

// appendObject writes one record; lists holds, for each to-many relation of the plan, the written array by owner id.
func appendObject(b []byte, outs []*out, slots []any, lists []map[int64][]byte) []byte {
	b = append(b, '{')
	for i, o := range outs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.key...)
		switch o.op {
		case opValue:
			b = appendValue(b, slots[o.slot])
		case opGroup:
			b = appendObject(b, o.sub, slots, lists)
		case opOne:
			if slots[o.slot] == nil {
				b = append(b, "null"...)
			} else {
				b = appendObject(b, o.sub, slots, lists)
			}
		case opMany:
			owner, _ := slots[o.slot].(int64)
			switch list, ok := lists[o.many][owner]; {
			case ok && o.single:
				b = append(b, list...)
			case ok:
				b = append(append(b, list...), ']')
			case o.single:
				b = append(b, "null"...)
			default:
				b = append(b, "[]"...)
			}
		}
	}
	return append(b, '}')
}

// AppendJSON writes a canonical value as JSON, as output holds it.
func AppendJSON(b []byte, v any) []byte { return appendValue(b, v) }

// appendValue writes a canonical value.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case string:
		return appendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case almoner.Date:
		if v.IsZero() {
			return append(b, "null"...)
		}
		return append(append(append(b, '"'), v.String()...), '"')
	case almoner.Decimal:
		return append(v.Append(append(b, '"')), '"')
	case time.Time:
		return append(v.UTC().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000000Z"), '"')
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case json.RawMessage:
		return append(b, v...)
	case []int64:
		b = append(b, '[')
		for i, n := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(b, n, 10)
		}
		return append(b, ']')
	}
	panic(fmt.Sprintf("entity: no JSON form for a %T", v))
}

const hex = "0123456789abcdef"

// appendString writes a JSON string. The characters that mean something in HTML are escaped, so that a body never becomes markup.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || r == '\u2028' || r == '\u2029' {
				b = append(b, s[start:i]...)
				b = fmt.Appendf(b, `\u%04x`, r)
				start = i + n
			}
			i += n
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
