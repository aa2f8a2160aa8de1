// Package almoner holds the words that every part of the platform shares: who acts (Actor), in which workspace, what
// went wrong (Error), what day it is (Date, Clock), how much (Money). It knows no database, no HTTP and no business, imports only the standard
// library, and everything else may import it.
//
// Start reading at core/module for what a plugin is, at app for how the plugins become one program.
package almoner
