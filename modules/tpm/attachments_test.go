package tpm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/attachment"
)

const (
	pdfText = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
	pngText = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)

// part is one part of a form; a name makes it a file.
type part struct{ field, name, text string }

// form writes a multipart body.
func form(t testing.TB, parts ...part) (media string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var to io.Writer
		var err error
		if p.name != "" {
			to, err = w.CreateFormFile(p.field, p.name)
		} else {
			to, err = w.CreateFormField(p.field)
		}
		if err == nil {
			_, err = io.WriteString(to, p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// send sends a form.
func send(t testing.TB, c *apptest.Client, method, path string, parts ...part) *apptest.Response {
	t.Helper()
	media, body := form(t, parts...)
	return c.With("Content-Type", media).Do(method, path, body)
}

// fileType is the id of a type by name, as text for forms.
func (l *lab) fileType(name string) string {
	l.Helper()
	return fmt.Sprint(l.count("select id from attachment_file_types where name = $1", name))
}

func (l *lab) tasksOf(visit int64) []int64 {
	return l.numbers("select id from tpm_tasks where visit_id = $1 order by id", visit)
}

// attached puts a document on a record as the program itself, past rules about who may.
func (l *lab) attached(owner *entity.Entity, id int64, code, typeName string) int64 {
	l.Helper()
	s := l.a.Set.Parts["attachment"].Service.(*attachment.Service)
	return l.put("KEN", s.Attachment, 0, entity.Values{
		"owner_entity": owner.Name, "object_id": id, "code": code, "hyperlink": "https://reports.example/" + code,
		"file_type": l.count("select id from attachment_file_types where name = $1", typeName),
	})
}

// path of a list of documents below a visit.
func list(visit int64, what string) string { return path(visit) + what + "/" }

// pathOf is the path of an address of this program.
func pathOf(t testing.TB, address any) string {
	t.Helper()
	text, _ := address.(string)
	rest, ok := strings.CutPrefix(text, "http://example.com/")
	if !ok {
		t.Fatalf("%v is no whole address of this program", address)
	}
	return "/" + rest
}

// The statements of tpm §11 on attachments: who adds to which list in which state, and what is then in it.
func TestAttachmentsAreAddedAndListed(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme, unicef, firm, focal := l.a.As("pme@agency.example"), l.a.As("unicef@agency.example"), l.a.As("tpm@firm.example"), l.a.As("tpmfocal@firm.example")
		l.sub("firm", func(l *lab) {
			collection := fmt.Sprintf("/api/tpm/partners/%d/attachments/", l.id("firm F1"))
			contract := part{"file_type", "", l.fileType("contract")}
			got := send(l.T, pme, "POST", collection, contract, part{"file", "contract.pdf", pdfText}).Want(l.T, 201).Object(l.T)
			l.same("keys of a firm's document", keys(got), []string{"created", "file", "file_type", "filename", "hyperlink", "id", "modified", "source", "uploaded_by"})
			l.same("source", got["source"], "Third Party Monitoring")
			l.same("keys of who uploaded it", keys(got["uploaded_by"]), []string{"email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "username"})
			for who, c := range map[string]*apptest.Client{"planner": pme, "agency": unicef, "monitor": firm} {
				if n := dig(c.Get(collection).Want(l.T, 200).JSON(l.T), "count"); n != 1.0 {
					l.Errorf("the %s sees %v documents of the firm, want 1", who, n)
				}
			}
			send(l.T, firm, "POST", collection, contract, part{"file", "mine.pdf", pdfText}).Want(l.T, 403)
			l.a.As("rival@other.example").Get(collection).Want(l.T, 404)
			l.a.As("unrelated@else.example").Get(collection).Want(l.T, 404)
		})
		draft, accepted := l.visit("draft", nil), l.visit("tpm_accepted", nil)
		for _, c := range []struct {
			name, path, typeName, rightly string
			visit                         int64
			by, not                       *apptest.Client
		}{
			{"visit documents", "attachments", "tors", "draft", draft, pme, unicef},
			{"visit reports", "report-attachments", "overall_report", "tpm_accepted", accepted, focal, firm},
			{"task documents", "activities/attachments", "other", "draft", draft, pme, unicef},
			{"task reports", "activities/report-attachments", "report", "tpm_accepted", accepted, focal, firm},
		} {
			l.sub(c.name, func(l *lab) {
				collection := list(c.visit, c.path)
				parts := []part{{"file_type", "", l.fileType(c.typeName)}, {"file", "paper.pdf", pdfText}}
				wanted := []string{"created", "file", "file_type", "filename", "hyperlink", "id", "ip_address", "modified", "uploaded_by"}
				if strings.HasPrefix(c.path, "activities/") {
					parts = append(parts, part{"object_id", "", fmt.Sprint(l.tasksOf(c.visit)[0])})
					wanted = append(wanted, "object_id")
					slices.Sort(wanted)
				}
				send(l.T, c.not, "POST", collection, parts...).Want(l.T, 403)
				l.a.Anonymous().Get(collection).Want(l.T, 403)
				got := send(l.T, c.by, "POST", collection, parts...).Want(l.T, 201).Object(l.T)
				l.same("keys", keys(got), wanted)
				l.same("filename", got["filename"], "paper.pdf")
				l.same("sent from", got["ip_address"], "192.0.2.1")
				page := c.by.Get(collection).Want(l.T, 200).JSON(l.T)
				l.same("listed", dig(page, "results", 0), got)
				l.same("count", dig(page, "count"), 1.0)
				one := fmt.Sprintf("%s%v/", collection, got["id"])
				l.same("read", c.by.Get(one).Want(l.T, 200).JSON(l.T), got)
				l.same("bytes", string(c.by.Get(pathOf(l.T, got["file"])).Want(l.T, 200).Body), pdfText)
				changed := c.by.Patch(one, map[string]any{"hyperlink": "https://elsewhere.example/paper"}).Want(l.T, 200).Object(l.T)
				l.same("a link instead", []any{changed["file"], changed["filename"], changed["hyperlink"]}, []any{nil, "", "https://elsewhere.example/paper"})
				c.by.Delete(one).Want(l.T, 204)
				c.by.Get(one).Want(l.T, 404)
				c.by.Get(pathOf(l.T, got["file"])).Want(l.T, 404)
			})
		}
	})
}

func TestAttachmentInput(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		visit, other := l.visit("draft", nil), l.visit("draft", nil)
		documents, tasks := list(visit, "attachments"), list(visit, "activities/attachments")
		tors := part{"file_type", "", l.fileType("tors")}
		file := part{"file", "paper.pdf", pdfText}
		want := func(r *apptest.Response, status int, steps ...any) {
			l.Helper()
			r.Want(l.T, status)
			if dig(r.JSON(l.T), steps...) == nil {
				l.Errorf("nothing is said at %v: %s", steps, r.Body)
			}
		}
		bare := func(r *apptest.Response) {
			l.Helper()
			r.Want(l.T, 400)
			messages, ok := r.JSON(l.T).([]any)
			if !ok || len(messages) != 1 || !strings.Contains(fmt.Sprint(messages[0]), "file or hyperlink") {
				l.Errorf("got %s, want a bare list that tells of file or hyperlink", r.Body)
			}
		}
		bare(send(l.T, pme, "POST", documents, tors))
		bare(send(l.T, pme, "POST", documents, tors, file, part{"hyperlink", "", "https://a.example/"}))
		want(send(l.T, pme, "POST", documents, file), 400, "file_type", 0)
		want(send(l.T, pme, "POST", documents, file, part{"file_type", "", l.fileType("contract")}), 400, "file_type", 0)
		want(send(l.T, pme, "POST", documents, file, part{"file_type", "", "999999"}), 400, "file_type", 0)
		want(send(l.T, pme, "POST", documents, tors, file, file), 400, "file", 0)
		want(send(l.T, pme, "POST", documents, tors, part{"file", "empty.pdf", ""}), 400, "file", 0)
		want(send(l.T, pme, "POST", documents, tors, part{"file", "paper.pdf", pngText}), 400, "file", 0)
		want(send(l.T, pme, "POST", documents, tors, part{"file", "setup.exe", "MZ\x90\x00\x03"}), 400, "file", 0)
		want(pme.Post(documents, map[string]any{"file_type": 1, "hyperlink": "no address"}), 400, "hyperlink", 0)
		want(pme.Post(documents, map[string]any{"file_type": l.fileType("tors"), "file": "words"}), 400, "file", 0)
		want(send(l.T, pme, "POST", tasks, tors, file), 400, "object_id", 0)
		want(send(l.T, pme, "POST", tasks, tors, file, part{"object_id", "", fmt.Sprint(l.tasksOf(other)[0])}), 400, "object_id", 0)
		pme.With("Content-Type", "multipart/form-data").Do("POST", documents, "x").Want(l.T, 400)
		media, body := form(l.T, tors, file)
		for _, end := range []int{10, len(body) / 2, len(body) - 3} {
			pme.With("Content-Type", media).Do("POST", documents, body[:end]).Want(l.T, 400)
		}
		if n := dig(pme.Get(documents).Want(l.T, 200).JSON(l.T), "count"); n != 0.0 {
			l.Errorf("%v documents came of bad requests", n)
		}
		if n := l.count("select count(*) from file_pending"); n != 0 {
			l.Errorf("%d files of refused requests were not cleared away at once", n)
		}

		two := []string{}
		for range 2 {
			r := send(l.T, pme, "POST", documents, part{"file", `..\..\etc/Rep` + "\u202e" + `ort` + strings.Repeat("é", 300) + ".pdf", pdfText}, tors).Want(l.T, 201)
			name := r.Object(l.T)["filename"].(string)
			if len([]rune(name)) != 200 || !strings.HasPrefix(name, "Reporté") || !strings.HasSuffix(name, "é.pdf") {
				l.Errorf("the name became %q", name)
			}
			two = append(two, pathOf(l.T, r.Object(l.T)["file"]))
		}
		if two[0] == two[1] {
			l.Error("two files of one name have one address")
		}
		link := pme.Post(documents, map[string]any{"file_type": l.fileType("other"), "hyperlink": "https://a.example/x"}).Want(l.T, 201)
		l.same("file of a link", link.Object(l.T)["file"], nil)
		bare(pme.Patch(fmt.Sprintf("%s%d/", documents, link.ID(l.T)), map[string]any{"hyperlink": ""}))
		send(l.T, pme, "PATCH", fmt.Sprintf("%s%d/", documents, link.ID(l.T)), part{"file", "now.png", pngText}).Want(l.T, 200)
	})
}

func TestAttachmentMetadata(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme, firm, focal := l.a.As("pme@agency.example"), l.a.As("tpm@firm.example"), l.a.As("tpmfocal@firm.example")
		draft, accepted := l.visit("draft", nil), l.visit("tpm_accepted", nil)
		for what, title := range map[string]string{
			"attachments": "Related Documents for Overall Visit", "activities/attachments": "Related Documents by Task",
		} {
			got := pme.Options(list(draft, what)).Want(l.T, 200).JSON(l.T)
			l.same("name", dig(got, "name"), title)
			fields := []string{"file", "file_type", "hyperlink"}
			if what != "attachments" {
				fields = append(fields, "object_id")
			}
			l.same("fields to send", keys(dig(got, "actions", "POST")), fields)
			l.same("kind of the file", dig(got, "actions", "POST", "file", "type"), "file upload")
			l.same("greatest size", dig(got, "actions", "POST", "file", "max_size"), l.a.Files.MaxSize())
			choices, _ := dig(got, "actions", "POST", "file_type", "choices").([]any)
			if len(choices) != 10 {
				l.Errorf("%d types to choose from, want the 10 of the group: %v", len(choices), choices)
			}
			if dig(pme.Options(list(accepted, what)).Want(l.T, 200).JSON(l.T), "actions", "POST") != nil {
				l.Errorf("%s can be added to by the planner once accepted", what)
			}
		}
		for what, title := range map[string]string{"report-attachments": "Overall Report", "activities/report-attachments": "Reports by Task"} {
			got := focal.Options(list(accepted, what)).Want(l.T, 200).JSON(l.T)
			l.same("name", dig(got, "name"), title)
			if dig(got, "actions", "POST") == nil {
				l.Errorf("%s cannot be added to by the firm's focal point", what)
			}
			firm.Options(list(accepted, what)).Want(l.T, 403)
			firm.Get(list(accepted, what)).Want(l.T, 403)
		}
		got := pme.Options(fmt.Sprintf("/api/tpm/partners/%d/attachments/", l.id("firm F1"))).Want(l.T, 200).JSON(l.T)
		l.same("name", dig(got, "name"), "Attachments")
	})
}

