package account

import (
	"context"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// The numbers of the roles that an installation of the insurance side comes with (openimis-core §3.2). They are bits, so that they can be told in one number.
const (
	enrolmentOfficerRole = 1
	managerRole          = 2
	accountantRole       = 4
	clerkRole            = 8
	medicalOfficerRole   = 16
	schemeRole           = 32
	administratorRole    = 64
	receptionistRole     = 128
	claimAdminRole       = 256
	contributorRole      = 512
)

var shippedRoles = []struct {
	number int64
	name   string
}{
	{enrolmentOfficerRole, "Enrolment Officer"},
	{managerRole, "Manager"},
	{accountantRole, "Accountant"},
	{clerkRole, "Clerk"},
	{medicalOfficerRole, "Medical Officer"},
	{schemeRole, "Scheme Administrator"},
	{administratorRole, "IMIS Administrator"},
	{receptionistRole, "Receptionist"},
	{claimAdminRole, "Claim Administrator"},
	{contributorRole, "Claim Contributor"},
}

// rights are those of this module.
var rights = []access.Right{
	{Number: 121701, Key: "gql_query_users_perms", Label: "Search users", Roles: []int{schemeRole}},
	{Number: 121702, Key: "gql_mutation_create_users_perms", Label: "Add users", Roles: []int{schemeRole}},
	{Number: 121703, Key: "gql_mutation_update_users_perms", Label: "Change users", Roles: []int{schemeRole}},
	{Number: 121704, Key: "gql_mutation_delete_users_perms", Label: "Delete users", Roles: []int{schemeRole}},
	{Number: 122001, Key: "gql_query_roles_perms", Label: "Search roles", Roles: []int{schemeRole}},
	{Number: 122002, Key: "gql_mutation_create_roles_perms", Label: "Add roles"},
	{Number: 122003, Key: "gql_mutation_update_roles_perms", Label: "Change roles"},
	{Number: 122004, Key: "gql_mutation_delete_roles_perms", Label: "Delete roles"},
	{Number: 122005, Key: "gql_mutation_duplicate_roles_perms", Label: "Duplicate roles"},
	{Number: 122006, Key: "gql_mutation_replace_roles_perms", Label: "Replace roles"},
}

// declareInsurance makes the further record types that clients of the insurance side know: a person as an interactive user, rights of roles, languages, the log.
func (s *Service) declareInsurance() {
	s.Person = &entity.Entity{
		Name: "account.person", Label: "Interactive user", Plural: "Interactive users", Table: "account_users", Global: true,
		Fields: []*entity.Field{
			{Name: "uuid", Kind: entity.UUID, ReadOnly: true},
			{Name: "login_name", Kind: entity.Text, Expr: "coalesce({t}.username, {t}.email)"},
			{Name: "last_name", Kind: entity.Text, ReadOnly: true},
			{Name: "other_names", Kind: entity.Text, Expr: "trim({t}.first_name || ' ' || {t}.middle_name)"},
			{Name: "email", Kind: entity.Email, ReadOnly: true},
			{Name: "phone", Kind: entity.Text, Column: "phone_number", ReadOnly: true},
			{Name: "language_id", Kind: entity.Text, Column: "language", ReadOnly: true},
			{Name: "language", Kind: entity.Ref, To: "account.language", Expr: "(select l.id from account_languages l where l.code = {t}.language)"},
			{Name: "last_login", Kind: entity.Time, Column: "last_login_at", ReadOnly: true, Null: true},
			{Name: "password_known", Kind: entity.Bool, Expr: "({t}.password_hash <> '')"},
			{Name: "roles", Kind: entity.Refs, To: "account.role", Through: "account_user_roles", Owner: "user_id", Target: "role_id", ReadOnly: true},
			{Name: "validity_from", Kind: entity.Time, Expr: "{t}.updated_at"},
			{Name: "validity_to", Kind: entity.Time, Expr: gone},
		},
		Open: "uuid login_name last_name other_names email phone language_id language last_login password_known roles validity_from validity_to",
	}
	language := &entity.Entity{
		Name: "account.language", Label: "Language", Table: "account_languages", Global: true,
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, ReadOnly: true}, {Name: "name", Kind: entity.Text, ReadOnly: true}, {Name: "sort_order", Kind: entity.Integer, ReadOnly: true},
		},
		Open: "code name sort_order", Order: []string{"sort_order"},
	}
	s.MutationLog = api.MutationLog("account.mutation", "account.user")
	s.insurance = []*entity.Entity{s.Person, s.RoleRight, language, s.MutationLog}
	s.linkMutations(module.Logged{List: "users", Field: "core_user", Entity: s.User})
}

