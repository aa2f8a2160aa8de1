package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/event"
)

// Change is one record about to be created, changed or deleted. Hooks read it by field name; a name that the entity does not
// declare panics, as that is a mistake in code that the first test finds.
type Change struct {
	Entity *Entity
	Mode   Mode
	// ID is the record, 0 until a new one is written.
	ID int64
	// Delete removes the record.
	Delete bool
	// Parent is the change that this one is nested in.
	Parent *Change
	// IfVersion, when not 0, is the version that the writer saw; another one in the table is a Conflict.
	IfVersion int64
	// Verb names the fact: `module.entity_verb`; "created", "updated" or "deleted" when empty.
	Verb string
	// Data goes into the fact.
	Data map[string]any
	// Completes tells that the change belongs to the writing before it, which could not say all of it: the record keeps its version, and what keeps versions
	// is corrected instead of getting another.
	Completes bool
	// Bulk, when not nil, is shared with other changes of the same transaction, which cost less together.
	Bulk *Bulk

	via       *Field
	path      string
	workspace int64
	values    Values
	before    Values
	version   int64
	children  []childList
	changed   []string
	// extensions are what was sent of extension fields, needed the fields that an administrator requires and that were not sent.
	extensions []sentExtension
	needed     []*Field
}

type childList struct {
	field *Field
	items []*Change
}

// NewChange starts a change made by code rather than by input. With ID 0 it creates.
func (e *Entity) NewChange(id int64, values Values) *Change {
	mode := Patch
	if id == 0 {
		mode = Create
	}
	c := &Change{Entity: e, Mode: mode, ID: id, values: Values{}}
	for name, v := range values {
		c.Set(name, v)
	}
	return c
}

// NewDelete starts the deletion of a record.
func (e *Entity) NewDelete(id int64) *Change {
	return &Change{Entity: e, Mode: Patch, ID: id, Delete: true, values: Values{}}
}

func (c *Change) field(name string) *Field {
	f := c.Entity.fields[name]
	if f == nil {
		panic(fmt.Sprintf("entity: %s has no field %q", c.Entity.Name, name))
	}
	return f
}

// New reports whether the record is being created.
func (c *Change) New() bool { return c.Mode == Create }

// Sent reports whether the change gives the field a value.
func (c *Change) Sent(name string) bool {
	c.field(name)
	_, ok := c.values[name]
	return ok
}

// Value is the value that the field will have: the one given, else the one stored, else the default, else nil.
func (c *Change) Value(name string) any {
	f := c.field(name)
	if v, ok := c.values[name]; ok {
		return v
	}
	if v, ok := c.before[name]; ok {
		return v
	}
	return f.Default
}

// Before is the stored value, nil for a new record.
func (c *Change) Before(name string) any {
	c.field(name)
	return c.before[name]
}

// Int is Value of an Integer or Ref, 0 for null.
func (c *Change) Int(name string) int64 {
	n, _ := c.Value(name).(int64)
	return n
}

// IDs is Value of a Refs.
func (c *Change) IDs(name string) []int64 {
	ids, _ := c.Value(name).([]int64)
	return ids
}

// Text is Value of a text or choice, "" for null.
func (c *Change) Text(name string) string {
	s, _ := c.Value(name).(string)
	return s
}

// Set gives the field a value, whether or not it may be written from outside.
func (c *Change) Set(name string, v any) {
	c.field(name)
	c.values[name] = v
}

// Changes reports whether the field will differ from what is stored.
func (c *Change) Changes(name string) bool {
	f := c.field(name)
	v, ok := c.values[name]
	return ok && (c.New() || !same(f, v, c.before[name]))
}

// Changed are the names of the fields that Save changed, sorted; for After hooks.
func (c *Change) Changed() []string { return c.changed }

// WorkspaceID is the workspace that the change is made in; known once Save has begun.
func (c *Change) WorkspaceID() int64 { return c.workspace }

// Children are the nested changes of a Children field.
func (c *Change) Children(name string) []*Change {
	f := c.field(name)
	for _, list := range c.children {
		if list.field == f {
			return list.items
		}
	}
	return nil
}

