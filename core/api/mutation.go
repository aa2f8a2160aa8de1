package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The status of a mutation in the log.
const (
	mutationReceived  = 0
	mutationFailed    = 1
	mutationSucceeded = 2
)

const (
	// mutationParam is the argument of lists that asks for the records of a mutation.
	mutationParam = "client_mutation_id"
	// maxClientID and maxLabel are the greatest lengths of what clients call a mutation.
	maxClientID = 255
	maxLabel    = 255
	// abandonedAfter is how long nothing may have been heard of a mutation until it can be sent again: its process has died with it then.
	abandonedAfter = 10 * time.Minute
)

// mutation is one logged mutation being carried out.
type mutation struct {
	id      int64
	touched []touchedRecord
	ext     any
	code    string
}

type touchedRecord struct {
	entity string
	id     int64
}

// Touch notes that the mutation in hand has made or changed a record, so that lists with its clientMutationId find the record and the log shows it. On other
// wires it does nothing.
func (q *Request) Touch(e *entity.Entity, id int64) {
	if q.mutation != nil {
		q.mutation.touched = append(q.mutation.touched, touchedRecord{e.Name, id})
	}
}

// NoteMutation adds to the log what clients ask for behind a mutation: jsonExt, written as JSON (nil leaves it), and a code that the program chose ("" leaves it).
// On other wires it does nothing.
func (q *Request) NoteMutation(ext any, code string) {
	if q.mutation == nil {
		return
	}
	if ext != nil {
		q.mutation.ext = ext
	}
	if code != "" {
		q.mutation.code = code
	}
}

// callGraph calls the function behind a root field.
func (q *Request) callGraph(ctx context.Context, view db.Queryer, op *gql.Operation, in gql.Input) (any, error) {
	f := q.schema.functions[op]
	inner := &Request{Request: q.Request.WithContext(ctx), Actor: q.Actor, api: q.api, w: q.w, wire: Native, language: q.language, overlay: q.overlay, looked: q.looked, schema: q.schema, Extensions: in.Extensions, view: view}
	if op.Logged {
		return inner.log(f, op, in)
	}
	if !f.rule.Allows(q.Actor) {
		return nil, Forbidden()
	}
	if op.Mutation && q.readOnly() {
		return nil, Forbidden()
	}
	result, err := f.direct(inner, in.Tree)
	if err != nil || op.Input == "" {
		return result, err
	}
	return withClientID(result, in.ClientID)
}

// readOnly reports whether the actor may only read.
func (q *Request) readOnly() bool {
	return q.api.ReadOnlyRole != "" && q.Actor.Has(q.api.ReadOnlyRole)
}

// direct carries out what is answered with the result.
func (f *graphFunction) direct(q *Request, tree map[string]any) (result any, err error) {
	c := f.call
	if c.Enter != nil {
		if err := c.Enter(q); err != nil {
			return nil, err
		}
	}
	if q.In, err = entity.DecodeFields(c.Input, emptied(c.Input, tree)); err != nil {
		return nil, err
	}
	q.sent = tree
	defer q.dropFile()
	if c.Prepare != nil {
		if err := c.Prepare(q); err != nil {
			return nil, err
		}
	}
	if c.Change == nil {
		return c.Do(q)
	}
	err = q.api.DB.InTx(q.context(), func(tx *db.Tx) error {
		result, err = c.Change(q, tx)
		return err
	})
	return result, err
}

// withClientID adds to an answer what the client calls it.
func withClientID(result any, id *string) (any, error) {
	raw, err := json.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("encode an answer: %w", err)
	}
	object := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, fmt.Errorf("an answer with a clientMutationId must be an object: %w", err)
	}
	if object["client_mutation_id"], err = json.Marshal(id); err != nil {
		return nil, fmt.Errorf("encode an answer: %w", err)
	}
	return object, nil
}

