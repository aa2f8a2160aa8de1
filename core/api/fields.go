package api

import (
	"fmt"
	"net/http"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

// maxUnknown bounds how many unknown names one refusal lists.
const maxUnknown = 20

// keys reads `?fields=id,partner[id,name]`: what of a shape a read is to show, nil for all of it. On a lenient wire what is not known is left out, and
// when nothing is left, the answer is whole.
func (r *Resource) keys(q *Request, shape string) (*entity.Keys, error) {
	if q.Method != http.MethodGet && q.Method != http.MethodHead {
		return nil, nil
	}
	text := strings.Trim(strings.Join(q.URL.Query()["fields"], ","), ", ")
	if text == "" {
		return nil, nil
	}
	asked, err := entity.ParseKeys(text)
	if err != nil {
		if r.Wire.Lenient {
			return nil, nil
		}
		return nil, err
	}
	known, unknown := r.Entity.Keys(r.viewer(q), shape, asked)
	if len(unknown) == 0 || r.Wire.Lenient {
		return known, nil
	}
	var problems almoner.Problems
	for _, name := range unknown[:min(len(unknown), maxUnknown)] {
		if letters := []rune(name); len(letters) > 80 {
			name = string(letters[:80]) + "…"
		}
		problems.AddWith("fields", "no_such_field", fmt.Sprintf("There is no field %q.", name), map[string]string{"name": name})
	}
	return nil, problems.Err()
}

var fieldsParam = Param{Name: "fields", Doc: "What to show of each record: id,partner[id,name]. All of it when missing.", Schema: TypeOf("string")}
