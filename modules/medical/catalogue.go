package medical

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The parts of the mask of patients. Other genders count as male.
const (
	Male   = 1
	Female = 2
	Adult  = 4
	Minor  = 8
	// Everybody is the mask of all of them.
	Everybody = Male | Female | Adult | Minor
)

var (
	careTypes  = []entity.ChoiceValue{{Value: "O", Label: "Out-patient"}, {Value: "I", Label: "In-patient"}, {Value: "B", Label: "Both"}}
	itemTypes  = []entity.ChoiceValue{{Value: "D", Label: "Drug"}, {Value: "M", Label: "Medical consumable"}}
	categories = []entity.ChoiceValue{
		{Value: "S", Label: "Surgery"},
		{Value: "D", Label: "Delivery"},
		{Value: "A", Label: "Antenatal"},
		{Value: "H", Label: "Hospitalization"},
		{Value: "C", Label: "Consultation"},
		{Value: "O", Label: "Other"},
		{Value: "V", Label: "Visit"},
	}
	serviceTypes = []entity.ChoiceValue{{Value: "P", Label: "Preventive"}, {Value: "C", Label: "Curative"}}
	levels       = []entity.ChoiceValue{{Value: "S", Label: "Simple service"}, {Value: "V", Label: "Visit"}, {Value: "D", Label: "Day of stay"}, {Value: "H", Label: "Hospital case"}}
	packages     = []entity.ChoiceValue{{Value: "S", Label: "Single"}, {Value: "P", Label: "Fee-for-service bundle"}, {Value: "F", Label: "Flat-fee bundle"}}
)

func diagnosis() *entity.Entity {
	return &entity.Entity{
		Name: "medical.diagnosis", Label: "Diagnosis", Plural: "Diagnoses", Table: "medical_diagnoses", Key: []string{"code"}, Validity: true, Versions: "medical_diagnoses_versions",
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 6, Required: true, Unique: true, Folded: "code_folded"},
			{Name: "name", Kind: entity.Text, Max: 255, Required: true, Folded: "name_folded"},
		},
		Filters: []entity.Filter{{Path: "id", Lookups: "exact in"}, {Path: "code", Lookups: "exact icontains istartswith"}, {Path: "name", Lookups: "exact icontains istartswith"}},
		Sorts:   []entity.Sort{{Name: "code", By: []string{"code"}}, {Name: "name", By: []string{"name"}}},
		Search:  []string{"code", "name"},
		Order:   []string{"code"},
		Open:    "uuid code name validity_from validity_to",
	}
}

// common are the fields of items and services after those of their own.
func common() []*entity.Field {
	return []*entity.Field{
		{Name: "price", Kind: entity.Decimal, Label: "Price", Scale: 2, Required: true},
		{Name: "maximum_amount", Kind: entity.Decimal, Label: "Greatest quantity", Scale: 2, Null: true},
		{Name: "care_type", Kind: entity.Choice, Label: "Care", Choices: careTypes, Required: true},
		{Name: "frequency", Kind: entity.Integer, Label: "Days between two", Null: true},
		{Name: "patient_category", Kind: entity.Integer, Label: "Patients", Default: int64(Everybody)},
	}
}

func named(types []entity.ChoiceValue) []*entity.Field {
	return []*entity.Field{
		{Name: "code", Kind: entity.Text, Label: "Code", Max: 6, Required: true, Unique: true, Folded: "code_folded"},
		{Name: "name", Kind: entity.Text, Label: "Name", Max: 100, Required: true, Folded: "name_folded"},
		{Name: "type", Kind: entity.Choice, Label: "Type", Choices: types, Required: true},
	}
}

var (
	catalogueFilters = []entity.Filter{
		{Path: "id", Lookups: "exact in"},
		{Path: "uuid", Lookups: "exact in"},
		{Path: "code", Lookups: "exact iexact istartswith icontains"},
		{Path: "name", Lookups: "exact iexact istartswith icontains"},
		{Path: "type", Lookups: "exact in"},
		{Path: "care_type", Lookups: "exact in"},
		{Path: "price", Lookups: "exact lt lte gt gte"},
	}
	catalogueSorts = []entity.Sort{
		{Name: "code", By: []string{"code"}},
		{Name: "name", By: []string{"name"}},
		{Name: "type", By: []string{"type"}},
		{Name: "price", By: []string{"price"}},
	}
)

