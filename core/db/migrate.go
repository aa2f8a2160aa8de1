package db

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// Migrations are the schema of one module: files NNNN_what.sql, numbered from 0001 without gaps, at the root of FS or in its
// folder migrations. Each is plain SQL that both engines run, with macros ({{pk}} {{fk}} {{text}} {{time}} {{date}} {{json}}
// {{uuid}} {{bool}} {{bytes}} {{true}} {{false}} {{now}}) for the words in which they differ, the statement
// {{search TABLE COLUMN}}, which makes the index that Engine.ContainsIndexed uses, and, where whole statements must differ, blocks between a line `-- +engine postgres` or `-- +engine sqlite` and a line `-- +end`.
type Migrations struct {
	// Module is the module's name; its steps are recorded in the table almoner_schema_<module>.
	Module string
	FS     fs.FS
}

// Applied is one step that the database has.
type Applied struct {
	Module string
	// Version is the number in front of the file's name.
	Version int64
	File    string
	At      time.Time
}

// StepStatus says of one step whether the database has it.
type StepStatus struct {
	Module  string
	Version int64
	File    string
	// At is when it was applied, zero when it is still to come.
	At time.Time
}

// ErrNewerDatabase means that the database has steps which this program does not know; the program must be updated.
var ErrNewerDatabase = errors.New("the database is newer than this program")

// ErrEditedMigration means that a file was changed after it had been applied, so that databases would differ from one
// another.
var ErrEditedMigration = errors.New("an applied migration was edited")

// Migrate brings the schema of all modules up to date, in the given order, and returns what it applied. Each file is one
// transaction together with its record, so that a failure leaves the steps before it done and itself undone. Several
// programs may start at once: one migrates, the others wait. A newer database (ErrNewerDatabase) and an edited file
// (ErrEditedMigration) are refused before anything is changed.
func Migrate(ctx context.Context, d *DB, ms []Migrations) ([]Applied, error) {
	plan, err := readPlan(d.engine, ms)
	if err != nil {
		return nil, err
	}
	pending, err := plan.compare(ctx, d)
	if err != nil || !pending {
		return nil, err
	}
	var pool *sql.DB
	if p, ok := unwrap(d.backend).(*postgres); ok {
		pool = stdlib.OpenDB(*p.direct)
	} else if pool, err = unwrap(d.backend).(*embedded).migrations(); err != nil {
		return nil, err
	}
	defer func() { _ = pool.Close() }()
	var applied []Applied
	for _, m := range plan {
		done, err := m.apply(ctx, d.engine, pool)
		applied = append(applied, done...)
		if err != nil {
			return applied, err
		}
	}
	return applied, nil
}

// Status returns every step of every module, in order, with the time at which the database got it. It changes nothing and fails
// as Migrate does for a newer database or an edited file.
func Status(ctx context.Context, d *DB, ms []Migrations) ([]StepStatus, error) {
	plan, err := readPlan(d.engine, ms)
	if err != nil {
		return nil, err
	}
	if _, err := plan.compare(ctx, d); err != nil {
		return nil, err
	}
	var all []StepStatus
	for _, m := range plan {
		for _, s := range m.steps {
			all = append(all, StepStatus{m.module, s.version, s.file, s.at})
		}
	}
	return all, nil
}

