package organisation

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

const (
	noCredentials = `{"detail":"Authentication credentials were not provided."}`
	refused       = `{"detail":"You do not have permission to perform this action."}`
	missing       = `{"detail":"Not found."}`
)

// furnish puts an agency, two partners, an agreement with an output, sections and offices into Kenya and a little into Lebanon.
func furnish(w *world) {
	w.Helper()
	w.add(w.service.Organisation, kenya, entity.Values{"name": "The Agency", "vendor_number": AgencyVendorNumber, "organization_type": TypeUN})
	red := w.add(w.service.Organisation, kenya, entity.Values{"name": "Red Crescent", "vendor_number": "V2", "organization_type": TypeCivilSociety, "cso_type": "Red Cross/Red Crescent National Societies", "short_name": "RC"})
	ministry := w.add(w.service.Organisation, kenya, entity.Values{"name": "Ministère de l’Eau", "vendor_number": "V3", "organization_type": TypeGovernment})
	partner := w.add(w.service.Partner, kenya, entity.Values{"organization": red})
	w.add(w.service.Partner, kenya, entity.Values{"organization": ministry, "hidden": true})
	lebanon := people["beirut"].Workspace
	w.add(w.service.Partner, lebanon, entity.Values{"organization": red})
	output := w.add(w.service.Output, kenya, entity.Values{"name": "Water for all", "code": "1.2", "wbs": "0060/A0", "country_programme": "2024-2028", "from_date": almoner.NewDate(2024, 1, 1), "to_date": almoner.NewDate(2099, 12, 31)})
	w.add(w.service.Output, kenya, entity.Values{"name": "Old", "to_date": almoner.NewDate(2001, 12, 31), "hidden": true})
	w.add(w.service.Output, kenya, entity.Values{"name": "Frame", "code": "1", "result_type": "Outcome"})
	w.add(w.service.Output, lebanon, entity.Values{"name": "Cedars"})
	agreement := w.add(w.service.Agreement, kenya, entity.Values{"partner": partner, "number": "KEN/PD2024/1", "title": "Wells", "status": "active"})
	w.add(w.service.Agreement, kenya, entity.Values{"partner": partner, "number": "KEN/SPD2024/2", "title": "Pumps", "document_type": "SPD"})
	w.add(w.service.agreementOutput, kenya, entity.Values{"agreement": agreement, "cp_output": output})
	w.add(w.service.Section, kenya, entity.Values{"name": "WASH", "alternate_id": int64(4)})
	w.add(w.service.Section, kenya, entity.Values{"name": "Éducation", "active": false})
	w.add(w.service.Office, kenya, entity.Values{"name": "Nairobi"})
	w.add(w.service.Office, kenya, entity.Values{"name": "Garissa"})
	w.add(w.service.Office, lebanon, entity.Values{"name": "Beirut"})
}

