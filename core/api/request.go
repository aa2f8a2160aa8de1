package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

// Request is one request on its way through an operation.
type Request struct {
	*http.Request
	// Actor is who asks; never nil.
	Actor *almoner.Actor
	// In is the decoded input of a Call.
	In entity.Values
	// File is the file that the request brought, nil when it brought none. A handler that wants it calls Keep; else it is dropped.
	File *file.Incoming

	// Extensions are what a mutation of the GraphQL wire brought beside its input (mutationExtensions), in snake case; nil elsewhere.
	Extensions map[string]any

	api      *API
	w        http.ResponseWriter
	wire     Wire
	language string
	// overlay is what administrators changed about the declarations, as it was when the request first asked.
	overlay *entity.Overlay
	looked  bool
	// schema is the one of the GraphQL wire under that overlay, nil for other requests.
	schema *graph
	// view is what a document is read from, nil for other requests.
	view db.Queryer
	// params are the typed parameters of the resource in hand.
	params map[string]any
	// sent is the input of a call on the GraphQL wire as it came, nil elsewhere.
	sent map[string]any
	// mutation is the one being carried out on the GraphQL wire, nil elsewhere.
	mutation *mutation
}

// Overlay is what administrators changed about the declarations, the same all through the request.
func (q *Request) Overlay() *entity.Overlay {
	if !q.looked {
		q.overlay, q.looked = q.api.Registry.Overlay(), true
	}
	return q.overlay
}

// viewer is who asks, before any record is looked at.
func (q *Request) viewer() entity.Viewer { return q.api.Registry.Viewer(q.Actor).Under(q.Overlay()) }

// Wire is the family of clients that the operation serves.
func (q *Request) Wire() Wire { return q.wire }

// ResponseHeader is the header of the answer.
func (q *Request) ResponseHeader() http.Header { return q.w.Header() }

// ResponseWriter gives a Call the connection for answers that are no JSON: redirects, cookies.
func (q *Request) ResponseWriter() http.ResponseWriter { return q.w }

// View reads in one snapshot: that of the document when a GraphQL query asks.
func (q *Request) View(read func(db.Queryer) error) error {
	if q.view != nil {
		return read(q.view)
	}
	return q.api.DB.View(q.context(), read)
}

// locale decides the language of the answer: header `Language`, else what the person chose, else Accept-Language (tpm §10).
func (q *Request) locale() {
	q.language = q.api.Texts.Match(q.Header.Get("Accept-Language"), q.Header.Get("Language"), q.Actor.Locale)
}

// Locale is the language of the answer.
func (q *Request) Locale() string { return q.language }

// body reads a JSON body into a tree. An empty body is nil. Errors are 400 or 413 with what is wrong and where.
func (q *Request) body() (any, error) {
	malformed := func(format string, args ...any) error {
		detail := fmt.Sprintf(format, args...)
		e := almoner.Errorf(almoner.Invalid, "malformed_json", "JSON parse error - %s", detail)
		e.Params = map[string]string{"detail": detail}
		return e
	}
	if q.Request.Body == nil {
		return nil, nil
	}
	raw, err := io.ReadAll(http.MaxBytesReader(q.w, q.Request.Body, q.api.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &sizeError{q.api.MaxBody}
	case err != nil:
		return nil, almoner.Errorf(almoner.Invalid, "malformed_json", "The request ended before its body did.")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil
	}
	if media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err == nil && media != "application/json" && !strings.HasSuffix(media, "+json") {
		return nil, &mediaError{media}
	}
	if !utf8.Valid(raw) {
		return nil, malformed("the body is not valid UTF-8")
	}
	if depth(raw) > maxDepth {
		return nil, malformed("nested deeper than %d levels", maxDepth)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line := 1 + bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))
			return nil, malformed("%s at line %d, byte %d", syntax.Error(), line, syntax.Offset)
		}
		return nil, malformed("the document ends too early")
	}
	if d.More() {
		return nil, malformed("there is something after the end of the document")
	}
	return tree, nil
}

const maxDepth = 32

