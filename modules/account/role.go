package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// declareRole makes roles, and the rights that they hold, record types that keep their past: a role that is deleted ends, and what holds of it ends with it.
func (s *Service) declareRole() {
	sort := func(name string) entity.Sort { return entity.Sort{Name: name, By: []string{name}} }
	s.Role = &entity.Entity{
		Name: "account.role", Label: "Role", Plural: "Roles", Table: "account_roles", Versions: "account_roles_versions", Validity: true, Global: true, Key: []string{"name"},
		Fields: []*entity.Field{
			{Name: "name", Kind: entity.Text, Max: 80, Required: true, Unique: true},
			{Name: "alt_language", Kind: entity.Text, Max: 50, Blank: true, ReadOnly: true, Default: "", Label: "Name in another language"},
			{Name: "is_system", Kind: entity.Integer, ReadOnly: true, Default: int64(0), Label: "Number of a shipped role"},
			{Name: "is_blocked", Kind: entity.Bool, ReadOnly: true, Default: false, Label: "Blocked"},
			{Name: "shipped", Kind: entity.Bool, Expr: shippedSQL, Label: "Came with the program"},
			{Name: "rights", Kind: entity.Children, To: "account.role_right", ForeignKey: "role_id"},
		},
		Shapes: map[string]string{
			"named": "id name", "sheet": "id uuid name alt_language is_system shipped is_blocked validity_from validity_to",
			"sheet_record": "id uuid name alt_language is_system shipped is_blocked validity_from validity_to rights{right_id}",
		},
		Open: "name uuid legacy_id alt_language is_system is_blocked validity_from validity_to rights",
		Filters: []entity.Filter{
			{Path: "id"}, {Path: "uuid"}, {Path: "name", Lookups: "exact iexact icontains istartswith"}, {Path: "is_blocked"}, {Path: "is_system", Name: "system_role_id"}, {Path: "rights.right_id", Name: "role_right"},
		},
		Sorts: []entity.Sort{sort("name"), sort("alt_language"), sort("is_system"), sort("is_blocked"), sort("validity_from"), sort("validity_to")},
		Order: []string{"name"}, Remembers: []string{"alt_language", "is_blocked"},
		Check: s.checkRole, After: s.afterRole,
	}
	s.RoleRight = &entity.Entity{
		Name: "account.role_right", Label: "Right of a role", Table: "account_role_rights", Versions: "account_role_rights_versions", Validity: true, Global: true,
		ParentField: "role", Display: "right_id",
		Fields: []*entity.Field{
			{Name: "role", Kind: entity.Ref, To: "account.role", ReadOnly: true},
			{Name: "right_id", Kind: entity.Integer, Label: "Number of the right", ReadOnly: true},
		},
		Open:    "uuid role right_id legacy_id validity_from validity_to",
		Filters: []entity.Filter{{Path: "role.uuid"}, {Path: "right_id"}, {Path: "role"}},
		Sorts:   []entity.Sort{sort("right_id"), sort("validity_from")},
		Order:   []string{"right_id"},
	}
}

// shippedSQL tells of a role that it is shipped, or that the program itself relies on it: administrators of schemes change neither.
var shippedSQL = "({t}.is_system <> 0 or {t}.name in ('" + strings.Join(seedRoles, "', '") + "'))"

// checkRole keeps the roles that the program itself relies on, and those that somebody who waits is to get.
func (s *Service) checkRole(ctx context.Context, tx *db.Tx, c *entity.Change, _ *almoner.Problems) error {
	if !c.Delete {
		return nil
	}
	if slices.Contains(seedRoles, c.Text("name")) {
		return almoner.Errorf(almoner.Conflict, "account.program_role", "The program itself relies on this role; it cannot be deleted.")
	}
	var waiting int64
	err := tx.QueryRow(ctx, "select count(*) from account_staged_user_roles r join account_staged_users u on u.id = r.staged_user_id where r.role_id = $1 and u.status = 'pending'", c.ID).Scan(&waiting)
	if err != nil {
		return fmt.Errorf("look who waits for role %d: %w", c.ID, err)
	}
	if waiting > 0 {
		return almoner.Errorf(almoner.Conflict, "account.role_awaited", "Somebody who waits to be let in is to get this role.")
	}
	return nil
}