func TestPartnersAndAgreements(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		furnish(w)
		const (
			red = `{"id":1,"name":"Red Crescent","vendor_number":"V2","partner_type":"Civil Society Organization","cso_type":"Red Cross/Red Crescent National Societies","hidden":false,"short_name":"RC"}`
			eau = `{"id":2,"name":"Ministère de l’Eau","vendor_number":"V3","partner_type":"Government","cso_type":null,"hidden":true,"short_name":""}`
		)
		for _, c := range []struct {
			as, path string
			status   int
			body     string
		}{
			{"officer", "/api/v2/partners/", 200, "[" + eau + "," + red + "]"},
			{"guest", "/api/v2/partners/?hidden=false", 200, "[" + red + "]"},
			{"guest", "/api/v2/partners/?search=ministere+v3", 200, "[" + eau + "]"},
			{"guest", "/api/v2/partners/?partner_type=Government", 200, "[" + eau + "]"},
			{"guest", "/api/v2/partners/?hidden=perhaps", 400, `{"hidden":["Must be a valid boolean."]}`},
			{"guest", "/api/v2/partners/?page=1&page_size=1&ordering=-name", 200, `{"count":2,"next":"http://example.com/api/v2/partners/?ordering=-name&page=2&page_size=1","previous":null,"results":[` + red + `]}`},
			{"beirut", "/api/v2/partners/?page_size=all", 200, `[{"id":3,"name":"Red Crescent","vendor_number":"V2","partner_type":"Civil Society Organization","cso_type":"Red Cross/Red Crescent National Societies","hidden":false,"short_name":"RC"}]`},
			{"officer", "/api/v2/partners/1/", 200, red[:len(red)-1] + `,"interventions":[{"id":1,"number":"KEN/PD2024/1","title":"Wells","status":"active","document_type":"PD"},` +
				`{"id":2,"number":"KEN/SPD2024/2","title":"Pumps","status":"draft","document_type":"SPD"}]}`},
			{"beirut", "/api/v2/partners/1/", 404, missing},
			{"monitor", "/api/v2/partners/", 403, refused},
			{"monitor", "/api/v2/partners/1/", 403, refused},
			{"admin", "/api/v2/partners/", 403, refused},
			{"", "/api/v2/partners/", 403, noCredentials},
			{"officer", "/api/v2/interventions/1/", 200, `{"id":1,"number":"KEN/PD2024/1","title":"Wells","status":"active","document_type":"PD","partner":"Red Crescent","partner_id":1,"agreement_reference_number":"",` +
				`"result_links":[{"id":1,"cp_output":1,"cp_output_name":"1.2 Output: Water for all"}]}`},
			{"officer", "/api/v2/interventions/?status=active&cp_output=1", 200, `[{"id":1,"number":"KEN/PD2024/1","title":"Wells","status":"active","document_type":"PD","partner":"Red Crescent","partner_id":1,"agreement_reference_number":""}]`},
			{"officer", "/api/v2/interventions/?partner=2", 200, `[]`},
			{"officer", "/api/v2/interventions/?search=spd2024", 200, `[{"id":2,"number":"KEN/SPD2024/2","title":"Pumps","status":"draft","document_type":"SPD","partner":"Red Crescent","partner_id":1,"agreement_reference_number":""}]`},
			{"beirut", "/api/v2/interventions/1/", 404, missing},
			{"monitor", "/api/v2/interventions/1/", 403, refused},
		} {
			w.want(c.as, "GET", c.path, "", c.status, c.body)
		}
		w.want("officer", "POST", "/api/v2/partners/", "{}", 405, `{"detail":"Method \"POST\" not allowed."}`)
	})
}

func TestResults(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		furnish(w)
		const (
			water = `{"id":"1","name":"Water for all","code":"1.2","result_type":"Output","wbs":"0060/A0","country_programme":"2024-2028","hidden":false,"from_date":"2024-01-01","to_date":"2099-12-31","result_name":"1.2 Output: Water for all","expired":false,"special":false}`
			old   = `{"id":"2","name":"Old","code":"","result_type":"Output","wbs":"","country_programme":"","hidden":true,"from_date":null,"to_date":"2001-12-31","result_name":"Output: Old","expired":true,"special":true}`
		)
		for _, c := range []struct {
			as, query string
			status    int
			body      string
		}{
			{"officer", "", 200, "[" + old + "," + water + "]"},
			{"officer", "?values=1", 200, "[" + water + "]"},
			{"officer", "?values=2,%201,2,,", 200, "[" + old + "," + water + "]"},
			{"officer", "?values=", 200, "[]"},
			{"officer", "?values=1,77", 400, `{"values":["One of the given outputs does not exist."]}`},
			{"officer", "?values=3", 400, `{"values":["One of the given outputs does not exist."]}`},
			{"officer", "?values=4", 400, `{"values":["One of the given outputs does not exist."]}`},
			{"officer", "?values=x", 400, `{"values":["A valid integer is required."]}`},
			{"officer", "?values=99999999999999999999", 400, `{"values":["One of the given outputs does not exist."]}`},
			{"officer", "?hidden=true", 200, "[" + old + "]"},
			{"officer", "?search=1.2+output", 200, "[" + water + "]"},
			{"guest", "", 403, refused},
			{"monitor", "", 403, refused},
			{"nowhere", "", 403, ""},
		} {
			w.want(c.as, "GET", "/api/v2/reports/results/"+c.query, "", c.status, c.body)
		}
	})
}

