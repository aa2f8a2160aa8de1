package location

import (
	"context"
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The numbers of the levels of an insurance tree: regions, districts, wards, villages.
const (
	Region = iota
	District
	Ward
	Village
)

// Base says where somebody works who is not bound to the districts of their account: an officer to villages, a claim administrator to the district of a
// facility.
type Base struct {
	// Name says whom it is about, for listings.
	Name string
	// SQL selects the ids of the actor's places; none when the base is not theirs.
	SQL func(a *almoner.Actor, arg func(any) string) string
}

// Everywhere reports whether no place is closed to the actor: to administrators, and to the program itself.
func Everywhere(a *almoner.Actor) bool { return a.Superuser || a.AllRights || a.System != "" }

// base selects the ids of the places that somebody works in: of the first base that has any, else of the districts of their account.
func (s *Service) base(a *almoner.Actor, arg func(any) string) string {
	var parts, before []string
	for i, b := range s.Bases {
		sql := b.SQL(a, arg)
		parts = append(parts, fmt.Sprintf("select * from (%s) b%d where true%s", sql, i, strings.Join(before, "")))
		before = append(before, " and not exists ("+sql+")")
	}
	own := "select ud.location_id from location_user_districts ud where ud.user_id = " + arg(a.UserID) + " and ud.workspace_id = " + arg(a.Workspace.ID)
	return strings.Join(append(parts, own+strings.Join(before, "")), " union all ")
}

// Within is the condition that a place lies where the actor works: in one of their districts or below, or in none at all, which is national. Column is SQL for
// the id of the place. It is "" for whoever works everywhere and never true for strangers.
func (s *Service) Within(a *almoner.Actor, arg func(any) string, column string) string {
	switch {
	case !a.SignedIn():
		return "1 = 0"
	case Everywhere(a):
		return ""
	}
	return "(" + column + " is null or " + s.strictly(a, arg, column) + ")"
}

// strictly is the condition that a place is in the strict closure: in the base or below.
func (s *Service) strictly(a *almoner.Actor, arg func(any) string, column string) string {
	return column + " in (select lw.location_id from location_ancestors lw where lw.ancestor_id in (" + s.base(a, arg) + "))"
}

// Shown is the condition, over {t}, that a place is among those that the actor is offered: where they work, the regions of which they have all districts, and
// for people with a Base of their own also what lies above. Whoever may keep regions sees all of them, before they have districts.
func (s *Service) Shown(a *almoner.Actor, arg func(any) string) string {
	switch {
	case !a.SignedIn():
		return "1 = 0"
	case Everywhere(a) || a.Can(RightRegions):
		return ""
	}
	sql := s.strictly(a, arg, "{t}.id") + " or (exists (select 1 from location_levels lr where lr.id = {t}.level_id and lr.number = 0)" +
		" and exists (select 1 from location_locations ld where ld.parent_id = {t}.id and ld.validity_to is null)" +
		" and not exists (select 1 from location_locations ld where ld.parent_id = {t}.id and ld.validity_to is null and ld.id not in (" + s.base(a, arg) + ")))"
	for _, b := range s.Bases {
		sql += " or {t}.id in (select lu.ancestor_id from location_ancestors lu where lu.location_id in (" + b.SQL(a, arg) + "))"
	}
	return "(" + sql + ")"
}

// IsAllowed reports whether every one of the places is where the actor works or below; when not strict, places above count, too.
func (s *Service) IsAllowed(ctx context.Context, q db.Queryer, a *almoner.Actor, ids db.IDs, strict bool) (bool, error) {
	if Everywhere(a) {
		return true, nil
	}
	if !a.SignedIn() {
		return false, nil
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	where := s.strictly(a, arg, "t.id")
	if !strict {
		where = "(" + where + " or t.id in (select lu.ancestor_id from location_ancestors lu where lu.location_id in (" + s.base(a, arg) + ")))"
	}
	var n int64
	sql := "select count(*) from location_locations t where " + where + " and " + q.Engine().AnyID("t.id", arg(ids))
	if err := q.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		return false, fmt.Errorf("look where somebody works: %w", err)
	}
	return int(n) == len(ids), nil
}

// SetDistricts makes these the districts of a user in the workspace of ctx's actor. Invalid when one of them is no district.
func (s *Service) SetDistricts(ctx context.Context, tx *db.Tx, user int64, ids []int64) error {
	rows, err := tx.Query(ctx, "select id, location_id from location_user_districts where user_id = $1 and workspace_id = $2 order by id", user, almoner.ActorOf(ctx).Workspace.ID)
	have := map[int64]int64{}
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var id, place int64
		err := r.Scan(&id, &place)
		have[place] = id
		return struct{}{}, err
	})
	if err != nil {
		return fmt.Errorf("read the districts of user %d: %w", user, err)
	}
	wanted := map[int64]bool{}
	for _, place := range ids {
		if wanted[place] = true; have[place] != 0 {
			continue
		}
		if err := s.UserDistrict.Save(ctx, tx, s.UserDistrict.NewChange(0, entity.Values{"user_id": user, "location": place})); err != nil {
			return err
		}
		have[place] = 0
	}
	for place, id := range have {
		if !wanted[place] {
			if err := s.UserDistrict.Save(ctx, tx, s.UserDistrict.NewDelete(id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// closeDistrict takes a place that is closed from everybody who worked there.
func (s *Service) closeDistrict(ctx context.Context, tx *db.Tx, place int64) error {
	rows, err := tx.Query(ctx, "select id from location_user_districts where location_id = $1 order by id", place)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read who works in place %d: %w", place, err)
	}
	for _, id := range ids {
		if err := s.UserDistrict.Save(ctx, tx, s.UserDistrict.NewDelete(id)); err != nil {
			return err
		}
	}
	return nil
}

// joinDistrict lets whoever saves a district work there: else they would not see what they made.
func (s *Service) joinDistrict(ctx context.Context, tx *db.Tx, id int64) error {
	a := almoner.ActorOf(ctx)
	p, err := s.place(ctx, tx, id)
	if err != nil || p.letter == "" || p.number != District || a.UserID == 0 {
		return err
	}
	var n int64
	if err := tx.QueryRow(ctx, "select count(*) from location_user_districts where user_id = $1 and location_id = $2", a.UserID, id).Scan(&n); err != nil {
		return fmt.Errorf("read the districts of user %d: %w", a.UserID, err)
	}
	if n > 0 {
		return nil
	}
	return s.UserDistrict.Save(ctx, tx, s.UserDistrict.NewChange(0, entity.Values{"user_id": a.UserID, "location": id}))
}

// Below is the condition that a place is the one with this UUID, on a level with this number, or lies in it. Column is SQL for the id of the place.
func (s *Service) Below(arg func(any) string, column, uuid string, level int64) string {
	return column + " in (select lb.location_id from location_ancestors lb join location_locations lp on lp.id = lb.ancestor_id join location_levels ll on ll.id = lp.level_id" +
		" where lp.uuid = " + arg(uuid) + " and ll.number = " + arg(level) + ")"
}
