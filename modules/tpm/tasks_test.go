package tpm_test

import (
	"fmt"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// What writing visits and their tasks checks and does, each part about visits of its own.
func TestWritesInDetail(t *testing.T) {
	eachEngine(t, func(l *lab) {
		l.sub("nested tasks", nestedTasks)
		l.sub("agreement rules", agreementRules)
		l.sub("task references", taskReferences)
		l.sub("visit validation", visitValidation)
		l.sub("draft without firm", draftWithoutFirm)
		l.sub("new visit brings the firms people", newVisitBringsTheFirmsPeople)
	})
}

// item is a good new task as a client sends it.
func (l *lab) item(changes map[string]any) map[string]any {
	all := map[string]any{
		"partner": l.id("partner C1"), "intervention": l.id("agreement KEN/PCA1/PD1"), "cp_output": l.id("output 1.1"), "section": l.id("section WASH"), "date": "2026-12-01",
		"locations": []int64{l.id("place KE-43")}, "offices": []int64{l.id("office Nairobi")}, "unicef_focal_points": []int64{l.id("user focal@agency.example")},
	}
	for name, v := range changes {
		if v == missingValue {
			delete(all, name)
		} else {
			all[name] = v
		}
	}
	return all
}

// missingValue takes a name out of an item.
const missingValue = "(missing)"

func items(list ...map[string]any) map[string]any {
	return map[string]any{"tpm_activities": append([]map[string]any{}, list...)}
}

// tasks are the ids of a visit's tasks.
func (l *lab) tasks(visit int64) []int64 {
	return l.numbers("select id from tpm_tasks where visit_id = $1 order by id", visit)
}

const must = "This field is required."

// The table "Nested tasks" of tpm §5.4, row by row, in each of the states in which planners may write tasks.
func nestedTasks(l *lab) {
	pme := l.a.As("pme@agency.example")
	for _, status := range []string{"draft", "assigned", "tpm_rejected"} {
		visit := l.visit(status, nil)
		first := l.tasks(visit)[0]
		wrong := func(name string, body map[string]any, want any) {
			l.Helper()
			before := l.stored(visit)
			l.same(status+": "+name, pme.Patch(path(visit), body).Want(l, 400).JSON(l), want)
			if d := differing(before, l.stored(visit)); len(d) > 0 {
				l.Errorf("%s: %s: refused, yet %v changed", status, name, d)
			}
		}
		none := map[string]any{}
		at := func(list ...any) map[string]any { return map[string]any{"tpm_activities": list} }
		says := func(field, message string) map[string]any { return map[string]any{field: []string{message}} }

		// `{id, …fields}` updates that task with the given fields.
		pme.Patch(path(visit), items(map[string]any{"id": first, "additional_information": "Ask for the register", "date": "2026-12-09"})).Want(l, 200)
		l.same("updated", l.text("select additional_information || ' ' || coalesce(partner_id, 0) from tpm_tasks where id = $1", first), fmt.Sprintf("Ask for the register %d", l.id("partner C1")))
		l.same("one task", l.tasks(visit), []int64{first})

		// `{…fields}` without id creates.
		pme.Patch(path(visit), items(l.item(nil))).Want(l, 200)
		both := l.tasks(visit)
		l.same("created", len(both), 2)
		pme.Patch(path(visit), items(l.item(map[string]any{"intervention": l.id("agreement KEN/PCA1/PD1"), "cp_output": nil, "offices": []int{}, "unicef_focal_points": []int{}}))).Want(l, 200)
		both = l.tasks(visit)

		// Each missing field is told in its item, under PATCH, too.
		wrong("nothing given", items(map[string]any{"additional_information": "x"}), at(map[string]any{
			"partner": []string{must}, "section": []string{must}, "date": []string{must}, "locations": []string{must}, "unicef_focal_points": []string{must}, "offices": []string{must},
		}))
		for _, name := range []string{"partner", "section", "date", "locations", "unicef_focal_points", "offices"} {
			wrong("without "+name, items(l.item(map[string]any{name: missingValue})), at(says(name, must)))
		}

		// `{id, "_delete": true}` deletes that task and no other (tpm §11).
		pme.Patch(path(visit), items(map[string]any{"id": both[1], "_delete": true})).Want(l, 200)
		l.same("deleted", l.tasks(visit), []int64{both[0], both[2]})
		l.same("no trace of its lists", l.count("select count(*) from tpm_task_locations where task_id = $1", both[1]), 0)
		wrong("_delete without id", items(l.item(map[string]any{"_delete": true})), at(says("_delete", "Only a saved item can be deleted: send its id.")))
		wrong("deleted twice", items(map[string]any{"id": both[1], "_delete": true}), at(says("id", fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, both[1]))))
		pme.Patch(path(visit), items(map[string]any{"id": both[2], "_delete": false, "additional_information": "stays"})).Want(l, 200)

		// An id of another visit, or one that is named twice.
		other := l.tasks(l.visit(status, nil))[0]
		wrong("id of another visit", items(map[string]any{"id": other, "additional_information": "x"}), at(says("id", fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, other))))
		wrong("deleting that of another visit", items(map[string]any{"id": other, "_delete": true}), at(says("id", fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, other))))
		wrong("repeated id", items(map[string]any{"id": first, "date": "2026-12-10"}, map[string]any{"id": first, "date": "2026-12-11"}), at(none, says("id", "The same id is listed twice.")))

		// Any error rolls back everything, and the errors stand where the items stood.
		body := items(map[string]any{"id": first, "additional_information": "lost"}, l.item(map[string]any{"locations": []int{}}), l.item(nil), l.item(map[string]any{"date": "soon"}))
		body["visit_information"] = "lost"
		wrong("errors stand where the items stood", body,
			at(none, says("locations", "This list may not be empty."), none, says("date", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")))
		wrong("what is no item", map[string]any{"tpm_activities": []any{7, l.item(nil)}}, at(says("non_field_errors", "Invalid data. Expected a dictionary, but got int."), none))
		wrong("what is no list", map[string]any{"tpm_activities": map[string]any{}}, says("tpm_activities", `Expected a list of items but got type "dict".`))

		// Tasks that are not mentioned: PATCH leaves them, PUT removes them; without the list both leave them.
		pme.Patch(path(visit), items()).Want(l, 200)
		pme.Patch(path(visit), map[string]any{"visit_information": "no list"}).Want(l, 200)
		pme.Put(path(visit), map[string]any{"visit_information": "no list", "tpm_partner_focal_points": []int64{l.id("user tpm@firm.example")}}).Want(l, 200)
		l.same("nothing removed", l.tasks(visit), []int64{both[0], both[2]})
		put := items(map[string]any{"id": both[2], "additional_information": "kept"})
		put["tpm_partner_focal_points"] = []int{}
		pme.Put(path(visit), put).Want(l, 200)
		l.same("PUT removed the other", l.tasks(visit), []int64{both[2]})
		pme.Put(path(visit), map[string]any{"tpm_activities": []any{}, "tpm_partner_focal_points": []int{}}).Want(l, 200)
		l.same("PUT of an empty list", l.tasks(visit), []int64{})
	}
}

// Which tasks need an agreement, and which output fits it (tpm §5.4 "PD rule", §11).
func agreementRules(l *lab) {
	pme := l.a.As("pme@agency.example")
	visit := l.visit("draft", nil)
	for partner, status := range map[string]int{"C1": 400, "G1": 200, "B1": 200} {
		r := pme.Patch(path(visit), items(l.item(map[string]any{"partner": l.id("partner " + partner), "intervention": missingValue, "cp_output": missingValue}))).Want(l, status)
		if status == 400 {
			l.same("civil society (tpm §11)", r.JSON(l), map[string]any{"tpm_activities": []any{map[string]any{"intervention": []string{must}}}})
		}
	}
	task := l.tasks(visit)[0]
	// A partner sent without an agreement takes the agreement away before the rule is asked.
	l.same("agreement is taken away", pme.Patch(path(visit), items(map[string]any{"id": task, "partner": l.id("partner C1")})).Want(l, 400).JSON(l),
		map[string]any{"tpm_activities": []any{map[string]any{"intervention": []string{must}}}})
	pme.Patch(path(visit), items(map[string]any{"id": task, "partner": l.id("partner G1")})).Want(l, 200)
	l.same("no agreement any more", l.count("select count(*) from tpm_tasks where id = $1 and agreement_id is null", task), 1)
	pme.Patch(path(visit), items(map[string]any{"id": task, "partner": l.id("partner C1"), "intervention": l.id("agreement KEN/PCA1/PD1")})).Want(l, 200)
	pme.Patch(path(visit), items(map[string]any{"id": task, "intervention": nil})).Want(l, 400)

	unlinked := map[string]any{"tpm_activities": []any{map[string]any{"non_field_errors": []string{"This output does not belong to the chosen agreement."}}}}
	l.same("output of another agreement", pme.Patch(path(visit), items(map[string]any{"id": task, "intervention": l.id("agreement KEN/PCA1/PD1"), "cp_output": l.id("output 2.1")})).Want(l, 400).JSON(l), unlinked)
	pme.Patch(path(visit), items(map[string]any{"id": task, "cp_output": l.id("output 2.1")})).Want(l, 200) // only looked at when both come together

	// A task of former times that breaks the rule: it is asked on plain updates and on deletion as well.
	l.exec("update tpm_tasks set agreement_id = null where id = $1", task)
	for _, change := range []map[string]any{{"id": task, "additional_information": "x"}, {"id": task, "_delete": true}} {
		pme.Patch(path(visit), items(change)).Want(l, 400)
	}
}

// References that lead nowhere, into another workspace, or to a closed place, are told where they stand.
func taskReferences(l *lab) {
	pme := l.a.As("pme@agency.example")
	visit := l.visit("draft", nil)
	for name, key := range map[string]string{"partner": "partner LBN G1", "section": "section LBN Education", "cp_output": "output LBN 9.9"} {
		for _, id := range []int64{l.id(key), 987654321} {
			l.same(name, dig(pme.Patch(path(visit), items(l.item(map[string]any{name: id}))).Want(l, 400).JSON(l), "tpm_activities", 0, name),
				[]string{fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, id)})
		}
	}
	for name, key := range map[string]string{"locations": "place LB", "offices": "office LBN Beirut", "unicef_focal_points": ""} {
		bad := []int64{987654321, 987654322}
		if key != "" {
			bad[0] = l.id(key)
		}
		want := []string{fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, bad[0]), fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, bad[1])}
		l.same(name, dig(pme.Patch(path(visit), items(l.item(map[string]any{name: bad}))).Want(l, 400).JSON(l), "tpm_activities", 0, name), want)
	}
	closed := items(l.item(map[string]any{"locations": []int64{l.id("place KE-99")}}))
	if text := fmt.Sprint(dig(pme.Patch(path(visit), closed).Want(l, 400).JSON(l), "tpm_activities", 0, "locations")); !strings.Contains(text, "closed") {
		l.Errorf("a closed place: got %s", text)
	}
	task := l.tasks(visit)[0]
	l.exec("insert into tpm_task_locations (task_id, location_id) values ($1, $2)", task, l.id("place KE-99"))
	keeps := items(map[string]any{"id": task, "locations": []int64{l.id("place KE-43"), l.id("place KE-99")}})
	pme.Patch(path(visit), keeps).Want(l, 200) // it was there before it was closed
}

