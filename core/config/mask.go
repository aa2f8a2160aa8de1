package config

import "regexp"

const mask = "********"

var (
	// Greedy up to the last @, because a password may itself contain one that nobody escaped.
	userinfo = regexp.MustCompile(`(://[^:/?#@\s]*):[^\s]*@`)
	// Passwords in the query of a URL or in the key=value form of a connection string.
	keyValue = regexp.MustCompile(`(?i)\b([a-z_]*(?:password|passwd|secret|token|access_?key|account_?key))=('[^']*'|[^\s&;'"]+)`)
)

// maskPasswords hides what looks like a password inside an address.
func maskPasswords(s string) string {
	s = userinfo.ReplaceAllString(s, "$1:"+mask+"@")
	return keyValue.ReplaceAllString(s, "$1="+mask)
}