// linkMutations lets the log show the records of an entity that a mutation touched.
func (s *Service) linkMutations(l module.Logged) {
	records := api.MutationRecords("account.mutation_"+strings.ReplaceAll(l.Entity.Name, ".", "_"), s.MutationLog.Name, l.Field, l.Entity)
	s.linked = append(s.linked, records)
	s.MutationLog.Fields = append(s.MutationLog.Fields, &entity.Field{
		Name: l.List, Kind: entity.Children, To: records.Name, ForeignKey: "mutation_id", ReadOnly: true, Only: api.OfEntity(l.Entity),
	})
	s.MutationLog.Open += " " + l.List
	s.mutationLists = append(s.mutationLists, l.List)
}

// gone is when somebody who may not come in any more last changed; nobody who may has gone.
const gone = "case when {t}.is_active then null else {t}.updated_at end"

// rightNumbers are the numbers of a person's rights in the workspace of ctx's actor.
func (s *Service) rightNumbers(ctx context.Context, q db.Queryer, userID int64) ([]int, error) {
	a := almoner.ActorOf(ctx)
	u, ok, err := userByID(ctx, q, userID)
	if err != nil || !ok {
		return nil, err
	}
	grants, err := grantsOf(ctx, q, userID)
	if err != nil {
		return nil, err
	}
	administrator := u.superuser || slices.ContainsFunc(grants, func(g grant) bool { return g.workspaceID == a.Workspace.ID && g.system&administratorRole != 0 })
	if administrator {
		return s.rights().Numbers(), nil
	}
	list, err := rightsOf(ctx, q, userID, a.Workspace.ID)
	if list == nil {
		list = []int{}
	}
	return list, err
}

// insuranceResources are the lists and records of the insurance side's core.
func (s *Service) insuranceResources() []*api.Resource {
	users := &api.Resource{
		Name: "account.core_user", Entity: s.User, Can: api.List, View: api.Right(121701), Graph: api.Graph{List: "users", Export: true}, Params: slices.Clone(userParams), Narrow: s.narrowUsers,
	}
	s.userLists = append(s.userLists, users)
	sheet := api.Graph{List: "-", Get: "-", Create: "-", Update: "-", Delete: "-"}
	known := &api.Resource{
		Name: "account.scheme_user", Entity: s.User, Path: usersPath, Title: "Users of a scheme", Wire: api.Native, Can: api.List, ListShape: "scheme", View: api.Right(121701), Edit: api.Right(121701),
		Params: slices.Clone(userParams), Narrow: s.narrowUsers, Graph: sheet, Order: []string{"username"},
	}
	s.userLists = append(s.userLists, known)
	return []*api.Resource{
		users,
		known,
		{
			Name: "account.scheme_role", Entity: s.Role, Path: rolesPath, Title: "Roles of a scheme", Wire: api.Native, Can: api.Read | api.History, ListShape: "sheet", Shape: "sheet_record",
			View: api.Right(122001, 121701), Edit: api.Right(122003), Graph: sheet, Narrow: narrowRoles, Params: []api.Param{
				api.Arg("is_system", entity.Bool, "Roles that are shipped, or those that are not."), api.Arg("shipped", entity.Bool, "Roles that came with the program, or those that did not."),
			},
		},
		{
			Name: "account.self", Entity: s.User, Can: api.Get, View: api.SignedIn, Graph: api.Graph{
				Get: "user", Pick: func(q *api.Request, _ db.Queryer) (int64, error) { return q.Actor.UserID, nil },
			},
		},
		{
			Name: "account.interactive_user", Entity: s.Person, Can: api.List, View: api.Right(121701), Graph: api.Graph{List: "interactiveUsers"},
			Only: s.here,
		},
		{
			Name: "account.role_named", Entity: s.Role, Can: api.List, View: api.Right(122001, 121701), Graph: api.Graph{List: "role"},
			Params: []api.Param{
				api.Arg("str", entity.Text, "Part of the name."), api.Arg("is_system", entity.Bool, "Roles that are shipped, or those that are not."),
			},
			Narrow: narrowRoles,
		},
		{
			Name: "account.right_of_role", Entity: s.RoleRight, Can: api.List, View: api.Right(122001), Graph: api.Graph{List: "roleRight", Max: -1},
		},
		{Name: "account.spoken", Entity: s.insurance[2], Can: api.List, View: api.SignedIn, Graph: api.Graph{List: "languages", Plain: true}},
		{Name: "account.journal", Entity: s.MutationLog, Can: api.List, View: api.SignedIn, Graph: api.Graph{List: "mutationLogs"}},
	}
}

