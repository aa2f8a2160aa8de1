// Package tpm is third-party monitoring: an agency assigns monitoring visits to contracted firms, which accept, visit and report; the
// agency reviews, approves and follows up.
//
// Words: a Firm is a contracted company (on the wire `tpm_partner`), shared by all workspaces and switched on for each. A Visit is one
// assignment to a firm; it owns Tasks (on the wire activities) and runs through the lifecycle of tpm §3. A focal point of the agency
// is named on a task, one of the firm on the visit; only they act for their side.
//
// Who may do what is rows of data in rules.go, typed from tpm §4. Facts stated: tpm.visit_created, _updated, _deleted and one for each move
// (tpm.visit_assigned, …), tpm.task_created, _updated, _deleted, tpm.firm_updated, tpm.firm_activated.
//
// Follow a request: module.go names the operation, moves.go says what it needs and does, store.go holds the SQL.
package tpm
