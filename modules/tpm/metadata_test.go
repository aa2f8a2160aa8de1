package tpm_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// snapshot is everything that is stored of a record by field: columns, lists of references, and its nested children whole.
func (l *lab) snapshot(e *entity.Entity, id int64) map[string]string {
	l.Helper()
	var columns, names []string
	found := map[string]string{}
	for _, f := range e.Fields {
		switch {
		case f.Kind == entity.Refs && f.Through != "":
			found[f.Name] = fmt.Sprint(l.numbers("select "+f.Target+" from "+f.Through+" where "+f.Owner+" = $1 order by 1", id))
		case f.Kind == entity.Children && f.Nested:
			list := []string{}
			for _, child := range l.numbers("select id from "+f.TargetEntity().Table+" where "+f.ForeignKey+" = $1 order by id", id) {
				list = append(list, fmt.Sprintf("%d %v", child, l.snapshot(f.TargetEntity(), child)))
			}
			found[f.Name] = strings.Join(list, "; ")
		case f.Stored():
			columns, names = append(columns, "coalesce(cast("+f.Column+" as text), 'null')"), append(names, f.Name)
		}
	}
	cells := make([]string, len(columns))
	dest := make([]any, len(columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	rows, err := l.a.DB.Query(l.Context(), "select "+strings.Join(columns, ", ")+" from "+e.Table+" where id = $1", id)
	got, err := db.Collect(rows, err, func(r db.Row) (bool, error) { return true, r.Scan(dest...) })
	if err != nil || len(got) != 1 {
		l.Fatalf("read %s %d: %d rows, %v", e.Name, id, len(got), err)
	}
	for i, name := range names {
		found[name] = cells[i]
	}
	return found
}

// allowedBeside are fields that a rule changes together with the one that was sent: a partner takes the agreement of the one before away (tpm §5.4).
var allowedBeside = map[string]string{"partner": "intervention"}

// another makes a valid value of a field that is not the one it has, for fields that nobody may write as well.
func (l *lab) another(f *entity.Field, now string) any {
	l.Helper()
	one := func(keys ...string) any {
		for _, key := range keys {
			if id := l.id(key); fmt.Sprint(id) != now {
				return id
			}
		}
		l.Fatalf("there is no other value for %s", f.Name)
		return nil
	}
	some := func(keys ...string) any {
		list := []int64{}
		for _, key := range keys {
			list = append(list, l.id(key))
		}
		slices.Sort(list)
		if fmt.Sprint(list) == now {
			return list[:1]
		}
		return list
	}
	serial, _ := strconv.Atoi(strings.TrimLeft(now, "abcdefghijklmnopqrstuvwxyz "))
	switch f.Kind {
	case entity.Integer, entity.Number:
		return 7000 + serial
	case entity.Text, entity.LongText:
		return fmt.Sprintf("text %d", serial+1)
	case entity.Email:
		return fmt.Sprintf("a%d@b.example", len(now))
	case entity.URL, entity.Link:
		if now == "https://x.example/1" {
			return "https://x.example/2"
		}
		return "https://x.example/1"
	case entity.Bool:
		return now != "true" && now != "1"
	case entity.Date:
		if strings.HasPrefix(now, "2031-01-01") {
			return "2031-01-02"
		}
		return "2031-01-01"
	case entity.Time:
		return "2031-01-01T00:00:00Z"
	case entity.Choice:
		for _, c := range f.Choices {
			if c.Value != now {
				return c.Value
			}
		}
	case entity.Ref, entity.Refs:
		switch f.Entity().Name + "." + f.Name {
		case "tpm.visit.tpm_partner":
			return one("firm F1", "firm F2")
		case "tpm.visit.tpm_partner_focal_points":
			return some("user tpmfocal@firm.example", "user tpm@firm.example")
		case "tpm.task.partner":
			return one("partner G1", "partner B1")
		case "tpm.task.intervention":
			if now != "null" {
				return nil
			}
			return one("agreement KEN/PCA1/PD1")
		case "tpm.task.unicef_focal_points":
			// The agency's focal point stays one, else the next askers would be others.
			return some("user focal@agency.example", "user reviewer@agency.example")
		}
		switch f.To {
		case "account.user":
			return one("user unicef@agency.example", "user focal@agency.example")
		case "account.workspace":
			return some("workspace LBN")
		case "organisation.organisation":
			return one("org F3", "org F4")
		case "organisation.section":
			if f.Kind == entity.Refs {
				return some("section WASH")
			}
			return one("section WASH", "section Health")
		case "organisation.partner":
			return some("partner G1")
		case "organisation.office":
			return some("office Nairobi", "office Lodwar")
		case "organisation.output":
			return one("output 1.1", "output 2.1")
		case "location.location":
			return some("place KE-43", "place KE")
		case "tpm.visit":
			return 4711
		}
	case entity.Children:
		return []any{map[string]any{"id": 4711, "reject_reason": "text"}}
	}
	l.Fatalf("no value for field %s of %s", f.Name, f.Entity().Name)
	return nil
}

// probe holds what OPTIONS says may be written of a record against what writing does: every field it names changes alone when it is sent, all
// others stay as they are, and without any the record cannot be written at all (tpm §6). It returns how many fields were written.
func (l *lab) probe(what string, c *apptest.Client, address string, e *entity.Entity, id int64, put map[string]any) int {
	l.Helper()
	o := c.Options(address)
	refused := 403
	var metadata map[string]any
	if o.Status == 200 {
		metadata, _ = dig(o.JSON(l), "actions", "PUT").(map[string]any)
	} else {
		refused = o.Status
	}
	want := 200
	if metadata == nil {
		want = refused
	}
	// One request with everything that is not named.
	before := l.snapshot(e, id)
	body := map[string]any{"unknown": 1}
	for _, f := range e.Fields[1:] {
		if metadata[f.Name] == nil {
			body[f.Name] = l.another(f, before[f.Name])
		}
		if f.Kind != entity.Children || !f.Nested {
			continue
		}
		inner, _ := dig(metadata, f.Name, "child", "children").(map[string]any)
		children := l.numbers("select id from "+f.TargetEntity().Table+" where "+f.ForeignKey+" = $1 order by id", id)
		item := map[string]any{"id": children[0]}
		for _, cf := range f.TargetEntity().Fields[1:] {
			if inner[cf.Name] == nil {
				item[cf.Name] = l.another(cf, l.snapshot(f.TargetEntity(), children[0])[cf.Name])
			}
		}
		items := []any{item}
		if len(inner) == 0 {
			items = append(items, map[string]any{"id": children[1], "_delete": true}, l.item(nil))
		}
		body[f.Name] = items
	}
	if r := c.Patch(address, body); r.Status != want {
		l.Errorf("%s: what is not named: got %d %s, want %d", what, r.Status, r.Body, want)
	}
	if d := differing(before, l.snapshot(e, id)); len(d) > 0 {
		l.Errorf("%s: %v changed, which OPTIONS does not name", what, d)
	}
	if r := c.Put(address, put); r.Status != want {
		l.Errorf("%s: PUT: got %d %s, want %d", what, r.Status, r.Body, want)
	}
	// One request for each that is named.
	written := 0
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		f := e.Field(name)
		if f.Kind == entity.Children {
			written += l.probeChildren(what, c, address, e, f, id, dig(metadata, name, "child", "children").(map[string]any))
			continue
		}
		before := l.snapshot(e, id)
		value := l.another(f, before[name])
		r := c.Patch(address, map[string]any{name: value})
		l.changed(what+": "+name, r, name, differing(before, l.snapshot(e, id)))
		written++
		if most, limited := dig(metadata, name, "max_length").(float64); limited {
			limits := map[int]int{int(most): 200, int(most) + 1: 400}
			for length, status := range limits {
				if r := c.Patch(address, map[string]any{name: strings.Repeat("é", length)}); r.Status != status {
					l.Errorf("%s: %s of %d characters: got %d %s, want %d", what, name, length, r.Status, r.Body, status)
				}
			}
		}
	}
	return written
}

// changed checks that a write was taken and changed the field, and no other but those that belong to it.
func (l *lab) changed(what string, r *apptest.Response, name string, differ []string) {
	l.Helper()
	if r.Status != 200 {
		l.Errorf("%s: OPTIONS says it may be written, writing gives %d %s", what, r.Status, r.Body)
	}
	others := slices.DeleteFunc(slices.Clone(differ), func(n string) bool { return n == name || n == allowedBeside[name] })
	if !slices.Contains(differ, name) || len(others) > 0 {
		l.Errorf("%s: %v changed", what, differ)
	}
}

// probeChildren does what probe does for the items of a nested list.
func (l *lab) probeChildren(what string, c *apptest.Client, address string, e *entity.Entity, f *entity.Field, id int64, metadata map[string]any) int {
	l.Helper()
	to := f.TargetEntity()
	ids := func() []int64 {
		return l.numbers("select id from "+to.Table+" where "+f.ForeignKey+" = $1 order by id", id)
	}
	children := ids()
	whole := l.snapshot(e, id)
	written := 0
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if name == "id" || name == "_delete" {
			continue
		}
		before := l.snapshot(to, children[0])
		r := c.Patch(address, map[string]any{f.Name: []any{map[string]any{"id": children[0], name: l.another(to.Field(name), before[name])}}})
		l.changed(what+": "+f.Name+"."+name, r, name, differing(before, l.snapshot(to, children[0])))
		written++
	}
	if written > 0 {
		if r := c.Patch(address, map[string]any{f.Name: []any{l.item(nil)}}); r.Status != 200 || len(ids()) != len(children)+1 {
			l.Errorf("%s: a new item: %d %s, %d items, want one more than %d", what, r.Status, r.Body, len(ids()), len(children))
		}
		written++
	}
	if metadata["_delete"] != nil {
		now := ids()
		last := now[len(now)-1]
		if r := c.Patch(address, map[string]any{f.Name: []any{map[string]any{"id": last, "_delete": true}}}); r.Status != 200 || slices.Contains(ids(), last) {
			l.Errorf("%s: deleting an item: %d %s, items %v", what, r.Status, r.Body, ids())
		}
		written++
	}
	l.same(what+": outside the items", slices.DeleteFunc(differing(whole, l.snapshot(e, id)), func(n string) bool { return n == f.Name }), []string{})
	return written
}

