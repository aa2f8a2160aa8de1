package attachment

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules/organisation"
)

// agreementDocuments are the documents of agreements, kept by planners and read by the agency. Their use is to be linked to tasks, so
// that whoever visits knows what was agreed.
func (s *Service) agreementDocuments() *api.Resource {
	agreement := "{o}"
	owner := s.Own(Owner{
		Entity: s.organisations.Agreement, Names: []string{"partners/intervention"},
		Source: "Partnership Management Portal", ShownSource: "Partnership Management Portal",
		Partner: s.organisations.PartnerOfAgreementSQL(agreement), Agreement: agreement,
		TypeLabel: s.organisations.AgreementSQL(organisation.AgreementType, agreement),
		Visible: func(a *almoner.Actor, _ func(any) string) string {
			if organisation.Agency(a) {
				return ""
			}
			return "1 = 0"
		},
	})
	return s.Collection(Collection{
		Name: "attachment.agreement_document", Path: "/api/organisation/agreements/{agreement}/attachments/", Param: "agreement", Title: "Documents of the agreement",
		Wire: api.Native, View: api.When("the agency", organisation.Agency), Edit: api.Role(organisation.PlannerRole),
		Owner: owner, Code: "agreement_attachments", Group: "agreement",
	})
}

func (s *Service) prepare(ctx context.Context, tx *db.Tx) error {
	return s.EnsureTypes(ctx, tx, []FileType{
		{"signed_pd/ssfa", "Signed PD/SPD", []string{"agreement"}},
		{"prc_submission", "PRC Submission", []string{"agreement"}},
		{"other", "Other", []string{"agreement"}},
	})
}
