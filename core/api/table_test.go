package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func (s *server) csv(as, path string, header ...string) [][]string {
	s.Helper()
	q := request{as: as, method: http.MethodGet, path: path, header: map[string]string{}}
	for i := 0; i < len(header); i += 2 {
		q.header[header[i]] = header[i+1]
	}
	rec := s.send(q)
	h := rec.Header()
	if rec.Code != http.StatusOK || h.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=book-") || h.Get("Cache-Control") != "no-store" || h.Get("Content-Length") != fmt.Sprint(rec.Body.Len()) {
		s.Fatalf("%s: %d %v %s", path, rec.Code, h, rec.Body)
	}
	rows, err := csv.NewReader(rec.Body).ReadAll()
	if err != nil {
		s.Fatalf("%s: %v", path, err)
	}
	return rows
}

func (s *server) same(what string, got, want any) {
	s.Helper()
	if !reflect.DeepEqual(got, want) {
		s.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// A list is taken as a table with its filters, order, rights, language and chosen fields; all pages of it.
func TestListsAsCSV(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelves()
		s.book(entity.Values{"title": "=cmd|' /C calc'!A0", "notes": "two\nlines"})
		old, all := "/api/old/books/", [][]string{
			{"ID", "Title", "Status", "Author – Name"}, {"4", "'=cmd|' /C calc'!A0", "In", ""}, {"1", "Dust 0", "In", ""}, {"2", "Dust 1", "In", "Achebe"}, {"3", "Dust 2", "In", "Achebe"},
		}
		s.same("all", s.csv("librarian", old+"?format=csv"), all)
		s.same("a page", s.csv("librarian", old+"?format=csv&page_size=1&page=7&count=none"), all)
		s.same("asked for by Accept", s.csv("librarian", old, "Accept", "text/csv, application/json"), all)
		s.same("filtered and sorted", s.csv("librarian", old+"?format=csv&search=dust&ordering=-title&author__isnull=false"), [][]string{all[0], all[4], all[3]})
		s.same("nothing", s.csv("librarian", old+"?format=csv&search=nothing"), all[:1])
		s.same("in the other workspace", s.csv("southerner", old+"?format=csv"), all[:1])
		s.same("with fewer rights", s.csv("guest", old+"?format=csv&search=dust"), [][]string{{"ID", "Title"}, {"1", "Dust 0"}, {"2", "Dust 1"}, {"3", "Dust 2"}})
		s.same("chosen", s.csv("librarian", old+"?format=csv&search=dust&fields=author[id],title"), [][]string{{"Title", "Author – ID"}, {"Dust 0", ""}, {"Dust 1", "1"}, {"Dust 2", "1"}})
		s.same("narrowed", s.csv("librarian", "/api/library/books/?format=csv&letter=d&fields=title"), [][]string{{"Title"}, {"Dust 0"}, {"Dust 1"}, {"Dust 2"}})
		head := s.send(request{as: "librarian", method: http.MethodHead, path: old + "?format=csv"})
		if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") == "0" {
			s.Errorf("HEAD: %d %v", head.Code, head.Header())
		}
		s.want("passerby", http.MethodGet, old+"?format=csv", "", `Forbidden {"detail":"You do not have permission to perform this action."}`)
		s.want("librarian", http.MethodGet, "/api/library/books/?format=pdf", "", `Bad Request {"format":["There are csv, xlsx and json."]}`)
		for _, accept := range []string{"text/html, application/xhtml+xml, */*;q=0.8", "application/json, text/csv", "*/*", "", "text/csv2", ",;,"} {
			if got := s.send(request{as: "librarian", method: http.MethodGet, path: old, header: map[string]string{"Accept": accept}}); got.Header().Get("Content-Type") != "application/json" {
				s.Errorf("Accept %s: %s", accept, got.Header().Get("Content-Type"))
			}
		}
	})
}

func TestListsAsXLSX(t *testing.T) {
	t.Parallel()
	each(t, func(s *server) {
		s.shelves()
		s.Add(s.T, s.Author, entity.Values{"name": "=Bâ", "born": almoner.NewDate(1929, 4, 17)})
		rec := s.send(request{as: "french", method: http.MethodGet, path: "/api/library/authors/?format=xlsx&ordering=-name&page=9"})
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" || !strings.HasSuffix(rec.Header().Get("Content-Disposition"), ".xlsx") {
			s.Fatalf("%d %v", rec.Code, rec.Header())
		}
		f, err := excelize.OpenReader(bytes.NewReader(rec.Body.Bytes()))
		if err != nil {
			s.Fatal(err)
		}
		rows, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err != nil {
			s.Fatal(err)
		}
		s.same("sheet", rows, [][]string{{"ID", "Name", "Born", "Language"}, {"2", "'=Bâ", "1929-04-17"}, {"1", "Achebe", "", "1"}})
	})
}

// sink is a client that takes what comes and keeps nothing. First is called with the first of it.
type sink struct {
	header http.Header
	first  func()
	n      int
}

func (w *sink) Header() http.Header { return w.header }
func (w *sink) WriteHeader(int)     {}
func (w *sink) Write(b []byte) (int, error) {
	if w.n == 0 {
		w.first()
	}
	w.n += len(b)
	return len(b), nil
}

// A table of a hundred thousand rows costs little memory, leaves no file, and holds no connection while it is sent.
//
//nolint:paralleltest // it measures the memory of the process
func TestLongListsKeepTheHeapFlat(t *testing.T) {
	s := serve(t, entitytest.New(t, dbtest.New(t, db.SQLite, migrations(), dbtest.WithMaxConns(2))))
	const rows = 100_000
	if err := s.DB.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `with recursive n (i) as (select 1 union all select i + 1 from n where i < $1)
			insert into library_books (workspace_id, title, title_folded, status, fragile, website, contact, notes, version, created_at, updated_at)
			select $2, 'Book ' || i, 'book ' || i, 'in', 0, '', '', 'A note of some length about the book with the number ' || i, 1, $3, $3 from n`, rows, entitytest.North.ID, tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	limits := map[string]uint64{"csv": 16 << 20, "xlsx": 48 << 20}
	for format, least := range map[string]int{"csv": rows * 18, "xlsx": rows * 3} {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		base, peak := m.HeapAlloc, uint64(0)
		done, watched := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(watched)
			for ticker := time.NewTicker(10 * time.Millisecond); ; {
				select {
				case <-done:
					ticker.Stop()
					return
				case <-ticker.C:
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
			}
		}()
		w := &sink{header: http.Header{}, first: func() {
			// With room for one view at a time, another one gets in only when that of the export has ended.
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if err := s.DB.View(ctx, func(db.Queryer) error { return nil }); err != nil {
				t.Errorf("%s: the database is held while it is being sent: %v", format, err)
			}
		}}
		q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/old/books/?format="+format, nil)
		q.Header.Set("Authorization", "Bearer librarian")
		s.api.ServeHTTP(w, q)
		close(done)
		<-watched
		if w.n < least {
			t.Errorf("%s: only %d bytes came", format, w.n)
		}
		t.Logf("%s: %d KiB, heap %d → at most %d KiB", format, w.n>>10, base>>10, peak>>10)
		if peak > base+limits[format] {
			t.Errorf("%s: the heap grew from %d to %d KiB", format, base>>10, peak>>10)
		}
		if left, err := os.ReadDir(s.spool); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind: %v %v", format, left, err)
		}
	}
}