// Nest puts changes into a Children field, as nested input does: they are written with this one, and their problems are told by their place in the list. Items that
// are stored and not among them stay; those with an id must be children of this record.
func (c *Change) Nest(name string, items ...*Change) {
	f := c.field(name)
	for i, item := range items {
		item.Parent, item.via, item.path = c, f, fmt.Sprintf("%s.%d", almoner.JoinPath(c.path, name), i)
	}
	c.children = append(c.children, childList{f, items})
}

// Save checks and carries out the change with everything nested in it, inside tx: references, hooks, rows, pairs, children,
// versions, facts. Invalid with all problems, NotFound, or Conflict with nothing written (the caller rolls back).
func (e *Entity) Save(ctx context.Context, tx *db.Tx, c *Change) error {
	var problems almoner.Problems
	if err := e.prepare(ctx, tx, c, &problems); err != nil {
		return err
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return e.apply(ctx, tx, c)
}

// prepare loads what is stored and collects every problem before anything is written.
func (e *Entity) prepare(ctx context.Context, tx *db.Tx, c *Change, problems *almoner.Problems) error {
	if err := e.Rights.allow(almoner.ActorOf(ctx), c); err != nil {
		return err
	}
	c.workspace = almoner.ActorOf(ctx).Workspace.ID
	if !c.New() && c.before == nil {
		row, known := c.Bulk.take(c)
		if !known {
			found, err := e.load(ctx, tx, "t0.id = $1", c.ID)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return NotFound()
			}
			row = found[0]
		}
		c.before, c.version = row.values, row.version
		if c.IfVersion != 0 && c.IfVersion != c.version {
			return changedMeanwhile(c.IfVersion, c.version)
		}
	}
	for _, f := range c.needed {
		if _, set := c.values[f.Name]; !set && f.Kind != Children && blank(c.before[f.Name]) {
			problems.Add(almoner.JoinPath(c.path, f.Name), "required", "This field is required.")
		}
	}
	if err := c.mergeExtensions(problems); err != nil {
		return err
	}
	var dangling almoner.Problems
	if !c.Delete {
		if err := e.checkReferences(ctx, tx, c, &dangling); err != nil {
			return err
		}
		problems.Merge("", dangling.Err())
	}
	// Rules speak of records that exist, so they are not asked about references that lead nowhere.
	if e.Check != nil && !dangling.Any() {
		var own almoner.Problems
		if err := e.Check(ctx, tx, c, &own); err != nil {
			return err
		}
		problems.Merge(c.path, own.Err())
	}
	for i := range c.children {
		if err := e.prepareChildren(ctx, tx, c, &c.children[i], problems); err != nil {
			return err
		}
	}
	return nil
}

func (e *Entity) prepareChildren(ctx context.Context, tx *db.Tx, c *Change, list *childList, problems *almoner.Problems) error {
	to := list.field.to
	stored := map[int64]loaded{}
	if !c.New() {
		rows, err := to.load(ctx, tx, "t0."+list.field.ForeignKey+" = $1", c.ID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			stored[r.id] = r
		}
	}
	mentioned := map[int64]bool{}
	for _, child := range list.items {
		if child.ID != 0 {
			row, ok := stored[child.ID]
			if !ok {
				m := missing(strconv.FormatInt(child.ID, 10))
				problems.AddWith(child.path+".id", m.Code, m.Message, m.Params)
				continue
			}
			mentioned[child.ID] = true
			child.before, child.version = row.values, row.version
		}
		if err := to.prepare(ctx, tx, child, problems); err != nil {
			return err
		}
	}
	if c.Mode == Replace {
		for _, id := range sortedIDs(stored) {
			if !mentioned[id] {
				gone := to.NewDelete(id)
				gone.Parent, gone.via = c, list.field
				gone.before, gone.version = stored[id].values, stored[id].version
				list.items = append(list.items, gone)
			}
		}
	}
	return nil
}

