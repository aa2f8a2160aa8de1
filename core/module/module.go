// Package module says what a plugin is: a Definition, a value that names its needs, brings its migrations and, when built, returns
// its parts as data. Start reading here.
//
//	var Module = module.Definition{
//		Name: "grievance", Needs: []string{"location"}, Migrations: migrations, Build: build,
//	}
//
//	func build(h *module.Host) (*module.Parts, error) {
//		places, err := module.Use[*location.Service](h, "location")
//		...
//		return &module.Parts{Service: s, Entities: ..., Resources: ...}, nil
//	}
//
// The life of a module, in order: its tables are migrated after those of what it needs; Build is called after that of what it
// needs, does no I/O and starts nothing; all parts of all modules are checked together and every problem is reported at once; Run, if any,
// is called and runs until its context ends; on stop, runs end in reverse order. A module that is not listed does not exist; one that is
// listed and broken stops the program with a message.
package module

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/access"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/file"
	"almoner.dev/almoner/core/lifecycle"
	"almoner.dev/almoner/core/setting"
)

// Definition is a plugin.
type Definition struct {
	// Name is one lower-case word; it prefixes tables, permissions, facts and texts.
	Name string
	// Doc is one sentence for listings.
	Doc string
	// Needs names the modules whose services this one uses.
	Needs []string
	// Migrations holds the SQL files below migrations/, nil for none.
	Migrations fs.FS
	// Texts holds the catalogues below locales/, nil for none.
	Texts fs.FS
	// Commands are subcommands of the program.
	Commands []Command
	// Checks are what `almoner doctor` looks at.
	Checks []Check
	// Settings are what administrators may change while the program runs, and operators in the settings file. Their names begin with that of the module; Build
	// binds them: `s.most = maxTasks.Bind(h.Book)`.
	Settings []setting.Declaration
	// Overrides reads what administrators changed, from the tables of the module that keeps it; at most one module does.
	Overrides func(ctx context.Context, q db.Queryer) ([]setting.Override, error)
	// Build makes the parts.
	Build func(h *Host) (*Parts, error)
}

// Host is what a module gets from the program. It gives no way to the database connection pool, the HTTP server or other modules' tables.
type Host struct {
	DB  *db.DB
	Log *slog.Logger
	// Auth knows credentials.
	Auth *auth.Auth
	// Files keeps files.
	Files *file.Store
	// Settings are the program's own settings that modules may show.
	Settings Settings
	// Book holds the settings that administrators may change.
	Book *setting.Book
	// Menu lists what of the modules' menus is for an actor. It answers once everything is built, not during Build.
	Menu func(ctx context.Context, a *almoner.Actor) ([]string, error)
	// Permissions holds the permission rows of all modules, once everything is built.
	Permissions *Permissions
	// Declarations holds the entities of all modules, once everything is built.
	Declarations *Declarations

	name  string
	needs []string
	built map[string]*Parts
}

// Settings are facts about this installation.
type Settings struct {
	// Agency is the short name of the commissioning organisation, for labels.
	Agency *setting.Live[string]
	// Environment is production, demo or another word shown as a banner.
	Environment *setting.Live[string]
	// Notice is what everybody in a workspace is told at the top of each page, "" for nothing.
	Notice *setting.Live[string]
	// Demo instances show the demo people on the sign-in page.
	Demo bool
	// Version is the version of the program.
	Version string
	// TrustedProxies are the networks whose X-Forwarded-* headers are believed.
	TrustedProxies []netip.Prefix
	// PublicURL is where people reach the program, "" when unknown.
	PublicURL string
}

// Use returns the service of a needed module. It is an error when the module is not named in Needs or has another type of service.
func Use[T any](h *Host, name string) (T, error) {
	var none T
	if !slices.Contains(h.needs, name) {
		return none, fmt.Errorf("module %s uses %s without naming it in Needs", h.name, name)
	}
	s, ok := h.built[name].Service.(T)
	if !ok {
		return none, fmt.Errorf("module %s expects the service of %s to be a %T", h.name, name, none)
	}
	return s, nil
}

