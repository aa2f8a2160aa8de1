package organisation

import "strings"

// The SQL of this file stands inside that of other modules, so its rows have names that nobody else gives to theirs: oa, oo, op.

// PartnerFact is something about a partner that other modules show as text.
type PartnerFact string

// The facts about a partner.
const (
	PartnerName   PartnerFact = "oo.name"
	PartnerType   PartnerFact = "oo.type"
	PartnerVendor PartnerFact = "oo.vendor_number"
)

// AgreementFact is something about an agreement that other modules show as text.
type AgreementFact string

// The facts about an agreement. AgreementAbove is the number of the agreement above it, AgreementType the label of its type.
const (
	AgreementNumber AgreementFact = "oa.number"
	AgreementAbove  AgreementFact = "oa.agreement_reference_number"
	AgreementType   AgreementFact = "type"
)

// PartnerSQL is a text about the partner whose id an SQL expression of the caller yields, as SQL; ” for no partner.
func (s *Service) PartnerSQL(fact PartnerFact, id string) string {
	return "coalesce((select " + string(fact) + " from organisation_partners op join organisation_organisations oo on oo.id = op.organisation_id where op.id = " + id + "), '')"
}

// AgreementSQL is a text about the agreement whose id an SQL expression of the caller yields, as SQL; ” for no agreement.
func (s *Service) AgreementSQL(fact AgreementFact, id string) string {
	text := string(fact)
	if fact == AgreementType {
		var b strings.Builder
		b.WriteString("case oa.document_type")
		for _, t := range agreementTypes {
			b.WriteString(" when '" + t.Value + "' then '" + t.Label + "'")
		}
		text = b.String() + " else oa.document_type end"
	}
	return "coalesce((select " + text + " from organisation_agreements oa where oa.id = " + id + "), '')"
}

// PartnerOfAgreementSQL is the id of the partner of the agreement whose id an SQL expression of the caller yields, as SQL; null for none.
func (s *Service) PartnerOfAgreementSQL(id string) string {
	return "select oa.partner_id from organisation_agreements oa where oa.id = " + id
}
