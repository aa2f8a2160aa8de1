// Package insuree keeps the people whom a scheme covers and the families that they belong to.
//
// Words
//
//	insuree   a person with an insurance number (chf_id), with or without a family
//	family    a household with one head and any number of members, at a place
//	head      the insuree in whose name a family is; every family has one, and nobody is the head of two
//	member    an insuree whose family it is, the head among them
//	photo     the picture of an insuree and who took it when; former ones are kept
//	place     where an insuree is for the rule who may see them: the current village, else that of the family
//	cover     what a policy grants a member; kept by whoever joins Service.Cover, not here
//
// Tables: insuree_insurees, insuree_families, insuree_photos and insuree_status_reasons keep their past as rows (entity.Entity.Validity); the code tables
// (genders, professions, educations, relations, family, confirmation and identification types) are the same for all workspaces and come filled.
//
// Rules
//   - A number is unique among valid insurees and passes the check that the scheme chose (number.go).
//   - People see insurees and families of the places where they work, and those without a place. Technical insurees are hidden from everybody, with their families.
//   - An insuree who is not active says why and since when; what follows for cover is asked of Service.Cover in the same transaction, which may veto.
//   - A head neither leaves the family nor is deleted while the family is valid; the head must be a member.
//
// Facts: insuree.insuree_created, _updated, _deleted, the same of family and photo.
//
// It is not about policies, contributions and claims.
package insuree
