package insuree

import (
	"context"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/modules/location"
)

// Service is the Go API of the module.
type Service struct {
	// Insuree, Family and Photo are the records; StatusReason says why somebody is not active.
	Insuree, Family, Photo, StatusReason *entity.Entity
	// The rest describes them.
	Gender, FamilyType, ConfirmationType, IdentificationType, Profession, Education, Relation *entity.Entity
	// Cover is where whoever keeps cover joins.
	Cover CoverHooks
	// Validators are the checks of insurance numbers that the setting insuree.number_validator chooses from. Modules add theirs during their Build.
	Validators map[string]Validator

	db       *db.DB
	places   *location.Service
	files    *file.Store
	settings settings
	// insurees and families are the standard operations.
	insurees, families *api.Resource
}

// RemoveMember takes an insuree, who must not be the head, out of their family. With cancel their policies cover no longer. It joins the caller's transaction.
func (s *Service) RemoveMember(ctx context.Context, tx *db.Tx, id int64, cancel bool) error {
	if err := s.Insuree.Save(ctx, tx, s.Insuree.NewChange(id, entity.Values{"family": nil})); err != nil {
		return err
	}
	return s.cancel(ctx, tx, id, cancel)
}

// ChangeFamily takes an insuree, who must not be the head of a family, into another one. With cancel the policies of the former one cover no longer. It joins the
// caller's transaction.
func (s *Service) ChangeFamily(ctx context.Context, tx *db.Tx, id, family int64, cancel bool) error {
	// Whether one more member has room is counted by whoever keeps cover; nobody else may come in meanwhile.
	if err := s.Family.Lock(ctx, tx, family); err != nil {
		return err
	}
	if err := s.Insuree.Save(ctx, tx, s.Insuree.NewChange(id, entity.Values{"family": family})); err != nil {
		return err
	}
	if err := s.cancel(ctx, tx, id, cancel); err != nil {
		return err
	}
	return each(s.Cover.Moved, func(hook func(context.Context, *db.Tx, int64, int64) error) error { return hook(ctx, tx, id, family) })
}

func (s *Service) cancel(ctx context.Context, tx *db.Tx, id int64, cancel bool) error {
	if !cancel {
		return nil
	}
	return each(s.Cover.Cancelled, func(hook func(context.Context, *db.Tx, int64) error) error { return hook(ctx, tx, id) })
}

// CloseFamily deletes a family; its members go with it, or stay without a family. It joins the caller's transaction.
func (s *Service) CloseFamily(ctx context.Context, tx *db.Tx, id int64, members bool) error {
	c := s.Family.NewDelete(id)
	c.Data = map[string]any{withMembers: members}
	return s.Family.Save(ctx, tx, c)
}

// byUUID finds a valid record that the actor may know of, and locks it. The error is at the field that named it.
func byUUID(q *api.Request, tx *db.Tx, r *api.Resource, field, uuid string) (int64, error) {
	missing := func() error {
		return almoner.Invalidf(field, "insuree.not_found", "There is no such record.")
	}
	id, err := r.Entity.By(q.Context(), tx, "uuid", uuid)
	if err == nil {
		if err = r.Entity.Lock(q.Context(), tx, id); err == nil {
			_, err = r.Locate(q, tx, id)
		}
	}
	if almoner.KindOf(err) == almoner.NotFound {
		return 0, missing()
	}
	return id, err
}
