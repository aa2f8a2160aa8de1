package entity

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// filter is one compiled parameter of a list.
type filter struct {
	param  string
	path   *path
	lookup string
}

var lookups = []string{"exact", "ne", "in", "lt", "lte", "gt", "gte", "isnull", "icontains", "iexact", "istartswith", "contains", "startswith", "year"}

// Condition is one parsed filter.
type Condition struct {
	filter *filter
	value  any
}

// parse reads the values of a repeated parameter; those of a list are joined by commas.
func (f *filter) parse(values []string) (Condition, *almoner.FieldError) {
	var texts []string
	for _, v := range values {
		if f.lookup == "in" {
			for _, part := range strings.Split(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					texts = append(texts, part)
				}
			}
		} else if v != "" {
			texts = append(texts, v)
		}
	}
	return f.condition(texts)
}

// condition reads values one by one.
func (f *filter) condition(texts []string) (Condition, *almoner.FieldError) {
	field := f.path.last()
	if len(texts) == 0 {
		return Condition{}, nil // an empty parameter is no filter
	}
	switch f.lookup {
	case validAt:
		day, err := almoner.ParseDate(texts[0])
		if err != nil {
			return Condition{}, &almoner.FieldError{Code: "bad_date_filter", Message: "Enter a valid date."}
		}
		return Condition{f, day}, nil
	case "isnull", showHistory:
		v, ok := parseBool(texts[0])
		if !ok {
			return Condition{}, &almoner.FieldError{Code: "not_a_boolean", Message: "Must be a valid boolean."}
		}
		return Condition{f, v}, nil
	case "icontains", "iexact", "istartswith", "contains", "startswith":
		if bad := badText(texts[0]); bad != nil {
			return Condition{}, bad
		}
		if len(texts[0]) > maxTerm {
			return Condition{}, &almoner.FieldError{Code: "too_long", Message: fmt.Sprintf("Ensure this field has no more than %d characters.", maxTerm), Params: map[string]string{"max": strconv.Itoa(maxTerm)}}
		}
		if f.lookup != "icontains" {
			return Condition{f, texts[0]}, nil
		}
		return Condition{f, db.Fold(texts[0])}, nil
	case "year":
		n, err := strconv.Atoi(texts[0])
		if err != nil || n < 1 || n > 9998 {
			return Condition{}, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return Condition{f, n}, nil
	}
	list := make([]any, 0, len(texts))
	seen := make(map[any]bool, len(texts))
	for _, text := range texts {
		v, bad := field.parseText(text)
		if bad != nil {
			return Condition{}, bad
		}
		if !seen[v] {
			seen[v] = true
			list = append(list, v)
		}
	}
	if _, isID := list[0].(int64); len(list) > maxValues && !isID {
		return Condition{}, &almoner.FieldError{Code: "too_many_values", Message: fmt.Sprintf("Ask for at most %d values.", maxValues), Params: map[string]string{"max": strconv.Itoa(maxValues)}}
	}
	if f.lookup == "exact" || f.lookup == "in" {
		return Condition{f, list}, nil
	}
	return Condition{f, list[0]}, nil
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1", "yes", "on":
		return true, true
	case "false", "0", "no", "off":
		return false, true
	}
	return false, false
}

// Parse reads a value of the field from text, such as that of a parameter, into its canonical form.
func (f *Field) Parse(text string) (any, *almoner.FieldError) { return f.parseText(text) }

