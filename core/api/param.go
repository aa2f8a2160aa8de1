package api

import (
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// Param is one query parameter.
type Param struct {
	Name, Doc string
	Schema    *Schema
	Repeated  bool
	// Value says what a parameter of a Resource holds, by its Kind, Choices and Max; nil is a text as it comes. Request.Param reads it in canonical form, on
	// every wire; what cannot be read is an Invalid error under its name.
	Value *entity.Field
	// Of are the records whose id the parameter takes: Request.Param is then the number, or the text of the key of their type on the GraphQL wire.
	Of *entity.Entity
	// Many values come as a list, over REST repeated; Request.Param is then []any.
	Many bool
	// Enum names the type of a Choice on the GraphQL wire; it is else a String. Required must be given there.
	Enum     string
	Required bool
}

// Arg makes a parameter of a kind: Arg("parent_location_level", entity.Integer, "0 is a region.").
func Arg(name string, kind entity.Kind, doc string) Param {
	f := &entity.Field{Name: name, Kind: kind}
	return Param{Name: name, Doc: doc, Value: f, Schema: valueSchema(f, false)}
}

// Chosen makes a parameter that takes one of some values; enum names their type on the GraphQL wire, "" for texts.
func Chosen(name string, choices []entity.ChoiceValue, enum, doc string) Param {
	p := Arg(name, entity.Choice, doc)
	p.Value.Choices, p.Enum = choices, enum
	p.Schema = valueSchema(p.Value, false)
	return p
}

// ArgID makes a parameter that takes the id of a record.
func ArgID(name string, of *entity.Entity, doc string) Param {
	return Param{Name: name, Doc: doc, Of: of, Schema: TypeOf("string")}
}

// List makes the parameter take many values.
func (p Param) List() Param {
	p.Many, p.Repeated = true, true
	return p
}

// Param is the value of a parameter of the Resource that declares it by Value or Of, nil when it was not given or is empty; []any for Many.
func (q *Request) Param(name string) any { return q.params[name] }

// Text is Param of a text, "" when it was not given; for parameters without a Value, too.
func (q *Request) Text(name string) string {
	if v, ok := q.params[name]; ok {
		text, _ := v.(string)
		return text
	}
	return q.URL.Query().Get(name)
}

// Flag is Param of a Bool, false when it was not given.
func (q *Request) Flag(name string) bool {
	v, _ := q.params[name].(bool)
	return v
}

// readParams reads the typed parameters of a resource, once.
func (q *Request) readParams(r *Resource) error {
	if q.params != nil {
		return nil
	}
	q.params = map[string]any{}
	given := q.URL.Query()
	var problems almoner.Problems
	for _, p := range r.Params {
		if p.Value == nil && p.Of == nil {
			continue
		}
		var values []any
		for _, text := range given[p.Name] {
			if text == "" {
				continue
			}
			v, bad := p.parse(q, text)
			if bad != nil {
				problems.AddWith(p.Name, bad.Code, bad.Message, bad.Params)
				continue
			}
			values = append(values, v)
		}
		switch {
		case len(values) == 0:
		case p.Many:
			q.params[p.Name] = values
		default:
			q.params[p.Name] = values[0]
		}
	}
	return problems.Err()
}

// parse reads one value.
func (p *Param) parse(q *Request, text string) (any, *almoner.FieldError) {
	if p.Of != nil {
		if q.api.Graph[p.Of.Name].Key != "" {
			return text, nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, &almoner.FieldError{Code: "not_a_number", Message: "Enter a number."}
		}
		return n, nil
	}
	if p.Value.Kind == entity.Text {
		text = strings.TrimSpace(text)
	}
	return p.Value.Parse(text)
}
