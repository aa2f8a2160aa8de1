package insuree

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// CoverHooks is where whoever keeps cover joins: each function runs inside the transaction of what happened, in the order of the modules, and its error undoes
// all of it. A module that needs this one appends to the lists during its Build.
type CoverHooks struct {
	// FamilyClosing comes before a family is closed; a family with a policy in force is kept by an error.
	FamilyClosing []func(ctx context.Context, tx *db.Tx, family int64) error
	// Deleted comes after an insuree was closed.
	Deleted []func(ctx context.Context, tx *db.Tx, insuree int64) error
	// StatusChanged comes after an insuree became inactive, died or came back.
	StatusChanged []func(ctx context.Context, tx *db.Tx, change StatusChange) error
	// Joined comes after a new insuree joined a family, where the setting insuree.auto_cover_new_members says that this covers.
	Joined []func(ctx context.Context, tx *db.Tx, insuree, family int64) error
	// Moved comes after an insuree went to another family.
	Moved []func(ctx context.Context, tx *db.Tx, insuree, family int64) error
	// Cancelled comes after an insuree left a family and its policies are to cover no longer.
	Cancelled []func(ctx context.Context, tx *db.Tx, insuree int64) error
	// Warnings are what speaks against one more member of a family, in the language of the reader where there are words for it.
	Warnings []func(ctx context.Context, q db.Queryer, family int64) ([]string, error)
	// OfOfficer is SQL that selects the ids of the families with a policy by an officer, whose UUID is given; nil when nobody keeps policies.
	OfOfficer func(arg func(any) string, officer string) string
}

// StatusChange is what happened to the status of an insuree.
type StatusChange struct {
	// Insuree is who it is, Family their family, 0 for none.
	Insuree, Family int64
	// From and To are Active, Inactive or Dead.
	From, To string
	// At is since when, the zero day when nobody said.
	At almoner.Date
}

func each[F any](hooks []F, call func(F) error) error {
	for _, hook := range hooks {
		if err := call(hook); err != nil {
			return err
		}
	}
	return nil
}
