package organisation

import (
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
)

// records are where administrators keep this module's records and the agency reads them.
func (s *Service) records() []*api.Resource {
	at := func(e *entity.Entity, collection, shape string) *api.Resource {
		return &api.Resource{
			Entity: e, Path: "/api/organisation/" + collection + "/", Title: e.Plural, Wire: api.Native, Can: api.Read | api.Write,
			ListShape: shape, Shape: shape, View: agencyOrAdministrator, Edit: api.Administrator,
		}
	}
	return []*api.Resource{
		at(s.Organisation, "organisations", "record"),
		at(s.Partner, "partners", "record"),
		at(s.Agreement, "agreements", "record"),
		at(s.Output, "outputs", "result"),
		at(s.Section, "sections", "record"),
		at(s.Office, "offices", "min"),
	}
}
