package file

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"almoner.dev/almoner"
)

// zipped makes a zip file with entries of these names.
func zipped(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte("<?xml version='1.0'?><x/>"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// opendocument is a zip file that begins with its type, stored as it is.
func opendocument(t testing.TB, mime string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime))})
	if err == nil {
		_, err = f.Write([]byte(mime))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wide(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

func TestWhatIsTaken(t *testing.T) {
	t.Parallel()
	docx := zipped(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	for _, c := range []struct{ name, text, documents, uploads string }{
		// name, bytes, and the type or the code of the refusal by each policy
		{"a.pdf", "%PDF-1.7\n%\xe2\xe3", "application/pdf", "application/pdf"},
		{"a.png", "\x89PNG\r\n\x1a\n\x00\x00", "image/png", "image/png"},
		{"a.JPG", "\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "image/jpeg"},
		{"a.heic", "\x00\x00\x00\x18ftypheic", "image/heic", "image/heic"},
		{"a.docx", docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.xlsx", zipped(t, "[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"a.pptx", zipped(t, "ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"a.odt", opendocument(t, "application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"},
		{"a.doc", ole + strings.Repeat("\x00", 600), "application/msword", "application/msword"},
		{"a.xls", "<html><table><tr><td>1", "text/html", "text/html"},
		{"a.rtf", `{\rtf1 hello}`, "application/rtf", "application/rtf"},
		{"a.txt", "Dear all,\nimport duties are due.\n", "text/plain", "text/plain"},
		{"latin.txt", "Gr\xfc\xdfe aus K\xf6ln", "text/plain", "text/plain"},
		{"wide.txt", wide("Grüße"), "text/plain", "text/plain"},
		{"a.csv", "name,place\nAmina,Turkana\n", "text/csv", "text/csv"},
		{"notes", "plain words", "text/plain", "text/plain"},
		{"a.html", "<!DOCTYPE html><html><script>alert(1)</script>", "text/html", "text/html"},
		{"page.txt", "<!DOCTYPE html><html>", "text/plain", "text/plain"},
		{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "image/svg+xml", "image/svg+xml"},
		{"a.kml", `<?xml version="1.0"?><kml/>`, "text/xml", "text/xml"},
		{"a.shp", "\x00\x00\x27\x0a\x00\x00", "application/octet-stream", "application/octet-stream"},
		{"a.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4", "video/mp4"},
		{"letter.txt", "I had a list of things:\nconst means always.\nLet us meet.", "text/plain", "text/plain"},
		{"bracket.txt", "[draft] please read", "text/plain", "text/plain"},

		{"photos.zip", zipped(t, "one.jpg", "two.jpg"), "application/zip", "file_kind_refused"},
		{"a.tar", strings.Repeat("\x00", 257) + "ustar\x0000", "application/x-tar", "file_kind_refused"},
		{"a.gz", "\x1f\x8b\x08\x00", "application/gzip", "file_kind_refused"},
		{"a.jar", zipped(t, "META-INF/MANIFEST.MF", "A.class"), "application/java-archive", "file_kind_refused"},
		{"a.json", `{"a": 1}`, "application/json", "file_kind_refused"},
		{"a.txt", `[{"a": 1}, {"b": null}]`, "text/plain", "file_kind_refused"},
		{"a.py", "print(1)", "text/plain", "file_kind_refused"},
		{"a.sh", "echo", "text/plain", "file_kind_refused"},
		{"run.txt", "#!/usr/bin/env bash\nrm -r x", "text/plain", "file_kind_refused"},
		{"a.php", "<?php echo 1;", "application/x-php", "file_kind_refused"},
		{"mod.txt", "use strict;\nmy $a = 1;\nsub main {\n}\n", "text/plain", "file_kind_refused"},
		{"mod2.txt", "import x from './x'\nconst a = 1\n", "text/plain", "file_kind_refused"},

		{"setup.exe", "MZ\x90\x00", "file_kind_refused", "file_kind_refused"},
		{"photo.jpg", "MZ\x90\x00", "file_kind_refused", "file_kind_refused"},
		{"a.msi", ole + strings.Repeat("\x00", 600), "file_kind_refused", "file_kind_refused"},
		{"letter.doc", ole + strings.Repeat("\x00", 600) + "\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46", "file_kind_refused", "file_kind_refused"},
		{"tool", "\x7fELF\x02\x01", "file_kind_refused", "file_kind_refused"},

		{"a.pdf", "\x89PNG\r\n\x1a\n", "file_mismatch", "file_mismatch"},
		{"a.png", "<svg onload='alert(1)'/>", "file_mismatch", "file_mismatch"},
		{"a.png", "plain words", "file_mismatch", "file_mismatch"},
		{"a.docx", zipped(t, "one.jpg"), "file_mismatch", "file_kind_refused"},
		{"a.txt", "%PDF-1.7", "file_mismatch", "file_mismatch"},
		{"a.zip", "not one", "file_mismatch", "file_mismatch"},
		{"photo", "#!/bin/sh\n", "file_mismatch", "file_kind_refused"},
		{"a.txt", "binary\x00\x01\x02", "file_mismatch", "file_mismatch"},
	} {
		for policy, want := range map[string]string{"documents": c.documents, "uploads": c.uploads} {
			p := Documents
			if policy == "uploads" {
				p = Uploads
			}
			got, err := p.check(c.name, []byte(c.text))
			if e, ok := err.(*almoner.Error); ok { //nolint:errorlint // check makes the error itself
				got = e.Code
			}
			if got != want {
				t.Errorf("%s, %.20q by %s: got %s, want %s", c.name, c.text, policy, got, want)
			}
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("PK\x03\x04\x14\x00\x00\x00\x00\x00"))
	f.Add([]byte(ole))
	f.Add([]byte(`{"a": [`))
	f.Add([]byte("\xff\xfea"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if c := sniff(head); c.mime == "" {
			t.Errorf("no type for %q", head)
		}
	})
}
