package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"almoner.dev/almoner"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/core/setting"
)

var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// Version is set by the build.
var Version = "dev"

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Environ are the environment variables, KEY=value.
	Environ []string
}

// cli is the grammar of the command line.
type cli struct {
	Data        string `help:"Folder of the embedded database, files and settings." placeholder:"DIR"`
	DatabaseURL string `help:"PostgreSQL instead of the embedded database." placeholder:"postgres://…" name:"database-url"`
	Settings    string `help:"Settings file instead of almoner.yaml in the data folder." placeholder:"FILE" name:"config"`

	Serve struct {
		Listen string `help:"Address and port." placeholder:"HOST:PORT"`
		Demo   bool   `help:"Create the demo world and offer its people on the sign-in page."`
	} `cmd:"" help:"Migrate the database and serve the web app and the API."`
	Migrate struct{} `cmd:"" help:"Bring the database up to date."`
	Config  struct {
		Format string `help:"table or json." enum:"table,json" default:"table"`
	} `cmd:"" help:"Show the settings in force and where they come from."`
	Modules struct {
		Name string `arg:"" optional:"" help:"Show one module in full."`
	} `cmd:"" help:"Show the modules that are compiled in."`
	Permissions struct {
		Format string `help:"table, csv or json." enum:"table,csv,json" default:"table"`
	} `cmd:"" help:"Show the permission rows."`
	Openapi struct{} `cmd:"" help:"Print the OpenAPI document."`
	Graphql struct{} `cmd:"" help:"Print the GraphQL schema."`
	Load    struct {
		Files []string `arg:"" help:"Fixture files, YAML or JSON." type:"existingfile"`
	} `cmd:"" help:"Read records, people and steps from fixture files; all or nothing."`
	Import struct {
		Set       string `arg:"" help:"What the files are: openimis."`
		Dir       string `arg:"" help:"Folder with the files." type:"existingdir"`
		Workspace string `help:"Code of the workspace that takes them; made when there is none." default:"IMIS" placeholder:"CODE"`
		DryRun    bool   `help:"Check everything, write nothing."`
		Password  string `name:"password-for-all" help:"A password for those people of the files who have none, as for a trial." placeholder:"PASSWORD"`
		Format    string `help:"table or json." enum:"table,json" default:"table"`
	} `cmd:"" help:"Take in the files of another system; can be repeated."`
	Backup struct {
		File  string `arg:"" help:"New archive; - for the standard output."`
		Force bool   `help:"Put the archive in the place of a file of that name."`
	} `cmd:"" help:"Write the embedded database and its files into one archive, beside a running server."`
	Restore struct {
		File  string `arg:"" help:"Archive; - for the standard input."`
		Force bool   `help:"Move database and files that are there into a folder beside them."`
	} `cmd:"" help:"Bring an archive of backup back into an empty data folder."`
	Doctor struct {
		Format string `help:"table or json." enum:"table,json" default:"table"`
	} `cmd:"" help:"Look for what is wrong with this installation, and say what to do; changes nothing."`
	Docs struct {
		Dir string `arg:"" help:"The docs folder of the repository." type:"existingdir"`
	} `cmd:"" hidden:"" help:"Write the generated documents."`
	Version struct{} `cmd:"" help:"Print the version."`
}

// group is the grammar of the commands that modules bring.
type group struct {
	Args []string `arg:"" optional:"" passthrough:""`
}

// Distribution is what a main puts together: the modules compiled in, and the demo world, nil for none.
type Distribution struct {
	Modules []module.Definition
	// Demo holds the fixture files of `serve --demo`, read in order of their names.
	Demo fs.FS
}

// Main runs the program with its arguments and returns the exit code: 0 good, 1 failed, 2 misused.
func Main(ctx context.Context, args []string, d Distribution) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, args, d, Streams{os.Stdin, os.Stdout, os.Stderr, os.Environ()}) //nolint:forbidigo // the edge of the world: core/config names and checks what is in it
}

