package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
)

// Can is a set of standard operations.
type Can uint8

// The standard operations. Update is PATCH, Replace PUT.
const (
	List Can = 1 << iota
	Get
	Create
	Update
	Replace
	Delete
	// History adds `{id}/history/`, the timeline.
	History

	Read  = List | Get
	Write = Create | Update | Replace | Delete
)

// Paging is how a list is cut into pages.
type Paging uint8

// Paged lists have pages of 10 unless asked otherwise; Bare lists are one array; OnDemand lists are one array unless `page` is given.
const (
	Paged Paging = iota
	Bare
	OnDemand
)

// Resource puts standard operations on an entity.
type Resource struct {
	Entity *entity.Entity
	// Path is the collection, `/api/tpm/visits/`.
	Path string
	// Name replaces the entity's name in operation names, for a second resource on one entity.
	Name string
	// Title and Description head the OPTIONS metadata.
	Title, Description string
	Wire               Wire
	Can                Can
	Paging             Paging
	// PageSize replaces the default of 10 when pages are asked for.
	PageSize int
	// ListShape and Shape are the shapes of rows and of the single record.
	ListShape, Shape string
	// View and Edit say who may use the operations at all; ByField for ruled entities.
	View, Edit Rule
	// Within puts the resource below a record of another entity: its path has that record's id in braces.
	Within *Parent
	// Unruled shows all fields of a ruled entity to whoever View lets in.
	Unruled bool
	// Only narrows the list, but not the single record, further: SQL over {t}.
	Only func(a *almoner.Actor, arg func(any) string) string
	// Narrow narrows the list further by what the request asks beyond filters: SQL over {t}, a nil function for no limit. An
	// Invalid error is the answer to a request that asks for what there is not. Params describes the parameters that it reads.
	Narrow func(q *Request) (func(a *almoner.Actor, arg func(any) string) string, error)
	Params []Param
	// Tag returns a text that changes whenever the records of the list may have changed, and spares reading them for whoever has them already
	// (If-None-Match): without it, a list has to be read before it is known to be the same. Only for lists that show everybody who may see them the same.
	Tag func(ctx context.Context, q db.Queryer, a *almoner.Actor) (string, error)
	// Upload lets records be sent as a form with a file.
	Upload *Upload
	// Fill completes a change, inside the transaction and before it is saved, with what the address and the request decide: whose
	// record it is, the file that came. Sent is the body as it came, never nil.
	Fill func(q *Request, tx *db.Tx, sent map[string]any, c *entity.Change) error
	// Fields are the only ones taken from input; nil for all that may be written.
	Fields []string
	// Choices are the values that references may have here, by field, for the metadata.
	Choices map[string]func(q *Request, tx db.Queryer) ([]Choice, error)
	// Removable says whether the record may be deleted by the viewer; nil leaves it to the rules.
	Removable func(found entity.Found) bool
	// Creating refuses creation after the input was found right; nil allows it.
	Creating func(q *Request) error
	// Machine adds its moves as `{id}/{code}/` and tells OPTIONS and `?include=actions` about them.
	Machine *lifecycle.Machine
	// Export adds the rows as a file.
	Export *Export
}

// Parent is the record that a resource lies below. It must be visible to the actor, else 404.
type Parent struct {
	Entity *entity.Entity
	// Param names the path value with its id.
	Param string
	// Part is the target on the parent that decides: viewing it opens GET, editing it the other methods (tpm §4.1-8). With a dot it is the
	// whole name of a target elsewhere. "" for none.
	Part string
	// Only narrows the rows to those of the parent: SQL over {t}.
	Only func(a *almoner.Actor, parentID int64, arg func(any) string) string
}

