package gql

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// maxKept and maxKeptText bound the memory of validated documents: a program sends few different ones, again and again.
const (
	maxKept     = 500
	maxKeptText = 16 << 10
)

// document parses and validates a text. The result is shared: it must not be changed.
func (s *Schema) document(text string) (*ast.QueryDocument, []*Fault) {
	if kept, ok := s.documents.Load(text); ok {
		return kept.(*ast.QueryDocument), nil
	}
	if strings.TrimSpace(text) == "" {
		return nil, []*Fault{NewFault(CodeBadRequest, "Must provide query string.")}
	}
	// A source without a name is left out of messages.
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, s.Limits.Tokens)
	if err != nil {
		return nil, parserFaults(err)
	}
	// To compare fields that are written side by side takes as long as the square of their number, so they are counted first.
	written := 0
	for _, d := range doc.Operations {
		written += countFields(d.SelectionSet)
	}
	for _, d := range doc.Fragments {
		written += countFields(d.SelectionSet)
	}
	if written > s.Limits.Fields {
		return nil, []*Fault{NewFault(CodeBadRequest, fmt.Sprintf("The document selects more than %d fields; ask for less at once.", s.Limits.Fields))}
	}
	if list := validator.ValidateWithRules(s.schema, doc, documentRules()); len(list) > 0 {
		return nil, parserFaults(list)
	}
	if len(text) <= maxKeptText {
		if s.kept.Add(1) > maxKept {
			s.documents.Clear()
			s.kept.Store(1)
		}
		s.documents.Store(strings.Clone(text), doc)
	}
	return doc, nil
}

// countFields is how many fields are written in a selection, those of its fields among them.
func countFields(set ast.SelectionSet) int {
	n := 0
	for _, selection := range set {
		switch one := selection.(type) {
		case *ast.Field:
			n += 1 + countFields(one.SelectionSet)
		case *ast.InlineFragment:
			n += countFields(one.SelectionSet)
		}
	}
	return n
}

// operation chooses the operation that is to be carried out.
func operation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *Fault) {
	switch {
	case name == "" && len(doc.Operations) == 1:
		return doc.Operations[0], nil
	case len(doc.Operations) == 0:
		return nil, NewFault(CodeBadRequest, "The document holds no operation.")
	case name == "":
		return nil, NewFault(CodeBadRequest, "Must provide operation name if query contains multiple operations.")
	}
	if op := doc.Operations.ForName(name); op != nil {
		return op, nil
	}
	return nil, NewFault(CodeBadRequest, "Unknown operation named \""+clip(name)+"\".")
}