// The guard of send_report asks for a report by the name of its type, wherever it is; what counts as programmatic follows from it.
func TestReportsOpenTheWay(t *testing.T) {
	eachEngine(t, func(l *lab) {
		focal, pme := l.a.As("tpmfocal@firm.example"), l.a.As("pme@agency.example")
		visit := l.visit("tpm_accepted", nil)
		second := l.task(visit, nil)
		first := l.tasksOf(visit)[0]
		refused := focal.Post(path(visit, "send_report"), nil).Want(l.T, 400).Object(l.T)
		if _, ok := refused["report_attachments"].(string); !ok {
			l.Errorf("the missing report is told as %v, want a string", refused)
		}
		upload := func(collection, typeName string, more ...part) string {
			l.Helper()
			return fmt.Sprintf("%s%d/", collection, send(l.T, focal, "POST", collection, append(more, part{"file_type", "", l.fileType(typeName)}, part{"file", "r.pdf", pdfText})...).Want(l.T, 201).ID(l.T))
		}
		upload(list(visit, "report-attachments"), "questionnaire")
		focal.Post(path(visit, "send_report"), nil).Want(l.T, 400)
		report := upload(list(visit, "activities/report-attachments"), "report", part{"object_id", "", fmt.Sprint(first)})
		l.same("status", focal.Post(path(visit, "send_report"), nil).Want(l.T, 200).Object(l.T)["status"], "tpm_reported")
		applicable := func() map[int64]any {
			l.Helper()
			all := map[int64]any{}
			tasks, _ := dig(pme.Get(path(visit)).Want(l.T, 200).JSON(l.T), "tpm_activities").([]any)
			for _, task := range tasks {
				all[int64(dig(task, "id").(float64))] = dig(task, "pv_applicable")
			}
			return all
		}
		l.same("only the task with a report counts", applicable(), map[int64]any{first: true, second: false})
		focal.Delete(report).Want(l.T, 403)
		pme.Post(path(visit, "reject_report"), map[string]any{"reject_comment": "Pages are missing"}).Want(l.T, 200)
		focal.Delete(report).Want(l.T, 204)
		focal.Post(path(visit, "send_report"), nil).Want(l.T, 400)
		upload(list(visit, "report-attachments"), "overall_report")
		focal.Post(path(visit, "send_report"), nil).Want(l.T, 200)
		l.same("an overall report is about all tasks", applicable(), map[int64]any{first: true, second: true})

		var told []string
		for _, entry := range pme.Get(path(visit)+"history/").Want(l.T, 200).JSON(l.T).([]any) {
			if verb := fmt.Sprint(dig(entry, "verb")); strings.HasPrefix(verb, "file_") {
				told = append(told, fmt.Sprint(dig(entry, "entity"), " ", verb))
			}
		}
		l.same("timeline", told, []string{"tpm.visit file_added", "tpm.task file_added", "tpm.task file_removed", "tpm.visit file_added"})
	})
}

