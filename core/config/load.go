package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// EnvPrefix begins the name of every environment variable that is a setting.
const EnvPrefix = "ALMONER_"

// FileName is the settings file looked for in the data folder.
const FileName = "almoner.yaml"

// Sources says where to look. Its zero value looks nowhere, so that Load returns the defaults.
type Sources struct {
	// File is the path given with --config; it must exist. "" looks for FileName in Dir, which may be missing.
	File string
	// Dir is the data folder; "" means none.
	Dir string
	// Environ has the form of os.Environ. Variables without EnvPrefix are not looked at.
	Environ []string
	// Flags are the settings given on the command line.
	Flags []Flag
	// Extras are settings beside the fields of the struct.
	Extras []Extra
	// Reserved are variables with EnvPrefix that are not settings, such as ALMONER_TEST_POSTGRES.
	Reserved []string
}

// Extra is a setting that is no field of the struct, such as one that a module declares. One whose key a field has as well is the same setting, and
// Load leaves it to the field.
type Extra struct {
	Key, Help string
	// Default is how the value that holds is written when nobody sets it.
	Default string
	// Set takes what the operator wrote, and returns how the value is shown.
	Set func(text string) (shown string, err error)
}

// Flag is a setting from the command line.
type Flag struct {
	// Name is what the person typed, for messages: `--listen`.
	Name string
	// Key is the setting it sets: `http.listen`.
	Key   string
	Value string
}

// validator is what a section may implement; see Load.
type validator interface{ Validate() error }

// Load lays the sources over the defaults and checks the result. Every struct inside T that has a Validate method is asked,
// parts before wholes, but only when all values could be read. The error holds all problems, one per line, without secrets;
// the Report is complete whenever T is a proper declaration, so that it can be shown beside the error.
func Load[T any](defaults T, from Sources) (T, Report, error) {
	out := defaults
	root := reflect.ValueOf(&out).Elem()
	s, err := schemaOf(root.Type())
	if err != nil {
		return out, nil, err
	}
	if err := s.extend(from.Extras); err != nil {
		return out, nil, err
	}
	report := make(Report, len(s.settings))
	for i, set := range s.settings {
		if set.extra != nil {
			report[i] = Setting{Key: set.key, Value: set.extra.Default, Default: set.extra.Default, Source: FromDefault, Env: set.env, Help: set.help}
			continue
		}
		value := display(root.FieldByIndex(set.index), set.secret)
		report[i] = Setting{Key: set.key, Value: value, Default: value, Source: FromDefault, Env: set.env, Help: set.help}
	}
	l := &loader{schema: s, root: root, report: report}
	l.file(from)
	l.environ(from)
	for _, f := range from.Flags {
		l.text(f.Key, f.Value, FromFlag, f.Name)
	}
	if len(l.problems) == 0 {
		l.validate()
	}
	return out, report, errors.Join(l.problems...)
}

type loader struct {
	*schema
	root     reflect.Value
	report   Report
	problems []error
}

func (l *loader) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

func (l *loader) known(key string) bool {
	_, ok := l.byKey[key]
	return ok
}

func (l *loader) file(from Sources) {
	path := from.File
	if path == "" {
		if from.Dir == "" {
			return
		}
		path = filepath.Join(from.Dir, FileName)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return
		}
	}
	values, err := readFile(path, l.known)
	if err != nil {
		l.problems = append(l.problems, err)
	}
	for _, v := range values {
		if v.empty() {
			if !l.known(v.key) && !l.isSection(v.key) {
				l.unknown(v.key, v.place(path))
			}
			continue
		}
		switch v.node.Kind {
		case yaml.ScalarNode:
			l.text(v.key, v.node.Value, FromFile, v.place(path))
		case yaml.SequenceNode:
			l.list(v, path)
		default:
			switch {
			case l.known(v.key):
				l.problem("%s: %s takes a value, not a section", v.place(path), v.key)
			case !l.isSection(v.key):
				l.unknown(v.key, v.place(path))
			}
		}
	}
}

func (l *loader) isSection(key string) bool {
	return slices.Contains(l.extraSections, key) || slices.ContainsFunc(l.sections, func(s section) bool { return s.key == key })
}

