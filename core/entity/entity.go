// Package entity turns one declaration per record type into everything that reading and writing it needs: statements, filters,
// search, order, nested output, validation of input, optimistic locking, versions and facts.
//
//	var section = &entity.Entity{
//		Name: "organisation.section", Table: "organisation_sections",
//		Fields: []*entity.Field{
//			{Name: "name", Kind: entity.Text, Max: 128, Required: true, Unique: true, Folded: "name_folded"},
//			{Name: "active", Kind: entity.Bool, Default: true},
//		},
//		Shapes: map[string]string{"light": "id name"},
//		Search: []string{"name"}, Order: []string{"name"},
//	}
//
// Declarations are plain data. Compile checks all of them together at boot and reports every mistake at once; afterwards there is no reflection.
// The package knows no HTTP and no module; core/api puts operations on top of it, and modules put their rules into the hooks
// Check and After.
//
// Promises
//   - A page costs one statement plus one for each to-many relation in its selection, whatever the number of rows.
//   - Every statement on a tenant's entity carries the workspace of the actor, every read also the entity's Scope.
//   - A write, its versions row and its fact commit together or not at all.
//   - Output holds only fields that the policy lets the viewer see.
//
// Entities are safe for concurrent use once compiled.
package entity

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Kind is what a field holds. It decides the canonical Go type of its values (in brackets), null being nil.
type Kind uint8

// The kinds of field.
const (
	// Integer is a whole number (int64).
	Integer Kind = iota
	// Text is one line (string); input is trimmed, and its line breaks and other control characters become spaces.
	Text
	// LongText is text with line breaks (string); input is trimmed.
	LongText
	// Email is an e-mail address (string).
	Email
	// URL is a web address (string).
	URL
	// Bool is true or false (bool).
	Bool
	// Date is a day (almoner.Date).
	Date
	// Time is an instant (time.Time, UTC).
	Time
	// Number is a floating-point measurement such as a coordinate (float64); never money.
	Number
	// Choice is one of Choices (string).
	Choice
	// JSON is a document (json.RawMessage).
	JSON
	// Link is an address computed by Expr (string). A path on this program is completed to the whole address under which the caller
	// reaches it (almoner.Origin).
	Link
	// Ref points to one record of another entity (int64).
	Ref
	// Refs points to many records through a table of pairs ([]int64).
	Refs
	// Children are the records of another entity that belong to this one ([]*Change on input).
	Children
	// Decimal is an exact number with Scale digits behind the point (almoner.Decimal), in JSON a text: money, quantities. The column is a bigint of
	// the smallest units.
	Decimal
	// UUID identifies the record beside its id (string, in the canonical form of 36 lower-case characters). A new record gets one, in order of time,
	// when none is given. The column is text and needs a constraint that makes it unique.
	UUID
	// Object is an object with Fields of its own (Values). Only inputs of operations have such fields, not entities.
	Object
)

// ChoiceValue is one value of a Choice field with its English label.
type ChoiceValue struct{ Value, Label string }

// Field declares one field of an entity.
type Field struct {
	// Name is the API name.
	Name string
	Kind Kind
	// Label is the English name for people.
	Label string
	// Column is the database column; Name when empty (a Ref that has no Column uses Name + "_id").
	Column string
	// Expr computes the value in SQL instead of storing it; {t} stands for the entity's own row.
	Expr string
	// Folded is the column that holds the folded text for search and order, "" for none.
	Folded string
	// Indexed tells that Folded has a {{search}} index, which a search then uses.
	Indexed bool

	// Required must be sent when a record is created.
	Required bool
	// Null may be null. Blank text may be empty; a Refs list may be empty.
	Null, Blank bool
	// Unique names a value that may occur once (the table's constraint decides).
	Unique bool
	// ReadOnly is never taken from input.
	ReadOnly bool
	// Max is the greatest length of text in characters, 0 for 10 000 (LongText: 100 000).
	Max     int
	Choices []ChoiceValue
	// Scale is the number of digits behind the point of a Decimal.
	Scale uint8
	// Default is the value of a new record when none is sent, in canonical type.
	Default any
	// Many makes a field of an operation's input a list of such values ([]any); not for fields of entities.
	Many bool
	// Fields are those of an Object.
	Fields []*Field
	// Secret values are not written down where inputs are noted, such as a log.
	Secret bool

	// To names the entity of a Ref, Refs or Children.
	To string
	// Through, Owner and Target are the pair table and its columns of a Refs.
	Through, Owner, Target string
	// Via makes a read-only Refs of the distinct records at the end of a path of relations: "tpm_activities.section".
	Via string
	// ForeignKey is the column of a Children's table that points here. Nested Children are written with their parent (tpm §5.4).
	ForeignKey string
	Nested     bool
	// Own names the Ref of this record that the ForeignKey of Children equals, for children that belong to the same third record: the people of
	// a firm's organisation. Empty for this record's id.
	Own string
	// Only narrows the Children, or the Refs that are only read, that are shown: SQL over {t}, the row of the other record. Such a list cannot be filtered on.
	Only func(a *almoner.Actor, arg func(any) string) string
	// Single tells of Children or Refs that are only read that there is never more than one: it is shown by itself, or null, instead of as a list.
	Single bool
	// Among restricts what a Ref or Refs may be set to: SQL over {t}, the target's row, checked on input.
	Among func(c *Change, arg func(any) string) string
	// Outlives lets a Ref lead to what has ended or was deleted, because the record outlives what it is about.
	Outlives bool

	entity *Entity
	to     *Entity
	index  int
	target string
	// textKey is where its label is found, "" for the ordinary place.
	textKey string
	// extension is set for extension fields, see Overlay.
	extension *extension
}

