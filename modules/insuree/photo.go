package insuree

import (
	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
)

func (s *Service) declarePhoto() {
	s.Photo = &entity.Entity{
		Name: "insuree.photo", Label: "Photo", Plural: "Photos", Table: "insuree_photos", Versions: "insuree_photos_versions", Validity: true, Key: []string{"insuree"}, Display: "filename",
		Fields: []*entity.Field{
			{Name: "insuree", Kind: entity.Ref, To: "insuree.insuree", Required: true, Outlives: true},
			{Name: "chf_id", Kind: entity.Text, Label: "Insurance number", Max: maxNumber, Blank: true, Default: ""},
			{Name: "folder", Kind: entity.Text, Max: 255, Blank: true, Default: ""},
			{Name: "filename", Kind: entity.Text, Label: "File name", Max: 250, Blank: true, Default: ""},
			{Name: "officer_id", Kind: entity.Integer, Label: "Officer", Null: true},
			{Name: "date", Kind: entity.Date, Label: "Taken on", Required: true},
			{Name: "blob_key", Kind: entity.Text, Label: "Key", Max: 100, Blank: true, ReadOnly: true, Default: ""},
			{Name: "content_type", Kind: entity.Text, Label: "Content type", Max: 200, Blank: true, ReadOnly: true, Default: ""},
			{Name: "sha256", Kind: entity.Text, Label: "Digest", Max: 64, Blank: true, ReadOnly: true, Default: ""},
			{Name: "size", Kind: entity.Integer, Null: true, ReadOnly: true},
		},
		Shapes:  map[string]string{"": "id uuid insuree:min chf_id folder filename officer_id date content_type size validity_from validity_to", "min": "id uuid date folder filename officer_id"},
		Open:    "id uuid insuree chf_id folder filename officer_id date legacy_id validity_from validity_to",
		Filters: []entity.Filter{{Path: "uuid", Lookups: "exact in"}, {Path: "insuree"}, {Path: "insuree.uuid"}, {Path: "date", Lookups: rangeLookups}},
		Sorts:   []entity.Sort{{Name: "date", By: []string{"date"}}},
		Order:   []string{"-date"},
		Scope:   s.photoScope,
	}
}

// photoScope shows the photos of those whom the actor sees.
func (s *Service) photoScope(a *almoner.Actor, arg func(any) string) string {
	if scope := s.insureeScope(a, arg); scope != "" {
		return "{t}.insuree_id in (select io.id from insuree_insurees io where " + entity.Over(scope, "io") + ")"
	}
	return ""
}
