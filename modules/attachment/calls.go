package attachment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

// flat is the list of all documents that the actor may have (tpm §5.7).
func (s *Service) flat() *api.Resource {
	return &api.Resource{
		Name: "attachment.flat", Entity: s.Attachment, Path: "/api/v2/attachments/", Title: "Attachments", Wire: api.Documents, Can: api.List, Paging: api.Bare,
		ListShape: "flat", View: api.SignedIn, Edit: api.SignedIn,
		Only: func(*almoner.Actor, func(any) string) string { return "{t}.blob_key <> '' or {t}.hyperlink <> ''" },
	}
}

func (s *Service) calls() []api.Call {
	area := func(name, method, path, summary string, do func(*api.Request) (any, error)) api.Call {
		return api.Call{Name: "attachment." + name, Method: method, Path: "/api/v2/attachments/" + path, Summary: summary, Wire: api.Documents, Rule: api.SignedIn, Do: do}
	}
	upload := area("upload.create", "POST", "upload/", "Put down a file that belongs to no record yet.", s.upload)
	upload.Enter = inWorkspace
	upload.Upload = &api.Upload{Field: "file", Label: "File", Accept: file.Uploads, Required: true}
	upload.Output = api.Object(nil)
	get := area("file.get", "GET", "file/{id}/", "Get a file, or be sent to the document that is a link.", s.serve)
	get.Media = "application/octet-stream"
	get.Query = []api.Param{{Name: "inline", Doc: "true to show a picture, a PDF or a plain text rather than to save it.", Schema: api.TypeOf("boolean")}}
	named := get
	named.Name, named.Path = "attachment.named_file.get", "/api/v2/attachments/file/{id}/{filename}/"
	return append([]api.Call{upload, get, named}, s.linkCalls(area)...)
}

// inWorkspace refuses people without a workspace.
func inWorkspace(q *api.Request) error {
	if q.Actor.Workspace.ID == 0 {
		return almoner.Errorf(almoner.Forbidden, "no_workspace", "You do not belong to any workspace. Ask an administrator for access.")
	}
	return nil
}

// upload stores a file as a document of no record and answers with its flat row.
func (s *Service) upload(q *api.Request) (any, error) {
	ctx := q.Context()
	var body json.RawMessage
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := q.File.Keep(ctx, tx); err != nil {
			return err
		}
		change := s.Attachment.NewChange(0, entity.Values{"uploaded_by": q.Actor.UserID, "ip_address": s.address(q)})
		received(change, q.File)
		if err := s.Attachment.Save(ctx, tx, change); err != nil {
			return err
		}
		var err error
		body, err = s.Attachment.Object(ctx, tx, entity.Viewer{Actor: q.Actor}, "flat", change.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// serve answers with the bytes of a document, or sends the caller to where a link leads.
func (s *Service) serve(q *api.Request) (any, error) {
	if err := inWorkspace(q); err != nil {
		return nil, err
	}
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	ctx := q.Context()
	var stored file.Stored
	var link string
	err = s.db.View(ctx, func(tx db.Queryer) error {
		if _, err := s.Attachment.Locate(ctx, tx, entity.Viewer{Actor: q.Actor}, id); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, "select blob_key, filename, content_type, sha256, hyperlink, created_at from attachment_attachments where id = $1", id).
			Scan(&stored.Key, &stored.Name, &stored.ContentType, &stored.SHA256, &link, &stored.At)
		if err != nil {
			return fmt.Errorf("read attachment %d: %w", id, err)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case link != "":
		return api.Redirect{To: link}, nil
	case stored.Key == "":
		return nil, entity.NotFound()
	}
	return q.ServeFile(stored)
}

const (
	// unboundAge is how long an upload may belong to nothing.
	unboundAge = 7 * 24 * time.Hour
	// tidyEvery is how often they are looked for, tidyBatch how many are deleted at once.
	tidyEvery = time.Hour
	tidyBatch = 100
)

func (s *Service) run(ctx context.Context) error {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		// What could not be deleted now is found again in an hour.
		if _, err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "uploads that belong to nothing could not be deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Tidy deletes the uploads that have belonged to no record, and were linked to none, for a week, and returns how many.
func (s *Service) Tidy(ctx context.Context) (int, error) {
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.attachments"})
	deleted := 0
	for {
		n := 0
		err := s.db.InTx(ctx, func(tx *db.Tx) error {
			type upload struct{ id, workspace int64 }
			rows, err := tx.Query(ctx, `
				select a.id, a.workspace_id from attachment_attachments a
				where a.owner_entity = $1 and a.created_at < $2 and not exists (select 1 from attachment_links l where l.attachment_id = a.id)
				order by a.id limit $3`, "", tx.Now.Add(-unboundAge), int64(tidyBatch))
			due, err := db.Collect(rows, err, func(r db.Row) (u upload, err error) { return u, r.Scan(&u.id, &u.workspace) })
			if err != nil {
				return fmt.Errorf("read forgotten uploads: %w", err)
			}
			for _, u := range due {
				in := almoner.WithActor(ctx, &almoner.Actor{System: "system.attachments", Workspace: almoner.Workspace{ID: u.workspace}})
				if err := s.Attachment.Save(in, tx, s.Attachment.NewDelete(u.id)); err != nil {
					return err
				}
			}
			n = len(due)
			return nil
		})
		deleted += n
		if err != nil || n < tidyBatch {
			return deleted, errors.Join(err, ctx.Err())
		}
	}
}
