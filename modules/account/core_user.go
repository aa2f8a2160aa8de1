package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// linkLife is how long a link for a new password works.
const linkLife = 24 * time.Hour

// userCalls change people, their passwords and their languages (openimis-core §3).
func (s *Service) userCalls() []api.Call {
	text := func(name string, most int, required bool) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Max: most, Required: required, Blank: !required, Null: !required}
	}
	secret := func(name string, required bool) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.LongText, Max: 1024, Required: required, Secret: true, Blank: true, Null: !required}
	}
	number := func(name string, many bool) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Integer, Many: many, Null: true}
	}
	fields := []*entity.Field{
		text("uuid", 40, false), text("user_id", 40, false), text("other_names", 100, true), text("last_name", 100, true), text("username", maxUsername, true), text("phone", 50, false),
		text("email", 200, false), secret("password", false), number("health_facility_id", false), number("districts", true), text("language", 5, true), number("roles", true),
		{Name: "birth_date", Kind: entity.Date, Null: true},
		text("address", 500, false),
		{Name: "works_to", Kind: entity.Date, Null: true},
		text("substitution_officer_id", 40, false),
		{Name: "phone_communication", Kind: entity.Bool, Null: true},
		number("location_id", false), number("village_ids", true),
		{Name: "user_types", Kind: entity.Choice, Choices: userTypes, Many: true, Required: true},
	}
	types := map[string]string{"user_types": "UserTypes"}
	outcome := api.Object(map[string]*api.Schema{"success": api.TypeOf("boolean"), "error": api.TypeOf("string")})
	mutation := func(name, summary string, rule api.Rule, input []*entity.Field, change func(q *api.Request, tx *db.Tx) (any, error)) api.Call {
		return api.Call{Name: "account.people." + name, Summary: summary, Rule: rule, Graph: api.CallGraph{Name: name, Types: types}, Input: input, Change: change}
	}
	direct := func(name, summary string, rule api.Rule, input []*entity.Field, do func(q *api.Request) error) api.Call {
		return api.Call{
			Name: "account.people." + name, Method: "POST", Summary: summary, Rule: rule, Graph: api.CallGraph{Name: name}, Input: input, Output: outcome,
			Do: func(q *api.Request) (any, error) { return s.outcome(q, do(q)) },
		}
	}
	return []api.Call{
		native(mutation("createUser", "Add a person to this workspace.", api.Right(121702), fields, s.createUser), "POST", usersPath),
		matched(native(mutation("updateUser", "Change a person of this workspace: what is not said of them is emptied, but roles, districts and villages stay.", api.Right(121703), fields, s.updateUser), "PATCH", usersPath+"{id}/")),
		mutation("deleteUser", "Take all access to this workspace from people.", api.Right(121704), []*entity.Field{{Name: "uuids", Kind: entity.Text, Many: true, Required: true}}, s.deleteUser),
		mutation("changeUserLanguage", "Choose the language that one is answered in.", api.SignedIn, []*entity.Field{text("language_id", 5, true)}, s.changeLanguage),
		direct("changePassword", "Choose a new password, or give somebody one.", api.SignedIn, []*entity.Field{secret("old_password", false), secret("new_password", true), text("username", 254, false)}, s.changePassword),
		direct("resetPassword", "Ask for a link by which to choose a new password.", api.Public, []*entity.Field{text("username", 254, true)}, s.resetPassword),
		direct("setPassword", "Choose a new password by a link.", api.Public, []*entity.Field{text("username", 254, true), secret("token", true), secret("new_password", true)}, s.choosePassword),
	}
}

// outcome is how the mutations about passwords answer: an error for people is a text of theirs.
func (s *Service) outcome(q *api.Request, err error) (any, error) {
	var e *almoner.Error
	switch {
	case err == nil:
		return map[string]any{"success": true, "error": nil}, nil
	case errors.As(err, &e) && e.Kind != almoner.Internal:
		return map[string]any{"success": false, "error": q.Explain(e)}, nil
	}
	return nil, err
}

// userValues are what the input says of a person.
func (s *Service) userValues(q *api.Request) (entity.Values, error) {
	given := func(name string) string {
		text, _ := q.In[name].(string)
		return text
	}
	language := strings.ToLower(given("language"))
	if !slices.ContainsFunc(languages, func(l entity.ChoiceValue) bool { return l.Value == language }) {
		return nil, almoner.Invalidf("language", "account.unknown_language", "This language is not available.")
	}
	email := strings.ToLower(strings.TrimSpace(given("email")))
	if email != "" {
		if _, bad := (&entity.Field{Name: "email", Kind: entity.Email, Max: 254}).Decode(email); bad != nil {
			return nil, almoner.Invalidf("email", bad[0].Code, "%s", bad[0].Message)
		}
	}
	return entity.Values{
		"first_name": given("other_names"), "middle_name": "", "last_name": given("last_name"), "username": given("username"), "email": email, "phone_number": given("phone"), "language": language,
	}, nil
}