// What OPTIONS says of a visit and its tasks is what writing them does, for every person in every state (tpm §6).
func TestVisitMetadataIsTrue(t *testing.T) {
	eachEngine(t, func(l *lab) {
		written := map[string]int{}
		for _, status := range statuses {
			visit := l.visit(status, nil)
			l.task(visit, nil)
			first := l.tasks(visit)[0]
			// A partner that signs no agreements, so that partner and agreement can each be changed alone.
			l.put("KEN", l.tpm.Task, first, entity.Values{"partner": l.id("partner G1"), "intervention": nil})
			for _, p := range askers {
				n := l.probe(p.name+" in "+status, p.in(l), path(visit), l.tpm.Visit, visit,
					map[string]any{"tpm_partner_focal_points": l.numbers("select user_id from tpm_visit_firm_focal_points where visit_id = $1", visit)})
				if n > 0 {
					written[p.name+" "+status] = n
				}
			}
		}
		// Two fields of the visit, nine of its tasks, a new one and one deleted; once reported, the comment.
		want := map[string]int{}
		for _, p := range []string{"pme", "planner without the agency's role"} {
			for _, status := range []string{"draft", "assigned", "tpm_rejected"} {
				want[p+" "+status] = 2 + 9 + 2
			}
			want[p+" tpm_reported"] = 1
		}
		want["focal tpm_reported"] = 1
		l.same("fields that were written", written, want)
	})
}