// log carries out a logged mutation. Whatever becomes of the work, the answer is where to read about it, as clients count on: only what prevents the log
// itself is an error. The row is written before the work, in a transaction of its own; that the work succeeded is written by the work's own transaction.
func (q *Request) log(f *graphFunction, op *gql.Operation, in gql.Input) (any, error) {
	id := in.ClientID
	if id != nil && *id == "" {
		id = nil
	}
	if err := checkClientID(id); err != nil {
		return nil, err
	}
	answer := func(internal string) map[string]any {
		return map[string]any{"client_mutation_id": in.ClientID, "internal_id": internal}
	}
	row, internal, known, err := q.receive(f, op, id, in)
	if err != nil || known {
		return answer(internal), err
	}
	q.mutation = &mutation{id: row}
	defer q.dropFile()
	failure := f.work(q, in.Tree)
	if failure == nil {
		return answer(internal), nil
	}
	// The client may have gone; what became of its mutation is noted all the same.
	text := q.failure(failure)
	err = q.api.DB.InTx(context.WithoutCancel(q.context()), func(tx *db.Tx) error {
		_, err := tx.Exec(context.WithoutCancel(q.context()), "update api_mutations set status = $2, error = $3 where id = $1 and status = 0", row, int64(mutationFailed), text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("note the failure of a mutation: %w", err)
	}
	return answer(internal), nil
}

func checkClientID(id *string) error {
	if id != nil && (len(*id) > maxClientID || strings.ContainsRune(*id, 0)) {
		return almoner.Errorf(almoner.Invalid, "bad_client_mutation_id", "clientMutationId must have at most %d characters.", maxClientID)
	}
	return nil
}

// labelOf is what the log has room for of a label. It names people and places of any length; clients take no error here, as screens expect an answer at once.
func labelOf(label string) string {
	text := []rune(strings.ReplaceAll(label, "\x00", ""))
	return string(text[:min(len(text), maxLabel)])
}

// receive writes the row of the log. Known tells that the same person has sent the same clientMutationId before: then nothing is to be done, and the number is
// that of the first time. One that was begun long ago and never ended is taken up again.
func (q *Request) receive(f *graphFunction, op *gql.Operation, id *string, in gql.Input) (row int64, internal string, known bool, err error) {
	ctx := q.context()
	content, err := json.Marshal(masked(f.fields, in.Tree))
	if err != nil {
		return 0, "", false, fmt.Errorf("note a mutation: %w", err)
	}
	var details *string
	if in.Details != nil {
		raw, err := json.Marshal(in.Details)
		if err != nil {
			return 0, "", false, fmt.Errorf("note a mutation: %w", err)
		}
		text := strings.ReplaceAll(string(raw), `\u0000`, "")
		details = &text
	}
	var user, workspace *int64
	if q.Actor.UserID != 0 {
		user = &q.Actor.UserID
	}
	if q.Actor.Workspace.ID != 0 {
		workspace = &q.Actor.Workspace.ID
	}
	err = q.api.DB.InTx(ctx, func(tx *db.Tx) error {
		number, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make a UUID: %w", err)
		}
		internal = number.String()
		row, err = tx.Insert(ctx, `insert into api_mutations (uuid, user_id, workspace_id, client_mutation_id, label, details, name, json_content, requested_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			on conflict (user_id, client_mutation_id) where client_mutation_id is not null do nothing returning id`,
			internal, user, workspace, id, labelOf(in.Label), details, op.Name, strings.ReplaceAll(string(content), `\u0000`, ""), tx.Now)
		if !errors.Is(err, db.ErrNoRows) {
			return err
		}
		var status int64
		var since time.Time
		err = tx.QueryRow(ctx, "select id, uuid, status, requested_at from api_mutations where user_id = $1 and client_mutation_id = $2", user, id).Scan(&row, &internal, &status, &since)
		if known = true; err != nil || status != mutationReceived || tx.Now.Sub(since) < abandonedAfter {
			return err
		}
		taken, err := tx.Exec(ctx, "update api_mutations set requested_at = $2 where id = $1 and status = 0 and requested_at = $3", row, tx.Now, since)
		known = taken == 0
		return err
	})
	if err != nil {
		return 0, "", false, fmt.Errorf("note a mutation: %w", err)
	}
	return row, internal, known, nil
}

// work does what the mutation is for, in one transaction with the note that it was done.
func (f *graphFunction) work(q *Request, tree map[string]any) error {
	if !f.rule.Allows(q.Actor) || q.readOnly() {
		return Forbidden()
	}
	change, err := f.prepare(q, tree)
	if err != nil {
		return err
	}
	ctx := q.context()
	return q.api.DB.InTx(ctx, func(tx *db.Tx) error {
		q.mutation.touched = nil
		if err := change(tx); err != nil {
			return err
		}
		return q.mutation.done(ctx, tx)
	})
}

// prepare checks what can be before the transaction.
func (f *graphFunction) prepare(q *Request, tree map[string]any) (func(tx *db.Tx) error, error) {
	if f.call == nil {
		return f.change(q, tree)
	}
	if f.call.Enter != nil {
		if err := f.call.Enter(q); err != nil {
			return nil, err
		}
	}
	var err error
	if q.In, err = entity.DecodeFields(f.call.Input, emptied(f.call.Input, tree)); err != nil {
		return nil, err
	}
	q.sent = tree
	if f.call.Prepare != nil {
		if err := f.call.Prepare(q); err != nil {
			return nil, err
		}
	}
	return func(tx *db.Tx) error {
		_, err := f.call.Change(q, tx)
		return err
	}, err
}

// emptied is an input in which what is no text and may be null is null where it was sent empty: forms of the insurance wire send "" for a number, a choice or a
// reference that nobody filled in.
func emptied(fields []*entity.Field, tree map[string]any) map[string]any {
	out := maps.Clone(tree)
	for _, f := range fields {
		switch value := tree[f.Name].(type) {
		case string:
			if value == "" && f.Null && !f.Many && emptyIsNull(f.Kind) {
				out[f.Name] = nil
			}
		case map[string]any:
			out[f.Name] = emptied(f.Fields, value)
		case []any:
			list := slices.Clone(value)
			for i, item := range list {
				if object, ok := item.(map[string]any); ok {
					list[i] = emptied(f.Fields, object)
				}
			}
			out[f.Name] = list
		}
	}
	return out
}

// emptyIsNull reports whether an empty text is no value of the kind.
func emptyIsNull(k entity.Kind) bool {
	switch k {
	case entity.Integer, entity.Number, entity.Decimal, entity.Choice, entity.UUID, entity.Ref, entity.Bool, entity.Date, entity.Time:
		return true
	}
	return false
}

func (m *mutation) done(ctx context.Context, tx *db.Tx) error {
	for _, r := range m.touched {
		_, err := tx.Exec(ctx, `insert into api_mutation_records (mutation_id, entity, record_id) values ($1, $2, $3)
			on conflict (mutation_id, entity, record_id) do nothing`, m.id, r.entity, r.id)
		if err != nil {
			return fmt.Errorf("note a record of a mutation: %w", err)
		}
	}
	var ext, code *string
	if m.ext != nil {
		raw, err := json.Marshal(m.ext)
		if err != nil {
			return fmt.Errorf("note more about a mutation: %w", err)
		}
		text := string(raw)
		ext = &text
	}
	if m.code != "" {
		code = &m.code
	}
	_, err := tx.Exec(ctx, "update api_mutations set status = $2, json_ext = $3, autogenerated_code = $4 where id = $1", m.id, int64(mutationSucceeded), ext, code)
	if err != nil {
		return fmt.Errorf("note the success of a mutation: %w", err)
	}
	return nil
}

// failure is what the log says of an error: a JSON array of what is wrong, in the language of whoever asked.
func (q *Request) failure(err error) string {
	type item struct {
		Message string `json:"message"`
		Detail  string `json:"detail"`
		Code    string `json:"code"`
	}
	var list []item
	var e *almoner.Error
	if !errors.As(err, &e) || e.Kind == almoner.Internal {
		f := q.fault(err)
		list = append(list, item{f.Message, fmt.Sprint(f.Extensions["request_id"]), "internal"})
	} else {
		for _, p := range e.Fields {
			if p.Message != "" {
				list = append(list, item{q.text(p.Code, p.Message, p.Params), p.Path, p.Code})
			}
		}
		if len(list) == 0 {
			list = append(list, item{q.text(e.Code, e.Message, e.Params), "", e.Code})
		}
	}
	raw, jsonErr := json.Marshal(list)
	if jsonErr != nil {
		return `[{"message":"The error could not be written.","detail":"","code":"internal"}]`
	}
	return string(raw)
}

// mask stands for what is secret.
const mask = "***"

// masked is an input without what is secret.
func masked(fields []*entity.Field, tree map[string]any) map[string]any {
	out := make(map[string]any, len(tree))
	for _, f := range fields {
		v, sent := tree[f.Name]
		switch {
		case !sent:
		case f.Secret && v != nil:
			out[f.Name] = mask
		case f.Kind == entity.Object:
			out[f.Name] = maskedIn(f.Fields, v)
		default:
			out[f.Name] = v
		}
	}
	return out
}

func maskedIn(fields []*entity.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return masked(fields, v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = maskedIn(fields, item)
		}
		return list
	}
	return v
}

