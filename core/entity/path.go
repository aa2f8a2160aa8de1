package entity

import (
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner/core/db"
)

// path is a compiled chain of fields; all but the last are relations.
type path struct{ steps []*Field }

func (e *Entity) path(text string) (*path, error) {
	p := &path{}
	at := e
	names := strings.Split(text, ".")
	for i := 0; i < len(names); i++ {
		if at == nil {
			return nil, fmt.Errorf("%q goes on after a field that is no relation", text)
		}
		f := at.fields[names[i]]
		if f == nil {
			return nil, fmt.Errorf("%s has no field %q", at.Name, names[i])
		}
		if f.Via != "" {
			names = slices.Concat(strings.Split(f.Via, "."), names[i+1:])
			i = -1
			continue
		}
		if f.Only != nil {
			return nil, fmt.Errorf("%q leads through %s, which shows each actor something else", text, f.Name)
		}
		p.steps = append(p.steps, f)
		at = f.to
	}
	return p, nil
}

func (p *path) last() *Field { return p.steps[len(p.steps)-1] }

// where composes the condition that the value at the end of the path, reached from the row at alias, satisfies pred.
func (p *path) where(alias string, pred func(f *Field, row, value string) string) string {
	return whereSteps(p.steps, alias, 1, pred)
}

// Each exists ends in a limit, which changes nothing but that SQLite looks it up row by row, instead of first reading all of the other table to know what it need not
// look up.
func whereSteps(steps []*Field, alias string, depth int, pred func(f *Field, row, value string) string) string {
	f, final := steps[0], len(steps) == 1
	k := fmt.Sprintf("%sf%d", alias, depth)
	alive := ""
	if f.to != nil {
		alive = f.to.alive("{k}")
	}
	rest := func(row string) string { return whereSteps(steps[1:], row, depth+1, pred) }
	switch {
	case f.Kind == Ref && len(steps) > 1 && (len(steps) == 2 && steps[1].Kind == UUID || climbs(steps)):
		// Few records have the UUIDs, or lie below a record of a tree: they are found first, and what refers to them by its index.
		sql := fmt.Sprintf("select %s.id from %s %s where %s%s", k, f.to.Table, k, rest(k), strings.ReplaceAll(alive, "{k}", k))
		if f.entity.registry.engine == db.Postgres {
			return fmt.Sprintf("%s = any(array(%s))", f.sql(alias), sql)
		}
		return fmt.Sprintf("%s in (%s)", f.sql(alias), sql)
	case f.Kind == Refs && final:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s.id and %s limit 1)", f.Through, k, k, f.Owner, alias, pred(f, k, k+"."+f.Target))
	case f.Kind == Refs:
		return fmt.Sprintf("exists (select 1 from %s %s join %s %sr on %sr.id = %s.%s where %s.%s = %s.id%s and %s limit 1)",
			f.Through, k, f.to.Table, k, k, k, f.Target, k, f.Owner, alias, strings.ReplaceAll(alive, "{k}", k+"r"), rest(k+"r"))
	case f.Kind == Children && final:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s%s and %s limit 1)", f.to.Table, k, k, f.ForeignKey, f.ownSQL(alias), strings.ReplaceAll(alive, "{k}", k), pred(f, k, k+".id"))
	case f.Kind == Children:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.%s = %s%s and %s limit 1)", f.to.Table, k, k, f.ForeignKey, f.ownSQL(alias), strings.ReplaceAll(alive, "{k}", k), rest(k))
	case final:
		return pred(f, alias, f.sql(alias))
	default:
		return fmt.Sprintf("exists (select 1 from %s %s where %s.id = %s%s%s and %s limit 1)", f.to.Table, k, k, f.sql(alias), f.beside(k, alias), strings.ReplaceAll(alive, "{k}", k), rest(k))
	}
}

// climbs reports whether a way goes up a tree by two levels or more.
func climbs(steps []*Field) bool {
	return steps[0].to == steps[0].entity && steps[1].Kind == Ref && steps[1].to == steps[0].entity
}

// anywhere composes the same condition for use between others joined by or: as sets of ids that the database works out once for the whole
// statement, instead of anew for each row.
func (p *path) anywhere(alias string, pred func(f *Field, row, value string) string) string {
	return anywhereSteps(p.steps, alias, 1, pred)
}

func anywhereSteps(steps []*Field, alias string, depth int, pred func(f *Field, row, value string) string) string {
	f := steps[0]
	if len(steps) == 1 {
		return whereSteps(steps, alias, depth, pred)
	}
	k := fmt.Sprintf("%sg%d", alias, depth)
	rest := anywhereSteps(steps[1:], k, depth+1, pred)
	rest += f.to.alive(k)
	switch f.Kind {
	case Refs:
		return fmt.Sprintf("%s.id in (select %sx.%s from %s %sx where %sx.%s in (select %s.id from %s %s where %s))",
			alias, k, f.Owner, f.Through, k, k, f.Target, k, f.to.Table, k, rest)
	case Children:
		return fmt.Sprintf("%s.id in (select %s.%s from %s %s where %s)", alias, k, f.ForeignKey, f.to.Table, k, rest)
	}
	return fmt.Sprintf("%s in (select %s.id from %s %s where %s)", f.sql(alias), k, f.to.Table, k, rest)
}

// probe composes the condition over the row t0 for a look behind the relation at one row after the other: in a form of which PostgreSQL does not make
// a table of all that there is.
func (p *path) probe(k string, pred func(f *Field, row, value string) string) string {
	if len(p.steps) == 1 {
		return pred(p.steps[0], "t0", p.steps[0].sql("t0"))
	}
	f := p.steps[0]
	if !p.leads() {
		return fmt.Sprintf("(select true from %s %s where %s.id = %s%s and %s limit 1)", f.to.Table, k, k, f.sql("t0"), f.to.alive(k), whereSteps(p.steps[1:], k, 2, pred))
	}
	if f.Kind == Refs {
		return fmt.Sprintf("(select true from %s %s join %s %sr on %sr.id = %s.%s where %s.%s = t0.id%s and %s limit 1)",
			f.Through, k, f.to.Table, k, k, k, f.Target, k, f.Owner, f.to.alive(k+"r"), whereSteps(p.steps[1:], k+"r", 2, pred))
	}
	return fmt.Sprintf("(select true from %s %s where %s.%s = %s%s and %s limit 1)", f.to.Table, k, k, f.ForeignKey, f.ownSQL("t0"), f.to.alive(k), whereSteps(p.steps[1:], k, 2, pred))
}

// beside is the condition, with an and before it, that the record which a reference of a row leads to is in the workspace of the row, as every one is: the indexes of a
// table begin with the workspace. It is "" where the two need not be in the same.
func (f *Field) beside(to, alias string) string {
	if !f.Stored() || f.entity.Global || f.to.Global {
		return ""
	}
	return " and " + to + ".workspace_id = " + alias + ".workspace_id"
}

// alive is the condition on rows that are not deleted, with an and before it; "" when none ever are.
func (e *Entity) alive(alias string) string {
	if sql := e.living(alias); sql != "" {
		return " and " + sql
	}
	return ""
}

// living is the same condition alone.
func (e *Entity) living(alias string) string {
	switch {
	case e.SoftDelete:
		return alias + ".deleted_at is null"
	case e.Validity:
		return alias + ".validity_to is null"
	}
	return ""
}
