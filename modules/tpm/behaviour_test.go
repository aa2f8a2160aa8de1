package tpm_test

import (
	"fmt"
	"slices"
	"testing"
)

// The statements "Model" of tpm §11: pv_applicable is false only for the task whose report files were removed, an overall report makes it true for all tasks,
// and saving a file on a task without an agreement does not fail.
func TestWhichTasksMayCount(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme, focal := l.a.As("pme@agency.example"), l.a.As("tpmfocal@firm.example")
		visit := l.visit("tpm_accepted", nil)
		for range 2 {
			l.task(visit, nil)
		}
		tasks := l.tasks(visit)
		l.exec("update tpm_tasks set partner_id = $2, agreement_id = null where id = $1", tasks[2], l.id("partner G1"))
		reports := make([]string, len(tasks))
		for i, task := range tasks {
			collection := list(visit, "activities/report-attachments")
			made := send(l.T, focal, "POST", collection, part{"object_id", "", fmt.Sprint(task)}, part{"file_type", "", l.fileType("report")}, part{"file", "r.pdf", pdfText})
			reports[i] = fmt.Sprintf("%s%d/", collection, made.Want(l, 201).ID(l))
		}
		applicable := func() []any {
			l.Helper()
			values := []any{}
			for i := range tasks {
				values = append(values, dig(pme.Get(path(visit)).Want(l, 200).JSON(l), "tpm_activities", i, "pv_applicable"))
			}
			return values
		}
		focal.Post(path(visit, "send_report"), nil).Want(l, 200)
		l.same("a report for each", applicable(), []bool{true, true, true})
		pme.Post(path(visit, "reject_report"), map[string]any{"reject_comment": "The second is empty"}).Want(l, 200)
		focal.Delete(reports[1]).Want(l, 204)
		focal.Post(path(visit, "send_report"), nil).Want(l, 200)
		l.same("the second taken away", applicable(), []bool{true, false, true})
		// Only the name of the type matters, not the list that the file is in (tpm §2.2).
		l.attached(l.tpm.Task, tasks[1], "activity_attachments", "report")
		l.same("a report among the documents", applicable(), []bool{true, true, true})
		l.exec("delete from attachment_attachments where owner_entity = $1", "tpm.task")
		l.same("none", applicable(), []bool{false, false, false})
		l.attached(l.tpm.Visit, visit, "visit_report_attachments", "questionnaire")
		l.same("another type", applicable(), []bool{false, false, false})
		l.attached(l.tpm.Visit, visit, "visit_attachments", "overall_report")
		l.same("an overall report", applicable(), []bool{true, true, true})
	})
}

// The statements "Flat attachments" of tpm §11: what has neither file nor link is not listed, links are, and a file of a task carries its partner, its type and vendor number,
// the numbers of agreement and of the one above it, and where it comes from.
func TestFlatRows(t *testing.T) {
	eachEngine(t, func(l *lab) {
		const area = "/api/v2/attachments/"
		pme := l.a.As("pme@agency.example")
		l.exec("update organisation_agreements set agreement_reference_number = $2 where id = $1", l.id("agreement KEN/PCA1/PD1"), "KEN/PCA1")
		visit := l.visit("draft", nil)
		file := send(l.T, pme, "POST", list(visit, "activities/attachments"), part{"object_id", "", fmt.Sprint(l.tasks(visit)[0])}, part{"file_type", "", l.fileType("tors")}, part{"file", "tors.pdf", pdfText}).
			Want(l, 201).ID(l)
		link := l.attached(l.tpm.Visit, visit, "visit_attachments", "other")
		hollow := l.attached(l.tpm.Visit, visit, "visit_attachments", "other")
		l.exec("update attachment_attachments set hyperlink = '' where id = $1", hollow)
		rows := map[int64]any{}
		ids := []int64{}
		for _, row := range pme.Get(area).Want(l, 200).JSON(l).([]any) {
			id := int64(dig(row, "attachment").(float64))
			rows[id] = row
			ids = append(ids, id)
		}
		slices.Sort(ids)
		l.same("rows", ids, []int64{file, link})
		pme.Get(fmt.Sprintf("%sfile/%d/", area, hollow)).Want(l, 404)
		got := []any{}
		for _, name := range []string{"partner", "partner_type", "vendor_number", "pd_ssfa", "pd_ssfa_number", "agreement_reference_number", "source", "file_type", "filename", "uploaded_by", "ip_address", "file_link"} {
			got = append(got, dig(rows[file], name))
		}
		l.same("a file of a task", got, []any{
			"Afya Bora Consortium", "Civil Society Organization", "C1", l.id("agreement KEN/PCA1/PD1"), "KEN/PCA1/PD1", "KEN/PCA1", "Third Party Monitoring", "Workplan", "tors.pdf",
			"Amina Otieno", "192.0.2.1", fmt.Sprintf("%sfile/%d/", area, file),
		})
		l.same("a link", []any{dig(rows[link], "partner"), dig(rows[link], "source"), dig(rows[link], "filename")}, []any{"", "Third Party Monitoring", ""})
	})
}
