package tpm_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/entity"
)

// shelf is a handful of visits that differ in everything that a list can be asked for.
type shelf struct {
	*lab
	visits []int64
	names  map[int64]string
}

func (s *shelf) add(name string, id int64) {
	s.visits = append(s.visits, id)
	s.names[id] = name
}

// want asks a list for something and compares it with the names of the visits that should come.
func (s *shelf) want(query, names string) {
	s.Helper()
	got := []string{}
	for _, id := range s.list(s.a.As("pme@agency.example").Get("/api/tpm/visits/?page_size=all&" + query)) {
		got = append(got, s.names[id])
	}
	if strings.Join(got, " ") != names {
		s.Errorf("%s: got %v, want [%s]", query, got, names)
	}
}

// fill makes the visits: their names say what is particular about them.
func fill(l *lab) *shelf {
	s := &shelf{lab: l, names: map[int64]string{}}
	bare := func(status string, values entity.Values) int64 {
		id := l.put("KEN", l.tpm.Visit, 0, values)
		l.put("KEN", l.tpm.Visit, id, entity.Values{"status": status})
		return id
	}
	staff := func(emails ...string) []int64 {
		var ids []int64
		for _, e := range emails {
			ids = append(ids, l.id("user "+e))
		}
		slices.Sort(ids)
		return ids
	}
	s.add("nothing", bare("draft", entity.Values{}))
	wash := bare("assigned", entity.Values{"tpm_partner": l.id("firm F1"), "tpm_partner_focal_points": staff("tpm@firm.example", "tpmfocal@firm.example")})
	l.task(wash, entity.Values{"date": day("2026-03-01")})
	l.task(wash, entity.Values{"date": day("2026-09-01"), "offices": []int64{l.id("office Lodwar"), l.id("office Nairobi")}})
	s.add("wash", wash)
	health := bare("tpm_accepted", entity.Values{"tpm_partner": l.id("firm F1"), "tpm_partner_focal_points": staff("tpm@firm.example")})
	l.task(health, entity.Values{
		"partner": l.id("partner G1"), "intervention": nil, "cp_output": l.id("output 2.1"), "section": l.id("section Health"), "date": day("2026-06-15"),
		"offices": []int64{l.id("office Lodwar")}, "locations": []int64{l.id("place KE")}, "unicef_focal_points": staff("unicef@agency.example"),
	})
	s.add("health", health)
	rival := bare("cancelled", entity.Values{"tpm_partner": l.id("firm F2"), "tpm_partner_focal_points": staff("rival@other.example")})
	l.task(rival, entity.Values{"partner": l.id("partner B1"), "intervention": nil, "cp_output": nil, "date": day("2026-06-16"), "unicef_focal_points": staff("focal@agency.example", "unicef@agency.example"), "offices": []int64{}})
	l.put("KEN", l.tpm.Visit, rival, entity.Values{"created_year": int64(2024), "date_created": day("2024-02-03")})
	s.add("rival", rival)
	return s
}

// What lists can be asked for, over one shelf of visits. The last part hides things for good.
func TestLists(t *testing.T) {
	eachEngine(t, func(l *lab) {
		s := fill(l)
		for _, part := range []struct {
			name string
			fn   func(*shelf)
		}{{"filters", visitFilters}, {"search", visitSearch}, {"ordering", visitOrdering}, {"activities", activities}, {"look-ups", taskLookups}} {
			l.sub(part.name, func(l *lab) { part.fn(&shelf{l, s.visits, s.names}) })
		}
	})
}

