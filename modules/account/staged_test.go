package account_test

import (
	"fmt"
	"testing"

	"almoner.dev/almoner/core/event"
)

const waiting = "/api/v3/users/amp-staged/"

// stage lets the planner ask for somebody new and returns the path of the request.
func (h *hall) stage(who string, changes map[string]any) string {
	h.Helper()
	return fmt.Sprintf("%s%d/", waiting, h.a.As(who).Post(amp, h.invitation(changes)).Want(h.T, 201).ID(h.T))
}

// Somebody new waits until a reviewer, never the one who asked, has agreed (tpm §5.3, §11).
func TestWaitingPeople(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		pme, reviewer := h.a.As("pme@agency.example"), h.a.As("reviewer@agency.example")
		r := pme.Post(amp, h.invitation(map[string]any{"email": "Nia@Savanna.example"})).Want(h.T, 201).Object(h.T)
		delete(r, "created")
		id := int64(r["id"].(float64))
		h.same("answer", r, map[string]any{
			"id": id, "email": "nia@savanna.example", "first_name": "Nia", "last_name": "New", "phone_number": "+254733", "job_title": "Monitor", "status": "pending",
			"organization": map[string]any{"id": h.id("org F1"), "name": "Savanna Insight", "vendor_number": "F1"},
			"groups":       []any{map[string]any{"id": h.id("role Third Party Monitor"), "name": "Third Party Monitor"}},
			"requester":    map[string]any{"id": h.id("user pme@agency.example"), "name": "Amina Otieno", "email": "pme@agency.example"},
			"reviewer":     nil, "reviewed_on": nil, "user": nil,
		})
		h.same("no user yet", h.count("select count(*) from account_users where email = 'nia@savanna.example'"), 0)
		h.same("twice", pme.Post(amp, h.invitation(nil)).Want(h.T, 400).JSON(h.T), map[string]any{"email": one("This person is waiting for a review already.")})
		second := h.stage("both@agency.example", map[string]any{"organization": h.id("org F2"), "first_name": "Émile"})
		path := fmt.Sprintf("%s%d/", waiting, id)

		for _, c := range []struct {
			who, query string
			want       int
		}{
			{"reviewer@agency.example", "", 2},
			{"both@agency.example", "", 2},
			// Others see those whom they asked for themselves.
			{"pme@agency.example", "", 1},
			{"readonly@agency.example", "", 0},
			{"lebanon@agency.example", "", 0},
			{"reviewer@agency.example", fmt.Sprintf("?organization_id=%d", h.id("org F1")), 1},
			{"reviewer@agency.example", fmt.Sprintf("?organization_id=%d", h.id("org C1")), 0},
			{"reviewer@agency.example", "?search=emile", 1},
			{"reviewer@agency.example", "?search=savanna", 2},
			{"reviewer@agency.example", "?status=accepted", 0},
		} {
			h.same(c.who+" "+c.query, len(h.emails(h.a.As(c.who).Get(waiting+c.query))), c.want)
		}
		for _, who := range []string{"unicef@agency.example", "tpm@firm.example", "partner@c1.example", "nogrant@else.example", "admin@agency.example"} {
			h.a.As(who).Get(waiting).Want(h.T, 403)
			h.a.As(who).Post(path+"accept/", nil).Want(h.T, map[bool]int{true: 403, false: 404}[who == "nogrant@else.example"])
		}
		h.a.Anonymous().Get(waiting).Want(h.T, 403)
		h.a.Anonymous().Post(path+"accept/", nil).Want(h.T, 403)

		// Nobody reviews their own request, nobody without the role any.
		pme.Post(path+"accept/", nil).Want(h.T, 403)
		pme.Post(path+"decline/", nil).Want(h.T, 403)
		h.a.As("both@agency.example").Post(second+"accept/", nil).Want(h.T, 403)
		h.same("moves of one's own", h.moves("both@agency.example", second), []string{})
		h.same("moves of another's", h.moves("both@agency.example", path), []string{"accept", "decline"})
		h.same("moves of the requester", h.moves("pme@agency.example", path), []string{})
		reviewer.Get(path+"accept/").Want(h.T, 405)
		reviewer.Post(waiting+"9999/accept/", nil).Want(h.T, 404)
		reviewer.Patch(path, map[string]any{"status": "accepted"}).Want(h.T, 405)
		reviewer.Post(waiting, map[string]any{}).Want(h.T, 405)

		r = reviewer.Post(path+"accept/", nil).Want(h.T, 200).Object(h.T)
		h.look()
		user := h.id("user nia@savanna.example")
		h.same("status", r["status"], "accepted")
		h.same("user", r["user"], user)
		h.same("reviewer", r["reviewer"].(map[string]any)["email"], "reviewer@agency.example")
		if r["reviewed_on"] == nil {
			h.Error("the day of the review is missing")
		}
		h.same("grants", h.grants("nia@savanna.example"), []string{"KEN F1 Third Party Monitor"})
		h.same("active", h.active("nia@savanna.example"), true)
		profile := h.a.As("nia@savanna.example").Get("/api/v3/users/profile/").Want(h.T, 200).Object(h.T)
		h.same("name", profile["name"], "Nia New")
		h.same("job title", profile["job_title"], "Monitor")
		h.same("phone", profile["phone_number"], "+254733")
		h.same("organisation", profile["organization"].(map[string]any)["id"], h.id("org F1"))
		h.same("facts of the request", h.facts("account.staged_user", id, 1), []string{"account.staged_user_accepted reviewed_on,reviewer,status,user"})
		h.same("facts of the person", h.facts("account.user", user, 1), []string{"account.grant_created organization,role,user,workspace", "account.access_changed"})
		reviewer.Post(path+"accept/", nil).Want(h.T, 403)
		reviewer.Post(path+"decline/", nil).Want(h.T, 403)

		r = reviewer.Post(second+"decline/", nil).Want(h.T, 200).Object(h.T)
		h.same("declined", r["status"], "declined")
		h.same("nobody", r["user"], nil)
		h.same("nobody else", h.grants("nia@savanna.example"), []string{"KEN F1 Third Party Monitor"})
		h.same("nobody waits", len(h.emails(reviewer.Get(waiting))), 0)
		h.same("decided", len(h.emails(reviewer.Get(waiting+"?status__in=accepted,declined"))), 2)

		// Facts hold ids, no names or addresses.
		h.same("addresses in the log", h.count("select count(*) from event_log where cast(data as text) like '%savanna%'"), 0)
	})
}

