package db_test

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := db.Defaults().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for want, change := range map[string]func(*db.Config){
		"database.max_conns must be":               func(c *db.Config) { c.MaxConns = 1 },
		"data folder must be set":                  func(c *db.Config) { c.Dir = " " },
		"must begin with postgres://":              func(c *db.Config) { c.URL = "mysql://u:secret@h/d" },
		"database.url is not an address":           func(c *db.Config) { c.URL = "postgres://u:secret@h:port/d" },
		"database.direct_url needs":                func(c *db.Config) { c.DirectURL = "postgres://h/d" },
		"database.direct_url must begin with":      func(c *db.Config) { c.URL, c.DirectURL = "postgres://h/d", "h/d" },
		"must begin with postgres://, not \"file:": func(c *db.Config) { c.URL = "file://secret" },
	} {
		c := db.Defaults()
		change(&c)
		err := c.Validate()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want %q", err, want)
		}
		if _, err := db.Open(t.Context(), c); err == nil {
			t.Errorf("%s: opened", want)
		}
	}
}

func TestOpenSQLiteMakesThePrivateFolder(t *testing.T) {
	t.Parallel()
	c := db.Defaults()
	c.Dir = filepath.Join(t.TempDir(), "a folder?", "100% #1")
	for range 2 {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := errors.Join(d.Close(), d.Close()); err != nil {
			t.Error(err)
		}
		if err := d.Ping(t.Context()); err == nil {
			t.Error("a closed database answered")
		}
		if err := d.InTx(t.Context(), func(*db.Tx) error { return nil }); err == nil {
			t.Error("a closed database began a transaction")
		}
	}
	info, err := os.Stat(c.Dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("got %v, %v, want a folder of mode 0700", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, db.FileName)); err != nil {
		t.Error(err)
	}
}

func TestPostgresCompilesNoStatements(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]string{"": "off", "&jit=on": "on"} {
		c := dbtest.NewConfig(t, db.Postgres, nil)
		c.URL += asked
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		jit := func(q db.Queryer) error {
			var got string
			if err := q.QueryRow(t.Context(), "select current_setting('jit')").Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%q: jit is %s, want %s", asked, got, want)
			}
			return nil
		}
		if err := errors.Join(d.View(t.Context(), jit), d.InTx(t.Context(), func(tx *db.Tx) error { return jit(tx) })); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenSQLiteExplains(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string) string
		want    string
	}{
		"damaged": {func(t *testing.T, dir string) string {
			if err := os.WriteFile(filepath.Join(dir, db.FileName), []byte(strings.Repeat("this is no database ", 300)), 0o600); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "is damaged or is not a database: restore a backup"},
		"a file for a folder": {func(t *testing.T, dir string) string {
			if err := os.WriteFile(filepath.Join(dir, "data"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(dir, "data")
		}, "cannot be made"},
		"a folder for the file": {func(t *testing.T, dir string) string {
			if err := os.Mkdir(filepath.Join(dir, db.FileName), 0o700); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "cannot be opened for writing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := db.Defaults()
			cfg.Dir = c.prepare(t, t.TempDir())
			if _, err := db.Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestOpenPostgresExplains talks to servers that refuse in each of the usual ways.
func TestOpenPostgresExplains(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"28P01": "refuses user \"ann\": check the user name and password",
		"3D000": "has no database \"aid\": create it with",
		"53300": "has no free connections",
		"57P03": "is starting or stopping",
		"XX000": "does not let us in",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			c := db.Defaults()
			c.URL = "postgres://ann:secret@" + refusingServer(t, code) + "/aid?sslmode=disable"
			if _, err := db.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
	for address, want := range map[string]string{
		unusedAddress(t):       "no PostgreSQL server answers at ",
		"nowhere.invalid:5432": "the PostgreSQL host \"nowhere.invalid\" in database.url is not known",
	} {
		c := db.Defaults()
		c.URL = "postgres://ann:secret@" + address + "/aid?sslmode=disable"
		if _, err := db.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func refusingServer(t *testing.T, code string) string {
	t.Helper()
	return serve(t, func(c net.Conn) {
		b := pgproto3.NewBackend(c, c)
		if _, err := b.ReceiveStartupMessage(); err != nil {
			return
		}
		b.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: "no"})
		_ = b.Flush()
	})
}

// serve listens on a free port until the test ends.
func serve(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = c.Close() }()
				handle(c)
			})
		}
	})
	return l.Addr().String()
}

// cuttable is a wire to the server that a test can cut, as a restart of the server would.
type cuttable struct {
	mu    sync.Mutex
	conns []net.Conn
}

func (w *cuttable) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}

func (w *cuttable) handle(target string) func(net.Conn) {
	return func(c net.Conn) {
		up, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		w.mu.Lock()
		w.conns = append(w.conns, c, up)
		w.mu.Unlock()
		done := make(chan struct{})
		go func() { _, _ = io.Copy(up, c); _ = up.Close(); close(done) }()
		_, _ = io.Copy(c, up)
		_ = c.Close()
		<-done
	}
}

func TestPostgresConnectionsAreReplaced(t *testing.T) {
	t.Parallel()
	c := dbtest.NewConfig(t, db.Postgres, things)
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	var wire cuttable
	t.Cleanup(wire.cut)
	u.Host = serve(t, wire.handle(u.Host))
	c.URL = u.String()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for i := range 3 {
		var n int64
		if err := d.QueryRow(t.Context(), `select count(*) from demo_things`).Scan(&n); err != nil || n != int64(i) {
			t.Fatalf("read: got %d, %v, want %d", n, err, i)
		}
		mustTx(t, d, func(tx *db.Tx) error { _, err := add(t.Context(), tx, string(rune('a'+i))); return err })
		if err := d.View(t.Context(), func(q db.Queryer) error { return q.QueryRow(t.Context(), `select 1`).Scan(&n) }); err != nil {
			t.Fatalf("view: %v", err)
		}
		wire.cut()
	}
	// What was lost in the middle of a transaction is an error that says that trying again can help.
	err = d.InTx(t.Context(), func(tx *db.Tx) error {
		if _, err := add(t.Context(), tx, "lost"); err != nil {
			return err
		}
		wire.cut()
		_, err := add(t.Context(), tx, "never")
		return err
	})
	if almoner.KindOf(err) != almoner.Unavailable {
		t.Errorf("got %v, want an Unavailable error", err)
	}
	wantNames(t, d, "a", "b", "c")
}

// TestSQLiteIsSharedWithACommand: a command beside the server waits for the server's short transactions, and the server for its.
func TestSQLiteIsSharedWithACommand(t *testing.T) {
	t.Parallel()
	c := dbtest.NewConfig(t, db.SQLite, things)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			d, err := db.Open(t.Context(), c)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = d.Close() }()
			for range 20 {
				err := d.InTx(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), `insert into demo_things (n) values (1)`)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var n int64
	if err := d.QueryRow(t.Context(), `select count(*) from demo_things`).Scan(&n); err != nil || n != 60 {
		t.Errorf("got %d, %v, want 60", n, err)
	}
}
