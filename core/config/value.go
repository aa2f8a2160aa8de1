package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// errKind says what was expected, without repeating what was written: that may be a secret.
type errKind string

func (e errKind) Error() string { return "expected " + string(e) }

// setText sets v from the text of an environment variable or flag. Lists are split at commas; an empty text is an empty list.
func setText(v reflect.Value, text string) error {
	if v.Kind() == reflect.Slice && !isText(v.Type()) {
		var parts []string
		if strings.TrimSpace(text) != "" {
			parts = strings.Split(text, ",")
		}
		list := reflect.MakeSlice(v.Type(), len(parts), len(parts))
		for i, part := range parts {
			if err := setText(list.Index(i), strings.TrimSpace(part)); err != nil {
				return fmt.Errorf("item %d: %w", i+1, err)
			}
		}
		v.Set(list)
		return nil
	}
	if v.Type() == duration {
		d, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return errKind("a duration with its unit, such as 30s, 15m or 8h")
		}
		v.SetInt(int64(d))
		return nil
	}
	if v.Type() == size {
		n, err := ParseSize(text)
		if err != nil {
			return errKind("a size such as 512KB, 10MB or 2GiB")
		}
		v.SetInt(int64(n))
		return nil
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return errKind("a " + v.Type().String())
		}
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := ParseBool(text)
		if err != nil {
			return err
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, v.Type().Bits())
		if err != nil {
			return wholeNumber(err, v.Type())
		}
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := strconv.ParseUint(strings.TrimSpace(text), 10, v.Type().Bits())
		if err != nil {
			return wholeNumber(err, v.Type())
		}
		v.SetUint(n)
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(strings.TrimSpace(text), v.Type().Bits())
		if err != nil {
			return errKind("a number")
		}
		v.SetFloat(n)
	}
	return nil
}

// ParseBool reads true, yes, on or 1, and their opposites.
func ParseBool(text string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes", "on", "1":
		return true, nil
	case "false", "no", "off", "0":
		return false, nil
	}
	return false, errKind("true or false")
}

func wholeNumber(err error, t reflect.Type) error {
	if errors.Is(err, strconv.ErrRange) {
		return errKind("a whole number that fits " + t.Kind().String())
	}
	return errKind("a whole number")
}

// display writes the value in force as an operator would write it, with secrets masked.
func display(v reflect.Value, secret bool) string {
	if secret {
		if v.IsZero() {
			return ""
		}
		return mask
	}
	return maskPasswords(plain(v))
}

func plain(v reflect.Value) string {
	if v.Kind() == reflect.Slice && !isText(v.Type()) {
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = plain(v.Index(i))
		}
		return strings.Join(parts, ",")
	}
	if v.Type() == duration {
		return ShowDuration(time.Duration(v.Int()))
	}
	switch t := v.Interface().(type) {
	case encoding.TextMarshaler:
		b, err := t.MarshalText()
		if err != nil {
			return fmt.Sprint(t)
		}
		return string(b)
	default:
		return fmt.Sprint(t)
	}
}

// ShowDuration writes a span of time without the zero minutes and seconds that Duration.String adds: 8h instead of 8h0m0s.
func ShowDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
