package organisation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestRecords is the life of these records in the hands of an administrator, and who else may look at them.
func TestRecords(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		for _, c := range []struct {
			as, method, path, body string
			status                 int
			answer                 string
			facts                  string
		}{
			{"admin", "POST", "/api/organisation/organisations/", `{"name":"The Agency","vendor_number":"000"}`, 201, `{"id":1,"name":"The Agency","short_name":"","vendor_number":"000","organization_type":null,"cso_type":null,"parent":null}`, "organisation_created"},
			{
				"admin", "POST", "/api/organisation/organisations/", `{"name":"Red Crescent","vendor_number":"V2","organization_type":"Civil Society Organization","cso_type":"National","parent":1}`, 201,
				`{"id":2,"name":"Red Crescent","short_name":"","vendor_number":"V2","organization_type":"Civil Society Organization","cso_type":"National","parent":{"id":1,"name":"The Agency"}}`, "organisation_created",
			},
			{"admin", "POST", "/api/organisation/organisations/", `{"name":"Again","vendor_number":"V2"}`, 400, `{"vendor_number":["Organisation with this vendor number already exists."]}`, ""},
			{
				"admin", "POST", "/api/organisation/organisations/", `{"name":"","vendor_number":"` + strings.Repeat("9", 31) + `","organization_type":"Club","colour":"red"}`, 400,
				`{"name":["This field may not be blank."],"vendor_number":["Ensure this field has no more than 30 characters."],"organization_type":["\"Club\" is not a valid choice."],"colour":["There is no such field to write."]}`, "",
			},
			{"admin", "PATCH", "/api/organisation/organisations/1/", `{"parent":2}`, 400, `{"parent":["An organisation cannot be part of itself."]}`, ""},
			{"admin", "PATCH", "/api/organisation/organisations/1/", `{"parent":1}`, 400, `{"parent":["An organisation cannot be part of itself."]}`, ""},
			{"admin", "POST", "/api/organisation/partners/", `{"organization":1}`, 400, `{"organization":["Invalid pk \"1\" - object does not exist."]}`, ""},
			{"admin", "POST", "/api/organisation/partners/", `{"organization":2}`, 201, ``, "partner_created"},
			{"admin", "POST", "/api/organisation/partners/", `{"organization":2}`, 400, `{"organization":["Implementing partner with this organisation already exists."]}`, ""},
			{"admin", "PATCH", "/api/organisation/organisations/1/", `{"vendor_number":"V1"}`, 200, "", "organisation_updated"},
			{"admin", "PATCH", "/api/organisation/organisations/2/", `{"vendor_number":"000"}`, 400, `{"vendor_number":["The agency itself cannot be an implementing partner."]}`, ""},
			{"admin", "POST", "/api/organisation/outputs/", `{"name":"Water","code":"1","from_date":"2026-01-02","to_date":"2026-01-01"}`, 400, `{"to_date":["The end lies before the beginning."]}`, ""},
			{"admin", "POST", "/api/organisation/outputs/", `{"name":"Water","code":"1","from_date":"2026-01-01","to_date":"2026-12-31"}`, 201, "", "output_created"},
			{"admin", "PATCH", "/api/organisation/outputs/1/", `{"from_date":"2027-01-01"}`, 400, `{"to_date":["The end lies before the beginning."]}`, ""},
			{
				"admin", "POST", "/api/organisation/agreements/", `{"partner":1,"number":"PD/1","title":"Wells","result_links":[{"cp_output":1}]}`, 201,
				`{"id":1,"number":"PD/1","title":"Wells","status":"draft","document_type":"PD","partner":{"id":1,"name":"Red Crescent"},"agreement_reference_number":"","result_links":[{"id":1,"cp_output":{"id":1,"result_name":"1 Output: Water"}}]}`,
				"agreement_output_created agreement_created",
			},
			{
				"admin", "POST", "/api/organisation/agreements/", `{"partner":9,"number":"PD/2","title":"x","result_links":[{"cp_output":9}]}`, 400,
				`{"partner":["Invalid pk \"9\" - object does not exist."],"result_links":[{"cp_output":["Invalid pk \"9\" - object does not exist."]}]}`, "",
			},
			{"admin", "PATCH", "/api/organisation/agreements/1/", `{"result_links":[{"cp_output":1}]}`, 400, `{"result_links":[{"cp_output":["Output of an agreement with this output already exists."]}]}`, ""},
			{"admin", "PUT", "/api/organisation/agreements/1/", `{"title":"Wells II","result_links":[{"cp_output":1}]}`, 200, "", "agreement_output_deleted agreement_output_created agreement_updated"},
			{"admin", "DELETE", "/api/organisation/partners/1/", "", 409, `{"detail":"This implementing partner is still in use and cannot be deleted."}`, ""},
			{"admin", "DELETE", "/api/organisation/outputs/1/", "", 409, "", ""},
			{"admin", "DELETE", "/api/organisation/agreements/1/", "", 204, "", "agreement_deleted"},
			{"admin", "DELETE", "/api/organisation/outputs/1/", "", 204, "", "output_deleted"},
			{"admin", "POST", "/api/organisation/sections/", `{"name":"WASH"}`, 201, `{"id":1,"name":"WASH","alternate_id":null,"active":true}`, "section_created"},
			{"admin", "POST", "/api/organisation/sections/", `{"name":"WASH"}`, 400, `{"name":["Section with this name already exists."]}`, ""},
			{"admin", "POST", "/api/organisation/sections/", `{"name":"` + strings.Repeat("ﷺ", 128) + `"}`, 201, "", "section_created"},
			{"admin", "POST", "/api/organisation/sections/", `{"name":"` + strings.Repeat("x", 129) + `"}`, 400, `{"name":["Ensure this field has no more than 128 characters."]}`, ""},
			{"admin", "POST", "/api/organisation/offices/", `{"name":"Nairobi"}`, 201, `{"id":1,"name":"Nairobi"}`, "office_created"},
			{"admin", "PATCH", "/api/organisation/offices/1/", `{"name":"Nairobi West"}`, 200, `{"id":1,"name":"Nairobi West"}`, "office_updated"},
			// The agency reads, others do not; of another workspace nobody does.
			{"officer", "GET", "/api/organisation/offices/1/", "", 200, `{"id":1,"name":"Nairobi West"}`, ""},
			{"officer", "GET", "/api/organisation/offices/?search=west", "", 200, `{"count":1,"next":null,"previous":null,"results":[{"id":1,"name":"Nairobi West"}]}`, ""},
			{"beirut", "GET", "/api/organisation/offices/1/", "", 404, missing, ""},
			{"officer", "POST", "/api/organisation/offices/", `{"name":"x"}`, 403, refused, ""},
			{"officer", "DELETE", "/api/organisation/offices/1/", "", 403, refused, ""},
			{"monitor", "GET", "/api/organisation/offices/", "", 403, refused, ""},
			{"", "GET", "/api/organisation/offices/", "", 401, noCredentials, ""},
			{"officer", "GET", "/api/organisation/offices/?colour=red", "", 400, `{"colour":["There is no such parameter."]}`, ""},
		} {
			before := len(w.facts())
			w.want(c.as, c.method, c.path, c.body, c.status, c.answer)
			stated := strings.ReplaceAll(strings.Join(w.facts()[before:], " "), "organisation.", "")
			if stated != c.facts {
				w.Errorf("%s %s %.60s stated %q, want %q", c.method, c.path, c.body, stated, c.facts)
			}
		}
	})
}

