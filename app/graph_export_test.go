package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

// exported asks for a file, and returns its name.
func exported(t *testing.T, c *apptest.Client, root, arguments string) string {
	t.Helper()
	if arguments != "" {
		arguments = "(" + arguments + ")"
	}
	data, faults := dataOf(t, c, "{"+root+arguments+"}")
	name, _ := data[root].(string)
	if faults != "" || name == "" {
		t.Fatalf("%s%s: %v %s", root, arguments, data, faults)
	}
	return name
}

// fetched is a file as it is fetched.
func fetched(t *testing.T, c *apptest.Client, name string) *apptest.Response {
	t.Helper()
	return c.Get("/api/core/fetch_export?export="+name).Want(t, http.StatusOK)
}

// sheet is the rows of a list as a file, the header among them.
func sheet(t *testing.T, c *apptest.Client, root, arguments string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(fetched(t, c, exported(t, c, root, arguments)).Body)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s(%s): %q %v", root, arguments, rows, err)
	}
	return rows
}

// A list is taken away whole, as clients of openIMIS do it (openimis-core §2.11): with the arguments of the list, the columns that they name, a number before each row.
func TestGraphExports(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		head, clerk := s.a.As(schemeHead), s.a.As(districtClerk)
		rows := sheet(t, head, "insureesExport", `fileFormat: "csv", orderBy: ["-chfId"], first: 3, fields: ["chf_id", "last_name", "dob", "gender__code", "family.location__parent__code", "head", "json_ext__shoe"], fieldsColumns: {chf_id: "Number", other: "x", head: "Head"}`)
		if want := []string{"", "Number", "last_name", "dob", "gender__code", "family.location__parent__code", "Head", "json_ext__shoe"}; !slices.Equal(rows[0], want) {
			t.Errorf("the columns are %q", rows[0])
		}
		if len(rows) != 45 || rows[1][0] != "1" || rows[44][0] != "44" || rows[1][1] != "100205628" {
			t.Errorf("there are %d rows, from %q to %q", len(rows), rows[1], rows[len(rows)-1])
		}
		for _, row := range rows[1:] {
			if !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(row[3]) || row[4] == "" || row[6] != "true" && row[6] != "false" {
				t.Fatalf("a row is %q", row)
			}
		}
		if few := sheet(t, head, "insureesExport", `lastName_Iexact: "mensah", customFilters: ["gender__code__exact__string=\"F\""], fields: ["last_name", "gender__code"]`); len(few) < 2 || len(few) > 5 || few[1][1] != "Mensah" || few[1][2] != "F" {
			t.Errorf("of a family: %q", few)
		}
		for _, c := range []struct {
			root, record string
			list         string
		}{
			{"insureesExport", "Insuree", "insurees"},
			{"familiesExport", "Family", "families"},
			{"healthFacilitiesExport", "HealthFacility", "healthFacilities"},
			{"locationsExport", "Location", "locations(orderBy: \"code\")"},
			{"medicalItemsExport", "Item", "medicalItems"},
			{"medicalServicesExport", "Service", "medicalServices"},
			{"itemsPricelistsExport", "ItemsPricelist", "itemsPricelists"},
			{"servicesPricelistsExport", "ServicesPricelist", "servicesPricelists"},
			{"usersExport", "User", "users"},
			{"enrolmentOfficersExport", "Officer", "enrolmentOfficers"},
		} {
			for _, who := range []*apptest.Client{head, clerk} {
				data, faults := dataOf(t, who, "{"+c.list+"{edges{node{id}}}}")
				root, _, _ := strings.Cut(c.list, "(")
				if faults != "" {
					// What is no list for somebody is no file either.
					if _, also := dataOf(t, who, "{"+c.root+"}"); !strings.Contains(also, `"FORBIDDEN"`) || !strings.Contains(faults, `"FORBIDDEN"`) {
						t.Errorf("%s: %s, and %s", c.root, faults, also)
					}
					continue
				}
				r := fetched(t, who, exported(t, who, c.root, ""))
				want := fmt.Sprintf(`attachment; filename="export_%s_%s.csv"`, c.record, time.Now().Format("02_01_2006"))
				if got := r.Header.Get("Content-Disposition"); !strings.HasPrefix(got, want) || r.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
					t.Errorf("%s is %s %s", c.root, got, r.Header.Get("Content-Type"))
				}
				all, err := csv.NewReader(bytes.NewReader(r.Body)).ReadAll()
				if n := len(nodes(data[root])); err != nil || len(all) != n+1 || all[0][0] != "" || all[0][1] != "id" || len(all[0]) < 4 {
					t.Errorf("%s has %d rows for %d records, and the columns %q: %v", c.root, len(all), n, all[0], err)
				}
			}
		}
		if all, mine := sheet(t, head, "insureesExport", ""), sheet(t, clerk, "insureesExport", ""); len(mine) >= len(all) || len(mine) < 2 {
			t.Errorf("somebody of one district has %d of %d rows", len(mine), len(all))
		}
		book, err := excelize.OpenReader(bytes.NewReader(fetched(t, head, exported(t, head, "medicalItemsExport", `fileFormat: "XLSX", orderBy: "code", fields: ["code", "price", "validity_from", "validity_to"]`)).Body))
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := book.GetRows("Sheet1"); err != nil || len(rows) != 5 || rows[1][0] != "1" || rows[1][1] != "I1" || rows[4][2] != "45.25" {
			t.Errorf("the workbook has %q, %v", rows, err)
		}
	})
}

