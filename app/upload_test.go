package app_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/modules"
)

const (
	pdfText  = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
	pngText  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
	exeText  = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
	elfText  = "\x7fELF\x02\x01\x01\x00"
	pageText = "<!doctype html><html><body><script>alert(document.cookie)</script></body></html>"
	svgText  = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(document.cookie)</script></svg>`
	xmlText  = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`

	// mark is the boundary of forms that are written by hand, as browsers do not write them.
	mark = "almoner-7d1"
)

// piece is one part of a form: its header as it is sent, and what follows.
type piece struct{ header, text string }

// plain is a field of a form, attached the part that brings a file.
func plain(name, text string) piece {
	return piece{`Content-Disposition: form-data; name="` + name + `"`, text}
}

func attached(name, text string) piece {
	return piece{`Content-Disposition: form-data; name="file"; filename="` + strings.ReplaceAll(name, `"`, `\"`) + "\"\r\nContent-Type: application/octet-stream", text}
}

func form(pieces ...piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString("--" + mark + "\r\n" + p.header + "\r\n\r\n" + p.text + "\r\n")
	}
	return b.String() + "--" + mark + "--\r\n"
}

// upload is one operation that takes a file, with somebody who may send one and what else belongs into the form.
type upload struct {
	op     api.Operation
	c      *apptest.Client
	path   string
	fields []piece
	// refuses says that scripts, JSON and archives are not taken either.
	refuses bool
}

func (u upload) String() string { return u.op.Method + " " + u.op.Path }

// good is the status of an upload that was taken.
func (u upload) good() int {
	if u.op.Status != 0 {
		return u.op.Status
	}
	return http.StatusOK
}

func (u upload) send(pieces ...piece) *apptest.Response {
	return u.raw("multipart/form-data; boundary="+mark, form(append(append([]piece{}, u.fields...), pieces...)...))
}

func (u upload) raw(media, body string) *apptest.Response {
	return u.c.With("Content-Type", media).Do(u.op.Method, u.path, body)
}

// uploads are all operations that take a file. Those on a record of a visit need it in a state of its own, so each is used before the next is taken.
func (s *surface) uploads(fn func(u upload)) {
	s.Helper()
	n := 0
	for _, op := range s.a.API.Operations() {
		if op.Upload == nil {
			continue
		}
		n++
		c, allowed := s.attacker(op)
		if !allowed {
			s.Errorf("%s %s: nobody in this test may use it", op.Method, op.Path)
			continue
		}
		u := upload{op: op, c: c, path: s.target(op), refuses: op.Upload.Required}
		if collection := documents.FindStringSubmatch(op.Path); collection != nil {
			u.fields = append(u.fields, plain("file_type", strconv.FormatInt(s.number(fmt.Sprintf("select file_type_id from attachment_attachments where id = %d", s.kenya[collection[1]])), 10)))
			if strings.Contains(op.Path, "/activities/") {
				u.fields = append(u.fields, plain("object_id", strconv.FormatInt(s.kenya["tpm_tasks"], 10)))
			}
		}
		fn(u)
	}
	if n < 19 {
		s.Errorf("only %d operations take files: six collections with three each, and the area for uploads, are known", n)
	}
}

