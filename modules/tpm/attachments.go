package tpm

import (
	"context"
	"errors"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/modules/attachment"
	"almoner.dev/almoner/modules/organisation"
)

// The codes under which documents of visits and tasks are stored (tpm §5.7).
const (
	visitDocuments = "visit_attachments"
	visitReports   = "visit_report_attachments"
	taskDocuments  = "activity_attachments"
	taskReports    = "activity_report"
)

const source = "Third Party Monitoring"

// fileTypes are those of tpm §9. The guard of send_report needs `report` and `overall_report`.
var fileTypes = []attachment.FileType{
	{Name: "report", Label: "Report", Groups: []string{"tpm_report"}},
	{Name: "overall_report", Label: "Overall Report", Groups: []string{"tpm_report_attachments"}},
	{Name: "picture_dataset", Label: "Picture Dataset", Groups: []string{"tpm_report_attachments"}},
	{Name: "questionnaire", Label: "Questionnaire", Groups: []string{"tpm_report_attachments"}},
	{Name: "programme_document", Label: "FACE", Groups: []string{"tpm"}},
	{Name: "supply_manual_list", Label: "Progress report", Groups: []string{"tpm"}},
	{Name: "unicef_trip_report_action_point_report", Label: "Partnership review", Groups: []string{"tpm"}},
	{Name: "partner_report", Label: "Final Partnership Review", Groups: []string{"tpm"}},
	{Name: "previous_trip_reports", Label: "Correspondence", Groups: []string{"tpm"}},
	{Name: "training_materials", Label: "Supply/Distribution Plan", Groups: []string{"tpm"}},
	{Name: "tors", Label: "Workplan", Groups: []string{"tpm"}},
	{Name: "signed_pd/ssfa", Label: "Signed PD/SPD", Groups: []string{"tpm"}},
	{Name: "prc_submission", Label: "PRC Submission", Groups: []string{"tpm"}},
	{Name: "terms_of_reference", Label: "Terms of Reference", Groups: []string{"tpm_partner"}},
	{Name: "training_material", Label: "Training Material", Groups: []string{"tpm_partner"}},
	{Name: "contract", Label: "Contract", Groups: []string{"tpm_partner"}},
	{Name: "questionnaires", Label: "Questionnaires", Groups: []string{"tpm_partner"}},
	{Name: "other", Label: "Other", Groups: []string{"tpm", "tpm_report", "tpm_report_attachments", "tpm_partner"}},
}

// prepare seeds the file types.
func (s *Service) prepare(ctx context.Context, tx *db.Tx) error {
	return s.attachments.EnsureTypes(ctx, tx, fileTypes)
}

// documents declares firms, visits and tasks as owners of documents, and returns the five collections of tpm §5.7.
func (s *Service) documents() []*api.Resource {
	const report = "{t}.code in ('" + visitReports + "', '" + taskReports + "')"
	visitOfTask := func(id string) string { return "(select k.visit_id from tpm_tasks k where k.id = " + id + ")" }
	firm := s.attachments.Own(attachment.Owner{
		Entity: s.Firm, Names: []string{"tpmpartners/tpmpartner"}, ShownSource: source,
		Page: "'/tpm/partners/' || {o} || '/details'",
		Visible: func(a *almoner.Actor, arg func(any) string) string {
			sql := "exists (select 1 from tpm_firms f where f.id = {t}.owner_id"
			if scope := firmScope(a, arg); scope != "" {
				sql += " and (" + entity.Over(scope, "f") + ")"
			}
			return sql + ")"
		},
		Changed: s.tell(s.Firm.Name),
	})
	visit := s.attachments.Own(attachment.Owner{
		Entity: s.Visit, Names: []string{"tpm/tpmvisit"}, Source: source, ShownSource: source,
		Page: "'/tpm/visits/' || {o} || '/details'",
		Visible: func(a *almoner.Actor, arg func(any) string) string {
			return mayHave(a, arg, "{t}.owner_id", report)
		},
		Changed: s.tell(s.Visit.Name),
	})
	s.taskOwner = s.attachments.Own(attachment.Owner{
		Entity: s.Task, Names: []string{"tpm/tpmactivity"}, Source: source, ShownSource: source, LinkSource: source,
		Page:    "'/tpm/visits/' || " + visitOfTask("{o}") + " || '/details'",
		Partner: "select k.partner_id from tpm_tasks k where k.id = {o}", Agreement: "select k.agreement_id from tpm_tasks k where k.id = {o}",
		Visible: func(a *almoner.Actor, arg func(any) string) string {
			return mayHave(a, arg, visitOfTask("{t}.owner_id"), report)
		},
		Linked: func(a *almoner.Actor, arg func(any) string) string {
			return mayHave(a, arg, visitOfTask("{o}"), "1 = 0")
		},
		Enter:   s.enterTask,
		Changed: s.tell(s.Task.Name),
	})
	tasks := func(visitID string) string { return "select k.id from tpm_tasks k where k.visit_id = " + visitID }
	below := func(name, path, title, part, code, group string, children func(string) string) *api.Resource {
		owner := visit
		if children != nil {
			owner = s.taskOwner
		}
		return s.attachments.Collection(attachment.Collection{
			Name: "tpm." + name, Path: "/api/tpm/visits/{visit}/" + path + "/", Param: "visit", Title: title, Wire: api.Lenient,
			Parent: s.Visit, Part: part, Owner: owner, Code: code, Group: group, Children: children,
		})
	}
	return []*api.Resource{
		s.attachments.Collection(attachment.Collection{
			Name: "tpm.firm_attachment", Path: "/api/tpm/partners/{firm}/attachments/", Param: "firm", Title: "Attachments", Wire: api.Lenient,
			Part: "attachments", Owner: firm, Group: "tpm_partner", Shape: "firm",
		}),
		below("visit_attachment", "attachments", "Related Documents for Overall Visit", "attachments", visitDocuments, "tpm", nil),
		below("visit_report_attachment", "report-attachments", "Overall Report", "report_attachments", visitReports, "tpm_report_attachments", nil),
		below("task_attachment", "activities/attachments", "Related Documents by Task", "tpm.task.attachments", taskDocuments, "tpm", tasks),
		below("task_report_attachment", "activities/report-attachments", "Reports by Task", "tpm.task.report_attachments", taskReports, "tpm_report", tasks),
	}
}

