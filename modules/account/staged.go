package account

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
)

const (
	// predRequester: the actor asked for the person in the row.
	predRequester = "account.staged_user.requester"
	// predAsker: the actor may ask for people; the scope leaves them the rows that they asked for.
	predAsker = "account.staged_user.asker"
)

// declareStaged makes people who wait for a review a record type. Nobody becomes a user before somebody else has agreed.
func (s *Service) declareStaged() {
	text := func(name, label string, max int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: max, Blank: true, ReadOnly: true, Default: ""}
	}
	s.Staged = &entity.Entity{
		Name: "account.staged_user", Label: "Waiting person", Plural: "Waiting people", Table: "account_staged_users", Ruled: true, State: "status",
		Actions: []string{"accept", "decline"},
		Fields: []*entity.Field{
			{Name: "email", Kind: entity.Email, Label: "E-mail", Max: 254, Required: true, ReadOnly: true},
			text("first_name", "First name", 150), text("last_name", "Last name", 150), text("name_folded", "Name", 0),
			text("phone_number", "Phone number", 255), text("job_title", "Job title", 255),
			{Name: "organization", Kind: entity.Ref, Label: "Organization", To: "organisation.organisation", Required: true, ReadOnly: true},
			{
				Name: "groups", Kind: entity.Refs, Label: "Roles", To: "account.role", ReadOnly: true,
				Through: "account_staged_user_roles", Owner: "staged_user_id", Target: "role_id",
			},
			{Name: "status", Kind: entity.Choice, Label: "Status", ReadOnly: true, Default: "pending", Choices: []entity.ChoiceValue{
				{Value: "pending", Label: "Waiting"}, {Value: "accepted", Label: "Accepted"}, {Value: "declined", Label: "Declined"},
			}},
			{Name: "requester", Kind: entity.Ref, Label: "Requested by", To: "account.user", ReadOnly: true},
			{Name: "reviewer", Kind: entity.Ref, Label: "Reviewed by", To: "account.user", ReadOnly: true, Null: true},
			{Name: "reviewed_on", Kind: entity.Date, Label: "Reviewed on", ReadOnly: true, Null: true},
			{Name: "user", Kind: entity.Ref, Label: "Became", To: "account.user", ReadOnly: true, Null: true},
			{Name: "created", Kind: entity.Time, Label: "Requested at", Column: "created_at", ReadOnly: true},
		},
		Shapes: map[string]string{
			"row": "id email first_name last_name phone_number job_title organization{id name vendor_number} groups{id name} status created " +
				"requester{id name email} reviewer{id name email} reviewed_on user",
		},
		Filters: []entity.Filter{{Path: "organization", Name: "organization_id"}, {Path: "status", Lookups: "exact in"}},
		Sorts: []entity.Sort{
			{Name: "email", By: []string{"email"}},
			{Name: "first_name", By: []string{"first_name"}},
			{Name: "last_name", By: []string{"last_name"}},
			{Name: "created", By: []string{"created"}},
		},
		Search:  []string{"name_folded", "email"},
		Order:   []string{"created"},
		Display: "email",
		Scope: func(a *almoner.Actor, arg func(any) string) string {
			if a.Has(ReviewerRole) {
				return ""
			}
			return "{t}.requester_id = " + arg(a.UserID)
		},
		Predicates: []entity.Predicate{
			{Name: predRequester, SQL: func(a *almoner.Actor, arg func(any) string) string { return "{t}.requester_id = " + arg(a.UserID) }},
			{Name: predAsker, SQL: func(*almoner.Actor, func(any) string) string { return "" }, General: s.givesRoles},
		},
	}
	s.review = &lifecycle.Machine{Entity: s.Staged, Moves: []lifecycle.Move{
		{Code: "accept", Verb: "accepted", Label: "Accept", From: []string{"pending"}, To: "accepted", Day: "reviewed_on", Effect: s.accept, Primary: true},
		{Code: "decline", Verb: "declined", Label: "Decline", From: []string{"pending"}, To: "declined", Day: "reviewed_on", Effect: s.decline, Last: true},
	}}
}

