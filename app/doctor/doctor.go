// Package doctor looks at an installation, says what is wrong and what to do about it, and changes nothing: it is safe beside a running server and before
// the first start.
package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/module"
)

// State is how something was found.
type State string

// The states.
const (
	// OK means that nothing is to be done.
	OK State = "ok"
	// Warning means that it works and could be better.
	Warning State = "warning"
	// Problem means that something does not work, or will not for long.
	Problem State = "problem"
)

// Finding is what was seen of one thing.
type Finding struct {
	// Check names what was looked at, in a word or two.
	Check string `json:"check"`
	State State  `json:"state"`
	// Detail is what was seen, without anything secret or personal.
	Detail string `json:"detail"`
	// Fix is what to do, "" when there is nothing to do.
	Fix string `json:"fix,omitempty"`
}

// Findings are all of them in order.
type Findings []Finding

// Problems counts those that are problems.
func (f Findings) Problems() int {
	n := 0
	for _, x := range f {
		if x.State == Problem {
			n++
		}
	}
	return n
}

// WriteJSON writes the findings as a JSON list.
func (f Findings) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(f)
}

// WriteTable writes a line for each finding, with what to do below it.
func (f Findings) WriteTable(w io.Writer) error {
	for _, x := range f {
		if _, err := fmt.Fprintf(w, "%-8s %-14s %s\n", x.State, x.Check, x.Detail); err != nil {
			return err
		}
		if x.Fix != "" {
			if _, err := fmt.Fprintf(w, "%-8s %-14s → %s\n", "", "", x.Fix); err != nil {
				return err
			}
		}
	}
	return nil
}

// Installation is what is looked at.
type Installation struct {
	// Data is the data folder, Settings the settings file, which need not exist.
	Data, Settings string
	Listen         string
	TrustedProxies []netip.Prefix
	Database       db.Config
	Files          file.Config
	Migrations     []db.Migrations
	Modules        []module.Definition
	// Now is the time by this machine's clock.
	Now time.Time
}

// examination is one run of the checks.
type examination struct {
	Installation
	found Findings
}

func (x *examination) ok(check, format string, args ...any) {
	x.found = append(x.found, Finding{check, OK, fmt.Sprintf(format, args...), ""})
}

func (x *examination) warn(check, detail, fix string) {
	x.found = append(x.found, Finding{check, Warning, detail, fix})
}

func (x *examination) problem(check, detail, fix string) {
	x.found = append(x.found, Finding{check, Problem, detail, fix})
}

// failed notes that a check could not be carried out.
func (x *examination) failed(check string, err error) {
	x.problem(check, "could not be checked: "+firstLine(err), "see to the problems above first; if there is none, report this as a defect")
}

// Examine carries out all checks. It ends early only when ctx does; a check that fails is a finding.
func Examine(ctx context.Context, in Installation) (Findings, error) {
	x := &examination{Installation: in}
	x.clock()
	x.folder()
	x.modes()
	x.listen(ctx)
	x.database(ctx)
	if ctx.Err() != nil {
		return x.found, context.Cause(ctx)
	}
	return x.found, nil
}

// firstLine is an error for a table.
func firstLine(err error) string {
	line, _, more := strings.Cut(err.Error(), "\n")
	if more {
		line += " …"
	}
	return line
}

// builtAfter is before this program was written: a clock that shows less is wrong.
var builtAfter = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (x *examination) clock() {
	if x.Now.Before(builtAfter) {
		x.problem("clock", "it is "+x.Now.Format(time.RFC3339)+" by this machine, which cannot be", "set the clock, best by NTP: sign-ins and the order of events hang on it")
		return
	}
	x.ok("clock", "%s", x.Now.UTC().Format(time.RFC3339))
}

// aheadBy is how far clocks may be apart.
const aheadBy = time.Minute

// clockOfDatabase compares the clocks: PostgreSQL's own, or the time of the last fact.
func (x *examination) clockOfDatabase(ctx context.Context, d *db.DB) {
	if d.Engine() == db.Postgres {
		var now time.Time
		if err := d.QueryRow(ctx, "select clock_timestamp()").Scan(&now); err != nil {
			x.failed("clock", err)
			return
		}
		if apart := now.Sub(x.Now).Abs(); apart > aheadBy {
			x.problem("clock", "this machine and the database server are "+apart.Round(time.Second).String()+" apart", "set both clocks by NTP")
		}
	}
	var last time.Time
	switch err := d.QueryRow(ctx, "select at from event_log order by id desc limit 1").Scan(&last); {
	case errors.Is(err, db.ErrNoRows):
	case err != nil:
		x.failed("clock", err)
	case last.Sub(x.Now) > aheadBy:
		x.problem("clock", "the last event was written at "+last.Format(time.RFC3339)+", which is yet to come by this machine", "set the clock by NTP; it is behind, or was ahead once")
	}
}
