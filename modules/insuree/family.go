package insuree

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) declareFamily() {
	s.Family = &entity.Entity{
		Name: "insuree.family", Label: "Family", Plural: "Families", Table: "insuree_families", Versions: "insuree_families_versions", Validity: true, Extensible: &entity.Extensible{},
		Key: []string{"head_insuree"}, Display: "head_insuree.chf_id", Batched: true,
		Fields: []*entity.Field{
			{Name: "head_insuree", Kind: entity.Ref, Label: "Head", To: "insuree.insuree", Required: true, Null: true, Unique: true},
			{Name: "location", Kind: entity.Ref, Label: "Village", To: "location.location", Null: true},
			{Name: "poverty", Kind: entity.Bool, Label: "Poor", Null: true},
			{Name: "family_type", Kind: entity.Ref, Label: "Type", To: "insuree.family_type", Null: true},
			{Name: "address", Kind: entity.Text, Max: 200, Blank: true, Default: "", Folded: "address_folded", Indexed: true},
			{Name: "is_offline", Kind: entity.Bool, Label: "Enrolled offline", Default: false},
			{Name: "ethnicity", Kind: entity.Text, Max: 1, Blank: true, Default: ""},
			{Name: "confirmation_no", Kind: entity.Text, Label: "Confirmation number", Max: 12, Blank: true, Default: "", Folded: "confirmation_no_folded"},
			{Name: "confirmation_type", Kind: entity.Ref, Label: "Confirmed by", To: "insuree.confirmation_type", Null: true},
			{Name: "json_ext", Kind: entity.JSON, Label: "Further data", Null: true},
			// A family that somebody sees through one member opens no other one.
			{Name: "members", Kind: entity.Children, To: "insuree.insuree", ForeignKey: "family_id", Only: s.insureeScope},
		},
		Shapes: map[string]string{
			"min": "id uuid",
			"": "id uuid poverty confirmation_no family_type:min head_insuree{id uuid chf_id last_name other_names email phone dob} location{" + placeShape + "} " +
				"validity_from validity_to",
			"record": "id uuid head_insuree{id uuid chf_id last_name other_names gender:min dob age phone email status} location{" + placeShape + "} poverty family_type:min address " +
				"is_offline ethnicity confirmation_no confirmation_type{id code name is_confirmation_number_required} json_ext " +
				"members{id uuid chf_id last_name other_names gender:min dob age photo_date head relationship:min phone card_issued status} legacy_id validity_from validity_to extensions",
		},
		Open: "id uuid head_insuree location poverty family_type address is_offline ethnicity confirmation_no confirmation_type json_ext members legacy_id validity_from validity_to",
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "poverty", Lookups: "exact isnull"},
			{Path: "confirmation_no", Lookups: textLookups},
			{Path: "confirmation_type"},
			{Path: "confirmation_type.code"},
			{Path: "family_type"},
			{Path: "family_type.code"},
			{Path: "address", Lookups: textLookups},
			{Path: "ethnicity"},
			{Path: "is_offline"},
			{Path: "location"},
			{Path: "location.uuid"},
			{Path: "validity_from", Lookups: rangeLookups},
			{Path: "validity_to", Lookups: rangeLookups + " isnull"},
			{Path: "head_insuree"},
			{Path: "head_insuree.uuid"},
			{Path: "head_insuree.chf_id", Lookups: textLookups},
			{Path: "head_insuree.last_name", Lookups: textLookups},
			{Path: "head_insuree.other_names", Lookups: textLookups},
			{Path: "head_insuree.gender.code"},
			{Path: "head_insuree.phone", Lookups: textLookups},
			{Path: "head_insuree.email", Lookups: textLookups},
			{Path: "head_insuree.dob", Lookups: rangeLookups},
		},
		Sorts: []entity.Sort{
			{Name: "validity_from", By: []string{"validity_from"}},
			{Name: "validity_to", By: []string{"validity_to"}},
			{Name: "confirmation_no", By: []string{"confirmation_no"}},
			{Name: "head_insuree__chf_id", By: []string{"head_insuree.chf_id"}},
			{Name: "head_insuree__last_name", By: []string{"head_insuree.last_name"}},
			{Name: "head_insuree__other_names", By: []string{"head_insuree.other_names"}},
			{Name: "head_insuree__email", By: []string{"head_insuree.email"}},
			{Name: "head_insuree__phone", By: []string{"head_insuree.phone"}},
			{Name: "head_insuree__dob", By: []string{"head_insuree.dob"}},
		},
		Search: []string{"head_insuree.chf_id", "head_insuree.last_name", "head_insuree.other_names"},
		Order:  []string{"-validity_from"},
		Scope:  s.familyScope,
		Check:  s.checkFamily,
		After:  s.afterFamily,
	}
}

