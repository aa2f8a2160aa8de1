package officer_test

import (
	"fmt"
	"testing"
)

// Roles and the rights that they hold keep their past, on both wires; a role that ends is taken from everybody at once, and leaves its name to another.
func TestRolesKeepTheirPast(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		const roles = "/api/account/scheme-roles/"
		role := ada.Post(roles, map[string]any{"name": "Registrar", "is_system": false, "is_blocked": false, "rights_id": []int{121701, 122001}}).Want(s, 200).ID(s)
		path := fmt.Sprintf("%s%d/", roles, role)
		uuid := ada.Get(path).Want(s, 200).Object(s)["uuid"]
		for name, held := range map[string][]int64{"kofi": {role, s.role(512)}, "yaa": {role}} {
			ada.Post("/api/account/scheme-users/", map[string]any{
				"username": name, "last_name": "Mensah", "other_names": name, "email": name + "@agency.example", "language": "en", "user_types": []string{"INTERACTIVE"}, "roles": held,
			}).Want(s, 200)
		}
		kofi := s.app.As("kofi@agency.example")
		kofi.Get(roles).Want(s, 200)
		ada.Patch(path, map[string]any{"rights_id": []int{121701, 121702}}).Want(s, 204)
		ada.Patch(path, map[string]any{"name": "Keeper", "is_blocked": false, "rights_id": []int{121702, 121701}}).Want(s, 204)
		ada.Patch(path, map[string]any{"name": "Keeper"}).Want(s, 204) // changes nothing

		// each state is a row: what it was called, and from when to when
		const past = `query ($name: String) { role(showHistory: true, name_Icontains: $name, orderBy: ["validityFrom"]) { edges { node { id name legacyId validityFrom validityTo } } } }`
		states := s.ask(ada, past, map[string]any{"name": "e"})
		var names []any
		for i := 0; at(states, "role", "edges", i) != nil; i++ {
			if n := at(states, "role", "edges", i, "node"); at(n, "legacyId") == float64(role) || decoded(at(n, "id")) == fmt.Sprint(role) {
				names = append(names, []any{at(n, "name"), at(n, "validityTo") == nil})
			}
		}
		s.want(names, `[["Registrar",false],["Registrar",false],["Keeper",true]]`)
		s.want(s.ask(ada, past, map[string]any{"name": "regist"}), `"Registrar"`, "role", "edges", 1, "node", "name")
		s.want(s.ask(ada, `{ role(name_Icontains: "regist") { totalCount } }`, nil), `0`, "role", "totalCount")
		rights := func(of string) any {
			var list []any
			data := s.ask(ada, fmt.Sprintf(`{ roleRight(%s, orderBy: ["rightId"]) { edges { node { rightId validityTo } } } }`, of), nil)
			for i := 0; at(data, "roleRight", "edges", i) != nil; i++ {
				n := at(data, "roleRight", "edges", i, "node")
				list = append(list, []any{at(n, "rightId"), at(n, "validityTo") == nil})
			}
			return list
		}
		s.want(rights(fmt.Sprintf("role_Uuid: %q", uuid)), `[[121701,true],[121702,true]]`)
		// What ended is there as it was, and as ended.
		s.want(rights(fmt.Sprintf("role_Uuid: %q, showHistory: true", uuid)), `[[121701,true],[121702,true],[122001,false],[122001,false]]`)

		// the history tells who gave which right
		told := func() any {
			var list []any
			events, _ := ada.Get(path+"history/").Want(s, 200).JSON(s).([]any)
			for _, e := range events {
				if at(e, "actor", "name") != "Ada Min" {
					s.Errorf("who did it: %v", e)
				}
				list = append(list, []any{at(e, "entity"), at(e, "verb"), at(e, "display"), at(e, "changes", 0, "after")})
			}
			return list
		}
		const before = `["account.role","created",null,"Registrar"],["account.role_right","created","121701",null],["account.role_right","created","122001",null],` +
			`["account.role_right","deleted","122001",null],["account.role_right","created","121702",null],["account.role","updated",null,"Keeper"]`
		s.want(told(), `[`+before+`]`)
		if n := s.number("select version from account_roles where id = $1", role); n != 3 {
			s.Errorf("the role has the version %d: a change of its rights is one of the role, and what changes nothing is none", n)
		}

		// what ends
		s.good(ada, "deleteRole", map[string]any{"uuids": []any{uuid}})
		kofi.Get(roles).Want(s, 403)
		s.want(s.number("select count(*) from account_users where username in ('kofi', 'yaa') and is_active"), `1`) // yaa has nothing left to come in for
		ada.Get(path).Want(s, 404)
		s.want(s.ask(ada, `{ users(str: "kofi") { edges { node { iUser { roles { name } } } } } }`, nil), `[{"name":"Claim Contributor"}]`, "users", "edges", 0, "node", "iUser", "roles")
		s.want(s.ask(ada, `{ role(name_Icontains: "keeper") { totalCount } free: validateRoleName(roleName: "Keeper") }`, nil), `{"free":true,"role":{"totalCount":0}}`)
		s.want(rights(fmt.Sprintf(`role: "%d", showHistory: true`, role)), `[[121701,false],[121701,false],[121702,false],[121702,false],[122001,false],[122001,false]]`)
		s.want(at(s.ask(ada, `{ role(showHistory: true, name: "Keeper") { totalCount } }`, nil), "role", "totalCount"), `2`)
		again := ada.Post(roles, map[string]any{"name": "Keeper", "is_system": false, "is_blocked": false, "rights_id": []int{121701}}).Want(s, 200).ID(s)
		if again == role {
			s.Error("the ended role came back")
		}
		s.bad(ada, "does_not_exist", "createUser", form("ama", map[string]any{"roles": []int64{role}}))
	})
}

