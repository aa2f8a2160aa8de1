package account_test

import (
	"bytes"
	"strings"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db/dbtest"
)

// run carries out a command of the whole program against a database of the test's own and returns exit code and what it said.
func run(t *testing.T, where []string, in string, args ...string) (code int, out string) {
	t.Helper()
	var said, complained bytes.Buffer
	code = app.Run(t.Context(), append(args, where...), app.Distribution{Modules: all}, app.Streams{In: strings.NewReader(in), Out: &said, Err: &complained})
	return code, said.String() + complained.String()
}

// `user create` and `user password` read the password from standard input, never from the arguments.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	migrations, err := app.Migrations(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := dbtest.NewConfig(t, engine, migrations)
			where := []string{"--data", t.TempDir()}
			if place.URL != "" {
				where = append(where, "--database-url", place.URL)
			}
			for _, c := range []struct {
				in   string
				args []string
				code int
				says string
			}{
				{"a long enough password\n", []string{"user", "create", "Ada@agency.example", "--admin", "--first", "Ada", "--last", "Min"}, 0, "Created ada@agency.example."},
				{"a long enough password\n", []string{"user", "create", "--admin", "second@agency.example"}, 0, "Created second@agency.example."},
				{"a long enough password", []string{"user", "create", "third@agency.example"}, 0, "Created"},
				{"a long enough password\n", []string{"user", "create", "ada@agency.example"}, 1, "already exists"},
				{"short\n", []string{"user", "create", "fourth@agency.example"}, 1, "at least"},
				{"", []string{"user", "create", "fifth@agency.example"}, 1, "no password"},
				{"a long enough password\n", []string{"user", "create"}, 1, "e-mail address is missing"},
				{"a long enough password\n", []string{"user", "create", "no address"}, 1, "valid email"},
				{"another good password\n", []string{"user", "password", "ada@agency.example"}, 0, "all their sessions have ended"},
				{"another good password\n", []string{"user", "password", "unknown@agency.example"}, 1, "there is no user unknown@agency.example"},
				{"short\n", []string{"user", "password", "ada@agency.example"}, 1, "at least"},
				{"", []string{"user", "dance"}, 1, "not complete"},
			} {
				code, out := run(t, where, c.in, c.args...)
				if code != c.code || !strings.Contains(out, c.says) {
					t.Errorf("%v: got %d %s, want %d and %q", c.args, code, out, c.code, c.says)
				}
				if in := strings.TrimSpace(c.in); len(in) > 5 && strings.Contains(out, in) {
					t.Errorf("%v: the password is shown: %s", c.args, out)
				}
			}
		})
	}
}
