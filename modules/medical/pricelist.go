package medical

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// prices are the price lists of one part of the catalogue.
type prices struct {
	// kind is item or service.
	kind string
	// of is what is priced; list and detail are the lists and their lines.
	of, list, detail *entity.Entity
}

// declarePrices declares the price lists of items or services.
func (s *Service) declarePrices(kind string, of *entity.Entity, search int) *prices {
	p := &prices{kind: kind, of: of}
	name, table := "medical."+kind+"s_pricelist", "medical_"+kind+"s_pricelist"
	label := "Price list of " + kind + "s"
	p.list = &entity.Entity{
		Name: name, Label: label, Plural: "Price lists of " + kind + "s", Table: table + "s", Key: []string{"name"},
		Validity: true, Versions: table + "s_versions", Past: func(a *almoner.Actor) bool { return a.Can(search) },
		Rights: entity.Rights{Create: search + 1, Change: search + 2, Delete: search + 3},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 100, Required: true, Unique: true, Folded: "name_folded"},
			{Name: "pricelist_date", Kind: entity.Date, Label: "Date", Required: true},
			{Name: "location", Kind: entity.Ref, Label: "Region or district", To: "location.location", Null: true},
			{Name: "details", Kind: entity.Children, Label: "Prices", To: name + "_detail", ForeignKey: "pricelist_id"},
		},
		Shapes: map[string]string{"min": "id name", "record": "id uuid name pricelist_date location{id uuid name p_code} validity_from validity_to legacy_id"},
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "name", Lookups: "exact iexact istartswith icontains"},
			{Path: "pricelist_date", Lookups: "exact lt lte gt gte"},
			{Path: "location", Lookups: "exact in isnull"},
			{Path: "location.uuid", Lookups: "exact in"},
		},
		Sorts:  []entity.Sort{{Name: "name", By: []string{"name"}}, {Name: "pricelist_date", By: []string{"pricelist_date"}}, {Name: "location", By: []string{"location.name"}}},
		Search: []string{"name"},
		Order:  []string{"name"},
		Scope:  func(a *almoner.Actor, arg func(any) string) string { return s.places.Within(a, arg, "{t}.location_id") },
		Check:  s.checkList,
		Open:   "uuid name pricelist_date location details validity_from validity_to legacy_id",
	}
	p.detail = &entity.Entity{
		Name: name + "_detail", Label: "Price of a " + kind, Plural: "Prices of " + kind + "s", Table: table + "_details", Key: []string{"pricelist", kind}, ParentField: "pricelist", Display: kind + ".name",
		Validity: true, Versions: table + "_details_versions", Past: func(a *almoner.Actor) bool { return a.Can(search) },
		Fields: []*entity.Field{
			{Name: "pricelist", Kind: entity.Ref, Label: "Price list", To: name, Required: true},
			{Name: kind, Kind: entity.Ref, Label: of.Label, To: of.Name, Required: true, Unique: true},
			{Name: "price_overrule", Kind: entity.Decimal, Label: "Other price", Scale: 2, Null: true},
		},
		Shapes:  map[string]string{"record": "id uuid pricelist:min " + kind + ":priced price_overrule validity_from validity_to legacy_id"},
		Filters: []entity.Filter{{Path: "pricelist", Lookups: "exact in"}, {Path: kind, Lookups: "exact in"}, {Path: "price_overrule", Lookups: "isnull"}},
		Sorts: []entity.Sort{
			{Name: "code", By: []string{kind + ".code"}},
			{Name: "name", By: []string{kind + ".name"}},
			{Name: "price", By: []string{kind + ".price"}},
			{Name: "price_overrule", By: []string{"price_overrule"}},
		},
		Search: []string{kind + ".code", kind + ".name"},
		Order:  []string{kind},
		// A line is seen where its list is.
		Scope: func(a *almoner.Actor, arg func(any) string) string {
			within := s.places.Within(a, arg, "pl.location_id")
			if within == "" {
				return ""
			}
			return "exists (select 1 from " + table + "s pl where pl.id = {t}.pricelist_id and " + within + ")"
		},
		Check: func(_ context.Context, _ *db.Tx, c *entity.Change, problems *almoner.Problems) error {
			if !c.Delete {
				notNegative(c, problems, "price_overrule")
			}
			return nil
		},
		Open: "uuid pricelist " + kind + " price_overrule validity_from validity_to",
	}
	// Prices are seen where their list is, from what they price, too.
	for _, field := range of.Fields {
		if field.Name == "pricelist_details" {
			field.Only = p.detail.Scope
		}
	}
	return p
}

// checkList keeps people from making lists for places where they do not work; national ones are for those who work everywhere.
func (s *Service) checkList(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	if c.Delete || c.Int("location") == 0 {
		return nil
	}
	allowed, err := s.places.IsAllowed(ctx, tx, almoner.ActorOf(ctx), db.IDs{c.Int("location")}, true)
	if err == nil && !allowed {
		p.Add("location", "medical.not_your_place", "You do not work at this place.")
	}
	return err
}