func sortedIDs(m map[int64]loaded) []int64 {
	ids := make([]int64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

type loaded struct {
	id, version int64
	values      Values
}

// load reads stored values, pairs included, of the rows that satisfy where; on PostgreSQL it locks them against other writers
// (SQLite has one writer).
func (e *Entity) load(ctx context.Context, tx *db.Tx, where string, arg any) ([]loaded, error) {
	cols := []string{"t0.version"}
	list := []column{{kind: Integer}}
	for _, f := range e.stored {
		cols = append(cols, f.sql("t0"))
		list = append(list, column{kind: f.Kind, scale: f.Scale})
	}
	b := builder{args: []any{arg}}
	conditions := []string{where}
	if !e.Global {
		conditions = append(conditions, "t0.workspace_id = "+b.arg(almoner.ActorOf(ctx).Workspace.ID))
	}
	if living := e.living("t0"); living != "" {
		conditions = append(conditions, living)
	}
	sql := "select " + strings.Join(cols, ", ") + " from " + e.Table + " t0 where " + strings.Join(conditions, " and ") + " order by t0.id"
	if tx.Engine() == db.Postgres {
		sql += " for update of t0"
	}
	rows, err := e.registry.scan(ctx, tx, list, false, sql, b.args)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", e.Name, err)
	}
	found := make([]loaded, len(rows))
	ids := make(db.IDs, len(rows))
	at := map[int64]int{}
	for i, slots := range rows {
		values := Values{}
		for j, f := range e.stored {
			values[f.Name] = slots[j+1]
		}
		id := values["id"].(int64)
		found[i] = loaded{id: id, version: slots[0].(int64), values: values}
		ids[i], at[id] = id, i
	}
	if len(found) == 0 {
		return found, nil
	}
	for _, f := range e.Fields {
		if f.Kind != Refs || f.Via != "" {
			continue
		}
		for i := range found {
			found[i].values[f.Name] = []int64{}
		}
		rows, err := tx.Query(ctx, "select "+f.Owner+", "+f.Target+" from "+f.Through+" where "+tx.Engine().AnyID(f.Owner, "$1")+" order by "+f.Owner+", "+f.Target, ids)
		_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
			var owner, target int64
			if err := r.Scan(&owner, &target); err != nil {
				return struct{}{}, err
			}
			values := found[at[owner]].values
			values[f.Name] = append(values[f.Name].([]int64), target)
			return struct{}{}, nil
		})
		if err != nil {
			return nil, fmt.Errorf("load %s of %s: %w", f.Name, e.Name, err)
		}
	}
	return found, nil
}

// checkReferences reports every reference to something that does not exist for this actor, or that the field does not allow.
func (e *Entity) checkReferences(ctx context.Context, tx *db.Tx, c *Change, problems *almoner.Problems) error {
	for _, f := range e.Fields {
		v, sent := c.values[f.Name]
		if !sent || v == nil || f.Kind != Ref && f.Kind != Refs || !c.Changes(f.Name) {
			continue
		}
		ids, isList := v.([]int64)
		if !isList {
			ids = []int64{v.(int64)}
		}
		if len(ids) == 0 || c.Bulk.knows(c, f, ids) {
			continue
		}
		var b builder
		where := []string{tx.Engine().AnyID("t0.id", b.arg(db.IDs(ids)))}
		if !f.to.Global {
			where = append(where, "t0.workspace_id = "+b.arg(almoner.ActorOf(ctx).Workspace.ID))
		}
		// What has ended itself, as imports know it, may refer to what has.
		if living := f.to.living("t0"); living != "" && !f.Outlives && !(e.Validity && c.values["validity_to"] != nil) {
			where = append(where, living)
		}
		if f.Among != nil {
			where = append(where, "("+row(f.Among(c, b.arg), "t0")+")")
		}
		rows, err := tx.Query(ctx, "select t0.id from "+f.to.Table+" t0 where "+strings.Join(where, " and "), b.args...)
		found, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil {
			return fmt.Errorf("check %s of %s: %w", f.Name, e.Name, err)
		}
		c.Bulk.learn(c, f, found)
		for _, id := range ids {
			if !slices.Contains(found, id) {
				m := missing(strconv.FormatInt(id, 10))
				problems.AddWith(almoner.JoinPath(c.path, f.Name), m.Code, m.Message, m.Params)
			}
		}
	}
	return nil
}

