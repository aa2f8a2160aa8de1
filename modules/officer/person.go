package officer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/location"
)

// The words in userTypes.
const (
	officerType    = "OFFICER"
	claimAdminType = "CLAIM_ADMIN"
)

// declarePosting says to which health facility a user of a workspace belongs.
func (s *Service) declarePosting() {
	s.posting = &entity.Entity{
		Name: "officer.posting", Label: "Facility of a user", Plural: "Facilities of users", Table: "officer_postings",
		Fields: []*entity.Field{
			{Name: "user", Kind: entity.Ref, Label: "User", To: "account.user", Required: true, Unique: true},
			{Name: "health_facility", Kind: entity.Ref, Label: "Health facility", To: "facility.health_facility", Required: true},
		},
		Check: func(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
			if c.Delete || !c.New() && !c.Changes("health_facility") {
				return nil
			}
			allowed, err := s.mayPost(ctx, tx, c.Int("health_facility"))
			if err == nil && !allowed {
				p.Add("health_facility", "officer.not_your_facility", "This is no health facility where you work.")
			}
			return err
		},
	}
}

// additions are what clients ask of users beside what accounts know. What is shown is that of the workspace in which it is asked.
func (s *Service) additions() []module.Addition {
	here := func(a *almoner.Actor, arg func(any) string) string {
		return "{t}.workspace_id = " + arg(a.Workspace.ID)
	}
	one := func(name, label, to string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Children, Single: true, Label: label, To: to, ForeignKey: "user_id", Only: here}
	}
	facility := func() *entity.Field {
		return &entity.Field{
			Name: "health_facility", Kind: entity.Refs, Single: true, ReadOnly: true, Label: "Health facility", To: "facility.health_facility",
			Through: "officer_postings", Owner: "user_id", Target: "health_facility_id", Only: here,
		}
	}
	districts := func() *entity.Field {
		return &entity.Field{Name: "districts", Kind: entity.Children, Label: "Districts", To: "location.user_district", ForeignKey: "user_id", Only: here}
	}
	return []module.Addition{
		{
			To: s.accounts.User, Open: "officer claim_admin health_facility",
			Fields: []*entity.Field{
				one("officer", "Enrolment officer", "officer.officer"), one("claim_admin", "Claim administrator", "officer.claim_admin"), facility(), districts(),
			},
			Shapes: map[string]string{
				"scheme":        "officer{id code} claim_admin{id code} health_facility:min",
				"scheme_record": "officer:own claim_admin:own health_facility:min districts{id location{id uuid code=p_code name parent{id code=p_code name}}}",
			},
		},
		{
			To: s.accounts.Person, Open: "health_facility districts", Fields: []*entity.Field{facility(), districts()},
			Graph: gql.Type{
				Fields: map[string]string{"districts": "userdistrictSet"}, Lists: []string{"districts"},
				Computed: []gql.Computed{{Name: "healthFacilityId", Type: "Int", Doc: "The number of the health facility.", Value: func(c gql.Context, id int64) (any, error) {
					at, err := s.facilityOf(c, c.DB, id)
					if at == 0 {
						return nil, err
					}
					return at, err
				}}},
			},
		},
	}
}

// facilityOf is the facility to which a user belongs in the workspace of ctx's actor, 0 for none.
func (s *Service) facilityOf(ctx context.Context, q db.Queryer, user int64) (id int64, err error) {
	err = q.QueryRow(ctx, "select p.health_facility_id from officer_postings p where p.user_id = $1 and p.workspace_id = $2", user, almoner.ActorOf(ctx).Workspace.ID).Scan(&id)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the facility of user %d: %w", user, err)
	}
	return id, nil
}

// post makes a facility that to which a user belongs; 0 is none.
func (s *Service) post(ctx context.Context, tx *db.Tx, user, facility int64) error {
	var id, at int64
	err := tx.QueryRow(ctx, "select id, health_facility_id from officer_postings where user_id = $1 and workspace_id = $2", user, almoner.ActorOf(ctx).Workspace.ID).Scan(&id, &at)
	switch {
	case err != nil && !errors.Is(err, db.ErrNoRows):
		return fmt.Errorf("read the facility of user %d: %w", user, err)
	case at == facility:
		return nil
	case facility == 0:
		return s.posting.Save(ctx, tx, s.posting.NewDelete(id))
	case id != 0:
		return s.posting.Save(ctx, tx, s.posting.NewChange(id, entity.Values{"health_facility": facility}))
	}
	return s.posting.Save(ctx, tx, s.posting.NewChange(0, entity.Values{"user": user, "health_facility": facility}))
}

