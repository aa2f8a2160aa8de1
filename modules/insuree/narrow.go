package insuree

import (
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// narrowing is a condition over {t}, as a Resource wants it.
type narrowing = func(a *almoner.Actor, arg func(any) string) string

// narrowed joins conditions; nil when there is nothing to ask.
func narrowed(conditions func(arg func(any) string) []string) narrowing {
	return func(_ *almoner.Actor, arg func(any) string) string { return strings.Join(conditions(arg), " and ") }
}

// placeParams ask for what is at a place or below it.
func placeParams() []api.Param {
	return []api.Param{
		api.Arg("parent_location", entity.Text, "The UUID of a place; what is there or below is listed."),
		api.Arg("parent_location_level", entity.Integer, "The level of that place: 0 region, 1 district, 2 ward, 3 village."),
		api.Arg("ignore_location", entity.Bool, "Lists what is elsewhere, too, as far as the reader may see it."),
	}
}

// below is the condition that a place is the one asked for or lies in it; "" when none was asked for.
func (s *Service) below(q *api.Request, column string) (func(arg func(any) string) string, error) {
	uuid := q.Text("parent_location")
	if uuid == "" || q.Flag("ignore_location") {
		return nil, nil
	}
	level, given := q.Param("parent_location_level").(int64)
	if !given {
		return nil, almoner.Invalidf("parent_location_level", "insuree.level_required", "Say on which level the place is.")
	}
	return func(arg func(any) string) string { return s.places.Below(arg, column, uuid, level) }, nil
}

func insureeParams() []api.Param {
	return append(placeParams(), api.Arg("additional_filters", entity.JSON, "Further filters of other modules."))
}

// narrowInsurees holds what lists of insurees can be asked beyond filters.
func (s *Service) narrowInsurees(q *api.Request) (narrowing, error) {
	below, err := s.below(q, "{t}.place_id")
	if err != nil || below == nil {
		return nil, err
	}
	return narrowed(func(arg func(any) string) []string { return []string{below(arg)} }), nil
}

// members are what families can be asked about one of their members: all of it holds for one and the same.
var members = []struct {
	path, lookup string
	kind         entity.Kind
}{
	{"chf_id", "exact", entity.Text},
	{"chf_id", "istartswith", entity.Text},
	{"chf_id", "icontains", entity.Text},
	{"last_name", "exact", entity.Text},
	{"last_name", "istartswith", entity.Text},
	{"last_name", "icontains", entity.Text},
	{"other_names", "exact", entity.Text},
	{"other_names", "istartswith", entity.Text},
	{"other_names", "icontains", entity.Text},
	{"phone", "exact", entity.Text},
	{"phone", "icontains", entity.Text},
	{"email", "exact", entity.Text},
	{"email", "icontains", entity.Text},
	{"gender__code", "exact", entity.Text},
	{"uuid", "exact", entity.Text},
	{"dob", "exact", entity.Date},
	{"dob", "lt", entity.Date},
	{"dob", "lte", entity.Date},
	{"dob", "gt", entity.Date},
	{"dob", "gte", entity.Date},
}

func memberParam(path, lookup string) string {
	if lookup == "exact" {
		return "members__" + path
	}
	return "members__" + path + "__" + lookup
}

func familyParams() []api.Param {
	list := append(placeParams(),
		api.Arg("null_as_false_poverty", entity.Bool, "Poor or not; families of which it is not known are not."),
		api.Arg("officer", entity.Text, "The UUID of an officer; families with a policy by them are listed."),
		api.Arg("additional_filter", entity.JSON, "Further filters of other modules."))
	for _, m := range members {
		list = append(list, api.Arg(memberParam(m.path, m.lookup), m.kind, "Asks it of a valid member; all such parameters of one and the same."))
	}
	return list
}

// narrowFamilies holds what lists of families can be asked beyond filters.
func (s *Service) narrowFamilies(q *api.Request) (narrowing, error) {
	below, err := s.below(q, "{t}.location_id")
	if err != nil {
		return nil, err
	}
	return narrowed(func(arg func(any) string) []string {
		var all []string
		if below != nil {
			all = append(all, below(arg))
		}
		if poor, given := q.Param("null_as_false_poverty").(bool); given {
			all = append(all, "coalesce({t}.poverty, "+arg(false)+") = "+arg(poor))
		}
		if officer := q.Text("officer"); officer != "" {
			if s.Cover.OfOfficer == nil {
				return []string{"1 = 0"}
			}
			all = append(all, "{t}.id in ("+s.Cover.OfOfficer(arg, officer)+")")
		}
		if member := s.memberSQL(q, arg); member != "" {
			all = append(all, member)
		}
		return all
	}), nil
}

// memberSQL is the condition that a family has a member of whom all that was asked holds, "" when nothing was.
func (s *Service) memberSQL(q *api.Request, arg func(any) string) string {
	var all []string
	for _, m := range members {
		value := q.Param(memberParam(m.path, m.lookup))
		if value == nil {
			continue
		}
		column := "nm." + m.path
		text, _ := value.(string)
		switch m.lookup {
		case "exact":
			if m.path == "gender__code" {
				all = append(all, "nm.gender_id = (select ng.id from insuree_genders ng where ng.code = "+arg(text)+")")
				continue
			}
			all = append(all, column+" = "+arg(value))
		case "istartswith", "icontains":
			all = append(all, s.wordSQL(m.path+"_folded", m.lookup, db.Fold(text), arg))
		default:
			all = append(all, column+" "+map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}[m.lookup]+" "+arg(value))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "{t}.id in (select nm.family_id from insuree_insurees nm where nm.family_id is not null and nm.validity_to is null and " + strings.Join(all, " and ") + ")"
}

// wordSQL asks a folded column of a member for a part or the beginning of a text; the indexes for both are those of searches.
func (s *Service) wordSQL(column, lookup, folded string, arg func(any) string) string {
	engine := s.db.Engine()
	if lookup == "icontains" {
		return engine.ContainsIndexed("insuree_insurees", "nm", column, arg(engine.ContainsArg(folded)))
	}
	return engine.Contains("nm."+column, arg(engine.StartsWithArg(folded)))
}

// reasonText asks a reason for words of its name or the beginning of its code.
func reasonText(text string, arg func(any) string) []string {
	if text == "" {
		return nil
	}
	folded := arg(db.Fold(text))
	return []string{"({t}.name_folded <> replace({t}.name_folded, " + folded + ", '') or lower({t}.code) = " + folded + ")"}
}
