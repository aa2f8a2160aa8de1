package db

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"almoner.dev/almoner"
)

// Config says which database to open. Start from Defaults.
type Config struct {
	// URL is a PostgreSQL address, postgres://user:password@host:port/name. Empty means SQLite in Dir.
	URL string
	// DirectURL leads to the same PostgreSQL database without the transaction pooler that URL may point at; session locks
	// need it. Empty means URL.
	DirectURL string
	// Dir is the folder of the SQLite file almoner.db; it is made, readable by its owner only, when it is missing.
	Dir string
	// MaxConns limits the connections of this process: on PostgreSQL half of them write and half read, on SQLite one writes
	// and the others read.
	MaxConns int
	// Volatile makes commits not wait for the disk: a power failure may lose the last of them. For tests, and for data that can be
	// made again. It is no setting for operators.
	Volatile bool
	// Observer is told of statements and transactions; its zero value hears nothing.
	Observer Observer
	// Clock gives Tx.Now; nil is the clock of the machine.
	Clock almoner.Clock
}

// Defaults returns the settings of an embedded database in the folder data.
func Defaults() Config {
	return Config{Dir: "data", MaxConns: 20}
}

// Validate returns one error that names every setting that cannot work.
func (c Config) Validate() error {
	var errs []error
	for _, u := range []struct{ key, value string }{{"database.url", c.URL}, {"database.direct_url", c.DirectURL}} {
		if u.value == "" {
			continue
		}
		p, err := url.Parse(u.value)
		switch {
		case err != nil:
			// The parser's own message repeats the address, password included.
			errs = append(errs, fmt.Errorf("%s is not an address of the form postgres://user:password@host:port/name", u.key))
		case p.Scheme != "postgres" && p.Scheme != "postgresql":
			errs = append(errs, fmt.Errorf("%s must begin with postgres://, not %q", u.key, p.Scheme+":"))
		}
	}
	if c.URL == "" && strings.TrimSpace(c.Dir) == "" {
		errs = append(errs, errors.New("database.url or the data folder must be set"))
	}
	if c.URL == "" && c.DirectURL != "" {
		errs = append(errs, errors.New("database.direct_url needs database.url"))
	}
	if c.MaxConns < 2 || c.MaxConns > 1000 {
		errs = append(errs, fmt.Errorf("database.max_conns must be between 2 and 1000, not %d", c.MaxConns))
	}
	return errors.Join(errs...)
}