// capital begins a text with a capital letter.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func (r *Resource) operations(a *API) ([]Operation, []error) {
	var errs []error
	var ops []Operation
	name := r.Name
	if name == "" {
		name = r.Entity.Name
	}
	what := strings.ReplaceAll(r.Entity.Short(), "_", " ")
	add := func(can Can, verb, method, path, summary string, rule Rule, handler func(*Request) error, edit func(*Operation)) {
		if r.Can&can == 0 {
			return
		}
		op := Operation{Name: name + "." + verb, Method: method, Path: path, Summary: summary, Wire: r.Wire, Rule: rule, handler: handler, resource: r, Status: http.StatusOK, once: method != http.MethodGet}
		edit(&op)
		ops = append(ops, op)
	}
	object := r.Path + "{id}/"
	row, single, input := a.shapeSchema(r.Entity, r.ListShape), a.shapeSchema(r.Entity, r.Shape), inputSchema(r.Entity)
	add(List, "list", http.MethodGet, r.Path, "List the "+what+" records that you may see.", r.View, r.list, func(op *Operation) {
		op.Query, op.Output = r.params(), pageSchema(row, r.Paging)
	})
	add(Create, "create", http.MethodPost, r.Path, "Create a "+what+".", r.Edit, r.create, func(op *Operation) {
		op.Input, op.Output, op.Status, op.Upload = input, single, http.StatusCreated, r.Upload
	})
	add(Get, "get", http.MethodGet, object, "Read one "+what+".", r.View, r.get, func(op *Operation) { op.Output = single; op.Query = includeParams })
	add(Update, "update", http.MethodPatch, object, "Change some fields of a "+what+".", r.Edit, r.write(entity.Patch), func(op *Operation) { op.Input, op.Output, op.Upload = input, single, r.Upload })
	add(Replace, "replace", http.MethodPut, object, "Write all fields of a "+what+".", r.Edit, r.write(entity.Replace), func(op *Operation) { op.Input, op.Output, op.Upload = input, single, r.Upload })
	add(Delete, "delete", http.MethodDelete, object, "Delete a "+what+".", r.Edit, r.remove, func(op *Operation) { op.Status = http.StatusNoContent })
	add(History, "history", http.MethodGet, object+"history/", "Read what happened to a "+what+".", r.View, r.history, func(op *Operation) { op.Output = anySchema })
	if r.Machine != nil {
		for i := range r.Machine.Moves {
			move := &r.Machine.Moves[i]
			ops = append(ops, Operation{
				Name: name + "." + move.Code, Method: http.MethodPost, Path: object + move.Code + "/", Summary: capital(cmp.Or(move.Label, move.Code)) + ": " + what + ".",
				Wire: r.Wire, Rule: r.Edit, handler: r.move(move.Code), Input: fieldsSchema(move.Input), Output: single, Status: http.StatusOK, once: true,
			})
		}
	}
	if r.Export != nil {
		ops = append(ops, Operation{
			Name: name + ".export", Method: http.MethodGet, Path: r.Path + "export/", Summary: "Take the " + what + " records that you may see away as CSV.",
			Wire: r.Wire, Rule: SignedIn, handler: r.export, Query: withoutPages(r.params()), Status: http.StatusOK, Media: "text/csv",
		})
		errs = append(errs, r.checkExport(name)...)
	}
	for _, shape := range []string{r.ListShape, r.Shape} {
		if _, ok := r.Entity.Shapes[shape]; !ok && shape != "" {
			errs = append(errs, fmt.Errorf("resource %s: the entity has no shape %q", name, shape))
		}
	}
	return ops, errs
}

// viewer is who asks, for the endpoint checks of tpm §4.1-8.
func (r *Resource) viewer(q *Request) entity.Viewer {
	v := q.api.Registry.Viewer(q.Actor).With(r.Entity.General(q.Actor)...)
	v.AllFields = r.Unruled
	return v
}

