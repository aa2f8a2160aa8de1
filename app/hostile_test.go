package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
)

// schema is as much of JSON Schema as these tests read from the OpenAPI document.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
	Enum       []string           `json:"enum"`
	Required   []string           `json:"required"`
}

// inputs reads from the OpenAPI document what each operation takes: a schema by `METHOD path`.
func (s *surface) inputs() map[string]*schema {
	s.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct {
					Schema *schema `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]*schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(s.a.API.Document(), &document); err != nil {
		s.Fatalf("read the OpenAPI document: %v", err)
	}
	var resolve func(x *schema, depth int) *schema
	resolve = func(x *schema, depth int) *schema {
		if x == nil || depth > 6 {
			return nil
		}
		if x.Ref != "" {
			return resolve(document.Components.Schemas[strings.TrimPrefix(x.Ref, "#/components/schemas/")], depth+1)
		}
		c := *x
		c.Items = resolve(x.Items, depth+1)
		c.Properties = map[string]*schema{}
		for name, p := range x.Properties {
			c.Properties[name] = resolve(p, depth+1)
		}
		return &c
	}
	found := map[string]*schema{}
	for path, methods := range document.Paths {
		for method, op := range methods {
			if body, ok := op.RequestBody.Content["application/json"]; ok {
				found[strings.ToUpper(method)+" "+path] = resolve(body.Schema, 0)
			}
		}
	}
	return found
}

// attacker is somebody who may use the operation, so that the input is looked at and not the person; allowed is false when there is nobody.
func (s *surface) attacker(op api.Operation) (c *apptest.Client, allowed bool) {
	s.Helper()
	if public(op) {
		return s.a.Anonymous(), true
	}
	candidates := []string{planner, "reviewer@agency.example", firmFocal, admin}
	switch {
	case strings.HasPrefix(op.Name, "account."):
		// This person has one workspace only, so that no input leads them away.
		candidates = append([]string{"unicef@agency.example"}, candidates...)
	case slices.Contains([]string{"tpm.visit.accept", "tpm.visit.reject", "tpm.visit.send_report"}, op.Name), strings.Contains(op.Path, "/report-attachments/"):
		candidates = append([]string{firmFocal}, candidates...)
	}
	if email, known := s.attackers[op.Name]; known {
		return s.a.As(email).In("KEN"), true
	}
	for _, email := range candidates {
		actor, err := s.a.Set.Identity().OfEmail(s.Context(), s.a.DB, email, "KEN")
		if err != nil {
			s.Fatalf("find %s: %v", email, err)
		}
		if op.Rule.Allows(actor) {
			s.attackers[op.Name] = email
			return s.a.As(email).In("KEN"), true
		}
	}
	return s.a.As(planner), false
}

// target is a record that may be spoilt, in the state in which the operation takes input.
func (s *surface) target(op api.Operation) string {
	s.Helper()
	status := map[string]string{
		"tpm.visit.accept": "assigned", "tpm.visit.reject": "assigned", "tpm.visit.send_report": "tpm_accepted", "tpm.visit.approve": "tpm_reported", "tpm.visit.reject_report": "tpm_reported",
	}[op.Name]
	if strings.HasPrefix(op.Path, "/api/tpm/visits/") {
		switch {
		case strings.Contains(op.Path, "/report-attachments/"):
			status = "tpm_accepted"
		case status == "":
			status = "draft"
		}
		s.exec("update tpm_visits set status = '" + status + "', deleted_at = null where status <> '" + status + "'")
	}
	id := ""
	if strings.HasPrefix(op.Path, "/api/account/") && strings.Contains(op.Path, "{id}") {
		table, _, _ := home(op)
		id = fmt.Sprint(s.victims[table])
	}
	return s.address(op, id)
}

func (s *surface) exec(sql string) {
	s.Helper()
	err := s.a.DB.InTx(s.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.Context(), sql)
		return err
	})
	if err != nil {
		s.Fatalf("%s: %v", sql, err)
	}
}

// The texts of attackers. What is accepted as text must come back as the same text.
const (
	script    = `<script>alert("x")</script><img src=x onerror=alert(1)>&amp;`
	injection = `Robert'); drop table tpm_visits; --`
)

// wrong are values that some field will not like, as JSON.
var wrong = []string{
	`null`, `true`, `false`, `0`, `-1`, `1.5`, `1e400`, `-1e-400`, `99999999999999999999999999`, `-9223372036854775809`, `9223372036854775807`, `""`, `" "`, `"x"`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\ufffe"`,
	`"\u202eevil\u200b"`, `"1 or 1=1"`, `"2026-13-45"`, `"0000-00-00"`, `"99999-01-01"`, `"-1"`, `"NaN"`, `[]`, `[[]]`, `[null]`, `["x"]`, `[-1]`, `[1,1,1]`, `[99999999999999999999]`, `{}`, `{"id":1}`, `{"":null}`,
	`{"id":"x","_delete":"maybe"}`, `[{}]`, `[{"id":-1}]`, `[{"id":1,"_delete":true},{"id":1}]`, `[{"_delete":true}]`, `[{"id":{}}]`, `{"$ref":"#"}`, `{"language":["en"]}`, `{"language":"xx"}`, `"` + strings.Repeat("é", 3000) + `"`,
	quoted(script), quoted(injection), `"%s%n%x"`, `"{{7*7}}"`, `"=cmd|' /C calc'!A0"`, `"../../etc/passwd"`, `"a\r\nSet-Cookie: x=1"`,
}

func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	return strings.TrimSpace(b.String())
}

