package tpm_test

import (
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/core/access"
)

// This file holds tpm §3–4 as the reference writes them, typed from its text and not from rules.go: the tests compare the two.

// fieldSets are tpm §4.2, by letter.
var fieldSets = map[string]string{
	"L": `tpm.visit: reference_number, tpm_partner, implementing_partners, status, status_date, locations, sections, unicef_focal_points, tpm_partner_focal_points`,
	"D": `tpm.visit: date_created, date_of_assigned, date_of_cancelled, date_of_tpm_accepted, date_of_tpm_rejected, date_of_tpm_reported, date_of_tpm_report_rejected, date_of_unicef_approved`,
	"O": `tpm.visit: start_date, end_date, tpm_partner_focal_points, visit_information`,
	"T": `tpm.visit: tpm_activities; tpm.task: partner, intervention, cp_output, section, date, locations, additional_information, offices, unicef_focal_points, _delete`,
	"A": `tpm.visit: attachments; tpm.task: attachments`,
	"R": `tpm.visit: report_attachments, tpm_activities; tpm.task: report_attachments`,
	"X": `tpm.visit: tpm_activities; tpm.task: action_points; tpm.action_point: *`,
	"P": `tpm.firm: *`,
}

// anyStatus are the rules of tpm §4.3: role, kind, condition, targets.
const anyStatus = `
unicef | view | | P, L, O, T, A, D, R
tpm | view | | P, L
pme | edit | | P
pme | edit | while creating a visit | tpm_partner
pme, focal, ap_author, ap_assignee, ap_assigner | edit | AP open | X
pme, focal, ap_assignee | action | AP open | TPM-AP.complete`

// byStatus is the table of tpm §4.4: status, pme, unicef, focal, tpm, tpm_focal. Its last line is the addition of §12-23.
const byStatus = `
draft | edit O,T,A; view cancel_comment; actions assign, cancel | – | – | view O,T,A,D | –
assigned | edit O,T,A; view cancel_comment; action cancel | – | – | view O,T,A,D | view reject_comment; actions accept, reject
tpm_rejected | edit O,T,A; view cancel_comment; actions assign, cancel | view reject_comment | – | view O,T,A,D, reject_comment | –
tpm_accepted | view cancel_comment; action cancel | – | – | view O,T,A,D | edit R; action send_report
tpm_reported | view task.pv_applicable; edit approval_comment, report_reject_comments, tpm_activities, task.action_points; edit TPM-AP.* while creating an AP; actions approve, reject_report | view X | same as pme column | view O,T,A,D,R | –
tpm_report_rejected | – | view report_reject_comments | – | view O,T,A,D, report_reject_comments | edit R; action send_report
unicef_approved | edit tpm_activities, task.action_points; edit TPM-AP.* while creating an AP | view X, approval_comment | same as pme column | view O,T,A,D,R | –
cancelled | – | view cancel_comment | – | view cancel_comment, O,T,A,D,R | –
tpm_report_rejected | – | view X | – | – | –`

var statuses = strings.Fields("draft assigned cancelled tpm_accepted tpm_rejected tpm_reported tpm_report_rejected unicef_approved")

// sources are tpm §3: from which states the machine allows a move, and where it leads.
var sources = map[string]struct{ from, to string }{
	"assign":        {"draft tpm_rejected", "assigned"},
	"cancel":        {"draft assigned tpm_accepted tpm_rejected tpm_reported tpm_report_rejected", "cancelled"},
	"accept":        {"assigned", "tpm_accepted"},
	"reject":        {"assigned", "tpm_rejected"},
	"send_report":   {"tpm_accepted tpm_report_rejected", "tpm_reported"},
	"reject_report": {"tpm_reported", "tpm_report_rejected"},
	"approve":       {"tpm_reported", "unicef_approved"},
}

// movers are tpm §11 "Transitions, roles": everything that is not listed is refused.
var movers = map[string]string{
	"pme":       "draft/assign draft/cancel assigned/cancel tpm_accepted/cancel tpm_rejected/assign tpm_rejected/cancel tpm_reported/approve tpm_reported/reject_report",
	"focal":     "tpm_reported/approve tpm_reported/reject_report",
	"tpm_focal": "assigned/accept assigned/reject tpm_accepted/send_report tpm_report_rejected/send_report",
}

