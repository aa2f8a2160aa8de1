package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// router finds the handler of a path. Patterns are as `/api/tpm/partners/{id}/activate/`: a segment in braces matches any one that is
// not empty and becomes a path value. The slash at the end is optional in requests.
//
// Where several patterns match, the one whose first differing segment is written out wins: `/partners/sync/{vendor}/` before
// `/partners/{id}/activate/`. The standard library's mux refuses such pairs; clients have them (tpm §5.2).
type router struct {
	root node
}

// node is one position between segments.
type node struct {
	fixed   map[string]*node
	any     *node
	handler http.Handler
	// names are those of the segments in braces on the way here.
	names []string
}

// add makes the router find h under the pattern. Two patterns that match the same paths are an error.
func (r *router) add(pattern string, h http.Handler) error {
	at := &r.root
	var names []string
	for _, segment := range strings.Split(strings.Trim(pattern, "/"), "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
			if at.any == nil {
				at.any = &node{}
			}
			at = at.any
			continue
		}
		if at.fixed == nil {
			at.fixed = map[string]*node{}
		}
		if at.fixed[segment] == nil {
			at.fixed[segment] = &node{}
		}
		at = at.fixed[segment]
	}
	if at.handler != nil {
		return fmt.Errorf("the path %s matches the same requests as another one", pattern)
	}
	at.handler, at.names = h, names
	return nil
}

// find returns the handler for a request and sets the request's path values; nil when no pattern matches.
func (r *router) find(req *http.Request) http.Handler {
	path, ok := strings.CutPrefix(req.URL.EscapedPath(), "/")
	if !ok {
		return nil
	}
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i, s := range segments {
		text, err := url.PathUnescape(s)
		// What no database keeps as text names nothing.
		if err != nil || s == "" || strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
			return nil
		}
		segments[i] = text
	}
	found, values := r.root.find(segments, nil)
	if found == nil {
		return nil
	}
	for i, name := range found.names {
		req.SetPathValue(name, values[i])
	}
	return found.handler
}

func (n *node) find(segments, values []string) (*node, []string) {
	if len(segments) == 0 {
		if n.handler == nil {
			return nil, nil
		}
		return n, values
	}
	if next := n.fixed[segments[0]]; next != nil {
		if found, values := next.find(segments[1:], values); found != nil {
			return found, values
		}
	}
	if n.any == nil {
		return nil, nil
	}
	return n.any.find(segments[1:], append(values, segments[0]))
}
