package app_test

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
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/modules"
)

// pages is what a writer was told is done.
type pages struct {
	visits []int64
	// file is the number in the text of the file that was put in the place of the one before.
	file int
}

type diary struct {
	mu sync.Mutex
	pages
}

func (d *diary) soFar() pages {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pages{slices.Clone(d.visits), d.file}
}

func diaryText(n int) string { return strings.Repeat(fmt.Sprintf("page %d\n", n), 100+n) }

// An archive made while people write has everything that was acknowledged before it was begun, with the files as they were sent; brought back
// elsewhere, the program starts on it and agrees with itself.
func TestBackupBesideAServer(t *testing.T) {
	t.Parallel()
	place := places(t, db.SQLite)
	must(t, append([]string{"load", world}, place...)...)
	b := &book{planner: tokenFor(t, place, planner), firm: tokenFor(t, place, firmFocal), types: map[string]string{}}
	opened(t, place, func(a *app.App) {
		for _, name := range []string{"overall_report", "report"} {
			var id int64
			if err := a.DB.QueryRow(t.Context(), "select id from attachment_file_types where name = $1", name).Scan(&id); err != nil {
				t.Fatal(err)
			}
			b.types[name] = fmt.Sprint(id)
		}
	})
	server := serve(t, place)
	// One visit far enough to have a report, which is then replaced again and again; others told from their beginning to their end.
	x := &tale{name: "diary", ids: map[string]int64{}, types: b.types}
	for x.done < 5 {
		if !b.next(t, server.address, x) {
			t.FailNow()
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	d := &diary{}
	kept := make(chan bool, 1000)
	writers.Go(func() { writeDiary(ctx, t, server.address, b, x, d, kept) })
	writers.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			other := &tale{name: fmt.Sprintf("other-%d", i), ids: map[string]int64{}, types: b.types}
			for other.done < len(chapters) && ctx.Err() == nil && b.next(t, server.address, other) {
			}
		}
	})
	archives := t.TempDir()
	var before []pages
	for i := range 3 {
		for range 5 { // so that every archive has something new
			<-kept
		}
		before = append(before, d.soFar())
		said := must(t, append([]string{"backup", filepath.Join(archives, fmt.Sprint(i))}, place...)...)
		if !strings.HasPrefix(said, "Backed up the database (") || strings.Contains(said, "not there") {
			t.Errorf("backup said %s", said)
		}
	}
	stop()
	writers.Wait()
	server.end(t)
	if left, _ := filepath.Glob(filepath.Join(archives, ".*")); len(left) > 0 {
		t.Errorf("beside the archives lie %v", left)
	}
	for i, done := range before {
		to := []string{"--data", filepath.Join(t.TempDir(), "new")}
		if said := must(t, append([]string{"restore", filepath.Join(archives, fmt.Sprint(i))}, to...)...); !strings.HasPrefix(said, "Restored the database (") {
			t.Errorf("restore said %s", said)
		}
		checkRestored(t, to, done, x)
	}
}

// writeDiary replaces the report of a visit and makes a new visit, until ctx ends.
func writeDiary(ctx context.Context, t *testing.T, address string, b *book, x *tale, d *diary, kept chan<- bool) {
	send := func(method, path, token, media, body string, want int) int64 {
		r, err := http.NewRequestWithContext(t.Context(), method, address+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0
		}
		r.Header.Set("Content-Type", media)
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := client.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer func() { _ = answer.Body.Close() }()
		var tree struct{ ID int64 }
		if err := json.NewDecoder(answer.Body).Decode(&tree); err != nil || answer.StatusCode != want {
			t.Errorf("%s %s: %d %v", method, path, answer.StatusCode, err)
		}
		return tree.ID
	}
	for n := 1; ctx.Err() == nil && !t.Failed(); n++ {
		send("PATCH", x.path(fmt.Sprintf("report-attachments/%d/", x.ids["overall"])), b.firm, "multipart/form-data; boundary="+mark, form(attached("diary.txt", diaryText(n))), 200)
		id := send("POST", "/api/tpm/visits/", b.planner, "application/json", "{}", 201)
		d.mu.Lock()
		d.file, d.visits = n, append(d.visits, id)
		d.mu.Unlock()
		select {
		case kept <- true:
		default:
		}
	}
	close(kept)
}

