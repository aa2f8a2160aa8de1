package account_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"almoner.dev/almoner/core/event"
)

const amp = "/api/v3/users/amp/"

func (h *hall) person(email string) string { return fmt.Sprintf("%s%d/", amp, h.id("user "+email)) }

func TestAccessList(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		h.exec("update account_users set last_login_at = created_at where email in ('tpm@firm.example', 'mixed@firm.example')")
		f1, f4 := fmt.Sprint(h.id("org F1")), fmt.Sprint(h.id("org F4"))
		monitor, unrelated := fmt.Sprint(h.id("role Third Party Monitor")), fmt.Sprint(h.id("role Unrelated"))
		for _, c := range []struct{ who, query, want string }{
			{"pme", "organization_id=" + f1 + "&organization_type=tpm", "tpm left mixed"},
			{"unicef", "organization_id=" + f1 + "&organization_type=tpm", "tpm left mixed"},
			{"pme", "organization_type=tpm", "admin gone tpm left mixed"},
			{"pme", "organization_type=partner", "partner"},
			{"pme", "organization_id=" + f1 + "&organization_type=partner", ""},
			// Nobody of an organisation that works elsewhere only is listed here.
			{"pme", "organization_id=" + f4, ""},
			{"lebanon", "organization_id=" + f4, "beirut left mixed"},
			{"lebanon", "organization_type=tpm", "beirut left mixed"},
			{"pme", "organization_id=" + f1 + "&roles=" + unrelated, "mixed"},
			{"pme", "organization_id=" + f1 + "&roles=" + unrelated + "," + monitor, "tpm left mixed"},
			{"pme", "organization_id=" + f1 + "&status=active", "tpm mixed"},
			{"pme", "organization_id=" + f1 + "&status=no_access", "left"},
			{"pme", "organization_type=tpm&status=inactive", "gone"},
			{"pme", "organization_type=tpm&status=invited", "admin"},
			{"pme", "organization_type=tpm&status=invited,no_access&status=inactive", "admin gone left"},
			{"pme", "organization_id=" + f1 + "&search=xed+MIA", "mixed"},
			{"pme", "organization_id=" + f1 + "&search=firm.example&ordering=-email", "tpm mixed left"},
			{"pme", "organization_id=" + f1 + "&ordering=last_name&page_size=all", "tpm left mixed"},
			{"pme", "organization_id=" + f1 + "&unknown=1&page_size=2", "tpm left"},
		} {
			email := map[string]string{"pme": "pme@agency.example", "unicef": "unicef@agency.example", "lebanon": "lebanon@agency.example"}[c.who]
			var got []string
			for _, e := range h.emails(h.a.As(email).Get(amp + "?" + c.query)) {
				name, _, _ := strings.Cut(e, "@")
				got = append(got, name)
			}
			h.same(c.who+" "+c.query, strings.Join(got, " "), c.want)
		}
		h.same("everybody here", len(h.emails(h.a.As("pme@agency.example").Get(amp+"?page_size=all"))), 11)
		for query, path := range map[string]string{
			"organization_id=x": "organization_id", "organization_id=-1": "organization_id", "organization_type=ngo": "organization_type", "roles=1,x": "roles", "status=dead": "status",
		} {
			r := h.a.As("pme@agency.example").Get(amp+"?"+query).Want(h.T, 400).Object(h.T)
			if r[path] == nil || len(r) != 1 {
				h.Errorf("%s: got %v, want a message at %s", query, r, path)
			}
		}
		for _, who := range []string{"tpm@firm.example", "partner@c1.example", "nogrant@else.example", "admin@agency.example"} {
			h.a.As(who).Get(amp).Want(h.T, 403)
			h.a.As(who).Get(h.person("tpm@firm.example")).Want(h.T, 403)
			h.a.As(who).Get("/api/v3/users/amp-filters/").Want(h.T, 403)
		}
		h.a.Anonymous().Get(amp).Want(h.T, 403)

		row := h.a.As("pme@agency.example").Get(h.person("mixed@firm.example")).Want(h.T, 200).Object(h.T)
		h.same("fields", strings.Join(keys(row), " "), "email first_name id is_active is_staff job_title last_login last_name middle_name name phone_number realms")
		var realms []string
		for _, r := range row["realms"].([]any) {
			o := r.(map[string]any)
			realms = append(realms, fmt.Sprint(o["country_name"], " ", o["organization_name"], " ", o["group_name"], " ", o["is_active"]))
			h.same("fields of a realm", strings.Join(keys(o), " "), "country country_name group group_name id is_active organization organization_name")
		}
		// What somebody does in another workspace is not shown.
		h.same("realms", realms, []string{"Kenya Savanna Insight Third Party Monitor true", "Kenya Savanna Insight Unrelated true"})
		h.a.As("pme@agency.example").Get(h.person("beirut@watch.example")).Want(h.T, 404)
		h.a.As("pme@agency.example").Get(amp+"x/").Want(h.T, 404)
	})
}

