// Package web holds the built web app and serves it.
//
// The app is built by `make build` into dist, which is embedded here as it was when the binary was compiled. A binary
// built without it still starts and answers the API; it then serves one plain page that says how to build the app.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var embedded embed.FS

// FS returns the files of the built web app, rooted where index.html lies. The second result is false when the binary
// was compiled without a built app; the file system is then nearly empty but never nil.
func FS() (fs.FS, bool) {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // impossible: the name is a constant and valid
	}
	_, err = fs.Stat(dist, "index.html")
	return dist, err == nil
}
