// Package account knows the people: users, roles, workspaces, and the grants that tie them together.
//
// A grant gives a user a role in one workspace for one organisation; it is the only source of what somebody may do (tpm §1, where it
// is called a realm, and a role a group). The roles that count in a request are those of the active grants in the workspace
// and for the organisation of that request; switching either changes them.
//
// Tables: account_users, account_roles, account_workspaces, account_grants. Passwords, sessions and tokens themselves are core/auth's; this module is its directory.
// It states the facts of its entities (account.user_created, …) and account.user_signed_in.
package account
