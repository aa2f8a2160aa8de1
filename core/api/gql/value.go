package gql

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// Values in hand are nil, string, int64, float64, bool and []any.

// variables reads the variables of an operation as leniently as the clients of the insurance wire expect (openimis-core §2.7): numbers as
// text and text as numbers, one value for a list, null as absent. What is sent beyond the declared variables is left out.
func (s *Schema) variables(op *ast.OperationDefinition, sent map[string]any, nulls bool) (map[string]any, []*Fault) {
	values := map[string]any{}
	var faults []*Fault
	for _, def := range op.VariableDefinitions {
		given := sent[def.Variable]
		if given == nil {
			switch {
			case def.DefaultValue != nil:
				v, err := literal(def.DefaultValue, nil)
				if err != nil {
					faults = append(faults, refuse(def.Position, "Variable \"$%s\" has a default that cannot be read: %v", def.Variable, err))
					continue
				}
				values[def.Variable] = v
			case def.Type.NonNull:
				faults = append(faults, refuse(def.Position, "Variable \"$%s\" of required type \"%s\" was not provided.", def.Variable, def.Type))
			}
			continue
		}
		v, err := s.coerce(def.Type, given, nulls)
		if err != nil {
			faults = append(faults, refuse(def.Position, "Variable \"$%s\" got invalid value %s; %v", def.Variable, shown(given), err))
			continue
		}
		values[def.Variable] = v
	}
	return values, faults
}

func shown(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "…"
	}
	return clip(string(raw))
}

// coerce reads a JSON value as a type. With nulls, fields of objects may be null; else they are then left out.
func (s *Schema) coerce(t *ast.Type, v any, nulls bool) (any, error) {
	if v == nil {
		if t.NonNull {
			return nil, fmt.Errorf("expected a value of type \"%s\", found null", t)
		}
		return nil, nil
	}
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		out := make([]any, 0, len(list))
		for _, item := range list {
			one, err := s.coerce(t.Elem, item, nulls)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	}
	expected := fmt.Errorf("expected type \"%s\"", t.NamedType)
	if def := s.schema.Types[t.NamedType]; def != nil && def.Kind == ast.InputObject {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, expected
		}
		return s.coerceObject(def, object, nulls)
	}
	switch t.NamedType {
	case "GenericScalar":
		return plain(v), nil
	case "SmallInt", "TinyInt":
		n, err := s.coerce(ast.NamedType("Int", nil), v, nulls)
		if whole, ok := n.(int64); err != nil || !ok || !fits(t.NamedType, whole) {
			return nil, expected
		}
		return n, nil
	case "Boolean":
		return truth(v), nil
	case "Int":
		var text string
		switch v := v.(type) {
		case json.Number:
			text = v.String()
		case string:
			text = v
		default:
			return nil, expected
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(n) > math.MaxInt32 {
			return nil, expected
		}
		return int64(n), nil
	case "Float":
		n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, expected
		}
		return n, nil
	}
	text, ok := scalarText(v)
	if !ok {
		return nil, expected
	}
	switch t.NamedType {
	case "Date":
		if _, err := almoner.ParseDate(text); text != "" && err != nil {
			return nil, expected
		}
	case "DateTime":
		if text != "" && !strings.ContainsAny(text, "T ") {
			return nil, fmt.Errorf("expected a time with the day")
		}
	case "JSONString", "ParsedJSONString":
		if _, err := parseJSON(text); text != "" && err != nil {
			return nil, fmt.Errorf("expected a text that holds JSON")
		}
	case "Decimal":
		if text != "" && !decimal.MatchString(text) {
			return nil, expected
		}
	case "UUID":
		if text != "" && !uuid.MatchString(text) {
			return nil, expected
		}
	default:
		if most := scalarLimits[t.NamedType]; most > 0 && utf8.RuneCountInString(text) > most {
			return nil, fmt.Errorf("expected at most %d characters", most)
		}
		if def := s.schema.Types[t.NamedType]; def != nil && def.Kind == ast.Enum && def.EnumValues.ForName(text) == nil && text != "" {
			return nil, expected
		}
	}
	return text, nil
}

// coerceObject reads the fields of an input; unknown ones are errors, as the client would wait for their effect in vain.
func (s *Schema) coerceObject(def *ast.Definition, object map[string]any, nulls bool) (any, error) {
	read := make(map[string]any, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if def.Fields.ForName(name) == nil {
			return nil, fmt.Errorf("field \"%s\" is not defined by type \"%s\"", clip(name), def.Name)
		}
	}
	for _, f := range def.Fields {
		v, sent := object[f.Name]
		switch {
		case f.Type.NonNull && v == nil:
			return nil, fmt.Errorf("in field \"%s\": expected \"%s\", found null", f.Name, f.Type)
		case v == nil:
			if sent && nulls {
				read[f.Name] = nil
			}
			continue
		}
		one, err := s.coerce(f.Type, v, nulls)
		if err != nil {
			return nil, fmt.Errorf("in field \"%s\": %w", f.Name, err)
		}
		read[f.Name] = one
	}
	return read, nil
}

var (
	decimal = regexp.MustCompile(`^[-+]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})$`)
	uuid    = regexp.MustCompile(`^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$`)
)