// Entity declares one record type.
type Entity struct {
	// Name is `module.entity`.
	Name string
	// Label and Plural are the English names for people.
	Label, Plural string
	Table         string
	// Global data belongs to no workspace; all other tables have a workspace_id.
	Global bool
	// SoftDelete keeps deleted rows with a deleted_at; they are hidden from every read.
	SoftDelete bool
	// Versions names the table that keeps every version of every row, "" for none.
	Versions string
	// Validity shows old versions as rows of their own beside the living ones, as insurance systems do: it adds the fields uuid, legacy_id,
	// validity_from and validity_to. A change leaves a row of the past, with an id from the same sequence, a UUID of its own and legacy_id naming
	// the living row; a deletion closes the living row, which no read, write or reference finds any more, except the lists that ask for the past:
	// by `show_history`, by `validity` (a day, as it was at its end), or by id or uuid. Such lists are read from the table and its
	// Versions, which then has all columns of the table and past_id. The times may be set by whoever imports.
	Validity bool
	// Batched lets a Bulk write many new records together, and load together those that it changes. It promises that Check of one asks nothing that another of the same transaction
	// would answer otherwise, except what an index of the database keeps unique, and that After changes no other record of the entity.
	Batched bool
	// Past tells who may ask for show_history, which is ignored for others; nil is everybody who sees the list.
	Past func(a *almoner.Actor) bool
	// Rights are the numbers of the rights that people need to write records, on every wire; 0 asks for none.
	Rights Rights
	// Ruled entities have permission rules on their fields; the fields of others are visible wherever the record is, and
	// writable by whoever the operation lets in.
	Ruled bool
	// Inherits names the entity whose permission rules apply where this one has none of its own.
	Inherits string
	// Actions are further permission targets beside the fields: transitions and special operations.
	Actions []string
	// State names the Choice field that holds the state; its value is a predicate of the policy.
	State  string
	Fields []*Field
	// Shapes are named selections, see ParseShape; "" is the shape used when none is named.
	Shapes map[string]string
	// Extensible lets administrators declare further fields while the program runs, see Extension. The table then has the columns
	// `extensions {{json}} not null default '{}'` and `extensions_folded {{json}} not null default '{}'`, its versions the first of them. In a shape,
	// `extensions` shows the fields; where a shape does not say so they are there for whoever asks for them (`?fields=`).
	Extensible *Extensible
	// Fixed names fields beside those of Key, State and Required that moves and rules rely on: administrators cannot hide them.
	Fixed []string
	// Open names the fields, separated by spaces, that a reader who selects freely may reach from every record of the entity, however they came
	// to it; a relation leads on to what is open of its target. It is for whoever is not bounded by a shape (Window).
	Open string
	// Key names the fields that identify a record for people and fixtures, together: a section's name, an agreement's number. A Ref among them
	// stands for the key of its record. Empty for records that only their id identifies.
	Key []string
	// Filters, Sorts and Search declare what a list can be asked for. Search lists paths to text fields.
	Filters []Filter
	Sorts   []Sort
	Search  []string
	// Order is the default order: paths with an optional minus. The id is always added as the last one.
	Order []string
	// Scope limits which rows an actor sees: SQL over {t}, "" for no limit beyond the workspace.
	Scope func(a *almoner.Actor, arg func(any) string) string
	// Predicates are facts about actor and record that permission rules use.
	Predicates []Predicate
	// Display is the path of the text that names a record to people: "organization.name"; "name" when empty and there is one.
	Display string
	// Remembers names fields whose changes the history shows to everybody who may see it, even while the field itself is hidden. Other read-only
	// fields are left out of histories.
	Remembers []string
	// ParentField names the Ref whose record shows this entity's facts in its timeline and whose version grows with changes here.
	ParentField string
	// Check validates a change inside the transaction, before anything is written; it may Set further values.
	Check func(ctx context.Context, tx *db.Tx, c *Change, p *almoner.Problems) error
	// After runs inside the transaction after the rows are written.
	After func(ctx context.Context, tx *db.Tx, c *Change) error

	registry *Registry
	fields   map[string]*Field
	stored   []*Field
	filters  map[string]*filter
	sorts    map[string]*sort
	order    []orderBy
	search   []*path
	// ever is the rows of today and of the past as one table, for an entity with Validity.
	ever string
	// past is those of the past alone.
	past string
	// extensions is the stored document of the extension fields, nil unless Extensible. It is not among Fields.
	extensions *Field
	free       *Window
}