// depth is how deep arrays and objects are nested, without parsing.
func depth(raw []byte) int {
	deepest, now, inString := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// id reads a numeric path value; anything else names nothing that exists.
func (q *Request) id(name string) (int64, error) {
	text := q.PathValue(name)
	n, err := strconv.ParseInt(text, 10, 64)
	// One record has one address: `+7` and `007` are none.
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != text {
		return 0, entity.NotFound()
	}
	return n, nil
}

// ID reads a numeric path value of a Call; NotFound when it is none.
func (q *Request) ID(name string) (int64, error) { return q.id(name) }

// versionIn is the version that a body says it saw, 0 when it says none.
func versionIn(tree any) int64 {
	if object, ok := tree.(map[string]any); ok {
		if number, ok := object["version"].(json.Number); ok {
			if n, err := number.Int64(); err == nil && n > 0 {
				return n
			}
		}
	}
	return 0
}

// page is the part of a list that is asked for.
type page struct {
	// all asks for everything as a bare array.
	all  bool
	last bool
	// uncounted leaves out the total, which costs more than everything else in a large list.
	uncounted bool
	// after is the cursor behind which the page begins, "" for pages by number.
	after  string
	number int
	size   int
}

func invalidPage() error { return almoner.Errorf(almoner.NotFound, "bad_page", "Invalid page.") }

// page reads `page` and `page_size` (tpm §5): too large sizes are clipped, invalid ones mean the default. `count=none` asks for no total; nobody knows the
// last page then, but one may go on with `after`, which `next` brings.
func (q *Request) page() (page, error) {
	p := page{number: 1, size: int(min(q.api.pageSize.Now(), q.api.maxPageSize.Now()))}
	params := q.URL.Query()
	if p.after = params.Get("after"); p.after != "" && (params.Get("count") != "none" || params.Has("page") || params.Get("page_size") == "all") {
		return p, almoner.Invalidf("after", "after_alone", "A cursor goes with count=none, and neither with a page nor with all of them.")
	}
	if text := params.Get("page_size"); text == "all" {
		p.all = true
		return p, nil
	} else if n, err := strconv.Atoi(text); err == nil && n > 0 {
		p.size = min(n, int(q.api.maxPageSize.Now()))
	}
	p.uncounted = params.Get("count") == "none"
	switch text := params.Get("page"); text {
	case "":
	case "last":
		if p.uncounted {
			return p, invalidPage()
		}
		p.last = true
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > math.MaxInt32 {
			return p, invalidPage()
		}
		p.number = n
	}
	return p, nil
}

// pageURL is the address of another page of the same list.
func (q *Request) pageURL(number int) string {
	u := *q.URL
	params := u.Query()
	params.Del("page")
	if number > 1 {
		params.Set("page", strconv.Itoa(number))
	}
	u.RawQuery = params.Encode()
	u.Scheme, u.Host = "", ""
	return q.origin() + u.String()
}

// pageAfter is the address of the page of the same list that begins behind a cursor.
func (q *Request) pageAfter(cursor string) string {
	u := *q.URL
	params := u.Query()
	params.Del("page")
	params.Set("after", cursor)
	u.RawQuery = params.Encode()
	u.Scheme, u.Host = "", ""
	return q.origin() + u.String()
}

// origin is the scheme and host that the caller wrote.
func (q *Request) origin() string {
	if q.TLS != nil || q.Header.Get("X-Almoner-Scheme") == "https" {
		return "https://" + q.Host
	}
	return "http://" + q.Host
}

// Extend puts the extension fields that a Call's input brought into a change of the record that they belong to. `at` is the field of the input in which they
// stand, one of Call.Extended. What is not sent stays. A Validation error names what is wrong within that object, as the record's own errors do.
func (q *Request) Extend(c *entity.Change, at string) error {
	object := q.sent
	if at != "" {
		object, _ = q.sent[at].(map[string]any)
	}
	values, _ := object[entity.ExtensionsName].(map[string]any)
	return c.Extend(q.viewer(), values, entity.ExtensionsName)
}
