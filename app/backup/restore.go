package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

// Target is where an archive is brought back to.
type Target struct {
	// Data is the data folder; Folder is where the files go, "" for nowhere.
	Data, Folder string
	// Aside lets a database and files that are there be moved into a folder beside them; else they are a reason to refuse.
	Aside bool
	// Migrations are the steps that this program knows.
	Migrations []db.Migrations
}

// Restored is what Restore did.
type Restored struct {
	Summary
	// Before is the folder into which what had been there was moved, "" when there was nothing.
	Before string
}

// ErrDamaged means that the archive is not what Write wrote: cut off, altered or something else altogether.
var ErrDamaged = errors.New("the backup is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// maxHeader bounds what is read into memory.
const maxHeader = 1 << 20

// Restore reads an archive, checks every part of it and then puts database and files in place. Until then nothing that was there is changed, and
// when it fails nothing is left behind. It refuses a damaged archive (ErrDamaged), one of a newer program (db.ErrNewerDatabase), a folder
// that holds data, and one that a program is at work with.
func Restore(ctx context.Context, r io.Reader, t Target) (_ Restored, err error) {
	if _, err := os.Stat(t.Data); errors.Is(err, fs.ErrNotExist) {
		defer func() { _ = os.Remove(t.Data) }() // only succeeds when nothing came into it
	}
	if err := os.MkdirAll(t.Data, 0o700); err != nil {
		return Restored{}, fmt.Errorf("make the data folder: %w", err)
	}
	occupied, err := t.occupied()
	if err != nil {
		return Restored{}, err
	}
	if len(occupied) > 0 && !t.Aside {
		return Restored{}, fmt.Errorf("there is already %s: restore into an empty folder, or move what is there aside with --force", strings.Join(occupied, " and "))
	}
	// On the disk that they are meant for, so that what was checked only needs another name.
	scratch, err := os.MkdirTemp(t.Data, ".restore-")
	if err != nil {
		return Restored{}, fmt.Errorf("make a folder for the parts: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	files := filepath.Join(scratch, "files")
	if t.Folder != "" && filepath.Dir(t.Folder) != filepath.Clean(t.Data) {
		if err := os.MkdirAll(filepath.Dir(t.Folder), 0o700); err != nil {
			return Restored{}, fmt.Errorf("make the folder of the files: %w", err)
		}
		if files, err = os.MkdirTemp(filepath.Dir(t.Folder), ".restore-"); err != nil {
			return Restored{}, fmt.Errorf("make a folder for the files: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(files)) }()
	}
	sum, err := unpack(ctx, r, scratch, files)
	if err != nil {
		return Restored{}, err
	}
	if sum.Header.Files && t.Folder == "" {
		return Restored{}, errors.New("the backup has files in it, but files.url names an object store: restore with the setting empty, then copy the files there")
	}
	if err := t.fits(ctx, scratch); err != nil {
		return Restored{}, err
	}
	done := Restored{Summary: sum}
	if len(occupied) > 0 {
		if done.Before, err = t.moveAside(ctx); err != nil {
			return done, err
		}
	}
	return done, t.place(scratch, files)
}

// occupied names the database and the files that are in the place of what is to come.
func (t Target) occupied() ([]string, error) {
	var there []string
	database := filepath.Join(t.Data, db.FileName)
	switch _, err := os.Lstat(database); {
	case err == nil:
		there = append(there, database)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if t.Folder != "" {
		entries, err := os.ReadDir(t.Folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if len(entries) > 0 {
			there = append(there, t.Folder)
		}
	}
	return there, nil
}

// unpack writes the database below scratch and the files below files, and checks them against the digests at the end.
func unpack(ctx context.Context, r io.Reader, scratch, files string) (sum Summary, err error) {
	zip, err := gzip.NewReader(bufio.NewReaderSize(r, 1<<16))
	if err != nil {
		return sum, damaged("it does not begin as a backup does")
	}
	u := &unpacking{dir: scratch, files: files, tar: tar.NewReader(zip), lines: sha256.New()}
	for !u.ended {
		if ctx.Err() != nil {
			return u.sum, context.Cause(ctx)
		}
		if err := u.next(); err != nil {
			return u.sum, err
		}
	}
	// What follows the last part is padding, and the sum of the compression that must be right.
	if _, err := u.tar.Next(); !errors.Is(err, io.EOF) {
		return u.sum, damaged("something follows its end")
	}
	if _, err := io.Copy(io.Discard, zip); err != nil {
		return u.sum, damaged("its end is missing")
	}
	return u.sum, u.sync()
}

// unpacking is an archive being read. The parts come in one order, so that the digests need not be kept: the list at the end must be the
// one that was made on the way.
type unpacking struct {
	dir   string
	files string
	tar   *tar.Reader
	sum   Summary
	lines hash.Hash
	// last is the name of the last file; names only grow.
	last  string
	parts int
	ended bool
	dirs  []string
}

func (u *unpacking) next() error {
	h, err := u.tar.Next()
	if err != nil {
		return damaged("it ends too early")
	}
	key, isFile := strings.CutPrefix(h.Name, filesPrefix)
	switch {
	case h.Typeflag != tar.TypeReg:
		return damaged("%q is no plain file", h.Name)
	case u.parts == 0 && h.Name == headerName:
		err = u.header()
	case u.parts == 1 && h.Name == databaseName:
		u.sum.Database, err = u.part(h.Name, filepath.Join(u.dir, db.FileName))
	case u.parts >= 2 && h.Name == sumsName:
		err = u.digests()
	case u.parts >= 2 && u.sum.Header.Files && isFile && file.IsKey(key) && key > u.last:
		u.last = key
		err = u.file(h.Name, key)
	default:
		return damaged("%q is not expected there", h.Name)
	}
	u.parts++
	return err
}

func (u *unpacking) header() error {
	raw, err := io.ReadAll(io.LimitReader(u.tar, maxHeader))
	if err != nil {
		return damaged("it ends too early")
	}
	if err := json.Unmarshal(raw, &u.sum.Header); err != nil || u.sum.Format < 1 {
		return damaged("%s cannot be read", headerName)
	}
	if u.sum.Format > format {
		return fmt.Errorf("%w: the backup was made by Almoner %s, in a form that this program does not know; restore it with the newer program", db.ErrNewerDatabase, u.sum.Program)
	}
	u.note(sha256.Sum256(raw), headerName)
	return nil
}

func (u *unpacking) note(sum [sha256.Size]byte, name string) {
	_, _ = io.WriteString(u.lines, sumLine(sum[:], name))
}

func (u *unpacking) file(name, key string) error {
	dir := filepath.Join(u.files, key[:2])
	if len(u.dirs) == 0 || u.dirs[len(u.dirs)-1] != dir {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make a folder for files: %w", err)
		}
		u.dirs = append(u.dirs, dir)
	}
	n, err := u.part(name, filepath.Join(dir, key[3:]))
	u.sum.Files++
	u.sum.Bytes += n
	return err
}

// part writes the current part to disk, and its digest into the list.
func (u *unpacking) part(name, path string) (n int64, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write a part of the backup: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	w := &noting{w: f}
	if n, err = io.Copy(io.MultiWriter(w, sum), u.tar); err != nil {
		if w.err != nil {
			return n, fmt.Errorf("write a part of the backup: %w", w.err)
		}
		return n, damaged("it ends within %s", name)
	}
	if err := f.Sync(); err != nil {
		return n, fmt.Errorf("write a part of the backup to disk: %w", err)
	}
	u.note([sha256.Size]byte(sum.Sum(nil)), name)
	return n, nil
}

// noting remembers that it was the disk that failed, and not the archive.
type noting struct {
	w   io.Writer
	err error
}

func (n *noting) Write(p []byte) (int, error) {
	k, err := n.w.Write(p)
	n.err = err
	return k, err
}

// digests compares the list at the end with the one that was made on the way.
func (u *unpacking) digests() error {
	listed := sha256.New()
	if _, err := io.Copy(listed, u.tar); err != nil {
		return damaged("it ends within %s", sumsName)
	}
	if !bytes.Equal(listed.Sum(nil), u.lines.Sum(nil)) {
		return damaged("a part is not what its digest says")
	}
	u.ended = true
	return nil
}

func (u *unpacking) sync() error {
	for _, dir := range append(u.dirs, u.files, u.dir) {
		if err := syncFolder(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("write a folder to disk: %w", err)
	}
	return nil
}

// fits opens the database that came and looks whether this program knows it.
func (t Target) fits(ctx context.Context, dir string) (err error) {
	d, err := db.Open(ctx, db.Config{Dir: dir, MaxConns: 2})
	if err != nil {
		return damaged("its database cannot be opened: %v", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := db.Status(ctx, d, t.Migrations); err != nil {
		return err
	}
	return nil
}

// moveAside moves what is there into a folder of its own, and nothing is deleted.
func (t Target) moveAside(ctx context.Context) (string, error) {
	if err := db.Rest(ctx, t.Data); err != nil {
		return "", err
	}
	name := "before-restore-" + time.Now().UTC().Format("20060102T150405.000")
	before := filepath.Join(t.Data, name)
	if err := os.Mkdir(before, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for what is there: %w", err)
	}
	moves := [][2]string{}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		moves = append(moves, [2]string{filepath.Join(t.Data, db.FileName+suffix), filepath.Join(before, db.FileName+suffix)})
	}
	if t.Folder != "" {
		to := filepath.Join(before, "files")
		if filepath.Dir(t.Folder) != filepath.Clean(t.Data) { // it may be another disk
			to = t.Folder + "-" + name
		}
		moves = append(moves, [2]string{t.Folder, to})
	}
	for _, m := range moves {
		if err := os.Rename(m[0], m[1]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return before, fmt.Errorf("move aside what is there: %w; what was moved already is in %s", err, before)
		}
	}
	return before, nil
}

// place gives the checked parts their names. The database comes last: without it nothing starts on half of the files.
func (t Target) place(scratch, files string) error {
	if t.Folder != "" {
		if err := os.Remove(t.Folder); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty one
			return fmt.Errorf("put the files in place: %w", err)
		}
		if err := os.Rename(files, t.Folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put the files in place: %w", err)
		}
		if err := syncFolder(filepath.Dir(t.Folder)); err != nil {
			return err
		}
	}
	if err := os.Rename(filepath.Join(scratch, db.FileName), filepath.Join(t.Data, db.FileName)); err != nil {
		return fmt.Errorf("put the database in place: %w", err)
	}
	return syncFolder(t.Data)
}
