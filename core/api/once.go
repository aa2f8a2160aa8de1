package api

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package: answers that are kept for requests that may be sent again.
var Migrations = db.Migrations{Module: "api", FS: migrations}

// keyHeader names the header by which a client makes a write safe to send again: a text of its own choice, new for each thing that it
// wants done. Whoever repeats a request with its key within a day gets the first answer again, marked Idempotency-Replayed, and
// nothing is done twice. A request that was refused may be mended and sent with the same key.
const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
	maxKey         = 200
	keptFor        = 24 * time.Hour
)

// answer is what a change is answered with.
type answer struct {
	status         int
	location, etag string
	body           []byte
}

// once makes a change in one transaction and answers. With a key in the request, the answer is stored by that same transaction, so that
// there is one exactly when there is the change. print is what the request was: that of attempt.
func (q *Request) once(print string, change func(tx *db.Tx) (answer, error)) error {
	key := q.Header.Get(keyHeader)
	if err := checkKey(key); err != nil {
		return err
	}
	var reply answer
	err := q.api.DB.InTx(q.context(), func(tx *db.Tx) (err error) {
		if key == "" || q.Actor.UserID == 0 {
			reply, err = change(tx)
			return err
		}
		id, known, err := q.claim(tx, key, print)
		if err != nil {
			return err
		}
		if known != nil {
			reply = *known
			q.w.Header().Set(replayedHeader, "true")
			return nil
		}
		if reply, err = change(tx); err != nil {
			return err
		}
		reply.etag = q.w.Header().Get("ETag")
		_, err = tx.Exec(q.context(), "update api_answers set status = $2, location = $3, etag = $4, body = $5 where id = $1", id, int64(reply.status), reply.location, reply.etag, string(reply.body))
		return err
	})
	if err != nil {
		return err
	}
	if reply.etag != "" {
		q.w.Header().Set("ETag", reply.etag)
	}
	if reply.location != "" {
		q.w.Header().Set("Location", reply.location)
	}
	if reply.status == http.StatusNoContent {
		q.w.WriteHeader(reply.status)
		return nil
	}
	q.writeBytes(reply.status, "application/json", reply.body)
	return nil
}

// claim takes the key for this request, or finds what it was answered with before. Who sends the same key at the same time waits for
// the first one to end.
func (q *Request) claim(tx *db.Tx, key, print string) (int64, *answer, error) {
	ctx, user := q.context(), q.Actor.UserID
	if _, err := tx.Exec(ctx, "delete from api_answers where created_at < $1", tx.Now.Add(-keptFor)); err != nil {
		return 0, nil, fmt.Errorf("forget old answers: %w", err)
	}
	hash := digest(key)
	made, err := tx.Exec(ctx, `insert into api_answers (user_id, key_hash, request_hash, status, location, etag, body, created_at)
		values ($1, $2, $3, 0, '', '', '', $4) on conflict (user_id, key_hash) do nothing`, user, hash, print, tx.Now)
	if err != nil {
		return 0, nil, fmt.Errorf("take an idempotency key: %w", err)
	}
	var (
		id, status     int64
		request, body  string
		location, etag string
	)
	err = tx.QueryRow(ctx, "select id, request_hash, status, location, etag, body from api_answers where user_id = $1 and key_hash = $2", user, hash).
		Scan(&id, &request, &status, &location, &etag, &body)
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("look up an idempotency key: %w", err)
	case made == 1:
		return id, nil, nil
	case request != print:
		return 0, nil, almoner.Errorf(almoner.Invalid, "idempotency_key_reused", "This Idempotency-Key was sent with another request before. Take a new key for each thing to do.")
	}
	return id, &answer{status: int(status), location: location, etag: etag, body: []byte(body)}, nil
}

func checkKey(key string) error {
	good := len(key) <= maxKey
	for i := 0; i < len(key); i++ {
		good = good && key[i] > ' ' && key[i] < 0x7f
	}
	if !good {
		e := almoner.Errorf(almoner.Invalid, "bad_idempotency_key", "Idempotency-Key must be at most %d letters, digits and signs, without spaces.", maxKey)
		e.Params = map[string]string{"max": strconv.Itoa(maxKey)}
		return e
	}
	return nil
}

// attempt is a digest of all that makes this request what it is, so that a key is not taken for another. It is the same for the same body
// however its JSON is laid out. Take it before the body is worked on.
func (q *Request) attempt(tree any) (string, error) {
	if q.Header.Get(keyHeader) == "" {
		return "", nil
	}
	body, err := json.Marshal(tree)
	if err != nil {
		return "", fmt.Errorf("digest a request: %w", err)
	}
	file := ""
	if q.File != nil {
		file = q.File.Name + "\n" + q.File.SHA256
	}
	return digest(fmt.Sprintf("%s %s\n%d %d\n%s\n%s", q.Method, q.URL.RequestURI(), q.Actor.Workspace.ID, q.Actor.OrganizationID, file, body)), nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
