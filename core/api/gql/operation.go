package gql

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// Operation is a root field that is a function: a query or a mutation.
type Operation struct {
	// Name is the root field.
	Name, Doc string
	// Mutation puts it among the mutations.
	Mutation bool
	// Logged mutations answer with the number of what was noted about them, whatever becomes of them.
	Logged bool
	// Fields are the input. The arguments are these, or, with an Input, one `input` of that type.
	Fields []*entity.Field
	// Input and Payload are the names of the types of input and answer of a mutation; "" for plain arguments, and for an answer as Output says.
	Input, Payload string
	// Types are the types of fields of the input, by their path, where that of the kind is not the one.
	Types map[string]string
	// IDs are the records whose ids fields take, by path, beside those of references.
	IDs map[string]*entity.Entity
	// Nulls takes null in variables for a value that is to be emptied, where it is else the same as none.
	Nulls bool
	// Output is the answer.
	Output *Output
}

// Output is the type of an answer.
type Output struct {
	// Name is the type: Boolean, Int, String, Float, Date, DateTime, UUID, Decimal, JSONString, GenericScalar, or that of an object with Fields.
	Name   string
	Fields []OutputField
	List   bool
}

// OutputField is a field of an object, by the key that it has in the answer of the function.
type OutputField struct {
	Key string
	*Output
}

// Input is what a function is called with.
type Input struct {
	// Tree is the input by the names of its fields, as JSON is read with UseNumber.
	Tree map[string]any
	// The rest is what mutations bring along. ClientID is nil when there is none.
	ClientID   *string
	Label      string
	Details    []string
	Extensions map[string]any
}

// The fields that every mutation's input has.
const (
	clientID, clientLabel, clientDetails, extensions = "clientMutationId", "clientMutationLabel", "clientMutationDetails", "mutationExtensions"
)

// inputType is a type of input, or the arguments of a root field.
type inputType struct {
	name   string
	fields map[string]*inputField
	order  []*inputField
}

// inputField is one of its fields.
type inputField struct {
	name, doc string
	field     *entity.Field
	// base is the type without its marks.
	base           string
	list, required bool
	enum           *enum
	of             *inputType
	// id is the type whose ids it takes, by the key of that type.
	id *idOf
}

func (f *inputField) typ() string {
	t := f.base
	if f.list {
		t = "[" + t + "]"
	}
	if f.required {
		t += "!"
	}
	return t
}

// function is the compiled form of an Operation.
type function struct {
	*Operation
	in  *inputType
	out *outputType
}

// outputType is a compiled Output.
type outputType struct {
	name   string
	list   bool
	fields map[string]*outputField
	order  []*outputField
}

type outputField struct {
	name, key string
	*outputType
}

func (o *outputType) typ() string {
	if o.list {
		return "[" + o.name + "]"
	}
	return o.name
}

// deleteKey removes an item of a nested list; it is called delete here, as names begin with a letter.
const deleteKey = "_delete"

// input compiles a type of input.
func (w *schemaWriter) input(name string, fields []*entity.Field, op *Operation, path string) *inputType {
	in := &inputType{name: name, fields: map[string]*inputField{}}
	for _, f := range fields {
		at := f.Name
		if path != "" {
			at = path + "." + f.Name
		}
		in.add(w, w.inputField(f, op, at))
	}
	return in
}

func (in *inputType) add(w *schemaWriter, f *inputField) {
	if in.fields[f.name] != nil {
		w.problem("two fields of %s would be named %s", in.name, f.name)
	}
	in.fields[f.name] = f
	in.order = append(in.order, f)
}

