package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"almoner.dev/almoner/app/intake"
)

// errRefused ends a command whose report has said already what was wrong.
var errRefused = errors.New("some rows were not taken: see above")

// takeIn is `almoner import`.
func (p *program) takeIn(ctx context.Context) (err error) {
	c := p.cli.Import
	a, err := p.open(ctx, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	wish := intake.Wish{Set: c.Set, Dir: os.DirFS(c.Dir), Workspace: c.Workspace, DryRun: c.DryRun, Password: c.Password}
	file := ""
	wish.Progress = func(name string, done, of int) {
		if name != file {
			file = name
			fmt.Fprintf(p.streams.Err, "%s…\n", name)
		} else if done%10_000 < 1000 && of > 20_000 {
			fmt.Fprintf(p.streams.Err, "%s: %d of %d\n", name, done, of)
		}
	}
	report, err := intake.Take(ctx, intake.Into{DB: a.DB, Set: a.Set}, wish)
	if c.Format == "json" {
		e := json.NewEncoder(p.streams.Out)
		e.SetIndent("", " ")
		err = errors.Join(err, e.Encode(report))
	} else {
		err = errors.Join(err, report.Write(p.streams.Out))
	}
	if err == nil && report.Refused() {
		return errRefused
	}
	return err
}
