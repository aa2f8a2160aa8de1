package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"almoner.dev/almoner/app/backup"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

// errNotHere is what backup and restore answer where PostgreSQL is: it and the object store bring their own means, which do it better.
var errNotHere = errors.New("the database is PostgreSQL: back it up with pg_dump and restore it with pg_restore, and the files with the means of " +
	"their folder or object store; this command is for the embedded database")

// standard stands for the standard input or output instead of a file.
const standard = "-"

// backup writes an archive of the embedded database and its files. It neither migrates nor builds the modules: a backup before an update is
// made by the program of before or after alike.
func (p *program) backup(ctx context.Context, to string, force bool) (err error) {
	c, _, _, err := p.settings()
	if err != nil {
		return err
	}
	if c.Database.URL != "" {
		return errNotHere
	}
	if _, err := os.Stat(filepath.Join(c.Data, db.FileName)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in %s: name the data folder with --data", c.Data)
	}
	d, err := db.Open(ctx, db.Config{Dir: c.Data, MaxConns: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	source := backup.Source{DB: d, Scratch: c.Data, Program: Version}
	source.Folder, _ = file.Folder(c.Files, c.Data)
	start, told := time.Now(), p.streams.Out
	var sum backup.Summary
	if to == standard {
		if isTerminal(p.streams.Out) {
			return errors.New("an archive is no text: send the output into a file or a program")
		}
		told = p.streams.Err
		sum, err = backup.Write(ctx, source, p.streams.Out)
	} else {
		source.Scratch = filepath.Dir(to)
		sum, err = archiveInto(ctx, source, to, force)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(told, "Backed up the database (%s) and %d files (%s) in %s.\n", file.ShowSize(sum.Database), sum.Files, file.ShowSize(sum.Bytes), time.Since(start).Round(time.Millisecond))
	if !sum.Header.Files {
		fmt.Fprintln(told, "The files lie in the object store of files.url, which has to be backed up by its own means.")
	}
	if sum.Lost > 0 {
		fmt.Fprintf(told, "%d files that records name were not there; `almoner doctor` lists them.\n", sum.Lost)
	}
	return nil
}

// archiveInto writes under another name first, so that under the right one there is a whole archive or none.
func archiveInto(ctx context.Context, source backup.Source, to string, force bool) (sum backup.Summary, err error) {
	free := func() error {
		if _, err := os.Lstat(to); err == nil && !force {
			return fmt.Errorf("%s is there already: choose another name, or --force to replace it", to)
		}
		return nil
	}
	if err := free(); err != nil {
		return sum, err
	}
	f, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".*.part")
	if err != nil {
		return sum, fmt.Errorf("make the archive: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone when it was renamed
	sum, err = backup.Write(ctx, source, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return sum, err
	}
	if err := free(); err != nil {
		return sum, err
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return sum, fmt.Errorf("give the archive its name: %w", err)
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return sum, err
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return sum, fmt.Errorf("write the archive's name to disk: %w", err)
	}
	return sum, nil
}

// restore brings an archive back.
func (p *program) restore(ctx context.Context, from string, force bool) error {
	c, _, _, err := p.settings()
	if err != nil {
		return err
	}
	if c.Database.URL != "" {
		return errNotHere
	}
	in := p.streams.In
	if from != standard {
		f, err := os.Open(from)
		if err != nil {
			return fmt.Errorf("read the archive: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	target := backup.Target{Data: c.Data, Aside: force}
	target.Folder, _ = file.Folder(c.Files, c.Data)
	if target.Migrations, err = Migrations(p.modules); err != nil {
		return err
	}
	done, err := backup.Restore(ctx, in, target)
	if err != nil {
		return err
	}
	out := p.streams.Out
	fmt.Fprintf(out, "Restored the database (%s) and %d files (%s) of %s, made by Almoner %s, into %s.\n",
		file.ShowSize(done.Database), done.Files, file.ShowSize(done.Bytes), done.TakenAt.Format(time.RFC3339), done.Program, c.Data)
	if done.Before != "" {
		fmt.Fprintf(out, "What was there before is in %s.\n", done.Before)
	}
	return nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
