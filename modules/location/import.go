package location

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// levels are those of an insurance tree, which its data take for granted: R region, D district, W ward, V village (openimis-enrolment §2.1).
var levels = []entity.Values{
	{"number": int64(Region), "name": "Region", "type": "R"},
	{"number": int64(District), "name": "District", "type": "D"},
	{"number": int64(Ward), "name": "Municipality", "type": "W"},
	{"number": int64(Village), "name": "Village", "type": "V"},
}

// tables are the files of openIMIS that this module takes in. The district of a user is taken with the account module's users.
func (s *Service) tables() []module.Table {
	return []module.Table{
		{Set: "openimis", Entity: s.Level, Rows: levels},
		{
			Set: "openimis", File: "locations.csv", Entity: s.Location, Past: true,
			Columns: []module.Column{
				{Name: "code", Field: "p_code"},
				{Name: "type", Field: "level", Values: map[string]string{"R": "0", "D": "1", "W": "2", "V": "3"}},
				{Name: "parent_id", Field: "parent", File: "locations.csv"},
				{Name: "audit_user_id", Left: "whoever wrote the row there"},
			},
		},
	}
}
