package telemetry

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"almoner.dev/almoner/core/db"
)

// numbers are the measurements of this program, beside those of Go and of the process.
type numbers struct {
	requests     *prometheus.HistogramVec
	inFlight     prometheus.Gauge
	statements   *prometheus.HistogramVec
	transactions *prometheus.HistogramVec
}

var (
	requestTimes   = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	statementTimes = []float64{.0002, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}
)

func newNumbers(r *prometheus.Registry, version string) numbers {
	n := numbers{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "almoner_request_duration_seconds", Help: "How long requests took, by the name of the operation and the status of the answer.", Buckets: requestTimes,
		}, []string{"operation", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "almoner_requests_in_flight", Help: "Requests being answered right now."}),
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "almoner_db_statement_duration_seconds", Help: "How long statements took until their answer began, by kind and outcome.", Buckets: statementTimes,
		}, []string{"kind", "outcome"}),
		transactions: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "almoner_db_transaction_duration_seconds", Help: "How long write transactions took, the wait for their turn included, by outcome.", Buckets: statementTimes,
		}, []string{"outcome"}),
	}
	built := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "almoner_build_info", Help: "Always 1; the labels say what is running.", ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	built.Set(1)
	r.MustRegister(n.requests, n.inFlight, n.statements, n.transactions, built, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return n
}

// Watch adds the use of the connections of a database to the numbers.
func (t *Telemetry) Watch(d *db.DB) {
	t.registry.MustRegister(&pools{d: d, desc: prometheus.NewDesc("almoner_db_connections", "Connections to the database, by pool: open, busy, and most there may be.", []string{"pool", "state"}, nil)})
}

// pools asks the database for the use of its connections when somebody reads the numbers.
type pools struct {
	d    *db.DB
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (p *pools) Describe(out chan<- *prometheus.Desc) { out <- p.desc }

// Collect implements prometheus.Collector.
func (p *pools) Collect(out chan<- prometheus.Metric) {
	for _, pool := range p.d.Pools() {
		for state, n := range map[string]int{"open": pool.Open, "busy": pool.Busy, "most": pool.Most} {
			out <- prometheus.MustNewConstMetric(p.desc, prometheus.GaugeValue, float64(n), pool.Name, state)
		}
	}
}

// kinds are the words with which statements begin that are counted by themselves.
var kinds = map[string]bool{"select": true, "insert": true, "update": true, "delete": true, "savepoint": true, "release": true, "rollback": true}

// kindOf is the first word of a statement when it is one of few, so that the number of series stays small.
func kindOf(sql string) string {
	word := strings.ToLower(strings.TrimLeft(sql, " \t\r\n("))
	if end := strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }); end >= 0 {
		word = word[:end]
	}
	switch {
	case word == "with":
		return "select"
	case kinds[word]:
		return word
	}
	return "other"
}

func outcome(good bool) string {
	if good {
		return "ok"
	}
	return "failed"
}

func (t *Telemetry) statement(ctx context.Context, sql string) func(error) {
	kind, start := kindOf(sql), time.Now()
	end := t.startStatement(ctx, kind, sql)
	return func(err error) {
		t.numbers.statements.WithLabelValues(kind, outcome(err == nil)).Observe(time.Since(start).Seconds())
		end(err)
	}
}

func (t *Telemetry) transaction(context.Context) func(bool) {
	start := time.Now()
	return func(committed bool) {
		word := "committed"
		if !committed {
			word = "rolled back"
		}
		t.numbers.transactions.WithLabelValues(word).Observe(time.Since(start).Seconds())
	}
}

func (t *Telemetry) count(operation string, status int, took time.Duration) {
	t.numbers.requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
}
