package app

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"almoner.dev/almoner/app/limit"
	"almoner.dev/almoner/app/telemetry"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
)

// Config are all settings of the program; `almoner config` prints what is in force and where it came from.
type Config struct {
	Data   string `help:"folder of the embedded database, files and the settings file"`
	Listen string `help:"address and port to listen on"`
	Demo   bool   `help:"create the demo world and show its people on the sign-in page"`
	// Agency is in labels such as \"Approved by …\".
	Agency      string `help:"short name of the commissioning organisation"`
	Environment string `help:"shown as a banner when it is not production"`
	PublicURL   string `help:"address under which people reach the program, for links in mails"`
	// ReadOnlyRole is tpm §1's group Read Only.
	ReadOnlyRole string      `help:"holders of this role may read and nothing else"`
	MaxBody      config.Size `help:"greatest size of a request body that is not a file"`
	Database     Database
	Files        file.Config
	Auth         auth.Config
	Log          Log
	Limits       limit.Config
	Metrics      telemetry.Metrics
	Trace        telemetry.Traces
}

// Database says where the data is.
type Database struct {
	URL      string `help:"postgres://…; empty for the embedded database in the data folder" secret:"true"`
	MaxConns int    `help:"open connections at most"`
}

// Log says how the program tells what it does.
type Log struct {
	Level  string `help:"debug, info, warn or error"`
	Format string `help:"text or json"`
}

// Defaults returns the settings of a laptop: everything embedded, reachable from this machine only.
func Defaults() Config {
	metrics, traces := telemetry.Defaults()
	return Config{
		Limits: limit.Defaults(), Metrics: metrics, Trace: traces,
		Data: "data", Listen: "127.0.0.1:8080", Agency: "UNICEF", Environment: "production", ReadOnlyRole: "Read Only", MaxBody: config.MiB,
		Database: Database{MaxConns: db.Defaults().MaxConns}, Files: file.Defaults(), Auth: auth.Defaults(), Log: Log{Level: "info", Format: "text"},
	}
}

// Validate returns one error that names every setting that cannot work.
func (c Config) Validate() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		problems = append(problems, fmt.Errorf("listen: %q is not HOST:PORT", c.Listen))
	}
	if c.Data == "" && (c.Database.URL == "" || c.Files.URL == "") {
		problems = append(problems, errors.New("data: a folder is needed for the embedded database and for files"))
	}
	if c.MaxBody < config.KiB || c.MaxBody > 64*config.MiB {
		problems = append(problems, errors.New("max_body must be between 1KiB and 64MiB"))
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https") {
		problems = append(problems, errors.New("public_url must begin with http:// or https://"))
	}
	return errors.Join(problems...)
}

// Validate checks the words.
func (l Log) Validate() error {
	var problems []error
	if _, ok := levels[l.Level]; !ok {
		problems = append(problems, errors.New("log.level must be debug, info, warn or error"))
	}
	if l.Format != "text" && l.Format != "json" {
		problems = append(problems, errors.New("log.format must be text or json"))
	}
	return errors.Join(problems...)
}

func (c Config) environment() string {
	if c.Demo {
		return "demo"
	}
	return c.Environment
}