// blobs are the files on the disk, parts of files included.
func (s *surface) blobs() int {
	s.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(s.a.Config.Data, "files"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return n
}

func fileOf(id int64) string { return fmt.Sprintf("/api/v2/attachments/file/%d/", id) }

// stored is what there is of documents and files; an upload that is refused changes none of it.
func (s *surface) stored() string {
	s.Helper()
	return fmt.Sprintf("%d documents (last change %d), %d pending, %d facts, %d on the disk", s.number("select count(*) from attachment_attachments"), s.number("select coalesce(sum(version), 0) from attachment_attachments"),
		s.number("select count(*) from file_pending"), s.number("select count(*) from event_log"), s.blobs())
}

// refusedFiles are files that nobody takes: why, name, content.
var refusedFiles = []struct{ why, name, text string }{
	{"nothing in it", "empty.pdf", ""},
	{"nothing in it, no ending", "empty", ""},
	{"a program", "setup.exe", exeText},
	{"a program without ending", "setup", exeText},
	{"a program of another system", "tool.bin", elfText},
	{"a program as a PDF", "report.pdf", exeText},
	{"a program as a picture", "photo.jpg", elfText},
	{"a program as text", "notes.txt", exeText},
	{"a program hidden by the direction of writing", "report\u202efdp.exe", exeText},
	{"a picture as a PDF", "report.pdf", pngText},
	{"a PDF as a picture", "photo.png", pdfText},
	{"a page as a picture", "photo.png", pageText},
	{"a page as a PDF", "report.pdf", pageText},
	{"a picture as a page", "page.html", pngText},
	{"drawing as a picture", "photo.gif", svgText},
	{"a shell script as a PDF", "report.pdf", "#!/bin/sh\nrm -rf /\n"},
	{"a letter as a spreadsheet", "table.xlsx", "Dear all"},
	{"an archive as a picture", "photo.png", "PK\x03\x04\x14\x00\x00\x00\x00\x00"},
}

// alsoRefused are files that the area for uploads does not take, as nobody says there what they are for (tpm §5.7).
var alsoRefused = []struct{ why, name, text string }{
	{"JSON", "data.json", `{"a": [1, 2]}`},
	{"JSON as text", "data.txt", `{"a": [1, 2], "b": {}}`},
	{"a shell script", "run.sh", "#!/bin/sh\necho\n"},
	{"an archive", "all.zip", "PK\x03\x04\x14\x00\x00\x00\x00\x00"},
	{"PHP as text", "page.txt", "<?php system($_GET[0]);"},
}

// namedFiles are names as they are sent, with what people see afterwards.
var namedFiles = []struct{ sent, kept string }{
	{"report.pdf", "report.pdf"},
	{strings.Repeat("a", 200) + ".pdf", strings.Repeat("a", 196) + ".pdf"},
	{strings.Repeat("é", 300) + ".pdf", strings.Repeat("é", 196) + ".pdf"},
	{strings.Repeat("x", 5000), strings.Repeat("x", 200)},
	{"../../etc/passwd", "passwd"},
	{"/etc/cron.d/job", "job"},
	{`C:\x`, "x"},
	{`..\..\windows\win.ini`, "win.ini"},
	{"%2e%2e%2fescape.pdf", "%2e%2e%2fescape.pdf"},
	{"..", "file"},
	{".", "file"},
	{".htaccess", "htaccess"},
	{"CON.pdf", "_CON.pdf"},
	{"gpj\u202etxt.pdf", "gpjtxt.pdf"},
	{"\u2066iso\u2069lated.pdf", "isolated.pdf"},
	{`<script>alert(1)</script>.pdf`, "script_.pdf"},
	{`quo"te;x.pdf`, "quo_te;x.pdf"},
	{"bad\xff\xfeutf8.pdf", "bad\ufffdutf8.pdf"},
	{"مرحبا.pdf", "مرحبا.pdf"},
	{"=cmd|' calc'!A0.pdf", "=cmd_' calc'!A0.pdf"},
}

// encodedFiles are names as RFC 8187 writes them, in which anything can be; raw ones cannot hold control characters, as the form does not go on then.
var encodedFiles = []struct{ sent, kept string }{
	{"nul%00byte.pdf", "nulbyte.pdf"},
	{"a%01%07%1b%5b31m.pdf", "a[31m.pdf"},
	{"two%0d%0alines.pdf", "two lines.pdf"},
	{"..%2f..%2fetc%2fpasswd", "passwd"},
	{"C%3a%5cx", "x"},
	{"gpj%e2%80%aetxt.pdf", "gpjtxt.pdf"},
	{"%ff%fe.pdf", "\ufffd.pdf"},
}

// Whatever takes a file refuses what is empty, is not what it says, or is a program, at its field, and keeps nothing of it; and takes any name, but keeps a safe one.
func TestUploadsAreLookedAt(t *testing.T) {
	eachSurface(t, func(s *surface) {
		n := 0
		s.uploads(func(u upload) {
			bad := refusedFiles
			if u.refuses {
				bad = append(append(bad[:0:0], bad...), alsoRefused...)
			}
			n++
			before := s.stored()
			for i, f := range bad {
				if !s.turn(n+i, 1) {
					continue
				}
				r := u.send(attached(f.name, f.text))
				if judge(s, u.String()+", "+f.why, r); r.Status != http.StatusBadRequest || !bytes.HasPrefix(r.Body, []byte(`{"file":["`)) {
					s.Errorf("%s, %s: got %d %s, want 400 at the field", u, f.why, r.Status, r.Body)
				}
			}
			for _, name := range []string{"nul\x00byte.pdf", "a\x01\x07\x1b[31m.pdf", "two\r\nlines.pdf"} {
				if r := u.send(attached(name, pdfText)); judge(s, u.String()+" with the name "+name, r) || r.Status != http.StatusBadRequest {
					s.Errorf("%s with the name %q: got %d %s", u, name, r.Status, r.Body)
				}
			}
			if after := s.stored(); after != before {
				s.Errorf("%s: refused files are kept: there was %s; now %s", u, before, after)
			}
			taken := func(sent, kept string, p piece) {
				s.Helper()
				r := u.send(p)
				if r.Status != u.good() {
					s.Errorf("%s with the name %q: got %d %s", u, sent, r.Status, r.Body)
					return
				}
				if name, _ := r.Object(s)["filename"].(string); name != kept {
					s.Errorf("%s: the name %.60q became %q, want %q", u, sent, name, kept)
				}
				got := u.c.Get(fileOf(r.ID(s))).Want(s, http.StatusOK)
				if said := got.Header.Get("Content-Disposition"); !utf8.ValidString(said) || strings.ContainsFunc(said, unicode.IsControl) || string(got.Body) != pdfText {
					s.Errorf("%s: %q is given back as %q %.40q", u, sent, said, got.Body)
				}
			}
			for i, f := range namedFiles {
				if s.turn(n+i, 1) {
					taken(f.sent, f.kept, attached(f.sent, pdfText))
				}
			}
			for i, f := range encodedFiles {
				if s.turn(n+i, 1) {
					taken(f.sent, f.kept, piece{`Content-Disposition: form-data; name="file"; filename*=UTF-8''` + f.sent, pdfText})
				}
			}
		})
		if on, named := int64(s.blobs()), s.number("select count(*) from attachment_attachments where blob_key <> ''"); on != named {
			s.Errorf("%d files are on the disk, %d records name one", on, named)
		}
	})
}

// Two files of one name are two files.
func TestUploadsOfOneName(t *testing.T) {
	eachSurface(t, func(s *surface) {
		s.uploads(func(u upload) {
			if u.op.Method != http.MethodPost {
				return
			}
			var wait sync.WaitGroup
			answers := make([]*apptest.Response, 4)
			for i := range answers {
				wait.Go(func() { answers[i] = u.send(attached("same.txt", "letter "+strconv.Itoa(i))) })
			}
			wait.Wait()
			seen := map[int64]bool{}
			for i, r := range answers {
				id := r.Want(s, u.good()).ID(s)
				seen[id] = true
				if got := u.c.Get(fileOf(id)).Want(s, http.StatusOK); string(got.Body) != "letter "+strconv.Itoa(i) || r.Object(s)["filename"] != "same.txt" {
					s.Errorf("%s: file %d of one name is given back as %q", u, i, got.Body)
				}
			}
			if len(seen) != len(answers) {
				s.Errorf("%s: %d documents of %d files", u, len(seen), len(answers))
			}
		})
	})
}

// Whatever people do to one document at once, it has one file in the end, nobody else has it, and no other lies about. An upload becomes one document, however
// many ask for it.
func TestUploadsAtOnce(t *testing.T) {
	eachSurface(t, func(s *surface) {
		together := func(n int, do func(i int) *apptest.Response) (statuses map[int]int, answers []*apptest.Response) {
			var wait sync.WaitGroup
			answers = make([]*apptest.Response, n)
			for i := range answers {
				wait.Go(func() { answers[i] = do(i) })
			}
			wait.Wait()
			statuses = map[int]int{}
			for _, r := range answers {
				statuses[r.Status]++
			}
			return statuses, answers
		}
		s.uploads(func(u upload) {
			if u.op.Method != http.MethodPost || u.refuses {
				return
			}
			one := fmt.Sprintf("%s%d/", u.path, u.send(attached("first.txt", "first")).Want(s, u.good()).ID(s))
			before := s.blobs()
			replaced := upload{op: u.op, c: u.c, path: one}
			replaced.op.Method = http.MethodPatch
			got, _ := together(6, func(i int) *apptest.Response { return replaced.send(attached("next.txt", "text "+strconv.Itoa(i))) })
			if got[200]+got[409] != 6 || got[200] == 0 || s.blobs() != before || s.number("select count(*) from file_pending") != 0 {
				s.Errorf("%s: six files for one document at once: %v, %d files on the disk, want %d", u, got, s.blobs(), before)
			}
			text := string(u.c.Get(pathOf(s, u.c.Get(one).Want(s, 200).Object(s)["file"])).Want(s, 200).Body)
			if !strings.HasPrefix(text, "text ") {
				s.Errorf("%s: in the end there is %q", u, text)
			}
			got, _ = together(4, func(int) *apptest.Response { return u.c.Delete(one) })
			if got[204] != 1 || got[404] != 3 || s.blobs() != before-1 {
				s.Errorf("%s: deleted four times at once: %v, %d files on the disk, want %d", u, got, s.blobs(), before-1)
			}

			unbound := upload{c: u.c, path: "/api/v2/attachments/upload/", op: api.Operation{Method: http.MethodPost}}
			id := unbound.send(attached("mine.txt", "only once")).Want(s, 200).ID(s)
			got, answers := together(5, func(int) *apptest.Response { return u.send(plain("file", strconv.FormatInt(id, 10))) })
			if got[201] != 1 || got[400] != 4 || s.number("select count(*) - count(distinct blob_key) from attachment_attachments where blob_key <> ''") != 0 {
				s.Errorf("%s: one upload for five documents: %v %s", u, got, answers[0].Body)
			}
			for _, r := range answers {
				if r.Status == http.StatusCreated && string(u.c.Get(fileOf(r.ID(s))).Want(s, 200).Body) != "only once" {
					s.Errorf("%s: an upload became a document without its file", u)
				}
			}
		})
	})
}

// A file that the disk lost is told as missing.
func TestDownloadsOfLostFiles(t *testing.T) {
	eachSurface(t, func(s *surface) {
		s.uploads(func(u upload) {
			if u.op.Method != http.MethodPost {
				return
			}
			id := u.send(attached("lost.txt", "lost")).Want(s, u.good()).ID(s)
			if err := os.RemoveAll(filepath.Join(s.a.Config.Data, "files")); err != nil {
				s.Fatal(err)
			}
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				if r := u.c.Do(method, fileOf(id), nil).Want(s, http.StatusNotFound); r.Header.Get("Content-Disposition") != "" {
					s.Errorf("%s: a lost file is given a name: %v", u, r.Header)
				}
			}
		})
	})
}

