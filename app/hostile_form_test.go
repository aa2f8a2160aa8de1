package app_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
)

// brokenForms are bodies that no form reader can read to its end, with their content type.
var brokenForms = func() map[string][2]string {
	const media = "multipart/form-data; boundary=" + mark
	good := form(attached("a.pdf", pdfText))
	return map[string][2]string{
		"no boundary":                {"multipart/form-data", good},
		"an empty boundary":          {`multipart/form-data; boundary=""`, good},
		"another boundary":           {"multipart/form-data; boundary=other", good},
		"a boundary of 5000":         {"multipart/form-data; boundary=" + strings.Repeat("b", 5000), good},
		"nothing":                    {media, ""},
		"only words before":          {media, strings.Repeat("words\r\n", 1000)},
		"JSON":                       {media, `{"file_type":1}`},
		"no last boundary":           {media, strings.TrimSuffix(good, "--"+mark+"--\r\n")},
		"cut in the last boundary":   {media, good[:len(good)-4]},
		"cut in a header":            {media, good[:40]},
		"cut in a second header":     {media, strings.TrimSuffix(good, "--\r\n") + "\r\nContent-Dispo"},
		"cut after a second header":  {media, strings.TrimSuffix(good, "--\r\n") + "\r\n" + plain("hyperlink", "").header + "\r\n"},
		"cut before a second part":   {media, strings.TrimSuffix(good, "--\r\n") + "\r\n"},
		"cut after the file":         {media, strings.TrimSuffix(good, "\r\n--"+mark+"--\r\n")},
		"cut in the file":            {media, good[:len(good)-40]},
		"a header without a colon":   {media, form(piece{"Content-Disposition form-data", "x"}, attached("a.pdf", pdfText))},
		"a header of 11 MB":          {media, form(piece{plain("x", "").header + "\r\nX-Long: " + strings.Repeat("x", 11<<20), "x"})},
		"20 000 headers":             {media, form(piece{plain("x", "").header + strings.Repeat("\r\nX-A: b", 20_000), "x"})},
		"10 000 fields":              {media, form(append(many(10_000), attached("a.pdf", pdfText))...)},
		"101 fields":                 {media, form(append(many(101), attached("a.pdf", pdfText))...)},
		"fields of two bytes, many":  {media, strings.Repeat("--"+mark+"\r\n\r\n\r\n", 20_000) + "--" + mark + "--"},
		"bad UTF-8 in a field":       {media, form(plain("hyperlink", "https://a.example/\xff\xfe"), attached("a.pdf", pdfText))},
		"UTF-16":                     {media, form(plain("hyperlink", "\xff\xfeh\x00t\x00"), attached("a.pdf", pdfText))},
		"a NUL in a header":          {media, form(piece{"Content-Disposition: form-data; name=\"x\x00\"", "x"}, attached("a.pdf", pdfText))},
		"a file in pieces of a file": {media, form(piece{`Content-Disposition: form-data; name="file"` + "\r\nContent-Type: multipart/mixed; boundary=in", "--in\r\nContent-Disposition: file; filename=\"x.pdf\"\r\n\r\n\xff\xfe\r\n--in--"})},
	}
}()

func many(n int) (list []piece) {
	for i := range n {
		list = append(list, plain(fmt.Sprintf("field%d", i), "x"))
	}
	return list
}