func (s *Service) createUser(q *api.Request, tx *db.Tx) (any, error) {
	values, err := s.userValues(q)
	if err != nil {
		return nil, err
	}
	if roles, _ := q.In["roles"].([]any); signsIn(q) && len(roles) == 0 {
		return nil, almoner.Invalidf("roles", "required", "This field is required.")
	}
	c := s.User.NewChange(0, values)
	if q.Actor.Workspace.ID != 0 {
		c.Set("current_workspace", q.Actor.Workspace.ID)
	}
	if err := s.User.Save(q.Context(), tx, c); err != nil {
		return nil, err
	}
	if signsIn(q) {
		if err := s.giveRoles(q, tx, c.ID); err != nil {
			return nil, err
		}
	}
	return map[string]any{"id": c.ID}, s.completeUser(q, tx, c.ID)
}

// signsIn reports whether the input is about somebody who signs in.
func signsIn(q *api.Request) bool {
	types, _ := q.In["user_types"].([]any)
	return slices.Contains(types, any(interactive))
}

// completeUser does what a new person and a changed one have in common.
func (s *Service) completeUser(q *api.Request, tx *db.Tx, id int64) error {
	q.Touch(s.User, id)
	if password, _ := q.In["password"].(string); password != "" && signsIn(q) {
		if err := s.SetPassword(q.Context(), tx, id, password); err != nil {
			return err
		}
	}
	for _, change := range s.UserChanges {
		if err := change(q, tx, id); err != nil {
			return err
		}
	}
	return s.settleStanding(q.Context(), tx, id)
}

// userInHand is a person of the actor's workspace, by uuid or number. Administrators of the platform are only for their like.
func (s *Service) userInHand(q *api.Request, tx *db.Tx, key string) (int64, error) {
	ctx := q.Context()
	id, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		if id, err = s.User.By(ctx, tx, "uuid", key); err != nil {
			return 0, err
		}
	}
	if err := s.User.Lock(ctx, tx, id); err != nil {
		return 0, err
	}
	_, err = s.User.LocateWithin(ctx, tx, entity.Viewer{Actor: q.Actor, AllFields: true}, id, s.here)
	unknown := almoner.KindOf(err) == almoner.NotFound
	if err != nil && !unknown {
		return 0, err
	}
	u, ok, err := userByID(ctx, tx, id)
	switch {
	case err != nil:
		return 0, err
	case !ok, unknown && !q.Actor.Superuser:
		return 0, entity.NotFound()
	case u.superuser && !q.Actor.Superuser:
		return 0, api.Forbidden()
	}
	return id, nil
}

func (s *Service) updateUser(q *api.Request, tx *db.Tx) (any, error) {
	key, _ := q.In["uuid"].(string)
	if key == "" {
		key, _ = q.In["user_id"].(string)
	}
	if q.PathValue("id") != "" {
		id, err := q.ID("id")
		if err != nil {
			return nil, err
		}
		key = strconv.FormatInt(id, 10)
	}
	id, err := s.userInHand(q, tx, key)
	if err != nil {
		return nil, err
	}
	if err := q.Match(tx, s.User, id); err != nil {
		return nil, err
	}
	// Roles, districts and what somebody is lie in tables of their own.
	if err := s.User.Advance(q.Context(), tx, id); err != nil {
		return nil, err
	}
	// Who works elsewhere, too, is not for this workspace alone to rename or to give a password.
	var elsewhere int64
	err = tx.QueryRow(q.Context(), "select count(*) from account_grants where user_id = $1 and workspace_id <> $2 and is_active = $3", id, q.Actor.Workspace.ID, true).Scan(&elsewhere)
	if err != nil {
		return nil, fmt.Errorf("count grants of user %d: %w", id, err)
	}
	if elsewhere > 0 && !q.Actor.Superuser {
		q.In["password"] = nil
	} else {
		values, err := s.userValues(q)
		if err != nil {
			return nil, err
		}
		if err := s.User.Save(q.Context(), tx, s.User.NewChange(id, values)); err != nil {
			return nil, err
		}
	}
	if !signsIn(q) {
		q.In["roles"] = []any{}
	}
	if roles, sent := q.In["roles"].([]any); sent {
		if signsIn(q) && len(roles) == 0 {
			return nil, almoner.Invalidf("roles", "required", "This field is required.")
		}
		if err := s.giveRoles(q, tx, id); err != nil {
			return nil, err
		}
	}
	return nil, s.completeUser(q, tx, id)
}

