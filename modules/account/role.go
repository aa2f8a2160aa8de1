package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

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
		mutation("deleteRole", "Delete roles that nobody holds.", 122004, []*entity.Field{{Name: "uuids", Kind: entity.Text, Many: true, Required: true}}, s.deleteRole),
		mutation("duplicateRole", "Add a role with the rights of another.", 122005, slices.Concat([]*entity.Field{uuid}, fields), s.duplicateRole),
	}
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

func (s *Service) setRights(ctx context.Context, tx *db.Tx, role int64, numbers []int) error {
	if _, err := tx.Exec(ctx, "delete from account_role_rights where role_id = $1", role); err != nil {
		return fmt.Errorf("take the rights of role %d: %w", role, err)
	}
	for _, n := range numbers {
		_, err := tx.Exec(ctx, "insert into account_role_rights (role_id, right_id, created_at, updated_at) values ($1, $2, $3, $3)", role, int64(n), tx.Now)
		if err != nil {
			return fmt.Errorf("give role %d a right: %w", role, err)
		}
	}
	return nil
}

func roleValues(q *api.Request) entity.Values {
	text, _ := q.In["alt_language"].(string)
	return entity.Values{"name": q.In["name"], "alt_language": text, "is_blocked": q.In["is_blocked"]}
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
	return map[string]any{"id": c.ID}, s.setRights(q.Context(), tx, c.ID, numbers)
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
	err := tx.QueryRow(q.Context(), "select name, is_system from account_roles where id = $1", id).Scan(&name, &system)
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
	rows, err := q.Query(ctx, "select right_id from account_role_rights where role_id = $1 order by right_id", role)
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
	if err := s.Role.Save(q.Context(), tx, c); err != nil {
		return err
	}
	q.Touch(s.Role, id)
	if _, sent := q.In["rights_id"]; !sent {
		return nil
	}
	// Its rights lie in a table of their own.
	if err := s.Role.Advance(q.Context(), tx, id); err != nil {
		return err
	}
	// What the role holds already may stay, whoever gave it.
	before, err := rightsOfRole(q.Context(), tx, id)
	if err != nil {
		return err
	}
	var numbers []int
	list, _ := q.In["rights_id"].([]any)
	for i, v := range list {
		n, _ := v.(int64)
		switch number := int(n); {
		case slices.Contains(numbers, number):
		case slices.Contains(before, number), s.rights().Has(number) && q.Actor.Can(number):
			numbers = append(numbers, number)
		default:
			return almoner.Invalidf(fmt.Sprintf("rights_id.%d", i), "account.right_not_yours", "You cannot give a right that you do not hold.")
		}
	}
	return s.setRights(q.Context(), tx, id, numbers)
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

func (s *Service) dropRole(q *api.Request, tx *db.Tx, id int64) error {
	if err := s.holdRole(q, tx, id); err != nil {
		return err
	}
	if err := q.Match(tx, s.Role, id); err != nil {
		return err
	}
	ctx := q.Context()
	var holders int64
	if err := tx.QueryRow(ctx, "select count(*) from account_grants where role_id = $1", id).Scan(&holders); err != nil {
		return fmt.Errorf("count the holders of role %d: %w", id, err)
	}
	if holders > 0 {
		return almoner.Errorf(almoner.Invalid, "account.role_in_use", "Somebody holds this role; block it instead.")
	}
	if err := s.setRights(ctx, tx, id, nil); err != nil {
		return err
	}
	return s.Role.Save(ctx, tx, s.Role.NewDelete(id))
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
