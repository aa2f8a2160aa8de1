package app_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

var update = flag.Bool("update", false, "write the golden files")

// people of the world that these tests share with those of the monitoring module.
const (
	world      = "../modules/tpm/testdata/world.yaml"
	planner    = "pme@agency.example"
	firmFocal  = "tpmfocal@firm.example"
	rival      = "rival@other.example"
	reader     = "reader@agency.example"
	beirut     = "lebanon@agency.example"
	admin      = "admin@agency.example"
	withoutAny = "nogrant@else.example"
	unrelated  = "unrelated@else.example"
	nobodysID  = "987654321"
)

// kept says in which table the records of a path are, and whether they belong to a workspace, so that they are tried from other workspaces. A new
// path with a record in it must be added here, unless it is called as its table is (byName).
var kept = []struct {
	prefix, table string
	tenant        bool
}{
	{"/api/tpm/visits/activities/implementing-partners/", "organisation_partners", true},
	{"/api/tpm/visits/activities/sections/", "organisation_sections", true},
	{"/api/tpm/visits/activities/cp-outputs/", "organisation_outputs", true},
	{"/api/tpm/visits/", "tpm_visits", true},
	{"/api/tpm/activities/", "tpm_tasks", true},
	{"/api/tpm/partners/", "tpm_firms", false},
	{"/api/tpm/hact/", "organisation_partners", true},
	{"/api/v2/partners/", "organisation_partners", true},
	{"/api/v2/interventions/", "organisation_agreements", true},
	{"/api/v2/reports/results/", "organisation_outputs", true},
	{"/api/v2/workspaces/", "account_workspaces", false},
	{"/api/v3/users/", "account_users", false},
	{"/api/offices/", "organisation_offices", true},
	{"/api/reports/sectors/", "organisation_sections", true},
	{"/api/locations-light/", "location_locations", true},
	{"/api/location/locations/", "location_locations", true},
	{"/api/location/levels/", "location_levels", true},
	{"/api/organisation/organisations/", "organisation_organisations", false},
	{"/api/organisation/partners/", "organisation_partners", true},
	{"/api/organisation/agreements/", "organisation_agreements", true},
	{"/api/organisation/outputs/", "organisation_outputs", true},
	{"/api/organisation/sections/", "organisation_sections", true},
	{"/api/organisation/offices/", "organisation_offices", true},
	{"/api/attachment/file-types/", "attachment_file_types", false},
	{"/api/v2/attachments/links/{id}/", "attachment_links", true},
	{"/api/v2/attachments/", "attachment_attachments", true},
	{"/api/account/users/", "account_users", false},
	{"/api/account/roles/", "account_roles", false},
	{"/api/account/scheme-users/", "account_users", false},
	{"/api/account/scheme-roles/", "account_roles", false},
	{"/api/account/workspaces/", "account_workspaces", false},
	{"/api/account/grants/", "account_grants", false},
	{"/api/permission/rows/", "permission_overrides", false},
	{"/api/settings/", "setting_overrides", false},
	{"/api/customisation/record-types/", "customisation_field_controls", false},
}

// named are the records that other names in a path stand for.
var named = map[string]string{
	"{partner}": "tpm_firms", "{firm}": "tpm_firms", "{visit}": "tpm_visits", "{task}": "tpm_tasks", "{object}": "tpm_tasks", "{agreement}": "organisation_agreements",
}

// words are what else stands in paths.
var words = map[string]string{"{app}": "tpm", "{model}": "tpmactivity", "{filename}": "letter.pdf", "{vendor_number}": "F1", "{schema}": "tpm.visit", "{setting}": "notice"}

var inBraces = regexp.MustCompile(`\{\w+\}`)

// surface is the program with something in it, and all that can be asked of it.
type surface struct {
	*testing.T
	a *apptest.App
	// kenya is the newest record of each table that belongs to the workspace KEN, or to nobody.
	kenya map[string]int64
	// attackers are the addresses of those who may use an operation, by its name.
	attackers map[string]string
	// victims are records of people that may be spoilt, by table.
	victims map[string]int64
	// tasked is the address of a visit in KEN, a draft with everything that it needs.
	tasked string
}

func eachSurface(t *testing.T, fn func(s *surface)) {
	t.Helper()
	t.Parallel()
	apptest.Each(t, modules.All(), worlds(t), func(t *testing.T, a *apptest.App) { fn(fill(t, a)) })
}

