package api

import (
	"maps"
	"net/http"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// info is the metadata of one field (tpm §6).
type info struct {
	Type      string `json:"type"`
	Required  bool   `json:"required"`
	Label     string `json:"label,omitempty"`
	MaxLength int    `json:"max_length,omitempty"`
	// MaxSize is the greatest size of a file in bytes, an addition to tpm §6.
	MaxSize int64 `json:"max_size,omitempty"`
	// DecimalPlaces is the number of digits behind the point of an exact number, an addition to tpm §6.
	DecimalPlaces *uint8           `json:"decimal_places,omitempty"`
	Choices       []choice         `json:"choices,omitempty"`
	Child         *info            `json:"child,omitempty"`
	Children      *map[string]info `json:"children,omitempty"`
	// Renamed tells that an administrator called the field something else: the words of a screen do not do then.
	Renamed bool `json:"renamed,omitempty"`

	// What follows is of extension fields only.

	// Extension tells that an administrator declared the field, Order is its place among the others, from 1.
	Extension bool   `json:"extension,omitempty"`
	Order     int    `json:"order,omitempty"`
	Help      string `json:"help_text,omitempty"`
	Long      bool   `json:"long,omitempty"`
	Min       string `json:"min,omitempty"`
	Max       string `json:"max,omitempty"`
	Pattern   string `json:"pattern,omitempty"`
	Retired   bool   `json:"retired,omitempty"`
}

type choice struct {
	Value       any    `json:"value"`
	DisplayName string `json:"display_name"`
	// Retired values of extension fields are no longer chosen.
	Retired bool `json:"retired,omitempty"`
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
	for _, op := range rt.methods {
		if op.Upload != nil {
			body["parses"] = []string{"application/json", "multipart/form-data"}
		}
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
		err := q.api.DB.View(q.context(), func(tx db.Queryer) error { return r.collection(q, tx, rt, put) })
		return actions, err
	}
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		if !found.Viewer.SeesAny(r.Entity) {
			return Forbidden()
		}
		choices, err := r.choices(q, tx)
		if err != nil {
			return err
		}
		put("GET", choices.in(q.readable(r.Entity.Outline(r.Shape, found.Viewer))))
		if rt.methods[http.MethodPut] != nil && r.rule(Replace).allow(q.Actor) {
			open, err := r.opens(q, tx, access.Edit)
			if err != nil {
				return err
			}
			if open {
				put("PUT", choices.in(q.takes(r, found.Viewer, false)))
			}
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

// collection describes a list and what may be put into it.
func (r *Resource) collection(q *Request, tx db.Queryer, rt *route, put func(string, map[string]info)) error {
	v, _, err := r.enter(q, tx, access.View)
	if err != nil {
		return err
	}
	editable, err := r.opens(q, tx, access.Edit)
	if err != nil {
		return err
	}
	// Creating has rules of its own: whoever may only create sees no list, yet learns what to send.
	creator := v.With(access.New(r.Entity.Name))
	sees, creates := v.SeesAny(r.Entity), editable && rt.methods[http.MethodPost] != nil && creator.SeesAny(r.Entity) && r.rule(Create).allow(q.Actor)
	if !sees && !creates {
		return Forbidden()
	}
	choices, err := r.choices(q, tx)
	if err != nil {
		return err
	}
	if rt.methods[http.MethodGet] != nil && sees {
		put("GET", choices.in(q.readable(r.Entity.Outline(r.ListShape, v))))
	}
	if creates {
		put("POST", choices.in(q.takes(r, creator, true)))
	}
	return nil
}

// opens reports whether the parent's part is open to the actor for this kind of use.
func (r *Resource) opens(q *Request, tx db.Queryer, kind access.Kind) (bool, error) {
	_, _, err := r.enter(q, tx, kind)
	if almoner.KindOf(err) == almoner.Forbidden {
		return false, nil
	}
	return err == nil, err
}

// takes describes what a resource takes now: fields of the entity, and the file beside them.
func (q *Request) takes(r *Resource, v entity.Viewer, creating bool) map[string]info {
	fields := q.writable(r.Entity, v, creating)
	if r.Fields != nil {
		maps.DeleteFunc(fields, func(name string, _ info) bool { return !slices.Contains(r.Fields, name) })
	}
	if r.Upload != nil {
		fields[r.Upload.Field] = info{
			Type: "file upload", Label: q.label(r.Entity.Name+".field."+r.Upload.Field, r.Upload.Label), MaxSize: q.api.Files.MaxSize(),
		}
	}
	return fields
}

// choiceLists are the choices of fields by name that depend on where they are chosen.
type choiceLists map[string][]choice

func (r *Resource) choices(q *Request, tx db.Queryer) (choiceLists, error) {
	lists := choiceLists{}
	for name, of := range r.Choices {
		values, err := of(q, tx)
		if err != nil {
			return nil, err
		}
		list := []choice{}
		for _, v := range values {
			list = append(list, choice{Value: v.ID, DisplayName: v.Label})
		}
		lists[name] = list
	}
	return lists, nil
}

// in adds the choices to the fields that have some.
func (c choiceLists) in(fields map[string]info) map[string]info {
	for name, list := range c {
		if f, ok := fields[name]; ok {
			f.Choices = list
			fields[name] = f
		}
	}
	return fields
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
		if (o.Field.Kind == entity.Refs || o.Field.Kind == entity.Children) && !o.Field.Single {
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
		in.Required = in.Required && (creating || e.State == "" || !f.Required)
		if f.Kind == entity.Children {
			children := map[string]info{}
			if v.WritesAny(f.TargetEntity()) {
				children = q.writable(f.TargetEntity(), v, true)
				children["id"] = info{Type: "integer", Label: q.fieldLabel(f.TargetEntity(), f.TargetEntity().Field("id"))}
				if v.MayDelete(f.TargetEntity()) {
					children["_delete"] = info{Type: "boolean", Label: q.label("delete", "Delete")}
				}
			}
			in.Child = &info{Type: "nested object", Children: &children}
		}
		fields[f.Name] = in
	}
	if further := e.Field(entity.ExtensionsName); e.Extensible != nil && v.Edits(further) {
		children := map[string]info{}
		for _, f := range v.Overlay().Extensions(e) {
			if v.Edits(f) {
				children[f.ExtensionKey()] = q.info(f)
			}
		}
		fields[entity.ExtensionsName] = info{Type: "nested object", Label: q.label("extensions", further.Label), Children: &children}
	}
	return fields
}

func (q *Request) info(f *entity.Field) info {
	in := info{Type: fieldType(f), Required: q.viewer().Requires(f), Label: q.fieldLabel(f.Entity(), f)}
	switch f.Kind {
	case entity.Text, entity.Email, entity.URL:
		in.MaxLength = f.Max
	case entity.Decimal:
		in.DecimalPlaces = &f.Scale
	case entity.Choice:
		for _, c := range f.Choices {
			in.Choices = append(in.Choices, choice{Value: c.Value, DisplayName: q.ChoiceLabel(f, c)})
		}
	}
	if c := q.Overlay().Control(f); c != nil {
		in.Renamed = c.Labels[q.language] != ""
	}
	if x, ok := f.Extension(); ok {
		in.Extension, in.Order = true, slices.Index(q.Overlay().Extensions(f.Entity()), f)+1
		in.Help, in.Min, in.Max, in.Pattern, in.Retired = inLanguage(q.language, x.Help, x.Help["en"]), x.Min, x.Max, x.Pattern, x.Retired
		in.Long, in.MaxLength = f.Kind == entity.LongText, 0
		if f.Kind == entity.Text || f.Kind == entity.LongText || f.Kind == entity.URL {
			in.MaxLength = f.MaxLength()
		}
		for i := range in.Choices {
			in.Choices[i].Retired = x.Choices[i].Retired
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
	case entity.URL, entity.Link:
		return "url"
	case entity.Bool:
		return "boolean"
	case entity.Date:
		return "date"
	case entity.Time:
		return "datetime"
	case entity.Number, entity.Decimal:
		return "decimal"
	case entity.UUID:
		return "string"
	case entity.Choice:
		return "choice"
	}
	return "field"
}
