package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
)

// maxSpools bounds how many exports are being put together at a time: each holds a view of the database. Those that are being sent hold none.
const maxSpools = 2

// spool is a file that an answer is put together in before any of it is sent, so that a slow client keeps no connection to the database, and what
// fails on the way is still an error and not half a file.
type spool struct{ *os.File }

// spooled lets write fill a file and answers with it. The file goes away whatever happens.
func (q *Request) spooled(media, name string, write func(ctx context.Context, w io.Writer) error) error {
	s, size, err := q.spool(write)
	if err != nil {
		return err
	}
	defer s.drop()
	h := q.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Language", q.language)
	h.Set("Content-Disposition", disposition(name))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	if q.Method != http.MethodHead {
		_, _ = io.Copy(q.w, s) // a client that has gone away is no failure of ours
	}
	return nil
}

// spool lets write fill a file when there is room for one more, and returns it at its beginning, with its size. The caller drops it.
func (q *Request) spool(write func(ctx context.Context, w io.Writer) error) (*spool, int64, error) {
	select {
	case q.api.spools <- struct{}{}:
	case <-q.context().Done():
		return nil, 0, context.Cause(q.context())
	}
	s, err := q.fill(write)
	<-q.api.spools
	if err != nil {
		return nil, 0, err
	}
	size, err := s.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = s.Seek(0, io.SeekStart)
	}
	if err != nil {
		s.drop()
		return nil, 0, fmt.Errorf("read an export: %w", err)
	}
	return s, size, nil
}

func (q *Request) fill(write func(ctx context.Context, w io.Writer) error) (*spool, error) {
	f, err := os.CreateTemp(q.api.Spool, "export-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for an export: %w", err)
	}
	// Where the system allows it, the file has no name from now on, so that nothing is left behind when the program is killed.
	_ = os.Remove(f.Name())
	s := &spool{f}
	if err := write(q.context(), f); err != nil {
		s.drop()
		return nil, err
	}
	return s, nil
}

func (s *spool) drop() {
	_ = s.Close()
	if err := os.Remove(s.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return // the folder is emptied at the next start
	}
}