// pathOf is the path of an address of this program.
func pathOf(s *surface, address any) string {
	s.Helper()
	text, _ := address.(string)
	rest, ok := strings.CutPrefix(text, "http://example.com")
	if !ok {
		s.Fatalf("%v is no whole address of this program", address)
	}
	return rest
}

// What browsers could run is given to be saved, never shown, and in a sandbox; nothing is kept by others on the way; parts of a file can be asked for.
func TestDownloadsAreSafe(t *testing.T) {
	eachSurface(t, func(s *surface) {
		safe := func(what string, r *apptest.Response) {
			s.Helper()
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-cache"} {
				if got := r.Header.Get(name); got != want {
					s.Errorf("%s: %s is %q, want %q", what, name, got, want)
				}
			}
			if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") || strings.Contains(policy, "allow-") {
				s.Errorf("%s: the policy is %q", what, policy)
			}
		}
		s.uploads(func(u upload) {
			if u.op.Method != http.MethodPost {
				return
			}
			for name, text := range map[string]string{
				"drawing.svg": svgText, "page.html": pageText, "page.htm": pageText, "page.xhtml": xmlText, "data.xml": xmlText, "map.kml": `<?xml version="1.0"?><kml><script/></kml>`, "none": pageText, "drawing": svgText,
				"letter.eml": "Content-Type: text/html\r\n\r\n" + pageText, "page.HTML": pageText, "odd.mht": pageText,
			} {
				r := u.send(attached(name, text))
				file := fileOf(r.Want(s, u.good()).ID(s))
				for _, address := range []string{file, file + "?inline=true", file + name, file + name + "?inline=true", file + "innocent.png?inline=true"} {
					got := u.c.Get(address).Want(s, http.StatusOK)
					safe(u.String()+" "+address, got)
					if !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment;") || got.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || string(got.Body) != text {
						s.Errorf("%s: %s of %s may run: %v", u, address, name, got.Header)
					}
				}
			}
			// As text it is shown, as text.
			written := fileOf(u.send(attached("notes.txt", pageText)).Want(s, u.good()).ID(s))
			shown := u.c.Get(written+"?inline=true").Want(s, http.StatusOK)
			safe(u.String()+" text", shown)
			if shown.Header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasSuffix(shown.Header.Get("Content-Security-Policy"), "sandbox") {
				s.Errorf("%s: a text is shown as %v", u, shown.Header)
			}

			const text = "0123456789abcdef\n"
			path := fileOf(u.send(attached("digits.txt", text)).Want(s, u.good()).ID(s))
			whole := u.c.Get(path).Want(s, http.StatusOK)
			safe(u.String()+" whole", whole)
			tag, when := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
			if tag == "" || when == "" || whole.Header.Get("Accept-Ranges") != "bytes" || whole.Header.Get("Content-Length") != strconv.Itoa(len(text)) {
				s.Errorf("%s: headers of a whole file: %v", u, whole.Header)
			}
			head := u.c.Do(http.MethodHead, path, nil).Want(s, http.StatusOK)
			safe(u.String()+" HEAD", head)
			if len(head.Body) > 0 || head.Header.Get("Content-Length") != strconv.Itoa(len(text)) || head.Header.Get("ETag") != tag {
				s.Errorf("%s: HEAD gives %d bytes, %v", u, len(head.Body), head.Header)
			}
			for _, c := range []struct {
				ranges, condition, body, says string
				status                        int
			}{
				{"bytes=0-3", "", "0123", "bytes 0-3/17", 206},
				{"bytes=-3", "", "ef\n", "bytes 14-16/17", 206},
				{"bytes=10-", "", "abcdef\n", "bytes 10-16/17", 206},
				{"bytes=10-9999999999999", "", "abcdef\n", "bytes 10-16/17", 206},
				{"bytes=-999", "", text, "bytes 0-16/17", 206},
				{"bytes=0-3", tag, "0123", "bytes 0-3/17", 206},
				{"bytes=0-3", when, "0123", "bytes 0-3/17", 206},
				{"bytes=0-3", `"another"`, text, "", 200},
				{"bytes=0-3", "W/" + tag, text, "", 200},
				{"bytes=0-3", "Mon, 02 Jan 2006 15:04:05 GMT", text, "", 200},
				{"bytes=17-", "", "", "bytes */17", 416},
				{"bytes=99-100", "", "", "bytes */17", 416},
				{"bytes=" + strings.Repeat("0-,", 5000) + "0-", "", text, "", 200}, // more than the file: it is sent once
			} {
				r := u.c.With("Range", c.ranges)
				if c.condition != "" {
					r = r.With("If-Range", c.condition)
				}
				got := r.Get(path)
				safeCache := got.Status == http.StatusRequestedRangeNotSatisfiable || got.Header.Get("Cache-Control") == "private, no-cache"
				if got.Status != c.status || c.status < 300 && string(got.Body) != c.body || got.Header.Get("Content-Range") != c.says || !safeCache {
					s.Errorf("%s, %.40s if %q: got %d %q (%s), want %d %q (%s)", u, c.ranges, c.condition, got.Status, got.Body, got.Header.Get("Content-Range"), c.status, c.body, c.says)
				}
			}
			several := u.c.With("Range", "bytes=0-1,4-5").Get(path).Want(s, http.StatusPartialContent)
			safe(u.String()+" several ranges", several)
			if !strings.HasPrefix(several.Header.Get("Content-Type"), "multipart/byteranges") || !bytes.Contains(several.Body, []byte("\r\n01\r\n")) || !bytes.Contains(several.Body, []byte("\r\n45\r\n")) {
				s.Errorf("%s: two ranges: %v %s", u, several.Header, several.Body)
			}
			for _, odd := range []string{"bytes=x", "bytes=3-1", "bytes=-", "lines=1-2", "bytes=0x1-2", "bytes=99999999999999999999-"} {
				if got := u.c.With("Range", odd).Get(path); got.Status >= 500 || got.Status == http.StatusPartialContent {
					s.Errorf("%s: range %s is answered with %d", u, odd, got.Status)
				}
			}
			if got := u.c.With("If-None-Match", tag).Get(path).Want(s, http.StatusNotModified); len(got.Body) > 0 {
				s.Errorf("%s: 304 with a body", u)
			}
		})
	})
}

