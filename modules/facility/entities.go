package facility

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/location"
)

var (
	levels = []entity.ChoiceValue{{Value: "D", Label: "Dispensary"}, {Value: "C", Label: "Health centre"}, {Value: "H", Label: "Hospital"}}
	care   = []entity.ChoiceValue{{Value: "I", Label: "In-patient"}, {Value: "O", Label: "Out-patient"}, {Value: "B", Label: "Both"}}
	states = []entity.ChoiceValue{{Value: "AC", Label: "Active"}, {Value: "IN", Label: "Inactive"}, {Value: "DE", Label: "Delisted"}, {Value: "ID", Label: "Idle"}}
)

func codeTable(short, label string) *entity.Entity {
	return &entity.Entity{
		Name: "facility." + short, Label: label, Plural: label + "s", Table: "facility_" + short + "s", Global: true, Key: []string{"code"},
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 1, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Max: 50, Required: true},
			{Name: "sort_order", Kind: entity.Integer, Label: "Place in lists", Null: true},
			{Name: "alt_language", Kind: entity.Text, Label: "Name in another language", Max: 50, Null: true, Blank: true},
		},
		Shapes: map[string]string{"min": "id code name"},
		Order:  []string{"sort_order"},
		Open:   "code name sort_order alt_language",
	}
}

// at is the condition that a place is on a level of the insurance tree.
func at(number int) func(c *entity.Change, arg func(any) string) string {
	return func(_ *entity.Change, arg func(any) string) string {
		return "exists (select 1 from location_levels l where l.id = {t}.level_id and l.type <> '' and l.number = " + arg(int64(number)) + ")"
	}
}

func (s *Service) declareFacility() *entity.Entity {
	text := func(name, label string, limit int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: limit, Null: true, Blank: true}
	}
	return &entity.Entity{
		Name: "facility.health_facility", Label: "Health facility", Plural: "Health facilities", Table: "facility_health_facilities", Key: []string{"code"}, Extensible: &entity.Extensible{},
		Validity: true, Versions: "facility_health_facilities_versions", Past: func(a *almoner.Actor) bool { return a.Can(RightSearch) },
		Rights: entity.Rights{Create: RightCreate, Change: RightChange, Delete: RightDelete},
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 8, Required: true, Unique: true, Folded: "code_folded"},
			{Name: "name", Kind: entity.Text, Max: 100, Required: true, Folded: "name_folded"},
			text("acc_code", "Account", 25),
			{Name: "legal_form", Kind: entity.Ref, To: "facility.legal_form", Required: true},
			{Name: "level", Kind: entity.Choice, Choices: levels, Required: true},
			{Name: "sub_level", Kind: entity.Ref, Label: "Sub-level", To: "facility.sub_level", Null: true},
			{Name: "location", Kind: entity.Ref, Label: "District", To: "location.location", Required: true, Among: at(location.District)},
			{Name: "address", Kind: entity.LongText, Max: 100, Null: true, Blank: true},
			text("phone", "Phone", 50),
			text("fax", "Fax", 50),
			text("email", "E-mail", 50),
			{Name: "care_type", Kind: entity.Choice, Label: "Care", Choices: care, Required: true},
			{Name: "services_pricelist", Kind: entity.Ref, Label: "Prices of services", To: "medical.services_pricelist", Null: true},
			{Name: "items_pricelist", Kind: entity.Ref, Label: "Prices of items", To: "medical.items_pricelist", Null: true},
			{Name: "offline", Kind: entity.Bool, Label: "Works offline", Default: false},
			{Name: "contract_start_date", Kind: entity.Date, Label: "Contract from", Null: true},
			{Name: "contract_end_date", Kind: entity.Date, Label: "Contract until", Null: true},
			{Name: "status", Kind: entity.Choice, Label: "State", Choices: states, Default: "AC"},
			{Name: "catchments", Kind: entity.Children, Label: "Villages served", To: "facility.catchment", ForeignKey: "facility_id", Nested: true},
		},
		Shapes: map[string]string{"min": "id code name", "record": "id uuid code name acc_code legal_form:min level sub_level:min location:min address phone fax email care_type services_pricelist:min " +
			"items_pricelist:min offline contract_start_date contract_end_date status catchments{id location:min catchment} validity_from validity_to legacy_id extensions"},
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "code", Lookups: "exact iexact istartswith icontains"},
			{Path: "name", Lookups: "exact iexact istartswith icontains"},
			{Path: "level", Lookups: "exact in"},
			{Path: "sub_level", Lookups: "exact isnull"},
			{Path: "care_type", Lookups: "exact in"},
			{Path: "status", Lookups: "exact in"},
			{Path: "legal_form.code", Lookups: "exact in"},
			{Path: "phone", Lookups: "exact icontains"},
			{Path: "fax", Lookups: "exact icontains isnull"},
			{Path: "email", Lookups: "exact icontains isnull"},
			{Path: "location", Lookups: "exact in"},
			{Path: "location.uuid", Lookups: "exact in"},
			{Path: "location.parent", Lookups: "exact in"},
			{Path: "location.parent.uuid", Lookups: "exact in"},
		},
		Sorts: []entity.Sort{
			{Name: "code", By: []string{"code"}},
			{Name: "name", By: []string{"name"}},
			{Name: "level", By: []string{"level"}},
			{Name: "care_type", By: []string{"care_type"}},
			{Name: "legal_form", By: []string{"legal_form.code"}},
			{Name: "status", By: []string{"status"}},
		},
		Search: []string{"code", "name"},
		Order:  []string{"code"},
		Scope:  func(a *almoner.Actor, arg func(any) string) string { return s.places.Within(a, arg, "{t}.location_id") },
		Check:  s.check,
		Open: "uuid code name acc_code legal_form level sub_level location address phone fax email care_type services_pricelist items_pricelist offline contract_start_date " +
			"contract_end_date status catchments validity_from validity_to legacy_id",
	}
}