// Only who asked fetches a file, for a day, where the list is still theirs.
func TestGraphExportsAreFetched(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		head, clerk := s.a.As(schemeHead), s.a.As(districtClerk)
		name := exported(t, clerk, "familiesExport", "")
		told := func(r *apptest.Response, status int, words string) {
			t.Helper()
			if text, _ := r.Want(t, status).Object(t)["message"].(string); !strings.Contains(text, words) {
				t.Errorf("%d says %q", status, text)
			}
		}
		told(head.Get("/api/core/fetch_export?export="+name), http.StatusForbidden, "not for you")
		told(head.With("Language", "fr").Get("/api/core/fetch_export/?export="+name), http.StatusForbidden, "pas pour vous")
		told(clerk.Get("/api/core/fetch_export?export=nothing.csv"), http.StatusNotFound, "no such export")
		told(clerk.Get("/api/core/fetch_export"), http.StatusNotFound, "no such export")
		s.a.Anonymous().Get("/api/core/fetch_export?export="+name).Want(t, http.StatusUnauthorized)
		fetched(t, clerk, name)
		exec := func(sql string, args ...any) {
			t.Helper()
			err := s.a.DB.InTx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), sql, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		key := func() (key string) {
			t.Helper()
			if err := s.a.DB.QueryRow(t.Context(), "select blob_key from api_exports where name = $1", name).Scan(&key); err != nil {
				t.Fatal(err)
			}
			return key
		}
		exec("update api_exports set made_at = $1 where name = $2", time.Now().Add(-25*time.Hour), name)
		told(clerk.Get("/api/core/fetch_export?export="+name), http.StatusGone, "not there any more")
		stored := key()
		if _, err := s.a.API.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r, err := s.a.Files.Open(t.Context(), stored); err == nil || key() != "" {
			t.Errorf("the file is there after its day: %v", r)
		}
		told(clerk.Get("/api/core/fetch_export?export="+name), http.StatusGone, "not there any more")
		exec("update api_exports set made_at = $1 where name = $2", time.Now().AddDate(0, 0, -31), name)
		if _, err := s.a.API.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		told(clerk.Get("/api/core/fetch_export?export="+name), http.StatusNotFound, "no such export")

		first := exported(t, head, "medicalItemsExport", "")
		for range 19 {
			exported(t, head, "medicalItemsExport", "")
		}
		fetched(t, head, first)
		exported(t, head, "medicalItemsExport", "")
		told(head.Get("/api/core/fetch_export?export="+first), http.StatusGone, "not there any more")
	})
}