// list sets a list from a YAML sequence, whose items may contain commas.
func (l *loader) list(v fileValue, path string) {
	i, ok := l.byKey[v.key]
	if !ok {
		l.unknown(v.key, v.place(path))
		return
	}
	set := l.settings[i]
	if set.extra != nil {
		words := make([]string, len(v.node.Content))
		for n, item := range v.node.Content {
			if item.Kind != yaml.ScalarNode || strings.Contains(item.Value, ",") {
				l.problem("%s:%d: an item of %s is a plain value without commas", path, item.Line, v.key)
				return
			}
			words[n] = item.Value
		}
		l.text(v.key, strings.Join(words, ","), FromFile, v.place(path))
		return
	}
	if set.typ.Kind() != reflect.Slice || isText(set.typ) {
		l.problem("%s: %s takes one value, not a list", v.place(path), v.key)
		return
	}
	list := reflect.MakeSlice(set.typ, len(v.node.Content), len(v.node.Content))
	for n, item := range v.node.Content {
		if item.Kind != yaml.ScalarNode {
			l.problem("%s:%d: an item of %s is a plain value", path, item.Line, v.key)
			return
		}
		if err := setText(list.Index(n), item.Value); err != nil {
			l.problem("%s:%d: %s: item %d: %w", path, item.Line, v.key, n+1, err)
			return
		}
	}
	l.root.FieldByIndex(set.index).Set(list)
	l.note(i, FromFile, v.place(path))
}

// kubernetesLink matches the variables that Kubernetes puts into every container for a service named `almoner` or
// `almoner-…`. Nobody wrote them, so they must not stop the program.
var kubernetesLink = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)

func isKubernetesLink(name, value string) bool {
	if kubernetesLink.MatchString(name) {
		return true
	}
	return strings.HasSuffix(name, "_PORT") && (strings.HasPrefix(value, "tcp://") || strings.HasPrefix(value, "udp://") || strings.HasPrefix(value, "sctp://"))
}

func (l *loader) environ(from Sources) {
	// Sorted, so that the same mistakes are always reported in the same order.
	for _, entry := range slices.Sorted(slices.Values(from.Environ)) {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, EnvPrefix) || slices.Contains(from.Reserved, name) {
			continue
		}
		i, ok := l.byEnv[name]
		switch {
		case ok:
			l.text(l.settings[i].key, value, FromEnvironment, name)
		case isKubernetesLink(name, value):
		default:
			names := make([]string, len(l.settings))
			for i, s := range l.settings {
				names[i] = s.env
			}
			l.problem("environment: unknown variable %s%s", name, hint(name, names))
		}
	}
}

func (l *loader) text(key, text string, source Source, place string) {
	i, ok := l.byKey[key]
	if !ok {
		l.unknown(key, place)
		return
	}
	set := l.settings[i]
	if set.extra != nil {
		shown, err := set.extra.Set(text)
		if err != nil {
			l.problem("%s: %s: %w, got %q", place, key, err, maskPasswords(text))
			return
		}
		l.report[i].Value, l.report[i].Source, l.report[i].Place = shown, source, place
		return
	}
	if err := setText(l.root.FieldByIndex(set.index), text); err != nil {
		if set.secret {
			l.problem("%s: %s: %w", place, key, err)
		} else {
			l.problem("%s: %s: %w, got %q", place, key, err, maskPasswords(text))
		}
		return
	}
	l.note(i, source, place)
}

func (l *loader) note(i int, source Source, place string) {
	set := l.settings[i]
	r := &l.report[i]
	r.Value, r.Source, r.Place = display(l.root.FieldByIndex(set.index), set.secret), source, place
}

func (l *loader) unknown(key, place string) {
	keys := make([]string, len(l.settings))
	for i, s := range l.settings {
		keys[i] = s.key
	}
	l.problem("%s: unknown setting %s%s", place, key, hint(key, keys))
}

// validate asks the sections, innermost first.
func (l *loader) validate() {
	for _, s := range slices.Backward(l.sections) {
		v := l.root
		if len(s.index) > 0 {
			v = l.root.FieldByIndex(s.index)
		}
		if !v.CanAddr() || !v.Addr().CanInterface() {
			continue
		}
		check, ok := v.Addr().Interface().(validator)
		if !ok {
			continue
		}
		if err := check.Validate(); err != nil {
			if s.key == "" {
				l.problems = append(l.problems, err)
			} else {
				l.problem("%s: %w", s.key, err)
			}
		}
	}
}
