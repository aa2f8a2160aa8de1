package tpm_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"almoner.dev/almoner/core/entity"
)

// spoken calls fn for every text in a tree that stands under one of the names, with the path to it.
func spoken(v any, path string, names []string, fn func(path, text string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			text, isText := value.(string)
			if isText && strings.Contains(" "+strings.Join(names, " ")+" ", " "+key+" ") {
				fn(path+"."+key, text)
				continue
			}
			spoken(value, path+"."+key, names, fn)
		}
	case []any:
		for _, item := range v {
			spoken(item, path, names, fn)
		}
	}
}

func arabic(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
}

// Whoever reads Arabic gets labels, states, moves, what moves ask for, blockers, histories and refusals in Arabic, in every state.
func TestEverythingSpeaksArabic(t *testing.T) {
	eachEngine(t, func(l *lab) {
		texts := 0
		check := func(what string, tree any, names ...string) {
			l.Helper()
			spoken(tree, what, names, func(path, text string) {
				texts++
				if text != "ID" && !arabic(text) { // ids are called the same everywhere
					l.Errorf("%s is %q, want it in Arabic", path, text)
				}
			})
		}
		for _, status := range statuses {
			visit := l.visit(status, nil)
			for _, email := range []string{"pme@agency.example", "tpmfocal@firm.example"} {
				reader := l.a.As(email).With("Language", "ar")
				o := reader.Options(path(visit))
				if o.Status == 404 {
					continue
				}
				check(status, dig(o.Want(l, 200).JSON(l), "actions"), "label", "display_name")
				check(status, dig(reader.Get(path(visit)+"?include=actions").Want(l, 200).JSON(l), "actions"), "label", "message")
				check(status+" history", reader.Get(path(visit, "history")).Want(l, 200).JSON(l), "label")
			}
		}
		pme := l.a.As("pme@agency.example").With("Language", "ar")
		check("list", dig(pme.Options("/api/tpm/visits/").Want(l, 200).JSON(l), "actions"), "label", "display_name")
		empty := l.a.As("pme@agency.example").Post("/api/tpm/visits/", nil).Want(l, 201).ID(l)
		check("guard", pme.Post(path(empty, "assign"), nil).Want(l, 400).JSON(l), "tpm_partner", "unicef_focal_points", "tpm_partner_focal_points")
		check("not found", pme.Get("/api/tpm/visits/987654321/").Want(l, 404).JSON(l), "detail")
		check("forbidden", pme.Post(path(empty, "accept"), nil).Want(l, 403).JSON(l), "detail")
		barred := dig(pme.Post("/api/tpm/visits/", map[string]any{"tpm_partner": l.id("firm F3")}).Want(l, 400).JSON(l), "tpm_partner", 0)
		check("barred", map[string]any{"message": barred}, "message")
		if texts < 400 {
			l.Errorf("only %d texts were looked at", texts)
		}
		l.Logf("%d texts", texts)
	})
}

// Kinds of documents are offered in the reader's language; one that an administrator added is shown as they wrote it.
func TestKindsOfDocumentsAreTranslated(t *testing.T) {
	eachEngine(t, func(l *lab) {
		visit := l.visit("draft", nil)
		offered := func(collection string) []string {
			var list []string
			choices, _ := dig(l.a.As("pme@agency.example").With("Language", "ar").Options(collection).Want(l.T, 200).JSON(l.T), "actions", "GET", "file_type", "choices").([]any)
			for _, c := range choices {
				list = append(list, dig(c, "display_name").(string))
			}
			return list
		}
		for _, collection := range []string{list(visit, "attachments"), list(visit, "report-attachments"), list(visit, "activities/report-attachments")} {
			got := offered(collection)
			if len(got) < 2 {
				l.Errorf("%s offers %v", collection, got)
			}
			for _, label := range got {
				if !arabic(label) {
					l.Errorf("%s offers %q, want it in Arabic", collection, label)
				}
			}
		}
		l.put("KEN", l.a.Set.Registry.Entity("attachment.file_type"), 0, entity.Values{"name": "terms", "label": "Field notes", "groups": "tpm_report"})
		if got := offered(list(visit, "activities/report-attachments")); !slices.Contains(got, "Field notes") {
			l.Errorf("a kind of an administrator is not among %v", got)
		}
	})
}
