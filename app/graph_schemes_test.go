package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules"
	"almoner.dev/almoner/modules/location"
)

// twin is a list of the insurance wire with the list of REST that shows the same records.
type twin struct{ entity, graph, path, shape string }

var twins = []twin{
	{"insuree.insuree", "insurees", "/api/insuree/insurees/", ""},
	{"insuree.family", "families", "/api/insuree/families/", ""},
	{"insuree.status_reason", "insureeStatusReasons", "/api/insuree/status-reasons/", ""},
	{"location.location", "locationsAll", "/api/location/locations/", "record"},
	{"facility.health_facility", "healthFacilities", "/api/facility/health-facilities/", "record"},
	{"medical.item", "medicalItems", "/api/medical/items/", ""},
	{"medical.service", "medicalServices", "/api/medical/services/", "record"},
	{"medical.services_pricelist", "servicesPricelists", "/api/medical/services-pricelists/", "record"},
	{"medical.items_pricelist", "itemsPricelists", "/api/medical/items-pricelists/", "record"},
}

// twinsWithin are lists in records: their owner, the field there, and the list of REST that shows the same when it is asked for the owner.
var twinsWithin = []struct {
	owner, field string
	twin
	by string
}{
	{"families", "members", twin{"insuree.insuree", "", "/api/insuree/insurees/", ""}, "family"},
	{"locationsAll", "children", twin{"location.location", "", "/api/location/locations/", "record"}, "parent"},
	{"servicesPricelists", "details", twin{"medical.services_pricelist_detail", "", "/api/medical/services-pricelist-details/", "record"}, "pricelist"},
	{"medicalItems", "pricelistDetails", twin{"medical.items_pricelist_detail", "", "/api/medical/items-pricelist-details/", "record"}, "item"},
}

// schemes is the program with an insurance scheme in it.
type schemes struct {
	a      *apptest.App
	schema *gql.Schema
	names  gql.Names
}

// Somebody who sees all, somebody who works in one district, somebody without rights.
const (
	districtClerk = "clerk@agency.example"
	guest         = "guest@agency.example"
)

