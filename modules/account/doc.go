// Package account knows the people: users, roles, workspaces, and the grants that tie them together.
//
// A grant gives a user a role in one workspace for one organisation; it is the only source of what somebody may do (tpm §1, where it
// is called a realm, and a role a group). The roles that count in a request are those of the active grants in the workspace
// and for the organisation of that request; switching either changes them.
//
// Somebody is active exactly while they have an active grant (standing.go). Access management (amp*.go, tpm §5.3) lets people outside the
// administration give roles: who may give which, in which kind of organisation, is data that modules bring as GrantRules. Who is not known yet
// waits as a staged user (staged.go) until a reviewer, never the one who asked, has agreed.
//
// Roles and the rights that they hold by number keep their past as rows (entity.Entity.Validity): a role that is deleted ends, with its rights, and is taken from everybody
// who holds it; a change of its rights is a change of the role.
//
// Tables: account_users, account_roles, account_role_rights, account_workspaces, account_grants, account_staged_users. Passwords, sessions and tokens themselves are
// core/auth's; this module is its directory. It states the facts of its entities (account.user_created, …), account.user_signed_in,
// account.access_changed, and account.staged_user_accepted and _declined.
package account
