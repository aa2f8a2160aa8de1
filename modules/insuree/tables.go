package insuree

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// tables are the files of an openIMIS database that this module takes in.
func (s *Service) tables() []module.Table {
	// What is there from the start is known by its name here; the other system has other words for some of it.
	code := func(file string, e *entity.Entity, name string, words ...string) module.Table {
		ours := map[string]string{}
		for i := 0; i+1 < len(words); i += 2 {
			ours[words[i]] = words[i+1]
		}
		t := module.Table{Set: "openimis", File: file, Entity: e, Columns: []module.Column{{Name: name, Field: "name", Values: ours}}}
		if e.Key[0] == "code" {
			t.ID = []string{"code"}
		}
		return t
	}
	const auditor = "who wrote a row is in the event log of the other system"
	return []module.Table{
		code("genders.csv", s.Gender, "gender"), code("professions.csv", s.Profession, "profession", "Self Employee", "Self-employed"), code("educations.csv", s.Education, "education", "Postgraduate studies", "Postgraduate", "PHD", "PhD"),
		code("relations.csv", s.Relation, "relation", "Brother/Sister", "Sibling", "Father/Mother", "Parent", "Uncle/Aunt", "Uncle or aunt", "Son/Daughter", "Child",
			"Grand parents", "Grandparent"), code("family_types.csv", s.FamilyType, "type"), code("confirmation_types.csv", s.ConfirmationType, "confirmation_type"),
		code("identification_types.csv", s.IdentificationType, "identification_type"),
		{
			Set: "openimis", File: "families.csv", Entity: s.Family, Past: true,
			Columns: []module.Column{
				{Name: "head_insuree_id", Field: "head_insuree", File: "insurees.csv", Later: true},
				{Name: "location_id", Field: "location", File: "locations.csv"},
				{Name: "family_type", File: "family_types.csv"},
				{Name: "confirmation_type", File: "confirmation_types.csv"},
				{Name: "offline", Field: "is_offline"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			Set: "openimis", File: "insurees.csv", Entity: s.Insuree, Past: true,
			Columns: []module.Column{
				{Name: "family_id", Field: "family", File: "families.csv"},
				{Name: "gender", File: "genders.csv"},
				{Name: "type_of_id", File: "identification_types.csv"},
				{Name: "relationship_id", Field: "relationship", File: "relations.csv"},
				{Name: "profession_id", Field: "profession", File: "professions.csv"},
				{Name: "education_id", Field: "education", File: "educations.csv"},
				{Name: "current_village_id", Field: "current_village", File: "locations.csv"},
				{Name: "photo_id", Field: "photo", File: "insuree_photos.csv", Later: true},
				{Name: "health_facility_id", Field: "health_facility", File: "health_facilities.csv"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			// The pictures are no part of the set: what is known of them is.
			Set: "openimis", File: "insuree_photos.csv", Entity: s.Photo, Past: true, Several: true,
			Columns: []module.Column{
				{Name: "insuree_id", Field: "insuree", File: "insurees.csv", Lasting: true},
				{Name: "officer_id", Left: "it is a number of the other system; the file name has the code of the officer"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
	}
}
