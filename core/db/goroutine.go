package db

import (
	"bytes"
	"runtime"
	"strconv"
)

// goroutineID returns the number of the calling goroutine. The runtime offers no other way than its own stack header,
// "goroutine 12 [running]:"; it is used only to turn a nested transaction, which would wait for itself for ever, into an error.
func goroutineID() int64 {
	var buf [64]byte
	b := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	if i := bytes.IndexByte(b, ' '); i > 0 {
		b = b[:i]
	}
	id, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		panic("db: the runtime's stack header has changed: " + string(buf[:]))
	}
	return id
}
