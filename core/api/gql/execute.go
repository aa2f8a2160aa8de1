package gql

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// Request is one document to be carried out for somebody.
type Request struct {
	Query         string
	OperationName string
	// Variables are as encoding/json reads them with UseNumber.
	Variables map[string]any
	DB        *db.DB
	// Viewer is who asks, before any record is looked at.
	Viewer entity.Viewer
	// Open finds out what of a source's list there is for whoever asks: as whom they look, and which rows.
	Open func(ctx context.Context, q db.Queryer, s *Source, w Want) (entity.Viewer, entity.Query, error)
	// Find finds one record of a source for whoever asks, with what holds between the two.
	Find func(ctx context.Context, q db.Queryer, s *Source, w Want) (entity.Found, error)
	// Admit is asked, before anything is done, whether whoever asks may call these functions, and read of sources if reads is set; a Fault is the
	// whole answer then, with the status.
	Admit func(called []*Operation, reads bool) (int, *Fault)
	// Call calls a function; q is what the document is read from, nil for a mutation. The answer is written as JSON would write it, as far as it is selected.
	Call func(ctx context.Context, q db.Queryer, op *Operation, in Input) (any, error)
	// Export makes a file of a list and returns the name under which it is fetched. Nothing is being read meanwhile.
	Export func(ctx context.Context, x *Export) (string, error)
	// Queries lets no mutation in: the answer is 405 then.
	Queries bool
	// Introspect lets people ask about the schema itself.
	Introspect bool
	// Explain turns an error of the two, or of the database, into what people read.
	Explain func(err error) *Fault
}

// Execute carries out a document and returns the status and the body of the answer: 400 and errors without data when the document
// is wrong, else 200 with data, and errors for the fields of it that could not be read. All of it is read from one snapshot.
func (s *Schema) Execute(ctx context.Context, r Request) (status int, body []byte) {
	op, asks, status, faults := s.prepare(r)
	if len(faults) > 0 {
		return status, Refused(faults...)
	}
	x := &execution{Schema: s, Request: r, budget: entity.Budget{Limit: s.Limits.Records}}
	if op.Operation == ast.Mutation {
		return http.StatusOK, x.answer(x.data(ctx, nil, "Mutation", asks))
	}
	// Files are made before the snapshot of the rest is taken: whoever makes one reads and writes on its own.
	for _, a := range asks {
		if a.export != nil && a.fault == nil {
			name, err := r.Export(ctx, a.export)
			if err != nil {
				a.fault = r.Explain(err)
				a.fault.Path, a.fault.Locations = []string{a.key}, []Location{{a.field.Position.Line, a.field.Position.Column}}
			}
			a.text = string(entity.AppendJSON(nil, name))
		}
	}
	var data []byte
	err := r.DB.View(ctx, func(q db.Queryer) error {
		data = x.data(ctx, q, "Query", asks)
		return nil
	})
	if err != nil {
		return http.StatusOK, append(append([]byte(`{"data":null,"errors":`), faultsJSON(r.Explain(err))...), '}')
	}
	return http.StatusOK, x.answer(data)
}

func (x *execution) answer(data []byte) []byte {
	body := append([]byte(`{"data":`), data...)
	if len(x.faults) > 0 {
		body = append(append(body, `,"errors":`...), faultsJSON(x.faults...)...)
	}
	return append(body, '}')
}

func faultsJSON(faults ...*Fault) []byte {
	raw, err := json.Marshal(faults)
	if err != nil {
		return []byte("[]")
	}
	return raw
}

// prepare does everything that can be done without reading.
func (s *Schema) prepare(r Request) (*ast.OperationDefinition, []*ask, int, []*Fault) {
	bad := func(faults ...*Fault) (*ast.OperationDefinition, []*ask, int, []*Fault) {
		return nil, nil, http.StatusBadRequest, faults
	}
	if status, fault := s.admit(r); fault != nil {
		return nil, nil, status, []*Fault{fault}
	}
	doc, faults := s.document(r.Query)
	if len(faults) > 0 {
		return bad(faults...)
	}
	op, fault := operation(doc, r.OperationName)
	if fault != nil {
		return bad(fault)
	}
	if r.Queries && op.Operation == ast.Mutation {
		return nil, nil, http.StatusMethodNotAllowed, []*Fault{NewFault(CodeBadRequest, "Can only perform a mutation operation from a POST request.")}
	}
	variables, faults := s.variables(op, r.Variables, s.nulls(op))
	if len(faults) > 0 {
		return bad(faults...)
	}
	p := &planner{Schema: s, doc: doc, variables: variables, explain: r.Explain, viewer: r.Viewer}
	asks, fault := p.plan(op)
	if fault != nil {
		return bad(fault)
	}
	for _, a := range asks {
		if a.field.Name == "__schema" || a.field.Name == "__type" {
			if !r.Introspect {
				return bad(NewFault(CodeForbidden, "The schema is not shown here."))
			}
			if a.text, fault = s.introspect(p, a); fault != nil {
				return bad(fault)
			}
		}
	}
	return op, asks, 0, nil
}