// Whoever became a user while they waited gets the roles as the one they are.
func TestWaitingPersonKnownByNow(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		path := h.stage("pme@agency.example", map[string]any{"email": "p0@firm.example"})
		h.newPerson(0)
		h.look()
		r := h.a.As("reviewer@agency.example").Post(path+"accept/", nil).Want(h.T, 200).Object(h.T)
		h.same("user", r["user"], h.id("user p0@firm.example"))
		h.same("grants", h.grants("p0@firm.example"), []string{"KEN F1 Third Party Monitor"})
		// A declined person may be asked for again.
		again := h.stage("pme@agency.example", nil)
		h.a.As("reviewer@agency.example").Post(again+"decline/", nil).Want(h.T, 200)
		h.stage("pme@agency.example", nil)
	})
}

// A workspace does not know who waits in another.
func TestWaitingPeopleOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		path := h.stage("lebanon@agency.example", map[string]any{"organization": h.id("org F4")})
		h.a.As("reviewer@agency.example").Get(path).Want(h.T, 404)
		h.a.As("reviewer@agency.example").Post(path+"accept/", nil).Want(h.T, 404)
		h.same("list", len(h.emails(h.a.As("reviewer@agency.example").Get(waiting))), 0)
		list, err := event.Timeline(h.Context(), h.a.DB, "account.staged_user", 1)
		if err != nil || len(list) != 1 || list[0].WorkspaceID != h.id("workspace LBN") {
			h.Errorf("facts %v, %v; want one in LBN", list, err)
		}
	})
}

// moves are the codes that OPTIONS offers.
func (h *hall) moves(email, path string) []string {
	h.Helper()
	codes := []string{}
	actions, _ := h.a.As(email).Options(path).Want(h.T, 200).Object(h.T)["actions"].(map[string]any)
	list, _ := actions["allowed_FSM_transitions"].([]any)
	for _, move := range list {
		codes = append(codes, move.(map[string]any)["code"].(string))
	}
	return codes
}
