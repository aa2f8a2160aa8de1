package insuree

import (
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// bulk is how many records one operation takes at most.
const bulk = 1000

func uuidField(name, label string, required bool) *entity.Field {
	return &entity.Field{Name: name, Kind: entity.UUID, Label: label, Required: required, Null: !required}
}

func uuidsField(label string) *entity.Field {
	return &entity.Field{Name: "uuids", Kind: entity.UUID, Label: label, Required: true, Many: true}
}

func flagField(name, label string) *entity.Field {
	return &entity.Field{Name: name, Kind: entity.Bool, Label: label, Null: true}
}

// texts of the GraphQL wire, where live clients write UUIDs as plain texts.
func plainUUIDs(paths ...string) map[string]string {
	types := map[string]string{}
	for _, path := range paths {
		types[path] = "String"
	}
	return types
}

// memberCalls move insurees in and out of families and close records, many at once. One declaration serves REST and GraphQL.
func (s *Service) memberCalls() []api.Call {
	post := func(name, path, summary string, rule api.Rule, graph string, input []*entity.Field, change func(q *api.Request, tx *db.Tx) error) api.Call {
		var paths []string
		for _, f := range input {
			if f.Kind == entity.UUID {
				paths = append(paths, f.Name)
			}
		}
		return api.Call{
			Name: name, Method: "POST", Path: path, Summary: summary, Wire: api.Native, Rule: rule, Input: input, Graph: api.CallGraph{Name: graph, Types: plainUUIDs(paths...)},
			Change: func(q *api.Request, tx *db.Tx) (any, error) { return nil, change(q, tx) },
		}
	}
	return []api.Call{
		post("insuree.family.close", "/api/insuree/families/delete/", "Delete families, with their members or leaving these without a family.", api.Right(RightDeleteFamily), "deleteFamilies",
			[]*entity.Field{uuidsField("Families"), flagField("delete_members", "With their members")}, s.deleteFamilies),
		post("insuree.insuree.close", "/api/insuree/insurees/delete/", "Delete insurees, none of whom may be the head of a family.", api.Right(RightDeleteInsuree), "deleteInsurees",
			[]*entity.Field{uuidField("uuid", "Family", false), uuidsField("Insurees")}, s.deleteInsurees),
		post("insuree.family.remove", "/api/insuree/families/remove-members/", "Take insurees, none of whom may be the head, out of their family.", api.Right(RightDeleteInsuree), "removeInsurees",
			[]*entity.Field{uuidField("uuid", "Family", false), uuidsField("Insurees"), flagField("cancel_policies", "Their policies cover no longer")}, s.removeInsurees),
		post("insuree.family.set_head", "/api/insuree/families/set-head/", "Make a member the head of their family.", api.Right(RightChangeFamily), "setFamilyHead",
			[]*entity.Field{uuidField("uuid", "Family", true), uuidField("insuree_uuid", "New head", true)}, s.setFamilyHead),
		post("insuree.insuree.change_family", "/api/insuree/insurees/change-family/", "Take an insuree into another family.", bothRights(RightChangeFamily, RightChangeInsuree), "changeInsureeFamily",
			[]*entity.Field{uuidField("family_uuid", "Family", true), uuidField("insuree_uuid", "Insuree", true), flagField("cancel_policies", "Their policies cover no longer")}, s.changeFamily),
	}
}

// bothRights lets in whoever holds both.
func bothRights(one, other int) api.Rule {
	return api.When(fmt.Sprintf("rights %d and %d", one, other), func(a *almoner.Actor) bool { return a.Can(one) && a.Can(other) })
}

// uuids are those of an input, each once.
func uuids(q *api.Request) ([]string, error) {
	sent, _ := q.In["uuids"].([]any)
	if len(sent) > bulk {
		return nil, almoner.Invalidf("uuids", "insuree.too_many", "Send at most 1000 records at once.")
	}
	var list []string
	seen := map[string]bool{}
	for _, v := range sent {
		if text, ok := v.(string); ok && !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list, nil
}

// eachUUID does something for each record of an input, and says of which one it went wrong.
func (s *Service) eachUUID(q *api.Request, tx *db.Tx, r *api.Resource, do func(id int64) error) error {
	list, err := uuids(q)
	if err != nil {
		return err
	}
	for i, uuid := range list {
		at := fmt.Sprintf("uuids.%d", i)
		id, err := byUUID(q, tx, r, at, uuid)
		if err != nil {
			return err
		}
		q.Touch(r.Entity, id)
		if err := do(id); err != nil {
			var problems almoner.Problems
			if problems.Merge(at, err) {
				return problems.Err()
			}
			return err
		}
	}
	return nil
}

func (s *Service) deleteFamilies(q *api.Request, tx *db.Tx) error {
	return s.eachUUID(q, tx, s.families, func(id int64) error { return s.CloseFamily(q.Context(), tx, id, q.In["delete_members"] == true) })
}

func (s *Service) deleteInsurees(q *api.Request, tx *db.Tx) error {
	return s.eachMember(q, tx, func(id int64) error { return s.Insuree.Save(q.Context(), tx, s.Insuree.NewDelete(id)) })
}

func (s *Service) removeInsurees(q *api.Request, tx *db.Tx) error {
	return s.eachMember(q, tx, func(id int64) error { return s.RemoveMember(q.Context(), tx, id, q.In["cancel_policies"] == true) })
}

// eachMember is eachUUID of insurees, who must be members of the family that the input names, if it names one.
func (s *Service) eachMember(q *api.Request, tx *db.Tx, do func(id int64) error) error {
	family := int64(0)
	if uuid := textOf(q.In, "uuid"); uuid != "" {
		var err error
		if family, err = byUUID(q, tx, s.families, "uuid", uuid); err != nil {
			return err
		}
		q.Touch(s.Family, family)
	}
	return s.eachUUID(q, tx, s.insurees, func(id int64) error {
		if family != 0 {
			of, err := familyOf(q.Context(), tx, id)
			if err != nil {
				return err
			}
			if of != family {
				return almoner.Invalidf("", "insuree.not_member", "This is no member of the family.")
			}
		}
		return do(id)
	})
}

func (s *Service) setFamilyHead(q *api.Request, tx *db.Tx) error {
	family, err := byUUID(q, tx, s.families, "uuid", textOf(q.In, "uuid"))
	if err != nil {
		return err
	}
	head, err := byUUID(q, tx, s.insurees, "insuree_uuid", textOf(q.In, "insuree_uuid"))
	if err != nil {
		return err
	}
	q.Touch(s.Family, family)
	q.Touch(s.Insuree, head)
	return s.Family.Save(q.Context(), tx, s.Family.NewChange(family, entity.Values{"head_insuree": head}))
}

func (s *Service) changeFamily(q *api.Request, tx *db.Tx) error {
	family, err := byUUID(q, tx, s.families, "family_uuid", textOf(q.In, "family_uuid"))
	if err != nil {
		return err
	}
	id, err := byUUID(q, tx, s.insurees, "insuree_uuid", textOf(q.In, "insuree_uuid"))
	if err != nil {
		return err
	}
	q.Touch(s.Family, family)
	q.Touch(s.Insuree, id)
	return s.ChangeFamily(q.Context(), tx, id, family, q.In["cancel_policies"] == true)
}
