// Package archtest keeps the shape of the tree: who may import whom, what a package may be called, that every package
// says what it is for, that nothing happens in an init function. Each rule is a test, and each failure is a sentence
// that says what to do about it.
//
// The rules themselves are data, in rules.go: read that file to learn the shape, change it to change the shape.
//
// The tests read the source files instead of asking `go list`: so they also see files that a build tag leaves out, and
// the go command sees what they read, and does not answer from its cache after a change.
package archtest
