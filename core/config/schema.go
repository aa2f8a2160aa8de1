package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// setting is one leaf of the composed struct: a key that an operator can set.
type setting struct {
	key    string
	env    string
	help   string
	secret bool
	index  []int
	typ    reflect.Type
	// extra is set for a setting beside the struct, which has neither index nor typ.
	extra *Extra
}

// section is a struct on the way to the leaves, kept so that its Validate can be called.
type section struct {
	key   string
	index []int
}

// schema lists what can be set, in the order of declaration.
type schema struct {
	settings []setting
	sections []section
	// extraSections are the sections that only settings beside the struct make.
	extraSections []string
	byKey         map[string]int
	byEnv         map[string]int
}

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	duration        = reflect.TypeFor[time.Duration]()
	size            = reflect.TypeFor[Size]()
)

// schemaOf reads the declaration of t. Its errors are mistakes of the programmer.
func schemaOf(t reflect.Type) (*schema, error) {
	s := &schema{byKey: map[string]int{}, byEnv: map[string]int{}}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("config: settings must be a struct, got %s", t)
	}
	if err := s.walk(t, "", nil); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *schema) walk(t reflect.Type, prefix string, index []int) error {
	s.sections = append(s.sections, section{key: prefix, index: index})
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("config")
		if name == "-" || !f.IsExported() && !f.Anonymous || isCode(f.Type) {
			continue
		}
		at := append(append([]int(nil), index...), i)
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			if err := s.walk(f.Type, prefix, at); err != nil {
				return err
			}
			continue
		}
		if name == "" {
			name = snake(f.Name)
		}
		key := name
		if prefix != "" {
			key = prefix + "." + name
		}
		if f.Type.Kind() == reflect.Struct && !isText(f.Type) {
			if err := s.walk(f.Type, key, at); err != nil {
				return err
			}
			continue
		}
		if !settable(f.Type) {
			return fmt.Errorf("config: %s has the type %s, which no text can set; tag the field `config:\"-\"`", key, f.Type)
		}
		env := envOf(key)
		if _, ok := s.byKey[key]; ok {
			return fmt.Errorf("config: two fields have the key %s", key)
		}
		if j, ok := s.byEnv[env]; ok {
			return fmt.Errorf("config: %s and %s would both be set by %s", s.settings[j].key, key, env)
		}
		s.byKey[key], s.byEnv[env] = len(s.settings), len(s.settings)
		s.settings = append(s.settings, setting{
			key: key, env: env, help: f.Tag.Get("help"),
			secret: f.Tag.Get("secret") == "true", index: at, typ: f.Type,
		})
	}
	return nil
}

// extend adds the settings beside the struct. Like those of schemaOf, its errors are mistakes of the programmer.
func (s *schema) extend(list []Extra) error {
	for i := range list {
		x := &list[i]
		if j, ok := s.byKey[x.Key]; ok {
			if s.settings[j].secret {
				return fmt.Errorf("config: %s is a secret, which can be set where secrets are kept only", x.Key)
			}
			continue
		}
		env := envOf(x.Key)
		if j, ok := s.byEnv[env]; ok {
			return fmt.Errorf("config: %s and %s would both be set by %s", s.settings[j].key, x.Key, env)
		}
		s.byKey[x.Key], s.byEnv[env] = len(s.settings), len(s.settings)
		s.settings = append(s.settings, setting{key: x.Key, env: env, help: x.Help, extra: x})
		for at := strings.LastIndexByte(x.Key, '.'); at > 0; at = strings.LastIndexByte(x.Key[:at], '.') {
			s.extraSections = append(s.extraSections, x.Key[:at])
		}
	}
	return nil
}

func envOf(key string) string {
	return EnvPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

// isCode tells fields that only code can fill, such as a clock, from settings.
func isCode(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.Pointer, reflect.UnsafePointer:
		return true
	}
	return false
}

func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }

func settable(t reflect.Type) bool {
	if isText(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Slice && settable(t.Elem())
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}

// snake writes a Go name in lower snake case; initialisms stay whole: MaxConns → max_conns, DirectURL → direct_url.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 {
			afterLower := !unicode.IsUpper(runes[i-1])
			beforeLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if afterLower || beforeLower {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
