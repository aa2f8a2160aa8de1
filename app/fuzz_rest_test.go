package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
)

// documented is one operation of the document.
type documented struct {
	*openapi3.Operation
	method, path string
}

// operations are those of the document, in a fixed order.
func (f *fuzzer) operations() []documented {
	var list []documented
	for path, item := range f.doc.Paths.Map() {
		for method, op := range item.Operations() {
			list = append(list, documented{op, method, path})
		}
	}
	slices.SortFunc(list, func(a, b documented) int { return strings.Compare(a.OperationID, b.OperationID) })
	return list
}

// oddSegments are what no record is called.
var oddSegments = []string{"0", "-1", "987654321", "9223372036854775807", "9223372036854775808", "+7", "007", "1.0", "1e3", "x", "None", "%00", "a\x00b", "\xff", "../x", "é", "１", "a/b", "1;2", "' or 1=1 --", strings.Repeat("9", 400)}

// segment is what stands for a name in a path: a record of the workspace or of another one, one of another kind, or nonsense.
func (f *fuzzer) segment(op documented, name string) string {
	if word, ok := words[name]; ok && !f.chance(15) {
		return word
	}
	table := named[name]
	if name == "{id}" {
		table, _, _ = home(api.Operation{Path: op.path})
		if strings.Contains(op.path, "staff-members") {
			table = "account_users"
		}
	}
	switch n := f.r.IntN(100); {
	case n < 75 && table != "":
		if ids := f.records(table); len(ids) > 0 {
			return strconv.FormatInt(pick(f.r, ids), 10)
		}
		fallthrough
	case n < 85:
		return strconv.Itoa(1 + f.r.IntN(300))
	}
	return pick(f.r, oddSegments)
}

// records are the ids in a table, read once in a while, as requests add to it.
func (f *fuzzer) records(table string) []int64 {
	f.Helper()
	if ids, ok := f.ids[table]; ok && !f.chance(2) {
		return ids
	}
	rows, err := f.a.DB.Query(f.Context(), "select id from "+table+" order by id limit 400")
	ids, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		f.Fatal(err)
	}
	f.ids[table] = ids
	return ids
}

