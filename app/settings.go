package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"almoner.dev/almoner/app/limit"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
)

// The settings of the program itself that administrators may change while it runs.
var (
	agency = setting.Setting[string]{
		Name: "agency", Group: "general", Label: "Short name of the agency", Help: "Stands in labels and messages wherever the commissioning organisation is meant.",
		Kind: setting.Text(1, 40), Default: Defaults().Agency,
	}
	environment = setting.Setting[string]{
		Name: "environment", Group: "general", Label: "Name of this installation", Help: "Shown beside the workspace, so that nobody takes a test installation for the real one. “production” shows nothing.",
		Kind: setting.Text(1, 30), Default: Defaults().Environment,
	}
	notice = setting.Setting[string]{
		Name: "notice", Group: "general", Label: "Notice to everybody", Help: "Stands at the top of every page until you take it away: a pause for maintenance, a deadline.",
		Kind: setting.Text(0, 300), PerWorkspace: true,
	}
)

// ownSettings are those of the program and of core, in the order in which they are shown.
func ownSettings() []setting.Declaration {
	return slices.Concat([]setting.Declaration{agency, environment, notice}, file.Settings(), auth.Settings(), api.Settings(), limit.Settings())
}

// config shows the settings in force, with what administrators changed, as far as the database can be read. It changes nothing, so it may run
// beside a server of another version.
func (p *program) config(ctx context.Context, format string) error {
	c, report, book, err := p.settings()
	if err == nil {
		list, missing := p.overrides(ctx, c)
		if missing != nil {
			fmt.Fprintln(p.streams.Err, "What administrators changed could not be read:", missing)
		}
		report = book.Report(report, list)
	}
	if format == "json" {
		return errors.Join(report.WriteJSON(p.streams.Out), err)
	}
	return errors.Join(report.WriteTable(p.streams.Out), err)
}

// overrides are none when there is no database, or none with such a table, yet.
func (p *program) overrides(ctx context.Context, c Config) (list []setting.Override, err error) {
	at := slices.IndexFunc(p.modules, func(d module.Definition) bool { return d.Overrides != nil })
	if at < 0 {
		return nil, nil
	}
	if c.Database.URL == "" {
		// Opening would make a new one.
		if _, err := os.Stat(filepath.Join(c.Data, db.FileName)); errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
	}
	d, err := db.Open(ctx, db.Config{URL: c.Database.URL, Dir: c.Data, MaxConns: 2})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	kept := p.modules[at]
	steps, err := db.Status(ctx, d, []db.Migrations{{Module: kept.Name, FS: kept.Migrations}})
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(steps, func(s db.StepStatus) bool { return s.At.IsZero() }) {
		return nil, nil // an older program made it
	}
	return kept.Overrides(ctx, d)
}
