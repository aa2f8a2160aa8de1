package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules"
)

// large is the number of rows from which on a table must not be read whole.
const large = 10_000

// No list may read a large table from end to end, whatever it is asked for: each filter, each order both ways, a search, and searches and filters together with
// each order, as they come from the declarations, sent as a request and asked of the database as they arrive there. Lists below a record, lists of GraphQL and
// the pages behind a cursor are asked likewise. Left out are lists that REST never cuts into pages, unless below a record: all that there is is their answer, and
// GraphQL, which cuts them, sorts them first; and totals (`count=none`): to count what a filter leaves, all of it is looked at, which is why they are kept (entity.Count).
// PostgreSQL reads tables of a few tens of thousands rows whole, and is right, so there are a hundred thousand visits on both engines.
// Orders within filters are asked by who sees all, and for their first page; `make soak` asks them by everybody, and for the page behind it.
func TestListsReadNoLargeTableWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a hundred thousand visits")
	}
	listsOfVisits(t, false)
}

// TestSoakListsReadNoLargeTableWhole asks all of everybody.
func TestSoakListsReadNoLargeTableWhole(t *testing.T) {
	if os.Getenv("ALMONER_SOAK") == "" {
		t.Skip("takes minutes: set ALMONER_SOAK")
	}
	listsOfVisits(t, true)
}

func listsOfVisits(t *testing.T, all bool) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, modules.All(), []string{world}, func(t *testing.T, a *apptest.App) {
		fillRegister(t, a, country(100_000))
		g := guard{T: t, a: a, all: all, rows: map[string]int64{}, seen: map[string]bool{}}
		asked := 0
		for _, r := range a.Set.Resources() {
			if r.Path == "" || r.Can&api.List == 0 || r.Paging == api.Bare && r.Within == nil {
				continue
			}
			people := []string{planner}
			if r.Entity.Ruled { // then what people see differs
				people = append(people, "tpm@firm.example")
			}
			for _, who := range people {
				for _, query := range g.queries(r) {
					if all || who == planner || !crossed(query) {
						asked += g.ask(who, r, query)
					}
				}
			}
		}
		if asked < 300 {
			t.Errorf("only %d lists were answered", asked)
		}
		graphs := g.graphs()
		if graphs < 60 {
			t.Errorf("only %d lists of GraphQL were answered", graphs)
		}
		asked += graphs
		t.Logf("%d lists, %d statements", asked, len(g.seen))
	})
}

// guard asks lists and looks at how the database runs what they send.
type guard struct {
	*testing.T
	a *apptest.App
	// all asks for second pages of filters with orders, too.
	all bool
	// rows is the size of each table that was looked at.
	rows map[string]int64
	// seen are the statements that were looked at.
	seen map[string]bool
}

// queries are the parameters that a list is asked with.
func (g *guard) queries(r *api.Resource) []string {
	filters := []string{""}
	var past []string
	for _, p := range r.Entity.FilterParams(entity.Viewer{AllFields: true}) {
		asked := p.Name + "=" + url.QueryEscape(g.value(p))
		if p.Lookup == "show_history" || p.Lookup == "validity" {
			past = append(past, asked)
			continue
		}
		filters = append(filters, asked)
	}
	// What is past stands in another table, and is shown with what is of today.
	list := slices.Clone(past)
	if len(past) > 0 {
		for i, f := range filters[1:] {
			list = append(list, past[i%len(past)]+"&"+f)
		}
		for _, sort := range r.Entity.SortNames(entity.Viewer{AllFields: true}) {
			list = append(list, "ordering="+sort+"&"+past[0], "ordering=-"+sort+"&"+past[len(past)-1])
		}
	}
	if r.Entity.Searches() {
		// A word that nothing has and one that most have; below, alone, one that few have, two words, and part of one.
		filters = append(filters, "search=nowhere", "search=tan")
		list = append(list, "search=zubexi", "search=bakitan+zubexi", "search=17")
	}
	list = append(list, filters...)
	turn := ""
	for _, sort := range r.Entity.SortNames(entity.Viewer{AllFields: true}) {
		if r.Entity.Name == "location.location" && sort == "admin_level" {
			continue // a country has five levels: most places are equal in this order, and what is equal is sorted by id
		}
		list = append(list, "ordering="+sort, "ordering=-"+sort)
		for _, f := range filters[1:] {
			list = append(list, f+"&ordering="+turn+sort)
			if turn = ""; len(list)%2 == 0 {
				turn = "-"
			}
		}
	}
	return list
}

// crossed reports whether a query has both a filter and an order.
func crossed(query string) bool {
	return strings.Contains(query, "&ordering=") || strings.HasPrefix(query, "ordering=") && strings.Contains(query, "&")
}

