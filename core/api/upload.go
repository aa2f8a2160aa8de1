package api

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"unicode/utf8"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

// Upload lets the body of an operation be `multipart/form-data` with one file among plain fields. The file is stored while it arrives and
// is then in Request.File; if nobody keeps it, it is dropped when the request ends. A request that may not be made at all is
// refused before its body is read.
type Upload struct {
	// Field is the name of the part that holds the file; Label its English name for people.
	Field, Label string
	// Accept says which files are taken.
	Accept file.Policy
	// Required refuses a request without a file.
	Required bool
}

// Choice is one value that a reference may have, with what people read.
type Choice struct {
	ID    int64
	Label string
}

// maxParts bounds the parts of a form.
const maxParts = 100

// isForm reports whether the body is multipart.
func (q *Request) isForm() bool {
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	return err == nil && media == "multipart/form-data"
}

// input reads the body: a form when there may be a file and it is one, else JSON.
func (q *Request) input(u *Upload) (any, error) {
	if u == nil {
		return q.body()
	}
	var tree any
	var err error
	if q.isForm() {
		tree, err = q.form(u)
	} else {
		tree, err = q.body()
	}
	if err == nil && u.Required && q.File == nil {
		err = almoner.Invalidf(u.Field, "no_file", "No file was submitted.")
	}
	return tree, err
}

// form reads the parts of a multipart body as they come. The tree has the plain fields as texts.
func (q *Request) form(u *Upload) (any, error) {
	most := q.api.Files.MaxSize() + q.api.MaxBody
	if q.ContentLength > most {
		return nil, &file.TooLargeError{Limit: q.api.Files.MaxSize()}
	}
	_, params, _ := mime.ParseMediaType(q.Header.Get("Content-Type"))
	body := &sent{r: file.SlowBody(q.w, http.MaxBytesReader(q.w, q.Body, most)), keep: len(params["boundary"]) + ahead}
	reader := multipart.NewReader(body, params["boundary"])
	tree := map[string]any{}
	room := q.api.MaxBody
	for count := 0; ; count++ {
		part, err := reader.NextPart()
		// Package multipart takes some forms that were cut between two parts for whole ones.
		if errors.Is(err, io.EOF) && bytes.Contains(body.tail, []byte("--"+params["boundary"]+"--")) {
			return tree, nil
		}
		if err != nil || count == maxParts || params["boundary"] == "" {
			return nil, q.badForm(body)
		}
		name := part.FormName()
		switch {
		case name == u.Field && part.FileName() != "":
			if q.File != nil {
				return nil, almoner.Invalidf(u.Field, "one_file", "Send one file at a time.")
			}
			arriving := &sent{r: part}
			if q.File, err = q.api.Files.Receive(q.context(), part.FileName(), arriving, u.Accept); err != nil {
				return nil, q.refusedFile(u, body, arriving, err)
			}
		case part.FileName() != "":
			if _, err := io.Copy(io.Discard, part); err != nil {
				return nil, q.badForm(body)
			}
		default:
			text, err := io.ReadAll(io.LimitReader(part, room+1))
			if err != nil {
				return nil, q.badForm(body)
			}
			if room -= int64(len(text)); room < 0 {
				return nil, &sizeError{q.api.MaxBody}
			}
			if !utf8.Valid(text) {
				return nil, q.badForm(body)
			}
			// A browser sends the part of a file that nobody chose as an empty one.
			if name != "" && (name != u.Field || len(text) > 0) {
				tree[name] = string(text)
			}
		}
	}
}

// refusedFile says at its field why a file is not taken.
func (q *Request) refusedFile(u *Upload, body, arriving *sent, err error) error {
	if e := asInvalid(err); e != nil && len(e.Fields) == 0 {
		bad := almoner.Invalidf(u.Field, e.Code, "%s", e.Message)
		bad.Fields[0].Params = e.Params
		return bad
	}
	if arriving.err != nil {
		return q.badForm(body)
	}
	return err
}

// badForm is what is wrong with a form that could not be read to its end.
func (q *Request) badForm(body *sent) error {
	var large *http.MaxBytesError
	if errors.As(body.err, &large) {
		return &file.TooLargeError{Limit: q.api.Files.MaxSize()}
	}
	return almoner.Errorf(almoner.Invalid, "malformed_form", "The form could not be read to its end.")
}

// ahead is more than package multipart reads past what it gives.
const ahead = 8 << 10

// sent remembers how reading failed, to tell a sender's failure from one of the place where files are kept, and the last bytes that were read.
type sent struct {
	r    io.Reader
	err  error
	keep int
	tail []byte
}

func (s *sent) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.tail = append(s.tail, p[max(0, n-s.keep):n]...)
	if over := len(s.tail) - s.keep; over > 0 {
		s.tail = s.tail[:copy(s.tail, s.tail[over:])]
	}
	return n, err
}

// dropFile lets go of a file that nobody kept.
func (q *Request) dropFile() { q.File.Drop(q.context()) }

// ServeFile answers a Call with a stored file, which whoever asks may have; `inline=true` asks to show it rather than to save it. Its
// result is Done.
func (q *Request) ServeFile(f file.Stored) (any, error) {
	inline, _ := (&entity.Field{Kind: entity.Bool}).Decode(q.URL.Query().Get("inline"))
	if err := q.api.Files.Serve(q.w, q.Request, f, inline == true); err != nil {
		return nil, err
	}
	return Done, nil
}

// admit refuses a body to whoever may not send it, before it is read: anything below a record, and forms, which bring files. Other changes are
// looked at together with their record.
func (r *Resource) admit(q *Request, creating bool) error {
	if (!creating || r.Within == nil) && (r.Upload == nil || !q.isForm()) {
		return nil
	}
	return q.api.DB.View(q.context(), func(tx db.Queryer) error {
		if creating {
			_, _, err := r.enter(q, tx, access.Edit)
			return err
		}
		found, err := r.locate(q, tx)
		if err == nil && !found.Viewer.EditsAny(r.Entity) {
			err = Forbidden()
		}
		return err
	})
}

// fill lets the resource complete a change before it is saved.
func (r *Resource) fill(q *Request, tx *db.Tx, tree any, c *entity.Change) error {
	if r.Fill == nil {
		return nil
	}
	object, _ := tree.(map[string]any)
	return r.Fill(q, tx, object, c)
}

// plain is what was sent without the field of the file, which is Fill's: there a body without a file may name an earlier upload.
func (r *Resource) plain(tree any) any {
	object, ok := tree.(map[string]any)
	if !ok || r.Upload == nil || r.Fill == nil {
		return tree
	}
	object = maps.Clone(object)
	delete(object, r.Upload.Field)
	return object
}

// input reads the body of a write and leaves out the fields that are not taken here.
func (r *Resource) input(q *Request) (any, error) {
	tree, err := q.input(r.Upload)
	if err != nil {
		return nil, err
	}
	if tree == nil {
		return map[string]any{}, nil
	}
	if object, ok := tree.(map[string]any); ok && r.Fields != nil {
		taken := map[string]any{}
		for name, v := range object {
			if r.takesField(name) {
				taken[name] = v
			}
		}
		return taken, nil
	}
	return tree, nil
}

func (r *Resource) takesField(name string) bool {
	return slices.Contains(r.Fields, name) || name == "version" || r.Upload != nil && name == r.Upload.Field
}