// userParams are the hand-made arguments of users that this module knows; those about places and facilities come from the modules that know these.
var userParams = []api.Param{
	api.Arg("last_name", entity.Text, ""), api.Arg("other_names", entity.Text, ""), api.Arg("phone", entity.Text, ""), api.Arg("email", entity.Text, ""),
	api.Arg("str", entity.Text, "Part of a name or of the login name."), api.Arg("role_id", entity.Integer, ""), api.Arg("roles", entity.Integer, "").List(),
	api.Arg("language", entity.Text, ""), api.Arg("show_deleted", entity.Bool, "People who may not come in any more, too."), api.Arg("show_history", entity.Bool, "The same."),
	api.Arg("username__icontains", entity.Text, ""),
	api.Chosen("user_types", userTypes, "UserTypes", "People of one of these kinds.").List(),
}

var userTypes = []entity.ChoiceValue{{Value: interactive}, {Value: "OFFICER"}, {Value: "TECHNICAL"}, {Value: "CLAIM_ADMIN"}}

func (s *Service) narrowUsers(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
	var further []func(a *almoner.Actor, arg func(any) string) string
	for _, narrow := range s.userFilters {
		one, err := narrow(q)
		if err != nil {
			return nil, err
		}
		if one != nil {
			further = append(further, one)
		}
	}
	return func(a *almoner.Actor, arg func(any) string) string {
		where := []string{s.here(a, arg)}
		for _, one := range further {
			where = append(where, "("+one(a, arg)+")")
		}
		like := func(column, text string) {
			if text != "" {
				where = append(where, "lower("+column+") like "+arg("%"+escapeLike(strings.ToLower(text))+"%")+` escape '\'`)
			}
		}
		like("{t}.last_name", q.Text("last_name"))
		like("{t}.first_name || ' ' || {t}.middle_name", q.Text("other_names"))
		like("{t}.phone_number", q.Text("phone"))
		like("{t}.email", q.Text("email"))
		like("coalesce({t}.username, {t}.email)", q.Text("username__icontains"))
		if text := q.Text("str"); text != "" {
			like("{t}.name_folded || ' ' || coalesce({t}.username, {t}.email)", db.Fold(text))
		}
		if language := q.Text("language"); language != "" {
			where = append(where, "{t}.language = "+arg(language))
		}
		roles, _ := q.Param("roles").([]any)
		if one := q.Param("role_id"); one != nil {
			roles = append(roles, one)
		}
		if len(roles) > 0 {
			marks := make([]string, len(roles))
			for i, id := range roles {
				marks[i] = arg(id)
			}
			where = append(where, "exists (select 1 from account_grants rg where rg.user_id = {t}.id and rg.is_active = "+arg(true)+" and rg.role_id in ("+strings.Join(marks, ", ")+"))")
		}
		if types, ok := q.Param("user_types").([]any); ok {
			where = append(where, s.ofTypes(types, func() string { return arg(a.Workspace.ID) }))
		}
		if !q.Flag("show_deleted") && !q.Flag("show_history") {
			where = append(where, "{t}.is_active = "+arg(true))
		}
		return strings.Join(where, " and ")
	}, nil
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

func narrowRoles(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
	return func(_ *almoner.Actor, arg func(any) string) string {
		where := []string{"1 = 1"}
		if text := q.Text("str"); text != "" {
			where = append(where, "lower({t}.name) like "+arg("%"+escapeLike(strings.ToLower(text))+"%")+` escape '\'`)
		}
		if system, given := q.Param("is_system").(bool); given {
			where = append(where, "({t}.is_system <> 0) = "+arg(system))
		}
		if shipped, given := q.Param("shipped").(bool); given {
			where = append(where, shippedSQL+" = "+arg(shipped))
		}
		return strings.Join(where, " and ")
	}, nil
}
