// Package file keeps the files that people bring: received as a stream, looked at, stored under a random key, and given back with headers
// that keep them from doing anything on their own.
//
//	in, err := store.Receive(ctx, name, body, file.Documents) // the bytes are safe, but no record names them
//	err = d.InTx(ctx, func(tx *db.Tx) error {
//		if err := in.Keep(ctx, tx); err != nil { … }      // now one does, or neither does
//		_, err := tx.Insert(ctx, "insert into … (blob_key, …)", in.Key, …)
//		return err
//	})
//
// Where the bytes lie is a setting: the folder `files` beside the embedded database, or the bucket that `files.url` names.
//
// Promises
//   - No file is ever whole in memory, neither on the way in nor on the way out.
//   - A file and the record that names it come and go together. Before the first byte is stored its key is noted as pending; Keep takes the note
//     away in the caller's transaction, Discard writes one. Sweep deletes what has been pending for longer than Grace. So kill -9 at any
//     point leaves neither a record without its file nor a file that is never cleared away, and the bucket itself is never listed.
//   - What a file is, is decided by its bytes. A name that claims something else is refused, and what could run in a browser is never
//     shown in one.
//
// A column that holds a key is called blob_key, so that backups and checks find the files of all modules (Named). Hold keeps files from being deleted
// while they are copied.
//
// Whether somebody may have a file is the caller's affair. The package knows no module.
package file
