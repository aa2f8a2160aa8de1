package insuree

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

func textField(name, label string, most int) *entity.Field {
	return &entity.Field{Name: name, Kind: entity.Text, Label: label, Max: most, Null: true, Blank: true}
}

func field(name string, kind entity.Kind, label string) *entity.Field {
	return &entity.Field{Name: name, Kind: kind, Label: label, Null: true}
}

// insureeInput are the fields of an insuree as clients of the GraphQL wire send them: all of them at once, whatever changed.
func insureeInput(updating bool) []*entity.Field {
	last, others := textField("last_name", "Last name", 100), textField("other_names", "Other names", 100)
	gender, dob := textField("gender_id", "Code of the gender", 1), field("dob", entity.Date, "Date of birth")
	last.Required, others.Required, gender.Required, dob.Required = true, true, true, true
	photo := field("photo", entity.Object, "Photo")
	photo.Fields = photoInput()
	return []*entity.Field{
		uuidField("uuid", "UUID", updating), textField("chf_id", "Insurance number", maxNumber), last, others, gender, dob, field("head", entity.Bool, "Head of the family"),
		textField("marital", "Marital status", 1), textField("passport", "Document number", 25), textField("phone", "Phone", 50), textField("email", "E-mail", 100),
		textField("current_address", "Current address", 200), textField("geolocation", "Geolocation", 250), field("current_village_id", entity.Integer, "Current village"),
		field("photo_id", entity.Integer, "Photo"), field("photo_date", entity.Date, "Date of the photo"), photo, field("card_issued", entity.Bool, "Card issued"),
		field("family_id", entity.Integer, "Family"), field("relationship_id", entity.Integer, "Relationship to the head"), field("profession_id", entity.Integer, "Profession"),
		field("education_id", entity.Integer, "Education"), field("health_facility_id", entity.Integer, "First point of service"), textField("type_of_id_id", "Code of the kind of document", 1), field("offline", entity.Bool, "Enrolled offline"),
		field("json_ext", entity.JSON, "Further data"), textField("status", "Status", 2), textField("status_reason", "Code of the reason for the status", 5),
		field("status_date", entity.Date, "Status since"),
	}
}

func familyInput(updating bool) []*entity.Field {
	head := field("head_insuree", entity.Object, "Head")
	head.Fields = insureeInput(false)
	return []*entity.Field{
		uuidField("uuid", "UUID", updating), field("location_id", entity.Integer, "Village"), field("poverty", entity.Bool, "Poor"), textField("family_type_id", "Code of the type", 2),
		textField("address", "Address", 200), field("is_offline", entity.Bool, "Enrolled offline"), textField("ethnicity", "Ethnicity", 1), textField("confirmation_no", "Confirmation number", 12),
		textField("confirmation_type_id", "Code of the type of confirmation", 3), field("json_ext", entity.JSON, "Further data"), field("contribution", entity.JSON, "For other modules"),
		head, field("head_insuree_id", entity.Integer, "Head"),
	}
}

