package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

const (
	// littleSpace stops writes soon, someSpace is time to do something.
	littleSpace = 200e6
	someSpace   = 2e9
)

// local says whether data is kept in the data folder at all.
func (x *examination) local() bool {
	_, files := file.Folder(x.Files, x.Data)
	return x.Database.URL == "" || files
}

// folder looks at the data folder and at the disk below it.
func (x *examination) folder() {
	if !x.local() {
		x.ok("data folder", "not needed: the database is PostgreSQL and the files are in an object store")
		return
	}
	info, err := os.Stat(x.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.problem("data folder", x.Data+" is not there", "name the right folder with --data; `almoner serve` makes a new one")
		return
	case err != nil:
		x.problem("data folder", "cannot be looked at: "+firstLine(err), "let the user that runs Almoner own it")
		return
	case !info.IsDir():
		x.problem("data folder", x.Data+" is not a folder", "name the right folder with --data")
		return
	}
	// Rights, read-only disks and full ones are known for sure only by writing; the file is gone at once.
	probe, err := os.CreateTemp(x.Data, ".doctor-")
	if err == nil {
		_, err = probe.WriteString("a line")
		err = errors.Join(err, probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		x.problem("data folder", "nothing can be written into it: "+firstLine(err), "let the user that runs Almoner own it, on a disk that is neither full nor read-only")
		return
	}
	x.ok("data folder", "%s can be written to", x.Data)
	d, err := diskOf(x.Data)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		x.failed("disk", err)
	case d.network != "" && x.Database.URL == "":
		x.problem("disk", "the data folder is on "+d.network+", on which SQLite loses data", "move the data folder to a disk of this machine")
	case d.free < littleSpace:
		x.problem("disk", file.ShowSize(d.free)+" are free", "make room: when the disk is full, nothing can be saved")
	case d.free < someSpace:
		x.warn("disk", file.ShowSize(d.free)+" are free", "make room before long")
	default:
		x.ok("disk", "%s are free", file.ShowSize(d.free))
	}
}

// disk is what is known of a file system.
type disk struct {
	free int64
	// network names the kind of a file system that is not this machine's own, "" for others.
	network string
}

// modes looks who else may read what is secret: the database with its keys, and settings with passwords.
func (x *examination) modes() {
	if runtime.GOOS == "windows" {
		return // there the mode says nothing
	}
	paths := []string{x.Settings}
	if x.Database.URL == "" {
		paths = append(paths, filepath.Join(x.Data, db.FileName))
	}
	good := 0
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue // that it is not there is told elsewhere
		}
		switch mode := info.Mode().Perm(); {
		case mode&0o022 != 0:
			x.problem("file modes", fmt.Sprintf("others may change %s (%04o)", path, mode), "chmod 600 "+path)
		case mode&0o004 != 0 && !x.shut(filepath.Dir(path)):
			x.problem("file modes", fmt.Sprintf("everybody may read %s (%04o)", path, mode), "chmod 600 "+path)
		default:
			good++
		}
	}
	if good > 0 && good == len(paths) || good > 0 && x.found.Problems() == 0 {
		x.ok("file modes", "settings and database are for their owner")
	}
}

// shut reports whether others cannot enter a folder at all.
func (x *examination) shut(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode().Perm()&0o001 == 0
}

// listen tries the address: free, ours, or somebody else's.
func (x *examination) listen(ctx context.Context) {
	host, port, err := net.SplitHostPort(x.Listen)
	if err != nil {
		x.problem("listen", x.Listen+" is not HOST:PORT", "set listen, such as 127.0.0.1:8080")
		return
	}
	if l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", x.Listen); err == nil {
		_ = l.Close()
		x.ok("listen", "%s is free: no server is running there", x.Listen)
	} else if version, ours := askHealth(ctx, host, port); ours {
		x.ok("listen", "a server is running at %s%s", x.Listen, version)
	} else {
		x.problem("listen", "the address "+x.Listen+" cannot be used: "+firstLine(err), "end the program that has it, or choose another address with --listen")
	}
	if ip := net.ParseIP(host); (host == "" || ip != nil && !ip.IsLoopback()) && len(x.TrustedProxies) == 0 {
		x.warn("proxy", "others reach "+x.Listen+" without encryption, and no proxy is trusted", "put a proxy with TLS in front and name its network in auth.trusted_proxies (docs/operate/limits.md)")
	}
}

// askHealth asks who is at the address.
func askHealth(ctx context.Context, host, port string) (string, bool) {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return "", false
	}
	answer, err := (&http.Client{}).Do(r)
	if err != nil {
		return "", false
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 100))
	switch {
	case err != nil:
		return "", false
	case string(text) == "ready\n":
		return "", true
	case answer.StatusCode == http.StatusServiceUnavailable:
		return ", but its database does not answer", true
	}
	return "", false
}
