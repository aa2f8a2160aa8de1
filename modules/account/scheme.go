package account

import (
	"maps"
	"slices"
	"strconv"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

// Users and roles of a scheme over REST, by the same functions and rights as over GraphQL. What administrators of the platform keep is beside it (resources).
const (
	usersPath = "/api/account/scheme-users/"
	rolesPath = "/api/account/scheme-roles/"
)

// native puts a mutation on the REST wire as well.
func native(c api.Call, method, path string) api.Call {
	c.Method, c.Path, c.Wire = method, path, api.Native
	if method == "POST" {
		c.Output = api.Object(map[string]*api.Schema{"id": api.TypeOf("integer")}) // what was made
	}
	return c
}

// matched holds If-Match against the version of the record.
func matched(c api.Call) api.Call {
	c.IfMatch = true
	return c
}

func (s *Service) schemeCalls() []api.Call {
	text, integer := api.TypeOf("string"), api.TypeOf("integer")
	byID := func(name, method, path, summary string, rule api.Rule, input []*entity.Field, change func(q *api.Request, tx *db.Tx) (any, error)) api.Call {
		return native(api.Call{Name: "account." + name, Summary: summary, Rule: rule, Input: input, Change: change, IfMatch: true}, method, path+"{id}/")
	}
	return []api.Call{
		{
			Name: "account.scheme_user.get", Method: "GET", Path: usersPath + "{id}/", Wire: api.Native, Summary: "A user of this workspace.", Rule: api.Right(121701), Output: api.Object(nil), Do: s.schemeUser,
		},
		byID("scheme_user.delete", "DELETE", usersPath, "Take all access to this workspace from a user.", api.Right(121704), nil, func(q *api.Request, tx *db.Tx) (any, error) {
			id, err := q.ID("id")
			if err != nil {
				return nil, err
			}
			if _, err := s.userInHand(q, tx, strconv.FormatInt(id, 10)); err != nil {
				return nil, err
			}
			if err := q.Match(tx, s.User, id); err != nil {
				return nil, err
			}
			q.In = map[string]any{"uuids": []any{strconv.FormatInt(id, 10)}}
			return s.deleteUser(q, tx)
		}),
		byID("scheme_role.update", "PATCH", rolesPath, "Change a role and its rights.", api.Right(122003), roleParts(), func(q *api.Request, tx *db.Tx) (any, error) {
			id, err := q.ID("id")
			if err != nil {
				return nil, err
			}
			return nil, s.changeRole(q, tx, id)
		}),
		byID("scheme_role.delete", "DELETE", rolesPath, "End a role, and take it from everybody who holds it.", api.Right(122004), nil, func(q *api.Request, tx *db.Tx) (any, error) {
			id, err := q.ID("id")
			if err != nil {
				return nil, err
			}
			return nil, s.dropRole(q, tx, id)
		}),
		{
			Name: "account.scheme_rights.get", Method: "GET", Path: "/api/account/rights/", Wire: api.Native, Summary: "The rights that roles may hold, by module, and which of them are one's own.",
			Rule: api.Right(122001, 122002, 122003), Do: s.rightList,
			Output: api.ArrayOf(api.Object(map[string]*api.Schema{
				"module": text, "rights": api.ArrayOf(api.Object(map[string]*api.Schema{"number": integer, "label": text, "mine": api.TypeOf("boolean")})),
			})),
		},
	}
}

// schemeUser is one user as the workspace knows them.
func (s *Service) schemeUser(q *api.Request) (any, error) {
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	record := api.Record{}
	err = s.db.View(q.Context(), func(tx db.Queryer) error {
		found, err := s.User.LocateWithin(q.Context(), tx, entity.Viewer{Actor: q.Actor, AllFields: true}, id, s.here)
		if err == nil {
			record.Version = found.Version
			record.Object, err = s.User.Object(q.Context(), tx, found.Viewer, "scheme_record", id)
		}
		return err
	})
	return record, err
}

// rightList is in the reader's language, as far as modules have a text `right.NUMBER`.
func (s *Service) rightList(q *api.Request) (any, error) {
	byModule := map[string][]map[string]any{}
	for _, r := range s.rights() {
		byModule[r.Module] = append(byModule[r.Module], map[string]any{"number": r.Number, "label": q.Label("right."+strconv.Itoa(r.Number), r.Label), "mine": q.Actor.Can(r.Number)})
	}
	list := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(byModule)) {
		list = append(list, map[string]any{"module": name, "rights": byModule[name]})
	}
	return list, nil
}

// menu are the screens of users and roles, and what on them is for whom.
func menu() []module.MenuEntry {
	entry := func(code string, right int) module.MenuEntry {
		return module.MenuEntry{Code: "account." + code, For: func(v entity.Viewer) bool { return v.Actor.Can(right) }}
	}
	return []module.MenuEntry{
		entry("users", 121701), entry("users.add", 121702), entry("users.change", 121703), entry("users.delete", 121704),
		entry("roles", 122001), entry("roles.add", 122002), entry("roles.change", 122003), entry("roles.delete", 122004),
		// A copy is made on the form of a new role.
		{Code: "account.roles.copy", For: func(v entity.Viewer) bool { return v.Actor.Can(122002) && v.Actor.Can(122005) }},
	}
}