// familyScope hides the families of technical insurees from everybody and the others from whoever works elsewhere.
func (s *Service) familyScope(a *almoner.Actor, arg func(any) string) string {
	return ever("insuree_families", func() string {
		var all []string
		for _, number := range s.settings.hidden(a.Workspace.ID) {
			// Counted, as in ever: by the id alone, of which there is one.
			all = append(all, "(select count(*) from insuree_insurees ih where ih.id = {t}.head_insuree_id and ih.chf_id = "+arg(number)+") <> 1")
		}
		return both(all, s.places.Within(a, arg, "{t}.location_id"))
	})
}

// withMembers in the data of a deletion closes the members, too; else they stay, without a family.
const withMembers = "delete_members"

// checkFamily holds the rules of a family, whoever changes one.
func (s *Service) checkFamily(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return each(s.Cover.FamilyClosing, func(hook func(context.Context, *db.Tx, int64) error) error { return hook(ctx, tx, c.ID) })
	}
	head := c.Int("head_insuree")
	switch {
	case head == 0 && almoner.ActorOf(ctx).System == "":
		p.Add("head_insuree", "insuree.head_required", "A family has a head.")
	case head != 0 && c.Changes("head_insuree"):
		other, err := headedBy(ctx, tx, head)
		if err != nil {
			return err
		}
		if other != 0 && other != c.ID {
			p.Add("head_insuree", "insuree.head_elsewhere", "This is the head of another family.")
		} else if c.Before("head_insuree") != nil {
			family, err := familyOf(ctx, tx, head)
			if err != nil {
				return err
			}
			if family != c.ID {
				p.Add("head_insuree", "insuree.head_not_member", "The head must be a member of the family.")
			}
		}
	}
	if kind := c.Int("confirmation_type"); kind != 0 && c.Text("confirmation_no") == "" {
		var needed bool
		if err := tx.QueryRow(ctx, "select is_confirmation_number_required from insuree_confirmation_types where id = $1", kind).Scan(&needed); err != nil {
			return fmt.Errorf("read the type of confirmation %d: %w", kind, err)
		}
		if needed {
			p.Add("confirmation_no", "insuree.confirmation_no_required", "This type of confirmation has a number.")
		}
	}
	if c.Changes("location") {
		return s.allow(ctx, tx, "location", c.Int("location"), p)
	}
	return nil
}

// afterFamily keeps the members in step with their family.
func (s *Service) afterFamily(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if c.Delete {
		return s.closeMembers(ctx, tx, c.ID, c.Data[withMembers] == true)
	}
	if c.Changes("head_insuree") {
		if before, _ := c.Before("head_insuree").(int64); before != 0 {
			if err := s.Insuree.Save(ctx, tx, s.Insuree.NewChange(before, entity.Values{"head": false})); err != nil {
				return err
			}
		}
		if head := c.Int("head_insuree"); head != 0 {
			// As an import brings them: the members know their head before the family does.
			already, err := leads(ctx, tx, head, c.ID)
			if err != nil {
				return err
			}
			if !already {
				if err := s.Insuree.Save(ctx, tx, s.Insuree.NewChange(head, entity.Values{"head": true, "family": c.ID})); err != nil {
					return err
				}
			}
		}
	}
	if c.Changes("location") && !c.New() {
		return movePlaces(ctx, tx, c.ID, c.Int("location"))
	}
	return nil
}

// closeMembers closes the members of a family that is closed, or leaves them without a family.
func (s *Service) closeMembers(ctx context.Context, tx *db.Tx, family int64, remove bool) error {
	ids, err := memberIDs(ctx, tx, family)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c := s.Insuree.NewDelete(id)
		if !remove {
			c = s.Insuree.NewChange(id, entity.Values{"family": nil, "head": false})
		}
		if err := s.Insuree.Save(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