func (w *schemaWriter) inputField(f *entity.Field, op *Operation, path string) *inputField {
	in := &inputField{name: fieldName(f.Name), field: f, list: f.Many || f.Kind == entity.Refs, required: f.Required}
	switch {
	case f.Name == deleteKey:
		in.name = "delete"
	case f.Entity() != nil && w.names.field(f) != "-":
		in.name = w.names.field(f) // what is read under a name is written under it
	}
	if label := w.label(f); !strings.EqualFold(strings.ReplaceAll(label, " ", ""), in.name) {
		in.doc = label
	}
	given := op.Types[path]
	switch {
	case f.Kind == entity.Object:
		in.base = cmp.Or(given, upper(op.Name)+pathName(path)+"InputType")
		in.of = w.inputs[in.base]
		if in.of == nil {
			w.claim(in.base, "an input of "+op.Name+" "+path)
			in.of = w.input(in.base, f.Fields, op, path)
			w.inputs[in.base] = in.of
		}
	case op.IDs[path] != nil:
		in.base, in.id = "ID", w.idOf(op.IDs[path])
	case f.Kind == entity.Choice && given != "" && given != "String":
		in.enum = w.enumNamed(given, f.Choices, "")
		in.base = given
	case given != "":
		in.base = given
		w.scalar(given)
	case f.Kind == entity.Choice && f.Entity() != nil && w.Names.of(f.Entity()).Enums[f.Name] != "String":
		in.enum = w.enum(f)
		in.base = in.enum.name
	case f.Kind == entity.Ref || f.Kind == entity.Refs:
		in.base = "ID"
		if to := f.TargetEntity(); to != nil {
			in.id = w.idOf(to)
		}
	default:
		in.base = scalar(f.Kind)
	}
	return in
}

func pathName(path string) string {
	var b strings.Builder
	for _, part := range strings.Split(path, ".") {
		b.WriteString(upper(fieldName(part)))
	}
	return b.String()
}

// trio adds what every mutation brings along.
func (in *inputType) trio(w *schemaWriter, logged bool) {
	in.add(w, &inputField{name: clientID, base: "String"})
	if logged {
		in.add(w, &inputField{name: clientLabel, base: "String", doc: "Shown in the journal."})
		in.add(w, &inputField{name: clientDetails, base: "String", list: true})
		in.add(w, &inputField{name: extensions, base: "ParsedJSONString"})
	}
}

// output compiles the type of an answer.
func (w *schemaWriter) output(o *Output, of string) *outputType {
	out := &outputType{name: o.Name, list: o.List}
	if len(o.Fields) == 0 {
		w.scalar(o.Name)
		return out
	}
	if known := w.outputs[o.Name]; known != nil {
		return &outputType{name: known.name, list: o.List, fields: known.fields, order: known.order}
	}
	w.claim(o.Name, "the answer of "+of)
	out.fields = map[string]*outputField{}
	w.outputs[o.Name] = out
	for _, f := range o.Fields {
		field := &outputField{name: fieldName(f.Key), key: f.Key}
		field.outputType = w.output(f.Output, of)
		if out.fields[field.name] != nil {
			w.problem("two fields of %s would be named %s", o.Name, field.name)
		}
		out.fields[field.name] = field
		out.order = append(out.order, field)
	}
	return out
}

// function compiles an operation.
func (w *schemaWriter) function(op *Operation) {
	f := &function{Operation: op}
	r := &root{name: op.Name, function: f, args: map[string]*argument{}}
	text := &Output{Name: "String"}
	out := op.Output
	switch {
	case op.Logged:
		out = &Output{Name: op.Payload, Fields: []OutputField{{"client_mutation_id", text}, {"internal_id", text}}}
	case op.Input != "" && out != nil && len(out.Fields) > 0:
		withID := *out
		withID.Name = cmp.Or(op.Payload, out.Name)
		withID.Fields = append(append([]OutputField{}, out.Fields...), OutputField{"client_mutation_id", text})
		out = &withID
	case out == nil:
		out = &Output{Name: "Boolean"}
	}
	f.out = w.output(out, op.Name)
	if op.Input != "" {
		w.claim(op.Input, "the input of "+op.Name)
		f.in = w.input(op.Input, op.Fields, op, "")
		f.in.trio(w, op.Logged)
		w.inputs[op.Input] = f.in
	} else {
		f.in = w.input("", op.Fields, op, "")
	}
	w.root(r, op.Mutation)
}

