package file

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Stored is what a record knows of its file.
type Stored struct {
	Key, Name, ContentType, SHA256 string
	// At is when the file came.
	At time.Time
}

// shown are the types that a browser may show by itself: it runs nothing in them.
var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", "application/pdf", "text/plain"}

// Previewable reports whether a file of this type may be shown in a browser.
func Previewable(contentType string) bool { return slices.Contains(shown, contentType) }

// stall is how long a connection may move nothing before it is cut. The limits of the server are for small answers; a large file on a slow line
// takes as long as it takes.
const stall = time.Minute

// longest is how long a file may take to arrive altogether, so that a trickle does not hold a connection for ever.
const longest = time.Hour

// Serve answers a GET or HEAD request with a stored file: whole or the ranges asked for, 304 for who has it already. It is saved, not shown,
// unless inline is set and the type is Previewable; either way a browser takes it for nothing but what it is and runs nothing in it.
// Whether the sender may have the file must have been decided. Errors come before anything is written.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, f Stored, inline bool) error {
	content, err := s.Open(r.Context(), f.Key)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	inline = inline && Previewable(f.ContentType)
	h := w.Header()
	h.Set("Content-Type", contentType(f.ContentType))
	h.Set("Content-Disposition", Disposition(f.Name, inline))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if inline {
		// The web app shows previews in frames of its own pages. The viewers that browsers have for PDF do not start in a sandbox; they run no
		// script of the document in the page's name.
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox")
		if f.ContentType == "application/pdf" {
			h.Set("Content-Security-Policy", "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'")
		}
	}
	if f.SHA256 != "" {
		h.Set("ETag", `"`+f.SHA256+`"`)
	}
	control := http.NewResponseController(w)
	http.ServeContent(&patient{w, func() { _ = control.SetWriteDeadline(time.Now().Add(stall)) }}, r, "", f.At, content)
	return nil
}

func contentType(mime string) string {
	if strings.HasPrefix(mime, "text/") {
		return mime + "; charset=utf-8"
	}
	return mime
}

// Disposition writes the header that tells a browser under which name to save a file. Old readers take the plain name, others the
// encoded one (RFC 6266). A slash, as in reference numbers, becomes an underscore.
func Disposition(name string, inline bool) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	name = CleanName(strings.ReplaceAll(name, "/", "_"))
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r >= utf8.RuneSelf || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// patient calls moved before every write.
type patient struct {
	http.ResponseWriter
	moved func()
}

func (p *patient) Write(b []byte) (int, error) {
	p.moved()
	return p.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// SlowBody returns the body of a request that brings a file: it may take its time as long as something arrives.
func SlowBody(w http.ResponseWriter, body io.Reader) io.Reader {
	control := http.NewResponseController(w)
	end := time.Now().Add(longest)
	return &slow{body, func() {
		next := time.Now().Add(stall)
		if next.After(end) {
			next = end
		}
		_ = control.SetReadDeadline(next)
		_ = control.SetWriteDeadline(next.Add(stall)) // the answer comes after the body
	}}
}

// slow calls moved before every read.
type slow struct {
	r     io.Reader
	moved func()
}

func (s *slow) Read(p []byte) (int, error) {
	s.moved()
	return s.r.Read(p)
}
