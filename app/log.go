package app

import (
	"context"
	"log/slog"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/telemetry"
)

// tied makes every line that is logged under a request carry its number, and that of its trace when there is one.
func tied(l *slog.Logger) *slog.Logger { return slog.New(tiedHandler{l.Handler()}) }

type tiedHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h tiedHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := almoner.RequestID(ctx); id != "" && !has(r, "request_id") {
		r.AddAttrs(slog.String("request_id", id))
	}
	if id := telemetry.TraceID(ctx); id != "" {
		r.AddAttrs(slog.String("trace_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

// has reports whether a line says something already.
func has(r slog.Record, key string) (found bool) {
	r.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}

// WithAttrs implements slog.Handler.
func (h tiedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return tiedHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h tiedHandler) WithGroup(name string) slog.Handler {
	return tiedHandler{h.Handler.WithGroup(name)}
}

// shownPath is the path of a request as it may be logged: numbers stay, and where other values stand the name of the value is shown, since it may be the
// name of somebody's file.
func shownPath(route, path string) string {
	named, given := strings.Split(strings.Trim(route, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, segment := range named {
		if strings.HasPrefix(segment, "{") && i < len(given) && isNumber(given[i]) {
			named[i] = given[i]
		}
	}
	return "/" + strings.Join(named, "/")
}

func isNumber(s string) bool {
	return s != "" && len(s) < 20 && strings.Trim(s, "0123456789") == ""
}
