package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"almoner.dev/almoner"
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
	// Path is the collection, `/api/tpm/visits/`; "" for a resource that is on the GraphQL wire only.
	Path string
	// Graph says how the resource appears on the GraphQL wire.
	Graph Graph
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
	// View and Edit say who may use the operations at all; ByField for ruled entities. Rules replace them for single operations.
	View, Edit Rule
	Rules      map[Can]Rule
	// Within puts the resource below a record of another entity: its path has that record's id in braces.
	Within *Parent
	// Unruled shows all fields of a ruled entity to whoever View lets in.
	Unruled bool
	// Only narrows the list, but not the single record, further: SQL over {t}.
	Only func(a *almoner.Actor, arg func(any) string) string
	// Order names the Sorts, each with a minus to turn it around, that the list is in when the request does not say; nil is the order of the entity.
	Order []string
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
	add := func(can Can, verb, method, path, summary string, handler func(*Request) error, edit func(*Operation)) {
		if r.Can&can == 0 {
			return
		}
		op := Operation{matches: can&(Update|Replace|Delete) != 0, Name: name + "." + verb, Method: method, Path: path, Summary: summary, Wire: r.Wire, Rule: r.rule(can), handler: handler, resource: r, Status: http.StatusOK, once: method != http.MethodGet}
		edit(&op)
		ops = append(ops, op)
	}
	object := r.Path + "{id}/"
	row, single, input := a.shapeSchema(r.Entity, r.ListShape), a.shapeSchema(r.Entity, r.Shape), inputSchema(r.Entity)
	add(List, "list", http.MethodGet, r.Path, "List the "+what+" records that you may see.", r.list, func(op *Operation) {
		op.query, op.Output = r.params, pageSchema(row, r.Paging)
	})
	add(Create, "create", http.MethodPost, r.Path, "Create a "+what+".", r.create, func(op *Operation) {
		op.Input, op.Output, op.Status, op.Upload = input, single, http.StatusCreated, r.Upload
	})
	add(Get, "get", http.MethodGet, object, "Read one "+what+".", r.get, func(op *Operation) { op.Output = single; op.Query = includeParams })
	add(Update, "update", http.MethodPatch, object, "Change some fields of a "+what+".", r.write(entity.Patch), func(op *Operation) { op.Input, op.Output, op.Upload = input, single, r.Upload })
	add(Replace, "replace", http.MethodPut, object, "Write all fields of a "+what+".", r.write(entity.Replace), func(op *Operation) { op.Input, op.Output, op.Upload = input, single, r.Upload })
	add(Delete, "delete", http.MethodDelete, object, "Delete a "+what+".", r.remove, func(op *Operation) { op.Status = http.StatusNoContent })
	add(History, "history", http.MethodGet, object+"history/", "Read what happened to a "+what+".", r.history, func(op *Operation) { op.Output = anySchema })
	if r.Machine != nil {
		for i := range r.Machine.Moves {
			move := &r.Machine.Moves[i]
			ops = append(ops, Operation{
				Name: name + "." + move.Code, Method: http.MethodPost, Path: object + move.Code + "/", Summary: capital(cmp.Or(move.Label, move.Code)) + ": " + what + ".",
				Wire: r.Wire, Rule: r.Edit, matches: true, handler: r.move(move.Code), Input: fieldsSchema(move.Input), Output: single, Status: http.StatusOK, once: true,
			})
		}
	}
	if r.Export != nil {
		ops = append(ops, Operation{
			Name: name + ".export", Method: http.MethodGet, Path: r.Path + "export/", Summary: "Take the " + what + " records that you may see away as CSV.",
			Wire: r.Wire, Rule: SignedIn, handler: r.export, query: func(o *entity.Overlay) []Param { return withoutPages(r.params(o)) }, Status: http.StatusOK, Media: "text/csv",
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

// rule says who may use one of the operations at all.
func (r *Resource) rule(can Can) Rule {
	if rule, ok := r.Rules[can]; ok {
		return rule
	}
	if can&Write != 0 {
		return r.Edit
	}
	return r.View
}

// viewer is who asks, for the endpoint checks of tpm §4.1-8.
func (r *Resource) viewer(q *Request) entity.Viewer {
	v := q.viewer().With(r.Entity.General(q.Actor)...)
	v.AllFields = r.Unruled
	return v
}

// workspace refuses people without a workspace on data that belongs to one.
func (r *Resource) workspace(q *Request) error {
	if !r.Entity.Global && q.Actor.Workspace.ID == 0 {
		return noWorkspace()
	}
	return nil
}