// Forms that are none, in every way that they can be broken, are refused with a reason by every operation that takes files, and leave nothing behind.
func TestHostileForms(t *testing.T) {
	eachSurface(t, func(s *surface) {
		n := 0
		s.uploads(func(u upload) {
			n++
			before := s.stored()
			for at, what := range slices.Sorted(maps.Keys(brokenForms)) {
				if !s.turn(n+at, 1) {
					continue
				}
				broken := brokenForms[what]
				body := broken[1]
				if strings.HasPrefix(body, "--"+mark+"\r\n") && what != "fields of two bytes, many" {
					body = strings.TrimSuffix(form(u.fields...), "--"+mark+"--\r\n") + body
				}
				r := u.raw(broken[0], body)
				if judge(s, u.String()+", "+what, r) || r.Status != http.StatusBadRequest && r.Status != http.StatusRequestEntityTooLarge {
					s.Errorf("%s, %s: got %d %.200s, want a refusal", u, what, r.Status, r.Body)
				}
			}
			for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/mixed; boundary=" + mark, "multipart/related; boundary=" + mark, "application/octet-stream", "application/pdf"} {
				if r := u.raw(media, form(append(append([]piece{}, u.fields...), attached("a.pdf", pdfText))...)); judge(s, u.String()+" as "+media, r) || r.Status != http.StatusUnsupportedMediaType {
					s.Errorf("%s as %s: got %d %s, want 415", u, media, r.Status, r.Body)
				}
			}
			if r := u.send(plain("hyperlink", strings.Repeat("x", 2<<20))); r.Status != http.StatusRequestEntityTooLarge {
				s.Errorf("%s, a field of 2 MB: got %d %.200s", u, r.Status, r.Body)
			}
			for what, pieces := range map[string][]piece{
				"two files":                  {attached("a.pdf", pdfText), attached("b.pdf", pdfText)},
				"one file, and one as words": {attached("a.pdf", pdfText), attached("b.pdf", pdfText), plain("file", "words")},
				"words for a file":           {plain("file", "words")},
				"a path for a file":          {plain("file", "/etc/passwd")},
				"an address for a file":      {plain("file", "file:///etc/passwd")},
				"no such upload":             {plain("file", "987654321")},
				"an upload of no number":     {plain("file", "-1")},
				"a huge number":              {plain("file", strings.Repeat("9", 400))},
			} {
				r := u.send(pieces...)
				if judge(s, u.String()+", "+what, r) || r.Status != http.StatusBadRequest || !bytes.Contains(r.Body, []byte(`"file"`)) {
					s.Errorf("%s, %s: got %d %s, want 400 at the field", u, what, r.Status, r.Body)
				}
			}
			if u.refuses {
				for what, r := range map[string]*apptest.Response{"no part": u.send(), "an empty part": u.send(plain("file", "")), "another part": u.send(plain("document", "x")), "the file elsewhere": u.send(piece{strings.Replace(attached("a.pdf", "").header, `"file"`, `"document"`, 1), pdfText})} {
					if judge(s, u.String()+", "+what, r) || r.Status != http.StatusBadRequest || !bytes.Contains(r.Body, []byte(`"file"`)) {
						s.Errorf("%s, %s: got %d %s", u, what, r.Status, r.Body)
					}
				}
			} else {
				s.hostileFields(u)
			}
			if after := s.stored(); after != before {
				s.Errorf("%s: refused forms left something: there was %s; now %s", u, before, after)
			}
		})
	})
}

// hostileFields sends, beside a good file, fields that will not do.
func (s *surface) hostileFields(u upload) {
	s.Helper()
	pdf := attached("a.pdf", pdfText)
	refused := func(what, field string, pieces ...piece) {
		s.Helper()
		r := u.raw("multipart/form-data; boundary="+mark, form(pieces...))
		if judge(s, u.String()+", "+what, r) || r.Status != http.StatusBadRequest || field != "" && !bytes.Contains(r.Body, []byte(field)) {
			s.Errorf("%s, %s: got %d %s, want 400 that names %s", u, what, r.Status, r.Body, field)
		}
	}
	if u.op.Method == http.MethodPost {
		refused("no type", `"file_type"`, append(u.fields[1:len(u.fields):len(u.fields)], pdf)...)
		refused("the type as a file", `"file_type"`, append(u.fields[1:len(u.fields):len(u.fields)], pdf, piece{`Content-Disposition: form-data; name="file_type"; filename="1"`, "1"})...)
	}
	numbers := []string{"x", "-1", "1.5", "1e3", "0x1", " ", "987654321", strings.Repeat("9", 400), "1 or 1=1", "1\x00", "\u0661", "[1]", `{"id":1}`, "null", "true"}
	for _, value := range numbers {
		refused("type "+value, `"file_type"`, append([]piece{pdf}, append(append([]piece{}, u.fields...), plain("file_type", value))...)...)
		if len(u.fields) > 1 {
			refused("task "+value, `"object_id"`, append([]piece{pdf}, append(append([]piece{}, u.fields...), plain("object_id", value))...)...)
		}
	}
	for _, value := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "//evil.example/x", "/relative", "https://", "https:evil", "https://a.example/\r\nSet-Cookie: x=1",
		"https://a.example/\x00", "https://a.example/" + strings.Repeat("x", 2000), " javascript:alert(1)", "java\tscript:alert(1)", "\u202ehttps://a.example", "blob:https://a.example/1",
	} {
		refused("address "+value, `"hyperlink"`, append(append([]piece{}, u.fields...), plain("hyperlink", value))...)
	}
	refused("a file and an address", "file or hyperlink", append(append([]piece{}, u.fields...), pdf, plain("hyperlink", "https://a.example/"))...)
}

// Operations that take no file take no form.
func TestFormsWhereNoneBelong(t *testing.T) {
	eachSurface(t, func(s *surface) {
		before := s.rows()
		tried := 0
		for _, op := range s.a.API.Operations() {
			if op.Input == nil || op.Upload != nil {
				continue
			}
			tried++
			c, _ := s.attacker(op)
			r := c.With("Content-Type", "multipart/form-data; boundary="+mark).Do(op.Method, s.target(op), form(plain("name", "x"), attached("a.pdf", pdfText)))
			if judge(s, op.Method+" "+op.Path, r) || r.Status != http.StatusUnsupportedMediaType {
				s.Errorf("%s %s: got %d %s, want 415", op.Method, op.Path, r.Status, r.Body)
			}
		}
		if tried < 20 || s.blobs() != 0 {
			s.Errorf("%d operations were tried, %d files lie on the disk", tried, s.blobs())
		}
		s.unchanged("forms", before)
	})
}