// fill puts something of everything into the world.
func fill(t *testing.T, a *apptest.App) *surface {
	t.Helper()
	s := &surface{T: t, a: a, kenya: map[string]int64{}, attackers: map[string]string{}}
	pme := a.As(planner)
	s.tasked = fmt.Sprintf("/api/tpm/visits/%d/", pme.Post("/api/tpm/visits/", map[string]any{"tpm_partner": s.firm("F1")}).Want(t, 201).ID(t))
	pme.Patch(s.tasked, map[string]any{"tpm_partner_focal_points": []int64{s.number("select id from account_users where email = '" + firmFocal + "'")}, "tpm_activities": []any{map[string]any{
		"partner": s.newest("organisation_partners", "organisation_id = (select id from organisation_organisations where vendor_number = 'G1') and workspace_id = "+s.workspace("KEN")),
		"section": s.newest("organisation_sections", "workspace_id = "+s.workspace("KEN")), "date": "2026-12-01",
		"cp_output": s.newest("organisation_outputs", "workspace_id = "+s.workspace("KEN")),
		"locations": []int64{s.newest("location_locations", "p_code = 'KE-43'")}, "offices": []int64{s.newest("organisation_offices", "workspace_id = "+s.workspace("KEN"))},
		"unicef_focal_points": []int64{s.number("select id from account_users where email = 'focal@agency.example'")},
	}}}).Want(t, 200)
	s.kenya["tpm_firms"], s.kenya["staff"] = s.firm("F1"), s.number("select id from account_users where email = '"+firmFocal+"'")
	s.kenya["tpm_visits"], s.kenya["tpm_tasks"] = s.newest("tpm_visits", "1 = 1"), s.newest("tpm_tasks", "1 = 1")
	s.kenya["organisation_agreements"] = s.newest("organisation_agreements", "1 = 1")
	s.attach()
	seen := map[string]bool{}
	for _, op := range s.a.API.Operations() {
		table, tenant, known := home(op)
		if !known || seen[table] {
			continue
		}
		seen[table] = true
		where := "1 = 1"
		if tenant {
			where = "workspace_id = " + s.workspace("KEN")
		}
		if s.kenya[table] = s.newest(table, where); s.kenya[table] == 0 {
			s.Fatalf("there is nothing in %s for %s %s to be tried on: put a record for KEN into testdata/world.yaml of the module", table, op.Method, op.Path)
		}
	}
	s.kenya["tpm_firms"] = s.firm("F1")
	s.victims = map[string]int64{
		"account_users": s.number("select id from account_users where email = 'consultant@else.example'"), "account_roles": s.number("select id from account_roles where name = 'Unrelated'"),
		"account_grants": s.number("select g.id from account_grants g join account_users u on u.id = g.user_id where u.email = 'consultant@else.example'"), "account_workspaces": s.number("select id from account_workspaces where code = 'LBN'"),
	}
	return s
}

// attach puts a document into every collection and links one to a task, as the program itself would if the visit were in the right state.
func (s *surface) attach() {
	s.Helper()
	for _, op := range s.a.API.Operations() {
		collection := documents.FindStringSubmatch(op.Path)
		if collection == nil || op.Method != http.MethodPost {
			continue
		}
		s.exec("update tpm_visits set status = 'draft'")
		writer := s.a.As(planner)
		if strings.Contains(op.Path, "report-") {
			s.exec("update tpm_visits set status = 'tpm_accepted'")
			writer = s.a.As(firmFocal)
		}
		path := s.address(op, "")
		choices, _ := s.fileType(writer.Options(path).Want(s, 200))
		s.kenya[collection[1]] = writer.Post(path, map[string]any{"file_type": choices, "hyperlink": "https://documents.example/1", "object_id": s.kenya["tpm_tasks"]}).Want(s, 201).ID(s)
	}
	s.exec("update tpm_visits set status = 'draft'")
	document := s.kenya["/api/organisation/agreements/{agreement}/attachments/"]
	s.a.As(planner).Post(fmt.Sprintf("/api/tpm/visits/activities/%d/links/", s.kenya["tpm_tasks"]), map[string]any{"attachments": []any{map[string]any{"attachment": document}}}).Want(s, 201)
}