// parseText reads a value of the field from the text of a query parameter.
func (f *Field) parseText(text string) (any, *almoner.FieldError) {
	if f.extension != nil {
		if v, bad, ok := f.parseExtension(text); ok {
			return v, bad
		}
	}
	switch f.Kind {
	case Integer, Ref, Refs, Children:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return n, nil
	case Number:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return n, nil
	case Decimal:
		d, bad := f.decodeDecimal(text)
		if bad != nil {
			return nil, bad
		}
		return d, nil
	case UUID:
		text = strings.ToLower(text)
	case Bool:
		v, ok := parseBool(text)
		if !ok {
			return nil, &almoner.FieldError{Code: "not_a_boolean", Message: "Must be a valid boolean."}
		}
		return v, nil
	case Date:
		d, err := almoner.ParseDate(text)
		if err != nil {
			return nil, &almoner.FieldError{Code: "bad_date_filter", Message: "Enter a valid date."}
		}
		return d, nil
	case Choice:
		for _, c := range f.Choices {
			if c.Value == text {
				return text, nil
			}
		}
		return nil, &almoner.FieldError{Code: "not_a_choice", Message: fmt.Sprintf("Select a valid choice. %s is not one of the available choices.", clip(text)), Params: map[string]string{"value": clip(text)}}
	case Time:
		t, err := parseTime(text)
		if err != nil {
			return nil, &almoner.FieldError{Code: "bad_datetime_filter", Message: "Enter a valid date/time."}
		}
		return t, nil
	}
	if bad := badText(text); bad != nil {
		return nil, bad
	}
	return text, nil
}

// clip shortens a value that goes into a message, so that a hostile megabyte is not sent back.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// sql composes the condition. Conditions over the same path are composed together, so that both ends of a range are asked of
// one and the same task.
func (e *Entity) whereConditions(r *Registry, b *builder, conditions []Condition, n *narrowing) []string {
	var where []string
	done := map[*path]bool{}
	if n != nil {
		maps.Copy(done, n.done)
	}
	for _, c := range conditions {
		p := c.filter.path
		if done[p] {
			continue
		}
		done[p] = true
		where = append(where, p.where("t0", func(f *Field, rowAlias, value string) string {
			var all []string
			for _, other := range conditions {
				if other.filter.path == p {
					all = append(all, other.sql(r, b, f, rowAlias, value))
				}
			}
			return "(" + strings.Join(all, " and ") + ")"
		}))
	}
	return where
}

func (c Condition) sql(r *Registry, b *builder, f *Field, rowAlias, value string) string {
	switch c.filter.lookup {
	case showHistory:
		return "true"
	case validAt:
		return validSQL(b, c.value.(almoner.Date), rowAlias)
	case "isnull":
		if c.value.(bool) {
			return value + " is null"
		}
		return value + " is not null"
	case "icontains":
		return (&patterns{engine: r.engine, b: b, text: c.value.(string)}).in(f, rowAlias, value)
	case "year":
		year := c.value.(int)
		first, next := almoner.NewDate(year, 1, 1), almoner.NewDate(year+1, 1, 1)
		if f.Kind == Time {
			return fmt.Sprintf("%s >= %s and %s < %s", value, b.arg(first.Time()), value, b.arg(next.Time()))
		}
		return fmt.Sprintf("%s >= %s and %s < %s", value, b.arg(first), value, b.arg(next))
	case "iexact", "istartswith", "contains", "startswith":
		return textSQL(c.filter.lookup, f, b, rowAlias, value, c.value.(string))
	case "lt", "lte", "gt", "gte", "ne":
		operator := map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "ne": "<>"}[c.filter.lookup]
		return value + " " + operator + " " + b.arg(c.value)
	}
	list := c.value.([]any)
	if len(list) == 1 {
		equal := value + " = " + b.arg(list[0])
		if text, ok := list[0].(string); ok && f.Folded != "" {
			// Says nothing new, but it is the folded text that lists are put in order by, and that has an index.
			equal = rowAlias + "." + f.Folded + " = " + b.arg(db.Fold(text)) + " and " + equal
		}
		return equal
	}
	switch list[0].(type) {
	case int64:
		ids := make(db.IDs, len(list))
		for i, v := range list {
			ids[i] = v.(int64)
		}
		return r.engine.AnyID(value, b.arg(ids))
	case string:
		texts := make(db.Texts, len(list))
		for i, v := range list {
			texts[i] = v.(string)
		}
		return r.engine.AnyText(value, b.arg(texts))
	}
	marks := make([]string, len(list))
	for i, v := range list {
		marks[i] = b.arg(v)
	}
	return value + " in (" + strings.Join(marks, ", ") + ")"
}