// afterRole takes a role that ended from everybody who holds it, with all that it gave.
func (s *Service) afterRole(ctx context.Context, tx *db.Tx, c *entity.Change) error {
	if !c.Delete {
		return nil
	}
	if _, err := s.setRights(ctx, tx, c.ID, nil); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "select id from account_grants where role_id = $1 order by id", c.ID)
	grants, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read who holds role %d: %w", c.ID, err)
	}
	for _, grant := range grants {
		if err := s.Grant.Save(ctx, tx, s.Grant.NewDelete(grant)); err != nil {
			return err
		}
	}
	return nil
}

// roleCalls change roles (openimis-core §3.2). Nobody gives more than they hold themselves.
func (s *Service) roleCalls() []api.Call {
	uuid := &entity.Field{Name: "uuid", Kind: entity.Text, Required: true, Max: 40}
	fields := roleFields()
	system := &entity.Field{Name: "system_role_id", Kind: entity.Integer, Null: true}
	mutation := func(name, summary string, right int, input []*entity.Field, change func(q *api.Request, tx *db.Tx) (any, error)) api.Call {
		return api.Call{Name: "account.roles." + name, Summary: summary, Rule: api.Right(right), Graph: api.CallGraph{Name: name}, Input: input, Change: change}
	}
	return []api.Call{
		native(mutation("createRole", "Add a role.", 122002, append(slices.Clone(fields), system), s.createRole), "POST", rolesPath),
		mutation("updateRole", "Change a role and its rights.", 122003, append(slices.Concat([]*entity.Field{uuid}, fields), system), s.updateRole),
		mutation("deleteRole", "End roles, and take them from everybody who holds them.", 122004, []*entity.Field{{Name: "uuids", Kind: entity.Text, Many: true, Required: true}}, s.deleteRole),
		mutation("duplicateRole", "Add a role with the rights of another.", 122005, slices.Concat([]*entity.Field{uuid}, fields), s.duplicateRole),
	}
}

// roleParts are what is said of a role whose other parts stay as they are.
func roleParts() []*entity.Field {
	fields := roleFields()
	for _, f := range fields {
		f.Required = false
	}
	return fields
}

// roleFields are what is said of a role.
func roleFields() []*entity.Field {
	return []*entity.Field{
		{Name: "name", Kind: entity.Text, Required: true, Max: 50},
		{Name: "alt_language", Kind: entity.Text, Blank: true, Null: true, Max: 50},
		{Name: "is_system", Kind: entity.Bool, Required: true},
		{Name: "is_blocked", Kind: entity.Bool, Required: true},
		{Name: "rights_id", Kind: entity.Integer, Many: true, Null: true},
	}
}