// fileType is the first type that OPTIONS offers.
func (s *surface) fileType(r *apptest.Response) (id any, ok bool) {
	s.Helper()
	actions, _ := r.Object(s)["actions"].(map[string]any)
	post, _ := actions["POST"].(map[string]any)
	field, _ := post["file_type"].(map[string]any)
	choices, _ := field["choices"].([]any)
	if len(choices) == 0 {
		s.Fatalf("no type of file is offered: %s", r.Body)
	}
	choice, ok := choices[0].(map[string]any)
	return choice["value"], ok
}

func (s *surface) number(sql string) int64 {
	s.Helper()
	var n int64
	if err := s.a.DB.QueryRow(s.Context(), sql).Scan(&n); err != nil {
		s.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (s *surface) newest(table, where string) int64 {
	s.Helper()
	return s.number("select coalesce(max(id), 0) from " + table + " where " + where)
}

func (s *surface) firm(vendor string) int64 {
	s.Helper()
	return s.number("select f.id from tpm_firms f join organisation_organisations o on o.id = f.organization_id where o.vendor_number = '" + vendor + "'")
}

func (s *surface) workspace(code string) string {
	s.Helper()
	return strconv.FormatInt(s.number("select id from account_workspaces where code = '"+code+"'"), 10)
}

// home is where the records of an operation are kept; known is false for operations that are about no record.
func home(op api.Operation) (table string, tenant, known bool) {
	if collection := documents.FindStringSubmatch(op.Path); collection != nil {
		return "attachment_attachments", !strings.Contains(op.Path, "{firm}"), true // firms belong to all workspaces
	}
	for _, k := range kept {
		if strings.HasPrefix(op.Path, k.prefix) {
			return k.table, k.tenant, true
		}
	}
	if name := collections.FindStringSubmatch(op.Path); name != nil {
		table = name[1] + "_" + strings.ReplaceAll(name[2], "-", "_")
		tenant, known = byName()[table]
		return table, tenant, known
	}
	return "", false, false
}

// collections are the paths of a module's records: /api/water_point/water-points/ has those of water_point_water_points.
var collections = regexp.MustCompile(`^/api/(\w+)/([a-z-]+)/`)

var (
	tableHead = regexp.MustCompile(`(?m)^create table (\w+) \(([^;]*);`)
	// byName are the tables of all modules, and whether their rows belong to a workspace.
	byName = sync.OnceValue(func() map[string]bool {
		tables := map[string]bool{}
		for _, m := range modules.All() {
			files, err := fs.Glob(m.Migrations, "migrations/*.sql")
			for _, file := range files {
				text, _ := fs.ReadFile(m.Migrations, file)
				for _, table := range tableHead.FindAllSubmatch(text, -1) {
					tables[string(table[1])] = bytes.Contains(table[2], []byte("workspace_id"))
				}
			}
			if err != nil {
				panic(err) // the pattern is wrong
			}
		}
		return tables
	})
)

// worlds are the files that fill the world: the one of the monitoring module, and of each module that brings more.
func worlds(t testing.TB) []string {
	t.Helper()
	more, err := filepath.Glob("../modules/*/testdata/world.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{world}, slices.DeleteFunc(more, func(file string) bool { return file == world })...)
}

// documents are the collections of files below other records.
var documents = regexp.MustCompile(`^(/api/.+/\{\w+\}/(?:activities/)?(?:report-)?attachments/)(?:\{id\}/)?$`)

// address fills the names in a path: with the ids of Kenya's records, or with another text for all of them.
func (s *surface) address(op api.Operation, id string) string {
	s.Helper()
	return inBraces.ReplaceAllStringFunc(op.Path, func(name string) string {
		if word, ok := words[name]; ok {
			return word
		}
		if id != "" {
			return id
		}
		table := named[name]
		if name == "{id}" {
			table, _, _ = home(op)
			if strings.Contains(op.Path, "staff-members") {
				table = "staff"
			}
			if collection := documents.FindStringSubmatch(op.Path); collection != nil {
				table = collection[1]
			}
		}
		if s.kenya[table] == 0 {
			s.Fatalf("%s %s: say in kept or named what %s is", op.Method, op.Path, name)
		}
		return strconv.FormatInt(s.kenya[table], 10)
	})
}

// send makes a plain request of the operation's kind.
func (s *surface) send(c *apptest.Client, op api.Operation, path string) *apptest.Response {
	s.Helper()
	if op.Input != nil {
		return c.Do(op.Method, path, map[string]any{})
	}
	return c.Do(op.Method, path, nil)
}

func public(op api.Operation) bool { return op.Rule.Name == api.Public.Name }

// golden compares lines with a file that people review.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; when that is meant, run the test with -update and read the diff\n got:\n%swant:\n%s", name, got, want)
	}
}

// Without credentials nothing is open but what the golden file lists: 403 on the wire of old clients, 401 elsewhere; a bad token is 401 everywhere (design §7).
// OPTIONS are closed as well.
func TestStrangersAreRefused(t *testing.T) {
	eachSurface(t, func(s *surface) {
		var open []string
		requests := 0
		for _, op := range s.a.API.Operations() {
			if public(op) {
				open = append(open, op.Method+" "+op.Path)
				continue
			}
			path := s.address(op, "")
			for method, r := range map[string]*apptest.Response{op.Method: s.send(s.a.Anonymous(), op, path), "OPTIONS": s.a.Anonymous().Options(path)} {
				requests++
				if r.Status != op.Wire.Anonymous || r.Status != http.StatusFound && !bytes.Contains(r.Body, []byte(`"detail"`)) {
					s.Errorf("%s %s without credentials: got %d %s, want %d", method, path, r.Status, r.Body, op.Wire.Anonymous)
				}
				if to := r.Header.Get("Location"); r.Status == http.StatusFound && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
					s.Errorf("%s %s sends strangers to %q", method, path, to)
				}
			}
			for _, credential := range []string{"Bearer nonsense", "Bearer ", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."} {
				requests++
				if r := s.send(s.a.Anonymous().With("Authorization", credential), op, path); r.Status != http.StatusUnauthorized {
					s.Errorf("%s %s with %q: got %d, want 401", op.Method, path, credential, r.Status)
				}
			}
		}
		slices.Sort(open)
		golden(s.T, "public.golden", open)
		s.Logf("%d operations, %d requests", len(s.a.API.Operations()), requests)
	})
}