// The condition in SQL that decides about downloads and the flat list says the same as the rules of the collections, for every state, list and person.
func TestDocumentsAreGivenToThoseWhoSeeTheirList(t *testing.T) {
	eachEngine(t, func(l *lab) {
		people := []string{
			"pme@agency.example", "unicef@agency.example", "focal@agency.example", "planner@agency.example", "tpm@firm.example", "tpmfocal@firm.example",
			"rival@other.example", "unrelated@else.example", "lebanon@agency.example",
		}
		for _, state := range []string{"draft", "assigned", "cancelled", "tpm_accepted", "tpm_rejected", "tpm_reported", "tpm_report_rejected", "unicef_approved"} {
			visit := l.visit(state, nil)
			task := l.tasksOf(visit)[0]
			documents := map[string]int64{
				"attachments":                   l.attached(l.tpm.Visit, visit, "visit_attachments", "tors"),
				"report-attachments":            l.attached(l.tpm.Visit, visit, "visit_report_attachments", "overall_report"),
				"activities/attachments":        l.attached(l.tpm.Task, task, "activity_attachments", "tors"),
				"activities/report-attachments": l.attached(l.tpm.Task, task, "activity_report", "report"),
			}
			for _, who := range people {
				c := l.a.As(who)
				flat := string(c.Get("/api/v2/attachments/").Want(l.T, 200).Body)
				for what, id := range documents {
					may := c.Get(list(visit, what)).Status == 200
					if got := c.Get(fmt.Sprintf("/api/v2/attachments/file/%d/", id)).Status; (got == 302) != may || got != 302 && got != 404 {
						l.Errorf("%s %s %s: the list is open: %v, the document answers %d", state, who, what, may, got)
					}
					if in := strings.Contains(flat, fmt.Sprintf(`"file_link":"/api/v2/attachments/file/%d/"`, id)); in != may {
						l.Errorf("%s %s %s: the list is open: %v, in the flat list: %v", state, who, what, may, in)
					}
				}
			}
		}
	})
}