// touchedBy narrows a list to the records of a mutation of the actor's own.
func touchedBy(e *entity.Entity, clientID string) func(*almoner.Actor, func(any) string) string {
	return func(a *almoner.Actor, arg func(any) string) string {
		if strings.ContainsRune(clientID, 0) {
			return "1 = 0"
		}
		return "{t}.id in (select mr.record_id from api_mutation_records mr join api_mutations m on m.id = mr.mutation_id where m.user_id = " + arg(a.UserID) +
			" and m.client_mutation_id = " + arg(clientID) + " and mr.entity = " + arg(e.Name) + ")"
	}
}

// MutationLog declares the log of mutations as a record type of the module that knows the people, under a name of its own; people is the entity of the users.
// Everybody sees what they did themselves, administrators see all.
func MutationLog(name, people string) *entity.Entity {
	text := func(name, column string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.LongText, Column: column, ReadOnly: true, Null: true}
	}
	return &entity.Entity{
		Name: name, Label: "Mutation", Plural: "Mutations", Table: "api_mutations", Global: true,
		Fields: []*entity.Field{
			{Name: "uuid", Kind: entity.UUID, ReadOnly: true},
			{Name: "user", Kind: entity.Ref, To: people, ReadOnly: true, Null: true},
			{Name: "status", Kind: entity.Integer, ReadOnly: true},
			text("error", "error"), text("client_mutation_id", "client_mutation_id"), text("client_mutation_label", "label"), text("client_mutation_details", "details"),
			{Name: "request_date_time", Kind: entity.Time, Column: "requested_at", ReadOnly: true},
			text("json_content", "json_content"), text("json_ext", "json_ext"), text("autogenerated_code", "autogenerated_code"),
		},
		Open: "uuid user status error client_mutation_id client_mutation_label client_mutation_details request_date_time json_content json_ext autogenerated_code",
		Filters: []entity.Filter{
			{Path: "id"},
			{Path: "client_mutation_id", Lookups: "exact in"},
			{Path: "client_mutation_label", Lookups: "exact icontains"},
			{Path: "status", Lookups: "exact gte lte"},
			{Path: "request_date_time", Lookups: "exact gte lte"},
			{Path: "user"},
		},
		Sorts: []entity.Sort{
			{Name: "request_date_time", By: []string{"request_date_time"}}, {Name: "status", By: []string{"status"}}, {Name: "client_mutation_label", By: []string{"client_mutation_label"}},
		},
		Order: []string{"-request_date_time"},
		Scope: func(a *almoner.Actor, arg func(any) string) string {
			if a.AllRights {
				if a.Superuser {
					return ""
				}
				return "{t}.workspace_id = " + arg(a.Workspace.ID)
			}
			return "{t}.user_id = " + arg(a.UserID)
		},
	}
}

// MutationRecords declares the records of one entity that a mutation touched, as children of the log: field is the to-one relation to them.
func MutationRecords(name, log, field string, e *entity.Entity) *entity.Entity {
	return &entity.Entity{
		Name: name, Label: "Record of a mutation", Table: "api_mutation_records", Global: true,
		Fields: []*entity.Field{
			{Name: "mutation", Kind: entity.Ref, To: log, ReadOnly: true},
			{Name: field, Kind: entity.Ref, To: e.Name, Column: "record_id", ReadOnly: true},
		},
		Open: field,
	}
}

// OfEntity is the condition of a list of MutationRecords.
func OfEntity(e *entity.Entity) func(*almoner.Actor, func(any) string) string {
	return func(_ *almoner.Actor, arg func(any) string) string { return "{t}.entity = " + arg(e.Name) }
}
