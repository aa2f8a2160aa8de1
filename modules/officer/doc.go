// Package officer knows people by what they do in the field: enrolment officers, who work in villages, and claim administrators, who work at a health facility.
//
// Either may exist without ever signing in. Who does is tied to a user (modules/account) of the same workspace: the code is the login name then, and whoever
// changes the user changes officer and claim administrator in the same unit of work (person.go, openimis-core §3.1). What people see follows from
// it: a claim administrator the district of the facility, an officer the villages, everybody else the districts of their account (location.Base).
//
// The module adds to users what clients ask for there: officer, claim administrator, health facility, districts.
//
// Tables: officer_officers, officer_villages, officer_claim_admins, each with its past; officer_postings says to which facility a user belongs. Facts: those of the
// entities.
package officer
