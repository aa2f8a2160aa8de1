package organisation

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Service is the Go API of the module. Modules that need this one extend the lists during their Build; afterwards nothing changes.
type Service struct {
	// Organisation is a legal body with a vendor number, shared by all workspaces.
	Organisation *entity.Entity
	// Partner is an organisation whose work is monitored in a workspace.
	Partner *entity.Entity
	// Agreement is what a partner signed; on the wire an intervention.
	Agreement *entity.Entity
	// Output is what the programme promises to deliver; on the wire a result.
	Output *entity.Entity
	// Section and Office are parts of the agency.
	Section, Office *entity.Entity

	// Externals say which sections and offices people from outside the agency see.
	Externals []External
	// RelationshipTypes say what an organisation is to a workspace; `partner` is the first.
	RelationshipTypes []Relationship
	// Dropdowns are further lists of choices for GET /api/v2/dropdowns/static/.
	Dropdowns []Dropdown
	// Flags are the names that GET /api/v2/environment/flags/ calls active. Clients of the monitoring wire offer to add visits only
	// when they find tpm_enabled among them.
	Flags []string

	agreementOutput *entity.Entity
	db              *db.DB
}

// External opens the lists of sections and offices to people from outside the agency who ask with `externals_module=` and the Module's name:
// they get the rows for which the SQL over {t} is true, none when the function is nil or returns "".
type External struct {
	Module          string
	Section, Office func(a *almoner.Actor, arg func(any) string) string
}

// Dropdown is one list of choices by the name that clients look for. Values returns what is written as JSON, for the actor of ctx.
type Dropdown struct {
	Name   string
	Values func(ctx context.Context, q db.Queryer) (any, error)
}

// Exists reports whether there is an organisation with this id.
func (s *Service) Exists(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	var n int64
	if err := q.QueryRow(ctx, "select count(*) from organisation_organisations where id = $1", id).Scan(&n); err != nil {
		return false, fmt.Errorf("look for organisation %d: %w", id, err)
	}
	return n > 0, nil
}

// WorksWithoutAgreement reports whether tasks may name the partner without naming an agreement: governments and bilateral or multilateral
// bodies sign none (tpm §5.4). False for an unknown partner.
func (s *Service) WorksWithoutAgreement(ctx context.Context, q db.Queryer, partnerID int64) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, `
		select count(*) from organisation_partners p join organisation_organisations o on o.id = p.organisation_id
		where p.id = $1 and o.type in ('Government', 'Bilateral / Multilateral')`, partnerID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read type of partner %d: %w", partnerID, err)
	}
	return n > 0, nil
}

// OutputOfAgreement reports whether the agreement contributes to the output.
func (s *Service) OutputOfAgreement(ctx context.Context, q db.Queryer, agreementID, outputID int64) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, "select count(*) from organisation_agreement_outputs where agreement_id = $1 and output_id = $2", agreementID, outputID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for output %d in agreement %d: %w", outputID, agreementID, err)
	}
	return n > 0, nil
}

// PartnerLine is an implementing partner as other modules list it.
type PartnerLine struct {
	ID                 int64
	Name, VendorNumber string
	Hidden             bool
}

// Partners lists the implementing partners of a workspace, hidden ones too, by name.
func (s *Service) Partners(ctx context.Context, q db.Queryer, workspaceID int64) ([]PartnerLine, error) {
	rows, err := q.Query(ctx, `
		select p.id, o.name, o.vendor_number, p.hidden
		from organisation_partners p join organisation_organisations o on o.id = p.organisation_id
		where p.workspace_id = $1 order by o.name_folded, p.id`, workspaceID)
	list, err := db.Collect(rows, err, func(r db.Row) (p PartnerLine, err error) {
		return p, r.Scan(&p.ID, &p.Name, &p.VendorNumber, &p.Hidden)
	})
	if err != nil {
		return nil, fmt.Errorf("list partners: %w", err)
	}
	return list, nil
}
