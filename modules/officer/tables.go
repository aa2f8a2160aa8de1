package officer

import "almoner.dev/almoner/core/module"

// tables are the files of openIMIS that this module takes in. Who has the login name of a user there is that user: see Service.tie.
func (s *Service) tables() []module.Table {
	const (
		auditor = "who wrote a row is in the event log of the other system"
		set     = "openimis"
	)
	return []module.Table{
		{
			Set: set, File: "user_districts.csv", Entity: s.places.UserDistrict, Match: []string{"user_id", "location"},
			Columns: []module.Column{
				{Name: "user_id", File: "users.csv"},
				{Name: "location_id", Field: "location", File: "locations.csv"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			Set: set, File: "officers.csv", Entity: s.Officer, Past: true,
			Columns: []module.Column{
				{Name: "location_id", Field: "location", File: "locations.csv"},
				{Name: "substitution_officer_id", Field: "substitution_officer", File: "officers.csv", Later: true, Lasting: true},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			Set: set, File: "officer_villages.csv", Entity: s.Village, Past: true,
			Columns: []module.Column{
				{Name: "officer_id", Field: "officer", File: "officers.csv", Lasting: true},
				{Name: "location_id", Field: "location", File: "locations.csv"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			Set: set, File: "claim_admins.csv", Entity: s.ClaimAdmin, Past: true,
			Columns: []module.Column{
				{Name: "email_id", Field: "email"},
				{Name: "health_facility_id", Field: "health_facility", File: "health_facilities.csv", Lasting: true},
				{Name: "audit_user_id", Left: auditor},
			},
		},
	}
}