// giveRoles makes the roles of the input those that a person holds for the whole workspace. Nobody gives a role with rights that they do not hold, nor takes
// their own administrator's role away.
func (s *Service) giveRoles(q *api.Request, tx *db.Tx, userID int64) error {
	ctx, workspace := q.Context(), q.Actor.Workspace.ID
	if workspace == 0 {
		return almoner.Errorf(almoner.Forbidden, "account.no_grant_in_workspace", "You have no access to this workspace.")
	}
	type held struct{ grant, role, system int64 }
	rows, err := tx.Query(ctx, `select g.id, g.role_id, r.is_system from account_grants g join account_roles r on r.id = g.role_id
		where g.user_id = $1 and g.workspace_id = $2 and g.organization_id is null order by g.id`, userID, workspace)
	before, err := db.Collect(rows, err, func(r db.Row) (h held, err error) { return h, r.Scan(&h.grant, &h.role, &h.system) })
	if err != nil {
		return fmt.Errorf("read roles of user %d: %w", userID, err)
	}
	list, _ := q.In["roles"].([]any)
	for i, v := range list {
		role, _ := v.(int64)
		if slices.ContainsFunc(before, func(h held) bool { return h.role == role }) {
			continue
		}
		if err := s.mayGive(q, tx, role, i); err != nil {
			return err
		}
		c := s.Grant.NewChange(0, entity.Values{"user": userID, "workspace": workspace, "role": role, "organization": nil})
		if err := s.Grant.Save(ctx, tx, c); err != nil {
			return err
		}
		before = append(before, held{role: role})
	}
	for _, h := range before {
		if h.grant == 0 || slices.Contains(list, any(h.role)) {
			continue
		}
		if userID == q.Actor.UserID && h.system&administratorRole != 0 {
			return almoner.Invalidf("roles", "account.own_administrator", "You cannot take your own administrator's role away.")
		}
		if err := s.Grant.Save(ctx, tx, s.Grant.NewDelete(h.grant)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) mayGive(q *api.Request, tx *db.Tx, role int64, at int) error {
	path := fmt.Sprintf("roles.%d", at)
	var system int64
	err := tx.QueryRow(q.Context(), "select is_system from account_roles where id = $1 and validity_to is null", role).Scan(&system)
	if errors.Is(err, db.ErrNoRows) {
		return almoner.Invalidf(path, "does_not_exist", "Invalid pk \"%d\" - object does not exist.", role)
	}
	if err != nil {
		return fmt.Errorf("read role %d: %w", role, err)
	}
	if q.Actor.AllRights {
		return nil
	}
	numbers, err := rightsOfRole(q.Context(), tx, role)
	if err != nil {
		return err
	}
	if system&administratorRole != 0 || slices.ContainsFunc(numbers, func(n int) bool { return !q.Actor.Can(n) }) {
		return almoner.Invalidf(path, "account.right_not_yours", "You cannot give a right that you do not hold.")
	}
	return nil
}

// deleteUser takes all access to the actor's workspace away. Who has none left anywhere may not come in any more.
func (s *Service) deleteUser(q *api.Request, tx *db.Tx) (any, error) {
	ctx := q.Context()
	list, _ := q.In["uuids"].([]any)
	for i, v := range list {
		key, _ := v.(string)
		id, err := s.userInHand(q, tx, key)
		if err != nil {
			return nil, err
		}
		if id == q.Actor.UserID {
			return nil, almoner.Invalidf(fmt.Sprintf("uuids.%d", i), "account.not_yourself", "You cannot delete yourself.")
		}
		rows, err := tx.Query(ctx, "select id from account_grants where user_id = $1 and workspace_id = $2 and is_active = $3", id, q.Actor.Workspace.ID, true)
		grants, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, fmt.Errorf("read grants of user %d: %w", id, err)
		}
		for _, grant := range grants {
			if err := s.Grant.Save(ctx, tx, s.Grant.NewChange(grant, entity.Values{"is_active": false})); err != nil {
				return nil, err
			}
		}
		for _, end := range s.UserEnds {
			if err := end(ctx, tx, id); err != nil {
				return nil, err
			}
		}
		if err := s.settleStanding(ctx, tx, id); err != nil {
			return nil, err
		}
		q.Touch(s.User, id)
	}
	return nil, nil
}

func (s *Service) changeLanguage(q *api.Request, tx *db.Tx) (any, error) {
	code, _ := q.In["language_id"].(string)
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	if !slices.ContainsFunc(languages, func(l entity.ChoiceValue) bool { return l.Value == code }) {
		return nil, almoner.Invalidf("language_id", "account.unknown_language", "This language is not available.")
	}
	q.Touch(s.User, q.Actor.UserID)
	return nil, s.User.Save(q.Context(), tx, s.User.NewChange(q.Actor.UserID, entity.Values{"language": code}))
}

// changePassword changes one's own password, which needs the old one, or that of somebody else in the workspace, which needs the right.
func (s *Service) changePassword(q *api.Request) error {
	ctx := q.Context()
	fresh, _ := q.In["new_password"].(string)
	login, _ := q.In["username"].(string)
	me, _, err := userByID(ctx, s.db, q.Actor.UserID)
	if err != nil {
		return err
	}
	target := me.id
	if login != "" && login != me.username && !strings.EqualFold(login, me.email) {
		other, ok, err := userByLogin(ctx, s.db, login)
		if err != nil {
			return err
		}
		if !q.Actor.Can(121703) {
			return api.Forbidden()
		}
		if !ok {
			return entity.NotFound()
		}
		target = other.id
	}
	if target == me.id {
		old, _ := q.In["old_password"].(string)
		err := s.auth.Confirm(ctx, me.id, old, auth.ClientIP(q.Request, s.settings.TrustedProxies))
		if e := (*almoner.Error)(nil); errors.As(err, &e) && e.Code == auth.CodeBadLogin {
			// Nobody gave an e-mail address here that could be wrong.
			return almoner.Errorf(almoner.Invalid, "account.wrong_old_password", "The old password is not right.")
		}
		if err != nil {
			return err
		}
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if target != me.id {
			if _, err := s.userInHand(q, tx, strconv.FormatInt(target, 10)); err != nil {
				return err
			}
			var elsewhere int64
			err := tx.QueryRow(ctx, "select count(*) from account_grants where user_id = $1 and workspace_id <> $2 and is_active = $3", target, q.Actor.Workspace.ID, true).Scan(&elsewhere)
			if err != nil {
				return fmt.Errorf("count grants of user %d: %w", target, err)
			}
			if elsewhere > 0 && !q.Actor.Superuser {
				return api.Forbidden()
			}
		}
		return s.SetPassword(ctx, tx, target, fresh)
	})
}

