package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

// oldestPostgres is the oldest version that is tested.
const oldestPostgres = 150000

// database opens the database and looks at all that is in it.
func (x *examination) database(ctx context.Context) {
	if x.Database.URL == "" {
		// Opening would make a new one.
		if _, err := os.Stat(filepath.Join(x.Data, db.FileName)); err != nil {
			x.problem("database", "there is none in "+x.Data, "name the data folder with --data, or make a new database with `almoner migrate`")
			return
		}
	}
	d, err := db.Open(ctx, x.Database)
	if err != nil {
		x.problem("database", firstLine(err), "start the database, or correct database.url")
		return
	}
	defer func() { _ = d.Close() }()
	if err := d.Ping(ctx); err != nil {
		x.problem("database", "does not answer: "+firstLine(err), "start the database, or correct database.url")
		return
	}
	sound := x.engine(ctx, d)
	if !x.schema(ctx, d) || !sound {
		return // what follows reads tables that may be missing or broken
	}
	x.clockOfDatabase(ctx, d)
	x.files(ctx, d)
	for _, m := range x.Modules {
		for _, c := range m.Checks {
			x.ofModule(ctx, d, c.Name, c.Run)
		}
	}
}

func (x *examination) ofModule(ctx context.Context, q db.Queryer, name string, run func(context.Context, db.Queryer) (string, string, error)) {
	detail, fix, err := run(ctx, q)
	switch {
	case err != nil:
		x.failed(name, err)
	case fix != "":
		x.problem(name, detail, fix)
	default:
		x.ok(name, "%s", detail)
	}
}

// engine looks at the database as software: its version and extensions, or the soundness of the file. It reports whether tables can be read.
func (x *examination) engine(ctx context.Context, d *db.DB) bool {
	if d.Engine() == db.Postgres {
		return x.postgres(ctx, d)
	}
	rows, err := d.Query(ctx, "pragma quick_check(5)")
	said, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	const fix = "restore the last backup (docs/operate/backup.md), and look at the disk"
	if err != nil {
		x.problem("database", "cannot be read: "+firstLine(err), fix)
		return false
	}
	if len(said) != 1 || said[0] != "ok" {
		x.problem("database", "the file is damaged: "+strings.Join(said, "; "), fix)
		return false
	}
	var broken int64
	if err := d.QueryRow(ctx, "select count(*) from pragma_foreign_key_check").Scan(&broken); err != nil {
		x.failed("database", err)
		return false
	}
	if broken > 0 {
		x.problem("database", fmt.Sprintf("%d rows refer to rows that do not exist", broken), fix)
		return false
	}
	x.ok("database", "the file is sound")
	return true
}

func (x *examination) postgres(ctx context.Context, d *db.DB) bool {
	var number int64
	var version string
	err := d.QueryRow(ctx, "select current_setting('server_version_num')::bigint, current_setting('server_version')").Scan(&number, &version)
	if err != nil {
		x.failed("database", err)
		return false
	}
	if number < oldestPostgres {
		x.problem("database", "PostgreSQL "+version+" is too old", "update it to version 15 or newer")
		return false
	}
	var trigrams, allowed bool
	err = d.QueryRow(ctx, `select exists (select 1 from pg_extension where extname = 'pg_trgm'),
		exists (select 1 from pg_available_extensions where name = 'pg_trgm') and has_database_privilege(current_database(), 'create')`).Scan(&trigrams, &allowed)
	switch {
	case err != nil:
		x.failed("database", err)
		return false
	case !trigrams && !allowed:
		x.problem("database", "the extension pg_trgm is missing, and this user may not add it", "install the contrib package of PostgreSQL, and as its administrator: create extension pg_trgm")
		return false
	}
	x.ok("database", "PostgreSQL %s", version)
	return true
}

