package insuree

import (
	"fmt"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// The calendar of policies counts months by the days of those before.
func TestMonthsBefore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day    almoner.Date
		months int
		want   string
	}{
		{almoner.NewDate(2021, 3, 31), 1, "2021-03-03"},
		{almoner.NewDate(2021, 3, 31), 0, "2021-03-31"},
		{almoner.NewDate(2024, 3, 31), 1, "2024-03-02"},
		{almoner.NewDate(2026, 6, 15), 12, "2025-06-15"},
		{almoner.NewDate(2026, 6, 15), 60, "2021-06-15"},
	} {
		if got := monthsBefore(c.day, c.months).String(); got != c.want {
			t.Errorf("%d months before %s is %s, not %s", c.months, c.day, got, c.want)
		}
	}
	if got := yearsBefore(almoner.NewDate(2024, 2, 29), 18).String(); got != "2006-02-28" {
		t.Errorf("18 years before the 29th of February 2024 is %s", got)
	}
}

// Photos are due by their age and that of the insuree.
func TestPhotosDue(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		family, head, _, _ := l.household("HEAD", l.village[1])
		day := almoner.NewDate(2026, 6, 15)
		picture := func(id int64, taken string) {
			l.Helper()
			l.Want("admin", "POST", fmt.Sprintf("%s%d/photo/", insurees, id), `{"photo":"`+picture+`","date":"`+taken+`"}`, 200, "")
		}
		due := map[int64]bool{}
		picture(head, "2010-01-01")
		due[head] = true
		for i, c := range []struct {
			dob, taken string
			due        bool
		}{
			{"1990-01-01", "2021-06-15", true},
			{"1990-01-01", "2021-06-16", false},
			{"1990-01-01", "2026-05-16", false},
			{"2008-06-16", "2025-06-15", true}, // 18 tomorrow
			{"2008-06-15", "2025-06-15", false},
			{"2020-01-01", "2025-06-16", false},
			{"2020-01-01", "", false}, // has none
		} {
			id, _ := l.create("admin", insurees, fmt.Sprintf(`{"chf_id":"P%d","last_name":"a","other_names":"b","gender":1,"dob":"%s","family":%d}`, i, c.dob, family))
			if c.taken != "" {
				picture(id, c.taken)
			}
			due[id] = c.due
		}
		unknown, _ := l.person("UNKNOWN", fmt.Sprintf(`,"family":%d`, family))
		picture(unknown, "2026-06-01")
		err := l.DB.InTx(l.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(l.Context(), "update insuree_insurees set photo_date = null where id = $1", unknown)
			return err
		})
		if err != nil {
			l.Fatal(err)
		}
		due[unknown] = true
		got, err := l.PhotosDue(almoner.WithActor(l.Context(), people["admin"]), l.DB, family, day)
		if err != nil {
			l.Fatal(err)
		}
		found := map[int64]bool{}
		for _, id := range got {
			found[id] = true
		}
		for id, want := range due {
			if found[id] != want {
				l.Errorf("insuree %d: due %t, want %t", id, found[id], want)
			}
		}
		if len(got) != 4 {
			l.Errorf("%d photos are due", len(got))
		}
	})
}
