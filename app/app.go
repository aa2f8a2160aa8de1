// Package app is the composition root: it opens the database, brings modules into order, migrates, builds and checks them, and
// serves or runs commands. It is the one place that sees everything, and it imports no module: the list is handed in.
//
//	func main() { os.Exit(app.Main(context.Background(), os.Args[1:], app.Distribution{Modules: modules.All()})) }
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/app/telemetry"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
)

// Options are what an App is opened with.
type Options struct {
	Config  Config
	Modules []module.Definition
	Log     *slog.Logger
	// Clock is the time of every transaction; nil is the clock of the machine.
	Clock almoner.Clock
	// Hashing is the cost of passwords; zero is the default. Tests take a cheap one.
	Hashing auth.Hashing
	// Version is shown to people.
	Version string
	// Settings holds what administrators may change, with what the operator pinned; nil is one in which nothing is pinned.
	Settings *setting.Book
	// Scan is asked about every file that comes in, nil for no virus scanner.
	Scan file.Scanner
}

// App is an opened program: database migrated, modules built and checked. Close it.
type App struct {
	Config Config
	DB     *db.DB
	Set    *module.Set
	API    *api.API
	Auth   *auth.Auth
	Files  *file.Store
	Texts  *i18n.Texts
	Log    *slog.Logger
	// Telemetry measures what the others do.
	Telemetry *telemetry.Telemetry
	// Settings holds what administrators may change.
	Settings *setting.Book
	// Applied lists the migrations that Open carried out.
	Applied []db.Applied
}

// Open opens the database, migrates it, and builds and checks all modules. It reports every problem of the modules at once.
func Open(ctx context.Context, o Options) (_ *App, err error) {
	ordered, err := module.Order(o.Modules)
	if err != nil {
		return nil, err
	}
	if o.Settings == nil {
		if o.Settings, err = module.NewBook(ordered, ownSettings()...); err != nil {
			return nil, err
		}
	}
	if o.Config.Demo {
		o.Settings.Pin(environment.Name, string(config.FromFlag), "demo")
	}
	o.Log = tied(o.Log)
	a := &App{Config: o.Config, Log: o.Log, Settings: o.Settings}
	if a.Texts, err = i18n.New(catalogues(ordered)...); err != nil {
		return nil, err
	}
	a.Telemetry, err = telemetry.New(ctx, telemetry.Params{Metrics: o.Config.Metrics, Traces: o.Config.Trace, Trusted: o.Config.Auth.TrustedProxies, Version: o.Version})
	if err != nil {
		return nil, err
	}
	a.DB, err = db.Open(ctx, db.Config{URL: o.Config.Database.URL, Dir: o.Config.Data, MaxConns: o.Config.Database.MaxConns, Clock: o.Clock, Observer: a.Telemetry.Observe()})
	if err != nil {
		return nil, err
	}
	a.Telemetry.Watch(a.DB)
	defer func() {
		if err != nil {
			err = errors.Join(err, a.DB.Close())
		}
	}()
	if a.Applied, err = db.Migrate(ctx, a.DB, migrations(ordered)); err != nil {
		return nil, err
	}
	a.Auth, err = auth.New(ctx, auth.Params{DB: a.DB, Config: o.Config.Auth, Settings: o.Settings, Clock: o.Clock, Hashing: o.Hashing, Log: o.Log})
	if err != nil {
		return nil, err
	}
	if a.Files, err = file.Open(ctx, file.Params{DB: a.DB, Config: o.Config.Files, Settings: o.Settings, Dir: o.Config.Data, Log: o.Log, Scan: o.Scan}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Files.Close())
		}
	}()
	host := module.Host{DB: a.DB, Log: o.Log, Auth: a.Auth, Files: a.Files, Book: o.Settings, Settings: module.Settings{
		Agency: agency.From(o.Settings, o.Config.Agency), Environment: environment.From(o.Settings, o.Config.environment()), Notice: notice.Bind(o.Settings), Demo: o.Config.Demo, Version: o.Version,
		PublicURL: o.Config.PublicURL, TrustedProxies: o.Config.Auth.TrustedProxies,
	}}
	if a.Set, err = module.Build(host, ordered); err != nil {
		return nil, err
	}
	if err = a.prepare(ctx); err != nil {
		return nil, err
	}
	spool, err := spoolIn(o.Config.Data)
	if err != nil {
		return nil, err
	}
	a.API, err = api.New(api.Config{
		Spool: spool, DB: a.DB, Registry: a.Set.Registry, Texts: a.Texts, Log: o.Log, Identify: a.Set.Identity().OfRequest,
		ReadOnlyRole: o.Config.ReadOnlyRole, MaxBody: int64(o.Config.MaxBody), Files: a.Files, Settings: o.Settings, Graph: a.Set.Graph(),
	}, a.Set.Resources(), a.Set.Calls())
	return a, err
}

// Close closes the place of the files and the database, and sends the traces that are left.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := a.Telemetry.Close(ctx); err != nil {
		a.Log.WarnContext(ctx, "the last traces could not be sent", "error", err)
	}
	return errors.Join(a.Files.Close(), a.DB.Close())
}

func catalogues(ordered []module.Definition) []i18n.Catalogue {
	list := []i18n.Catalogue{i18n.Core(), auth.Texts()}
	for _, d := range ordered {
		if d.Texts != nil {
			list = append(list, i18n.Catalogue{Module: d.Name, FS: d.Texts})
		}
	}
	return list
}

// Migrations are the tables of the core packages and of all modules, in dependency order.
func Migrations(list []module.Definition) ([]db.Migrations, error) {
	ordered, err := module.Order(list)
	return migrations(ordered), err
}

func migrations(ordered []module.Definition) []db.Migrations {
	list := []db.Migrations{event.Migrations, auth.Migrations(), api.Migrations, file.Migrations, fixture.Migrations, intake.Migrations}
	for _, d := range ordered {
		if d.Migrations != nil {
			list = append(list, db.Migrations{Module: d.Name, FS: d.Migrations})
		}
	}
	return list
}

// prepare lets every module put down the seed data that its code relies on, in one transaction.
func (a *App) prepare(ctx context.Context) error {
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.prepare"})
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		for _, d := range a.Set.Definitions {
			if prepare := a.Set.Parts[d.Name].Prepare; prepare != nil {
				if err := prepare(ctx, tx); err != nil {
					return fmt.Errorf("prepare module %s: %w", d.Name, err)
				}
			}
		}
		return nil
	})
}
