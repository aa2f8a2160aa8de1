package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/doctor"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/modules"
)

// examined runs doctor and returns what it found that is not ok, a line each.
func examined(t *testing.T, wantExit int, args ...string) string {
	t.Helper()
	code, out, complaints := command(t, append([]string{"doctor", "--format", "json"}, args...)...)
	var found doctor.Findings
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatalf("doctor %v: %v; %s%s", args, err, out, complaints)
	}
	if code != wantExit || (found.Problems() > 0) != (code == 1) || (code == 1) != (complaints != "") {
		t.Errorf("doctor %v: exit %d with %d problems, want %d; %s%s", args, code, found.Problems(), wantExit, out, complaints)
	}
	var lines []string
	for _, f := range found {
		if f.State != doctor.OK {
			if f.Fix == "" {
				t.Errorf("doctor %v: %q is told without what to do about it", args, f.Detail)
			}
			lines = append(lines, string(f.State)+" "+f.Check+": "+f.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

// sick is one thing that is wrong with an installation that is well otherwise.
type sick struct {
	name   string
	engine db.Engine
	do     func(t *testing.T, place []string)
	exit   int
	// says begin the lines that are not ok, in order.
	says []string
}

func execute(t *testing.T, place []string, statement string) {
	t.Helper()
	c := db.Config{Dir: place[1], MaxConns: 2}
	if len(place) > 3 {
		c.URL = place[3]
	}
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	err = d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

const newerStep = `insert into almoner_schema_tpm (version_id, file, checksum, applied_at) select 9000, 'tpm/9000_later.sql', 'x', applied_at from almoner_schema_tpm where version_id = 1`

// Doctor finds each thing that is wrong, says what to do, and finds nothing else.
func TestDoctor(t *testing.T) {
	t.Parallel()
	cases := []sick{
		{"nothing", "", func(*testing.T, []string) {}, 0, nil},
		{"no administrator", "", func(t *testing.T, place []string) {
			execute(t, place, "update account_users set is_superuser = "+map[bool]string{true: "false", false: "0"}[len(place) > 3])
		}, 1, []string{"problem administrator: nobody"}},
		{"a newer database", "", func(t *testing.T, place []string) { execute(t, place, newerStep) }, 1, []string{"problem schema: the database is newer"}},
		{"an edited step", db.SQLite, func(t *testing.T, place []string) {
			execute(t, place, "update almoner_schema_tpm set checksum = 'x' where version_id = 1")
		}, 1, []string{"problem schema: an applied migration was edited"}},
		{"an older database", db.SQLite, func(t *testing.T, place []string) { execute(t, place, "drop table almoner_schema_fixture") }, 0, []string{"warning schema: 1 of "}},
		{"a stranger's table", db.SQLite, func(t *testing.T, place []string) {
			execute(t, place, "create table almoner_schema_witchcraft (version_id bigint)")
		}, 0, []string{"warning schema: the database has tables of modules that this program lacks: witchcraft"}},
		{"a time to come", "", func(t *testing.T, place []string) {
			execute(t, place, "update event_log set at = '2126-01-01T00:00:00.000000Z'")
		}, 1, []string{"problem clock: the last event was written at 2126"}},
		{"a lost file", "", func(t *testing.T, place []string) {
			execute(t, place, `insert into attachment_attachments (workspace_id, blob_key, created_at, updated_at) values (1, 'ab/00000000000000000000000000000000000000', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')`)
		}, 1, []string{"problem files: 1 of 1 files"}},
		{"a file of nobody", "", func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "files/ab/00000000000000000000000000000000000000"), "hello", 0o600)
			put(t, filepath.Join(place[1], "files/ff/00000000000000000000000000000000000000"), "hello", 0o600)
			execute(t, place, "insert into file_pending (key, created_at) values ('ff/00000000000000000000000000000000000000', '2026-01-01T00:00:00.000000Z')")
		}, 0, []string{"warning files: 1 files (5 B)"}},
		{"settings for all to read", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "almoner.yaml"), "agency: Ours\n", 0o644)
			if err := os.Chmod(place[1], 0o755); err != nil { //nolint:gosec // this is what is wrong
				t.Fatal(err)
			}
		}, 1, []string{"problem file modes: everybody may read"}},
		{"settings for all to write", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "almoner.yaml"), "agency: Ours\n", 0o666)
		}, 1, []string{"problem file modes: others may change"}},
		{"settings that cannot be", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "almoner.yaml"), "max_body: -1\nnonsense: 1\n", 0o600)
		}, 1, []string{"problem settings: "}},
		{"open to all", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "almoner.yaml"), "listen: 0.0.0.0:0\n", 0o600)
		}, 0, []string{"warning proxy: "}},
		{"open to all behind a proxy", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], "almoner.yaml"), "listen: 0.0.0.0:0\nauth:\n  trusted_proxies: [10.0.0.0/8]\n", 0o600)
		}, 0, nil},
		{"a damaged file", db.SQLite, func(t *testing.T, place []string) {
			path := filepath.Join(place[1], db.FileName)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 8192; i < len(raw); i++ {
				raw[i] = 0xee
			}
			put(t, path, string(raw), 0o600)
		}, 1, []string{"problem database: "}},
		{"no database at all", db.SQLite, func(t *testing.T, place []string) {
			put(t, filepath.Join(place[1], db.FileName), strings.Repeat("this is a text ", 1000), 0o600)
		}, 1, []string{"problem database: "}},
	}
	template := healthy(t)
	for _, engine := range dbtest.Engines() {
		for _, c := range cases {
			if c.engine != "" && c.engine != engine {
				continue
			}
			t.Run(string(engine)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				place := template(t, engine)
				c.do(t, place)
				before := treeOf(t, filepath.Join(place[1]))
				got := examined(t, c.exit, place...)
				lines := strings.Split(got, "\n")
				if got == "" {
					lines = nil
				}
				if len(lines) != len(c.says) {
					t.Fatalf("doctor found\n%s\nwant %q", got, c.says)
				}
				for i, want := range c.says {
					if !strings.HasPrefix(lines[i], want) {
						t.Errorf("doctor found %q, want %q", lines[i], want)
					}
				}
				if after := treeOf(t, filepath.Join(place[1])); after != before {
					t.Errorf("doctor changed the data folder from\n%s to\n%s", before, after)
				}
			})
		}
	}
}

