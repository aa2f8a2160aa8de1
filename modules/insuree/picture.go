package insuree

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/file"
)

// maxPicture is the greatest size of a photo in bytes; maxPictureText that of its base64 text.
const (
	maxPicture     = 1 << 20
	maxPictureText = (maxPicture/3 + 1) * 4
)

// photoInput are the fields of a photo as they come; its content is a file or, in base64, a text.
func photoInput() []*entity.Field {
	return []*entity.Field{
		{Name: "id", Kind: entity.Integer, Null: true},
		{Name: "uuid", Kind: entity.UUID, Label: "UUID", Null: true},
		{Name: "officer_id", Kind: entity.Integer, Label: "Officer", Null: true},
		{Name: "date", Kind: entity.Date, Label: "Taken on", Null: true},
		{Name: "photo", Kind: entity.LongText, Label: "Content in base64", Max: maxPictureText, Null: true, Blank: true, Secret: true},
		{Name: "filename", Kind: entity.Text, Label: "File name", Max: 250, Null: true, Blank: true},
		{Name: "folder", Kind: entity.Text, Max: 255, Null: true, Blank: true},
	}
}

// picture takes the content of a photo out of base64 and stores it, pending, before any transaction. Nothing is stored for a photo without content.
func (s *Service) picture(q *api.Request, field string, in entity.Values) error {
	text, _ := in["photo"].(string)
	if text == "" {
		return nil
	}
	if _, data, ok := strings.Cut(text, ";base64,"); ok && strings.HasPrefix(text, "data:") {
		text = data
	}
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return almoner.Invalidf(field, "insuree.photo_base64", "The photo is not written in base64.")
	}
	if len(content) > maxPicture {
		return tooLarge(field)
	}
	q.File, err = s.files.Receive(q.Context(), "photo", bytes.NewReader(content), file.Uploads)
	if almoner.KindOf(err) == almoner.Invalid {
		return noPicture(field)
	}
	if err != nil {
		return err
	}
	return pictureOnly(field, q.File)
}

// pictureOnly refuses a file that is no picture, or too large a one; whoever received it drops it.
func pictureOnly(field string, in *file.Incoming) error {
	switch {
	case in == nil:
		return nil
	case !strings.HasPrefix(in.ContentType, "image/"):
		return noPicture(field)
	case in.Size > maxPicture:
		return tooLarge(field)
	}
	return nil
}

func noPicture(field string) error {
	return almoner.Invalidf(field, "insuree.photo_kind", "A photo is a picture, such as a JPEG file.")
}

func tooLarge(field string) error {
	return almoner.Invalidf(field, "insuree.photo_size", "A photo has at most 1 MB.")
}

// savePhoto makes what was sent the photo of an insuree, inside tx. A photo that differs in nothing is left as it is; a former one stays as a row of the past.
func (s *Service) savePhoto(ctx context.Context, tx *db.Tx, insuree int64, in entity.Values, content *file.Incoming) error {
	id, err := one(ctx, tx, "find the photo of an insuree", "select coalesce(photo_id, 0) from insuree_insurees where id = $1", insuree)
	if err != nil {
		return err
	}
	var number string
	if err := tx.QueryRow(ctx, "select chf_id from insuree_insurees where id = $1", insuree).Scan(&number); err != nil {
		return fmt.Errorf("read the number of insuree %d: %w", insuree, err)
	}
	day := almoner.DateOf(tx.Now)
	if given, ok := in["date"].(almoner.Date); ok {
		day = given
	}
	values := entity.Values{"chf_id": number, "date": day, "officer_id": in["officer_id"]}
	if id == 0 {
		name, given := in["uuid"].(string)
		if !given {
			if name, err = newUUID(); err != nil {
				return err
			}
		}
		// Photos are called by their UUID unless somebody gave them a name.
		values["insuree"], values["uuid"], values["filename"] = insuree, name, name
	}
	for _, field := range []string{"folder", "filename"} {
		if text := textOf(in, field); text != "" {
			values[field] = text
		}
	}
	if content != nil {
		known, err := s.same(ctx, tx, id, content)
		if err != nil {
			return err
		}
		if !known {
			if err := content.Keep(ctx, tx); err != nil {
				return err
			}
			values["blob_key"], values["content_type"], values["sha256"], values["size"] = content.Key, content.ContentType, content.SHA256, content.Size
		}
	}
	c := s.Photo.NewChange(id, values)
	if err := s.Photo.Save(ctx, tx, c); err != nil {
		return err
	}
	return s.Insuree.Save(ctx, tx, s.Insuree.NewChange(insuree, entity.Values{"photo": c.ID, "photo_date": day}))
}

