// Package api turns declarations into an HTTP API: operations are registered once, with their rule, input and output, and REST routes,
// OPTIONS metadata and the OpenAPI document follow.
//
// There are two ways to declare. A Resource puts the standard operations (list, get, create, update, delete, moves, history) on an
// entity. A Call is a function of its own with declared input. Both apply the same order of checks to every request:
//
//	who is it (401/403) → may they at all (403) → is the body readable (400) → is there such a record for them (404) →
//	may they do this to it (403) → is the input right (400) → one transaction → the answer
//
// The native wire is strict: a name that nobody knows or may write is an error. Yet what was read may be sent back whole: `id` when it is that of the address,
// fields that cannot be written and relations shown as objects when they are unchanged (asRead).
//
// Errors become answers in one function (writeError); no input, however malformed, gives a 5xx. The package knows no module.
package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/setting"
)

// Wire is a family of clients with habits of its own.
type Wire struct {
	Name string
	// Lenient input leaves out what it does not know; otherwise unknown names are errors.
	Lenient bool
	// Anonymous is the status for requests without credentials.
	Anonymous int
	// SignIn is where strangers are sent when Anonymous is a redirect; where they wanted to go is added as `next`.
	SignIn string
	// Schemes are further prefixes of the Authorization header that count as credentials, beside Bearer.
	Schemes []string
	// Cookie takes a token in the cookie that clients of openIMIS know (auth.TokenCookie) as credentials.
	Cookie bool
}

// The wires.
var (
	// Native is for clients written against Almoner.
	Native = Wire{Name: "native", Anonymous: http.StatusUnauthorized}
	// Lenient is for clients that were written before Almoner (tpm §5): unknown input is left out, a stranger gets 403.
	Lenient = Wire{Name: "lenient", Lenient: true, Anonymous: http.StatusForbidden, Schemes: []string{"JWT", "Token"}}
	// Graphql is for the GraphQL endpoint, whose clients are those of openIMIS as well (openimis-core §2.2).
	Graphql = Wire{Name: "graphql", Anonymous: http.StatusUnauthorized, Cookie: true}
	// Insurance is for the REST paths that clients of openIMIS know.
	Insurance = Wire{Name: "insurance", Anonymous: http.StatusUnauthorized, Cookie: true}
	// Documents is for addresses that people open in a browser, where a stranger is asked to sign in first (tpm §5.7).
	Documents = Wire{Name: "documents", Lenient: true, Anonymous: http.StatusFound, SignIn: "/login", Schemes: []string{"JWT", "Token"}}
)

// Rule says who may use an operation at all, before any record is looked at.
type Rule struct {
	// Name is what listings show.
	Name   string
	allow  func(a *almoner.Actor) bool
	rights []int
}

// The general rules.
var (
	// Public lets strangers in and does not look who asks; every public operation is listed in a golden file.
	Public = Rule{Name: "public", allow: func(*almoner.Actor) bool { return true }}
	// SignedIn lets in everybody who is known.
	SignedIn = Rule{Name: "signed in", allow: (*almoner.Actor).SignedIn}
	// ByField leaves the decision to the permission rules of the entity's fields and actions (tpm §4.1-8).
	ByField = Rule{Name: "by field", allow: (*almoner.Actor).SignedIn}
	// Administrator lets in platform administrators.
	Administrator = Rule{Name: "administrator", allow: func(a *almoner.Actor) bool { return a.Superuser }}
)

// Allows reports whether the actor may use an operation with this rule; nobody may use one without a rule.
func (r Rule) Allows(a *almoner.Actor) bool { return r.allow != nil && r.allow(a) }

// Role lets in whoever holds one of the roles.
func Role(names ...string) Rule {
	return Rule{Name: "role " + strings.Join(names, ", "), allow: func(a *almoner.Actor) bool { return slices.ContainsFunc(names, a.Has) }}
}

// When lets in whoever satisfies the function; name says in words who that is.
func When(name string, allow func(a *almoner.Actor) bool) Rule { return Rule{Name: name, allow: allow} }

