// Package config turns what an operator wrote into one checked struct, and can say where each value came from.
//
// A package that has settings declares a plain struct, a function with its defaults and, where a rule goes beyond the type, a
// Validate method:
//
//	type Config struct {
//		URL      string        `help:"address of the server" secret:"true"`
//		MaxConns int           `help:"open connections at most"`
//		Timeout  time.Duration `help:"how long to wait for an answer"`
//		Clock    almoner.Clock `config:"-"`
//	}
//
// The program composes these structs into one and calls Load. The key of a field is the names on the way to it in lower
// snake case, joined by dots: `database.max_conns`. From weakest to strongest a value comes from
//
//   - the defaults that Load was given;
//   - the file (YAML), `database: {max_conns: 8}` or `database.max_conns: 8`;
//   - the environment, `ALMONER_DATABASE_MAX_CONNS=8`; a list is written with commas;
//   - the command line.
//
// Promises: an unknown key is an error that names the key, the place and the nearest known key; all mistakes are reported at
// once; the error and the Report never contain a secret or a password inside a URL.
//
// A generic library (koanf) was considered and left out: the precedence is a few lines, and it knows neither the line of a key in
// the file nor which source won, which are what an operator asks for.
package config
