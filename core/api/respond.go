package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/file"
)

// methodError, mediaError and sizeError are about the request itself rather than its content.
type (
	methodError struct{ method string }
	mediaError  struct{ media string }
	sizeError   struct{ limit int64 }
)

func (e *methodError) Error() string { return "method " + e.method + " not allowed" }
func (e *mediaError) Error() string  { return "unsupported media type " + e.media }
func (e *sizeError) Error() string   { return "body larger than " + strconv.FormatInt(e.limit, 10) }

var statuses = map[almoner.Kind]int{
	almoner.Internal:        http.StatusInternalServerError,
	almoner.Invalid:         http.StatusBadRequest,
	almoner.Unauthenticated: http.StatusUnauthorized,
	almoner.Forbidden:       http.StatusForbidden,
	almoner.NotFound:        http.StatusNotFound,
	almoner.Conflict:        http.StatusConflict,
	almoner.Unavailable:     http.StatusServiceUnavailable,
	almoner.TooMany:         http.StatusTooManyRequests,
}

// writeError is the one place where an error becomes an answer.
func (q *Request) writeError(err error) {
	var e *almoner.Error
	status := http.StatusInternalServerError
	var (
		method *methodError
		media  *mediaError
		size   *sizeError
		large  *file.TooLargeError
	)
	switch {
	case errors.As(err, &method):
		e = &almoner.Error{Code: "method_not_allowed", Message: "Method \"" + method.method + "\" not allowed.", Params: map[string]string{"method": method.method}}
		status = http.StatusMethodNotAllowed
	case errors.As(err, &media):
		e = &almoner.Error{Code: "unsupported_media_type", Message: "Unsupported media type \"" + media.media + "\" in request.", Params: map[string]string{"type": media.media}}
		status = http.StatusUnsupportedMediaType
	case errors.As(err, &size):
		e = &almoner.Error{Code: "too_large", Message: "The request is larger than allowed.", Params: map[string]string{"max": strconv.FormatInt(size.limit>>10, 10) + " KB"}}
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &large):
		most := file.ShowSize(large.Limit)
		e = &almoner.Error{Code: "file_too_large", Message: "The file is larger than the " + most + " allowed.", Params: map[string]string{"max": most}}
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &e):
		status = statuses[e.Kind]
		if e.Kind == almoner.Unauthenticated && e.Code == "not_authenticated" {
			status = q.wire.Anonymous
		}
		if e.Kind == almoner.TooMany && e.Params["seconds"] != "" {
			q.w.Header().Set("Retry-After", e.Params["seconds"])
		}
	}
	if status == http.StatusFound {
		http.Redirect(q.w, q.Request, q.wire.SignIn+"?next="+url.QueryEscape(q.URL.RequestURI()), status)
		return
	}
	if status >= 500 && q.Request.Context().Err() != nil {
		return // the caller has gone; nobody is there to read an answer
	}
	if status == http.StatusInternalServerError {
		q.api.Log.ErrorContext(q.context(), "request failed", "error", err, "request_id", almoner.RequestID(q.context()))
		e = &almoner.Error{Code: "internal", Message: "Something went wrong on our side. Give support the request number."}
	}
	if status == http.StatusUnauthorized {
		q.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if strings.Contains(q.Request.Header.Get("Accept"), "application/problem+json") {
		q.writeJSON(status, "application/problem+json", q.problem(status, e))
		return
	}
	q.writeJSON(status, "application/json", q.wireBody(e))
}

// text translates a message by its code; a code without a text keeps the English message.
func (q *Request) text(code, message string, params map[string]string) string {
	if q.language == "en" || !q.api.Texts.Has(q.language, code) {
		return message
	}
	return q.api.Texts.Text(q.language, code, params)
}

// Explain is an error as people read it, in their language: what is wrong with the first field, else the message.
func (q *Request) Explain(e *almoner.Error) string {
	for _, f := range e.Fields {
		if f.Message != "" {
			return q.text(f.Code, f.Message, f.Params)
		}
	}
	return q.text(e.Code, e.Message, e.Params)
}

// problem is the body of RFC 9457 with our codes and paths.
func (q *Request) problem(status int, e *almoner.Error) map[string]any {
	body := map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status,
		"code": e.Code, "detail": q.text(e.Code, e.Message, e.Params), "request_id": almoner.RequestID(q.context()),
	}
	if e.Kind == almoner.Conflict && e.Params["current"] != "" {
		body["versions"] = map[string]string{"yours": e.Params["yours"], "current": e.Params["current"]}
	}
	list := []map[string]string{}
	for _, f := range e.Fields {
		if f.Message != "" {
			list = append(list, map[string]string{"path": f.Path, "code": f.Code, "message": q.text(f.Code, f.Message, f.Params)})
		}
	}
	if len(list) > 0 {
		body["errors"] = list
	}
	return body
}

// wireBody is the body of tpm §5: `{field: [messages]}`, nested as the input was, or `{"detail": message}`.
func (q *Request) wireBody(e *almoner.Error) any {
	if len(e.Fields) == 0 {
		return map[string]string{"detail": q.text(e.Code, e.Message, e.Params)}
	}
	if e.Bare {
		list := []string{}
		for _, f := range e.Fields {
			list = append(list, q.text(f.Code, f.Message, f.Params))
		}
		return list
	}
	root := map[string]any{}
	for _, f := range e.Fields {
		path := f.Path
		if path == "" {
			path = "non_field_errors"
		}
		var message any
		if f.Message != "" {
			message = q.text(f.Code, f.Message, f.Params)
		}
		place(root, strings.Split(path, "."), message, e.Plain)
	}
	return tidy(root)
}

// place puts a message at a path of names and positions; positions become keys of a listNode until tidy.
func place(node map[string]any, path []string, message any, plain bool) {
	name := path[0]
	if len(path) == 1 {
		switch {
		case message == nil:
			if node[name] == nil {
				node[name] = map[string]any{}
			}
		case plain:
			node[name] = message
		default:
			list, _ := node[name].([]any)
			node[name] = append(list, message)
		}
		return
	}
	next, ok := node[name].(map[string]any)
	if !ok {
		next = map[string]any{}
		node[name] = next
	}
	place(next, path[1:], message, plain)
}

// tidy turns objects whose keys are all positions into lists, with an empty object where nothing is wrong.
func tidy(v any) any {
	node, ok := v.(map[string]any)
	if !ok {
		return v
	}
	positions := len(node) > 0
	longest := -1
	for key, value := range node {
		node[key] = tidy(value)
		n, err := strconv.Atoi(key)
		if err != nil || n < 0 || n > 1_000_000 {
			positions = false
		}
		longest = max(longest, n)
	}
	if !positions {
		return node
	}
	list := make([]any, longest+1)
	for i := range list {
		list[i] = map[string]any{}
		if value, ok := node[strconv.Itoa(i)]; ok {
			list[i] = value
		}
	}
	return list
}

func (q *Request) writeJSON(status int, media string, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		q.api.Log.ErrorContext(q.context(), "an answer could not be written as JSON", "error", err)
		status, raw = http.StatusInternalServerError, []byte(`{"detail":"Something went wrong on our side."}`)
	}
	q.writeBytes(status, media, raw)
}

func (q *Request) writeBytes(status int, media string, raw []byte) {
	h := q.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Language", q.language)
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	q.w.WriteHeader(status)
	if q.Method != http.MethodHead {
		_, _ = q.w.Write(raw) // a client that has gone away is no failure of ours
	}
}
