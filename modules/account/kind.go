package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
)

// Kind is what somebody may be beside a person who signs in: an enrolment officer, a claim administrator (openimis-core §3.1).
type Kind struct {
	// Type is its word in userTypes.
	Type string
	// SQL is the condition that the user with this id, an SQL expression, is of the kind in a workspace, in any when that is "". Ever counts those, too, who no longer are.
	SQL func(user, workspace string, ever bool) string
}

// interactive is the word in userTypes of those who sign in.
const interactive = "INTERACTIVE"

// NarrowUsers adds arguments to the list of users, and what they ask for. Modules that need this one call it during Build.
func (s *Service) NarrowUsers(params []api.Param, narrow func(q *api.Request) (func(a *almoner.Actor, arg func(any) string) string, error)) {
	for _, r := range s.userLists {
		r.Params = append(r.Params, params...)
	}
	s.userFilters = append(s.userFilters, narrow)
}

// UserCalled is the active user with a login name who has something to do in the workspace of ctx's actor; 0 for nobody.
func (s *Service) UserCalled(ctx context.Context, q db.Queryer, login string) (id int64, err error) {
	err = q.QueryRow(ctx, "select u.id from account_users u where u.username = $1 and u.is_active = $3 and "+s.hereSQL("u.id", "$2"), login, almoner.ActorOf(ctx).Workspace.ID, true).Scan(&id)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for the user %s: %w", login, err)
	}
	return id, nil
}

// signsInSQL is the condition that a user was given something to do by signing in, in any workspace: who administers the platform was, too.
const signsInSQL = "({t}.is_superuser or exists (select 1 from account_grants ig where ig.user_id = {t}.id))"

// hereSQL is the condition that a user has, or had, something to do in a workspace.
func (s *Service) hereSQL(user, workspace string) string {
	all := []string{"exists (select 1 from account_grants hg where hg.user_id = " + user + " and hg.workspace_id = " + workspace + ")"}
	for _, k := range s.Kinds {
		all = append(all, k.SQL(user, workspace, true))
	}
	return "(" + strings.Join(all, " or ") + ")"
}

// here are the people of the actor's workspace whom the actor may know of.
func (s *Service) here(a *almoner.Actor, arg func(any) string) string {
	where := s.hereSQL("{t}.id", arg(a.Workspace.ID))
	if s.UserScope != nil && !a.AllRights && !a.Superuser {
		if scope := s.UserScope(a, arg); scope != "" {
			where += " and (" + scope + ")"
		}
	}
	return where
}

// ofTypes is the condition that a user of the actor's workspace is of one of these kinds.
func (s *Service) ofTypes(types []any, workspace func() string) string {
	some := []string{"1 = 0"}
	for _, t := range types {
		if t == interactive {
			some = append(some, "exists (select 1 from account_grants hg where hg.user_id = {t}.id and hg.workspace_id = "+workspace()+")")
		}
		for _, k := range s.Kinds {
			if k.Type == t {
				some = append(some, k.SQL("{t}.id", workspace(), false))
			}
		}
	}
	return "(" + strings.Join(some, " or ") + ")"
}