// malformedBodies are whole bodies that are no sensible JSON.
var malformedBodies = map[string]string{
	"cut off": `{"a": `, "no JSON": `<xml/>`, "two documents": `{} {}`, "trailing comma": `{"a":1,}`, "single quotes": `{'a':1}`, "comment": `{/* */}`, "bare word": `nope`, "bad escape": `{"a":"\x"}`,
	"bad UTF-8": "{\"a\":\"\xff\xfe\"}", "NUL": "{\"a\":\x001}", "byte order mark": "\ufeff{}", "UTF-16": "{\x00}\x00", "10 000 deep": strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
	"10 000 deep, open": strings.Repeat(`{"a":`, 10_000), "too large": `{"a":"` + strings.Repeat("x", 10<<20) + `"}`,
}

// otherBodies are sound JSON of the wrong shape; an operation may take them as an empty input, but must not fail.
var otherBodies = []string{
	`null`, `true`, `7`, `"text"`, `[]`, `[1,2,3]`, `[{}]`, `{"a":{"b":{"c":[1,{"d":null}]}}}`, `{"id":1,"id":2,"status":"x","status":null}`, `{"__proto__":{"x":1},"constructor":1}`,
	`{"a":` + strings.Repeat("9", 100_000) + `}`,
}

// judge checks one answer: never a 5xx; what is refused says why, as JSON. It returns whether the input was taken.
func judge(t testing.TB, what string, r *apptest.Response) bool {
	t.Helper()
	if len(what) > 300 {
		what = what[:300] + "…"
	}
	switch {
	case r.Status >= 500:
		t.Errorf("%s: got %d %s", what, r.Status, r.Body)
	case r.Status >= 400:
		var body any
		if err := json.Unmarshal(r.Body, &body); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d, but no JSON: %s", what, r.Status, r.Body)
			return false
		}
		object, _ := body.(map[string]any)
		bare, _ := body.([]any) // a file and a link exclude each other, which the wire says as a bare list (tpm §5)
		if len(object)+len(bare) == 0 {
			t.Errorf("%s: %d, but it does not say why: %s", what, r.Status, r.Body)
		}
		if len(r.Body) > 8<<10 {
			t.Errorf("%s: a refusal of %d bytes", what, len(r.Body))
		}
	case r.Status < 300 || r.Status == http.StatusFound:
		if bytes.Contains(r.Body, []byte("<script")) || !utf8.Valid(r.Body) {
			t.Errorf("%s: the answer holds markup or bad UTF-8: %s", what, r.Body)
		}
		return true
	}
	return false
}

