package tpm_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/modules/attachment"
)

// cabinet is one collection of documents in a test: where it is, whose documents it holds, and what somebody may do there.
type cabinet struct {
	address, code, typeName string
	// types is how many file types can be chosen (tpm §9).
	types   int
	owner   *entity.Entity
	ownerID int64
	// other is a second record that a document can belong to, 0 when the address alone decides.
	other int64
}

// documentAnswers are what a person is answered: 0 where nothing refuses.
type documentAnswers struct{ read, write int }

// allAreAsked tries everything that can be done with a cabinet as one person, holds the answers and what OPTIONS says against what is wanted, and
// that a refusal changes nothing. It returns how many writes were made.
func (l *lab) allAreAsked(what string, c *apptest.Client, place string, s cabinet, want documentAnswers) int {
	l.Helper()
	e := l.a.Set.Parts["attachment"].Service.(*attachment.Service).Attachment
	id := l.attached(s.owner, s.ownerID, s.code, s.typeName)
	one := fmt.Sprintf("%s%d/", s.address, id)
	good := func(refusal, status int) int {
		if refusal != 0 {
			return refusal
		}
		return status
	}
	is := func(did string, r *apptest.Response, status int) {
		l.Helper()
		if r.Status != status {
			l.Errorf("%s: %s: got %d %s, want %d", what, did, r.Status, r.Body, status)
		}
	}
	is("list", c.Get(s.address), good(want.read, 200))
	is("read", c.Get(one), good(want.read, 200))
	if want.read == 0 {
		if ids := l.list(c.Get(s.address + "?page_size=all")); !slices.Contains(ids, id) {
			l.Errorf("%s: the list has %v, want %d among them", what, ids, id)
		}
	}
	// The document is a link, so that what downloading gives is another address; whoever may not have it cannot tell that there is one.
	download := http.StatusNotFound
	switch {
	case want.read == 0, place == "anonymous":
		download = http.StatusFound
	case place == "outside":
		download = http.StatusForbidden
	}
	got := c.Get(fmt.Sprintf("/api/v2/attachments/file/%d/", id))
	is("download", got, download)
	if elsewhere := got.Header.Get("Location") == "https://reports.example/"+s.code; elsewhere != (want.read == 0) {
		l.Errorf("%s: downloading leads to %q", what, got.Header.Get("Location"))
	}

	added := map[string]any{"file_type": l.count("select id from attachment_file_types where name = $1", s.typeName), "hyperlink": "https://new.example/"}
	fields := []string{"file", "file_type", "hyperlink"}
	belongsTo := s.ownerID
	if s.other != 0 {
		belongsTo = s.other
		added["object_id"] = s.other
		fields = append(fields, "object_id")
	}
	inList, inOne := c.Options(s.address), c.Options(one)
	is("OPTIONS of the list", inList, good(want.read, 200))
	is("OPTIONS of one", inOne, good(want.read, 200))
	post, put := dig(tree(l, inList), "actions", "POST"), dig(tree(l, inOne), "actions", "PUT")
	if want.write != 0 {
		l.same(what+": OPTIONS of whoever may not write", []any{post, put}, []any{nil, nil})
		before := l.numbers("select id from attachment_attachments order by id")
		stored := l.snapshot(e, id)
		is("add", c.Post(s.address, added), want.write)
		is("change", c.Patch(one, map[string]any{"hyperlink": "https://changed.example/"}), want.write)
		is("replace", c.Put(one, added), want.write)
		is("delete", c.Delete(one), want.write)
		if d := differing(stored, l.snapshot(e, id)); len(d) > 0 {
			l.Errorf("%s: refused, yet %v changed", what, d)
		}
		l.same(what+": documents after refusals", l.numbers("select id from attachment_attachments order by id"), before)
		l.forget(id)
		return 0
	}
	l.same(what+": OPTIONS POST", keys(post), fields)
	l.same(what+": OPTIONS PUT", keys(put), fields)

	// Everything at once: what OPTIONS names is taken, nothing else is.
	everything := maps.Clone(added)
	for _, f := range e.Fields[1:] {
		if _, named := everything[f.Name]; !named && f.Name != "file" {
			everything[f.Name] = "1"
		}
	}
	r := c.Post(s.address, everything)
	is("add", r, 201)
	made := l.snapshot(e, r.ID(l))
	l.same(what+": new document", []string{made["file_type"], made["hyperlink"], made["object_id"], made["owner_entity"], made["code"], made["ip_address"], made["blob_key"], made["size"]},
		[]string{fmt.Sprint(added["file_type"]), "https://new.example/", fmt.Sprint(belongsTo), s.owner.Name, s.code, "192.0.2.1", "", "null"})
	choices, _ := dig(put, "file_type", "choices").([]any)
	l.same(what+": types to choose from", len(choices), s.types)
	for _, choice := range choices {
		before := l.snapshot(e, id)
		value := fmt.Sprintf("%.0f", dig(choice, "value"))
		is("type "+value, c.Patch(one, map[string]any{"file_type": value}), 200)
		if value != before["file_type"] {
			l.onlyChanged(what+": type", before, l.snapshot(e, id), "file_type")
		}
	}
	before := l.snapshot(e, id)
	is("change", c.Patch(one, map[string]any{"hyperlink": "https://changed.example/"}), 200)
	l.onlyChanged(what+": link", before, l.snapshot(e, id), "hyperlink")
	long := "https://x.example/" + strings.Repeat("x", int(dig(put, "hyperlink", "max_length").(float64))-len("https://x.example/"))
	is("a long link", c.Patch(one, map[string]any{"hyperlink": long}), 200)
	is("a longer link", c.Patch(one, map[string]any{"hyperlink": long + "x"}), 400)
	before = l.snapshot(e, id)
	is("a file", send(l.T, c, "PATCH", one, part{"file", "new.pdf", pdfText}), 200)
	l.onlyChanged(what+": file", before, l.snapshot(e, id), "blob_key", "content_type", "filename", "hyperlink", "sha256", "size")
	if s.other != 0 {
		before = l.snapshot(e, id)
		is("move", c.Patch(one, map[string]any{"object_id": s.other}), 200)
		l.onlyChanged(what+": task", before, l.snapshot(e, id), "object_id")
	} else {
		before = l.snapshot(e, id)
		is("what is not named", c.Patch(one, map[string]any{"object_id": 4711, "uploaded_by": 4711, "ip_address": "1.1.1.1", "filename": "x", "code": "x", "owner_entity": "x"}), 200)
		l.onlyChanged(what+": what is not named", before, l.snapshot(e, id))
	}
	is("replace", c.Put(one, added), 200)
	is("delete", c.Delete(one), 204)
	is("read what is deleted", c.Get(one), 404)
	l.forget(r.ID(l))
	return 1
}

