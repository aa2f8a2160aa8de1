package setting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/setting"
)

// Item is a setting with what it is here, and why.
type Item struct {
	Name       string `json:"name"`
	Group      string `json:"group"`
	GroupLabel string `json:"group_label"`
	Label      string `json:"label"`
	Help       string `json:"help"`
	Kind       string `json:"kind"`
	// Value is in force in the workspace of the request, Default what would be if no administrator had changed anything.
	Value   any `json:"value"`
	Default any `json:"default"`
	// Source is default, administrator, workspace, file, environment or flag; Place is the line, variable or flag.
	Source       string   `json:"source"`
	Place        string   `json:"place"`
	Pinned       bool     `json:"pinned"`
	PerWorkspace bool     `json:"per_workspace"`
	Min          any      `json:"min"`
	Max          any      `json:"max"`
	MinLength    int      `json:"min_length"`
	MaxLength    int      `json:"max_length"`
	Choices      []Choice `json:"choices"`
	// Overrides are what administrators chose, for all workspaces or for one; those that were reset are among them, for their versions.
	Overrides []Chosen `json:"overrides"`
}

// Choice is a value to choose.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Chosen is what an administrator chose.
type Chosen struct {
	// Workspace is the code of one, "" for all.
	Workspace string          `json:"workspace"`
	Value     json.RawMessage `json:"value"`
	Version   int64           `json:"version"`
	UpdatedAt time.Time       `json:"updated_at"`
	UpdatedBy *Person         `json:"updated_by"`
	// Trouble says why it does nothing, "" when it does.
	Trouble string `json:"trouble"`
}

// Person is who changed something; a command line has no Person.
type Person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Event is one change of a setting; values are null where the default held.
type Event struct {
	At        time.Time       `json:"at"`
	Actor     *Person         `json:"actor"`
	Workspace string          `json:"workspace"`
	Before    json.RawMessage `json:"before"`
	After     json.RawMessage `json:"after"`
}

func (s *Service) calls() []api.Call {
	text, integer, boolean, anything := api.TypeOf("string"), api.TypeOf("integer"), api.TypeOf("boolean"), &api.Schema{}
	instant := &api.Schema{Type: "string", Format: "date-time"}
	person := api.OrNull(api.Object(map[string]*api.Schema{"id": integer, "name": text}))
	item := api.Object(map[string]*api.Schema{
		"name": text, "group": text, "group_label": text, "label": text, "help": text, "kind": text, "value": anything, "default": anything,
		"source": text, "place": text, "pinned": boolean, "per_workspace": boolean, "min": anything, "max": anything, "min_length": integer, "max_length": integer,
		"choices": api.ArrayOf(api.Object(map[string]*api.Schema{"value": text, "label": text})),
		"overrides": api.ArrayOf(api.Object(map[string]*api.Schema{
			"workspace": text, "value": anything, "version": integer, "updated_at": instant, "updated_by": person, "trouble": text,
		})),
	})
	return []api.Call{
		{
			Name: "setting.value.list", Method: "GET", Path: "/api/settings/", Summary: "List the settings that can be changed while the program runs, with what is in force and why.",
			Wire: api.Native, Rule: api.Administrator, Do: s.list, Output: api.ArrayOf(item),
		},
		{
			Name: "setting.value.get", Method: "GET", Path: "/api/settings/{setting}/", Summary: "Read one setting.",
			Wire: api.Native, Rule: api.Administrator, Do: s.get, Output: item,
		},
		{
			Name: "setting.value.set", Method: "PUT", Path: "/api/settings/{setting}/", Summary: "Change a setting for all workspaces or for one, here at once and on other nodes within two seconds.",
			Wire: api.Native, Rule: api.Administrator, Do: s.set, Output: item, Input: []*entity.Field{
				{Name: "value", Kind: entity.JSON, Label: "Value", Required: true},
				{Name: "workspace", Kind: entity.Text, Label: "Workspace", Max: 20, Null: true, Blank: true},
				{Name: "version", Kind: entity.Integer, Label: "Version"},
			},
		},
		{
			Name: "setting.value.reset", Method: "DELETE", Path: "/api/settings/{setting}/", Summary: "Take the change of a setting back, for all workspaces or for one.",
			Wire: api.Native, Rule: api.Administrator, Do: s.reset, Output: item, Query: []api.Param{
				{Name: "workspace", Doc: "The code of a workspace; without it, for all of them.", Schema: text},
				{Name: "version", Doc: "The version that the caller saw; another one is a conflict.", Schema: integer},
			},
		},
		{
			Name: "setting.value.history", Method: "GET", Path: "/api/settings/{setting}/history/", Summary: "List who changed a setting, when, from what and to what, the newest first.",
			Wire: api.Native, Rule: api.Administrator, Do: s.history, Output: api.ArrayOf(api.Object(map[string]*api.Schema{
				"at": instant, "actor": person, "workspace": text, "before": anything, "after": anything,
			})),
		},
	}
}

func (s *Service) list(q *api.Request) (any, error) {
	list, names, err := s.chosen(q.Context())
	if err != nil {
		return nil, err
	}
	items := []Item{}
	for _, state := range s.book.States() {
		items = append(items, s.item(q, state, list, names))
	}
	return items, nil
}

func (s *Service) get(q *api.Request) (any, error) { return s.one(q, q.PathValue("setting")) }

func (s *Service) one(q *api.Request, name string) (any, error) {
	state, ok := s.book.Find(name)
	if !ok {
		return nil, entity.NotFound()
	}
	list, names, err := s.chosen(q.Context())
	if err != nil {
		return nil, err
	}
	return s.item(q, state, list, names), nil
}

