package medical

import (
	"context"
	"embed"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api/gql"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/location"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales/*.json
var texts embed.FS

// Module is the plugin.
var Module = module.Definition{
	Name:       "medical",
	Doc:        "Diagnoses, items and services that can be claimed, and their price lists.",
	Needs:      []string{"location"},
	Migrations: migrations,
	Texts:      texts,
	Build:      build,
}

// Service is the Go API of the module.
type Service struct {
	// Diagnosis, Item and Service are the catalogue.
	Diagnosis, Item, Service *entity.Entity
	// ItemsPricelist and ServicesPricelist are the price lists.
	ItemsPricelist, ServicesPricelist *entity.Entity
	// ClaimedBy selects the ids of the price lists of a kind, item or service, by which facilities claim that the actor sees. The module that knows facilities sets
	// it during its Build.
	ClaimedBy func(a *almoner.Actor, arg func(any) string, kind string) string

	serviceItem, serviceService *entity.Entity
	itemPrices, servicePrices   *prices
	places                      *location.Service
	db                          *db.DB
}

func build(h *module.Host) (*module.Parts, error) {
	s := &Service{db: h.DB, Diagnosis: diagnosis(), Item: item(), Service: service(), serviceItem: part("item", "Item"), serviceService: part("service", "Service")}
	var err error
	if s.places, err = module.Use[*location.Service](h, "location"); err != nil {
		return nil, err
	}
	s.itemPrices = s.declarePrices("item", s.Item, RightSearchItemPrices)
	s.servicePrices = s.declarePrices("service", s.Service, RightSearchServicePrices)
	s.ItemsPricelist, s.ServicesPricelist = s.itemPrices.list, s.servicePrices.list
	for _, p := range []*prices{s.itemPrices, s.servicePrices} {
		p.of.After = func(ctx context.Context, tx *db.Tx, c *entity.Change) error {
			if !c.Delete {
				return nil
			}
			return p.leave(ctx, tx, p.kind+"_id", c.ID)
		}
		p.list.After = func(ctx context.Context, tx *db.Tx, c *entity.Change) error {
			if !c.Delete {
				return nil
			}
			return p.leave(ctx, tx, "pricelist_id", c.ID)
		}
	}
	return &module.Parts{
		Service: s,
		Entities: []*entity.Entity{
			s.Diagnosis, s.Item, s.Service, s.serviceItem, s.serviceService, s.itemPrices.list, s.itemPrices.detail, s.servicePrices.list, s.servicePrices.detail,
		},
		Rights:    rights(),
		Menu:      menu(),
		MenuIn:    s.places.IsScheme,
		Graph:     func() gql.Names { return graphNames },
		Resources: s.resources(),
		Calls:     s.calls(),
		Tables:    s.tables(),
	}, nil
}
