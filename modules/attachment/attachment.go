package attachment

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// filePath is the address of a document, whether it is a file or a link; the last part of the longer form is for people.
const filePath = "'/api/v2/attachments/file/' || {t}.id || '/'"

func (s *Service) attachmentEntity() *entity.Entity {
	text := func(name, label string, max int) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: max, Blank: true, ReadOnly: true, Default: ""}
	}
	e := &entity.Entity{
		Name: "attachment.attachment", Label: "Attachment", Plural: "Attachments", Table: "attachment_attachments",
		Fields: []*entity.Field{
			{Name: "file_type", Kind: entity.Ref, Label: "Document Type", To: "attachment.file_type", Required: true},
			// A file that was uploaded and not yet taken by a record has no type.
			{Name: "file_type_id", Kind: entity.Ref, Label: "Document Type", To: "attachment.file_type", Expr: "{t}.file_type_id"},
			{Name: "file", Kind: entity.Link, Label: "File", Expr: "case when {t}.blob_key = '' then null else " + filePath + " end"},
			{Name: "hyperlink", Kind: entity.URL, Label: "Hyperlink", Max: 1000, Blank: true, Default: ""},
			{Name: "object_id", Kind: entity.Integer, Label: "Belongs to", Column: "owner_id", Null: true},
			text("owner_entity", "Kind of record it belongs to", 100), text("code", "Code", 64),
			text("blob_key", "Key", 100), text("content_type", "Content type", 200), text("sha256", "Digest", 64),
			{Name: "filename", Kind: entity.Text, Label: "File name", Blank: true, ReadOnly: true, Default: "", Folded: "filename_folded"},
			{Name: "size", Kind: entity.Integer, Label: "Size", Null: true, ReadOnly: true},
			{Name: "uploaded_by", Kind: entity.Ref, Label: "Uploaded by", To: "account.user", Null: true, ReadOnly: true},
			{Name: "ip_address", Kind: entity.Text, Label: "Sent from", Max: 45, ReadOnly: true, Default: "0.0.0.0"},
			{Name: "is_active", Kind: entity.Bool, ReadOnly: true, Default: true},
			{Name: "created", Kind: entity.Time, Label: "Date Uploaded", Column: "created_at", ReadOnly: true},
			{Name: "modified", Kind: entity.Time, Label: "Changed", Column: "updated_at", ReadOnly: true},
			{Name: "file_link", Kind: entity.Text, Label: "Address", Expr: filePath},
			{Name: "url", Kind: entity.Link, Label: "Address", Expr: "case when {t}.hyperlink <> '' then {t}.hyperlink else " + filePath + " end"},
			// What follows is composed from what the owners say.
			{Name: "source", Kind: entity.Text, Label: "Source"},
			{Name: "shown_source", Kind: entity.Text, Label: "Source"},
			{Name: "object_link", Kind: entity.Link, Label: "Page"},
			{Name: "type_label", Kind: entity.Text, Label: "Document Type"},
			{Name: "partner", Kind: entity.Ref, Label: "Partner", To: "organisation.partner"},
			{Name: "partner_name", Kind: entity.Text, Label: "Partner"},
			{Name: "partner_type", Kind: entity.Text, Label: "Type of partner"},
			{Name: "vendor_number", Kind: entity.Text, Label: "Vendor number"},
			{Name: "pd_ssfa", Kind: entity.Ref, Label: "PD/SPD", To: "organisation.agreement"},
			{Name: "pd_ssfa_number", Kind: entity.Text, Label: "PD/SPD"},
			{Name: "agreement_reference_number", Kind: entity.Text, Label: "Agreement"},
		},
		Shapes: map[string]string{
			"record": record + " ip_address filename",
			"child":  record + " ip_address filename object_id",
			"firm":   record + " filename source=shown_source",
			"flat": "id attachment=id partner=partner_name partner_type vendor_number pd_ssfa pd_ssfa_number agreement_reference_number object_link " +
				"file_type=type_label file_type_id file_link filename source uploaded_by=uploaded_by.name created ip_address",
		},
		Filters: []entity.Filter{
			{Path: "id"},
			{Path: "id", Name: "attachment"},
			{Path: "partner_name", Name: "partner"},
			{Path: "partner_type"},
			{Path: "vendor_number"},
			{Path: "pd_ssfa"},
			{Path: "pd_ssfa_number"},
			{Path: "agreement_reference_number"},
			{Path: "type_label", Name: "file_type"},
			{Path: "file_type", Name: "file_type_id"},
			{Path: "file_link"},
			{Path: "filename"},
			{Path: "source"},
			{Path: "uploaded_by.name", Name: "uploaded_by"},
			{Path: "created"},
			{Path: "ip_address"},
		},
		Search:  []string{"filename"},
		Display: "filename",
		Scope:   s.visible,
		Check:   s.checkAttachment,
		After:   s.afterAttachment,
	}
	s.compose(e)
	return e
}

