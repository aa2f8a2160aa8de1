package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/memblob" // mem:// for tests and for trying things out
	"gocloud.dev/gcerrors"
)

// bucket is where bytes lie. Files of a folder are on the disk, not only handed to the system, when a write has ended.
type bucket struct {
	*blob.Bucket
	// dir is the folder of a bucket of files, "" for others.
	dir string
}

func openBucket(ctx context.Context, address, dir string) (bucket, error) {
	if address == "" {
		if dir == "" {
			return bucket{}, errors.New("files: neither a data folder nor files.url is set, so there is no place for files")
		}
		return openFolder(filepath.Join(dir, "files"))
	}
	u, err := url.Parse(address)
	if err != nil {
		return bucket{}, errors.New("files.url is not an address")
	}
	if path, ok := folderOf(address); ok {
		return openFolder(path)
	}
	if !blob.DefaultURLMux().ValidBucketScheme(u.Scheme) {
		return bucket{}, fmt.Errorf("files.url: this build cannot speak to %s://; it knows %s", u.Scheme, strings.Join(blob.DefaultURLMux().BucketSchemes(), ", "))
	}
	b, err := blob.DefaultURLMux().OpenBucketURL(ctx, u)
	if err != nil {
		return bucket{}, fmt.Errorf("open the bucket of files.url: %w", err)
	}
	return bucket{Bucket: b}, nil
}

// folderOf is the folder of an address file:///…, false for other addresses.
func folderOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != fileblob.Scheme {
		return "", false
	}
	return filepath.FromSlash(u.Path), true
}

func openFolder(dir string) (bucket, error) {
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return bucket{}, fmt.Errorf("open the folder of the files: %w", err)
	}
	return bucket{b, dir}, nil
}

// write stores what r gives under a key, all or nothing: when r fails, nothing is stored and the error is r's.
func (b bucket) write(ctx context.Context, key string, r io.Reader) error {
	writing, cancel := context.WithCancel(ctx)
	defer cancel()
	var f *os.File
	w, err := b.NewWriter(writing, key, &blob.WriterOptions{
		ContentType: "application/octet-stream",
		BeforeWrite: func(as func(any) bool) error { as(&f); return nil },
	})
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	_, err = io.Copy(w, r)
	if err == nil && f != nil {
		err = f.Sync()
	}
	if err != nil {
		cancel() // closing a cancelled writer throws away what was written
		_ = w.Close()
		return err
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if b.dir == "" {
		return nil
	}
	return syncFolder(filepath.Dir(filepath.Join(b.dir, filepath.FromSlash(key))))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open a folder to write it to disk: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("write a folder to disk: %w", err)
	}
	return nil
}

// remove deletes what lies under a key, and what a writer that was killed left beside it. Nothing there is fine.
func (b bucket) remove(ctx context.Context, key string) error {
	if b.dir != "" {
		is, err := held(b.dir)
		if err != nil {
			return err
		}
		if is {
			return errHeld
		}
	}
	if err := b.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete a file: %w", err)
	}
	if b.dir == "" {
		return nil
	}
	left, err := filepath.Glob(filepath.Join(b.dir, filepath.FromSlash(key)) + ".*.tmp")
	if err != nil {
		return fmt.Errorf("look for parts of a file: %w", err)
	}
	for _, part := range left {
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete a part of a file: %w", err)
		}
	}
	return nil
}