func (e *Entity) apply(ctx context.Context, tx *db.Tx, c *Change) error {
	if c.Delete {
		return e.applyDelete(ctx, tx, c)
	}
	for _, f := range e.Fields {
		if f.Name != "id" && c.Changes(f.Name) {
			c.changed = append(c.changed, f.Name)
		}
	}
	// Children are part of what the record shows: a change of theirs is a new version of it.
	for _, list := range c.children {
		for _, child := range list.items {
			if child.New() || child.Delete || child.differs() {
				c.changed = append(c.changed, list.field.Name)
				break
			}
		}
	}
	if e.extensions != nil && c.Changes(ExtensionsName) {
		names, err := extensionsChanged(c.before[ExtensionsName], c.values[ExtensionsName])
		if err != nil {
			return fmt.Errorf("compare the extension fields of %s %d: %w", e.Name, c.ID, err)
		}
		c.changed = append(c.changed, names...)
	}
	slices.Sort(c.changed)
	if !c.New() && len(c.changed) == 0 && c.Verb == "" {
		return nil
	}
	if e.Validity && !c.Sent("validity_from") && !c.Completes {
		c.Set("validity_from", tx.Now)
	}
	if err := e.writeRow(ctx, tx, c); err != nil {
		return err
	}
	for _, f := range e.Fields {
		if f.Kind == Refs && f.Via == "" && c.Changes(f.Name) {
			if err := e.writePairs(ctx, tx, c, f); err != nil {
				return err
			}
		}
	}
	for _, list := range c.children {
		// What goes makes room first: a new item may hold a unique value of one that is deleted.
		for _, gone := range []bool{true, false} {
			for _, child := range list.items {
				if child.Delete != gone {
					continue
				}
				child.values[parentName(list.field)] = c.ID
				if err := list.field.to.apply(ctx, tx, child); err != nil {
					return err
				}
			}
		}
	}
	if err := e.writeVersion(ctx, tx, c); err != nil {
		return err
	}
	if err := e.emit(ctx, tx, c); err != nil {
		return err
	}
	switch {
	case e.After == nil:
		return nil
	case c.Bulk.defers(c):
		c.Bulk.late = append(c.Bulk.late, c)
		return nil
	}
	return e.After(ctx, tx, c)
}

func (c *Change) differs() bool {
	for _, f := range c.Entity.Fields {
		if c.Changes(f.Name) {
			return true
		}
	}
	return c.Entity.extensions != nil && c.Changes(ExtensionsName)
}

// parentName is the field of the child that holds the parent's id.
func parentName(f *Field) string {
	for _, back := range f.to.stored {
		if back.Column == f.ForeignKey {
			return back.Name
		}
	}
	panic(fmt.Sprintf("entity: %s has no field for column %s", f.to.Name, f.ForeignKey))
}

func (e *Entity) writeRow(ctx context.Context, tx *db.Tx, c *Change) error {
	var b builder
	var cols, marks []string
	put := func(col string, v any) {
		cols = append(cols, col)
		marks = append(marks, b.arg(v))
	}
	for _, f := range e.stored {
		v, sent := c.values[f.Name]
		if f.Name == "id" {
			continue
		}
		if c.New() && !sent && f.Default != nil {
			v, sent = f.Default, true
		}
		if c.New() && v == nil && f.Kind == UUID {
			id, err := newUUID()
			if err != nil {
				return err
			}
			v, sent = id, true
			c.values[f.Name] = v
		}
		if !sent || !c.New() && !c.Changes(f.Name) {
			continue
		}
		put(f.Column, v)
		if f.Folded != "" {
			text, _ := v.(string)
			put(f.Folded, db.Fold(text))
		}
		if f == e.extensions {
			folded, err := foldDocument(v)
			if err != nil {
				return fmt.Errorf("fold the extension fields of %s: %w", e.Name, err)
			}
			put(foldedExtensions, folded)
		}
	}
	put("updated_at", tx.Now)
	var err error
	if c.New() {
		put("created_at", tx.Now)
		put("version", int64(1))
		if !e.Global {
			put("workspace_id", almoner.ActorOf(ctx).Workspace.ID)
		}
		c.version = 1
		if c.Bulk.defers(c) {
			c.ID, err = c.Bulk.later(ctx, tx, e, cols, b.args)
			return err
		}
		c.ID, err = tx.Insert(ctx, "insert into "+e.Table+" ("+strings.Join(cols, ", ")+") values ("+strings.Join(marks, ", ")+") returning id", b.args...)
	} else {
		if !c.Completes {
			c.version++
			put("version", c.version)
		}
		sets := make([]string, len(cols))
		for i := range cols {
			sets[i] = cols[i] + " = " + marks[i]
		}
		_, err = tx.Exec(ctx, "update "+e.Table+" set "+strings.Join(sets, ", ")+" where id = "+b.arg(c.ID), b.args...)
	}
	if err != nil {
		return e.explain(c, err)
	}
	return nil
}