func TestFlatAttachments(t *testing.T) {
	eachEngine(t, func(l *lab) {
		const area = "/api/v2/attachments/"
		pme := l.a.As("pme@agency.example")
		stranger := l.a.Anonymous().Get(area).Want(l.T, 302)
		l.same("where strangers go", stranger.Header.Get("Location"), "/login?next=%2Fapi%2Fv2%2Fattachments%2F")
		l.a.Anonymous().Get(area+"file/1/").Want(l.T, 302)
		l.a.Anonymous().Post(area+"upload/", nil).Want(l.T, 302)
		l.a.As("nogrant@else.example").Get(area).Want(l.T, 403)
		l.a.As("nogrant@else.example").Get(area+"file/1/").Want(l.T, 403)
		visit := l.visit("draft", nil)
		task := l.tasksOf(visit)[0]
		ofTask := l.attached(l.tpm.Task, task, "activity_attachments", "tors")
		ofVisit := l.attached(l.tpm.Visit, visit, "visit_attachments", "other")
		alone := l.put("KEN", l.tpm.Task, l.task(visit, nil), entity.Values{"intervention": nil, "partner": l.id("partner G1")})
		without := l.attached(l.tpm.Task, alone, "activity_attachments", "tors")
		rows := map[int64]map[string]any{}
		read := func(query string) []int64 {
			ids := []int64{}
			for _, r := range pme.Get(area+query).Want(l.T, 200).JSON(l.T).([]any) {
				row := r.(map[string]any)
				ids = append(ids, int64(row["attachment"].(float64)))
				rows[ids[len(ids)-1]] = row
			}
			return ids
		}
		l.same("rows", read(""), []int64{ofTask, ofVisit, without})
		l.same("fields", keys(rows[ofTask]), []string{
			"agreement_reference_number", "attachment", "created", "file_link", "file_type", "file_type_id", "filename", "id", "ip_address", "object_link", "partner",
			"partner_type", "pd_ssfa", "pd_ssfa_number", "source", "uploaded_by", "vendor_number",
		})
		about := func(id int64) []any {
			row := rows[id]
			return []any{row["partner"], row["partner_type"], row["vendor_number"], row["pd_ssfa"], row["pd_ssfa_number"], row["source"], row["file_type"]}
		}
		pd := float64(l.id("agreement KEN/PCA1/PD1"))
		l.same("of a task", about(ofTask), []any{"Afya Bora Consortium", "Civil Society Organization", "C1", pd, "KEN/PCA1/PD1", "Third Party Monitoring", "Workplan"})
		l.same("of a visit", about(ofVisit), []any{"", "", "", nil, "", "Third Party Monitoring", "Other"})
		l.same("of a task without an agreement", about(without), []any{"Ministry of Health", "Government", "G1", nil, "", "Third Party Monitoring", "Workplan"})
		l.same("by partner", read("?partner=Ministry+of+Health"), []int64{without})
		l.same("by source", read("?source=Third+Party+Monitoring&pd_ssfa="+fmt.Sprint(l.id("agreement KEN/PCA1/PD1"))), []int64{ofTask})
		l.same("by a source that there is not", read("?source=Elsewhere"), []int64{})
		pme.Get(area+"?pd_ssfa=x").Want(l.T, 400)

		l.sub("upload", func(l *lab) {
			r := send(l.T, pme, "POST", area+"upload/", part{"file", "note.txt", "Dear all"}).Want(l.T, 200)
			l.same("fields", keys(r.JSON(l.T)), keys(map[string]any(rows[ofTask])))
			l.same("name", r.Object(l.T)["filename"], "note.txt")
			address := r.Object(l.T)["file_link"].(string)
			pme.Get(address).Want(l.T, 200)
			l.a.As("unicef@agency.example").Get(address).Want(l.T, 404)
			for name, text := range map[string]string{
				"a.json": `{"a": [1, 2]}`, "a.txt": `{"a": [1, 2], "b": {"c": null}}`, "a.exe": "MZ\x90\x00", "a.bin": "MZ\x90\x00", "a.sh": "echo hello", "b.txt": "#!/bin/sh\necho hello", "a.pl": "print 1",
				"a.py": "print(1)", "a.pyc": "\x55\x0d\x0d\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "c.txt": "import os\n\ndef main():\n    pass\n",
				"a.js": "alert(1)", "a.ts": "let a: number = 1", "a.php": "<?php echo 1;", "d.txt": "<?php echo 1;", "a.zip": "PK\x03\x04\x14\x00\x00\x00\x00\x00", "a.gz": "\x1f\x8b\x08\x00",
				"a.bz2": "BZh91AY", "a.7z": "7z\xbc\xaf\x27\x1c\x00\x04", "a.rar": "Rar!\x1a\x07\x00", "a.tar": strings.Repeat("\x00", 257) + "ustar\x0000", "a.jar": "PK\x03\x04\x0a\x00",
			} {
				if refused := send(l.T, pme, "POST", area+"upload/", part{"file", name, text}); refused.Status != 400 || dig(refused.JSON(l.T), "file", 0) == nil {
					l.Errorf("%s is answered with %d %s, want 400 at the field", name, refused.Status, refused.Body)
				}
			}
			pme.Post(area+"upload/", map[string]any{}).Want(l.T, 400)
			large := send(l.T, pme, "POST", area+"upload/", part{"file", "large.txt", strings.Repeat("long lines of text\n", 3<<20)}).Want(l.T, 413)
			if !strings.Contains(string(large.Body), "50 MB") {
				l.Errorf("the limit is not told: %s", large.Body)
			}
			mine := part{"file_type", "", l.fileType("tors")}
			id := fmt.Sprint(r.Object(l.T)["id"])
			l.a.As("unicef@agency.example").Get(list(visit, "attachments")).Want(l.T, 200)
			bound := pme.Post(list(visit, "attachments"), map[string]any{"file_type": json.Number(mine.text), "file": json.Number(id)}).Want(l.T, 201).Object(l.T)
			l.same("the upload became a document", bound["filename"], "note.txt")
			l.same("bytes", string(l.a.As("unicef@agency.example").Get(pathOf(l.T, bound["file"])).Want(l.T, 200).Body), "Dear all")
			pme.Get(address).Want(l.T, 404)
			pme.Post(list(visit, "attachments"), map[string]any{"file_type": json.Number(mine.text), "file": json.Number(id)}).Want(l.T, 400)
			theirs := send(l.T, l.a.As("unicef@agency.example"), "POST", area+"upload/", part{"file", "b.txt", "not yours"}).Want(l.T, 200).ID(l.T)
			pme.Post(list(visit, "attachments"), map[string]any{"file_type": json.Number(mine.text), "file": theirs}).Want(l.T, 400)
		})
	})
}

