package tpm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
)

// firms is the path of the firms, of one of them, or of something below it.
func firms(parts ...any) string {
	p := "/api/tpm/partners/"
	for _, part := range parts {
		p += fmt.Sprint(part) + "/"
	}
	return p
}

// seedFirms adds a firm that is not active in KEN and one that is hidden, beside those of the world.
func seedFirms(l *lab) (elsewhere, hidden int64) {
	for _, o := range []string{"F8", "F9"} {
		l.ids["org "+o] = l.put("KEN", l.a.Set.Registry.Entity("organisation.organisation"), 0, entity.Values{"vendor_number": o, "name": map[string]string{"F8": "Far Away", "F9": "Hidden House"}[o]})
	}
	elsewhere = l.put("KEN", l.tpm.Firm, 0, entity.Values{"organization": l.id("org F8"), "workspaces": []int64{l.id("workspace LBN")}})
	hidden = l.put("KEN", l.tpm.Firm, 0, entity.Values{"organization": l.id("org F9"), "hidden": true, "workspaces": []int64{l.id("workspace KEN")}})
	return elsewhere, hidden
}

const (
	lightFirm = "blocked city country deleted_flag email hidden id name organization_id phone_number postal_code street_address vendor_number vision_synced"
	fullFirm  = "blocked city country deleted_flag email hidden id name organization_id phone_number postal_code staff_members street_address vendor_number vision_synced"
)

func TestFirmList(t *testing.T) {
	eachEngine(t, func(l *lab) {
		elsewhere, hidden := seedFirms(l)
		f1, f2, f3, f5 := l.id("firm F1"), l.id("firm F2"), l.id("firm F3"), l.id("firm F5")
		for _, c := range []struct {
			who, query string
			want       []int64
		}{
			// By name, only those activated here (tpm §11): Blocked Watchers, Hidden House, Jicho, Marked Watchers, Savanna.
			{"pme@agency.example", "", []int64{f3, hidden, f2, f5, f1}},
			{"unicef@agency.example", "", []int64{f3, hidden, f2, f5, f1}},
			{"planner@agency.example", "", []int64{f3, hidden, f2, f5, f1}},
			{"lebanon@agency.example", "", []int64{elsewhere, f2, l.id("firm F4")}},
			{"tpm@firm.example", "", []int64{f1}},
			{"rival@other.example", "", []int64{f2}},
			{"pme@agency.example", "?hidden=false&page_size=all", []int64{f3, f2, f5, f1}},
			{"pme@agency.example", "?hidden=true", []int64{hidden}},
			{"pme@agency.example", "?blocked=true", []int64{f3}},
			{"pme@agency.example", "?deleted_flag=true", []int64{f5}},
			{"pme@agency.example", "?search=INSIGHT savanna", []int64{f1}},
			{"pme@agency.example", "?search=f2", []int64{f2}},
			{"pme@agency.example", "?search=f2 savanna", []int64{}},
			{"pme@agency.example", "?ordering=vendor_number", []int64{f1, f2, f3, f5, hidden}},
			{"pme@agency.example", "?ordering=-name", []int64{f1, f5, f2, hidden, f3}},
			{"pme@agency.example", "?ordering=-phone_number,vendor_number", []int64{f1, f2, f3, f5, hidden}},
			{"pme@agency.example", "?ordering=-email,-vendor_number", []int64{f1, hidden, f5, f3, f2}},
			{"pme@agency.example", "?ordering=city&unknown=7", []int64{f3, hidden, f2, f5, f1}},
		} {
			l.same(c.who+" "+c.query, l.list(l.a.As(c.who).Get(firms()+strings.ReplaceAll(c.query, " ", "+"))), c.want)
		}
		for _, who := range []string{"unrelated@else.example", "nogrant@else.example", "admin@agency.example"} {
			l.a.As(who).Get(firms()).Want(l, 403)
			l.a.As(who).Get(firms(f1)).Want(l, 404)
		}
		l.a.Anonymous().Get(firms()).Want(l, 403)
		l.a.As("pme@agency.example").Get(firms()+"?blocked=perhaps").Want(l, 400)
		row := dig(l.a.As("pme@agency.example").Get(firms()+"?search=F1").Want(l, 200).JSON(l), "results", 0)
		l.same("a row", keys(row), strings.Fields(lightFirm))
		l.same("its organisation", dig(row, "organization_id"), l.id("org F1"))
		l.same("its vendor number", dig(row, "vendor_number"), "F1")
	})
}