// find returns the ids of the living records with these UUIDs that the actor sees, in their order; an Invalid error under the path when one is unknown.
func find(ctx context.Context, q db.Queryer, e *entity.Entity, path string, uuids []string) ([]int64, error) {
	ids := make([]int64, 0, len(uuids))
	for _, text := range uuids {
		id, err := e.By(ctx, q, "uuid", text)
		if err == nil {
			viewer := entity.Viewer{Actor: almoner.ActorOf(ctx), AllFields: true}
			_, err = e.Locate(ctx, q, viewer, id)
		}
		if almoner.KindOf(err) == almoner.NotFound {
			return nil, almoner.Invalidf(path, "medical.no_such_record", "There is no such record.")
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// findAll is find for a list of UUIDs: each that is unknown is told at its place.
func findAll(ctx context.Context, q db.Queryer, e *entity.Entity, path string, uuids []string) ([]int64, error) {
	ids := make([]int64, 0, len(uuids))
	var problems almoner.Problems
	for i, text := range uuids {
		one, err := find(ctx, q, e, path+"."+strconv.Itoa(i), []string{text})
		if err != nil && !problems.Merge("", err) {
			return nil, err
		}
		ids = append(ids, one...)
	}
	return ids, problems.Err()
}

// lines are the ids of the lines in force of a list, by what they price.
func (p *prices) lines(ctx context.Context, q db.Queryer, where string, id int64) (map[int64]int64, error) {
	lines := map[int64]int64{}
	rows, err := q.Query(ctx, "select id, "+p.kind+"_id from "+p.detail.Table+" where validity_to is null and "+where+" = $1 order by id", id)
	_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
		var line, of int64
		err := r.Scan(&line, &of)
		lines[of] = line
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	return lines, nil
}

// Overrule is a price of a list that differs from the catalogue's; nil is the catalogue's.
type Overrule struct {
	ID    int64
	Price *almoner.Decimal
}

// edit adds and takes away lines of a list, in this order, and then sets prices of those that are there. What is there already is added once.
func (p *prices) edit(ctx context.Context, tx *db.Tx, list int64, added, removed []int64, overrules []Overrule) error {
	lines, err := p.lines(ctx, tx, "pricelist_id", list)
	if err != nil {
		return err
	}
	for _, of := range added {
		if lines[of] != 0 {
			continue
		}
		c := p.detail.NewChange(0, entity.Values{"pricelist": list, p.kind: of})
		if err := p.detail.Save(ctx, tx, c); err != nil {
			return err
		}
		lines[of] = c.ID
	}
	for _, of := range removed {
		if lines[of] == 0 {
			continue
		}
		if err := p.detail.Save(ctx, tx, p.detail.NewDelete(lines[of])); err != nil {
			return err
		}
		delete(lines, of)
	}
	for _, o := range overrules {
		if lines[o.ID] == 0 {
			return almoner.Invalidf("price_overrules", "medical.not_in_list", "What has a price of its own must be in the list.")
		}
		var price any
		if o.Price != nil {
			price = *o.Price
		}
		if err := p.detail.Save(ctx, tx, p.detail.NewChange(lines[o.ID], entity.Values{"price_overrule": price})); err != nil {
			return err
		}
	}
	return nil
}

// leave closes the lines of all lists that price a record of the catalogue, or all lines of one list.
func (p *prices) leave(ctx context.Context, tx *db.Tx, column string, id int64) error {
	rows, err := tx.Query(ctx, "select id from "+p.detail.Table+" where validity_to is null and "+column+" = $1 order by id", id)
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read prices: %w", err)
	}
	for _, line := range ids {
		if err := p.detail.Save(ctx, tx, p.detail.NewDelete(line)); err != nil {
			return err
		}
	}
	return nil
}

// ItemPrice and ServicePrice are the price of something in a list on a day: the price of the list, else that of the catalogue; false when it was not in the
// list, or the list is closed. A line that changed on the day counts as it was when the day began.
func (s *Service) ItemPrice(ctx context.Context, q db.Queryer, list, item int64, day almoner.Date) (almoner.Decimal, bool, error) {
	return s.itemPrices.at(ctx, q, list, item, day)
}

// ServicePrice is ItemPrice for services.
func (s *Service) ServicePrice(ctx context.Context, q db.Queryer, list, service int64, day almoner.Date) (almoner.Decimal, bool, error) {
	return s.servicePrices.at(ctx, q, list, service, day)
}

func (p *prices) at(ctx context.Context, q db.Queryer, list, of int64, day almoner.Date) (almoner.Decimal, bool, error) {
	const cols = "d.price_overrule, c.price"
	from := " d join " + p.of.Table + " c on c.id = d." + p.kind + "_id join " + p.list.Table + " l on l.id = d.pricelist_id"
	where := " where d.pricelist_id = $1 and d." + p.kind + "_id = $2 and l.validity_to is null and "
	var overrule *int64
	var price int64
	err := q.QueryRow(ctx, "select "+cols+" from "+p.detail.Versions+from+where+"d.past_id is not null and d.validity_from <= $3 and d.validity_to >= $3 order by d.validity_from desc, d.id desc limit 1",
		list, of, day.Time()).Scan(&overrule, &price)
	if errors.Is(err, db.ErrNoRows) {
		err = q.QueryRow(ctx, "select "+cols+" from "+p.detail.Table+from+where+"d.validity_to is null and d.validity_from < $3 limit 1", list, of, day.AddDays(1).Time()).Scan(&overrule, &price)
	}
	if errors.Is(err, db.ErrNoRows) {
		return almoner.Decimal{}, false, nil
	}
	if err != nil {
		return almoner.Decimal{}, false, fmt.Errorf("read the price of %s %d in list %d: %w", p.kind, of, list, err)
	}
	if overrule != nil {
		price = *overrule
	}
	return almoner.Decimal{Units: price, Scale: 2}, true, nil
}
