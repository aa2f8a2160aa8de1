package intake

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// A transaction should hold up others for no longer than is tolerable (design §5): pieces grow and shrink by what the last one took. Where many may write at a
// time, new rows hold up nobody.
const firstPiece, largestPiece = 20, 1000

// firstLook is after how many rows of a file the database looks how much it has, and then at ten times as many each time.
const firstLook = 1000

var tolerable = map[db.Engine]time.Duration{db.SQLite: 40 * time.Millisecond, db.Postgres: time.Second}

// begun in front of a digest marks a row whose later references are still to be set.
const begun = "begun:"

// item is a row on its way into the database.
type item struct {
	number int
	cells  []string
	id     string
	digest string
}

// write makes the records of all tables, each in its turn, then sets the references that had to wait.
func (r *run) write(ctx context.Context) error {
	for _, t := range r.tables {
		if t.Rows != nil && !r.wish.DryRun {
			if err := r.writeRows(ctx, t); err != nil {
				return err
			}
		}
		if t.read() {
			if err := r.writeTable(ctx, t); err != nil {
				return err
			}
		}
	}
	for _, t := range r.tables {
		if t.read() && t.later() && !r.wish.DryRun {
			if err := r.inPieces(ctx, t, false, r.writeLater); err != nil {
				return err
			}
		}
	}
	for _, t := range r.tables {
		if t.read() && t.Past {
			if err := r.inPieces(ctx, t, true, r.writePast); err != nil {
				return err
			}
		}
	}
	if r.wish.DryRun {
		return nil
	}
	return r.into.DB.Optimize(ctx)
}

// writeRows makes the records that the set takes for granted.
func (r *run) writeRows(ctx context.Context, t *table) error {
	ctx = r.inside(ctx)
	return r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		for _, values := range t.Rows {
			id, err := t.alike(ctx, tx, values, nil)
			if err != nil {
				return err
			}
			if id != 0 {
				continue
			}
			if err := t.Entity.Save(ctx, tx, t.Entity.NewChange(0, values)); err != nil {
				return fmt.Errorf("make the %s that %s takes for granted: %w", t.Entity.Name, t.Set, err)
			}
		}
		return nil
	})
}

// writeTable makes the records of one table. Rows that refer to rows of the same file wait until these are there.
func (r *run) writeTable(ctx context.Context, t *table) error {
	made := map[string]bool{}
	for {
		waiting := 0
		before := len(made)
		done := 0
		err := r.inPieces(ctx, t, false, func(ctx context.Context, t *table, piece []item) error {
			var ready []item
			for _, it := range piece {
				switch {
				case made[it.id]:
				case t.self && !t.ready(it, made):
					waiting++
				default:
					ready = append(ready, it)
				}
			}
			if err := r.writePiece(ctx, t, ready); err != nil {
				return err
			}
			for _, it := range ready {
				if t.self {
					made[it.id] = true
				}
			}
			done += len(ready)
			if r.wish.Progress != nil {
				r.wish.Progress(t.File, done, t.report.Read)
			}
			return nil
		})
		if err != nil || waiting == 0 {
			return err
		}
		if len(made) == before {
			return r.circle(t, made)
		}
	}
}

// ready reports whether the rows of the same file that a row refers to were written.
func (t *table) ready(it item, made map[string]bool) bool {
	for _, ref := range t.understand(it.cells, func(string, string) {}).rows {
		if ref.file == t && !ref.Later && !made[ref.text] {
			return false
		}
	}
	return true
}

// circle tells of the rows that lie below themselves.
func (r *run) circle(t *table, made map[string]bool) error {
	return r.again(t, func(l line) error {
		if t.skip(l.cells) == "" && !made[t.idOf(l.cells)] && !t.past(l.cells) {
			t.report.Refused++
			r.report.problem(Problem{t.File, l.number, "", "this row refers to itself by way of others"})
		}
		return nil
	})
}