func eachScheme(t *testing.T, fn func(t *testing.T, s *schemes)) {
	t.Helper()
	t.Parallel()
	files := []string{"../demo/00-workspaces.yaml", "../demo/60-insurance-imi.yaml", "testdata/priced.yaml"}
	apptest.Each(t, modules.All(), files, func(t *testing.T, a *apptest.App) {
		actor, err := a.Set.Identity().OfEmail(t.Context(), a.DB, "scheme@almoner.example", "")
		if err != nil {
			t.Fatal(err)
		}
		places := a.Set.Parts["location"].Service.(*location.Service)
		ctx := almoner.WithActor(t.Context(), actor)
		err = a.DB.InTx(ctx, func(tx *db.Tx) error {
			var user, district int64
			if err := tx.QueryRow(ctx, "select u.id, l.id from account_users u, location_locations l where u.email = $1 and l.p_code = 'R1D1'", districtClerk).Scan(&user, &district); err != nil {
				return err
			}
			return places.SetDistricts(ctx, tx, user, []int64{district})
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, &schemes{a, a.API.GraphQL(), a.Set.Graph()})
	})
}

// open reports whether lists of the insurance wire show a value. Extension fields have tests of their own.
func open(e *entity.Entity, o entity.Out) bool {
	return o.Field != nil && o.Name != "extensions" && o.Field.ExtensionKey() == "" && slices.Contains(append(strings.Fields(e.Open), "id"), o.Path[0])
}

// selection writes what a shape shows, as selects does, with lists as the wire has them.
func (s *schemes) selection(e *entity.Entity, outs []entity.Out) string {
	var b strings.Builder
	for _, o := range outs {
		if !open(e, o) {
			continue
		}
		text := s.schema.FieldName(o.Field)
		if o.Field.Relation() {
			inner := " {id" + s.selection(o.Field.TargetEntity(), o.Nested) + "}"
			if o.Field.Kind != entity.Ref && !s.plain(o.Field) {
				inner = " {edges {node" + inner + "}}"
			}
			text += inner
		}
		way := wayOf(s.schema, e, o)
		for i := len(o.Path) - 2; i >= 0; i-- {
			text = way[i] + " {" + text + "}"
		}
		b.WriteString(" " + text)
	}
	return b.String()
}

// plain reports whether a list has no connection around it.
func (s *schemes) plain(f *entity.Field) bool {
	return slices.Contains(s.names[f.Entity().Name].Lists, f.Name)
}

// nodes are the records of a list, whichever form it has.
func nodes(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	edges, _ := at2(v, "edges").([]any)
	list := make([]any, len(edges))
	for i, e := range edges {
		list[i] = at2(e, "node")
	}
	return list
}

// differ says where a record over REST and over GraphQL differ, "" nowhere.
func (s *schemes) differ(e *entity.Entity, rest map[string]any, graph any, outs []entity.Out) string {
	for _, o := range outs {
		if !open(e, o) {
			continue
		}
		node, _ := graph.(map[string]any)
		r, g := rest[o.Name], at(node, wayOf(s.schema, e, o))
		if d := s.differAt(o, r, g); d != "" {
			return o.Name + ": " + d
		}
	}
	return ""
}

func (s *schemes) differAt(o entity.Out, r, g any) string {
	unequal := fmt.Sprintf("%v over REST, %v over GraphQL", r, g)
	to := o.Field.TargetEntity()
	one := func(r, g any) string {
		switch r := r.(type) {
		case map[string]any:
			return s.differ(to, r, g, o.Nested)
		case nil:
			if g != nil {
				return unequal
			}
		default:
			if !sameID(r, at2(g, "id")) {
				return unequal
			}
		}
		return ""
	}
	switch o.Field.Kind {
	case entity.Ref:
		return one(r, g)
	case entity.Refs, entity.Children:
		list, _ := r.([]any)
		others := nodes(g)
		if len(list) != len(others) {
			return unequal
		}
		for i := range list {
			if d := one(list[i], others[i]); d != "" {
				return fmt.Sprintf("%d: %s", i, d)
			}
		}
		return ""
	case entity.Choice:
		if text, ok := r.(string); ok && g != r {
			r = gql.EnumName(o.Field, text)
		}
	case entity.Time:
		if text, ok := r.(string); ok {
			r = strings.TrimSuffix(text, "Z")
		}
	case entity.JSON:
		if text, ok := g.(string); ok {
			var tree any
			if json.Unmarshal([]byte(text), &tree) == nil {
				g = tree
			}
		}
	}
	if o.Field.Name == "id" {
		// Some ids hold a code.
		if s.names[o.Field.Entity().Name].Key == "" && !sameID(r, g) {
			return unequal
		}
		return ""
	}
	if !reflect.DeepEqual(r, g) {
		return unequal
	}
	return ""
}

// sameID compares a number with a global id, or with a bare one.
func sameID(r, g any) bool { return r == g || r == keyOf(g) || fmt.Sprint(r) == g }

// drawn is a question on both wires.
type drawn struct {
	query     url.Values
	arguments []string
}

// draw chooses filters, an order and a page; lists in records can be asked for less.
func (s *schemes) draw(t *rapid.T, e *entity.Entity, inRecord bool) (d drawn) {
	d.query = url.Values{}
	add := func(param, name, value, argument string) {
		if !d.query.Has(param) {
			d.query.Set(param, value)
			d.arguments = append(d.arguments, name+": "+argument)
		}
	}
	filters := slices.DeleteFunc(e.FilterParams(entity.Viewer{AllFields: true}), func(f entity.FilterParam) bool {
		return f.Lookup == "validity" || inRecord && f.Lookup == "show_history"
	})
	if len(filters) > 0 {
		for range rapid.SampledFrom([]int{0, 1, 1, 2}).Draw(t, "filters") {
			f := rapid.SampledFrom(filters).Draw(t, "filter")
			value, argument := s.value(t, f)
			add(f.Name, s.schema.ArgumentName(e, f), value, argument)
		}
	}
	if !inRecord && e.Searches() && rapid.IntRange(0, 3).Draw(t, "searches") == 0 {
		v := rapid.SampledFrom([]string{"a", "me", "MENSAH", "1002", "hf", "ra"}).Draw(t, "search")
		add("search", "search", v, strconv.Quote(v))
	}
	if names := e.SortNames(entity.Viewer{AllFields: true}); len(names) > 0 {
		var order, by []string
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(t, "order") {
			minus := rapid.SampledFrom([]string{"", "-"}).Draw(t, "direction")
			order, by = append(order, minus+name), append(by, strconv.Quote(minus+rapid.SampledFrom([]string{name, argumentOf(name)}).Draw(t, "spelling")))
		}
		if len(order) > 0 {
			add("ordering", "orderBy", strings.Join(order, ","), "["+strings.Join(by, ", ")+"]")
		}
	}
	number, size := rapid.IntRange(1, 2).Draw(t, "page"), rapid.SampledFrom([]int{1, 4, 25}).Draw(t, "size")
	add("page", "first", strconv.Itoa(number), strconv.Itoa(size))
	add("page_size", "offset", strconv.Itoa(size), strconv.Itoa((number-1)*size))
	return d
}

// value chooses what a filter is asked for, out of what there is.
func (s *schemes) value(t *rapid.T, f entity.FilterParam) (param, argument string) {
	one := func() (string, string) {
		quoted := func(list ...string) (string, string) {
			v := rapid.SampledFrom(list).Draw(t, "value")
			return v, strconv.Quote(v)
		}
		switch {
		case f.Lookup == "isnull" || f.Lookup == "show_history" || f.Field.Kind == entity.Bool:
			v := rapid.SampledFrom([]string{"true", "false"}).Draw(t, "truth")
			return v, v
		case f.Field.Relation(), f.Field.Name == "id":
			return quoted("1", "2", "3", "5", "14", "999")
		case f.Field.Kind == entity.Choice:
			c := rapid.SampledFrom(f.Field.Choices).Draw(t, "choice")
			if enum := s.names[f.Field.Entity().Name].Enums[f.Field.Name]; enum == "String" {
				return c.Value, strconv.Quote(c.Value)
			}
			return c.Value, gql.EnumName(f.Field, c.Value)
		case f.Field.Kind == entity.Date:
			return quoted("1980-01-01", "1990-11-19", "2005-06-20", "2026-01-01")
		case f.Field.Kind == entity.Time:
			return quoted("2020-01-01T00:00:00", "2090-01-01T10:00:00")
		case f.Field.Kind == entity.UUID:
			return quoted("00000000-0000-4000-8000-000000000000")
		case f.Field.Kind == entity.Integer:
			v := strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "number"))
			return v, v
		case f.Field.Kind == entity.Decimal:
			return quoted("7.00", "10.00", "99.5")
		}
		return quoted("R1", "R1D1", "1002", "100204037", "Mensah", "m", "House 3", "A", "H", "G", "F", "+000", "HF1", "")
	}
	if f.Lookup != "in" {
		return one()
	}
	var params, arguments []string
	for range rapid.IntRange(1, 3).Draw(t, "values") {
		p, a := one()
		params, arguments = append(params, p), append(arguments, a)
	}
	return strings.Join(params, ","), "[" + strings.Join(arguments, ", ") + "]"
}