// What cannot be made into a file is said, and nothing is made.
func TestGraphExportsAreRefused(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		head := s.a.As(schemeHead)
		for _, c := range []struct{ arguments, want string }{
			{`fileFormat: "pdf"`, `There is no format`},
			{`fields: ["shoe_size"]`, `there is no \"shoe_size\"`},
			{`fields: ["shoe_size"]`, `There are: id, uuid, `},
			{`fields: ["family__members__chf_id"]`, `are several records`},
			{`fields: ["photos"]`, `are several records`},
			{`fields: ["last_name__first"]`, `nothing lies below`},
			{`fields: ["client_mutation_id"]`, `there is no`},
			{`fields: ["` + strings.Repeat("family__head_insuree__", 5) + `chf_id"]`, `leads through more than 7 records`},
			{`fields: ["` + strings.Repeat(`chf_id","`, 100) + `chf_id"]`, `at most 100 columns`},
			{`fieldsColumns: ["x"]`, `no object of texts`},
			{`fieldsColumns: {chf_id: 3}`, `no object of texts`},
			{`fieldsColumns: "{"`, `no object of texts`},
			{`orderBy: ["shoe_size"]`, `There is no order`},
			{`parentLocation: "x"`, `"BAD_REQUEST"`},
		} {
			if data, faults := dataOf(t, head, "{insureesExport("+c.arguments+")}"); !strings.Contains(strings.ReplaceAll(faults, `\\"`, `"`), strings.ReplaceAll(c.want, `\"`, `\"`)) || !strings.Contains(faults, `"BAD_REQUEST"`) || data["insureesExport"] != nil {
				t.Errorf("%s: %v %s, want %s", c.arguments, data, faults, c.want)
			}
		}
		if _, faults := dataOf(t, head, "{a: insureesExport b: insureesExport c: insureesExport d: insureesExport}"); !strings.Contains(faults, "more than 60 lists") {
			t.Errorf("four at once: %s", faults)
		}
		if _, faults := dataOf(t, s.a.As(guest), "{usersExport}"); !strings.Contains(faults, `"FORBIDDEN"`) {
			t.Errorf("users for who must not see them: %s", faults)
		}
		var n int
		if err := s.a.DB.QueryRow(t.Context(), "select count(*) from api_exports").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d files were made, %v", n, err)
		}
	})
}

// furtherFields are fields of administrators on facilities, for exports and filters.
const furtherFields = "testdata/further.yaml"