// rightsGiven are the numbers of the input, which must exist and be the actor's own.
func (s *Service) rightsGiven(q *api.Request) ([]int, error) {
	list, _ := q.In["rights_id"].([]any)
	var numbers []int
	for i, v := range list {
		n, _ := v.(int64)
		number := int(n)
		switch {
		case !s.rights().Has(number):
			return nil, almoner.Invalidf(fmt.Sprintf("rights_id.%d", i), "account.unknown_right", "There is no right with this number.")
		case !q.Actor.Can(number):
			return nil, almoner.Invalidf(fmt.Sprintf("rights_id.%d", i), "account.right_not_yours", "You cannot give a right that you do not hold.")
		case !slices.Contains(numbers, number):
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}

// setRights makes numbers the rights that a role holds, and tells whether it held others.
func (s *Service) setRights(ctx context.Context, tx *db.Tx, role int64, numbers []int) (bool, error) {
	type held struct {
		id     int64
		number int
	}
	rows, err := tx.Query(ctx, "select id, right_id from account_role_rights where role_id = $1 and validity_to is null order by right_id", role)
	before, err := db.Collect(rows, err, func(r db.Row) (h held, err error) { return h, r.Scan(&h.id, &h.number) })
	if err != nil {
		return false, fmt.Errorf("read the rights of role %d: %w", role, err)
	}
	var changes []*entity.Change
	for _, h := range before {
		if !slices.Contains(numbers, h.number) {
			changes = append(changes, s.RoleRight.NewDelete(h.id))
		}
	}
	for _, n := range numbers {
		if !slices.ContainsFunc(before, func(h held) bool { return h.number == n }) {
			changes = append(changes, s.RoleRight.NewChange(0, entity.Values{"role": role, "right_id": int64(n)}))
		}
	}
	for _, c := range changes {
		if err := s.RoleRight.Save(ctx, tx, c); err != nil {
			return false, err
		}
	}
	return len(changes) > 0, nil
}

// roleValues are what the input says of the role itself.
func roleValues(q *api.Request) entity.Values {
	values := entity.Values{}
	for _, name := range []string{"name", "is_blocked"} {
		if v, sent := q.In[name]; sent {
			values[name] = v
		}
	}
	if v, sent := q.In["alt_language"]; sent {
		text, _ := v.(string)
		values["alt_language"] = text
	}
	return values
}

func (s *Service) createRole(q *api.Request, tx *db.Tx) (any, error) {
	numbers, err := s.rightsGiven(q)
	if err != nil {
		return nil, err
	}
	return s.newRole(q, tx, numbers)
}

func (s *Service) newRole(q *api.Request, tx *db.Tx, numbers []int) (any, error) {
	c := s.Role.NewChange(0, roleValues(q))
	if err := s.Role.Save(q.Context(), tx, c); err != nil {
		return nil, err
	}
	q.Touch(s.Role, c.ID)
	_, err := s.setRights(q.Context(), tx, c.ID, numbers)
	return map[string]any{"id": c.ID}, err
}

// roleNamed finds the role with a UUID of the input.
func (s *Service) roleNamed(q *api.Request, tx *db.Tx, uuid any) (int64, error) {
	text, _ := uuid.(string)
	return s.Role.By(q.Context(), tx, "uuid", text)
}

// holdRole keeps others from changing a role, if the actor may change it: shipped roles and those that the program itself relies on are for administrators.
func (s *Service) holdRole(q *api.Request, tx *db.Tx, id int64) error {
	if err := s.Role.Lock(q.Context(), tx, id); err != nil {
		return err
	}
	var name string
	var system int64
	err := tx.QueryRow(q.Context(), "select name, is_system from account_roles where id = $1 and validity_to is null", id).Scan(&name, &system)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return entity.NotFound()
	case err != nil:
		return fmt.Errorf("read role %d: %w", id, err)
	case (system != 0 || slices.Contains(seedRoles, name)) && !q.Actor.Superuser:
		return almoner.Errorf(almoner.Forbidden, "account.shipped_role", "This role came with the program; only an administrator of the platform changes it.")
	}
	return nil
}

// rightsOfRole are the numbers that a role holds.
func rightsOfRole(ctx context.Context, q db.Queryer, role int64) ([]int, error) {
	rows, err := q.Query(ctx, "select right_id from account_role_rights where role_id = $1 and validity_to is null order by right_id", role)
	list, err := db.Collect(rows, err, func(r db.Row) (int, error) {
		var n int64
		err := r.Scan(&n)
		return int(n), err
	})
	if err != nil {
		return nil, fmt.Errorf("read the rights of role %d: %w", role, err)
	}
	return list, nil
}

func (s *Service) updateRole(q *api.Request, tx *db.Tx) (any, error) {
	id, err := s.roleNamed(q, tx, q.In["uuid"])
	if err != nil {
		return nil, err
	}
	return nil, s.changeRole(q, tx, id)
}

func (s *Service) changeRole(q *api.Request, tx *db.Tx, id int64) error {
	if err := s.holdRole(q, tx, id); err != nil {
		return err
	}
	if err := q.Match(tx, s.Role, id); err != nil {
		return err
	}
	c := s.Role.NewChange(id, roleValues(q))
	if list, sent := q.In["rights_id"]; sent {
		numbers, err := s.rightsKept(q, tx, id, list)
		if err != nil {
			return err
		}
		other, err := s.setRights(q.Context(), tx, id, numbers)
		if err != nil {
			return err
		}
		if other {
			c.Verb = "updated" // its rights lie in a table of their own, and are part of what the role is
		}
	}
	if err := s.Role.Save(q.Context(), tx, c); err != nil {
		return err
	}
	q.Touch(s.Role, id)
	return nil
}

// rightsKept are the numbers of the input, which must be the actor's own unless the role holds them already: what it holds may stay, whoever gave it.
func (s *Service) rightsKept(q *api.Request, tx *db.Tx, role int64, input any) ([]int, error) {
	before, err := rightsOfRole(q.Context(), tx, role)
	if err != nil {
		return nil, err
	}
	var numbers []int
	list, _ := input.([]any)
	for i, v := range list {
		n, _ := v.(int64)
		switch number := int(n); {
		case slices.Contains(numbers, number):
		case slices.Contains(before, number), s.rights().Has(number) && q.Actor.Can(number):
			numbers = append(numbers, number)
		default:
			return nil, almoner.Invalidf(fmt.Sprintf("rights_id.%d", i), "account.right_not_yours", "You cannot give a right that you do not hold.")
		}
	}
	return numbers, nil
}

func (s *Service) deleteRole(q *api.Request, tx *db.Tx) (any, error) {
	list, _ := q.In["uuids"].([]any)
	for _, uuid := range list {
		id, err := s.roleNamed(q, tx, uuid)
		if err != nil {
			return nil, err
		}
		if err := s.dropRole(q, tx, id); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// dropRole ends a role. Roles belong to the whole installation, so whoever administers one workspace ends none that is held in another.
func (s *Service) dropRole(q *api.Request, tx *db.Tx, id int64) error {
	if err := s.holdRole(q, tx, id); err != nil {
		return err
	}
	if err := q.Match(tx, s.Role, id); err != nil {
		return err
	}
	if !q.Actor.Superuser {
		var elsewhere int64
		err := tx.QueryRow(q.Context(), "select count(*) from account_grants where role_id = $1 and workspace_id <> $2 and is_active = $3", id, q.Actor.Workspace.ID, true).Scan(&elsewhere)
		if err != nil {
			return fmt.Errorf("count the holders of role %d elsewhere: %w", id, err)
		}
		if elsewhere > 0 {
			return almoner.Errorf(almoner.Invalid, "account.role_in_use", "Somebody in another workspace holds this role; only an administrator of the platform deletes it.")
		}
	}
	q.Touch(s.Role, id)
	return s.Role.Save(q.Context(), tx, s.Role.NewDelete(id))
}

func (s *Service) duplicateRole(q *api.Request, tx *db.Tx) (any, error) {
	text, _ := q.In["uuid"].(string)
	id, err := s.Role.By(q.Context(), tx, "uuid", text)
	if err != nil {
		return nil, err
	}
	numbers, err := s.rightsGiven(q)
	if err != nil {
		return nil, err
	}
	if _, sent := q.In["rights_id"]; !sent {
		if numbers, err = rightsOfRole(q.Context(), tx, id); err != nil {
			return nil, err
		}
		for _, n := range numbers {
			if !q.Actor.Can(n) {
				return nil, almoner.Errorf(almoner.Forbidden, "account.right_not_yours", "You cannot give a right that you do not hold.")
			}
		}
	}
	return s.newRole(q, tx, numbers)
}
