package officer_test

import (
	"fmt"
	"strings"
	"testing"
)

// Who changes a user or a role of a scheme that somebody else changed meanwhile is told so, and nothing is done; what lies in other tables counts, too.
func TestSchemeIsChangedByOneAtATime(t *testing.T) {
	each(t, func(s *scheme) {
		ada := s.app.As("ada@agency.example")
		const users, roles = "/api/account/scheme-users/", "/api/account/scheme-roles/"
		role := map[string]any{"name": "Registrar", "is_system": false, "is_blocked": false, "rights_id": []int{121501, 121701}}
		roleID := ada.Post(roles, role).Want(s, 200).ID(s)
		user := map[string]any{
			"username": "kofi", "last_name": "Mensah", "other_names": "Kofi", "language": "en", "user_types": []string{"INTERACTIVE", "OFFICER"}, "roles": []int64{roleID},
			"districts": []int64{s.place("D1")}, "location_id": s.place("D1"), "village_ids": []int64{s.place("V1")},
		}
		role["alt_language"] = "Greffier" // what changes nothing makes no other version
		userID := ada.Post(users, user).Want(s, 200).ID(s)
		for _, c := range []struct {
			path, read string
			same       map[string]any
			other      func()
		}{
			{fmt.Sprintf("%s%d/", roles, roleID), "?include=permissions", role, func() { role["rights_id"] = []int{121701} }},
			{fmt.Sprintf("%s%d/", users, userID), "", user, func() { user["village_ids"] = []int64{} }},
		} {
			read := ada.Get(c.path+c.read).Want(s, 200)
			version, tag := fmt.Sprint(read.Object(s)["version"]), read.Header.Get("ETag")
			if !strings.HasPrefix(tag, `W/"`+version+"-") {
				s.Errorf("%s has the version %s and the tag %s", c.path, version, tag)
			}
			ada.With("If-None-Match", tag).Get(c.path+c.read).Want(s, 304)
			ada.With("If-Match", tag).Patch(c.path, c.same).Want(s, 204)
			c.other()
			late := ada.With("If-Match", tag).Patch(c.path, c.same).Want(s, 409)
			s.want(late.Object(s), `"Somebody changed this record meanwhile."`, "detail")
			ada.With("If-Match", `"`+version+`"`).Delete(c.path).Want(s, 409)
			ada.With("If-Match", "nonsense").Patch(c.path, c.same).Want(s, 400)
			now := fmt.Sprint(ada.Get(c.path+c.read).Want(s, 200).Object(s)["version"])
			told := ada.With("If-Match", `W/"`+version+`"`).With("Accept", "application/problem+json").Patch(c.path, c.same).Want(s, 409).Object(s)
			s.want(told, fmt.Sprintf(`{"current":%q,"yours":%q}`, now, version), "versions")
			// What lies beside the record alone is changed by it as well.
			ada.With("If-Match", `W/"`+now+`"`).Patch(c.path, c.same).Want(s, 204)
			if again := fmt.Sprint(ada.Get(c.path+c.read).Want(s, 200).Object(s)["version"]); again == now {
				s.Errorf("%s has the version %s after a change", c.path, again)
			}
			ada.With("If-Match", `W/"`+now+`"`).Patch(c.path, c.same).Want(s, 409)
			ada.Patch(c.path, c.same).Want(s, 204)
		}
		s.want(ada.Get(fmt.Sprintf("%s%d/", roles, roleID)).Want(s, 200).Object(s), `[{"right_id":121701}]`, "rights")
		path := fmt.Sprintf("%s%d/", users, userID)
		ada.With("If-Match", ada.Get(path).Want(s, 200).Header.Get("ETag")).Delete(path).Want(s, 204)
	})
}