// The filters of tpm §5.4, each alone, with commas, repeated, and several together. Each visit comes once.
func visitFilters(s *shelf) {
	l := s.lab
	n := func(format string, names ...string) string {
		args := make([]any, len(names))
		for i, name := range names {
			args[i] = l.id(name)
		}
		return fmt.Sprintf(format, args...)
	}
	for query, names := range map[string]string{
		"":                               "nothing wash health rival",
		"unknown=1&tpm_activities":       "nothing wash health rival",
		"status=":                        "nothing wash health rival",
		"status=assigned":                "wash",
		"status__in=assigned,cancelled,": "wash rival",
		n("tpm_partner=%d", "firm F1"):   "wash health",
		n("tpm_partner__in=%d,%d", "firm F1", "firm F2"):                                              "wash health rival",
		n("tpm_activities__section=%d", "section Health"):                                             "health",
		n("tpm_activities__section__in=%d,%d", "section Health", "section WASH"):                      "wash health rival",
		n("tpm_activities__partner=%d", "partner C1"):                                                 "wash",
		n("tpm_activities__partner__in=%d,%d", "partner G1", "partner B1"):                            "health rival",
		n("tpm_activities__cp_output=%d", "output 1.1"):                                               "wash",
		n("tpm_activities__cp_output__in=%d,%d", "output 1.1", "output 2.1"):                          "wash health",
		n("tpm_activities__offices=%d", "office Lodwar"):                                              "wash health",
		n("tpm_activities__offices=%d&tpm_activities__offices=%d", "office Lodwar", "office Nairobi"): "wash health",
		n("tpm_activities__offices__in=%d", "office Nairobi"):                                         "wash",
		n("tpm_activities__locations=%d", "place KE"):                                                 "health",
		n("tpm_activities__locations=%d&tpm_activities__locations=%d", "place KE", "place KE-43"):     "wash health rival",
		n("tpm_activities__intervention=%d", "agreement KEN/PCA1/PD1"):                                "wash",
		"tpm_activities__date=2026-09-01":                                                             "wash",
		"tpm_activities__date__gt=2026-06-15":                                                         "wash rival",
		"tpm_activities__date__gte=2026-06-15":                                                        "wash health rival",
		"tpm_activities__date__lt=2026-06-15":                                                         "wash",
		"tpm_activities__date__lte=2026-06-15":                                                        "wash health",
		// Both ends are asked of one and the same task.
		"tpm_activities__date__gt=2026-03-01&tpm_activities__date__lt=2026-09-01":                                                                     "health rival",
		n("tpm_activities__unicef_focal_points=%d", "user unicef@agency.example"):                                                                     "health rival",
		n("tpm_activities__unicef_focal_points=%d&tpm_activities__unicef_focal_points=%d", "user focal@agency.example", "user unicef@agency.example"): "wash health rival",
		n("tpm_partner_focal_points=%d", "user tpm@firm.example"):                                                                                     "wash health",
		n("tpm_partner_focal_points=%d&tpm_partner_focal_points=%d", "user rival@other.example", "user tpmfocal@firm.example"):                        "wash rival",
		n("tpm_partner_focal_points__in=%d,%d", "user rival@other.example", "user tpmfocal@firm.example"):                                             "wash rival",
		n("tpm_partner=%d&status=tpm_accepted", "firm F1"):                                                                                            "health",
		"tpm_partner=987654321": "",
	} {
		s.want(query, names)
	}
	pme := l.a.As("pme@agency.example")
	for query, field := range map[string]string{
		"status=lost": "status", "status__in=assigned,lost": "status__in", "tpm_partner=x": "tpm_partner", "tpm_partner__in=1,x": "tpm_partner__in",
		"tpm_activities__date=soon": "tpm_activities__date", "tpm_activities__date__gt=2026-02-30": "tpm_activities__date__gt", "tpm_activities__offices=1&tpm_activities__offices=x": "tpm_activities__offices",
	} {
		body := pme.Get("/api/tpm/visits/?"+query).Want(l, 400).Object(l)
		if messages, _ := body[field].([]any); len(messages) != 1 || len(body) != 1 {
			l.Errorf("%s: got %v, want one message under %s", query, body, field)
		}
	}
}

