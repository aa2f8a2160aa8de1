package tpm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// monitors gives somebody the monitor's role for an organisation in a workspace.
func (l *lab) monitors(email, vendor, workspace string, active bool) {
	l.Helper()
	l.put("KEN", l.a.Set.Registry.Entity("account.grant"), 0, entity.Values{
		"user": l.id("user " + email), "workspace": l.id("workspace " + workspace), "organization": l.id("org " + vendor),
		"role": l.count("select id from account_roles where name = 'Third Party Monitor'"), "is_active": active,
	})
}

func TestStaff(t *testing.T) {
	eachEngine(t, func(l *lab) {
		// Somebody who left, and somebody who monitors for the firm in the other workspace only.
		l.monitors("unrelated@else.example", "F1", "KEN", false)
		l.monitors("rival@other.example", "F1", "LBN", true)
		f1 := l.id("firm F1")
		joseph, hassan, granted, una := l.id("user tpm@firm.example"), l.id("user tpmfocal@firm.example"), l.id("user granted@firm.example"), l.id("user unrelated@else.example")
		staff := firms(f1, "staff-members")
		all := []int64{joseph, hassan, una, granted}
		for _, c := range []struct {
			who, query string
			want       []int64
		}{
			{"pme@agency.example", "", all},
			{"unicef@agency.example", "", all},
			{"planner@agency.example", "", all},
			{"tpm@firm.example", "", all},
			{"tpm@firm.example", "?page_size=all&user__is_active=true", all},
			{"pme@agency.example", "?user__is_active=false", []int64{}},
			{"pme@agency.example", "?has_active_realm=true", []int64{joseph, hassan, granted}},
			{"tpm@firm.example", "?has_active_realm=false", []int64{una}},
			{"pme@agency.example", "?ordering=-id", []int64{granted, una, hassan, joseph}},
			{"pme@agency.example", "?ordering=user__email", []int64{granted, joseph, hassan, una}},
			{"pme@agency.example", "?ordering=-user__first_name", []int64{una, joseph, hassan, granted}},
			// Only the three names order; any other is no order at all.
			{"pme@agency.example", "?ordering=-email", all},
			{"pme@agency.example", "?ordering=-user__last_name", all},
			{"pme@agency.example", "?search=AKINYI", []int64{joseph}},
			{"pme@agency.example", "?search=firm.example hassan", []int64{hassan}},
			{"pme@agency.example", "?search=nobody", []int64{}},
			{"lebanon@agency.example", "", []int64{l.id("user rival@other.example")}},
		} {
			l.same(c.who+" "+c.query, l.list(l.a.As(c.who).Get(staff+strings.ReplaceAll(c.query, " ", "+"))), c.want)
		}
		for _, who := range []string{"rival@other.example", "unrelated@else.example", "admin@agency.example"} {
			l.a.As(who).Get(staff).Want(l, 404)
			l.a.As(who).Get(firms(f1, "staff-members", joseph)).Want(l, 404)
			l.a.As(who).Get(firms(f1, "staff-members", "export")).Want(l, 404)
		}
		l.a.Anonymous().Get(staff).Want(l, 403)
		l.a.As("nogrant@else.example").Get(staff).Want(l, 403)
		pme := l.a.As("pme@agency.example")
		pme.Get(firms(9999, "staff-members")).Want(l, 404)
		for _, who := range []string{"pme@agency.example", "tpm@firm.example", "unicef@agency.example"} {
			l.same("who left", dig(l.a.As(who).Get(firms(f1, "staff-members", una)).Want(l, 200).JSON(l), "has_active_realm"), false)
			l.same("who is here", dig(l.a.As(who).Get(firms(f1, "staff-members", joseph)).Want(l, 200).JSON(l), "has_active_realm"), true)
		}
		pme.Get(firms(f1, "staff-members", l.id("user rival@other.example"))).Want(l, 404)
		pme.Get(firms(l.id("firm F2"), "staff-members", joseph)).Want(l, 404)
		l.same("fields", keys(pme.Get(firms(f1, "staff-members", joseph)).Want(l, 200).JSON(l)), strings.Fields(
			"email first_name full_name has_active_realm id is_active last_name pk profile receive_tpm_notifications user"))
		pme.Post(staff, map[string]any{}).Want(l, 405)
		pme.Patch(firms(f1, "staff-members", joseph), map[string]any{"first_name": "X"}).Want(l, 405)
		pme.Delete(firms(f1, "staff-members", joseph)).Want(l, 405)
		l.same("OPTIONS", keys(dig(pme.Options(staff).Want(l, 200).JSON(l), "actions")), []string{"GET"})

		// A person without any access left is not active any more (tpm §2.1), and stays listed.
		l.exec("update account_users set is_active = $2 where id = $1", una, false)
		l.same("active people", l.list(pme.Get(staff+"?user__is_active=true")), []int64{joseph, hassan, granted})
		l.same("inactive people", l.list(pme.Get(staff+"?user__is_active=false")), []int64{una})
	})
}

