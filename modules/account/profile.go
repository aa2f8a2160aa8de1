package account

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/organisation"
)

// seedRoles are the roles that every installation has.
var seedRoles = []string{organisation.AgencyRole, organisation.PlannerRole, organisation.MonitorRole, organisation.ReadOnlyRole, ReviewerRole}

func (s *Service) profileCalls() []api.Call {
	list := []api.Call{
		{
			Name: "account.profile.get", Method: "GET", Path: "/api/v3/users/profile/", Summary: "My profile.",
			Wire: api.Lenient, Rule: api.SignedIn, Do: s.profile, Output: api.Object(nil),
		},
		{
			Name: "account.profile.update", Method: "PATCH", Path: "/api/v3/users/profile/", Summary: "Change my language, job title or telephone number.",
			Wire: api.Lenient, Rule: api.SignedIn, Do: s.updateProfile, Output: api.Object(nil),
			Input: []*entity.Field{
				{Name: "preferences", Kind: entity.JSON, Label: "Preferences"},
				{Name: "job_title", Kind: entity.Text, Max: 255, Blank: true, Null: true, Label: "Job title"},
				{Name: "phone_number", Kind: entity.Text, Max: 255, Blank: true, Null: true, Label: "Phone number"},
			},
		},
		{
			Name: "account.organization.change", Method: "POST", Path: "/api/v3/users/changeorganization/", Summary: "Act for another of my organisations in this workspace.",
			Wire: api.Lenient, Rule: api.SignedIn, Do: s.changeOrganization,
			Input: []*entity.Field{{Name: "organization", Kind: entity.Ref, Label: "Organization", Required: true}},
		},
	}
	// One operation under the names that clients know (tpm §10).
	for i, path := range []string{"/api/v3/users/changecountry/", "/api/v2/users/changecountry/", "/users/api/changecountry/"} {
		suffix := ""
		if i > 0 {
			suffix = strconv.Itoa(i + 1)
		}
		list = append(list, api.Call{
			Name: "account.workspace.change" + suffix, Method: "POST", Path: path, Summary: "Work in another of my workspaces.",
			Wire: api.Lenient, Rule: api.SignedIn, Do: s.changeCountry,
			Input: []*entity.Field{{Name: "country", Kind: entity.Ref, Label: "Country"}},
		}, api.Call{
			Name: "account.workspace.follow" + suffix, Method: "GET", Path: path, Summary: "Work in another of my workspaces and go on to a page.",
			Wire: api.Lenient, Rule: api.SignedIn, Do: s.followCountry, Status: 302,
			Query: []api.Param{{Name: "country", Doc: "Id of the workspace.", Schema: api.TypeOf("string")}, {Name: "next", Doc: "Local path to go on to.", Schema: api.TypeOf("string")}},
		})
	}
	return list
}

func (s *Service) profile(q *api.Request) (any, error) {
	u, _, err := userByID(q.Context(), s.db, q.Actor.UserID)
	if err != nil {
		return nil, err
	}
	return s.profileOf(q.Context(), u, q.Actor)
}

// profileOf has the shape of tpm §5.11.
func (s *Service) profileOf(ctx context.Context, u user, a *almoner.Actor) (map[string]any, error) {
	grants, err := grantsOf(ctx, s.db, u.id)
	if err != nil {
		return nil, err
	}
	all, err := workspaces(ctx, s.db)
	if err != nil {
		return nil, err
	}
	available, err := availableWorkspaces(ctx, s.db, u, grants)
	if err != nil {
		return nil, err
	}
	var country any
	countries := []map[string]any{}
	for _, w := range all {
		if w.ID == a.Workspace.ID {
			country = map[string]any{
				"id": w.ID, "name": w.Name, "latitude": w.latitude, "longitude": w.longitude, "initial_zoom": w.zoom, "local_currency": w.currency,
				"country_short_code": w.Code, "custom_dashboards": []any{},
			}
		}
		if slices.Contains(available, w.Workspace) {
			countries = append(countries, map[string]any{"id": w.ID, "name": w.Name, "business_area_code": w.businessArea})
		}
	}
	var organization any
	organizations := []map[string]any{}
	groups := []map[string]any{}
	seen := map[int64]bool{}
	for _, g := range grants {
		if g.workspaceID != a.Workspace.ID || g.organizationID == 0 {
			continue
		}
		if !seen[g.organizationID] {
			seen[g.organizationID] = true
			organizations = append(organizations, map[string]any{"id": g.organizationID, "name": g.organizationName})
		}
		if g.organizationID != a.OrganizationID {
			continue
		}
		kinds, err := s.organisations.Relationships(ctx, s.db, g.organizationID, a.Workspace.ID)
		if err != nil {
			return nil, err
		}
		organization = map[string]any{
			"id": g.organizationID, "name": g.organizationName, "vendor_number": g.organizationVendor,
			"relationship_types": kinds, "is_government": g.orgType == "Government",
		}
		groups = append(groups, map[string]any{"id": g.roleID, "name": g.role, "permissions": []any{}})
	}
	var lastLogin any
	if u.lastLogin != nil {
		lastLogin = u.lastLogin.UTC().Format(time.RFC3339)
	}
	return map[string]any{
		"id": u.id, "user": u.id, "name": u.name(), "first_name": u.first, "middle_name": u.middle, "last_name": u.last, "email": u.email, "username": u.email,
		"is_active": u.active, "is_staff": u.staff, "is_superuser": u.superuser, "is_unicef_user": a.Has(organisation.AgencyRole), "last_login": lastLogin,
		"job_title": u.jobTitle, "phone_number": u.phone, "office": nil, "country": country, "countries_available": countries,
		"organization": organization, "organizations_available": organizations, "groups": groups, "supervisor": nil, "supervisees": []any{}, "oic": nil,
		"preferences": map[string]string{"language": u.language},
	}, nil
}

