package insuree

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
)

func TestPhotos(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		id, _ := l.person("P1", fmt.Sprintf(`,"current_village":%d`, l.village[1]))
		at := fmt.Sprintf("%s%d/photo/", insurees, id)
		for _, c := range []struct {
			as, method, body string
			status           int
			answer           string
		}{
			{"clerk", "GET", "", 404, ""},
			{"clerk", "POST", `{"photo":"?"}`, 400, `{"photo":["The photo is not written in base64."]}`},
			{"clerk", "POST", `{"photo":"` + base64.StdEncoding.EncodeToString([]byte("%PDF-1.4 no picture")) + `"}`, 400, `{"photo":["A photo is a picture, such as a JPEG file."]}`},
			{"clerk", "POST", `{"photo":"data:image/png;base64,` + picture + `","date":"2026-01-02","officer_id":3}`, 200, ""},
			{"clerk", "POST", `{"photo":"` + picture + `","date":"2026-01-03"}`, 200, ""}, // the same picture on another day
			{"clerk", "GET", "", 200, ""},
		} {
			l.Want(c.as, c.method, at, c.body, c.status, c.answer)
		}
		content, err := base64.StdEncoding.DecodeString(picture)
		if err != nil {
			t.Fatal(err)
		}
		if rec := l.Send("reader", "GET", at, ""); rec.Body.String() != string(content) || rec.Header().Get("Content-Type") != "image/png" {
			t.Errorf("the photo is %q %s", rec.Body, rec.Header().Get("Content-Type"))
		}
		// One photo with a former state, the file stored once; what was refused left nothing.
		if n := l.number("select count(*) from insuree_photos") + 10*l.number("select count(*) from insuree_photos_versions") + 100*l.number("select count(distinct blob_key) from insuree_photos_versions") +
			1000*l.number("select count(*) from file_pending"); n != 121 {
			t.Errorf("photos, versions, files, pending files: %d", n)
		}
		if n := l.number("select count(*) from insuree_insurees i join insuree_photos p on p.id = i.photo_id and p.date = i.photo_date and p.filename = p.uuid where i.id = $1", id); n != 1 {
			t.Error("the insuree does not have the day of the photo")
		}
	})
}

// A hundred insurees with their families and four levels of places take as many statements as one, over both wires.
func TestStatementsAreConstant(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		query, err := json.Marshal(map[string]any{"query": `{insurees(first: 100, orderBy: ["chfId"]){edges{node{chfId gender{code} photo{date} family{uuid location` + loc4 + ` headInsuree{chfId}} currentVillage` + loc4 + `}}}}`})
		if err != nil {
			t.Fatal(err)
		}
		count := func() (sums [2]int64) {
			for i, c := range []struct{ method, path, body string }{{"GET", insurees + "?page_size=100&count=none", ""}, {"POST", "/api/graphql", string(query)}} {
				ctx, counter := db.CountStatements(l.Context())
				r := httptest.NewRequestWithContext(ctx, c.method, c.path, strings.NewReader(c.body))
				r.Header.Set("Test-Person", "clerk")
				if c.body != "" {
					r.Header.Set("Content-Type", "application/json")
				}
				w := httptest.NewRecorder()
				l.API.ServeHTTP(w, r)
				if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors"`) {
					t.Fatalf("%s: %d %s", c.path, w.Code, w.Body)
				}
				sums[i] = counter.N()
			}
			return sums
		}
		l.household("H0", l.village[1])
		few := count()
		for i := 1; i < 30; i++ {
			l.household(fmt.Sprint("H", i), l.village[1])
		}
		if many := count(); many != few || few != [2]int64{1, 1} {
			t.Errorf("statements over REST and GraphQL: %v for one, %v for many", few, many)
		}
	})
}
