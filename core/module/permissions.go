package module

import (
	"fmt"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
)

// Permissions gives a module the permission rows of the whole program: those that come with it, and a way to put others in force. Before everything
// is built there are none. Safe for concurrent use.
type Permissions struct {
	set      *Set
	declared *access.Policy
}

// Declared are the rows that come with the program. The caller must not change them.
func (p *Permissions) Declared() []access.Rule {
	if p.declared == nil {
		return nil
	}
	return p.declared.Rules()
}

// InForce are the rows by which requests are decided now. The caller must not change them.
func (p *Permissions) InForce() []access.Rule { return p.set.Engine.Policy().Rules() }

// Check reports what is wrong with a row: that there is no such target.
func (p *Permissions) Check(rule access.Rule) error {
	_, err := p.declared.Recompile([]access.Rule{rule})
	return err
}

// Replace puts rows in force for all requests that begin from now on.
func (p *Permissions) Replace(rules []access.Rule) error {
	policy, err := p.declared.Recompile(rules)
	if err != nil {
		return fmt.Errorf("put permission rows in force: %w", err)
	}
	p.set.Engine.Swap(policy)
	return nil
}

// Targets are what rows can be about.
func (p *Permissions) Targets() access.Entities { return p.declared.Entities() }

// Rights are the permissions of all modules that are known by a number, in order of the numbers. The caller must not change them.
func (p *Permissions) Rights() access.Rights { return p.set.Rights }

// Entity is the declaration behind a target, nil for one that has none, and its lifecycle, nil when it has none.
func (p *Permissions) Entity(name string) (*entity.Entity, *lifecycle.Machine) {
	for _, e := range p.set.Registry.Entities() {
		if e.Name == name {
			return e, p.set.Machine(e)
		}
	}
	return nil, nil
}
