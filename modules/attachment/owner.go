package attachment

import (
	"context"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/organisation"
)

// Owner is a record type of another module that documents belong to. SQL in it is over {o}, the record's id, and stays within the tables of its
// module; what is empty says nothing.
type Owner struct {
	Entity *entity.Entity
	// Names are what old clients call the type in the addresses of links: `tpm/tpmactivity`.
	Names []string
	// Source says where the document comes from in the flat list, ShownSource in the owner's collections,
	// LinkSource with the links on such a record.
	Source, ShownSource, LinkSource string
	// Page is the path of the page that shows the record.
	Page string
	// Partner and Agreement are the ids of the implementing partner and the agreement that the record is about.
	Partner, Agreement string
	// TypeLabel is what kind of document it is where it has no type of its own.
	TypeLabel string
	// Visible says whether the actor may have a document of such a record: SQL over {t}, a row of attachment_attachments (owner_id, code). It decides
	// about the flat list and about downloads, and must agree with the permission rules of the collections. "" is yes.
	Visible func(a *almoner.Actor, arg func(any) string) string
	// Linked says whether the actor may have documents that are linked to the record with id {o}: SQL, "" is yes; nil is no.
	Linked func(a *almoner.Actor, arg func(any) string) string
	// Enter finds a record for the links on it: NotFound when the actor may not know of it, Forbidden when they may not read its links or,
	// with write, change them. Nil refuses links.
	Enter func(q *api.Request, tx db.Queryer, id int64, write bool) error
	// Changed is told inside the transaction when a document of the record came or went; nil for nobody to tell.
	Changed func(ctx context.Context, tx *db.Tx, e Event) error
}

// Event is a document that came or went.
type Event struct {
	AttachmentID, OwnerID int64
	Code                  string
	Added                 bool
}

// Own declares a record type that documents belong to. For use in the Build of a module that needs this one.
func (s *Service) Own(o Owner) *Owner {
	s.owners = append(s.owners, &o)
	s.compose(s.Attachment)
	return &o
}

// owner finds the owner of an entity name or of a name of old clients, nil when there is none.
func (s *Service) owner(name string) *Owner {
	for _, o := range s.owners {
		if o.Entity.Name == name {
			return o
		}
	}
	return nil
}

func (s *Service) ownerCalled(app, model string) *Owner {
	for _, o := range s.owners {
		if o.Entity.Name == app+"."+model {
			return o
		}
		for _, name := range o.Names {
			if name == app+"/"+model {
				return o
			}
		}
	}
	return nil
}

// compose writes the computed fields of a document from what the owners say.
func (s *Service) compose(e *entity.Entity) {
	each := func(of func(o *Owner) string, otherwise string) string {
		var b strings.Builder
		for _, o := range s.owners {
			if sql := of(o); sql != "" {
				b.WriteString(" when '" + o.Entity.Name + "' then (" + strings.ReplaceAll(sql, "{o}", "{t}.owner_id") + ")")
			}
		}
		if b.Len() == 0 {
			return otherwise
		}
		return "case {t}.owner_entity" + b.String() + " else " + otherwise + " end"
	}
	word := func(text string) string {
		if text == "" {
			return ""
		}
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	partner := "(" + each(func(o *Owner) string { return o.Partner }, "cast(null as bigint)") + ")"
	agreement := "(" + each(func(o *Owner) string { return o.Agreement }, "cast(null as bigint)") + ")"
	own := "coalesce((select ft.label from attachment_file_types ft where ft.id = {t}.file_type_id), '')"
	exprs := map[string]string{
		"source":                     each(func(o *Owner) string { return word(o.Source) }, "''"),
		"shown_source":               each(func(o *Owner) string { return word(o.ShownSource) }, "''"),
		"object_link":                each(func(o *Owner) string { return o.Page }, "''"),
		"type_label":                 each(func(o *Owner) string { return o.TypeLabel }, own),
		"partner":                    partner,
		"pd_ssfa":                    agreement,
		"partner_name":               s.organisations.PartnerSQL(organisation.PartnerName, partner),
		"partner_type":               s.organisations.PartnerSQL(organisation.PartnerType, partner),
		"vendor_number":              s.organisations.PartnerSQL(organisation.PartnerVendor, partner),
		"pd_ssfa_number":             s.organisations.AgreementSQL(organisation.AgreementNumber, agreement),
		"agreement_reference_number": s.organisations.AgreementSQL(organisation.AgreementAbove, agreement),
	}
	for _, f := range e.Fields {
		if sql, ok := exprs[f.Name]; ok {
			f.Expr = sql
		}
	}
}

// visible limits every read of documents: to those of records whose owner lets the actor have them, to those that are linked to such records,
// and to one's own uploads that belong to nothing yet.
func (s *Service) visible(a *almoner.Actor, arg func(any) string) string {
	allowed := []string{"{t}.owner_entity = '' and {t}.uploaded_by_id = " + arg(a.UserID)}
	for _, o := range s.owners {
		mine := "{t}.owner_entity = '" + o.Entity.Name + "'"
		if o.Visible != nil {
			if sql := o.Visible(a, arg); sql != "" {
				mine += " and (" + sql + ")"
			}
			allowed = append(allowed, mine)
		}
		if o.Linked != nil {
			linked := "exists (select 1 from attachment_links ln where ln.attachment_id = {t}.id and ln.owner_entity = '" + o.Entity.Name + "'"
			if sql := o.Linked(a, arg); sql != "" {
				linked += " and (" + strings.ReplaceAll(sql, "{o}", "ln.owner_id") + ")"
			}
			allowed = append(allowed, linked+")")
		}
	}
	return strings.Join(allowed, " or ")
}
