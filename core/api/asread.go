package api

import (
	"encoding/json"
	"maps"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// asRead lets a client send back what it read. The body of a native write says nothing new where it equals what reading the record gives: there, what
// may not be written, and relations that are read as objects and written as ids, are taken out. What differs stays, and is refused by the strict
// decoder. The id must be that of the address.
func (r *Resource) asRead(q *Request, tx db.Queryer, found entity.Found, sent map[string]any) (map[string]any, error) {
	rest := maps.Clone(sent)
	if id, ok := rest["id"]; ok {
		if !sameID(id, found.ID) {
			return nil, almoner.Invalidf("id", "other_id", "This is the address of another record.")
		}
		delete(rest, "id")
	}
	if !repeats(r.Entity, found.Viewer, rest) {
		return rest, nil
	}
	body, err := r.Entity.Object(q.context(), tx, found.Viewer, r.Shape, found.ID)
	if err != nil {
		return nil, err
	}
	read, err := object(body)
	if err != nil {
		return nil, err
	}
	return unsaid(r.Entity, found.Viewer, rest, read), nil
}

// repeats reports whether there is anything in a body that may have been read and is not written as it is read.
func repeats(e *entity.Entity, v entity.Viewer, sent map[string]any) bool {
	for name := range sent {
		if f := e.Field(name); f == nil || f.Relation() || !v.Writes(f) || name == entity.ExtensionsName {
			return true
		}
	}
	return false
}

// unsaid returns what is sent without what repeats what was read.
func unsaid(e *entity.Entity, v entity.Viewer, sent, read map[string]any) map[string]any {
	rest := maps.Clone(sent)
	for name, value := range sent {
		was, shown := read[name]
		f := e.Field(name)
		switch {
		case !shown:
		case f == nil || !v.Writes(f):
			if sameJSON(value, was) {
				delete(rest, name)
			}
		case name == entity.ExtensionsName && e.Extensible != nil:
			rest[name] = unsaidExtensions(e, v, value, was)
		case f.Relation() && sameJSON(value, was):
			delete(rest, name)
		case f.Kind == entity.Children:
			rest[name] = unsaidItems(f.TargetEntity(), v, value, was)
		}
	}
	return rest
}

// unsaidExtensions takes out what repeats what was read of extension fields that are no longer written.
func unsaidExtensions(e *entity.Entity, v entity.Viewer, sent, read any) any {
	values, ok := sent.(map[string]any)
	shown, _ := read.(map[string]any)
	if !ok {
		return sent
	}
	rest := maps.Clone(values)
	for key, value := range values {
		was, known := shown[key]
		if f := v.Overlay().Field(e, entity.ExtensionsName+"."+key); known && (f == nil || !v.Writes(f)) && sameJSON(value, was) {
			delete(rest, key)
		}
	}
	return rest
}

// unsaidItems does the same for each item of a nested list that names an item that was read.
func unsaidItems(e *entity.Entity, v entity.Viewer, sent, read any) any {
	items, ok := sent.([]any)
	shown, _ := read.([]any)
	if !ok {
		return sent
	}
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
		object, ok := item.(map[string]any)
		if !ok || object["id"] == nil {
			continue
		}
		for _, was := range shown {
			if before, ok := was.(map[string]any); ok && sameJSON(before["id"], object["id"]) {
				rest := unsaid(e, v, object, before)
				rest["id"] = object["id"]
				list[i] = rest
			}
		}
	}
	return list
}

func sameID(sent any, id int64) bool {
	number, ok := sent.(json.Number)
	if text, isText := sent.(string); isText {
		number, ok = json.Number(text), true
	}
	n, err := number.Int64()
	return ok && err == nil && n == id
}

// sameJSON compares two documents read with numbers as they are written; 1 and 1.0 are the same.
func sameJSON(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameJSON)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !sameJSON(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		if !ok || a == b {
			return ok
		}
		x, errX := a.Float64()
		y, errY := b.Float64()
		return errX == nil && errY == nil && x == y
	}
	return a == b
}
