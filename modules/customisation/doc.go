// Package customisation lets administrators fit the records to their country while the program runs.
//
// An extension field is a further field of an entity that is open to them (entity.Extensible): declared here with its kind, labels and limits, it is
// validated, filtered, sorted, exported and shown in forms and metadata like the fields that come with the program. A field control hides a field that comes
// with the program, requires it, or calls it something else.
//
// What is declared is compiled into one entity.Overlay and put in force as a whole: on this node as soon as the change is committed, on every other
// within two seconds. Who changed what is in the history of the declaration, as with every record.
package customisation
