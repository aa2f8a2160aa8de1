package organisation

import (
	"almoner.dev/almoner/core/entity"
)

var agreementStatuses = []entity.ChoiceValue{
	{Value: "draft", Label: "Draft"},
	{Value: "development", Label: "In development"},
	{Value: "review", Label: "In review"},
	{Value: "signature", Label: "Awaiting signature"},
	{Value: "signed", Label: "Signed"},
	{Value: "active", Label: "Active"},
	{Value: "ended", Label: "Ended"},
	{Value: "closed", Label: "Closed"},
	{Value: "suspended", Label: "Suspended"},
	{Value: "terminated", Label: "Terminated"},
	{Value: "expired", Label: "Expired"},
	{Value: "cancelled", Label: "Cancelled"},
}

var agreementTypes = []entity.ChoiceValue{
	{Value: "PD", Label: "Programme document"},
	{Value: "SPD", Label: "Simplified programme document"},
	{Value: "SSFA", Label: "Small-scale funding agreement"},
}

func (s *Service) declareAgreement() {
	s.Agreement = &entity.Entity{
		Name: "organisation.agreement", Label: "Agreement", Plural: "Agreements",
		Table: "organisation_agreements", Key: []string{"number"},
		Fields: []*entity.Field{
			{Name: "partner", Kind: entity.Ref, Label: "Implementing partner", To: "organisation.partner", Required: true},
			{Name: "number", Kind: entity.Text, Max: 64, Required: true, Unique: true, Folded: "number_folded", Indexed: true},
			{Name: "title", Kind: entity.Text, Max: 255, Required: true, Folded: "title_folded", Indexed: true},
			{Name: "document_type", Kind: entity.Choice, Choices: agreementTypes, Default: "PD"},
			{Name: "status", Kind: entity.Choice, Choices: agreementStatuses, Default: "draft"},
			{Name: "agreement_reference_number", Kind: entity.Text, Label: "Number of the agreement above it", Max: 100, Blank: true, Default: ""},
			{Name: "result_links", Kind: entity.Children, Label: "Outputs", To: "organisation.agreement_output", ForeignKey: "agreement_id", Nested: true},
		},
		Shapes: map[string]string{
			"min":  "id number title status",
			"task": "id number title status partner=partner.organization.name result_links{id cp_output}",
			"row": "id number title status document_type partner=partner.organization.name partner_id=partner " +
				"agreement_reference_number",
			"detail": "id number title status document_type partner=partner.organization.name partner_id=partner " +
				"agreement_reference_number result_links{id cp_output cp_output_name=cp_output.result_name}",
			"record": "id number title status document_type partner:min agreement_reference_number result_links{id cp_output:min}",
		},
		Filters: []entity.Filter{
			{Path: "partner", Lookups: "exact in"},
			{Path: "status", Lookups: "exact in"},
			{Path: "document_type", Lookups: "exact in"},
			{Path: "result_links.cp_output", Name: "cp_output"},
		},
		Sorts: []entity.Sort{
			{Name: "number", By: []string{"number"}},
			{Name: "title", By: []string{"title"}},
			{Name: "status", By: []string{"status"}},
			{Name: "partner", By: []string{"partner.organization.name"}},
		},
		Search:  []string{"number", "title", "partner.organization.name"},
		Order:   []string{"number"},
		Display: "title",
	}
	s.agreementOutput = &entity.Entity{
		Name: "organisation.agreement_output", Label: "Output of an agreement", Plural: "Outputs of agreements",
		Table: "organisation_agreement_outputs", ParentField: "agreement", Key: []string{"agreement", "cp_output"},
		Fields: []*entity.Field{
			{Name: "cp_output", Kind: entity.Ref, Label: "Output", Column: "output_id", To: "organisation.output", Required: true},
			{Name: "agreement", Kind: entity.Ref, To: "organisation.agreement", ReadOnly: true},
		},
		Shapes: map[string]string{"min": "id cp_output"},
	}
}
