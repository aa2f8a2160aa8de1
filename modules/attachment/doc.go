// Package attachment keeps the documents of other modules' records: files and links to files elsewhere, their types, and who may have them.
//
// A module that wants documents declares its record type as an Owner and each of its lists as a Collection, in its Build:
//
//	tasks := attachments.Own(attachment.Owner{Entity: s.Task, Source: "…", Visible: …})
//	resource := attachments.Collection(attachment.Collection{Owner: tasks, Path: "/api/…/{id}/attachments/", Part: "attachments", …})
//
// and gets a list that can be read and written as JSON and as forms, with its permissions, metadata and documents. The rows of all owners
// together are the flat list GET /api/v2/attachments/. A link shows a document on another record without copying it.
//
// A file is given only to those who see it in that list: its owner says who that is, once, as a condition in SQL. The bytes are the
// affair of core/file; here a record names them. Uploads that nothing refers to are deleted after a week.
package attachment
