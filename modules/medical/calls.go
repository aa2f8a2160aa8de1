package medical

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) calls() []api.Call {
	list := []api.Call{s.pricelists()}
	for _, p := range []*prices{s.itemPrices, s.servicePrices} {
		first, firstPrice := RightSearchItems, RightSearchItemPrices
		if p.kind == "service" {
			first, firstPrice = RightSearchServices, RightSearchServicePrices
		}
		list = append(list,
			s.save(p, "create", api.Right(first+1)), s.save(p, "update", api.Right(first+2)), remove(p.of, p.kind, "delete"+capital(p.kind), api.Right(first+3)),
			s.free(p.of, p.kind+"_code", "code", "validate"+capital(p.kind)+"Code", api.Right(first)),
			p.write("create", api.Right(firstPrice+1)), p.write("update", api.Right(firstPrice+2)),
			remove(p.list, p.kind+"s_pricelist", "delete"+capital(p.kind)+"sPricelist", api.Right(firstPrice+3)),
			s.free(p.list, p.kind+"s_pricelist_name", "name", "validate"+capital(p.kind)+"sPricelistName", api.Right(firstPrice)),
		)
	}
	return list
}

// free tells whether a code or name is not taken.
func (s *Service) free(e *entity.Entity, param, field, name string, rule api.Rule) api.Call {
	return api.Call{
		Name: e.Name + ".free", Summary: "Tell whether nothing has this " + field + ".", Rule: rule, Graph: api.CallGraph{Name: name},
		Input: []*entity.Field{{Name: param, Kind: entity.Text, Required: true}}, Output: api.TypeOf("boolean"),
		Do: func(q *api.Request) (any, error) {
			_, err := e.ByKey(q.Context(), s.db, entity.Values{field: q.In[param]})
			if almoner.KindOf(err) == almoner.NotFound {
				return true, nil
			}
			return false, err
		},
	}
}

// remove closes records by their UUIDs.
func remove(e *entity.Entity, noun, name string, rule api.Rule) api.Call {
	return api.Call{
		Name: "medical." + noun + ".remove", Summary: "Close records of " + strings.ToLower(e.Plural) + ".", Rule: rule, Graph: api.CallGraph{Name: name},
		Input: []*entity.Field{{Name: "uuids", Kind: entity.UUID, Many: true, Required: true}},
		Change: func(q *api.Request, tx *db.Tx) (any, error) {
			ids, err := findAll(q.Context(), tx, e, "uuids", textsOf(q.In["uuids"]))
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				if err := e.Save(q.Context(), tx, e.NewDelete(id)); err != nil {
					return nil, err
				}
			}
			return nil, nil
		},
	}
}

func textsOf(v any) []string {
	list, _ := v.([]any)
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i], _ = one.(string)
	}
	return texts
}

// partFields are the input of what a bundle holds.
func partFields(kind string) []*entity.Field {
	return []*entity.Field{
		{Name: kind + "_id", Kind: entity.Integer, Required: true},
		{Name: "qty_provided", Kind: entity.Integer, Null: true},
		{Name: "price_asked", Kind: entity.Decimal, Scale: 2, Null: true},
		{Name: "status", Kind: entity.Bool, Null: true},
	}
}