// Right lets in whoever holds one of the rights, given by the numbers that modules declare (module.Parts.Rights). Without a number it is no rule.
func Right(numbers ...int) Rule {
	if len(numbers) == 0 {
		return Rule{}
	}
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = strconv.Itoa(n)
	}
	return Rule{Name: "right " + strings.Join(names, ", "), rights: numbers, allow: func(a *almoner.Actor) bool { return a.Can(numbers...) }}
}

// Rights are the numbers that the rule asks for, any of which opens; nil for a rule of another kind.
func (r Rule) Rights() []int { return r.rights }

// Operation is one thing that can be asked of the API.
type Operation struct {
	// Name is `module.noun.verb`, stable.
	Name string
	// Methods and Path are where it is; the path ends in a slash and works without it.
	Method, Path string
	// Summary is one line for the documents.
	Summary string
	Wire    Wire
	Rule    Rule
	// Input and Output describe the bodies, Query the parameters, for the documents.
	Input  *Schema
	Output *Schema
	Query  []Param
	Status int
	// Media is the type of a good answer that is no JSON.
	Media string
	// Upload is set when the body may be a form that brings a file.
	Upload *Upload
	// query describes the parameters where they depend on what administrators declared; Query are then those that come with the program.
	query   func(o *entity.Overlay) []Param
	handler func(*Request) error
	// once tells that an Idempotency-Key makes the operation safe to send again.
	once bool
	// matches tells that an If-Match is held against the version of the record.
	matches bool
	// resource is set for operations on an entity; its paths also answer OPTIONS.
	resource *Resource
}

// Config is what an API needs from the rest of the program.
type Config struct {
	DB       *db.DB
	Registry *entity.Registry
	Texts    *i18n.Texts
	Log      *slog.Logger
	// Identify finds out who asks. An error of kind Unauthenticated means bad credentials; no credentials are a stranger.
	Identify func(r *http.Request, wire Wire) (*almoner.Actor, error)
	// ReadOnlyRole names the role whose holders may only GET (tpm §1); "" for none.
	ReadOnlyRole string
	// MaxBody is the greatest size of a JSON body in bytes.
	MaxBody int64
	// Spool is the folder where exports are put together before they are sent; that of the system for temporary files when empty. What is in it belongs to
	// nobody once the program has ended.
	Spool string
	// Settings holds what administrators may change while the program runs; nil for nothing.
	Settings *setting.Book
	// Graph holds the names that do not follow from declarations on the GraphQL wire, by entity.
	Graph gql.Names
	// Introspection lets people who are not signed in ask about the GraphQL schema; whoever is may.
	Introspection bool
	// Files takes what operations with an Upload receive; nil when there are none.
	Files *file.Store
}

// API is the compiled set of operations; it is an http.Handler for /api/ and safe for concurrent use.
type API struct {
	Config
	operations []Operation
	router     router
	paths      map[string]*route
	wires      map[string]Wire
	// below has the resources that lie below records of an entity.
	below     map[*entity.Entity][]*Resource
	resources []*Resource
	calls     []Call
	// graph is the GraphQL schema under what administrators declared, plain the one of what comes with the program.
	graph    atomic.Pointer[graph]
	plain    *graph
	graphing sync.Mutex
	// shown is what describes the operations, made when somebody asks, anew when administrators have changed the declarations.
	shown   atomic.Pointer[description]
	showing sync.Mutex
	// spools has a place for each export that is being put together.
	spools chan struct{}
	// pageSize and maxPageSize are in force at this moment.
	pageSize, maxPageSize *setting.Live[int64]
	// journalDays is how long the log of mutations is kept, in days; 0 is for ever.
	journalDays *setting.Live[int64]
}

// route is one path with the operations on it by method.
type route struct {
	path     string
	methods  map[string]*Operation
	resource *Resource
	object   bool
}