// The table "Validation on visit writes" of tpm §5.4, row by row, with §11 "Visit create/update".
func visitValidation(l *lab) {
	pme := l.a.As("pme@agency.example")
	create := func(firm any) map[string]any { return map[string]any{"tpm_partner": firm} }
	for _, firm := range []string{"firm F3", "firm F5"} {
		body := pme.Post("/api/tpm/visits/", create(l.id(firm))).Want(l, 400).Object(l)
		l.same("barred firm", keys(body), []string{"tpm_partner"})
		l.same("one message", len(body["tpm_partner"].([]any)), 1)
	}
	l.same("unknown firm", pme.Post("/api/tpm/visits/", create(987654321)).Want(l, 400).JSON(l), map[string][]string{"tpm_partner": {`Invalid pk "987654321" - object does not exist.`}})
	l.same("no id", pme.Post("/api/tpm/visits/", create([]int{1})).Want(l, 400).JSON(l), map[string][]string{"tpm_partner": {"Incorrect type. Expected pk value, received list."}})
	visit := pme.Post("/api/tpm/visits/", create(l.id("firm F1"))).Want(l, 201).ID(l)
	pme.Post("/api/tpm/visits/", create(nil)).Want(l, 201)

	// A firm that was barred later is not asked about again.
	l.exec("update tpm_firms set blocked = $2 where id = $1", l.id("firm F1"), true)
	pme.Patch(path(visit), map[string]any{"visit_information": "x", "tpm_partner": l.id("firm F1")}).Want(l, 200)
	l.exec("update tpm_firms set blocked = $2 where id = $1", l.id("firm F1"), false)

	// The firm's focal points: whose selected organisation it is, or who hold the role for it here (§12-25).
	points := func(ids ...int64) map[string]any { return map[string]any{"tpm_partner_focal_points": ids} }
	for _, email := range []string{"tpm@firm.example", "selected@firm.example", "granted@firm.example"} {
		pme.Patch(path(visit), points(l.id("user "+email))).Want(l, 200)
	}
	rival, nobody := l.id("user rival@other.example"), l.id("user unicef@agency.example")
	l.same("people of others", pme.Patch(path(visit), points(l.id("user tpm@firm.example"), rival, nobody, 987654321)).Want(l, 400).JSON(l), map[string][]string{"tpm_partner_focal_points": {
		fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, min(rival, nobody)), fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, max(rival, nobody)),
		`Invalid pk "987654321" - object does not exist.`,
	}})

	// PUT: a draft needs nothing, later the focal points must be sent where they may be written, and may be empty.
	pme.Put(path(visit), map[string]any{}).Want(l, 200)
	for _, status := range []string{"assigned", "tpm_rejected"} {
		l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": status})
		l.same("PUT in "+status, pme.Put(path(visit), map[string]any{"visit_information": "x"}).Want(l, 400).JSON(l), map[string][]string{"tpm_partner_focal_points": {must}})
		pme.Put(path(visit), map[string]any{"tpm_partner_focal_points": []int{}}).Want(l, 200)
		pme.Patch(path(visit), map[string]any{"visit_information": "y"}).Want(l, 200)
	}
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "tpm_reported"})
	pme.Put(path(visit), map[string]any{"approval_comment": "Seen"}).Want(l, 200)

	pme.Patch(path(visit), map[string]any{"approval_comment": strings.Repeat("x", 100_001)}).Want(l, 400)
	pme.Patch(path(visit), []int{1}).Want(l, 400)
}