// What OPTIONS says of new visits, of firms and of lists that are only read is what sending does.
func TestOtherMetadataIsTrue(t *testing.T) {
	eachEngine(t, func(l *lab) {
		firm := l.id("firm F1")
		readOnly := []string{
			firms(firm) + "staff-members/", fmt.Sprintf("%sstaff-members/%d/", firms(firm), l.id("user tpm@firm.example")), "/api/tpm/activities/",
			"/api/tpm/visits/activities/implementing-partners/", "/api/tpm/visits/activities/sections/", "/api/tpm/visits/activities/cp-outputs/",
		}
		for _, p := range askers {
			c := p.in(l)
			o := c.Options("/api/tpm/visits/")
			post, _ := dig(tree(l, o), "actions", "POST").(map[string]any)
			body := map[string]any{}
			for _, f := range l.tpm.Visit.Fields[1:] {
				body[f.Name] = l.another(f, "null")
			}
			r := c.Post("/api/tpm/visits/", body)
			if (r.Status == 201) != (post != nil) || r.Status != 201 && r.Status != 403 {
				l.Errorf("%s: OPTIONS names %v for a new visit, sending gives %d %s", p.name, keys(post), r.Status, r.Body)
			}
			if r.Status == 201 {
				empty := l.snapshot(l.tpm.Visit, c.Post("/api/tpm/visits/", map[string]any{}).Want(l, 201).ID(l))
				differ := slices.DeleteFunc(differing(empty, l.snapshot(l.tpm.Visit, r.ID(l))), func(n string) bool { return n == "id" })
				l.same(p.name+": fields of a new visit", differ, keys(post))
			}
			n := l.probe(p.name+" of a firm", c, firms(firm), l.tpm.Firm, firm, map[string]any{})
			if want := map[bool]int{true: 3}[p.is("pme")]; n != want {
				l.Errorf("%s: %d fields of the firm were written, want %d", p.name, n, want)
			}
			// POST stands in the metadata of firms though none can be made: clients look for it (tpm §12-7).
			r = c.Post(firms(), map[string]any{"email": "a@b.example"})
			if named := dig(tree(l, c.Options(firms())), "actions", "POST") != nil; named != (r.Status == 400) || !named && r.Status != 403 {
				l.Errorf("%s: OPTIONS names what a new firm has: %t, sending gives %d %s", p.name, named, r.Status, r.Body)
			}
			for _, address := range readOnly {
				actions := dig(tree(l, c.Options(address)), "actions")
				if dig(actions, "POST") != nil || dig(actions, "PUT") != nil {
					l.Errorf("%s: OPTIONS of %s names what may be written: %v", p.name, address, keys(actions))
				}
				for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
					if r := c.Do(method, address, map[string]any{}); r.Status != 405 && r.Status != 403 {
						l.Errorf("%s: %s %s gives %d %s", p.name, method, address, r.Status, r.Body)
					}
				}
			}
		}
	})
}

// tree is the body of a good answer, nil of any other.
func tree(l *lab, r *apptest.Response) any {
	if r.Status != 200 {
		return nil
	}
	return r.JSON(l)
}