// nulls reports whether null in variables is a value: only the changes of standard resources know it.
func (s *Schema) nulls(op *ast.OperationDefinition) bool {
	if op.Operation != ast.Mutation {
		return false
	}
	for _, selection := range op.SelectionSet {
		if f, ok := selection.(*ast.Field); ok {
			if r := s.mutations[f.Name]; r != nil && r.function.Nulls {
				return true
			}
		}
	}
	return false
}

// admit asks whether the root fields of the document are for whoever asks. That comes before the document is validated, as the answer to one that is not
// valid tells about the schema; what is no document at all counts as reading.
func (s *Schema) admit(r Request) (int, *Fault) {
	if r.Admit == nil {
		return 0, nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: r.Query}, s.Limits.Tokens)
	if err != nil {
		return r.Admit(nil, true)
	}
	op, fault := operation(doc, r.OperationName)
	if fault != nil {
		return r.Admit(nil, true)
	}
	roots := s.roots
	if op.Operation == ast.Mutation {
		roots = s.mutations
	}
	var called []*Operation
	reads := false
	spread := map[string]bool{}
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch sel := selection.(type) {
			case *ast.Field:
				switch known := roots[sel.Name]; {
				case known != nil && known.function != nil:
					called = append(called, known.function.Operation)
				case sel.Name != "__typename":
					reads = true
				}
			case *ast.InlineFragment:
				walk(sel.SelectionSet)
			case *ast.FragmentSpread:
				if f := doc.Fragments.ForName(sel.Name); f != nil && !spread[sel.Name] {
					spread[sel.Name] = true
					walk(f.SelectionSet)
				}
			}
		}
	}
	walk(op.SelectionSet)
	return r.Admit(called, reads)
}

// execution is one run of an operation.
type execution struct {
	*Schema
	Request
	budget entity.Budget
	faults []*Fault
	// ctx and q are those of the run, for fields that are worked out while records are written; failed is the first of them that could not be.
	ctx    context.Context //nolint:containedctx // an execution lasts for one call
	q      db.Queryer
	failed error
}

// call calls a function and writes its answer.
func (x *execution) call(ctx context.Context, a *ask, b []byte) ([]byte, error) {
	result, err := x.Call(ctx, x.q, a.call.Operation, a.call.in)
	if err != nil {
		return b, err
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return b, fmt.Errorf("answer of %s: %w", a.call.Name, err)
	}
	tree, err := parseJSON(string(raw))
	if err != nil {
		return b, fmt.Errorf("answer of %s: %w", a.call.Name, err)
	}
	return appendTree(b, a.call.outs, a.call.out.list, tree), nil
}

