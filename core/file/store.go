package file

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/setting"
)

// Grace is how long a file may lie without a record that names it: far longer than any request lives.
const Grace = 24 * time.Hour

// Scanner looks at a file that was just stored, before any record can name it. An Invalid error refuses the file with its message; any
// other error fails the request. It reads as much as it likes.
type Scanner func(ctx context.Context, in *Incoming, r io.Reader) error

// Params are what a Store is opened with.
type Params struct {
	DB     *db.DB
	Config Config
	// Settings holds what administrators may change of Config; nil for nothing.
	Settings *setting.Book
	// Dir is the data folder, for a Config without URL.
	Dir string
	Log *slog.Logger
	// Scan is asked about every file; nil for no scanner.
	Scan Scanner
}

// Store keeps files. It is safe for concurrent use.
type Store struct {
	db     *db.DB
	bucket bucket
	max    *setting.Live[config.Size]
	refuse *setting.Live[[]string]
	log    *slog.Logger
	scan   Scanner
}

// Open opens the place where files are kept; a folder is made when there is none. Close the Store.
func Open(ctx context.Context, p Params) (*Store, error) {
	b, err := openBucket(ctx, p.Config.URL, p.Dir)
	if err != nil {
		return nil, err
	}
	return &Store{db: p.DB, bucket: b, max: maxSize.From(p.Settings, p.Config.MaxSize), refuse: refuse.Bind(p.Settings), log: p.Log, scan: p.Scan}, nil
}

// Close frees the connection to the bucket.
func (s *Store) Close() error { return s.bucket.Close() }

// MaxSize is the greatest size of one file in bytes, at this moment.
func (s *Store) MaxSize() int64 { return int64(s.max.Now()) }

// TooLargeError is returned for a file that is larger than files are allowed to be.
type TooLargeError struct{ Limit int64 }

// Error implements error.
func (e *TooLargeError) Error() string {
	return "the file is larger than the allowed " + ShowSize(e.Limit)
}

// ShowSize writes a number of bytes for people: `50 MB`.
func ShowSize(n int64) string {
	switch {
	case n >= int64(config.MB):
		return trimZero(fmt.Sprintf("%.1f", float64(n)/float64(config.MB))) + " MB"
	case n >= int64(config.KB):
		return trimZero(fmt.Sprintf("%.1f", float64(n)/float64(config.KB))) + " KB"
	}
	return fmt.Sprintf("%d B", n)
}

func trimZero(s string) string { return strings.TrimSuffix(s, ".0") }

// Incoming is a file that was received and that no record names yet.
type Incoming struct {
	// Key is what a record keeps to find the file again.
	Key string
	// Name is the cleaned name.
	Name string
	// ContentType is what the bytes are.
	ContentType string
	Size        int64
	// SHA256 is the digest of the bytes in hex.
	SHA256 string

	store *Store
	// settled files were kept or dropped.
	settled bool
}

// headSize is how much of a file is looked at to find out what it is.
const headSize = 64 << 10

// Receive stores what r gives, under a new random key. It returns an Invalid error when the file is empty, is not what its name says, or is
// not accepted; *TooLargeError when it is larger than MaxSize; and r's own error when r fails. Nothing is stored then. The caller
// makes the file last with Keep, or lets it go with Drop.
func (s *Store) Receive(ctx context.Context, name string, r io.Reader, accept Policy) (*Incoming, error) {
	in := &Incoming{Name: CleanName(name), store: s}
	head := bufio.NewReaderSize(r, headSize)
	start, err := head.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(start) == 0 {
		return nil, almoner.Errorf(almoner.Invalid, "file_empty", "The submitted file is empty.")
	}
	if in.ContentType, err = accept.besides(s.refuse.Now()).check(in.Name, start); err != nil {
		return nil, err
	}
	most := s.MaxSize()
	body := &limited{r: head, left: most, limit: most}
	if err := s.store(ctx, in, body); err != nil {
		return nil, err
	}
	if err := s.look(ctx, in); err != nil {
		in.Drop(ctx)
		return nil, err
	}
	return in, nil
}

