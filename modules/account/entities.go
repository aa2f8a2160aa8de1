package account

import (
	"context"
	"encoding/json"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
	"almoner.dev/almoner/modules/organisation"
)

// Service is the Go API of the module.
type Service struct {
	// User, Role, Workspace and Grant are the record types, for modules that refer to them.
	User, Role, Workspace, Grant *entity.Entity
	// RoleRight are the rights that roles hold by number.
	RoleRight *entity.Entity
	// Member are the people of an organisation by role.
	Member *entity.Entity
	// Person is a user as somebody who signs in: what clients of the insurance side call an interactive user.
	Person *entity.Entity
	// Staged are the people who wait for somebody to let them in.
	Staged *entity.Entity
	// GrantRules say who may give which roles. Modules that need this one add theirs during Build.
	GrantRules []GrantRule

	// MutationLog is what was asked for on the GraphQL wire; see module.Parts.
	MutationLog *entity.Entity

	// insurance are the further record types that clients of the insurance side know.
	insurance, linked []*entity.Entity
	mutationLists     []string
	// Kinds are what users may be beside those who sign in. UserChanges take what is said of a user beside what this module knows, of somebody new and of somebody who is
	// changed: villages, facilities, kinds; UserEnds end it when all access to the workspace is taken away. UserScope limits which users of a workspace people see who are
	// no administrators: SQL over {t}, "" for no limit. Modules that need this one set them during Build; see also NarrowUsers.
	Kinds       []Kind
	UserChanges []func(q *api.Request, tx *db.Tx, userID int64) error
	UserEnds    []func(ctx context.Context, tx *db.Tx, userID int64) error
	UserScope   func(a *almoner.Actor, arg func(any) string) string
	// Facility finds the health facility of a person, 0 for none; the module that knows facilities sets it during Build.
	Facility func(ctx context.Context, q db.Queryer, userID int64) (int64, error)

	userLists   []*api.Resource
	userFilters []func(q *api.Request) (func(a *almoner.Actor, arg func(any) string) string, error)
	rights      func() access.Rights
	// protectLogin asks a sign-in for the token of its page.
	protectLogin *setting.Live[bool]
	clients      *setting.Live[json.RawMessage]

	people, stagedPeople *api.Resource
	review               *lifecycle.Machine

	db            *db.DB
	auth          *auth.Auth
	settings      module.Settings
	menu          func(context.Context, *almoner.Actor) ([]string, error)
	organisations *organisation.Service
}

func (s *Service) entities() []*entity.Entity {
	return append([]*entity.Entity{s.Workspace, s.Role, s.User, s.Grant, s.Member, s.Staged}, s.insurance...)
}

// nameSQL is the full name: first, middle and last, trimmed (tpm §2.1).
const nameSQL = "trim({t}.first_name || ' ' || case when {t}.middle_name = '' then '' else {t}.middle_name || ' ' end || {t}.last_name)"