// New compiles the operations. It reports all mistakes at once: missing rules, duplicate routes and names, unknown shapes.
func New(c Config, resources []*Resource, calls []Call) (*API, error) {
	a := &API{Config: c, resources: resources, paths: map[string]*route{}, wires: map[string]Wire{}, below: map[*entity.Entity][]*Resource{}, spools: make(chan struct{}, maxSpools)}
	a.calls = slices.Concat(calls, []Call{a.customCall()})
	a.pageSize, a.maxPageSize, a.journalDays = pageSize.Bind(c.Settings), maxPageSize.Bind(c.Settings), journalDays.Bind(c.Settings)
	var errs []error
	for _, r := range resources {
		if r.Within != nil {
			a.below[r.Within.Entity] = append(a.below[r.Within.Entity], r)
		}
		for _, name := range r.Order {
			if !slices.Contains(r.Entity.SortNames(entity.Viewer{}), strings.TrimPrefix(name, "-")) {
				errs = append(errs, fmt.Errorf("resource %s: the entity has no order %q", cmp.Or(r.Name, r.Entity.Name), name))
			}
		}
		if r.Graph.Export && c.Files == nil {
			errs = append(errs, fmt.Errorf("resource %s is exported to files, but there is no place for them", cmp.Or(r.Name, r.Entity.Name)))
		}
		if r.Path == "" {
			continue // on the GraphQL wire only
		}
		ops, problems := r.operations(a)
		errs = append(errs, problems...)
		a.operations = append(a.operations, ops...)
	}
	for _, call := range slices.Concat(calls, a.schemaCalls(resources), a.exportCalls()) {
		if call.Path != "" {
			a.operations = append(a.operations, call.operation())
		}
	}
	slices.SortFunc(a.operations, func(x, y Operation) int { return strings.Compare(x.Name, y.Name) })
	names := map[string]bool{}
	for i := range a.operations { // routes point into the list, so its order is final here
		op := &a.operations[i]
		switch {
		case op.Rule.allow == nil:
			errs = append(errs, fmt.Errorf("operation %s has no rule: say who may use it", op.Name))
		case names[op.Name]:
			errs = append(errs, fmt.Errorf("operation %s is declared twice", op.Name))
		case !strings.HasSuffix(op.Path, "/") || !strings.HasPrefix(op.Path, "/"):
			errs = append(errs, fmt.Errorf("operation %s: the path %q must begin and end with a slash", op.Name, op.Path))
		}
		names[op.Name] = true
		if op.query != nil {
			op.Query = op.query(nil)
		}
		if op.Upload != nil && c.Files == nil {
			errs = append(errs, fmt.Errorf("operation %s takes files, but there is no place for them", op.Name))
		}
		if op.Wire.Name != Native.Name {
			// The folder that the path's fixed part lies in.
			fixed, _, _ := strings.Cut(op.Path, "{")
			if parts := strings.SplitAfterN(fixed, "/", 4); len(parts) == 4 {
				a.wires[parts[0]+parts[1]+parts[2]] = op.Wire
			}
		}
		rt := a.paths[op.Path]
		if rt == nil {
			rt = &route{path: op.Path, methods: map[string]*Operation{}}
			a.paths[op.Path] = rt
		}
		if rt.methods[op.Method] != nil {
			errs = append(errs, fmt.Errorf("operation %s: %s %s belongs to %s already", op.Name, op.Method, op.Path, rt.methods[op.Method].Name))
			continue
		}
		rt.methods[op.Method] = op
		// Only the collection and the record describe themselves; what lies behind a record, such as its history, has no fields of its own.
		if r := op.resource; r != nil && (op.Path == r.Path || op.Path == r.Path+"{id}/") {
			rt.resource, rt.object = r, op.Path != r.Path
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for _, path := range slices.Sorted(maps.Keys(a.paths)) {
		if err := a.router.add(path, answering{a.handler(a.paths[path]), a.paths[path]}); err != nil {
			errs = append(errs, err)
		}
	}
	var err error
	if a.plain, err = newGraph(c, resources, a.calls, nil); err != nil {
		errs = append(errs, err)
	}
	a.graph.Store(a.plain)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return a, nil
}

// Operations lists all operations by name. The caller must not change the list.
func (a *API) Operations() []Operation { return a.operations }

// description is what tells of the operations under one overlay.
type description struct {
	overlay  *entity.Overlay
	document []byte
}

// described is the description of what is in force, made when somebody asks for it; when it cannot be made, the one before.
func (a *API) described() *description {
	if d := a.shown.Load(); d != nil && d.overlay == a.Registry.Overlay() {
		return d
	}
	a.showing.Lock()
	defer a.showing.Unlock()
	o, last := a.Registry.Overlay(), a.shown.Load()
	if last != nil && last.overlay == o {
		return last
	}
	document, err := a.openAPI(o)
	if err != nil {
		a.Log.Error("the API cannot be described", "error", err)
		if document = nil; last != nil {
			document = last.document
		}
	}
	d := &description{o, document}
	a.shown.Store(d)
	return d
}

// Document is the OpenAPI 3.1 description of all operations, with the fields that administrators declared.
func (a *API) Document() []byte { return a.described().document }

// ServeHTTP answers a request below /api/.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == graphPath {
		a.serveGraph(w, r)
		return
	}
	if h := a.router.find(r); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	req := &Request{api: a, w: w, Request: r, wire: a.wireOf(r.URL.Path), Actor: almoner.ActorOf(r.Context())}
	req.locale()
	req.writeError(entity.NotFound())
}