func TestAccessPermissions(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		monitor := []map[string]any{{"id": h.id("role Third Party Monitor"), "name": "Third Party Monitor"}}
		none := []any{}
		for _, c := range []struct {
			who, org string
			groups   any
			review   bool
		}{
			{"pme@agency.example", "", monitor, false},
			{"pme@agency.example", "F1", monitor, false},
			// No firm any more, at work elsewhere only, never a firm.
			{"pme@agency.example", "F3", none, false},
			{"pme@agency.example", "F4", none, false},
			{"pme@agency.example", "C1", none, false},
			{"pme@agency.example", "000", none, false},
			{"both@agency.example", "F2", monitor, true},
			{"reviewer@agency.example", "F1", none, true},
			{"unicef@agency.example", "", none, false},
			{"tpm@firm.example", "F1", none, false},
			{"lebanon@agency.example", "F4", monitor, false},
			{"admin@agency.example", "F1", none, false},
		} {
			path := "/api/v3/users/amp-permissions/"
			if c.org != "" {
				path += fmt.Sprintf("?organization_id=%d", h.id("org "+c.org))
			}
			h.same(c.who+" "+c.org, h.a.As(c.who).Get(path).Want(h.T, 200).JSON(h.T), map[string]any{
				"groups": c.groups, "can_add_user": fmt.Sprint(c.groups) != "[]", "can_review_user": c.review,
			})
		}
		h.a.As("pme@agency.example").Get("/api/v3/users/amp-permissions/?organization_id=x").Want(h.T, 400)
		h.same("filters", h.a.As("unicef@agency.example").Get("/api/v3/users/amp-filters/").Want(h.T, 200).JSON(h.T), map[string]any{"tpm": monitor})
	})
}

// invitation is a good body for letting somebody in, changed as said; a nil value leaves the name out.
func (h *hall) invitation(changes map[string]any) map[string]any {
	body := map[string]any{
		"first_name": "Nia", "last_name": "New", "email": "nia@savanna.example", "phone_number": "+254733", "job_title": "Monitor", "organization": h.id("org F1"),
		"groups": []int64{h.id("role Third Party Monitor")},
	}
	for name, v := range changes {
		if body[name] = v; v == nil {
			delete(body, name)
		}
	}
	return body
}

