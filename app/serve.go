package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/limit"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/web"
)

// stopTimeout is how long requests under way may take to end after the signal to stop.
const stopTimeout = 8 * time.Second

// Handler answers everything: the API, health, and the web app for all other paths.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", a.API)
	// Every answer there offers what a sign-in must send back (openimis-core §2.2).
	mux.HandleFunc("/api/graphql", func(w http.ResponseWriter, r *http.Request) {
		a.Auth.OfferLogin(w, r)
		a.API.ServeHTTP(w, r)
	})
	// Clients of openIMIS ask for this every few minutes.
	mux.HandleFunc("/keepLegacyAlive", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("/users/api/", a.API)
	mux.HandleFunc("/api/openapi.json", a.openAPI)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") })
	mux.HandleFunc("/readyz", a.ready)
	mux.Handle("/metrics", a.Telemetry.Handler())
	mux.Handle("/", web.Handler())
	return a.observe(a.limited(mux))
}

// health are the paths that proxies ask often and that must answer even when a client asks too much.
var health = map[string]bool{"/healthz": true, "/readyz": true}

// operation names what a request is about, in one of a fixed set of words, and its path with names in the place of values.
func (a *App) operation(r *http.Request) (name, route string) {
	switch {
	case health[r.URL.Path]:
		return "health", r.URL.Path
	case r.URL.Path == "/metrics":
		return "metrics", r.URL.Path
	case r.URL.Path == "/api/openapi.json":
		return "openapi", r.URL.Path
	case isAPI(r.URL.Path):
		if name, route = a.API.OperationOf(r); name == "" {
			name = "unknown"
		}
		return name, route
	}
	return "web", ""
}

func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/users/api/")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// ready tells a proxy whether this process can answer: it can when its database does.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		a.Log.WarnContext(ctx, "not ready", "error", err)
		plain(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func (a *App) openAPI(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "only GET\n")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(a.API.Document())
}

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// apiPolicy is for answers that are no pages: nothing in them is ever run or framed.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// protect sets the headers that protect browsers. Pages and files set stricter or other ones of their own.
func (a *App) protect(h http.Header, r *http.Request) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), payment=(), geolocation=(self)")
	if isAPI(r.URL.Path) || health[r.URL.Path] || r.URL.Path == "/metrics" {
		h.Set("Content-Security-Policy", apiPolicy)
	}
	r.Header.Del("X-Almoner-Scheme")
	if auth.IsHTTPS(r, a.Config.Auth.TrustedProxies) {
		r.Header.Set("X-Almoner-Scheme", "https")
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// observe gives every request its number, the headers that protect browsers, its place in the measurements, a line in the log, and an answer even
// when code panics.
func (a *App) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if !requestID.MatchString(id) {
			id = newRequestID()
		}
		w.Header().Set("X-Request-ID", id)
		a.protect(w.Header(), r)
		r = r.WithContext(almoner.WithRequestID(r.Context(), id))
		name, route := a.operation(r)
		ctx, over := a.Telemetry.Request(r, name, route)
		r = r.WithContext(ctx)
		rec := &recorder{ResponseWriter: w}
		start := time.Now()
		defer func() {
			p := recover()
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				over(rec.status)
				panic(p)
			}
			if p != nil {
				a.Log.ErrorContext(ctx, "request panicked", "panic", shownPanic(p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					w.Header().Set("Content-Type", "application/json")
					rec.WriteHeader(http.StatusInternalServerError)
					_, _ = rec.Write([]byte(`{"detail":"Something went wrong on our side. Give support the request number."}`))
				}
			}
			over(rec.status)
			// Neither the query, which may be a search for somebody, nor the path as it was sent, which may be the name of a file.
			a.Log.InfoContext(ctx, "request", "method", shownMethod(r.Method), "operation", name, "path", shownPath(route, r.URL.Path), "status", rec.status, "ms", time.Since(start).Milliseconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

// shownPanic is what Go says itself; other values may hold what somebody wrote, and where it happened is in the stack.
func shownPanic(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// shownMethod keeps what a stranger makes up out of the log.
func shownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// limited refuses clients that ask too much.
func (a *App) limited(next http.Handler) http.Handler {
	limiter := limit.New(a.Config.Limits, a.Settings, a.Config.Auth.TrustedProxies, almoner.SystemClock{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !health[r.URL.Path] {
			if wait, ok := limiter.Allow(r); !ok {
				refuse(w, r, wait)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers 429 in the form that the path's clients read.
func refuse(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	seconds := int64(math.Ceil(wait.Seconds()))
	text := fmt.Sprintf("Too many requests. Please try again in %d seconds.", seconds)
	var body any = map[string]any{"detail": text}
	media := "application/json"
	switch {
	case r.URL.Path == "/api/graphql":
		body = map[string]any{"errors": []any{map[string]any{"message": text, "extensions": map[string]any{"code": gql.CodeRateLimited}}}}
	case strings.Contains(r.Header.Get("Accept"), "application/problem+json"):
		media = "application/problem+json"
		body = map[string]any{"type": "about:blank", "title": http.StatusText(http.StatusTooManyRequests), "status": http.StatusTooManyRequests, "code": "too_many_requests", "detail": text, "request_id": almoner.RequestID(r.Context())}
	}
	raw, _ := json.Marshal(body) // texts and numbers always can
	h := w.Header()
	h.Set("Retry-After", strconv.FormatInt(seconds, 10))
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write(raw)
}

// sweepEvery is how often ended sessions, forgotten failures and files that no record names are cleared away.
const sweepEvery = time.Hour

// sweep clears away at the start, too: a district office may never run the program for an hour.
func (a *App) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := a.DB.Optimize(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "lists may be slower than they need to be; the next try is in an hour", "error", err)
		}
		if err := a.Auth.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "ended sessions could not be cleared away; the next try is in an hour", "error", err)
		}
		if _, err := a.API.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "old mutations could not be forgotten; the next try is in an hour", "error", err)
		}
		if _, err := a.Files.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "files that no record names could not be cleared away; the next try is in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func newRequestID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Serve listens and answers until ctx ends, then lets requests under way finish. Ready is called with the address once it listens.
func (a *App) Serve(ctx context.Context, ready func(addr string)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (is another Almoner running? choose a port with --listen)", a.Config.Listen, err)
	}
	server := &http.Server{
		Handler: a.Handler(), ReadHeaderTimeout: a.Config.Limits.HeaderTimeout, ReadTimeout: a.Config.Limits.BodyTimeout, WriteTimeout: a.Config.Limits.BodyTimeout + time.Minute,
		IdleTimeout: 120 * time.Second, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wait sync.WaitGroup
	for _, d := range a.Set.Definitions {
		run := a.Set.Parts[d.Name].Run
		if run == nil {
			continue
		}
		wait.Go(func() {
			if err := run(running); err != nil && running.Err() == nil {
				stop(fmt.Errorf("module %s stopped: %w", d.Name, err))
			}
		})
	}
	wait.Go(func() { a.sweep(running) })
	wait.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("serve: %w", err))
		}
	})
	ready(listener.Addr().String())
	<-running.Done()
	// The context that ended must not cut short the requests that are still being answered.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		_ = server.Close()
	}
	stop(nil)
	wait.Wait()
	if ctx.Err() == nil {
		return context.Cause(running)
	}
	return nil
}
