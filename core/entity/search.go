package entity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// search reads the words of a parameter.
func (q *Query) search(name string, values []string, problems *almoner.Problems) {
	for _, v := range values {
		if bad := badText(v); bad != nil {
			problems.Add(name, bad.Code, bad.Message)
			continue
		}
		for _, term := range strings.Fields(db.Fold(v)) {
			if !slices.Contains(q.Terms, term) {
				q.Terms = append(q.Terms, term)
			}
		}
	}
	if len(q.Terms) > maxTerms || slices.ContainsFunc(q.Terms, func(term string) bool { return len(term) > maxTerm }) {
		problems.AddWith(name, "search_too_long", fmt.Sprintf("Search for at most %d words.", maxTerms), map[string]string{"max": strconv.Itoa(maxTerms)})
	}
}

// textual reports whether the field's values are text in the database.
func (f *Field) textual() bool {
	return f.Kind == Text || f.Kind == LongText || f.Kind == Email || f.Kind == URL || f.Kind == Choice
}

func likePattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// whereSearch composes: every term is found in at least one of the searched fields.
func (e *Entity) whereSearch(b *builder, terms []string, n *narrowing) []string {
	var where []string
	for i, term := range terms {
		if n != nil && n.by == term {
			continue // the ids are all that has it
		}
		pattern := patterns{engine: e.registry.engine, b: b, text: term}
		var any []string
		if leaves, tried := n.leavesOf(term); tried {
			for j, l := range leaves {
				switch {
				case l.many:
					any = append(any, l.path.probe(fmt.Sprintf("p%d_%d", i, j), pattern.in))
				case len(l.ids) > 0:
					ids := b.arg(l.ids)
					any = append(any, l.path.probe(fmt.Sprintf("p%d_%d", i, j), func(_ *Field, rowAlias, _ string) string { return e.registry.engine.AnyID(rowAlias+".id", ids) }))
				}
			}
			where = append(where, "("+strings.Join(append(any, "1 = 0"), " or ")+")")
			continue
		}
		for j, p := range e.search {
			if n != nil {
				any = append(any, p.probe(fmt.Sprintf("p%d_%d", i, j), pattern.in))
			} else {
				any = append(any, p.anywhere("t0", pattern.in))
			}
		}
		where = append(where, "("+strings.Join(any, " or ")+")")
	}
	return where
}

// leavesOf returns what was found out about a word, false when it was not tried.
func (n *narrowing) leavesOf(term string) ([]leaf, bool) {
	if n == nil {
		return nil, false
	}
	leaves, ok := n.words[term]
	return leaves, ok
}

// patterns gives a text to look for in the form that each kind of column wants, once for a statement.
type patterns struct {
	engine       db.Engine
	b            *builder
	text         string
	plain, glued string
}

// folded is the placeholder of what Engine.Contains takes.
func (p *patterns) folded() string {
	if p.glued == "" {
		p.glued = p.b.arg(p.engine.ContainsArg(p.text))
	}
	return p.glued
}

// in composes the condition that a field contains the text.
func (p *patterns) in(f *Field, rowAlias, value string) string {
	if folded := f.foldedSQL(rowAlias); folded != "" {
		return p.engine.Contains(folded, p.folded())
	}
	if p.plain == "" {
		p.plain = p.b.arg(likePattern(p.text))
	}
	return "lower(" + value + ") like " + p.plain + ` escape '\'`
}

// Containing is the condition, over {t}, that one of the fields has the text in it. All must have a Folded column.
func (e *Entity) Containing(arg func(any) string, text string, fields ...string) string {
	pattern := arg(likePattern(db.Fold(text)))
	list := make([]string, len(fields))
	for i, name := range fields {
		list[i] = "{t}." + e.fields[name].Folded + " like " + pattern + ` escape '\'`
	}
	return "(" + strings.Join(list, " or ") + ")"
}
