// Package backup puts the embedded database and its files into one archive, beside a running server, and brings them back.
//
// An archive is a gzipped tar that any machine can open: almoner.json says what it is and which program made it, almoner.db is the database,
// files/… are the files that its records name, and SHA256SUMS, last, holds the digest of each part in the form that sha256sum reads.
//
// # Promises
//
//   - Everything that was committed before Write began is in the archive, with the file of every record; nothing is half there.
//   - No part is ever whole in memory, however large.
//   - Restore changes nothing before it has read the whole archive and found every part to be what was written, and nothing outside its folder.
package backup

import "time"

// format is the version of the layout. A program refuses what it does not know.
const format = 1

const (
	headerName   = "almoner.json"
	databaseName = "almoner.db"
	filesPrefix  = "files/"
	sumsName     = "SHA256SUMS"
)

// Header is the first part of an archive.
type Header struct {
	Format int `json:"format"`
	// Program is the version of the program that made it.
	Program string    `json:"program"`
	TakenAt time.Time `json:"taken_at"`
	// Schema has the last step of each module's migrations.
	Schema map[string]int64 `json:"schema"`
	// Files says whether the archive has the files, too; else they lie in an object store.
	Files bool `json:"files"`
}

// Summary is what was written or brought back.
type Summary struct {
	Header
	// Database and Bytes are sizes: of the database and of all files.
	Database, Bytes int64
	Files           int
	// Lost are the files that records name and that were not there.
	Lost int
}