// newUUID makes a UUID that sorts by the time of its making.
func newUUID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a UUID: %w", err)
	}
	return id.String(), nil
}

// explain turns a violated constraint into an error about the field that people know; among several, one that they can write.
func (e *Entity) explain(c *Change, err error) error {
	if db.ForeignKeyViolation(err) {
		// It was there when the references were looked up.
		return almoner.Errorf(almoner.Conflict, "reference_gone", "Something that this %s refers to was removed meanwhile.", strings.ToLower(e.label()))
	}
	table, columns, ok := db.UniqueViolation(err)
	if !ok || table != e.Table {
		return fmt.Errorf("write %s: %w", e.Name, err)
	}
	var taken *Field
	for _, f := range e.stored {
		if f.Name != "id" && slices.Contains(columns, f.Column) && (taken == nil || taken.ReadOnly && !f.ReadOnly) {
			taken = f
		}
	}
	if taken == nil {
		return fmt.Errorf("write %s: %w", e.Name, err)
	}
	return almoner.Invalidf(almoner.JoinPath(c.path, taken.Name), "unique", "%s with this %s already exists.", e.label(), strings.ToLower(taken.Label))
}

func (e *Entity) label() string {
	if e.Label != "" {
		return e.Label
	}
	return strings.ReplaceAll(e.Short(), "_", " ")
}

