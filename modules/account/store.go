package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// user is what signing in and resolving an actor need of a person.
type user struct {
	id                          int64
	email, first, middle, last  string
	active, staff, superuser    bool
	language                    string
	jobTitle, phone             string
	passwordHash                string
	generation                  int64
	lastLogin                   *time.Time
	workspaceID, organizationID int64
	uuid, username              string
}

// login is what the person is called where a login name is asked for.
func (u *user) login() string { return cmp.Or(u.username, u.email) }

func (u *user) name() string {
	return strings.Join(strings.Fields(u.first+" "+u.middle+" "+u.last), " ")
}

// grant is one active role of a person, with the names of what it joins.
type grant struct {
	workspaceID, organizationID, roleID           int64
	workspaceCode, workspaceName                  string
	organizationName, organizationVendor, orgType string
	role                                          string
	// system is the number of a shipped role of the insurance side, 0 for others.
	system int64
	// hasRights tells that the role holds rights by number.
	hasRights bool
}

const userColumns = `select id, email, first_name, middle_name, last_name, is_active, is_staff, is_superuser, language, job_title, phone_number,
	password_hash, generation, last_login_at, coalesce(current_workspace_id, 0), coalesce(current_organization_id, 0),
	coalesce(uuid, ''), coalesce(username, '')
	from account_users`

func scanUser(r db.Row) (user, error) {
	var u user
	err := r.Scan(&u.id, &u.email, &u.first, &u.middle, &u.last, &u.active, &u.staff, &u.superuser, &u.language, &u.jobTitle, &u.phone,
		&u.passwordHash, &u.generation, &u.lastLogin, &u.workspaceID, &u.organizationID, &u.uuid, &u.username)
	return u, err
}

func userByID(ctx context.Context, q db.Queryer, id int64) (user, bool, error) {
	return found(scanUser(q.QueryRow(ctx, userColumns+" where id = $1", id)))
}

// userByLogin finds somebody by login name or e-mail address.
func userByLogin(ctx context.Context, q db.Queryer, login string) (user, bool, error) {
	u, ok, err := found(scanUser(q.QueryRow(ctx, userColumns+" where username = $1", strings.TrimSpace(login))))
	if err != nil || ok {
		return u, ok, err
	}
	return userByEmail(ctx, q, login)
}

func userByEmail(ctx context.Context, q db.Queryer, email string) (user, bool, error) {
	if strings.TrimSpace(email) == "" {
		return user{}, false, nil
	}
	return found(scanUser(q.QueryRow(ctx, userColumns+" where email = $1", strings.ToLower(strings.TrimSpace(email)))))
}

func found(u user, err error) (user, bool, error) {
	switch {
	case errors.Is(err, db.ErrNoRows):
		return user{}, false, nil
	case err != nil:
		return user{}, false, fmt.Errorf("read user: %w", err)
	}
	return u, true, nil
}

// grantsOf returns the active grants of a user, by workspace name, then in the order they were given.
func grantsOf(ctx context.Context, q db.Queryer, userID int64) ([]grant, error) {
	rows, err := q.Query(ctx, `
		select g.workspace_id, coalesce(g.organization_id, 0), g.role_id, w.code, w.name, coalesce(o.name, o.vendor_number, ''), coalesce(o.vendor_number, ''), coalesce(o.type, ''),
			r.name, r.is_system, exists (select 1 from account_role_rights x where x.role_id = r.id and x.validity_to is null)
		from account_grants g
		join account_workspaces w on w.id = g.workspace_id
		left join organisation_organisations o on o.id = g.organization_id
		join account_roles r on r.id = g.role_id
		where g.user_id = $1 and g.is_active = $2 and r.validity_to is null
		order by w.name_folded, g.id`, userID, true)
	list, err := db.Collect(rows, err, func(r db.Row) (grant, error) {
		var g grant
		err := r.Scan(&g.workspaceID, &g.organizationID, &g.roleID, &g.workspaceCode, &g.workspaceName, &g.organizationName, &g.organizationVendor, &g.orgType, &g.role, &g.system, &g.hasRights)
		return g, err
	})
	if err != nil {
		return nil, fmt.Errorf("read grants of user %d: %w", userID, err)
	}
	return list, nil
}

