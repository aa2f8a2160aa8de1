package api

import "net/http"

// answering is the handler of a route, which knows its route.
type answering struct {
	http.Handler
	*route
}

// OperationOf returns the name of the operation that a request asks for, and its path with names in the place of values: for measurements, where the path
// itself would be another word each time. GraphQL is one operation, `graphql`, and metadata another, `options`; the name is "" when nothing answers.
func (a *API) OperationOf(r *http.Request) (name, path string) {
	if r.URL.Path == graphPath {
		return "graphql", graphPath
	}
	probe := *r // finding sets the values of the path
	found, ok := a.router.find(&probe).(answering)
	if !ok {
		return "", ""
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch op := found.methods[method]; {
	case op != nil:
		return op.Name, found.path
	case method == http.MethodOptions:
		return "options", found.path
	}
	return "", found.path
}