// value is something that a filter finds records by.
func (g *guard) value(p entity.FilterParam) string {
	f := p.Field
	switch {
	case p.Lookup == "year":
		return "2025"
	case p.Lookup == "show_history":
		return "true"
	case p.Lookup == "validity":
		return "2025-03-01"
	case p.Lookup == "isnull" || f.Kind == entity.Bool:
		return "false"
	case f.Relation():
		id := g.number("select coalesce(max(id), 1) from " + f.TargetEntity().Table)
		if p.Lookup == "in" {
			return fmt.Sprint(id, ",", id-1)
		}
		return fmt.Sprint(id)
	case f.Kind == entity.Choice && p.Lookup == "in":
		return f.Choices[0].Value + "," + f.Choices[1].Value
	case f.Kind == entity.Choice:
		return f.Choices[1].Value
	case f.Kind == entity.Date || f.Kind == entity.Time:
		return "2025-03-01"
	case f.Kind == entity.Integer:
		return "1"
	case f.Kind == entity.Decimal:
		return "12.50"
	}
	return "KE917"
}

func (g *guard) number(sql string) (n int64) {
	g.Helper()
	if err := g.a.DB.QueryRow(g.Context(), sql).Scan(&n); err != nil {
		g.Fatalf("%s: %v", sql, err)
	}
	return n
}

// listing is what the statements of a list have: its rows, and what leads to them.
var listing = regexp.MustCompile(` t0 | led limit | as leaf, `)

// ask sends one list and looks at its statements; it returns 1 when the list was open to who asked.
func (g *guard) ask(who string, r *api.Resource, query string) int {
	g.Helper()
	address := r.Path + "?count=none&page=1&page_size=20&" + strings.TrimPrefix(query, "&")
	if r.Paging == api.Bare {
		address = r.Path + "?" + strings.TrimPrefix(query, "&")
	}
	if r.Within != nil {
		address = strings.Replace(address, "{"+r.Within.Param+"}", fmt.Sprint(g.number("select max(id) from "+r.Within.Entity.Table)), 1)
	}
	for pages := 0; address != "" && pages < 2; pages++ {
		ctx, counter := db.CountStatements(g.Context())
		answer := g.a.As(who).WithContext(ctx).Get(address)
		if answer.Status == http.StatusForbidden || r.Within != nil && answer.Status == http.StatusNotFound {
			return 0
		}
		answer.Want(g, http.StatusOK)
		g.look(address+" as "+who, counter)
		if r.Paging == api.Bare || !g.all && crossed(query) {
			break
		}
		address = ""
		if next, ok := answer.Object(g)["next"].(string); ok {
			u, err := url.Parse(next)
			if err != nil {
				g.Fatal(err)
			}
			address = u.RequestURI()
		}
	}
	return 1
}

// graphs asks the lists of GraphQL in each order, and for words; their filters become the same conditions as those of REST. It returns how many were answered.
func (g *guard) graphs() int {
	g.Helper()
	asked := 0
	for _, p := range pairs(g.T, g.a) {
		if !p.List || p.Plain || p.resource.Paging == api.Bare {
			continue // what REST never cuts into pages has no indexes for it
		}
		given := []string{"first: 20"}
		if p.Parent != nil {
			given = append(given, fmt.Sprintf("%s: %d", argumentOf(p.Parent.Name), g.number("select max(id) from "+p.Parent.Entity.Table)))
		}
		first := strings.Join(given, ", ")
		list := []string{first}
		if p.Entity.Searches() {
			list = append(list, first+`, search: "nowhere"`, first+`, search: "tan"`, first+`, search: "zubexi"`)
		}
		for _, sort := range p.Entity.SortNames(entity.Viewer{Trusted: true}) {
			if p.Entity.Name != "location.location" || sort != "admin_level" {
				list = append(list, first+`, orderBy: "`+sort+`"`, first+`, orderBy: "-`+sort+`"`)
			}
		}
		for _, arguments := range list {
			query := fmt.Sprintf("{ %s(%s) { edges { node { id } } } }", p.ListName(), arguments)
			ctx, counter := db.CountStatements(g.Context())
			answer := g.a.As(planner).WithContext(ctx).Do(http.MethodPost, "/api/graphql", map[string]any{"query": query}).Want(g, http.StatusOK)
			if !strings.Contains(string(answer.Body), `"errors"`) {
				asked++
			}
			g.look(query, counter)
		}
	}
	return asked
}

// look complains of the statements of a list that read a large table from end to end.
func (g *guard) look(what string, counter *db.Counter) {
	g.Helper()
	for _, s := range counter.Statements() {
		if g.seen[s.SQL] || !listing.MatchString(s.SQL) {
			continue
		}
		g.seen[s.SQL] = true
		for _, table := range g.scans(s) {
			g.Errorf("%s reads all of %s:\n%s\n%v", what, table, s.SQL, g.explain(s))
		}
	}
}