// inPieces hands the rows of a table that are records, or those that are former states of one, to do in pieces.
func (r *run) inPieces(ctx context.Context, t *table, former bool, do func(ctx context.Context, t *table, piece []item) error) error {
	size, done, look := firstPiece, 0, firstLook
	var piece []item
	flush := func() error {
		if len(piece) == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		start := time.Now()
		if err := do(r.inside(ctx), t, piece); err != nil {
			return err
		}
		took := max(time.Since(start), time.Millisecond)
		if done += len(piece); done >= look && !r.wish.DryRun {
			if err := r.weigh(ctx, t); err != nil {
				return err
			}
			look = 10 * done
		}
		size = min(max(int(float64(len(piece))*float64(tolerable[r.into.DB.Engine()])/float64(took)), 1), largestPiece, size*2)
		piece = piece[:0]
		return nil
	}
	t.report.Skipped = nil
	err := r.again(t, func(l line) error {
		if why := t.skip(l.cells); why != "" {
			if t.report.Skipped == nil {
				t.report.Skipped = map[string]int{}
			}
			t.report.Skipped[why]++
			return nil
		}
		if (t.past(l.cells) && t.formerOf(l.cells) != "") != former {
			return nil
		}
		piece = append(piece, item{l.number, slices.Clone(l.cells), t.idOf(l.cells), digest(l.cells)})
		if len(piece) < size {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// weigh lets the database look how much was written so far: of a table that seems to be empty, both engines read all there is to find a few. PostgreSQL looks by itself, too, but
// later.
func (r *run) weigh(ctx context.Context, t *table) error {
	if r.into.DB.Engine() == db.Postgres {
		return r.into.DB.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "analyze intake_rows, "+t.Entity.Table)
			return err
		})
	}
	return r.into.DB.Optimize(ctx)
}

func digest(cells []string) string {
	sum := sha256.New()
	for _, cell := range cells {
		fmt.Fprintf(sum, "%d:%s", len(cell), cell)
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:15])
}

// kept is what is remembered of a row.
type kept struct {
	record  int64
	digest  string
	version int64
}

// errAlone says that a piece has to be written row by row, because one of its rows was refused by the database.
var errAlone = errors.New("row by row")

