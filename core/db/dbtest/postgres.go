package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"almoner.dev/almoner/core/db"
)

// PostgresURL returns the address of the test server, whose user must be allowed to create databases.
func PostgresURL() (string, error) {
	if u := os.Getenv("ALMONER_TEST_POSTGRES"); u != "" {
		return u, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			if b, err := os.ReadFile(filepath.Join(dir, ".tools", "postgres", "url")); err == nil {
				return strings.TrimSpace(string(b)), nil
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no PostgreSQL to test on: run `make postgres`, or set ALMONER_TEST_POSTGRES to the address of a server")
		}
		dir = parent
	}
}

// server is the one administrative connection of this test process.
type server struct {
	mu   sync.Mutex
	conn *pgx.Conn
	url  string
	// templates maps a fingerprint to the name of its migrated database.
	templates map[string]string
}

var theServer server

const (
	copyPrefix     = "almoner_test_"
	templatePrefix = "almoner_template_"
	// makerLock is the advisory lock under which test processes make and sweep templates.
	makerLock = 7205411
	// Templates are shared by the processes of a run and the next runs; copies belong to one test.
	copyAge, templateAge = time.Hour, 12 * time.Hour
)

// postgresCopy returns the address of a new database that is a copy of the migrated template.
func postgresCopy(t testing.TB, key string, migrations []db.Migrations) string {
	t.Helper()
	ctx := context.Background()
	s := &theServer
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.connect(ctx); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	name, err := s.migrated(ctx, key, migrations)
	if err != nil {
		t.Fatalf("dbtest: create the test's database: %v", err)
	}
	return s.given(t, name)
}

// migrated makes a copy of the migrated template and returns its name.
func (s *server) migrated(ctx context.Context, key string, migrations []db.Migrations) (name string, err error) {
	// Another process may sweep the template between finding and copying it.
	for range 3 {
		template, err := s.template(ctx, key, migrations)
		if err != nil {
			return "", err
		}
		name, err = s.copied(ctx, template)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "3D000" {
			return name, err
		}
		delete(s.templates, key)
	}
	return name, err
}

// copied makes a copy of a database and returns its name.
func (s *server) copied(ctx context.Context, template string) (string, error) {
	name := copyPrefix + stamp()
	// Copying files writes far less than logging every page, and a test server does not wait for its checkpoint.
	_, err := s.conn.Exec(ctx, "create database "+name+" template "+template+" strategy file_copy")
	return name, err
}

// given returns the address of a database that is dropped when the test ends.
func (s *server) given(t testing.TB, name string) string {
	t.Helper()
	ctx := context.Background()
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.connect(ctx); err != nil {
			t.Errorf("dbtest: %v", err)
			return
		}
		if err := s.drop(ctx, name); err != nil {
			t.Errorf("dbtest: drop the test's database: %v", err)
		}
	})
	return s.address(name)
}

// stamp is a unique name that tells its age.
func stamp() string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return strconv.FormatInt(time.Now().Unix(), 10) + "_" + hex.EncodeToString(b[:])
}

func (s *server) connect(ctx context.Context) error {
	if s.conn != nil && !s.conn.IsClosed() {
		return nil
	}
	u, err := PostgresURL()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, u)
	if err != nil {
		return fmt.Errorf("the PostgreSQL server for tests does not answer: run `make postgres` (%w)", err)
	}
	first := s.templates == nil
	s.conn, s.url = conn, u
	if first {
		s.templates = map[string]string{}
		return s.locked(ctx, func() error { return s.sweep(ctx) })
	}
	return nil
}

func (s *server) address(database string) string {
	u, err := url.Parse(s.url)
	if err != nil {
		return s.url
	}
	u.Path = "/" + database
	return u.String()
}

func (s *server) locked(ctx context.Context, fn func() error) error {
	if _, err := s.conn.Exec(ctx, "select pg_advisory_lock($1)", makerLock); err != nil {
		return err
	}
	err := fn()
	if _, e := s.conn.Exec(ctx, "select pg_advisory_unlock($1)", makerLock); err == nil {
		err = e
	}
	return err
}

// sweep drops what crashed runs left behind.
func (s *server) sweep(ctx context.Context) error {
	rows, err := s.conn.Query(ctx, `select datname from pg_database where starts_with(datname, $1) or starts_with(datname, $2)`, copyPrefix, templatePrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		made, limit := time.Time{}, copyAge
		rest := strings.TrimPrefix(name, copyPrefix)
		if after, ok := strings.CutPrefix(name, templatePrefix); ok {
			rest, limit = after, templateAge
		}
		at, _, _ := strings.Cut(rest, "_")
		if unix, err := strconv.ParseInt(at, 10, 64); err == nil {
			made = time.Unix(unix, 0)
		}
		if time.Since(made) < limit {
			continue
		}
		if _, err := s.conn.Exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
			return fmt.Errorf("drop what an earlier run left: %w", err)
		}
	}
	return nil
}

// template returns the name of the migrated database that copies are made from, making it when no process has yet.
func (s *server) template(ctx context.Context, key string, migrations []db.Migrations) (string, error) {
	if name := s.templates[key]; name != "" {
		return name, nil
	}
	var name string
	err := s.locked(ctx, func() error {
		err := s.conn.QueryRow(ctx, `select datname from pg_database where starts_with(datname, $1) and datname like $2 order by datname desc limit 1`,
			templatePrefix, "%\\_"+key).Scan(&name)
		if err == nil {
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		name = templatePrefix + strconv.FormatInt(time.Now().Unix(), 10) + "_" + key
		making := name + "_making"
		if err := s.drop(ctx, making); err != nil {
			return err
		}
		if _, err := s.conn.Exec(ctx, "create database "+making+" template template0 encoding 'UTF8' locale 'C'"); err != nil {
			return err
		}
		c := db.Defaults()
		c.Dir, c.URL = "", s.address(making)
		if err := migrate(c, migrations); err != nil {
			return errors.Join(fmt.Errorf("migrate: %w", err), s.drop(ctx, making))
		}
		_, err = s.conn.Exec(ctx, "alter database "+making+" rename to "+name)
		return err
	})
	if err != nil {
		return "", err
	}
	s.templates[key] = name
	return name, nil
}

func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.conn.Exec(ctx, "drop database if exists "+name+" with (force)")
	return err
}
