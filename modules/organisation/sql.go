package organisation

import "strings"

// PartnerFact is something about a partner that other modules show as text.
type PartnerFact string

// The facts about a partner.
const (
	PartnerName   PartnerFact = "o.name"
	PartnerType   PartnerFact = "o.type"
	PartnerVendor PartnerFact = "o.vendor_number"
)

// AgreementFact is something about an agreement that other modules show as text.
type AgreementFact string

// The facts about an agreement. AgreementAbove is the number of the agreement above it, AgreementType the label of its type.
const (
	AgreementNumber AgreementFact = "a.number"
	AgreementAbove  AgreementFact = "a.agreement_reference_number"
	AgreementType   AgreementFact = "type"
)

// PartnerSQL is a text about the partner whose id an SQL expression of the caller yields, as SQL; '' for no partner.
func (s *Service) PartnerSQL(fact PartnerFact, id string) string {
	return "coalesce((select " + string(fact) + " from organisation_partners p join organisation_organisations o on o.id = p.organisation_id where p.id = " + id + "), '')"
}

// AgreementSQL is a text about the agreement whose id an SQL expression of the caller yields, as SQL; '' for no agreement.
func (s *Service) AgreementSQL(fact AgreementFact, id string) string {
	text := string(fact)
	if fact == AgreementType {
		var b strings.Builder
		b.WriteString("case a.document_type")
		for _, t := range agreementTypes {
			b.WriteString(" when '" + t.Value + "' then '" + t.Label + "'")
		}
		text = b.String() + " else a.document_type end"
	}
	return "coalesce((select " + text + " from organisation_agreements a where a.id = " + id + "), '')"
}

// PartnerOfAgreementSQL is the id of the partner of the agreement whose id an SQL expression of the caller yields, as SQL; null for none.
func (s *Service) PartnerOfAgreementSQL(id string) string {
	return "select a.partner_id from organisation_agreements a where a.id = " + id
}