func TestFirmDetail(t *testing.T) {
	eachEngine(t, func(l *lab) {
		elsewhere, hidden := seedFirms(l)
		f1 := l.id("firm F1")
		// Somebody who monitors for the firm in the other workspace only, and somebody who does not any more.
		grant, role := l.a.Set.Registry.Entity("account.grant"), l.count("select id from account_roles where name = 'Third Party Monitor'")
		give := func(user string, workspace string, values entity.Values) {
			all := entity.Values{"user": l.id("user " + user), "workspace": l.id("workspace " + workspace), "organization": l.id("org F1"), "role": role}
			for name, v := range values {
				all[name] = v
			}
			l.put("KEN", grant, 0, all)
		}
		give("rival@other.example", "LBN", nil)
		give("unrelated@else.example", "KEN", entity.Values{"is_active": false})
		for who, want := range map[string]int{
			"pme@agency.example": 200, "unicef@agency.example": 200, "planner@agency.example": 200, "tpm@firm.example": 200, "rival@other.example": 404,
			"unrelated@else.example": 404, "nogrant@else.example": 404,
		} {
			r := l.a.As(who).Get(firms(f1)).Want(l, want)
			if want != 200 {
				continue
			}
			l.same(who+": fields", keys(r.JSON(l)), strings.Fields(fullFirm))
			var staff []any
			for _, s := range dig(r.JSON(l), "staff_members").([]any) {
				staff = append(staff, dig(s, "email"))
			}
			l.same(who+": people", staff, []string{"tpm@firm.example", "tpmfocal@firm.example", "granted@firm.example"})
		}
		staff := dig(l.a.As("pme@agency.example").Get(firms(f1)).Want(l, 200).JSON(l), "staff_members", 0)
		l.same("one of the people", staff, map[string]any{
			"pk": l.id("user tpm@firm.example"), "id": l.id("user tpm@firm.example"), "first_name": "Joseph", "last_name": "Akinyi", "full_name": "Joseph Akinyi",
			"email": "tpm@firm.example", "is_active": true, "receive_tpm_notifications": false, "profile": map[string]any{"job_title": "", "phone_number": ""},
			"user": map[string]any{
				"pk": l.id("user tpm@firm.example"), "first_name": "Joseph", "last_name": "Akinyi", "full_name": "Joseph Akinyi", "email": "tpm@firm.example", "is_active": true,
				"profile": map[string]any{"job_title": "", "phone_number": ""},
			},
		})
		// The list is narrowed to active firms, the single firm is not (tpm §4.5).
		l.a.As("pme@agency.example").Get(firms(elsewhere)).Want(l, 200)
		l.a.As("pme@agency.example").Get(firms(hidden)).Want(l, 200)
		l.same("in the other workspace", dig(l.a.As("lebanon@agency.example").Get(firms(f1)).Want(l, 200).JSON(l), "staff_members", 0, "email"), "rival@other.example")
		l.a.As("pme@agency.example").Get(firms(9999)).Want(l, 404)
		l.a.As("pme@agency.example").Get(firms("none")).Want(l, 404)
	})
}

