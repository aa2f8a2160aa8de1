package organisation

import (
	"almoner.dev/almoner/core/entity"
)

func (s *Service) declarePartner() {
	s.Partner = &entity.Entity{
		Name: "organisation.partner", Label: "Implementing partner", Plural: "Implementing partners",
		Table: "organisation_partners", Key: []string{"organization"}, Extensible: &entity.Extensible{},
		Fields: []*entity.Field{
			{
				Name: "organization", Kind: entity.Ref, Label: "Organisation", Column: "organisation_id", To: "organisation.organisation",
				Required: true, Unique: true,
				Among: func(_ *entity.Change, arg func(any) string) string {
					return "{t}.vendor_number <> " + arg(AgencyVendorNumber)
				},
			},
			{Name: "hidden", Kind: entity.Bool, Default: false},
			{Name: "interventions", Kind: entity.Children, Label: "Agreements", To: "organisation.agreement", ForeignKey: "partner_id"},
		},
		Shapes: map[string]string{
			"min": "id name=organization.name",
			"row": "id name=organization.name vendor_number=organization.vendor_number partner_type=organization.organization_type " +
				"cso_type=organization.cso_type hidden short_name=organization.short_name",
			"detail": "id name=organization.name vendor_number=organization.vendor_number partner_type=organization.organization_type " +
				"cso_type=organization.cso_type hidden short_name=organization.short_name interventions{id number title status document_type} extensions",
			"record": "id organization:record hidden extensions",
		},
		Filters: []entity.Filter{
			{Path: "hidden"},
			{Path: "organization"},
			{Path: "organization.organization_type", Name: "partner_type"},
			{Path: "organization.organization_type", Name: "partner_type__in", Lookups: "in"},
			{Path: "organization.cso_type", Name: "cso_type"},
		},
		Sorts: []entity.Sort{
			{Name: "name", By: []string{"organization.name"}}, {Name: "vendor_number", By: []string{"organization.vendor_number"}},
		},
		Search:  []string{"organization.name", "organization.vendor_number"},
		Order:   []string{"organization.name"},
		Display: "organization.name",
	}
}