// pricedShape is what price lists show of what they price.
const pricedShape = "id uuid code name type price"

func item() *entity.Entity {
	fields := append(named(itemTypes),
		&entity.Field{Name: "package", Kind: entity.Text, Label: "Package", Max: 255, Null: true, Blank: true},
		&entity.Field{Name: "quantity", Kind: entity.Decimal, Label: "Quantity in a package", Scale: 2, Null: true})
	return &entity.Entity{
		Name: "medical.item", Label: "Medical item", Plural: "Medical items", Table: "medical_items", Key: []string{"code"}, Extensible: &entity.Extensible{},
		Validity: true, Versions: "medical_items_versions", Past: func(a *almoner.Actor) bool { return a.Can(RightSearchItems) },
		Rights: entity.Rights{Create: RightCreateItem, Change: RightChangeItem, Delete: RightDeleteItem},
		Fields: append(append(fields, common()...),
			&entity.Field{Name: "pricelist_details", Kind: entity.Children, Label: "Price lists", To: "medical.items_pricelist_detail", ForeignKey: "item_id"}),
		Shapes:  map[string]string{"priced": pricedShape},
		Filters: append([]entity.Filter{{Path: "package", Lookups: "exact icontains"}}, catalogueFilters...),
		Sorts:   append([]entity.Sort{{Name: "package", By: []string{"package"}}, {Name: "quantity", By: []string{"quantity"}}}, catalogueSorts...),
		Search:  []string{"code", "name"},
		Order:   []string{"code"},
		Check:   checkCatalogue,
		Open:    "uuid code name type package quantity price maximum_amount care_type frequency patient_category validity_from validity_to legacy_id pricelist_details",
	}
}

func service() *entity.Entity {
	fields := append(named(serviceTypes),
		&entity.Field{Name: "category", Kind: entity.Choice, Label: "Category", Choices: categories, Null: true},
		&entity.Field{Name: "level", Kind: entity.Choice, Label: "Level", Choices: levels, Required: true},
		&entity.Field{Name: "packagetype", Kind: entity.Choice, Label: "Kind of bundle", Choices: packages, Default: "S"},
		&entity.Field{Name: "manual_price", Kind: entity.Bool, Label: "Price typed in", Default: false})
	return &entity.Entity{
		Name: "medical.service", Label: "Medical service", Plural: "Medical services", Table: "medical_services", Key: []string{"code"}, Extensible: &entity.Extensible{},
		Validity: true, Versions: "medical_services_versions", Past: func(a *almoner.Actor) bool { return a.Can(RightSearchServices) },
		Rights: entity.Rights{Create: RightCreateService, Change: RightChangeService, Delete: RightDeleteService},
		Fields: append(append(fields, common()...),
			&entity.Field{Name: "items", Kind: entity.Children, Label: "Items of the bundle", To: "medical.service_item", ForeignKey: "parent_id", Nested: true},
			&entity.Field{Name: "services", Kind: entity.Children, Label: "Services of the bundle", To: "medical.service_service", ForeignKey: "parent_id", Nested: true},
			&entity.Field{Name: "pricelist_details", Kind: entity.Children, Label: "Price lists", To: "medical.services_pricelist_detail", ForeignKey: "service_id"}),
		Shapes: map[string]string{"priced": pricedShape, "record": "id uuid code name type category level packagetype manual_price price maximum_amount care_type frequency patient_category " +
			"validity_from validity_to legacy_id items{id item:priced qty_provided price_asked status} services{id service:priced qty_provided price_asked status} extensions"},
		Filters: append([]entity.Filter{{Path: "category", Lookups: "exact in"}, {Path: "level", Lookups: "exact in"}, {Path: "packagetype", Lookups: "exact in"}}, catalogueFilters...),
		Sorts:   append([]entity.Sort{{Name: "level", By: []string{"level"}}, {Name: "category", By: []string{"category"}}}, catalogueSorts...),
		Search:  []string{"code", "name"},
		Order:   []string{"code"},
		Check:   checkCatalogue,
		Open: "uuid code name type category level packagetype manual_price price maximum_amount care_type frequency patient_category validity_from validity_to legacy_id " +
			"items services pricelist_details",
	}
}

