package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// documentRules are the rules of the specification, but for one: clients of the insurance wire declare variables of one textual type where the schema has another,
// such as `$uuid: String` for a UUID, and one value where it has a list. What such a value holds is looked at when it is read, as that of a literal is.
func documentRules() *rules.Rules {
	list := rules.NewDefaultRules()
	strict := rules.VariablesInAllowedPositionRule
	list.ReplaceRule(strict.Name, func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(w *core.Walker, v *ast.Value) {
			if v.Kind != ast.Variable || v.ExpectedType == nil || v.VariableDefinition == nil || w.CurrentOperation == nil {
				return
			}
			wanted := *v.ExpectedType
			if d := v.VariableDefinition.DefaultValue; v.ExpectedTypeHasDefault || d != nil && d.Kind != ast.NullValue {
				wanted.NonNull = false
			}
			if !stands(v.VariableDefinition.Type, &wanted) {
				addError(core.Message(`Variable "%s" of type "%s" used in position expecting type "%s".`, v, v.VariableDefinition.Type, v.ExpectedType), core.At(v.Position))
			}
		})
	})
	return list
}

// stands reports whether a variable of one type may stand where another is expected.
func stands(given, wanted *ast.Type) bool {
	switch {
	case wanted.NonNull && !given.NonNull:
		return false
	case wanted.Elem != nil && given.Elem != nil:
		return stands(given.Elem, wanted.Elem)
	case wanted.Elem != nil:
		one := *given
		one.NonNull = true
		return stands(&one, wanted.Elem)
	case given.Elem != nil:
		return false
	}
	return given.NamedType == wanted.NamedType || textual(given.NamedType) && textual(wanted.NamedType)
}

// textual reports whether the values of a type are texts that are read where they are used.
func textual(name string) bool {
	return scalarLimits[name] > 0 || slices.Contains([]string{"String", "ID", "UUID", "Date", "DateTime", "Decimal", "JSONString"}, name)
}
