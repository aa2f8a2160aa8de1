// Package permission lets administrators change the permission rows while the program runs.
//
// The rows that come with the program are declared in Go by the modules and never change. An override withdraws one of them, or adds one
// of the administrator's own; taking the override back restores what was. What is in force is therefore always
//
//	declared rows − withdrawn rows + added rows
//
// and an update of the program cannot undo what an administrator decided, nor the other way round. An override that no longer fits, because its
// target or its row has gone with an update, does nothing, and is shown with what is wrong.
//
// Every node follows within two seconds. Who changed what, and why, is in the history of the override, as with every record.
package permission