// save is createItem and its like. Clients send the same input for items and services, so what the other kind has is left out; an update is complete: what
// is not sent becomes null, or what it is by default.
func (s *Service) save(p *prices, verb string, rule api.Rule) api.Call {
	kinds := itemTypes
	if p.kind == "service" {
		kinds = serviceTypes
	}
	input := []*entity.Field{
		{Name: "uuid", Kind: entity.UUID, Null: true},
		{Name: "code", Kind: entity.Text, Max: 6, Required: true},
		{Name: "name", Kind: entity.Text, Max: 100, Required: true},
		{Name: "type", Kind: entity.Choice, Choices: kinds, Required: true},
		{Name: "price", Kind: entity.Decimal, Scale: 2, Required: true},
		{Name: "care_type", Kind: entity.Choice, Choices: careTypes, Required: true},
		{Name: "maximum_amount", Kind: entity.Decimal, Scale: 2, Null: true},
		{Name: "frequency", Kind: entity.Integer, Null: true},
		{Name: "patient_category", Kind: entity.Integer, Null: true},
		{Name: "patient_categories", Kind: entity.Choice, Choices: patients, Many: true, Null: true},
		{Name: "package", Kind: entity.Text, Max: 255, Null: true, Blank: true},
		{Name: "quantity", Kind: entity.Decimal, Scale: 2, Null: true},
		{Name: "category", Kind: entity.Choice, Choices: categories, Null: true},
		{Name: "level", Kind: entity.Choice, Choices: levels, Null: true},
		{Name: "packagetype", Kind: entity.Choice, Choices: packages, Null: true},
		{Name: "manual_price", Kind: entity.Bool, Null: true},
	}
	types := map[string]string{"frequency": "SmallInt", "patient_category": "SmallInt", "patient_categories": "PatientCategories"}
	if p.kind == "service" {
		input = append(input,
			&entity.Field{Name: "items", Kind: entity.Object, Many: true, Null: true, Fields: partFields("item")},
			&entity.Field{Name: "services", Kind: entity.Object, Many: true, Null: true, Fields: partFields("service")})
		types["items"], types["services"] = "ServiceItemInputType", "ServiceServiceInputType"
	}
	return api.Call{
		Name: "medical." + p.kind + ".complete_" + verb, Summary: capital(verb) + " a medical " + p.kind + " with all that it is.", Rule: rule,
		Input: input, Extended: map[string]*entity.Entity{"": p.of}, Graph: api.CallGraph{Name: verb + capital(p.kind), Types: types},
		Change: func(q *api.Request, tx *db.Tx) (any, error) {
			values, err := s.complete(p, q.In)
			if err != nil {
				return nil, err
			}
			c := p.of.NewChange(0, values)
			if given, _ := q.In["uuid"].(string); verb == "update" {
				ids, err := find(q.Context(), tx, p.of, "uuid", []string{given})
				if err != nil {
					return nil, err
				}
				c = p.of.NewChange(ids[0], values)
			} else if given != "" {
				c.Set("uuid", given)
			}
			if err := q.Extend(c, ""); err != nil {
				return nil, err
			}
			if p.kind == "service" {
				if err := s.bundle(q, tx, c); err != nil {
					return nil, err
				}
			}
			if err := p.of.Save(q.Context(), tx, c); err != nil {
				return nil, err
			}
			q.Touch(p.of, c.ID)
			return nil, nil
		},
	}
}

var patients = []entity.ChoiceValue{{Value: "MALE", Label: "Male"}, {Value: "FEMALE", Label: "Female"}, {Value: "ADULT", Label: "Adult"}, {Value: "MINOR", Label: "Minor"}}

// complete makes the values of a record out of an input: every field that people write has one.
func (s *Service) complete(p *prices, in entity.Values) (entity.Values, error) {
	values := entity.Values{}
	for _, f := range p.of.Fields {
		if f.ReadOnly || f.Kind == entity.Children {
			continue
		}
		v := in[f.Name]
		if v == nil {
			v = f.Default
		}
		if v == nil && f.Required {
			return nil, almoner.Invalidf(f.Name, "required", "This field is required.")
		}
		values[f.Name] = v
	}
	mask, given := in["patient_category"].(int64)
	if list, ok := in["patient_categories"].([]any); ok && !given {
		for _, one := range list {
			mask |= 1 << slices.IndexFunc(patients, func(c entity.ChoiceValue) bool { return c.Value == one })
		}
		given = len(list) > 0
	}
	if !given {
		return nil, almoner.Invalidf("patient_category", "medical.mutation.patient_category_missing", "Say for which patients it is.")
	}
	values["patient_category"] = mask
	return values, nil
}

// bundle nests what a service consists of into its change: parts that are not named any more go.
func (s *Service) bundle(q *api.Request, tx *db.Tx, c *entity.Change) error {
	for _, e := range []*entity.Entity{s.serviceItem, s.serviceService} {
		kind := strings.TrimPrefix(e.Name, "medical.service_")
		have, gone := map[int64]int64{}, []int64{}
		rows, err := tx.Query(q.Context(), "select id, "+kind+"_id from "+e.Table+" where parent_id = $1 order by id", c.ID)
		_, err = db.Collect(rows, err, func(r db.Row) (struct{}, error) {
			var part, of int64
			err := r.Scan(&part, &of)
			if have[of] == 0 {
				have[of] = part
			} else {
				gone = append(gone, part)
			}
			return struct{}{}, err
		})
		if err != nil {
			return fmt.Errorf("read what is in a bundle: %w", err)
		}
		list, _ := q.In[kind+"s"].([]any)
		parts := make([]*entity.Change, 0, len(list)+len(have))
		for _, one := range list {
			values, _ := one.(entity.Values)
			of, _ := values[kind+"_id"].(int64)
			parts = append(parts, e.NewChange(have[of], entity.Values{
				kind: of, "qty_provided": values["qty_provided"], "price_asked": values["price_asked"], "status": values["status"] != false,
			}))
			delete(have, of)
		}
		for _, part := range slices.Concat(gone, slices.Sorted(maps.Values(have))) {
			parts = append(parts, e.NewDelete(part))
		}
		c.Nest(kind+"s", parts...)
	}
	return nil
}

