package entity

import (
	"context"
	"fmt"
	"math"

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
	return e.chunks(ctx, q, v, query, func(source, tail string, args []any) error {
		list, _, err := e.registry.run(ctx, q, p, p.over(source)+tail, args)
		return eachOf(e, list, err, fn)
	})
}

// EachRecord is Each for what Records would return. Of the selection, what leads to many records is bounded by its Cut alone.
func (e *Entity) EachRecord(ctx context.Context, q db.Queryer, v Viewer, query Query, s *Selection, fn func(Record) error) error {
	return e.chunks(ctx, q, v, query, func(source, tail string, args []any) error {
		list, err := e.registry.read(ctx, q, v, s, source, tail, args, &Budget{Limit: math.MaxInt32})
		return eachOf(e, list, err, fn)
	})
}

func eachOf[T any](e *Entity, list []T, err error, fn func(T) error) error {
	if err != nil {
		return fmt.Errorf("list some %s: %w", e.Name, err)
	}
	for _, one := range list {
		if err := fn(one); err != nil {
			return err
		}
	}
	return nil
}

// chunks reads the ids of all rows of a query, and calls read with what comes before and behind the joins of a plan for some of them at a time, in order.
func (e *Entity) chunks(ctx context.Context, q db.Queryer, v Viewer, query Query, read func(source, tail string, args []any) error) error {
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
		if err := read(source, joins+" where "+e.registry.engine.AnyID("t0.id", "$1")+" order by "+order, []any{chunk}); err != nil {
			return err
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