// enter finds the parent record, checks that its part is open to the actor for this method, and returns the viewer with what
// holds between actor and parent, and the condition on the rows. Without a parent it returns the plain viewer.
func (r *Resource) enter(q *Request, tx db.Queryer, kind access.Kind) (entity.Viewer, func(*almoner.Actor, func(any) string) string, error) {
	v := r.viewer(q)
	if r.Within == nil {
		return v, nil, nil
	}
	p := r.Within
	id, err := q.id(p.Param)
	if err != nil {
		return v, nil, err
	}
	found, err := p.Entity.Locate(q.context(), tx, q.api.Registry.Viewer(q.Actor).With(p.Entity.General(q.Actor)...), id)
	if err != nil {
		return v, nil, err
	}
	if !p.Open(kind, found.Viewer) {
		return v, nil, Forbidden()
	}
	v.Set = v.Set.With(found.Viewer.Set)
	return v, func(a *almoner.Actor, arg func(any) string) string { return p.Only(a, id, arg) }, nil
}

// Open tells whether the viewer of the parent record may read, or edit, what lies below it.
func (p *Parent) Open(kind access.Kind, v entity.Viewer) bool {
	if p.Part == "" {
		return true
	}
	part := p.Part
	if !strings.Contains(part, ".") {
		part = p.Entity.Name + "." + part
	}
	return v.Policy.May(kind, v.Policy.Target(part), v.Set)
}

// lists says what the viewer may do with each list below a record, by its address behind that of the record.
func (r *Resource) lists(q *Request, v entity.Viewer) map[string]string {
	all := map[string]string{}
	for _, below := range q.api.below[r.Entity] {
		address, here := strings.CutPrefix(below.Path, r.Path+"{"+below.Within.Param+"}/")
		if !here {
			continue
		}
		word := "none"
		if below.Within.Open(access.View, v) {
			word = "read"
		}
		if below.Can&(Create|Update|Replace|Delete) != 0 && below.Within.Open(access.Edit, v) {
			word = "write"
		}
		all[strings.TrimSuffix(address, "/")] = word
	}
	return all
}

// workspace refuses people without a workspace on data that belongs to one.
func (r *Resource) workspace(q *Request) error {
	if !r.Entity.Global && q.Actor.Workspace.ID == 0 {
		return noWorkspace()
	}
	return nil
}

func (r *Resource) list(q *Request) error {
	if err := r.workspace(q); err != nil {
		return err
	}
	v := r.viewer(q)
	if r.Within == nil && !v.SeesAny(r.Entity) {
		return Forbidden()
	}
	query, err := r.query(q)
	if err != nil {
		return err
	}
	if format, err := r.table(q); err != nil || format != "" {
		if err != nil {
			return err
		}
		return r.take(q, format, query)
	}
	p, err := q.page()
	if err != nil {
		return err
	}
	if q.URL.Query().Get("page_size") == "" && r.PageSize > 0 {
		p.size = r.PageSize
	}
	if r.Paging == Bare || r.Paging == OnDemand && !q.URL.Query().Has("page") {
		p.all = true
	}
	ctx := q.context()
	var rows [][]byte
	var count int
	known := false
	err = q.api.DB.View(ctx, func(tx db.Queryer) error {
		var err error
		if v, query.Within, err = r.enter(q, tx, access.View); err != nil {
			return err
		}
		if r.Tag != nil {
			tag, err := r.Tag(ctx, tx, q.Actor)
			if err != nil {
				return err
			}
			q.w.Header().Set("Cache-Control", "private, no-cache")
			if known = q.tagged(`W/"` + tag + "-" + q.situation() + `"`); known {
				return nil
			}
		}
		if !p.all {
			if err := r.Entity.Narrow(ctx, tx, v, &query); err != nil {
				return err
			}
			if !p.uncounted {
				if count, err = r.Entity.Count(ctx, tx, v, query); err != nil {
					return err
				}
				pages := max(1, (count+p.size-1)/p.size)
				if p.last {
					p.number = pages
				}
				if p.number > pages {
					return invalidPage()
				}
			}
			query.Limit, query.Offset = p.size, (p.number-1)*p.size
			if p.uncounted {
				query.Limit++ // one row more tells whether there is a next page
			}
		}
		rows, err = r.Entity.Page(ctx, tx, v, query)
		return err
	})
	if err != nil {
		return err
	}
	if known {
		q.notModified()
		return nil
	}
	further := p.number*p.size < count
	if p.uncounted && !p.all {
		if further = len(rows) > p.size; further {
			rows = rows[:p.size]
		}
		if len(rows) == 0 && p.number > 1 {
			return invalidPage()
		}
	}
	array := append(append([]byte("["), bytes.Join(rows, []byte(","))...), ']')
	if p.all {
		r.writeList(q, array)
		return nil
	}
	link := func(exists bool, number int) *string {
		if !exists {
			return nil
		}
		u := q.pageURL(number)
		return &u
	}
	total := &count
	if p.uncounted {
		total = nil
	}
	body, err := json.Marshal(struct {
		Count    *int            `json:"count"`
		Next     *string         `json:"next"`
		Previous *string         `json:"previous"`
		Results  json.RawMessage `json:"results"`
	}{total, link(further, p.number+1), link(p.number > 1, p.number-1), array})
	if err != nil {
		return fmt.Errorf("encode page: %w", err)
	}
	r.writeList(q, body)
	return nil
}

