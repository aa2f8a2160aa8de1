package account

import (
	"context"
	"net/http" //nolint:depguard // finding out who sends a request is this module's edge to the outside
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
)

// directory lets core/auth find people.
func (s *Service) directory() auth.Directory {
	account := func(u user, ok bool, err error) (auth.Account, bool, error) {
		return auth.Account{UserID: u.id, PasswordHash: u.passwordHash, Active: u.active, Generation: u.generation, Person: u}, ok, err
	}
	return auth.Directory{
		ByLogin: func(ctx context.Context, q db.Queryer, login string) (auth.Account, bool, error) {
			return account(userByLogin(ctx, q, login))
		},
		ByID: func(ctx context.Context, q db.Queryer, id int64) (auth.Account, bool, error) {
			return account(userByID(ctx, q, id))
		},
		SaveHash: saveHash,
		SignedIn: s.signedIn,
	}
}

// wish is what a request asks for beyond the stored choices (design §7).
type wish struct {
	workspace    string
	organization string
}

func wishOf(r *http.Request) wish {
	w := wish{workspace: r.Header.Get("Almoner-Workspace"), organization: r.Header.Get("Almoner-Organization")}
	if w.workspace == "" {
		w.workspace = r.URL.Query().Get("schema")
	}
	return w
}

// ofRequest finds out who sends a request: a stranger without credentials, an error for bad ones, Forbidden for a workspace or an
// organisation in which the person has no grant.
func (s *Service) ofRequest(r *http.Request, wire api.Wire) (*almoner.Actor, error) {
	id, err := s.auth.Authenticate(r, auth.Options{OldSchemes: len(wire.Schemes) > 0, TokenCookie: wire.Cookie})
	if err != nil {
		return nil, err
	}
	if id.UserID == 0 {
		return &almoner.Actor{Locale: ""}, nil
	}
	u, ok := id.Person.(user)
	if !ok {
		return nil, almoner.Errorf(almoner.Internal, "account.no_person", "account: the identity of user %d came without the person", id.UserID)
	}
	return s.actor(r.Context(), s.db, u, wishOf(r))
}

// ActorByEmail is the actor that a person is in a workspace, "" for their own; for commands and fixtures.
func (s *Service) ActorByEmail(ctx context.Context, q db.Queryer, email, workspaceCode string) (*almoner.Actor, error) {
	u, ok, err := userByEmail(ctx, q, email)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, almoner.Errorf(almoner.NotFound, "account.unknown_user", "There is no user %s.", email)
	}
	return s.actor(ctx, q, u, wish{workspace: workspaceCode})
}

func (s *Service) actor(ctx context.Context, q db.Queryer, u user, w wish) (*almoner.Actor, error) {
	grants, err := grantsOf(ctx, q, u.id)
	if err != nil {
		return nil, err
	}
	a := &almoner.Actor{UserID: u.id, Name: u.name(), Email: u.email, Staff: u.staff, Superuser: u.superuser, Locale: u.language}
	if a.Workspace, err = chooseWorkspace(ctx, q, u, grants, w.workspace); err != nil {
		return nil, err
	}
	if a.OrganizationID, err = chooseOrganization(u, grants, a.Workspace.ID, w.organization); err != nil {
		return nil, err
	}
	numbered := false
	for _, g := range grants {
		if g.workspaceID != a.Workspace.ID {
			continue
		}
		// A grant without an organisation is for all of the workspace.
		if (g.organizationID == a.OrganizationID || g.organizationID == 0) && !slices.Contains(a.Roles, g.role) {
			a.Roles = append(a.Roles, g.role)
		}
		a.AllRights = a.AllRights || g.system&administratorRole != 0
		numbered = numbered || g.hasRights
	}
	slices.Sort(a.Roles)
	a.AllRights = a.AllRights || u.superuser
	if numbered && !a.AllRights {
		a.Rights, err = rightsOf(ctx, q, u.id, a.Workspace.ID)
	}
	return a, err
}

// chooseWorkspace takes the one asked for, else the stored one, else the first with a grant. Administrators may enter every workspace.
func chooseWorkspace(ctx context.Context, q db.Queryer, u user, grants []grant, asked string) (almoner.Workspace, error) {
	available, err := availableWorkspaces(ctx, q, u, grants)
	if err != nil {
		return almoner.Workspace{}, err
	}
	if asked != "" {
		for _, w := range available {
			if strings.EqualFold(w.Code, asked) || strings.EqualFold(w.Name, asked) {
				return w, nil
			}
		}
		return almoner.Workspace{}, almoner.Errorf(almoner.Forbidden, "account.no_grant_in_workspace", "You have no access to this workspace.")
	}
	for _, w := range available {
		if w.ID == u.workspaceID {
			return w, nil
		}
	}
	if len(available) > 0 {
		return available[0], nil
	}
	return almoner.Workspace{}, nil
}

func availableWorkspaces(ctx context.Context, q db.Queryer, u user, grants []grant) ([]almoner.Workspace, error) {
	var list []almoner.Workspace
	if u.superuser {
		all, err := workspaces(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, w := range all {
			list = append(list, w.Workspace)
		}
		return list, nil
	}
	for _, g := range grants {
		w := almoner.Workspace{ID: g.workspaceID, Code: g.workspaceCode, Name: g.workspaceName}
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list, nil
}

// chooseOrganization takes the one asked for, else the stored one, else that of the first grant here.
func chooseOrganization(u user, grants []grant, workspaceID int64, asked string) (int64, error) {
	first, stored := int64(0), int64(0)
	for _, g := range grants {
		if g.workspaceID != workspaceID {
			continue
		}
		if g.organizationID == 0 {
			continue
		}
		if asked != "" && strconv.FormatInt(g.organizationID, 10) == asked {
			return g.organizationID, nil
		}
		if first == 0 {
			first = g.organizationID
		}
		if g.organizationID == u.organizationID {
			stored = g.organizationID
		}
	}
	switch {
	case asked != "":
		return 0, almoner.Errorf(almoner.Forbidden, "account.no_grant_in_organization", "You have no role in this organisation here.")
	case stored != 0:
		return stored, nil
	}
	return first, nil
}

// setPasswordOf is SetPassword by address.
func (s *Service) setPasswordOf(ctx context.Context, tx *db.Tx, email, password string) error {
	u, ok, err := userByEmail(ctx, tx, email)
	if err != nil {
		return err
	}
	if !ok {
		return almoner.Errorf(almoner.NotFound, "account.unknown_user", "There is no user %s.", email)
	}
	return s.SetPassword(ctx, tx, u.id, password)
}

// WorkspaceByCode finds a workspace by its code, in either case of letters; false when there is none.
func (s *Service) WorkspaceByCode(ctx context.Context, q db.Queryer, code string) (almoner.Workspace, bool, error) {
	w, err := s.workspaceByCode(ctx, q, code)
	if almoner.KindOf(err) == almoner.NotFound {
		return almoner.Workspace{}, false, nil
	}
	return w, err == nil, err
}

// workspaceByCode finds a workspace by its code.
func (s *Service) workspaceByCode(ctx context.Context, q db.Queryer, code string) (almoner.Workspace, error) {
	all, err := workspaces(ctx, q)
	if err != nil {
		return almoner.Workspace{}, err
	}
	for _, w := range all {
		if strings.EqualFold(w.Code, code) {
			return w.Workspace, nil
		}
	}
	return almoner.Workspace{}, almoner.Errorf(almoner.NotFound, "account.unknown_workspace", "There is no workspace %s.", code)
}