func TestLetSomebodyIn(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		pme := h.a.As("pme@agency.example")
		for _, who := range []string{
			"unicef@agency.example", "reviewer@agency.example", "tpm@firm.example", "partner@c1.example", "nogrant@else.example", "admin@agency.example", "readonly@agency.example",
		} {
			h.a.As(who).Post(amp, h.invitation(nil)).Want(h.T, 403)
		}
		h.a.Anonymous().Post(amp, h.invitation(nil)).Want(h.T, 403)
		const (
			notYours = "You may not give this role in this organisation."
			nowhere  = "You may not give roles in this organisation."
		)
		for _, c := range []struct {
			changes map[string]any
			want    map[string]any
		}{
			{map[string]any{"first_name": nil, "last_name": nil, "email": nil, "groups": nil}, map[string]any{
				"first_name": one("This field is required."), "last_name": one("This field is required."), "email": one("This field is required."), "groups": one("This field is required."),
			}},
			{map[string]any{"email": "no address", "groups": []int{}, "first_name": " "}, map[string]any{
				"email": one("Enter a valid email address."), "groups": one("This list may not be empty."), "first_name": one("This field may not be blank."),
			}},
			{map[string]any{"email": "Somebody@UNICEF.org"}, map[string]any{"email": one("People of the agency get their access from the agency, not here.")}},
			{map[string]any{"organization": 9999}, map[string]any{"organization": one("Invalid pk \"9999\" - object does not exist.")}},
			{map[string]any{"organization": h.id("org F3")}, map[string]any{"organization": one(nowhere)}},
			{map[string]any{"organization": h.id("org F4")}, map[string]any{"organization": one(nowhere)}},
			{map[string]any{"organization": h.id("org C1")}, map[string]any{"organization": one(nowhere)}},
			// Without an organisation it is about one's own.
			{map[string]any{"organization": nil}, map[string]any{"organization": one(nowhere)}},
			{map[string]any{"groups": []int64{h.id("role PME")}}, map[string]any{"groups": one(notYours)}},
			{map[string]any{"groups": []int64{h.id("role Third Party Monitor"), h.id("role Unrelated")}}, map[string]any{"groups": one(notYours)}},
			{map[string]any{"groups": []int64{9999}}, map[string]any{"groups": one(notYours)}},
		} {
			h.same(fmt.Sprint(c.changes), pme.Post(amp, h.invitation(c.changes)).Want(h.T, 400).JSON(h.T), c.want)
		}
		h.same("nobody was let in or staged", h.count("select (select count(*) from account_users) + (select count(*) from account_staged_users)"), 14)

		// Somebody known gets the role at once (tpm §5.3), whatever the case of the address.
		r := pme.Post(amp, h.invitation(map[string]any{"email": "Partner@C1.example"})).Want(h.T, 201).Object(h.T)
		h.same("who it was", r["id"], h.id("user partner@c1.example"))
		h.same("name stays", r["name"], "Paul Artner")
		h.same("grants", h.grants("partner@c1.example"), []string{"KEN C1 Unrelated", "KEN F1 Third Party Monitor"})
		changes := h.accessChanges("partner@c1.example")
		h.same("fact", changes, []map[string]any{{"organization": h.id("org F1"), "given": []int64{h.id("role Third Party Monitor")}, "taken": none}})
		pme.Post(amp, h.invitation(map[string]any{"email": "partner@c1.example"})).Want(h.T, 201)
		h.same("again is no change", h.accessChanges("partner@c1.example"), changes)
		// A grant that had ended comes back, and its holder with it.
		pme.Post(amp, h.invitation(map[string]any{"email": "gone@firm.example", "organization": h.id("org F2")})).Want(h.T, 201)
		h.same("the grant is back", h.grants("gone@firm.example"), []string{"KEN F2 Third Party Monitor"})
		h.same("the person is back", h.active("gone@firm.example"), true)
		pme.Post(amp, h.invitation(map[string]any{"email": "nogrant@else.example"})).Want(h.T, 201)
		h.same("they can work at once", h.a.As("nogrant@else.example").Get("/api/v3/users/profile/").Want(h.T, 200).Object(h.T)["organization"].(map[string]any)["name"], "Savanna Insight")
		h.same("OPTIONS", keys(pme.Options(amp).Want(h.T, 200).Object(h.T)["actions"]), []string{"GET"})
	})
}

func TestChangeAccess(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		pme := h.a.As("pme@agency.example")
		f1, monitor, unrelated := h.id("org F1"), h.id("role Third Party Monitor"), h.id("role Unrelated")
		body := map[string]any{"organization": f1, "groups": []int64{}}
		for _, who := range []string{"unicef@agency.example", "reviewer@agency.example", "tpm@firm.example", "admin@agency.example", "readonly@agency.example"} {
			h.a.As(who).Patch(h.person("mixed@firm.example"), body).Want(h.T, 403)
		}
		pme.Patch(h.person("beirut@watch.example"), body).Want(h.T, 404)
		pme.Patch(h.person("nogrant@else.example"), body).Want(h.T, 404)
		pme.Patch(amp+"9999/", body).Want(h.T, 404)
		for _, c := range []struct {
			who  string
			body map[string]any
			want map[string]any
		}{
			{"mixed@firm.example", map[string]any{"organization": f1}, map[string]any{"groups": one("This field is required.")}},
			{"mixed@firm.example", map[string]any{"organization": f1, "groups": []int64{h.id("role PME")}}, map[string]any{"groups": one("You may not give this role in this organisation.")}},
			{"partner@c1.example", body, map[string]any{"organization": one("This person does not belong to this organisation here; add them with their e-mail address.")}},
			{"mixed@firm.example", map[string]any{"organization": h.id("org F4"), "groups": []int64{}}, map[string]any{"organization": one("You may not give roles in this organisation.")}},
			{"unicef@agency.example", map[string]any{"groups": []int64{monitor}}, map[string]any{"organization": one("You may not give roles in this organisation.")}},
			{"mixed@firm.example", map[string]any{"organization": f1, "groups": []int64{}, "job_title": strings.Repeat("x", 256)}, map[string]any{"job_title": one("Ensure this field has no more than 255 characters.")}},
		} {
			h.same(c.who+fmt.Sprint(c.body["groups"]), pme.Patch(h.person(c.who), c.body).Want(h.T, 400).JSON(h.T), c.want)
		}

		r := pme.Patch(h.person("mixed@firm.example"), map[string]any{"organization": f1, "groups": []int64{}, "job_title": "Driver", "first_name": "X"}).Want(h.T, 200).Object(h.T)
		h.same("job title", r["job_title"], "Driver")
		h.same("name stays", r["first_name"], "Mia")
		// Only what the planner may give is taken, only here.
		h.same("grants", h.grants("mixed@firm.example"), []string{"-KEN F1 Third Party Monitor", "KEN F1 Unrelated", "LBN F4 Third Party Monitor"})
		h.same("facts", h.accessChanges("mixed@firm.example"), []map[string]any{{"organization": f1, "given": none, "taken": []int64{monitor}}})
		// Clients send the whole list back, with the roles that are not theirs to give.
		pme.Patch(h.person("mixed@firm.example"), map[string]any{"organization": f1, "groups": []int64{monitor, unrelated}}).Want(h.T, 200)
		h.same("given back", h.grants("mixed@firm.example"), []string{"KEN F1 Third Party Monitor", "KEN F1 Unrelated", "LBN F4 Third Party Monitor"})

		pme.Patch(h.person("tpm@firm.example"), body).Want(h.T, 200)
		h.same("without any grant", h.active("tpm@firm.example"), false)
		h.same("still listed", h.emails(pme.Get(amp+"?search=joseph")), []string{"tpm@firm.example"})
		pme.Patch(h.person("tpm@firm.example"), map[string]any{"organization": f1, "groups": []int64{monitor}}).Want(h.T, 200)
		h.same("with one again", h.active("tpm@firm.example"), true)
		pme.Patch(h.person("left@firm.example"), map[string]any{"organization": f1, "groups": []int64{monitor}}).Want(h.T, 200)
		h.same("back after having left", h.grants("left@firm.example"), []string{"KEN F1 Third Party Monitor", "LBN F4 Third Party Monitor"})
		pme.Put(h.person("left@firm.example"), body).Want(h.T, 405)
		pme.Delete(h.person("left@firm.example")).Want(h.T, 405)
	})
}