// saveCalls are what the GraphQL wire has for creating and changing: full replacements, with heads and photos within them.
func (s *Service) saveCalls() []api.Call {
	mutation := func(name, graph, summary string, right int, input []*entity.Field, nested string, change func(q *api.Request, tx *db.Tx) error) api.Call {
		types, extended := plainUUIDs("uuid"), map[string]*entity.Entity{"": s.Insuree}
		if nested == "" {
			types["photo"], types["photo.uuid"] = "PhotoInputType", "String"
		} else {
			types[nested], types[nested+".uuid"], types[nested+".photo"], types[nested+".photo.uuid"] = "FamilyHeadInsureeInputType", "String", "PhotoInputType", "String"
			extended = map[string]*entity.Entity{"": s.Family, nested: s.Insuree}
		}
		return api.Call{
			Name: name, Summary: summary, Rule: api.Right(right), Input: input, Extended: extended, Graph: api.CallGraph{Name: graph, Types: types},
			Prepare: func(q *api.Request) error {
				person, at := q.In, "photo"
				if nested != "" {
					person, _ = q.In[nested].(entity.Values)
					at = nested + ".photo"
				}
				photo, _ := person["photo"].(entity.Values)
				return s.picture(q, at, photo)
			},
			Change: func(q *api.Request, tx *db.Tx) (any, error) { return nil, change(q, tx) },
		}
	}
	return []api.Call{
		mutation("insuree.insuree.register", "createInsuree", "Register an insuree.", RightCreateInsuree, insureeInput(false), "", func(q *api.Request, tx *db.Tx) error {
			_, err := s.saveInsuree(q, tx, 0, q.In, "")
			return err
		}),
		mutation("insuree.insuree.rewrite", "updateInsuree", "Change an insuree: what is not sent is emptied.", RightChangeInsuree, insureeInput(true), "", func(q *api.Request, tx *db.Tx) error {
			id, err := byUUID(q, tx, s.insurees, "uuid", textOf(q.In, "uuid"))
			if err == nil {
				_, err = s.saveInsuree(q, tx, id, q.In, "")
			}
			return err
		}),
		mutation("insuree.family.register", "createFamily", "Register a family with its head.", RightCreateFamily, familyInput(false), "head_insuree", func(q *api.Request, tx *db.Tx) error {
			return s.saveFamily(q, tx, 0)
		}),
		mutation("insuree.family.rewrite", "updateFamily", "Change a family: what is not sent is emptied.", RightChangeFamily, familyInput(true), "head_insuree", func(q *api.Request, tx *db.Tx) error {
			id, err := byUUID(q, tx, s.families, "uuid", textOf(q.In, "uuid"))
			if err != nil {
				return err
			}
			return s.saveFamily(q, tx, id)
		}),
	}
}

// saveInsuree creates an insuree, or with an id replaces all of one, and returns its id. `in` stands in the field `at` of the input, "" for the input itself.
func (s *Service) saveInsuree(q *api.Request, tx *db.Tx, id int64, in entity.Values, at string) (int64, error) {
	values := entity.Values{}
	for _, name := range []string{"chf_id", "last_name", "other_names", "passport", "phone", "email", "current_address", "geolocation"} {
		values[name] = textOf(in, name)
	}
	for _, name := range []string{"dob", "photo_date", "status_date", "json_ext"} {
		values[name] = in[name]
	}
	for _, name := range []string{"card_issued", "offline"} {
		values[name] = in[name] == true
	}
	values["marital"] = nilIfEmpty(textOf(in, "marital"))
	values["status"] = Active
	if status := textOf(in, "status"); status != "" {
		values["status"] = status
	}
	for name, from := range map[string]string{
		"current_village": "current_village_id", "family": "family_id", "relationship": "relationship_id", "profession": "profession_id", "education": "education_id", "health_facility": "health_facility_id",
	} {
		values[name] = in[from]
	}
	var problems almoner.Problems
	for _, c := range []codeOf{
		{"gender", "gender_id", s.Gender}, {"type_of_id", "type_of_id_id", s.IdentificationType}, {"status_reason", "status_reason", s.StatusReason},
	} {
		if err := s.code(q, tx, c, in, values, &problems); err != nil {
			return 0, err
		}
	}
	checkChoices(s.Insuree, values, &problems)
	if err := problems.Err(); err != nil {
		return 0, err
	}
	photo, sent := in["photo"].(entity.Values)
	if id != 0 {
		// The photo stays unless another one comes, and so does its day.
		if values["photo_date"] == nil {
			delete(values, "photo_date")
		}
		// Whom somebody's family is, is changed by moving them; clients leave it out of a change.
		if in["family_id"] == nil {
			delete(values, "family")
		}
	} else if uuid := textOf(in, "uuid"); uuid != "" {
		values["uuid"] = uuid
	}
	c := s.Insuree.NewChange(id, values)
	if sent && q.File != nil {
		c.Data = map[string]any{withPhoto: true}
	}
	if err := q.Extend(c, at); err != nil {
		return 0, err
	}
	if err := s.Insuree.Save(q.Context(), tx, c); err != nil {
		return 0, err
	}
	q.Touch(s.Insuree, c.ID)
	if sent && (q.File != nil || photo["date"] != nil || photo["officer_id"] != nil) {
		if err := s.savePhoto(q.Context(), tx, c.ID, photo, q.File); err != nil {
			return 0, err
		}
	}
	return c.ID, nil
}

// codeOf is a field whose records clients know by their code.
type codeOf struct {
	field, from string
	entity      *entity.Entity
}