// The fields of tpm §5.4.
var (
	lightFields = strings.Fields(`start_date end_date tpm_partner implementing_partners locations sections status status_date reference_number unicef_focal_points
		tpm_partner_focal_points date_created date_of_assigned date_of_cancelled date_of_tpm_accepted date_of_tpm_rejected date_of_tpm_reported
		date_of_tpm_report_rejected date_of_unicef_approved`)
	fullFields = append(slices.Clone(lightFields), strings.Fields(`tpm_activities cancel_comment reject_comment approval_comment visit_information report_reject_comments`)...)
	taskFields = strings.Fields(`partner intervention cp_output section unicef_focal_points date locations additional_information pv_applicable offices`)
	firmFields = strings.Fields(`id vendor_number name street_address city postal_code country email phone_number hidden blocked vision_synced deleted_flag organization_id`)
)

// writableEver are the fields that some input may change at some time (tpm §4.4, first consequence).
var (
	writableVisit = strings.Fields("tpm_partner tpm_partner_focal_points visit_information tpm_activities approval_comment")
	writableTask  = strings.Fields("partner intervention cp_output section date locations additional_information offices unicef_focal_points")
)

// collections are the lists of documents of tpm §5.7 below a visit, with the target that opens each.
var collections = map[string]string{
	"attachments":                   "tpm.visit.attachments",
	"report-attachments":            "tpm.visit.report_attachments",
	"activities/attachments":        "tpm.task.attachments",
	"activities/report-attachments": "tpm.task.report_attachments",
}

// papers is what tpm §4.4 "Consequences" says of these lists in words: who reads and who writes them, in which states.
const papers = `
documents | read | unicef tpm | draft assigned cancelled tpm_accepted tpm_rejected tpm_reported tpm_report_rejected unicef_approved
documents | read | pme | draft assigned tpm_rejected
documents | write | pme | draft assigned tpm_rejected
reports | read | unicef | draft assigned cancelled tpm_accepted tpm_rejected tpm_reported tpm_report_rejected unicef_approved
reports | read | tpm | tpm_reported unicef_approved cancelled
reports | read | tpm_focal | tpm_accepted tpm_report_rejected
reports | write | tpm_focal | tpm_accepted tpm_report_rejected`

// papersAllow answers from the words of §4.4, without the tables.
func (s situation) papersAllow(collection, use string) bool {
	kind := "documents"
	if strings.Contains(collection, "report") {
		kind = "reports"
	}
	for _, line := range lines(papers) {
		cells := bars(line)
		if cells[0] == kind && cells[1] == use && slices.Contains(strings.Fields(cells[3]), s.status) &&
			slices.ContainsFunc(strings.Fields(s.roles), func(role string) bool { return slices.Contains(strings.Fields(cells[2]), role) }) {
			return true
		}
	}
	return false
}

// situation is everything that decides: who asks, about what.
type situation struct {
	// roles are role keys of tpm §1, separated by spaces.
	roles  string
	status string
	// creating is "visit" or "AP", open tells that an open action point is in hand.
	creating string
	open     bool
}

// grant is one cell of the tables.
type grant struct {
	role, status, condition string
	kind                    access.Kind
	targets                 []string
}

var grants = readGrants()