// Parts are what a module consists of, as data.
type Parts struct {
	// Service is the module's Go API for modules that need it.
	Service any
	// Entities are the record types; Targets are permission targets without an entity of their own.
	Entities []*entity.Entity
	Targets  []access.Entity
	// Rules are the permission rows, on this module's own targets.
	Rules []access.Rule
	// Rights are the permissions that are known by a number; operations ask for them by api.Right.
	Rights []access.Right
	// Graph holds the names that clients of the GraphQL wire know the module's entities by.
	Graph func() gql.Names
	// Additions are further fields for entities of modules that this one needs.
	Additions []Addition
	// Late are record types that other modules made this one have, asked for when all modules are built.
	Late func() []*entity.Entity
	// Facts are the facts stated beyond those of entities and moves.
	Facts []event.Type
	// Machines are the lifecycles.
	Machines  []*lifecycle.Machine
	Resources []*api.Resource
	Calls     []api.Call
	// Menu are the places of the web app that the server opens.
	Menu []MenuEntry
	// MenuIn says whether they are for the actor's workspace at all; nil for every workspace.
	MenuIn func(ctx context.Context, a *almoner.Actor) (bool, error)
	// Tables are the files of other systems that the module takes in.
	Tables []Table
	// Logged are the records that the log of mutations shows in lists of their own; LinkMutations is how the module that keeps that log learns of each, when all
	// modules are built. At most one module keeps it; without it nothing is shown.
	Logged        []Logged
	LinkMutations func(l Logged)
	// Identity finds out who sends a request; exactly one module provides it.
	Identity *Identity
	// Prepare runs once after migrations, in one transaction with those of the other modules: seed data that the code relies on. It is idempotent.
	Prepare func(ctx context.Context, tx *db.Tx) error
	// Run runs until ctx ends, nil for nothing to run.
	Run func(ctx context.Context) error
}

// Logged is a list in which the log of mutations shows the records of an entity that a mutation touched: `insurees { insuree { uuid } }`. The entity must be open.
type Logged struct {
	List, Field string
	Entity      *entity.Entity
}

// MenuEntry is a place of the web app, shown to whoever For accepts.
type MenuEntry struct {
	// Code is `module.place`, known to the web twin of the module.
	Code string
	For  func(v entity.Viewer) bool
}

// Identity is how the program learns who asks.
type Identity struct {
	// OfRequest returns the actor of a request, a stranger without credentials, Unauthenticated for bad ones.
	OfRequest func(r *http.Request, wire api.Wire) (*almoner.Actor, error)
	// OfEmail returns the actor that a person is in a workspace ("" for their own), for commands and fixtures. NotFound for an unknown address.
	OfEmail func(ctx context.Context, q db.Queryer, email, workspace string) (*almoner.Actor, error)
	// SetPassword gives the person with this address a password, in the caller's transaction.
	SetPassword func(ctx context.Context, tx *db.Tx, email, password string) error
	// FirstPassword gives those of these people a password who have none, each in a transaction of its own, and returns how many got it. Invalid when it is too weak,
	// before anybody has it.
	FirstPassword func(ctx context.Context, people []int64, password string) (int, error)
	// People is the entity of the users, for names in histories.
	People *entity.Entity
	// Workspace finds a workspace by its code.
	Workspace func(ctx context.Context, q db.Queryer, code string) (almoner.Workspace, error)
}

// Command is a subcommand: `almoner user create …`.
type Command struct {
	// Name is the words of the command, `user create`.
	Name string
	// Usage shows the arguments; Help is one line.
	Usage, Help string
	// Run gets the service of the command's module.
	Run func(ctx context.Context, service any, c CommandInput) error
}

// CommandInput is what a command works with.
type CommandInput struct {
	Args []string
	In   io.Reader
	Out  io.Writer
}

// Check is something that an installation should have or be.
type Check struct {
	// Name is a word or two.
	Name string
	// Run looks, and changes nothing. It returns what it saw, without anything personal, and what to do about it, "" when all is well.
	Run func(ctx context.Context, q db.Queryer) (seen, fix string, err error)
}

// Set is the compiled set of modules.
type Set struct {
	// Definitions are in dependency order.
	Definitions []Definition
	// Parts are the parts by module name.
	Parts map[string]*Parts
	// Engine holds the permission policy, Registry the entities.
	Engine   *access.Engine
	Registry *entity.Registry
	// Rights are those of all modules.
	Rights access.Rights
}

