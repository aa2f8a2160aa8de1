package insuree

import (
	"context"
	"fmt"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// The states of an insuree.
const (
	Active   = "AC"
	Inactive = "IN"
	Dead     = "DE"
)

var statuses = []entity.ChoiceValue{{Value: Active, Label: "Active"}, {Value: Inactive, Label: "Inactive"}, {Value: Dead, Label: "Dead"}}

// ageSQL counts completed years: days written as whole numbers differ by ten thousand for each.
const ageSQL = "case when {t}.dob is null then null else " +
	"(cast(replace(cast(current_date as text), '-', '') as bigint) - cast(replace(cast({t}.dob as text), '-', '') as bigint)) / 10000 end"

// text lookups, and those of what has an order.
const (
	textLookups  = "exact iexact istartswith icontains"
	rangeLookups = "exact lt lte gt gte"
)

func (s *Service) declareInsuree() {
	s.Insuree = &entity.Entity{
		Name: "insuree.insuree", Label: "Insuree", Plural: "Insurees", Table: "insuree_insurees", Versions: "insuree_insurees_versions", Validity: true, Extensible: &entity.Extensible{},
		Key: []string{"chf_id"}, Display: "chf_id", Batched: true,
		Fields: []*entity.Field{
			{Name: "chf_id", Kind: entity.Text, Label: "Insurance number", Max: maxNumber, Required: true, Unique: true, Folded: "chf_id_folded", Indexed: true},
			{Name: "last_name", Kind: entity.Text, Label: "Last name", Max: 100, Required: true, Folded: "last_name_folded", Indexed: true},
			{Name: "other_names", Kind: entity.Text, Label: "Other names", Max: 100, Required: true, Folded: "other_names_folded", Indexed: true},
			{Name: "gender", Kind: entity.Ref, To: "insuree.gender", Null: true},
			{Name: "dob", Kind: entity.Date, Label: "Date of birth", Null: true},
			{Name: "age", Kind: entity.Integer, Expr: ageSQL},
			{Name: "family", Kind: entity.Ref, To: "insuree.family", Null: true},
			{Name: "head", Kind: entity.Bool, Label: "Head of the family", ReadOnly: true, Default: false},
			{Name: "relationship", Kind: entity.Ref, Label: "Relationship to the head", To: "insuree.relation", Null: true},
			{Name: "marital", Kind: entity.Choice, Label: "Marital status", Null: true, Choices: []entity.ChoiceValue{
				{Value: "N", Label: "Not specified"}, {Value: "W", Label: "Widowed"}, {Value: "S", Label: "Single"}, {Value: "D", Label: "Divorced"}, {Value: "M", Label: "Married"},
			}},
			{Name: "passport", Kind: entity.Text, Label: "Document number", Max: 25, Blank: true, Default: "", Folded: "passport_folded"},
			{Name: "type_of_id", Kind: entity.Ref, Label: "Kind of document", To: "insuree.identification_type", Null: true},
			{Name: "phone", Kind: entity.Text, Max: 50, Blank: true, Default: "", Folded: "phone_folded", Indexed: true},
			{Name: "email", Kind: entity.Text, Label: "E-mail", Max: 100, Blank: true, Default: "", Folded: "email_folded", Indexed: true},
			{Name: "current_address", Kind: entity.Text, Label: "Current address", Max: 200, Blank: true, Default: ""},
			{Name: "geolocation", Kind: entity.Text, Max: 250, Blank: true, Default: ""},
			{Name: "current_village", Kind: entity.Ref, Label: "Current village", To: "location.location", Null: true},
			{Name: "place", Kind: entity.Ref, To: "location.location", Null: true, ReadOnly: true},
			{Name: "photo", Kind: entity.Ref, To: "insuree.photo", Null: true, ReadOnly: true},
			{Name: "photo_date", Kind: entity.Date, Label: "Date of the photo", Null: true},
			{Name: "card_issued", Kind: entity.Bool, Label: "Card issued", Default: false},
			{Name: "profession", Kind: entity.Ref, To: "insuree.profession", Null: true},
			{Name: "education", Kind: entity.Ref, To: "insuree.education", Null: true},
			{Name: "health_facility", Kind: entity.Ref, Label: "First point of service", To: "facility.health_facility", Null: true},
			{Name: "offline", Kind: entity.Bool, Label: "Enrolled offline", Default: false},
			{Name: "status", Kind: entity.Choice, Choices: statuses, Default: Active},
			{Name: "status_date", Kind: entity.Date, Label: "Status since", Null: true},
			{Name: "status_reason", Kind: entity.Ref, Label: "Reason for the status", To: "insuree.status_reason", Null: true},
			{Name: "json_ext", Kind: entity.JSON, Label: "Further data", Null: true},
			{Name: "photos", Kind: entity.Children, To: "insuree.photo", ForeignKey: "insuree_id"},
		},
		Shapes: map[string]string{
			"min": "id uuid chf_id last_name other_names dob",
			"": "id uuid chf_id last_name other_names gender:min dob age marital status phone email head family{id uuid location{" + placeShape + "}} current_village{" + placeShape + "} " +
				"photo_date validity_from validity_to",
			"record": "id uuid chf_id last_name other_names gender:min dob age family{id uuid location{" + placeShape + "} head_insuree:min} head relationship:min marital passport " +
				"type_of_id:min phone email current_address geolocation current_village{" + placeShape + "} photo{id uuid date folder filename officer_id} photo_date card_issued " +
				"profession:min education:min health_facility:min offline status status_date status_reason:min json_ext legacy_id validity_from validity_to extensions",
		},
		Open: "id uuid chf_id last_name other_names gender dob age family head relationship marital passport type_of_id phone email current_address geolocation current_village photo " +
			"photo_date photos card_issued profession education health_facility offline status status_date status_reason json_ext legacy_id validity_from validity_to",
		Filters: []entity.Filter{
			{Path: "id", Lookups: "exact in"},
			{Path: "uuid", Lookups: "exact in"},
			{Path: "chf_id", Lookups: textLookups},
			{Path: "last_name", Lookups: textLookups},
			{Path: "other_names", Lookups: textLookups},
			{Path: "passport", Lookups: textLookups},
			{Path: "email", Lookups: textLookups + " isnull"},
			{Path: "phone", Lookups: textLookups + " isnull"},
			{Path: "dob", Lookups: rangeLookups + " isnull"},
			{Path: "head"},
			{Path: "gender", Lookups: "exact isnull"},
			{Path: "gender.code", Lookups: "exact isnull"},
			{Path: "marital", Lookups: "exact isnull"},
			{Path: "status"},
			{Path: "validity_from", Lookups: rangeLookups + " isnull"},
			{Path: "validity_to", Lookups: rangeLookups + " isnull"},
			{Path: "photo", Lookups: "isnull"},
			{Path: "family", Lookups: "exact isnull"},
			{Path: "family.uuid"},
			{Path: "current_village", Lookups: "exact isnull"},
			{Path: "current_village.uuid"},
		},
		Sorts: []entity.Sort{
			{Name: "chf_id", By: []string{"chf_id"}},
			{Name: "last_name", By: []string{"last_name"}},
			{Name: "other_names", By: []string{"other_names"}},
			{Name: "marital", By: []string{"marital"}},
			{Name: "gender__code", By: []string{"gender.code"}},
			{Name: "email", By: []string{"email"}},
			{Name: "phone", By: []string{"phone"}},
			{Name: "dob", By: []string{"dob"}},
			{Name: "status", By: []string{"status"}},
			{Name: "head", By: []string{"head"}},
			{Name: "validity_from", By: []string{"validity_from"}},
			{Name: "validity_to", By: []string{"validity_to"}},
		},
		Search: []string{"chf_id", "last_name", "other_names", "phone"},
		Order:  []string{"chf_id"},
		Scope:  s.insureeScope,
		Check:  s.checkInsuree,
		After:  s.afterInsuree,
	}
}

// placeShape shows a place with the three above it.
const placeShape = "id uuid code=p_code name type parent{id uuid code=p_code name type parent{id uuid code=p_code name type parent{id uuid code=p_code name type}}}"

// insureeScope hides technical insurees from everybody and the others from whoever works elsewhere.
func (s *Service) insureeScope(a *almoner.Actor, arg func(any) string) string {
	return ever("insuree_insurees", func() string {
		var all []string
		for _, number := range s.settings.hidden(a.Workspace.ID) {
			all = append(all, "{t}.chf_id <> "+arg(number))
		}
		return both(all, s.places.Within(a, arg, "{t}.place_id"))
	})
}

func both(all []string, within string) string {
	if within != "" {
		all = append(all, within)
	}
	return strings.Join(all, " and ")
}

// ever is a scope for rows of the past, too: they are shown to whoever may see the record that they were. Where somebody was before does not open them.
func ever(table string, scope func() string) string {
	now := scope()
	if now == "" {
		return ""
	}
	// Counted, as PostgreSQL would ready itself to read all of the table for an exists; and unequal to what it never or rarely is, which tells PostgreSQL that most rows are meant.
	return now + " and ({t}.legacy_id is null or (select count(*) from " + table + " lv where lv.id = {t}.legacy_id and " + entity.Over(scope(), "lv") + ") <> 0)"
}

// checkInsuree holds the rules of an insuree, whoever changes one: by REST, GraphQL, an import or a fixture.
func (s *Service) checkInsuree(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	heads := int64(0)
	if !c.New() {
		var err error
		if heads, err = headedBy(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if c.Delete {
		if heads != 0 {
			p.Add("", "insuree.delete_head_insuree", "The head of a family cannot be deleted; choose another head first.")
		}
		return nil
	}
	if !c.New() && c.Changes("family") && heads != 0 && c.Int("family") != heads {
		p.Add("family", "insuree.remove_head_insuree", "The head does not leave the family; choose another head first.")
	}
	if !c.Sent("head") && c.Changes("family") {
		c.Set("head", heads != 0 && c.Int("family") == heads)
	}
	if err := s.placeInsuree(ctx, tx, c, p); err != nil {
		return err
	}
	// Tomorrow is today somewhere; what an import brings was taken elsewhere.
	if born, ok := c.Value("dob").(almoner.Date); ok && c.Changes("dob") && almoner.ActorOf(ctx).System == "" && almoner.DateOf(tx.Now).AddDays(1).Before(born) {
		p.Add("dob", "insuree.dob_in_future", "Nobody is born in the future.")
	}
	workspace := c.WorkspaceID()
	if !s.settings.workers.In(workspace) {
		if c.Value("dob") == nil {
			p.Add("dob", "insuree.dob_required", "A date of birth is needed.")
		}
		if c.Value("gender") == nil {
			p.Add("gender", "insuree.gender_required", "A gender is needed.")
		}
	}
	if s.settings.facility.In(workspace) && c.Value("health_facility") == nil {
		p.Add("health_facility", "insuree.fsp_required", "A first point of service is needed.")
	}
	if s.settings.photo.In(workspace) && c.Value("photo") == nil && c.Data[withPhoto] == nil {
		p.Add("photo", "insuree.no_required_photo", "A photo is needed.")
	}
	if c.New() || c.Changes("chf_id") {
		verdict := s.checkNumber(c.Text("chf_id"), workspace)
		if !c.Bulk.IsFree(c.Entity, c.Text("chf_id")) {
			var err error
			if verdict, err = s.CheckNumber(ctx, tx, c.Text("chf_id"), c.ID); err != nil {
				return err
			}
		}
		if verdict.Valid() && c.Text("chf_id") == "" {
			verdict = Verdict{numberMissing, "An insurance number is needed."}
		}
		if !verdict.Valid() {
			p.Add("chf_id", verdict.textCode(), verdict.Message)
		}
	}
	return s.checkStatus(ctx, tx, c, p)
}

// withPhoto is said in the fact of an insuree that comes together with a photo.
const withPhoto = "photo"

// checkStatus wants a reason of the right kind, and a day, for whoever is not active. What an import brings had its reasons elsewhere.
func (s *Service) checkStatus(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	status := c.Text("status")
	if status == Active || almoner.ActorOf(ctx).System != "" {
		return nil
	}
	if c.Value("status_date") == nil {
		p.Add("status_date", "insuree.status_date_required", "Say since when.")
	}
	reason := c.Int("status_reason")
	if reason == 0 {
		p.Add("status_reason", "insuree.status_reason_required", "Say why.")
		return nil
	}
	var kind string
	if err := tx.QueryRow(ctx, "select status_type from insuree_status_reasons where id = $1", reason).Scan(&kind); err != nil {
		return fmt.Errorf("read the reason %d for a status: %w", reason, err)
	}
	if kind != status {
		p.Add("status_reason", "insuree.wrong_status", "This is no reason for that status.")
	}
	return nil
}

// placeInsuree finds out where an insuree is now. Nobody puts one where they do not work.
func (s *Service) placeInsuree(ctx context.Context, tx *db.Tx, c *entity.Change, p *almoner.Problems) error {
	type placeOf int64
	home, err := c.Bulk.Once(placeOf(c.Int("family")), func() (int64, error) { return familyPlace(ctx, tx, c.Int("family")) })
	if err != nil {
		return err
	}
	place := c.Int("current_village")
	if place == 0 {
		place = home
	}
	c.Set("place", reference(place))
	if c.Changes("current_village") {
		if err := s.allow(ctx, tx, "current_village", c.Int("current_village"), p); err != nil {
			return err
		}
	}
	if c.Changes("family") {
		return s.allow(ctx, tx, "family", home, p)
	}
	return nil
}

// allow refuses a place where the actor does not work.
func (s *Service) allow(ctx context.Context, tx *db.Tx, field string, place int64, p *almoner.Problems) error {
	if place == 0 {
		return nil
	}
	ok, err := s.places.IsAllowed(ctx, tx, almoner.ActorOf(ctx), db.IDs{place}, true)
	if err == nil && !ok {
		p.Add(field, "insuree.place_elsewhere", "You do not work there.")
	}
	return err
}

// afterInsuree tells whoever keeps cover what happened.
func (s *Service) afterInsuree(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	switch {
	case c.Delete:
		return each(s.Cover.Deleted, func(hook func(context.Context, *db.Tx, int64) error) error { return hook(ctx, tx, c.ID) })
	case c.New():
		if c.Int("family") == 0 || !s.settings.coverJoined.In(c.WorkspaceID()) {
			return nil
		}
		return each(s.Cover.Joined, func(hook func(context.Context, *db.Tx, int64, int64) error) error {
			return hook(ctx, tx, c.ID, c.Int("family"))
		})
	case c.Changes("status"):
		before, _ := c.Before("status").(string)
		at, _ := c.Value("status_date").(almoner.Date)
		change := StatusChange{Insuree: c.ID, Family: c.Int("family"), From: before, To: c.Text("status"), At: at}
		return each(s.Cover.StatusChanged, func(hook func(context.Context, *db.Tx, StatusChange) error) error { return hook(ctx, tx, change) })
	}
	return nil
}

// reference is a value for a Ref: null for 0.
func reference(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