func checkRestored(t *testing.T, place []string, done pages, x *tale) {
	t.Helper()
	opened(t, place, func(a *app.App) {
		consistent(t, a, 0)
		for _, id := range done.visits {
			var n int
			if err := a.DB.QueryRow(t.Context(), "select count(*) from tpm_visits where id = $1", id).Scan(&n); err != nil || n != 1 {
				t.Errorf("visit %d was acknowledged before the backup and is not in it: %v", id, err)
			}
		}
		rows, err := a.DB.Query(t.Context(), "select id, blob_key, sha256 from attachment_attachments where blob_key <> ''")
		type document struct {
			id       int64
			key, sum string
		}
		documents, err := db.Collect(rows, err, func(r db.Row) (d document, err error) { return d, r.Scan(&d.id, &d.key, &d.sum) })
		if err != nil || len(documents) == 0 {
			t.Fatalf("%d documents, %v", len(documents), err)
		}
		onDisk := 0
		_ = filepath.WalkDir(filepath.Join(place[1], "files"), func(_ string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				onDisk++
			}
			return err
		})
		if onDisk != len(documents) {
			t.Errorf("%d files were brought back for %d documents", onDisk, len(documents))
		}
		for _, doc := range documents {
			r, err := a.Files.Open(t.Context(), doc.key)
			if err != nil {
				t.Errorf("document %d: %v", doc.id, err)
				continue
			}
			text, err := io.ReadAll(r)
			_ = r.Close()
			if sum := sha256.Sum256(text); err != nil || hex.EncodeToString(sum[:]) != doc.sum {
				t.Errorf("document %d: %v, %d bytes that are not those that were sent", doc.id, err, len(text))
			}
			if doc.id == x.ids["overall"] {
				var n int
				_, _ = fmt.Sscanf(string(text), "page %d", &n)
				if n < done.file || string(text) != diaryText(n) {
					t.Errorf("the report is page %d of %d bytes; page %d was acknowledged before the backup", n, len(text), done.file)
				}
			}
		}
	})
	// And it is not only the tables that are there: the program serves them.
	server := serve(t, place)
	if code, body := get(t, server.address+"/readyz"); code != 200 {
		t.Errorf("the restored program: %d %s", code, body)
	}
	server.end(t)
}

// aBackup makes a small archive and returns its path.
func aBackup(t *testing.T) string {
	t.Helper()
	place := places(t, db.SQLite)
	must(t, append([]string{"load", world}, place...)...)
	token := tokenFor(t, place, planner)
	server := serve(t, place)
	for n := range 3 {
		r, err := http.NewRequestWithContext(t.Context(), "POST", server.address+"/api/v2/attachments/upload/", strings.NewReader(form(attached("a.txt", diaryText(n)))))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+mark)
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != 200 && answer.StatusCode != 201 {
			t.Fatalf("upload: %d", answer.StatusCode)
		}
	}
	server.end(t)
	archive := filepath.Join(t.TempDir(), "archive")
	if said := must(t, append([]string{"backup", archive}, place...)...); !strings.Contains(said, "and 3 files") {
		t.Fatalf("backup said %s", said)
	}
	return archive
}

// part is one part of an archive.
type part struct {
	tar.Header
	text []byte
}

func takeApart(t *testing.T, archive string) (parts []part) {
	t.Helper()
	raw, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(zip); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{*h, text})
	}
}