// Make stores what the program itself has made, of any size and unseen by the scanner. Like a file that was received, it is lost unless the caller makes it last
// with Keep.
func (s *Store) Make(ctx context.Context, name, contentType string, r io.Reader) (*Incoming, error) {
	in := &Incoming{Name: CleanName(name), ContentType: contentType, store: s}
	if err := s.store(ctx, in, r); err != nil {
		return nil, err
	}
	return in, nil
}

// store writes the bytes of a file under a new key. Nothing is stored when it fails.
func (s *Store) store(ctx context.Context, in *Incoming, r io.Reader) (err error) {
	if in.Key, err = s.reserve(ctx); err != nil {
		return err
	}
	sum := sha256.New()
	counted := &counting{r: io.TeeReader(r, sum)}
	if err := s.bucket.write(ctx, in.Key, counted); err != nil {
		in.Drop(ctx)
		return err
	}
	in.Size = counted.n
	in.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// counting counts what is read.
type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// look asks the scanner.
func (s *Store) look(ctx context.Context, in *Incoming) error {
	if s.scan == nil {
		return nil
	}
	r, err := s.Open(ctx, in.Key)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return s.scan(ctx, in, r)
}

// reserve makes a key and notes it as pending, so that whatever becomes of the upload, the sweep knows of it.
func (s *Store) reserve(ctx context.Context) (string, error) {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails
	text := hex.EncodeToString(b[:])
	key := text[:2] + "/" + text[2:] // a folder of a million files is slow to look into
	err := s.db.InTx(ctx, func(tx *db.Tx) error { return pend(ctx, tx, key) })
	return key, err
}

func pend(ctx context.Context, tx *db.Tx, key string) error {
	if _, err := tx.Exec(ctx, "insert into file_pending (key, created_at) values ($1, $2)", key, tx.Now); err != nil {
		return fmt.Errorf("note a pending file: %w", err)
	}
	return nil
}

// Keep makes the file last when tx commits; the caller writes the record that names Key in the same transaction. It fails with Conflict
// when the file has been cleared away meanwhile.
func (in *Incoming) Keep(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, "delete from file_pending where key = $1 and doomed = $2", in.Key, false)
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if n == 0 {
		return almoner.Errorf(almoner.Conflict, "file_expired", "The file waited too long and was cleared away; send it again.")
	}
	tx.AfterCommit(func(context.Context) { in.settled = true })
	return nil
}

// Drop deletes the file unless it was kept. It does nothing twice, and what it cannot do now the sweep will do.
func (in *Incoming) Drop(ctx context.Context) {
	if in == nil || in.settled || in.Key == "" {
		return
	}
	in.settled = true
	// Whoever sent the file may be gone; that is often why it is dropped.
	in.store.forget(context.WithoutCancel(ctx), in.Key)
}

// Discard lets a stored file go when tx commits; the caller deletes the record that named it in the same transaction.
func (s *Store) Discard(ctx context.Context, tx *db.Tx, key string) error {
	if err := pend(ctx, tx, key); err != nil {
		return err
	}
	tx.AfterCommit(func(ctx context.Context) { s.forget(ctx, key) })
	return nil
}

// forget deletes a pending file now. A failure is left to the sweep.
func (s *Store) forget(ctx context.Context, key string) {
	if err := s.clear(ctx, key); err != nil && !errors.Is(err, errHeld) {
		s.log.WarnContext(ctx, "a file could not be deleted; the sweep will try again", "error", err)
	}
}

// Reader reads a stored file from any position.
type Reader interface {
	io.ReadSeekCloser
	io.WriterTo
}

// Open opens a stored file. NotFound when there is none, which for a key that a record names means that the bucket lost it.
func (s *Store) Open(ctx context.Context, key string) (Reader, error) {
	r, err := s.bucket.NewReader(ctx, key, &blob.ReaderOptions{})
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, almoner.Errorf(almoner.NotFound, "file_gone", "The file is not there any more.")
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return r, nil
}

// limited fails with TooLargeError when there is more than left.
type limited struct {
	r           io.Reader
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		return int(l.left), &TooLargeError{l.limit}
	}
	l.left -= int64(n)
	return n, err
}