// writeList answers with a list under its own tag, if it has one.
func (r *Resource) writeList(q *Request, body []byte) {
	if r.Tag != nil {
		q.writeBytes(http.StatusOK, "application/json", body)
		return
	}
	q.writeTagged(`W/"`+q.printed(body)+`"`, body)
}

// general are the parameters that every list understands beside its filters.
var general = []string{"page", "page_size", "count", "format", "schema", "include", "fields"}

// parse reads filters, search and order; what the resource does not know is an error except on a lenient wire.
func (r *Resource) parse(params url.Values) (entity.Query, error) {
	query, others, err := r.Entity.ParseQuery(params)
	if err != nil {
		return query, err
	}
	if !r.Wire.Lenient {
		var problems almoner.Problems
		for _, name := range others {
			if !slices.Contains(general, name) && !slices.ContainsFunc(r.Params, func(p Param) bool { return p.Name == name }) {
				problems.Add(name, "unknown_field", "There is no such parameter.")
			}
		}
		if err := problems.Err(); err != nil {
			return query, err
		}
	}
	return query, nil
}

func (r *Resource) query(q *Request) (entity.Query, error) {
	query, err := r.parse(q.URL.Query())
	if err != nil {
		return query, err
	}
	if query.Keys, err = r.keys(q, r.ListShape); err != nil {
		return query, err
	}
	return r.narrowed(q, query)
}

// narrowed adds to a query what the resource itself shows, and no more of.
func (r *Resource) narrowed(q *Request, query entity.Query) (entity.Query, error) {
	query.Shape = r.ListShape
	query.Only = r.Only
	if r.Narrow == nil {
		return query, nil
	}
	narrow, err := r.Narrow(q)
	if err != nil || narrow == nil {
		return query, err
	}
	query.Only = func(a *almoner.Actor, arg func(any) string) string {
		sql := narrow(a, arg)
		if r.Only == nil {
			return sql
		}
		only := r.Only(a, arg)
		if sql == "" || only == "" {
			return sql + only
		}
		return "(" + only + ") and (" + sql + ")"
	}
	return query, nil
}

func (r *Resource) locate(q *Request, tx db.Queryer) (entity.Found, error) {
	id, err := q.id("id")
	if err != nil {
		return entity.Found{}, err
	}
	if err := r.workspace(q); err != nil {
		return entity.Found{}, err
	}
	kind := access.Edit
	if q.Method == http.MethodGet || q.Method == http.MethodHead || q.Method == http.MethodOptions {
		kind = access.View
	}
	v, only, err := r.enter(q, tx, kind)
	if err != nil {
		return entity.Found{}, err
	}
	return r.Entity.LocateWithin(q.context(), tx, v, id, only)
}

func (r *Resource) get(q *Request) error {
	var body []byte
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		body, err = r.object(q, tx, found)
		return err
	})
	if err != nil {
		return err
	}
	q.writeTagged(q.w.Header().Get("ETag"), body)
	return nil
}

