package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var script = strings.Repeat("console.log('almoner');", 100)

func setup(t *testing.T) http.Handler {
	t.Helper()
	return newHandler(fstest.MapFS{
		"index.html":          {Data: []byte("<title>Almoner</title>")},
		"assets/main-abc1.js": {Data: []byte(script)},
		"favicon.svg":         {Data: []byte("<svg/>")},
		".vite/manifest.json": {Data: []byte("{}")},
		".keep":               {},
	}, true)
}

func get(h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPathsAndCaching(t *testing.T) {
	t.Parallel()
	h := setup(t)
	const keep, check = "public, max-age=31536000, immutable", "no-cache"
	cases := []struct {
		path   string
		status int
		kind   string
		cache  string
	}{
		{"/", 200, "text/html; charset=utf-8", check},
		{"/KEN/visits/12", 200, "text/html; charset=utf-8", check},
		{"/apiary", 200, "text/html; charset=utf-8", check},
		{"/index.html", 200, "text/html; charset=utf-8", check},
		{"/favicon.svg", 200, "image/svg+xml", check},
		{"/assets/main-abc1.js", 200, "text/javascript; charset=utf-8", keep},
		{"/assets/main-gone.js", 404, "", ""},
		{"/assets/", 404, "", ""},
		{"/api/tpm/visits/", 404, "", ""},
		{"/x/../api/none", 404, "", ""},
		{"/.vite/manifest.json", 200, "text/html; charset=utf-8", check},
	}
	for _, c := range cases {
		w := get(h, c.path)
		if w.Code != c.status {
			t.Errorf("%s: got status %d, want %d", c.path, w.Code, c.status)
			continue
		}
		if c.status != 200 {
			continue
		}
		if got := w.Header().Get("Content-Type"); got != c.kind {
			t.Errorf("%s: got content type %q, want %q", c.path, got, c.kind)
		}
		if got := w.Header().Get("Cache-Control"); got != c.cache {
			t.Errorf("%s: got cache control %q, want %q", c.path, got, c.cache)
		}
	}
}

func TestPicturesThatAreNotThere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, want := range map[string]int{"/photos/2026/gone.jpg": 404, "/favicon.svg": 200} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", "image/avif,image/webp,*/*;q=0.8")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: got status %d, want %d", path, w.Code, want)
		}
	}
}

func TestPagePolicyForbidsInlineScript(t *testing.T) {
	t.Parallel()
	policy := get(setup(t), "/").Header().Get("Content-Security-Policy")
	for directive := range strings.SplitSeq(policy, ";") {
		if strings.HasPrefix(strings.TrimSpace(directive), "script-src") && strings.Contains(directive, "unsafe") {
			t.Errorf("got %q, want scripts from our own files only", directive)
		}
	}
	if !strings.Contains(policy, "script-src 'self'") {
		t.Errorf("got policy %q, want it to name script-src", policy)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	h := setup(t)
	w := get(h, "/assets/main-abc1.js", "Accept-Encoding", "br, gzip;q=0.8")
	if got := w.Header().Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("got encoding %q, want gzip", got)
	}
	zip, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(zip); string(text) != script {
		t.Errorf("got %d bytes after inflating, want %d", len(text), len(script))
	}
	for _, refuse := range []string{"", "br", "gzip;q=0"} {
		if got := get(h, "/assets/main-abc1.js", "Accept-Encoding", refuse).Header().Get("Content-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %q: got encoding %q, want none", refuse, got)
		}
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	tag := get(h, "/KEN").Header().Get("ETag")
	if w := get(h, "/LBN/visits", "If-None-Match", "W/"+tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("got %d with %d bytes, want 304 without a body", w.Code, w.Body.Len())
	}
}

func TestOnlyReadsAreAnswered(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	setup(t).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestBinaryWithoutTheAppSaysHowToBuildIt(t *testing.T) {
	t.Parallel()
	w := get(newHandler(fstest.MapFS{".keep": {}}, false), "/KEN/visits")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("got %d %q", w.Code, w.Body.String())
	}
}