func (s *Service) updateProfile(q *api.Request) (any, error) {
	ctx := q.Context()
	c := s.User.NewChange(q.Actor.UserID, nil)
	for _, name := range []string{"job_title", "phone_number"} {
		if v, sent := q.In[name]; sent {
			text, _ := v.(string)
			c.Set(name, text)
		}
	}
	if raw, sent := q.In["preferences"].(json.RawMessage); sent {
		language, err := preferredLanguage(raw)
		if err != nil {
			return nil, err
		}
		if language != "" {
			c.Set("language", language)
		}
	}
	if err := s.db.InTx(ctx, func(tx *db.Tx) error { return s.User.Save(ctx, tx, c) }); err != nil {
		return nil, err
	}
	return s.profile(q)
}

// preferredLanguage reads `{"language": code}`; the codes of old clients (`en-us`) count by their language.
func preferredLanguage(raw json.RawMessage) (string, error) {
	var preferences map[string]any
	if json.Unmarshal(raw, &preferences) != nil {
		return "", almoner.Invalidf("preferences", "not_an_object", "Invalid data. Expected a dictionary.")
	}
	value, sent := preferences["language"]
	if !sent {
		return "", nil
	}
	code, _ := value.(string)
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	for _, l := range languages {
		if l.Value == code {
			return code, nil
		}
	}
	return "", almoner.Invalidf("preferences.language", "account.unknown_language", "This language is not available.")
}

// pickCountry reads the parameter from body or query and finds the workspace among the person's own: 400 for one that does not exist, 403 for one that is not theirs.
func (s *Service) pickCountry(q *api.Request) (almoner.Workspace, error) {
	id, sent := q.In["country"].(int64)
	if text := q.URL.Query().Get("country"); !sent && text != "" {
		id, _ = strconv.ParseInt(text, 10, 64)
	}
	unknown := almoner.Invalidf("country", "account.unknown_workspace", "There is no such workspace.")
	if id <= 0 {
		return almoner.Workspace{}, unknown
	}
	ctx := q.Context()
	all, err := workspaces(ctx, s.db)
	if err != nil {
		return almoner.Workspace{}, err
	}
	i := slices.IndexFunc(all, func(w workspace) bool { return w.ID == id })
	if i < 0 {
		return almoner.Workspace{}, unknown
	}
	u, _, err := userByID(ctx, s.db, q.Actor.UserID)
	if err != nil {
		return almoner.Workspace{}, err
	}
	grants, err := grantsOf(ctx, s.db, u.id)
	if err != nil {
		return almoner.Workspace{}, err
	}
	available, err := availableWorkspaces(ctx, s.db, u, grants)
	if err != nil {
		return almoner.Workspace{}, err
	}
	if !slices.Contains(available, all[i].Workspace) {
		return almoner.Workspace{}, api.Forbidden()
	}
	return all[i].Workspace, s.enter(ctx, u, grants, all[i].Workspace)
}

// enter stores the choice; the selected organisation is kept only when the person has a grant for it there (tpm §10).
func (s *Service) enter(ctx context.Context, u user, grants []grant, w almoner.Workspace) error {
	if u.workspaceID == w.ID {
		return nil
	}
	organization := int64(0)
	for _, g := range grants {
		if g.workspaceID == w.ID && g.organizationID == u.organizationID {
			organization = u.organizationID
		}
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error { return setWorkspace(ctx, tx, u.id, w.ID, organization) })
}

func (s *Service) changeCountry(q *api.Request) (any, error) {
	_, err := s.pickCountry(q)
	return nil, err
}

func (s *Service) followCountry(q *api.Request) (any, error) {
	if _, err := s.pickCountry(q); err != nil {
		if almoner.KindOf(err) == almoner.Invalid {
			return nil, api.Forbidden()
		}
		return nil, err
	}
	next := q.URL.Query().Get("next")
	if !localPath(next) {
		next = "/"
	}
	return api.Redirect{To: next}, nil
}

func (s *Service) changeOrganization(q *api.Request) (any, error) {
	ctx := q.Context()
	id, _ := q.In["organization"].(int64)
	exists, err := s.organisations.Exists(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, almoner.Invalidf("organization", "does_not_exist", "Invalid pk \"%d\" - object does not exist.", id)
	}
	grants, err := grantsOf(ctx, s.db, q.Actor.UserID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(grants, func(g grant) bool { return g.workspaceID == q.Actor.Workspace.ID && g.organizationID == id }) {
		return nil, api.Forbidden()
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error { return setWorkspace(ctx, tx, q.Actor.UserID, q.Actor.Workspace.ID, id) })
	if err != nil {
		return nil, fmt.Errorf("change organisation: %w", err)
	}
	return nil, nil
}