// tree reads arguments, or the value of an input, as the function takes it.
func (in *inputType) tree(given map[string]any) (map[string]any, *Fault) {
	tree := make(map[string]any, len(given))
	for _, f := range in.order {
		v, sent := given[f.name]
		if !sent || f.field == nil {
			continue
		}
		value, fault := f.value(v)
		if fault != nil {
			return nil, fault
		}
		tree[f.field.Name] = value
	}
	return tree, nil
}

func (f *inputField) value(v any) (any, *Fault) {
	if f.list {
		if v == nil {
			return nil, nil
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		values := make([]any, len(list))
		for i, item := range list {
			var fault *Fault
			if values[i], fault = f.one(item); fault != nil {
				return nil, fault
			}
		}
		return values, nil
	}
	return f.one(v)
}

func (f *inputField) one(v any) (any, *Fault) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		if f.of != nil {
			return f.of.tree(v)
		}
		return numbers(v), nil
	case []any:
		return numbers(v), nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64)), nil
	case string:
		switch {
		case f.id != nil:
			text, fault := f.id.parse(v)
			if fault == nil && f.id.key == "" {
				return json.Number(text), nil
			}
			return text, fault
		case f.enum != nil:
			stored, ok := f.enum.stored[v]
			if !ok {
				return nil, refuse(nil, "\"%s\" is no value of %s.", clip(v), f.enum.name)
			}
			return stored, nil
		case f.base == "JSONString" && strings.TrimSpace(v) == "":
			return nil, nil
		case f.base == "JSONString":
			tree, err := parseJSON(v)
			if err != nil {
				return nil, refuse(nil, "The value of %s is not valid JSON.", f.name)
			}
			return tree, nil
		}
	}
	return v, nil
}

// numbers writes the numbers of a raw value as JSON is read.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, item := range v {
			m[key] = numbers(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = numbers(item)
		}
		return list
	case int64:
		return json.Number(strconv.FormatInt(v, 10))
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return v
}

// input reads what a function is called with.
func (f *function) input(args map[string]any) (Input, *Fault) {
	in := Input{}
	given := args
	if f.Input != "" {
		given, _ = args["input"].(map[string]any)
		if id, ok := given[clientID].(string); ok {
			in.ClientID = &id
		}
		in.Label, _ = given[clientLabel].(string)
		in.Details = texts(given[clientDetails])
		if text, ok := given[extensions].(string); ok && text != "" {
			tree, err := parseJSON(text)
			object, isObject := tree.(map[string]any)
			if err != nil || !isObject {
				return in, refuse(nil, "The value of %s is not a valid JSON object.", extensions)
			}
			in.Extensions = snakeKeys(object).(map[string]any)
		}
	}
	var fault *Fault
	in.Tree, fault = f.in.tree(given)
	return in, fault
}

// snakeKeys turns the keys of an object, and of those within it, from camel into snake case.
func snakeKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, item := range v {
			m[snakeName(key)] = snakeKeys(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = snakeKeys(item)
		}
		return list
	}
	return v
}

// write writes the type.
func (in *inputType) write() string {
	var b strings.Builder
	fmt.Fprintf(&b, "input %s {\n", in.name)
	for _, f := range in.order {
		writeDoc(&b, "  ", f.doc)
		fmt.Fprintf(&b, "  %s: %s\n", f.name, f.typ())
	}
	return b.String() + "}\n"
}

func (o *outputType) write() string {
	var b strings.Builder
	fmt.Fprintf(&b, "type %s {\n", o.name)
	for _, f := range o.order {
		fmt.Fprintf(&b, "  %s: %s\n", f.name, f.typ())
	}
	return b.String() + "}\n"
}
