package attachment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func linkEntity() *entity.Entity {
	return &entity.Entity{
		Name: "attachment.link", Label: "Link to an attachment", Plural: "Links to attachments", Table: "attachment_links",
		Fields: []*entity.Field{
			{Name: "attachment", Kind: entity.Ref, Label: "Attachment", To: "attachment.attachment", Required: true},
			{Name: "owner_entity", Kind: entity.Text, ReadOnly: true},
			{Name: "owner", Kind: entity.Integer, Column: "owner_id", ReadOnly: true},
		},
	}
}

// Linked is a link as it is shown (tpm §5.8).
type Linked struct {
	ID         int64  `json:"id"`
	Attachment int64  `json:"attachment"`
	Filename   string `json:"filename"`
	URL        string `json:"url"`
	FileType   string `json:"file_type"`
	Created    string `json:"created"`
	Source     string `json:"source"`
	ActivityID int64  `json:"activity_id"`
}

// LinkInput is the field of a body that names the documents to link.
var LinkInput = []*entity.Field{{Name: "attachments", Kind: entity.JSON, Label: "Attachments", Required: true}}

// LinkSchema describes the links of a record for the documents.
var LinkSchema = api.ArrayOf(api.Object(map[string]*api.Schema{
	"id": api.TypeOf("integer"), "attachment": api.TypeOf("integer"), "filename": api.TypeOf("string"), "url": api.TypeOf("string"),
	"file_type": api.TypeOf("string"), "created": api.TypeOf("string"), "source": api.TypeOf("string"), "activity_id": api.TypeOf("integer"),
}))

func (s *Service) linkCalls(area func(name, method, path, summary string, do func(*api.Request) (any, error)) api.Call) []api.Call {
	list := area("link.list", "GET", "links/{app}/{model}/{object}/", "List the documents that are linked to a record.", s.listLinks)
	list.Output = LinkSchema
	create := area("link.create", "POST", "links/{app}/{model}/{object}/", "Link documents to a record.", s.createLinks)
	create.Input, create.Output, create.Status = LinkInput, api.Object(nil), 201
	create.Enter = func(q *api.Request) error {
		return s.db.View(q.Context(), func(tx db.Queryer) error {
			_, _, err := s.target(q, tx, true)
			return err
		})
	}
	return []api.Call{list, create, area("link.delete", "DELETE", "links/{id}/", "Take a link away; the document stays where it is.", s.deleteLink)}
}

// target finds the record that the address of a link names.
func (s *Service) target(q *api.Request, tx db.Queryer, write bool) (*Owner, int64, error) {
	if err := inWorkspace(q); err != nil {
		return nil, 0, err
	}
	o := s.ownerCalled(q.PathValue("app"), q.PathValue("model"))
	if o == nil || o.Enter == nil {
		return nil, 0, entity.NotFound()
	}
	id, err := q.ID("object")
	if err != nil {
		return nil, 0, err
	}
	return o, id, o.Enter(q, tx, id, write)
}