// Versions returns the number of the last step of each module that the database has, of modules that this program does not know as well.
func Versions(ctx context.Context, q Queryer) (map[string]int64, error) {
	tables, err := versionTables(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	versions := map[string]int64{}
	for _, table := range tables {
		var last int64
		if err := q.QueryRow(ctx, "select coalesce(max(version_id), 0) from "+table).Scan(&last); err != nil {
			return nil, fmt.Errorf("read the schema's version: %w", err)
		}
		versions[strings.TrimPrefix(table, versionTable(""))] = last
	}
	return versions, nil
}

type plan []*modulePlan

type modulePlan struct {
	module string
	table  string
	steps  []*step
}

type step struct {
	version  int64
	file     string
	sql      string
	checksum string
	at       time.Time
}

var (
	stepPattern   = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)
	modulePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// versionTable is where the steps of a module are recorded.
func versionTable(module string) string { return "almoner_schema_" + module }

func readPlan(e Engine, ms []Migrations) (plan, error) {
	var p plan
	var errs []error
	seen := map[string]bool{}
	for _, m := range ms {
		switch {
		case !modulePattern.MatchString(m.Module):
			errs = append(errs, fmt.Errorf("migrations of %q: a module's name is lower case letters, digits and underscores", m.Module))
			continue
		case seen[m.Module]:
			errs = append(errs, fmt.Errorf("the migrations of module %s are listed twice", m.Module))
			continue
		}
		seen[m.Module] = true
		if m.FS == nil {
			continue
		}
		mp, err := readModule(e, m)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		p = append(p, mp)
	}
	return p, errors.Join(errs...)
}

func readModule(e Engine, m Migrations) (*modulePlan, error) {
	dir := "."
	if info, err := fs.Stat(m.FS, "migrations"); err == nil && info.IsDir() {
		dir = "migrations"
	}
	entries, err := fs.ReadDir(m.FS, dir)
	if err != nil {
		return nil, fmt.Errorf("migrations of module %s: %w", m.Module, err)
	}
	mp := &modulePlan{module: m.Module, table: versionTable(m.Module)}
	var errs []error
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".sql" {
			continue
		}
		where := m.Module + "/" + name
		match := stepPattern.FindStringSubmatch(name)
		if match == nil {
			errs = append(errs, fmt.Errorf("%s: a migration is named NNNN_what.sql, in lower case", where))
			continue
		}
		source, err := fs.ReadFile(m.FS, path.Join(dir, name))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", where, err))
			continue
		}
		text := strings.ReplaceAll(string(source), "\r\n", "\n")
		expanded, err := expand(e, where, text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		version, _ := strconv.ParseInt(match[1], 10, 64)
		sum := sha256.Sum256([]byte(text))
		mp.steps = append(mp.steps, &step{version: version, file: where, sql: expanded, checksum: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(mp.steps, func(a, b *step) int { return cmp.Compare(a.version, b.version) })
	for i, s := range mp.steps {
		if want := int64(i + 1); s.version != want && len(errs) == 0 {
			errs = append(errs, fmt.Errorf("%s: steps are numbered without gaps or repeats; this should be number %04d", s.file, want))
			break
		}
	}
	return mp, errors.Join(errs...)
}

// compare reads what the database has, notes it on the steps, and reports whether some are missing.
func (p plan) compare(ctx context.Context, d *DB) (pending bool, err error) {
	var errs []error
	err = d.View(ctx, func(q Queryer) error {
		tables, err := versionTables(ctx, q)
		if err != nil {
			return err
		}
		for _, m := range p {
			var records []record
			if slices.Contains(tables, m.table) {
				if records, err = m.records(ctx, q); err != nil {
					return err
				}
			}
			if err := m.check(records); err != nil {
				errs = append(errs, err)
			}
			pending = pending || len(records) < len(m.steps)
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("read the schema's version: %w", err)
	}
	return pending, errors.Join(errs...)
}

func versionTables(ctx context.Context, q Queryer) ([]string, error) {
	from := `select name from sqlite_schema where type = 'table' and name like $1`
	if q.Engine() == Postgres {
		from = `select table_name::text from information_schema.tables where table_schema = current_schema() and table_name like $1`
	}
	rows, err := q.Query(ctx, from, versionTable("%"))
	return Collect(rows, err, func(r Row) (name string, err error) { return name, r.Scan(&name) })
}

type record struct {
	version  int64
	file     string
	checksum string
	at       time.Time
}

func (m *modulePlan) records(ctx context.Context, q Queryer) ([]record, error) {
	rows, err := q.Query(ctx, "select version_id, file, checksum, applied_at from "+m.table+" where version_id > 0 order by version_id")
	return Collect(rows, err, func(r Row) (rec record, err error) {
		return rec, r.Scan(&rec.version, &rec.file, &rec.checksum, &rec.at)
	})
}

// check refuses a newer database and edited files.
func (m *modulePlan) check(records []record) error {
	var errs []error
	for i, r := range records {
		if i >= len(m.steps) || r.version != m.steps[i].version {
			errs = append(errs, fmt.Errorf("%w: module %s has had step %s applied, and this program knows steps up to %04d; run the newer program",
				ErrNewerDatabase, m.module, r.file, len(m.steps)))
			break
		}
		s := m.steps[i]
		s.at = r.at
		if r.checksum != s.checksum {
			errs = append(errs, fmt.Errorf("%w: %s is not the file that was applied on %s; restore it and put the change into a new step",
				ErrEditedMigration, s.file, r.at.Format(time.DateOnly)))
		}
	}
	return errors.Join(errs...)
}

// starterWait is how long a program waits, in seconds, for another one that is migrating.
const starterWait = 600

func (m *modulePlan) apply(ctx context.Context, e Engine, pool *sql.DB) ([]Applied, error) {
	if len(m.steps) == 0 {
		return nil, nil
	}
	var steps []*goose.Migration
	var done []Applied
	for _, s := range m.steps {
		steps = append(steps, goose.NewGoMigration(s.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			ran, err := m.run(ctx, e, tx, s)
			if ran && err == nil {
				done = append(done, Applied{Module: m.module, Version: s.version, File: s.file, At: s.at})
			}
			return err
		}}, nil))
	}
	options := []goose.ProviderOption{
		goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()),
		goose.WithStore(&versionStore{module: m, engine: e}),
	}
	if e == Postgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, starterWait))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(goose.DialectCustom, pool, nil, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations of module %s: %w", m.module, err)
	}
	if _, err := provider.Up(ctx); err != nil {
		var failed *stepError
		if errors.As(err, &failed) {
			return done, failed
		}
		return done, fmt.Errorf("migrations of module %s: %w", m.module, err)
	}
	return done, nil
}