// schema compares the database with the steps that this program knows. It reports whether the tables are those of this program.
func (x *examination) schema(ctx context.Context, d *db.DB) bool {
	steps, err := db.Status(ctx, d, x.Migrations)
	switch {
	case errors.Is(err, db.ErrNewerDatabase):
		x.problem("schema", firstLine(err), "run the newer program, or restore a backup that this one made")
		return false
	case errors.Is(err, db.ErrEditedMigration):
		x.problem("schema", firstLine(err), "run a program that was built from unchanged files")
		return false
	case err != nil:
		x.failed("schema", err)
		return false
	}
	pending := 0
	known := map[string]bool{}
	for _, s := range steps {
		known[s.Module] = true
		if s.At.IsZero() {
			pending++
		}
	}
	if pending > 0 {
		x.warn("schema", fmt.Sprintf("%d of %d steps are still to come", pending, len(steps)), "make a backup, then run `almoner migrate`; `almoner serve` does it, too")
		return false
	}
	versions, err := db.Versions(ctx, d)
	if err != nil {
		x.failed("schema", err)
		return false
	}
	var strangers []string
	for m := range versions {
		if !known[m] {
			strangers = append(strangers, m)
		}
	}
	if len(strangers) > 0 {
		x.warn("schema", "the database has tables of modules that this program lacks: "+strings.Join(strangers, ", "), "run the distribution that has them")
		return true
	}
	x.ok("schema", "up to date, %d steps of %d modules", len(steps), len(known))
	return true
}

// files compares the files with the records that name them.
func (x *examination) files(ctx context.Context, d *db.DB) {
	folder, ok := file.Folder(x.Files, x.Data)
	if !ok {
		x.stored(ctx, d)
		return
	}
	next, stop := iter.Pull2(stored(folder))
	defer stop()
	lost, named, idle := 0, 0, []string{}
	key, err, more := next()
	named, e := file.Named(ctx, d, func(_, want string) error {
		for more && err == nil && key < want {
			idle = append(idle, key)
			key, err, more = next()
		}
		if !more || key != want {
			lost++
			return err
		}
		key, err, more = next()
		return err
	})
	for more && err == nil && e == nil {
		idle = append(idle, key)
		key, err, more = next()
	}
	if e = cmp.Or(e, err); e != nil {
		x.failed("files", e)
		return
	}
	waiting, err := pending(ctx, d)
	if err != nil {
		x.failed("files", err)
		return
	}
	strays, size := 0, int64(0)
	for _, key := range idle {
		if waiting[key] {
			continue
		}
		strays++
		if path, ok := file.Path(folder, key); ok {
			if info, err := os.Stat(path); err == nil {
				size += info.Size()
			}
		}
	}
	x.tellFiles(named, lost)
	if strays > 0 {
		x.warn("files", fmt.Sprintf("%d files (%s) in %s are named by no record", strays, file.ShowSize(size), folder),
			"nothing misses them; they may be left from a restore beside which the folder was not emptied")
	}
}

func (x *examination) tellFiles(named, lost int) {
	if lost > 0 {
		x.problem("files", fmt.Sprintf("%d of %d files that records name are not there", lost, named), "bring them back from a backup; their keys are the column "+file.KeyColumn)
		return
	}
	x.ok("files", "all %d files that records name are there", named)
}

// stored is the check for files that lie elsewhere: each is asked for.
func (x *examination) stored(ctx context.Context, d *db.DB) {
	s, err := file.Open(ctx, file.Params{DB: d, Config: x.Files, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		x.problem("files", "the object store cannot be opened: "+firstLine(err), "correct files.url and its credentials")
		return
	}
	defer func() { _ = s.Close() }()
	lost := 0
	named, err := s.Check(ctx, func(file.Lost) error { lost++; return nil })
	if err != nil {
		x.problem("files", "the object store does not answer: "+firstLine(err), "correct files.url and its credentials")
		return
	}
	x.tellFiles(named, lost)
}

// stored yields the keys of the files in a folder in their order; a folder that is not there has none.
func stored(folder string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone meanwhile, or never there
			}
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(folder, path)
			if key := filepath.ToSlash(rel); err == nil && !e.IsDir() && file.IsKey(key) && !yield(key, nil) {
				return fs.SkipAll
			}
			return err
		})
		if err != nil {
			yield("", err)
		}
	}
}

// pending are the keys of files that no record names yet, or not any more, which the sweep knows of.
func pending(ctx context.Context, q db.Queryer) (map[string]bool, error) {
	rows, err := q.Query(ctx, "select key from file_pending")
	keys, err := db.Collect(rows, err, func(r db.Row) (k string, err error) { return k, r.Scan(&k) })
	set := make(map[string]bool, len(keys))
	for _, k := range keys {
		set[k] = true
	}
	return set, err
}