// putTogether makes an archive of parts; with sums it lists their digests anew, as somebody would who forges one.
func putTogether(t *testing.T, parts []part, sums bool) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	list := ""
	for _, p := range parts {
		if sums && p.Name == "SHA256SUMS" {
			p.text = []byte(list)
		}
		sum := sha256.Sum256(p.text)
		list += hex.EncodeToString(sum[:]) + "  " + p.Name + "\n"
		p.PAXRecords, p.Size = nil, int64(len(p.text))
		if p.Typeflag != tar.TypeReg {
			p.Size, p.text = 0, nil
		}
		if err := w.WriteHeader(&p.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(p.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is not an archive as it was written is refused whatever is wrong with it, and nothing is changed.
func TestRestoreRefusesOtherArchives(t *testing.T) {
	t.Parallel()
	archive := aBackup(t)
	whole, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	parts := takeApart(t, archive)
	if len(parts) != 6 || parts[0].Name != "almoner.json" || parts[1].Name != "almoner.db" || parts[5].Name != "SHA256SUMS" {
		t.Fatalf("%d parts", len(parts))
	}
	with := func(change func(p []part) []part) []byte { return putTogether(t, change(slices.Clone(parts)), true) }
	edited := func(i int, change func(p *part)) []byte {
		return with(func(p []part) []part { change(&p[i]); return p })
	}
	wrong := map[string]struct {
		archive []byte
		says    string
	}{
		"empty":             {nil, "damaged"},
		"a text":            {[]byte("Dear all"), "damaged"},
		"half":              {whole[:len(whole)/2], "damaged"},
		"without its end":   {whole[:len(whole)-1], "damaged"},
		"without its sums":  {putTogether(t, parts[:5], false), "damaged"},
		"without its files": {putTogether(t, append(slices.Clone(parts[:2]), parts[5]), false), "digest"},
		"without database":  {with(func(p []part) []part { return slices.Delete(p, 1, 2) }), "damaged"},
		"another file":      {putTogether(t, func() []part { p := slices.Clone(parts); p[3].text = []byte("other"); return p }(), false), "digest"},
		"something behind":  {append(slices.Clone(putTogether(t, append(slices.Clone(parts), parts[4]), false)), 0), "damaged"},
		"a file twice":      {with(func(p []part) []part { p[3] = p[2]; return p }), "not expected"},
		"a header of words": {edited(0, func(p *part) { p.text = []byte("hello") }), "cannot be read"},
		"no database":       {edited(1, func(p *part) { p.text = []byte("hello, this is a text and no database") }), "damaged"},
		"a newer form":      {edited(0, func(p *part) { p.text = []byte(`{"format":2,"program":"9.9"}`) }), "newer program"},
	}
	for _, name := range []string{"files/../../../etc/evil", "../evil", "/etc/evil", "files/ab/../../../evil", "files/" + strings.Repeat("a", 41), "C:\\evil", "files/ab/" + strings.Repeat("0", 37), "almoner.yaml"} {
		wrong["the name "+name] = struct {
			archive []byte
			says    string
		}{edited(2, func(p *part) { p.Name = name }), "not expected"}
	}
	for _, kind := range []byte{tar.TypeSymlink, tar.TypeLink, tar.TypeDir, tar.TypeFifo} {
		wrong["a part of kind "+string(kind)] = struct {
			archive []byte
			says    string
		}{edited(2, func(p *part) { p.Typeflag, p.Linkname = kind, "/etc/passwd" }), "no plain file"}
	}
	for i := 0; i < len(whole); i += 1 + len(whole)/15 {
		bent := slices.Clone(whole)
		bent[i] ^= 0x10
		if bytes.Equal(inflated(bent), inflated(whole)) {
			continue // some bits of the compressed form mean nothing
		}
		wrong[fmt.Sprintf("byte %d bent", i)] = struct {
			archive []byte
			says    string
		}{bent, ""}
	}
	parent := t.TempDir()
	for what, c := range wrong {
		for _, force := range []bool{false, true} {
			data := filepath.Join(parent, "data")
			var args []string
			if force {
				args = []string{"--force"}
				must(t, "migrate", "--data", data)
			}
			before := treeOf(t, parent)
			code, out, complaints := restoreFrom(t, c.archive, append([]string{"restore", "-", "--data", data}, args...)...)
			if code != 1 || !strings.Contains(complaints, c.says) || out != "" {
				t.Errorf("%s: exit %d, %s%s; want a refusal that says %q", what, code, out, complaints, c.says)
			}
			if after := treeOf(t, parent); after != before {
				t.Errorf("%s: a refused archive changed the disk from\n%s to\n%s", what, before, after)
			}
			if err := os.RemoveAll(data); err != nil {
				t.Fatal(err)
			}
			if len(c.archive) > 0 && strings.HasPrefix(what, "byte") {
				break // once is enough for each byte
			}
		}
	}
	if code, _, complaints := restoreFrom(t, whole, "restore", "-", "--data", filepath.Join(parent, "data")); code != 0 {
		t.Errorf("the archive that all the others were made of: %d %s", code, complaints)
	}
}

// inflated is what is in a gzip file, nil when it is damaged.
func inflated(raw []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return text
}

func restoreFrom(t *testing.T, archive []byte, args ...string) (code int, out, complaints string) {
	t.Helper()
	var o, e bytes.Buffer
	code = app.Run(t.Context(), args, app.Distribution{Modules: modules.All()}, app.Streams{In: bytes.NewReader(archive), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// treeOf lists names, sizes and digests of all below a folder.
func treeOf(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			fmt.Fprintln(&b, path)
			return err
		}
		raw, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %d %x\n", path, len(raw), sha256.Sum256(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is there is never overwritten: it is refused, or moved aside whole, and a program at work with it is in the way.
func TestRestoreOverData(t *testing.T) {
	t.Parallel()
	archive := aBackup(t)
	place := places(t, db.SQLite)
	must(t, append([]string{"migrate"}, place...)...)
	settings := filepath.Join(place[1], "almoner.yaml")
	if err := os.WriteFile(settings, []byte("agency: Ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(args ...string) []string { return append(append([]string{"restore", archive}, args...), place...) }
	if code, _, complaints := command(t, with()...); code != 1 || !strings.Contains(complaints, "--force") {
		t.Errorf("over data: exit %d, %s", code, complaints)
	}
	server := serve(t, place)
	if code, _, complaints := command(t, with("--force")...); code != 1 || !strings.Contains(complaints, "another program") {
		t.Errorf("over a running server: exit %d, %s", code, complaints)
	}
	if code, body := get(t, server.address+"/readyz"); code != 200 {
		t.Errorf("the server after that: %d %s", code, body)
	}
	server.end(t)
	said := must(t, with("--force")...)
	_, before, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(said), "."), "What was there before is in ")
	if !ok {
		t.Fatalf("restore said %s", said)
	}
	if _, err := os.Stat(filepath.Join(before, db.FileName)); err != nil {
		t.Errorf("what was there before: %v", err)
	}
	if _, err := os.Stat(settings); err != nil {
		t.Errorf("the settings: %v", err)
	}
	opened(t, place, func(a *app.App) {
		var n int
		if err := a.DB.QueryRow(t.Context(), "select count(*) from attachment_attachments where blob_key <> ''").Scan(&n); err != nil || n != 3 {
			t.Errorf("%d documents after the restore, %v", n, err)
		}
	})
	// Files may lie in a folder of their own, on another disk even.
	elsewhere := filepath.Join(t.TempDir(), "srv", "files")
	other := filepath.Join(t.TempDir(), "data")
	yaml := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(yaml, []byte("files:\n  url: file://"+filepath.ToSlash(elsewhere)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		must(t, "restore", archive, "--force", "--data", other, "--config", yaml)
	}
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(elsewhere), "*", "*", "*")); len(found) != 6 {
		t.Errorf("files after two restores: %v; want three in place and three aside", found)
	}
	again := filepath.Join(t.TempDir(), "again")
	if said := must(t, "backup", again, "--data", other, "--config", yaml); !strings.Contains(said, "and 3 files") {
		t.Errorf("backup said %s", said)
	}
	// A record whose file is gone does not keep the rest from being saved.
	found, _ := filepath.Glob(filepath.Join(elsewhere, "*", "*"))
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
	if code, _, complaints := command(t, "backup", again, "--data", other, "--config", yaml); code != 1 || !strings.Contains(complaints, "--force") {
		t.Errorf("over an archive: exit %d, %s", code, complaints)
	}
	if said := must(t, "backup", again, "--force", "--data", other, "--config", yaml); !strings.Contains(said, "and 2 files") || !strings.Contains(said, "1 files that records name were not there") {
		t.Errorf("backup said %s", said)
	}
}

// To the standard output goes the archive and nothing else.
func TestBackupToAPipe(t *testing.T) {
	t.Parallel()
	place := places(t, db.SQLite)
	must(t, append([]string{"migrate"}, place...)...)
	code, out, complaints := command(t, append([]string{"backup", "-"}, place...)...)
	if code != 0 || !strings.HasPrefix(complaints, "Backed up") {
		t.Fatalf("exit %d, %s", code, complaints)
	}
	if code, _, complaints := restoreFrom(t, []byte(out), "restore", "-", "--data", t.TempDir()); code != 0 {
		t.Errorf("restore: exit %d, %s", code, complaints)
	}
}

// Where the commands cannot help they say who can.
func TestBackupElsewhere(t *testing.T) {
	t.Parallel()
	place := places(t, db.Postgres)
	for _, args := range [][]string{{"backup", filepath.Join(t.TempDir(), "a")}, {"restore", "nothing"}} {
		if code, _, complaints := command(t, append(args, place...)...); code != 1 || !strings.Contains(complaints, "pg_dump") {
			t.Errorf("%v: exit %d, %s", args, code, complaints)
		}
	}
	empty := t.TempDir()
	if code, _, complaints := command(t, "backup", filepath.Join(t.TempDir(), "a"), "--data", empty); code != 1 || !strings.Contains(complaints, "--data") {
		t.Errorf("of nothing: exit %d, %s", code, complaints)
	}
	if left, _ := os.ReadDir(empty); len(left) != 0 {
		t.Errorf("a backup of nothing made %v", left)
	}
	if code, _, complaints := command(t, "restore", filepath.Join(empty, "none"), "--data", empty); code != 1 || complaints == "" {
		t.Errorf("restore of nothing: exit %d, %s", code, complaints)
	}
}