func TestTaskLinks(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme, firm := l.a.As("pme@agency.example"), l.a.As("tpm@firm.example")
		agreement := fmt.Sprintf("/api/organisation/agreements/%d/attachments/", l.id("agreement KEN/PCA1/PD1"))
		firm.Get(agreement).Want(l.T, 403)
		document := send(l.T, pme, "POST", agreement, part{"file_type", "", l.fileType("signed_pd/ssfa")}, part{"file", "pd.pdf", pdfText}).Want(l.T, 201)
		file := pathOf(l.T, document.Object(l.T)["file"])
		visit := l.visit("assigned", nil)
		task := l.tasksOf(visit)[0]
		links := fmt.Sprintf("/api/tpm/visits/activities/%d/links", task)
		firm.Get(file).Want(l.T, 404)
		body := map[string]any{"attachments": []any{map[string]any{"attachment": document.ID(l.T)}}}
		firm.Post(links+"/", body).Want(l.T, 403)
		l.a.As("unicef@agency.example").Post(links+"/", body).Want(l.T, 403)
		l.a.As("rival@other.example").Get(links+"/").Want(l.T, 404)
		pme.Post(links+"/", map[string]any{"attachments": []any{}}).Want(l.T, 400)
		pme.Post(links+"/", map[string]any{}).Want(l.T, 400)
		unknown := pme.Post(links+"/", map[string]any{"attachments": []any{map[string]any{"attachment": 9999}}}).Want(l.T, 400)
		l.same("unknown document", dig(unknown.JSON(l.T), "attachments", 0, "attachment", 0), `Invalid pk "9999" - object does not exist.`)
		made, _ := dig(pme.Post(links, body).Want(l.T, 201).JSON(l.T), "attachments").([]any)
		if len(made) != 1 {
			l.Fatalf("%d links, want one", len(made))
		}
		l.same("keys of a link", keys(made[0]), []string{"activity_id", "attachment", "created", "file_type", "filename", "id", "source", "url"})
		pme.Post(links+"/", body).Want(l.T, 201)
		for _, address := range []string{links, links + "/", path(visit) + "links", path(visit) + "links/", fmt.Sprintf("/api/v2/attachments/links/tpm/tpmactivity/%d/", task)} {
			for _, c := range []*apptest.Client{pme, firm} {
				got, _ := c.Get(address).Want(l.T, 200).JSON(l.T).([]any)
				if len(got) != 1 {
					l.Errorf("%s: %d links, want one", address, len(got))
					continue
				}
				l.same("link", []any{dig(got[0], "id"), dig(got[0], "file_type"), dig(got[0], "source"), dig(got[0], "activity_id")},
					[]any{dig(made[0], "id"), "Programme document", "Third Party Monitoring", float64(task)})
			}
		}
		firm.Get(file).Want(l.T, 200)
		pme.Post(path(visit)+"links/", body).Want(l.T, 405)
		pme.Get("/api/tpm/visits/activities/9999/links/").Want(l.T, 404)
		pme.Get("/api/tpm/visits/9999/links/").Want(l.T, 404)
		one := fmt.Sprintf("/api/v2/attachments/links/%v/", dig(made[0], "id"))
		firm.Delete(one).Want(l.T, 403)
		pme.Delete(one).Want(l.T, 204)
		pme.Delete(one).Want(l.T, 404)
		firm.Get(file).Want(l.T, 404)
	})
}