func (s *Service) declare() {
	s.declareMember()
	s.declareStaged()
	s.Workspace = &entity.Entity{
		Name: "account.workspace", Label: "Workspace", Table: "account_workspaces", Global: true, Key: []string{"code"},
		Fields: []*entity.Field{
			{Name: "code", Kind: entity.Text, Max: 10, Required: true, Unique: true},
			{Name: "name", Kind: entity.Text, Max: 100, Required: true, Folded: "name_folded"},
			{Name: "long_name", Kind: entity.Text, Max: 255, Blank: true, Default: ""},
			{Name: "iso3_code", Kind: entity.Text, Max: 10, Blank: true, Default: ""},
			{Name: "business_area_code", Kind: entity.Text, Max: 10, Blank: true, Default: ""},
			{Name: "latitude", Kind: entity.Number, Null: true},
			{Name: "longitude", Kind: entity.Number, Null: true},
			{Name: "initial_zoom", Kind: entity.Integer, Default: int64(8)},
			{Name: "local_currency", Kind: entity.Text, Max: 10, Blank: true, Default: ""},
		},
		Shapes: map[string]string{
			"min":     "id code name",
			"country": "id name country_short_code=code long_name business_area_code iso3_code latitude longitude initial_zoom local_currency",
		},
		Search: []string{"name"}, Order: []string{"name"},
	}
	s.declareRole()
	s.User = &entity.Entity{
		Name: "account.user", Label: "User", Table: "account_users", Global: true, Key: []string{"email"},
		Fields: []*entity.Field{
			{Name: "email", Kind: entity.Email, Max: 254, Required: true, Unique: true, Label: "E-mail"},
			{Name: "first_name", Kind: entity.Text, Max: 150, Blank: true, Default: ""},
			{Name: "middle_name", Kind: entity.Text, Max: 50, Blank: true, Default: ""},
			{Name: "last_name", Kind: entity.Text, Max: 150, Blank: true, Default: ""},
			{Name: "name_folded", Kind: entity.Text, Blank: true, ReadOnly: true, Default: ""},
			{Name: "name", Kind: entity.Text, Expr: nameSQL},
			{Name: "phone", Kind: entity.Text, Expr: "''"},
			{Name: "is_active", Kind: entity.Bool, Default: true, Label: "Active"},
			{Name: "is_staff", Kind: entity.Bool, Default: false, Label: "Agency staff"},
			{Name: "is_superuser", Kind: entity.Bool, Default: false, Label: "Administrator"},
			{Name: "job_title", Kind: entity.Text, Max: 255, Blank: true, Default: ""},
			{Name: "phone_number", Kind: entity.Text, Max: 255, Blank: true, Default: ""},
			{Name: "language", Kind: entity.Choice, Choices: languages, Default: "en"},
			{Name: "receive_tpm_notifications", Kind: entity.Bool, Default: false},
			{Name: "demo_note", Kind: entity.Text, Max: 200, Blank: true, Default: "", Label: "Shown on the sign-in page of a demo"},
			{Name: "current_workspace", Kind: entity.Ref, To: "account.workspace", Null: true},
			{Name: "current_organization", Kind: entity.Ref, To: "organisation.organisation", Null: true},
			{Name: "uuid", Kind: entity.UUID, Unique: true, ReadOnly: true},
			{Name: "username", Kind: entity.Text, Max: 50, Null: true, Unique: true, Label: "Login name"},
			{Name: "i_user", Kind: entity.Ref, Label: "As somebody who signs in", To: "account.person", Expr: "case when " + signsInSQL + " then {t}.id end"},
			{Name: "other_names", Kind: entity.Text, Expr: "trim({t}.first_name || ' ' || {t}.middle_name)"},
			{Name: "login", Kind: entity.Text, Label: "Login name", Expr: "coalesce({t}.username, {t}.email)"},
			{Name: "validity_from", Kind: entity.Time, Expr: "{t}.updated_at"},
			{Name: "validity_to", Kind: entity.Time, Expr: gone},
			{Name: "last_login_at", Kind: entity.Time, Null: true, ReadOnly: true},
			{Name: "grants", Kind: entity.Children, To: "account.grant", ForeignKey: "user_id"},
			{Name: "realms", Kind: entity.Children, To: "account.grant", ForeignKey: "user_id", Only: s.grantsShown},
		},
		Shapes: map[string]string{
			"min":     "id name first_name middle_name last_name is_active",
			"contact": "id name first_name middle_name last_name username=email email phone",
			"staff": "pk=id id first_name last_name full_name=name email is_active profile{job_title phone_number} receive_tpm_notifications " +
				"user{pk=id first_name last_name full_name=name email is_active profile{job_title phone_number}}",
			"admin": "id email name first_name middle_name last_name is_active is_staff is_superuser job_title phone_number language last_login_at " +
				"current_workspace:min current_organization grants{id workspace:min organization role is_active}",
			"scheme":        "id uuid username=login last_name other_names email phone=phone_number language is_active last_login_at i_user{roles{id name}}",
			"scheme_record": "id uuid username=login last_name other_names email phone=phone_number language is_active last_login_at i_user{roles{id name}}",
			"access": "id email name first_name middle_name last_name is_active is_staff job_title phone_number last_login=last_login_at " +
				"realms{id country=workspace country_name=workspace.name organization organization_name=organization.name group=role group_name=role.name is_active}",
		},
		Filters: []entity.Filter{{Path: "id"}, {Path: "id", Name: "values", Lookups: "in"}, {Path: "is_active"}, {Path: "grants.workspace"}, {Path: "grants.role"}},
		Sorts: []entity.Sort{
			{Name: "first_name", By: []string{"first_name"}},
			{Name: "last_name", By: []string{"last_name"}},
			{Name: "email", By: []string{"email"}},
			{Name: "last_login", By: []string{"last_login_at"}},
			{Name: "username", By: []string{"login"}},
		},
		Search: []string{"name_folded", "email"},
		Order:  []string{"first_name", "last_name"},
		Check:  s.checkUser,
		Open:   "uuid login i_user last_name other_names email phone_number validity_from validity_to",
		After:  s.afterUser,
	}
	s.Grant = &entity.Entity{
		Name: "account.grant", Label: "Grant", Table: "account_grants", Global: true, ParentField: "user",
		Key: []string{"user", "workspace", "organization", "role"},
		Fields: []*entity.Field{
			{Name: "user", Kind: entity.Ref, To: "account.user", Required: true},
			{Name: "workspace", Kind: entity.Ref, To: "account.workspace", Required: true},
			{Name: "organization", Kind: entity.Ref, To: "organisation.organisation", Required: true, Null: true},
			{Name: "role", Kind: entity.Ref, To: "account.role", Required: true},
			{Name: "is_active", Kind: entity.Bool, Default: true, Label: "Active"},
		},
		Filters: []entity.Filter{{Path: "user"}, {Path: "workspace"}, {Path: "organization"}, {Path: "role"}},
		After:   s.afterGrant,
	}
	s.declareInsurance()
}

