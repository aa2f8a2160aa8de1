package customisation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// kinds are the words for the kinds of an extension field.
var kinds = []struct {
	word, label string
	kind        entity.Kind
}{
	{"text", "Text", entity.Text},
	{"long_text", "Long text", entity.LongText},
	{"integer", "Whole number", entity.Integer},
	{"decimal", "Decimal number", entity.Decimal},
	{"bool", "Yes or no", entity.Bool},
	{"date", "Date", entity.Date},
	{"choice", "Choice", entity.Choice},
	{"url", "Web address", entity.URL},
}

// maxFields is how many extension fields an entity may have, retired ones included.
const maxFields = 100

func (s *Service) extensionEntity() *entity.Entity {
	var words []entity.ChoiceValue
	for _, k := range kinds {
		words = append(words, entity.ChoiceValue{Value: k.word, Label: k.label})
	}
	empty := func(text string) json.RawMessage { return json.RawMessage(text) }
	return &entity.Entity{
		Name: "customisation.extension_field", Label: "Extension field", Plural: "Extension fields", Global: true,
		Table: "customisation_extension_fields", Versions: "customisation_extension_fields_versions",
		Fields: []*entity.Field{
			{Name: "entity", Kind: entity.Text, Label: "Record type", Column: "entity_name", Max: 100, Required: true},
			{Name: "key", Kind: entity.Text, Label: "Key", Max: 40, Required: true, Unique: true},
			{Name: "kind", Kind: entity.Choice, Label: "Kind", Required: true, Choices: words},
			{Name: "labels", Kind: entity.JSON, Label: "Labels", Required: true},
			{Name: "help", Kind: entity.JSON, Label: "Help", Default: empty("{}")},
			{Name: "choices", Kind: entity.JSON, Label: "Choices", Default: empty("[]")},
			{Name: "scale", Kind: entity.Integer, Label: "Digits behind the point", Default: int64(0)},
			{Name: "min", Kind: entity.Text, Label: "Least value", Column: "minimum", Max: 40, Blank: true, Default: ""},
			{Name: "max", Kind: entity.Text, Label: "Greatest value", Column: "maximum", Max: 40, Blank: true, Default: ""},
			{Name: "max_length", Kind: entity.Integer, Label: "Greatest length", Default: int64(0)},
			{Name: "pattern", Kind: entity.Text, Label: "Pattern", Max: 500, Blank: true, Default: ""},
			{Name: "required", Kind: entity.Bool, Label: "Required", Default: false},
			{Name: "indexed", Kind: entity.Bool, Label: "Indexed", Default: false},
			{Name: "retired", Kind: entity.Bool, Label: "Retired", Default: false},
			{Name: "place", Kind: entity.Integer, Label: "Place", Default: int64(0)},
		},
		Shapes:  map[string]string{"": "id entity key kind labels help choices scale min max max_length pattern required indexed retired place"},
		Key:     []string{"entity", "key"},
		Filters: []entity.Filter{{Path: "entity"}, {Path: "retired"}},
		Order:   []string{"entity", "place", "key"},
		Display: "key",
		Check:   s.checkExtension,
		After:   s.afterExtension,
	}
}

// checkExtension refuses declarations that do not compile, and changes that would leave stored values without a meaning.
func (s *Service) checkExtension(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	name := c.Text("entity")
	e := s.declarations.Entity(name)
	if e == nil || e.Extensible == nil {
		if c.Delete {
			return nil
		}
		p.Add("entity", "customisation.unknown_entity", "There is no type of record with this name that takes extension fields.")
		return nil
	}
	key := c.Text("key")
	if c.Delete {
		used, err := exists(ctx, tx, e.HasExtensionSQL(key, false))
		if err != nil || !used {
			return err
		}
		return almoner.Errorf(almoner.Conflict, "customisation.has_values", "There are records with a value in this field. Retire it instead: its values stay.")
	}
	x, ok := declared(c, p)
	if !ok || p.Merge("", e.CheckExtension(x)) {
		return nil
	}
	if c.New() {
		return tooMany(ctx, tx, name, p)
	}
	for _, fixed := range []string{"entity", "key"} {
		if c.Changes(fixed) {
			p.Add(fixed, "customisation.fixed", "This cannot be changed any more.")
		}
	}
	if c.Changes("kind") || c.Changes("scale") {
		used, err := exists(ctx, tx, e.HasExtensionSQL(key, false))
		if err != nil {
			return err
		}
		if used {
			p.Add("kind", "customisation.kind_in_use", "There are records with a value in this field, so its kind cannot change.")
		}
	}
	return s.checkRemovedChoices(ctx, tx, c, e, x, p)
}