// Rights are the numbers of rights to write the records of an entity, see access.Right.
type Rights struct{ Create, Change, Delete int }

// allow refuses a change to people who lack the right for it. The program itself needs none.
func (r Rights) allow(a *almoner.Actor, c *Change) error {
	need := r.Change
	switch {
	case c.Delete:
		need = r.Delete
	case c.New():
		need = r.Create
	}
	if need == 0 || a.System != "" || a.Superuser || a.Can(need) {
		return nil
	}
	return almoner.Errorf(almoner.Forbidden, "permission_denied", "You do not have permission to perform this action.")
}

// Predicate is a fact about actor and record, found out by SQL that yields a boolean over {t}. An empty SQL means false.
type Predicate struct {
	Name string
	SQL  func(a *almoner.Actor, arg func(any) string) string
	// General tells whether it holds when no record is in hand, in lists and on creation; nil is no.
	General func(a *almoner.Actor) bool
}

// General returns the entity's predicates that hold for an actor when no record is in hand.
func (e *Entity) General(a *almoner.Actor) []string {
	var names []string
	for _, p := range e.Predicates {
		if p.General != nil && p.General(a) {
			names = append(names, p.Name)
		}
	}
	return names
}

// Over puts the alias of a row into SQL written over {t}.
func Over(sql, alias string) string { return row(sql, alias) }

// Filter lets a list be narrowed by the value at the end of a path of fields ("tpm_activities.section"). Its parameters are the
// path with double underscores, followed by each of Lookups: exact (no ending), ne, in, lt, lte, gt, gte, isnull, year; for texts icontains, iexact and
// istartswith, which compare folded where the field has a Folded column, and contains and startswith, which compare as written. A repeated
// parameter means any of its values.
type Filter struct {
	Path string
	// Lookups are separated by spaces; "exact" when empty.
	Lookups string
	// Name replaces the mechanical parameter name, ending included; there is one lookup then.
	Name string
}

// Sort names an order that a list can be asked for.
type Sort struct {
	Name string
	// By are paths of to-one relations ending in a field.
	By []string
	// SQL are expressions over {t} of whole numbers that are never null, all turned around for descending order.
	SQL []string
}

// Field returns the declared field, nil when there is none. ID is a field too, and so is `extensions` of an extensible entity: all its extension fields.
func (e *Entity) Field(name string) *Field { return e.fields[name] }

// ExtensionsName is the name under which the extension fields of a record stand in input and output: `extensions: {road_condition: "good"}`.
const ExtensionsName = "extensions"

// Extensible says how extension fields are governed.
type Extensible struct {
	// Like names the field whose permission rows are also those of the extension fields; it means nothing for an entity that is not Ruled.
	Like string
}

// FieldNames returns the names of all fields in order of declaration, id first.
func (e *Entity) FieldNames() []string {
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = f.Name
	}
	return names
}

// TargetEntity returns the entity that a relation leads to, nil for other kinds.
func (f *Field) TargetEntity() *Entity { return f.to }

// TextKey is the key of the label in the catalogues.
func (f *Field) TextKey() string {
	if f.textKey != "" {
		return f.textKey
	}
	return f.entity.Name + ".field." + f.Name
}

// Entity returns the entity that the field belongs to.
func (f *Field) Entity() *Entity { return f.entity }

// Stored reports whether the field has a column of its own in the entity's table.
func (f *Field) Stored() bool {
	return f.Expr == "" && f.Kind != Refs && f.Kind != Children
}

// Relation reports whether the field leads to other records.
func (f *Field) Relation() bool { return f.Kind == Ref || f.Kind == Refs || f.Kind == Children }

// Module returns the part of the entity's name before the dot.
func (e *Entity) Module() string { return split(e.Name)[0] }

// Short returns the part of the entity's name after the dot.
func (e *Entity) Short() string { return split(e.Name)[1] }

// String names the kind for listings.
func (k Kind) String() string {
	return [...]string{"integer", "text", "long text", "e-mail", "URL", "yes/no", "date", "time", "number", "choice", "document", "link", "reference", "references", "children", "decimal", "UUID", "object"}[k]
}
