package location

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/module"
)

var tables = []db.Migrations{event.Migrations, {Module: "location", FS: migrations}}

func TestSchemaIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, tables)
}

// world is the module behind its API.
type world struct {
	*testing.T
	service *Service
	api     *api.API
	db      *db.DB
}

var people = map[string]*almoner.Actor{
	"admin":   {UserID: 1, Superuser: true, AllRights: true, Workspace: almoner.Workspace{ID: 1}},
	"monitor": {UserID: 2, Workspace: almoner.Workspace{ID: 1}},
	"beirut":  {UserID: 3, Superuser: true, AllRights: true, Workspace: almoner.Workspace{ID: 2}},
	"nowhere": {UserID: 4},
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		identity := module.Definition{Name: "who", Build: func(*module.Host) (*module.Parts, error) {
			return &module.Parts{Identity: &module.Identity{}}, nil
		}}
		set, err := module.Build(module.Host{DB: d, Log: slog.New(slog.DiscardHandler)}, []module.Definition{identity, Module})
		if err != nil {
			t.Fatal(err)
		}
		catalogue, err := i18n.New(i18n.Core(), i18n.Catalogue{Module: "location", FS: texts})
		if err != nil {
			t.Fatal(err)
		}
		files, err := file.Open(t.Context(), file.Params{DB: d, Config: file.Config{URL: "mem://", MaxSize: config.MB}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = files.Close() })
		a, err := api.New(api.Config{
			Files: files, DB: d, Registry: set.Registry, Texts: catalogue, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), MaxBody: 1 << 20, Graph: set.Graph(),
			Identify: func(r *http.Request, _ api.Wire) (*almoner.Actor, error) {
				if who := people[r.Header.Get("Test-Person")]; who != nil {
					return who, nil
				}
				return &almoner.Actor{}, nil
			},
		}, set.Resources(), set.Calls())
		if err != nil {
			t.Fatal(err)
		}
		fn(&world{T: t, service: set.Parts["location"].Service.(*Service), api: a, db: d})
	})
}

func (w *world) send(person, method, path, body string, header ...string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Test-Person", person)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.api.ServeHTTP(rec, r)
	return rec
}

// want makes a request and fails the test unless status and body are right; an empty answer is not looked at.
func (w *world) want(person, method, path, body string, status int, answer string) {
	w.Helper()
	rec := w.send(person, method, path, body)
	if rec.Code != status || answer != "" && sorted(w.T, rec.Body.Bytes()) != sorted(w.T, []byte(answer)) {
		w.Errorf("%s: %s %s %s\n got %d %s\nwant %d %s", person, method, path, body, rec.Code, rec.Body, status, answer)
	}
}

// sorted is JSON with the keys of objects in order, without what differs from run to run.
func sorted(t *testing.T, raw []byte) string {
	t.Helper()
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return string(raw)
	}
	if object, ok := tree.(map[string]any); ok {
		delete(object, "uuid") // differs from run to run, as does the time
		delete(object, "validity_from")
	}
	b, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plant grows a small tree: country, county, town; a place without level and code; another country elsewhere.
func plant(w *world) {
	w.Helper()
	for _, c := range []struct{ as, path, body string }{
		{"admin", "levels", `{"number":0,"name":"Country"}`},
		{"admin", "levels", `{"number":1,"name":"County"}`},
		{"admin", "locations", `{"name":"Kenya","p_code":"KE","level":1,"latitude":1,"longitude":38}`},
		{"admin", "locations", `{"name":"Baringo","p_code":"KE-01","level":2,"parent":1}`},
		{"admin", "locations", `{"name":"Éldama","p_code":"KE-01-002","parent":2,"is_active":false,"latitude":"0.05196","longitude":35.72734}`},
		{"admin", "locations", `{"name":"Camp"}`},
		{"beirut", "levels", `{"number":0,"name":"Country"}`},
		{"beirut", "locations", `{"name":"Lebanon","p_code":"KE","level":3}`},
	} {
		w.want(c.as, "POST", "/api/location/"+c.path+"/", c.body, 201, "")
	}
}