// TestFirmWrites holds that of a firm only three fields are written, by the planner alone, that none is made or deleted, and what OPTIONS says of it.
func TestFirmWrites(t *testing.T) {
	eachEngine(t, func(l *lab) {
		f1 := l.id("firm F1")
		pme := l.a.As("pme@agency.example")
		body := map[string]any{
			"email": "new@savanna.example", "phone_number": "+254711", "hidden": true, "name": "Other", "vendor_number": "X", "city": "Kisumu", "blocked": true,
			"vision_synced": true, "deleted_flag": true, "organization": 1, "workspaces": []int{}, "staff_members": []int{},
		}
		for who, want := range map[string]int{
			"unicef@agency.example": 403, "tpm@firm.example": 403, "rival@other.example": 404, "unrelated@else.example": 404, "reader@agency.example": 403,
			"admin@agency.example": 404,
		} {
			l.a.As(who).Patch(firms(f1), body).Want(l, want)
			l.a.As(who).Put(firms(f1), body).Want(l, want)
		}
		l.a.Anonymous().Patch(firms(f1), body).Want(l, 403)
		r := pme.Patch(firms(f1), body).Want(l, 200).JSON(l)
		for name, want := range map[string]any{
			"email": "new@savanna.example", "phone_number": "+254711", "hidden": true, "name": "Savanna Insight", "vendor_number": "F1", "city": "Nairobi", "blocked": false,
			"vision_synced": false, "deleted_flag": false,
		} {
			l.same(name, dig(r, name), want)
		}
		l.same("people in the answer", len(dig(r, "staff_members").([]any)), 3)
		l.same("workspaces", l.numbers("select workspace_id from tpm_firm_workspaces where firm_id = $1", f1), []int64{l.id("workspace KEN")})
		// What is one line stays one line; what a visit says may have many.
		l.same("a pasted number", dig(pme.Patch(firms(f1), map[string]any{"phone_number": " +254\r\n711 "}).Want(l, 200).JSON(l), "phone_number"), "+254 711")
		pme.Patch(firms(f1), map[string]any{"phone_number": "+254711"}).Want(l, 200)
		l.same("many lines", dig(pme.Patch(path(l.visit("draft", nil)), map[string]any{"visit_information": "one\n\ntwo"}).Want(l, 200).JSON(l), "visit_information"), "one\n\ntwo")
		// The address is plain text: the finance system holds what is none.
		pme.Put(firms(f1), map[string]any{"email": "none at all", "hidden": false}).Want(l, 200)
		r = pme.Patch(firms(f1), map[string]any{"email": strings.Repeat("x", 256), "phone_number": nil, "hidden": "maybe"}).Want(l, 400).JSON(l)
		l.same("mistakes", keys(r), []string{"email", "hidden", "phone_number"})

		facts, err := event.Timeline(l.Context(), l.a.DB, "tpm.firm", f1)
		if err != nil {
			l.Fatal(err)
		}
		var told []string
		for _, f := range facts {
			told = append(told, f.Name+" "+strings.Join(f.Changed, ","))
		}
		l.same("facts", told[1:], []string{"tpm.firm_updated email,hidden,phone_number", "tpm.firm_updated phone_number", "tpm.firm_updated phone_number", "tpm.firm_updated email,hidden"})

		l.same("POST by the planner", pme.Post(firms(), map[string]any{"email": "a@b.example"}).Want(l, 400).JSON(l), map[string]any{
			"non_field_errors": []string{"Firms come from the finance system: look one up by its vendor number at sync/, then activate it."},
		})
		for _, who := range []string{"unicef@agency.example", "tpm@firm.example", "unrelated@else.example"} {
			l.a.As(who).Post(firms(), map[string]any{}).Want(l, 403)
		}
		for _, who := range []string{"pme@agency.example", "tpm@firm.example"} {
			l.a.As(who).Delete(firms(f1)).Want(l, 405)
		}
		l.same("firms", l.count("select count(*) from tpm_firms"), 5)

		three := []string{"email", "hidden", "phone_number"}
		l.same("OPTIONS list POST", keys(dig(pme.Options(firms()).Want(l, 200).JSON(l), "actions", "POST")), three)
		l.same("OPTIONS list GET", keys(dig(pme.Options(firms()).Want(l, 200).JSON(l), "actions", "GET")), strings.Fields(lightFirm))
		l.same("OPTIONS firm", keys(dig(pme.Options(firms(f1)).Want(l, 200).JSON(l), "actions")), []string{"GET", "PUT"})
		l.same("OPTIONS firm PUT", keys(dig(pme.Options(firms(f1)).Want(l, 200).JSON(l), "actions", "PUT")), three)
		l.same("OPTIONS firm GET", keys(dig(pme.Options(firms(f1)).Want(l, 200).JSON(l), "actions", "GET")), strings.Fields(fullFirm))
		for _, who := range []string{"tpm@firm.example", "unicef@agency.example"} {
			l.same(who+": OPTIONS list", keys(dig(l.a.As(who).Options(firms()).Want(l, 200).JSON(l), "actions")), []string{"GET"})
			l.same(who+": OPTIONS firm", keys(dig(l.a.As(who).Options(firms(f1)).Want(l, 200).JSON(l), "actions")), []string{"GET"})
		}
		l.a.As("unrelated@else.example").Options(firms()).Want(l, 403)
	})
}

func TestFirmActivation(t *testing.T) {
	eachEngine(t, func(l *lab) {
		elsewhere, hidden := seedFirms(l)
		pme := l.a.As("pme@agency.example")
		for who, want := range map[string]int{"unicef@agency.example": 403, "rival@other.example": 404, "unrelated@else.example": 404, "reader@agency.example": 403, "admin@agency.example": 404} {
			l.a.As(who).Post(firms(elsewhere, "activate"), nil).Want(l, want)
		}
		l.a.As("tpm@firm.example").Post(firms(l.id("firm F1"), "activate"), nil).Want(l, 403)
		l.a.Anonymous().Post(firms(elsewhere, "activate"), nil).Want(l, 403)
		pme.Get(firms(elsewhere, "activate")).Want(l, 405)
		pme.Post(firms(9999, "activate"), nil).Want(l, 404)
		pme.Post(firms("x", "activate"), nil).Want(l, 404)
		if slices.Contains(l.list(pme.Get(firms()+"?page_size=all")), elsewhere) {
			l.Error("the firm is listed before it is activated")
		}
		r := pme.Post(firms(elsewhere, "activate"), nil).Want(l, 200).JSON(l)
		l.same("answer", keys(r), strings.Fields(fullFirm))
		if !slices.Contains(l.list(pme.Get(firms()+"?page_size=all")), elsewhere) {
			l.Error("the firm is not listed after it was activated")
		}
		l.same("where", l.numbers("select workspace_id from tpm_firm_workspaces where firm_id = $1 order by 1", elsewhere), []int64{l.id("workspace KEN"), l.id("workspace LBN")})
		l.same("unhidden", dig(pme.Post(firms(hidden, "activate"), nil).Want(l, 200).JSON(l), "hidden"), false)
		pme.Post(firms(hidden, "activate"), nil).Want(l, 200)
		for firm, want := range map[int64]string{elsewhere: "tpm.firm_activated workspaces", hidden: "tpm.firm_activated hidden"} {
			facts, err := event.Timeline(l.Context(), l.a.DB, "tpm.firm", firm)
			if err != nil {
				l.Fatal(err)
			}
			var told []string
			for _, f := range facts[1:] {
				told = append(told, f.Name+" "+strings.Join(f.Changed, ","))
			}
			l.same("facts", told, []string{want})
		}
	})
}

