package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

func TestWrites(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.Add(s.T, s.Author, entity.Values{"name": "Achebe"})
		s.Add(s.T, s.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})
		s.Add(s.T, s.Subject, entity.Values{"name": "Past"})

		created := s.send(request{as: "librarian", method: "POST", path: "/api/old/books/", body: `{"title":" Dust ","author":1,"subjects":["1"],"copies":[{"shelf":"A"}],"colour":"red"}`})
		const dust = `{"id":1,"title":"Dust","status":"in","author":{"id":1,"name":"Achebe","language":null},"writer":"Achebe","borrower":null,"subjects":[{"id":1,"name":"Past"}],"donors":[],` +
			`"copies":[{"id":1,"shelf":"A","bought":null,"donor":null,"readers":[]}],"shop":{"website":"","contact":""},"notes":""}`
		if created.Code != http.StatusCreated || created.Body.String() != dust || created.Header().Get("Location") != "/api/old/books/1/" || !strings.HasPrefix(created.Header().Get("ETag"), `W/"1-`) {
			s.Errorf("created: %d %s %v", created.Code, created.Body, created.Header())
		}
		// What another person may do with the same body differs.
		s.want("clerk", "POST", "/api/old/books", `{"title":"Mud","author":99,"copies":[{"shelf":"A"}],"notes":5}`, `Created {"id":2,"title":"Mud"}`)
		s.want("clerk", "PATCH", "/api/old/books/1/", `{"title":"Dust!","notes":"x","copies":[]}`, `OK {"id":1,"title":"Dust!"}`)
		s.want("clerk", "PUT", "/api/old/books/1/", `{"title":"Dust","copies":[]}`, `OK {"id":1,"title":"Dust"}`)
		s.want("librarian", "GET", "/api/old/books/1/", "", "OK "+dust)

		for _, c := range []struct{ method, path, body, want string }{
			{"POST", "/api/old/books/", "", `Bad Request {"title":["This field is required."]}`},
			{"POST", "/api/old/books/", `{"title":"x","author":9,"subjects":[8,9],"pages":"?"}`, `Bad Request {"pages":["A valid integer is required."]}`},
			{"POST", "/api/old/books/", `{"title":"x","author":9,"subjects":[8,1]}`, `Bad Request {"author":["Invalid pk \"9\" - object does not exist."],"subjects":["Invalid pk \"8\" - object does not exist."]}`},
			{
				"PATCH", "/api/old/books/1/", `{"copies":[{"id":1,"shelf":"B"},{"shelf":"C"},{"price":1},{"id":77,"_delete":true}]}`,
				`Bad Request {"copies":[{},{},{"shelf":["This field is required."]},{}]}`,
			},
			{
				"PATCH", "/api/old/books/1/", `{"copies":[{"id":1,"shelf":"B"},{"shelf":"C"},{"id":77,"_delete":true}]}`,
				`Bad Request {"copies":[{},{},{"id":["Invalid pk \"77\" - object does not exist."]}]}`,
			},
			{"PATCH", "/api/old/books/1/", `{"copies":[{"shelf":"B"},5]}`, `Bad Request {"copies":[{},{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}]}`},
			{"PATCH", "/api/old/books/1/", `{"copies":{"shelf":"B"}}`, `Bad Request {"copies":["Expected a list of items but got type \"dict\"."]}`},
			{"PATCH", "/api/old/books/1/", `[]`, `Bad Request {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`},
			{"PATCH", "/api/old/books/1/", ``, "OK " + dust},
			{"PATCH", "/api/old/books/1/", `{"unknown":1,"id":7,"status":"out"}`, "OK " + dust},
			// The native wire says what it does not know.
			{"PATCH", "/api/library/books/1/", `{"unknown":1,"status":"out"}`, `Bad Request {"status":["There is no such field to write."],"unknown":["There is no such field to write."]}`},
			{"DELETE", "/api/old/books/2/", "", "No Content"},
			{"DELETE", "/api/old/books/2/", "", "Not Found " + missing},
			{"GET", "/api/old/books/2/", "", "Not Found " + missing},
			{"PATCH", "/api/old/books/2/", `{"title":"x"}`, "Not Found " + missing},
		} {
			s.want("librarian", c.method, c.path, c.body, c.want)
		}
		s.want("librarian", "GET", "/api/old/books/1/", "", "OK "+dust)
		s.want("admin", "POST", "/api/library/authors/", `{"name":"Achebe"}`, `Bad Request {"name":["Author with this name already exists."]}`)
		s.want("admin", "DELETE", "/api/library/authors/1/", "", `Conflict {"detail":"This author is still in use and cannot be deleted."}`)
	})
}

