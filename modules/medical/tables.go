package medical

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// tables are the files of an openIMIS database that this module takes in.
func (s *Service) tables() []module.Table {
	auditor := module.Column{Name: "audit_user_id", Left: "who wrote a row is in the event log of the other system"}
	catalogue := func(file string, e *entity.Entity) module.Table {
		return module.Table{Set: "openimis", File: file, Entity: e, Past: true, Columns: []module.Column{auditor}}
	}
	tables := []module.Table{
		catalogue("diagnoses.csv", s.Diagnosis),
		// Finer codes, of which some are in the first file as well: these are the same diagnoses.
		{Set: "openimis", File: "diagnoses_extended.csv", Entity: s.Diagnosis, ID: []string{"code"}},
		catalogue("items.csv", s.Item), catalogue("services.csv", s.Service),
	}
	for _, p := range []*prices{s.itemPrices, s.servicePrices} {
		lists := p.kind + "s_pricelists.csv"
		tables = append(tables,
			module.Table{Set: "openimis", File: lists, Entity: p.list, Past: true, Columns: []module.Column{{Name: "location_id", Field: "location", File: "locations.csv"}, auditor}},
			module.Table{Set: "openimis", File: p.kind + "s_pricelist_details.csv", Entity: p.detail, Past: true, Columns: []module.Column{
				{Name: p.kind + "s_pricelist_id", Field: "pricelist", File: lists},
				{Name: p.kind + "_id", Field: p.kind, File: p.kind + "s.csv"},
				auditor,
			}})
	}
	return tables
}
