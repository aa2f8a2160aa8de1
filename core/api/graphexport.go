package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/doc"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

const (
	// fetchPath is where files are fetched, exportParam what names one.
	fetchPath   = "/api/core/fetch_export/"
	exportParam = "export"
	// exportLife is how long a file can be fetched; exportKnown is how long it is known that there was one.
	exportLife  = 24 * time.Hour
	exportKnown = 30 * 24 * time.Hour
	// maxExports is how many files of one person are kept: the oldest goes when there are more.
	maxExports = 20
)

// exportGraph makes a file of a list: of all rows that whoever asks may see, read in one snapshot.
func (q *Request) exportGraph(ctx context.Context, x *gql.Export) (string, error) {
	if q.Actor.UserID == 0 {
		return "", Forbidden() // there is nobody to fetch it
	}
	filled, _, err := q.spool(func(_ context.Context, w io.Writer) error {
		return q.api.DB.View(ctx, func(tx db.Queryer) error { return q.writeExport(ctx, tx, w, x) })
	})
	if err != nil {
		return "", err
	}
	defer filled.drop()
	title := "export_" + x.Record + "_" + time.Now().Format("02_01_2006") + "." + x.Format
	in, err := q.api.Files.Make(ctx, title, tableMedia[x.Format], filled)
	if err != nil {
		return "", err
	}
	defer in.Drop(ctx)
	name := strings.ToLower(rand.Text()) + "." + x.Format
	return name, q.api.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := in.Keep(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into api_exports (name, user_id, workspace_id, root, title, media, sha256, blob_key, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			name, q.Actor.UserID, q.Actor.Workspace.ID, x.Root, title, in.ContentType, in.SHA256, in.Key, tx.Now)
		if err != nil {
			return fmt.Errorf("note an export: %w", err)
		}
		return q.api.discardExports(ctx, tx, "user_id = $1 and id not in (select id from api_exports where user_id = $1 order by id desc limit $2)", q.Actor.UserID, int64(maxExports))
	})
}

// writeExport writes the rows of a list as a table, each with its number, from 1.
func (q *Request) writeExport(ctx context.Context, tx db.Queryer, w io.Writer, x *gql.Export) error {
	v, query, err := q.openGraph(ctx, tx, x.Source, x.Want)
	if err != nil {
		return err
	}
	e := x.Source.Entity
	if err := e.Narrow(ctx, tx, v, &query); err != nil {
		return err
	}
	titles := []string{""}
	for _, c := range x.Columns {
		titles = append(titles, c.Title)
	}
	table, err := q.begin(w, x.Format, titles)
	if err != nil {
		return err
	}
	defer table.drop()
	cells := make([]any, len(titles))
	n := int64(0)
	err = e.EachRecord(ctx, tx, v, query, x.Selection, func(r entity.Record) error {
		n++
		cells[0] = n
		for i, c := range x.Columns {
			cells[i+1] = c.Value(r)
		}
		return table.row(cells)
	})
	if err == nil {
		err = table.finish()
	}
	if errors.Is(err, doc.ErrTooLong) {
		return tooManyRows()
	}
	return err
}

func tooManyRows() error {
	return almoner.Errorf(almoner.Invalid, "too_many_rows", "There are more rows than a spreadsheet holds. Take them as CSV, or filter the list.")
}

// exportCalls fetch the files.
func (a *API) exportCalls() []Call {
	return []Call{{
		Name: "api.export.fetch", Method: http.MethodGet, Path: fetchPath, Wire: Insurance, Rule: SignedIn, Media: mediaCSV,
		Summary: "Fetch the file that an export of a list on the GraphQL wire made for you, within a day.",
		Query:   []Param{{Name: exportParam, Doc: "The name that the export answered with.", Schema: TypeOf("string")}},
		Do:      a.fetchExport,
	}}
}

// madeExport is what is known of a file.
type madeExport struct {
	user, workspace int64
	root            string
	file            file.Stored
}

func (a *API) fetchExport(q *Request) (any, error) {
	name := q.URL.Query().Get(exportParam)
	var x madeExport
	err := a.DB.QueryRow(q.context(), "select user_id, workspace_id, root, title, media, sha256, blob_key, made_at from api_exports where name = $1", name).
		Scan(&x.user, &x.workspace, &x.root, &x.file.Name, &x.file.ContentType, &x.file.SHA256, &x.file.Key, &x.file.At)
	refuse := func(status int, code, message string) (any, error) {
		text := q.text(code, message, nil)
		q.writeJSON(status, "application/json", map[string]string{"message": text, "detail": text})
		return Done, nil
	}
	switch {
	case errors.Is(err, db.ErrNoRows):
		return refuse(http.StatusNotFound, "export_unknown", "There is no such export.")
	case err != nil:
		return nil, fmt.Errorf("find an export: %w", err)
	case x.user != q.Actor.UserID || x.workspace != q.Actor.Workspace.ID || !a.lists(q, x.root):
		return refuse(http.StatusForbidden, "export_not_yours", "This export is not for you, or not for where you work now.")
	case x.file.Key == "" || time.Since(x.file.At) >= exportLife:
		return refuse(http.StatusGone, "export_expired", "This export is not there any more; make a new one.")
	}
	return Done, a.Files.Serve(q.w, q.Request, x.file, false)
}

// lists reports whether whoever asks may still read the list that a root field made a file of.
func (a *API) lists(q *Request, root string) bool {
	for s, r := range a.schemaNow().resources {
		if s.ExportName() == root {
			return r.View.Allows(q.Actor)
		}
	}
	return false
}

// discardExports lets the files of exports go that a condition is about; it is known for a while that there were some.
func (a *API) discardExports(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	rows, err := tx.Query(ctx, "select id, blob_key from api_exports where blob_key <> '' and "+where, args...)
	type gone struct {
		id  int64
		key string
	}
	list, err := db.Collect(rows, err, func(r db.Row) (g gone, err error) { return g, r.Scan(&g.id, &g.key) })
	if err != nil {
		return fmt.Errorf("look for exports that are over: %w", err)
	}
	for _, g := range list {
		if err := a.Files.Discard(ctx, tx, g.key); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update api_exports set blob_key = '' where id = $1", g.id); err != nil {
			return fmt.Errorf("let an export go: %w", err)
		}
	}
	return nil
}

// sweepExports lets the files go that are too old, and forgets those that have been gone for long.
func (a *API) sweepExports(ctx context.Context) error {
	if a.Files == nil {
		return nil
	}
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := a.discardExports(ctx, tx, "made_at < $1", tx.Now.Add(-exportLife)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "delete from api_exports where blob_key = '' and made_at < $1", tx.Now.Add(-exportKnown)); err != nil {
			return fmt.Errorf("forget old exports: %w", err)
		}
		return nil
	})
}