// same reports whether the content is what the photo has.
func (s *Service) same(ctx context.Context, q db.Queryer, photo int64, content *file.Incoming) (bool, error) {
	if photo == 0 {
		return false, nil
	}
	var digest string
	if err := q.QueryRow(ctx, "select sha256 from insuree_photos where id = $1", photo).Scan(&digest); err != nil {
		return false, fmt.Errorf("read photo %d: %w", photo, err)
	}
	return digest == content.SHA256, nil
}

func textOf(in entity.Values, name string) string {
	text, _ := in[name].(string)
	return text
}

// photoCalls are the picture of an insuree over REST.
func (s *Service) photoCalls() []api.Call {
	const path = "/api/insuree/insurees/{id}/photo/"
	return []api.Call{
		{
			Name: "insuree.photo.get", Method: "GET", Path: path, Summary: "Read the photo of an insuree.", Wire: api.Native, Rule: api.Right(RightSeeInsurees), Media: "image/*",
			Do: s.servePhoto,
		},
		{
			Name: "insuree.photo.set", Method: "POST", Path: path, Summary: "Set the photo of an insuree; its content is written in base64.", Wire: api.Native,
			Rule: api.Right(RightChangeInsuree), Input: photoInput(), Prepare: func(q *api.Request) error { return s.picture(q, "photo", q.In) },
			Output: api.Object(nil),
			Change: func(q *api.Request, tx *db.Tx) (any, error) {
				id, err := q.ID("id")
				if err != nil {
					return nil, err
				}
				if err := s.Insuree.Lock(q.Context(), tx, id); err != nil {
					return nil, err
				}
				if _, err := s.insurees.Locate(q, tx, id); err != nil {
					return nil, err
				}
				if err := s.savePhoto(q.Context(), tx, id, q.In, q.File); err != nil {
					return nil, err
				}
				return s.insurees.Answer(q, tx, id)
			},
		},
	}
}

func (s *Service) servePhoto(q *api.Request) (any, error) {
	id, err := q.ID("id")
	if err != nil {
		return nil, err
	}
	var f file.Stored
	err = q.View(func(tx db.Queryer) error {
		if _, err := s.insurees.Locate(q, tx, id); err != nil {
			return err
		}
		return tx.QueryRow(q.Context(), "select p.blob_key, p.filename, p.content_type from insuree_insurees i join insuree_photos p on p.id = i.photo_id where i.id = $1 and p.blob_key <> ''", id).
			Scan(&f.Key, &f.Name, &f.ContentType)
	})
	if errors.Is(err, db.ErrNoRows) {
		return nil, entity.NotFound()
	}
	if err != nil {
		return nil, err
	}
	return q.ServeFile(f)
}

// photoText is the content of a photo in base64, null when there is none, for clients of the GraphQL wire.
func (s *Service) photoText(c gql.Context, id int64) (any, error) {
	var key string
	err := c.DB.QueryRow(c, "select blob_key from insuree_photos where id = $1 union all select blob_key from insuree_photos_versions where past_id = $1", id).Scan(&key)
	if err != nil {
		return nil, fmt.Errorf("read photo %d: %w", id, err)
	}
	if key == "" {
		return nil, nil
	}
	r, err := s.files.Open(c, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	content, err := io.ReadAll(io.LimitReader(r, maxPicture))
	if err != nil {
		return nil, fmt.Errorf("read photo %d: %w", id, err)
	}
	return base64.StdEncoding.EncodeToString(content), nil
}

func newUUID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a UUID: %w", err)
	}
	return id.String(), nil
}