// TestEveryRecordHasAKey is what the loader of fixtures needs.
func TestEveryRecordHasAKey(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		for _, e := range []struct {
			name string
			key  []string
			want string
		}{
			{"organisation", w.service.Organisation.Key, "[vendor_number]"},
			{"partner", w.service.Partner.Key, "[organization]"},
			{"agreement", w.service.Agreement.Key, "[number]"},
			{"output", w.service.Output.Key, "[code name]"},
			{"section", w.service.Section.Key, "[name]"},
			{"office", w.service.Office.Key, "[name]"},
		} {
			if got := fmt.Sprint(e.key); got != e.want {
				w.Errorf("key of %s: got %s, want %s", e.name, got, e.want)
			}
		}
	})
}

func TestAgency(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"officer": true, "guest": true, "monitor": false, "admin": false} {
		if got := Agency(people[name]); got != want {
			t.Errorf("%s belongs to the agency: got %v", name, got)
		}
	}
	if !slices.IsSorted(people["officer"].Roles) {
		t.Error("roles are looked up as sorted ones")
	}
}

// TestRecordsComeBack holds that what an administrator reads can be sent back as it is, and with one change, for every kind of record; nested lists too.
func TestRecordsComeBack(t *testing.T) {
	t.Parallel()
	each(t, nil, func(w *world) {
		for _, c := range []struct{ path, body, field string }{
			{"organisations", `{"name":"Red Crescent","vendor_number":"V1","organization_type":"Civil Society Organization","cso_type":"National"}`, "name"},
			{"partners", `{"organization":1}`, ""},
			{"outputs", `{"name":"Water","code":"1","from_date":"2026-01-01","to_date":"2026-12-31"}`, "name"},
			{"agreements", `{"partner":1,"number":"PD/1","title":"Wells","result_links":[{"cp_output":1}]}`, "title"},
			{"sections", `{"name":"WASH"}`, "name"},
			{"offices", `{"name":"Nairobi"}`, "name"},
		} {
			address := "/api/organisation/" + c.path + "/"
			w.want("admin", "POST", address, c.body, 201, "")
			address += "1/"
			read := w.send("admin", "GET", address, "").Body.String()
			before := w.facts()
			w.want("admin", "PUT", address, read, 200, read)
			if after := w.facts(); len(after) != len(before) {
				t.Errorf("%s: sending back what was read states %v", c.path, after[len(before):])
			}
			if c.field == "" {
				continue
			}
			var record map[string]any
			decode(t, []byte(read), &record)
			changed := strings.Replace(read, fmt.Sprintf("%q:%q", c.field, record[c.field]), fmt.Sprintf(`%q:"Changed"`, c.field), 1)
			if changed == read {
				t.Fatalf("%s: %s has no %s", c.path, read, c.field)
			}
			got := map[string]any{}
			decode(t, w.send("admin", "PUT", address, changed).Body.Bytes(), &got)
			if got[c.field] != "Changed" {
				t.Errorf("%s: sent back with one change: %v", c.path, got)
			}
		}
	})
}