// No body, however malformed, gives a 5xx; refused ones say why in JSON and store nothing; nothing is logged as an error (which apptest watches). Text that is
// accepted comes back as the same text.
func TestHostileBodies(t *testing.T) {
	eachSurface(t, func(s *surface) {
		inputs := s.inputs()
		s.note()
		requests, taken, echoes, noticed := 0, 0, 0, 0
		send := func(op api.Operation, what, body string) (*apptest.Response, bool) {
			s.Helper()
			c, _ := s.attacker(op)
			r := c.Do(op.Method, s.target(op), body)
			requests++
			ok := judge(s, op.Method+" "+op.Path+" "+what, r)
			if ok {
				taken++
			}
			return r, ok
		}
		refused := func(op api.Operation, what string, do func() bool) {
			s.Helper()
			taken := do()
			grown := s.left()
			noticed += len(grown)
			if !taken && len(grown) > 0 {
				s.Errorf("%s %s, %s: refused, yet tables have grown by %v", op.Method, op.Path, what, grown)
			}
		}
		operations := 0
		for _, op := range s.a.API.Operations() {
			if op.Input == nil {
				continue
			}
			operations++
			if _, allowed := s.attacker(op); !allowed {
				s.Errorf("%s %s: nobody in this test may use it (%s); add somebody to the attackers", op.Method, op.Path, op.Rule.Name)
				continue
			}
			s.left() // the session of whoever it is
			in := inputs[op.Method+" "+op.Path]
			if in == nil {
				s.Errorf("%s %s: the document does not describe its body", op.Method, op.Path)
				continue
			}
			refused(op, "malformed bodies", func() bool {
				for what, body := range malformedBodies {
					r, ok := send(op, what, body)
					if want := http.StatusBadRequest; ok || r.Status != want && r.Status != http.StatusRequestEntityTooLarge && r.Status != http.StatusTooManyRequests {
						s.Errorf("%s %s, %s: got %d %.200s", op.Method, op.Path, what, r.Status, r.Body)
					}
				}
				for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png"} {
					c, _ := s.attacker(op)
					r := c.With("Content-Type", media).Do(op.Method, s.target(op), `{"name":"x"}`)
					requests++
					if judge(s, op.Path+" as "+media, r); r.Status != http.StatusUnsupportedMediaType {
						s.Errorf("%s %s as %s: got %d, want 415", op.Method, op.Path, media, r.Status)
					}
				}
				return false
			})
			for _, body := range otherBodies {
				refused(op, body, func() bool { _, ok := send(op, body, body); return ok })
			}
			for at, name := range slices.Sorted(maps.Keys(in.Properties)) {
				field := in.Properties[name]
				for i, value := range wrong {
					if !s.turn(at+i, 3) {
						continue
					}
					refused(op, name+" = "+value, func() bool {
						r, ok := send(op, name+" = "+value, fmt.Sprintf(`{%s:%s}`, quoted(name), value))
						if ok && (value == quoted(script) || value == quoted(injection)) && echoed(s, op, name, value, r) {
							echoes++
						}
						return ok
					})
				}
				if field != nil && field.Items != nil {
					for at, inner := range slices.Sorted(maps.Keys(field.Items.Properties)) {
						for i, value := range wrong {
							if !s.turn(at+i, 3) {
								continue
							}
							refused(op, name+"[0]."+inner+" = "+value, func() bool {
								_, ok := send(op, name+"[0]."+inner+" = "+value, fmt.Sprintf(`{%s:[{%s:%s}]}`, quoted(name), quoted(inner), value))
								return ok
							})
						}
					}
				}
			}
		}
		if s.number("select count(*) from tpm_visits") == 0 {
			s.Error("the visits are gone")
		}
		if noticed == 0 {
			s.Error("what was accepted left nothing: are the tables watched?")
		}
		if echoes == 0 {
			s.Error("no hostile text was accepted and compared: is anything writable?")
		}
		s.Logf("%d operations with a body, %d requests, %d of them accepted, %d texts compared", operations, requests, taken, echoes)
	})
}

// turn gives each field some of the values, so that all fields together get each many times; fewer on PostgreSQL, where a request costs more.
func (s *surface) turn(i, share int) bool {
	if s.a.DB.Engine() == db.Postgres {
		share *= 4
	}
	return i%share == 0
}

// echoed compares a text that was accepted with what the answer shows; false when the answer does not show the field as text.
func echoed(s *surface, op api.Operation, name, value string, r *apptest.Response) bool {
	var sent string
	_ = json.Unmarshal([]byte(value), &sent)
	var body map[string]any
	if json.Unmarshal(r.Body, &body) != nil {
		return false
	}
	shown, ok := body[name].(string)
	if !ok || shown == "" && op.Wire.Lenient {
		return false // lenient operations leave out what they do not take
	}
	if shown != sent {
		s.Errorf("%s %s: %s was accepted as %q and is shown as %q", op.Method, op.Path, name, sent, shown)
	}
	return true
}

// No query, however strange, gives a 5xx.
func TestHostileQueries(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	values := []string{
		"", "%00", "a%00b", "%ff%fe", "-1", "0", "1.5", "1e9", "99999999999999999999999", "-9223372036854775808", "NaN", "null", "true", "x", "%27", "%22", "%25", "_", "%5C", url.QueryEscape(injection), url.QueryEscape(script),
		"2026-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "1,2,x", ",,,", "1,,2", strings.TrimSuffix(strings.Repeat("1,", 3000), ","), strings.TrimSuffix(strings.Repeat("ab,", 3000), ","), long,
		url.QueryEscape(strings.Repeat("word ", 500)), "%F0%9F%98%80", "%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "all", "last", "csv", "xlsx", "%2e%2e%2f", "a[]=1", "{}", "*",
	}
	eachSurface(t, func(s *surface) {
		requests := 0
		before := s.rows()
		for _, op := range s.a.API.Operations() {
			if op.Method != http.MethodGet || strings.Contains(op.Path, "changecountry") {
				continue
			}
			names := []string{"search", "ordering", "page", "page_size", "format", "include", "fields", "schema", "unknown", ""}
			for _, p := range op.Query {
				if !slices.Contains(names, p.Name) {
					names = append(names, p.Name)
				}
			}
			c, _ := s.attacker(op)
			for at, name := range names {
				for i, value := range values {
					if !s.turn(at+i, 5) {
						continue
					}
					query := url.QueryEscape(name) + "=" + value
					judge(s, "GET "+op.Path+"?"+query, c.Get(s.address(op, "")+"?"+query))
					requests++
				}
			}
			for _, query := range []string{"&&&", "=", "%", "%zz", "a;b", strings.Repeat("search=a&", 2000), strings.Repeat("ordering=-name&", 500), "page=2&page=x", strings.Repeat("k=v&", 5000)} {
				judge(s, "GET "+op.Path+"?"+query, c.Get(s.address(op, "")+"?"+query))
				requests++
			}
		}
		s.unchanged("reading", before)
		s.Logf("%d requests", requests)
	})
}

