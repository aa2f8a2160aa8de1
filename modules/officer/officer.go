package officer

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/location"
)

// maxCode is the greatest length of a code, which is a login name for whoever signs in.
const maxCode = 50

// text lookups, and those of what has an order.
const (
	textLookups  = "exact iexact istartswith icontains"
	rangeLookups = "exact lt lte gt gte"
)

// at is the condition that a place is on a level of the insurance tree.
func at(number int) func(c *entity.Change, arg func(any) string) string {
	return func(_ *entity.Change, arg func(any) string) string {
		return "exists (select 1 from location_levels l where l.id = {t}.level_id and l.type <> '' and l.number = " + arg(int64(number)) + ")"
	}
}

// person are the fields that officers and claim administrators have in common.
func person() []*entity.Field {
	return []*entity.Field{
		{Name: "code", Kind: entity.Text, Max: maxCode, Required: true, Unique: true, Folded: "code_folded"},
		{Name: "last_name", Kind: entity.Text, Label: "Last name", Max: 100, Required: true, Folded: "last_name_folded"},
		{Name: "other_names", Kind: entity.Text, Label: "Other names", Max: 100, Required: true, Folded: "other_names_folded"},
		{Name: "dob", Kind: entity.Date, Label: "Date of birth", Null: true},
		{Name: "phone", Kind: entity.Text, Max: 50, Blank: true, Default: ""},
		{Name: "email", Kind: entity.Text, Label: "E-mail", Max: 200, Blank: true, Default: ""},
		{Name: "has_login", Kind: entity.Bool, Label: "Signs in", Default: false, ReadOnly: true},
		{Name: "user", Kind: entity.Ref, Label: "User", To: "account.user", Null: true, ReadOnly: true},
	}
}

func (s *Service) declareOfficer() {
	text := func(name, label string, limit int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: limit, Blank: true, Default: ""}
	}
	s.Officer = &entity.Entity{
		Name: "officer.officer", Label: "Enrolment officer", Plural: "Enrolment officers", Table: "officer_officers", Versions: "officer_officers_versions", Validity: true,
		Key: []string{"code"}, Display: "code", Past: func(a *almoner.Actor) bool { return a.Can(RightSeeOfficers) },
		Fields: append(person(),
			&entity.Field{Name: "address", Kind: entity.LongText, Max: 500, Blank: true, Default: ""},
			&entity.Field{Name: "location", Kind: entity.Ref, Label: "District", To: "location.location", Null: true, Among: at(location.District)},
			&entity.Field{Name: "substitution_officer", Kind: entity.Ref, Label: "Replaced by", To: "officer.officer", Null: true},
			&entity.Field{Name: "works_to", Kind: entity.Date, Label: "Works until", Null: true},
			text("veo_code", "Code of the village executive officer", 50), text("veo_last_name", "Last name of the village executive officer", 100),
			text("veo_other_names", "Other names of the village executive officer", 100),
			&entity.Field{Name: "veo_dob", Kind: entity.Date, Label: "Date of birth of the village executive officer", Null: true},
			text("veo_phone", "Phone of the village executive officer", 50),
			&entity.Field{Name: "phone_communication", Kind: entity.Bool, Label: "Takes messages by phone", Default: false},
			&entity.Field{Name: "officer_villages", Kind: entity.Children, Label: "Villages", To: "officer.village", ForeignKey: "officer_id", Nested: true},
		),
		Shapes: map[string]string{
			"min": "id uuid code last_name other_names",
			"own": "id uuid code dob phone email address location:min works_to substitution_officer{id code last_name other_names} phone_communication has_login officer_villages{id location:min}",
			"record": "id uuid code last_name other_names dob phone email address location:min substitution_officer{id uuid code last_name other_names} works_to veo_code veo_last_name veo_other_names veo_dob " +
				"veo_phone phone_communication has_login user{id} officer_villages{id location:min} legacy_id validity_from validity_to",
		},
		Open: "uuid code last_name other_names dob phone email address location substitution_officer works_to veo_code veo_last_name veo_other_names veo_dob veo_phone phone_communication has_login " +
			"officer_villages legacy_id validity_from validity_to",
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "code", Lookups: textLookups},
			{Path: "last_name", Lookups: textLookups},
			{Path: "other_names", Lookups: textLookups},
			{Path: "dob", Lookups: rangeLookups},
			{Path: "phone", Lookups: "exact icontains"},
			{Path: "location", Lookups: "exact in"},
			{Path: "location.uuid"},
			{Path: "location.parent.uuid"},
			{Path: "officer_villages.location", Name: "village"},
			{Path: "works_to", Lookups: rangeLookups + " isnull"},
			{Path: "has_login"},
		},
		Sorts: []entity.Sort{
			{Name: "code", By: []string{"code"}},
			{Name: "last_name", By: []string{"last_name"}},
			{Name: "other_names", By: []string{"other_names"}},
			{Name: "dob", By: []string{"dob"}},
			{Name: "works_to", By: []string{"works_to"}},
		},
		Search: []string{"code", "last_name", "other_names"},
		Order:  []string{"code"},
		Scope:  s.officerScope,
		Check:  s.checkOfficer,
		// Who is no officer any more works in no village.
		After: func(ctx context.Context, tx *db.Tx, c *entity.Change) error {
			if !c.Delete {
				return nil
			}
			return s.setVillages(ctx, tx, c.ID, nil)
		},
	}
	s.Village = &entity.Entity{
		Name: "officer.village", Label: "Village of an officer", Plural: "Villages of officers", Table: "officer_villages", Versions: "officer_villages_versions", Validity: true, ParentField: "officer", Display: "location.name",
		Fields: []*entity.Field{
			{Name: "officer", Kind: entity.Ref, Label: "Enrolment officer", To: "officer.officer", ReadOnly: true},
			{Name: "location", Kind: entity.Ref, Label: "Village", To: "location.location", Required: true, Unique: true, Among: at(location.Village)},
		},
		Open: "officer location validity_from validity_to",
	}
}

