package attachment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func fileTypeEntity() *entity.Entity {
	return &entity.Entity{
		Name: "attachment.file_type", Label: "File type", Plural: "File types", Table: "attachment_file_types", Global: true, Key: []string{"name", "code"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Label: "Name", Max: 64, Required: true, Unique: true},
			{Name: "label", Kind: entity.Text, Label: "Label", Max: 64, Required: true},
			{Name: "code", Kind: entity.Text, Label: "Code", Max: 64, Blank: true, Default: ""},
			{Name: "groups", Kind: entity.Text, Label: "Lists in which it can be chosen", Blank: true, Default: ""},
			{Name: "order", Kind: entity.Integer, Label: "Position", Column: "position", Default: int64(0)},
		},
		Shapes: map[string]string{"record": "id name label code groups order"},
		Search: []string{"name", "label"},
		Order:  []string{"order", "label"},
		Check: func(_ context.Context, _ *db.Tx, c *entity.Change, _ *almoner.Problems) error {
			if !c.Delete && c.Sent("groups") {
				c.Set("groups", strings.Join(strings.Fields(c.Text("groups")), " "))
			}
			return nil
		},
		Display: "label",
	}
}

// fileTypes is where administrators keep the types and everybody reads them.
func (s *Service) fileTypes() *api.Resource {
	return &api.Resource{
		Entity: s.FileType, Path: "/api/attachment/file-types/", Title: "File types", Wire: api.Native, Can: api.Read | api.Write,
		ListShape: "record", Shape: "record", View: api.SignedIn, Edit: api.Administrator,
	}
}

// FileType is a kind of document that a module relies on.
type FileType struct {
	Name, Label string
	// Groups are the lists in which it can be chosen.
	Groups []string
}

// EnsureTypes makes sure that the types exist and can be chosen in their groups; what an administrator changed otherwise stays. It joins
// the caller's transaction, and is meant for Prepare.
func (s *Service) EnsureTypes(ctx context.Context, tx *db.Tx, types []FileType) error {
	for i, t := range types {
		var id int64
		var have string
		err := tx.QueryRow(ctx, "select id, groups from attachment_file_types where name = $1 and code = $2", t.Name, "").Scan(&id, &have)
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return fmt.Errorf("look for file type %s: %w", t.Name, err)
		}
		groups := strings.Fields(have)
		for _, g := range t.Groups {
			if !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
		values := entity.Values{"groups": strings.Join(groups, " ")}
		if id == 0 {
			values["name"], values["label"], values["order"] = t.Name, t.Label, int64(i)
		}
		if err := s.FileType.Save(ctx, tx, s.FileType.NewChange(id, values)); err != nil {
			return fmt.Errorf("seed file type %s: %w", t.Name, err)
		}
	}
	return nil
}

// inGroup is the condition that a type can be chosen in a group, over the row t.
func inGroup(t, group string) string {
	return "' ' || " + t + ".groups || ' ' like '% ' || " + group + " || ' %'"
}

// typesIn lists the types of a group as they are offered, in the language of the answer.
func typesIn(q *api.Request, tx db.Queryer, group string) ([]api.Choice, error) {
	rows, err := tx.Query(q.Context(), "select f.id, f.name, f.label from attachment_file_types f where "+inGroup("f", "$1")+" order by f.position, f.label, f.id", group)
	list, err := db.Collect(rows, err, func(r db.Row) (c api.Choice, err error) {
		var name string
		if err := r.Scan(&c.ID, &name, &c.Label); err != nil {
			return c, err
		}
		c.Label = q.Seeded("attachment.file_type.label."+name, c.Label)
		return c, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the file types of %s: %w", group, err)
	}
	return list, nil
}

// activeTypes are the labels of the documents that there are in the actor's workspace (tpm §5.11).
func activeTypes(ctx context.Context, q db.Queryer) (any, error) {
	rows, err := q.Query(ctx, `
		select distinct f.label from attachment_attachments a join attachment_file_types f on f.id = a.file_type_id where a.workspace_id = $1 order by f.label`,
		almoner.ActorOf(ctx).Workspace.ID)
	list, err := db.Collect(rows, err, func(r db.Row) (label string, err error) { return label, r.Scan(&label) })
	if err != nil {
		return nil, fmt.Errorf("read the types of the documents: %w", err)
	}
	return slices.Concat([]string{}, list), nil
}