// mayHave is the rules of tpm §4.3–4.4 on the sets A and R as a condition on one document: visit is SQL for the id of its visit, report for
// whether it is a report rather than a related document.
func mayHave(a *almoner.Actor, arg func(any) string, visit, report string) string {
	var ways []string
	if a.Has(organisation.AgencyRole) {
		ways = append(ways, "1 = 1")
	}
	if a.Has(organisation.PlannerRole) {
		ways = append(ways, "not "+report+" and v.status in ('draft', 'assigned', 'tpm_rejected')")
	}
	if a.Has(organisation.MonitorRole) {
		own := "v.firm_id in (select f.id from tpm_firms f where f.organization_id = " + arg(a.OrganizationID) + ")"
		focal := entity.Over(isFirmFocal(a, arg), "v")
		ways = append(ways, own+" and (not "+report+" or v.status in ('tpm_reported', 'unicef_approved', 'cancelled')"+
			" or v.status in ('tpm_accepted', 'tpm_report_rejected') and "+focal+")")
	}
	if len(ways) == 0 {
		return "1 = 0"
	}
	sql := visibleVisit(a, arg, visit) + " and ("
	for i, way := range ways {
		if i > 0 {
			sql += " or "
		}
		sql += "(" + way + ")"
	}
	return "exists (" + sql + "))"
}

// tell states that a document of a record came or went, so that the timeline of the visit shows it. The documents of
// a task that is deleted go with it without a word.
func (s *Service) tell(entityName string) func(context.Context, *db.Tx, attachment.Event) error {
	return func(ctx context.Context, tx *db.Tx, e attachment.Event) error {
		fact := event.Fact{Name: entityName + "_file_added", Entity: entityName, Subject: e.OwnerID, Data: map[string]any{"attachment": e.AttachmentID, "code": e.Code}}
		if !e.Added {
			fact.Name = entityName + "_file_removed"
		}
		if entityName == s.Task.Name {
			visit, err := visitOf(ctx, tx, e.OwnerID)
			if err != nil || visit == 0 {
				return err
			}
			fact.ParentEntity, fact.Parent = s.Visit.Name, visit
		}
		_, err := event.Emit(ctx, tx, fact)
		return err
	}
}

// fileFacts are the facts about documents.
func fileFacts() []event.Type {
	var list []event.Type
	for _, of := range []string{"firm", "visit", "task"} {
		list = append(list,
			event.Type{Name: "tpm." + of + "_file_added", Doc: "A document was attached to a " + of + "; data: attachment, its id, and code, which list it is in."},
			event.Type{Name: "tpm." + of + "_file_removed", Doc: "A document of a " + of + " was deleted; data: attachment, its former id, and code."})
	}
	return list
}

