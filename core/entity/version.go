package entity

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// changedMeanwhile tells somebody who writes that they saw another version than the one there is.
func changedMeanwhile(yours, current int64) error {
	return &almoner.Error{
		Kind: almoner.Conflict, Code: "conflict", Message: "Somebody changed this record meanwhile.",
		Params: map[string]string{"yours": strconv.FormatInt(yours, 10), "current": strconv.FormatInt(current, 10)},
	}
}

// Expect keeps other writers from the record until tx ends, and is a Conflict when it has another version than the one that the writer saw. It is for changes that are
// not, or not only, in the record's own table; Save looks by itself (Change.IfVersion). Scopes are not asked; NotFound when there is no such row.
func (e *Entity) Expect(ctx context.Context, tx *db.Tx, id, version int64) error {
	if err := e.Lock(ctx, tx, id); err != nil {
		return err
	}
	var current int64
	err := tx.QueryRow(ctx, "select version from "+e.Table+" where id = $1", id).Scan(&current)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return NotFound()
	case err != nil:
		return fmt.Errorf("read the version of %s %d: %w", e.Name, id, err)
	case current != version:
		return changedMeanwhile(version, current)
	}
	return nil
}

// Advance gives a record another version after a change of what belongs to it in other tables, so that whoever read it before is told so when they write. Nothing
// else of it changes: what is kept of its present state goes along, and nothing becomes past.
func (e *Entity) Advance(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, "update "+e.Table+" set version = version + 1 where id = $1", id); err != nil {
		return fmt.Errorf("give %s %d another version: %w", e.Name, id, err)
	}
	if e.Versions == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, "update "+e.Versions+" set version = version + 1 where record_id = $1 and version = (select version - 1 from "+e.Table+" where id = $1)", id); err != nil {
		return fmt.Errorf("keep the version of %s %d: %w", e.Name, id, err)
	}
	return nil
}
