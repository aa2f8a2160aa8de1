package tpm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/modules/tpm"
)

// person is somebody as the engine sees them: predicates, with the role keys of tpm §1 that follow from them.
type person struct {
	name       string
	roles      string
	predicates []string
}

var enginePeople = []person{
	{"stranger", "", nil},
	{"plain agency user", "unicef", []string{"role:UNICEF User"}},
	{"planner of the agency", "unicef pme", []string{"role:UNICEF User", "role:PME"}},
	{"planner who is focal point", "unicef pme focal", []string{"role:UNICEF User", "role:PME", "tpm.visit.focal"}},
	{"planner without the agency's role", "pme", []string{"role:PME"}},
	{"focal point of the agency", "unicef focal", []string{"role:UNICEF User", "tpm.visit.focal"}},
	{"monitor of the firm", "tpm", []string{"role:Third Party Monitor", "tpm.staff"}},
	{"focal point of the firm", "tpm tpm_focal", []string{"role:Third Party Monitor", "tpm.staff", "tpm.visit.firm_focal"}},
	{"monitor of another firm", "", []string{"role:Third Party Monitor"}},
	{"monitor of another firm who is named on the visit", "", []string{"role:Third Party Monitor", "tpm.visit.firm_focal"}},
	{"somebody named everywhere without any role", "", []string{"tpm.staff", "tpm.visit.focal", "tpm.visit.firm_focal"}},
	{"author of the action point", "ap_author", []string{"tpm.action_point.author"}},
	{"assignee of the action point", "ap_assignee", []string{"tpm.action_point.assignee"}},
	{"assigner of the action point", "ap_assigner", []string{"tpm.action_point.assigner"}},
}

// engineEntities are the targets that the reference speaks of.
var engineEntities = access.Entities{
	{Name: "tpm.visit", Parts: append(slices.Clone(fullFields), strings.Fields("attachments report_attachments assign cancel accept reject send_report reject_report approve")...)},
	{Name: "tpm.task", Parts: append(slices.Clone(taskFields), strings.Fields("_delete attachments report_attachments action_points is_pv tpm_visit")...)},
	{Name: "tpm.action_point", Parts: strings.Fields("assigned_to section office due_date description high_priority status complete")},
	{Name: "tpm.firm", Parts: strings.Fields("email phone_number hidden name staff_members attachments")},
}

// enginecase is one question with the answer of the tables.
type enginecase struct {
	person     *person
	situation  situation
	predicates []string
	// want has one bit for each kind of each target.
	want []bool
}

func engineCases() (cases []enginecase, targets []string) {
	for _, e := range engineEntities {
		for _, part := range e.Parts {
			targets = append(targets, e.Name+"."+part)
		}
	}
	for i := range enginePeople {
		p := &enginePeople[i]
		for _, status := range append([]string{""}, statuses...) {
			for _, extra := range []situation{{}, {creating: "visit"}, {open: true}, {creating: "AP"}} {
				c := enginecase{person: p, situation: situation{roles: p.roles, status: status, creating: extra.creating, open: extra.open}}
				c.predicates = slices.Clone(p.predicates)
				if status != "" {
					c.predicates = append(c.predicates, "tpm.visit.status="+status)
				}
				switch {
				case extra.creating == "visit":
					c.predicates = append(c.predicates, "tpm.visit.new")
				case extra.creating == "AP":
					c.predicates = append(c.predicates, "tpm.action_point.new")
				case extra.open:
					c.predicates = append(c.predicates, "tpm.action_point.status=open")
				}
				for _, target := range targets {
					for _, kind := range []access.Kind{access.View, access.Edit, access.Act} {
						c.want = append(c.want, c.situation.allowed(kind, target))
					}
				}
				cases = append(cases, c)
			}
		}
	}
	return cases, targets
}

// differences returns up to limit answers of the policy that differ from those of the tables.
func differences(policy *access.Policy, cases []enginecase, targets []string, limit int) []string {
	var found []string
	numbers := make([]access.Target, len(targets))
	for i, name := range targets {
		numbers[i] = policy.Target(name)
	}
	for i := range cases {
		c := &cases[i]
		set := policy.Set(c.predicates...)
		at := 0
		for j := range numbers {
			for _, kind := range []access.Kind{access.View, access.Edit, access.Act} {
				if got := policy.May(kind, numbers[j], set); got != c.want[at] {
					found = append(found, fmt.Sprintf("%s, %v: %s %s: got %t, want %t", c.person.name, c.predicates, kind, targets[j], got, c.want[at]))
					if len(found) == limit {
						return found
					}
				}
				at++
			}
		}
	}
	return found
}

// Every permission row matters: without it, some person could do more or less than tpm §4 says. A row that another one covers (same target,
// fewer conditions) cannot be missed, so that one is turned into a refusal instead, which must be noticed as well.
func TestEveryRuleMatters(t *testing.T) {
	t.Parallel()
	rules := tpm.Rules()
	cases, targets := engineCases()
	compile := func(rules []access.Rule) *access.Policy {
		t.Helper()
		policy, err := access.Compile(rules, engineEntities)
		if err != nil {
			t.Fatalf("compile: %v", err)
		}
		return policy
	}
	// Parts that only this program knows of are no business of the reference.
	rules = slices.DeleteFunc(rules, func(r access.Rule) bool { return !known(r.Target, targets) })
	if n := len(tpm.Rules()) - len(rules); n > 0 {
		t.Fatalf("%d rows are about targets that the reference does not have", n)
	}
	for _, difference := range differences(compile(rules), cases, targets, 20) {
		t.Errorf("as it is: %s", difference)
	}
	if t.Failed() {
		t.FailNow()
	}
	covered := 0
	for i, rule := range rules {
		without := slices.Delete(slices.Clone(rules), i, i+1)
		if len(differences(compile(without), cases, targets, 1)) == 0 {
			if !slices.ContainsFunc(without, func(other access.Rule) bool { return covers(other, rule) }) {
				t.Errorf("nothing notices that this row is missing: %s", rule)
			}
			covered++
		}
		turned := slices.Clone(rules)
		turned[i].Refuse = true
		if len(differences(compile(turned), cases, targets, 1)) == 0 {
			t.Errorf("nothing notices that this row is turned around: %s", rule)
		}
	}
	t.Logf("%d rows, %d of them covered by others; each removed and turned around against %d situations × %d targets × 3 kinds", len(rules), covered, len(cases), len(targets))
}

func known(target string, targets []string) bool {
	prefix, wildcard := strings.CutSuffix(target, "*")
	return slices.ContainsFunc(targets, func(t string) bool { return t == target || wildcard && strings.HasPrefix(t, prefix) })
}

// covers reports whether other allows at least what rule does.
func covers(other, rule access.Rule) bool {
	kind := other.Kind == rule.Kind || rule.Kind == access.View && other.Kind == access.Edit
	prefix, wildcard := strings.CutSuffix(other.Target, "*")
	target := other.Target == rule.Target || wildcard && strings.HasPrefix(rule.Target, prefix)
	return kind && target && !slices.ContainsFunc(other.When, func(p string) bool { return !slices.Contains(rule.When, p) })
}