// appendTree writes what is selected of a function's answer.
func appendTree(b []byte, outs []out, list bool, tree any) []byte {
	if items, ok := tree.([]any); ok && list {
		b = append(b, '[')
		for i, item := range items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendTree(b, outs, false, item)
		}
		return append(b, ']')
	}
	object, ok := tree.(map[string]any)
	if outs == nil || !ok {
		raw, err := json.Marshal(tree)
		if err != nil || outs != nil {
			raw = []byte("null")
		}
		return append(b, raw...)
	}
	b = append(b, '{')
	for i := range outs {
		o := &outs[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.key...)
		switch o.kind {
		case outTypename:
			b = entity.AppendJSON(b, o.text)
		case outTree:
			b = appendTree(b, o.outs, o.list, object[o.text])
		default:
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}

// Context is what a computed field is worked out with.
type Context struct {
	context.Context //nolint:containedctx // it is one, with more to it

	DB db.Queryer
}

// data carries out the root fields one after the other. Without a Queryer, functions bring their own transactions.
func (x *execution) data(ctx context.Context, q db.Queryer, typ string, asks []*ask) []byte {
	x.ctx, x.q = ctx, q
	b := []byte("{")
	for i, a := range asks {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, entity.AppendJSON(nil, a.key)...), ':')
		start := len(b)
		x.failed = nil
		var err error
		switch {
		case a.field.Name == "__typename":
			b = entity.AppendJSON(b, typ)
		case a.field.Name == "__schema" || a.field.Name == "__type":
			b = append(b, a.text...)
		case a.fault != nil:
			b = x.fail(b, a.fault)
		case a.export != nil:
			b = append(b, a.text...)
		case a.call != nil:
			b, err = x.call(ctx, a, b)
		case a.list != nil:
			b, err = x.list(ctx, q, a, b)
		default:
			b, err = x.single(ctx, q, a, b)
		}
		if err != nil {
			f := x.Explain(err)
			f.Path, f.Locations = []string{a.key}, []Location{{a.field.Position.Line, a.field.Position.Column}}
			b = x.fail(b[:start], f)
		}
	}
	return append(b, '}')
}

func (x *execution) fail(b []byte, f *Fault) []byte {
	x.faults = append(x.faults, f)
	return append(b, "null"...)
}

func (x *execution) list(ctx context.Context, q db.Queryer, a *ask, b []byte) ([]byte, error) {
	c, e := a.list, a.root.source.Entity
	v, query, err := x.Open(ctx, q, a.root.source, a.want)
	if err == nil {
		err = e.Narrow(ctx, q, v, &query)
	}
	if err != nil {
		return b, err
	}
	length := -1
	if c.total || c.rows && c.paging.last >= 0 {
		if length, err = e.Count(ctx, q, v, query); err != nil {
			return b, err
		}
	}
	cut := c.paging.cut(c.next)
	if c.plain {
		query.Limit, query.Offset = x.budget.Limit+1, 0
		records, err := e.Records(ctx, q, v, query, c.node.selection, &x.budget)
		if err != nil {
			return b, err
		}
		b = x.array(b, c.node, records)
		return b, x.failed
	}
	if cut.Last >= 0 {
		cut.To = max(cut.From, min(cut.To, length))
		cut.From = max(cut.From, cut.To-cut.Last)
	}
	var records []entity.Record
	if c.rows && cut.To > cut.From {
		query.Limit, query.Offset = cut.To-cut.From, cut.From
		if records, err = e.Records(ctx, q, v, query, c.node.selection, &x.budget); err != nil {
			return b, err
		}
	}
	b = x.connection(b, c, records, cut.From, length)
	return b, x.failed
}

// array writes records one after the other.
func (x *execution) array(b []byte, l *layout, records []entity.Record) []byte {
	b = append(b, '[')
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = x.record(b, l, r)
	}
	return append(b, ']')
}

// single writes a record from the first place where it is found. For node, a record that is not there, or not to be seen, is null and
// no error.
func (x *execution) single(ctx context.Context, q db.Queryer, a *ask, b []byte) ([]byte, error) {
	for _, p := range a.places {
		record, err := x.find(ctx, q, p, a.want)
		if err == nil {
			b = x.record(b, p.layout, record)
			return b, x.failed
		}
		if kind := almoner.KindOf(err); a.root != nil || kind != almoner.NotFound && kind != almoner.Forbidden {
			return b, err
		}
	}
	return append(b, "null"...), nil
}

// find reads a record from one place.
func (x *execution) find(ctx context.Context, q db.Queryer, p place, want Want) (entity.Record, error) {
	e := p.source.Entity
	if !p.listed {
		found, err := x.Find(ctx, q, p.source, want)
		if err != nil {
			return entity.Record{}, err
		}
		return e.Record(ctx, q, found.Viewer, found.ID, p.layout.selection, &x.budget)
	}
	v, query, err := x.Open(ctx, q, p.source, want)
	if err == nil {
		err = e.Narrow(ctx, q, v, &query)
	}
	if err != nil {
		return entity.Record{}, err
	}
	query.Limit = 1
	records, err := e.Records(ctx, q, v, query, p.layout.selection, &x.budget)
	if err != nil {
		return entity.Record{}, err
	}
	if len(records) == 0 {
		return entity.Record{}, entity.NotFound()
	}
	return records[0], nil
}