// checkRemovedChoices refuses to take away a value that some record has; it can be retired.
func (s *Service) checkRemovedChoices(ctx context.Context, tx *db.Tx, c *entity.Change, e *entity.Entity, x entity.Extension, p *almoner.Problems) error {
	var before []choice
	if raw, ok := c.Before("choices").(json.RawMessage); ok {
		if err := json.Unmarshal(raw, &before); err != nil {
			return fmt.Errorf("read the choices of extension field %d: %w", c.ID, err)
		}
	}
	for _, gone := range before {
		if slices.ContainsFunc(x.Choices, func(n entity.ExtensionChoice) bool { return n.Value == gone.Value }) {
			continue
		}
		used, err := exists(ctx, tx, e.HasExtensionSQL(x.Key, true), gone.Value)
		if err != nil {
			return err
		}
		if used {
			p.AddWith("choices", "customisation.choice_in_use", fmt.Sprintf("There are records with the value %q. Retire it instead.", gone.Value), map[string]string{"value": gone.Value})
		}
	}
	return nil
}

func tooMany(ctx context.Context, tx *db.Tx, name string, p *almoner.Problems) error {
	var n int64
	if err := tx.QueryRow(ctx, "select count(*) from customisation_extension_fields where entity_name = $1", name).Scan(&n); err != nil {
		return fmt.Errorf("count extension fields: %w", err)
	}
	if n >= maxFields {
		p.Add("entity", "customisation.too_many", "There are a hundred extension fields already.")
	}
	return nil
}

func exists(ctx context.Context, tx *db.Tx, sql string, args ...any) (bool, error) {
	rows, err := tx.Query(ctx, sql, args...)
	found, err := db.Collect(rows, err, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) })
	if err != nil {
		return false, fmt.Errorf("look for values of an extension field: %w", err)
	}
	return len(found) > 0, nil
}

// afterExtension keeps the index as declared, in the transaction of the declaration, and puts the declaration in force when it is committed.
func (s *Service) afterExtension(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	s.follower.Changed(tx)
	indexed := !c.Delete && c.Value("indexed") == true
	was := !c.New() && c.Before("indexed") == true
	remade := c.Changes("kind") || c.Changes("scale")
	if was && (!indexed || remade) {
		if _, err := tx.Exec(ctx, entity.DropIndexSQL(c.ID)); err != nil {
			return fmt.Errorf("drop the index of extension field %d: %w", c.ID, err)
		}
	}
	if !indexed || was && !remade {
		return nil
	}
	var problems almoner.Problems
	x, ok := declared(c, &problems)
	e := s.declarations.Entity(c.Text("entity"))
	if !ok || e == nil {
		return fmt.Errorf("index extension field %d: %w", c.ID, problems.Err())
	}
	x.ID = c.ID
	if _, err := tx.Exec(ctx, e.IndexSQL(x)); err != nil {
		return fmt.Errorf("index extension field %d: %w", c.ID, err)
	}
	return nil
}

// choice is a value of a choice as it is stored.
type choice struct {
	Value   string            `json:"value"`
	Labels  map[string]string `json:"labels"`
	Retired bool              `json:"retired"`
}

// declared is the declaration that a change makes; what cannot be read is noted and reported as false.
func declared(c *entity.Change, p *almoner.Problems) (entity.Extension, bool) {
	x := entity.Extension{
		ID: c.ID, Key: c.Text("key"), Min: c.Text("min"), Max: c.Text("max"), Pattern: c.Text("pattern"), MaxLength: int(min(max(c.Int("max_length"), -1), 1_000_000)),
		Scale: uint8(min(max(c.Int("scale"), 0), 100)), Required: c.Value("required") == true, Indexed: c.Value("indexed") == true, Retired: c.Value("retired") == true,
	}
	good := c.Int("scale") >= 0
	if !good {
		p.Add("scale", "extension.bad_scale", "A decimal has 0 to 6 digits behind the point, other kinds have none.")
	}
	for _, k := range kinds {
		if k.word == c.Text("kind") {
			x.Kind = k.kind
		}
	}
	var choices []choice
	for name, into := range map[string]any{"labels": &x.Labels, "help": &x.Help, "choices": &choices} {
		if !decode(c, name, into, p) {
			good = false
		}
	}
	for _, v := range choices {
		x.Choices = append(x.Choices, entity.ExtensionChoice{Value: v.Value, Labels: v.Labels, Retired: v.Retired})
	}
	return x, good
}

// decode reads a document of a change; one of another form is noted.
func decode(c *entity.Change, name string, into any, p *almoner.Problems) bool {
	raw, _ := c.Value(name).(json.RawMessage)
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		p.Add(name, "customisation.bad_form", "This is not in the form that is expected here.")
		return false
	}
	return true
}
