package insuree

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module/moduletest"
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
				"xlsx":    sheet(l.T, l.Send(c.as, "GET", insurees+"?format=xlsx", "").Body.Bytes()),
				"members": l.graph(c.as, `{insurees{edges{node{chfId family{members{edges{node{chfId}}}}}}}}`),
				"family":  l.graph(c.as, `{families{edges{node{members{edges{node{chfId family{members{edges{node{chfId}}}}}}}}}} insurees(family_Isnull: true){edges{node{chfId}}}}`),
				"search":  l.Send(c.as, "GET", insurees+"?search=macintyre&page_size=all", "").Body.String(),
				"past":    l.Send(c.as, "GET", insurees+"?show_history=true&page_size=all", "").Body.String(),
				"graph":   l.graph(c.as, `{insurees{edges{node{chfId}}}}`),
				"history": l.graph(c.as, `{insurees(showHistory: true ignoreLocation: true){edges{node{chfId}}}}`),
			}
			for surface, text := range surfaces {
				for _, number := range c.sees {
					// Somebody who lives here with a family elsewhere is in no family of here.
					if surface == "family" && number == "EMIGRANT" && c.as == "other" {
						continue
					}
					if !strings.Contains(text, number) {
						t.Errorf("%s does not see %s in %s: %s", c.as, number, surface, text)
					}
				}
				for _, number := range c.seesNot {
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

// sheet is all that stands in a workbook.
func sheet(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatalf("no workbook: %v in %.200s", err, content)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil {
			t.Fatal(err)
		}
		all.Write(part)
	}
	return all.String()
}

// Facilities and price lists of one district are unknown in another, on every surface, whatever rights somebody holds; what is national is known everywhere.
func TestDistrictsOfFacilitiesAndPrices(t *testing.T) {
	t.Parallel()
	everybody := moduletest.People{"admin": people["admin"], "here": {UserID: 2, Workspace: imis, Rights: numbers}, "there": {UserID: 3, Workspace: imis, Rights: numbers}}
	moduletest.Each(t, list, everybody, func(w *moduletest.World) {
		t := w.T
		l := &lab{World: w, Service: w.Set.Parts["insuree"].Service.(*Service)}
		l.plant()
		if err := l.DB.InTx(t.Context(), func(tx *db.Tx) error { return l.Set.Parts["facility"].Prepare(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
		service, serviceUUID := l.create("admin", "/api/medical/services/", `{"code":"S1","name":"Visit","type":"C","price":"1","care_type":"B","patient_category":15,"level":"S"}`)
		var facility, prices [3]int64
		var facilityUUID, pricesUUID [3]string
		for i := range 3 {
			place := "null"
			if i > 0 {
				place = fmt.Sprint(l.district[i])
				facility[i], facilityUUID[i] = l.create("admin", "/api/facility/health-facilities/", fmt.Sprintf(`{"code":"HF%d","name":"Clinic%d","legal_form":1,"level":"C","location":%s,"care_type":"B"}`, i, i, place))
			}
			prices[i], pricesUUID[i] = l.create("admin", "/api/medical/services-pricelists/", fmt.Sprintf(`{"name":"Prices%d","pricelist_date":"2026-01-01","location":%s}`, i, place))
			if failure := l.mutate("admin", "updateServicesPricelist", fmt.Sprintf(`uuid: "%s" name: "Prices%d" pricelistDate: "2026-01-01" %s addedDetails: ["%s"] priceOverrules: [{uuid: "%s" price: "%d.07"}]`,
				pricesUUID[i], i, map[bool]string{true: fmt.Sprintf(`locationId: "%s"`, l.districtUUID[i])}[i > 0], serviceUUID, serviceUUID, 40+i)); failure != "" {
				t.Fatal(failure)
			}
		}
		for who, own := range map[string]int{"here": 1, "there": 2} {
			other := 3 - own
			ours, theirs := []string{fmt.Sprint("Clinic", own)}, []string{fmt.Sprint("Clinic", other)}
			oursPrices, theirsPrices := []string{fmt.Sprintf("%d.07", 40+own), "40.07"}, []string{fmt.Sprintf("%d.07", 40+other)}
			oursLists, theirsLists := []string{fmt.Sprint("Prices", own), "Prices0"}, []string{fmt.Sprint("Prices", other)}
			for _, c := range []struct {
				surface, text string
				sees, seesNot []string
			}{
				{"facilities", l.Send(who, "GET", "/api/facility/health-facilities/?page_size=all", "").Body.String(), ours, theirs},
				{"facilities, past", l.Send(who, "GET", "/api/facility/health-facilities/?page_size=all&show_history=true", "").Body.String(), ours, theirs},
				{"facilities, csv", l.Send(who, "GET", "/api/facility/health-facilities/?format=csv", "").Body.String(), ours, theirs},
				{"facilities, xlsx", sheet(t, l.Send(who, "GET", "/api/facility/health-facilities/?format=xlsx", "").Body.Bytes()), ours, theirs},
				{"facilities, graph", l.graph(who, `{healthFacilities(showHistory: true){edges{node{name}}}}`), ours, theirs},
				{"facilities, picker", l.graph(who, `{healthFacilitiesStr(str: "Clinic" ignoreLocation: true){edges{node{name}}}}`), ours, theirs},
				{"lists", l.Send(who, "GET", "/api/medical/services-pricelists/?page_size=all", "").Body.String(), oursLists, theirsLists},
				{"lists, csv", l.Send(who, "GET", "/api/medical/services-pricelists/?format=csv", "").Body.String(), oursLists, theirsLists},
				{"lists, xlsx", sheet(t, l.Send(who, "GET", "/api/medical/services-pricelists/?format=xlsx", "").Body.Bytes()), oursLists, theirsLists},
				{"lists, graph", l.graph(who, `{servicesPricelists(showHistory: true){edges{node{name}}}}`), oursLists, theirsLists},
				{"prices", l.Send(who, "GET", "/api/medical/services-pricelist-details/?page_size=all", "").Body.String(), oursPrices, theirsPrices},
				{"prices, csv", l.Send(who, "GET", "/api/medical/services-pricelist-details/?format=csv", "").Body.String(), oursPrices, theirsPrices},
				{"prices in lists", l.graph(who, `{servicesPricelists{edges{node{details{edges{node{priceOverrule}}}}}}}`), oursPrices, theirsPrices},
				{"prices in services", l.graph(who, `{medicalServices{edges{node{pricelistDetails{edges{node{priceOverrule servicesPricelist{name}}}}}}}}`), oursPrices, theirsPrices},
				{"prices of a list", l.graph(who, fmt.Sprintf(`{medicalServices{edges{node{pricelistDetails(servicesPricelist: "%d"){edges{node{priceOverrule}}}}}}}`, prices[other])), nil, theirsPrices},
				{"prices at once", l.graph(who, fmt.Sprintf(`{own: pricelists(servicesPricelistId: %d){services{p}} national: pricelists(servicesPricelistId: %d){services{p}} other: pricelists(servicesPricelistId: %d){services{p}}}`, prices[own], prices[0], prices[other])), oursPrices, theirsPrices},
				{"services", l.Send(who, "GET", fmt.Sprintf("/api/medical/services/%d/", service), "").Body.String(), nil, theirsPrices},
			} {
				for _, word := range c.sees {
					if !strings.Contains(c.text, word) {
						t.Errorf("%s does not see %s in %s: %s", who, word, c.surface, c.text)
					}
				}
				for _, word := range c.seesNot {
					if strings.Contains(c.text, word) {
						t.Errorf("%s sees %s in %s: %s", who, word, c.surface, c.text)
					}
				}
			}
			for _, c := range []struct {
				id     [3]int64
				path   string
				kind   string
				change string
			}{{facility, "/api/facility/health-facilities/", "HealthFacilityGQLType", `{"phone":"7"}`}, {prices, "/api/medical/services-pricelists/", "ServicesPricelistGQLType", `{"name":"Mine"}`}} {
				at := fmt.Sprintf("%s%d/", c.path, c.id[other])
				l.Want(who, "GET", fmt.Sprintf("%s%d/", c.path, c.id[own]), "", 200, "")
				l.Want(who, "GET", at, "", 404, "")
				l.Want(who, "GET", at+"history/", "", 404, "")
				l.Want(who, "PATCH", at, c.change, 404, "")
				l.Want(who, "DELETE", at, "", 404, "")
				if got := l.graph(who, `{node(id: "`+global(c.kind, c.id[other])+`"){... on `+c.kind+`{uuid}}}`); got != `{"node":null}` {
					t.Errorf("%s finds %s", who, got)
				}
			}
			for name, input := range map[string]string{
				"updateHealthFacility":    fmt.Sprintf(`uuid: "%s" code: "X" name: "x" legalFormId: "C" level: "C" locationId: %d careType: "B"`, facilityUUID[other], l.district[own]),
				"createHealthFacility":    fmt.Sprintf(`code: "X" name: "x" legalFormId: "C" level: "C" locationId: %d careType: "B"`, l.district[other]),
				"deleteHealthFacility":    `uuid: "` + facilityUUID[other] + `"`,
				"updateServicesPricelist": `uuid: "` + pricesUUID[other] + `" name: "x" pricelistDate: "2026-01-01"`,
				"createServicesPricelist": `name: "x" pricelistDate: "2026-01-01" locationId: "` + l.districtUUID[other] + `"`,
				"deleteServicesPricelist": `uuids: ["` + pricesUUID[other] + `"]`,
			} {
				if failure := l.mutate(who, name, input); failure == "" {
					t.Errorf("%s does %s in the other district", who, name)
				}
			}
		}
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
