package officer

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) declareClaimAdmin() {
	s.ClaimAdmin = &entity.Entity{
		Name: "officer.claim_admin", Label: "Claim administrator", Plural: "Claim administrators", Table: "officer_claim_admins", Versions: "officer_claim_admins_versions", Validity: true,
		Key: []string{"code"}, Display: "code", Past: func(a *almoner.Actor) bool { return a.Can(RightSeeClaimAdmins) },
		Fields: append(person(), &entity.Field{Name: "health_facility", Kind: entity.Ref, Label: "Health facility", To: "facility.health_facility", Null: true}),
		Shapes: map[string]string{
			"min":    "id uuid code last_name other_names",
			"own":    "id uuid code dob phone email health_facility:min has_login",
			"record": "id uuid code last_name other_names dob phone email health_facility:min has_login user{id} legacy_id validity_from validity_to",
		},
		Open: "uuid code last_name other_names dob phone email health_facility has_login legacy_id validity_from validity_to",
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "code", Lookups: textLookups},
			{Path: "last_name", Lookups: textLookups},
			{Path: "other_names", Lookups: textLookups},
			{Path: "dob", Lookups: rangeLookups},
			{Path: "health_facility", Lookups: "exact in"},
			{Path: "health_facility.uuid"},
			{Path: "has_login"},
		},
		Sorts: []entity.Sort{
			{Name: "code", By: []string{"code"}}, {Name: "last_name", By: []string{"last_name"}}, {Name: "other_names", By: []string{"other_names"}}, {Name: "dob", By: []string{"dob"}},
		},
		Search: []string{"code", "last_name", "other_names"},
		Order:  []string{"code"},
		Scope:  s.claimAdminScope,
		Check:  s.checkClaimAdmin,
		After:  s.afterClaimAdmin,
	}
}

// claimAdminScope shows who works at a facility where the actor works, or at none; everybody sees themselves.
func (s *Service) claimAdminScope(a *almoner.Actor, arg func(any) string) string {
	here := s.places.Within(a, arg, "("+s.facilities.DistrictSQL("{t}.health_facility_id")+")")
	if here == "" || !a.SignedIn() {
		return here
	}
	return here + " or {t}.user_id = " + arg(a.UserID)
}

func (s *Service) checkClaimAdmin(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return kept(ctx, tx, s.ClaimAdminKeepers, c.ID)
	}
	keptWithUser(c, p)
	if at := c.Int("health_facility"); at != 0 && (c.New() || c.Changes("health_facility")) {
		if allowed, err := s.mayPost(ctx, tx, at); err != nil {
			return err
		} else if !allowed {
			p.Add("health_facility", "officer.not_your_facility", "This is no health facility where you work.")
		}
	}
	return s.tie(ctx, tx, c)
}

// mayPost reports whether the actor of ctx may let somebody work at a facility: whether they see it. The program itself may.
func (s *Service) mayPost(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	a := almoner.ActorOf(ctx)
	_, err := s.facilities.HealthFacility.Locate(ctx, q, entity.Viewer{Actor: a, AllFields: true, Trusted: a.System != ""}, id)
	if almoner.KindOf(err) == almoner.NotFound {
		return false, nil
	}
	return err == nil, err
}

// afterClaimAdmin lets the user who is a claim administrator belong to the facility.
func (s *Service) afterClaimAdmin(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if user := c.Int("user"); user != 0 && !c.Delete {
		return s.post(ctx, tx, user, c.Int("health_facility"))
	}
	return nil
}
