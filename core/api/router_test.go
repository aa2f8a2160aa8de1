package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRouter(t *testing.T) {
	t.Parallel()
	var r router
	for _, pattern := range []string{
		"/api/firms/", "/api/firms/{id}/", "/api/firms/{id}/activate/", "/api/firms/{firm}/people/", "/api/firms/{firm}/people/{id}/",
		"/api/firms/sync/{number}/", "/api/firms/export/",
	} {
		err := r.add(pattern, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Pattern", pattern)
			w.Header().Set("Values", req.PathValue("id")+"|"+req.PathValue("firm")+"|"+req.PathValue("number"))
		}))
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, pattern, values string }{
		{"/api/firms/", "/api/firms/", "||"},
		{"/api/firms", "/api/firms/", "||"},
		{"/api/firms/7/", "/api/firms/{id}/", "7||"},
		{"/api/firms/7", "/api/firms/{id}/", "7||"},
		{"/api/firms/7/activate/", "/api/firms/{id}/activate/", "7||"},
		{"/api/firms/7/people/9", "/api/firms/{firm}/people/{id}/", "9|7|"},
		{"/api/firms/export/", "/api/firms/export/", "||"},
		// What is written out wins, but does not close the way of the other pattern.
		{"/api/firms/sync/42/", "/api/firms/sync/{number}/", "||42"},
		{"/api/firms/sync/activate/", "/api/firms/sync/{number}/", "||activate"},
		{"/api/firms/sync/", "/api/firms/{id}/", "sync||"},
		{"/api/firms/export/activate/", "/api/firms/{id}/activate/", "export||"},
		{"/api/firms/sync/A%2FB/", "/api/firms/sync/{number}/", "||A/B"},
		{"/api/firms/sync/%D8%B9/", "/api/firms/sync/{number}/", "||ع"},
		{"/api/firms/7/unknown/", "", ""},
		{"/api/firms/7/people/9/more/", "", ""},
		{"/api/firms//", "", ""},
		{"/api//firms/", "", ""},
		{"/api/firms/sync/%00/", "", ""},
		{"/api/firms/sync/%FF/", "", ""},
		{"/api/", "", ""},
		{"/", "", ""},
	} {
		req := httptest.NewRequest(http.MethodGet, c.path, nil)
		h := r.find(req)
		if h == nil {
			if c.pattern != "" {
				t.Errorf("%s: nothing found, want %s", c.path, c.pattern)
			}
			continue
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if got := w.Header(); got.Get("Pattern") != c.pattern || got.Get("Values") != c.values {
			t.Errorf("%s: got %s with %s, want %s with %s", c.path, got.Get("Pattern"), got.Get("Values"), c.pattern, c.values)
		}
	}
	if err := r.add("/api/firms/{other}/", http.NotFoundHandler()); err == nil {
		t.Error("two patterns for the same paths were accepted")
	}
}
