package telemetry

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	tracing "go.opentelemetry.io/otel/trace"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
)

// carrier is the header in which a caller says which trace its request belongs to (W3C Trace Context).
var carrier propagation.TraceContext

// Request is told when a request begins, with the name of its operation and the path with names in the place of values. It returns the context for the
// work and a function to be called with the status of the answer when it is over.
func (t *Telemetry) Request(r *http.Request, operation, path string) (ctx context.Context, over func(status int)) {
	ctx, start := r.Context(), time.Now()
	t.numbers.inFlight.Inc()
	var span tracing.Span
	if t.tracer != nil {
		ctx = carrier.Extract(ctx, propagation.HeaderCarrier(r.Header))
		ctx, span = t.tracer.Start(ctx, operation, tracing.WithSpanKind(tracing.SpanKindServer), tracing.WithAttributes(
			attribute.String("http.request.method", method(r.Method)), attribute.String("http.route", path), attribute.String("almoner.request_id", almoner.RequestID(ctx))))
	}
	return ctx, func(status int) {
		t.numbers.inFlight.Dec()
		t.count(operation, status, time.Since(start))
		if span != nil {
			span.SetAttributes(attribute.Int("http.response.status_code", status))
			if status >= http.StatusInternalServerError {
				span.SetStatus(codes.Error, http.StatusText(status))
			}
			span.End()
		}
	}
}

// method is a method that HTTP knows; others are written by whoever sends them.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "_OTHER"
}

// startStatement begins the span of a statement. Its text has placeholders where the arguments are.
func (t *Telemetry) startStatement(ctx context.Context, kind, sql string) func(error) {
	if t.tracer == nil || !tracing.SpanContextFromContext(ctx).IsSampled() {
		return func(error) {}
	}
	_, span := t.tracer.Start(ctx, kind, tracing.WithSpanKind(tracing.SpanKindClient), tracing.WithAttributes(attribute.String("db.query.text", sql)))
	return func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "failed") // the message of a database may repeat the values
		}
		span.End()
	}
}

// TraceID is the trace that ctx belongs to, "" for none.
func TraceID(ctx context.Context) string {
	if c := tracing.SpanContextFromContext(ctx); c.HasTraceID() {
		return c.TraceID().String()
	}
	return ""
}

// Handler answers GET /metrics to whoever may read the numbers, and 403 to others.
func (t *Telemetry) Handler() http.Handler {
	numbers := promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if !t.mayRead(r) {
			http.Error(w, "The numbers are for the networks of metrics.networks, and for the token of metrics.token.", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		numbers.ServeHTTP(w, r)
	})
}

// forwarding are headers that proxies add.
var forwarding = []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"}

func (t *Telemetry) mayRead(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if t.metrics.Token != "" && strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(token), []byte(t.metrics.Token)) == 1 {
		return true
	}
	client, direct := auth.ClientIP(r, t.trusted), auth.ClientIP(r, nil)
	if client == direct && !within(direct, t.trusted) {
		// A proxy on this machine that is not named as trusted must not make the whole world look local.
		for _, h := range forwarding {
			if r.Header.Get(h) != "" {
				return false
			}
		}
	}
	return within(client, t.metrics.Networks)
}

func within(a netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}
