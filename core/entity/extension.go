package entity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Extension declares one further field of an Extensible entity while the program runs. Its values lie in the document of the record.
type Extension struct {
	// ID tells the declaration from all others for ever; its index is named after it.
	ID int64
	// Key is the name: words of lower-case letters and digits joined by underscores, each beginning with a letter.
	Key string
	// Kind is Text, LongText, Integer, Decimal, Bool, Date, Choice or URL.
	Kind Kind
	// Labels and Help are texts by language; there is an English label.
	Labels, Help map[string]string
	Choices      []ExtensionChoice
	// Scale is how many digits a Decimal has behind the point.
	Scale uint8
	// Min and Max are the least and the greatest number or date as they are written, "" for no limit.
	Min, Max string
	// MaxLength is the greatest length of a text, 0 for that of the kind. Pattern is what all of a text must match (RE2), "" for anything.
	MaxLength int
	Pattern   string
	// Required must have a value when a record is created, and cannot be cleared.
	Required bool
	// Indexed keeps an index for filters.
	Indexed bool
	// Retired is no longer written, but still shown where there is a value.
	Retired bool
}

// ExtensionChoice is one value of a Choice.
type ExtensionChoice struct {
	Value  string
	Labels map[string]string
	// Retired is no longer chosen, but still shown and found.
	Retired bool
}

// extension is what a field of a record's document has beside what all fields have.
type extension struct {
	Extension
	// folded is the SQL over {t} of the folded text, "" for other kinds.
	folded  string
	pattern *regexp.Regexp
}

// extensionKinds are those that an extension field can be of.
var extensionKinds = []Kind{Text, LongText, Integer, Decimal, Bool, Date, Choice, URL}

const (
	maxExtensionKey  = 40
	maxPattern       = 500
	maxScale         = 6
	maxChoices       = 200
	maxChoiceValue   = 100
	maxExtensionText = 200
)

