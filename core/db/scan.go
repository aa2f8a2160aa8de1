package db

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"almoner.dev/almoner"
)

// assign puts a value as SQLite gives it (nil, int64, float64, string, []byte) where dest points.
func assign(dest, src any) error {
	switch d := dest.(type) {
	case *any:
		*d = src
		return nil
	case *string:
		switch s := src.(type) {
		case string:
			*d = s
			return nil
		case []byte:
			*d = string(s)
			return nil
		case int64:
			*d = strconv.FormatInt(s, 10)
			return nil
		}
	case **string:
		return assignPointer(d, src)
	case *int64:
		if s, ok := src.(int64); ok {
			*d = s
			return nil
		}
	case **int64:
		return assignPointer(d, src)
	case *int:
		if s, ok := src.(int64); ok {
			*d = int(s)
			return nil
		}
	case *bool:
		if s, ok := src.(int64); ok {
			*d = s != 0
			return nil
		}
	case **bool:
		return assignPointer(d, src)
	case *float64:
		switch s := src.(type) {
		case float64:
			*d = s
			return nil
		case int64:
			*d = float64(s)
			return nil
		}
	case *time.Time:
		if s, ok := src.(string); ok {
			t, err := parseTime(s)
			if err != nil {
				return err
			}
			*d = t
			return nil
		}
	case **time.Time:
		return assignPointer(d, src)
	case *sql.NullTime:
		*d = sql.NullTime{}
		if src == nil {
			return nil
		}
		if err := assign(&d.Time, src); err != nil {
			return err
		}
		d.Valid = true
		return nil
	case *json.RawMessage:
		return assign((*[]byte)(d), src)
	case *Bytes:
		return assign((*[]byte)(d), src)
	case *[]byte:
		switch s := src.(type) {
		case nil:
			*d = nil
			return nil
		case string:
			*d = []byte(s)
			return nil
		case []byte:
			*d = s
			return nil
		}
	case *almoner.Date:
		return d.Scan(src)
	case **almoner.Date:
		return assignPointer(d, src)
	case *Cell:
		return d.fromSQLite(src)
	case sql.Scanner:
		return d.Scan(src)
	default:
		return assignKind(reflect.ValueOf(dest), src)
	}
	return mismatch(dest, src)
}

func assignPointer[T any](d **T, src any) error {
	if src == nil {
		*d = nil
		return nil
	}
	v := new(T)
	if err := assign(v, src); err != nil {
		return err
	}
	*d = v
	return nil
}

// assignKind handles named types and pointers to them, which the switch in assign cannot list.
func assignKind(dest reflect.Value, src any) error {
	if dest.Kind() != reflect.Pointer || dest.IsNil() {
		return fmt.Errorf("a scan destination must be a pointer, not %s", dest.Type())
	}
	v := dest.Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if src == nil {
			v.SetZero()
			return nil
		}
		p := reflect.New(v.Type().Elem())
		if err := assign(p.Interface(), src); err != nil {
			return err
		}
		v.Set(p)
		return nil
	case reflect.String:
		if s, ok := src.(string); ok {
			v.SetString(s)
			return nil
		}
	case reflect.Bool:
		if s, ok := src.(int64); ok {
			v.SetBool(s != 0)
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if s, ok := src.(int64); ok {
			if v.OverflowInt(s) {
				return fmt.Errorf("%d does not fit into %s", s, v.Type())
			}
			v.SetInt(s)
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if s, ok := src.(int64); ok {
			if s < 0 || v.OverflowUint(uint64(s)) {
				return fmt.Errorf("%d does not fit into %s", s, v.Type())
			}
			v.SetUint(uint64(s))
			return nil
		}
	case reflect.Float32, reflect.Float64:
		var f float64
		if err := assign(&f, src); err != nil {
			return mismatch(dest.Interface(), src)
		}
		v.SetFloat(f)
		return nil
	}
	return mismatch(dest.Interface(), src)
}

func mismatch(dest, src any) error {
	if src == nil {
		return fmt.Errorf("null does not fit into %T", dest)
	}
	return fmt.Errorf("a %T does not fit into %T", src, dest)
}
