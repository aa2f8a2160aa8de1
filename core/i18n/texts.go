package i18n

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// English is the language that every text exists in.
const English = "en"

// Texts answers with the texts of all modules. It never changes, so any number of goroutines may ask.
type Texts struct {
	byLanguage map[string]*locale
	languages  []string
	tags       []language.Tag
	matcher    language.Matcher
}

type locale struct {
	tag   language.Tag
	texts map[string]*message
}

// New joins the catalogues and checks them against English. The error lists every problem, one per line; there is no Texts
// then, because a program with missing words should not start.
func New(catalogues ...Catalogue) (*Texts, error) {
	t := &Texts{byLanguage: map[string]*locale{English: {tag: language.English, texts: map[string]*message{}}}}
	var problems []error
	loaded := make([]map[string]map[string]*message, len(catalogues))
	owner := map[string]string{}
	for i, c := range catalogues {
		files, errs := c.load()
		loaded[i] = files
		problems = append(problems, errs...)
		for _, lang := range slices.Sorted(maps.Keys(files)) {
			l := t.byLanguage[lang]
			if l == nil {
				l = &locale{tag: language.Make(lang), texts: map[string]*message{}}
				t.byLanguage[lang] = l
			}
			for _, key := range slices.Sorted(maps.Keys(files[lang])) {
				at := lang + " " + key
				if first, ok := owner[at]; ok {
					problems = append(problems, fmt.Errorf("texts of %s, %s.json: %s is already a text of %s", c.Module, lang, key, first))
					continue
				}
				owner[at] = c.Module
				l.texts[key] = files[lang][key]
			}
		}
	}
	for i, c := range catalogues {
		problems = append(problems, t.compare(c.Module, loaded[i])...)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	t.languages = append([]string{English}, slices.DeleteFunc(slices.Sorted(maps.Keys(t.byLanguage)), func(l string) bool { return l == English })...)
	for _, l := range t.languages {
		t.tags = append(t.tags, t.byLanguage[l].tag)
	}
	t.matcher = language.NewMatcher(t.tags)
	return t, nil
}

// compare checks one catalogue's languages against English. A catalogue that only brings a further language for other modules
// has no English of its own; its keys are looked up among everybody's.
func (t *Texts) compare(module string, files map[string]map[string]*message) []error {
	var problems []error
	for _, lang := range slices.Sorted(maps.Keys(files)) {
		if lang == English {
			continue
		}
		at := fmt.Sprintf("texts of %s, %s.json", module, lang)
		for _, key := range slices.Sorted(maps.Keys(files[English])) {
			if t.byLanguage[lang].texts[key] == nil {
				problems = append(problems, fmt.Errorf("%s: %s is missing", at, key))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(files[lang])) {
			english, ours := t.byLanguage[English].texts[key], files[lang][key]
			if english == nil {
				problems = append(problems, fmt.Errorf("%s: %s is not a text in English", at, key))
				continue
			}
			want, got := english.placeholders(), ours.placeholders()
			if !slices.Equal(want, got) {
				problems = append(problems, fmt.Errorf("%s: %s has the placeholders %v, in English %v", at, key, got, want))
			}
			if english.forms != nil && ours.forms == nil && len(categoriesOf(t.byLanguage[lang].tag)) > 1 {
				problems = append(problems, fmt.Errorf("%s: %s needs plural forms as in English", at, key))
			}
		}
	}
	return problems
}

// Languages returns what is shipped, English first and the rest in alphabetical order. The slice is the caller's own.
func (t *Texts) Languages() []string { return slices.Clone(t.languages) }

// Text returns the text of a key in a language, with placeholders filled. It falls back from fr-CA to fr, then to English,
// then to the key itself, which shows the mistake on the screen.
func (t *Texts) Text(locale, key string, params map[string]string) string {
	return t.TextOr(locale, key, params, key)
}

// TextOr is Text with a last resort of the caller's, which is returned as it is.
func (t *Texts) TextOr(locale, key string, params map[string]string, fallback string) string {
	l, m := t.find(locale, key)
	if m == nil {
		return fallback
	}
	if m.forms == nil {
		return m.text.fill(params)
	}
	form := m.forms[formOf(l.tag, params[m.by])]
	if form == nil {
		form = m.forms[other]
	}
	return form.fill(params)
}

// Has reports whether the key has a text of its own in the language, or in the language without its region; English does
// not count for others.
func (t *Texts) Has(locale, key string) bool {
	l := t.locale(locale)
	return l != nil && l.texts[key] != nil
}

func (t *Texts) find(name, key string) (*locale, *message) {
	if l := t.locale(name); l != nil {
		if m := l.texts[key]; m != nil {
			return l, m
		}
	}
	english := t.byLanguage[English]
	return english, english.texts[key]
}

func (t *Texts) locale(name string) *locale {
	if l := t.byLanguage[name]; l != nil {
		return l
	}
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(name, "_", "-")), "-")
	return t.byLanguage[base]
}

// maxAcceptLanguage is longer than any browser sends; parsing is not free.
const maxAcceptLanguage = 1000

// Match chooses the language of an answer: the first of preferred (what the person chose, the workspace's language) that is
// shipped, else the best for an Accept-Language header, else English. It never fails; what it cannot read it passes over.
func (t *Texts) Match(acceptLanguage string, preferred ...string) string {
	for _, p := range preferred {
		if p == "" {
			continue
		}
		if t.byLanguage[p] != nil {
			return p
		}
		if tag, err := language.Parse(p); err == nil {
			if _, i, confidence := t.matcher.Match(tag); confidence >= language.High {
				return t.languages[i]
			}
		}
	}
	if acceptLanguage == "" || len(acceptLanguage) > maxAcceptLanguage {
		return English
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return English
	}
	_, i, _ := t.matcher.Match(wanted...)
	return t.languages[i]
}