func (s *Service) listLinks(q *api.Request) (any, error) {
	var list []Linked
	err := s.db.View(q.Context(), func(tx db.Queryer) error {
		o, id, err := s.target(q, tx, false)
		if err != nil {
			return err
		}
		list, err = s.Links(q.Context(), tx, o, "{o} = $2", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (s *Service) createLinks(q *api.Request) (any, error) {
	var list []Linked
	err := s.db.InTx(q.Context(), func(tx *db.Tx) error {
		o, id, err := s.target(q, tx, true)
		if err != nil {
			return err
		}
		list, err = s.LinkTo(q.Context(), tx, o, id, q.In["attachments"])
		return err
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"attachments": list}, nil
}

func (s *Service) deleteLink(q *api.Request) (any, error) {
	if err := inWorkspace(q); err != nil {
		return nil, err
	}
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	ctx := q.Context()
	return nil, s.db.InTx(ctx, func(tx *db.Tx) error {
		var name string
		var owner int64
		err := tx.QueryRow(ctx, "select owner_entity, owner_id from attachment_links where id = $1 and workspace_id = $2", id, q.Actor.Workspace.ID).Scan(&name, &owner)
		if errors.Is(err, db.ErrNoRows) {
			return entity.NotFound()
		}
		if err != nil {
			return fmt.Errorf("read link %d: %w", id, err)
		}
		o := s.owner(name)
		if o == nil || o.Enter == nil {
			return entity.NotFound()
		}
		if err := o.Enter(q, tx, owner, true); err != nil {
			return err
		}
		return s.Link.Save(ctx, tx, s.Link.NewDelete(id))
	})
}

// LinkTo links documents to a record: raw is the list `[{"attachment": id}, …]` of the body. Only documents that the actor may have can be
// linked, each once; one that is linked already stays so. It returns all links that the list names. Whether the actor may link here is the
// caller's affair.
func (s *Service) LinkTo(ctx context.Context, tx *db.Tx, o *Owner, id int64, raw any) ([]Linked, error) {
	ids, err := s.linkable(ctx, tx, raw)
	if err != nil {
		return nil, err
	}
	for _, attachment := range ids {
		var n int64
		err := tx.QueryRow(ctx, "select count(*) from attachment_links where attachment_id = $1 and owner_entity = $2 and owner_id = $3", attachment, o.Entity.Name, id).Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("look for a link: %w", err)
		}
		if n > 0 {
			continue
		}
		change := s.Link.NewChange(0, entity.Values{"attachment": attachment, "owner_entity": o.Entity.Name, "owner": id})
		if err := s.Link.Save(ctx, tx, change); err != nil {
			return nil, err
		}
	}
	return s.Links(ctx, tx, o, "{o} = $2 and "+tx.Engine().AnyID("l.attachment_id", "$3"), id, ids)
}

// linkable reads the list of documents and finds those that the actor may have.
func (s *Service) linkable(ctx context.Context, tx *db.Tx, raw any) (db.IDs, error) {
	var items []map[string]json.RawMessage
	doc, _ := raw.(json.RawMessage)
	if json.Unmarshal(doc, &items) != nil {
		return nil, almoner.Invalidf("attachments", "attachment.bad_links", "Expected a list of objects with the id of an attachment.")
	}
	if len(items) == 0 {
		return nil, almoner.Invalidf("attachments", "empty_list", "This list may not be empty.")
	}
	var problems almoner.Problems
	var ids db.IDs
	viewer := entity.Viewer{Actor: almoner.ActorOf(ctx)}
	for i, item := range items {
		at := fmt.Sprintf("attachments.%d", i)
		problems.Add(at, "", "")
		value, sent := item["attachment"]
		if !sent {
			problems.Add(at+".attachment", "required", "This field is required.")
			continue
		}
		var id int64
		if json.Unmarshal(value, &id) != nil {
			problems.Add(at+".attachment", "not_an_integer", "A valid integer is required.")
			continue
		}
		_, err := s.Attachment.Locate(ctx, tx, viewer, id)
		switch {
		case almoner.KindOf(err) == almoner.NotFound:
			problems.Merge(at, missing("attachment", id))
		case err != nil:
			return nil, err
		default:
			ids = append(ids, id)
		}
	}
	return ids, problems.Err()
}

// Links lists links on records of an owner: where is SQL over {o}, the record's id, with arguments from $2 on. Whether the actor may see
// them is the caller's affair.
func (s *Service) Links(ctx context.Context, q db.Queryer, o *Owner, where string, args ...any) ([]Linked, error) {
	label := s.Attachment.Field("type_label").Expr
	// The alias must not be one that the owners' own SQL uses within.
	rows, err := q.Query(ctx, `
		select l.id, l.attachment_id, linked.filename, linked.hyperlink, `+entity.Over(label, "linked")+`, l.created_at, l.owner_id
		from attachment_links l join attachment_attachments linked on linked.id = l.attachment_id
		where l.owner_entity = $1 and `+strings.ReplaceAll(where, "{o}", "l.owner_id")+` order by l.id`, append([]any{o.Entity.Name}, args...)...)
	list, err := db.Collect(rows, err, func(r db.Row) (Linked, error) {
		v := Linked{Source: o.LinkSource}
		var at time.Time
		err := r.Scan(&v.ID, &v.Attachment, &v.Filename, &v.URL, &v.FileType, &at, &v.ActivityID)
		if v.URL == "" {
			v.URL = fmt.Sprintf("%s/api/v2/attachments/file/%d/", almoner.Origin(ctx), v.Attachment)
		}
		v.Created = at.UTC().Format("02 Jan 2006")
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the links of %s: %w", o.Entity.Name, err)
	}
	if list == nil {
		list = []Linked{}
	}
	return list, nil
}
