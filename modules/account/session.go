package account

import (
	"context"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
)

// DemoPerson is a user whom a demo instance offers to sign in as.
type DemoPerson struct {
	Email string `json:"email"`
	Name  string `json:"name"`
	What  string `json:"what"`
}

// SessionUser is the person in a Session.
type SessionUser struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	Email       string `json:"email"`
	IsStaff     bool   `json:"is_staff"`
	IsSuperuser bool   `json:"is_superuser"`
	Language    string `json:"language"`
}

// Named is something with an id, a name and, for workspaces, a code.
type Named struct {
	ID   int64  `json:"id"`
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
}

// Session is what the web app needs before it can show anything.
type Session struct {
	User          *SessionUser `json:"user"`
	Workspace     *Named       `json:"workspace"`
	Workspaces    []Named      `json:"workspaces"`
	Organization  *Named       `json:"organization"`
	Organizations []Named      `json:"organizations"`
	Roles         []string     `json:"roles"`
	// Menu are the places of the web app that are open to this person.
	Menu        []string     `json:"menu"`
	Demo        []DemoPerson `json:"demo"`
	Environment string       `json:"environment"`
	Version     string       `json:"version"`
	Agency      string       `json:"agency"`
	// Notice is what everybody here is told, "" for nothing.
	Notice    string   `json:"notice"`
	Languages []string `json:"languages"`
	// ChoiceNames are what administrators call values of choices, by module.entity.field, value and language.
	ChoiceNames map[string]map[string]map[string]string `json:"choice_names"`
}

var credentials = []*entity.Field{
	{Name: "email", Kind: entity.Text, Label: "E-mail", Required: true, Max: 254},
	{Name: "password", Kind: entity.Text, Label: "Password", Required: true, Max: 1000},
}

func (s *Service) calls() []api.Call {
	text, integer, boolean := api.TypeOf("string"), api.TypeOf("integer"), api.TypeOf("boolean")
	named := api.Object(map[string]*api.Schema{"id": integer, "code": text, "name": text})
	session := api.Object(map[string]*api.Schema{
		"user": api.OrNull(api.Object(map[string]*api.Schema{
			"id": integer, "name": text, "first_name": text, "last_name": text, "email": text, "is_staff": boolean, "is_superuser": boolean, "language": text,
		})),
		"workspace": api.OrNull(named), "workspaces": api.ArrayOf(named), "organization": api.OrNull(named), "organizations": api.ArrayOf(named), "roles": api.ArrayOf(text), "menu": api.ArrayOf(text),
		"demo":        api.OrNull(api.ArrayOf(api.Object(map[string]*api.Schema{"email": text, "name": text, "what": text}))),
		"environment": text, "version": text, "agency": text, "notice": text, "languages": api.ArrayOf(text),
		"choice_names": api.TypeOf("object"),
	})
	list := []api.Call{
		{
			Name: "account.token.create", Method: "POST", Path: "/api/auth/token/", Summary: "Exchange e-mail and password for a bearer token.",
			Wire: api.Native, Rule: api.Public, Input: credentials, Do: s.token,
			Output: api.Object(map[string]*api.Schema{"access": text, "token_type": text, "expires_in": integer}),
		},
		{
			Name: "account.session.create", Method: "POST", Path: "/api/auth/login/", Summary: "Sign in with e-mail and password; sets the session cookie.",
			Wire: api.Native, Rule: api.Public, Input: credentials, Do: s.login, Output: session,
		},
		{
			Name: "account.session.end", Method: "POST", Path: "/api/auth/logout/", Summary: "Sign out of this session.",
			Wire: api.Native, Rule: api.Public, Do: s.logout,
		},
		{
			Name: "account.session.get", Method: "GET", Path: "/api/auth/session/", Summary: "Who am I, and what is open to me?",
			Wire: api.Native, Rule: api.Public, Do: s.session, Output: session,
		},
	}
	return append(list, s.profileCalls()...)
}

func (s *Service) checkPassword(q *api.Request) (int64, error) {
	email, _ := q.In["email"].(string)
	password, _ := q.In["password"].(string)
	return s.auth.Login(q.Context(), email, password, auth.ClientIP(q.Request, s.settings.TrustedProxies))
}

func (s *Service) token(q *api.Request) (any, error) {
	userID, err := s.checkPassword(q)
	if err != nil {
		return nil, err
	}
	t, err := s.auth.IssueToken(q.Context(), userID, 0)
	if err != nil {
		return nil, err
	}
	return map[string]any{"access": t.Token, "token_type": "Bearer", "expires_in": int64(t.ExpiresAt.Sub(t.IssuedAt).Seconds())}, nil
}

