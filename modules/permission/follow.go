package permission

import (
	"context"
	"slices"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
)

// load puts in force what the overrides say.
func (s *Service) load(ctx context.Context, q db.Queryer) error {
	list, err := overrides(ctx, q)
	if err != nil {
		return err
	}
	return s.permissions.Replace(s.inForce(list))
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