func TestStaffExport(t *testing.T) {
	eachEngine(t, func(l *lab) {
		l.monitors("unrelated@else.example", "F1", "KEN", false)
		l.exec("update account_users set is_active = $2 where id = $1", l.id("user unrelated@else.example"), false)
		l.exec("update account_users set job_title = '-cmd', phone_number = '+254 722' where id = $1", l.id("user tpm@firm.example"))
		l.exec("update organisation_organisations set vendor_number = 'F/1' where id = $1", l.id("org F1"))
		const (
			header = "ID,Email,First name,Last name,Is active,Job title,Phone number,Organization ID,Organization name,Organization email,Organization phone number," +
				"Organization country,Organization city,Organization street address,Organization postal code\r\n"
			firm = ",F/1,Savanna Insight,office@savanna.example,+254700000001,,Nairobi,,\r\n"
		)
		row := func(email, values string) string {
			return fmt.Sprint(l.id("user "+email)) + "," + email + "," + values + firm
		}
		joseph, una := row("tpm@firm.example", "Joseph,Akinyi,1,'-cmd,+254 722"), row("unrelated@else.example", "Una,Related,0,,")
		export := firms(l.id("firm F1"), "staff-members", "export")
		for query, want := range map[string]string{
			"":                       joseph + row("tpmfocal@firm.example", "Hassan,Noor,1,,") + una + row("granted@firm.example", "Gran,Ted,1,,"),
			"?search=joseph":         joseph,
			"?user__is_active=false": una,
			"?search=nobody":         "",
		} {
			r := l.a.As("pme@agency.example").Get(export+query).Want(l, 200)
			l.same("rows"+query, string(r.Body), header+want)
			l.same("name", r.Header.Get("Content-Disposition"), "attachment; filename=tpm_#F_1_contacts_"+almoner.DateOf(time.Now()).String()+".csv")
		}
		l.a.As("tpm@firm.example").Get(export).Want(l, 200)
		l.a.As("unicef@agency.example").Get(export).Want(l, 200)
		l.a.As("rival@other.example").Get(export).Want(l, 404)
		l.same("a firm without people", string(l.a.As("pme@agency.example").Get(firms(l.id("firm F3"), "staff-members", "export")).Want(l, 200).Body), header)
	})
}

// A page of a hundred firms, and of a hundred people, costs as many statements as a page of one (tpm §11).
func TestFirmStatementsAreConstant(t *testing.T) {
	eachEngine(t, func(l *lab) {
		const whoAsks = 2
		f1 := l.id("firm F1")
		pages := map[string]int64{
			firms() + "?page_size=100": whoAsks + 2,
			firms(f1):                  whoAsks + 3,
			firms("export"):            whoAsks + 1,
			firms(f1, "staff-members") + "?page_size=100":                    whoAsks + 3,
			firms(f1, "staff-members", l.id("user tpm@firm.example")):        whoAsks + 3,
			firms(f1, "staff-members", "export"):                             whoAsks + 3,
			firms("sync", "F1"):                                              whoAsks + 5,
			firms(f1, "staff-members") + "?search=noor&ordering=user__email": whoAsks + 3,
		}
		check := func(what string) {
			for path, want := range pages {
				if n := l.statements("pme@agency.example", path); n != want {
					l.Errorf("%s, %s: %d statements, want %d:\n%s", path, what, n, want, strings.Join(l.sent, "\n"))
				}
			}
		}
		check("few rows")
		users := l.a.Set.Registry.Entity("account.user")
		for i := range 100 {
			email := fmt.Sprintf("p%d@firm.example", i)
			l.ids["user "+email] = l.put("KEN", users, 0, entity.Values{"email": email})
			l.monitors(email, "F1", "KEN", true)
			org := l.put("KEN", l.a.Set.Registry.Entity("organisation.organisation"), 0, entity.Values{"vendor_number": fmt.Sprint("N", i), "name": fmt.Sprint("Firm ", i)})
			l.put("KEN", l.tpm.Firm, 0, entity.Values{"organization": org, "workspaces": []int64{l.id("workspace KEN")}})
		}
		check("a hundred rows")
		if rows := l.list(l.a.As("pme@agency.example").Get(firms(f1, "staff-members") + "?page_size=100")); len(rows) != 100 {
			l.Errorf("the page has %d rows, want 100", len(rows))
		}
	})
}

// The planner lets people into firms, and into nothing else (tpm §5.3, §11): somebody new waits, somebody known monitors at once.
func TestPlannerLetsPeopleIntoFirms(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		monitor := l.count("select id from account_roles where name = 'Third Party Monitor'")
		body := func(email, vendor string, role int64) map[string]any {
			return map[string]any{"email": email, "first_name": "Nia", "last_name": "New", "organization": l.id("org " + vendor), "groups": []int64{role}}
		}
		l.same("somebody new", dig(pme.Post("/api/v3/users/amp/", body("nia@savanna.example", "F1", monitor)).Want(l, 201).JSON(l), "status"), "pending")
		pme.Post("/api/v3/users/amp/", body("unrelated@else.example", "F1", monitor)).Want(l, 201)
		staff := l.a.As("pme@agency.example").Get(firms(l.id("firm F1"), "staff-members", l.id("user unrelated@else.example"))).Want(l, 200).JSON(l)
		l.same("somebody known", dig(staff, "has_active_realm"), true)
		_, hidden := seedFirms(l)
		pme.Post("/api/v3/users/amp/", body("unrelated@else.example", "F1", l.count("select id from account_roles where name = 'PME'"))).Want(l, 400)
		for _, vendor := range []string{"C1", "000", "F4", "F8", "F9"} {
			l.same(vendor, keys(pme.Post("/api/v3/users/amp/", body("unrelated@else.example", vendor, monitor)).Want(l, 400).JSON(l)), []string{"organization"})
		}
		pme.Post(firms(hidden, "activate"), nil).Want(l, 200)
		pme.Post("/api/v3/users/amp/", body("unrelated@else.example", "F9", monitor)).Want(l, 201)
		l.same("people of firms", l.list(pme.Get("/api/v3/users/amp/?organization_type=tpm&search=una")), []int64{l.id("user unrelated@else.example")})
		l.same("people of the firm", l.list(pme.Get(fmt.Sprintf("/api/v3/users/amp/?organization_type=tpm&organization_id=%d&search=una", l.id("org F2")))), []int64{})
	})
}