func TestVersionsOfRecords(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		patch := func(header, body string) string {
			q := request{as: "librarian", method: "PATCH", path: "/api/library/books/1/", body: body, header: map[string]string{}}
			if header != "" {
				q.header["If-Match"] = header
			}
			rec := s.send(q)
			if rec.Code != http.StatusOK {
				return fmt.Sprint(rec.Code, " ", rec.Body)
			}
			version, _, _ := strings.Cut(rec.Header().Get("ETag"), "-")
			return version
		}
		const changed = `409 {"detail":"Somebody changed this record meanwhile."}`
		for i, c := range []struct{ header, body, want string }{
			{`W/"1"`, `{"title":"A"}`, `W/"2`},
			{`W/"1"`, `{"title":"B"}`, changed},
			{`W/"2-digest"`, `{"title":"C"}`, `W/"3`},
			{`*`, `{"title":"D"}`, `W/"4`},
			{"", `{"title":"E","version":4}`, `W/"5`},
			{"", `{"title":"F","version":4}`, changed},
			{"", `{"title":"G"}`, `W/"6`},
			{`"soon"`, `{"title":"H"}`, `400 {"detail":"If-Match must hold the ETag of the record, such as \"7\"."}`},
		} {
			if got := patch(c.header, c.body); got != c.want {
				s.Errorf("step %d: got %s, want %s", i, got, c.want)
			}
		}
		rec := s.send(request{as: "librarian", method: "DELETE", path: "/api/library/books/1/", header: map[string]string{"If-Match": `"1"`, "Accept": "application/problem+json"}})
		if rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), `"versions":{"current":"6","yours":"1"}`) {
			s.Errorf("a stale deletion: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		deep := func(n int) string { return `{"extra":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}" }
		for _, c := range []struct {
			name, body string
			status     int
		}{
			{"no JSON", `title=x`, 400},
			{"half a document", `{"title":`, 400},
			{"two documents", `{} {}`, 400},
			{"a lone bracket", `}`, 400},
			{"null", `null`, 200},
			{"a number", `7`, 400},
			{"a text", `"x"`, 400},
			{"an array", `[]`, 400},
			{"true", `true`, 400},
			{"blanks", " \n\t ", 200},
			{"a byte order mark", "\ufeff{}", 400},
			{"bad UTF-8", "{\"title\":\"\xff\xfe\"}", 400},
			{"a NUL in a text", `{"title":"a\u0000b"}`, 400},
			{"a NUL in the document", "{\"title\":\"a\x00b\"}", 400},
			{"half a surrogate", `{"title":"\ud800"}`, 200},
			{"a NUL in JSON", `{"extra":{"\u0000":1}}`, 400},
			{"a huge number in JSON", `{"extra":1e99999}`, 400},
			{"nested too deep", deep(5000), 400},
			{"nested deep", deep(20), 200},
			{"unclosed and deep", strings.Repeat("[", 30000), 400},
			{"too large", `{"title":"` + strings.Repeat("x", 64<<10) + `"}`, 413},
			{"ten megabytes", strings.Repeat(" ", 10<<20) + "{}", 413},
			{"a key of many letters", `{"` + strings.Repeat("k", 60000) + `":1}`, 200},
			{"keys twice", `{"title":"A","title":"B"}`, 200},
			{"a date of the year 0", `{"published":"0000-01-01"}`, 400},
			{"a time before all time", `{"due_at":"0001-01-01T00:00:00+14:00"}`, 400},
			{"a time after all time", `{"due_at":"9999-12-31T23:59:59-14:00"}`, 400},
			{"an id below all", `{"author":-9223372036854775808}`, 400},
			{"an id above all", `{"author":9223372036854775808}`, 400},
			{"ids without end", `{"subjects":[` + strings.Repeat("9,", 9000) + `9]}`, 400},
			{"items without end", `{"copies":[` + strings.Repeat(`{},`, 9000) + `{}]}`, 400},
			{"an item with an id of another type", `{"copies":[{"id":{"a":1}}]}`, 400},
			{"a boolean as text", `{"fragile":[]}`, 400},
			{"a negative zero", `{"weight":-0.0}`, 200},
			{"a tiny number", `{"weight":1e-320}`, 200},
			{"markup", `{"title":"<script>alert(1)</script>"}`, 200},
		} {
			for _, method := range []string{"PATCH", "PUT"} {
				rec := s.send(request{as: "librarian", method: method, path: "/api/old/books/1/", body: c.body})
				if rec.Code != c.status {
					s.Errorf("%s %s: got %d %.200s, want %d", method, c.name, rec.Code, rec.Body, c.status)
				}
				if !json.Valid(rec.Body.Bytes()) {
					s.Errorf("%s %s: the answer is no JSON: %.200s", method, c.name, rec.Body)
				}
			}
		}
		if body := s.ask("librarian", "GET", "/api/old/books/1/", ""); strings.Contains(body, "<script") {
			s.Errorf("markup in an answer: %s", body)
		}
		for media, want := range map[string]int{"": 200, "application/json; charset=utf-8": 200, "application/merge-patch+json": 200, "text/plain": 415, "application/x-www-form-urlencoded": 415, ";;;": 200} {
			rec := s.send(request{as: "librarian", method: "PATCH", path: "/api/old/books/1/", body: `{"title":"x"}`, header: map[string]string{"Content-Type": media}})
			if rec.Code != want {
				s.Errorf("media type %q: got %d, want %d", media, rec.Code, want)
			}
		}
		s.want("librarian", "PATCH", "/api/old/books/1/", "{\n\"title\":\n oops}", `Bad Request {"detail":"JSON parse error - invalid character 'o' looking for beginning of value at line 3, byte 13"}`)
		if s.log.Len() > 0 {
			s.Errorf("something was logged as a failure: %s", s.log)
		}
	})
}

