package api

import (
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/lifecycle"
)

// label translates a label by its key; the English text of the declaration is the fallback.
func (q *Request) label(key, english string) string {
	if q.language == "en" || !q.api.Texts.Has(q.language, key) {
		return english
	}
	return q.api.Texts.Text(q.language, key, nil)
}

// inLanguage is the text of a language among several, else a last resort.
func inLanguage(language string, texts map[string]string, other string) string {
	if text := texts[language]; text != "" {
		return text
	}
	return other
}

// Seeded translates a label that a module put into the database and people may have changed since: under its key while it is still what the
// English catalogue says, else it is left as it stands.
func (q *Request) Seeded(key, label string) string {
	if !q.api.Texts.Has("en", key) || q.api.Texts.Text("en", key, nil) != label {
		return label
	}
	return q.label(key, label)
}

// Label is the text under a key in the language of the answer, else in English, else the given word.
func (q *Request) Label(key, word string) string {
	for _, language := range []string{q.language, "en"} {
		if q.api.Texts.Has(language, key) {
			return q.api.Texts.Text(language, key, nil)
		}
	}
	return word
}

// fieldLabel is what an administrator called the field, else it is found under `module.entity.field.name`.
func (q *Request) fieldLabel(e *entity.Entity, f *entity.Field) string {
	if x, ok := f.Extension(); ok {
		return inLanguage(q.language, x.Labels, f.Label)
	}
	if control := q.Overlay().Control(f); control != nil && inLanguage(q.language, control.Labels, "") != "" {
		return inLanguage(q.language, control.Labels, "")
	}
	if f.Entity() != nil {
		return q.label(f.TextKey(), f.Label)
	}
	return q.label(e.Name+".field."+f.Name, f.Label)
}

// ChoiceLabel is the name of a value of a Choice field in the language of the answer, found under `module.entity.choice.field.value`;
// the English label of the declaration when the language has none.
func (q *Request) ChoiceLabel(f *entity.Field, c entity.ChoiceValue) string {
	if x, ok := f.Extension(); ok {
		for _, choice := range x.Choices {
			if choice.Value == c.Value {
				return inLanguage(q.language, choice.Labels, c.Label)
			}
		}
	}
	if control := q.Overlay().Control(f); control != nil && control.Choices[c.Value][q.language] != "" {
		return control.Choices[c.Value][q.language]
	}
	return q.label(f.Entity().Name+".choice."+f.Name+"."+c.Value, c.Label)
}

// moveLabel is found under `module.entity.move.code`, or `….code.state` where the label differs by state.
func (q *Request) moveLabel(e *entity.Entity, move *lifecycle.Move, state string) string {
	key := e.Name + ".move." + move.Code
	if _, differs := move.Labels[state]; differs {
		key += "." + state
	}
	return q.label(key, move.LabelFrom(state))
}

// inputLabel is found under `module.entity.move.code.input.name`, else like that of the entity's field: the same word can ask for different
// things in two moves.
func (q *Request) inputLabel(e *entity.Entity, move *lifecycle.Move, f *entity.Field) string {
	return q.label(e.Name+".move."+move.Code+".input."+f.Name, q.label(e.Name+".field."+f.Name, f.Label))
}