// sqliteScan is a table that is read from end to end, or all of it that is in one workspace.
var sqliteScan = regexp.MustCompile(`^(?:SCAN (\w+)|SEARCH (\w+) USING (?:COVERING )?INDEX \w+ \(workspace_id=\?\)$)`)

// sqliteBloom is a table that is read whole, to know what is not worth looking up in it.
var sqliteBloom = regexp.MustCompile(`^BLOOM FILTER ON (\w+)`)

// scans are the large tables that a statement reads from end to end.
func (g *guard) scans(s db.Statement) []string {
	var list []string
	if g.a.DB.Engine() == db.SQLite {
		lines := g.explain(s)
		for _, line := range lines {
			m := sqliteScan.FindStringSubmatch(line.text)
			if bloom := sqliteBloom.FindStringSubmatch(line.text); bloom != nil {
				m = append(bloom, "")
			}
			if m == nil || strings.Contains(line.text, "VIRTUAL TABLE") {
				continue
			}
			alias := m[1] + m[2]
			// A table that the statement makes has what was found by its own lines, which are looked at.
			if slices.Contains(lines, explained{line.parent, "CO-ROUTINE " + alias}) || slices.Contains(lines, explained{line.parent, "MATERIALIZE " + alias}) {
				continue
			}
			// Rows that come in the order of the page end with the page, and where a filter leads is read up to a limit. Nothing ends the look behind a
			// relation, nor that for a word without an index.
			if ends := regexp.MustCompile(`^(t0|s\d.*|n\d+)$`); ends.MatchString(alias) && !slices.Contains(lines, explained{line.parent, "USE TEMP B-TREE FOR ORDER BY"}) {
				continue
			}
			table := alias
			if of := regexp.MustCompile(`(?:from|join) (\w+) ` + alias + `\b`).FindStringSubmatch(s.SQL); of != nil {
				table = of[1]
			}
			if g.large(table) {
				list = append(list, table)
			}
		}
		return list
	}
	var plans []struct{ Plan map[string]any }
	if err := json.Unmarshal([]byte(g.explain(s)[0].text), &plans); err != nil {
		g.Fatal(err)
	}
	var walk func(node, above map[string]any)
	walk = func(node, above map[string]any) {
		table, _ := node["Relation Name"].(string)
		rows, _ := node["Plan Rows"].(float64)
		bound, _ := above["Plan Rows"].(float64)
		// A limit right above more rows than it lets through ends the reading.
		if node["Node Type"] == "Seq Scan" && g.large(table) && !(above["Node Type"] == "Limit" && rows > bound) {
			list = append(list, table)
		}
		below, _ := node["Plans"].([]any)
		for _, b := range below {
			walk(b.(map[string]any), node)
		}
	}
	for _, p := range plans {
		walk(p.Plan, nil)
	}
	return list
}

// large reports whether a table has many rows.
func (g *guard) large(table string) bool {
	n, ok := g.rows[table]
	if !ok {
		if g.number("select count(*) from "+g.catalogue()+" where name = '"+table+"'") > 0 {
			n = g.number("select count(*) from " + table)
		}
		g.rows[table] = n
	}
	return n > large
}

// catalogue has a row for each table.
func (g *guard) catalogue() string {
	if g.a.DB.Engine() == db.SQLite {
		return "sqlite_schema"
	}
	return "(select relname as name from pg_class where relkind = 'r') tables"
}

// explained is one line of how the database runs a statement, on SQLite with the one that it is part of.
type explained struct {
	parent int64
	text   string
}

// explain is how the database runs a statement.
func (g *guard) explain(s db.Statement) []explained {
	g.Helper()
	prefix := "explain query plan "
	if g.a.DB.Engine() == db.Postgres {
		prefix = "explain (format json) "
	}
	var lines []explained
	err := g.a.DB.View(context.Background(), func(q db.Queryer) error {
		if g.a.DB.Engine() == db.Postgres && (strings.Contains(s.SQL, " as leaf, ") || strings.Contains(s.SQL, "t0.id = any(")) {
			// For a word that one text in a hundred has, and for what some hundreds of records refer to, both ways cost the same, and statistics decide by chance: it
			// matters that there is an index.
			rows, err := q.Query(context.Background(), "set local enable_seqscan = off")
			if err != nil {
				return err
			}
			rows.Close()
		}
		rows, err := q.Query(context.Background(), prefix+s.SQL, s.Args...)
		lines, err = db.Collect(rows, err, func(r db.Row) (line explained, err error) {
			if g.a.DB.Engine() == db.Postgres {
				return line, r.Scan(&line.text)
			}
			var id, unused int64
			return line, r.Scan(&id, &line.parent, &unused, &line.text)
		})
		return err
	})
	if err != nil {
		g.Fatalf("explain %s: %v", s.SQL, err)
	}
	return lines
}
