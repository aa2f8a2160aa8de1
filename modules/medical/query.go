package medical

import (
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// condition narrows a list: SQL over {t}.
type condition = func(a *almoner.Actor, arg func(any) string) string

// byText is the list that pickers search: by a part of code or name, and for what has a price by its list and day.
func (s *Service) byText(name, graph string, e *entity.Entity, p *prices) *api.Resource {
	r := &api.Resource{
		Name: "medical." + name, Entity: e, Can: api.List, View: api.SignedIn, Edit: api.SignedIn, Graph: api.Graph{List: graph},
		Params: []api.Param{api.Arg("str", entity.Text, "Part of code or name.")},
	}
	if p != nil {
		r.Params = append(r.Params, api.Arg("pricelist_uuid", entity.UUID, "Only what is in this price list."), api.Arg("date", entity.Date, "Only what is in force on this day."))
	}
	r.Narrow = func(q *api.Request) (condition, error) {
		text := q.Text("str")
		var in condition
		if p != nil {
			in, _ = p.narrow(q)
		}
		day, dated := q.Param("date").(almoner.Date)
		if text == "" && in == nil && !dated {
			return nil, nil
		}
		return func(a *almoner.Actor, arg func(any) string) string {
			all := []string{"true"}
			if text != "" {
				all = append(all, e.Containing(arg, text, "code", "name"))
			}
			if in != nil {
				all = append(all, in(a, arg))
			}
			if dated {
				all = append(all, inForce(e, "{t}", arg(day.AddDays(1).Time())))
			}
			return strings.Join(all, " and ")
		}, nil
	}
	return r
}

// inForce is the condition that a living record, or what it was before, was in force at the end of the day before next: what somebody changed today was claimed
// yesterday as well.
func inForce(e *entity.Entity, row, next string) string {
	return "(" + row + ".validity_from < " + next + " or exists (select 1 from " + e.Versions + " iv where iv.record_id = " + row + ".id and iv.past_id is not null and iv.validity_from < " + next +
		" and iv.validity_to >= " + next + "))"
}

// narrow leaves what is in the price list that is asked for, today or at the end of the day that is asked for (openimis-claims §2.2).
func (p *prices) narrow(q *api.Request) (condition, error) {
	list := q.Text("pricelist_uuid")
	if list == "" {
		return nil, nil
	}
	day, dated := q.Param("date").(almoner.Date)
	return func(_ *almoner.Actor, arg func(any) string) string {
		at := " and pd.pricelist_id in (select pl.id from " + p.list.Table + " pl where pl.validity_to is null and pl.uuid = " + arg(list) + ")"
		now := "select pd." + p.kind + "_id from " + p.detail.Table + " pd where pd.validity_to is null" + at
		if !dated {
			return "{t}.id in (" + now + ")"
		}
		next := arg(day.AddDays(1).Time())
		return "{t}.id in (" + now + " and pd.validity_from < " + next + " union all select pd." + p.kind + "_id from " + p.detail.Versions + " pd where pd.past_id is not null and pd.validity_from < " + next +
			" and pd.validity_to >= " + next + at + ")"
	}, nil
}

// near leaves the lists of a place, of the one above it, and national ones.
func (p *prices) near(q *api.Request) (condition, error) {
	place := strings.ToLower(q.Text("location_uuid"))
	if place == "" {
		return nil, nil
	}
	return func(_ *almoner.Actor, arg func(any) string) string {
		at := arg(place)
		return "({t}.location_id is null or {t}.location_id in (select ll.id from location_locations ll where ll.uuid = " + at + ") or {t}.location_id in (select ll.parent_id from location_locations ll where ll.uuid = " + at + "))"
	}, nil
}

// line is a price as clients look it up: p is null where the catalogue's price applies.
type line struct {
	ID int64   `json:"id"`
	P  *string `json:"p"`
}

// shown are the prices of a list that the actor may see, or by which a facility claims that they see: lists of a region are for all that lies in it.
func (s *Service) shown(q *api.Request, tx db.Queryer, p *prices, list int64) ([]line, error) {
	lines := []line{}
	if list == 0 {
		return lines, nil
	}
	_, err := p.list.Locate(q.Context(), tx, entity.Viewer{Actor: q.Actor, AllFields: true}, list)
	if almoner.KindOf(err) == almoner.NotFound {
		var known bool
		if known, err = s.claimedBy(q, tx, p, list); !known {
			return lines, err
		}
	}
	if err != nil {
		return lines, err
	}
	rows, err := tx.Query(q.Context(), "select "+p.kind+"_id, price_overrule from "+p.detail.Table+" where validity_to is null and pricelist_id = $1 order by "+p.kind+"_id", list)
	return db.Collect(rows, err, func(r db.Row) (line, error) {
		var l line
		var units *int64
		err := r.Scan(&l.ID, &units)
		if units != nil {
			text := almoner.Decimal{Units: *units, Scale: 2}.String()
			l.P = &text
		}
		return l, err
	})
}

// claimedBy reports whether a facility that the actor sees claims by a living list.
func (s *Service) claimedBy(q *api.Request, tx db.Queryer, p *prices, list int64) (bool, error) {
	if s.ClaimedBy == nil {
		return false, nil
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	var n int64
	err := tx.QueryRow(q.Context(), "select count(*) from "+p.list.Table+" pl where pl.validity_to is null and pl.id = "+arg(list)+" and pl.id in ("+s.ClaimedBy(q.Actor, arg, p.kind)+")", args...).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look who claims by price list %d: %w", list, err)
	}
	return n > 0, nil
}
