package organisation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Relationship is one word for what an organisation is to a workspace: `tpm` for a firm that works there.
type Relationship struct {
	Type string
	// SQL is the condition that an organisation, the row {t}, is that to the workspace.
	SQL func(workspaceID int64, arg func(any) string) string
}

// partnership: the organisation is an implementing partner there.
var partnership = Relationship{Type: "partner", SQL: func(workspaceID int64, arg func(any) string) string {
	return "exists (select 1 from organisation_partners p where p.organisation_id = {t}.id and p.workspace_id = " + arg(workspaceID) + ")"
}}

// RelationshipSQL is the condition that an organisation, the row {t}, is what the word says to the workspace. It is false for unknown words;
// known tells them apart.
func (s *Service) RelationshipSQL(word string, workspaceID int64, arg func(any) string) (sql string, known bool) {
	for _, r := range s.RelationshipTypes {
		if r.Type == word {
			return r.SQL(workspaceID, arg), true
		}
	}
	return "1 = 0", false
}

// Relationships lists what the organisation is to the workspace, in the order of Service.RelationshipTypes. Empty, never nil, for nothing and
// for unknown ids. One statement.
func (s *Service) Relationships(ctx context.Context, q db.Queryer, organisationID, workspaceID int64) ([]string, error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	holds := make([]int64, len(s.RelationshipTypes))
	columns, dest := make([]string, len(holds)), make([]any, len(holds))
	for i, r := range s.RelationshipTypes {
		columns[i] = "case when " + entity.Over(r.SQL(workspaceID, arg), "o") + " then 1 else 0 end"
		dest[i] = &holds[i]
	}
	types := []string{}
	err := q.QueryRow(ctx, "select "+strings.Join(columns, ", ")+" from organisation_organisations o where o.id = "+arg(organisationID), args...).Scan(dest...)
	if errors.Is(err, db.ErrNoRows) {
		return types, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what organisation %d is to workspace %d: %w", organisationID, workspaceID, err)
	}
	for i, r := range s.RelationshipTypes {
		if holds[i] == 1 {
			types = append(types, r.Type)
		}
	}
	return types, nil
}
