package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Call is an operation that is a function of its own: over REST when it has a Path, on the GraphQL wire when Graph has a name, on both when it has both.
type Call struct {
	// Name is `module.noun.verb`.
	Name    string
	Method  string
	Path    string
	Summary string
	Wire    Wire
	Rule    Rule
	// Input are the fields of the JSON body; decoded, they are in Request.In.
	Input []*entity.Field
	// Extended are the entities whose extension fields the input takes on the GraphQL wire, by the field of the input that they stand in, "" for the input
	// itself; Change puts them where they belong with Request.Extend.
	Extended map[string]*entity.Entity
	// Upload lets the body be a form and bring a file, which is then in Request.File.
	Upload *Upload
	// Enter refuses the request before its body is read; nil lets it in.
	Enter func(q *Request) error
	// Media is the type of a good answer that is no JSON: one that ServeFile writes, or a Download.
	Media string
	// Query documents the parameters.
	Query []Param
	// Output describes the answer, for the documents; nil for one without a body.
	Output *Schema
	// Status of a good answer; 200, or 204 for a nil result, when 0.
	Status int
	// Prepare is what must not be done while a transaction is open, such as receiving a file; it comes before that of Change, and has the input. A file that it
	// puts into Request.File, and nobody keeps, is dropped.
	Prepare func(q *Request) error
	// Do answers. A nil result is 204, a json.RawMessage is written as it is, anything else as JSON. Redirect, Download, Record and Done are answers, too.
	Do func(q *Request) (any, error)
	// Change is Do for an operation that writes: all it does is done in this transaction, or nothing is. Over REST an Idempotency-Key makes it safe to send
	// again; on the GraphQL wire it is logged, under the clientMutationId, and no result is shown.
	Change func(q *Request, tx *db.Tx) (any, error)
	// IfMatch tells that Change asks Request.Match, for the documents.
	IfMatch bool
	// Graph puts the call on the GraphQL wire.
	Graph CallGraph
}

// Redirect is a result that sends the caller elsewhere with 302.
type Redirect struct{ To string }

// Download is a result that browsers save as a file of this name, whatever the name; it must fit into memory.
type Download struct {
	Name, Media string
	Body        []byte
}

// Done is the result of a Call that has written its answer itself.
var Done = &struct{ done bool }{true}

func (c Call) operation() Operation {
	op := Operation{once: c.Change != nil, matches: c.IfMatch, Name: c.Name, Method: c.Method, Path: c.Path, Summary: c.Summary, Wire: c.Wire, Rule: c.Rule, Query: c.Query, Output: c.Output, Status: c.Status, Upload: c.Upload, Media: c.Media}
	if c.Input != nil {
		op.Input = fieldsSchema(c.Input)
	}
	if op.Status == 0 {
		op.Status = http.StatusOK
		if c.Output == nil && c.Media == "" {
			op.Status = http.StatusNoContent
		}
	}
	op.handler = func(q *Request) error {
		if c.Enter != nil {
			if err := c.Enter(q); err != nil {
				return err
			}
		}
		var sent any
		defer q.dropFile()
		if c.Input != nil || c.Upload != nil {
			tree, err := q.input(c.Upload)
			sent = tree
			if err != nil {
				return err
			}
			if q.In, err = entity.DecodeFields(c.Input, tree); err != nil {
				return err
			}
		}
		if c.Prepare != nil {
			if err := c.Prepare(q); err != nil {
				return err
			}
		}
		if c.Change != nil {
			return c.once(q, op.Status, sent)
		}
		result, err := c.Do(q)
		if err != nil {
			return err
		}
		status := op.Status
		if status == http.StatusNoContent {
			status = http.StatusOK // there is content, though no Output describes it
		}
		switch v := result.(type) {
		case nil:
			q.w.Header().Set("Cache-Control", "no-store")
			q.w.WriteHeader(http.StatusNoContent)
		case Redirect:
			http.Redirect(q.w, q.Request, v.To, http.StatusFound)
		case Download:
			q.w.Header().Set("Content-Disposition", disposition(v.Name))
			q.writeBytes(status, v.Media, v.Body)
		case Record:
			q.writeRecord(v)
		case json.RawMessage:
			q.writeBytes(status, "application/json", v)
		default:
			if result != any(Done) {
				q.writeJSON(status, "application/json", result)
			}
		}
		return nil
	}
	return op
}

// once does the change and answers, once for all that are sent with the same Idempotency-Key.
func (c Call) once(q *Request, status int, sent any) error {
	attempt, err := q.attempt(sent)
	if err != nil {
		return err
	}
	return q.once(attempt, func(tx *db.Tx) (answer, error) {
		result, err := c.Change(q, tx)
		if err != nil || result == nil {
			return answer{status: http.StatusNoContent}, err
		}
		body, err := json.Marshal(result)
		if err != nil {
			return answer{}, fmt.Errorf("encode the answer of %s: %w", c.Name, err)
		}
		if status == http.StatusNoContent {
			status = http.StatusOK
		}
		return answer{status: status, body: body}, nil
	})
}

func asInvalid(err error) *almoner.Error {
	var e *almoner.Error
	if errors.As(err, &e) && e.Kind == almoner.Invalid {
		return e
	}
	return nil
}