// healthy returns a function that makes an installation with which all is well. The one that costs is made once.
func healthy(t *testing.T) func(t *testing.T, engine db.Engine) []string {
	t.Helper()
	fill := func(t *testing.T, place []string) {
		t.Helper()
		if err := os.Chmod(place[1], 0o700); err != nil { //nolint:gosec // a folder
			t.Fatal(err)
		}
		put(t, filepath.Join(place[1], "almoner.yaml"), "listen: 127.0.0.1:0\n", 0o600)
		var said bytes.Buffer
		if code := app.Run(t.Context(), append([]string{"user", "create", "root@agency.example", "--admin"}, place...), app.Distribution{Modules: modules.All()}, app.Streams{In: strings.NewReader("a long enough password\n"), Out: &said, Err: &said}); code != 0 {
			t.Fatalf("make an administrator: %s", &said)
		}
	}
	first := places(t, db.SQLite)
	fill(t, first)
	return func(t *testing.T, engine db.Engine) []string {
		t.Helper()
		place := places(t, engine)
		if engine == db.SQLite {
			if err := errors.Join(os.CopyFS(place[1], os.DirFS(first[1])), os.Chmod(place[1], 0o700), os.Chmod(filepath.Join(place[1], db.FileName), 0o600), os.Chmod(filepath.Join(place[1], "almoner.yaml"), 0o600)); err != nil {
				t.Fatal(err)
			}
			return place
		}
		fill(t, place)
		return place
	}
}

// The address counts as well: who has it, if anybody.
func TestDoctorAsksWhoListens(t *testing.T) {
	t.Parallel()
	place := places(t, db.SQLite)
	must(t, append([]string{"migrate"}, place...)...)
	server := serve(t, place)
	at := func(address string) string {
		put(t, filepath.Join(place[1], "almoner.yaml"), "listen: "+strings.TrimPrefix(address, "http://")+"\n", 0o600)
		_, out, _ := command(t, append([]string{"doctor"}, place...)...)
		return out
	}
	if out := at(server.address); !strings.Contains(out, "a server is running at 127.0.0.1:") {
		t.Errorf("beside a server: %s", out)
	}
	server.end(t)
	if out := at(server.address); !strings.Contains(out, "is free") {
		t.Errorf("without a server: %s", out)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	if out := at(other.URL); !strings.Contains(out, "problem  listen") || !strings.Contains(out, "→ end the program") {
		t.Errorf("beside another program: %s", out)
	}
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	if out := at(silent.Addr().String()); !strings.Contains(out, "problem  listen") {
		t.Errorf("beside a silent program: %s", out)
	}
}

// Before anything is there, doctor says so and makes nothing.
func TestDoctorOfNothing(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	got := examined(t, 1, "--data", none)
	if !strings.Contains(got, "problem data folder: ") || !strings.Contains(got, "problem database: there is none in") {
		t.Error(got)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("doctor made the folder")
	}
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "x", 0o600)
	if got := examined(t, 1, "--data", file); !strings.Contains(got, "file") {
		t.Error(got)
	}
	dead := fmt.Sprintf("postgres://nobody:%s@127.0.0.1:1/x?connect_timeout=2", "hush-hush")
	if got := examined(t, 1, "--data", t.TempDir(), "--database-url", dead); !strings.Contains(got, "problem database: ") || strings.Contains(got, "hush-hush") {
		t.Error(got)
	}
}
