package db

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"almoner.dev/almoner"
)

// Kind is what a column holds, the same word for both engines.
type Kind string

// The kinds; a migration writes them as the macro or SQL type beside them.
const (
	Text  Kind = "text"  // {{text}} or text
	Int   Kind = "int"   // bigint, {{pk}}, {{fk}}
	Bool  Kind = "bool"  // {{bool}}
	Float Kind = "float" // double precision
	Time  Kind = "time"  // {{time}}
	Day   Kind = "date"  // {{date}}
	JSON  Kind = "json"  // {{json}}
	UUID  Kind = "uuid"  // {{uuid}}
	Blob  Kind = "bytes" // {{bytes}}
)

// Cell is a scan destination for a column whose kind is known only at run time. It reads the same on both engines and, reused
// from row to row, allocates nothing beyond the text itself. Set Kind once; after Scan the field that belongs to it is set.
type Cell struct {
	Kind Kind
	// Null reports that the column was null; the other fields are then zero.
	Null bool
	// Int is the value of kind Int.
	Int int64
	// Bool is the value of kind Bool.
	Bool bool
	// Float is the value of kind Float.
	Float float64
	// Text is the value of kinds Text and UUID.
	Text string
	// Time is the value of kind Time, in UTC.
	Time time.Time
	// Date is the value of kind Day.
	Date almoner.Date
	// Bytes is the value of kinds JSON and Blob.
	Bytes []byte
}

// Value returns nil for null, else int64, bool, float64, string, time.Time, almoner.Date, json.RawMessage or []byte by kind.
func (c *Cell) Value() any {
	if c.Null {
		return nil
	}
	switch c.Kind {
	case Int:
		return c.Int
	case Bool:
		return c.Bool
	case Float:
		return c.Float
	case Text, UUID:
		return c.Text
	case Time:
		return c.Time
	case Day:
		return c.Date
	case JSON:
		return json.RawMessage(c.Bytes)
	case Blob:
		return c.Bytes
	}
	return nil
}

func (c *Cell) clear(null bool) { *c = Cell{Kind: c.Kind, Null: null} }

func (c *Cell) fromSQLite(src any) error {
	c.clear(src == nil)
	if src == nil {
		return nil
	}
	switch c.Kind {
	case Int:
		return assign(&c.Int, src)
	case Bool:
		return assign(&c.Bool, src)
	case Float:
		return assign(&c.Float, src)
	case Text, UUID:
		return assign(&c.Text, src)
	case Time:
		return assign(&c.Time, src)
	case Day:
		return assign(&c.Date, src)
	case JSON, Blob:
		return assign(&c.Bytes, src)
	}
	return fmt.Errorf("a cell of kind %q cannot be scanned", c.Kind)
}

// target returns what pgx scans into for this cell, and what to do with it afterwards.
func (c *Cell) target() (any, func()) {
	c.clear(false)
	switch c.Kind {
	case Int:
		return (*intCell)(c), nil
	case Bool:
		return (*boolCell)(c), nil
	case Float:
		return (*floatCell)(c), nil
	case Text, UUID:
		return (*textCell)(c), nil
	case Time:
		return (*timeCell)(c), nil
	case Day:
		return (*dateCell)(c), nil
	}
	return &c.Bytes, func() { c.Null = c.Bytes == nil }
}

// The types below give a Cell the one method by which pgx hands over a value of its kind without boxing it.
type (
	intCell   Cell
	boolCell  Cell
	floatCell Cell
	textCell  Cell
	timeCell  Cell
	dateCell  Cell
)

func (c *intCell) ScanInt64(v pgtype.Int8) error {
	c.Int, c.Null = v.Int64, !v.Valid
	return nil
}

func (c *boolCell) ScanBool(v pgtype.Bool) error {
	c.Bool, c.Null = v.Bool, !v.Valid
	return nil
}

func (c *floatCell) ScanFloat64(v pgtype.Float8) error {
	c.Float, c.Null = v.Float64, !v.Valid
	return nil
}

func (c *textCell) ScanText(v pgtype.Text) error {
	c.Text, c.Null = v.String, !v.Valid
	return nil
}

func (c *timeCell) ScanTimestamptz(v pgtype.Timestamptz) error {
	c.Time, c.Null = v.Time.UTC(), !v.Valid
	if !v.Valid {
		c.Time = time.Time{}
	}
	return nil
}

func (c *dateCell) ScanDate(v pgtype.Date) error {
	c.Null = !v.Valid
	if v.Valid {
		c.Date = almoner.DateOf(v.Time)
	}
	return nil
}