// languages are those that the program speaks.
var languages = []entity.ChoiceValue{{Value: "en", Label: "English"}, {Value: "fr", Label: "Français"}, {Value: "es", Label: "Español"}, {Value: "ar", Label: "العربية"}}

// checkUser keeps e-mail addresses in lower case and the folded name current (tpm §2.1).
func (s *Service) checkUser(_ context.Context, _ *db.Tx, c *entity.Change, _ *almoner.Problems) error {
	if c.Sent("email") {
		c.Set("email", strings.ToLower(c.Text("email")))
	}
	c.Set("name_folded", db.Fold(c.Text("first_name")+" "+c.Text("middle_name")+" "+c.Text("last_name")))
	return nil
}

func (s *Service) resources() []*api.Resource {
	s.people, s.stagedPeople = s.peopleResource(), s.stagedResource()
	admin := func(e *entity.Entity, path, list, detail string) *api.Resource {
		return &api.Resource{
			Entity: e, Path: path, Title: e.Label, Wire: api.Native, Can: api.Read | api.Write,
			ListShape: list, Shape: detail, View: api.Administrator, Edit: api.Administrator,
		}
	}
	return []*api.Resource{
		admin(s.User, "/api/account/users/", "admin", "admin"),
		admin(s.Role, "/api/account/roles/", "named", "named"),
		admin(s.Workspace, "/api/account/workspaces/", "", ""),
		admin(s.Grant, "/api/account/grants/", "", ""),
		s.people,
		s.stagedPeople,
		{
			Name: "account.colleague", Entity: s.User, Path: "/api/v3/users/", Title: "Users", Wire: api.Lenient, Can: api.List,
			Paging: api.OnDemand, PageSize: 30, ListShape: "contact", View: api.SignedIn, Edit: api.SignedIn, Only: colleagues,
		},
		{
			Name: "account.country", Entity: s.Workspace, Path: "/api/v2/workspaces/", Title: "Workspaces", Wire: api.Lenient, Can: api.List,
			Paging: api.Bare, ListShape: "country", View: api.SignedIn, Edit: api.SignedIn,
		},
	}
}

// colleagues are whom somebody may choose from (tpm §5.11): the agency's staff now working in this workspace, for its own staff; nobody for others.
func colleagues(a *almoner.Actor, arg func(any) string) string {
	if !a.Staff || !a.Has(organisation.AgencyRole) {
		return "1 = 0"
	}
	return "{t}.is_staff = " + arg(true) + " and {t}.current_workspace_id = " + arg(a.Workspace.ID)
}