// What goes takes its documents with it, and bytes that nothing names are gone at once.
func TestDocumentsGoWithTheirTask(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		visit := l.visit("draft", nil)
		task := l.task(visit, nil)
		r := send(l.T, pme, "POST", list(visit, "activities/attachments"), part{"file_type", "", l.fileType("tors")}, part{"object_id", "", fmt.Sprint(task)}, part{"file", "a.pdf", pdfText}).Want(l.T, 201)
		var key string
		if err := l.a.DB.QueryRow(l.Context(), "select blob_key from attachment_attachments where id = $1", r.ID(l.T)).Scan(&key); err != nil {
			l.Fatal(err)
		}
		pme.Patch(path(visit), map[string]any{"tpm_activities": []any{map[string]any{"id": task, "_delete": true}}}).Want(l.T, 200)
		if n := l.count("select count(*) from attachment_attachments"); n != 0 {
			l.Errorf("%d documents outlive their task", n)
		}
		if _, err := l.a.Files.Open(l.Context(), key); almoner.KindOf(err) != almoner.NotFound {
			l.Errorf("the bytes outlive their record: %v", err)
		}
		l.same("pending", l.count("select count(*) from file_pending"), 0)
	})
}

func TestForgottenUploadsAreDeleted(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		old := send(l.T, pme, "POST", "/api/v2/attachments/upload/", part{"file", "old.txt", "old"}).Want(l.T, 200).ID(l.T)
		young := send(l.T, pme, "POST", "/api/v2/attachments/upload/", part{"file", "new.txt", "new"}).Want(l.T, 200).ID(l.T)
		err := l.a.DB.InTx(l.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(l.Context(), "update attachment_attachments set created_at = $1 where id = $2", tx.Now.AddDate(0, 0, -8), old)
			return err
		})
		if err != nil {
			l.Fatal(err)
		}
		s := l.a.Set.Parts["attachment"].Service.(*attachment.Service)
		n, err := s.Tidy(context.WithoutCancel(l.Context()))
		if err != nil || n != 1 {
			l.Errorf("%d uploads deleted, %v; want one", n, err)
		}
		l.same("left", l.numbers("select id from attachment_attachments"), []int64{young})
	})
}

