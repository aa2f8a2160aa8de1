package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
)

// agencyDomain ends the addresses of the agency's own people, who are not invited here (tpm §5.3).
const agencyDomain = "@unicef.org"

// accessChanged is stated once for everything that one person was given and lost in one organisation at one time.
const accessChanged = "account.access_changed"

func (s *Service) accessCalls() []api.Call {
	groups := &entity.Field{Name: "groups", Kind: entity.Refs, Label: "Roles", Required: true}
	named := api.ArrayOf(api.Object(map[string]*api.Schema{"id": api.TypeOf("integer"), "name": api.TypeOf("string")}))
	return []api.Call{
		{
			Name: "account.access.get", Method: "GET", Path: "/api/v3/users/amp/{id}/", Summary: "Read one person with their roles in this workspace.",
			Wire: api.Lenient, Rule: s.readers(), Do: s.readAccess, Output: api.Object(nil),
		},
		{
			Name: "account.access.create", Method: "POST", Path: "/api/v3/users/amp/", Status: 201, Wire: api.Lenient, Rule: s.givers(), Do: s.invite, Output: api.Object(nil),
			Summary: "Let somebody in: who is known gets the roles at once, a new address waits for a review.",
			Input: []*entity.Field{
				{Name: "first_name", Kind: entity.Text, Label: "First name", Required: true, Max: 150},
				{Name: "last_name", Kind: entity.Text, Label: "Last name", Required: true, Max: 150},
				{Name: "email", Kind: entity.Email, Label: "E-mail", Required: true, Max: 254},
				{Name: "phone_number", Kind: entity.Text, Label: "Phone number", Max: 255, Blank: true, Null: true},
				{Name: "job_title", Kind: entity.Text, Label: "Job title", Max: 255, Blank: true, Null: true},
				{Name: "organization", Kind: entity.Ref, Label: "Organization", Null: true},
				groups,
			},
		},
		{
			Name: "account.access.update", Method: "PATCH", Path: "/api/v3/users/amp/{id}/", Wire: api.Lenient, Rule: s.givers(), Do: s.changeAccess, Output: api.Object(nil),
			Summary: "Set which of the roles that you may give somebody has in an organisation.",
			Input: []*entity.Field{
				{Name: "organization", Kind: entity.Ref, Label: "Organization", Null: true},
				{Name: "job_title", Kind: entity.Text, Label: "Job title", Max: 255, Blank: true, Null: true},
				{Name: "groups", Kind: entity.Refs, Label: "Roles", Required: true, Blank: true},
			},
		},
		{
			Name: "account.access.permissions", Method: "GET", Path: "/api/v3/users/amp-permissions/", Wire: api.Lenient, Rule: api.SignedIn, Do: s.accessPermissions,
			Summary: "Read which roles I may give, in one organisation or in any.",
			Query:   []api.Param{{Name: "organization_id", Doc: "The organisation it is about.", Schema: api.TypeOf("integer")}},
			Output:  api.Object(map[string]*api.Schema{"groups": named, "can_add_user": api.TypeOf("boolean"), "can_review_user": api.TypeOf("boolean")}),
		},
		{
			Name: "account.access.filters", Method: "GET", Path: "/api/v3/users/amp-filters/", Summary: "List the roles that are given in each kind of organisation.",
			Wire: api.Lenient, Rule: s.readers(), Do: s.accessFilters, Output: api.Object(nil),
		},
	}
}