// A draft without a firm can be opened, changed and moved; assigning it says what is missing (tpm §12-1).
func draftWithoutFirm(l *lab) {
	pme := l.a.As("pme@agency.example")
	visit := pme.Post("/api/tpm/visits/", nil).Want(l, 201).ID(l)
	l.same("firm", dig(pme.Get(path(visit)).Want(l, 200).JSON(l), "tpm_partner"), nil)
	pme.Options(path(visit)).Want(l, 200)
	l.a.As("tpm@firm.example").Get(path(visit)).Want(l, 404)
	pme.Patch(path(visit), items(l.item(nil))).Want(l, 200)
	l.same("assign", pme.Post(path(visit, "assign"), nil).Want(l, 400).JSON(l), map[string]string{"tpm_partner": must, "tpm_partner_focal_points": must})
	pme.Patch(path(visit), map[string]any{"tpm_partner": l.id("firm F1")}).Want(l, 200)
	l.same("the firm cannot be given later (§12-2)", l.stored(visit)["tpm_partner"], "0")
	pme.Post(path(visit, "cancel"), map[string]any{"cancel_comment": "By mistake"}).Want(l, 200)
	l.same("cancelled", l.stored(visit)["status"], "cancelled")
}

// A new visit brings the firm's people from other countries into this one: they get the role here, and a selected organisation if they had none (tpm §12-4).
func newVisitBringsTheFirmsPeople(l *lab) {
	who := l.a.As("elsewhere@wayo.example")
	who.In("KEN").Get("/api/tpm/visits/").Want(l, 403)
	visit := l.a.As("pme@agency.example").Post("/api/tpm/visits/", map[string]any{"tpm_partner": l.id("firm F4")}).Want(l, 201).ID(l)
	l.put("KEN", l.tpm.Visit, visit, entity.Values{"status": "assigned", "date_of_assigned": day("2026-05-01")})
	l.same("the visit of their firm", l.list(who.In("KEN").Get("/api/tpm/visits/")), []int64{visit})
	l.same("selected organisation", l.count("select current_organization_id from account_users where id = $1", l.id("user elsewhere@wayo.example")), l.id("org F4"))
	l.a.As("pme@agency.example").Post("/api/tpm/visits/", map[string]any{"tpm_partner": l.id("firm F4")}).Want(l, 201)
	l.same("the role is given once", l.count("select count(*) from account_grants where user_id = $1", l.id("user elsewhere@wayo.example")), 2)
}

// text is the one text that a statement yields.
func (l *lab) text(sql string, args ...any) string {
	l.Helper()
	var s string
	if err := l.a.DB.QueryRow(l.Context(), sql, args...).Scan(&s); err != nil {
		l.Fatalf("%s: %v", sql, err)
	}
	return s
}

// exec changes the database behind the program's back.
func (l *lab) exec(sql string, args ...any) {
	l.Helper()
	if err := l.a.DB.InTx(l.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(l.Context(), sql, args...)
		return err
	}); err != nil {
		l.Fatalf("%s: %v", sql, err)
	}
}
