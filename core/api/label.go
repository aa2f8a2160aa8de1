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

// fieldLabel is found under `module.entity.field.name`.
func (q *Request) fieldLabel(e *entity.Entity, f *entity.Field) string {
	return q.label(e.Name+".field."+f.Name, f.Label)
}

// moveLabel is found under `module.entity.move.code`, or `….code.state` where the label differs by state.
func (q *Request) moveLabel(e *entity.Entity, move *lifecycle.Move, state string) string {
	key := e.Name + ".move." + move.Code
	if _, differs := move.Labels[state]; differs {
		key += "." + state
	}
	return q.label(key, move.LabelFrom(state))
}
