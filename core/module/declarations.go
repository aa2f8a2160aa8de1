package module

import (
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/entity"
)

// Declarations gives a module the entities of the whole program, and a way to put changes to them in force that people made while it runs. Before everything
// is built there are none. Safe for concurrent use.
type Declarations struct{ set *Set }

// Entities are all entities in order of declaration, none before everything is built. The caller must not change the list.
func (d *Declarations) Entities() []*entity.Entity {
	if d.set.Registry == nil {
		return nil
	}
	return d.set.Registry.Entities()
}

// Entity finds an entity by its name, nil when there is none.
func (d *Declarations) Entity(name string) *entity.Entity {
	if d.set.Registry == nil {
		return nil
	}
	return d.set.Registry.Entity(name)
}

// Written reports whether people write records of the entity, alone or nested in another.
func (d *Declarations) Written(e *entity.Entity) bool {
	for _, r := range d.set.Resources() {
		if r.Can&(api.Create|api.Update|api.Replace) == 0 {
			continue
		}
		if r.Entity == e {
			return true
		}
		for _, f := range r.Entity.Fields {
			if f.Kind == entity.Children && f.Nested && f.TargetEntity() == e {
				return true
			}
		}
	}
	return false
}

// Put puts changes, by the names of entities, in force for all requests that begin from now on. What of them does not fit is left out and told of in the error.
func (d *Declarations) Put(all map[string]entity.Custom) error {
	o, err := d.set.Registry.CompileOverlay(all)
	d.set.Registry.Put(o)
	return err
}
