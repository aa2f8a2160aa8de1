package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

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
	if r.Paging == Bare || r.Paging == OnDemand && p.after == "" && !q.URL.Query().Has("page") {
		p.all = true
	}
	if p.after != "" && !p.all {
		if err := r.Entity.ParseAfter(&query, p.after); err != nil {
			return err
		}
	}
	ctx := q.context()
	var rows [][]byte
	var count int
	next, known := "", false
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
				rows, next, err = r.Entity.Walk(ctx, tx, v, query)
				return err
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
	if p.uncounted && !p.all && len(rows) == 0 && p.number > 1 {
		return invalidPage()
	}
	if p.all {
		r.writeList(q, appendArray(make([]byte, 0, arraySize(rows)), rows))
		return nil
	}
	// Written by hand: the encoder of the standard library would read the rows once more.
	body := make([]byte, 0, arraySize(rows)+1024)
	body = append(body, `{"count":`...)
	if p.uncounted {
		body = append(body, "null"...)
	} else {
		body = strconv.AppendInt(body, int64(count), 10)
	}
	var following, previous any
	switch {
	case next != "":
		following = q.pageAfter(next)
	case p.number*p.size < count:
		following = q.pageURL(p.number + 1)
	}
	if p.number > 1 {
		previous = q.pageURL(p.number - 1)
	}
	body = entity.AppendJSON(append(body, `,"next":`...), following)
	body = entity.AppendJSON(append(body, `,"previous":`...), previous)
	body = appendArray(append(body, `,"results":`...), rows)
	r.writeList(q, append(body, '}'))
	return nil
}

// arraySize is how long the rows are as an array.
func arraySize(rows [][]byte) int {
	size := 2
	for _, row := range rows {
		size += len(row) + 1
	}
	return size
}

func appendArray(b []byte, rows [][]byte) []byte {
	b = append(b, '[')
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, row...)
	}
	return append(b, ']')
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
var general = []string{"page", "page_size", "count", "after", "format", "schema", "include", "fields"}

// parse reads filters, search and order; what the resource does not know is an error except on a lenient wire.
func (r *Resource) parse(q *Request, params url.Values) (entity.Query, error) {
	query, others, err := r.Entity.ParseQuery(r.viewer(q), params)
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
	params := q.URL.Query()
	if len(r.Order) > 0 && !params.Has("ordering") {
		params["ordering"] = r.Order
	}
	query, err := r.parse(q, params)
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
	if err := q.readParams(r); err != nil {
		return query, err
	}
	if r.Narrow == nil {
		return query, nil
	}
	narrow, err := r.Narrow(q)
	if err != nil || narrow == nil {
		return query, err
	}
	query.Only = both(r.Only, narrow)
	return query, nil
}