// Somebody who signed in but holds no grant anywhere gets what the golden file lists, all of it about themselves, and is refused everywhere else.
func TestPeopleWithoutGrants(t *testing.T) {
	eachSurface(t, func(s *surface) {
		var open []string
		before := s.rows()
		for _, op := range s.a.API.Operations() {
			if public(op) {
				continue
			}
			r := s.send(s.a.As(withoutAny), op, s.address(op, ""))
			if r.Status != http.StatusForbidden {
				open = append(open, fmt.Sprintf("%d %s %s", r.Status, op.Method, op.Path))
			}
		}
		golden(s.T, "nogrant.golden", open)
		s.unchanged("requests of somebody without grants", before)
	})
}

// A record of another workspace does not exist: every operation answers word for word as for an id that was never given, to the planner there and to an
// administrator working there; lists hold none of it (design §5 "Workspace").
func TestOtherWorkspaces(t *testing.T) {
	eachSurface(t, func(s *surface) {
		hidden := 0
		before := s.rows()
		for _, op := range s.a.API.Operations() {
			table, tenant, known := home(op)
			if !tenant {
				if !known && strings.HasSuffix(op.Name, ".list") && op.Rule.Name != api.Public.Name && !strings.Contains(op.Path, "/environment/flags/") && !strings.Contains(op.Path, "/dropdowns/") && !strings.Contains(op.Path, "/api/schemas/") {
					s.Errorf("%s lists something: say in kept where it comes from", op.Path)
				}
				continue
			}
			for _, c := range []*apptest.Client{s.a.As(beirut), s.a.As(admin).In("LBN")} {
				if strings.Contains(op.Path, "{") {
					theirs, none := s.send(c, op, s.address(op, "")), s.send(c, op, s.address(op, nobodysID))
					if theirs.Status != none.Status || !bytes.Equal(theirs.Body, none.Body) || none.Status != 404 && none.Status != 403 && none.Status != 400 {
						s.Errorf("%s %s: of another workspace: %d %s; of nobody: %d %s", op.Method, op.Path, theirs.Status, theirs.Body, none.Status, none.Body)
					}
					if theirs.Status == http.StatusNotFound {
						hidden++
					}
					if o, none := c.Options(s.address(op, "")), c.Options(s.address(op, nobodysID)); o.Status != none.Status || !bytes.Equal(o.Body, none.Body) {
						s.Errorf("OPTIONS %s: of another workspace: %d %s; of nobody: %d %s", op.Path, o.Status, o.Body, none.Status, none.Body)
					}
					continue
				}
				if op.Method != http.MethodGet || op.Media != "" {
					continue
				}
				query := "?page_size=all"
				if op.Wire.Lenient {
					query += "&externals_module=tpm"
				}
				r := c.Get(op.Path + query)
				if r.Status == http.StatusForbidden {
					continue
				}
				for _, id := range listed(s, r) {
					if n := s.number(fmt.Sprintf("select count(*) from %s where id = %d and workspace_id = %s", table, id, s.workspace("LBN"))); n != 1 {
						s.Errorf("%s shows %s %d of another workspace", op.Path, table, id)
					}
				}
			}
		}
		if hidden < 40 {
			s.Errorf("only %d requests found nothing; are the rules in the way?", hidden)
		}
		s.unchanged("requests from another workspace", before)
		s.Logf("%d requests for records of another workspace", hidden)
		for _, person := range []string{beirut, withoutAny, rival} {
			s.a.As(person).In("LBX").Get("/api/tpm/visits/").Want(s, 403)
		}
		s.a.As(beirut).In("KEN").Get("/api/tpm/visits/").Want(s, 403)
		s.a.As(beirut).Get("/api/tpm/visits/?schema=KEN").Want(s, 403)
	})
}