func readGrants() []grant {
	var list []grant
	add := func(roles, status, condition, kind, what string) {
		for _, role := range commas(roles) {
			g := grant{role: role, status: status, condition: condition, kind: kindOf(kind)}
			for _, word := range commas(what) {
				g.targets = append(g.targets, targetsOf(word, g.kind)...)
			}
			list = append(list, g)
		}
	}
	for _, line := range lines(anyStatus) {
		cells := bars(line)
		add(cells[0], "", cells[2], cells[1], cells[3])
	}
	for _, line := range lines(byStatus) {
		cells := bars(line)
		for i, role := range []string{"pme", "unicef", "focal", "tpm", "tpm_focal"} {
			cell := cells[i+1]
			if cell == "same as pme column" {
				cell = cells[1]
			}
			for _, part := range strings.Split(cell, ";") {
				if part = strings.TrimSpace(part); part == "–" {
					continue
				}
				condition := ""
				if rest, found := strings.CutSuffix(part, " while creating an AP"); found {
					part, condition = rest, "while creating an AP"
				}
				kind, what, _ := strings.Cut(part, " ")
				add(role, cells[0], condition, kind, what)
			}
		}
	}
	return list
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

func bars(line string) []string {
	cells := strings.Split(line, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

func commas(text string) []string {
	var list []string
	for _, s := range strings.Split(text, ",") {
		list = append(list, strings.TrimSpace(s))
	}
	return list
}

func kindOf(word string) access.Kind {
	switch word {
	case "view":
		return access.View
	case "edit":
		return access.Edit
	case "action", "actions":
		return access.Act
	}
	panic("the reference has no kind " + word)
}

// targetsOf reads one word of a cell: the letter of a set, a field of the visit, or one of a task or action point.
func targetsOf(word string, kind access.Kind) []string {
	if set, ok := fieldSets[word]; ok {
		var list []string
		for _, part := range strings.Split(set, ";") {
			entity, names, _ := strings.Cut(strings.TrimSpace(part), ":")
			for _, name := range commas(names) {
				list = append(list, entity+"."+name)
			}
		}
		return list
	}
	if rest, ok := strings.CutPrefix(word, "task."); ok {
		return []string{"tpm.task." + rest}
	}
	if rest, ok := strings.CutPrefix(word, "TPM-AP."); ok {
		return []string{"tpm.action_point." + rest}
	}
	return []string{"tpm.visit." + word}
}

// allowed answers from the tables: there are no refusals in them, so what any cell allows is allowed, and editing implies viewing.
func (s situation) allowed(kind access.Kind, target string) bool {
	entity := target[:strings.LastIndexByte(target, '.')]
	for _, g := range grants {
		if !slices.Contains(strings.Fields(s.roles), g.role) || g.status != "" && g.status != s.status {
			continue
		}
		if g.kind != kind && (kind != access.View || g.kind != access.Edit) {
			continue
		}
		switch g.condition {
		case "while creating a visit":
			if s.creating != "visit" {
				continue
			}
		case "while creating an AP":
			if s.creating != "AP" {
				continue
			}
		case "AP open":
			if !s.open {
				continue
			}
		}
		if slices.Contains(g.targets, target) || slices.Contains(g.targets, entity+".*") {
			return true
		}
	}
	return false
}

// among returns which of the names of an entity are allowed, sorted.
func (s situation) among(kind access.Kind, entity string, names []string) []string {
	list := []string{}
	for _, name := range names {
		if s.allowed(kind, entity+"."+name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// seen are the keys of an object of this entity: id goes with at least one other (tpm §4.1-7).
func (s situation) seen(entity string, names []string) []string {
	list := s.among(access.View, entity, names)
	if len(list) > 0 {
		list = append(list, "id")
		slices.Sort(list)
	}
	return list
}

// body are the keys of a visit: references to firm and tasks are there only when anything of them is (tpm §4.1-7).
func (s situation) body(names []string) []string {
	list := s.seen("tpm.visit", names)
	if len(s.seen("tpm.task", taskFields)) == 0 {
		list = slices.DeleteFunc(list, func(name string) bool { return name == "tpm_activities" })
	}
	if len(list) == 1 {
		return []string{}
	}
	return list
}

// moves are the codes that the person may use from the state, by code, cancel last (tpm §6).
func (s situation) moves() []string {
	list := []string{}
	for code, source := range sources {
		if slices.Contains(strings.Fields(source.from), s.status) && s.mayMove(code) {
			list = append(list, code)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if (a == "cancel") != (b == "cancel") {
			if a == "cancel" {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return list
}

// mayMove answers from the list of §11, without the rules of §4.
func (s situation) mayMove(code string) bool {
	for _, role := range strings.Fields(s.roles) {
		if slices.Contains(strings.Fields(movers[role]), s.status+"/"+code) {
			return true
		}
	}
	return false
}

// The two ways in which the reference writes who may make a move agree with each other: §4.4 by status and §11 by role.
func TestReferenceAgreesWithItself(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"pme", "unicef", "focal", "tpm", "tpm_focal"} {
		for _, status := range statuses {
			for code, source := range sources {
				s := situation{roles: role, status: status}
				bySection4 := s.allowed(access.Act, "tpm.visit."+code) && slices.Contains(strings.Fields(source.from), status)
				if bySection11 := s.mayMove(code); bySection4 != bySection11 {
					t.Errorf("%s %s in %s: §4.4 says %t, §11 says %t", role, code, status, bySection4, bySection11)
				}
			}
		}
	}
	for _, roles := range []string{"pme", "unicef", "unicef focal", "tpm", "tpm tpm_focal", "unicef pme"} {
		for _, status := range statuses {
			for collection, target := range collections {
				s := situation{roles: roles, status: status}
				if table, words := s.allowed(access.View, target), s.papersAllow(collection, "read"); table != words {
					t.Errorf("%s reads %s in %s: the tables say %t, the words %t", roles, collection, status, table, words)
				}
				if table, words := s.allowed(access.Edit, target), s.papersAllow(collection, "write"); table != words {
					t.Errorf("%s writes %s in %s: the tables say %t, the words %t", roles, collection, status, table, words)
				}
			}
		}
	}
	if len(grants) < 30 {
		t.Errorf("only %d cells were read from the tables", len(grants))
	}
}