func (s *Service) declareCatchment() *entity.Entity {
	return &entity.Entity{
		Name: "facility.catchment", Label: "Village served", Plural: "Villages served", Table: "facility_catchments", ParentField: "facility", Display: "location.name",
		Validity: true, Versions: "facility_catchments_versions",
		Fields: []*entity.Field{
			{Name: "facility", Kind: entity.Ref, Label: "Health facility", To: "facility.health_facility", ReadOnly: true},
			{Name: "location", Kind: entity.Ref, Label: "Village", To: "location.location", Required: true, Unique: true, Among: at(location.Village)},
			{Name: "catchment", Kind: entity.Integer, Label: "Per cent", Null: true},
		},
		Check: func(_ context.Context, _ *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if n := c.Int("catchment"); !c.Delete && (n < 0 || n > 100) {
				p.Add("catchment", "facility.percent", "A share lies between 0 and 100 per cent.")
			}
			return nil
		},
		Open: "location catchment",
	}
}

// check holds a contract together, and facilities in the districts of whoever writes them; what others need is not closed.
func (s *Service) check(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		for _, k := range s.Keepers {
			var n int64
			if err := tx.QueryRow(ctx, "select count(*) from ("+k.SQL("$1")+") kept", c.ID).Scan(&n); err != nil {
				return fmt.Errorf("look for what needs facility %d: %w", c.ID, err)
			}
			if n > 0 {
				return almoner.Errorf(almoner.Conflict, k.Code, "%s", k.Message)
			}
		}
		return nil
	}
	start, hasStart := c.Value("contract_start_date").(almoner.Date)
	end, hasEnd := c.Value("contract_end_date").(almoner.Date)
	switch {
	case hasStart != hasEnd:
		p.Add(map[bool]string{true: "contract_end_date", false: "contract_start_date"}[hasStart], "facility.single_date_hf_contract", "A contract has a first and a last day, or neither.")
	case hasStart && !start.Before(end):
		p.Add("contract_end_date", "facility.incorrect_hf_contract_date_range", "A contract ends after it starts.")
	}
	if !c.New() && !c.Changes("location") {
		return nil
	}
	allowed, err := s.places.IsAllowed(ctx, tx, almoner.ActorOf(ctx), db.IDs{c.Int("location")}, true)
	if err == nil && !allowed {
		p.Add("location", "facility.not_your_district", "You do not work in this district.")
	}
	return err
}