func TestDownloads(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		visit := l.visit("draft", nil)
		add := func(name, text string) string {
			l.Helper()
			r := send(l.T, pme, "POST", list(visit, "attachments"), part{"file_type", "", l.fileType("other")}, part{"file", name, text}).Want(l.T, 201)
			return pathOf(l.T, r.Object(l.T)["file"])
		}
		paper := add("Pläne 7%.pdf", pdfText)
		whole := pme.Get(paper).Want(l.T, 200)
		l.same("headers", []string{whole.Header.Get("Content-Type"), whole.Header.Get("X-Content-Type-Options"), whole.Header.Get("Content-Disposition")},
			[]string{"application/pdf", "nosniff", `attachment; filename="Pl_ne 7_.pdf"; filename*=UTF-8''Pl%C3%A4ne%207%25.pdf`})
		l.same("a range", string(pme.With("Range", "bytes=1-3").Get(paper).Want(l.T, 206).Body), "PDF")
		l.same("known already", len(pme.With("If-None-Match", whole.Header.Get("ETag")).Get(paper).Want(l.T, 304).Body), 0)
		l.same("HEAD", len(pme.Do("HEAD", paper, nil).Want(l.T, 200).Body), 0)
		pme.Get(paper+"Pl%C3%A4ne.pdf").Want(l.T, 200)
		shown := pme.Get(paper+"?inline=true").Want(l.T, 200)
		if got := shown.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "inline") || shown.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
			l.Errorf("a PDF cannot be looked at: %v", shown.Header)
		}
		for name, text := range map[string]string{
			"a.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "a.html": "<html><script>alert(1)</script>", "a.xml": `<?xml version="1.0"?><a/>`,
		} {
			got := pme.Get(add(name, text)+"?inline=true").Want(l.T, 200).Header
			if !strings.HasPrefix(got.Get("Content-Disposition"), "attachment") || got.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
				l.Errorf("%s may run: %v", name, got)
			}
		}
		l.a.Anonymous().Get(paper).Want(l.T, 302)
		l.a.As("rival@other.example").Get(paper).Want(l.T, 404)
		pme.In("LBN").Get(paper).Want(l.T, 404)
		pme.Get("/api/v2/attachments/file/0/").Want(l.T, 404)
		pme.Get("/api/v2/attachments/file/x/").Want(l.T, 404)
	})
}