// stagedRules: reviewers see all who wait, others those whom they asked for; nobody reviews a request of their own (tpm §5.3).
func stagedRules() []access.Rule {
	const who = "account.staged_user."
	reviewer := access.Role(ReviewerRole)
	rules := []access.Rule{
		{When: []string{reviewer}, Kind: access.View, Target: who + "*"},
		{When: []string{predAsker}, Kind: access.View, Target: who + "*"},
	}
	for _, move := range []string{"accept", "decline"} {
		rules = append(rules,
			access.Rule{When: []string{reviewer}, Kind: access.Act, Target: who + move},
			access.Rule{When: []string{reviewer, predRequester}, Kind: access.Act, Target: who + move, Refuse: true})
	}
	return rules
}

func (s *Service) stagedResource() *api.Resource {
	return &api.Resource{
		Entity: s.Staged, Path: "/api/v3/users/amp-staged/", Title: "Waiting People", Wire: api.Lenient, Can: api.Read,
		ListShape: "row", Shape: "row", View: api.ByField, Edit: api.ByField, Machine: s.review,
		Narrow: func(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
			if params := q.URL.Query(); params.Has("status") || params.Has("status__in") {
				return nil, nil
			}
			return func(_ *almoner.Actor, arg func(any) string) string { return "{t}.status = " + arg("pending") }, nil
		},
	}
}

// stage notes that the actor wants to let somebody new in.
func (s *Service) stage(ctx context.Context, tx *db.Tx, q *api.Request, email string, t terms) (int64, error) {
	var waiting int64
	err := tx.QueryRow(ctx, "select count(*) from account_staged_users where email = $1 and workspace_id = $2 and organization_id = $3 and status = 'pending'",
		email, q.Actor.Workspace.ID, t.organizationID).Scan(&waiting)
	if err != nil {
		return 0, fmt.Errorf("look for who waits already: %w", err)
	}
	if waiting > 0 {
		return 0, almoner.Invalidf("email", "account.waits_already", "This person is waiting for a review already.")
	}
	values := entity.Values{"email": email, "organization": t.organizationID, "groups": t.groups, "requester": q.Actor.UserID}
	for _, name := range []string{"first_name", "last_name", "phone_number", "job_title"} {
		text, _ := q.In[name].(string)
		values[name] = text
	}
	values["name_folded"] = db.Fold(values["first_name"].(string) + " " + values["last_name"].(string))
	change := s.Staged.NewChange(0, values)
	if err := s.Staged.Save(ctx, tx, change); err != nil {
		return 0, err
	}
	return change.ID, nil
}

// accept makes a user of the person, unless there is one by now, and gives the roles.
func (s *Service) accept(ctx context.Context, tx *db.Tx, step *lifecycle.Step) error {
	stored, err := stagedByID(ctx, tx, step.ID)
	if err != nil {
		return err
	}
	u, known, err := userByEmail(ctx, tx, stored.email)
	if err != nil {
		return err
	}
	id := u.id
	if !known {
		change := s.User.NewChange(0, entity.Values{
			"email": stored.email, "first_name": stored.first, "last_name": stored.last, "phone_number": stored.phone, "job_title": stored.jobTitle,
		})
		if err := s.User.Save(ctx, tx, change); err != nil {
			return err
		}
		id = change.ID
	}
	if err := s.setRoles(ctx, tx, id, stored.organizationID, stored.roles, nil); err != nil {
		return err
	}
	step.Set("user", id)
	return s.decline(ctx, tx, step)
}

// decline notes who decided.
func (s *Service) decline(ctx context.Context, _ *db.Tx, step *lifecycle.Step) error {
	step.Set("reviewer", almoner.ActorOf(ctx).UserID)
	return nil
}
