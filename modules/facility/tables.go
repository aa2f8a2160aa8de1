package facility

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// tables are the files of an openIMIS database that this module takes in.
func (s *Service) tables() []module.Table {
	codes := func(file string, e *entity.Entity, name string) module.Table {
		return module.Table{Set: "openimis", File: file, Entity: e, ID: []string{"code"}, Columns: []module.Column{{Name: name, Field: "name"}}}
	}
	return []module.Table{
		codes("legal_forms.csv", s.LegalForm, "legal_form"), codes("hf_sublevels.csv", s.SubLevel, "sub_level"),
		{
			Set: "openimis", File: "health_facilities.csv", Entity: s.HealthFacility, Past: true,
			Columns: []module.Column{
				{Name: "legal_form", File: "legal_forms.csv"},
				{Name: "sub_level", File: "hf_sublevels.csv"},
				{Name: "location_id", Field: "location", File: "locations.csv"},
				{Name: "services_pricelist_id", Field: "services_pricelist", File: "services_pricelists.csv"},
				{Name: "items_pricelist_id", Field: "items_pricelist", File: "items_pricelists.csv"},
				{Name: "audit_user_id", Left: "who wrote a row is in the event log of the other system"},
			},
		},
	}
}