// kindSQL is the condition of an account.Kind over one of the tables of this module.
func kindSQL(table string) func(user, workspace string, ever bool) string {
	return func(user, workspace string, ever bool) string {
		sql := "exists (select 1 from " + table + " xk where xk.user_id = " + user
		if workspace != "" {
			sql += " and xk.workspace_id = " + workspace
		}
		if !ever {
			sql += " and xk.validity_to is null"
		}
		return sql + ")"
	}
}

// join makes officers and claim administrators a matter of users, and says where both work.
func (s *Service) join() {
	s.accounts.Kinds = append(s.accounts.Kinds, account.Kind{Type: officerType, SQL: kindSQL("officer_officers")}, account.Kind{Type: claimAdminType, SQL: kindSQL("officer_claim_admins")})
	s.accounts.UserChanges = append(s.accounts.UserChanges, s.changeUser)
	s.accounts.UserEnds = append(s.accounts.UserEnds, s.endUser)
	s.accounts.Facility = s.facilityOf
	s.accounts.UserScope = func(a *almoner.Actor, arg func(any) string) string {
		if location.Everywhere(a) {
			return ""
		}
		places := placesSQL(arg(a.Workspace.ID))
		// Nobody's place is everywhere: who has none yet waits for one.
		return "{t}.id = " + arg(a.UserID) + " or not exists (" + places + ") or exists (select 1 from (" + places + ") up where " + s.places.Within(a, arg, "up.location_id") + ")"
	}
	s.accounts.NarrowUsers(userParams, s.narrowUsers)
	s.places.Bases = append(s.places.Bases,
		location.Base{Name: "claim administrator", SQL: func(a *almoner.Actor, arg func(any) string) string {
			return "select bf.location_id from officer_claim_admins bc join facility_health_facilities bf on bf.id = bc.health_facility_id where bc.user_id = " + arg(a.UserID) +
				" and bc.workspace_id = " + arg(a.Workspace.ID) + " and bc.validity_to is null"
		}},
		location.Base{Name: "enrolment officer", SQL: func(a *almoner.Actor, arg func(any) string) string {
			return "select bv.location_id from officer_officers bo join officer_villages bv on bv.officer_id = bo.id and bv.validity_to is null where bo.user_id = " + arg(a.UserID) +
				" and bo.workspace_id = " + arg(a.Workspace.ID) + " and bo.validity_to is null"
		}})
}

// placesSQL selects the ids of the places where the user {t} works: districts, villages and district as an officer, that of a facility.
func placesSQL(workspace string) string {
	return "select ud.location_id from location_user_districts ud where ud.user_id = {t}.id and ud.workspace_id = " + workspace +
		" union all select uv.location_id from officer_officers uo join officer_villages uv on uv.officer_id = uo.id and uv.validity_to is null where uo.user_id = {t}.id and uo.validity_to is null and uo.workspace_id = " + workspace +
		" union all select uo.location_id from officer_officers uo where uo.user_id = {t}.id and uo.validity_to is null and uo.location_id is not null and uo.workspace_id = " + workspace +
		" union all select uf.location_id from officer_postings uh join facility_health_facilities uf on uf.id = uh.health_facility_id where uh.user_id = {t}.id and uh.workspace_id = " + workspace
}

// userParams are the arguments of the list of users that this module understands (client contract §10).
var userParams = []api.Param{
	api.Arg("region_id", entity.Integer, "People who work in this region."), api.Arg("region_ids", entity.Integer, "People who work in one of these regions, or in no place.").List(),
	api.Arg("district_id", entity.Integer, "People who work in this district."), api.Arg("municipality_id", entity.Integer, "People who work in this municipality."),
	api.Arg("village_id", entity.Integer, "People who work in this village."),
	api.Arg("health_facility_id", entity.Integer, "People of this health facility."), api.Arg("health_facility__uuid", entity.Text, "People of this health facility."),
	api.Arg("birth_date_from", entity.Date, "Officers and claim administrators born on this day or later."), api.Arg("birth_date_to", entity.Date, "Officers and claim administrators born on this day or before."),
}