func (s *Service) set(q *api.Request) (any, error) {
	w := wish{name: q.PathValue("setting")}
	w.value, _ = q.In["value"].(json.RawMessage)
	if v, ok := q.In["version"].(int64); ok {
		w.version = &v
	}
	code, _ := q.In["workspace"].(string)
	return s.carryOut(q, w, code)
}

func (s *Service) reset(q *api.Request) (any, error) {
	w := wish{name: q.PathValue("setting")}
	params := q.URL.Query()
	if text := params.Get("version"); text != "" {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, almoner.Invalidf("version", "not_an_integer", "A valid integer is required.")
		}
		w.version = &v
	}
	return s.carryOut(q, w, params.Get("workspace"))
}

func (s *Service) carryOut(q *api.Request, w wish, code string) (_ any, err error) {
	if _, ok := s.book.Find(w.name); !ok {
		return nil, entity.NotFound()
	}
	if w.workspace, err = s.workspace(q.Context(), code); err != nil {
		return nil, err
	}
	if err := s.save(q.Context(), w); err != nil {
		return nil, err
	}
	return s.one(q, w.name)
}

// workspace finds one by its code, none for "".
func (s *Service) workspace(ctx context.Context, code string) (almoner.Workspace, error) {
	if code == "" {
		return almoner.Workspace{}, nil
	}
	w, ok, err := s.accounts.WorkspaceByCode(ctx, s.db, code)
	if err == nil && !ok {
		err = almoner.Invalidf("workspace", "setting.no_such_workspace", "There is no such workspace.")
	}
	return w, err
}

// chosen are all overrides, and the names of those who made them.
func (s *Service) chosen(ctx context.Context) (list []row, names map[int64]string, err error) {
	err = s.db.View(ctx, func(q db.Queryer) error {
		if list, err = overrides(ctx, q); err != nil {
			return err
		}
		var ids db.IDs
		for _, o := range list {
			ids = append(ids, o.by)
		}
		names, err = s.accounts.User.Names(ctx, q, ids)
		return err
	})
	return list, names, err
}

func personOf(id int64, names map[int64]string) *Person {
	if id == 0 {
		return nil
	}
	return &Person{id, names[id]}
}

// item is a setting in the words of the answer's language.
func (s *Service) item(q *api.Request, state setting.State, list []row, names map[int64]string) Item {
	key := "setting." + state.Name
	i := Item{
		Name: state.Name, Group: state.Group, GroupLabel: q.Label("setting.group."+state.Group, state.Group), Kind: state.Kind,
		Label: q.Label(key+".label", state.Label), Help: q.Label(key+".help", state.Help),
		Value: state.Base, Default: state.Base, Source: state.Source, Place: state.Place, Pinned: state.Pinned(), PerWorkspace: state.PerWorkspace,
		Min: state.Limits.Min, Max: state.Limits.Max, MinLength: state.Limits.MinLength, MaxLength: state.Limits.MaxLength, Choices: []Choice{}, Overrides: []Chosen{},
	}
	if i.Source == "" {
		i.Source = "default"
	}
	for _, c := range state.Limits.Choices {
		i.Choices = append(i.Choices, Choice{c, q.Label(key+".choice."+c, c)})
	}
	// Overrides for all workspaces come first.
	for _, o := range list {
		if o.Name != state.Name {
			continue
		}
		c := Chosen{Workspace: o.Code, Value: o.Value, Version: o.version, UpdatedAt: o.at, UpdatedBy: personOf(o.by, names)}
		switch {
		case o.Value == nil:
		case state.Pinned():
			c.Trouble = q.Label("setting.asleep", "")
		default:
			value, err := s.book.Check(o.Name, o.Value)
			switch {
			case err != nil || o.Workspace != 0 && !state.PerWorkspace:
				c.Trouble = q.Label("setting.does_not_fit", "")
			case o.Workspace == 0:
				i.Value, i.Source = value, "administrator"
			case o.Workspace == q.Actor.Workspace.ID:
				i.Value, i.Source = value, "workspace"
			}
		}
		i.Overrides = append(i.Overrides, c)
	}
	return i
}

func (s *Service) history(q *api.Request) (any, error) {
	name := q.PathValue("setting")
	if _, ok := s.book.Find(name); !ok {
		return nil, entity.NotFound()
	}
	type version struct {
		Event
		record, by int64
	}
	events := []Event{}
	err := s.db.View(q.Context(), func(tx db.Queryer) error {
		rows, err := tx.Query(q.Context(), "select record_id, changed_at, changed_by, place_code, value from setting_overrides_versions where name = $1 order by record_id, version", name)
		list, err := db.Collect(rows, err, func(r db.Row) (v version, err error) {
			return v, r.Scan(&v.record, &v.At, &v.by, &v.Workspace, (*[]byte)(&v.After))
		})
		if err != nil {
			return fmt.Errorf("read history of setting %s: %w", name, err)
		}
		var ids db.IDs
		for n, v := range list {
			ids = append(ids, v.by)
			if n > 0 && list[n-1].record == v.record {
				list[n].Before = list[n-1].After
			}
		}
		names, err := s.accounts.User.Names(q.Context(), tx, ids)
		for _, v := range list {
			v.Actor = personOf(v.by, names)
			events = append(events, v.Event)
		}
		return err
	})
	slices.SortStableFunc(events, func(a, b Event) int { return b.At.Compare(a.At) })
	return events, err
}
