package gql

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"almoner.dev/almoner/core/entity"
)

// introspection writes what is asked about the schema itself.
type introspection struct {
	*planner
	b []byte
}

// introspect answers __schema or __type.
func (s *Schema) introspect(p *planner, a *ask) (string, *Fault) {
	in := &introspection{planner: p}
	if a.field.Name == "__schema" {
		in.object("__Schema", a.sub, in.schemaField)
	} else if def := s.schema.Types[a.text]; def != nil {
		in.definition(def, a.sub)
	} else {
		in.null()
	}
	return string(in.b), p.refused
}

func (in *introspection) null()         { in.b = append(in.b, "null"...) }
func (in *introspection) text(s string) { in.b = entity.AppendJSON(in.b, s) }
func (in *introspection) truth(v bool)  { in.b = entity.AppendJSON(in.b, v) }

// doc writes a description, null when there is none.
func (in *introspection) doc(s string) {
	if s == "" {
		in.null()
	} else {
		in.text(s)
	}
}

// object writes the selected fields of something; value writes one of them.
func (in *introspection) object(typ string, sets []ast.SelectionSet, value func(f *ast.Field, sets []ast.SelectionSet)) {
	if in.refused != nil {
		return
	}
	in.b = append(in.b, '{')
	// The selection is the same for each of many things: it is what is written that counts, not how often it is looked at.
	fields := in.fields
	groups := in.collect(typ, sets)
	in.fields = fields
	for i, g := range groups {
		if in.written++; in.written > in.Limits.Written {
			in.refuse(g.fields[0].Position, "The document asks for more than %d fields of the schema.", in.Limits.Written)
		}
		if in.refused != nil {
			return
		}
		if i > 0 {
			in.b = append(in.b, ',')
		}
		in.b = append(in.b, g.outKey()...)
		if g.fields[0].Name == "__typename" {
			in.text(typ)
			continue
		}
		value(g.fields[0], g.subs())
	}
	in.b = append(in.b, '}')
}

// array writes a list.
func array[T any](in *introspection, list []T, write func(T)) {
	in.b = append(in.b, '[')
	for i, item := range list {
		if i > 0 {
			in.b = append(in.b, ',')
		}
		write(item)
	}
	in.b = append(in.b, ']')
}

func (in *introspection) schemaField(f *ast.Field, sets []ast.SelectionSet) {
	s := in.schema
	switch f.Name {
	case "types":
		array(in, slices.Sorted(maps.Keys(s.Types)), func(name string) { in.definition(s.Types[name], sets) })
	case "queryType":
		in.definition(s.Query, sets)
	case "mutationType":
		if s.Mutation == nil {
			in.null()
		} else {
			in.definition(s.Mutation, sets)
		}
	case "directives":
		array(in, slices.Sorted(maps.Keys(s.Directives)), func(name string) {
			d := s.Directives[name]
			in.object("__Directive", sets, func(f *ast.Field, sets []ast.SelectionSet) { in.directiveField(d, f, sets) })
		})
	case "description":
		in.doc(s.Description)
	default: // subscriptionType
		in.null()
	}
}

func (in *introspection) directiveField(d *ast.DirectiveDefinition, f *ast.Field, sets []ast.SelectionSet) {
	switch f.Name {
	case "name":
		in.text(d.Name)
	case "description":
		in.doc(d.Description)
	case "locations":
		array(in, d.Locations, func(l ast.DirectiveLocation) { in.text(string(l)) })
	case "args":
		in.arguments(d.Arguments, sets)
	case "isRepeatable":
		in.truth(d.IsRepeatable)
	default:
		in.null()
	}
}

// typ writes a type reference: wrappers first, then the definition.
func (in *introspection) typ(t *ast.Type, sets []ast.SelectionSet) {
	wrapper, of := "LIST", t.Elem
	if t.NonNull {
		inner := *t
		inner.NonNull = false
		wrapper, of = "NON_NULL", &inner
	} else if t.Elem == nil {
		if def := in.schema.Types[t.NamedType]; def != nil {
			in.definition(def, sets)
		} else {
			in.null()
		}
		return
	}
	in.object("__Type", sets, func(f *ast.Field, sets []ast.SelectionSet) {
		switch f.Name {
		case "kind":
			in.text(wrapper)
		case "ofType":
			in.typ(of, sets)
		default:
			in.null()
		}
	})
}

