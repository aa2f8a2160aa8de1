package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/auth"
)

// graphPath has no slash at its end; with one there is nothing (openimis-core §2.1).
const graphPath = "/api/graphql"

// GraphQL is the compiled GraphQL schema, with the fields that administrators declared.
func (a *API) GraphQL() *gql.Schema { return a.schemaNow().Schema }

// graphRequest is what a client sends.
type graphRequest struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// serveGraph answers /api/graphql: POST for all that there is, GET for queries.
func (a *API) serveGraph(w http.ResponseWriter, r *http.Request) {
	q := &Request{api: a, w: w, Request: r, wire: Graphql, Actor: almoner.ActorOf(r.Context())}
	q.locale()
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, POST")
		q.refuseGraph(http.StatusMethodNotAllowed, gql.NewFault(gql.CodeBadRequest, "Send queries with POST or GET."))
		return
	}
	actor, refusal := a.Identify(r, Graphql)
	if refusal == nil {
		q.Actor = actor
	}
	q.locale()
	q.Request = r.WithContext(almoner.WithOrigin(almoner.WithActor(r.Context(), q.Actor), q.origin()))
	w.Header().Set("Vary", vary)
	in, status, fault := q.graphBody()
	if fault != nil {
		if refusal == nil && !q.Actor.SignedIn() {
			refusal = notAuthenticated()
		}
		if refusal != nil {
			status, fault = statuses[almoner.KindOf(refusal)], q.fault(refusal)
		}
		q.refuseGraph(status, fault)
		return
	}
	q.schema = a.schemaNow()
	q.overlay, q.looked = q.schema.overlay, true
	status, body := q.schema.Execute(q.context(), gql.Request{
		Query: in.Query, OperationName: in.OperationName, Variables: in.Variables, DB: a.DB, Viewer: q.viewer(), Open: q.openGraph, Find: q.findGraph, Call: q.callGraph, Export: q.exportGraph, Explain: q.fault,
		Admit: func(called []*gql.Operation, reads bool) (int, *gql.Fault) {
			return q.admitGraph(called, reads, refusal)
		}, Queries: r.Method == http.MethodGet,
		Introspect: a.Introspection || q.Actor.SignedIn(),
	})
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	}
	q.writeBytes(status, "application/json", body)
}

// admitGraph lets everybody who is known in, and everybody at all where only public functions are called: those work with whatever stale credentials a browser
// still holds.
func (q *Request) admitGraph(called []*gql.Operation, reads bool, refusal error) (int, *gql.Fault) {
	open := !reads && len(called) > 0
	for _, op := range called {
		open = open && q.schema.functions[op].rule.Name == Public.Name
	}
	if open {
		return 0, nil
	}
	if refusal == nil && !q.Actor.SignedIn() {
		// Who is not signed in may ask about the schema where that is so configured.
		if q.api.Introspection && len(called) == 0 {
			return 0, nil
		}
		refusal = notAuthenticated()
	}
	if refusal == nil {
		return 0, nil
	}
	return statuses[almoner.KindOf(refusal)], q.fault(refusal)
}