// envelope is a page over REST.
type envelope struct {
	Count   int
	Results []map[string]any
}

// page asks REST; the status is that of the answer, and 200 for a page behind the last.
func (s *schemes) page(t *rapid.T, who, path string, query url.Values) (*apptest.Response, envelope) {
	r := s.a.As(who).Get(path + "?" + query.Encode())
	var page envelope
	if r.Status == http.StatusNotFound && strings.Contains(string(r.Body), "page") {
		page.Count = -1
		r.Status = http.StatusOK
		return r, page
	}
	if r.Status == http.StatusOK {
		if err := json.Unmarshal(r.Body, &page); err != nil {
			t.Fatalf("%s: %s", path, r.Body)
		}
	}
	return r, page
}

// compare reports the first difference between a page over REST and a list over GraphQL.
func (s *schemes) compare(t *rapid.T, what string, e *entity.Entity, outs []entity.Out, page envelope, list any) {
	others := nodes(list)
	if page.Count >= 0 && at2(list, "totalCount") != float64(page.Count) || len(others) != len(page.Results) {
		t.Fatalf("%s: %d of %d over REST; GraphQL says %v", what, len(page.Results), page.Count, list)
	}
	for i, row := range page.Results {
		if d := s.differ(e, row, others[i], outs); d != "" {
			t.Fatalf("%s, row %d: %s", what, i, d)
		}
	}
}

