package insuree

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
)

// Whoever works in one district sees and reaches what is there, on every surface, and nothing of the other one.
func TestDistricts(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		ours, ourHead, ourUUID, ourHeadUUID := l.household("OURS", l.village[1])
		theirs, theirHead, theirUUID, theirHeadUUID := l.household("THEIRS", l.village[2])
		// Somebody of a family of ours who lives over there now, and somebody who is nowhere.
		l.person("EMIGRANT", fmt.Sprintf(`,"family":%d,"current_village":%d`, ours, l.village[2]))
		l.person("NOWHERE", "")
		// Technical insurees and their families are nobody's.
		technicalUUID := l.technical("999999999", l.village[1])
		for _, c := range []struct {
			as            string
			sees, seesNot []string
			families      []string
		}{
			{"clerk", []string{"OURS", "NOWHERE"}, []string{"THEIRS", "EMIGRANT", "999999999"}, []string{ourUUID}},
			{"other", []string{"THEIRS", "EMIGRANT", "NOWHERE"}, []string{"OURS", "999999999"}, []string{theirUUID}},
			{"admin", []string{"OURS", "THEIRS", "EMIGRANT", "NOWHERE"}, []string{"999999999"}, []string{ourUUID, theirUUID}},
			{"abroad", nil, []string{"OURS", "THEIRS", "NOWHERE"}, nil},
		} {
			surfaces := map[string]string{
				"list":    l.Send(c.as, "GET", insurees+"?page_size=all", "").Body.String(),
				"csv":     l.Send(c.as, "GET", insurees+"?format=csv", "").Body.String(),
				"search":  l.Send(c.as, "GET", insurees+"?search=macintyre&page_size=all", "").Body.String(),
				"past":    l.Send(c.as, "GET", insurees+"?show_history=true&page_size=all", "").Body.String(),
				"graph":   l.graph(c.as, `{insurees{edges{node{chfId}}}}`),
				"history": l.graph(c.as, `{insurees(showHistory: true ignoreLocation: true){edges{node{chfId}}}}`),
			}
			for surface, text := range surfaces {
				for _, number := range c.sees {
					if !strings.Contains(text, number) {
						t.Errorf("%s does not see %s in %s: %s", c.as, number, surface, text)
					}
				}
				for _, number := range c.seesNot {
					// What is shown of one's own family beside its head is no list of others.
					if strings.Contains(text, number) {
						t.Errorf("%s sees %s in %s: %s", c.as, number, surface, text)
					}
				}
			}
			got := l.graph(c.as, `{families{totalCount edges{node{uuid}}}}`)
			if strings.Contains(got, technicalUUID) || !strings.Contains(got, fmt.Sprintf(`"totalCount":%d`, len(c.families))) {
				t.Errorf("families of %s: %s", c.as, got)
			}
			for _, uuid := range c.families {
				if !strings.Contains(got, uuid) {
					t.Errorf("%s does not see family %s", c.as, uuid)
				}
			}
		}
		// One by one: over REST, by node, and as the target of what changes.
		for _, c := range []struct {
			as     string
			id     int64
			status int
		}{{"clerk", ourHead, 200}, {"clerk", theirHead, 404}, {"other", theirHead, 200}, {"other", ourHead, 404}} {
			l.Want(c.as, "GET", fmt.Sprintf("%s%d/", insurees, c.id), "", c.status, "")
			l.Want(c.as, "GET", fmt.Sprintf("%s%d/history/", insurees, c.id), "", c.status, "")
			l.Want(c.as, "PATCH", fmt.Sprintf("%s%d/", insurees, c.id), `{"phone":"7"}`, c.status, "")
			l.Want(c.as, "GET", fmt.Sprintf("%s%d/photo/", insurees, c.id), "", 404, "")
			if c.status == 404 {
				l.Want(c.as, "POST", fmt.Sprintf("%s%d/photo/", insurees, c.id), `{"photo":"`+picture+`"}`, 404, "")
				l.Want(c.as, "DELETE", fmt.Sprintf("%s%d/", insurees, c.id), "", 404, "")
			}
			node := l.graph(c.as, `{insurees(id: "`+global("InsureeGQLType", c.id)+`"){edges{node{chfId}}} node(id: "`+global("InsureeGQLType", c.id)+`"){... on InsureeGQLType{chfId}}}`)
			if empty := strings.Contains(node, `"node":null`) && strings.Contains(node, `"edges":[]`); empty != (c.status == 404) {
				t.Errorf("%s asks for node %d: %s", c.as, c.id, node)
			}
		}
		for _, failure := range []string{
			l.mutate("clerk", "deleteFamilies", `uuids: ["`+theirUUID+`"]`),
			l.mutate("clerk", "deleteInsurees", `uuids: ["`+theirHeadUUID+`"]`),
			l.mutate("clerk", "setFamilyHead", `uuid: "`+theirUUID+`" insureeUuid: "`+theirHeadUUID+`"`),
			l.mutate("clerk", "changeInsureeFamily", `familyUuid: "`+theirUUID+`" insureeUuid: "`+ourHeadUUID+`"`),
			l.mutate("abroad", "deleteFamilies", `uuids: ["`+theirUUID+`"]`),
		} {
			if !strings.Contains(failure, "insuree.not_found") {
				t.Errorf("something of the other district: %q", failure)
			}
		}
		l.Want("clerk", "POST", insurees, person("NEW", fmt.Sprintf(`,"family":%d`, theirs)), 400, `{"family":["You do not work there."]}`)
	})
}