func (e *Entity) writePairs(ctx context.Context, tx *db.Tx, c *Change, f *Field) error {
	want, _ := c.values[f.Name].([]int64)
	have, _ := c.before[f.Name].([]int64)
	var gone db.IDs
	for _, id := range have {
		if !slices.Contains(want, id) {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		if _, err := tx.Exec(ctx, "delete from "+f.Through+" where "+f.Owner+" = $1 and "+tx.Engine().AnyID(f.Target, "$2"), c.ID, gone); err != nil {
			return fmt.Errorf("write %s of %s: %w", f.Name, e.Name, err)
		}
	}
	for _, id := range want {
		if slices.Contains(have, id) {
			continue
		}
		if _, err := tx.Exec(ctx, "insert into "+f.Through+" ("+f.Owner+", "+f.Target+") values ($1, $2)", c.ID, id); err != nil {
			return fmt.Errorf("write %s of %s: %w", f.Name, e.Name, err)
		}
	}
	return nil
}

// writeVersion keeps a typed copy of the row as it is now; the pairs are kept beside it as lists of ids.
func (e *Entity) writeVersion(ctx context.Context, tx *db.Tx, c *Change) error {
	if e.Versions == "" {
		return nil
	}
	if c.Bulk.keepsVersion(c) {
		return nil
	}
	lists := map[string][]int64{}
	for _, f := range e.Fields {
		if f.Kind == Refs && f.Via == "" {
			lists[f.Name] = c.IDs(f.Name)
		}
	}
	text, err := json.Marshal(lists)
	if err != nil {
		return fmt.Errorf("encode lists of %s: %w", e.Name, err)
	}
	list := strings.Join(e.kept(), ", ")
	if c.Completes && !c.New() {
		_, err = tx.Exec(ctx, "update "+e.Versions+" set lists = $3, ("+list+") = (select "+list+" from "+e.Table+" where id = $1) where record_id = $1 and version = $2", c.ID, c.version, json.RawMessage(text))
		if err != nil {
			return fmt.Errorf("complete the version of %s: %w", e.Name, err)
		}
		return nil
	}
	if e.Validity {
		if err := e.closePast(ctx, tx, c); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, "insert into "+e.Versions+" (record_id, version, changed_at, changed_by, lists, "+list+") select id, version, updated_at, $2, $3, "+list+" from "+e.Table+" where id = $1",
		c.ID, almoner.ActorOf(ctx).UserID, json.RawMessage(text))
	if err != nil {
		return fmt.Errorf("keep version of %s: %w", e.Name, err)
	}
	return nil
}

// kept are the columns of which versions keep a copy: those of the fields and, where versions are read as rows, those that reading goes by.
func (e *Entity) kept() []string {
	var cols []string
	for _, f := range e.stored {
		if f.Name != "id" {
			cols = append(cols, f.Column)
		}
		if f.Folded != "" && e.Validity {
			cols = append(cols, f.Folded)
		}
	}
	if e.Validity && !e.Global {
		cols = append(cols, "workspace_id")
	}
	if e.Validity && e.extensions != nil {
		cols = append(cols, foldedExtensions)
	}
	return cols
}

func (e *Entity) applyDelete(ctx context.Context, tx *db.Tx, c *Change) error {
	var err error
	switch {
	case e.Validity:
		if err := e.closeRow(ctx, tx, c); err != nil {
			return err
		}
		c.version-- // counted below for all
	case e.SoftDelete:
		_, err = tx.Exec(ctx, "update "+e.Table+" set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1", c.ID, tx.Now)
	default:
		for _, f := range e.Fields {
			if f.Kind == Refs && f.Via == "" {
				if _, err := tx.Exec(ctx, "delete from "+f.Through+" where "+f.Owner+" = $1", c.ID); err != nil {
					return fmt.Errorf("delete %s of %s: %w", f.Name, e.Name, err)
				}
			}
		}
		_, err = tx.Exec(ctx, "delete from "+e.Table+" where id = $1", c.ID)
	}
	if db.ForeignKeyViolation(err) {
		return almoner.Errorf(almoner.Conflict, "in_use", "This %s is still in use and cannot be deleted.", strings.ToLower(e.label()))
	}
	if err != nil {
		return fmt.Errorf("delete %s: %w", e.Name, err)
	}
	c.version++
	if c.Verb == "" {
		c.Verb = "deleted"
	}
	if err := e.emit(ctx, tx, c); err != nil {
		return err
	}
	if e.After != nil {
		return e.After(ctx, tx, c)
	}
	return nil
}

func (e *Entity) emit(ctx context.Context, tx *db.Tx, c *Change) error {
	verb := c.Verb
	switch {
	case verb != "":
	case c.New():
		verb = "created"
	default:
		verb = "updated"
	}
	fact := event.Fact{Name: e.Name + "_" + verb, Entity: e.Name, Subject: c.ID, Revision: c.version, Changed: c.changed, Data: c.Data}
	if e.ParentField != "" {
		fact.ParentEntity, fact.Parent = e.fields[e.ParentField].To, c.Int(e.ParentField)
	}
	if c.Bulk != nil {
		fact.At = tx.Now
		c.Bulk.facts = append(c.Bulk.facts, fact)
		return nil
	}
	_, err := event.Emit(ctx, tx, fact)
	return err
}

// same compares two canonical values of a field.
func same(f *Field, a, b any) bool {
	switch f.Kind {
	case Refs:
		x, _ := a.([]int64)
		y, _ := b.([]int64)
		return slices.Equal(x, y)
	case JSON:
		x, _ := a.(json.RawMessage)
		y, _ := b.(json.RawMessage)
		return sameJSON(x, y)
	case Time:
		x, okX := a.(time.Time)
		y, okY := b.(time.Time)
		return okX == okY && x.Equal(y)
	}
	return a == b
}

// sameJSON compares documents by content: PostgreSQL stores them in its own form.
func sameJSON(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return len(a) == len(b)
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}