// For whoever asks, any filters, order and page of the lists of an insurance scheme show the same rows with the same in each of them on both wires; so do lists within
// records with arguments of their own.
func TestSchemesAgree(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		rows, refused := 0, 0
		t.Run("lists", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := rapid.SampledFrom(twins).Draw(t, "list")
				who := rapid.SampledFrom([]string{"scheme@almoner.example", "scheme@almoner.example", districtClerk, districtClerk, guest}).Draw(t, "who")
				e := s.a.Set.Registry.Entity(p.entity)
				d := s.draw(t, e, false)
				outs := e.Outline(p.shape, entity.Viewer{Trusted: true})
				document := fmt.Sprintf("{ %s(%s) { totalCount edges { node { id%s } } } }", p.graph, strings.Join(d.arguments, ", "), s.selection(e, outs))
				what := fmt.Sprintf("%s: %s?%s and %s", who, p.path, d.query.Encode(), document)
				r, page := s.page(t, who, p.path, d.query)
				g := askGraph(t, s.a.As(who), document)
				if refusedAlike(t, what, r, g) {
					refused++
					return
				}
				s.compare(t, what, e, outs, page, map[string]any(g.Data[p.graph]))
				rows += len(page.Results)
			})
		})
		t.Run("within", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := rapid.SampledFrom(twinsWithin).Draw(t, "list")
				e := s.a.Set.Registry.Entity(p.entity)
				d := s.draw(t, e, true)
				if d.query.Has(p.by) {
					return // REST is asked for the owner by that
				}
				outs := e.Outline(p.shape, entity.Viewer{Trusted: true})
				document := fmt.Sprintf("{ %s(first: 40) { edges { node { id %s(%s) { totalCount edges { node { id%s } } } } } } }", p.owner, p.field, strings.Join(d.arguments, ", "), s.selection(e, outs))
				g := askGraph(t, s.a.As("scheme@almoner.example"), document)
				if len(g.Errors) > 0 {
					refused++
					return
				}
				owners := nodes(map[string]any(g.Data[p.owner]))
				owner := owners[rapid.IntRange(0, len(owners)-1).Draw(t, "owner")]
				d.query.Set(p.by, strconv.Itoa(int(keyOf(at2(owner, "id")))))
				r, page := s.page(t, "scheme@almoner.example", p.path, d.query)
				if r.Status != http.StatusOK {
					t.Fatalf("%s: %d %s", document, r.Status, r.Body)
				}
				s.compare(t, p.path+"?"+d.query.Encode()+" and "+document, e, outs, page, at2(owner, p.field))
				rows += len(page.Results)
			})
		})
		if rows < 1000 || refused < 100 {
			t.Errorf("only %d rows and %d refusals were compared", rows, refused)
		}
	})
}
