package app_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// client asks a running server; half a minute is an eternity on loopback.
var client = &http.Client{Timeout: 30 * time.Second}

// command runs the whole program with arguments and returns its exit code and what it wrote.
func command(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	var o, e bytes.Buffer
	code = app.Run(t.Context(), args, app.Distribution{Modules: modules.All()}, app.Streams{In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// must is command for one that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, complaints := command(t, args...)
	if code != 0 {
		t.Fatalf("almoner %s: exit %d: %s%s", strings.Join(args, " "), code, out, complaints)
	}
	return out
}

// places are the arguments that name a new database on each engine.
func places(t *testing.T, engine db.Engine) []string {
	t.Helper()
	migrations, err := app.Migrations(modules.All())
	if err != nil {
		t.Fatal(err)
	}
	if engine == db.SQLite {
		return []string{"--data", t.TempDir()}
	}
	return []string{"--data", t.TempDir(), "--database-url", dbtest.NewConfig(t, engine, migrations).URL}
}

// Every command of the program works on an empty folder, and says what went wrong with the exit code that scripts look at.
func TestCommands(t *testing.T) {
	t.Parallel()
	place := []string{"--data", t.TempDir()}
	with := func(args ...string) []string { return append(args, place...) }

	if out := must(t, "version"); strings.TrimSpace(out) != app.Version {
		t.Errorf("version: %q", out)
	}
	if out := must(t, with("migrate")...); !strings.Contains(out, "applied tpm ") || !strings.Contains(out, "up to date") {
		t.Errorf("migrate: %s", out)
	}
	if out := must(t, with("migrate")...); !strings.Contains(out, "(0 applied)") {
		t.Errorf("migrate again: %s", out)
	}
	table := must(t, with("config")...)
	var settings any
	if err := json.Unmarshal([]byte(must(t, with("config", "--format", "json")...)), &settings); err != nil || !strings.Contains(table, "max_body") {
		t.Errorf("config: %v\n%s", err, table)
	}
	for _, d := range modules.All() {
		if list := must(t, with("modules")...); !strings.Contains(list, d.Name) || !strings.Contains(list, d.Doc) {
			t.Errorf("modules does not show %s", d.Name)
		}
		if one := must(t, with("modules", d.Name)...); !strings.Contains(one, d.Doc) {
			t.Errorf("modules %s: %s", d.Name, one)
		}
	}
	if code, _, complaints := command(t, with("modules", "witchcraft")...); code != 1 || complaints == "" {
		t.Errorf("an unknown module: exit %d, %q", code, complaints)
	}

	lines, err := csv.NewReader(strings.NewReader(must(t, with("permissions", "--format", "csv")...))).ReadAll()
	if err != nil || len(lines) < 100 || strings.Join(lines[0], ",") != "effect,kind,target,when" {
		t.Errorf("permissions as CSV: %v, %d lines", err, len(lines))
	}
	var rules []map[string]any
	if err := json.Unmarshal([]byte(must(t, with("permissions", "--format", "json")...)), &rules); err != nil || len(rules) != len(lines)-1 {
		t.Errorf("permissions as JSON: %v, %d rules, %d lines of CSV", err, len(rules), len(lines))
	}
	if n := strings.Count(must(t, with("permissions")...), "\n"); n != len(lines) {
		t.Errorf("permissions as a table: %d lines, %d of CSV", n, len(lines))
	}
	var document struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(must(t, with("openapi")...)), &document); err != nil || document.OpenAPI != "3.1.0" || document.Paths["/api/tpm/visits/"] == nil {
		t.Errorf("openapi: %v, version %s, %d paths", err, document.OpenAPI, len(document.Paths))
	}

	if out := must(t, with("load", world)...); !strings.Contains(out, "created") {
		t.Errorf("load: %s", out)
	}
	first, again := must(t, with("load", world)...), must(t, with("load", world)...)
	if first != again {
		t.Errorf("loading twice more differs: %s and %s", first, again)
	}
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("records:\n  account.workspace:\n    - {code: XXX}\n    - {nonsense: 1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, complaints := command(t, with("load", broken)...); code != 1 || !strings.Contains(complaints, "broken.yaml:4") {
		t.Errorf("load of a broken file: exit %d, %s", code, complaints)
	}

	for _, wrong := range [][]string{{"dance"}, {"serve", "--port"}, {"permissions", "--format", "xml"}, {"load", "/no/such/file.yaml"}, {"--nonsense"}} {
		if code, out, complaints := command(t, wrong...); code == 0 || out+complaints == "" {
			t.Errorf("%v: exit %d, %q %q; want a refusal that says why", wrong, code, out, complaints)
		}
	}
	if code, _, complaints := command(t, "migrate", "--database-url", "postgres://nobody@127.0.0.1:1/x?connect_timeout=2"); code != 1 || complaints == "" {
		t.Errorf("a database that is not there: exit %d, %q", code, complaints)
	}
	for _, help := range [][]string{{}, {"--help"}, {"serve", "--help"}} {
		if code, out, _ := command(t, help...); code != 0 || !strings.Contains(out, "Usage") {
			t.Errorf("%v: exit %d, %s", help, code, out)
		}
	}
}

// server is a `serve` on a port of its own.
type server struct {
	address string
	stop    context.CancelFunc
	done    chan int
	said    *bytes.Buffer
}

var readyAt = regexp.MustCompile(`ready at (http://\S+)`)

// serve starts the program and returns once it says that it is ready.
func serve(t *testing.T, place []string) *server {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &server{stop: stop, done: make(chan int, 1), said: &bytes.Buffer{}}
	reader, writer := io.Pipe()
	go func() {
		s.done <- app.Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, place...), app.Distribution{Modules: modules.All()}, app.Streams{In: strings.NewReader(""), Out: writer, Err: s.said})
		_ = writer.Close()
	}()
	t.Cleanup(stop)
	text := ""
	buffer := make([]byte, 4096)
	for {
		n, err := reader.Read(buffer)
		text += string(buffer[:n])
		if found := readyAt.FindStringSubmatch(text); found != nil {
			s.address = found[1]
			go func() { _, _ = io.Copy(io.Discard, reader) }()
			return s
		}
		if err != nil {
			t.Fatalf("serve ended: %v, exit %d; %s%s", err, <-s.done, text, s.said)
		}
	}
}