// part declares what a bundle holds: one kind of record of the catalogue.
func part(kind, label string) *entity.Entity {
	table := "medical_service_" + kind + "s"
	return &entity.Entity{
		Name: "medical.service_" + kind, Label: label, Table: table, Versions: table + "_versions", ParentField: "parent", Display: kind + ".name",
		Fields: []*entity.Field{
			{Name: "parent", Kind: entity.Ref, Label: "Bundle", To: "medical.service", ReadOnly: true},
			{Name: kind, Kind: entity.Ref, Label: label, To: "medical." + kind, Required: true},
			{Name: "qty_provided", Kind: entity.Integer, Label: "Quantity", Null: true},
			{Name: "price_asked", Kind: entity.Decimal, Label: "Price", Scale: 2, Null: true},
			{Name: "status", Kind: entity.Bool, Label: "In use", Default: true},
			{Name: "created", Kind: entity.Time, Label: "Since", Expr: "{t}.created_at"},
		},
		Check: func(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if c.Delete {
				return nil
			}
			if c.Int("qty_provided") < 0 {
				p.Add("qty_provided", "medical.negative", "This may not be negative.")
			}
			notNegative(c, p, "price_asked")
			return checkPart(ctx, tx, c, kind, p)
		},
		Open: kind + " qty_provided price_asked status created",
	}
}

// checkPart holds that a bundle has something once, and that nothing is, by way of its parts, part of itself.
func checkPart(ctx context.Context, tx *db.Tx, c *entity.Change, kind string, p *almoner.Problems) error {
	bundle, part := c.Int("parent"), c.Int(kind)
	gone := db.IDs{}
	if c.Parent != nil {
		bundle = c.Parent.ID
		for _, other := range c.Parent.Children(kind + "s") {
			if other == c {
				break
			}
			if !other.Delete && other.Int(kind) == part {
				p.Add(kind, "medical.twice_in_bundle", "This is in the bundle already.")
				return nil
			}
		}
		for _, other := range c.Parent.Children(kind + "s") {
			if other.ID != 0 {
				gone = append(gone, other.ID) // what it will be was looked at above
			}
		}
	}
	if bundle == 0 || !c.Changes(kind) {
		return nil
	}
	// A list that replaces the other leaves nothing that it does not name.
	there, replaces := false, c.Parent != nil && c.Parent.Mode == entity.Replace
	err := tx.QueryRow(ctx, "select exists (select 1 from "+c.Entity.Table+" t where t.parent_id = $1 and t."+kind+"_id = $2 and t.id <> $3 and not "+tx.Engine().AnyID("t.id", "$4")+")",
		bundle, part, c.ID, gone).Scan(&there)
	if err != nil {
		return fmt.Errorf("look what is in a bundle: %w", err)
	}
	if there && !replaces {
		p.Add(kind, "medical.twice_in_bundle", "This is in the bundle already.")
	}
	if kind != "service" {
		return nil
	}
	// Who puts the one into the other and who puts the other into the one wait for each other.
	if err := c.Entity.Field(kind).TargetEntity().Lock(ctx, tx, part); err != nil {
		return err
	}
	var within bool
	err = tx.QueryRow(ctx, `with recursive held (id) as (
			select cast($1 as bigint) union select s.service_id from medical_service_services s join held on held.id = s.parent_id
		) select exists (select 1 from held where id = $2)`, part, bundle).Scan(&within)
	if err != nil {
		return fmt.Errorf("look what a part of a bundle holds: %w", err)
	}
	if within {
		p.Add(kind, "medical.bundle_of_itself", "A bundle cannot be part of itself, not even by way of another.")
	}
	return nil
}

func notNegative(c *entity.Change, p *almoner.Problems, fields ...string) {
	for _, name := range fields {
		if d, ok := c.Value(name).(almoner.Decimal); ok && d.Units < 0 {
			p.Add(name, "medical.negative", "This may not be negative.")
		}
	}
}

// checkCatalogue holds figures within their bounds.
func checkCatalogue(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return nil
	}
	notNegative(c, p, "price", "maximum_amount")
	if c.Entity.Field("quantity") != nil {
		notNegative(c, p, "quantity")
	}
	if c.Int("frequency") < 0 {
		p.Add("frequency", "medical.negative", "This may not be negative.")
	}
	if n := c.Int("patient_category"); n < 0 || n > Everybody {
		p.Add("patient_category", "medical.patient_category", "Patients are the sum of 1 male, 2 female, 4 adult and 8 minor.")
	}
	return nil
}