func (q *Request) refuseGraph(status int, fault *gql.Fault) {
	if status == http.StatusUnauthorized {
		q.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	q.writeBytes(status, "application/json", gql.Refused(fault))
}

// graphBody reads a request in one of its three forms: JSON, a bare document, a form.
func (q *Request) graphBody() (in graphRequest, status int, fault *gql.Fault) {
	bad := func(status int, format string, args ...any) (graphRequest, int, *gql.Fault) {
		return in, status, gql.NewFault(gql.CodeBadRequest, fmt.Sprintf(format, args...))
	}
	if q.Method == http.MethodGet {
		params := q.URL.Query()
		in.Query, in.OperationName = params.Get("query"), params.Get("operationName")
		if text := params.Get("variables"); text != "" && decodeGraph([]byte(text), &in.Variables) != nil {
			return bad(http.StatusBadRequest, "Variables are invalid JSON.")
		}
		if !utf8.ValidString(in.Query) {
			return bad(http.StatusBadRequest, "The query is not valid UTF-8.")
		}
		return in, 0, nil
	}
	raw, err := io.ReadAll(http.MaxBytesReader(q.w, q.Body, q.api.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return bad(http.StatusRequestEntityTooLarge, "The request is larger than allowed.")
	case err != nil:
		return bad(http.StatusBadRequest, "The request ended before its body did.")
	case !utf8.Valid(raw):
		return bad(http.StatusBadRequest, "The body is not valid UTF-8.")
	}
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil && q.Header.Get("Content-Type") != "" {
		return bad(http.StatusBadRequest, "The content type cannot be read.")
	}
	switch media {
	case "application/graphql":
		in.Query = string(raw)
		return in, 0, nil
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return bad(http.StatusBadRequest, "The form cannot be read.")
		}
		in.Query, in.OperationName = form.Get("query"), form.Get("operationName")
		if text := form.Get("variables"); text != "" {
			err = decodeGraph([]byte(text), &in.Variables)
		}
		if err != nil {
			return bad(http.StatusBadRequest, "Variables are invalid JSON.")
		}
		return in, 0, nil
	case "application/json", "":
	default:
		return bad(http.StatusUnsupportedMediaType, "Unsupported media type \"%s\" in request.", media)
	}
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		return bad(http.StatusBadRequest, "Batch GraphQL requests are not enabled.")
	}
	if err := decodeGraph(raw, &in); err != nil {
		return bad(http.StatusBadRequest, "POST body sent invalid JSON.")
	}
	return in, 0, nil
}

func decodeGraph(raw []byte, into any) error {
	if depth(raw) > maxDepth {
		return errors.New("nested too deep")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something after the end")
	}
	return nil
}

var graphCodes = map[almoner.Kind]string{
	almoner.Internal: gql.CodeInternal, almoner.Invalid: gql.CodeBadRequest, almoner.Unauthenticated: gql.CodeUnauthenticated, almoner.Forbidden: gql.CodeForbidden,
	almoner.NotFound: gql.CodeNotFound, almoner.Conflict: gql.CodeConflict, almoner.Unavailable: gql.CodeUnavailable, almoner.TooMany: gql.CodeRateLimited,
}

// fault turns an error into what people read; what is internal is logged and not told.
func (q *Request) fault(err error) *gql.Fault {
	var e *almoner.Error
	if !errors.As(err, &e) || e.Kind == almoner.Internal {
		id := almoner.RequestID(q.context())
		if q.context().Err() == nil {
			q.api.Log.ErrorContext(q.context(), "query failed", "error", err, "request_id", id)
		}
		f := gql.NewFault(gql.CodeInternal, q.text("internal", "Something went wrong on our side. Give support the request number.", nil))
		f.Extensions["request_id"] = id
		return f
	}
	f := gql.NewFault(graphCodes[e.Kind], q.text(e.Code, e.Message, e.Params))
	if e.Code == auth.CodeCSRF {
		f.Extensions["code"] = gql.CodeCSRF
	}
	fields := map[string][]string{}
	var told []string
	for _, p := range e.Fields {
		if p.Message == "" {
			continue
		}
		text := q.text(p.Code, p.Message, p.Params)
		fields[p.Path] = append(fields[p.Path], text)
		if p.Path != "" {
			text = gql.ArgumentName(p.Path) + ": " + text
		}
		told = append(told, text)
	}
	if len(fields) > 0 {
		f.Extensions["fields"] = fields
		// Clients of the insurance wire show the message and nothing else (openimis-core §10.3).
		f.Message = strings.Join(told[:min(len(told), maxTold)], " ")
	}
	return f
}

// maxTold bounds how many mistakes stand in one message; the extensions hold them all.
const maxTold = 5