// object writes one record with what `?include=` asks for, and puts its tag into the answer.
func (r *Resource) object(q *Request, tx db.Queryer, found entity.Found) ([]byte, error) {
	body, err := r.included(q, tx, found)
	if err == nil {
		q.w.Header().Set("ETag", q.recordTag(found.Version, body))
	}
	return body, err
}

func (r *Resource) included(q *Request, tx db.Queryer, found entity.Found) ([]byte, error) {
	if !found.Viewer.SeesAny(r.Entity) {
		return nil, Forbidden()
	}
	keys, err := r.keys(q, r.Shape)
	if err != nil {
		return nil, err
	}
	body, err := r.Entity.Part(q.context(), tx, found.Viewer, r.Shape, keys, found.ID)
	if err != nil {
		return nil, err
	}
	include := strings.Split(q.URL.Query().Get("include"), ",")
	more := map[string]any{}
	if slices.Contains(include, "actions") {
		actions, err := r.actions(q, tx, found)
		if err != nil {
			return nil, err
		}
		more["actions"] = actions
	}
	if slices.Contains(include, "permissions") {
		more["permissions"] = permissions(r.Entity, found.Viewer)
		more["version"] = found.Version
	}
	if slices.Contains(include, "lists") {
		more["lists"] = r.lists(q, found.Viewer)
	}
	if len(more) == 0 {
		return body, nil
	}
	extra, err := json.Marshal(more)
	if err != nil {
		return nil, fmt.Errorf("encode included parts: %w", err)
	}
	if len(body) > 2 {
		body = append(body[:len(body)-1], ',')
	} else {
		body = body[:len(body)-1]
	}
	return append(body, extra[1:]...), nil
}

// permissions says for each field of an entity, and of its nested children, what the viewer may do with it.
func permissions(e *entity.Entity, v entity.Viewer) map[string]any {
	all := map[string]any{}
	for _, f := range e.Fields {
		word := "none"
		if v.Sees(f) {
			word = "read"
		}
		if v.Writes(f) {
			word = "write"
		}
		all[f.Name] = word
		if f.Kind == entity.Children && f.Nested {
			inner := permissions(f.TargetEntity(), v)
			inner["_delete"] = v.MayDelete(f.TargetEntity())
			all[f.Name+".*"] = inner
		}
	}
	return all
}

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

func (r *Resource) create(q *Request) error {
	if err := r.workspace(q); err != nil {
		return err
	}
	if err := r.admit(q, true); err != nil {
		return err
	}
	defer q.dropFile()
	tree, err := r.input(q)
	if err != nil {
		return err
	}
	attempt, err := q.attempt(tree)
	if err != nil {
		return err
	}
	v := r.viewer(q).With(access.New(r.Entity.Name))
	if !v.SeesAny(r.Entity) {
		return Forbidden()
	}
	change, err := r.Entity.Decode(v, entity.Create, r.plain(tree), !r.Wire.Lenient)
	if !v.EditsAny(r.Entity) {
		return Forbidden()
	}
	if err != nil {
		return err
	}
	if r.Creating != nil {
		if err := r.Creating(q); err != nil {
			return err
		}
	}
	return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
		if _, _, err := r.enter(q, tx, access.Edit); err != nil {
			return done, err
		}
		if err := r.fill(q, tx, tree, change); err != nil {
			return done, err
		}
		if err := r.Entity.Save(q.context(), tx, change); err != nil {
			return done, err
		}
		body, err := r.reread(q, tx, change.ID)
		return answer{status: http.StatusCreated, location: strings.TrimSuffix(q.URL.EscapedPath(), "/") + "/" + strconv.FormatInt(change.ID, 10) + "/", body: body}, err
	})
}

// reread writes the record as it is after a write; whoever may not see it any more gets an empty object.
func (r *Resource) reread(q *Request, tx db.Queryer, id int64) ([]byte, error) {
	v, only, err := r.enter(q, tx, access.View)
	if err != nil {
		return nil, err
	}
	found, err := r.Entity.LocateWithin(q.context(), tx, v, id, only)
	if almoner.KindOf(err) == almoner.NotFound {
		return []byte("{}"), nil
	}
	if err != nil {
		return nil, err
	}
	if !found.Viewer.SeesAny(r.Entity) {
		return []byte("{}"), nil
	}
	return r.object(q, tx, found)
}