// stepError says which file failed, and where in it when the database tells.
type stepError struct {
	where string
	err   error
}

func (e *stepError) Error() string { return fmt.Sprintf("migration %s: %v", e.where, e.err) }
func (e *stepError) Unwrap() error { return e.err }

// run applies one step, unless another starter did so while this one waited for the lock.
func (m *modulePlan) run(ctx context.Context, e Engine, tx *sql.Tx, s *step) (ran bool, err error) {
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from "+m.table+" where version_id = $1", s.version).Scan(&n); err != nil {
		return false, err
	}
	if n > 0 {
		return false, nil
	}
	s.at = instant(time.Now())
	if _, err := tx.ExecContext(ctx, s.sql); err != nil {
		return false, &stepError{place(s, err), err}
	}
	if e == SQLite {
		if err := checkReferences(ctx, tx); err != nil {
			return false, &stepError{s.file, err}
		}
	}
	return true, nil
}

// place adds the line to the file's name when PostgreSQL says where it stopped.
func place(s *step, err error) string {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Position <= 0 {
		return s.file
	}
	before := []rune(s.sql)
	if int(pg.Position) <= len(before) {
		before = before[:pg.Position]
	}
	return fmt.Sprintf("%s:%d", s.file, strings.Count(string(before), "\n")+1)
}

func checkReferences(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "pragma foreign_key_check")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		var table, parent string
		var row sql.NullInt64
		var key int
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("row %d of %s refers to a row of %s that does not exist", row.Int64, table, parent)
	}
	return rows.Err()
}

// versionStore records steps with their file and checksum, in the transaction of the step.
type versionStore struct {
	module *modulePlan
	engine Engine
}

var _ database.StoreExtender = (*versionStore)(nil)

func (s *versionStore) Tablename() string { return s.module.table }

func (s *versionStore) CreateVersionTable(ctx context.Context, db database.DBTxConn) error {
	create, err := expand(s.engine, s.module.table, "create table if not exists "+s.module.table+
		" (version_id bigint primary key, file {{text}} not null, checksum {{text}} not null, applied_at {{time}} not null)")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, create)
	return err
}

func (s *versionStore) TableExists(ctx context.Context, db database.DBTxConn) (bool, error) {
	from := "select count(*) from sqlite_schema where type = 'table' and name = $1"
	if s.engine == Postgres {
		from = "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = $1"
	}
	var n int
	err := db.QueryRowContext(ctx, from, s.module.table).Scan(&n)
	return n > 0, err
}

func (s *versionStore) Insert(ctx context.Context, db database.DBTxConn, r database.InsertRequest) error {
	// Version 0 is goose's own mark of an empty schema.
	record := &step{at: time.Now()}
	for _, known := range s.module.steps {
		if known.version == r.Version {
			record = known
		}
	}
	at, err := encodeTime(s.engine, record.at)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "insert into "+s.module.table+" (version_id, file, checksum, applied_at) values ($1, $2, $3, $4) on conflict do nothing",
		r.Version, record.file, record.checksum, at)
	return err
}

func (s *versionStore) Delete(ctx context.Context, db database.DBTxConn, version int64) error {
	_, err := db.ExecContext(ctx, "delete from "+s.module.table+" where version_id = $1", version)
	return err
}

func (s *versionStore) GetMigration(ctx context.Context, db database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	var n int
	err := db.QueryRowContext(ctx, "select count(*) from "+s.module.table+" where version_id = $1", version).Scan(&n)
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, database.ErrVersionNotFound
	}
	return &database.GetMigrationResult{IsApplied: true}, nil
}

func (s *versionStore) GetLatestVersion(ctx context.Context, db database.DBTxConn) (int64, error) {
	var v sql.NullInt64
	if err := db.QueryRowContext(ctx, "select max(version_id) from "+s.module.table).Scan(&v); err != nil {
		return 0, err
	}
	if !v.Valid {
		return 0, database.ErrVersionNotFound
	}
	return v.Int64, nil
}

func (s *versionStore) ListMigrations(ctx context.Context, db database.DBTxConn) ([]*database.ListMigrationsResult, error) {
	rows, err := db.QueryContext(ctx, "select version_id from "+s.module.table+" order by version_id desc")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*database.ListMigrationsResult
	for rows.Next() {
		r := &database.ListMigrationsResult{IsApplied: true}
		if err := rows.Scan(&r.Version); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}