// Run is Main with its surroundings handed in, so that tests run the whole program.
func Run(ctx context.Context, args []string, dist Distribution, s Streams) int {
	modules := dist.Modules
	var c cli
	exit := -1
	options := []kong.Option{
		kong.Name("almoner"), kong.Description("Aid monitoring and health insurance in one program."), kong.UsageOnError(),
		kong.Writers(s.Out, s.Err), kong.Exit(func(code int) { exit = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	}
	groups := map[string]*group{}
	for _, d := range modules {
		for _, command := range d.Commands {
			word, _, _ := strings.Cut(command.Name, " ")
			if groups[word] == nil {
				groups[word] = &group{}
				options = append(options, kong.DynamicCommand(word, commandHelp(modules, word), "", groups[word]))
			}
		}
	}
	parser, err := kong.New(&c, options...)
	if err != nil {
		fmt.Fprintln(s.Err, "almoner:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(s.Err, "almoner: %v\nTry: almoner --help\n", err)
		return 2
	}
	p := program{cli: &c, modules: modules, demo: dist.Demo, streams: s}
	word, _, _ := strings.Cut(parsed.Command(), " ")
	if g, ok := groups[word]; ok {
		err = p.moduleCommand(ctx, word, g.Args)
	} else {
		err = p.builtIn(ctx, word)
	}
	if err != nil {
		fmt.Fprintln(s.Err, "almoner:", message(err))
		return 1
	}
	return 0
}

func commandHelp(modules []module.Definition, word string) string {
	var lines []string
	for _, d := range modules {
		for _, command := range d.Commands {
			if strings.HasPrefix(command.Name, word+" ") {
				lines = append(lines, strings.TrimPrefix(command.Name, word+" ")+" "+command.Usage+": "+command.Help)
			}
		}
	}
	return strings.Join(lines, " ")
}

// message is what a person at the command line reads: all field errors, one below the other.
func message(err error) string {
	var e *almoner.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err.Error()
	}
	lines := []string{e.Message}
	for _, f := range e.Fields {
		if f.Message != "" {
			lines = append(lines, "  "+f.Path+": "+f.Message)
		}
	}
	return strings.Join(lines, "\n")
}

// program is one run of the command line.
type program struct {
	cli     *cli
	modules []module.Definition
	demo    fs.FS
	streams Streams
}

// settings are what the operator says, with the book of what administrators may change.
func (p *program) settings() (Config, config.Report, *setting.Book, error) {
	book, err := module.NewBook(p.modules, ownSettings()...)
	if err != nil {
		return Config{}, nil, nil, err
	}
	c := p.cli
	var flags []config.Flag
	flag := func(name, key, value string) {
		if value != "" {
			flags = append(flags, config.Flag{Name: name, Key: key, Value: value})
		}
	}
	flag("--data", "data", c.Data)
	flag("--database-url", "database.url", c.DatabaseURL)
	flag("--listen", "listen", c.Serve.Listen)
	if c.Serve.Demo {
		flag("--demo", "demo", "true")
	}
	data := Defaults().Data
	for _, pair := range p.streams.Environ {
		if value, ok := strings.CutPrefix(pair, config.EnvPrefix+"DATA="); ok {
			data = value
		}
	}
	if c.Data != "" {
		data = c.Data
	}
	conf, report, err := config.Load(Defaults(), config.Sources{File: c.Settings, Dir: data, Environ: p.streams.Environ, Flags: flags, Extras: book.Extras()})
	book.PinAll(report)
	return conf, report, book, err
}

func (p *program) logger(c Log) *slog.Logger {
	options := &slog.HandlerOptions{Level: levels[c.Level]}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(p.streams.Err, options))
	}
	return slog.New(slog.NewTextHandler(p.streams.Err, options))
}

// open opens the program; quiet keeps the log to warnings, for commands whose output is the point.
func (p *program) open(ctx context.Context, quiet bool, clock almoner.Clock) (*App, error) {
	c, _, book, err := p.settings()
	if err != nil {
		return nil, err
	}
	if quiet && c.Log.Level == "info" {
		c.Log.Level = "warn"
	}
	return Open(ctx, Options{Config: c, Modules: p.modules, Log: p.logger(c.Log), Version: Version, Clock: clock, Settings: book})
}

func (p *program) builtIn(ctx context.Context, word string) (err error) {
	out := p.streams.Out
	switch word {
	case "version":
		_, err = fmt.Fprintln(out, Version)
		return err
	case "config":
		return p.config(ctx, p.cli.Config.Format)
	case "serve":
		return p.serve(ctx)
	case "load":
		return p.load(ctx, p.cli.Load.Files)
	case "import":
		return p.takeIn(ctx)
	case "docs":
		return p.docs(ctx, p.cli.Docs.Dir)
	case "doctor":
		return p.doctor(ctx, p.cli.Doctor.Format)
	case "backup":
		return p.backup(ctx, p.cli.Backup.File, p.cli.Backup.Force)
	case "restore":
		return p.restore(ctx, p.cli.Restore.File, p.cli.Restore.Force)
	}
	a, err := p.open(ctx, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	switch word {
	case "migrate":
		for _, step := range a.Applied {
			if _, err := fmt.Fprintf(out, "applied %s %s\n", step.Module, step.File); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(out, "The database is up to date (%d applied).\n", len(a.Applied))
		return err
	case "modules":
		return a.writeModules(out, p.cli.Modules.Name)
	case "permissions":
		return a.writePermissions(out, p.cli.Permissions.Format)
	case "openapi":
		_, err = out.Write(append(a.API.Document(), '\n'))
		return err
	case "graphql":
		_, err = out.Write(a.API.GraphQL().SDL())
		return err
	}
	return fmt.Errorf("there is no command %q", word)
}

func (p *program) moduleCommand(ctx context.Context, word string, args []string) (err error) {
	for _, d := range p.modules {
		for _, command := range d.Commands {
			rest, ok := cutWords(append([]string{word}, args...), strings.Fields(command.Name))
			if !ok {
				continue
			}
			rest = p.takeGlobals(rest)
			a, err := p.open(ctx, true, nil)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, a.Close()) }()
			return command.Run(ctx, a.Set.Parts[d.Name].Service, module.CommandInput{Args: rest, In: p.streams.In, Out: p.streams.Out})
		}
	}
	return fmt.Errorf("%q is not complete: %s", strings.TrimSpace(word+" "+strings.Join(args, " ")), commandHelp(p.modules, word))
}