func (r *Resource) write(mode entity.Mode) func(*Request) error {
	return func(q *Request) error {
		if err := r.admit(q, false); err != nil {
			return err
		}
		defer q.dropFile()
		tree, err := r.input(q)
		if err != nil {
			return err
		}
		attempt, err := q.attempt(tree)
		if err != nil {
			return err
		}
		version, err := q.ifVersion(tree)
		if err != nil {
			return err
		}
		ctx := q.context()
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			if id, err := q.id("id"); err == nil {
				if err := r.Entity.Lock(ctx, tx, id); err != nil {
					return done, err
				}
			}
			found, err := r.locate(q, tx)
			if err != nil {
				return done, err
			}
			if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) {
				return done, Forbidden()
			}
			strict := !r.Wire.Lenient
			if object, ok := tree.(map[string]any); ok && strict {
				if r.Entity.Field("version") == nil {
					delete(object, "version")
				}
				if tree, err = r.asRead(q, tx, found, object); err != nil {
					return done, err
				}
				// What was read of an older version differs because of that, which Save tells.
				strict = version == 0 || version == found.Version
			}
			change, err := r.Entity.Decode(found.Viewer, mode, r.plain(tree), strict)
			if err != nil {
				return done, err
			}
			change.ID, change.IfVersion = found.ID, version
			if err := r.fill(q, tx, tree, change); err != nil {
				return done, err
			}
			if err := r.Entity.Save(ctx, tx, change); err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, found.ID)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}

func (r *Resource) remove(q *Request) error {
	version, err := q.ifVersion(nil)
	if err != nil {
		return err
	}
	attempt, err := q.attempt(nil)
	if err != nil {
		return err
	}
	ctx := q.context()
	return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
		if id, err := q.id("id"); err == nil {
			if err := r.Entity.Lock(ctx, tx, id); err != nil {
				return done, err
			}
		}
		found, err := r.locate(q, tx)
		if err != nil {
			return done, err
		}
		if !found.Viewer.SeesAny(r.Entity) || !found.Viewer.EditsAny(r.Entity) || r.Removable != nil && !r.Removable(found) {
			return done, Forbidden()
		}
		change := r.Entity.NewDelete(found.ID)
		change.IfVersion = version
		return answer{status: http.StatusNoContent}, r.Entity.Save(ctx, tx, change)
	})
}

func (r *Resource) move(code string) func(*Request) error {
	return func(q *Request) error {
		id, err := q.id("id")
		if err != nil {
			return err
		}
		if err := r.workspace(q); err != nil {
			return err
		}
		tree, err := q.body()
		if err != nil {
			return err
		}
		attempt, err := q.attempt(tree)
		if err != nil {
			return err
		}
		version, err := q.ifVersion(nil)
		if err != nil {
			return err
		}
		return q.once(attempt, func(tx *db.Tx) (done answer, err error) {
			if err := r.Machine.Make(q.context(), tx, r.viewer(q), id, code, tree, version); err != nil {
				return done, err
			}
			body, err := r.reread(q, tx, id)
			return answer{status: http.StatusOK, body: body}, err
		})
	}
}

func (r *Resource) history(q *Request) error {
	var list []entity.Entry
	err := q.api.DB.View(q.context(), func(tx db.Queryer) error {
		found, err := r.locate(q, tx)
		if err != nil {
			return err
		}
		if !found.Viewer.SeesAny(r.Entity) {
			return Forbidden()
		}
		list, err = r.Entity.History(q.context(), tx, found)
		return err
	})
	if err != nil {
		return err
	}
	for i := range list {
		for j := range list[i].Changes {
			c := &list[i].Changes[j]
			c.Label = q.label(list[i].Entity+".field."+c.Field, c.Label)
		}
	}
	q.writeJSON(http.StatusOK, "application/json", list)
	return nil
}
