package setting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/setting"
)

func (s *Service) override() *entity.Entity {
	return &entity.Entity{
		Name: "setting.override", Label: "Setting override", Plural: "Setting overrides", Table: "setting_overrides", Versions: "setting_overrides_versions", Global: true,
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Label: "Setting", Max: 200, Required: true},
			{Name: "place_id", Kind: entity.Integer, Label: "Workspace", Default: int64(0)},
			{Name: "place_code", Kind: entity.Text, Label: "Code of the workspace", Max: 20, Blank: true, Default: ""},
			{Name: "value", Kind: entity.JSON, Label: "Value", Null: true},
		},
		Shapes:  map[string]string{"": "id name place_code value"},
		Key:     []string{"name", "place_id"},
		Order:   []string{"id"},
		Display: "name",
		After: func(_ context.Context, tx *db.Tx, _ *entity.Change) error {
			s.follower.Changed(tx)
			return nil
		},
	}
}

// row is an override as it is stored; its value is nil once it was reset.
type row struct {
	setting.Override
	id, version int64
	at          time.Time
	by          int64
}

func overrides(ctx context.Context, q db.Queryer) ([]row, error) {
	rows, err := q.Query(ctx, `select o.id, o.name, o.place_id, o.place_code, o.value, o.version, o.updated_at, coalesce(v.changed_by, 0)
		from setting_overrides o left join setting_overrides_versions v on v.record_id = o.id and v.version = o.version order by o.name, o.place_code`)
	list, err := db.Collect(rows, err, func(r db.Row) (o row, err error) {
		return o, r.Scan(&o.id, &o.Name, &o.Workspace, &o.Code, (*[]byte)(&o.Value), &o.version, &o.at, &o.by)
	})
	if err != nil {
		return nil, fmt.Errorf("read overrides of settings: %w", err)
	}
	return list, nil
}

// inForce are the overrides that have a value.
func inForce(ctx context.Context, q db.Queryer) ([]setting.Override, error) {
	list, err := overrides(ctx, q)
	var out []setting.Override
	for _, o := range list {
		if o.Value != nil {
			out = append(out, o.Override)
		}
	}
	return out, err
}

// load puts in force what is stored.
func (s *Service) load(ctx context.Context, q db.Queryer) error {
	list, err := inForce(ctx, q)
	if err == nil {
		s.book.Apply(list)
	}
	return err
}

// wish is what somebody wants a setting to be.
type wish struct {
	name      string
	workspace almoner.Workspace
	// value is nil to reset.
	value json.RawMessage
	// version is what the person saw, 0 for a setting that nobody had overridden; nil for whatever there is.
	version *int64
}

// save makes a wish come true. Invalid for a value that breaks the limits, Conflict when somebody was quicker or the operator pinned the setting.
func (s *Service) save(ctx context.Context, w wish) error {
	state, ok := s.book.Find(w.name)
	if !ok {
		return entity.NotFound()
	}
	if state.Pinned() {
		return almoner.Errorf(almoner.Conflict, "setting.pinned", "Whoever operates this installation has fixed this setting.")
	}
	if w.workspace.ID != 0 && !state.PerWorkspace {
		return almoner.Invalidf("workspace", "setting.not_per_workspace", "This setting is the same in all workspaces.")
	}
	if w.value != nil {
		var err error
		if w.value, err = s.book.Check(w.name, w.value); err != nil {
			return err
		}
	}
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		list, err := overrides(ctx, tx)
		if err != nil {
			return err
		}
		change := s.Override.NewChange(0, entity.Values{"name": w.name, "place_id": w.workspace.ID, "place_code": w.workspace.Code, "value": w.value})
		at := slices.IndexFunc(list, func(o row) bool { return o.Name == w.name && o.Workspace == w.workspace.ID })
		switch {
		case at >= 0:
			change = s.Override.NewChange(list[at].id, entity.Values{"value": w.value})
			if w.version != nil {
				// No version is -1: whoever saw none did not see this one.
				change.IfVersion = max(*w.version, -1)
				if *w.version == 0 {
					change.IfVersion = -1
				}
			}
		case w.version != nil && *w.version != 0:
			return conflict()
		case w.value == nil:
			return nil
		}
		if w.value == nil {
			change.Set("value", nil)
			change.Verb = "reset"
		}
		change.Data = map[string]any{"setting": w.name}
		return s.Override.Save(ctx, tx, change)
	})
	var taken *almoner.Error
	if errors.As(err, &taken) && taken.Kind == almoner.Invalid {
		return conflict() // the value was checked above, so another administrator was first to override this setting
	}
	return err
}

func conflict() error {
	return almoner.Errorf(almoner.Conflict, "conflict", "Somebody changed this record meanwhile.")
}
