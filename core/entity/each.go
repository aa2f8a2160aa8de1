package entity

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// eachChunk is how many rows Each holds at a time.
const eachChunk = 500

// Each hands every row of a query to fn, in order, as Page would return it; Limit and Offset are left out. It holds the ids of all rows, and of the rows
// themselves a few hundred, however many there are. Q should be a snapshot, as the rows are read by several statements. An error of fn ends it
// and is returned as it is.
func (e *Entity) Each(ctx context.Context, q db.Queryer, v Viewer, query Query, fn func(row []byte) error) error {
	p, err := e.registry.picked(e, query.Shape, query.Keys, v)
	if err != nil {
		return err
	}
	var b builder
	where := e.conditions(&b, v, query)
	joins, order := e.orderSQL(query.order)
	source := e.source(v, query)
	rows, err := q.Query(ctx, "select t0.id from "+source+" t0"+joins+" where "+where+" order by "+order, b.args...)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("list all %s: %w", e.Name, err)
	}
	for start := 0; start < len(ids); start += eachChunk {
		chunk := db.IDs(ids[start:min(start+eachChunk, len(ids))])
		args := builder{args: []any{chunk}}
		list, _, err := e.registry.run(ctx, q, p, p.over(source)+joins+" where "+e.registry.engine.AnyID("t0.id", "$1")+" order by "+order, args.args)
		if err != nil {
			return fmt.Errorf("list some %s: %w", e.Name, err)
		}
		for _, row := range list {
			if err := fn(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// Of leaves of an outline what was chosen; nil leaves all of it.
func (k *Keys) Of(outs []Out) []Out {
	if k == nil {
		return outs
	}
	list := []Out{}
	for _, o := range outs {
		for _, key := range k.keys {
			if key.name != o.Name {
				continue
			}
			o.Nested = key.of.Of(o.Nested)
			list = append(list, o)
		}
	}
	return list
}
