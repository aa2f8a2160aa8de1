package account

import (
	"context"
	"fmt"
	"strconv"

	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// tables are the files of openIMIS that this module takes in. Roles and people belong to the whole installation: a role with a name that there is, and somebody with a
// login name that there is, are the same; what they may do in the workspace of the import is their own matter.
func (s *Service) tables() []module.Table {
	const auditor = "who wrote a row is in the event log of the other system"
	// Two roles come with the other system only.
	shipped := map[string]string{"524288": "HF Administrator", "1048576": "Offline Administrator"}
	for _, r := range shippedRoles {
		shipped[strconv.FormatInt(r.number, 10)] = r.name
	}
	return []module.Table{
		{Set: "openimis", File: "languages.csv", Left: "a language is there with its texts, which come with the program; people keep theirs, if it is one of those"},
		{Set: "openimis", File: "roles.csv", Entity: s.Role, Past: true, Columns: []module.Column{{Name: "audit_user_id", Left: auditor}}},
		{
			Set: "openimis", File: "role_rights.csv", Entity: s.RoleRight, ID: []string{"role_id", "right_id"}, Match: []string{"role", "right_id"},
			Columns: []module.Column{{Name: "role_id", Field: "role", File: "roles.csv"}},
		},
		{
			Set: "openimis", File: "role_rights_from_modules.csv", Entity: s.RoleRight, ID: []string{"role_is_system", "right_id", "module"}, Match: []string{"role", "right_id"},
			Columns: []module.Column{
				{Name: "role_is_system", Field: "role", Values: shipped},
				{Name: "action", Left: "rights that modules of the other system take away are given by none of its files"},
				{Name: "module", Left: "a right is known by its number"},
			},
			Skip: func(row map[string]string) string {
				if row["action"] != "add" {
					return "a right that is taken away"
				}
				return ""
			},
		},
		{
			Set: "openimis", File: "users.csv", Entity: s.User, Match: []string{"username"}, Fixed: entity.Values{"email": ""},
			Columns: []module.Column{
				{Name: "login_name", Field: "username"},
				{Name: "other_names", Field: "first_name"},
				{Name: "language_code", Field: "language"},
				{Name: "phone", Field: "phone_number"},
				{Name: "legacy_role_mask", Left: "roles are in a file of their own"},
				{Name: "health_facility_id", Left: "it is that of the claim administrator with the same code"},
				{Name: "is_associated", Left: "it follows from who is an officer or a claim administrator"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
		{
			Set: "openimis", File: "user_roles.csv", Entity: s.Grant, Workspace: "workspace", Fixed: entity.Values{"organization": nil}, Match: []string{"user", "workspace", "organization", "role"},
			Columns: []module.Column{
				{Name: "user_id", Field: "user", File: "users.csv"},
				{Name: "role_id", Field: "role", File: "roles.csv"},
				{Name: "audit_user_id", Left: auditor},
			},
		},
	}
}

// firstPassword gives a password to those of some people who have none. There is one hash for each, so that nobody sees from two that they are alike.
func (s *Service) firstPassword(ctx context.Context, people []int64, password string) (given int, err error) {
	if err := auth.CheckPassword("password", password); err != nil {
		return 0, err
	}
	for _, id := range people {
		u, ok, err := userByID(ctx, s.db, id)
		if err != nil || !ok || u.passwordHash != "" {
			if err != nil {
				return given, err
			}
			continue
		}
		if err := s.db.InTx(ctx, func(tx *db.Tx) error { return s.SetPassword(ctx, tx, id, password) }); err != nil {
			return given, fmt.Errorf("give user %d a password: %w", id, err)
		}
		given++
	}
	return given, nil
}