func TestMoves(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		member := s.Add(s.T, s.Member, entity.Values{"name": "Amina", "email": "amina@library.example"})
		s.book(entity.Values{"title": "Dust"})
		const lend = "/api/old/books/1/lend/"
		for _, c := range []struct{ as, method, path, body, want string }{
			{"librarian", "GET", lend, "", `Method Not Allowed {"detail":"Method \"GET\" not allowed."}`},
			{"librarian", "POST", "/api/old/books/1/burn/", "{}", "Not Found " + missing},
			{"librarian", "POST", "/api/old/books/9/lend/", "{}", "Not Found " + missing},
			{"librarian", "POST", lend, `{`, `Bad Request {"detail":"JSON parse error - the document ends too early"}`},
			{"reader", "POST", lend, `{}`, `Bad Request {"borrower":["Say who borrows it."]}`}, // guards come before the role (tpm §12-16)
			{"librarian", "PATCH", "/api/library/books/1/", fmt.Sprintf(`{"borrower":%d}`, member), ""},
			{"reader", "POST", lend, `{}`, "Forbidden " + refused},
			{"passerby", "POST", lend, `{}`, "Forbidden " + refused},
			{"librarian", "POST", lend, ``, `Bad Request {"comment":["This field is required."]}`},
			{"librarian", "POST", lend, `[]`, `Bad Request {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`},
			{"librarian", "POST", lend, `{"comment":" "}`, `Bad Request {"comment":["This field may not be blank."]}`},
			{"librarian", "POST", lend, `{"comment":"For a week","colour":1}`, ""},
			{"librarian", "POST", lend, `{"comment":"Again"}`, "Forbidden " + refused},
			{"librarian", "POST", "/api/old/books/1/retire", ``, ""},
			{"librarian", "POST", "/api/old/books/1/retire/", ``, "Forbidden " + refused},
		} {
			got := s.ask(c.as, c.method, c.path, c.body)
			if c.want == "" && !strings.HasPrefix(got, "OK ") || c.want != "" && got != c.want {
				s.Errorf("%s: %s %s %s\n got %s\nwant %s", c.as, c.method, c.path, c.body, got, c.want)
			}
		}
		if got := s.ask("librarian", "GET", "/api/library/books/1/", ""); !strings.Contains(got, `"status":"retired"`) || !strings.Contains(got, `"notes":"For a week"`) || strings.Contains(got, `"lent_on":null`) {
			s.Errorf("after the moves: %s", got)
		}
		var history []struct{ Verb, From, To string }
		rec := s.send(request{as: "librarian", method: "GET", path: "/api/old/books/1/history/"})
		if err := json.Unmarshal(rec.Body.Bytes(), &history); err != nil || fmt.Sprint(history) != "[{created  } {updated  } {lent in out} {retired out retired}]" {
			s.Errorf("history: %v, %v", history, err)
		}
		s.want("passerby", "GET", "/api/old/books/1/history/", "", "Forbidden "+refused)
		s.want("southerner", "GET", "/api/old/books/1/history/", "", "Not Found "+missing)
	})
}

