package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"almoner.dev/almoner/core/db"
)

// prepare makes sure that the roles which rules speak of and those that are shipped exist, and that everybody has a UUID.
func (s *Service) prepare(ctx context.Context, tx *db.Tx) error {
	for _, r := range shippedRoles {
		if err := s.prepareShipped(ctx, tx, r.name, r.number); err != nil {
			return err
		}
	}
	for _, name := range seedRoles {
		if _, err := makeRole(ctx, tx, name, 0); err != nil {
			return err
		}
	}
	if err := keepFirstVersions(ctx, tx); err != nil {
		return err
	}
	return giveUUIDs(ctx, tx)
}

// prepareShipped makes a shipped role with the rights that it holds by default, unless it was ever there: what administrators changed, renamed or deleted stays so.
func (s *Service) prepareShipped(ctx context.Context, tx *db.Tx, name string, number int64) error {
	role, err := makeRole(ctx, tx, name, number)
	if err != nil || role == 0 {
		return err
	}
	for _, right := range s.rights() {
		if !slices.Contains(right.Roles, int(number)) {
			continue
		}
		id, err := newUUID()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into account_role_rights (role_id, right_id, uuid, validity_from, created_at, updated_at) values ($1, $2, $3, $4, $4, $4)`, role, int64(right.Number), id, tx.Now)
		if err != nil {
			return fmt.Errorf("give the role %s a right: %w", name, err)
		}
	}
	return nil
}

// makeRole adds a role that comes with the program and returns its id; 0 when there is one of this name, or ever was one with the number of a shipped role.
func makeRole(ctx context.Context, tx *db.Tx, name string, number int64) (int64, error) {
	var there int64
	err := tx.QueryRow(ctx, "select count(*) from account_roles where name = $1 and validity_to is null or is_system = $2 and is_system <> 0", name, number).Scan(&there)
	if err != nil {
		return 0, fmt.Errorf("look for the role %s: %w", name, err)
	}
	if there > 0 {
		return 0, nil
	}
	key, err := newUUID()
	if err != nil {
		return 0, err
	}
	id, err := tx.Insert(ctx, `insert into account_roles (name, is_system, uuid, validity_from, created_at, updated_at) values ($1, $2, $3, $4, $4, $4) returning id`, name, number, key, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("make the role %s: %w", name, err)
	}
	return id, nil
}

// keepFirstVersions keeps the state of what the program made by itself, so that the first change of it leaves a past.
func keepFirstVersions(ctx context.Context, tx *db.Tx) error {
	for table, columns := range map[string]string{"account_roles": "name, alt_language, is_system, is_blocked", "account_role_rights": "role_id, right_id"} {
		_, err := tx.Exec(ctx, "insert into "+table+"_versions (record_id, version, changed_at, changed_by, lists, uuid, legacy_id, validity_from, validity_to, "+columns+")"+
			" select id, version, updated_at, 0, '{}', uuid, legacy_id, validity_from, validity_to, "+columns+" from "+table+" t"+
			" where not exists (select 1 from "+table+"_versions v where v.record_id = t.id and v.version = t.version)")
		if err != nil {
			return fmt.Errorf("keep the first versions of %s: %w", table, err)
		}
	}
	return nil
}

// giveUUIDs gives people the UUID that the migration could not.
func giveUUIDs(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.Query(ctx, "select id from account_users where uuid is null")
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("find people without a UUID: %w", err)
	}
	for _, id := range ids {
		key, err := newUUID()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update account_users set uuid = $2 where id = $1", id, key); err != nil {
			return fmt.Errorf("give user %d a UUID: %w", id, err)
		}
	}
	return nil
}

func newUUID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a UUID: %w", err)
	}
	return id.String(), nil
}