// end stops the server and checks that it goes in good order, soon.
func (s *server) end(t *testing.T) {
	t.Helper()
	s.stop()
	select {
	case code := <-s.done:
		if code != 0 {
			t.Errorf("serve ended with %d: %s", code, s.said)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("serve did not stop within ten seconds")
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// Two servers and a command work on one database at the same time, and each sees what the others did; stopping lets a request that is under way finish.
func TestServersBesideEachOther(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			one := serve(t, place)
			two := serve(t, place)
			for _, s := range []*server{one, two} {
				for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/api/auth/session/": 200, "/api/openapi.json": 200, "/api/nothing/": 404, "/api/tpm/visits/": 403} {
					if code, body := get(t, s.address+path); code != want {
						t.Errorf("%s: got %d %s, want %d", path, code, body, want)
					}
				}
			}
			must(t, append([]string{"load", world}, place...)...)
			var token string
			for i, s := range []*server{one, two} {
				email := fmt.Sprintf("second%d@agency.example", i)
				var said bytes.Buffer
				code := app.Run(t.Context(), append([]string{"user", "create", email}, place...), app.Distribution{Modules: modules.All()}, app.Streams{In: strings.NewReader("a long enough password\n"), Out: &said, Err: &said})
				if code != 0 {
					t.Fatalf("user create beside two servers: exit %d: %s", code, &said)
				}
				answer := post(t, s.address+"/api/auth/token/", fmt.Sprintf(`{"email":%q,"password":"a long enough password"}`, email))
				if token, _ = answer["access"].(string); token == "" {
					t.Fatalf("no token for somebody who was created by a command: %v", answer)
				}
			}
			// The token of one server is good at the other.
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, one.address+"/api/v3/users/profile/", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+token)
			r, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if r.StatusCode != 200 {
				t.Errorf("the token of one server at the other: %d", r.StatusCode)
			}

			// A body that is still on its way when the server is told to stop is answered.
			body, feed := io.Pipe()
			answered := make(chan int, 1)
			slow, err := http.NewRequestWithContext(t.Context(), http.MethodPost, two.address+"/api/auth/token/", body)
			if err != nil {
				t.Fatal(err)
			}
			slow.Header.Set("Content-Type", "application/json")
			// The body is sent once the server asks for it, so that it is surely being answered when it is told to stop.
			slow.Header.Set("Expect", "100-continue")
			go func() {
				r, err := client.Do(slow)
				if err != nil {
					answered <- 0
					return
				}
				_ = r.Body.Close()
				answered <- r.StatusCode
			}()
			if _, err := feed.Write([]byte(`{"email":"x@y.example",`)); err != nil {
				t.Fatal(err)
			}
			one.end(t)
			two.stop()
			if _, err := feed.Write([]byte(`"password":"wrong"}`)); err != nil {
				t.Fatal(err)
			}
			_ = feed.Close()
			if code := <-answered; code != http.StatusUnauthorized {
				t.Errorf("the request under way: got %d, want the answer 401", code)
			}
			two.end(t)
		})
	}
}

func post(t *testing.T, url, body string) map[string]any {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	r, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	answer := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// A port that is taken is told with what to do about it.
func TestPortIsTaken(t *testing.T) {
	t.Parallel()
	first := serve(t, []string{"--data", t.TempDir()})
	code, _, complaints := command(t, "serve", "--listen", strings.TrimPrefix(first.address, "http://"), "--data", t.TempDir())
	if code != 1 || !strings.Contains(complaints, "--listen") {
		t.Errorf("exit %d: %s", code, complaints)
	}
	first.end(t)
}
