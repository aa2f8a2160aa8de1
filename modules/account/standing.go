package account

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
)

// afterUser takes the grants from somebody who was deactivated (tpm §2.1).
func (s *Service) afterUser(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if c.New() || !c.Changes("is_active") || c.Value("is_active") == true {
		return nil
	}
	return s.endGrants(ctx, tx, c.ID)
}

// endGrants deactivates what grants a user has and states it for each, without asking again whether the user is active.
func (s *Service) endGrants(ctx context.Context, tx *db.Tx, userID int64) error {
	type ended struct{ id, version int64 }
	rows, err := tx.Query(ctx, `
		update account_grants set is_active = $2, updated_at = $3, version = version + 1 where user_id = $1 and is_active <> $2 returning id, version`, userID, false, tx.Now)
	list, err := db.Collect(rows, err, func(r db.Row) (g ended, err error) { return g, r.Scan(&g.id, &g.version) })
	if err != nil {
		return fmt.Errorf("end grants of user %d: %w", userID, err)
	}
	for _, g := range list {
		_, err := event.Emit(ctx, tx, event.Fact{
			Name: s.Grant.Name + "_updated", Entity: s.Grant.Name, Subject: g.id, ParentEntity: s.User.Name, Parent: userID, Revision: g.version, Changed: []string{"is_active"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// afterGrant keeps people active exactly while they have an active grant (tpm §2.1), or are of a Kind anywhere; administrators stay as they are. Roles are part of what
// people read of somebody, so the person gets another version.
func (s *Service) afterGrant(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if before, ok := c.Before("user").(int64); ok && before != c.Int("user") {
		if err := s.settleStanding(ctx, tx, before); err != nil {
			return err
		}
		if err := s.User.Advance(ctx, tx, before); err != nil {
			return err
		}
	}
	if err := s.User.Advance(ctx, tx, c.Int("user")); err != nil {
		return err
	}
	return s.settleStanding(ctx, tx, c.Int("user"))
}

func (s *Service) settleStanding(ctx context.Context, tx *db.Tx, userID int64) error {
	// Two changes at once would each count without the other's.
	if err := s.User.Lock(ctx, tx, userID); err != nil {
		return err
	}
	some := "exists (select 1 from account_grants g where g.user_id = u.id and g.is_active = $2)"
	for _, k := range s.Kinds {
		some += " or " + k.SQL("u.id", "", false)
	}
	var active, superuser, needed bool
	err := tx.QueryRow(ctx, "select u.is_active, u.is_superuser, "+some+" from account_users u where u.id = $1", userID, true).Scan(&active, &superuser, &needed)
	if err != nil {
		return fmt.Errorf("look what user %d is for: %w", userID, err)
	}
	if superuser || active == needed {
		return nil
	}
	return s.User.Save(ctx, tx, s.User.NewChange(userID, entity.Values{"is_active": needed}))
}
