package permission

import (
	"context"
	"fmt"
	"slices"
	"time"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
)

// followEvery is how soon a node notices what was changed on another.
const followEvery = 2 * time.Second

// mark tells one state of the overrides from another: rows come, go and grow older.
type mark struct{ rows, last, versions int64 }

func (s *Service) begin(ctx context.Context, tx *db.Tx) error { return s.load(ctx, tx) }

// load puts in force what the overrides say, unless that is so already.
func (s *Service) load(ctx context.Context, q db.Queryer) error {
	s.following.Lock()
	defer s.following.Unlock()
	var now mark
	err := q.QueryRow(ctx, "select count(*), coalesce(max(id), 0), coalesce(sum(version), 0) from permission_overrides").Scan(&now.rows, &now.last, &now.versions)
	if err != nil {
		return fmt.Errorf("look at permission overrides: %w", err)
	}
	if now == s.seen {
		return nil
	}
	list, err := overrides(ctx, q)
	if err != nil {
		return err
	}
	if err := s.permissions.Replace(s.inForce(list)); err != nil {
		return err
	}
	s.seen = now
	return nil
}

// inForce are the declared rows that are not withdrawn, and the added ones that fit.
func (s *Service) inForce(list []row) []access.Rule {
	var rules []access.Rule
	for _, rule := range s.permissions.Declared() {
		if !slices.ContainsFunc(list, func(o row) bool { return o.change == withdrawn && sameRule(o.rule, rule) }) {
			rules = append(rules, rule)
		}
	}
	for _, o := range list {
		if o.change == added && s.permissions.Check(o.rule) == nil {
			rules = append(rules, o.rule)
		}
	}
	return rules
}

// follow looks for changes made elsewhere until ctx ends.
func (s *Service) follow(ctx context.Context) error {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		err := s.db.View(ctx, func(q db.Queryer) error { return s.load(ctx, q) })
		if err != nil && ctx.Err() == nil && !failing {
			s.log.WarnContext(ctx, "permission rows changed elsewhere could not be read; trying again every two seconds", "error", err)
		}
		failing = err != nil
	}
}