// onlyChanged checks which fields of a document changed; that it was changed at a time is no field that anybody wrote.
func (l *lab) onlyChanged(what string, before, after map[string]string, names ...string) {
	l.Helper()
	l.same(what, slices.DeleteFunc(differing(before, after), func(n string) bool { return n == "modified" }), append([]string{}, names...))
}

// forget removes a document past all rules, so that lists stay short.
func (l *lab) forget(id int64) {
	l.Helper()
	l.exec("delete from attachment_attachments where id = $1", id)
}

// Every person, in every state, with every list of documents below a visit: list, read, download, add, change, replace and delete answer as the tables
// of tpm §4.3–4.4 say, and OPTIONS names exactly what is then taken (tpm §5.7, §6).
func TestDocumentsOfVisits(t *testing.T) {
	eachEngine(t, func(l *lab) {
		written := map[string]int{}
		for _, status := range statuses {
			visit := l.visit(status, nil)
			l.task(visit, nil)
			tasks := l.tasks(visit)
			for collection, target := range collections {
				s := cabinet{address: list(visit, collection), owner: l.tpm.Visit, ownerID: visit}
				switch collection {
				case "attachments":
					s.code, s.typeName, s.types = "visit_attachments", "tors", 10
				case "report-attachments":
					s.code, s.typeName, s.types = "visit_report_attachments", "overall_report", 4
				case "activities/attachments":
					s.code, s.typeName, s.types, s.owner, s.ownerID, s.other = "activity_attachments", "tors", 10, l.tpm.Task, tasks[0], tasks[1]
				case "activities/report-attachments":
					s.code, s.typeName, s.types, s.owner, s.ownerID, s.other = "activity_report", "report", 2, l.tpm.Task, tasks[0], tasks[1]
				}
				for _, p := range askers {
					refuse := func(kind access.Kind) int {
						switch {
						case p.refusal() != 0:
							return p.refusal()
						case !p.knows(status, true):
							return http.StatusNotFound
						case !p.about(status).allowed(kind, target):
							return http.StatusForbidden
						}
						return 0
					}
					written[p.name+" "+collection] += l.allAreAsked(p.name+" "+collection+" in "+status, p.in(l), p.place, s,
						documentAnswers{refuse(access.View), refuse(access.Edit)})
				}
			}
		}
		want := map[string]int{}
		for _, p := range askers {
			for collection := range collections {
				want[p.name+" "+collection] = 0
			}
		}
		for _, p := range []string{"pme", "planner without the agency's role"} {
			want[p+" attachments"], want[p+" activities/attachments"] = 3, 3
		}
		want["tpm_focal report-attachments"], want["tpm_focal activities/report-attachments"] = 2, 2
		l.same("states in which each list was written", written, want)
	})
}

// The documents of a firm: the agency and the firm's own people read them, planners write them (tpm §4.3 set P, §5.7, §11).
func TestDocumentsOfFirms(t *testing.T) {
	eachEngine(t, func(l *lab) {
		firm := l.id("firm F1")
		s := cabinet{address: firms(firm) + "attachments/", typeName: "contract", types: 5, owner: l.tpm.Firm, ownerID: firm}
		for _, p := range askers {
			want := documentAnswers{http.StatusNotFound, http.StatusNotFound}
			switch {
			case p.refusal() != 0:
				want = documentAnswers{p.refusal(), p.refusal()}
			case p.is("pme"):
				want = documentAnswers{}
			case p.is("unicef"), p.is("tpm"):
				want = documentAnswers{0, http.StatusForbidden}
			}
			l.allAreAsked(p.name, p.in(l), p.place, s, want)
		}
	})
}
