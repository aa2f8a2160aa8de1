package tpm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules/organisation"
)

func (s *Service) firmCalls() []api.Call {
	return []api.Call{
		{
			Name: "tpm.firm.activate", Method: "POST", Path: "/api/tpm/partners/{id}/activate/", Summary: "Switch a firm on in this workspace and show it.",
			Wire: api.Lenient, Rule: api.ByField, Do: s.activate, Output: api.Object(nil),
		},
		{
			Name: "tpm.firm.sync", Method: "GET", Path: "/api/tpm/partners/sync/{vendor_number}/", Summary: "Find a firm by its vendor number, active here or not.",
			Wire: api.Lenient, Rule: api.Role(organisation.AgencyRole, organisation.PlannerRole), Do: s.findVendor, Output: api.Object(nil),
		},
	}
}

// activate switches a firm on in the workspace of the request and answers with it (tpm §12-6). What is so already is no change.
func (s *Service) activate(q *api.Request) (any, error) {
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	ctx := q.Context()
	var body json.RawMessage
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := s.Firm.Lock(ctx, tx, id); err != nil {
			return err
		}
		found, err := s.firms.Locate(q, tx, id)
		if err != nil {
			return err
		}
		v := found.Viewer
		if !v.Policy.May(access.Edit, v.Policy.Target(s.Firm.Name+".activate"), v.Set) {
			return api.Forbidden()
		}
		if err := s.switchOn(ctx, tx, id, q.Actor.Workspace.ID); err != nil {
			return err
		}
		body, err = s.firms.Answer(q, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

func (s *Service) switchOn(ctx context.Context, tx *db.Tx, firmID, workspaceID int64) error {
	rows, err := tx.Query(ctx, "select workspace_id from tpm_firm_workspaces where firm_id = $1", firmID)
	workspaces, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read workspaces of firm %d: %w", firmID, err)
	}
	var hidden bool
	if err := tx.QueryRow(ctx, "select hidden from tpm_firms where id = $1", firmID).Scan(&hidden); err != nil {
		return fmt.Errorf("read firm %d: %w", firmID, err)
	}
	here := slices.Contains(workspaces, workspaceID)
	if here && !hidden {
		return nil
	}
	if !here {
		workspaces = append(workspaces, workspaceID)
	}
	slices.Sort(workspaces)
	change := s.Firm.NewChange(firmID, nil)
	change.Verb = "activated"
	change.Set("workspaces", workspaces)
	change.Set("hidden", false)
	return s.Firm.Save(ctx, tx, change)
}

// findVendor answers with the firm that has a vendor number, wherever it is active.
func (s *Service) findVendor(q *api.Request) (any, error) {
	number := q.PathValue("vendor_number")
	ctx := q.Context()
	var body json.RawMessage
	err := s.db.View(ctx, func(tx db.Queryer) error {
		id, err := firmOfVendor(ctx, tx, number)
		if err != nil {
			return err
		}
		if id != 0 {
			_, err = s.firms.Locate(q, tx, id)
		}
		if id == 0 || almoner.KindOf(err) == almoner.NotFound {
			unknown := almoner.Errorf(almoner.NotFound, "tpm.unknown_vendor", "No firm with the vendor number %s is known here, and no finance system is connected that could be asked.", number)
			unknown.Params = map[string]string{"number": number}
			return unknown
		}
		if err != nil {
			return err
		}
		body, err = s.firms.Answer(q, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// firmOfVendor returns the id of the firm with a vendor number, 0 when there is none.
func firmOfVendor(ctx context.Context, q db.Queryer, number string) (int64, error) {
	var id int64
	err := q.QueryRow(ctx, "select f.id from tpm_firms f join organisation_organisations o on o.id = f.organization_id where o.vendor_number = $1", number).Scan(&id)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return 0, fmt.Errorf("find firm by vendor number: %w", err)
	}
	return id, nil
}