// record writes a record; one of which nothing may be seen is null.
func (x *execution) record(b []byte, l *layout, r entity.Record) []byte {
	if !r.Visible() {
		return append(b, "null"...)
	}
	return x.values(b, l, l.outs, r)
}

// values writes an object of values of one record.
func (x *execution) values(b []byte, l *layout, outs []out, r entity.Record) []byte {
	b = append(b, '{')
	for i := range outs {
		o := &outs[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.key...)
		switch o.kind {
		case outTypename:
			b = entity.AppendJSON(b, o.text)
		case outID:
			b = l.appendID(b, o.text, strconv.FormatInt(r.ID(), 10))
		case outKey:
			key, _ := r.Value(o.pick).(string)
			b = l.appendID(b, o.text, key)
		case outExtensions:
			b = x.values(b, l, o.outs, r)
		case outComputed:
			b = x.computed(b, o.field.computed, r.ID())
		case outValue:
			b = appendValue(b, o.field, r.Value(o.pick))
		case outOne:
			if one, ok := r.One(o.pick); ok {
				b = x.record(b, o.one, one)
			} else {
				b = append(b, "null"...)
			}
		case outMany:
			if list, ok := r.Many(o.pick); ok {
				from := list.From
				if len(list.Records) == 0 {
					from = o.many.paging.from
				}
				b = x.connection(b, o.many, list.Records, from, list.Length)
			} else {
				b = append(b, "null"...)
			}
		case outPlain:
			if list, ok := r.Many(o.pick); ok {
				b = x.array(b, o.many.node, list.Records)
			} else {
				b = append(b, "null"...)
			}
		case outOnly:
			if list, ok := r.Many(o.pick); ok && len(list.Records) > 0 {
				b = x.record(b, o.one, list.Records[0])
			} else {
				b = append(b, "null"...)
			}
		default:
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}

// appendID writes the id of a record: a global one, or the bare key.
func (l *layout) appendID(b []byte, typ, key string) []byte {
	switch {
	case typ != "":
		return entity.AppendJSON(b, globalID(typ, key))
	case l.object.exceptions.RawID == "Int":
		return append(b, key...)
	}
	return entity.AppendJSON(b, key)
}

// computed writes a field that is worked out; what cannot be is null, and the failure that of the root field.
func (x *execution) computed(b []byte, c *Computed, id int64) []byte {
	if x.failed != nil {
		return append(b, "null"...)
	}
	value, err := c.Value(Context{x.ctx, x.q}, id)
	if err == nil {
		var raw []byte
		if raw, err = json.Marshal(value); err == nil {
			return append(b, raw...)
		}
	}
	x.failed = fmt.Errorf("%s of %d: %w", c.Name, id, err)
	return append(b, "null"...)
}

// connection writes a connection with the records that were read for it, the first of which is at position from.
func (x *execution) connection(b []byte, c *connection, records []entity.Record, from, length int) []byte {
	return x.parts(b, c.outs, c.paging.trim(records, from, length), -1)
}

// parts writes a connection, its page info, or, with a position, one of its edges.
func (x *execution) parts(b []byte, outs []out, p page, at int) []byte {
	b = append(b, '{')
	for i := range outs {
		o := &outs[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.key...)
		switch o.kind {
		case outTypename:
			b = entity.AppendJSON(b, o.text)
		case outPageInfo:
			b = x.parts(b, o.outs, p, -1)
		case outEdges:
			b = append(b, '[')
			for j := range p.records {
				if j > 0 {
					b = append(b, ',')
				}
				b = x.parts(b, o.outs, p, j)
			}
			b = append(b, ']')
		case outTotal:
			b = strconv.AppendInt(b, int64(p.length), 10)
		case outEdgeCount:
			b = strconv.AppendInt(b, int64(len(p.records)), 10)
		case outCursor:
			b = entity.AppendJSON(b, cursor(p.from+at))
		case outNode:
			b = x.record(b, o.one, p.records[at])
		case outNext:
			b = strconv.AppendBool(b, p.next)
		case outPrevious:
			b = strconv.AppendBool(b, p.previous)
		case outStart, outEnd:
			switch {
			case len(p.records) == 0:
				b = append(b, "null"...)
			case o.kind == outStart:
				b = entity.AppendJSON(b, cursor(p.from))
			default:
				b = entity.AppendJSON(b, cursor(p.from+len(p.records)-1))
			}
		default:
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}