// Whoever keeps cover hears of what happens, and may veto.
func TestCover(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		var heard []string
		note := func(format string, args ...any) error {
			heard = append(heard, fmt.Sprintf(format, args...))
			return nil
		}
		kept := true
		l.Cover.FamilyClosing = append(l.Cover.FamilyClosing, func(_ context.Context, _ *db.Tx, family int64) error {
			if kept {
				return errKept
			}
			return note("closing %d", family)
		})
		l.Cover.Deleted = append(l.Cover.Deleted, func(_ context.Context, _ *db.Tx, id int64) error { return note("deleted %d", id) })
		l.Cover.StatusChanged = append(l.Cover.StatusChanged, func(_ context.Context, _ *db.Tx, c StatusChange) error {
			return note("%d %s→%s %s", c.Insuree, c.From, c.To, c.At)
		})
		l.Cover.Moved = append(l.Cover.Moved, func(_ context.Context, _ *db.Tx, id, family int64) error { return note("%d moved to %d", id, family) })
		l.Cover.Cancelled = append(l.Cover.Cancelled, func(_ context.Context, _ *db.Tx, id int64) error { return note("cancelled %d", id) })
		l.Cover.Warnings = append(l.Cover.Warnings, func(_ context.Context, _ db.Queryer, family int64) ([]string, error) {
			return []string{fmt.Sprint("full ", family)}, nil
		})
		family, _, familyUUID, _ := l.household("H", l.village[1])
		member, memberUUID := l.person("M", fmt.Sprintf(`,"family":%d`, family))
		reason, _ := l.create("admin", "/api/insuree/status-reasons/", `{"code":"X","name":"x","status_type":"DE"}`)
		l.Want("admin", "PATCH", fmt.Sprintf("%s%d/", insurees, member), fmt.Sprintf(`{"status":"DE","status_reason":%d,"status_date":"2026-05-01"}`, reason), 200, "")
		l.Want("admin", "POST", families+"remove-members/", `{"uuids":["`+memberUUID+`"],"cancel_policies":true}`, 204, "")
		l.Want("admin", "POST", insurees+"change-family/", `{"family_uuid":"`+familyUUID+`","insuree_uuid":"`+memberUUID+`"}`, 204, "")
		if got := l.graph("admin", fmt.Sprintf(`{canAddInsuree(familyId: %d)}`, family)); got != fmt.Sprintf(`{"canAddInsuree":["full %d"]}`, family) {
			t.Errorf("warnings: %s", got)
		}
		if failure := l.mutate("admin", "deleteFamilies", `uuids: ["`+familyUUID+`"] deleteMembers: true`); failure == "" {
			t.Error("a family that is kept was closed")
		}
		kept = false
		l.Want("admin", "DELETE", fmt.Sprintf("%s%d/", families, family), "", 204, "")
		l.Want("admin", "DELETE", fmt.Sprintf("%s%d/", insurees, member), "", 204, "")
		want := fmt.Sprintf("[%d AC→DE 2026-05-01 cancelled %d %d moved to %d closing %d deleted %d]", member, member, member, family, family, member)
		if got := fmt.Sprint(heard); got != want {
			t.Errorf("heard %s, not %s", got, want)
		}
	})
}

var errKept = errors.New("a policy is in force")
