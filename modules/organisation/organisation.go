package organisation

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// AgencyVendorNumber is the vendor number of the agency itself, which is never a partner (tpm §2.2).
const AgencyVendorNumber = "000"

// The types of organisation that rules speak of (tpm §2.1).
const (
	TypeBilateral    = "Bilateral / Multilateral"
	TypeCivilSociety = "Civil Society Organization"
	TypeGovernment   = "Government"
	TypeUN           = "UN Agency"
)

var organisationTypes = []entity.ChoiceValue{
	{Value: TypeBilateral, Label: "Bilateral / Multilateral"},
	{Value: TypeCivilSociety, Label: "Civil society organisation"},
	{Value: TypeGovernment, Label: "Government"},
	{Value: TypeUN, Label: "UN agency"},
}

var civilSocietyTypes = []entity.ChoiceValue{
	{Value: "International", Label: "International"},
	{Value: "National", Label: "National"},
	{Value: "Community Based Organization", Label: "Community-based organisation"},
	{Value: "Academic Institution", Label: "Academic institution"},
	{Value: "Red Cross/Red Crescent National Societies", Label: "Red Cross or Red Crescent national society"},
}

func (s *Service) declareOrganisation() {
	s.Organisation = &entity.Entity{
		Name: "organisation.organisation", Label: "Organisation", Plural: "Organisations",
		Table: "organisation_organisations", Global: true, Key: []string{"vendor_number"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 255, Required: true, Folded: "name_folded", Indexed: true},
			{Name: "short_name", Kind: entity.Text, Max: 50, Blank: true, Default: "", Folded: "short_name_folded", Indexed: true},
			{Name: "vendor_number", Kind: entity.Text, Max: 30, Required: true, Unique: true, Folded: "vendor_number_folded", Indexed: true},
			{Name: "organization_type", Kind: entity.Choice, Label: "Type", Column: "type", Choices: organisationTypes, Null: true},
			{Name: "cso_type", Kind: entity.Choice, Label: "Type of civil society organisation", Choices: civilSocietyTypes, Null: true},
			{Name: "parent", Kind: entity.Ref, Label: "Part of", To: "organisation.organisation", Null: true},
		},
		Shapes: map[string]string{
			"min":    "id name",
			"record": "id name short_name vendor_number organization_type cso_type parent:min",
		},
		Filters: []entity.Filter{{Path: "organization_type", Lookups: "exact in"}, {Path: "cso_type", Lookups: "exact in"}, {Path: "vendor_number"}, {Path: "parent"}},
		Sorts:   []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "vendor_number", By: []string{"vendor_number"}}},
		Search:  []string{"name", "vendor_number", "short_name"},
		Order:   []string{"name"},
		Check:   s.checkOrganisation,
	}
}

// checkOrganisation refuses what would make the agency a partner through the back door, and an organisation that is part of itself.
func (s *Service) checkOrganisation(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete || c.New() {
		return nil
	}
	if c.Changes("vendor_number") && c.Text("vendor_number") == AgencyVendorNumber {
		var partners int64
		if err := tx.QueryRow(ctx, "select count(*) from organisation_partners where organisation_id = $1", c.ID).Scan(&partners); err != nil {
			return fmt.Errorf("look for partners of organisation %d: %w", c.ID, err)
		}
		if partners > 0 {
			p.Add("vendor_number", "organisation.agency_is_no_partner", "The agency itself cannot be an implementing partner.")
		}
	}
	if !c.Changes("parent") {
		return nil
	}
	within, err := above(ctx, tx, "organisation_organisations", c.Int("parent"), c.ID)
	if err != nil {
		return err
	}
	if within {
		p.Add("parent", "organisation.part_of_itself", "An organisation cannot be part of itself.")
	}
	return nil
}

// above reports whether sought is start or one of the records above it. The tree is read in one statement; a circle that is stored
// already does not keep it going, because union drops rows that were seen.
func above(ctx context.Context, q db.Queryer, table string, start, sought int64) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, `
		with recursive up (id, parent_id) as (
			select id, parent_id from `+table+` where id = $1
			union
			select p.id, p.parent_id from `+table+` p join up on p.id = up.parent_id
		)
		select count(*) from up where id = $2`, start, sought).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look above %d in %s: %w", start, table, err)
	}
	return n > 0, nil
}
