package location

import (
	"context"
	"errors"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// check refuses half a point, points off the earth, places that lie in themselves or on the wrong level, and the end of places that others need.
func (s *Service) check(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete {
		return s.checkClose(ctx, tx, c)
	}
	checkPoint(c, p)
	for _, figure := range []string{"male_population", "female_population", "other_population", "families"} {
		if c.Int(figure) < 0 {
			p.Add(figure, "location.negative_figure", "A number of people or families is not negative.")
		}
	}
	if err := s.checkLevel(ctx, tx, c, p); err != nil {
		return err
	}
	if c.New() || !c.Changes("parent") {
		return nil
	}
	within, err := s.lies(ctx, tx, c.Int("parent"), c.ID)
	if err != nil {
		return err
	}
	if within {
		p.Add("parent", "location.within_itself", "A place cannot lie within itself.")
	}
	return nil
}

func checkPoint(c *entity.Change, p *almoner.Problems) {
	latitude, hasLatitude := c.Value("latitude").(float64)
	longitude, hasLongitude := c.Value("longitude").(float64)
	switch {
	case hasLatitude && !hasLongitude:
		p.Add("longitude", "location.half_a_point", "A point has a latitude and a longitude.")
	case hasLongitude && !hasLatitude:
		p.Add("latitude", "location.half_a_point", "A point has a latitude and a longitude.")
	}
	if latitude < -90 || latitude > 90 {
		p.Add("latitude", "location.bad_latitude", "A latitude lies between -90 and 90.")
	}
	if longitude < -180 || longitude > 180 {
		p.Add("longitude", "location.bad_longitude", "A longitude lies between -180 and 180.")
	}
}

// place is what the rules about levels want to know of a place.
type place struct {
	id, parent, number int64
	// letter is "" for a place without a level, or with one that has no letter.
	letter string
}

func (s *Service) place(ctx context.Context, q db.Queryer, id int64) (place, error) {
	list, err := s.places(ctx, q, "t.id = $1", id)
	if err != nil || len(list) == 0 {
		return place{number: -1}, err
	}
	return list[0], nil
}

// places are living places, those above before those below them.
func (s *Service) places(ctx context.Context, q db.Queryer, where string, id int64) ([]place, error) {
	rows, err := q.Query(ctx, `
		select t.id, coalesce(t.parent_id, 0), coalesce(l.number, -1), coalesce(l.type, '')
		from location_locations t
		left join location_levels l on l.id = t.level_id
		left join location_ancestors d on d.location_id = t.id and d.ancestor_id = $1
		where t.validity_to is null and `+where+` order by d.distance, t.id`, id)
	list, err := db.Collect(rows, err, func(r db.Row) (p place, err error) { return p, r.Scan(&p.id, &p.parent, &p.number, &p.letter) })
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	return list, nil
}

// checkLevel holds a tree whose levels have letters together: each place lies in one of the level above, those of the first level in none. Trees
// of places by p-code have no letters and may leave out levels.
func (s *Service) checkLevel(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if !c.New() && !c.Changes("level") && !c.Changes("parent") {
		return nil
	}
	at, err := s.level(ctx, tx, c.Int("level"))
	if err != nil || at.letter == "" {
		return err
	}
	number := at.number
	if a := almoner.ActorOf(ctx); number <= District && a.UserID != 0 && !a.Superuser && !a.Can(RightRegions) {
		p.Add("level", "location.unauthorized_to_create_update_region_district", "You may not create or change regions and districts.")
	}
	above, err := s.place(ctx, tx, c.Int("parent"))
	if err != nil {
		return err
	}
	switch {
	case number == 0 && c.Int("parent") != 0:
		p.Add("parent", "location.top_has_no_parent", "A place of the first level lies in no other.")
	case number > 0 && above.number != number-1:
		p.Add("parent", "location.wrong_level", "The place above must be exactly one level up.")
	}
	return nil
}

// mayWrite refuses people who may not write a place on the level where it is, or where it comes to be: regions and districts have a right of their own, below them
// one creates and another changes. Moves and closings have theirs.
func (s *Service) mayWrite(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	a := almoner.ActorOf(ctx)
	if Everywhere(a) {
		return nil
	}
	at := place{number: -1}
	need := RightCreate
	if !c.New() {
		var err error
		if at, err = s.place(ctx, tx, c.ID); err != nil {
			return err
		}
		need = RightChange
	}
	if c.New() || c.Changes("level") {
		to, err := s.level(ctx, tx, c.Int("level"))
		if err != nil {
			return err
		}
		if c.New() || to.upper() {
			at = to
		}
	}
	switch {
	case at.upper() && !a.Can(RightRegions):
		return almoner.Errorf(almoner.Forbidden, "location.unauthorized_to_create_update_region_district", "You may not create or change regions and districts.")
	case !at.upper() && !a.Can(need):
		return api.Forbidden()
	}
	return nil
}

// upper tells regions and districts.
func (p place) upper() bool { return p.letter != "" && p.number <= District }

// level is a place on a level, as far as rules about levels want to know it.
func (s *Service) level(ctx context.Context, q db.Queryer, id int64) (place, error) {
	p := place{number: -1}
	err := q.QueryRow(ctx, "select number, type from location_levels where id = $1", id).Scan(&p.number, &p.letter)
	if errors.Is(err, db.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("read level %d: %w", id, err)
	}
	return p, nil
}

// checkClose refuses to close a place that has others within, or that records of other modules need.
func (s *Service) checkClose(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	var below int64
	if err := tx.QueryRow(ctx, "select count(*) from location_locations where parent_id = $1 and validity_to is null", c.ID).Scan(&below); err != nil {
		return fmt.Errorf("look below place %d: %w", c.ID, err)
	}
	if below > 0 {
		return almoner.Errorf(almoner.Conflict, "location.has_places_within", "There are places within this one; close them first, or move them.")
	}
	for _, k := range s.Keepers {
		var n int64
		if err := tx.QueryRow(ctx, "select count(*) from ("+k.SQL("$1")+") kept", c.ID).Scan(&n); err != nil {
			return fmt.Errorf("look for what needs place %d: %w", c.ID, err)
		}
		if n > 0 {
			return almoner.Errorf(almoner.Conflict, k.Code, "%s", k.Message)
		}
	}
	return nil
}

// after keeps the table of ancestors, and the districts of whoever makes one, in step.
func (s *Service) after(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	switch {
	case c.Delete:
		return s.closeDistrict(ctx, tx, c.ID)
	case c.New():
		if err := plantAncestors(ctx, tx, c.ID, c.Int("parent")); err != nil {
			return err
		}
	case c.Changes("parent"):
		if err := moveAncestors(ctx, tx, c.ID, c.Int("parent")); err != nil {
			return err
		}
	}
	return s.joinDistrict(ctx, tx, c.ID)
}
