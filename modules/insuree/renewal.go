package insuree

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// PhotosDue are the valid members of a family whose photo is to be taken anew when its policy is renewed on a day, in the order of their ids: those who have one of which
// nobody knows the day, or one that is as old as the settings insuree.renewal_photo_age_adult and _child allow, in months. Who has none is not among them.
func (s *Service) PhotosDue(ctx context.Context, q db.Queryer, family int64, day almoner.Date) ([]int64, error) {
	workspace := almoner.ActorOf(ctx).Workspace.ID
	adult, child := monthsBefore(day, int(s.settings.photoAge.In(workspace))), monthsBefore(day, int(s.settings.photoAgeChild.In(workspace)))
	rows, err := q.Query(ctx, `
		select id from insuree_insurees
		where family_id = $1 and validity_to is null and photo_id is not null
		and (photo_date is null or photo_date <= $2 or photo_date <= $3 and dob > $4) order by id`,
		family, adult, child, yearsBefore(day, majority))
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("look for photos of family %d to be taken anew: %w", family, err)
	}
	return ids, nil
}

// majority is the age in years from which somebody is an adult.
const majority = 18

// monthsBefore goes back by months as the calendar of policies does: by as many days as the month before has, each time.
func monthsBefore(day almoner.Date, months int) almoner.Date {
	for range months {
		t := day.Time()
		day = day.AddDays(-almoner.NewDate(t.Year(), t.Month(), 1).AddDays(-1).Time().Day())
	}
	return day
}

// yearsBefore is the same day so many years ago; the 29th of February falls back to the 28th.
func yearsBefore(day almoner.Date, years int) almoner.Date {
	t := day.Time()
	if t.Month() == 2 && t.Day() == 29 {
		day = day.AddDays(-1)
		t = day.Time()
	}
	return almoner.NewDate(t.Year()-years, t.Month(), t.Day())
}
