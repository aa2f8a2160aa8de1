package insuree

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/module/moduletest"
	"almoner.dev/almoner/modules/facility"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/medical"
)

var list = []module.Definition{location.Module, medical.Module, facility.Module, Module}

var imis = almoner.Workspace{ID: 1}

// all are the rights of this module.
var all = []int{RightSeeFamilies, RightCreateFamily, RightChangeFamily, RightDeleteFamily, RightSeeInsurees, RightCreateInsuree, RightChangeInsuree, RightDeleteInsuree}

// people: a clerk works in the first district, another in the second; readers see only; one has no right; one belongs to another scheme.
var people = moduletest.People{
	"admin":  {UserID: 1, Superuser: true, AllRights: true, Workspace: imis},
	"clerk":  {UserID: 2, Workspace: imis, Rights: all},
	"other":  {UserID: 3, Workspace: imis, Rights: all},
	"reader": {UserID: 2, Workspace: imis, Rights: []int{RightSeeFamilies, RightSeeInsurees}},
	"nobody": {UserID: 4, Workspace: imis},
	"abroad": {UserID: 5, Superuser: true, AllRights: true, Workspace: almoner.Workspace{ID: 2}},
}

// lab is the module behind its API with a region of two districts, a ward and a village in each.
type lab struct {
	*moduletest.World
	*Service
	// villages and their UUIDs, by district 1 and 2; districts as well.
	village, district         [3]int64
	villageUUID, districtUUID [3]string
}

func eachLab(t *testing.T, fn func(l *lab)) {
	t.Helper()
	moduletest.Each(t, list, people, func(w *moduletest.World) {
		l := &lab{World: w, Service: w.Set.Parts["insuree"].Service.(*Service)}
		l.plant()
		fn(l)
	})
}

func (l *lab) plant() {
	l.Helper()
	places := l.Set.Parts["location"].Service.(*location.Service)
	ctx := almoner.WithActor(context.WithoutCancel(l.Context()), &almoner.Actor{UserID: 1, Superuser: true, AllRights: true, Workspace: imis})
	err := l.DB.InTx(ctx, func(tx *db.Tx) error {
		save := func(e *entity.Entity, v entity.Values) int64 {
			c := e.NewChange(0, v)
			if err := e.Save(ctx, tx, c); err != nil {
				l.Fatal(err)
			}
			return c.ID
		}
		var levels [4]int64
		for i, letter := range []string{"R", "D", "W", "V"} {
			levels[i] = save(places.Level, entity.Values{"number": int64(i), "name": "Level " + letter, "type": letter})
		}
		region := save(places.Location, entity.Values{"name": "Region", "p_code": "R1", "level": levels[0]})
		for i := 1; i <= 2; i++ {
			place := func(level int, letter string, parent int64) int64 {
				return save(places.Location, entity.Values{"name": fmt.Sprint(letter, i), "p_code": fmt.Sprint(letter, i), "level": levels[level], "parent": parent})
			}
			l.district[i] = place(1, "D", region)
			l.village[i] = place(3, "V", place(2, "W", l.district[i]))
			for _, at := range []struct {
				id   int64
				uuid *string
			}{{l.district[i], &l.districtUUID[i]}, {l.village[i], &l.villageUUID[i]}} {
				if err := tx.QueryRow(ctx, "select uuid from location_locations where id = $1", at.id).Scan(at.uuid); err != nil {
					return err
				}
			}
		}
		if err := places.SetDistricts(ctx, tx, 2, []int64{l.district[1]}); err != nil {
			return err
		}
		return places.SetDistricts(ctx, tx, 3, []int64{l.district[2]})
	})
	if err != nil {
		l.Fatal(err)
	}
}