// code finds the record that a code means.
func (s *Service) code(q *api.Request, tx *db.Tx, c codeOf, in, values entity.Values, p *almoner.Problems) error {
	values[c.field] = nil
	text := textOf(in, c.from)
	if text == "" {
		return nil
	}
	id, err := c.entity.ByKey(q.Context(), tx, entity.Values{"code": text})
	if almoner.KindOf(err) == almoner.NotFound {
		if c.field == "status_reason" {
			p.Add(c.from, "insuree.wrong_status", "This is no reason for that status.")
		} else {
			p.Add(c.from, "insuree.no_such_code", "There is no such code.")
		}
		return nil
	}
	values[c.field] = id
	return err
}

// checkChoices refuses values that are none of a field's: the input has them as plain texts.
func checkChoices(e *entity.Entity, values entity.Values, p *almoner.Problems) {
	for _, f := range e.Fields {
		text, ok := values[f.Name].(string)
		if f.Kind != entity.Choice || !ok {
			continue
		}
		known := false
		for _, choice := range f.Choices {
			known = known || choice.Value == text
		}
		if !known {
			p.Add(f.Name, "insuree.wrong_value", "This is not one of the values that there are.")
		}
	}
}

func nilIfEmpty(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// saveFamily creates a family, or with an id replaces all of one. Its head comes along, is changed along, or is named.
func (s *Service) saveFamily(q *api.Request, tx *db.Tx, id int64) error {
	in := q.In
	values := entity.Values{"is_offline": in["is_offline"] == true, "poverty": in["poverty"], "location": in["location_id"], "json_ext": in["json_ext"]}
	for _, name := range []string{"address", "ethnicity", "confirmation_no"} {
		values[name] = textOf(in, name)
	}
	var problems almoner.Problems
	for _, c := range []codeOf{{"family_type", "family_type_id", s.FamilyType}, {"confirmation_type", "confirmation_type_id", s.ConfirmationType}} {
		if err := s.code(q, tx, c, in, values, &problems); err != nil {
			return err
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	head, err := s.head(q, tx, id)
	if err != nil {
		return err
	}
	if id != 0 {
		if head == 0 {
			return almoner.Invalidf("head_insuree", "insuree.head_required", "A family has a head.")
		}
	} else if uuid := textOf(in, "uuid"); uuid != "" {
		values["uuid"] = uuid
	}
	values["head_insuree"] = reference(head)
	c := s.Family.NewChange(id, values)
	if err := q.Extend(c, ""); err != nil {
		return err
	}
	if err := s.Family.Save(q.Context(), tx, c); err != nil {
		return err
	}
	q.Touch(s.Family, c.ID)
	return nil
}

// head is who is sent as the head of a family: somebody with all their fields, known by their UUID or new, or somebody known by their number.
func (s *Service) head(q *api.Request, tx *db.Tx, family int64) (int64, error) {
	person, sent := q.In["head_insuree"].(entity.Values)
	if !sent {
		id, _ := q.In["head_insuree_id"].(int64)
		if id == 0 {
			return 0, nil
		}
		if _, err := s.insurees.Locate(q, tx, id); err != nil {
			if almoner.KindOf(err) == almoner.NotFound {
				return 0, almoner.Invalidf("head_insuree_id", "insuree.not_found", "There is no such record.")
			}
			return 0, err
		}
		return id, nil
	}
	known := int64(0)
	if uuid := textOf(person, "uuid"); uuid != "" {
		var err error
		known, err = s.Insuree.By(q.Context(), tx, "uuid", uuid)
		if err != nil && almoner.KindOf(err) != almoner.NotFound {
			return 0, err
		}
	}
	if known != 0 {
		if _, err := s.insurees.Locate(q, tx, known); err != nil {
			if almoner.KindOf(err) == almoner.NotFound {
				return 0, almoner.Invalidf("head_insuree.uuid", "insuree.not_found", "There is no such record.")
			}
			return 0, err
		}
	} else if family != 0 {
		// A new head of a family is a member of it first.
		person["family_id"] = family
	}
	id, err := s.saveInsuree(q, tx, known, person, "head_insuree")
	if err != nil {
		var problems almoner.Problems
		if problems.Merge("head_insuree", err) {
			return 0, problems.Err()
		}
		return 0, err
	}
	return id, nil
}
