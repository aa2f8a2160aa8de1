package entity

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// A list can be read on from a row instead of from a number of rows: what comes behind the values that the order looks at. However far a reader has come, the
// next page costs as much as the first, and rows that are added or removed meanwhile neither repeat nor hide others. The values travel with the client as
// a cursor, so that the row itself may be changed or deleted.

// place is what a cursor says: the values of the terms of an order, the id last.
type place []any

// maxCursor bounds the text of a cursor, well above what the columns of an order hold.
const maxCursor = 8000

// Walk is Page that goes on: it returns at most Limit rows, and the cursor for ParseAfter of those that follow, "" when there are none. It costs up to one
// statement more than Page.
func (e *Entity) Walk(ctx context.Context, q db.Queryer, v Viewer, query Query) (rows [][]byte, next string, err error) {
	limit := query.Limit
	query.Limit++
	rows, ids, err := e.page(ctx, q, v, query)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	next, err = e.Cursor(ctx, q, v, query, ids[limit-1])
	return rows[:limit], next, err
}

// Cursor returns the cursor that goes on behind a record in the order of a query. The record should be one that the query found for the viewer, as the cursor
// tells the values that it is ordered by. NotFound when there is no such record.
func (e *Entity) Cursor(ctx context.Context, q db.Queryer, v Viewer, query Query, id int64) (string, error) {
	joins, terms := e.terms(query.order)
	list := make([]column, len(terms))
	sqls := make([]string, len(terms))
	for i, t := range terms {
		list[i], sqls[i] = column{t.sql, t.of.Kind, t.of.Scale}, t.sql
	}
	at := place{id}
	if len(terms) > 1 {
		rows, err := e.registry.scan(ctx, q, list, false, "select "+strings.Join(sqls, ", ")+" from "+e.source(v, query)+" t0"+joins+" where t0.id = $1", []any{id})
		if err != nil {
			return "", fmt.Errorf("where %s %d is in the list: %w", e.Name, id, err)
		}
		if len(rows) == 0 {
			return "", NotFound()
		}
		at = rows[0]
	}
	return at.text(e, terms), nil
}

// text writes the values behind a check of them and of the order that they are of.
func (p place) text(e *Entity, terms []term) string {
	body := []byte{'['}
	for i, v := range p {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendValue(body, v)
	}
	body = append(body, ']')
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, checkOf(e, terms, body)), body...))
}

func checkOf(e *Entity, terms []term, body []byte) uint32 {
	sum := crc32.NewIEEE()
	fmt.Fprintf(sum, "%s", e.Name)
	for _, t := range terms {
		fmt.Fprintf(sum, ", %s", t)
	}
	sum.Write(body)
	return sum.Sum32()
}

// ParseAfter makes a query go on behind a cursor of Walk or Cursor. A text that is none, or one of another list or order, is an Invalid error about `after`.
func (e *Entity) ParseAfter(query *Query, text string) error {
	_, terms := e.terms(query.order)
	if raw, err := base64.RawURLEncoding.DecodeString(text); err == nil && len(text) <= maxCursor && len(raw) > 4 && binary.BigEndian.Uint32(raw) == checkOf(e, terms, raw[4:]) {
		if at, ok := parsePlace(raw[4:], terms); ok {
			query.after = at
			return nil
		}
	}
	var p almoner.Problems
	p.Add("after", "bad_cursor", "This cursor does not belong to this list and order: leave it out to begin at the first page.")
	return p.Err()
}

// parsePlace reads the values of an order. The check in front of them is no secret, so that they may be anything.
func parsePlace(raw []byte, terms []term) (place, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil || len(values) != len(terms) {
		return nil, false
	}
	at := make(place, len(values))
	for i, v := range values {
		if v == nil {
			if !terms[i].null {
				return nil, false
			}
			continue
		}
		f := terms[i].of
		switch v := v.(type) {
		case bool:
			if f.Kind != Bool {
				return nil, false
			}
			at[i] = v
			continue
		case json.Number:
			if f.Kind != Integer && f.Kind != Ref && f.Kind != Number {
				return nil, false
			}
			values[i] = v.String()
		case string:
			if f.Kind == Integer || f.Kind == Ref || f.Kind == Number || f.Kind == Bool {
				return nil, false
			}
		default:
			return nil, false
		}
		value, bad := f.parseText(fmt.Sprint(values[i]))
		if bad == nil && f.Kind == UUID {
			value, bad = decodeUUID(value)
		}
		if bad != nil {
			return nil, false
		}
		at[i] = value
	}
	return at, true
}

// afterSQL composes the condition that a row comes behind a place, "" for none. The first lost terms are known to be null, and not there to be asked.
func (e *Entity) afterSQL(b *builder, query Query, lost int) string {
	if query.after == nil {
		return ""
	}
	_, terms := e.terms(query.order)
	return " and " + behind(b, e.registry.engine, terms, query.after, lost)
}

func behind(b *builder, engine db.Engine, terms []term, at place, lost int) string {
	t, v := terms[0], at[0]
	// Where the rows without a value are.
	last := (engine == db.Postgres) != t.desc
	within, further, same := "", "", ""
	switch {
	case lost > 0:
		further, same = truth(v != nil && last), truth(v == nil)
	case v == nil:
		same = t.sql + " is null"
		if !last {
			further = t.sql + " is not null"
		}
	default:
		sql, value, beyond := t.sql, b.arg(v), " >"
		if t.desc {
			beyond = " <"
		}
		if t.whole && engine == db.Postgres {
			sql = "cast(" + sql + " as bigint)"
		}
		further, same = sql+beyond+" "+value, sql+" = "+value
		if t.null && last {
			further = "(" + further + " or " + t.sql + " is null)"
		} else {
			// Says nothing new, but an index can be entered at it.
			within = sql + beyond + "= " + value + " and "
		}
	}
	if len(terms) == 1 {
		if further == "" {
			return "1 = 0"
		}
		return further
	}
	rest := behind(b, engine, terms[1:], at[1:], max(0, lost-1))
	if further == "" {
		return "(" + same + " and " + rest + ")"
	}
	return "(" + within + "(" + further + " or " + same + " and " + rest + "))"
}

func truth(is bool) string {
	if is {
		return "1 = 1"
	}
	return "1 = 0"
}