func TestIncluded(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.book(entity.Values{"title": "Dust"})
		var body struct {
			Version     int
			Permissions map[string]json.RawMessage
			Actions     []struct {
				Code, Label, To       string
				Primary, NeedsComment bool
				Input                 []struct {
					Name, Type, Label string
					Required          bool
				}
				BlockedBy []struct{ Field, Code, Message string } `json:"blocked_by"`
			}
		}
		rec := s.send(request{as: "librarian", method: "GET", path: "/api/old/books/1/?include=actions,permissions"})
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
			s.Fatal(err)
		}
		if len(body.Actions) != 2 || body.Actions[0].Code != "lend" || body.Actions[1].Code != "retire" || body.Version != 1 {
			s.Fatalf("included: %s", rec.Body)
		}
		lend := body.Actions[0]
		if !lend.Primary || lend.To != "out" || len(lend.Input) != 1 || lend.Input[0].Name != "comment" || !lend.Input[0].Required ||
			len(lend.BlockedBy) != 1 || lend.BlockedBy[0].Field != "borrower" || lend.BlockedBy[0].Code != "library.borrower_missing" {
			s.Errorf("the action: %+v", lend)
		}
		for field, want := range map[string]string{"title": `"write"`, "status": `"read"`, "donors": `"read"`, "copies": `"write"`} {
			if string(body.Permissions[field]) != want {
				s.Errorf("permission of %s: got %s, want %s", field, body.Permissions[field], want)
			}
		}
		if inner := string(body.Permissions["copies.*"]); !strings.Contains(inner, `"_delete":true`) || !strings.Contains(inner, `"shelf":"write"`) {
			s.Errorf("permissions of copies: %s", inner)
		}
		s.want("clerk", "GET", "/api/old/books/1/?include=actions", "", `OK {"id":1,"title":"Dust","actions":[]}`)
	})
}