// listed are the ids in a list, bare or paged, numbers or texts.
func listed(s *surface, r *apptest.Response) []int64 {
	s.Helper()
	tree := r.Want(s, 200).JSON(s)
	if object, ok := tree.(map[string]any); ok {
		tree = object["results"]
	}
	rows, _ := tree.([]any)
	var ids []int64
	for _, row := range rows {
		object, _ := row.(map[string]any)
		id, err := strconv.ParseInt(fmt.Sprint(object["id"]), 10, 64)
		if err != nil {
			s.Fatalf("a row without a plain id: %v", row)
		}
		ids = append(ids, id)
	}
	return ids
}

// A firm's visits, people and record do not exist for another firm, nor for anybody unrelated (tpm §4.5).
func TestOtherFirms(t *testing.T) {
	eachSurface(t, func(s *surface) {
		s.a.As(planner).Post(s.tasked+"assign/", nil).Want(s, 200)
		tried := 0
		for _, op := range s.a.API.Operations() {
			if !strings.HasPrefix(op.Path, "/api/tpm/") || !strings.Contains(op.Path, "{") {
				continue
			}
			for _, person := range []string{rival, unrelated} {
				if o := s.a.As(person).Options(s.address(op, "")); bytes.Contains(o.Body, []byte(`"label"`)) {
					s.Errorf("OPTIONS %s by %s: got %d %s, want no fields", op.Path, person, o.Status, o.Body)
				}
				theirs := s.send(s.a.As(person), op, s.address(op, ""))
				none := s.send(s.a.As(person), op, s.address(op, nobodysID))
				tried++
				if theirs.Status != http.StatusNotFound && theirs.Status != http.StatusForbidden || !bytes.Equal(theirs.Body, none.Body) {
					s.Errorf("%s by %s: %s %d %s; of nobody: %d %s", op.Method, person, op.Path, theirs.Status, theirs.Body, none.Status, none.Body)
				}
			}
		}
		if tried < 20 {
			s.Errorf("only %d requests were tried", tried)
		}
		for _, list := range []string{"/api/tpm/visits/", "/api/tpm/activities/", "/api/tpm/visits/activities/sections/"} {
			if ids := listed(s, s.a.As(rival).Get(list)); len(ids) > 0 {
				s.Errorf("%s shows %v to another firm", list, ids)
			}
		}
		if ids := listed(s, s.a.As(rival).Get("/api/tpm/partners/")); !slices.Equal(ids, []int64{s.firm("F2")}) {
			s.Errorf("firms that a firm sees: %v, want its own", ids)
		}
	})
}

