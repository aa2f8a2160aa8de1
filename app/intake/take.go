package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// system is the actor of imports.
const system = "system.import"

// Into is the opened program that a data set is taken into.
type Into struct {
	DB  *db.DB
	Set *module.Set
}

// Wish is what is asked of an import.
type Wish struct {
	// Set is the name of the data set, Dir the folder with its files.
	Set string
	Dir fs.FS
	// Workspace is the code of the workspace that everything goes into. It is made when there is none.
	Workspace string
	// DryRun checks everything and compares it with what is there, and writes nothing. Rules that modules ask while a record is written are not asked.
	DryRun bool
	// Password is given to people whom the files bring and who have none; "" gives none.
	Password string
	// Progress, when not nil, is told the file in hand and how many of its rows are done.
	Progress func(file string, done, of int)
}

// run is one import.
type run struct {
	into   Into
	wish   Wish
	dir    fs.FS
	tables []*table
	byFile map[string]*table
	// example is one of the files, for an error.
	example   string
	files     map[string]bool
	workspace almoner.Workspace
	book      keyBook
	report    Report
}

// Take takes a data set in. The report is complete also where rows were refused; an error means that the import ended there, for a fault of the machine or because ctx
// ended, and that what the report counts is written.
func Take(ctx context.Context, into Into, wish Wish) (*Report, error) {
	r := &run{into: into, wish: wish, dir: wish.Dir, byFile: map[string]*table{}, files: map[string]bool{}, book: keyBook{}}
	r.report = Report{Set: wish.Set, Workspace: wish.Workspace, DryRun: wish.DryRun}
	err := r.take(ctx)
	for _, t := range r.tables {
		if t.File != "" {
			r.report.Files = append(r.report.Files, t.report)
		}
	}
	r.report.sort()
	return &r.report, err
}

func (r *run) take(ctx context.Context) error {
	var err error
	if r.wish.Password != "" {
		if err := auth.CheckPassword("password", r.wish.Password); err != nil {
			return fmt.Errorf("the password for all: %w", err)
		}
	}
	if r.tables, err = tablesOf(r.into.Set, r.wish.Set); err != nil {
		return err
	}
	for _, t := range r.tables {
		if t.File != "" {
			r.byFile[t.File] = t
			r.example = t.File
		}
	}
	if err := r.look(); err != nil {
		return err
	}
	if err := r.find(ctx); err != nil {
		return err
	}
	if err := r.check(ctx); err != nil || r.report.Refused() {
		r.report.Untouched = true
		return err
	}
	if r.workspace.ID == 0 && !r.wish.DryRun {
		if err := r.make(ctx); err != nil {
			return err
		}
	}
	if err := r.write(ctx); err != nil || r.wish.Password == "" || r.wish.DryRun {
		return err
	}
	return r.letIn(ctx)
}

// letIn gives the people of the files a password.
func (r *run) letIn(ctx context.Context) error {
	identity := r.into.Set.Identity()
	for _, t := range r.tables {
		if t.Entity != identity.People || !t.read() {
			continue
		}
		rows, err := r.into.DB.Query(ctx, "select record_id from intake_rows where workspace_id = $1 and source = $2 and file = $3 order by record_id", r.workspace.ID, t.Set, t.File)
		people, err := db.Collect(rows, err, func(row db.Row) (id int64, err error) { return id, row.Scan(&id) })
		if err != nil {
			return fmt.Errorf("look up the people of %s: %w", t.File, err)
		}
		if r.report.LetIn, err = identity.FirstPassword(r.inside(ctx), people, r.wish.Password); err != nil {
			return err
		}
	}
	return nil
}

// look finds out which files there are.
func (r *run) look() error {
	entries, err := fs.ReadDir(r.dir, ".")
	if err != nil {
		return fmt.Errorf("look into the folder: %w", err)
	}
	known := left(r.into.Set, r.wish.Set)
	for _, e := range entries {
		if e.IsDir() || !strings.EqualFold(path.Ext(e.Name()), ".csv") {
			continue
		}
		r.files[e.Name()] = true
		if r.byFile[e.Name()] == nil {
			r.report.Untaken = append(r.report.Untaken, e.Name())
			if why := known[e.Name()]; why != "" {
				if r.report.Left == nil {
					r.report.Left = map[string]string{}
				}
				r.report.Left[e.Name()] = why
			}
		}
	}
	if len(r.report.Untaken) == len(r.files) {
		return fmt.Errorf("the folder has none of the files of %s, such as %s", r.wish.Set, r.example)
	}
	slices.Sort(r.report.Untaken)
	return nil
}

func (r *run) there(file string) bool { return r.files[file] }

// find finds the workspace. One that is not there yet has the number 0, and nothing in it.
func (r *run) find(ctx context.Context) error {
	var err error
	r.workspace, err = r.into.Set.Identity().Workspace(ctx, r.into.DB, r.wish.Workspace)
	if almoner.KindOf(err) == almoner.NotFound {
		return nil
	}
	return err
}

// make makes the workspace.
func (r *run) make(ctx context.Context) error {
	workspaces := r.into.Set.Registry.Entity("account.workspace")
	if workspaces == nil {
		return errors.New("no module keeps workspaces")
	}
	change := workspaces.NewChange(0, entity.Values{"code": r.wish.Workspace, "name": r.wish.Workspace})
	err := r.into.DB.InTx(ctx, func(tx *db.Tx) error { return workspaces.Save(r.inside(ctx), tx, change) })
	if err != nil {
		return fmt.Errorf("make the workspace %s: %w", r.wish.Workspace, err)
	}
	r.book = keyBook{}
	return r.find(ctx)
}

// inside is ctx for the program itself in the workspace of the import.
func (r *run) inside(ctx context.Context) context.Context {
	return almoner.WithActor(ctx, &almoner.Actor{System: system, Workspace: r.workspace, Locale: "en"})
}

// again reads a file that was found to be right.
func (r *run) again(t *table, row func(l line) error) error {
	err := eachLine(r.dir, t.File, func(cells []string) error {
		if !slices.Equal(cells, t.header) {
			return fmt.Errorf("%s was changed while it was read", t.File)
		}
		return nil
	}, row)
	var f *fault
	if errors.As(err, &f) {
		return fmt.Errorf("%s was changed while it was read: %w", t.File, err)
	}
	return err
}
