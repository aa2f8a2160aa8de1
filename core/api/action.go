package api

import (
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Action is a move that the viewer may make now, with what blocks it.
type Action struct {
	Code         string    `json:"code"`
	Label        string    `json:"label"`
	To           string    `json:"to"`
	Primary      bool      `json:"primary"`
	NeedsComment bool      `json:"needs_comment"`
	Input        []Input   `json:"input"`
	BlockedBy    []Blocker `json:"blocked_by"`
}

// Input is one thing that an action asks for.
type Input struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Label     string `json:"label"`
	Required  bool   `json:"required"`
	MaxLength int    `json:"max_length,omitempty"`
}

// Blocker is one thing that is missing before an action can be carried out.
type Blocker struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r *Resource) actions(q *Request, tx db.Queryer, found entity.Found) ([]Action, error) {
	list := []Action{}
	if r.Machine == nil {
		return list, nil
	}
	for _, move := range r.Machine.Open(found) {
		action := Action{
			Code: move.Code, Label: q.moveLabel(r.Entity, move, found.State), To: move.To, Primary: move.Primary,
			NeedsComment: move.NeedsComment(), Input: []Input{}, BlockedBy: []Blocker{},
		}
		for _, f := range move.Input {
			in := Input{Name: f.Name, Type: fieldType(f), Label: q.inputLabel(r.Entity, move, f), Required: f.Required}
			if f.Kind == entity.LongText || f.Kind == entity.Text {
				in.MaxLength = f.MaxLength()
			}
			action.Input = append(action.Input, in)
		}
		if move.Guard != nil {
			if err := move.Guard(q.context(), tx, found.ID); err != nil {
				blockers, ok := q.blockers(err)
				if !ok {
					return nil, err
				}
				action.BlockedBy = blockers
			}
		}
		list = append(list, action)
	}
	return list, nil
}

func (q *Request) blockers(err error) ([]Blocker, bool) {
	e := asInvalid(err)
	if e == nil {
		return nil, false
	}
	list := []Blocker{}
	for _, f := range e.Fields {
		if f.Message != "" {
			list = append(list, Blocker{f.Path, f.Code, q.text(f.Code, f.Message, f.Params)})
		}
	}
	return list, true
}