// record is the part of a document that all collections show (tpm §5.7).
const record = "id file_type file hyperlink created modified uploaded_by{id username=email email is_superuser first_name last_name is_staff is_active}"

// checkAttachment refuses a document that is neither a file nor a link, or both. Uploads come through the same gate.
func (s *Service) checkAttachment(_ context.Context, _ *db.Tx, c *entity.Change, _ *almoner.Problems) error {
	if !c.Delete && (c.Text("blob_key") == "") == (c.Text("hyperlink") == "") {
		return fileOrLink()
	}
	return nil
}

// fileOrLink is the answer to a document that is not exactly one of the two; a bare list on the wire (tpm §5.7).
func fileOrLink() error {
	e := almoner.Invalidf("", "attachment.file_or_hyperlink", "Please provide a file or hyperlink, one of the two.")
	e.Bare = true
	return e
}

// afterAttachment lets go of bytes that no record names any more, and tells the owner what came and went.
func (s *Service) afterAttachment(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if c.Delete {
		if _, err := tx.Exec(ctx, "delete from attachment_links where attachment_id = $1", c.ID); err != nil {
			return fmt.Errorf("delete the links of attachment %d: %w", c.ID, err)
		}
	}
	if old, _ := c.Before("blob_key").(string); old != "" && (c.Delete || c.Changes("blob_key")) {
		if err := s.files.Discard(ctx, tx, old); err != nil {
			return err
		}
	}
	if !c.New() && !c.Delete {
		return nil
	}
	o := s.owner(c.Text("owner_entity"))
	if o == nil || o.Changed == nil {
		return nil
	}
	return o.Changed(ctx, tx, Event{AttachmentID: c.ID, OwnerID: c.Int("object_id"), Code: c.Text("code"), Added: c.New()})
}

// RemoveOf deletes the documents of a record that goes, and the links that show others on it. It joins the caller's transaction.
func (s *Service) RemoveOf(ctx context.Context, tx *db.Tx, entityName string, id int64) error {
	rows, err := tx.Query(ctx, "select id from attachment_attachments where owner_entity = $1 and owner_id = $2 order by id", entityName, id)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read the attachments of %s %d: %w", entityName, id, err)
	}
	for _, id := range ids {
		if err := s.Attachment.Save(ctx, tx, s.Attachment.NewDelete(id)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, "delete from attachment_links where owner_entity = $1 and owner_id = $2", entityName, id); err != nil {
		return fmt.Errorf("delete the links of %s %d: %w", entityName, id, err)
	}
	return nil
}

// HasSQL is the condition that a record has a document of a type, as SQL over an expression of the caller for the record's id. Names come from
// code, never from input.
func (s *Service) HasSQL(entityName, id, typeName string) string {
	return fmt.Sprintf(`exists (select 1 from attachment_attachments fa join attachment_file_types ft on ft.id = fa.file_type_id
		where fa.owner_entity = '%s' and fa.owner_id = %s and ft.name = '%s')`, entityName, id, typeName)
}
