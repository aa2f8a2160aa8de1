package app_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"almoner.dev/almoner/app/apptest"
	"almoner.dev/almoner/app/fixture"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/demo"
	"almoner.dev/almoner/modules"
)

// lists are the operations that list records of a resource and lie below no record.
func lists(a *apptest.App) []api.Operation {
	var all []api.Operation
	for _, op := range a.API.Operations() {
		if !strings.Contains(op.Path, "{") && slices.ContainsFunc(op.Query, func(p api.Param) bool { return p.Name == "format" }) {
			all = append(all, op)
		}
	}
	return all
}

// Every list of the demo world can be taken away as a table, by whoever may see it: as many rows as the list has, in its order, with nothing to run.
func TestEveryListIsATable(t *testing.T) {
	t.Parallel()
	apptest.Each(t, modules.All(), nil, func(t *testing.T, a *apptest.App) {
		if _, err := fixture.LoadDemo(t.Context(), fixture.Into{DB: a.DB, Set: a.Set, Files: a.Files}, demo.Files); err != nil {
			t.Fatal(err)
		}
		tables := 0
		for _, person := range []string{"pme@almoner.example", "monitor@firm.example", "admin@almoner.example"} {
			c := a.As(person).In("KEN")
			for _, op := range lists(a) {
				whole := c.Get(op.Path + "?page_size=all")
				if whole.Status != http.StatusOK {
					if r := c.Get(op.Path + "?format=csv"); r.Status != whole.Status {
						t.Errorf("%s %s: %d, as a table %d", person, op.Path, whole.Status, r.Status)
					}
					continue
				}
				var rows []map[string]any
				if err := json.Unmarshal(whole.Body, &rows); err != nil {
					t.Fatalf("%s: %v", op.Path, err)
				}
				records, err := csv.NewReader(bytes.NewReader(c.Get(op.Path+"?format=csv").Want(t, 200).Body)).ReadAll()
				if err != nil || len(records) != len(rows)+1 {
					t.Errorf("%s %s: %d rows instead of %d: %v", person, op.Path, len(records)-1, len(rows), err)
					continue
				}
				tables++
				if slices.Contains(records[0], "") {
					t.Errorf("%s: a column without a title: %q", op.Path, records[0])
				}
				at := slices.Index(records[0], "ID")
				for i, record := range records[1:] {
					if id := fmt.Sprint(rows[i]["id"]); at >= 0 && rows[i]["id"] != nil && record[at] != id {
						t.Errorf("%s: row %d is %s instead of %s", op.Path, i, record[at], id)
						break
					}
					for _, cell := range record {
						if strings.HasPrefix(cell, "=") || strings.Contains(cell, "map[") || strings.Contains(cell, `{"`) {
							t.Errorf("%s: a cell holds %q", op.Path, cell)
						}
					}
				}
				book, err := excelize.OpenReader(bytes.NewReader(c.Get(op.Path+"?format=xlsx").Want(t, 200).Body))
				if err != nil {
					t.Errorf("%s: %v", op.Path, err)
					continue
				}
				if sheet, err := book.GetRows("Sheet1"); err != nil || len(sheet) != len(records) || !slices.Equal(sheet[0], records[0]) {
					t.Errorf("%s: the sheet has %d rows, headed %q: %v", op.Path, len(sheet), sheet[0], err)
				}
			}
		}
		if tables < 25 {
			t.Errorf("only %d tables", tables)
		}
		if left, err := os.ReadDir(filepath.Join(a.Config.Data, "spool")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
		checkVisitTable(t, a)
	})
}

// checkVisitTable looks at one table as people read it: titles and choices in their language, people by name, tasks of a visit in one cell.
func checkVisitTable(t *testing.T, a *apptest.App) {
	t.Helper()
	c := a.As("pme@almoner.example").In("KEN")
	read := func(language string) []map[string]string {
		records, err := csv.NewReader(bytes.NewReader(c.With("Language", language).Get("/api/tpm/visits/?format=csv&ordering=reference_number").Want(t, 200).Body)).ReadAll()
		if err != nil || len(records) < 20 {
			t.Fatalf("%d visits: %v", len(records), err)
		}
		var rows []map[string]string
		for _, record := range records[1:] {
			row := map[string]string{}
			for i, cell := range record {
				row[records[0][i]] = cell
			}
			rows = append(rows, row)
		}
		return rows
	}
	english, french := read("en"), read("fr")
	statuses := map[string]bool{}
	for i := range english {
		statuses[english[i]["Status"]] = true
		if french[i]["Statut"] == "" || english[i]["Status"] == "" {
			t.Fatalf("visit %d without a status: %v, %v", i, english[i], french[i])
		}
	}
	if len(statuses) < 5 || statuses["draft"] || statuses["tpm_accepted"] {
		t.Errorf("statuses: %v", statuses)
	}
}