func TestSectionsAndOfficesForExternals(t *testing.T) {
	t.Parallel()
	extend := func(s *Service) {
		s.Externals = append(s.Externals,
			External{Module: "tpm", Section: func(_ *almoner.Actor, arg func(any) string) string { return "{t}.name = " + arg("WASH") }, Office: func(a *almoner.Actor, arg func(any) string) string {
				return "{t}.id = " + arg(a.OrganizationID-6)
			}},
			External{Module: "empty", Section: func(*almoner.Actor, func(any) string) string { return "" }},
		)
	}
	each(t, extend, func(w *world) {
		furnish(w)
		const wash, education = `{"id":1,"name":"WASH","alternate_id":4,"active":true}`, `{"id":2,"name":"Éducation","alternate_id":null,"active":false}`
		for _, c := range []struct {
			as, path string
			status   int
			body     string
		}{
			{"guest", "/api/offices/", 200, `[{"id":2,"name":"Garissa"},{"id":1,"name":"Nairobi"}]`},
			{"guest", "/api/offices", 200, ``},
			{"beirut", "/api/offices/", 200, `[{"id":3,"name":"Beirut"}]`},
			{"guest", "/api/offices/?externals_module=tpm", 200, `[{"id":2,"name":"Garissa"},{"id":1,"name":"Nairobi"}]`},
			{"guest", "/api/reports/sectors/", 200, "[" + education + "," + wash + "]"},
			{"guest", "/api/reports/sectors/?active=true", 200, "[" + wash + "]"},
			{"guest", "/api/reports/sectors/?search=education", 200, "[" + education + "]"},
			{"monitor", "/api/offices/", 200, `[]`},
			{"monitor", "/api/offices/?externals_module=tpm", 200, `[{"id":1,"name":"Nairobi"}]`},
			{"monitor", "/api/offices/?externals_module=empty", 200, `[]`},
			{"monitor", "/api/offices/?externals_module=nothing", 200, `[]`},
			{"monitor", "/api/reports/sectors/?externals_module=tpm", 200, "[" + wash + "]"},
			{"monitor", "/api/reports/sectors/?externals_module=empty", 200, `[]`},
			{"monitor", "/api/reports/sectors/", 200, `[]`},
			{"admin", "/api/offices/", 200, `[]`},
			{"nowhere", "/api/offices/", 403, ""},
			{"", "/api/offices/", 403, noCredentials},
		} {
			w.want(c.as, "GET", c.path, "", c.status, c.body)
		}
	})
}

func TestFlagsAndDropdowns(t *testing.T) {
	t.Parallel()
	extend := func(s *Service) {
		s.Flags = append(s.Flags, "tpm_enabled")
		s.Dropdowns = append(s.Dropdowns, Dropdown{Name: "attachment_types_active", Values: func(ctx context.Context, q db.Queryer) (any, error) {
			var n int64
			err := q.QueryRow(ctx, "select count(*) from organisation_offices where workspace_id = $1", almoner.ActorOf(ctx).Workspace.ID).Scan(&n)
			return []string{fmt.Sprint("Offices ", n)}, err
		}})
	}
	each(t, extend, func(w *world) {
		furnish(w)
		w.want("monitor", "GET", "/api/v2/environment/flags/", "", 200, `{"active_flags":["tpm_enabled"]}`)
		w.want("", "GET", "/api/v2/environment/flags/", "", 403, noCredentials)
		if body := w.send("french", "GET", "/api/v2/dropdowns/static/", "").Body.String(); !strings.Contains(body, `{"value":"Government","label":"Gouvernement"}`) {
			w.Errorf("in French: %s", body)
		}
		rec := w.send("monitor", "GET", "/api/v2/dropdowns/static/", "")
		var lists map[string][]any
		decode(w.T, rec.Body.Bytes(), &lists)
		if rec.Code != http.StatusOK || fmt.Sprint(lists["attachment_types_active"]) != "[Offices 2]" || len(lists["partner_types"]) != 4 || len(lists["cso_types"]) != 5 || len(lists["intervention_status"]) != len(agreementStatuses) {
			w.Errorf("choices: %d %s", rec.Code, rec.Body)
		}
	})
	t.Run("of nobody", func(t *testing.T) {
		t.Parallel()
		each(t, nil, func(w *world) {
			w.want("monitor", "GET", "/api/v2/environment/flags/", "", 200, `{"active_flags":[]}`)
		})
	})
}

