package access_test

import (
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
)

var entities = access.Entities{
	{Name: "x.task", Parts: []string{"name", "secret", "close"}, Parent: "x.activity"},
	{Name: "x.activity", Parts: []string{"name"}},
}

func compile(t *testing.T, rules ...access.Rule) *access.Policy {
	t.Helper()
	p, err := access.Compile(rules, entities)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The statements of tpm §11 "Permission engine" and §4.1.
func TestDecisions(t *testing.T) {
	t.Parallel()
	allow := func(kind access.Kind, target string, when ...string) access.Rule {
		return access.Rule{Kind: kind, Target: target, When: when}
	}
	refuse := func(kind access.Kind, target string, when ...string) access.Rule {
		return access.Rule{Kind: kind, Target: target, When: when, Refuse: true}
	}
	cases := []struct {
		name   string
		rules  []access.Rule
		kind   access.Kind
		target string
		ctx    string
		want   bool
	}{
		{"default deny", nil, access.View, "x.task.name", "a", false},
		{"no condition always applies", []access.Rule{allow(access.View, "x.task.name")}, access.View, "x.task.name", "", true},
		{"all conditions must hold", []access.Rule{allow(access.View, "x.task.name", "a", "b")}, access.View, "x.task.name", "a", false},
		{"all conditions hold", []access.Rule{allow(access.View, "x.task.name", "a", "b")}, access.View, "x.task.name", "a b c", true},
		{"wildcard covers every part", []access.Rule{allow(access.View, "x.task.*")}, access.View, "x.task.secret", "", true},
		{"edit implies view", []access.Rule{allow(access.Edit, "x.task.name")}, access.View, "x.task.name", "", true},
		{"view does not imply edit", []access.Rule{allow(access.View, "x.task.name")}, access.Edit, "x.task.name", "", false},
		{"edit does not imply act", []access.Rule{allow(access.Edit, "x.task.*")}, access.Act, "x.task.close", "", false},
		{"exact refusal beats wildcard", []access.Rule{allow(access.View, "x.task.*"), refuse(access.View, "x.task.secret")}, access.View, "x.task.secret", "", false},
		{"more conditions first", []access.Rule{refuse(access.View, "x.task.name", "a"), allow(access.View, "x.task.*", "a", "b")}, access.View, "x.task.name", "a b", true},
		{"refusing edit leaves view", []access.Rule{allow(access.View, "x.task.name"), refuse(access.Edit, "x.task.name", "a")}, access.View, "x.task.name", "a", true},
		{"parent's rule applies", []access.Rule{allow(access.View, "x.activity.name")}, access.View, "x.task.name", "", true},
		{"own rule before the parent's", []access.Rule{allow(access.View, "x.activity.name", "a", "b"), refuse(access.View, "x.task.*")}, access.View, "x.task.name", "a b", false},
		{"child's rule stays with the child", []access.Rule{allow(access.View, "x.task.name")}, access.View, "x.activity.name", "", false},
		{"unknown target", []access.Rule{allow(access.View, "x.task.*")}, access.View, "x.task.nothing", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, c.rules...)
			if got := p.May(c.kind, p.Target(c.target), p.Set(strings.Fields(c.ctx)...)); got != c.want {
				t.Errorf("May(%s %s) for %q = %v, want %v", c.kind, c.target, c.ctx, got, c.want)
			}
		})
	}
}

func TestCompileReportsAllUnknownTargets(t *testing.T) {
	t.Parallel()
	_, err := access.Compile([]access.Rule{{Target: "x.task.nmae"}, {Target: "y.thing.*"}}, entities)
	if err == nil || !strings.Contains(err.Error(), `"nmae"`) || !strings.Contains(err.Error(), `"y.thing"`) {
		t.Errorf("error = %v, want both mistakes named", err)
	}
}

func TestZeroEngineDenies(t *testing.T) {
	t.Parallel()
	var e access.Engine
	if p := e.Policy(); p.May(access.View, p.Target("x.task.name"), p.Set("a")) {
		t.Error("an engine without a policy allowed something")
	}
}

func BenchmarkPageOf100(b *testing.B) {
	p, err := access.Compile([]access.Rule{
		{Kind: access.View, Target: "x.task.*", When: []string{"a", "b"}}, {Kind: access.View, Target: "x.task.*", When: []string{"c"}},
	}, entities)
	if err != nil {
		b.Fatal(err)
	}
	ctx, target := p.Set("c"), p.Target("x.task.name")
	for b.Loop() {
		for range 100 {
			p.May(access.View, target, ctx)
		}
	}
}

// A request may begin under one policy and end under the next: the sets of both must mean the same.
func TestRecompileKeepsNumbers(t *testing.T) {
	t.Parallel()
	first, err := access.Compile([]access.Rule{
		{When: []string{"role:A", "book.old"}, Kind: access.View, Target: "book.title"},
		{When: []string{"role:B"}, Kind: access.Edit, Target: "book.title"},
	}, access.Entities{{Name: "book", Parts: []string{"title", "price"}}})
	if err != nil {
		t.Fatal(err)
	}
	next, err := first.Recompile([]access.Rule{
		{When: []string{"role:C"}, Kind: access.View, Target: "book.title"},
		{When: []string{"role:B"}, Kind: access.View, Target: "book.price"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"book.title", "book.price"} {
		if first.Target(target) != next.Target(target) {
			t.Errorf("%s is %d and then %d", target, first.Target(target), next.Target(target))
		}
	}
	for _, p := range []*access.Policy{first, next} {
		if !next.May(access.View, next.Target("book.price"), p.Set("role:B")) || next.May(access.View, next.Target("book.title"), p.Set("role:A", "book.old", "role:B")) {
			t.Error("a set of one policy means something else in the other")
		}
	}
	if !next.May(access.View, next.Target("book.title"), next.Set("role:C")) {
		t.Error("a predicate that is new in the second policy is unknown")
	}
	if _, err := first.Recompile([]access.Rule{{Kind: access.View, Target: "book.colour"}}); err == nil {
		t.Error("an unknown target is accepted")
	}
}