// rightsOf are the numbers of the rights of roles that are not blocked, sorted.
func rightsOf(ctx context.Context, q db.Queryer, userID, workspaceID int64) ([]int, error) {
	rows, err := q.Query(ctx, `
		select distinct x.right_id from account_role_rights x join account_roles r on r.id = x.role_id join account_grants g on g.role_id = r.id
		where g.user_id = $1 and g.workspace_id = $2 and g.is_active = $3 and r.is_blocked = $4
			and x.validity_to is null and r.validity_to is null order by x.right_id`, userID, workspaceID, true, false)
	list, err := db.Collect(rows, err, func(r db.Row) (int, error) {
		var n int64
		err := r.Scan(&n)
		return int(n), err
	})
	if err != nil {
		return nil, fmt.Errorf("read rights of user %d: %w", userID, err)
	}
	return list, nil
}

type workspace struct {
	almoner.Workspace
	longName, businessArea, currency string
	latitude, longitude              *float64
	zoom                             int64
}

const workspaceColumns = `select id, code, name, long_name, business_area_code, local_currency, latitude, longitude, initial_zoom from account_workspaces`

func scanWorkspace(r db.Row) (workspace, error) {
	var w workspace
	err := r.Scan(&w.ID, &w.Code, &w.Name, &w.longName, &w.businessArea, &w.currency, &w.latitude, &w.longitude, &w.zoom)
	return w, err
}

func workspaces(ctx context.Context, q db.Queryer) ([]workspace, error) {
	rows, err := q.Query(ctx, workspaceColumns+" order by name_folded, id")
	list, err := db.Collect(rows, err, scanWorkspace)
	if err != nil {
		return nil, fmt.Errorf("read workspaces: %w", err)
	}
	return list, nil
}

func setWorkspace(ctx context.Context, tx *db.Tx, userID, workspaceID, organizationID int64) error {
	_, err := tx.Exec(ctx, `update account_users set current_workspace_id = $2, current_organization_id = $3, updated_at = $4, version = version + 1 where id = $1`,
		userID, workspaceID, nullable(organizationID), tx.Now)
	if err != nil {
		return fmt.Errorf("set workspace of user %d: %w", userID, err)
	}
	return nil
}

func setPassword(ctx context.Context, tx *db.Tx, userID int64, hash string) error {
	_, err := tx.Exec(ctx, `update account_users set password_hash = $2, generation = generation + 1, updated_at = $3 where id = $1`, userID, hash, tx.Now)
	if err != nil {
		return fmt.Errorf("set password of user %d: %w", userID, err)
	}
	return nil
}

func saveHash(ctx context.Context, tx *db.Tx, userID int64, hash string) error {
	if _, err := tx.Exec(ctx, `update account_users set password_hash = $2 where id = $1`, userID, hash); err != nil {
		return fmt.Errorf("renew password hash of user %d: %w", userID, err)
	}
	return nil
}

func setLastLogin(ctx context.Context, tx *db.Tx, userID int64) error {
	if _, err := tx.Exec(ctx, `update account_users set last_login_at = $2 where id = $1`, userID, tx.Now); err != nil {
		return fmt.Errorf("note sign-in of user %d: %w", userID, err)
	}
	return nil
}

// demoPeople are the users that a demo instance offers on its sign-in page, in the order they were made.
func demoPeople(ctx context.Context, q db.Queryer) ([]DemoPerson, error) {
	rows, err := q.Query(ctx, `select email, first_name || ' ' || last_name, demo_note from account_users where demo_note <> '' and is_active = $1 order by id`, true)
	list, err := db.Collect(rows, err, func(r db.Row) (p DemoPerson, err error) { return p, r.Scan(&p.Email, &p.Name, &p.What) })
	if err != nil {
		return nil, fmt.Errorf("read demo people: %w", err)
	}
	return list, nil
}

func nullable(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// stagedUser is what becomes of somebody who waits.
type stagedUser struct {
	email, first, last, phone, jobTitle string
	organizationID                      int64
	roles                               []int64
}

func stagedByID(ctx context.Context, q db.Queryer, id int64) (stagedUser, error) {
	var u stagedUser
	err := q.QueryRow(ctx, "select email, first_name, last_name, phone_number, job_title, organization_id from account_staged_users where id = $1", id).
		Scan(&u.email, &u.first, &u.last, &u.phone, &u.jobTitle, &u.organizationID)
	if err != nil {
		return u, fmt.Errorf("read waiting person %d: %w", id, err)
	}
	rows, err := q.Query(ctx, "select role_id from account_staged_user_roles where staged_user_id = $1 order by role_id", id)
	if u.roles, err = db.Collect(rows, err, func(r db.Row) (role int64, err error) { return role, r.Scan(&role) }); err != nil {
		return u, fmt.Errorf("read roles of waiting person %d: %w", id, err)
	}
	return u, nil
}
