package almoner

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an Error is. There are few kinds, because each one is a different answer to the
// question "what should the caller do now?"; the finer distinction is the Code.
type Kind int

// The kinds, each with the HTTP status that core/api gives it.
const (
	// Internal is a fault of ours (500). The person sees a request ID, the log sees everything.
	Internal Kind = iota
	// Invalid is input that breaks a rule (400); Fields say which.
	Invalid
	// Unauthenticated means that nobody, or nobody known, is asking (401; 403 on the TPM wire, tpm §4.5).
	Unauthenticated
	// Forbidden means that the actor may see the thing but not do this to it (403).
	Forbidden
	// NotFound means that it does not exist, or may not be known to exist (404, the same body for both).
	NotFound
	// Conflict means that the record changed meanwhile or a unique value is taken (409).
	Conflict
	// Unavailable means that trying again later can help (503).
	Unavailable
	// TooMany means that the caller is being slowed down (429).
	TooMany
)

// Error is the one error type that reaches people. Anything that is not an Error is treated as Internal.
type Error struct {
	Kind Kind
	// Code is stable, lower snake case with the module in front (`tpm.report_required`); clients and catalogues translate by it.
	Code string
	// Message is the English text for people; never contains personal data.
	Message string
	// Params fill the placeholders of a translated message, by name.
	Params map[string]string
	// Fields lists what is wrong with the input, all of it at once.
	Fields []FieldError
	// Bare makes the TPM wire write the messages of all fields as one list without names (tpm §5.7).
	Bare bool
	// Plain makes the TPM wire write each field's first message as a bare string instead of a list (guards, tpm §3).
	Plain bool
	// Err is the cause, for the log only.
	Err error
}

// FieldError is one thing wrong at one place of the input.
type FieldError struct {
	// Path addresses the value: field names and list positions joined by dots, `tpm_activities.1.intervention`.
	// An empty path means the input as a whole. A path without a message marks a list position as sent and fine, so
	// that a body aligned with the input can be written.
	Path    string
	Code    string
	Message string
	Params  map[string]string
}

// Error implements error with everything, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		if f.Message != "" {
			fmt.Fprintf(&b, "; %s: %s", f.Path, f.Message)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind with a stable code; format and args make the English message, %w keeps a cause.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// Invalidf makes an Invalid error about one field.
func Invalidf(path, code, format string, args ...any) *Error {
	return &Error{
		Kind: Invalid, Code: "invalid", Message: "The input is not valid.",
		Fields: []FieldError{{Path: path, Code: code, Message: fmt.Sprintf(format, args...)}},
	}
}

// KindOf returns the kind of the first Error in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Problems collects field errors while a whole input is checked; the zero value is ready. Not safe for concurrent use.
type Problems struct{ list []FieldError }

// Add notes one problem.
func (p *Problems) Add(path, code, message string) {
	p.list = append(p.list, FieldError{Path: path, Code: code, Message: message})
}

// AddWith notes one problem whose translated message has placeholders.
func (p *Problems) AddWith(path, code, message string, params map[string]string) {
	p.list = append(p.list, FieldError{Path: path, Code: code, Message: message, Params: params})
}

// Merge takes the field errors of err below prefix and reports true, or reports false when err is no Invalid error.
func (p *Problems) Merge(prefix string, err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Kind != Invalid || len(e.Fields) == 0 {
		return false
	}
	for _, f := range e.Fields {
		f.Path = JoinPath(prefix, f.Path)
		p.list = append(p.list, f)
	}
	return true
}

// Any reports whether a real problem (one with a message) was noted.
func (p *Problems) Any() bool {
	for _, f := range p.list {
		if f.Message != "" {
			return true
		}
	}
	return false
}

// Has reports whether a problem was noted at exactly this path.
func (p *Problems) Has(path string) bool {
	for _, f := range p.list {
		if f.Path == path && f.Message != "" {
			return true
		}
	}
	return false
}

// Err returns nil when there is no problem, else one Invalid error with all of them.
func (p *Problems) Err() error {
	if !p.Any() {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Message: "The input is not valid.", Fields: p.list}
}

// JoinPath joins two field paths; either may be empty.
func JoinPath(prefix, path string) string {
	switch {
	case prefix == "":
		return path
	case path == "":
		return prefix
	}
	return prefix + "." + path
}