// Nobody ends what the program relies on, nor, from one workspace, what is held in another; what was shipped and deleted stays so.
func TestWhichRolesEnd(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		const roles = "/api/account/scheme-roles/"
		person := func(name string, role int64) map[string]any {
			return map[string]any{"username": name, "last_name": "Mensah", "other_names": name, "email": name + "@agency.example", "language": "en", "user_types": []string{"INTERACTIVE"}, "roles": []int64{role}}
		}
		admin := ada.Post(roles, map[string]any{"name": "Ender", "is_system": false, "is_blocked": false, "rights_id": []int{122001, 122004}}).Want(s, 200).ID(s)
		ada.Post("/api/account/scheme-users/", person("efua", admin)).Want(s, 200)
		shared := ada.Post(roles, map[string]any{"name": "Shared", "is_system": false, "is_blocked": false, "rights_id": []int{}}).Want(s, 200).ID(s)
		ada.In("OTH").Post("/api/account/scheme-users/", person("kofi", shared)).Want(s, 200)
		efua, one := s.app.As("efua@agency.example"), fmt.Sprintf("%s%d/", roles, shared)
		s.want(efua.Delete(one).Want(s, 400).Object(s)["detail"], `"Somebody in another workspace holds this role; only an administrator of the platform deletes it."`)
		efua.Delete(fmt.Sprintf("%s%d/", roles, s.role(8))).Want(s, 403)
		ada.Delete(one).Want(s, 204)
		ada.Delete(fmt.Sprintf("%s%d/", roles, s.number("select id from account_roles where name = 'PME'"))).Want(s, 409)
		ada.Delete(fmt.Sprintf("/api/account/roles/%d/", s.number("select id from account_roles where name = 'PME'"))).Want(s, 409)
		s.want(s.number("select count(*) from account_users where username = 'kofi' and is_active"), `0`)
	})
}

// Whoever changes the roles of somebody as they read them is told when the administration of the platform gave or took one meanwhile.
func TestGrantsMoveTheVersionOfTheirUser(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		user := map[string]any{"username": "kofi", "last_name": "Mensah", "other_names": "Kofi", "language": "en", "user_types": []string{"INTERACTIVE"}, "roles": []int64{s.role(8)}}
		id := ada.Post("/api/account/scheme-users/", user).Want(s, 200).ID(s)
		one := fmt.Sprintf("/api/account/scheme-users/%d/", id)
		tag := func() string { return ada.Get(one).Want(s, 200).Header.Get("ETag") }
		for _, grant := range []func(){
			func() {
				ada.Post("/api/account/grants/", map[string]any{"user": id, "workspace": s.number("select id from account_workspaces where code = 'IMI'"), "organization": nil, "role": s.role(16)}).Want(s, 201)
			},
			func() {
				ada.Patch(fmt.Sprintf("/api/account/grants/%d/", s.number("select max(id) from account_grants")), map[string]any{"is_active": false}).Want(s, 200)
			},
			func() {
				ada.Delete(fmt.Sprintf("/api/account/grants/%d/", s.number("select max(id) from account_grants"))).Want(s, 204)
			},
		} {
			read := tag()
			grant()
			ada.With("If-Match", read).Patch(one, user).Want(s, 409)
		}
		ada.With("If-Match", tag()).Patch(one, user).Want(s, 204)
	})
}