func TestFirmByVendorNumber(t *testing.T) {
	eachEngine(t, func(l *lab) {
		elsewhere, _ := seedFirms(l)
		for who, want := range map[string]int{
			"pme@agency.example": 200, "unicef@agency.example": 200, "planner@agency.example": 200, "tpm@firm.example": 403, "unrelated@else.example": 403, "nogrant@else.example": 403,
		} {
			r := l.a.As(who).Get(firms("sync", "F8")).Want(l, want)
			if want == 200 {
				l.same("id", dig(r.JSON(l), "id"), elsewhere)
				l.same("fields", keys(r.JSON(l)), strings.Fields(fullFirm))
			}
		}
		l.a.Anonymous().Get(firms("sync", "F8")).Want(l, 403)
		pme := l.a.As("pme@agency.example")
		// An organisation that is no firm is not found either, nor is a part of a number.
		for _, number := range []string{"C1", "F", "activate", "staff-members", "2500000999"} {
			l.same(number, pme.Get(firms("sync", number)).Want(l, 404).JSON(l), map[string]any{
				"detail": "No firm with the vendor number " + number + " is known here, and no finance system is connected that could be asked.",
			})
		}
		pme.Get(firms("sync", "%00")).Want(l, 404)
		pme.Post(firms("sync", "F8"), nil).Want(l, 405)
		pme.Get(firms("sync")).Want(l, 404)
	})
}

func TestFirmExport(t *testing.T) {
	eachEngine(t, func(l *lab) {
		elsewhere, _ := seedFirms(l)
		l.put("KEN", l.tpm.Firm, elsewhere, entity.Values{"street_address": "=HYPERLINK(\"http://evil.example\")", "postal_code": "00100", "city": "Kisumu, west", "phone_number": "+254 20", "email": "@me"})
		const header = "Vendor Number,TPM Name,Address,Postal Code,City,Phone Number,Email Address\r\n"
		lines := map[string]string{
			"F1": "F1,Savanna Insight,,,Nairobi,+254700000001,office@savanna.example\r\n", "F2": "F2,Jicho Field Research,,,,,\r\n", "F3": "F3,Blocked Watchers,,,,,\r\n",
			"F4": "F4,Wayo Monitors,,,,,\r\n", "F5": "F5,Marked Watchers,,,,,\r\n",
			"F8": "F8,Far Away,\"'=HYPERLINK(\"\"http://evil.example\"\")\",00100,\"Kisumu, west\",+254 20,'@me\r\n", "F9": "F9,Hidden House,,,,,\r\n",
		}
		for _, c := range []struct{ who, query, rows string }{
			// Every visible firm, activated or not, by vendor number (tpm §4.5, §5.2).
			{"pme@agency.example", "", "F1 F2 F3 F4 F5 F8 F9"},
			{"pme@agency.example", "?hidden=false&search=f", "F1 F2 F3 F4 F5 F8"},
			{"pme@agency.example", "?blocked=true", "F3"},
			{"tpm@firm.example", "", "F1"},
			{"unrelated@else.example", "", ""},
			{"nogrant@else.example", "", ""},
		} {
			r := l.a.As(c.who).Get(firms("export")+c.query).Want(l, 200)
			want := header
			for _, row := range strings.Fields(c.rows) {
				want += lines[row]
			}
			l.same(c.who+" "+c.query, string(r.Body), want)
			name := "attachment; filename=tpm_vendors_" + almoner.DateOf(time.Now()).String() + ".csv"
			l.same("name", r.Header.Get("Content-Disposition"), name)
		}
		l.a.Anonymous().Get(firms("export")).Want(l, 403)
		l.a.As("pme@agency.example").Get(firms("export")+"?blocked=perhaps").Want(l, 400)
	})
}
