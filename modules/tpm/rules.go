package tpm

import (
	"slices"

	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/modules/organisation"
)

// The predicates of this module (tpm §1, "Role key").
const (
	// predStaff: the person is staff of the firm in hand, or of their own when none is.
	predStaff = "tpm.staff"
	// predFocal: the person is focal point on a task of the visit.
	predFocal = "tpm.visit.focal"
	// predFirmFocal: the person is focal point of the firm on the visit.
	predFirmFocal = "tpm.visit.firm_focal"
)

// roles are the conditions of each role key of tpm §1; all must hold.
var roles = map[string][]string{
	"unicef":      {access.Role(organisation.AgencyRole)},
	"pme":         {access.Role(organisation.PlannerRole)},
	"focal":       {access.Role(organisation.AgencyRole), predFocal},
	"tpm":         {access.Role(organisation.MonitorRole), predStaff},
	"tpm_focal":   {access.Role(organisation.MonitorRole), predStaff, predFirmFocal},
	"ap_author":   {"tpm.action_point.author"},
	"ap_assignee": {"tpm.action_point.assignee"},
	"ap_assigner": {"tpm.action_point.assigner"},
}

// actionPointTargets are what rules say about the follow-ups of a visit.
var actionPointTargets = access.Entity{Name: "tpm.action_point", Parts: []string{
	"reference_number", "author", "assigned_by", "assigned_to", "high_priority", "due_date", "description", "office", "section", "location", "created",
	"date_of_completion", "status", "status_date", "partner", "intervention", "cp_output", "tpm_activity", "history", "is_responsible", "url", "complete",
}}

// sets are the field sets of tpm §4.2.
var sets = map[string][]string{
	"P": {"tpm.firm.*"},
	"L": visitFields("reference_number", "tpm_partner", "implementing_partners", "status", "status_date", "locations", "sections", "unicef_focal_points", "tpm_partner_focal_points"),
	"D": visitFields("date_created", "date_of_assigned", "date_of_cancelled", "date_of_tpm_accepted", "date_of_tpm_rejected", "date_of_tpm_reported",
		"date_of_tpm_report_rejected", "date_of_unicef_approved"),
	"O": visitFields("start_date", "end_date", "tpm_partner_focal_points", "visit_information"),
	"T": append(visitFields("tpm_activities"), taskFields("partner", "intervention", "cp_output", "section", "date", "locations", "additional_information", "offices",
		"unicef_focal_points", "_delete")...),
	"A": append(visitFields("attachments"), taskFields("attachments")...),
	"R": append(visitFields("report_attachments", "tpm_activities"), taskFields("report_attachments")...),
	"X": append(append(visitFields("tpm_activities"), taskFields("action_points")...), "tpm.action_point.*"),
}

func visitFields(names ...string) []string { return targets("tpm.visit.", names) }
func taskFields(names ...string) []string  { return targets("tpm.task.", names) }

func targets(prefix string, names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = prefix + n
	}
	return list
}

// line is one cell of the tables of tpm §4.3–4.4: what some roles may do with some targets in some states.
type line struct {
	states string // separated by spaces; empty for any
	roles  string
	kind   access.Kind
	what   string // sets by letter, visit fields and actions by name, others by full name
	when   []string
}

var (
	creatingVisit    = []string{access.New("tpm.visit")}
	actionPointOpen  = []string{access.Status("tpm.action_point", "open")}
	creatingActionPt = []string{access.New("tpm.action_point")}
)

// table is tpm §4.3 and §4.4, line by line, and behind it the rows that Almoner adds.
var table = []line{
	{"", "unicef", access.View, "P L O T A D R", nil},
	{"", "tpm", access.View, "P L", nil},
	{"", "pme", access.Edit, "P", nil},
	{"", "pme", access.Edit, "tpm_partner", creatingVisit},
	{"", "pme focal ap_author ap_assignee ap_assigner", access.Edit, "X", actionPointOpen},
	{"", "pme focal ap_assignee", access.Act, "tpm.action_point.complete", actionPointOpen},

	{"draft assigned tpm_rejected", "pme", access.Edit, "O T A", nil},
	{"draft assigned tpm_rejected tpm_accepted", "pme", access.View, "cancel_comment", nil},
	{"draft assigned tpm_rejected tpm_accepted", "pme", access.Act, "cancel", nil},
	{"draft tpm_rejected", "pme", access.Act, "assign", nil},
	{"draft assigned tpm_rejected tpm_accepted tpm_reported tpm_report_rejected unicef_approved cancelled", "tpm", access.View, "O T A D", nil},
	{"assigned", "tpm_focal", access.View, "reject_comment", nil},
	{"assigned", "tpm_focal", access.Act, "accept reject", nil},
	{"tpm_rejected", "unicef tpm", access.View, "reject_comment", nil},
	{"tpm_accepted tpm_report_rejected", "tpm_focal", access.Edit, "R", nil},
	{"tpm_accepted tpm_report_rejected", "tpm_focal", access.Act, "send_report", nil},
	{"tpm_reported", "pme focal", access.View, "tpm.task.pv_applicable", nil},
	{"tpm_reported", "pme focal", access.Edit, "approval_comment report_reject_comments", nil},
	{"tpm_reported unicef_approved", "pme focal", access.Edit, "tpm_activities tpm.task.action_points", nil},
	{"tpm_reported unicef_approved", "pme focal", access.Edit, "tpm.action_point.*", creatingActionPt},
	{"tpm_reported", "pme focal", access.Act, "approve reject_report", nil},
	{"tpm_reported unicef_approved", "unicef", access.View, "X", nil},
	{"tpm_reported unicef_approved cancelled", "tpm", access.View, "R", nil},
	{"tpm_report_rejected", "unicef tpm", access.View, "report_reject_comments", nil},
	{"unicef_approved", "unicef", access.View, "approval_comment", nil},
	{"cancelled", "unicef tpm", access.View, "cancel_comment", nil},

	// Almoner's own: agency users keep reading action points while a report is sent back (tpm §12-23).
	{"tpm_report_rejected", "unicef", access.View, "X", nil},
}

// Rules returns the permission rows of the module, one for each role, state, kind and target, without repetitions.
func Rules() []access.Rule {
	var rows []access.Rule
	seen := map[string]bool{}
	for _, l := range table {
		states := words(l.states)
		if len(states) == 0 {
			states = []string{""}
		}
		for _, state := range states {
			for _, role := range words(l.roles) {
				when := slices.Concat(roles[role], l.when)
				if state != "" {
					when = append(when, access.Status("tpm.visit", state))
				}
				for _, word := range words(l.what) {
					for _, target := range expand(word) {
						row := access.Rule{When: when, Kind: l.kind, Target: target}
						if key := row.String(); !seen[key] {
							seen[key] = true
							rows = append(rows, row)
						}
					}
				}
			}
		}
	}
	return rows
}

func expand(word string) []string {
	if set, ok := sets[word]; ok {
		return set
	}
	if slices.Contains([]byte(word), '.') {
		return []string{word}
	}
	return visitFields(word)
}