// writePiece makes the records of some rows in one transaction; what is refused is left out of it.
func (r *run) writePiece(ctx context.Context, t *table, piece []item) error {
	if len(piece) == 0 {
		return nil
	}
	if r.wish.DryRun {
		return r.into.DB.View(ctx, func(q db.Queryer) error { return r.compare(ctx, q, t, piece) })
	}
	err := r.attempt(ctx, t, piece)
	if errors.Is(err, errAlone) && len(piece) > 1 {
		for i := range piece {
			if err := r.attempt(ctx, t, piece[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	return err
}

// work is what one transaction knows of its rows.
type work struct {
	// own are rows of the file itself that are known, refs those of files that the rows refer to.
	own  map[string]kept
	refs map[*table]map[string]kept
	// keys are records that were there before, by their keys; nil when each has to be looked for.
	keys map[string]int64
	bulk *entity.Bulk
	// alone tells that there is one row, which the database may refuse without harm to others.
	alone bool
	// done are the rows that became records and are still to be remembered.
	done []done
}

// done is a row and what it became.
type done struct {
	id string
	kept
}

// attempt is one transaction. What it counts and notes stands only when it commits.
func (r *run) attempt(ctx context.Context, t *table, piece []item) error {
	report, problems, more := t.report, len(r.report.Problems), r.report.More
	err := r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		w := &work{bulk: &entity.Bulk{Rows: len(piece)}, alone: len(piece) == 1}
		var err error
		if w.own, err = r.known(ctx, tx, t.File, ids(piece)); err != nil {
			return err
		}
		if w.refs, err = r.references(ctx, tx, t, piece); err != nil {
			return err
		}
		if err := w.find(ctx, tx); err != nil {
			return err
		}
		if w.keys, err = t.keysThere(ctx, tx, piece, w); err != nil {
			return err
		}
		for _, it := range piece {
			if err := r.writeRow(ctx, tx, t, it, w); err != nil {
				return err
			}
		}
		return r.conclude(ctx, tx, t, w)
	})
	if err != nil {
		t.report, r.report.Problems, r.report.More = report, r.report.Problems[:problems], more
		r.book = keyBook{} // it may name records that were undone
	}
	return err
}

func ids(piece []item) []string {
	list := make([]string, len(piece))
	for i, it := range piece {
		list[i] = it.id
	}
	return list
}

// conclude writes what is written for all rows of a transaction together.
func (r *run) conclude(ctx context.Context, tx *db.Tx, t *table, w *work) error {
	if err := w.bulk.Flush(ctx, tx); err != nil {
		if !w.alone && almoner.KindOf(err) != almoner.Internal {
			return errAlone // nobody knows which row was meant
		}
		return err
	}
	records := make(db.IDs, len(w.done))
	for i, d := range w.done {
		records[i] = d.record
	}
	versions, err := t.versions(ctx, tx, records)
	if err != nil {
		return err
	}
	for i, d := range w.done {
		w.done[i].version = versions[d.record]
	}
	return r.remember(ctx, tx, t, w.done)
}

// writeRow makes one record, or changes the one that the row became before.
func (r *run) writeRow(ctx context.Context, tx *db.Tx, t *table, it item, w *work) error {
	refused := false
	note := func(column, message string) {
		if !refused {
			t.report.Refused++
		}
		refused = true
		r.report.problem(Problem{t.File, it.number, column, message})
	}
	before, again := w.own[it.id]
	if again && strings.TrimPrefix(before.digest, begun) == it.digest {
		t.report.Unchanged++
		return nil
	}
	got, err := r.resolve(ctx, tx, t, it, w, note)
	if err != nil || refused {
		return err
	}
	record := before.record
	switch {
	case !again && t.past(it.cells):
		// It ended: whoever has its key now is somebody else.
	case !again:
		if record, err = t.alike(ctx, tx, got.values, w.keys); err != nil {
			return err
		}
	default:
		versions, err := t.versions(ctx, tx, db.IDs{record})
		if err != nil {
			return err
		}
		if versions[record] != before.version {
			note("", fmt.Sprintf("record %d was changed here since it was imported, so the new row is left out", record))
			return nil
		}
	}
	if err := t.ended(it, got.values); err != nil {
		return err
	}
	change := t.Entity.NewChange(record, got.values)
	change.Bulk = w.bulk
	save := func() error { return t.since(tx, it, record, func() error { return t.Entity.Save(ctx, tx, change) }) }
	if w.alone {
		plain := save
		save = func() error { return tx.Savepoint(ctx, plain) }
	}
	if err := save(); err != nil {
		kind := almoner.KindOf(err)
		if !w.alone && kind == almoner.Conflict {
			return errAlone // the database may have refused it, and takes nothing more in this transaction
		}
		return t.explain(err, note)
	}
	switch {
	case record == 0:
		t.report.Made++
	case len(change.Changed()) > 0:
		t.report.Changed++
	default:
		t.report.Unchanged++
	}
	mark := it.digest
	if slices.ContainsFunc(got.rows, func(ref reference) bool { return ref.Later }) {
		mark = begun + mark
	}
	w.own[it.id] = kept{record: change.ID, digest: mark}
	w.done = append(w.done, done{it.id, w.own[it.id]})
	return nil
}

// since does something under the time from which a new record has been true there; a change happens now.
func (t *table) since(tx *db.Tx, it item, record int64, do func() error) error {
	if record != 0 || t.from < 0 {
		return do()
	}
	if when, err := t.instant(it.cells, t.from); err == nil && when.Before(tx.Now) {
		defer func(now time.Time) { tx.Now = now }(tx.Now)
		tx.Now = when
	}
	return do()
}

// ended gives a row that is no longer true, and has none in its place, its times.
func (t *table) ended(it item, values entity.Values) error {
	if !t.past(it.cells) {
		return nil
	}
	var err error
	if values[validFrom], err = t.instant(it.cells, t.from); err != nil {
		return err
	}
	values[validTo], err = t.instant(it.cells, t.to)
	return err
}

// together is how many rows one statement remembers.
const together = 100

func (r *run) remember(ctx context.Context, tx *db.Tx, t *table, rows []done) error {
	for some := range slices.Chunk(rows, together) {
		args := []any{r.workspace.ID, t.Set, t.File, tx.Now}
		marks := make([]string, len(some))
		for i, d := range some {
			n := len(args)
			marks[i] = fmt.Sprintf("($1, $2, $3, $%d, $%d, $%d, $%d, $4, $4)", n+1, n+2, n+3, n+4)
			args = append(args, d.id, d.record, d.digest, d.version)
		}
		_, err := tx.Exec(ctx, `
			insert into intake_rows (workspace_id, source, file, row_id, record_id, digest, version, created_at, updated_at) values `+strings.Join(marks, ", ")+`
			on conflict (workspace_id, source, file, row_id) do update set record_id = excluded.record_id, digest = excluded.digest, version = excluded.version, updated_at = excluded.updated_at`, args...)
		if err != nil {
			return fmt.Errorf("remember rows of %s: %w", t.File, err)
		}
	}
	return nil
}

// compare counts what writing would do, as far as it can be told without doing it.
func (r *run) compare(ctx context.Context, q db.Queryer, t *table, piece []item) error {
	known, err := r.known(ctx, q, t.File, ids(piece))
	if err != nil {
		return err
	}
	for _, it := range piece {
		before, again := known[it.id]
		switch {
		case !again && t.past(it.cells):
			t.report.Made++
		case !again:
			id, err := t.alike(ctx, q, t.understand(it.cells, func(string, string) {}).values, nil)
			if err != nil {
				return err
			}
			if id == 0 {
				t.report.Made++
			} else {
				t.report.Changed++
			}
		case strings.TrimPrefix(before.digest, begun) == it.digest:
			t.report.Unchanged++
		default:
			t.report.Changed++
		}
	}
	return nil
}