// Search finds all terms, each in any of firm, partner, place and its code, whatever the case and the accents (tpm §5, §5.4).
func visitSearch(s *shelf) {
	for text, names := range map[string]string{
		"savanna": "wash health", "SAVANNA": "wash health", "savánna": "wash health", "insight  savanna": "wash health", "savanna jicho": "", "ministry": "health",
		"savanna health": "health", "turkana": "wash rival", "ke-43": "wash rival", "ke-43 friends": "rival", "%": "", "_": "", "'": "", `\`: "", "": "nothing wash health rival", "boots": "",
	} {
		s.want("search="+url.QueryEscape(text), names)
	}
}

// Orders of the visit list (tpm §5.4, §12-5): by the firm's name, by status, and by reference, which is the year and then the number. Unknown ones are ignored.
func visitOrdering(s *shelf) {
	l := s.lab
	s.want("ordering=reference_number", "rival nothing wash health")
	s.want("ordering=-reference_number", "health wash nothing rival")
	s.want("ordering=status", "wash rival nothing health")
	s.want("ordering=-status", "health nothing rival wash")
	s.want("ordering=tpm_partner__name&tpm_partner__in="+fmt.Sprintf("%d,%d", l.id("firm F1"), l.id("firm F2")), "rival wash health")
	s.want("ordering=-tpm_partner__name,status&tpm_partner__in="+fmt.Sprintf("%d,%d", l.id("firm F1"), l.id("firm F2")), "wash health rival")
	s.want("ordering=nonsense,id;drop+table", "nothing wash health rival")
	s.want("ordering=tpm_partner__organization__name", "nothing wash health rival")
}

// Pages of the list (tpm §5 "Pagination").
func TestVisitPages(t *testing.T) {
	eachEngine(t, func(l *lab) {
		s := fill(l)
		for range 8 {
			s.add("more", l.put("KEN", l.tpm.Visit, 0, nil))
		}
		pme := l.a.As("pme@agency.example")
		page := func(query string) (int, any, any) {
			body := pme.Get("/api/tpm/visits/"+query).Want(l, 200).Object(l)
			l.same(query+": count", body["count"], 12)
			return len(body["results"].([]any)), body["next"], body["previous"]
		}
		n, next, previous := page("")
		l.same("first page", []any{n, previous}, []any{10, nil})
		if link, _ := next.(string); !strings.HasSuffix(link, "/api/tpm/visits/?page=2") || !strings.HasPrefix(link, "http") {
			l.Errorf("next = %v", next)
		}
		n, next, previous = page("?page=last&status__in=")
		l.same("last page", []any{n, next}, []any{2, nil})
		if link, _ := previous.(string); !strings.Contains(link, "/api/tpm/visits/?") || strings.Contains(link, "page=last") {
			l.Errorf("previous = %v", previous)
		}
		for query, want := range map[string]int{"?page_size=5": 5, "?page_size=5&page=3": 2, "?page_size=0": 10, "?page_size=-5": 10, "?page_size=x": 10, "?page_size=5000": 12, "?page=1": 10} {
			if n, _, _ := page(query); n != want {
				l.Errorf("%s: got %d rows, want %d", query, n, want)
			}
		}
		for _, query := range []string{"?page=0", "?page=3", "?page=-1", "?page=x", "?page=1.5", "?page=99999999999999999999"} {
			l.same(query, pme.Get("/api/tpm/visits/"+query).Want(l, 404).JSON(l), map[string]string{"detail": "Invalid page."})
		}
		l.same("all at once", len(pme.Get("/api/tpm/visits/?page_size=all").Want(l, 200).JSON(l).([]any)), 12)
	})
}

// GET /activities/: its fields, filters, search and order (tpm §5.5, §12-5).
func activities(s *shelf) {
	l := s.lab
	pme := l.a.As("pme@agency.example")
	rows := pme.Get("/api/tpm/activities/").Want(l, 200).JSON(l).([]any)
	l.same("keys", keys(rows[0]), strings.Fields(`additional_information cp_output date description id intervention is_pv locations locations_details offices partner partner_name section
			status tpm_partner_name tpm_visit unicef_focal_points visit_reference`))
	l.same("values", []any{dig(rows[0], "status"), dig(rows[0], "partner_name"), dig(rows[0], "tpm_partner_name"), dig(rows[0], "is_pv"), dig(rows[0], "locations")},
		[]any{"Assigned", "Afya Bora Consortium", "Savanna Insight", false, []int64{l.id("place KE-43")}})
	for query, names := range map[string]string{
		"": "wash wash health rival", fmt.Sprintf("tpm_visit=%d", s.visits[1]): "wash wash", fmt.Sprintf("tpm_visit__tpm_partner=%d", l.id("firm F2")): "rival",
		"tpm_visit__status=assigned": "wash wash", "tpm_visit__status__in=cancelled,tpm_accepted": "health rival", fmt.Sprintf("section=%d", l.id("section Health")): "health",
		fmt.Sprintf("offices=%d", l.id("office Lodwar")): "wash health", fmt.Sprintf("partner__in=%d,%d", l.id("partner C1"), l.id("partner G1")): "wash wash health",
		fmt.Sprintf("intervention=%d", l.id("agreement KEN/PCA1/PD1")): "wash wash", "is_pv=true": "", "is_pv=false": "wash wash health rival", "date=2026-06-15": "health", "date__year=2025": "",
		"date__year=2026": "wash wash health rival", "search=jicho": "rival", "search=F1": "wash wash health", "search=ministry": "health", "search=G1": "health",
		"ordering=-date": "wash rival health wash", "ordering=nonsense": "wash wash health rival",
	} {
		got := []string{}
		for _, row := range pme.Get("/api/tpm/activities/?"+query).Want(l, 200).JSON(l).([]any) {
			got = append(got, s.names[int64(dig(row, "tpm_visit").(float64))])
		}
		if strings.Join(got, " ") != names {
			l.Errorf("%s: got %v, want [%s]", query, got, names)
		}
	}
}

// Look-ups over the tasks of visible visits: searched by name, without what is hidden (tpm §5.4).
func taskLookups(s *shelf) {
	l := s.lab
	unicef := l.a.As("unicef@agency.example")
	names := func(path, key string) []string {
		got := []string{}
		for _, row := range unicef.Get("/api/tpm/visits/activities/"+path).Want(l, 200).JSON(l).([]any) {
			got = append(got, dig(row, key).(string))
		}
		return got
	}
	l.same("partners", names("implementing-partners/", "name"), []string{"Afya Bora Consortium", "Ministry of Health", "World Food Friends"})
	l.same("partners searched", names("implementing-partners/?search=FOOD", "name"), []string{"World Food Friends"})
	l.same("sections", names("sections/", "name"), []string{"Health", "WASH"})
	l.same("outputs", names("cp-outputs/", "result_name"), []string{"2.1 Output: Nutrition", "1.1 Output: Safe water"})
	l.same("outputs by code", names("cp-outputs/?search=2.1", "result_name"), []string{"2.1 Output: Nutrition"})
	l.exec("update organisation_partners set hidden = $2 where id = $1", l.id("partner C1"), true)
	l.exec("update organisation_outputs set hidden = $2 where id = $1", l.id("output 1.1"), true)
	l.same("partners without the hidden", names("implementing-partners/", "name"), []string{"Ministry of Health", "World Food Friends"})
	l.same("outputs without the hidden", names("cp-outputs/", "result_name"), []string{"2.1 Output: Nutrition"})
}