// A file is for those whose record it is on: strangers learn neither that it exists nor a byte of it, whatever way they ask; after its document is deleted, or has another
// file, it is nobody's.
func TestDownloadsByStrangers(t *testing.T) {
	eachSurface(t, func(s *surface) {
		s.uploads(func(u upload) {
			if u.op.Method != http.MethodPost {
				return
			}
			const secret = "the secret report"
			id := u.send(attached("secret.txt", secret)).Want(s, u.good()).ID(s)
			path := fileOf(id)
			strangers := map[string]*apptest.Client{
				"of another workspace": s.a.As(beirut), "who works in another workspace": s.a.As(planner).In("LBN"), "without a grant": s.a.As(withoutAny), "of another firm": s.a.As(rival), "unrelated": s.a.As(unrelated),
			}
			if strings.Contains(u.op.Path, "{firm}") {
				// A firm belongs to all workspaces and so do its papers: planners elsewhere may read them.
				delete(strangers, "of another workspace")
				delete(strangers, "who works in another workspace")
			}
			for who, c := range strangers {
				none := c.Get(fileOf(987654321))
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					for _, address := range []string{path, path + "secret.txt", path + "?inline=true"} {
						for _, asks := range []*apptest.Client{c, c.With("Range", "bytes=0-3"), c.With("If-None-Match", "*")} {
							r := asks.Do(method, address, nil)
							if r.Status != none.Status || method == http.MethodGet && !bytes.Equal(r.Body, none.Body) || r.Status != http.StatusNotFound && r.Status != http.StatusForbidden {
								s.Errorf("%s: %s %s by somebody %s: got %d %s; of nobody: %d %s", u, method, address, who, r.Status, r.Body, none.Status, none.Body)
							}
						}
					}
				}
			}
			anonymous := s.a.Anonymous().Get(path)
			if anonymous.Status != http.StatusFound || bytes.Contains(anonymous.Body, []byte(secret)) {
				s.Errorf("%s: without credentials: %d %s", u, anonymous.Status, anonymous.Body)
			}
			collection := documents.FindStringSubmatch(u.op.Path)
			if collection == nil {
				return // uploads that belong to nothing are deleted by the clock
			}
			before := s.blobs()
			one := fmt.Sprintf("%s%d/", u.path, id)
			replaced := u.c.With("Content-Type", "multipart/form-data; boundary="+mark).Do(http.MethodPatch, one, form(attached("public.txt", "another text"))).Want(s, http.StatusOK)
			if got := u.c.Get(path).Want(s, http.StatusOK); string(got.Body) != "another text" || replaced.Object(s)["filename"] != "public.txt" || s.blobs() != before {
				s.Errorf("%s: after another file was sent: %q, %d files on the disk, want %d", u, got.Body, s.blobs(), before)
			}
			u.c.Delete(one).Want(s, http.StatusNoContent)
			for _, address := range []string{path, path + "secret.txt", path + "?inline=true"} {
				u.c.Get(address).Want(s, http.StatusNotFound)
				u.c.With("Range", "bytes=0-3").Get(address).Want(s, http.StatusNotFound)
			}
			if s.blobs() != before-1 || s.number("select count(*) from file_pending") != 0 {
				s.Errorf("%s: the bytes outlive their record", u)
			}
		})
	})
}

