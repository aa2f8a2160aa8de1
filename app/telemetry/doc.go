// Package telemetry measures the program for those who run it: numbers for Prometheus, and traces for a collector that speaks OTLP.
//
// What is measured carries names of operations and kinds of statements. It never carries what people write, who they are, addresses with values in them, or the
// arguments of statements.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	tracing "go.opentelemetry.io/otel/trace"

	"almoner.dev/almoner/core/db"
)

// Metrics says who may read the numbers.
type Metrics struct {
	Token    string         `help:"bearer token with which /metrics may be read from anywhere" secret:"true"`
	Networks []netip.Prefix `help:"networks from which /metrics may be read without a token"`
}

// Traces says where traces go.
type Traces struct {
	URL string `help:"collector of traces that speaks OTLP over HTTP, http://HOST:4318/v1/traces; empty for no traces"`
}

// Defaults let this machine read the numbers, and send no traces.
func Defaults() (Metrics, Traces) {
	return Metrics{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}, Traces{}
}

// minToken is how short a token may be: it is asked for over the network, as often as somebody likes.
const minToken = 16

// Validate reports a token that can be guessed.
func (m Metrics) Validate() error {
	if m.Token != "" && len(m.Token) < minToken {
		return fmt.Errorf("metrics.token must have at least %d characters", minToken)
	}
	return nil
}

// Validate reports an address that cannot work.
func (t Traces) Validate() error {
	if u, err := url.Parse(t.URL); t.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return errors.New("trace.url must begin with http:// or https://")
	}
	return nil
}

// Telemetry is what measures one running program. Close it.
type Telemetry struct {
	metrics  Metrics
	trusted  []netip.Prefix
	registry *prometheus.Registry
	numbers  numbers
	tracer   tracing.Tracer
	provider *trace.TracerProvider
}

// Params are what a Telemetry is made of.
type Params struct {
	Metrics Metrics
	Traces  Traces
	// Trusted are the proxies whose word about the client's address is believed.
	Trusted []netip.Prefix
	Version string
}

// New makes a Telemetry. A collector of traces that does not answer is no error: traces are dropped then.
func New(ctx context.Context, p Params) (*Telemetry, error) {
	t := &Telemetry{metrics: p.Metrics, trusted: p.Trusted, registry: prometheus.NewRegistry()}
	t.numbers = newNumbers(t.registry, p.Version)
	if p.Traces.URL == "" {
		return t, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(p.Traces.URL))
	if err != nil {
		return nil, fmt.Errorf("open the collector of traces: %w", err)
	}
	t.provider = trace.NewTracerProvider(trace.WithBatcher(exporter),
		trace.WithResource(resource.NewSchemaless(semconv.ServiceName("almoner"), semconv.ServiceVersion(p.Version))))
	t.tracer = t.provider.Tracer("almoner.dev/almoner")
	return t, nil
}

// Close sends the traces that are still here, as far as ctx lasts.
func (t *Telemetry) Close(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Observe returns what a database has to be opened with to be measured.
func (t *Telemetry) Observe() db.Observer {
	return db.Observer{Statement: t.statement, Transaction: t.transaction}
}
