package insuree

import (
	"context"
	"errors"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// headedBy is the valid family that somebody is the head of, 0 for none.
func headedBy(ctx context.Context, q db.Queryer, insuree int64) (int64, error) {
	return one(ctx, q, "find the family of a head", "select id from insuree_families where head_insuree_id = $1 and validity_to is null", insuree)
}

// familyOf is the family of a valid insuree, 0 for none.
func familyOf(ctx context.Context, q db.Queryer, insuree int64) (int64, error) {
	return one(ctx, q, "find the family of an insuree", "select coalesce(family_id, 0) from insuree_insurees where id = $1 and validity_to is null", insuree)
}

// leads reports whether a valid insuree is marked as the head of the family that he is in.
func leads(ctx context.Context, q db.Queryer, insuree, family int64) (bool, error) {
	in, err := one(ctx, q, "look whether somebody is a head", "select coalesce(family_id, 0) from insuree_insurees where id = $1 and head and validity_to is null", insuree)
	return in == family, err
}

// familyPlace is where a family is, 0 for nowhere.
func familyPlace(ctx context.Context, q db.Queryer, family int64) (int64, error) {
	if family == 0 {
		return 0, nil
	}
	return one(ctx, q, "find the place of a family", "select coalesce(location_id, 0) from insuree_families where id = $1", family)
}

func one(ctx context.Context, q db.Queryer, what, sql string, arg any) (int64, error) {
	var id int64
	err := q.QueryRow(ctx, sql, arg).Scan(&id)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return id, nil
}

// memberIDs are the valid members of a family, the head first.
func memberIDs(ctx context.Context, q db.Queryer, family int64) ([]int64, error) {
	rows, err := q.Query(ctx, "select id from insuree_insurees where family_id = $1 and validity_to is null order by head desc, id", family)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("read the members of family %d: %w", family, err)
	}
	return ids, nil
}

// movePlaces takes along the members who live where their family does. Where they are is derived, so it makes no version of them.
func movePlaces(ctx context.Context, tx *db.Tx, family, place int64) error {
	_, err := tx.Exec(ctx, "update insuree_insurees set place_id = $2 where family_id = $1 and current_village_id is null and validity_to is null", family, reference(place))
	if err != nil {
		return fmt.Errorf("move the members of family %d: %w", family, err)
	}
	return nil
}