// visitOf is the visit of a task, 0 when there is no such task.
func visitOf(ctx context.Context, q db.Queryer, taskID int64) (int64, error) {
	var id int64
	err := q.QueryRow(ctx, "select visit_id from tpm_tasks where id = $1", taskID).Scan(&id)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return 0, fmt.Errorf("read visit of task %d: %w", taskID, err)
	}
	return id, nil
}

// enterTask opens the links of a task: to read them one must see its visit, to change them edit its documents or be a planner (tpm §12-12).
func (s *Service) enterTask(q *api.Request, tx db.Queryer, id int64, write bool) error {
	visit, err := visitOf(q.Context(), tx, id)
	if err != nil {
		return err
	}
	if visit == 0 {
		return entity.NotFound()
	}
	found, err := s.visits.Locate(q, tx, visit)
	if err != nil || !write || q.Actor.Has(organisation.PlannerRole) {
		return err
	}
	if v := found.Viewer; !v.Policy.May(access.Edit, v.Policy.Target(s.Task.Name+".attachments"), v.Set) {
		return api.Forbidden()
	}
	return nil
}

// linkCalls are the links of tasks (tpm §5.8).
func (s *Service) linkCalls() []api.Call {
	const path = "/api/tpm/visits/activities/{task}/links/"
	return []api.Call{
		{
			Name: "tpm.task_link.list", Method: "GET", Path: path, Summary: "List the documents that are linked to a task.",
			Wire: api.Lenient, Rule: api.SignedIn, Output: attachment.LinkSchema, Do: s.taskLinks,
		},
		{
			Name: "tpm.task_link.create", Method: "POST", Path: path, Summary: "Link documents to a task without copying them.",
			Wire: api.Lenient, Rule: api.SignedIn, Input: attachment.LinkInput, Output: api.Object(nil), Status: 201, Enter: s.enterLinks, Do: s.linkToTask,
		},
		{
			Name: "tpm.visit_link.list", Method: "GET", Path: "/api/tpm/visits/{visit}/links/", Summary: "List the documents that are linked to the tasks of a visit.",
			Wire: api.Lenient, Rule: api.SignedIn, Output: attachment.LinkSchema, Do: s.visitLinks,
		},
	}
}

func (s *Service) taskLinks(q *api.Request) (any, error) {
	return s.links(q, "task", func(tx db.Queryer, id int64) ([]attachment.Linked, error) {
		if err := s.enterTask(q, tx, id, false); err != nil {
			return nil, err
		}
		return s.attachments.Links(q.Context(), tx, s.taskOwner, "{o} = $2", id)
	})
}

func (s *Service) visitLinks(q *api.Request) (any, error) {
	return s.links(q, "visit", func(tx db.Queryer, id int64) ([]attachment.Linked, error) {
		if _, err := s.visits.Locate(q, tx, id); err != nil {
			return nil, err
		}
		return s.attachments.Links(q.Context(), tx, s.taskOwner, "{o} in (select k.id from tpm_tasks k where k.visit_id = $2)", id)
	})
}

func (s *Service) links(q *api.Request, param string, read func(tx db.Queryer, id int64) ([]attachment.Linked, error)) (any, error) {
	id, err := q.ID(param)
	if err != nil {
		return nil, err
	}
	var list []attachment.Linked
	err = s.db.View(q.Context(), func(tx db.Queryer) (err error) {
		list, err = read(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// enterLinks refuses whoever may not link before the body is read.
func (s *Service) enterLinks(q *api.Request) error {
	id, err := q.ID("task")
	if err != nil {
		return err
	}
	return s.db.View(q.Context(), func(tx db.Queryer) error { return s.enterTask(q, tx, id, true) })
}

func (s *Service) linkToTask(q *api.Request) (any, error) {
	id, err := q.ID("task")
	if err != nil {
		return nil, err
	}
	var list []attachment.Linked
	err = s.db.InTx(q.Context(), func(tx *db.Tx) error {
		if err := s.enterTask(q, tx, id, true); err != nil {
			return err
		}
		list, err = s.attachments.LinkTo(q.Context(), tx, s.taskOwner, id, q.In["attachments"])
		return err
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"attachments": list}, nil
}

// afterTask keeps the days of the visit in step, and takes the documents of a deleted task with it (tpm §2.2).
func (s *Service) afterTask(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if c.Delete || c.New() || c.Changes("date") {
		if err := spanTasks(ctx, tx, c.Int("tpm_visit")); err != nil {
			return err
		}
	}
	if !c.Delete {
		return nil
	}
	return s.attachments.RemoveOf(ctx, tx, s.Task.Name, c.ID)
}
