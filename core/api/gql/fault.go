package gql

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The codes of errors, in extensions.code. There are few, as there are few things that a client can do about an error.
const (
	CodeUnauthenticated = "UNAUTHENTICATED"
	CodeForbidden       = "FORBIDDEN"
	CodeCSRF            = "CSRF_FAILED"
	CodeRateLimited     = "RATE_LIMITED"
	CodeBadRequest      = "BAD_REQUEST"
	CodeNotFound        = "NOT_FOUND"
	CodeConflict        = "CONFLICT"
	CodeUnavailable     = "UNAVAILABLE"
	CodeInternal        = "INTERNAL_ERROR"
)

// Fault is one error of an answer.
type Fault struct {
	Message   string     `json:"message"`
	Locations []Location `json:"locations,omitempty"`
	Path      []string   `json:"path,omitempty"`
	// Extensions hold the code, and what else a client can use: `fields` by argument, `request_id`.
	Extensions map[string]any `json:"extensions"`
}

// Location is a place in the text of a document, counted from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is the message.
func (f *Fault) Error() string { return f.Message }

// NewFault makes a fault with a code.
func NewFault(code, message string) *Fault {
	return &Fault{Message: message, Extensions: map[string]any{"code": code}}
}

// refuse makes a fault about the document.
func refuse(at *ast.Position, format string, args ...any) *Fault {
	f := NewFault(CodeBadRequest, fmt.Sprintf(format, args...))
	if at != nil {
		f.Locations = []Location{{at.Line, at.Column}}
	}
	return f
}

// Refused is the answer without data to a request that could not be carried out.
func Refused(faults ...*Fault) []byte {
	raw, err := json.Marshal(map[string]any{"errors": faults})
	if err != nil {
		return []byte(`{"errors":[{"message":"The error could not be written.","extensions":{"code":"INTERNAL_ERROR"}}]}`)
	}
	return raw
}

// maxFaults bounds how many mistakes of one document are told.
const maxFaults = 20

// parserFaults turns what gqlparser says into faults.
func parserFaults(err error) []*Fault {
	var list gqlerror.List
	var one *gqlerror.Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = gqlerror.List{one}
	default:
		return []*Fault{NewFault(CodeBadRequest, err.Error())}
	}
	var faults []*Fault
	for _, e := range list[:min(len(list), maxFaults)] {
		f := NewFault(CodeBadRequest, clip(e.Message))
		for _, at := range e.Locations {
			f.Locations = append(f.Locations, Location{at.Line, at.Column})
		}
		faults = append(faults, f)
	}
	return faults
}

// clip shortens a message that quotes what was sent, so that a hostile megabyte is not sent back.
func clip(s string) string {
	if r := []rune(s); len(r) > 400 {
		return string(r[:400]) + "…"
	}
	return s
}
