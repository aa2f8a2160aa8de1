package officer_test

import (
	"fmt"
	"testing"
)

// Users and roles over REST, as the screens of the web app ask.
func TestSchemeOverREST(t *testing.T) {
	each(t, func(s *scheme) {
		ada, ruth := s.app.As("ada@agency.example"), s.app.As("ruth@agency.example")
		const users, roles = "/api/account/scheme-users/", "/api/account/scheme-roles/"
		groups, _ := ada.Get("/api/account/rights/").Want(s, 200).JSON(s).([]any)
		s.want(groups[0], `{"label":"Search users","mine":true,"number":121701}`, "rights", 0)
		french, _ := ada.With("Accept-Language", "fr").Get("/api/account/rights/").Want(s, 200).JSON(s).([]any)
		s.want(french[0], `"account"`, "module")

		made := ada.Post(roles, map[string]any{"name": "Registrar", "is_system": false, "is_blocked": false, "rights_id": []int{121501, 121701}}).Want(s, 200)
		role := made.ID(s)
		path := fmt.Sprintf("%s%d/", roles, role)
		s.want(ada.Get(path).Want(s, 200).Object(s), `[{"right_id":121501},{"right_id":121701}]`, "rights")
		ada.Patch(path, map[string]any{"name": "Registrars", "alt_language": "Greffiers", "is_system": false, "is_blocked": true, "rights_id": []int{121701}}).Want(s, 204)
		s.want(ada.Get(path).Want(s, 200).Object(s), `[{"right_id":121701}]`, "rights")
		s.want(ada.Get(roles+"?name__icontains=regis&is_system=false").Want(s, 200).Object(s), `"Registrars"`, "results", 0, "name")
		s.want(ada.Get(path).Want(s, 200).Object(s), `false`, "shipped")
		s.want(ada.Get(roles+"?name=PME").Want(s, 200).Object(s), `true`, "results", 0, "shipped")
		s.want(ada.Get(roles+"?shipped=false").Want(s, 200).Object(s), `1`, "count")
		ruth.Post(roles, map[string]any{"name": "Own", "is_system": false, "is_blocked": false}).Want(s, 403)
		ruth.Patch(path, map[string]any{"name": "Own", "is_system": false, "is_blocked": false}).Want(s, 403)
		ruth.Delete(path).Want(s, 403)
		ruth.Get(roles).Want(s, 200)

		in := map[string]any{
			"username": "kofi", "last_name": "Mensah", "other_names": "Kofi", "language": "en", "user_types": []string{"INTERACTIVE", "OFFICER"}, "roles": []int64{role},
			"districts": []int64{s.place("D1")}, "location_id": s.place("D1"), "village_ids": []int64{s.place("V1")},
		}
		id := ada.Post(users, in).Want(s, 200).ID(s)
		one := fmt.Sprintf("%s%d/", users, id)
		user := ada.Get(one).Want(s, 200).Object(s)
		s.want(user, `"kofi"`, "officer", "code")
		s.want(user, `"V1"`, "officer", "officer_villages", 0, "location", "p_code")
		s.want(user, `null`, "claim_admin")
		s.want(user, `"D1"`, "districts", 0, "location", "code")
		s.want(user, `"Registrars"`, "i_user", "roles", 0, "name")
		list := ada.Get(users+"?user_types=OFFICER&search=kof").Want(s, 200).Object(s)
		s.want(list, `1`, "count")
		s.want(list, `"kofi"`, "results", 0, "officer", "code")
		in["last_name"], in["user_types"] = "Annan", []string{"INTERACTIVE"}
		ada.Patch(one, in).Want(s, 204)
		s.want(ada.Get(one).Want(s, 200).Object(s), `null`, "officer")
		ada.Post(users, in).Want(s, 400)
		ada.In("OTH").Get(one).Want(s, 404)
		ada.In("OTH").Get(users+"x/").Want(s, 404)
		ada.Patch(path, map[string]any{"is_blocked": false}).Want(s, 204)
		s.want(ada.Get(path).Want(s, 200).Object(s), `false`, "is_blocked")
		s.want(ada.Get(path).Want(s, 200).Object(s), `"Greffiers"`, "alt_language")
		s.want(ada.Get(path).Want(s, 200).Object(s), `[{"right_id":121701}]`, "rights")
		ada.Patch(path, map[string]any{"rights_id": []int{}}).Want(s, 204)
		s.want(ada.Get(path).Want(s, 200).Object(s), `[]`, "rights")
		s.want(ada.Get(path).Want(s, 200).Object(s), `"Registrars"`, "name")
		ada.Patch(path, map[string]any{"name": ""}).Want(s, 400)
		ada.Patch(path, map[string]any{"name": nil}).Want(s, 400)
		ada.Patch(path, map[string]any{}).Want(s, 204)
		ada.Delete(one).Want(s, 204)
		s.want(ada.Get(users+"?search=kof").Want(s, 200).Object(s), `0`, "count")
		s.want(ada.Get(users+"?search=kof&show_deleted=true").Want(s, 200).Object(s), `1`, "count")
	})
}
