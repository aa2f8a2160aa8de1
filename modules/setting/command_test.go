package setting_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
)

// The command line changes settings as the screen does, and `config` tells what is in force without touching the database.
func TestCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if got := app.Run(t.Context(), append([]string{"--data", dir}, args...), app.Distribution{Modules: all}, app.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); got != want {
			t.Errorf("%q ends with %d, want %d: %s%s", args, got, want, &out, &errs)
		}
		return out.String() + errs.String()
	}
	shown := func(key string) string {
		t.Helper()
		var report config.Report
		if err := json.Unmarshal([]byte(run(0, "config", "--format", "json")), &report); err != nil {
			t.Fatal(err)
		}
		s, _ := report.Find(key)
		return s.Value + " " + string(s.Source)
	}
	if got := shown("files.max_size"); got != "50MB default" {
		t.Errorf("before there is a database: %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, db.FileName)); err == nil {
		t.Error("config made a database")
	}
	run(0, "migrate")
	if got := run(0, "setting", "set", "files.max_size", "20 mb"); got != "files.max_size is \"20MB\".\n" {
		t.Errorf("set says %q", got)
	}
	run(0, "setting", "set", "files.refuse", "script, archive")
	run(0, "setting", "set", "notice", "Closed on Friday")
	for key, want := range map[string]string{"files.max_size": "20MB administrator", "files.refuse": "archive,script administrator", "notice": "Closed on Friday administrator", "auth.account_tries": "5 default"} {
		if got := shown(key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if table := run(0, "config"); !strings.Contains(table, "20MB") || !strings.Contains(table, "administrator") {
		t.Errorf("the table is\n%s", table)
	}
	for _, c := range [][2]string{
		{"set files.max_size 9GiB", "less than or equal to 5GiB"},
		{"set files.max_size lots", "Write a size"},
		{"set database.url x", "there is no setting"},
		{"set files.max_size", "say which setting"},
		{"set notice Hello --workspace ATL", "no such workspace"},
		{"set agency X --workspace KEN", "no such workspace"},
		{"reset ghost", "there is no setting"},
		{"reset", "say which setting"},
	} {
		if got := run(1, append([]string{"setting"}, strings.Fields(c[0])...)...); !strings.Contains(got, c[1]) {
			t.Errorf("%s says %q, want %q", c[0], got, c[1])
		}
	}
	run(0, "setting", "reset", "files.refuse")
	if got := shown("files.refuse"); got != " default" {
		t.Errorf("reset it is %q", got)
	}

	file := filepath.Join(dir, config.FileName)
	if err := os.WriteFile(file, []byte("files:\n  max_size: 30MB\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := shown("files.max_size"); got != "30MB file" {
		t.Errorf("pinned it is %s", got)
	}
	for _, words := range []string{"set files.max_size 1MB", "reset files.max_size"} {
		if got := run(1, append([]string{"setting"}, strings.Fields(words)...)...); !strings.Contains(got, "pinned by "+file+":2") {
			t.Errorf("%s says %q", words, got)
		}
	}
}
