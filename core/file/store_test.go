package file_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
)

// bench is a store of small files with the database and the clock that it stands on.
type bench struct {
	*testing.T
	*file.Store
	db    *db.DB
	dir   string
	clock *clock
	scan  file.Scanner
}

type clock struct{ days atomic.Int64 }

// Now implements almoner.Clock.
func (c *clock) Now() time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, int(c.days.Load()))
}

func each(t *testing.T, fn func(b *bench)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			b := &bench{T: t, clock: &clock{}, dir: t.TempDir()}
			b.db = dbtest.New(t, engine, []db.Migrations{event.Migrations, file.Migrations}, dbtest.WithClock(b.clock))
			b.open("")
			fn(b)
		})
	}
}

func (b *bench) open(url string) {
	b.Helper()
	scan := func(ctx context.Context, in *file.Incoming, r io.Reader) error {
		if b.scan == nil {
			return nil
		}
		return b.scan(ctx, in, r)
	}
	s, err := file.Open(b.Context(), file.Params{DB: b.db, Config: file.Config{URL: url, MaxSize: 100 * config.KB}, Dir: b.dir, Log: slog.New(slog.DiscardHandler), Scan: scan})
	if err != nil {
		b.Fatal(err)
	}
	b.Store = s
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Errorf("close: %v", err)
		}
	})
}

func (b *bench) receive(name, text string) *file.Incoming {
	b.Helper()
	in, err := b.Receive(b.Context(), name, strings.NewReader(text), file.Documents)
	if err != nil {
		b.Fatalf("receive %s: %v", name, err)
	}
	return in
}

func (b *bench) keep(in *file.Incoming) error {
	return b.db.InTx(b.Context(), func(tx *db.Tx) error { return in.Keep(b.Context(), tx) })
}

func (b *bench) read(key string) string {
	b.Helper()
	r, err := b.Open(b.Context(), key)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(r)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

const gone = "The file is not there any more."

// onDisk counts the files of the store, parts of files included.
func (b *bench) onDisk() int {
	b.Helper()
	n := 0
	err := filepath.WalkDir(b.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func (b *bench) sweep(want int) {
	b.Helper()
	n, err := b.Sweep(b.Context())
	if err != nil || n != want {
		b.Errorf("the sweep cleared %d files away, %v; want %d", n, err, want)
	}
}

func TestReceiveAndKeep(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		const text = "Dear all"
		in := b.receive("../a letter.txt", text)
		sum := sha256.Sum256([]byte(text))
		if in.Name != "a letter.txt" || in.ContentType != "text/plain" || in.Size != int64(len(text)) || in.SHA256 != hex.EncodeToString(sum[:]) {
			b.Errorf("received %+v", in)
		}
		if err := b.keep(in); err != nil {
			b.Fatal(err)
		}
		in.Drop(b.Context())
		b.clock.days.Store(30)
		b.sweep(0)
		if got := b.read(in.Key); got != text {
			b.Errorf("read %q, want %q", got, text)
		}
		if info, err := os.Stat(filepath.Join(b.dir, "files")); err != nil || info.Mode().Perm() != 0o700 {
			b.Errorf("the folder of the files is open to others: %v %v", info, err)
		}
		if err := b.db.InTx(b.Context(), func(tx *db.Tx) error { return b.Discard(b.Context(), tx, in.Key) }); err != nil {
			b.Fatal(err)
		}
		if got := b.read(in.Key); got != gone {
			b.Errorf("read %q after it was discarded", got)
		}
		b.sweep(0)
	})
}

// What the program itself made may be of any size, is not scanned, and is lost like an upload unless it is kept.
func TestMake(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		b.scan = func(context.Context, *file.Incoming, io.Reader) error { return errors.New("scanned") }
		text := strings.Repeat("a,b\n", 50_000)
		fresh := func() *file.Incoming {
			in, err := b.Make(b.Context(), "list.csv", "text/csv", strings.NewReader(text))
			if err != nil {
				b.Fatal(err)
			}
			return in
		}
		in := fresh()
		sum := sha256.Sum256([]byte(text))
		if in.Name != "list.csv" || in.ContentType != "text/csv" || in.Size != int64(len(text)) || in.SHA256 != hex.EncodeToString(sum[:]) {
			b.Errorf("made %+v", in)
		}
		if err := b.keep(in); err != nil {
			b.Fatal(err)
		}
		in.Drop(b.Context())
		lost := fresh()
		b.clock.days.Store(2)
		b.sweep(1)
		if b.read(in.Key) != text || b.read(lost.Key) != gone {
			b.Error("the kept file should be there, and the other not")
		}
		if _, err := b.Make(b.Context(), "list.csv", "text/csv", iotest.ErrReader(errors.New("broken"))); err == nil || b.onDisk() != 1 {
			b.Errorf("half a file was made: %v, %d files", err, b.onDisk())
		}
	})
}