func cutWords(args, words []string) (rest []string, ok bool) {
	if len(args) < len(words) {
		return nil, false
	}
	for i, w := range words {
		if args[i] != w {
			return nil, false
		}
	}
	return args[len(words):], true
}

// takeGlobals lets --data, --database-url and --config stand behind a module's command as well.
func (p *program) takeGlobals(args []string) []string {
	targets := map[string]*string{"--data": &p.cli.Data, "--database-url": &p.cli.DatabaseURL, "--config": &p.cli.Settings}
	var rest []string
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		target, ok := targets[name]
		switch {
		case !ok:
			rest = append(rest, args[i])
		case joined:
			*target = value
		case i+1 < len(args):
			i++
			*target = args[i]
		}
	}
	return rest
}

func (p *program) serve(ctx context.Context) (err error) {
	c, _, _, err := p.settings()
	if err != nil {
		return err
	}
	if c.Demo {
		if err := p.loadDemo(ctx); err != nil {
			return err
		}
	}
	a, err := p.open(ctx, false, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Serve(ctx, func(addr string) {
		place := "the embedded database in " + filepath.Clean(c.Data)
		if c.Database.URL != "" {
			place = "PostgreSQL"
		}
		fmt.Fprintf(p.streams.Out, "Almoner %s is ready at http://%s with %s\n", Version, addr, place)
	})
}

func (p *program) load(ctx context.Context, files []string) (err error) {
	a, err := p.open(ctx, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	sources, err := fixture.Read(files...)
	if err != nil {
		return err
	}
	report, err := fixture.Load(ctx, fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, sources)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.streams.Out, report)
	return err
}

// loadDemo creates the demo world once; it refuses a database that has other people in it.
func (p *program) loadDemo(ctx context.Context) (err error) {
	if p.demo == nil {
		return errors.New("this build brings no demo world")
	}
	a, err := p.open(ctx, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	report, err := fixture.LoadDemo(ctx, fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, p.demo)
	if err == nil && report.Changed() {
		_, err = fmt.Fprintln(p.streams.Out, "Demo world:", report)
	}
	return err
}

// docs writes what is made from the declarations, with an empty database of its own.
func (p *program) docs(ctx context.Context, dir string) (err error) {
	place, err := os.MkdirTemp("", "almoner-docs-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(place)) }()
	p.cli.Data, p.cli.DatabaseURL = place, ""
	a, err := p.open(ctx, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.WriteDocs(dir)
}

func (a *App) writePermissions(out io.Writer, format string) error {
	rules := a.Set.Engine.Policy().Rules()
	switch format {
	case "json":
		type line struct {
			Effect string   `json:"effect"`
			Kind   string   `json:"kind"`
			Target string   `json:"target"`
			When   []string `json:"when"`
		}
		lines := make([]line, len(rules))
		for i, r := range rules {
			lines[i] = line{effect(r.Refuse), r.Kind.String(), r.Target, r.When}
		}
		e := json.NewEncoder(out)
		e.SetIndent("", " ")
		return e.Encode(lines)
	case "csv":
		w := csv.NewWriter(out)
		_ = w.Write([]string{"effect", "kind", "target", "when"})
		for _, r := range rules {
			_ = w.Write([]string{effect(r.Refuse), r.Kind.String(), r.Target, strings.Join(r.When, " and ")})
		}
		w.Flush()
		return w.Error()
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "EFFECT\tKIND\tTARGET\tWHEN")
	for _, r := range rules {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", effect(r.Refuse), r.Kind, r.Target, strings.Join(r.When, " and "))
	}
	return w.Flush()
}

func effect(refuse bool) string {
	if refuse {
		return "refuse"
	}
	return "allow"
}