const (
	kenya   = `{"id":"1","name":"Kenya (Country: KE)","p_code":"KE","admin_level":0,"admin_level_name":"Country","parent":null,"name_display":"Kenya (Country: KE)","is_active":true}`
	baringo = `{"id":"2","name":"Baringo (County: KE-01) -- Kenya","p_code":"KE-01","admin_level":1,"admin_level_name":"County","parent":1,"name_display":"Baringo (County: KE-01)","is_active":true}`
	eldama  = `{"id":"3","name":"Éldama [Archived] (KE-01-002) -- Baringo","p_code":"KE-01-002","admin_level":null,"admin_level_name":null,"parent":2,"name_display":"Éldama [Archived] (KE-01-002)","is_active":false}`
	camp    = `{"id":"4","name":"Camp","p_code":"","admin_level":null,"admin_level_name":null,"parent":null,"name_display":"Camp","is_active":true}`
)

func TestLocationsLight(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		plant(w)
		for _, c := range []struct {
			as, query string
			status    int
			answer    string
		}{
			{"monitor", "", 200, "[" + baringo + "," + camp + "," + eldama + "," + kenya + "]"},
			{"monitor", "?is_active=true", 200, "[" + baringo + "," + camp + "," + kenya + "]"},
			{"monitor", "?is_active=maybe", 400, `{"is_active":["Must be a valid boolean."]}`},
			{"monitor", "?search=ELDAMA", 200, "[" + eldama + "]"},
			{"monitor", "?search=ke-01", 200, "[" + baringo + "," + eldama + "]"},
			{"monitor", "?search=ke-01+bar", 200, "[" + baringo + "]"},
			{"monitor", "?page=2&page_size=3", 200, `{"count":4,"next":null,"previous":"http://example.com/api/locations-light/?page_size=3","results":[` + kenya + `]}`},
			{"monitor", "?page=3&page_size=3", 404, `{"detail":"Invalid page."}`},
			{"monitor", "?admin_level=1", 200, "[" + baringo + "]"},
			{"monitor", "?parent__isnull=true&ordering=-p_code", 200, "[" + kenya + "," + camp + "]"},
			{"monitor", "?colour=red", 200, ""},
			{"beirut", "?search=ke", 200, `[{"id":"5","name":"Lebanon (Country: KE)","p_code":"KE","admin_level":0,"admin_level_name":"Country","parent":null,"name_display":"Lebanon (Country: KE)","is_active":true}]`},
			{"nowhere", "", 403, ""},
			{"", "", 403, `{"detail":"Authentication credentials were not provided."}`},
		} {
			w.want(c.as, "GET", "/api/locations-light/"+c.query, "", c.status, c.answer)
		}
		w.want("monitor", "GET", "/api/locations-light", "", 200, "")
		w.want("monitor", "POST", "/api/locations-light/", "{}", 405, "")
	})
}

func TestPlacesAreSentOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		tag := func(as, known string) (string, int) {
			rec := w.send(as, "GET", "/api/locations-light/", "", "If-None-Match", known)
			return rec.Header().Get("ETag"), rec.Code
		}
		empty, status := tag("monitor", "")
		if empty == "" || status != 200 {
			w.Fatalf("of no places: %q %d", empty, status)
		}
		plant(w)
		now, status := tag("monitor", empty)
		if now == empty || status != 200 {
			w.Errorf("after places came: %q %d", now, status)
		}
		if again, status := tag("monitor", now); again != now || status != 304 {
			w.Errorf("asked again: %q %d", again, status)
		}
		if other, status := tag("beirut", now); other == now || status != 200 {
			w.Errorf("in another workspace: %q %d", other, status)
		}
		for _, change := range []struct{ method, path, body string }{
			{"PATCH", "/api/location/locations/1/", `{"name":"Kenia"}`}, {"PATCH", "/api/location/levels/1/", `{"name":"State"}`}, {"POST", "/api/location/locations/", `{"name":"New"}`},
		} {
			w.want("admin", change.method, change.path, change.body, map[string]int{"PATCH": 200, "POST": 201}[change.method], "")
			next, status := tag("monitor", now)
			if next == now || status != 200 {
				w.Errorf("after %s %s: %q %d", change.method, change.path, next, status)
			}
			now = next
		}
	})
}

