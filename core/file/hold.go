package file

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	holdPrefix = ".held-"
	// holdLife is how long the mark of a program that was killed keeps files from being deleted.
	holdLife = 5 * time.Minute
	// holdRenewal is how often a program that lives renews its mark.
	holdRenewal = time.Minute
)

// errHeld is why a file is not deleted now.
var errHeld = errors.New("files are being copied, so that none is deleted now")

// Folder is the folder that the settings keep files in, dir being the data folder. The second result is false when they lie in an object store.
func Folder(c Config, dir string) (string, bool) {
	if c.URL == "" {
		return filepath.Join(dir, "files"), dir != ""
	}
	path, ok := folderOf(c.URL)
	return path, ok
}

// Hold keeps every program from deleting a file in a folder until release is called or this program is killed, so that all the files that records
// name at one moment can be copied. What is to be deleted meanwhile is left to Sweep. A folder that is not there is held, too: there is
// nothing to delete in it.
func Hold(folder string) (release func() error, err error) {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	mark := filepath.Join(folder, holdPrefix+hex.EncodeToString(b[:]))
	err = os.WriteFile(mark, nil, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hold the files: %w", err)
	}
	ended := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		ticker := time.NewTicker(holdRenewal)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case now := <-ticker.C:
				_ = os.Chtimes(mark, now, now) // a mark that grows old costs a file in the copy, and says so there
			}
		}
	})
	return sync.OnceValue(func() error {
		close(ended)
		renewing.Wait()
		return os.Remove(mark)
	}), nil
}

// held reports whether a living program holds the files of a folder. A record's file is deleted only after the record is gone for good, so that one
// look before deleting is enough: whoever holds the files later does not find the record any more.
func held(folder string) (bool, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return false, fmt.Errorf("look who holds the files: %w", err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), holdPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) < holdLife {
			return true, nil
		}
		_ = os.Remove(filepath.Join(folder, e.Name())) // its program was killed
	}
	return false, nil
}

// Path is the place of a file in the folder of the files; the second result is false for what is no key.
func Path(folder, key string) (string, bool) {
	if !IsKey(key) {
		return "", false
	}
	return filepath.Join(folder, key[:2], key[3:]), true
}

// IsKey reports whether text is a key as Receive makes them.
func IsKey(text string) bool {
	if len(text) != 41 || text[2] != '/' {
		return false
	}
	for i, c := range []byte(text) {
		if i != 2 && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Lost tells of a record's file that is not there.
type Lost struct{ Table, Key string }

// Check looks whether every file that a record names is there, and calls lost for each that is not. It returns how many were named. The bucket
// is asked for one file after the other.
func (s *Store) Check(ctx context.Context, lost func(Lost) error) (named int, err error) {
	return Named(ctx, s.db, func(table, key string) error {
		there, err := s.bucket.Exists(ctx, key)
		if err == nil && !there {
			err = lost(Lost{table, key})
		}
		return err
	})
}
