package account

import (
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// peopleResource lists the people of the workspace with their grants there (tpm §5.3). Writing is in amp.go.
func (s *Service) peopleResource() *api.Resource {
	text := api.TypeOf("string")
	return &api.Resource{
		Name: "account.access", Entity: s.User, Path: "/api/v3/users/amp/", Title: "Access Management", Wire: api.Lenient, Can: api.List,
		ListShape: "access", Shape: "access", View: s.readers(), Edit: api.When("nobody", func(*almoner.Actor) bool { return false }),
		Narrow: s.peopleAsked,
		Params: []api.Param{
			{Name: "organization_id", Doc: "People with a grant for this organisation, active or not.", Schema: text},
			{Name: "organization_type", Doc: "People with a grant for an organisation that is this to the workspace, such as tpm.", Schema: text},
			{Name: "roles", Doc: "Ids of roles, joined by commas: people with a grant of one of them.", Schema: text},
			{Name: "status", Doc: "Joined by commas: active, invited (never signed in), no_access (no active grant), inactive (may not sign in).", Schema: text},
		},
	}
}

// statuses of a person within a scope; each person has exactly one.
var statuses = []entity.ChoiceValue{{Value: "active"}, {Value: "invited"}, {Value: "no_access"}, {Value: "inactive"}}

// refuse says that a word is no choice; of a long one it sends only the beginning back.
func refuse(problems *almoner.Problems, param, word string) {
	if r := []rune(word); len(r) > 60 {
		word = string(r[:60]) + "…"
	}
	problems.AddWith(param, "invalid_choice", "\""+word+"\" is not a valid choice.", map[string]string{"value": word})
}

// peopleAsked reads what the list is about from the request.
func (s *Service) peopleAsked(q *api.Request) (func(*almoner.Actor, func(any) string) string, error) {
	params := q.URL.Query()
	var problems almoner.Problems
	asked := scope{kind: params.Get("organization_type")}
	if text := params.Get("organization_id"); text != "" {
		id, ok := positive(text)
		if !ok {
			problems.Add("organization_id", "not_an_integer", "A valid integer is required.")
		}
		asked.organizationID = id
	}
	if _, known := s.organisations.RelationshipSQL(asked.kind, q.Actor.Workspace.ID, func(any) string { return "" }); asked.kind != "" && !known {
		refuse(&problems, "organization_type", asked.kind)
	}
	var roles db.IDs
	for _, word := range commas(params["roles"]) {
		id, ok := positive(word)
		if !ok {
			problems.Add("roles", "not_an_integer", "A valid integer is required.")
			break
		}
		roles = append(roles, id)
	}
	wanted := commas(params["status"])
	for _, word := range wanted {
		if !mustBe(statuses, "status", word, &problems) {
			break
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return func(a *almoner.Actor, arg func(any) string) string {
		in := []scope{scopeOf(a), asked}
		all := []string{s.holds(a, arg, "", in...)}
		if len(roles) > 0 {
			all = append(all, s.holds(a, arg, " and "+s.db.Engine().AnyID("g.role_id", arg(roles)), in...))
		}
		var any []string
		for _, word := range wanted {
			any = append(any, s.hasStatus(a, arg, word, in))
		}
		if len(any) > 0 {
			all = append(all, "("+strings.Join(any, " or ")+")")
		}
		return strings.Join(all, " and ")
	}, nil
}

// hasStatus is the condition that the person in the row {t} has a status within the scopes.
func (s *Service) hasStatus(a *almoner.Actor, arg func(any) string, status string, in []scope) string {
	account := "{t}.is_active = " + arg(status != "inactive")
	if status == "inactive" {
		return account
	}
	access := s.holds(a, arg, " and g.is_active = "+arg(true), in...)
	switch status {
	case "active":
		return "(" + account + " and {t}.last_login_at is not null and " + access + ")"
	case "invited":
		return "(" + account + " and {t}.last_login_at is null and " + access + ")"
	}
	return "(" + account + " and not " + access + ")"
}

// mustBe notes a problem with a parameter whose word is none of the choices, and reports whether it is one.
func mustBe(choices []entity.ChoiceValue, parameter, word string, problems *almoner.Problems) bool {
	_, bad := (&entity.Field{Kind: entity.Choice, Choices: choices}).Decode(word)
	for _, b := range bad {
		problems.AddWith(parameter, b.Code, b.Message, b.Params)
	}
	return bad == nil
}

func positive(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n > 0
}

// commas are the words of repeated and comma-joined parameters, each once.
func commas(values []string) []string {
	var words []string
	for _, v := range values {
		for _, word := range strings.Split(v, ",") {
			if word = strings.TrimSpace(word); word != "" && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return words
}