// What administrators declared is exported and filtered by, under the name that clients of openIMIS have for it.
func TestCustomFilters(t *testing.T) {
	t.Parallel()
	files := []string{"../demo/00-workspaces.yaml", "../demo/60-insurance-imi.yaml", "testdata/priced.yaml", furtherFields}
	apptest.Each(t, modules.All(), files, func(t *testing.T, a *apptest.App) {
		head := a.As(schemeHead)
		var id, n int64
		if err := a.DB.QueryRow(t.Context(), "select min(id), count(*) from facility_health_facilities where validity_to is null").Scan(&id, &n); err != nil || n < 2 {
			t.Fatalf("%d facilities, %v", n, err)
		}
		head.Patch(fmt.Sprintf("/api/facility/health-facilities/%d/", id), map[string]any{"extensions": map[string]any{"beds": 12, "water": true, "opened": "2001-05-06", "nick_name": "Old \"Mill\""}}).Want(t, http.StatusOK)
		count := func(list, filters string) string {
			t.Helper()
			data, faults := dataOf(t, head, fmt.Sprintf(`query ($f: [String]) {%s(customFilters: $f){totalCount}}`, list), map[string]any{"f": strings.Split(filters, "|")})
			return told(data) + faults
		}
		for filters, want := range map[string]int64{
			`json_ext__beds__exact__integer=12`:                                      1,
			`json_ext__beds__gte__integer=13`:                                        0,
			`json_ext__beds__gte__integer=10|json_ext__beds__lt__integer=13`:         1,
			`json_ext__water__exact__boolean=True`:                                   1,
			`json_ext__opened__lte__date="2001-05-06"`:                               1,
			`json_ext__opened__lte__date=2001-05-05`:                                 0,
			`json_ext__nick_name__icontains__string="old \"mill\""`:                  1,
			`json_ext__nick_name__icontains__string=mill`:                            1,
			`json_ext__nick_name__icontains__string=""`:                              n,
			`name__icontains__string="a"|json_ext__nick_name__icontains__string="x"`: 0,
			``: n,
		} {
			if got := count("healthFacilities", filters); got != fmt.Sprintf(`{"healthFacilities":{"totalCount":%d}}`, want) {
				t.Errorf("%s: %s, want %d", filters, got, want)
			}
		}
		for filters, want := range map[string]string{
			"beds=1": `is no filter: write field__lookup__type=value`, "json_ext__beds__exact__integer": `is no filter`, "json_ext__shoe__exact__integer=1": `There is no field`,
			"json_ext__beds__exact__string=1": `is of type integer`, "json_ext__beds__icontains__integer=1": `has no lookup`, "json_ext__beds__exact__integer=x": `Enter a number.`,
			`json_ext__nick_name__icontains__string="x`: `is no text in double quotes`, "json_ext__opened__exact__date=today": `Enter a valid date.`,
			strings.Repeat("json_ext__beds__gt__integer=1|", 20) + "json_ext__beds__gt__integer=1": `at most 20 filters`,
			"json_ext__nick_name__icontains__string=" + strings.Repeat("x", 2000):                  `is no filter`,
		} {
			if got := count("healthFacilities", filters); !strings.Contains(got, want) || !strings.Contains(got, `"BAD_REQUEST"`) {
				t.Errorf("%.80s: %s, want %s", filters, got, want)
			}
		}
		rows := sheet(t, head, "healthFacilitiesExport", `fields: ["code", "json_ext__beds", "json_ext__nick_name"], customFilters: ["json_ext__beds__gt__integer=0"]`)
		if len(rows) != 2 || rows[1][2] != "12" || rows[1][3] != `Old "Mill"` {
			t.Errorf("the export has %q", rows)
		}
		if rows := sheet(t, head, "healthFacilitiesExport", ""); !slices.Contains(rows[0], "json_ext__beds") || !slices.Contains(rows[0], "location__name") {
			t.Errorf("without fields it has the columns %q", rows[0])
		}
		known := func(c *apptest.Client, typ string) string {
			t.Helper()
			data, faults := dataOf(t, c, fmt.Sprintf(`{customFilters(moduleName: "location", objectTypeName: %q, uuidOfObject: "", additionalParams: "{}"){type code objectClassName possibleFilters{field filter type}}}`, typ))
			return told(data) + faults
		}
		got := known(head, "HealthFacility")
		for _, want := range []string{
			`"objectClassName":"HealthFacility"`, `"type":"HealthFacility"`, `{"field":"json_ext__beds","filter":["exact","lt","lte","gt","gte"],"type":"integer"}`,
			`{"field":"json_ext__water","filter":["exact"],"type":"boolean"}`, `{"field":"code","filter":["iexact","istartswith","icontains"],"type":"string"}`, `"type":"date"`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the filters are %s\nwithout %s", got, want)
			}
		}
		if same := known(head, "HealthFacilityGQLType"); same != got {
			t.Errorf("by the name of its type: %s", same)
		}
		for typ, want := range map[string]string{"Shoe": "There is no list", "": "object_type_name", "Insuree": `"field":"chf_id"`} {
			if got := known(head, typ); !strings.Contains(got, want) {
				t.Errorf("%s: %s", typ, got)
			}
		}
		if got := known(a.As(guest), "RoleRight"); !strings.Contains(got, `"FORBIDDEN"`) {
			t.Errorf("filters of roles for who must not see them: %s", got)
		}
	})
}

// Every filter that is told of works, on every list.
func TestCustomFiltersWork(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		head := s.a.As(schemeHead)
		values := map[string]string{"string": `"x"`, "integer": "1", "decimal": "1.5", "date": "2020-01-01", "boolean": "true"}
		tried := 0
		for _, twin := range twins {
			var class string
			for _, source := range s.schema.Sources() {
				if source.ListName() == twin.graph {
					class = s.schema.TypeName(source.Entity)
				}
			}
			data, faults := dataOf(t, head, fmt.Sprintf(`{customFilters(moduleName: "", objectTypeName: %q){possibleFilters{field filter type}}}`, class))
			if faults != "" {
				t.Fatal(faults)
			}
			list, _ := at2(data["customFilters"], "possibleFilters").([]any)
			for _, one := range list {
				f := one.(map[string]any)
				for _, lookup := range f["filter"].([]any) {
					text := fmt.Sprintf("%s__%s__%s=%s", f["field"], lookup, f["type"], values[fmt.Sprint(f["type"])])
					_, faults := dataOf(t, head, fmt.Sprintf(`{%s(customFilters: [%q]){totalCount}}`, twin.graph, text))
					if tried++; faults != "" && !strings.Contains(faults, "valid choice") && !strings.Contains(faults, `field \"totalCount\"`) && !strings.Contains(faults, "totalCount") {
						t.Errorf("%s by %s: %s", twin.graph, text, faults)
					}
				}
			}
		}
		if tried < 60 {
			t.Errorf("only %d filters were tried", tried)
		}
	})
}
