package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/event"
)

// Entry is one thing that happened to a record, or to a record that belongs to it.
type Entry struct {
	ID int64     `json:"id"`
	At time.Time `json:"at"`
	// Actor is who did it; id 0 with a name for the program itself.
	Actor Person `json:"actor"`
	// Verb is the past tense of the fact: created, updated, deleted, or that of a move.
	Verb string `json:"verb"`
	// Entity and Record say what it was done to. Display names it, as it was called then, where that is not the record whose history this is, and versions keep what names it: a field
	// of its own, or a reference.
	Entity  string `json:"entity"`
	Record  int64  `json:"record"`
	Display string `json:"display,omitempty"`
	// From and To are the states of a move.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Changes are the fields that differ from the version before, as far as the viewer may see them.
	Changes []FieldChange `json:"changes"`
}

// Person is somebody in a history.
type Person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// FieldChange is one field before and after. Values are as in the API; of references the names are given.
type FieldChange struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Kind   string `json:"kind"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// versionOf is one stored version of one record.
type versionKey struct {
	record, version int64
}

// History returns what happened to a record and to those that name it as their parent, oldest first, as the viewer of found may
// see it: the facts, joined with the versions for the values. Constant statements.
func (e *Entity) History(ctx context.Context, q db.Queryer, found Found) ([]Entry, error) {
	facts, err := event.Timeline(ctx, q, e.Name, found.ID)
	if err != nil {
		return nil, err
	}
	ids := map[*Entity]db.IDs{}
	for _, f := range facts {
		if of := e.registry.entities[f.Entity]; of != nil && !slices.Contains(ids[of], f.Subject) {
			ids[of] = append(ids[of], f.Subject)
		}
	}
	versions := map[*Entity]map[versionKey]Values{}
	for of, list := range ids {
		if versions[of], err = of.versionsOf(ctx, q, list); err != nil {
			return nil, err
		}
	}
	names := nameBook{registry: e.registry, wanted: map[*Entity]db.IDs{}, names: map[*Entity]map[int64]string{}}
	entries := []Entry{}
	named := map[int]any{} // by entry, what names a record that belongs to this one
	for _, f := range facts {
		of := e.registry.entities[f.Entity]
		if of == nil || !found.Viewer.SeesAny(of) {
			continue
		}
		entry := Entry{ID: f.ID, At: f.At, Actor: Person{ID: f.ActorID, Name: f.System}, Verb: strings.TrimPrefix(f.Name, f.Entity+"_"), Entity: f.Entity, Record: f.Subject, Changes: []FieldChange{}}
		entry.From, _ = f.Data["from"].(string)
		entry.To, _ = f.Data["to"].(string)
		names.want(e.registry.People, f.ActorID)
		after := versions[of][versionKey{f.Subject, f.Revision}]
		before := versions[of][versionKey{f.Subject, f.Revision - 1}]
		for _, field := range slices.Concat(of.Fields, found.Viewer.overlay.extensions(of)) {
			if after == nil || !slices.Contains(f.Changed, field.Name) || field.Via != "" || field.Kind == Children || !of.shownInHistory(found.Viewer, field) {
				continue
			}
			old := before[field.Name]
			if blank(old) && blank(after[field.Name]) {
				continue
			}
			names.wantAll(field, old, after[field.Name])
			entry.Changes = append(entry.Changes, FieldChange{Field: field.Name, Label: field.Label, Kind: field.Kind.String(), Before: old, After: after[field.Name]})
		}
		if entry.Verb == "updated" && len(entry.Changes) == 0 {
			continue // a change of its children only, which they tell themselves, or of what the viewer may not see
		}
		if f := of.naming(found.Viewer); f != nil && of != e {
			known := after
			if known == nil {
				known = before // of a deletion no version is kept
			}
			names.wantAll(f, known[f.Name])
			named[len(entries)] = known[f.Name]
		}
		entries = append(entries, entry)
	}
	if err := names.load(ctx, q); err != nil {
		return nil, err
	}
	for i := range entries {
		entry := &entries[i]
		if entry.Actor.ID != 0 {
			entry.Actor.Name = names.names[e.registry.People][entry.Actor.ID]
		}
		of := e.registry.entities[entry.Entity]
		if v := named[i]; v != nil {
			entry.Display = fmt.Sprint(names.shown(of.naming(found.Viewer), v))
		}
		for j := range entry.Changes {
			c := &entry.Changes[j]
			c.Before, c.After = names.shown(of.fields[c.Field], c.Before), names.shown(of.fields[c.Field], c.After)
		}
	}
	return entries, nil
}

// naming is the field that names a record of the entity, or leads to the record that does; nil without one that the viewer sees.
func (e *Entity) naming(v Viewer) *Field {
	name, _, _ := strings.Cut(e.Display, ".")
	if name == "" {
		name = "name"
	}
	if f := e.fields[name]; f != nil && v.Sees(f) {
		return f
	}
	return nil
}

func (e *Entity) shownInHistory(v Viewer, f *Field) bool {
	if f.Name == e.State {
		return false // From and To say it
	}
	if slices.Contains(e.Remembers, f.Name) && !v.overlay.hides(f) {
		return true
	}
	return v.Sees(f) && (!f.ReadOnly || f.extension != nil) // what the program keeps by itself is told by the verb
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []int64:
		return len(v) == 0
	}
	return false
}

// versionsOf reads all versions of some records.
func (e *Entity) versionsOf(ctx context.Context, q db.Queryer, ids db.IDs) (map[versionKey]Values, error) {
	all := map[versionKey]Values{}
	if e.Versions == "" {
		return all, nil
	}
	cols := []column{{sql: "record_id"}, {sql: "version"}, {sql: "lists", kind: JSON}}
	for _, f := range e.stored {
		if f.Name != "id" {
			cols = append(cols, column{f.Column, f.Kind, f.Scale})
		}
	}
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.sql
	}
	rows, err := e.registry.scan(ctx, q, cols, false, "select "+strings.Join(list, ", ")+" from "+e.Versions+" where "+q.Engine().AnyID("record_id", "$1"), []any{ids})
	if err != nil {
		return nil, fmt.Errorf("read versions of %s: %w", e.Name, err)
	}
	for _, slots := range rows {
		values := Values{}
		i := 3
		for _, f := range e.stored {
			if f.Name != "id" {
				values[f.Name] = slots[i]
				i++
			}
		}
		var lists map[string][]int64
		if doc, ok := slots[2].(json.RawMessage); ok {
			if err := json.Unmarshal(doc, &lists); err != nil {
				return nil, fmt.Errorf("read lists of a version of %s: %w", e.Name, err)
			}
		}
		for name, ids := range lists {
			values[name] = ids
		}
		if e.extensions != nil {
			if err := values.spread(); err != nil {
				return nil, fmt.Errorf("read extension fields of a version of %s: %w", e.Name, err)
			}
		}
		all[versionKey{slots[0].(int64), slots[1].(int64)}] = values
	}
	return all, nil
}

// nameBook gathers which records need a name and reads each entity's names in one statement.
type nameBook struct {
	registry *Registry
	wanted   map[*Entity]db.IDs
	names    map[*Entity]map[int64]string
}

func (b *nameBook) want(e *Entity, id int64) {
	if e != nil && id != 0 && !slices.Contains(b.wanted[e], id) {
		b.wanted[e] = append(b.wanted[e], id)
	}
}

func (b *nameBook) wantAll(f *Field, values ...any) {
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			if f.Kind == Ref {
				b.want(f.to, v)
			}
		case []int64:
			for _, id := range v {
				b.want(f.to, id)
			}
		}
	}
}

func (b *nameBook) load(ctx context.Context, q db.Queryer) error {
	for e, ids := range b.wanted {
		found, err := e.Names(ctx, q, ids)
		if err != nil {
			return err
		}
		b.names[e] = found
	}
	return nil
}

// shown is a value as people read it: names for references.
func (b *nameBook) shown(f *Field, v any) any {
	switch v := v.(type) {
	case int64:
		if f != nil && f.Kind == Ref {
			return b.names[f.to][v]
		}
	case []int64:
		list := make([]string, 0, len(v))
		for _, id := range v {
			list = append(list, b.names[f.to][id])
		}
		slices.Sort(list)
		return list
	case almoner.Date:
		return v.String()
	case almoner.Decimal:
		return v.String()
	}
	return v
}

// Names returns what the records with these ids are called, by Display; without a Display their numbers. Whether the caller may know them is the
// caller's affair. One statement.
func (e *Entity) Names(ctx context.Context, q db.Queryer, ids db.IDs) (map[int64]string, error) {
	display := e.Display
	if display == "" && e.fields["name"] != nil {
		display = "name"
	}
	names := map[int64]string{}
	if display == "" {
		for _, id := range ids {
			names[id] = fmt.Sprintf("#%d", id)
		}
		return names, nil
	}
	p := &plan{entity: e, joined: map[string]string{"": "t0"}}
	at, path := e, ""
	steps := strings.Split(display, ".")
	var value string
	for i, name := range steps {
		f := at.fields[name]
		if i == len(steps)-1 {
			value = f.sql(p.joined[path])
			break
		}
		_, path = p.join(path, f)
		at = f.to
	}
	rows, err := e.registry.scan(ctx, q, []column{{sql: "t0.id"}, {sql: value, kind: Text}}, false,
		"select t0.id, "+value+" from "+e.Table+" t0"+p.joins.String()+" where "+q.Engine().AnyID("t0.id", "$1"), []any{ids})
	if err != nil {
		return nil, fmt.Errorf("read names of %s: %w", e.Name, err)
	}
	for _, slots := range rows {
		name, _ := slots[1].(string)
		names[slots[0].(int64)] = name
	}
	return names, nil
}
