package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The ETag of a record is its version, for If-Match, and a digest of what this person is answered, for If-None-Match: names of other records, a right
// that was given or taken, another language or selection change the digest while the version stays. A list has the digest alone. An answer that
// was kept is therefore never taken for fresh when it is not, whatever changed; what 304 saves is the way of the body, not the reading.
//
// Caches do not keep answers on their own (no-store), as they hold personal data: tags are for clients that keep them knowingly.

// printed is the digest of a body as this person is answered it.
func (q *Request) printed(body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d\n", q.language, q.Actor.Workspace.ID, q.Actor.OrganizationID)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// recordTag is the ETag of a record.
func (q *Request) recordTag(version int64, body []byte) string {
	return `W/"` + strconv.FormatInt(version, 10) + "-" + q.printed(body) + `"`
}

// situation is a digest of who asks for what, for tags that tell of the data only.
func (q *Request) situation() string {
	roles := slices.Sorted(slices.Values(q.Actor.Roles))
	return q.printed(fmt.Appendf(nil, "%d %d %t %t %q %s", q.Overlay().Version(), q.Actor.UserID, q.Actor.Staff, q.Actor.Superuser, roles, q.URL.RawQuery))
}

// tagged puts the ETag into the answer and reports whether the caller has what it stands for (If-None-Match).
func (q *Request) tagged(tag string) bool {
	q.w.Header().Set("ETag", tag)
	for _, known := range strings.Split(q.Header.Get("If-None-Match"), ",") {
		known = strings.TrimSpace(known)
		if known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// writeTagged answers a read with JSON, or with 304 when the caller has it already.
func (q *Request) writeTagged(tag string, body []byte) {
	if q.tagged(tag) {
		q.notModified()
		return
	}
	q.writeBytes(http.StatusOK, "application/json", body)
}

func (q *Request) notModified() {
	h := q.w.Header()
	h.Set("Content-Language", q.language)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	q.w.WriteHeader(http.StatusNotModified)
}

// ifVersion reads the version that the client saw from If-Match or from `version` in the body; 0 when neither is there.
func (q *Request) ifVersion(tree any) (int64, error) {
	if tag := q.Header.Get("If-Match"); tag != "" && tag != "*" {
		number, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`), "-")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n <= 0 {
			return 0, almoner.Errorf(almoner.Invalid, "bad_if_match", "If-Match must hold the ETag of the record, such as \"7\".")
		}
		return n, nil
	}
	return versionIn(tree), nil
}

// Match is for the Change of a Call about one record: a Conflict when If-Match says that the caller saw another version than there is. Without If-Match, and on the
// GraphQL wire, it says nothing. A Call that asks says so with IfMatch.
func (q *Request) Match(tx *db.Tx, e *entity.Entity, id int64) error {
	if q.schema != nil {
		return nil
	}
	version, err := q.ifVersion(nil)
	if err != nil || version == 0 {
		return err
	}
	return e.Expect(q.context(), tx, id, version)
}

// Record is the result of a Call that reads one record: its object with its version, which also stands in the ETag, for If-Match.
type Record struct {
	Version int64
	// Object is that of a shape, which has keys but no `version`.
	Object []byte
}

// writeRecord answers with a record.
func (q *Request) writeRecord(r Record) {
	body := append(slices.Clone(r.Object[:len(r.Object)-1]), `,"version":`...)
	body = append(strconv.AppendInt(body, r.Version, 10), '}')
	q.writeTagged(q.recordTag(r.Version, body), body)
}
