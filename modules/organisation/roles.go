package organisation

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
)

// The roles that the rules of monitoring speak of. Their names are facts of the wire (tpm §1): clients and imported data carry them.
const (
	// AgencyRole is held by everybody who works for the agency.
	AgencyRole = "UNICEF User"
	// PlannerRole is held by those who plan visits and decide about them, in addition to AgencyRole.
	PlannerRole = "PME"
	// MonitorRole is held by the people of a firm, for the organisation of that firm.
	MonitorRole = "Third Party Monitor"
	// ReadOnlyRole refuses its holders everything but GET.
	ReadOnlyRole = "Read Only"
)

// Agency reports whether the actor works for the agency in the current workspace.
func Agency(a *almoner.Actor) bool { return a.Has(AgencyRole) || a.Has(PlannerRole) }

var (
	// agency lets in the agency's people.
	agency = api.When("the agency", Agency)
	// agencyOrAdministrator also lets in platform administrators, who keep these records without belonging to the agency.
	agencyOrAdministrator = api.When("the agency, administrator", func(a *almoner.Actor) bool { return a.Superuser || Agency(a) })
	// agencyStaff lets in people who are flagged as staff of the agency (tpm §5.11).
	agencyStaff = api.When("staff", func(a *almoner.Actor) bool { return a.Staff })
)
