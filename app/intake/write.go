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

// A transaction should hold up others for no longer than tolerable (design §5): pieces grow and shrink by what the last one took.
const (
	firstPiece, largestPiece = 20, 1000
	tolerable                = 40 * time.Millisecond
)

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
			id, err := t.alike(ctx, tx, values)
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
	size := firstPiece
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
		size = min(max(int(float64(len(piece))*float64(tolerable)/float64(took)), 1), largestPiece, size*2)
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

// attempt is one transaction. What it counts and notes stands only when it commits.
func (r *run) attempt(ctx context.Context, t *table, piece []item) error {
	report, problems, more := t.report, len(r.report.Problems), r.report.More
	err := r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		known, err := r.known(ctx, tx, t.File, ids(piece))
		if err != nil {
			return err
		}
		refs, err := r.references(ctx, tx, t, piece)
		if err != nil {
			return err
		}
		for _, it := range piece {
			if err := r.writeRow(ctx, tx, t, it, known, refs, len(piece) == 1); err != nil {
				return err
			}
		}
		return nil
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

// known returns what is remembered of rows of a file.
func (r *run) known(ctx context.Context, q db.Queryer, file string, rows []string) (map[string]kept, error) {
	found := map[string]kept{}
	if len(rows) == 0 {
		return found, nil
	}
	list, err := q.Query(ctx, "select row_id, record_id, digest, version from intake_rows where workspace_id = $1 and source = $2 and file = $3 and "+r.into.DB.Engine().AnyText("row_id", "$4"),
		r.workspace.ID, r.wish.Set, file, db.Texts(rows))
	type pair struct {
		id string
		kept
	}
	pairs, err := db.Collect(list, err, func(row db.Row) (p pair, err error) { return p, row.Scan(&p.id, &p.record, &p.kept.digest, &p.version) })
	if err != nil {
		return nil, fmt.Errorf("look up rows of %s: %w", file, err)
	}
	for _, p := range pairs {
		found[p.id] = p.kept
	}
	return found, nil
}

// references returns the records that rows of other files became, by file and row.
func (r *run) references(ctx context.Context, q db.Queryer, t *table, piece []item) (map[*table]map[string]kept, error) {
	wanted := map[*table][]string{}
	for _, it := range piece {
		for _, ref := range t.understand(it.cells, func(string, string) {}).rows {
			if !slices.Contains(wanted[ref.file], ref.text) {
				wanted[ref.file] = append(wanted[ref.file], ref.text)
			}
		}
	}
	found := map[*table]map[string]kept{}
	for file, rows := range wanted {
		var err error
		if found[file], err = r.known(ctx, q, file.File, rows); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// writeRow makes one record, or changes the one that the row became before. Alone, the database may refuse it without harm to others.
func (r *run) writeRow(ctx context.Context, tx *db.Tx, t *table, it item, known map[string]kept, refs map[*table]map[string]kept, alone bool) error {
	refused := false
	note := func(column, message string) {
		if !refused {
			t.report.Refused++
		}
		refused = true
		r.report.problem(Problem{t.File, it.number, column, message})
	}
	before, again := known[it.id]
	if again && strings.TrimPrefix(before.digest, begun) == it.digest {
		t.report.Unchanged++
		return nil
	}
	got, err := r.resolve(ctx, tx, t, it, known, refs, note)
	if err != nil || refused {
		return err
	}
	record := before.record
	switch {
	case !again && t.past(it.cells):
		// It ended: whoever has its key now is somebody else.
	case !again:
		if record, err = t.alike(ctx, tx, got.values); err != nil {
			return err
		}
	default:
		version, err := t.version(ctx, tx, record)
		if err != nil {
			return err
		}
		if version != before.version {
			note("", fmt.Sprintf("record %d was changed here since it was imported, so the new row is left out", record))
			return nil
		}
	}
	if err := t.ended(it, got.values); err != nil {
		return err
	}
	change := t.Entity.NewChange(record, got.values)
	save := func() error { return t.since(tx, it, record, func() error { return t.Entity.Save(ctx, tx, change) }) }
	if alone {
		plain := save
		save = func() error { return tx.Savepoint(ctx, plain) }
	}
	if err := save(); err != nil {
		kind := almoner.KindOf(err)
		if !alone && kind == almoner.Conflict {
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
	keep := kept{record: change.ID, digest: mark}
	if keep.version, err = t.version(ctx, tx, change.ID); err != nil {
		return err
	}
	known[it.id] = keep
	return r.remember(ctx, tx, t, it.id, keep)
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

// resolve understands a row and puts the ids of what it refers to into its values.
func (r *run) resolve(ctx context.Context, q db.Queryer, t *table, it item, own map[string]kept, refs map[*table]map[string]kept, note func(column, message string)) (read, error) {
	got := t.understand(it.cells, note)
	if err := t.finish(it.cells, got.values, note); err != nil {
		return got, err
	}
	for _, ref := range got.rows {
		if ref.Later {
			continue
		}
		to, ok := refs[ref.file][ref.text]
		if ref.file == t && !ok {
			to, ok = own[ref.text]
		}
		if !ok {
			note(ref.Name, fmt.Sprintf("row %s of %s was refused, and this one with it", ref.text, ref.file.File))
			continue
		}
		got.values[ref.field.Name] = to.record
	}
	for _, ref := range got.keys {
		id, err := r.book.find(ctx, q, ref.field.TargetEntity(), ref.text)
		if err != nil {
			return got, err
		}
		if id == 0 {
			note(ref.Name, fmt.Sprintf("there is no %s %q", strings.ToLower(ref.field.TargetEntity().Label), ref.text))
			continue
		}
		got.values[ref.field.Name] = id
	}
	return got, nil
}

// alike finds a record that was there before the first import and has the key of the row, 0 for none.
func (t *table) alike(ctx context.Context, q db.Queryer, values entity.Values) (int64, error) {
	if len(t.Entity.Key) == 0 || t.Several {
		return 0, nil
	}
	key := entity.Values{}
	for _, name := range t.Entity.Key {
		v, ok := values[name]
		if !ok || v == nil || v == "" {
			return 0, nil
		}
		key[name] = v
	}
	id, err := t.Entity.ByKey(ctx, q, key)
	if almoner.KindOf(err) == almoner.NotFound {
		return 0, nil
	}
	return id, err
}

// version is that of a record, 0 when it is gone.
func (t *table) version(ctx context.Context, q db.Queryer, id int64) (version int64, err error) {
	err = q.QueryRow(ctx, "select version from "+t.Entity.Table+" where id = $1", id).Scan(&version)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at record %d of %s: %w", id, t.Entity.Name, err)
	}
	return version, nil
}

func (r *run) remember(ctx context.Context, tx *db.Tx, t *table, id string, k kept) error {
	_, err := tx.Exec(ctx, `
		insert into intake_rows (workspace_id, source, file, row_id, record_id, digest, version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		on conflict (workspace_id, source, file, row_id) do update set record_id = excluded.record_id, digest = excluded.digest, version = excluded.version, updated_at = excluded.updated_at`,
		r.workspace.ID, t.Set, t.File, id, k.record, k.digest, k.version, tx.Now)
	if err != nil {
		return fmt.Errorf("remember row %s of %s: %w", id, t.File, err)
	}
	return nil
}

// writeLater sets the references of rows that were written before what they refer to.
func (r *run) writeLater(ctx context.Context, t *table, piece []item) error {
	return r.into.DB.InTx(ctx, func(tx *db.Tx) error {
		known, err := r.known(ctx, tx, t.File, ids(piece))
		if err != nil {
			return err
		}
		refs, err := r.references(ctx, tx, t, piece)
		if err != nil {
			return err
		}
		for _, it := range piece {
			k, ok := known[it.id]
			if !ok || !strings.HasPrefix(k.digest, begun) {
				continue
			}
			if err := r.writeLaterRow(ctx, tx, t, it, k, refs); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) writeLaterRow(ctx context.Context, tx *db.Tx, t *table, it item, k kept, refs map[*table]map[string]kept) error {
	values := entity.Values{}
	for _, ref := range t.understand(it.cells, func(string, string) {}).rows {
		if to, ok := refs[ref.file][ref.text]; ok && ref.Later {
			values[ref.field.Name] = to.record
		}
	}
	if t.past(it.cells) {
		return r.completeEnded(ctx, tx, t, it, k, values)
	}
	change := t.Entity.NewChange(k.record, values)
	change.Completes = true
	err := tx.Savepoint(ctx, func() error { return t.Entity.Save(ctx, tx, change) })
	if err != nil {
		return t.explain(err, func(column, message string) { r.report.problem(Problem{t.File, it.number, column, message}) })
	}
	k.digest = it.digest
	if k.version, err = t.version(ctx, tx, k.record); err != nil {
		return err
	}
	return r.remember(ctx, tx, t, it.id, k)
}

// completeEnded sets the later references of a record that has ended, which takes no changes any more.
func (r *run) completeEnded(ctx context.Context, tx *db.Tx, t *table, it item, k kept, values entity.Values) error {
	for _, c := range t.columns {
		v, ok := values[c.field.Name]
		if !ok {
			continue
		}
		if _, err := tx.Exec(ctx, "update "+t.Entity.Table+" set "+c.field.Column+" = $2 where id = $1", k.record, v); err != nil {
			return fmt.Errorf("complete record %d of %s: %w", k.record, t.Entity.Name, err)
		}
	}
	k.digest = it.digest
	return r.remember(ctx, tx, t, it.id, k)
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
			id, err := t.alike(ctx, q, t.understand(it.cells, func(string, string) {}).values)
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