// id makes a request that creates something, and returns its id and UUID.
func (l *lab) create(as, path, body string) (int64, string) {
	l.Helper()
	rec := l.Send(as, "POST", path, body)
	var made struct {
		ID   int64  `json:"id"`
		UUID string `json:"uuid"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &made); rec.Code != 201 || err != nil {
		l.Fatalf("%s: POST %s %s: %d %s", as, path, body, rec.Code, rec.Body)
	}
	return made.ID, made.UUID
}

const (
	insurees = "/api/insuree/insurees/"
	families = "/api/insuree/families/"
)

// person registers an insuree with a number; more is JSON behind the fields that everybody needs.
func (l *lab) person(number, more string) (int64, string) {
	l.Helper()
	return l.create("admin", insurees, person(number, more))
}

func person(number, more string) string {
	return `{"chf_id":"` + number + `","last_name":"Macintyre","other_names":"Joseph","gender":1,"dob":"1950-07-12"` + more + `}`
}

// household registers a family with its head in a village.
func (l *lab) household(number string, village int64) (family, head int64, familyUUID, headUUID string) {
	l.Helper()
	head, headUUID = l.person(number, "")
	family, familyUUID = l.create("admin", families, fmt.Sprintf(`{"head_insuree":%d,"location":%d}`, head, village))
	return family, head, familyUUID, headUUID
}

func (l *lab) number(sql string, args ...any) (n int64) {
	l.Helper()
	if err := l.DB.QueryRow(l.Context(), sql, args...).Scan(&n); err != nil {
		l.Fatalf("%s: %v", sql, err)
	}
	return n
}

// graph asks the GraphQL wire and returns the data; errors fail the test.
func (l *lab) graph(as, query string) string {
	l.Helper()
	body, errs := l.ask(as, query)
	if errs != "" {
		l.Errorf("%s: %s: %s", as, query, errs)
	}
	return body
}

func (l *lab) ask(as, query string) (data, errs string) {
	l.Helper()
	raw, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		l.Fatal(err)
	}
	rec := l.Send(as, "POST", "/api/graphql", string(raw))
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		l.Fatalf("%s: %v in %s", query, err, rec.Body)
	}
	var all []string
	for _, e := range answer.Errors {
		all = append(all, e.Message)
	}
	return string(answer.Data), strings.Join(all, "; ")
}

// mutate carries out a mutation and returns what the log says of its failure, "" for success.
func (l *lab) mutate(as, name, input string) string {
	l.Helper()
	id := fmt.Sprintf("m%d", l.number("select coalesce(max(id), 0) from api_mutations"))
	data := l.graph(as, `mutation { `+name+`(input: {clientMutationId: "`+id+`" clientMutationLabel: "`+name+`" `+input+`}) { clientMutationId internalId } }`)
	if !strings.Contains(data, `"clientMutationId":"`+id+`"`) {
		l.Errorf("%s answers %s", name, data)
	}
	var status int64
	var failure *string
	if err := l.DB.QueryRow(l.Context(), "select status, error from api_mutations where client_mutation_id = $1", id).Scan(&status, &failure); err != nil {
		l.Fatal(err)
	}
	if failure == nil {
		if status != 2 {
			l.Errorf("%s has the status %d", name, status)
		}
		return ""
	}
	return *failure
}

// global is the id that the GraphQL wire shows.
func global(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d", kind, id))
}

// technical registers a family of a technical insuree, as the program itself does, and returns its UUID.
func (l *lab) technical(number string, village int64) (uuid string) {
	l.Helper()
	ctx := almoner.WithActor(context.WithoutCancel(l.Context()), &almoner.Actor{System: "test", Workspace: imis})
	err := l.DB.InTx(ctx, func(tx *db.Tx) error {
		day := almoner.NewDate(2000, 1, 1)
		head := l.Insuree.NewChange(0, entity.Values{"chf_id": number, "last_name": "Fund", "other_names": "Fund", "dob": day, "gender": int64(3)})
		if err := l.Insuree.Save(ctx, tx, head); err != nil {
			return err
		}
		family := l.Family.NewChange(0, entity.Values{"head_insuree": head.ID, "location": village})
		if err := l.Family.Save(ctx, tx, family); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "select uuid from insuree_families where id = $1", family.ID).Scan(&uuid)
	})
	if err != nil {
		l.Fatal(err)
	}
	return uuid
}