// TestShapes are the objects that visits are made of.
func TestShapes(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		furnish(w)
		ctx := w.Context()
		object := func(e *entity.Entity, shape string, id int64) string {
			v := entity.Viewer{Trusted: true, Actor: people["officer"]}
			b, err := e.Object(ctx, w.db, v, shape, id)
			if err != nil {
				w.Errorf("%s:%s: %v", e.Name, shape, err)
			}
			return string(b)
		}
		for _, c := range []struct {
			e     *entity.Entity
			shape string
			want  string
		}{
			{w.service.Partner, "min", `{"id":1,"name":"Red Crescent"}`},
			{w.service.Agreement, "min", `{"id":1,"number":"KEN/PD2024/1","title":"Wells","status":"active"}`},
			{w.service.Agreement, "task", `{"id":1,"number":"KEN/PD2024/1","title":"Wells","status":"active","partner":"Red Crescent","result_links":[{"id":1,"cp_output":1}]}`},
			{w.service.Output, "min", `{"id":1,"result_name":"1.2 Output: Water for all"}`},
			{w.service.Output, "full", `{"id":"1","name":"Water for all","code":"1.2","result_type":"Output","wbs":"0060/A0","country_programme":"2024-2028","hidden":false,"from_date":"2024-01-01","to_date":"2099-12-31","result_name":"1.2 Output: Water for all"}`},
			{w.service.Section, "min", `{"id":1,"name":"WASH"}`},
			{w.service.Office, "min", `{"id":1,"name":"Nairobi"}`},
		} {
			if got := object(c.e, c.shape, 1); got != c.want {
				w.Errorf("%s:%s:\n got %s\nwant %s", c.e.Name, c.shape, got, c.want)
			}
		}
	})
}

func TestRelationships(t *testing.T) {
	t.Parallel()
	extend := func(s *Service) {
		s.RelationshipTypes = append(s.RelationshipTypes, Relationship{Type: "tpm", SQL: func(_ int64, arg func(any) string) string {
			return "{t}.id = " + arg(int64(3))
		}})
	}
	each(t, extend, func(w *world) {
		furnish(w)
		for _, c := range []struct {
			organisation, workspace int64
			want                    string
		}{{2, 1, "[partner]"}, {2, 2, "[partner]"}, {3, 1, "[partner tpm]"}, {3, 2, "[tpm]"}, {1, 1, "[]"}, {99, 1, "[]"}} {
			got, err := w.service.Relationships(w.Context(), w.db, c.organisation, c.workspace)
			if err != nil || fmt.Sprint(got) != c.want || got == nil {
				w.Errorf("organisation %d in workspace %d: %v, %v; want %s", c.organisation, c.workspace, got, err, c.want)
			}
		}
		for id, want := range map[int64]bool{1: true, 99: false} {
			if got, err := w.service.Exists(w.Context(), w.db, id); err != nil || got != want {
				w.Errorf("organisation %d exists: %v, %v", id, got, err)
			}
		}
	})
}
