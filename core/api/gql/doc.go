// Package gql serves a GraphQL schema that is assembled at boot from entities and functions: parsing and validation are gqlparser's, names,
// execution and introspection are its own. Its conventions are those that live clients of openIMIS speak (openimis-core §2).
//
//	schema, err := gql.New(gql.Params{Sources: []*gql.Source{{Name: "tpm.visit", Entity: visit, Window: window, List: true, Get: true}}})
//	answer := schema.Execute(ctx, gql.Request{Query: "{ tpmVisits(first: 10) { edges { node { status } } } }", …})
//
// A Source is something that can be listed or read one by one; who may do so, and which rows there are for them, is asked of the
// Request, which hands in the very functions that REST uses. What a source shows is bounded by its entity.Window, and below that by the
// viewer's rights: a field that is not shown is null, and no data about it leaves.
//
// Promises
//   - Names follow mechanically from those of entities, fields, filters and sorts (see name.go), but for the exceptions in Names; what is unknown
//     there, and two that meet, are an error at boot. An entity has one type.
//   - Mutations run one after the other; what they do, and its transaction, is the affair of Request.Call.
//   - One statement for each connection that a document selects, whatever the number of rows, and one more where its totalCount is asked for.
//   - A document is measured before anything is read (Limits), and while it is read (Limits.Records).
//   - No document, however malformed, makes it panic. What is wrong with the document is an answer without data; what goes wrong while a
//     field is read is an error beside the data, with null in the field's place.
//
// A Schema is safe for concurrent use.
package gql