var extensionKey = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$`)

// CheckExtension reports what is wrong with a declaration, by the names of its parts: key, kind, labels.en, choices.0.value …
func (e *Entity) CheckExtension(x Extension) error {
	var p almoner.Problems
	switch {
	case e.Extensible == nil:
		p.Add("entity", "extension.not_extensible", "Records of this type take no extension fields.")
	case !extensionKey.MatchString(x.Key) || len(x.Key) > maxExtensionKey:
		p.AddWith("key", "extension.bad_key", fmt.Sprintf("Use words of lower-case letters and digits, joined by underscores and each beginning with a letter, with at most %d characters in all.", maxExtensionKey),
			map[string]string{"max": strconv.Itoa(maxExtensionKey)})
	}
	if !slices.Contains(extensionKinds, x.Kind) {
		p.Add("kind", "extension.bad_kind", "There are no extension fields of this kind.")
	}
	checkLabels(&p, "labels", x.Labels, true)
	checkLabels(&p, "help", x.Help, false)
	x.checkChoices(&p)
	if x.Scale > maxScale || x.Scale != 0 && x.Kind != Decimal {
		p.AddWith("scale", "extension.bad_scale", fmt.Sprintf("A decimal has 0 to %d digits behind the point, other kinds have none.", maxScale), map[string]string{"max": strconv.Itoa(maxScale)})
	}
	x.checkLimits(&p)
	if x.MaxLength < 0 || x.MaxLength > 100_000 || x.MaxLength != 0 && x.Kind != Text && x.Kind != LongText && x.Kind != URL {
		p.Add("max_length", "extension.bad_length", "Only texts have a greatest length, of at most 100 000 characters.")
	}
	if x.Pattern != "" {
		_, alone := regexp.Compile(x.Pattern)
		_, whole := regexp.Compile(wholly(x.Pattern))
		if alone != nil || whole != nil || len(x.Pattern) > maxPattern || x.Kind != Text {
			p.Add("pattern", "extension.bad_pattern", "This is no regular expression (RE2), it is too long, or the field is no text.")
		}
	}
	return p.Err()
}

func checkLabels(p *almoner.Problems, at string, labels map[string]string, needed bool) {
	if needed && strings.TrimSpace(labels["en"]) == "" {
		p.Add(at+".en", "required", "This field is required.")
	}
	for _, language := range slices.Sorted(maps.Keys(labels)) {
		if bad := badText(labels[language]); bad != nil {
			p.Add(at+"."+clip(language), bad.Code, bad.Message)
		}
		limit := maxExtensionText
		if at == "help" {
			limit = 5 * maxExtensionText
		}
		if utf8.RuneCountInString(labels[language]) > limit {
			p.AddWith(at+"."+clip(language), "too_long", fmt.Sprintf("Ensure this field has no more than %d characters.", limit), map[string]string{"max": strconv.Itoa(limit)})
		}
	}
}

func (x *Extension) checkChoices(p *almoner.Problems) {
	if (x.Kind == Choice) != (len(x.Choices) > 0) || len(x.Choices) > maxChoices {
		p.AddWith("choices", "extension.bad_choices", fmt.Sprintf("A choice has 1 to %d values, other kinds have none.", maxChoices), map[string]string{"max": strconv.Itoa(maxChoices)})
	}
	seen := map[string]bool{}
	for i, c := range x.Choices {
		at := fmt.Sprintf("choices.%d", i)
		switch {
		case c.Value == "" || c.Value != strings.TrimSpace(c.Value) || len(c.Value) > maxChoiceValue || badText(c.Value) != nil || strings.ContainsAny(c.Value, ",\n\r\t"):
			p.AddWith(at+".value", "extension.bad_value", fmt.Sprintf("Use 1 to %d characters without commas.", maxChoiceValue), map[string]string{"max": strconv.Itoa(maxChoiceValue)})
		case seen[c.Value]:
			p.Add(at+".value", "extension.repeated", "The same value is listed twice.")
		}
		seen[c.Value] = true
		checkLabels(p, at+".labels", c.Labels, true)
	}
}

func (x *Extension) checkLimits(p *almoner.Problems) {
	f := &Field{Kind: x.Kind, Null: true, Scale: min(x.Scale, maxScale), extension: &extension{}}
	limits := map[string]any{}
	for at, text := range map[string]string{"min": x.Min, "max": x.Max} {
		if text == "" {
			continue
		}
		v, bad := f.parseText(text)
		if bad != nil || x.Kind != Integer && x.Kind != Decimal && x.Kind != Date {
			p.Add(at, "extension.bad_limit", "Write a number or a date as values of the field are written; other kinds have no limits.")
			continue
		}
		limits[at] = v
	}
	if limits["min"] != nil && limits["max"] != nil && lessThan(limits["max"], limits["min"]) {
		p.Add("max", "extension.bad_limits", "The greatest value is less than the least one.")
	}
}

// lessThan compares values of filters: int64, almoner.Decimal or the text of a day.
func lessThan(a, b any) bool {
	switch x := a.(type) {
	case int64:
		return x < b.(int64)
	case almoner.Decimal:
		return x.Cmp(b.(almoner.Decimal)) < 0
	}
	return a.(string) < b.(string)
}

// extend makes the field of a declaration that was found right.
func (e *Entity) extend(x Extension) *Field {
	f := &Field{
		Name: ExtensionsName + "." + x.Key, Kind: x.Kind, Label: x.Labels["en"], Null: true, Blank: true, Max: x.MaxLength, Scale: x.Scale, ReadOnly: x.Retired, Required: x.Required && !x.Retired,
		entity: e, extension: &extension{Extension: x},
	}
	for _, c := range x.Choices {
		f.Choices = append(f.Choices, ChoiceValue{c.Value, c.Labels["en"]})
	}
	if x.Pattern != "" {
		f.extension.pattern = regexp.MustCompile(wholly(x.Pattern))
	}
	d := db.Document{Engine: e.registry.engine, Column: "{t}." + ExtensionsName, Key: x.Key}
	switch x.Kind {
	case Integer:
		f.Expr = d.Int()
	case Bool:
		f.Expr = d.Bool()
	case Decimal:
		f.Expr = d.Scaled(int(x.Scale))
	case Text, LongText, URL:
		f.Expr = d.Text()
		d.Column = "{t}." + foldedExtensions
		f.extension.folded = d.Text()
	default:
		f.Expr = d.Text()
	}
	return f
}

// wholly is a pattern that all of a text must match.
func wholly(pattern string) string { return `\A(?:` + pattern + `)\z` }

// foldedExtensions is the column of the folded texts of a record's document, for search and order.
const foldedExtensions = "extensions_folded"

// ExtensionKey is the key of an extension field, "" for a declared one.
func (f *Field) ExtensionKey() string {
	if f.extension == nil {
		return ""
	}
	return f.extension.Key
}

// Extension is the declaration of an extension field, false for a field that comes with the program.
func (f *Field) Extension() (Extension, bool) {
	if f.extension == nil {
		return Extension{}, false
	}
	return f.extension.Extension, true
}

// foldedSQL is the folded text of the field over a row, "" when there is none.
func (f *Field) foldedSQL(alias string) string {
	switch {
	case f.Folded != "":
		return alias + "." + f.Folded
	case f.extension != nil && f.extension.folded != "":
		return "(" + row(f.extension.folded, alias) + ")"
	}
	return ""
}

// column is the kind of column that the value is read from: days in a document are texts.
func (f *Field) column() Kind {
	if f.extension != nil && f.Kind == Date {
		return Text
	}
	return f.Kind
}

// IndexSQL composes the statement that makes the index of a declaration, and DropIndexSQL the one that takes it away; filters use it. They are for the
// transaction in which the declaration is written.
func (e *Entity) IndexSQL(x Extension) string {
	f := e.extend(x)
	sql := strings.ReplaceAll(f.sql("{t}"), "{t}.", "")
	if !e.Global {
		sql = "workspace_id, " + sql
	}
	return "create index if not exists " + indexName(x.ID) + " on " + e.Table + " (" + sql + ")"
}

// DropIndexSQL is the other way of IndexSQL.
func DropIndexSQL(id int64) string { return "drop index if exists " + indexName(id) }

func indexName(id int64) string { return fmt.Sprintf("extension_%d_idx", id) }

// HasExtensionSQL is a query that yields a row when any record of the entity, in any workspace, has a value under the key; with a value, when it has that one
// ($1).
func (e *Entity) HasExtensionSQL(key string, value bool) string {
	d := db.Document{Engine: e.registry.engine, Column: e.Table + "." + ExtensionsName, Key: key}
	sql := "select 1 from " + e.Table + " where " + d.Has()
	if value {
		sql += " and " + d.Text() + " = $1"
	}
	return sql + " limit 1"
}

// decodeExtension reads one value into the form in which it stands in a document: a text, a whole number, a json.Number of a Decimal, a truth value; nil clears.
func (f *Field) decodeExtension(raw, before any) (any, []almoner.FieldError) {
	one := func(code, message string, params map[string]string) (any, []almoner.FieldError) {
		return nil, []almoner.FieldError{{Code: code, Message: message, Params: params}}
	}
	if raw == nil || raw == "" {
		return nil, nil
	}
	x := f.extension
	var value, compared any
	v, bad := f.Decode(raw)
	if bad != nil {
		return nil, bad
	}
	switch v := v.(type) {
	case almoner.Decimal:
		value, compared = json.Number(v.String()), v
	case almoner.Date:
		value, compared = v.String(), v.String()
	default:
		value, compared = v, v
	}
	if value == "" || value == nil {
		return nil, nil
	}
	if text, ok := value.(string); ok && x.pattern != nil && !x.pattern.MatchString(text) {
		return one("extension.no_match", "This does not have the form that is asked for here.", nil)
	}
	if f.Kind == Choice && value != before && slices.ContainsFunc(x.Choices, func(c ExtensionChoice) bool { return c.Retired && c.Value == value }) {
		return one("extension.retired_choice", "This value is no longer in use; choose another one.", nil)
	}
	if low, bad := f.parseText(x.Min); x.Min != "" && bad == nil && lessThan(compared, low) {
		return one("extension.too_small", fmt.Sprintf("Enter %s or more.", x.Min), map[string]string{"min": x.Min})
	}
	if high, bad := f.parseText(x.Max); x.Max != "" && bad == nil && lessThan(high, compared) {
		return one("extension.too_great", fmt.Sprintf("Enter %s or less.", x.Max), map[string]string{"max": x.Max})
	}
	return value, nil
}

// parseExtension reads the value of a filter whose values in the database are of another type than those of the kind elsewhere.
func (f *Field) parseExtension(text string) (value any, bad *almoner.FieldError, ok bool) {
	if f.Kind != Date {
		return nil, nil, false
	}
	d, err := almoner.ParseDate(text)
	if err != nil {
		return nil, &almoner.FieldError{Code: "bad_date_filter", Message: "Enter a valid date."}, true
	}
	return d.String(), nil, true
}

// decodeExtensions reads what an input says about extension fields. What of it changes the record is found out when that is known.
func (e *Entity) decodeExtensions(v Viewer, c *Change, object map[string]any, at string, strict bool, problems *almoner.Problems) {
	list := v.overlay.extensions(e)
	if len(list) == 0 || !v.Writes(e.extensions) {
		return
	}
	at = almoner.JoinPath(at, ExtensionsName)
	raw, sent := object[ExtensionsName]
	values, ok := raw.(map[string]any)
	if sent && !ok && raw != nil {
		problems.AddWith(at, "not_an_object", fmt.Sprintf("Invalid data. Expected a dictionary, but got %s.", typeName(raw)), map[string]string{"type": typeName(raw)})
		return
	}
	if strict {
		for _, key := range sortedNames(values) {
			if f := v.overlay.extension(e, key); f == nil || !v.Writes(f) {
				problems.Add(almoner.JoinPath(at, clip(key)), "unknown_field", "There is no such field to write.")
			}
		}
	}
	for _, f := range list {
		raw, sent := values[f.extension.Key]
		if !v.Writes(f) {
			continue
		}
		if sent || f.Required && !v.Trusted {
			c.extensions = append(c.extensions, sentExtension{field: f, raw: raw, sent: sent, path: almoner.JoinPath(at, f.extension.Key), needed: f.Required && !v.Trusted})
		}
	}
	// What needs no look at the record is refused with the rest of the input.
	for _, x := range c.extensions {
		if _, bad := x.field.decodeExtension(x.raw, x.raw); bad != nil || x.needed && (x.sent || c.Mode == Create) && emptyExtension(x.raw) {
			x.refuse(bad, problems)
		}
	}
}

// Extend adds to a change what an input says about the extension fields of its record, by key and as JSON decodes it; null clears one. It is for operations whose
// input has a form of its own: fields that are required and not sent are not asked for, as those who send such inputs may not know of them. `at` is where the
// values stand in the input. A Validation error names what is wrong.
func (c *Change) Extend(v Viewer, values map[string]any, at string) error {
	var problems almoner.Problems
	for _, key := range sortedNames(values) {
		f := v.overlay.extension(c.Entity, key)
		x := sentExtension{field: f, raw: values[key], sent: true, path: almoner.JoinPath(at, clip(key))}
		switch {
		case f == nil || !v.Writes(f):
			problems.Add(x.path, "unknown_field", "There is no such field to write.")
			continue
		case f.Required && emptyExtension(x.raw):
			x.refuse(nil, &problems)
			continue
		}
		if _, bad := f.decodeExtension(x.raw, x.raw); bad != nil {
			x.refuse(bad, &problems)
			continue
		}
		c.extensions = append(c.extensions, x)
	}
	return problems.Err()
}

func emptyExtension(raw any) bool {
	text, ok := raw.(string)
	return raw == nil || ok && strings.TrimSpace(text) == ""
}

// sentExtension is one extension field of an input.
type sentExtension struct {
	field  *Field
	raw    any
	sent   bool
	path   string
	needed bool
}

func (x sentExtension) refuse(bad []almoner.FieldError, problems *almoner.Problems) {
	if bad == nil {
		bad = []almoner.FieldError{{Code: "required", Message: "This field is required."}}
	}
	for _, b := range bad {
		problems.AddWith(x.path, b.Code, b.Message, b.Params)
	}
}

// mergeExtensions puts what was sent into the document that is stored, key by key.
func (c *Change) mergeExtensions(problems *almoner.Problems) error {
	if len(c.extensions) == 0 {
		return nil
	}
	document, err := readDocument(c.Value(ExtensionsName))
	if err != nil {
		return fmt.Errorf("read the extension fields of %s %d: %w", c.Entity.Name, c.ID, err)
	}
	for _, x := range c.extensions {
		key := x.field.extension.Key
		if !x.sent {
			if c.Mode == Replace && document[key] == nil {
				x.refuse(nil, problems)
			}
			continue
		}
		value, bad := x.field.decodeExtension(x.raw, document[key])
		switch {
		case bad != nil:
			x.refuse(bad, problems)
		case value == nil:
			delete(document, key)
		default:
			document[key] = value
		}
	}
	text, err := writeDocument(document)
	if err != nil {
		return fmt.Errorf("write the extension fields of %s: %w", c.Entity.Name, err)
	}
	c.values[ExtensionsName] = text
	return nil
}

// readDocument reads a document with its numbers as they are written; nothing is an empty one.
func readDocument(v any) (map[string]any, error) {
	document := map[string]any{}
	raw, _ := v.(json.RawMessage)
	if len(raw) == 0 {
		return document, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	return document, nil
}

func writeDocument(document map[string]any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return bytes.TrimSpace(b.Bytes()), err
}

// foldDocument is the document with its texts folded and without the rest.
func foldDocument(v any) (json.RawMessage, error) {
	document, err := readDocument(v)
	if err != nil {
		return nil, err
	}
	for key, value := range document {
		if text, ok := value.(string); ok {
			document[key] = db.Fold(text)
		} else {
			delete(document, key)
		}
	}
	return writeDocument(document)
}

// extensionsChanged are the names of the extension fields in which two documents differ: extensions.road_condition.
func extensionsChanged(before, after any) ([]string, error) {
	x, err := readDocument(before)
	if err != nil {
		return nil, err
	}
	y, err := readDocument(after)
	if err != nil {
		return nil, err
	}
	var names []string
	for key := range x {
		if !sameValue(x[key], y[key]) {
			names = append(names, ExtensionsName+"."+key)
		}
	}
	for key := range y {
		if _, had := x[key]; !had {
			names = append(names, ExtensionsName+"."+key)
		}
	}
	return names, nil
}

// sameValue compares values of documents; what is no plain value is compared as it is written.
func sameValue(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// spread puts the values of the document beside it, by the names of the fields.
func (v Values) spread() error {
	document, err := readDocument(v[ExtensionsName])
	for key, value := range document {
		number, ok := value.(json.Number)
		if n, err := number.Int64(); ok && err == nil {
			value = n
		} else if ok {
			value = number.String()
		}
		v[ExtensionsName+"."+key] = value
	}
	return err
}
