package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/demo"
	"almoner.dev/almoner/modules"
)

// paperTrail is a log that many goroutines write to.
type paperTrail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *paperTrail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *paperTrail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// personal are columns whose values are about people, written by people, or secret.
var personal = regexp.MustCompile(`^(email|first_name|middle_name|last_name|phone_number|job_title|demo_note|street_address|filename|hyperlink|visit_information|additional_information|note|blob_key|secret|.*_comment|.*_reason|.*_hash)$`)

// personalTexts are all values of such columns.
func personalTexts(t *testing.T, q db.Queryer) map[string]string {
	t.Helper()
	schema, err := db.ReadSchema(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, table := range schema.Tables {
		for _, c := range table.Columns {
			if c.Kind != db.Text || !personal.MatchString(c.Name) {
				continue
			}
			rows, err := q.Query(t.Context(), "select distinct "+c.Name+" from "+table.Name+" where length("+c.Name+") > 3")
			values, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				all[v] = table.Name + "." + c.Name
			}
		}
	}
	return all
}

// visitor is a browser or a program that talks to a server and forgets nothing.
type visitor struct {
	*testing.T
	address string
	header  http.Header
	// secrets are what it was given or typed and must not be told.
	secrets []string
}

func (v *visitor) send(method, path, media, body string) (int, []byte, http.Header) {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), method, v.address+path, strings.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	r.Header = v.header.Clone()
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	direct := &http.Client{Transport: client.Transport, Timeout: client.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := direct.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer.StatusCode, raw, answer.Header
}

// The program writes its log about a busy morning in the demo world, at its most talkative, and nobody's name, address, number, password, file or words are in it.
// Every line about a request has its number.
func TestLogTellsNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			trail := &paperTrail{}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			reader, writer := io.Pipe()
			done := make(chan int, 1)
			go func() {
				done <- app.Run(ctx, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, place...), app.Distribution{Modules: modules.All(), Demo: demo.Files},
					app.Streams{In: strings.NewReader(""), Out: writer, Err: trail, Environ: []string{"ALMONER_LOG_LEVEL=debug"}})
				_ = writer.Close()
			}()
			text, buffer := "", make([]byte, 4096)
			for !readyAt.MatchString(text) {
				n, err := reader.Read(buffer)
				text += string(buffer[:n])
				if err != nil {
					t.Fatalf("serve ended: %v; %s%s", err, text, trail)
				}
			}
			go func() { _, _ = io.Copy(io.Discard, reader) }()
			v := &visitor{T: t, address: readyAt.FindStringSubmatch(text)[1], header: http.Header{"User-Agent": {"Zebedee's browser"}, "X-Request-Id": {"zebedee-number-1"}}}
			busyMorning(v)
			var texts map[string]string
			opened(t, place, func(a *app.App) { texts = personalTexts(t, a.DB) })
			stop()
			if code := <-done; code != 0 {
				t.Errorf("serve ended with %d", code)
			}
			log := trail.String()
			requests := strings.Count(log, "msg=request ")
			if requests < 30 || len(texts) < 200 {
				t.Fatalf("%d requests and %d texts prove nothing:\n%s", requests, len(texts), log)
			}
			if n := strings.Count(log, "request_id=zebedee-number-1"); n < requests {
				t.Errorf("%d of %d lines have the number of their request", n, requests)
			}
			for text, where := range texts {
				if strings.Contains(log, text) {
					t.Errorf("the log tells %s %q", where, text)
				}
			}
			for _, text := range v.secrets {
				if text == "" || strings.Contains(log, text) {
					t.Errorf("the log tells %q", text)
				}
			}
			if t.Failed() {
				t.Logf("the log:\n%.20000s", log)
			}
		})
	}
}

