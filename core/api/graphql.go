package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// graphPath has no slash at its end; with one there is nothing (openimis-core §2.1).
const graphPath = "/api/graphql"

// graph is the GraphQL schema over the resources: whoever asks there goes through the same viewer, scope, parent and narrowing as over REST,
// and sees no more of a record than the resource's shapes show.
type graph struct {
	*gql.Schema
	resources map[*gql.Source]*Resource
}

// newGraph makes the schema of all resources that can be read.
func newGraph(resources []*Resource, o *entity.Overlay) (*graph, error) {
	g := &graph{resources: map[*gql.Source]*Resource{}}
	var sources []*gql.Source
	var errs []error
	for _, r := range resources {
		var shapes []string
		if r.Can&List != 0 {
			shapes = append(shapes, r.ListShape)
		}
		if r.Can&Get != 0 {
			shapes = append(shapes, r.Shape)
		}
		if len(shapes) == 0 {
			continue
		}
		s := &gql.Source{Name: r.Name, Entity: r.Entity, Viewer: everything(o), List: r.Can&List != 0, Get: r.Can&Get != 0}
		if s.Name == "" {
			s.Name = r.Entity.Name
		}
		var err error
		if s.Window, err = r.Entity.Window(o, shapes...); err != nil {
			errs = append(errs, fmt.Errorf("graphql %s: %w", s.Name, err))
			continue
		}
		if r.Within != nil {
			s.Parent = &gql.Parent{Name: r.Within.Param, Entity: r.Within.Entity}
		}
		for _, p := range r.Params {
			s.Params = append(s.Params, gql.Param{Name: p.Name, Doc: p.Doc})
		}
		sources = append(sources, s)
		g.resources[s] = r
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	var err error
	g.Schema, err = gql.New(sources)
	return g, err
}

// GraphQL is the compiled GraphQL schema.
func (a *API) GraphQL() *gql.Schema { return a.graph.Schema }

// graphRequest is what a client sends.
type graphRequest struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// serveGraph answers POST /api/graphql. It only reads, so that people who may only read are let in.
func (a *API) serveGraph(w http.ResponseWriter, r *http.Request) {
	q := &Request{api: a, w: w, Request: r, wire: Native, Actor: almoner.ActorOf(r.Context())}
	q.locale()
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		q.refuseGraph(http.StatusMethodNotAllowed, gql.NewFault(gql.CodeBadRequest, "Send queries with POST."))
		return
	}
	actor, err := a.Identify(r, Native)
	if err == nil && !actor.SignedIn() {
		err = notAuthenticated()
	}
	if err != nil {
		q.refuseGraph(statuses[almoner.KindOf(err)], q.fault(err))
		return
	}
	q.Actor = actor
	q.locale()
	q.Request = r.WithContext(almoner.WithActor(r.Context(), actor))
	w.Header().Set("Vary", vary)
	in, status, fault := q.graphBody()
	if fault != nil {
		q.refuseGraph(status, fault)
		return
	}
	status, body := a.graph.Execute(q.context(), gql.Request{
		Query: in.Query, OperationName: in.OperationName, Variables: in.Variables, DB: a.DB, Open: q.openGraph, Find: q.findGraph, Explain: q.fault,
	})
	q.writeBytes(status, "application/json", body)
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

// reading is the request as the resource's own functions know it: a GET of the resource, with the parameters that were given.
func (q *Request) reading(ctx context.Context, r *Resource, w gql.Want) *Request {
	params := url.Values{}
	for name, value := range w.Params {
		params.Set(name, value)
	}
	inner := q.Request.WithContext(ctx)
	inner.Method, inner.URL = http.MethodGet, &url.URL{Path: r.Path, RawQuery: params.Encode()}
	if r.Within != nil {
		inner.SetPathValue(r.Within.Param, strconv.FormatInt(w.Parent, 10))
	}
	inner.SetPathValue("id", strconv.FormatInt(w.ID, 10))
	return &Request{Request: inner, Actor: q.Actor, api: q.api, w: q.w, wire: r.Wire, language: q.language, overlay: q.overlay, looked: q.looked}
}

// openGraph does for a list what Resource.list does.
func (q *Request) openGraph(ctx context.Context, tx db.Queryer, s *gql.Source, w gql.Want) (entity.Viewer, entity.Query, error) {
	r := q.api.graph.resources[s]
	inner := q.reading(ctx, r, w)
	if !r.View.Allows(q.Actor) {
		return entity.Viewer{}, entity.Query{}, Forbidden()
	}
	if err := r.workspace(inner); err != nil {
		return entity.Viewer{}, entity.Query{}, err
	}
	if r.Within == nil && !r.viewer(inner).SeesAny(r.Entity) {
		return entity.Viewer{}, entity.Query{}, Forbidden()
	}
	query, err := r.Entity.ParseArguments(r.viewer(inner), w.Arguments)
	if err != nil {
		return entity.Viewer{}, query, err
	}
	if query, err = r.narrowed(inner, query); err != nil {
		return entity.Viewer{}, query, err
	}
	v, within, err := r.enter(inner, tx, access.View)
	query.Within = within
	return v, query, err
}

// findGraph does for one record what Resource.get does.
func (q *Request) findGraph(ctx context.Context, tx db.Queryer, s *gql.Source, w gql.Want) (entity.Found, error) {
	r := q.api.graph.resources[s]
	if !r.View.Allows(q.Actor) {
		return entity.Found{}, Forbidden()
	}
	found, err := r.locate(q.reading(ctx, r, w), tx)
	if err == nil && !found.Viewer.SeesAny(r.Entity) {
		err = Forbidden()
	}
	return found, err
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
	for _, p := range e.Fields {
		if p.Message != "" {
			fields[p.Path] = append(fields[p.Path], q.text(p.Code, p.Message, p.Params))
		}
	}
	if len(fields) > 0 {
		f.Extensions["fields"] = fields
	}
	return f
}