// wireOf is the wire of a path that no operation answers: that of its neighbours.
func (a *API) wireOf(path string) Wire {
	for i := len(path); i > len("/api"); i = strings.LastIndexByte(path[:i-1], '/') + 1 {
		if wire, ok := a.wires[path[:i]]; ok {
			return wire
		}
	}
	return Native
}

// vary names what of a request an answer depends on.
const vary = "Accept, Accept-Language, Authorization, Cookie, Language, Almoner-Workspace, Almoner-Organization"

func (a *API) handler(rt *route) http.Handler {
	allowed := make([]string, 0, len(rt.methods)+2)
	var wire Wire
	for method, op := range rt.methods {
		allowed = append(allowed, method)
		wire = op.Wire
	}
	if rt.methods[http.MethodGet] != nil {
		allowed = append(allowed, http.MethodHead)
	}
	allowed = append(allowed, http.MethodOptions)
	slices.Sort(allowed)
	allow := strings.Join(allowed, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := &Request{api: a, w: w, Request: r, wire: wire, Actor: almoner.ActorOf(r.Context())}
		req.locale()
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		op := rt.methods[method]
		if op != nil {
			req.wire = op.Wire
		}
		actor := almoner.ActorOf(r.Context())
		// A public operation works with whatever stale credentials a browser still holds; one that cares looks itself.
		if op == nil || op.Rule.Name != Public.Name {
			var err error
			if actor, err = a.Identify(r, req.wire); err != nil {
				req.writeError(err)
				return
			}
		}
		req.Actor = actor
		req.locale()
		req.Request = r.WithContext(almoner.WithOrigin(almoner.WithActor(r.Context(), actor), req.origin()))
		w.Header().Set("Vary", vary)
		switch {
		case op == nil && method != http.MethodOptions:
			w.Header().Set("Allow", allow)
			req.writeError(&methodError{method})
		case !actor.SignedIn() && (op == nil || op.Rule.Name != Public.Name):
			req.writeError(notAuthenticated())
		case method != http.MethodGet && a.ReadOnlyRole != "" && actor.Has(a.ReadOnlyRole):
			req.writeError(Forbidden())
		case op == nil:
			w.Header().Set("Allow", allow)
			if err := req.options(rt); err != nil {
				req.writeError(err)
			}
		case !op.Rule.allow(actor):
			req.writeError(Forbidden())
		default:
			if err := op.handler(req); err != nil {
				req.writeError(err)
			}
		}
	})
}

// Forbidden is the one answer for "visible, but you may not".
func Forbidden() error {
	return almoner.Errorf(almoner.Forbidden, "permission_denied", "You do not have permission to perform this action.")
}

func notAuthenticated() error {
	return almoner.Errorf(almoner.Unauthenticated, "not_authenticated", "Authentication credentials were not provided.")
}

// context returns the context of the request with the actor in it.
func (q *Request) context() context.Context { return q.Request.Context() }