// Order sorts the definitions so that each stands behind what it needs, and reports unknown needs, cycles, bad and double names, all at once.
func Order(list []Definition) ([]Definition, error) {
	var errs []error
	byName := map[string]Definition{}
	for _, d := range list {
		switch {
		case d.Name == "" || strings.ToLower(d.Name) != d.Name || strings.ContainsAny(d.Name, ". /"):
			errs = append(errs, fmt.Errorf("module %q: the name must be one lower-case word", d.Name))
		case byName[d.Name].Name != "":
			errs = append(errs, fmt.Errorf("module %s is listed twice", d.Name))
		case d.Build == nil:
			errs = append(errs, fmt.Errorf("module %s has no Build", d.Name))
		}
		byName[d.Name] = d
	}
	var ordered []Definition
	state := map[string]int{} // 1 while its needs are being placed, 2 when placed
	var place func(d Definition, chain []string)
	place = func(d Definition, chain []string) {
		chain = append(chain, d.Name)
		if state[d.Name] == 1 {
			errs = append(errs, fmt.Errorf("modules need each other in a circle: %s", strings.Join(chain, " → ")))
			return
		}
		if state[d.Name] == 2 {
			return
		}
		state[d.Name] = 1
		for _, need := range d.Needs {
			if n, ok := byName[need]; ok {
				place(n, slices.Clone(chain))
			} else {
				errs = append(errs, fmt.Errorf("module %s needs %s, which is not in the list of modules", d.Name, need))
			}
		}
		state[d.Name] = 2
		ordered = append(ordered, d)
	}
	for _, d := range list {
		place(d, nil)
	}
	return ordered, errors.Join(errs...)
}

// Build builds all modules in order and checks their parts together. All problems come in one error.
func Build(host Host, ordered []Definition) (*Set, error) {
	set := &Set{Definitions: ordered, Parts: map[string]*Parts{}, Engine: &access.Engine{}}
	var errs []error
	var entities []*entity.Entity
	var targets access.Entities
	var rules []access.Rule
	identities := 0
	host.Menu = set.menu
	host.Permissions = &Permissions{set: set}
	host.Declarations = &Declarations{set: set}
	for _, d := range ordered {
		h := host
		h.Log = host.Log.With("module", d.Name)
		h.name, h.needs, h.built = d.Name, d.Needs, set.Parts
		parts, err := d.Build(&h)
		if err != nil {
			errs = append(errs, fmt.Errorf("build module %s: %w", d.Name, err))
			parts = &Parts{}
		}
		set.Parts[d.Name] = parts
		for _, e := range parts.Entities {
			if !strings.HasPrefix(e.Name, d.Name+".") {
				errs = append(errs, fmt.Errorf("module %s: the entity %s must be named %s.…", d.Name, e.Name, d.Name))
			}
		}
		for _, r := range parts.Rules {
			if !strings.HasPrefix(r.Target, d.Name+".") {
				errs = append(errs, fmt.Errorf("module %s: a rule may only be about its own targets, not %s", d.Name, r.Target))
			}
		}
		for _, f := range parts.Facts {
			if !strings.HasPrefix(f.Name, d.Name+".") {
				errs = append(errs, fmt.Errorf("module %s: the fact %s must be named %s.…", d.Name, f.Name, d.Name))
			}
		}
		for _, t := range parts.Tables {
			errs = append(errs, t.check()...)
		}
		entities = append(entities, parts.Entities...)
		targets = append(targets, parts.Targets...)
		rules = append(rules, parts.Rules...)
		if parts.Identity != nil {
			identities++
		}
	}
	if host.Book != nil {
		errs = append(errs, host.Book.Err())
	}
	if identities != 1 {
		errs = append(errs, fmt.Errorf("%d modules say who sends a request; there must be exactly one", identities))
	}
	if err := set.linkMutations(); err != nil {
		errs = append(errs, err)
	}
	for _, d := range ordered {
		parts := set.Parts[d.Name]
		if parts.Late != nil {
			entities = append(entities, parts.Late()...)
		}
		for _, a := range parts.Additions {
			errs = append(errs, a.add(d)...)
		}
		if parts.Graph == nil {
			continue
		}
		for name := range parts.Graph() {
			if !strings.HasPrefix(name, d.Name+".") {
				errs = append(errs, fmt.Errorf("module %s: only its own entities get names for GraphQL, not %s", d.Name, name))
			}
		}
	}
	registry, err := entity.Compile(host.DB.Engine(), set.Engine, entities...)
	if err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	set.Registry = registry
	if identity := set.Identity(); identity != nil {
		registry.People = identity.People
	}
	policy, err := access.Compile(rules, append(registry.Targets(), targets...))
	if err != nil {
		errs = append(errs, err)
	} else {
		set.Engine.Swap(policy)
		host.Permissions.declared = policy
	}
	for _, d := range ordered {
		for _, m := range set.Parts[d.Name].Machines {
			errs = append(errs, m.Check()...)
		}
	}
	errs = append(errs, set.compileRights()...)
	return set, errors.Join(errs...)
}