// fits reports whether a number is one of a small type.
func fits(typ string, n int64) bool {
	if typ == "TinyInt" {
		return n >= 0 && n <= math.MaxUint8
	}
	return n >= math.MinInt16 && n <= math.MaxInt16
}

// plain is a JSON value with its numbers as the values in hand are.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		n, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return n
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plain(item)
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, item := range v {
			m[key] = plain(item)
		}
		return m
	}
	return v
}

// parseJSON reads a text that holds JSON, with its numbers as they are written.
func parseJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("no JSON: %w", err)
	}
	if d.More() {
		return nil, errors.New("something after the end")
	}
	return tree, nil
}

// truth is what the old engine makes of any value: only what is empty is false, so the text "false" is true.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v != ""
	case json.Number:
		n, err := v.Float64()
		return err != nil || n != 0
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return v != nil
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// literal reads a value of a document; variables are those of the operation.
func literal(v *ast.Value, variables map[string]any) (any, error) {
	switch v.Kind {
	case ast.Variable:
		return variables[v.Raw], nil
	case ast.NullValue:
		return nil, nil
	case ast.IntValue:
		n, err := strconv.ParseInt(v.Raw, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is too large", clip(v.Raw))
		}
		return n, nil
	case ast.FloatValue:
		n, err := strconv.ParseFloat(v.Raw, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is no number", clip(v.Raw))
		}
		return n, nil
	case ast.BooleanValue:
		return v.Raw == "true", nil
	case ast.ListValue:
		list := make([]any, 0, len(v.Children))
		for _, child := range v.Children {
			one, err := literal(child.Value, variables)
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return list, nil
	case ast.ObjectValue:
		object := make(map[string]any, len(v.Children))
		for _, child := range v.Children {
			if child.Value.Kind == ast.Variable {
				if _, sent := variables[child.Value.Raw]; !sent {
					continue
				}
			}
			one, err := literal(child.Value, variables)
			if err != nil {
				return nil, err
			}
			object[child.Name] = one
		}
		return object, nil
	}
	return v.Raw, nil
}

// texts are the values of an argument as text, one by one; null is none.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case int64:
		return []string{strconv.FormatInt(v, 10)}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case bool:
		return []string{strconv.FormatBool(v)}
	case []any:
		var list []string
		for _, one := range v {
			list = append(list, texts(one)...)
		}
		return list
	}
	return nil
}

// globalID is the id of a record among those of all types.
func globalID(typ, key string) string {
	return base64.StdEncoding.EncodeToString([]byte(typ + ":" + key))
}

// splitID reads a global id.
func splitID(text string) (typ, key string, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(raw) {
		return "", "", false
	}
	return strings.Cut(string(raw), ":")
}

// idOf is the ids of a type: global ones, and the bare key.
type idOf struct {
	typ string
	// key is the field whose value is the key, "" for the number of the record.
	key string
}

func (w *schemaWriter) idOf(e *entity.Entity) *idOf {
	return &idOf{w.names.typeOf(e), w.names.of(e).Key}
}

// parse returns the key in an id: a global one of the type, or the bare key itself.
func (i *idOf) parse(text string) (string, *Fault) {
	if typ, key, ok := splitID(text); ok && typ == i.typ {
		if i.key != "" || isNumber(key) {
			return key, nil
		}
	}
	if i.key != "" || isNumber(text) {
		return text, nil
	}
	return "", NewFault(CodeBadRequest, "Invalid ID specified.")
}

func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

const cursorPrefix = "arrayconnection:"

// cursor is the cursor of a position.
func cursor(position int) string {
	return base64.StdEncoding.EncodeToString([]byte(cursorPrefix + strconv.Itoa(position)))
}

// position is the place that a cursor stands for, -1 for one that cannot be read.
func position(text string) int {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return -1
	}
	number, ok := strings.CutPrefix(string(raw), cursorPrefix)
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 0 || n > math.MaxInt32 {
		return -1
	}
	return n
}

// appendValue writes a plain value of a field.
func appendValue(b []byte, f *field, v any) []byte {
	switch {
	case v == nil:
		return append(b, "null"...)
	case f.typed == "ID":
		return entity.AppendJSON(b, fmt.Sprint(v))
	case f.Kind == entity.JSON && f.typed == "GenericScalar":
		var text bytes.Buffer
		if err := json.Compact(&text, v.(json.RawMessage)); err != nil {
			return append(b, "null"...)
		}
		return append(b, text.Bytes()...)
	case f.enum != nil:
		name, ok := f.enum.written[v.(string)]
		if !ok {
			return append(b, "null"...) // a value from before the choice was taken away has no name
		}
		return entity.AppendJSON(b, name)
	case f.Kind == entity.JSON:
		var text bytes.Buffer // the engines differ in the spaces that they keep
		if err := json.Compact(&text, v.(json.RawMessage)); err != nil {
			return append(b, "null"...)
		}
		return entity.AppendJSON(b, text.String())
	case f.Kind == entity.Time:
		// The wire's instants have no zone; the canonical form is UTC.
		b = entity.AppendJSON(b, v)
		return append(b[:len(b)-2], '"')
	}
	return entity.AppendJSON(b, v)
}
