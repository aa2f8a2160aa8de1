package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"almoner.dev/almoner/core/config"
)

type database struct {
	URL       string `help:"postgres://… or empty for the embedded database"`
	DirectURL string
	MaxConns  int
	Clock     interface{ Now() time.Time }
	Ready     func()
}

func (d database) Validate() error {
	if d.MaxConns < 1 {
		return errors.New("max_conns must be at least 1")
	}
	return nil
}

type mail struct {
	Password string `secret:"true"`
	Timeout  time.Duration
	Enabled  bool
}

type httpServer struct {
	Listen         string
	BodyLimit      config.Size
	TrustedProxies []netip.Prefix
	Hosts          []string
	Level          slog.Level `config:"log_level"`
	Ratio          float64
	Workers        uint8
}

type settings struct {
	Database database
	Mail     mail
	HTTP     httpServer
}

func defaults() settings {
	return settings{
		Database: database{MaxConns: 8},
		Mail:     mail{Timeout: 30 * time.Second},
		HTTP:     httpServer{Listen: "127.0.0.1:8080", BodyLimit: 10 * config.MB, Hosts: []string{"localhost"}},
	}
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), config.FileName)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var ignoreCode = cmpopts.IgnoreFields(database{}, "Clock", "Ready")

func TestDefaultsHoldWhenNobodySaysAnything(t *testing.T) {
	t.Parallel()
	got, report, err := config.Load(defaults(), config.Sources{Dir: t.TempDir(), Environ: []string{"HOME=/root", "PATH=x"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(defaults(), got, ignoreCode, cmpopts.EquateComparable(netip.Prefix{})); d != "" {
		t.Errorf("settings changed (-want +got):\n%s", d)
	}
	for _, s := range report {
		if s.Source != config.FromDefault || s.Place != "" {
			t.Errorf("%s comes from %s %q, want default", s.Key, s.Source, s.Place)
		}
	}
	keys := make([]string, len(report))
	for i, s := range report {
		keys[i] = s.Key
	}
	want := "database.url database.direct_url database.max_conns mail.password mail.timeout mail.enabled http.listen http.body_limit http.trusted_proxies http.hosts http.log_level http.ratio http.workers"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("keys\n got %s\nwant %s", got, want)
	}
}

func TestEverySourceOverridesTheWeakerOnes(t *testing.T) {
	t.Parallel()
	path := writeFile(t, `
database:
  max_conns: 2
  url: postgres://almoner:hunter2@db/almoner
mail:
  timeout: 1m
  enabled: yes
http.body_limit: 2MiB
http:
  hosts: ["a,b", c]
  log_level: debug
  ratio: 0.25
`)
	got, report, err := config.Load(defaults(), config.Sources{
		File: path,
		Environ: []string{
			"ALMONER_DATABASE_MAX_CONNS=3", "ALMONER_MAIL_TIMEOUT=90s", "ALMONER_MAIL_PASSWORD=hunter2",
			"ALMONER_HTTP_TRUSTED_PROXIES=10.0.0.0/8, 192.168.0.0/16",
		},
		Flags: []config.Flag{{Name: "--max-conns", Key: "database.max_conns", Value: "4"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	want.Database.MaxConns = 4
	want.Database.URL = "postgres://almoner:hunter2@db/almoner"
	want.Mail = mail{Timeout: 90 * time.Second, Enabled: true, Password: "hunter2"}
	want.HTTP.BodyLimit = 2 * config.MiB
	want.HTTP.Hosts = []string{"a,b", "c"}
	want.HTTP.Level = slog.LevelDebug
	want.HTTP.Ratio = 0.25
	want.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.168.0.0/16")}
	if d := cmp.Diff(want, got, ignoreCode, cmpopts.EquateComparable(netip.Prefix{})); d != "" {
		t.Errorf("settings (-want +got):\n%s", d)
	}
	from := map[string][2]string{
		"database.max_conns": {"flag", "--max-conns"},
		"database.url":       {"file", path + ":4"},
		"mail.timeout":       {"environment", "ALMONER_MAIL_TIMEOUT"},
		"http.body_limit":    {"file", path + ":8"},
		"http.listen":        {"default", ""},
	}
	for key, want := range from {
		s, ok := report.Find(key)
		if !ok || string(s.Source) != want[0] || s.Place != want[1] {
			t.Errorf("%s comes from %s %q, want %s %q", key, s.Source, s.Place, want[0], want[1])
		}
	}
	if s, _ := report.Find("mail.timeout"); s.Value != "1m30s" || s.Default != "30s" {
		t.Errorf("mail.timeout shows %q with default %q", s.Value, s.Default)
	}

	var table, list bytes.Buffer
	if err := report.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteJSON(&list); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"table": table.String(), "json": list.String()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the %s shows a password:\n%s", name, text)
		}
		if !strings.Contains(text, "postgres://almoner:********@db/almoner") {
			t.Errorf("the %s hides the whole address:\n%s", name, text)
		}
	}
	var back config.Report
	if err := json.Unmarshal(list.Bytes(), &back); err != nil || len(back) != len(report) {
		t.Errorf("the JSON does not read back: %v", err)
	}
}

func TestMistakesAreNamedAllAtOnce(t *testing.T) {
	t.Parallel()
	path := writeFile(t, `databse:
  url: x
database:
  max_con: 2
  max_conns: many
mail:
  timeout: 5
  password: [hunter2]
http:
  hosts: {a: b}
  workers: 300
  body_limit: -1
`)
	_, report, err := config.Load(defaults(), config.Sources{
		File:    path,
		Environ: []string{"ALMONER_MAIL_ENABLE=true", "ALMONER_HTTP_RATIO=half", "ALMONER_DATABASE_MAX_CONNS=x"},
		Flags:   []config.Flag{{Name: "--set", Key: "listen", Value: "1"}},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		path + ":2: unknown setting databse.url; did you mean database.url?",
		path + ":4: unknown setting database.max_con; did you mean database.max_conns?",
		path + `:5: database.max_conns: expected a whole number, got "many"`,
		path + `:7: mail.timeout: expected a duration with its unit, such as 30s, 15m or 8h, got "5"`,
		path + ":8: mail.password takes one value, not a list",
		path + ":10: http.hosts takes a value, not a section",
		path + `:11: http.workers: expected a whole number that fits uint8, got "300"`,
		path + `:12: http.body_limit: expected a size such as 512KB, 10MB or 2GiB, got "-1"`,
		"environment: unknown variable ALMONER_MAIL_ENABLE; did you mean ALMONER_MAIL_ENABLED?",
		`ALMONER_HTTP_RATIO: http.ratio: expected a number, got "half"`,
		"--set: unknown setting listen; did you mean http.listen?",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing in the error: %s", want)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows a secret: %v", err)
	}
	if len(report) != 13 {
		t.Errorf("report has %d settings, want all 13", len(report))
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	type secretive struct {
		PIN  int `secret:"true"`
		Size int
	}
	_, _, err := config.Load(secretive{}, config.Sources{Environ: []string{"ALMONER_PIN=hunter2", "ALMONER_SIZE=postgres://u:hunter2@h/d"}})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "ALMONER_PIN: pin: expected a whole number") {
		t.Errorf("error: %v", err)
	}
}

func TestSectionsCheckThemselves(t *testing.T) {
	t.Parallel()
	_, _, err := config.Load(defaults(), config.Sources{Environ: []string{"ALMONER_DATABASE_MAX_CONNS=0"}})
	if err == nil || err.Error() != "database: max_conns must be at least 1" {
		t.Errorf("error: %v", err)
	}
}

func TestFileForms(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, problem string }{
		{"empty", "", ""},
		{"only comments", "# nothing yet\n", ""},
		{"empty section", "database:\nmail: {}\n", ""},
		{"empty value keeps the default", "http:\n  listen:\n", ""},
		{"empty unknown section", "nonsense:\n", ":1: unknown setting nonsense"},
		{"empty unknown mapping", "nonsense: {}\n", ":1: unknown setting nonsense"},
		{"not a mapping", "- a\n", ":1: expected settings as `key: value`"},
		{"not YAML", "a: [\n", "is not valid YAML"},
		{"set twice", "http.listen: a\nhttp:\n  listen: b\n", ":3: http.listen is already set in line 1"},
		{"twice in a mapping", "http:\n  listen: a\n  listen: b\n", ":3: http.listen is already set in line 2"},
		{"two documents", "http.listen: a\n---\nhttp.listen: b\n", "more than one document"},
		{"alias", "mail: &m\n  timeout: 1m\nhttp: *m\n", ":3: anchors and merges are not understood"},
		{"section with a value", "mail: 3\n", ":1: unknown setting mail"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := config.Load(defaults(), config.Sources{File: writeFile(t, c.text)})
			switch {
			case c.problem == "" && err != nil:
				t.Errorf("error: %v", err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("error %v, want %q", err, c.problem)
			case c.problem == "" && got.HTTP.Listen != defaults().HTTP.Listen:
				t.Errorf("listen became %q", got.HTTP.Listen)
			}
		})
	}
}

func TestFileIsFoundInTheFolderAndMustExistWhenNamed(t *testing.T) {
	t.Parallel()
	path := writeFile(t, "http: {listen: ':9'}\n")
	got, _, err := config.Load(defaults(), config.Sources{Dir: filepath.Dir(path)})
	if err != nil || got.HTTP.Listen != ":9" {
		t.Errorf("listen %q, error %v", got.HTTP.Listen, err)
	}
	if _, _, err := config.Load(defaults(), config.Sources{File: path + ".missing"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a named file that is missing: %v", err)
	}
}

func TestVariablesThatNobodyWrote(t *testing.T) {
	t.Parallel()
	_, _, err := config.Load(defaults(), config.Sources{
		Environ: []string{
			"ALMONER_SERVICE_HOST=10.0.0.1", "ALMONER_SERVICE_PORT=80", "ALMONER_SERVICE_PORT_HTTP=80", "ALMONER_PORT=tcp://10.0.0.1:80",
			"ALMONER_PORT_80_TCP=tcp://10.0.0.1:80", "ALMONER_PORT_80_TCP_ADDR=10.0.0.1", "ALMONER_POSTGRES_SERVICE_HOST=10.0.0.2",
			"ALMONER_TEST_POSTGRES=x",
		},
		Reserved: []string{"ALMONER_TEST_POSTGRES"},
	})
	if err != nil {
		t.Errorf("error: %v", err)
	}
	if _, _, err := config.Load(defaults(), config.Sources{Environ: []string{"ALMONER_PORT=80"}}); err == nil {
		t.Error("a mistyped ALMONER_PORT=80 was taken for one of Kubernetes'")
	}
}

func TestDeclarationsThatCannotWork(t *testing.T) {
	t.Parallel()
	load := func(_ any, _ config.Report, err error) error { return err }
	cases := map[string]error{
		"would both be set by ALMONER_A_B_C": load(config.Load(struct {
			A struct {
				BC string `config:"b_c"`
			}
			AB struct{ C string } `config:"a_b"`
		}{}, config.Sources{})),
		"two fields have the key a": load(config.Load(struct {
			A string
			B string `config:"a"`
		}{}, config.Sources{})),
		"no text can set":  load(config.Load(struct{ M map[string]int }{}, config.Sources{})),
		"must be a struct": load(config.Load(3, config.Sources{})),
	}
	for want, err := range cases {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestListsAreSplitAtCommasAndDefaultsAreNotShared(t *testing.T) {
	t.Parallel()
	base := defaults()
	got, _, err := config.Load(base, config.Sources{Environ: []string{"ALMONER_HTTP_HOSTS=a, b"}})
	if err != nil || !cmp.Equal(got.HTTP.Hosts, []string{"a", "b"}) {
		t.Errorf("hosts %q, error %v", got.HTTP.Hosts, err)
	}
	if !cmp.Equal(base.HTTP.Hosts, []string{"localhost"}) {
		t.Errorf("the defaults became %q", base.HTTP.Hosts)
	}
	got, _, err = config.Load(base, config.Sources{Environ: []string{"ALMONER_HTTP_HOSTS="}})
	if err != nil || len(got.HTTP.Hosts) != 0 {
		t.Errorf("hosts %q, error %v; want none", got.HTTP.Hosts, err)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	good := map[string]config.Size{
		"0": 0, "512": 512, "1KB": 1000, "1 kib": 1024, "10MB": 10_000_000, "2GiB": 2 << 30, "7B": 7, "3tb": 3_000_000_000_000,
	}
	for text, want := range good {
		got, err := config.ParseSize(text)
		if err != nil || got != want {
			t.Errorf("ParseSize(%q) = %d, %v; want %d", text, got, err, want)
		}
		if back, err := config.ParseSize(got.String()); err != nil || back != got {
			t.Errorf("%d is written %q and read back as %d, %v", got, got, back, err)
		}
	}
	var limits map[string]config.Size
	if err := json.Unmarshal([]byte(`{"body":"10MB"}`), &limits); err != nil || limits["body"] != 10*config.MB {
		t.Errorf("from JSON: %v, %v", limits, err)
	}
	if text, err := json.Marshal(limits); err != nil || string(text) != `{"body":"10MB"}` {
		t.Errorf("to JSON: %s, %v", text, err)
	}
	for _, text := range []string{"", "B", "-1", "1.5MB", "10XB", "9999999999GB", "MB10"} {
		if got, err := config.ParseSize(text); err == nil {
			t.Errorf("ParseSize(%q) = %d, want an error", text, got)
		}
	}
}
