package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

// Source is what an archive is made of.
type Source struct {
	DB *db.DB
	// Folder is where the files are, "" when they are not in a folder.
	Folder string
	// Scratch is a folder on a disk with room for one more copy of the database.
	Scratch string
	// Program is the version of this program.
	Program string
}

// Write writes an archive to w as a stream; it is complete only when Write returned nil. A file that a record names and that is not there is
// counted in Summary.Lost and left out. ErrNotEmbedded of core/db when the database is not the embedded one.
func Write(ctx context.Context, s Source, w io.Writer) (_ Summary, err error) {
	scratch, err := os.MkdirTemp(s.Scratch, ".backup-")
	if err != nil {
		return Summary{}, fmt.Errorf("make a folder for the copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if s.Folder != "" {
		// Held before the copy of the database is made: whatever the copy names is there until it has been read.
		release, err := file.Hold(s.Folder)
		if err != nil {
			return Summary{}, err
		}
		defer func() { _ = release() }()
	}
	taken := time.Now().UTC().Truncate(time.Second)
	if err := s.DB.Copy(ctx, scratch); err != nil {
		return Summary{}, err
	}
	copied, err := db.Open(ctx, db.Config{Dir: scratch, MaxConns: 2})
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	schema, err := db.Versions(ctx, copied)
	if err != nil {
		return Summary{}, err
	}
	a, err := newArchive(ctx, w, scratch)
	if err != nil {
		return Summary{}, err
	}
	defer func() { _ = a.sums.Close() }()
	sum := Summary{Header: Header{Format: format, Program: s.Program, TakenAt: taken, Schema: schema, Files: s.Folder != ""}}
	head, err := json.MarshalIndent(sum.Header, "", "  ")
	if err != nil {
		return sum, err
	}
	if err := a.add(headerName, taken, int64(len(head)), bytes.NewReader(head)); err != nil {
		return sum, err
	}
	if sum.Database, err = a.addFile(databaseName, filepath.Join(scratch, db.FileName)); err != nil {
		return sum, err
	}
	if s.Folder != "" {
		_, err = file.Named(ctx, copied, func(_, key string) error {
			path, ok := file.Path(s.Folder, key)
			if !ok {
				sum.Lost++
				return nil
			}
			n, err := a.addFile(filesPrefix+key, path)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				sum.Lost++
				return nil
			case err != nil:
				return err
			}
			sum.Files++
			sum.Bytes += n
			return nil
		})
		if err != nil {
			return sum, err
		}
	}
	return sum, a.close(taken)
}

// archive is one being written: each part goes through the digest on its way, and the digests wait in a file.
type archive struct {
	ctx  context.Context //nolint:containedctx // lives as long as the call of Write
	zip  *gzip.Writer
	tar  *tar.Writer
	sums *os.File
}

func newArchive(ctx context.Context, w io.Writer, scratch string) (*archive, error) {
	sums, err := os.OpenFile(filepath.Join(scratch, sumsName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("note the digests: %w", err)
	}
	// Most files are compressed already; the database is not, and is quickly made a third.
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, errors.Join(err, sums.Close())
	}
	return &archive{ctx, zip, tar.NewWriter(zip), sums}, nil
}

// addFile adds a file of the disk and returns its size. ErrNotExist comes before anything is written.
func (a *archive) addFile(name, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read a file for the backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a plain file", path)
	}
	return info.Size(), a.add(name, info.ModTime(), info.Size(), f)
}

func (a *archive) add(name string, at time.Time, size int64, r io.Reader) error {
	if err := a.ctx.Err(); err != nil {
		return context.Cause(a.ctx)
	}
	sum := sha256.New()
	if err := a.put(name, at, size, io.TeeReader(r, sum)); err != nil {
		return err
	}
	_, err := io.WriteString(a.sums, sumLine(sum.Sum(nil), name))
	return err
}

func (a *archive) put(name string, at time.Time, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at, Format: tar.FormatPAX}); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if _, err := io.CopyN(a.tar, r, size); err != nil {
		return fmt.Errorf("write %s to the backup: %w", name, err)
	}
	return nil
}

// close adds the digests and ends the archive.
func (a *archive) close(at time.Time) error {
	size, err := a.sums.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = a.sums.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = a.put(sumsName, at, size, a.sums)
	}
	if err == nil {
		err = a.tar.Close()
	}
	if err == nil {
		err = a.zip.Close()
	}
	if err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	return nil
}

// sumLine is a line as sha256sum writes it.
func sumLine(sum []byte, name string) string { return hex.EncodeToString(sum) + "  " + name + "\n" }
