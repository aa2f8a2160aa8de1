package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientIP returns the address that a request comes from. The peer of the connection is believed; when it is one of the
// trusted proxies, X-Forwarded-For is read from its end, passing over trusted proxies, and the first other address counts. What
// stands before that was written by the client and is never looked at. An entry that is no address ends the search at the
// proxy that sent it. The result is invalid when the connection has no IP address, as on a Unix socket.
func ClientIP(r *http.Request, trusted []netip.Prefix) netip.Addr {
	client := peer(r)
	if !contains(trusted, client) {
		return client
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseAddr(strings.TrimSpace(hops[i]))
		if !ok {
			return client
		}
		client = hop
		if !contains(trusted, hop) {
			return client
		}
	}
	return client
}

// IsHTTPS reports whether the browser speaks https: to us, or to a trusted proxy that says so in X-Forwarded-Proto.
func IsHTTPS(r *http.Request, trusted []netip.Prefix) bool {
	if r.TLS != nil {
		return true
	}
	if !contains(trusted, peer(r)) {
		return false
	}
	values := r.Header.Values("X-Forwarded-Proto")
	if len(values) == 0 {
		return false
	}
	// The last entry is that of the proxy we trust; earlier ones may be the client's.
	all := strings.Split(values[len(values)-1], ",")
	return strings.EqualFold(strings.TrimSpace(all[len(all)-1]), "https")
}

func peer(r *http.Request) netip.Addr {
	addr, _ := parseAddr(r.RemoteAddr)
	return addr
}

// parseAddr reads an address with or without port, brackets and zone.
func parseAddr(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, false
	}
	return addr.Unmap().WithZone(""), true
}

func contains(networks []netip.Prefix, addr netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}