func (s *Service) narrowUsers(q *api.Request) (func(a *almoner.Actor, arg func(any) string) string, error) {
	return func(a *almoner.Actor, arg func(any) string) string {
		where := []string{"1 = 1"}
		here := func() string { return arg(a.Workspace.ID) }
		inside := func(id any) string {
			return "exists (select 1 from (" + placesSQL(here()) + ") ip join location_ancestors ia on ia.location_id = ip.location_id and ia.ancestor_id = " + arg(id) + ")"
		}
		for _, name := range []string{"region_id", "district_id", "municipality_id", "village_id"} {
			if id := q.Param(name); id != nil {
				where = append(where, inside(id))
			}
		}
		if list, _ := q.Param("region_ids").([]any); len(list) > 0 {
			all := []string{"not exists (" + placesSQL(here()) + ")"}
			for _, id := range list {
				all = append(all, inside(id))
			}
			where = append(where, "("+strings.Join(all, " or ")+")")
		}
		posted := func(which string) string {
			return "{t}.id in (select uh.user_id from officer_postings uh where uh.workspace_id = " + here() + " and uh.health_facility_id " + which + ")"
		}
		if id := q.Param("health_facility_id"); id != nil {
			where = append(where, posted("= "+arg(id)))
		}
		if uuid := q.Text("health_facility__uuid"); uuid != "" {
			where = append(where, posted("in (select uf.id from facility_health_facilities uf where uf.uuid = "+arg(strings.ToLower(uuid))+")"))
		}
		for name, compare := range map[string]string{"birth_date_from": ">=", "birth_date_to": "<="} {
			if day := q.Param(name); day != nil {
				var some []string
				for _, table := range []string{"officer_officers", "officer_claim_admins"} {
					some = append(some, "exists (select 1 from "+table+" ub where ub.user_id = {t}.id and ub.workspace_id = "+here()+" and ub.validity_to is null and ub.dob "+compare+" "+arg(day)+")")
				}
				where = append(where, "("+strings.Join(some, " or ")+")")
			}
		}
		return strings.Join(where, " and ")
	}, nil
}

// changeUser makes, changes and ends officer and claim administrator with the user, and says where the user works (openimis-core §3).
func (s *Service) changeUser(q *api.Request, tx *db.Tx, user int64) error {
	ctx := q.Context()
	types, _ := q.In["user_types"].([]any)
	text := func(name string) string {
		value, _ := q.In[name].(string)
		return value
	}
	if list, sent := q.In["districts"].([]any); sent {
		if err := s.giveDistricts(ctx, tx, user, list); err != nil {
			return err
		}
	}
	facility, _ := q.In["health_facility_id"].(int64)
	if err := s.post(ctx, tx, user, facility); err != nil {
		return named(err, "health_facility", "health_facility_id")
	}
	values := entity.Values{
		"code": text("username"), "last_name": text("last_name"), "other_names": text("other_names"), "dob": q.In["birth_date"], "phone": text("phone"), "email": text("email"),
		"has_login": slices.Contains(types, any("INTERACTIVE")), "user": user,
	}
	claims := entity.Values{"health_facility": q.In["health_facility_id"]}
	for name, v := range values {
		claims[name] = v
	}
	if _, err := s.settle(q, tx, s.ClaimAdmin, user, slices.Contains(types, any(claimAdminType)), claims); err != nil {
		return named(err, "health_facility", "health_facility_id")
	}
	values["address"], values["works_to"], values["location"] = text("address"), q.In["works_to"], q.In["location_id"]
	values["phone_communication"] = q.In["phone_communication"] == true
	values["substitution_officer"] = nil
	if by := text("substitution_officer_id"); by != "" {
		id, err := strconv.ParseInt(by, 10, 64)
		if err != nil {
			id, err = s.Officer.By(ctx, tx, "uuid", by)
		}
		if err != nil {
			return almoner.Invalidf("substitution_officer_id", "officer.no_such_officer", "There is no such enrolment officer.")
		}
		values["substitution_officer"] = id
	}
	officer, err := s.settle(q, tx, s.Officer, user, slices.Contains(types, any(officerType)), values)
	if err != nil {
		return named(named(err, "location", "location_id"), "substitution_officer", "substitution_officer_id")
	}
	if list, sent := q.In["village_ids"].([]any); sent && officer != 0 {
		return s.setVillages(ctx, tx, officer, list)
	}
	return nil
}

// named calls a field in an error as the input does.
func named(err error, field, input string) error {
	var e *almoner.Error
	if errors.As(err, &e) {
		for i := range e.Fields {
			if e.Fields[i].Path == field {
				e.Fields[i].Path = input
			}
		}
	}
	return err
}