func (in *introspection) definition(d *ast.Definition, sets []ast.SelectionSet) {
	in.object("__Type", sets, func(f *ast.Field, sets []ast.SelectionSet) { in.typeField(d, f, sets) })
}

func (in *introspection) definitions(names []string, sets []ast.SelectionSet) {
	array(in, names, func(name string) { in.definition(in.schema.Types[name], sets) })
}

func (in *introspection) typeField(d *ast.Definition, f *ast.Field, sets []ast.SelectionSet) {
	switch {
	case f.Name == "kind":
		in.text(string(d.Kind))
	case f.Name == "name":
		in.text(d.Name)
	case f.Name == "description":
		in.doc(d.Description)
	case f.Name == "fields" && (d.Kind == ast.Object || d.Kind == ast.Interface):
		// Those that begin with two underscores belong to every type and are not listed.
		array(in, slices.DeleteFunc(slices.Clone(d.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") }), func(def *ast.FieldDefinition) {
			in.object("__Field", sets, func(f *ast.Field, sets []ast.SelectionSet) { in.fieldField(def, f, sets) })
		})
	case f.Name == "interfaces" && (d.Kind == ast.Object || d.Kind == ast.Interface):
		in.definitions(d.Interfaces, sets)
	case f.Name == "possibleTypes" && d.IsAbstractType():
		var names []string
		for _, possible := range in.schema.PossibleTypes[d.Name] {
			names = append(names, possible.Name)
		}
		slices.Sort(names)
		in.definitions(names, sets)
	case f.Name == "enumValues" && d.Kind == ast.Enum:
		array(in, d.EnumValues, func(v *ast.EnumValueDefinition) {
			in.object("__EnumValue", sets, func(f *ast.Field, _ []ast.SelectionSet) {
				switch f.Name {
				case "name":
					in.text(v.Name)
				case "description":
					in.doc(v.Description)
				case "isDeprecated":
					in.truth(false)
				default:
					in.null()
				}
			})
		})
	case f.Name == "inputFields" && d.Kind == ast.InputObject:
		array(in, d.Fields, func(def *ast.FieldDefinition) {
			in.input(def.Name, def.Description, def.Type, def.DefaultValue, sets)
		})
	case f.Name == "isOneOf" && d.Kind == ast.InputObject:
		in.truth(d.Directives.ForName("oneOf") != nil)
	default:
		in.null()
	}
}

func (in *introspection) fieldField(d *ast.FieldDefinition, f *ast.Field, sets []ast.SelectionSet) {
	switch f.Name {
	case "name":
		in.text(d.Name)
	case "description":
		in.doc(d.Description)
	case "args":
		in.arguments(d.Arguments, sets)
	case "type":
		in.typ(d.Type, sets)
	case "isDeprecated":
		in.truth(false)
	default:
		in.null()
	}
}

func (in *introspection) arguments(list ast.ArgumentDefinitionList, sets []ast.SelectionSet) {
	array(in, list, func(a *ast.ArgumentDefinition) { in.input(a.Name, a.Description, a.Type, a.DefaultValue, sets) })
}

// input writes an argument or a field of an input.
func (in *introspection) input(name, doc string, typ *ast.Type, standard *ast.Value, sets []ast.SelectionSet) {
	in.object("__InputValue", sets, func(f *ast.Field, sets []ast.SelectionSet) {
		switch f.Name {
		case "name":
			in.text(name)
		case "description":
			in.doc(doc)
		case "type":
			in.typ(typ, sets)
		case "defaultValue":
			if standard == nil {
				in.null()
			} else {
				in.text(standard.String())
			}
		case "isDeprecated":
			in.truth(false)
		default:
			in.null()
		}
	})
}