// A line that breaks in the middle of a file, over a real connection, leaves no document and no bytes.
func TestBrokenUpload(t *testing.T) {
	eachEngine(t, func(l *lab) {
		server := httptest.NewServer(l.a.Handler())
		visit := l.visit("draft", nil)
		media, body := form(l.T, part{"file_type", "", l.fileType("tors")}, part{"file", "long.txt", strings.Repeat("a long letter\n", 1<<16)})
		token, err := l.a.Auth.IssueToken(l.Context(), l.id("user pme@agency.example"), 0)
		if err != nil {
			l.Fatal(err)
		}
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			l.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
			list(visit, "attachments"), token.Token, media, len(body), body[:len(body)/2])
		if err == nil {
			err = conn.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			l.Fatal(err)
		}
		answer, err := io.ReadAll(conn)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
			l.Errorf("answer: %v %.100s", err, answer)
		}
		_ = conn.Close()
		server.Close()
		l.same("documents and pending files", []int64{l.count("select count(*) from attachment_attachments"), l.count("select count(*) from file_pending")}, []int64{0, 0})
	})
}

// A document read from the native wire may be sent back whole, its file's address among it, and a changed address of a file is no file.
func TestDocumentsComeBack(t *testing.T) {
	eachEngine(t, func(l *lab) {
		pme := l.a.As("pme@agency.example")
		collection := fmt.Sprintf("/api/organisation/agreements/%d/attachments/", l.id("agreement KEN/PCA1/PD1"))
		made := send(l.T, pme, "POST", collection, part{"file_type", "", l.fileType("signed_pd/ssfa")}, part{"file", "pd.pdf", pdfText}).Want(l.T, 201)
		one := fmt.Sprintf("%s%d/", collection, made.ID(l.T))
		read := pme.Get(one).Want(l.T, 200).Object(l.T)
		for _, method := range []string{"PUT", "PATCH"} {
			back := pme.Do(method, one, read).Want(l.T, 200).Object(l.T)
			back["modified"] = read["modified"]
			l.same(method, back, read)
		}
		l.same("bytes", string(pme.Get(pathOf(l.T, read["file"])).Want(l.T, 200).Body), pdfText)
		read["file"] = "https://elsewhere.example/pd.pdf"
		l.same("another address", keys(pme.Put(one, read).Want(l.T, 400).JSON(l.T)), []string{"file"})
	})
}
