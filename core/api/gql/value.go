package gql

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// Values in hand are nil, string, int64, float64, bool and []any.

// variables reads the variables of an operation as leniently as the clients of the insurance wire expect (openimis-core §2.7): numbers as
// text and text as numbers, one value for a list, null as absent. What is sent beyond the declared variables is left out.
func (s *Schema) variables(op *ast.OperationDefinition, sent map[string]any) (map[string]any, []*Fault) {
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
		v, err := s.coerce(def.Type, given)
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

// coerce reads a JSON value as a type.
func (s *Schema) coerce(t *ast.Type, v any) (any, error) {
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
			one, err := s.coerce(t.Elem, item)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	}
	expected := fmt.Errorf("expected type \"%s\"", t.NamedType)
	switch t.NamedType {
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
	default:
		if def := s.schema.Types[t.NamedType]; def != nil && def.Kind == ast.Enum && def.EnumValues.ForName(text) == nil && text != "" {
			return nil, expected
		}
	}
	return text, nil
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
		return nil, fmt.Errorf("an object is not expected here")
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
func globalID(typ string, id int64) string {
	return base64.StdEncoding.EncodeToString([]byte(typ + ":" + strconv.FormatInt(id, 10)))
}

// splitID reads a global id.
func splitID(text string) (typ string, id int64, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", 0, false
	}
	typ, key, found := strings.Cut(string(raw), ":")
	id, err = strconv.ParseInt(key, 10, 64)
	return typ, id, found && err == nil && id > 0
}

// parseID reads an id of a type: digits are the key itself, anything else must be a global id.
func parseID(text, typ string) (int64, *Fault) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	if of, id, ok := splitID(text); ok && of == typ {
		return id, nil
	}
	return 0, NewFault(CodeBadRequest, "Invalid ID specified.")
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
