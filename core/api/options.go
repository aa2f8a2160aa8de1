package api

import (
	"net/http"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// info is the metadata of one field (tpm §6).
type info struct {
	Type      string           `json:"type"`
	Required  bool             `json:"required"`
	Label     string           `json:"label,omitempty"`
	MaxLength int              `json:"max_length,omitempty"`
	Choices   []choice         `json:"choices,omitempty"`
	Child     *info            `json:"child,omitempty"`
	Children  *map[string]info `json:"children,omitempty"`
}

type choice struct {
	Value       string `json:"value"`
	DisplayName string `json:"display_name"`
}

type transition struct {
	Code        string `json:"code"`
	DisplayName string `json:"display_name"`
}

// options answers OPTIONS on any path (tpm §6): what this person may read, write and do here now.
func (q *Request) options(rt *route) error {
	body := map[string]any{
		"name": "", "description": "",
		"renders": []string{"application/json"},
		"parses":  []string{"application/json"},
	}
	if r := rt.resource; r != nil {
		body["name"], body["description"] = r.Title, r.Description
		actions, err := r.metadata(q, rt)
		if err != nil {
			return err
		}
		if len(actions) > 0 {
			body["actions"] = actions
		}
	}
	q.writeJSON(http.StatusOK, "application/json", body)
	return nil
}

func (r *Resource) metadata(q *Request, rt *route) (map[string]any, error) {
	if err := r.workspace(q); err != nil {
		return nil, err
	}
	if !r.View.allow(q.Actor) {
		return nil, Forbidden()
	}
	actions := map[string]any{}
	put := func(key string, fields map[string]info) {
		if len(fields) > 0 {
			actions[key] = fields
		}
	}
	if !rt.object {
		// Creating has rules of its own: whoever may only create sees no list, yet learns what to send.
		v := r.viewer(q)
		creator := v.With(access.New(r.Entity.Name))
		sees, creates := v.SeesAny(r.Entity), rt.methods[http.MethodPost] != nil && creator.SeesAny(r.Entity) && r.Edit.allow(q.Actor)
		if !sees && !creates {
			return nil, Forbidden()
		}
		if rt.methods[http.MethodGet] != nil && sees {
			put("GET", q.readable(r.Entity.Outline(r.ListShape, v)))
		}
		if creates {
			put("POST", q.writable(r.Entity, creator, true))
		}
		return actions, nil
	}
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		if !found.Viewer.SeesAny(r.Entity) {
			return Forbidden()
		}
		put("GET", q.readable(r.Entity.Outline(r.Shape, found.Viewer)))
		if rt.methods[http.MethodPut] != nil && r.Edit.allow(q.Actor) {
			put("PUT", q.writable(r.Entity, found.Viewer, false))
		}
		if r.Entity.State != "" {
			list := []transition{}
			if r.Machine != nil {
				for _, move := range r.Machine.Open(found) {
					list = append(list, transition{move.Code, q.moveLabel(r.Entity, move, found.State)})
				}
			}
			actions["allowed_FSM_transitions"] = list
		}
		return nil
	})
	return actions, err
}

// readable describes what a shape shows.
func (q *Request) readable(outs []entity.Out) map[string]info {
	fields := map[string]info{}
	for _, o := range outs {
		if o.Field == nil {
			children := q.readable(o.Nested)
			fields[o.Name] = info{Type: "nested object", Children: &children}
			continue
		}
		in := q.info(o.Field)
		in.Required = false
		if o.Field.Kind == entity.Refs || o.Field.Kind == entity.Children {
			in.Type = "field"
			child := info{Type: "integer"}
			if o.Nested != nil {
				children := q.readable(o.Nested)
				child = info{Type: "nested object", Children: &children}
			}
			in.Child = &child
		} else if o.Nested != nil {
			children := q.readable(o.Nested)
			in.Type, in.Children = "nested object", &children
		}
		fields[o.Name] = in
	}
	return fields
}

// writable describes what may be written now: on a new record, or on the record in hand.
func (q *Request) writable(e *entity.Entity, v entity.Viewer, creating bool) map[string]info {
	fields := map[string]info{}
	for _, f := range e.Fields {
		if !v.Edits(f) {
			continue
		}
		in := q.info(f)
		in.Required = f.Required && (creating || e.State == "")
		if f.Kind == entity.Children {
			children := map[string]info{}
			if v.WritesAny(f.TargetEntity()) {
				children = q.writable(f.TargetEntity(), v, true)
				children["id"] = info{Type: "integer", Label: q.fieldLabel(f.TargetEntity(), f.TargetEntity().Field("id"))}
				if v.MayDelete(f.TargetEntity()) {
					children["_delete"] = info{Type: "boolean", Label: "Delete"}
				}
			}
			in.Child = &info{Type: "nested object", Children: &children}
		}
		fields[f.Name] = in
	}
	return fields
}

func (q *Request) info(f *entity.Field) info {
	in := info{Type: fieldType(f), Required: f.Required, Label: q.fieldLabel(f.Entity(), f)}
	switch f.Kind {
	case entity.Text, entity.Email, entity.URL:
		in.MaxLength = f.Max
	case entity.Choice:
		for _, c := range f.Choices {
			in.Choices = append(in.Choices, choice{c.Value, q.ChoiceLabel(f, c)})
		}
	}
	return in
}

// fieldType is the type word of tpm §6.
func fieldType(f *entity.Field) string {
	switch f.Kind {
	case entity.Integer:
		return "integer"
	case entity.Text, entity.LongText:
		return "string"
	case entity.Email:
		return "email"
	case entity.URL:
		return "url"
	case entity.Bool:
		return "boolean"
	case entity.Date:
		return "date"
	case entity.Time:
		return "datetime"
	case entity.Number:
		return "decimal"
	case entity.Choice:
		return "choice"
	}
	return "field"
}
