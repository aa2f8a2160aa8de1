package account

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// contactShape is the Staff of tpm §5.1.
const contactShape = "pk=user.id id first_name=user.first_name last_name=user.last_name full_name=user.name email=user.email is_active=user.is_active " +
	"profile{job_title=user.job_title phone_number=user.phone_number} receive_tpm_notifications=user.receive_tpm_notifications " +
	"user{pk=id first_name last_name full_name=name email is_active profile{job_title phone_number}}"

// declareMember makes the people of an organisation in a workspace by role, active or not, a record type of its own: the id is the
// user's, so it is unique only among those of one organisation and role.
func (s *Service) declareMember() {
	s.Member = &entity.Entity{
		Name: "account.member", Label: "Member", Plural: "Members", Table: "account_members",
		Fields: []*entity.Field{
			{Name: "user", Kind: entity.Ref, To: "account.user", ReadOnly: true},
			{Name: "organization", Kind: entity.Ref, To: "organisation.organisation", ReadOnly: true},
			{Name: "role", Kind: entity.Text, ReadOnly: true},
			{Name: "has_active_realm", Kind: entity.Bool, Column: "is_active", ReadOnly: true, Label: "Active here"},
		},
		Shapes:  map[string]string{"contact": contactShape, "staff": contactShape + " has_active_realm"},
		Filters: []entity.Filter{{Path: "user.is_active"}, {Path: "has_active_realm"}},
		Sorts: []entity.Sort{
			{Name: "user__email", By: []string{"user.email"}}, {Name: "user__first_name", By: []string{"user.first_name"}}, {Name: "id", By: []string{"id"}},
		},
		Search: []string{"user.name_folded", "user.email"},
		Order:  []string{"id"},
	}
}

// HoldsRoleSQL is the condition that a user has an active grant of a role for an organisation in a workspace, as SQL over expressions of the
// caller: placeholders from its builder or columns of its own rows. active is the placeholder of the value true.
func (s *Service) HoldsRoleSQL(user, organization, workspace, role, active string) string {
	return fmt.Sprintf(`exists (select 1 from account_grants g join account_roles gr on gr.id = g.role_id
		where g.user_id = %s and g.organization_id = %s and g.workspace_id = %s and gr.name = %s and g.is_active = %s)`, user, organization, workspace, role, active)
}

// ExtendRole gives everybody who holds a role for an organisation in any workspace the same in this one, as an active grant, and
// selects the organisation for those who have none selected. It joins the caller's transaction and never takes anything away.
func (s *Service) ExtendRole(ctx context.Context, tx *db.Tx, organizationID int64, role string, workspaceID int64) error {
	rows, err := tx.Query(ctx, `
		select distinct g.user_id, g.role_id from account_grants g join account_roles r on r.id = g.role_id join account_users u on u.id = g.user_id
		where g.organization_id = $1 and r.name = $2 and g.is_active = $3 and u.is_active = $3
			and not exists (select 1 from account_grants h where h.user_id = g.user_id and h.organization_id = $1 and h.role_id = g.role_id and h.workspace_id = $4)
		order by g.user_id`, organizationID, role, true, workspaceID)
	type holder struct{ user, role int64 }
	holders, err := db.Collect(rows, err, func(r db.Row) (h holder, err error) { return h, r.Scan(&h.user, &h.role) })
	if err != nil {
		return fmt.Errorf("find holders of %s for organisation %d: %w", role, organizationID, err)
	}
	for _, h := range holders {
		grant := s.Grant.NewChange(0, entity.Values{"user": h.user, "workspace": workspaceID, "organization": organizationID, "role": h.role})
		if err := s.Grant.Save(ctx, tx, grant); err != nil {
			return fmt.Errorf("grant %s to user %d: %w", role, h.user, err)
		}
		_, err := tx.Exec(ctx, `update account_users set current_organization_id = $2 where id = $1 and current_organization_id is null`, h.user, organizationID)
		if err != nil {
			return fmt.Errorf("select organisation of user %d: %w", h.user, err)
		}
	}
	return nil
}

// RoleNames are the names of all roles, in order.
func (s *Service) RoleNames(ctx context.Context, q db.Queryer) ([]string, error) {
	rows, err := q.Query(ctx, "select name from account_roles where validity_to is null order by name")
	return db.Collect(rows, err, func(r db.Row) (name string, err error) { return name, r.Scan(&name) })
}
