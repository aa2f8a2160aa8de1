package attachment

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

// Collection is a list of documents below a record (tpm §5.7).
type Collection struct {
	// Name begins the names of the operations: `tpm.visit_attachment`. Path has the id of the Parent in braces, named Param.
	Name, Path, Param string
	// Title is the name in the metadata.
	Title string
	Wire  api.Wire
	// Parent is the record in the path; nil for the owner's own entity.
	Parent *entity.Entity
	// Part is the permission target that opens the collection, see api.Parent.
	Part string
	// View and Edit say who may use it at all; everybody who is signed in when not set.
	View, Edit api.Rule
	// Owner is whose documents these are, Code what they are stored under, Group the file types to choose from.
	Owner       *Owner
	Code, Group string
	// Children is set when the documents belong to children of the Parent, named by object_id: SQL for the ids of the children of the parent with the
	// given id.
	Children func(parentID string) string
	// Shape is record, child or firm; "record" when empty, or "child" with Children.
	Shape string
}

// Collection makes the resource of a list of documents. For use in the Build of a module that needs this one.
func (s *Service) Collection(c Collection) *api.Resource {
	fields := []string{"file_type", "hyperlink"}
	if c.Parent == nil {
		c.Parent = c.Owner.Entity
	}
	if c.Shape == "" {
		c.Shape = "record"
		if c.Children != nil {
			c.Shape = "child"
		}
	}
	if c.Children != nil {
		fields = append(fields, "object_id")
	}
	if c.View.Name == "" {
		c.View, c.Edit = api.SignedIn, api.SignedIn
	}
	return &api.Resource{
		Name: c.Name, Entity: s.Attachment, Path: c.Path, Title: c.Title, Wire: c.Wire, Can: api.Read | api.Write,
		ListShape: c.Shape, Shape: c.Shape, View: c.View, Edit: c.Edit, Fields: fields,
		Within: &api.Parent{Entity: c.Parent, Param: c.Param, Part: c.Part, Only: c.only},
		Upload: &api.Upload{Field: "file", Label: "File", Accept: file.Documents},
		Choices: map[string]func(*api.Request, db.Queryer) ([]api.Choice, error){
			"file_type": func(q *api.Request, tx db.Queryer) ([]api.Choice, error) { return typesIn(q, tx, c.Group) },
		},
		Fill: func(q *api.Request, tx *db.Tx, sent map[string]any, change *entity.Change) error {
			return s.fill(q, tx, c, sent, change)
		},
	}
}

// only are the documents of the collection.
func (c Collection) only(_ *almoner.Actor, parentID int64, arg func(any) string) string {
	sql := "{t}.owner_entity = " + arg(c.Owner.Entity.Name) + " and {t}.code = " + arg(c.Code)
	if c.Children != nil {
		return sql + " and {t}.owner_id in (" + c.Children(arg(parentID)) + ")"
	}
	return sql + " and {t}.owner_id = " + arg(parentID)
}

// fill completes a document: whose it is, who sent it from where, and the file that came with it.
func (s *Service) fill(q *api.Request, tx *db.Tx, c Collection, sent map[string]any, change *entity.Change) error {
	ctx := q.Context()
	parent, err := q.ID(c.Param)
	if err != nil {
		return err
	}
	if err := s.ownedBy(ctx, tx, c, parent, change); err != nil {
		return err
	}
	if change.Changes("file_type") {
		if err := chosen(ctx, tx, c.Group, change.Int("file_type")); err != nil {
			return err
		}
	}
	if change.New() {
		change.Set("uploaded_by", q.Actor.UserID)
		change.Set("ip_address", s.address(q))
	}
	return s.content(q, tx, sent, change)
}

func (s *Service) address(q *api.Request) string {
	if a := auth.ClientIP(q.Request, s.settings.TrustedProxies); a.IsValid() {
		return a.String()
	}
	return "0.0.0.0"
}

// ownedBy sets the record that the document belongs to; a child must be one of the parent's (tpm §12-11).
func (s *Service) ownedBy(ctx context.Context, tx *db.Tx, c Collection, parent int64, change *entity.Change) error {
	if change.New() {
		change.Set("owner_entity", c.Owner.Entity.Name)
		change.Set("code", c.Code)
	}
	if c.Children == nil {
		if change.New() {
			change.Set("object_id", parent)
		}
		return nil
	}
	if !change.Sent("object_id") && !change.New() {
		return nil
	}
	id := change.Int("object_id")
	if !change.Sent("object_id") {
		return almoner.Invalidf("object_id", "required", "This field is required.")
	}
	var n int64
	if err := tx.QueryRow(ctx, "select count(*) from ("+c.Children("$1")+") x where x.id = $2", parent, id).Scan(&n); err != nil {
		return fmt.Errorf("look for record %d below %d: %w", id, parent, err)
	}
	if n == 0 {
		return missing("object_id", id)
	}
	return nil
}