// linkMutations tells whoever keeps the log of mutations what it shows of other modules.
func (s *Set) linkMutations() error {
	var link func(Logged)
	for _, d := range s.Definitions {
		if l := s.Parts[d.Name].LinkMutations; l != nil {
			if link != nil {
				return fmt.Errorf("module %s keeps a second log of mutations", d.Name)
			}
			link = l
		}
	}
	if link == nil {
		return nil
	}
	for _, d := range s.Definitions {
		for _, l := range s.Parts[d.Name].Logged {
			link(l)
		}
	}
	return nil
}

// compileRights gathers the numbers, and looks for operations that ask for one that nobody declares.
func (s *Set) compileRights() []error {
	var list []access.Right
	for _, d := range s.Definitions {
		for _, r := range s.Parts[d.Name].Rights {
			r.Module = d.Name
			list = append(list, r)
		}
	}
	var err error
	var errs []error
	if s.Rights, err = access.CompileRights(list); err != nil {
		errs = append(errs, err)
	}
	known := func(what string, rule api.Rule) {
		for _, n := range rule.Rights() {
			if !s.Rights.Has(n) {
				errs = append(errs, fmt.Errorf("%s asks for the right %d, which no module declares", what, n))
			}
		}
	}
	for _, r := range s.Resources() {
		known("resource "+cmp.Or(r.Name, r.Entity.Name), r.View)
		known("resource "+cmp.Or(r.Name, r.Entity.Name), r.Edit)
		for _, rule := range r.Rules {
			known("resource "+cmp.Or(r.Name, r.Entity.Name), rule)
		}
	}
	for _, c := range s.Calls() {
		known("operation "+c.Name, c.Rule)
	}
	return errs
}

// Graph are the names of all modules for the GraphQL wire, by entity.
func (s *Set) Graph() gql.Names {
	names := gql.Names{}
	for _, d := range s.Definitions {
		if graph := s.Parts[d.Name].Graph; graph != nil {
			maps.Copy(names, graph())
		}
	}
	for _, d := range s.Definitions {
		for _, a := range s.Parts[d.Name].Additions {
			a.name(names)
		}
	}
	return names
}

func (s *Set) menu(ctx context.Context, a *almoner.Actor) ([]string, error) {
	codes := []string{}
	v := s.Registry.Viewer(a)
	for _, d := range s.Definitions {
		parts := s.Parts[d.Name]
		open := slices.DeleteFunc(slices.Clone(parts.Menu), func(entry MenuEntry) bool { return !entry.For(v) })
		if len(open) > 0 && parts.MenuIn != nil {
			here, err := parts.MenuIn(ctx, a)
			if err != nil {
				return nil, fmt.Errorf("ask %s whether its menu is for this workspace: %w", d.Name, err)
			}
			if !here {
				continue
			}
		}
		for _, entry := range open {
			codes = append(codes, entry.Code)
		}
	}
	return codes, nil
}

// NewBook makes the book of what administrators may change: what the core and the program declare, and what the modules do. All wrong declarations come in one error.
func NewBook(ordered []Definition, own ...setting.Declaration) (*setting.Book, error) {
	var errs []error
	all := slices.Clone(own)
	for _, d := range ordered {
		all = append(all, d.Settings...)
	}
	book, err := setting.NewBook(all...)
	for _, d := range ordered {
		for _, s := range d.Settings {
			if name := setting.NameOf(s); !strings.HasPrefix(name, d.Name+".") {
				errs = append(errs, fmt.Errorf("module %s: the setting %s must be named %s.…", d.Name, name, d.Name))
			}
		}
	}
	return book, errors.Join(append(errs, err)...)
}

// Resources are those of all modules in order.
func (s *Set) Resources() []*api.Resource {
	var list []*api.Resource
	for _, d := range s.Definitions {
		list = append(list, s.Parts[d.Name].Resources...)
	}
	return list
}

// Calls are those of all modules in order.
func (s *Set) Calls() []api.Call {
	var list []api.Call
	for _, d := range s.Definitions {
		list = append(list, s.Parts[d.Name].Calls...)
	}
	return list
}

// Machine is the lifecycle of an entity, nil when it has none.
func (s *Set) Machine(e *entity.Entity) *lifecycle.Machine {
	for _, parts := range s.Parts {
		for _, m := range parts.Machines {
			if m.Entity == e {
				return m
			}
		}
	}
	return nil
}

// Identity is the one of the module that provides it.
func (s *Set) Identity() *Identity {
	for _, parts := range s.Parts {
		if parts.Identity != nil {
			return parts.Identity
		}
	}
	return nil
}