func (s *Service) login(q *api.Request) (any, error) {
	userID, err := s.checkPassword(q)
	if err != nil {
		return nil, err
	}
	before, err := s.auth.Authenticate(q.Request, auth.Options{PassOverBad: true})
	if err != nil {
		return nil, err
	}
	var started auth.NewSession
	err = s.db.InTx(q.Context(), func(tx *db.Tx) error {
		if before.SessionID != 0 {
			if err := s.auth.EndSession(q.Context(), tx, before.UserID, before.SessionID); err != nil {
				return err
			}
		}
		started, err = s.auth.StartSession(q.Context(), tx, userID, q.UserAgent())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.auth.SetCookies(q.ResponseWriter(), q.Request, started)
	return s.describe(q, userID)
}

// signedIn runs in the transaction that notes a sign-in with a password.
func (s *Service) signedIn(ctx context.Context, tx *db.Tx, userID int64) error {
	if err := setLastLogin(ctx, tx, userID); err != nil {
		return err
	}
	_, err := event.Emit(ctx, tx, event.Fact{Name: "account.user_signed_in", Entity: "account.user", Subject: userID})
	return err
}

func (s *Service) logout(q *api.Request) (any, error) {
	id, err := s.auth.Authenticate(q.Request, auth.Options{PassOverBad: true})
	if err != nil {
		return nil, err
	}
	if id.SessionID != 0 {
		err := s.db.InTx(q.Context(), func(tx *db.Tx) error {
			return s.auth.EndSession(q.Context(), tx, id.UserID, id.SessionID)
		})
		if err != nil {
			return nil, err
		}
	}
	s.auth.ClearCookies(q.ResponseWriter(), q.Request)
	return nil, nil
}

func (s *Service) session(q *api.Request) (any, error) {
	id, err := s.auth.Authenticate(q.Request, auth.Options{PassOverBad: true})
	if err != nil {
		return nil, err
	}
	if id.Via == auth.ViaCookie {
		s.auth.RestoreCSRF(q.ResponseWriter(), q.Request)
	}
	return s.describe(q, id.UserID)
}

// describe makes the Session of a user, of nobody for 0. A workspace that the person has no access to counts as not asked for:
// the app learns from the answer where it may go.
func (s *Service) describe(q *api.Request, userID int64) (*Session, error) {
	ctx := q.Context()
	out := &Session{
		Workspaces: []Named{}, Organizations: []Named{}, Roles: []string{}, Menu: []string{},
		Environment: s.settings.Environment.Now(), Version: s.settings.Version, Agency: s.settings.Agency.Now(), Notice: s.settings.Notice.Now(), Languages: []string{},
		ChoiceNames: map[string]map[string]map[string]string{},
	}
	for _, l := range languages {
		out.Languages = append(out.Languages, l.Value)
	}
	u, ok, err := userByID(ctx, s.db, userID)
	if err != nil {
		return nil, err
	}
	if !ok || !u.active {
		if s.settings.Demo {
			if out.Demo, err = demoPeople(ctx, s.db); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	asked := wishOf(q.Request)
	a, err := s.actor(ctx, s.db, u, asked)
	if almoner.KindOf(err) == almoner.Forbidden {
		a, err = s.actor(ctx, s.db, u, wish{})
	}
	if err != nil {
		return nil, err
	}
	if names := q.Overlay().ChoiceNames(); names != nil {
		out.ChoiceNames = names
	}
	out.User = &SessionUser{u.id, u.name(), u.first, u.last, u.email, u.staff, u.superuser, u.language}
	grants, err := grantsOf(ctx, s.db, u.id)
	if err != nil {
		return nil, err
	}
	available, err := availableWorkspaces(ctx, s.db, u, grants)
	if err != nil {
		return nil, err
	}
	for _, w := range available {
		out.Workspaces = append(out.Workspaces, Named{w.ID, w.Code, w.Name})
	}
	if a.Workspace.ID != 0 {
		out.Workspace = &Named{a.Workspace.ID, a.Workspace.Code, a.Workspace.Name}
		out.Notice = s.settings.Notice.In(a.Workspace.ID)
	}
	seen := map[int64]bool{}
	for _, g := range grants {
		if g.workspaceID != a.Workspace.ID || g.organizationID == 0 || seen[g.organizationID] {
			continue
		}
		seen[g.organizationID] = true
		n := Named{ID: g.organizationID, Name: g.organizationName}
		out.Organizations = append(out.Organizations, n)
		if g.organizationID == a.OrganizationID {
			out.Organization = &n
		}
	}
	out.Roles = append(out.Roles, a.Roles...)
	out.Menu, err = s.menu(ctx, a)
	return out, err
}

// localPath reports whether a `next` leads to a place of this program and nowhere else.
func localPath(next string) bool {
	return strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.ContainsAny(next, "\\\r\n\t")
}