// resetPassword says honestly that no mail goes out: an administrator issues the link (`almoner user link`). The answer is the same for everybody.
func (s *Service) resetPassword(*api.Request) error {
	return almoner.Errorf(almoner.Unavailable, "account.no_mail", "This installation sends no mail. Ask an administrator for a link to choose a new password.")
}

// NewPasswordLink makes the token by which a person chooses a new password once, within a day; earlier ones end.
func (s *Service) NewPasswordLink(ctx context.Context, tx *db.Tx, userID int64) (string, error) {
	if _, err := tx.Exec(ctx, "delete from account_password_links where user_id = $1 or expires_at <= $2", userID, tx.Now); err != nil {
		return "", fmt.Errorf("end links: %w", err)
	}
	token := rand.Text() + rand.Text()
	_, err := tx.Exec(ctx, "insert into account_password_links (user_id, token_hash, expires_at, created_at) values ($1, $2, $3, $4)", userID, linkHash(token), tx.Now.Add(linkLife), tx.Now)
	if err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	return token, nil
}

func linkHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// choosePassword uses a link up. Whatever is wrong with it is told in one way.
func (s *Service) choosePassword(q *api.Request) error {
	ctx := q.Context()
	login, _ := q.In["username"].(string)
	token, _ := q.In["token"].(string)
	fresh, _ := q.In["new_password"].(string)
	if err := auth.CheckPassword("new_password", fresh); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		u, ok, err := userByLogin(ctx, tx, login)
		if err != nil {
			return err
		}
		used := int64(0)
		if ok && u.active {
			used, err = tx.Exec(ctx, "delete from account_password_links where user_id = $1 and token_hash = $2 and expires_at > $3", u.id, linkHash(token), tx.Now)
		}
		if err != nil {
			return fmt.Errorf("use a link: %w", err)
		}
		if used == 0 {
			return almoner.Errorf(almoner.Invalid, "account.bad_link", "This link does not work any more. Ask for a new one.")
		}
		return s.SetPassword(ctx, tx, u.id, fresh)
	})
}