// officerScope shows officers of the district, or with a village, where the actor works, and those who are not bound to a place; everybody sees themselves.
func (s *Service) officerScope(a *almoner.Actor, arg func(any) string) string {
	here := s.places.Within(a, arg, "{t}.location_id")
	if here == "" || !a.SignedIn() {
		return here
	}
	return here + " or {t}.user_id = " + arg(a.UserID) + " or exists (select 1 from officer_villages sv where sv.officer_id = {t}.id and sv.validity_to is null and " +
		s.places.Within(a, arg, "sv.location_id") + ")"
}

// checkOfficer keeps districts in the hands of those who work there, and substitutions from going in circles; who is needed is not ended.
func (s *Service) checkOfficer(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return kept(ctx, tx, s.OfficerKeepers, c.ID)
	}
	keptWithUser(c, p)
	if place := c.Int("location"); place != 0 && (c.New() || c.Changes("location")) {
		if allowed, err := s.places.IsAllowed(ctx, tx, almoner.ActorOf(ctx), db.IDs{place}, true); err != nil {
			return err
		} else if !allowed {
			p.Add("location", "officer.not_your_place", "You do not work in this place.")
		}
	}
	if by := c.Int("substitution_officer"); by != 0 && c.Changes("substitution_officer") {
		if circle, err := replaces(ctx, tx, by, c.ID); err != nil {
			return err
		} else if circle {
			p.Add("substitution_officer", "officer.own_substitute", "An officer cannot be replaced by themselves, nor by somebody whom they replace.")
		}
	}
	return s.tie(ctx, tx, c)
}

// replaces reports whether somebody would be replaced, by way of others, by themselves.
func replaces(ctx context.Context, tx *db.Tx, by, officer int64) (bool, error) {
	if officer == 0 {
		return false, nil
	}
	var n int64
	err := tx.QueryRow(ctx, `
		with recursive chain (id, depth) as (
			select cast($1 as bigint), cast(0 as bigint)
			union all
			select o.substitution_officer_id, chain.depth + 1 from chain join officer_officers o on o.id = chain.id where o.substitution_officer_id is not null and chain.depth < 100
		)
		select count(*) from chain where id = $2`, by, officer).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("follow who replaces officer %d: %w", officer, err)
	}
	return n > 0, nil
}

// kept refuses to end what others need.
func kept(ctx context.Context, tx *db.Tx, keepers []location.Keeper, id int64) error {
	for _, k := range keepers {
		var n int64
		if err := tx.QueryRow(ctx, "select count(*) from ("+k.SQL("$1")+") kept", id).Scan(&n); err != nil {
			return fmt.Errorf("look for what needs record %d: %w", id, err)
		}
		if n > 0 {
			return almoner.Errorf(almoner.Conflict, k.Code, "%s", k.Message)
		}
	}
	return nil
}

// keptWithUser refuses what is the user's as well: login name, names, phone and e-mail of somebody who is a user change there, for both in one.
func keptWithUser(c *entity.Change, p *almoner.Problems) {
	if c.New() || c.Sent("user") || c.Int("user") == 0 {
		return
	}
	for _, field := range []string{"code", "last_name", "other_names", "phone", "email"} {
		if c.Changes(field) {
			p.Add(field, "officer.kept_with_user", "This is kept with the user: change it there.")
		}
	}
}

// tie ties a new officer or claim administrator to the user of the workspace whose login name is their code, if there is one.
func (s *Service) tie(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if !c.New() || c.Sent("user") || c.Value("validity_to") != nil {
		return nil
	}
	user, err := s.accounts.UserCalled(ctx, tx, c.Text("code"))
	if err != nil || user == 0 {
		return err
	}
	var taken int64
	if err := tx.QueryRow(ctx, "select count(*) from "+c.Entity.Table+" where user_id = $1 and workspace_id = $2 and validity_to is null", user, almoner.ActorOf(ctx).Workspace.ID).Scan(&taken); err != nil {
		return fmt.Errorf("look who user %d is: %w", user, err)
	}
	if taken == 0 {
		c.Set("user", user)
	}
	return nil
}