// oddTexts are values of parameters and headers that few things are called.
var oddTexts = []string{"", " ", "\x00", "\xff\xfe", "null", "true", "-1", "1e400", "99999999999999999999", "2026-02-30", "0000-00-00", "%", "_", `\`, "'", `"`, "a,b,,c", ",", "[]", "{}", "id[", "]", "id[id[id[", "é", "İ", "\u202e", script, injection, strings.Repeat("é", 3000), strings.Repeat("a,", 2000)}

var likelyTexts = []string{"1", "2", "3", "7", "1,2,3", "true", "false", "2026-01-01", "2025-06-30", "2026-01-01T00:00:00Z", "2026", "draft", "assigned", "draft,tpm_reported", "water", "school", "Nairobi", "T/2026", "id", "-id", "name", "status", "-start_date", "last"}

var oddParameters = []string{"fields", "include", "format", "schema", "page", "page_size", "ordering", "search", "nothing", "__proto__", "a[]", "limit", "count"}

// query makes parameters: those of the document, and now and then others.
func (f *fuzzer) query(op documented) url.Values {
	params := url.Values{}
	value := func(p *openapi3.Parameter) string {
		switch {
		case f.chance(25):
			return pick(f.r, oddTexts)
		case p != nil && p.Name == "ordering":
			_, listed, _ := strings.Cut(p.Description, ": ")
			return pick(f.r, []string{"", "-"}) + pick(f.r, strings.Split(strings.TrimSuffix(listed, "."), ", "))
		case p != nil && p.Schema.Value != nil && len(p.Schema.Value.Enum) > 0:
			return fmt.Sprint(pick(f.r, p.Schema.Value.Enum))
		}
		return pick(f.r, likelyTexts)
	}
	for _, ref := range op.Parameters {
		p := ref.Value
		if p.In != openapi3.ParameterInQuery || !f.chance(100/(2+len(op.Parameters)/3)) {
			continue
		}
		for range 1 + f.r.IntN(4)/3 {
			params.Add(p.Name, value(p))
		}
	}
	if f.chance(12) {
		params.Add(pick(f.r, oddParameters), value(nil))
	}
	return params
}

// headers that change what is answered, right and wrong ones.
func (f *fuzzer) headers(c *apptest.Client) *apptest.Client {
	for name, values := range map[string][]string{
		"Accept":               {"application/problem+json", "*/*", "text/csv", "application/json;q=0.5, text/html", "\x00", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		"Accept-Language":      {"fr", "ar;q=0.9, en", "xx", strings.Repeat("en,", 2000), "\xff"},
		"Language":             {"es", "ar", "nothing", ""},
		"Almoner-Workspace":    {"KEN", "LBN", "ken", "XXX", "", "\x00", "' or 1=1 --"},
		"Almoner-Organization": {"1", "2", "-1", "x", "99999999999999999999"},
		"If-Match":             {`W/"1"`, `"2"`, "*", "x", `W/"99999999999999999999"`, `""`},
		"If-None-Match":        {`W/"1"`, "*", ",,,", "\x00"},
		"Idempotency-Key":      {"key-1", "key-2", "a b", strings.Repeat("k", 201), "é"},
		"Authorization":        {"Bearer x", "Bearer ", "JWT a.b.c", "Token 1", "Basic eDp5", "\x00"},
		"Range":                {"bytes=0-3", "bytes=-1", "bytes=9999999-", "x"},
		"X-Forwarded-Proto":    {"https", "x"},
	} {
		// Drawn for each name in its own right, as the order of a map is not the same twice.
		r := rand.New(rand.NewPCG(uint64(f.number), uint64(len(name))<<8|uint64(name[0]))) //nolint:gosec // a fixed seed is the point
		odds := 8
		if name == "Authorization" || strings.HasPrefix(name, "Almoner-") {
			odds = 2 // most of these end the request at the door
		}
		if r.IntN(100) < odds {
			c = c.With(name, pick(r, values))
		}
	}
	return c
}

// mood is how right a body is to be.
type mood int

const (
	right mood = iota
	slightlyWrong
	veryWrong
)

// body makes a value for a schema.
func (f *fuzzer) body(s *openapi3.Schema, m mood, depth int) any {
	if m == veryWrong && f.chance(40) || m == slightlyWrong && f.chance(6) {
		return json.RawMessage(pick(f.r, acceptable))
	}
	if len(s.AnyOf) > 0 {
		return f.body(pick(f.r, s.AnyOf).Value, m, depth)
	}
	if len(s.Enum) > 0 {
		return pick(f.r, s.Enum)
	}
	if s.Type.IncludesNull() && f.chance(15) {
		return nil
	}
	switch {
	case s.Type.Includes(openapi3.TypeObject):
		o := map[string]any{}
		if depth > 3 {
			return o
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, name) || f.chance(45) {
				o[name] = f.body(s.Properties[name].Value, m, depth+1)
			}
		}
		if m != right && f.chance(20) {
			o[pick(f.r, []string{"id", "nothing", "version", "_delete", "", "__proto__", "status", "workspace"})] = f.r.IntN(9)
		}
		return o
	case s.Type.Includes(openapi3.TypeArray):
		list := []any{}
		for range f.r.IntN(4) {
			if depth < 4 {
				list = append(list, f.body(s.Items.Value, m, depth+1))
			}
		}
		return list
	case s.Type.Includes(openapi3.TypeInteger):
		return 1 + f.r.IntN(40)
	case s.Type.Includes(openapi3.TypeNumber):
		return float64(f.r.IntN(20000))/100 - 100
	case s.Type.Includes(openapi3.TypeBoolean):
		return f.chance(50)
	case s.Format == "date":
		return fmt.Sprintf("2026-%02d-%02d", 1+f.r.IntN(12), 1+f.r.IntN(28))
	case s.Format == "date-time":
		return "2026-03-01T10:00:00Z"
	case s.Format == "email":
		return fmt.Sprintf("person%d@fuzz.example", f.r.IntN(1000))
	case s.Format == "uri":
		return "https://fuzz.example/" + strconv.Itoa(f.r.IntN(9))
	}
	return pick(f.r, []string{"Text", "Another text", "نص", "KEN", "en", "Observation", "12"}) + pick(f.r, []string{"", " 1", " 2"})
}

// acceptable are the wrong values that encoding/json writes as they are: the others stand in bodies of their own.
var acceptable = slices.DeleteFunc(slices.Clone(wrong), func(text string) bool { return !json.Valid([]byte(text)) })

// spoilt are whole bodies that are no sensible JSON, without the largest.
var spoilt = func() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(malformedBodies)) {
		if body := malformedBodies[name]; len(body) < 200_000 {
			list = append(list, body)
		}
	}
	return list
}()

// content makes a body and its media type; "" for none.
func (f *fuzzer) content(op documented, c *apptest.Client, path string) (body, media string) {
	if op.RequestBody == nil {
		if f.chance(3) {
			return `{"a":1}`, "application/json"
		}
		return "", ""
	}
	content := op.RequestBody.Value.Content
	if m := content["multipart/form-data"]; m != nil && (content["application/json"] == nil || f.chance(50)) {
		return f.form(m.Schema.Value), "multipart/form-data; boundary=" + mark
	}
	switch n := f.r.IntN(100); {
	case n < 6:
		return pick(f.r, spoilt), "application/json"
	case n < 10:
		return `{"a":1}`, pick(f.r, []string{"text/plain", "application/xml", "a b", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"})
	}
	var value any
	if m := content["application/json"]; m != nil {
		value = f.body(m.Schema.Value, mood(f.r.IntN(3)), 0)
	}
	// A record as it was read, with one thing changed, gets further than one that was made up.
	if (op.method == http.MethodPatch || op.method == http.MethodPut) && f.chance(60) {
		var read map[string]any
		if r := c.Get(path); r.Status == http.StatusOK && json.Unmarshal(r.Body, &read) == nil && len(read) > 0 {
			made, _ := value.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(made)) {
				if f.chance(30) {
					read[name] = made[name]
				}
			}
			value = read
		}
	}
	raw, err := json.Marshal(value)
	if err != nil {
		f.Fatalf("encode a body: %v", err)
	}
	return string(raw), "application/json"
}

// form makes a form with a file, mostly.
func (f *fuzzer) form(s *openapi3.Schema) string {
	var pieces []piece
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name].Value
		switch {
		case f.chance(20):
		case p.Format == "binary":
			pieces = append(pieces, attached(pick(f.r, []string{"a.pdf", "b.png", "c.exe", "", "../d.pdf", "e\x00.pdf", strings.Repeat("n", 300) + ".pdf"}), pick(f.r, []string{pdfText, pngText, exeText, pageText, "", "text"})))
		default:
			raw, _ := json.Marshal(f.body(p, right, 2))
			pieces = append(pieces, plain(name, strings.Trim(string(raw), `"`)))
		}
	}
	text := form(pieces...)
	if f.chance(10) {
		return text[:f.r.IntN(len(text))]
	}
	return text
}

// askREST sends one request of the document and judges the answer.
func (f *fuzzer) askREST() {
	f.Helper()
	op := pick(f.r, f.ops)
	path := inBraces.ReplaceAllStringFunc(op.path, func(name string) string { return url.PathEscape(f.segment(op, name)) })
	if f.chance(5) {
		path = strings.TrimSuffix(path, "/")
	}
	if params := f.query(op); len(params) > 0 {
		path += "?" + params.Encode()
	}
	c := f.headers(f.client())
	method := op.method
	if f.chance(4) {
		method = pick(f.r, []string{http.MethodOptions, http.MethodHead, http.MethodPut, http.MethodTrace, "NOTHING"})
	}
	body, media := f.content(op, c, path)
	var sent any
	if body != "" {
		c, sent = c.With("Content-Type", media), body
	}
	start := time.Now()
	r := c.Do(method, path, sent)
	f.count(op.OperationID, r)
	f.judge(op, method, fmt.Sprintf("%s %s %s %s", method, path, media, body), r, time.Since(start))
}

var aMedia = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+`)

// judge holds one answer against the document.
func (f *fuzzer) judge(op documented, method, what string, r *apptest.Response, took time.Duration) {
	f.Helper()
	switch {
	case r.Status >= 500:
		f.fail(what, r, "a failure on our side")
		return
	case took > 20*time.Second:
		f.fail(what, r, "took %v", took)
	case method == http.MethodHead:
		if len(r.Body) > 0 {
			f.fail(what, r, "an answer to HEAD with a body")
		}
		return
	case method != op.method && f.doc.Paths.Value(op.path).GetOperation(method) == nil:
		if method != http.MethodOptions && r.Status == http.StatusOK {
			f.fail(what, r, "a method that the document does not have")
		}
		return
	case method != op.method:
		op = documented{f.doc.Paths.Value(op.path).GetOperation(method), method, op.path}
	}
	answer := op.Responses.Value(strconv.Itoa(r.Status))
	if answer == nil {
		f.fail(what, r, "the document of %s has no status %d", op.OperationID, r.Status)
		return
	}
	media := aMedia.FindString(r.Header.Get("Content-Type"))
	content := answer.Value.Content[media]
	switch {
	case len(r.Body) == 0 && len(answer.Value.Content) == 0:
		return
	case content == nil && r.Status == http.StatusFound:
		return // a page of the standard library, for people
	case content == nil && (answer.Value.Content["application/octet-stream"] != nil || r.Status == http.StatusRequestedRangeNotSatisfiable):
		return // a file, of whatever type it is
	case content == nil:
		f.fail(what, r, "%q is no type of an answer of %s", r.Header.Get("Content-Type"), op.OperationID)
		return
	case !strings.HasSuffix(media, "json"):
		return
	}
	var value any
	if err := json.Unmarshal(r.Body, &value); err != nil {
		f.fail(what, r, "no JSON: %v", err)
		return
	}
	if wrong := unlike(content.Schema.Value, value, "answer"); wrong != "" {
		f.fail(what, r, "does not fit %s: %s", op.OperationID, wrong)
	}
}

// unlike says in what a value differs from a schema, "" when it fits. A key that an object of named properties does not name is a difference.
func unlike(s *openapi3.Schema, value any, at string) string {
	if len(s.AnyOf) > 0 {
		var all []string
		for _, one := range s.AnyOf {
			wrong := unlike(one.Value, value, at)
			if wrong == "" {
				return ""
			}
			all = append(all, wrong)
		}
		return strings.Join(all, "; or ")
	}
	if s.Type.IsEmpty() {
		return ""
	}
	kind := ""
	switch v := value.(type) {
	case nil:
		kind = openapi3.TypeNull
	case bool:
		kind = openapi3.TypeBoolean
	case string:
		kind = openapi3.TypeString
		if wrong := unlikeText(s, v, at); wrong != "" {
			return wrong
		}
	case float64:
		kind = openapi3.TypeNumber
		if v == float64(int64(v)) && s.Type.Includes(openapi3.TypeInteger) {
			kind = openapi3.TypeInteger
		}
	case []any:
		kind = openapi3.TypeArray
		for i, item := range v {
			if s.Items == nil {
				break
			}
			if wrong := unlike(s.Items.Value, item, fmt.Sprintf("%s[%d]", at, i)); wrong != "" {
				return wrong
			}
		}
	case map[string]any:
		kind = openapi3.TypeObject
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return at + " lacks " + name
			}
		}
		for name, item := range v {
			p := s.Properties[name]
			switch {
			case p == nil && s.AdditionalProperties.Schema != nil:
				p = s.AdditionalProperties.Schema
			case p == nil && len(s.Properties) > 0:
				return at + " has an unknown " + name
			case p == nil:
				continue
			}
			if wrong := unlike(p.Value, item, at+"."+name); wrong != "" {
				return wrong
			}
		}
	}
	if !s.Type.Includes(kind) {
		return fmt.Sprintf("%s is of type %s instead of %v", at, kind, s.Type.Slice())
	}
	return ""
}

func unlikeText(s *openapi3.Schema, text, at string) string {
	layout := map[string]string{"date": "2006-01-02", "date-time": time.RFC3339Nano}[s.Format]
	if layout != "" {
		if _, err := time.Parse(layout, text); err != nil {
			return fmt.Sprintf("%s is no %s: %s", at, s.Format, text)
		}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(text)) {
		return fmt.Sprintf("%s is none of the values: %s", at, text)
	}
	return ""
}
