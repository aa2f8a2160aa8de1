// Package access answers "may they?" from rows of data.
//
// A Rule allows or refuses one kind of use (view, edit, act) of a target (`tpm.visit.status`, `tpm.visit.*`, an action
// `tpm.visit.assign`) to whoever satisfies all its conditions. Conditions are predicates: short facts about the actor, the
// record and the request, such as `role:PME`, `tpm.visit.status=draft` or `tpm.visit.focal`. Who finds out which predicates hold is not
// this package's affair; it compiles rules into bit sets, so that deciding costs a few machine words per field.
//
//	policy, err := access.Compile(rules, targets)
//	ctx := policy.Set("role:PME", "tpm.visit.status=draft")
//	policy.May(access.Edit, policy.Target("tpm.visit.visit_information"), ctx)
//
// Promises: default deny; the decision follows tpm §4.1 (own rules before inherited ones, more conditions before fewer, exact before wildcard; the
// first that applies decides). A Policy never changes after Compile and is safe for concurrent use; Engine swaps policies atomically.
package access

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
)

// Kind is a kind of use.
type Kind uint8

// The kinds of use. An allowed Edit implies View (tpm §4.1-5).
const (
	View Kind = iota
	Edit
	Act
	kinds
)

// String returns view, edit or act.
func (k Kind) String() string { return [...]string{"view", "edit", "act"}[k] }

// Rule is one permission row. It applies when every predicate in When holds; an empty When always applies.
type Rule struct {
	When []string
	Kind Kind
	// Target is `module.entity.name`, where name is a field, an action, or * for all of the entity.
	Target string
	// Refuse turns the row into a refusal; rows allow by default.
	Refuse bool
}

// String writes the rule on one line, for listings and failures.
func (r Rule) String() string {
	verb := "allow"
	if r.Refuse {
		verb = "refuse"
	}
	return fmt.Sprintf("%s %s %s when %s", verb, r.Kind, r.Target, strings.Join(r.When, " and "))
}

// Names of the predicates that hold for every request of their kind.
const (
	SignedIn  = "signed_in"
	Staff     = "staff"
	Superuser = "superuser"
)

// Role returns the predicate "the actor holds this role in the current workspace and organisation".
func Role(name string) string { return "role:" + name }

// Status returns the predicate "the record in hand has this value in its state field".
func Status(entity, value string) string { return entity + ".status=" + value }

// New returns the predicate "a record of this entity is being created".
func New(entity string) string { return entity + ".new" }

const words = 8

// Set is a set of predicates of one Policy.
type Set [words]uint64

