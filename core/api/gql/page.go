package gql

import (
	"math"

	"almoner.dev/almoner/core/entity"
)

// maxPage is the most that one page of a connection holds, and what it holds when nothing is asked.
const maxPage = 100

// paging is the page of a connection that is asked for.
type paging struct {
	// from and to are the bounds that after, offset and before set; to is math.MaxInt32 for none.
	from, to int
	// first and last are -1 when not given.
	first, last int
}

// readPaging reads the page arguments of a connection (openimis-core §2.4). Most is the greatest page, 0 for maxPage and negative for no bound.
func readPaging(connection string, args map[string]any, most int) (paging, *Fault) {
	switch {
	case most == 0:
		most = maxPage
	case most < 0:
		most = math.MaxInt32
	}
	p := paging{to: math.MaxInt32, first: -1, last: -1}
	for name, into := range map[string]*int{"first": &p.first, "last": &p.last} {
		n, ok := args[name].(int64)
		switch {
		case !ok:
		case n < 0:
			return p, NewFault(CodeBadRequest, "Negative indexing is not supported.")
		case n > int64(most):
			return p, refuse(nil, "Requesting %d records on the `%s` connection exceeds the `%s` limit of %d records.", n, connection, name, most)
		default:
			*into = int(n)
		}
	}
	if text, ok := args["after"].(string); ok {
		p.from = position(text) + 1
	}
	before := -1
	if text, ok := args["before"].(string); ok {
		before = position(text)
	}
	if n, ok := args["offset"].(int64); ok && n != 0 {
		switch {
		case n < 0:
			return p, NewFault(CodeBadRequest, "Negative indexing is not supported.")
		case before >= 0:
			return p, NewFault(CodeBadRequest, "You can't provide a `before` value and an `offset` value at the same time.")
		}
		p.from += int(min(n, math.MaxInt32))
	}
	if before >= 0 {
		p.to = before
	}
	if p.first < 0 && p.last < 0 {
		p.first = most
	}
	return p, nil
}

// cut is the stretch to read: with further, one record more where that tells whether there is a next page.
func (p paging) cut(further bool) entity.Cut {
	c := entity.Cut{From: p.from, To: p.to, Last: p.last}
	if p.first >= 0 {
		end := p.from + p.first
		if further && p.last < 0 {
			end++
		}
		c.To = min(c.To, end)
	}
	c.To = max(c.To, c.From)
	return c
}

// page is a page that was read.
type page struct {
	records []entity.Record
	// from is the position of the first record; length is -1 when nobody counted.
	from, length   int
	next, previous bool
}

// trim takes off the record that was read only to know whether there is one, and finds out what lies before and behind.
func (p paging) trim(records []entity.Record, from, length int) page {
	g := page{records: records, from: from, length: length}
	switch {
	case p.first < 0:
	case p.last < 0:
		if len(records) > p.first {
			g.records, g.next = records[:p.first], true
		}
	default:
		g.next = p.from+p.first < min(p.to, length)
	}
	g.previous = p.last >= 0 && len(g.records) > 0 && from > p.from
	return g
}
