package setting

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"sync/atomic"

	"almoner.dev/almoner"
)

// Setting declares one value that administrators may change.
type Setting[T any] struct {
	// Name is the key in the settings file: `files.max_size`. Those of a module begin with its name.
	Name string
	// Group is a word by which the screen puts settings together; the part of the name before the dot when empty.
	Group string
	// Label and Help say in English what it is and does. Texts are found under `setting.NAME.label` and `setting.NAME.help`, those of choices
	// under `setting.NAME.choice.VALUE`.
	Label, Help string
	// Kind says which values there are: Int(1, 100).
	Kind Kind[T]
	// Default is in force when nobody says otherwise.
	Default T
	// PerWorkspace lets a workspace have a value of its own.
	PerWorkspace bool
}

// Declaration is a Setting of whatever type, for lists of them.
type Declaration interface{ entry() *entry }

// NameOf is the name of a declared setting.
func NameOf(d Declaration) string { return d.entry().Name }

// Facts are a declaration without its type.
type Facts struct {
	Name, Group, Label, Help string
	// Kind is integer, size, duration, boolean, text, choice, choices or json.
	Kind string
	// Limits are what values of the kind must keep to.
	Limits Limits
	// Default is the declared value as it is written in JSON.
	Default      any
	PerWorkspace bool
}

// Live is the value in force of one setting. It is read without a lock and safe for concurrent use. A nil Live gives the zero value.
type Live[T any] struct{ now atomic.Pointer[values[T]] }

// values are replaced as a whole, never changed.
type values[T any] struct {
	all T
	in  map[int64]T
}

// Now is the value in force outside any workspace.
func (l *Live[T]) Now() T {
	if l == nil {
		var none T
		return none
	}
	return l.now.Load().all
}

// In is the value in force in a workspace, by its id.
func (l *Live[T]) In(workspace int64) T {
	if l == nil {
		return l.Now()
	}
	v := l.now.Load()
	if own, ok := v.in[workspace]; ok {
		return own
	}
	return v.all
}

// Fixed is a value that nobody changes, for tests and for packages that are used without a Book.
func Fixed[T any](v T) *Live[T] {
	l := &Live[T]{}
	l.now.Store(&values[T]{all: v})
	return l
}

// Bind returns the value in force of the setting, which the book must have been made with; one that it does not have is a problem that Book.Err
// reports. With a nil book it is the default for ever.
func (s Setting[T]) Bind(b *Book) *Live[T] { return s.From(b, s.Default) }

// From is Bind for a setting that is also a field of a Config struct: configured is what the file, the environment or the default of the struct say. It takes the place
// of Default.
func (s Setting[T]) From(b *Book, configured T) *Live[T] {
	if b == nil {
		return Fixed(configured)
	}
	e := b.byName[s.Name]
	if e == nil {
		b.problem(fmt.Errorf("setting %s is used by a module that does not declare it", s.Name))
		return Fixed(configured)
	}
	live, ok := e.live.(*Live[T])
	if !ok {
		b.problem(fmt.Errorf("setting %s is used as a %T, and declared as another type", s.Name, configured))
		return Fixed(configured)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !e.given {
		e.base = configured
	}
	e.apply(nil, nil)
	return live
}

// Override is a value that an administrator chose.
type Override struct {
	Name string
	// Workspace is where it holds, 0 for everywhere; Code is the code of that workspace.
	Workspace int64
	Code      string
	Value     json.RawMessage
}

// entry is a setting in a book, its type hidden in functions.
type entry struct {
	Facts
	fault error
	live  any
	// base is what holds without overrides; given means that the operator wrote it.
	base          any
	given         bool
	source, place string
	// read checks a JSON value and returns it as it is shown; parse does so for text.
	read  func(raw json.RawMessage) (shown any, bad *almoner.FieldError)
	parse func(text string) (value any, shown string, err error)
	show  func(value any) any
	// apply puts in force what is valid among the overrides.
	apply func(everywhere json.RawMessage, in map[int64]json.RawMessage)
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)

func (s Setting[T]) entry() *entry {
	live := Fixed(s.Default)
	k := s.Kind
	e := &entry{live: live, base: s.Default, Facts: Facts{
		Name: s.Name, Group: s.Group, Label: s.Label, Help: s.Help, Kind: k.name, Limits: k.limits, PerWorkspace: s.PerWorkspace,
	}}
	e.fault = s.check()
	if k.name == "" {
		return e
	}
	e.Default = k.show(s.Default)
	e.show = func(v any) any { return k.show(v.(T)) } // base is a T: From and parse see to it
	e.read = func(raw json.RawMessage) (any, *almoner.FieldError) {
		v, bad := k.decode(raw)
		if bad != nil {
			return nil, bad
		}
		return k.show(v), nil
	}
	e.parse = func(text string) (any, string, error) {
		v, err := k.text(text)
		if err != nil {
			return nil, "", err
		}
		return v, plain(k.show(v)), nil
	}
	e.apply = func(everywhere json.RawMessage, in map[int64]json.RawMessage) {
		now := &values[T]{all: e.base.(T)}
		if e.source == "" {
			if v, bad := k.decode(everywhere); bad == nil {
				now.all = v
			}
			for workspace, raw := range in {
				if v, bad := k.decode(raw); bad == nil && s.PerWorkspace {
					if now.in == nil {
						now.in = map[int64]T{}
					}
					now.in[workspace] = v
				}
			}
		}
		live.now.Store(now)
	}
	return e
}

// check says what is wrong with the declaration, all of it.
func (s Setting[T]) check() error {
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("setting %s: %w", s.Name, fmt.Errorf(format, args...)))
	}
	if !nameForm.MatchString(s.Name) {
		wrong("the name must be lower-case words joined by dots")
	}
	if s.Label == "" || s.Help == "" {
		wrong("it needs a label, and a help text that says what it does")
	}
	if s.Kind.name == "" {
		wrong("it has no kind")
		return errors.Join(errs...)
	}
	if s.Kind.fault != nil {
		wrong("%w", s.Kind.fault)
		return errors.Join(errs...)
	}
	raw, err := json.Marshal(s.Kind.show(s.Default))
	if err != nil {
		wrong("the default cannot be written as JSON: %w", err)
	} else if back, bad := s.Kind.decode(raw); bad != nil {
		wrong("the default breaks its own limits: %s", bad.Message)
	} else if !reflect.DeepEqual(s.Kind.show(back), s.Kind.show(s.Default)) {
		wrong("the default is not written as it is read")
	}
	return errors.Join(errs...)
}
