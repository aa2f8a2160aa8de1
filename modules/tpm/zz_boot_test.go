package tpm_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
	"almoner.dev/almoner/core/event"
	"almoner.dev/almoner/core/i18n"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/organisation"
	"almoner.dev/almoner/modules/tpm"
)

func TestBoot(t *testing.T) {
	ordered, err := module.Order([]module.Definition{tpm.Module, account.Module, location.Module, organisation.Module})
	if err != nil {
		t.Fatal(err)
	}
	ms := []db.Migrations{event.Migrations, auth.Migrations()}
	for _, d := range ordered {
		ms = append(ms, db.Migrations{Module: d.Name, FS: d.Migrations})
	}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		a, err := auth.New(context.Background(), auth.Params{DB: d, Config: auth.Defaults()})
		if err != nil {
			t.Fatal(err)
		}
		log := slog.New(slog.NewTextHandler(os.Stderr, nil))
		set, err := module.Build(module.Host{DB: d, Log: log, Auth: a}, ordered)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := i18n.New(i18n.Core())
		if err != nil {
			t.Fatal(err)
		}
		x, err := api.New(api.Config{DB: d, Registry: set.Registry, Texts: texts, Log: log, Identify: set.Identity().OfRequest, MaxBody: 1 << 20}, set.Resources(), set.Calls())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(len(x.Operations()), len(x.Document()), len(set.Engine.Policy().Rules()))
	})
}