// counted tells when the requests under way have ended, answered or not.
type counted struct {
	http.Handler
	under sync.WaitGroup
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.under.Add(1)
	defer c.under.Done()
	c.Handler.ServeHTTP(w, r)
}

// What is too large is refused, whether its length is told or not, and a line that breaks anywhere in a form leaves nothing behind: over real connections.
func TestUploadsOverTheWire(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := fill(t, apptest.With(t, engine, modules.All(), func(c *app.Config) { c.Files.MaxSize, c.MaxBody = 64*config.KiB, 64*config.KiB }, worlds(t)...))
			handler := &counted{Handler: s.a.Handler()}
			server := httptest.NewServer(handler)
			defer server.Close()
			s.uploads(func(u upload) {
				actor, err := s.a.Set.Identity().OfEmail(s.Context(), s.a.DB, s.attackers[u.op.Name], "KEN")
				if err != nil {
					s.Fatal(err)
				}
				token, err := s.a.Auth.IssueToken(s.Context(), actor.UserID, 0)
				if err != nil {
					s.Fatal(err)
				}
				before := s.stored()
				unchanged := func(what string) {
					s.Helper()
					handler.under.Wait()
					if after := s.stored(); after != before {
						s.Errorf("%s, %s: there was %s; now %s", u, what, before, after)
					}
				}
				for _, size := range []int{64<<10 + 1, 100 << 10, 300 << 10} {
					body := form(append(append([]piece{}, u.fields...), attached("large.txt", strings.Repeat("long lines of text\n", size/19+1)[:size]))...)
					for what, r := range map[string]io.Reader{"told": strings.NewReader(body), "not told": struct{ io.Reader }{strings.NewReader(body)}} {
						request, err := http.NewRequestWithContext(s.Context(), u.op.Method, server.URL+u.path, r)
						if err != nil {
							s.Fatal(err)
						}
						request.Header.Set("Content-Type", "multipart/form-data; boundary="+mark)
						request.Header.Set("Authorization", "Bearer "+token.Token)
						request.Header.Set("Almoner-Workspace", "KEN")
						answer, err := client.Do(request)
						if err != nil {
							s.Errorf("%s, %d bytes, length %s: %v", u, size, what, err)
							continue
						}
						text, err := io.ReadAll(answer.Body)
						_ = answer.Body.Close()
						if answer.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(text, []byte(file.ShowSize(64<<10))) || err != nil {
							s.Errorf("%s, %d bytes, length %s: got %d %s (%v)", u, size, what, answer.StatusCode, text, err)
						}
					}
					unchanged(fmt.Sprintf("%d bytes", size))
				}

				body := form(append(append([]piece{}, u.fields...), attached("long.txt", strings.Repeat("a long letter\n", 3000)))...)
				inside := strings.Index(body, "filename=")
				for what, end := range map[string]int{"before anything": 0, "in a header": inside + 4, "in the file": len(body) / 2, "before the end": len(body) - len(mark) - 4, "in the last line": len(body) - 5} {
					for _, chunked := range []bool{false, true} {
						broken(s, server.Listener.Addr().String(), u, token.Token, body, end, chunked)
						unchanged(fmt.Sprintf("broken %s, chunked: %t", what, chunked))
					}
				}
				if u.op.Method == http.MethodPost { // the right size is taken by the same server
					if r := u.send(attached("right.txt", strings.Repeat("x", 64<<10))); r.Status != u.good() {
						s.Errorf("%s: a file of just the greatest size: %d %s", u, r.Status, r.Body)
					}
				}
			})
		})
	}
}

// broken sends the beginning of a form and hangs up.
func broken(s *surface, address string, u upload, token, body string, end int, chunked bool) {
	s.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(s.Context(), "tcp", address)
	if err != nil {
		s.Fatal(err)
	}
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body[:end])
	if chunked {
		length = fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(body), body[:end])
	}
	_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAlmoner-Workspace: KEN\r\nContent-Type: multipart/form-data; boundary=%s\r\n%s", u.op.Method, u.path, token, mark, length)
	if err == nil {
		err = conn.(*net.TCPConn).CloseWrite()
	}
	if err != nil {
		s.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
		s.Errorf("%s, broken after %d of %d bytes: %v %.200s", u, end, len(body), err, answer)
	}
	_ = conn.Close()
}