func (s *Service) readAccess(q *api.Request) (any, error) {
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	var body json.RawMessage
	err = s.db.View(q.Context(), func(tx db.Queryer) error {
		if err := s.mayKnow(q, tx, id); err != nil {
			return err
		}
		body, err = s.people.Answer(q, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// mayKnow returns NotFound unless the list shows the person to the actor.
func (s *Service) mayKnow(q *api.Request, tx db.Queryer, userID int64) error {
	v, err := s.people.Locate(q, tx, userID)
	if err != nil {
		return err
	}
	_, err = s.User.LocateWithin(q.Context(), tx, v.Viewer, userID, func(a *almoner.Actor, arg func(any) string) string {
		return s.holds(a, arg, "", scopeOf(a))
	})
	return err
}

// terms are what a request says about roles in an organisation, found right.
type terms struct {
	organizationID int64
	// may are the roles that the actor may give there, groups those of the request.
	may, groups []int64
}

// agree checks organisation and roles of a request. Held are roles that the person has there already: those among them that the actor
// may not give are let be rather than refused, because clients send back the whole list.
func (s *Service) agree(q *api.Request, tx db.Queryer, held []int64, problems *almoner.Problems) (terms, error) {
	var t terms
	t.organizationID, _ = q.In["organization"].(int64)
	if t.organizationID == 0 {
		t.organizationID = q.Actor.OrganizationID
	}
	ctx := q.Context()
	exists, err := s.organisations.Exists(ctx, tx, t.organizationID)
	if err != nil {
		return t, err
	}
	if !exists {
		value := fmt.Sprint(t.organizationID)
		problems.AddWith("organization", "does_not_exist", "Invalid pk \""+value+"\" - object does not exist.", map[string]string{"value": value})
		return t, nil
	}
	may, err := s.grantable(ctx, tx, q.Actor, t.organizationID)
	if err != nil {
		return t, err
	}
	if len(may) == 0 {
		problems.Add("organization", "account.gives_no_roles", "You may not give roles in this organisation.")
		return t, nil
	}
	for _, g := range may {
		t.may = append(t.may, g.ID)
	}
	asked, _ := q.In["groups"].([]int64)
	for _, id := range asked {
		switch {
		case slices.Contains(t.may, id):
			t.groups = append(t.groups, id)
		case !slices.Contains(held, id):
			problems.Add("groups", "account.role_not_yours", "You may not give this role in this organisation.")
			return t, nil
		}
	}
	return t, nil
}

// invite lets somebody in: roles at once for who is known, else a place among those who wait for a review (tpm §5.3).
func (s *Service) invite(q *api.Request) (any, error) {
	ctx := q.Context()
	var body json.RawMessage
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		var problems almoner.Problems
		email, _ := q.In["email"].(string)
		email = strings.ToLower(email)
		if strings.HasSuffix(email, agencyDomain) {
			problems.Add("email", "account.agency_address", "People of the agency get their access from the agency, not here.")
		}
		t, err := s.agree(q, tx, nil, &problems)
		if err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		u, known, err := userByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if !known {
			id, err := s.stage(ctx, tx, q, email, t)
			if err == nil {
				body, err = s.stagedPeople.Answer(q, tx, id)
			}
			return err
		}
		if err := s.User.Lock(ctx, tx, u.id); err != nil {
			return err
		}
		if err := s.setRoles(ctx, tx, u.id, t.organizationID, t.groups, nil); err != nil {
			return err
		}
		body, err = s.people.Answer(q, tx, u.id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// changeAccess sets a person's roles in an organisation, of those that the actor may give, to exactly the ones sent.
func (s *Service) changeAccess(q *api.Request) (any, error) {
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	ctx := q.Context()
	var body json.RawMessage
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := s.User.Lock(ctx, tx, id); err != nil {
			return err
		}
		if err := s.mayKnow(q, tx, id); err != nil {
			return err
		}
		organization, _ := q.In["organization"].(int64)
		if organization == 0 {
			organization = q.Actor.OrganizationID
		}
		held, err := rolesHeld(ctx, tx, id, q.Actor.Workspace.ID, organization)
		if err != nil {
			return err
		}
		var problems almoner.Problems
		t, err := s.agree(q, tx, held, &problems)
		if err != nil {
			return err
		}
		if !problems.Has("organization") && len(held) == 0 {
			problems.Add("organization", "account.not_of_organization", "This person does not belong to this organisation here; add them with their e-mail address.")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if title, sent := q.In["job_title"]; sent {
			text, _ := title.(string)
			if err := s.User.Save(ctx, tx, s.User.NewChange(id, entity.Values{"job_title": text})); err != nil {
				return err
			}
		}
		var taken []int64
		for _, role := range t.may {
			if !slices.Contains(t.groups, role) {
				taken = append(taken, role)
			}
		}
		if err := s.setRoles(ctx, tx, id, t.organizationID, t.groups, taken); err != nil {
			return err
		}
		body, err = s.people.Answer(q, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// rolesHeld are the roles that a person has, or had, for an organisation in a workspace.
func rolesHeld(ctx context.Context, q db.Queryer, userID, workspaceID, organizationID int64) ([]int64, error) {
	rows, err := q.Query(ctx, "select role_id from account_grants where user_id = $1 and workspace_id = $2 and organization_id = $3 order by role_id", userID, workspaceID, organizationID)
	list, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("read roles of user %d: %w", userID, err)
	}
	return list, nil
}

// setRoles gives somebody roles for an organisation in the workspace of ctx and takes others away, in the caller's transaction. It states what
// really changed, and selects workspace and organisation for a person who has none selected.
func (s *Service) setRoles(ctx context.Context, tx *db.Tx, userID, organizationID int64, give, take []int64) error {
	workspaceID := almoner.ActorOf(ctx).Workspace.ID
	given, taken := []int64{}, []int64{}
	// First what is given: who loses one role and gets another is not without access in between.
	for _, role := range give {
		changed, err := s.setRole(ctx, tx, entity.Values{"user": userID, "workspace": workspaceID, "organization": organizationID, "role": role}, true)
		if err != nil {
			return err
		}
		if changed {
			given = append(given, role)
		}
	}
	for _, role := range take {
		changed, err := s.setRole(ctx, tx, entity.Values{"user": userID, "workspace": workspaceID, "organization": organizationID, "role": role}, false)
		if err != nil {
			return err
		}
		if changed {
			taken = append(taken, role)
		}
	}
	if len(given)+len(taken) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update account_users set current_workspace_id = coalesce(current_workspace_id, $2), current_organization_id = coalesce(current_organization_id, $3) where id = $1`,
		userID, workspaceID, organizationID)
	if err != nil {
		return fmt.Errorf("select workspace and organisation of user %d: %w", userID, err)
	}
	_, err = event.Emit(ctx, tx, event.Fact{
		Name: accessChanged, Entity: s.User.Name, Subject: userID, Data: map[string]any{"organization": organizationID, "given": given, "taken": taken},
	})
	return err
}

// setRole makes a grant active or not, and reports whether that was a change. A grant that is not there is not made to be inactive.
func (s *Service) setRole(ctx context.Context, tx *db.Tx, grant entity.Values, active bool) (bool, error) {
	var id int64
	var was bool
	err := tx.QueryRow(ctx, "select id, is_active from account_grants where user_id = $1 and workspace_id = $2 and organization_id = $3 and role_id = $4",
		grant["user"], grant["workspace"], grant["organization"], grant["role"]).Scan(&id, &was)
	switch {
	case errors.Is(err, db.ErrNoRows) && active:
		return true, s.Grant.Save(ctx, tx, s.Grant.NewChange(0, grant))
	case errors.Is(err, db.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("find grant: %w", err)
	case was == active:
		return false, nil
	}
	return true, s.Grant.Save(ctx, tx, s.Grant.NewChange(id, entity.Values{"is_active": active}))
}

// accessPermissions says what the actor may do here: with an organisation, in that one.
func (s *Service) accessPermissions(q *api.Request) (any, error) {
	organization := int64(0)
	if text := q.URL.Query().Get("organization_id"); text != "" {
		id, ok := positive(text)
		if !ok {
			return nil, almoner.Invalidf("organization_id", "not_an_integer", "A valid integer is required.")
		}
		organization = id
	}
	groups, err := s.grantable(q.Context(), s.db, q.Actor, organization)
	if err != nil {
		return nil, err
	}
	return map[string]any{"groups": groups, "can_add_user": len(groups) > 0, "can_review_user": q.Actor.Has(ReviewerRole)}, nil
}

// accessFilters lists the roles of each kind of organisation that people are let into.
func (s *Service) accessFilters(q *api.Request) (any, error) {
	names := map[string][]string{}
	for _, r := range s.GrantRules {
		names[r.Type] = append(names[r.Type], r.Roles...)
	}
	lists := map[string][]group{}
	for kind, roles := range names {
		var err error
		if lists[kind], err = groupsNamed(q.Context(), s.db, roles); err != nil {
			return nil, err
		}
	}
	return lists, nil
}
