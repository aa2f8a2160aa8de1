package customisation

import (
	"context"
	"encoding/json"
	"fmt"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// load puts in force what is declared. What no longer fits, after an update of the program, is left out and told of in the log.
func (s *Service) load(ctx context.Context, q db.Queryer) error {
	all := map[string]entity.Custom{}
	if err := loadExtensions(ctx, q, all); err != nil {
		return err
	}
	if err := loadControls(ctx, q, all); err != nil {
		return err
	}
	if err := s.declarations.Put(all); err != nil {
		s.log.WarnContext(ctx, "some declarations of fields do not fit the program and are left out", "error", err)
	}
	return nil
}

func loadExtensions(ctx context.Context, q db.Queryer, all map[string]entity.Custom) error {
	rows, err := q.Query(ctx, `select id, entity_name, key, kind, labels, help, choices, scale, minimum, maximum, max_length, pattern, required, indexed, retired
		from customisation_extension_fields order by place, id`)
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var none struct{}
		var x entity.Extension
		var name, word string
		var labels, help, choices json.RawMessage
		var scale, length int64
		if err := r.Scan(&x.ID, &name, &x.Key, &word, &labels, &help, &choices, &scale, &x.Min, &x.Max, &length, &x.Pattern, &x.Required, &x.Indexed, &x.Retired); err != nil {
			return none, err
		}
		x.Scale, x.MaxLength = uint8(scale), int(length) //nolint:gosec // checked when they were written
		x.Kind = entity.JSON                             // which none is, so that a word that an update took away is told of
		for _, k := range kinds {
			if k.word == word {
				x.Kind = k.kind
			}
		}
		var values []choice
		for _, part := range []struct {
			raw  json.RawMessage
			into any
		}{{labels, &x.Labels}, {help, &x.Help}, {choices, &values}} {
			if err := json.Unmarshal(part.raw, part.into); err != nil {
				return none, fmt.Errorf("extension field %d: %w", x.ID, err)
			}
		}
		for _, v := range values {
			x.Choices = append(x.Choices, entity.ExtensionChoice{Value: v.Value, Labels: v.Labels, Retired: v.Retired})
		}
		custom := all[name]
		custom.Extensions = append(custom.Extensions, x)
		all[name] = custom
		return none, nil
	})
	if err != nil {
		return fmt.Errorf("read extension fields: %w", err)
	}
	return nil
}

func loadControls(ctx context.Context, q db.Queryer, all map[string]entity.Custom) error {
	rows, err := q.Query(ctx, "select entity_name, field, hidden, required, labels, choices from customisation_field_controls order by id")
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var none struct{}
		var c entity.Control
		var name string
		var labels, choices json.RawMessage
		if err := r.Scan(&name, &c.Field, &c.Hidden, &c.Required, &labels, &choices); err != nil {
			return none, err
		}
		if err := json.Unmarshal(labels, &c.Labels); err != nil {
			return none, fmt.Errorf("control of %s.%s: %w", name, c.Field, err)
		}
		if err := json.Unmarshal(choices, &c.Choices); err != nil {
			return none, fmt.Errorf("control of %s.%s: %w", name, c.Field, err)
		}
		custom := all[name]
		custom.Controls = append(custom.Controls, c)
		all[name] = custom
		return none, nil
	})
	if err != nil {
		return fmt.Errorf("read field controls: %w", err)
	}
	return nil
}
