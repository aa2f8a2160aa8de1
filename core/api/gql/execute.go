package gql

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

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
	// Open finds out what of a source's list there is for whoever asks: as whom they look, and which rows.
	Open func(ctx context.Context, q db.Queryer, s *Source, w Want) (entity.Viewer, entity.Query, error)
	// Find finds one record of a source for whoever asks, with what holds between the two.
	Find func(ctx context.Context, q db.Queryer, s *Source, w Want) (entity.Found, error)
	// Explain turns an error of the two, or of the database, into what people read.
	Explain func(err error) *Fault
}

// Execute carries out a document and returns the status and the body of the answer: 400 and errors without data when the document
// is wrong, else 200 with data, and errors for the fields of it that could not be read. All of it is read from one snapshot.
func (s *Schema) Execute(ctx context.Context, r Request) (status int, body []byte) {
	asks, faults := s.prepare(r)
	if len(faults) > 0 {
		return http.StatusBadRequest, Refused(faults...)
	}
	x := &execution{Schema: s, Request: r, budget: entity.Budget{Limit: s.Limits.Records}}
	var data []byte
	err := r.DB.View(ctx, func(q db.Queryer) error {
		data = x.data(ctx, q, asks)
		return nil
	})
	if err != nil {
		return http.StatusOK, append(append([]byte(`{"data":null,"errors":`), faultsJSON(r.Explain(err))...), '}')
	}
	body = append([]byte(`{"data":`), data...)
	if len(x.faults) > 0 {
		body = append(append(body, `,"errors":`...), faultsJSON(x.faults...)...)
	}
	return http.StatusOK, append(body, '}')
}

func faultsJSON(faults ...*Fault) []byte {
	raw, err := json.Marshal(faults)
	if err != nil {
		return []byte("[]")
	}
	return raw
}

// prepare does everything that can be done without reading.
func (s *Schema) prepare(r Request) ([]*ask, []*Fault) {
	doc, faults := s.document(r.Query)
	if len(faults) > 0 {
		return nil, faults
	}
	op, fault := operation(doc, r.OperationName)
	if fault != nil {
		return nil, []*Fault{fault}
	}
	variables, faults := s.variables(op, r.Variables)
	if len(faults) > 0 {
		return nil, faults
	}
	p := &planner{Schema: s, doc: doc, variables: variables}
	asks, fault := p.plan(op)
	if fault != nil {
		return nil, []*Fault{fault}
	}
	for _, a := range asks {
		if a.field.Name == "__schema" || a.field.Name == "__type" {
			if a.text, fault = s.introspect(p, a); fault != nil {
				return nil, []*Fault{fault}
			}
		}
	}
	return asks, nil
}

// execution is one run of an operation.
type execution struct {
	*Schema
	Request
	budget entity.Budget
	faults []*Fault
}

func (x *execution) data(ctx context.Context, q db.Queryer, asks []*ask) []byte {
	b := []byte("{")
	for i, a := range asks {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, entity.AppendJSON(nil, a.key)...), ':')
		start := len(b)
		var err error
		switch {
		case a.field.Name == "__typename":
			b = append(b, `"Query"`...)
		case a.field.Name == "__schema" || a.field.Name == "__type":
			b = append(b, a.text...)
		case a.fault != nil:
			b = x.fail(b, a.fault)
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
	return c.append(b, records, cut.From, length), nil
}

// single writes a record from the first place where it is found. For node, a record that is not there, or not to be seen, is null and
// no error.
func (x *execution) single(ctx context.Context, q db.Queryer, a *ask, b []byte) ([]byte, error) {
	for _, p := range a.places {
		found, err := x.Find(ctx, q, p.source, a.want)
		if err == nil {
			var record entity.Record
			if record, err = p.source.Entity.Record(ctx, q, found.Viewer, found.ID, p.layout.selection, &x.budget); err == nil {
				return p.layout.append(b, record), nil
			}
		}
		if kind := almoner.KindOf(err); a.root != nil || kind != almoner.NotFound && kind != almoner.Forbidden {
			return b, err
		}
	}
	return append(b, "null"...), nil
}

// append writes a record; one of which nothing may be seen is null.
func (l *layout) append(b []byte, r entity.Record) []byte {
	if !r.Visible() {
		return append(b, "null"...)
	}
	b = append(b, '{')
	for i := range l.outs {
		o := &l.outs[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.key...)
		switch o.kind {
		case outTypename:
			b = entity.AppendJSON(b, o.text)
		case outID:
			b = entity.AppendJSON(b, globalID(o.text, r.ID()))
		case outValue:
			b = appendValue(b, o.field, r.Value(o.pick))
		case outOne:
			if one, ok := r.One(o.pick); ok {
				b = o.one.append(b, one)
			} else {
				b = append(b, "null"...)
			}
		case outMany:
			if list, ok := r.Many(o.pick); ok {
				from := list.From
				if len(list.Records) == 0 {
					from = o.many.paging.from
				}
				b = o.many.append(b, list.Records, from, list.Length)
			} else {
				b = append(b, "null"...)
			}
		default:
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}

// append writes a connection with the records that were read for it, the first of which is at position from.
func (c *connection) append(b []byte, records []entity.Record, from, length int) []byte {
	return appendParts(b, c.outs, c.paging.trim(records, from, length), -1)
}

// appendParts writes a connection, its page info, or, with a position, one of its edges.
func appendParts(b []byte, outs []out, p page, at int) []byte {
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
			b = appendParts(b, o.outs, p, -1)
		case outEdges:
			b = append(b, '[')
			for j := range p.records {
				if j > 0 {
					b = append(b, ',')
				}
				b = appendParts(b, o.outs, p, j)
			}
			b = append(b, ']')
		case outTotal:
			b = strconv.AppendInt(b, int64(p.length), 10)
		case outEdgeCount:
			b = strconv.AppendInt(b, int64(len(p.records)), 10)
		case outCursor:
			b = entity.AppendJSON(b, cursor(p.from+at))
		case outNode:
			b = o.one.append(b, p.records[at])
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