// busyMorning does what people, programs and mischief makers do, rightly and wrongly.
func busyMorning(v *visitor) {
	v.Helper()
	const jsonMedia, formMedia = "application/json", "multipart/form-data; boundary=" + mark
	v.secrets = append(v.secrets, "almoner-demo", "zebedee.quux@example.org", "Quuxword-1234", "Zebedee", "quux", "+254799123456", "Zebedee Quux CV.pdf", "Zebedee%20Quux", "hush hush")
	want := func(what string, got int, wants ...int) {
		v.Helper()
		if !slices.Contains(wants, got) {
			v.Errorf("%s: got %d, want one of %d", what, got, wants)
		}
	}
	code, _, _ := v.send("POST", "/api/auth/token/", jsonMedia, `{"email":"zebedee.quux@example.org","password":"Quuxword-1234"}`)
	want("an unknown person", code, 401, 400, 403)
	code, _, _ = v.send("POST", "/api/auth/token/", jsonMedia, `{"email":"pme@almoner.example","password":"Quuxword-1234"}`)
	want("a wrong password", code, 401, 400, 403)
	code, raw, _ := v.send("POST", "/api/auth/token/", jsonMedia, `{"email":"pme@almoner.example","password":"almoner-demo"}`)
	want("a token", code, 200)
	var issued struct{ Access string }
	if err := json.Unmarshal(raw, &issued); err != nil || issued.Access == "" {
		v.Fatalf("a token: %s", raw)
	}
	_, _, h := v.send("POST", "/api/auth/login/", jsonMedia, `{"email":"pme@almoner.example","password":"almoner-demo"}`)
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if len(c.Value) > 8 {
			v.secrets = append(v.secrets, c.Value)
		}
	}
	v.header.Set("Authorization", "Bearer "+issued.Access)
	v.secrets = append(v.secrets, issued.Access, issued.Access[len(issued.Access)-20:])
	code, _, _ = v.send("PATCH", "/api/v3/users/profile/", jsonMedia, `{"phone_number":"+254799123456","first_name":"Zebedee"}`)
	want("a profile", code, 200, 400, 403)
	code, raw, _ = v.send("POST", "/api/tpm/visits/", jsonMedia, `{"visit_information":"Zebedee says hush hush"}`)
	want("a visit", code, 201)
	var made struct{ ID int64 }
	_ = json.Unmarshal(raw, &made)
	code, _, _ = v.send("POST", fmt.Sprintf("/api/tpm/visits/%d/cancel/", made.ID), jsonMedia, `{"cancel_comment":"Zebedee is hush hush"}`)
	want("cancel", code, 200)
	for _, upload := range []struct {
		name, text string
		want       []int
	}{{"Zebedee Quux CV.pdf", pdfText, []int{200, 201}}, {"Zebedee Quux.exe", exeText, []int{400}}, {"Zebedee Quux.pdf", "no pdf, hush hush", []int{400}}} {
		code, raw, _ = v.send("POST", "/api/v2/attachments/upload/", formMedia, form(attached(upload.name, upload.text)))
		want("upload "+upload.name, code, upload.want...)
		if code < 300 {
			_ = json.Unmarshal(raw, &made)
			code, _, _ = v.send("GET", fmt.Sprintf("/api/v2/attachments/file/%d/%s/", made.ID, url.PathEscape(upload.name)), "", "")
			want("the file", code, 200)
		}
	}
	for _, path := range []string{
		"/api/tpm/visits/", "/api/tpm/visits/?search=Zebedee%20quux", "/api/tpm/visits/?search=%00", "/api/tpm/visits/?page=hush%20hush", "/api/tpm/visits/?status=Zebedee", "/api/tpm/visits/export/?search=Zebedee",
		"/api/v3/users/?search=zebedee.quux@example.org", "/api/v3/users/", "/api/tpm/visits/zebedee.quux@example.org/", "/api/zebedee.quux@example.org/", "/zebedee.quux@example.org", "/Zebedee/%2e%2e/quux",
		"/api/v2/attachments/", "/api/v2/attachments/file/999999/Zebedee%20Quux/", "/users/api/Zebedee/", "/api/tpm/partners/", "/api/tpm/visits/1/", "/api/tpm/visits/2/history/", "/api/account/users/?search=Zebedee", "/assets/Zebedee.js",
	} {
		if code, _, _ := v.send("GET", path, "", ""); code >= 500 {
			v.Errorf("%s: %d", path, code)
		}
	}
	for _, body := range []string{`{"visit_information":"Zebedee`, `{"Zebedee":1}`, `{"tpm_partner":"Zebedee quux"}`, `{"visit_information":{"hush hush":1}}`, `[` + strings.Repeat("[", 100), "\xff\xfeZebedee", `{"visit_information":"Zebedee\u0000"}`} {
		if code, _, _ := v.send("POST", "/api/tpm/visits/", jsonMedia, body); code >= 500 {
			v.Errorf("%q: %d", body, code)
		}
		_, _, _ = v.send("POST", "/api/tpm/visits/", "text/zebedee", body)
	}
	for _, query := range []string{`{users(search:\"Zebedee quux\"){edges{node{id}}}}`, `{tpmVisits(search:\"Zebedee\"){edges{node{visitInformation}}}}`, `{Zebedee}`, `query Zebedee($q:String=\"hush hush\"){__typename}`, `{`} {
		if code, _, _ := v.send("POST", "/api/graphql", jsonMedia, `{"query":"`+query+`","variables":{"Zebedee":"hush hush"}}`); code >= 500 {
			v.Errorf("%s: %d", query, code)
		}
	}
	_, _, _ = v.send("ZEBEDEE", "/api/tpm/visits/", "", "")
	_, _, _ = v.send("OPTIONS", "/api/tpm/visits/", "", "")
	v.header.Set("Authorization", "Bearer Zebedee.hush.hush")
	code, _, _ = v.send("GET", "/api/tpm/visits/", "", "")
	want("a bad token", code, 401)
	v.header.Set("Authorization", "Basic emViZWRlZTpodXNo")
	_, _, _ = v.send("GET", "/api/tpm/visits/", "", "")
	for range 8 {
		_, _, _ = v.send("POST", "/api/auth/login/", jsonMedia, `{"email":"zebedee.quux@example.org","password":"Quuxword-1234"}`)
	}
}
