package i18n_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"almoner.dev/almoner/core/i18n"
)

func catalogue(module string, files map[string]string) i18n.Catalogue {
	m := fstest.MapFS{}
	for lang, text := range files {
		m["locales/"+lang+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	return i18n.Catalogue{Module: module, FS: m}
}

func texts(t *testing.T, catalogues ...i18n.Catalogue) *i18n.Texts {
	t.Helper()
	x, err := i18n.New(catalogues...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var grievance = catalogue("grievance", map[string]string{
	"en": `{
		"grievance.reason_required": "Say why.",
		"grievance": {"ticket": {
			"title": "Ticket {number} of {name}",
			"open": {"one": "{count} open ticket", "other": "{count} open tickets"},
			"expiry": {"by": "days", "one": "Expires tomorrow", "other": "Expires in {days} days"},
			"braces": "{Not} {} a { placeholder} {open"
		}}}`,
	"fr": `{
		"grievance.reason_required": "Dites pourquoi.",
		"grievance.ticket": {
			"title": "Ticket de {name}, n° {number}",
			"open": {"one": "{count} ticket ouvert", "other": "{count} tickets ouverts"},
			"expiry": {"by": "days", "one": "Expire demain", "other": "Expire dans {days} jours"},
			"braces": "-"
		}}`,
	"ar": `{
		"grievance.reason_required": "-",
		"grievance.ticket.title": "{number} {name}",
		"grievance.ticket.braces": "-",
		"grievance.ticket.expiry": {"by":"days","zero":"z","one":"o","two":"t","few":"{days} f","many":"{days} m","other":"{days} r"},
		"grievance.ticket.open": {"zero":"zero","one":"one","two":"two","few":"{count} few","many":"{count} many","other":"{count} other"}
	}`,
})

func TestText(t *testing.T) {
	t.Parallel()
	x := texts(t, i18n.Core(), grievance)
	p := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	cases := []struct {
		locale, key string
		params      map[string]string
		want        string
	}{
		{"en", "grievance.reason_required", nil, "Say why."},
		{"fr", "grievance.reason_required", nil, "Dites pourquoi."},
		{"fr-CA", "grievance.reason_required", nil, "Dites pourquoi."},
		{"fr_CA", "grievance.reason_required", nil, "Dites pourquoi."},
		{"es", "grievance.reason_required", nil, "Say why."},
		{"xx", "grievance.reason_required", nil, "Say why."},
		{"", "grievance.reason_required", nil, "Say why."},
		{"en", "grievance.nothing", nil, "grievance.nothing"},
		{"fr", "grievance.ticket.title", p("number", "7", "name", "Ada"), "Ticket de Ada, n° 7"},
		{"en", "grievance.ticket.title", p("number", "7"), "Ticket 7 of {name}"},
		{"en", "grievance.ticket.title", p("number", "{name}", "name", "x"), "Ticket {name} of x"},
		{"en", "grievance.ticket.braces", nil, "{Not} {} a { placeholder} {open"},
		{"en", "grievance.ticket.open", p("count", "1"), "1 open ticket"},
		{"en", "grievance.ticket.open", p("count", "0"), "0 open tickets"},
		{"en", "grievance.ticket.open", p("count", "1.0"), "1.0 open tickets"},
		{"en", "grievance.ticket.open", p("count", "many"), "many open tickets"},
		{"en", "grievance.ticket.open", nil, "{count} open tickets"},
		{"fr", "grievance.ticket.open", p("count", "0"), "0 ticket ouvert"},
		{"fr", "grievance.ticket.open", p("count", "1.5"), "1.5 ticket ouvert"},
		{"fr", "grievance.ticket.open", p("count", "2"), "2 tickets ouverts"},
		{"en", "grievance.ticket.expiry", p("days", "1"), "Expires tomorrow"},
		{"en", "grievance.ticket.expiry", p("days", "-1"), "Expires tomorrow"},
		{"ar", "grievance.ticket.open", p("count", "0"), "zero"},
		{"ar", "grievance.ticket.open", p("count", "1"), "one"},
		{"ar", "grievance.ticket.open", p("count", "2"), "two"},
		{"ar", "grievance.ticket.open", p("count", "3"), "3 few"},
		{"ar", "grievance.ticket.open", p("count", "110"), "110 few"},
		{"ar", "grievance.ticket.open", p("count", "11"), "11 many"},
		{"ar", "grievance.ticket.open", p("count", "100"), "100 other"},
		{"ar", "grievance.ticket.open", p("count", "90000000000000000000000000000100"), "90000000000000000000000000000100 other"},
		{"en", "required", nil, "This field is required."},
		{"ar", "too_long", p("max", "2"), "يجب ألا يزيد هذا الحقل على حرفين."},
		{"es", "throttled", p("seconds", "30"), "Demasiadas solicitudes. Vuelva a intentarlo en 30 segundos."},
	}
	for _, c := range cases {
		if got := x.Text(c.locale, c.key, c.params); got != c.want {
			t.Errorf("Text(%q, %q, %v) = %q, want %q", c.locale, c.key, c.params, got, c.want)
		}
	}
	if got := x.TextOr("fr", "nothing", p("a", "b"), "as {a} given"); got != "as {a} given" {
		t.Errorf("TextOr = %q", got)
	}
	if !x.Has("fr-CA", "grievance.ticket.open") || x.Has("es", "grievance.ticket.open") || x.Has("xx", "required") || x.Has("fr", "grievance.ticket") {
		t.Error("Has is wrong")
	}
}

func TestProblemsAreListedAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := i18n.New(
		catalogue("a", map[string]string{
			"en": `{"a": {"one": "x", "name": "{who} {what}", "twice": "x"}, "a.twice": "y", "a.missing": "m", "a.n": {"one": "1", "other": "{count}"}, "a.list": {"other": "{count}"}}`,
			"fr": `{"a.one": "x", "a.name": "{who}", "a.twice": "z", "a.extra": "e", "a.n": "{count}", "a.list": {"one": "x", "other": "y", "by": "days"}}`,
			"ar": `{"a.one": "x", "a.name": "{what} {who}", "a.twice": "z", "a.missing": "m", "a.n": {"one": "1", "other": "{count}"}, "a.list": {"zero":"","one":"","two":"","few":"","many":"","other":"{count}", "other":"{count}"}}`,
		}),
		catalogue("b", map[string]string{"en": `{"a.one": "mine"}`, "english": `{}`}),
		catalogue("c", map[string]string{"en": `{"c": ["x"]}`}),
		catalogue("d", map[string]string{"en": `{"d": 3}`}),
		catalogue("e", map[string]string{"en": `{"e": "x"} {}`}),
		catalogue("f", map[string]string{"en": `["x"]`}),
		catalogue("g", map[string]string{"en": `{"g..h": "x"`}),
		catalogue("h", map[string]string{"en": `{"h..h": "x", "": "y"}`}),
		catalogue("i", nil),
	)
	if err == nil {
		t.Fatal("no problems found")
	}
	for _, want := range []string{
		"texts of a, en.json: a.twice is there twice",
		`texts of a, en.json: a.list lacks the plural form "one"`,
		"texts of a, fr.json: a.missing is missing",
		"texts of a, fr.json: a.name has the placeholders [who], in English [what who]",
		"texts of a, fr.json: a.extra is not a text in English",
		"texts of a, fr.json: a.n needs plural forms as in English",
		`texts of a, fr.json: a.list chooses its form by {days}, which its form "other" does not show`,
		`texts of a, ar.json: a.n lacks the plural form "zero"`,
		`texts of a, ar.json: a.n lacks the plural form "many"`,
		`texts of a, ar.json: a.list has the form "other" twice`,
		"texts of b, en.json: a.one is already a text of a",
		`texts of b, english.json: "english" is not the tag of a language`,
		`texts of c, en.json: "c": a text is a string or an object, not a list`,
		`texts of d, en.json: "d": a text is a string or an object`,
		"texts of e, en.json: there is something after the object",
		"texts of f, en.json: the file must hold one object",
		"texts of g, en.json: the file ends too early",
		`texts of h, en.json: "h..h" is not a key`,
		`texts of h, en.json: "" is not a key`,
		"texts of i: there is no file locales/en.json",
	} {
		if !strings.Contains(err.Error()+"\n", want+"\n") {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(err.Error(), "ar.json: a.name") {
		t.Error("the order of placeholders is a translator's choice")
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestAFurtherLanguageCanComeFromElsewhere(t *testing.T) {
	t.Parallel()
	x := texts(t, grievance, catalogue("portuguese", map[string]string{"pt": `{"grievance.reason_required": "Diga porquê."}`}))
	if got := x.Text("pt-BR", "grievance.reason_required", nil); got != "Diga porquê." {
		t.Errorf("got %q", got)
	}
	if got := x.Text("pt", "grievance.ticket.expiry", map[string]string{"days": "1"}); got != "Expires tomorrow" {
		t.Errorf("a text that is not translated: %q", got)
	}
	if got := x.Languages(); !slices.Equal(got, []string{"en", "ar", "fr", "pt"}) {
		t.Errorf("languages %v", got)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	x := texts(t, i18n.Core())
	cases := []struct {
		accept    string
		preferred []string
		want      string
	}{
		{"", nil, "en"},
		{"fr", nil, "fr"},
		{"fr-CA,fr;q=0.9,en;q=0.8", nil, "fr"},
		{"de-DE,de;q=0.9,es;q=0.5", nil, "es"},
		{"de", nil, "en"},
		{"ar-EG", nil, "ar"},
		{"en;q=0.1, es;q=0.9", nil, "es"},
		{"fr", []string{"ar"}, "ar"},
		{"fr", []string{"", "es-MX"}, "es"},
		{"fr", []string{"en-us"}, "en"},
		{"fr", []string{"de", "klingon!"}, "fr"},
		{"*", nil, "en"},
		{";;;,,,q=", nil, "en"},
		{strings.Repeat("fr,", 1000), nil, "en"},
	}
	for _, c := range cases {
		if got := x.Match(c.accept, c.preferred...); got != c.want {
			t.Errorf("Match(%.40q, %q) = %q, want %q", c.accept, c.preferred, got, c.want)
		}
	}
}

// The English texts are part of the wire; this is the list of reference/tpm's validators and the platform's own.
func TestCoreTexts(t *testing.T) {
	t.Parallel()
	x := texts(t, i18n.Core())
	if got := x.Languages(); !slices.Equal(got, []string{"en", "ar", "es", "fr"}) {
		t.Fatalf("languages %v", got)
	}
	params := map[string]string{"type": "str", "value": "9", "max": "3", "min": "2", "method": "PUT", "detail": "line 1", "seconds": "5"}
	want := map[string]string{
		"required": "This field is required.", "blank": "This field may not be blank.", "null": "This field may not be null.",
		"not_a_list": `Expected a list of items but got type "str".`, "empty_list": "This list may not be empty.",
		"does_not_exist": `Invalid pk "9" - object does not exist.`, "wrong_type_pk": "Incorrect type. Expected pk value, received str.",
		"invalid_choice": `"9" is not a valid choice.`, "not_a_boolean": "Must be a valid boolean.",
		"not_an_integer": "A valid integer is required.", "not_a_number": "A valid number is required.",
		"not_a_string": "Not a valid string.", "not_an_object": "Invalid data. Expected a dictionary, but got str.",
		"bad_date":  "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
		"bad_email": "Enter a valid email address.", "bad_url": "Enter a valid URL.",
		"too_long": "Ensure this field has no more than 3 characters.", "bad_text": "Null characters are not allowed.",
		"permission_denied": "You do not have permission to perform this action.", "not_found": "Not found.",
		"not_authenticated": "Authentication credentials were not provided.", "bad_token": "Given token not valid.",
		"method_not_allowed": `Method "PUT" not allowed.`, "bad_page": "Invalid page.", "malformed_json": "JSON parse error - line 1",
		"conflict": "Somebody changed this record meanwhile.", "internal": "Something went wrong on our side. Give support the request number.",
		"throttled": "Request was throttled. Expected available in 5 seconds.", "bad_login": "Wrong e-mail address or password.",
	}
	got := map[string]string{}
	for code := range want {
		got[code] = x.Text("en", code, params)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("English (-want +got):\n%s", d)
	}
	left := regexp.MustCompile(`[{}]`)
	arabic := regexp.MustCompile(`\p{Arabic}`)
	for _, code := range []string{"bad_datetime", "too_short", "too_big", "too_small", "unknown_field", "too_large", "inactive_account"} {
		want[code] = ""
	}
	for code := range want {
		for _, lang := range []string{"fr", "es", "ar"} {
			text := x.Text(lang, code, params)
			if !x.Has(lang, code) || left.MatchString(text) || text == x.Text("en", code, params) || lang == "ar" && !arabic.MatchString(text) {
				t.Errorf("%s in %s is %q", code, lang, text)
			}
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	x := texts(t, i18n.Core(), grievance)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 200 {
				count := fmt.Sprint(n * i)
				x.Text("ar", "grievance.ticket.open", map[string]string{"count": count})
				x.Match("fr-CA,es;q=0.5", "ar")
			}
		})
	}
	wg.Wait()
}

func FuzzMatch(f *testing.F) {
	x, err := i18n.New(i18n.Core())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("fr-CA,fr;q=0.9", "en-us")
	f.Add("*;q=0", "x-klingon")
	f.Fuzz(func(t *testing.T, accept, preferred string) {
		if got := x.Match(accept, preferred); !slices.Contains(x.Languages(), got) {
			t.Errorf("Match(%q, %q) = %q", accept, preferred, got)
		}
	})
}

func BenchmarkTextPlural(b *testing.B) {
	x, err := i18n.New(grievance)
	if err != nil {
		b.Fatal(err)
	}
	params := map[string]string{"count": "11"}
	b.ReportAllocs()
	for b.Loop() {
		x.Text("ar", "grievance.ticket.open", params)
	}
}