// settle makes a user an officer or a claim administrator, with these values, or ends that. Who is one already without being anybody's user becomes that of the
// user with the same code. It returns the id of the record, 0 when there is none.
func (s *Service) settle(q *api.Request, tx *db.Tx, e *entity.Entity, user int64, wanted bool, values entity.Values) (int64, error) {
	ctx := q.Context()
	var id int64
	err := tx.QueryRow(ctx, "select id from "+e.Table+" where workspace_id = $1 and validity_to is null and (user_id = $2 or user_id is null and code = $3) order by user_id is null limit 1",
		q.Actor.Workspace.ID, user, values["code"]).Scan(&id)
	switch {
	case err != nil && !errors.Is(err, db.ErrNoRows):
		return 0, fmt.Errorf("look whether user %d is a %s: %w", user, e.Label, err)
	case !wanted:
		return 0, s.end(ctx, tx, e, user)
	}
	c := e.NewChange(id, values)
	err = e.Save(ctx, tx, c)
	if err == nil {
		q.Touch(e, c.ID)
	}
	return c.ID, named(err, "code", "username")
}

// end ends what a user is, if they are.
func (s *Service) end(ctx context.Context, tx *db.Tx, e *entity.Entity, user int64) error {
	rows, err := tx.Query(ctx, "select id from "+e.Table+" where user_id = $1 and workspace_id = $2 and validity_to is null", user, almoner.ActorOf(ctx).Workspace.ID)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("look whether user %d is a %s: %w", user, e.Label, err)
	}
	for _, id := range ids {
		if err := e.Save(ctx, tx, e.NewDelete(id)); err != nil {
			return err
		}
	}
	return nil
}

// endUser ends what somebody is who loses all access.
func (s *Service) endUser(ctx context.Context, tx *db.Tx, user int64) error {
	if err := s.end(ctx, tx, s.ClaimAdmin, user); err != nil {
		return err
	}
	return s.end(ctx, tx, s.Officer, user)
}

// ids are the numbers of a list of the input.
func ids(list []any) []int64 {
	all := make([]int64, 0, len(list))
	for _, v := range list {
		if id, _ := v.(int64); !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// giveDistricts makes districts those of a user. Nobody gives or takes one where they do not work themselves; what somebody else gave stays.
func (s *Service) giveDistricts(ctx context.Context, tx *db.Tx, user int64, list []any) error {
	a := almoner.ActorOf(ctx)
	rows, err := tx.Query(ctx, "select location_id from location_user_districts where user_id = $1 and workspace_id = $2 order by location_id", user, a.Workspace.ID)
	before, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read the districts of user %d: %w", user, err)
	}
	wanted := ids(list)
	for _, id := range wanted {
		if slices.Contains(before, id) {
			continue
		}
		if allowed, err := s.places.IsAllowed(ctx, tx, a, db.IDs{id}, true); err != nil {
			return err
		} else if !allowed {
			return almoner.Invalidf("districts", "officer.not_your_place", "You do not work in this place.")
		}
	}
	for _, id := range before {
		if slices.Contains(wanted, id) {
			continue
		}
		if allowed, err := s.places.IsAllowed(ctx, tx, a, db.IDs{id}, true); err != nil {
			return err
		} else if !allowed {
			wanted = append(wanted, id)
		}
	}
	return named(s.places.SetDistricts(ctx, tx, user, wanted), "location", "districts")
}

// setVillages makes villages those of an officer.
func (s *Service) setVillages(ctx context.Context, tx *db.Tx, officer int64, list []any) error {
	rows, err := tx.Query(ctx, "select id, location_id from officer_villages where officer_id = $1 and validity_to is null order by id", officer)
	type village struct{ id, place int64 }
	before, err := db.Collect(rows, err, func(r db.Row) (v village, err error) { return v, r.Scan(&v.id, &v.place) })
	if err != nil {
		return fmt.Errorf("read the villages of officer %d: %w", officer, err)
	}
	wanted := ids(list)
	for _, v := range before {
		if slices.Contains(wanted, v.place) {
			continue
		}
		if err := s.Village.Save(ctx, tx, s.Village.NewDelete(v.id)); err != nil {
			return err
		}
	}
	for _, place := range wanted {
		if slices.ContainsFunc(before, func(v village) bool { return v.place == place }) {
			continue
		}
		c := s.Village.NewChange(0, entity.Values{"officer": officer, "location": place})
		if err := s.Village.Save(ctx, tx, c); err != nil {
			return named(err, "location", "village_ids")
		}
	}
	return nil
}