// write is createItemsPricelist and its like.
func (p *prices) write(verb string, rule api.Rule) api.Call {
	name := p.kind + "s_pricelist"
	return api.Call{
		Name: "medical." + name + ".complete_" + verb, Method: "POST", Path: "/api/medical/" + p.kind + "s-pricelists/" + verb + "/", Wire: api.Native,
		Summary: capital(verb) + " a price list with its prices.", Rule: rule, IfMatch: verb == "update",
		Graph: api.CallGraph{Name: verb + capital(p.kind) + "sPricelist", Types: map[string]string{"price_overrules": "PriceOverruleGQLType", "location_id": "String"}},
		Input: []*entity.Field{
			{Name: "uuid", Kind: entity.UUID, Null: true},
			{Name: "name", Kind: entity.Text, Max: 100, Required: true},
			{Name: "pricelist_date", Kind: entity.Date, Required: true},
			{Name: "location_id", Kind: entity.UUID, Null: true},
			{Name: "added_details", Kind: entity.UUID, Many: true, Null: true},
			{Name: "removed_details", Kind: entity.UUID, Many: true, Null: true},
			{Name: "price_overrules", Kind: entity.Object, Many: true, Null: true, Fields: []*entity.Field{
				{Name: "uuid", Kind: entity.UUID, Required: true}, {Name: "price", Kind: entity.Decimal, Scale: 2, Null: true},
			}},
		},
		Change: func(q *api.Request, tx *db.Tx) (any, error) {
			values := entity.Values{"name": q.In["name"], "pricelist_date": q.In["pricelist_date"], "location": nil}
			if place, ok := q.In["location_id"].(string); ok {
				ids, err := find(q.Context(), tx, p.list.Field("location").TargetEntity(), "location_id", []string{place})
				if err != nil {
					return nil, err
				}
				values["location"] = ids[0]
			}
			c := p.list.NewChange(0, values)
			if given, _ := q.In["uuid"].(string); verb == "update" {
				ids, err := find(q.Context(), tx, p.list, "uuid", []string{given})
				if err != nil {
					return nil, err
				}
				if err := q.Match(tx, p.list, ids[0]); err != nil {
					return nil, err
				}
				c = p.list.NewChange(ids[0], values)
			} else if given != "" {
				c.Set("uuid", given)
			}
			if err := p.list.Save(q.Context(), tx, c); err != nil {
				return nil, err
			}
			q.Touch(p.list, c.ID)
			return nil, p.apply(q, tx, c.ID)
		},
	}
}

// apply edits the lines of a list as an input says.
func (p *prices) apply(q *api.Request, tx *db.Tx, list int64) error {
	added, err := findAll(q.Context(), tx, p.of, "added_details", textsOf(q.In["added_details"]))
	if err != nil {
		return err
	}
	removed, err := findAll(q.Context(), tx, p.of, "removed_details", textsOf(q.In["removed_details"]))
	if err != nil {
		return err
	}
	var overrules []Overrule
	given, _ := q.In["price_overrules"].([]any)
	for _, one := range given {
		values, _ := one.(entity.Values)
		uuid, _ := values["uuid"].(string)
		ids, err := find(q.Context(), tx, p.of, "price_overrules", []string{uuid})
		if err != nil {
			return err
		}
		o := Overrule{ID: ids[0]}
		if price, ok := values["price"].(almoner.Decimal); ok {
			o.Price = &price
		}
		overrules = append(overrules, o)
	}
	if len(added)+len(removed)+len(overrules) > 0 {
		// The lines are records of their own; who saw others of them is told so.
		if err := p.list.Advance(q.Context(), tx, list); err != nil {
			return err
		}
	}
	return p.edit(q.Context(), tx, list, added, removed, overrules)
}

// pricelists looks up all prices of a facility's lists at once.
func (s *Service) pricelists() api.Call {
	lines := func() *api.Schema {
		row := api.Object(map[string]*api.Schema{"id": api.TypeOf("integer"), "p": {Type: "string", Format: "decimal"}})
		row.Title = "PriceListItemGQLType"
		return api.ArrayOf(row)
	}
	output := api.Object(map[string]*api.Schema{"services": lines(), "items": lines()})
	output.Title = "PriceListsGQLType"
	return api.Call{
		Name: "medical.pricelists", Summary: "The prices of a list of services and one of items, by the ids of what they price.", Rule: api.SignedIn,
		Graph: api.CallGraph{Name: "pricelists"}, Output: output,
		Input: []*entity.Field{{Name: "services_pricelist_id", Kind: entity.Integer, Null: true}, {Name: "items_pricelist_id", Kind: entity.Integer, Null: true}},
		Do: func(q *api.Request) (any, error) {
			answer := map[string]any{}
			for _, p := range []*prices{s.itemPrices, s.servicePrices} {
				list, _ := q.In[p.kind+"s_pricelist_id"].(int64)
				lines, err := s.shown(q, s.db, p, list)
				if err != nil {
					return nil, err
				}
				answer[p.kind+"s"] = lines
			}
			return answer, nil
		},
	}
}
