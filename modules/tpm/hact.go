package tpm

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/doc"
	"almoner.dev/almoner/modules/organisation"
)

// ProgrammaticVisits is how often a partner was monitored in a year in a way that counts towards the assurance it must have (tpm §2.3): tasks that were
// marked as programmatic when their visit was approved, by the quarter of the day on which the task took place.
type ProgrammaticVisits struct {
	// ID is that of the partner.
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	VendorNumber string `json:"vendor_number"`
	Year         int    `json:"year"`
	Q1           int64  `json:"q1"`
	Q2           int64  `json:"q2"`
	Q3           int64  `json:"q3"`
	Q4           int64  `json:"q4"`
	Total        int64  `json:"total"`
}

// ProgrammaticVisits lists the implementing partners of a workspace by name with their figures for a year, zeros among them. A hidden partner is
// there when it has any. Tasks of visits that are not approved, or are deleted, count nothing.
func (s *Service) ProgrammaticVisits(ctx context.Context, q db.Queryer, workspaceID int64, year int) ([]ProgrammaticVisits, error) {
	partners, err := s.organisations.Partners(ctx, q, workspaceID)
	if err != nil {
		return nil, err
	}
	begins := func(month time.Month) almoner.Date {
		return almoner.DateOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
	}
	rows, err := q.Query(ctx, `
		select k.partner_id, count(case when k.date < $3 then 1 end), count(case when k.date >= $3 and k.date < $4 then 1 end),
			count(case when k.date >= $4 and k.date < $5 then 1 end), count(case when k.date >= $5 then 1 end), count(*)
		from tpm_tasks k join tpm_visits v on v.id = k.visit_id
		where k.workspace_id = $1 and k.is_pv = $8 and k.date >= $2 and k.date <= $6 and v.status = $7 and v.deleted_at is null
		group by k.partner_id`,
		workspaceID, begins(time.January), begins(time.April), begins(time.July), begins(time.October), almoner.DateOf(time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)), Approved, true)
	counted, err := db.Collect(rows, err, func(r db.Row) (v ProgrammaticVisits, err error) {
		return v, r.Scan(&v.ID, &v.Q1, &v.Q2, &v.Q3, &v.Q4, &v.Total)
	})
	if err != nil {
		return nil, fmt.Errorf("count programmatic visits of %d: %w", year, err)
	}
	of := map[int64]ProgrammaticVisits{}
	for _, v := range counted {
		of[v.ID] = v
	}
	list := []ProgrammaticVisits{}
	for _, p := range partners {
		v := of[p.ID]
		if p.Hidden && v.Total == 0 {
			continue
		}
		v.ID, v.Name, v.VendorNumber, v.Year = p.ID, p.Name, p.VendorNumber, year
		list = append(list, v)
	}
	return list, nil
}

// hactCalls are the figures for the agency: as a list, and as a file to take away.
func (s *Service) hactCalls() []api.Call {
	integer := api.TypeOf("integer")
	row := api.Object(map[string]*api.Schema{
		"id": integer, "name": api.TypeOf("string"), "vendor_number": api.TypeOf("string"), "year": integer,
		"q1": integer, "q2": integer, "q3": integer, "q4": integer, "total": integer,
	})
	query := []api.Param{
		{Name: "year", Doc: "The year that is counted; the present one when not given.", Schema: integer},
		{Name: "partner", Doc: "Only this implementing partner.", Schema: integer},
	}
	agency := api.Role(organisation.AgencyRole, organisation.PlannerRole)
	return []api.Call{
		{
			Name: "tpm.hact.list", Method: "GET", Path: "/api/tpm/hact/", Summary: "Count the programmatic visits to each implementing partner by quarter.",
			Wire: api.Lenient, Rule: agency, Query: query, Output: api.ArrayOf(row),
			Do: func(q *api.Request) (any, error) {
				_, list, err := s.hact(q)
				if err != nil {
					return nil, err
				}
				return list, nil
			},
		},
		{
			Name: "tpm.hact.export", Method: "GET", Path: "/api/tpm/hact/export/", Summary: "Take the programmatic visits to each implementing partner away as CSV.",
			Wire: api.Lenient, Rule: agency, Query: query, Media: "text/csv", Do: s.exportHACT,
		},
	}
}

// hact reads what a request asks for.
func (s *Service) hact(q *api.Request) (year int, list []ProgrammaticVisits, err error) {
	year = time.Now().UTC().Year()
	if text := q.URL.Query().Get("year"); text != "" {
		if year, err = strconv.Atoi(text); err != nil || year < 1 || year > 9999 {
			return 0, nil, almoner.Invalidf("year", "not_an_integer", "A valid integer is required.")
		}
	}
	var partner int64
	if text := q.URL.Query().Get("partner"); text != "" {
		if partner, err = strconv.ParseInt(text, 10, 64); err != nil {
			return 0, nil, almoner.Invalidf("partner", "not_an_integer", "A valid integer is required.")
		}
	}
	err = s.db.View(q.Context(), func(tx db.Queryer) error {
		all, err := s.ProgrammaticVisits(q.Context(), tx, q.Actor.Workspace.ID, year)
		list = []ProgrammaticVisits{}
		for _, v := range all {
			if partner == 0 || v.ID == partner {
				list = append(list, v)
			}
		}
		return err
	})
	return year, list, err
}

func (s *Service) exportHACT(q *api.Request) (any, error) {
	year, list, err := s.hact(q)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	table, err := doc.NewCSV(&b, []string{"Vendor Number", "Implementing Partner", "Year", "Q1", "Q2", "Q3", "Q4", "Total"})
	if err != nil {
		return nil, err
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, v := range list {
		if err := table.Row([]string{v.VendorNumber, v.Name, strconv.Itoa(v.Year), number(v.Q1), number(v.Q2), number(v.Q3), number(v.Q4), number(v.Total)}); err != nil {
			return nil, err
		}
	}
	if err := table.Close(); err != nil {
		return nil, err
	}
	return api.Download{Name: fmt.Sprintf("programmatic_visits_%d.csv", year), Media: "text/csv; charset=utf-8", Body: b.Bytes()}, nil
}
