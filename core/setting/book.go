package setting

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/config"
)

// Book holds all settings of a program that can be changed while it runs. It is safe for concurrent use once the program is put together.
type Book struct {
	list   []*entry
	byName map[string]*entry

	// mu guards everything that changes in entries, and problems.
	mu       sync.Mutex
	problems []error
}

// NewBook makes a book of declarations. The error names everything that is wrong with any of them.
func NewBook(list ...Declaration) (*Book, error) {
	b := &Book{byName: map[string]*entry{}}
	var errs []error
	for _, d := range list {
		e := d.entry()
		errs = append(errs, e.fault)
		if b.byName[e.Name] != nil {
			errs = append(errs, fmt.Errorf("setting %s is declared twice", e.Name))
			continue
		}
		if e.Group == "" {
			e.Group, _, _ = strings.Cut(e.Name, ".")
		}
		b.list = append(b.list, e)
		b.byName[e.Name] = e
	}
	return b, errors.Join(errs...)
}

func (b *Book) problem(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, err)
}

// Err reports everything that was bound wrongly, nil when all is well.
func (b *Book) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.problems...)
}

// Extras are the settings for config.Load, which reads what the operator wrote about those that are no field of a struct into the book.
func (b *Book) Extras() []config.Extra {
	list := make([]config.Extra, len(b.list))
	for i, e := range b.list {
		list[i] = config.Extra{Key: e.Name, Help: e.Help, Default: plain(e.Default), Set: func(text string) (string, error) {
			v, shown, err := e.parse(text)
			if err != nil {
				return "", err
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			e.base, e.given = v, true
			e.apply(nil, nil)
			return shown, nil
		}}
	}
	return list
}

// Pin takes a setting out of the hands of administrators, because the operator wrote it: source is the kind of place, place the line, variable or flag. A
// name that the book does not have is passed over.
func (b *Book) Pin(name, source, place string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.byName[name]; e != nil {
		e.source, e.place = source, place
		e.apply(nil, nil)
	}
}

// PinAll pins what a report says to come from the operator.
func (b *Book) PinAll(r config.Report) {
	for _, s := range r {
		if s.Source != config.FromDefault {
			b.Pin(s.Key, string(s.Source), s.Place)
		}
	}
}

// State is a setting with what holds without overrides, and whether there can be any.
type State struct {
	Facts
	// Base is written in JSON as values are.
	Base any
	// Source is file, environment or flag for a setting that the operator pinned, and empty otherwise. Place is where exactly.
	Source, Place string
}

// Pinned reports whether only the operator can change the setting.
func (s State) Pinned() bool { return s.Source != "" }

// States are all settings, in the order of declaration.
func (b *Book) States() []State {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]State, len(b.list))
	for i, e := range b.list {
		list[i] = e.state()
	}
	return list
}

// Find returns the setting of this name.
func (b *Book) Find(name string) (State, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.byName[name]
	if e == nil {
		return State{}, false
	}
	return e.state(), true
}

func (e *entry) state() State {
	return State{Facts: e.Facts, Base: e.show(e.base), Source: e.source, Place: e.place}
}

// Check reads a value for a setting and returns it as it should be kept: sizes in their largest unit, choices in their order. What is wrong comes as an
// Invalid error about the field `value`; an unknown name is NotFound.
func (b *Book) Check(name string, value json.RawMessage) (json.RawMessage, error) {
	e := b.byName[name]
	if e == nil {
		return nil, almoner.Errorf(almoner.NotFound, "not_found", "Not found.")
	}
	shown, wrong := e.read(value)
	if wrong != nil {
		wrong.Path = "value"
		return nil, &almoner.Error{Kind: almoner.Invalid, Code: "invalid", Message: "The input is not valid.", Fields: []almoner.FieldError{*wrong}}
	}
	raw, err := json.Marshal(shown)
	if err != nil {
		return nil, fmt.Errorf("write setting %s: %w", name, err)
	}
	return raw, nil
}

// Parse turns the text of a command line into the JSON of a value, or says what is wrong with it.
func (b *Book) Parse(name, text string) (json.RawMessage, error) {
	e := b.byName[name]
	if e == nil {
		return nil, fmt.Errorf("there is no setting %q that can be changed while the program runs", name)
	}
	v, _, err := e.parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return json.Marshal(e.show(v))
}

// Apply puts overrides in force, and takes back what is not among them. Those of a pinned setting, of an unknown one, and those that break the limits are passed over.
func (b *Book) Apply(list []Override) {
	everywhere := map[string]json.RawMessage{}
	in := map[string]map[int64]json.RawMessage{}
	for _, o := range list {
		if o.Workspace == 0 {
			everywhere[o.Name] = o.Value
			continue
		}
		if in[o.Name] == nil {
			in[o.Name] = map[int64]json.RawMessage{}
		}
		in[o.Name][o.Workspace] = o.Value
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.list {
		e.apply(everywhere[e.Name], in[e.Name])
	}
}

// Report adds to a report what overrides make of it: a line whose setting was overridden for all workspaces has the new value and says so, and each override
// for one workspace is a line of its own.
func (b *Book) Report(r config.Report, list []Override) config.Report {
	var out config.Report
	for _, line := range r {
		e := b.byName[line.Key]
		var own config.Report
		for _, o := range list {
			if e == nil || o.Name != line.Key || line.Source != config.FromDefault {
				continue
			}
			shown, wrong := e.read(o.Value)
			switch {
			case wrong != nil:
			case o.Workspace == 0:
				line.Value, line.Source = plain(shown), config.FromAdministrator
			case e.PerWorkspace:
				in := line
				in.Value, in.Source, in.Place = plain(shown), config.FromAdministrator, "administrator, in "+o.Code
				own = append(own, in)
			}
		}
		out = append(append(out, line), own...)
	}
	return out
}