func TestRefusedFilesLeaveNothing(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		broken := errors.New("the line broke")
		big := strings.Repeat("many words\n", 10_000)
		infected := almoner.Errorf(almoner.Invalid, "infected", "There is a virus in it.")
		b.scan = func(_ context.Context, in *file.Incoming, r io.Reader) error {
			text, err := io.ReadAll(r)
			if err != nil || in.Size != int64(len(text)) {
				t.Errorf("the scanner got %d of %d bytes, %v", len(text), in.Size, err)
			}
			if strings.Contains(string(text), "EICAR") {
				return infected
			}
			return nil
		}
		for what, c := range map[string]struct {
			r    io.Reader
			want func(error) bool
		}{
			"empty":       {strings.NewReader(""), func(err error) bool { return almoner.KindOf(err) == almoner.Invalid }},
			"too large":   {strings.NewReader(big), func(err error) bool { e := (*file.TooLargeError)(nil); return errors.As(err, &e) && e.Limit == 100_000 }},
			"interrupted": {io.MultiReader(strings.NewReader(big[:90_000]), iotest.ErrReader(broken)), func(err error) bool { return errors.Is(err, broken) }},
			"broken off":  {io.MultiReader(strings.NewReader("few"), iotest.ErrReader(broken)), func(err error) bool { return errors.Is(err, broken) }},
			"infected":    {strings.NewReader("EICAR"), func(err error) bool { return errors.Is(err, infected) }},
		} {
			in, err := b.Receive(b.Context(), "a.txt", c.r, file.Documents)
			if in != nil || !c.want(err) {
				b.Errorf("%s: got %v, %v", what, in, err)
			}
		}
		if n := b.onDisk(); n != 0 {
			b.Errorf("%d files are left of what was refused", n)
		}
		if in := b.receive("a.txt", big[:100_000]); in.Size != 100_000 {
			b.Errorf("a file of exactly the limit became %d bytes", in.Size)
		}
		b.clock.days.Store(2)
		b.sweep(1)
	})
}

// A process that is killed between the bytes and the record, before either, or while writing leaves what the sweep finds, and nothing else.
func TestKilledUploadsAreSwept(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		in := b.receive("a.txt", "no record will name me")
		part := filepath.Join(b.dir, "files", filepath.FromSlash(in.Key)) + ".18d0.tmp"
		if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
			b.Fatal(err)
		}
		b.sweep(0)
		if got := b.read(in.Key); got == gone {
			b.Error("the file was cleared away while its request may still be under way")
		}
		b.clock.days.Store(2)
		b.sweep(1)
		if n := b.onDisk(); n != 0 {
			b.Errorf("%d files are left", n)
		}
		if err := b.keep(in); almoner.KindOf(err) != almoner.Conflict {
			b.Errorf("a file that was cleared away can still be kept: %v", err)
		}
		b.sweep(0)
	})
}

// Between marking a file and deleting it the sweep may be slow or be killed; nobody can keep the file meanwhile.
func TestADoomedFileCannotBeKept(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		in := b.receive("a.txt", "late")
		err := b.db.InTx(b.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), "update file_pending set doomed = $1", true)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := b.keep(in); almoner.KindOf(err) != almoner.Conflict {
			b.Errorf("a file that the sweep is about to delete can be kept: %v", err)
		}
	})
}

func TestARollbackKeepsAndDiscardsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		undone := errors.New("undone")
		in, stored := b.receive("a.txt", "new"), b.receive("b.txt", "stored")
		if err := b.keep(stored); err != nil {
			b.Fatal(err)
		}
		err := b.db.InTx(b.Context(), func(tx *db.Tx) error {
			return errors.Join(in.Keep(b.Context(), tx), b.Discard(b.Context(), tx, stored.Key), undone)
		})
		if !errors.Is(err, undone) {
			b.Fatal(err)
		}
		in.Drop(b.Context())
		if got := b.read(in.Key); got != gone {
			b.Errorf("the file of a transaction that was undone reads %q", got)
		}
		b.clock.days.Store(2)
		b.sweep(0)
		if got := b.read(stored.Key); got != "stored" {
			b.Errorf("what was not discarded in the end reads %q", got)
		}
	})
}