// With returns the union of the two sets.
func (s Set) With(o Set) Set {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

func (s *Set) add(bit int) { s[bit/64] |= 1 << (bit % 64) }

func (s *Set) holds(mask *Set) bool {
	for i := range mask {
		if mask[i]&^s[i] != 0 {
			return false
		}
	}
	return true
}

// Target is the compiled number of a target in one Policy; -1 is an unknown target, which nobody may use.
type Target int32

// Policy is a compiled set of rules.
type Policy struct {
	bits    map[string]int
	targets map[string]Target
	rows    [][kinds][]row
	rules   []Rule
	// entities are what it was compiled against.
	entities Entities
}

type row struct {
	mask   Set
	refuse bool
}

// Entities says what can be the target of rules: for each entity its fields and actions, and the entity it inherits rules from.
type Entities []Entity

// Entity is one line of Entities.
type Entity struct {
	// Name is `module.entity`.
	Name string
	// Parts are the names of fields and actions.
	Parts []string
	// Parent is the entity whose rules apply where none of its own does, "" for none.
	Parent string
}

// Compile checks the rules against the entities and makes a Policy. It reports all rules with an unknown target at once.
func Compile(rules []Rule, entities Entities) (*Policy, error) {
	return compile(rules, entities, map[string]int{})
}

// Recompile makes a Policy of other rules over the same entities. Targets and predicates keep their numbers, so that a request that began under
// one policy and meets the other half-way compares like with like.
func (p *Policy) Recompile(rules []Rule) (*Policy, error) {
	return compile(rules, p.entities, maps.Clone(p.bits))
}

func compile(rules []Rule, entities Entities, bits map[string]int) (*Policy, error) {
	p := &Policy{bits: bits, targets: map[string]Target{}, rules: slices.Clone(rules), entities: entities}
	parent := map[string]string{}
	for _, e := range entities {
		parent[e.Name] = e.Parent
		for _, part := range e.Parts {
			p.targets[e.Name+"."+part] = Target(len(p.targets))
		}
	}
	type entry struct {
		Rule
		mask Set
	}
	var errs []error
	byTarget := map[string][]entry{}
	for _, r := range rules {
		e := entry{Rule: r}
		for _, pred := range r.When {
			bit, ok := p.bits[pred]
			if !ok {
				bit = len(p.bits)
				p.bits[pred] = bit
			}
			if bit < words*64 {
				e.mask.add(bit)
			}
		}
		entity, part := splitTarget(r.Target)
		if _, ok := parent[entity]; !ok {
			errs = append(errs, fmt.Errorf("permission rule %q: there is no entity %q", r, entity))
		} else if _, ok := p.targets[r.Target]; !ok && part != "*" {
			errs = append(errs, fmt.Errorf("permission rule %q: %s has no field or action %q", r, entity, part))
		}
		byTarget[r.Target] = append(byTarget[r.Target], e)
	}
	if len(p.bits) > words*64 {
		errs = append(errs, fmt.Errorf("the rules use %d predicates, more than the %d there is room for", len(p.bits), words*64))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	p.rows = make([][kinds][]row, len(p.targets))
	for name, target := range p.targets {
		entity, part := splitTarget(name)
		type ranked struct {
			entry
			inherited int
			wildcard  int
		}
		var all []ranked
		for depth, e := 0, entity; e != ""; depth, e = depth+1, parent[e] {
			for _, x := range byTarget[e+"."+part] {
				all = append(all, ranked{x, depth, 0})
			}
			for _, x := range byTarget[e+".*"] {
				all = append(all, ranked{x, depth, 1})
			}
		}
		slices.SortStableFunc(all, func(a, b ranked) int {
			return cmp.Or(cmp.Compare(a.inherited, b.inherited), cmp.Compare(len(b.When), len(a.When)), cmp.Compare(a.wildcard, b.wildcard))
		})
		for _, x := range all {
			for kind := View; kind < kinds; kind++ {
				if x.Kind == kind || kind == View && x.Kind == Edit && !x.Refuse {
					p.rows[target][kind] = append(p.rows[target][kind], row{x.mask, x.Refuse})
				}
			}
		}
	}
	return p, nil
}

func splitTarget(target string) (entity, part string) {
	i := strings.LastIndexByte(target, '.')
	if i < 0 {
		return target, ""
	}
	return target[:i], target[i+1:]
}

// Target returns the number of `module.entity.part`, -1 when there is no such target.
func (p *Policy) Target(name string) Target {
	if t, ok := p.targets[name]; ok {
		return t
	}
	return -1
}

// Set returns the predicates as a set. A predicate that no rule mentions cannot matter and is left out.
func (p *Policy) Set(predicates ...string) Set {
	var s Set
	for _, name := range predicates {
		if bit, ok := p.bits[name]; ok {
			s.add(bit)
		}
	}
	return s
}

// May reports whether whoever satisfies ctx may use the target in this way.
func (p *Policy) May(kind Kind, target Target, ctx Set) bool {
	if target < 0 || int(target) >= len(p.rows) {
		return false
	}
	for i := range p.rows[target][kind] {
		if r := &p.rows[target][kind][i]; ctx.holds(&r.mask) {
			return !r.refuse
		}
	}
	return false
}

// Entities returns what rules can be about. The caller must not change them.
func (p *Policy) Entities() Entities { return p.entities }

// Rules returns the rows that the policy was compiled from, for listings. The caller must not change them.
func (p *Policy) Rules() []Rule { return p.rules }

// Engine holds the policy in force; it can be replaced while requests run. The zero value denies everything.
type Engine struct{ p atomic.Pointer[Policy] }

var nothing, _ = Compile(nil, nil)

// Policy returns the policy in force.
func (e *Engine) Policy() *Policy {
	if p := e.p.Load(); p != nil {
		return p
	}
	return nothing
}

// Swap puts another policy in force for requests that start from now on.
func (e *Engine) Swap(p *Policy) { e.p.Store(p) }
