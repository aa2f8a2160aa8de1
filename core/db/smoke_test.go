package db_test

import (
	"context"
	"testing"
	"testing/fstest"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/db/dbtest"
)

func files(kv ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = &fstest.MapFile{Data: []byte(kv[i+1])}
	}
	return m
}

func TestSmoke(t *testing.T) {
	t.Parallel()
	ms := []db.Migrations{{Module: "demo", FS: files("0001_things.sql", "create table demo_things (id {{pk}}, name {{text}} not null, at {{time}} not null);\ncreate index demo_things_name on demo_things (name);")}}
	dbtest.Each(t, ms, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var id int64
		err := d.InTx(ctx, func(tx *db.Tx) error {
			var err error
			id, err = tx.Insert(ctx, `insert into demo_things (name, at) values ($2, $1) returning id`, tx.Now, "x")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var name string
		if err := d.QueryRow(ctx, `select name from demo_things where id = $1`, id).Scan(&name); err != nil || name != "x" {
			t.Fatalf("got %q, %v", name, err)
		}
	})
}
