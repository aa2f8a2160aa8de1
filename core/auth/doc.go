// Package auth answers who is asking. It keeps sessions, bearer tokens, API tokens and the count of failed sign-ins, and hashes
// passwords; people themselves live in the account module, which hands in a Directory.
//
//	a, err := auth.New(ctx, auth.Params{DB: d, Config: cfg})   // app, once the migrations have run
//	a.Use(auth.Directory{ByLogin: …, ByID: …, SaveHash: …})    // account module, while the program is put together
//
//	id, err := a.Authenticate(r, auth.Options{})               // every request
//	userID, err := a.Login(ctx, email, password, addr)         // the sign-in operation, outside a transaction
//	s, err := a.StartSession(ctx, tx, userID, userAgent)       // then either a session …
//	a.SetCookies(w, r, s)
//	t, err := a.IssueToken(ctx, userID, 0)                     // … or a bearer token
//
// Promises:
//
//   - Nothing in the database signs anybody in: sessions and API tokens are stored as hashes. The exception are the signing
//     keys in auth_keys, because all nodes must share them; whoever reads that table can forge bearer tokens.
//   - A wrong password, an unknown person and a person without a password cannot be told apart, neither by the answer nor by
//     the time it takes, nor by how they are slowed down.
//   - An inactive account has no way in, whichever credential it holds, from the next request on.
//   - The number of passwords hashed at the same time is bounded, so a flood of sign-ins costs time and not memory.
//   - Writes of a cookie-borne request need the CSRF token of that same session.
//
// Failed sign-ins are counted in the database and not in memory: several nodes must count together, and a restart must not
// hand out fresh tries. A try is counted before the password is looked at and given back when it was right, so that many
// tries at once cannot all see the same low count.
package auth
