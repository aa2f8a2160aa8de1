package insuree

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
)

// restOnly keeps the standard operations off the GraphQL wire, which has its own ones: clients know their names.
var restOnly = api.Graph{List: "-", Get: "-", Create: "-", Update: "-", Delete: "-"}

func (s *Service) declareResources() {
	s.insurees = &api.Resource{
		Entity: s.Insuree, Path: "/api/insuree/insurees/", Title: s.Insuree.Plural, Wire: api.Native, Can: api.Read | api.Write | api.History, Shape: "record",
		View: api.Right(RightSeeInsurees), Edit: api.Right(RightChangeInsuree), Graph: restOnly,
		Rules:  map[api.Can]api.Rule{api.Create: api.Right(RightCreateInsuree), api.Delete: api.Right(RightDeleteInsuree)},
		Narrow: s.narrowInsurees, Params: insureeParams(),
	}
	s.families = &api.Resource{
		Entity: s.Family, Path: "/api/insuree/families/", Title: s.Family.Plural, Wire: api.Native, Can: api.Read | api.Write | api.History, Shape: "record",
		View: api.Right(RightSeeFamilies), Edit: api.Right(RightChangeFamily), Graph: restOnly,
		Rules:  map[api.Can]api.Rule{api.Create: api.Right(RightCreateFamily), api.Delete: api.Right(RightDeleteFamily)},
		Narrow: s.narrowFamilies, Params: familyParams(),
	}
}

// codeResources are the lists of words: every clerk reads them, administrators keep them.
func (s *Service) codeResources() []*api.Resource {
	var list []*api.Resource
	for _, c := range []struct {
		entity *entity.Entity
		path   string
		graph  string
		view   api.Rule
	}{
		{s.Gender, "genders", "insureeGenders", api.Right(RightSeeInsurees)},
		{s.FamilyType, "family-types", "familyTypes", api.Right(RightSeeFamilies)},
		{s.ConfirmationType, "confirmation-types", "confirmationTypes", api.Right(RightSeeFamilies)},
		{s.IdentificationType, "identification-types", "identificationTypes", api.Right(RightSeeFamilies)},
		{s.Profession, "professions", "professions", api.Right(RightSeeFamilies)},
		{s.Education, "educations", "educations", api.Right(RightSeeFamilies)},
		{s.Relation, "relations", "relations", api.Right(RightSeeFamilies)},
	} {
		graph := restOnly
		graph.List, graph.Plain = c.graph, true
		list = append(list, &api.Resource{
			Entity: c.entity, Path: "/api/insuree/" + c.path + "/", Title: c.entity.Plural, Wire: api.Native, Can: api.Read | api.Create | api.Update | api.Replace,
			View: c.view, Edit: api.Administrator, Graph: graph,
		})
	}
	reasons := restOnly
	reasons.List = "insureeStatusReasons"
	return append(list, &api.Resource{
		Entity: s.StatusReason, Path: "/api/insuree/status-reasons/", Title: s.StatusReason.Plural, Wire: api.Native, Can: api.Read | api.Write,
		View: api.SignedIn, Edit: api.Administrator, Graph: reasons,
		Params: []api.Param{api.Arg("str", entity.Text, "Words of the reason, or its code.")},
		Narrow: func(q *api.Request) (func(a *almoner.Actor, arg func(any) string) string, error) {
			return narrowed(func(arg func(any) string) []string { return reasonText(q.Text("str"), arg) }), nil
		},
	})
}

// graphResources are the lists that only the GraphQL wire has, under the names and with the arguments that its clients know.
func (s *Service) graphResources() []*api.Resource {
	return []*api.Resource{
		{
			Name: "insuree.known_insuree", Entity: s.Insuree, Can: api.Read, View: api.Right(RightSeeInsurees), Graph: api.Graph{List: "insurees", Get: "insuree", Export: true}, Narrow: s.narrowInsurees, Params: insureeParams(),
		},
		{
			Name: "insuree.known_family", Entity: s.Family, Can: api.Read, View: api.Right(RightSeeFamilies), Graph: api.Graph{List: "families", Get: "family", Export: true}, Narrow: s.narrowFamilies, Params: familyParams(),
		},
		{
			Name: "insuree.family_member", Entity: s.Insuree, Can: api.List, View: api.Right(RightSeeInsurees), Graph: api.Graph{List: "familyMembers"},
			Order: []string{"-head", "dob"}, Params: []api.Param{required(api.Arg("family_uuid", entity.Text, "The family."))},
			Narrow: func(q *api.Request) (func(a *almoner.Actor, arg func(any) string) string, error) {
				return narrowed(func(arg func(any) string) []string {
					return []string{"{t}.family_id = (select nf.id from insuree_families nf where nf.uuid = " + arg(q.Text("family_uuid")) + ")"}
				}), nil
			},
		},
	}
}

func required(p api.Param) api.Param {
	p.Required = true
	return p
}