func TestPlacesAndLevels(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		plant(w)
		const record = `{"id":2,"name":"Baringo","p_code":"KE-01","level":2,"admin_level":1,"admin_level_name":"County","parent":{"id":1,"name":"Kenya","p_code":"KE"},"latitude":null,"longitude":null,"is_active":true,"display":"Baringo (County: KE-01)","type":"","male_population":null,"female_population":null,"other_population":null,"families":null,"validity_to":null,"places_within":1,"places_below":1}`
		for _, c := range []struct {
			as, method, path, body string
			status                 int
			answer                 string
		}{
			{"monitor", "GET", "locations/2/", "", 200, record},
			{"monitor", "GET", "levels/2/", "", 200, `{"id":2,"number":1,"name":"County","type":""}`},
			{"monitor", "GET", "levels/", "", 200, `{"count":2,"next":null,"previous":null,"results":[{"id":1,"number":0,"name":"Country","type":""},{"id":2,"number":1,"name":"County","type":""}]}`},
			{"beirut", "GET", "locations/2/", "", 404, ""},
			{"monitor", "PATCH", "locations/2/", `{"name":"x"}`, 403, ""},
			{"monitor", "POST", "locations/", `{"name":"x"}`, 403, ""},
			{"admin", "DELETE", "locations/2/", "", 405, ""},
			{"", "GET", "locations/2/", "", 401, ""},
			{"admin", "PATCH", "locations/2/", `{}`, 200, record},
			{"admin", "POST", "locations/", `{}`, 400, `{"name":["This field is required."]}`},
			{"admin", "POST", "locations/", `{"name":"x","p_code":"KE"}`, 400, `{"p_code":["Location with this p-code already exists."]}`},
			{"admin", "POST", "locations/", `{"name":"Second camp without a code"}`, 201, ""},
			{"admin", "POST", "locations/", `{"name":"x","level":3}`, 400, `{"level":["Invalid pk \"3\" - object does not exist."]}`},
			{"admin", "POST", "locations/", `{"name":"x","latitude":1}`, 400, `{"longitude":["A point has a latitude and a longitude."]}`},
			{"admin", "POST", "locations/", `{"name":"x","longitude":1}`, 400, `{"latitude":["A point has a latitude and a longitude."]}`},
			{"admin", "POST", "locations/", `{"name":"x","latitude":90.1,"longitude":-180.1}`, 400, `{"latitude":["A latitude lies between -90 and 90."],"longitude":["A longitude lies between -180 and 180."]}`},
			{"admin", "PATCH", "locations/1/", `{"parent":3}`, 400, `{"parent":["A place cannot lie within itself."]}`},
			{"admin", "PATCH", "locations/1/", `{"parent":1}`, 400, `{"parent":["A place cannot lie within itself."]}`},
			{"admin", "PATCH", "locations/3/", `{"parent":1}`, 200, ""},
			{"admin", "PATCH", "locations/1/", `{"longitude":null}`, 400, `{"longitude":["A point has a latitude and a longitude."]}`},
			{"admin", "PATCH", "locations/1/", `{"latitude":null,"longitude":null}`, 200, ""},
			{"admin", "POST", "levels/", `{"number":-1,"name":"x"}`, 400, `{"number":["Levels are numbered from 0, the whole country."]}`},
			{"admin", "POST", "levels/", `{"number":1,"name":"x"}`, 400, `{"number":["Level with this number already exists."]}`},
			{"admin", "PATCH", "locations/2/", `{"admin_level":3}`, 400, `{"admin_level":["There is no such field to write."]}`},
		} {
			w.want(c.as, c.method, "/api/location/"+c.path, c.body, c.status, c.answer)
		}
	})
}

func TestPins(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		plant(w)
		b, err := w.service.Location.Object(w.Context(), w.db, entity.Viewer{Trusted: true, Actor: people["monitor"]}, "pin", 1)
		if want := `{"id":1,"name":"Kenya","latitude":1,"longitude":38,"p_code":"KE","admin_level_name":"Country"}`; err != nil || string(b) != want {
			w.Errorf("got %s, %v; want %s", b, err, want)
		}
	})
}

// TestEnglishTextsAreThoseOfTheDeclarations keeps the catalogue, which the other languages are held against, in step with the labels.
func TestEnglishTextsAreThoseOfTheDeclarations(t *testing.T) {
	t.Parallel()
	raw, err := texts.ReadFile("locales/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]string
	if err := json.Unmarshal(raw, &english); err != nil {
		t.Fatal(err)
	}
	entities := []*entity.Entity{level(), (&Service{}).location(), userDistrict()}
	if _, err := entity.Compile(db.SQLite, &access.Engine{}, entities...); err != nil {
		t.Fatal(err)
	}
	for _, e := range entities {
		for _, f := range e.Fields[1:] {
			if key := f.TextKey(); strings.HasPrefix(key, e.Name) && english[key] != f.Label {
				t.Errorf("%s is %q in the catalogue and %q in the declaration", key, english[key], f.Label)
			}
		}
	}
}