// Holders of Read Only may GET what their other roles open and nothing else, OPTIONS included (tpm §1).
func TestReadOnly(t *testing.T) {
	eachSurface(t, func(s *surface) {
		before := s.rows()
		for _, op := range s.a.API.Operations() {
			if public(op) {
				continue
			}
			path := s.address(op, "")
			if r := s.a.As(reader).Options(path); r.Status != http.StatusForbidden {
				s.Errorf("OPTIONS %s: got %d, want 403", path, r.Status)
			}
			r, want := s.send(s.a.As(reader), op, path), http.StatusForbidden
			if op.Method == http.MethodGet {
				want = s.send(s.a.As(planner), op, path).Status
			}
			if r.Status != want {
				s.Errorf("%s %s: got %d %s, want %d", op.Method, path, r.Status, r.Body, want)
			}
		}
		s.unchanged("requests of a reader", before)
	})
}

// tables are those of the program, without what counts failed sign-ins; SQLite's include those that it keeps words in.
func (s *surface) tables() []string {
	s.Helper()
	sql := "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
	if s.a.DB.Engine() == db.Postgres {
		sql = "select tablename::text from pg_tables where schemaname = 'public' order by tablename"
	}
	return slices.DeleteFunc(s.names(sql), func(name string) bool { return name == "auth_tries" || name == noted })
}

func (s *surface) names(sql string) []string {
	s.Helper()
	rows, err := s.a.DB.Query(s.Context(), sql)
	list, err := db.Collect(rows, err, func(r db.Row) (name string, err error) { return name, r.Scan(&name) })
	if err != nil {
		s.Fatal(err)
	}
	return list
}

// noted is the table in which the database writes down which tables get and lose rows, once it was told to.
const noted = "noted_by_test"

// note has the database write down each row that is added or removed from now on, so that thousands of requests can each be asked what they left without counting
// all there is each time. Tables that SQLite keeps for itself take no triggers; what is in them follows from the others.
func (s *surface) note() {
	s.Helper()
	s.exec("create table " + noted + " (name text not null, n integer not null)")
	tables := s.tables()
	if s.a.DB.Engine() == db.Postgres {
		s.exec("create function " + noted + "() returns trigger language plpgsql as $$ begin insert into " + noted + " values (tg_table_name, case tg_op when 'INSERT' then 1 else -1 end); return null; end $$")
	} else {
		own := s.names("select name from pragma_table_list where schema = 'main' and type = 'table'")
		tables = slices.DeleteFunc(tables, func(name string) bool { return !slices.Contains(own, name) })
	}
	if len(tables) < 30 {
		s.Fatalf("only %d tables were found", len(tables))
	}
	for _, name := range tables {
		if s.a.DB.Engine() == db.Postgres {
			s.exec(fmt.Sprintf(`create trigger %s after insert or delete on "%s" for each row execute function %[1]s()`, noted, name))
			continue
		}
		for event, n := range map[string]int{"insert": 1, "delete": -1} {
			s.exec(fmt.Sprintf(`create trigger %s_%s_%s after %[3]s on "%[2]s" begin insert into %[1]s values ('%[2]s', %[4]d); end`, noted, name, event, n))
		}
	}
}

// left is by how many rows each table has grown or shrunk since it was last asked, told by the database (note); nothing for those that are as they were.
func (s *surface) left() map[string]int64 {
	s.Helper()
	grown := map[string]int64{}
	rows, err := s.a.DB.Query(s.Context(), "select name, n from "+noted)
	list, err := db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		if grown[name] += n; grown[name] == 0 {
			delete(grown, name)
		}
		return struct{}{}, err
	})
	if err != nil {
		s.Fatal(err)
	}
	if len(list) > 0 {
		s.exec("delete from " + noted)
	}
	return grown
}

// rows counts what is stored, table by table.
func (s *surface) rows() map[string]int64 {
	s.Helper()
	tables := s.tables()
	var parts []string
	for _, name := range tables {
		parts = append(parts, fmt.Sprintf(`select '%s', count(*) from "%s"`, name, name))
	}
	counts := map[string]int64{}
	rows, err := s.a.DB.Query(s.Context(), strings.Join(parts, " union all "))
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		counts[name] = n
		return struct{}{}, err
	})
	if err != nil {
		s.Fatal(err)
	}
	if len(counts) < 30 {
		s.Fatalf("only %d tables were found", len(counts))
	}
	return counts
}

// unchanged fails when anything was stored or removed since.
func (s *surface) unchanged(what string, before map[string]int64) {
	s.Helper()
	for name, n := range s.rows() {
		if n != before[name] {
			s.Errorf("%s: %s had %d rows and has %d", what, name, before[name], n)
		}
	}
}
