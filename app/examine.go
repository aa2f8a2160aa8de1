package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"almoner.dev/almoner/app/doctor"
	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/db"
)

// doctor tells what is wrong; the error, when something is, is for the exit code.
func (p *program) doctor(ctx context.Context, format string) error {
	c, _, _, err := p.settings()
	var found doctor.Findings
	if err != nil {
		found = doctor.Findings{{Check: "settings", State: doctor.Problem, Detail: strings.ReplaceAll(err.Error(), "\n", "; "), Fix: "`almoner config` shows every setting and where it comes from"}}
	} else if found, err = p.examine(ctx, c); err != nil {
		return err
	}
	if format == "json" {
		err = found.WriteJSON(p.streams.Out)
	} else {
		err = found.WriteTable(p.streams.Out)
	}
	if n := found.Problems(); err == nil && n > 0 {
		err = fmt.Errorf("%d of %d findings are problems", n, len(found))
	}
	return err
}

func (p *program) examine(ctx context.Context, c Config) (doctor.Findings, error) {
	file := p.cli.Settings
	if file == "" {
		file = filepath.Join(c.Data, config.FileName)
	}
	migrations, err := Migrations(p.modules)
	if err != nil {
		return nil, err
	}
	found, err := doctor.Examine(ctx, doctor.Installation{
		Data: c.Data, Settings: file, Listen: c.Listen, TrustedProxies: c.Auth.TrustedProxies, Files: c.Files, Migrations: migrations, Modules: p.modules,
		Database: db.Config{URL: c.Database.URL, Dir: c.Data, MaxConns: 4}, Now: time.Now(),
	})
	settings := doctor.Finding{Check: "settings", State: doctor.OK, Detail: "can be read and fit together"}
	return append(doctor.Findings{settings}, found...), err
}