func TestServe(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		serve := func(mime, text string, inline bool, header ...string) *httptest.ResponseRecorder {
			b.Helper()
			blob := b.receive("any", text)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			w := httptest.NewRecorder()
			stored := file.Stored{Key: blob.Key, Name: "päper.bin", ContentType: mime, SHA256: blob.SHA256, At: b.clock.Now()}
			if err := b.Store.Serve(w, r, stored, inline); err != nil {
				b.Fatal(err)
			}
			return w
		}
		const text = "0123456789"
		whole := serve("text/plain", text, false)
		if whole.Code != 200 || whole.Body.String() != text || whole.Header().Get("Content-Length") != "10" {
			b.Errorf("whole: %d %q", whole.Code, whole.Body)
		}
		for name, want := range map[string]string{
			"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": `attachment; filename="p_per.bin"; filename*=UTF-8''p%C3%A4per.bin`,
			"Accept-Ranges": "bytes",
		} {
			if got := whole.Header().Get(name); got != want {
				b.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		for spec, want := range map[string]string{"bytes=2-4": "234", "bytes=7-": "789", "bytes=-2": "89", "bytes=0-0": "0"} {
			if w := serve("text/plain", text, false, "Range", spec); w.Code != 206 || w.Body.String() != want {
				b.Errorf("%s: %d %q, want %q", spec, w.Code, w.Body, want)
			}
		}
		if w := serve("text/plain", text, false, "Range", "bytes=99-"); w.Code != 416 {
			b.Errorf("a range behind the end: %d", w.Code)
		}
		if w := serve("text/plain", text, false, "Range", "bytes=2-4", "If-Range", `"other"`); w.Code != 200 {
			b.Errorf("a range of another file: %d", w.Code)
		}
		if w := serve("text/plain", text, false, "If-None-Match", whole.Header().Get("ETag")); w.Code != 304 || w.Body.Len() > 0 {
			b.Errorf("what the caller has: %d %q", w.Code, w.Body)
		}
		for mime, shown := range map[string]bool{
			"image/png": true, "application/pdf": true, "text/plain": true, "image/svg+xml": false, "text/html": false, "text/xml": false, "application/xhtml+xml": false,
			"application/octet-stream": false, "text/csv": false, "message/rfc822": false,
		} {
			w := serve(mime, text, true)
			if got := strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline"); got != shown {
				b.Errorf("%s is shown: %v, want %v", mime, got, shown)
			}
			policy := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "script-src") || !shown && !strings.Contains(policy, "sandbox") {
				b.Errorf("%s: the policy %q lets it do things", mime, policy)
			}
		}
		lost := file.Stored{Key: "00/none", Name: "a"}
		w := httptest.NewRecorder()
		if err := b.Store.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), lost, false); almoner.KindOf(err) != almoner.NotFound || len(w.Header()) > 0 {
			b.Errorf("a file that the bucket lost: %v, headers %v", err, w.Header())
		}
	})
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		b.open("mem://")
		in := b.receive("a.txt", "in memory")
		if got := b.read(in.Key); got != "in memory" {
			b.Errorf("read %q", got)
		}
		in.Drop(b.Context())
		if got := b.read(in.Key); got != gone {
			b.Errorf("read %q after it was dropped", got)
		}
		elsewhere := t.TempDir()
		b.open("file://" + filepath.ToSlash(elsewhere))
		b.receive("a.txt", "elsewhere")
		if list, err := os.ReadDir(elsewhere); err != nil || len(list) == 0 {
			b.Errorf("nothing lies in the folder of the address: %v", err)
		}
		for _, c := range []struct{ url, dir, want string }{{"gs://bucket", "", "this build cannot speak to gs://"}, {"", "", "there is no place for files"}} {
			_, err := file.Open(b.Context(), file.Params{DB: b.db, Config: file.Config{URL: c.url, MaxSize: config.MiB}, Dir: c.dir})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				b.Errorf("open %q: %v, want %q", c.url, err, c.want)
			}
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if err := file.Defaults().Validate(); err != nil {
		t.Error(err)
	}
	if got := file.ShowSize(int64(file.Defaults().MaxSize)); got != "50 MB" {
		t.Errorf("the default limit is %s", got)
	}
	for _, c := range []file.Config{{URL: "nowhere", MaxSize: config.MB}, {MaxSize: 10}, {MaxSize: 6 * config.GiB}} {
		if c.Validate() == nil {
			t.Errorf("%+v passes", c)
		}
	}
	for n, want := range map[int64]string{12: "12 B", 1500: "1.5 KB", 2_000_000: "2 MB"} {
		if got := file.ShowSize(n); got != want {
			t.Errorf("ShowSize(%d) = %s, want %s", n, got, want)
		}
	}
}
