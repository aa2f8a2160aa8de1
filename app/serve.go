package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"sync"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/web"
)

// stopTimeout is how long requests under way may take to end after the signal to stop.
const stopTimeout = 8 * time.Second

// Handler answers everything: the API, health, and the web app for all other paths.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", a.API)
	mux.Handle("/users/api/", a.API)
	mux.HandleFunc("/api/openapi.json", a.openAPI)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") })
	mux.HandleFunc("/readyz", a.ready)
	mux.Handle("/", web.Handler())
	return a.observe(mux)
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

// observe gives every request its number, the headers that protect browsers, a line in the log, and an answer even when code panics.
func (a *App) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if !requestID.MatchString(id) {
			id = newRequestID()
		}
		h := w.Header()
		h.Set("X-Request-ID", id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		r.Header.Del("X-Almoner-Scheme")
		if auth.IsHTTPS(r, a.Config.Auth.TrustedProxies) {
			r.Header.Set("X-Almoner-Scheme", "https")
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r = r.WithContext(almoner.WithRequestID(r.Context(), id))
		rec := &recorder{ResponseWriter: w}
		start := time.Now()
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				a.Log.ErrorContext(r.Context(), "request panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()), "request_id", id)
				if rec.status == 0 {
					h.Set("Content-Type", "application/json")
					rec.WriteHeader(http.StatusInternalServerError)
					_, _ = rec.Write([]byte(`{"detail":"Something went wrong on our side. Give support the request number."}`))
				}
			}
			// The path holds ids and no query: searches may contain names of people.
			a.Log.InfoContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "ms", time.Since(start).Milliseconds(), "request_id", id)
		}()
		next.ServeHTTP(rec, r)
	})
}

// sweepEvery is how often ended sessions, forgotten failures and files that no record names are cleared away.
const sweepEvery = time.Hour

// sweep clears away at the start, too: a district office may never run the program for an hour.
func (a *App) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := a.Auth.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "ended sessions could not be cleared away; the next try is in an hour", "error", err)
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
		Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 120 * time.Second,
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
