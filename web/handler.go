package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Policy is the content security policy of the app's pages: no script but our own files, no inline script, no outside
// host. Styles may be inline because the component library writes its scheme variables into a style element.
const Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; " +
	"form-action 'self'; frame-ancestors 'none'"

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Almoner</title></head>
<body><h1>Almoner is running without its web app</h1>
<p>This binary was compiled before the web app was built. Run <code>make build</code> and start it again. The API answers under <code>/api/</code>.</p>
</body></html>
`

// Handler serves the embedded web app.
//
// Files under /assets/ carry a hash of their content in their name and may be kept for ever; every other file is
// checked with the server each time (ETag). A path that names no file gets the app's page, so that a link into the app
// works, except under /api/ and /assets/, where it is 404. Only GET and HEAD are answered. Text is sent compressed to
// those who accept gzip.
func Handler() http.Handler {
	files, built := FS()
	return newHandler(files, built)
}

type asset struct {
	kind  string // Content-Type
	etag  string
	plain []byte
	// zipped compresses plain when it is first asked for, and once: a start should not wait for what nobody reads. It is nil where nothing is compressed,
	// and gives nil where compressing gains nothing.
	zipped func() []byte
}

type handler struct {
	assets map[string]*asset // by path below the root, "index.html" is the app's page
}

func newHandler(files fs.FS, built bool) http.Handler {
	h := &handler{assets: map[string]*asset{}}
	if !built {
		h.assets["index.html"] = newAsset("index.html", []byte(notBuilt))
		return h
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if strings.HasPrefix(name, ".") {
			return nil
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		h.assets[name] = newAsset(name, content)
		return nil
	})
	if err != nil {
		panic(err) // the files are inside the binary: reading them cannot fail
	}
	return h
}

func newAsset(name string, content []byte) *asset {
	sum := sha256.Sum256(content)
	a := &asset{kind: contentType(name), plain: content, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if compressible(a.kind) && len(content) > 1024 {
		a.zipped = sync.OnceValue(func() []byte { return compress(content) })
	}
	return a
}

// compress returns content compressed, nil when that is no shorter.
func compress(content []byte) []byte {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	if _, err = zip.Write(content); err != nil {
		panic(err) // a buffer takes everything
	}
	if err = zip.Close(); err != nil {
		panic(err)
	}
	if out.Len() >= len(content) {
		return nil
	}
	return out.Bytes()
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	a, found := h.assets[name]
	if !found {
		if reserved(name) || wantsPicture(r) {
			http.NotFound(w, r)
			return
		}
		a, name = h.assets["index.html"], "index.html"
	}
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("ETag", a.etag)
	header.Set("X-Content-Type-Options", "nosniff")
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		header.Set("Cache-Control", "no-cache")
	}
	if strings.HasSuffix(name, ".html") {
		header.Set("Content-Security-Policy", Policy)
		header.Set("Referrer-Policy", "same-origin")
	}
	if a.zipped != nil {
		header.Add("Vary", "Accept-Encoding")
	}
	if matches(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.zipped != nil && r.Method == http.MethodGet && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if zipped := a.zipped(); zipped != nil {
			header.Set("Content-Encoding", "gzip")
			body = zipped
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a reader that went away is no error of ours
	}
}

// reserved tells whether a path without a file must not fall back to the app's page: asking for a missing script or
// API path must fail as such.
func reserved(name string) bool {
	for _, prefix := range []string{"api", "assets"} {
		if name == prefix || strings.HasPrefix(name, prefix+"/") {
			return true
		}
	}
	return false
}

// wantsPicture tells whether a picture is asked for, which the app's page is not.
func wantsPicture(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "image/")
}

func matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding != "gzip" && coding != "*" {
			continue
		}
		quality := strings.TrimPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		value, err := strconv.ParseFloat(quality, 64)
		return quality == "" || err == nil && value > 0
	}
	return false
}

// contentType does not ask the machine's own table first, which may be missing or wrong about what browsers insist on.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") || kind == "image/svg+xml"
}