// TestAccessInLanguages reads one refusal in each language.
func TestAccessInLanguages(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		for language, want := range map[string]string{
			"en": "You may not give roles in this organisation.", "fr": "Vous ne pouvez pas attribuer de rôles dans cette organisation.",
			"es": "No puede asignar roles en esta organización.", "ar": "لا يمكنك منح أدوار في هذه المنظمة.",
		} {
			r := h.a.As("pme@agency.example").With("Language", language).Post(amp, h.invitation(map[string]any{"organization": h.id("org C1")})).Want(h.T, 400).JSON(h.T)
			h.same(language, r, map[string]any{"organization": one(want)})
		}
	})
}

// A page with a hundred people costs as many statements as a page of three.
func TestAccessStatementsAreConstant(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		path := amp + "?page_size=100&organization_type=tpm&status=active,invited&search=firm&roles=" + url.QueryEscape(fmt.Sprint(h.id("role Third Party Monitor")))
		few := h.statements("pme@agency.example", path)
		for i := range 100 {
			h.a.As("pme@agency.example").Post(amp, h.invitation(map[string]any{"email": h.newPerson(i)})).Want(h.T, 201)
		}
		if many := h.statements("pme@agency.example", path); many != few || many != 7 {
			h.Errorf("%d statements for few people, %d for a hundred, want 7", few, many)
		}
		if n := len(h.emails(h.a.As("pme@agency.example").Get(path))); n != 100 {
			h.Errorf("the page has %d rows, want 100", n)
		}
	})
}

var none = []any{}

func one(message string) []string { return []string{message} }

// accessChanges are what the facts say that a person was given and lost.
func (h *hall) accessChanges(email string) []map[string]any {
	h.Helper()
	list, err := event.Timeline(h.Context(), h.a.DB, "account.user", h.id("user "+email))
	if err != nil {
		h.Fatal(err)
	}
	var changes []map[string]any
	for _, f := range list {
		if f.Name == "account.access_changed" {
			if f.WorkspaceID != h.id("workspace KEN") {
				h.Errorf("the fact is about workspace %d, want KEN", f.WorkspaceID)
			}
			changes = append(changes, f.Data)
		}
	}
	return changes
}

// Clients of the insurance wire name roles and people by their UUIDs, from the first start on.
func TestWhatIsThereFromTheStartHasAUUID(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		var without int64
		err := h.a.DB.QueryRow(h.Context(), "select (select count(*) from account_roles where uuid is null) + (select count(*) from account_users where uuid is null)").Scan(&without)
		if err != nil || without != 0 {
			h.Errorf("%d roles and people have no UUID (%v)", without, err)
		}
	})
}
