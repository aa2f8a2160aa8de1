package account

import (
	"context"
	"fmt"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/organisation"
)

// ReviewerRole is held by those who decide about people that others want to let in (tpm §1).
const ReviewerRole = "User Reviewer"

// GrantRule says that whoever holds a role may give some roles, and take them away, in organisations of a kind. What no rule allows,
// administrators alone do.
type GrantRule struct {
	// By is the role of the giver, in the workspace that it is about.
	By string
	// Type is what the organisation must be to that workspace: `tpm`, see organisation.Relationship.
	Type string
	// Roles are the names of those that may be given and taken.
	Roles []string
}

// givesRoles reports whether the actor may give any role anywhere in the workspace.
func (s *Service) givesRoles(a *almoner.Actor) bool {
	return slices.ContainsFunc(s.GrantRules, func(r GrantRule) bool { return a.Has(r.By) })
}

// readers of access management: the agency, all people of the workspace; others who may give roles, those of their own organisation.
func (s *Service) readers() api.Rule {
	return api.When("the agency, who may give roles", func(a *almoner.Actor) bool { return organisation.Agency(a) || s.givesRoles(a) })
}

func (s *Service) givers() api.Rule {
	return api.When("who may give roles", s.givesRoles)
}

// group is a role in the words of the wire.
type group struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func groupsNamed(ctx context.Context, q db.Queryer, names []string) ([]group, error) {
	rows, err := q.Query(ctx, "select id, name from account_roles where "+q.Engine().AnyText("name", "$1")+" and validity_to is null order by name", db.Texts(names))
	list, err := db.Collect(rows, err, func(r db.Row) (g group, err error) { return g, r.Scan(&g.ID, &g.Name) })
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	return append([]group{}, list...), nil
}

// grantable lists the roles that the actor may give in an organisation, by name; with organisation 0, in any that the rules name.
func (s *Service) grantable(ctx context.Context, q db.Queryer, a *almoner.Actor, organizationID int64) ([]group, error) {
	var kinds, names []string
	if organizationID != 0 {
		var err error
		if kinds, err = s.organisations.Relationships(ctx, q, organizationID, a.Workspace.ID); err != nil {
			return nil, err
		}
	}
	for _, r := range s.GrantRules {
		if a.Has(r.By) && (organizationID == 0 || slices.Contains(kinds, r.Type)) {
			names = append(names, r.Roles...)
		}
	}
	return groupsNamed(ctx, q, names)
}

// scope is which grants access management is about: those in the workspace, for one organisation, or for those of a kind.
type scope struct {
	organizationID int64
	kind           string
}

// scopeOf is what the actor may know of; people who are not of the agency know of their own organisation.
func scopeOf(a *almoner.Actor) scope {
	if organisation.Agency(a) {
		return scope{}
	}
	return scope{organizationID: a.OrganizationID}
}

// grantsShown narrows the grants of a person to those that the actor may know of.
func (s *Service) grantsShown(a *almoner.Actor, arg func(any) string) string {
	sql := "{t}.workspace_id = " + arg(a.Workspace.ID)
	if own := scopeOf(a); own.organizationID != 0 {
		sql += " and {t}.organization_id = " + arg(own.organizationID)
	}
	return sql
}

// holds is the condition that the person in the row {t} has a grant in all of the scopes, further narrowed by SQL over the grant g.
func (s *Service) holds(a *almoner.Actor, arg func(any) string, further string, scopes ...scope) string {
	sql := "exists (select 1 from account_grants g join organisation_organisations o on o.id = g.organization_id where g.user_id = {t}.id and g.workspace_id = " + arg(a.Workspace.ID)
	for _, in := range scopes {
		if in.organizationID != 0 {
			sql += " and g.organization_id = " + arg(in.organizationID)
		}
		if in.kind != "" {
			kind, _ := s.organisations.RelationshipSQL(in.kind, a.Workspace.ID, arg)
			sql += " and " + entity.Over(kind, "o")
		}
	}
	return sql + further + ")"
}