func TestErrorsOfCalls(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		fire := func(id string, header map[string]string) (int, string, http.Header) {
			rec := s.send(request{as: "reader", method: "POST", path: "/api/library/fires/" + id + "/", header: header})
			return rec.Code, rec.Body.String(), rec.Header()
		}
		for id, want := range map[string]string{
			"x": "404 " + missing, "1": `500 {"detail":"Something went wrong on our side. Give support the request number."}`, "2": `503 {"detail":"Try again later."}`,
			"3": `429 {"detail":"Slowly."}`, "5": `200 {"raw":true}`, "6": "418 ", "7": "204 ",
		} {
			code, body, _ := fire(id, nil)
			if got := fmt.Sprint(code, " ", body); got != want {
				s.Errorf("call %s: got %s, want %s", id, got, want)
			}
		}
		if _, _, h := fire("3", nil); h.Get("Retry-After") != "7" {
			s.Errorf("Retry-After: %q", h.Get("Retry-After"))
		}
		if code, _, h := fire("4", nil); code != http.StatusFound || h.Get("Location") != "/elsewhere" {
			s.Errorf("redirect: %d %s", code, h.Get("Location"))
		}
		if log := s.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "secret of the database") || !strings.Contains(log, "request_id=req-1") {
			s.Errorf("the log: %s", log)
		}
		if _, body, _ := fire("1", nil); strings.Contains(body, "secret") {
			s.Errorf("the cause reaches people: %s", body)
		}
		rec := s.send(request{as: "reader", method: "GET", path: "/api/library/hours/"})
		if rec.Header().Get("WWW-Authenticate") != "" {
			s.Error("WWW-Authenticate on a good answer")
		}
		if rec := s.send(request{method: "GET", path: "/api/library/books/"}); rec.Header().Get("WWW-Authenticate") != "Bearer" {
			s.Error("no WWW-Authenticate on a 401")
		}
	})
}

func TestProblemJSON(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		problem := func(as, method, path, body string) string {
			rec := s.send(request{as: as, method: method, path: path, body: body, header: map[string]string{"Accept": "text/html, application/problem+json;q=0.9"}})
			if rec.Header().Get("Content-Type") != "application/problem+json" {
				s.Errorf("%s %s is %s", method, path, rec.Header().Get("Content-Type"))
			}
			return rec.Body.String()
		}
		for _, c := range []struct{ as, method, path, body, want string }{
			{
				"librarian", "POST", "/api/old/books/", `{"pages":"?","copies":[{"shelf":"A"},{}]}`,
				`{"code":"invalid","detail":"The input is not valid.","errors":[{"code":"required","message":"This field is required.","path":"title"},{"code":"not_an_integer","message":"A valid integer is required.","path":"pages"},` +
					`{"code":"required","message":"This field is required.","path":"copies.1.shelf"}],"request_id":"req-1","status":400,"title":"Bad Request","type":"about:blank"}`,
			},
			{"librarian", "GET", "/api/old/books/9/", "", `{"code":"not_found","detail":"Not found.","request_id":"req-1","status":404,"title":"Not Found","type":"about:blank"}`},
			{"", "GET", "/api/old/books/9/", "", `{"code":"not_authenticated","detail":"Authentication credentials were not provided.","request_id":"req-1","status":403,"title":"Forbidden","type":"about:blank"}`},
			{"librarian", "GET", "/api/nothing/", "", `{"code":"not_found","detail":"Not found.","request_id":"req-1","status":404,"title":"Not Found","type":"about:blank"}`},
		} {
			if got := problem(c.as, c.method, c.path, c.body); got != c.want {
				s.Errorf("%s %s:\n got %s\nwant %s", c.method, c.path, got, c.want)
			}
		}
	})
}

func TestLanguageOfAnswers(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		detail := func(as string, header map[string]string) (string, string) {
			rec := s.send(request{as: as, method: "GET", path: "/api/old/books/9/", header: header})
			return rec.Header().Get("Content-Language"), rec.Body.String()
		}
		for _, c := range []struct {
			as     string
			header map[string]string
			want   string
		}{
			{"librarian", nil, "en"},
			{"french", nil, "fr"},
			{"french", map[string]string{"Language": "es"}, "es"},
			{"french", map[string]string{"Language": "xx"}, "fr"},
			{"", map[string]string{"Accept-Language": "ar-EG, en;q=0.5"}, "ar"},
			{"librarian", map[string]string{"Accept-Language": "fr"}, "en"},
		} {
			language, body := detail(c.as, c.header)
			if language != c.want || c.want == "en" != strings.Contains(body, "Not found.") {
				s.Errorf("%s %v: %s %s, want %s", c.as, c.header, language, body, c.want)
			}
		}
	})
}