// missing says that a reference leads nowhere.
func missing(path string, id int64) error {
	text := strconv.FormatInt(id, 10)
	e := almoner.Invalidf(path, "does_not_exist", "Invalid pk \"%s\" - object does not exist.", text)
	e.Fields[0].Params = map[string]string{"value": text}
	return e
}

// chosen refuses a type that cannot be chosen here.
func chosen(ctx context.Context, tx *db.Tx, group string, id int64) error {
	var n int64
	if err := tx.QueryRow(ctx, "select count(*) from attachment_file_types f where f.id = $1 and "+inGroup("f", "$2"), id, group).Scan(&n); err != nil {
		return fmt.Errorf("look for file type %d: %w", id, err)
	}
	if n == 0 {
		text := strconv.FormatInt(id, 10)
		e := almoner.Invalidf("file_type", "attachment.bad_file_type", "Invalid option \"%s\" - option is not available.", text)
		e.Fields[0].Params = map[string]string{"value": text}
		return e
	}
	return nil
}

// content puts the file that came into the change, or an earlier upload that the sender names by its id. What was there before makes room: a
// document is a file or a hyperlink.
func (s *Service) content(q *api.Request, tx *db.Tx, sent map[string]any, change *entity.Change) error {
	link, _ := change.Value("hyperlink").(string)
	linked := change.Sent("hyperlink") && link != ""
	upload, named, err := uploadID(sent)
	if err != nil {
		return err
	}
	filed := q.File != nil || named
	switch {
	case filed && linked:
		return fileOrLink()
	case q.File != nil:
		if err := q.File.Keep(q.Context(), tx); err != nil {
			return err
		}
		received(change, q.File)
	case named:
		if err := s.take(q.Context(), tx, upload, change); err != nil {
			return err
		}
	case linked:
		change.Set("blob_key", "")
		change.Set("filename", "")
		change.Set("content_type", "")
		change.Set("sha256", "")
		change.Set("size", nil)
		return nil
	}
	if filed {
		change.Set("hyperlink", "")
	}
	return nil
}

func received(change *entity.Change, in *file.Incoming) {
	change.Set("blob_key", in.Key)
	change.Set("filename", in.Name)
	change.Set("content_type", in.ContentType)
	change.Set("sha256", in.SHA256)
	change.Set("size", in.Size)
}

// uploadID reads the id of an upload from the file field of a body without a file.
func uploadID(sent map[string]any) (id int64, named bool, err error) {
	raw, ok := sent["file"]
	if !ok || raw == nil || raw == "" {
		return 0, false, nil
	}
	value, bad := (&entity.Field{Kind: entity.Integer}).Decode(raw)
	if bad != nil {
		return 0, false, almoner.Invalidf("file", "attachment.not_a_file", "The submitted data was not a file. Check the encoding type on the form.")
	}
	return value.(int64), true, nil
}

// take moves the file of an upload of the actor's own, which no record has yet, into the change; the upload is no more.
func (s *Service) take(ctx context.Context, tx *db.Tx, id int64, change *entity.Change) error {
	a := almoner.ActorOf(ctx)
	var key, name, mime, sum string
	var size int64
	err := tx.QueryRow(ctx, `
		select blob_key, filename, content_type, sha256, coalesce(size, 0) from attachment_attachments
		where id = $1 and owner_entity = $2 and uploaded_by_id = $3 and workspace_id = $4 and blob_key <> $2`, id, "", a.UserID, a.Workspace.ID).Scan(&key, &name, &mime, &sum, &size)
	if errors.Is(err, db.ErrNoRows) {
		return missing("file", id)
	}
	if err != nil {
		return fmt.Errorf("read upload %d: %w", id, err)
	}
	n, err := tx.Exec(ctx, "delete from attachment_attachments where id = $1 and not exists (select 1 from attachment_links l where l.attachment_id = $1)", id)
	if err != nil {
		return fmt.Errorf("take upload %d: %w", id, err)
	}
	if n == 0 {
		return almoner.Invalidf("file", "attachment.upload_linked", "This upload is linked to a record and stays where it is.")
	}
	change.Set("blob_key", key)
	change.Set("filename", name)
	change.Set("content_type", mime)
	change.Set("sha256", sum)
	change.Set("size", size)
	return nil
}