// No id in a path gives anything but 404, or 403 from who may not come in at all.
func TestHostilePaths(t *testing.T) {
	eachSurface(t, func(s *surface) {
		before := s.rows()
		for _, op := range s.a.API.Operations() {
			if !strings.Contains(op.Path, "{") {
				continue
			}
			for _, id := range []string{"0", "-1", "x", "1x", "1.0", "1e3", "+1", "01", "%31%00", "%00", "%ff", "99999999999999999999", "0x1", "%27%20or%201=1", "%2e%2e", "null", "%F0%9F%98%80", strings.Repeat("9", 2000)} {
				path := inBraces.ReplaceAllString(op.Path, id)
				for _, method := range []string{op.Method, http.MethodOptions} {
					c, _ := s.attacker(op)
					r := c.Do(method, path, nil)
					judge(s, method+" "+path, r)
					if r.Status == 200 && method == http.MethodOptions {
						continue // a path that has nothing to tell about its record
					}
					if r.Status != 404 && r.Status != 403 && (op.Input == nil || r.Status != 400) {
						s.Errorf("%s %.120s: got %d %s, want 404", method, path, r.Status, r.Body)
					}
				}
			}
		}
		s.unchanged("ids that are none", before)
	})
}

// Random but sound JSON, grown from the names that operations know, from a fixed seed: never a 5xx, and a refusal stores nothing.
func TestRandomBodies(t *testing.T) {
	eachSurface(t, func(s *surface) {
		const rounds = 1200
		random := rand.New(rand.NewPCG(20260331, 7)) //nolint:gosec // a fixed seed is the point
		inputs := s.inputs()
		var operations []api.Operation
		for _, op := range s.a.API.Operations() {
			if op.Input != nil && !strings.HasPrefix(op.Path, "/api/auth/") {
				operations = append(operations, op)
			}
		}
		taken := 0
		for range rounds {
			op := operations[random.IntN(len(operations))]
			raw, err := json.Marshal(grow(random, inputs[op.Method+" "+op.Path], 0))
			if err != nil {
				s.Fatal(err)
			}
			path := s.target(op)
			before := s.number("select count(*) from event_log")
			c, _ := s.attacker(op)
			if judge(s, op.Method+" "+op.Path+" "+string(raw), c.Do(op.Method, path, raw)) {
				taken++
			} else if after := s.number("select count(*) from event_log"); after != before {
				s.Errorf("%s %s %s: refused, yet %d facts were stated", op.Method, op.Path, raw, after-before)
			}
		}
		s.Logf("%d requests, %d accepted", rounds, taken)
	})
}

// grow makes a value that mostly fits the schema.
func grow(random *rand.Rand, of *schema, depth int) any {
	if of == nil || depth > 4 || random.IntN(8) == 0 {
		return []any{nil, true, -1, 3, 1.25, "", "x", script, []any{}, map[string]any{}, "2026-02-28", strings.Repeat("ab ", 50)}[random.IntN(12)]
	}
	switch kind := fmt.Sprint(of.Type); {
	case len(of.Properties) > 0:
		object := map[string]any{}
		names := []string{}
		for name := range of.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if slices.Contains(of.Required, name) && random.IntN(10) > 0 || random.IntN(3) > 0 {
				object[name] = grow(random, of.Properties[name], depth+1)
			}
		}
		if depth > 0 && random.IntN(3) == 0 {
			object["id"] = random.IntN(5)
		}
		return object
	case strings.Contains(kind, "array"):
		list := []any{}
		for range random.IntN(4) {
			list = append(list, grow(random, of.Items, depth+1))
		}
		return list
	case strings.Contains(kind, "integer"):
		return random.IntN(6)
	case strings.Contains(kind, "boolean"):
		return random.IntN(2) == 0
	case strings.Contains(kind, "number"):
		return random.Float64()*400 - 200
	case len(of.Enum) > 0:
		return of.Enum[random.IntN(len(of.Enum))]
	}
	return []string{"plain", "a@b.example", "2026-03-31", "naïve Ωμέγα مرحبا", script, strings.Repeat("y", 300)}[random.IntN(6)]
}
